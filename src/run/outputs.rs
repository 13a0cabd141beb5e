//! The files of an output folder, as bytes: tables, findings, policy, reports and their manifest.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::*;
use rayon::prelude::*;

use super::folder::LOG;
use super::{Audience, Folder, Log, Options, Outcome, Progress, RunError, StageLog, step};
use crate::book::{self, Book};
use crate::policy::Policy;
use crate::stage::Context;
use crate::{frame, report};

/// Which forms the output takes.
#[derive(Clone, Debug, Default)]
pub struct Formats {
    /// Tables as CSV beside Parquet.
    pub csv: bool,
    /// `report.html` and `report.xlsx`.
    pub report: bool,
    /// The one county of many that the report is about.
    pub county: Option<String>,
}

/// A file of the output folder.
pub type File = (String, Vec<u8>);

/// All files but `run.json`, sorted by name. The bytes depend on book, policy and options alone.
///
/// # Errors
/// A table or report cannot be written.
pub fn encode(
    book: &Book,
    policy: &Policy,
    outcome: &Outcome,
    options: &Options,
    formats: &Formats,
    progress: &dyn Progress,
) -> Result<Vec<File>, RunError> {
    let failed = |e: crate::frame::FrameError| RunError::Report(e.to_string());
    let tables = match &options.audience {
        Audience::Internal | Audience::Township(_) => outcome.tables.clone(),
        Audience::Summary => withhold(&outcome.tables).map_err(failed)?,
    };
    let mut files: Vec<File> = Vec::new();
    step(progress, "tables", || -> Result<(), RunError> {
        let tables: Vec<(&str, &DataFrame)> = tables.iter().map(|(n, t)| (*n, t)).collect();
        let encoded: Vec<Vec<File>> = tables
            .par_iter()
            .map(|(name, table)| {
                let mut parquet = Vec::new();
                frame::write_parquet(table, &mut parquet)?;
                let mut files = vec![(format!("{name}.parquet"), parquet)];
                if formats.csv {
                    let mut csv = Vec::new();
                    frame::write_csv(table, &mut csv)?;
                    files.push((format!("{name}.csv"), csv));
                }
                Ok(files)
            })
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        files.extend(encoded.into_iter().flatten());
        Ok(())
    })?;
    files.push(("policy.toml".into(), policy.to_toml().into_bytes()));
    files.push(("quarantine.csv".into(), book::quarantine_csv(&book.report, options.lang)));
    files.push(("flags.csv".into(), book::flags_csv(&book.report, options.lang)));
    if formats.report {
        let ctx = Context { policy, as_of: outcome.as_of, seed: options.seed, lang: options.lang };
        let input = report::Input {
            ctx: &ctx,
            tables: &book.tables,
            check: &book.report,
            outcome: &tables,
            audience: &options.audience,
            title: None,
            county: formats.county.as_deref(),
            version: env!("CARGO_PKG_VERSION"),
            notes: &outcome.notes,
        };
        let (html, xlsx) = step(progress, "report", || {
            std::thread::scope(|scope| {
                let xlsx = scope.spawn(|| report::xlsx(&input));
                let html = report::html(&input);
                (html, xlsx.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
        });
        files.push(("report.html".into(), html.into_bytes()));
        files.push(("report.xlsx".into(), xlsx.map_err(|e| RunError::Report(e.to_string()))?));
    }
    for (_, bytes) in &mut files {
        super::same_on_every_system(bytes);
    }
    files.sort();
    Ok(files)
}

/// The log that belongs to these files.
pub fn manifest(
    book: &Book,
    policy: &Policy,
    outcome: &Outcome,
    options: &Options,
    formats: &Formats,
    files: &[File],
) -> Log {
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    Log {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of: outcome.as_of,
        as_of_source: outcome.as_of_source,
        seed: options.seed,
        lang: options.lang,
        audience: options.audience.clone(),
        csv: formats.csv,
        policy: hash(policy.to_toml().as_bytes()),
        inputs: book.hashes.iter().cloned().collect(),
        book: book.tables.iter().map(|(table, frame)| (table.name.to_owned(), frame.height())).collect(),
        county: formats.county.clone(),
        stages: outcome
            .stages
            .iter()
            .map(|(stage, names)| StageLog {
                stage: *stage,
                tables: names
                    .iter()
                    .map(|n| ((*n).to_owned(), outcome.table(n).map_or(0, DataFrame::height)))
                    .collect(),
            })
            .collect(),
        outputs: files.par_iter().map(|(name, bytes)| (name.clone(), hash(bytes))).collect(),
    }
}

/// Writes an output folder at `target`, whole or not at all. `timings` goes to `timings.json`,
/// which the log does not cover.
///
/// # Errors
/// See [`Folder::create`] and [`Folder::publish`].
pub fn write(target: &Path, files: &[File], log: &Log, timings: &BTreeMap<String, f64>) -> Result<(), RunError> {
    let folder = Folder::create(target)?;
    for (name, bytes) in files {
        folder.put(name, bytes)?;
    }
    let timings = serde_json::to_string_pretty(timings).expect("numbers by name");
    folder.put(super::TIMINGS, timings.as_bytes())?;
    folder.put(LOG, log.to_json().as_bytes())?;
    folder.publish()
}

/// Columns of free text that may hold a person's name; a summary goes without them.
const FREE_TEXT: [(&str, &str); 1] = [("supervision_measures", "responsible")];

fn withhold(
    tables: &BTreeMap<&'static str, DataFrame>,
) -> Result<BTreeMap<&'static str, DataFrame>, frame::FrameError> {
    let mut tables = tables.clone();
    for (name, column) in FREE_TEXT {
        if let Some(table) = tables.get_mut(name)
            && frame::has(table, column)
        {
            let empty = Column::full_null(column.into(), table.height(), &DataType::String);
            table.with_column(empty)?;
        }
    }
    Ok(tables)
}
