//! Stage cultivate, 培育: training, placements and contest.

mod policy;

pub use policy::CultivatePolicy;

use crate::book::Tables;
use crate::stage::{Context, StageResult, StageTables};

/// What the stage found.
#[derive(Clone, Debug)]
pub struct Cultivate {}

impl Cultivate {
    /// The tables by name, in a fixed order.
    pub fn tables(&self) -> StageTables {
        vec![]
    }
}

/// Runs the stage.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn cultivate(_tables: &Tables, _scores: &polars::prelude::DataFrame, _ctx: &Context) -> StageResult<Cultivate> {
    Ok(Cultivate {})
}
