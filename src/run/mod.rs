//! The pipeline: one book, one policy, one reference date in; tables, report and log out. The log
//! (`run.json`) is what [`verify`](verify::verify) replays.

mod archive;
pub mod edges;
mod error;
mod folder;
mod log;
mod outputs;
mod stale;
pub mod table;
pub mod verify;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

pub use crate::report::Audience;
pub use archive::same_on_every_system;
pub use error::RunError;
pub use folder::{Folder, is_output, next_name};
pub use log::{Log, StageLog};
pub use outputs::{File, Formats, MATERIALS, encode, manifest, whatif_files, whatif_shown, write};

use crate::book::{Book, Tables};
use crate::decisions::Decisions;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::say;
use crate::stage::{Context, StageError, StageTables};
use crate::{cultivate, motivate, reserve, score, structure, supervise};

/// Durations of a run; the only file of an output folder that its log does not cover.
pub const TIMINGS: &str = "timings.json";

/// One stage of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// 考评
    Score,
    /// 提级管理
    Supervise,
    /// 后备
    Reserve,
    /// 队伍结构
    Structure,
    /// 培育
    Cultivate,
    /// 激励
    Motivate,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Stage; 6] =
        [Stage::Score, Stage::Supervise, Stage::Reserve, Stage::Structure, Stage::Cultivate, Stage::Motivate];

    /// The stage's name: in `run.json`, in message IDs.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Score => "score",
            Stage::Supervise => "supervise",
            Stage::Reserve => "reserve",
            Stage::Structure => "structure",
            Stage::Cultivate => "cultivate",
            Stage::Motivate => "motivate",
        }
    }
}

/// A reference date so many days after the latest date of the book is remarked on.
const FAR_DAYS: i64 = 366;

/// Where the reference date came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOfSource {
    /// `--as-of`.
    Given,
    /// The reporting date found in the book (填报时间).
    Reported,
    /// The latest date in the book.
    Latest,
}

/// What decides a result besides book and policy.
#[derive(Clone, Debug)]
pub struct Options {
    /// Reference date; without it the book's reporting date, else its latest date.
    pub as_of: Option<NaiveDate>,
    /// Seed of every random stream.
    pub seed: u64,
    /// Language of reasons and reports.
    pub lang: Lang,
    /// Who reads the output.
    pub audience: Audience,
    /// The stages to run; a stage that another needs runs too.
    pub stages: Vec<Stage>,
    /// Sheets of decisions that came back, read for the run's reference date.
    pub decisions: Arc<Decisions>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            as_of: None,
            seed: 1,
            lang: Lang::Zh,
            audience: Audience::Summary,
            stages: Stage::ALL.to_vec(),
            decisions: Arc::default(),
        }
    }
}

/// Told what is under way; the command line draws it, the library need not.
pub trait Progress: Sync {
    /// A step begins: a stage's name, `read`, `report` or `write`.
    fn begin(&self, step: &str);
    /// It ended.
    fn end(&self, step: &str, took: Duration);
    /// A part of the running step, a step's name itself, has come so far of so many.
    fn advance(&self, _part: &str, _done: u64, _of: u64) {}
}

/// No progress.
impl Progress for () {
    fn begin(&self, _: &str) {}
    fn end(&self, _: &str, _: Duration) {}
}

/// Runs `work` as a step of `progress`.
pub fn step<T>(progress: &dyn Progress, name: &str, work: impl FnOnce() -> T) -> T {
    progress.begin(name);
    let start = Instant::now();
    let result = work();
    progress.end(name, start.elapsed());
    result
}

/// What the stages found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Reference date.
    pub as_of: NaiveDate,
    /// Where it came from.
    pub as_of_source: AsOfSource,
    /// Every output table by name.
    pub tables: BTreeMap<&'static str, DataFrame>,
    /// What each stage that ran handed on: its name and the names of its tables.
    pub stages: Vec<(Stage, Vec<&'static str>)>,
    /// What could not be judged, beyond what tables say.
    pub notes: Vec<String>,
    /// Where the reserve's quotas cannot all be met: which contradict each other, and what would do.
    pub unmet: Option<String>,
    /// BLAKE3 of the log of the run that this one was compared with.
    pub previous: Option<String>,
    /// Wording for summaries, without figures about one person: (table, column) and a text per row.
    pub plain: BTreeMap<(&'static str, &'static str), Vec<String>>,
}

