//! Vacancy chains in the reserve stage: the post left by one who moves joins the same matching.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use polars::prelude::{BooleanChunked, Column, DataFrame};
use proptest::prelude::*;
use touyan::frame::{self, Build};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::reserve::{Given, Reserve, reserve, reserve_with};
use touyan::stage::Context;

use crate::cli::{code, copy, forge, stderr, stdout, touyan};
use crate::reserve::{AS_OF, Book, Person, column, day, person, placed, rules};

/// Those in post take part; no draws.
const OPEN: &str = "[reserve.gates.in_post]\nhardness = \"off\"\n[reserve.robustness]\ndraws = 0\n";

const VILLAGES: [&str; 5] = ["东乡/丁村", "东乡/丙村", "东乡/乙村", "东乡/戊村", "东乡/甲村"];

fn policy(reserve: &str) -> Policy {
    rules(&format!("[reserve]\n{reserve}\n{OPEN}"))
}

fn educated(id: &'static str, village: &'static str, education: &'static str) -> Person {
    Person { education: Some(education), ..person(id, village) }
}

/// A, at home in 丙村, B, who leads it, and C, who leads 乙村; 甲村 is vacant. Each would go one village on.
fn three_steps() -> Book {
    Book {
        people: vec![person("A", "东乡/丙村"), person("B", "东乡/丙村"), person("C", "东乡/乙村")],
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", Some("C"), None), ("东乡/丙村", Some("B"), None)],
        wishes: vec![("C", "东乡/甲村", Some(true)), ("B", "东乡/乙村", Some(true)), ("A", "东乡/丙村", Some(true))],
        ..Book::default()
    }
}

fn numbers(table: &DataFrame, name: &str) -> Vec<f64> {
    frame::numbers(table, name).unwrap().into_iter().flatten().collect()
}

fn moves(result: &Reserve) -> Vec<bool> {
    frame::flags(&result.chains, "moves").unwrap().into_iter().flatten().collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(village, who)| ((*village).to_owned(), (*who).to_owned())).collect()
}

#[test]
fn a_chain_of_three_steps() {
    let result = three_steps().run(&policy(""));
    assert_eq!(placed(&result), pairs(&[("东乡/丙村", "A"), ("东乡/乙村", "B"), ("东乡/甲村", "C")]));
    assert_eq!(column(&result.vacancies, "cause"), ["chain", "chain", "empty"]);
    assert_eq!(column(&result.vacancies, "holder"), ["B", "C", ""]);
    assert_eq!(frame::wholes(&result.vacancies, "priority").unwrap(), [Some(5), Some(5), Some(1)]);
    let details = column(&result.vacancies, "detail");
    assert_eq!(details[0], "现任者建议调任乙村村党组织书记，此职位随之腾出");
    assert_eq!(moves(&result), [true, true]);
    let vacancy = column(&result.vacancies, "vacancy");
    assert_eq!(column(&result.chains, "to_vacancy"), [vacancy[1].clone(), vacancy[2].clone()]);
    assert_eq!(result.open_posts.height(), 0);
    // Whoever leaves a post is not on its list; the reasons tell of the move.
    let listed = column(&result.shortlists, "village").into_iter().zip(column(&result.shortlists, "candidate"));
    assert!(listed.into_iter().all(|pair| !pairs(&[("东乡/丙村", "B"), ("东乡/乙村", "C")]).contains(&pair)));
    let reasons = column(&result.assignment, "reasons");
    assert!(reasons[0].contains("现任者建议调任乙村") && reasons[2].contains("现任乙村村党组织书记，调任则该职位腾出"));
    // Without C's move everybody stays and one post more is open.
    assert!(reasons[2].contains("将多空一个岗位"), "{}", reasons[2]);
    assert_eq!(column(&result.assignment, "next_best"), ["", "C", ""]);
    assert!(numbers(&result.assignment, "next_best_loss").is_empty());
    // B and C are reserves as before, and no case for leaving the pool.
    assert!(!column(&result.pool_review, "advice").contains(&"exit".to_owned()));
}

