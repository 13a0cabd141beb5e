//! What each quota costs: its price at the margin, and the optimum with it minus that without.

use rayon::prelude::*;

use super::engine::Engine;
use super::parts::{Part, parts};
use super::problem::{Quota, QuotaError, QuotaProblem};
use super::ranked::{Ranked, RankedOutcome, fill_ranked, fill_whole};
use super::solve::{Answer, Effort, Proof, Solution, solve_from};

/// What a quota costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The quota.
    pub quota: u32,
    /// Its multiplier, in steps: below 0, what one unit more of the lower bound costs about;
    /// above 0, what one unit less of the upper bound would.
    pub multiplier: i64,
    /// Rows that would be filled more without the quota: where seats come first, of the most urgent class of which
    /// the number differs; else of all, below 0 where better pairs would leave more open. `None` while one of both
    /// is not proved.
    pub seats: Option<i64>,
    /// The optimum with the quota minus the optimum without it, in units of cost: at least and at most; equal if
    /// both optima are proved. `None` where seats come first and other numbers of rows would be filled.
    pub cost: Option<(i128, i128)>,
}

/// A quota that binds, and its multiplier.
type Binding = (u32, i64);

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
    let mut binding = binding(problem, answer, problem.quotas.len(), count, |_| 0);
    binding.truncate(count);
    let Some(solution) = &answer.solution else { return Ok(Vec::new()) };
    by_part(problem, &binding, effort, |part, of_part, effort| match part {
        None => Ok(costs(problem, answer, of_part, effort)),
        Some(part) => {
            let engine = Engine::at(&part.problem, &part.of_quotas(&answer.certificate.multipliers));
            let answer = solve_from(engine, Some(&part.cut(&solution.columns)), effort);
            Ok(costs(&part.problem, &answer, of_part, effort))
        }
    })
}

/// Figures of quotas in the part that each belongs to, or in the whole if there is but one; `made` has the places of
/// quotas in the part and so have its figures.
fn by_part(
    problem: &QuotaProblem,
    binding: &[Binding],
    effort: Effort,
    made: impl Fn(Option<&Part>, &[Binding], Effort) -> Result<Vec<Figure>, QuotaError> + Sync,
) -> Result<Vec<Figure>, QuotaError> {
    let parts = if binding.is_empty() { Vec::new() } else { parts(problem)? };
    if parts.is_empty() {
        return made(None, binding, effort);
    }
    let of_part = |part: &Part| {
        let within = |(quota, multiplier): &Binding| {
            let at = part.quotas.binary_search(quota).ok()?;
            Some((at as u32, *multiplier))
        };
        let inside: Vec<Binding> = binding.iter().filter_map(within).collect();
        if inside.is_empty() {
            return Ok(Vec::new());
        }
        let figures = made(Some(part), &inside, effort.for_part(problem, &part.problem, parts.len()))?;
        Ok(figures.into_iter().map(|of| Figure { quota: part.quotas[of.quota as usize], ..of }).collect())
    };
    let figures: Vec<Vec<Figure>> = parts.par_iter().map(of_part).collect::<Result<_, QuotaError>>()?;
    let mut figures: Vec<Figure> = figures.into_iter().flatten().collect();
    figures.sort_by_key(|figure| binding.iter().position(|of| of.0 == figure.quota));
    Ok(figures)
}

/// The same where seats come first: without a quota that plays a part in what can be filled, all stages are
/// solved again.
///
/// # Errors
/// As [`figures`].
pub fn ranked_figures(
    ranked: &Ranked,
    classes: &[u32],
    count: usize,
    effort: Effort,
) -> Result<Vec<Figure>, QuotaError> {
    let Ranked { stages, problem, answer } = ranked;
    let own = problem.quotas.len() - stages.len();
    let of_seats = |quota: usize| stages.iter().map(|s| s.answer.certificate.multipliers[quota]).find(|m| *m != 0);
    let mut binding = binding(problem, answer, own, count, |quota| of_seats(quota).unwrap_or(0));
    binding.truncate(count);
    let base = problem.without_last(stages.len())?;
    by_part(&base, &binding, effort, |part, of_part, effort| match part {
        None => ranked_costs(ranked, classes, of_part, effort),
        Some(part) => {
            let classes = part.of_rows(classes);
            match fill_whole(&part.problem, &classes, effort)? {
                RankedOutcome::Solved(ranked) => ranked_costs(&ranked, &classes, of_part, effort),
                RankedOutcome::Not(_) => Ok(Vec::new()),
            }
        }
    })
}

