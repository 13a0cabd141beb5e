//! The policy's section `[score]`.

mod check;

use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::index::normalise::{Direction, Rule};

/// Section `[score]`: yearly assessment of villages.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorePolicy {
    /// Share of the weight, 0 to 1, that must be measured; below it a village is not rated.
    pub min_measured_weight: f64,
    /// Units within which ranks compare.
    pub scope: Scope,
    /// Classes within which villages compare.
    pub class: ClassRule,
    /// The tree above the indicators: key → node. Nodes without parent are the sources.
    pub nodes: IndexMap<String, Node>,
    /// Indicators: key → where it comes from, its weight and its points rule.
    pub indicators: IndexMap<String, Indicator>,
    /// Points beside the tree: key → column added or taken off.
    #[serde(default)]
    pub adjustments: IndexMap<String, Adjustment>,
    /// One-vote vetoes 一票否决: key → events that force a grade.
    #[serde(default)]
    pub vetoes: IndexMap<String, Veto>,
    /// Grades, best first; the last one begins at 0.
    pub grades: Vec<Band>,
    /// What follows from a result: key → rule. The gravest that applies is advised.
    #[serde(default)]
    pub consequences: IndexMap<String, ConsequenceRule>,
    /// Declared alternatives of the weights, for the ranges of ranks.
    pub sensitivity: Sensitivity,
}

/// Units within which ranks compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The villages of one township.
    Township,
    /// The villages of one class of one county.
    Class,
    /// The villages of one county.
    County,
    /// All villages of the book, counties together.
    All,
}

/// Classes within which villages compare (分类定标).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// Text column of the table `villages`.
    pub column: String,
    /// A class with fewer villages in its county is too small to compare within.
    pub min_units: usize,
    /// What becomes of such a class.
    pub small: Small,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

/// What becomes of a class that is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Small {
    /// Compared with all villages of the county.
    County,
    /// The county's small classes are compared together; with the county if still too few.
    Merge,
}

/// A node of the tree: the weighted arithmetic mean of what hangs on it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Name in Chinese.
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Key of the node above; none for a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Weight among its siblings; any scale. 0 leaves the whole branch out.
    pub weight: f64,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

/// An indicator.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Name in Chinese.
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Column of the table `indicators`; the key itself if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Further headers that this column has in the county's sheets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Key of the node it hangs on; none for a source of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Weight among its siblings; any scale. 0 leaves it out.
    pub weight: f64,
    /// Which values are better.
    #[serde(default)]
    pub direction: Direction,
    /// What a missing value counts as.
    #[serde(default)]
    pub missing: Missing,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
    /// How a value becomes points.
    pub rule: Rule,
}

/// What a missing value counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Not known: its weight goes to its measured siblings, in proportion to theirs.
    #[default]
    Rescale,
    /// 0 points, where the county holds that not reporting is failing. Still not measured weight.
    Zero,
}

/// Points beside the tree.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Name in Chinese.
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Column of the table `indicators`; the key itself if not given. Not negative; missing is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Further headers that this column has in the county's sheets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Added or taken off.
    pub effect: Effect,
    /// Points for each unit of the column.
    #[serde(default = "one")]
    pub each: f64,
    /// At most so many points.
    pub cap: f64,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

fn one() -> f64 {
    1.0
}

/// Added or taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Bonus,
    Penalty,
}

/// A one-vote veto.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// Name in Chinese.
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Kinds of event (codes of `words.event_kind`); an empty list switches the veto off.
    pub kinds: Vec<String>,
    /// Whom the event must concern.
    pub concerns: Concerns,
    /// So many events within the period.
    #[serde(default = "once")]
    pub count: usize,
    /// The grade that is forced (code of `words.grade`); a worse one stays.
    pub grade: String,
    /// The score is held to at most this, so that it does not contradict the grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_cap: Option<f64>,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

fn once() -> usize {
    1
}

/// Whom an event must concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Concerns {
    /// The village as a whole: any event recorded for it.
    Village,
    /// The secretary in office: named by person or by post. An event from before their term is the
    /// predecessor's; an event that names nobody is to be clarified. Neither counts, both are said.
    Secretary,
}

/// One grade.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Code of `words.grade`.
    pub grade: String,
    /// Lowest score of the grade.
    pub min: f64,
    /// At most this share of the rated villages of a township, rounded down; a tie across the cap
    /// stays below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<f64>,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which the cap holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

/// What is advised, by gravity ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Reward 奖励.
    Reward,
    /// Reminder 提醒.
    Reminder,
    /// Talk 约谈.
    Talk,
    /// Study of adjustment 研究调整.
    AdjustmentStudy,
}

impl Consequence {
    /// The code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Consequence::Reward => "reward",
            Consequence::Reminder => "reminder",
            Consequence::Talk => "talk",
            Consequence::AdjustmentStudy => "adjustment_study",
        }
    }
}

/// What follows from a result.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsequenceRule {
    /// What is advised.
    pub consequence: Consequence,
    /// Switches the rule off.
    #[serde(default)]
    pub off: bool,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
    /// When it applies.
    pub when: When,
}

/// When a consequence applies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// This grade.
    Grade { grade: String },
    /// This grade in so many yearly appraisals of the secretary in a row, the last of them that of
    /// the reference period, or of the year before it. Where the book has no appraisal for the
    /// reference period, the grade computed here stands in for it, and the reason says so.
    Consecutive { grade: String, years: usize },
    /// Among the last share of the class by score, rounded down; a tie across the line stays out.
    Bottom { share: f64 },
    /// Score below this.
    Below { score: f64 },
    /// Any veto.
    Veto {},
}

/// Declared alternatives of the weights.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sensitivity {
    /// Draws of the weights; 0 leaves the ranges out.
    pub draws: u32,
    /// Concentration of the Dirichlet distribution around the policy's weights: a weight w has the
    /// standard deviation √(w(1−w)/(concentration+1)).
    pub concentration: f64,
    /// What is drawn.
    pub space: Space,
    /// k of P(top k) as a share of the scope's rated units, rounded down, at least 1.
    pub top: f64,
    /// k of P(bottom k), likewise.
    pub bottom: f64,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// Each node's weights on their own: a source keeps its share on average whatever hangs on it.
    Node,
    /// The effective weights of all indicators at once.
    Leaf,
}

/// Is a rule with that `effective` in force on that day? Without a date it always is.
pub(crate) fn in_force(effective: Option<&String>, day: NaiveDate) -> bool {
    effective.is_none_or(|text| text.parse::<NaiveDate>().is_ok_and(|from| from <= day))
}

impl Indicator {
    /// The column it is read from.
    pub fn column<'a>(&'a self, key: &'a str) -> &'a str {
        self.column.as_deref().unwrap_or(key)
    }
}

impl Adjustment {
    /// The column it is read from.
    pub fn column<'a>(&'a self, key: &'a str) -> &'a str {
        self.column.as_deref().unwrap_or(key)
    }
}

impl ScorePolicy {
    /// The columns of the table `indicators` that the policy names, with the headers it adds for
    /// them: what a reader of sheets must look for beyond the schema.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &[String])> {
        let indicators = self.indicators.iter().map(|(key, i)| (i.column(key), i.aliases.as_slice()));
        indicators.chain(self.adjustments.iter().map(|(key, a)| (a.column(key), a.aliases.as_slice())))
    }
}
