//! Workbooks of every kind, by calamine; what they are is told from their bytes, not their name.

use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};
use chrono::NaiveDate;

use super::grid::Grid;
use super::limits::{Refusal, guarded};
use super::zipped::Container;
use super::{Contents, Sheet, cfb, csv, decode, ods, zipped};
use crate::book::raw::{Cell, Merge};

/// The sheets of a workbook.
pub(super) fn read(bytes: &[u8], name: &str) -> Result<Contents, Refusal> {
    if zipped::is_zip(bytes) {
        return match guarded(|| zipped::look(bytes))? {
            Container::Xlsx => guarded(|| xlsx(bytes)),
            Container::Xlsb => guarded(|| xlsb(bytes)),
            Container::Ods => guarded(|| open_document(bytes)),
            Container::Other => Err(Refusal::new("not-read-document", "")),
        };
    }
    if cfb::is_cfb(bytes) {
        cfb::look(bytes)?;
        return guarded(|| xls(bytes));
    }
    // Systems export web pages and tab-separated text under the name of a workbook.
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if start.first() == Some(&b'<') {
        return Err(Refusal::new("not-read-web-page", ""));
    }
    let lower = name.to_lowercase();
    if lower.ends_with(".xls") || lower.ends_with(".et") {
        let text = decode::decode(bytes).map_err(|_| Refusal::damaged("no workbook"))?;
        if text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\r' | '\n')) {
            let grid = csv::read(&text, true)?;
            return Ok(Contents::of_grid(grid));
        }
    }
    Err(Refusal::damaged("no workbook"))
}

/// Reads each sheet by itself: one that is refused does not keep the others.
fn each<B>(
    book: &mut B,
    sheets: Vec<calamine::Sheet>,
    mut read: impl FnMut(&mut B, &str, usize) -> Result<(Grid, Vec<Merge>), Refusal>,
) -> Contents {
    let mut contents = Contents::default();
    for (at, sheet) in sheets.into_iter().enumerate() {
        if sheet.typ != SheetType::WorkSheet {
            contents.refused.push(Refusal::new("not-read-no-cells", sheet.name));
            continue;
        }
        match read(book, &sheet.name, at) {
            // Excel makes three sheets and people use one: an empty one is no news.
            Ok((grid, _)) if grid.is_empty() => {}
            Ok((grid, merges)) => contents.sheets.push(Sheet {
                hidden: sheet.visible != SheetVisible::Visible,
                body: grid.into_body(merges),
                name: sheet.name,
            }),
            Err(refusal) => contents.refused.push(refusal.of_sheet(&sheet.name)),
        }
    }
    contents
}

fn xlsx(bytes: &[u8]) -> Result<Contents, Refusal> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        calamine::XlsxError::Password => Refusal::encrypted(),
        e => Refusal::damaged(e),
    })?;
    let sheets = book.sheets_metadata().to_vec();
    Ok(each(&mut book, sheets, |book, name, _| {
        let mut grid = Grid::default();
        let mut cells = book.worksheet_cells_reader(name).map_err(Refusal::damaged)?;
        let format = |style: &calamine::Style| style.number_format.as_ref().is_some_and(|f| is_percent(&f.format_code));
        let percent: Vec<bool> = cells.styles().iter().map(format).collect();
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(Refusal::damaged)? {
            let (row, column) = cell.get_position();
            let value = match cell.get_value() {
                // A percentage is stored as 0.856 and seen, and meant, as 85.6%.
                DataRef::Float(n) if percent.get(style) == Some(&true) => Cell::Text(percentage(*n)),
                value => borrowed(value),
            };
            grid.put(row as usize, column as usize, value)?;
        }
        drop(cells);
        // Merged ranges help to read headers; a sheet without them is still a sheet.
        let merges = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        Ok((grid, merges.iter().map(merge).collect()))
    }))
}

fn xlsb(bytes: &[u8]) -> Result<Contents, Refusal> {
    let mut book = Xlsb::new(Cursor::new(bytes)).map_err(Refusal::damaged)?;
    let sheets = book.sheets_metadata().to_vec();
    Ok(each(&mut book, sheets, |book, name, _| {
        let mut grid = Grid::default();
        let mut cells = book.worksheet_cells_reader(name).map_err(Refusal::damaged)?;
        while let Some(cell) = cells.next_cell().map_err(Refusal::damaged)? {
            let (row, column) = cell.get_position();
            grid.put(row as usize, column as usize, borrowed(cell.get_value()))?;
        }
        Ok((grid, vec![]))
    }))
}

