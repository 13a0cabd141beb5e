# touyan match: any edge list

cli-match = Match candidates to vacancies: any edge list of vacancy, candidate and fit, by a policy
cli-match-example =
    Examples:
      touyan match edges.parquet --out matched
      touyan match edges.csv --policy match.toml --vacancies posts.csv --candidates people.csv --out matched
      touyan verify matched --book edges.csv
      touyan match edges.csv --previous matched/assignment.parquet --out matched-again
arg-match-edges = Edge list: csv, parquet, arrow or a workbook, with columns vacancy, candidate, fit
arg-match-policy = Policy file; default: fill as many seats as can be, then the greatest total fit
arg-match-vacancies = Table of vacancies with their attributes
arg-match-candidates = Table of candidates with their attributes
arg-match-conflicts = Table of pairs of candidates who may not both be placed
arg-match-previous = Earlier result (its assignment, or any table of vacancy and candidate): of all best solutions the one that keeps most of its pairs
arg-match-seed = Seed of ties and random draws; default is the policy's, else 1
arg-match-rows = Pairs shown on the terminal
step-build = reading the edges
step-solve = matching
step-explain = explaining

match-read = { $rows } rows: { $read } pairs read, { $blank } blank, { $unwilling } not wanted, { $forbidden } forbidden
match-size = { $vacancies } vacancies with { $seats } seats, { $candidates } candidates, { $edges } eligible pairs
match-filled = { $filled } seats filled, total fit { $fit }, mean { $mean }
match-open = { $open } seats stay open: { $nobody } without an eligible candidate, { $shortage } for want of candidates, { $price } since filling them would lose more than an open seat costs, { $rule } for a quota, a conflict, an order, stability or an earlier pairing
match-proved = no solution is better: proved by prices
match-gap = no solution is better by more than { $gap } points: proved by prices and multipliers
match-gap-seats = { $more ->
    [one] not proved the best: perhaps one seat more can be filled
   *[other] not proved the best: perhaps up to { $more } seats more can be filled
}
match-near-gap = no solution is better by more than { $gap } points, which earlier pairings cost: proved by prices
match-stable = no vacancy and candidate would both rather have each other
match-near = Of { $pairs } earlier pairings { $kept } are kept and { $changed } are not ({ $unknown } with names that are no longer there); any solution within the loss allowed changes { $least } at least; lost to that: { $loss } points
match-bounds = { $missed ->
    [0] { $bounds } bounds on groups are kept
   *[other] of { $bounds } bounds on groups { $missed } are missed, at the price that the policy sets
}; { $priced } of them have a price
match-fragile = { $fragile } pairings are fragile: they stay in few draws
match-draws = { $made } of { $asked } draws were made, each under the bounds on groups; in { $proved } of them the solution is proved to be the best, in the others it is the best that was found
match-tied = { $tied } seats are treated differently in another solution that is just as good
match-advice = This is advice for study; people decide.
match-pair = { $vacancy } ← { $candidate } ({ $fit })
match-unmet-proof = The proof is written to { $path }; check it with: touyan verify { $path }
match-written = Written to { $path }; prove it with: touyan verify { $path }

match-open-nobody = no eligible candidate
match-open-price = filling it would lose more fit elsewhere than an open seat costs
match-open-shortage = { $posts ->
    [one] this vacancy has more seats than its { $people } eligible candidates
   *[other] these { $posts } vacancies with { $seats } seats share { $people } eligible candidates
}

match-fault-pair-twice = "{ $vacancy }" and "{ $candidate }" stand in rows { $first } and { $second } of the edge list; keep one
match-fault-key-twice = { $file }: "{ $key }" stands in rows { $first } and { $second }; keep one
match-fault-unknown = row { $row } of the edge list names "{ $key }", which { $file } does not have; add it there or correct the name
match-fault-cell = { $file }, row { $row }, column "{ $column }": "{ $value }" is { $wanted }
match-fault-beyond = row { $row }: the fit { $value } is beyond the range of exact arithmetic; give the column another unit
match-fault-too-many = { $rows } rows are more than 32-bit numbers count
match-fault-no-table = { $key } reads a table that was not given; add { $option } FILE
match-wanted-rank = no rank of a wish; write 1, 2, 3 …, or leave the cell blank
match-wanted-yes-no = neither yes nor no; write yes or no
match-wanted-order = no order; write force, forbid, or leave the cell blank
match-wanted-whole = no whole number from 0 on
match-wanted-vacancy = no vacancy of the edge list or of the table of vacancies
match-wanted-candidate = no candidate of the edge list or of the table of candidates

