//! The stable placement of greatest value.

use super::cut::greatest_closure;
use super::market::{Market, Placement};
use super::rotation::{Rotations, rotations};

/// Why the values do not fit the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{values} values for {pairs} pairs; give one for each, in the order of the pairs")]
pub struct ValueError {
    pub values: usize,
    pub pairs: usize,
}

/// The best stable placement, beside the two extremes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BestStable {
    /// The placement; of several equally good the one that candidates like best.
    pub placement: Placement,
    /// Its total.
    pub total: i128,
    /// Total of the candidate-optimal placement.
    pub candidate_optimal: i128,
    /// Total of the post-optimal placement.
    pub post_optimal: i128,
    /// Rotations of the market: 0 exactly if there is only one stable placement.
    pub rotations: usize,
    /// How many of them lead from the candidate-optimal placement to this one.
    pub made: usize,
}

/// Of all stable placements the one with the greatest total of `values` (one for each pair of the
/// market's list). Exact, in 128-bit integers, which cannot overflow.
///
/// If the values are the very fits by which posts order, no stable placement exceeds the
/// post-optimal one, in which each post has the best holders it can have; the result then is the one
/// that candidates like best among those with the same total. Values that count more than the
/// posts' order does (wishes, other seats' worth) may be greatest in between.
///
/// # Errors
/// The number of values is not that of the pairs.
pub fn best_stable(market: &Market, values: &[i64]) -> Result<BestStable, ValueError> {
    if values.len() != market.pairs() {
        return Err(ValueError { values: values.len(), pairs: market.pairs() });
    }
    let all = rotations(market);
    let weights = weights(&all, values);
    let made = greatest_closure(&weights, |r| &all.rotations[r].after);
    let candidate_optimal = total(market, &all.start, values);
    let gained = weights.iter().zip(&made).filter(|(_, made)| **made).map(|(w, _)| w).sum::<i128>();
    Ok(BestStable {
        placement: all.after(&made),
        total: candidate_optimal + gained,
        candidate_optimal,
        post_optimal: candidate_optimal + weights.iter().sum::<i128>(),
        rotations: weights.len(),
        made: made.iter().filter(|m| **m).count(),
    })
}

/// What each rotation adds to the total.
fn weights(all: &Rotations, values: &[i64]) -> Vec<i128> {
    let value = |pair: u32| i128::from(values[pair as usize]);
    all.rotations.iter().map(|r| r.moves.iter().map(|m| value(m.to_pair) - value(m.from_pair)).sum()).collect()
}

fn total(market: &Market, placement: &Placement, values: &[i64]) -> i128 {
    let edge = |(post, candidate): (u32, u32)| {
        market.wishes(candidate as usize).iter().find(|e| market.post[**e as usize] == post)
    };
    let used = placement.pairs().filter_map(edge);
    used.map(|e| i128::from(values[market.source[*e as usize] as usize])).sum()
}