#[test]
fn a_holder_stays_where_the_whole_is_no_better() {
    // C would do as well in 甲村, but then 乙村 would be open: nobody else is there.
    let at_home = Person { village: "东乡/甲村", ..person("C", "") };
    let book = Book {
        people: vec![at_home],
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", Some("C"), None)],
        ..Book::default()
    };
    let result = book.run(&policy(""));
    assert_eq!((result.assignment.height(), result.vacancies.height()), (0, 1));
    assert_eq!(column(&result.vacancies, "cause"), ["empty"]);
    assert_eq!(moves(&result), [false]);
    assert_eq!(numbers(&result.chains, "fit"), [53.01]);
    assert_eq!(column(&result.open_posts, "cause"), ["shortage"]);
    assert_eq!(column(&result.open_posts, "detail"), ["1名合格人选均有现职，统筹后以留任为宜，或已用于其他岗位"]);
    // C is on the list, with what speaks against it.
    assert_eq!(column(&result.shortlists, "candidate"), ["C"]);
    assert!(column(&result.shortlists, "reasons_against")[0].contains("留任现职"));
    // The proof holds both posts all the same.
    let vacancies: BTreeSet<String> = column(&result.edges, "vacancy").into_iter().collect();
    assert_eq!(vacancies.len(), 2);
    // With somebody of its own for 甲村 nobody moves.
    let mut with = book;
    with.people.push(educated("A", "东乡/甲村", "senior"));
    assert_eq!(placed(&with.run(&policy(""))), pairs(&[("东乡/甲村", "A")]));
    assert_eq!(column(&with.run(&policy("")).vacancies, "village"), ["东乡/甲村"]);
}

/// Decisions on recommended people: vacancy, person, order.
fn decided(book: &Book, policy: &Policy, orders: &[(&str, &str, &str)]) -> Reserve {
    let ids: Vec<String> =
        orders.iter().map(|o| touyan::ident::recommendation(o.0, o.1, "reserve.assignment")).collect();
    let orders = Build::new()
        .str("rec_id", &ids)
        .str("candidate", &orders.iter().map(|o| o.1).collect::<Vec<_>>())
        .str("order", &orders.iter().map(|o| o.2).collect::<Vec<_>>())
        .done()
        .unwrap();
    given(book, policy, &waived(&[]), &orders)
}

fn waived(people: &[&str]) -> DataFrame {
    Build::new()
        .str("candidate", people)
        .str("gate", &vec!["in_post"; people.len()])
        .str("reason", &vec!["工作需要"; people.len()])
        .str("body", &vec!["县委组织部"; people.len()])
        .date("date", vec![Some(day("2026-05-01")); people.len()])
        .done()
        .unwrap()
}

fn given(book: &Book, policy: &Policy, waivers: &DataFrame, orders: &DataFrame) -> Reserve {
    let ctx = Context { policy, as_of: day(AS_OF), seed: 1, lang: Lang::Zh };
    let tables = book.tables();
    let result = reserve_with(&tables, &DataFrame::empty(), Given { waivers, orders }, &ctx).unwrap();
    let proved = crate::reserve::prove(&result, &result.edges, &result.prices, &crate::reserve::chosen(&result));
    assert!(proved.is_ok(), "{proved:?}");
    result
}

/// The vacancy of a village's first secretary.
fn vacancy(village: &str) -> String {
    touyan::ident::vacancy(village, "secretary", 1)
}

#[test]
fn a_left_post_may_stay_open_and_what_that_costs_is_told() {
    let book = Book {
        people: vec![person("C", "东乡/乙村")],
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", Some("C"), None)],
        ..Book::default()
    };
    let free = book.run(&policy(""));
    assert_eq!((placed(&free), moves(&free)), (vec![], vec![false]));
    // Those who decide want C in 甲村: 乙村 is open then, and the whole loses the discount and a hundredth.
    let ordered = decided(&book, &policy(""), &[(&vacancy("东乡/甲村"), "C", "force")]);
    assert_eq!(placed(&ordered), pairs(&[("东乡/甲村", "C")]));
    assert_eq!(column(&ordered.open_posts, "village"), ["东乡/乙村"]);
    assert_eq!(column(&ordered.open_posts, "cause"), ["no_candidate_in_pool"]);
    assert_eq!(numbers(&ordered.match_orders, "cost"), [10.01]);
    assert_eq!(column(&ordered.vacancies, "cause"), ["chain", "empty"]);
    assert!(column(&ordered.assignment, "reasons")[0].contains("已按决定采纳；就全部岗位而言损失匹配分 10.01"));
    // However cheap an open post, C would be moved for nothing.
    let cheap = |discount: &str| placed(&book.run(&policy(&format!("open_price = 1.0\n{discount}"))));
    assert_eq!(cheap("cross_village_discount = 0.0"), vec![]);
}

