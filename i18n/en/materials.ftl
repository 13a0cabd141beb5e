### Materials
