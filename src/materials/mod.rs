//! Meeting materials: what the organisation department hands out when it meets. The study report
//! in official form, its annexes, a page per supervised village (一村一策) and a file per candidate
//! (一人一档), from an output folder alone.
//!
//! Nothing is computed here that a stage should have computed: these files count, word and lay out.
//! No clock, path or duration gets into them, so the same output gives the same bytes.
//!
//! - `desk` reads an output and cuts it to one county;
//! - `report` (with `reserve` and `chains`), `annex`, `village`, `person` say what stands in each file; further sections and
//!   annexes are further lines in a list;
//! - `docx` and `form` know the official form.

mod annex;
mod chains;
mod desk;
mod docx;
mod form;
mod people;
mod person;
mod report;
mod reserve;
mod village;

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

pub use desk::{Input, records};
pub use people::{TABLES as PEOPLE_TABLES, tables as people_tables};

use crate::lang::Lang;
use crate::report::MANY_COUNTIES;
use crate::run::{Audience, File, Folder, RunError};
use crate::say;

use desk::Desk;

/// The list of a materials folder that stands by itself.
pub const MANIFEST: &str = "materials.json";

/// What to make.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only this county of an output that holds several.
    pub county: Option<String>,
    /// A file for everybody in the pool, not only for those on a shortlist.
    pub all_people: bool,
}

/// Materials could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MaterialsError {
    /// Files of the output folder are missing or not as its log has them.
    #[error("{}: changed since the run: {}", folder.display(), files.join(", "))]
    Damaged { folder: PathBuf, files: Vec<String> },
    /// Too many counties for one folder of materials.
    #[error("{0} counties")]
    TooMany(usize),
    /// The output holds no such county.
    #[error("no county {county}")]
    NoCounty { county: String, known: Vec<String> },
    /// A document could not be written.
    #[error("{0}")]
    Document(String),
    /// A table lacks a column.
    #[error("{0}")]
    Frame(#[from] crate::frame::FrameError),
}

impl MaterialsError {
    /// The message in the reader's language: what, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            MaterialsError::Damaged { folder, files } => {
                let names: Vec<&str> = files.iter().take(5).map(String::as_str).collect();
                let names = names.join(&lang.text("list-comma"));
                say!(lang, "mat-error-damaged", path = folder.display().to_string(), n = files.len(), names = names)
            }
            MaterialsError::TooMany(n) => say!(lang, "mat-error-many", n = *n, most = MANY_COUNTIES),
            MaterialsError::NoCounty { county, known } => {
                let names: Vec<&str> = known.iter().take(10).map(String::as_str).collect();
                say!(lang, "mat-error-county", county = county, known = names.join(&lang.text("list-comma")))
            }
            MaterialsError::Document(error) => say!(lang, "mat-error-document", error = error),
            MaterialsError::Frame(error) => say!(lang, "mat-error-document", error = error.to_string()),
        }
    }
}

/// One file that is still to be made.
enum Job<'d> {
    Report,
    Annex(&'d annex::Annex),
    Villages,
    Person(&'d str),
}

/// All files, sorted by name; those of several counties each in a folder of the county's name.
///
/// # Errors
/// Too many counties, none of that name, or a document cannot be written.
pub fn files(input: &Input, options: &Options) -> Result<Vec<File>, MaterialsError> {
    let known = input.counties();
    let wanted: Vec<&String> = match &options.county {
        Some(county) => known.iter().filter(|c| *c == county).collect(),
        None => known.iter().collect(),
    };
    if let Some(county) = options.county.as_ref().filter(|_| wanted.is_empty()) {
        return Err(MaterialsError::NoCounty { county: county.clone(), known });
    }
    if wanted.len() > MANY_COUNTIES {
        return Err(MaterialsError::TooMany(wanted.len()));
    }
    if wanted.is_empty() {
        return county(&Desk::new(input, "", true)?, options, "");
    }
    let mut all = Vec::new();
    for name in &wanted {
        let folder = if wanted.len() > 1 { format!("{}/", person::file_name(name)) } else { String::new() };
        all.extend(county(&Desk::new(input, name, known.len() == 1)?, options, &folder)?);
    }
    all.sort();
    Ok(all)
}

fn county(desk: &Desk, options: &Options, folder: &str) -> Result<Vec<File>, MaterialsError> {
    let lang = desk.lang;
    let annexes = annex::all(desk);
    let file = person::Files::new(desk);
    let people = if desk.sees_names() { file.people(options.all_people) } else { Vec::new() };
    let mut jobs: Vec<(String, Job)> = vec![(lang.text("mat-file-report"), Job::Report)];
    jobs.extend(annexes.iter().map(|a| (a.file.clone(), Job::Annex(a))));
    if !village::listed(desk).is_empty() {
        jobs.push((say!(lang, "mat-file-villages", n = annexes.len() + 1), Job::Villages));
    }
    jobs.extend(people.iter().map(|p| (file.path(p), Job::Person(p))));
    let mut files: Vec<File> = jobs
        .par_iter()
        .map(|(name, job)| {
            let mut bytes = match job {
                Job::Report => report::document(desk, &annexes),
                Job::Annex(annex) => annex.workbook(desk),
                Job::Villages => village::document(desk),
                Job::Person(code) => file.document(code),
            }?;
            crate::run::same_on_every_system(&mut bytes);
            Ok((format!("{folder}{name}"), bytes))
        })
        .collect::<Result<_, MaterialsError>>()?;
    files.sort();
    Ok(files)
}

/// What a materials folder that stands by itself says of its origin.
#[derive(Serialize)]
struct Manifest<'a> {
    version: &'a str,
    /// BLAKE3 of the `run.json` that the materials were made from.
    run: String,
    as_of: chrono::NaiveDate,
    lang: Lang,
    audience: &'a Audience,
    #[serde(skip_serializing_if = "Option::is_none")]
    county: Option<&'a str>,
    all_people: bool,
    /// BLAKE3 of every file.
    outputs: std::collections::BTreeMap<&'a str, String>,
}

/// Writes the materials of the output folder `from` into the folder `to`, whole or not at all.
///
/// # Errors
/// `to` holds something else, or the disk refuses.
pub fn write(from: &Path, to: &Path, input: &Input, options: &Options, files: &[File]) -> Result<(), RunError> {
    let path = from.join("run.json");
    let log = std::fs::read(&path).map_err(|error| RunError::Io { path, error })?;
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION"),
        run: hash(&log),
        as_of: input.as_of,
        lang: input.lang,
        audience: &input.audience,
        county: options.county.as_deref(),
        all_people: options.all_people,
        outputs: files.iter().map(|(name, bytes)| (name.as_str(), hash(bytes))).collect(),
    };
    let folder = Folder::marked(to, MANIFEST)?;
    for (name, bytes) in files {
        folder.put(name, bytes)?;
    }
    let manifest = serde_json::to_string_pretty(&manifest).map_err(|e| RunError::Report(e.to_string()))?;
    folder.put(MANIFEST, format!("{manifest}\n").as_bytes())?;
    folder.publish()
}
