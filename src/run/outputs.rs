//! The files of an output folder, as bytes: tables, findings, policy, reports and their manifest.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::*;
use rayon::prelude::*;

use super::folder::LOG;
use super::{Folder, Log, Options, Outcome, Progress, RunError, StageLog, step};
use crate::book::{self, Book};
use crate::policy::Policy;
use crate::privacy::{self, Shown};
use crate::say;
use crate::scenario::WhatIf;
use crate::stage::Context;
use crate::{decisions, explain, frame, materials, report};

/// Which forms the output takes.
#[derive(Clone, Debug, Default)]
pub struct Formats {
    /// Tables as CSV beside Parquet.
    pub csv: bool,
    /// `report.html` and `report.xlsx`.
    pub report: bool,
    /// Meeting materials in `materials/`.
    pub materials: bool,
    /// The one county of many that the report is about.
    pub county: Option<String>,
}

/// Where meeting materials lie in an output folder.
pub const MATERIALS: &str = "materials/";

/// A file of the output folder.
pub type File = (String, Vec<u8>);

/// All files but `run.json`, sorted by name, of what [`crate::privacy::narrow`] lets the audience
/// see. The bytes depend on book, policy and options alone.
///
/// # Errors
/// A table or report cannot be written.
pub fn encode(
    shown: &Shown,
    policy: &Policy,
    options: &Options,
    formats: &Formats,
    progress: &dyn Progress,
) -> Result<Vec<File>, RunError> {
    let failed = |e: crate::frame::FrameError| RunError::Report(e.to_string());
    let (book, outcome) = (shown.book(), shown.outcome());
    let audience = shown.audience();
    let mut tables = outcome.tables.clone();
    if audience.sees_names() {
        let sources = explain::Sources { book, policy, outcome, lang: options.lang, audience };
        tables.extend(step(progress, "people", || materials::people_tables(&sources)).map_err(failed)?);
    }
    let tables = &tables;
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
    if formats.materials {
        let input = materials::Input {
            policy: policy.clone(),
            lang: options.lang,
            audience: audience.clone(),
            as_of: outcome.as_of,
            tables: tables.iter().map(|(name, table)| ((*name).to_owned(), table.clone())).collect(),
            flagged: book.report.flags.len(),
            quarantined: book.report.quarantine.len(),
        };
        let what = materials::Options { county: formats.county.clone(), all_people: false };
        let made = step(progress, "materials", || materials::files(&input, &what))?;
        files.extend(made.into_iter().map(|(name, bytes)| (format!("{MATERIALS}{name}"), bytes)));
    }
    if formats.report {
        let title = shown.township().map(|t| say!(options.lang, "privacy-title-township", township = &t.name));
        let ctx = Context { policy, as_of: outcome.as_of, seed: options.seed, lang: options.lang };
        let input = report::Input {
            ctx: &ctx,
            tables: &book.tables,
            check: &book.report,
            outcome: tables,
            audience,
            title: title.as_deref(),
            // A township's part holds its county's rows alone.
            county: formats.county.as_deref().filter(|_| shown.township().is_none()),
            version: env!("CARGO_PKG_VERSION"),
            notes: &outcome.notes,
        };
        let (ctx, tables) = (&ctx, &tables);
        let (html, xlsx, sheet) = step(progress, "report", || {
            std::thread::scope(|scope| {
                let xlsx = scope.spawn(|| report::xlsx(&input));
                // Where the report is a summary of many counties, nobody decides row by row.
                let decides = formats.county.is_some() || !many(book);
                let sheet = scope.spawn(move || {
                    decides.then(|| decisions::sheet(book, tables, &options.audience, ctx, formats.county.as_deref()))
                });
                let html = report::html(&input);
                (
                    html,
                    xlsx.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                    sheet.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                )
            })
        });
        if let Some(sheet) = sheet {
            files.push((decisions::FILE.into(), sheet.map_err(|e| RunError::Report(e.to_string()))?));
        }
        files.push(("report.html".into(), html.into_bytes()));
        files.push(("report.xlsx".into(), xlsx.map_err(|e| RunError::Report(e.to_string()))?));
    }
    for (_, bytes) in &mut files {
        super::same_on_every_system(bytes);
    }
    files.sort();
    Ok(files)
}

