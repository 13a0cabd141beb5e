//! The solver: a cheap start, then exact searches from both sides.

use rayon::prelude::*;

use super::auction::{Steps, auction, prices_by_mean};
use super::bids::{LANE, Market};
use super::dense::{by_core, is_dense};
use super::matching::{extend, reach};
use super::problem::{NEVER, NONE, Problem, Sides, with_sides};
use super::search::{Book, Found, Nothing, Reach, Searches};
use super::settle::settle;
use super::side::Cost;

/// An optimal assignment with the prices that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// For each row its column, `None` if it stays open.
    pub columns: Vec<Option<u32>>,
    /// For each column its row, `None` if it is unused.
    pub rows: Vec<Option<u32>>,
    /// Price of each row: at most its open price.
    pub row_prices: Vec<i64>,
    /// Price of each column: at most 0, free in sign where the column must be placed.
    pub column_prices: Vec<i64>,
    /// Sum of the chosen edges' costs and of the open prices of all open rows.
    pub objective: i128,
}

impl Assignment {
    /// Number of rows with a column.
    pub fn filled(&self) -> usize {
        self.columns.iter().filter(|c| c.is_some()).count()
    }
}

/// Why there is no assignment at all, with the proof (a violated condition of P. Hall): count the
/// two sets, and look that the edges of the first all end in the second.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Infeasible {
    /// Rows that must be filled have fewer columns, all together, than they are.
    #[error("{} rows that must be filled share only {} columns", rows.len(), columns.len())]
    Rows { rows: Vec<u32>, columns: Vec<u32> },
    /// Columns that must be placed have fewer rows, all together, than they are.
    #[error("{} columns that must be placed share only {} rows", columns.len(), rows.len())]
    Columns { columns: Vec<u32>, rows: Vec<u32> },
}

/// Edges looked at by searches, in multiples of all edges, before the auction is called in.
const PATIENCE: u64 = 1;

/// The same after the auction's coarse steps, before the fine ones.
const ENOUGH: u64 = 2;

/// Bids per row that the first reduction may take.
const BIDS: u64 = 3;

/// Rows left by it, one in so many, up to which searches are tried before the auction.
const FEW: usize = 100;

/// Fewer rows are not worth a second thread.
const SINGLE: usize = 1_024;

/// Solves an instance to optimality. Deterministic: the same instance gives the same pairs; of
/// several optima, whichever the order of rows and columns leads to. Dense instances start from the
/// cheapest edges of each row, as in [`solve_dense`](super::solve_dense).
///
/// # Errors
/// Rows that must be filled or columns that must be placed, but cannot all be.
pub fn solve(problem: &Problem) -> Result<Assignment, Infeasible> {
    with_sides!(problem, sides => anew(problem, sides).map(|(near, far)| finish(near, far)))
}

/// As [`solve`]: books with exact prices.
pub(super) fn anew<C: Cost>(problem: &Problem, sides: &Sides<C>) -> Result<(Book, Book), Infeasible> {
    let core = if is_dense(problem) { by_core(problem, sides) } else { None };
    core.map_or_else(|| cold(problem, sides, false), Ok)
}

/// As [`solve`], but the auction starts at once. Same optimum, perhaps other prices; for tests and
/// measurements of that path.
#[doc(hidden)]
pub fn solve_by_auction(problem: &Problem) -> Result<Assignment, Infeasible> {
    with_sides!(problem, sides => cold(problem, sides, true).map(|(near, far)| finish(near, far)))
}

/// Solves from nothing, all edges at once.
pub(super) fn cold<C: Cost>(problem: &Problem, sides: &Sides<C>, hurry: bool) -> Result<(Book, Book), Infeasible> {
    finish_from(problem, sides, start(problem, sides, hurry)?)
}

/// An auction for the rows that a start left, then exact searches.
fn finish_from<C: Cost>(problem: &Problem, sides: &Sides<C>, start: Start) -> Result<(Book, Book), Infeasible> {
    let Start { mut near, mut far, mut searches, mut free } = start;
    let all = || 0..problem.rows() as u32;
    if !free.is_empty() {
        let differ = prices_by_mean(problem, sides, &mut far);
        if !auction(problem, sides, &mut near, &mut far, differ, Steps::Coarse) && problem.has_musts() {
            feasible(problem, sides)?;
        }
        free = tighten(problem, sides, &mut near, &mut far, all());
        let patience = ENOUGH * problem.edges() as u64;
        if settle(problem, sides, &mut near, &mut far, &mut searches, free, patience)? {
            return Ok((near, far));
        }
        auction(problem, sides, &mut near, &mut far, differ, Steps::Fine);
        free = tighten(problem, sides, &mut near, &mut far, all());
    }
    settle(problem, sides, &mut near, &mut far, &mut searches, free, u64::MAX)?;
    Ok((near, far))
}

/// The start of [`solve`] alone, for who has something to look at before the rest; `None` for dense instances and
/// for those that it sees to have no solution. Takes a small multiple of the time that one look at every
/// edge takes.
pub(super) fn begin(problem: &Problem) -> Option<Start> {
    if is_dense(problem) {
        return None;
    }
    with_sides!(problem, sides => start(problem, sides, false).ok())
}

/// The rest of [`solve`].
///
/// # Errors
/// As there.
pub(super) fn resume(problem: &Problem, start: Start) -> Result<Assignment, Infeasible> {
    with_sides!(problem, sides => finish_from(problem, sides, start).map(|(near, far)| finish(near, far)))
}

/// What the cheap start found, and the rows that it left.
pub(super) struct Start {
    near: Book,
    far: Book,
    searches: Searches,
    free: Vec<u32>,
}

