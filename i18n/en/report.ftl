### report

report-title = Village Party secretaries: study report
report-title-county = { $county }: village Party secretaries, study report
report-internal = INTERNAL
report-summary = Summary edition
report-contents = Contents
report-first = First page
report-as-of = As of { $day }
report-study-short = For study, not a decision
report-study = This report is computed from data and policy, for study; it decides nothing. Village committees are elected by villagers; candidates and changes are settled by the bodies entitled to, in due procedure.
report-made-by = touyan { $version }
report-policy = Policy
report-policy-unnumbered = no document number given
report-policy-effective = in force from { $day }
report-policy-election = election day { $day }
report-sources = Sources
report-sources-files = { $files ->
    [one] one file
   *[other] { $files } files
}, { $rows } rows: { $accepted } accepted, { $ignored } ignored (blank rows, headers, totals, notes), { $quarantined } quarantined; { $flagged } doubts flagged
report-sources-tables = { $tables } canonical tables, { $rows } rows (read directly, original sheets not checked row by row)
report-scope = Scope
report-yes = yes
report-no = no
report-unnamed = (not given)
report-missing = This stage has no result in this run; nothing was judged.
report-filter = Filter: place, person, reason
report-cut = First { $shown } of { $all } rows; the rest is in the data tables.
report-more = { $n } more in the list below
report-basis = {" "}[basis: { $basis }]
report-clause = “{ $name }”
report-clause-tracking = leaving, re-check and relapse
report-clause-measures = mechanisms and three ones
report-clause-suggest = suggested additions
report-clause-talks = talks
report-clause-urgency = urgency
report-soft-bars = Soft bar: { $bars }
report-late-due = { $what } ({ $day })
report-word-count = { $word } { $n }
report-n-villages = { $n ->
    [one] 1 village
   *[other] { $n } villages
}
report-median-of = { $median } (n={ $n })
report-cases-of = { $cases } of { $heads }
report-col-range = Rank (range)
report-rank-range = { $rank } ({ $low }–{ $high })
report-col-target = Target
report-col-measures = Measures
report-col-origin = From village
report-chart-ends = Only the first and last 20 rows are drawn; { $n } in between are left out.

report-figure-villages = Villages
report-figure-villages-note = { $rated } rated, { $open } not rated
report-figure-supervised = Escalated supervision
report-figure-supervised-note = { $n } more suggested for study
report-figure-vacancies = Vacant posts
report-figure-vacancies-note = { $filled } with advice, { $open } stay open
report-figure-talks = Townships to talk to
report-figure-talks-note = with the township Party secretary
report-figure-overdue = Overdue
report-figure-overdue-note = measures { $measures ->
    [-1] not recorded
   *[other] { $measures }
}, appraisals { $appraise ->
    [-1] not recorded
   *[other] { $appraise }
}, filings { $unfiled ->
    [-1] not recorded
   *[other] { $unfiled }
}
report-figure-broken = Ladder broken
report-figure-broken-note = villages without successors
report-figure-missing = not judged

