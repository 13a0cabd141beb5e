//! polars ↔ arrow over the Arrow C data interface: the buffers are shared, not copied.

#![allow(unsafe_code, reason = "the two crates' structs of the C data interface are the same in memory")]

use std::sync::Arc;

use arrow::array::{ArrayData, RecordBatch, make_array};
use arrow::datatypes::{Field, Schema};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use polars::prelude::*;
use polars_arrow::ffi as pl;

use super::{FrameError, FrameResult};

/// A frame as one record batch. Text becomes `Utf8View`, dates `Date32`.
///
/// # Errors
/// A column's type has no Arrow form.
pub fn to_batch(frame: &DataFrame) -> FrameResult<RecordBatch> {
    let mut fields = Vec::with_capacity(frame.width());
    let mut arrays = Vec::with_capacity(frame.width());
    for column in frame.columns() {
        let series = column.as_materialized_series().rechunk();
        let array = series.to_arrow(0, CompatLevel::newest());
        let field = polars_arrow::datatypes::Field::new(series.name().clone(), array.dtype().clone(), true);
        let data = export(array, &field)?;
        fields.push(Field::new(series.name().as_str(), data.data_type().clone(), true));
        arrays.push(make_array(data));
    }
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(frame.height()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
        .map_err(|e| FrameError::Arrow(e.to_string()))
}

/// A record batch as a frame.
///
/// # Errors
/// A column's type has no polars form.
pub fn from_batch(batch: &RecordBatch) -> FrameResult<DataFrame> {
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        let array = import(&array.to_data())?;
        columns.push(Series::from_arrow(field.name().as_str().into(), array)?.into_column());
    }
    Ok(DataFrame::new(batch.num_rows(), columns)?)
}

fn export(
    array: Box<dyn polars_arrow::array::Array>,
    field: &polars_arrow::datatypes::Field,
) -> FrameResult<ArrayData> {
    let schema = pl::export_field_to_c(field);
    let array = pl::export_array_to_c(array);
    // SAFETY: both crates define the structs of the C data interface, with the same layout by its
    // specification, and ownership moves with the value: the release callback travels inside it.
    unsafe {
        let schema = std::mem::transmute::<pl::ArrowSchema, FFI_ArrowSchema>(schema);
        let array = std::mem::transmute::<pl::ArrowArray, FFI_ArrowArray>(array);
        arrow::ffi::from_ffi(array, &schema).map_err(|e| FrameError::Arrow(e.to_string()))
    }
}

fn import(data: &ArrayData) -> FrameResult<Box<dyn polars_arrow::array::Array>> {
    let (array, schema) = arrow::ffi::to_ffi(data).map_err(|e| FrameError::Arrow(e.to_string()))?;
    // SAFETY: as in `export`.
    unsafe {
        let schema = std::mem::transmute::<FFI_ArrowSchema, pl::ArrowSchema>(schema);
        let array = std::mem::transmute::<FFI_ArrowArray, pl::ArrowArray>(array);
        let field = pl::import_field_from_c(&schema)?;
        Ok(pl::import_array_from_c(array, field.dtype().clone())?)
    }
}
