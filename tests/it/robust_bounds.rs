//! Draws that keep quotas, conflicts, places and seats against brute force over all assignments.

use std::fs;

use touyan::frame;
use touyan::kernel::draw::Draw;
use touyan::kernel::quota::{Effort, Outcome, Quota, QuotaProblem, RankedOutcome, fill, fill_ranked};
use touyan::kernel::robust::{Instance, Perturb, RobustError, Scenario, robustness};

use super::robust::{Case, Columns, case, check_counts, county};

/// Units of fit to one of the costs of the known problem.
const UNIT: i64 = 2;

/// A case with quotas: hard and soft ones, shares, two who must not both be chosen, one who must be.
fn quotas(case: &Case, draw: &mut Draw, price: i64) -> (Vec<Vec<u32>>, Vec<Quota>) {
    let (mut groups, mut quotas) = (Vec::new(), Vec::new());
    for _ in 0..1 + draw.index(3) {
        let group = groups.len() as u32;
        let rows: Vec<u32> = (0..case.rows as u32).filter(|_| draw.chance(0.7)).collect();
        let member = |draw: &mut Draw| draw.below(case.columns.max(1) as u64) as u32;
        let (members, quota) = match draw.index(5) {
            0 => (vec![member(draw), member(draw)], Quota::count(rows, group, None, Some(1))),
            1 => (vec![member(draw)], Quota::count((0..case.rows as u32).collect(), group, Some(1), None)),
            kind => {
                let soft = (kind == 2).then(|| draw.whole(0, price));
                let count = Quota::count(rows, group, Some(draw.whole(0, 2)), draw.chance(0.3).then_some(2));
                let share = Quota { inside: 60, outside: -40, least: Some(0), most: None, ..count.clone() };
                let quota = if kind == 4 { share } else { count };
                let members = (0..case.columns as u32).filter(|_| draw.chance(0.4)).collect();
                (members, Quota { short_price: soft, excess_price: soft, ..quota })
            }
        };
        groups.push(members.into_iter().filter(|c| (*c as usize) < case.columns).collect());
        quotas.push(quota);
    }
    (groups, quotas)
}

fn problem(case: &Case, groups: Vec<Vec<u32>>, quotas: Vec<Quota>) -> QuotaProblem {
    let mut edges = case.edges.clone();
    edges.sort_unstable();
    let mut starts = vec![0u32; case.rows + 1];
    edges.iter().for_each(|e| starts[e.0 as usize + 1] += 1);
    (0..case.rows).for_each(|row| starts[row + 1] += starts[row]);
    let alone = |&(row, column): &(u32, u32)| {
        let mut columns = vec![None; case.rows];
        columns[row as usize] = Some(column);
        let empty: i128 = case.open.iter().flatten().map(|o| i128::from(*o)).sum();
        let own = case.open[row as usize].expect("may stay open");
        -((case.fit(&columns, &case.scenarios[0]) - empty) as i64 + own) / UNIT
    };
    let costs = edges.iter().map(alone).collect();
    let heads = edges.iter().map(|e| e.1).collect();
    let open = case.open.iter().flatten().map(|o| -o / UNIT).collect();
    QuotaProblem::new(case.columns, starts, heads, costs, open, groups, quotas).expect("a problem")
}

