//! The policy's section `[cultivate]`: yearly training, its plan, secondment and shadowing, contest.

mod check;

use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Section `[cultivate]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CultivatePolicy {
    /// Posts (codes of `[words.post]`) whose holders are trained every year; of several posts of one
    /// person the first in this list counts.
    pub posts: Vec<String>,
    /// When somebody counts as trained.
    pub training: TrainingPolicy,
    /// How the batches are made up.
    pub plan: PlanPolicy,
    /// Classes (班次): key → rule. Everybody goes to the first class that fits.
    pub courses: IndexMap<String, CourseRule>,
    /// Secondment and shadowing.
    pub placements: PlacementPolicy,
    /// The skills contest.
    pub contest: ContestPolicy,
}

/// Section `[cultivate.training]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingPolicy {
    /// Kinds of activity that are training, codes of `[words.activity]`.
    pub kinds: Vec<String>,
    /// The year that is looked at.
    pub year: YearRule,
    /// Days within the year that make somebody trained.
    pub required_days: f64,
    /// So many absences lose the certificate of a session; its days do not count. 0: never.
    pub absences_lose: u32,
    /// Results that mean the session was not passed.
    pub failed_results: Vec<String>,
    /// Whoever took the post within so many months and has no record is not due yet.
    pub grace_months: u32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// The year that training is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum YearRule {
    /// The calendar year of the reference date.
    Calendar,
    /// The twelve months up to the reference date.
    Rolling,
}

/// Section `[cultivate.plan]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanPolicy {
    /// Who is planned for.
    pub cover: Cover,
    /// The first batch begins on the first Monday so many days after the reference date.
    pub lead_days: u32,
    /// Weeks from the start of one batch to the next; longer where the batch itself is longer.
    pub weeks_between: u32,
    /// At most this share, 0 to 1, of a township's holders is away in one batch (rounded down, but
    /// at least one person).
    pub township_share: f64,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// Who is planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// Everybody who has not had the required days in the calendar year in which the first batch
    /// begins.
    Year,
    /// Only those whose training is due: not done, and not within the months of grace.
    Due,
}

/// One class (班次).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseRule {
    /// Name in Chinese.
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Who holds it.
    pub level: Level,
    /// Whom it is for; all conditions given must hold, and with none it takes everybody.
    #[serde(default)]
    pub when: CourseWhen,
    /// Seats of one batch.
    pub seats: u32,
    /// Days of one batch.
    pub days: u32,
    /// At most so many batches; 0: as many as are needed.
    #[serde(default)]
    pub max_batches: u32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`; empty: always.
    #[serde(default)]
    pub effective: String,
}

/// Who holds a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The county, for all townships together, one batch after the other.
    County,
    /// Each township for its own, after the county's last batch.
    Township,
}

impl Level {
    /// The code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Level::County => "county",
            Level::Township => "township",
        }
    }
}

/// Whom a class is for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseWhen {
    /// In the post for at most so many months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_months: Option<u32>,
    /// The village has one of these states of escalated supervision (`listed`, `relapse`,
    /// `leaving`, `suggested`, `near_miss`, `recheck`, `to_clarify`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supervision: Vec<String>,
    /// The village has one of these grades in this run's scores, codes of `[words.grade]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<String>,
    /// The village is of one of these classes, codes of `[words.village_class]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Holder of one of these posts, codes of `[words.post]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<String>,
}

/// Section `[cultivate.placements]`: secondment 挂职 and shadowing 跟班.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacementPolicy {
    /// Posts whose holders may be sent, codes of `[words.post]`.
    pub posts: Vec<String>,
    /// Whoever held such a place within so many months is not sent again; 0: always again.
    pub repeat_months: u32,
    /// A holder must have been in the post for so many months.
    pub min_months_in_post: u32,
    /// States of escalated supervision in which a holder stays with the village.
    pub stay: Vec<String>,
    /// Events of the person that bar, with the months for which they do; 0 is for ever.
    pub barred_by: IndexMap<String, u32>,
    /// Events of the person that bar until they are closed.
    pub until_closed: Vec<String>,
    /// Most people considered for one place, best fit first.
    pub edges_per_place: usize,
    /// What a place left open costs, in fit points: filling one more place may cost up to this much
    /// fit elsewhere.
    pub open_price: f64,
    /// Places that every township's office offers to people of its own villages.
    pub townships: TownshipPlaces,
    /// Places in county offices: key → what they offer.
    pub hosts: IndexMap<String, Host>,
    /// Fit: key → factor. The largest points of all factors add up to 100.
    pub fit: IndexMap<String, PlacementFactor>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// Whom a place is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Holders of `cultivate.placements.posts`.
    Leaders,
    /// People in the reserve pool.
    Reserves,
    /// Both.
    Both,
}