#[test]
fn decisions_on_a_left_post_hold_if_its_holder_goes() {
    let mut book = three_steps();
    book.people.push(educated("D", "东乡/丙村", "bachelor"));
    book.wishes.push(("D", "东乡/丙村", Some(true)));
    let policy = policy("");
    let who =
        |result: &Reserve, village: &str| placed(result).into_iter().find(|(v, _)| v == village).map(|(_, who)| who);
    assert_eq!(who(&book.run(&policy), "东乡/丙村").as_deref(), Some("D"));
    let (first, second, third) = (vacancy("东乡/甲村"), vacancy("东乡/乙村"), vacancy("东乡/丙村"));
    for orders in [
        &[(third.as_str(), "A", "force")][..],
        &[(&third, "D", "forbid")],
        &[(&first, "C", "force"), (&second, "B", "force"), (&third, "A", "force")],
    ] {
        let result = decided(&book, &policy, orders);
        assert_eq!(who(&result, "东乡/丙村").as_deref(), Some("A"));
        assert_eq!(result.match_orders.height(), orders.len());
    }
    // C is not to go: nobody moves, and what was decided on the other posts waits.
    let kept = decided(&book, &policy, &[(&first, "C", "forbid"), (&third, "A", "force")]);
    assert_eq!((placed(&kept), moves(&kept)), (vec![], vec![false, false]));
    assert_eq!(column(&kept.match_orders, "decision"), ["not_adopted"]);
    // An adoption of long ago, of whoever holds the post now, binds nobody.
    let old = decided(&book, &policy, &[(&second, "C", "force")]);
    assert_eq!(who(&old, "东乡/甲村").as_deref(), Some("C"));
}

#[test]
fn without_chains_or_holders_nothing_changes() {
    let book = three_steps();
    let alone = book.run(&policy("chains = false"));
    assert_eq!(placed(&alone), pairs(&[("东乡/甲村", "C")]));
    assert_eq!((alone.chains.height(), alone.vacancies.height()), (0, 1));
    // By default nobody in post takes part.
    let barred = book.run(&Policy::default());
    assert_eq!((barred.chains.height(), barred.assignment.height()), (0, 0));
    assert!(column(&barred.pool_review, "advice").contains(&"exit".to_owned()));
    // Where nobody in the pool holds a post both are the same, in every table.
    let mut empty = book;
    empty.posts.iter_mut().for_each(|post| post.1 = post.1.map(|_| "Z"));
    let (with, without) = (empty.run(&policy("")), empty.run(&policy("chains = false")));
    for ((name, one), (_, other)) in with.tables().iter().zip(without.tables()) {
        assert!(one.equals_missing(&other), "{name} differs");
    }
    assert_eq!(placed(&with), pairs(&[("东乡/甲村", "C")]));
}

#[test]
fn a_soft_bar_of_those_in_post_may_be_waived_one_by_one() {
    let book = three_steps();
    let soft = rules("[reserve.gates.in_post]\nhardness = \"soft\"\n[reserve.robustness]\ndraws = 0\n");
    let none = book.run(&soft);
    assert_eq!((placed(&none), none.vacancies.height()), (vec![], 1));
    // Waiving it for all would fill one post more; C alone is held back from a vacancy.
    assert_eq!(column(&none.waivers, "gate"), ["in_post"]);
    assert_eq!(frame::wholes(&none.waivers, "people").unwrap(), [Some(1)]);
    assert_eq!(frame::wholes(&none.waivers, "posts_opened").unwrap(), [Some(1)]);
    let orders = Build::new().str::<&str>("rec_id", &[]).str::<&str>("candidate", &[]).str::<&str>("order", &[]);
    let orders = orders.done().unwrap();
    let one = given(&book, &soft, &waived(&["C"]), &orders);
    assert_eq!(moves(&one), [false, false], "nobody follows C, and staying is worth more");
    let two = given(&book, &soft, &waived(&["B", "C"]), &orders);
    assert_eq!(placed(&two).len(), 3);
    // Without either waiver nobody moves, and the one vacancy stays open.
    assert_eq!(column(&two.match_orders, "decision"), ["waived", "waived"]);
    assert_eq!(frame::wholes(&two.match_orders, "posts").unwrap(), [Some(-1), Some(-1)]);
    assert_eq!(one.match_orders.height(), 0);
}

