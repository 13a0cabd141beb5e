//! Solving again after changes: always the optimum of the instance as it is now, with its proof.

use proptest::prelude::*;
use touyan::kernel::assign::{Change, Infeasible, Problem, Solver, check_certificate_with, solve, solve_by_auction};

use crate::assign_options::{Case, cases, pairs};

/// Changes edge by edge in the case's own list (the cheapest of parallel edges is the edge).
fn apply(case: &mut Case, changes: &[Change]) {
    for &(row, column, cost) in changes {
        case.edges.retain(|e| (e.0, e.1) != (row, column));
        if let Some(cost) = cost {
            case.edges.push((row, column, cost));
        }
    }
}

fn agrees(case: &Case, solver: &mut Solver) -> Result<(), TestCaseError> {
    let best = case.all().into_iter().map(|a| a.0).min();
    match solver.solve() {
        Ok(objective) => {
            prop_assert_eq!(Some(objective), best);
            let solution = solver.solution();
            prop_assert_eq!(solution.objective, objective);
            let (u, v) = solver.prices();
            let edges = case.edges.iter().copied();
            let proved = check_certificate_with(edges, |r| case.open[r], |c| case.must[c], u, v, &pairs(&solution));
            prop_assert_eq!(proved, Ok(objective));
        }
        Err(why) => {
            prop_assert_eq!(best, None);
            prop_assert!(case.refuted(&why));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_changes_the_solution_is_that_of_the_new_instance(
        case in cases(),
        rounds in prop::collection::vec(
            (
                prop::collection::vec((0u32..6, 0u32..6, prop::option::weighted(0.8, -3i64..2_000)), 0..6),
                prop::collection::vec((0u32..6, prop::option::weighted(0.8, -3i64..2_000)), 0..2),
                prop::option::weighted(0.3, -20i64..20),
                prop::option::weighted(0.5, (0u32..6, -900i64..900, 1i64..3)),
            ),
            1..5,
        )
    ) {
        let mut case = case;
        let mut solver = Solver::new(case.problem());
        agrees(&case, &mut solver)?;
        for (changes, open, shift, person) in rounds {
            if let Some((person, by, times)) = person {
                // Somebody is appraised anew: all edges of a column.
                let own = case.edges.iter().filter(|e| e.1 == person);
                let changes: Vec<Change> = own.map(|e| (e.0, e.1, Some(e.2 * times + by))).collect();
                solver.change(&changes).expect("in range");
                apply(&mut case, &changes);
                if by > 0 {
                    agrees(&case, &mut solver)?;
                }
            }
            let changes: Vec<Change> = changes.into_iter().filter(|c| c.0 < case.rows && c.1 < case.columns).collect();
            solver.change(&changes).expect("in range");
            apply(&mut case, &changes);
            let open: Vec<_> = open.into_iter().filter(|o| o.0 < case.rows).collect();
            solver.change_open(&open).expect("in range");
            for (row, price) in open {
                case.open[row as usize] = price;
            }
            if let Some(shift) = shift {
                let shifted = |column: u32, cost: i64| cost + shift * i64::from(column % 3);
                solver.set_costs(|_, column, cost| shifted(column as u32, cost)).expect("in range");
                for edge in &mut case.edges {
                    edge.2 = shifted(edge.1, edge.2);
                }
            }
            agrees(&case, &mut solver)?;
        }
    }
}

#[test]
fn costs_may_outgrow_32_bits() {
    let case = Case {
        rows: 2,
        columns: 2,
        edges: vec![(0, 0, 5), (0, 1, 9), (1, 0, 4), (1, 1, 9)],
        open: vec![Some(1 << 40), None],
        must: vec![false, false],
    };
    let mut solver = Solver::new(case.problem());
    assert_eq!(solver.solve(), Ok(13));
    solver.change(&[(1, 0, Some(1 << 36))]).expect("in range");
    assert_eq!(solver.solve(), Ok(14));
    solver.set_costs(|_, column, cost| cost + ((column as i64) << 38)).expect("in range");
    assert_eq!(solver.solve(), Ok((1 << 38) + 14));
    assert!(solver.change(&[(0, 2, Some(1))]).is_err());
    assert!(solver.change(&[(0, 0, Some(i64::MAX))]).is_err());
    assert!(solver.change_open(&[(0, Some(1 << 60))]).is_err());
    assert!(solver.set_costs(|_, _, _| i64::MIN).is_err());
    assert_eq!(solver.solve(), Ok((1 << 38) + 14));
    // From narrow to wide by a shift of everything.
    let mut solver = Solver::new(case.problem());
    solver.set_costs(|_, column, cost| cost + ((column as i64) << 38)).expect("in range");
    assert_eq!(solver.solve(), Ok((1 << 38) + 13));
}

/// Where all must have partners only differences of prices are given: they must not run away together.
#[test]
fn prices_stay_in_range_over_many_changes() {
    let edges: Vec<(u32, u32, i64)> = (0..9).map(|at| (at / 3, at % 3, 0)).collect();
    let problem = Problem::new(3, 3, &edges, 0).expect("small");
    let problem = problem.with_open_prices(&[None; 3]).and_then(|p| p.with_must_place(&[true; 3])).expect("in range");
    let mut solver = Solver::new(problem);
    let large = i64::MAX / 32 / 16;
    let mut state = 7u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..3_000 {
        let row = draw(3) as u32;
        let mut cost = |column| (row, column, Some(if draw(2) == 0 { large } else { -large }));
        let changes: Vec<Change> = (0..3).map(&mut cost).collect();
        solver.change(&changes).expect("in range");
        let best = solve(solver.problem()).map(|solution| solution.objective);
        assert_eq!(solver.solve(), best, "round {round}");
    }
}

/// Two of many rows share one column, and prices elsewhere allow searches to go far: each would push the column's
/// price away a little more.
#[test]
fn a_proof_found_after_changes_is_a_proof() {
    let (chains, length, many) = (10u32, 80u32, 500u32);
    let (rows, columns) = (chains * (length + 1) + many, chains * (length + 1) + 1);
    let large = i64::MAX / 32 / (2 * i64::from(rows + columns + 2));
    let mut edges = Vec::new();
    let mut open = vec![Some(large); rows as usize];
    for start in (0..chains).map(|chain| chain * (length + 1)) {
        edges.push((start, start, -large));
        open[start as usize] = Some(-large);
        for at in start..start + length {
            edges.extend([(at + 1, at, -large), (at + 1, at + 1, large)]);
            open[at as usize + 1] = None;
        }
    }
    edges.extend((rows - many..rows).map(|row| (row, columns - 1, 0)));
    let problem = Problem::new(rows as usize, columns as usize, &edges, large).expect("in range");
    let mut solver = Solver::new(problem.with_open_prices(&open).expect("in range"));
    assert!(solver.solve().is_ok());
    let all: Vec<(u32, Option<i64>)> = (0..rows).map(|row| (row, None)).collect();
    solver.change_open(&all).expect("in range");
    let Err(Infeasible::Rows { rows, columns }) = solver.solve() else { panic!("one column for many rows") };
    let ends = edges.iter().filter(|edge| rows.contains(&edge.0));
    assert!(rows.len() > columns.len() && ends.into_iter().all(|edge| columns.contains(&edge.1)));
    // One wrong change takes back those before it.
    assert!(solver.change_open(&[(0, Some(1)), (u32::MAX, None)]).is_err());
    assert_eq!(solver.problem().open_price_of(0), None);
}

/// A pool in which everybody agrees about people by so many hundredths, with fits in steps of `level` but for
/// a few. One row in `filled` must be filled, and some columns must be placed; with 0 nobody must. Costs are so much
/// less, and everything so many times as much, as `form` says.
fn pool(rows: u32, columns: u32, (agreed, level): (i64, i64), filled: u32, form: (i64, i64), seed: u64) -> Case {
    let mut state = seed;
    let mut draw = move |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(below)) as u32
    };
    let quality: Vec<i64> = (0..columns).map(|_| i64::from(draw(10_000))).collect();
    let mut edges = Vec::new();
    for row in 0..rows {
        for _ in 0..10 {
            let column = draw(columns);
            let cost = (agreed * quality[column as usize] + (100 - agreed) * i64::from(draw(10_000))) / 100;
            let off = if draw(200) == 0 { i64::from(draw(100)) } else { 0 };
            edges.push((row, column, (cost / level * level + off - form.0) * form.1));
        }
    }
    edges.sort_unstable();
    edges.dedup_by_key(|edge| (edge.0, edge.1));
    let price = |row: u32| form.1 * if row.is_multiple_of(5) { 11_000 } else { 20_000 };
    let open = (0..rows).map(|row| Some(price(row)).filter(|_| filled == 0 || row % filled != filled - 1)).collect();
    let known = |column: u32| edges.iter().filter(|edge| edge.1 == column).count() > 3;
    let must = (0..columns).map(|column| filled > 0 && column % 97 == 96 && known(column)).collect();
    Case { rows, columns, edges, open, must }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Searches that go far, prices that are shifted together, and starts that are given up: none of these
    /// happens among a handful of nodes.
    #[test]
    fn changes_that_reach_far_are_proved_too(
        (rows, surplus) in (300u32..1_200, -10i32..40),
        agreed in prop::sample::select(vec![0i64, 60, 95, 100]),
        level in prop::sample::select(vec![1i64, 10, 500]),
        many in prop::sample::select(vec![3usize, 30, 300]),
        filled in prop::sample::select(vec![0u32, 0, 1, 7, 10_000]),
        // Prices that just fit in 32 bits all the way, and such that just do not.
        form in prop::sample::select(vec![(0i64, 1i64), (0, 53_687), (0, 53_688), (9_000, 37_025)]),
        seed in any::<u64>(),
    ) {
        let mut case = pool(rows, rows.saturating_add_signed(surplus), (agreed, level), filled, form, seed);
        let mut solver = Solver::new(case.problem());
        for round in 0..3u64 {
            if round > 0 {
                let count = case.edges.len() as u64;
                let at = |n: usize, salt: u64| (seed ^ ((n as u64 + 1) * (round + salt)).wrapping_mul(0x9E37_79B9_7F4A_7C15)) % count;
                let moved = |n: usize| (case.edges[at(n, 7) as usize], case.edges[at(n, 11) as usize].2);
                let changes: Vec<Change> = (0..many).map(moved).map(|(edge, cost)| (edge.0, edge.1, Some(cost))).collect();
                solver.change(&changes).expect("in range");
                apply(&mut case, &changes);
            }
            let cold = [solve(&case.problem()), solve_by_auction(&case.problem())];
            match solver.solve() {
                Ok(objective) => {
                    prop_assert_eq!(case.prove(&solver.solution()), Ok(objective));
                    for cold in cold {
                        prop_assert_eq!(cold.map(|cold| case.prove(&cold)), Ok(Ok(objective)));
                    }
                }
                Err(why) => {
                    prop_assert!(case.refuted(&why));
                    for cold in cold {
                        prop_assert!(cold.is_err_and(|why| case.refuted(&why)));
                    }
                }
            }
        }
    }
}

