//! The matching engine: against brute force with every option on, its certificate against tampering, and
//! the command line on files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;
use touyan::frame;
use touyan::lang::Lang;
use touyan::matching::certificate::{self, Proved};
use touyan::matching::{
    Bound, Grid, Ids, Instance, Loaded, Made, MatchPolicy, Mode, Objective, Proof, SolveError, Solved, explain, manual,
    schema_json, solve, tables, tie,
};

// ─── instances ───────────────────────────────────────────────────────────────

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) instance: Instance,
    pub(crate) objective: Objective,
}

impl Case {
    pub(crate) fn policy(&self) -> MatchPolicy {
        MatchPolicy { objective: self.objective, open_price: -1.0, ..MatchPolicy::default() }.sane()
    }
}

pub(crate) trait Sane {
    fn sane(self) -> Self;
}

impl Sane for MatchPolicy {
    /// `filled` knows no open price.
    fn sane(mut self) -> Self {
        if self.objective == Objective::Filled {
            self.open_price = 0.0;
        }
        self
    }
}

/// (post, person) → fit, few enough to try every solution.
pub(crate) fn instance(
    seats: Vec<u32>,
    classes: Vec<u32>,
    people: usize,
    fits: &BTreeMap<(u32, u32), i64>,
) -> Instance {
    let posts = seats.len();
    let mut starts = vec![0; posts + 1];
    fits.keys().for_each(|(post, _)| starts[*post as usize + 1] += 1);
    (0..posts).for_each(|at| starts[at + 1] += starts[at]);
    let mut known: Vec<u32> = classes.clone();
    known.sort_unstable();
    known.dedup();
    Instance {
        grid: Grid { decimals: 0 },
        seats,
        classes: classes.iter().map(|c| known.binary_search(c).unwrap() as u32).collect(),
        people,
        starts,
        heads: fits.keys().map(|k| k.1).collect(),
        fits: fits.values().copied().collect(),
        holds: vec![None; people],
        post_ties: (0..posts).map(|p| tie("vacancy", &format!("v{p}"), 1)).collect(),
        person_ties: (0..people).map(|p| tie("candidate", &format!("c{p}"), 1)).collect(),
        ..Instance::default()
    }
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let objective = prop_oneof![Just(Objective::Fit), Just(Objective::Filled)];
    let width = prop_oneof![Just(0i64), Just(1), Just(3), Just(1_000), Just(1_000_000_000)];
    (0usize..4, 0usize..6, width, objective).prop_flat_map(|(posts, people, width, objective)| {
        let edges = prop::collection::btree_map(
            (0..posts.max(1) as u32, 0..people.max(1) as u32),
            -width / 3..=width,
            0..=if posts * people == 0 { 0 } else { 12 },
        );
        let seats = prop::collection::vec(0u32..3, posts);
        let classes = prop::collection::vec(1u32..4, posts);
        (seats, classes, Just(people), edges, Just(objective)).prop_map(|(seats, classes, people, edges, objective)| {
            Case { instance: instance(seats, classes, people, &edges), objective }
        })
    })
}

/// Every solution: pairs of post and person.
pub(crate) fn all(instance: &Instance) -> Vec<Vec<(u32, u32)>> {
    fn go(
        instance: &Instance,
        person: usize,
        left: &mut Vec<u32>,
        pairs: &mut Vec<(u32, u32)>,
        out: &mut Vec<Vec<(u32, u32)>>,
    ) {
        if person == instance.people {
            out.push(pairs.clone());
            return;
        }
        go(instance, person + 1, left, pairs, out);
        for post in 0..instance.posts() {
            if left[post] > 0 && instance.find(post as u32, person as u32).is_some() {
                left[post] -= 1;
                pairs.push((post as u32, person as u32));
                go(instance, person + 1, left, pairs, out);
                pairs.pop();
                left[post] += 1;
            }
        }
    }
    let mut out = Vec::new();
    go(instance, 0, &mut instance.seats.clone(), &mut Vec::new(), &mut out);
    out
}

pub(crate) fn fit(instance: &Instance, pairs: &[(u32, u32)]) -> i64 {
    pairs.iter().map(|(post, person)| instance.fits[instance.find(*post, *person).unwrap()]).sum()
}

/// What is made as great as can be: filled seats by class, then the fit; or the fit less open seats.
pub(crate) fn value(case: &Case, pairs: &[(u32, u32)]) -> Vec<i64> {
    let instance = &case.instance;
    let fit = fit(instance, pairs);
    match case.objective {
        // A seat left open costs −1, that is, it is worth one point.
        Objective::Fit => vec![fit + instance.all_seats() as i64 - pairs.len() as i64],
        Objective::Filled => {
            let classes = instance.classes.iter().max().map_or(0, |c| *c as usize + 1);
            let mut vector = vec![0; classes];
            pairs.iter().for_each(|(post, _)| vector[instance.classes[*post as usize] as usize] += 1);
            vector.push(fit);
            vector
        }
    }
}

pub(crate) fn pairs(solved: &Solved) -> Vec<(u32, u32)> {
    solved.placed.iter().map(|p| (p.post, p.person)).collect()
}

