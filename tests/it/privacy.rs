//! Who sees what: names, numbers and small counts in every byte of every output.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use polars::prelude::*;
use proptest::prelude::*;
use touyan::book::{self, Book};
use touyan::frame;
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::privacy::{self, PrivacyPolicy, System, narrow, registry};
use touyan::run::{Audience, Options, Outcome, pipeline};

fn small() -> PrivacyPolicy {
    PrivacyPolicy { min_cell: 5, protection: 4, source: String::new() }
}

fn demo_folder(dir: &Path) -> PathBuf {
    let folder = dir.join("book");
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in touyan::synth::demo() {
        fs::write(folder.join(name), bytes).unwrap();
    }
    fs::write(book::salt_file(&folder), touyan::synth::DEMO_SALT).unwrap();
    folder
}

fn demo() -> (tempfile::TempDir, Book, Outcome) {
    let dir = tempfile::tempdir().unwrap();
    let book = book::open(&demo_folder(dir.path()), &Policy::default()).unwrap();
    let outcome = pipeline(&book, &Policy::default(), &Options::default(), &()).unwrap();
    (dir, book, outcome)
}

fn of(audience: Audience) -> Options {
    Options { audience, ..Options::default() }
}

#[test]
fn every_column_of_every_table_is_declared() {
    let (_dir, _, outcome) = demo();
    let mut missing = Vec::new();
    for (name, table) in &outcome.tables {
        match registry::form(name) {
            None => missing.push((*name).to_owned()),
            Some(form) => missing.extend(
                table
                    .get_column_names()
                    .into_iter()
                    .filter(|column| form.class(column).is_none())
                    .map(|column| format!("{name}.{column}")),
            ),
        }
    }
    assert!(missing.is_empty(), "declare in src/privacy/registry.rs: {}", missing.join(", "));
}

#[test]
fn what_is_not_declared_reaches_the_office_alone() {
    let (_dir, book, mut outcome) = demo();
    let secret = frame::Build::new().str("county", &["x"]).str("diary", &["王小明哭了"]).done().unwrap();
    outcome.tables.insert("diary", secret);
    let talks = outcome.tables.get_mut("talks").unwrap();
    let gossip = vec!["说了什么"; talks.height()];
    talks.with_column(Column::new("gossip".into(), gossip)).unwrap();
    let township = outcome.tables["scores"].column("township").unwrap().str().unwrap().get(0).unwrap().to_owned();
    for audience in [Audience::Summary, Audience::Township(township)] {
        let shown = narrow(&book, &outcome, &Policy::default(), &of(audience)).unwrap();
        assert!(shown.outcome().table("diary").is_none());
        let talks = shown.outcome().table("talks").unwrap();
        assert_eq!(talks.column("gossip").unwrap().null_count(), talks.height());
        assert_eq!(shown.outcome().notes.iter().filter(|n| n.contains("diary") || n.contains("gossip")).count(), 2);
    }
    let shown = narrow(&book, &outcome, &Policy::default(), &of(Audience::Internal)).unwrap();
    assert_eq!(shown.outcome().table("diary").unwrap().height(), 1);
}

// ─── small counts ────────────────────────────────────────────────────────────

/// A table of counts with its margins: two rows. `None` is withheld.
struct Margins {
    cells: Vec<Option<i64>>,
    rows: [Option<i64>; 2],
    columns: Vec<Option<i64>>,
    all: Option<i64>,
}

impl Margins {
    /// The least and greatest value of each cell by trying all, up to `most`: independent of any
    /// solver. `at_least` is what the reader knows of each cell.
    fn by_trying(&self, at_least: &[i64], most: i64) -> Vec<(i64, i64)> {
        let mut ranges = vec![(i64::MAX, i64::MIN); self.cells.len()];
        self.go(&mut Vec::new(), at_least, most, &mut ranges);
        ranges
    }

    fn go(&self, tried: &mut Vec<i64>, at_least: &[i64], most: i64, ranges: &mut [(i64, i64)]) {
        let (at, width) = (tried.len(), self.columns.len());
        let row: i64 = tried[at.saturating_sub(1) / width * width..].iter().sum();
        let shown = if at > 0 { self.rows[(at - 1) / width] } else { None };
        if shown.is_some_and(|shown| row > shown || (at % width == 0 && row != shown)) {
            return;
        }
        if at == self.cells.len() {
            let fits = (0..width).all(|i| self.columns[i].is_none_or(|sum| tried[i] + tried[i + width] == sum));
            if fits && self.all.is_none_or(|all| tried.iter().sum::<i64>() == all) {
                for (range, value) in ranges.iter_mut().zip(tried.iter()) {
                    *range = (range.0.min(*value), range.1.max(*value));
                }
            }
            return;
        }
        let values = self.cells[at].map_or(at_least[at]..=most, |value| value..=value);
        for value in values {
            tried.push(value);
            self.go(tried, at_least, most, ranges);
            tried.pop();
        }
    }

