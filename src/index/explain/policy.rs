//! What a unit can do: the policy's `[score.goals]`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Section `[score.goals]`: what units can act on, for the smallest change that reaches the next grade.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goals {
    /// What is made small.
    #[serde(default)]
    pub metric: Metric,
    /// What can be acted on: indicator → its steps. Others stay as they are.
    pub indicators: IndexMap<String, Lever>,
}

/// What is made small; the total cost decides between changes that are alike in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The total cost: Σ steps · cost.
    #[default]
    L1,
    /// The number of indicators that change.
    Count,
    /// The greatest cost of any one indicator.
    Max,
}

/// How one indicator can be acted on: whole steps to its better side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lever {
    /// One step, positive, in the unit of the column (before any denominator).
    pub step: f64,
    /// Lowest and highest value that can be reached; a value that lies beyond stays where it is.
    pub limits: [f64; 2],
    /// Cost of a step, positive.
    #[serde(default = "one")]
    pub cost: f64,
    /// At most so many steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

fn one() -> f64 {
    1.0
}

/// Most steps that one indicator can be given.
pub const STEPS: f64 = 10_000.0;

impl Goals {
    /// What is wrong with the section, given the keys of the indicators: the key below `score.goals`
    /// and one sentence each.
    pub fn check(&self, known: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (key, lever) in &self.indicators {
            let mut say = |field: &str, text: &str| out.push((format!("indicators.{key}{field}"), text.to_owned()));
            if !known(key) {
                say("", "there is no such indicator");
            }
            if !(lever.step.is_finite() && lever.step > 0.0) {
                say(".step", "`step` must be positive");
            }
            if !(lever.cost.is_finite() && lever.cost > 0.0) {
                say(".cost", "`cost` must be positive");
            }
            let [low, high] = lever.limits;
            if !(low.is_finite() && high.is_finite() && low <= high) {
                say(".limits", "`limits` must be two finite numbers, the lower one first");
            } else if lever.most.map_or((high - low) / lever.step, f64::from) > STEPS {
                say(".step", "more than 10,000 steps lie within `limits`; take a wider `step`, or give `most`");
            }
        }
        out
    }
}
