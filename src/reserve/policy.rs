//! The policy's section `[reserve]`: vacancies, gates, fit, and how the pool is kept.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::book::schema::Vocab;
use crate::matching::{Basis, Rounding};
use crate::policy::Words;
use crate::policy::guard::{AGES, GRID, Wrong, known, not_protected, on_grid};

/// Section `[reserve]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservePolicy {
    /// Posts (codes of `[words.post]`) that are filled from the pool.
    pub posts: Vec<String>,
    /// People suggested per post, at least 2: elections need more candidates than posts (差额).
    pub suggestions: usize,
    /// From where people of other villages may be considered.
    pub cross_village: CrossVillage,
    /// Fit points taken off when somebody would serve in another village than their own.
    pub cross_village_discount: f64,
    /// Most people of other villages considered per post, best fit first; own people always are, and others
    /// join where a better solution or a quota needs them. What decisions, moves and waivers cost is worked out among
    /// those considered.
    pub edges_per_post: usize,
    /// What a post left open costs, in fit points: filling one more post may cost up to this much
    /// fit elsewhere. Without it posts come first: as many as can be are filled, whatever fit that takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_price: Option<f64>,
    /// Whether people with a soft bar (不宜) are left out or kept and marked.
    pub soft: SoftRule,
    /// Whether the post that somebody of the pool would leave joins the same matching (腾位递补): they stay
    /// or move, whichever is better for all posts together. It lifts no gate: those in post take part as
    /// far as the gate `in_post` lets them.
    #[serde(default = "yes")]
    pub chains: bool,
    /// Which posts count as vacant.
    pub vacancies: VacancyPolicy,
    /// Gates: key → rule. At most 60.
    pub gates: IndexMap<String, Gate>,
    /// Fit: key → factor. The largest points of all factors add up to 100.
    pub fit: IndexMap<String, Factor>,
    /// Quotas on the people recommended (配额): key → rule. None by default.
    #[serde(default)]
    pub quotas: IndexMap<String, ReserveQuota>,
    /// Relations of two candidates who may not both be recommended in one village, codes of
    /// `[words.relation]` (亲属回避).
    #[serde(default)]
    pub kin_conflicts: Vec<String>,
    /// How sure the recommendations are.
    #[serde(default)]
    pub robustness: MatchRobustness,
    /// How the pool itself is reviewed.
    pub review: ReviewPolicy,
}

const fn yes() -> bool {
    true
}

/// Section `[reserve.quotas.KEY]`: a bound on a group of people within groups of posts. It is its own
/// line in every output and never part of anybody's fit.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReserveQuota {
    /// The group; all conditions together.
    pub of: QuotaGroup,
    /// Posts that count, codes of `[words.post]`; empty: all that are filled from the pool.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<String>,
    /// One quota for each village, township or county, or one for all.
    pub per: QuotaArea,
    /// At least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    /// At least this share, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_share: Option<f64>,
    /// At most this share, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_share: Option<f64>,
    /// Of what shares are taken.
    pub basis: Basis,
    /// How a share of seats becomes a number.
    pub rounding: Rounding,
    /// Groups with fewer posts are exempt.
    pub min_seats: i64,
    /// Sitting members of the counted posts count too, those whose post is to be filled excepted.
    pub count_sitting: bool,
    /// Fit points that one person too few or too many costs; without it the quota must be met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft: Option<f64>,
    /// Name shown in Chinese; the key without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Document number (文号).
    pub source: String,
}

/// A group of people in a quota. Protected attributes have their place here, and only here.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuotaGroup {
    /// Codes of `[words.sex]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sex: Vec<String>,
    /// Highest age in full years at the election day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i32>,
    /// Veterans (退役军人), or all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub veteran: Option<bool>,
    /// Codes of `[words.education]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub education: Vec<String>,
    /// Codes of `[words.source]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    /// Codes of `[words.political_status]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub political_status: Vec<String>,
}

/// Where a quota holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotaArea {
    /// In each village.
    Village,
    /// In each township.
    Township,
    /// In each county.
    #[default]
    County,
    /// Over the whole book.
    All,
}

