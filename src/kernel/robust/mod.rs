//! Robustness of an assignment: what stays if weights and appraisals had come out a little
//! differently, and what should be chosen if they may.
//!
//! A pair's fit is a weighted sum of its components, plus the candidate's noise; a [`Scenario`] is
//! one set of weights and noises. [`robustness`] solves the assignment anew, exactly, for each of
//! many scenarios, in parallel and with results that do not depend on the number of threads, and
//! counts how often each pairing stays. Of several optima of a scenario it takes one that keeps as
//! much of the nominal solution as any: a tie alone moves nobody.
//!
//! Three choices come with it: the nominal optimum; the solution of greatest expected fit over the
//! scenarios, which is the optimum of the summed fits, since fit is linear in the scenario; and one
//! of great worst-case fit with a proved bound. The last (max–min, NP-hard: P. Kouvelis and G. Yu,
//! *Robust Discrete Optimization and Its Applications*, Kluwer 1997) takes the best of all
//! solutions met. Its bound is Lagrangian: for any weights of scenarios the optimum of the weighted
//! fits is at least the worst case of every solution. Those weights come from fictitious play
//! between solutions and scenarios (G. W. Brown 1951; J. Robinson, *Annals of Mathematics* 54
//! (1951) 296–301), later moves counting more, and are integers when the bound is computed.
//!
//! Quotas may bind every solution ([`Instance::under`]). A scenario is then a problem of [`crate::kernel::quota`],
//! solved from one that it is near, with a limited effort: what is counted are the best solutions found, and in how
//! many scenarios they are proved to be the best; bounds are those that were proved, so they hold all the same.
//!
//! [`fewest_changes`], [`fewest_changes_within`] and [`nearest`] re-solve close to an earlier solution.

mod bounds;
mod changes;
mod instance;
mod perturb;
mod run;
mod worst;

pub use changes::{ChangeError, Changes, Earlier, fewest_changes, fewest_changes_within, nearest};
pub use instance::{Instance, RobustError, Scenario};
pub use perturb::{Perturb, PerturbError};
pub use run::{Choice, Other, Robustness, WorstCase, robustness};
