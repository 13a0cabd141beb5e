//! What was counted of one row over the draws: ranks, probabilities, acceptabilities.

use super::board::Board;
use super::counters::Counts;
use super::tally::{BOTH, BOTTOM, Block, DRAWN, MISSED, TOP, Tally, WINS, WORDS, anchor, nominal_change};
use crate::kernel::places::UNPLACED;

/// What was counted of one row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) tally: &'a Tally,
    pub(super) board: &'a Board,
    pub(super) block: &'a Block,
    pub(super) position: usize,
    pub(super) at: usize,
    pub(super) counts: Counts<'a>,
}

/// Mean, and quantiles as the bin that holds them: its least and its greatest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub mean: f64,
    pub p05: (i64, i64),
    pub median: (i64, i64),
    pub p95: (i64, i64),
}

impl Row<'_> {
    fn word(&self, word: usize) -> u64 {
        self.counts.get(self.block.stride - WORDS + word)
    }

    fn share(&self, whole: u64, parts: i128) -> f64 {
        if whole == 0 && parts == 0 {
            return 0.0;
        }
        let one = i128::from(self.tally.scale.0);
        let count = i128::from(whole) * one + parts;
        count as f64 / (self.tally.draws as f64 * one as f64)
    }

    /// Draws in which it is rated.
    pub fn rated(&self) -> u64 {
        self.tally.draws - self.word(MISSED)
    }

    /// The rank over the draws in which it is rated; none if there is no such draw.
    pub fn rank(&self) -> Option<Spread> {
        let block = self.block;
        let n = board_size(self.board, block.group);
        let anchor = i64::from(anchor(self.board, block.group, self.position));
        let exact = block.exact as usize;
        let range = |slot: usize| {
            let (low, high) = if slot < exact {
                (slot as i64, slot as i64)
            } else {
                let (low, high) = block.ranks.range(slot - exact);
                ((low + anchor).max(exact as i64), (high + anchor).min(n - 1))
            };
            (low + 1, high + 1)
        };
        let total = self.rated();
        let mean = block.sums[self.at].rank as f64 / total as f64;
        // Bins better than the exact ranks are empty, so slots are in the order of ranks.
        spread(self.counts.slice(0..exact + block.ranks.bins as usize), total, mean, range)
    }

    /// Change of rank since the period before (less is better), over the draws in which both are
    /// rated; none if there is no such draw.
    pub fn change(&self) -> Option<Spread> {
        let total = self.word(BOTH);
        if total == 0 {
            return None;
        }
        let nominal = nominal_change(self.board, self.position);
        let from = (self.block.exact + self.block.ranks.bins) as usize;
        let mean = self.block.sums[self.at].change as f64 / total as f64;
        let range = |slot: usize| {
            let (low, high) = self.block.changes.range(slot);
            (low + nominal, high + nominal)
        };
        spread(self.counts.slice(from..from + self.block.changes.bins as usize), total, mean, range)
    }

    /// P(among the best k), 0 to 1.
    pub fn p_top(&self) -> f64 {
        self.share(self.word(TOP), i128::from(self.block.sums[self.at].top))
    }

    /// P(among the last k of the rated), 0 to 1.
    pub fn p_bottom(&self) -> f64 {
        self.share(self.word(BOTTOM), i128::from(self.block.sums[self.at].bottom))
    }

    /// P(each grade), best first; with P(not rated) they sum to 1.
    pub fn p_grades(&self) -> Vec<f64> {
        let end = self.block.stride - WORDS;
        (end - self.block.grades..end).map(|at| self.share(self.counts.get(at), 0)).collect()
    }

    /// P(ranks before the unit next below in the nominal ranking), ties count half; none for the last
    /// one and those not rated.
    pub fn beats(&self) -> Option<f64> {
        let rated = |position: usize| {
            position < self.board.groups[self.block.group].end && self.board.nominal[position] != UNPLACED
        };
        let half = i128::from(self.word(DRAWN)) * i128::from(self.tally.scale.0 / 2);
        (rated(self.position) && rated(self.position + 1)).then(|| self.share(self.word(WINS), half))
    }

    /// Acceptabilities of the ranks counted on their own, from the first up to the last that is not 0: the
    /// share of draws in which the unit takes that place.
    pub fn acceptabilities(&self) -> Vec<f64> {
        let exact = self.block.exact as usize;
        let shared = self.block.shared.get(self.at * exact..(self.at + 1) * exact);
        let shared = |rank: usize| shared.map_or(0, |shared| i128::from(shared[rank]));
        let one = |rank: usize| self.share(self.counts.get(rank), shared(rank));
        // Most units never come near the first ranks.
        let last = (0..exact).rposition(|rank| self.counts.get(rank) > 0 || shared(rank) != 0);
        let last = last.and_then(|last| (0..last + 1).rposition(|rank| one(rank) > 0.0));
        last.map_or_else(Vec::new, |last| (0..=last).map(one).collect())
    }

    /// Mean place, 1 the best: as the mean rank, but ties share their places.
    pub fn place(&self) -> Option<f64> {
        let sums = self.block.sums[self.at];
        let total = self.rated() as f64;
        (total > 0.0).then(|| (sums.rank as f64 + sums.tied as f64 / 2.0) / total)
    }
}

fn board_size(board: &Board, group: usize) -> i64 {
    board.groups[group].len() as i64
}

/// The smallest value that at least a share of the draws reach or undercut, for each quantile.
fn spread(counts: Counts, total: u64, mean: f64, range: impl Fn(usize) -> (i64, i64)) -> Option<Spread> {
    if total == 0 {
        return None;
    }
    let wanted = [0.05, 0.5, 0.95].map(|q| (libm::ceil(q * total as f64 - 1e-9) as u64).max(1));
    let [p05, median, p95] = counts.reach(wanted).map(|slot| slot.map(&range));
    Some(Spread { mean, p05: p05?, median: median?, p95: p95? })
}