#[test]
fn quotas_count_a_holder_once_and_ask_for_no_move() {
    let women = |people: &mut Vec<Person>, ids: &[&str]| {
        people.iter_mut().filter(|p| ids.contains(&p.id)).for_each(|p| p.sex = "female");
    };
    let quota =
        |extra: &str| format!("[reserve.quotas.women]\nof = {{ sex = [\"female\"] }}\ncount_sitting = true\n{extra}\n");
    let with = |extra: &str| rules(&format!("{OPEN}{}", quota(extra)));
    // C, a woman, sits in 乙村: county-wide two women of three are asked for. A and D could take 丙村.
    let mut book = three_steps();
    women(&mut book.people, &["C", "D"]);
    book.people.push(Person { sex: "female", ..educated("D", "东乡/丙村", "senior") });
    book.wishes.push(("D", "东乡/丙村", Some(true)));
    let result = book.run(&with("per = \"county\"\nleast = 2"));
    assert_eq!(placed(&result), pairs(&[("东乡/丙村", "D"), ("东乡/乙村", "B"), ("东乡/甲村", "C")]));
    let row = column(&result.quotas, "quota").iter().position(|q| q == "women").unwrap();
    let whole = |name: &str| frame::wholes(&result.quotas, name).unwrap()[row];
    assert_eq!((whole("sum"), whole("seats"), whole("sitting_all")), (Some(2), Some(3), Some(0)));
    // By village: 乙村, where a woman sits, is not to lose her for nothing; 丙村, where a man sits and nothing
    // is vacant, is not asked to change.
    let village = book.run(&with("per = \"village\"\nleast = 1\nsoft = 500.0"));
    let keys = column(&village.quotas, "quota");
    let bound: BTreeSet<String> = column(&village.quotas, "per")
        .into_iter()
        .zip(keys)
        .filter(|(_, key)| key == "women")
        .map(|(p, _)| p)
        .collect();
    assert_eq!(bound, BTreeSet::from(["东乡/乙村".to_owned(), "东乡/甲村".to_owned()]));
    // Where sitting members do not count, posts whose holders might stay do not either.
    let alone = rules(&format!("{OPEN}{}", quota("per = \"county\"\nleast = 1").replace("count_sitting = true\n", "")));
    let alone = book.run(&alone);
    let row = column(&alone.quotas, "quota").iter().position(|q| q == "women").unwrap();
    assert_eq!(frame::wholes(&alone.quotas, "seats").unwrap()[row], Some(1));
}

#[test]
fn a_director_moves_up_and_the_directorship_is_filled() {
    // B leads no village but is director of 甲村, whose secretary's post is vacant; A could be director.
    let book = Book {
        people: vec![person("B", "东乡/甲村"), Person { political: Some("masses"), ..person("A", "东乡/甲村") }],
        posts: vec![("东乡/甲村", None, None), ("东乡/甲村", Some("B"), None)],
        ..Book::default()
    };
    let mut tables = book.tables();
    let posts = |kinds: &[&str]| {
        let kinds = Build::new().str("post", kinds).done().unwrap();
        let mut posts = book.tables().get("posts").clone();
        posts.with_column(kinds.column("post").unwrap().clone()).unwrap();
        posts
    };
    let held = column(tables.get("posts"), "person");
    let kinds: Vec<&str> = held.iter().map(|p| if p.is_empty() { "secretary" } else { "director" }).collect();
    tables.set("posts", posts(&kinds)).unwrap();
    let up = rules(
        "[reserve]\nposts = [\"secretary\", \"director\"]\n[reserve.gates.in_post]\nposts = [\"director\"]\n\
         [reserve.gates.residence]\nhardness = \"off\"\n",
    );
    let result = crate::reserve::run(&tables, &up);
    let posts = column(&result.assignment, "post").into_iter().zip(column(&result.assignment, "candidate"));
    let mut posts: Vec<_> = posts.collect();
    posts.sort();
    assert_eq!(posts, pairs(&[("director", "A"), ("secretary", "B")]));
    // B is barred from directorships and yet stays in one, were it not for the better whole.
    assert_eq!(column(&result.bars, "gate"), ["party_member", "in_post"]);
}

