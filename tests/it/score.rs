//! The stage score, against figures worked out by hand, closed forms and properties.

use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::*;
use proptest::prelude::*;
use touyan::book::Tables;
use touyan::frame::{self, Build};
use touyan::kernel::draw::Draw;
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::score::{Scores, panel, score};
use touyan::stage::Context;

/// Everything of the default that would get in the way of a small example.
const BARE: &str = r#"
[score]
min_measured_weight = 0.5
[score.nodes]
measured.weight = 0
organisation.weight = 0
villagers.weight = 0
all = { label = "全部", weight = 1 }
a = { label = "甲", parent = "all", weight = 3 }
b = { label = "乙", parent = "all", weight = 1 }
[score.indicators]
x = { label = "甲一", parent = "a", weight = 2, rule = { type = "goalposts", low = 0, high = 10 } }
y = { label = "甲二", parent = "a", weight = 2, direction = "lower", rule = { type = "each", base = 100, points = -10 } }
z = { label = "乙一", parent = "b", weight = 1, rule = { type = "goalposts", low = 0, high = 100 } }
[score.sensitivity]
draws = 200
"#;

fn policy(text: &str) -> Policy {
    Policy::parse(text, Path::new("test.toml")).unwrap_or_else(|e| panic!("{e}"))
}

/// The bare policy with another rule for `x`.
fn x_by(rule: &str) -> String {
    let text = BARE.replace("{ type = \"goalposts\", low = 0, high = 10 }", rule);
    assert_ne!(text, BARE);
    text
}

fn refused(text: &str) -> String {
    Policy::parse(text, Path::new("test.toml")).map(|_| ()).expect_err(text).to_string()
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn run(tables: &Tables, policy: &Policy) -> Scores {
    score(tables, &Context { policy, as_of: day("2026-01-31"), seed: 7, lang: Lang::Zh }).expect("the schema's tables")
}

/// One village of a test: township, key, class.
type Village<'a> = (&'a str, &'a str, Option<&'a str>);

/// A book of villages of one county, and columns of indicators for 2025.
fn book(villages: &[Village], columns: &[(&str, Vec<Option<f64>>)]) -> Tables {
    let mut tables = Tables::default();
    let keys = || {
        Build::new()
            .str("county", &vec!["990121"; villages.len()])
            .str("township", &villages.iter().map(|v| v.0).collect::<Vec<_>>())
            .str("village", &villages.iter().map(|v| v.1).collect::<Vec<_>>())
    };
    let mut indicators = keys().whole("period", vec![Some(2025); villages.len()]);
    for (name, values) in columns {
        indicators = indicators.number(name, values.clone());
    }
    set(&mut tables, "villages", keys().text("class", villages.iter().map(|v| v.2).collect()));
    set(&mut tables, "indicators", indicators);
    tables
}

fn set(tables: &mut Tables, name: &str, build: Build) {
    tables.set(name, build.done().expect("columns of one length")).expect("the schema's columns");
}

fn numbers(frame: &DataFrame, name: &str) -> Vec<Option<f64>> {
    frame::numbers(frame, name).expect("a number column")
}

fn texts<'a>(frame: &'a DataFrame, name: &str) -> Vec<&'a str> {
    frame::words(frame, name).expect("a text column")
}

fn close(found: Option<f64>, wanted: f64) {
    assert!(found.is_some_and(|f| (f - wanted).abs() < 1e-9), "{found:?}, wanted {wanted}");
}

/// Sum of contributions by village, in the order of the scores.
fn sums(result: &Scores) -> Vec<f64> {
    let keys = texts(&result.scores, "village");
    let mut sums = vec![0.0; keys.len()];
    for (village, part) in
        texts(&result.contributions, "village").iter().zip(numbers(&result.contributions, "contribution"))
    {
        let at = keys.iter().position(|k| k == village).expect("a scored village");
        sums[at] += part.expect("never null");
    }
    sums
}

#[test]
fn a_score_by_hand_with_and_without_gaps() {
    let villages = [("t", "v1", None), ("t", "v2", None), ("t", "v3", None), ("t", "v4", None)];
    let x = vec![Some(5.0), Some(5.0), None, None];
    let y = vec![Some(2.0), None, None, Some(0.0)];
    let z = vec![Some(40.0), Some(40.0), Some(90.0), None];
    let result = run(&book(&villages, &[("x", x), ("y", y), ("z", z)]), &policy(BARE));
    let scores = numbers(&result.scores, "score");
    // (50 + 80) / 2 · ¾ + 40 · ¼; without y its weight goes to x: 50 · ¾ + 40 · ¼.
    close(scores[0], 58.75);
    close(scores[1], 47.5);
    // A quarter, and three eighths, of the weight are too little.
    assert_eq!((scores[2], scores[3]), (None, None));
    let measured = numbers(&result.scores, "measured_weight");
    [1.0, 0.625, 0.25, 0.375].into_iter().zip(measured).for_each(|(wanted, found)| close(found, wanted));
    assert_eq!(texts(&result.scores, "grade"), ["incompetent", "incompetent", "not_rated", "not_rated"]);
    let reason = texts(&result.scores, "grade_reason")[2];
    assert!(reason.contains("25%") && reason.contains("50%") && reason.contains("甲一、甲二"), "{reason}");
    assert_eq!(frame::wholes(&result.scores, "rank").expect("ranks"), [Some(1), Some(2), None, None]);
    let weights = numbers(&result.contributions, "weight");
    [0.375, 0.375, 0.25, 0.75, 0.0, 0.25].into_iter().zip(weights).for_each(|(wanted, found)| close(found, wanted));
    assert_eq!(sums(&result)[2..], [0.0, 0.0]);
}

#[test]
fn adjustments_are_held_to_their_caps_and_the_score_to_its_bounds() {
    let villages = [("t", "v1", None), ("t", "v2", None)];
    let full = vec![Some(10.0), Some(0.0)];
    let columns = [
        ("x", full.clone()),
        ("y", vec![Some(0.0), Some(10.0)]),
        ("z", vec![Some(100.0), Some(8.0)]),
        ("bonus", vec![Some(9.0), None]),
        ("penalty", vec![Some(2.0), Some(7.0)]),
    ];
    let result = run(&book(&villages, &columns), &policy(BARE));
    // 100 + 5 − 2 is held to 100; 2 − 7 to 0.
    assert_eq!(numbers(&result.scores, "score"), [Some(100.0), Some(0.0)]);
    assert_eq!(numbers(&result.scores, "bonus"), [Some(5.0), Some(0.0)]);
    assert_eq!(numbers(&result.scores, "penalty"), [Some(2.0), Some(7.0)]);
    close(Some(sums(&result)[0]), 100.0);
    close(Some(sums(&result)[1]), 0.0);
    let lines = texts(&result.contributions, "indicator");
    assert_eq!(lines[3..6], ["bonus", "penalty", "clamp"]);
    assert_eq!(numbers(&result.contributions, "contribution")[3..6], [Some(5.0), Some(-2.0), Some(-3.0)]);
}

