//! An auction that touches only what a change disturbed.
//!
//! All prices are exact at the start but for some rows without a partner. Bids keep ε-complementary
//! slackness everywhere: a row's bid only lowers the price of the column it takes, which hurts nobody
//! else; a column's bid only lowers the price of the row it takes. So when the step shrinks, only
//! nodes that have bid can violate it, and when prices go back to the costs' grid, rounding down, every
//! edge of a row that never bid is right again. Work is in proportion to the bids.

use super::auction::{Scale, unsettled};
use super::bids::Market;
use super::problem::{NONE, Problem, Sides};
use super::search::Book;
use super::side::Cost;

/// Each step is this fraction of the one before.
const SHRINK: i64 = 10;

/// Bids per node before it is given up.
const BUDGET: u64 = 10;

/// Finds good prices and partners around the rows `loose`, which have none, starting with a step of
/// `step` on the costs' grid. Returns the rows whose prices are to be made exact again (all others
/// are), or `None` if it was given up; then prices are still usable as a start.
pub(super) fn auction<C: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book,
    far: &mut Book,
    loose: Vec<u32>,
    step: i64,
) -> Option<Vec<u32>> {
    let Scale { shift, cap, last, spread } = Scale::of(problem, sides);
    for price in near.price.iter_mut().chain(&mut far.price) {
        *price <<= shift;
    }
    let forward = Market { side: &sides.rows, stay: &problem.open, cap, shift };
    let reverse = Market { side: sides.columns(), stay: &problem.unused, cap, shift };
    let budget = BUDGET * (problem.rows() + problem.columns() + 64) as u64;
    let mut step = (step.saturating_mul(1 << shift)).clamp(last, spread.max(last));
    let mut waiting = loose.clone();
    let (mut rows, mut columns) = (loose, Vec::new());
    let mut whole = true;
    loop {
        let Some(grown) = forward.auction_noted(near, far, waiting, step, budget, &mut rows) else {
            whole = false;
            break;
        };
        let Some(grown) = reverse.auction_noted(far, near, unsettled(problem, far), grown, budget, &mut columns) else {
            whole = false;
            break;
        };
        if grown <= last {
            break;
        }
        step = (grown / SHRINK).max(last);
        for nodes in [&mut rows, &mut columns] {
            nodes.sort_unstable();
            nodes.dedup();
        }
        for &column in &columns {
            let excess = reverse.excess(far, near, column);
            if excess > step {
                // Rows bid first: what they see must not be too good.
                far.price[column as usize] -= excess;
                if far.mate[column as usize] != NONE {
                    rows.push(far.mate[column as usize]);
                    dissolve(far, near, column);
                }
            }
        }
        for &row in &rows {
            if near.mate[row as usize] != NONE && forward.excess(near, far, row) > step {
                dissolve(near, far, row);
            }
        }
        let mates = columns.iter().map(|c| far.mate[*c as usize]).filter(|r| *r != NONE);
        rows.extend(mates);
        waiting = rows.iter().copied().filter(|r| near.mate[*r as usize] == NONE).collect();
        waiting.sort_unstable();
        waiting.dedup();
    }
    rows.extend(columns.iter().map(|c| far.mate[*c as usize]).filter(|r| *r != NONE));
    rows.sort_unstable();
    rows.dedup();
    super::auction::unscale(problem, shift, far);
    for price in &mut near.price {
        *price >>= shift;
    }
    whole.then_some(rows)
}

/// Both become free.
fn dissolve(near: &mut Book, far: &mut Book, node: u32) {
    let mate = std::mem::replace(&mut near.mate[node as usize], NONE);
    if mate != NONE {
        far.mate[mate as usize] = NONE;
    }
}
