### Motivate

stage-motivate = motivation
step-motivate = motivation
report-section-motivate = motivation
cli-motivate = Motivate: pay, cover, honours, selection into township offices
cli-motivate-example =
    Examples:
      touyan motivate BOOK
      touyan motivate BOOK --out motivate --format csv
