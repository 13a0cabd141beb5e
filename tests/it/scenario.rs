//! Since last time, and what if: one comparison, checked against slow and independent ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;
use proptest::prelude::*;
use touyan::book::{self, At, Book, Tables};
use touyan::frame::{self, Build};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::run::{self, Audience, Formats, Options, Outcome, RunError, Stage, pipeline};
use touyan::scenario::{self, Asked, Kind, Now, PreviousError, ScenarioError, Variant, compare};

// ─── a county and its next month ─────────────────────────────────────────────

/// A county of a day, with the salt that the demo has.
struct County {
    dir: tempfile::TempDir,
}

impl County {
    fn demo() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("book")).unwrap();
        for (name, bytes) in touyan::synth::demo() {
            std::fs::write(dir.path().join("book").join(name), bytes).unwrap();
        }
        std::fs::write(dir.path().join("book.touyan-salt"), touyan::synth::DEMO_SALT).unwrap();
        County { dir }
    }

    fn book(&self) -> PathBuf {
        self.dir.path().join("book")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Adds a ledger of petitions and cases that became known in January 2026.
    fn add_ledger(&self) {
        let villages = frame::read_parquet(&self.book().join("villages.parquet")).unwrap();
        let (townships, names) =
            (frame::words(&villages, "township").unwrap(), frame::words(&villages, "village_name").unwrap());
        let mut text = "乡镇,村,日期,登记时间,问题类型,涉及人员职务,来源部门\n".to_owned();
        for i in 0..12 {
            let (kind, post) = if i % 2 == 0 { ("群体上访", "") } else { ("立案", "村党组织书记") };
            text.push_str(&format!("{},{},2025-12-20,2025-12-2{},{kind},{post},纪委\n", townships[i], names[i], i % 8));
        }
        std::fs::write(self.book().join("一月台账.csv"), text).unwrap();
    }

    /// Changes a file in place: what was known before can no longer be read.
    fn change_in_place(&self) {
        let path = self.book().join("people.parquet");
        let people = frame::read_parquet(&path).unwrap();
        let keep = people.height() - 40;
        frame::write_parquet(&people.head(Some(keep)), std::fs::File::create(&path).unwrap()).unwrap();
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn options(as_of: &str) -> Options {
    Options { as_of: Some(day(as_of)), lang: Lang::En, ..Options::default() }
}

fn other_policy() -> Policy {
    let text = "[reserve.vacancies.age_limit]\nsecretary = 62\n[score.indicators.party_score]\nweight = 40\n";
    Policy::parse(text, Path::new("policy.toml")).unwrap()
}

fn write(out: &Path, book: &Book, policy: &Policy, options: &Options, outcome: &Outcome) {
    let formats = Formats { report: true, ..Formats::default() };
    let shown = touyan::privacy::narrow(book, outcome, policy, options).unwrap();
    let files = run::encode(&shown, policy, options, &formats, &()).unwrap();
    let log = run::manifest(&shown, policy, options, &formats, &files);
    run::write(out, &files, &log, &BTreeMap::new()).unwrap();
}

/// Runs a county and writes its output folder.
fn first(county: &County, out: &str, policy: &Policy, options: &Options) -> Outcome {
    let book = book::open(&county.book(), policy).unwrap();
    let outcome = pipeline(&book, policy, options, &()).unwrap();
    write(&county.at(out), &book, policy, options, &outcome);
    outcome
}

/// Runs a county again, compared with an earlier output.
fn again(county: &County, previous: &str, policy: &Policy, options: &Options) -> Result<(Book, Outcome), RunError> {
    let path = county.book();
    let book = book::open(&path, policy).unwrap();
    let mut outcome = pipeline(&book, policy, options, &())?;
    let now = Now { book: &book, at: At::of(&path), policy, options };
    scenario::since(&now, &mut outcome, &county.at(previous), &())?;
    Ok((book, outcome))
}

// ─── a comparison without the registry ───────────────────────────────────────

/// Which lists the independent check knows: table, key columns, filter column and codes, code column.
type Known = (
    &'static str,
    &'static str,
    &'static [&'static str],
    Option<(&'static str, &'static [&'static str])>,
    &'static str,
);
const KNOWN: [Known; 5] = [
    ("supervision", "supervision", &["village", "kind"], Some(("status", &["listed", "relapse", "leaving"])), "status"),
    ("grades", "scores", &["village"], None, "grade"),
    ("vacancies", "vacancies", &["vacancy"], None, "cause"),
    ("assignment", "assignment", &["vacancy"], None, "candidate"),
    ("ladder", "ladder", &["village"], None, "state"),
];

/// Key → code of the rows on a list.
fn rows(known: &Known, tables: &BTreeMap<&'static str, DataFrame>) -> BTreeMap<String, String> {
    let (_, table, keys, filter, code) = known;
    let table = &tables[table];
    let words = |c: &str| frame::words(table, c).unwrap();
    let (keys, codes): (Vec<_>, _) = (keys.iter().map(|k| words(k)).collect(), words(code));
    let on: Vec<bool> = match filter {
        Some((column, listed)) => words(column).iter().map(|c| listed.contains(c)).collect(),
        None => vec![true; table.height()],
    };
    let key = |i: usize| keys.iter().map(|k| k[i]).collect::<Vec<_>>().join("/");
    (0..table.height()).filter(|&i| on[i]).map(|i| (key(i), codes[i].to_owned())).collect()
}

/// Causes by the definition, from all eight worlds run in full.
fn slow_causes(key: &str, worlds: &[BTreeMap<String, String>; 8]) -> String {
    let state = |world: usize| worlds[world].get(key).cloned();
    let (old, new) = (state(0), state(7));
    let found: Vec<&str> = [(1, "data"), (2, "policy"), (4, "date")]
        .into_iter()
        .filter(|(bit, _)| {
            // New and gone are about membership alone.
            let same = |a: &Option<String>, b: &Option<String>| {
                if old.is_some() && new.is_some() { a == b } else { a.is_some() == b.is_some() }
            };
            same(&state(*bit), &new) || same(&state(7 ^ bit), &old)
        })
        .map(|(_, name)| name)
        .collect();
    if found.is_empty() { "together".to_owned() } else { found.join(";") }
}

#[test]
fn causes_are_those_of_all_worlds_replayed() {
    let county = County::demo();
    let (old_policy, new_policy) = (Policy::default(), other_policy());
    let (old_options, new_options) = (options("2025-12-31"), options("2026-03-31"));
    first(&county, "old", &old_policy, &old_options);
    let old_book = book::open(&county.book(), &old_policy).unwrap();
    county.add_ledger();
    let (new_book, outcome) = again(&county, "old", &new_policy, &new_options).unwrap();
    let worlds: [BTreeMap<&'static str, DataFrame>; 8] = std::array::from_fn(|world| {
        let book = if world & 1 != 0 { &new_book } else { &old_book };
        let policy = if world & 2 != 0 { &new_policy } else { &old_policy };
        let options = if world & 4 != 0 { &new_options } else { &old_options };
        pipeline(book, policy, options, &()).unwrap().tables
    });

    let changes = outcome.table("changes").unwrap();
    let [lists, keys, causes] = ["list", "key", "cause"].map(|name| frame::words(changes, name).unwrap());
    let found: BTreeMap<(&str, &str), &str> = (0..changes.height()).map(|i| ((lists[i], keys[i]), causes[i])).collect();
    let mut seen = BTreeSet::new();
    for known in &KNOWN {
        let lists: [BTreeMap<String, String>; 8] = std::array::from_fn(|world| rows(known, &worlds[world]));
        let (old, new) = (&lists[0], &lists[7]);
        for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let changed = old.get(key) != new.get(key);
            let listed = found.get(&(known.0, key.as_str()));
            assert_eq!(listed.is_some(), changed, "{}: {key}", known.0);
            if let Some(cause) = listed {
                assert_eq!(**cause, slow_causes(key, &lists), "{}: {key}", known.0);
                seen.insert((*cause).to_owned());
            }
        }
    }
    assert!(seen.len() > 2, "the months differ by more than one cause: {seen:?}");
    assert!(outcome.notes.iter().all(|n| !n.contains("no longer")), "the old files are still there");
}

#[test]
fn one_factor_alone_is_the_cause() {
    for (policy, as_of, ledger, cause) in [
        (Policy::default(), "2026-03-31", false, "date"),
        (other_policy(), "2025-12-31", false, "policy"),
        (Policy::default(), "2025-12-31", true, "data"),
    ] {
        let county = County::demo();
        first(&county, "old", &Policy::default(), &options("2025-12-31"));
        if ledger {
            county.add_ledger();
        }
        let (_, outcome) = again(&county, "old", &policy, &options(as_of)).unwrap();
        let changes = outcome.table("changes").unwrap();
        assert!(changes.height() > 0, "{cause} changes something");
        assert!(frame::words(changes, "cause").unwrap().iter().all(|c| *c == cause), "{cause} is the only cause");
    }
}

#[test]
fn files_changed_in_place_are_said() {
    let county = County::demo();
    first(&county, "old", &Policy::default(), &options("2025-12-31"));
    county.change_in_place();
    let (_, outcome) = again(&county, "old", &other_policy(), &options("2026-01-31")).unwrap();
    assert!(outcome.notes.iter().any(|n| n.contains("people.parquet")), "{:?}", outcome.notes);
    // The new age limit ends vacancies on any data; with the old policy they are there again.
    let changes = outcome.table("changes").unwrap();
    let (lists, kinds, causes) = (
        frame::words(changes, "list").unwrap(),
        frame::words(changes, "kind").unwrap(),
        frame::words(changes, "cause").unwrap(),
    );
    let ended = (0..changes.height()).filter(|&i| lists[i] == "vacancies" && kinds[i] == "gone").map(|i| causes[i]);
    assert!(ended.clone().count() > 0 && ended.clone().any(|c| c == "policy"), "{:?}", ended.collect::<Vec<_>>());
}

#[test]
fn renamed_files_are_found_again() {
    let county = County::demo();
    first(&county, "old", &Policy::default(), &options("2025-12-31"));
    std::fs::rename(county.book().join("kin.parquet"), county.book().join("kin_2025.parquet")).unwrap();
    let (_, outcome) = again(&county, "old", &Policy::default(), &options("2026-01-31")).unwrap();
    assert!(outcome.notes.iter().all(|n| !n.contains("no longer")), "{:?}", outcome.notes);
}

// ─── properties of the comparison ────────────────────────────────────────────

fn supervision(states: &[(u8, &str)]) -> BTreeMap<&'static str, DataFrame> {
    let column = |pick: &dyn Fn(&(u8, &str)) -> String| states.iter().map(pick).collect::<Vec<_>>();
    let table = Build::new()
        .str("county", &column(&|_| "县".into()))
        .str("township", &column(&|s| format!("乡{}", s.0 % 3)))
        .str("village", &column(&|s| format!("9901211002{:02}", s.0)))
        .str("kind", &column(&|_| "supervise".into()))
        .str("status", &column(&|s| s.1.into()))
        .str("categories", &column(&|s| if s.0 % 2 == 0 { "weak;complex".into() } else { "weak".into() }))
        .str("reasons", &column(&|s| format!("reason {}", s.0)))
        .done()
        .unwrap();
    BTreeMap::from([("supervision", table)])
}