    /// What is wrong with the table that a reader sees, if these are its counts. No count of people
    /// that is too small is shown; what is withheld keeps a range of four, or the range it would have
    /// if every cell were withheld; and it is no single value even for a reader who knows that
    /// noughts are shown unless one is withheld in the same line, or the line has no more people than cells
    /// (there all cells are withheld, noughts or not), as long as a cell is left to withhold.
    fn wrong(&self, cells: &[i64], most: i64) -> Option<String> {
        let width = self.columns.len();
        if let Some(small) = self.cells.iter().flatten().find(|n| (1..5).contains(*n)) {
            return Some(format!("{small} is shown"));
        }
        let none = vec![0; cells.len()];
        let seen = self.by_trying(&none, most);
        let bare = Margins { cells: vec![None; cells.len()], columns: self.columns.clone(), ..*self };
        let best = bare.by_trying(&none, most);
        let nought = |i: usize| cells[i] == 0 && self.cells[i].is_none();
        let veiled = |i: usize| {
            let row = i / width * width;
            let few = |sum: Option<i64>, parts: usize| sum.is_some_and(|sum| sum <= parts as i64);
            let sparse = few(self.rows[i / width], width) || few(self.columns[i % width], 2);
            sparse || (row..row + width).any(nought) || nought((i + width) % cells.len())
        };
        let known: Vec<i64> = (0..cells.len()).map(|i| i64::from(cells[i] > 0 && !veiled(i))).collect();
        let sly = self.by_trying(&known, most);
        let span = |range: (i64, i64)| range.1 - range.0;
        for i in (0..cells.len()).filter(|i| self.cells[*i].is_none() && cells[*i] > 0) {
            if !(seen[i].0..=seen[i].1).contains(&cells[i]) || !(sly[i].0..=sly[i].1).contains(&cells[i]) {
                return Some(format!("{i} cannot be what it is: {:?} {:?}", seen[i], sly[i]));
            }
            if span(seen[i]) < span(best[i]).min(4) {
                return Some(format!("{i} in {:?}, might be in {:?}", seen[i], best[i]));
            }
            if span(sly[i]) == 0 && span(best[i]) > 0 && self.cells.iter().any(Option::is_some) {
                return Some(format!("{i} is worked out by who knows of noughts, might be in {:?}", best[i]));
            }
        }
        None
    }
}