/// Ledger of one test: village, date, recorded, kind, post, person.
type Entry<'a> = (&'a str, &'a str, Option<&'a str>, &'a str, Option<&'a str>, Option<&'a str>);

fn ledger(tables: &mut Tables, events: &[Entry]) {
    let build = Build::new()
        .str("county", &vec!["990121"; events.len()])
        .str("village", &events.iter().map(|e| e.0).collect::<Vec<_>>())
        .date("date", events.iter().map(|e| Some(day(e.1))).collect())
        .date("recorded", events.iter().map(|e| e.2.map(day)).collect())
        .str("kind", &events.iter().map(|e| e.3).collect::<Vec<_>>())
        .text("post", events.iter().map(|e| e.4).collect())
        .text("person", events.iter().map(|e| e.5).collect());
    set(tables, "events", build);
}

#[test]
fn a_veto_needs_the_secretary_in_office_the_year_and_knowledge() {
    let names = ["v1", "v2", "v3", "v4", "v5", "v6", "v7"];
    let villages: Vec<Village> = names.iter().map(|v| ("t", *v, None)).collect();
    let columns = [("x", vec![Some(9.0); 7]), ("y", vec![Some(0.0); 7]), ("z", vec![Some(90.0); 7])];
    let mut tables = book(&villages, &columns);
    let posts = Build::new()
        .str("county", &["990121"; 7])
        .str("village", &names)
        .str("post", &["secretary"; 7])
        .str("person", &["R1", "R2", "R3", "R4", "R5", "R6", "R7"])
        .date("since", ["2020-01-01"; 5].into_iter().chain(["2025-09-01"; 2]).map(|d| Some(day(d))).collect());
    set(&mut tables, "posts", posts);
    let secretary = Some("secretary");
    ledger(
        &mut tables,
        &[
            ("v1", "2025-05-01", None, "case_filed", secretary, None),
            ("v2", "2024-12-31", None, "case_filed", secretary, None),
            ("v3", "2025-05-01", Some("2026-02-01"), "case_filed", secretary, None),
            ("v4", "2025-05-01", None, "case_filed", None, None),
            ("v5", "2025-05-01", None, "case_filed", Some("clerk"), None),
            ("v6", "2025-05-01", None, "case_filed", secretary, None),
            ("v7", "2025-10-01", None, "case_filed", None, Some("R7")),
        ],
    );
    let result = run(&tables, &policy(BARE));
    let reasons = texts(&result.scores, "grade_reason");
    let vetoed: Vec<bool> = texts(&result.scores, "veto").iter().map(|v| !v.is_empty()).collect();
    assert_eq!(vetoed, [true, false, false, false, false, false, true]);
    assert!(
        reasons[3].contains("待核实") && reasons[5].contains("任职之前") && reasons[0].contains("立案"),
        "{reasons:?}"
    );
    assert!(!reasons[4].contains("立案"));
    let grades = texts(&result.scores, "grade");
    assert_eq!((grades[0], grades[6]), ("incompetent", "incompetent"));
    assert!(reasons[0].contains("考评得分93.75分，限为59分"), "{}", reasons[0]);
    close(numbers(&result.scores, "score")[0], 59.0);
    close(Some(sums(&result)[0]), 59.0);
    assert!(texts(&result.contributions, "indicator").contains(&"veto"));
    assert_eq!(texts(&result.scores, "consequence")[0], "talk");
}

#[test]
fn two_years_incompetent_lead_to_study_of_an_adjustment() {
    let villages = [("t", "v1", None), ("t", "v2", None), ("t", "v3", None)];
    let columns = [("x", vec![Some(1.0); 3]), ("y", vec![Some(9.0); 3]), ("z", vec![Some(9.0); 3])];
    let mut tables = book(&villages, &columns);
    let posts = Build::new()
        .str("village", &["v1", "v2", "v3"])
        .str("post", &["secretary"; 3])
        .str("person", &["R1", "R2", "R3"]);
    set(&mut tables, "posts", posts);
    let appraisals = Build::new()
        .str("village", &["v1", "v1", "v2", "v3", "v3"])
        .str("person", &["R1", "R1", "R2", "R3", "R3"])
        .whole("year", [2024, 2025, 2024, 2024, 2025].map(Some).to_vec())
        .str("grade", &["incompetent", "incompetent", "incompetent", "incompetent", "competent"]);
    set(&mut tables, "appraisals", appraisals);
    let result = run(&tables, &policy(BARE));
    let reasons = texts(&result.scores, "consequence_reason");
    // v1 appraised twice; v2 once, the second computed here; v3 formally appraised as competent.
    assert_eq!(texts(&result.scores, "consequence"), ["adjustment_study", "adjustment_study", "talk"]);
    assert!(
        !reasons[0].contains("测算") && reasons[1].contains("测算") && reasons[0].contains("第三十三条"),
        "{reasons:?}"
    );
    let ids = texts(&result.scores, "rec_id");
    assert!(ids.iter().all(|id| id.starts_with('T')) && ids[0] != ids[1]);
}

#[test]
fn caps_of_a_township_and_the_last_of_a_class_leave_ties_out() {
    // Eight villages of each of two townships, two places each; a tie across the second place in u.
    let names: Vec<String> = (0..16).map(|i| format!("v{i:02}")).collect();
    let villages: Vec<Village> =
        names.iter().enumerate().map(|(i, v)| (if i < 8 { "t" } else { "u" }, v.as_str(), Some("ordinary"))).collect();
    let z: Vec<Option<f64>> =
        [100.0, 98.0, 96.0, 50.0, 50.0, 50.0, 50.0, 20.0, 100.0, 98.0, 98.0, 50.0, 50.0, 50.0, 50.0, 30.0]
            .map(Some)
            .to_vec();
    let columns = [("x", vec![Some(10.0); 16]), ("y", vec![Some(0.0); 16]), ("z", z)];
    let rules = "[score.consequences]\nlast_in_class.when.share = 0.0625\nlow_in_class.when.share = 0.20";
    let result = run(&book(&villages, &columns), &policy(&format!("{BARE}{rules}")));
    let grades = texts(&result.scores, "grade");
    assert_eq!(
        (&grades[..3], &grades[8..11]),
        (&["excellent", "excellent", "competent"][..], &["excellent", "competent", "competent"][..])
    );
    assert!(texts(&result.scores, "grade_reason")[2].contains("名额为2个"));
    // 6.25% of 16 is the last one; 20% are three, but the third ties with eight others.
    let consequences = texts(&result.scores, "consequence");
    assert_eq!((consequences[7], consequences[15], consequences[14]), ("talk", "reminder", "none"));
}

