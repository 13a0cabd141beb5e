//! Assignment with quotas.

mod bundle;
mod certificate;
mod conflict;
mod core;
mod dual;
mod engine;
mod exact;
mod figures;
mod outcome;
mod primal;
mod problem;
mod search;
mod solve;

pub use certificate::{Certificate, Flaw, check_bound};
pub use conflict::{Conflict, Relaxation, check_conflict, conflict, miss_problem, relax};
pub use figures::{Figure, figures};
pub use outcome::{Outcome, fill};
pub use problem::{Quota, QuotaError, QuotaProblem};
pub use solve::{Answer, Effort, Proof, Solution, solve};
