//! Assignment with quotas.

mod certificate;
mod core;
mod dual;
mod engine;
mod exact;
mod primal;
mod problem;
mod search;
mod solve;

pub use certificate::{Certificate, Flaw, check_bound};
pub use problem::{Quota, QuotaError, QuotaProblem};
pub use solve::{Answer, Effort, Proof, Solution, solve};
