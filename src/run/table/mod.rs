//! Any table of units, scored: one table and one policy in, tables and log out. The same pure
//! function serves the command line and the replay of a verification.

mod error;
mod files;
mod log;
mod notes;
mod verify;

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

pub use error::ScoreError;
pub(super) use files::{encode, publish};
pub use files::{files, write};
pub use log::{Kind, TableLog};
pub(super) use verify::verify;

use super::{Progress, step};
use crate::book::raw::{Opened, RawSheet};
use crate::book::read::open;
use crate::index::compare::compare;
use crate::index::read::{Counts, TableError, TableFault, read};
use crate::index::tables::{Made, tables};
use crate::index::uncertain::{Assessed, Replicator, Reuse, Subject, assess_watched};
use crate::index::{self, Fitted, IndexError, IndexFile, IndexPolicy, Overrides, Table};
use crate::lang::Lang;
use crate::policy::{PolicyError, key_line};

/// A policy for any table, and where it was read, for messages.
#[derive(Clone, Debug)]
pub struct Source {
    pub file: PathBuf,
    pub text: String,
    /// In effect: with what the command line laid over it.
    pub policy: IndexFile,
}

impl Source {
    /// Reads and checks a policy file.
    ///
    /// # Errors
    /// See [`IndexFile::load`].
    pub fn load(file: &Path, overrides: &Overrides) -> Result<Source, PolicyError> {
        let text = std::fs::read_to_string(file)
            .map_err(|e| PolicyError::new(file, format!("cannot read the policy: {e}")))?;
        let policy = IndexFile::parse(&text, file, overrides)?;
        Ok(Source { file: file.to_owned(), text, policy })
    }

    /// A contradiction with the table, at its line of the policy.
    fn wrong(&self, (key, message): (String, String)) -> ScoreError {
        ScoreError::Policy(PolicyError {
            file: self.file.clone(),
            line: key_line(&self.text, &key),
            message: format!("`{key}`: {message}"),
            hint: None,
            chinese: None,
        })
    }
}

/// What decides a result besides table and policy.
#[derive(Clone, Debug, Default)]
pub struct TableOptions {
    /// Sheet of a workbook; the first that is not hidden if not given.
    pub sheet: Option<String>,
    /// Parameters of an earlier result, by which the table is judged.
    pub replay: Option<Fitted>,
    /// Another policy to compare this one with; it reads the same columns of units, classes and
    /// periods.
    pub against: Option<Source>,
    /// Language of labels.
    pub lang: Lang,
}

/// A table, scored.
#[derive(Clone, Debug)]
pub struct Scored {
    pub counts: Counts,
    /// Header of the column of units.
    pub id: String,
    /// BLAKE3 of the table's file, under its name.
    pub input: (String, String),
    /// The last period that was read, where there are periods.
    pub as_of: Option<i64>,
    /// Output tables by name, in their order.
    pub tables: Vec<(&'static str, DataFrame)>,
    pub fitted: Fitted,
    /// What a reader must know: what weights could not attain, what was left out.
    pub notes: Vec<Note>,
}

/// Something that a reader must know.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// Key of the node or indicator; empty for the topmost.
    pub item: String,
    /// Its name.
    pub label: String,
    pub text: String,
}

impl Scored {
    /// An output table.
    pub fn table(&self, name: &str) -> Option<&DataFrame> {
        self.tables.iter().find(|(own, _)| *own == name).map(|(_, table)| table)
    }
}