#[test]
fn kin_who_sit_side_by_side_may_stay() {
    let mut book = three_steps();
    // B and C, spouses, both lead in 乙村, which has two heads.
    book.posts = vec![("东乡/甲村", None, None), ("东乡/乙村", Some("B"), None), ("东乡/乙村", Some("C"), None)];
    book.kin = vec![("B", "C", Some("spouse"))];
    book.wishes = vec![];
    let kin = "kin_conflicts = [\"spouse\"]\n[reserve.gates.kin]\nhardness = \"off\"";
    let result = book.run(&policy(kin));
    // A takes 甲村, which suits as well as any; B and C stay where they are.
    assert_eq!(placed(&result), pairs(&[("东乡/甲村", "A")]));
    assert_eq!(moves(&result), [false, false]);
}

#[test]
fn draws_keep_holders_in_a_place() {
    let drawn = rules("[reserve.gates.in_post]\nhardness = \"off\"\n");
    let result = three_steps().run(&drawn);
    assert_eq!(numbers(&result.assignment, "kept"), [1.0, 1.0, 1.0]);
    // Any order of rows and any seed: the same people.
    let mut turned = three_steps();
    turned.people.reverse();
    turned.posts.reverse();
    let tables = turned.tables();
    let ctx = Context { policy: &drawn, as_of: day(AS_OF), seed: 1, lang: Lang::Zh };
    let again = reserve(&tables, &DataFrame::empty(), &ctx).unwrap();
    for ((name, one), (_, other)) in result.tables().iter().zip(again.tables()) {
        assert!(one.equals_missing(&other), "{name} differs");
    }
}

/// A small county: each person's home, education and wish, and who holds which post.
type Draw = (Vec<(usize, usize, Option<usize>)>, Vec<Option<usize>>);

fn draws() -> impl Strategy<Value = Draw> {
    let people = prop::collection::vec((0usize..5, 0usize..3, prop::option::of(0usize..5)), 1..6);
    (people, prop::collection::vec(prop::option::of(0usize..8), 5))
}

/// The best of everything by trying all: what posts are there, who may take which at which fit, who must have
/// one.
struct Brute {
    fits: Vec<Vec<Option<i64>>>,
    must: Vec<bool>,
    open: i64,
    /// Of the group of a soft quota; how many are wanted, and what each too few costs.
    group: Vec<bool>,
    least: i64,
    short: i64,
}