report-attention = For this meeting
report-attention-lead = The gravest first, each with its two foremost cases; full lists and reasons follow in the sections.
report-attention-none = Nothing needs the meeting's attention.
report-item-score = { $score } points, { $grade }
report-matter-consequence-adjustment-study = Change of post to be studied
report-matter-consequence-adjustment-study-text = { $n ->
    [one] One village meets
   *[other] { $n } villages meet
} the conditions for studying a change; verify first, then follow procedure.
report-matter-consequence-talk = Talks with secretaries
report-matter-consequence-talk-text = { $n ->
    [one] One village meets
   *[other] { $n } villages meet
} the conditions for a talk.
report-matter-consequence-reminder = Reminders
report-matter-consequence-reminder-text = { $n ->
    [one] One village meets
   *[other] { $n } villages meet
} the conditions for a reminder.
report-matter-listed = Escalated supervision
report-matter-listed-text = { $n ->
    [one] One village is
   *[other] { $n } villages are
} under escalated supervision; membership is never cut (a village may be in several categories)
report-matter-listed-former = { $n ->
    [one] one of them is in no category today, listed before and not yet released
   *[other] { $n } of them are in no category today, listed before and not yet released
}
report-matter-relapse = Relapse
report-matter-relapse-text = { $n ->
    [one] One village shows
   *[other] { $n } villages show
} problems again after leaving the list.
report-matter-suggested = Suggested for study
report-matter-suggested-text = { $n ->
    [one] One village is
   *[other] { $n } villages are
} outside the categories but with many signs; whether to add them is to be studied.
report-matter-leaving = Leaving the list
report-matter-leaving-text = { $n ->
    [one] One listed village meets
   *[other] { $n } listed villages meet
} the conditions for leaving; whether to let them go is to be studied.
report-matter-recheck = Re-checks
report-matter-recheck-text = { $n ->
    [one] One village is
   *[other] { $n } villages are
} due for a re-check after leaving the list, with none on record.
report-matter-to-clarify = To be clarified
report-matter-to-clarify-text = { $n ->
    [one] One village has
   *[other] { $n } villages have
} records that name nobody or contradict each other; nothing is presumed until clarified.
report-matter-pool-exit = Leaving the pool
report-matter-pool-exit-text = { $n ->
    [one] One person in the pool meets
   *[other] { $n } people in the pool meet
} the conditions for leaving it.
report-matter-talks = Townships to talk to
report-matter-talks-text = { $n ->
    [0] No township stands out.
    [one] In one township villages ran unstably or had many problems; a talk with its Party secretary is suggested.
   *[other] In { $n } townships villages ran unstably or had many problems; a talk with the Party secretary is suggested.
}

report-open = Is there anybody for the vacant posts?
report-open-text = { $vacancies } vacant posts: { $shortlisted } have suggested people, { $assigned } are matched overall; { $open } stay open{ $causes }.
report-open-causes = {" "}({ $list })
report-open-nobody = { $n } without anybody eligible
report-open-shortage = { $n } with eligible people who are needed for other posts
report-open-rule = { $n } for a quota or a rule of kinship
report-overdue = What is overdue?
report-overdue-text = { $measures ->
    [-1] Measures of escalated supervision are not recorded
   *[other] { $measures } measures of escalated supervision
}, { $appraise ->
    [-1] days of appraisal are not recorded
   *[other] { $appraise } appraisals of reserves
}, { $unfiled ->
    [-1] filings are not recorded
   *[other] { $unfiled } posts with gaps in filing
}.
report-overdue-since = { $what }, due { $due }
report-overdue-appraise = Appraisal of reserves
report-overdue-appraise-text = { $n } people not appraised in time
report-overdue-unfiled = County filing
report-overdue-unfiled-text = { $n } posts without number or date, or changed without filing
report-ladder = Does the ladder hold?
report-ladder-text = Of { $all } villages the ladder holds in { $held }, is thin in { $thin } and broken in { $broken } ({ $share }).
report-ladder-none = There are no data on the ladder.

report-unjudged = What could not be judged, and why
report-unjudged-none = Everything could be judged.
report-unjudged-note = Note
report-unjudged-stage-why = this stage has no result
report-unjudged-not-rated = Villages not rated
report-unjudged-not-rated-why = too little measured weight; a missing figure is not a zero: { $names }{ $more ->
    [0] {""}
   *[other] {" "}…
}
report-unjudged-to-clarify = Villages to be clarified
report-unjudged-to-clarify-why = the record names no post, or list and ledger differ
report-unjudged-review = Reserves without joint review
report-unjudged-review-why = no review on record by the reference date; not reviewed is not the same as clean
report-unjudged-appraise = Reserves without a recorded appraisal
report-unjudged-appraise-why = no sheet records a day of appraisal: neither late nor done
report-unjudged-filing = Posts without a recorded filing
report-unjudged-filing-why = no sheet records a filing date or number: neither late nor done
report-unjudged-tables = Tables not provided
report-unjudged-tables-why = { $names }: what rests on them is not judged
report-unjudged-columns = Columns not recognised
report-unjudged-columns-why = no column has these names; not used until renamed: { $names }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}
report-unjudged-age = People without date of birth
report-unjudged-age-why = not counted in any age group
report-unjudged-recorded = Events without a recorded date
report-unjudged-recorded-why = the day of the event has to stand for the day it became known
report-unjudged-later = Events after the reference date
report-unjudged-later-why = not used: what became known later does not influence a result
report-unjudged-unread = Files not read
report-unjudged-unread-why = { $names }
report-unjudged-stray-county = Rows that make a second county
report-unjudged-stray-county-why = codes of another county, which so has next to no villages ({ $places }): a digit is probably wrong; what stands there is not compared with the main county
report-unjudged-quarantine = Rows quarantined
report-unjudged-quarantine-why = unreadable or without key, not used; see the quarantine list

