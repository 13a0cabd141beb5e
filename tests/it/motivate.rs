//! Stage motivate against hand-reckoned small counties, a slow reckoning of its own, and properties.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use polars::prelude::{DataFrame, NamedFrom, Series};
use proptest::prelude::*;
use touyan::book::{Book, Tables};
use touyan::frame::{self, Build};
use touyan::lang::Lang;
use touyan::motivate::{Motivate, motivate, verify_tables};
use touyan::policy::Policy;
use touyan::run::{Audience, Formats, Options, encode, pipeline};
use touyan::stage::Context;

const COUNTY: &str = "石县";
const AS_OF: &str = "2026-01-31";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn word(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A frame from rows of text; an empty cell is null. The header's suffix names the type:
/// `:d` date, `:f` yes/no, `:n` number, `:w` whole.
fn sheet(headers: &[&str], rows: &[&[&str]]) -> DataFrame {
    let mut build = Build::new();
    for (at, header) in headers.iter().enumerate() {
        let cells: Vec<&str> = rows.iter().map(|row| row[at]).collect();
        build = match header.split_once(':') {
            Some((name, "d")) => build.date(name, cells.iter().map(|c| word(c).map(day)).collect()),
            Some((name, "f")) => build.flag(name, cells.iter().map(|c| word(c).map(|t| t == "yes")).collect()),
            Some((name, "n")) => build.number(name, cells.iter().map(|c| c.parse().ok()).collect()),
            Some((name, _)) => build.whole(name, cells.iter().map(|c| c.parse().ok()).collect()),
            None => build.text(header, cells.iter().map(|c| word(c)).collect()),
        };
    }
    build.done().unwrap()
}

/// Village, grade and score of this run, all of 2025; an empty score is not rated.
fn scores(rows: &[[&str; 3]]) -> DataFrame {
    let rows: Vec<Vec<&str>> = rows.iter().map(|[v, g, s]| vec![COUNTY, v, "2025", s, g, ""]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    sheet(&["county", "village", "period:w", "score:n", "grade", "veto"], &rows)
}

/// The default policy with the county's published income and these lines.
fn policy(more: &str) -> Policy {
    let text = format!("[motivate.pay.income]\n\"石县\" = {{ 2023 = 18000, 2024 = 20000, 2025 = 21000 }}\n{more}");
    Policy::parse(&text, Path::new("p.toml")).unwrap()
}

fn run(tables: &Tables, scores: &DataFrame, policy: &Policy, as_of: &str) -> Motivate {
    let ctx = Context { policy, as_of: day(as_of), seed: 1, lang: Lang::Zh };
    motivate(tables, scores, &ctx).unwrap()
}

/// Four villages of one township. P1 heads both bodies of v1 and is paid right; P2 (v2) began in
/// September 2025 and is paid too little; P3 is director of v2, of unknown start; P4 (v3) has no
/// record; v4 is empty.
fn county() -> Tables {
    let mut tables = Tables::default();
    let mut set = |name: &str, frame: DataFrame| tables.set(name, frame).unwrap();
    let village = |v: &'static str, name: &'static str| [COUNTY, "青石镇", v, name];
    let villages = [village("v1", "大泉村"), village("v2", "小泉村"), village("v3", "石桥村"), village("v4", "石湾村")];
    let villages: Vec<&[&str]> = villages.iter().map(|v| &v[..]).collect();
    set("villages", sheet(&["county", "township", "village", "village_name"], &villages));
    set(
        "posts",
        sheet(
            &["county", "township", "village", "post", "person", "since:d", "vacant_since:d", "dual:f"],
            &[
                &[COUNTY, "青石镇", "v1", "secretary", "P1", "2018-03-01", "", "yes"],
                &[COUNTY, "青石镇", "v1", "director", "P1", "2018-03-01", "", ""],
                &[COUNTY, "青石镇", "v2", "secretary", "P2", "2025-09-10", "", "no"],
                &[COUNTY, "青石镇", "v2", "director", "P3", "", "", ""],
                &[COUNTY, "青石镇", "v3", "secretary", "P4", "2022-02-01", "", ""],
                &[COUNTY, "青石镇", "v4", "secretary", "", "", "2025-05-01", ""],
                &[COUNTY, "青石镇", "v4", "committee", "P5", "2021-01-01", "", ""],
            ],
        ),
    );
    set(
        "people",
        sheet(
            &["county", "person", "birth:d", "education", "political_status", "sanction", "sanction_date:d"],
            &[
                &[COUNTY, "P1", "1986-02-01", "bachelor", "member", "", ""],
                &[COUNTY, "P2", "1990-06-30", "college", "member", "", ""],
                &[COUNTY, "P3", "1975-01-01", "senior", "masses", "", ""],
                &[COUNTY, "P4", "1992-01-01", "college", "member", "warning", "2025-03-10"],
            ],
        ),
    );
    set(
        "appraisals",
        sheet(
            &["county", "village", "person", "year:w", "grade"],
            &[
                &[COUNTY, "v1", "P1", "2023", "competent"],
                &[COUNTY, "v1", "P1", "2024", "competent"],
                &[COUNTY, "v1", "P1", "2025", "excellent"],
                &[COUNTY, "v3", "P4", "2023", "competent"],
                &[COUNTY, "v3", "P4", "2024", "excellent"],
                &[COUNTY, "v3", "P4", "2025", "competent"],
            ],
        ),
    );
    set(
        "indicators",
        sheet(
            &["county", "village", "period:w", "collective_income:n"],
            &[
                &[COUNTY, "v1", "2024", "10"],
                &[COUNTY, "v1", "2025", "13.5"],
                &[COUNTY, "v2", "2024", "10"],
                &[COUNTY, "v2", "2025", "4"],
            ],
        ),
    );
    set(
        "events",
        sheet(
            &["county", "village", "date:d", "recorded:d", "kind", "person", "department"],
            &[
                &[COUNTY, "v1", "2025-07-01", "", "honour", "P1", "市委组织部"],
                // Known a year later: the run must not know of it.
                &[COUNTY, "v1", "2025-07-01", "2026-12-01", "honour", "P1", "省委组织部"],
                &[COUNTY, "v1", "2025-11-01", "", "admonition", "P1", "县委组织部"],
            ],
        ),
    );
    set(
        "pay",
        sheet(
            &[
                "county",
                "person",
                "year:w",
                "base:n",
                "performance:n",
                "allowance:n",
                "pension:f",
                "pension_since:d",
                "medical:f",
                "payer",
            ],
            &[
                &[COUNTY, "P1", "2024", "1", "1", "1", "no", "", "yes", "self"],
                &[COUNTY, "P1", "2025", "28600", "18480", "6000", "yes", "2019-01-01", "yes", "shared"],
                &[COUNTY, "P2", "2025", "9000", "", "", "no", "", "", ""],
                &[COUNTY, "P3", "2025", "25740", "", "", "yes", "", "yes", "county"],
                &[COUNTY, "P9", "2026", "1", "1", "1", "yes", "", "yes", ""],
            ],
        ),
    );
    tables
}

fn county_scores() -> DataFrame {
    scores(&[["v1", "excellent", "91"], ["v2", "basic", "65"], ["v3", "competent", "80"], ["v4", "not_rated", ""]])
}

fn row_of(table: &DataFrame, person: &str) -> usize {
    frame::words(table, "person").unwrap().iter().position(|p| *p == person).unwrap()
}

fn amount(table: &DataFrame, person: &str, column: &str) -> Option<i64> {
    frame::wholes(table, column).unwrap()[row_of(table, person)]
}

fn code<'t>(table: &'t DataFrame, person: &str, column: &str) -> &'t str {
    frame::words(table, column).unwrap()[row_of(table, person)]
}