impl Brute {
    fn best(&self, post: usize, used: &mut Vec<bool>) -> Option<i64> {
        let Some(fits) = self.fits.get(post) else {
            let inside = self.group.iter().zip(&*used).filter(|(of, used)| **of && **used).count() as i64;
            let fee = (self.least - inside).max(0) * self.short;
            return self.must.iter().zip(&*used).all(|(must, used)| !must || *used).then_some(-fee);
        };
        let mut best = self.best(post + 1, used).map(|rest| rest - self.open);
        for (who, fit) in fits.iter().enumerate() {
            if let (Some(fit), false) = (fit, used[who]) {
                used[who] = true;
                best = best.max(self.best(post + 1, used).map(|rest| rest + fit));
                used[who] = false;
            }
        }
        best
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chains_are_the_best_of_all_ways(draw in draws(), price in 0i64..4, women in 0i64..4) {
        const IDS: [&str; 5] = ["A", "B", "C", "D", "E"];
        const EDUCATION: [(&str, i64); 3] = [("senior", 4_900), ("college", 5_300), ("bachelor", 5_600)];
        let (people, posts) = draw;
        // Each holds one post at most; a post of nobody in the pool is Z's.
        let mut holds = vec![None; people.len()];
        let mut holder = [None; 5];
        for (village, who) in posts.iter().enumerate() {
            if let Some(who) = who.filter(|who| *who < people.len() && holds[*who].is_none()) {
                (holds[who], holder[village]) = (Some(village), Some(who));
            }
        }
        let vacant = |village: usize| posts[village].is_none();
        let book = Book {
            people: (people.iter().zip(IDS).enumerate())
                .map(|(at, (p, id))| Person {
                    sex: if at.is_multiple_of(2) { "female" } else { "male" },
                    ..educated(id, VILLAGES[p.0], EDUCATION[p.1].0)
                })
                .collect(),
            posts: (0..5).map(|v| (VILLAGES[v], if vacant(v) { None } else { Some(holder[v].map_or("Z", |w| IDS[w])) }, None)).collect(),
            wishes: people.iter().zip(IDS).filter_map(|(p, id)| Some((id, VILLAGES[p.2?], Some(true)))).collect(),
            ..Book::default()
        };
        let may = |who: usize, village: usize| people[who].0 == village || people[who].2.is_none_or(|wish| wish == village);
        let mut there: BTreeSet<usize> = (0..5).filter(|v| vacant(*v)).collect();
        loop {
            let more: Vec<usize> = there.iter().flat_map(|v| (0..people.len()).filter(|w| may(*w, *v)).filter_map(|w| holds[w])).collect();
            let before = there.len();
            there.extend(more);
            if there.len() == before {
                break;
            }
        }
        let fit = |who: usize, village: usize| {
            let full = EDUCATION[people[who].1].1;
            match holds[who] == Some(village) {
                true => Some(full + 1),
                false => may(who, village).then(|| if people[who].0 == village { full } else { full - 1_000 }),
            }
        };
        let open = [0, 300, 2_000, 1_000_000][price as usize];
        // Every other is a woman; those who sit where nothing may be left are counted already.
        let woman = |who: usize| who.is_multiple_of(2);
        let sitting = (0..people.len()).filter(|w| woman(*w) && holds[*w].is_some_and(|v| !there.contains(&v))).count();
        let brute = Brute {
            fits: there.iter().map(|v| (0..people.len()).map(|w| fit(w, *v)).collect()).collect(),
            must: (0..people.len()).map(|w| holds[w].is_some_and(|v| there.contains(&v))).collect(),
            open,
            group: (0..people.len()).map(woman).collect(),
            least: if there.is_empty() { 0 } else { (women - sitting as i64).max(0) },
            short: 700,
        };
        let best = brute.best(0, &mut vec![false; people.len()]).unwrap();
        let quota = "[reserve.quotas.women]\nof = { sex = [\"female\"] }\ncount_sitting = true\nsoft = 7.0\nleast =";
        let quota = if women > 0 { format!("{quota} {women}\n") } else { String::new() };
        // Posts come first where they have no price.
        let price_of_open = if price < 3 { format!("open_price = {:.1}\n", open as f64 / 100.0) } else { String::new() };
        let result = book.run(&rules(&format!("[reserve]\n{price_of_open}{OPEN}{quota}")));
        let item = |name: &str| {
            let at = column(&result.match_summary, "item").iter().position(|i| i == name).unwrap();
            frame::wholes(&result.match_summary, "value").unwrap()[at].unwrap()
        };
        let priced = if price < 3 { 0 } else { open * item("open") };
        prop_assert_eq!(item("cost") + priced, -best);
        // What is told is what is to be filled: the vacancies, and posts that are left.
        let left = moves(&result).into_iter().filter(|m| *m).count();
        let vacancies = (0..5).filter(|v| vacant(*v)).count();
        prop_assert_eq!(result.vacancies.height(), vacancies + left);
        prop_assert_eq!(result.assignment.height() + result.open_posts.height(), vacancies + left);
        let told: BTreeSet<String> = column(&result.vacancies, "vacancy").into_iter().collect();
        prop_assert!(column(&result.shortlists, "vacancy").iter().all(|v| told.contains(v)));
        prop_assert_eq!(result.chains.height(), there.len() - vacancies);
    }
}

/// Writes a book in which posts may be left for others.
fn write_book(dir: &Path) -> String {
    let folder = dir.join("book");
    fs::create_dir(&folder).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "村情.csv",
        "乡镇,村,行政区划代码,户籍人口\n东乡,甲村,330000001201,800\n东乡,乙村,330000001202,900\n东乡,丙村,330000001203,700\n",
    );
    write(
        "人员.csv",
        "乡镇,村,人员编号,姓名,性别,出生年月,学历,政治面貌,入党时间,是否在村,联审结果\n\
         东乡,丙村,A1,赵大山,男,1990-03-01,大专,中共党员,2015-01-01,是,通过\n\
         东乡,乙村,C1,孙小河,女,1988-05-01,大专,中共党员,2014-01-01,是,通过\n\
         东乡,丙村,B1,钱大川,男,1989-05-01,大专,中共党员,2014-01-01,是,通过\n",
    );
    write(
        "岗位任职.csv",
        "乡镇,村,现任职务,人员编号,任现职时间,空缺时间\n\
         东乡,甲村,村党组织书记,,,2026-01-01\n东乡,乙村,村党组织书记,C1,2023-01-01,\n东乡,丙村,村党组织书记,B1,2023-01-01,\n",
    );
    write(
        "后备人才库.csv",
        "乡镇,村,人员编号,拟培养岗位,入库时间,状态,是否愿意任职\n\
         东乡,丙村,A1,村党组织书记,2024-01-01,在库,是\n东乡,乙村,C1,村党组织书记,2024-01-01,在库,是\n东乡,丙村,B1,村党组织书记,2024-01-01,在库,是\n",
    );
    write("任职意愿.csv", "乡镇,村,人员编号,是否愿意\n东乡,丙村,A1,是\n东乡,甲村,C1,是\n东乡,乙村,B1,是\n");
    folder.to_str().unwrap().to_owned()
}