impl Start {
    /// No row is left.
    pub fn is_whole(&self) -> bool {
        self.free.is_empty()
    }
}

fn start<C: Cost>(problem: &Problem, sides: &Sides<C>, hurry: bool) -> Result<Start, Infeasible> {
    let mut near = Book::new(problem.rows());
    let mut far = Book::new(problem.columns());
    let all = (0..problem.rows() as u32).collect();
    let plain = Market { side: &sides.rows, stay: &problem.open, cap: NEVER, shift: 0 };
    let mut free = plain.reduce(&mut near, &mut far, all, 1, BIDS * problem.rows() as u64);
    let mut searches = Searches::default();
    if !hurry && free.len() <= 10 + problem.rows() / FEW {
        let patience = PATIENCE * problem.edges() as u64;
        let mut at = 0;
        while at < free.len() && searches.work <= patience {
            augment_rows(problem, sides, &mut near, &mut far, &mut searches, &free[at..=at], Reach::EVERYWHERE)?;
            at += 1;
        }
        free.drain(..at);
    }
    Ok(Start { near, far, searches, free })
}

/// Whether all who must have a partner can have one: rows and columns may be looked at apart (N. S.
/// Mendelsohn and A. L. Dulmage, 1958).
fn feasible<C: Cost>(problem: &Problem, sides: &Sides<C>) -> Result<(), Infeasible> {
    let must = |stay: &[i64]| (0..stay.len() as u32).filter(|n| stay[*n as usize] == NEVER).collect::<Vec<_>>();
    let (mut near, mut far) = (vec![NONE; problem.rows()], vec![NONE; problem.columns()]);
    if let Some(&row) = extend(&sides.rows, &mut near, &mut far, &must(&problem.open)).first() {
        let (rows, columns) = reach(&sides.rows, &far, &[row]);
        return Err(Infeasible::Rows { rows, columns });
    }
    near.fill(NONE);
    far.fill(NONE);
    if let Some(&column) = extend(sides.columns(), &mut far, &mut near, &must(&problem.unused)).first() {
        let (columns, rows) = reach(sides.columns(), &near, &[column]);
        return Err(Infeasible::Columns { columns, rows });
    }
    Ok(())
}

/// Looks for places for `rows` within `reach`.
///
/// # Errors
/// The proof that there is none anywhere for one of them.
pub(super) fn augment_rows<C: Cost, P: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book<P>,
    far: &mut Book<P>,
    searches: &mut Searches,
    rows: &[u32],
    reach: Reach,
) -> Result<Vec<Found>, Infeasible> {
    searches.augment(&sides.rows, &problem.open, near, far, rows, reach).map_err(|nothing| {
        let (columns, rows) = reached(nothing, far);
        Infeasible::Rows { rows, columns }
    })
}

/// The same for columns.
pub(super) fn augment_columns<C: Cost, P: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book<P>,
    far: &mut Book<P>,
    searches: &mut Searches,
    columns: &[u32],
    reach: Reach,
) -> Result<Vec<Found>, Infeasible> {
    searches.augment(sides.columns(), &problem.unused, far, near, columns, reach).map_err(|nothing| {
        let (rows, columns) = reached(nothing, near);
        Infeasible::Columns { columns, rows }
    })
}

/// After a search in vain: the far nodes it reached, and their partners with its start.
fn reached<P: Cost>(Nothing { from, mut heads }: Nothing, far: &Book<P>) -> (Vec<u32>, Vec<u32>) {
    let mut nodes: Vec<u32> = heads.iter().map(|h| far.mate[*h as usize]).chain([from]).collect();
    heads.sort_unstable();
    nodes.sort_unstable();
    (heads, nodes)
}

/// Makes the prices of `rows` exact for the columns' prices: a pair that is a best offer stays, any
/// other is dissolved. Returns those of them without a partner that do not stay open.
pub(super) fn tighten<C: Cost, P: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book<P>,
    far: &mut Book<P>,
    rows: impl Iterator<Item = u32>,
) -> Vec<u32> {
    let rows: Vec<u32> = rows.collect();
    // For each row the best offer, and its own column's.
    let look = |rows: &[u32]| {
        sides.rows.touch(rows);
        let offers = |row: &u32| {
            let row = *row as usize;
            let (mut best, mut own) = (problem.open[row], i64::MAX);
            for arc in sides.rows.of(row) {
                let value = arc.cost.into() - far.price(arc.head as usize);
                best = best.min(value);
                if arc.head == near.mate[row] {
                    own = value;
                }
            }
            (best, own)
        };
        rows.iter().map(offers).collect::<Vec<_>>()
    };
    let lanes = rows.par_chunks(LANE).with_min_len(SINGLE / LANE);
    let looked = if rows.len() < SINGLE { look(&rows) } else { lanes.flat_map_iter(look).collect() };
    let mut loose = Vec::new();
    for (row, (best, own)) in rows.into_iter().zip(looked) {
        let (node, mate) = (row as usize, near.mate[row as usize]);
        near.set(node, best);
        if mate == NONE {
            if best != problem.open[node] || best == NEVER {
                loose.push(row);
            }
        } else if own > best {
            near.mate[node] = NONE;
            far.mate[mate as usize] = NONE;
            loose.push(row);
        }
    }
    loose
}

pub(super) fn finish(near: Book, far: Book) -> Assignment {
    let partner = |mate: &[u32]| mate.iter().map(|m| (*m != NONE).then_some(*m)).collect::<Vec<_>>();
    let columns = partner(&near.mate);
    // Every pair is tight and every open row has its open price.
    let objective = near.price.iter().chain(&far.price).map(|p| i128::from(*p)).sum();
    Assignment { columns, rows: partner(&far.mate), row_prices: near.price, column_prices: far.price, objective }
}
