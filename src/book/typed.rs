//! The fast path: Parquet and Arrow files whose columns carry the canonical names of one table go
//! in column by column; any other typed file is laid out as a grid and read as a sheet.

use std::collections::HashMap;

use polars::prelude::*;

use super::cells::Reader;
use super::draft::{CODE, ROW, SHEET};
use super::forms::Form;
use super::lexicon::{Claim, Field};
use super::raw::Cell;
use super::report::Finding;
use super::schema::{self, Kind, TABLES, Table};
use super::sheet::{SheetRead, Source};
use super::tables::dtype;
use super::value::mask;
use crate::frame::{FrameResult, from_days};

/// The table whose canonical names the columns carry: the one that the file or its folder is named
/// after, else the one that knows most of the columns. `None` if no table has all its keys there.
pub(super) fn table_of(frame: &DataFrame, file: &str, forced: Option<&'static Form>) -> Option<&'static Table> {
    let names: Vec<&str> = frame.get_column_names().into_iter().map(|n| n.as_str()).collect();
    let fits = |table: &&'static Table| {
        table.columns.iter().filter(|c| c.is_key()).all(|c| names.contains(&c.name))
            && names.iter().filter(|n| table.column(n).is_some()).count() * 2 >= names.len()
    };
    let mut parts = file.rsplit('/');
    let stem = parts.next().unwrap_or_default().split('.').next().unwrap_or_default();
    let folder = parts.next().unwrap_or_default();
    let named = [forced.map(|f| f.name).unwrap_or_default(), stem, folder];
    if let Some(table) = named
        .iter()
        .find_map(|n| schema::table(n))
        .filter(|t| t.columns.iter().filter(|c| c.is_key()).all(|c| names.contains(&c.name)))
    {
        return Some(table);
    }
    let known = |table: &Table| names.iter().filter(|n| table.column(n).is_some()).count();
    // The last of equals would win; the schema's order decides.
    TABLES.iter().filter(fits).rev().max_by_key(|t| known(t))
}

/// Reads a typed frame as a table.
pub(super) fn read(
    frame: &DataFrame,
    table: &'static Table,
    file: &str,
    sheet: &str,
    reader: &Reader<'_>,
) -> FrameResult<SheetRead> {
    let height = frame.height();
    let source = Source { file: file.to_owned(), sheet: sheet.to_owned(), form: table.name, ..Source::default() };
    let mut out = SheetRead { source, ..SheetRead::default() };
    out.report.file = file.to_owned();
    out.report.sheet = sheet.to_owned();
    out.report.tables = vec![table.name.to_owned()];
    out.report.rows = height;
    let mut columns: Vec<Column> = Vec::with_capacity(frame.width() + 2);
    for column in frame.columns() {
        let name = column.name().as_str();
        match table.column(name) {
            Some(wanted) => {
                out.source.written.insert(name.to_owned(), name.to_owned());
                columns.push(canonical(column, wanted, reader, &mut out)?);
            }
            // Further indicators.
            None if table.name == "indicators" && column.dtype().is_primitive_numeric() => {
                columns.push(column.cast(&DataType::Float64)?);
            }
            // A 12-digit code beside the names.
            None if name == "code" => columns.push(column.cast(&DataType::String)?.with_name(CODE.into())),
            None => out.report.unused.push(name.to_owned()),
        }
    }
    // Rows without a key are set aside.
    let keys: Vec<&Column> =
        columns.iter().filter(|c| table.column(c.name()).is_some_and(super::schema::Column::is_key)).collect();
    let mut keep = vec![true; height];
    for key in &keys {
        let empty: Vec<bool> = match key.dtype() {
            DataType::String => key.str()?.iter().map(|v| v.is_none_or(|t| t.trim().is_empty())).collect(),
            // A period may come from the book.
            _ if key.name() == "period" => continue,
            _ => key.is_null().iter().map(|v| v.unwrap_or(true)).collect(),
        };
        for (row, empty) in empty.into_iter().enumerate().filter(|(_, empty)| *empty) {
            debug_assert!(empty);
            if keep[row] {
                keep[row] = false;
                out.quarantine.push(Finding {
                    file: file.to_owned(),
                    sheet: sheet.to_owned(),
                    row: row + 1,
                    column: key.name().to_string(),
                    value: String::new(),
                    reason: "missing_key".into(),
                    detail: super::schema_label(key.name()),
                });
            }
        }
    }
    if let Some(names) = columns.iter().find(|c| c.name() == "name").and_then(|c| c.str().ok()) {
        out.names.extend(names.iter().zip(&keep).filter(|(_, keep)| !**keep).filter_map(|(n, _)| n.map(str::to_owned)));
    }
    let lost = out.quarantine.len();
    if lost > 0 {
        out.report.quarantined.insert("missing_key".into(), lost);
    }
    out.report.accepted = height - lost;
    let rows: Vec<u32> = (1..=height).map(|r| u32::try_from(r).unwrap_or(u32::MAX)).collect();
    columns.push(Column::new(ROW.into(), rows));
    columns.push(Column::new_scalar(SHEET.into(), Scalar::from(0_u32), height));
    let mut frame = DataFrame::new(height, columns)?;
    if lost > 0 {
        let mask: BooleanChunked = keep.iter().map(|k| Some(*k)).collect();
        frame = frame.filter(&mask)?;
        out.flags.retain(|f| f.row == 0 || keep.get(f.row - 1).copied().unwrap_or(false));
    }
    out.parts.push((table, frame));
    Ok(out)
}

