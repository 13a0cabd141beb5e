### Loop