pub(crate) fn names(prefix: &str, count: usize) -> Ids {
    Ids::Text((0..count).map(|at| format!("{prefix}{at}")).collect())
}

pub(crate) type Written = BTreeMap<&'static str, DataFrame>;

pub(crate) fn written(case: &Case, policy: &MatchPolicy, solved: &Solved) -> Written {
    let explained = explain(&case.instance, policy, solved).unwrap();
    let loaded = Loaded {
        vacancies: names("v", case.instance.posts()),
        candidates: names("c", case.instance.people),
        instance: case.instance.clone(),
        ..Loaded::default()
    };
    let made = Made { loaded: &loaded, policy, solved, explained: &explained, lang: Lang::En };
    tables(&made).unwrap().into_iter().collect()
}

/// What the proof says when whole numbers of a column are others.
pub(crate) fn altered(
    written: &Written,
    table: &str,
    column: &str,
    change: &dyn Fn(&mut Vec<Option<i64>>),
) -> Result<Proved, String> {
    let mut all = written.clone();
    let frame = all.get_mut(table).unwrap();
    let mut values = frame::wholes(frame, column).unwrap();
    change(&mut values);
    frame.with_column(Column::new(column.into(), values)).unwrap();
    prove(&all)
}

pub(crate) fn prove(written: &Written) -> Result<Proved, String> {
    certificate::check(&certificate::Tables {
        edges: &written["edges"],
        prices: &written["prices"],
        assignment: &written["assignment"],
        summary: &written["match_summary"],
        quotas: Some([&written["quotas"], &written["quota_people"], &written["quota_posts"]]),
        stages: Some([&written["seat_stages"], &written["seat_prices"]]),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_best_of_all_solutions_is_found_and_proved(case in cases()) {
        let policy = case.policy();
        let every = all(&case.instance);
        let solved = solve(&case.instance, &policy).unwrap();
        let best = every.iter().map(|s| value(&case, s)).max().unwrap();
        prop_assert_eq!(value(&case, &pairs(&solved)), best.clone());
        let written = written(&case, &policy, &solved);
        let proved = prove(&written);
        prop_assert!(proved.is_ok(), "{:?}", proved);

        // Without a person: the best of what is left, and what it loses; tied if nothing is lost by another.
        let explained = explain(&case.instance, &policy, &solved).unwrap();
        for (at, placed) in solved.placed.iter().enumerate() {
            let without = every.iter().filter(|s| s.iter().all(|p| p.1 != placed.person));
            let other = without.max_by_key(|s| value(&case, s)).unwrap();
            let next = explained.next[at].unwrap();
            let (now, then) = (value(&case, &pairs(&solved)), value(&case, other));
            if now[..now.len() - 1] == then[..then.len() - 1] && case.objective == Objective::Filled {
                prop_assert_eq!(next.loss, Some(now[now.len() - 1] - then[then.len() - 1]));
            }
            let tied = every.iter().any(|s| {
                value(&case, s) == best && !s.contains(&(placed.post, placed.person))
            });
            prop_assert_eq!(explained.tied[at], Some(tied), "{:?}", placed);
        }
        // What was missing: an edge is in some best solution exactly if nothing was.
        for post in 0..case.instance.posts() as u32 {
            for edge in case.instance.range(post as usize) {
                if case.instance.seats[post as usize] == 0 {
                    continue;
                }
                let person = case.instance.heads[edge];
                let chosen = every.iter().any(|s| value(&case, s) == best && s.contains(&(post, person)));
                let missing = explained.missing[edge];
                prop_assert!(!chosen || missing == Some(0), "{post} {person} {missing:?}");
                // Of whoever is placed nowhere it is exact: what the best solution with the pair loses.
                if solved.placed.iter().all(|p| p.person != person) {
                    let of = every.iter().filter(|s| s.contains(&(post, person))).map(|s| value(&case, s)).max();
                    let (fit, of) = (best.len() - 1, of.unwrap());
                    if of[..fit] == best[..fit] {
                        prop_assert_eq!(missing, Some(best[fit] - of[fit]));
                    }
                }
            }
        }
    }

    #[test]
    fn a_further_candidate_never_worsens(case in cases(), fits in prop::collection::vec(-50i64..1_000, 4)) {
        let policy = case.policy();
        let before = value(&case, &pairs(&solve(&case.instance, &policy).unwrap()));
        let mut edges: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for (post, fit) in fits.iter().enumerate().take(case.instance.posts()) {
            edges.extend(case.instance.edges(post).map(|(person, fit)| ((post as u32, person), fit)));
            edges.insert((post as u32, case.instance.people as u32), *fit);
        }
        let (seats, classes) = (case.instance.seats.clone(), case.instance.classes.clone());
        let more = Case { instance: instance(seats, classes, case.instance.people + 1, &edges), ..case };
        prop_assert!(value(&more, &pairs(&solve(&more.instance, &policy).unwrap())) >= before);
    }

    #[test]
    fn every_kind_of_tampering_is_rejected(case in cases(), which in any::<prop::sample::Index>(), by in prop_oneof![Just(-1i64), Just(1)]) {
        let policy = case.policy();
        let solved = solve(&case.instance, &policy).unwrap();
        prop_assume!(!solved.placed.is_empty());
        let written = written(&case, &policy, &solved);
        let with = |table: &str, column: &str, change: &dyn Fn(&mut Vec<Option<i64>>)| altered(&written, table, column, change);
        let at = which.index(solved.placed.len());
        // The cost of a pair, in either table; the figures; a pair taken out.
        prop_assert!(with("assignment", "cost", &|v| v[at] = v[at].map(|c| c + by)).is_err());
        let edge = solved.placed[at].edge as usize;
        prop_assert!(with("edges", "cost", &|v| v[edge] = v[edge].map(|c| c + by)).is_err());
        prop_assert!(with("match_summary", "value", &|v| v.iter_mut().for_each(|x| *x = x.map(|x| x + by))).is_err());
        let items = frame::words(&written["match_summary"], "item").unwrap();
        let told = ["vacancies", "seats", "candidates", "edges", "filled", "open", "total_fit", "cost", "bound", "gap"];
        for item in (0..items.len()).filter(|item| told.contains(&items[*item])) {
            prop_assert!(with("match_summary", "value", &|v| v[item] = v[item].map(|x| x + by)).is_err());
        }
        let mut all = written.clone();
        let keep = |frame: &DataFrame, gone: usize| frame.slice(0, gone).vstack(&frame.slice(gone as i64 + 1, frame.height())).unwrap();
        all.insert("assignment", keep(&written["assignment"], at));
        prop_assert!(prove(&all).is_err());
        // An edge that is in use taken out.
        let mut all = written.clone();
        all.insert("edges", keep(&written["edges"], edge));
        prop_assert!(prove(&all).is_err());
        // The price of whoever is placed, and of their post.
        let person = case.instance.posts() + solved.placed[at].person as usize;
        prop_assert!(with("prices", "price", &|v| v[person] = v[person].map(|p| p + by)).is_err());
        let post = solved.placed[at].post as usize;
        prop_assert!(with("prices", "price", &|v| v[post] = v[post].map(|p| p + by)).is_err());
        prop_assert!(with("prices", "seats", &|v| v[post] = v[post].map(|s| s - 1)).is_err() || case.instance.seats[post] > 1);
    }

    #[test]
    fn ties_do_not_depend_on_the_order_of_people(case in cases(), seed in any::<u64>()) {
        // The same instance with people numbered backwards: the same people, by their ties.
        let policy = MatchPolicy { seed, ..case.policy() };
        let last = case.instance.people.saturating_sub(1) as u32;
        let mut edges: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for post in 0..case.instance.posts() {
            edges.extend(case.instance.edges(post).map(|(person, fit)| ((post as u32, last - person), fit)));
        }
        let mut turned = instance(case.instance.seats.clone(), case.instance.classes.clone(), case.instance.people, &edges);
        turned.person_ties.reverse();
        let one: BTreeSet<(u32, u32)> = pairs(&solve(&case.instance, &policy).unwrap()).into_iter().collect();
        let other: BTreeSet<(u32, u32)> =
            pairs(&solve(&turned, &policy).unwrap()).into_iter().map(|(post, person)| (post, last - person)).collect();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn stable_solutions_have_no_blocking_pair(case in cases(), wishes in any::<bool>()) {
        let mut case = case;
        if wishes {
            case.instance.wishes = (0..case.instance.fits.len()).map(|e| 1 + (e as u32 * 7) % 4).collect();
        }
        for mode in [Mode::Stable, Mode::StableCandidates, Mode::StableFit] {
            let policy = MatchPolicy { mode, ..MatchPolicy::default() };
            let solved = solve(&case.instance, &policy).unwrap();
            let written = written(&case, &policy, &solved);
            prop_assert_eq!(written["blocking_pairs"].height(), 0);
            prop_assert!(prove(&written).is_ok(), "{:?}", prove(&written));
        }
    }
}

// ─── bounds on groups ────────────────────────────────────────────────────────

fn bounded() -> impl Strategy<Value = Case> {
    let bound = (
        prop::collection::btree_set(0u32..4, 1..4),
        prop::collection::btree_set(0u32..6, 0..5),
        prop_oneof![Just((1i64, 0i64)), Just((3, -2)), Just((1, -1))],
        prop::option::of(-2i64..3),
        prop::option::of(0i64..4),
        prop::option::of(1i64..60),
    );
    (cases(), prop::collection::vec(bound, 1..4), prop::collection::vec(any::<bool>(), 6)).prop_map(
        |(mut case, bounds, held)| {
            let (posts, people) = (case.instance.posts() as u32, case.instance.people as u32);
            for (of, who, (inside, outside), least, most, soft) in bounds {
                let (least, most) = match (least, most) {
                    (Some(l), Some(m)) if l > m => (Some(m), Some(l)),
                    other => other,
                };
                case.instance.bounds.push(Bound {
                    posts: of.into_iter().filter(|p| *p < posts).collect(),
                    people: who.into_iter().filter(|p| *p < people).collect(),
                    inside,
                    outside,
                    least,
                    most,
                    soft,
                    ..Bound::default()
                });
            }
            // Somebody holds a post and may leave it only for another.
            if held[0]
                && let Some(edge) = case.instance.heads.first()
            {
                let post = (0..case.instance.posts()).find(|p| !case.instance.range(*p).is_empty());
                case.instance.holds[*edge as usize] = post.map(|p| p as u32);
            }
            case
        },
    )
}

fn sum(bound: &Bound, pairs: &[(u32, u32)]) -> i64 {
    let counted = pairs.iter().filter(|p| bound.posts.binary_search(&p.0).is_ok());
    counted.map(|p| if bound.people.binary_search(&p.1).is_ok() { bound.inside } else { bound.outside }).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quotas_hold_at_the_least_cost(case in bounded()) {
        let policy = MatchPolicy { solutions: 4, ..case.policy() };
        let every = all(&case.instance);
        let misses = |b: &Bound, pairs: &[(u32, u32)]| {
            let sum = sum(b, pairs);
            b.least.map_or(0, |l| (l - sum).max(0)) + b.most.map_or(0, |m| (sum - m).max(0))
        };
        let kept = |pairs: &[(u32, u32)]| {
            case.instance.bounds.iter().all(|b| b.soft.is_some() || misses(b, pairs) == 0)
                && (0..case.instance.people).all(|p| {
                    case.instance.holds[p].is_none() || pairs.iter().any(|pair| pair.1 as usize == p)
                })
        };
        let worth = |pairs: &[(u32, u32)]| {
            let mut value = value(&case, pairs);
            let fee: i64 = case.instance.bounds.iter().map(|b| b.soft.map_or(0, |price| price * misses(b, pairs))).sum();
            *value.last_mut().unwrap() -= fee;
            value
        };
        let best = every.iter().filter(|s| kept(s)).map(|s| worth(s)).max();
        match (solve(&case.instance, &policy), best) {
            (Ok(solved), Some(best)) => {
                prop_assert!(kept(&pairs(&solved)));
                let Proof::Bounded(proof) = &solved.proof else { panic!("bounds are proved by multipliers") };
                prop_assert!(proof.optimal());
                prop_assert_eq!(worth(&pairs(&solved)), best.clone());
                let written = written(&case, &policy, &solved);
                prop_assert!(prove(&written).is_ok(), "{:?}", prove(&written));

                // What is told of others: against all solutions.
                let explained = explain(&case.instance, &policy, &solved).unwrap();
                let seats = |value: &[i64]| value[..value.len() - 1].to_vec();
                let (of_seats, of_fit) = (seats(&best), best[best.len() - 1]);
                let first = case.objective == Objective::Filled;
                for (at, placed) in solved.placed.iter().enumerate() {
                    let held = |s: &[(u32, u32)]| {
                        (0..case.instance.people).all(|p| {
                            p == placed.person as usize
                                || case.instance.holds[p].is_none()
                                || s.iter().any(|pair| pair.1 as usize == p)
                        })
                    };
                    let bounds = |s: &[(u32, u32)]| {
                        case.instance.bounds.iter().all(|b| b.soft.is_some() || misses(b, s) == 0)
                    };
                    let without = every.iter().filter(|s| s.iter().all(|p| p.1 != placed.person));
                    let then = without.filter(|s| held(s) && bounds(s)).map(|s| worth(s)).max();
                    let loss = then.filter(|v| !first || seats(v) == of_seats).map(|v| of_fit - v[v.len() - 1]);
                    prop_assert_eq!(explained.next[at].unwrap().loss, loss);
                    let tied = every.iter().any(|s| {
                        kept(s) && worth(s) == best && !s.contains(&(placed.post, placed.person))
                    });
                    prop_assert_eq!(explained.tied[at], Some(tied), "{:?}", placed);
                }
                // The solutions after the first that fill as many seats.
                let mut losses: Vec<i128> = every
                    .iter()
                    .filter(|s| kept(s) && (!first || seats(&worth(s)) == of_seats))
                    .map(|s| i128::from(of_fit - worth(s)[best.len() - 1]))
                    .collect();
                losses.sort_unstable();
                let told: Vec<i128> = explained.solutions.iter().map(|s| s.0).collect();
                prop_assert_eq!(told, losses.iter().copied().skip(1).take(3).collect::<Vec<_>>());
                let of: BTreeSet<_> = explained.solutions.iter().map(|s| s.1.clone()).collect();
                prop_assert_eq!(of.len(), explained.solutions.len());
                for (loss, pairs) in &explained.solutions {
                    prop_assert!(kept(pairs) && i128::from(of_fit - worth(pairs)[best.len() - 1]) == *loss);
                }
                for figure in explained.figures.iter().filter(|f| (f.quota as usize) < case.instance.bounds.len()) {
                    let left = |s: &[(u32, u32)]| {
                        let others = case.instance.bounds.iter().enumerate().filter(|(at, _)| *at != figure.quota as usize);
                        others.clone().all(|(_, b)| b.soft.is_some() || misses(b, s) == 0).then(|| {
                            let mut value = value(&case, s);
                            let fee: i64 = others.map(|(_, b)| b.soft.map_or(0, |price| price * misses(b, s))).sum();
                            *value.last_mut().unwrap() -= fee;
                            value
                        })
                    };
                    let held = |s: &[(u32, u32)]| {
                        (0..case.instance.people).all(|p| {
                            case.instance.holds[p].is_none() || s.iter().any(|pair| pair.1 as usize == p)
                        })
                    };
                    let free = every.iter().filter(|s| held(s)).filter_map(|s| left(s)).max().unwrap();
                    if first {
                        let more = seats(&free).iter().zip(&of_seats).map(|(a, b)| a - b).find(|n| *n != 0).unwrap_or(0);
                        prop_assert_eq!(figure.seats, Some(more));
                    }
                    if !first || seats(&free) == of_seats {
                        let cost = i128::from(free[free.len() - 1] - of_fit);
                        prop_assert_eq!(figure.cost, Some((cost, cost)));
                    } else {
                        prop_assert_eq!(figure.cost, None);
                    }
                }
                for post in 0..case.instance.posts() as u32 {
                    for edge in case.instance.range(post as usize) {
                        let pair = (post, case.instance.heads[edge]);
                        let of = every.iter().filter(|s| kept(s) && s.contains(&pair)).map(|s| worth(s));
                        let most = of.filter(|v| !first || seats(v) == of_seats).max().map(|v| of_fit - v[v.len() - 1]);
                        let missing = explained.missing[edge];
                        prop_assert!(most.is_none_or(|most| missing.is_some_and(|m| m <= most)), "{:?} {:?} {:?}", pair, most, missing);
                    }
                }
            }
            (Err(SolveError::Unmet(unmet)), None) => {
                // The tables prove that nothing keeps the bounds, and no longer if one is taken out.
                let refuted = written(&case, &policy, &unmet.refuted);
                prop_assert!(prove(&refuted).is_ok(), "{:?}", prove(&refuted));
                let summary = &refuted["match_summary"];
                let items = frame::words(summary, "item").unwrap();
                let at = |name: &str| items.iter().position(|item| *item == name).unwrap();
                let proof = frame::wholes(summary, "value").unwrap()[at("proof")];
                if proof == Some(4) {
                    let missed = altered(&refuted, "match_summary", "value", &|v| {
                        v[at("missed")] = v[at("missed")].map(|n| n + 1);
                    });
                    prop_assert!(missed.is_err());
                    let multipliers = frame::wholes(&refuted["quotas"], "multiplier").unwrap();
                    for row in (0..multipliers.len()).filter(|row| multipliers[*row] != Some(0)) {
                        prop_assert!(altered(&refuted, "quotas", "multiplier", &|v| v[row] = Some(0)).is_err());
                        let freed = |v: &mut Vec<Option<i64>>| v[row] = None;
                        let side = if multipliers[row] < Some(0) { "least" } else { "most" };
                        prop_assert!(altered(&refuted, "quotas", side, &freed).is_err());
                    }
                }
            }
            (Err(SolveError::NotFound | SolveError::Nowhere(_)), None) => {}
            (result, best) => prop_assert!(false, "{result:?}, best {best:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tampering_with_stages_is_rejected(case in bounded(), by in prop_oneof![Just(-1i64), Just(1)]) {
        prop_assume!(case.objective == Objective::Filled);
        let policy = case.policy();
        let Ok(solved) = solve(&case.instance, &policy) else { return Ok(()) };
        let written = written(&case, &policy, &solved);
        for row in 0..written["seat_stages"].height() {
            let with = |column: &str, by: i64| {
                altered(&written, "seat_stages", column, &|v| v[row] = v[row].map(|n| n + by))
            };
            prop_assert!(with("filled", by).is_err());
            prop_assert!(with("most", -1).is_err());
            // That more could be filled, and the summary did not say so.
            prop_assert!(with("most", 1).is_err());
            prop_assert!(with("class", by).is_err());
        }
        if written["seat_stages"].height() > 0 {
            let other = altered(&written, "match_summary", "value", &|v| {
                let items = frame::words(&written["match_summary"], "item").unwrap();
                let at = items.iter().position(|item| *item == "more_seats").unwrap();
                v[at] = v[at].map(|n| n + 1);
            });
            prop_assert!(other.is_err());
            // Without a stage.
            let mut all = written.clone();
            all.insert("seat_stages", written["seat_stages"].slice(1, usize::MAX));
            prop_assert!(prove(&all).is_err());
        }
    }
}

// ─── files ───────────────────────────────────────────────────────────────────

pub(crate) fn touyan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_touyan")).args(["--lang", "en"]).args(arguments).output().unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    let files = entries.map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap()));
    files.filter(|(name, _)| name != touyan::run::TIMINGS).collect()
}

fn manual_text() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/match.md")).unwrap()
}

#[test]
fn the_manual_and_the_schema_of_matching_follow_the_code() {
    crate::bless("docs/match.md", &manual::render(&manual_text()));
    crate::bless("docs/match.schema.json", &schema_json());
}

/// Writes the files that the manual's fenced blocks name.
fn write_examples(dir: &Path) {
    let text = manual_text();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        if let Some((_, name)) = info.split_once(' ') {
            let text = body.join("\n") + "\n";
            // They are the examples of the folder of small tables too.
            crate::bless(&format!("notebooks-data/match/{name}"), &text);
            fs::write(dir.join(name), text).unwrap();
        }
    }
}

/// The lines of a table of the manual below a heading, without its head.
fn rows_below(heading: &str) -> Vec<Vec<String>> {
    let text = manual_text();
    let below = text.split_once(heading).expect("the manual has the heading").1;
    let rows = below.lines().skip_while(|l| !l.starts_with('|')).take_while(|l| l.starts_with('|')).skip(2);
    rows.map(|l| l.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect()).collect()
}

#[test]
fn the_manuals_example_gives_what_the_manual_says() {
    let dir = tempfile::tempdir().unwrap();
    write_examples(dir.path());
    let at = |name: &str| dir.path().join(name);
    let out = at("matched");
    let run = touyan(&[
        "match",
        text(&at("pairs.csv")),
        "--policy",
        text(&at("match.toml")),
        "--vacancies",
        text(&at("posts.csv")),
        "--candidates",
        text(&at("people.csv")),
        "--out",
        text(&out),
    ]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let table = |name: &str| frame::read_parquet(&out.join(format!("{name}.parquet"))).unwrap();
    let assignment = table("assignment");
    let told: Vec<Vec<String>> = (0..assignment.height())
        .map(|row| {
            let word = |c| frame::texts(&assignment, c).unwrap()[row].unwrap_or("").to_owned();
            let number = |c| frame::numbers(&assignment, c).unwrap()[row].map_or_else(String::new, |v| v.to_string());
            vec![word("vacancy"), word("candidate"), number("fit"), word("next_best"), number("next_best_loss")]
        })
        .collect();
    assert_eq!(told, rows_below("<!-- assignment -->"));
    let quotas = table("quotas");
    let told: Vec<Vec<String>> = (0..quotas.height())
        .map(|row| {
            let whole = |c| frame::wholes(&quotas, c).unwrap()[row].map_or_else(String::new, |v: i64| v.to_string());
            let number = |c| frame::numbers(&quotas, c).unwrap()[row].map_or_else(String::new, |v| v.to_string());
            let word = |c| frame::texts(&quotas, c).unwrap()[row].unwrap_or("").to_owned();
            let (low, high) = (number("cost_low"), number("cost_high"));
            vec![word("quota"), word("per"), whole("least"), whole("sum"), low, high, whole("cost_seats")]
        })
        .collect();
    assert_eq!(told, rows_below("<!-- quotas -->"));
    let verified = touyan(&["verify", text(&out), "--book", text(&at("pairs.csv"))]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));

    // The same bytes for any number of threads and any order of rows, but for the file's own hash.
    let mut shuffled: Vec<String> = fs::read_to_string(at("pairs.csv")).unwrap().lines().map(str::to_owned).collect();
    shuffled[1..].reverse();
    fs::write(at("pairs.csv"), shuffled.join("\n") + "\n").unwrap();
    for threads in ["1", "4"] {
        let again = dir.path().join(format!("again{threads}"));
        let run = touyan(&[
            "match",
            text(&at("pairs.csv")),
            "--policy",
            text(&at("match.toml")),
            "--vacancies",
            text(&at("posts.csv")),
            "--candidates",
            text(&at("people.csv")),
            "--out",
            text(&again),
            "--threads",
            threads,
        ]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let (mut one, mut other) = (files(&out), files(&again));
        assert!(one.remove("run.json").is_some() && other.remove("run.json").is_some());
        assert_eq!(one, other);
    }
    // Another edge list than that of the run is found out.
    let verified = touyan(&["verify", text(&out), "--book", text(&at("pairs.csv"))]);
    assert_eq!(verified.status.code(), Some(1));
}

#[test]
fn faults_say_where_and_how_to_mend_them() {
    let dir = tempfile::tempdir().unwrap();
    let edges = dir.path().join("edges.csv");
    let policy = dir.path().join("p.toml");
    let run = |rows: &str, rules: &str, more: &[&str]| {
        fs::write(&edges, rows).unwrap();
        fs::write(&policy, rules).unwrap();
        let output = touyan(&[&["match", text(&edges), "--policy", text(&policy)], more].concat());
        (output.status.code(), stderr(&output))
    };
    let head = "vacancy,candidate,fit\n";
    let told = |rows: &str, rules: &str, words: &[&str]| {
        let (code, text) = run(rows, rules, &[]);
        assert_eq!(code, Some(2), "{text}");
        words.iter().for_each(|word| assert!(text.contains(word), "{word:?} in {text}"));
    };
    told(&format!("{head}a,x,1\na,x,2\n"), "", &["rows 2 and 3", "keep one"]);
    told(&format!("{head}a,x,1\na,y,one\n"), "", &["fit", "row 3"]);
    told(&format!("{head}a,x,1\n,y,2\n"), "", &["row 3", "vacancy"]);
    told("post,candidate,fit\na,x,1\n", "", &["vacancy", "match.vacancy"]);
    told(&format!("{head}a,x,1\n"), "[match]\nfitt = \"x\"\n", &["fitt", "fit"]);
    told(&format!("{head}a,x,1\n"), "[match]\nfit = \"sex\"\n", &["protected"]);
    told(&format!("{head}a,x,1\n"), "[match.vacancies]\nseats = \"n\"\n", &["--vacancies"]);
    told(&format!("{head}a,x,1e300\n"), "", &["row 2"]);
    told(&format!("{head}a,x,9007199254740993\n"), "", &["row 2"]);
    told(
        "vacancy,candidate,fit,order\na,x,1,perhaps\n",
        "[match]\norder = \"order\"\n",
        &["edges.csv", "row 2", "perhaps"],
    );
    told(&format!("{head}a,x,1\n"), "[match]\nmode = \"stable\"\nobjective = \"fit\"\n", &["no objective"]);
    let quota = |of: &str| format!("[match]\n[match.quotas.q]\nof = {of}\nleast = 1\n");
    told(&format!("{head}a,x,1\n"), &quota("{ age = { mn = 30 } }"), &["match.quotas.q"]);
    told(&format!("{head}a,x,1\n"), &quota("{ age = { min = 60, max = 30 } }"), &["not above"]);
    told(
        &format!("{head}a,x,1\n"),
        "[match]\nmode = \"stable\"\n[match.quotas.q]\nof = { sex = [\"f\"] }\nleast = 1\n",
        &["stable", "quotas"],
    );
    told(&format!("{head}a,x,1\n"), "[match.quotas.q]\nof = { sex = [\"f\"] }\n", &["give a bound"]);
    let numbers = ["990121198002151017", "990121199511302041"];
    told(&format!("{head}a,{},1\nb,{},2\n", numbers[0], numbers[1]), "", &["identity"]);
    // Forced into two vacancies; held without a seat.
    let orders = "vacancy,candidate,fit,order\na,x,1,force\nb,x,2,force\n";
    told(orders, "[match]\norder = \"order\"\n", &["\"x\"", "\"a\"", "\"b\""]);
    let people = dir.path().join("people.csv");
    fs::write(&people, "candidate,holds\nx,a\ny,a\n").unwrap();
    let (code, said) = run(
        &format!("{head}a,x,1\na,y,2\n"),
        "[match.candidates]\nholds = \"holds\"\n",
        &["--candidates", text(&people)],
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("2 candidates") && said.contains("1 seats"), "{said}");
    // A table that nothing reads; a quota on nobody.
    let (code, said) = run(&format!("{head}a,x,1\n"), "", &["--conflicts", text(&people)]);
    assert!(code == Some(2) && said.contains("[match.conflicts]"), "{said}");
    fs::write(&people, "candidate,sex\nx,female\n").unwrap();
    let (code, said) =
        run(&format!("{head}a,x,1\n"), &quota("{ sex = [\"femal\"] }"), &["--candidates", text(&people)]);
    assert!(code == Some(2) && said.contains("no candidate belongs"), "{said}");
    // A condition that no vacancy meets; a price between two grid points; an order against the candidate's own word.
    let vacancies = dir.path().join("vacancies.csv");
    fs::write(&vacancies, "vacancy,town\na,east\n").unwrap();
    let (code, said) = run(
        &format!("{head}a,x,1\n"),
        "[match.quotas.q]\nof = { sex = [\"female\"] }\nwhere = { town = [\"est\"] }\nleast = 1\n",
        &["--candidates", text(&people), "--vacancies", text(&vacancies)],
    );
    assert!(code == Some(2) && said.contains("match.quotas.q.where"), "{said}");
    told(
        &format!("{head}a,x,1\n"),
        "[match]\nobjective = \"fit\"\ndecimals = 1\nopen_price = 1.25\n",
        &["match.open_price", "1.25"],
    );
    told(
        "vacancy,candidate,fit,order,willing\na,x,1,force,no\n",
        "[match]\norder = \"order\"\nwilling = \"willing\"\n",
        &["Row 2", "not willing"],
    );
    // Quotas that contradict each other are named, with the least that works.
    fs::write(&people, "candidate,sex\nx,female\ny,male\n").unwrap();
    let (code, said) = run(
        &format!("{head}a,x,1\nb,y,2\n"),
        "[match.quotas.women]\nof = { sex = [\"female\"] }\nleast = 2\n",
        &["--candidates", text(&people)],
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("women") && said.contains("at least 1 fewer"), "{said}");
}

#[test]
fn shortages_count_all_seats_that_share_the_people() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    // c may go to all, d to b and to d; d's class comes last.
    fs::write(path("e.csv"), "vacancy,candidate,fit\na,c,1\nb,c,5\nb,d,2\nd,d,9\nf,g,1\n").unwrap();
    fs::write(path("v.csv"), "vacancy,seats,class\na,3,1\nb,1,1\nd,1,2\nf,1,2\n").unwrap();
    fs::write(path("p.toml"), "[match.vacancies]\nseats = \"seats\"\nclass = \"class\"\n").unwrap();
    let of = |name: &str| path(name).to_str().unwrap().to_owned();
    let (edges, rules, vacancies, out) = (of("e.csv"), of("p.toml"), of("v.csv"), of("out"));
    let run = ["match", &edges, "--policy", &rules, "--vacancies", &vacancies, "--out", &out];
    assert!(touyan(&run).status.success());
    let open = frame::read_parquet(&path("out").join("open_posts.parquet")).unwrap();
    // Two seats of a and the one of d; five seats share two people.
    let whole = |name: &str| frame::wholes(&open, name).unwrap().into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(frame::words(&open, "vacancy").unwrap(), ["a", "d"]);
    assert_eq!((whole("open"), whole("posts")), (vec![2, 1], vec![3, 3]));
    assert_eq!((whole("seats"), whole("people")), (vec![5, 5], vec![2, 2]));
}

#[test]
fn a_replay_gives_the_whole_log() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, out) = (dir.path().join("edges.csv"), dir.path().join("out"));
    fs::write(&edges, "vacancy,candidate,fit\na,x,1.5\na,y,3\nb,x,2\n").unwrap();
    assert!(touyan(&["match", text(&edges), "--out", text(&out)]).status.success());
    let verify = || touyan(&["verify", text(&out), "--book", text(&edges)]);
    assert!(verify().status.success());
    let log = out.join("run.json");
    let honest = fs::read_to_string(&log).unwrap();
    for (from, to) in [
        ("\"decimals\": 1", "\"decimals\": 2"),
        ("\"edges\": 3", "\"edges\": 4"),
        ("\"prices\": 4,", ""),
        ("\"policy\": \"", "\"policy\": \"0"),
        ("\"csv\": false", "\"csv\": true"),
    ] {
        assert_eq!(honest.matches(from).count(), 1, "{from}");
        fs::write(&log, honest.replace(from, to)).unwrap();
        assert!(!verify().status.success(), "{from}");
    }
}