/// A column in its canonical dtype. Values of another type pass through the cell parsers.
fn canonical(
    column: &Column,
    wanted: &super::schema::Column,
    reader: &Reader<'_>,
    out: &mut SheetRead,
) -> FrameResult<Column> {
    let target = dtype(wanted);
    let name = column.name().clone();
    let fitting = *column.dtype() == target
        || (target == DataType::Float64 && column.dtype().is_primitive_numeric())
        || (target == DataType::String && column.dtype().is_integer());
    if !fitting {
        return parsed(column, wanted, reader, out);
    }
    let column = if *column.dtype() == target { column.clone() } else { column.cast(&target)? };
    match wanted.kind {
        Kind::Word(vocab) => {
            let words = column.str()?;
            let mut codes: HashMap<&str, Option<&str>> = HashMap::new();
            let mut changed = false;
            let mut unknown: Vec<usize> = Vec::new();
            let mut mapped: Vec<Option<&str>> = Vec::with_capacity(words.len());
            for (row, word) in words.iter().enumerate() {
                let Some(word) = word else {
                    mapped.push(None);
                    continue;
                };
                let code = *codes.entry(word).or_insert_with(|| reader.code(vocab, word));
                if code.is_none() && reader.is_none(word) {
                    changed = true;
                    mapped.push(None);
                    continue;
                }
                if code.is_none() {
                    unknown.push(row);
                }
                changed |= code.is_some_and(|c| c != word);
                mapped.push(Some(code.unwrap_or(word)));
            }
            for row in unknown {
                let value = words.get(row).unwrap_or_default();
                flag(out, row, &name, mask(value), "unknown_word", reader.known_words(vocab));
            }
            if !changed {
                return Ok(column.clone());
            }
            let mapped: StringChunked = mapped.into_iter().collect();
            Ok(mapped.with_name(name).into_column())
        }
        Kind::Number(_) | Kind::Whole | Kind::Year => {
            let numbers: Vec<Option<f64>> = column.cast(&DataType::Float64)?.f64()?.iter().collect();
            let (low, high) = wanted.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
            let bad: Vec<usize> = (0..numbers.len())
                .filter(|i| numbers[*i].is_some_and(|x| !x.is_finite() || x < low || x > high))
                .collect();
            if bad.is_empty() {
                return Ok(column);
            }
            let mut keep = vec![true; numbers.len()];
            for row in bad {
                keep[row] = false;
                let x = numbers[row].unwrap_or(f64::NAN);
                let reason = if x.is_finite() { "out_of_range" } else { "unreadable_number" };
                flag(out, row, &name, x.to_string(), reason, format!("{low}–{high}"));
            }
            let keep: BooleanChunked = keep.into_iter().map(Some).collect();
            let series = column.as_materialized_series();
            let nothing = Series::full_null(name.clone(), series.len(), series.dtype());
            Ok(series.zip_with(&keep, &nothing)?.with_name(name).into_column())
        }
        Kind::Date => {
            let days = column.date()?.physical();
            let wild = |d: i32| from_days(d).is_none_or(|d| !(1900..=2100).contains(&chrono::Datelike::year(&d)));
            let bad: Vec<usize> =
                days.iter().enumerate().filter(|(_, d)| d.is_some_and(wild)).map(|(i, _)| i).collect();
            if bad.is_empty() {
                return Ok(column);
            }
            for row in bad {
                let shown = days.get(row).and_then(from_days).map(|d| d.to_string()).unwrap_or_default();
                flag(out, row, &name, mask(&shown), "bad_date", String::new());
            }
            let days: Int32Chunked = days.iter().map(|d| d.filter(|d| !wild(*d))).collect();
            Ok(days.with_name(name).into_date().into_column())
        }
        Kind::Phone => {
            let phones: StringChunked = column.str()?.iter().map(|v| v.map(mask)).collect();
            Ok(phones.with_name(name).into_column())
        }
        _ => Ok(column),
    }
}

