//! The output tables: their schema is documented, and the same for a full and an empty book.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use polars::prelude::{DataFrame, DataType};
use touyan::book::{Book, Tables};
use touyan::decisions;
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::report::column_label_in;
use touyan::run::{Options, Outcome, pipeline};

fn run(book: &Book) -> Outcome {
    let options = Options { as_of: Some("2026-01-31".parse().unwrap()), ..Options::default() };
    pipeline(book, &Policy::default(), &options, &()).unwrap()
}

fn run_with_decisions(book: &Book) -> Outcome {
    let dir = tempfile::tempdir().unwrap();
    let sheet = dir.path().join("decisions.csv");
    std::fs::write(&sheet, "建议编号,所属清单,办理意见\n").unwrap();
    let (policy, as_of) = (Policy::default(), "2026-01-31".parse().unwrap());
    let read = decisions::read(&[sheet], book, &policy, as_of, Lang::Zh).unwrap();
    let options = Options { as_of: Some(as_of), decisions: std::sync::Arc::new(read), ..Options::default() };
    pipeline(book, &policy, &options, &()).unwrap()
}

fn schema(table: &DataFrame) -> Vec<(String, DataType)> {
    table.columns().iter().map(|c| (c.name().to_string(), c.dtype().clone())).collect()
}

fn demo() -> (tempfile::TempDir, Book) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in touyan::synth::demo() {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let book = touyan::book::open(dir.path(), &Policy::default()).unwrap();
    (dir, book)
}

#[test]
fn an_empty_book_gives_the_same_tables_without_rows() {
    let (_dir, book) = demo();
    let full = run(&book);
    let empty = run(&Book { tables: Tables::default(), ..Book::default() });
    let names = |o: &Outcome| o.tables.keys().copied().collect::<Vec<_>>();
    assert_eq!(names(&full), names(&empty));
    for (name, table) in &full.tables {
        assert_eq!(schema(table), schema(&empty.tables[name]), "{name}");
        // Counties against each other take several; the demo has no quotas, nobody in its pool may leave a
        // post, and nobody decided yet.
        let none = [
            "county_benchmarks",
            "chains",
            "quotas",
            "quota_people",
            "quota_posts",
            "seat_stages",
            "seat_prices",
            "match_orders",
        ];
        assert!(table.height() > 0 || none.contains(name), "the demo county shows no `{name}`");
    }
}

/// The tables of a comparison with an earlier run.
fn compared(book: &Book, path: &std::path::Path, outcome: &Outcome) -> BTreeMap<&'static str, DataFrame> {
    use touyan::run::{Formats, encode, manifest, write};
    let (policy, options) = (Policy::default(), Options { as_of: Some(outcome.as_of), ..Options::default() });
    let shown = touyan::privacy::narrow(book, outcome, &policy, &options).unwrap();
    let files = encode(&shown, &policy, &options, &Formats::default(), &()).unwrap();
    let log = manifest(&shown, &policy, &options, &Formats::default(), &files);
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("old"), &files, &log, &BTreeMap::new()).unwrap();
    let now = touyan::scenario::Now { book, at: touyan::book::At::of(path), policy: &policy, options: &options };
    let mut again = outcome.clone();
    touyan::scenario::since(&now, &mut again, &dir.path().join("old"), &()).unwrap();
    ["changes", "changes_summary"].into_iter().map(|name| (name, again.tables[name].clone())).collect()
}

/// What stands above the tables.
const HEAD: &str = "\
# Output tables 结果表

Each table is `NAME.parquet` and, with `--format csv`, `NAME.csv`. Codes stand in the policy's
`[words]` or in the rule's own key. This page is generated; a test keeps it in step.

What a reader gets of a table is decided by `--for` (internal, township NAME, summary).

A **summary** withholds, in every table, report, sheet, log and what is printed:

- names, identity and telephone numbers of people, also where a shifted row put them under a code or
  a place, in pieces (138-0013-1234) or as an end (尾号1234): ＊ or stars stand for them;
- words that the list of their column does not know: they stand as 词表外 (not listed), in tables of
  counts as one row with their sum, and a note says how many cells held one;
