//! One canonical optimum, whatever the order of rows, columns and edges and whatever came before.

use proptest::prelude::*;
use touyan::kernel::assign::{Assignment, Problem, Solver, canonical, pair_rank, solve, solve_by_auction, tied_rows};

use crate::assign_options::{Case, cases, pairs};

fn key(of: usize) -> u64 {
    0x1234_5678_9abc_def0_u64.rotate_left(of as u32 * 5).wrapping_add(of as u64)
}

fn keys(n: u32, from: usize) -> Vec<u64> {
    (from..from + n as usize).map(key).collect()
}

fn sum(chosen: &[Option<u32>], seed: u64, rows: &[u64], columns: &[u64]) -> i64 {
    chosen.iter().zip(rows).filter_map(|(c, row)| c.map(|c| pair_rank(seed, *row, columns[c as usize]))).sum()
}

/// The same case with rows and columns in another order.
fn permuted(case: &Case, rows: &[usize], columns: &[usize]) -> Case {
    let place = |order: &[usize], of: u32| order.iter().position(|o| *o == of as usize).expect("a permutation") as u32;
    Case {
        edges: case.edges.iter().rev().map(|e| (place(rows, e.0), place(columns, e.1), e.2)).collect(),
        open: rows.iter().map(|r| case.open[*r]).collect(),
        must: columns.iter().map(|c| case.must[*c]).collect(),
        ..case.clone()
    }
}

fn orders() -> impl Strategy<Value = (Vec<usize>, Vec<usize>)> {
    (Just((0..6).collect::<Vec<_>>()).prop_shuffle(), Just((0..6).collect::<Vec<_>>()).prop_shuffle())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_canonical_optimum_is_the_least_of_all_and_independent_of_order(
        case in cases(), (row_order, column_order) in orders(), seed in 0u64..4
    ) {
        let (row_keys, column_keys) = (keys(case.rows, 0), keys(case.columns, 100));
        let Ok(solution) = solve(&case.problem()) else { return Ok(()) };
        let all = case.all();
        let least = all
            .iter()
            .filter(|(total, _)| *total == solution.objective)
            .map(|(_, chosen)| (sum(chosen, seed, &row_keys, &column_keys), chosen.clone()))
            .min()
            .expect("the solution is among them");
        let found = canonical(&case.problem(), &solution, seed, &row_keys, &column_keys);
        prop_assert_eq!(&found.columns, &least.1);
        prop_assert_eq!(case.prove(&found), Ok(solution.objective));
        for (column, row) in found.rows.iter().enumerate() {
            prop_assert!(row.is_none_or(|r| found.columns[r as usize] == Some(column as u32)));
        }
        prop_assert_eq!(pairs(&found).len(), found.rows.iter().flatten().count());

        let other = solve_by_auction(&case.problem()).expect("as before");
        prop_assert_eq!(&canonical(&case.problem(), &other, seed, &row_keys, &column_keys).columns, &found.columns);

        // Tied exactly where optima differ.
        let tied = tied_rows(&case.problem(), &solution);
        for (row, tied) in tied.iter().enumerate() {
            let differs = |a: &(i128, Vec<Option<u32>>)| a.0 == solution.objective && a.1[row] != solution.columns[row];
            prop_assert_eq!(*tied, all.iter().any(differs));
        }

        let rows: Vec<usize> = row_order.into_iter().filter(|r| *r < case.rows as usize).collect();
        let columns: Vec<usize> = column_order.into_iter().filter(|c| *c < case.columns as usize).collect();
        let turned = permuted(&case, &rows, &columns);
        let row_keys: Vec<u64> = rows.iter().map(|r| row_keys[*r]).collect();
        let column_keys: Vec<u64> = columns.iter().map(|c| column_keys[*c]).collect();
        let solution = solve(&turned.problem()).expect("as before");
        let again = canonical(&turned.problem(), &solution, seed, &row_keys, &column_keys);
        for (at, row) in rows.iter().enumerate() {
            prop_assert_eq!(again.columns[at].map(|c| columns[c as usize] as u32), found.columns[*row]);
        }
    }
}

fn chosen(problem: &Problem, solution: &Assignment, rows: &[u64], columns: &[u64]) -> Vec<Option<u32>> {
    canonical(problem, solution, 7, rows, columns).columns
}

#[test]
fn cold_warm_and_by_auction_are_the_same_people() {
    // 300 posts, 310 people, five levels of fit.
    let mut edges = Vec::new();
    for row in 0..300u32 {
        for step in 0..9u32 {
            edges.push((row, (row * 31 + step * step * 7) % 310, i64::from((row * step * 5 + step) % 5) * 100));
        }
    }
    let (row_keys, column_keys) = (keys(300, 0), keys(310, 1_000));
    let problem = Problem::new(300, 310, &edges, 10_000).expect("in range");
    let cold = chosen(&problem, &solve(&problem).expect("may stay open"), &row_keys, &column_keys);
    let auction = chosen(&problem, &solve_by_auction(&problem).expect("may stay open"), &row_keys, &column_keys);
    assert_eq!(cold, auction);
    let mut solver = Solver::new(problem.clone());
    let costs = |by: i64| edges.iter().step_by(7).map(|e| (e.0, e.1, Some(e.2 + by))).collect::<Vec<_>>();
    for by in [100, -100, 300] {
        solver.change(&costs(by)).expect("in range");
        solver.solve().expect("may stay open");
    }
    let back: Vec<_> = (0..300).flat_map(|r| problem.row(r).map(move |(c, w)| (r as u32, c as u32, Some(w)))).collect();
    solver.change(&back).expect("in range");
    solver.solve().expect("may stay open");
    assert_eq!(chosen(solver.problem(), &solver.solution(), &row_keys, &column_keys), cold);
    assert!(tied_rows(&problem, &solve(&problem).expect("may stay open")).iter().any(|t| *t));
}

/// Sums of 40-bit ranks along chains of so many nodes leave the range of exact arithmetic.
#[test]
fn large_ties_are_broken_for_any_order_too() {
    let count = 70_000u32;
    let mut state = 1u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(count)) as u32
    };
    let mut edges: Vec<(u32, u32, i64)> =
        (0..count).flat_map(|row| [(row, row, 0), (row, draw(), 0), (row, draw(), 0)]).collect();
    let people: Vec<u64> = (0..count as usize).map(key).collect();
    let posts = people.clone();
    let solved = |edges: &[(u32, u32, i64)], posts: &[u64]| {
        let problem = Problem::new(count as usize, count as usize, edges, 1).expect("in range");
        let best = solve(&problem).expect("all may stay open");
        canonical(&problem, &best, 9, posts, &people)
    };
    let best = solved(&edges, &posts);
    // The same with the posts from last to first.
    edges.iter_mut().for_each(|edge| edge.0 = count - 1 - edge.0);
    let mut turned = solved(&edges, &posts.into_iter().rev().collect::<Vec<_>>());
    turned.columns.reverse();
    assert!(best.columns == turned.columns, "depends on the order");
}
