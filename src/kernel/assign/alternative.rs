//! What else would have been optimal, or nearly so: read off the residual graph.
//!
//! Residual arcs with their reduced costs, all at least 0 (`end` is where a row stays open or a
//! column stays unused): row → column for edges that are not chosen, `cost − u − v`; column → its
//! row, 0; filled row → end, `open − u`; unused column → end, 0; end → used column, `−v`;
//! end → open row, 0.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::problem::Problem;
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

/// For each filled row, the best whole solution if its column did not exist, and what that costs.
/// Exact. One search serves all rows: without the column `j` of row `i` the objective grows by the
/// distance from `i` to the end in the residual graph, plus `−v(j)`; a shortest way never passes
/// through `j`, since `j` leads back to `i` alone.
pub fn alternatives(problem: &Problem, solution: &Assignment) -> Vec<Option<Alternative>> {
    let (u, v) = (&solution.row_prices, &solution.column_prices);
    let mut best = vec![Way { length: i64::MAX, column: None, opens: false }; problem.rows()];
    let mut done = vec![false; problem.rows()];
    let mut heap = BinaryHeap::new();
    for (row, _) in solution.columns.iter().enumerate().filter(|(_, column)| column.is_some()) {
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
        column.map(|c| Alternative { column: way.column, loss: way.length - v[c as usize], opens: way.opens })
    };
    solution.columns.iter().zip(&best).map(whole).collect()
}

/// For each row, whether another optimal solution treats it differently: a filled row lies on a
/// cycle of residual arcs of length 0 with its column (they share a strongly connected component),
/// an open row with the end.
pub fn tied_rows(problem: &Problem, solution: &Assignment) -> Vec<bool> {
    let component = components(&zero_arcs(problem, solution));
    let end = problem.rows() + problem.columns();
    (0..problem.rows())
        .map(|row| {
            let other = solution.columns[row].map_or(end, |c| problem.rows() + c as usize);
            component[row] == component[other]
        })
        .collect()
}

/// The residual arcs of length 0: rows, then columns, then the end.
fn zero_arcs(problem: &Problem, solution: &Assignment) -> Vec<Vec<u32>> {
    let (rows, columns) = (problem.rows(), problem.columns());
    let (u, v) = (&solution.row_prices, &solution.column_prices);
    let end = rows + columns;
    let mut arcs = vec![Vec::new(); end + 1];
    for row in 0..rows {
        for (column, cost) in problem.row(row) {
            if cost == u[row] + v[column] && solution.columns[row] != Some(column as u32) {
                arcs[row].push((rows + column) as u32);
            }
        }
        match solution.columns[row] {
            None => arcs[end].push(row as u32),
            Some(_) if u[row] == problem.open[row] => arcs[row].push(end as u32),
            Some(_) => {}
        }
    }
    for column in 0..columns {
        match solution.rows[column] {
            Some(row) => {
                arcs[rows + column].push(row);
                if v[column] == 0 {
                    arcs[end].push((rows + column) as u32);
                }
            }
            None => arcs[rows + column].push(end as u32),
        }
    }
    arcs
}

/// Strongly connected components after R. Tarjan (1972), without recursion: a number per node.
fn components(arcs: &[Vec<u32>]) -> Vec<u32> {
    const NEW: u32 = u32::MAX;
    let nodes = arcs.len();
    let (mut order, mut low, mut component) = (vec![NEW; nodes], vec![0u32; nodes], vec![NEW; nodes]);
    let (mut next_order, mut next_component) = (0u32, 0u32);
    let mut open: Vec<u32> = Vec::new();
    let mut path: Vec<(u32, u32)> = Vec::new();
    for root in 0..nodes as u32 {
        if order[root as usize] != NEW {
            continue;
        }
        path.push((root, 0));
        while let Some(&mut (node, ref mut arc)) = path.last_mut() {
            let at = node as usize;
            if *arc == 0 {
                order[at] = next_order;
                low[at] = next_order;
                next_order += 1;
                open.push(node);
            }
            if let Some(&head) = arcs[at].get(*arc as usize) {
                *arc += 1;
                if order[head as usize] == NEW {
                    path.push((head, 0));
                } else if component[head as usize] == NEW {
                    low[at] = low[at].min(order[head as usize]);
                }
                continue;
            }
            path.pop();
            if let Some(&(above, _)) = path.last() {
                low[above as usize] = low[above as usize].min(low[at]);
            }
            if low[at] == order[at] {
                while let Some(member) = open.pop() {
                    component[member as usize] = next_component;
                    if member == node {
                        break;
                    }
                }
                next_component += 1;
            }
        }
    }
    component
}
