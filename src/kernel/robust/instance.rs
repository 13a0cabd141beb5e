//! Pairs with components, and scenarios that weigh them.

use super::bounds::Bounds;
use crate::kernel::assign::{AssignError, ClassError, Infeasible, NO_LEVEL, Problem, solve_by_classes};
use crate::kernel::quota::QuotaProblem;

/// Why robustness cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RobustError {
    /// An edge names a row or column that does not exist.
    #[error("edge {edge} joins row {row} and column {column}, but there are {rows} rows and {columns} columns")]
    OutOfRange { edge: usize, row: u32, column: u32, rows: usize, columns: usize },
    /// The same edge is listed twice.
    #[error("edge {edge} joins row {row} and column {column} for the second time; list each edge once")]
    Twice { edge: usize, row: u32, column: u32 },
    /// The components are not a table of edges × components.
    #[error("{parts} components for {edges} edges of {each} each")]
    Parts { parts: usize, edges: usize, each: usize },
    /// A scenario does not fit the instance.
    #[error("a scenario has {weights} weights and {noises} noises for {components} components and {columns} columns")]
    Scenario { weights: usize, noises: usize, components: usize, columns: usize },
    /// A fit, or a sum of fits over the scenarios, is beyond exact arithmetic.
    #[error("a fit, or its sum over all scenarios, reaches {0}, beyond exact arithmetic; use a coarser grid")]
    Overflow(i128),
    /// No scenario, so nothing to be robust against.
    #[error("robustness needs at least one scenario")]
    NoScenario,
    /// The solution to be examined has a pair without an edge, a column twice, a row open that must
    /// be filled, or another length.
    #[error("the solution to be examined does not fit the edges at row {row}")]
    Solution { row: usize },
    /// Quotas are of other pairs, or the solution given does not keep them.
    #[error("the quotas are of other pairs, or the solution does not keep them")]
    Bounds,
    /// The assignment could not be set up.
    #[error(transparent)]
    Assign(#[from] AssignError),
    /// Rows that must be filled or columns that must be placed cannot all be.
    #[error(transparent)]
    Infeasible(#[from] Infeasible),
}

/// One way in which weights and appraisals may come out. The fit of a pair is
/// Σ weight · component + the noise of its column, in integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// One weight for each component.
    pub weights: Vec<i64>,
    /// One number for each column, or none at all.
    pub noise: Vec<i64>,
}

/// Rows and columns, edges with components, what a row counts that stays open or that it must be
/// filled, and which columns must be placed.
#[derive(Clone, Debug)]
pub struct Instance {
    columns: usize,
    /// Compressed rows, heads ascending.
    starts: Vec<u32>,
    heads: Vec<u32>,
    /// Edges × components, in the order of `heads`.
    parts: Vec<i32>,
    components: usize,
    /// For each row; `None` if it must be filled.
    open_values: Vec<Option<i64>>,
    /// For each column whether it must be placed; empty if none must.
    must: Vec<bool>,
    /// For each edge its number in the input, and how many there were.
    source: Vec<u32>,
    given: usize,
    /// For each component the largest magnitude.
    widest: Vec<i128>,
    /// What every solution keeps besides.
    pub(super) bounds: Option<Bounds>,
}

/// Largest magnitude of a scenario's fits: leaves room for the tie-break of the re-solve.
const LIMIT: i128 = i64::MAX as i128 / 32;