fn states() -> impl Strategy<Value = BTreeMap<u8, &'static str>> {
    let state = prop::sample::select(vec!["listed", "relapse", "leaving", "near_miss", "to_clarify", "recheck"]);
    prop::collection::btree_map(0_u8..40, state, 0..30)
}

proptest! {
    #[test]
    fn counts_add_up(before in states(), after in states()) {
        let side = |s: &BTreeMap<u8, &'static str>| supervision(&s.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>());
        let (old, new) = (side(&before), side(&after));
        let changes = compare(&old, &new, Lang::Zh).unwrap();
        for ((_, list), count) in &changes.counts {
            prop_assert_eq!(count.new + count.stays, count.after, "{}", list);
            prop_assert_eq!(count.gone + count.stays, count.before, "{}", list);
            prop_assert!(count.moved <= count.stays);
        }
        let of = |kind: Kind| changes.rows.iter().filter(|r| r.kind == kind).count();
        let sum = |pick: fn(&scenario::Count) -> usize| changes.counts.values().map(pick).sum::<usize>();
        prop_assert_eq!(of(Kind::New), sum(|c| c.new));
        prop_assert_eq!(of(Kind::Gone), sum(|c| c.gone));
        prop_assert_eq!(of(Kind::Moved), sum(|c| c.moved));
        // Nothing differs from itself, and the way back mirrors the way there.
        prop_assert!(compare(&old, &old, Lang::Zh).unwrap().rows.is_empty());
        let back = compare(&new, &old, Lang::Zh).unwrap();
        prop_assert_eq!(back.rows.iter().filter(|r| r.kind == Kind::Gone).count(), of(Kind::New));
        prop_assert_eq!(back.rows.len(), changes.rows.len());
    }
}

