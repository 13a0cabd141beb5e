//! The policy of an index: the section `[score]` of a policy file for any table. Nodes, indicators
//! and their methods are the same types as in a county's policy.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::aggregate::Aggregate;
use super::classes::ClassesPolicy;
use super::coherence::CoherencePolicy;
use super::explain::Goals;
use super::impute::Impute;
use super::normalise::{Direction, Rule};
use super::outlier::Outliers;
use super::uncertain::Uncertainty;
use super::weight::Weighting;

/// A policy file for any table.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexFile {
    /// How the index is made.
    pub score: IndexPolicy,
}

/// Section `[score]` for any table: how a composite index is made.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexPolicy {
    /// Title on every output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Column of the units' names; `--id` goes before it. The table's first text column if neither
    /// is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Column of the units' class; `--class` goes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Column of the period, whole numbers; `--period` goes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Units that rules compare with one another.
    #[serde(default)]
    pub compare: Compare,
    /// Column within whose values units are ranked and grades are capped; all units if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Rows that parameters are fitted on, in a panel.
    #[serde(default)]
    pub reference: Reference,
    /// Last period that is read; the latest of the table if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<i64>,
    /// Share of the weight, 0 to 1, that must be measured; below it a unit is not rated.
    #[serde(default)]
    pub min_measured_weight: f64,
    /// Units and indicators that have too few values are left out.
    #[serde(default)]
    pub screen: Screen,
    /// What stands in for missing values, unless the indicator says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impute: Option<Impute>,
    /// What is done against outliers, unless the indicator says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outliers: Option<Outliers>,
    /// How values become points, unless the indicator says otherwise; min–max if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// How nodes aggregate, unless the node says otherwise; the root, which has no entry, as well.
    #[serde(default)]
    pub aggregate: Aggregate,
    /// How shares come about, unless the node says otherwise; the root's as well.
    #[serde(default)]
    pub weights: Weighting,
    /// Least share of the root's children, and of those of nodes that do not say otherwise, that
    /// must be present, 0 to 1.
    #[serde(default)]
    pub min_available: f64,
    /// The tree above the indicators: key → node.
    #[serde(default)]
    pub nodes: IndexMap<String, Node>,
    /// Indicators: key → where it comes from, its weight and its methods.
    pub indicators: IndexMap<String, Indicator>,
    /// Points beside the tree: key → column added or taken off.
    #[serde(default)]
    pub adjustments: IndexMap<String, Adjustment>,
    /// One-vote vetoes: key → column that forces a grade or holds the score.
    #[serde(default)]
    pub vetoes: IndexMap<String, ColumnVeto>,
    /// Lower and upper bound of the score with its adjustments; none if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 2]>,
    /// Grades, best first; the last one takes the rest. All by lowest score (`min`), or all by share of
    /// the ranking alone (`share`).
    #[serde(default)]
    pub grades: Vec<Band>,
    /// Of grades by share alone: how the number of units of a grade and all better ones is rounded.
    #[serde(default)]
    pub share_rounding: ShareRounding,
    /// What units can act on, for the smallest change that reaches the next grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goals: Option<Goals>,
    /// Thresholds of the flags on coherence.
    #[serde(default)]
    pub coherence: CoherencePolicy,
    /// Proposal of classes from context columns, and peers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassesPolicy>,
    /// What is declared uncertain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
}

/// Units that rules compare with one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// All units of the period.
    #[default]
    All,
    /// Those of the same class.
    Class,
    /// Those of the same value of the `scope` column.
    Scope,
}

/// Rows that parameters are fitted on, in a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "must be a period of the table, such as 2020, or one of \"each\", \"pooled\", \"latest\""
)]
pub enum Reference {
    /// That period: the others are judged by its parameters, so that years compare.
    Period(i64),
    /// In words.
    Word(ReferenceWord),
}

impl Default for Reference {
    fn default() -> Reference {
        Reference::Word(ReferenceWord::Each)
    }
}

/// Rows that parameters are fitted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceWord {
    /// Each period by itself: places compare, levels do not.
    Each,
    /// All periods together: levels compare.
    Pooled,
    /// The latest period.
    Latest,
}

