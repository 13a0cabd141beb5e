//! Matching near an earlier result: against brute force with seats, its certificate, and on files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use polars::prelude::Column;
use proptest::prelude::*;
use touyan::frame;
use touyan::matching::{ChangesRule, MatchPolicy, Proof, explain, solve};

use crate::matching::{Case, all, altered, cases, instance, pairs, prove, value, written};
use crate::matching_files::{files, stderr, text, touyan};

/// A case with an earlier result, whose pairs need not be eligible any more, and what may be lost.
fn near_cases() -> impl Strategy<Value = (Case, i64)> {
    let earlier = prop::collection::vec(prop::option::weighted(0.8, 0u32..4), 6);
    let loss = prop_oneof![Just(0i64), Just(1), Just(2), Just(500), Just(1_000_000_000)];
    (cases(), earlier, loss).prop_map(|(mut case, earlier, loss)| {
        let posts = case.instance.posts() as u32;
        let at = earlier.into_iter().take(case.instance.people).map(|post| post.filter(|post| *post < posts));
        case.instance.earlier = Some(at.collect());
        (case, loss)
    })
}

fn policy(case: &Case, loss: i64) -> MatchPolicy {
    MatchPolicy { changes: Some(ChangesRule { most_loss: loss as f64 }), ..case.policy() }
}

