//! The matching engine: against brute force with every option on, and its certificate against tampering.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;
use touyan::frame;
use touyan::lang::Lang;
use touyan::matching::certificate::{self, Proved};
use touyan::matching::{
    Bound, Grid, Ids, Instance, Loaded, Made, MatchPolicy, Mode, Objective, Proof, SolveError, Solved, explain, solve,
    tables, tie,
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
                    let without: Vec<_> = without.filter(|s| held(s) && bounds(s)).collect();
                    let then = without.iter().map(|s| worth(s)).max();
                    // Where seats have a price, the best without somebody may fill fewer.
                    let best_of = without.iter().filter(|s| Some(worth(s)) == then);
                    let as_many: Vec<bool> = best_of.map(|s| s.len() >= solved.placed.len()).collect();
                    let loss = then.filter(|v| !first || seats(v) == of_seats).map(|v| of_fit - v[v.len() - 1]);
                    match explained.next[at].unwrap().loss {
                        told @ Some(_) => prop_assert!(told == loss && as_many.contains(&true), "{:?} {:?}", told, loss),
                        None => prop_assert!(loss.is_none() || as_many.contains(&false), "{:?}", loss),
                    }
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
                    let relaxed = altered(&refuted, "quotas", "relax", &|v| {
                        let at = v.iter().position(|by| *by > Some(0)).unwrap();
                        v[at] = Some(-1);
                    });
                    prop_assert!(relaxed.is_err());
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
