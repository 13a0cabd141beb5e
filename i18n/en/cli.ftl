### Command line

help-usage = Usage
help-commands = Commands
help-options = Options
help-arguments = Arguments

cli-touyan = touyan (头雁): from a county's own sheets to advice on its village secretaries - performance, escalated supervision, reserve matching and generation structure in one run. It advises and never decides; it works offline.
cli-touyan-example =
    Examples:
      touyan demo                      try it on the embedded synthetic county
      touyan check BOOK                see first whether the sheets are read rightly
      touyan run BOOK --out RESULT     everything, with a report
cli-check = Check a county book: what was accepted, flagged, repaired, ignored and quarantined
cli-check-example =
    Examples:
      touyan check BOOK
      touyan check book.xlsx --out found     also writes quarantine.csv and flags.csv
    Exits with 1 if rows are in quarantine.
cli-run = Everything: read, score, supervise, match, structure, report
cli-run-example =
    Examples:
      touyan run BOOK --out RESULT
      touyan run BOOK --for internal --as-of 2026-01-31
cli-supervise = Escalated supervision: the four categories, measures, leaving and relapse, townships to talk to
cli-supervise-example =
    Examples:
      touyan supervise BOOK
      touyan supervise BOOK --rows 50
cli-reserve = Reserve: vacancies, gates, shortlists and one matching over all posts
cli-reserve-example =
    Examples:
      touyan reserve BOOK
      touyan reserve BOOK --out reserve --format csv
cli-structure = Structure: old/middle/young, age limits, the ladder, the statistics form
cli-structure-example =
    Examples:
      touyan structure BOOK
      touyan structure BOOK --out structure
cli-explain = Explain: all that is said about one village or person, and why
cli-explain-example =
    Examples:
      touyan explain village 青石镇/大泉村 --book BOOK
      touyan explain person 青石镇/大泉村/姓名 --book BOOK --for internal
    Namesakes are listed to choose from.
cli-verify = Verify an output: files unchanged; sums add up and the matching is optimal; with --book a full replay
cli-verify-example =
    Examples:
      touyan verify RESULT
      touyan verify RESULT --book BOOK
    Exits with 1 if something differs.
cli-synth = Draw synthetic counties of any number
cli-synth-example =
    Examples:
      touyan synth county
      touyan synth hundred --counties 100 --seed 7
    The same seed gives the same bytes; the hidden truth goes to DIR-truth.
cli-demo = Demo: the embedded synthetic county through every stage
cli-demo-example =
    Examples:
      touyan demo
      touyan demo --out trial --for internal
cli-init = Write the commented default policy, policy.toml, and templates of all tables; files that exist are left alone
cli-init-example =
    Examples:
      touyan init our-county
      touyan run BOOK --policy our-county/policy.toml

arg-lang = Language: zh or en; default from the locale, else zh
arg-help = Show help
arg-version = Show the version
arg-book = County book: a folder, a workbook or a file
arg-policy = Policy file; default is the embedded policy
arg-as-of = Reference date; default is the book's reporting date, else its latest date
arg-seed = Seed of random draws
arg-threads = Threads; results do not depend on it
arg-out = Output folder
arg-check-out = Folder for quarantine.csv and flags.csv
arg-verify-out = Output folder to verify
arg-synth-format = Files: parquet, xlsx (a workbook per county, Chinese headers) or csv (GB18030)
arg-synth-out = Folder to write
arg-audience = Reader: summary (default: no names, small counts withheld), internal (names) or township NAME (that township alone)
arg-format = Tables: parquet, or csv beside it
arg-county = Of a book with many counties, the one to report on
arg-json = One JSON document on standard output
arg-rows = Rows shown on the terminal
arg-what = village or person
arg-who = An ID, or township/village, or township/village/name
arg-explain-book = County book
arg-verify-book = County book; replays the run and compares
arg-counties = Counties
arg-villages = Villages per county; default is drawn
arg-townships = Townships per county; default is drawn
arg-years = Years of indicators
arg-dir = Folder to write

usage-unknown-argument = error: there is no option { $argument }.
usage-unknown-command = error: there is no command { $command }.
usage-missing-argument = error: { $argument } is missing.
usage-missing-command = error: a command is missing.
usage-missing-value = error: { $argument } needs a value.
usage-bad-value = error: { $argument } cannot be "{ $value }".
usage-twice = error: { $argument } cannot be used like this or twice.
usage-allowed = {" "}Allowed: { $words }.
usage-nearest = {" "}Did you mean { $word }?
usage-help = See touyan --help, or touyan COMMAND --help.

error = error: { $text }
error-io = { $path }: { $error }
error-no-date = the book holds no date, so there is no reference date; give one, such as --as-of 2026-01-31
error-stage = failed to finish { $stage }: { $error }
error-report = failed to make the report: { $error }
error-not-an-output = { $path } holds other files and is left alone; choose another folder or empty it first
error-no-output = { $path } holds no output of touyan (no run.json); name the folder that was given to --out
error-broken = cannot understand { $path }: { $error }; make the output again with the command that wrote it
error-threads = --threads is at least 1
policy-error = policy { $file }: { $message }
policy-error-line = policy { $file }, line { $line }: { $message }
policy-key = `{ $key }`: { $message }
policy-unknown-key = unknown key `{ $key }`
policy-unknown-word = `{ $key }`: unknown word `{ $word }`, expected one of { $known }
policy-nearest = did you mean `{ $word }`?
policy-with-hint = { $message } ({ $hint })
policy-stands = { $found } stands where { $wanted } belongs
policy-needs-type = needs `type`, the name of the method: { $key } = {"{ "}type = "…"{" }"}
policy-found-table = a table
policy-found-list = a list
policy-found-list-of = a list of { $n }
policy-found-date = a date without quotes
policy-wanted-method = a method with its `type`, such as {"{ "}type = "{ $method }"{" }"},
policy-wanted-table = a table of keys, such as {"{ "}key = value{" }"} or a [section] of its own,
policy-wanted-list-of = a list of { $n } values, such as [{ $example }],
policy-condition = a condition is a list of words or numbers, such as ["female"], or bounds, such as {"{ "}min = 18, max = 35{" }"}
policy-wanted-count = a whole number from 0 on, such as 100, without quotes,
policy-wanted-whole = a whole number, such as 2024, without quotes,
policy-wanted-number = a number, such as 0.5, without quotes,
policy-wanted-yes-no = true or false, without quotes,
policy-wanted-text = a text in quotes, such as "name",
policy-wanted-list = a list, such as ["a", "b"],
policy-wanted-word = a word in quotes