#[test]
fn a_run_does_not_differ_from_itself() {
    let county = County::demo();
    let outcome = first(&county, "old", &Policy::default(), &options("2025-12-31"));
    let changes = compare(&outcome.tables, &outcome.tables, Lang::Zh).unwrap();
    assert!(changes.rows.is_empty());
    assert!(changes.counts.values().all(|c| c.new == 0 && c.gone == 0 && c.stays == c.after));
    // The folder read back is the same run, in another language and for another audience.
    let (_, outcome) = again(
        &county,
        "old",
        &Policy::default(),
        &Options { lang: Lang::Zh, audience: Audience::Internal, ..options("2025-12-31") },
    )
    .unwrap();
    assert_eq!(outcome.table("changes").unwrap().height(), 0);
}

// ─── what cannot be compared ─────────────────────────────────────────────────

fn refused(county: &County, previous: &str) -> PreviousError {
    match again(county, previous, &Policy::default(), &options("2026-01-31")) {
        Err(RunError::Previous(error)) => {
            for lang in [Lang::Zh, Lang::En] {
                assert!(error.render(lang).contains(previous) || error.render(lang).len() > 20);
            }
            error
        }
        other => panic!("accepted: {:?}", other.map(|_| ())),
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let county = County::demo();
    first(&county, "old", &Policy::default(), &options("2025-12-31"));
    assert!(matches!(refused(&county, "book"), PreviousError::NotAnOutput(_)));

    let scores = county.at("old").join("scores.parquet");
    let whole = std::fs::read(&scores).unwrap();
    std::fs::write(&scores, &whole[1..]).unwrap();
    assert!(matches!(refused(&county, "old"), PreviousError::Changed(_)));
    std::fs::remove_file(&scores).unwrap();
    assert!(matches!(refused(&county, "old"), PreviousError::Damaged(..)));
    std::fs::write(&scores, &whole).unwrap();

    // A report that was opened and saved does no harm.
    std::fs::write(county.at("old").join("report.xlsx"), "saved again").unwrap();
    assert!(again(&county, "old", &Policy::default(), &options("2026-01-31")).is_ok());

    let log = county.at("old").join("run.json");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replace("\"seed\"", "\"seeds\"").replace(env!("CARGO_PKG_VERSION"), "9.0.0")).unwrap();
    assert!(matches!(refused(&county, "old"), PreviousError::Version(_, v) if v == "9.0.0"));
    std::fs::write(&log, text).unwrap();

    std::fs::write(county.at("book.touyan-salt"), format!("{}\n", "ab".repeat(32))).unwrap();
    assert!(matches!(refused(&county, "old"), PreviousError::Salt(_, file) if file == county.at("book.touyan-salt")));
}

