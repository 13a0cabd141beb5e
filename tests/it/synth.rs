//! Synthetic books: reproducible, consistent, near the published figures, and neither hopeless nor
//! trivial to foresee.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use polars::prelude::{AnyValue, DataFrame, DataType};
use touyan::book::schema::{self, Kind, TABLES};
use touyan::frame;
use touyan::policy::Policy;
use touyan::synth::{self, CountyBook, Format, Options};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn small() -> Options {
    Options { townships: Some(3), villages_per_county: Some(40), ..Options::default() }
}

fn demo_county() -> CountyBook {
    synth::county(&synth::demo_options(), 0).expect("the demo's options are within their ranges")
}

/// Every file below a folder, by its path relative to it.
fn tree(dir: &Path) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    fn walk(root: &Path, dir: &Path, into: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() {
                walk(root, &path, into)?;
            } else {
                let name = path.strip_prefix(root).expect("it lies below").to_string_lossy().into_owned();
                into.insert(name, std::fs::read(&path)?);
            }
        }
        Ok(())
    }
    let mut into = BTreeMap::new();
    walk(dir, dir, &mut into)?;
    Ok(into)
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() -> Outcome {
    for format in [Format::Parquet, Format::Xlsx, Format::Csv] {
        let options = Options { counties: 3, format, ..small() };
        let mut trees = Vec::new();
        for threads in [1, 2, 4] {
            let folder = tempfile::tempdir()?;
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
            let dir = folder.path().join("book");
            let written = pool.install(|| synth::write(&options, &dir))?;
            let book = tree(folder.path())?;
            assert_eq!(written.files + options.counties, book.len());
            trees.push(book);
        }
        assert!(trees[0] == trees[1] && trees[0] == trees[2], "{format:?}");
    }
    Ok(())
}

#[test]
fn another_seed_gives_another_county_and_counties_do_not_depend_on_each_other() -> Outcome {
    let one = synth::county(&Options { counties: 9, ..small() }, 5)?;
    let same = synth::county(&Options { counties: 6, ..small() }, 5)?;
    assert!(one.tables.iter().zip(&same.tables).all(|(a, b)| a.1.equals_missing(&b.1)));
    let other = synth::county(&Options { seed: 1, ..small() }, 5)?;
    assert!(
        !one.table("people")
            .zip(other.table("people"))
            .expect("people")
            .0
            .equals_missing(other.table("people").expect("people"))
    );
    assert_ne!(one.code, synth::county(&small(), 4)?.code);
    Ok(())
}

#[test]
fn the_demo_county_is_the_one_in_the_repository() -> Outcome {
    let folder = tempfile::tempdir()?;
    let dir = folder.path().join("demo-county");
    let written = synth::write(&synth::demo_options(), &dir)?;
    let drawn = tree(&dir)?;
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("notebooks-data/demo-county");
    if std::env::var_os("TOUYAN_BLESS").is_some() {
        for (name, bytes) in &drawn {
            std::fs::write(kept.join(name), bytes)?;
        }
        return Ok(());
    }
    assert!(written.bytes < 2_000_000, "{} bytes", written.bytes);
    assert_eq!(synth::demo().len(), TABLES.len());
    for (table, (name, bytes)) in TABLES.iter().zip(synth::demo()) {
        assert_eq!(*name, format!("{}.parquet", table.name));
        assert!(drawn[*name] == *bytes, "{name} differs: draw it anew with TOUYAN_BLESS=1");
    }
    Ok(())
}

#[test]
fn the_truth_lies_outside_of_the_book() -> Outcome {
    let folder = tempfile::tempdir()?;
    for (counties, book, hidden) in
        [(1, "villages.parquet", "truth.parquet"), (2, "villages/990122.parquet", "990122.parquet")]
    {
        let dir = folder.path().join(format!("book{counties}"));
        let written = synth::write(&Options { counties, ..small() }, &dir)?;
        assert!(dir.join(book).is_file() && written.truth.join(hidden).is_file());
        assert!(!written.truth.starts_with(&dir) && !tree(&dir)?.keys().any(|name| name.contains("truth")));
    }
    let county = demo_county();
    let hidden = ["quality", "misconduct", "looked", "case_risk", "dispute_risk", "trouble"];
    for (name, frame) in &county.tables {
        assert!(hidden.iter().all(|h| !frame::has(frame, h)), "{name}");
    }
    assert_eq!(county.truth.height(), 413 * 10);
    assert!(county.truth.columns().iter().all(|column| column.null_count() == 0));
    Ok(())
}