report-section-counties = Counties side by side
report-section-score = Scores
report-section-supervise = Escalated supervision
report-section-reserve = Reserve and matching
report-section-structure = Structure
report-section-data = Data quality
report-section-method = Method and notes

report-scores-none = There are no villages to score.
report-score-lead = { $rated } villages were rated; the median is { $median }, and eight in ten lie between { $low } and { $high }; { $open } are not rated. Villages are graded within their class.
report-score-lead-none = No village has the data that a rating needs: { $open } are not rated.
report-chart-class-title = How far apart are the classes? { $gap } points lie between the medians of “{ $best }” and “{ $worst }”
report-chart-class-same = How far apart are the classes? Their medians are equal
report-chart-class-text = One dot per village; the line marks the median, given at the right with the number of villages.
report-chart-township-title = Which townships lag? In { $below } of { $n }, three villages in four lie below the median of all
report-chart-township-text = Dot: median; line: the middle half of the villages; sorted by median.
report-chart-township-median = median of all { $median }
report-chart-grade-title = Are the grades even across classes?
report-chart-grade-text = Share of each grade among rated villages, whose number stands at the right.
report-table-villages = Scores of all villages
report-table-villages-note = The rank range is a sensitivity range: it holds nine in ten ranks as weights vary within reason; it is no confidence interval. Where ranges overlap, ranks should not separate villages.
report-table-areas = Where the points come from
report-table-areas-note = The columns add up to the score; contributions of single indicators are in the data table contributions.

report-supervision-none = No village is under escalated supervision or to be clarified.
report-supervise-lead = { $parts }.
report-chart-category-title = Why are they listed? { $n } of { $all } villages are “{ $top }”
report-chart-category-text = A village may belong to several categories; { $several } belong to two or more.
report-chart-progress-title = How far have the measures come? { $late } of { $all } are overdue
report-chart-progress-text = The four mechanisms and the three ones; at the right: measures due. Overdue ones are underlined in red.
report-chart-rate-title = { $none ->
    [0] Where are the cases? { $rate } per 100 heads
   *[other] Where are the cases? { $rate } per 100 heads; { $none } more townships have none
}
report-chart-rate-text = Cases per 100 heads in post; where heads are few one case weighs much, and rates also show who looked, and how hard.
report-chart-rate-mean = mean { $rate }
report-table-supervision-main = Under escalated supervision
report-table-supervision-main-note = Whoever falls under a category is listed, without any quota; “suggested” ones fall under none. Measures: done of due, mechanisms and ones.
report-table-supervision-near = Near misses
report-table-supervision-near-note = Not on the list, but close.
report-table-supervision-clarify = To be clarified
report-table-supervision-clarify-note = Nothing is presumed until clarified.
report-table-talks = Townships to talk to
report-table-talks-note = With the township Party secretary; reasons given.
report-table-late = Measures overdue or not set up
report-table-late-note = The four mechanisms and the three ones, one line per village, the longest overdue first.
report-table-rates = Rate of cases by township
report-table-rates-note = Out of heads in post; where few departments report, few cases do not mean few problems.
report-table-model = Card of the learned risk
report-table-model-note = Learned from past indicators and events; it only orders suggested additions and lists nobody.
report-table-model-strongest = {" "}Strongest effects (change of the log-odds per standard deviation): { $list }.
report-model-available = Available
report-model-first-year = First year
report-model-last-year = Last year
report-model-rows = Village-years
report-model-positives = With trouble
report-model-evaluation-year = Year held out
report-model-evaluation-villages = Villages in it
report-model-evaluation-positives = With trouble in it
report-model-base-rate = Base rate
report-model-auc = Ranking (AUC)
report-model-auc-history = By past events alone
report-model-auc-township = By township alone
report-model-brier = Error of probabilities
report-model-brier-base = With the base rate alone
report-model-precision-at-capacity = Hits within capacity
report-model-selective-labels = Limits of the labels
report-model-intercept = Intercept
report-model-events-trouble = trouble last year
report-model-events-trouble-before = trouble before
report-model-events-signs = signs last year
report-model-events-signs-before = signs before