impl Outcome {
    /// The outcome, if the reserve's quotas can be met.
    ///
    /// # Errors
    /// They contradict each other: which, and what would do.
    pub fn met(self) -> Result<Outcome, RunError> {
        match self.unmet {
            Some(unmet) => Err(RunError::Stage { stage: Stage::Reserve, error: StageError::Data(unmet) }),
            None => Ok(self),
        }
    }

    /// An output table; `None` if its stage did not run.
    pub fn table(&self, name: &str) -> Option<&DataFrame> {
        self.tables.get(name)
    }

    fn add(&mut self, stage: Stage, tables: StageTables) {
        self.stages.push((stage, tables.iter().map(|(name, _)| *name).collect()));
        self.tables.extend(tables);
    }
}

/// The reference date of a run over `book`.
///
/// # Errors
/// None is given and the book holds no date at all.
pub fn reference_date(book: &Book, given: Option<NaiveDate>) -> Result<(NaiveDate, AsOfSource), RunError> {
    given
        .map(|d| (d, AsOfSource::Given))
        .or(book.as_of_found.map(|d| (d, AsOfSource::Reported)))
        .or(book.latest.map(|d| (d, AsOfSource::Latest)))
        .ok_or(RunError::NoDate)
}

/// Runs the stages over a book. The stages that do not need each other run side by side; the
/// result is the same in any case.
///
/// # Errors
/// No reference date, or a stage fails; the error names the stage.
pub fn pipeline(book: &Book, policy: &Policy, options: &Options, progress: &dyn Progress) -> Result<Outcome, RunError> {
    let (as_of, as_of_source) = reference_date(book, options.as_of)?;
    let ctx = Context { policy, as_of, seed: options.seed, lang: options.lang };
    let waived = options.decisions.waivers().map_err(RunError::stage(Stage::Reserve))?;
    let orders = options.decisions.orders().map_err(RunError::stage(Stage::Reserve))?;
    let given = Given { scores: None, waived: Some(&waived), orders: Some(&orders) };
    let mut outcome = stages(&book.tables, &ctx, &options.stages, given, progress)?;
    outcome.as_of_source = as_of_source;
    // Long before or after anything that is known, little of what follows means anything.
    if let Some(latest) = book.latest.filter(|latest| (as_of - *latest).num_days() > FAR_DAYS) {
        let years = (as_of - latest).num_days() / 365;
        outcome.notes.insert(0, say!(options.lang, "note-far-date", day = as_of, latest = latest, years = years));
    }
    if let Some(unmet) = &outcome.unmet {
        // Which groups fall short tells of the sex and age of few people.
        let told = (options.audience == Audience::Internal).then(|| say!(options.lang, "note-unmet", unmet = unmet));
        outcome.notes.insert(0, told.unwrap_or_else(|| options.lang.text("note-unmet-withheld")));
    }
    if options.decisions.given() {
        let tables = options.decisions.tables(book, &outcome.tables, &options.audience, &ctx);
        outcome.tables.extend(tables.map_err(RunError::decisions)?);
    }
    Ok(outcome)
}

/// What the stages are handed besides the book.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// Scores of an earlier run over the same data; computed where they are missing and needed.
    pub scores: Option<&'a DataFrame>,
    /// Soft gates that were waived, as [`Decisions::waivers`] gives them.
    pub waived: Option<&'a DataFrame>,
    /// Recommendations that were adopted or not, as [`Decisions::orders`] gives them.
    pub orders: Option<&'a DataFrame>,
}

