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
//! [`Steps`](super::Steps)), which are the finer the nearer, and exact in small groups. A row takes at most
//! [`BYTES`], whatever the number of draws.
//!
//! Time: O(rows) for each draw. Many draws are counted at a time, a few rows after the other, so that
//! a row's counters are fetched once for all of them; blocks of rows are disjoint, so threads share
//! one table and memory does not grow with their number.

use rayon::prelude::*;

use super::board::{Board, NONE, Places};
use super::counters::Counters;
use super::row::Row;
use super::steps::Axis;
use super::tile::{Line, Rule, TILE, count_tile};
use crate::index::grade::UNGRADED;
use crate::kernel::places::UNPLACED;

/// At most so many of the best ranks are counted on their own.
pub const EXACT: usize = 32;
/// At most so many bins take the other ranks; half as many, and as many for changes, in a panel.
pub const BINS: usize = 128;
/// At most so many bytes for each row.
pub const BYTES: usize = 1024;
/// Rows of a block.
pub(super) const BLOCK: usize = 256;
/// Bytes of the sums beside the counters.
const SUMS: usize = 5 * 8;

/// Words that end a row's counters.
pub(super) const MISSED: usize = 0;
pub(super) const TOP: usize = 1;
pub(super) const BOTTOM: usize = 2;
pub(super) const WINS: usize = 3;
pub(super) const DRAWN: usize = 4;
pub(super) const BOTH: usize = 5;
pub(super) const WORDS: usize = 6;

/// The whole number that stands for one place, so that parts of places add up exactly: a multiple of
/// every number up to 22, as great as so many draws allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(pub(super) u64);

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

/// Draws that are counted together at most: as many as a byte counts.
const TOGETHER: u32 = 255;

/// Counters of rows of one group that stand side by side.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) group: usize,
    start: usize,
    rows: usize,
    /// Ranks counted on their own.
    pub(super) exact: u32,
    pub(super) ranks: Axis,
    pub(super) changes: Axis,
    pub(super) grades: usize,
    pub(super) stride: usize,
    counts: Counters,
    pub(super) sums: Vec<Sums>,
    /// What ties change at the exact ranks, by row: empty before the first tie.
    pub(super) shared: Vec<i64>,
}

/// Sums of one row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) rank: u64,
    /// Others that it ties with.
    pub(super) tied: u64,
    pub(super) top: u64,
    pub(super) bottom: u64,
    pub(super) change: i64,
}

