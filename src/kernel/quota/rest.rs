//! What reduced costs leave of a problem: an edge whose reduced cost exceeds the gap is in no better solution
//! (reduced-cost fixing; G. L. Nemhauser and L. A. Wolsey, *Integer and Combinatorial Optimization*, Wiley
//! 1988, II.5), so the problem shrinks to a core.

use super::engine::Engine;
use super::problem::{Quota, QuotaError, QuotaProblem};

/// What is left to decide, and how it sits in the whole problem.
pub(super) struct Rest {
    pub problem: QuotaProblem,
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// Pairs that are settled; `None` for rows still to decide.
    settled: Vec<Option<Option<u32>>>,
    /// What the settled rows cost.
    pub cost: i128,
}

impl Rest {
    /// Keeps edges and open rows of reduced cost at most `reach` steps.
    pub fn new(engine: &Engine, reach: i128) -> Result<Rest, QuotaError> {
        let problem = engine.problem;
        let (u, v) = (&engine.rows.price, &engine.columns.price);
        let mut kept: Vec<Vec<usize>> = Vec::with_capacity(problem.rows());
        let mut may_open = Vec::with_capacity(problem.rows());
        for (row, u) in u.iter().enumerate() {
            let near = |e: &usize| i128::from(engine.costs[*e] - u - v[problem.heads[*e] as usize]) <= reach;
            kept.push(problem.range(row).filter(near).collect());
            may_open.push(i128::from(engine.open[row] - u) <= reach);
        }
        let mut settled: Vec<Option<Option<u32>>> = vec![None; problem.rows()];
        let mut gone = vec![false; problem.columns];
        loop {
            let mut moved = false;
            for row in (0..problem.rows()).filter(|r| settled[*r].is_none()).collect::<Vec<_>>() {
                kept[row].retain(|e| !gone[problem.heads[*e] as usize]);
                let choice = match (&kept[row][..], may_open[row]) {
                    ([], _) => None,
                    ([edge], false) => Some(problem.heads[*edge]),
                    _ => continue,
                };
                settled[row] = Some(choice);
                choice.into_iter().for_each(|c| gone[c as usize] = true);
                moved = true;
            }
            if !moved {
                break;
            }
        }
        let rows: Vec<u32> = (0..problem.rows() as u32).filter(|r| settled[*r as usize].is_none()).collect();
        let mut columns: Vec<u32> =
            rows.iter().flat_map(|r| kept[*r as usize].iter().map(|e| problem.heads[*e])).collect();
        columns.sort_unstable();
        columns.dedup();
        let place = |list: &[u32], value: &u32| list.binary_search(value).ok().map(|at| at as u32);
        let (mut starts, mut heads, mut costs) = (vec![0u32], Vec::new(), Vec::new());
        for row in &rows {
            for edge in &kept[*row as usize] {
                heads.extend(place(&columns, &problem.heads[*edge]));
                costs.push(problem.costs[*edge]);
            }
            starts.push(heads.len() as u32);
        }
        let open = rows.iter().map(|r| problem.open[*r as usize]).collect();
        let groups = problem.groups.iter().map(|g| g.iter().filter_map(|c| place(&columns, c)).collect()).collect();
        let fixed: Vec<Option<u32>> = settled.iter().map(|s| s.flatten()).collect();
        let sums = problem.sums(&fixed);
        let less = |quota: (&Quota, &i64)| {
            let (q, sum) = quota;
            let shift = |bound: Option<i64>| bound.map(|b| b - sum);
            let rows = q.rows.iter().filter_map(|r| place(&rows, r)).collect();
            Quota { rows, least: shift(q.least), most: shift(q.most), ..q.clone() }
        };
        let quotas = problem.quotas.iter().zip(&sums).map(less).collect();
        let cost = (0..problem.rows()).filter(|r| settled[*r].is_some()).map(|row| {
            let edge = fixed[row].and_then(|c| problem.edge(row, c));
            i128::from(edge.map_or(problem.open[row], |e| problem.costs[e]))
        });
        let cost = cost.sum();
        let mut rest = QuotaProblem::new(columns.len(), starts, heads, costs, open, groups, quotas)?;
        rest.scale = problem.scale;
        Ok(Rest { problem: rest, rows, columns, settled, cost })
    }

    /// A choice of the rest as one of the whole.
    pub fn whole(&self, choice: &[Option<u32>]) -> Vec<Option<u32>> {
        let mut all: Vec<Option<u32>> = self.settled.iter().map(|s| s.flatten()).collect();
        for (row, column) in self.rows.iter().zip(choice) {
            all[*row as usize] = column.map(|c| self.columns[c as usize]);
        }
        all
    }
}
