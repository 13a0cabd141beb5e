### Cultivate

stage-cultivate = cultivation
step-cultivate = cultivation
report-section-cultivate = Cultivation
cli-cultivate = Cultivate: yearly training, placements, contest
cli-cultivate-example =
    Examples:
      touyan cultivate BOOK
      touyan cultivate BOOK --out cultivate --format csv
found-cultivate = Cultivation: training due for { $due }, no record of { $unknown }; { $batches } batches for { $planned } people; { $placed } placed in offices, { $open } places open
verify-placements = the placements are optimal and no village sends two people ({ $checked } possible pairings)
verify-training = the training plan keeps to its seats, and no village shares a batch ({ $checked } people)

# Training
cultivate-done = sessions within the year: { $n }, { $days } days
cultivate-partial = { $days } days within the year, fewer than { $least }
cultivate-lost = { $n } of the sessions not counted for absence or lack of a certificate; the rest is { $days } days, fewer than { $least }
cultivate-not-due = in the post since { $since }, less than { $months } months; no record within the year
cultivate-lapsed = last record on { $last }; none within the year
cultivate-no-record = the book has no record of training, which does not mean there was none
cultivate-undated = a record of training has no date; to be clarified
cultivate-no-days = sessions without days: { $n }; to be clarified
cultivate-note-no-records = The book has no record of training: every state is "no record", and who was trained cannot be said.

# Plan
cultivate-why-new = in the post since { $since }, less than { $months } months
cultivate-why-supervised = village under escalated supervision ({ $state })
cultivate-why-grade = graded { $grade } this time
cultivate-why-class = village of class { $class }
cultivate-why-post = holder of the post { $post }
cultivate-why-all = yearly training
cultivate-plan-away = somebody of the village is in another office during every batch; train after the return
cultivate-plan-full = the class has as many batches as it may, and too few seats
cultivate-plan-no-course = no class fits

# Placements
cultivate-township-office = { $township } township office
cultivate-years = { $years } years
cultivate-months = { $months } months
cultivate-fact = { $factor }: { $value }
cultivate-fact-missing = { $factor } unknown
cultivate-factor-age = age
cultivate-factor-education = education
cultivate-factor-grade = appraisal grade
cultivate-factor-potential = potential
cultivate-factor-tenure = time in post or pool
cultivate-factor-village-class = need of the village
cultivate-factor-first-time = first placement
cultivate-bar-event = { $kind } ({ $day }), still in effect
cultivate-bar-open = { $kind } ({ $day }), not closed
cultivate-bar-supervised = head of a village under escalated supervision: better stays
cultivate-bar-short = in the post since { $since }, less than { $months } months
cultivate-bar-since = start in the post unknown; to be clarified
cultivate-bar-repeat = held such a place from { $day }
cultivate-bar-away = somebody of the village is in another office until { $day }
cultivate-bar-unwilling = not willing
cultivate-bar-age = { $years } years, above { $most }
cultivate-bar-age-unknown = age to be clarified
cultivate-open-none = nobody to consider
cultivate-open-barred = { $total } considered, all barred: { $gates }
cultivate-open-gate = { $gate } { $n }
cultivate-open-shortage = the { $n } eligible villages serve other places, or filling this one costs more fit than leaving it open

# Contest
cultivate-contest-missing = without { $parts }: not ranked

# First page
cultivate-matter = Yearly training to be made up
cultivate-matter-text = Too few days { $partial }, no record within the year { $lapsed }, certificate lost { $lost }; study for the training plan.
cultivate-unjudged-training = No record of training
cultivate-unjudged-training-why = The book has no record of these people, or one without date or days; it does not mean there was none.
cultivate-unjudged-contest = Contest incomplete
cultivate-unjudged-contest-why = A part is missing: neither ranked nor given points.

