//! What is counted over draws, for every row within its scope and period.
//!
//! A row's **rank** in a draw is what an ordinary ranking would print: units that tie share the best.
//! Of ranks come mean, median and the range from 5 to 95%, over the draws in which the row is rated.
//! **Places** are what units take: a block of ties shares its places in equal parts. Of places come
//! P(top k), P(bottom k) and the acceptabilities of the first ranks, as shares of all draws that did
//! not fail; so P(top k) sums to k over the units (where k are rated), and each rank's
//! acceptabilities sum to 1.
//!
//! All counts are whole numbers (parts of a place in units of [`Scale`]): the same bytes come out
//! whatever the order in which draws are counted. Ranks 1 to k, at most [`EXACT`] of them, have a
//! counter each; other ranks fall into at most [`BINS`] bins around the nominal rank (see
//! [`Steps`]), which are the finer the nearer, and exact in small groups. A row takes at most
//! [`BYTES`], whatever the number of draws.
//!
//! Time: O(rows) for each draw. Draws are counted several at a time, block of rows by block of rows,
//! so that a row's counters are fetched once for all of them; blocks are disjoint, so threads share
//! one table and memory does not grow with their number.

use rayon::prelude::*;

use super::board::{Board, NONE, Places};
use super::steps::Steps;
use crate::index::grade::UNGRADED;
use crate::kernel::places::UNPLACED;

/// At most so many of the best ranks are counted on their own.
pub const EXACT: usize = 32;
/// At most so many bins take the other ranks; half as many, and as many for changes, in a panel.
pub const BINS: usize = 128;
/// At most so many bytes for each row.
pub const BYTES: usize = 1024;
/// Rows of a block.
const BLOCK: usize = 256;
/// Bytes of the sums beside the counters.
const SUMS: usize = 5 * 8;

/// Words that end a row's counters.
const MISSED: usize = 0;
const TOP: usize = 1;
const BOTTOM: usize = 2;
const WINS: usize = 3;
const DRAWN: usize = 4;
const BOTH: usize = 5;
const WORDS: usize = 6;

/// The whole number that stands for one place, so that parts of places add up exactly: a multiple of
/// every number up to 22, as great as so many draws allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(u64);

impl Scale {
    /// For so many draws.
    pub fn new(draws: u32) -> Scale {
        const LEAST: u64 = 232_792_560;
        let room = (u64::MAX >> 2) / (u64::from(draws.max(1)) * LEAST);
        Scale(LEAST << room.max(1).ilog2())
    }

    fn part(self, places: u32, block: u32) -> u64 {
        (u128::from(self.0) * u128::from(places) / u128::from(block)) as u64
    }
}

/// What is counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Draws that will be counted, at most.
    pub draws: u32,
    /// k of P(top k) by group.
    pub top: Vec<u32>,
    /// k of P(bottom k) by group.
    pub bottom: Vec<u32>,
    /// Grades.
    pub grades: usize,
}

/// Draws that are counted together.
const LANES: usize = 16;
/// Rows that are counted together.
const TILE: usize = 64;

/// Places of some rows in some draws, row by row: read once from the draws, each of which lies
/// elsewhere, and then at hand.
struct Tile {
    /// [`UNPLACED`] in lanes without a draw; one row more than is counted.
    first: [[u32; LANES]; TILE + 1],
}

impl Default for Tile {
    fn default() -> Tile {
        Tile { first: [[UNPLACED; LANES]; TILE + 1] }
    }
}

impl Tile {
    /// Takes so many rows from a position on, and the one after them if it is before `end`. After the
    /// last there is none, and what is counted against it is never read.
    fn fill(&mut self, draws: &[Drawn], start: usize, rows: usize, end: usize) {
        let taken = start..(start + rows + 1).min(end);
        for lane in 0..LANES {
            match draws.get(lane) {
                Some((places, _)) => {
                    let rows = self.first.iter_mut().zip(&places.first[taken.clone()]);
                    rows.for_each(|(row, first)| row[lane] = *first);
                }
                None => self.first.iter_mut().for_each(|row| row[lane] = UNPLACED),
            }
        }
    }
}

/// Counters of rows of one group that stand side by side.
#[derive(Clone, Debug)]
struct Block {
    group: usize,
    start: usize,
    rows: usize,
    /// Ranks counted on their own.
    exact: u32,
    ranks: Axis,
    changes: Axis,
    grades: usize,
    stride: usize,
    counts: Vec<u32>,
    sums: Vec<Sums>,
    /// What ties change at the exact ranks, by row: empty before the first tie.
    shared: Vec<i64>,
}

/// Sums of one row.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    rank: u64,
    /// Others that it ties with.
    tied: u64,
    top: u64,
    bottom: u64,
    change: i64,
}

