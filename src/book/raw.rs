//! What a reader hands over: sheets as grids of cells, or typed frames, whatever the file format.

use std::path::PathBuf;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

/// One cell as the file holds it; formulas as their stored value.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    YesNo(bool),
    /// A number formatted as a date.
    Date(NaiveDate),
    /// A spreadsheet error such as `#REF!`.
    Error(String),
}

/// A rectangle of merged cells, 0-based and inclusive, in rows and columns of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    pub top: usize,
    pub left: usize,
    pub bottom: usize,
    pub right: usize,
}

/// One sheet, before anybody knows which table it is.
#[derive(Clone, Debug)]
pub struct RawSheet {
    /// File, relative to the book, with `/`.
    pub file: String,
    /// Sheet name; empty where the format has none.
    pub sheet: String,
    /// The sheet is hidden in the workbook.
    pub hidden: bool,
    pub body: Body,
}

/// The contents of a sheet.
#[derive(Clone, Debug)]
pub enum Body {
    /// Cells, row by row from the file's first row; short rows end early. Of separated text, `fields`
    /// holds how many fields each record has, the empty ones at its end as well; else it is empty.
    Grid { rows: Vec<Vec<Cell>>, merges: Vec<Merge>, fields: Vec<u32> },
    /// Parquet or Arrow: typed columns under their own headers.
    Typed(DataFrame),
}

/// A folder, workbook or file, opened.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    pub sheets: Vec<RawSheet>,
    pub not_read: Vec<super::NotRead>,
    /// Every file that was read: its name relative to the book and its BLAKE3 hash (hex), sorted by name.
    pub hashes: Vec<(String, String)>,
    /// The book's own folder (of a single file: the folder it lies in).
    pub root: PathBuf,
}
