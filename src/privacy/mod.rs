//! Who may see what: one place that decides, for every form of output.
//!
//! [`narrow`] takes a book and a run and hands on what one [`Audience`] may see of them, as a
//! [`Shown`]; encoders take nothing else, so that nothing can be written, printed or drawn that has
//! not passed here.
//!
//! | audience | sees |
//! |---|---|
//! | internal | everything, by name |
//! | township | its own villages, its own people by name; candidates from elsewhere for its posts by code alone, without their village; findings of its own rows; county-wide comparison as rank, grade and medians |
//! | summary | no names, numbers or addresses of people, wherever they stand; no word that no list knows; no free text of decisions; no age or date of birth, no pay and no size of one village's reserve (what advice says of coded people stays: scores, days of office and training); no count of people from 1 to `min_cell − 1`, nor what would let one be worked out |
//!
//! Withheld values are null in tables and ＊ in reports. What each column says about people is
//! declared in [`registry`]: **a new output table needs one entry there**, else it reaches the
//! internal audience alone. Tables of coded people (shortlists, bars, the pool's review) stay in a
//! summary: they are its advice. Whoever counts their rows counts people; what is protected are the
//! aggregates and the persons, not the length of these lists.

mod audience;
mod cells;
mod check;
mod codes;
mod columns;
mod county;
mod files;
mod free;
mod merge;
mod names;
mod numbers;
mod policy;
mod range;
pub mod registry;
mod system;
mod township;
mod vocabulary;
mod who;

use polars::prelude::*;

pub use audience::{Word, word};
pub use cells::{Outputs, systems};
pub use names::{MASK, Names, Patterns};
pub use policy::PrivacyPolicy;
pub use system::{Audit, System, hide_parts};
pub use township::{NoTownship, Township};

use self::codes::{Door, Strange};
use self::columns::{column_names, distinct, empty, is_place, mask_column, mask_columns, rewrite, without_numbers};
use self::files::Files;
use self::free::Filings;
use self::registry::Class;
use self::township::Own;
use self::vocabulary::Vocabulary;
use self::who::{all_names, likely_names, strangers};
use crate::book::schema::{Kind, Vocab};
use crate::book::{Book, CheckReport, Tables, TablesError};
use crate::frame::{self, FrameError, FrameResult};
use crate::policy::Policy;
use crate::report::Audience;
use crate::run::{Options, Outcome};
use crate::say;

/// A run as one audience may see it. Only [`narrow`] makes one.
#[derive(Clone, Debug)]
pub struct Shown {
    book: Book,
    outcome: Outcome,
    audience: Audience,
    township: Option<Township>,
    /// Sheets of decisions that the run was given: name as the audience may see it, and hash.
    sheets: Vec<(String, String)>,
}

impl Shown {
    /// The sheets of decisions that the run was given: name and hash.
    pub fn sheets(&self) -> &[(String, String)] {
        &self.sheets
    }

    /// The book, narrowed.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The run, narrowed.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Whom it was narrowed for.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// The township that the audience is, found in the book.
    pub fn township(&self) -> Option<&Township> {
        self.township.as_ref()
    }
}