#[test]
fn another_county_is_refused() {
    let county = County::demo();
    first(&county, "old", &Policy::default(), &options("2025-12-31"));
    for (name, _) in touyan::synth::demo() {
        let path = county.book().join(name);
        let mut table = frame::read_parquet(&path).unwrap();
        if frame::has(&table, "county") {
            let renamed = vec!["别县"; table.height()];
            table.with_column(polars::prelude::Column::new("county".into(), renamed)).unwrap();
            frame::write_parquet(&table, std::fs::File::create(&path).unwrap()).unwrap();
        }
    }
    assert!(matches!(refused(&county, "old"), PreviousError::OtherCounty(_, _, now) if now == "别县"));
}

// ─── verify ──────────────────────────────────────────────────────────────────

#[test]
fn a_compared_run_is_replayed_with_the_earlier_one() {
    use touyan::run::verify::{Evidence, Level, verify};
    let county = County::demo();
    first(&county, "old", &Policy::default(), &options("2025-12-31"));
    county.add_ledger();
    let (book, outcome) = again(&county, "old", &other_policy(), &options("2026-01-31")).unwrap();
    let out = county.at("new");
    write(&out, &book, &other_policy(), &options("2026-01-31"), &outcome);

    let path = county.book();
    let verdict = verify(&out, &Evidence::book(&path), Lang::En, &()).unwrap();
    assert_eq!((verdict.reached, verdict.tried), (Some(Level::Certificates), Level::Replay));
    assert!(verdict.checks.iter().any(|c| c.differences.iter().any(|d| d.contains("--previous"))));
    let verdict =
        verify(&out, &Evidence { previous: Some(&county.at("new")), ..Evidence::book(&path) }, Lang::En, &()).unwrap();
    assert!(!verdict.holds(), "not the output it was compared with");
    let verdict =
        verify(&out, &Evidence { previous: Some(&county.at("old")), ..Evidence::book(&path) }, Lang::En, &()).unwrap();
    assert!(verdict.holds(), "{:?}", verdict.checks);
}

