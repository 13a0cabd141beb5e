//! Back to the townships and home again: faults are marked, copies hold nobody else's rows, and a
//! corrected copy leaves the book as if it had never been wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use touyan::book::{self, Book, marker};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::returns::{self, Returns};
use touyan::synth::{self, Format, Options};
use umya_spreadsheet::{Workbook, Worksheet, reader, writer};

/// First row of data in synth's sheets.
const FIRST: u32 = 4;

fn read(bytes: &[u8]) -> Workbook {
    reader::xlsx::read_reader(Cursor::new(bytes), true).unwrap()
}

fn written(book: &Workbook) -> Vec<u8> {
    let mut bytes = Vec::new();
    writer::xlsx::write_writer(book, &mut bytes).unwrap();
    bytes
}

fn column(sheet: &Worksheet, header: &str, row: u32) -> u32 {
    (1..=sheet.highest_column())
        .find(|c| sheet.value((*c, row)).starts_with(header))
        .unwrap_or_else(|| panic!("{} has no {header}", sheet.name()))
}

fn synthetic(dir: &Path, format: Format) -> PathBuf {
    let book = dir.join("book");
    let options = Options { townships: Some(3), villages_per_county: Some(24), years: 2, format, ..Options::default() };
    synth::write(&options, &book).unwrap();
    book
}

fn open(path: &Path) -> Book {
    let book = book::open(path, &Policy::default()).unwrap();
    for s in &book.report.sheets {
        let ignored: usize = s.ignored.values().sum();
        let quarantined: usize = s.quarantined.values().sum();
        assert_eq!(s.rows, s.accepted + ignored + quarantined, "{} {}", s.file, s.sheet);
    }
    book
}

fn prepare(path: &Path) -> Returns {
    returns::prepare(path, None, &Policy::default(), None, Lang::Zh).unwrap()
}

fn same_tables(a: &Book, b: &Book) {
    for ((table, left), (_, right)) in a.tables.iter().zip(b.tables.iter()) {
        assert!(left.equals_missing(right), "{} differs:\n{left}\n{right}", table.name);
    }
}

/// A workbook with formulas, formats, merged cells and a total row, as offices have them.
fn dressed(book: &Path) -> PathBuf {
    let path = book.join("990121.xlsx");
    let mut workbook = read(&fs::read(&path).unwrap());
    let sheet = workbook.sheet_by_name_mut("村情").unwrap();
    let last = sheet.highest_row();
    let (people, living) = (column(sheet, "户籍人口", 3), column(sheet, "常住人口", 3));
    let name = |c: u32| umya_spreadsheet::helper::coordinate::string_from_column_index(c);
    for row in FIRST..=last {
        let living_now = sheet.value_number((living, row)).unwrap();
        let cell = sheet.cell_mut((living, row));
        cell.set_formula(format!("ROUND({}{row}*1,0)", name(people)));
        cell.set_formula_result_number(living_now);
        cell.style_mut().font_mut().set_bold(true);
        cell.style_mut().set_background_color_solid("FFDDEEFF");
    }
    let total: f64 = (FIRST..=last).filter_map(|r| sheet.value_number((people, r))).sum();
    sheet.cell_mut((1, last + 1)).set_value_string("合计");
    let cell = sheet.cell_mut((people, last + 1));
    cell.set_formula(format!("SUM({0}{FIRST}:{0}{last})", name(people)));
    cell.set_formula_result_number(total);
    sheet.column_dimension_by_number_mut(2).set_width(31.0);
    fs::write(&path, written(&workbook)).unwrap();
    path
}

/// Spoils a cell of a sheet: (sheet, header, row, new text); gives what stood there.
fn spoil(path: &Path, faults: &[(&str, &str, u32, &str)]) -> Vec<umya_spreadsheet::Cell> {
    let mut workbook = read(&fs::read(path).unwrap());
    let mut before = Vec::new();
    for (name, header, row, text) in faults {
        let sheet = workbook.sheet_by_name_mut(name).unwrap();
        let at = (column(sheet, header, 3), *row);
        before.push(sheet.cell(at).cloned().unwrap_or_default());
        sheet.cell_mut(at).set_value_string(*text);
    }
    fs::write(path, written(&workbook)).unwrap();
    before
}

