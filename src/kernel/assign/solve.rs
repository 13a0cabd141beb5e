//! The solver: a cheap start, then exact searches from both sides.

use super::bids::bid;
use super::problem::{NONE, Problem};
use super::search::{Book, Scratch, augment};

/// An optimal assignment with the prices that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// For each row its column, `None` if it stays open.
    pub columns: Vec<Option<u32>>,
    /// For each column its row, `None` if it is unused.
    pub rows: Vec<Option<u32>>,
    /// Price of each row: at most the open price.
    pub row_prices: Vec<i64>,
    /// Price of each column: at most 0.
    pub column_prices: Vec<i64>,
    /// Sum of the chosen edges' costs and of the open price of every open row.
    pub objective: i128,
}

impl Assignment {
    /// Number of rows with a column.
    pub fn filled(&self) -> usize {
        self.columns.iter().filter(|c| c.is_some()).count()
    }
}

/// Edges looked at by searches, in multiples of all edges, before the auction is called in: below
/// it plain searches are the faster way (uniform and county instances need 1 to 3).
const PATIENCE: u64 = 6;

/// Each auction's step is this fraction of the one before.
const SHRINK: i64 = 5;

/// Bids that one auction may take, in multiples of the nodes of a side; more do not pay.
const BIDS: u64 = 40;

/// Solves an instance to optimality. Deterministic: the same instance gives the same pairs; of
/// several optima, whichever the order of rows and columns leads to, so callers sort both first.
pub fn solve(problem: &Problem) -> Assignment {
    solve_with(problem, PATIENCE)
}

/// As [`solve`], but the auction starts at once unless the first bids settle everything. Same
/// optimum, perhaps other prices; for tests and measurements of that path.
#[doc(hidden)]
pub fn solve_by_auction(problem: &Problem) -> Assignment {
    solve_with(problem, 0)
}

fn solve_with(problem: &Problem, patience: u64) -> Assignment {
    let (rows, columns) = (&problem.rows, &problem.columns);
    let mut near = Book::new(problem.rows());
    let mut far = Book::new(problem.columns());
    let all = (0..problem.rows() as u32).collect();
    let (_, mut free) = bid(rows, &mut near, &mut far, all, 0, 2, BIDS * problem.rows() as u64);
    free.sort_unstable();

    let mut scratch = Scratch::new(problem.columns());
    let patience = patience * problem.edges() as u64;
    let mut at = 0;
    while at < free.len() && scratch.work < patience {
        augment(rows, &mut near, &mut far, &mut scratch, free[at] as usize);
        at += 1;
    }
    if at < free.len() {
        auction(problem, &mut near, &mut far);
        near.mate.fill(NONE);
        far.mate.fill(NONE);
        let all = (0..problem.rows() as u32).collect();
        let (_, mut free) = bid(rows, &mut near, &mut far, all, 0, 2, BIDS * problem.rows() as u64);
        free.sort_unstable();
        for row in free {
            augment(rows, &mut near, &mut far, &mut scratch, row as usize);
        }
        // The auction may have left a price on columns that nobody took: they look for a row, or
        // give the price up.
        let unused = priced_but_unused(&far);
        let (_, unused) = bid(columns, &mut far, &mut near, unused, 0, 2, BIDS * problem.columns() as u64);
        let mut scratch = Scratch::new(problem.rows());
        let mut unused: Vec<u32> = unused.into_iter().chain(priced_but_unused(&far)).collect();
        unused.sort_unstable();
        unused.dedup();
        for column in unused {
            augment(columns, &mut far, &mut near, &mut scratch, column as usize);
        }
    }
    finish(problem, near, far)
}

fn priced_but_unused(far: &Book) -> Vec<u32> {
    (0..far.mate.len() as u32).filter(|c| far.mate[*c as usize] == NONE && far.price[*c as usize] < 0).collect()
}

/// Better prices by an ε-scaled auction: rows bid, then columns that were left with a price bid
/// for rows; the step shrinks from a fraction of the widest spread, open price included: where rows
/// must stay open at a high price, prices have to climb that far. Only `far.price` matters afterwards, and any value at most 0 is valid.
fn auction(problem: &Problem, near: &mut Book, far: &mut Book) {
    let (low, high) = problem.rows.costs.iter().fold((i64::MAX, i64::MIN), |(l, h), c| (l.min(*c), h.max(*c)));
    let mut step = ((high.max(problem.open_price()) - low) / SHRINK).max(1);
    loop {
        near.mate.fill(NONE);
        far.mate.fill(NONE);
        let all = (0..problem.rows() as u32).collect();
        bid(&problem.rows, near, far, all, step, 1, BIDS * problem.rows() as u64);
        let unused = priced_but_unused(far);
        bid(&problem.columns, far, near, unused, step, 1, BIDS * problem.columns() as u64);
        for price in far.price.iter_mut() {
            *price = (*price).min(0);
        }
        if step == 1 {
            return;
        }
        step = (step / SHRINK).max(1);
    }
}

fn finish(problem: &Problem, near: Book, far: Book) -> Assignment {
    let partner = |mate: &[u32]| mate.iter().map(|m| (*m != NONE).then_some(*m)).collect::<Vec<_>>();
    let columns = partner(&near.mate);
    let objective = columns
        .iter()
        .enumerate()
        .map(|(row, column)| {
            let cost = column.and_then(|c| problem.cost(row, c)).unwrap_or(problem.open_price());
            i128::from(cost)
        })
        .sum();
    Assignment { columns, rows: partner(&far.mate), row_prices: near.price, column_prices: far.price, objective }
}
