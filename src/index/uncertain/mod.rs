//! Uncertainty: any choice of the policy can be declared uncertain, and every unit is told how far
//! its rank and grade depend on it.
//!
//! Each declared choice is one independent factor; a weight vector is one. A draw is a realisation
//! number for each factor, and what a factor does under realisation `r` depends on (seed, key, r)
//! alone: that makes draws the same for any thread count and batch, lets years and policies share
//! their random numbers, and lets variance be split among factors.

mod board;
mod counters;
pub mod draw;
mod ending;
mod grading;
pub mod law;
pub mod layout;
mod policy;
pub mod program;
pub mod recompute;
pub mod replicate;
mod row;
mod run;
pub mod shares;
pub mod smaa;
pub mod sobol;
mod steps;
pub mod tables;
pub mod tally;
#[cfg(test)]
mod tests;
mod tile;

pub use board::{Board, Places as DrawnPlaces, Ranker};
pub use grading::Capped;
pub use policy::{Factor, Law, Places, Sobol, Space, Uncertainty};
pub use replicate::{Replicator, Reuse};
pub use row::{Row, Spread};
pub use run::{Assessed, Failure, Failures, Standing, Subject, Watch, assess, assess_index, assess_watched};
pub use sobol::{Estimate, Indices};
pub use steps::Steps;

/// What one draw makes of the units.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// Score by row (or in the [`order`](Replicate::order) asked for), adjustments and caps included; NaN where not rated.
    pub scores: &'a [f64],
    /// Weight of each leaf when everything is measured, summing to 1.
    pub weights: &'a [f64],
}

/// Makes the scores again under one draw. What factor `f` does under realisation `r` depends on
/// (seed, key of `f`, r) alone.
pub trait Replicate: Sync {
    /// Buffers of one worker: nothing is allocated between draws.
    type Worker: Send;

    /// New buffers.
    fn worker(&self) -> Self::Worker;

    /// Keys of the factors.
    fn factors(&self) -> Vec<String>;

    /// Rows.
    fn rows(&self) -> usize;

    /// Leaves.
    fn leaves(&self) -> usize;

    /// The outcome under a realisation number for each factor.
    ///
    /// # Errors
    /// Why this replication fails (a geometric mean of a negative value, say); it is counted and
    /// named, and the others go on.
    fn replicate<'w>(&self, realisations: &[u64], worker: &'w mut Self::Worker) -> Result<Outcome<'w>, String>;

    /// The order in which [`replicate_in_order`](Replicate::replicate_in_order) gives scores: row by place. That
    /// of rows if none.
    fn order(&self) -> Option<&[u32]> {
        None
    }

    /// As [`replicate`](Replicate::replicate), with scores in the [`order`](Replicate::order): where it is the
    /// board's, scores need not be arranged for ranking. `next` is what this worker is asked for next, if it
    /// is known: it may be made ahead.
    ///
    /// # Errors
    /// As [`replicate`](Replicate::replicate).
    fn replicate_in_order<'w>(
        &self,
        realisations: &[u64],
        _next: Option<&[u64]>,
        worker: &'w mut Self::Worker,
    ) -> Result<Outcome<'w>, String> {
        self.replicate(realisations, worker)
    }

    /// Which factors are errors of the data rather than choices (measurement error, donors), by
    /// factor; empty if none is.
    fn data(&self) -> Vec<bool> {
        Vec::new()
    }

    /// As [`replicate`](Replicate::replicate), with the effective weights of the leaves held at these
    /// (by leaf, summing to 1) whatever the factors say of weights: for confidence factors. `None`
    /// where the scores are not a function of leaf weights, or this is not supported.
    fn replicate_held<'w>(
        &self,
        _weights: &[f64],
        _realisations: &[u64],
        _worker: &'w mut Self::Worker,
    ) -> Option<Result<Outcome<'w>, String>> {
        None
    }
}