/// Bins on both sides of a row's nominal value.
#[derive(Clone, Copy, Debug)]
struct Axis {
    steps: Steps,
    /// Bins below the middle.
    below: u32,
    bins: u32,
}

impl Axis {
    fn new(below: u32, above: u32, most: usize) -> Axis {
        let steps = Steps::new(below, above, most as u32);
        Axis { steps, below: steps.index(below), bins: steps.index(below) + steps.index(above) + 1 }
    }

    const EMPTY: Axis = Axis { steps: Steps::ONE, below: 0, bins: 0 };

    /// Offsets are equally likely on both sides, so there is no branch to guess.
    #[inline]
    fn slot(&self, offset: i32) -> u32 {
        let sign = offset >> 31;
        let bin = self.steps.index((offset ^ sign).wrapping_sub(sign) as u32) as i32;
        self.below.wrapping_add((bin ^ sign).wrapping_sub(sign) as u32)
    }

    /// Least and greatest offset of a bin.
    fn range(&self, slot: usize) -> (i64, i64) {
        let bin = i64::from(self.below) - slot as i64;
        let (low, high) = self.steps.range(bin.unsigned_abs() as u32);
        let (low, high) = (i64::from(low), i64::from(high));
        match bin {
            0 => (-high, high),
            1.. => (-high, -low),
            _ => (low, high),
        }
    }
}

/// The counts of all rows.
#[derive(Clone, Debug)]
pub struct Tally {
    blocks: Vec<Block>,
    /// Block by position.
    block_of: Vec<u32>,
    counted: Counted,
    scale: Scale,
    draws: u64,
    /// Lanes that counted no draw.
    idle: u64,
}

/// One draw to be counted: places, and the grade by position ([`UNGRADED`] without one; empty if
/// there are no grades).
pub type Drawn<'a> = (&'a Places, &'a [u8]);

impl Tally {
    /// An empty tally.
    pub fn new(board: &Board, counted: Counted) -> Tally {
        let panel = board.is_panel();
        let mut blocks = Vec::new();
        for (group, range) in board.groups.iter().enumerate() {
            for start in range.clone().step_by(BLOCK) {
                let rows = BLOCK.min(range.end - start);
                blocks.push(Block::new(board, &counted, group, start..start + rows, panel));
            }
        }
        let block_of = blocks.iter().enumerate().flat_map(|(at, b)| std::iter::repeat_n(at as u32, b.rows)).collect();
        Tally { blocks, block_of, scale: Scale::new(counted.draws), counted, draws: 0, idle: 0 }
    }

    /// Counts some draws.
    pub fn add(&mut self, board: &Board, draws: &[Drawn]) {
        let (counted, scale) = (&self.counted, self.scale);
        self.blocks.par_iter_mut().for_each(|block| block.add(board, counted, scale, draws));
        self.draws += draws.len() as u64;
        self.idle += (draws.len().next_multiple_of(LANES) - draws.len()) as u64;
    }

    /// Draws counted.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    /// Bytes that the counters take, all rows together.
    pub fn bytes(&self) -> usize {
        let of = |b: &Block| b.counts.len() * 4 + b.sums.len() * size_of::<Sums>() + b.shared.len() * 8;
        self.blocks.iter().map(of).sum()
    }

    /// What was counted of the row at a position.
    pub fn row<'a>(&'a self, board: &'a Board, position: usize) -> Row<'a> {
        let block = &self.blocks[self.block_of[position] as usize];
        let at = position - block.start;
        Row { tally: self, board, block, position, counts: &block.counts[at * block.stride..][..block.stride], at }
    }
}

