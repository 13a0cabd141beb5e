//! The assignment kernel against brute force, and its certificate against tampering.

use std::collections::BTreeMap;

use proptest::prelude::*;
use touyan::kernel::assign::{
    AssignError, Assignment, Problem, Violation, alternatives, check_certificate, shortage, solve, solve_by_auction,
    tied_rows,
};

type Edges = Vec<(u32, u32, i64)>;
type Costs = BTreeMap<(u32, u32), i64>;

/// Cheapest total over all assignments, by trying every one.
fn brute(rows: u32, columns: u32, costs: &Costs, open: i64, row: u32, used: u32) -> i128 {
    if row == rows {
        return 0;
    }
    let mut best = i128::from(open) + brute(rows, columns, costs, open, row + 1, used);
    for column in (0..columns).filter(|c| used >> c & 1 == 0) {
        if let Some(cost) = costs.get(&(row, column)) {
            best = best.min(i128::from(*cost) + brute(rows, columns, costs, open, row + 1, used | 1 << column));
        }
    }
    best
}

fn cheapest(edges: &Edges) -> Costs {
    let mut costs = Costs::new();
    for &(row, column, cost) in edges {
        costs.entry((row, column)).and_modify(|c| *c = cost.min(*c)).or_insert(cost);
    }
    costs
}

fn pairs(solution: &Assignment) -> Vec<(u32, u32)> {
    solution.columns.iter().enumerate().filter_map(|(r, c)| c.map(|c| (r as u32, c))).collect()
}

fn solved(rows: u32, columns: u32, edges: &Edges, open: i64) -> Assignment {
    let problem = Problem::new(rows as usize, columns as usize, edges, open).expect("in range");
    solve(&problem).expect("everything may stay open")
}

