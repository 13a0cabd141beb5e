//! What one copy holds: which rows of which sheets, what is marked in them, and its mark.

use crate::book::marker::{KEY_HEAD, MarkedSheet, Marker, key};
use crate::book::raw::{Cell, Merge};

/// One row of a copied sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct OutRow {
    /// 1-based row of the source whose cells and formats it has; `None` for a row that a township
    /// added.
    pub from: Option<u32>,
    /// Row of [`SheetPlan::cells`].
    pub at: usize,
    /// Its cells differ from the source's: it was corrected before.
    pub corrected: bool,
    /// A record; its key if it is a row of the source.
    pub is_data: bool,
    pub key: Option<(usize, u64)>,
}

/// A doubt in a copied sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// 0-based row and column of the copy.
    pub row: usize,
    pub column: usize,
    /// What is wrong, and what would be right.
    pub text: String,
}

/// One copied sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct SheetPlan<'a> {
    /// Name of the sheet in the source and in the copy.
    pub sheet: String,
    pub rows: Vec<OutRow>,
    /// All rows of the sheet as they were read.
    pub cells: &'a [Vec<Cell>],
    pub merges: &'a [Merge],
    /// Last row of the header in the copy, 0-based.
    pub head: usize,
    /// First row of the header in the copy, 0-based.
    pub head_first: usize,
    /// Column of the keys, 0-based.
    pub key_column: usize,
    pub marks: Vec<Mark>,
}

/// One copied workbook.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan<'a> {
    /// Path in the output folder.
    pub path: String,
    pub sheets: Vec<SheetPlan<'a>>,
    /// Sheets of the source without records that go along.
    pub beside: Vec<String>,
    pub list: List,
    pub marker: Marker,
}

/// The list of doubts at the end of a copy.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub name: String,
    pub title: String,
    pub headers: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Widths of the list's columns.
pub(super) const LIST_WIDTHS: [f64; 6] = [20.0, 9.0, 18.0, 24.0, 48.0, 44.0];

/// Height of a row of the list, in points: its longest cell wraps.
pub(super) fn list_height(words: &[String]) -> f64 {
    let lines = words.iter().zip(LIST_WIDTHS).map(|(word, wide)| (super::width(word) as f64 * 1.1 / wide).ceil());
    lines.fold(1.0, f64::max) * 15.5
}

impl SheetPlan<'_> {
    /// The rows as they stand in the copy.
    pub fn cell(&self, row: &OutRow, column: usize) -> &Cell {
        static EMPTY: Cell = Cell::Empty;
        self.cells.get(row.at).and_then(|r| r.get(column)).unwrap_or(&EMPTY)
    }

    /// Header of the key column of the sheet of that number, from 1.
    pub fn key_head(number: usize) -> String {
        format!("{KEY_HEAD}{number}")
    }

    /// The key of a row, as it stands in the key column.
    pub fn key_of(row: &OutRow) -> Option<String> {
        row.key.map(|(source, print)| key(source, print))
    }

    /// What the marker says of the sheet.
    pub fn marked(&self, file: &str, sheet: &str, hash: &str) -> MarkedSheet {
        let keyed =
            (1..).zip(&self.rows).filter_map(|(copy, row)| row.key.map(|(source, print)| (copy, source, print)));
        MarkedSheet {
            name: self.sheet.clone(),
            file: file.to_owned(),
            sheet: sheet.to_owned(),
            hash: hash.to_owned(),
            head: self.head + 1,
            rows: keyed.collect(),
        }
    }
}
