//! Of all prices that prove a solution, those with the lowest row prices: they tell exactly what an unused
//! column lacks.
//!
//! Optimal prices form a lattice (L. S. Shapley and M. Shubik, "The assignment game I: the core",
//! *International Journal of Game Theory* 1 (1972) 111–130). At its end of lowest row prices the price of
//! a row is what the row brings at the margin, so that the reduced cost of an edge to an unused column is by
//! how much the best solution with that edge costs more.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::problem::Problem;
use super::solve::Assignment;

/// Row prices as low, and column prices as high, as they can be together.
///
/// A used column's price rises, and its row's price falls with it, until the column costs nothing or somebody
/// else's row would rather have it: one search from all of these limits at once. Prices without a limit (of a
/// column that must be placed, and whose row nobody else could take) stay.
pub fn lowest_row_prices(problem: &Problem, solution: &Assignment) -> (Vec<i64>, Vec<i64>) {
    let (mut u, mut v) = (solution.row_prices.clone(), solution.column_prices.clone());
    let mut rise = vec![i64::MAX; problem.columns()];
    let mut heap = BinaryHeap::new();
    let limit = |column: usize, by: i64, rise: &mut Vec<i64>, heap: &mut BinaryHeap<_>| {
        if by < rise[column] {
            rise[column] = by;
            heap.push(Reverse((by, column as u32)));
        }
    };
    for (column, row) in solution.rows.iter().enumerate() {
        if row.is_none() {
            rise[column] = 0;
        } else if !problem.must_place(column) {
            limit(column, -v[column], &mut rise, &mut heap);
        }
    }
    // A row that stays open keeps its price.
    for row in (0..problem.rows()).filter(|row| solution.columns[*row].is_none()) {
        for (column, cost) in problem.row(row) {
            limit(column, cost - u[row] - v[column], &mut rise, &mut heap);
        }
    }
    while let Some(Reverse((by, column))) = heap.pop() {
        let Some(row) = solution.rows[column as usize].filter(|_| by == rise[column as usize]) else { continue };
        for (other, cost) in problem.row(row as usize).filter(|(other, _)| *other != column as usize) {
            limit(other, by + cost - u[row as usize] - v[other], &mut rise, &mut heap);
        }
    }
    for (column, row) in solution.rows.iter().enumerate() {
        if let Some(row) = row.filter(|_| rise[column] != i64::MAX) {
            v[column] += rise[column];
            u[row as usize] -= rise[column];
        }
    }
    (u, v)
}
