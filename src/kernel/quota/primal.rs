//! Solutions: repair of the subproblem's pairs, then improvement.

use super::core::Core;

/// Labels of one search.
fn labels() -> usize { std::env::var("L").map_or(3000, |l| l.parse().unwrap()) }

fn ch() -> u32 { std::env::var("C").map_or(1, |l| l.parse().unwrap()) }
pub(super) fn repair(core: &mut Core, budget: &mut u64) -> bool {
    let start = core.work;
    core.penalty = (core.mean_option()/16).max(1);
    for _ in 0..30 {
        improve(core, budget);
        if std::env::var("V").is_ok() { println!("  P {} violated {} gap {}", core.penalty / core.problem.scale(), core.violated().len(), core.gap() / core.problem.scale() as i128); }
        if core.violated().is_empty() {
            *budget -= core.work - start;
            return true;
        }
        core.penalty = core.penalty.saturating_mul(2);
    }
    false
}

/// Exchanges that lower the gap, until there is none from any row or quota
/// that bears some of it.
pub(super) fn improve(core: &mut Core, budget: &mut u64) {
    let start = core.work;
    loop {
        let mut moved = false;
        let mut quotas: Vec<u32> = (0..core.sums.len() as u32).filter(|q| core.toll_of(*q) > 0).collect();
        quotas.sort_by_key(|q| std::cmp::Reverse(core.toll_of(*q)));
        for quota in quotas {
            if core.work - start > *budget {
                return;
            }
            let rows = &core.problem.quotas[quota as usize].rows;
            while core.toll_of(quota) > 0 && core.exchange(rows.iter().copied(), core.toll_of(quota), labels(), ch()) < 0 {
                moved = true;
            }
        }
        let mut rows: Vec<u32> = (0..core.mate.len() as u32).filter(|r| core.burden(*r) > 0).collect();
        rows.sort_by_key(|r| std::cmp::Reverse(core.burden(*r)));
        for row in rows {
            if core.work - start > *budget {
                return;
            }
            if core.burden(row) > 0 && core.exchange(std::iter::once(row), 1, labels(), ch()) < 0 {
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}
