//! Alternatives, prices of pairs and the k best solutions against all assignments.

use proptest::prelude::*;
use touyan::kernel::assign::{alternatives, forbid_cost, force_cost, k_best, solve};

use crate::assign_options::{cases, pairs};

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pairs_forced_and_forbidden(case in cases()) {
        let problem = case.problem();
        let Ok(solution) = solve(&problem) else { return Ok(()) };
        let all = case.all();
        let least = |allowed: &dyn Fn(&[Option<u32>]) -> bool| {
            let best = all.iter().filter(|a| allowed(&a.1)).map(|a| a.0).min();
            best.map(|best| (best - solution.objective) as i64)
        };
        for row in 0..case.rows {
            let at = row as usize;
            for choice in (0..case.columns).map(Some).chain([None]) {
                prop_assert_eq!(force_cost(&problem, &solution, row, choice), least(&|a| a[at] == choice));
                prop_assert_eq!(forbid_cost(&problem, &solution, row, choice), least(&|a| a[at] != choice));
            }
        }
        // Without the person: nobody has to place whoever does not exist.
        let others = alternatives(&problem, &solution);
        for (row, column) in pairs(&solution) {
            let mut without = case.clone();
            without.edges.retain(|e| e.1 != column);
            without.must[column as usize] = false;
            let loss = without.all().iter().map(|a| a.0).min().map(|best| (best - solution.objective) as i64);
            prop_assert_eq!(others[row as usize].map(|o| o.loss), loss);
        }
    }

    #[test]
    fn the_k_best_are_the_k_best(case in cases(), count in 0usize..30) {
        let Ok(solution) = solve(&case.problem()) else { return Ok(()) };
        let mut all = case.all();
        all.sort();
        let found = k_best(&case.problem(), &solution, count);
        prop_assert_eq!(found.len(), count.min(all.len()));
        let totals = |of: &[(i128, Vec<Option<u32>>)]| of.iter().map(|a| a.0).collect::<Vec<_>>();
        prop_assert_eq!(totals(&found), totals(&all[..found.len()]));
        for (at, one) in found.iter().enumerate() {
            prop_assert!(all.contains(one));
            prop_assert!(!found[..at].contains(one));
        }
    }
}
