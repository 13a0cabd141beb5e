//! Stage supervise: every category at its edges, tracking, urgency, talks, learned risk.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::*;
use proptest::prelude::*;
use touyan::book::Tables;
use touyan::book::schema::Vocab;
use touyan::frame::{Build, dates, numbers, texts, wholes, words};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::stage::Context;
use touyan::supervise::{Model, NoModel, Supervision, supervise};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no date"))
}

fn policy(text: &str) -> Policy {
    Policy::parse(text, Path::new("test.toml")).unwrap_or_else(|e| panic!("{e}"))
}

fn run_with(book: &Tables, as_of: &str, policy: &Policy, scores: &DataFrame) -> Supervision {
    let ctx = Context { policy, as_of: day(as_of), seed: 0, lang: Lang::Zh };
    supervise(book, scores, &ctx).unwrap_or_else(|e| panic!("{e}"))
}

fn run(book: &Tables, as_of: &str) -> Supervision {
    run_with(book, as_of, &Policy::default(), &DataFrame::empty())
}

/// A book under construction: lines of cells, `-` for empty.
#[derive(Default)]
struct Book(BTreeMap<&'static str, Vec<Vec<String>>>);

impl Book {
    fn add(mut self, table: &'static str, line: &str) -> Self {
        self.0.entry(table).or_default().push(line.split_whitespace().map(str::to_owned).collect());
        self
    }

    /// county township village weak
    fn village(self, line: &str) -> Self {
        self.add("villages", line)
    }

    /// village date kind post recorded
    fn event(self, line: &str) -> Self {
        self.add("events", line)
    }

    /// village post person since vacant_since
    fn post(self, line: &str) -> Self {
        self.add("posts", line)
    }

    /// village measure due done score dissatisfied
    fn measure(self, line: &str) -> Self {
        self.add("measures", line)
    }

    fn done(&self) -> Tables {
        let mut tables = Tables::default();
        let homes: BTreeMap<&str, (&str, &str)> =
            self.rows("villages").iter().map(|r| (r[2].as_str(), (r[0].as_str(), r[1].as_str()))).collect();
        for (table, rows) in &self.0 {
            let cell = |row: &Vec<String>, i: usize| row.get(i).filter(|c| *c != "-").cloned();
            let column = |i: usize| rows.iter().map(|r| cell(r, i)).collect::<Vec<_>>();
            let date = |i: usize| rows.iter().map(|r| cell(r, i).map(|d| day(&d))).collect::<Vec<_>>();
            let number = |i: usize| rows.iter().map(|r| cell(r, i).and_then(|d| d.parse().ok())).collect::<Vec<_>>();
            let home = |county: bool| {
                let of = |r: &Vec<String>| homes.get(r[0].as_str()).map(|h| if county { h.0 } else { h.1 }.to_owned());
                rows.iter().map(of).collect::<Vec<_>>()
            };
            let keyed =
                || Build::new().text("county", home(true)).text("township", home(false)).text("village", column(0));
            let frame = match *table {
                "villages" => Build::new()
                    .text("county", column(0))
                    .text("township", column(1))
                    .text("village", column(2))
                    .text("village_name", column(2))
                    .flag("weak", rows.iter().map(|r| cell(r, 3).map(|c| c == "yes")).collect()),
                "events" => keyed()
                    .date("date", date(1))
                    .text("kind", column(2))
                    .text("post", column(3))
                    .date("recorded", date(4))
                    .text("person", column(5))
                    .text("department", column(6)),
                "posts" => keyed()
                    .text("post", column(1))
                    .text("person", column(2))
                    .date("since", date(3))
                    .date("vacant_since", date(4)),
                "measures" => keyed()
                    .text("measure", column(1))
                    .date("due", date(2))
                    .date("done", date(3))
                    .number("score", number(4))
                    .number("dissatisfied", number(5)),
                "indicators" => keyed()
                    .whole("period", rows.iter().map(|r| r[1].parse().ok()).collect())
                    .number("petitions", number(2))
                    .number("assets", number(3)),
                other => panic!("no builder for {other}"),
            };
            tables.set(table, frame.done().unwrap_or_else(|e| panic!("{e}"))).unwrap_or_else(|e| panic!("{e}"));
        }
        tables
    }

    fn rows(&self, table: &str) -> &[Vec<String>] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }
}

/// One township with villages A to E.
fn book() -> Book {
    ["A", "B", "C", "D", "E"].iter().fold(Book::default(), |b, v| b.village(&format!("甲县 青石镇 {v} -")))
}

/// Village → (status, categories).
fn standing(s: &Supervision) -> BTreeMap<String, (String, String)> {
    let frame = &s.supervision;
    let village = words(frame, "village").unwrap();
    let (status, categories) = (words(frame, "status").unwrap(), words(frame, "categories").unwrap());
    let row = |i: usize| (village[i].to_owned(), (status[i].to_owned(), categories[i].to_owned()));
    (0..frame.height()).map(row).collect()
}

fn of(s: &Supervision, village: &str) -> (String, String) {
    standing(s).remove(village).unwrap_or_default()
}

fn text(s: &Supervision, village: &str, column: &str) -> String {
    let at = words(&s.supervision, "village").unwrap().iter().position(|v| *v == village);
    let values = words(&s.supervision, column).unwrap();
    at.map(|i| values[i].to_owned()).unwrap_or_default()
}

