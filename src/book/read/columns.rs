//! Parquet and Arrow files to typed frames. Every column becomes one of the types that the book
//! knows (text, whole number, number, yes/no, date); one that cannot is named and left out.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options, concat_batches};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use polars::prelude::{Column, DataFrame};

use super::limits::{Refusal, TYPED_CELLS, guarded};
use super::{Contents, Sheet};
use crate::book::raw::Body;
use crate::frame::from_batch;

/// Rows per batch: large enough that most files are one, small enough that a false row count in a
/// footer reserves little.
const BATCH: usize = 1 << 17;

/// A Parquet file.
pub(super) fn parquet(path: &Path, name: &str) -> Result<Contents, Refusal> {
    guarded(|| {
        let file = File::open(path).map_err(Refusal::no_access)?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| refused(&e.to_string()))?;
        let schema = builder.schema().clone();
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(u64::MAX);
        within(rows, schema.fields().len())?;
        let batch = usize::try_from(rows).unwrap_or(BATCH).clamp(1, BATCH);
        let reader = builder.with_batch_size(batch).build().map_err(|e| refused(&e.to_string()))?;
        gather(&schema, reader, name)
    })
}

/// An Arrow IPC file (Feather 2) or stream.
pub(super) fn ipc(bytes: &[u8], name: &str) -> Result<Contents, Refusal> {
    guarded(|| {
        if bytes.starts_with(b"ARROW1") {
            let reader = arrow::ipc::reader::FileReader::try_new(Cursor::new(bytes), None)
                .map_err(|e| refused(&e.to_string()))?;
            let schema = reader.schema();
            gather(&schema, reader, name)
        } else {
            let reader = arrow::ipc::reader::StreamReader::try_new(Cursor::new(bytes), None)
                .map_err(|e| refused(&e.to_string()))?;
            let schema = reader.schema();
            gather(&schema, reader, name)
        }
    })
}

fn within(rows: u64, columns: usize) -> Result<(), Refusal> {
    let cells = rows.saturating_mul(columns as u64);
    if cells > TYPED_CELLS { Err(Refusal::too_large(cells, TYPED_CELLS)) } else { Ok(()) }
}

/// A codec that is not built in (Brotli, LZO) is not a damaged file.
fn refused(message: &str) -> Refusal {
    let lower = message.to_lowercase();
    let codec = ["brotli", "lzo"].into_iter().find(|codec| lower.contains(codec));
    match codec {
        Some(codec) if lower.contains("disabled feature") || lower.contains("not supported") => {
            Refusal::new("not-read-compression", codec)
        }
        _ => Refusal::damaged(message),
    }
}

fn gather(
    schema: &SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    name: &str,
) -> Result<Contents, Refusal> {
    let (mut rows, mut all) = (0_u64, Vec::new());
    for batch in batches {
        let batch = batch.map_err(|e| refused(&e.to_string()))?;
        rows = rows.saturating_add(batch.num_rows() as u64);
        within(rows, schema.fields().len())?;
        all.push(batch);
    }
    let batch = match all.len() {
        1 => all.remove(0),
        _ => concat_batches(schema, &all).map_err(Refusal::damaged)?,
    };
    drop(all);
    let mut contents = Contents::default();
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (field, array) in schema.fields().iter().zip(batch.columns()) {
        match plain(array) {
            Ok(array) => {
                fields.push(Field::new(field.name(), array.data_type().clone(), true));
                arrays.push(array);
            }
            Err(found) => contents.refused.push(Refusal::new("not-read-column", format!("{} ({found})", field.name()))),
        }
    }
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options);
    let mut frame = from_batch(&batch.map_err(Refusal::damaged)?).map_err(Refusal::damaged)?;
    partition(&mut frame, name)?;
    if frame.width() > 0 {
        contents.sheets.push(Sheet::only(Body::Typed(frame)));
    }
    Ok(contents)
}

/// The columns that a partitioned data set keeps in its paths: `people/county=990121/0.parquet`.
fn partition(frame: &mut DataFrame, name: &str) -> Result<(), Refusal> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    for part in stem.split('/') {
        let Some((key, value)) = part.split_once('=') else { continue };
        if key.is_empty() || value.is_empty() || frame.get_column_index(key).is_some() {
            continue;
        }
        let column = Column::new(key.into(), vec![value; frame.height()]);
        frame.with_column(column).map_err(Refusal::damaged)?;
    }
    Ok(())
}

