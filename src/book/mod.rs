//! The county book: table contracts, header aliases, readers, checks and quarantine. Nothing but
//! this folder knows a file format of the county.
//!
//! A book goes through it once: files become sheets (`read`), a sheet's header row and form are
//! found by content (`headers`, `lexicon`, `forms`), its rows are told apart (`rows`, `sheet`) and
//! their cells read (`cells`, `value`); then villages and people are resolved across all sheets
//! (`resolve`, `people`), fields and tables are checked against each other (`checks`), double
//! records are merged (`merge`), and what is left are the canonical [`Tables`] and a
//! [`CheckReport`].

mod assemble;
mod cells;
mod checks;
mod config;
mod corrections;
mod doc;
mod draft;
mod emit;
mod fill;
mod finder;
mod findings;
mod forms;
mod headers;
mod json;
mod keys;
mod layout;
mod lexicon;
pub mod lines;
pub mod marker;
mod merge;
mod notes;
mod people;
mod persons;
mod places;
pub mod raw;
pub mod read;
mod report;
mod resolve;
mod rows;
mod salt;
pub mod schema;
mod sheet;
mod tables;
mod titles;
mod totals;
pub mod trace;
mod typed;
pub mod value;
mod villages;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

pub use assemble::{assemble, assemble_traced};
pub use doc::schema_doc;
pub use findings::{Listing, flags_csv, quarantine_csv, reason_label, write_findings_csv};
pub use json::report_json;
pub use places::{Place, Places};
pub use report::{CheckReport, Correction, Finding, NotRead, SheetReport};
pub use salt::{SaltOrigin, salt_file, salt_of, sibling};
pub use tables::{Tables, TablesError};

use crate::frame::FrameError;
use crate::ident::{Salt, Seal};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::say;

/// A county book, read, joined and checked.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub tables: Tables,
    pub report: CheckReport,
    /// Every file that was read and its BLAKE3 hash, by name.
    pub hashes: Vec<(String, String)>,
    /// The date of filling in (填报时间, 截至 …) that titles and notes state, the latest of several;
    /// or `as_of` of `book.toml`. A month alone counts as its last day.
    pub as_of_found: Option<NaiveDate>,
    /// The latest day in the book that does not lie far in the future.
    pub latest: Option<NaiveDate>,
    /// Where the salt came from, if [`open`] chose it.
    pub salt: Option<SaltOrigin>,
    /// Fingerprint of the salt; `None` of tables that never were a book.
    pub salt_print: Option<String>,
    /// Key of the check codes of sheets that leave this book and come back.
    pub seal: Seal,
}

impl Book {
    /// The reference date that the book itself gives: the date of filling in, else its latest day.
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.as_of_found.or(self.latest)
    }
}

/// A book cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Reading files failed.
    #[error("{0}")]
    Read(#[from] read::ReadError),
    /// `book.toml` is wrong.
    #[error("book.toml: {0}")]
    Config(String),
    /// No sheet is a table of the book; says why, sheet by sheet.
    #[error("no sheet is a table of the county book")]
    NoTable(Vec<NotRead>),
    /// A sheet's rows do not add up.
    #[error("{file} {sheet}: rows are not accepted + ignored + quarantined")]
    Counts { file: String, sheet: String },
    /// A table does not fit its schema.
    #[error("{0}")]
    Tables(TablesError),
    /// polars or arrow refused.
    #[error("{0}")]
    Frame(#[from] FrameError),
}

impl BookError {
    /// What is wrong, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            BookError::Read(error) => error.say(lang),
            BookError::Config(why) => say!(lang, "book-error-config", why = why),
            BookError::NoTable(files) => {
                let mut text = say!(lang, "book-error-no-table");
                for file in files.iter().take(10) {
                    text.push_str("\n  ");
                    text.push_str(&file.say(lang));
                }
                text
            }
            BookError::Counts { file, sheet } => say!(lang, "book-error-counts", file = file, sheet = sheet),
            BookError::Tables(error) => error.to_string(),
            BookError::Frame(error) => error.to_string(),
        }
    }
}

/// Opens a book with the salt that is kept beside it (see [`salt_of`]).
///
/// # Errors
/// The path cannot be read, holds no table, or its `book.toml` is wrong.
pub fn open(path: &Path, policy: &Policy) -> Result<Book, BookError> {
    open_at(At::of(path), policy)
}

/// Where a book lies.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub path: &'a Path,
    /// Corrected copies that lie in a folder of their own (see [`crate::returns`]).
    pub corrections: Option<&'a Path>,
}

impl<'a> At<'a> {
    /// A book without further corrections.
    pub fn of(path: &'a Path) -> Self {
        At { path, corrections: None }
    }

    fn read(self) -> Result<raw::Opened, BookError> {
        let mut opened = read::open(self.path)?;
        if let Some(folder) = self.corrections {
            read::corrections(folder, &mut opened)?;
        }
        Ok(opened)
    }
}

/// The same, with corrected copies.
///
/// # Errors
/// See [`open`].
pub fn open_at(at: At, policy: &Policy) -> Result<Book, BookError> {
    let (path, opened) = (at.path, at.read()?);
    let (salt, origin) = salt_of(path, &opened.root, &opened.hashes);
    let mut book = assemble(opened, policy, &salt)?;
    book.salt = Some(origin);
    if origin == SaltOrigin::Derived {
        book.report.flags.insert(
            0,
            Finding {
                file: salt_file(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
                sheet: String::new(),
                row: 0,
                column: String::new(),
                value: String::new(),
                reason: "salt_derived".into(),
                detail: String::new(),
            },
        );
    }
    Ok(book)
}

/// Opens those files of a book alone that an earlier run read: what the book was then. `inputs` are
/// names and BLAKE3 hashes; a file that was renamed since counts under its old name. `None` if any
/// of them is no longer there as it was.
///
/// # Errors
/// See [`open`].
pub fn open_as_of(at: At, policy: &Policy, inputs: &BTreeMap<String, String>) -> Result<Option<Book>, BookError> {
    let (path, mut opened) = (at.path, at.read()?);
    let (salt, origin) = salt_of(path, &opened.root, &opened.hashes);
    // Today's name of a file → the name it had. A file of the same name comes first.
    let mut then: BTreeMap<String, String> = BTreeMap::new();
    for (name, hash) in inputs {
        let same = opened.hashes.iter().find(|(n, h)| n == name && h == hash);
        let moved =
            || opened.hashes.iter().find(|(n, h)| h == hash && !inputs.contains_key(n) && !then.contains_key(n));
        let Some((now, _)) = same.or_else(moved) else { return Ok(None) };
        then.insert(now.clone(), name.clone());
    }
    opened.sheets.retain(|sheet| then.contains_key(&sheet.file));
    for sheet in &mut opened.sheets {
        if let Some(name) = then.get(&sheet.file) {
            sheet.file.clone_from(name);
        }
    }
    opened.not_read.clear();
    opened.hashes = inputs.iter().map(|(n, h)| (n.clone(), h.clone())).collect();
    let mut book = assemble(opened, policy, &salt)?;
    book.salt = Some(origin);
    Ok(Some(book))
}

/// Opens a book with a given salt; nothing is written.
///
/// # Errors
/// See [`open`].
pub fn open_with(path: &Path, policy: &Policy, salt: &Salt) -> Result<Book, BookError> {
    assemble(read::open(path)?, policy, salt)
}

/// The Chinese label of a canonical column, or the name itself.
fn schema_label(column: &str) -> String {
    let known = schema::TABLES.iter().find_map(|t| t.column(column));
    known.map_or_else(|| column.to_owned(), |c| c.zh.to_owned())
}