# Chapter
cultivate-lead = { $all } people are to be trained every year: { $done } had the days ({ $share }), { $due } are due, of { $unknown } there is no record. The plan has { $batches } batches for { $planned } people; { $open } found no place.
cultivate-not-judged = No record means that the book has none, not that nobody was trained. Days and points are those of the book; the quality of training is not judged. Who goes where is for the county to decide; this is for study only.
cultivate-part-done = done
cultivate-part-not-due = not due
cultivate-part-due = due
cultivate-part-unknown = no record
cultivate-chart-townships = Where is training due? In { $late } of { $n } townships
cultivate-chart-townships-text = A bar is a township's people, ordered by the share that is due or without record; due is underlined, the number of people stands at the right.
cultivate-batch = No. { $n } { $course }
cultivate-chart-batches = How many go to each batch? { $n } batches, { $days } person-days
cultivate-chart-batches-text = People / seats · first day.
cultivate-table-status = Due, or without record
cultivate-table-status-note = Those who had the days, or are not due yet, are left out; the workbook has everybody.
cultivate-table-plan-note = No two leaders of one village share a batch, and no township loses more than its share; whoever found no place stands first.
cultivate-table-training-batches-note = The fewest batches that seats, villages and townships allow; the last column says which of them decided.
cultivate-table-placements-note = At most one person of a village at a time, after the county's classes. Offices and seats are those of the policy; the default ones are examples to be replaced.
cultivate-table-open-places-note = Places without anybody suitable, and why.
cultivate-table-contest-note = Three weighted parts; whoever lacks one is not ranked; equals share a place. Points touch the scores only where the policy says so.
cultivate-placed = Secondment and shadowing: somebody is suggested for { $filled } places, { $open } stay open; { $barred } people have a reason to stay.
cultivate-contest-none = The book has no contest points.
cultivate-no-class = no class
cultivate-chart-contest = How far apart are the classes of village in the contest? { $n } ranked
cultivate-chart-contest-text = A dot is a person, the line the median, the number of people stands at the right.

# Tables, columns, codes
table-training-status = Yearly training
table-training-plan = Training plan
table-training-batches = Training batches
table-placements = Secondment and shadowing
table-open-places = Open places
table-placement-bars = Reasons to stay
table-placement-edges = Possible placements
table-placement-prices = Prices that prove the placements optimal
table-placement-summary = Placements in numbers
table-contest = Skills contest
sheet-training-status = Training
sheet-training-plan = Training plan
sheet-training-batches = Batches
sheet-placements = Placements
sheet-open-places = Open places
sheet-placement-bars = Reasons to stay
sheet-contest = Contest
col-head = Secretary
col-trained-days = Days trained
col-sessions = Sessions
col-last-training = Last training
col-required-days = Days required
col-course = Class
col-level = Level
col-batch = Batch
col-seats = Seats
col-days = Days
col-used = People
col-person-days = Person-days
col-townships = Townships
col-bound = Number set by
col-place = Place
col-bloc = Village that sends
col-host = Office
col-activity = Kind
col-months = Months
col-policy-theory = Policy theory
col-professional = Professional knowledge
col-case-analysis = Case analysis
col-contest-score = Contest score
col-percentile = Percentile
code-state-partial = too few days
code-state-lapsed = none within the year
code-state-not-due = not due
code-state-lost-certificate = certificate lost
code-state-ranked = ranked
code-state-missing-part = part missing
code-cause-no-course = no class
code-cause-batches-full = no seat
code-cause-away = dates clash
code-cause-no-candidate = nobody to consider
code-level-county = county
code-level-township = township
code-bound-seats = seats
code-bound-village = one village, two batches
code-bound-township = share of a township
code-bound-limit = most batches
code-bound-away = people away
code-gate-event = sanction or case
code-gate-supervised = escalated supervision
code-gate-short-service = new in the post
code-gate-repeat = placed lately
code-gate-away = somebody away
code-gate-not-willing = not willing
code-gate-age = age
code-gate-age-unknown = age unknown
code-side-place = place
code-side-bloc = village
