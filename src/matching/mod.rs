//! The matching engine: vacancies with seats, candidates, and the fits of eligible pairs become one
//! whole recommendation, proved to be the best. It knows no village: the county's reserve stage stands
//! on it, and so does `touyan match EDGES`.
//!
//! 1. [`MatchPolicy`]: what is best, and under which rules; all of it written down.
//! 2. [`load`]: files become an [`Instance`]: whole numbers on one [`Grid`], put there once.
//! 3. [`solve`]: the best whole solution with the prices that prove it, or a stable one.
//! 4. [`explain`]: the next best without a person, what was missing, ties, shortages, how sure.
//! 5. [`mod@tables`]: all of it as output tables; [`certificate`] proves them without the solver.

mod bounded;
pub mod certificate;
mod error;
mod exact;
mod explain;
mod further;
mod grid;
mod ids;
mod instance;
mod load;
pub mod manual;
mod near;
mod notice;
mod overview;
mod policy;
mod priced;
mod quotas;
mod robust;
mod rows;
mod sheet;
mod solve;
mod stable;
pub mod tables;
mod tell;
mod unlisted;

pub use bounded::{Bounded, Contradiction};
pub use error::{Fault, MatchError, SolveError, Unmet};
pub use exact::{Exact, Levels};
pub use explain::{Cause, Explained, Next, OpenPost, explain};
pub use grid::{BeyondGrid, Grid};
pub use ids::{Ids, tie};
pub use instance::{Bound, Instance};
pub use load::{Counts, Inputs, Loaded, load};
pub use manual::schema_json;
pub use near::Near;
pub use notice::Notice;
pub use overview::Overview;
pub use policy::{
    Basis, CandidateTable, ChangesRule, Condition, Conflicts, Flaw, MatchFile, MatchPolicy, Mode, Objective, Quota,
    Range, Robustness, Rounding, VacancyTable, Word,
};
pub(crate) use quotas::{CONFLICT, bounds_of, conflict_bounds};
pub use robust::Sureness;
pub use solve::{Placed, Prices, Proof, Solved, solve};
pub use stable::Stability;
pub use tables::{Made, table, tables};
pub use tell::{quota_name, tell};
