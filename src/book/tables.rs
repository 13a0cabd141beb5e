//! The canonical tables: one typed frame per table of the schema.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use polars::prelude::*;

use super::schema::{Column, Kind, TABLES, Table, table};
use crate::frame::{self, FrameError};

/// A table does not fit its schema.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// No table of that name.
    #[error("no table is called `{0}`")]
    UnknownTable(String),
    /// A key column is missing.
    #[error("table `{table}` has no key column `{column}`")]
    MissingKey { table: &'static str, column: &'static str },
    /// A column has the wrong type.
    #[error("table `{table}`, column `{column}`: {found} does not fit {wanted}")]
    WrongType { table: &'static str, column: String, found: String, wanted: String },
    /// polars or arrow refused.
    #[error("{0}")]
    Frame(#[from] FrameError),
}

impl From<PolarsError> for TablesError {
    fn from(error: PolarsError) -> Self {
        TablesError::Frame(error.into())
    }
}

/// The canonical dtype of a column.
pub fn dtype(column: &Column) -> DataType {
    match column.kind {
        Kind::Text | Kind::Word(_) | Kind::Person | Kind::IdNumber | Kind::Phone => DataType::String,
        Kind::Whole | Kind::Year => DataType::Int64,
        Kind::Number(_) => DataType::Float64,
        Kind::Date => DataType::Date,
        Kind::YesNo => DataType::Boolean,
    }
}

/// All tables of a county book (or of many counties) in canonical form: every table is there,
/// perhaps empty, with every column of its schema in order and its dtype. `indicators` may hold
/// further Float64 columns, one per indicator that the policy or the book adds.
///
/// Keys are canonical: `village` is the 12-digit code (or `township/name` where the book has no
/// code), `person` the salted surrogate code, closed lists hold their codes, and `county`,
/// `township`, `village` are filled wherever they are known. Rows are sorted by key.
#[derive(Clone, Debug)]
pub struct Tables {
    frames: BTreeMap<&'static str, DataFrame>,
}

impl Default for Tables {
    fn default() -> Self {
        Tables { frames: TABLES.iter().map(|t| (t.name, empty(t))).collect() }
    }
}

fn empty(table: &Table) -> DataFrame {
    DataFrame::empty_with_schema(&Schema::from_iter(table.columns.iter().map(|c| (c.name.into(), dtype(c)))))
}

impl Tables {
    /// The frame of a table of the schema.
    ///
    /// # Panics
    /// The name is none of the schema's: a mistake in the program, not in data.
    pub fn get(&self, name: &str) -> &DataFrame {
        self.frames.get(name).unwrap_or_else(|| panic!("`{name}` is not in the schema"))
    }

    /// Puts a frame in place of a table: missing columns are added as nulls, types are cast, the
    /// order becomes the schema's; unknown columns are kept in `indicators` if they are numeric and
    /// dropped elsewhere.
    ///
    /// # Errors
    /// An unknown table, a missing key column, or a type that cannot be cast.
    pub fn set(&mut self, name: &str, frame: DataFrame) -> Result<(), TablesError> {
        let table = table(name).ok_or_else(|| TablesError::UnknownTable(name.to_owned()))?;
        let height = frame.height();
        let mut columns = Vec::with_capacity(table.columns.len());
        for column in table.columns {
            let wanted = dtype(column);
            let found = match frame.column(column.name) {
                Ok(found) => found.clone(),
                Err(_) if column.is_key() => {
                    return Err(TablesError::MissingKey { table: table.name, column: column.name });
                }
                Err(_) => polars::prelude::Column::full_null(column.name.into(), height, &wanted),
            };
            columns.push(if *found.dtype() == wanted {
                found
            } else {
                found.strict_cast(&wanted).map_err(|_| TablesError::WrongType {
                    table: table.name,
                    column: column.name.to_owned(),
                    found: found.dtype().to_string(),
                    wanted: wanted.to_string(),
                })?
            });
        }
        if name == "indicators" {
            for extra in frame.columns() {
                if table.column(extra.name()).is_none() && extra.dtype().is_primitive_numeric() {
                    columns.push(extra.cast(&DataType::Float64)?);
                }
            }
        }
        self.frames.insert(table.name, DataFrame::new(height, columns)?);
        Ok(())
    }

    /// Tables from Arrow record batches, by table name; tables that are not given stay empty.
    ///
    /// # Errors
    /// See [`Tables::set`].
    pub fn from_batches<'a>(
        batches: impl IntoIterator<Item = (&'a str, &'a RecordBatch)>,
    ) -> Result<Tables, TablesError> {
        let mut tables = Tables::default();
        for (name, batch) in batches {
            tables.set(name, frame::from_batch(batch)?)?;
        }
        Ok(tables)
    }

    /// Names and frames in the order of the schema.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Table, &DataFrame)> {
        TABLES.iter().map(|t| (t, &self.frames[t.name]))
    }
}