fn is(pair: (String, String), status: &str, categories: &str) -> bool {
    pair.0 == status && pair.1 == categories
}

#[test]
fn investigated_counts_last_year_and_heads_only() {
    let book = book()
        .event("A 2025-01-01 case_filed secretary")
        .event("B 2025-12-31 case_filed director")
        .event("C 2024-12-31 case_filed secretary")
        .event("D 2025-06-01 case_filed clerk")
        .event("E 2026-01-01 case_filed secretary")
        .done();
    let s = run(&book, "2026-01-15");
    assert!(is(of(&s, "A"), "listed", "investigated"));
    assert!(is(of(&s, "B"), "listed", "investigated"));
    assert!(!standing(&s).get("C").is_some_and(|c| c.1.contains("investigated")));
    assert!(!standing(&s).get("D").is_some_and(|c| c.1.contains("investigated")));
    // This year's case is near: it will count next year, and then does.
    assert_eq!(of(&s, "E").1, if of(&s, "E").0 == "suggested" { "" } else { "investigated" });
    assert!(text(&s, "E", "reasons").contains("将计入2026年度"), "{}", text(&s, "E", "reasons"));
    assert!(is(of(&run(&book, "2027-01-01"), "E"), "listed", "investigated"));
    // On the last day of a year that year is over.
    assert!(is(of(&run(&book, "2024-12-31"), "C"), "listed", "investigated"));
    assert!(of(&run(&book, "2024-12-30"), "C").0.is_empty());
    assert_eq!(text(&s, "A", "basis"), "政策 supervise.categories.investigated");
}

#[test]
fn a_case_without_a_person_is_to_be_clarified() {
    let book = book()
        .post("B secretary R1 2015-01-01 -")
        .post("C clerk R2 2015-01-01 -")
        .event("A 2025-03-01 case_filed")
        .event("B 2025-03-01 case_filed - - R1")
        .event("C 2025-03-01 case_filed - - R2")
        .event("D 2025-03-01 case_filed - - R9")
        .event("E 2025-03-01 case_filed")
        .event("E 2025-04-01 case_filed secretary")
        .done();
    let s = run(&book, "2026-01-15");
    assert!(is(of(&s, "A"), "to_clarify", "investigated"));
    assert!(is(of(&s, "B"), "listed", "investigated"), "the person named is the secretary");
    assert!(!of(&s, "C").1.contains("investigated"), "the person named is the clerk");
    assert!(is(of(&s, "D"), "to_clarify", "investigated"));
    assert!(is(of(&s, "E"), "listed", "investigated"));
    assert!(text(&s, "E", "reasons").contains("另有1件未写明"));
}

#[test]
fn only_what_is_known_at_the_reference_date_counts() {
    let book = book()
        .event("A 2025-12-20 case_filed secretary 2026-01-15")
        .event("B 2025-12-20 case_filed secretary 2026-01-16")
        .event("C 2026-01-16 mass_petition")
        .event("D 2026-01-15 mass_petition")
        .post("E secretary R1 2026-01-16 -")
        .done();
    let s = run(&book, "2026-01-15");
    assert_eq!(standing(&s).keys().map(String::as_str).collect::<Vec<_>>(), ["A", "D"]);
    assert!(s.notes.iter().any(|n| n.contains("2件事件晚于")), "{:?}", s.notes);
    assert!(!s.notes.iter().any(|n| n.contains("未填登记时间")));
    let unrecorded = self::book().event("A 2025-12-20 case_filed secretary").done();
    assert!(run(&unrecorded, "2026-01-15").notes.iter().any(|n| n.contains("未填登记时间")));
}

#[test]
fn new_heads_to_the_day() {
    let book = book()
        .post("A secretary R1 2025-01-15 -")
        .post("B secretary R2 2025-01-14 -")
        .post("C director R3 2026-01-15 -")
        .post("D clerk R4 2025-12-01 -")
        .post("E secretary R5 - -")
        .done();
    let s = run(&book, "2026-01-15");
    assert_eq!(standing(&s).keys().map(String::as_str).collect::<Vec<_>>(), ["A", "C"]);
    assert!(is(of(&s, "A"), "listed", "new_head"));
    assert_eq!(text(&s, "A", "person"), "R1");
    assert!(text(&s, "A", "clears").contains("2026-01-15"));
    assert!(s.notes.iter().any(|n| n.contains("1名书记无任现职时间")));
    assert_eq!(dates(&s.supervision, "since").unwrap()[0], Some(day("2025-01-15")));
}

#[test]
fn disputes_by_kind_number_and_look_back() {
    let mut book = book().event("A 2025-01-15 mass_petition").event("B 2025-01-14 mass_petition");
    for n in 1..=5 {
        book = book.event(&format!("C 2025-0{n}-20 petition"));
    }
    for n in 1..=4 {
        book = book.event(&format!("D 2025-0{n}-20 petition"));
    }
    let book = book.event("E 2025-02-01 legacy").event("E 2025-03-01 clan").done();
    let none = "[supervise.suggest]\ncapacity = 0\n";
    let s = run_with(&book, "2026-01-15", &policy(none), &DataFrame::empty());
    assert!(is(of(&s, "A"), "listed", "complex"));
    assert!(of(&s, "B").0.is_empty(), "a day before the look-back");
    assert!(is(of(&s, "C"), "listed", "complex"));
    assert!(is(of(&s, "D"), "near_miss", "complex"));
    assert!(text(&s, "D", "reasons").contains("信访4件，再有1件即达5件"), "{}", text(&s, "D", "reasons"));
    assert!(is(of(&s, "E"), "listed", "complex"));
    assert!(text(&s, "E", "reasons").contains("遗留问题、宗族派性2件"), "{}", text(&s, "E", "reasons"));
}

