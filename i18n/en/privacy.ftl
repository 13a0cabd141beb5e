### Privacy

privacy-no-township = the book has no township “{ $name }”
privacy-township-nearest = the book has no township “{ $name }”; the nearest are: { $near }
privacy-township-several = several townships are called “{ $name }”; name the county: { $all } (or use --county)
privacy-audiences = internal, township NAME, summary
privacy-stranger = from another township, by code alone; ask the county office
privacy-other-township = another township
privacy-unlisted-word = not listed
privacy-unlisted = { $n } cells hold words that no list knows; they stand here as “not listed”, as written in the internal edition alone
privacy-reason-kept = reason in the internal edition
privacy-text-kept = in the internal edition
privacy-findings-lost = { $n } more doubts or rows set aside cannot be placed in a township; they are left out here and stay with the county
privacy-township-only = this edition holds the villages and people of the township alone
privacy-township-standing = ranks and grades come from comparing all { $villages } villages of the county, whose median score is { $median } (by class: { $classes }); this edition holds the villages and people of the township alone
privacy-title-township = { $township }: village Party secretaries, study report
privacy-legend = counts of fewer than { $least } people, and counts that would give them away, are shown as ＊ and are empty in the tables
privacy-undeclared = { $what }: not declared for readers outside the office, left out
privacy-withheld-rows = { $n } more rows are not drawn: too few people
privacy-withheld-chart = Too few people for a chart
privacy-few = too few people to be shown (＊)
step-privacy = narrow to the reader
verify-certificate-township = proof of the optimum: not checkable in a township's cut; with --book it is
verify-certificate-quotas = pairs and seats are as stated ({ $checked } possible pairings); that they are optimal is not checkable without the members of the quotas' groups, whom this edition leaves out; with --book it is

structure-plain-past = secretary past { $limit }
structure-plain-near = secretary past { $limit } within { $years } years
structure-plain-far = secretary not past { $limit } within { $years } years
structure-plain-few = fewer than { $least } in the pool
structure-plain-enough = not fewer than { $least } in the pool
structure-plain-few-members = fewer than { $least } of them full Party members
structure-plain-few-young = fewer than { $least } of them aged { $age } or below
structure-plain-ageless = some reserves without a birth date
structure-plain-sitting = the sitting secretary is still listed in the pool and not counted