/// Places in a county office.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// The office, in Chinese.
    pub unit: String,
    /// The office, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_en: Option<String>,
    /// What is offered, a code of `[words.activity]`.
    pub activity: String,
    /// Whom it is for.
    pub whom: Whom,
    /// Places; 0 switches the host off.
    pub seats: u32,
    /// Months of one place.
    pub months: u32,
    /// Highest age in full years at the reference date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i32>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`; empty: always.
    #[serde(default)]
    pub effective: String,
}

/// Places in every township's office.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TownshipPlaces {
    /// What is offered, a code of `[words.activity]`.
    pub activity: String,
    /// Whom it is for.
    pub whom: Whom,
    /// Places in each township; 0 switches them off.
    pub seats: u32,
    /// Months of one place.
    pub months: u32,
    /// Highest age in full years at the reference date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i32>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// One factor of fit for a place.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacementFactor {
    /// What is looked at.
    pub fact: PlacementFact,
    /// Points for each word: a code, or `yes`/`no`.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub points: IndexMap<String, f64>,
    /// `age` (full years) and `tenure` (full months): points up to a value, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<PointsUpTo>,
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
pub enum PlacementFact {
    /// Age at the reference date.
    Age,
    /// Months in the post, or in the pool.
    Tenure,
    Education,
    /// Latest yearly appraisal grade of the person.
    Grade,
    /// Appraisal of potential, in the pool.
    Potential,
    /// Class of the village: where practice is needed most.
    VillageClass,
    /// Grade of the village in this run's scores.
    VillageGrade,
    /// Never seconded or shadowing before, as far as the book knows: `yes` or `no`.
    FirstTime,
}

/// Points for everybody up to a value.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointsUpTo {
    /// Highest value.
    pub max: i32,
    /// Points.
    pub points: f64,
}

/// Section `[cultivate.contest]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContestPolicy {
    /// Kinds of activity that are contests, codes of `[words.activity]`.
    pub kinds: Vec<String>,
    /// Weights of the three parts, on any scale.
    pub weights: ContestWeights,
    /// Parts that decide between equal totals, in this order; what is still equal shares its place.
    pub tie_break: Vec<Part>,
    /// Contest points by place: the first line whose share of the county's ranked contestants is
    /// not exceeded. The column `contest_points`, which a rule of `[score]` may read.
    pub points: Vec<TopPoints>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// Weights of the three parts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContestWeights {
    /// Policy theory 政策理论.
    pub policy_theory: f64,
    /// Professional knowledge 业务知识.
    pub professional: f64,
    /// Case analysis 案例分析.
    pub case_analysis: f64,
}

/// A part of the contest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    PolicyTheory,
    Professional,
    CaseAnalysis,
}

impl Part {
    /// All parts in the order of the columns.
    pub const ALL: [Part; 3] = [Part::PolicyTheory, Part::Professional, Part::CaseAnalysis];

    /// The column of `activities` that holds its points.
    pub const fn column(self) -> &'static str {
        match self {
            Part::PolicyTheory => "policy_theory",
            Part::Professional => "professional",
            Part::CaseAnalysis => "case_analysis",
        }
    }
}

/// Points for a place in the contest.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopPoints {
    /// Rank divided by the number of ranked contestants is at most this, 0 to 1.
    pub top: f64,
    /// Points.
    pub points: f64,
}

impl ContestWeights {
    /// Weights in the order of [`Part::ALL`].
    pub const fn list(&self) -> [f64; 3] {
        [self.policy_theory, self.professional, self.case_analysis]
    }
}

impl PlacementFactor {
    /// The most points the factor can give.
    pub fn most_points(&self) -> f64 {
        self.points.values().copied().chain(self.bands.iter().map(|b| b.points)).fold(0.0, f64::max)
    }
}

/// Is a rule with that `effective` in force on that day? An empty text is always.
pub(super) fn in_force(effective: &str, day: NaiveDate) -> bool {
    effective.is_empty() || effective.parse::<NaiveDate>().is_ok_and(|from| from <= day)
}
