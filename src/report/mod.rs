//! What a reader holds in the hand: `report.html` (one file that needs no network) and
//! `report.xlsx`, both from the stages' output tables alone.
//!
//! Nothing is computed here that a stage should have computed: this folder counts, sorts, words
//! and draws. A table that is missing, or lacks a column, does not stop the report; the section
//! says that it could not be judged. Neither output knows a clock, a path or a duration, so the
//! same tables give the same bytes.
//!
//! - `digest` gathers what the first page says, once for both outputs;
//! - `grid` turns a frame into labelled, formatted cells, once for both outputs;
//! - `html` and `sheets` lay them out, `chart` draws.

mod chart;
mod digest;
pub(crate) mod format;
mod grid;
mod html;
mod label;
mod parts;
pub(crate) mod people;
mod sheets;
mod since;
pub(crate) mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::DataFrame;

use crate::book::{CheckReport, Tables};
use crate::lang::Lang;
use crate::stage::Context;

pub(crate) use self::grid::vocabulary;

use self::digest::{Desk, Digest};
use self::label::Labels;
pub(crate) use self::people::People;
use self::view::{Rows, Source};

/// More counties than this are summarised county by county, without tables of villages.
pub const MANY_COUNTIES: usize = 20;

/// Who the report is for.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Names of people; marked 内部资料 on each page.
    Internal,
    /// One township: its own villages and people alone, by name; marked 内部资料.
    Township(String),
    /// Codes instead of names; recommenders who could be recognised are left out.
    #[default]
    Summary,
}

impl Audience {
    /// May this reader see names?
    pub fn sees_names(&self) -> bool {
        !matches!(self, Audience::Summary)
    }
}

/// Everything a report is made from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Policy, reference date, language.
    pub ctx: &'a Context<'a>,
    /// The county book.
    pub tables: &'a Tables,
    /// What reading the book found.
    pub check: &'a CheckReport,
    /// The stages' output tables by name.
    pub outcome: &'a BTreeMap<&'static str, DataFrame>,
    pub audience: &'a Audience,
    /// Heading; `None` makes one from the county's name.
    pub title: Option<&'a str>,
    /// Only this county of a book that holds several.
    pub county: Option<&'a str>,
    /// Version of the program that made it.
    pub version: &'a str,
    /// Further sentences for "what could not be judged", such as a run without recorded dates.
    pub notes: &'a [String],
}

/// The workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// rust_xlsxwriter refused: more rows than a sheet holds, or the like.
    #[error("failed to write the workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

/// The report as one HTML page: styles, script and charts inside, readable without script and
/// laid out for A4.
pub fn html(input: &Input) -> String {
    html::page(&Report::new(input))
}

/// The report's tables as a workbook (bytes of an .xlsx file): one sheet per table, a first sheet
/// that says what the report's first page says.
///
/// # Errors
/// A table does not fit a sheet.
pub fn xlsx(input: &Input) -> Result<Vec<u8>, ReportError> {
    sheets::workbook(&Report::new(input))
}

/// The page of a `whatif`: base and variants side by side, who enters and leaves each list. `outcome`
/// holds its tables `variants`, `figures`, `changes` and `changes_summary`.
pub fn whatif_html(input: &Input) -> String {
    html::whatif(&Report::new(input))
}

/// The same as a workbook (bytes of an .xlsx file).
///
/// # Errors
/// A table does not fit a sheet.
pub fn whatif_xlsx(input: &Input) -> Result<Vec<u8>, ReportError> {
    sheets::whatif(&Report::new(input))
}

/// One table as a workbook of its own, laid out like the report's sheets.
///
/// # Errors
/// The table does not fit a sheet.
pub fn one_sheet(
    name: &str,
    table: &DataFrame,
    tables: &Tables,
    audience: &Audience,
    ctx: &Context,
) -> Result<Vec<u8>, ReportError> {
    let (outcome, check) = (BTreeMap::new(), CheckReport::default());
    let input = Input {
        ctx,
        tables,
        check: &check,
        outcome: &outcome,
        audience,
        title: None,
        county: None,
        version: env!("CARGO_PKG_VERSION"),
        notes: &[],
    };
    sheets::only(&Report::new(&input), name, table)
}

