//! One call: an assignment with a proved gap, or why there is none and what comes closest.

use rayon::prelude::*;

use super::conflict::{Conflict, conflict};
use super::parts::{Joined, Part, parts};
use super::problem::{QuotaError, QuotaProblem};
use super::relax::{Relaxation, relax};
use super::solve::{Answer, Effort, solve};

/// What became of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A solution with its gap.
    Solved(Answer),
    /// It is proved that the quotas cannot be met: which of them contradict each other, and the
    /// assignment that misses least.
    Impossible {
        /// The contradiction; `None` only if the effort did not suffice to find one.
        conflict: Option<Conflict>,
        /// The least relaxation.
        relaxation: Option<Relaxation>,
    },
    /// Neither a solution nor a contradiction was found within the effort.
    Undecided {
        /// The bound.
        answer: Answer,
        /// What comes closest.
        relaxation: Option<Relaxation>,
    },
}

/// Solves a problem; without a solution, explains it.
///
/// # Errors
/// See [`QuotaProblem::new`]: prices that the relaxation needs may be too large.
pub fn fill(problem: &QuotaProblem, effort: Effort) -> Result<Outcome, QuotaError> {
    let parts = parts(problem)?;
    let of_part = |part: &Part| solve(&part.problem, effort.for_part(problem, &part.problem, parts.len()));
    let answers: Vec<Answer> = parts.par_iter().map(of_part).collect();
    if parts.is_empty() || answers.iter().any(|answer| answer.solution.is_none()) {
        return fill_one(problem, effort);
    }
    let mut all = Joined::new(problem, 0);
    parts.iter().zip(&answers).for_each(|(part, answer)| all.add(problem, part, answer, &[]));
    let columns = all.columns.clone();
    Ok(Outcome::Solved(all.answer(problem, columns, effort)))
}

/// As [`fill`], in one piece.
pub(super) fn fill_one(problem: &QuotaProblem, effort: Effort) -> Result<Outcome, QuotaError> {
    let answer = solve(problem, effort);
    if answer.solution.is_some() {
        return Ok(Outcome::Solved(answer));
    }
    let conflict = conflict(problem, Some(&answer))?;
    let relaxation = relax(problem, conflict.as_ref().map_or(0, |c| c.missed))?;
    if answer.infeasible || conflict.is_some() {
        return Ok(Outcome::Impossible { conflict, relaxation });
    }
    Ok(Outcome::Undecided { answer, relaxation })
}
