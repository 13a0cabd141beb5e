//! Stage score 考评 (严管): treat → impute → normalise → weight → aggregate → grade, over villages ×
//! indicators with a tree of nodes that the policy declares. Indices are [`crate::index`]'s business:
//! here stands what is the county's own.
//!
//! 1. [`treat`]: values as they stand in the book, and the villages' own targets.
//! 2. [`units`]: the villages, and with whom each is compared.
//! 3. [`adjust`] and [`veto`]: bonus and penalty, and what holds a score.
//! 4. [`engine`]: points, weights and scores, compared within the class; [`ranges`] of ranks under what
//!    is declared uncertain.
//! 5. [`result`]: grades and ranks; [`consequence`]; [`reasons`]; [`benchmarks`] of counties; [`goal()`]s.
//!
//! Only the reference period is scored; what the book knew after the reference date is not read.

mod adjust;
mod benchmarks;
mod consequence;
mod engine;
mod goal;
mod panel;
mod policy;
mod ranges;
mod reasons;
mod result;
mod tables;
mod treat;
mod units;
mod veto;

use polars::prelude::DataFrame;

pub use goal::{GoalChange, VillageGoal, goal};
pub use panel::{Panel, panel};
pub use policy::{
    ClassRule, Concerns, Consequence, ConsequenceRule, Scope, ScorePolicy, Sensitivity, Small, Veto, When,
};

use crate::book::Tables;
pub use crate::index::normalise::{Direction, Rule};
pub use crate::index::uncertain::Space;
pub use crate::index::{Adjustment, Band, Effect, Indicator, Missing, Node};
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
    /// `indicator, label, value` (null: missing, though points may be imputed), `points` (0–100),
    /// `weight` (effective: a rated village's sum to 1; null for adjustments), `contribution`. A rated
    /// village's contributions sum to its score; those of one not rated are all 0, with weight 0.
    ///
    /// Where a node is no weighted arithmetic mean, an indicator has no weight in the score: `weight`
    /// is null and `contribution` what the indicator adds to (or takes off) the line `baseline`, which
    /// is what a village would have whose points are the medians of its class
    /// ([`crate::index::explain`]); in the line `undivided` stands what cannot be split.
    pub contributions: DataFrame,
    /// One row per village: `county, township, village, village_name, rank, rank_mean, rank_p05,
    /// rank_median, rank_p95, p_top, p_bottom, draws`, and for each grade of the policy `p_` and its
    /// code: the share of the draws in which the village has it, grades awarded anew in every draw
    /// with the caps of townships and vetoes; null where not rated.
    pub ranks: DataFrame,
    /// Where the tables hold two counties at least, one row per county and item, the whole first, then
    /// nodes and indicators in the order of the tree:
    /// `county, indicator` (`score`: the whole), `label, villages` (rated, with points here), `points`
    /// (their mean), `median` (of the counties' means), `best_county` (of equals the first by name),
    /// `gap` (points behind it), `value` (mean of what the book holds; null for nodes). Points of rules
    /// that compare villages within their county do not compare counties; `value` does.
    pub county_benchmarks: DataFrame,
}

impl Scores {
    /// The tables by name, in order.
    pub fn tables(&self) -> StageTables {
        vec![
            ("scores", self.scores.clone()),
            ("contributions", self.contributions.clone()),
            ("ranks", self.ranks.clone()),
            ("county_benchmarks", self.county_benchmarks.clone()),
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
        county_benchmarks: benchmarks::benchmarks(&result, ctx)?,
    })
}
