### score

score-with-basis = { $text } (basis: { $source })

score-grade-band = score { $score }, reaches the line of { $line } for { $grade }
score-grade-lowest = score { $score }, below the line of { $line } for { $above }
score-grade-forced = score { $score }, by the score alone { $reached }, now { $grade }
score-grade-held = assessed { $bounded }, score held to { $score }
score-grade-capped = score { $score }, reaches the line of { $line } for { $wanted }, but the township has { $places } { $places ->
    [one] place
   *[other] places
} ({ $share } of { $rated } rated villages, rounded down; a tie across the cap stays below it): { $grade }
score-grade-not-rated = indicators with { $measured } of the weight are measured, fewer than the { $least } required: not rated; missing: { $missing }
score-grade-nothing-measured = no indicator is measured: not rated
score-grade-no-period = the book has no assessment year before the reference date: not rated

score-veto = veto ({ $what }): { $events }; held to { $grade }
score-veto-event = { $kind } on { $date }
score-veto-predecessor = { $what }: { $count } from before the present secretary's term, not counted against them
score-veto-unclear = { $what }: { $count } without the person concerned, to be clarified, not counted

score-class-unclassified = unclassified
score-class-county = class "{ $class }" has { $count } of the { $least } villages needed in this county: compared with the whole county
score-class-merged = class "{ $class }" has { $count } of the { $least } villages needed in this county: compared together with the other small classes

score-advice-reward = a reward is suggested
score-advice-reminder = a reminder is suggested
score-advice-talk = a talk is suggested
score-advice-adjustment-study = study of an adjustment is suggested

score-follows = { $reasons }: { $advice }
score-why-grade = grade { $grade }
score-why-consecutive = appraised { $grade } in every year from { $first } to { $last }
score-why-consecutive-computed = { $grade } in every year from { $first } to { $last } ({ $last } as computed here, subject to the formal appraisal)
score-why-bottom = among the last { $places } of { $rated } villages of its class by score
score-why-below = score { $score } lies below { $line }
score-why-veto = a veto applies

score-line-baseline = Score of a village with the median points of its class
score-line-clamp = Score held within 0 and 100
score-line-whole = Score
score-line-veto = Score held by veto
score-line-undivided = Not to be split among the indicators
