//! Scenarios under bounds on groups: a solution of each that keeps them, and what no such solution exceeds.

use super::instance::{Instance, RobustError, Scenario};
use super::run::{Optimum, edges};
use crate::kernel::quota::{Effort, LARGEST, Quota, QuotaProblem, solve_near};

/// Steps of all scenarios together, some 30 to 150 nanoseconds each, after which no more are begun; and of the rounds
/// for the worst case, which follow one another.
pub(super) const WORK: u64 = 100_000_000;
pub(super) const WORST_WORK: u64 = 10_000_000;

/// Scenarios that are begun together.
pub(super) const BATCH: usize = 32;

/// Most edges of a problem that is searched in every scenario.
const SMALL: usize = 3_000;

/// So many quotas of a row double what a step takes.
const DOUBLE: usize = 8;

/// Bounds that every solution keeps.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// The pairs, with costs of a known problem, and the quotas.
    problem: QuotaProblem,
    /// Multipliers of the known problem, in its steps.
    multipliers: Vec<i64>,
    /// A solution that keeps the quotas: what is found for a scenario is never worse.
    known: Vec<Option<u32>>,
    /// Units of fit to one unit of cost.
    unit: i64,
}

impl Instance {
    /// Keeps the quotas of a problem over the same pairs in every scenario, soft ones at their fees. `unit` is how
    /// many units of fit make one unit of the problem's costs. Scenarios are like that problem: they are solved from
    /// its multipliers and from a solution that keeps the quotas, each within a limited effort, so that a scenario's
    /// best solution is perhaps not found; and there are fewer scenarios where they take much work.
    ///
    /// # Errors
    /// Other pairs than the problem's, or a solution that does not keep the quotas.
    pub fn under(
        mut self,
        problem: &QuotaProblem,
        multipliers: &[i64],
        known: &[Option<u32>],
        unit: i64,
    ) -> Result<Instance, RobustError> {
        if !self.has_edges_of(problem) || !problem.is_assignment(known) || problem.violation(known) > 0 {
            return Err(RobustError::Bounds);
        }
        let (problem, multipliers, known) = (problem.clone(), multipliers.to_vec(), known.to_vec());
        self.bounds = Some(Bounds { problem, multipliers, known, unit });
        Ok(self)
    }
}

impl Bounds {
    /// What a solution pays for soft quotas, in units of fit.
    pub fn fees(&self, columns: &[Option<u32>]) -> i128 {
        let sums = self.problem.sums(columns);
        let fees = self.problem.quotas().iter().zip(sums).map(|(quota, sum)| quota.fee(sum));
        fees.sum::<i128>() * i128::from(self.unit)
    }

    /// As [`super::run::optimum`].
    pub fn optimum(
        &self,
        instance: &Instance,
        scenario: &Scenario,
        times: i64,
        keep: &[u32],
    ) -> Result<Optimum, RobustError> {
        let price = i128::from(self.unit) * i128::from(times);
        let prices = self.problem.quotas().iter().flat_map(|q| [q.short_price, q.excess_price]).flatten();
        let most = prices.map(|p| i128::from(p) * price).fold(instance.check(scenario, times)?, i128::max);
        // A last digit for the pairs that are kept; numbers that are too large for one are rounded down instead,
        // which keeps the bound below all solutions.
        let digit = if keep.is_empty() { 1 } else { instance.rows() as i128 + 1 };
        let largest = i128::from(LARGEST);
        let digit = if most.saturating_mul(digit) < largest { digit } else { 1 };
        let coarse = if digit > 1 { 1 } else { most / largest + 1 };
        let cost = |fit: i128| (-fit * digit).div_euclid(coarse) as i64;
        let mut costs: Vec<i64> = (0..instance.edges()).map(|e| cost(instance.fit(scenario, e).into())).collect();
        if digit > 1 {
            keep.iter().for_each(|edge| costs[*edge as usize] -= 1);
        }
        let open = (0..instance.rows()).map(|row| cost(i128::from(instance.open_value(row)) * i128::from(times)));
        let fee = |p: Option<i64>| p.map(|p| (i128::from(p) * price * digit / coarse) as i64);
        let soft =
            |q: &Quota| Quota { short_price: fee(q.short_price), excess_price: fee(q.excess_price), ..q.clone() };
        let quotas = self.problem.quotas().iter().map(soft).collect();
        let problem = self.problem.with(costs, open.collect(), quotas).map_err(|_| RobustError::Overflow(most))?;

        let (to, from) = (i128::from(problem.scale()), i128::from(self.problem.scale()));
        let steps = |m: &i64| (i128::from(*m) * to * price / from).saturating_mul(digit) / coarse;
        let wide = i128::from(i64::MAX);
        let multipliers: Vec<i64> = self.multipliers.iter().map(|m| steps(m).clamp(-wide, wide) as i64).collect();
        let answer = solve_near(&problem, &multipliers, &self.known, effort(instance.edges()));
        let columns = answer.solution.map_or_else(|| self.known.clone(), |solution| solution.columns);
        let most = (-answer.bound * coarse).div_euclid(digit);
        let covered: usize = self.problem.quotas().iter().map(|q| q.rows.len()).sum();
        let work = answer.work + answer.work * covered as u64 / (DOUBLE * instance.rows().max(1)) as u64;
        Ok(Optimum { edges: edges(instance, &columns)?, most: Some(most), work })
    }
}

/// Effort for one scenario: it is near a problem that is solved. Where all scenarios together take seconds at most,
/// what is left open is searched too.
fn effort(edges: usize) -> Effort {
    let exact = if edges <= SMALL { 400_000 } else { 0 };
    let edges = edges as u64;
    Effort { dual: 20 * edges + 200_000, starts: 2, primal: 2 * edges + 200_000, exact }
}