/// Rectangular both ways, one-sided, empty, tied, all equal, negative, dear and cheap open prices; in half of
/// them everybody wants about the same columns.
fn instances() -> impl Strategy<Value = (u32, u32, Edges, i64)> {
    let range = prop_oneof![Just(1i64), Just(2), Just(4), Just(1_000), Just(1_000_000_000_000)];
    let open = prop_oneof![Just(0i64), Just(1), Just(5), Just(1_000), Just(1_000_000_000_000_000), -4i64..4];
    (0u32..6, 0u32..6, range, open).prop_flat_map(|(rows, columns, range, open)| {
        let edges = if rows * columns == 0 { 0 } else { 18 };
        let edge = (0..rows.max(1), 0..columns.max(1), -range / 3..range);
        let worth = prop_oneof![Just(vec![0; 6]), prop::collection::vec(0..range.saturating_mul(100), 6)];
        let edges = (prop::collection::vec(edge, 0..=edges), worth).prop_map(|(mut edges, worth)| {
            edges.iter_mut().for_each(|(_, column, cost)| *cost += worth[*column as usize]);
            edges
        });
        (Just(rows), Just(columns), edges, Just(open))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_brute_force((rows, columns, edges, open) in instances()) {
        let costs = cheapest(&edges);
        let wanted = brute(rows, columns, &costs, open, 0, 0);
        let problem = Problem::new(rows as usize, columns as usize, &edges, open).expect("in range");
        prop_assert_eq!(problem.edges(), costs.len());
        for solution in [solve(&problem), solve_by_auction(&problem)].map(|s| s.expect("everything may stay open")) {
            prop_assert_eq!(solution.objective, wanted);
            let proved =
                check_certificate(&edges, open, &solution.row_prices, &solution.column_prices, &pairs(&solution));
            prop_assert_eq!(proved, Ok(wanted));

            // Without the person a post has, and whether another optimum exists.
            let others = alternatives(&problem, &solution);
            let tied = tied_rows(&problem, &solution);
            for (row, column) in pairs(&solution) {
                let without: Costs = costs.iter().filter(|(k, _)| k.1 != column).map(|(k, c)| (*k, *c)).collect();
                let loss = brute(rows, columns, &without, open, 0, 0) - wanted;
                let other = others[row as usize].expect("a filled row has an alternative");
                prop_assert_eq!(i128::from(other.loss), loss);
                prop_assert_ne!(other.column, Some(column));
                let mut unpaired = costs.clone();
                unpaired.remove(&(row, column));
                prop_assert_eq!(tied[row as usize], brute(rows, columns, &unpaired, open, 0, 0) == wanted);
            }
        }
    }

    #[test]
    fn a_further_candidate_never_worsens((rows, columns, edges, open) in instances(), costs in prop::collection::vec(-50i64..500, 6)) {
        let before = solved(rows, columns, &edges, open);
        let mut more = edges;
        more.extend((0..rows).map(|row| (row, columns, costs[row as usize])));
        let after = solved(rows, columns + 1, &more, open);
        prop_assert!(after.objective <= before.objective);
    }

    #[test]
    fn edge_order_does_not_matter((rows, columns, edges, open) in instances(), turn in 0usize..18) {
        let mut turned = edges.clone();
        turned.rotate_left(turn % edges.len().max(1));
        turned.reverse();
        prop_assert_eq!(solved(rows, columns, &edges, open), solved(rows, columns, &turned, open));
    }

    #[test]
    fn tampering_is_found((rows, columns, edges, open) in instances(), which in 0usize..1_000, by in 1i64..5) {
        let solution = solved(rows, columns, &edges, open);
        let chosen = pairs(&solution);
        let check = |edges: &Edges, u: &[i64], v: &[i64], chosen: &[(u32, u32)]| check_certificate(edges, open, u, v, chosen);
        let (u, v) = (&solution.row_prices, &solution.column_prices);
        for change in [by, -by] {
            if rows > 0 {
                let mut wrong = u.clone();
                wrong[which % rows as usize] += change;
                prop_assert!(check(&edges, &wrong, v, &chosen).is_err());
            }
            if columns > 0 {
                let mut wrong = v.clone();
                wrong[which % columns as usize] += change;
                prop_assert!(check(&edges, u, &wrong, &chosen).is_err());
            }
        }
        if !chosen.is_empty() {
            let (row, column) = chosen[which % chosen.len()];
            let without: Edges = edges.iter().copied().filter(|e| (e.0, e.1) != (row, column)).collect();
            prop_assert_eq!(check(&without, u, v, &chosen), Err(Violation::NoEdge { row, column }));
            let cheaper: Edges =
                edges.iter().map(|e| if (e.0, e.1) == (row, column) { (e.0, e.1, e.2 - by) } else { *e }).collect();
            prop_assert!(check(&cheaper, u, v, &chosen).is_err());
            let twice: Vec<_> = chosen.iter().copied().chain([(row, column)]).collect();
            prop_assert_eq!(check(&edges, u, v, &twice), Err(Violation::RowTwice(row)));
        }
    }
}

#[test]
fn a_large_tied_instance_is_proved_by_both_paths() {
    // 400 posts of 20 villages that share 380 people on five fit levels: scarce, tied and dominated.
    let mut edges = Edges::new();
    for row in 0..400u32 {
        for step in 0..12u32 {
            let column = (row / 20 * 19 + (row * 7 + step * step) % 23).min(379);
            edges.push((row, column, i64::from((column * 13 + (row * step) % 3) % 5) * 100));
        }
    }
    let problem = Problem::new(400, 380, &edges, 1_000_000).expect("in range");
    let solve = |s: Result<Assignment, _>| s.expect("everything may stay open");
    let (plain, auction) = (solve(touyan::kernel::assign::solve(&problem)), solve(solve_by_auction(&problem)));
    assert_eq!(plain.objective, auction.objective);
    for solution in [&plain, &auction] {
        let proved =
            check_certificate(&edges, 1_000_000, &solution.row_prices, &solution.column_prices, &pairs(solution));
        assert_eq!(proved, Ok(solution.objective));
        for row in (0..400u32).filter(|r| solution.columns[*r as usize].is_none()) {
            let set = shortage(&problem, solution, row, 1_000).expect("an open row");
            assert!(set.hall && set.rows.len() > set.columns.len() && set.rows.contains(&row));
            let mut eligible: Vec<u32> = edges.iter().filter(|e| set.rows.contains(&e.0)).map(|e| e.1).collect();
            eligible.sort_unstable();
            eligible.dedup();
            assert_eq!(eligible, set.columns);
        }
    }
}

#[test]
fn bad_instances_are_refused() {
    let refused = |edges: &[(u32, u32, i64)], open| Problem::new(2, 2, edges, open).err();
    assert!(matches!(refused(&[(2, 0, 1)], 0), Some(AssignError::OutOfRange { edge: 0, row: 2, .. })));
    assert_eq!(refused(&[(0, 0, i64::MAX)], 0), Some(AssignError::Overflow(i64::MAX)));
    assert_eq!(refused(&[], i64::MIN), Some(AssignError::Overflow(i64::MIN)));
    assert!(matches!(Problem::from_csr(2, vec![0, 2], vec![1, 0], vec![1, 1], 0), Err(AssignError::Csr(_))));
    assert!(matches!(Problem::from_csr(1, vec![0, 1], vec![1], vec![1], 0), Err(AssignError::OutOfRange { .. })));
    assert!(matches!(Problem::from_csr(1, vec![], vec![], vec![], 0), Err(AssignError::Csr(_))));
}
