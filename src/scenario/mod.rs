//! Two runs compared, 与上次相比 and 假设推演: who is new on a list, who stays, who is gone, what
//! moved, and why.
//!
//! One comparison serves both uses. [`compare`] takes the output tables of two runs and goes through
//! a registry of lists (`list`); [`since`] takes an earlier output folder and lays each change to
//! data, policy or date by replaying the worlds between (`cause`); [`whatif`] computes variants of
//! the present one, as far as a variant can change anything (`stale`), and compares them with it.

mod apply;
mod cause;
mod compare;
mod error;
mod list;
mod previous;
mod side;
mod stale;
mod variant;
mod whatif;
mod why;

pub use apply::{apply, resolve};
pub use compare::{Change, Changes, Count, Kind, compare};
pub use error::{PreviousError, ScenarioError};
pub use previous::{Now, since, totals};
pub use side::Outputs;
pub use variant::{Asked, Merge, Variant, distinct, from_sets, parse, read};
pub(crate) use whatif::FIGURES;
pub use whatif::{Computed, WhatIf, whatif};

/// The vocabulary of what a list says, as the report words it; empty for plain text.
pub(crate) fn words(list: &str) -> &'static str {
    list::named(list).map_or("", |l| l.words)
}

/// Codes of the lists that are compared, in the order in which they are shown.
pub fn lists() -> impl Iterator<Item = &'static str> {
    list::LISTS.iter().map(|l| l.name)
}