/// Scores a table by a policy.
///
/// # Errors
/// The file, the table or the policy is wrong, or a method does not fit the data.
pub fn score(
    path: &Path,
    source: &Source,
    options: &TableOptions,
    progress: &dyn Progress,
) -> Result<Scored, ScoreError> {
    let policy = &source.policy.score;
    let opened = step(progress, "table", || open(path))?;
    let sheet = sheet(&opened, options.sheet.as_deref())?;
    let mut reading = read(sheet, policy)?;
    if let Some(against) = &options.against {
        let other = read(sheet, &against.policy.score)
            .map_err(|error| ScoreError::Against { policy: against.file.display().to_string(), error })?;
        together(&mut reading.table, other.table).map_err(|message| against.wrong(("score".to_owned(), message)))?;
        against.policy.score.check_table(&reading.table).map_err(|wrong| against.wrong(wrong))?;
    }
    policy.check_table(&reading.table).map_err(|wrong| source.wrong(wrong))?;
    overflow(policy, &reading.table).map_err(|wrong| source.wrong(wrong))?;
    let failed = |e: IndexError| source.wrong((e.key, e.message));
    let (plan, recipe) = index::screen::prepare(policy, &reading.table, chrono::NaiveDate::MAX);
    let replay =
        options.replay.as_ref().map(|fitted| fitted.for_plan(&plan)).transpose().map_err(ScoreError::Replay)?;
    let index = step(progress, "index", || index::make(&plan, &recipe, replay.as_ref())).map_err(failed)?;
    let assessed = match &policy.uncertainty {
        Some(rule) if rule.draws > 0 => {
            let bands = index::grade::limits(&policy.grades, policy.share_rounding);
            let subject = Subject::new(&plan, &index.score, &bands, &index.lines.forced);
            let assessed = step(progress, "draws", || -> Result<Assessed, ScoreError> {
                let replicator = Replicator::new(&plan, &recipe, &index, rule, rule.seed, Reuse::default());
                let replicator = replicator.map_err(failed)?;
                let wrong = |message| source.wrong(("score.uncertainty".to_owned(), message));
                let watch = |part: &'static str, done: u64, of: u64| progress.advance(part, done, of);
                assess_watched(&replicator, &subject, rule, &watch).map_err(wrong)
            });
            Some(assessed?)
        }
        _ => None,
    };
    let compared = match &options.against {
        Some(other) => {
            let made = || compare(&other.policy.score, policy, &reading.table);
            Some(step(progress, "compare", made).map_err(failed)?)
        }
        None => None,
    };
    let made = Made {
        plan: &plan,
        recipe: &recipe,
        index: &index,
        assessed: assessed.as_ref(),
        compared: compared.as_ref(),
        lang: options.lang,
    };
    let tables = step(progress, "tables", || tables(&made)).map_err(|e| match e {
        index::tables::TableMakeError::Index(e) => failed(e),
        index::tables::TableMakeError::Frame(e) => ScoreError::Frame(e.to_string()),
    })?;
    let notes = notes::notes(&made);
    let input = opened.hashes.first().cloned().unwrap_or_default();
    Ok(Scored {
        counts: reading.counts,
        id: reading.id,
        input,
        as_of: policy.period.as_ref().and(reading.table.periods.iter().max().copied()),
        tables,
        fitted: index.fitted.clone(),
        notes,
    })
}

/// Greatest magnitude of a value: sums of squares of such values are still numbers.
const GREATEST: f64 = 1e100;

/// The first value whose square would overflow and make a false tie of the scores: key and message.
fn overflow(policy: &IndexPolicy, table: &Table) -> Result<(), (String, String)> {
    for (key, indicator) in &policy.indicators {
        let values = table.numbers.get(indicator.column(key));
        if let Some(row) = values.and_then(|values| values.iter().position(|v| v.abs() > GREATEST)) {
            let unit = table.name(row);
            let message =
                format!("the value of {unit} lies beyond ±1e100: give the column another unit of measurement");
            return Err((format!("score.indicators.{key}"), message));
        }
    }
    Ok(())
}

/// Columns that only another policy reads, beside those that this one does.
fn together(table: &mut Table, other: Table) -> Result<(), String> {
    if (&table.names, &table.units, &table.periods) != (&other.names, &other.units, &other.periods) {
        return Err("the two policies read different units or periods: `id`, `period` and `as_of` must agree".into());
    }
    for (column, values) in other.numbers {
        table.numbers.entry(column).or_insert(values);
    }
    for (column, values) in other.texts {
        table.texts.entry(column).or_insert(values);
    }
    Ok(())
}

/// The sheet that is meant.
fn sheet<'a>(opened: &'a Opened, name: Option<&str>) -> Result<&'a RawSheet, ScoreError> {
    let found = match name {
        Some(name) => opened.sheets.iter().find(|s| s.sheet == name),
        None => opened.sheets.iter().find(|s| !s.hidden).or(opened.sheets.first()),
    };
    found.ok_or_else(|| {
        let file = opened.sheets.first().map(|s| s.file.clone()).unwrap_or_default();
        let known = opened.sheets.iter().map(|s| s.sheet.clone()).filter(|s| !s.is_empty()).collect();
        let fault = TableFault::NoSheet { sheet: name.unwrap_or_default().to_owned(), known };
        ScoreError::Table(TableError { place: file, fault })
    })
}