#[test]
fn every_table_fits_its_schema() -> Outcome {
    let words = Policy::default().words;
    for options in
        [synth::demo_options(), Options { years: 1, townships: Some(1), villages_per_county: Some(1), ..small() }]
    {
        let county = synth::county(&options, 0)?;
        assert_eq!(
            county.tables.iter().map(|t| t.0).collect::<Vec<_>>(),
            TABLES.iter().map(|t| t.name).collect::<Vec<_>>()
        );
        for ((name, coded), (_, worded)) in county.tables.iter().zip(county.worded()?) {
            let table = schema::table(name).expect("a table of the schema");
            for column in table.columns {
                if column.is_key() {
                    assert_eq!(coded.column(column.name)?.null_count(), 0, "{name}.{}", column.name);
                }
                if let Kind::Word(vocab) = column.kind {
                    let index = words.index(vocab);
                    let codes = frame::texts(coded, column.name)?;
                    for (code, word) in codes.into_iter().zip(frame::texts(&worded, column.name)?) {
                        assert!(code.is_none_or(|c| words.knows(vocab, c)), "{name}.{}: {code:?}", column.name);
                        assert_eq!(word.map(|w| index[w]), code);
                    }
                }
                if let Some((low, high)) = column.range {
                    let values = frame::numbers(coded, column.name)?;
                    assert!(values.iter().flatten().all(|v| (low..=high).contains(v)), "{name}.{}", column.name);
                }
            }
        }
        let demo = options.villages_per_county == Some(413);
        assert!(!demo || county.tables.iter().all(|t| t.1.height() > 0));
    }
    Ok(())
}

/// Values of some columns of a row as one text.
fn key(frame: &DataFrame, columns: &[&str], row: usize) -> String {
    let cell = |name: &&str| frame.column(name).expect("a column").get(row).expect("a row").to_string();
    columns.iter().map(cell).collect::<Vec<_>>().join("|")
}

#[test]
fn keys_are_unique_and_what_is_referred_to_exists() -> Outcome {
    let county = demo_county();
    let table = |name: &str| county.table(name).expect("a table of the schema");
    let keys: [(&str, &[&str]); 10] = [
        ("townships", &["township"]),
        ("villages", &["village"]),
        ("indicators", &["village", "period"]),
        ("people", &["person"]),
        ("pool", &["person"]),
        ("appraisals", &["person", "year"]),
        ("targets", &["village", "period", "target"]),
        ("kin", &["person", "relative"]),
        ("wishes", &["village", "person"]),
        ("pay", &["person", "year"]),
    ];
    for (name, columns) in keys {
        let frame = table(name);
        let seen: BTreeSet<String> = (0..frame.height()).map(|row| key(frame, columns, row)).collect();
        assert_eq!(seen.len(), frame.height(), "{name}");
    }
    let names: BTreeSet<String> = {
        let villages = table("villages");
        (0..villages.height()).map(|row| key(villages, &["township", "village_name"], row)).collect()
    };
    assert_eq!(names.len(), 413);
    let people: BTreeSet<&str> = frame::words(table("people"), "person")?.into_iter().collect();
    let places: BTreeMap<&str, &str> = frame::words(table("villages"), "village")?
        .into_iter()
        .zip(frame::words(table("villages"), "township")?)
        .collect();
    for (name, frame) in &county.tables {
        for column in ["person", "relative", "secretary"] {
            if frame::has(frame, column) {
                let known = frame::texts(frame, column)?.into_iter().flatten().all(|p| people.contains(p));
                assert!(known, "{name}.{column}");
            }
        }
        if frame::has(frame, "village") {
            let rows = frame::texts(frame, "village")?.into_iter().zip(frame::words(frame, "township")?);
            assert!(rows.into_iter().all(|(v, t)| v.is_none_or(|v| places[v] == t)), "{name}");
        }
    }
    // One person sits on one post.
    let holders: Vec<&str> = frame::texts(table("posts"), "person")?.into_iter().flatten().collect();
    assert_eq!(holders.iter().collect::<BTreeSet<_>>().len(), holders.len());
    Ok(())
}

