//! Quotas that cannot be met: which ones contradict each other, why, and the least relaxation.
//!
//! The miss problem forgets all costs, lets every row stay open for nothing, and charges what hard quotas are
//! missed by, in parts of a person (see [`QuotaProblem::miss_weights`]). Its optimum is 0 exactly if the quotas can be met;
//! multipliers that prove a bound above 0 are a Farkas certificate (J. Farkas, *Journal für die
//! reine und angewandte Mathematik* 124 (1902) 1–27). An irreducible set is left by the deletion
//! filter: a quota without which the others still contradict each other is dropped (J. W. Chinneck
//! and E. W. Dravnieks, "Locating minimal infeasible constraint sets in linear programs", *ORSA
//! Journal on Computing* 3 (1991) 157–168).

use super::certificate::{Certificate, Flaw, check_bound};
use super::problem::{Quota, QuotaError, QuotaProblem};
use super::solve::{Answer, Effort, Proof, solve};

/// Before all quotas, those with a multiplier of at least one in so many of the largest are tried as
/// a conflict, if they are few.
const NEAR: [u64; 3] = [16, 1_024, 65_536];
const FEW: usize = 40;

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
    /// They are missed by at least so much in total: see [`QuotaProblem::miss_weights`].
    pub missed: i128,
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
    let (_, weights) = problem.miss_weights();
    let charged = |((quota, wanted), weight): ((&Quota, &bool), &i64)| {
        let price = Some(if *wanted { *weight } else { 0 });
        let keep = |bound: Option<i64>, price: Option<i64>| bound.filter(|_| *wanted && price.is_none());
        Quota {
            least: keep(quota.least, quota.short_price),
            most: keep(quota.most, quota.excess_price),
            short_price: price,
            excess_price: price,
            rows: if *wanted { quota.rows.clone() } else { Vec::new() },
            ..quota.clone()
        }
    };
    let charged: Vec<Quota> = problem.quotas.iter().zip(&wanted).zip(&weights).map(charged).collect();
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

/// Checks that these quotas contradict each other, by the multipliers alone; by how much they are missed at least,
/// on the certificate's grid.
///
/// # Errors
/// The certificate's first flaw; [`Flaw::Shape`] also if it proves nothing.
pub fn check_conflict(problem: &QuotaProblem, quotas: &[u32], certificate: &Certificate) -> Result<i128, Flaw> {
    let misses = miss_problem(problem, quotas).map_err(|_| Flaw::Shape)?;
    let proved = check_bound(&misses, certificate)?;
    if proved > 0 { Ok(proved) } else { Err(Flaw::Shape) }
}

pub(super) fn missing(problem: &QuotaProblem, quotas: &[u32]) -> Result<Answer, QuotaError> {
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
        let largest = all.iter().map(lambda).max().unwrap_or(0);
        let mut before = 0;
        for near in NEAR {
            let tried: Vec<u32> = all.iter().copied().filter(|q| lambda(q) > largest / near).collect();
            if tried.len() == before || tried.len() > FEW {
                continue;
            }
            before = tried.len();
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