#[test]
fn pay_of_a_full_year_is_the_published_formula() {
    let found = run(&county(), &county_scores(), &policy(""), AS_OF);
    let pay = &found.pay_formula;
    assert_eq!(frame::words(pay, "person").unwrap(), ["P1", "P2", "P3", "P4"]);
    // 20,000 yuan of 2024 × 2.2 = 44,000: base 65%, performance 35% × 1.2.
    let of = |column| amount(pay, "P1", column);
    assert_eq!((of("base_pay"), of("performance_pay")), (Some(28_600), Some(18_480)));
    // Seven full years 100, bachelor 100, both bodies 300: 500 a month.
    assert_eq!(of("allowances"), Some(6_000));
    // 3.5 of 10,000 yuan more × 10% = 3,500, of which 40%; one honour of the city.
    assert_eq!((of("reward"), of("awards")), (Some(1_400), Some(1_500)));
    assert_eq!((of("total"), of("paid")), (Some(55_980), Some(53_080)));
    assert_eq!(code(pay, "P1", "compared_parts"), "base;performance;allowance");
    assert_eq!((of("difference"), code(pay, "P1", "state")), (Some(0), "equal"));
    assert_eq!((code(pay, "P1", "grade_basis"), code(pay, "P1", "assumed")), ("appraised", ""));
    assert_eq!(verify_tables(pay, &found.pay_parts).unwrap(), Vec::<String>::new());
}