/// Why a run cannot be narrowed.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// The audience is a township that the book does not have, or has several times.
    #[error("{0}")]
    Township(#[from] NoTownship),
    /// A table of the book does not fit its schema.
    #[error("{0}")]
    Tables(#[from] TablesError),
    /// A column is of another type than documented.
    #[error("{0}")]
    Frame(#[from] FrameError),
}

impl From<PolarsError> for PrivacyError {
    fn from(error: PolarsError) -> Self {
        PrivacyError::Frame(error.into())
    }
}

/// What `options.audience` may see of a book and of a run over it. Ranks, grades and everything else
/// were found over the whole book; the result is cut and masked afterwards.
///
/// # Errors
/// No such township, or a table that does not fit its schema.
pub fn narrow(book: &Book, outcome: &Outcome, policy: &Policy, options: &Options) -> Result<Shown, PrivacyError> {
    match &options.audience {
        Audience::Internal => {
            let sheets = options.decisions.files.clone();
            Ok(Shown {
                book: book.clone(),
                outcome: outcome.clone(),
                audience: Audience::Internal,
                township: None,
                sheets,
            })
        }
        Audience::Township(name) => {
            let place = Township::find(&book.tables, name)??;
            for_township(book, outcome, policy, options, place)
        }
        Audience::Summary => for_summary(book, outcome, policy, options),
    }
}

// ─── a township ──────────────────────────────────────────────────────────────

fn for_township(
    book: &Book,
    outcome: &Outcome,
    policy: &Policy,
    options: &Options,
    place: Township,
) -> Result<Shown, PrivacyError> {
    let own = Own::new(&book.tables, place)?;
    let names = strangers(book, &own)?;
    let vocabulary = Vocabulary::new(&book.tables, policy)?.without(&names);
    let door = Door { names: &names, vocabulary: &vocabulary, strange: None, policy, lang: options.lang };
    let files = Files::new(book.hashes.iter().chain(&options.decisions.files), &names);
    let mut tables = own.outputs(&outcome.tables, options.lang)?;
    let mut notes = Vec::new();
    declared(&mut tables, &mut notes, options);
    of_files(&mut tables, &files)?;
    mask_columns(&mut tables, &names, &[Class::Text, Class::Counted, Class::Name, Class::Free, Class::Person])?;
    door.outputs(&mut tables)?;
    let mut shown = Tables::default();
    for (table, frame) in own.book(&book.tables)?.iter() {
        let mut frame = frame.clone();
        for column in table.columns.iter().filter(|c| c.kind == Kind::Text && !is_place(c.name)) {
            // A name that is its bearer's own stays.
            if !(table.name == "people" && column.name == "name") {
                mask_column(&mut frame, column.name, &names)?;
            }
        }
        door.book(table, &mut frame)?;
        shown.set(table.name, frame)?;
    }
    let (check, lost) = check::township(&book.report, &own.place, &names, &files);
    notes.insert(0, standing(&outcome.tables, &own, policy, options)?);
    if lost > 0 {
        notes.push(say!(options.lang, "privacy-findings-lost", n = lost));
    }
    let written = own.place.written(&book.tables)?;
    Ok(Shown {
        book: Book { tables: shown, report: check, hashes: files.hashes(&book.hashes), ..book.clone() },
        outcome: Outcome { tables, notes, plain: Default::default(), ..outcome.clone() },
        audience: Audience::Township(written),
        township: Some(own.place),
        sheets: files.hashes(&options.decisions.files),
    })
}

/// Where the county stands: the only sentence about villages of others.
fn standing(tables: &Outputs, own: &Own, policy: &Policy, options: &Options) -> FrameResult<String> {
    let lang = options.lang;
    let Some(scores) = tables.get("scores") else { return Ok(lang.text("privacy-township-only")) };
    let (county, class) = (frame::words(scores, "county")?, frame::words(scores, "class")?);
    let values = frame::numbers(scores, "score")?;
    let mut all = Vec::new();
    let mut by_class: std::collections::BTreeMap<&str, Vec<f64>> = std::collections::BTreeMap::new();
    for (i, value) in values.iter().enumerate().filter(|(i, _)| county[*i] == own.place.county) {
        if let Some(value) = value {
            all.push(*value);
            by_class.entry(class[i]).or_default().push(*value);
        }
    }
    let villages = county.iter().filter(|c| **c == own.place.county).count();
    let shown = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
        Some(format!("{:.1}", crate::kernel::round::to((values[low] + values[high]) / 2.0, 1)))
    };
    let Some(median) = shown(&mut all) else { return Ok(lang.text("privacy-township-only")) };
    // A class of fewer villages than this would tell of single ones.
    let classes: Vec<String> = by_class
        .iter_mut()
        .filter(|(class, values)| !class.is_empty() && values.len() >= 5)
        .filter_map(|(class, values)| {
            Some(format!("{} {}", policy.words.label(lang, Vocab::VillageClass, class), shown(values)?))
        })
        .collect();
    let classes = classes.join(&lang.text("list-comma"));
    Ok(say!(lang, "privacy-township-standing", villages = villages, median = median, classes = classes))
}

// ─── a summary ───────────────────────────────────────────────────────────────

/// Columns of the book that a summary has no use for: who somebody is, where to find them, and free
/// text. Of a birth the year is left.
fn is_personal(kind: Kind, column: &str) -> bool {
    let named =
        ["name", "school", "note", "leader", "mentor", "recommended_by", "responsible", "left_reason", "ethnicity"];
    matches!(kind, Kind::IdNumber | Kind::Phone) || named.contains(&column)
}

fn for_summary(book: &Book, outcome: &Outcome, policy: &Policy, options: &Options) -> Result<Shown, PrivacyError> {
    let vocabulary = Vocabulary::new(&book.tables, policy)?;
    let strange = Strange::find(&book.tables, policy, &vocabulary, options.lang)?;
    let names = all_names(book, &strange)?;
    let vocabulary = vocabulary.without(&names);
    let door = Door { names: &names, vocabulary: &vocabulary, strange: Some(&strange), policy, lang: options.lang };
    let files = Files::new(book.hashes.iter().chain(&options.decisions.files), &names);
    let filings = Filings::of(&book.tables)?;
    let mut tables = outcome.tables.clone();
    let mut notes = Vec::new();
    tables.retain(|name, _| !registry::form(name).is_some_and(|form| form.personal));
    declared(&mut tables, &mut notes, options);
    for ((name, column), texts) in &outcome.plain {
        if let Some(table) = tables.get_mut(name).filter(|t| t.height() == texts.len()) {
            let plain = StringChunked::from_iter_values((*column).into(), texts.iter().map(String::as_str));
            table.with_column(plain.into_column())?;
        }
    }
    merge::alike(&mut tables, &door)?;
    cells::suppress(&mut tables, policy, outcome.as_of)?;
    recommenders(&mut tables, &names, policy)?;
    for (name, table) in &mut tables {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if matches!(form.class(&column), Some(Class::Name | Class::One)) {
                empty(table, &column)?;
            }
        }
    }
    free::keep(&mut tables, &vocabulary, options)?;
    if let Some(table) = tables.get_mut("unfiled") {
        rewrite(table, "detail", |_, text| filings.clear(text))?;
    }
    of_files(&mut tables, &files)?;
    mask_columns(&mut tables, &names, &[Class::Text, Class::Counted, Class::Free, Class::Person])?;
    door.outputs(&mut tables)?;
    numberless(&mut tables)?;
    changed(&mut tables)?;
    let mut shown = Tables::default();
    for (table, frame) in book.tables.iter() {
        let mut frame = frame.clone();
        for column in table.columns {
            if is_personal(column.kind, column.name) {
                empty(&mut frame, column.name)?;
            } else if column.name == "filing_number" {
                let found = frame.column(column.name)?.clone();
                let clear = |text: &str| filings.clear(text).or_else(|| masked(&names, text));
                if let Some(cleared) = distinct(&found, clear)? {
                    frame.with_column(cleared)?;
                }
            } else if column.kind == Kind::Text && !is_place(column.name) {
                mask_column(&mut frame, column.name, &names)?;
            } else if column.name == "birth" {
                years_only(&mut frame, column.name)?;
            }
        }
        door.book(table, &mut frame)?;
        shown.set(table.name, frame)?;
    }
    let check: CheckReport = check::summary(&book.report, &names, &files, &vocabulary);
    let masked = outcome.notes.iter().map(|note| names.mask(note).into_owned());
    let mut all: Vec<String> = masked.collect();
    if policy.privacy.suppresses() {
        all.push(say!(options.lang, "privacy-legend", least = policy.privacy.min_cell));
    }
    if strange.cells > 0 {
        all.push(say!(options.lang, "privacy-unlisted", n = strange.cells));
    }
    all.extend(notes);
    Ok(Shown {
        book: Book { tables: shown, report: check, hashes: files.hashes(&book.hashes), ..book.clone() },
        outcome: Outcome { tables, notes: all, plain: Default::default(), ..outcome.clone() },
        audience: Audience::Summary,
        township: None,
        sheets: files.hashes(&options.decisions.files),
    })
}

