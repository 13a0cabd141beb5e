### Any table of units

cli-score = Score villages of a county book, or the units of any table by a policy of indicators
cli-score-example =
    Examples:
      touyan score BOOK
      touyan score BOOK --out scores --format csv
      touyan score hdi.csv --policy hdi.toml --out result
      touyan score panel.parquet --policy index.toml --id area --class region --period year --as-of 2023
    A folder, or anything without --policy, is a county book. A single file with --id, --class, --period,
    --sheet, --replay or --against is a table; else the policy decides. docs/score.md tells how a policy is written.
arg-score-book = County book, or any table of units: csv, parquet, arrow or a workbook
arg-score-policy = Policy file; a table needs one
arg-score-as-of = Reference date of a county book; of a table the last period that is read
arg-score-seed = Seed of random draws; default is the policy's, else 1
arg-score-corrections = Folder of corrected copies of a county book
arg-score-audience = Reader of a county book's result: summary (default), internal or township NAME
arg-score-rows = Rows shown on the terminal
arg-score-json = One JSON document on standard output (tables only)
arg-id = Column of the units' names
arg-class = Column of the units' class
arg-period = Column of the period, whole numbers
arg-sheet = Sheet of a workbook; default is the first
arg-replay = Parameters of an earlier result, by which this table is judged
arg-against = Another policy for the same table; tells what differs, and which choice causes each shift

step-table = reading the table
step-sobol = splitting the variance of ranks (Sobol)
step-draws = drawing alternatives
step-compare = Comparing policies
step-index = making the index

score-book-as-of = --as-of of a county book is a day such as 2026-01-31
score-book-json = --json is for tables; a county book's result in one document comes from touyan run BOOK --json
score-table-as-of = --as-of of a table is a period, a whole number such as 2023
score-form-folder = --id, --class, --period, --sheet, --replay and --against belong to a single table, and this is a folder; name the file
score-no-book =
    { $error }
    If it is a table of units, give its policy: touyan score TABLE --policy P.toml (docs/score.md tells how it is written)
score-form-no-policy = a table needs a policy of indicators: add --policy FILE (docs/score.md tells how to write one)
score-form-both = { $policy } fits a county book as well as any table; add --id COLUMN if this is a table, or a section [meta] to the policy if it is a county book

score-table-read = Read { $read } of { $rows } rows ({ $blank } blank, { $later } after the last period); { $missing } cells hold no value
score-table-repaired = { $repairs } cells put right (width, separators, units), { $approximate } approximate numbers taken as they stand
score-table-rated = Rated { $rated }, not rated { $unrated }; periods: { $periods }
score-table-period = Period { $period }
score-table-unrated = Not rated: { $count }
score-table-unrated-one = {"  "}{ $unit }: { $reason } ({ $measured } % of the weight measured)
score-table-look = Worth a look:
score-table-root = topmost node
score-table-note = { $item }: { $text }
score-table-imputed = Imputed cells: { $cells }. They matter most to { $unit }, whose place { $item } moves by { $places }
score-table-constant = { $item } is constant or hardly measured: it tells units apart in nothing
score-table-against = { $item } pulls against its node (correlation { $r })
score-table-ranges = Sensitivity ranges of ranks (5% to 95%, under the declared alternatives):
score-table-ranges-middle = {"  "}{ $units } units, the median range is { $middle } places wide; { $fixed } never change place
score-table-ranges-widest = {"  "}widest: { $unit }, rank { $low } to { $high }
score-table-sobol = Which choice moves ranks (Sobol total effect, 95% interval; first order by itself):
score-table-sobol-one = {"  "}{ $factor }: { $total } ({ $low } to { $high }), first order { $first }
score-table-comparison = Beside the policy of --against:
score-table-comparison-moved = {"  "}{ $moved } of { $units } units change place, by { $mean } places on average; { $regraded } change grade
score-table-comparison-most = {"  "}most: { $unit }, from rank { $before } to { $after }
score-table-comparison-cause = {"  "}of it { $choice }: { $mean } places on average
score-table-classes = { $count } classes are proposed (silhouette { $silhouette }); advice, no score changes:
score-table-classes-one = {"  "}class { $class }: { $units } units ({ $some } …), stability { $stability }
table-note-nothing-rated = { $rows } rows were read and no unit is rated; the column `reason` of `scores` says why
table-note-nothing-read = { $rows } rows were read, no indicator has a value, and no unit is rated; check the columns' names and the words for missing values
table-note-no-values = no unit has a value, as if the indicator were not there
table-note-no-variance = no declared alternative changes a rank: there is no variance for Sobol indices to split
table-note-no-classes = no classes are proposed: { $units } of { $all } units have all context columns, and { $least } classes, the fewest, need { $need } different ones
table-note-in-period = period { $period }: { $text }
score-table-word = For study and judgement; a score decides nothing by itself.

unrated-screen-units = too few of the indicators have a value
unrated-screen-non-zero = too few of the values differ from 0
unrated-no-data = nothing is measured
unrated-measured-weight = less of the weight is measured than the policy asks for
unrated-no-value = a node lacks too many of its children, or its method gives no value

table-head-rank = Rank
table-head-unit = Unit
table-head-score = Score
table-head-class = Class
table-head-rank-in-class = Rank in class
table-head-grade = Grade
table-head-measured = Measured

table-fault = { $place }: { $text }
table-fault-cell = row { $row }: "{ $value }"
table-fault-no-column = there is no column "{ $column }", which { $key } asks for; name the column in the policy (`column = "…"`)
table-fault-no-column-near = there is no column "{ $column }", which { $key } asks for; the nearest is "{ $nearest }"; name it in the policy (`column = "…"`)
table-fault-header-twice = the header "{ $column }" stands in columns { $first } and { $second }; rename one
table-fault-no-units = no column of names was found; name it with --id COLUMN
table-fault-no-rows = no row is read ({ $later } lie after the last period); check the header and --as-of
table-fault-no-name = row { $row } has values but no unit in "{ $column }"; add the name or remove the row
table-fault-no-period = row { $row }: "{ $value }" in "{ $column }" is no whole number; write a period such as 2023
table-fault-not-numbers = column "{ $column }" holds what is no number: { $cells }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
  }; correct it, or leave the cell empty if nothing is known
table-fault-decimal-comma = column "{ $column }" has decimal commas: { $cells }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
  }; write decimal points (1.5)
table-fault-fields = row { $row }: { $fields }
table-fault-ragged = the header has { $width } fields, other rows have fewer or more (row: fields): { $rows }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
  }; put a text or number that holds the separator into quotes, keep the empty field of a value that is missing, and move notes out of the table
table-fault-mixed-percent = column "{ $column }" has a percent sign in row { $signed } and none in row { $plain }; 85 % may be 85 or 0.85: write all cells alike
table-fault-twice = "{ $unit }" stands in rows { $first } and { $second }; name the column of periods with --period, or remove one
table-fault-twice-period = "{ $unit }" stands twice in period { $period }, in rows { $first } and { $second }; remove one
table-fault-personal = { $count } names in "{ $column }" look like identity or telephone numbers ("{ $value }"), and names stand in every output; choose another column with --id, or put a letter before codes of places
table-fault-no-sheet = there is no sheet "{ $sheet }"; the workbook has { $known }
table-fault-sheetless = the file has no sheets, so there is no "{ $sheet }"; leave --sheet out
table-against-unfit = the policy of --against, { $file }: { $message }
table-replay-unfit = the parameters given with --replay do not fit: { $message }

verify-table-sums = scores equal the sums of their contributions ({ $checked } rows)
verify-table-changes = changes equal the sums of their parts ({ $checked } parts)
