//! What stands beside a solution: the next best, what was missing, ties, why seats stay open.

use super::error::MatchError;
use super::instance::Instance;
use super::policy::MatchPolicy;
use super::solve::Solved;
use crate::kernel::assign::{Alternative, alternatives, shortage, tied_rows};

/// Posts of one shortage that are looked for, at most.
const SHORTAGE: usize = 5_000;

/// Why seats of a post stay open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPost {
    pub post: u32,
    /// Seats that stay open.
    pub open: u32,
    pub cause: Cause,
    /// Posts that share too few people, and those people; of a shortage.
    pub posts: Vec<u32>,
    pub people: Vec<u32>,
}

/// Why a seat stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nobody is eligible.
    Nobody,
    /// More seats than eligible people, with those of other posts.
    Shortage,
    /// Filling it would lose more fit than an open seat costs.
    Price,
}

impl Cause {
    /// The code in outputs.
    pub const fn code(self) -> &'static str {
        match self {
            Cause::Nobody => "no_candidate",
            Cause::Shortage => "shortage",
            Cause::Price => "price",
        }
    }
}

/// What explains a solution; lists by placed person follow [`Solved::placed`].
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// The best whole solution without this person.
    pub next: Vec<Option<Alternative>>,
    /// Another optimal solution treats the seat differently.
    pub tied: Vec<bool>,
    /// By edge: what the pair would have had to be worth more to be chosen, in grid units; 0 for
    /// those that are, or could be in another optimal solution.
    pub missing: Vec<i64>,
    pub open: Vec<OpenPost>,
}

/// Explains a solution.
///
/// # Errors
/// None yet.
pub fn explain(instance: &Instance, _policy: &MatchPolicy, solved: &Solved) -> Result<Explained, MatchError> {
    let (Some(problem), Some(assignment)) = (&solved.problem, &solved.assignment) else {
        return Ok(Explained::default());
    };
    let (next, tied) = (alternatives(problem, assignment), tied_rows(problem, assignment));
    // Rows of a post are alike: its placed people stand on them in another order.
    let row_of = |person: u32| assignment.rows[person as usize].map_or(0, |row| row as usize);
    let next = solved.placed.iter().map(|p| next[row_of(p.person)]).collect();
    let tied = solved.placed.iter().map(|p| tied[row_of(p.person)]).collect();
    let mut missing = vec![0; instance.fits.len()];
    for post in 0..instance.posts() {
        for edge in instance.range(post) {
            let person = instance.heads[edge] as usize;
            missing[edge] = -instance.fits[edge] - solved.prices.posts[post] - solved.prices.people[person];
        }
    }
    let mut open = Vec::new();
    for (row, _) in assignment.columns.iter().enumerate().filter(|(_, column)| column.is_none()) {
        let post = solved.rows[row];
        match open.last_mut() {
            Some(OpenPost { post: last, open, .. }) if *last == post => {
                *open += 1;
                continue;
            }
            _ => {}
        }
        let found = shortage(problem, assignment, row as u32, SHORTAGE);
        let mut one = OpenPost { post, open: 1, cause: Cause::Price, posts: Vec::new(), people: Vec::new() };
        if instance.range(post as usize).is_empty() {
            one.cause = Cause::Nobody;
        } else if let Some(found) = found.filter(|f| f.hall) {
            one.cause = Cause::Shortage;
            one.posts = found.rows.iter().map(|row| solved.rows[*row as usize]).collect();
            one.posts.dedup();
            one.people = found.columns;
        }
        open.push(one);
    }
    Ok(Explained { next, tied, missing, open })
}
