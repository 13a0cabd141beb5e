//! Assignment with quotas.

mod core;
mod engine;
mod primal;
mod problem;
mod search;
pub mod dual;

pub use problem::{Quota, QuotaError, QuotaProblem};
