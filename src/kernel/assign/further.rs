//! What it costs to force or forbid a pair, and the k best whole solutions.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::problem::{NONE, Problem};
use super::residual::{Residual, Ways};
use super::solve::Assignment;

fn residual<'a>(problem: &'a Problem, solution: &Assignment) -> Residual<'a> {
    let index = |partners: &[Option<u32>]| partners.iter().map(|p| p.unwrap_or(NONE)).collect();
    let mut graph = Residual {
        problem,
        columns: index(&solution.columns),
        rows: index(&solution.rows),
        u: solution.row_prices.clone(),
        v: solution.column_prices.clone(),
        fixed: vec![false; problem.rows()],
        forbidden: BTreeMap::new(),
        exits: Vec::new(),
    };
    graph.prepare();
    graph
}

/// By how much the objective grows if `row` must have `column` (`None`: must stay open). `None` if no
/// solution has that. Exact, by one search.
pub fn force_cost(problem: &Problem, solution: &Assignment, row: u32, column: Option<u32>) -> Option<i64> {
    let own = solution.columns.get(row as usize)?;
    if *own == column {
        return Some(0);
    }
    let graph = residual(problem, solution);
    let choice = column.unwrap_or(NONE);
    let (_, cost) = graph.choices(row as usize).find(|c| c.0 == choice)?;
    let back = graph.search(&mut Ways::default(), graph.node(choice), row as usize, i64::MAX)?;
    Some(cost + back)
}

/// By how much the objective grows if `row` must not have `column` (`None`: must not stay open).
/// `None` if every solution has that. Exact, by one search.
pub fn forbid_cost(problem: &Problem, solution: &Assignment, row: u32, column: Option<u32>) -> Option<i64> {
    if solution.columns.get(row as usize).is_none_or(|own| *own != column) {
        return Some(0);
    }
    let graph = residual(problem, solution);
    graph.search(&mut Ways::default(), row as usize, graph.node(column.unwrap_or(NONE)), i64::MAX)
}

/// By how much searches reach further when none has found a cycle.
const WIDER: i64 = 4;

/// Part of all solutions: its best one, and the way to its second best.
struct Part<'a> {
    graph: Residual<'a>,
    cost: i128,
    /// The row from which the shortest cycle was found, and its length.
    second: Option<(usize, i64)>,
}

impl Part<'_> {
    /// Objective of the second best.
    fn next(&self) -> Option<i128> {
        self.second.map(|(_, length)| self.cost + i128::from(length))
    }

    /// The shortest cycle. A cycle leaves some row by a choice it does not have and comes back to the
    /// row's own choice by another arc: where the least two such arcs are too long together, no search
    /// is needed.
    fn look(&mut self, ways: &mut Ways) {
        self.graph.prepare();
        let graph = &self.graph;
        let mut into: Vec<i64> = (0..graph.rows.len())
            .map(|column| if graph.problem.must_place(column) { i64::MAX / 2 } else { -graph.v[column] })
            .collect();
        let mut rows: Vec<(i64, usize)> = Vec::new();
        for row in (0..graph.columns.len()).filter(|row| !graph.fixed[*row]) {
            let mut least = i64::MAX / 2;
            for (choice, cost) in graph.choices(row) {
                least = least.min(cost);
                if choice != NONE {
                    let into = &mut into[choice as usize];
                    *into = cost.min(*into);
                }
            }
            if least < i64::MAX / 2 {
                rows.push((least, row));
            }
        }
        for (least, row) in &mut rows {
            if graph.columns[*row] != NONE {
                *least += into[graph.columns[*row] as usize];
            }
        }
        rows.sort_unstable();
        // Searches within a short reach are cheap: it grows only when none finds anything and some end there.
        let mut reach = rows.first().map_or(0, |(least, _)| *least).max(1);
        let mut second = None;
        let mut is_cut = true;
        while second.is_none() && is_cut && reach < i64::MAX {
            reach = reach.saturating_mul(WIDER);
            let mut limit = reach;
            is_cut = false;
            // What all cycles through a node cannot better, no other search has to pass again.
            ways.free_all();
            if let Some(length) = graph.search(ways, graph.end(), graph.end(), limit) {
                limit = length;
                second = Some((graph.row_before_end(ways), length));
            }
            is_cut |= ways.is_cut();
            ways.bar(graph.end());
            for &(least, row) in &rows {
                if least >= limit {
                    is_cut |= least < i64::MAX / 2;
                    break;
                }
                let partner = graph.node(graph.columns[row]);
                if partner != graph.end()
                    && let Some(length) = graph.search(ways, row, partner, limit)
                {
                    limit = length;
                    second = Some((row, length));
                }
                is_cut |= ways.is_cut();
                ways.bar(row);
            }
        }
        ways.free_all();
        self.second = second;
    }
}

/// The `count` best whole solutions, the given optimum among them: for each its objective and each row's
/// column. Fewer if there are not so many. Those of equal objective stand in the order of their
/// columns; which of them come last when not all fit is arbitrary, but always the same.
///
/// K. G. Murty's ranking (*Operations Research* 16, 1968, 682–687) with the binary splitting of H. W.
/// Hamacher and M. Queyranne (*Annals of Operations Research* 4, 1985, 123–143): the part that holds a
/// solution and its second best is split at one row where they differ, and the prices of both halves
/// are at hand (C. R. Chegireddy and H. W. Hamacher, *Discrete Applied Mathematics* 18, 1987, 155–165).
pub fn k_best(problem: &Problem, solution: &Assignment, count: usize) -> Vec<(i128, Vec<Option<u32>>)> {
    let mut found = vec![(solution.objective, solution.columns.clone())];
    let mut ways = Ways::default();
    let mut first = Part { graph: residual(problem, solution), cost: solution.objective, second: None };
    first.look(&mut ways);
    let mut parts: Vec<Option<Part>> = vec![Some(first)];
    let mut queue = BinaryHeap::new();
    queue.extend(parts.iter().flatten().filter_map(Part::next).map(|cost| Reverse((cost, 0))));
    while found.len() < count {
        let Some(Reverse((cost, at))) = queue.pop() else { break };
        let Some(mut stays) = parts[at].take() else { continue };
        let Some((row, length)) = stays.second else { continue };
        // The half that has the second best: the old choice of the row is forbidden.
        let mut turned = Part { graph: stays.graph.clone(), cost, second: None };
        let partner = turned.graph.node(turned.graph.columns[row]);
        turned.graph.search(&mut ways, row, partner, length + 1);
        turned.graph.turn(&ways, row, length);
        let columns = turned.graph.columns.iter().map(|c| (*c != NONE).then_some(*c)).collect();
        found.push((cost, columns));
        stays.graph.fixed[row] = true;
        for mut part in [stays, turned] {
            part.look(&mut ways);
            queue.extend(part.next().map(|cost| Reverse((cost, parts.len()))));
            parts.push(Some(part));
        }
    }
    found.truncate(count);
    found.sort();
    found
}
