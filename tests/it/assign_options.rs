//! The assignment kernel with every option on: rows with their own open price or none, columns that
//! must be placed, against brute force.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use touyan::kernel::assign::{
    AssignError, Assignment, ClassError, DenseError, Infeasible, NO_LEVEL, Problem, Violation, check_certificate_with,
    check_classes, solve, solve_by_auction, solve_by_classes, solve_dense,
};

pub type Edges = Vec<(u32, u32, i64)>;

/// An instance with every option.
#[derive(Clone, Debug)]
pub struct Case {
    pub rows: u32,
    pub columns: u32,
    pub edges: Edges,
    pub open: Vec<Option<i64>>,
    pub must: Vec<bool>,
}

impl Case {
    pub fn costs(&self) -> BTreeMap<(u32, u32), i64> {
        let mut costs = BTreeMap::new();
        for &(row, column, cost) in &self.edges {
            costs.entry((row, column)).and_modify(|c: &mut i64| *c = cost.min(*c)).or_insert(cost);
        }
        costs
    }

    pub fn problem(&self) -> Problem {
        Problem::new(self.rows as usize, self.columns as usize, &self.edges, 0)
            .and_then(|p| p.with_open_prices(&self.open))
            .and_then(|p| p.with_must_place(&self.must))
            .expect("in range")
    }

    /// All assignments with their totals.
    pub fn all(&self) -> Vec<(i128, Vec<Option<u32>>)> {
        let costs = self.costs();
        let mut all = Vec::new();
        self.extend(&costs, &mut Vec::new(), 0, &mut all);
        all
    }

    fn extend(
        &self,
        costs: &BTreeMap<(u32, u32), i64>,
        chosen: &mut Vec<Option<u32>>,
        total: i128,
        all: &mut Vec<(i128, Vec<Option<u32>>)>,
    ) {
        let row = chosen.len() as u32;
        if row == self.rows {
            if (0..self.columns).all(|c| !self.must[c as usize] || chosen.contains(&Some(c))) {
                all.push((total, chosen.clone()));
            }
            return;
        }
        if let Some(open) = self.open[row as usize] {
            chosen.push(None);
            self.extend(costs, chosen, total + i128::from(open), all);
            chosen.pop();
        }
        for (&(_, column), cost) in costs.range((row, 0)..(row + 1, 0)) {
            if !chosen.contains(&Some(column)) {
                chosen.push(Some(column));
                self.extend(costs, chosen, total + i128::from(*cost), all);
                chosen.pop();
            }
        }
    }

    pub fn prove(&self, solution: &Assignment) -> Result<i128, Violation> {
        check_certificate_with(
            self.edges.iter().copied(),
            |row| self.open[row],
            |column| self.must[column],
            &solution.row_prices,
            &solution.column_prices,
            &pairs(solution),
        )
    }

    /// Whether the proof of infeasibility holds.
    pub fn refuted(&self, why: &Infeasible) -> bool {
        let ends = |of: &BTreeSet<u32>, own: fn(&(u32, u32)) -> u32, other: fn(&(u32, u32)) -> u32| {
            self.costs().keys().filter(|e| of.contains(&own(e))).map(other).collect::<BTreeSet<u32>>()
        };
        match why {
            Infeasible::Rows { rows, columns } => {
                let set: BTreeSet<u32> = rows.iter().copied().collect();
                rows.iter().all(|r| self.open[*r as usize].is_none())
                    && set.len() > columns.len()
                    && ends(&set, |e| e.0, |e| e.1) == columns.iter().copied().collect()
            }
            Infeasible::Columns { columns, rows } => {
                let set: BTreeSet<u32> = columns.iter().copied().collect();
                columns.iter().all(|c| self.must[*c as usize])
                    && set.len() > rows.len()
                    && ends(&set, |e| e.1, |e| e.0) == rows.iter().copied().collect()
            }
        }
    }
}

pub fn pairs(solution: &Assignment) -> Vec<(u32, u32)> {
    solution.columns.iter().enumerate().filter_map(|(r, c)| c.map(|c| (r as u32, c))).collect()
}