/// An array in one of the book's types; else the type that it has.
fn plain(array: &ArrayRef) -> Result<ArrayRef, String> {
    let found = array.data_type();
    let unknown = || found.to_string();
    // Strict: a value that does not fit is an error, never a silent null.
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let cast = |to: &DataType| cast_with_options(array, to, &options).map_err(|_| unknown());
    match found {
        DataType::Boolean
        | DataType::Int64
        | DataType::Float64
        | DataType::Date32
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View => Ok(array.clone()),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            cast(&DataType::Int64)
        }
        // Codes of twenty digits do not fit; as text they do.
        DataType::UInt64 => cast(&DataType::Int64).or_else(|_| cast(&DataType::Utf8)),
        DataType::Float16
        | DataType::Float32
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => cast(&DataType::Float64),
        DataType::Date64 | DataType::Timestamp(_, None) => cast(&DataType::Date32),
        DataType::Timestamp(unit, Some(zone)) => {
            cast(&DataType::Date32).or_else(|_| named_zone(array, *unit, zone).ok_or_else(unknown))
        }
        DataType::Null => cast(&DataType::Utf8),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => cast(&DataType::Utf8),
        DataType::Dictionary(_, values) => plain(&cast(values)?),
        DataType::RunEndEncoded(_, values) => plain(&cast(values.data_type())?),
        _ => Err(unknown()),
    }
}

/// Days of a timestamp in China's zone, under one of its names: UTC+8, and UTC+9 in the summers of
/// 1986 to 1991, when a midnight is 23:00 of the day before by today's clock.
fn named_zone(array: &ArrayRef, unit: TimeUnit, zone: &str) -> Option<ArrayRef> {
    const DAY: i64 = 86_400;
    if !matches!(zone, "Asia/Shanghai" | "Asia/Chongqing" | "Asia/Harbin" | "PRC") {
        return None;
    }
    let per_second = match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    };
    let ticks = cast_with_options(array, &DataType::Int64, &CastOptions::default()).ok()?;
    let days: Date32Array = ticks
        .as_primitive::<Int64Type>()
        .iter()
        .map(|tick| {
            let local = tick?.div_euclid(per_second).saturating_add(8 * 3_600);
            let summer_midnight = local.rem_euclid(DAY) == 23 * 3_600;
            i32::try_from(local.div_euclid(DAY) + i64::from(summer_midnight)).ok()
        })
        .collect();
    Some(Arc::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{
        BinaryArray, DictionaryArray, Float32Array, Int16Array, ListArray, StringArray, TimestampMillisecondArray,
        TimestampSecondArray, UInt64Array,
    };
    use arrow::datatypes::Int32Type;

    fn types(array: ArrayRef) -> Result<DataType, String> {
        plain(&array).map(|a| a.data_type().clone())
    }

    #[test]
    fn every_type_that_writers_use() {
        let words: DictionaryArray<Int32Type> = ["大泉村", "大泉村"].into_iter().collect();
        assert_eq!(types(Arc::new(words)), Ok(DataType::Utf8));
        assert_eq!(types(Arc::new(Int16Array::from(vec![1]))), Ok(DataType::Int64));
        assert_eq!(types(Arc::new(UInt64Array::from(vec![1]))), Ok(DataType::Int64));
        assert_eq!(types(Arc::new(UInt64Array::from(vec![u64::MAX]))), Ok(DataType::Utf8));
        assert_eq!(types(Arc::new(Float32Array::from(vec![1.5]))), Ok(DataType::Float64));
        assert_eq!(types(Arc::new(BinaryArray::from(vec![&b"abc"[..]]))), Ok(DataType::Utf8));
        assert!(types(Arc::new(BinaryArray::from(vec![&b"\xff\xff"[..]]))).is_err());
        assert_eq!(types(arrow::array::new_null_array(&DataType::Null, 2)), Ok(DataType::Utf8));
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)])]);
        assert!(types(Arc::new(list)).is_err());
        assert!(types(Arc::new(StringArray::from(vec!["x"]))).is_ok());
    }

    #[test]
    fn timestamps_become_local_days() {
        // 1988-07-01 00:00 in Shanghai, in summer time: 1988-06-30T15:00Z; 2024-06-03 00:00: 16:00Z.
        let seconds = vec![583_686_000, 1_717_344_000];
        for zone in ["Asia/Shanghai", "+08:00"] {
            let array = TimestampSecondArray::from(seconds.clone()).with_timezone(zone);
            let days = plain(&(Arc::new(array) as ArrayRef)).unwrap();
            let days = days.as_primitive::<arrow::datatypes::Date32Type>();
            let first = if zone == "+08:00" { 6_755 } else { 6_756 };
            assert_eq!((days.value(0), days.value(1)), (first, 19_877), "{zone}");
        }
        let array = TimestampMillisecondArray::from(vec![1_717_372_800_000]);
        let days = plain(&(Arc::new(array) as ArrayRef)).unwrap();
        assert_eq!(days.as_primitive::<arrow::datatypes::Date32Type>().value(0), 19_877);
    }

    #[test]
    fn partition_columns_come_from_the_path() {
        let mut frame = crate::frame::Build::new().str("person", &["a", "b"]).done().unwrap();
        partition(&mut frame, "people/county=990121/x=.parquet").unwrap();
        assert_eq!(crate::frame::words(&frame, "county").unwrap(), ["990121", "990121"]);
        assert_eq!(frame.width(), 2);
    }
}
