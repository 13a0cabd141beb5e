//! The best whole solution under bounds on groups: quotas and conflicts, with a proved gap.
//!
//! Whoever must be placed is a bound too: at least one seat of theirs. Objective `filled` gives each
//! open seat a price above all that fits can make up for, class by class; if such prices leave the
//! range of exact arithmetic, that is an error.

use std::collections::BTreeMap;

use super::error::{SolveError, Unmet};
use super::exact::open_units;
use super::instance::{Bound, Instance};
use super::policy::{MatchPolicy, Objective};
use super::rows::Rows;
use crate::kernel::quota::{
    self, Answer, Conflict, Effort, Figure, Outcome, Quota, QuotaError, QuotaProblem, Relaxation, check_bound,
};

/// A solution under bounds.
#[derive(Clone, Debug)]
pub struct Bounded {
    pub problem: QuotaProblem,
    pub answer: Answer,
    /// Edges of all rows.
    pub edges: usize,
    /// Open price by row.
    pub open: Vec<i64>,
    /// What a seat of the last class is worth where seats come first, in grid units: more than twice what any two
    /// solutions can differ in otherwise.
    pub seat: Option<i64>,
    /// How many of the problem's quotas are the instance's bounds; the rest keep people in place.
    pub bounds: usize,
}

/// Bounds whose cost is worked out by solving again without them, at most.
const FIGURES: usize = 40;

/// So many edges may be solved again for that, all bounds together; at least one bound's.
const FIGURE_EDGES: usize = 2_000_000;

fn too_large(error: QuotaError) -> SolveError {
    SolveError::TooLarge(error.to_string())
}

/// Solves an instance under its bounds.
///
/// # Errors
/// Costs beyond exact arithmetic, or bounds that cannot be met together: which, and what would do.
pub(super) fn bounded(instance: &Instance, rows: &Rows, policy: &MatchPolicy) -> Result<Bounded, SolveError> {
    let open = open_prices(instance, rows, policy)?;
    let seat = open.iter().min().copied().filter(|_| policy.objective == Objective::Filled);
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
    let answer = match quota::fill(&problem, effort).map_err(too_large)? {
        Outcome::Solved(answer) => answer,
        Outcome::Impossible { conflict: Some(conflict), relaxation } => return Err(unmet(conflict, relaxation)),
        Outcome::Impossible { .. } | Outcome::Undecided { .. } => return Err(SolveError::NotFound),
    };
    Ok(Bounded { problem, answer, edges: rows.heads.len(), open, seat, bounds })
}

/// Which bounds contradict each other, and the least that would have to give.
fn unmet(conflict: Conflict, relaxation: Option<Relaxation>) -> SolveError {
    SolveError::Unmet(Box::new(Unmet {
        bounds: conflict.quotas,
        irreducible: conflict.irreducible,
        least: relaxation.as_ref().is_some_and(Relaxation::optimal),
        relax: relaxation.map(|r| r.misses).unwrap_or_default(),
    }))
}

/// The price of each row that stays open.
fn open_prices(instance: &Instance, rows: &Rows, policy: &MatchPolicy) -> Result<Vec<i64>, SolveError> {
    if policy.objective == Objective::Fit {
        return Ok(vec![open_units(instance, policy)?; rows.len()]);
    }
    let (low, high) = instance.fits.iter().fold((0, 0), |(low, high), fit| (low.min(*fit), high.max(*fit)));
    // More than twice what any two solutions can differ in fit and in what soft bounds cost: a difference of
    // objectives then tells seats from points.
    let filled = rows.len().min(instance.people) as i64;
    let soft = instance.bounds.iter().try_fold(0_i64, |all, bound| {
        let seats: i64 = bound.posts.iter().map(|post| i64::from(instance.seats[*post as usize])).sum();
        let unit = bound.inside.abs().max(bound.outside.abs());
        let most = [bound.least, bound.most].into_iter().flatten().map(i64::abs).max().unwrap_or(0);
        let misses = unit.checked_mul(seats)?.checked_add(most)?;
        all.checked_add(bound.soft.unwrap_or(0).checked_mul(misses)?)
    });
    let fits = (high - low).checked_mul(filled);
    let seat = fits.zip(soft).and_then(|(fits, soft)| fits.checked_add(soft)?.checked_mul(2)?.checked_add(1));
    let weights = class_weights(instance)?;
    rows.posts
        .iter()
        .map(|post| seat?.checked_mul(weights[instance.classes[*post as usize] as usize]))
        .collect::<Option<Vec<i64>>>()
        .ok_or_else(|| SolveError::TooLarge("the price of an open seat".to_owned()))
}

