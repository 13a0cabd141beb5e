//! The best whole solution under bounds on groups: quotas and conflicts, with a proved gap.
//!
//! Whoever must be placed is a bound too: at least one seat of theirs. Objective `filled` gives each
//! open seat a price above all that fits can make up for, class by class; if such prices leave the
//! range of exact arithmetic, that is an error.

use super::error::MatchError;
use super::exact::{class_weights, open_units};
use super::instance::{Bound, Instance};
use super::policy::{MatchPolicy, Objective};
use super::rows::Rows;
use crate::kernel::quota::{self, Answer, Conflict, Effort, Figure, Quota, QuotaError, QuotaProblem, Relaxation};

/// A solution under bounds.
#[derive(Clone, Debug)]
pub struct Bounded {
    pub problem: QuotaProblem,
    pub answer: Answer,
    /// What bounds that bind cost.
    pub figures: Vec<Figure>,
    /// Open price by row.
    pub open: Vec<i64>,
    /// How many of the problem's quotas are the instance's bounds; the rest keep people in place.
    pub bounds: usize,
}

/// Bounds that cannot all be met.
#[derive(Clone, Debug)]
pub struct Unmet {
    /// A set that cannot be met together; without any one of them the others can, if `irreducible`.
    pub conflict: Option<Conflict>,
    /// The least relaxation that works.
    pub relaxation: Option<Relaxation>,
}

/// Bounds whose cost is worked out by solving again without them.
const FIGURES: usize = 40;

fn too_large(error: QuotaError) -> MatchError {
    MatchError::TooLarge(error.to_string())
}

/// Solves an instance under its bounds.
///
/// # Errors
/// Costs beyond exact arithmetic, or bounds that cannot be met together: which, and what would do.
pub(super) fn bounded(instance: &Instance, rows: &Rows, policy: &MatchPolicy) -> Result<Bounded, MatchError> {
    let open = open_prices(instance, rows, policy)?;
    let (groups, quotas) = quotas(instance, rows);
    let bounds = instance.bounds.len();
    let problem = QuotaProblem::new(
        instance.people,
        rows.starts.clone(),
        rows.heads.clone(),
        rows.costs.clone(),
        open.clone(),
        groups,
        quotas,
    )
    .map_err(too_large)?;
    let effort = Effort::of(&problem);
    let answer = quota::solve(&problem, effort);
    if answer.solution.is_none() {
        let conflict = quota::conflict(&problem, effort).map_err(too_large)?;
        let relaxation = quota::relax(&problem, effort).map_err(too_large)?;
        return Err(MatchError::Unmet(Box::new(Unmet { conflict, relaxation: Some(relaxation) })));
    }
    let figures = quota::figures(&problem, &answer, FIGURES, effort).map_err(too_large)?;
    Ok(Bounded { problem, answer, figures, open, bounds })
}

/// The price of each row that stays open.
fn open_prices(instance: &Instance, rows: &Rows, policy: &MatchPolicy) -> Result<Vec<i64>, MatchError> {
    if policy.objective == Objective::Fit {
        return Ok(vec![open_units(instance, policy)?; rows.len()]);
    }
    let (low, high) = instance.fits.iter().fold((0, 0), |(low, high), fit| (low.min(*fit), high.max(*fit)));
    // More than any two solutions can differ in fit.
    let seat = (high - low).checked_mul(rows.len() as i64).and_then(|all| all.checked_add(1));
    let weights = class_weights(instance)?;
    rows.posts
        .iter()
        .map(|post| seat?.checked_mul(weights[instance.classes[*post as usize] as usize]))
        .collect::<Option<Vec<i64>>>()
        .ok_or_else(|| MatchError::TooLarge("the price of an open seat".to_owned()))
}

/// Groups of people and the quotas over them: the bounds, then whoever must be placed.
fn quotas(instance: &Instance, rows: &Rows) -> (Vec<Vec<u32>>, Vec<Quota>) {
    let mut rows_of: Vec<Vec<u32>> = vec![Vec::new(); instance.posts()];
    rows.posts.iter().enumerate().for_each(|(row, post)| rows_of[*post as usize].push(row as u32));
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut found = Vec::new();
    for bound in &instance.bounds {
        // Quotas of one rule have one group.
        let group = groups.iter().rposition(|g| *g == bound.people).unwrap_or_else(|| {
            groups.push(bound.people.clone());
            groups.len() - 1
        });
        found.push(quota(bound, group as u32, &rows_of));
    }
    let mut rows_by_person: Vec<Vec<u32>> = vec![Vec::new(); instance.people];
    if rows.must.contains(&true) {
        for row in 0..rows.len() {
            for edge in rows.range(row).filter(|edge| rows.must[rows.heads[*edge] as usize]) {
                rows_by_person[rows.heads[edge] as usize].push(row as u32);
            }
        }
    }
    for person in (0..instance.people).filter(|person| rows.must[*person]) {
        groups.push(vec![person as u32]);
        let group = groups.len() as u32 - 1;
        found.push(Quota::count(std::mem::take(&mut rows_by_person[person]), group, Some(1), None));
    }
    (groups, found)
}

fn quota(bound: &Bound, group: u32, rows_of: &[Vec<u32>]) -> Quota {
    Quota {
        rows: bound.posts.iter().flat_map(|post| rows_of[*post as usize].iter().copied()).collect(),
        group,
        inside: bound.inside,
        outside: bound.outside,
        least: bound.least,
        most: bound.most,
        short_price: bound.soft,
        excess_price: bound.soft,
    }
}
