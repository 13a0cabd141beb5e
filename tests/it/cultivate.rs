//! Training, its batches, placements and the contest.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use proptest::prelude::*;
use touyan::book::{Book, Tables};
use touyan::cultivate::spread::{Member, bounds, spread};
use touyan::cultivate::{Cultivate, cultivate, verify_placements, verify_plan, with_points};
use touyan::frame::{self, Build};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::run::{Options, Outcome, Stage, pipeline};
use touyan::stage::Context;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn policy(own: &str) -> Policy {
    Policy::parse(own, std::path::Path::new("own.toml")).unwrap()
}

/// What the stage finds in these tables, without scores or supervision.
fn find(tables: &Tables, policy: &Policy) -> Cultivate {
    let ctx = Context { policy, as_of: day("2026-01-31"), seed: 1, lang: Lang::Zh };
    let none = DataFrame::default();
    cultivate(tables, &none, &none, &ctx).unwrap()
}

fn column(table: &DataFrame, name: &str) -> Vec<String> {
    frame::texts(table, name).unwrap().into_iter().map(|t| t.unwrap_or("-").to_owned()).collect()
}

/// A county of villages `A`, `B` … in one township, each with a secretary `a1` and a director `a2`.
fn county(villages: usize) -> Tables {
    let names: Vec<String> = (0..villages).map(|v| format!("V{v:03}")).collect();
    let mut tables = Tables::default();
    let township = |v: usize| format!("T{}", v / 4);
    let rows: Vec<(usize, &str, String)> = (0..villages)
        .flat_map(|v| [(v, "secretary", format!("a{v:03}")), (v, "director", format!("b{v:03}"))])
        .collect();
    let places = Build::new()
        .str("county", &vec!["C"; villages])
        .str("township", &(0..villages).map(township).collect::<Vec<_>>())
        .str("village", &names)
        .str("village_name", &names)
        .done()
        .unwrap();
    tables.set("villages", places).unwrap();
    let posts = Build::new()
        .str("county", &vec!["C"; rows.len()])
        .str("township", &rows.iter().map(|r| township(r.0)).collect::<Vec<_>>())
        .str("village", &rows.iter().map(|r| names[r.0].as_str()).collect::<Vec<_>>())
        .str("post", &rows.iter().map(|r| r.1).collect::<Vec<_>>())
        .str("person", &rows.iter().map(|r| r.2.as_str()).collect::<Vec<_>>())
        .date("since", rows.iter().map(|_| Some(day("2021-03-01"))).collect())
        .done()
        .unwrap();
    tables.set("posts", posts).unwrap();
    tables
}

/// One activity: person, kind, start, days, absences, certificate, parts.
struct Act<'a> {
    person: &'a str,
    kind: &'a str,
    start: Option<&'a str>,
    days: Option<f64>,
    absences: Option<i64>,
    certificate: Option<bool>,
    parts: [Option<f64>; 3],
}

fn act<'a>(person: &'a str, kind: &'a str, start: &'a str, days: f64) -> Act<'a> {
    let (start, days) = (Some(start), Some(days));
    Act { person, kind, start, days, absences: None, certificate: None, parts: [None; 3] }
}

fn contest<'a>(person: &'a str, start: &'a str, parts: [f64; 3]) -> Act<'a> {
    Act { parts: parts.map(Some), ..act(person, "contest", start, 1.0) }
}

fn with(mut tables: Tables, acts: &[Act]) -> Tables {
    let frame = Build::new()
        .str("county", &vec!["C"; acts.len()])
        .str("person", &acts.iter().map(|a| a.person).collect::<Vec<_>>())
        .str("activity", &acts.iter().map(|a| a.kind).collect::<Vec<_>>())
        .date("start", acts.iter().map(|a| a.start.map(day)).collect())
        .number("days", acts.iter().map(|a| a.days).collect())
        .whole("absences", acts.iter().map(|a| a.absences).collect())
        .flag("certificate", acts.iter().map(|a| a.certificate).collect())
        .number("policy_theory", acts.iter().map(|a| a.parts[0]).collect())
        .number("professional", acts.iter().map(|a| a.parts[1]).collect())
        .number("case_analysis", acts.iter().map(|a| a.parts[2]).collect())
        .done()
        .unwrap();
    tables.set("activities", frame).unwrap();
    tables
}

fn demo() -> (tempfile::TempDir, Book) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in touyan::synth::demo() {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let book = touyan::book::open(dir.path(), &Policy::default()).unwrap();
    (dir, book)
}

fn run(book: &Book, policy: &Policy) -> Outcome {
    let stages = vec![Stage::Score, Stage::Cultivate];
    let options = Options { as_of: Some(day("2026-01-31")), stages, ..Options::default() };
    pipeline(book, policy, &options, &()).unwrap()
}

