//! The files of an output folder, as bytes, and the log that belongs to them.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::log::{Kind, TableLog};
use super::{ScoreError, Scored, Source, TableOptions};
use crate::frame;
use crate::run::folder::LOG;
use crate::run::{File, Folder, RunError, TIMINGS, same_on_every_system};

/// The policy in effect.
pub(super) const POLICY: &str = "policy.toml";
/// What was fitted.
pub(super) const FITTED: &str = "fitted.json";
/// Parameters of another result, by which the table was judged.
pub(super) const REPLAY: &str = "replay.json";

/// The policy that it is compared with.
pub(super) const AGAINST: &str = "against.toml";

/// All files but `run.json`, sorted by name, and that log. The bytes depend on table, policy and
/// options alone.
///
/// # Errors
/// A table cannot be written.
pub fn files(
    scored: &Scored,
    source: &Source,
    options: &TableOptions,
    csv: bool,
) -> Result<(Vec<File>, TableLog), ScoreError> {
    let mut files = encode(&scored.tables, csv).map_err(|e| ScoreError::Frame(e.to_string()))?;
    let policy = source.policy.to_toml();
    files.push((POLICY.into(), policy.clone().into_bytes()));
    files.push((FITTED.into(), json(&scored.fitted)?));
    if let Some(replay) = &options.replay {
        files.push((REPLAY.into(), json(replay)?));
    }
    if let Some(against) = &options.against {
        files.push((AGAINST.into(), against.policy.to_toml().into_bytes()));
    }
    if !scored.notes.is_empty() {
        files.push(("notes.json".into(), json(&scored.notes)?));
    }
    files.iter_mut().for_each(|(_, bytes)| same_on_every_system(bytes));
    files.sort();
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    let counts = &scored.counts;
    let rows = [("all", counts.rows), ("read", counts.read), ("blank", counts.blank), ("later", counts.later)];
    let log = TableLog {
        kind: Kind::ScoreTable,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of: scored.as_of,
        seed: source.policy.score.uncertainty.as_ref().map(|u| u.seed),
        lang: options.lang,
        csv,
        sheet: options.sheet.clone(),
        policy: hash(policy.as_bytes()),
        inputs: BTreeMap::from([scored.input.clone()]),
        replay: options.replay.is_some(),
        against: options.against.is_some(),
        rows: rows.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
        tables: scored.tables.iter().map(|(name, table)| ((*name).to_owned(), table.height())).collect(),
        outputs: files.iter().map(|(name, bytes)| (name.clone(), hash(bytes))).collect(),
    };
    Ok((files, log))
}

/// Tables as files, in their order.
///
/// # Errors
/// A table cannot be written.
pub(in crate::run) fn encode(tables: &[(&'static str, DataFrame)], csv: bool) -> Result<Vec<File>, frame::FrameError> {
    let encoded: Vec<Vec<File>> = tables
        .par_iter()
        .map(|(name, table)| {
            let mut parquet = Vec::new();
            frame::write_parquet(table, &mut parquet)?;
            let mut files = vec![(format!("{name}.parquet"), parquet)];
            if csv {
                let mut text = Vec::new();
                frame::write_csv(table, &mut text)?;
                files.push((format!("{name}.csv"), text));
            }
            Ok(files)
        })
        .collect::<Result<_, frame::FrameError>>()?;
    Ok(encoded.into_iter().flatten().collect())
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, ScoreError> {
    let mut text = serde_json::to_string_pretty(value).map_err(|e| ScoreError::Frame(e.to_string()))?;
    text.push('\n');
    Ok(text.into_bytes())
}

/// Writes an output folder at `target`, whole or not at all; `timings` go to a file that the log
/// does not cover.
///
/// # Errors
/// See [`Folder::create`] and [`Folder::publish`].
pub fn write(target: &Path, files: &[File], log: &TableLog, timings: &BTreeMap<String, f64>) -> Result<(), RunError> {
    publish(target, files, &log.to_json(), timings)
}

/// The same with any log.
pub(in crate::run) fn publish(
    target: &Path,
    files: &[File],
    log: &str,
    timings: &BTreeMap<String, f64>,
) -> Result<(), RunError> {
    let folder = Folder::create(target)?;
    for (name, bytes) in files {
        folder.put(name, bytes)?;
    }
    let timings = serde_json::to_string_pretty(timings).expect("numbers by name");
    folder.put(TIMINGS, timings.as_bytes())?;
    folder.put(LOG, log.as_bytes())?;
    folder.publish()
}
