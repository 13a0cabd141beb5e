### supervise