report-vacancies-none = There are no vacant posts.
report-chart-supply-title = { $short ->
    [0] Is the pool large enough? No township has fewer people than vacancies
   *[other] Is the pool large enough? In { $short } of { $n } townships it is not
}
report-chart-supply-text = Sorted by what is missing; at the right: vacancies / people in the pool. Being in the pool is not being eligible.
report-chart-supply-need = vacant posts
report-chart-supply-have = people in the pool
report-chart-vacant-title = Why are posts vacant? Mostly “{ $cause }” ({ $n })
report-chart-open-title = Why do posts stay open? Mostly “{ $cause }” ({ $n })
report-table-assignment = Matching over all vacancies
report-table-assignment-note = All vacancies at once, each person once; “loss” is the fit that the next-best person would cost.
report-table-shortlists = Suggested people
report-table-shortlists-note = For { $posts } posts, by fit, to choose among; nobody is proposed for appointment. Gates passed and what the fit is made of stand in the data tables.
report-table-shortlists-first = For { $posts } posts, whom the matching of all posts puts first; the others to choose among stand in the workbook and the data tables. Nobody is proposed for appointment. Gates passed and what the fit is made of stand in the data tables.
report-table-open-posts = Posts that stay open
report-table-open-posts-note = Which gate removed people, or which posts share the same few.
report-table-chains = Holders who might move up
report-table-chains-note = Posts that people of the pool hold: a move is recommended only where the whole is better, and the post it leaves is filled in the same matching. Where the holder stays, the post is no vacancy.
report-table-waivers = If a soft bar were waived
report-table-waivers-note = Posts that waiving each soft bar would fill; hard bars are not considered.
report-table-probation = Probationary members who become eligible
report-table-probation-note = During probation they can neither vote nor be elected.
report-table-pool-review = Review of the pool
report-table-pool-review-note = People whose leaving should be studied.
report-table-pool-review-due = {" "}{ $n } more have not been appraised in time; by township: { $list }.
report-table-pool-review-unrecorded = {" "}No sheet records a day of appraisal for the { $n } people in the pool: whether one is due cannot be told.
report-table-pool-outcomes = What became of the pool
report-table-pool-outcomes-note = By source and by recommender; shares of few people should not be compared.
report-table-fill = Vacancies filled from the pool
report-table-fill-note = In the last twelve months.
report-fill = Of { $filled } posts filled in the last twelve months { $pool } came from the pool ({ $share }).

report-pool = Pool
report-pool-for = Pool ({ $post })
report-chart-generations-main = Are the generations in proportion? { $off } of { $n } groups are off target
report-chart-generations-township = In which townships are the secretaries old? { $off } of { $n } are off target
report-chart-generations-text = At the right: people; parts underlined in red are off the policy's target.
report-chart-pyramid-title = Is the pool younger than those in post?
report-chart-pyramid-text = People by age; left in post, right in the pool.
report-chart-pyramid-posts = in post: { $n }
report-chart-pyramid-pool = in the pool: { $n }
report-chart-pyramid-women = of them women
report-chart-limit-title = When do secretaries reach the age limit? { $n } by { $year }
report-chart-limit-text = Secretaries who pass the age limit, by year; the running sum includes those beyond it already.
report-limit-sum = { $n }, in all { $sum }
report-limit-sum-share = { $n }, in all { $sum } ({ $share })
report-chart-ladder-title = Where is the ladder broken? Most in { $township }, { $share }
report-chart-ladder-none = Where is the ladder broken? Nowhere
report-chart-ladder-text = Sorted by share of broken ladders; at the right: villages.
report-table-shares = Age groups off target
report-table-shares-note = Targets come from the policy's section on structure.
report-table-ladder = Villages with a thin or broken ladder
report-table-ladder-note = Broken ones first, by years left to the secretary's age limit; { $held } more villages have a full ladder.
report-table-unfiled = Posts with gaps in filing
report-table-unfiled-note = No number, no date, or changed without filing.
report-table-statistics-form = Statistics form
report-table-statistics-form-note = Filled as the national form defines it; check before submitting.