/// Section `[reserve.robustness]`: draws under which the matching is repeated, with its quotas, its rules of kinship
/// and its orders.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MatchRobustness {
    /// How many; 0 for none. With quotas or rules of kinship fewer are made where they would take long: at least 32.
    pub draws: u32,
    /// How close drawn weights of the factors are to those of the policy: Dirichlet, a weight w (0 to 1) has
    /// the variance w(1 − w) / (concentration + 1).
    pub concentration: f64,
    /// Standard deviation of the error of a candidate's appraisal, in points of fit.
    pub appraisal_error: f64,
    /// A pairing that stays in fewer draws than this share is fragile (不稳).
    pub fragile: f64,
}

impl Default for MatchRobustness {
    fn default() -> Self {
        MatchRobustness { draws: 0, concentration: 100.0, appraisal_error: 3.0, fragile: 0.5 }
    }
}

/// From where people of other villages may be considered for a post (跨村任职).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrossVillage {
    /// Only people of the village itself.
    None,
    /// Also people of the same township.
    Township,
    /// Also people of the same county.
    County,
}

/// What a soft bar does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SoftRule {
    /// The person is left out until the bar is waived.
    Exclude,
    /// The person stays and is marked.
    AllowMarked,
}

/// Section `[reserve.vacancies]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VacancyPolicy {
    /// Causes that make a post vacant, most urgent first; a cause that is not listed counts not.
    pub causes: Vec<Cause>,
    /// Highest age in full years at the election day: post → years.
    pub age_limit: IndexMap<String, i32>,
    /// Events of the holder that end the office, with the months for which they do; 0 is for ever.
    /// Only events since the holder took the post count.
    pub ended_by: IndexMap<String, i32>,
    /// Years of one term, for the cause `term`.
    pub term_years: i32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// Why a post counts as vacant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nobody holds it.
    Empty,
    /// The holder is barred by a sanction or sentence.
    Sanction,
    /// The holder is over the age limit at the election day.
    Age,
    /// The yearly assessment suggests to study an adjustment.
    Adjustment,
    /// The term ends by the election day.
    Term,
    /// Its holder is recommended for another post: no cause that a policy lists.
    #[serde(skip)]
    Chain,
}

impl Cause {
    /// The code used in outputs and message names.
    pub const fn code(self) -> &'static str {
        match self {
            Cause::Empty => "empty",
            Cause::Sanction => "sanction",
            Cause::Age => "age",
            Cause::Adjustment => "adjustment",
            Cause::Term => "term",
            Cause::Chain => "chain",
        }
    }
}

/// One gate: a test that a person passes, or is barred by.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// What is looked at.
    pub test: Test,
    /// 不能 (`hard`), 不宜 (`soft`), or `off`.
    pub hardness: Hardness,
    /// Posts the gate guards; empty: all. A post held together with another (一肩挑) is guarded by
    /// the gates of both.
    #[serde(default)]
    pub posts: Vec<String>,
    /// What a missing fact does.
    #[serde(default)]
    pub missing: Missing,
    /// `age`: lowest age in full years at the election day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i32>,
    /// `age`: highest age in full years at the election day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i32>,
    /// `education`: lowest level, a code of `[words.education]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// `event`: kinds of event that bar, codes of `[words.event_kind]`.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// `event`: for how many months from its day it bars; without it, for good. `member`: months
    /// from admission to full membership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<i32>,
    /// `event`: bars only until the event is closed.
    #[serde(default)]
    pub until_closed: bool,
    /// `kin`: relations that bar, codes of `[words.relation]`.
    #[serde(default)]
    pub relations: Vec<String>,
    /// `kin`: posts whose holders count, codes of `[words.post]`; empty: all.
    #[serde(default)]
    pub kin_posts: Vec<String>,
    /// Name shown in Chinese; built-in gates have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds.
    #[serde(default)]
    pub effective: String,
}

/// What a gate looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Holds one of `reserve.posts` already.
    InPost,
    /// Full Party membership.
    Member,
    /// Age at the election day.
    Age,
    /// Education.
    Education,
    /// Dated events of the person, and the sanction on their file.
    Event,
    /// Joint eligibility review (县级联审).
    Review,
    /// Willingness, in the pool and in the wishes.
    Willing,
    /// Lives in the village.
    InVillage,
    /// Close relatives among the sitting members of the village.
    Kin,
    /// Residence in the village of the post: own people have it, others must show it.
    Residence,
    /// The person's village is one of the villages of the book.
    KnownVillage,
}