#[test]
fn small_classes_are_compared_as_the_policy_says() {
    let bare = x_by("{ type = \"percentile\" }");
    let classes = ["weak", "weak", "weak", "weak", "weak", "strong", "suburban", "suburban", "cluster", "cluster"];
    let names: Vec<String> = (0..10).map(|i| format!("v{i}")).collect();
    let villages: Vec<Village> = names.iter().zip(classes).map(|(v, c)| ("t", v.as_str(), Some(c))).collect();
    let columns = [("x", (0..10).map(|i| Some(f64::from(i))).collect()), ("y", vec![Some(0.0); 10])];
    let points = |text: &str| -> (Vec<Option<f64>>, String) {
        let result = run(&book(&villages, &columns), &policy(text));
        let at = texts(&result.contributions, "indicator");
        let points = numbers(&result.contributions, "points");
        let x = at.iter().zip(points).filter(|(k, _)| **k == "x").map(|(_, p)| p).collect();
        (x, texts(&result.scores, "grade_reason")[5].to_owned())
    };
    let (x, reason) = points(&bare);
    // Within the five weak ones; the others against all ten.
    assert_eq!(x[..5], [10.0, 30.0, 50.0, 70.0, 90.0].map(Some));
    assert_eq!(x[5..], [55.0, 65.0, 75.0, 85.0, 95.0].map(Some));
    assert!(reason.contains("按全县比较") && reason.contains("不足5个"), "{reason}");
    let (x, reason) = points(&format!("{bare}[score.class]\nsmall = \"merge\"\n"));
    assert_eq!(x[5..], [10.0, 30.0, 50.0, 70.0, 90.0].map(Some));
    assert!(reason.contains("合并比较"), "{reason}");
    // Without a class a village is `unclassified`, a class of its own.
    let result = run(&book(&[("t", "v", None)], &columns.map(|(n, v)| (n, v[..1].to_vec()))), &policy(&bare));
    assert_eq!(texts(&result.scores, "class"), ["unclassified"]);
    // A class of one: the middle, rank 1 of 1.
    assert_eq!(numbers(&result.contributions, "points")[0], Some(50.0));
    assert_eq!(frame::wholes(&result.scores, "rank_in_class").expect("ranks"), [Some(1)]);
}

#[test]
fn the_villages_own_target_goes_before_the_common_one() {
    let text = x_by("{ type = \"target\", value = 10, list = true }");
    let villages = [("t", "v1", None), ("t", "v2", None), ("t", "v3", None)];
    let mut tables = book(&villages, &[("x", vec![Some(5.0); 3]), ("y", vec![Some(0.0); 3])]);
    let targets = Build::new()
        .str("village", &["v1", "v1", "v2"])
        .whole("period", [2025, 2024, 2025].map(Some).to_vec())
        .str("target", &["x"; 3])
        .number("planned", [20.0, 1.0, 8.0].map(Some).to_vec())
        .number("done", vec![None, None, Some(6.0)])
        .date("finished", vec![None; 3]);
    set(&mut tables, "targets", targets);
    let result = run(&tables, &policy(&text));
    let points: Vec<_> = numbers(&result.contributions, "points").into_iter().step_by(3).collect();
    // 5 of 20; 6 of 8 by the list; 5 of the common 10.
    assert_eq!(points, [25.0, 75.0, 50.0].map(Some));
    assert_eq!(numbers(&result.contributions, "value")[3], Some(6.0));
}

#[test]
fn missing_counts_as_zero_only_where_the_policy_says_so() {
    let villages = [("t", "v1", None)];
    let tables = book(&villages, &[("x", vec![Some(10.0)]), ("y", vec![None]), ("z", vec![Some(100.0)])]);
    let zero = BARE.replace("direction = ", "missing = \"zero\", direction = ");
    close(numbers(&run(&tables, &policy(BARE)).scores, "score")[0], 100.0);
    let result = run(&tables, &policy(&zero));
    close(numbers(&result.scores, "score")[0], 62.5);
    close(numbers(&result.scores, "measured_weight")[0], 0.625);
}

#[test]
fn what_comes_after_the_reference_date_changes_nothing() {
    let villages = [("t", "v1", None), ("t", "v2", None)];
    let columns = [("x", vec![Some(5.0), Some(7.0)]), ("y", vec![Some(2.0); 2]), ("z", vec![Some(40.0); 2])];
    let mut tables = book(&villages, &columns);
    let before = run(&tables, &policy(BARE));
    let now = tables.get("indicators").clone();
    for year in [2026_i64, 9999] {
        let mut later = now.clone();
        later.with_column(Column::new("period".into(), vec![year; 2])).expect("a column");
        later.with_column(Column::new("x".into(), vec![0.0; 2])).expect("a column");
        tables.set("indicators", tables.get("indicators").vstack(&later).expect("one schema")).expect("indicators");
    }
    let appraisals = Build::new()
        .str("village", &["v1"])
        .str("person", &["R1"])
        .whole("year", vec![Some(2026)])
        .str("grade", &["incompetent"]);
    set(&mut tables, "appraisals", appraisals);
    ledger(&mut tables, &[("v1", "2025-05-01", Some("2026-03-01"), "case_filed", Some("secretary"), None)]);
    let after = run(&tables, &policy(BARE));
    assert!(before.scores.equals_missing(&after.scores) && before.ranks.equals_missing(&after.ranks));
}

