//! Verification of a scored table: hashes; sums of contributions and of changes; full replay.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::DataFrame;

use super::files::{AGAINST, POLICY, REPLAY};
use super::{ScoreError, Source, TableLog, TableOptions, files, score};
use crate::frame::{self, FrameResult};
use crate::index::{Fitted, Overrides};
use crate::lang::Lang;
use crate::run::verify::{Check, Level, hashes};
use crate::run::{Progress, RunError};

/// Sums agree within this part of the score's size (at least of 1).
const TOLERANCE: f64 = 1e-9;

/// Checks an output folder, and replays it if the table is given.
///
/// # Errors
/// A file of the folder cannot be understood, or the replay itself fails.
pub(in crate::run) fn verify(
    folder: &Path,
    table: Option<&Path>,
    log: &TableLog,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Vec<Check>, RunError> {
    let mut checks = vec![hashes(folder, &log.outputs)?];
    let read = |name: &str| -> Result<Option<DataFrame>, RunError> {
        let path = folder.join(format!("{name}.parquet"));
        if !log.tables.contains_key(name) {
            return Ok(None);
        }
        let broken = |e: frame::FrameError| RunError::Broken { path: path.clone(), message: e.to_string() };
        frame::read_parquet(&path).map(Some).map_err(broken)
    };
    let scores = read("scores")?;
    if let (Some(scores), Some(parts)) = (&scores, read("contributions")?) {
        let found = sums(scores, &parts);
        checks.push(check("verify-table-sums", scores.height(), found));
    }
    if let (Some(scores), Some(parts)) = (&scores, read("changes")?) {
        let found = changes(scores, &parts);
        checks.push(check("verify-table-changes", parts.height(), found));
    }
    if let Some(table) = table {
        checks.extend(replay(folder, table, log, lang, progress)?);
    }
    Ok(checks)
}

fn check(what: &'static str, checked: usize, found: FrameResult<Vec<String>>) -> Check {
    let differences = found.unwrap_or_else(|e| vec![e.to_string()]);
    Check { level: Level::Certificates, what, checked, differences }
}

/// A unit's row in a period.
type Key<'a> = (&'a str, Option<i64>);

fn by_unit<'a>(scores: &'a DataFrame) -> FrameResult<BTreeMap<Key<'a>, Option<f64>>> {
    let keys = frame::words(scores, "unit")?.into_iter().zip(frame::wholes(scores, "period")?);
    Ok(keys.zip(frame::numbers(scores, "score")?).collect())
}

fn agree(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(1.0)
}

/// Every score is the sum of its contributions, and who is not rated has none.
fn sums(scores: &DataFrame, parts: &DataFrame) -> FrameResult<Vec<String>> {
    let mut total: BTreeMap<Key, f64> = BTreeMap::new();
    let keys = frame::words(parts, "unit")?.into_iter().zip(frame::wholes(parts, "period")?);
    for (key, part) in keys.zip(frame::numbers(parts, "contribution")?) {
        *total.entry(key).or_default() += part.unwrap_or(f64::NAN);
    }
    let mut differences = Vec::new();
    for ((unit, period), score) in by_unit(scores)? {
        let sum = total.remove(&(unit, period));
        let place = period.map_or_else(|| unit.to_owned(), |p| format!("{unit} {p}"));
        match (score, sum) {
            (Some(score), Some(sum)) if agree(score, sum) => {}
            (None, None) => {}
            (score, sum) => {
                let shown = |v: Option<f64>| v.map_or_else(|| "none".to_owned(), |v| v.to_string());
                differences.push(format!("{place}: score {}, contributions {}", shown(score), shown(sum)));
            }
        }
    }
    differences.extend(total.keys().map(|(unit, _)| format!("{unit}: contributions, but no score")));
    Ok(differences)
}

/// Parts of a change add up to the difference of the two scores.
fn changes(scores: &DataFrame, parts: &DataFrame) -> FrameResult<Vec<String>> {
    let scores = by_unit(scores)?;
    let mut total: BTreeMap<(&str, Option<i64>, Option<i64>), f64> = BTreeMap::new();
    let from = frame::wholes(parts, "from")?.into_iter().zip(frame::wholes(parts, "to")?);
    let keys = frame::words(parts, "unit")?.into_iter().zip(from);
    for ((unit, (from, to)), part) in keys.zip(frame::numbers(parts, "change")?) {
        *total.entry((unit, from, to)).or_default() += part.unwrap_or(f64::NAN);
    }
    let score = |unit, period| scores.get(&(unit, period)).copied().flatten();
    let wrong = total.into_iter().filter_map(|((unit, from, to), sum)| match (score(unit, from), score(unit, to)) {
        (Some(before), Some(after)) if agree(after - before, sum) => None,
        _ => Some(format!("{unit}: the parts of the change add up to {sum}")),
    });
    Ok(wrong.collect())
}

fn replay(
    folder: &Path,
    table: &Path,
    log: &TableLog,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Vec<Check>, RunError> {
    let broken = |path: &Path, message: String| RunError::Broken { path: path.to_owned(), message };
    let load = |name: &str| {
        let file = folder.join(name);
        Source::load(&file, &Overrides::default()).map_err(|e| broken(&file, e.to_string()))
    };
    let source = load(POLICY)?;
    let against = log.against.then(|| load(AGAINST)).transpose()?;
    let given = folder.join(REPLAY);
    let fitted: Option<Fitted> = match log.replay {
        false => None,
        true => {
            let text = std::fs::read_to_string(&given).map_err(RunError::io(&given))?;
            Some(serde_json::from_str(&text).map_err(|e| broken(&given, e.to_string()))?)
        }
    };
    let options = TableOptions { sheet: log.sheet.clone(), replay: fitted, against, lang: log.lang };
    let failed = |e: ScoreError| broken(table, e.render(lang));
    let scored = score(table, &source, &options, progress).map_err(failed)?;
    let (again, found) = files(&scored, &source, &options, log.csv).map_err(failed)?;

    let changed = !log.inputs.values().any(|hash| *hash == scored.input.1);
    let named = format!("{}: not the file of the run", scored.input.0);
    let inputs = Check {
        level: Level::Replay,
        what: "verify-inputs",
        checked: 1,
        differences: changed.then_some(named).into_iter().collect(),
    };
    let mut differences: Vec<String> = Vec::new();
    for (name, bytes) in &again {
        match std::fs::read(folder.join(name)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => differences.push(format!("{name}: the replay gives other bytes")),
            Err(error) => differences.push(format!("{name}: {error}")),
        }
    }
    // The file may have another name here; its hash is compared above.
    let as_many = found.inputs.len() == log.inputs.len();
    let found = TableLog { inputs: log.inputs.clone(), ..found };
    if found.version != log.version {
        differences.push(format!("version: {} then, {} now", log.version, found.version));
    } else if differences.is_empty() && !(as_many && found == *log) {
        differences.push("run.json: the replay gives another log".to_owned());
    }
    let outputs = Check { level: Level::Replay, what: "verify-replay", checked: again.len(), differences };
    Ok(vec![inputs, outputs])
}