/// How strongly a gate bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hardness {
    /// 不能: no waiver.
    Hard,
    /// 不宜: may be waived with a recorded reason.
    Soft,
    /// The gate is not in force.
    Off,
}

/// What a missing fact does; it never passes in silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// 待核实 stands beside the name; the person stays.
    #[default]
    Mark,
    /// As a soft bar.
    Soft,
    /// As a hard bar.
    Hard,
}

/// One factor of fit.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// What is looked at.
    pub fact: Fact,
    /// Points for each word: a code, or `yes`/`no`, or `same`/`other` for `target_post`.
    #[serde(default)]
    pub points: IndexMap<String, f64>,
    /// `age`: points up to an age, ascending.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// `practice`: points for each activity.
    #[serde(default)]
    pub each: f64,
    /// `practice`: most points.
    #[serde(default)]
    pub most: f64,
    /// `practice`: kinds of activity that count, codes of `[words.activity]`.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// `practice`: how far back, in months.
    #[serde(default)]
    pub months: i32,
    /// Name shown in Chinese; built-in factors have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// What a factor looks at. Sex and ethnicity are protected and not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    PoliticalStatus,
    Education,
    /// Age at the election day.
    Age,
    /// Is the post the one the person is trained for?
    TargetPost,
    Thinking,
    Work,
    Potential,
    Source,
    Veteran,
    InVillage,
    /// Training, secondment, shadowing and the like.
    Practice,
    /// Latest yearly appraisal grade.
    Grade,
}

impl Fact {
    /// The closed list its words come from.
    pub(super) const fn vocab(self) -> Option<Vocab> {
        match self {
            Fact::PoliticalStatus => Some(Vocab::PoliticalStatus),
            Fact::Education => Some(Vocab::Education),
            Fact::Thinking | Fact::Work => Some(Vocab::Rating),
            Fact::Potential => Some(Vocab::Potential),
            Fact::Source => Some(Vocab::Source),
            Fact::Grade => Some(Vocab::Grade),
            Fact::Age | Fact::TargetPost | Fact::Veteran | Fact::InVillage | Fact::Practice => None,
        }
    }
}

/// Points for everybody up to an age.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Highest age in full years.
    pub max: i32,
    /// Points.
    pub points: f64,
}

/// Section `[reserve.review]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewPolicy {
    /// Highest age in the pool, in full years at the reference date.
    pub max_age: i32,
    /// An appraisal older than this many months is overdue.
    pub appraise_months: i32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

impl Factor {
    /// The most points the factor can give.
    pub fn most_points(&self) -> f64 {
        let listed = self.points.values().copied().chain(self.bands.iter().map(|b| b.points));
        listed.chain([self.most]).fold(0.0, f64::max)
    }
}

impl ReservePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self, words: &Words) -> Result<(), Wrong> {
        let wrong = |key: &str, message: String| Err((format!("reserve.{key}"), message));
        known("reserve.posts", words, Vocab::Post, &self.posts)?;
        if self.posts.is_empty() {
            return wrong("posts", "name at least one post".into());
        }
        if !(2..=50).contains(&self.suggestions) {
            return wrong("suggestions", "must be 2 to 50: an election needs more candidates than posts".into());
        }
        if !(1..=10_000).contains(&self.edges_per_post) {
            return wrong("edges_per_post", "must be 1 to 10000".into());
        }
        if !on_grid(self.cross_village_discount) {
            return wrong("cross_village_discount", GRID.into());
        }
        if self.open_price.is_some_and(|price| !(0.0..=1e6).contains(&price)) {
            return wrong("open_price", "must be 0 to 1000000 fit points".into());
        }
        self.vacancies.check(words)?;
        if self.gates.len() > 60 {
            return wrong("gates", "at most 60 gates".into());
        }
        for (key, gate) in &self.gates {
            let place = format!("reserve.gates.{key}");
            not_protected(&place, key)?;
            gate.check(&place, words)?;
        }
        let mut total = 0.0;
        for (key, factor) in &self.fit {
            let place = format!("reserve.fit.{key}");
            not_protected(&place, key)?;
            factor.check(&place, words)?;
            total += factor.most_points();
        }
        if (total - 100.0).abs() > 1e-9 {
            return wrong("fit", format!("the largest points of all factors add up to {total}, not to 100"));
        }
        super::quotas::check(self, words)?;
        if !(1..=1_200).contains(&self.review.appraise_months) || !AGES.contains(&self.review.max_age) {
            return wrong("review", "appraise_months must be 1 to 1200 and max_age 0 to 150".into());
        }
        Ok(())
    }
}

