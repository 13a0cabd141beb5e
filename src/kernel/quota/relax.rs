//! The least relaxation of quotas that cannot be met.

use super::conflict::missing;
use super::problem::{Quota, QuotaError, QuotaProblem};
use super::solve::{Effort, Solution, ceiling, solve};

/// An assignment that misses the hard quotas as little as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// The assignment; its objective counts no miss of hard quotas.
    pub solution: Solution,
    /// Parts of a person missed in total: see [`QuotaProblem::miss_weights`].
    pub missed: i128,
    /// No assignment misses less.
    pub missed_bound: i128,
    /// No assignment that misses as little costs less.
    pub bound: i128,
    /// For each hard quota that is missed: the quota, units below the least, units above the most.
    pub misses: Vec<(u32, i64, i64)>,
}

impl Relaxation {
    /// Whether it is proved that nothing misses less, and that nothing that misses as little costs
    /// less.
    pub fn optimal(&self) -> bool {
        self.missed == self.missed_bound && self.solution.objective == self.bound
    }
}

/// Each price of a miss is so many times the one before.
const RISE: i64 = 16;

/// The cheapest assignment among those that miss the hard quotas least, lexicographic without a
/// number larger than needed: misses get a price, which rises until the assignment misses no more
/// than must be (`known`, if a conflict proves that much; else what the miss problem proves).
/// `None` only if the numbers are too large for exact arithmetic.
///
/// # Errors
/// See [`QuotaProblem::new`].
pub fn relax(problem: &QuotaProblem, known: i128) -> Result<Option<Relaxation>, QuotaError> {
    let mut must = known;
    let mut asked = false;
    let span = |values: &[i64]| values.iter().max().unwrap_or(&0) - values.iter().min().unwrap_or(&0);
    let (person, _) = problem.miss_weights();
    let mut price = (span(&problem.costs) / person).max(1);
    // No two assignments lie further apart than this: then one part outweighs everything.
    let cheapest = |row: usize| problem.range(row).map(|e| problem.costs[e]).fold(problem.open[row], i64::min);
    let highest = ceiling(problem) - (0..problem.rows()).map(|row| i128::from(cheapest(row))).sum::<i128>();
    let mut best: Option<Relaxation> = None;
    while let Ok(priced) = softened(problem, price) {
        let answer = solve(&priced, Effort::of(&priced));
        // Whether misses cost enough for the assignment found to miss no more than must be.
        let mut fewest = None;
        if let Some(solution) = answer.solution {
            fewest = Some(missed(problem, &solution.sums));
            offer(problem, &mut best, solution.columns, must);
        }
        if !asked && best.as_ref().is_none_or(|b| b.missed > must) {
            asked = true;
            let all: Vec<u32> = (0..problem.quotas.len() as u32).collect();
            let least = missing(problem, &all)?;
            must = must.max(least.bound);
            if let Some(fewest) = least.solution {
                offer(problem, &mut best, fewest.columns, must);
            }
        }
        if let Some(best) = &mut best {
            best.missed_bound = must;
            // Whoever misses that much pays for it in the priced problem.
            best.bound = best.bound.max(answer.bound - i128::from(price) * best.missed);
            if best.optimal() || fewest == Some(must) {
                break;
            }
        }
        if i128::from(price) > highest {
            break;
        }
        price = price.saturating_mul(RISE);
    }
    Ok(best)
}

/// The problem with a price on each part of a person by which a hard quota is missed.
fn softened(problem: &QuotaProblem, price: i64) -> Result<QuotaProblem, QuotaError> {
    let (_, weights) = problem.miss_weights();
    let soft = |(q, weight): (&Quota, &i64)| {
        let price = Some(price.saturating_mul(*weight));
        Quota { short_price: q.short_price.or(price), excess_price: q.excess_price.or(price), ..q.clone() }
    };
    let quotas = problem.quotas.iter().zip(&weights).map(soft).collect();
    problem.with(problem.costs.clone(), problem.open.clone(), quotas)
}

/// Keeps an assignment if it misses less, or as little at less cost.
fn offer(problem: &QuotaProblem, best: &mut Option<Relaxation>, columns: Vec<Option<u32>>, must: i128) {
    let sums = problem.sums(&columns);
    let missed = missed(problem, &sums);
    let objective = problem.objective(&columns);
    if best.as_ref().is_some_and(|b| (b.missed, b.solution.objective) <= (missed, objective)) {
        return;
    }
    let bound = best.as_ref().filter(|b| b.missed == missed).map_or(i128::MIN, |b| b.bound);
    let of = |(at, (quota, sum)): (usize, (&Quota, &i64))| {
        let (short, excess) = quota.misses(*sum);
        let hard = |by: i64, price: Option<i64>| if price.is_none() { by } else { 0 };
        (at as u32, hard(short, quota.short_price), hard(excess, quota.excess_price))
    };
    let misses = problem.quotas.iter().zip(&sums).enumerate().map(of).filter(|m| m.1 + m.2 > 0).collect();
    let solution = Solution { columns, objective, sums };
    *best = Some(Relaxation { solution, missed, missed_bound: must, bound, misses });
}

/// Parts of a person by which the sums miss hard quotas.
fn missed(problem: &QuotaProblem, sums: &[i64]) -> i128 {
    let (_, weights) = problem.miss_weights();
    problem.quotas.iter().zip(sums).zip(weights).map(|((q, s), w)| i128::from(q.violation(*s)) * i128::from(w)).sum()
}
