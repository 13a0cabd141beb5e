//! Empty sheets for the townships to fill in (模板): one workbook per table of the schema and one
//! with all of them, with drop-downs for closed lists, checks of dates and numbers, and hints. They
//! come from the same schema that the reader uses, so a filled one is read without a doubt.

mod page;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::book::schema::{Column, Kind, TABLES, Table, Vocab};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::returns::new_book;
use page::Formats;

/// Rows of a template that have drop-downs and checks.
pub const ROWS: u32 = 2_000;

/// Sheets of templates that hold no records, in either language: reading passes over them.
pub const BESIDE: [&str; 4] = ["填表说明", "词表", "How to fill in", "Words"];

/// The templates: file name and bytes, the one with all tables first.
///
/// # Errors
/// A word list or a hint is longer than a workbook takes.
pub fn templates(policy: &Policy, lang: Lang) -> Result<Vec<(String, Vec<u8>)>, XlsxError> {
    let formats = Formats::new();
    let mut files = Vec::with_capacity(TABLES.len() + 1);
    let mut all = new_book()?;
    page::notes(all.add_worksheet(), &formats, lang)?;
    for table in TABLES {
        page::table(all.add_worksheet(), table, policy, &formats, lang)?;
    }
    words(&mut all, policy, lang)?;
    files.push((format!("{}.xlsx", lang.text("template-all")), all.save_to_buffer()?));
    for (number, table) in (1..).zip(TABLES) {
        let mut book = new_book()?;
        page::table(book.add_worksheet(), table, policy, &formats, lang)?;
        words(&mut book, policy, lang)?;
        files.push((format!("{number:02}-{}.xlsx", sheet_name(table, lang)), book.save_to_buffer()?));
    }
    Ok(files)
}

/// Name of a table's sheet.
pub(crate) fn sheet_name(table: &Table, lang: Lang) -> String {
    match lang {
        Lang::Zh => table.zh.to_owned(),
        Lang::En => table.name.to_owned(),
    }
}

/// The columns of a template: all but those that another one says already.
pub fn columns(table: &Table) -> Vec<&'static Column> {
    table.columns.iter().filter(|c| c.name != "village_name").collect()
}

/// Header of a column: the reader knows it in either language.
pub fn header(column: &Column, lang: Lang) -> String {
    match (lang, column.kind) {
        (Lang::En, _) => column.name.to_owned(),
        (Lang::Zh, Kind::Number(unit)) if !unit.sign().is_empty() => format!("{}（{}）", column.zh, unit.sign()),
        (Lang::Zh, _) => column.zh.to_owned(),
    }
}

/// The word that stands for a code of a closed list.
pub fn word(policy: &Policy, vocab: Vocab, code: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => policy.words.zh(vocab, code).to_owned(),
        Lang::En => code.to_owned(),
    }
}

/// The words for yes and no.
pub fn yes_no(policy: &Policy, lang: Lang) -> (String, String) {
    let pick = |words: &[String], wanted: [&str; 2]| {
        let own = match lang {
            Lang::Zh => words.iter().find(|w| *w == wanted[0]),
            Lang::En => words.iter().find(|w| w.eq_ignore_ascii_case(wanted[1])),
        };
        own.or_else(|| words.first()).cloned().unwrap_or_else(|| wanted[0].to_owned())
    };
    (pick(&policy.book.yes_words, ["是", "yes"]), pick(&policy.book.no_words, ["否", "no"]))
}

/// The hidden sheet with the words of every closed list, one list a column.
fn words(book: &mut Workbook, policy: &Policy, lang: Lang) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(lang.text("template-words"))?;
    for (column, vocab) in (0..).zip(Vocab::ALL) {
        for (row, code) in (0..).zip(policy.words.list(vocab).keys()) {
            sheet.write_string(row, column, word(policy, vocab, code, lang))?;
        }
    }
    sheet.set_hidden(true);
    Ok(())
}