/// The check of GB 11643-1999, written out once more: the weighted sum over all 18 places is 1 mod 11.
fn valid(id: &str) -> bool {
    let weight = |place: usize| (0..17 - place).fold(1_u32, |w, _| w * 2 % 11);
    let value = |c: u8| if c == b'X' { 10 } else { u32::from(c - b'0') };
    id.len() == 18 && id.bytes().enumerate().map(|(place, c)| value(c) * weight(place)).sum::<u32>() % 11 == 1
}

#[test]
fn identity_numbers_are_valid_but_for_a_few_damaged_ones() -> Outcome {
    let county = demo_county();
    let people = county.table("people").expect("people");
    let ids = frame::words(people, "id_number")?;
    let (sexes, births) = (frame::words(people, "sex")?, frame::dates(people, "birth")?);
    let mut seen = BTreeSet::new();
    let (mut damaged, mut other_birth) = (0, 0);
    for ((id, sex), birth) in ids.iter().zip(sexes).zip(births) {
        assert!(id.starts_with(&county.code));
        // A real number may end so too: nobody can tell, which is why a reader must ask.
        if id.ends_with("000") {
            damaged += 1;
            continue;
        }
        assert!(valid(id), "{id}");
        assert!(seen.insert(*id), "{id} twice");
        assert_eq!((id.as_bytes()[16] - b'0') % 2 == 1, sex == "male", "{id}");
        other_birth += usize::from(birth.map(|b| b.format("%Y%m%d").to_string()).as_deref() != Some(&id[6..14]));
    }
    assert!((1..=ids.len() / 100).contains(&damaged), "{damaged} of {}", ids.len());
    assert!((1..=ids.len() / 200).contains(&other_birth), "{other_birth}");
    Ok(())
}

#[test]
fn nothing_in_the_book_was_known_after_its_day() -> Outcome {
    for as_of in [NaiveDate::from_ymd_opt(2025, 12, 31), NaiveDate::from_ymd_opt(2027, 6, 30)] {
        let as_of = as_of.ok_or("a real day")?;
        let options = Options { as_of, ..small() };
        let county = synth::county(&options, 0)?;
        let mut latest = NaiveDate::MIN;
        for (name, frame) in &county.tables {
            for column in schema::table(name).expect("a table").columns.iter().filter(|c| c.kind == Kind::Date) {
                if column.name == "due" {
                    continue;
                }
                let last = frame::dates(frame, column.name)?.into_iter().flatten().max();
                assert!(last.is_none_or(|d| d <= as_of), "{name}.{}: {last:?}", column.name);
                latest = latest.max(last.unwrap_or(latest));
            }
        }
        assert_eq!(latest, as_of);
        let last =
            frame::wholes(county.table("indicators").expect("indicators"), "period")?.into_iter().flatten().max();
        assert_eq!(last, Some(i64::from(if as_of.year() == 2025 { 2025 } else { 2026 })));
    }
    Ok(())
}

fn share<T>(items: &[T], f: impl Fn(&T) -> bool) -> f64 {
    items.iter().filter(|item| f(item)).count() as f64 / items.len().max(1) as f64
}

/// Counties of the default options, together large enough that sampling error is small.
fn counties() -> Vec<CountyBook> {
    (0..8).map(|i| synth::county(&Options { counties: 8, ..Options::default() }, i).expect("defaults")).collect()
}

fn near(what: &str, found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{what}: {found:.3}, published {wanted}");
}

struct Someone {
    age: f64,
    female: bool,
    education: String,
    status: String,
}

fn everyone(book: &CountyBook, as_of: NaiveDate) -> Result<BTreeMap<String, Someone>, frame::FrameError> {
    let people = book.table("people").expect("people");
    let births = frame::dates(people, "birth")?;
    let text = |name: &str| frame::words(people, name);
    let (ids, sexes, schools, status) = (text("person")?, text("sex")?, text("education")?, text("political_status")?);
    Ok((0..ids.len())
        .map(|i| {
            let age = births[i].map_or(0, |b| touyan::stage::age(b, as_of));
            let (education, status) = (schools[i].to_owned(), status[i].to_owned());
            (ids[i].to_owned(), Someone { age: f64::from(age), female: sexes[i] == "female", education, status })
        })
        .collect())
}