#[test]
fn draws_under_bounds_equal_brute_force() {
    let (mut feasible, mut binding, mut unproved, mut gaps) = (0, 0, 0, 0);
    for seed in 0..3_000 {
        let mut case = case(seed + 90_000);
        let mut draw = Draw::named(seed, "robust bounds", 0);
        let ranked = draw.chance(0.5);
        let low = case.open.iter().flatten().copied().next().unwrap_or(0);
        case.open = vec![Some(if ranked { 0 } else { low }); case.rows];
        case.must = vec![false; case.columns];
        let price = [2, 500, 1_000_000][draw.index(3)];
        let (groups, quotas) = quotas(&case, &mut draw, price);
        let classes: Vec<u32> = (0..case.rows).map(|_| draw.below(2) as u32).collect();
        let base = problem(&case, groups, quotas);
        let effort = Effort::of(&base);

        // Those that keep the quotas, and where seats come first fill the most.
        let mut all = case.assignments();
        let free = all.len();
        all.retain(|a| base.violation(a) == 0);
        let filled = |a: &Columns| -> Vec<usize> {
            (0..2).map(|k| (0..case.rows).filter(|r| classes[*r] == k && a[*r].is_some()).count()).collect()
        };
        if let Some(most) = all.iter().map(filled).max().filter(|_| ranked) {
            all.retain(|a| filled(a) == most);
        }
        let (known, answer) = if ranked {
            match fill_ranked(&base, &classes, effort).expect("in range") {
                RankedOutcome::Solved(found) => (found.problem, found.answer),
                RankedOutcome::Not(_) => continue,
            }
        } else {
            match fill(&base, effort).expect("in range") {
                Outcome::Solved(answer) => (base.clone(), answer),
                _ => continue,
            }
        };
        feasible += 1;
        binding += usize::from(all.len() < free);
        let recommended = answer.solution.expect("solved").columns;
        let drawn = &case.scenarios[1..];
        let found = case
            .instance()
            .under(&known, &answer.certificate.multipliers, &recommended, UNIT)
            .and_then(|i| robustness(&i, &case.scenarios[0], Some(&recommended), drawn.len(), |at| drawn[at].clone()))
            .expect("solved");

        let fees = |a: &Columns| -> i128 {
            let sums = base.sums(a);
            base.quotas().iter().zip(sums).map(|(q, sum)| q.fee(sum)).sum::<i128>() * i128::from(UNIT)
        };
        let fit = |a: &Columns, s: &Scenario| case.fit(a, s) - fees(a);
        let best = |of: &dyn Fn(&Columns) -> i128| all.iter().map(of).max().expect("feasible");
        let total = |a: &Columns| drawn.iter().map(|s| fit(a, s)).sum::<i128>();
        let worst = |a: &Columns| drawn.iter().map(|s| fit(a, s)).min().expect("a scenario");
        let optima: Vec<i128> = drawn.iter().map(|s| best(&|a| fit(a, s))).collect();
        assert_eq!(found.scenarios, drawn.len());
        for choice in [&found.nominal, &found.expected, &found.worst.choice] {
            assert!(all.contains(&choice.columns), "seed {seed}");
            assert_eq!((choice.total, choice.worst), (total(&choice.columns), worst(&choice.columns)));
        }
        let max_min = best(&worst);
        assert!(found.worst.choice.worst <= max_min && max_min <= found.worst.bound, "seed {seed}");
        assert!(found.optima >= optima.iter().sum::<i128>() && found.expected_bound >= best(&total), "seed {seed}");
        gaps += usize::from(found.worst.choice.worst < max_min);
        check_counts(&case, &found);
        if found.proved < found.scenarios || found.expected_bound > found.expected.total {
            unproved += 1;
            continue;
        }
        assert_eq!(found.optima, optima.iter().sum::<i128>(), "seed {seed}");
        assert_eq!(found.expected.total, best(&total), "seed {seed}");
        // As many recommended pairs stay as in any optimum of each draw.
        let pairs = |a: &Columns| a.iter().zip(&recommended).filter(|(a, b)| a == b && a.is_some()).count() as u32;
        let stay = |(s, best): (&Scenario, &i128)| {
            all.iter().filter(|a| fit(a, s) == *best).map(&pairs).max().expect("an optimum")
        };
        let edge = |row: usize, c: u32| case.edges.iter().position(|e| *e == (row as u32, c)).expect("an edge");
        let stayed: u32 =
            recommended.iter().enumerate().filter_map(|(r, c)| c.map(|c| edge(r, c))).map(|e| found.chosen[e]).sum();
        assert_eq!(stayed, drawn.iter().zip(&optima).map(stay).sum::<u32>(), "seed {seed}");
    }
    println!("feasible {feasible}, with bounds that bind {binding}, unproved {unproved}, max–min missed {gaps}");
    assert!(feasible > 1_500 && binding > 500 && unproved * 50 < feasible && gaps * 50 < feasible);
}

#[test]
fn draws_under_bounds_are_the_same_on_any_number_of_threads() {
    let (edges, parts) = county(30, 100);
    let keys: Vec<u64> = (0..100u64).collect();
    let perturb = Perturb::new(9, &[0.3, 0.3, 0.2, 0.1, 0.1], 50.0, 1_000, 3e6, &keys).expect("in range");
    let nominal = perturb.nominal();
    let case = Case {
        rows: 30,
        columns: 100,
        edges,
        components: 5,
        parts,
        open: vec![Some(-100_000_000); 30],
        must: vec![false; 100],
        scenarios: vec![nominal.clone()],
    };
    let share = |from: u32, group| Quota {
        inside: 60,
        outside: -40,
        ..Quota::count((from..from + 10).collect(), group, Some(0), None)
    };
    let groups = vec![(0..30).collect(), vec![40, 41, 42, 43, 44, 45, 46, 47]];
    let few = Quota::count((0..30).collect(), 1, None, Some(1));
    let problem = problem(&case, groups, vec![share(0, 0), share(10, 0), share(20, 0), few]);
    let Ok(Outcome::Solved(answer)) = fill(&problem, Effort::of(&problem)) else { panic!("not solved") };
    let solution = answer.solution.expect("solved").columns;
    let instance = case.instance().under(&problem, &answer.certificate.multipliers, &solution, UNIT).expect("fits");
    let run = || robustness(&instance, &nominal, Some(&solution), 100, |d| perturb.scenario(d)).expect("solved");
    let one = run();
    assert!(one.kept.iter().any(|kept| *kept < 100) && one.proved > 0);
    for threads in [1, 2, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        assert_eq!(pool.install(run), one);
    }
    let other = vec![None; 30];
    let refused = case.instance().under(&problem, &answer.certificate.multipliers, &other, UNIT).map(|i| i.edges());
    assert!(refused.is_ok() == (problem.violation(&other) == 0));
    assert_eq!(case.instance().under(&problem, &[], &[], UNIT).map(|i| i.edges()), Err(RobustError::Bounds));
}

