//! Assignment with quotas: who goes where at the least cost while groups get their share, with a
//! proved gap.
//!
//! Minimised is the sum of the chosen edges' costs, of the open price of every row that stays open
//! (each row has its own) and of the fees of soft quotas, over all assignments (see
//! [`crate::kernel::assign`]) that keep the hard quotas. A [`Quota`] counts, over some rows, `inside`
//! for a pair whose column belongs to a group and `outside` for one whose column does not, and bounds
//! the sum from below, above or both. Counts, shares of filled rows, and "not both of these two" are
//! all of that form. The problem is NP-hard; what is returned says how far from the optimum it can
//! be at most, and whether that is nothing.
//!
//! 1. **Bound** (`engine`, `dual`, `bundle`). Every quota has a multiplier, and what remains is an
//!    assignment problem with shifted costs, re-solved from the pairs and prices before. Costs,
//!    prices and multipliers are integers on one grid, `scale` steps to a unit of cost (4,096 unless
//!    costs are huge): a multiplier that is rounded in the subproblem only would "prove" bounds above
//!    the optimum. Multipliers rise by secant steps, and over sharp ridges by a proximal bundle.
//!    [`check_bound`] checks the [`Certificate`] without any of this.
//! 2. **Solution** (`core`, `label`, `primal`). Whatever the subproblem's pairs violate is repaired by exchanges:
//!    chains of rows that take over each other's columns, found by labels over the residual graph
//!    in reduced costs. The same search then lowers the gap; several starts, at slightly shaken
//!    multipliers, are tried.
//! 3. **Proof** (`rest`, `exact`). Edges whose reduced cost exceeds the gap drop out; what is left is
//!    searched by branch and bound, as far as the effort goes: over Lagrangian bounds, in small problems over
//!    the linear relaxation (`master`), with shares counted in whole rows (`counters`).
//!
//! Costs fixed, the bound is A. M. Geoffrion's ("Lagrangean relaxation for integer programming",
//! *Mathematical Programming Study* 2 (1974) 82–114): it equals that of the linear relaxation, since
//! the assignment polytope is integral.
//!
//! Where seats come first, [`fill_ranked`] fills class after class, each with a bound of its own, before any
//! cost counts.
//!
//! Rows that share neither columns nor quotas are solved apart (`parts`), under one proof of the whole.
//!
//! If quotas cannot be met, [`conflict`] finds an irreducible set of them with a proof and [`relax`] the
//! assignment that misses least, and among those the cheapest; [`fill`] does whatever is needed.
//! [`figures`] tells what each quota costs.
//!
//! Deterministic: the work is bounded by counted steps ([`Effort`]), never by time; random numbers
//! are named streams; floating point only proposes multipliers and is done in a fixed order. The
//! same instance gives the same result on any machine and for any number of threads. Of several
//! optima it is the order of rows and columns that decides, so callers sort both first.

mod bundle;
mod certificate;
mod columns;
mod conflict;
mod core;
mod counters;
mod dual;
mod engine;
mod exact;
mod figures;
mod label;
mod master;
mod outcome;
mod parts;
mod primal;
mod problem;
mod ranked;
mod relax;
mod rest;
mod search;
mod solve;

pub use certificate::{Certificate, Flaw, check_bound};
pub use conflict::{Conflict, check_conflict, conflict, miss_problem};
pub use engine::lowest_certificate;
pub use figures::{Figure, figures, ranked_figures};
pub use outcome::{Outcome, fill};
pub use problem::{LARGEST, Quota, QuotaError, QuotaProblem};
pub use ranked::{Ranked, RankedOutcome, Stage, fill_ranked, seats_problem};
pub use relax::{Relaxation, relax};
pub use solve::{Answer, Effort, Proof, Solution, lift, solve, solve_near};
