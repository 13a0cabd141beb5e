//! Drafts: the rows of one canonical table from all sheets, typed and with their source, before
//! keys are resolved.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

pub(super) use super::keys::Groups;
use super::keys::{SortKeys, refine};
use super::schema::{self, Table};
use super::tables::dtype;
use crate::frame::{FrameResult, from_days, to_days};

/// Hidden columns of a draft; dropped before it becomes a table.
pub(super) const SHEET: &str = "_sheet";
pub(super) const ROW: &str = "_row";
/// The row of the sheet (and the person within it) that this row shares with others.
pub(super) const LINK: &str = "_link";
/// Name and ID number behind a reference to a person.
pub(super) const NAME: &str = "_name";
pub(super) const ID: &str = "_id";
/// Age as written beside the birth date.
pub(super) const AGE: &str = "_age";
/// Code of the village where the table itself has no such column.
pub(super) const CODE: &str = "_code";

/// What one cell became.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) enum Value {
    #[default]
    Nothing,
    Text(String),
    Number(f64),
    Whole(i64),
    YesNo(bool),
    Date(NaiveDate),
}

impl Value {
    pub fn is_nothing(&self) -> bool {
        matches!(self, Value::Nothing)
    }

    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    fn text_of(&self) -> Option<String> {
        match self {
            Value::Nothing => None,
            Value::Text(text) => Some(text.clone()),
            Value::Number(x) => Some(x.to_string()),
            Value::Whole(x) => Some(x.to_string()),
            Value::YesNo(x) => Some(x.to_string()),
            Value::Date(day) => Some(day.to_string()),
        }
    }

    /// As a number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(x) => Some(*x),
            Value::Whole(x) => Some(*x as f64),
            _ => None,
        }
    }
}

/// Rows of one sheet for one table, while they are being read.
pub(super) struct Rows {
    table: &'static Table,
    height: usize,
    columns: BTreeMap<String, Vec<Value>>,
}

impl Rows {
    pub fn new(table: &'static Table) -> Rows {
        Rows { table, height: 0, columns: BTreeMap::new() }
    }

    /// Adds a row; columns that it does not name are empty.
    pub fn push(&mut self, row: usize, link: Option<i64>, values: impl IntoIterator<Item = (String, Value)>) {
        let fixed =
            [(ROW.to_owned(), Value::Whole(row as i64)), (LINK.to_owned(), link.map_or(Value::Nothing, Value::Whole))];
        for (name, value) in fixed.into_iter().chain(values) {
            let column = self.columns.entry(name).or_default();
            column.resize(self.height, Value::Nothing);
            column.push(value);
        }
        self.height += 1;
    }

    /// The rows as a frame with the table's dtypes and the hidden columns.
    pub fn frame(mut self, sheet: u32) -> FrameResult<DataFrame> {
        let mut columns = vec![Column::new_scalar(SHEET.into(), Scalar::from(sheet), self.height)];
        for (name, mut values) in std::mem::take(&mut self.columns) {
            values.resize(self.height, Value::Nothing);
            columns.push(column(&name, &values, &wanted(self.table, &name)));
        }
        Ok(DataFrame::new(self.height, columns)?)
    }
}

/// The dtype of a draft's column: the schema's, a hidden one's, or that of a further indicator.
pub(super) fn wanted(table: &Table, name: &str) -> DataType {
    match name {
        SHEET | ROW => DataType::UInt32,
        LINK | AGE => DataType::Int64,
        NAME | ID | CODE => DataType::String,
        _ => table.column(name).map_or(DataType::Float64, dtype),
    }
}

