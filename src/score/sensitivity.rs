//! Ranges of ranks under declared alternatives of the weights (敏感性区间): in each draw the weights
//! are drawn anew around the policy's, all villages of the scope are scored and ranked, and whole
//! numbers are counted. The stream of draw `d` is (seed, d), so draws are the same for every group,
//! and a county's figures are the same alone or among a hundred.
//!
//! Per draw: O(patterns · tree + villages · indicators) for the scores, where a pattern is a set of
//! present indicators, and O(villages) for the ranks (radix sort).

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::adjust::{finish, key};
use super::policy::Sensitivity;
use super::tree::Tree;
use crate::kernel::rank::{Ranker, Tally};

/// The villages as the draws see them.
pub(super) struct Board<'a> {
    pub tree: &'a Tree,
    /// Points by leaf, then village; NaN where missing.
    pub points: &'a [Vec<f64>],
    /// Does the leaf count, by leaf, then village: measured, or missing and counted as zero.
    pub present: &'a [Vec<bool>],
    /// Bonus less penalty.
    pub net: &'a [f64],
    /// Cap of vetoes, infinite without one.
    pub cap: &'a [f64],
    pub rated: &'a [bool],
}

/// A village's rank over the draws.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub mean: f64,
    pub p05: u32,
    pub median: u32,
    pub p95: u32,
    pub p_top: f64,
    pub p_bottom: f64,
}

/// Villages that are ranked together, and those of them for whom this ranking counts.
pub(super) struct Ranked {
    pub members: Vec<u32>,
    pub own: Vec<u32>,
}

/// Ranges of all rated villages, each within its ranking.
pub(super) fn ranges(board: &Board, rankings: &[Ranked], rule: &Sensitivity, seed: u64) -> Vec<Option<Range>> {
    let mut out = vec![None; board.rated.len()];
    if rule.draws == 0 || board.tree.leaves.is_empty() {
        return out;
    }
    let draws: Vec<Vec<f64>> = (0..u64::from(rule.draws))
        .into_par_iter()
        .map(|draw| {
            let mut shares = Vec::new();
            board.tree.draw(rule.space, rule.concentration, seed, draw, &mut shares);
            shares
        })
        .collect();
    // Many rankings keep every core busy by themselves; a few are cut by draws as well.
    let parts = if rankings.len() < MANY { PART } else { draws.len() };
    let found: Vec<Vec<(u32, Range)>> =
        rankings.par_iter().map(|ranked| Block::new(board, ranked).run(board, &draws, rule, parts)).collect();
    for (unit, range) in found.into_iter().flatten() {
        out[unit as usize] = Some(range);
    }
    out
}

/// From so many rankings on, each is counted by one core.
const MANY: usize = 32;
/// Draws that are counted together at least.
const PART: usize = 64;

/// k of P(top k): a share of the units, rounded down, at least 1.
pub(super) fn places(share: f64, units: usize) -> usize {
    crate::index::grade::places(share, units).max(1).min(units)
}

/// One ranking, laid out for the inner loop: villages with the same present indicators side by
/// side, points by indicator.
struct Block {
    /// Rated members, sorted by pattern.
    units: Vec<u32>,
    /// The pattern of each run of units, and where the run ends.
    runs: Vec<(Vec<bool>, usize)>,
    /// Points by leaf, then position; 0 where missing.
    points: Vec<f64>,
    net: Vec<f64>,
    cap: Vec<f64>,
    own: Vec<u32>,
}

/// Buffers of one worker.
struct Worker {
    tally: Tally,
    ranker: Ranker,
    scores: Vec<f64>,
    weights: Vec<f64>,
    scratch: Vec<f64>,
}

impl Block {
    fn new(board: &Board, ranked: &Ranked) -> Block {
        let mut patterns: BTreeMap<Vec<bool>, Vec<u32>> = BTreeMap::new();
        for &unit in ranked.members.iter().filter(|&&u| board.rated[u as usize]) {
            let pattern = board.present.iter().map(|leaf| leaf[unit as usize]).collect();
            patterns.entry(pattern).or_default().push(unit);
        }
        let (mut units, mut runs) = (Vec::new(), Vec::new());
        for (pattern, members) in patterns {
            units.extend(members);
            runs.push((pattern, units.len()));
        }
        let gather = |from: &[f64]| units.iter().map(|&u| from[u as usize]).collect::<Vec<_>>();
        let known = |p: f64| if p.is_nan() { 0.0 } else { p };
        let points = board.points.iter().flat_map(|leaf| units.iter().map(move |&u| known(leaf[u as usize]))).collect();
        let (net, cap) = (gather(board.net), gather(board.cap));
        Block { runs, points, net, cap, own: ranked.own.clone(), units }
    }

    fn run(&self, board: &Board, draws: &[Vec<f64>], rule: &Sensitivity, part: usize) -> Vec<(u32, Range)> {
        let n = self.units.len();
        if n == 0 {
            return Vec::new();
        }
        let (top, bottom) = (places(rule.top, n), places(rule.bottom, n));
        let worker = || Worker {
            tally: Tally::new(n, top, bottom),
            ranker: Ranker::default(),
            scores: vec![0.0; n],
            weights: vec![0.0; board.tree.leaves.len()],
            scratch: Vec::new(),
        };
        // Counts are whole numbers, so how the draws are cut into parts changes nothing.
        let tally = draws
            .par_iter()
            .with_min_len(part)
            .fold(worker, |mut worker, shares| {
                self.score(board.tree, shares, &mut worker);
                let keys = worker.scores.iter().zip(&self.net).zip(&self.cap);
                let keys = keys.map(|((base, net), cap)| key(finish(*base, *net, *cap)));
                worker.tally.add(worker.ranker.order(keys));
                worker
            })
            .map(|worker| worker.tally)
            .reduce(|| Tally::new(n, top, bottom), |a, b| a.merge(&b));
        let place: BTreeMap<u32, usize> = self.units.iter().enumerate().map(|(at, unit)| (*unit, at)).collect();
        let range = |at: usize| Range {
            mean: tally.mean(at),
            p05: tally.quantile(at, 0.05).0,
            median: {
                let (low, high) = tally.quantile(at, 0.5);
                low.midpoint(high)
            },
            p95: tally.quantile(at, 0.95).1,
            p_top: tally.p_top(at),
            p_bottom: tally.p_bottom(at),
        };
        self.own.iter().filter_map(|unit| Some((*unit, range(*place.get(unit)?)))).collect()
    }

    /// Weighted sums of points under these shares. The order of additions is that of the leaves,
    /// as for the score itself.
    fn score(&self, tree: &Tree, shares: &[f64], worker: &mut Worker) {
        let n = self.units.len();
        worker.scores.fill(0.0);
        let mut start = 0;
        for (present, end) in &self.runs {
            tree.effective(shares, present, &mut worker.scratch, &mut worker.weights);
            for (leaf, &weight) in worker.weights.iter().enumerate() {
                let points = &self.points[leaf * n + start..leaf * n + end];
                let scores = &mut worker.scores[start..*end];
                scores.iter_mut().zip(points).for_each(|(score, points)| *score += weight * points);
            }
            start = *end;
        }
    }
}