/// Are there too many counties for anything that names villages?
fn many(book: &Book) -> bool {
    let counties = frame::words(book.tables.get("villages"), "county").unwrap_or_default();
    counties.into_iter().collect::<std::collections::BTreeSet<_>>().len() > report::MANY_COUNTIES
}

/// The log that belongs to these files.
pub fn manifest(shown: &Shown, policy: &Policy, options: &Options, formats: &Formats, files: &[File]) -> Log {
    let (book, outcome) = (shown.book(), shown.outcome());
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    Log {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of: outcome.as_of,
        as_of_source: outcome.as_of_source,
        seed: options.seed,
        lang: options.lang,
        audience: shown.audience().clone(),
        csv: formats.csv,
        policy: hash(policy.to_toml().as_bytes()),
        inputs: book.hashes.iter().cloned().collect(),
        decisions: shown.sheets().iter().cloned().collect(),
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
        salt: book.salt_print.clone(),
        previous: outcome.previous.clone(),
        whatif: Vec::new(),
        outputs: files.par_iter().map(|(name, bytes)| (name.clone(), hash(bytes))).collect(),
    }
}

/// A `whatif` as its audience may see it: its tables of comparison.
///
/// # Errors
/// A table cannot be made or narrowed.
pub fn whatif_shown(book: &Book, policy: &Policy, found: &WhatIf, options: &Options) -> Result<Shown, RunError> {
    let tables = found.tables().map_err(|e| RunError::Report(e.to_string()))?;
    let outcome = Outcome { tables, stages: Vec::new(), notes: Vec::new(), ..found.base.clone() };
    Ok(privacy::narrow(book, &outcome, policy, options)?)
}

/// All files of a `whatif`, and the log that belongs to them.
///
/// # Errors
/// A table or page cannot be written.
pub fn whatif_files(
    book: &Book,
    policy: &Policy,
    found: &WhatIf,
    options: &Options,
    csv: bool,
) -> Result<(Vec<File>, Log), RunError> {
    let failed = |e: crate::frame::FrameError| RunError::Report(e.to_string());
    let shown = whatif_shown(book, policy, found, options)?;
    let (book, tables) = (shown.book(), &shown.outcome().tables);
    let mut files: Vec<File> = Vec::new();
    for (name, table) in tables {
        let mut parquet = Vec::new();
        frame::write_parquet(table, &mut parquet).map_err(failed)?;
        files.push((format!("{name}.parquet"), parquet));
        if csv {
            let mut text = Vec::new();
            frame::write_csv(table, &mut text).map_err(failed)?;
            files.push((format!("{name}.csv"), text));
        }
    }
    files.push(("policy.toml".into(), policy.to_toml().into_bytes()));
    let ctx = Context { policy, as_of: found.base.as_of, seed: options.seed, lang: options.lang };
    let title = options.lang.text("whatif-title");
    let input = report::Input {
        ctx: &ctx,
        tables: &book.tables,
        check: &book.report,
        outcome: tables,
        audience: shown.audience(),
        title: Some(&title),
        county: None,
        version: env!("CARGO_PKG_VERSION"),
        notes: &[],
    };
    files.push(("whatif.html".into(), report::whatif_html(&input).into_bytes()));
    let workbook = report::whatif_xlsx(&input).map_err(|e| RunError::Report(e.to_string()))?;
    files.push(("whatif.xlsx".into(), workbook));
    for (_, bytes) in &mut files {
        super::same_on_every_system(bytes);
    }
    files.sort();
    let formats = Formats { csv, ..Formats::default() };
    let mut log = manifest(&shown, policy, options, &formats, &files);
    log.stages = options.stages.iter().map(|s| StageLog { stage: *s, tables: BTreeMap::new() }).collect();
    log.whatif = found.variants.iter().map(|v| v.variant.clone()).collect();
    // Names of variants are as the audience may see them.
    if let Some(table) = shown.outcome().table("variants") {
        let (names, labels) = (frame::words(table, "variant"), frame::words(table, "label"));
        for ((variant, name), label) in log.whatif.iter_mut().zip(names.map_err(failed)?).zip(labels.map_err(failed)?) {
            name.clone_into(&mut variant.name);
            label.clone_into(&mut variant.label);
        }
    }
    Ok((files, log))
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