#[test]
fn a_run_with_a_chain_is_verified_and_without_an_edge_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let book = write_book(dir.path());
    fs::write(at("policy.toml"), "[reserve.gates.in_post]\nposts = [\"director\"]\n").unwrap();
    let (out, policy) = (at("out"), at("policy.toml"));
    let ran = touyan(&["run", &book, "--policy", &policy, "--as-of", "2026-06-01", "--out", &out, "--lang", "en"]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let read = |name: &str| frame::read_parquet(&dir.path().join("out").join(format!("{name}.parquet"))).unwrap();
    let (vacancies, chains) = (read("vacancies"), read("chains"));
    assert!(column(&vacancies, "cause").contains(&"chain".to_owned()), "{:?}", column(&chains, "detail"));
    assert!(column(&vacancies, "detail").iter().any(|d| d.contains("left by its holder")));
    assert_eq!(read("open_posts").height(), 0);
    let verified = touyan(&["verify", &out, "--book", &book]);
    assert_eq!(code(&verified), 0, "{}", stdout(&verified));
    assert!(stdout(&verified).contains("level 3"), "{}", stdout(&verified));
    // Who stays is part of the proof: chains that tell otherwise fail, even without the book.
    let copied = || copy(out.as_ref(), dir.path());
    let copy = copied();
    forge(&copy, "chains", |mut table| {
        let turned: BooleanChunked =
            frame::flags(&table, "moves").unwrap().into_iter().map(|m| m.map(|m| !m)).collect();
        table.with_column(Column::new("moves".into(), turned)).unwrap();
        table
    });
    let forged = touyan(&["verify", copy.to_str().unwrap()]);
    assert_eq!(code(&forged), 1, "{}", stdout(&forged));
    // Any edge that is gone fails, the holders' own too.
    let edges = read("edges").height();
    for row in 0..edges {
        let copy = copied();
        forge(&copy, "edges", |table| {
            let keep: BooleanChunked = (0..edges).map(|at| Some(at != row)).collect();
            table.filter(&keep).unwrap()
        });
        let forged = touyan(&["verify", copy.to_str().unwrap(), "--book", &book]);
        assert_eq!(code(&forged), 1, "edge {row}: {}", stdout(&forged));
    }
}

