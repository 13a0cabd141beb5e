//! Assignment with quotas against brute force, and its certificate against tampering.

use proptest::prelude::*;
use touyan::kernel::quota::{Effort, Flaw, Quota, QuotaProblem, check_bound, solve};

/// An instance as brute force reads it: no structure but edges, members and bounds.
#[derive(Clone, Debug)]
struct Plain {
    columns: u32,
    edges: Vec<Vec<(u32, i64)>>,
    open: Vec<i64>,
    groups: Vec<Vec<u32>>,
    quotas: Vec<Quota>,
}

impl Plain {
    fn problem(&self) -> QuotaProblem {
        let mut starts = vec![0u32];
        let (mut heads, mut costs) = (Vec::new(), Vec::new());
        for row in &self.edges {
            heads.extend(row.iter().map(|e| e.0));
            costs.extend(row.iter().map(|e| e.1));
            starts.push(heads.len() as u32);
        }
        let (open, groups, quotas) = (self.open.clone(), self.groups.clone(), self.quotas.clone());
        QuotaProblem::new(self.columns as usize, starts, heads, costs, open, groups, quotas).expect("a valid instance")
    }

    /// Calls `visit` with every assignment.
    fn all(&self, choice: &mut Vec<Option<u32>>, used: u32, visit: &mut impl FnMut(&[Option<u32>])) {
        let row = choice.len();
        if row == self.open.len() {
            visit(choice);
            return;
        }
        choice.push(None);
        self.all(choice, used, visit);
        choice.pop();
        for &(column, _) in self.edges[row].iter().filter(|e| used >> e.0 & 1 == 0) {
            choice.push(Some(column));
            self.all(choice, used | 1 << column, visit);
            choice.pop();
        }
    }

    fn sum(&self, quota: &Quota, choice: &[Option<u32>]) -> i64 {
        let counted = |row: &u32| match choice[*row as usize] {
            None => 0,
            Some(c) if self.groups[quota.group as usize].contains(&c) => quota.inside,
            Some(_) => quota.outside,
        };
        quota.rows.iter().map(counted).sum()
    }

    /// Units by which hard quotas are missed, and the objective with the fees of soft ones.
    fn worth(&self, choice: &[Option<u32>]) -> (i64, i128) {
        let (mut missed, mut cost) = (0, 0i128);
        for (row, column) in choice.iter().enumerate() {
            let edge = column.and_then(|c| self.edges[row].iter().find(|e| e.0 == c)).map(|e| e.1);
            cost += i128::from(edge.unwrap_or(self.open[row]));
        }
        for quota in &self.quotas {
            let sum = self.sum(quota, choice);
            let short = quota.least.map_or(0, |l| (l - sum).max(0));
            let excess = quota.most.map_or(0, |m| (sum - m).max(0));
            for (by, price) in [(short, quota.short_price), (excess, quota.excess_price)] {
                match price {
                    Some(price) => cost += i128::from(by) * i128::from(price),
                    None => missed += by,
                }
            }
        }
        (missed, cost)
    }

    /// The least miss of hard quotas, and the least objective among those that miss as little.
    fn brute(&self) -> (i64, i128) {
        let mut best = (i64::MAX, i128::MAX);
        self.all(&mut Vec::new(), 0, &mut |choice| best = best.min(self.worth(choice)));
        best
    }
}

fn quota(rows: u32, groups: u32) -> impl Strategy<Value = Quota> {
    let pair = prop_oneof![
        4 => Just((1i64, 0i64)),
        2 => Just((60, -40)),
        1 => Just((0, 1)),
        1 => (-3i64..4, -3i64..4),
    ];
    let price = || prop_oneof![3 => Just(None), 1 => Just(Some(0i64)), 1 => (1i64..40).prop_map(Some)];
    let members = prop::collection::vec(any::<bool>(), rows as usize);
    (members, 0..groups, pair, -2i64..4, 0i64..3, 0u8..4, price(), price()).prop_map(
        |(members, group, (inside, outside), low, width, which, short_price, excess_price)| {
            let rows = (0..members.len() as u32).filter(|r| members[*r as usize]).collect();
            let unit = inside.abs().max(outside.abs()).max(1);
            let low = if unit > 3 { low * 20 } else { low };
            let least = (which != 1).then_some(low);
            let most = (which != 0).then_some(low + width * if unit > 3 { 30 } else { 1 });
            Quota { rows, group, inside, outside, least, most, short_price, excess_price }
        },
    )
}

