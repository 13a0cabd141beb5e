//! Frames as terminal tables and as JSON.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use polars::prelude::*;

use crate::explain::texts;
use crate::frame;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::column_label;

/// How many rows hold `value` in a text column.
pub fn count(table: &DataFrame, column: &str, value: &str) -> usize {
    frame::texts(table, column).map_or(0, |v| v.into_iter().filter(|x| *x == Some(value)).count())
}

/// Rows per value of a text column, by value.
pub fn counts(table: Option<&DataFrame>, column: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let values = table.and_then(|t| frame::texts(t, column).ok()).unwrap_or_default();
    for value in values.into_iter().flatten() {
        *counts.entry(value.to_owned()).or_default() += 1;
    }
    counts
}

/// Rows as JSON objects: codes and numbers as they stand in the table.
///
/// # Errors
/// A column is of no type that output tables have.
pub fn rows(table: &DataFrame) -> frame::FrameResult<serde_json::Value> {
    let mut rows = vec![serde_json::Map::new(); table.height()];
    for column in table.columns() {
        let name = column.name().as_str();
        let values: Vec<serde_json::Value> = match column.dtype() {
            DataType::String => frame::texts(table, name)?.into_iter().map(Into::into).collect(),
            DataType::Boolean => frame::flags(table, name)?.into_iter().map(Into::into).collect(),
            DataType::Date => frame::dates(table, name)?.into_iter().map(|d| d.map(|d| d.to_string()).into()).collect(),
            dtype if dtype.is_integer() => frame::wholes(table, name)?.into_iter().map(Into::into).collect(),
            _ => frame::numbers(table, name)?.into_iter().map(Into::into).collect(),
        };
        for (row, value) in rows.iter_mut().zip(values) {
            row.insert(name.to_owned(), value);
        }
    }
    Ok(rows.into_iter().map(serde_json::Value::Object).collect())
}

/// Width of a table that goes to a file or a pipe.
const WIDTH: u16 = 160;

/// The first rows of some columns, with headers and words in the reader's language.
pub fn draw(table: &DataFrame, columns: &[&str], rows: usize, policy: &Policy, lang: Lang) -> String {
    let mut drawn = Table::new();
    if !std::io::stdout().is_terminal() {
        drawn.set_width(WIDTH);
    }
    drawn.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    let columns: Vec<&str> = columns.iter().copied().filter(|c| frame::has(table, c)).collect();
    drawn.set_header(columns.iter().map(|c| column_label(lang, policy, c)));
    let cells: Vec<Vec<String>> = columns.iter().map(|c| texts(table, c, policy, lang)).collect();
    for row in 0..table.height().min(rows) {
        drawn.add_row(cells.iter().map(|c| c[row].as_str()));
    }
    for (i, name) in columns.iter().enumerate() {
        let numeric = table.column(name).is_ok_and(|c| c.dtype().is_primitive_numeric());
        if numeric && let Some(column) = drawn.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    drawn.to_string()
}