/// What a seat of each class is worth when seats are counted: more than all seats of later classes
/// together.
///
/// # Errors
/// The numbers leave the range of exact arithmetic.
fn class_weights(instance: &Instance) -> Result<Vec<i64>, SolveError> {
    let classes = instance.classes.iter().max().map_or(0, |most| *most as usize + 1);
    let mut seats = vec![0_i64; classes];
    for (class, count) in instance.classes.iter().zip(&instance.seats) {
        seats[*class as usize] += i64::from(*count);
    }
    let mut weights = vec![1_i64; classes];
    for class in (0..classes.saturating_sub(1)).rev() {
        let next = weights[class + 1].checked_mul(seats[class + 1] + 1);
        weights[class] = next.ok_or_else(|| SolveError::TooLarge(format!("{classes} classes of urgency")))?;
    }
    Ok(weights)
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

impl Bounded {
    /// A difference of two objectives in grid units of fit; `None` where the solutions differ in seats too.
    pub(super) fn fit(&self, difference: i128) -> Option<i128> {
        Some(difference).filter(|_| self.seat.is_none_or(|seat| 2 * difference.abs() < i128::from(seat)))
    }

    /// What the dearest bounds that bind cost.
    pub(super) fn figures(&self) -> Result<Vec<Figure>, SolveError> {
        let count = (FIGURE_EDGES / self.edges.max(1)).clamp(1, FIGURES);
        quota::figures(&self.problem, &self.answer, count, Effort::of(&self.problem)).map_err(too_large)
    }

    /// By edge of the instance: by how much the pair's cost exceeds its prices, quotas' multipliers
    /// included, and what they leave unproved: so much it lacks at least, in grid units, rounded down. None for a
    /// pair of a post without seats, or of whoever must have another post.
    pub(super) fn missing(&self, instance: &Instance, rows: &[u32]) -> Vec<Option<i64>> {
        let certificate = &self.answer.certificate;
        let mut shift_of: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
        for (at, quota) in self.problem.quotas().iter().enumerate().filter(|(at, _)| certificate.multipliers[*at] != 0)
        {
            quota.rows.iter().for_each(|row| shift_of[*row as usize].push(at));
        }
        let gap = self.gap();
        let mut missing = vec![None; instance.fits.len()];
        for (row, post) in rows.iter().enumerate() {
            for edge in instance.range(*post as usize) {
                let person = instance.heads[edge];
                let shift: i64 = shift_of[row]
                    .iter()
                    .map(|at| certificate.multipliers[*at] * self.problem.counts(*at, person))
                    .sum();
                let cost = -instance.fits[edge] * certificate.scale + shift;
                let slack = cost - certificate.row_prices[row] - certificate.column_prices[person as usize];
                // Below 0: whoever must have another post; no fit brings them here.
                missing[edge] = (slack >= 0).then(|| (slack - gap).max(0).div_euclid(certificate.scale));
            }
        }
        missing
    }
}

/// The prices of the proof as they apply to a pair that the instance does not have.
pub(crate) struct Beyond<'a> {
    bounded: &'a Bounded,
    /// Price of a seat by post, in steps.
    posts: Vec<i64>,
    /// By post: bounds with a multiplier.
    bounds: Vec<Vec<usize>>,
    /// By person: multiplier of their place to keep.
    places: BTreeMap<u32, i64>,
    /// What the solution costs more than the prices prove, in steps.
    gap: i64,
}