/// Runs the stages over canonical tables. Given scores of an earlier run are taken as they are; without
/// them the scores are computed where a stage needs them.
///
/// # Errors
/// A stage fails; the error names the stage.
pub fn stages(
    tables: &Tables,
    ctx: &Context,
    wanted: &[Stage],
    given: Given,
    progress: &dyn Progress,
) -> Result<Outcome, RunError> {
    let ctx = *ctx;
    let as_of = ctx.as_of;
    // The contest reaches the scores as data, where the policy's scores ask for it.
    let with_points = cultivate::with_points(tables, &ctx).map_err(RunError::stage(Stage::Cultivate))?;
    let tables = with_points.as_ref().unwrap_or(tables);
    let wants = |stage: Stage| wanted.contains(&stage);
    let needs_scores = wants(Stage::Score) || (given.scores.is_none() && wanted.iter().any(|s| *s != Stage::Structure));

    let mut outcome = Outcome {
        as_of,
        as_of_source: AsOfSource::Given,
        tables: BTreeMap::new(),
        stages: Vec::new(),
        notes: Vec::new(),
        unmet: None,
        previous: None,
        plain: BTreeMap::new(),
    };
    let fresh = needs_scores
        .then(|| step(progress, "score", || score::score(tables, &ctx)).map_err(RunError::stage(Stage::Score)))
        .transpose()?;
    let (supervision, reserves, structure, cultivation, motivation) = std::thread::scope(|scope| {
        let scores = given.scores.or(fresh.as_ref().map(|s| &s.scores));
        // Cultivation asks which villages are under escalated supervision, so it comes after that.
        let (supervises, cultivates) = (wants(Stage::Supervise), wants(Stage::Cultivate));
        let supervision = (supervises || cultivates).then(|| {
            scope.spawn(move || {
                let scores = scores?;
                let supervision = step(progress, "supervise", || supervise::supervise(tables, scores, &ctx));
                let cultivation = supervision.as_ref().ok().filter(|_| cultivates).map(|s| {
                    step(progress, "cultivate", || cultivate::cultivate(tables, scores, &s.supervision, &ctx))
                });
                Some((supervision, cultivation))
            })
        });
        let structure = wants(Stage::Structure)
            .then(|| scope.spawn(move || Some(step(progress, "structure", || structure::structure(tables, &ctx)))));
        let motivation = wants(Stage::Motivate).then(|| {
            scope.spawn(move || {
                let scores = scores?;
                Some(step(progress, "motivate", || motivate::motivate(tables, scores, &ctx)))
            })
        });
        let said = given.waived.zip(given.orders).map(|(waivers, orders)| reserve::Given { waivers, orders });
        let reserves = scores.filter(|_| wants(Stage::Reserve)).map(|s| match said {
            Some(given) => step(progress, "reserve", || reserve::reserve_with(tables, s, given, &ctx)),
            None => step(progress, "reserve", || reserve::reserve(tables, s, &ctx)),
        });
        let (supervision, cultivation) = join(supervision).unzip();
        (supervision, reserves, join(structure), cultivation.flatten(), join(motivation))
    });
    if let Some(scores) = fresh.filter(|_| wants(Stage::Score)) {
        outcome.add(Stage::Score, scores.tables());
    }
    let supervision = supervision.transpose().map_err(RunError::stage(Stage::Supervise))?;
    if let Some(supervision) = supervision.filter(|_| wants(Stage::Supervise)) {
        outcome.notes.extend(supervision.notes.iter().cloned());
        outcome.add(Stage::Supervise, supervision.tables());
    }
    if let Some(reserves) = reserves.transpose().map_err(RunError::stage(Stage::Reserve))? {
        outcome.unmet.clone_from(&reserves.unmet);
        outcome.add(Stage::Reserve, reserves.tables());
    }
    if let Some(structure) = structure.transpose().map_err(RunError::stage(Stage::Structure))? {
        outcome.plain.insert(("ladder", "reason"), structure.ladder_plain.clone());
        outcome.add(Stage::Structure, structure.tables());
    }
    if let Some(cultivation) = cultivation.transpose().map_err(RunError::stage(Stage::Cultivate))? {
        outcome.notes.extend(cultivation.notes.iter().cloned());
        outcome.add(Stage::Cultivate, cultivation.tables());
    }
    if let Some(motivation) = motivation.transpose().map_err(RunError::stage(Stage::Motivate))? {
        outcome.add(Stage::Motivate, motivation.tables());
    }
    Ok(outcome)
}

/// The result of a stage's thread; a panic in it goes on here.
fn join<T>(handle: Option<std::thread::ScopedJoinHandle<'_, Option<T>>>) -> Option<T> {
    handle.and_then(|h| h.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
