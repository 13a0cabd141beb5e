//! The workbook: a first sheet that says what the report's first page says, then one sheet per
//! table, laid out to be filtered, printed and passed on.

mod home;
mod plan;
mod write;

use polars::prelude::DataFrame;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::{Report, ReportError};

/// Fast compression: the file is opened once, not archived.
const COMPRESSION: u8 = 3;

/// The bytes of the .xlsx file.
pub(super) fn workbook(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut book = Workbook::new();
    book.set_zip_compression_level(COMPRESSION);
    book.set_properties(&properties(report)?);
    let formats = write::Formats::new();
    home::sheet(report, book.add_worksheet(), &formats)?;
    for sheet in plan::sheets(report) {
        write::sheet(report, book.add_worksheet(), &sheet, &formats)?;
    }
    Ok(book.save_to_buffer()?)
}

/// The workbook of a `whatif`.
pub(super) fn whatif(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut book = Workbook::new();
    book.set_zip_compression_level(COMPRESSION);
    book.set_properties(&properties(report)?);
    let formats = write::Formats::new();
    for sheet in plan::whatif(report) {
        write::sheet(report, book.add_worksheet(), &sheet, &formats)?;
    }
    Ok(book.save_to_buffer()?)
}

/// A workbook of one table.
pub(super) fn only(report: &Report, name: &str, table: &DataFrame) -> Result<Vec<u8>, ReportError> {
    let mut book = Workbook::new();
    book.set_zip_compression_level(COMPRESSION);
    book.set_properties(&properties(report)?);
    let sheet = plan::only(report, name, table);
    write::sheet(report, book.add_worksheet(), &sheet, &write::Formats::new())?;
    Ok(book.save_to_buffer()?)
}

/// The reference date stands for the day of creation: a clock would give other bytes each time.
fn properties(report: &Report) -> Result<DocProperties, ReportError> {
    use chrono::Datelike;
    let as_of = report.input.ctx.as_of;
    // Excel counts from 1900 on and to 9999.
    let year = as_of.year().clamp(1900, 9999) as u16;
    let day = ExcelDateTime::from_ymd(year, as_of.month() as u8, as_of.day() as u8)?;
    Ok(DocProperties::new()
        .set_title(report.title())
        .set_comment(report.lang.text("report-study-short"))
        .set_creation_datetime(&day))
}
