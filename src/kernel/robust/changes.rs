//! Re-solving with as few changes as may be.
//!
//! Among all optima: by complementary slackness the optima are the assignments on tight edges
//! that fill every row priced below the open price and use every column priced below 0. On those a
//! second assignment counts changes, in integers no larger than twice the rows, so the secondary
//! objective needs no multiple of the costs.
//!
//! Within a stated loss: one budget over an assignment, which is NP-hard in general. Solved by
//! Lagrangian relaxation in integers: the two efficient solutions around the budget are found by
//! successive supporting lines (M. J. Eisner and D. G. Severance, *Journal of the ACM* 23 (1976)
//! 619–635); both are optimal for one and the same exchange rate, so each component in
//! which they differ trades loss for changes at that rate, and components are exchanged while the
//! budget lasts. The line gives the bound on the fewest changes.

use crate::kernel::assign::{AssignError, Assignment, Problem, solve};

/// A solution near an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// For each row its column, `None` if it stays open.
    pub columns: Vec<Option<u32>>,
    /// The objective of the solution (a cost, as in [`Assignment`]).
    pub objective: i128,
    /// By how much it exceeds the optimum.
    pub loss: i128,
    /// Rows that have another column than before, or are open and were not, or the reverse.
    pub changed: usize,
    /// No solution within the loss allowed changes fewer rows.
    pub at_least: usize,
}

/// Why a solution near an earlier one cannot be sought.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// One entry is needed for each row.
    #[error("the earlier solution has {entries} entries for {rows} rows")]
    Length { entries: usize, rows: usize },
    /// The earlier solution has a column at two rows.
    #[error("the earlier solution has column {0} at two rows")]
    Twice(u32),
    /// Loss and changes cannot be weighed in exact arithmetic, or an instance is too large.
    #[error(transparent)]
    Assign(#[from] AssignError),
}

/// Of all optimal solutions one that changes as few rows as any, against `earlier` (for each row
/// its column then; columns that no longer have an edge are simply lost). `optimum` is an optimal
/// solution with its prices. Exact: `changed` equals `at_least`.
///
/// # Errors
/// See [`ChangeError`].
pub fn fewest_changes(
    problem: &Problem,
    optimum: &Assignment,
    earlier: &[Option<u32>],
) -> Result<Changes, ChangeError> {
    check(problem, earlier)?;
    let (u, v) = (&optimum.row_prices, &optimum.column_prices);
    // More than all changes together.
    let must = problem.rows() as i64 + 1;
    let mut edges = Vec::new();
    for row in 0..problem.rows() {
        // What it costs to leave the row open: out of the question, a change, or none.
        let open = if u[row] < problem.open_price() { must } else { i64::from(earlier[row].is_some()) };
        for (column, _) in problem.row(row).filter(|(column, cost)| *cost == u[row] + v[*column]) {
            let change = i64::from(earlier[row] != Some(column as u32));
            let used = if v[column] < 0 { must } else { 0 };
            edges.push((row as u32, column as u32, change - used - open));
        }
    }
    let face = Problem::new(problem.rows(), problem.columns(), &edges, 0)?;
    let near = finish(problem, optimum.objective, earlier, solve(&face).columns, 0);
    let changed = near.changed;
    Ok(Changes { at_least: changed, ..near })
}

/// A solution that exceeds the optimum by at most `loss` (at least 0) and changes few rows against
/// `earlier`, with a proved bound: none within the loss changes fewer than `at_least`.
///
/// # Errors
/// See [`ChangeError`]; costs times changes must stay within exact arithmetic.
pub fn fewest_changes_within(
    problem: &Problem,
    optimum: &Assignment,
    earlier: &[Option<u32>],
    loss: u64,
) -> Result<Changes, ChangeError> {
    let best = optimum.objective;
    let mut near = fewest_changes(problem, optimum, earlier)?;
    let far = kept_throughout(problem, best, earlier)?;
    let budget = i128::from(loss);
    if far.loss <= budget {
        return Ok(far);
    }
    let fewest = far.changed;
    let mut far = far;
    // `near` is within the budget, `far` beyond it and with fewer changes, or there is nothing to gain.
    while near.changed > far.changed {
        let (changes, losses) = (near.changed - far.changed, far.loss - near.loss);
        let line = near.loss * changes as i128 + losses * near.changed as i128;
        let middle = supported(problem, best, earlier, changes as i64, losses)?;
        if middle.loss * changes as i128 + losses * middle.changed as i128 >= line {
            // Adjacent: below the budget the line bounds the changes.
            let saved = ((budget - near.loss) * changes as i128).div_euclid(losses) as usize;
            let at_least = (near.changed - saved).max(fewest);
            let exchanged = exchange(problem, &near, &far, budget);
            let found = finish(problem, best, earlier, exchanged, at_least);
            return Ok(found);
        }
        if middle.loss <= budget { near = middle } else { far = middle }
    }
    Ok(Changes { at_least: near.changed, ..near })
}

