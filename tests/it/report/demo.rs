//! The report over what the stages really hand on: the demo county.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Reader, Xlsx};
use touyan::book::Book;
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::report::{Audience, Input, html, xlsx};
use touyan::run::{Options, pipeline};
use touyan::stage::Context;

fn demo() -> (tempfile::TempDir, Book) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in touyan::synth::demo() {
        std::fs::write(folder.path().join(name), bytes).expect("a writable folder");
    }
    let book = touyan::book::open(folder.path(), &Policy::default()).expect("a good book");
    (folder, book)
}

fn report(book: &Book, lang: Lang, audience: Audience) -> (String, Vec<u8>) {
    let policy = Policy::default();
    let options = Options { lang, ..Options::default() };
    let outcome = pipeline(book, &policy, &options, &()).expect("the demo county runs");
    let ctx = Context { policy: &policy, as_of: outcome.as_of, seed: 1, lang };
    let input = Input {
        ctx: &ctx,
        tables: &book.tables,
        check: &book.report,
        outcome: &outcome.tables,
        audience: &audience,
        title: None,
        county: None,
        version: "0.1.0",
        notes: &outcome.notes,
    };
    (html(&input), xlsx(&input).expect("a workbook"))
}

/// All cells of a workbook by sheet.
fn cells(bytes: Vec<u8>) -> BTreeMap<String, Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    let names = book.sheet_names().to_vec();
    let cells = |name: String| {
        let range = book.worksheet_range(&name).expect("the sheet is there");
        (name, range.used_cells().map(|(_, _, cell)| cell.to_string()).collect())
    };
    names.into_iter().map(cells).collect()
}

/// Does the text look like a code that nobody put into words?
fn raw(text: &str) -> bool {
    text.len() > 2 && text.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == ';')
}

#[test]
fn every_code_of_the_stages_has_words() {
    let (_folder, book) = demo();
    for lang in [Lang::Zh, Lang::En] {
        let (page, workbook) = report(&book, lang, Audience::Summary);
        for prefix in [">report-", ">col-", ">code-", ">sheet-", " report-", "\"report-", "supervise.", "reserve."] {
            let at = page.find(prefix).map(|at| page[at..].chars().take(60).collect::<String>());
            assert_eq!(at, None, "a message is missing in {}", lang.tag());
        }
        for (sheet, texts) in cells(workbook) {
            let keys: Vec<&String> =
                texts.iter().filter(|t| t.contains("reserve.") || t.contains("supervise.")).collect();
            assert!(keys.is_empty(), "{sheet}: {keys:?}");
            let codes: BTreeSet<String> = match lang {
                Lang::Zh => texts.into_iter().filter(|t| raw(t)).collect(),
                // English words look like codes; what has an underscore cannot be one.
                Lang::En => texts.into_iter().filter(|t| raw(t) && t.contains('_')).collect(),
            };
            // The statistics form's own item codes and the files' table names are meant to be codes.
            let meant = ["统计报表", "Statistics form", "数据来源", "Sources", "存疑清单", "Flags"];
            assert!(codes.is_empty() || meant.contains(&sheet.as_str()), "{sheet}: {codes:?}");
        }
    }
}

#[test]
fn summary_of_the_demo_names_nobody() {
    let (_folder, book) = demo();
    let (page, workbook) = report(&book, Lang::Zh, Audience::Summary);
    let all: String = cells(workbook).into_values().flatten().collect::<Vec<_>>().join("\n");
    let people = book.tables.get("people");
    let names: BTreeSet<&str> = touyan::frame::words(people, "name").expect("a column").into_iter().collect();
    // Names of three characters and more cannot be part of a place's name by chance.
    for name in names.into_iter().filter(|n| n.chars().count() >= 3) {
        assert!(!page.contains(name), "{name} stands in the page");
        assert!(!all.contains(name), "{name} stands in the workbook");
    }
}
