//! Stage cultivate, 培育: who had their yearly training, a batch plan, places for secondment and
//! shadowing, and the skills contest.
//!
//! 1. [`roll`]: villages, holders of the posts that the policy names, the pool; villages that share
//!    a leader are one bloc, of which at most one person is away at a time.
//! 2. [`status`]: what the records say of each; a missing record is no record.
//! 3. [`plan`] and [`spread`]: classes by rule, the least number of batches, dates.
//! 4. [`people`] and [`places`]: bars, fit, and one exact assignment to the places.
//! 5. [`contest`]: standings; [`with_points`] hands them to the scores, where the policy asks for it.
//!
//! Everything here is advice for study, never a decision.

mod contest;
mod people;
mod places;
mod plan;
mod policy;
mod records;
mod roll;
pub mod spread;
mod status;
mod verify;

use polars::prelude::DataFrame;

pub use contest::{CONTEST_POINTS, with_points};
pub use policy::{
    ContestPolicy, ContestWeights, CourseRule, CourseWhen, Cover, CultivatePolicy, Host, Level, Part, PlacementFact,
    PlacementFactor, PlacementPolicy, PlanPolicy, PointsUpTo, TopPoints, TownshipPlaces, TrainingPolicy, Whom,
    YearRule,
};
pub use verify::{verify_placements, verify_plan};

use crate::book::Tables;
use crate::stage::{Context, StageResult, StageTables};

/// What the stage found. Text columns are in the context's language; `person` and `next_best` hold
/// surrogate codes. Unless said otherwise rows are sorted by county, township and village.
#[derive(Clone, Debug)]
pub struct Cultivate {
    /// `county, township, village, village_name, person, post, trained_days, sessions, last_training,
    /// required_days, state, reason`: one row per holder of the policy's posts. `trained_days` (null:
    /// the records name none) and `sessions` count within the year that the policy looks at. `state` is `done`, `partial`,
    /// `lapsed` (earlier records, none within the year), `not_due` (new in the post),
    /// `lost_certificate`, or `unknown`: no record, or one that does not tell enough.
    pub training_status: DataFrame,
    /// `county, township, village, village_name, person, post, course, level, batch, seats, days, from,
    /// until, cause, reason, rec_id`: everybody who is planned for. `batch` counts from 1 within the
    /// county, or within the township for its own classes; null: not placed, and `cause` is
    /// `no_course`, `batches_full` or `away`.
    pub training_plan: DataFrame,
    /// `county, township (null: the county's), level, batch, course, seats, used, days, person_days,
    /// townships, from, until, bound`: one row per batch; `bound` is what set the number of batches of
    /// its class: `seats`, `village` (the most leaders of one), `township` (the share of one),
    /// `limit`, or `away`.
    pub training_batches: DataFrame,
    /// `county, township, village, village_name, person, post (null: reserve), place, bloc, host,
    /// activity, months, from, until, fit, cost, reasons, contributions, next_best, next_best_loss,
    /// tied, rec_id`: one row per filled place. `fit` is 0–100 and `contributions` adds up to it;
    /// `next_best`, `next_best_loss` and `tied` as in [`crate::reserve::Reserve::assignment`].
    pub placements: DataFrame,
    /// `county, place, host, activity, months, cause, detail`; `cause` is `no_candidate`, `all_barred`
    /// or `shortage`. In the order of the policy's offices.
    pub open_places: DataFrame,
    /// `county, township, village, village_name, person, post, gate, until, text`; `gate` is `event`,
    /// `supervised`, `short_service`, `repeat`, `away`, `not_willing`, `age` or `age_unknown`.
    pub placement_bars: DataFrame,
    /// `county, place, bloc, person, fit, cost`: every eligible pair of a place and a village, with the
    /// village's best person for it.
    pub placement_edges: DataFrame,
    /// `side, id, price, state`: the certificate; `side` is `place` or `bloc`.
    pub placement_prices: DataFrame,
    /// `item, value`: `open_price`, `cost_per_point`, `places`, `filled`, `open`, `blocs`, `edges`,
    /// `total_cost`.
    pub placement_summary: DataFrame,
    /// `county, township, village, village_name, person, class, year, policy_theory, professional,
    /// case_analysis, total, rank, rank_in_class, percentile, points, state, reason`: the last contest
    /// of each county, by county and rank. `state` is `ranked` or `missing_part`.
    pub contest: DataFrame,
    /// What a reader of the results has to know, in the context's language.
    pub notes: Vec<String>,
}

impl Cultivate {
    /// The tables by name, in a fixed order.
    pub fn tables(&self) -> StageTables {
        vec![
            ("training_status", self.training_status.clone()),
            ("training_plan", self.training_plan.clone()),
            ("training_batches", self.training_batches.clone()),
            ("placements", self.placements.clone()),
            ("open_places", self.open_places.clone()),
            ("placement_bars", self.placement_bars.clone()),
            ("placement_edges", self.placement_edges.clone()),
            ("placement_prices", self.placement_prices.clone()),
            ("placement_summary", self.placement_summary.clone()),
            ("contest", self.contest.clone()),
        ]
    }
}

/// Runs the stage. `scores` is the table of [`crate::score`] (grades of villages), `supervision` that
/// of [`crate::supervise`] (villages under escalated supervision); both may be empty.
///
/// # Errors
/// A table lacks a column of its schema, or there are more pairs than 32-bit indices hold.
pub fn cultivate(
    tables: &Tables,
    scores: &DataFrame,
    supervision: &DataFrame,
    ctx: &Context,
) -> StageResult<Cultivate> {
    let roll = roll::Roll::read(tables, scores, supervision, ctx)?;
    let records = records::Records::read(tables, ctx)?;
    let leaders = roll.leaders(&ctx.policy.cultivate.posts);
    let found = status::judge(&leaders, &records, ctx);
    let plan = plan::plan(&roll, &leaders, &found, &records, ctx);
    let people = people::people(tables, &roll, &records, &plan.free_from, ctx)?;
    let places = places::fill(&roll, &people, &plan.free_from, ctx)?;
    let entries = contest::standings(tables, &roll, ctx)?;
    let mut notes = Vec::new();
    if records.training.is_empty() && !leaders.is_empty() {
        notes.push(ctx.lang.text("cultivate-note-no-records"));
    }
    Ok(Cultivate {
        training_status: status::table(&roll, &leaders, &found, ctx)?,
        training_plan: plan.people_table(&roll, &leaders, ctx)?,
        training_batches: plan.batch_table(ctx)?,
        placements: places.table(&roll, &people, ctx)?,
        open_places: places.open_table(ctx)?,
        placement_bars: places::bars_table(&roll, &people, ctx)?,
        placement_edges: places.edges_table(&roll, &people)?,
        placement_prices: places.prices_table(&roll)?,
        placement_summary: places.summary_table()?,
        contest: contest::table(&entries, &roll, ctx)?,
        notes,
    })
}