impl Instance {
    /// From an edge list (row, column) in any order, with `parts` row-major: edges × components.
    /// `open_value` is what a row that stays open adds to the total fit, in the units of fit; a
    /// number far below all fits fills every row that can be filled.
    ///
    /// # Errors
    /// Edges out of range or twice, or a table of the wrong size.
    pub fn new(
        rows: usize,
        columns: usize,
        edges: &[(u32, u32)],
        parts: &[i32],
        components: usize,
        open_value: i64,
    ) -> Result<Instance, RobustError> {
        if let Some(&count) = [rows, columns, edges.len()].iter().find(|n| **n >= u32::MAX as usize) {
            return Err(AssignError::TooMany(count).into());
        }
        if edges.len().checked_mul(components) != Some(parts.len()) {
            return Err(RobustError::Parts { parts: parts.len(), edges: edges.len(), each: components });
        }
        for (edge, &(row, column)) in edges.iter().enumerate() {
            if row as usize >= rows || column as usize >= columns {
                return Err(RobustError::OutOfRange { edge, row, column, rows, columns });
            }
        }
        let mut source: Vec<u32> = (0..edges.len() as u32).collect();
        source.sort_unstable_by_key(|e| (edges[*e as usize], *e));
        if let Some(twins) = source.windows(2).find(|w| edges[w[0] as usize] == edges[w[1] as usize]) {
            let (row, column) = edges[twins[1] as usize];
            return Err(RobustError::Twice { edge: twins[1] as usize, row, column });
        }
        let mut starts = vec![0u32; rows + 1];
        for (row, _) in edges {
            starts[*row as usize + 1] += 1;
        }
        for at in 0..rows {
            starts[at + 1] += starts[at];
        }
        let of = |edge: &u32| &parts[*edge as usize * components..(*edge as usize + 1) * components];
        let mut widest = vec![0i128; components];
        for (at, part) in parts.iter().enumerate() {
            let most = &mut widest[at % components];
            *most = (*most).max(i128::from(part.unsigned_abs()));
        }
        Ok(Instance {
            columns,
            starts,
            heads: source.iter().map(|e| edges[*e as usize].1).collect(),
            parts: source.iter().flat_map(of).copied().collect(),
            components,
            open_values: vec![Some(open_value); rows],
            must: Vec::new(),
            source,
            given: edges.len(),
            widest,
            bounds: None,
        })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of edges that may be chosen.
    pub fn edges(&self) -> usize {
        self.heads.len()
    }

    /// Gives every row its own value of staying open; `None`: the row must be filled.
    ///
    /// # Errors
    /// Another number of values than rows.
    pub fn with_open_values(mut self, values: &[Option<i64>]) -> Result<Instance, RobustError> {
        if values.len() != self.rows() {
            return Err(AssignError::Length { what: "rows", given: values.len(), wanted: self.rows() }.into());
        }
        self.open_values = values.to_vec();
        Ok(self)
    }

    /// Says of every column whether it must be placed.
    ///
    /// # Errors
    /// Another number of values than columns.
    pub fn with_must_place(mut self, must: &[bool]) -> Result<Instance, RobustError> {
        if must.len() != self.columns {
            return Err(AssignError::Length { what: "columns", given: must.len(), wanted: self.columns }.into());
        }
        self.must = must.to_vec();
        Ok(self)
    }

    /// Fills rows class by class before fits count (a class for each row, lower is more important),
    /// in every scenario, without large numbers: which rows and columns share a shortage, and so which
    /// edges the best fillings can use, depends on the edges alone. See
    /// [`solve_by_classes`]. Edges that no best filling uses are never chosen.
    ///
    /// # Errors
    /// Another number of classes than rows, or musts that cannot be met.
    pub fn by_classes(mut self, classes: &[u32]) -> Result<Instance, RobustError> {
        let zeros = vec![0; self.edges()];
        let plain = self.assign(zeros, |open| Ok(open.map(|_| 0)))?;
        let levels = solve_by_classes(plain, classes).map_err(|error| match error {
            ClassError::Instance(error) => RobustError::Assign(error),
            ClassError::Infeasible(error) => RobustError::Infeasible(error),
        })?;
        let (rows, columns) = (&levels.row_levels, &levels.column_levels);
        let mut starts = vec![0];
        let mut kept = Vec::with_capacity(self.edges());
        for (row, level) in rows.iter().enumerate() {
            kept.extend(self.row(row).filter(|e| columns[self.heads[*e] as usize] == *level));
            starts.push(kept.len() as u32);
        }
        self.parts = kept.iter().flat_map(|e| self.parts(*e)).copied().collect();
        self.heads = kept.iter().map(|e| self.heads[*e]).collect();
        self.source = kept.iter().map(|e| self.source[*e]).collect();
        self.starts = starts;
        for (row, value) in self.open_values.iter_mut().enumerate() {
            *value = value.filter(|_| rows[row] == classes[row]);
        }
        let placed = |c: usize| columns[c] != NO_LEVEL || self.must.get(c).is_some_and(|must| *must);
        self.must = (0..self.columns).map(placed).collect();
        Ok(self)
    }

    /// Whether a problem has the same pairs, and nothing beside it binds rows or columns.
    pub(super) fn has_edges_of(&self, problem: &QuotaProblem) -> bool {
        let free = !self.must.contains(&true) && !self.open_values.contains(&None);
        free && problem.columns() == self.columns && problem.graph() == (&self.starts, &self.heads)
    }

    /// What a row adds to the total fit if it stays open; 0 where it must not.
    pub(super) fn open_value(&self, row: usize) -> i64 {
        self.open_values[row].unwrap_or(0)
    }

    pub(super) fn may_stay_open(&self, row: usize) -> bool {
        self.open_values[row].is_some()
    }

    /// Position of an edge in compressed order.
    pub(super) fn edge(&self, row: usize, column: u32) -> Option<usize> {
        let (from, to) = (self.starts[row] as usize, self.starts[row + 1] as usize);
        self.heads[from..to].binary_search(&column).ok().map(|at| from + at)
    }

    /// A row's edges: positions in compressed order.
    pub(super) fn row(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }

    pub(super) fn head(&self, edge: usize) -> u32 {
        self.heads[edge]
    }

    /// The components of an edge.
    pub(super) fn parts(&self, edge: usize) -> &[i32] {
        &self.parts[edge * self.components..(edge + 1) * self.components]
    }

    /// Numbers in compressed order, in the order of the input.
    pub(super) fn in_input_order(&self, numbers: &[u32]) -> Vec<u32> {
        let mut out = vec![0; self.given];
        for (number, &edge) in numbers.iter().zip(&self.source) {
            out[edge as usize] = *number;
        }
        out
    }

    /// Checks a scenario against the instance and exact arithmetic, `times` a multiple of the open
    /// value. Returns a bound on the magnitude of fits.
    pub(super) fn check(&self, scenario: &Scenario, times: i64) -> Result<i128, RobustError> {
        let (weights, noises) = (scenario.weights.len(), scenario.noise.len());
        if weights != self.components || (noises != 0 && noises != self.columns) {
            let (components, columns) = (self.components, self.columns);
            return Err(RobustError::Scenario { weights, noises, components, columns });
        }
        let noise = scenario.noise.iter().map(|n| i128::from(n.unsigned_abs())).max().unwrap_or(0);
        let most = scenario.weights.iter().zip(&self.widest).try_fold(noise, |sum, (weight, widest)| {
            sum.checked_add(i128::from(weight.unsigned_abs()).checked_mul(*widest)?)
        });
        let open = self.open_values.iter().flatten().map(|v| i128::from(v.unsigned_abs())).max().unwrap_or(0);
        let open = open * i128::from(times);
        match most.unwrap_or(i128::MAX).max(open) {
            most if most > LIMIT => Err(RobustError::Overflow(most)),
            most => Ok(most),
        }
    }

    /// How often fits of that magnitude may be added up: the assignment's prices add up along chains
    /// where rows must be filled or columns placed.
    pub(super) fn multiple_of(&self, most: i128) -> i128 {
        let musts = self.must.contains(&true) || self.open_values.contains(&None);
        let chain = if musts { 2 * (self.rows() + self.columns + 2) } else { 2 };
        LIMIT / chain as i128 / most.max(1)
    }

    /// The fit of an edge; the scenario must have been checked.
    pub(super) fn fit(&self, scenario: &Scenario, edge: usize) -> i64 {
        let sum = self.parts(edge).iter().zip(&scenario.weights).map(|(part, weight)| i64::from(*part) * weight);
        sum.sum::<i64>() + scenario.noise.get(self.heads[edge] as usize).copied().unwrap_or(0)
    }

    /// The assignment of a scenario: costs are fits with the sign changed, times `scale`, less 1 on
    /// the edges (compressed positions, ascending) of `keep`; an open row counts `times` times.
    pub(super) fn problem(
        &self,
        scenario: &Scenario,
        times: i64,
        scale: i64,
        keep: &[u32],
    ) -> Result<Problem, RobustError> {
        self.check(scenario, times)?;
        let scaled =
            |fit: i64| fit.checked_mul(-scale).ok_or(RobustError::Overflow(i128::from(fit) * i128::from(scale)));
        let mut costs = (0..self.edges()).map(|e| scaled(self.fit(scenario, e))).collect::<Result<Vec<_>, _>>()?;
        for &edge in keep {
            costs[edge as usize] = costs[edge as usize].saturating_sub(1);
        }
        self.assign(costs, |open| open.map(|value| scaled(value * times)).transpose())
    }

    /// An assignment on the edges.
    fn assign(
        &self,
        costs: Vec<i64>,
        open: impl Fn(Option<i64>) -> Result<Option<i64>, RobustError>,
    ) -> Result<Problem, RobustError> {
        let open = self.open_values.iter().map(|value| open(*value)).collect::<Result<Vec<_>, _>>()?;
        let problem = Problem::from_csr(self.columns, self.starts.clone(), self.heads.clone(), costs, 0)?;
        let problem = problem.with_open_prices(&open)?;
        Ok(if self.must.contains(&true) { problem.with_must_place(&self.must)? } else { problem })
    }
}