// ─── batches ─────────────────────────────────────────────────────────────────

/// Do these batches keep every limit?
fn keeps(members: &[Member], seats: usize, of: &[Option<usize>]) -> bool {
    let mut used: BTreeMap<usize, usize> = BTreeMap::new();
    let mut groups: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut blocs = BTreeSet::new();
    members.iter().zip(of).all(|(member, batch)| {
        let Some(batch) = *batch else { return true };
        let (n, m) = (used.entry(batch).or_default(), groups.entry((member.group, batch)).or_default());
        (*n, *m) = (*n + 1, *m + 1);
        *n <= seats && *m <= member.cap && blocs.insert((member.bloc, batch))
    })
}

/// The most members that `batches` batches can hold, by trying everything.
fn most(members: &[Member], seats: usize, batches: usize, of: &mut Vec<Option<usize>>) -> usize {
    let at = of.len();
    if at == members.len() {
        return of.iter().flatten().count();
    }
    let mut best = 0;
    for choice in (0..batches).map(Some).chain([None]) {
        of.push(choice);
        if keeps(&members[..=at], seats, of) {
            best = best.max(most(members, seats, batches, of));
        }
        of.pop();
    }
    best
}

/// Small instances: blocs lie within groups, as villages within townships.
fn small() -> impl Strategy<Value = (Vec<Member>, usize)> {
    let caps = prop::collection::vec(1usize..=3, 2);
    (prop::collection::vec(0usize..4, 1..=6), caps, 1usize..=4).prop_map(|(blocs, caps, seats)| {
        let member = |bloc: usize| Member { bloc, group: bloc / 2, cap: caps[bloc / 2] };
        (blocs.into_iter().map(member).collect(), seats)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The bound is reached, everybody is placed, and no smaller number would do.
    #[test]
    fn the_number_of_batches_is_the_least((members, seats) in small()) {
        let found = spread(&members, seats, 0, |_, _| false);
        prop_assert!(keeps(&members, seats, &found.of));
        prop_assert!(found.of.iter().all(Option::is_some));
        prop_assert_eq!(Some(found.batches), bounds(&members, seats).into_iter().max());
        prop_assert!(most(&members, seats, found.batches - 1, &mut Vec::new()) < members.len());
        // Batches differ by one person at most.
        let sizes: Vec<usize> = (0..found.batches).map(|b| found.of.iter().filter(|x| **x == Some(b)).count()).collect();
        prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
    }

    /// With fewer batches than needed, as many go as can.
    #[test]
    fn a_limit_leaves_out_as_few_as_can_be((members, seats) in small(), limit in 1usize..=3) {
        let found = spread(&members, seats, limit, |_, _| false);
        prop_assert!(keeps(&members, seats, &found.of));
        prop_assert!(found.batches <= limit);
        let placed = found.of.iter().flatten().count();
        prop_assert_eq!(placed, most(&members, seats, limit.min(found.batches), &mut Vec::new()));
    }

    /// Whoever is away is never called, and all limits hold.
    #[test]
    fn nobody_is_called_who_is_away((members, seats) in small(), gone in prop::collection::vec(0usize..12, 0..8)) {
        let blocked = |at: usize, batch: usize| gone.contains(&(at + 6 * batch));
        let found = spread(&members, seats, 0, blocked);
        prop_assert!(keeps(&members, seats, &found.of));
        for (at, batch) in found.of.iter().enumerate() {
            match batch {
                Some(batch) => prop_assert!(!blocked(at, *batch)),
                None => prop_assert!((0..found.batches).all(|b| blocked(at, b))),
            }
        }
    }
}

#[test]
fn nobody_needs_no_batch() {
    let found = spread(&[], 10, 0, |_, _| false);
    assert_eq!((found.batches, found.of.len()), (0, 0));
}

// ─── status ──────────────────────────────────────────────────────────────────

#[test]
fn every_state_says_what_the_records_tell() {
    let acts = [
        act("a000", "training", "2025-06-02", 5.0),
        act("a001", "training", "2025-06-02", 2.0),
        act("a002", "training", "2024-06-02", 5.0),
        Act { absences: Some(3), ..act("a003", "training", "2025-06-02", 5.0) },
        Act { certificate: Some(false), ..act("a004", "training", "2025-06-02", 5.0) },
        Act { days: None, ..act("a005", "training", "2025-06-02", 0.0) },
        Act { start: None, ..act("a006", "training", "2025-06-02", 5.0) },
        // After the reference date: not known yet.
        act("a007", "training", "2026-02-01", 5.0),
        // Two absences do not lose the certificate.
        Act { absences: Some(2), ..act("b000", "training", "2025-02-01", 5.0) },
        // Twelve months ago to the day: outside.
        act("b001", "training", "2025-01-31", 5.0),
        act("b002", "secondment", "2025-06-02", 30.0),
    ];
    let found = find(&with(county(8), &acts), &Policy::default()).training_status;
    let people = column(&found, "person");
    let state = |person: &str| {
        let at = people.iter().position(|p| p == person).unwrap();
        column(&found, "state")[at].clone()
    };
    let expected = [
        ("a000", "done"),
        ("a001", "partial"),
        ("a002", "lapsed"),
        ("a003", "lost_certificate"),
        ("a004", "lost_certificate"),
        ("a005", "no_record"),
        ("a006", "no_record"),
        ("a007", "no_record"),
        ("b000", "done"),
        ("b001", "lapsed"),
        ("b002", "no_record"),
    ];
    for (person, wanted) in expected {
        assert_eq!(state(person), wanted, "{person}");
    }
    // A missing record is no record and no nought, in words too.
    let days = frame::numbers(&found, "trained_days").unwrap();
    let of = |person: &str| days[people.iter().position(|p| p == person).unwrap()];
    assert_eq!([of("a000"), of("a003"), of("a002"), of("b002")], [Some(5.0), Some(0.0), None, None]);
    let reasons = column(&found, "reason");
    let at = people.iter().position(|p| p == "b002").unwrap();
    assert!(reasons[at].contains("不等于未参训"), "{}", reasons[at]);
}

#[test]
fn the_calendar_year_and_the_months_of_grace_count() {
    let acts = [act("a000", "training", "2025-06-02", 5.0), act("a001", "training", "2026-01-05", 5.0)];
    let mut tables = with(county(3), &acts);
    let mut posts = tables.get("posts").clone();
    let since: Vec<Option<NaiveDate>> = column(&posts, "person")
        .iter()
        .map(|p| Some(if p == "a002" { day("2025-12-01") } else { day("2021-03-01") }))
        .collect();
    let days = Build::new().date("since", since).done().unwrap();
    posts.with_column(days.column("since").unwrap().clone()).unwrap();
    tables.set("posts", posts).unwrap();
    let states = |own: &str| {
        let found = find(&tables, &policy(own)).training_status;
        column(&found, "person").into_iter().zip(column(&found, "state")).collect::<BTreeMap<_, _>>()
    };
    let (rolling, calendar) = (states(""), states("[cultivate.training]\nyear = \"calendar\"\n"));
    assert_eq!((rolling["a000"].as_str(), calendar["a000"].as_str()), ("done", "lapsed"));
    assert_eq!((rolling["a001"].as_str(), calendar["a001"].as_str()), ("done", "done"));
    assert_eq!(rolling["a002"], "not_due");
    assert_eq!(states("[cultivate.training]\ngrace_months = 1\n")["a002"], "no_record");
}

#[test]
fn somebody_with_two_posts_stands_once() {
    let mut tables = county(2);
    // a000 heads both villages; b001 is director of the second.
    let posts = Build::new()
        .str("county", &["C", "C", "C", "C"])
        .str("township", &["T0", "T0", "T0", "T0"])
        .str("village", &["V000", "V000", "V001", "V001"])
        .str("post", &["secretary", "director", "secretary", "director"])
        .str("person", &["a000", "a000", "a000", "b001"])
        .done()
        .unwrap();
    tables.set("posts", posts).unwrap();
    let found = find(&tables, &policy("[cultivate.plan]\ntownship_share = 1.0\n"));
    assert_eq!(column(&found.training_status, "person"), ["a000", "b001"]);
    assert_eq!(column(&found.training_status, "post"), ["secretary", "director"]);
    // They lead one village together, so they cannot share a batch.
    assert_eq!(frame::wholes(&found.training_plan, "batch").unwrap(), [Some(1), Some(2)]);
}

// ─── plan ────────────────────────────────────────────────────────────────────

#[test]
fn two_leaders_of_one_village_never_share_a_batch() {
    let found = find(&county(10), &Policy::default());
    assert_eq!(verify_plan(&found.training_plan, &found.training_batches).unwrap(), Vec::<String>::new());
    // 20 people, 160 seats: two batches for the villages' sake, and each township sends at most half.
    assert_eq!(found.training_batches.height(), 2);
    assert_eq!(column(&found.training_batches, "bound"), ["village", "village"]);
    let from = frame::dates(&found.training_batches, "from").unwrap();
    assert_eq!(from, [Some(day("2026-03-02")), Some(day("2026-03-09"))]);
    assert_eq!(frame::wholes(&found.training_batches, "person_days").unwrap(), [Some(50), Some(50)]);
}

#[test]
fn seats_and_the_township_share_set_the_number() {
    let share = find(&county(8), &policy("[cultivate.plan]\ntownship_share = 0.25\n"));
    // Four villages a township, 8 heads: at most two of them at once, so four batches.
    assert_eq!(column(&share.training_batches, "bound"), vec!["township"; 4]);
    let seats = find(&county(8), &policy("[cultivate.courses.general]\nseats = 3\n"));
    assert_eq!(column(&seats.training_batches, "bound"), vec!["seats"; 6]);
    for found in [share, seats] {
        assert_eq!(verify_plan(&found.training_plan, &found.training_batches).unwrap(), Vec::<String>::new());
    }
}

#[test]
fn whoever_finds_no_seat_is_named_with_the_cause() {
    let own = policy("[cultivate.courses.general]\nseats = 3\nmax_batches = 2\nwhen = { posts = [\"secretary\"] }\n");
    let acts = [act("a000", "training", "2024-06-02", 5.0)];
    let found = find(&with(county(8), &acts), &own);
    let causes = column(&found.training_plan, "cause");
    let count = |cause: &str| causes.iter().filter(|c| *c == cause).count();
    assert_eq!((count("-"), count("batches_full"), count("no_course")), (6, 2, 8));
    // The one who was trained last waits.
    let people = column(&found.training_plan, "person");
    assert_eq!(causes[people.iter().position(|p| p == "a000").unwrap()], "batches_full");
    let ids = frame::texts(&found.training_plan, "rec_id").unwrap();
    assert!(ids.iter().zip(&causes).all(|(id, cause)| id.is_some() == (cause == "-")));
}

#[test]
fn a_secondment_keeps_the_whole_village_at_home() {
    // The secretary is away until the end of March, so the director waits for a later batch.
    let acts = [act("a000", "secondment", "2026-01-05", 86.0)];
    let found = find(&with(county(4), &acts), &Policy::default());
    let (people, causes) = (column(&found.training_plan, "person"), column(&found.training_plan, "cause"));
    for (person, cause) in people.iter().zip(&causes) {
        let away = person == "a000" || person == "b000";
        assert_eq!(cause, if away { "away" } else { "-" }, "{person}");
    }
    // With so many batches that they come home in time, all are placed.
    let own = policy("[cultivate.courses.general]\nseats = 1\n");
    let found = find(&with(county(4), &acts), &own);
    assert!(column(&found.training_plan, "cause").iter().all(|c| c == "-"));
    let (people, from) = (column(&found.training_plan, "person"), frame::dates(&found.training_plan, "from").unwrap());
    for (person, from) in people.iter().zip(from) {
        assert!((person != "a000" && person != "b000") || from > Some(day("2026-03-31")));
    }
}

#[test]
fn townships_hold_their_own_classes_after_the_countys() {
    let own = policy(
        "[cultivate.courses.general]\nwhen = { posts = [\"secretary\"] }\n\
         [cultivate.courses.directors]\nlabel = \"主任班\"\nlevel = \"township\"\nseats = 30\ndays = 2\n",
    );
    let found = find(&county(8), &own);
    let batches = &found.training_batches;
    assert_eq!(column(batches, "township"), ["-", "T0", "T1"]);
    assert_eq!(frame::wholes(batches, "used").unwrap(), [Some(8), Some(4), Some(4)]);
    let from = frame::dates(batches, "from").unwrap();
    assert!(from[1] == from[2] && from[1] > from[0], "{from:?}");
    assert_eq!(verify_plan(&found.training_plan, batches).unwrap(), Vec::<String>::new());
}

#[test]
fn cover_due_leaves_out_whoever_was_trained() {
    let acts = [act("a000", "training", "2025-06-02", 5.0)];
    let tables = with(county(2), &acts);
    let all = find(&tables, &Policy::default()).training_plan.height();
    let due = find(&tables, &policy("[cultivate.plan]\ncover = \"due\"\n")).training_plan.height();
    assert_eq!((all, due), (4, 3));
}

#[test]
fn a_tampered_plan_is_found() {
    let found = find(&county(6), &Policy::default());
    let mut plan = found.training_plan.clone();
    let ones = vec![Some(1i64); plan.height()];
    let one = Build::new().whole("batch", ones).done().unwrap();
    plan.with_column(one.column("batch").unwrap().clone()).unwrap();
    let differences = verify_plan(&plan, &found.training_batches).unwrap();
    assert!(differences.iter().any(|d| d.contains("two people of V000")), "{differences:?}");
    assert!(differences.iter().any(|d| d.contains("holds 12")), "{differences:?}");
}

// ─── placements ──────────────────────────────────────────────────────────────

/// A county with birth dates: village v's secretary is 30 + v, its director 40 + v.
fn aged(villages: usize) -> Tables {
    let mut tables = county(villages);
    let people: Vec<(String, i32)> =
        (0..villages as i32).flat_map(|v| [(format!("a{v:03}"), 30 + v), (format!("b{v:03}"), 40 + v)]).collect();
    let frame = Build::new()
        .str("person", &people.iter().map(|p| p.0.as_str()).collect::<Vec<_>>())
        .date("birth", people.iter().map(|p| NaiveDate::from_ymd_opt(2026 - p.1, 1, 1)).collect())
        .done()
        .unwrap();
    tables.set("people", frame).unwrap();
    tables
}

const ONE_HOST: &str = "[cultivate.placements.townships]\nseats = 0\n\
    [cultivate.placements.hosts.agriculture]\nseats = 0\n[cultivate.placements.hosts.petitions]\nseats = 0\n";

#[test]
fn the_best_go_and_a_village_sends_one() {
    let own = policy(&format!("{ONE_HOST}[cultivate.placements.hosts.organisation]\nseats = 3\nmax_age = 45\n"));
    let tables = aged(3);
    let found = find(&tables, &own);
    // Three seats, three villages: the secretaries, being younger, and not their directors.
    assert_eq!(column(&found.placements, "person"), ["a000", "a001", "a002"]);
    assert_eq!(found.open_places.height(), 0);
    let price = frame::wholes(&found.placement_summary, "value").unwrap()[0].unwrap();
    let proof = verify_placements(&found.placement_edges, &found.placement_prices, &found.placements, price).unwrap();
    assert_eq!((proof.vacancies, proof.filled, proof.candidates), (3, 3, 3));
    // Places begin when the county's last batch is over.
    let last = frame::dates(&found.training_batches, "until").unwrap().into_iter().max().unwrap();
    assert!(frame::dates(&found.placements, "from").unwrap().into_iter().all(|d| d > last));
    // A fourth seat stays open, and the table says why.
    let own = policy(&format!("{ONE_HOST}[cultivate.placements.hosts.organisation]\nseats = 4\nmax_age = 45\n"));
    let found = find(&tables, &own);
    assert_eq!((found.placements.height(), column(&found.open_places, "cause")), (3, vec!["shortage".to_owned()]));
    // One placed person fewer: the certificate no longer holds.
    let fewer = found.placements.head(Some(2));
    let price = frame::wholes(&found.placement_summary, "value").unwrap()[0].unwrap();
    assert!(verify_placements(&found.placement_edges, &found.placement_prices, &fewer, price).is_err());
}

#[test]
fn bars_are_told_and_a_missing_birth_date_is_one() {
    let own = policy(&format!("{ONE_HOST}[cultivate.placements.hosts.organisation]\nseats = 1\nmax_age = 31\n"));
    let mut tables = with(aged(3), &[act("a001", "shadowing", "2025-01-06", 30.0)]);
    let events = Build::new()
        .str("county", &["C"])
        .date("date", vec![Some(day("2025-12-01"))])
        .str("kind", &["warning"])
        .str("person", &["a000"])
        .done()
        .unwrap();
    tables.set("events", events).unwrap();
    let found = find(&tables, &own);
    let bars: BTreeSet<(String, String)> =
        column(&found.placement_bars, "person").into_iter().zip(column(&found.placement_bars, "gate")).collect();
    let has = |person: &str, gate: &str| bars.contains(&(person.to_owned(), gate.to_owned()));
    assert!(has("a000", "event") && has("a001", "repeat") && has("a002", "age") && has("b000", "age"));
    assert_eq!(column(&found.open_places, "cause"), ["all_barred"]);
    // Without birth dates nobody passes an age limit in silence.
    let found = find(&county(2), &own);
    assert!(column(&found.placement_bars, "gate").iter().all(|g| g == "age_unknown"));
    assert_eq!((found.placements.height(), column(&found.open_places, "cause")), (0, vec!["all_barred".to_owned()]));
    // Nobody at all.
    let found = find(&tables_without_posts(), &own);
    assert_eq!(column(&found.open_places, "cause"), ["no_candidate"]);
}

fn tables_without_posts() -> Tables {
    let mut tables = county(2);
    tables.set("posts", Tables::default().get("posts").clone()).unwrap();
    tables
}

#[test]
fn fit_adds_up_and_names_what_is_missing() {
    let own = policy(&format!("{ONE_HOST}[cultivate.placements.hosts.organisation]\nseats = 1\n"));
    let found = find(&aged(1), &own).placements;
    // Age 30: 25; 58 months in the post: 6; first time: 10.
    assert_eq!(frame::numbers(&found, "fit").unwrap(), [Some(41.0)]);
    assert_eq!(frame::wholes(&found, "cost").unwrap(), [Some(590_000)]);
    let (sum, reasons) = (column(&found, "contributions"), column(&found, "reasons"));
    assert!(sum[0].ends_with("= 41") && sum[0].contains("年龄 25"), "{}", sum[0]);
    assert!(reasons[0].contains("学历缺资料"), "{}", reasons[0]);
}

#[test]
fn protected_attributes_are_refused_and_change_nothing() {
    for key in ["sex", "ethnicity", "性别"] {
        let text = format!("[cultivate.placements.fit.{key:?}]\nfact = \"age\"\n");
        let error = Policy::parse(&text, std::path::Path::new("own.toml")).unwrap_err();
        assert!(error.to_string().contains("protected"), "{error}");
    }
    let (_dir, mut book) = demo();
    let before = run(&book, &Policy::default());
    let mut people = book.tables.get("people").clone();
    let turned = |name: &str, people: &DataFrame| {
        let values: Vec<Option<String>> =
            frame::texts(people, name).unwrap().into_iter().rev().map(|t| t.map(str::to_owned)).collect();
        Build::new().text(name, values).done().unwrap().column(name).unwrap().clone()
    };
    for name in ["sex", "ethnicity"] {
        let column = turned(name, &people);
        people.with_column(column).unwrap();
    }
    assert!(!people.equals_missing(book.tables.get("people")));
    book.tables.set("people", people).unwrap();
    let after = run(&book, &Policy::default());
    for name in ["training_status", "training_plan", "placements", "placement_bars", "placement_edges", "contest"] {
        assert!(before.tables[name].equals_missing(&after.tables[name]), "{name}");
    }
}

// ─── contest ─────────────────────────────────────────────────────────────────

#[test]
fn standings_share_places_and_leave_out_whoever_lacks_a_part() {
    let acts = [
        contest("a000", "2025-09-01", [80.0, 80.0, 80.0]),
        contest("a001", "2025-09-01", [90.0, 90.0, 90.0]),
        contest("a002", "2025-09-01", [80.0, 80.0, 80.0]),
        // The same total, more in the part that decides.
        contest("a003", "2025-09-01", [75.0, 80.0, 85.0]),
        Act { parts: [Some(99.0), Some(99.0), None], ..contest("a004", "2025-09-01", [0.0; 3]) },
        // An earlier attempt of the year, and another year.
        contest("a001", "2025-03-01", [10.0, 10.0, 10.0]),
        contest("a005", "2024-09-01", [99.0, 99.0, 99.0]),
    ];
    let found = find(&with(county(6), &acts), &Policy::default()).contest;
    assert_eq!(column(&found, "person"), ["a001", "a003", "a000", "a002", "a004"]);
    let ranks = frame::wholes(&found, "rank").unwrap();
    assert_eq!(ranks, [Some(1), Some(2), Some(3), Some(3), None]);
    assert_eq!(frame::wholes(&found, "rank_in_class").unwrap(), ranks);
    assert_eq!(frame::numbers(&found, "percentile").unwrap(), [Some(100.0), Some(66.7), Some(33.3), Some(33.3), None]);
    // 1/4 is within the first 30%, 2/4 within 60%, 3/4 beyond.
    assert_eq!(frame::numbers(&found, "points").unwrap(), [Some(2.0), Some(1.0), Some(0.0), Some(0.0), None]);
    let reasons = column(&found, "reason");
    assert!(reasons[4].contains("案例分析") && !reasons[4].contains("政策理论"), "{}", reasons[4]);
    assert_eq!(column(&found, "state")[4], "missing_part");
}

#[test]
fn one_contestant_and_all_equal_are_defined() {
    let one = find(&with(county(1), &[contest("a000", "2025-09-01", [50.0; 3])]), &Policy::default()).contest;
    assert_eq!(frame::wholes(&one, "rank").unwrap(), [Some(1)]);
    assert_eq!(frame::numbers(&one, "percentile").unwrap(), [Some(100.0)]);
    let people: Vec<String> = (0..5).map(|v| format!("a{v:03}")).collect();
    let acts: Vec<Act> = people.iter().map(|p| contest(p, "2025-09-01", [70.0; 3])).collect();
    let all = find(&with(county(5), &acts), &Policy::default()).contest;
    assert_eq!(frame::wholes(&all, "rank").unwrap(), [Some(1); 5]);
    assert_eq!(frame::numbers(&all, "points").unwrap(), [Some(2.0); 5]);
}

const CONTEST_BONUS: &str = "[score.adjustments.contest]\nlabel = \"技能比武加分\"\ncolumn = \"contest_points\"\n\
    effect = \"bonus\"\neach = 0.5\ncap = 1.2\n";

#[test]
fn contest_points_move_scores_only_where_the_policy_says_so() {
    let (_dir, book) = demo();
    let default = Policy::default();
    let ctx = Context { policy: &default, as_of: day("2026-01-31"), seed: 1, lang: Lang::Zh };
    assert!(with_points(&book.tables, &ctx).unwrap().is_none());
    let (before, after) = (run(&book, &default), run(&book, &policy(CONTEST_BONUS)));
    let mut won: BTreeMap<String, f64> = BTreeMap::new();
    let contest = &before.tables["contest"];
    assert_eq!(frame::wholes(contest, "year").unwrap()[0], Some(2025));
    for (village, points) in column(contest, "village").into_iter().zip(frame::numbers(contest, "points").unwrap()) {
        let best = won.entry(village).or_insert(0.0);
        *best = best.max(points.unwrap_or(0.0));
    }
    let mut parts: BTreeMap<String, f64> = BTreeMap::new();
    let contributions = &after.tables["contributions"];
    let values = frame::numbers(contributions, "contribution").unwrap();
    for (village, part) in column(contributions, "village").into_iter().zip(values) {
        *parts.entry(village).or_default() += part.unwrap();
    }
    let scores = |o: &Outcome| {
        let table = &o.tables["scores"];
        let number = |name: &str| frame::numbers(table, name).unwrap();
        let (score, net): (Vec<_>, Vec<_>) = (number("score"), {
            let (bonus, penalty) = (number("bonus"), number("penalty"));
            bonus.into_iter().zip(penalty).map(|(b, p)| b.unwrap_or(0.0) - p.unwrap_or(0.0)).collect()
        });
        let veto = column(table, "veto");
        column(table, "village").into_iter().zip(score.into_iter().zip(net).zip(veto)).collect::<BTreeMap<_, _>>()
    };
    let (old, new) = (scores(&before), scores(&after));
    let mut moved = 0;
    for (village, ((score, net), veto)) in &old {
        let ((later, later_net), _) = &new[village];
        let bonus = (0.5 * won.get(village).copied().unwrap_or(0.0)).min(1.2);
        let (Some(score), Some(later)) = (score, later) else { continue };
        assert!((later - parts[village]).abs() < 1e-9, "{village}: parts do not add up");
        assert!((later_net - net - bonus).abs() < 1e-9, "{village}: {net} and {bonus} became {later_net}");
        // Within the bounds of a score, and without a veto, the score moves by the points exactly.
        if veto == "-" && *score > 0.0 && score + bonus < 100.0 {
            assert!((later - score - bonus).abs() < 1e-9, "{village}: {score} + {bonus} became {later}");
            moved += usize::from(bonus > 0.0);
        }
    }
    assert!(moved > 10, "{moved} villages moved");
}

#[test]
fn what_the_book_states_goes_before_the_contest() {
    let mut tables = with(county(2), &[contest("a000", "2025-09-01", [90.0; 3])]);
    let indicators = Build::new()
        .str("county", &["C", "C"])
        .str("village", &["V000", "V001"])
        .whole("period", vec![Some(2025), Some(2025)])
        .number("contest_points", vec![Some(0.25), None])
        .done()
        .unwrap();
    tables.set("indicators", indicators).unwrap();
    let own = policy(CONTEST_BONUS);
    let ctx = Context { policy: &own, as_of: day("2026-01-31"), seed: 1, lang: Lang::Zh };
    let with = with_points(&tables, &ctx).unwrap().unwrap();
    assert_eq!(frame::numbers(with.get("indicators"), "contest_points").unwrap(), [Some(0.25), None]);
    // A contest after the reference date is not known.
    let early = Context { as_of: day("2025-08-31"), ..ctx };
    let mut bare = tables.clone();
    bare.set("indicators", tables.get("indicators").drop("contest_points").unwrap()).unwrap();
    let points = |ctx: &Context| {
        let with = with_points(&bare, ctx).unwrap().unwrap();
        frame::numbers(with.get("indicators"), "contest_points").unwrap()
    };
    assert_eq!((points(&ctx), points(&early)), (vec![Some(0.0), None], vec![None, None]));
}

// ─── the whole ───────────────────────────────────────────────────────────────

#[test]
fn an_empty_book_is_no_error() {
    let found = find(&Tables::default(), &Policy::default());
    for (name, table) in found.tables() {
        let rows = if name == "placement_summary" { 8 } else { 0 };
        assert_eq!(table.height(), rows, "{name}");
    }
    let found = find(&county(1), &Policy::default());
    assert_eq!((found.training_status.height(), found.training_plan.height()), (2, 2));
    assert_eq!(found.notes.len(), 1);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let (_dir, mut book) = demo();
    let before = run(&book, &Policy::default());
    for name in ["villages", "posts", "people", "pool", "activities", "events", "appraisals"] {
        let turned = book.tables.get(name).reverse();
        book.tables.set(name, turned).unwrap();
    }
    let after = run(&book, &Policy::default());
    for (name, table) in before.tables.iter().filter(|(n, _)| n.starts_with("training") || n.starts_with("place")) {
        assert!(table.equals_missing(&after.tables[name]), "{name}");
    }
    assert!(before.tables["contest"].equals_missing(&after.tables["contest"]));
}

#[test]
fn the_demo_county_is_planned_within_every_limit() {
    let (_dir, book) = demo();
    let outcome = run(&book, &Policy::default());
    let table = |name: &str| &outcome.tables[name];
    // The stage that this one needs ran, and hands on nothing that was not asked for.
    assert!(!outcome.tables.contains_key("supervision"));
    assert_eq!(verify_plan(table("training_plan"), table("training_batches")).unwrap(), Vec::<String>::new());
    let price = frame::wholes(table("placement_summary"), "value").unwrap()[0].unwrap();
    verify_placements(table("placement_edges"), table("placement_prices"), table("placements"), price).unwrap();
    let blocs = column(table("placements"), "bloc");
    assert_eq!(blocs.iter().collect::<BTreeSet<_>>().len(), blocs.len());
    let states: BTreeSet<String> = column(table("training_status"), "state").into_iter().collect();
    for state in ["done", "partial", "lapsed", "not_due", "lost_certificate", "no_record"] {
        assert!(states.contains(state), "the demo county shows no `{state}`");
    }
    // No township sends more than half of its people to one batch.
    let status = table("training_status");
    let mut heads: BTreeMap<String, usize> = BTreeMap::new();
    column(status, "township").into_iter().for_each(|t| *heads.entry(t).or_default() += 1);
    let plan = table("training_plan");
    let mut sent: BTreeMap<(String, Option<i64>), usize> = BTreeMap::new();
    for key in column(plan, "township").into_iter().zip(frame::wholes(plan, "batch").unwrap()) {
        *sent.entry(key).or_default() += 1;
    }
    for ((township, batch), n) in sent.into_iter().filter(|(key, _)| key.1.is_some()) {
        assert!(n <= (heads[&township] / 2).max(1), "{township} sends {n} to {batch:?}");
    }
    // Every piece of advice has its own ID.
    let ids: Vec<&str> = ["training_plan", "placements"]
        .iter()
        .flat_map(|name| frame::texts(table(name), "rec_id").unwrap())
        .flatten()
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn contradictions_in_the_policy_are_refused() {
    for (text, key) in [
        ("[cultivate]\nposts = []\n", "cultivate.posts"),
        ("[cultivate]\nposts = [\"pope\"]\n", "cultivate.posts"),
        ("[cultivate.training]\nrequired_days = 0\n", "cultivate.training.required_days"),
        ("[cultivate.plan]\ntownship_share = 0.0\n", "cultivate.plan.township_share"),
        ("[cultivate.courses.general]\nseats = 0\n", "cultivate.courses.general.seats"),
        ("[cultivate.courses.star]\nwhen = { grades = [\"best\"] }\n", "cultivate.courses.star.when.grades"),
        ("[cultivate.courses.star]\nwhen = { supervision = [\"weak\"] }\n", "cultivate.courses.star.when.supervision"),
        ("[cultivate.courses.star]\neffective = \"soon\"\n", "cultivate.courses.star.effective"),
        ("[cultivate.placements.hosts.agriculture]\nunit = \" \"\n", "cultivate.placements.hosts.agriculture.unit"),
        ("[cultivate.placements.fit.first_time]\npoints = { yes = 11 }\n", "cultivate.placements.fit"),
        ("[cultivate.contest.weights]\npolicy_theory = -1\n", "cultivate.contest.weights"),
        (
            "[cultivate.contest]\npoints = [{ top = 0.5, points = 1 }, { top = 0.5, points = 2 }]\n",
            "cultivate.contest.points",
        ),
    ] {
        let error = Policy::parse(text, std::path::Path::new("own.toml")).unwrap_err();
        assert!(error.message.contains(&format!("`{key}`")), "{text}: {error}");
    }
}