fn check(problem: &Problem, earlier: &[Option<u32>]) -> Result<(), ChangeError> {
    if earlier.len() != problem.rows() {
        return Err(ChangeError::Length { entries: earlier.len(), rows: problem.rows() });
    }
    let mut columns: Vec<u32> = earlier.iter().flatten().copied().collect();
    columns.sort_unstable();
    match columns.windows(2).find(|w| w[0] == w[1]) {
        Some(twice) => Err(ChangeError::Twice(twice[0])),
        None => Ok(()),
    }
}

fn finish(
    problem: &Problem,
    best: i128,
    earlier: &[Option<u32>],
    columns: Vec<Option<u32>>,
    at_least: usize,
) -> Changes {
    let cost = |(row, column): (usize, &Option<u32>)| {
        i128::from(column.and_then(|c| problem.cost(row, c)).unwrap_or(problem.open_price()))
    };
    let objective: i128 = columns.iter().enumerate().map(cost).sum();
    let changed = columns.iter().zip(earlier).filter(|(now, then)| now != then).count();
    Changes { columns, objective, loss: objective - best, changed, at_least }
}

/// The fewest changes at whatever loss: rows keep what they had wherever the edge still exists; the
/// others, which change in any case, take the cheapest of the columns left.
fn kept_throughout(problem: &Problem, best: i128, earlier: &[Option<u32>]) -> Result<Changes, ChangeError> {
    let stays = |row: usize| earlier[row].is_none_or(|c| problem.cost(row, c).is_some());
    let mut columns: Vec<Option<u32>> = (0..problem.rows()).map(|row| earlier[row].filter(|_| stays(row))).collect();
    let mut held = vec![false; problem.columns()];
    columns.iter().flatten().for_each(|c| held[*c as usize] = true);
    let lost: Vec<usize> = (0..problem.rows()).filter(|row| !stays(*row)).collect();
    let mut edges = Vec::new();
    for (at, &row) in lost.iter().enumerate() {
        let free = problem.row(row).filter(|(column, _)| !held[*column]);
        edges.extend(free.map(|(column, cost)| (at as u32, column as u32, cost)));
    }
    let rest = Problem::new(lost.len(), problem.columns(), &edges, problem.open_price())?;
    for (&row, column) in lost.iter().zip(solve(&rest).columns) {
        columns[row] = column;
    }
    Ok(finish(problem, best, earlier, columns, lost.len()))
}

/// The least of costs × `changes` + changed rows × `losses`.
fn supported(
    problem: &Problem,
    best: i128,
    earlier: &[Option<u32>],
    changes: i64,
    losses: i128,
) -> Result<Changes, ChangeError> {
    let weigh = |cost: i64, price: i128| {
        let sum = i128::from(cost) * i128::from(changes) + price;
        i64::try_from(sum).map_err(|_| AssignError::Overflow(if sum < 0 { i64::MIN } else { i64::MAX }))
    };
    let mut edges = Vec::with_capacity(problem.edges());
    for row in 0..problem.rows() {
        let open = if earlier[row].is_some() { losses } else { 0 };
        for (column, cost) in problem.row(row) {
            let change = if earlier[row] == Some(column as u32) { 0 } else { losses };
            edges.push((row as u32, column as u32, weigh(cost, change - open)?));
        }
    }
    let open = weigh(problem.open_price(), 0)?;
    let weighted = Problem::new(problem.rows(), problem.columns(), &edges, open)?;
    Ok(finish(problem, best, earlier, solve(&weighted).columns, 0))
}

/// From `near`, components of its difference to `far` are taken over, the greatest first, while
/// the loss stays within the budget.
fn exchange(problem: &Problem, near: &Changes, far: &Changes, budget: i128) -> Vec<Option<u32>> {
    let rows = problem.rows();
    let mut leader: Vec<usize> = (0..rows).collect();
    let find = |leader: &mut Vec<usize>, mut row: usize| {
        while leader[row] != row {
            leader[row] = leader[leader[row]];
            row = leader[row];
        }
        row
    };
    let mut holder = vec![None; problem.columns()];
    for (row, column) in near.columns.iter().enumerate() {
        if let Some(column) = column {
            holder[*column as usize] = Some(row);
        }
    }
    for (row, column) in far.columns.iter().enumerate() {
        if let Some(other) = column.and_then(|c| holder[c as usize]) {
            let (one, other) = (find(&mut leader, row), find(&mut leader, other));
            leader[one.max(other)] = one.min(other);
        }
    }
    let cost = |row: usize, column: Option<u32>| {
        i128::from(column.and_then(|c| problem.cost(row, c)).unwrap_or(problem.open_price()))
    };
    let mut losses = vec![0i128; rows];
    let component: Vec<usize> = (0..rows).map(|row| find(&mut leader, row)).collect();
    for row in 0..rows {
        losses[component[row]] += cost(row, far.columns[row]) - cost(row, near.columns[row]);
    }
    let mut order: Vec<usize> = (0..rows).filter(|row| losses[*row] > 0).collect();
    order.sort_by_key(|row| (std::cmp::Reverse(losses[*row]), *row));
    let mut left = budget - near.loss;
    let mut taken = vec![false; rows];
    for row in order {
        if losses[row] <= left {
            left -= losses[row];
            taken[row] = true;
        }
    }
    (0..rows).map(|row| if taken[component[row]] { far.columns[row] } else { near.columns[row] }).collect()
}
