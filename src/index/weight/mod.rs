//! Weights: the shares of what hangs on one node. Each method is a small pure function in a file of
//! its own; the table at the end registers it.

mod equal;
mod given;

pub use equal::Equal;
pub use given::Given;

use super::aggregate::Aggregate;
use super::method::family;

/// What a weighting method sees of a node. Children without weight are not among them.
#[derive(Clone, Copy, Debug)]
pub struct Siblings<'a> {
    /// Key by child.
    pub keys: &'a [&'a str],
    /// Normalised value (greater is better) by child, then unit, of the units that the weights are
    /// fitted on; NaN where missing.
    pub values: &'a [&'a [f64]],
    /// The policy's weights, all positive; any scale.
    pub declared: &'a [f64],
    /// How the node aggregates.
    pub aggregate: &'a Aggregate,
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

/// A weighting method.
pub trait Weigh {
    /// What is wrong with the parameters, given the keys of the children.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self, _keys: &[&str]) -> Result<(), String> {
        Ok(())
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
    }
}

impl Default for Weighting {
    fn default() -> Weighting {
        Weighting::Given(Given {})
    }
}
