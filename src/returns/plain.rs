//! Copies of sheets that are no .xlsx (.xls, .ods, text, Parquet), written from the cells as they
//! were read.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

use super::edit::AUTHOR;
use super::plan::{LIST_WIDTHS, List, OutRow, Plan, SheetPlan, list_height};
use super::refs::RowMap;
use crate::book::marker;
use crate::book::raw::Cell;

/// Background of a doubtful cell.
const RED: u32 = 0x00FF_8B8B;
/// A cell of Excel holds this many UTF-16 units.
const EXCEL_TEXT: usize = 32_767;
/// Rows whose width is looked at.
const SAMPLE: usize = 300;

struct Formats {
    title: Format,
    head: Format,
    date: Format,
    plain: Format,
    list_title: Format,
    wrap: Format,
}

/// One copy.
///
/// # Errors
/// More rows or longer names than a workbook takes.
pub(super) fn copy(plan: &Plan<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = new_book()?;
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_border(FormatBorder::Thin);
    let formats = Formats {
        title: Format::new().set_bold(),
        head: head.set_background_color(0x00F0_F1F2_u32),
        date: Format::new().set_num_format("yyyy-mm-dd"),
        plain: Format::new(),
        list_title: Format::new().set_bold().set_font_size(14),
        wrap: Format::new().set_text_wrap().set_align(FormatAlign::Top),
    };
    for (number, sheet) in (1..).zip(&plan.sheets) {
        write_sheet(book.add_worksheet(), sheet, number, &formats)?;
    }
    write_list(book.add_worksheet(), &plan.list, &formats)?;
    let mark = book.add_worksheet();
    mark.set_name(marker::SHEET)?;
    for (row, words) in (0..).zip(plan.marker.lines()) {
        for (column, word) in (0..).zip(words) {
            mark.write_string(row, column, word)?;
        }
    }
    mark.set_very_hidden(true);
    book.save_to_buffer()
}

/// A workbook with the list alone.
///
/// # Errors
/// See [`copy`].
pub(super) fn only_list(list: &List) -> Result<Vec<u8>, XlsxError> {
    let mut book = new_book()?;
    let formats = Formats {
        title: Format::new(),
        head: Format::new().set_bold().set_background_color(0x00F0_F1F2_u32),
        date: Format::new(),
        plain: Format::new(),
        list_title: Format::new().set_bold().set_font_size(14),
        wrap: Format::new().set_text_wrap().set_align(FormatAlign::Top),
    };
    write_list(book.add_worksheet(), list, &formats)?;
    book.save_to_buffer()
}

/// A workbook whose bytes depend on its contents alone.
pub(crate) fn new_book() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    Ok(book)
}

