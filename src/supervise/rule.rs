//! The kinds of rule that a category can have, as policy.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::{indicator, known};
use crate::book::schema::{self, Kind, Vocab};
use crate::policy::Words;

/// What makes a village a member of a category.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Rule {
    /// Events of certain kinds, about certain posts, in a period.
    Events(EventsRule),
    /// An official list, with the ledger beside it.
    OfficialList(OfficialListRule),
    /// Contradictions by kind and number.
    Disputes(DisputesRule),
    /// A post newly filled.
    NewHolder(NewHolderRule),
    /// A post empty for too long.
    Vacant(VacantRule),
    /// Indicators beyond a bound; one of them suffices.
    Indicators(IndicatorsRule),
    /// Grade of the assessment, or of the yearly appraisals of the secretary.
    Grade(GradeRule),
}

/// Which days count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The calendar year called last year (上年度).
    #[default]
    LastYear,
    /// So many months back from the reference date.
    Months,
}

/// Events of certain kinds, about certain posts, in a period.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventsRule {
    /// Event kinds that count.
    pub kinds: Vec<String>,
    /// Posts of the person concerned; empty means anyone. With posts given, an event that names
    /// neither post nor a known holder goes to "to be clarified".
    #[serde(default)]
    pub posts: Vec<String>,
    /// Which days count.
    #[serde(default)]
    pub window: Window,
    /// Length of the look-back for `window = "months"`; its first day counts.
    #[serde(default = "twelve")]
    pub months: u32,
    /// Events needed.
    #[serde(default = "one")]
    pub at_least: u32,
}

/// An official list, with the ledger beside it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficialListRule {
    /// Yes/no column of the table `villages`. Where a county fills it, the list decides and the
    /// ledger is shown beside it; where it is empty throughout, the ledger decides.
    pub column: String,
    /// Event kinds that put a village on the list.
    pub listed: Vec<String>,
    /// Event kinds that take it off.
    pub cleared: Vec<String>,
}

/// Contradictions by kind and number, in a look-back.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputesRule {
    /// Length of the look-back; its first day counts.
    #[serde(default = "twelve")]
    pub months: u32,
    /// Kinds that suffice alone once so many are reached.
    #[serde(default)]
    pub decisive: IndexMap<String, u32>,
    /// Kinds that count together …
    #[serde(default)]
    pub together: Vec<String>,
    /// … and how many of them suffice; 0 switches the count off.
    #[serde(default)]
    pub together_least: u32,
    /// Whether events settled by the reference date still count.
    #[serde(default = "counts")]
    pub settled_count: bool,
    /// Indicators that suffice alone from so much on, in the latest period.
    #[serde(default)]
    pub indicators: IndexMap<String, f64>,
    /// A near miss begins at this share of an indicator's threshold, 0 to 1; 1 switches it off.
    #[serde(default = "whole")]
    pub near_share: f64,
}

/// A post newly filled.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHolderRule {
    /// Posts.
    pub posts: Vec<String>,
    /// New for so many months; the first day counts.
    #[serde(default = "twelve")]
    pub months: u32,
}

/// A post empty for too long.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VacantRule {
    /// Posts.
    pub posts: Vec<String>,
    /// Empty for *more than* so many months.
    pub months: u32,
    /// A near miss begins so many months earlier.
    #[serde(default = "one")]
    pub near_months: u32,
}

/// Indicators beyond a bound; one of them suffices. A missing figure meets no bound.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorsRule {
    /// Bounds by column of the table `indicators`.
    pub any: IndexMap<String, Bound>,
    /// Consecutive periods, the latest included, in which a bound is met.
    #[serde(default = "one")]
    pub years: u32,
}

/// Where an indicator counts.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// Met by values of at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Met by values below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// Values that miss the bound by no more than this are a near miss.
    #[serde(default)]
    pub margin: f64,
}

/// Where grades come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GradeSource {
    /// This run's assessment of the village.
    #[default]
    Scores,
    /// The yearly appraisals of the present secretary.
    Appraisals,
}