/// Empty, one-sided, all equal, tied, negative, huge; open prices of every kind.
pub fn cases() -> impl Strategy<Value = Case> {
    let range = prop_oneof![Just(1i64), Just(2), Just(4), Just(1_000), Just(1_000_000_000_000)];
    let open = prop_oneof![
        4 => Just(Some(0i64)),
        2 => Just(Some(5)),
        2 => Just(Some(1_000)),
        1 => Just(Some(1_000_000_000_000)),
        2 => (-4i64..4).prop_map(Some),
        4 => Just(None)
    ];
    (0u32..6, 0u32..6, range).prop_flat_map(move |(rows, columns, range)| {
        let edges = if rows * columns == 0 { 0 } else { 20 };
        let edge = (0..rows.max(1), 0..columns.max(1), -range / 3..range);
        (
            Just(rows),
            Just(columns),
            prop::collection::vec(edge, 0..=edges),
            prop::collection::vec(open.clone(), rows as usize),
            prop::collection::vec(prop::bool::weighted(0.25), columns as usize),
        )
            .prop_map(|(rows, columns, edges, open, must)| Case { rows, columns, edges, open, must })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_brute_force_or_is_refuted(case in cases()) {
        let best = case.all().into_iter().map(|a| a.0).min();
        let problem = case.problem();
        for solution in [solve(&problem), solve_by_auction(&problem)] {
            match solution {
                Ok(solution) => {
                    prop_assert_eq!(Some(solution.objective), best);
                    prop_assert_eq!(case.prove(&solution), Ok(solution.objective));
                }
                Err(why) => {
                    prop_assert_eq!(best, None);
                    prop_assert!(case.refuted(&why), "{:?}", why);
                }
            }
        }
    }

    #[test]
    fn a_forced_partner_is_missed(case in cases(), which in 0usize..100) {
        if let Ok(solution) = solve(&case.problem()) {
            let chosen = pairs(&solution);
            if !chosen.is_empty() {
                let (row, column) = chosen[which % chosen.len()];
                let mut less = solution.clone();
                less.columns[row as usize] = None;
                less.rows[column as usize] = None;
                let found = case.prove(&less);
                prop_assert!(found.is_err() || case.open[row as usize].is_some());
                if case.open[row as usize].is_none() {
                    prop_assert_eq!(found, Err(Violation::MustBeFilled(row)));
                }
                // The same pairs with somebody in place who was not.
                if let Some(free) = (0..case.columns as usize).find(|c| solution.rows[*c].is_none()) {
                    let mut strict = case.clone();
                    strict.must[free] = true;
                    prop_assert_eq!(strict.prove(&solution), Err(Violation::MustBePlaced(free as u32)));
                }
            }
        }
    }
}

#[test]
fn chains_that_leave_the_range_are_refused() {
    let edges = [(0, 0, 1i64 << 57), (0, 1, 0), (1, 0, 0), (1, 1, 1 << 57)];
    let problem = Problem::new(2, 2, &edges, 0).expect("in range");
    assert!(matches!(problem.clone().with_must_place(&[true, false]), Err(AssignError::Chains { nodes: 6, .. })));
    assert!(matches!(problem.with_open_prices(&[None, None]), Err(AssignError::Chains { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Against all assignments, compared by (open rows of class 1, 2, 3, total).
    #[test]
    fn classes_are_filled_in_order(case in cases(), classes in prop::collection::vec(1u32..4, 6), which in 0usize..100) {
        let classes = &classes[..case.rows as usize];
        let vector = |total: i128, chosen: &[Option<u32>]| {
            let open = |class| chosen.iter().zip(classes).filter(|(c, k)| c.is_none() && **k == class).count();
            (open(1), open(2), open(3), total)
        };
        let best = case.all().iter().map(|(total, chosen)| vector(*total, chosen)).min();
        match solve_by_classes(case.problem(), classes) {
            Err(ClassError::Infeasible(why)) => {
                prop_assert_eq!(best, None);
                prop_assert!(case.refuted(&why), "{:?}", why);
            }
            Err(error) => prop_assert!(false, "{}", error),
            Ok(ranked) => {
                let solution = &ranked.assignment;
                prop_assert_eq!(Some(vector(solution.objective, &solution.columns)), best);
                let check = |rows: &[u32], columns: &[u32], u: &[i64]| check_classes(
                    case.edges.iter().copied(), classes, |r| case.open[r], |c| case.must[c],
                    rows, columns, u, &solution.column_prices, &pairs(solution),
                );
                prop_assert_eq!(check(&ranked.row_levels, &ranked.column_levels, &solution.row_prices), Ok(solution.objective));
                // Tampering: another level of a column, another price.
                if case.rows > 0 {
                    let mut wrong = solution.row_prices.clone();
                    wrong[which % case.rows as usize] += 1;
                    prop_assert!(check(&ranked.row_levels, &ranked.column_levels, &wrong).is_err());
                }
                if let Some(&(_, column)) = pairs(solution).get(which % 6) {
                    let mut wrong = ranked.column_levels.clone();
                    let at = &mut wrong[column as usize];
                    *at = if *at == NO_LEVEL { 1 } else { NO_LEVEL };
                    prop_assert!(check(&ranked.row_levels, &wrong, &solution.row_prices).is_err());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_full_table_is_its_edges(
        (rows, columns) in (0u32..6, 1u32..6), costs in prop::collection::vec(-5i64..30, 36), open in prop::option::of(-3i64..25)
    ) {
        let entry = |r: u32, c: u32| costs[(r * 6 + c) as usize];
        let edges: Edges = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c, entry(r, c)))).collect();
        let case = Case { rows, columns, edges, open: vec![open; rows as usize], must: vec![false; columns as usize] };
        let table: Vec<i64> = case.edges.iter().map(|e| e.2).collect();
        match solve_dense(columns as usize, &table, open) {
            Ok(solution) => {
                prop_assert_eq!(case.prove(&solution), Ok(solution.objective));
                prop_assert_eq!(Some(solution.objective), case.all().into_iter().map(|a| a.0).min());
            }
            Err(DenseError::Infeasible(why)) => prop_assert!(case.refuted(&why)),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}

#[test]
fn a_large_table_is_proved_as_a_whole() {
    // Everybody wants the same columns: the cheapest entries of each row are of little use.
    let (rows, columns) = (150u32, 160u32);
    let entry = |r: u32, c: u32| i64::from(c * c) + i64::from((r * 7919 + c * 104_729) % 101);
    let edges: Edges = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c, entry(r, c)))).collect();
    let table: Vec<i64> = edges.iter().map(|e| e.2).collect();
    let case = Case { rows, columns, edges, open: vec![None; 150], must: vec![false; 160] };
    let (dense, sparse) =
        (solve_dense(160, &table, None).expect("feasible"), solve(&case.problem()).expect("feasible"));
    assert_eq!(case.prove(&dense), Ok(sparse.objective));
}

/// Instances with a hundred and more edges a row go through the few cheapest first, unless somebody must
/// have a partner that those do not offer.
fn dense_cases() -> impl Strategy<Value = Case> {
    let sizes = (1u32..30, 100u32..140, 1i64..2_000, 0u32..90);
    sizes.prop_flat_map(|(rows, columns, most, share)| {
        let edge = prop_oneof![9 => (-most..most).prop_map(Some), 1 => Just(None)];
        let open = prop_oneof![Just(None), (-most..3 * most).prop_map(Some)];
        (
            prop::collection::vec(edge, (rows * columns) as usize),
            prop::collection::vec(open, rows as usize),
            prop::collection::vec((0u32..100).prop_map(move |draw| draw < share / 9), columns as usize),
            prop::collection::vec(0i64..3 * most, columns as usize),
        )
            .prop_map(move |(costs, open, must, dear)| {
                let edges = costs.iter().enumerate().filter_map(|(at, cost)| {
                    let (row, column) = (at as u32 / columns, at as u32 % columns);
                    Some((row, column, (*cost)? + dear[column as usize]))
                });
                Case { rows, columns, edges: edges.collect(), open, must }
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn dense_instances_have_the_same_optimum(case in dense_cases()) {
        let problem = case.problem();
        match (solve(&problem), solve_by_auction(&problem)) {
            (Ok(one), Ok(other)) => {
                prop_assert_eq!(one.objective, other.objective);
                let (open, must) = (|r: usize| case.open[r], |c: usize| case.must[c]);
                let proved = check_certificate_with(
                    case.edges.iter().copied(), open, must, &one.row_prices, &one.column_prices, &pairs(&one),
                );
                prop_assert_eq!(proved, Ok(one.objective));
            }
            (Err(why), Err(_)) => prop_assert!(case.refuted(&why), "{:?}", why),
            (one, other) => prop_assert!(false, "{:?} {:?}", one, other),
        }
    }
}
