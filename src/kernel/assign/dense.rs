//! Dense instances: many more entries per row than are ever edges of a good solution.
//!
//! The kernel solves the instance with the cheapest entries of each row (after each column's least
//! entry is taken off). Then all entries are priced with the solution's prices: those below `u + v`
//! would improve it and become edges, and the kernel continues from where it stood. When there are
//! none the prices prove the optimum over all entries (delayed column generation; for assignment see
//! A. Volgenant, "Linear and semi-assignment problems: a core oriented approach", *Computers &
//! Operations Research* 23 (1996) 917–932).

use super::problem::{AssignError, LIMIT, Problem, Sides, with_sides};
use super::search::{Book, Searches};
use super::settle::settle;
use super::side::{Arc, Cost};
use super::solve::{Assignment, Infeasible, cold, finish, tighten};

/// What can go wrong with a table of costs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DenseError {
    #[error(transparent)]
    Instance(#[from] AssignError),
    #[error(transparent)]
    Infeasible(#[from] Infeasible),
}

/// Entries per row at the start, and at most so many more in each round.
const CORE: usize = 24;

/// One entry in so many is looked at to guess where the cheapest end.
const SAMPLE: usize = 16;

/// Entries per row, on average, from which an instance is dense.
const DENSE: usize = 4 * CORE;

/// The entries of a row.
trait Entries {
    fn count(&self) -> usize;
    fn column(&self, at: usize) -> usize;
    fn cost(&self, at: usize) -> i64;
    /// Whether an entry of `from..to` costs less than `price` and its column's price.
    fn any_below(&self, from: usize, to: usize, price: i64, prices: &[i64]) -> bool;
}

/// A row of a full table.
impl Entries for &[i64] {
    fn count(&self) -> usize {
        self.len()
    }

    fn column(&self, at: usize) -> usize {
        at
    }

    fn cost(&self, at: usize) -> i64 {
        self[at]
    }

    fn any_below(&self, from: usize, to: usize, price: i64, prices: &[i64]) -> bool {
        let reduced = self[from..to].iter().zip(&prices[from..to]).map(|(cost, v)| cost - v);
        reduced.min().is_some_and(|least| least < price)
    }
}

impl<C: Cost> Entries for &[Arc<C>] {
    fn count(&self) -> usize {
        self.len()
    }

    fn column(&self, at: usize) -> usize {
        self[at].head as usize
    }

    fn cost(&self, at: usize) -> i64 {
        self[at].cost.into()
    }

    fn any_below(&self, from: usize, to: usize, price: i64, prices: &[i64]) -> bool {
        self[from..to].iter().any(|arc| arc.cost.into() - prices[arc.head as usize] < price)
    }
}

/// Whether an instance is dense.
pub(super) fn is_dense(problem: &Problem) -> bool {
    problem.rows() > 0 && problem.edges() / problem.rows() >= DENSE
}

/// Solves a dense instance; `None` if some who must have a partner find none among the cheapest.
pub(super) fn by_core<C: Cost>(problem: &Problem, sides: &Sides<C>) -> Option<(Book, Book)> {
    let row = |row: usize| sides.rows.of(row);
    grow(problem.columns(), problem.rows(), row, problem.open_price(), |core| core.asking_like(problem)).ok()
}

/// Solves a full table of costs, row by row, `columns` wide: every row takes a column or stays open
/// at `open_price` (`None`: it must be filled). The same prices and proof as [`solve`](super::solve).
///
/// # Errors
/// A table that is not rectangular, costs beyond exact arithmetic, or more rows that must be filled
/// than columns.
pub fn solve_dense(columns: usize, costs: &[i64], open_price: Option<i64>) -> Result<Assignment, DenseError> {
    let rows = costs.len().checked_div(columns).unwrap_or(0);
    if rows * columns != costs.len() {
        let (given, wanted) = (costs.len(), rows * columns);
        return Err(AssignError::Length { what: "entries of whole rows", given, wanted }.into());
    }
    let (low, high) = costs.iter().fold((i64::MAX, i64::MIN), |(l, h), c| (l.min(*c), h.max(*c)));
    let (low, high) = if costs.is_empty() { (0, 0) } else { (low, high) };
    if low < -LIMIT || high > LIMIT {
        return Err(AssignError::Overflow(if low < -LIMIT { low } else { high }).into());
    }
    let open = match open_price {
        Some(open) => open,
        None if rows > columns => {
            let all = |n: usize| (0..n as u32).collect();
            return Err(Infeasible::Rows { rows: all(rows), columns: all(columns) }.into());
        }
        // More than any filling of the table can differ by: no row stays open.
        None => {
            let spread = i128::from(high) - i128::from(low);
            let dear = i128::from(high.max(0)) + (spread + 1) * (2 * rows as i128 + 2);
            let largest = high.max(-low);
            i64::try_from(dear).ok().filter(|d| *d <= LIMIT).ok_or(AssignError::Chains { nodes: rows * 2, largest })?
        }
    };
    let row = |row: usize| &costs[row * columns..(row + 1) * columns];
    grow(columns, rows, row, open, |core| core).map(|(near, far)| finish(near, far))
}

/// Solves with few entries, then with those that the prices ask for, until they ask for none. `like` gives
/// a problem its open prices and whom it must place.
fn grow<E: Entries>(
    columns: usize,
    rows: usize,
    row: impl Fn(usize) -> E,
    open: i64,
    like: impl Fn(Problem) -> Problem,
) -> Result<(Book, Book), DenseError> {
    let mut least = vec![i64::MAX; columns];
    for of in (0..rows).map(&row) {
        for at in 0..of.count() {
            let least = &mut least[of.column(at)];
            *least = of.cost(at).min(*least);
        }
    }
    let mut chosen: Vec<Vec<u32>> = (0..rows).map(|at| cheapest(&row(at), &least)).collect();
    let mut books: Option<(Book, Book)> = None;
    let mut searches = Searches::default();
    loop {
        let problem = like(core(columns, &row, &chosen, open)?);
        let (near, far) = match books.take() {
            None => with_sides!(problem, sides => cold(&problem, sides, false))?,
            Some((mut near, mut far)) => {
                with_sides!(problem, sides => {
                    let loose = tighten(&problem, sides, &mut near, &mut far, 0..rows as u32);
                    settle(&problem, sides, &mut near, &mut far, &mut searches, loose, u64::MAX)?;
                });
                (near, far)
            }
        };
        let mut added = false;
        for (at, chosen) in chosen.iter_mut().enumerate() {
            let before = chosen.len();
            improving(&row(at), near.price[at], &far.price, chosen);
            added |= chosen.len() > before;
        }
        if !added {
            return Ok((near, far));
        }
        books = Some((near, far));
    }
}

/// Places of about [`CORE`] entries with the least costs above their column's least.
fn cheapest(row: &impl Entries, least: &[i64]) -> Vec<u32> {
    let above = |at: usize| row.cost(at) - least[row.column(at)];
    let count = row.count();
    if count <= 2 * CORE {
        return (0..count as u32).collect();
    }
    let mut sample: Vec<i64> = (0..count).step_by(SAMPLE).map(above).collect();
    let rank = (CORE * sample.len() / count + 1).min(sample.len() - 1);
    let mut bound = *sample.select_nth_unstable(rank).1;
    let mut found: Vec<(i64, u32)> = Vec::with_capacity(4 * CORE);
    loop {
        found.clear();
        found.extend((0..count).map(|at| (above(at), at as u32)).filter(|f| f.0 <= bound));
        if found.len() >= CORE {
            break;
        }
        bound = bound.saturating_mul(2).saturating_add(1);
    }
    if found.len() > 2 * CORE {
        found.select_nth_unstable(2 * CORE - 1);
        found.truncate(2 * CORE);
    }
    let mut chosen: Vec<u32> = found.into_iter().map(|f| f.1).collect();
    chosen.sort_unstable();
    chosen
}

/// Adds the entries below `u + v`, the worst ones first and at most [`CORE`] of them.
fn improving(row: &impl Entries, price: i64, prices: &[i64], chosen: &mut Vec<u32>) {
    let mut found: Vec<(i64, u32)> = Vec::new();
    for from in (0..row.count()).step_by(64) {
        let to = (from + 64).min(row.count());
        if row.any_below(from, to, price, prices) {
            let reduced = |at: usize| row.cost(at) - prices[row.column(at)] - price;
            found.extend((from..to).map(|at| (reduced(at), at as u32)).filter(|f| f.0 < 0));
        }
    }
    if found.len() > CORE {
        found.select_nth_unstable(CORE - 1);
        found.truncate(CORE);
    }
    chosen.extend(found.into_iter().map(|f| f.1));
    chosen.sort_unstable();
}

fn core<E: Entries>(
    columns: usize,
    row: impl Fn(usize) -> E,
    chosen: &[Vec<u32>],
    open: i64,
) -> Result<Problem, AssignError> {
    let count = chosen.iter().map(Vec::len).sum();
    let (mut starts, mut heads, mut costs) = (vec![0], Vec::with_capacity(count), Vec::with_capacity(count));
    for (at, chosen) in chosen.iter().enumerate() {
        let of = row(at);
        heads.extend(chosen.iter().map(|at| of.column(*at as usize) as u32));
        costs.extend(chosen.iter().map(|at| of.cost(*at as usize)));
        starts.push(heads.len() as u32);
    }
    Problem::from_csr(columns, starts, heads, costs, open)
}