/// Everything that a zip file says, inflated.
fn contents(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for at in 0..archive.len() {
        let mut part = Vec::new();
        archive.by_index(at).unwrap().read_to_end(&mut part).unwrap();
        all.push_str(&String::from_utf8_lossy(&part));
    }
    all
}

fn township_of(book: &Book, village: &str) -> String {
    let t = book.tables.get("villages");
    let names = touyan::frame::words(t, "village_name").unwrap();
    let at = names.iter().position(|n| *n == village).unwrap();
    touyan::frame::words(t, "township").unwrap()[at].to_owned()
}

/// The row of the copy that was made from a row of the source.
fn row_of(sheet: &Worksheet, source: u32) -> Option<u32> {
    let key = sheet.highest_column();
    (1..=sheet.highest_row())
        .find(|r| marker::read_key(&sheet.value((key, *r))).is_some_and(|k| k.0 == source as usize))
}

fn copy_of<'a>(done: &'a Returns, township: &str) -> &'a [u8] {
    &done.files.iter().find(|(name, _)| *name == format!("{township}/990121.xlsx")).unwrap().1
}

fn put_back(book: &Path, name: &str, bytes: &[u8]) {
    fs::create_dir_all(book.join("退回核改")).unwrap();
    fs::write(book.join("退回核改").join(name), bytes).unwrap();
}

#[test]
fn faults_go_out_red_and_come_back_corrected() {
    let dir = tempfile::tempdir().unwrap();
    let book = synthetic(dir.path(), Format::Xlsx);
    let path = dressed(&book);
    let pristine = open(&book);
    let faults =
        [("人员", "出生年月", 5, "1975-13-45"), ("人员", "学历", 6, "博士后流动站"), ("村情", "户数", 5, "三百来户吧")];
    let before = spoil(&path, &faults);
    let source = read(&fs::read(&path).unwrap());
    let spoilt = open(&book);
    let reasons = |b: &Book| -> BTreeSet<String> { b.report.flags.iter().map(|f| f.reason.clone()).collect() };
    for reason in ["bad_date", "unknown_word", "unreadable_number"] {
        assert!(reasons(&spoilt).contains(reason) && !reasons(&pristine).contains(reason), "{reason}");
    }
    let done = prepare(&book);
    let open_before = touyan::frame::wholes(&done.summary, "open").unwrap();
    assert!(open_before.iter().flatten().sum::<i64>() >= 3);

    let mut corrected = 0;
    let mut workbooks: BTreeMap<String, Workbook> = BTreeMap::new();
    for ((name, header, row, _), cell) in faults.iter().zip(&before) {
        let sheet = source.sheet_by_name(name).unwrap();
        let village = sheet.value((column(sheet, "村", 3), *row));
        let township = township_of(&pristine, &village);
        let workbook = workbooks.entry(township.clone()).or_insert_with(|| read(copy_of(&done, &township)));
        let copy = workbook.sheet_by_name_mut(name).unwrap();
        let at = (column(copy, header, 3), row_of(copy, *row).unwrap());
        let red = copy.style(at).background_color().map(|c| c.argb_str().to_owned());
        assert_eq!(red.as_deref(), Some("FFFF8B8B"), "{name} {header}");
        let comment = copy.comments().iter().find(|c| (c.coordinate().col_num(), c.coordinate().row_num()) == at);
        let said = comment.and_then(|c| c.text().text()).map(|t| t.value().to_owned()).unwrap_or_default();
        assert!(said.contains("问题：") && said.contains("改法："), "{said}");
        copy.cell_mut(at).set_cell_value(cell.cell_value().clone());
        corrected += 1;
    }
    assert_eq!(corrected, 3);
    let list = workbooks.values().next().unwrap().sheet_by_name("需核改清单").unwrap();
    assert!(list.value("A2") == "工作表" && !list.value("E3").is_empty());
    for (number, workbook) in workbooks.values().enumerate() {
        put_back(&book, &format!("改好的{number}.xlsx"), &written(workbook));
    }
    let healed = open(&book);
    assert_eq!(reasons(&healed), reasons(&pristine));
    same_tables(&healed, &pristine);
    let replaced: usize = healed.report.corrections.iter().map(|c| c.replaced.len()).sum();
    assert_eq!(replaced, 3);
    let old = healed.report.sheets.iter().filter_map(|s| s.ignored.get("replaced_by_correction")).sum::<usize>();
    assert_eq!(old, 3);

    // The next round counts what was put right, and its copies hold the corrected rows.
    let again = prepare(&book);
    let fixed = touyan::frame::wholes(&again.summary, "corrected").unwrap();
    assert!(fixed.iter().flatten().sum::<i64>() >= 3);
    let township = workbooks.keys().next().unwrap();
    let second = copy_of(&again, township);
    put_back(&book, "第二轮.xlsx", second);
    let after = open(&book);
    assert_eq!(reasons(&after), reasons(&pristine));
    same_tables(&after, &pristine);
    assert!(
        after.report.sheets.iter().any(|s| s.ignored.contains_key("superseded_correction")),
        "the second round takes the place of the first"
    );
}

