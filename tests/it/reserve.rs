//! The reserve stage: gates with dates at the edges, vacancies, assignment, certificate, scale.

use chrono::NaiveDate;
use polars::prelude::{BooleanChunked, DataFrame};
use proptest::prelude::*;
use touyan::book::Tables;
use touyan::frame::{self, Build};
use touyan::lang::Lang;
use touyan::matching::certificate;
use touyan::policy::Policy;
use touyan::reserve::{Reserve, reserve};
use touyan::stage::Context;

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Somebody in the pool; the defaults pass every gate of the default policy.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: &'static str,
    pub(crate) village: &'static str,
    pub(crate) birth: Option<&'static str>,
    pub(crate) education: Option<&'static str>,
    pub(crate) political: Option<&'static str>,
    pub(crate) joined: Option<&'static str>,
    pub(crate) in_village: Option<bool>,
    pub(crate) willing: Option<bool>,
    pub(crate) review: Option<bool>,
    pub(crate) sanction: Option<(&'static str, Option<&'static str>)>,
    pub(crate) status: Option<&'static str>,
    pub(crate) sex: &'static str,
}

pub(crate) fn person(id: &'static str, village: &'static str) -> Person {
    Person {
        id,
        village,
        birth: Some("1990-03-01"),
        education: Some("college"),
        political: Some("member"),
        joined: Some("2015-01-01"),
        in_village: Some(true),
        willing: Some(true),
        review: Some(true),
        sanction: None,
        status: Some("in_pool"),
        sex: "male",
    }
}