#[test]
fn petition_figures_count_for_the_latest_closed_year() {
    let book = book()
        .add("indicators", "A 2025 10 -")
        .add("indicators", "B 2025 9 -")
        .add("indicators", "C 2024 30 -")
        .add("indicators", "C 2025 - -")
        .add("indicators", "D 2025 7.9 -")
        .add("indicators", "E 2026 50 -")
        .done();
    let s = run(&book, "2026-03-01");
    assert!(is(of(&s, "A"), "listed", "complex"));
    assert!(is(of(&s, "B"), "near_miss", "complex"));
    assert!(text(&s, "B", "reasons").contains("差1"));
    assert_eq!(standing(&s).len(), 2, "a missing figure is no figure, the running year is not over");
}

#[test]
fn the_official_list_decides_and_differences_are_shown() {
    let ledger = |b: Book| {
        b.event("A 2025-03-01 weak_listed")
            .event("C 2025-03-01 weak_listed")
            .event("D 2024-03-01 weak_listed")
            .event("D 2024-11-01 weak_cleared")
    };
    let official = ledger(
        Book::default()
            .village("甲县 青石镇 A yes")
            .village("甲县 青石镇 B yes")
            .village("甲县 青石镇 C no")
            .village("甲县 青石镇 D yes"),
    );
    let s = run(&official.done(), "2026-01-15");
    assert!(is(of(&s, "A"), "listed", "weak"));
    assert!(is(of(&s, "B"), "listed", "weak"));
    assert!(is(of(&s, "C"), "to_clarify", "weak"));
    assert!(is(of(&s, "D"), "listed", "weak"));
    assert!(!text(&s, "A", "reasons").contains("不一致"));
    for (village, what) in [("B", "台账无列入记录"), ("C", "官方名单无此村"), ("D", "已销号")] {
        let reasons = text(&s, village, "reasons");
        assert!(reasons.contains("不一致") && reasons.contains(what), "{village}: {reasons}");
    }
    // Without an official list the ledger decides, and it is said.
    let s = run(&ledger(book()).done(), "2026-01-15");
    assert!(is(of(&s, "A"), "listed", "weak") && is(of(&s, "C"), "listed", "weak"));
    assert!(!of(&s, "D").1.contains("weak"));
    assert!(s.notes.iter().any(|n| n.contains("未提供软弱涣散官方名单")));
}

#[test]
fn membership_is_never_cut() {
    let mut book = Book::default();
    for i in 0..60 {
        book = book
            .village(&format!("甲县 青石镇 v{i:02} -"))
            .event(&format!("v{i:02} 2025-05-01 case_filed secretary"))
            .event(&format!("v{i:02} 2025-05-01 mass_petition"));
    }
    let cut = policy("[supervise.suggest]\ncapacity = 0\n");
    let s = run_with(&book.done(), "2026-01-15", &cut, &DataFrame::empty());
    let all = standing(&s);
    assert_eq!(all.len(), 60);
    assert!(all.values().all(|v| v.0 == "listed" && v.1 == "investigated;complex"));
}

#[test]
fn suggestions_keep_to_the_capacity_and_ties_stay_out() {
    // Six villages with cases against clerks: urgency without membership.
    let mut book = Book::default();
    for i in 0..6 {
        book = book.village(&format!("甲县 青石镇 v{i} -"));
        for m in 1..=if i < 2 { 3 } else { 2 } {
            book = book.event(&format!("v{i} 2025-0{m}-20 case_filed clerk"));
        }
    }
    // v0 and v1 reach the most that events can give, 35; the other four as well: 40 is capped.
    let tables = book.done();
    let s = run_with(&tables, "2026-01-15", &policy("[supervise.suggest]\ncapacity = 4\n"), &DataFrame::empty());
    assert!(standing(&s).is_empty(), "all six tie at the cap of the part");
    assert!(s.notes.iter().any(|n| n.contains("6个村并列")), "{:?}", s.notes);
    let wide = "[supervise.suggest]\ncapacity = 4\n[supervise.urgency]\nevents_most = 60.0\ncategories_most = 5.0\n";
    let s = run_with(&tables, "2026-01-15", &policy(wide), &DataFrame::empty());
    assert_eq!(standing(&s).keys().map(String::as_str).collect::<Vec<_>>(), ["v0", "v1"]);
    assert!(standing(&s).values().all(|v| v.0 == "suggested" && v.1.is_empty()));
    let all = run(&tables, "2026-01-15");
    assert_eq!(standing(&all).len(), 6, "six fit into a capacity of ten");
}

