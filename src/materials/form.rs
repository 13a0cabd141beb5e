//! A sheet in official form: title across the page, 填报单位 and date above, header repeated on each
//! page, 填表人/审核人 below, A4 landscape, every column as wide as its share of the page.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::MaterialsError;
use super::desk::Desk;
use crate::report::format::width;
use crate::say;

/// A column: its heading and how wide it is.
pub(super) struct Column {
    pub(super) label: String,
    pub(super) room: Room,
}

/// How wide a column is.
#[derive(Clone, Copy)]
pub(super) enum Room {
    /// So many Latin letters.
    Fixed(usize),
    /// Its share of what the fixed columns leave; holds sentences.
    Share(usize),
}

/// A cell.
#[derive(Clone)]
pub(super) enum Value {
    Blank,
    Text(String),
    Whole(i64),
    /// A number and how many decimals of it are shown.
    Number(f64, usize),
    Date(NaiveDate),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Value {
        let text = text.into();
        if text.is_empty() { Value::Blank } else { Value::Text(text) }
    }

    pub(super) fn count(n: usize) -> Value {
        Value::Whole(i64::try_from(n).unwrap_or(i64::MAX))
    }

    pub(super) fn date(day: Option<NaiveDate>) -> Value {
        day.map_or(Value::Blank, Value::Date)
    }

    fn width(&self) -> usize {
        match self {
            Value::Blank => 0,
            Value::Text(text) => width(text),
            Value::Whole(n) => n.to_string().len(),
            Value::Number(x, digits) => format!("{x:.digits$}").len(),
            Value::Date(_) => 10,
        }
    }
}

