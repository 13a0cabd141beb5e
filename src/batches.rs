//! The stages as functions over Arrow record batches: any Arrow program can call one. Batches pass
//! to and from polars over the C data interface without being copied.
//!
//! Inputs are the canonical tables of [`crate::book::schema`] by name; tables and columns that are
//! not given count as empty. Every stage but `structure` also takes the `scores` that [`score`] hands
//! on, and computes them if they are not given.

use arrow::array::RecordBatch;
use polars::prelude::DataFrame;

use crate::book::{Tables, TablesError};
use crate::frame::{self, FrameError};
use crate::stage::{Context, StageError, StageTables};

/// Named record batches.
pub type Batches = Vec<(&'static str, RecordBatch)>;

/// What can go wrong at the boundary.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A batch does not fit its table.
    #[error("{0}")]
    Tables(#[from] TablesError),
    /// The stage failed.
    #[error("{0}")]
    Stage(#[from] StageError),
    /// A table has no Arrow form.
    #[error("{0}")]
    Frame(#[from] FrameError),
}

/// 考评: hands on `scores`, `contributions` and `ranks`.
///
/// ```
/// use std::sync::Arc;
/// use arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray};
/// use touyan::{batches, lang::Lang, policy::Policy, stage::Context};
///
/// let villages = RecordBatch::try_from_iter([
///     ("village", Arc::new(StringArray::from(vec!["990121100200", "990121100201"])) as _),
///     ("township", Arc::new(StringArray::from(vec!["青石镇", "青石镇"])) as _),
///     ("village_name", Arc::new(StringArray::from(vec!["大泉村", "西塘村"])) as _),
/// ])?;
/// let points = |a: f64, b: f64| Arc::new(Float64Array::from(vec![a, b])) as _;
/// let indicators = RecordBatch::try_from_iter([
///     ("village", Arc::new(StringArray::from(vec!["990121100200", "990121100201"])) as _),
///     ("period", Arc::new(Int64Array::from(vec![2025, 2025])) as _),
///     ("party_score", points(82.0, 61.0)),
///     ("governance_score", points(88.0, 50.0)),
///     ("livelihood_score", points(75.0, 70.0)),
///     ("ecology_score", points(90.0, 65.0)),
///     ("peace_score", points(95.0, 80.0)),
///     ("organisation_score", points(85.0, 60.0)),
///     ("satisfaction", points(91.0, 66.0)),
/// ])?;
/// let policy = Policy::default();
/// let as_of = "2026-01-31".parse()?;
/// let ctx = Context { policy: &policy, as_of, seed: 1, lang: Lang::En };
///
/// let found = batches::score(&[("villages", villages), ("indicators", indicators)], &ctx)?;
/// let (name, scores) = &found[0];
/// assert_eq!((*name, scores.num_rows()), ("scores", 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A batch does not fit its table, or the stage fails.
pub fn score(batches: &[(&str, RecordBatch)], ctx: &Context) -> Result<Batches, BatchError> {
    let (tables, _) = take(batches)?;
    let with_points = crate::cultivate::with_points(&tables, ctx)?;
    hand_on(crate::score::score(with_points.as_ref().unwrap_or(&tables), ctx)?.tables())
}

/// 提级管理: hands on `supervision`, `talks`, `township_rates` and more.
///
/// ```
/// use std::sync::Arc;
/// use arrow::array::{BooleanArray, RecordBatch, StringArray};
/// use touyan::{batches, lang::Lang, policy::Policy, stage::Context};
///
/// // A village on the official weak-and-lax list is under supervision, whatever else is known.
/// let villages = RecordBatch::try_from_iter([
///     ("village", Arc::new(StringArray::from(vec!["990121100200", "990121100201"])) as _),
///     ("weak", Arc::new(BooleanArray::from(vec![true, false])) as _),
/// ])?;
/// let policy = Policy::default();
/// let ctx = Context { policy: &policy, as_of: "2026-01-31".parse()?, seed: 1, lang: Lang::En };
/// let found = batches::supervise(&[("villages", villages)], &ctx)?;
/// let (name, supervision) = &found[0];
/// assert_eq!((*name, supervision.num_rows()), ("supervision", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`score`].
pub fn supervise(batches: &[(&str, RecordBatch)], ctx: &Context) -> Result<Batches, BatchError> {
    let (tables, scores) = scored(batches, ctx)?;
    hand_on(crate::supervise::supervise(&tables, &scores, ctx)?.tables())
}

/// 后备: hands on `vacancies`, `shortlists`, `assignment`, `open_posts`, the edges and prices that
/// prove the assignment optimal, and more.
///
/// ```
/// use std::sync::Arc;
/// use arrow::array::{new_null_array, RecordBatch, StringArray};
/// use arrow::datatypes::DataType;
/// use touyan::{batches, lang::Lang, policy::Policy, stage::Context};
///
/// // One empty post and an empty pool: the post stays open, and the table says why.
/// let posts = RecordBatch::try_from_iter([
///     ("village", Arc::new(StringArray::from(vec!["990121100200"])) as _),
///     ("post", Arc::new(StringArray::from(vec!["secretary"])) as _),
///     ("person", new_null_array(&DataType::Utf8, 1)),
/// ])?;
/// let policy = Policy::default();
/// let ctx = Context { policy: &policy, as_of: "2026-01-31".parse()?, seed: 1, lang: Lang::En };
/// let found = batches::reserve(&[("posts", posts)], &ctx)?;
/// let rows = |name| found.iter().find(|(n, _)| *n == name).map(|(_, b)| b.num_rows());
/// assert_eq!((rows("vacancies"), rows("open_posts")), (Some(1), Some(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`score`].
pub fn reserve(batches: &[(&str, RecordBatch)], ctx: &Context) -> Result<Batches, BatchError> {
    let (tables, scores) = scored(batches, ctx)?;
    let found = crate::reserve::reserve(&tables, &scores, ctx)?;
    match &found.unmet {
        Some(unmet) => Err(StageError::Data(unmet.clone()).into()),
        None => hand_on(found.tables()),
    }
}

/// 队伍结构: hands on `structure`, `ladder`, `age_limit` and more.
///
/// ```
/// use touyan::{batches, lang::Lang, policy::Policy, stage::Context};
///
/// // An empty book has no structure, and that is no error.
/// let policy = Policy::default();
/// let ctx = Context { policy: &policy, as_of: "2026-01-31".parse()?, seed: 1, lang: Lang::En };
/// let found = batches::structure(&[], &ctx)?;
/// assert!(found.iter().any(|(name, _)| *name == "ladder"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`score`].
pub fn structure(batches: &[(&str, RecordBatch)], ctx: &Context) -> Result<Batches, BatchError> {
    let (tables, _) = take(batches)?;
    hand_on(crate::structure::structure(&tables, ctx)?.tables())
}

/// 培育: hands on `training_status`, `training_plan`, `training_batches`, `placements`, `contest` and
/// more.
///
/// ```
/// use touyan::{batches, lang::Lang, policy::Policy, stage::Context};
///
/// let policy = Policy::default();
/// let ctx = Context { policy: &policy, as_of: "2026-01-31".parse()?, seed: 1, lang: Lang::En };
/// let found = batches::cultivate(&[], &ctx)?;
/// assert!(found.iter().any(|(name, batch)| *name == "training_status" && batch.num_rows() == 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`score`].
pub fn cultivate(batches: &[(&str, RecordBatch)], ctx: &Context) -> Result<Batches, BatchError> {
    let (tables, scores) = scored(batches, ctx)?;
    let supervision = crate::supervise::supervise(&tables, &scores, ctx)?.supervision;
    hand_on(crate::cultivate::cultivate(&tables, &scores, &supervision, ctx)?.tables())
}

/// 激励: hands on `pay_formula`, `pay_parts`, `pay_summary`, `pay_budget`, `cover_gaps`, `honours` and
/// `advancement`.
///
/// ```
/// use touyan::{batches, lang::Lang, policy::Policy, stage::Context};
///
/// let policy = Policy::default();
/// let ctx = Context { policy: &policy, as_of: "2026-01-31".parse()?, seed: 1, lang: Lang::En };
/// let found = batches::motivate(&[], &ctx)?;
/// assert!(found.iter().any(|(name, batch)| *name == "pay_budget" && batch.num_rows() == 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`score`].
pub fn motivate(batches: &[(&str, RecordBatch)], ctx: &Context) -> Result<Batches, BatchError> {
    let (tables, scores) = scored(batches, ctx)?;
    hand_on(crate::motivate::motivate(&tables, &scores, ctx)?.tables())
}

/// The county tables among the batches, and the scores if they are there.
fn take(batches: &[(&str, RecordBatch)]) -> Result<(Tables, Option<DataFrame>), BatchError> {
    let is_scores = |name: &str| name == "scores";
    let tables = Tables::from_batches(batches.iter().filter(|(n, _)| !is_scores(n)).map(|(n, b)| (*n, b)))?;
    let scores = batches.iter().find(|(n, _)| is_scores(n)).map(|(_, b)| frame::from_batch(b)).transpose()?;
    Ok((tables, scores))
}

fn scored(batches: &[(&str, RecordBatch)], ctx: &Context) -> Result<(Tables, DataFrame), BatchError> {
    let (tables, scores) = take(batches)?;
    let scores = match scores {
        Some(scores) => scores,
        None => {
            let with_points = crate::cultivate::with_points(&tables, ctx)?;
            crate::score::score(with_points.as_ref().unwrap_or(&tables), ctx)?.scores
        }
    };
    Ok((tables, scores))
}

fn hand_on(tables: StageTables) -> Result<Batches, BatchError> {
    tables.into_iter().map(|(name, table)| Ok((name, frame::to_batch(&table)?))).collect()
}
