//! Changes to an instance: costs, edges, open prices.

use rayon::prelude::*;

use super::problem::{AssignError, LIMIT, NEVER, Problem, Sides, Store};
use super::side::{Cost, Side};

/// One edge that changes: its row, its column, its new cost; `None`: the edge goes.
pub type Change = (u32, u32, Option<i64>);

/// Fewer changes are not worth a second thread.
const FEW: usize = 1_024;

impl<C: Cost> Sides<C> {
    /// Sets the costs of edges on both sides.
    fn set(&mut self, changes: &[Change]) {
        let (rows, columns) = self.both();
        let mut by_row = || changes.iter().for_each(|&(row, column, cost)| set(rows, row, column, cost));
        let Some(columns) = columns else { return by_row() };
        let mut by_column = || changes.iter().for_each(|&(row, column, cost)| set(columns, column, row, cost));
        if changes.len() < FEW {
            by_row();
            by_column();
        } else {
            rayon::join(by_row, by_column);
        }
    }
}

fn set<C: Cost>(side: &mut Side<C>, node: u32, head: u32, cost: Option<i64>) {
    let at = side.starts[node as usize] as usize..side.starts[node as usize + 1] as usize;
    let arcs = &mut side.arcs[at];
    if let (Some(cost), Ok(found)) = (cost, arcs.binary_search_by_key(&head, |arc| arc.head)) {
        arcs[found].cost = C::store(cost);
    }
}

impl Problem {
    /// Changes costs of edges, adds edges and takes edges away. Of several changes to one edge the
    /// last counts. Costs of edges that exist change in place; otherwise the graph is made anew.
    ///
    /// # Errors
    /// As [`Problem::new`]; the instance is unchanged then.
    pub fn change(&mut self, changes: &[Change]) -> Result<(), AssignError> {
        let (rows, columns) = (self.rows(), self.columns());
        for (edge, &(row, column, cost)) in changes.iter().enumerate() {
            if row as usize >= rows || column as usize >= columns {
                return Err(AssignError::OutOfRange { edge, row, column, rows, columns });
            }
            if let Some(cost) = cost.filter(|c| *c < -LIMIT || *c > LIMIT) {
                return Err(AssignError::Overflow(cost));
            }
        }
        self.chains(changes.iter().filter_map(|c| c.2).map(i64::abs).max().unwrap_or(0))?;
        let least = changes.iter().filter_map(|c| c.2).min().unwrap_or(0);
        let narrow = matches!(self.store, Store::Narrow(_));
        let fits = |cost: i64| !narrow || i32::try_from(cost).is_ok();
        let in_place =
            |&(row, column, cost): &Change| cost.is_some_and(fits) && self.cost(row as usize, column).is_some();
        let in_place =
            if changes.len() < FEW { changes.iter().all(in_place) } else { changes.par_iter().all(in_place) };
        if !in_place {
            return self.rebuild(changes);
        }
        self.least = self.least.min(least);
        match &mut self.store {
            Store::Narrow(sides) => sides.set(changes),
            Store::Wide(sides) => sides.set(changes),
        }
        Ok(())
    }

    fn rebuild(&mut self, changes: &[Change]) -> Result<(), AssignError> {
        let mut sorted: Vec<(usize, Change)> = changes.iter().copied().enumerate().collect();
        sorted.sort_unstable_by_key(|(at, change)| (change.0, change.1, *at));
        let mut next = sorted.iter().map(|(_, change)| *change).peekable();
        let (mut starts, mut heads, mut costs) = (vec![0], Vec::new(), Vec::new());
        for row in 0..self.rows() {
            let mut edges = self.row(row).map(|(column, cost)| (column as u32, cost)).peekable();
            loop {
                let change = next.peek().filter(|c| c.0 as usize == row).copied();
                let (column, cost) = match (edges.peek().copied(), change) {
                    (None, None) => break,
                    (Some((column, cost)), change) if change.is_none_or(|c| column < c.1) => {
                        edges.next();
                        (column, Some(cost))
                    }
                    (edge, change) => {
                        next.next();
                        let Some((_, column, cost)) = change else { break };
                        if next.peek().is_some_and(|c| (c.0 as usize, c.1) == (row, column)) {
                            continue;
                        }
                        if edge.is_some_and(|e| e.0 == column) {
                            edges.next();
                        }
                        (column, cost)
                    }
                };
                if let Some(cost) = cost {
                    heads.push(column);
                    costs.push(cost);
                }
            }
            starts.push(heads.len() as u32);
        }
        let built = Problem::from_csr(self.columns(), starts, heads, costs, self.open_price())?;
        (self.store, self.least) = (built.store, built.least);
        Ok(())
    }

    /// Sets every cost anew: `cost(row, column, old cost)`.
    ///
    /// # Errors
    /// A cost beyond exact arithmetic; the instance is unchanged then.
    pub fn set_costs(&mut self, cost: impl Fn(usize, usize, i64) -> i64) -> Result<(), AssignError> {
        let (mut least, mut most) = (0, 0);
        for row in 0..self.rows() {
            for (column, old) in self.row(row) {
                let new = cost(row, column, old);
                (least, most) = (new.min(least), new.max(most));
            }
        }
        if least < -LIMIT || most > LIMIT {
            return Err(AssignError::Overflow(if least < -LIMIT { least } else { most }));
        }
        self.chains(most.max(-least))?;
        self.least = least;
        match &mut self.store {
            Store::Narrow(sides) if i32::try_from(least).is_ok() && i32::try_from(most).is_ok() => sides.map(cost),
            Store::Narrow(sides) => {
                let mut wide = sides.widened();
                wide.map(cost);
                self.store = Store::Wide(wide);
            }
            Store::Wide(sides) => sides.map(cost),
        }
        Ok(())
    }

    /// Sets a row's open price; `None`: it must be filled.
    ///
    /// # Errors
    /// No such row, or a price beyond exact arithmetic; the instance is unchanged then.
    pub fn set_open_price(&mut self, row: u32, price: Option<i64>) -> Result<(), AssignError> {
        if row as usize >= self.rows() {
            return Err(AssignError::Row { row, rows: self.rows() });
        }
        if let Some(price) = price.filter(|p| *p < -LIMIT || *p > LIMIT) {
            return Err(AssignError::Overflow(price));
        }
        let before = std::mem::replace(&mut self.open[row as usize], price.unwrap_or(NEVER));
        if let Err(error) = self.chains(price.unwrap_or(0).abs()) {
            self.open[row as usize] = before;
            return Err(error);
        }
        Ok(())
    }
}

impl<C: Cost> Sides<C> {
    fn map(&mut self, cost: impl Fn(usize, usize, i64) -> i64) {
        for_each(&mut self.rows, &cost);
        if let Some(columns) = self.both().1 {
            for_each(columns, |column, row, old| cost(row, column, old));
        }
    }
}

fn for_each<C: Cost>(side: &mut Side<C>, cost: impl Fn(usize, usize, i64) -> i64) {
    for node in 0..side.nodes() {
        let at = side.starts[node] as usize..side.starts[node + 1] as usize;
        for arc in &mut side.arcs[at] {
            arc.cost = C::store(cost(node, arc.head as usize, arc.cost.into()));
        }
    }
}