#[test]
fn holders_move_up_and_their_post_is_filled_again() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, people, policy, out) =
        (dir.path().join("e.csv"), dir.path().join("c.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    // h holds the deputy's post; nobody else fits the head's, and n may take the deputy's.
    fs::write(&edges, "vacancy,candidate,fit\nhead,h,80\ndeputy,h,90\ndeputy,n,60\n").unwrap();
    fs::write(&people, "candidate,holds\nh,deputy\nn,\n").unwrap();
    fs::write(&policy, "[match.candidates]\nholds = \"holds\"\n").unwrap();
    let run =
        touyan(&["match", text(&edges), "--policy", text(&policy), "--candidates", text(&people), "--out", text(&out)]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let table = frame::read_parquet(&out.join("assignment.parquet")).unwrap();
    let (vacancy, candidate) = (frame::words(&table, "vacancy").unwrap(), frame::words(&table, "candidate").unwrap());
    assert_eq!(vacancy.into_iter().zip(candidate).collect::<Vec<_>>(), [("deputy", "n"), ("head", "h")]);
    assert_eq!(touyan(&["verify", text(&out), "--book", text(&edges)]).status.code(), Some(0));
}

#[test]
fn orders_are_followed_and_their_cost_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, policy, out) = (dir.path().join("e.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    // Without orders: a ← x 90, b ← y 80. Forcing y into a leaves x for b.
    fs::write(&edges, "vacancy,candidate,fit,order\na,x,90,\na,y,70,force\nb,x,60,\nb,y,80,\nc,z,50,forbid\nc,w,45,\n")
        .unwrap();
    fs::write(&policy, "[match]\norder = \"order\"\n").unwrap();
    let run = touyan(&["match", text(&edges), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let orders = frame::read_parquet(&out.join("orders.parquet")).unwrap();
    assert_eq!(frame::numbers(&orders, "cost").unwrap(), [Some(90.0 + 80.0 - 70.0 - 60.0), Some(5.0)]);
    assert_eq!(frame::wholes(&orders, "seats").unwrap(), [Some(0), Some(0)]);
    assert_eq!(touyan(&["verify", text(&out), "--book", text(&edges)]).status.code(), Some(0));
}

#[test]
fn draws_say_what_stays() {
    let dir = tempfile::tempdir().unwrap();
    let (edges, policy, out) = (dir.path().join("e.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    fs::write(&edges, "vacancy,candidate,fit\na,x,90\na,y,10\nb,y,50\nb,z,49\n").unwrap();
    fs::write(&policy, "[match]\nsolutions = 3\n[match.robustness]\ndraws = 400\ncandidate_error = 3\n").unwrap();
    let run = touyan(&["match", text(&edges), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let table = frame::read_parquet(&out.join("assignment.parquet")).unwrap();
    let shown = String::from_utf8(run.stdout).unwrap();
    assert!(shown.contains("a ← x (90)"), "{shown}");
    let stays = frame::numbers(&table, "kept").unwrap();
    assert_eq!(stays[0], Some(1.0));
    // y and z differ by one point and by two errors of 3: P(N(0, 18) > −1) = 0.593.
    assert!(stays[1].is_some_and(|share| (0.5..0.69).contains(&share)), "{stays:?}");
    let solutions = frame::read_parquet(&out.join("solutions.parquet")).unwrap();
    let losses: BTreeSet<i64> =
        frame::numbers(&solutions, "loss").unwrap().into_iter().flatten().map(|l| l as i64).collect();
    assert!(losses.contains(&1), "{losses:?}");
    assert_eq!(touyan(&["verify", text(&out), "--book", text(&edges)]).status.code(), Some(0));
}
