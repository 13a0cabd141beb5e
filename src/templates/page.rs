//! One sheet of a template.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Note, Worksheet, XlsxError,
};

use super::{ROWS, columns, header, sheet_name, yes_no};
use crate::book::schema::{Column, Kind, TABLES, Table, Vocab};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::returns::width;
use crate::say;

/// Excel's limit for the text of a hint.
const HINT: usize = 255;
/// Excel's limit for the title of a hint.
const TITLE: usize = 32;

/// Cell formats, made once.
pub(super) struct Formats {
    head: Format,
    key: Format,
    text: Format,
    date: Format,
    title: Format,
    prose: Format,
}

impl Formats {
    pub fn new() -> Formats {
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin)
            .set_background_color(0x00E8_EEF4_u32);
        Formats {
            key: head.clone().set_font_color(Color::RGB(0x00C0_0000)).set_background_color(0x00FD_EFD9_u32),
            head,
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            title: Format::new().set_bold().set_font_size(14),
            prose: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

/// The sheet of a table: the header alone, and what helps to fill it in.
pub(super) fn table(
    page: &mut Worksheet,
    table: &Table,
    policy: &Policy,
    formats: &Formats,
    lang: Lang,
) -> Result<(), XlsxError> {
    page.set_name(sheet_name(table, lang))?;
    for (at, column) in (0_u16..).zip(columns(table)) {
        let header = header(column, lang);
        let wide = (width(&header) + 2).clamp(9, 24) as f64;
        let own = match column.kind {
            Kind::Date => Some(&formats.date),
            // A spreadsheet shortens long numbers and turns 2021.10 into 2021.1.
            Kind::Text | Kind::IdNumber | Kind::Phone | Kind::Person => Some(&formats.text),
            _ => None,
        };
        page.set_column_width(at, if column.kind == Kind::IdNumber { 21.0 } else { wide })?;
        if let Some(format) = own {
            page.set_column_format(at, format)?;
        }
        let is_key = column.is_key();
        page.write_string_with_format(0, at, &header, if is_key { &formats.key } else { &formats.head })?;
        let need = lang.text(if is_key { "template-required" } else { "template-optional" });
        let note = format!("{need}\n{}\n{}", hint(column, policy, lang), example(column, policy, lang));
        page.insert_note(0, at, &Note::new(note.trim()).add_author_prefix(false).set_width(260).set_height(110))?;
        let rule = rule(column, policy, lang)?
            .ignore_blank(true)
            .set_input_title(clip(&header, TITLE))?
            .set_input_message(clip(&format!("{need}{}", hint(column, policy, lang)), HINT))?
            .set_error_title(clip(&header, TITLE))?
            .set_error_message(clip(&hint(column, policy, lang), HINT))?
            .set_error_style(DataValidationErrorStyle::Warning);
        page.add_data_validation(1, at, ROWS, at, &rule)?;
    }
    page.set_row_height(0, 32)?;
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    page.set_paper_size(9);
    page.set_landscape();
    page.set_print_fit_to_pages(1, 0);
    Ok(())
}

fn clip(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

/// What may stand in a column.
fn rule(column: &Column, policy: &Policy, lang: Lang) -> Result<DataValidation, XlsxError> {
    let rule = DataValidation::new();
    Ok(match column.kind {
        Kind::Word(vocab) => {
            let words = policy.words.list(vocab).len().max(1);
            let at = Vocab::ALL.iter().position(|v| *v == vocab).unwrap_or(0);
            let letter = char::from(b'A' + at as u8);
            let sheet = lang.text("template-words");
            rule.allow_list_formula(Formula::new(format!("='{sheet}'!${letter}$1:${letter}${words}")))
        }
        Kind::YesNo => {
            let (yes, no) = yes_no(policy, lang);
            rule.allow_list_strings(&[yes, no])?
        }
        Kind::Date => {
            let between = (ExcelDateTime::from_ymd(1900, 1, 1)?, ExcelDateTime::from_ymd(2100, 12, 31)?);
            rule.allow_date(DataValidationRule::Between(between.0, between.1))
        }
        Kind::Year => rule.allow_whole_number(DataValidationRule::Between(1949, 2100)),
        Kind::Whole => {
            let (low, high) = column.range.unwrap_or((0.0, 1e9));
            rule.allow_whole_number(DataValidationRule::Between(low as i32, high as i32))
        }
        Kind::Number(_) => {
            let (low, high) = column.range.unwrap_or((-1e12, 1e12));
            rule.allow_decimal_number(DataValidationRule::Between(low, high))
        }
        Kind::Text | Kind::Person | Kind::IdNumber | Kind::Phone => rule.allow_any_value(),
    })
}

/// How to fill in a column, in one sentence.
fn hint(column: &Column, policy: &Policy, lang: Lang) -> String {
    let range = |low: f64, high: f64| format!("{low}–{high}");
    let how = match column.kind {
        Kind::Word(vocab) => {
            let words: Vec<String> =
                policy.words.list(vocab).keys().map(|c| super::word(policy, vocab, c, lang)).take(8).collect();
            say!(lang, "template-hint-word", words = words.join(&lang.text("list-comma")))
        }
        Kind::YesNo => {
            let (yes, no) = yes_no(policy, lang);
            say!(lang, "template-hint-yes-no", yes = yes, no = no)
        }
        Kind::Date => lang.text("template-hint-date"),
        Kind::Year => lang.text("template-hint-year"),
        Kind::Whole => {
            say!(lang, "template-hint-whole", range = column.range.map_or(String::new(), |(l, h)| range(l, h)))
        }
        Kind::Number(unit) => {
            let said = column.range.map_or(String::new(), |(l, h)| range(l, h));
            let how = say!(lang, "template-hint-number", range = said);
            match unit.sign() {
                "" => how,
                sign => format!("{how}{}", say!(lang, "template-hint-unit", unit = sign)),
            }
        }
        Kind::IdNumber => lang.text("template-hint-id"),
        Kind::Phone => lang.text("template-hint-phone"),
        Kind::Person => lang.text("template-hint-person"),
        Kind::Text if column.name == "village" => lang.text("template-hint-village"),
        Kind::Text => lang.text("template-hint-text"),
    };
    match lang {
        Lang::En => format!("{} {how}", column.doc),
        Lang::Zh => how,
    }
}

/// An example, for the note: never a row that could be read as data.
fn example(column: &Column, policy: &Policy, lang: Lang) -> String {
    let value = match column.kind {
        Kind::Word(vocab) => match policy.words.list(vocab).keys().next() {
            Some(code) => super::word(policy, vocab, code, lang),
            None => return String::new(),
        },
        Kind::YesNo => yes_no(policy, lang).0,
        Kind::Date => "1975-06-03".to_owned(),
        Kind::Year => "2025".to_owned(),
        Kind::Whole => "12".to_owned(),
        Kind::Number(_) => "12.5".to_owned(),
        Kind::IdNumber => "990121198002151017".to_owned(),
        Kind::Phone => "13800000000".to_owned(),
        _ => return String::new(),
    };
    say!(lang, "template-example", value = value)
}

/// How to fill in the sheets, for the workbook with all tables.
pub(super) fn notes(page: &mut Worksheet, formats: &Formats, lang: Lang) -> Result<(), XlsxError> {
    page.set_name(lang.text("template-notes"))?;
    page.write_string_with_format(0, 0, lang.text("template-notes-title"), &formats.title)?;
    let mut row = 1;
    for line in lang.text("template-notes-text").lines().filter(|l| !l.trim().is_empty()) {
        page.write_string_with_format(row, 0, line.trim(), &formats.prose)?;
        row += 1;
    }
    for table in TABLES {
        let keys: Vec<String> = columns(table).into_iter().filter(|c| c.is_key()).map(|c| header(c, lang)).collect();
        let keys = keys.join(&lang.text("list-comma"));
        let line = say!(lang, "template-notes-table", table = sheet_name(table, lang), keys = keys);
        page.write_string_with_format(row, 0, line, &formats.prose)?;
        row += 1;
    }
    page.set_column_width(0, 110)?;
    page.set_paper_size(9);
    page.set_landscape();
    Ok(())
}