#[test]
fn copies_hold_nobody_elses_rows_and_keep_what_they_hold() {
    let dir = tempfile::tempdir().unwrap();
    let book = synthetic(dir.path(), Format::Xlsx);
    let path = dressed(&book);
    let pristine = open(&book);
    let source = read(&fs::read(&path).unwrap());
    let done = prepare(&book);
    let villages = pristine.tables.get("villages");
    let (names, townships) =
        (touyan::frame::words(villages, "village_name").unwrap(), touyan::frame::words(villages, "township").unwrap());
    let all: BTreeSet<&str> = townships.iter().copied().collect();
    assert_eq!(all.len(), 3);
    let people = pristine.tables.get("people");
    let (person, home) =
        (touyan::frame::words(people, "name").unwrap(), touyan::frame::words(people, "township").unwrap());
    for township in &all {
        let bytes = copy_of(&done, township);
        let text = contents(bytes);
        let own: BTreeSet<&str> =
            names.iter().zip(&townships).filter(|(_, t)| t == &township).map(|(n, _)| *n).collect();
        for (name, t) in names.iter().zip(&townships) {
            assert!(t == township || own.contains(name) || !text.contains(name), "{township} sees {name} of {t}");
        }
        let known: BTreeSet<&str> = person.iter().zip(&home).filter(|(_, t)| t == &township).map(|(n, _)| *n).collect();
        for (name, t) in person.iter().zip(&home).filter(|(n, _)| n.chars().count() > 2) {
            // A longer name of somebody at home may hold it.
            assert!(
                t == township || known.iter().any(|k| k.contains(name)) || !text.contains(name),
                "{township} sees {name} of {t}"
            );
        }
        let copy = read(bytes);
        let mut compared = 0;
        for sheet in copy.sheet_collection().iter().filter(|s| source.sheet_by_name(s.name()).is_ok()) {
            let old = source.sheet_by_name(sheet.name()).unwrap();
            let key = sheet.highest_column();
            assert_eq!(old.merge_cells().len(), sheet.merge_cells().len());
            for c in 1..key {
                let width = |s: &Worksheet| s.column_dimension_by_number(c).map_or(8.38, |d| d.width());
                assert_eq!(width(old), width(sheet), "width of column {c}");
            }
            for row in 1..=sheet.highest_row() {
                let from = match marker::read_key(&sheet.value((key, row))) {
                    Some((from, _)) => from as u32,
                    None if row < FIRST => row,
                    None => continue,
                };
                for c in 1..key {
                    let (a, b) = (old.cell((c, from)), sheet.cell((c, row)));
                    let value =
                        |x: Option<&umya_spreadsheet::Cell>| x.map(|x| x.value().into_owned()).unwrap_or_default();
                    assert_eq!(value(a), value(b), "{} {from}→{row} {c}", sheet.name());
                    let marked = sheet
                        .comments()
                        .iter()
                        .any(|m| (m.coordinate().col_num(), m.coordinate().row_num()) == (c, row));
                    let (Some(a), Some(b)) = (a, b) else { continue };
                    if !marked {
                        assert_eq!(a.style(), b.style(), "{} {from}→{row} {c}", sheet.name());
                    }
                    assert_eq!(a.formula().replace(&from.to_string(), "#"), b.formula().replace(&row.to_string(), "#"));
                    compared += 1;
                }
            }
        }
        assert!(compared > 500, "{compared}");
        let sheet = copy.sheet_by_name("村情").unwrap();
        let people = column(sheet, "户籍人口", 3);
        let formulas: Vec<String> = (1..=sheet.highest_row())
            .filter_map(|r| sheet.cell((people, r)))
            .map(|c| c.formula().to_owned())
            .filter(|f| f.starts_with("SUM"))
            .collect();
        let count = own.len() as u32;
        assert_eq!(formulas.len(), 1);
        assert!(formulas[0].ends_with(&format!("{})", FIRST + count - 1)), "{formulas:?} over {count} villages");
        assert!(matches!(
            copy.sheet_by_name(marker::SHEET).unwrap().state(),
            umya_spreadsheet::SheetStateValues::VeryHidden
        ));
    }
}

