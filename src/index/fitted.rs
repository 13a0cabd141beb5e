//! Everything that was fitted, as explicit state: with it another table is judged by the same
//! parameters, and a third party can repeat the result.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::denominate::Prior;
use super::outlier::Treatment;

/// Fitted parameters of an index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// By indicator.
    pub indicators: IndexMap<String, FittedIndicator>,
    /// Share of each node and indicator among its siblings.
    pub shares: IndexMap<String, f64>,
}

/// Fitted parameters of an indicator, by group of units compared with one another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedIndicator {
    /// What rates on small counts are drawn towards; none unless they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priors: Vec<Prior>,
    /// What was done against outliers.
    pub treatments: Vec<Treatment>,
    /// What the rule kept.
    pub rule: Vec<Vec<f64>>,
}

impl Fitted {
    /// The treatment of an indicator in a group.
    pub fn treatment(&self, indicator: &str, group: usize) -> Option<&Treatment> {
        self.indicators.get(indicator)?.treatments.get(group)
    }

    /// The rule's parameters of an indicator in a group.
    pub fn rule(&self, indicator: &str, group: usize) -> Option<&[f64]> {
        self.indicators.get(indicator)?.rule.get(group).map(Vec::as_slice)
    }
}