// ─── what if ─────────────────────────────────────────────────────────────────

/// Reuse must not show: tables and notes of a variant are those of a full run.
fn assert_full(book: &Book, path: &Path, base: &Policy, options: &Options, asked: Asked) -> BTreeSet<Stage> {
    let found = scenario::whatif(book, At::of(path), base, options, std::slice::from_ref(&asked), &()).unwrap();
    let one = &found.variants[0];
    let policy = asked.policy(base).unwrap();
    let reread = book::open(path, &policy).unwrap();
    let tables = scenario::apply(&one.variant, &reread.tables, found.base.as_of).unwrap();
    let full = pipeline(
        &Book { tables, ..reread },
        &policy,
        &Options { as_of: Some(found.base.as_of), ..options.clone() },
        &(),
    )
    .unwrap();
    let bytes = |outcome: &Outcome| -> BTreeMap<&'static str, Vec<u8>> {
        let write = |table: &DataFrame| {
            let mut bytes = Vec::new();
            frame::write_parquet(table, &mut bytes).unwrap();
            bytes
        };
        outcome.tables.iter().map(|(name, table)| (*name, write(table))).collect()
    };
    let (reused, fresh) = (bytes(&one.outcome), bytes(&full));
    assert_eq!(reused.keys().collect::<Vec<_>>(), fresh.keys().collect::<Vec<_>>());
    for (name, bytes) in &reused {
        assert!(*bytes == fresh[name], "{name} of `{}` is stale", one.variant.label);
    }
    assert_eq!(one.outcome.notes, full.notes, "{}", one.variant.label);
    one.stages.clone()
}

#[test]
fn reuse_equals_a_full_run() {
    let county = County::demo();
    let (policy, path) = (Policy::default(), county.book());
    let book = book::open(&path, &policy).unwrap();
    let options = options("2025-12-31");
    let sets = [
        ("meta.name=x", vec![]),
        ("meta.election_day=2026-12-31", vec![Stage::Reserve]),
        ("score.indicators.party_score.weight=40", vec![Stage::Score, Stage::Supervise, Stage::Reserve]),
        ("supervise.suggest.capacity=3", vec![Stage::Supervise]),
        ("reserve.vacancies.age_limit.secretary=58", vec![Stage::Reserve]),
        ("structure.bands.young_max=38", vec![Stage::Structure]),
        ("book.yes_words=[\"是\"]", vec![]),
    ];
    let known = |set: &str| scenario::from_sets(&[set.to_owned()], &policy).unwrap().policy(&policy).is_ok();
    let mut tried = 0;
    for (set, stages) in sets.iter().filter(|(set, _)| known(set)) {
        let asked = scenario::from_sets(&[(*set).to_owned()], &policy).unwrap();
        let ran = assert_full(&book, &path, &policy, &options, asked);
        assert!(stages.iter().all(|s| ran.contains(s)), "{set}: {ran:?}");
        if *set == "reserve.vacancies.age_limit.secretary=58" {
            assert!(!ran.contains(&Stage::Score) && !ran.contains(&Stage::Supervise), "{ran:?}");
        }
        tried += 1;
    }
    assert!(tried == sets.len(), "the policy keys of this test are out of date");

    let people = book.tables.get("pool");
    let leaver = frame::words(people, "person").unwrap()[0].to_owned();
    let holders = frame::words(book.tables.get("posts"), "person").unwrap();
    let holder = holders.iter().find(|p| !p.is_empty()).unwrap().to_string();
    let villages = frame::words(book.tables.get("villages"), "village").unwrap();
    let variant = Variant {
        name: "both".into(),
        label: "both".into(),
        leave: vec![leaver, holder],
        merge: vec![scenario::Merge { into: villages[3].into(), from: vec![villages[4].into(), villages[5].into()] }],
        ..Variant::default()
    };
    assert_full(&book, &path, &policy, &options, Asked::from(variant));
}