#[test]
fn the_same_bytes_every_time_and_for_one_township_alone() {
    let dir = tempfile::tempdir().unwrap();
    let book = synthetic(dir.path(), Format::Xlsx);
    dressed(&book);
    let done = prepare(&book);
    let again = prepare(&book);
    assert!(done.files == again.files);
    let (name, bytes) = done.files.iter().find(|(n, _)| n.ends_with("990121.xlsx")).unwrap();
    let township = name.split('/').next().unwrap();
    let one = returns::prepare(&book, None, &Policy::default(), Some(township), Lang::Zh).unwrap();
    assert!(one.files.iter().any(|(n, b)| n == name && b == bytes));
    assert!(one.files.iter().all(|(n, _)| n == "returns.csv" || n.starts_with(township)));
    assert!(returns::prepare(&book, None, &Policy::default(), Some("没有乡"), Lang::Zh).is_err());
}

/// Puts every copy back as it is.
fn unmodified(book: &Path) {
    let before = open(book);
    let done = prepare(book);
    let mut copies = 0;
    for (name, bytes) in done.files.iter().filter(|(n, _)| n.ends_with(".xlsx") && !n.ends_with("需核改清单.xlsx"))
    {
        put_back(book, &name.replace('/', "-"), bytes);
        copies += 1;
    }
    assert!(copies > 0);
    let after = open(book);
    let changed: Vec<_> = after
        .report
        .corrections
        .iter()
        .filter(|c| !c.replaced.is_empty() || c.added > 0 || !c.removed.is_empty())
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
    assert!(after.report.corrections.iter().all(|c| c.refused == 0));
    let kept: usize = after.report.corrections.iter().map(|c| c.unchanged).sum();
    assert!(kept > 0);
    let flags = |b: &Book| b.report.flags.iter().filter(|f| f.reason != "salt_derived").count();
    assert_eq!(flags(&before), flags(&after), "{:?}", after.report.flags.last());
    assert_eq!(before.report.quarantine, after.report.quarantine);
    same_tables(&before, &after);
}

#[test]
fn copies_that_nobody_touched_change_nothing() {
    for format in [Format::Xlsx, Format::Csv] {
        let dir = tempfile::tempdir().unwrap();
        let book = synthetic(dir.path(), format);
        if format == Format::Xlsx {
            dressed(&book);
        }
        unmodified(&book);
    }
    // Parquet, as the demo has it.
    let dir = tempfile::tempdir().unwrap();
    let book = synthetic(dir.path(), Format::Parquet);
    unmodified(&book);
}

#[test]
fn a_messy_county_goes_out_and_comes_back() {
    let messy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/messy_county");
    if !messy.is_dir() {
        eprintln!("skipped: no {}", messy.display());
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book");
    fs::create_dir(&book).unwrap();
    for entry in fs::read_dir(&messy).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, book.join(path.file_name().unwrap())).unwrap();
    }
    unmodified(&book);
}

/// A copy of the township of the first village, ready to be changed.
fn one_copy(dir: &Path) -> (PathBuf, String, Vec<u8>) {
    let book = synthetic(dir, Format::Xlsx);
    let done = prepare(&book);
    let (name, bytes) = done.files.iter().find(|(n, _)| n.ends_with("990121.xlsx")).unwrap().clone();
    (book, name.split('/').next().unwrap().to_owned(), bytes)
}

