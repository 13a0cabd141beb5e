//! Stage score 考评 (严管): treat → normalise → weight → aggregate → grade, over villages ×
//! indicators with a tree of nodes that the policy declares.
//!
//! 1. [`treat`]: values as they stand in the book, and the villages' own targets.
//! 2. [`normalise`]: a points rule per indicator ([`crate::index::normalise`]), compared within the class.
//! 3. [`tree`]: weights down the tree; what is missing gives its weight to its measured siblings.
//! 4. [`adjust`]: bonus, penalty, the bounds 0 and 100, the hold of a veto; [`veto`].
//! 5. [`grade`] and [`consequence`].
//! 6. [`sensitivity`]: ranges of ranks under drawn weights.
//!
//! Only the reference period is scored; what the book knew after the reference date is not read.

mod adjust;
mod consequence;
mod normalise;
mod panel;
mod policy;
mod reasons;
mod result;
mod sensitivity;
mod tables;
mod treat;
mod tree;
mod units;
mod veto;

use polars::prelude::DataFrame;

pub use panel::{Panel, panel};
pub use policy::{
    Adjustment, Band, ClassRule, Concerns, Consequence, ConsequenceRule, Effect, Indicator, Missing, Node, Scope,
    ScorePolicy, Sensitivity, Small, Space, Veto, When,
};

use crate::book::Tables;
use crate::stage::{Context, StageResult, StageTables};

/// Grade of a village whose measured weight lies below the policy's minimum: 暂不评定.
pub const NOT_RATED: &str = "not_rated";

/// Result of the stage. Rows are sorted by county, township, village.
#[derive(Clone, Debug)]
pub struct Scores {
    /// One row per village:
    /// `county, township, village, village_name, class` (code, or `unclassified`), `period` (year),
    /// `person` (secretary in office), `score` (0–100; null: not rated), `base` (weighted mean),
    /// `bonus, penalty` (points, both ≥ 0), `veto` (codes joined by `;`), `measured_weight` (0–1),
    /// `grade` (code), `grade_reason`, `consequence` (none, reward, reminder, talk,
    /// adjustment_study), `consequence_reason`, `rank` (within the scope; ties share the best),
    /// `rank_in_class, rank_low, rank_high` (5% and 95% of the draws), `p_top, p_bottom`, `rec_id`
    /// (where there is a consequence).
    pub scores: DataFrame,
    /// One row per village and indicator in the order of the tree, then one for each adjustment
    /// that is not empty, the clamp and the veto where they take effect:
    /// `county, township, village, village_name, source` (topmost node, or `adjustment`), `area`,
    /// `indicator, label, value` (null: missing), `points` (0–100), `weight` (effective: a rated
    /// village's sum to 1; null for adjustments), `contribution`. A rated village's contributions
    /// sum to its score; those of one not rated are all 0, with weight 0.
    pub contributions: DataFrame,
    /// One row per village: `county, township, village, village_name, rank, rank_mean, rank_p05,
    /// rank_median, rank_p95, p_top, p_bottom, draws`; null where not rated.
    pub ranks: DataFrame,
}

impl Scores {
    /// The tables by name, in order.
    pub fn tables(&self) -> StageTables {
        vec![
            ("scores", self.scores.clone()),
            ("contributions", self.contributions.clone()),
            ("ranks", self.ranks.clone()),
        ]
    }
}

/// Scores the villages of all counties in the tables.
///
/// # Errors
/// A frame is not that of the schema.
pub fn score(tables: &Tables, ctx: &Context) -> StageResult<Scores> {
    let result = result::assess(tables, ctx)?;
    Ok(Scores {
        scores: tables::scores(&result, ctx)?,
        contributions: tables::contributions(&result, ctx)?,
        ranks: tables::ranks(&result)?,
    })
}
