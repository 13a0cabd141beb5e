//! A whole solution: the best one, proved, or a stable one.

use super::bounded::{Bounded, bounded};
use super::error::SolveError;
use super::exact::{Exact, exact};
use super::instance::Instance;
use super::policy::{MatchPolicy, Objective};
use super::rows::Rows;
use super::stable::stable;

/// A person on a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    pub post: u32,
    pub person: u32,
    /// Fit in grid units.
    pub fit: i64,
    /// Place of the pair among the edges.
    pub edge: u32,
}

/// Prices on the cost grid, where a pair costs `−fit`: see [`super::certificate`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// Price of a seat, by post.
    pub posts: Vec<i64>,
    /// Price of a person.
    pub people: Vec<i64>,
    /// What a seat left open costs.
    pub open: i64,
}

/// What proves a solution.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Prices: no solution is better.
    Exact(Box<Exact>),
    /// Prices and multipliers of bounds: none is better by more than the gap.
    Bounded(Box<Bounded>),
    /// It is stable; blocking pairs can be looked for and are none.
    Stable,
}

/// A whole solution.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Who is placed where: by post, then the best fit first, then by person.
    pub placed: Vec<Placed>,
    /// Post of each row of the kernels' problems: a row for each seat.
    pub rows: Vec<u32>,
    pub proof: Proof,
}

impl Solved {
    /// Seats that are filled.
    pub fn filled(&self) -> usize {
        self.placed.len()
    }

    /// Total fit of all pairs, in grid units.
    pub fn fit(&self) -> i128 {
        self.placed.iter().map(|p| i128::from(p.fit)).sum()
    }

    /// Seats that this solution fills more than another: where seats come first, of the most urgent class of which
    /// the number differs.
    pub fn more_seats(&self, other: &Solved, instance: &Instance, policy: &MatchPolicy) -> i64 {
        let classes = match policy.objective {
            Objective::Filled => instance.classes.iter().max().map_or(1, |most| *most as usize + 1),
            Objective::Fit => 1,
        };
        let mut more = vec![0_i64; classes];
        let class = |placed: &Placed| (instance.classes[placed.post as usize] as usize).min(classes - 1);
        self.placed.iter().for_each(|placed| more[class(placed)] += 1);
        other.placed.iter().for_each(|placed| more[class(placed)] -= 1);
        more.into_iter().find(|n| *n != 0).unwrap_or(0)
    }

    /// By how much another solution of as many seats is worth more, in grid units: its fit less what soft bounds
    /// cost. None where one of both is not proved to be the best.
    pub fn cost_beside(&self, other: &Solved) -> Option<i128> {
        let worth = |of: &Solved| match &of.proof {
            Proof::Exact(exact) if exact.loss() > 0 => None,
            Proof::Exact(_) | Proof::Stable => Some(of.fit()),
            Proof::Bounded(bounded) => bounded.optimal().then(|| of.fit() - bounded.fees()),
        };
        Some(worth(self)? - worth(other)?)
    }

    /// Where everybody is placed, by person.
    pub fn posts(&self, people: usize) -> Vec<Option<u32>> {
        let mut posts = vec![None; people];
        self.placed.iter().for_each(|p| posts[p.person as usize] = Some(p.post));
        posts
    }
}

/// Solves an instance.
///
/// # Errors
/// Numbers beyond exact arithmetic, rules that contradict each other: which; or an earlier solution under
/// rules with which nearness is not sought.
pub fn solve(instance: &Instance, policy: &MatchPolicy) -> Result<Solved, SolveError> {
    if instance.earlier.is_some() && (policy.mode.is_stable() || !instance.bounds.is_empty()) {
        return Err(SolveError::Earlier);
    }
    let mut rows = Rows::new(instance)?;
    let nowhere = rows.nowhere();
    if !nowhere.is_empty() {
        return Err(SolveError::Nowhere(nowhere));
    }
    let (placed, proof) = if policy.mode.is_stable() {
        if rows.must.contains(&true) {
            return Err(SolveError::Stable("whoever must keep a place cannot be part of a stable matching".into()));
        }
        (stable(instance, policy.mode)?, Proof::Stable)
    } else if instance.bounds.is_empty() {
        let exact = exact(instance, &mut rows, policy)?;
        (rows.placed(instance, &exact.assignment.columns), Proof::Exact(Box::new(exact)))
    } else {
        let bounded = bounded(instance, &rows, policy)?;
        let columns = bounded.answer.solution.as_ref().map(|s| s.columns.clone()).unwrap_or_default();
        (rows.placed(instance, &columns), Proof::Bounded(Box::new(bounded)))
    };
    Ok(Solved { placed, rows: rows.posts, proof })
}