/// Earlier pairs that a solution lacks.
fn lost(case: &Case, pairs: &[(u32, u32)]) -> usize {
    let earlier = case.instance.earlier.as_ref().unwrap();
    let kept = pairs.iter().filter(|(post, person)| earlier[*person as usize] == Some(*post)).count();
    earlier.iter().flatten().count() - kept
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fewest_pairings_are_lost_within_the_loss((case, loss) in near_cases()) {
        let policy = policy(&case, loss);
        let solved = solve(&case.instance, &policy).unwrap();
        let Proof::Exact(exact) = &solved.proof else { panic!("proved by prices") };
        let near = exact.near.unwrap();
        let solutions = all(&case.instance);
        let best = solutions.iter().map(|s| value(&case, s)).max().unwrap();
        let within = |s: &&Vec<(u32, u32)>| {
            let value = value(&case, s);
            value[..value.len() - 1] == best[..best.len() - 1] && best[best.len() - 1] - value[value.len() - 1] <= loss
        };
        let least = solutions.iter().filter(within).map(|s| lost(&case, s)).min().unwrap();
        let found = pairs(&solved);
        prop_assert!(within(&&found), "{found:?}");
        prop_assert_eq!(near.loss, best[best.len() - 1] - value(&case, &found)[best.len() - 1]);
        prop_assert_eq!(near.changed, lost(&case, &found));
        prop_assert!(near.at_least <= least && least <= near.changed, "{near:?}, {least}");
        if loss == 0 {
            prop_assert_eq!(near.changed, near.at_least);
        }
        let written = written(&case, &policy, &solved);
        let proved = prove(&written);
        prop_assert!(proved.is_ok(), "{:?}", proved);

        // Ties and next bests are told of best solutions alone, and rightly.
        let explained = explain(&case.instance, &policy, &solved).unwrap();
        for (at, placed) in solved.placed.iter().enumerate() {
            let pair = (placed.post, placed.person);
            let other = solutions.iter().any(|s| value(&case, s) == best && !s.contains(&pair));
            prop_assert_eq!(explained.tied[at], (near.loss == 0).then_some(other));
            prop_assert_eq!(explained.next[at].is_some(), near.loss == 0);
        }
    }

    #[test]
    fn the_nearest_does_not_depend_on_the_order_of_people((case, _) in near_cases(), seed in any::<u64>()) {
        let policy = MatchPolicy { seed, ..case.policy() };
        let last = case.instance.people.saturating_sub(1) as u32;
        let mut edges: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for post in 0..case.instance.posts() {
            edges.extend(case.instance.edges(post).map(|(person, fit)| ((post as u32, last - person), fit)));
        }
        let (seats, classes) = (case.instance.seats.clone(), case.instance.classes.clone());
        let mut turned = instance(seats, classes, case.instance.people, &edges);
        turned.person_ties.reverse();
        turned.earlier = case.instance.earlier.clone().map(|at| at.into_iter().rev().collect());
        let one: BTreeSet<(u32, u32)> = pairs(&solve(&case.instance, &policy).unwrap()).into_iter().collect();
        let other: BTreeSet<(u32, u32)> =
            pairs(&solve(&turned, &policy).unwrap()).into_iter().map(|(post, person)| (post, last - person)).collect();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn tampering_with_what_is_lost_is_rejected((case, loss) in near_cases(), which in any::<prop::sample::Index>(), by in prop_oneof![Just(-1i64), Just(1)]) {
        let policy = policy(&case, loss);
        let solved = solve(&case.instance, &policy).unwrap();
        prop_assume!(!solved.placed.is_empty());
        let written = written(&case, &policy, &solved);
        let with = |table: &str, column: &str, change: &dyn Fn(&mut Vec<Option<i64>>)| altered(&written, table, column, change);
        let items: Vec<String> = frame::words(&written["match_summary"], "item").unwrap().into_iter().map(str::to_owned).collect();
        for item in ["changes_loss", "gap", "bound", "cost", "changed", "previous"] {
            let at = items.iter().position(|i| i == item).unwrap();
            prop_assert!(with("match_summary", "value", &|v| v[at] = v[at].map(|x| x + by)).is_err(), "{}", item);
        }
        let at = which.index(solved.placed.len());
        let person = case.instance.posts() + solved.placed[at].person as usize;
        prop_assert!(with("prices", "price", &|v| v[person] = v[person].map(|p| p + by)).is_err());
        // Another pair in place of one.
        let mut all = written.clone();
        let frame = all.get_mut("assignment").unwrap();
        let mut names: Vec<String> = frame::words(frame, "candidate").unwrap().into_iter().map(str::to_owned).collect();
        names[at] = format!("c{}", (solved.placed[at].person + 1) % case.instance.people as u32);
        prop_assume!(names[at] != format!("c{}", solved.placed[at].person));
        frame.with_column(Column::new("candidate".into(), names)).unwrap();
        prop_assert!(prove(&all).is_err());
    }
}

// ─── files ───────────────────────────────────────────────────────────────────

#[test]
fn an_earlier_result_is_kept_as_far_as_fits_allow() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let (edges, posts, policy, previous) = (at("e.csv"), at("posts.csv"), at("p.toml"), at("before.csv"));
    // Two seats at a; z and w tie for b. Keeping v at a costs 2 points.
    let rows = ["a,x,90", "a,y,80", "a,v,78", "b,z,70", "b,w,70"];
    fs::write(&edges, format!("vacancy,candidate,fit\n{}\n", rows.join("\n"))).unwrap();
    fs::write(&posts, "vacancy,seats\na,2\nb,1\n").unwrap();
    let rules = "[match.vacancies]\nseats = \"seats\"\n";
    let run = |rules: &str, previous: &str, out: &str| {
        fs::write(&policy, rules).unwrap();
        fs::write(at("before.csv"), previous).unwrap();
        let mut arguments = vec!["match", text(&edges), "--policy", text(&policy), "--vacancies", text(&posts)];
        let out = at(out);
        arguments.extend(["--out", text(&out)]);
        let file = at("before.csv");
        if !previous.is_empty() {
            arguments.extend(["--previous", text(&file)]);
        }
        touyan(&arguments)
    };
    let chosen = |out: &str| -> Vec<(String, Option<bool>)> {
        let table = frame::read_parquet(&at(out).join("assignment.parquet")).unwrap();
        let kept = frame::flags(&table, "kept_from_previous").unwrap();
        frame::words(&table, "candidate").unwrap().into_iter().map(str::to_owned).zip(kept).collect()
    };
    let item = |out: &str, name: &str| {
        let table = frame::read_parquet(&at(out).join("match_summary.parquet")).unwrap();
        touyan::matching::certificate::item(&table, name).unwrap()
    };
    // Whichever of the two is earlier stays: seats count for nothing, and gone names are told.
    for who in ["z", "w"] {
        let before = format!("vacancy,candidate\na,v\na,x\nb,{who}\ngone,u\n");
        let ran = run(rules, &before, who);
        assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
        let told = [("x".to_owned(), Some(true)), ("y".to_owned(), Some(false)), (who.to_owned(), Some(true))];
        assert_eq!(chosen(who), told);
        let figures = ["previous", "previous_unknown", "changed", "changed_at_least", "changes_loss", "gap"];
        assert_eq!(figures.map(|name| item(who, name)), [4, 1, 2, 2, 0, 0]);
        assert!(String::from_utf8_lossy(&ran.stdout).contains("Of 4 earlier pairings 2 are kept"));
        assert_eq!(touyan(&["verify", text(&at(who)), "--book", text(&edges)]).status.code(), Some(0));
    }
    // Two points buy the third; the proof tells the loss, and the earlier result may lie elsewhere.
    let lossy = format!("{rules}[match.changes]\nmost_loss = 2\n");
    let before = "vacancy,candidate\na,v\na,x\nb,w\n";
    let ran = run(&lossy, before, "near");
    assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
    let shown = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(shown.contains("better by more than 2 points, which earlier pairings cost"), "{shown}");
    assert_eq!(chosen("near").into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["x", "v", "w"]);
    let figures = ["changed", "changed_at_least", "changes_loss", "changes_most_loss", "gap"];
    assert_eq!(figures.map(|name| item("near", name)), [0, 0, 2, 2, 2]);
    let elsewhere = at("archive");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(&previous, elsewhere.join("before.csv")).unwrap();
    let verified = touyan(&["verify", text(&at("near")), "--book", text(&edges), "--previous", text(&elsewhere)]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
    let without = touyan(&["verify", text(&at("near")), "--book", text(&edges)]);
    assert_eq!(without.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&without.stdout).contains("add --previous"));
    fs::write(elsewhere.join("before.csv"), "vacancy,candidate\na,y\n").unwrap();
    let other = touyan(&["verify", text(&at("near")), "--book", text(&edges), "--previous", text(&elsewhere)]);
    assert_eq!(other.status.code(), Some(1));
    // Any order of rows of either file gives the same.
    let turned: Vec<&str> = rows.into_iter().rev().collect();
    fs::write(&edges, format!("vacancy,candidate,fit\n{}\n", turned.join("\n"))).unwrap();
    assert_eq!(run(&lossy, "vacancy,candidate\nb,w\na,x\na,v\n", "turned").status.code(), Some(0));
    let (mut one, mut other) = (files(&at("near")), files(&at("turned")));
    one.remove("run.json");
    other.remove("run.json");
    assert_eq!(one, other);
    // An output is an earlier result as it is; without the option there is no such column.
    let output = at("near").join("assignment.parquet");
    let again = touyan(&["match", text(&edges), "--previous", text(&output), "--json"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("\"changed\""), "{}", stderr(&again));
    assert_eq!(run(rules, "", "plain").status.code(), Some(0));
    let plain = frame::read_parquet(&at("plain").join("assignment.parquet")).unwrap();
    assert!(!frame::has(&plain, "kept_from_previous"));
}

#[test]
fn what_stands_against_an_earlier_result_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, policy, people, previous) =
        (dir.path().join("e.csv"), dir.path().join("p.toml"), dir.path().join("c.csv"), dir.path().join("before.csv"));
    fs::write(&edges, "vacancy,candidate,fit\na,x,1\nb,y,2\n").unwrap();
    fs::write(&people, "candidate,sex\nx,female\ny,male\n").unwrap();
    let told = |rules: &str, before: &str, more: &[&str], words: &[&str]| {
        fs::write(&policy, rules).unwrap();
        fs::write(&previous, before).unwrap();
        let output = touyan(&[&["match", text(&edges), "--policy", text(&policy)], more].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{word:?} in {said}"));
    };
    let before = "vacancy,candidate\na,x\n";
    let given = ["--previous", text(&previous)];
    let quota = "[match.quotas.women]\nof = { sex = [\"female\"] }\nleast = 1\n";
    let with_people = [&given[..], &["--candidates", text(&people)]].concat();
    told(quota, before, &with_people, &["without quotas", "--previous"]);
    told("[match]\nmode = \"stable\"\n", before, &given, &["stability", "--previous"]);
    told("[match.changes]\nmost_loss = 1\n", before, &[], &["match.changes", "--previous"]);
    told("[match.changes]\nmost_loss = -1\n", before, &given, &["most_loss", "0 or more"]);
    told("[match]\nsolutions = 3\n[match.changes]\nmost_loss = 1\n", before, &given, &["most_loss"]);
    told(&format!("{quota}[match.changes]\nmost_loss = 1\n"), before, &with_people, &["match.changes", "quotas"]);
    told("", "vacancy,candidate\na,x\nb,x\n", &given, &["before.csv", "rows 2 and 3"]);
    told("", "post,candidate\na,x\n", &given, &["vacancy"]);
}