#[test]
fn vacancies_to_the_day() {
    let on = policy("[supervise.categories.vacant]\nenabled = true\n");
    let book = book()
        .post("A secretary - - 2025-10-14")
        .post("B secretary - - 2025-10-15")
        .post("C secretary - - 2025-11-15")
        .post("D secretary - - -")
        .done();
    let s = run_with(&book, "2026-01-15", &on, &DataFrame::empty());
    assert!(is(of(&s, "A"), "listed", "vacant"), "more than three months");
    assert!(is(of(&s, "B"), "near_miss", "vacant"), "three months to the day");
    assert!(of(&s, "C").0.is_empty());
    assert!(is(of(&s, "D"), "to_clarify", "vacant"));
}

#[test]
fn strong_villages_are_cultivated() {
    let on = policy("[supervise.categories.star]\nenabled = true\n");
    let book = book()
        .add("indicators", "A 2025 0 5000")
        .add("indicators", "B 2025 0 4500")
        .add("indicators", "C 2025 0 4499.9");
    let book = book.event("C 2025-05-01 case_filed secretary").done();
    let s = run_with(&book, "2026-01-15", &on, &DataFrame::empty());
    assert_eq!(text(&s, "A", "kind"), "cultivate");
    assert!(is(of(&s, "A"), "listed", "star"));
    assert!(is(of(&s, "B"), "near_miss", "star"));
    assert_eq!(text(&s, "C", "kind"), "supervise");
}

