//! Aggregation: the values of what hangs on a node become the node's value. Each method is a small
//! pure function in a file of its own; the table at the end registers it.
//!
//! Most methods look at one unit alone ([`Aggregator::row`]); some compare units with one another
//! ([`Aggregator::compares`]): these override [`Aggregator::column`] and [`Aggregator::held`], and
//! work within the groups that they are given.
//!
//! # A missing child
//! - In the means (arithmetic, geometric, harmonic, power) it gives its share to its present siblings,
//!   in proportion to theirs. That is the same as to count it with the mean of its siblings.
//! - In OWA and Mazziotta–Pareto as well, before places, mean and spread are taken.
//! - In TOPSIS distances are over the present children, their shares scaled to sum to 1.
//! - In Copeland two units are compared on the children that both have.
//! - In benefit of the doubt a unit is judged by its present children; what another unit lacks counts
//!   as 0 there, so that nobody is held down by what is not known.
//!
//! Below the least share that must be present, or with nothing present, a unit has no value, and is
//! nobody's rival.

mod arithmetic;
mod benefit;
mod by_moments;
mod copeland;
mod frontier;
mod geometric;
mod harmonic;
mod held;
mod mazziotta_pareto;
mod others;
mod owa;
mod power;
mod topsis;

pub use arithmetic::Arithmetic;
pub use benefit::BenefitOfTheDoubt;
pub use copeland::Copeland;
pub use geometric::Geometric;
pub use harmonic::Harmonic;
pub use held::Held;
pub use mazziotta_pareto::{MazziottaPareto, Penalty, Scale};
pub use owa::Owa;
pub use power::Power;
pub use topsis::{Norm, Topsis};

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

    /// Has a unit enough of its children, and at least one, to have a value?
    pub fn suffices(&self, unit: usize) -> bool {
        enough(self.available(unit), self.min_available) && self.values.iter().any(|v| !v[unit].is_nan())
    }
}

/// Room for rounding error where shares are compared with the policy's decimals.
const SLACK: f64 = 1e-9;

/// Is that share of the children enough?
fn enough(present: f64, min_available: f64) -> bool {
    present >= min_available - SLACK
}

/// Units that are aggregated column by column at a time: their values stay in the nearest cache.
const BLOCK: usize = 512;

/// An aggregator.
pub trait Aggregator: Sync {
    /// What is wrong with the parameters.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// What does not fit between the method and the node: its number of children in the policy, or
    /// the units.
    ///
    /// # Errors
    /// One sentence that names the parameter or the limit.
    fn fits(&self, _children: &Children, _declared: usize) -> Result<(), String> {
        Ok(())
    }

    /// Does a unit's value depend on other units?
    fn compares(&self) -> bool {
        false
    }

    /// Is the value Σ share · x?
    fn additive(&self) -> bool {
        false
    }

    /// Is the value a mean that stays as it is when a child is added whose value is that mean? Then a
    /// missing child counts as the mean of its siblings.
    fn mean(&self) -> bool {
        false
    }

    /// The function φ by which the value is a mean: φ(value) = Σ share · φ(x), φ rising; none if there
    /// is none.
    fn link(&self, _x: f64) -> Option<f64> {
        None
    }

    /// Does the method promise that a unit's value never falls when one of its children rises?
    fn monotone(&self) -> bool {
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
            *slot = self.unit(children, unit, &mut values, &mut shares);
        }
    }

    /// The value of one unit of a method that looks at one unit alone; the vectors are buffers.
    fn unit(&self, children: &Children, unit: usize, values: &mut Vec<f64>, shares: &mut Vec<f64>) -> f64 {
        values.clear();
        values.extend(children.values.iter().map(|column| column[unit]));
        if held::present(values, children.shares, children.min_available, shares) {
            self.row(values, shares)
        } else {
            f64::NAN
        }
    }

    /// A function of one unit's children: its value if they were different and the children of all
    /// other units stayed as they are (values of nodes as well, even where these compare). With its own children it is the unit's value in [`Aggregator::column`], but for
    /// rounding.
    fn held<'a>(&'a self, children: &Children) -> Box<dyn Held + 'a> {
        Box::new(held::Alone::new(self, children))
    }
}

family! {
    /// How a node's value comes from those of what hangs on it.
    Aggregate: Aggregator {
        /// Weighted arithmetic mean.
        Arithmetic,
        /// Weighted geometric mean.
        Geometric,
        /// Weighted harmonic mean.
        Harmonic,
        /// Weighted power mean.
        Power,
        /// Ordered weighted average.
        Owa,
        /// Wins less losses in pairwise comparison.
        Copeland,
        /// Distance to the best and to the worst.
        Topsis,
        /// Mean less (or plus) a penalty for imbalance.
        MazziottaPareto,
        /// Each unit's best weights.
        BenefitOfTheDoubt,
    }
}

impl Default for Aggregate {
    fn default() -> Aggregate {
        Aggregate::Arithmetic(Arithmetic {})
    }
}

#[cfg(test)]
mod tests;
