### supervise

supervise-category-investigated = head investigated last year
supervise-category-weak = weak and lax
supervise-category-complex = complex disputes
supervise-category-new-head = newly changed head
supervise-category-vacant = no secretary
supervise-category-dissatisfied = low satisfaction
supervise-category-lowest-grade = lowest grade
supervise-category-star = strong collective

supervise-in = { $category }: { $reason }
supervise-unclear = { $category } (to be clarified): { $reason }
supervise-near = { $category } (near miss): { $reason }

supervise-reason-events = { $n } × { $kinds } from { $from } to { $to } ({ $days })
supervise-reason-events-of = { $n } × { $kinds } naming the { $posts } ({ $days })
supervise-reason-events-also = , and { $n } more that name nobody
supervise-reason-events-unknown = { $n } × { $kinds } naming nobody ({ $days })
supervise-near-events-later = { $n } × { $kinds } this year ({ $days }), will count for { $year }
supervise-near-count = { $n } × { $what }, one short of { $least }
supervise-reason-count = { $n } × { $what }, threshold { $least } ({ $days })
supervise-reason-official-both = on the official list, in the ledger since { $day }
supervise-reason-official = on the official list
supervise-reason-official-only = on the official list, not in the ledger: the two differ
supervise-reason-official-cleared = on the official list, cleared in the ledger on { $day }: the two differ
supervise-reason-ledger-only = in the ledger since { $day }, not on the official list: the two differ
supervise-reason-ledger-decides = in the ledger since { $day } (no official list given)
supervise-reason-at-least = { $what } { $value } in { $period }, not below { $bound }
supervise-reason-below = { $what } { $value } in { $period }, below { $bound }
supervise-reason-years = , for { $n } years running
supervise-near-at-least = { $what } { $value }, { $gap } short of { $bound }
supervise-near-below = { $what } { $value }, only { $gap } above { $bound }
supervise-near-years = { $what } for { $n } { $n ->
        [one] year
       *[other] years
    }, of { $least } needed
supervise-reason-new = { $post } in post since { $day }, within { $months } months
supervise-reason-vacant = no { $post } since { $day }, more than { $months } months
supervise-reason-vacant-unknown = no { $post }, since when is not recorded
supervise-near-vacant = no { $post } since { $day }; counts after { $limit }
supervise-reason-grade = graded { $grade }
supervise-reason-scored = score { $score }, graded { $grade }
supervise-what-appraisals = the secretary appraised { $grades }
supervise-reason-appraisals = the secretary appraised { $grades } for { $n } years running
supervise-reason-unregistered = not in the village sheet: check the name or code first
supervise-reason-relapse = released on { $released }, listed again on { $again }: a relapse
supervise-reason-released = released on { $day }, and still in a category
supervise-reason-under = under supervision since { $day }, not yet released
supervise-reason-under-undated = measures are under way, not yet released
supervise-reason-check = checked on { $day }: { $score } points, { $dissatisfied }% dissatisfied
supervise-reason-leaving = checked on { $day }: { $score } points, { $dissatisfied }% dissatisfied, all measures done: study its release
supervise-reason-recheck = released on { $released }, re-check due by { $due }, none on record
supervise-reason-ledger = ledger of { $months } months: { $list }
supervise-event-count = { $n } × { $kind }
supervise-reason-risk = learned risk { $risk }% (place { $place }% within the county), for ordering only

supervise-part-events = events
supervise-part-categories = categories
supervise-part-grade = grade
supervise-part-overdue = overdue
supervise-part-risk = risk
supervise-urgency = urgency { $total } = { $sum }
supervise-urgency-zero = urgency { $total }

supervise-basis = policy { $key }
supervise-basis-source = { $source } ({ $key })

supervise-clears-last-year = no longer counts once { $year } is the last year
supervise-clears-months = with nothing new, no longer counts after { $day }
supervise-clears-unknown = clarify whether it concerns the { $posts }
supervise-clears-official = the official list decides
supervise-clears-ledger-only = have the list and the ledger reconciled
supervise-clears-disputes = fewer than the threshold within { $months } months; with nothing new, after { $day }
supervise-clears-disputes-settled = the matters are settled
supervise-clears-indicators = the indicator is back within its bound
supervise-clears-new = no longer new after { $day }
supervise-clears-vacant = the post of { $post } is filled
supervise-clears-vacant-unknown = record since when the post is empty
supervise-clears-grade = a better grade at the next assessment
supervise-clears-measures = all measures done, { $score } points or more and at most { $dissatisfied }% dissatisfied: release may be suggested
supervise-clears-suggested = in no category; the meeting studies whether to add it
supervise-clears-near = below the threshold; keep watching
supervise-clears-recheck = carry out the re-check and record it
supervise-clears-leaving = release after study, then a re-check

supervise-overdue = { $measure } was due { $due }, { $days } { $days ->
        [one] day
       *[other] days
    } overdue

supervise-talk-listed = { $n } of { $villages } villages under supervision ({ $percent }%)
supervise-talk-problems = { $n } problem events in { $year }, { $rate } per village
supervise-talk-adjusted = heads changed in { $n } villages in { $year } ({ $percent }%)

supervise-rate-unknown = { $n } further { $n ->
        [one] case names
       *[other] cases name
    } nobody and are not counted
supervise-rate-silent = no department reported anything last year; no record is not a clean sheet
supervise-rate-looked = { $n } { $n ->
        [one] department
       *[other] departments
    } reported last year; counts also measure who looked

supervise-risk-disabled = learned risk is switched off by policy
supervise-risk-years = { $found } years with known outcome, { $needed } needed
supervise-risk-positives = { $found } village-years with trouble to learn from, { $needed } needed
supervise-risk-solver = the solver found no optimum (fold evaluated on { $year }): { $words }

supervise-model-available = foretells trouble in { $year }; orders suggestions only, lists nobody
supervise-model-years = outcome years learned from
supervise-model-rows = village-years
supervise-model-positives = village-years with trouble
supervise-model-evaluation = year kept for evaluation, unseen while it was evaluated
supervise-model-base-rate = share of villages with trouble in the evaluation year
supervise-model-auc = AUC in the evaluation year (0.5 is chance; ties count half)
supervise-model-auc-history = AUC of ordering by earlier troubles alone: the model should beat it
supervise-model-auc-township = AUC of each township's earlier rate alone: the pull of who looks
supervise-model-brier = Brier score (lower is better)
supervise-model-brier-base = Brier score of the mean rate for everyone
supervise-model-precision = share with trouble among the { $n } highest risks
supervise-model-selective = the label is trouble that was found; it depends on who looked and who reported
supervise-model-intercept = log odds with everything at its mean
supervise-model-coefficient = change of the log odds per standard deviation; mean { $center }, standard deviation { $scale }

supervise-note-last-year = As of { $day }, "last year" is 1 January to 31 December { $year }
supervise-note-no-recorded = The ledger does not say when events were recorded; each counts as known on the day it happened
supervise-note-no-events = No events are known at the reference date: no record is not a clean sheet
supervise-note-later = { $n } events happened or were recorded after { $day } and do not count
supervise-note-unplaced = { $n } events belong to no known village and do not count
supervise-note-no-official = No official weak-and-lax list was given; the ledger decides
supervise-note-undated = { $n } secretaries have no start date; whether they are new cannot be told
supervise-note-tied = { $n } villages tie at the capacity for suggestions; none of them is suggested
supervise-note-no-risk = No learned risk for { $county }: { $why }
supervise-note-differs = The official weak-and-lax list and the ledger differ on { $n } villages; both are shown