impl VacancyPolicy {
    fn check(&self, words: &Words) -> Result<(), Wrong> {
        let place = "reserve.vacancies";
        let mut seen = self.causes.clone();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() != self.causes.len() {
            return Err((format!("{place}.causes"), "a cause stands twice".into()));
        }
        known(&format!("{place}.age_limit"), words, Vocab::Post, self.age_limit.keys())?;
        known(&format!("{place}.ended_by"), words, Vocab::EventKind, self.ended_by.keys())?;
        if self.ended_by.values().any(|m| !(0..=1_200).contains(m)) {
            return Err((format!("{place}.ended_by"), "months must be 0 (for ever) to 1200".into()));
        }
        if self.age_limit.values().any(|years| !AGES.contains(years)) {
            return Err((format!("{place}.age_limit"), "ages must be 0 to 150".into()));
        }
        if !(1..=20).contains(&self.term_years) {
            return Err((format!("{place}.term_years"), "must be 1 to 20".into()));
        }
        Ok(())
    }
}

impl Gate {
    fn check(&self, place: &str, words: &Words) -> Result<(), Wrong> {
        known(&format!("{place}.posts"), words, Vocab::Post, &self.posts)?;
        known(&format!("{place}.kinds"), words, Vocab::EventKind, &self.kinds)?;
        known(&format!("{place}.relations"), words, Vocab::Relation, &self.relations)?;
        known(&format!("{place}.kin_posts"), words, Vocab::Post, &self.kin_posts)?;
        known(&format!("{place}.level"), words, Vocab::Education, &self.level)?;
        if self.months.is_some_and(|m| !(1..=1_200).contains(&m)) {
            return Err((format!("{place}.months"), "must be 1 to 1200; without it the bar lasts for good".into()));
        }
        if self.min.iter().chain(&self.max).any(|years| !AGES.contains(years)) {
            return Err((format!("{place}.max"), "ages must be 0 to 150".into()));
        }
        let needs = |key: &str| Err((format!("{place}.{key}"), format!("this test needs `{key}`")));
        match self.test {
            Test::Age if self.min.is_none() && self.max.is_none() => needs("max"),
            Test::Age if self.min.unwrap_or(0) > self.max.unwrap_or(i32::MAX) => {
                Err((format!("{place}.min"), "is above `max`".into()))
            }
            Test::Education if self.level.is_none() => needs("level"),
            Test::Event if self.kinds.is_empty() => needs("kinds"),
            Test::Kin if self.relations.is_empty() => needs("relations"),
            _ => Ok(()),
        }
    }
}

impl Factor {
    fn check(&self, place: &str, words: &Words) -> Result<(), Wrong> {
        let listed = self.points.values().copied().chain(self.bands.iter().map(|b| b.points));
        if listed.chain([self.each, self.most]).any(|p| !on_grid(p)) {
            return Err((place.to_owned(), GRID.into()));
        }
        if let Some(vocab) = self.fact.vocab() {
            known(&format!("{place}.points"), words, vocab, self.points.keys())?;
        }
        known(&format!("{place}.kinds"), words, Vocab::Activity, &self.kinds)?;
        if !(0..=1_200).contains(&self.months) {
            return Err((format!("{place}.months"), "must be 0 (no limit) to 1200".into()));
        }
        if self.bands.windows(2).any(|w| w[0].max >= w[1].max) {
            return Err((format!("{place}.bands"), "`max` must ascend".into()));
        }
        let allowed: &[&str] = match self.fact {
            Fact::TargetPost => &["same", "other"],
            Fact::Veteran | Fact::InVillage => &["yes", "no"],
            _ => return Ok(()),
        };
        match self.points.keys().find(|k| !allowed.contains(&k.as_str())) {
            Some(key) => Err((format!("{place}.points"), format!("`{key}` is none of {}", allowed.join(", ")))),
            None => Ok(()),
        }
    }
}