/// Recommenders that may be people, or that named fewer people than may be shown, are left out.
fn recommenders(tables: &mut Outputs, names: &Names, policy: &Policy) -> FrameResult<()> {
    let Some(table) = tables.get_mut("pool_outcomes") else { return Ok(()) };
    let (dimension, key) = (frame::words(table, "dimension")?, frame::words(table, "key")?);
    let people = frame::wholes(table, "people")?;
    let keep = (0..table.height())
        .map(|i| {
            dimension[i] != "recommender"
                || (people[i].is_some() || !policy.privacy.suppresses())
                    && names.find(key[i]).is_empty()
                    && likely_names(key[i]).next().is_none()
        })
        .collect();
    let kept = township::filter(table, keep)?;
    *table = kept;
    Ok(())
}

/// Columns of files name them as the reader may see them.
fn of_files(tables: &mut Outputs, files: &Files) -> FrameResult<()> {
    for (name, table) in tables.iter_mut().filter(|(name, _)| registry::form(name).is_some()) {
        if name.starts_with("decision") || *name == "waivers_granted" {
            rewrite(table, "file", |_, file| Some(files.show(file)).filter(|shown| shown != file))?;
        }
    }
    Ok(())
}

/// A text without names and numbers, if it has any.
fn masked(names: &Names, text: &str) -> Option<String> {
    match names.mask(text) {
        std::borrow::Cow::Borrowed(_) => None,
        std::borrow::Cow::Owned(masked) => Some(masked),
    }
}

