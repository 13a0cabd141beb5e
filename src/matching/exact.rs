//! The best whole solution without bounds on groups, proved by prices.
//!
//! Objective `filled` is lexicographic and needs no large number that stands for a seat: see
//! [`solve_by_classes`]. Its proof has a level for each seat and person besides the prices.

use super::error::SolveError;
use super::instance::Instance;
use super::near::{Near, near};
use super::policy::{MatchPolicy, Objective};
use super::rows::Rows;
use super::solve::Prices;
use crate::kernel::assign::{
    AssignError, Assignment, ClassError, Infeasible, NO_LEVEL, Problem, canonical, solve, solve_by_classes,
};

/// An exact solution with its prices.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The problem that the solution is the optimum of, or near it: where seats come first, within the levels.
    pub problem: Problem,
    /// The solution; its prices are those of the optimum, from which it may differ by the loss of `near`.
    pub assignment: Assignment,
    /// Where seats come first.
    pub levels: Option<Levels>,
    pub prices: Prices,
    /// Where it was chosen to be near an earlier one.
    pub near: Option<Near>,
}

impl Exact {
    /// What it loses against the best solution, in grid units.
    pub fn loss(&self) -> i64 {
        self.near.map_or(0, |near| near.loss)
    }
}

/// Who shares a shortage: the class of the seats that run short, by post and by person; none for those
/// who share none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    pub posts: Vec<Option<u32>>,
    pub people: Vec<Option<u32>>,
}

pub(super) fn too_large(error: AssignError) -> SolveError {
    SolveError::TooLarge(error.to_string())
}

/// Solves an instance.
///
/// # Errors
/// Costs beyond exact arithmetic, or people who must be placed and cannot all be.
pub(super) fn exact(instance: &Instance, rows: &mut Rows, policy: &MatchPolicy) -> Result<Exact, SolveError> {
    let (starts, heads, costs) = rows.take_edges();
    let problem = |open: i64| -> Result<Problem, SolveError> {
        let problem = Problem::from_csr(instance.people, starts, heads, costs, open).map_err(too_large)?;
        if rows.must.contains(&true) { problem.with_must_place(&rows.must).map_err(too_large) } else { Ok(problem) }
    };
    match policy.objective {
        Objective::Fit => {
            let open = open_units(instance, policy)?;
            let problem = problem(open)?;
            let assignment = solve(&problem).map_err(|e| impossible(&e, rows))?;
            let best = canon(instance, rows, policy, &problem, &assignment);
            let (assignment, near) = near(instance, rows, policy, &problem, best)?;
            let prices = prices(instance, rows, &assignment, open);
            Ok(Exact { problem, assignment, levels: None, prices, near })
        }
        Objective::Filled => seats_first(instance, rows, policy, problem(0)?),
    }
}

/// The open price of the policy in grid units.
pub(super) fn open_units(instance: &Instance, policy: &MatchPolicy) -> Result<i64, SolveError> {
    instance.grid.put(policy.open_price).map_err(|e| SolveError::TooLarge(e.0.to_string()))
}

fn seats_first(instance: &Instance, rows: &Rows, policy: &MatchPolicy, problem: Problem) -> Result<Exact, SolveError> {
    let classes: Vec<u32> = rows.posts.iter().map(|post| instance.classes[*post as usize]).collect();
    let ranked = solve_by_classes(problem, &classes).map_err(|e| match e {
        ClassError::Instance(error) => too_large(error),
        ClassError::Infeasible(error) => impossible(&error, rows),
    })?;
    let level = |level: &u32| Some(*level).filter(|level| *level != NO_LEVEL);
    let mut posts = vec![None; instance.posts()];
    rows.posts.iter().zip(&ranked.row_levels).for_each(|(post, of)| posts[*post as usize] = level(of));
    let levels = Levels { posts, people: ranked.column_levels.iter().map(level).collect() };
    let problem = ranked.within;
    let best = canon(instance, rows, policy, &problem, &ranked.assignment);
    let (assignment, near) = near(instance, rows, policy, &problem, best)?;
    let prices = prices(instance, rows, &assignment, 0);
    Ok(Exact { problem, assignment, levels: Some(levels), prices, near })
}

/// Of all optimal solutions the canonical one: it depends on seed and names, not on any order.
pub(super) fn canon(
    instance: &Instance,
    rows: &Rows,
    policy: &MatchPolicy,
    problem: &Problem,
    assignment: &Assignment,
) -> Assignment {
    let posts: Vec<u64> = rows.posts.iter().map(|post| instance.post_ties[*post as usize]).collect();
    canonical(problem, assignment, policy.seed, &posts, &instance.person_ties)
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