found-title = As of { $day } ({ $source })
found-book = Book: { $villages } villages, { $people } people; { $flags } doubts flagged, { $quarantined } rows quarantined
found-score = Score: { $rated } villages rated, { $excellent } excellent, { $incompetent } incompetent; { $unrated } not rated
found-supervise = Supervision: { $listed } villages listed, { $suggested } suggested, { $near } near misses, { $unclear } to be clarified
found-reserve = Reserve: { $vacancies } vacancies, { $matched } with a recommended person, { $open } without
found-structure = Structure: ladder broken in { $broken } villages, thin in { $thin }; { $unfiled } filing problems{ $unrecorded ->
    [0] {""}
   *[other] , filings not recorded for { $unrecorded } posts
}
found-report = Report: { $path }

stage-as-of = As of { $day }
stage-table = { $name } ({ $rows } rows)
stage-more = … { $rest } more
stage-written = Written to { $path }

check-sheet = { $name } → { $tables }
check-rows = {"  "}{ $rows } rows = { $accepted } accepted + { $ignored } ignored + { $quarantined } quarantined
check-counts = {"  "}{ $what }: { $counts }
check-reason = { $reason } { $count }
check-ignored = ignored
check-quarantine = quarantined
check-flag = flagged
check-repair = repaired
check-unused = {"  "}unused headers: { $headers }
check-not-read = not read { $file }: { $reason } { $detail }
check-table = { $name }: { $rows } rows
check-written = Details of what was flagged and quarantined are in { $path }
check-clean = Nothing is flagged or quarantined.
check-found = { $found } doubts and quarantined rows; --out DIR writes the details.

explain-village = Village: { $name }
explain-person = Person: { $name }
explain-namesakes = "{ $who }" is not unique; use an ID or the full township/village/name:
    { $list }
explain-no-data = no data, not counted
explain-nobody = the book holds no "{ $who }"
explain-nearest = the book holds no "{ $who }"; the nearest are { $near }
explain-goal = Way to the next grade
explain-goal-next = next grade
explain-goal-target = score needed
explain-goal-gap = gap
explain-goal-result = result
explain-goal-best = has the best grade
explain-goal-reached = { $count ->
    [one] this change is enough
   *[other] these { $count } changes are enough
} (score then { $score }), all else and all other villages held{ $proven ->
    [yes] ; no smaller change is
   *[other] ; that no smaller one is has not been proven
}
explain-goal-out-of-reach = out of reach: all steps that the policy's [score.goals] allows lead to { $score }
explain-goal-undeclared = the policy has no [score.goals] (what villages can act on, by which steps): the gap alone
explain-goal-no-place = the township has too few rated villages for a place in that grade
explain-goal-vetoed = held by a veto, which no indicator lifts
explain-goal-change = { $from } → { $to } ({ $steps ->
    [one] 1 step
   *[other] { $steps } steps
})

verify-hashes = files unchanged ({ $checked } files)
verify-sums = scores equal the sums of their contributions ({ $checked } villages)
verify-certificate = the matching is optimal ({ $checked } possible pairings)
verify-gates = everyone recommended passes the gates, one post each ({ $checked } people)
verify-inputs = the book is the one of the run ({ $checked } files)
verify-replay = the replay gives the same bytes ({ $checked } files)
verify-reached = Verified up to: { $level }
verify-nothing = Not even the first level holds
verify-differs = Differences were found, see above.
verify-more = --book BOOK adds a full replay.
level-hashes = level 1, files intact
level-certificates = level 2, sums and certificates
level-replay = level 3, full replay

synth-done = Drew { $counties } synthetic counties: { $villages } villages, { $people } people, in { $path }; the hidden truth is in { $truth }. All of it is invented.
demo-begin = The demo's invented county is in { $path }
demo-synthetic = All demo data are invented.
init-done = Wrote { $path }; change it, then touyan run BOOK --policy that file
init-exists = { $path } exists and was not overwritten
init-all-there = nothing was written: policy and templates in { $path } are all there already, and none was overwritten. For a fresh set name another folder; for fresh copies of some, move or rename the old ones and run it again

cli-reference-title = Command-line reference
cli-reference-note = Generated by the program; a test keeps it in step.
error-no-county = the book has no county "{ $county }"; it has: { $known }
note-far-date = The reference date { $day } lies { $years } years or more after the latest date of the book, { $latest }: check it, for ages and effect periods count to it
note-unmet = The quotas of the reserve cannot all be met, so nobody is recommended: { $unmet }
note-unmet-withheld = The quotas of the reserve cannot all be met, so nobody is recommended; which contradict each other stands in the internal edition
run-unmet = { $unmet }. Nobody is recommended; the other chains are as always. { $proof ->
    [1] The proof is written to { $path }; check it with: touyan verify { $path }
   *[other] The proof is part of the internal edition: --for internal
}
