//! Stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma and Salminen, Operations Research
//! 49, 2001), over the declared alternatives.
//!
//! - **Rank acceptability** b(i, r): share of draws in which unit i takes place r. Counted in
//!   [`tally`](super::tally); units that tie share their places in equal parts.
//! - **Holistic acceptability** Σ α(r) b(i, r) with the linear meta-weights α(r) = (n − r) / (n − 1), n
//!   the units rated: (n − mean place) / (n − 1).
//! - **Central weights** w(i): mean of the effective leaf weights over the draws in which i is first (a
//!   draw in which s units tie for the first place counts 1/s). None where i is never first. They sum
//!   to 1.
//! - **Confidence factor** p(i): share of draws in which i is first (ties in equal parts) when the weights
//!   are held at w(i) and everything else declared uncertain is drawn. Only where errors of the data
//!   are declared, and only for units that are first in at least [`FROM`] of the draws; over at
//!   most [`DRAWS`] draws.
//!
//! Weights are summed as whole numbers of 2⁻³², so that the order of draws changes nothing. Memory: one
//! number for each leaf and each unit that was ever first. Time: O(leaves) for each draw and group; a
//! confidence factor takes up to [`DRAWS`] replications, and at most 1 / [`FROM`] units of
//! a group have one.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Replicate;
use super::board::{Board, Places, Ranker};

/// Least acceptability of the first rank of a unit that is given a confidence factor.
pub const FROM: f64 = 0.01;

/// At most so many draws for a confidence factor: a standard error of at most 0.8%.
pub const DRAWS: u32 = 4096;

const ONE: f64 = 4_294_967_296.0;

/// Weights of the draws in which units were first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Central {
    /// By position.
    sums: BTreeMap<u32, Vec<u64>>,
}

/// Positions that are first in their group, and how many tie with each, itself among them.
pub fn firsts(board: &Board, places: &Places, out: &mut Vec<(u32, u32)>) {
    out.clear();
    for group in &board.groups {
        let first = places.first[group.clone()].iter().enumerate().filter(|(_, first)| **first == 0);
        let mut firsts = first.map(|(at, _)| (group.start + at) as u32);
        if let Some(one) = firsts.next() {
            // The best are near the top: the rest is looked at only as far as some tie.
            let size = places.size(one as usize);
            out.extend(std::iter::once(one).chain(firsts.take(size as usize - 1)).map(|position| (position, size)));
        }
    }
}

impl Central {
    /// Adds a draw: who is first, and the effective weights of the leaves.
    pub fn add(&mut self, firsts: &[(u32, u32)], weights: &[f64]) {
        for &(position, size) in firsts {
            let sums = self.sums.entry(position).or_insert_with(|| vec![0; weights.len()]);
            let scale = ONE / f64::from(size);
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += libm::round(weight * scale) as u64);
        }
    }

    /// Central weights of the row at a position; none if it was never first.
    pub fn weights(&self, position: usize) -> Option<Vec<f64>> {
        let sums = self.sums.get(&(position as u32))?;
        let total: u64 = sums.iter().sum();
        (total > 0).then(|| sums.iter().map(|sum| *sum as f64 / total as f64).collect())
    }
}

/// (n − mean place) / (n − 1): 1 for always first, 0 for always last of n; 1 where n is 1.
pub fn holistic(place: f64, rated: u32) -> f64 {
    if rated > 1 { ((f64::from(rated) - place) / (f64::from(rated) - 1.0)).clamp(0.0, 1.0) } else { 1.0 }
}

/// P(first in its group) of the row at a position with the weights held, over so many draws; none
/// where weights cannot be held, or every replication fails.
pub fn confidence<R: Replicate>(
    replicator: &R,
    board: &Board,
    position: usize,
    weights: &[f64],
    draws: u32,
) -> Option<f64> {
    let factors = replicator.factors().len();
    let group = board.groups.iter().position(|group| group.contains(&position))?;
    // One group alone is ranked.
    let rows = board.groups[group].clone();
    let alone = Board {
        rows: board.rows[rows.clone()].to_vec(),
        groups: std::iter::once(0..rows.len()).collect(),
        nominal: board.nominal[rows.clone()].to_vec(),
        rated: vec![board.rated[group]],
        before: Vec::new(),
    };
    let at = position - rows.start;
    const PART: u32 = 64;
    // Whole numbers by the size of the tie: their sum does not depend on the order.
    let counts = (0..draws.div_ceil(PART))
        .into_par_iter()
        .map_init(
            || (replicator.worker(), Ranker::default(), Places::default(), vec![0; factors]),
            |(worker, ranker, places, realisations), part| {
                let (mut done, mut ties) = (0_u64, BTreeMap::<u32, u64>::new());
                for draw in part * PART..draws.min((part + 1) * PART) {
                    realisations.fill(u64::from(draw));
                    if let Ok(outcome) = replicator.replicate_held(weights, realisations, worker)? {
                        done += 1;
                        ranker.rank(&alone, outcome.scores, places);
                        if places.first[at] == 0 {
                            *ties.entry(places.size(at)).or_default() += 1;
                        }
                    }
                }
                Some((done, ties))
            },
        )
        .collect::<Option<Vec<_>>>()?;
    let (mut done, mut ties) = (0, BTreeMap::<u32, u64>::new());
    for (of_part, counts) in counts {
        done += of_part;
        counts.into_iter().for_each(|(size, count)| *ties.entry(size).or_default() += count);
    }
    let first: f64 = ties.iter().map(|(size, count)| *count as f64 / f64::from(*size)).sum();
    (done > 0).then(|| first / done as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn central_weights_are_means_and_ties_count_in_part() {
        let mut central = Central::default();
        central.add(&[(3, 1)], &[0.8, 0.2]);
        central.add(&[(3, 2), (5, 2)], &[0.2, 0.8]);
        let weights = central.weights(3).expect("it was first");
        // (0.8 + 0.2 / 2) / 1.5
        assert!((weights[0] - 0.6).abs() < 1e-9 && (weights[1] - 0.4).abs() < 1e-9);
        assert!((central.weights(5).expect("it was first")[0] - 0.2).abs() < 1e-9);
        assert_eq!(central.weights(0), None);
    }

    #[test]
    fn holistic_acceptability_goes_from_the_last_place_to_the_first() {
        assert_eq!((holistic(1.0, 5), holistic(3.0, 5), holistic(5.0, 5)), (1.0, 0.5, 0.0));
        assert_eq!((holistic(1.0, 1), holistic(1.0, 0)), (1.0, 1.0));
    }
}