#[test]
fn the_first_rank_has_the_probability_of_the_closed_form() {
    // Two villages, equal weights drawn uniformly from the simplex: P(first) is the sum over d_j > 0
    // of d_j^(n−1) / Π_{k≠j} (d_j − d_k) for differences d of points; 0.45 for 3, −1, −2.
    let text = r#"
[score.nodes]
measured.weight = 0
organisation.weight = 0
villagers.weight = 0
all = { label = "全部", weight = 1 }
[score.indicators]
p = { label = "p", parent = "all", weight = 1, rule = { type = "goalposts", low = 0, high = 100 } }
q = { label = "q", parent = "all", weight = 1, rule = { type = "goalposts", low = 0, high = 100 } }
r = { label = "r", parent = "all", weight = 1, rule = { type = "goalposts", low = 0, high = 100 } }
[score.sensitivity]
draws = 20000
concentration = 3
"#;
    let (exact, draws) = (0.45_f64, 20_000.0);
    for space in ["node", "leaf"] {
        let columns = [
            ("p", vec![Some(80.0), Some(50.0)]),
            ("q", vec![Some(40.0), Some(50.0)]),
            ("r", vec![Some(30.0), Some(50.0)]),
        ];
        let tables = book(&[("t", "v1", None), ("t", "v2", None)], &columns);
        let result = run(&tables, &policy(&format!("{text}space = \"{space}\"\n")));
        let top = numbers(&result.ranks, "p_top");
        let error = (exact * (1.0 - exact) / draws).sqrt();
        assert!(top[0].is_some_and(|p| (p - exact).abs() < 4.0 * error), "{space}: {top:?}");
        close(top[0].zip(top[1]).map(|(a, b)| a + b), 1.0);
        close(numbers(&result.ranks, "rank_mean")[0], 2.0 - top[0].unwrap_or_default());
        // Rank 1 in 45% of the draws: the fifth percentile is 1, the median and the 95th are 2.
        let rank = |name: &str| frame::wholes(&result.ranks, name).expect("ranks")[0];
        assert_eq!((rank("rank_p05"), rank("rank_median"), rank("rank_p95")), (Some(1), Some(2), Some(2)));
    }
}

/// Many villages with gaps, classes, adjustments and vetoes, by the default policy.
fn county(seed: u64, county: &str, n: usize, missing: f64) -> Tables {
    let mut draw = Draw::named(seed, county, 0);
    let (mut township, mut village, mut class) = (vec![], vec![], vec![]);
    for unit in 0..n {
        township.push(format!("镇{}", unit % 7));
        village.push(format!("{county}{:03}{:03}", 100 + unit % 7, 200 + unit / 7));
        class.push(["strong", "ordinary", "weak", "suburban"].get(draw.index(5)).copied());
    }
    let mut tables = Tables::default();
    let keys = || Build::new().str("county", &vec![county; n]).str("township", &township).str("village", &village);
    set(&mut tables, "villages", keys().text("class", class));
    let mut indicators = keys().whole("period", vec![Some(2025); n]);
    let names: Vec<String> = Policy::default().score.columns().map(|(c, _)| c.to_owned()).collect();
    for name in &names {
        let values = (0..n).map(|_| (!draw.chance(missing)).then(|| draw.below(101) as f64));
        indicators = indicators.number(name, values.collect());
    }
    set(&mut tables, "indicators", indicators);
    let events: Vec<Entry> = village
        .iter()
        .filter(|_| draw.chance(0.1))
        .map(|v| (v.as_str(), "2025-04-01", None, "case_filed", Some("secretary"), None))
        .collect();
    ledger(&mut tables, &events);
    let events = tables.get("events").clone().lazy().with_column(lit(county).alias("county"));
    let events = frame::collect(events).expect("a plan");
    tables.set("events", events).expect("events");
    tables
}

fn same(a: &Scores, b: &Scores) -> bool {
    a.tables().iter().zip(b.tables()).all(|((_, a), (_, b))| a.equals_missing(&b))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn contributions_weights_and_places_add_up(seed in any::<u64>(), n in 1_usize..90, missing in 0.0..1.0_f64) {
        let mut policy = Policy::default();
        policy.score.sensitivity.draws = 50;
        let result = run(&county(seed, "990121", n, missing), &policy);
        let scores = numbers(&result.scores, "score");
        for (score, sum) in scores.iter().zip(sums(&result)) {
            prop_assert!((score.unwrap_or(0.0) - sum).abs() < 1e-9);
            prop_assert!(score.is_none_or(|s| (0.0..=100.0).contains(&s)));
        }
        let mut weights = std::collections::BTreeMap::<&str, f64>::new();
        for (village, weight) in
            texts(&result.contributions, "village").into_iter().zip(numbers(&result.contributions, "weight"))
        {
            *weights.entry(village).or_default() += weight.unwrap_or(0.0);
        }
        for (village, score) in texts(&result.scores, "village").iter().zip(&scores) {
            let wanted = if score.is_some() { 1.0 } else { 0.0 };
            prop_assert!((weights[village] - wanted).abs() < 1e-9);
        }
        let rated = scores.iter().flatten().count();
        let k = (rated / 10).max(1).min(rated) as f64;
        for name in ["p_top", "p_bottom"] {
            let sum: f64 = numbers(&result.ranks, name).into_iter().flatten().sum();
            prop_assert!((sum - k).abs() < 1e-6, "{name}: {sum}, {k}");
        }
        // No township has more excellent villages than its places.
        for township in 0..7 {
            let name = format!("镇{township}");
            let here = texts(&result.scores, "township").into_iter().zip(texts(&result.scores, "grade"));
            let grades: Vec<&str> = here.filter(|(t, g)| *t == name && *g != "not_rated").map(|(_, g)| g).collect();
            prop_assert!(grades.iter().filter(|g| **g == "excellent").count() <= grades.len() / 4);
        }
        for name in ["grade_reason", "consequence_reason"] {
            let unsaid = texts(&result.scores, name).into_iter().find(|t| t.contains("score-") || t.contains("{"));
            prop_assert_eq!(unsaid, None);
        }
    }

    #[test]
    fn a_better_value_never_lowers_the_score(seed in any::<u64>(), unit in 0_usize..40, leaf in 0_usize..18) {
        let mut policy = Policy::default();
        policy.score.sensitivity.draws = 0;
        let tables = county(seed, "990121", 40, 0.1);
        let (key, indicator) = policy.score.indicators.get_index(leaf).expect("eighteen indicators");
        let mut better = tables.clone();
        let mut values = numbers(tables.get("indicators"), key);
        if let Some(value) = values[unit] {
            values[unit] = Some((value + 17.0 * indicator.direction.sign()).clamp(0.0, 200.0));
            let mut frame = tables.get("indicators").clone();
            frame.with_column(Column::new(key.as_str().into(), values)).expect("a column");
            better.set("indicators", frame).expect("indicators");
            let (before, after) = (run(&tables, &policy), run(&better, &policy));
            let village = texts(tables.get("villages"), "village")[unit];
            let at = texts(&before.scores, "village").iter().position(|v| *v == village).expect("scored");
            let score = |s: &Scores| numbers(&s.scores, "score")[at];
            prop_assert!(score(&after).zip(score(&before)).is_none_or(|(a, b)| a >= b - 1e-9));
            let rank = |s: &Scores| frame::wholes(&s.scores, "rank").expect("ranks")[at];
            prop_assert!(rank(&after) <= rank(&before));
        }
    }
}