report-counties-many = { $n } counties: only their summaries are shown; the full report of one county is made on request.
report-chart-counties-title = Median score by county
report-chart-counties-text = Grades compare within a county only; indicators may be defined differently.
report-table-counties = Counties
report-table-counties-note = One line per county.
report-county-villages = Villages
report-county-rated = Rated
report-county-median = Median score
report-county-supervised = Supervised
report-county-suggested = Suggested
report-county-talks = Talks
report-county-vacancies = Vacant posts
report-county-assigned = Matched
report-county-open = Open
report-county-overdue = Overdue
report-county-broken = Ladder broken

report-data-lead = Rows of a file are accepted, ignored or quarantined, and the three add up; flagged rows are accepted, with their doubt named.
report-data-tables = The data were read as canonical tables; there is no row-by-row record of original sheets.
report-table-files = Files and rows
report-table-files-note = A row may carry several doubts; repairs are counted in cells.
report-table-flag = Reasons of doubt
report-table-quarantine = Reasons of quarantine
report-table-unread = Files not read
report-table-book = Tables used
report-file-file = File
report-file-sheet = Sheet
report-file-table = Table
report-file-rows = Rows
report-file-accepted = Accepted
report-file-ignored = Ignored
report-file-quarantined = Quarantined
report-file-flagged = Flagged
report-file-repaired = Repaired
report-file-sum = Sum
report-table-policy-weights = Weights of the score
report-table-policy-grades = Grades
report-table-policy-categories = Categories of supervision
report-table-policy-ages = Age groups and targets
report-table-policy-gates = Gates
report-policy-area = Source and area
report-policy-share = Of the score
report-policy-source = Document
report-policy-grade = Grade
report-policy-min = From
report-policy-cap = Cap in a township
report-policy-category = Category
report-policy-kind = Kind
report-policy-bands = Up to { $young } is young, up to { $middle } middle, beyond that old; the age limit of secretaries is { $limit }.
report-policy-team = Team
report-policy-gate = Gate
report-policy-hardness = Hardness
report-policy-posts = Posts
report-policy-all-posts = all posts

report-method-score = Score
report-method-score-text = Indicators become points by the policy's rules and are compared within a village class; the score is the sum of its contributions, with bonus, penalty and veto as lines of their own. Below the policy's minimum of measured weight a village is not rated; a missing figure is not a zero.
report-method-range = Rank range
report-method-range-text = A sensitivity range: the 5% and 95% points of a village's rank as weights are drawn from the range the policy gives. It says how much the rank depends on the weights; it is neither sampling error nor a confidence interval.
report-method-grade = Grades and consequences
report-method-grade-text = Grades follow the policy's shares and caps; ties across a cap stay below it. Consequences are matters for study only.
report-method-supervise = Escalated supervision
report-method-supervise-text = Every village under a category of the policy is listed and none is cut; capacity limits only extra attention and suggested additions. Records that name nobody go to be clarified. Each line says what triggered it and what would clear it.
report-method-reserve = Gates and matching
report-method-reserve-text = A hard bar cannot be outweighed by any score; a soft bar can be waived with a reason. Bars and fit are never added up. Not reviewed is not passed. All vacancies are matched at once, each person once, and the optimum can be checked from the prices that come with it.
report-method-structure = Structure
report-method-structure-text = Age groups and targets come from the policy; a birth date known to the month counts as its first day. People without a birth date are shown apart.
report-method-missing = Missing and doubtful
report-method-missing-text = A missing figure is not a zero, and no record is not a clean sheet. Repairs, doubts and quarantined rows are listed; nothing is changed silently.
report-method-privacy = Personal data
report-method-privacy-text = ID and telephone numbers never appear. The internal edition shows names, the summary edition codes.
report-method-people = Protected attributes
report-method-people-text = Sex and ethnicity enter no score and no fit; they serve legal requirements and statistics of structure alone.
report-method-run = This run
report-method-run-text = Reference date { $as_of }, eligibility as of { $election }, seed { $seed }, version { $version }. The same data and policy give the same report.

