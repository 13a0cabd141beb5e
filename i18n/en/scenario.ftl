### Since last time, what if

# Changes

changes-title = Since last time
changes-lead = Compared with the result as of { $then } (this one is as of { $now }): what is new, gone or moved on each list, and what caused it.
changes-nothing = Nothing has changed on any list since last time.
changes-how = How causes are found: the old policy is replayed on the new data and the new policy on the old data, and dates likewise. A factor is a cause if switching it alone brings the change about, or switching it alone back undoes it; where no single factor suffices, several acted together. Of scores and ranks, the direction counts.
changes-table-summary = Changes by list
changes-table-summary-note = “Stays” is what is on the list both times; what says something else is among it, under “moved”. A change with two causes counts under both.
changes-largest = The largest moves first.
changes-part = { $list }: { $new } new, { $gone } gone, { $moved } moved
changes-line = Since last time  { $parts }
changes-from-to = { $before } → { $after }
changes-item = { $list }: { $what } ({ $cause })
changes-why-part = { $label } { $points }
changes-why-score = score { $old } → { $new }
changes-why-others = own score unchanged, other villages moved
changes-note-version = The earlier result was made by version { $version }; some changes may be due to the program itself.
changes-note-seed = The two runs have different seeds ({ $then } then, { $now } now): rank ranges should not be compared.
changes-note-data = { $files ->
    [one] One file
   *[other] { $files } files
} of the earlier run (such as { $first }) can no longer be found as they were, so the data of that time are not at hand: policy and date were switched back on the present data alone, and the rest is laid to data. To tell causes apart better, keep the earlier files and put new data into new files.
changes-note-skipped = Lists that one of the runs does not have were not compared: { $lists }.

code-list-supervision = Escalated supervision
code-list-watch = Watched and suggested villages
code-list-categories = Supervision categories
code-list-talks = Townships to talk to
code-list-overdue = Overdue measures
code-list-grades = Grades
code-list-consequences = Consequences
code-list-scores = Scores
code-list-ranks = Ranks
code-list-vacancies = Vacancies
code-list-assignment = Recommended matching
code-list-shortlists = Shortlists
code-list-open-posts = Posts that stay open
code-list-bars = Bars
code-list-pool-review = Pool review
code-list-ladder = Ladder
code-list-unfiled = Filing problems
code-list-training = Training
code-list-placements = Placements
code-list-cover = Cover gaps
code-list-advancement = Selection into township offices
code-list-pay = Pay
code-list-representation = Honours and representation

code-kind-new = new
code-kind-gone = gone
code-kind-moved = moved
code-cause-data = data
code-cause-policy = policy
code-cause-date = date
code-cause-together = together
code-cause-other = seed or program
code-cause-leave = people leave
code-cause-merge = villages merge
code-recommended-yes = suggested
code-recommended-no = alternative

col-who = Who
col-before = Before
col-after = Now
col-why = Why
col-count-before = Before
col-count-after = Now
col-new = New
col-gone = Gone
col-stays = Stays
col-moved = Moved
col-causes = Cause
col-by-data = By data
col-by-policy = By policy
col-by-date = By date
col-by-together = Together
col-as-of-before = As of, before
col-as-of-after = As of, now

table-changes = Changes
table-changes-summary = Changes by list
sheet-changes = Changes
sheet-changes-summary = Changes by list
report-section-changes = Since last time

# Errors of --previous

previous-error-not-an-output = { $path } is no output of touyan (it holds no run.json). Give --previous the --out folder of an earlier touyan run.
previous-error-damaged = The earlier output { $path } is not whole: { $why }. Use an intact copy, or leave out --previous.
previous-error-changed = { $path } of the earlier output was changed since it was written, so nothing can be compared with it. Use an intact copy, or leave out --previous.
previous-error-version = The earlier output { $path } was written by version { $version }, which this version ({ $own }) does not understand. Run this version on the earlier book again, then compare.
previous-error-policy = The policy of the earlier output { $path } (version { $version }) does not hold in this version: { $why }. Run this version on the earlier book again, then compare.
previous-error-whatif = { $path } is the output of touyan whatif, not of a run. Give --previous the output of touyan run.
previous-error-county = The earlier output { $path } is of another county ({ $then } then, { $now } now), so they cannot be compared.
previous-error-salt = The person codes of the earlier output { $path } were made with another salt, so the same person has two codes. Copy the BOOK.touyan-salt that lies beside the earlier book to { $file }, and run again.
previous-error-township = The earlier output { $path } holds { $township } alone. Give the output of the whole county, or run for that township too.