#[test]
fn neither_order_nor_company_nor_threads_change_anything() {
    let policy = Policy::default();
    let (one, two) = (county(3, "990121", 150, 0.2), county(4, "990122", 90, 0.2));
    let alone = run(&one, &policy);
    // Rows of every table turned round.
    let mut turned = Tables::default();
    for (table, frame) in one.iter() {
        turned.set(table.name, frame.reverse()).expect("the same columns");
    }
    assert!(same(&alone, &run(&turned, &policy)));
    // A second county behind the first.
    let mut both = Tables::default();
    for (table, frame) in one.iter() {
        both.set(table.name, frame.vstack(two.get(table.name)).expect("one schema")).expect("the same columns");
    }
    let together = run(&both, &policy);
    for ((_, alone), (_, together)) in alone.tables().iter().zip(together.tables()) {
        assert!(alone.equals_missing(&together.head(Some(alone.height()))));
    }
    for threads in [1, 2, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        assert!(same(&together, &pool.install(|| run(&both, &policy))), "{threads} threads");
    }
}

#[test]
fn protected_attributes_change_no_score() {
    let mut tables = county(5, "990121", 60, 0.1);
    let people = |sex: &str, ethnicity: &str| {
        let names: Vec<String> = (0..60).map(|i| format!("R{i}")).collect();
        Build::new()
            .str("person", &names)
            .text("sex", (0..60).map(|i| if i % 2 == 0 { Some(sex) } else { None }).collect::<Vec<_>>())
            .str("ethnicity", &vec![ethnicity; 60])
    };
    set(&mut tables, "people", people("male", "汉族"));
    let before = run(&tables, &Policy::default());
    set(&mut tables, "people", people("female", "回族"));
    assert!(same(&before, &run(&tables, &Policy::default())));
}