fn write_sheet(page: &mut Worksheet, plan: &SheetPlan<'_>, number: usize, formats: &Formats) -> Result<(), XlsxError> {
    page.set_name(&plan.sheet)?;
    let columns = plan.key_column;
    let marks: BTreeSet<(usize, usize)> = plan.marks.iter().map(|m| (m.row, m.column)).collect();
    for (row, out) in (0_u32..).zip(&plan.rows) {
        let at = row as usize;
        let format = match at {
            _ if at < plan.head_first => &formats.title,
            _ if at <= plan.head => &formats.head,
            _ => &formats.plain,
        };
        for column in 0..columns {
            let cell = plan.cell(out, column);
            let base = if matches!(cell, Cell::Date(_)) { &formats.date } else { format };
            let marked = marks.contains(&(at, column));
            if *cell != Cell::Empty || marked {
                let red = base.clone().set_background_color(RED);
                write(page, row, column as u16, cell, if marked { &red } else { base })?;
            }
        }
        if let Some(key) = SheetPlan::key_of(out) {
            page.write_string(row, columns as u16, key)?;
        }
    }
    write_merges(page, plan, formats)?;
    page.write_string(plan.head as u32, columns as u16, SheetPlan::key_head(number))?;
    page.set_column_hidden(columns as u16)?;
    for column in 0..columns {
        page.set_column_width(column as u16, wide(plan, column))?;
    }
    for mark in &plan.marks {
        let note = Note::new(&mark.text).set_author(AUTHOR).add_author_prefix(false).set_width(300).set_height(120);
        page.insert_note(mark.row as u32, mark.column as u16, &note)?;
    }
    page.set_freeze_panes(plan.head as u32 + 1, 0)?;
    page.set_paper_size(9);
    page.set_landscape();
    page.set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Merged cells as they were read, as far as they are left.
fn write_merges(page: &mut Worksheet, plan: &SheetPlan<'_>, formats: &Formats) -> Result<(), XlsxError> {
    if plan.merges.is_empty() {
        return Ok(());
    }
    let from: Vec<Option<u32>> = plan.rows.iter().map(|r| Some(r.at as u32 + 1)).collect();
    let map = RowMap::new(plan.cells.len() as u32, &from);
    let mut taken: BTreeSet<(u32, usize)> = BTreeSet::new();
    for merge in plan.merges {
        let Some((top, bottom, _)) = map.range(merge.top as u32 + 1, merge.bottom as u32 + 1) else { continue };
        let (top, bottom) = (top - 1, bottom - 1);
        if (top == bottom && merge.left == merge.right) || merge.right >= plan.key_column {
            continue;
        }
        // Ranges that overlap are damage; the first one stands. Long ones are looked at row by row.
        let cells = || (top..=bottom).flat_map(|r| (merge.left..=merge.right).map(move |c| (r, c)));
        if cells().any(|c| taken.contains(&c)) {
            continue;
        }
        taken.extend(cells());
        let cell = plan.cells.get(merge.top).and_then(|r| r.get(merge.left)).unwrap_or(&Cell::Empty);
        let format = if (bottom as usize) < plan.head_first { &formats.title } else { &formats.plain };
        let format = if (plan.head_first..=plan.head).contains(&(top as usize)) { &formats.head } else { format };
        page.merge_range(top, merge.left as u16, bottom, merge.right as u16, "", format)?;
        let marked = plan.marks.iter().any(|m| m.row == top as usize && m.column == merge.left);
        let red = format.clone().set_background_color(RED);
        write(page, top, merge.left as u16, cell, if marked { &red } else { format })?;
    }
    Ok(())
}

fn write(page: &mut Worksheet, row: u32, column: u16, cell: &Cell, format: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => page.write_blank(row, column, format)?,
        Cell::Text(text) => page.write_string_with_format(row, column, fitting(text), format)?,
        Cell::Number(x) => page.write_number_with_format(row, column, *x, format)?,
        Cell::YesNo(yes) => page.write_boolean_with_format(row, column, *yes, format)?,
        Cell::Error(error) => page.write_string_with_format(row, column, error, format)?,
        Cell::Date(day) => match excel_day(*day) {
            Some(date) => page.write_datetime_with_format(row, column, &date, format)?,
            None => page.write_string_with_format(row, column, day.to_string(), format)?,
        },
    };
    Ok(())
}

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

/// Letters of a text as wide as Latin ones.
pub(crate) fn width(text: &str) -> usize {
    text.lines().map(|l| l.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()).max().unwrap_or(0)
}

/// Width of a column, from its header and its first cells.
fn wide(plan: &SheetPlan<'_>, column: usize) -> f64 {
    let of = |row: &OutRow| match plan.cell(row, column) {
        Cell::Text(text) => width(text),
        Cell::Date(_) => 10,
        Cell::Number(_) => 8,
        _ => 0,
    };
    let rows = plan.rows.iter().skip(plan.head_first).take(SAMPLE);
    rows.map(of).max().unwrap_or(0).clamp(5, 28) as f64 + 2.0
}

fn write_list(page: &mut Worksheet, list: &List, formats: &Formats) -> Result<(), XlsxError> {
    page.set_name(&list.name)?;
    page.write_string_with_format(0, 0, &list.title, &formats.list_title)?;
    for (column, header) in (0..).zip(&list.headers) {
        page.write_string_with_format(1, column, header, &formats.head)?;
    }
    for (row, words) in (2..).zip(&list.rows) {
        for (column, word) in (0..).zip(words) {
            page.write_string_with_format(row, column, fitting(word), &formats.wrap)?;
        }
        page.set_row_height(row, list_height(words))?;
    }
    for (column, width) in (0..).zip(LIST_WIDTHS) {
        page.set_column_width(column, width)?;
    }
    page.set_freeze_panes(2, 0)?;
    page.set_paper_size(9);
    page.set_landscape();
    page.set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(1, 1)?;
    Ok(())
}