/// A table of two rows as it is published, its margins known anyway or withheld like the cells.
fn published(cells: &[i64], margins_known: bool) -> Margins {
    let width = cells.len() / 2;
    let mut system = System::default();
    let at: Vec<usize> = cells.iter().map(|v| system.shown(*v)).collect();
    let margin = |system: &mut System, line: &[usize]| {
        let sum: i64 = line.iter().map(|i| cells[*i]).sum();
        let whole = if margins_known { system.fixed(sum) } else { system.shown(sum) };
        system.parts(&line.iter().map(|i| at[*i]).collect::<Vec<_>>(), whole);
        (whole, sum)
    };
    let rows = [0, 1].map(|r| margin(&mut system, &(r * width..(r + 1) * width).collect::<Vec<_>>()));
    let columns: Vec<(usize, i64)> = (0..width).map(|c| margin(&mut system, &[c, c + width])).collect();
    let sum: i64 = cells.iter().sum();
    let all = if margins_known { system.fixed(sum) } else { system.shown(sum) };
    system.parts(&rows.map(|r| r.0), all);
    system.parts(&columns.iter().map(|c| c.0).collect::<Vec<_>>(), all);
    system.suppress(&small());
    let seen = |(at, value): (usize, i64)| (!system.is_hidden(at)).then_some(value);
    Margins {
        cells: at.iter().zip(cells).map(|(at, value)| seen((*at, *value))).collect(),
        rows: rows.map(seen),
        columns: columns.into_iter().map(seen).collect(),
        all: seen((all, sum)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Tables whose margins are known anyway.
    #[test]
    fn withheld_counts_cannot_be_worked_out(cells in proptest::collection::vec(0_i64..8, 6)) {
        let wrong = published(&cells, true).wrong(&cells, 14);
        prop_assert!(wrong.is_none(), "{cells:?}: {}", wrong.unwrap_or_default());
    }

    /// Mostly noughts and ones.
    #[test]
    fn few_people_cannot_be_worked_out(cells in proptest::collection::vec(0_i64..3, 6)) {
        let wrong = published(&cells, true).wrong(&cells, 14);
        prop_assert!(wrong.is_none(), "{cells:?}: {}", wrong.unwrap_or_default());
    }

    /// Margins that may be withheld: nothing is worked out, also where one person is alone in the table.
    #[test]
    fn totals_are_withheld_with_their_parts(cells in proptest::collection::vec(0_i64..8, 4)) {
        let seen = published(&cells, false);
        let wrong = seen.wrong(&cells, 12);
        prop_assert!(wrong.is_none(), "{cells:?}: {}", wrong.unwrap_or_default());
        let margins = seen.rows.iter().chain(&seen.columns).chain([&seen.all]);
        prop_assert!(margins.flatten().all(|n| !(1..5).contains(n)), "{cells:?}");
        let ranges = seen.by_trying(&[0; 4], 12);
        for (i, (low, high)) in ranges.into_iter().enumerate().filter(|(i, _)| (1..5).contains(&cells[*i])) {
            prop_assert!(low < high, "{cells:?}: {i} is {low}");
        }
    }
}

#[test]
fn ones_alone_in_sparse_columns_might_be_others() {
    // Columns of 2 in two cells: a reader cannot tell 1 and 1 from 0 and 2.
    let cells = [1, 1, 5, 1, 1, 5];
    let seen = published(&cells, true);
    assert_eq!(seen.cells, [None, None, Some(5), None, None, Some(5)]);
    assert_eq!(seen.wrong(&cells, 14), None);
}

#[test]
fn a_lone_person_is_told_by_no_total_that_may_be_withheld() {
    let seen = published(&[0, 0, 0, 1], false);
    assert_eq!((seen.rows[1], seen.columns[1], seen.all), (None, None, None));
    assert!(seen.by_trying(&[0; 4], 12).iter().skip(3).all(|(low, high)| high - low >= 4));
}

#[test]
fn the_demo_county_keeps_its_small_counts() {
    let (_dir, book, outcome) = demo();
    let policy = Policy::default();
    // The systems as they are built, each range found exactly.
    for mut system in privacy::systems(&outcome.tables, &policy, outcome.as_of).unwrap() {
        system.suppress(&policy.privacy);
        let audit = system.audit(&policy.privacy);
        assert!(audit.len() > 50, "{}", audit.len());
        for found in audit {
            let (low, high) = found.range.expect("the equations hold");
            assert!(low - 1e-6 <= found.value as f64 && found.value as f64 <= high + 1e-6, "{found:?}");
            assert!(high - low >= found.needed - 1e-6, "{found:?}");
        }
    }
    let shown = narrow(&book, &outcome, &policy, &of(Audience::Summary)).unwrap();
    let tables = &shown.outcome().tables;
    for (name, columns) in [
        ("structure", &["people"][..]),
        ("pyramid", &["people"]),
        ("age_limit", &["secretaries"]),
        ("pool_outcomes", &["people", "appointed", "still_in_post"]),
        ("fill", &["posts_filled_12m", "from_pool"]),
        ("waivers", &["people"]),
    ] {
        for column in columns {
            let seen = frame::wholes(&tables[name], column).unwrap();
            assert!(seen.iter().flatten().all(|n| *n == 0 || *n >= 5), "{name}.{column}");
            let all = frame::wholes(&outcome.tables[name], column).unwrap();
            assert!(all.iter().flatten().any(|n| (1..5).contains(n)) || !["structure", "pyramid"].contains(&name));
        }
    }
    // Most is still told.
    let told = |name: &str| {
        let seen = frame::wholes(&tables[name], "people").unwrap();
        seen.iter().filter(|n| n.is_some()).count() as f64 / seen.len() as f64
    };
    assert!(told("structure") > 0.6 && told("pyramid") > 0.6, "{} {}", told("structure"), told("pyramid"));
    for column in ["in_pool", "members_in_pool", "secretary_age", "years_to_limit"] {
        assert_eq!(tables["ladder"].column(column).unwrap().null_count(), tables["ladder"].height());
    }
    // A share tells of no withheld count.
    let (people, share) = (
        frame::wholes(&tables["structure"], "people").unwrap(),
        frame::numbers(&tables["structure"], "share").unwrap(),
    );
    assert!(people.iter().zip(share).all(|(p, s)| p.is_some() || s.is_none()));
}

/// No text of a summary tells anybody's age; the limits of the policy it may tell.
#[test]
fn no_text_of_a_summary_tells_an_age() {
    let (_dir, book, outcome) = demo();
    let policy = Policy::default();
    let shown = narrow(&book, &outcome, &policy, &of(Audience::Summary)).unwrap();
    let ages = |text: &str| -> Vec<String> {
        let texts: Vec<&str> = text.split('岁').collect();
        let before = texts[..texts.len() - 1].iter().map(|t| t.trim_end_matches([' ', '周']));
        before
            .map(|t| t.chars().rev().take_while(char::is_ascii_digit).collect::<String>())
            .filter(|n| !n.is_empty())
            .collect()
    };
    assert_eq!(ages("38周岁，35岁及以下，岁末"), ["83", "53"]);
    let (mut inside, mut told) = (0, BTreeSet::new());
    for (name, table) in &outcome.tables {
        for column in table.columns().iter().filter(|c| c.dtype() == &DataType::String) {
            inside += column.str().unwrap().iter().flatten().filter(|text| !ages(text).is_empty()).count();
            let Some(seen) = shown.outcome().table(name) else { continue };
            for text in seen.column(column.name()).unwrap().str().unwrap().iter().flatten() {
                told.extend(ages(text).into_iter().map(|age| format!("{name}.{} {age}", column.name())));
            }
        }
    }
    assert!(inside > 400, "the texts tell ages: {inside}");
    let limits = [
        "ladder.reason 06",
        "ladder.reason 53",
        "shortlists.gates_passed 81",
        "statistics_form.label 06",
        "statistics_form.label 53",
    ];
    assert!(told.iter().all(|t| limits.contains(&t.as_str())), "{told:?}");
}

#[test]
fn nought_switches_suppression_off() {
    let (_dir, book, outcome) = demo();
    let policy = Policy::parse("[privacy]\nmin_cell = 0\n", Path::new("x.toml")).unwrap();
    let shown = narrow(&book, &outcome, &policy, &of(Audience::Summary)).unwrap();
    for name in ["structure", "pyramid", "age_limit", "fill"] {
        assert!(shown.outcome().tables[name].equals_missing(&outcome.tables[name]), "{name}");
    }
    assert!(Policy::parse("[privacy]\nprotection = 0\n", Path::new("x.toml")).is_err());
}

// ─── the searcher ────────────────────────────────────────────────────────────

/// Texts that must not occur, found at any place of a byte stream.
struct Needles {
    /// By the first bytes; looked up, never iterated.
    by_start: std::collections::HashMap<[u8; 6], Vec<String>>,
}

impl Needles {
    fn new(texts: impl IntoIterator<Item = String>) -> Needles {
        let mut by_start: std::collections::HashMap<[u8; 6], Vec<String>> = std::collections::HashMap::new();
        for text in texts {
            let start = text.as_bytes()[..6].try_into().expect("a needle has six bytes");
            by_start.entry(start).or_default().push(text);
        }
        Needles { by_start }
    }

    fn find(&self, bytes: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, window) in bytes.windows(6).enumerate() {
            let start: &[u8; 6] = window.try_into().unwrap();
            if let Some(texts) = self.by_start.get(start) {
                found.extend(texts.iter().filter(|t| bytes[at..].starts_with(t.as_bytes())).map(String::as_str));
            }
        }
        found
    }
}

/// Every byte stream of a file: itself, the members of an archive, the cells of a Parquet file.
fn streams(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![(name.to_owned(), bytes.to_vec())];
    if bytes.starts_with(b"PK\x03\x04") {
        let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for at in 0..archive.len() {
            let mut member = archive.by_index(at).unwrap();
            let inside = member.name().unwrap().into_owned();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            let inner = format!("{name}!{inside}");
            all.push((format!("{inner} (name)"), inside.into_bytes()));
            all.extend(streams(&inner, &content));
        }
    }
    if bytes.starts_with(b"PAR1") {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.parquet");
        fs::write(&path, bytes).unwrap();
        let table = frame::read_parquet(&path).unwrap();
        let mut text = String::new();
        for column in table.columns() {
            let cells = column.cast(&DataType::String).unwrap();
            for cell in cells.str().unwrap().iter().flatten() {
                text.push_str(cell);
                text.push('\n');
            }
        }
        all.push((format!("{name} (cells)"), text.into_bytes()));
    }
    all
}

fn leaks(needles: &Needles, files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (name, bytes) in files {
        for (stream, content) in streams(name, bytes) {
            found.extend(needles.find(&content).into_iter().map(|text| format!("{stream}: {text}")));
        }
        found.extend(needles.find(name.as_bytes()).into_iter().map(|text| format!("name of {name}: {text}")));
    }
    found.into_iter().collect()
}

#[test]
fn the_searcher_finds_what_is_hidden_in_archives_and_columns() {
    let needles = Needles::new(["覃㐀㐁".to_owned(), "13912345678".to_owned()]);
    let table = frame::Build::new().str("note", &["无事", "由覃㐀㐁推荐"]).done().unwrap();
    let mut parquet = Vec::new();
    frame::write_parquet(&table, &mut parquet).unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "电话 13912345678").unwrap();
    let xlsx = workbook.save_to_buffer().unwrap();
    assert!(needles.find(&xlsx).is_empty(), "compressed, it is seen by the searcher of streams alone");
    let files = BTreeMap::from([
        ("a.parquet".to_owned(), parquet),
        ("b.xlsx".to_owned(), xlsx),
        ("c.json".to_owned(), "{\"覃㐀㐁的表.xlsx\": 1}".as_bytes().to_vec()),
        ("d.csv".to_owned(), "无事".as_bytes().to_vec()),
    ]);
    let found = leaks(&needles, &files);
    for file in ["a.parquet", "b.xlsx", "c.json"] {
        assert!(found.iter().any(|f| f.starts_with(file)), "{file}: {found:?}");
    }
    assert!(!found.iter().any(|f| f.starts_with("d.csv")));
}