fn amend(bytes: &[u8], change: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = read(bytes);
    change(&mut workbook);
    written(&workbook)
}

fn households(workbook: &mut Workbook, row: u32, value: f64) {
    let sheet = workbook.sheet_by_name_mut("村情").unwrap();
    let at = (column(sheet, "户数", 3), row);
    sheet.cell_mut(at).set_value_number(value);
}

fn flagged(book: &Book, reason: &str) -> usize {
    book.report.flags.iter().filter(|f| f.reason == reason).count()
}

#[test]
fn contradicting_corrections_leave_the_row_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (book, _, bytes) = one_copy(dir.path());
    let pristine = open(&book);
    put_back(&book, "a.xlsx", &amend(&bytes, |w| households(w, FIRST, 101.0)));
    let one = open(&book);
    assert_eq!(one.report.corrections.iter().map(|c| c.replaced.len()).sum::<usize>(), 1);
    put_back(&book, "b.xlsx", &amend(&bytes, |w| households(w, FIRST, 202.0)));
    let two = open(&book);
    assert_eq!(flagged(&two, "conflicting_corrections"), 2);
    same_tables(&two, &pristine);
    // Both agree, though one of them changed something else too.
    put_back(
        &book,
        "b.xlsx",
        &amend(&bytes, |w| {
            households(w, FIRST, 101.0);
            households(w, FIRST + 1, 77.0)
        }),
    );
    let agreed = open(&book);
    assert_eq!(flagged(&agreed, "conflicting_corrections"), 0);
    let found: BTreeSet<i64> =
        touyan::frame::wholes(agreed.tables.get("villages"), "households").unwrap().into_iter().flatten().collect();
    assert!(found.contains(&101) && found.contains(&77));
    // The same file under two names is one correction.
    fs::copy(book.join("退回核改/a.xlsx"), book.join("a 副本.xlsx")).unwrap();
    let twice = open(&book);
    assert!(twice.report.not_read.iter().any(|n| n.reason == "not-read-correction-twice"));
    same_tables(&twice, &agreed);
}

#[test]
fn rows_come_go_and_are_sorted() {
    let dir = tempfile::tempdir().unwrap();
    let (book, _, bytes) = one_copy(dir.path());
    let pristine = open(&book);
    let changed = amend(&bytes, |w| {
        let sheet = w.sheet_by_name_mut("问题台账").unwrap();
        let last = sheet.highest_row();
        // The first row moves to the end, keys and all; then a copy of it on another day is added.
        for c in 1..=sheet.highest_column() {
            let mut cell = sheet.cell((c, FIRST)).cloned().unwrap_or_default();
            cell.set_coordinate((c, last + 1));
            sheet.set_cell(cell.clone());
            if c < sheet.highest_column() {
                cell.set_coordinate((c, last + 2));
                sheet.set_cell(cell);
            }
        }
        let date = column(sheet, "日期", 3);
        sheet.cell_mut((date, last + 2)).set_value_string("2019-02-03");
        sheet.remove_row(FIRST, 1);
        // And one is taken out.
        sheet.remove_row(FIRST + 1, 1);
    });
    put_back(&book, "排过序.xlsx", &changed);
    let after = open(&book);
    let events = |b: &Book| b.tables.get("events").height();
    assert_eq!(events(&after), events(&pristine));
    let copy = after.report.corrections.iter().find(|c| c.source_sheet == "问题台账").unwrap();
    assert_eq!((copy.replaced.len(), copy.added, copy.removed.len(), copy.refused), (0, 1, 1, 0));
    assert_eq!(flagged(&after, "removed_by_correction"), 1);
    let days = touyan::frame::dates(after.tables.get("events"), "date").unwrap();
    assert!(days.contains(&chrono::NaiveDate::from_ymd_opt(2019, 2, 3)));
}

