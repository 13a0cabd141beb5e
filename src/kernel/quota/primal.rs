//! Solutions: repair of the subproblem's pairs, and improvement.
//!
//! Violations cost a penalty that starts low, so that cheap exchanges come first, and doubles until
//! nothing is violated; at each level exchanges are made while any lowers the gap with penalties.

use std::cmp::Reverse;

use super::core::Core;

/// Labels of one search.
const LABELS: usize = 3_000;

/// Chains of one exchange.
const CHAINS: u32 = 3;

/// Penalties tried: each twice the one before.
const LEVELS: usize = 40;

/// A penalty that outweighs everything else.
const FORBIDDEN: i64 = i64::MAX / 1_024;

/// Makes exchanges until no hard quota is violated and none lowers the gap. False when that is not
/// reached within `budget` labels.
///
/// In a hurry violations weigh most from the start, whatever it costs.
pub(super) fn repair(core: &mut Core, budget: u64, hurry: bool) -> bool {
    let end = core.work + budget;
    core.penalty = if hurry { core.mean_option().saturating_mul(64) } else { core.mean_option() / 16 }.max(1);
    for _ in 0..LEVELS {
        settle(core, end);
        if core.violated().is_empty() {
            core.penalty = FORBIDDEN;
            settle(core, end);
            return core.violated().is_empty();
        }
        if core.work >= end || core.penalty > FORBIDDEN / 2 {
            break;
        }
        core.penalty *= 2;
    }
    false
}

/// Exchanges while any from a quota or row that bears some of the gap lowers it.
fn settle(core: &mut Core, end: u64) {
    loop {
        let mut moved = false;
        let mut quotas: Vec<u32> = (0..core.sums.len() as u32).filter(|q| core.toll_of(*q) > 0).collect();
        quotas.sort_by_key(|q| Reverse(core.toll_of(*q)));
        for quota in quotas {
            let rows = &core.problem.quotas[quota as usize].rows;
            loop {
                let toll = core.toll_of(quota);
                if core.work >= end {
                    return;
                }
                if toll <= 0 || core.exchange(rows, toll, LABELS, CHAINS) >= 0 {
                    break;
                }
                moved = true;
            }
        }
        let mut rows: Vec<u32> = (0..core.mate.len() as u32).filter(|r| core.burden(*r) > 0).collect();
        rows.sort_by_key(|r| Reverse(core.burden(*r)));
        for row in rows {
            if core.work >= end {
                return;
            }
            if core.burden(row) > 0 && core.exchange(&[row], 1, LABELS / 3, CHAINS) < 0 {
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}
