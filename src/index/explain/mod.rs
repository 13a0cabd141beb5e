//! Explanation: what a score is made of, and what would change it.
//!
//! - [`frozen`]: one row judged by everything that was fitted, all other rows as they are.
//! - [`contributions()`]: score = class median + contributions, for every aggregator.
//! - [`goals()`]: the gap to the next grade, and the smallest feasible change that closes it.

mod contributions;
pub mod frozen;
mod goals;
pub mod owen;
mod policy;
pub mod search;

pub use contributions::{Contributions, contributions};
pub use frozen::Frozen;
pub use goals::{Change, Goal, Graded, Outcome, goals, goals_of};
pub use policy::{Goals, Lever, Metric};