// ─── leaks ───────────────────────────────────────────────────────────────────

/// Characters that stand in no other text of the program or the county.
fn rare(i: usize) -> char {
    char::from_u32(0x3400 + u32::try_from(i % 6400).unwrap()).unwrap()
}

/// The name of person `i`: found by its last two characters as well.
fn name(i: usize) -> String {
    format!("覃{}{}", rare(i), rare(i * 7 + 1))
}

/// Somebody whom only free text names.
fn outsider(i: usize) -> String {
    format!("覃{}{}", rare(i + 4000), rare(i * 3 + 2))
}

fn id_number(i: usize) -> String {
    let birth = format!("{}{:02}{:02}", 1960 + i % 40, 1 + i % 12, 1 + i % 28);
    let body = format!("990121{birth}{:03}", i % 1000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(digit, w)| u32::from(digit - b'0') * w).sum();
    let check = b"10X98765432"[sum as usize % 11] as char;
    format!("{body}{check}")
}

fn phone(i: usize) -> String {
    format!("139{:08}", 10_000_019 + i * 7_919)
}

/// All that may give a person away.
fn traces(i: usize) -> Vec<String> {
    let (name, id) = (name(i), id_number(i));
    let given: String = name.chars().skip(1).collect();
    vec![name, given, id[6..].to_owned(), id, phone(i)]
}

fn text_column(frame: &mut DataFrame, column: &str, of: impl Fn(usize) -> String) {
    let cells: Vec<String> = (0..frame.height()).map(of).collect();
    frame.with_column(Column::new(column.into(), cells)).unwrap();
}

/// The demo county with names, numbers and telephones in every text, in names of files and sheets,
/// and in rows that cannot be read. Returns the book, the number of people and of names of others.
fn injected(dir: &Path) -> (PathBuf, usize, usize) {
    let folder = demo_folder(dir);
    let mut people = 0;
    for table in book::schema::TABLES {
        let path = folder.join(format!("{}.parquet", table.name));
        let mut data = frame::read_parquet(&path).unwrap();
        let height = data.height();
        if table.name == "people" {
            people = height;
            text_column(&mut data, "name", name);
            text_column(&mut data, "id_number", id_number);
            text_column(&mut data, "phone", phone);
        }
        let places = ["county", "township", "village", "village_name", "code", "urban_rural", "name", "target"];
        for column in table.columns {
            if column.kind != book::schema::Kind::Text || places.contains(&column.name) {
                continue;
            }
            let said = |i: usize| match column.name {
                "leader" => format!("副县长{}", outsider(i)),
                "mentor" => format!("镇党委副书记{}", outsider(i % 900)),
                "responsible" if i.is_multiple_of(2) => outsider(i % 900),
                "recommended_by" if i.is_multiple_of(3) => outsider(i % 900),
                "recommended_by" if i % 3 == 1 => "乡镇党委推荐".to_owned(),
                _ => {
                    let who = i * 11 % 3_000;
                    format!("由{}反映，电话{}，证{}", name(who), phone(who), id_number(who))
                }
            };
            text_column(&mut data, column.name, said);
        }
        if table.name == "targets" {
            let own = frame::words(&data, "target").unwrap().into_iter().map(str::to_owned).collect::<Vec<_>>();
            text_column(&mut data, "target", |i| {
                if i % 50 == 0 { format!("督促{}还款", name(i % 3_000)) } else { own[i].clone() }
            });
        }
        let bytes = fs::File::create(&path).unwrap();
        frame::write_parquet(&data, bytes).unwrap();
        assert_eq!(data.height(), height);
    }
    // Rows without a place, with names that stand nowhere else, in a file and a sheet named after people,
    // under a header that is a name.
    let broken = (0..40).map(|i| {
        let (who, id) = (outsider(2_000 + i), id_number(3_600 + i));
        format!(",,{who},男,1980.0{},{id},{},村党组织书记,由{}推荐\n", 1 + i % 9, phone(3_600 + i), name(i))
    });
    let sheet =
        format!("乡镇,村,姓名,性别,出生年月,身份证号,联系电话,现任职务,{}\n{}", name(7), broken.collect::<String>());
    fs::write(folder.join(format!("{}的名单.csv", name(5))), sheet).unwrap();
    // Wishes without a village and cases on a day that is none: set aside, the day as it stands.
    let wishes: String = (0..30).map(|i| format!("{},,1,是,由{}转告\n", outsider(2_200 + i), name(i))).collect();
    fs::write(folder.join("意愿.csv"), format!("姓名,村,意愿顺序,是否愿意,备注\n{wishes}")).unwrap();
    let cases: String = (0..30).map(|i| format!("{}说不清，电话{},,立案,\n", outsider(2_300 + i), phone(i))).collect();
    fs::write(folder.join("台账.csv"), format!("日期,村,问题类型,备注\n{cases}")).unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let grid = workbook.add_worksheet();
    grid.set_name(format!("{}的表", name(9))).unwrap();
    for (column, head) in ["乡镇", "村", "姓名", "出生年月", "身份证号", "现任职务", "备注"].iter().enumerate()
    {
        grid.write_string(0, column as u16, *head).unwrap();
    }
    for row in 0..20_u32 {
        let i = 2_100 + row as usize;
        let cells = ["".into(), "".into(), outsider(i), "不详".into(), id_number(i), "书记".into(), name(i)];
        for (column, cell) in cells.iter().enumerate() {
            grid.write_string(row + 1, column as u16, cell).unwrap();
        }
    }
    workbook.save(folder.join(format!("{}名册.xlsx", outsider(2_003)))).unwrap();
    fs::write(folder.join(format!("{}的说明.docx", name(11))), "x").unwrap();
    (folder, people, 2_400)
}