/// Dates as the first of January of their year.
fn years_only(frame: &mut DataFrame, column: &str) -> FrameResult<()> {
    use chrono::{Datelike, NaiveDate};
    let days: Int32Chunked = frame::dates(frame, column)?
        .into_iter()
        .map(|day| day.and_then(|d| NaiveDate::from_ymd_opt(d.year(), 1, 1)).map(frame::to_days))
        .collect();
    frame.with_column(days.with_name(column.into()).into_date().into_column())?;
    Ok(())
}

// ─── both ────────────────────────────────────────────────────────────────────

/// Withholds what is not declared: whole tables, and columns of declared ones; and says so.
fn declared(tables: &mut Outputs, notes: &mut Vec<String>, options: &Options) {
    let lang = options.lang;
    tables.retain(|name, _| {
        let known = registry::form(name).is_some();
        if !known {
            notes.push(say!(lang, "privacy-undeclared", what = *name));
        }
        known
    });
    for (name, table) in tables.iter_mut() {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if form.class(&column).is_none() && empty(table, &column).is_ok() {
                notes.push(say!(lang, "privacy-undeclared", what = format!("{name}.{column}")));
            }
        }
    }
}

/// Lists of changes whose reasons tell ages, sizes of a village's reserve and the like.
const PRIVATE_REASONS: [&str; 12] = [
    "ladder",
    "vacancies",
    "open_posts",
    "bars",
    "shortlists",
    "assignment",
    "pool_review",
    "placements",
    "training",
    "cover",
    "advancement",
    "representation",
];

/// Numbers out of prose that tells ages and counts of people.
fn numberless(tables: &mut Outputs) -> FrameResult<()> {
    for (name, table) in tables.iter_mut() {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if form.class(&column) == Some(Class::Counted) {
                rewrite(table, &column, |_, text| without_numbers(text))?;
            }
        }
    }
    Ok(())
}

/// What changed since an earlier run that named people: no pay of single people, no figures about
/// them in the reasons.
fn changed(tables: &mut Outputs) -> FrameResult<()> {
    for name in ["changes", "changes_summary"] {
        let Some(table) = tables.get_mut(name).filter(|t| frame::has(t, "list")) else { continue };
        let keep: BooleanChunked = frame::words(table, "list")?.into_iter().map(|l| Some(l != "pay")).collect();
        *table = table.filter(&keep)?;
        if frame::has(table, "why") {
            let lists: Vec<String> = frame::words(table, "list")?.into_iter().map(str::to_owned).collect();
            let private = |row: usize| lists.get(row).is_some_and(|l| PRIVATE_REASONS.contains(&l.as_str()));
            rewrite(table, "why", |row, text| if private(row) { without_numbers(text) } else { None })?;
        }
    }
    Ok(())
}

/// Withholds small counts of people in the document of `run --json` for a summary: how many of which
/// source, status and the like the book holds, and how many events of which kind.
pub fn thin(document: &mut serde_json::Value, audience: &Audience, policy: &Policy) {
    if *audience != Audience::Summary || !policy.privacy.suppresses() {
        return;
    }
    for (table, lists) in [
        ("people", &["sources", "political_status"][..]),
        ("pool", &["sources", "status", "pool_status"][..]),
        ("events", &["kinds"][..]),
    ] {
        for list in lists {
            let Some(counts) = document.pointer_mut(&format!("/tables/{table}/{list}")) else { continue };
            let Some(counts) = counts.as_object_mut() else { continue };
            let values: Vec<i64> = counts.values().map(|v| v.as_i64().unwrap_or(0)).collect();
            for (value, hidden) in counts.values_mut().zip(hide_parts(&values, &policy.privacy)) {
                if hidden {
                    *value = serde_json::Value::Null;
                }
            }
        }
    }
}