/// Whoever is placed thanks to a quota or an order stays in the draws, which keep it too.
#[test]
fn a_quota_or_an_order_places_in_every_draw() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let pairs =
        "vacancy,candidate,fit,order\na,m1,90,\na,w,60,\nb,m2,88,\nb,m3,87,\nb,w,25,\nc,m1,20,\nc,m4,10,force\n";
    fs::write(at("e.csv"), pairs).unwrap();
    fs::write(at("p.csv"), "candidate,sex\nm1,m\nm2,m\nm3,m\nm4,m\nw,f\n").unwrap();
    let draws = "[match]\norder = \"order\"\n[match.robustness]\ndraws = 200\ncandidate_error = 3\n";
    let quota = "[match.quotas.women]\nof = { sex = [\"f\"] }\nleast = 1\n";
    let run = |rules: &str| {
        fs::write(at("m.toml"), rules).unwrap();
        let out = at("out");
        let paths = [at("e.csv"), at("m.toml"), at("p.csv"), out.clone()].map(|p| p.to_str().unwrap().to_owned());
        let [edges, policy, people, to] = &paths;
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_touyan"))
            .args(["match", edges, "--policy", policy, "--candidates", people, "--out", to])
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        let assignment = frame::read_parquet(&out.join("assignment.parquet")).unwrap();
        let who: Vec<String> = frame::words(&assignment, "candidate").unwrap().into_iter().map(str::to_owned).collect();
        let kept = frame::numbers(&assignment, "kept").unwrap();
        let summary = frame::read_parquet(&out.join("match_summary.parquet")).unwrap();
        let items: Vec<String> = frame::words(&summary, "item").unwrap().into_iter().map(str::to_owned).collect();
        let values = frame::wholes(&summary, "value").unwrap();
        let item = move |name: &str| values[items.iter().position(|i| i == name).unwrap()].unwrap();
        let chosen = frame::read_parquet(&out.join("robust_pairs.parquet")).unwrap();
        let all: Vec<String> = frame::words(&chosen, "candidate").unwrap().into_iter().map(str::to_owned).collect();
        let kept_of = move |name: &str| who.iter().position(|w| w == name).and_then(|at| kept[at]);
        (kept_of, item, all)
    };
    // The woman has a; whoever of m2 and m3 seems better that day has b; the order stands in every draw.
    let (kept, item, _) = run(&format!("{draws}{quota}"));
    assert_eq!((kept("w"), kept("m4")), (Some(1.0), Some(1.0)));
    assert!(kept("m2").is_some_and(|share| (0.4..0.8).contains(&share)));
    assert_eq!((item("draws"), item("draws_proved")), (200, 200));
    assert_eq!(item("best_expected_fit"), item("best_expected_bound"));
    let (kept, item, all) = run(draws);
    assert_eq!((kept("w"), kept("m4")), (None, Some(1.0)));
    assert!(!all.contains(&"w".to_owned()) && item("draws_proved") == 200);
}

/// Fits too wide for the numbers of quotas are rounded for the search; what is told of them is exact, and the bound
/// holds.
#[test]
fn wide_fits_keep_their_bound() {
    let far = i64::MAX / 400;
    let instance = Instance::new(1, 2, &[(0, 0), (0, 1)], &[2, 1], 1, -far).expect("an instance");
    let of = |price| Quota { short_price: price, ..Quota::count(vec![0], 0, Some(1), None) };
    let scenario = Scenario { weights: vec![far], noise: Vec::new() };
    for (price, best) in [(None, 1), (Some(3), 1), (Some(0), 0)] {
        let groups = vec![vec![1]];
        let problem =
            QuotaProblem::new(2, vec![0, 2], vec![0, 1], vec![-2, -1], vec![1], groups, vec![of(price)]).expect("fits");
        let under = instance.clone().under(&problem, &[0], &[Some(1)], far).expect("it keeps the quota");
        let found = robustness(&under, &scenario, None, 2, |_| scenario.clone()).expect("solved");
        assert_eq!(found.nominal.columns, [Some(best)], "{price:?}");
        assert_eq!(found.nominal.total, 2 * i128::from(far) * if best == 0 { 2 } else { 1 });
        assert!(found.optima >= found.nominal.total && found.expected_bound >= found.expected.total);
        assert!(found.optima - found.nominal.total < 1_000_000_000);
    }
}