#[test]
fn part_of_a_year_counts_by_months_and_doubts_are_not_compared() {
    let found = run(&county(), &county_scores(), &policy(""), AS_OF);
    let pay = &found.pay_formula;
    // Since September: 4 of 12 months; 28,600 / 3 = 9,533.3; no appraisal, so 15,400 × 0.5 / 3.
    assert_eq!(amount(pay, "P2", "months"), Some(4));
    assert_eq!((amount(pay, "P2", "base_pay"), amount(pay, "P2", "performance_pay")), (Some(9_533), Some(2_567)));
    // Less than three years; college, four months. A decrease gives no reward.
    assert_eq!((amount(pay, "P2", "allowances"), amount(pay, "P2", "reward")), (Some(200), Some(0)));
    assert_eq!((code(pay, "P2", "grade_basis"), code(pay, "P2", "assumed")), ("computed", "grade_computed"));
    assert_eq!((code(pay, "P2", "state"), amount(pay, "P2", "difference")), ("underpaid", Some(-533)));
    // Of unknown start nothing can be compared, though a record is there: 90% for a director.
    assert_eq!((amount(pay, "P3", "base_pay"), amount(pay, "P3", "months")), (Some(25_740), Some(12)));
    assert_eq!((code(pay, "P3", "state"), code(pay, "P3", "assumed")), ("unknown", "start_missing;grade_computed"));
    // No record, and no collective income to reckon a reward from.
    assert_eq!((code(pay, "P4", "state"), code(pay, "P4", "unknown_parts")), ("no_record", "reward"));
    assert!(amount(pay, "P4", "reward").is_none() && amount(pay, "P4", "total").is_some());
    let sums = &found.pay_summary;
    let whole = |column: &str| frame::wholes(sums, column).unwrap()[0].unwrap();
    assert_eq!(frame::texts(sums, "township").unwrap(), [None, Some("青石镇")]);
    let states = ["people", "equal", "underpaid", "overpaid", "no_record", "unknown"].map(whole);
    assert_eq!((states, whole("shortfall")), ([4, 1, 1, 0, 1, 1], 533));
}

#[test]
fn without_an_income_pay_is_unknown_and_an_estimate_says_so() {
    let bare = Policy::default();
    let found = run(&county(), &county_scores(), &bare, AS_OF);
    assert!(amount(&found.pay_formula, "P1", "total").is_none());
    assert_eq!(code(&found.pay_formula, "P1", "unknown_parts"), "base;performance");
    // Allowances are known all the same, and compared alone.
    assert_eq!(code(&found.pay_formula, "P1", "compared_parts"), "allowance");
    assert!(frame::wholes(&found.pay_budget, "total").unwrap().iter().all(Option::is_none));
    // Villages report 2024: (18,000 × 1,000 + 24,000 × 500) / 1,500 = 20,000.
    let mut tables = county();
    let villages = sheet(
        &["county", "township", "village", "village_name", "population:w"],
        &[&[COUNTY, "青石镇", "v1", "大泉村", "1000"], &[COUNTY, "青石镇", "v2", "小泉村", "500"]],
    );
    tables.set("villages", villages).unwrap();
    let reports = sheet(
        &["county", "village", "period:w", "income_per_head:n", "collective_income:n"],
        &[&[COUNTY, "v1", "2024", "18000", ""], &[COUNTY, "v2", "2024", "24000", ""]],
    );
    tables.set("indicators", reports).unwrap();
    let found = run(&tables, &county_scores(), &bare, AS_OF);
    assert_eq!(amount(&found.pay_formula, "P1", "base_pay"), Some(28_600));
    assert_eq!(code(&found.pay_formula, "P1", "assumed"), "income_villages");
    // 2026 is budgeted from 2025, which nobody reported: 2024 is carried on.
    assert_eq!(frame::words(&found.pay_budget, "income_basis").unwrap()[0], "villages_carried");
    let strict = Policy::parse("[motivate.pay]\nincome_from_villages = false", Path::new("p.toml")).unwrap();
    let found = run(&tables, &county_scores(), &strict, AS_OF);
    assert!(amount(&found.pay_formula, "P1", "total").is_none());
}