/// So many come loose that several cores look for them, and prices are shifted both ways: the same pairs and prices as
/// with one core. Prices just fit in 32 bits.
#[test]
fn cores_do_not_matter_to_changes() {
    let run = |threads| {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        threads.install(|| {
            let mut case = pool(40_000, 40_500, (95, 1), 0, (0, 53_687), 5);
            let mut solver = Solver::new(case.problem());
            solver.solve().expect("everybody may stay alone");
            for round in 1..4usize {
                let edges = case.edges.iter().step_by(20 + round).zip(case.edges.iter().rev().step_by(30));
                let changes: Vec<Change> = edges.map(|(edge, other)| (edge.0, edge.1, Some(other.2))).collect();
                solver.change(&changes).expect("in range");
                let by: std::collections::BTreeMap<_, _> = changes.iter().map(|c| ((c.0, c.1), c.2)).collect();
                for edge in &mut case.edges {
                    edge.2 = by.get(&(edge.0, edge.1)).copied().flatten().unwrap_or(edge.2);
                }
                let objective = solver.solve().expect("everybody may stay alone");
                assert_eq!(case.prove(&solver.solution()), Ok(objective), "round {round}");
                assert_eq!(solve(&case.problem()).map(|cold| cold.objective), Ok(objective), "round {round}");
            }
            solver.solution()
        })
    };
    let (one, three) = (run(1), run(3));
    assert_eq!(
        (one.columns, one.row_prices, one.column_prices),
        (three.columns, three.row_prices, three.column_prices)
    );
}
