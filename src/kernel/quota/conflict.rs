//! Quotas that cannot be met: which ones contradict each other, why, and the least relaxation.
//!
//! The miss problem forgets all costs, lets every row stay open for nothing, and charges 1 for
//! each unit by which a hard quota is missed. Its optimum is 0 exactly if the quotas can be met;
//! multipliers that prove a bound above 0 are a Farkas certificate (J. Farkas, *Journal für die
//! reine und angewandte Mathematik* 124 (1902) 1–27). An irreducible set is left by the deletion
//! filter: a quota without which the others still contradict each other is dropped (J. W. Chinneck
//! and E. W. Dravnieks, "Locating minimal infeasible constraint sets in linear programs", *ORSA
//! Journal on Computing* 3 (1991) 157–168).

use super::certificate::{Certificate, Flaw, check_bound};
use super::problem::{Quota, QuotaError, QuotaProblem};
use super::solve::{Answer, Effort, Proof, Solution, ceiling, solve};

/// How many of the dearest quotas are tried as a conflict before all.
const FEW: [usize; 2] = [6, 40];

/// Quotas that cannot all be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The quotas, ascending.
    pub quotas: Vec<u32>,
    /// True if it is proved that without any one of them the others can be met.
    pub irreducible: bool,
    /// Multipliers suffice, or the search was needed.
    pub proof: Proof,
    /// Prices and multipliers for [`miss_problem`] of these quotas.
    pub certificate: Certificate,
    /// They are missed by at least this many units in total.
    pub missed: i128,
}

/// An assignment that misses the hard quotas as little as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// The assignment; its objective counts no miss of hard quotas.
    pub solution: Solution,
    /// Units missed in total.
    pub missed: i128,
    /// No assignment misses less.
    pub missed_bound: i128,
    /// For each hard quota that is missed: the quota, units below the least, units above the most.
    pub misses: Vec<(u32, i64, i64)>,
    /// Whether `missed` is proved to be least, and no assignment that misses as little costs less.
    pub optimal: bool,
}

/// The miss problem of some quotas: rows that are in none of them, and soft bounds, play no part.
///
/// # Errors
/// Does not happen for indices of existing quotas; see [`QuotaProblem::new`].
pub fn miss_problem(problem: &QuotaProblem, quotas: &[u32]) -> Result<QuotaProblem, QuotaError> {
    let mut wanted = vec![false; problem.quotas.len()];
    for quota in quotas {
        if let Some(wanted) = wanted.get_mut(*quota as usize) {
            *wanted = true;
        }
    }
    let charged = |(quota, wanted): (&Quota, &bool)| {
        let keep = |bound: Option<i64>, price: Option<i64>| bound.filter(|_| *wanted && price.is_none());
        Quota {
            least: keep(quota.least, quota.short_price),
            most: keep(quota.most, quota.excess_price),
            short_price: Some(1),
            excess_price: Some(1),
            rows: if *wanted { quota.rows.clone() } else { Vec::new() },
            ..quota.clone()
        }
    };
    let charged: Vec<Quota> = problem.quotas.iter().zip(&wanted).map(charged).collect();
    let mut covered = vec![false; problem.rows()];
    charged.iter().flat_map(|q| &q.rows).for_each(|row| covered[*row as usize] = true);
    let (mut starts, mut heads) = (vec![0u32], Vec::new());
    for (row, covered) in covered.iter().enumerate() {
        if *covered {
            heads.extend_from_slice(&problem.heads[problem.range(row)]);
        }
        starts.push(heads.len() as u32);
    }
    let (costs, open) = (vec![0; heads.len()], vec![0; problem.rows()]);
    QuotaProblem::new(problem.columns, starts, heads, costs, open, problem.groups.clone(), charged)
}

/// Checks that these quotas contradict each other, by the multipliers alone; how many units, on
/// the certificate's grid, are missed at least.
///
/// # Errors
/// The certificate's first flaw; [`Flaw::Shape`] also if it proves nothing.
pub fn check_conflict(problem: &QuotaProblem, quotas: &[u32], certificate: &Certificate) -> Result<i128, Flaw> {
    let misses = miss_problem(problem, quotas).map_err(|_| Flaw::Shape)?;
    let proved = check_bound(&misses, certificate)?;
    if proved > 0 { Ok(proved) } else { Err(Flaw::Shape) }
}

fn missing(problem: &QuotaProblem, quotas: &[u32]) -> Result<Answer, QuotaError> {
    let misses = miss_problem(problem, quotas)?;
    Ok(solve(&misses, Effort::of(&misses)))
}

/// Which of the given quotas a proof speaks of: those with a multiplier, or all if it needed the
/// search.
fn support(quotas: &[u32], answer: &Answer) -> Vec<u32> {
    match answer.proof {
        Proof::Multipliers => {
            quotas.iter().copied().filter(|q| answer.certificate.multipliers[*q as usize] != 0).collect()
        }
        Proof::Search => quotas.to_vec(),
    }
}

