//! Columns of any sheet: keys, numbers, words.

use std::path::Path;

use polars::prelude::DataType;

use super::notice::Notice;
use super::{Fault, MatchError};
use crate::book::raw::{Body, Cell, Opened, RawSheet};
use crate::book::read::open;
use crate::book::value::{clean_text, is_blank, mask, shown};
use crate::frame;
use crate::index::read::{Headers, Rows, TableFault, head_of};

/// A file that was opened, with its hash.
pub(crate) struct Source {
    opened: Opened,
}

impl Source {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Source, MatchError> {
        if path.is_dir() {
            return Err(Fault::Folder { path: path.display().to_string() }.into());
        }
        Ok(Source { opened: open(path)? })
    }

    /// Where there is another sheet that is not hidden: the one that is read, and how many there are.
    pub fn unread(&self) -> Option<Notice> {
        let seen: Vec<&RawSheet> = self.opened.sheets.iter().filter(|s| !s.hidden).collect();
        let (first, others) = seen.split_first()?;
        let notice = || Notice::Sheets { file: first.file.clone(), sheet: first.sheet.clone(), others: others.len() };
        (!others.is_empty()).then(notice)
    }

    /// Name and BLAKE3 of the file.
    pub fn hash(&self) -> (String, String) {
        self.opened.hashes.first().cloned().unwrap_or_default()
    }

    /// Its first sheet that is not hidden.
    pub fn sheet(&self, names: &[&str]) -> Result<Sheet<'_>, MatchError> {
        let sheets = &self.opened.sheets;
        let raw = sheets.iter().find(|s| !s.hidden).or(sheets.first());
        // A file that was opened holds a sheet.
        let raw = raw.ok_or_else(|| MatchError::Frame("no sheet".into()))?;
        Sheet::new(raw, names)
    }
}

/// A sheet below its header.
pub(crate) struct Sheet<'a> {
    raw: &'a RawSheet,
    rows: Rows<'a>,
    headers: Headers,
    height: usize,
}

/// Keys of a column: whole numbers if all of them are, else texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    Whole(Vec<i64>),
    Text(Vec<String>),
}

impl<'a> Sheet<'a> {
    fn new(raw: &'a RawSheet, names: &[&str]) -> Result<Sheet<'a>, MatchError> {
        let names: Vec<(&str, &[String])> = names.iter().map(|n| (*n, &[][..])).collect();
        let (rows, headers) = head_of(&raw.body, &names).map_err(|f| f.within(raw))?;
        let height = match (&rows, &raw.body) {
            (Rows::Grid { rows, head }, _) => rows.len() - head - 1,
            (Rows::Typed(frame), _) => frame.height(),
        };
        Ok(Sheet { raw, rows, headers, height })
    }

    /// Rows below the header.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Number of a row for messages.
    pub fn number(&self, row: usize) -> usize {
        self.rows.number(row)
    }

    /// A fault with its place.
    pub fn fault(&self, fault: TableFault) -> MatchError {
        MatchError::Table(fault.within(self.raw))
    }

    /// Place of a column that the policy's `key` names.
    pub fn must(&self, name: &str, key: &str) -> Result<usize, MatchError> {
        self.headers.must(name, key).map_err(|f| self.fault(f))
    }

    /// The header as it is written.
    pub fn name(&self, column: usize) -> &str {
        self.headers.name(column)
    }

    /// Rows that hold something, of a grid; of a typed sheet all.
    pub fn filled(&self) -> Vec<usize> {
        match &self.rows {
            Rows::Grid { rows, head } => {
                (0..self.height).filter(|row| !rows[head + 1 + row].iter().all(is_blank)).collect()
            }
            Rows::Typed(_) => (0..self.height).collect(),
        }
    }

    /// A column of keys, for some rows.
    pub fn keys(&self, column: usize, rows: &[usize]) -> Result<Keys, MatchError> {
        let missing = |row: usize| TableFault::NoName { row: self.number(row), column: self.name(column).to_owned() };
        if let Body::Typed(frame) = &self.raw.body {
            let name = frame.columns()[column].name().as_str();
            if frame.columns()[column].dtype().is_integer() {
                let values = frame::wholes(frame, name).map_err(|e| MatchError::Frame(e.to_string()))?;
                let key = |row: &usize| values[*row].ok_or_else(|| self.fault(missing(*row)));
                return Ok(Keys::Whole(rows.iter().map(key).collect::<Result<_, _>>()?));
            }
        }
        let cells = self.rows.column(column);
        let key = |row: &usize| text(&cells[*row]).ok_or_else(|| self.fault(missing(*row)));
        let texts: Vec<String> = rows.iter().map(key).collect::<Result<_, _>>()?;
        let wholes: Option<Vec<i64>> = texts.iter().map(|t| canonical(t)).collect();
        Ok(wholes.map_or(Keys::Text(texts), Keys::Whole))
    }

    /// A column of numbers that must all be there.
    pub fn numbers(&self, column: usize, rows: &[usize]) -> Result<Vec<f64>, MatchError> {
        let wrong = |faults: Vec<(usize, String)>, more| {
            self.fault(TableFault::NotNumbers { column: self.name(column).to_owned(), faults, more })
        };
        let values: Vec<Option<f64>> = match &self.raw.body {
            Body::Typed(frame) if frame.columns()[column].dtype() != &DataType::String => {
                let name = frame.columns()[column].name().as_str();
                let values = frame::numbers(frame, name).map_err(|e| MatchError::Frame(e.to_string()))?;
                rows.iter().map(|row| values[*row]).collect()
            }
            _ => {
                let cells = self.rows.column(column);
                rows.iter().map(|row| number(&cells[*row])).collect()
            }
        };
        let bad: Vec<usize> = (0..rows.len()).filter(|at| values[*at].is_none_or(|v| !v.is_finite())).collect();
        if bad.is_empty() {
            return Ok(values.into_iter().flatten().collect());
        }
        let cells = self.rows.column(column);
        let blank: Vec<usize> = bad.iter().map(|at| rows[*at]).filter(|row| is_blank(&cells[*row])).collect();
        if !blank.is_empty() {
            let first = blank.iter().take(5).map(|row| self.number(*row)).collect();
            let (file, column) = (self.raw.file.clone(), self.name(column).to_owned());
            return Err(Fault::Blank { file, column, rows: first, more: blank.len().saturating_sub(5) }.into());
        }
        let first = bad.iter().take(5).map(|at| (self.number(rows[*at]), mask(&shown(&cells[rows[*at]])))).collect();
        Err(wrong(first, bad.len().saturating_sub(5)))
    }

    /// A column of words, cleaned; blank cells are none.
    pub fn words(&self, column: usize, rows: &[usize]) -> Vec<Option<String>> {
        let cells = self.rows.column(column);
        rows.iter().map(|row| text(&cells[*row])).collect()
    }
}

/// A cell as cleaned text; nothing for blanks.
fn text(cell: &Cell) -> Option<String> {
    let shown = shown(cell);
    let (clean, _) = clean_text(&shown);
    (!clean.is_empty()).then(|| clean.into_owned())
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(value) => Some(*value),
        Cell::YesNo(yes) => Some(f64::from(u8::from(*yes))),
        other => text(other)?.parse().ok(),
    }
}

/// A whole number that is written as whole numbers are: no sign but −, no zeros before it.
pub(crate) fn canonical(text: &str) -> Option<i64> {
    let value: i64 = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}