#[test]
fn people_are_near_the_published_figures() -> Outcome {
    let as_of = Options::default().as_of;
    let (mut secretaries, mut committee, mut reserves) = (Vec::new(), Vec::new(), Vec::new());
    let (mut villages, mut with_woman, mut vacant, mut unfiled, mut posts_total) = (0, 0, 0, 0, 0);
    for book in counties() {
        let mut people = everyone(&book, as_of)?;
        let pool = book.table("pool").expect("pool");
        for (person, status) in frame::words(pool, "person")?.into_iter().zip(frame::words(pool, "status")?) {
            if status != "appointed" {
                reserves.push(people.remove(person).expect("in people"));
            }
        }
        let posts = book.table("posts").expect("posts");
        let (kinds, villages_of) = (frame::words(posts, "post")?, frame::words(posts, "village")?);
        let mut women: BTreeSet<&str> = BTreeSet::new();
        for (row, person) in frame::texts(posts, "person")?.into_iter().enumerate() {
            posts_total += 1;
            unfiled += usize::from(person.is_some() && frame::texts(posts, "filing_number")?[row].is_none());
            let Some(person) = person else {
                vacant += usize::from(kinds[row] == "secretary");
                continue;
            };
            let someone = people.remove(person).expect("in people, on one post");
            let seat = matches!(kinds[row], "secretary" | "director" | "deputy_director" | "committee");
            if seat && someone.female {
                women.insert(villages_of[row]);
            }
            if seat {
                committee.push(someone.female);
            }
            if kinds[row] == "secretary" {
                secretaries.push(someone);
            }
        }
        villages += book.table("villages").expect("villages").height();
        with_woman += women.len();
    }
    let mean = secretaries.iter().map(|s| s.age).sum::<f64>() / secretaries.len() as f64;
    near("mean age of secretaries", mean, 50.0, 1.0);
    near("secretaries up to 45", share(&secretaries, |s| s.age <= 45.0), 0.284, 0.04);
    near("secretaries over 50", share(&secretaries, |s| s.age > 50.0), 0.529, 0.04);
    near("women among secretaries", share(&secretaries, |s| s.female), 0.052, 0.015);
    for (code, wanted) in [
        ("primary", 0.020),
        ("junior", 0.219),
        ("senior", 0.242),
        ("technical", 0.121),
        ("college", 0.356),
        ("bachelor", 0.043),
    ] {
        near(code, share(&secretaries, |s| s.education == code), wanted, 0.03);
    }
    assert!(secretaries.iter().all(|s| s.status == "member"));
    near("women in committees", share(&committee, |&female| female), 0.281, 0.03);
    assert!(with_woman as f64 / villages as f64 > 0.9);
    near("reserves per village", reserves.len() as f64 / villages as f64, 2.0, 0.2);
    near("reserves up to 35", share(&reserves, |s| s.age <= 35.0), 0.74, 0.03);
    near("members among reserves", share(&reserves, |s| s.status == "member"), 0.48, 0.03);
    let college = |s: &Someone| matches!(s.education.as_str(), "college" | "bachelor" | "master");
    near("reserves with college", share(&reserves, college), 0.85, 0.03);
    near("posts of secretary vacant", vacant as f64 / villages as f64, 0.015, 0.012);
    near("posts without filing number", unfiled as f64 / posts_total as f64, 0.016, 0.014);
    Ok(())
}

#[test]
fn townships_income_and_events_are_near_the_published_figures() -> Outcome {
    let books = counties();
    let villages: usize = books.iter().map(|b| b.table("villages").expect("villages").height()).sum();
    let townships: usize = books.iter().map(|b| b.table("townships").expect("townships").height()).sum();
    near("villages per township", villages as f64 / townships as f64, 16.5, 1.2);
    // 57.7% of all villages had no collective income or less than 5 万元 in 2019.
    let mut income = Vec::new();
    let mut none = Vec::new();
    for book in &books {
        let indicators = book.table("indicators").expect("indicators");
        let periods = frame::wholes(indicators, "period")?;
        for (value, period) in frame::numbers(indicators, "collective_income")?.into_iter().zip(periods) {
            if let (Some(value), Some(2019)) = (value, period) {
                income.push(value);
            }
            if let (Some(value), Some(2025)) = (value, period) {
                none.push(value);
            }
        }
    }
    near("income below 5 万元 in 2019", share(&income, |&v| v < 5.0), 0.577, 0.05);
    assert!((0.03..0.15).contains(&share(&none, |&v| v == 0.0)), "a mass at zero remains");
    let mut rates: BTreeMap<(String, i32), usize> = BTreeMap::new();
    for book in &books {
        let events = book.table("events").expect("events");
        for (kind, date) in frame::words(events, "kind")?.into_iter().zip(frame::dates(events, "date")?) {
            *rates.entry((kind.to_owned(), date.expect("a key").year())).or_default() += 1;
        }
    }
    let rate = |kind: &str, year: i32| *rates.get(&(kind.to_owned(), year)).unwrap_or(&0) as f64 / villages as f64;
    let mean = |kind: &str, years: std::ops::RangeInclusive<i32>| {
        let count = years.clone().count() as f64;
        years.map(|y| rate(kind, y)).sum::<f64>() / count
    };
    let within =
        |what: &str, found: f64, low: f64, high: f64| assert!((low..=high).contains(&found), "{what}: {found:.3}");
    within("investigated a year", mean("case_filed", 2016..=2025), 0.03, 0.06);
    within("weak and lax a year", mean("weak_listed", 2016..=2025), 0.05, 0.10);
    within("warning talks a year", mean("admonition", 2016..=2025), 0.10, 0.22);
    within("turnover between elections", mean("appointed", 2022..=2024), 0.03, 0.08);
    within("turnover in the election year", rate("appointed", 2021), 0.30, 0.50);
    Ok(())
}

