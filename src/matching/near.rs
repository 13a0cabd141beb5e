//! Near an earlier result: of all best solutions the one that keeps most of its pairings, or one that
//! loses so many points at most and keeps more.
//!
//! A pairing is kept if the person has a seat of the same vacancy, whichever. Of several best
//! solutions that keep as many the canonical one is taken; so too where the loss allowed buys all that
//! can be kept at all. Between these the solution follows from the tables, not from the order of their
//! rows, but is not canonical among others as near.

use super::error::SolveError;
use super::exact::{canon, too_large};
use super::instance::Instance;
use super::policy::MatchPolicy;
use super::rows::Rows;
use crate::kernel::assign::{Assignment, Problem};
use crate::kernel::robust::{ChangeError, Earlier, nearest};

/// How near a solution is to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// What it loses against the best, and what it may lose, in grid units.
    pub loss: i64,
    pub most_loss: i64,
    /// Earlier pairings whose names are known here, those that are lost, and how many at least are lost
    /// in any solution within the loss.
    pub known: usize,
    pub changed: usize,
    pub at_least: usize,
}

/// The policy's loss in grid units, rounded down.
fn most_loss(instance: &Instance, policy: &MatchPolicy) -> Result<i64, SolveError> {
    let points = policy.changes.as_ref().map_or(0.0, |rule| rule.most_loss);
    let units = instance.grid.put(points).map_err(|e| SolveError::TooLarge(e.0.to_string()))?;
    Ok(if instance.grid.points(units) > points { units - 1 } else { units })
}

/// A solution near the instance's earlier one, with the prices of `best`, the best one; that itself where
/// there is none.
pub(super) fn near(
    instance: &Instance,
    rows: &Rows,
    policy: &MatchPolicy,
    problem: &Problem,
    best: Assignment,
) -> Result<(Assignment, Option<Near>), SolveError> {
    let Some(at) = &instance.earlier else { return Ok((best, None)) };
    let most_loss = most_loss(instance, policy)?;
    let earlier = Earlier::Groups { of_row: &rows.posts, of_column: at };
    let choose = |face: &Problem, found: Assignment| canon(instance, rows, policy, face, &found);
    let found = nearest(problem, &best, earlier, most_loss as u64, choose).map_err(|e| match e {
        ChangeError::Assign(error) => too_large(error),
        // The best solution is one of this problem, and every list has its length.
        other => SolveError::TooLarge(other.to_string()),
    })?;
    let mut places = vec![None; instance.people];
    found.columns.iter().zip(0..).for_each(|(person, row)| {
        if let Some(person) = person {
            places[*person as usize] = Some(row);
        }
    });
    let loss = i64::try_from(found.loss).map_err(|_| SolveError::TooLarge("the loss".to_owned()))?;
    let known = at.iter().flatten().count();
    let near = Near { loss, most_loss, known, changed: found.changed, at_least: found.at_least };
    let assignment = Assignment { columns: found.columns, rows: places, objective: found.objective, ..best };
    Ok((assignment, Some(near)))
}