#[test]
fn who_leaves_leaves_a_vacancy_and_the_pool() {
    let county = County::demo();
    let policy = Policy::default();
    let book = book::open(&county.book(), &policy).unwrap();
    let posts = book.tables.get("posts");
    let (people, posts_of, villages) = (
        frame::words(posts, "person").unwrap(),
        frame::words(posts, "post").unwrap(),
        frame::words(posts, "village").unwrap(),
    );
    let base = pipeline(&book, &policy, &options("2025-12-31"), &()).unwrap();
    let vacant: BTreeSet<String> = rows(&KNOWN[2], &base.tables).into_keys().collect();
    let at = (0..people.len())
        .find(|&i| posts_of[i] == "secretary" && !people[i].is_empty() && !vacant.contains(&vacancy(villages[i])))
        .unwrap();
    let asked = Asked::from(Variant {
        name: "leave".into(),
        label: "leave".into(),
        leave: vec![people[at].into()],
        ..Variant::default()
    });
    let found =
        scenario::whatif(&book, At::of(&county.book()), &policy, &options("2025-12-31"), &[asked], &()).unwrap();
    let new: Vec<_> = found.variants[0]
        .changes
        .rows
        .iter()
        .filter(|r| r.list == "vacancies" && r.kind == Kind::New && r.village == villages[at])
        .collect();
    assert!(new.iter().any(|r| r.after == "empty" && r.cause == "leave" && r.key == vacancy(villages[at])));
    let tables = scenario::apply(&found.variants[0].variant, &book.tables, found.base.as_of).unwrap();
    assert!(!frame::words(tables.get("pool"), "person").unwrap().contains(&people[at]));
    assert!(!frame::words(tables.get("posts"), "person").unwrap().contains(&people[at]));
    assert_eq!(tables.get("posts").height(), posts.height(), "the post itself stays");
}

fn vacancy(village: &str) -> String {
    touyan::ident::vacancy(village, "secretary", 1)
}

