### reserve

reserve-vacant = post is empty
reserve-vacant-since = post is empty since { $since }
reserve-vacant-sanction = holder: { $kind } ({ $date }); a successor is to be studied
reserve-vacant-age = holder is { $years } on election day, above { $limit }
reserve-vacant-adjustment = the assessment suggests to study an adjustment: { $reason }
reserve-vacant-term = term of { $years } years ends on { $end }
reserve-vacant-chain = left by its holder, who is recommended as { $post } of { $village }

reserve-gate-in-post = holds no such post yet
reserve-gate-party-member = full Party member
reserve-gate-adult = aged 18 or over
reserve-gate-age-limit = age at first appointment
reserve-gate-education = education
reserve-gate-unwilling = willingness
reserve-gate-review = joint county review
reserve-gate-kin = kinship with sitting members
reserve-gate-in-village = lives in the village
reserve-gate-residence = registration or residence
reserve-gate-known-village = own village
reserve-gate-criminal = criminal sentence
reserve-gate-gang = organised crime
reserve-gate-under-investigation = investigation or open case
reserve-gate-warning = Party warning
reserve-gate-serious-warning = serious Party warning
reserve-gate-removal = removal from Party posts
reserve-gate-probation = probation within the Party
reserve-gate-expulsion = expulsion from the Party
reserve-gate-vote-buying = vote buying
reserve-gate-dishonest = dishonest judgment debtor
reserve-gate-unqualified-member = unqualified Party member
reserve-gate-ecological-damage = ecological damage
reserve-gate-admonition = admonition

reserve-factor-political-status = political status
reserve-factor-education = education
reserve-factor-age = age
reserve-factor-target-post = post trained for
reserve-factor-work = work
reserve-factor-thinking = thinking
reserve-factor-potential = potential
reserve-factor-source = source
reserve-factor-in-village = in the village
reserve-factor-practice = training and practice
reserve-factor-veteran = veteran
reserve-factor-grade = yearly grade

reserve-basis = county policy reserve.gates.{ $key }
reserve-bar-in-post = holds the post { $post }
reserve-bar-status = political status { $status }, not a full Party member
reserve-bar-probation = probationary member, full member on { $on } at the earliest
reserve-bar-probation-over = probation ended on { $on }, confirmation to be checked
reserve-bar-probation-undated = probationary member, day of admission unknown
reserve-bar-joined = admitted less than a year ago (until { $on }), full membership to be clarified
reserve-bar-old = { $years } on election day, above { $max }
reserve-bar-young = { $years } on election day, below { $min }
reserve-bar-education = education { $level }, below { $least }
reserve-bar-event = { $kind } ({ $from }), for good
reserve-bar-event-until = { $kind } ({ $from }), until { $until }
reserve-bar-event-open = { $kind } ({ $from }), not settled
reserve-bar-undated = { $kind }, day unknown, effect period to be clarified
reserve-bar-review = failed the joint county review
reserve-bar-review-on = failed the joint county review ({ $on })
reserve-bar-not-reviewed = no joint review on record
reserve-bar-unwilling = not willing to serve
reserve-bar-away = does not live in the village
reserve-bar-kin = related to the sitting { $post } of { $village } ({ $relation })
reserve-bar-elsewhere = would serve in another village, residence to be clarified
reserve-bar-unknown-village = own village is not among the villages of the book, to be clarified
reserve-bar-missing = { $gate }: to be clarified
reserve-unknown-relation = relation unknown

reserve-yes = yes
reserve-no = no
reserve-years = { $years ->
    [one] { $years } year
   *[other] { $years } years
}
reserve-times = { $n ->
    [one] once
   *[other] { $n } times
}
reserve-other-post = { $post } (not the vacant post)
reserve-fact = { $factor }: { $value }
reserve-fact-missing = { $factor }: no record
reserve-own-village = of the village itself
reserve-cross-village = another village
reserve-from-village = would come from { $village }
reserve-recommended-elsewhere = suggested for { $village } in the overall assignment
reserve-leaves = now { $post } of { $village }, which this move would leave
reserve-stays = the whole is better if they stay there
reserve-moves = recommended as { $post } of { $village }
reserve-clean = no sanction, case or other bar in the ledger
reserve-single = the only eligible person, no choice left
reserve-no-alternative = without this person one post more stays open
reserve-alternative = the next-best assignment loses { $loss } points of fit
reserve-tied = another assignment is as good (tie)

reserve-open-none = nobody in the pool can be considered
reserve-open-barred = { $total } considered, all barred: { $gates }
reserve-open-gate = "{ $gate }" not met by { $n }
reserve-open-shortage = { $posts } posts share { $people } eligible people ({ $villages })
reserve-open-shortage-large = all { $people } eligible people are suggested for other posts
reserve-open-price = filling it would cost more fit than an open post is priced at
reserve-to-clarify = To clarify: { $list }
reserve-open-held = all { $people } who are eligible hold posts, in which they had better stay, or go elsewhere
reserve-and-more = { $villages } and others

reserve-waiver = waiving “{ $gate }” adds { $people } people, { $recommended } more would be suggested, { $posts } more posts filled

reserve-exit-age = aged { $years }, above the pool's limit of { $max }: exit is suggested
reserve-exit-appointed = holds the post { $post }: exit as appointed is suggested
reserve-exit-unwilling = not willing to serve: exit is to be studied
reserve-exit-barred = { $reason }: exit is to be studied
reserve-appraise-overdue = last appraised on { $on }, more than { $months } months ago
reserve-appraise-none = no appraisal on record
reserve-appraise-undated = appraisal without a day
reserve-fragile = fragile: stays in { $share } of the draws
reserve-ordered = adopted by decision; this costs { $cost } points of fit over all posts
reserve-ordered-posts = adopted by decision; without it { $posts } posts more would be filled
reserve-open-rule = a quota or kinship stands against everybody eligible
reserve-open-unmet = the quotas cannot all be met, so nobody is recommended
reserve-appraise-unrecorded = no sheet records a day of appraisal: whether one is due cannot be told
reserve-quota-name = { $label } (`{ $key }`)