fn column(name: &str, values: &[Value], wanted: &DataType) -> Column {
    match wanted {
        DataType::String => {
            let texts: StringChunked = values.iter().map(Value::text_of).collect();
            texts.with_name(name.into()).into_column()
        }
        DataType::Int64 => {
            let wholes: Vec<Option<i64>> =
                values.iter().map(|v| if let Value::Whole(x) = v { Some(*x) } else { None }).collect();
            Column::new(name.into(), wholes)
        }
        DataType::UInt32 => {
            let wholes: Vec<Option<u32>> =
                values.iter().map(|v| if let Value::Whole(x) = v { u32::try_from(*x).ok() } else { None }).collect();
            Column::new(name.into(), wholes)
        }
        DataType::Date => {
            let days: Int32Chunked =
                values.iter().map(|v| if let Value::Date(day) = v { Some(to_days(*day)) } else { None }).collect();
            days.with_name(name.into()).into_date().into_column()
        }
        DataType::Boolean => {
            let flags: Vec<Option<bool>> =
                values.iter().map(|v| if let Value::YesNo(x) = v { Some(*x) } else { None }).collect();
            Column::new(name.into(), flags)
        }
        _ => {
            let numbers: Vec<Option<f64>> = values.iter().map(Value::number).collect();
            Column::new(name.into(), numbers)
        }
    }
}

/// All rows of one table.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub table: &'static Table,
    pub frame: DataFrame,
}

impl Draft {
    /// The parts one below the other, with every column of the schema and the hidden ones.
    pub fn stack(table: &'static Table, parts: Vec<DataFrame>) -> FrameResult<Draft> {
        let mut names: Vec<String> = table.columns.iter().map(|c| c.name.to_owned()).collect();
        names.extend([SHEET, ROW, LINK, NAME, ID, AGE, CODE].map(str::to_owned));
        if table.name == "indicators" {
            let mut further: Vec<String> = parts
                .iter()
                .flat_map(|p| p.get_column_names().into_iter().map(|n| n.to_string()))
                .filter(|n| !names.contains(n))
                .collect();
            further.sort();
            further.dedup();
            names.extend(further);
        }
        let align = |part: &DataFrame| -> FrameResult<DataFrame> {
            let height = part.height();
            let columns = names.iter().map(|name| match part.column(name) {
                Ok(found) => found.clone(),
                Err(_) => Column::full_null(name.as_str().into(), height, &wanted(table, name)),
            });
            Ok(DataFrame::new(height, columns.collect())?)
        };
        let mut parts = parts.iter();
        let mut frame = match parts.next() {
            Some(first) => align(first)?,
            None => {
                let columns = names.iter().map(|name| Column::full_null(name.as_str().into(), 0, &wanted(table, name)));
                DataFrame::new(0, columns.collect())?
            }
        };
        for part in parts {
            frame.vstack_mut_owned(align(part)?)?;
        }
        frame.rechunk_mut();
        Ok(Draft { table, frame })
    }

    pub fn height(&self) -> usize {
        self.frame.height()
    }

    pub fn is_empty(&self) -> bool {
        self.height() == 0
    }

    /// Sheet and row of every row.
    pub fn places(&self) -> FrameResult<Vec<(u32, u32)>> {
        let sheets = self.frame.column(SHEET)?.u32()?;
        let rows = self.frame.column(ROW)?.u32()?;
        Ok(sheets.iter().zip(rows.iter()).map(|(s, r)| (s.unwrap_or(0), r.unwrap_or(0))).collect())
    }

    pub fn texts(&self, name: &str) -> FrameResult<Vec<Option<&str>>> {
        crate::frame::texts(&self.frame, name)
    }

    pub fn days(&self, name: &str) -> FrameResult<Vec<Option<NaiveDate>>> {
        let column = self.frame.column(name)?;
        Ok(column.date()?.physical().iter().map(|d| d.and_then(from_days)).collect())
    }

    pub fn wholes(&self, name: &str) -> FrameResult<Vec<Option<i64>>> {
        Ok(self.frame.column(name)?.i64()?.iter().collect())
    }

    /// Puts a column in place of the one of its name.
    pub fn set_texts<S: AsRef<str>>(&mut self, name: &str, values: &[Option<S>]) -> FrameResult<()> {
        let column: StringChunked = values.iter().map(|v| v.as_ref().map(AsRef::as_ref)).collect();
        self.set(column.with_name(name.into()).into_column())
    }

