//! Decisions come back: the sheet of recommendations goes out with every run, is filled in by whoever
//! decides (采纳/不采纳/缓议), comes back with `--decisions`, and the next run tells what became of
//! each: done, overdue, against the advice; and lifts the soft gates that were waived.
//!
//! - `lists` says which output tables are advice;
//! - `columns` and `sheet` write the workbook, `read` and `merge` take it back;
//! - `follow` compares decisions with what the book shows now.
//!
//! Nothing here decides. A row is told to be the book's own by a check code, keyed by the book's
//! salt, over its ID, list, person and county; so rows of an older run, or of a township's copy,
//! are known without any list of what was sent out.

mod columns;
mod follow;
mod lists;
mod merge;
mod read;
mod sheet;
mod tables;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use crate::book::{Book, read::ReadError};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::Audience;
use crate::stage::{Context, StageResult, StageTables};

pub use lists::{Advice, collect, label};
pub use read::{name_of, read};
pub use sheet::{SheetError, sheet};

/// Output table: every recommendation and decision with its state.
pub const FOLLOW_UP: &str = "decision_follow_up";
/// Output table: the decisions as they were read.
pub const TAKEN: &str = "decisions";
/// Output table: decisions dated after the reference date, not used; the next sheet carries them.
pub const LATER: &str = "decisions_later";
/// Output table: waivers of soft gates.
pub const GRANTED: &str = "waivers_granted";
/// Output table: rows that somebody should look at.
pub const FINDINGS: &str = "decision_findings";
/// Output table: rows of each sheet, counted.
pub const SHEETS: &str = "decision_sheets";

/// The file of a run's output that goes out to be filled in.
pub const FILE: &str = "decisions.xlsx";

/// 采纳, 不采纳 or 缓议.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Adopted,
    NotAdopted,
    Deferred,
}

impl Verdict {
    /// All, in the order of the drop-down.
    pub const ALL: [Verdict; 3] = [Verdict::Adopted, Verdict::NotAdopted, Verdict::Deferred];

    /// The code in output tables.
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Adopted => "adopted",
            Verdict::NotAdopted => "not_adopted",
            Verdict::Deferred => "deferred",
        }
    }

    fn of_code(code: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|v| v.code() == code)
    }
}

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    /// Empty where the format has no sheets.
    pub sheet: String,
    /// As the spreadsheet counts, from 1.
    pub row: usize,
}

impl Place {
    fn shown(&self) -> String {
        let sheet = if self.sheet.is_empty() { String::new() } else { format!("#{}", self.sheet) };
        format!("{}{sheet}:{}", self.file, self.row)
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Accepted {
        flagged: bool,
    },
    /// Why: blank, header, title, note, undecided, …
    Ignored(&'static str),
    Quarantined(&'static str),
}

/// A row of a sheet.
#[derive(Clone, Debug)]
struct Row {
    place: Place,
    fate: Fate,
    what: What,
}

/// What a row says.
#[derive(Clone, Debug)]
enum What {
    Nothing,
    Decided(Box<Decided>),
    /// Dated after the reference date: not used, and carried into the next sheet.
    Later(Box<Decided>),
    Waived(Box<Waived>),
}

/// A decision on one recommendation.
#[derive(Clone, Debug)]
struct Decided {
    rec_id: String,
    list: String,
    county: String,
    township: String,
    /// Key of the village; empty where it is not known.
    village: String,
    village_name: String,
    /// Surrogate code; empty: none.
    whom: String,
    /// The advice as the sheet had it.
    advice: String,
    decision: Verdict,
    reason: Option<String>,
    body: Option<String>,
    date: Option<NaiveDate>,
    due: Option<NaiveDate>,
    done: Option<NaiveDate>,
    /// A day of completion after the reference date: not used, and carried into the next sheet.
    done_later: Option<NaiveDate>,
    outcome: Option<String>,
    /// The check code holds.
    ours: bool,
}

/// A waiver of one soft gate for one candidate.
#[derive(Clone, Debug)]
struct Waived {
    candidate: String,
    gate: String,
    county: String,
    township: String,
    village: String,
    village_name: String,
    reason: Option<String>,
    body: Option<String>,
    date: Option<NaiveDate>,
    /// `granted`, `incomplete`, `refused_hard`, `not_needed`, `later` (after the reference date).
    state: &'static str,
}

/// Something to look at, in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub place: Place,
    /// Heading of the column.
    pub column: String,
    /// What stood there; long numbers masked.
    pub value: String,
    /// Code: the message is `decisions-remark-…`.
    pub reason: &'static str,
    /// The row is not used.
    pub quarantined: bool,
}

/// Sheets of decisions, read.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// Name and BLAKE3 hash of every file.
    pub files: Vec<(String, String)>,
    rows: Vec<Row>,
    remarks: Vec<Remark>,
}

/// Rows of one sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub rows: usize,
    pub accepted: usize,
    /// Of the accepted.
    pub flagged: usize,
    pub ignored: usize,
    pub quarantined: usize,
}