/// Rows that stay together, under a heading of their own where there is one.
pub(super) struct Group {
    pub(super) heading: Option<String>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// One sheet.
pub(super) struct Form {
    /// Name of the sheet.
    pub(super) sheet: String,
    pub(super) title: String,
    /// What is counted, at the right above the table; may be empty.
    pub(super) unit: String,
    pub(super) columns: Vec<Column>,
    pub(super) groups: Vec<Group>,
    /// Every group begins a page.
    pub(super) turn: bool,
    /// A last row that adds up the whole numbers of these columns.
    pub(super) total: bool,
    /// Remarks below the table.
    pub(super) notes: Vec<String>,
}

impl Form {
    /// Rows in one group.
    pub(super) fn plain(sheet: String, title: String, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Form {
        let groups = vec![Group { heading: None, rows }];
        Form { sheet, title, unit: String::new(), columns, groups, turn: false, total: false, notes: Vec::new() }
    }
}

/// Pixels between the margins of A4 landscape at 96 to the inch, with a little to spare.
const PAGE: f64 = 1010.0;
/// The same for a sheet that is printed at its own scale (percent), not fitted: a machine without
/// Excel's own face takes up to a third more for each column.
const PAGE_SCALED: f64 = 880.0;
const SCALE: u16 = 85;
/// Pixels of a letter and of a column's padding in Excel's unit of width.
const LETTER: f64 = 7.0;
const PADDING: f64 = 5.0;
/// Height of a line, and what a row has besides its lines, in points.
const LINE: f64 = 13.5;
const AIR: f64 = 3.0;
/// Excel's highest row.
const HIGHEST: f64 = 409.0;
/// A cell of Excel holds this many UTF-16 units; Chinese text never takes more units than letters × 2.
const TEXT_MOST: usize = 16_000;
/// A sheet of Excel has at most so many page breaks.
const BREAKS: usize = 1_000;

/// Width in letters that the reference date takes.
const DAY: f64 = 32.0;

struct Formats {
    annex: Format,
    title: Format,
    line: Format,
    line_right: Format,
    head: Format,
    group: Format,
    text: Format,
    short: Format,
    whole: Format,
    decimals: [Format; 3],
    date: Format,
    sum: Format,
    note: Format,
}

impl Formats {
    fn new() -> Formats {
        let song =
            |size: f64| Format::new().set_font_name("宋体").set_font_size(size).set_align(FormatAlign::VerticalCenter);
        let boxed = || song(10.0).set_border(FormatBorder::Thin).set_text_wrap();
        let centre = || boxed().set_align(FormatAlign::Center);
        let hei = |format: Format| format.set_font_name("黑体");
        Formats {
            annex: hei(song(12.0)),
            title: song(18.0).set_font_name("方正小标宋简体").set_align(FormatAlign::Center),
            line: song(10.5),
            line_right: song(10.5).set_align(FormatAlign::Right),
            head: hei(centre()).set_background_color(0x00F2_F2F2_u32),
            group: hei(boxed()),
            text: boxed().set_align(FormatAlign::Left),
            short: centre(),
            whole: centre().set_num_format("0"),
            decimals: ["0", "0.0", "0.00"].map(|code| centre().set_num_format(code)),
            date: centre().set_num_format("yyyy-mm-dd"),
            sum: hei(centre()).set_num_format("0"),
            note: song(9.0).set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

/// The sheets of one annex as a workbook; `mark` is what its first line says (附件1).
pub(super) fn workbook(desk: &Desk, mark: &str, forms: &[Form]) -> Result<Vec<u8>, MaterialsError> {
    let mut book = Workbook::new();
    let failed = |e: XlsxError| MaterialsError::Document(e.to_string());
    book.set_properties(&properties(desk, forms).map_err(failed)?);
    let formats = Formats::new();
    for form in forms {
        sheet(desk, book.add_worksheet(), mark, form, &formats).map_err(failed)?;
    }
    book.save_to_buffer().map_err(failed)
}

fn properties(desk: &Desk, forms: &[Form]) -> Result<DocProperties, XlsxError> {
    let as_of = desk.input.as_of;
    // Excel counts from 1900 on and to 9999.
    let year = as_of.year().clamp(1900, 9999) as u16;
    let day = ExcelDateTime::from_ymd(year, as_of.month() as u8, as_of.day() as u8)?;
    let title = forms.first().map_or("", |f| f.title.as_str());
    Ok(DocProperties::new().set_title(title).set_author("touyan").set_creation_datetime(&day))
}

fn sheet(desk: &Desk, sheet: &mut Worksheet, mark: &str, form: &Form, formats: &Formats) -> Result<(), XlsxError> {
    let lang = desk.lang;
    sheet.set_name(sheet_name(&form.sheet))?;
    page(desk, sheet, form)?;
    let widths = widths(form);
    for (at, width) in widths.iter().enumerate() {
        sheet.set_column_width(at as u16, *width)?;
    }
    let last = form.columns.len().saturating_sub(1) as u16;
    sheet.write_string_with_format(0, 0, mark, &formats.annex)?;
    across(sheet, 1, 0, last, &form.title, &formats.title)?;
    sheet.set_row_height(1, 30)?;
    let third = last / 3;
    across(sheet, 2, 0, third, &lang.text("mat-form-unit"), &formats.line)?;
    let day = say!(lang, "mat-form-as-of", day = desk.day(desk.input.as_of));
    let centre = formats.line.clone().set_align(FormatAlign::Center);
    if third < last {
        let two = (third + 1).max(last - third).min(last);
        // Narrow columns between would cut the day off.
        let room: f64 = widths.get(usize::from(third) + 1..usize::from(two)).unwrap_or_default().iter().sum();
        if two > third + 1 && room > DAY {
            across(sheet, 2, third + 1, two - 1, &day, &centre)?;
            across(sheet, 2, two, last, &form.unit, &formats.line_right)?;
        } else {
            across(sheet, 2, third + 1, last, &format!("{day}  {}", form.unit), &formats.line_right)?;
        }
    }
    sheet.set_row_height(2, 18)?;
    for (at, column) in form.columns.iter().enumerate() {
        sheet.write_string_with_format(3, at as u16, &column.label, &formats.head)?;
    }
    let tallest = form.columns.iter().zip(&widths).map(|(c, w)| lines(width(&c.label), *w)).max().unwrap_or(1);
    sheet.set_row_height(3, height(tallest))?;
    sheet.set_repeat_rows(3, 3)?;
    sheet.set_freeze_panes(4, 0)?;
    let first = 4;
    let mut row = first;
    let mut breaks = Vec::new();
    for (at, group) in form.groups.iter().enumerate() {
        if form.turn && at > 0 && breaks.len() < BREAKS {
            breaks.push(row);
        }
        if let Some(heading) = &group.heading {
            across(sheet, row, 0, last, heading, &formats.group)?;
            sheet.set_row_height(row, height(1))?;
            row += 1;
        }
        for cells in &group.rows {
            let mut tallest = 1;
            for (at, cell) in cells.iter().enumerate() {
                let prose = form.columns.get(at).is_some_and(|c| matches!(c.room, Room::Share(_)));
                write(sheet, row, at as u16, cell, prose, formats)?;
                tallest = tallest.max(lines(cell.width(), widths.get(at).copied().unwrap_or(10.0)));
            }
            sheet.set_row_height(row, height(tallest))?;
            row += 1;
        }
    }
    if form.total && row > first {
        sums(desk, sheet, form, row, formats)?;
        sheet.set_row_height(row, height(1))?;
        row += 1;
    }
    if !breaks.is_empty() {
        sheet.set_page_breaks(&breaks)?;
    }
    let room: f64 = widths.iter().sum();
    for note in &form.notes {
        across(sheet, row, 0, last, note, &formats.note)?;
        sheet.set_row_height(row, height(lines(width(note), room)))?;
        row += 1;
    }
    across(sheet, row, 0, last, &lang.text("mat-form-signed"), &formats.line)?;
    sheet.set_row_height(row, 24)?;
    Ok(())
}

/// A4 across. Excel takes no notice of manual breaks on a page that it fits by itself, so a sheet
/// with breaks is as wide as the page from the beginning.
fn page(desk: &Desk, sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    sheet.set_paper_size(9);
    sheet.set_landscape();
    if form.turn {
        sheet.set_print_scale(SCALE);
    } else {
        sheet.set_print_fit_to_pages(1, 0);
    }
    sheet.set_print_center_horizontally(true);
    sheet.set_margins(0.5, 0.5, 0.7, 0.7, 0.3, 0.3);
    let clean = |text: &str| text.replace('&', "&&");
    if desk.sees_names() {
        sheet.set_header(format!("&R{}", clean(&desk.lang.text("report-internal"))));
    }
    sheet.set_footer(format!(
        "&L{}&C{}",
        clean(&desk.lang.text("report-study-short")),
        say!(desk.lang, "mat-form-page", page = "&P", pages = "&N")
    ));
    Ok(())
}

/// Text across columns; one column needs no merging.
fn across(sheet: &mut Worksheet, row: u32, from: u16, to: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if to > from {
        sheet.merge_range(row, from, row, to, text, format)?;
    } else {
        sheet.write_string_with_format(row, from, text, format)?;
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    prose: bool,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match value {
        Value::Blank => sheet.write_blank(row, column, &formats.short)?,
        // `write_string` never makes a formula, whatever the text begins with.
        Value::Text(text) => {
            let text: String = text.chars().take(TEXT_MOST).collect();
            let format = if prose { &formats.text } else { &formats.short };
            sheet.write_string_with_format(row, column, text, format)?
        }
        Value::Whole(n) => sheet.write_number_with_format(row, column, *n as f64, &formats.whole)?,
        Value::Number(x, digits) => {
            let digits = (*digits).min(2);
            let rounded = crate::kernel::round::to(*x, digits as u32);
            sheet.write_number_with_format(row, column, rounded, &formats.decimals[digits])?
        }
        Value::Date(day) => match u16::try_from(day.year()) {
            Ok(year) if (1900..=9999).contains(&year) => {
                let date = ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)?;
                sheet.write_datetime_with_format(row, column, &date, &formats.date)?
            }
            _ => sheet.write_string_with_format(row, column, day.to_string(), &formats.short)?,
        },
    };
    Ok(())
}

/// The last row: sums as formulas, so that they follow a correction by hand, with their value.
fn sums(desk: &Desk, sheet: &mut Worksheet, form: &Form, row: u32, formats: &Formats) -> Result<(), XlsxError> {
    let rows = || form.groups.iter().flat_map(|g| &g.rows);
    for at in 0..form.columns.len() {
        let mut whole = rows().filter_map(|cells| match cells.get(at) {
            Some(Value::Whole(n)) => Some(*n),
            _ => None,
        });
        let column = at as u16;
        match whole.next() {
            // The running number is no amount.
            Some(first) if at > 0 => {
                let sum = whole.fold(first, i64::saturating_add);
                let name = rust_xlsxwriter::utility::column_number_to_name(column);
                let formula = Formula::new(format!("=SUM({name}5:{name}{row})")).set_result(sum.to_string());
                sheet.write_formula_with_format(row, column, formula, &formats.sum)?;
            }
            _ if at == 1 => {
                sheet.write_string_with_format(row, column, desk.lang.text("mat-form-total"), &formats.sum)?;
            }
            _ => {
                sheet.write_blank(row, column, &formats.sum)?;
            }
        }
    }
    Ok(())
}

/// A name as Excel takes it for a sheet: at most 31 letters, none of its own signs.
fn sheet_name(name: &str) -> String {
    name.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect()
}

/// Widths that fill the page exactly.
fn widths(form: &Form) -> Vec<f64> {
    let padding = PADDING * form.columns.len() as f64;
    let fixed: usize = form.columns.iter().map(|c| if let Room::Fixed(n) = c.room { n } else { 0 }).sum();
    let shares: usize = form.columns.iter().map(|c| if let Room::Share(n) = c.room { n } else { 0 }).sum();
    let page = if form.turn { PAGE_SCALED } else { PAGE };
    let letters = ((page - padding) / LETTER).max(10.0);
    let left = (letters - fixed as f64).max(0.25 * letters);
    // Fixed columns give way if they would leave the sentences less than a quarter.
    let squeeze = if shares == 0 || fixed as f64 + left > letters {
        (letters - if shares == 0 { 0.0 } else { left }) / (fixed as f64).max(1.0)
    } else {
        1.0
    };
    form.columns
        .iter()
        .map(|c| match c.room {
            Room::Fixed(n) => n as f64 * squeeze,
            Room::Share(n) => left * n as f64 / shares.max(1) as f64,
        })
        .map(|w| (w * 100.0).floor() / 100.0)
        .collect()
}

/// Lines that a text of so many letters takes in a column; the end of a line stays partly empty.
fn lines(letters: usize, width: f64) -> usize {
    let room = (width * 0.97 - 1.6).max(2.0);
    ((letters as f64 / room).ceil() as usize).max(1)
}

fn height(lines: usize) -> f64 {
    (lines as f64 * LINE + AIR).clamp(16.5, HIGHEST)
}