#[test]
fn bad_copies_get_a_clear_answer_and_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (book, _, bytes) = one_copy(dir.path());
    let pristine = open(&book);
    let answer = |name: &str, bytes: &[u8]| {
        put_back(&book, name, bytes);
        let read = open(&book);
        fs::remove_file(book.join("退回核改").join(name)).unwrap();
        read
    };
    // A code of another county, then one of another township.
    let code = |sheet: &Worksheet| column(sheet, "行政区划代码", 3);
    let foreign = answer(
        "县.xlsx",
        &amend(&bytes, |w| {
            let sheet = w.sheet_by_name_mut("村情").unwrap();
            sheet.cell_mut((code(sheet), FIRST)).set_value_string("110101001201");
        }),
    );
    assert_eq!(flagged(&foreign, "other_county"), 1);
    same_tables(&foreign, &pristine);
    let foreign = answer(
        "乡.xlsx",
        &amend(&bytes, |w| {
            let sheet = w.sheet_by_name_mut("村情").unwrap();
            let own = sheet.value((code(sheet), FIRST));
            sheet.cell_mut((code(sheet), FIRST)).set_value_string(format!("{}199201", &own[..6]));
        }),
    );
    assert_eq!(flagged(&foreign, "other_township"), 1);
    same_tables(&foreign, &pristine);
    // A column is gone: its values stay, the others are corrected.
    let lacking = answer(
        "缺列.xlsx",
        &amend(&bytes, |w| {
            let sheet = w.sheet_by_name_mut("村情").unwrap();
            let gone = column(sheet, "党员数", 3);
            households(w, FIRST, 55.0);
            w.sheet_by_name_mut("村情").unwrap().remove_column_by_index(gone, 1);
        }),
    );
    assert_eq!(flagged(&lacking, "missing_column"), 1);
    assert_eq!(lacking.report.corrections.iter().map(|c| c.replaced.len()).sum::<usize>(), 1);
    let members = |b: &Book| touyan::frame::wholes(b.tables.get("villages"), "party_members").unwrap();
    assert_eq!(members(&lacking), members(&pristine));
    // Title and a header written anew.
    let edited = answer(
        "改头.xlsx",
        &amend(&bytes, |w| {
            let sheet = w.sheet_by_name_mut("村情").unwrap();
            let at = column(sheet, "户数", 3);
            sheet.cell_mut((at, 3)).set_value_string("咱村户数呀");
            sheet.cell_mut((1, 1)).set_value_string("1999年度另一张表");
            sheet.cell_mut((at, FIRST)).set_value_number(44.0);
        }),
    );
    assert_eq!((flagged(&edited, "edited_header"), flagged(&edited, "edited_title")), (1, 1));
    assert!(touyan::frame::wholes(edited.tables.get("villages"), "households").unwrap().contains(&Some(44)));
    // All headers gone.
    let headless = answer(
        "无头.xlsx",
        &amend(&bytes, |w| {
            let sheet = w.sheet_by_name_mut("村情").unwrap();
            for c in 1..sheet.highest_column() {
                sheet.cell_mut((c, 3)).set_value_string(format!("甲{c}"));
            }
        }),
    );
    assert!(headless.report.not_read.iter().any(|n| n.reason == "not-read-correction-headers"));
    same_tables(&headless, &pristine);
    // Without its mark it is known by its keys or its list, named, and not read as new rows.
    let no_mark = |b: &Book, file: &str| {
        let found = b.report.not_read.iter().find(|n| n.reason == "not-read-correction-no-mark");
        found.is_some_and(|n| n.file.ends_with(file) && n.say(Lang::Zh).contains("头雁标记"))
    };
    let unmarked = answer("无标记.xlsx", &amend(&bytes, |w| w.remove_sheet_by_name(marker::SHEET).unwrap()));
    assert!(no_mark(&unmarked, "无标记.xlsx"), "{:?}", unmarked.report.not_read);
    same_tables(&unmarked, &pristine);
    let drop_keys = |w: &mut Workbook| {
        for sheet in w.sheet_collection_mut() {
            let keys = (1..=sheet.highest_column()).find(|c| sheet.value((*c, 3)).starts_with(marker::KEY_HEAD));
            if let Some(at) = keys {
                sheet.remove_column_by_index(at, 1);
            }
        }
    };
    let bare = answer(
        "全无.xlsx",
        &amend(&bytes, |w| {
            w.remove_sheet_by_name(marker::SHEET).unwrap();
            drop_keys(w);
        }),
    );
    assert!(no_mark(&bare, "全无.xlsx"), "{:?}", bare.report.not_read);
    same_tables(&bare, &pristine);
    // The column of keys alone is gone: the places tell, and that is said.
    let placed = answer(
        "无行号.xlsx",
        &amend(&bytes, |w| {
            households(w, FIRST, 56.0);
            drop_keys(w);
        }),
    );
    assert!(flagged(&placed, "no_row_keys") > 1, "{:?}", placed.report.corrections);
    let told = placed.report.flags.iter().find(|f| f.reason == "no_row_keys").unwrap();
    assert!(told.column.starts_with(marker::KEY_HEAD) && told.file.ends_with("无行号.xlsx"), "{told:?}");
    assert_eq!(placed.report.corrections.iter().map(|c| c.replaced.len()).sum::<usize>(), 1);
    // The source was changed meanwhile: that row is held up, another one is replaced.
    let path = book.join("990121.xlsx");
    let before = fs::read(&path).unwrap();
    let first = open(&book).report;
    assert!(first.corrections.is_empty());
    let source_row = {
        let copy = read(&bytes);
        let sheet = copy.sheet_by_name("村情").unwrap();
        marker::read_key(&sheet.value((sheet.highest_column(), FIRST))).unwrap().0 as u32
    };
    fs::write(&path, amend(&before, |w| households(w, source_row, 33.0))).unwrap();
    let moved = answer(
        "迟到.xlsx",
        &amend(&bytes, |w| {
            households(w, FIRST, 11.0);
            households(w, FIRST + 1, 22.0)
        }),
    );
    assert_eq!(flagged(&moved, "source_changed"), 1);
    let found = touyan::frame::wholes(moved.tables.get("villages"), "households").unwrap();
    assert!(found.contains(&Some(33)) && found.contains(&Some(22)) && !found.contains(&Some(11)));
    fs::write(&path, &before).unwrap();
    // A copy of another book.
    let other = tempfile::tempdir().unwrap();
    let elsewhere = other.path().join("book");
    let options = Options {
        townships: Some(3),
        villages_per_county: Some(24),
        years: 2,
        format: Format::Xlsx,
        seed: 5,
        ..Options::default()
    };
    synth::write(&options, &elsewhere).unwrap();
    put_back(&elsewhere, "别县.xlsx", &bytes);
    let stranger = open(&elsewhere);
    assert!(stranger.report.not_read.iter().any(|n| n.reason == "not-read-correction-other-book"));
}

