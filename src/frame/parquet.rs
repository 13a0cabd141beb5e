//! Parquet in and out, CSV out.

use std::io::Write;
use std::path::Path;

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use polars::prelude::*;

use super::{FrameError, FrameResult, from_batch, to_batch};

fn arrow<E: std::fmt::Display>(error: E) -> FrameError {
    FrameError::Arrow(error.to_string())
}

/// Writes a frame as Parquet (Snappy). The bytes depend on the frame alone: no clock, no path, and
/// a fixed `created_by`.
///
/// # Errors
/// The sink refuses.
pub fn write_parquet<W: Write + Send>(frame: &DataFrame, sink: W) -> FrameResult<()> {
    let batch = to_batch(frame)?;
    let properties =
        WriterProperties::builder().set_compression(Compression::SNAPPY).set_created_by("touyan".to_owned()).build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(sink, batch.schema(), options).map_err(arrow)?;
    writer.write(&batch).map_err(arrow)?;
    writer.close().map_err(arrow)?;
    Ok(())
}

/// Reads a Parquet file into one frame.
///
/// # Errors
/// No such file, or it is no Parquet.
pub fn read_parquet(path: &Path) -> FrameResult<DataFrame> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(path)?).map_err(arrow)?;
    let schema = builder.schema().clone();
    let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
    let reader = builder.with_batch_size(rows.max(1)).build().map_err(arrow)?;
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(arrow)?;
    let batch = ::arrow::compute::concat_batches(&schema, &batches).map_err(arrow)?;
    from_batch(&batch)
}

/// Writes a frame as CSV that Excel opens: UTF-8 with a byte-order mark, dates as `YYYY-MM-DD`,
/// cells that a spreadsheet would take for a formula behind an apostrophe.
///
/// # Errors
/// The sink refuses.
pub fn write_csv<W: Write>(frame: &DataFrame, mut sink: W) -> FrameResult<()> {
    sink.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(sink);
    writer.write_record(frame.get_column_names().iter().map(|n| n.as_str())).map_err(arrow)?;
    let columns = frame.columns().iter().map(cells).collect::<FrameResult<Vec<_>>>()?;
    let mut record = csv::StringRecord::new();
    for row in 0..frame.height() {
        record.clear();
        for column in &columns {
            record.push_field(&column[row]);
        }
        writer.write_record(&record).map_err(arrow)?;
    }
    writer.flush()?;
    Ok(())
}

/// A column as text cells; null is empty.
fn cells(column: &Column) -> FrameResult<Vec<String>> {
    Ok(match column.dtype() {
        DataType::String => column.str()?.iter().map(|v| guard(v.unwrap_or_default())).collect(),
        DataType::Float64 => column.f64()?.iter().map(|v| v.map(|x| x.to_string()).unwrap_or_default()).collect(),
        DataType::Boolean => column.bool()?.iter().map(|v| v.map(|x| x.to_string()).unwrap_or_default()).collect(),
        DataType::Date => {
            let days = column.date()?.physical();
            days.iter().map(|v| v.and_then(super::from_days).map(|d| d.to_string()).unwrap_or_default()).collect()
        }
        _ => {
            let text = column.cast(&DataType::String)?;
            text.str()?.iter().map(|v| v.unwrap_or_default().to_owned()).collect()
        }
    })
}

/// Text that a spreadsheet would run as a formula stands behind an apostrophe.
pub(crate) fn guard(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