fn touyan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_touyan")).args(["--lang", "zh"]).args(arguments).output().unwrap()
}

/// Files of an output folder, folders within it included.
fn files(folder: &Path, within: &str, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{within}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            files(&path, &format!("{name}/"), into);
        } else {
            into.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// All that a run says and writes for one audience.
fn everything(book: &str, dir: &Path, audience: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let out = dir.join("out");
    let out = out.to_str().unwrap();
    let mut all = BTreeMap::new();
    let mut say = |what: &str, ran: Output| {
        assert_eq!(ran.status.code(), Some(0), "{what}: {}", String::from_utf8_lossy(&ran.stderr));
        all.insert(format!("{what} stdout"), ran.stdout);
        all.insert(format!("{what} stderr"), ran.stderr);
    };
    say("run", touyan(&[&["run", book, "--out", out, "--format", "csv"], audience].concat()));
    say("json", touyan(&[&["run", book, "--out", out, "--format", "csv", "--json"], audience].concat()));
    say("verify", touyan(&["verify", out, "--book", book]));
    for stage in ["score", "supervise", "reserve", "structure", "cultivate", "motivate"] {
        say(stage, touyan(&[&[stage, book, "--rows", "5000"], audience].concat()));
    }
    files(&dir.join("out"), "", &mut all);
    all
}

#[test]
fn no_output_of_a_summary_names_anybody() {
    let dir = tempfile::tempdir().unwrap();
    let (book, people, others) = injected(dir.path());
    let path = book.to_str().unwrap();
    let mut all = everything(path, dir.path(), &[]);
    assert!(all.len() > 60, "{}", all.len());
    for (what, who) in [("village", "990121116200"), ("village", "990121116206")] {
        let ran = touyan(&["explain", what, who, "--book", path]);
        assert_eq!(ran.status.code(), Some(0));
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(said.contains("暂不评定") || said.contains("【距上一等次】"), "{said}");
        all.insert(format!("explain {who}"), ran.stdout);
    }
    let quarantined = all.keys().any(|name| name == "quarantine.csv")
        && String::from_utf8_lossy(&all["quarantine.csv"]).lines().count() > 30;
    assert!(quarantined, "the broken rows are set aside");
    let needles = Needles::new((0..people + 200).flat_map(traces).chain((0..others).flat_map(|i| {
        let name = outsider(i);
        [name.chars().skip(1).collect(), name]
    })));
    let found = leaks(&needles, &all);
    assert!(found.is_empty(), "{} leaks, such as {:#?}", found.len(), &found[..found.len().min(20)]);
    // The same run for the office shows them: the search is not blind.
    let ran = touyan(&["run", path, "--out", dir.path().join("internal").to_str().unwrap(), "--for", "内部"]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut internal = BTreeMap::new();
    files(&dir.path().join("internal"), "", &mut internal);
    let seen = leaks(&needles, &internal);
    for stream in ["report.html", "report.xlsx!", "run.json"] {
        assert!(seen.iter().any(|f| f.starts_with(stream)), "{stream}");
    }
}

#[test]
fn a_township_sees_its_own_people_and_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, people, _) = injected(dir.path());
    let policy = Policy::default();
    let book = book::open(&folder, &policy).unwrap();
    let township = "九坪镇";
    let mut own: BTreeSet<&str> = BTreeSet::new();
    for (table, column) in [("people", "person"), ("posts", "person"), ("townships", "secretary")] {
        let rows = book.tables.get(table);
        let codes = frame::words(rows, column).unwrap().into_iter().zip(frame::words(rows, "township").unwrap());
        own.extend(codes.filter(|(_, t)| *t == township).map(|(code, _)| code));
    }
    let rows = book.tables.get("people");
    let pairs = frame::words(rows, "person").unwrap().into_iter().zip(frame::words(rows, "name").unwrap());
    let (mut mine, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (code, name) in pairs {
        if own.contains(code) { &mut mine } else { &mut others }.insert(name.to_owned());
    }
    assert!(mine.len() > 20 && others.len() > 3_000);
    let all = everything(folder.to_str().unwrap(), dir.path(), &["--for", "township", township]);
    let numbers = (0..people).flat_map(|i| traces(i).into_iter().skip(2));
    let needles = Needles::new(others.into_iter().filter(|n| !mine.contains(n)).chain(numbers));
    let found = leaks(&needles, &all);
    assert!(found.is_empty(), "{} leaks, such as {:#?}", found.len(), &found[..found.len().min(20)]);
    // Its own people stand there by name, and no other village stands in any table.
    assert!(leaks(&Needles::new(mine), &all).len() > 20);
    for (name, bytes) in all.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let text = String::from_utf8_lossy(bytes);
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let at = reader.headers().unwrap().iter().position(|h| h == "township");
        for row in reader.records() {
            let row = row.unwrap();
            assert!(at.is_none_or(|at| &row[at] == township), "{name}: {row:?}");
        }
    }
    let log: serde_json::Value = serde_json::from_slice(&all["run.json"]).unwrap();
    assert_eq!(log["audience"]["township"], township);
    assert_eq!(log["book"]["villages"], 7);
    let verified = String::from_utf8_lossy(&all["verify stdout"]).into_owned();
    assert!(verified.contains("--book") && verified.contains("第三级"), "{verified}");
}