#[test]
fn the_budget_takes_those_in_post_for_a_year_and_bounds_grades() {
    let found = run(&county(), &county_scores(), &policy(""), AS_OF);
    let budget = &found.pay_budget;
    let of = |column: &str| frame::wholes(budget, column).unwrap()[1].unwrap();
    // 21,000 of 2025 × 2.2 = 46,200: base 30,030 for each of three secretaries, 27,027 for a director.
    assert_eq!((of("year"), of("people"), of("income")), (2026, 4, 21_000));
    assert_eq!(of("base_pay"), 3 * 30_030 + 27_027);
    // 16,170 × 1.2 (v1) + × 0.5 (v2) + × 1.0 (v3) + director of v2 × 0.9 × 0.5, rounded one by one.
    assert_eq!(of("performance_pay"), 19_404 + 8_085 + 16_170 + 7_277);
    // P1 as before; P2 college; P3 of unknown start, senior: none; P4 four years 50, college 50.
    assert_eq!(of("allowances"), 6_000 + 600 + 1_200);
    assert_eq!((of("reward"), of("awards")), (1_400, 1_500));
    let fixed = of("base_pay") + of("allowances") + of("reward") + of("awards");
    assert_eq!(of("total"), fixed + of("performance_pay"));
    // Everybody at half; 25% of four is one excellent, the dearest, and all others full.
    assert_eq!(of("total_low"), fixed + 3 * 8_085 + 7_277);
    assert_eq!(of("total_high"), fixed + 19_404 + 2 * 16_170 + 14_553);
    // One secretary's post is empty.
    assert_eq!((of("vacant"), of("if_filled")), (1, 46_200));
    // In the second half of the year the next one is planned.
    let later = run(&county(), &county_scores(), &policy(""), "2026-07-01");
    assert_eq!(frame::wholes(&later.pay_budget, "year").unwrap()[0], Some(2027));
}

#[test]
fn cover_is_what_the_latest_record_says() {
    let found = run(&county(), &county_scores(), &policy(""), AS_OF);
    let cover = &found.cover_gaps;
    let of = |person| [code(cover, person, "pension"), code(cover, person, "medical"), code(cover, person, "state")];
    assert_eq!(of("P1"), ["covered", "covered", "covered"]);
    assert_eq!(of("P2"), ["gap", "unknown", "gap"]);
    assert_eq!(of("P4"), ["unknown", "unknown", "unknown"]);
    assert_eq!(code(cover, "P1", "payer"), "shared");
    assert_eq!(frame::dates(cover, "pension_since").unwrap()[row_of(cover, "P1")], Some(day("2019-01-01")));
    assert!(code(cover, "P1", "rec_id").is_empty() && !code(cover, "P2", "rec_id").is_empty());
}

#[test]
fn advancement_tells_each_condition_and_when_time_allows() {
    let found = run(&county(), &county_scores(), &policy(""), AS_OF);
    let table = &found.advancement;
    let date = |person: &str, column: &str| frame::dates(table, column).unwrap()[row_of(table, person)];
    // Born 1 February 1986: 39 on the reference date; past 40 on 1 February 2027.
    assert_eq!((code(table, "P1", "eligible"), code(table, "P1", "missed")), ("yes", ""));
    assert_eq!(date("P1", "eligible_on"), Some(day("2021-03-01")));
    assert_eq!(date("P1", "eligible_until"), Some(day("2027-01-31")));
    // Three years in post come in September 2028; without an appraisal the village's grade stands.
    assert_eq!((code(table, "P2", "eligible"), code(table, "P2", "missed")), ("no", "years;grades"));
    assert_eq!((date("P2", "eligible_on"), code(table, "P2", "to_clarify")), (Some(day("2028-09-10")), ""));
    // A warning of March 2025 bars for a year, and is gone on the day the year is over.
    assert_eq!((code(table, "P4", "missed"), code(table, "P4", "bars_state")), ("bars", "not_met"));
    assert_eq!(date("P4", "eligible_on"), Some(day("2026-03-10")));
    for (as_of, state) in [("2026-03-09", "no"), ("2026-03-10", "yes")] {
        let found = run(&county(), &county_scores(), &policy(""), as_of);
        assert_eq!(code(&found.advancement, "P4", "eligible"), state, "{as_of}");
    }
    // On the birthday it is too late, and there is no time left.
    let late = run(&county(), &county_scores(), &policy(""), "2027-02-01");
    assert_eq!(code(&late.advancement, "P1", "age_state"), "not_met");
    assert_eq!(frame::dates(&late.advancement, "eligible_on").unwrap()[row_of(&late.advancement, "P1")], None);
}

