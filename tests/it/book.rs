//! The county book, end to end: sheets in, canonical tables and a check report out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use touyan::book::{self, Book};
use touyan::ident::Salt;
use touyan::policy::Policy;

fn messy() -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/messy_county")).to_owned();
    if path.is_dir() {
        Some(path)
    } else {
        eprintln!("skipped: no messy county beside the project");
        None
    }
}

fn open(path: &Path) -> Book {
    match book::open_with(path, &Policy::default(), &Salt([7; 32])) {
        Ok(book) => book,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// Flags of a file by reason.
fn flags(book: &Book, file: &str) -> BTreeMap<String, usize> {
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for sheet in book.report.sheets.iter().filter(|s| s.file.contains(file)) {
        for (reason, count) in &sheet.flagged {
            *all.entry(reason.clone()).or_default() += count;
        }
    }
    all
}

fn json(book: &Book) -> Value {
    book::report_json(book, &Policy::default(), None)
}

#[test]
fn the_messy_county_comes_out_as_its_truth_says() {
    let Some(path) = messy() else { return };
    let truth: Value = serde_json::from_str(&std::fs::read_to_string(path.join("truth.json")).unwrap_or_default()).unwrap_or_default();
    let book = open(&path);
    let found = json(&book);
    let tables = &found["tables"];
    assert_eq!(tables["villages"]["rows"], truth["villages"]);
    assert_eq!(tables["townships"]["rows"], truth["townships"]);
    assert_eq!(tables["villages"]["population"], truth["total_population"]);
    assert_eq!(tables["villages"]["weak"], truth["weak_villages"]);
    assert_eq!(tables["indicators"]["collective_income_wan"], truth["total_collective_income_wan"]);
    assert_eq!(tables["posts"]["vacant"], truth["vacant_secretary_posts"]);
    let secretaries = tables["posts"]["rows"].as_u64().unwrap_or(0) - tables["posts"]["vacant"].as_u64().unwrap_or(0);
    assert_eq!(Some(secretaries), truth["secretaries"].as_u64());
    assert_eq!(tables["pool"]["rows"], truth["reserves"]);
    assert_eq!(tables["pool"]["sources"], truth["reserve_sources"]);
    assert_eq!(tables["pool"]["status"], truth["reserve_status"]);
    assert_eq!(tables["events"]["rows"], truth["events"]);
    assert_eq!(tables["events"]["kinds"], truth["event_kinds"]);
    assert_eq!(tables["people"]["rows"].as_u64(), Some(58 + 111));
    assert_eq!(tables["appraisals"]["rows"].as_u64(), Some(58 * 3));
    assert_eq!(found["as_of"], "2026-01-31");

    let roster = flags(&book, "花名册");
    let pool = flags(&book, "后备");
    let villages = flags(&book, "村情");
    let count = |flags: &BTreeMap<String, usize>, reason: &str| flags.get(reason).copied().unwrap_or(0) as u64;
    let conflicts = &truth["conflicts"];
    assert_eq!(Some(count(&villages, "petitions_differ")), conflicts["petitions: village sheet and ledger differ"].as_u64());
    assert_eq!(Some(count(&roster, "birth_differs_from_id")), conflicts["birth date differs from the ID number"].as_u64());
    assert_eq!(Some(count(&roster, "sex_differs_from_id")), conflicts["sex differs from the ID number"].as_u64());
    assert_eq!(Some(count(&roster, "post_before_party")), conflicts["post held before joining the Party"].as_u64());
    assert_eq!(Some(count(&roster, "damaged_id")), truth["damaged_secretary_ids"].as_u64());
    assert_eq!(Some(count(&roster, "ambiguous_date")), Some(1));
    let faults = &truth["reserve_faults"];
    assert_eq!(Some(count(&pool, "damaged_id")), faults["damaged_id"].as_u64());
    assert_eq!(Some(count(&pool, "bad_check_digit")), faults["bad_check"].as_u64());
    assert_eq!(Some(count(&pool, "unknown_village")), faults["unknown_village"].as_u64());
    assert_eq!(Some(count(&pool, "future_birth")), faults["future_birth"].as_u64());
    assert_eq!(roster.len() + pool.len() + villages.len(), 5 + 4 + 1, "{roster:?} {pool:?} {villages:?}");
    assert_eq!(flags(&book, "台账"), BTreeMap::from([("unknown_word".to_owned(), 2)]));
    for sheet in &book.report.sheets {
        assert!(sheet.quarantined.is_empty(), "{sheet:?}");
    }
}