#[test]
fn merged_villages_are_combined_by_rule() {
    let mut tables = Tables::default();
    let text = |values: &[&str]| values.iter().map(|v| Some(v.to_string())).collect::<Vec<_>>();
    let villages = Build::new()
        .text("county", text(&["县", "县", "县"]))
        .text("township", text(&["东乡", "西乡", "东乡"]))
        .text("village", text(&["a", "b", "c"]))
        .text("village_name", text(&["甲村", "乙村", "丙村"]))
        .whole("population", vec![Some(1000), Some(3000), Some(500)])
        .whole("seats", vec![Some(5), Some(7), Some(3)])
        .flag("weak", vec![Some(false), Some(true), None]);
    tables.set("villages", villages.done().unwrap()).unwrap();
    let indicators = Build::new()
        .text("county", text(&["县", "县", "县", "县"]))
        .text("township", text(&["东乡", "东乡", "西乡", "东乡"]))
        .text("village", text(&["a", "a", "b", "c"]))
        .whole("period", vec![Some(2024), Some(2025), Some(2025), Some(2025)])
        .number("collective_income", vec![Some(7.0), Some(10.0), Some(5.0), Some(1.0)])
        .number("satisfaction", vec![Some(50.0), Some(80.0), Some(60.0), Some(90.0)])
        .number("income_per_head", vec![Some(1.0), Some(20000.0), Some(24000.0), Some(1.0)])
        .number("petitions", vec![Some(1.0), Some(2.0), None, Some(4.0)]);
    tables.set("indicators", indicators.done().unwrap()).unwrap();
    let posts = Build::new()
        .text("village", text(&["a", "b", "c"]))
        .text("post", text(&["secretary", "secretary", "secretary"]))
        .text("person", text(&["R1", "R2", "R3"]));
    tables.set("posts", posts.done().unwrap()).unwrap();
    let pool = Build::new()
        .text("township", text(&["西乡", "东乡"]))
        .text("village", text(&["b", "c"]))
        .text("person", text(&["R4", "R5"]));
    tables.set("pool", pool.done().unwrap()).unwrap();

    let asked = Variant {
        name: "m".into(),
        merge: vec![scenario::Merge { into: "东乡/甲".into(), from: vec!["西乡/乙村".into()] }],
        ..Variant::default()
    };
    let variant = scenario::resolve(&asked, &tables).unwrap();
    assert_eq!((variant.merge[0].into.as_str(), variant.merge[0].from[0].as_str()), ("a", "b"));
    let merged = scenario::apply(&variant, &tables, day("2025-12-31")).unwrap();

    let villages = merged.get("villages");
    assert_eq!(frame::words(villages, "village").unwrap(), ["a", "c"]);
    assert_eq!(frame::wholes(villages, "population").unwrap(), [Some(4000), Some(500)]);
    assert_eq!(frame::wholes(villages, "seats").unwrap(), [Some(5), Some(3)]);
    assert_eq!(frame::flags(villages, "weak").unwrap(), [Some(true), None]);
    let indicators = merged.get("indicators");
    assert_eq!(frame::words(indicators, "village").unwrap(), ["a", "a", "c"]);
    // Counts and money add up; of 2024 one village has no figure, so the merged one has none.
    assert_eq!(frame::numbers(indicators, "collective_income").unwrap(), [None, Some(15.0), Some(1.0)]);
    // Rates are weighted by population: (1000·80 + 3000·60) / 4000.
    assert_eq!(frame::numbers(indicators, "satisfaction").unwrap(), [None, Some(65.0), Some(90.0)]);
    assert_eq!(frame::numbers(indicators, "income_per_head").unwrap()[1], Some(23000.0));
    assert_eq!(frame::numbers(indicators, "petitions").unwrap()[1], None, "a missing record is no nought");
    assert_eq!(frame::words(merged.get("posts"), "person").unwrap(), ["R1", "R3"]);
    let pool = merged.get("pool");
    let at = frame::words(pool, "person").unwrap().iter().position(|p| *p == "R4").unwrap();
    assert_eq!(
        (frame::words(pool, "village").unwrap()[at], frame::words(pool, "township").unwrap()[at]),
        ("a", "东乡")
    );

    let twice = Variant {
        merge: vec![scenario::Merge { into: "a".into(), from: vec!["b".into(), "a".into()] }],
        ..asked.clone()
    };
    assert!(matches!(scenario::resolve(&twice, &tables), Err(ScenarioError::MergesTwice(..))));
    let unknown = Variant { merge: vec![scenario::Merge { into: "东乡/由村".into(), from: vec![] }], ..asked };
    match scenario::resolve(&unknown, &tables) {
        Err(ScenarioError::NoVillage(_, _, near)) => assert!(near.is_some()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn overrides_go_through_the_policy() {
    let policy = Policy::default();
    let set = |text: &str| scenario::from_sets(&[text.to_owned()], &policy).and_then(|a| Ok(a.policy(&policy)?));
    assert_eq!(set("meta.election_day=2026-12-31").unwrap().meta.election_day.as_deref(), Some("2026-12-31"));
    assert_eq!(set("meta.name=新政策").unwrap().meta.name, "新政策");
    assert_eq!(set("meta.source=12").unwrap().meta.source, "12");
    let error = set("reserve.vacancies.age_limt.secretary=60").unwrap_err().render(Lang::En);
    assert!(error.contains("--set") && error.contains("age_limit"), "{error}");
    assert!(set("reserve.vacancies.term_years=soon").is_err());
    assert!(matches!(set("no value"), Err(ScenarioError::Set(_))));

    // A county's own policy stays beneath.
    let own = Policy::parse("[meta]\nname = \"县\"\n", Path::new("p")).unwrap();
    let asked = scenario::from_sets(&["reserve.vacancies.age_limit.secretary=62".into()], &own).unwrap();
    assert_eq!(asked.policy(&own).unwrap().meta.name, "县");
}

#[test]
fn scenario_files_are_read() {
    let text = "[scenarios.older]\nlabel = 'Up to 65'\nset = { 'reserve.vacancies.age_limit.secretary' = 65 }\n\
                [scenarios.nested]\n[scenarios.nested.set.reserve.vacancies.age_limit]\nsecretary = 65\n";
    let path = Path::new("plan.toml");
    let asked = scenario::parse(text, path).unwrap();
    assert_eq!(asked.iter().map(|a| a.variant.name.as_str()).collect::<Vec<_>>(), ["older", "nested"]);
    assert_eq!(asked[0].variant.label, "Up to 65");
    assert_eq!(asked[0].variant.set, asked[1].variant.set);
    let bad = text.replace("secretary = 65", "secretery = 65");
    let error = scenario::parse(&bad, path).unwrap()[1].policy(&Policy::default()).unwrap_err();
    assert!(error.line.is_some() && error.to_string().contains("secretary"), "{error}");
    let chinese =
        "[scenarios.放宽]\nset.meta.name = \"甲\"\n[[scenarios.放宽.merge]]\ninto = \"甲\"\nfrom = [\"乙\"]\n";
    let asked = scenario::parse(chinese, path).unwrap();
    assert_eq!((asked[0].variant.name.as_str(), asked[0].variant.merge[0].into.as_str()), ("放宽", "甲"));
    assert!(matches!(scenario::parse("[scenarios]", path), Err(ScenarioError::Empty(_))));
    assert!(matches!(scenario::parse("[scenarios.x]\nsett = {}", path), Err(ScenarioError::Toml(_, 2, _))));
    let twice = [scenario::parse(text, path).unwrap(), scenario::parse(text, path).unwrap()].concat();
    assert!(matches!(scenario::distinct(&twice), Err(ScenarioError::Twice(..))));
}

#[test]
fn the_output_of_whatif_is_verified_and_names_nobody() {
    use touyan::run::verify::{Evidence, verify};
    let county = County::demo();
    let policy = Policy::default();
    let book = book::open(&county.book(), &policy).unwrap();
    let pool = book.tables.get("pool");
    let code = frame::words(pool, "person").unwrap()[0];
    let people = book.tables.get("people");
    let at = frame::words(people, "person").unwrap().iter().position(|p| *p == code).unwrap();
    let name = frame::words(people, "name").unwrap()[at];
    let village = frame::words(pool, "village").unwrap()[0];
    let options = options("2025-12-31");
    let asked = [
        scenario::from_sets(&["reserve.vacancies.age_limit.secretary=58".into()], &policy).unwrap(),
        Asked::from(Variant {
            name: "leave".into(),
            label: "one leaves".into(),
            leave: vec![format!("{village}/{name}")],
            ..Variant::default()
        }),
    ];
    let found = scenario::whatif(&book, At::of(&county.book()), &policy, &options, &asked, &()).unwrap();
    assert_eq!(found.variants[1].variant.leave, [code]);
    let (files, log) = run::whatif_files(&book, &policy, &found, &options, true).unwrap();
    for (file, bytes) in &files {
        assert!(!bytes.windows(name.len()).any(|w| w == name.as_bytes()), "{file} names {name}");
    }
    assert!(!log.to_json().contains(name));
    let out = county.at("whatif");
    run::write(&out, &files, &log, &BTreeMap::new()).unwrap();
    let verdict = verify(&out, &Evidence::book(&county.book()), Lang::En, &()).unwrap();
    assert!(verdict.holds(), "{:?}", verdict.checks);
    let tables = found.tables().unwrap();
    let figures = &tables["figures"];
    let (names, values) = (frame::words(figures, "figure").unwrap(), frame::numbers(figures, "value").unwrap());
    let variants = frame::words(figures, "variant").unwrap();
    let at = (0..names.len()).find(|&i| names[i] == "vacancies" && variants[i] == "set").unwrap();
    assert_eq!(values[at], Some(found.variants[0].outcome.table("vacancies").unwrap().height() as f64));
}
