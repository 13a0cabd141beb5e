//! The best whole solution without bounds on groups, proved by prices.
//!
//! Objective `filled` is lexicographic and needs no large number that stands for a seat: first the
//! seats are filled, the most urgent class before the next, with costs that count seats alone; then
//! the greatest fit is sought among all solutions that fill as well. By complementary slackness these are
//! the assignments on the edges that the first prices leave tight, that fill every seat priced below
//! its open price and place everybody priced below 0. Both stages have prices of their own.

use super::error::SolveError;
use super::instance::Instance;
use super::policy::{MatchPolicy, Objective};
use super::rows::Rows;
use super::solve::Prices;
use crate::kernel::assign::{AssignError, Assignment, Infeasible, Problem, solve};

/// An exact solution with its prices.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The problem whose optimum is the solution: of two stages the second.
    pub problem: Problem,
    pub assignment: Assignment,
    /// Prices of the first stage, where there are two.
    pub filling: Option<Prices>,
    pub prices: Prices,
    /// Every seat must be filled and can be: no first stage is needed.
    pub all_filled: bool,
}

pub(super) fn too_large(error: AssignError) -> SolveError {
    SolveError::TooLarge(error.to_string())
}

/// Solves an instance.
///
/// # Errors
/// Costs beyond exact arithmetic, or people who must be placed and cannot all be.
pub(super) fn exact(instance: &Instance, rows: &Rows, policy: &MatchPolicy) -> Result<Exact, SolveError> {
    let problem = |open: i64| -> Result<Problem, SolveError> {
        let (starts, heads, costs) = (rows.starts.clone(), rows.heads.clone(), rows.costs.clone());
        let problem = Problem::from_csr(instance.people, starts, heads, costs, open).map_err(too_large)?;
        with_musts(problem, rows)
    };
    match policy.objective {
        Objective::Fit => {
            let open = open_units(instance, policy)?;
            let problem = problem(open)?;
            let assignment = solve(&problem).map_err(|e| impossible(&e, rows))?;
            let prices = prices(instance, rows, &assignment, open);
            Ok(Exact { problem, assignment, filling: None, prices, all_filled: false })
        }
        Objective::Filled => {
            let whole = problem(0)?.with_open_prices(&vec![None; rows.len()]).map_err(too_large)?;
            if let Ok(assignment) = solve(&whole) {
                let prices = prices(instance, rows, &assignment, 0);
                return Ok(Exact { problem: whole, assignment, filling: None, prices, all_filled: true });
            }
            staged(instance, rows)
        }
    }
}

/// The open price of the policy in grid units.
pub(super) fn open_units(instance: &Instance, policy: &MatchPolicy) -> Result<i64, SolveError> {
    instance.grid.put(policy.open_price).map_err(|e| SolveError::TooLarge(e.0.to_string()))
}

fn with_musts(problem: Problem, rows: &Rows) -> Result<Problem, SolveError> {
    if rows.must.contains(&true) { problem.with_must_place(&rows.must).map_err(too_large) } else { Ok(problem) }
}

/// What a seat of each class is worth when seats are counted: more than all seats of later classes
/// together.
///
/// # Errors
/// The numbers leave the range of exact arithmetic.
pub(crate) fn class_weights(instance: &Instance) -> Result<Vec<i64>, SolveError> {
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

fn staged(instance: &Instance, rows: &Rows) -> Result<Exact, SolveError> {
    let weights = class_weights(instance)?;
    let weight = |row: usize| weights[instance.classes[rows.posts[row] as usize] as usize];
    let open: Vec<Option<i64>> = (0..rows.len()).map(|row| Some(weight(row))).collect();
    let zero = vec![0; rows.costs.len()];
    let first = Problem::from_csr(instance.people, rows.starts.clone(), rows.heads.clone(), zero, 0);
    let first = with_musts(first.map_err(too_large)?.with_open_prices(&open).map_err(too_large)?, rows)?;
    let filled = solve(&first).map_err(|e| impossible(&e, rows))?;
    let (u, v) = (&filled.row_prices, &filled.column_prices);

    // The face of the first stage: tight edges, and who must have a partner on it.
    let (mut starts, mut heads, mut costs) = (vec![0], Vec::new(), Vec::new());
    for row in 0..rows.len() {
        for edge in rows.range(row).filter(|edge| u[row] + v[rows.heads[*edge] as usize] == 0) {
            heads.push(rows.heads[edge]);
            costs.push(rows.costs[edge]);
        }
        starts.push(heads.len() as u32);
    }
    let open: Vec<Option<i64>> = (0..rows.len()).map(|row| (u[row] == weight(row)).then_some(0)).collect();
    let must: Vec<bool> = (0..instance.people).map(|person| rows.must[person] || v[person] < 0).collect();
    let second = Problem::from_csr(instance.people, starts, heads, costs, 0).map_err(too_large)?;
    let second = second.with_open_prices(&open).map_err(too_large)?.with_must_place(&must).map_err(too_large)?;
    // The first stage's own solution lies on its face.
    let assignment = solve(&second).map_err(|e| impossible(&e, rows))?;
    let filling = prices(instance, rows, &filled, 0);
    let prices = prices(instance, rows, &assignment, 0);
    Ok(Exact { problem: second, assignment, filling: Some(filling), prices, all_filled: false })
}

fn prices(instance: &Instance, rows: &Rows, assignment: &Assignment, open: i64) -> Prices {
    Prices {
        posts: rows.by_post(instance.posts(), &assignment.row_prices, open),
        people: assignment.column_prices.clone(),
        open,
    }
}

/// Who must be placed and cannot be, with the proof.
fn impossible(error: &Infeasible, rows: &Rows) -> SolveError {
    let (seats, people) = match error {
        Infeasible::Rows { rows, columns } | Infeasible::Columns { columns, rows } => (rows, columns),
    };
    let seats = seats.iter().map(|row| rows.posts[*row as usize]).collect();
    SolveError::Held { people: people.clone(), seats }
}