#[test]
fn findings_go_to_the_township_of_their_row() {
    let (_dir, book, outcome) = demo();
    let policy = Policy::default();
    let all = privacy::Township::all(&book.tables).unwrap();
    let mut shown = 0;
    for township in &all {
        let options = of(Audience::Township(format!("{}/{}", township.county, township.name)));
        let own = narrow(&book, &outcome, &policy, &options).unwrap();
        shown += own.book().report.flags.len();
        assert_eq!(own.audience(), &Audience::Township(township.name.clone()), "one county needs no county's name");
    }
    // All but the doubt about the book as a whole are some township's, each of one alone.
    let whole = book.report.flags.iter().filter(|f| f.row == 0).count();
    assert_eq!(shown + whole, book.report.flags.len());
}

#[test]
fn townships_are_found_by_name_and_named_when_they_are_not() {
    let tables = {
        let mut tables = book::Tables::default();
        let rows = frame::Build::new()
            .str("county", &["甲县", "甲县", "乙县"])
            .str("township", &["青石镇", "大桥乡", "青石镇"])
            .str("village", &["1", "2", "3"])
            .done()
            .unwrap();
        tables.set("villages", rows).unwrap();
        tables
    };
    let find = |wanted: &str| privacy::Township::find(&tables, wanted).unwrap();
    assert_eq!(find("大桥").unwrap().name, "大桥乡");
    assert_eq!(find("乙县/青石镇").unwrap().county, "乙县");
    assert!(matches!(find("青石镇"), Err(privacy::NoTownship::Several { all, .. }) if all.len() == 2));
    assert!(matches!(find("清石镇"), Err(privacy::NoTownship::Unknown { near, .. }) if near[0] == "青石镇"));
    let several = find("青石镇").unwrap_err().render(Lang::Zh);
    assert!(several.contains("甲县/青石镇") && several.contains("--county"), "{several}");
}

// ─── shifted rows ────────────────────────────────────────────────────────────

/// The demo county with rows shifted by a column: names, numbers and telephones stand where a code,
/// a place or the number of a filing should.
fn shifted(dir: &Path) -> PathBuf {
    let folder = demo_folder(dir);
    let stray = |i: usize| match i % 5 {
        0 => name(i % 3_000),
        1 => outsider(i % 2_000),
        2 => id_number(i % 3_000),
        3 => phone(i % 3_000),
        _ => format!("{} {}", name(i % 3_000), &phone(i % 3_000)),
    };
    for table in book::schema::TABLES {
        let path = folder.join(format!("{}.parquet", table.name));
        let mut data = frame::read_parquet(&path).unwrap();
        if table.name == "people" {
            text_column(&mut data, "name", name);
        }
        for (at, column) in table.columns.iter().enumerate() {
            let word = matches!(column.kind, book::schema::Kind::Word(_));
            let place = table.name == "villages" && ["township", "village_name"].contains(&column.name);
            let filing = column.name == "filing_number";
            if !word && !place && !filing {
                continue;
            }
            let own: Vec<Option<String>> =
                data.column(column.name).unwrap().str().unwrap().iter().map(|c| c.map(str::to_owned)).collect();
            // A few rows a column: every unknown post is one more post to every table of counts.
            let step = (data.height() / 6).max(1);
            let cells: Vec<Option<String>> = (0..data.height())
                .map(|i| match i % step {
                    // Of places the reader knows people of the book alone.
                    0 if place => Some(name(i)),
                    0 if filing => Some(format!("{}备案{i}号", outsider(i))),
                    0 if word => Some(stray(i / step + at)),
                    _ => own[i].clone(),
                })
                .collect();
            data.with_column(Column::new(column.name.into(), cells)).unwrap();
            if filing {
                let none =
                    Column::full_null("filed_on".into(), data.height(), data.column("filed_on").unwrap().dtype());
                data.with_column(none).unwrap();
            }
        }
        frame::write_parquet(&data, fs::File::create(&path).unwrap()).unwrap();
    }
    folder
}