fn flag(out: &mut SheetRead, row: usize, column: &str, value: String, reason: &str, detail: String) {
    out.flags.push(Finding {
        file: out.source.file.clone(),
        sheet: out.source.sheet.clone(),
        row: row + 1,
        column: column.to_owned(),
        value,
        reason: reason.to_owned(),
        detail,
    });
}

/// Cell by cell, for a column of another type.
fn parsed(
    column: &Column,
    wanted: &super::schema::Column,
    reader: &Reader<'_>,
    out: &mut SheetRead,
) -> FrameResult<Column> {
    let claim = Claim {
        field: Field { name: wanted.name.into(), zh: wanted.zh.into(), kind: wanted.kind, range: wanted.range },
        year: None,
        unit: None,
    };
    let table = schema::TABLES
        .iter()
        .find(|t| t.columns.iter().any(|c| std::ptr::eq(c, wanted)))
        .or_else(|| TABLES.iter().find(|t| t.column(wanted.name).is_some_and(|c| c.kind == wanted.kind)))
        .unwrap_or(&TABLES[0]);
    let mut rows = super::draft::Rows::new(table);
    for (row, cell) in cells(column)?.iter().enumerate() {
        let read = reader.read(&claim, None, cell);
        for repair in read.repairs.iter() {
            *out.report.repaired.entry(repair.code().to_owned()).or_default() += 1;
        }
        for (reason, detail) in read.flags {
            flag(out, row, wanted.name, mask(&super::headers::text(cell)), reason, detail);
        }
        rows.push(row, None, [(wanted.name.to_owned(), read.value)]);
    }
    let frame = rows.frame(0)?;
    match frame.column(wanted.name) {
        Ok(found) if *found.dtype() == dtype(wanted) => Ok(found.clone()),
        _ => Ok(Column::full_null(wanted.name.into(), column.len(), &dtype(wanted))),
    }
}

/// A typed column as cells.
fn cells(column: &Column) -> FrameResult<Vec<Cell>> {
    let of = |c: Option<Cell>| c.unwrap_or_default();
    Ok(match column.dtype() {
        DataType::String => column.str()?.iter().map(|v| of(v.map(|t| Cell::Text(t.to_owned())))).collect(),
        DataType::Boolean => column.bool()?.iter().map(|v| of(v.map(Cell::YesNo))).collect(),
        DataType::Date => column.date()?.physical().iter().map(|v| of(v.and_then(from_days).map(Cell::Date))).collect(),
        _ => column.cast(&DataType::Float64)?.f64()?.iter().map(|v| of(v.map(Cell::Number))).collect(),
    })
}

/// A typed frame as a grid: its column names are the header row. Whole numbers become text, so
/// that codes and ID numbers keep all their digits.
pub(super) fn as_grid(frame: &DataFrame) -> FrameResult<Vec<Vec<Cell>>> {
    let mut rows: Vec<Vec<Cell>> = Vec::with_capacity(frame.height() + 1);
    rows.push(frame.get_column_names().into_iter().map(|n| Cell::Text(n.to_string())).collect());
    rows.resize(frame.height() + 1, Vec::new());
    for column in frame.columns() {
        let column = if column.dtype().is_integer() { column.cast(&DataType::String)? } else { column.clone() };
        for (row, cell) in cells(&column)?.into_iter().enumerate() {
            rows[row + 1].push(cell);
        }
    }
    Ok(rows)
}
