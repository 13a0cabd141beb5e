//! Who joins the reserve's matching: people beyond the bound on edges, and those whom decisions name.

use polars::prelude::DataFrame;
use proptest::prelude::*;
use touyan::frame::{self, Build};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::reserve::{Given, Reserve, reserve, reserve_with};
use touyan::stage::Context;

use crate::reserve::{AS_OF, Book, Person, chosen, column, day, person, prove, rules};

/// The stage under orders: recommendation, candidate, `force` or `forbid`.
fn ordered(book: &Book, policy: &Policy, orders: &[(&str, &str, &str)]) -> Reserve {
    let ctx = Context { policy, as_of: day(AS_OF), seed: 1, lang: Lang::Zh };
    let column = |at: fn(&(&str, &str, &str)) -> String| orders.iter().map(at).collect::<Vec<_>>();
    let orders = Build::new()
        .str("rec_id", &column(|o| o.0.to_owned()))
        .str("candidate", &column(|o| o.1.to_owned()))
        .str("order", &column(|o| o.2.to_owned()))
        .done()
        .expect("a table");
    let none = Build::new().str::<&str>("candidate", &[]).str::<&str>("gate", &[]).str::<&str>("reason", &[]);
    let none = none.str::<&str>("body", &[]).date("date", vec![]).done().expect("a table");
    let given = Given { waivers: &none, orders: &orders };
    reserve_with(&book.tables(), &DataFrame::empty(), given, &ctx).expect("the stage runs")
}

#[test]
fn people_beyond_the_bound_on_edges_join_where_they_better_the_matching() {
    // Everybody's first choice from elsewhere is the same; with one stranger a post the others would stay open.
    let people = ["A", "B", "C"].map(|id| person(id, "东乡/丙村"));
    let book = Book {
        people: people.to_vec(),
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", None, None), ("东乡/丁村", None, None)],
        ..Book::default()
    };
    let few = book.run(&rules("[reserve]\nedges_per_post = 1\n"));
    let all = book.run(&Policy::default());
    assert_eq!((few.assignment.height(), all.assignment.height()), (3, 3));
    let total = |r: &Reserve| frame::numbers(&r.assignment, "fit").expect("fits").into_iter().flatten().sum::<f64>();
    assert_eq!(total(&few), total(&all));
}

#[test]
fn people_beyond_the_bound_on_edges_join_where_quotas_need_them() {
    // The best of each post's list are men from elsewhere, and who comes next is a relative.
    let woman = |id, schooling| Person { sex: "female", education: Some(schooling), ..person(id, "东乡/丙村") };
    let man = |id, schooling| Person { education: Some(schooling), ..person(id, "东乡/丙村") };
    let book = Book {
        people: vec![
            man("A", "bachelor"),
            man("B", "bachelor"),
            man("C", "college"),
            woman("D", "college"),
            woman("E", "senior"),
            woman("F", "junior"),
        ],
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", None, None), ("东乡/丁村", None, None)],
        kin: vec![("A", "D", Some("spouse"))],
        ..Book::default()
    };
    let base = "[reserve]\nkin_conflicts = [\"spouse\"]\n";
    let of = "of = { sex = [\"female\"] }\n";
    for quota in [
        "least = 1",
        "least = 2",
        "least_share = 1.0",
        "most = 0",
        "per = \"village\"\nleast = 1",
        "per = \"township\"\nleast_share = 0.5",
        "least = 3\nsoft = 5.0",
    ] {
        let run = |edges: &str| {
            let off = "[reserve.gates.education]\nhardness = \"off\"\n[reserve.robustness]\ndraws = 0\n";
            book.run(&rules(&format!("{base}{edges}{off}[reserve.quotas.women]\n{of}{quota}\n")))
        };
        let (few, all) = (run("edges_per_post = 1\n"), run(""));
        let total =
            |r: &Reserve| frame::numbers(&r.assignment, "fit").expect("fits").into_iter().flatten().sum::<f64>();
        let sums = |r: &Reserve| frame::wholes(&r.quotas, "sum").expect("sums");
        assert_eq!(few.assignment.height(), all.assignment.height(), "{quota}");
        assert!((total(&few) - total(&all)).abs() < 1e-9, "{quota}: {} and {}", total(&few), total(&all));
        assert_eq!(sums(&few), sums(&all), "{quota}");
    }
}

