//! A sheet as rows below a header, whatever the file format.

use polars::prelude::{DataFrame, DataType};

use super::NAMED;
use super::columns::{Headers, Wanted};
use super::fault::TableFault;
use crate::book::raw::{Body, Cell};
use crate::book::value::{is_blank, shown};
use crate::frame;
use crate::index::policy::IndexPolicy;

/// Rows at the top among which the header is looked for.
const HEAD: usize = 50;

/// Rows below a header.
pub(crate) enum Rows<'a> {
    /// Cells, and the row of the header.
    Grid { rows: &'a [Vec<Cell>], head: usize },
    /// Typed columns.
    Typed(&'a DataFrame),
}

/// Finds the header: of the first rows the one that holds most of the columns that the policy
/// names, the first of equals.
pub(super) fn head<'a>(
    body: &'a Body,
    wanted: &[Wanted],
    policy: &IndexPolicy,
) -> Result<(Rows<'a>, Headers), TableFault> {
    let keys = [&policy.id, &policy.class, &policy.period, &policy.scope];
    let names = wanted.iter().map(|w| (w.column, w.aliases));
    let names: Vec<(&str, &[String])> =
        names.chain(keys.into_iter().flatten().map(|k| (k.as_str(), &[][..]))).collect();
    head_of(body, &names)
}

/// The same for columns given by name, with their aliases.
pub(crate) fn head_of<'a>(body: &'a Body, names: &[(&str, &[String])]) -> Result<(Rows<'a>, Headers), TableFault> {
    match body {
        Body::Typed(frame) => {
            let headers = Headers::new(frame.get_column_names().into_iter().map(|n| n.as_str()));
            Ok((Rows::Typed(frame), headers))
        }
        Body::Grid { rows, fields, .. } => {
            let mut best: Option<(usize, usize, Headers)> = None;
            for (at, row) in rows.iter().enumerate().take(HEAD).filter(|(_, row)| !row.iter().all(is_blank)) {
                let headers = Headers::new(row.iter().map(shown));
                // A header that stands twice is there; which one is meant is asked later.
                let there = |name: &str| !matches!(headers.look(name), Ok(None));
                let score = names.iter().filter(|(name, other)| there(name) || other.iter().any(|o| there(o))).count();
                if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                    best = Some((score, at, headers));
                }
            }
            let (_, head, headers) = best.ok_or(TableFault::NoRows { later: 0 })?;
            ragged(rows, fields, head)?;
            Ok((Rows::Grid { rows, head }, headers))
        }
    }
}

/// Of separated text: a row below the header that has fewer or more fields. Which value stands in
/// which column is then anybody's guess. Blank lines, and empty fields beyond the header, hide nothing.
fn ragged(rows: &[Vec<Cell>], fields: &[u32], head: usize) -> Result<(), TableFault> {
    let Some(width) = fields.get(head).map(|n| *n as usize) else { return Ok(()) };
    let (mut found, mut more) = (Vec::new(), 0);
    for (at, row) in rows.iter().enumerate().skip(head + 1).filter(|(_, row)| !row.iter().all(is_blank)) {
        let own = fields.get(at).map_or(width, |n| *n as usize);
        if own >= rows[head].len() && row.len() <= width {
            continue;
        }
        if found.len() < NAMED {
            found.push((at + 1, own));
        } else {
            more += 1;
        }
    }
    if found.is_empty() { Ok(()) } else { Err(TableFault::Ragged { width, rows: found, more }) }
}

impl Rows<'_> {
    /// Number of a row for messages: as a spreadsheet or an editor counts lines (records of a text
    /// file); of a typed file the place among its rows, from 1.
    pub fn number(&self, row: usize) -> usize {
        match self {
            Rows::Grid { head, .. } => head + row + 2,
            Rows::Typed(_) => row + 1,
        }
    }

    /// Cells of a column, below the header.
    pub fn column(&self, at: usize) -> Vec<Cell> {
        match self {
            Rows::Grid { rows, head } => {
                rows[head + 1..].iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect()
            }
            Rows::Typed(frame) => typed(frame, at),
        }
    }
}

/// A typed column as cells; null and NaN are empty.
fn typed(frame: &DataFrame, at: usize) -> Vec<Cell> {
    let column = &frame.columns()[at];
    let name = column.name().as_str();
    fn cells<T>(values: frame::FrameResult<Vec<Option<T>>>, rows: usize, cell: impl Fn(T) -> Cell) -> Vec<Cell> {
        match values {
            Ok(values) => values.into_iter().map(|v| v.map_or(Cell::Empty, &cell)).collect(),
            // The reader makes no other types; a column of one that it might make one day is empty.
            Err(_) => vec![Cell::Empty; rows],
        }
    }
    let rows = frame.height();
    match column.dtype() {
        DataType::String => cells(frame::texts(frame, name), rows, |t: &str| Cell::Text(t.to_owned())),
        DataType::Boolean => cells(frame::flags(frame, name), rows, Cell::YesNo),
        DataType::Date => cells(frame::dates(frame, name), rows, Cell::Date),
        // An infinity is no missing value: it stays, and is told as what it is.
        DataType::Float64 => match column.f64() {
            Ok(values) => values.iter().map(|v| v.filter(|x| !x.is_nan()).map_or(Cell::Empty, Cell::Number)).collect(),
            Err(_) => vec![Cell::Empty; rows],
        },
        _ => cells(frame::numbers(frame, name), rows, Cell::Number),
    }
}