## Names of sheets
sheet-home = First page
sheet-scores = Scores
sheet-areas = Points by area
sheet-supervision = Supervision
sheet-supervision-measures = Measures
sheet-talks = Talks
sheet-township-rates = Case rates
sheet-shortlists = Vacancies and people
sheet-assignment = Matching
sheet-open-posts = Open posts
sheet-waivers = Waivers
sheet-bars = Bars
sheet-probation = Probationary members
sheet-pool-review = Pool review
sheet-pool-outcomes = Pool outcomes
sheet-fill = Filled from pool
sheet-structure = Structure
sheet-ladder = Ladder
sheet-age-limit = Age limit
sheet-pyramid = Ages
sheet-statistics-form = Statistics form
sheet-unfiled = Filing
sheet-counties = Counties
sheet-files = Sources
sheet-flags = Flags
sheet-quarantine = Quarantine

## Columns
col-county = County
col-township = Township
col-village = Village code
col-village-name = Village
col-class = Class
col-period = Year
col-person = Person
col-score = Score
col-base = Base
col-bonus = Bonus
col-penalty = Penalty
col-veto = Veto
col-measured-weight = Measured weight
col-grade = Grade
col-grade-reason = Reason of grade
col-consequence = Consequence
col-consequence-reason = Reason of consequence
col-rank = Rank
col-rank-in-class = Rank in class
col-rank-low = Rank range, low
col-rank-high = Rank range, high
col-rank-mean = Mean rank
col-rank-p05 = Rank 5%
col-rank-median = Median rank
col-rank-p95 = Rank 95%
col-draws = Draws
col-p-top = P(top)
col-p-bottom = P(bottom)
col-p-grade = P({ $grade })
col-rec-id = Advice ID
col-source = Source
col-area = Area
col-indicator = Indicator
col-label = Item
col-value = Value
col-points = Points
col-median = Median of the counties
col-best-county = Best county
col-gap = Behind the best
col-weight = Weight
col-contribution = Contribution
col-contributions = Fit made of
col-kind = Kind
col-status = Status
col-categories = Categories
col-since = Since
col-urgency = Urgency
col-urgency-class = Class of urgency
col-conflict = One of those that contradict each other
col-relax = To give way by
col-risk = Risk
col-reasons = Reasons
col-basis = Basis
col-clears = Cleared by
col-mechanisms = Mechanisms
col-mechanisms-done = Mechanisms done
col-mechanisms-total = Mechanisms due
col-ones = Three ones
col-ones-done = Three ones done
col-ones-total = Three ones due
col-overdue = Overdue
col-secretary = Township secretary
col-villages = Villages
col-listed = Supervised
col-problem-events = Problems
col-adjusted-heads = Heads changed
col-heads = Heads in post
col-cases = Cases
col-cases-per-100 = Cases per 100
col-reporting-departments = Departments
col-note = Note
col-measure = Measure
col-responsible = Responsible
col-due = Due
col-done = Done
col-state = State
col-vacancy = Vacancy ID
col-post = Post
col-cause = Cause
col-holder = Holder
col-priority = Priority
col-detail = Detail
col-candidate = Candidate
col-fit = Fit
col-order = No.
col-own-village = Own village
col-origin-village = Home village code
col-origin-village-name = Home village
col-recommended = Suggested
col-gates-passed = Gates passed
col-soft-bars = Soft bars, and what is to be clarified
col-reasons-for = For
col-reasons-against = Against
col-cost = Cost
col-next-best = Next best
col-next-best-loss = Loss
col-moves = Moves
col-to-vacancy = Moves to vacancy
col-tied = Tied
col-side = Side
col-id = ID
col-price = Price
col-marginal-price = Marginal price
col-gate = Gate
col-hardness = Hard or soft
col-from = From
col-until = Until
col-text = Text
col-people = People
col-posts-opened = Posts opened
col-fit-gain = Fit gained
col-joined = Joined
col-eligible-on = Eligible on
col-advice = Advice
col-reason = Reason
col-dimension = By
col-key = Which
col-appointed = Appointed
col-share = Share
col-still-in-post = Still in post
col-posts-filled-12m = Filled in 12 months
col-from-pool = From the pool
col-group = Age group
col-target-low = Target from
col-target-high = Target to
col-posts = Posts
col-in-pool = In pool
col-members-in-pool = Of them members
col-secretary-age = Age
col-years-to-limit = Years left
col-year = Year
col-secretaries = Secretaries
col-cumulative = Cumulative
col-band = Age
col-sex = Sex
col-item = Code
col-unit = Unit
col-problem = Problem
col-file = File
col-sheet = Sheet
col-row = Row
col-column = Column
col-remedy = Remedy
col-doubt = Reason