#[test]
fn people_beyond_the_bound_on_edges_join_where_the_relaxation_cannot_tell() {
    // Of three siblings one may serve in the village; by the relaxation half of each, which leaves no room for D.
    let sibling = |id| person(id, "东乡/甲村");
    let schooled = |id, village, schooling| Person { education: Some(schooling), ..person(id, village) };
    let book = Book {
        people: vec![
            sibling("A1"),
            sibling("A2"),
            sibling("A3"),
            sibling("B1"),
            sibling("B2"),
            sibling("B3"),
            sibling("E1"),
            sibling("E2"),
            sibling("E3"),
            schooled("C", "东乡/丙村", "college"),
            schooled("D", "东乡/丙村", "senior"),
        ],
        posts: vec![("东乡/甲村", None, None); 5],
        kin: [("A1", "A2"), ("A1", "A3"), ("A2", "A3"), ("B1", "B2"), ("B1", "B3"), ("B2", "B3")]
            .into_iter()
            .chain([("E1", "E2"), ("E1", "E3"), ("E2", "E3")])
            .map(|(one, other)| (one, other, Some("sibling")))
            .collect(),
        ..Book::default()
    };
    // Posts with a price, and posts first.
    for price in ["open_price = 100.0\n", ""] {
        let run = |edges: &str| {
            let off = "[reserve.gates.education]\nhardness = \"off\"\n[reserve.robustness]\ndraws = 0\n";
            book.run(&rules(&format!("[reserve]\n{price}kin_conflicts = [\"sibling\"]\n{edges}{off}")))
        };
        let (few, all) = (run("edges_per_post = 1\n"), run(""));
        let sorted = |r: &Reserve| {
            let mut of = column(&r.assignment, "candidate");
            of.sort();
            of.into_iter().map(|who| who[..1].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(sorted(&all), ["A", "B", "C", "D", "E"]);
        assert_eq!(sorted(&few), sorted(&all));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    /// However few people of other villages are looked at first: as many posts, and as good a fit.
    #[test]
    fn the_bound_on_edges_decides_nothing(
        pool in prop::collection::vec((0usize..4, 0usize..4, any::<bool>(), any::<bool>()), 1..9),
        posts in prop::collection::vec(0usize..4, 1..6),
        (quota, price) in (0usize..5, any::<bool>()),
    ) {
        const IDS: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];
        const VILLAGES: [&str; 4] = ["东乡/甲村", "东乡/乙村", "东乡/丙村", "东乡/丁村"];
        const SCHOOLS: [&str; 4] = ["junior", "senior", "college", "bachelor"];
        let of = |(id, (village, school, woman, _)): (&&'static str, &(usize, usize, bool, bool))| Person {
            sex: if *woman { "female" } else { "male" },
            education: Some(SCHOOLS[*school]),
            ..person(id, VILLAGES[*village])
        };
        let book = Book {
            people: IDS.iter().zip(&pool).map(of).collect(),
            posts: posts.iter().map(|village| (VILLAGES[*village], None, None)).collect(),
            // Some are kin of whoever comes next.
            kin: (1..pool.len()).filter(|at| pool[*at].3).map(|at| (IDS[at - 1], IDS[at], Some("sibling"))).collect(),
            ..Book::default()
        };
        let quota = [
            "",
            "least = 1",
            "per = \"village\"\nleast = 1\nsoft = 5.0",
            "per = \"township\"\nleast_share = 0.5\nbasis = \"filled\"",
            "most = 1",
        ][quota];
        let quota = match quota {
            "" => String::new(),
            quota => format!("[reserve.quotas.women]\nof = {{ sex = [\"female\"] }}\n{quota}\n"),
        };
        let price = if price { "open_price = 30.0\n" } else { "" };
        let run = |edges: usize| {
            let policy = rules(&format!(
                "[reserve]\n{price}kin_conflicts = [\"sibling\"]\nedges_per_post = {edges}\n\
                 [reserve.gates.education]\nhardness = \"off\"\n[reserve.robustness]\ndraws = 0\n{quota}"
            ));
            let ctx = Context { policy: &policy, as_of: day(AS_OF), seed: 1, lang: Lang::Zh };
            let result = reserve(&book.tables(), &DataFrame::empty(), &ctx).ok()?;
            let proved = prove(&result, &result.edges, &result.prices, &chosen(&result)).expect("proved");
            Some((proved.filled, proved.cost))
        };
        prop_assert_eq!(run(1), run(60));
    }
}

#[test]
fn who_is_beyond_the_bound_on_edges_may_be_forbidden_and_forced() {
    // With one stranger a post, A alone is on every list; the others join by their price.
    let book = Book {
        people: ["A", "B", "C", "D"].map(|id| person(id, "东乡/丙村")).to_vec(),
        posts: vec![("东乡/甲村", None, None), ("东乡/乙村", None, None)],
        ..Book::default()
    };
    let policy = rules("[reserve]\nedges_per_post = 1\n[reserve.robustness]\ndraws = 0\n");
    let run = |orders: &[(&str, &str, &str)]| ordered(&book, &policy, orders);
    let free = run(&[]);
    let joined = column(&free.assignment, "candidate").into_iter().find(|who| who != "A").expect("one joined");
    let at = column(&free.assignment, "candidate").iter().position(|who| *who == joined).expect("placed");
    let vacancy = column(&free.assignment, "vacancy")[at].clone();
    let rec = |who: &str| touyan::ident::recommendation(&vacancy, who, "reserve.assignment");
    let placed_at = |r: &Reserve| {
        let at = column(&r.assignment, "vacancy").iter().position(|v| *v == vacancy).expect("filled");
        column(&r.assignment, "candidate")[at].clone()
    };
    let told = |who: &str| {
        let at = column(&free.shortlists, "candidate").iter().position(|c| c == who);
        at.map(|at| column(&free.shortlists, "rec_id")[at].clone())
    };
    assert_eq!(told(&joined).map(|id| id == rec(&joined)), Some(true), "the code of a recommendation");
    let without = run(&[(&rec(&joined), &joined, "forbid")]);
    assert_ne!(placed_at(&without), joined);
    assert_eq!(without.match_orders.height(), 1);
    let other = ["B", "C", "D"].into_iter().find(|who| *who != joined).expect("another");
    let with = run(&[(&rec(other), other, "force")]);
    assert_eq!(placed_at(&with), other);
}

#[test]
fn decisions_are_followed_and_their_cost_is_told() {
    let less = Person { education: Some("senior"), ..person("B", "东乡/甲村") };
    let book = Book {
        people: vec![person("A", "东乡/甲村"), less],
        posts: vec![("东乡/甲村", None, None)],
        ..Book::default()
    };
    let policy = Policy::default();
    let free = book.run(&policy);
    let of = |who: &str| {
        let at = column(&free.shortlists, "candidate").iter().position(|c| c == who).expect("on the list");
        column(&free.shortlists, "rec_id")[at].clone()
    };
    let decided = |who: &str, order: &str| ordered(&book, &policy, &[(&of(who), who, order)]);
    assert_eq!(column(&free.assignment, "candidate"), ["A"]);
    for result in [decided("B", "force"), decided("A", "forbid")] {
        assert_eq!(column(&result.assignment, "candidate"), ["B"]);
        let cost = frame::numbers(&result.match_orders, "cost").expect("numbers")[0].expect("worked out");
        let fit = |r: &Reserve| frame::numbers(&r.assignment, "fit").expect("fits")[0].expect("a fit");
        assert!(cost > 0.0 && (fit(&free) - fit(&result) - cost).abs() < 1e-9);
    }
}

#[test]
fn decisions_that_cannot_all_be_followed_are_told() {
    let less = |id| Person { education: Some("senior"), ..person(id, "东乡/甲村") };
    let book = Book {
        people: vec![person("A", "东乡/甲村"), less("B"), less("C")],
        posts: vec![("东乡/甲村", None, None), ("东乡/甲村", None, None)],
        ..Book::default()
    };
    let policy = rules("[reserve.gates.education]\nhardness = \"off\"\n");
    let vacancies = column(&book.run(&policy).vacancies, "vacancy");
    let rec = |vacancy: &str, who: &str| touyan::ident::recommendation(vacancy, who, "reserve.assignment");
    let fates = |result: &Reserve| column(&result.match_orders, "followed");
    // Two people for one vacancy: one of them has it, at no cost below 0.
    let (b, c) = (rec(&vacancies[0], "B"), rec(&vacancies[0], "C"));
    let both = ordered(&book, &policy, &[(&b, "B", "force"), (&c, "C", "force")]);
    let mut found = fates(&both);
    found.sort();
    assert_eq!(found, ["followed", "other_person"]);
    let costs = frame::numbers(&both.match_orders, "cost").expect("numbers");
    assert!(costs.iter().flatten().count() == 1 && costs.iter().flatten().all(|cost| *cost >= 0.0), "{costs:?}");
    // One person for two vacancies.
    let (one, two) = (rec(&vacancies[0], "B"), rec(&vacancies[1], "B"));
    let twice = ordered(&book, &policy, &[(&one, "B", "force"), (&two, "B", "force")]);
    assert_eq!(fates(&twice), ["several_vacancies", "several_vacancies"]);
}