#[test]
fn sixty_thousand_rows_go_back_in_reasonable_time() {
    let dir = tempfile::tempdir().unwrap();
    let book = synthetic(dir.path(), Format::Csv);
    let villages = open(&book);
    let t = villages.tables.get("villages");
    let (names, townships) =
        (touyan::frame::words(t, "village_name").unwrap(), touyan::frame::words(t, "township").unwrap());
    let mut text = String::from("乡镇,村,日期,问题类型\n");
    for n in 0..60_000 {
        let at = n % names.len();
        text.push_str(&format!("{},{},{}-0{}-1{},信访\n", townships[at], names[at], 2015 + n % 9, 1 + n % 9, n % 10));
    }
    fs::write(book.join("大台账.csv"), text).unwrap();
    let begun = std::time::Instant::now();
    let done = prepare(&book);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    let rows: i64 = touyan::frame::wholes(&done.summary, "rows").unwrap().into_iter().flatten().sum();
    assert!(rows > 60_000);
}

#[test]
fn corrections_may_lie_in_a_folder_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let (book, _, bytes) = one_copy(dir.path());
    let back = dir.path().join("收回");
    fs::create_dir(&back).unwrap();
    fs::write(back.join("x.xlsx"), amend(&bytes, |w| households(w, FIRST, 909.0))).unwrap();
    fs::write(back.join("别的.csv"), "村,户数\n甲村,3\n").unwrap();
    let read = book::open_at(book::At { path: &book, corrections: Some(&back) }, &Policy::default()).unwrap();
    assert_eq!(read.report.corrections.iter().map(|c| c.replaced.len()).sum::<usize>(), 1);
    assert!(read.report.not_read.iter().any(|n| n.reason == "not-read-correction-unmarked"));
    assert!(read.hashes.iter().any(|(file, _)| file == "收回/x.xlsx"));
}
