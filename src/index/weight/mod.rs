//! Weights: the shares of what hangs on one node. Each method is a small pure function in a file of
//! its own; the table at the end registers it.
//!
//! Missing values: figures of one column are taken from its own measured values, figures of two
//! (correlations) from the units that have both; methods that need whole rows say so. A column whose
//! values are all equal tells nothing apart: methods that weigh by variation give it no weight, and
//! all children are alike where no column varies, or where there is one unit only.

mod ahp;
mod balanced;
mod best_worst;
mod columns;
mod critic;
mod effective;
mod entropy;
mod equal;
mod given;
mod merec;
mod principal_component;
mod standard_deviation;

pub use ahp::{Ahp, Pair, consistency_ratio};
pub use balanced::{Balanced, Importances};
pub use best_worst::{BestWorst, best_worst};
pub use critic::{Critic, critic};
pub use effective::{Effective, effective};
pub use entropy::{Entropy, entropy};
pub use equal::Equal;
pub use given::Given;
pub use merec::{Merec, merec};
pub use principal_component::{PrincipalComponent, principal_component};
pub use standard_deviation::{StandardDeviation, standard_deviation};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::aggregate::Aggregate;
use super::method::family;

/// What a weighting method sees of a node. Children without weight are not among them.
#[derive(Clone, Copy, Debug)]
pub struct Siblings<'a> {
    /// Key by child.
    pub keys: &'a [&'a str],
    /// Normalised value (greater is better) by child, then unit, of the units that the weights are
    /// fitted on; NaN where missing. Empty for a method that reads no data.
    pub values: &'a [&'a [f64]],
    /// The same before normalisation, in the indicator's own unit; the normalised value of a node.
    pub treated: &'a [&'a [f64]],
    /// Direction of each treated column: 1 where higher is better, −1 where lower is.
    pub signs: &'a [f64],
    /// The policy's weights, all positive; any scale.
    pub declared: &'a [f64],
    /// How the node aggregates.
    pub aggregate: &'a Aggregate,
    /// Units that are compared with one another, for aggregators that compare.
    pub groups: &'a [Vec<u32>],
    /// Least share of the children that must be present, 0 to 1.
    pub min_available: f64,
}

/// Weights found, and what was not attained.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Share by child, none negative, summing to 1.
    pub shares: Vec<f64>,
    /// What a reader must know: an inconsistency, a target that cannot be attained, with figures.
    pub notes: Vec<String>,
}

impl Found {
    /// Shares in proportion to these weights; equal where none is positive.
    pub fn proportional(weights: &[f64]) -> Found {
        let sum: f64 = weights.iter().sum();
        let equal = 1.0 / weights.len().max(1) as f64;
        let share = |w: &f64| if sum > 0.0 && sum.is_finite() { w / sum } else { equal };
        Found { shares: weights.iter().map(share).collect(), notes: Vec::new() }
    }
}

/// The stage whose values a method weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Values in the indicator's own unit, after imputation and treatment; of a node its value.
    Treated,
    /// Points, greater is better.
    Normalised,
}

/// A weighting method.
pub trait Weigh {
    /// What is wrong with the parameters, given the keys of the children.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self, _keys: &[&str]) -> Result<(), String> {
        Ok(())
    }

    /// Does it look at the units' values?
    fn reads(&self) -> bool {
        true
    }

    /// The shares.
    ///
    /// # Errors
    /// The data do not allow the method: one sentence with the child's key and the remedy.
    fn weigh(&self, siblings: &Siblings) -> Result<Found, String>;
}

family! {
    /// How the shares of what hangs on a node come about.
    Weighting: Weigh {
        /// The policy's weights.
        Given,
        /// All alike.
        Equal,
        /// By the information of each column.
        Entropy,
        /// By contrast and conflict.
        Critic,
        /// By the effect of leaving each out.
        Merec,
        /// By standard deviation.
        StandardDeviation,
        /// By the loadings of the first principal component.
        PrincipalComponent,
        /// By pairwise comparisons, with their consistency ratio.
        Ahp,
        /// By comparisons with the best and the worst.
        BestWorst,
        /// So that importances equal the policy's weights.
        Balanced,
    }
}

impl Default for Weighting {
    fn default() -> Weighting {
        Weighting::Given(Given {})
    }
}
