//! Templates: what they offer is what the reader knows, and a filled one is read without a doubt.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use chrono::Datelike;
use polars::prelude::DataFrame;
use touyan::book::schema::{Kind, TABLES, Table};
use touyan::book::{self, Book};
use touyan::frame;
use touyan::ident::Salt;
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::synth::{self, CountyBook, Format, Options};
use touyan::templates::{columns, header, templates, word, yes_no};
use umya_spreadsheet::{Worksheet, reader, writer};

fn options() -> Options {
    Options { townships: Some(2), villages_per_county: Some(8), years: 2, ..Options::default() }
}

fn open(path: &Path) -> Book {
    book::open_with(path, &Policy::default(), &Salt([7; 32])).unwrap()
}

/// Fills a table's sheet as an office would: from the drop-downs, with dates as dates.
fn fill(sheet: &mut Worksheet, table: &Table, rows: &DataFrame, names: &BTreeMap<&str, &str>, lang: Lang) {
    let policy = Policy::default();
    let (yes, no) = yes_no(&policy, lang);
    for (at, column) in (1..).zip(columns(table)) {
        assert_eq!(sheet.value((at, 1)), header(column, lang));
        let texts = || frame::texts(rows, column.name).unwrap();
        match column.kind {
            Kind::Word(vocab) => put(sheet, at, texts(), |c, v| {
                c.set_value_string(word(&policy, vocab, v, lang));
            }),
            // A village by its name; its code has a column of its own.
            Kind::Text if column.name == "village" => put(sheet, at, texts(), |c, v| {
                c.set_value_string(*names.get(v).unwrap());
            }),
            Kind::Text | Kind::Person | Kind::IdNumber | Kind::Phone => put(sheet, at, texts(), |c, v| {
                c.set_value_string(v);
            }),
            Kind::Whole | Kind::Year => put(sheet, at, frame::wholes(rows, column.name).unwrap(), |c, v| {
                c.set_value_number(v as f64);
            }),
            Kind::Number(_) => put(sheet, at, frame::numbers(rows, column.name).unwrap(), |c, v| {
                c.set_value_number(v);
            }),
            Kind::YesNo => put(sheet, at, frame::flags(rows, column.name).unwrap(), |c, v| {
                c.set_value_string(if v { &yes } else { &no });
            }),
            Kind::Date => put(sheet, at, frame::dates(rows, column.name).unwrap(), |c, v| {
                c.set_value_number(f64::from(v.num_days_from_ce() - 693_594));
                c.style_mut().number_format_mut().set_format_code("yyyy-mm-dd");
            }),
        }
    }
}

fn put<T>(sheet: &mut Worksheet, at: u32, values: Vec<Option<T>>, set: impl Fn(&mut umya_spreadsheet::Cell, T)) {
    for (row, value) in (2..).zip(values) {
        if let Some(value) = value {
            set(sheet.cell_mut((at, row)), value);
        }
    }
}

fn rows<'a>(county: &'a CountyBook, table: &str) -> Option<&'a DataFrame> {
    county.tables.iter().find(|(name, _)| *name == table).map(|(_, rows)| rows).filter(|r| r.height() > 0)
}

#[test]
fn filled_templates_are_read_without_a_doubt() {
    let dir = tempfile::tempdir().unwrap();
    let county = synth::county(&options(), 0).unwrap();
    let plain = dir.path().join("plain");
    synth::write(&Options { format: Format::Parquet, ..options() }, &plain).unwrap();
    let expected = open(&plain);
    let villages = rows(&county, "villages").unwrap();
    let (codes, names) = (frame::words(villages, "village").unwrap(), frame::words(villages, "village_name").unwrap());
    let names: BTreeMap<&str, &str> = codes.into_iter().zip(names).collect();
    for lang in [Lang::Zh, Lang::En] {
        let files = templates(&Policy::default(), lang).unwrap();
        let (single, all) = (dir.path().join(format!("{lang:?}单")), dir.path().join(format!("{lang:?}全")));
        fs::create_dir_all(&single).unwrap();
        fs::create_dir_all(&all).unwrap();
        for (number, (name, bytes)) in files.iter().enumerate() {
            let mut workbook = reader::xlsx::read_reader(Cursor::new(bytes), true).unwrap();
            let mut filled = 0;
            for table in TABLES {
                let sheet = if lang == Lang::Zh { table.zh } else { table.name };
                let (Ok(sheet), Some(rows)) = (workbook.sheet_by_name_mut(sheet), rows(&county, table.name)) else {
                    continue;
                };
                fill(sheet, table, rows, &names, lang);
                filled += 1;
            }
            let mut out = Vec::new();
            writer::xlsx::write_writer(&workbook, &mut out).unwrap();
            let folder = if number == 0 { &all } else { &single };
            assert!(filled > 0 || number > 0);
            fs::write(folder.join(name), out).unwrap();
        }
        for folder in [&single, &all] {
            let read = open(folder);
            assert!(read.report.flags.is_empty(), "{:?}", &read.report.flags[..read.report.flags.len().min(5)]);
            assert!(read.report.quarantine.is_empty(), "{:?}", read.report.quarantine);
            assert!(read.report.not_read.is_empty(), "{:?}", read.report.not_read);
            for sheet in &read.report.sheets {
                assert_eq!(
                    sheet.ignored.values().sum::<usize>(),
                    1,
                    "{} {}: {:?}",
                    sheet.file,
                    sheet.sheet,
                    sheet.ignored
                );
                assert!(sheet.unused.is_empty(), "{:?}", sheet.unused);
            }
            for ((table, wanted), (_, found)) in expected.tables.iter().zip(read.tables.iter()) {
                assert!(wanted.equals_missing(found), "{}:\n{wanted}\n{found}", table.name);
            }
        }
    }
}

#[test]
fn an_empty_template_is_an_empty_table() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book");
    synth::write(&options(), &book).unwrap();
    let before = open(&book);
    for (name, bytes) in templates(&Policy::default(), Lang::Zh).unwrap() {
        fs::write(book.join(name), bytes).unwrap();
    }
    let after = open(&book);
    assert_eq!(before.report.flags.len(), after.report.flags.len(), "{:?}", after.report.flags.first());
    assert!(after.report.quarantine.is_empty() && after.report.not_read.is_empty(), "{:?}", after.report.not_read);
    for ((table, wanted), (_, found)) in before.tables.iter().zip(after.tables.iter()) {
        assert!(wanted.equals_missing(found), "{}", table.name);
    }
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let (name, bytes) = templates(&Policy::default(), Lang::Zh).unwrap().remove(0);
    fs::write(empty.join(name), bytes).unwrap();
    let read = open(&empty);
    assert_eq!(read.report.sheets.iter().map(|s| s.accepted).sum::<usize>(), 0);
    assert_eq!(read.report.sheets.len(), TABLES.len());
}

#[test]
fn templates_have_the_same_bytes_every_time() {
    assert!(templates(&Policy::default(), Lang::Zh).unwrap() == templates(&Policy::default(), Lang::Zh).unwrap());
}