/// A file of decisions cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum DecisionsError {
    /// The file cannot be read.
    #[error("{0}")]
    Read(ReadError),
    /// No sheet of it has the headings.
    #[error("{file}: no sheet of decisions (needs {headings})")]
    NoSheet { file: String, headings: String },
}

impl Decisions {
    /// Was any file given?
    pub fn given(&self) -> bool {
        !self.files.is_empty()
    }

    /// Rows by file and sheet.
    pub fn counts(&self) -> BTreeMap<(String, String), Counts> {
        let mut counts: BTreeMap<(String, String), Counts> = BTreeMap::new();
        for row in &self.rows {
            let count = counts.entry((row.place.file.clone(), row.place.sheet.clone())).or_default();
            count.rows += 1;
            match row.fate {
                Fate::Accepted { flagged } => {
                    count.accepted += 1;
                    count.flagged += usize::from(flagged);
                }
                Fate::Ignored(_) => count.ignored += 1,
                Fate::Quarantined(_) => count.quarantined += 1,
            }
        }
        counts
    }

    /// What somebody should look at.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Recommendations of people for posts that were adopted or not, as the table that the stage reserve
    /// takes: `rec_id, candidate, order` (`force` or `forbid`).
    ///
    /// # Errors
    /// The table cannot be built.
    pub fn orders(&self) -> StageResult<DataFrame> {
        tables::orders_for_stage(self)
    }

    /// Complete waivers, as the table that the stage reserve takes: `candidate, gate, reason, body,
    /// date`.
    ///
    /// # Errors
    /// Never, unless columns differ in length.
    pub fn waivers(&self) -> StageResult<DataFrame> {
        tables::waivers_for_stage(self)
    }

    /// The output tables once the stages have run.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn tables(
        &self,
        book: &Book,
        outcome: &BTreeMap<&'static str, DataFrame>,
        audience: &Audience,
        ctx: &Context,
    ) -> StageResult<StageTables> {
        let advice = lists::collect(outcome, &book.tables);
        let mut settled = self.clone();
        merge::settle(&mut settled, &advice, outcome);
        tables::tables(&settled, &advice, book, outcome, audience, ctx)
    }

    fn decided(&self) -> impl Iterator<Item = (&Place, &Decided)> {
        self.rows.iter().filter_map(|row| match (&row.what, row.fate) {
            (What::Decided(decided), Fate::Accepted { .. }) => Some((&row.place, decided.as_ref())),
            _ => None,
        })
    }

    /// Decisions after the reference date.
    fn later(&self) -> impl Iterator<Item = (&Place, &Decided)> {
        self.rows.iter().filter_map(|row| match &row.what {
            What::Later(decided) => Some((&row.place, decided.as_ref())),
            _ => None,
        })
    }

    /// Waivers, the incomplete and the refused among them.
    fn waived(&self) -> impl Iterator<Item = (&Place, &Waived)> {
        self.rows.iter().filter_map(|row| match &row.what {
            What::Waived(waived) => Some((&row.place, waived.as_ref())),
            _ => None,
        })
    }
}

/// The name of an output table from how a sheet calls its list; the word itself if none is known.
fn table_of(list: &str) -> String {
    let folded = crate::book::value::fold(list);
    if folded.is_empty() { String::new() } else { list.trim().to_owned() }
}

/// The word of a decision in the reader's language.
pub fn verdict_word(lang: Lang, verdict: Verdict) -> String {
    lang.text(&format!("code-decision-{}", verdict.code().replace('_', "-")))
}

/// Name of a gate in the reader's language.
pub fn gate_label(policy: &Policy, lang: Lang, key: &str) -> String {
    read::gate_label(policy, lang, key)
}
