//! The best whole solution without a person, for all persons at once: read off the residual graph.
//!
//! Residual arcs with their reduced costs, all at least 0 (`end` is where a row stays open or a
//! column stays unused): row → column for edges that are not chosen, `cost − u − v`; column → its
//! row, 0; filled row → end, `open − u`; unused column → end, 0; end → used column, `−v`;
//! end → open row, 0.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::problem::{NEVER, Problem};
use super::solve::Assignment;

/// The best whole solution without the column that a row has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Who takes the row then; `None`: it stays open.
    pub column: Option<u32>,
    /// By how much the objective grows.
    pub loss: i64,
    /// One row more stays open then; the loss holds the open price.
    pub opens: bool,
}

/// A way to the end of the residual graph: its length, the column it begins with, and whether it
/// ends by leaving a row open.
#[derive(Clone, Copy)]
struct Way {
    length: i64,
    column: Option<u32>,
    opens: bool,
}

/// For each filled row, the best whole solution if its column did not exist, and what that costs
/// (less than nothing, perhaps, where the column must be placed). `None` for open rows, and where there
/// is no solution without the column. Exact. One search serves all rows: without the column `j` of row `i` the objective grows by the
/// distance from `i` to the end in the residual graph, plus `−v(j)`; a shortest way never passes
/// through `j`, since `j` leads back to `i` alone.
pub fn alternatives(problem: &Problem, solution: &Assignment) -> Vec<Option<Alternative>> {
    let (u, v) = (&solution.row_prices, &solution.column_prices);
    let mut best = vec![Way { length: i64::MAX, column: None, opens: false }; problem.rows()];
    let mut done = vec![false; problem.rows()];
    let mut heap = BinaryHeap::new();
    let may_open = |row: usize| solution.columns[row].is_some() && problem.open[row] != NEVER;
    for row in (0..problem.rows()).filter(|row| may_open(*row)) {
        best[row] = Way { length: problem.open[row] - u[row], column: None, opens: true };
        heap.push(Reverse((best[row].length, row as u32)));
    }
    // Whoever could take `column`, from which the rest of the way is `rest`.
    let relax = |column: usize, rest: Way, best: &mut Vec<Way>, heap: &mut BinaryHeap<_>| {
        for (row, cost) in problem.column(column) {
            let length = rest.length + cost - u[row] - v[column];
            if solution.columns[row].is_some_and(|c| c as usize != column) && length < best[row].length {
                best[row] = Way { length, column: Some(column as u32), opens: rest.opens };
                heap.push(Reverse((length, row as u32)));
            }
        }
    };
    for (column, _) in solution.rows.iter().enumerate().filter(|(_, row)| row.is_none()) {
        relax(column, Way { length: 0, column: None, opens: false }, &mut best, &mut heap);
    }
    while let Some(Reverse((_, row))) = heap.pop() {
        let row = row as usize;
        if std::mem::replace(&mut done[row], true) {
            continue;
        }
        if let Some(column) = solution.columns[row] {
            let rest = best[row];
            relax(column as usize, rest, &mut best, &mut heap);
        }
    }
    let whole = |(column, way): (&Option<u32>, &Way)| {
        column.filter(|_| way.length != i64::MAX).map(|c| Alternative {
            column: way.column,
            loss: way.length - v[c as usize],
            opens: way.opens,
        })
    };
    solution.columns.iter().zip(&best).map(whole).collect()
}