/// Eight secretaries of one township, all alike but for their scores; P8's grades are not on record.
fn rivals() -> Tables {
    let mut tables = Tables::default();
    let ids: Vec<[String; 2]> = (1..=8).map(|i| [format!("v{i}"), format!("P{i}")]).collect();
    let mut posts: Vec<Vec<&str>> = Vec::new();
    let (mut people, mut appraisals): (Vec<Vec<&str>>, Vec<Vec<&str>>) = (Vec::new(), Vec::new());
    for [village, person] in &ids {
        posts.push(vec![COUNTY, "青石镇", village, "secretary", person, "2015-01-01"]);
        people.push(vec![COUNTY, person, "member"]);
        for (year, grade) in [("2023", "competent"), ("2024", "excellent"), ("2025", "competent")] {
            if person != "P8" {
                appraisals.push(vec![COUNTY, village, person, year, grade]);
            }
        }
    }
    let rows = |rows: &'_ [Vec<&'_ str>]| -> Vec<Vec<String>> {
        rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect()
    };
    let set = |headers: &[&str], list: &[Vec<&str>]| {
        let owned = rows(list);
        let cells: Vec<Vec<&str>> = owned.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
        let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
        sheet(headers, &cells)
    };
    let headers = ["county", "township", "village", "post", "person", "since:d"];
    tables.set("posts", set(&headers, &posts)).unwrap();
    tables.set("people", set(&["county", "person", "political_status"], &people)).unwrap();
    tables.set("appraisals", set(&["county", "village", "person", "year:w", "grade"], &appraisals)).unwrap();
    tables
}

fn listed<'t>(table: &'t DataFrame, rule: &str, state: &str) -> Vec<&'t str> {
    let (rules, states) = (frame::words(table, "rule").unwrap(), frame::words(table, "state").unwrap());
    let people = frame::words(table, "person").unwrap();
    (0..people.len()).filter(|&i| rules[i] == rule && states[i] == state).map(|i| people[i]).collect()
}

#[test]
fn places_go_to_the_best_and_a_tie_across_the_last_stays_out() {
    let rows = |s: [&'static str; 8]| {
        let names = ["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8"];
        let rows: Vec<[&str; 3]> = names.iter().zip(s).map(|(v, s)| [*v, "competent", s]).collect();
        scores(&rows)
    };
    // 15% of eight is one place; two places for the Party congress.
    let found = run(&rivals(), &rows(["90", "88", "88", "80", "79", "78", "77", "99"]), &policy(""), AS_OF).honours;
    assert_eq!(listed(&found, "outstanding", "candidate"), ["P1"]);
    assert_eq!(listed(&found, "party_delegate", "candidate"), ["P1"]);
    assert_eq!(listed(&found, "party_delegate", "next"), ["P2", "P3", "P4", "P5", "P6", "P7"]);
    let orders = frame::wholes(&found, "order").unwrap();
    let at = |person: &str| {
        let people = frame::words(&found, "person").unwrap();
        let rules = frame::words(&found, "rule").unwrap();
        (0..people.len()).find(|&i| people[i] == person && rules[i] == "party_delegate").unwrap()
    };
    assert_eq!((orders[at("P2")], orders[at("P3")], orders[at("P4")]), (Some(2), Some(2), Some(4)));
    // Both of the tie are told so, and nobody else.
    let against = frame::words(&found, "reasons_against").unwrap();
    assert!(against[at("P2")].contains("并列") && against[at("P3")].contains("并列"));
    assert!(!against[at("P4")].contains("并列"));
    // Whose grades are missing takes no place, however good the score.
    assert_eq!(listed(&found, "outstanding", "to_clarify"), ["P8"]);
    // All equal: nobody; no scores: nobody, and everybody is to be clarified.
    let equal = run(&rivals(), &rows(["80"; 8]), &policy(""), AS_OF).honours;
    assert!(listed(&equal, "outstanding", "candidate").is_empty());
    assert_eq!(listed(&equal, "outstanding", "next").len(), 7);
    let blank = run(&rivals(), &rows([""; 8]), &policy(""), AS_OF).honours;
    assert_eq!(listed(&blank, "outstanding", "to_clarify").len(), 8);
    // IDs tell what, whom and by which rule.
    let ids: BTreeSet<&str> = frame::words(&found, "rec_id").unwrap().into_iter().collect();
    assert_eq!(ids.len(), found.height());
}

#[test]
fn a_sanction_bars_while_it_lasts_and_a_caution_is_only_named() {
    let found = run(&county(), &county_scores(), &policy(""), AS_OF).honours;
    assert!(listed(&found, "outstanding", "next").iter().all(|p| *p != "P4"), "P4 is under a warning");
    let people = frame::words(&found, "person").unwrap();
    let p1 = people.iter().position(|p| *p == "P1").unwrap();
    assert!(frame::words(&found, "reasons_against").unwrap()[p1].contains("2025-11-01"));
    // A veto rules out.
    let veto = sheet(
        &["county", "village", "period:w", "score:n", "grade", "veto"],
        &[&[COUNTY, "v1", "2025", "60", "incompetent", "gang"]],
    );
    let vetoed = run(&county(), &veto, &policy(""), AS_OF).honours;
    assert!(!frame::words(&vetoed, "person").unwrap().contains(&"P1"));
}

fn empty_scores() -> DataFrame {
    scores(&[])
}

