//! Dense instances: a full table of costs, of which only a few per row are ever edges.
//!
//! The kernel solves the instance with the cheapest entries of each row (after each column's least
//! entry is taken off). Then the whole table is priced with the solution's prices: entries below
//! `u + v` would improve it and become edges, and the kernel continues from where it stood. When
//! there are none the prices prove the optimum over the whole table (delayed column generation; for
//! assignment see A. Volgenant, "Linear and semi-assignment problems: a core oriented approach",
//! *Computers & Operations Research* 23 (1996) 917–932).

use super::problem::{AssignError, LIMIT, Problem, with_sides};
use super::search::{Book, Scratch};
use super::solve::{Assignment, Infeasible, cold, finish, tighten};
use super::solver::settle;

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
    let mut least = vec![i64::MAX; columns];
    for row in costs.chunks_exact(columns.max(1)) {
        for (least, cost) in least.iter_mut().zip(row) {
            *least = (*least).min(*cost);
        }
    }
    let mut edges: Vec<Vec<u32>> = costs.chunks_exact(columns.max(1)).map(|row| cheapest(row, &least)).collect();
    let mut books: Option<(Book, Book)> = None;
    let (mut forward, mut backward) = (Scratch::new(columns), Scratch::new(rows));
    loop {
        let problem = core(columns, costs, &edges, open)?;
        let (near, far) = match books.take() {
            None => with_sides!(problem, sides => cold(&problem, sides, false))?,
            Some((mut near, mut far)) => {
                with_sides!(problem, sides => {
                    let loose = tighten(&problem, sides, &mut near, &mut far, 0..rows as u32);
                    settle(&problem, sides, &mut near, &mut far, (&mut forward, &mut backward), loose)?;
                });
                (near, far)
            }
        };
        let mut added = false;
        for (row, (costs, edges)) in costs.chunks_exact(columns.max(1)).zip(&mut edges).enumerate() {
            let before = edges.len();
            improving(costs, near.price[row], &far.price, edges);
            added |= edges.len() > before;
        }
        if !added {
            return Ok(finish(near, far));
        }
        books = Some((near, far));
    }
}

/// About [`CORE`] columns with the least costs above their column's least.
fn cheapest(row: &[i64], least: &[i64]) -> Vec<u32> {
    let above = |at: usize| row[at] - least[at];
    if row.len() <= 2 * CORE {
        return (0..row.len() as u32).collect();
    }
    let mut sample: Vec<i64> = (0..row.len()).step_by(SAMPLE).map(above).collect();
    let rank = (CORE * sample.len() / row.len() + 1).min(sample.len() - 1);
    let mut bound = *sample.select_nth_unstable(rank).1;
    let mut found: Vec<(i64, u32)> = Vec::with_capacity(4 * CORE);
    loop {
        found.clear();
        found.extend(row.iter().zip(least).enumerate().filter_map(|(at, (cost, least))| {
            let above = cost - least;
            (above <= bound).then_some((above, at as u32))
        }));
        if found.len() >= CORE {
            break;
        }
        bound = bound.saturating_mul(2).saturating_add(1);
    }
    if found.len() > 2 * CORE {
        found.select_nth_unstable(2 * CORE - 1);
        found.truncate(2 * CORE);
    }
    let mut columns: Vec<u32> = found.into_iter().map(|f| f.1).collect();
    columns.sort_unstable();
    columns
}

/// Adds the entries below `u + v`, the worst ones first and at most [`CORE`] of them.
fn improving(row: &[i64], price: i64, prices: &[i64], edges: &mut Vec<u32>) {
    let mut found: Vec<(i64, u32)> = Vec::new();
    for (at, (costs, prices)) in row.chunks(64).zip(prices.chunks(64)).enumerate() {
        let reduced = |(cost, v): (&i64, &i64)| cost - v - price;
        if costs.iter().zip(prices).map(reduced).min().is_some_and(|least| least < 0) {
            let entries = costs.iter().zip(prices).map(reduced).enumerate().filter(|(_, r)| *r < 0);
            found.extend(entries.map(|(k, reduced)| (reduced, (at * 64 + k) as u32)));
        }
    }
    if found.len() > CORE {
        found.select_nth_unstable(CORE - 1);
        found.truncate(CORE);
    }
    edges.extend(found.into_iter().map(|f| f.1));
    edges.sort_unstable();
}

fn core(columns: usize, costs: &[i64], edges: &[Vec<u32>], open: i64) -> Result<Problem, AssignError> {
    let count = edges.iter().map(Vec::len).sum();
    let (mut starts, mut heads, mut values) = (vec![0], Vec::with_capacity(count), Vec::with_capacity(count));
    for (row, edges) in edges.iter().enumerate() {
        values.extend(edges.iter().map(|column| costs[row * columns + *column as usize]));
        heads.extend_from_slice(edges);
        starts.push(heads.len() as u32);
    }
    Problem::from_csr(columns, starts, heads, values, open)
}