/// Quotas among which a contradiction is proved. Where a bound was driven up without end, its
/// largest multipliers point at them, so a few of those are tried before all.
fn contradiction(problem: &QuotaProblem, all: &[u32], hint: Option<&Answer>) -> Result<Option<Vec<u32>>, QuotaError> {
    if let Some(hint) = hint {
        let lambda = |q: &u32| hint.certificate.multipliers.get(*q as usize).map_or(0, |l| l.unsigned_abs());
        let mut ranked: Vec<u32> = all.iter().copied().filter(|q| lambda(q) > 0).collect();
        ranked.sort_by_key(|q| (std::cmp::Reverse(lambda(q)), *q));
        for few in FEW.into_iter().filter(|few| *few < all.len()) {
            let mut tried = ranked.iter().copied().take(few).collect::<Vec<u32>>();
            tried.sort_unstable();
            let answer = missing(problem, &tried)?;
            if answer.bound > 0 {
                return Ok(Some(support(&tried, &answer)));
            }
        }
    }
    let answer = missing(problem, all)?;
    Ok((answer.bound > 0).then(|| support(all, &answer)))
}

/// A set of quotas that cannot all be met, as small as it could be made; `None` if the quotas can
/// be met or neither could be proved. Soft bounds are never part of a conflict. The answer of
/// [`solve`], if there is one, makes it quicker.
///
/// # Errors
/// See [`miss_problem`].
pub fn conflict(problem: &QuotaProblem, hint: Option<&Answer>) -> Result<Option<Conflict>, QuotaError> {
    let hard = |q: &Quota| q.least.is_some() && q.short_price.is_none() || q.most.is_some() && q.excess_price.is_none();
    let all: Vec<u32> = (0..problem.quotas.len() as u32).filter(|q| hard(&problem.quotas[*q as usize])).collect();
    let Some(mut kept) = contradiction(problem, &all, hint)? else { return Ok(None) };
    let mut tried = Vec::new();
    let mut irreducible = true;
    while let Some(quota) = kept.iter().copied().find(|q| !tried.contains(q)) {
        let fewer: Vec<u32> = kept.iter().copied().filter(|q| *q != quota).collect();
        let without = missing(problem, &fewer)?;
        if without.bound > 0 {
            kept = support(&fewer, &without);
        } else {
            tried.push(quota);
            irreducible &= without.solution.is_some_and(|s| s.objective == 0);
        }
    }
    // A quota that was found to be needed stays needed when others go.
    let Answer { bound: missed, proof, certificate, .. } = missing(problem, &kept)?;
    Ok(Some(Conflict { quotas: kept, irreducible, proof, certificate, missed }))
}

/// The cheapest assignment among those that miss the hard quotas least. `None` only if the
/// numbers are too large for exact arithmetic.
///
/// First the least miss is found; then misses cost so much that the cheapest assignment misses no
/// more than that. The price is raised until it does; no price larger than needed enters the
/// arithmetic.
///
/// # Errors
/// See [`QuotaProblem::new`].
pub fn relax(problem: &QuotaProblem) -> Result<Option<Relaxation>, QuotaError> {
    let all: Vec<u32> = (0..problem.quotas.len() as u32).collect();
    let least = missing(problem, &all)?;
    let fewest = least.solution.as_ref();
    let total =
        |sums: &[i64]| -> i128 { problem.quotas.iter().zip(sums).map(|(q, s)| i128::from(q.violation(*s))).sum() };
    let costs = || problem.costs.iter().chain(&problem.open).copied();
    let width = costs().max().unwrap_or(0) - costs().min().unwrap_or(0);
    let highest = ceiling(problem).max(1);
    let mut price = width.max(1);
    let mut best: Option<Relaxation> = None;
    loop {
        let soft = |q: &Quota| Quota {
            short_price: q.short_price.or(Some(price)),
            excess_price: q.excess_price.or(Some(price)),
            ..q.clone()
        };
        let priced =
            problem.with(problem.costs.clone(), problem.open.clone(), problem.quotas.iter().map(soft).collect());
        let Ok(priced) = priced else { break };
        let answer = solve(&priced, Effort::of(&priced));
        let proved = answer.optimal();
        let candidates = [answer.solution.map(|s| (s.columns, proved)), fewest.map(|s| (s.columns.clone(), false))];
        for (columns, proved) in candidates.into_iter().flatten() {
            let sums = problem.sums(&columns);
            let missed = total(&sums);
            let objective = problem.objective(&columns);
            let optimal = proved && missed == least.bound;
            let better = best.as_ref().is_none_or(|b| (missed, objective) < (b.missed, b.solution.objective));
            if better || optimal {
                let misses = problem.quotas.iter().zip(&sums).enumerate().filter(|(_, (q, s))| q.violation(**s) > 0);
                let misses = misses.map(|(at, (q, s))| {
                    let (short, excess) = q.misses(*s);
                    let hard = |by: i64, price: Option<i64>| if price.is_none() { by } else { 0 };
                    (at as u32, hard(short, q.short_price), hard(excess, q.excess_price))
                });
                let misses = misses.collect();
                let solution = Solution { columns, objective, sums };
                best = Some(Relaxation { solution, missed, missed_bound: least.bound, misses, optimal });
            }
        }
        let done = best.as_ref().is_some_and(|b| b.optimal || (b.missed == least.bound && !proved));
        if done || i128::from(price) > highest.saturating_mul(2) {
            break;
        }
        price = price.saturating_mul(16);
    }
    Ok(best)
}