#[test]
fn a_shifted_row_names_nobody_in_a_summary() {
    let dir = tempfile::tempdir().unwrap();
    let folder = shifted(dir.path());
    let all = everything(folder.to_str().unwrap(), dir.path(), &[]);
    let needles = Needles::new((0..3_000).flat_map(traces).chain((0..2_000).map(outsider)));
    let found = leaks(&needles, &all);
    assert!(found.is_empty(), "{} leaks, such as {:#?}", found.len(), &found[..found.len().min(20)]);
    let csv = |name: &str| String::from_utf8_lossy(&all[name]).into_owned();
    assert!(csv("structure.csv").contains("词表外"), "a class that no list knows");
    assert!(String::from_utf8_lossy(&all["report.html"]).contains("不是词表中的词"));
    // Numbers of documents stay where the date is missing.
    assert!(csv("unfiled.csv").contains("组备〔"), "{}", csv("unfiled.csv").lines().nth(1).unwrap_or_default());
    // The same for a township: its own people and words, nobody else's.
    let policy = Policy::default();
    let book = book::open(&folder, &policy).unwrap();
    let outcome = pipeline(&book, &policy, &Options::default(), &()).unwrap();
    let shown = narrow(&book, &outcome, &policy, &of(Audience::Township("九坪镇".into()))).unwrap();
    let people = shown.book().tables.get("people");
    let mine: BTreeSet<&str> = frame::words(people, "name").unwrap().into_iter().collect();
    for (name, table) in &shown.outcome().tables {
        for column in table.columns().iter().filter(|c| c.dtype().is_string()) {
            for text in column.str().unwrap().iter().flatten() {
                let other = (0..3_000)
                    .map(super::privacy::name)
                    .find(|n| text.contains(n.as_str()) && !mine.contains(n.as_str()));
                assert!(other.is_none(), "{name}.{}: {text}", column.name());
            }
        }
    }
}

// ─── decisions ───────────────────────────────────────────────────────────────

fn decisions_of(dir: &Path, book: &Book, outcome: &Outcome) -> touyan::decisions::Decisions {
    let advice = touyan::decisions::collect(&outcome.tables, &book.tables);
    let a = advice.iter().find(|a| a.list == "supervision").unwrap();
    let check = book.seal.check(&[&a.rec_id, &a.list, &a.whom, &a.county]);
    let list = touyan::decisions::label(Lang::Zh, &a.list);
    let line = format!(
        "{},{list},{},{},{},不采纳,司徒钧儿反映，尾号1234、138-0013-1234,令狐二爷牵头会,2025-12-20,,某日,上官家已办,{check}",
        a.rec_id, a.township, a.village_name, a.whom
    );
    let sheet = dir.join("决定.csv");
    let head = "建议编号,所属清单,乡镇,村,对象,办理意见,理由,研究机构,研究日期,完成时限,完成日期,办理结果,校验码";
    fs::write(&sheet, format!("{head}\n{line}\n")).unwrap();
    let bars = outcome.table("bars").unwrap();
    let words = |column| frame::words(bars, column).unwrap();
    let soft = words("hardness").into_iter().zip(words("candidate")).zip(words("gate"));
    let lines: String = soft
        .filter(|((hardness, _), _)| *hardness == "soft")
        .map(|((_, who), gate)| {
            let gate = touyan::decisions::gate_label(&Policy::default(), Lang::Zh, gate);
            format!("{who},{gate},端木老人求情,宇文办公会,2025-12-01\n")
        })
        .collect();
    let waiver = dir.join("豁免.csv");
    fs::write(&waiver, format!("人选,不宜情形,理由,研究机构,研究日期\n{lines}")).unwrap();
    let day = "2025-12-31".parse().unwrap();
    touyan::decisions::read(&[sheet, waiver], book, &Policy::default(), day, Lang::Zh).unwrap()
}

#[test]
fn a_summary_keeps_what_decisions_say_freely() {
    let (dir, book, outcome) = demo();
    let policy = Policy::default();
    let read = decisions_of(dir.path(), &book, &outcome);
    let options = Options {
        as_of: Some("2025-12-31".parse().unwrap()),
        decisions: std::sync::Arc::new(read),
        ..of(Audience::Summary)
    };
    let outcome = pipeline(&book, &policy, &options, &()).unwrap();
    let said = ["司徒钧儿", "1234", "令狐二爷", "上官家", "端木老人", "宇文办公会", "某日"];
    let texts = |tables: &privacy::Outputs| {
        let mut all = String::new();
        for column in tables.values().flat_map(|t| t.columns()).filter(|c| c.dtype().is_string()) {
            all.extend(column.str().unwrap().iter().flatten().flat_map(|t| [t, "\n"]));
        }
        all
    };
    let whole = texts(&outcome.tables);
    assert!(
        said.iter().all(|s| whole.contains(s)),
        "{:?}",
        said.iter().filter(|s| !whole.contains(**s)).collect::<Vec<_>>()
    );
    let bars = |tables: &privacy::Outputs, part: &str| {
        frame::words(&tables["shortlists"], "soft_bars").unwrap().iter().any(|t| t.contains(part))
    };
    assert!(bars(&outcome.tables, "理由：端木老人求情"));
    let shown = narrow(&book, &outcome, &policy, &options).unwrap();
    let seen = texts(&shown.outcome().tables);
    let codes = said.iter().filter(|s| **s != "1234").find(|s| seen.contains(**s));
    assert!(codes.is_none(), "{codes:?}");
    let reasons = frame::words(&shown.outcome().tables["decisions"], "reason").unwrap();
    assert_eq!(reasons, ["理由见内部版"]);
    assert_eq!(frame::words(&shown.outcome().tables["decisions"], "body").unwrap(), ["见内部版"]);
    assert!(bars(&shown.outcome().tables, "理由：理由见内部版"));
}

// ─── small counts outside the structure ──────────────────────────────────────

