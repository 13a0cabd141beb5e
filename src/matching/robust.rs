//! How sure a solution is: the same matching under drawn weights and errors of appraisal.
//!
//! A draw multiplies the declared weights of parts (Dirichlet around them) and gives every candidate an
//! error of appraisal, the same for all vacancies. Every draw keeps the orders and the bounds on groups of the
//! solution, and where seats come first it fills as many of each class: none of these depends on fits.

use super::error::SolveError;
use super::exact::open_units;
use super::instance::Instance;
use super::policy::{MatchPolicy, Objective, Robustness};
use super::rows::Rows;
use super::solve::{Proof, Solved};
use crate::kernel::robust::{self, Perturb, RobustError};

/// How sure a solution is.
#[derive(Clone, Debug, Default)]
pub struct Sureness {
    /// Draws that were made: under bounds perhaps fewer than the policy asks for.
    pub draws: u32,
    /// Draws whose solution is proved to be the best.
    pub proved: u32,
    /// By placed person: share of the draws in which the pairing stays, 0 to 1.
    pub stays: Vec<f64>,
    /// By placed person: who has the seat most often when this person has not, and in which share of the
    /// draws; a seat that stays open is nobody.
    pub other: Vec<Option<(Option<u32>, f64)>>,
    /// By edge: share of the draws in which it is chosen.
    pub chosen: Vec<f64>,
    /// Total fit of the solution, less what soft bounds cost, on average and at worst, in grid units.
    pub expected: f64,
    pub worst: f64,
    /// The solution of greatest expected fit that was found: post and person; its fit, and what none exceeds.
    pub best_expected: Vec<(u32, u32)>,
    pub best_expected_fit: f64,
    pub best_expected_bound: f64,
    /// A solution of great worst-case fit, its worst case, and what none exceeds.
    pub best_worst: Vec<(u32, u32)>,
    pub best_worst_fit: f64,
    pub best_worst_bound: f64,
}

/// Grid of weights in draws.
const WEIGHTS: i64 = 1_000;

fn failed(error: impl std::fmt::Display) -> SolveError {
    SolveError::TooLarge(error.to_string())
}

/// Draws and solves.
///
/// # Errors
/// Fits beyond the exact arithmetic of draws.
pub(super) fn sureness(
    instance: &Instance,
    policy: &MatchPolicy,
    rule: &Robustness,
    solved: &Solved,
) -> Result<Sureness, SolveError> {
    let (mut edges, mut parts, mut source) = (Vec::new(), Vec::new(), Vec::new());
    let weights: Vec<f64> = if instance.parts.is_empty() { vec![1.0] } else { rule.shares() };
    let seats = Rows::new(instance)?;
    for (row, post) in solved.rows.iter().enumerate() {
        for person in &seats.heads[seats.range(row)] {
            let Some(edge) = instance.find(*post, *person) else { continue };
            edges.push((row as u32, *person));
            source.push(edge);
            let part = |value: i64| i32::try_from(value).map_err(|_| SolveError::WideDraws);
            if instance.parts.is_empty() {
                parts.push(part(instance.fits[edge])?);
            } else {
                for values in &instance.parts {
                    parts.push(part(values[edge])?);
                }
            }
        }
    }
    let seats_first = policy.objective == Objective::Filled;
    let open = if seats_first { 0 } else { -open_units(instance, policy)? };
    let rows = solved.rows.len();
    let value = open.checked_mul(WEIGHTS).ok_or_else(|| failed("draws"))?;
    let mut problem =
        robust::Instance::new(rows, instance.people, &edges, &parts, weights.len(), value).map_err(failed)?;
    let columns = columns(solved, instance);
    if let Proof::Bounded(bounded) = &solved.proof {
        // Whoever keeps a place and the seats of each class are bounds too.
        let multipliers = &bounded.answer.certificate.multipliers;
        problem = problem.under(&bounded.problem, multipliers, &columns, WEIGHTS).map_err(failed)?;
    } else {
        if seats.must.contains(&true) {
            problem = problem.with_must_place(&seats.must).map_err(failed)?;
        }
        if seats_first {
            let classes: Vec<u32> = solved.rows.iter().map(|post| instance.classes[*post as usize]).collect();
            problem = problem.by_classes(&classes).map_err(failed)?;
        }
    }
    let concentration = if instance.parts.is_empty() { f64::INFINITY } else { rule.concentration };
    let deviation = rule.candidate_error * instance.grid.unit() as f64 * WEIGHTS as f64;
    let perturb = Perturb::new(policy.seed, &weights, concentration, WEIGHTS, deviation, &instance.person_ties)
        .map_err(failed)?;
    let found = robust::robustness(&problem, &perturb.nominal(), Some(&columns), rule.draws as usize, |draw| {
        perturb.scenario(draw)
    });
    let found = found.map_err(|e: RobustError| failed(e))?;
    let draws = found.scenarios as f64;
    let mut row_of = vec![0; instance.people];
    columns.iter().enumerate().for_each(|(row, person)| {
        if let Some(person) = person {
            row_of[*person as usize] = row;
        }
    });
    let mut chosen = vec![0.0; instance.fits.len()];
    source.iter().zip(&found.chosen).for_each(|(edge, count)| chosen[*edge] += f64::from(*count) / draws);
    // A pairing stays on whichever of the post's seats.
    let stays = solved.placed.iter().map(|p| chosen[p.edge as usize]).collect();
    let other = solved.placed.iter().map(|p| {
        let here = found.other[row_of[p.person as usize]]?;
        Some((here.column, f64::from(here.scenarios) / draws))
    });
    let pairs = |columns: &[Option<u32>]| {
        let pairs = columns.iter().zip(&solved.rows).filter_map(|(person, post)| Some((*post, (*person)?)));
        let mut pairs: Vec<(u32, u32)> = pairs.collect();
        pairs.sort_unstable();
        pairs
    };
    // Fits of draws count open seats; the mean of a solution that fills as many is that of its pairs.
    let closed = |columns: &[Option<u32>]| columns.iter().filter(|c| c.is_none()).count() as f64 * open as f64;
    let fit = |total: i128, columns: &[Option<u32>]| total as f64 / WEIGHTS as f64 - closed(columns);
    let mean = |total: i128, columns: &[Option<u32>]| (total as f64 / draws) / WEIGHTS as f64 - closed(columns);
    let robust::Robustness { nominal, expected, worst, .. } = &found;
    Ok(Sureness {
        draws: found.scenarios as u32,
        proved: found.proved as u32,
        stays,
        other: other.collect(),
        chosen,
        expected: mean(nominal.total, &nominal.columns),
        worst: fit(nominal.worst, &nominal.columns),
        best_expected: pairs(&expected.columns),
        best_expected_fit: mean(expected.total, &expected.columns),
        best_expected_bound: mean(found.expected_bound, &expected.columns),
        best_worst: pairs(&worst.choice.columns),
        best_worst_fit: fit(worst.choice.worst, &worst.choice.columns),
        best_worst_bound: fit(worst.bound, &worst.choice.columns),
    })
}

/// The solution by row: people of a post on its rows in their order.
fn columns(solved: &Solved, instance: &Instance) -> Vec<Option<u32>> {
    let mut columns = vec![None; solved.rows.len()];
    let mut next: Vec<usize> =
        (0..instance.posts()).map(|p| solved.rows.partition_point(|r| (*r as usize) < p)).collect();
    for placed in &solved.placed {
        let row = &mut next[placed.post as usize];
        columns[*row] = Some(placed.person);
        *row += 1;
    }
    columns
}