#[test]
fn the_ends_of_the_scale_have_documented_results() {
    let default = Policy::default();
    let nothing = run(&Tables::default(), &default);
    assert!(nothing.tables().iter().all(|(_, frame)| frame.height() == 0));
    let columns = |at: usize| {
        nothing.tables()[at].1.get_column_names().iter().map(|c| c.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        columns(0),
        "county township village village_name class period person score base bonus penalty veto measured_weight grade \
         grade_reason consequence consequence_reason rank rank_in_class rank_low rank_high p_top p_bottom rec_id"
    );
    assert_eq!(
        columns(1),
        "county township village village_name source area indicator label value points weight contribution"
    );
    assert_eq!(
        columns(2),
        "county township village village_name rank rank_mean rank_p05 rank_median rank_p95 p_top p_bottom draws \
         p_excellent p_competent p_basic p_incompetent"
    );
    // Villages without any indicator row.
    let mut tables = Tables::default();
    set(&mut tables, "villages", Build::new().str("county", &["c"]).str("village", &["v"]));
    let result = run(&tables, &default);
    assert_eq!(texts(&result.scores, "grade"), ["not_rated"]);
    assert!(texts(&result.scores, "grade_reason")[0].contains("暂不评定"));
    // Indicators without a village table.
    let mut tables = book(&[("t", "v1", None), ("t", "v2", None)], &[("party_score", vec![Some(80.0); 2])]);
    set(&mut tables, "villages", Build::new().str::<&str>("village", &[]));
    assert_eq!(run(&tables, &default).scores.height(), 2);
    // All missing, and all equal: everyone ties on the first rank and shares the places.
    let villages: Vec<String> = (0..20).map(|i| format!("v{i:02}")).collect();
    let villages: Vec<Village> = villages.iter().map(|v| ("t", v.as_str(), Some("weak"))).collect();
    let result = run(&book(&villages, &[("x", vec![None; 20])]), &policy(BARE));
    assert!(numbers(&result.scores, "score").iter().all(Option::is_none));
    let columns = [("x", vec![Some(5.0); 20]), ("y", vec![Some(1.0); 20]), ("z", vec![Some(50.0); 20])];
    let result = run(&book(&villages, &columns), &policy(BARE));
    assert!(frame::wholes(&result.scores, "rank").expect("ranks").iter().all(|r| *r == Some(1)));
    numbers(&result.ranks, "p_top").into_iter().for_each(|p| assert!(p.is_some_and(|p| (p - 0.1).abs() < 1e-9)));
    assert!(texts(&result.scores, "consequence").iter().all(|c| *c == "reminder"), "basic, and nobody is last");
    // NaN and infinities are no values.
    let villages = [("t", "v1", None), ("t", "v2", None)];
    let columns =
        [("x", vec![Some(f64::NAN), Some(f64::INFINITY)]), ("y", vec![Some(0.0); 2]), ("z", vec![Some(1e308); 2])];
    close(numbers(&run(&book(&villages, &columns), &policy(BARE)).scores, "score")[0], 100.0);
}

#[test]
fn a_panel_holds_the_points_of_every_year_known() {
    let villages = [("t", "v1", None), ("t", "v2", None)];
    let mut tables = book(&villages, &[("x", vec![Some(5.0), None]), ("y", vec![Some(2.0); 2])]);
    let mut all = tables.get("indicators").clone();
    for year in [2024_i64, 2026] {
        let mut other = all.head(Some(2));
        other.with_column(Column::new("period".into(), vec![year; 2])).expect("a column");
        other.with_column(Column::new("x".into(), vec![8.0; 2])).expect("a column");
        all = all.vstack(&other).expect("one schema");
    }
    tables.set("indicators", all).expect("indicators");
    let policy = policy(BARE);
    let ctx = Context { policy: &policy, as_of: day("2026-01-31"), seed: 1, lang: Lang::En };
    let panel = panel(&tables, &ctx).expect("the schema's tables");
    assert_eq!(
        (&panel.periods[..], &panel.indicators[..]),
        (&[2024, 2025][..], &["x", "y", "z"].map(String::from)[..])
    );
    assert_eq!(panel.row(0, 0), [Some(80.0), Some(80.0), None]);
    assert_eq!(panel.row(0, 1), [Some(50.0), Some(80.0), None]);
    assert_eq!(panel.row(1, 1), [None, Some(80.0), None]);
}

#[test]
fn contradictions_in_the_policy_are_named_with_their_key() {
    for (text, key, words) in [
        ("[score.nodes.measured]\nparent = \"party\"", "score.nodes.measured.parent", "circle"),
        ("[score.nodes.party]\nparent = \"mesured\"", "score.nodes.party.parent", "did you mean `measured`"),
        ("[score.indicators.petitions]\nparent = \"governence\"", "score.indicators.petitions.parent", "`governance`"),
        ("[score.indicators.organisation_score]\nweight = 0", "score.nodes.organisation", "nothing below it"),
        ("[score.nodes.party]\nweight = -1", "score.nodes.party.weight", "0 or more"),
        ("[score.indicators.petitions]\ncolumn = \"sex\"", "score.indicators.petitions", "protected"),
        ("[score.indicators.petitions]\naliases = [\"民族\"]", "score.indicators.petitions.aliases", "protected"),
        (
            "[score.indicators.ethnicity]\nlabel=\"x\"\nweight=1\nrule={type=\"rank\"}",
            "score.indicators.ethnicity",
            "protected",
        ),
        ("[score.class]\ncolumn = \"sex\"", "score.class.column", "protected"),
        ("[score.class]\ncolumn = \"households\"", "score.class.column", "text column"),
        ("[score.indicators.petitions.rule]\npoints = 2", "score.indicators.petitions.rule", "direction"),
        ("[score.vetoes.investigated]\nkinds = [\"case_file\"]", "score.vetoes.investigated.kinds", "`case_filed`"),
        ("[score.vetoes.investigated]\ngrade = \"bad\"", "score.vetoes.investigated.grade", "competent"),
        ("[[score.grades]]\ngrade = \"excellent\"\nmin = 90", "score.grades", "begin at 0"),
        ("[score]\nmin_measured_weight = 60", "score.min_measured_weight", "between 0 and 1"),
        (
            "[score.consequences.basic]\nwhen = { type = \"bottom\", share = 5 }",
            "score.consequences.basic.when",
            "between 0 and 1",
        ),
        ("[score.sensitivity]\nconcentration = 0", "score.sensitivity.concentration", "positive"),
        ("[score.nodes.party]\neffective = \"2026年\"", "score.nodes.party.effective", "no date"),
    ] {
        let message = refused(text);
        assert!(message.contains(&format!("`{key}`")) && message.contains(words), "{text}\n{message}");
    }
    assert!(refused("[score.indicators.petitions]\nwieght = 3").contains("did you mean `weight`?"));
    // A rule of another type replaces the default's parameters as a whole.
    policy("[score.indicators.petitions]\nrule = { type = \"goalposts\", low = 0, high = 20 }");
}

/// The bare policy with other keys in `[score]`.
fn with(keys: &str) -> String {
    BARE.replace("[score]\n", &format!("[score]\n{keys}\n"))
}

#[test]
fn a_county_scores_by_any_method_of_the_engine() {
    let villages = [("t", "v1", Some("weak")), ("t", "v2", Some("weak")), ("t", "v3", Some("weak"))];
    let columns = [
        ("x", vec![Some(4.0), Some(9.0), None]),
        ("y", vec![Some(1.0), Some(3.6), Some(1.9)]),
        ("z", vec![Some(50.0), Some(36.0), Some(64.0)]),
    ];
    let book = book(&villages, &columns);
    // √(40 · 90) and √(90 · 64) below an arithmetic mean; v3 gets the median of x, 6.5.
    let text = with("impute = { type = \"median\", within = \"class\" }")
        .replace("label = \"甲\", ", "label = \"甲\", aggregate = { type = \"geometric\" }, ");
    let result = run(&book, &policy(&text));
    let scores = numbers(&result.scores, "score");
    close(scores[0], 0.75 * 60.0 + 0.25 * 50.0);
    close(scores[1], 0.75 * (90.0_f64 * 64.0).sqrt() + 0.25 * 36.0);
    close(scores[2], 0.75 * (65.0_f64 * 81.0).sqrt() + 0.25 * 64.0);
    // What is imputed has points and no value, and is not measured.
    close(numbers(&result.scores, "measured_weight")[2], 0.625);
    let lines = &result.contributions;
    let of_v3: Vec<usize> = (0..lines.height()).filter(|&i| texts(lines, "village")[i] == "v3").collect();
    let (values, points) = (numbers(lines, "value"), numbers(lines, "points"));
    assert_eq!((values[of_v3[0]], points[of_v3[0]]), (None, Some(65.0)));
    // No weights; contributions add up from a baseline.
    assert!(numbers(lines, "weight").iter().all(Option::is_none));
    assert_eq!(texts(lines, "indicator").iter().filter(|key| **key == "baseline").count(), 3);
    sums(&result).into_iter().zip(scores).for_each(|(sum, score)| close(score, sum));
}

#[test]
fn values_are_divided_by_columns_of_either_table() {
    let villages = [("t", "v1", None), ("t", "v2", None)];
    let mut tables = book(&villages, &[("x", vec![Some(10.0), Some(30.0)]), ("y", vec![Some(2.0), Some(0.0)])]);
    let keys = Build::new().str("county", &["990121"; 2]).str("township", &["t"; 2]).str("village", &["v1", "v2"]);
    set(&mut tables, "villages", keys.whole("households", vec![Some(2), Some(5)]));
    // By the village's households: 5 and 6 of 10. By a column of the indicators, 0 of which divides nothing.
    for (column, wanted) in [("households", [Some(50.0), Some(60.0)]), ("y", [Some(50.0), None])] {
        let text = BARE
            .replace("label = \"甲一\", ", &format!("label = \"甲一\", denominator = {{ column = \"{column}\" }}, "));
        let points: Vec<_> =
            numbers(&run(&tables, &policy(&text)).contributions, "points").into_iter().step_by(3).collect();
        assert_eq!(points, wanted, "{column}");
    }
}

#[test]
fn counties_are_told_how_they_stand_against_each_other() {
    let villages = [("t", "v1", None), ("t", "v2", None), ("t", "v3", None)];
    let columns = [
        ("x", vec![Some(4.0), Some(6.0), None]),
        ("y", vec![Some(1.0), Some(3.0), Some(2.0)]),
        ("z", vec![Some(50.0), Some(30.0), None]),
    ];
    let mut tables = book(&villages, &columns);
    assert_eq!(run(&tables, &policy(BARE)).county_benchmarks.height(), 0);
    // Two more counties: one that does better, one of which nothing is known.
    let better = [("x", vec![Some(8.0)]), ("y", vec![Some(2.0)]), ("z", vec![Some(30.0)])];
    let none = ["x", "y", "z"].map(|name| (name, vec![None]));
    for (county, columns) in [("990122", &better[..]), ("990123", &none[..])] {
        let other = book(&villages[..1], columns);
        for name in ["villages", "indicators"] {
            let mut frame = other.get(name).clone();
            frame.with_column(Column::new("county".into(), vec![county])).expect("a column");
            let both =
                tables.get(name).vstack(&frame.select(tables.get(name).get_column_names_owned()).expect("one schema"));
            tables.set(name, both.expect("one schema")).expect("the same columns");
        }
    }
    let found = run(&tables, &policy(BARE)).county_benchmarks;
    assert_eq!(texts(&found, "indicator")[..6], ["score", "all", "a", "x", "y", "b"]);
    let at = |county: &str, key: &str| {
        let rows = texts(&found, "county").into_iter().zip(texts(&found, "indicator"));
        rows.into_iter().position(|row| row == (county, key)).expect("a row")
    };
    let (x, whole) = (at("990121", "x"), at("990121", "score"));
    // The third village is not rated: 40 and 60; 80 in the other county.
    let told = |name: &str, row: usize| numbers(&found, name)[row];
    assert_eq!(frame::wholes(&found, "villages").expect("counts")[x], Some(2));
    [("points", 50.0), ("median", 65.0), ("gap", 30.0), ("value", 5.0)]
        .iter()
        .for_each(|(name, wanted)| close(told(name, x), *wanted));
    assert_eq!((texts(&found, "best_county")[x], told("value", whole)), ("990122", None));
    let none = at("990123", "x");
    assert_eq!((told("points", none), told("gap", none), told("median", none)), (None, None, Some(65.0)));
}

/// Where weights hardly move, every draw ranks as the policy does; among villages of small classes too.
#[test]
fn ranges_lie_around_the_rank_in_every_scope() {
    let mut tables = county(8, "990121", 150, 0.1);
    let other = county(9, "990122", 80, 0.1);
    for name in ["villages", "indicators", "events"] {
        let both = tables.get(name).vstack(other.get(name)).expect("one schema");
        tables.set(name, both).expect("the same columns");
    }
    for scope in ["township", "class", "county", "all"] {
        for small in ["county", "merge"] {
            let text = format!(
                "[score]\nscope = \"{scope}\"\n[score.class]\nmin_units = 40\nsmall = \"{small}\"\n[score.sensitivity]\ndraws = 40\nconcentration = 1e15\n"
            );
            let ranks = run(&tables, &policy(&text)).ranks;
            let rank = frame::wholes(&ranks, "rank").expect("ranks");
            assert!(rank.iter().flatten().count() > 200);
            for (rank, mean) in rank.iter().zip(numbers(&ranks, "rank_mean")) {
                let mean = mean.map(|mean| (mean * 1e6).round() / 1e6);
                assert_eq!(rank.map(|r| r as f64), mean, "{scope} {small}");
            }
        }
    }
}

#[test]
fn any_choice_can_be_declared_uncertain() {
    let tables = county(11, "990121", 60, 0.1);
    let text = r#"
[score.uncertainty]
draws = 300
top = { count = 5 }
[score.uncertainty.factors.weights]
type = "weights"
law = { type = "noise", share = 0.25 }
[score.uncertainty.factors.aggregate]
type = "aggregate"
options = [{ type = "arithmetic" }, { type = "geometric" }]
[score.uncertainty.factors.income]
type = "rule"
indicators = ["collective_income"]
options = [{ type = "percentile" }, { type = "min_max" }]
"#;
    let declared = run(&tables, &policy(text));
    let plain = run(&tables, &Policy::default());
    assert!(
        declared.scores.column("score").expect("scores").equals_missing(plain.scores.column("score").expect("scores"))
    );
    assert!(frame::wholes(&declared.ranks, "draws").expect("draws").iter().flatten().all(|draws| *draws == 300));
    assert!((numbers(&declared.ranks, "p_top").into_iter().flatten().sum::<f64>() - 5.0).abs() < 1e-6);
    assert!(!declared.ranks.equals_missing(&plain.ranks));
    for threads in [1, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        assert!(same(&declared, &pool.install(|| run(&tables, &policy(text)))), "{threads} threads");
    }
}

/// Indicators with these values for one village.
fn with_values(tables: &Tables, village: &str, changes: &[(&str, f64)]) -> Tables {
    let mut out = tables.clone();
    let mut indicators = tables.get("indicators").clone();
    let at = texts(&indicators, "village").iter().position(|key| *key == village).expect("a row");
    for (column, value) in changes {
        let mut values = numbers(&indicators, column);
        values[at] = Some(*value);
        indicators.with_column(Column::new((*column).into(), values)).expect("a column");
    }
    out.set("indicators", indicators).expect("the same columns");
    out
}

/// The change that a goal names is enough when it is made, and one step less of any part is not. The
/// levers of the default are judged by goalposts, so that nobody else moves.
#[test]
fn the_goal_of_a_village_is_what_it_takes() {
    let tables = county(14, "990121", 80, 0.1);
    let policy = policy(
        "[score]\ngrades = [{ grade = \"excellent\", min = 56, cap = 0.2 }, { grade = \"competent\", min = 52 }, { grade = \"basic\", min = 48 }, { grade = \"incompetent\", min = 0 }]\n",
    );
    let ctx = Context { policy: &policy, as_of: day("2026-01-31"), seed: 7, lang: Lang::Zh };
    let scores = run(&tables, &policy).scores;
    let levers = policy.score.goals.as_ref().expect("the default's");
    let grade_of = |tables: &Tables, village: &str| {
        let scores = run(tables, &policy).scores;
        let at = texts(&scores, "village").iter().position(|key| *key == village).expect("a village");
        texts(&scores, "grade")[at].to_owned()
    };
    let mut outcomes = std::collections::BTreeMap::<&str, u32>::new();
    let mut tried = 0;
    for (at, village) in texts(&scores, "village").into_iter().enumerate() {
        let goal = touyan::score::goal(&tables, &ctx, village).expect("the schema's tables");
        let grade = texts(&scores, "grade")[at];
        let Some(goal) = goal else {
            assert_eq!(grade, "not_rated");
            continue;
        };
        *outcomes.entry(goal.outcome).or_default() += 1;
        match goal.outcome {
            "best" => assert_eq!(grade, "excellent"),
            "vetoed" => assert!(!texts(&scores, "veto")[at].is_empty()),
            "reached" if tried < 12 => {
                tried += 1;
                let next = goal.next_grade.clone().expect("a grade");
                let score = numbers(&scores, "score")[at].expect("a score");
                close(goal.gap, (goal.target.expect("a target") - score).max(0.0));
                let changes: Vec<(&str, f64)> = goal.changes.iter().map(|c| (c.indicator.as_str(), c.to)).collect();
                assert_eq!(grade_of(&with_values(&tables, village, &changes), village), next, "{goal:?}");
                for (place, change) in goal.changes.iter().enumerate() {
                    let step = (change.to - change.from) / change.steps as f64;
                    assert!((step.abs() - levers.indicators[&change.indicator].step).abs() < 1e-9);
                    let mut less = changes.clone();
                    less[place].1 -= step;
                    assert_ne!(grade_of(&with_values(&tables, village, &less), village), next, "{goal:?}");
                }
            }
            _ => {}
        }
    }
    assert!(tried == 12 && outcomes.contains_key("vetoed") && outcomes.contains_key("best"), "{outcomes:?}");
    assert_eq!(touyan::score::goal(&tables, &ctx, "nobody").expect("tables"), None);
}

/// Two equally likely rules for one indicator: in each draw the grades are those that the stage awards
/// by that rule alone, caps of townships and vetoes included.
#[test]
fn grades_are_awarded_anew_in_every_draw() {
    let grades = ["excellent", "competent", "basic", "incompetent"];
    let mut tables = county(12, "990121", 140, 0.1);
    let other = county(13, "990122", 70, 0.1);
    for name in ["villages", "indicators", "events"] {
        let both = tables.get(name).vstack(other.get(name)).expect("one schema");
        tables.set(name, both).expect("the same columns");
    }
    let options = ["goalposts\", low = 40, high = 60", "goalposts\", low = 90, high = 91"];
    let rule = |option: &str| format!("[score.indicators.party_score]\nweight = 9\nrule = {{ type = \"{option} }}\n");
    for scope in ["county", "township", "class", "all"] {
        // Lower lines and a narrow cap, so that all grades and the cap decide.
        let head = format!(
            "[score]\nscope = \"{scope}\"\ngrades = [{{ grade = \"excellent\", min = 50, cap = 0.2 }}, \
             {{ grade = \"competent\", min = 45 }}, {{ grade = \"basic\", min = 40 }}, \
             {{ grade = \"incompetent\", min = 0 }}]\n"
        );
        let listed = options.map(|o| format!("{{ type = \"{o} }}")).join(", ");
        let declared = format!(
            "{head}{}[score.uncertainty]\ndraws = 400\n[score.uncertainty.factors.rule]\ntype = \"rule\"\n\
             indicators = [\"party_score\"]\noptions = [{listed}]\n",
            rule(options[0])
        );
        let found = run(&tables, &policy(&declared)).ranks;
        let each = options.map(|option| run(&tables, &policy(&format!("{head}{}", rule(option)))).scores);
        let awarded = [texts(&each[0], "grade"), texts(&each[1], "grade")];
        let shares: Vec<Vec<Option<f64>>> = grades.iter().map(|g| numbers(&found, &format!("p_{g}"))).collect();
        let (mut first, mut moved, mut seen) = (None, 0, std::collections::BTreeSet::new());
        for unit in 0..found.height() {
            let [a, b] = [awarded[0][unit], awarded[1][unit]];
            if a == "not_rated" {
                assert!(shares.iter().all(|column| column[unit].is_none()));
                continue;
            }
            seen.extend([a, b]);
            let share = |grade: &str| shares[grades.iter().position(|g| *g == grade).expect("a grade")][unit];
            if a == b {
                assert_eq!(share(a), Some(1.0), "{scope}");
            } else {
                // One share of the draws for all villages.
                moved += 1;
                let of_first = *first.get_or_insert(share(a));
                assert_eq!(share(a), of_first, "{scope}");
                close(share(b), 1.0 - of_first.expect("a share"));
            }
        }
        assert!(moved > 15 && seen.len() == 4, "{scope}: {moved} {seen:?}");
        assert!(first.flatten().is_some_and(|share| (share - 0.5).abs() < 0.1), "{scope}: {first:?}");
    }
}

#[test]
fn what_a_countys_book_cannot_give_is_refused() {
    const SURE: &str = "[score.uncertainty]\ndraws = 9\n[score.uncertainty.factors.f]\ntype = ";
    for (text, key, words) in [
        ("[score.indicators.own]\nlabel = \"新\"".to_owned(), "score.indicators.own", "no `rule`"),
        ("[score.indicators.own]\nrule = { type = \"rank\" }".to_owned(), "score.indicators.own", "no `label`"),
        (
            "[score.indicators.own]\nlabel = \"新\"\n[score.rule]\ntype = \"z_score\"".to_owned(),
            "score.rule",
            "0 to 100",
        ),
        ("[score]\nimpute = { type = \"latest\" }".to_owned(), "score.impute", "other years"),
        ("[score]\nimpute = { type = \"mean\", within = \"terrain\" }".to_owned(), "score.impute", "township"),
        ("[score]\nmin_available = 2".to_owned(), "score.min_available", "between 0 and 1"),
        ("[score.uncertainty]\ndraws = 9\nfactors = {}".to_owned(), "score.uncertainty.factors", "nothing is declared"),
        (
            format!("{SURE}\"leave_out\"\n[score.uncertainty.sobol]\nbase = 8"),
            "score.uncertainty.sobol",
            "touyan score",
        ),
        (
            format!("{SURE}\"rule\"\noptions = [{{ type = \"z_score\" }}]"),
            "score.uncertainty.factors.f.options",
            "0 to 100",
        ),
        (
            format!("{SURE}\"leave_out\"\nindicators = [\"petition\"]"),
            "score.uncertainty.factors.f.indicators",
            "`petitions`",
        ),
    ] {
        let message = refused(&text);
        assert!(message.contains(&format!("`{key}`")) && message.contains(words), "{text}\n{message}");
    }
    // A rule for all indicators that have none.
    policy("[score.indicators.own]\nlabel = \"新\"\n[score.rule]\ntype = \"percentile\"");
}