verify-previous = earlier output that the run was compared with ({ $checked })
verify-needs-previous = this run was compared with an earlier output, and the replay needs it: add --previous OUT (the one whose run.json has the BLAKE3 { $hash })
verify-needs-earlier = this matching was kept near an earlier result, { $file }, which the replay needs: add --previous with that file, or the folder that holds it
verify-other-previous = { $path } is not the output it was compared with (wanted: a run.json with the BLAKE3 { $hash })

# What if

cli-whatif = What if: another policy, people who leave, villages that merge, side by side with the present
cli-whatif-example =
    Examples:
      touyan whatif BOOK --set reserve.vacancies.age_limit.secretary=60
      touyan whatif BOOK --scenario plan.toml --out OUT
    plan.toml:
      {"[scenarios.older]"}
      label = "Secretaries up to 65"
      set.reserve.vacancies.age_limit.secretary = 65
      {"[scenarios.merger]"}
      leave = ["township/village/name"]
      {"[[scenarios.merger.merge]]"}
      into = "township/village"
      from = ["township/other village"]
    Posts of people who leave are empty from the reference date on, and they leave the pool. Of villages
    that merge, counts and money are summed, rates and points are means weighted by registered
    population, and what one of them lacks is missing; posts of those that end, end; people, pool and
    events move.
arg-set = Override a policy value; may be repeated, all of them make one variant
arg-scenario = Scenario file (TOML) with one or more named variants; may be repeated
arg-previous = Output of an earlier run: what changed since, and whether data, policy or date caused it
arg-verify-previous = The earlier output that the run was compared with, or near which a matching was sought; its replay needs it

whatif-title = What if
whatif-lead = Variants are compared with the present on the same data and date; only what depends on a change is recomputed. For study.
whatif-variants = Variants
whatif-label = Description
whatif-side-by-side = Side by side
whatif-side-by-side-note = In brackets: variant less base.
whatif-nothing = Nothing changes on any list.
whatif-difference = { $variant }: difference
whatif-figure = { $figure }: { $key }
whatif-figure-line = { $figure } { $base } → { $own }
whatif-found = What if, as of { $day }: { $variants ->
    [one] one variant
   *[other] { $variants } variants
}
whatif-variant-line = [{ $label }] recomputed: { $stages }
whatif-no-stage = nothing
whatif-out-hint = With --out DIR you get whatif.html, whatif.xlsx and the tables.
whatif-error-empty = { $path } holds no scenario. Write a section [scenarios.NAME].
whatif-error-set = --set { $text } is not KEY=VALUE. Example: --set reserve.suggestions=3
whatif-error-twice = { $path }: two scenarios are called “{ $name }”. Rename one.
whatif-error-nothing = No variant was given. Use --set KEY=VALUE or --scenario FILE.
whatif-error-person = Scenario “{ $name }”: the book has no “{ $who }”. Write a person's code (R…), or township/village/name.
whatif-error-people = Scenario “{ $name }”: “{ $who }” is more than one person. Write a code: { $codes }
whatif-error-village = Scenario “{ $name }”: the book has no village “{ $village }”. Write township/village, or the 12-digit code.
whatif-error-merge = Scenario “{ $name }”: village “{ $village }” merges twice, or into itself.

code-figure-grade = grade
code-figure-consequence = consequence
code-figure-supervision = supervision
code-figure-talks = townships to talk to
code-figure-vacancies = vacancies
code-figure-filled = posts with a suggestion
code-figure-open = posts that stay open
code-figure-ladder = ladder
code-figure-pay = pay budget

col-variant = Variant
col-overrides = Overrides
col-leaving-people = People leaving
col-merging-villages = Villages merged
col-recomputed = Recomputed
col-figure = Figure
col-base-value = Base
col-change = Change
table-variants = Variants
table-figures = Side by side
sheet-variants = Variants
sheet-figures = Side by side
step-changes = comparing with the earlier run
step-variant = computing a variant
changes-all = all changes below
previous-error-no-salt = The earlier output { $path } has other person codes, so nothing can be compared: no usable salt file lies beside this book, and its codes follow its content. Copy the BOOK.touyan-salt of the earlier book to { $file }; if there was none either, make the folder of the book writable and run both again.
whatif-error-toml = scenario file { $path }, line { $line }: { $why }
col-variant-value = Variant
