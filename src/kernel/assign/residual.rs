//! Shortest ways in the residual graph of a solution.
//!
//! Nodes are rows, columns and `end`, where a row stays open or a column stays unused. Arcs with
//! their reduced costs, all at least 0: row → column for edges that are not chosen, `cost − u − v`;
//! column → its row, 0; filled row → end, `open − u`; unused column → end, 0; end → used column, `−v`;
//! end → open row, 0. Every cycle leads to another solution that costs its length more.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::problem::{NEVER, NONE, Problem};

/// A solution with its prices, some rows that may not change, and choices that are forbidden.
#[derive(Clone, Debug)]
pub(super) struct Residual<'a> {
    pub problem: &'a Problem,
    /// For each row its column, [`NONE`] if open.
    pub columns: Vec<u32>,
    /// For each column its row, [`NONE`] if unused.
    pub rows: Vec<u32>,
    pub u: Vec<i64>,
    pub v: Vec<i64>,
    pub fixed: Vec<bool>,
    /// For a row the columns it may not have; [`NONE`]: it may not be open.
    pub forbidden: BTreeMap<u32, Vec<u32>>,
    /// The arcs out of the end: length and node, ascending. Made by [`Residual::prepare`].
    pub exits: Vec<(i64, u32)>,
}

/// Distances and ways of one search.
#[derive(Default)]
pub(super) struct Ways {
    stamp: u32,
    seen: Vec<u32>,
    done: Vec<u32>,
    distance: Vec<i64>,
    before: Vec<u32>,
    /// Nodes that no way may pass.
    barred: Vec<bool>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    cut: bool,
}

impl Ways {
    /// Bars a node from all searches up to [`Ways::free_all`].
    pub fn bar(&mut self, node: usize) {
        self.barred[node] = true;
    }

    pub fn free_all(&mut self) {
        self.barred.fill(false);
    }

    /// Whether the last search left out anything because it was too far away.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    fn begin(&mut self, nodes: usize) {
        if self.seen.len() != nodes || self.stamp == u32::MAX {
            let barred = std::mem::take(&mut self.barred);
            *self = Ways { seen: vec![0; nodes], done: vec![0; nodes], ..Ways::default() };
            self.distance = vec![0; nodes];
            self.before = vec![NONE; nodes];
            self.barred = if barred.len() == nodes { barred } else { vec![false; nodes] };
        }
        self.stamp += 1;
        self.heap.clear();
        self.cut = false;
    }

    fn relax(&mut self, node: usize, from: usize, length: i64, limit: i64) {
        let known = self.seen[node] == self.stamp && length >= self.distance[node];
        if known || self.barred[node] {
            return;
        }
        self.cut |= length >= limit;
        if length < limit {
            self.seen[node] = self.stamp;
            self.distance[node] = length;
            self.before[node] = from as u32;
            self.heap.push(Reverse((length, node as u32)));
        }
    }

    /// Distance of a node that the last search settled.
    pub fn settled(&self, node: usize) -> Option<i64> {
        (self.done[node] == self.stamp).then(|| self.distance[node])
    }

    /// The node before on the shortest way.
    pub fn before(&self, node: usize) -> usize {
        self.before[node] as usize
    }
}

