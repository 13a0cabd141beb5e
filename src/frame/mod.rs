//! Small helpers over polars frames: build them, read their columns, sort them by key, and carry
//! them over the library's boundary as Arrow record batches.

mod arrow;
mod parquet;

use chrono::NaiveDate;
use polars::prelude::*;

pub use self::arrow::{from_batch, to_batch};
pub(crate) use self::parquet::guard;
pub use self::parquet::{read_parquet, write_csv, write_parquet};

/// A table does not have the columns it should have.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// polars refused.
    #[error("{0}")]
    Polars(#[from] PolarsError),
    /// arrow or parquet refused.
    #[error("{0}")]
    Arrow(String),
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Result of frame helpers.
pub type FrameResult<T> = Result<T, FrameError>;

/// Builds a frame column by column; all columns have one length.
#[derive(Default)]
pub struct Build {
    columns: Vec<Column>,
}

impl Build {
    /// An empty builder.
    pub fn new() -> Self {
        Build::default()
    }

    /// Any column, under its own name.
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Text column (String); `None` is null.
    pub fn text<S: AsRef<str>>(mut self, name: &str, values: Vec<Option<S>>) -> Self {
        let column: StringChunked = values.iter().map(|v| v.as_ref().map(AsRef::as_ref)).collect();
        self.columns.push(column.with_name(name.into()).into_column());
        self
    }

    /// Text column without nulls.
    pub fn str<S: AsRef<str>>(mut self, name: &str, values: &[S]) -> Self {
        let column = StringChunked::from_iter_values(name.into(), values.iter().map(AsRef::as_ref));
        self.columns.push(column.into_column());
        self
    }

    /// Number column (Float64); NaN must not be in it.
    pub fn number(mut self, name: &str, values: Vec<Option<f64>>) -> Self {
        self.columns.push(Column::new(name.into(), values));
        self
    }

    /// Whole-number column (Int64).
    pub fn whole(mut self, name: &str, values: Vec<Option<i64>>) -> Self {
        self.columns.push(Column::new(name.into(), values));
        self
    }

    /// Yes/no column (Boolean).
    pub fn flag(mut self, name: &str, values: Vec<Option<bool>>) -> Self {
        self.columns.push(Column::new(name.into(), values));
        self
    }

    /// Date column (Date).
    pub fn date(mut self, name: &str, values: Vec<Option<NaiveDate>>) -> Self {
        let days: Int32Chunked = values.iter().map(|d| d.map(to_days)).collect();
        self.columns.push(days.with_name(name.into()).into_date().into_column());
        self
    }

    /// The frame.
    ///
    /// # Errors
    /// Columns differ in length or a name stands twice.
    pub fn done(self) -> FrameResult<DataFrame> {
        Ok(DataFrame::new_infer_height(self.columns)?)
    }
}

/// Days since 1970-01-01.
pub fn to_days(day: NaiveDate) -> i32 {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a real day");
    i32::try_from(day.signed_duration_since(epoch).num_days()).unwrap_or(i32::MAX)
}

/// The day so many days after 1970-01-01; `None` outside chrono's range.
pub fn from_days(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1970, 1, 1)?.checked_add_signed(chrono::Duration::days(i64::from(days)))
}

/// Text column as options.
///
/// # Errors
/// No such column, or it is not text.
pub fn texts<'a>(frame: &'a DataFrame, name: &str) -> FrameResult<Vec<Option<&'a str>>> {
    Ok(frame.column(name)?.str()?.iter().collect())
}

/// Text column, null as the empty string.
///
/// # Errors
/// See [`texts`].
pub fn words<'a>(frame: &'a DataFrame, name: &str) -> FrameResult<Vec<&'a str>> {
    Ok(frame.column(name)?.str()?.iter().map(Option::unwrap_or_default).collect())
}

/// Number column as options; whole numbers and yes/no are widened; NaN and infinities are `None`.
///
/// # Errors
/// No such column, or it is not numeric.
pub fn numbers(frame: &DataFrame, name: &str) -> FrameResult<Vec<Option<f64>>> {
    let column = frame.column(name)?.cast(&DataType::Float64)?;
    Ok(column.f64()?.iter().map(|v| v.filter(|x| x.is_finite())).collect())
}

/// Whole-number column as options.
///
/// # Errors
/// No such column, or it cannot be cast.
pub fn wholes(frame: &DataFrame, name: &str) -> FrameResult<Vec<Option<i64>>> {
    let column = frame.column(name)?.cast(&DataType::Int64)?;
    Ok(column.i64()?.iter().collect())
}

/// Yes/no column as options.
///
/// # Errors
/// No such column, or it is not Boolean.
pub fn flags(frame: &DataFrame, name: &str) -> FrameResult<Vec<Option<bool>>> {
    Ok(frame.column(name)?.bool()?.iter().collect())
}

/// Date column as options.
///
/// # Errors
/// No such column, or it is not a date.
pub fn dates(frame: &DataFrame, name: &str) -> FrameResult<Vec<Option<NaiveDate>>> {
    let column = frame.column(name)?.cast(&DataType::Date)?;
    Ok(column.date()?.physical().iter().map(|d| d.and_then(from_days)).collect())
}

/// The frame sorted by key columns, ascending, nulls first, ties in their old order.
///
/// # Errors
/// A key column is missing.
pub fn sort(frame: &DataFrame, keys: &[&str]) -> FrameResult<DataFrame> {
    let options = SortMultipleOptions::default().with_maintain_order(true).with_multithreaded(false);
    Ok(frame.sort(keys.iter().copied(), options)?)
}

/// Does the frame hold this column?
pub fn has(frame: &DataFrame, name: &str) -> bool {
    frame.get_column_index(name).is_some()
}

/// Collects a lazy plan on the in-memory engine, whatever the environment says: the streaming
/// engine does not keep the order of rows.
///
/// # Errors
/// Whatever the plan meets.
pub fn collect(plan: LazyFrame) -> FrameResult<DataFrame> {
    Ok(plan.collect_with_engine(Engine::InMemory)?.unwrap_single())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_and_parquet_keep_values_and_nulls() -> FrameResult<()> {
        let day = NaiveDate::from_ymd_opt(1964, 2, 29);
        let frame = Build::new()
            .text("village", vec![Some("大泉村"), None])
            .number("score", vec![None, Some(83.25)])
            .whole("period", vec![Some(2025), None])
            .flag("weak", vec![Some(true), None])
            .date("since", vec![day, None])
            .done()?;
        let there = to_batch(&frame)?;
        assert!(from_batch(&there)?.equals_missing(&frame));
        let file = tempfile::NamedTempFile::new()?;
        write_parquet(&frame, file.reopen()?)?;
        let back = read_parquet(file.path())?;
        assert!(back.equals_missing(&frame));
        assert_eq!(dates(&back, "since")?, vec![day, None]);
        Ok(())
    }

    #[test]
    fn empty_frames_survive() -> FrameResult<()> {
        let frame = Build::new().str::<&str>("village", &[]).number("score", vec![]).done()?;
        let file = tempfile::NamedTempFile::new()?;
        write_parquet(&frame, file.reopen()?)?;
        assert_eq!(read_parquet(file.path())?.height(), 0);
        assert_eq!(to_batch(&frame)?.num_rows(), 0);
        Ok(())
    }
}