impl Bounded {
    /// Prices for pairs that the instance does not have; `rows` are the posts of the problem's rows.
    pub(crate) fn beyond(&self, posts: usize, rows: &[u32]) -> Beyond<'_> {
        let certificate = &self.answer.certificate;
        let mut prices = vec![0; posts];
        rows.iter().zip(&certificate.row_prices).for_each(|(post, price)| prices[*post as usize] = *price);
        let (mut bounds, mut places) = (vec![Vec::new(); posts], BTreeMap::new());
        for (at, quota) in self.problem.quotas().iter().enumerate() {
            let multiplier = certificate.multipliers[at];
            if at >= self.bounds {
                places.extend(self.problem.members(at).iter().map(|person| (*person, multiplier)));
            } else if multiplier != 0 {
                let mut concerned: Vec<u32> = quota.rows.iter().map(|row| rows[*row as usize]).collect();
                concerned.dedup();
                concerned.into_iter().for_each(|post| bounds[post as usize].push(at));
            }
        }
        Beyond { bounded: self, posts: prices, bounds, places, gap: self.gap() }
    }

    /// What the solution costs more than the prices prove, in steps.
    fn gap(&self) -> i64 {
        let certificate = &self.answer.certificate;
        let cost = self.answer.solution.as_ref().map(|s| s.objective * i128::from(certificate.scale));
        match (cost, check_bound(&self.problem, certificate)) {
            (Some(cost), Ok(proved)) => i64::try_from(cost - proved).unwrap_or(i64::MAX).max(0),
            _ => 0,
        }
    }
}

impl Beyond<'_> {
    /// What a pair may cost before it is of no use, in grid units: no solution that has it and costs as much
    /// or more is better than the one that was found. `belongs` tells to which bounds' groups the person belongs; `person` is who is in the
    /// instance.
    pub(crate) fn worth(&self, post: u32, person: Option<u32>, belongs: impl Fn(usize) -> bool) -> i64 {
        let certificate = &self.bounded.answer.certificate;
        let price =
            |person: u32| certificate.column_prices[person as usize] - self.places.get(&person).copied().unwrap_or(0);
        let counted: i64 = self.bounds[post as usize]
            .iter()
            .map(|at| {
                let quota = &self.bounded.problem.quotas()[*at];
                certificate.multipliers[*at] * if belongs(*at) { quota.inside } else { quota.outside }
            })
            .sum();
        let worth = (self.posts[post as usize] + person.map_or(0, price) - counted).saturating_add(self.gap);
        -(-worth).div_euclid(certificate.scale)
    }
}

/// A solution without somebody.
pub(super) struct Without {
    pub placed: Vec<super::Placed>,
    /// Its whole objective: costs, open seats and what soft bounds cost.
    pub objective: i128,
    /// It is proved to be the best.
    pub proved: bool,
}

/// The best solution without a person; none if there is none.
pub(super) fn without(instance: &Instance, policy: &MatchPolicy, person: u32) -> Result<Option<Without>, SolveError> {
    let mut rows = Rows::new(instance)?;
    rows.remove(person);
    let open = open_prices(instance, &rows, policy)?;
    let (groups, quotas) = quotas(instance, &rows);
    let (starts, heads, costs) = (rows.starts.clone(), rows.heads.clone(), rows.costs.clone());
    let problem = QuotaProblem::new(instance.people, starts, heads, costs, open, groups, quotas).map_err(too_large)?;
    let answer = quota::solve(&problem, Effort::of(&problem));
    let proved = answer.optimal();
    Ok(answer.solution.map(|s| Without { placed: rows.placed(instance, &s.columns), objective: s.objective, proved }))
}
