### Motivate

stage-motivate = motivation
step-motivate = motivation
report-section-motivate = Motivation
cli-motivate = Motivate: pay, cover, honours, selection into township offices
cli-motivate-example =
    Examples:
      touyan motivate BOOK
      touyan motivate BOOK --out motivate --format csv

table-pay-formula = Pay by formula
table-pay-parts = Lines of the pay formula
table-pay-summary = Pay by township
table-pay-budget = Budget of the coming year
table-cover-gaps = Pension and medical cover
table-honours = Candidates for honours and representation
table-advancement = Selection into township offices
sheet-pay-formula = Pay by formula
sheet-pay-parts = Pay lines
sheet-pay-summary = Pay by township
sheet-pay-budget = Budget
sheet-cover-gaps = Cover
sheet-honours = Honours
sheet-advancement = Advancement

col-grade-basis = Grade from
col-base-pay = Base pay (yuan)
col-performance-pay = Performance pay (yuan)
col-allowances = Allowances (yuan)
col-reward = Reward (yuan)
col-awards = Honour money (yuan)
col-total = Total (yuan)
col-paid = Paid (yuan)
col-compared-parts = Parts compared
col-formula-compared = Formula, these parts (yuan)
col-paid-compared = Paid, these parts (yuan)
col-difference = Paid less formula (yuan)
col-assumed = Assumed
col-unknown-parts = Cannot be told
col-quantity = Quantity
col-rate = Rate
col-amount = Amount (yuan)
col-equal = Agree
col-underpaid = Paid too little
col-overpaid = Paid too much
col-no-record = No record
col-unknown = Cannot be compared
col-shortfall = Paid too little (yuan)
col-excess = Paid too much (yuan)
col-ungraded = Without a grade
col-income = Rural income per head (yuan)
col-income-basis = Income from
col-income-year = Income of
col-total-low = Lower end (yuan)
col-total-high = Upper end (yuan)
col-vacant = Empty posts
col-if-filled = If they are filled (yuan)
col-pension = Pension
col-pension-since = Pension since
col-medical = Medical
col-medical-since = Medical since
col-payer = Paid by
col-places = Places
col-years-in-post = Years in post
col-education = Education
col-age = Age
col-years-state = Years
col-education-state = Education met
col-age-state = Age met
col-grades-state = Grades
col-member-state = Membership
col-bars-state = No bars
col-eligible = Conditions met
col-eligible-until = until
col-missed = Not met
col-to-clarify = To be clarified

code-part-base = base pay
code-part-performance = performance pay
code-part-allowance = allowances
code-part-reward = reward from collective income
code-part-award = honour money
code-state-equal = agrees
code-state-underpaid = paid too little
code-state-overpaid = paid too much
code-state-no-record = no record
code-state-unknown = cannot be told
code-state-covered = covered
code-state-gap = not covered
code-state-candidate = put forward
code-state-next = next in line
code-state-to-clarify = to be clarified
code-cover-covered = covered
code-cover-gap = not covered
code-cover-unknown = no record
code-kind-honour = honour
code-kind-representation = representation
code-grade-basis-appraised = appraisal
code-grade-basis-computed = this run
code-grade-basis-missing = none
code-income-basis-published = published
code-income-basis-published-carried = published, carried on
code-income-basis-villages = villages' mean
code-income-basis-villages-carried = villages' mean, carried on
code-assumed-income-villages = income per head is the mean of the villages' reports
code-assumed-income-carried = income per head is carried on from an earlier year
code-assumed-start-missing = start of the term unknown, twelve months taken
code-assumed-grade-computed = no appraisal of the year, the village's grade of this run taken
code-assumed-grade-missing = no grade, the policy's share for that taken
code-assumed-education-missing = education unknown, no allowance for it
code-condition-state-met = met
code-condition-state-not-met = not met
code-condition-state-unknown = unknown
code-condition-years = years in post
code-condition-education = education
code-condition-age = age
code-condition-grades = grades
code-condition-member = membership
code-condition-bars = bars
code-eligible-yes = yes
code-eligible-no = no
code-eligible-unknown = to be clarified

