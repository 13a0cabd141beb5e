### structure

structure-dimension-post = by post
structure-dimension-township = by township
structure-dimension-class = by class of village
structure-dimension-pool = reserve pool
structure-group-old = old
structure-group-middle = middle
structure-group-young = young
structure-group-unknown = age unknown
structure-state-ok = on target
structure-state-low = below target
structure-state-high = above target
structure-state-none = not compared
structure-ladder-held = held
structure-ladder-thin = thin
structure-ladder-broken = broken
structure-side-posts = in post
structure-side-pool = in the pool
structure-problem-changed-unfiled = new holder not filed
structure-problem-no-date = no filing date
structure-problem-no-number = no filing number
structure-key-all = all posts
structure-key-pool = reserve pool
structure-key-unspecified = post not given
structure-key-unclassified = class not given

structure-head-empty = the secretary's post is empty
structure-head-empty-since = the secretary's post has been empty since { $day }
structure-head-past = secretary aged { $age }, past { $limit }
structure-head-near = secretary aged { $age }, past { $limit } by the end of { $year }
structure-head-far = secretary aged { $age }, past { $limit } in { $years ->
    [one] one year
   *[other] { $years } years
}
structure-head-ageless = the secretary's birth date is unknown; the age limit is to be clarified
structure-head-later = the secretary on record began after the reference date; who was in post then is to be clarified
structure-head-no-record = the book has no record of a secretary; to be clarified
structure-reserve-none = nobody of the village is in the pool
structure-reserve-few = { $people } in the pool, fewer than { $least }
structure-reserve-enough = { $people } in the pool, not fewer than { $least }
structure-reserve-few-members = { $members } of them full Party members, fewer than { $least }
structure-reserve-few-young = { $young } of them aged { $age } or below, fewer than { $least }
structure-reserve-ageless = { $people } of the reserves without a birth date
structure-reserve-sitting = the sitting secretary is still listed in the pool ({ $people }) and not counted

structure-filing-changed = in post since { $since }, { $days ->
    [one] one day
   *[other] { $days } days
} by the reference date, and no filing of this term on record
structure-filing-older = the last filing is of { $day }, before this term
structure-filing-no-number = filed on { $day }, number missing
structure-filing-no-date = number { $number }, filing date missing
structure-filing-none = neither filing date nor number
structure-filing-unrecorded = no sheet records a filing date or number: whether it was filed cannot be told

structure-unit-villages = villages
structure-unit-people = people
structure-unit-percent = %
structure-unit-years = years
structure-unit-yuan = yuan a year
structure-unit-per-village = people a village
structure-item-villages = Administrative villages
structure-item-weak-villages = Weak and lax village Party organisations
structure-item-secretaries = Village Party secretaries
structure-item-source = Secretaries by source: { $word }
structure-item-source-unknown = Secretaries by source: not given
structure-item-villages-with-reserve = Villages with a reserve
structure-item-villages-without-reserve = Villages without any reserve
structure-item-reserves = People in the reserve pool
structure-item-reserves-per-village = People in the pool per village
structure-item-reserves-for = People in the pool for the post: { $word }
structure-item-reserve-members = Full Party members in the pool
structure-item-reserve-young = Young people in the pool
structure-item-trained = Secretaries trained at county level or above
structure-item-hired-civil-servants = Secretaries hired as civil servants
structure-item-mean-pay = Mean pay of secretaries
structure-item-villages-no-income = Villages without collective income
structure-item-villages-low-income = Villages with collective income below { $most } (10,000 yuan)
structure-item-women = Women among secretaries
structure-item-women-share = Share of women among secretaries
structure-item-mean-age = Mean age of secretaries
structure-item-young = Secretaries aged { $age } or below
structure-item-past-limit = Secretaries older than { $age }
structure-item-dual = Villages whose secretary also heads the committee
structure-item-education = Secretaries by education: { $word }
structure-item-education-unknown = Secretaries by education: not given
structure-item-college-share = Share of secretaries with college or higher education

structure-note-not-in-book = not in the county book; to be reported separately
structure-note-missing = { $n } without a record, not counted
structure-note-weak-unsaid = { $n ->
    [one] one village is
   *[other] { $n } villages are
} silent on it
structure-note-weak-differs = the ledger has { $n } listed and not cleared; the two differ, to be clarified
structure-note-weak-from-ledger = not in the village sheet; counted from the ledger, listed and not cleared
structure-note-empty-posts = { $n ->
    [one] one post
   *[other] { $n } posts
} empty
structure-note-no-record = { $n ->
    [one] one village
   *[other] { $n } villages
} without a record of a secretary
structure-note-later = { $n ->
    [one] one village
   *[other] { $n } villages
} with a record of a later day only
structure-note-placeless = { $n ->
    [one] one reserve
   *[other] { $n } reserves
} of no village or of one that is not listed
structure-note-per-post = { $seats ->
    [one] one such post
   *[other] { $seats } such posts
}, { $each } people each
structure-note-no-training = no training in the county book; to be reported separately
structure-note-window = { $from } to { $to }
structure-note-levelless = { $n } more trained without a level on record, not counted
structure-note-pay = year { $year }, over { $n ->
    [one] one person
   *[other] { $n } people
}
structure-note-pay-missing = { $n } without pay on record, not counted
structure-note-pay-partial = { $n } with base or performance pay only
structure-note-year = year { $year }
structure-note-income-missing = { $n ->
    [one] one village
   *[other] { $n } villages
} without a figure, not counted
