//! The policy's section `[score]`.

mod check;

use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::index::IndexPolicy;
use crate::index::aggregate::Aggregate;
use crate::index::explain::Goals;
use crate::index::impute::Impute;
use crate::index::normalise::Rule;
use crate::index::outlier::Outliers;
use crate::index::uncertain::{Factor, Law, Places, Space, Uncertainty};
use crate::index::weight::Weighting;
pub use crate::index::{Adjustment, Band, Effect, Indicator, Node};

/// Scores lie within these.
pub(super) const BOUNDS: [f64; 2] = [0.0, 100.0];

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
    /// What stands in for missing values, unless the indicator says otherwise; nothing if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impute: Option<Impute>,
    /// What is done against outliers, unless the indicator says otherwise; nothing if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outliers: Option<Outliers>,
    /// How values become points, for indicators without a `rule` of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// How nodes aggregate, unless the node says otherwise; the topmost one as well.
    #[serde(default)]
    pub aggregate: Aggregate,
    /// How shares come about, unless the node says otherwise; the topmost one's as well.
    #[serde(default)]
    pub weights: Weighting,
    /// Least share of a node's children that must be present, 0 to 1, unless the node says otherwise.
    #[serde(default)]
    pub min_available: f64,
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
    /// What villages can act on, for the smallest change that reaches the next grade; without it
    /// `explain` tells the gap alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goals: Option<Goals>,
    /// What follows from a result: key → rule. The gravest that applies is advised.
    #[serde(default)]
    pub consequences: IndexMap<String, ConsequenceRule>,
    /// Declared alternatives of the weights, for the ranges of ranks.
    pub sensitivity: Sensitivity,
    /// Everything that is declared uncertain, in place of `sensitivity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
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
    /// What is drawn: each node's shares on their own, or the effective weights of all indicators.
    pub space: Space,
    /// k of P(top k) as a share of the scope's rated units, rounded down, at least 1.
    pub top: f64,
    /// k of P(bottom k), likewise.
    pub bottom: f64,
}

/// Is a rule with that `effective` in force on that day? Without a date it always is.
pub(crate) fn in_force(effective: Option<&String>, day: NaiveDate) -> bool {
    effective.is_none_or(|text| text.parse::<NaiveDate>().is_ok_and(|from| from <= day))
}

impl ScorePolicy {
    /// The columns of the table `indicators` that the policy names, with the headers it adds for
    /// them: what a reader of sheets must look for beyond the schema.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &[String])> {
        let indicators = self.indicators.iter().map(|(key, i)| (i.column(key), i.aliases.as_slice()));
        indicators.chain(self.adjustments.iter().map(|(key, a)| (a.column(key), a.aliases.as_slice())))
    }

    /// What the engine of indices reads of it: the same as a policy for any table. Vetoes are events,
    /// and classes the county's: neither is among it.
    pub fn index(&self) -> IndexPolicy {
        IndexPolicy {
            min_measured_weight: self.min_measured_weight,
            impute: self.impute.clone(),
            outliers: self.outliers.clone(),
            rule: self.rule.clone(),
            aggregate: self.aggregate.clone(),
            weights: self.weights.clone(),
            min_available: self.min_available,
            nodes: self.nodes.clone(),
            indicators: self.indicators.clone(),
            adjustments: self.adjustments.clone(),
            bounds: Some(BOUNDS),
            grades: self.grades.clone(),
            goals: self.goals.clone(),
            uncertainty: self.uncertainty.clone(),
            ..IndexPolicy::default()
        }
    }

    /// What is declared uncertain: `uncertainty` where given, else the weights as `sensitivity` says.
    pub fn declared(&self) -> Uncertainty {
        let short = &self.sensitivity;
        self.uncertainty.clone().unwrap_or_else(|| {
            let law = Law::Dirichlet { concentration: short.concentration };
            let weights = Factor::Weights { space: short.space, law, nodes: Vec::new() };
            Uncertainty {
                draws: short.draws,
                seed: 1,
                top: Places::Share(short.top),
                bottom: Places::Share(short.bottom),
                factors: [("weights".to_owned(), weights)].into(),
                sobol: None,
            }
        })
    }
}