motivate-allowance-region = regional allowance
motivate-allowance-years = allowance for years in post
motivate-allowance-education = allowance for education
motivate-allowance-dual = allowance for heading both bodies
motivate-award-province = Honour of the province or above
motivate-award-city = Honour of the city
motivate-award-county = Honour of the county
motivate-income-published = { $yuan } yuan ({ $year }, published)
motivate-income-villages = { $yuan } yuan ({ $year }, mean of the villages' reports)
motivate-income-published-carried = { $yuan } yuan (carried on from the published figure of { $year })
motivate-income-villages-carried = { $yuan } yuan (carried on from the villages' mean of { $year })
motivate-grade-none = no grade
motivate-line-base = rural income per head { $income } × { $multiple } × base part { $part } × post { $share } × { $months }/12 months
motivate-line-performance = rural income per head { $income } × { $multiple } × performance part { $part } × post { $share } × { $grade } { $factor } × { $months }/12 months
motivate-line-allowance = { $name }{ $why }: { $monthly } yuan a month × { $months } months
motivate-why-years = {" "}({ $years ->
    [one] one year
   *[other] { $years } years
})
motivate-why-education = {" "}({ $level })
motivate-line-reward = collective income up by { $gained } (10,000 yuan) × { $rate } = { $pool } yuan × part { $part } × { $months }/12 months
motivate-line-reward-capped = collective income up by { $gained } (10,000 yuan) × { $rate }, at most { $pool } yuan × part { $part } × { $months }/12 months
motivate-line-award = { $name }: { $n } × { $amount } yuan

motivate-pay-equal = { $parts }: formula { $formula } yuan, paid { $paid } yuan; they agree
motivate-pay-underpaid = { $parts }: formula { $formula } yuan, paid { $paid } yuan; { $gap } yuan too little
motivate-pay-overpaid = { $parts }: formula { $formula } yuan, paid { $paid } yuan; { $gap } yuan too much
motivate-pay-no-record = the book holds no pay of { $year }; to be clarified
motivate-pay-unknown = pay is on record, and no part of it can be compared
motivate-pay-unknown-parts = cannot be told: { $parts }

motivate-budget-no-income = neither a published income nor villages' reports: base and performance pay cannot be told
motivate-budget-basis = present holders for twelve months, turnover not predicted; grades of this run; reward and honour money as last year
motivate-budget-ungraded = { $n } without a grade at the policy's share for that
motivate-budget-vacant = { $n ->
    [one] one empty post
   *[other] { $n } empty posts
} not included; filled, { $yuan } yuan more

motivate-cond-no-start = start of the term not on record
motivate-cond-years = { $years ->
    [one] one year
   *[other] { $years } years
} in post ({ $least } asked for)
motivate-cond-years-short = { $years ->
    [0] less than one year
    [one] one year
   *[other] { $years } years
} in post, { $least } asked for
motivate-cond-grade = { $year } { $grade }
motivate-cond-grades = grades: { $seen }
motivate-cond-grades-short = grades that do not do: { $seen }
motivate-cond-grades-missing = grades of { $years } years asked for, some missing: { $seen }
motivate-cond-best = best grade { $times } times, { $least } asked for
motivate-cond-best-short = best grade { $times } times on record, { $least } asked for
motivate-cond-member = full Party member
motivate-cond-no-member = not a full Party member
motivate-cond-member-missing = Party status not on record
motivate-cond-no-bar = no bar in force on record (joint review before any proposal)
motivate-cond-undated = a sanction without a date is on file
motivate-cond-no-veto = no veto in this run's assessment
motivate-cond-veto = a veto in this run's assessment
motivate-cond-not-rated = the village is not rated in this run
motivate-cond-score = { $score } points in this run
motivate-cond-education = education: { $level }
motivate-cond-education-short = education not enough: { $level }
motivate-cond-education-missing = education not on record
motivate-cond-age = aged { $age } (at most { $most })
motivate-cond-age-past = aged { $age }, past { $most }
motivate-cond-birth-missing = date of birth not on record
motivate-bar = { $kind } ({ $day })
motivate-bar-until = { $kind } ({ $day }), counts until { $until }
motivate-bar-undated = { $kind } (day not on record)
motivate-against-weak = the village is on the weak-and-lax list
motivate-against-caution = recently { $what }
motivate-places-share = { $township }: { $holders } in post, { $share } rounded down gives { $places ->
    [one] one place
   *[other] { $places } places
}
motivate-places-count = { $township }: { $places ->
    [one] one place
   *[other] { $places } places
}
motivate-next = meets the conditions, misses only the places of the township; next in line
motivate-next-tied = tied across the last place, so none of the tie has it; next in line

verify-pay = pay lines equal quantity × rate and add up to the totals ({ $checked } people)
found-motivate = Motivation: { $underpaid } paid less than the formula, { $gaps } without full cover; budget { $budget } (10,000 yuan) for { $year }
report-motivate-lead = { $people ->
    [one] One person
   *[other] { $people } people
} compared for { $year }: { $equal } agree, { $underpaid } paid too little ({ $shortfall } yuan together), { $overpaid } too much, { $missing } without a record or not comparable. { $gaps } without full cover. Budget { $budgetyear }: { $budget } (10,000 yuan).
report-motivate-all = whole county
report-motivate-withheld = Who is paid what is shown in the internal edition alone; here stand sums by township.
report-matter-motivate = Pay and cover
report-matter-motivate-text = { $underpaid } paid less than the formula, { $shortfall } yuan together; { $gaps } without pension or medical cover; budget of { $year }: { $budget } (10,000 yuan).
report-item-shortfall = { $n ->
    [one] one person
   *[other] { $n } people
} paid too little, { $yuan } yuan together
report-unjudged-pay = Pay not comparable
report-unjudged-pay-why = no pay on record, or nothing on record that the formula tells
report-unjudged-cover = Cover not on record
report-unjudged-cover-why = neither covered nor not covered; to be clarified
report-unjudged-budget-income = Income per head estimated
report-unjudged-budget-income-why = no published county figure in the policy ([motivate.pay.income]): the villages' mean stands in
report-chart-shortfall-title = Paid too little in { $off } of { $n } townships
report-chart-shortfall-text = Yuan by which people were paid less than the formula, over the parts on record.
report-chart-shortfall-row = { $n }/{ $people } · { $yuan } yuan
report-chart-budget-title = Budget of { $year } by township
report-chart-budget-text = 10,000 yuan; line: the range from everybody at the lower grade to the upper grade as often as its cap allows.
report-chart-difference-title = Paid less formula, by post
report-chart-difference-text = Yuan; each dot is a person, left of nought is paid too little.
report-table-pay-summary = Formula and pay by township
report-table-pay-summary-note = Over the parts that the book records; the county's own line first.
report-table-pay-budget = Budget of the coming year by township
report-table-pay-budget-note = Yuan; turnover is not predicted.
report-table-pay-formula = Formula and pay differ, or no record
report-table-pay-formula-note = { $equal } who agree are in the workbook; its lines add up to each total.
report-table-cover-gaps = Not covered, or no record
report-table-cover-gaps-note = { $covered } with both covers are in the workbook.
report-table-honours = Honours and representation: put forward and first in line
report-table-honours-note = By rule and within the places of each township; sex and ethnicity are no criteria. All who meet the rules are in the workbook.
report-table-advancement = Selection into township offices: conditions met, or only time missing
report-table-advancement-note = { $rest } others are in the workbook with what they miss.