fn xls(bytes: &[u8]) -> Result<Contents, Refusal> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
        calamine::XlsError::Password => Refusal::encrypted(),
        e => Refusal::damaged(e),
    })?;
    let sheets = book.sheets_metadata().to_vec();
    Ok(each(&mut book, sheets, |book, name, _| {
        let grid = range(&book.worksheet_range(name).map_err(Refusal::damaged)?)?;
        let merges = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        Ok((grid, merges.iter().map(merge).collect()))
    }))
}

fn open_document(bytes: &[u8]) -> Result<Contents, Refusal> {
    let merges = ods::look(&zipped::part(bytes, "content.xml")?)?;
    let mut book = Ods::new(Cursor::new(bytes)).map_err(|e| match e {
        calamine::OdsError::Password => Refusal::encrypted(),
        e => Refusal::damaged(e),
    })?;
    let sheets = book.sheets_metadata().to_vec();
    Ok(each(&mut book, sheets, |book, name, at| {
        let grid = range(&book.worksheet_range(name).map_err(Refusal::damaged)?)?;
        Ok((grid, merges.get(at).cloned().unwrap_or_default()))
    }))
}

fn range(range: &calamine::Range<Data>) -> Result<Grid, Refusal> {
    let mut grid = Grid::default();
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        grid.put(row + top as usize, column + left as usize, owned(value))?;
    }
    Ok(grid)
}

fn merge(range: &Dimensions) -> Merge {
    let ((top, left), (bottom, right)) = (range.start, range.end);
    Merge { top: top as usize, left: left as usize, bottom: bottom as usize, right: right as usize }
}

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn borrowed(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "cells hold doubles")]
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) => Cell::Number(*n),
        DataRef::String(s) => text(s),
        DataRef::SharedString(s) => text(s),
        DataRef::Bool(b) => Cell::YesNo(*b),
        DataRef::DateTime(day) => date(day),
        DataRef::DateTimeIso(s) => iso(s),
        DataRef::DurationIso(s) => text(s),
        DataRef::Error(e) => Cell::Error(e.to_string()),
    }
}

fn owned(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "cells hold doubles")]
        Data::Int(n) => Cell::Number(*n as f64),
        Data::Float(n) => Cell::Number(*n),
        Data::String(s) => text(s),
        Data::Bool(b) => Cell::YesNo(*b),
        Data::DateTime(day) => date(day),
        Data::DateTimeIso(s) => iso(s),
        Data::DurationIso(s) => text(s),
        Data::Error(e) => Cell::Error(e.to_string()),
    }
}

/// A number that is shown as a date; times of day and spans of time stay numbers.
fn date(value: &ExcelDateTime) -> Cell {
    let day = if value.is_datetime() && value.as_f64() >= 1.0 { value.as_datetime() } else { None };
    day.map_or(Cell::Number(value.as_f64()), |d| Cell::Date(d.date()))
}

/// `2024-06-03` or `2024-06-03T00:00:00`.
fn iso(written: &str) -> Cell {
    let day = written.get(..10).and_then(|d| NaiveDate::parse_from_str(d, "%Y-%m-%d").ok());
    day.map_or_else(|| text(written), Cell::Date)
}

/// Does a number format show a percentage? Signs within quotes or behind a backslash do not count.
fn is_percent(code: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    code.chars().any(|c| {
        if escaped {
            escaped = false;
            return false;
        }
        escaped = c == '\\' && !quoted;
        quoted ^= c == '"';
        c == '%' && !quoted
    })
}

/// A hundred times the number, without the noise of binary fractions, and the sign.
fn percentage(n: f64) -> String {
    if !n.is_finite() {
        return n.to_string();
    }
    let written = format!("{:.8}", n * 100.0);
    format!("{}%", written.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_as_they_are_seen() {
        for (code, percent) in [("0%", true), ("0.00%", true), ("0.0\"%\"", false), ("0\\%", false), ("General", false)]
        {
            assert_eq!(is_percent(code), percent, "{code}");
        }
        for (n, seen) in [(0.856, "85.6%"), (0.07, "7%"), (1.0, "100%"), (0.0, "0%"), (-0.5, "-50%")] {
            assert_eq!(percentage(n), seen);
        }
    }

    #[test]
    fn iso_dates() {
        assert_eq!(iso("2024-06-03T00:00:00"), NaiveDate::from_ymd_opt(2024, 6, 3).map_or(Cell::Empty, Cell::Date));
        assert_eq!(iso("六月三日左右吧"), Cell::Text("六月三日左右吧".into()));
    }
}