/// Area under the ROC curve by counting pairs, ties one half.
fn auc(scores: &[f64], labels: &[bool]) -> f64 {
    let (mut wins, mut pairs) = (0.0, 0.0);
    for (a, _) in scores.iter().zip(labels).filter(|s| *s.1) {
        for (b, _) in scores.iter().zip(labels).filter(|s| !*s.1) {
            pairs += 1.0;
            wins += match a.total_cmp(b) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    wins / pairs
}

/// Head investigated, newly listed, or a complex dispute, from the ledger alone: (village, year).
fn observed_trouble(book: &CountyBook) -> Result<BTreeSet<(String, i32)>, frame::FrameError> {
    const DISPUTES: [&str; 12] = [
        "strained",
        "legacy",
        "incomplete",
        "opaque",
        "poor",
        "fierce",
        "poor_leadership",
        "merger",
        "domineering",
        "mass_petition",
        "clan",
        "not_elected",
    ];
    let events = book.table("events").expect("events");
    let (kinds, posts) = (frame::words(events, "kind")?, frame::words(events, "post")?);
    let (villages, days) = (frame::words(events, "village")?, frame::dates(events, "date")?);
    let trouble = |row: &usize| {
        kinds[*row] == "weak_listed"
            || DISPUTES.contains(&kinds[*row])
            || (kinds[*row] == "case_filed" && matches!(posts[*row], "secretary" | "director"))
    };
    let rows = (0..kinds.len()).filter(trouble);
    Ok(rows.map(|row| (villages[row].to_owned(), days[row].expect("a key").year())).collect())
}

#[test]
fn next_year_is_partly_foreseeable_and_not_trivially_so() -> Outcome {
    let columns = [
        "party_score",
        "governance_score",
        "livelihood_score",
        "peace_score",
        "organisation_score",
        "villager_score",
        "satisfaction",
        "disputes_resolved",
        "meetings_held",
        "affairs_open",
    ];
    let (mut before, mut sums, mut single, mut hidden, mut labels) = (vec![], vec![], vec![], vec![], vec![]);
    for book in counties() {
        let trouble = observed_trouble(&book)?;
        let indicators = book.table("indicators").expect("indicators");
        let villages = frame::words(indicators, "village")?;
        let periods = frame::wholes(indicators, "period")?;
        let quality = frame::numbers(&book.truth, "quality")?;
        let values = columns.map(|c| frame::numbers(indicators, c).expect("a column"));
        let scaled: Vec<Vec<f64>> = values.iter().map(|v| standardise(v)).collect();
        for row in 0..villages.len() {
            let year = periods[row].expect("a key") as i32;
            if !(2018..2025).contains(&year) {
                continue;
            }
            let at = |year: i32| trouble.contains(&(villages[row].to_owned(), year));
            labels.push(at(year + 1));
            before.push(f64::from(u8::from(at(year))));
            let sum: f64 = scaled.iter().map(|column| column[row]).sum();
            sums.push(2.0 * f64::from(u8::from(at(year))) - sum);
            single.push(-scaled[1][row]);
            hidden.push(-quality[row].expect("the truth has no gaps"));
        }
    }
    let rate = share(&labels, |&l| l);
    let (past, one, all, truth) =
        (auc(&before, &labels), auc(&single, &labels), auc(&sums, &labels), auc(&hidden, &labels));
    eprintln!(
        "rate {rate:.3}; AUC: past {past:.3}, one indicator {one:.3}, sum of ten {all:.3}, hidden quality {truth:.3}"
    );
    assert!((0.10..0.22).contains(&rate), "share in trouble {rate:.3}");
    assert!((0.53..0.68).contains(&past), "last year's trouble alone: {past:.3}");
    assert!((0.58..0.74).contains(&one), "one indicator: {one:.3}");
    assert!((0.68..0.82).contains(&all), "sum of ten indicators: {all:.3}");
    assert!(one < all && all < truth && truth < 0.9, "hidden quality: {truth:.3}");
    Ok(())
}

/// Missing as 0 after standardising.
fn standardise(values: &[Option<f64>]) -> Vec<f64> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let variance = known.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / known.len() as f64;
    values.iter().map(|v| v.map_or(0.0, |v| (v - mean) / variance.sqrt())).collect()
}

#[test]
fn what_is_seen_depends_on_who_looks() -> Outcome {
    // Among villages where wrong was done, a case is filed more often where the office looks harder.
    let (mut scores, mut labels) = (Vec::new(), Vec::new());
    let (mut wrong, mut seen) = (0, 0);
    for book in counties() {
        let events = book.table("events").expect("events");
        let mut cases: BTreeSet<(&str, i64)> = BTreeSet::new();
        let rows = frame::words(events, "kind")?.into_iter().zip(frame::words(events, "village")?);
        for ((kind, village), day) in rows.zip(frame::dates(events, "date")?) {
            if kind == "case_filed" {
                cases.insert((village, i64::from(day.expect("a key").year())));
            }
        }
        let truth = &book.truth;
        let looked = frame::numbers(truth, "looked")?;
        let (villages, periods) = (frame::words(truth, "village")?, frame::wholes(truth, "period")?);
        for (row, misconduct) in frame::flags(truth, "misconduct")?.into_iter().enumerate() {
            let case = cases.contains(&(villages[row], periods[row].expect("a key")));
            assert!(misconduct == Some(true) || !case, "no case without wrong");
            if misconduct == Some(true) {
                wrong += 1;
                seen += usize::from(case);
                scores.push(looked[row].expect("the truth has no gaps"));
                labels.push(case);
            }
        }
    }
    assert!((0.4..0.7).contains(&(seen as f64 / f64::from(wrong))), "{seen} of {wrong}");
    assert!(auc(&scores, &labels) > 0.57);
    Ok(())
}

#[test]
fn the_ledger_and_the_indicators_agree_but_for_a_few_villages() -> Outcome {
    let county = demo_county();
    let events = county.table("events").expect("events");
    let mut counts: BTreeMap<(&str, &str, i64), f64> = BTreeMap::new();
    let rows = frame::words(events, "kind")?.into_iter().zip(frame::words(events, "village")?);
    for ((kind, village), day) in rows.zip(frame::dates(events, "date")?) {
        *counts.entry((kind, village, i64::from(day.expect("a key").year()))).or_default() += 1.0;
    }
    let indicators = county.table("indicators").expect("indicators");
    let (villages, periods) = (frame::words(indicators, "village")?, frame::wholes(indicators, "period")?);
    for (kind, column, most) in [("petition", "petitions", 0.02), ("safety", "safety_incidents", 0.0)] {
        let values = frame::numbers(indicators, column)?;
        let differs: Vec<bool> = (0..villages.len())
            .filter_map(|row| Some((row, values[row]?)))
            .map(|(row, value)| {
                let ledger = counts.get(&(kind, villages[row], periods[row].expect("a key"))).copied().unwrap_or(0.0);
                value != ledger
            })
            .collect();
        assert!(share(&differs, |&d| d) <= most, "{column}");
    }
    Ok(())
}

#[test]
fn values_go_missing_at_random_and_not_at_random() -> Outcome {
    let mut by_quality = [(0.0, 0.0); 2];
    let (mut plain, mut cells) = (0, 0);
    for book in counties() {
        let quality = frame::numbers(&book.truth, "quality")?;
        let indicators = book.table("indicators").expect("indicators");
        for (row, value) in frame::numbers(indicators, "satisfaction")?.into_iter().enumerate() {
            let bad = usize::from(quality[row].expect("the truth has no gaps") < -0.8);
            by_quality[bad].0 += f64::from(u8::from(value.is_none()));
            by_quality[bad].1 += 1.0;
        }
        plain += indicators.column("party_score")?.null_count();
        cells += indicators.height();
    }
    let rate = |i: usize| by_quality[i].0 / by_quality[i].1;
    assert!(rate(1) > 1.6 * rate(0), "{} and {}", rate(1), rate(0));
    assert!((0.003..0.03).contains(&(plain as f64 / cells as f64)));
    Ok(())
}

#[test]
fn sheets_keep_the_habits_of_offices() -> Outcome {
    let folder = tempfile::tempdir()?;
    let options = Options { format: Format::Csv, only: vec!["villages".into(), "people".into()], ..small() };
    let dir = folder.path().join("csv");
    synth::write(&options, &dir)?;
    let bytes = std::fs::read(dir.join("人员.csv"))?;
    assert!(std::str::from_utf8(&bytes).is_err(), "not UTF-8");
    let (text, _, broken) = encoding_rs::GB18030.decode(&bytes);
    assert!(!broken && text.contains("填报时间：2025年12月31日") && text.contains("身份证号") && text.contains("\t,"));
    let options = Options { format: Format::Xlsx, ..small() };
    let dir = folder.path().join("xlsx");
    synth::write(&options, &dir)?;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(dir.join("990121.xlsx"))?;
    use calamine::Reader;
    let sheet = book.worksheet_range("考评指标")?;
    let headers: Vec<String> = sheet.rows().nth(2).ok_or("a header")?.iter().map(ToString::to_string).collect();
    assert!(
        headers.contains(&"集体经营性收入（万元）".to_owned()) && headers.contains(&"村".to_owned()),
        "{headers:?}"
    );
    assert_eq!(sheet.height(), 3 + 40 * 10);
    Ok(())
}

#[test]
fn only_the_tables_asked_for_are_written_and_nothing_is_overwritten() -> Outcome {
    let folder = tempfile::tempdir()?;
    let dir = folder.path().join("book");
    let options = Options { only: vec!["villages".into()], ..small() };
    let written = synth::write(&options, &dir)?;
    assert_eq!((written.files, written.rows), (1, vec![("villages", 40)]));
    assert!(matches!(synth::write(&options, &dir), Err(synth::SynthError::Occupied(_))));
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 2, "no staging folder is left");
    Ok(())
}

