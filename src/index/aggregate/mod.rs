//! Aggregation: the values of what hangs on a node become the node's value. Each method is a small
//! pure function in a file of its own; the table at the end registers it.
//!
//! Most methods look at one unit alone ([`Aggregator::row`]); some compare units with one another
//! ([`Aggregator::SET`]-like methods override [`Aggregator::column`]).

mod arithmetic;
mod geometric;

pub use arithmetic::Arithmetic;
pub use geometric::Geometric;

use super::method::family;

/// What an aggregator sees of a node. Children without weight are not among them.
#[derive(Clone, Copy, Debug)]
pub struct Children<'a> {
    /// Value by child, then unit; NaN where missing.
    pub values: &'a [&'a [f64]],
    /// Share of each child, all positive, summing to 1.
    pub shares: &'a [f64],
    /// Units that are compared with one another, for methods that compare. Every unit is in one.
    pub groups: &'a [Vec<u32>],
    /// Least share of the children that must be present, 0 to 1.
    pub min_available: f64,
}

impl Children<'_> {
    /// Share of the children that are present for a unit, 0 to 1.
    pub fn available(&self, unit: usize) -> f64 {
        self.values.iter().zip(self.shares).filter(|(v, _)| !v[unit].is_nan()).map(|(_, s)| s).sum()
    }
}

/// Room for rounding error where shares are compared with the policy's decimals.
const SLACK: f64 = 1e-9;

/// An aggregator.
pub trait Aggregator {
    /// What is wrong with the parameters.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// Does a unit's value depend on other units?
    fn compares(&self) -> bool {
        false
    }

    /// The value of one unit from those of its children that are present (at least one) and their
    /// shares, which sum to 1. NaN where the method cannot say (a negative value under a root).
    /// Methods that compare are never asked.
    fn row(&self, values: &[f64], shares: &[f64]) -> f64;

    /// The values of all units. A missing child gives its share to its present siblings, in
    /// proportion to theirs; below the least share that must be present the unit's value is NaN.
    fn column(&self, children: &Children, out: &mut [f64]) {
        let (mut values, mut shares) = (Vec::new(), Vec::new());
        for (unit, slot) in out.iter_mut().enumerate() {
            values.clear();
            shares.clear();
            for (column, share) in children.values.iter().zip(children.shares) {
                if !column[unit].is_nan() {
                    values.push(column[unit]);
                    shares.push(*share);
                }
            }
            let present: f64 = shares.iter().sum();
            *slot = if values.is_empty() || present < children.min_available - SLACK {
                f64::NAN
            } else {
                if values.len() < children.values.len() {
                    shares.iter_mut().for_each(|s| *s /= present);
                }
                self.row(&values, &shares)
            };
        }
    }
}

family! {
    /// How a node's value comes from those of what hangs on it.
    Aggregate: Aggregator {
        /// Weighted arithmetic mean.
        Arithmetic,
        /// Weighted geometric mean.
        Geometric,
    }
}

impl Default for Aggregate {
    fn default() -> Aggregate {
        Aggregate::Arithmetic(Arithmetic {})
    }
}
