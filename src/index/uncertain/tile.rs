//! The inner loop of counting: a few rows side by side, draw after draw, in vector registers.

use multiversion::multiversion;

use super::counters::Counter;
use super::steps::Axis;
use super::tally::{BLOCK, BOTTOM, DRAWN, TOP, WINS, WORDS};
use crate::kernel::places::UNPLACED;

/// Rows that are counted together: their counters stay at hand from one draw to the next.
pub(super) const TILE: usize = 32;

/// Places of a block's rows in one draw, and of the row after them: fetched in one piece, since the places of
/// many draws do not fit the cache.
pub(super) struct Line {
    /// What is behind the last row is never read, nor what is counted against it.
    first: [u32; BLOCK + 1],
    /// Where the last k places begin.
    tail: u32,
}

impl Default for Line {
    fn default() -> Line {
        Line { first: [UNPLACED; BLOCK + 1], tail: 0 }
    }
}

impl Line {
    /// Takes the places of a draw, from the block's first row on.
    pub fn take(&mut self, places: &[u32], tail: u32) {
        let rows = places.len().min(BLOCK + 1);
        self.first[..rows].copy_from_slice(&places[..rows]);
        self.tail = tail;
    }
}

/// How the rows of a tile are counted.
pub(super) struct Rule {
    pub top: u32,
    pub exact: u32,
    /// The slot of a row that is not rated.
    pub missed: u32,
    pub ranks: Axis,
    pub anchors: [u32; TILE],
    /// Where each row's counters begin.
    pub offsets: [u32; TILE],
}

/// What is counted of the rows of a tile beside their ranks' slots.
#[derive(Default)]
struct Found {
    /// Draws in which a row is among the best, among the last, before the next and equal to it: a byte
    /// each.
    marks: [u32; TILE],
    /// Sums of ranks.
    ranks: [u32; TILE],
}

/// Looks at one draw: places of the rows of a tile, and each one's next.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn look(rule: &Rule, tail: u32, own: &[u32; TILE], next: &[u32; TILE], found: &mut Found, slots: &mut [u32; TILE]) {
    for row in 0..TILE {
        // The rank: 0 where it has none.
        let (own, next, rank) = (own[row], next[row], own[row].wrapping_add(1));
        let best_last = u32::from(own < rule.top) | u32::from(rank > tail) << 8;
        found.marks[row] += best_last | u32::from(own < next) << 16 | u32::from(own == next) << 24;
        found.ranks[row] += rank;
    }
    for row in 0..TILE {
        let own = own[row];
        let bin = rule.exact + rule.ranks.slot(own.wrapping_sub(rule.anchors[row]) as i32);
        let slot = if own < rule.exact { own } else { bin };
        slots[row] = if own == UNPLACED { rule.missed } else { slot } + rule.offsets[row];
    }
}

/// Counts the rows of a tile, which begins at a row of its block, in these counters; sums of ranks.
pub(super) fn count_tile<C: Counter>(
    counts: &mut [C],
    start: usize,
    stride: usize,
    rule: &Rule,
    stage: &[Line],
) -> [u32; TILE] {
    let (mut found, mut slots) = (Found::default(), [0; TILE]);
    let rows = counts.len() / stride;
    for line in stage {
        if let (Some(own), Some(next)) = (line.first[start..].first_chunk(), line.first[start + 1..].first_chunk()) {
            look(rule, line.tail, own, next, &mut found, &mut slots);
            slots[..rows].iter().for_each(|&slot| counts[slot as usize] += C::ONE);
        }
    }
    for (row, counts) in counts.chunks_exact_mut(stride).enumerate() {
        let words = &mut counts[stride - WORDS..];
        for (word, count) in [TOP, BOTTOM, WINS, DRAWN].into_iter().zip(found.marks[row].to_le_bytes()) {
            words[word] += C::few(count);
        }
    }
    found.ranks
}