impl Block {
    fn new(board: &Board, counted: &Counted, group: usize, range: std::ops::Range<usize>, panel: bool) -> Block {
        let n = board.groups[group].len() as u32;
        let exact = counted.top[group].min(n).min(EXACT as u32);
        let anchors = || range.clone().map(|position| anchor(board, group, position));
        let (best, worst) = (anchors().min().unwrap_or(0), anchors().max().unwrap_or(0));
        let room = BYTES - SUMS - 12 * exact as usize - 4 * (WORDS + counted.grades);
        let most = if panel { BINS / 2 } else { BINS }.min(room / if panel { 8 } else { 4 });
        let ranks = Axis::new(worst, n - 1 - best, most);
        let changes = if panel {
            let others = range.clone().filter(|&position| board.before[position] != NONE);
            let spans = others.filter_map(|position| {
                let before = board.groups.iter().find(|g| g.contains(&(board.before[position] as usize)))?.len() as u32;
                // A change lies within ±(the size of the two groups less one).
                let (least, most) = (-i64::from(before - 1), i64::from(n - 1));
                let nominal = nominal_change(board, position);
                Some(((nominal - least) as u32, (most - nominal) as u32))
            });
            spans.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1))).map_or(Axis::EMPTY, |(b, a)| Axis::new(b, a, most))
        } else {
            Axis::EMPTY
        };
        let stride = (exact + ranks.bins + changes.bins) as usize + counted.grades + WORDS;
        Block {
            group,
            start: range.start,
            rows: range.len(),
            exact,
            ranks,
            changes,
            grades: counted.grades,
            stride,
            counts: vec![0; range.len() * stride],
            sums: vec![Sums::default(); range.len()],
            shared: Vec::new(),
        }
    }

    fn add(&mut self, board: &Board, counted: &Counted, scale: Scale, draws: &[Drawn]) {
        let mut tile = Tile::default();
        let lanes: Vec<(&[Drawn], [u32; LANES])> =
            draws.chunks(LANES).map(|draws| (draws, self.tails(counted, draws))).collect();
        let end = board.groups[self.group].end;
        for start in (0..self.rows).step_by(TILE) {
            let rows = start..self.rows.min(start + TILE);
            for (draws, tails) in &lanes {
                tile.fill(draws, self.start + start, rows.len(), end);
                for at in rows.clone() {
                    self.count(board, counted, at, &tile.first[at - start], &tile.first[at - start + 1], tails);
                }
            }
        }
        for (draws, tails) in &lanes {
            if draws.iter().any(|(places, _)| places.tied) {
                self.add_ties(counted, scale, draws, tails);
            }
        }
        if self.grades > 0 {
            self.add_grades(draws);
        }
        if self.changes.bins > 0 {
            self.add_changes(board, draws);
        }
    }

    /// Where the last k places begin in each draw.
    fn tails(&self, counted: &Counted, draws: &[Drawn]) -> [u32; LANES] {
        let mut tails = [UNPLACED; LANES];
        for (tail, (places, _)) in tails.iter_mut().zip(draws) {
            *tail = places.rated[self.group].saturating_sub(counted.bottom[self.group]);
        }
        tails
    }

    /// Counts a row in the draws of a tile as if nothing tied, from its places and those of the row
    /// after it.
    #[inline]
    fn count(
        &mut self,
        board: &Board,
        counted: &Counted,
        at: usize,
        first: &[u32; LANES],
        next: &[u32; LANES],
        tails: &[u32; LANES],
    ) {
        let anchor = anchor(board, self.group, self.start + at) as i32;
        let (top, exact, missed) = (counted.top[self.group], self.exact, (self.stride - WORDS + MISSED) as u32);
        let [mut best, mut last, mut wins, mut drawn] = [0_u32; 4];
        let mut rank = 0_u64;
        let mut slots = [0_u32; LANES];
        for lane in 0..LANES {
            let (own, other) = (first[lane], next[lane]);
            let placed = own != UNPLACED;
            best += u32::from(own < top);
            last += u32::from(placed & (own >= tails[lane]));
            wins += u32::from(own < other);
            drawn += u32::from(own == other);
            rank += u64::from(if placed { own + 1 } else { 0 });
            let bin = exact + self.ranks.slot((own as i32).wrapping_sub(anchor));
            let slot = if own < exact { own } else { bin };
            slots[lane] = if placed { slot } else { missed };
        }
        let counts = &mut self.counts[at * self.stride..][..self.stride];
        slots.iter().for_each(|&slot| counts[slot as usize] += 1);
        let words = &mut counts[self.stride - WORDS..];
        for (word, count) in [(TOP, best), (BOTTOM, last), (WINS, wins), (DRAWN, drawn)] {
            words[word] += count;
        }
        self.sums[at].rank += rank;
    }

    /// What ties change: they share their places.
    fn add_ties(&mut self, counted: &Counted, scale: Scale, draws: &[Drawn], tails: &[u32; LANES]) {
        let (top, exact, words) = (counted.top[self.group], self.exact as usize, self.stride - WORDS);
        for ((places, _), &tail) in draws.iter().zip(tails).filter(|((places, _), _)| places.tied) {
            let rows = self.start..self.start + self.rows;
            for (at, (&first, &size)) in places.first[rows.clone()].iter().zip(&places.size[rows]).enumerate() {
                if size < 2 {
                    continue;
                }
                let sums = &mut self.sums[at];
                sums.tied += u64::from(size) - 1;
                if first < top && top < first + size {
                    self.counts[at * self.stride + words + TOP] -= 1;
                    sums.top += scale.part(top - first, size);
                }
                if first < tail && tail < first + size {
                    sums.bottom += scale.part(first + size - tail, size);
                }
                if first < self.exact {
                    self.shared.resize(self.rows * exact, 0);
                    let shared = &mut self.shared[at * exact..][..exact];
                    shared[first as usize] -= scale.0 as i64;
                    let shares = &mut shared[first as usize..(first + size).min(self.exact) as usize];
                    shares.iter_mut().for_each(|share| *share += scale.part(1, size) as i64);
                }
            }
        }
    }

    fn add_grades(&mut self, draws: &[Drawn]) {
        let from = self.stride - WORDS - self.grades;
        for at in 0..self.rows {
            let counts = &mut self.counts[at * self.stride + from..][..self.grades];
            for (_, grades) in draws {
                let grade = grades[self.start + at];
                if grade != UNGRADED {
                    counts[usize::from(grade)] += 1;
                }
            }
        }
    }

    fn add_changes(&mut self, board: &Board, draws: &[Drawn]) {
        let (words, from) = (self.stride - WORDS, (self.exact + self.ranks.bins) as usize);
        for at in 0..self.rows {
            let position = self.start + at;
            let before = board.before[position] as usize;
            if board.before[position] == NONE {
                continue;
            }
            let nominal = nominal_change(board, position);
            let counts = &mut self.counts[at * self.stride..][..self.stride];
            for (places, _) in draws {
                let (now, then) = (places.first[position], places.first[before]);
                if now != UNPLACED && then != UNPLACED {
                    let change = i64::from(now) - i64::from(then);
                    counts[from + self.changes.slot((change - nominal) as i32) as usize] += 1;
                    counts[words + BOTH] += 1;
                    self.sums[at].change += change;
                }
            }
        }
    }
}