/// Availability below which a unit or an indicator is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Least share of indicators that a unit must have, 0 to 1.
    #[serde(default)]
    pub units: f64,
    /// Least share of the remaining units that an indicator must have, 0 to 1.
    #[serde(default)]
    pub indicators: f64,
    /// Least share of a unit's values that must differ from zero, 0 to 1.
    #[serde(default)]
    pub non_zero: f64,
    /// Values that are looked at.
    #[serde(default)]
    pub at: ScreenAt,
}

/// Values that screening looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScreenAt {
    /// Those after division by denominators: imputed values do not count, and no value is imputed
    /// from units that are left out.
    #[default]
    Denominated,
    /// Those after imputation: imputed values count.
    Imputed,
}

/// A node of the tree.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Name in Chinese.
    #[serde(default)]
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Key of the node above; none for a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Weight among its siblings; any scale. 0 leaves the whole branch out.
    #[serde(default = "one")]
    pub weight: f64,
    /// How it aggregates what hangs on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<Aggregate>,
    /// How the shares of what hangs on it come about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weighting>,
    /// Least share of its children that must be present, 0 to 1; below it the node is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_available: Option<f64>,
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
    #[serde(default)]
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Column that it is read from; the key itself if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Further headers that this column has in the county's sheets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Key of the node it hangs on; none for a source of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Weight among its siblings; any scale. 0 leaves it out.
    #[serde(default = "one")]
    pub weight: f64,
    /// Which values are better.
    #[serde(default)]
    pub direction: Direction,
    /// What a missing value counts as, where nothing is imputed.
    #[serde(default)]
    pub missing: Missing,
    /// Divides the value, before anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Denominator>,
    /// What stands in for a missing value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impute: Option<Impute>,
    /// What is done against outliers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outliers: Option<Outliers>,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
    /// How a value becomes points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
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

/// A denominator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Denominator {
    /// Column that the value is divided by; where it is 0 or missing, so is the result.
    pub column: String,
    /// The quotient is multiplied by this: 1000 for "per thousand".
    #[serde(default = "one")]
    pub per: f64,
    /// Draws rates on small denominators towards the mean of those it is compared with (empirical
    /// Bayes): the value must be a count, the denominator the population at risk.
    #[serde(default)]
    pub shrink: bool,
}

/// Points beside the tree.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Name in Chinese.
    #[serde(default)]
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Column it is read from; the key itself if not given. Not negative; missing is 0.
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

/// Added or taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Bonus,
    Penalty,
}

/// A veto that a column decides.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnVeto {
    /// Name in Chinese.
    #[serde(default)]
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Column that decides.
    pub column: String,
    /// From this value on.
    #[serde(default = "one")]
    pub at_least: f64,
    /// The grade that is forced; a worse one stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// The score is held to at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_cap: Option<f64>,
}

/// How a share of the units becomes a number of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShareRounding {
    /// Down.
    #[default]
    Down,
    /// To the nearest, a half up.
    Nearest,
    /// Up.
    Up,
}

impl ShareRounding {
    /// That share of n units as a number of them, forgiving the rounding error of the product.
    pub fn apply(self, share: f64, n: usize) -> usize {
        let exact = share * n as f64;
        let number = match self {
            ShareRounding::Down => exact + 1e-9,
            ShareRounding::Nearest => exact + 0.5 + 1e-9,
            ShareRounding::Up => (exact - 1e-9).ceil().max(0.0),
        };
        (number as usize).min(n)
    }
}

/// One grade.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The grade's code.
    pub grade: String,
    /// Lowest score of the grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Awarded by rank alone, without `min`: the share of the rated units of the scope that get this
    /// grade, 0 to 1; the shares of all grades sum to 1. Not in a county's policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// At most this share of the rated units of the scope (a county's villages: of the township),
    /// rounded down; a tie across the cap stays below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<f64>,
    /// Document number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Day from which the cap holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

fn one() -> f64 {
    1.0
}

impl Band {
    /// The lowest score of the grade; negative infinity where it has none.
    pub fn low(&self) -> f64 {
        self.min.unwrap_or(f64::NEG_INFINITY)
    }
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