#[test]
fn empty_and_bare_tables_have_results() {
    let nothing = run(&Tables::default(), &empty_scores(), &Policy::default(), AS_OF);
    let full = run(&county(), &county_scores(), &policy(""), AS_OF);
    for ((name, empty), (_, some)) in nothing.tables().iter().zip(full.tables()) {
        assert_eq!(empty.height(), 0, "{name}");
        assert_eq!(empty.schema(), some.schema(), "{name}");
    }
    // One post and nothing else: everything is unknown, nothing is passed.
    let mut tables = Tables::default();
    let post = sheet(&["county", "village", "post", "person"], &[&[COUNTY, "青石镇/大泉村", "secretary", "P1"]]);
    tables.set("posts", post).unwrap();
    let one = run(&tables, &empty_scores(), &Policy::default(), AS_OF);
    assert_eq!(code(&one.pay_formula, "P1", "state"), "no_record");
    assert_eq!(code(&one.pay_formula, "P1", "village_name"), "大泉村");
    assert!(amount(&one.pay_formula, "P1", "total").is_none());
    assert_eq!(code(&one.cover_gaps, "P1", "state"), "unknown");
    assert_eq!(code(&one.advancement, "P1", "eligible"), "unknown");
    assert_eq!(code(&one.advancement, "P1", "to_clarify"), "years;education;age;grades;member");
    assert!(frame::words(&one.honours, "state").unwrap().iter().all(|s| *s == "to_clarify"));
}

fn demo() -> (tempfile::TempDir, Book) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in touyan::synth::demo() {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let book = touyan::book::open(dir.path(), &Policy::default()).unwrap();
    (dir, book)
}

/// Base pay of the demo county once more, row by row and without the stage.
#[test]
fn a_slow_reckoning_finds_the_same_base_pay() {
    let (_dir, book) = demo();
    let as_of = day(AS_OF);
    let options = Options { as_of: Some(as_of), ..Options::default() };
    let outcome = pipeline(&book, &Policy::default(), &options, &()).unwrap();
    let pay = outcome.table("pay_formula").unwrap();
    let year = 2025;
    let (villages, indicators) = (book.tables.get("villages"), book.tables.get("indicators"));
    let keys = frame::words(villages, "village").unwrap();
    let population = frame::numbers(villages, "population").unwrap();
    let (mut sum, mut weight) = (0.0, 0.0);
    let of = frame::words(indicators, "village").unwrap();
    let (period, income) =
        (frame::wholes(indicators, "period").unwrap(), frame::numbers(indicators, "income_per_head").unwrap());
    for (village, people) in keys.iter().zip(population) {
        for row in 0..of.len() {
            if of[row] == *village
                && period[row] == Some(year - 1)
                && let (Some(people), Some(income)) = (people, income[row])
            {
                sum += people * income;
                weight += people;
            }
        }
    }
    let income: f64 = (sum / weight).round();
    let posts = book.tables.get("posts");
    let (post, person) = (frame::words(posts, "post").unwrap(), frame::texts(posts, "person").unwrap());
    let since = frame::dates(posts, "since").unwrap();
    let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
    for row in 0..posts.height() {
        let share = match post[row] {
            "secretary" => 1.0,
            "director" => 0.9,
            "deputy_secretary" => 0.8,
            _ => continue,
        };
        let (Some(person), Some(since)) = (person[row], since[row]) else { continue };
        let months = match i64::from(since.year()) {
            y if y > year => continue,
            y if y == year => 13.0 - f64::from(since.month()),
            _ => 12.0,
        };
        let base = (income * 2.2 * 0.65 * share * months / 12.0).round() as i64;
        let held = expected.entry(person).or_default();
        *held = (*held).max(base);
    }
    let (people, base) = (frame::words(pay, "person").unwrap(), frame::wholes(pay, "base_pay").unwrap());
    assert_eq!(people.iter().copied().collect::<BTreeSet<_>>(), expected.keys().copied().collect());
    for (person, base) in people.iter().zip(base) {
        // A product that falls on half a yuan may round the other way in another order.
        assert!((base.unwrap() - expected[person]).abs() <= 1, "{person}: {base:?}, not {}", expected[person]);
    }
    assert_eq!(verify_tables(pay, outcome.table("pay_parts").unwrap()).unwrap(), Vec::<String>::new());
    // Most are paid by the formula, and some are not.
    let states = frame::words(pay, "state").unwrap();
    let share = |state: &str| states.iter().filter(|s| **s == state).count() as f64 / states.len() as f64;
    assert!(share("equal") > 0.7 && share("underpaid") > 0.05 && share("no_record") > 0.0, "{states:?}");
}