- what decisions say freely (reason, body, outcome): 理由见内部版 or 见内部版 tells that it is there;
- filing numbers that are more than the number of a document;
- names in names of files: the rest, the first digits of the file's BLAKE3 hash and the ending stay
  (＊_台账#3fa2c1.xlsx);
- counts of people from 1 to `privacy.min_cell` − 1, what would give them away and the shares made of
  them (null), noughts beside them where they alone would not do, also heads changed and cases of a
  township, people of a batch and events of a kind;
- figures about one person (`ladder`: age, years left, reserves); in `explain` a person's appraisals,
  pay, wishes and dates, of whose age the band stays;
- of `pool_outcomes` the recommenders who may be people, and the tables of what single people get;
- `quota_people`, who belongs to the groups of quotas: `verify` checks pairs and seats without it, and that
  they are the best with `--book`.

Somebody whom the book does not know and who is named in other free text (the text of a measure, a
note of an indicator) cannot be told from any other word.

A **township's** edition has the rows of its own villages and people by name; tables that count the
whole county have no rows. Of candidates from elsewhere it has the code alone: 其他乡镇 stands for
their village, one sentence for their file.
";

#[test]
fn the_schema_of_every_table_is_documented() {
    let (_dir, book) = demo();
    let outcome = run(&book);
    let type_of = |dtype: &DataType| match dtype {
        DataType::String => "text",
        DataType::Float64 => "number",
        DataType::Int64 => "whole number",
        DataType::Boolean => "yes/no",
        DataType::Date => "date",
        other => panic!("{other} is no type of an output table"),
    };
    let policy = Policy::default();
    let mut text = String::from(HEAD);
    let stages: BTreeMap<&str, Vec<&str>> = outcome.stages.iter().map(|(s, t)| (s.name(), t.clone())).collect();
    // What a run for readers who see names writes besides.
    let audience = touyan::run::Audience::Internal;
    let sources = touyan::explain::Sources {
        book: &book,
        policy: &policy,
        outcome: &outcome,
        lang: Lang::Zh,
        audience: &audience,
    };
    let people = touyan::materials::people_tables(&sources).unwrap();
    let mut chapters: Vec<(String, Vec<(&str, &DataFrame)>)> = Vec::new();
    for (stage, tables) in stages {
        let head = format!("{stage} {}", Lang::Zh.text(&format!("stage-{stage}")));
        chapters.push((head, tables.into_iter().map(|name| (name, &outcome.tables[name])).collect()));
    }
    chapters.push((
        "people 人员（不写入摘要版 not in a summary run）".into(),
        people.iter().map(|(name, table)| (*name, table)).collect(),
    ));
    for (head, tables) in chapters {
        writeln!(text, "\n## {head}").unwrap();
        for (name, table) in tables {
            let title = format!("table-{}", name.replace('_', "-"));
            writeln!(text, "\n### `{name}` {} — {}\n", Lang::Zh.text(&title), Lang::En.text(&title)).unwrap();
            text.push_str("| column | type | 中文 | English |\n|---|---|---|---|\n");
            for (column, dtype) in schema(table) {
                let label = |lang| column_label_in(lang, &policy, name, &column);
                let (zh, en) = (label(Lang::Zh), label(Lang::En));
                assert_ne!(zh, column, "{name}.{column} has no Chinese label");
                writeln!(text, "| `{column}` | {} | {zh} | {en} |", type_of(&dtype)).unwrap();
            }
        }
    }
    let mut add = |title: &str, tables: &BTreeMap<&'static str, DataFrame>| {
        writeln!(text, "\n## {title}").unwrap();
        for (name, table) in tables {
            let title = format!("table-{}", name.replace('_', "-"));
            writeln!(text, "\n### `{name}` {} — {}\n", Lang::Zh.text(&title), Lang::En.text(&title)).unwrap();
            text.push_str("| column | type | 中文 | English |\n|---|---|---|---|\n");
            for (column, dtype) in schema(table) {
                let label = |lang| column_label_in(lang, &policy, name, &column);
                let (zh, en) = (label(Lang::Zh), label(Lang::En));
                assert_ne!(zh, column, "{name}.{column} has no Chinese label");
                writeln!(text, "| `{column}` | {} | {zh} | {en} |", type_of(&dtype)).unwrap();
            }
        }
    };
    add("run --previous 与上次相比", &compared(&book, _dir.path(), &outcome));
    let asked = touyan::scenario::from_sets(&["reserve.vacancies.age_limit.secretary=62".into()], &policy).unwrap();
    let options = Options { as_of: Some(outcome.as_of), ..Options::default() };
    let found =
        touyan::scenario::whatif(&book, touyan::book::At::of(_dir.path()), &policy, &options, &[asked], &()).unwrap();
    add("whatif 假设推演", &found.tables().unwrap());
    let with = run_with_decisions(&book);
    let names = [
        decisions::FOLLOW_UP,
        decisions::TAKEN,
        decisions::LATER,
        decisions::GRANTED,
        decisions::FINDINGS,
        decisions::SHEETS,
    ];
    add("run --decisions 办理意见", &names.into_iter().map(|name| (name, with.tables[name].clone())).collect());
    crate::bless("docs/outputs.md", &text);
}
