//! Stage motivate, 激励: pay, cover, honours and advancement.

mod policy;

pub use policy::MotivatePolicy;

use crate::book::Tables;
use crate::stage::{Context, StageResult, StageTables};

/// What the stage found.
#[derive(Clone, Debug)]
pub struct Motivate {}

impl Motivate {
    /// The tables by name, in a fixed order.
    pub fn tables(&self) -> StageTables {
        vec![]
    }
}

/// Runs the stage.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn motivate(_tables: &Tables, _scores: &polars::prelude::DataFrame, _ctx: &Context) -> StageResult<Motivate> {
    Ok(Motivate {})
}