#[test]
fn quotas_that_cannot_be_met_are_told_with_their_proof() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let book = write_book(dir.path());
    // Three posts and one woman.
    let quota = "[reserve.quotas.women]\nof = { sex = [\"female\"] }\nleast = 2\n";
    fs::write(at("policy.toml"), format!("{OPEN}{quota}")).unwrap();
    let (out, policy) = (at("out"), at("policy.toml"));
    let run = |out: &str, more: &[&str]| {
        let args = ["run", &book, "--policy", &policy, "--as-of", "2026-06-01", "--out", out, "--lang", "en"];
        touyan(&[&args[..], more].concat())
    };
    let ran = run(&out, &["--for", "internal"]);
    assert_eq!(code(&ran), 2, "{}", stdout(&ran));
    assert!(stderr(&ran).contains("touyan verify"), "{}", stderr(&ran));
    // The note names the quota and what would do; everything else is there.
    let said = stdout(&ran);
    assert!(said.contains("women") && said.contains("at least 1 fewer"), "{said}");
    let read = |name: &str| frame::read_parquet(&dir.path().join("out").join(format!("{name}.parquet"))).unwrap();
    assert_eq!((read("assignment").height(), read("scores").height()), (0, 3));
    assert_eq!(column(&read("open_posts"), "village_name"), ["甲村"]);
    assert!(frame::flags(&read("chains"), "moves").unwrap().iter().all(|moves| *moves == Some(false)));
    let report = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    assert!(report.contains("cannot all be met"));
    // The proof holds without the solver, and a replay gives the same bytes.
    for evidence in [&["verify", &out, "--lang", "en"][..], &["verify", &out, "--book", &book, "--lang", "en"]] {
        let verified = touyan(evidence);
        assert_eq!(code(&verified), 0, "{}", stdout(&verified));
        assert!(stdout(&verified).contains("cannot all be met"), "{}", stdout(&verified));
    }
    // Quotas that could be met are no contradiction.
    let forged = |change: &dyn Fn(DataFrame) -> DataFrame| {
        let copy = copy(out.as_ref(), dir.path());
        forge(&copy, "quotas", change);
        code(&touyan(&["verify", copy.to_str().unwrap()]))
    };
    let set = |mut table: DataFrame, column: Column| {
        table.with_column(column).unwrap();
        table
    };
    assert_eq!(forged(&|table| table), 0);
    let fewer = |table: DataFrame| {
        let least = frame::wholes(&table, "least").unwrap().into_iter().map(|n| n.map(|n| n.min(1)));
        let least = Column::new("least".into(), least.collect::<Vec<_>>());
        set(table, least)
    };
    assert_eq!(forged(&fewer), 1);
    let none = |table: DataFrame| {
        let height = table.height();
        set(table, Column::new("conflict".into(), vec![false; height]))
    };
    assert_eq!(forged(&none), 1);
    assert_eq!(code(&run(&at("meeting"), &["--for", "internal", "--materials"])), 2);
    assert!(dir.path().join("meeting/materials").is_dir());
    // Summaries do not tell which groups fall short, and are verified all the same.
    let summary = at("summary");
    let ran = run(&summary, &["--for", "summary"]);
    assert_eq!(code(&ran), 2);
    assert!(!stdout(&ran).contains("women") && stdout(&ran).contains("internal edition"), "{}", stdout(&ran));
    let open = |name: &str| frame::read_parquet(&dir.path().join("summary").join(format!("{name}.parquet"))).unwrap();
    assert!(frame::flags(&open("quotas"), "conflict").unwrap().iter().all(Option::is_none));
    assert!(frame::wholes(&open("quotas"), "relax").unwrap().iter().all(Option::is_none));
    assert!(!column(&open("match_summary"), "item").contains(&"missed".to_owned()));
    assert!(!fs::read_to_string(dir.path().join("summary/report.html")).unwrap().contains("To give way by"));
    let verified = touyan(&["verify", &summary]);
    assert_eq!(code(&verified), 0, "{}", stdout(&verified));
    // A stage alone fails as well, once everything is written.
    let stage = touyan(&["reserve", &book, "--policy", &policy, "--as-of", "2026-06-01", "--out", &at("stage")]);
    assert_eq!(code(&stage), 2);
    assert!(dir.path().join("stage/quotas.parquet").is_file());
    // What would follow from other rules cannot be told.
    let asked = touyan(&["whatif", &book, "--policy", &policy, "--set", "reserve.suggestions=4", "--out", &at("w")]);
    assert_eq!(code(&asked), 2);
    assert!(stderr(&asked).contains("women"), "{}", stderr(&asked));
}