#[test]
fn a_changed_line_is_found_by_verification() {
    let found = run(&county(), &county_scores(), &policy(""), AS_OF);
    let mut parts = found.pay_parts.clone();
    let mut amounts = frame::wholes(&parts, "amount").unwrap();
    amounts[0] = amounts[0].map(|a| a + 1);
    parts.with_column(Series::new("amount".into(), amounts).into()).unwrap();
    assert_eq!(verify_tables(&found.pay_formula, &parts).unwrap().len(), 2);
}

/// Sex and ethnicity are no criteria: whatever they are, every table is the same.
#[test]
fn protected_attributes_change_nothing() {
    let (_dir, book) = demo();
    let policy = Policy::default();
    let options = Options { as_of: Some(day(AS_OF)), ..Options::default() };
    let scores = pipeline(&book, &policy, &options, &()).unwrap().tables["scores"].clone();
    let before = run(&book.tables, &scores, &policy, AS_OF);
    let mut tables = book.tables.clone();
    let mut people = tables.get("people").clone();
    let mut sex = frame::texts(&people, "sex").unwrap().into_iter().map(|s| s.map(str::to_owned)).collect::<Vec<_>>();
    sex.rotate_left(7);
    let ethnicity: Vec<Option<String>> = (0..people.height()).map(|i| Some(format!("{}族", i % 5))).collect();
    people.with_column(Series::new("sex".into(), sex).into()).unwrap();
    people.with_column(Series::new("ethnicity".into(), ethnicity).into()).unwrap();
    tables.set("people", people).unwrap();
    let after = run(&tables, &scores, &policy, AS_OF);
    for ((name, a), (_, b)) in before.tables().iter().zip(after.tables()) {
        assert!(a.equals_missing(&b), "{name}");
        assert!(a.height() > 0, "{name}");
    }
}

/// What single people are paid stands in no file of a summary, and in the office's own output.
#[test]
fn a_summary_holds_sums_alone() {
    let (_dir, book) = demo();
    let policy = Policy::default();
    for (audience, personal) in [(Audience::Summary, false), (Audience::Internal, true)] {
        let options = Options { as_of: Some(day(AS_OF)), audience, ..Options::default() };
        let outcome = pipeline(&book, &policy, &options, &()).unwrap();
        let formats = Formats { csv: true, report: true, ..Formats::default() };
        let shown = touyan::privacy::narrow(&book, &outcome, &policy, &options).unwrap();
        let files = encode(&shown, &policy, &options, &formats, &()).unwrap();
        let names: BTreeSet<&str> = files.iter().map(|f| f.0.as_str()).collect();
        for name in ["pay_formula.parquet", "pay_parts.csv"] {
            assert_eq!(names.contains(name), personal, "{name}");
        }
        assert!(names.contains("pay_summary.parquet") && names.contains("pay_budget.csv"));
        let html = String::from_utf8(files.iter().find(|f| f.0 == "report.html").unwrap().1.clone()).unwrap();
        assert_eq!(html.contains("测算与实发不一致或无记录"), personal);
        assert!(html.contains("激励保障") && html.contains("分乡镇测算与实发"));
    }
}

/// A county's rows are the same whatever other counties the tables hold.
#[test]
fn counties_do_not_depend_on_each_other() {
    let options = touyan::synth::Options {
        townships: Some(4),
        villages_per_county: Some(30),
        counties: 2,
        ..touyan::synth::Options::default()
    };
    let books = [0, 1].map(|i| touyan::synth::county(&options, i).unwrap());
    let apart = books.each_ref().map(|b| b.canonical().unwrap());
    let mut both = Tables::default();
    for (table, frame) in apart[0].iter() {
        both.set(table.name, frame.vstack(apart[1].get(table.name)).unwrap()).unwrap();
    }
    let policy = Policy::default();
    let scores = empty_scores();
    let together = run(&both, &scores, &policy, AS_OF);
    for (book, tables) in books.iter().zip(&apart) {
        let alone = run(tables, &scores, &policy, AS_OF);
        for ((name, one), (_, all)) in alone.tables().iter().zip(together.tables()) {
            let county = frame::texts(&all, "county").unwrap();
            let own = frame::texts(one, "county").unwrap().into_iter().next().flatten().unwrap_or(&book.county);
            let mask = county.iter().map(|c| Some(*c == Some(own))).collect();
            assert!(all.filter(&mask).unwrap().equals_missing(one), "{name} of {}", book.county);
        }
    }
}

