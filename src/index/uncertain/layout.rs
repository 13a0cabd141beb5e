//! Points laid out for the inner loop: rows in blocks of eight, in each block leaf after leaf, so that
//! a pass over all leaves of a row reads memory in one direction and keeps its sums in registers.
//! Rows with the same present leaves stand together, since they share their effective weights; those
//! of rare patterns follow in blocks that are worked out cell by cell.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::index::pipeline::Matrix;
use crate::kernel::lanes::{LANES, ln};

/// The place of no row.
pub const NONE: u32 = u32::MAX;

/// Patterns with fewer rows are not worth effective weights of their own.
const FEW: usize = 4 * LANES;

/// Rows arranged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// By place: where the row stands in the order of the scores, [`NONE`] where a block is not full.
    pub rows: Vec<u32>,
    pub runs: Vec<Run>,
}

/// Blocks of rows that are worked out alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which leaves are present, the same for all; none where rows differ.
    pub present: Option<Vec<bool>>,
    pub blocks: Range<usize>,
}

impl Layout {
    /// The rated rows of a matrix of points by leaf, then row; scores stand in this `order`, all rows once.
    pub fn new(points: &Matrix, rated: &[bool], order: &[u32]) -> Layout {
        let mut patterns: BTreeMap<Vec<bool>, Vec<u32>> = BTreeMap::new();
        for (at, &row) in order.iter().enumerate().filter(|(_, row)| rated[**row as usize]) {
            let pattern = points.iter().map(|leaf| !leaf[row as usize].is_nan()).collect();
            patterns.entry(pattern).or_default().push(at as u32);
        }
        let mut out = Layout { rows: Vec::new(), runs: Vec::new() };
        let mut rare = Vec::new();
        let alone = patterns.len() == 1;
        for (pattern, rows) in patterns {
            if alone || rows.len() >= FEW {
                out.push(Some(pattern), &rows);
            } else {
                rare.extend(rows);
            }
        }
        rare.sort_unstable();
        out.push(None, &rare);
        out
    }

    fn push(&mut self, present: Option<Vec<bool>>, rows: &[u32]) {
        if rows.is_empty() {
            return;
        }
        let first = self.rows.len() / LANES;
        self.rows.extend(rows);
        self.rows.resize(self.rows.len().next_multiple_of(LANES), NONE);
        self.runs.push(Run { present, blocks: first..self.rows.len() / LANES });
    }

    /// Blocks.
    pub fn blocks(&self) -> usize {
        self.rows.len() / LANES
    }
}

/// Points of one combination of options.
#[derive(Clone, Debug)]
pub struct Points {
    pub layout: Layout,
    pub cells: Cells,
    /// Leaves that have a negative value, which no logarithm is taken of.
    pub negative: Vec<bool>,
}

/// Cells by block, then leaf, then lane; NaN where missing.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    pub plain: Vec<f64>,
    /// Logarithms; empty if no node needs them.
    pub logs: Vec<f64>,
}

impl Points {
    /// Lays out points as [`Layout::new`], with their logarithms if asked for.
    pub fn new(points: &Matrix, rated: &[bool], order: &[u32], logs: bool) -> Points {
        let layout = Layout::new(points, rated, order);
        let leaves = points.len();
        let mut plain = vec![f64::NAN; layout.rows.len() * leaves];
        let mut negative = vec![false; leaves];
        for (place, &at) in layout.rows.iter().enumerate().filter(|(_, at)| **at != NONE) {
            let (block, lane) = (place / LANES, place % LANES);
            for (leaf, column) in points.iter().enumerate() {
                let value = column[order[at as usize] as usize];
                negative[leaf] |= value < 0.0;
                plain[(block * leaves + leaf) * LANES + lane] = value;
            }
        }
        let mut cells = Cells { plain, logs: Vec::new() };
        if logs {
            cells.take_logs();
        }
        Points { layout, cells, negative }
    }

    /// Bytes of the cells of so many rows and leaves.
    pub fn bytes(rows: usize, leaves: usize, logs: bool) -> usize {
        rows * leaves * size_of::<f64>() * if logs { 2 } else { 1 }
    }
}

impl Cells {
    /// Logarithms of all cells.
    pub fn take_logs(&mut self) {
        self.logs.resize(self.plain.len(), 0.0);
        let (plain, _) = self.plain.as_chunks::<LANES>();
        let (logs, _) = self.logs.as_chunks_mut::<LANES>();
        logs.iter_mut().zip(plain).for_each(|(slot, x)| *slot = ln(x));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_with_their_like_and_rare_ones_at_the_end() {
        let nan = f64::NAN;
        // 40 complete rows, 33 without the second leaf, one without the first, one not rated.
        let first: Vec<f64> = (0..75).map(|r| if r == 5 { nan } else { f64::from(r) }).collect();
        let second: Vec<f64> = (0..75).map(|r| if r >= 42 { nan } else { -f64::from(r) }).collect();
        let rated: Vec<bool> = (0..75).map(|r| r != 7).collect();
        let order: Vec<u32> = (0..75).collect();
        let points = Points::new(&vec![first, second], &rated, &order, true);
        let layout = &points.layout;
        let patterns: Vec<_> = layout.runs.iter().map(|run| (run.present.clone(), run.blocks.clone())).collect();
        assert_eq!(patterns, [(Some(vec![true, false]), 0..5), (Some(vec![true, true]), 5..10), (None, 10..11)]);
        let mut rows: Vec<u32> = layout.rows.iter().copied().filter(|row| *row != NONE).collect();
        assert_eq!(layout.rows[80..], [5, NONE, NONE, NONE, NONE, NONE, NONE, NONE]);
        rows.sort_unstable();
        assert_eq!(rows, (0..75).filter(|r| *r != 7).collect::<Vec<u32>>());
        assert_eq!(points.negative, [false, true]);
        // Row 3 is the fourth of the complete ones.
        let cell = |leaf: usize| (5 * 2 + leaf) * LANES + 3;
        assert_eq!((points.cells.plain[cell(0)], points.cells.plain[cell(1)]), (3.0, -3.0));
        assert_eq!(points.cells.logs[cell(0)], libm::log(3.0));
    }
}