/// The counts of all rows.
#[derive(Clone, Debug)]
pub struct Tally {
    blocks: Vec<Block>,
    /// Block by position.
    block_of: Vec<u32>,
    counted: Counted,
    pub(super) scale: Scale,
    pub(super) draws: u64,
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
        Tally { blocks, block_of, scale: Scale::new(counted.draws), counted, draws: 0 }
    }

    /// Counts some draws.
    pub fn add(&mut self, board: &Board, draws: &[Drawn]) {
        let (counted, scale) = (&self.counted, self.scale);
        let add = |stage: &mut Vec<Line>, block: &mut Block| block.add(board, counted, scale, draws, stage);
        self.blocks.par_iter_mut().for_each_init(Vec::new, add);
        self.draws += draws.len() as u64;
    }

    /// Draws counted.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    /// Bytes that the counters take, all rows together.
    pub fn bytes(&self) -> usize {
        let of = |b: &Block| b.counts.bytes() + b.sums.len() * size_of::<Sums>() + b.shared.len() * 8;
        self.blocks.iter().map(of).sum()
    }

    /// What was counted of the row at a position.
    pub fn row<'a>(&'a self, board: &'a Board, position: usize) -> Row<'a> {
        let block = &self.blocks[self.block_of[position] as usize];
        let at = position - block.start;
        Row {
            tally: self,
            board,
            block,
            position,
            at,
            counts: block.counts.slice(at * block.stride..(at + 1) * block.stride),
        }
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
            counts: Counters::new(range.len() * stride, counted.draws),
            sums: vec![Sums::default(); range.len()],
            shared: Vec::new(),
        }
    }

    fn add(&mut self, board: &Board, counted: &Counted, scale: Scale, draws: &[Drawn], stage: &mut Vec<Line>) {
        // The sum of ranks of so many draws is a number of 32 bits.
        let together = TOGETHER.min(u32::MAX / board.groups[self.group].len() as u32).max(1);
        for draws in draws.chunks(together as usize) {
            stage.resize_with(draws.len(), Line::default);
            for (line, (places, _)) in stage.iter_mut().zip(draws) {
                let end = (self.start + self.rows + 1).min(places.first.len());
                line.take(&places.first[self.start..end], self.tail(counted, places));
            }
            for start in (0..self.rows).step_by(TILE) {
                self.count(board, counted, start, stage);
            }
        }
        for (places, _) in draws {
            self.add_ties(counted, scale, places);
        }
        if self.grades > 0 {
            self.add_grades(draws);
        }
        if self.changes.bins > 0 {
            self.add_changes(board, draws);
        }
    }

    /// Where the last k places begin in a draw.
    fn tail(&self, counted: &Counted, places: &Places) -> u32 {
        places.rated[self.group].saturating_sub(counted.bottom[self.group])
    }

    /// Counts up to [`TILE`] rows from a row on as if nothing tied.
    fn count(&mut self, board: &Board, counted: &Counted, start: usize, stage: &[Line]) {
        let (rows, stride) = (TILE.min(self.rows - start), self.stride);
        let anchor = |row: usize| anchor(board, self.group, (self.start + start + row).min(self.start + self.rows - 1));
        let rule = Rule {
            top: counted.top[self.group],
            exact: self.exact,
            missed: (stride - WORDS + MISSED) as u32,
            ranks: self.ranks,
            anchors: std::array::from_fn(anchor),
            offsets: std::array::from_fn(|row| (row * stride) as u32),
        };
        let range = start * stride..(start + rows) * stride;
        let ranks = match &mut self.counts {
            Counters::Short(counts) => count_tile(&mut counts[range], start, stride, &rule, stage),
            Counters::Long(counts) => count_tile(&mut counts[range], start, stride, &rule, stage),
        };
        self.sums[start..start + rows].iter_mut().zip(ranks).for_each(|(sums, rank)| sums.rank += u64::from(rank));
    }

    /// What ties change: they share their places.
    fn add_ties(&mut self, counted: &Counted, scale: Scale, places: &Places) {
        let (top, tail) = (counted.top[self.group], self.tail(counted, places));
        let (exact, words) = (self.exact as usize, self.stride - WORDS);
        for &(position, size) in places.ties_in(self.start..self.start + self.rows) {
            let (at, first) = (position as usize - self.start, places.first[position as usize]);
            let sums = &mut self.sums[at];
            sums.tied += u64::from(size) - 1;
            if first < top && top < first + size {
                self.counts.take(at * self.stride + words + TOP);
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

    fn add_grades(&mut self, draws: &[Drawn]) {
        let from = self.stride - WORDS - self.grades;
        for at in 0..self.rows {
            for (_, grades) in draws {
                let grade = grades[self.start + at];
                if grade != UNGRADED {
                    self.counts.add(at * self.stride + from + usize::from(grade));
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
            let counts = at * self.stride;
            for (places, _) in draws {
                let (now, then) = (places.first[position], places.first[before]);
                if now != UNPLACED && then != UNPLACED {
                    let change = i64::from(now) - i64::from(then);
                    self.counts.add(counts + from + self.changes.slot((change - nominal) as i32) as usize);
                    self.counts.add(counts + words + BOTH);
                    self.sums[at].change += change;
                }
            }
        }
    }
}

/// Where the bins of a row are finest: its nominal place; that after the last rated where it has none.
pub(super) fn anchor(board: &Board, group: usize, position: usize) -> u32 {
    let last = board.groups[group].len() as u32 - 1;
    board.nominal[position].min(board.rated[group]).min(last)
}

/// Nominal change of rank since the period before, 0 where one of the two is not rated.
pub(super) fn nominal_change(board: &Board, position: usize) -> i64 {
    let (now, then) = (board.nominal[position], board.nominal[board.before[position] as usize]);
    if now == UNPLACED || then == UNPLACED { 0 } else { i64::from(now) - i64::from(then) }
}
