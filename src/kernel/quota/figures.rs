//! What each quota costs: its price at the margin, and the optimum with it minus that without.

use rayon::prelude::*;

use super::engine::Engine;
use super::problem::{Quota, QuotaError, QuotaProblem};
use super::solve::{Answer, Effort, solve_from};

/// What a quota costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The quota.
    pub quota: u32,
    /// Its multiplier, in steps: below 0, what one unit more of the lower bound costs about;
    /// above 0, what one unit less of the upper bound would.
    pub multiplier: i64,
    /// The optimum with the quota minus the optimum without it, in units of cost: at least.
    pub least: i128,
    /// And at most; equal to `least` if both optima are proved.
    pub most: i128,
}

/// Figures of the quotas that bind (they have a multiplier, or their sum is at a bound), the
/// dearest at the margin first, at most `count`. Each is one solve without that quota, from the
/// answer's multipliers and within `effort`; they run in parallel, and the result does not depend
/// on how many threads there are. Empty if the answer holds no solution.
///
/// # Errors
/// Does not happen for the problem that the answer belongs to; see [`QuotaProblem::new`].
pub fn figures(
    problem: &QuotaProblem,
    answer: &Answer,
    count: usize,
    effort: Effort,
) -> Result<Vec<Figure>, QuotaError> {
    let Some(solution) = &answer.solution else { return Ok(Vec::new()) };
    let lambda = &answer.certificate.multipliers;
    let binds = |quota: &u32| {
        let (q, sum) = (&problem.quotas[*quota as usize], solution.sums[*quota as usize]);
        lambda[*quota as usize] != 0 || q.least.is_some_and(|l| sum <= l) || q.most.is_some_and(|m| sum >= m)
    };
    let mut binding: Vec<u32> = (0..problem.quotas.len() as u32).filter(binds).collect();
    binding.sort_by_key(|q| (std::cmp::Reverse(lambda[*q as usize].unsigned_abs()), *q));
    binding.truncate(count);
    let mut engine = Engine::new(problem);
    engine.set(&lambda.iter().enumerate().map(|(q, l)| (q as u32, *l)).collect::<Vec<_>>());
    let figure = |quota: &u32| {
        let at = *quota as usize;
        let mut quotas = problem.quotas.clone();
        quotas[at] = Quota { least: None, most: None, ..quotas[at].clone() };
        let mut without = problem.clone();
        without.quotas = quotas;
        let mut engine = engine.under(&without);
        engine.set(&[(*quota, 0)]);
        let free = solve_from(engine, Some(solution), effort);
        let high = free.solution.as_ref().map_or(solution.objective, |s| s.objective);
        Figure {
            quota: *quota,
            multiplier: lambda[at],
            least: (answer.bound - high).max(0),
            most: solution.objective - free.bound.min(high),
        }
    };
    Ok(binding.par_iter().map(figure).collect())
}