    pub fn set_days(&mut self, name: &str, values: &[Option<NaiveDate>]) -> FrameResult<()> {
        let days: Int32Chunked = values.iter().map(|d| d.map(to_days)).collect();
        self.set(days.with_name(name.into()).into_date().into_column())
    }

    pub fn set_wholes(&mut self, name: &str, values: Vec<Option<i64>>) -> FrameResult<()> {
        self.set(Column::new(name.into(), values))
    }

    pub fn set(&mut self, column: Column) -> FrameResult<()> {
        self.frame.with_column(column)?;
        Ok(())
    }

    /// The rows at these places, in this order.
    pub fn take(&mut self, rows: &[u32]) -> FrameResult<()> {
        if rows.len() == self.height() && rows.iter().enumerate().all(|(i, r)| i == *r as usize) {
            return Ok(());
        }
        self.frame = self.frame.take(&indices(rows.to_vec()))?;
        Ok(())
    }

    /// One row for each group of rows: from the first row of the group that says something, column
    /// by column. Groups list their rows in order of precedence.
    pub fn merge(&mut self, groups: &Groups) -> FrameResult<()> {
        if groups.are_single() {
            return self.take(&groups.rows);
        }
        let mut columns = Vec::with_capacity(self.frame.width());
        for column in self.frame.columns() {
            let nulls = column.is_null();
            let hidden = column.name().starts_with('_');
            let says = |row: &u32| nulls.get(*row as usize) == Some(false);
            let rows = groups
                .iter()
                .map(|group| {
                    let first = group[0];
                    if hidden || group.len() == 1 { first } else { group.iter().copied().find(says).unwrap_or(first) }
                })
                .collect();
            columns.push(column.take(&indices(rows))?);
        }
        self.frame = DataFrame::new(groups.len(), columns)?;
        Ok(())
    }

    /// Sorts by columns of text, whole numbers or dates; empty first, ties in their old order.
    pub fn sort(&mut self, keys: &[&str]) -> FrameResult<()> {
        let order = {
            let keys = SortKeys::of(&self.frame, keys)?;
            if (1..self.height()).all(|i| keys.compare(i - 1, i).is_le()) {
                return Ok(());
            }
            let mut order: Vec<u32> = (0..u32::try_from(self.height()).unwrap_or(u32::MAX)).collect();
            order.sort_by(|a, b| keys.compare(*a as usize, *b as usize));
            order
        };
        self.take(&order)
    }

    /// A number for each row, the same for rows with the same values in these columns; numbers run
    /// from 0 in order of first appearance. The second result is how many there are.
    pub fn key_ids(&self, keys: &[&str]) -> FrameResult<(Vec<u32>, usize)> {
        let mut ids = vec![0_u32; self.height()];
        let mut count = usize::from(!ids.is_empty());
        for key in keys {
            let column = self.frame.column(key)?;
            count = match column.dtype() {
                DataType::String => refine(&mut ids, column.str()?.iter()),
                DataType::Date => refine(&mut ids, column.date()?.physical().iter()),
                DataType::Float64 => refine(&mut ids, column.f64()?.iter().map(|x| x.map(f64::to_bits))),
                _ => refine(&mut ids, column.cast(&DataType::Int64)?.i64()?.iter()),
            };
        }
        Ok((ids, count))
    }

    /// The frame without hidden columns.
    pub fn bare(&self) -> FrameResult<DataFrame> {
        let names: Vec<&str> =
            self.frame.get_column_names().into_iter().map(|n| n.as_str()).filter(|n| !n.starts_with('_')).collect();
        Ok(self.frame.select(names)?)
    }
}

fn indices(rows: Vec<u32>) -> IdxCa {
    IdxCa::from_vec("rows".into(), rows)
}

/// An empty draft of a table of the schema.
pub(super) fn empty(name: &str) -> FrameResult<Draft> {
    let table =
        schema::table(name).ok_or_else(|| crate::frame::FrameError::Arrow(format!("`{name}` is not in the schema")))?;
    Draft::stack(table, Vec::new())
}