fn instances() -> impl Strategy<Value = Plain> {
    let range = prop_oneof![Just(1i64), Just(2), Just(10), Just(1_000), Just(1_000_000_000_000)];
    let open = prop_oneof![Just(0i64), Just(5), Just(1_000), Just(100_000_000_000_000)];
    (0u32..6, 0u32..6, 1u32..4, range, open).prop_flat_map(|(rows, columns, groups, range, open)| {
        let cell = prop::option::weighted(0.7, -range / 3..range);
        let edges = prop::collection::vec(prop::collection::vec(cell, columns as usize), rows as usize);
        let opens = prop::collection::vec(open / 2..open + 1, rows as usize);
        let group = prop::collection::vec(any::<bool>(), columns as usize);
        let groups_of = prop::collection::vec(group, groups as usize);
        let quotas = prop::collection::vec(quota(rows, groups), 0..5);
        (edges, opens, groups_of, quotas).prop_map(move |(edges, open, groups, quotas)| Plain {
            columns,
            edges: edges
                .into_iter()
                .map(|r| r.into_iter().enumerate().filter_map(|(c, cost)| cost.map(|cost| (c as u32, cost))).collect())
                .collect(),
            open,
            groups: groups.into_iter().map(|g| (0..columns).filter(|c| g[*c as usize]).collect()).collect(),
            quotas,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_brute_force(plain in instances()) {
        let problem = plain.problem();
        let (missed, wanted) = plain.brute();
        let answer = solve(&problem, Effort::of(&problem));
        prop_assert_eq!(answer.infeasible, missed > 0);
        if missed > 0 {
            prop_assert!(answer.solution.is_none());
        } else {
            let solution = answer.solution.clone().expect("there is one");
            prop_assert!(problem.is_assignment(&solution.columns));
            prop_assert_eq!(plain.worth(&solution.columns), (0, solution.objective));
            prop_assert_eq!(solution.objective, wanted);
            prop_assert_eq!(answer.bound, wanted);
            prop_assert!(answer.optimal());
            let proved = check_bound(&problem, &answer.certificate).expect("the certificate holds");
            prop_assert!(proved <= wanted * i128::from(problem.scale()));
        }
    }

    #[test]
    fn without_effort_bound_and_solution_still_enclose_the_optimum(plain in instances(), dual in 0u64..2_000) {
        let problem = plain.problem();
        let (missed, wanted) = plain.brute();
        let answer = solve(&problem, Effort { dual, starts: 1, primal: 50, exact: 0 });
        if missed > 0 {
            prop_assert!(answer.solution.is_none());
        } else {
            prop_assert!(!answer.infeasible);
            prop_assert!(answer.bound <= wanted);
            prop_assert!(check_bound(&problem, &answer.certificate).expect("it holds") <= wanted * i128::from(problem.scale()));
            prop_assert!(answer.solution.is_none_or(|s| s.objective >= wanted && plain.worth(&s.columns) == (0, s.objective)));
        }
    }
}
#[test]
fn zz_stats() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut r = TestRunner::deterministic();
    let (mut inf, mut nosol, mut bind, mut search, mut gap, mut edges) = (0, 0, 0, 0, 0, 0);
    for _ in 0..40000 {
        let plain = instances().new_tree(&mut r).unwrap().current();
        let problem = plain.problem();
        let a = solve(&problem, Effort::of(&problem));
        let (missed, wanted) = plain.brute();
        edges += plain.edges.iter().map(Vec::len).sum::<usize>();
        assert_eq!(missed > 0, a.infeasible, "{plain:?}");
        if missed > 0 { inf += 1; continue; }
        if a.solution.is_none() { nosol += 1; continue; }
        assert_eq!(a.solution.as_ref().unwrap().objective, wanted);
        assert!(a.optimal());
        if a.certificate.multipliers.iter().any(|m| *m != 0) { bind += 1; }
        if a.proof == touyan::kernel::quota::Proof::Search { search += 1; }
        let cheap = solve(&problem, Effort { exact: 0, ..Effort::of(&problem) });
        if !cheap.optimal() { gap += 1; }
    }
    println!("inf {inf} nosol {nosol} bind {bind} search {search} gap-without-search {gap} edges {edges}");
}