#[test]
fn cases_changes_and_batches_keep_their_small_counts() {
    let (_dir, book, outcome) = demo();
    let policy = Policy::default();
    let mut full = outcome.clone();
    // The demo's own counts, and a batch and a township small enough.
    for (table, column) in [("talks", "adjusted_heads"), ("training_batches", "used"), ("township_rates", "cases")] {
        let frame = full.tables.get_mut(table).unwrap();
        let counts: Vec<i64> = (0..frame.height() as i64).map(|i| 1 + i % 7).collect();
        frame.with_column(Column::new(column.into(), counts)).unwrap();
        assert!(frame.height() > 0, "{table}");
    }
    let shown = narrow(&book, &full, &policy, &of(Audience::Summary)).unwrap();
    let tables = &shown.outcome().tables;
    for (table, column, follows) in [
        ("talks", "adjusted_heads", None),
        ("training_batches", "used", Some("person_days")),
        ("township_rates", "cases", Some("cases_per_100")),
    ] {
        let seen = frame::wholes(&tables[table], column).unwrap();
        let all = frame::wholes(&full.tables[table], column).unwrap();
        for (seen, all) in seen.iter().zip(&all) {
            let small = (1..5).contains(&all.unwrap());
            assert!(!small || seen.is_none(), "{table}.{column}: {all:?}");
        }
        assert!(seen.iter().any(Option::is_none));
        if let Some(share) = follows {
            let share = frame::numbers(&tables[table], share).unwrap();
            assert!(seen.iter().zip(share).all(|(seen, share)| seen.is_some() || share.is_none()), "{table}");
        }
    }
    // In what the run prints, no kind of event is told that is rare, nor one that follows from the rest.
    let mut document = book::report_json(&book, &policy, None);
    let kinds = |document: &serde_json::Value| {
        document
            .pointer("/tables/events/kinds")
            .unwrap()
            .as_object()
            .unwrap()
            .values()
            .map(|v| v.as_i64())
            .collect::<Vec<_>>()
    };
    document["tables"]["events"]["kinds"]["罕见"] = serde_json::json!(2);
    let hidden_before = kinds(&document).iter().filter(|n| n.is_none()).count();
    privacy::thin(&mut document, &Audience::Summary, &policy);
    let counts = kinds(&document);
    assert!(counts.iter().flatten().all(|n| *n == 0 || *n >= 5), "{counts:?}");
    assert!(hidden_before == 0 && counts.iter().filter(|n| n.is_none()).count() > 1, "{counts:?}");
}

// ─── files of one person, other townships, names of files ────────────────────

#[test]
fn an_explanation_in_a_summary_tells_no_history() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo_folder(dir.path());
    let path = folder.to_str().unwrap();
    let book = book::open(&folder, &Policy::default()).unwrap();
    let paid: BTreeSet<&str> = frame::words(book.tables.get("pay"), "person").unwrap().into_iter().collect();
    let posts = book.tables.get("posts");
    let (people, kinds) = (frame::words(posts, "person").unwrap(), frame::words(posts, "post").unwrap());
    let who = people.iter().zip(kinds).find(|(p, post)| *post == "secretary" && paid.contains(**p)).unwrap().0;
    let explained = |what: &str, who: &str, audience: &[&str]| {
        let ran = touyan(&[&["explain", what, who, "--book", path, "--json"], audience].concat());
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).into_owned()
    };
    let (whole, narrowed) = (explained("person", who, &["--for", "internal"]), explained("person", who, &[]));
    // Pay, birth, schooling and dates of office are somebody's history.
    for history in ["报酬保障", "出生年月", "任现职时间", "政治面貌"] {
        assert!(whole.contains(history), "{history} is in the internal file");
        assert!(!narrowed.contains(history), "{history}: {narrowed}");
    }
    assert!(narrowed.contains("年龄段"), "{narrowed}");
    let village = frame::words(posts, "village").unwrap()[0];
    assert!(explained("village", village, &["--for", "internal"]).contains("任现职时间"));
    assert!(!explained("village", village, &[]).contains("任现职时间"));
}

#[test]
fn a_township_sees_no_village_of_others_candidates() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo_folder(dir.path());
    let policy = Policy::parse("[reserve]\ncross_village = \"county\"\n", Path::new("x.toml")).unwrap();
    let book = book::open(&folder, &policy).unwrap();
    let outcome = pipeline(&book, &policy, &Options::default(), &()).unwrap();
    let mut strangers = 0;
    for township in privacy::Township::all(&book.tables).unwrap() {
        let shown = narrow(&book, &outcome, &policy, &of(Audience::Township(township.name.clone()))).unwrap();
        let villages: BTreeSet<&str> =
            frame::words(shown.book().tables.get("villages"), "village").unwrap().into_iter().collect();
        let list = shown.outcome().table("shortlists").unwrap();
        let (home, name) =
            (frame::words(list, "origin_village").unwrap(), frame::words(list, "origin_village_name").unwrap());
        for (home, name) in home.iter().zip(name) {
            assert!(home.is_empty() || villages.contains(home), "{}: {home}", township.name);
            strangers += usize::from(name == "其他乡镇");
        }
    }
    assert!(strangers > 0, "some candidate comes from elsewhere");
}

#[test]
fn files_named_after_people_are_found_by_their_hash() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _, _) = injected(dir.path());
    let policy = Policy::default();
    let book = book::open(&folder, &policy).unwrap();
    let outcome = pipeline(&book, &policy, &Options::default(), &()).unwrap();
    let shown = narrow(&book, &outcome, &policy, &of(Audience::Summary)).unwrap();
    let hashes: BTreeMap<&str, &str> = shown.book().hashes.iter().map(|(f, h)| (f.as_str(), h.as_str())).collect();
    let mut marked = 0;
    let report = &shown.book().report;
    let found = report.quarantine.iter().chain(&report.flags).map(|f| f.file.as_str());
    for file in found.chain(report.sheets.iter().map(|s| s.file.as_str())) {
        let hash = hashes.get(file).unwrap_or_else(|| panic!("{file} stands among the files of the run"));
        if file.contains('＊') {
            let (_, mark) = file.rsplit_once('#').unwrap_or_else(|| panic!("{file} has a mark"));
            let (mark, ending) = mark.split_once('.').unwrap();
            assert!(hash.starts_with(mark) && ["csv", "xlsx"].contains(&ending), "{file}");
            marked += 1;
        }
    }
    assert!(marked > 0);
}