/// What quotas cost where seats come first.
fn ranked_costs(
    ranked: &Ranked,
    classes: &[u32],
    binding: &[Binding],
    effort: Effort,
) -> Result<Vec<Figure>, QuotaError> {
    let Ranked { stages, problem, answer } = ranked;
    let of_seats = |quota: usize| stages.iter().map(|s| s.answer.certificate.multipliers[quota]).find(|m| *m != 0);
    // A stage that is proved without a quota is proved for whatever the quota asks for.
    let matters = |(quota, _): &Binding| {
        let proved = |s: &super::Stage| s.filled == s.most() && s.answer.proof == Proof::Multipliers;
        of_seats(*quota as usize).is_some() || !stages.iter().all(proved)
    };
    let (of_seats, of_costs): (Vec<Binding>, Vec<Binding>) = binding.iter().copied().partition(|b| matters(b));
    let mut figures = costs(problem, answer, &of_costs, effort);
    let base = problem.without_last(stages.len())?;
    let again = |&(quota, multiplier): &Binding| -> Result<Figure, QuotaError> {
        let without = base.without(quota as usize)?;
        let mut figure = Figure { quota, multiplier, seats: None, cost: None };
        let RankedOutcome::Solved(free) = fill_ranked(&without, classes, effort)? else { return Ok(figure) };
        let proved = |r: &Ranked| r.stages.iter().all(|s| s.filled == s.most());
        if !(proved(ranked) && proved(&free)) {
            return Ok(figure);
        }
        let filled = |r: &Ranked| r.stages.iter().map(|s| s.filled).collect::<Vec<i64>>();
        let (with, free_of) = (filled(ranked), filled(&free));
        figure.seats = Some(free_of.iter().zip(&with).map(|(free, with)| free - with).find(|n| *n != 0).unwrap_or(0));
        if let (true, Some(solution), Some(other)) = (with == free_of, &answer.solution, &free.answer.solution) {
            let high = other.objective.min(solution.objective);
            figure.cost = Some(((answer.bound - high).max(0), solution.objective - free.answer.bound.min(high)));
        }
        Ok(figure)
    };
    figures.extend(of_seats.par_iter().map(again).collect::<Result<Vec<_>, _>>()?);
    figures.sort_by_key(|f| binding.iter().position(|b| b.0 == f.quota));
    Ok(figures)
}

/// Quotas that bind, of the first `own`, with their multipliers; the dearest first. `beside` tells of other
/// multipliers of theirs. Where there are no more than `count`, all of them: one that is more than kept may bind too.
fn binding(
    problem: &QuotaProblem,
    answer: &Answer,
    own: usize,
    count: usize,
    beside: impl Fn(usize) -> i64,
) -> Vec<Binding> {
    let Some(solution) = &answer.solution else { return Vec::new() };
    let lambda = &answer.certificate.multipliers;
    let binds = |quota: &usize| {
        let (q, sum) = (&problem.quotas[*quota], solution.sums[*quota]);
        own <= count
            || lambda[*quota] != 0
            || beside(*quota) != 0
            || q.least.is_some_and(|l| sum <= l)
            || q.most.is_some_and(|m| sum >= m)
    };
    let mut binding: Vec<usize> = (0..own).filter(binds).collect();
    binding.sort_by_key(|q| (std::cmp::Reverse((beside(*q) != 0, lambda[*q].unsigned_abs())), *q));
    binding.into_iter().map(|q| (q as u32, lambda[q])).collect()
}

/// What quotas cost, when what is filled does not depend on them.
fn costs(problem: &QuotaProblem, answer: &Answer, binding: &[Binding], effort: Effort) -> Vec<Figure> {
    let Some(solution) = answer.solution.as_ref().filter(|_| !binding.is_empty()) else { return Vec::new() };
    let mut engine = Engine::new(problem);
    let lambda = &answer.certificate.multipliers;
    engine.set(&lambda.iter().enumerate().map(|(q, l)| (q as u32, *l)).collect::<Vec<_>>());
    let figure = |&(quota, multiplier): &Binding| {
        let at = quota as usize;
        let mut without = problem.clone();
        without.quotas[at] = Quota { least: None, most: None, ..without.quotas[at].clone() };
        let mut engine = engine.under(&without);
        engine.set(&[(quota, 0)]);
        let free = solve_from(engine, Some(&solution.columns), effort);
        let high = free.solution.as_ref().map_or(solution.objective, |s| s.objective);
        let cost = ((answer.bound - high).max(0), solution.objective - free.bound.min(high));
        let filled = |s: &Solution| s.columns.iter().flatten().count() as i64;
        let proved = answer.optimal() && free.optimal();
        let seats = free.solution.as_ref().filter(|_| proved).map(|s| filled(s) - filled(solution));
        Figure { quota, multiplier, seats, cost: Some(cost) }
    };
    binding.par_iter().map(figure).collect()
}
