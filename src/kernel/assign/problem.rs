//! The instance: a bipartite graph, what each row asks for staying open, and which columns must
//! be placed.

use std::sync::OnceLock;

use super::side::{Arc, Cost, Side};

/// No partner.
pub(super) const NONE: u32 = u32::MAX;

/// Staying without a partner is not allowed. As a price it lies above all that occur.
pub(super) const NEVER: i64 = i64::MAX / 4;

/// Largest magnitude of a cost or open price; see [`Problem::checked`] for the sums.
pub(super) const LIMIT: i64 = i64::MAX / 32;

/// Why an instance cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignError {
    /// An edge names a row or column that does not exist.
    #[error("edge {edge} joins row {row} and column {column}, but there are {rows} rows and {columns} columns")]
    OutOfRange { edge: usize, row: u32, column: u32, rows: usize, columns: usize },
    /// A row that does not exist.
    #[error("there is no row {row}, only {rows} rows")]
    Row { row: u32, rows: usize },
    /// A cost is too large for exact arithmetic.
    #[error("cost {0} is outside ±{LIMIT}, the range of exact arithmetic")]
    Overflow(i64),
    /// With rows or columns that must be placed, prices add up along whole chains.
    #[error("chains of {nodes} rows and columns with costs up to {largest} leave the range of exact arithmetic")]
    Chains { nodes: usize, largest: i64 },
    /// More rows, columns or edges than 32-bit indices hold.
    #[error("{0} rows, columns or edges are more than 32-bit indices hold")]
    TooMany(usize),
    /// The compressed rows contradict themselves.
    #[error("the compressed rows are inconsistent: {0}")]
    Csr(&'static str),
    /// A list has another length than there are rows, columns or edges.
    #[error("{given} values for {wanted} {what}")]
    Length { what: &'static str, given: usize, wanted: usize },
}

/// Both sides with one width of costs; columns are made when somebody first looks from there.
#[derive(Clone, Debug)]
pub(super) struct Sides<C> {
    pub rows: Side<C>,
    transposed: OnceLock<Side<C>>,
    columns: usize,
}

impl<C: Cost> Sides<C> {
    fn new(rows: Side<C>, columns: usize) -> Sides<C> {
        Sides { rows, transposed: OnceLock::new(), columns }
    }

    /// Both sides; the columns' if it was made already.
    pub fn both(&mut self) -> (&mut Side<C>, Option<&mut Side<C>>) {
        (&mut self.rows, self.transposed.get_mut())
    }

    pub fn widened(&self) -> Sides<i64> {
        let arcs = self.rows.arcs.iter().map(|arc| Arc { head: arc.head, cost: arc.cost.into() }).collect();
        Sides::new(Side { starts: self.rows.starts.clone(), arcs }, self.columns)
    }

    pub fn columns(&self) -> &Side<C> {
        self.transposed.get_or_init(|| self.rows.transpose(self.columns))
    }
}

#[derive(Clone, Debug)]
pub(super) enum Store {
    Narrow(Sides<i32>),
    Wide(Sides<i64>),
}

/// Runs the same code for both widths of costs.
macro_rules! with_sides {
    ($problem:expr, $sides:ident => $body:expr) => {
        match &$problem.store {
            $crate::kernel::assign::problem::Store::Narrow($sides) => $body,
            $crate::kernel::assign::problem::Store::Wide($sides) => $body,
        }
    };
}
pub(super) use with_sides;

/// An instance: rows, columns, edges with integer costs, the open price of each row (or that it
/// must be filled), and which columns must be placed.
#[derive(Clone, Debug)]
pub struct Problem {
    pub(super) store: Store,
    common_open: i64,
    /// No cost is less; changes only lower it.
    pub(super) least: i64,
    /// Price of leaving a row open; [`NEVER`] if it must be filled.
    pub(super) open: Vec<i64>,
    /// Price of leaving a column unused: 0, or [`NEVER`] if it must be placed.
    pub(super) unused: Vec<i64>,
}

impl Problem {
    /// From an edge list in any order: (row, column, cost). Of parallel edges the cheapest counts.
    /// Every row may stay open at `open_price`, every column may stay unused.
    ///
    /// # Errors
    /// An index out of range, a cost beyond exact arithmetic, or too many edges.
    pub fn new(
        rows: usize,
        columns: usize,
        edges: &[(u32, u32, i64)],
        open_price: i64,
    ) -> Result<Problem, AssignError> {
        limit(&[rows, columns, edges.len()])?;
        let mut starts = vec![0u32; rows + 2];
        for (edge, &(row, column, _)) in edges.iter().enumerate() {
            if row as usize >= rows || column as usize >= columns {
                return Err(AssignError::OutOfRange { edge, row, column, rows, columns });
            }
            starts[row as usize + 2] += 1;
        }
        for at in 0..rows {
            starts[at + 2] += starts[at + 1];
        }
        // Scattered by row, then each row in order of columns; `starts` is one ahead meanwhile.
        let mut sorted = vec![(0u32, 0i64); edges.len()];
        for &(row, column, cost) in edges {
            let at = &mut starts[row as usize + 1];
            sorted[*at as usize] = (column, cost);
            *at += 1;
        }
        let (mut heads, mut costs) = (Vec::with_capacity(edges.len()), Vec::with_capacity(edges.len()));
        let mut begin = 0;
        for row in 0..rows {
            let end = starts[row + 1] as usize;
            let of = &mut sorted[begin..end];
            of.sort_unstable();
            starts[row] = heads.len() as u32;
            let mut last = NONE;
            for &(column, cost) in of.iter() {
                if column != last {
                    heads.push(column);
                    costs.push(cost);
                    last = column;
                }
            }
            begin = end;
        }
        starts[rows] = heads.len() as u32;
        starts.truncate(rows + 1);
        Problem::from_csr(columns, starts, heads, costs, open_price)
    }

    /// From compressed rows: `starts` has one entry more than there are rows, and the heads of a
    /// row ascend strictly. Every row may stay open at `open_price`, every column unused.
    ///
    /// # Errors
    /// See [`Problem::new`]; also arrays that do not fit each other.
    pub fn from_csr(
        columns: usize,
        starts: Vec<u32>,
        heads: Vec<u32>,
        costs: Vec<i64>,
        open_price: i64,
    ) -> Result<Problem, AssignError> {
        limit(&[starts.len(), columns, heads.len()])?;
        if starts.first() != Some(&0) || starts.last().copied() != Some(heads.len() as u32) {
            return Err(AssignError::Csr("starts must run from 0 to the number of edges"));
        }
        if heads.len() != costs.len() {
            return Err(AssignError::Csr("there must be one cost for each head"));
        }
        if starts.windows(2).any(|w| w[0] > w[1]) {
            return Err(AssignError::Csr("starts must not descend"));
        }
        let rows = starts.len() - 1;
        for (row, bounds) in starts.windows(2).enumerate() {
            let of = &heads[bounds[0] as usize..bounds[1] as usize];
            if of.windows(2).any(|w| w[0] >= w[1]) {
                return Err(AssignError::Csr("the heads of a row must ascend"));
            }
            if let Some(&column) = of.last().filter(|c| **c as usize >= columns) {
                let edge = bounds[1] as usize - 1;
                return Err(AssignError::OutOfRange { edge, row: row as u32, column, rows, columns });
            }
        }
        let (low, high) = costs.iter().fold((open_price, open_price), |(l, h), c| (l.min(*c), h.max(*c)));
        if low < -LIMIT || high > LIMIT {
            return Err(AssignError::Overflow(if low < -LIMIT { low } else { high }));
        }
        let narrow = low >= i64::from(i32::MIN) && costs.iter().all(|c| *c <= i64::from(i32::MAX));
        let store = if narrow {
            Store::Narrow(Sides::new(zip(starts, heads, costs), columns))
        } else {
            Store::Wide(Sides::new(zip(starts, heads, costs), columns))
        };
        let (open, unused) = (vec![open_price; rows], vec![0; columns]);
        Ok(Problem { store, common_open: open_price, least: low, open, unused })
    }

    /// Gives every row its own open price; `None`: the row must be filled.
    ///
    /// # Errors
    /// Another number of prices than rows, or prices beyond exact arithmetic.
    pub fn with_open_prices(mut self, prices: &[Option<i64>]) -> Result<Problem, AssignError> {
        if prices.len() != self.rows() {
            return Err(AssignError::Length { what: "rows", given: prices.len(), wanted: self.rows() });
        }
        if let Some(price) = prices.iter().flatten().find(|price| **price < -LIMIT || **price > LIMIT) {
            return Err(AssignError::Overflow(*price));
        }
        self.open = prices.iter().map(|p| p.unwrap_or(NEVER)).collect();
        self.checked()
    }

    /// Says of every column whether it must be placed (its price is then free in sign).
    ///
    /// # Errors
    /// Another number of values than columns, or costs too large for prices that add up.
    pub fn with_must_place(mut self, must: &[bool]) -> Result<Problem, AssignError> {
        if must.len() != self.columns() {
            return Err(AssignError::Length { what: "columns", given: must.len(), wanted: self.columns() });
        }
        self.unused = must.iter().map(|must| if *must { NEVER } else { 0 }).collect();
        self.checked()
    }

    /// Refuses chains that could leave the range of exact arithmetic. Where everything may stay without a
    /// partner, prices lie between costs and open prices; where something must be placed, they add
    /// up along alternating paths.
    pub(super) fn checked(self) -> Result<Problem, AssignError> {
        self.chains(0)?;
        Ok(self)
    }

    /// Whether prices stay in range along chains, also with another cost of magnitude `further`.
    pub(super) fn chains(&self, further: i64) -> Result<(), AssignError> {
        if !self.has_musts() {
            return Ok(());
        }
        let nodes = self.rows() + self.columns() + 2;
        let open = self.open.iter().filter(|p| **p != NEVER).map(|p| p.abs()).max().unwrap_or(0);
        let largest = self.largest_cost().max(open).max(further);
        if i128::from(largest) * nodes as i128 * 2 > i128::from(LIMIT) {
            return Err(AssignError::Chains { nodes, largest });
        }
        Ok(())
    }

    /// Whether any row must be filled or any column must be placed.
    pub fn has_musts(&self) -> bool {
        self.open.contains(&NEVER) || self.unused.contains(&NEVER)
    }

    fn largest_cost(&self) -> i64 {
        with_sides!(self, sides => sides.rows.costs().map(i64::abs).max().unwrap_or(0))
    }

    /// The instance with those edges only that `keep` wants (row, column); open prices start anew
    /// from the common one, and no column must be placed.
    pub(super) fn filtered(&self, keep: impl Fn(usize, usize) -> bool) -> Result<Problem, AssignError> {
        let (mut starts, mut heads, mut costs) = (vec![0], Vec::new(), Vec::new());
        for row in 0..self.rows() {
            for (column, cost) in self.row(row).filter(|(column, _)| keep(row, *column)) {
                heads.push(column as u32);
                costs.push(cost);
            }
            starts.push(heads.len() as u32);
        }
        Problem::from_csr(self.columns(), starts, heads, costs, self.common_open)
    }

    /// The instance with another's open prices and columns that must be placed.
    pub(super) fn asking_like(mut self, other: &Problem) -> Problem {
        self.open.clone_from(&other.open);
        self.unused.clone_from(&other.unused);
        self
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.open.len()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.unused.len()
    }

    /// Number of edges, parallel ones counted once.
    pub fn edges(&self) -> usize {
        with_sides!(self, sides => sides.rows.arcs.len())
    }

    /// The open price given at the start, which holds for every row that was not given its own.
    pub fn open_price(&self) -> i64 {
        self.common_open
    }

    /// Price of leaving a row open; `None` if it must be filled.
    pub fn open_price_of(&self, row: usize) -> Option<i64> {
        Some(self.open[row]).filter(|p| *p != NEVER)
    }

    /// Whether a column must be placed.
    pub fn must_place(&self, column: usize) -> bool {
        self.unused[column] == NEVER
    }

    /// A row's edges in order of column: (column, cost).
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let (narrow, wide) = match &self.store {
            Store::Narrow(sides) => (Some(sides.rows.edges(row)), None),
            Store::Wide(sides) => (None, Some(sides.rows.edges(row))),
        };
        narrow.into_iter().flatten().chain(wide.into_iter().flatten())
    }

    /// A column's edges in order of row: (row, cost).
    pub fn column(&self, column: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let (narrow, wide) = match &self.store {
            Store::Narrow(sides) => (Some(sides.columns().edges(column)), None),
            Store::Wide(sides) => (None, Some(sides.columns().edges(column))),
        };
        narrow.into_iter().flatten().chain(wide.into_iter().flatten())
    }

    /// Cost of an edge, if it exists.
    pub fn cost(&self, row: usize, column: u32) -> Option<i64> {
        with_sides!(self, sides => sides.rows.cost(row, column))
    }
}

fn zip<C: Cost>(starts: Vec<u32>, heads: Vec<u32>, costs: Vec<i64>) -> Side<C> {
    let arcs = heads.iter().zip(&costs).map(|(head, cost)| Arc { head: *head, cost: C::store(*cost) }).collect();
    Side { starts, arcs }
}

fn limit(counts: &[usize]) -> Result<(), AssignError> {
    match counts.iter().find(|n| **n >= NONE as usize) {
        Some(count) => Err(AssignError::TooMany(*count)),
        None => Ok(()),
    }
}
