//! What reading the book found: rows counted, doubts flagged, rows set aside.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::places::Places;

/// One doubt or one refusal, with its place. Values are masked where they are personal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// File, relative to the book.
    pub file: String,
    /// Sheet; empty where the format has none.
    pub sheet: String,
    /// 1-based row in the file; 0 for the file as a whole.
    pub row: usize,
    /// Header as written; empty for the row as a whole.
    pub column: String,
    /// The cell, masked where personal.
    pub value: String,
    /// Code of the reason; its text is the message `flag-…` or `quarantine-…`.
    pub reason: String,
    /// What the reason's message needs besides the value, such as the other file's value.
    pub detail: String,
}

/// One sheet of one file. `rows = accepted + ignored + quarantined`, always.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SheetReport {
    pub file: String,
    pub sheet: String,
    /// Canonical tables that its rows went into.
    pub tables: Vec<String>,
    /// Rows in the file, from the first to the last that holds anything, blank rows between included.
    pub rows: usize,
    pub accepted: usize,
    /// By reason: blank, title, header, total, note; with corrected copies also `replaced_by_correction`
    /// and `removed_by_correction` in the old sheet, `unchanged_copy` and others in the copy.
    pub ignored: BTreeMap<String, usize>,
    /// By reason.
    pub quarantined: BTreeMap<String, usize>,
    /// By reason; flagged rows are accepted too, and a row may carry several flags.
    pub flagged: BTreeMap<String, usize>,
    /// Cells, by kind of repair: tab, full_width, padding, excel_date …
    pub repaired: BTreeMap<String, usize>,
    /// Headers that no column claims.
    pub unused: Vec<String>,
}

/// A file that was not read, and why.
#[derive(Clone, Debug, Serialize)]
pub struct NotRead {
    pub file: String,
    /// Code of the reason; its text is the message `not-read-…`.
    pub reason: String,
    pub detail: String,
}

/// A corrected copy that came back, laid over the sheet that it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The copy.
    pub file: String,
    pub sheet: String,
    /// The sheet that it was made from.
    pub source_file: String,
    pub source_sheet: String,
    pub county: String,
    /// Township; empty for the rows that the county itself checks.
    pub township: String,
    /// Rows of the copy and of the source, 1-based: the first took the place of the second.
    pub replaced: Vec<(usize, usize)>,
    /// Rows of the copy that are as they were.
    pub unchanged: usize,
    /// Rows that the copy added.
    pub added: usize,
    /// Rows of the source that the copy took out, 1-based.
    pub removed: Vec<usize>,
    /// Rows of the copy that changed nothing, each with a flag that says why.
    pub refused: usize,
}

/// Everything that reading found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CheckReport {
    pub sheets: Vec<SheetReport>,
    pub not_read: Vec<NotRead>,
    pub flags: Vec<Finding>,
    pub quarantine: Vec<Finding>,
    /// Townships of the findings; kept for `--for township`, written nowhere.
    #[serde(skip)]
    pub places: Places,
    /// Names of people in rows set aside, which no table holds; written nowhere.
    #[serde(skip)]
    pub names: BTreeSet<String>,
    /// Corrected copies, by file and sheet.
    pub corrections: Vec<Correction>,
}
