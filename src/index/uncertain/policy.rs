//! What can be declared uncertain.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::index::aggregate::Aggregate;
use crate::index::impute::Impute;
use crate::index::normalise::Rule;
use crate::index::outlier::Outliers;
use crate::index::weight::Weighting;

/// What is declared uncertain, and what is counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// Draws; 0 leaves the ranges out.
    pub draws: u32,
    /// Seed of the random streams; `--seed` goes before it.
    #[serde(default = "first")]
    pub seed: u64,
    /// k of P(top k).
    #[serde(default)]
    pub top: Places,
    /// k of P(bottom k).
    #[serde(default)]
    pub bottom: Places,
    /// Each one is drawn independently: key → what is uncertain.
    pub factors: IndexMap<String, Factor>,
    /// Splits the variance of ranks among the factors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sobol: Option<Sobol>,
}

fn first() -> u64 {
    1
}

/// So many places.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Places {
    /// That number of units.
    Count(u32),
    /// That share of the rated units of the scope, 0 to 1, rounded down, at least one.
    Share(f64),
}

impl Default for Places {
    fn default() -> Places {
        Places::Share(0.1)
    }
}

/// Sobol indices: Saltelli's design, N · (k + 2) replications for k factors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sobol {
    /// N, the base sample.
    pub base: u32,
}

/// One thing declared uncertain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Factor {
    /// The weights.
    Weights {
        /// What is drawn: each node's shares on their own, or the effective weights of all leaves.
        #[serde(default)]
        space: Space,
        /// How they are drawn.
        law: Law,
        /// Only the shares below these nodes (`root` for the topmost); all if empty.
        #[serde(default)]
        nodes: Vec<String>,
    },
    /// One of several treatments of outliers, each as likely.
    Outliers {
        options: Vec<Outliers>,
        /// Only for these indicators; all if empty.
        #[serde(default)]
        indicators: Vec<String>,
    },
    /// One of several normalisations, each as likely.
    Rule {
        options: Vec<Rule>,
        /// Only for these indicators; all if empty.
        #[serde(default)]
        indicators: Vec<String>,
    },
    /// One of several imputations, each as likely.
    Impute {
        options: Vec<Impute>,
        /// Only for these indicators; all if empty.
        #[serde(default)]
        indicators: Vec<String>,
    },
    /// One of several aggregations, each as likely.
    Aggregate {
        options: Vec<Aggregate>,
        /// Only these nodes (`root` for the topmost); all if empty.
        #[serde(default)]
        nodes: Vec<String>,
    },
    /// One of several ways to weights, each as likely.
    Weighting {
        options: Vec<Weighting>,
        /// Only these nodes (`root` for the topmost); all if empty.
        #[serde(default)]
        nodes: Vec<String>,
    },
    /// One indicator is left out, each as likely; none of them in one case more.
    LeaveOut {
        /// Among these; all if empty.
        #[serde(default)]
        indicators: Vec<String>,
    },
    /// Measurement error, normal and independent by unit and indicator.
    Error {
        /// Indicator → standard deviation in the indicator's own unit (after its denominator).
        #[serde(default)]
        deviation: IndexMap<String, f64>,
        /// Indicator → standard deviation as a share of the value.
        #[serde(default)]
        share: IndexMap<String, f64>,
    },
    /// Imputed cells take the value of a random measured unit of the same group (a hot deck).
    Donors {
        /// Text column that names the group; all units if not given.
        #[serde(default)]
        within: Option<String>,
    },
}

/// What is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// Each node's shares on their own: a node keeps its share on average whatever hangs on it.
    #[default]
    Node,
    /// The effective weights of all indicators at once.
    Leaf,
}

/// How weights are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Law {
    /// Dirichlet around the declared shares: mean w, variance w(1 − w) / (concentration + 1).
    Dirichlet { concentration: f64 },
    /// Uniform on the simplex: nothing is known of the weights (Dirichlet with all parameters 1).
    Uniform {},
    /// Each weight times an independent uniform factor from 1 − share to 1 + share, then scaled.
    Noise { share: f64 },
    /// Uniform on the weights in this order: indicators (or nodes) from the most important down.
    Ranked { order: Vec<String> },
    /// Uniform on the weights within these bounds: key → [low, high], others from 0 to 1.
    Bounded { bounds: IndexMap<String, [f64; 2]> },
}