#[test]
fn contradictions_in_the_policy_are_named() {
    for (text, key) in [
        ("[motivate.posts]\nmayor = 1.0", "motivate.posts"),
        ("[motivate.pay.performance]\nbasic = 1.1", "motivate.pay.performance.basic"),
        ("[motivate]\nbars = [\"education\"]", "motivate.bars"),
        ("[motivate]\nbars = [\"nothing\"]", "motivate.bars"),
        ("[motivate.pay.income]\n\"石县\" = { \"二五\" = 1 }", "motivate.pay.income"),
        ("[motivate.honours.outstanding]\ncap_count = 1", "motivate.honours.outstanding.cap_count"),
        ("[motivate.honours.outstanding]\nbest_times = 9", "motivate.honours.outstanding.best_times"),
        ("[motivate.allowances.dual]\nlevels = { college = 1 }", "motivate.allowances.dual"),
        ("[motivate.allowances.years]\nsteps = [{ years = 3, monthly = 1 }, { years = 3, monthly = 2 }]", "steps"),
        ("[motivate.reward]\nindicator = \"satisfaction\"", "motivate.reward.indicator"),
        ("[motivate.advancement]\neducation = \"doctor\"", "motivate.advancement.education"),
        ("[motivate.budget]\nlow_grade = \"not_rated\"", "motivate.budget.low_grade"),
    ] {
        let error = Policy::parse(text, Path::new("p.toml")).expect_err(text).to_string();
        assert!(error.contains(key), "{text}: {error}");
    }
}

const GRADES: [&str; 4] = ["excellent", "competent", "basic", "incompetent"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Lines add up, and a better grade never earns less, whatever the policy's figures.
    #[test]
    fn parts_add_up_and_pay_is_monotone_in_the_grade(
        income in 1.0..200_000.0_f64,
        multiple in 0.0..20.0_f64,
        base_share in 0.0..=1.0_f64,
        steps in prop::collection::vec(0.0..1.5_f64, 4),
        month in 1..=12_u32,
        gained in -50.0..500.0_f64,
    ) {
        let mut factors = steps;
        factors.sort_by(|a, b| b.total_cmp(a));
        let factors: Vec<String> =
            GRADES.iter().zip(&factors).map(|(g, f)| format!("{g} = {f:.6}")).collect();
        let text = format!(
            "[motivate.pay]\nmultiple = {multiple:.6}\nbase_share = {base_share:.6}\n\
             [motivate.pay.income]\n\"石县\" = {{ 2024 = {income:.2} }}\n[motivate.pay.performance]\n{}",
            factors.join("\n")
        );
        let policy = Policy::parse(&text, Path::new("p.toml")).unwrap();
        let mut tables = county();
        let since = format!("2025-{month:02}-01");
        let ids = ["Q1", "Q2", "Q3", "Q4"];
        let posts: Vec<[&str; 6]> =
            ids.iter().map(|id| [COUNTY, "青石镇", "v1", "secretary", id, since.as_str()]).collect();
        let posts: Vec<&[&str]> = posts.iter().map(|r| &r[..]).collect();
        tables.set("posts", sheet(&["county", "township", "village", "post", "person", "since:d"], &posts)).unwrap();
        let appraisals: Vec<[&str; 4]> = ids.iter().zip(GRADES).map(|(id, g)| [COUNTY, id, "2025", g]).collect();
        let appraisals: Vec<&[&str]> = appraisals.iter().map(|r| &r[..]).collect();
        tables.set("appraisals", sheet(&["county", "person", "year:w", "grade"], &appraisals)).unwrap();
        let now = format!("{}", 60.0 + gained);
        let figures = sheet(
            &["county", "village", "period:w", "collective_income:n"],
            &[&[COUNTY, "v1", "2024", "60"], &[COUNTY, "v1", "2025", &now]],
        );
        tables.set("indicators", figures).unwrap();
        let found = run(&tables, &empty_scores(), &policy, AS_OF);
        prop_assert_eq!(verify_tables(&found.pay_formula, &found.pay_parts).unwrap(), Vec::<String>::new());
        let totals: Vec<i64> = frame::wholes(&found.pay_formula, "total").unwrap().into_iter().flatten().collect();
        prop_assert_eq!(totals.len(), 4);
        prop_assert!(totals.is_sorted_by(|a, b| a >= b), "{:?}", totals);
        // A person's lines and their columns tell the same.
        let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        let (people, parts) =
            (frame::words(&found.pay_parts, "person").unwrap(), frame::words(&found.pay_parts, "part").unwrap());
        for ((person, part), amount) in people.iter().zip(parts).zip(frame::wholes(&found.pay_parts, "amount").unwrap()) {
            *sums.entry((person, part)).or_default() += amount.unwrap();
        }
        for (part, column) in [("base", "base_pay"), ("performance", "performance_pay"), ("reward", "reward")] {
            for person in ids {
                let told = amount(&found.pay_formula, person, column);
                prop_assert_eq!(told, Some(sums.get(&(person, part)).copied().unwrap_or(0)));
            }
        }
    }
}
