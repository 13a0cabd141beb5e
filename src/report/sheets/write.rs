//! A grid as a worksheet: header frozen, filtered and repeated, columns as wide as their content,
//! numbers as numbers, days as days, and text always as text.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::report::Report;
use crate::report::format::width;
use crate::report::grid::{Cell, Field, Grid, Style};

/// One sheet of the workbook.
pub(super) struct Sheet<'a> {
    pub(super) name: String,
    pub(super) grid: Grid<'a>,
    /// Columns that stay in sight when scrolled sideways.
    pub(super) fixed: u16,
}

/// Rows whose width is looked at; reading them all would cost more than writing them.
const SAMPLE: usize = 400;
/// Width of a column in letters: at least, and at most for words and for sentences.
const NARROW: usize = 6;
const WORDS_MOST: usize = 26;
const PROSE_MOST: usize = 48;
/// A worksheet of Excel holds this many rows.
const EXCEL_ROWS: usize = 1_048_575;
/// A cell of Excel holds this many UTF-16 units.
const EXCEL_TEXT: usize = 32_767;

/// Cell formats, made once.
pub(super) struct Formats {
    pub(super) head: Format,
    pub(super) title: Format,
    pub(super) strong: Format,
    pub(super) prose: Format,
    pub(super) word: Format,
    styles: BTreeMap<u32, Format>,
    whole: Format,
    loose: Format,
    year: Format,
    share: Format,
    date: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let base = || Format::new().set_font_name("Microsoft YaHei").set_font_size(10).set_align(FormatAlign::Top);
        let right = || base().set_align(FormatAlign::Right);
        let numbers = [(0, "0"), (1, "0.0"), (2, "0.00"), (3, "0.000")];
        Formats {
            head: base()
                .set_bold()
                .set_text_wrap()
                .set_background_color(0x00F0_F1F2_u32)
                .set_border_bottom(FormatBorder::Thin),
            title: base().set_bold().set_font_size(16),
            strong: base().set_bold(),
            prose: base().set_text_wrap(),
            word: base(),
            styles: numbers.into_iter().map(|(digits, code)| (digits, right().set_num_format(code))).collect(),
            whole: right().set_num_format("#,##0"),
            loose: right(),
            year: right().set_num_format("0"),
            share: right().set_num_format("0.0%"),
            date: base().set_num_format("yyyy-mm-dd"),
        }
    }

    fn of(&self, style: Style) -> &Format {
        match style {
            Style::Word | Style::Aligned | Style::YesNo => &self.word,
            Style::Prose => &self.prose,
            Style::Whole => &self.whole,
            Style::Loose => &self.loose,
            Style::Year => &self.year,
            Style::Number(digits) => self.styles.get(&digits.min(3)).unwrap_or(&self.whole),
            Style::Share => &self.share,
            Style::Date => &self.date,
        }
    }
}

/// Writes one sheet.
pub(super) fn sheet(
    report: &Report,
    sheet: &mut Worksheet,
    content: &Sheet,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(&content.name)?;
    page(report, sheet, &content.name)?;
    let grid = &content.grid;
    let rows = grid.height().min(EXCEL_ROWS);
    for (column, field) in grid.fields.iter().enumerate() {
        let column = column as u16;
        sheet.write_string_with_format(0, column, &field.label, &formats.head)?;
        sheet.set_column_width(column, wide(report, field) as f64)?;
        let format = formats.of(field.style);
        for (row, cell) in field.cells.iter().take(rows).enumerate() {
            write(report, sheet, row as u32 + 1, column, cell, field.style, format)?;
        }
    }
    sheet.set_freeze_panes(1, content.fixed)?;
    if let Some(last) = grid.fields.len().checked_sub(1) {
        sheet.autofilter(0, 0, rows as u32, last as u16)?;
    }
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// A4 across, as wide as the page, with heading, mark and page numbers.
pub(super) fn page(report: &Report, sheet: &mut Worksheet, name: &str) -> Result<(), XlsxError> {
    let clean = |text: &str| text.replace('&', "&&");
    let mark = if report.input.audience.sees_names() { report.lang.text("report-internal") } else { String::new() };
    sheet.set_paper_size(9);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.75, 0.7, 0.3, 0.3);
    sheet.set_header(format!("&L{}&C{}&R{}", clean(&clip(&report.title())), clean(name), clean(&mark)));
    sheet.set_footer(format!("&L{}&R&P / &N", clean(&report.lang.text("report-study-short"))));
    Ok(())
}

/// Excel refuses headers of more than 255 letters.
fn clip(title: &str) -> String {
    title.chars().take(100).collect()
}

fn write(
    report: &Report,
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    style: Style,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        // `write_string` never makes a formula, whatever the text begins with.
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, fitting(text), format)?;
        }
        Cell::Whole(value) => {
            sheet.write_number_with_format(row, column, *value as f64, format)?;
        }
        Cell::Number(value) => {
            let value = match style {
                Style::Share => crate::kernel::round::to(*value, 6),
                _ => crate::kernel::round::to(*value, 4),
            };
            sheet.write_number_with_format(row, column, value, format)?;
        }
        Cell::Date(day) => match excel_day(*day) {
            Some(date) => {
                sheet.write_datetime_with_format(row, column, &date, format)?;
            }
            None => {
                sheet.write_string_with_format(row, column, day.to_string(), format)?;
            }
        },
        Cell::YesNo(yes) => {
            let word = report.lang.text(if *yes { "report-yes" } else { "report-no" });
            sheet.write_string_with_format(row, column, word, format)?;
        }
    }
    Ok(())
}

/// A day that Excel can count: 1900 to 9999.
fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8).ok()
}

/// A text cut to what a cell holds.
fn fitting(text: &str) -> &str {
    if text.len() <= EXCEL_TEXT {
        return text;
    }
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > EXCEL_TEXT {
            return &text[..at];
        }
    }
    text
}

/// Width of a column in Latin letters, from its heading and its first cells.
fn wide(report: &Report, field: &Field) -> usize {
    let cells = field.cells.iter().take(SAMPLE).map(|cell| match cell {
        Cell::Text(text) => width(text),
        Cell::Date(_) => 10,
        Cell::YesNo(_) => width(&report.lang.text("report-yes")),
        Cell::Whole(value) => value.to_string().len(),
        Cell::Number(_) => 7,
        Cell::Empty => 0,
    });
    let most = if field.style == Style::Prose { PROSE_MOST } else { WORDS_MOST };
    // Headings wrap: half of a long one is enough. The button of the filter takes two letters.
    let head = width(&field.label);
    let head = if head > 12 { head / 2 + 3 } else { head + 3 };
    cells.max().unwrap_or(0).saturating_add(2).min(most).max(head).max(NARROW)
}