fn village_names(source: &Source) -> HashMap<String, String> {
    let rows = Rows::of(source.book("villages"));
    let pairs = rows.words("village").into_iter().zip(rows.words("village_name"));
    pairs.filter(|(_, name)| !name.is_empty()).map(|(key, name)| (key.to_owned(), name.to_owned())).collect()
}

/// The input, prepared: frames of the chosen county, labels, names, and the digest.
struct Report<'a> {
    input: &'a Input<'a>,
    lang: Lang,
    source: Source,
    labels: Labels<'a>,
    people: People,
    /// Names of villages by key; looked up, never iterated.
    villages: HashMap<String, String>,
    counties: Vec<String>,
    digest: Digest,
}

impl<'a> Report<'a> {
    fn new(input: &'a Input<'a>) -> Self {
        let lang = input.ctx.lang;
        let source = Source::new(input.outcome, input.tables, input.county);
        let people = People::new(input.tables, input.audience);
        let labels = Labels::new(lang, input.ctx.policy);
        let mut counties = BTreeSet::new();
        for frame in [source.book("villages"), source.outcome("scores"), source.outcome("supervision")] {
            let rows = Rows::of(frame);
            counties.extend(rows.words("county").into_iter().filter(|c| !c.is_empty()).map(str::to_owned));
        }
        let counties: Vec<String> = counties.into_iter().collect();
        let villages = village_names(&source);
        let desk = Desk {
            input,
            lang,
            source: &source,
            labels: &labels,
            people: &people,
            villages: &villages,
            several: counties.len() > 1,
        };
        let digest = Digest::new(&desk);
        Report { input, lang, source, labels, people, villages, counties, digest }
    }

    /// Does the report name the county of each row?
    fn several(&self) -> bool {
        self.counties.len() > 1
    }

    /// Are there too many counties for tables of villages?
    fn summary_only(&self) -> bool {
        self.counties.len() > MANY_COUNTIES
    }

    /// The heading.
    fn title(&self) -> String {
        if let Some(title) = self.input.title {
            return title.to_owned();
        }
        match self.counties.as_slice() {
            // A county code stands in the book, not a name: it says nothing in a heading.
            [county] if !county.chars().all(|c| c.is_ascii_digit()) => {
                crate::say!(self.lang, "report-title-county", county = county)
            }
            _ => self.lang.text("report-title"),
        }
    }
}

/// Heading of an output column in the reader's language; the name itself if the catalogue has none.
pub fn column_label(lang: Lang, policy: &crate::policy::Policy, name: &str) -> String {
    Labels::new(lang, policy).column(name)
}

/// The label of a column of an output table: some names mean something of their own in one table.
pub fn column_label_in(lang: Lang, policy: &crate::policy::Policy, table: &str, name: &str) -> String {
    Labels::new(lang, policy).column(label::label_key(table, name))
}

/// What stands in a text column, in the reader's language: codes as words, anything else as it is.
pub fn text_label(lang: Lang, policy: &crate::policy::Policy, column: &str, text: &str) -> String {
    Labels::new(lang, policy).text(column, text)
}

/// Soft bars of a pair with their label; what is only to be clarified has its own.
pub(crate) fn bars(lang: Lang, text: &str) -> String {
    let marks = crate::say!(lang, "reserve-to-clarify", list = "");
    match text.is_empty() || text.starts_with(marks.trim_end()) {
        true => text.to_owned(),
        false => crate::say!(lang, "report-soft-bars", bars = text),
    }
}

/// A basis as a reader knows it: keys of the policy become the names of what they hold.
pub(crate) fn basis_label(lang: Lang, policy: &crate::policy::Policy, text: &str) -> String {
    Labels::new(lang, policy).basis(text)
}
