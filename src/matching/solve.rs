//! The best whole solution, with the prices that prove it.

use super::error::MatchError;
use super::instance::Instance;
use super::policy::{MatchPolicy, Objective};
use crate::kernel::assign::{Problem, solve as assign};

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
    /// Price of a person: at most 0 unless the person must be placed.
    pub people: Vec<i64>,
    /// What a seat left open costs.
    pub open: i64,
}

/// A whole solution.
#[derive(Clone, Debug, Default)]
pub struct Solved {
    /// Who is placed where: by post, then the best fit first, then by person.
    pub placed: Vec<Placed>,
    /// The problem with a row for every seat, and its solution.
    pub problem: Option<Problem>,
    pub assignment: Option<crate::kernel::assign::Assignment>,
    /// Post of each row.
    pub rows: Vec<u32>,
    pub prices: Prices,
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
}

/// Solves an instance.
///
/// # Errors
/// Costs beyond exact arithmetic, or rules that contradict each other.
pub fn solve(instance: &Instance, policy: &MatchPolicy) -> Result<Solved, MatchError> {
    let too_large = |e: crate::kernel::assign::AssignError| MatchError::Impossible(e.to_string());
    let mut rows: Vec<u32> = Vec::new();
    let (mut starts, mut heads, mut costs) = (vec![0_u32], Vec::new(), Vec::new());
    for (post, seats) in instance.seats.iter().enumerate() {
        for _ in 0..*seats {
            rows.push(post as u32);
            for (person, fit) in instance.edges(post) {
                heads.push(person);
                costs.push(-fit);
            }
            starts.push(heads.len() as u32);
        }
    }
    let open = match policy.objective {
        Objective::Fit => instance.grid.put(policy.open_price).unwrap_or(i64::MAX),
        Objective::Filled => {
            let (low, high) = instance.fits.iter().fold((0, 0), |(l, h), f| (f.min(&l).to_owned(), f.max(&h).to_owned()));
            (high - low + 1).saturating_mul(rows.len() as i64 + 1)
        }
    };
    let problem = Problem::from_csr(instance.people, starts, heads, costs, open).map_err(too_large)?;
    let assignment = assign(&problem);
    let mut placed: Vec<Placed> = Vec::with_capacity(assignment.filled());
    for (row, person) in assignment.columns.iter().enumerate() {
        let (Some(person), post) = (*person, rows[row]) else { continue };
        let edge = instance.find(post, person).unwrap_or_default();
        placed.push(Placed { post, person, fit: instance.fits[edge], edge: edge as u32 });
    }
    placed.sort_by_key(|p| (p.post, std::cmp::Reverse(p.fit), p.person));
    let mut prices = Prices { posts: vec![open; instance.posts()], people: assignment.column_prices.clone(), open };
    for (row, price) in assignment.row_prices.iter().enumerate() {
        prices.posts[rows[row] as usize] = *price;
    }
    Ok(Solved { placed, problem: Some(problem), assignment: Some(assignment), rows, prices })
}