match-fault-too-large = the numbers of this matching leave the range of exact arithmetic: fits, the price of an open seat or the weights of classes of urgency are too large for so many seats; give the fits another unit, fewer decimals, or use fewer classes
match-fault-forced-twice = "{ $candidate }" is forced into "{ $one }" and into "{ $other }"; keep one order
match-fault-wide-draws = draws reckon with fits and parts below 2,147,483,648 grid units: use fewer decimals, or leave [match.robustness] out
match-fault-held = { $count } candidates who must have a place ({ $people }) share only { $seats } seats ({ $vacancies }); let one of them go, or take an order back
match-fault-previous-rules = an earlier result can be kept near in the best solution without quotas, conflicts and stability alone; leave --previous out, or take these out of the policy
match-fault-not-found = no solution that keeps all quotas was found, and none was proved impossible; relax one of them
match-fault-unmet = { $count ->
    [1] this rule cannot be met
   *[other] these { $count } rules cannot all be met
}: { $bounds }{ $irreducible ->
    [1] ; without any one of them the others listed here can be met, and further rules may stand in the way
   *[other] {""}
}. { $least ->
    [1] The least that works
   *[other] What would work
}: { $relax }
match-fault-stable-must = whoever must keep a place, or is forced into one, cannot be part of a stable matching: use `mode = "optimal"`
match-fault-stable = no stable matching can be made of these tables: { $why }
match-bound-must-place = a place for { $person }, who must have one
match-relax-least = { $bound } at least { $by } fewer
match-relax-most = { $bound } at most { $by } more
match-and-more = { $names } and { $more } more
match-open-rule = a quota, a conflict, an order, stability or an earlier pairing that is kept stands against it
match-open-shortage-large = the vacancies that share its candidates have more seats than candidates
verify-gap = the matching is no worse than the stated gap allows ({ $checked } possible pairings)
verify-search = the matching keeps every rule; that none is better takes the replay of a search, with --book ({ $checked } possible pairings)
verify-contradiction = the rules that are named cannot all be met ({ $checked } possible pairings)
verify-stable = no vacancy and candidate would both rather have each other ({ $checked } possible pairings)
match-fault-nobody-of = { $key } describes a group to which no candidate belongs; check its words against the table of candidates
match-fault-none-where = { $key } names no vacancy: the quota would bind nobody. Correct the condition, or take the quota out.
match-fault-price = { $key } = { $value } has more decimals than count ({ $decimals }). Give it fewer, or raise `match.decimals`.
match-fault-forced-unwilling = Row { $row }: the pair is forced, but the candidate is not willing. Take out the order, or clear up the willingness.
match-fault-unread = { $option } was given, but the policy has no section { $key } that says which columns it has; add it, or leave the table out
match-wanted-another = the same candidate; a conflict is between two
match-fault-nowhere = { $count ->
    [one] { $people } must have a place, by the column `holds` or a forced pair, but no pair
   *[other] { $people } must have a place, by the column `holds` or forced pairs, but no pair
} of theirs with a vacancy that has a seat is in the edge list (or it was left out as not wanted or forbidden); add the pair with the vacancy that they hold and its fit, or clear the cell
match-fault-blank = { $file }: column "{ $column }" is empty in row { $rows }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}; write the number, or take out the row if the pair is not eligible
match-fault-personal = { $count } names in "{ $column }" look like identity or telephone numbers ("{ $value }"), and names stand in every output; name another column by `match.candidate` in the policy, or put a letter before the codes
match-fault-folder = { $path } is a folder; name the file in it that holds the table (of an earlier result its assignment)
match-notice-sheets = Note: of { $file } the sheet "{ $sheet }" is read; { $others } more { $others ->
    [one] sheet is
   *[other] sheets are
} not
match-notice-rounded = Note: { $fits } fits have more decimals than { $decimals } and were rounded (key `decimals`)
match-notice-parts = Note: the weighted parts of { $pairs } pairs, first in row { $row }, do not give their fit; draws go by the parts, the matching by the fit

match-policy-decimals = must be 0 to 9
match-policy-open-price = must be a number of points of fit
match-policy-open-price-alone = counts for `objective = "fit"` alone; with "filled" seats are filled first
match-policy-thousand = must be 1 to 1000
match-policy-columns-blank = `vacancy`, `candidate` and `fit` name columns of the edge list
match-policy-columns-alike = `vacancy`, `candidate` and `fit` must be three columns
match-policy-stable-objective = a stable matching has no objective: leave it out, or use `mode = "optimal"`
match-policy-solutions-rules = further solutions are listed for `mode = "optimal"`
match-policy-stable-quotas = a stable matching with quotas need not exist: use "optimal", or no quotas
match-policy-stable-conflicts = a stable matching with conflicts need not exist: use "optimal", or no conflicts
match-policy-stable-holds = whoever must keep a place cannot be part of a stable matching: use "optimal"
match-policy-points = is a number of points of fit, 0 or more
match-policy-changes-rules = few changes are sought for `mode = "optimal"` without quotas and conflicts: leave the section out
match-policy-solutions-loss = further solutions follow the best one: leave it out, or `most_loss`
match-policy-quota-of = name the group, for example of = {"{ "}sex = ["female"]{" }"}
match-policy-range = give `min`, `max` or both, `min` not above `max`
match-policy-quota-bound = give a bound: `least`, `most`, `least_share` or `most_share`
match-policy-quota-basis = counts for shares: give `least_share` or `most_share`
match-policy-quota-soft-filled = a share of filled seats cannot be soft: use `basis = "seats"`
match-policy-quota-both = a bound is a number or a share, not both
match-policy-quota-number = a number of people is 0 or more
match-policy-quota-share = a share is 0 to 1, with at most four decimals
match-policy-quota-above-most = is above `most`
match-policy-quota-above-share = is above `most_share`
match-policy-quota-soft = is a price above 0, in points of fit
match-policy-draws = must be 1 to 1000000
match-policy-error = a standard deviation is 0 or more
match-policy-no-difference = give `candidate_error`, or `parts` with weights: nothing would differ
match-policy-weights = weights are above 0
match-policy-positive = must be above 0
match-policy-share = must be 0 to 1
match-policy-protected = `{ $name }` is a protected attribute: it may not be a fit
