### Cultivate

stage-cultivate = cultivation
step-cultivate = cultivation
report-section-cultivate = cultivation
cli-cultivate = Cultivate: yearly training, placements, contest
cli-cultivate-example =
    Examples:
      touyan cultivate BOOK
      touyan cultivate BOOK --out cultivate --format csv