/// Post of a village: (village, holder, since).
pub(crate) type Post = (&'static str, Option<&'static str>, Option<&'static str>);

/// Event of a person: (person, date, kind, recorded, closed).
pub(crate) type Event = (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

/// A book of villages `township/name` in one county.
#[derive(Clone, Default)]
pub(crate) struct Book {
    pub(crate) people: Vec<Person>,
    pub(crate) posts: Vec<Post>,
    pub(crate) events: Vec<Event>,
    pub(crate) kin: Vec<(&'static str, &'static str, Option<&'static str>)>,
    pub(crate) wishes: Vec<(&'static str, &'static str, Option<bool>)>,
    pub(crate) births: Vec<(&'static str, &'static str)>,
    pub(crate) dual: bool,
}

fn township(village: &str) -> Option<String> {
    village.split_once('/').map(|(t, _)| t.to_owned())
}

fn dates(list: impl Iterator<Item = Option<&'static str>>) -> Vec<Option<NaiveDate>> {
    list.map(|d| d.map(day)).collect()
}

impl Book {
    pub(crate) fn tables(&self) -> Tables {
        let mut tables = Tables::default();
        let mut set = |name: &str, build: Build| {
            tables.set(name, build.done().expect("columns of one length")).expect("fits the schema");
        };
        let mut villages: Vec<&str> = self.posts.iter().map(|p| p.0).collect();
        villages.sort_unstable();
        villages.dedup();
        let county = |n: usize| vec!["甲县"; n];
        set(
            "villages",
            Build::new()
                .str("county", &county(villages.len()))
                .text("township", villages.iter().map(|v| township(v)).collect())
                .str("village", &villages)
                .text("village_name", villages.iter().map(|v| v.split_once('/').map(|p| p.1)).collect()),
        );
        set(
            "posts",
            Build::new()
                .str("county", &county(self.posts.len()))
                .text("township", self.posts.iter().map(|p| township(p.0)).collect())
                .str("village", &self.posts.iter().map(|p| p.0).collect::<Vec<_>>())
                .str("post", &vec!["secretary"; self.posts.len()])
                .text("person", self.posts.iter().map(|p| p.1).collect())
                .date("since", dates(self.posts.iter().map(|p| p.2)))
                .flag("dual", vec![Some(self.dual); self.posts.len()]),
        );
        let p = &self.people;
        let held: Vec<&(&str, &str)> = self.births.iter().filter(|b| p.iter().all(|x| x.id != b.0)).collect();
        let null = vec![None::<&str>; held.len()];
        let text = |pick: &dyn Fn(&Person) -> Option<&'static str>| -> Vec<Option<&'static str>> {
            p.iter().map(pick).chain(null.clone()).collect()
        };
        let flag = |pick: &dyn Fn(&Person) -> Option<bool>| -> Vec<Option<bool>> {
            p.iter().map(pick).chain(held.iter().map(|_| None)).collect()
        };
        set(
            "people",
            Build::new()
                .str("person", &p.iter().map(|x| x.id).chain(held.iter().map(|h| h.0)).collect::<Vec<_>>())
                .text("sex", text(&|x| Some(x.sex)))
                .date("birth", dates(p.iter().map(|x| x.birth).chain(held.iter().map(|h| Some(h.1)))))
                .text("education", text(&|x| x.education))
                .text("political_status", text(&|x| x.political))
                .date("party_joined", dates(text(&|x| x.joined).into_iter()))
                .flag("in_village", flag(&|x| x.in_village))
                .text("sanction", text(&|x| x.sanction.map(|s| s.0)))
                .date("sanction_date", dates(text(&|x| x.sanction.and_then(|s| s.1)).into_iter()))
                .flag("review_passed", flag(&|x| x.review)),
        );
        set(
            "pool",
            Build::new()
                .str("county", &county(p.len()))
                .text("township", p.iter().map(|x| township(x.village)).collect())
                .text("village", p.iter().map(|x| Some(x.village).filter(|v| !v.is_empty())).collect())
                .str("person", &p.iter().map(|x| x.id).collect::<Vec<_>>())
                .text("status", p.iter().map(|x| x.status).collect())
                .flag("willing", p.iter().map(|x| x.willing).collect()),
        );
        let e = &self.events;
        set(
            "events",
            Build::new()
                .str("village", &vec![""; e.len()])
                .date("date", dates(e.iter().map(|x| Some(x.1))))
                .date("recorded", dates(e.iter().map(|x| x.3)))
                .str("kind", &e.iter().map(|x| x.2).collect::<Vec<_>>())
                .str("person", &e.iter().map(|x| x.0).collect::<Vec<_>>())
                .date("closed", dates(e.iter().map(|x| x.4))),
        );
        set(
            "kin",
            Build::new()
                .str("person", &self.kin.iter().map(|k| k.0).collect::<Vec<_>>())
                .str("relative", &self.kin.iter().map(|k| k.1).collect::<Vec<_>>())
                .text("relation", self.kin.iter().map(|k| k.2).collect()),
        );
        set(
            "wishes",
            Build::new()
                .str("village", &self.wishes.iter().map(|w| w.1).collect::<Vec<_>>())
                .str("person", &self.wishes.iter().map(|w| w.0).collect::<Vec<_>>())
                .flag("willing", self.wishes.iter().map(|w| w.2).collect()),
        );
        tables
    }

    pub(crate) fn run(&self, policy: &Policy) -> Reserve {
        run(&self.tables(), policy)
    }
}

pub(crate) const AS_OF: &str = "2026-06-01";

pub(crate) fn run(tables: &Tables, policy: &Policy) -> Reserve {
    let ctx = Context { policy, as_of: day(AS_OF), seed: 1, lang: Lang::Zh };
    let result = reserve(tables, &DataFrame::empty(), &ctx).expect("the stage runs");
    let proved = prove(&result, &result.edges, &result.prices, &chosen(&result));
    assert!(proved.is_ok(), "{proved:?}");
    result
}

/// All pairs of the matching: those recommended, and holders who stay in their posts; none where quotas contradict
/// each other.
pub(crate) fn chosen(result: &Reserve) -> DataFrame {
    if result.unmet.is_some() {
        return result.assignment.clone();
    }
    let stays = frame::flags(&result.chains, "moves").expect("flags").into_iter().map(|moves| moves == Some(false));
    let stays: BooleanChunked = stays.collect();
    let pair = ["vacancy", "candidate", "fit", "cost"];
    let stays = result.chains.filter(&stays).expect("one length").select(pair).expect("a pair");
    result.assignment.select(pair).expect("a pair").vstack(&stays).expect("the same columns")
}

/// The certificate of a result, with some of its tables in place of its own.
pub(crate) fn prove(
    result: &Reserve,
    edges: &DataFrame,
    prices: &DataFrame,
    assignment: &DataFrame,
) -> Result<certificate::Proved, String> {
    let quotas = Some([&result.quotas, &result.quota_people, &result.quota_posts]);
    certificate::check(&certificate::Tables {
        edges,
        prices,
        assignment,
        summary: &result.match_summary,
        quotas,
        stages: Some([&result.seat_stages, &result.seat_prices]),
    })
}

pub(crate) fn column(table: &DataFrame, name: &str) -> Vec<String> {
    frame::words(table, name).expect("a text column").into_iter().map(str::to_owned).collect()
}

/// Who is recommended, by village.
pub(crate) fn placed(result: &Reserve) -> Vec<(String, String)> {
    column(&result.assignment, "village").into_iter().zip(column(&result.assignment, "candidate")).collect()
}

/// Is the one person of a one-post book recommended?
fn passes(change: impl Fn(&mut Book)) -> bool {
    let mut book =
        Book {
            people: vec![person("A", "东乡/甲村")], posts: vec![("东乡/甲村", None, None)], ..Book::default()
        };
    change(&mut book);
    !placed(&book.run(&Policy::default())).is_empty()
}

#[test]
fn somebody_without_fault_is_recommended() {
    assert!(passes(|_| {}));
    let book =
        Book {
            people: vec![person("A", "东乡/甲村")], posts: vec![("东乡/甲村", None, None)], ..Book::default()
        };
    let result = book.run(&Policy::default());
    assert_eq!(column(&result.shortlists, "reasons_against").len(), 1);
    assert_eq!(result.bars.height(), 0, "{}", result.bars);
    assert_eq!(result.open_posts.height(), 0);
    assert!(column(&result.shortlists, "gates_passed")[0].contains("正式党员"));
}

#[test]
fn sanctions_bar_until_their_effect_period_ends() {
    let with = |kind, date| passes(|b: &mut Book| b.events = vec![("A", date, kind, None, None)]);
    // As of 2026-06-01. The bar is gone on the day the period ends, and in force the day before.
    assert!(!with("warning", "2025-06-02"));
    assert!(with("warning", "2025-06-01"));
    assert!(!with("serious_warning", "2024-12-02"));
    assert!(with("serious_warning", "2024-12-01"));
    assert!(!with("removal", "2024-06-02"));
    assert!(with("removal", "2024-06-01"));
    assert!(!with("unqualified_member", "2023-06-02"));
    assert!(with("unqualified_member", "2023-06-01"));
    assert!(!with("ecological_damage", "2021-06-02"));
    assert!(with("ecological_damage", "2021-06-01"));
    assert!(!with("gang", "1999-01-01"));
    assert!(with("honour", "2026-01-01"));
}

#[test]
fn the_sanction_on_file_counts_like_the_ledger() {
    let with = |date| passes(|b: &mut Book| b.people[0].sanction = Some(("warning", date)));
    assert!(!with(Some("2025-06-02")));
    assert!(with(Some("2025-06-01")));
    // Its day is unknown: kept, with the doubt beside the name.
    assert!(with(None));
    let mut book =
        Book {
            people: vec![person("A", "东乡/甲村")], posts: vec![("东乡/甲村", None, None)], ..Book::default()
        };
    book.people[0].sanction = Some(("warning", None));
    let result = book.run(&Policy::default());
    assert_eq!(column(&result.bars, "hardness"), ["to_clarify"]);
    assert!(column(&result.shortlists, "soft_bars")[0].contains("待核实"));
}

#[test]
fn nothing_known_later_counts() {
    let with = |date, recorded| passes(|b: &mut Book| b.events = vec![("A", date, "criminal", recorded, None)]);
    assert!(!with("2026-05-31", None));
    assert!(with("2026-06-02", None));
    assert!(with("2026-05-31", Some("2026-06-02")));
    assert!(!with("2026-05-31", Some("2026-06-01")));
    // Settled after the reference date is still open.
    let open = |closed| passes(|b: &mut Book| b.events = vec![("A", "2026-01-01", "case_filed", None, closed)]);
    assert!(!open(None));
    assert!(!open(Some("2026-06-02")));
    assert!(open(Some("2026-06-01")));
}

#[test]
fn ages_count_in_full_years_to_the_election_day() {
    let born = |birth| passes(|b: &mut Book| b.people[0].birth = Some(birth));
    assert!(born("1970-06-02")); // 55
    assert!(!born("1970-06-01")); // 56 that day
    assert!(!born("2008-06-02")); // 17
    assert!(born("2008-06-01")); // 18 that day
    assert!(!passes(|b| b.people[0].birth = None));
    let policy = Policy::parse("[meta]\nelection_day = \"2026-12-31\"", "p.toml".as_ref()).expect("valid");
    let mut book =
        Book {
            people: vec![person("A", "东乡/甲村")], posts: vec![("东乡/甲村", None, None)], ..Book::default()
        };
    book.people[0].birth = Some("1970-12-31");
    assert_eq!(placed(&book.run(&policy)).len(), 0);
    book.people[0].birth = Some("1971-01-01");
    assert_eq!(placed(&book.run(&policy)).len(), 1);
}

#[test]
fn only_full_members_become_secretary() {
    let as_status = |status, joined| {
        passes(|b: &mut Book| {
            b.people[0].political = status;
            b.people[0].joined = joined;
        })
    };
    assert!(!as_status(Some("probationary"), Some("2026-01-01")));
    assert!(!as_status(Some("activist"), None));
    assert!(!as_status(None, None));
    assert!(!as_status(Some("member"), Some("2025-12-01")));
    assert!(as_status(Some("member"), None));
    let mut book =
        Book {
            people: vec![person("A", "东乡/甲村")], posts: vec![("东乡/甲村", None, None)], ..Book::default()
        };
    book.people[0].political = Some("probationary");
    book.people[0].joined = Some("2026-02-15");
    let result = book.run(&Policy::default());
    assert_eq!(frame::dates(&result.probation, "eligible_on").expect("dates"), [Some(day("2027-02-15"))]);
    assert_eq!(column(&result.open_posts, "cause"), ["all_barred"]);
    // Probation over, confirmation unknown: soft, so a waiver would fill the post.
    book.people[0].joined = Some("2025-02-15");
    let result = book.run(&Policy::default());
    assert_eq!(column(&result.waivers, "gate"), ["party_member"]);
    assert_eq!(frame::wholes(&result.waivers, "posts_opened").expect("numbers"), [Some(1)]);
}

#[test]
fn review_willingness_and_status() {
    assert!(passes(|b| b.people[0].review = None));
    assert!(!passes(|b| b.people[0].review = Some(false)));
    assert!(passes(|b| b.people[0].willing = None));
    assert!(!passes(|b| b.people[0].willing = Some(false)));
    assert!(!passes(|b| b.people[0].status = Some("left")));
    assert!(!passes(|b| b.people[0].status = Some("appointed")));
    assert!(passes(|b| b.people[0].status = None));
    assert!(!passes(|b| b.wishes = vec![("A", "东乡/甲村", Some(false))]));
}

#[test]
fn kinship_with_sitting_members_bars_unless_they_leave() {
    let base = Book {
        people: vec![person("A", "东乡/甲村"), person("B", "东乡/乙村")],
        posts: vec![("东乡/甲村", None, None), ("东乡/甲村", Some("H"), Some("2024-01-01")), ("东乡/乙村", None, None)],
        kin: vec![("H", "A", Some("sibling"))],
        births: vec![("H", "1980-01-01")],
        ..Book::default()
    };
    // A may not sit beside the sibling H, but may serve in the other village; B then goes to 甲村.
    let wanted =
        |a: &str, b: &str| vec![("东乡/乙村".to_owned(), a.to_owned()), ("东乡/甲村".to_owned(), b.to_owned())];
    assert_eq!(placed(&base.run(&Policy::default())), wanted("A", "B"));
    let mut distant = base.clone();
    distant.kin = vec![("A", "H", Some("in_law"))];
    assert_eq!(placed(&distant.run(&Policy::default())), wanted("B", "A"));
    // H is over the age limit and leaves: the kinship ends with the post.
    let mut leaving = base;
    leaving.births = vec![("H", "1960-01-01")];
    let result = leaving.run(&Policy::default());
    assert!(placed(&result).contains(&("东乡/甲村".into(), "A".into())));
    assert_eq!(result.vacancies.height(), 3);
}

#[test]
fn vacancies_have_causes() {
    let book = Book {
        posts: vec![
            ("东乡/甲村", None, None),
            ("东乡/乙村", Some("H1"), Some("2021-01-01")),
            ("东乡/丙村", Some("H2"), Some("2021-01-01")),
            ("东乡/丁村", Some("H3"), Some("2021-01-01")),
            ("东乡/戊村", Some("H4"), Some("2026-07-01")),
            ("东乡/己村", Some("H5"), Some("2021-01-01")),
        ],
        births: vec![("H1", "1965-06-01"), ("H2", "1980-01-01"), ("H3", "1966-01-01")],
        events: vec![
            ("H2", "2025-01-01", "removal", None, None),
            ("H3", "2025-12-01", "warning", None, None),
            ("H5", "2020-12-31", "expulsion", None, None),
        ],
        ..Book::default()
    };
    let result = book.run(&Policy::default());
    let causes: Vec<_> =
        column(&result.vacancies, "village").into_iter().zip(column(&result.vacancies, "cause")).collect();
    // H3's warning does not end the office, H4 is not known yet, H5's event is older than the term.
    let wanted = [("东乡/丙村", "sanction"), ("东乡/乙村", "age"), ("东乡/甲村", "empty")];
    let mut found: Vec<(&str, &str)> = causes.iter().map(|(v, c)| (v.as_str(), c.as_str())).collect();
    found.sort_unstable();
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
    assert_eq!(column(&result.open_posts, "cause"), ["no_candidate_in_pool"; 3]);
}

#[test]
fn an_adjustment_under_study_opens_the_post_of_the_head_it_means() {
    let book = Book {
        posts: vec![("东乡/甲村", Some("H1"), None), ("东乡/乙村", Some("H2"), None)],
        ..Book::default()
    };
    let scores = Build::new()
        .str("village", &["东乡/甲村", "东乡/乙村"])
        .text("person", vec![Some("H1"), Some("前任")])
        .str("consequence", &["adjustment_study", "adjustment_study"])
        .text("consequence_reason", vec![Some("连续两年不称职"), None])
        .done()
        .expect("one length");
    let policy = Policy::default();
    let ctx = Context { policy: &policy, as_of: day(AS_OF), seed: 1, lang: Lang::Zh };
    let result = reserve(&book.tables(), &scores, &ctx).expect("runs");
    assert_eq!(column(&result.vacancies, "village"), ["东乡/甲村"]);
    assert!(column(&result.vacancies, "detail")[0].contains("连续两年不称职"));
}

#[test]
fn each_person_once_and_the_shortage_is_named() {
    let book = Book {
        people: vec![person("A", "东乡/甲村"), person("B", "东乡/甲村")],
        posts: vec![
            ("东乡/甲村", None, None),
            ("东乡/乙村", None, None),
            ("东乡/丙村", None, None),
            ("西乡/丁村", None, None),
        ],
        ..Book::default()
    };
    let result = book.run(&Policy::default());
    let mut people: Vec<String> = column(&result.assignment, "candidate");
    people.sort();
    assert_eq!(people, ["A", "B"]);
    let open: Vec<_> =
        column(&result.open_posts, "cause").into_iter().zip(column(&result.open_posts, "detail")).collect();
    assert_eq!(open.len(), 2);
    let shortage = open.iter().find(|o| o.0 == "shortage").expect("a shortage");
    assert!(shortage.1.contains("3个岗位") && shortage.1.contains("2名"), "{}", shortage.1);
    assert!(open.iter().any(|o| o.0 == "no_candidate_in_pool"));
    // Two people for three posts: each post still has its shortlist.
    assert_eq!(result.shortlists.height(), 6);
    let policy = Policy::parse("[reserve]\ncross_village = \"none\"", "p.toml".as_ref()).expect("valid");
    assert_eq!(placed(&book.run(&policy)).len(), 1);
    let policy = Policy::parse("[reserve]\ncross_village = \"county\"", "p.toml".as_ref()).expect("valid");
    assert_eq!(book.run(&policy).edges.height(), 8);
}

#[test]
fn own_village_comes_first_and_strangers_are_marked() {
    let book = Book {
        people: vec![person("A", "东乡/甲村"), person("B", "东乡/乙村"), person("C", "")],
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", None, None)],
        ..Book::default()
    };
    let result = book.run(&Policy::default());
    assert_eq!(placed(&result), [("东乡/乙村".into(), "B".into()), ("东乡/甲村".into(), "A".into())]);
    let fits = frame::numbers(&result.shortlists, "fit").expect("numbers");
    let own = frame::flags(&result.shortlists, "own_village").expect("flags");
    for (fit, own) in fits.iter().zip(own) {
        // college 12 + member 25 + age 13 + in the village 3, and 10 off elsewhere; 36 years at the election.
        assert_eq!(*fit, Some(if own == Some(true) { 53.0 } else { 43.0 }));
    }
    // Whoever wishes for one village is not considered elsewhere but at home.
    let mut wishing = book;
    wishing.people.push(person("D", "东乡/丙村"));
    wishing.posts.push(("东乡/丙村", Some("H"), None));
    wishing.wishes = vec![("D", "东乡/乙村", None)];
    let result = wishing.run(&Policy::default());
    let pairs: Vec<_> =
        column(&result.shortlists, "village").into_iter().zip(column(&result.edges, "candidate")).collect();
    assert!(!pairs.is_empty());
    let edges = column(&result.edges, "candidate").iter().filter(|c| *c == "D").count();
    assert_eq!(edges, 1);
}

#[test]
fn a_post_held_with_the_committee_asks_for_residence() {
    let mut book = Book {
        people: vec![person("B", "东乡/乙村")],
        posts: vec![("东乡/甲村", None, None)],
        dual: true,
        ..Book::default()
    };
    let doubts = |book: &Book| column(&book.run(&Policy::default()).shortlists, "soft_bars")[0].clone();
    assert!(doubts(&book).contains("户籍"));
    book.dual = false;
    assert!(!doubts(&book).contains("户籍"));
    let strict = Policy::parse("[reserve.gates.residence]\nmissing = \"hard\"", "p.toml".as_ref()).expect("valid");
    book.dual = true;
    assert_eq!(placed(&book.run(&strict)).len(), 0);
}

#[test]
fn a_soft_bar_excludes_until_it_is_waived() {
    let mut book =
        Book {
            people: vec![person("A", "东乡/甲村")], posts: vec![("东乡/甲村", None, None)], ..Book::default()
        };
    book.people[0].in_village = Some(false);
    let result = book.run(&Policy::default());
    assert_eq!(placed(&result).len(), 0);
    assert_eq!(column(&result.open_posts, "cause"), ["all_barred"]);
    assert_eq!(column(&result.waivers, "gate"), ["in_village"]);
    assert_eq!(frame::wholes(&result.waivers, "posts_opened").expect("numbers"), [Some(1)]);
    let policy = Policy::parse("[reserve]\nsoft = \"allow_marked\"", "p.toml".as_ref()).expect("valid");
    let result = book.run(&policy);
    assert_eq!(placed(&result).len(), 1);
    assert!(column(&result.shortlists, "soft_bars")[0].contains("不在村"));
    assert_eq!(result.waivers.height(), 0);
    // Two soft bars at once: one waiver alone brings nothing.
    book.people[0].education = Some("primary");
    assert_eq!(book.run(&Policy::default()).waivers.height(), 0);
}

#[test]
fn a_book_without_review_and_willingness_still_gets_advice() {
    let bare =
        |id, village| Person { review: None, willing: None, in_village: None, joined: None, ..person(id, village) };
    let book = Book {
        people: vec![bare("A", "东乡/甲村"), bare("B", "东乡/甲村")],
        posts: vec![("东乡/甲村", None, None)],
        ..Book::default()
    };
    let result = book.run(&Policy::default());
    assert_eq!(placed(&result).len(), 1);
    assert!(
        column(&result.shortlists, "soft_bars").iter().all(|s| s.contains("未联审") && s.contains("任职意愿待核实"))
    );
    assert_eq!(frame::flags(&result.assignment, "tied").expect("flags"), [Some(true)]);
    assert_eq!(frame::numbers(&result.assignment, "next_best_loss").expect("numbers"), [Some(0.0)]);
    // Where no appraisal is dated at all, none is overdue.
    assert_eq!(column(&result.pool_review, "advice"), ["unrecorded"; 2]);
}

#[test]
fn contributions_add_up_to_the_fit() {
    let mut book = Book { posts: vec![("东乡/甲村", None, None)], ..Book::default() };
    book.people = vec![person("A", "东乡/甲村"), person("B", "东乡/丙村")];
    book.people[1].education = None;
    let result = book.run(&Policy::default());
    let sums = column(&result.shortlists, "contributions");
    for (text, fit) in sums.iter().zip(frame::numbers(&result.shortlists, "fit").expect("numbers")) {
        let mut total = 0.0;
        let signed = text.replace(" − ", " + -");
        for part in signed.split(" + ") {
            let number: f64 = part.rsplit(' ').next().expect("a number").parse().expect("a number");
            total += if part.starts_with('-') { -number } else { number };
        }
        assert!((total - fit.expect("a fit")).abs() < 1e-9, "{text}");
    }
    // A gate tells of the missing education already; otherwise the factor would.
    assert!(column(&result.shortlists, "soft_bars").iter().any(|s| s.contains("学历待核实")));
    let lax = Policy::parse(
        "[reserve.gates.education]
hardness = \"off\"",
        "p.toml".as_ref(),
    )
    .expect("valid");
    assert!(column(&book.run(&lax).shortlists, "reasons_against").iter().any(|r| r.contains("学历缺资料")));
}

/// A policy laid over the default.
pub(crate) fn rules(text: &str) -> Policy {
    Policy::parse(text, "p.toml".as_ref()).expect("valid")
}

#[test]
fn quotas_are_met_told_and_never_part_of_a_fit() {
    // B, a woman, fits less well than A; C takes the other post.
    let less = Person { education: Some("senior"), sex: "female", ..person("B", "东乡/甲村") };
    let book = Book {
        people: vec![person("A", "东乡/甲村"), less, person("C", "东乡/乙村")],
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", None, None)],
        ..Book::default()
    };
    let free = book.run(&rules("[reserve.robustness]\ndraws = 0\n"));
    let quota = "[reserve.quotas.women]\nof = { sex = [\"female\"] }\nper = \"township\"\nleast = 1\n";
    let bound = book.run(&rules(&format!("[reserve.robustness]\ndraws = 0\n{quota}")));
    let pair = |village: &str, who: &str| (village.to_owned(), who.to_owned());
    assert!(placed(&free).contains(&pair("东乡/甲村", "A")) && free.quotas.height() == 0);
    assert!(placed(&bound).contains(&pair("东乡/甲村", "B")));
    assert_eq!(frame::numbers(&free.edges, "fit").expect("fits"), frame::numbers(&bound.edges, "fit").expect("fits"));
    let cost = frame::numbers(&bound.quotas, "cost_low").expect("numbers")[0].expect("it binds");
    let total = |r: &Reserve| frame::numbers(&r.assignment, "fit").expect("fits").into_iter().flatten().sum::<f64>();
    assert!(cost > 0.0 && (total(&free) - total(&bound) - cost).abs() < 1e-9);
    // Whom the quota brings in was missing no more than that; whoever is recommended misses nothing.
    let lists = &free.shortlists;
    let missing = frame::numbers(lists, "missing").expect("numbers");
    let (who, where_) = (column(lists, "candidate"), column(lists, "village"));
    let at =
        |person: &str| (0..lists.height()).find(|i| who[*i] == person && where_[*i] == "东乡/甲村").expect("listed");
    assert!(missing[at("B")].is_some_and(|points| points > 0.0 && points <= cost + 1e-9));
    assert_eq!(missing[at("A")], Some(0.0));
    assert_eq!(frame::wholes(&bound.quotas, "sum").expect("sums")[0], Some(1));
    // More women than there are: nobody is recommended, and the tables prove that no choice would do.
    let refused = book.run(&rules(&quota.replace("least = 1", "least = 2")));
    assert!(refused.unmet.as_ref().is_some_and(|unmet| unmet.contains("women")), "{:?}", refused.unmet);
    assert_eq!((refused.assignment.height(), refused.open_posts.height()), (0, refused.vacancies.height()));
    assert!(column(&refused.open_posts, "cause").iter().all(|cause| cause == "rule"));
    assert_eq!(frame::flags(&refused.quotas, "conflict").expect("flags"), [Some(true)]);
    assert_eq!(frame::wholes(&refused.quotas, "relax").expect("numbers"), [Some(1)]);
    assert_eq!(refused.shortlists.height(), free.shortlists.height());
}

#[test]
fn kin_are_not_both_recommended_in_one_village() {
    let book = Book {
        people: vec![person("A", "东乡/甲村"), person("B", "东乡/甲村"), person("C", "东乡/乙村")],
        posts: vec![("东乡/甲村", None, None), ("东乡/甲村", None, None), ("东乡/乙村", None, None)],
        kin: vec![("A", "B", Some("spouse"))],
        ..Book::default()
    };
    let none = "[reserve]\ncross_village = \"none\"\n";
    let both = |result: &Reserve| placed(result).iter().filter(|(v, _)| v == "东乡/甲村").count();
    assert_eq!(both(&book.run(&rules(none))), 2);
    let apart = book.run(&rules("[reserve]\ncross_village = \"none\"\nkin_conflicts = [\"spouse\"]\n"));
    assert_eq!(both(&apart), 1);
    assert_eq!(column(&apart.open_posts, "cause"), ["rule"]);
    // What the rule costs is a post, not the points that stand for one.
    assert_eq!(frame::wholes(&apart.quotas, "cost_seats").expect("numbers")[0], Some(1));
    assert_eq!(frame::numbers(&apart.quotas, "cost_high").expect("numbers")[0], None);
}

#[test]
fn tampered_tables_fail() {
    let book = Book {
        people: vec![person("A", "东乡/甲村"), person("B", "东乡/甲村"), person("C", "东乡/乙村")],
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", None, None), ("西乡/丁村", None, None)],
        ..Book::default()
    };
    let result = book.run(&rules("[reserve]\nopen_price = 10000.0\n"));
    let verify =
        |edges: &DataFrame, prices: &DataFrame, assignment: &DataFrame| prove(&result, edges, prices, assignment);
    let (edges, prices, assignment) = (&result.edges, &result.prices, &result.assignment);
    assert_eq!(verify(edges, prices, assignment).expect("valid").filled, 2);
    for by in [-1, 1] {
        let open = frame::wholes(prices, "open_price").expect("numbers");
        let open: Vec<Option<i64>> = open.into_iter().map(|p| p.map(|p| p + by)).collect();
        let mut wrong = prices.clone();
        wrong.with_column(polars::prelude::Column::new("open_price".into(), open)).expect("same length");
        assert!(verify(edges, &wrong, assignment).is_err());
    }
    for row in 0..prices.height() {
        let mut price = frame::wholes(prices, "price").expect("numbers");
        price[row] = price[row].map(|p| p - 1);
        let mut wrong = prices.clone();
        wrong.with_column(polars::prelude::Column::new("price".into(), price)).expect("same length");
        assert!(verify(edges, &wrong, assignment).is_err());
    }
    for row in 0..assignment.height() {
        let keep = |at: usize| assignment.slice(at as i64, 1);
        assert!(verify(edges, prices, &keep(row)).is_err());
        let mut swapped = column(assignment, "candidate");
        swapped.rotate_left(1);
        let mut wrong = assignment.clone();
        wrong.with_column(polars::prelude::Column::new("candidate".into(), swapped)).expect("same length");
        assert!(verify(edges, prices, &wrong).is_err());
    }
    let (vacancy, candidate) = (column(assignment, "vacancy"), column(assignment, "candidate"));
    let (of, who) = (column(edges, "vacancy"), column(edges, "candidate"));
    let chosen = (0..edges.height()).find(|at| of[*at] == vacancy[0] && who[*at] == candidate[0]).expect("an edge");
    let without = edges.slice(0, chosen).vstack(&edges.slice(chosen as i64 + 1, edges.height())).expect("same columns");
    assert!(verify(&without, prices, assignment).expect_err("an edge is missing").contains("eligible"));
}

#[test]
fn protected_attributes_and_bad_policies_are_refused() {
    let refused = |text: &str| Policy::parse(text, "p.toml".as_ref()).expect_err("refused").to_string();
    assert!(refused("[reserve.fit.sex]\nfact = \"source\"\npoints = { other = 1 }").contains("protected"));
    assert!(refused("[reserve.gates.\"民族\"]\ntest = \"willing\"\nhardness = \"hard\"").contains("protected"));
    assert!(refused("[reserve.fit.x]\nfact = \"sex\"").contains("unknown word"));
    assert!(refused("[reserve.fit.x]\nfact = \"source\"\npoints = { other = 1 }").contains("add up to 101"));
    assert!(refused("[reserve.fit.education]\npoints = { college = 12.005 }").contains("two decimals"));
    assert!(refused("[reserve.gates.warning]\nkinds = [\"warnung\"]").contains("warnung"));
    assert!(refused("[reserve]\nsuggestions = 1").contains("more candidates than posts"));
}

#[test]
fn an_empty_book_gives_empty_tables() {
    let result = run(&Tables::default(), &Policy::default());
    assert!(result.tables().iter().all(|(name, table)| table.height() == 0 || *name == "match_summary"));
    assert_eq!(result.tables().len(), 21);
}

/// Random books: any order of rows, other sexes: the same tables.
fn books() -> impl Strategy<Value = Vec<(usize, usize, usize, Option<bool>)>> {
    prop::collection::vec((0usize..6, 0usize..5, 0usize..4, any::<Option<bool>>()), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn row_order_and_protected_columns_change_nothing(draws in books(), turn in 0usize..12) {
        const VILLAGES: [&str; 6] = ["东乡/甲村", "东乡/乙村", "东乡/丙村", "西乡/丁村", "西乡/甲村", "西乡/己村"];
        const IDS: [&str; 12] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"];
        const EDUCATION: [Option<&str>; 5] = [None, Some("junior"), Some("senior"), Some("college"), Some("bachelor")];
        const STATUS: [Option<&str>; 4] = [None, Some("member"), Some("member"), Some("probationary")];
        let people = draws.iter().zip(IDS).map(|(draw, id)| Person {
            education: EDUCATION[draw.1],
            political: STATUS[draw.2],
            in_village: draw.3,
            ..person(id, VILLAGES[draw.0])
        });
        let book = Book {
            people: people.collect(),
            posts: VILLAGES.iter().map(|v| (*v, None, None)).collect(),
            ..Book::default()
        };
        let mut turned = book.clone();
        turned.posts.reverse();
        let by = turn % turned.people.len().max(1);
        turned.people.rotate_left(by);
        for p in &mut turned.people {
            p.sex = "female";
        }
        let (one, other) = (book.run(&Policy::default()), turned.run(&Policy::default()));
        for ((name, a), (_, b)) in one.tables().iter().zip(other.tables()) {
            prop_assert!(a.equals_missing(&b), "{} differs", name);
        }
        let mut people = column(&one.assignment, "candidate");
        let before = people.len();
        people.sort();
        people.dedup();
        prop_assert_eq!(people.len(), before);
    }
}

/// Many counties with the same township names: 413 villages in 28 townships each, two people a
/// village, every third post empty, every seventh head over the age limit.
fn province(counties: usize) -> Tables {
    let mut tables = Tables::default();
    let mut set = |name: &str, build: Build| {
        tables.set(name, build.done().expect("columns of one length")).expect("fits the schema");
    };
    let villages: Vec<(String, String, String)> = (0..counties * 413)
        .map(|v| (format!("县{:03}", v / 413), format!("乡{:02}", v % 413 % 28), format!("99{v:010}")))
        .collect();
    let county: Vec<&String> = villages.iter().map(|v| &v.0).collect();
    let township: Vec<&String> = villages.iter().map(|v| &v.1).collect();
    let code: Vec<&String> = villages.iter().map(|v| &v.2).collect();
    let names: Vec<String> = (0..villages.len()).map(|v| format!("{v}村")).collect();
    set(
        "villages",
        Build::new()
            .str("county", &county)
            .str("township", &township)
            .str("village", &code)
            .str("village_name", &names),
    );
    let holders: Vec<Option<String>> = (0..villages.len()).map(|v| (v % 3 != 0).then(|| format!("H{v:07}"))).collect();
    set(
        "posts",
        Build::new()
            .str("county", &county)
            .str("township", &township)
            .str("village", &code)
            .str("post", &vec!["secretary"; villages.len()])
            .text("person", holders.clone())
            .date("since", vec![Some(day("2021-03-01")); villages.len()]),
    );
    // A fixed multiplicative hash spreads the attributes.
    let mix = |n: usize, of: usize| (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_right(29) as usize % of;
    let people: Vec<usize> = (0..villages.len() * 2).collect();
    let pick = |list: &[&'static str], salt: usize| -> Vec<Option<String>> {
        let pool = people.iter().map(|p| Some(list[mix(p * 7 + salt, list.len())].to_owned()));
        pool.chain(holders.iter().flatten().map(|_| None)).collect()
    };
    let born = |p: usize| NaiveDate::from_ymd_opt(1968 + mix(p, 36) as i32, 1 + mix(p + 5, 12) as u32, 1);
    let heads = holders.iter().enumerate().filter(|(_, h)| h.is_some());
    let head_born =
        heads.map(|(v, _)| NaiveDate::from_ymd_opt(if v % 7 == 0 { 1964 } else { 1975 }, 5, 1)).collect::<Vec<_>>();
    set(
        "people",
        Build::new()
            .str(
                "person",
                &people.iter().map(|p| format!("R{p:07}")).chain(holders.iter().flatten().cloned()).collect::<Vec<_>>(),
            )
            .date("birth", people.iter().map(|p| born(*p)).chain(head_born).collect())
            .text("education", pick(&["junior", "senior", "college", "bachelor", "college"], 1))
            .text("political_status", pick(&["member", "member", "probationary", "activist", "masses"], 2))
            .text("source", pick(&["veteran", "graduate", "migrant", "leader"], 3)),
    );
    let of = |p: &usize| &villages[p / 2];
    let rated = |salt: usize| -> Vec<&str> {
        people.iter().map(|p| ["good", "fair", "average"][mix(p * 11 + salt, 3)]).collect()
    };
    set(
        "pool",
        Build::new()
            .str("county", &people.iter().map(|p| &of(p).0).collect::<Vec<_>>())
            .str("township", &people.iter().map(|p| &of(p).1).collect::<Vec<_>>())
            .str("village", &people.iter().map(|p| &of(p).2).collect::<Vec<_>>())
            .str("person", &people.iter().map(|p| format!("R{p:07}")).collect::<Vec<_>>())
            .str("thinking", &rated(4))
            .str("work", &rated(6))
            .flag("willing", people.iter().map(|p| (mix(p + 9, 10) > 0).then_some(mix(p + 3, 12) > 0)).collect()),
    );
    tables
}

#[test]
fn counties_do_not_mix() {
    let tables = province(3);
    let result = run(&tables, &Policy::default());
    let pool = tables.get("pool");
    let home: std::collections::BTreeMap<String, (String, String)> = column(pool, "person")
        .into_iter()
        .zip(column(pool, "county").into_iter().zip(column(pool, "township")))
        .collect();
    let places = column(&result.shortlists, "county").into_iter().zip(column(&result.shortlists, "township"));
    for (candidate, place) in column(&result.shortlists, "candidate").into_iter().zip(places) {
        assert_eq!(home[&candidate], place);
    }
    // One county alone gives what it gives among others.
    let alone = run(&province(1), &Policy::default());
    let first = alone.assignment.height();
    assert!(first > 100);
    assert!(alone.assignment.equals_missing(&result.assignment.head(Some(first))));
}

#[test]
fn every_text_is_in_both_languages() {
    let tables = province(1);
    let policy = Policy::default();
    for lang in [Lang::Zh, Lang::En] {
        let ctx = Context { policy: &policy, as_of: day(AS_OF), seed: 1, lang };
        let result = reserve(&tables, &DataFrame::empty(), &ctx).expect("runs");
        for (name, table) in result.tables() {
            for text in table.columns().iter().filter_map(|c| c.str().ok()).flat_map(|c| c.iter().flatten()) {
                assert!(!text.contains("reserve-"), "{name}: {text}");
            }
        }
    }
}

/// By hand: `cargo test --release --test it province_in_seconds -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a check"]
fn province_in_seconds() {
    for counties in [1, 10, 100] {
        let tables = province(counties);
        let start = std::time::Instant::now();
        let result = run(&tables, &Policy::default());
        let took = start.elapsed();
        eprintln!("{counties} counties: {took:?}, {}", result.match_summary);
        if counties == 1 {
            for (name, table) in result.tables() {
                let mut out = Vec::new();
                frame::write_csv(&table.head(Some(6)), &mut out).expect("writes");
                eprintln!("== {name} {}\n{}", table.height(), String::from_utf8_lossy(&out));
            }
        }
    }
}