impl Residual<'_> {
    pub fn end(&self) -> usize {
        self.columns.len() + self.rows.len()
    }

    /// A column as a node; [`NONE`] is the end.
    pub fn node(&self, column: u32) -> usize {
        if column == NONE { self.end() } else { self.columns.len() + column as usize }
    }

    /// The arcs of a row to choices it does not have: column (or [`NONE`]) and reduced cost.
    pub fn choices(&self, row: usize) -> impl Iterator<Item = (u32, i64)> + '_ {
        let own = self.columns[row];
        let forbidden = self.forbidden.get(&(row as u32)).map_or(&[] as &[u32], Vec::as_slice);
        let open = (self.problem.open[row] != NEVER).then(|| (NONE, self.problem.open[row] - self.u[row]));
        let edges = self.problem.row(row).map(move |(c, cost)| (c as u32, cost - self.u[row] - self.v[c]));
        edges.chain(open).filter(move |(choice, _)| *choice != own && !forbidden.contains(choice))
    }

    /// Before the first search and after every change.
    pub fn prepare(&mut self) {
        let rows = self.columns.len();
        let open = (0..rows).filter(|r| self.columns[*r] == NONE && !self.fixed[*r]).map(|r| (0, r as u32));
        let used = self.rows.iter().enumerate().filter(|(c, r)| **r != NONE && self.problem.unused[*c] != NEVER);
        self.exits = open.chain(used.map(|(c, _)| (-self.v[c], (rows + c) as u32))).collect();
        self.exits.sort_unstable();
    }

    /// Length of the shortest way from one node to another, or of the shortest cycle if both are the same,
    /// if it is below `limit` and passes no barred node. All nodes nearer than the target are settled then.
    pub fn search(&self, ways: &mut Ways, from: usize, to: usize, limit: i64) -> Option<i64> {
        ways.begin(self.end() + 1);
        if from == to {
            self.leave(ways, from, 0, limit);
        } else {
            ways.relax(from, from, 0, limit);
        }
        while let Some(Reverse((length, node))) = ways.heap.pop() {
            let node = node as usize;
            if std::mem::replace(&mut ways.done[node], ways.stamp) == ways.stamp {
                continue;
            }
            if node == to {
                return Some(length);
            }
            self.leave(ways, node, length, limit);
        }
        None
    }

    /// The arcs out of a node that was reached at `length`.
    fn leave(&self, ways: &mut Ways, node: usize, length: i64, limit: i64) {
        let rows = self.columns.len();
        if node < rows {
            for (choice, cost) in self.choices(node) {
                ways.relax(self.node(choice), node, length + cost, limit);
            }
        } else if node < self.end() {
            match self.rows[node - rows] {
                NONE => ways.relax(self.end(), node, length, limit),
                row if self.fixed[row as usize] => {}
                row => ways.relax(row as usize, node, length, limit),
            }
        } else {
            for &(cost, to) in &self.exits {
                ways.relax(to as usize, node, length + cost, limit);
                if cost >= limit - length {
                    break;
                }
            }
        }
    }

    /// A row on the cycle through the end that the last search found.
    pub fn row_before_end(&self, ways: &Ways) -> usize {
        let before = ways.before(self.end());
        // A column has no arc but to its row or, unused, to the end: a row comes before it.
        if before < self.columns.len() { before } else { ways.before(before) }
    }

    /// Follows the cycle that the last search from row `from` to its own partner found, and moves
    /// the prices so that they prove the new solution where the old choice of `from` is forbidden.
    pub fn turn(&mut self, ways: &Ways, from: usize, length: i64) {
        let rows = self.columns.len();
        let shift = |node: usize| ways.settled(node).map_or(length, |d| d.min(length));
        let anchor = shift(self.end());
        for row in 0..rows {
            self.u[row] -= shift(row) - anchor;
        }
        for column in 0..self.rows.len() {
            self.v[column] += shift(rows + column) - anchor;
        }
        let old = self.columns[from];
        self.forbidden.entry(from as u32).or_default().push(old);
        let mut changed = Vec::new();
        let mut node = self.node(old);
        loop {
            let before = ways.before(node);
            if before < rows {
                changed.push((before, if node == self.end() { NONE } else { (node - rows) as u32 }));
            }
            if before == from {
                break;
            }
            node = before;
        }
        for &(row, _) in &changed {
            if self.columns[row] != NONE {
                self.rows[self.columns[row] as usize] = NONE;
            }
        }
        for (row, column) in changed {
            self.columns[row] = column;
            if column != NONE {
                self.rows[column as usize] = row as u32;
            }
        }
        // An unused column beyond the search's reach was moved with the rest; 0 is right as well.
        for (price, row) in self.v.iter_mut().zip(&self.rows) {
            if *row == NONE {
                *price = 0;
            }
        }
    }
}