/// Where the bins of a row are finest: its nominal place; that after the last rated where it has none.
fn anchor(board: &Board, group: usize, position: usize) -> u32 {
    let last = board.groups[group].len() as u32 - 1;
    board.nominal[position].min(board.rated[group]).min(last)
}

/// Nominal change of rank since the period before, 0 where one of the two is not rated.
fn nominal_change(board: &Board, position: usize) -> i64 {
    let (now, then) = (board.nominal[position], board.nominal[board.before[position] as usize]);
    if now == UNPLACED || then == UNPLACED { 0 } else { i64::from(now) - i64::from(then) }
}

/// What was counted of one row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    tally: &'a Tally,
    board: &'a Board,
    block: &'a Block,
    position: usize,
    at: usize,
    counts: &'a [u32],
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
        u64::from(self.counts[self.block.stride - WORDS + word])
    }

    fn share(&self, whole: u64, parts: i128) -> f64 {
        let one = i128::from(self.tally.scale.0);
        let count = i128::from(whole) * one + parts;
        count as f64 / (self.tally.draws as f64 * one as f64)
    }

    /// Draws in which it is rated.
    pub fn rated(&self) -> u64 {
        self.tally.draws + self.tally.idle - self.word(MISSED)
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
        spread(&self.counts[..exact + block.ranks.bins as usize], total, mean, range)
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
        spread(&self.counts[from..from + self.block.changes.bins as usize], total, mean, range)
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
        self.counts[end - self.block.grades..end].iter().map(|&c| self.share(u64::from(c), 0)).collect()
    }

    /// P(ranks before the unit next below in the nominal ranking), ties count half; none for the last
    /// one and those not rated.
    pub fn beats(&self) -> Option<f64> {
        let rated = |position: usize| {
            position < self.board.groups[self.block.group].end && self.board.nominal[position] != UNPLACED
        };
        // Lanes without a draw were counted as drawn.
        let drawn = self.word(DRAWN) - self.tally.idle;
        let half = i128::from(drawn) * i128::from(self.tally.scale.0 / 2);
        (rated(self.position) && rated(self.position + 1)).then(|| self.share(self.word(WINS), half))
    }

    /// Acceptability of each rank counted on its own, from the first: the share of draws in which the
    /// unit takes that place.
    pub fn acceptabilities(&self) -> Vec<f64> {
        let exact = self.block.exact as usize;
        let shared = self.block.shared.get(self.at * exact..(self.at + 1) * exact);
        let one = |rank: usize| self.share(u64::from(self.counts[rank]), i128::from(shared.map_or(0, |s| s[rank])));
        (0..exact).map(one).collect()
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
fn spread(counts: &[u32], total: u64, mean: f64, range: impl Fn(usize) -> (i64, i64)) -> Option<Spread> {
    if total == 0 {
        return None;
    }
    let quantile = |q: f64| {
        let wanted = (libm::ceil(q * total as f64 - 1e-9) as u64).max(1);
        let mut sum = 0;
        let slot = counts.iter().position(|&count| {
            sum += u64::from(count);
            sum >= wanted
        });
        slot.map(&range)
    };
    Some(Spread { mean, p05: quantile(0.05)?, median: quantile(0.5)?, p95: quantile(0.95)? })
}