fn scores(rows: &[(&str, f64, &str)]) -> DataFrame {
    Build::new()
        .str("county", &vec!["甲县"; rows.len()])
        .str("village", &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .number("score", rows.iter().map(|r| Some(r.1)).collect())
        .str("grade", &rows.iter().map(|r| r.2).collect::<Vec<_>>())
        .done()
        .unwrap()
}

#[test]
fn grades_list_only_if_the_policy_says_so() {
    let frame = scores(&[("A", 55.0, "incompetent"), ("B", 91.0, "excellent")]);
    assert!(standing(&run_with(&book().done(), "2026-01-15", &Policy::default(), &frame)).is_empty());
    let on = policy("[supervise.categories.lowest_grade]\nenabled = true\n");
    let s = run_with(&book().done(), "2026-01-15", &on, &frame);
    assert!(is(of(&s, "A"), "listed", "lowest_grade"));
    assert!(of(&s, "B").0.is_empty());
}

#[test]
fn urgency_adds_up() {
    let book = book()
        .event("A 2025-06-01 case_filed secretary")
        .event("A 2024-06-01 case_filed clerk")
        .event("A 2020-06-01 case_filed clerk")
        .measure("A tracking 2026-01-14 -")
        .measure("A pairing 2026-01-15 -")
        .done();
    let s = run_with(&book, "2026-01-15", &Policy::default(), &scores(&[("A", 55.0, "incompetent")]));
    // 20 + half of an older 20, one category 10, grade 12, one overdue 4.
    assert_eq!(numbers(&s.supervision, "urgency").unwrap(), [Some(56.0)]);
    assert_eq!(numbers(&s.urgency, "points").unwrap(), [Some(30.0), Some(10.0), Some(12.0), Some(4.0), Some(0.0)]);
    let reasons = text(&s, "A", "reasons");
    assert!(reasons.ends_with("紧迫度56＝事件 30 + 类别 10 + 等次 12 + 逾期 4"), "{reasons}");
    let overdue = text(&s, "A", "overdue");
    assert_eq!(overdue, "县级跟踪培养应于2026-01-14完成，逾期1天");
}

#[test]
fn measures_are_tracked() {
    let book = book()
        .event("A 2025-06-01 case_filed secretary")
        .event("B 2025-02-01 escalated")
        .measure("A tracking 2025-12-01 2025-11-01")
        .measure("A commitment 2026-03-01 2026-01-16")
        .measure("A pairing 2026-01-14 -")
        .measure("A discipline 2026-01-15 -")
        .done();
    let s = run(&book, "2026-01-15");
    assert!(is(of(&s, "B"), "listed", ""));
    assert!(text(&s, "B", "reasons").contains("2025-02-01纳入提级管理，尚未销号"));
    let states: Vec<(String, String, String)> = (0..s.measures.height())
        .map(|i| ["village", "measure", "state"].map(|c| words(&s.measures, c).unwrap()[i].to_owned()).into())
        .collect();
    let of = |village: &str, measure: &str| {
        states.iter().find(|r| r.0 == village && r.1 == measure).map(|r| r.2.clone()).unwrap_or_default()
    };
    assert_eq!(s.measures.height(), 14);
    assert_eq!(of("A", "tracking"), "done");
    assert_eq!(of("A", "commitment"), "due", "done after the reference date");
    assert_eq!(of("A", "pairing"), "overdue");
    assert_eq!(of("A", "discipline"), "due", "due today");
    assert_eq!(of("A", "assessment"), "missing");
    assert_eq!(of("B", "tracking"), "missing");
    assert_eq!(wholes(&s.supervision, "mechanisms_done").unwrap(), [Some(1), Some(0)]);
    assert_eq!(wholes(&s.supervision, "ones_total").unwrap(), [Some(3), Some(3)]);
}

/// A sheet that nobody keeps tells of nothing undone.
#[test]
fn measures_that_no_sheet_records_are_not_missing() {
    let s = run(&book().event("B 2025-02-01 escalated").done(), "2026-01-15");
    assert!(is(of(&s, "B"), "listed", ""));
    assert_eq!(words(&s.measures, "state").unwrap(), ["unrecorded"; 7]);
    assert_eq!(wholes(&s.supervision, "mechanisms_done").unwrap(), [None]);
    assert_eq!(wholes(&s.supervision, "ones_total").unwrap(), [None]);
}

fn measured(mut book: Book, village: &str, score: &str, dissatisfied: &str) -> Book {
    let seven = ["tracking", "pairing", "discipline", "assessment", "commitment", "task_list", "livelihood_project"];
    for code in seven {
        let check = if code == "assessment" { format!("{score} {dissatisfied}") } else { "- -".to_owned() };
        book = book.measure(&format!("{village} {code} 2025-12-01 2025-11-01 {check}"));
    }
    book
}

#[test]
fn leaving_needs_score_satisfaction_measures_and_nothing_new() {
    let case =
        |b: Book| ["A", "B", "C", "D"].iter().fold(b, |b, v| b.event(&format!("{v} 2025-06-01 case_filed secretary")));
    let mut book = case(book());
    book = measured(book, "A", "70", "50");
    book = measured(book, "B", "69.9", "50");
    book = measured(book, "C", "70", "50.1");
    book = measured(book, "D", "90", "10").event("D 2025-11-02 mass_petition");
    book = measured(book, "E", "90", "10").event("E 2025-01-01 escalated");
    let s = run(&book.done(), "2026-01-15");
    assert!(is(of(&s, "A"), "leaving", "investigated"));
    assert!(is(of(&s, "B"), "listed", "investigated"));
    assert!(is(of(&s, "C"), "listed", "investigated"));
    assert!(is(of(&s, "D"), "listed", "investigated;complex"), "something new since the check");
    assert!(is(of(&s, "E"), "leaving", ""));
    assert!(text(&s, "A", "reasons").contains("建议研究销号"));
}

#[test]
fn relapse_within_five_years_and_recheck_after_six_months() {
    let book = book()
        .event("A 2020-06-01 released")
        .event("A 2025-06-01 case_filed secretary")
        .event("B 2020-05-31 released")
        .event("B 2025-06-01 case_filed secretary")
        .event("C 2025-11-01 released")
        .event("C 2025-06-01 case_filed secretary")
        .event("D 2025-07-15 released")
        .event("E 2025-07-16 released")
        .done();
    let s = run(&book, "2026-01-15");
    assert!(of(&run(&book, "2027-07-16"), "D").0.is_empty(), "never re-checked, no longer asked for");
    assert!(is(of(&run(&book, "2027-07-16"), "E"), "recheck", ""));
    assert!(is(of(&s, "A"), "relapse", "investigated"));
    assert!(is(of(&s, "B"), "listed", "investigated"), "a day too late");
    assert!(is(of(&s, "C"), "listed", "investigated"), "released after the case, still in the category");
    assert!(is(of(&s, "D"), "recheck", ""));
    assert!(of(&s, "E").0.is_empty());
    let checked = self::book().event("D 2025-07-15 released").event("D 2025-12-01 rechecked").done();
    assert!(standing(&run(&checked, "2026-01-15")).is_empty());
    let again = self::book()
        .event("D 2023-01-01 escalated")
        .event("D 2024-01-01 released")
        .event("D 2025-01-01 escalated")
        .done();
    assert!(is(of(&run(&again, "2026-01-15"), "D"), "relapse", ""));
    let cleared = self::book()
        .event("D 2023-01-01 weak_listed")
        .event("D 2024-01-01 weak_cleared")
        .event("D 2025-03-01 weak_listed")
        .done();
    assert!(is(of(&run(&cleared, "2026-01-15"), "D"), "relapse", "weak"));
}

#[test]
fn townships_to_talk_to_and_rates() {
    let mut book = book().village("甲县 柳河镇 F -").village("甲县 柳河镇 G -");
    for v in ["A", "B", "C"] {
        book = book
            .event(&format!("{v} 2025-06-01 case_filed secretary - - 纪委"))
            .post(&format!("{v} secretary R{v} 2010-01-01 -"))
            .post(&format!("{v} director R{v} 2010-01-01 -"));
    }
    let book = book
        .event("D 2025-06-01 case_filed - - - 纪委")
        .event("F 2025-06-01 petition - - - 信访局")
        .post("F secretary RF 2010-01-01 -")
        .done();
    let s = run(&book, "2026-01-15");
    assert_eq!(words(&s.talks, "township").unwrap(), ["青石镇"]);
    assert_eq!(wholes(&s.talks, "listed").unwrap(), [Some(3)]);
    assert_eq!(wholes(&s.talks, "problem_events").unwrap(), [Some(4)]);
    assert!(words(&s.talks, "reasons").unwrap()[0].contains("5个村中3个提级管理，占60%"));
    assert_eq!(words(&s.township_rates, "township").unwrap(), ["柳河镇", "青石镇"]);
    assert_eq!(wholes(&s.township_rates, "villages").unwrap(), [Some(2), Some(5)]);
    assert_eq!(wholes(&s.township_rates, "heads").unwrap(), [Some(1), Some(3)], "one person in two posts is one head");
    assert_eq!(wholes(&s.township_rates, "cases").unwrap(), [Some(0), Some(3)]);
    assert_eq!(numbers(&s.township_rates, "cases_per_100").unwrap(), [Some(0.0), Some(100.0)]);
    assert_eq!(wholes(&s.township_rates, "reporting_departments").unwrap(), [Some(1), Some(1)]);
    assert!(words(&s.township_rates, "note").unwrap()[1].contains("另有1件立案未写明"));
}

#[test]
fn empty_and_odd_books_are_fine() {
    let s = run(&Tables::default(), "2026-01-15");
    for (name, frame) in s.tables() {
        assert_eq!(frame.height(), 0, "{name}");
    }
    let wanted = [
        "county",
        "township",
        "village",
        "village_name",
        "person",
        "kind",
        "status",
        "categories",
        "since",
        "urgency",
        "risk",
        "reasons",
        "basis",
        "clears",
        "mechanisms_done",
        "mechanisms_total",
        "ones_done",
        "ones_total",
        "overdue",
        "rec_id",
    ];
    assert_eq!(s.supervision.get_column_names(), wanted);
    // A ledger alone, and a ledger that names a village the sheet does not know.
    let alone = Book::default().event("X 2025-06-01 case_filed secretary").done();
    assert!(is(of(&run(&alone, "2026-01-15"), "X"), "listed", "investigated"));
    let mut tables = book().event("A 2025-06-01 case_filed secretary").done();
    let ledger = Build::new()
        .str("county", &["甲县", "甲县"])
        .str("village", &["A", "X"])
        .date("date", vec![Some(day("2025-06-01")); 2])
        .str("kind", &["case_filed", "case_filed"])
        .str("post", &["secretary", "secretary"]);
    tables.set("events", ledger.done().unwrap()).unwrap();
    let s = run(&tables, "2026-01-15");
    assert!(is(of(&s, "A"), "listed", "investigated"));
    assert!(is(of(&s, "X"), "to_clarify", "investigated"));
    assert!(text(&s, "X", "reasons").contains("村情表中无此村"));
    assert_eq!(wholes(&s.township_rates, "villages").unwrap(), [Some(0), Some(5)], "X has no township and no standing");
}

/// A panel of `counties` × 40 villages × 8 years, where a hidden quality shows in the figures and
/// makes trouble the year after. Deterministic: a little counter-based generator.
fn panel(counties: usize, good: bool) -> Tables {
    let draw = |a: usize, b: usize, c: usize| {
        let hash = blake_like(a as u64 * 1_000_003 + b as u64 * 7_919 + c as u64);
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    };
    let (mut villages, mut indicators, mut events) = (vec![], vec![], vec![]);
    for c in 0..counties {
        for v in 0..40 {
            let key = (format!("县{c}"), format!("镇{}", v / 10), format!("c{c}v{v:02}"));
            villages.push(key.clone());
            for year in 2018..2026_usize {
                let poor = (v * 37 + c) % 40 < 6;
                let points = if poor == good { 60.0 } else { 80.0 } + 20.0 * draw(c, v, year);
                indicators.push((key.clone(), year as i64, points));
                let chance = if poor { 0.7 } else { 0.02 };
                if draw(c, v, year + 5_000) < chance {
                    events.push((key.clone(), year as i32));
                }
            }
        }
    }
    let mut tables = Tables::default();
    let place = |keys: Vec<&(String, String, String)>| {
        Build::new()
            .str("county", &keys.iter().map(|k| k.0.as_str()).collect::<Vec<_>>())
            .str("township", &keys.iter().map(|k| k.1.as_str()).collect::<Vec<_>>())
            .str("village", &keys.iter().map(|k| k.2.as_str()).collect::<Vec<_>>())
    };
    tables.set("villages", place(villages.iter().collect()).done().unwrap()).unwrap();
    let frame = place(indicators.iter().map(|r| &r.0).collect())
        .whole("period", indicators.iter().map(|r| Some(r.1)).collect())
        .number("party_score", indicators.iter().map(|r| Some(r.2)).collect());
    tables.set("indicators", frame.done().unwrap()).unwrap();
    let frame = place(events.iter().map(|r| &r.0).collect())
        .date("date", events.iter().map(|r| NaiveDate::from_ymd_opt(r.1, 7, 1)).collect())
        .str("kind", &vec!["mass_petition"; events.len()]);
    tables.set("events", frame.done().unwrap()).unwrap();
    tables
}

/// SplitMix64's finaliser.
fn blake_like(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[test]
fn learned_risk_points_the_right_way_and_is_honest() -> Outcome {
    let s = run(&panel(1, true), "2026-01-15");
    let model = s.model("县0").ok_or("no model")?;
    assert_eq!((model.years, model.ahead), ((2019, 2025), 2026));
    // 40 villages, outcomes 2019 to 2025.
    assert_eq!(model.rows, 280);
    assert!(model.positives * 5 < model.rows, "positives are the minority");
    let weight = |m: &Model| m.coefficients.iter().find(|c| c.feature == "party_score").map_or(0.0, |c| c.weight);
    assert!(weight(model) < 0.0, "better points, less risk: {}", weight(model));
    assert!(model.evaluation.auc.is_some_and(|a| a > 0.7), "{:?}", model.evaluation);
    assert!(model.evaluation.auc_history.is_some() && model.evaluation.auc_township.is_some());
    let turned = run(&panel(1, false), "2026-01-15");
    assert!(turned.model("县0").is_some_and(|m| weight(m) > 0.0));
    let items = words(&s.risk_model, "item")?;
    for item in ["auc", "brier", "precision_at_capacity", "base_rate", "selective_labels", "weight:party_score"] {
        assert!(items.contains(&item), "{item}");
    }
    // A model lists nobody: with and without it the members are the same.
    let without =
        run_with(&panel(1, true), "2026-01-15", &policy("[supervise.risk]\nenabled = false\n"), &DataFrame::empty());
    let members = |s: &Supervision| {
        standing(s)
            .into_iter()
            .filter(|v| ["listed", "relapse", "leaving"].contains(&v.1.0.as_str()))
            .collect::<Vec<_>>()
    };
    assert_eq!(members(&s), members(&without));
    assert_eq!(without.models[0].outcome, Err(NoModel::Disabled));
    assert!(numbers(&without.supervision, "risk")?.iter().all(Option::is_none));
    Ok(())
}

#[test]
fn no_model_without_years_or_positives() {
    let few = policy("[supervise.risk]\nminimum_years = 8\n");
    let s = run_with(&panel(1, true), "2026-01-15", &few, &DataFrame::empty());
    assert_eq!(s.models[0].outcome, Err(NoModel::Years(7, 8)));
    assert!(s.notes.iter().any(|n| n.contains("县0未给出学习风险")));
    let many = policy("[supervise.risk]\nminimum_positives = 200\n");
    let s = run_with(&panel(1, true), "2026-01-15", &many, &DataFrame::empty());
    assert!(matches!(s.models[0].outcome, Err(NoModel::Positives(_, 200))));
}

#[test]
fn a_county_learns_from_itself_alone() -> Outcome {
    let three = run(&panel(3, true), "2026-01-15");
    let one = run(&panel(1, true), "2026-01-15");
    assert_eq!(three.models.len(), 3);
    assert!(one.model("县0").is_some());
    assert_eq!(three.models[0], one.models[0]);
    let first = three.supervision.clone().lazy().filter(col("county").eq(lit("县0")));
    assert!(touyan::frame::collect(first)?.equals_missing(&one.supervision));
    Ok(())
}

/// Rows of every table in another order, and sex and ethnicity turned round: the same result.
#[test]
fn order_of_rows_and_protected_attributes_change_nothing() -> Outcome {
    let mut book = book();
    for (i, v) in ["A", "B", "C", "D", "E"].iter().enumerate() {
        book = book
            .event(&format!("{v} 2025-0{}-01 petition", i + 1))
            .event(&format!("{v} 2025-06-01 case_filed {}", if i % 2 == 0 { "secretary" } else { "-" }))
            .post(&format!("{v} secretary R{i} 2025-0{}-01 -", i + 1))
            .measure(&format!("{v} tracking 2025-1{}-01 -", i % 3));
    }
    let forwards = book.done();
    let mut turned = Tables::default();
    for (table, frame) in forwards.iter() {
        turned.set(table.name, frame.reverse())?;
    }
    let people = |sex: &[&str], ethnicity: &[&str]| {
        let person: Vec<String> = (0..5).map(|i| format!("R{i}")).collect();
        Build::new().str("person", &person).str("sex", sex).str("ethnicity", ethnicity).done()
    };
    let mut forwards = forwards;
    forwards.set("people", people(&["male"; 5], &["汉族"; 5])?)?;
    turned.set("people", people(&["female", "male", "female", "male", "male"], &["回族"; 5])?)?;
    let (a, b) = (run(&forwards, "2026-01-15"), run(&turned, "2026-01-15"));
    for ((name, x), (_, y)) in a.tables().iter().zip(b.tables()) {
        assert!(x.equals_missing(&y), "{name}:\n{x}\n{y}");
    }
    assert_eq!(a.notes, b.notes);
    assert!(a.supervision.height() >= 5);
    Ok(())
}

#[test]
fn policy_refuses_what_contradicts_itself() {
    let wrong = [
        (
            "[supervise.categories.x]\nlabel = \"x\"\nrule = { type = \"indicators\", any = { sex = { below = 1.0 } } }",
            "protected",
        ),
        ("[supervise.categories.complex.rule]\nindicators = { ethnicity = 1.0 }", "protected"),
        ("[supervise.categories.investigated.rule]\nkinds = [\"case\"]", "words.event_kind"),
        ("[supervise.categories.investigated.rule]\nwindows = \"x\"", "windows"),
        ("[supervise.urgency]\nevents_most = 60.0", "more than 100"),
        ("[supervise.urgency]\nrisk_most = 20.0\nevents_most = 20.0", "risk alone"),
        ("[supervise]\nyear_closes = \"13-01\"", "year_closes"),
        ("[supervise.risk]\nl2 = 0.0", "l2"),
    ];
    for (text, part) in wrong {
        let error = Policy::parse(text, Path::new("p.toml")).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn english_says_everything() -> Outcome {
    let book = book().event("A 2025-06-01 case_filed secretary").event("B 2025-06-01 case_filed").done();
    let policy = Policy::default();
    let ctx = Context { policy: &policy, as_of: day("2026-01-15"), seed: 0, lang: Lang::En };
    let s = supervise(&book, &DataFrame::empty(), &ctx)?;
    for column in ["reasons", "basis", "clears"] {
        for text in texts(&s.supervision, column)?.into_iter().flatten() {
            assert!(text.is_ascii() || text.chars().all(|c| c.is_ascii() || c == '×'), "{text}");
            assert!(!text.contains("supervise-"), "a message is missing: {text}");
        }
    }
    Ok(())
}

/// One, two and four threads give the same tables, to the last bit.
#[test]
fn threads_change_nothing() -> Outcome {
    let book = panel(6, true);
    let mut found = Vec::new();
    for threads in [1, 2, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        found.push(pool.install(|| run(&book, "2026-01-15")));
    }
    for other in &found[1..] {
        assert_eq!(found[0].models, other.models);
        for ((name, a), (_, b)) in found[0].tables().iter().zip(other.tables()) {
            assert!(a.equals_missing(&b), "{name}");
        }
    }
    Ok(())
}

proptest! {
    /// Random ledgers against the category's wording, spelt out; and what becomes known later
    /// changes nothing.
    #[test]
    fn random_ledgers(rows in prop::collection::vec((0_usize..5, 0_i64..1000, 0_i64..200, 0_usize..4), 0..25)) {
        let start = day("2024-01-01");
        let as_of = day("2026-01-15");
        let posts = ["secretary", "director", "clerk", "-"];
        let mut all = book();
        let mut known = book();
        let mut expected: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
        for (village, after, delay, post) in rows {
            let village = ["A", "B", "C", "D", "E"][village];
            let date = start + chrono::Duration::days(after);
            let recorded = date + chrono::Duration::days(delay);
            let line = format!("{village} {date} case_filed {} {recorded}", posts[post]);
            all = all.event(&line);
            if recorded <= as_of {
                known = known.event(&line);
                if date >= day("2025-01-01") && date <= day("2025-12-31") {
                    let seen = expected.entry(village).or_default();
                    seen.0 |= post < 2;
                    seen.1 |= post == 3;
                }
            }
        }
        let (s, k) = (run(&all.done(), "2026-01-15"), run(&known.done(), "2026-01-15"));
        prop_assert!(s.supervision.equals_missing(&k.supervision));
        prop_assert!(s.talks.equals_missing(&k.talks));
        for village in ["A", "B", "C", "D", "E"] {
            let (status, categories) = of(&s, village);
            let (named, unnamed) = expected.get(village).copied().unwrap_or_default();
            prop_assert_eq!(named, status == "listed" && categories == "investigated");
            prop_assert_eq!(!named && unnamed, status == "to_clarify");
        }
    }
}

/// The ledger of the county as offices keep it, against its truth.
#[test]
fn messy_ledger_against_its_truth() -> Outcome {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/messy_county/");
    let (Ok(bytes), Ok(truth)) =
        (std::fs::read(format!("{folder}问题台账.csv")), std::fs::read_to_string(format!("{folder}truth.json")))
    else {
        eprintln!("skipped: no messy county beside the project");
        return Ok(());
    };
    let truth: serde_json::Value = serde_json::from_str(&truth)?;
    let policy = Policy::default();
    let (kinds, posts) = (policy.words.index(Vocab::EventKind), policy.words.index(Vocab::Post));
    let (text, ..) = encoding_rs::GB18030.decode(&bytes);
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record?;
        let parts: Vec<u32> = record[0].split(|c: char| !c.is_ascii_digit()).filter_map(|p| p.parse().ok()).collect();
        let date = NaiveDate::from_ymd_opt(parts[0] as i32, parts[1], parts.get(2).copied().unwrap_or(1));
        let word = |index: &std::collections::HashMap<&str, &str>, i: usize| {
            index.iter().find(|(w, _)| **w == record[i].trim()).map(|(_, code)| (*code).to_owned())
        };
        let leak = |code: Option<String>| code.map(|c| &*Box::leak(c.into_boxed_str()));
        rows.push((record[1].to_owned(), record[2].to_owned(), date, leak(word(&kinds, 3)), leak(word(&posts, 4))));
    }
    let keys: Vec<String> = rows.iter().map(|r| format!("{}/{}", r.0, r.1)).collect();
    let place =
        || Build::new().str("township", &rows.iter().map(|r| r.0.as_str()).collect::<Vec<_>>()).str("village", &keys);
    let mut tables = Tables::default();
    let events = place()
        .date("date", rows.iter().map(|r| r.2).collect())
        .str("kind", &rows.iter().map(|r| r.3.unwrap_or("other")).collect::<Vec<_>>())
        .text("post", rows.iter().map(|r| r.4).collect());
    tables.set("events", events.done()?)?;
    let s = run(&tables, "2026-01-15");
    let all = standing(&s);
    let listed = |category: &str| {
        all.values().filter(|v| v.0 == "listed" && v.1.split(';').any(|c| c == category)).count() as u64
    };
    assert_eq!(Some(listed("investigated")), truth["head_investigated_2025"].as_u64());
    assert_eq!(Some(listed("weak")), truth["weak_villages"].as_u64());
    let reasons = texts(&s.supervision, "reasons")?;
    let unknown = reasons.iter().flatten().filter(|r| r.contains("未写明涉及人员")).count() as u64;
    assert_eq!(Some(unknown), truth["investigated_2025_person_unknown"].as_u64());
    Ok(())
}