/// Grade of the assessment, or of the yearly appraisals of the secretary.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeRule {
    /// Grades that count.
    pub grades: Vec<String>,
    /// Where they come from.
    #[serde(default)]
    pub from: GradeSource,
    /// Consecutive years up to the last one; only appraisals reach further back than one.
    #[serde(default = "one")]
    pub years: u32,
}

fn one() -> u32 {
    1
}
fn twelve() -> u32 {
    12
}
fn whole() -> f64 {
    1.0
}
fn counts() -> bool {
    true
}

impl Rule {
    /// The indicator columns that the rule reads.
    pub(super) fn indicators(&self) -> Vec<&str> {
        match self {
            Rule::Disputes(r) => r.indicators.keys().map(String::as_str).collect(),
            Rule::Indicators(r) => r.any.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The key inside the rule that is wrong, and why.
    pub(super) fn check(&self, words: &Words) -> Result<(), (String, String)> {
        let all = |key: &str, vocab, list: &[String]| -> Result<(), (String, String)> {
            list.iter().try_for_each(|code| known(words, vocab, code).map_err(|m| (key.to_owned(), m)))
        };
        let some = |key: &str, list: &[String]| {
            if list.is_empty() { Err((key.to_owned(), "the list is empty".to_owned())) } else { Ok(()) }
        };
        let positive = |key: &str, number: u32| {
            if number == 0 { Err((key.to_owned(), "must be at least 1".to_owned())) } else { Ok(()) }
        };
        match self {
            Rule::Events(r) => {
                some("kinds", &r.kinds)?;
                all("kinds", Vocab::EventKind, &r.kinds)?;
                all("posts", Vocab::Post, &r.posts)?;
                positive("at_least", r.at_least)
            }
            Rule::OfficialList(r) => {
                let column = schema::table("villages").and_then(|t| t.column(&r.column));
                if !column.is_some_and(|c| c.kind == Kind::YesNo && c.name == "weak") {
                    return Err(("column".to_owned(), format!("`{}` is no official list; `weak` is", r.column)));
                }
                all("listed", Vocab::EventKind, &r.listed)?;
                all("cleared", Vocab::EventKind, &r.cleared)
            }
            Rule::Disputes(r) => {
                for (kind, least) in &r.decisive {
                    known(words, Vocab::EventKind, kind).map_err(|m| ("decisive".to_owned(), m))?;
                    positive("decisive", *least)?;
                }
                all("together", Vocab::EventKind, &r.together)?;
                for (name, least) in &r.indicators {
                    indicator(name).map_err(|m| ("indicators".to_owned(), m))?;
                    if !(least.is_finite() && *least > 0.0) {
                        return Err(("indicators".to_owned(), format!("{least} is no threshold")));
                    }
                }
                if (0.0..=1.0).contains(&r.near_share) {
                    Ok(())
                } else {
                    Err(("near_share".to_owned(), format!("{} lies outside 0 to 1", r.near_share)))
                }
            }
            Rule::NewHolder(r) => {
                some("posts", &r.posts)?;
                all("posts", Vocab::Post, &r.posts)
            }
            Rule::Vacant(r) => {
                some("posts", &r.posts)?;
                all("posts", Vocab::Post, &r.posts)
            }
            Rule::Indicators(r) => {
                positive("years", r.years)?;
                for (name, bound) in &r.any {
                    indicator(name).map_err(|m| ("any".to_owned(), m))?;
                    let numbers = [bound.at_least, bound.below, Some(bound.margin)];
                    let finite = numbers.iter().flatten().all(|n| n.is_finite()) && bound.margin >= 0.0;
                    if bound.at_least.is_some() == bound.below.is_some() || !finite {
                        let message =
                            format!("`{name}` needs one of `at_least` and `below`, and a margin of 0 or more");
                        return Err(("any".to_owned(), message));
                    }
                }
                Ok(())
            }
            Rule::Grade(r) => {
                some("grades", &r.grades)?;
                all("grades", Vocab::Grade, &r.grades)?;
                positive("years", r.years)?;
                if r.from == GradeSource::Scores && r.years > 1 {
                    return Err(("years".to_owned(), "the assessment of this run knows one year only".to_owned()));
                }
                Ok(())
            }
        }
    }
}
