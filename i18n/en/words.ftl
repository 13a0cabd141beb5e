### English words for the codes of the closed lists: `word-<vocabulary>-<code>`, `_` as `-`.
### Chinese output uses the first word of the policy's own list.

## sex

word-sex-male = male
word-sex-female = female

## education

word-education-primary = primary school
word-education-junior = junior middle school
word-education-senior = senior middle school
word-education-technical = technical secondary school
word-education-college = junior college
word-education-bachelor = bachelor's degree
word-education-master = master's degree or above

## political_status

word-political-status-member = Party member
word-political-status-probationary = probationary Party member
word-political-status-development = candidate for admission
word-political-status-activist = applicant activist
word-political-status-league = Youth League member
word-political-status-masses = no party
word-political-status-other-party = another party

## source

word-source-graduate = returning graduate
word-source-veteran = veteran
word-source-migrant = migrant worker or trader
word-source-leader = leader in prosperity
word-source-cooperative = head of a cooperative
word-source-village-official = graduate village official
word-source-cadre = cadre
word-source-teacher-doctor = teacher or doctor
word-source-other = other

## post

word-post-secretary = village Party secretary
word-post-director = director of the village committee
word-post-deputy-secretary = deputy secretary
word-post-deputy-director = deputy director
word-post-party-committee = member of the Party branch committee
word-post-committee = member of the village committee
word-post-clerk = village clerk
word-post-supervision-head = head of the village supervision committee
word-post-supervision = member of the village supervision committee

## event_kind

word-event-kind-case-filed = case filed
word-event-kind-warning = warning
word-event-kind-serious-warning = serious warning
word-event-kind-removal = removal from Party office
word-event-kind-probation = probation within the Party
word-event-kind-expulsion = expulsion from the Party
word-event-kind-admonition = admonition
word-event-kind-weak-listed = listed as weak and lax
word-event-kind-weak-cleared = cleared from the weak and lax list
word-event-kind-escalated = placed under escalated supervision
word-event-kind-released = released from escalated supervision
word-event-kind-rechecked = re-check after release
word-event-kind-petition = petition
word-event-kind-mass-petition = group petition
word-event-kind-not-elected = election not held
word-event-kind-incomplete = leading group incomplete
word-event-kind-strained = strained relations with villagers
word-event-kind-opaque = village affairs not disclosed
word-event-kind-poor = poor village, nobody willing to lead
word-event-kind-fierce = fierce competition for posts
word-event-kind-poor-leadership = poor leadership
word-event-kind-legacy = unresolved legacy issues
word-event-kind-merger = demolition or merger
word-event-kind-domineering = domineering conduct
word-event-kind-clan = clan or faction conflict
word-event-kind-safety = safety accident
word-event-kind-environment = environmental incident
word-event-kind-criminal = criminal punishment
word-event-kind-gang = organised or gang crime
word-event-kind-under-investigation = under investigation
word-event-kind-vote-buying = vote buying
word-event-kind-dishonest = dishonest judgment debtor
word-event-kind-unqualified-member = unqualified Party member
word-event-kind-ecological-damage = ecological damage or illegal land use
word-event-kind-family-planning = breach of family planning rules
word-event-kind-review-passed = joint review passed
word-event-kind-review-failed = joint review not passed
word-event-kind-appointed = appointed
word-event-kind-stepped-down = stepped down
word-event-kind-honour = honour
word-event-kind-other = other

## grade

word-grade-excellent = excellent
word-grade-competent = competent
word-grade-basic = basically competent
word-grade-incompetent = not competent
word-grade-not-rated = not rated

## rating

word-rating-good = good
word-rating-fair = fairly good
word-rating-average = average
word-rating-poor = poor

## potential

word-potential-high = high
word-potential-medium = medium
word-potential-low = low

## pool_status

word-pool-status-in-pool = in the pool
word-pool-status-left = left the pool
word-pool-status-appointed = appointed

## village_class

word-village-class-strong = strong
word-village-class-ordinary = ordinary
word-village-class-weak = weak
word-village-class-suburban = suburban
word-village-class-cluster = cluster and growth
word-village-class-characteristic = heritage and character
word-village-class-relocation = relocation and merger

## relation

word-relation-spouse = spouse
word-relation-parent-child = parent or child
word-relation-sibling = sibling
word-relation-in-law = in-law
word-relation-other = other relative

## activity

word-activity-training = training
word-activity-secondment = secondment
word-activity-shadowing = shadowing
word-activity-talk = talk
word-activity-contest = skills contest
word-activity-project = key project

## measure

word-measure-tracking = county tracking and training
word-measure-pairing = township pairing
word-measure-discipline = discipline office follow-through
word-measure-assessment = responsibility assessment
word-measure-commitment = one public commitment
word-measure-task-list = one task list
word-measure-livelihood-project = one livelihood project

## payer

word-payer-county = county finance
word-payer-township = township finance
word-payer-village = the village collective
word-payer-self = the person
word-payer-shared = finance and person together
