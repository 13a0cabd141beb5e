//! The instance: a bipartite graph in compressed rows, and the same by columns.

/// No partner.
pub(super) const NONE: u32 = u32::MAX;

/// Largest magnitude of a cost or open price: prices stay below twice it, distances below eight
/// times it, so that nothing can overflow.
pub(super) const LIMIT: i64 = i64::MAX / 32;

/// Why an instance cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignError {
    /// An edge names a row or column that does not exist.
    #[error("edge {edge} joins row {row} and column {column}, but there are {rows} rows and {columns} columns")]
    OutOfRange { edge: usize, row: u32, column: u32, rows: usize, columns: usize },
    /// A cost is too large for exact arithmetic.
    #[error("cost {0} is outside ±{LIMIT}, the range of exact arithmetic")]
    Overflow(i64),
    /// More rows, columns or edges than 32-bit indices hold.
    #[error("{0} rows, columns or edges are more than 32-bit indices hold")]
    TooMany(usize),
    /// The compressed rows contradict themselves.
    #[error("the compressed rows are inconsistent: {0}")]
    Csr(&'static str),
}

/// One side of the graph: for each node its edges, and what staying without a partner costs.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub starts: Vec<u32>,
    pub heads: Vec<u32>,
    pub costs: Vec<i64>,
    pub open: i64,
}

impl Side {
    pub fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// Positions of a node's edges.
    pub fn range(&self, node: usize) -> std::ops::Range<usize> {
        self.starts[node] as usize..self.starts[node + 1] as usize
    }

    /// A node's edges: head and cost.
    pub fn edges(&self, node: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let range = self.range(node);
        self.heads[range.clone()].iter().zip(&self.costs[range]).map(|(h, c)| (*h as usize, *c))
    }

    /// Cost of the edge to `head`, if there is one.
    pub fn cost(&self, node: usize, head: u32) -> Option<i64> {
        let range = self.range(node);
        let at = self.heads[range.clone()].binary_search(&head).ok()?;
        Some(self.costs[range][at])
    }

    /// The same edges from the other side.
    fn transpose(&self, columns: usize, open: i64) -> Side {
        let mut starts = vec![0u32; columns + 1];
        for head in &self.heads {
            starts[*head as usize + 1] += 1;
        }
        for at in 0..columns {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut heads = vec![0u32; self.heads.len()];
        let mut costs = vec![0i64; self.heads.len()];
        for row in 0..self.nodes() {
            for (column, cost) in self.edges(row) {
                let at = next[column] as usize;
                heads[at] = row as u32;
                costs[at] = cost;
                next[column] += 1;
            }
        }
        Side { starts, heads, costs, open }
    }
}

/// An instance: rows, columns, edges with integer costs, and the price of an open row.
#[derive(Clone, Debug)]
pub struct Problem {
    pub(super) rows: Side,
    pub(super) columns: Side,
}

impl Problem {
    /// From an edge list in any order: (row, column, cost). Of parallel edges the cheapest counts.
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
        for (edge, &(row, column, _)) in edges.iter().enumerate() {
            if row as usize >= rows || column as usize >= columns {
                return Err(AssignError::OutOfRange { edge, row, column, rows, columns });
            }
        }
        let mut sorted = edges.to_vec();
        sorted.sort_unstable();
        sorted.dedup_by_key(|&mut (row, column, _)| (row, column));
        let mut starts = vec![0u32; rows + 1];
        for &(row, _, _) in &sorted {
            starts[row as usize + 1] += 1;
        }
        for at in 0..rows {
            starts[at + 1] += starts[at];
        }
        let heads = sorted.iter().map(|e| e.1).collect();
        let costs = sorted.iter().map(|e| e.2).collect();
        Problem::finish(Side { starts, heads, costs, open: open_price }, columns)
    }

    /// From compressed rows: `starts` has one entry more than there are rows, and the heads of a
    /// row ascend strictly.
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
        for (row, bounds) in starts.windows(2).enumerate() {
            let of = &heads[bounds[0] as usize..bounds[1] as usize];
            if of.windows(2).any(|w| w[0] >= w[1]) {
                return Err(AssignError::Csr("the heads of a row must ascend"));
            }
            if let Some(&column) = of.last().filter(|c| **c as usize >= columns) {
                let edge = bounds[1] as usize - 1;
                let rows = starts.len() - 1;
                return Err(AssignError::OutOfRange { edge, row: row as u32, column, rows, columns });
            }
        }
        Problem::finish(Side { starts, heads, costs, open: open_price }, columns)
    }

    fn finish(rows: Side, columns: usize) -> Result<Problem, AssignError> {
        let beyond = |cost: &&i64| **cost < -LIMIT || **cost > LIMIT;
        if let Some(cost) = rows.costs.iter().chain(std::iter::once(&rows.open)).find(beyond) {
            return Err(AssignError::Overflow(*cost));
        }
        let columns = rows.transpose(columns, 0);
        Ok(Problem { rows, columns })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows.nodes()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns.nodes()
    }

    /// Number of edges, parallel ones counted once.
    pub fn edges(&self) -> usize {
        self.rows.heads.len()
    }

    /// Price of a row that stays open.
    pub fn open_price(&self) -> i64 {
        self.rows.open
    }

    /// A row's edges in order of column: (column, cost).
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        self.rows.edges(row)
    }

    /// Cost of an edge, if it exists.
    pub fn cost(&self, row: usize, column: u32) -> Option<i64> {
        self.rows.cost(row, column)
    }
}

fn limit(counts: &[usize]) -> Result<(), AssignError> {
    match counts.iter().find(|n| **n >= NONE as usize) {
        Some(count) => Err(AssignError::TooMany(*count)),
        None => Ok(()),
    }
}