## Codes
code-consequence-reward = reward
code-consequence-none = —
code-consequence-reminder = reminder
code-consequence-talk = talk
code-consequence-adjustment-study = study of change
code-kind-supervise = supervising
code-kind-cultivate = cultivating
code-status-listed = listed
code-status-suggested = suggested
code-status-near-miss = near miss
code-status-leaving = leaving
code-status-recheck = re-check
code-status-relapse = relapse
code-status-to-clarify = to be clarified
code-source-measured = measured
code-source-organisation = Organisation
code-source-villagers = Villagers
code-source-adjustment = Bonus, penalty, veto
code-source-baseline = Baseline of the class
code-state-done = done
code-state-due = under way
code-state-overdue = overdue
code-state-missing = not set up
code-state-unrecorded = not recorded
code-state-ok = on target
code-state-low = too low
code-state-high = too high
code-state-none = no target
code-state-held = holds
code-state-thin = thin
code-state-broken = broken
code-state-filled = filled
code-state-open = open
code-state-used = used
code-state-unused = unused
code-cause-empty = empty
code-cause-age = age limit
code-cause-sanction = sanction
code-cause-adjustment = change studied
code-cause-term = end of term
code-cause-chain = left by a move
code-cause-given = given
code-cause-no-candidate-in-pool = nobody in the pool
code-cause-all-barred = all barred
code-cause-rule = quota or kinship
code-cause-shortage = too few for too many posts
col-part = Part
code-hardness-to-clarify = to be clarified
code-hardness-hard = hard
code-hardness-soft = soft
code-advice-exit = leave
code-advice-appraise = appraisal due
code-advice-unrecorded = appraisal not recorded
code-dimension-source = source
code-dimension-recommender = recommender
code-dimension-post = post
code-dimension-township = township
code-dimension-class = class
code-dimension-pool = pool
code-group-old = old
code-group-middle = middle
code-group-young = young
code-group-unknown = unknown
code-side-posts = in post
code-side-pool = pool
code-sex-unknown = unknown
code-band-unknown = unknown
code-post-all = all posts
code-problem-no-number = no filing number
code-problem-no-date = no filing date
code-problem-changed-unfiled = changed, not filed
code-problem-unrecorded = not recorded
report-table-assignment-draws = {" "}Of { $made } draws { $proved } have a solution that is proved to be the best; in the others it is the best that was found, so that shares of staying may be too high.
report-table-quotas = Quotas and kinship
report-table-quotas-note = Each bound on a group of people. The cost is what the quota as a whole takes from the fit over all posts; the marginal price is about what one person more or less would change, exact for small changes only. Where fewer are recommended than a lower bound asks for, or more than an upper one allows, the quota is missed at the price that the policy sets. A share of filled posts has no numbers here: they depend on how many are filled. Never part of anybody's fit.
report-table-match-orders = What decisions cost
report-table-match-orders-note = Recommendations adopted or not, and waivers thanks to which somebody is recommended: the best matching without each against that with it. Below 0 it gains.
col-quota = Quota
col-per = Where
col-sitting = Sitting
col-least = At least
col-filled = Filled
col-scale = Steps of price in a unit
col-proof = Proof
col-most = At most
col-sum = Recommended
col-cost-low = Cost, at least
col-cost-high = Cost, at most
col-missing = Points missing
col-cost-seats = More posts without it
col-fragile = Fragile
code-quota-conflict = kin of one village
code-quota-must-place = keeps a place
sheet-quotas = Quotas
sheet-match-orders = Cost of decisions
col-kept = Kept in draws
col-group-no = Group no.
col-inside = Counts, of the group
col-outside = Counts, others
col-soft = Price of missing it
col-multiplier = Marginal price (grid)
col-open-price = Price of an open seat
col-wish = Wish
col-must = Must have a place
col-only = Only for
col-best-expected = In the best on average
col-best-worst = In the best at worst
col-sitting-all = Sitting in all