#[test]
fn options_outside_their_ranges_are_refused() {
    let base = Options::default();
    for options in [
        Options { counties: 0, ..base.clone() },
        Options { townships: Some(0), ..base.clone() },
        Options { townships: Some(5), villages_per_county: Some(4), ..base.clone() },
        Options { villages_per_county: Some(usize::MAX), ..base.clone() },
        Options { years: 0, ..base.clone() },
        Options { as_of: NaiveDate::MAX, ..base.clone() },
        Options { only: vec!["nothing".into()], ..base.clone() },
    ] {
        let error = synth::county(&options, 0).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(!error.is_empty(), "{options:?}");
    }
    assert!(synth::county(&base, 9_878).is_ok() && synth::county(&base, 9_879).is_err());
}

#[test]
fn small_and_odd_counties_can_be_drawn() -> Outcome {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("a real day");
    for (townships, villages, years, as_of) in [
        (1, 1, 1, day(2025, 12, 31)?),
        (2, 3, 30, day(2024, 2, 29)?),
        (300, 300, 2, day(2026, 1, 1)?),
        (1, 800, 1, day(2100, 12, 31)?),
        (4, 30, 10, day(1990, 1, 1)?),
    ] {
        let options = Options {
            townships: Some(townships),
            villages_per_county: Some(villages),
            years,
            as_of,
            ..Options::default()
        };
        let county = synth::county(&options, 0)?;
        assert_eq!(county.table("villages").map(DataFrame::height), Some(villages));
        let indicators = county.table("indicators").ok_or("indicators")?;
        assert_eq!(indicators.height(), villages * years as usize);
        for column in indicators.columns().iter().filter(|c| *c.dtype() == DataType::Float64) {
            assert!(column.f64()?.iter().flatten().all(f64::is_finite));
        }
        assert!(!matches!(indicators.get(0).ok_or("a row")?[0], AnyValue::Null));
    }
    Ok(())
}
