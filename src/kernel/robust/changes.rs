//! Re-solving with as few changes as may be.
//!
//! Among all optima: by complementary slackness the optima are the assignments on tight edges
//! that fill every row priced below its open price and use every column whose price is not 0. On
//! those a second assignment counts changes, so the secondary objective needs no multiple of the
//! costs.
//!
//! Within a stated loss: one budget over an assignment, which is NP-hard in general. Solved by
//! Lagrangian relaxation in integers: the two efficient solutions around the budget are found by
//! successive supporting lines (M. J. Eisner and D. G. Severance, *Journal of the ACM* 23 (1976)
//! 619–635); both are optimal for one and the same exchange rate, so each component in
//! which they differ trades loss for changes at that rate, and components are exchanged while the
//! budget lasts. The line gives the bound on the fewest changes.
//!
//! What counts as a change is told by [`Earlier`]: rows that differ, or pairs that are lost where
//! several rows are alike.

use crate::kernel::assign::{AssignError, Assignment, Infeasible, Problem, solve};

/// An earlier solution, and what counts as a change against it.
#[derive(Clone, Copy, Debug)]
pub enum Earlier<'a> {
    /// For each row its column then. A row changes if it has another column than before, or is open
    /// and was not, or the reverse.
    Rows(&'a [Option<u32>]),
    /// Rows of a group are alike (the seats of a post): for each row its group, for each column the
    /// group that it was in. A column that is no longer in that group is one change, whichever row it
    /// had; a column that was nowhere is none.
    Groups { of_row: &'a [u32], of_column: &'a [Option<u32>] },
}

impl Earlier<'_> {
    /// What a row's column, or its staying open, adds to the changes.
    fn change(self, row: usize, column: Option<u32>) -> i64 {
        match self {
            Earlier::Rows(columns) => i64::from(columns[row] != column),
            Earlier::Groups { of_row, of_column } => match column {
                Some(column) => -i64::from(of_column[column as usize] == Some(of_row[row])),
                None => 0,
            },
        }
    }

    /// The changes of a whole solution.
    fn changed(self, columns: &[Option<u32>]) -> usize {
        let all = match self {
            Earlier::Rows(_) => 0,
            Earlier::Groups { of_column, .. } => of_column.iter().flatten().count() as i64,
        };
        let changes: i64 = columns.iter().enumerate().map(|(row, column)| self.change(row, *column)).sum();
        (all + changes) as usize
    }

    fn check(self, problem: &Problem) -> Result<(), ChangeError> {
        let length = |entries: usize, rows: usize| match entries == rows {
            true => Ok(()),
            false => Err(ChangeError::Length { entries, rows }),
        };
        match self {
            Earlier::Rows(columns) => {
                length(columns.len(), problem.rows())?;
                let mut columns: Vec<u32> = columns.iter().flatten().copied().collect();
                columns.sort_unstable();
                columns.windows(2).find(|w| w[0] == w[1]).map_or(Ok(()), |twice| Err(ChangeError::Twice(twice[0])))
            }
            Earlier::Groups { of_row, of_column } => {
                length(of_row.len(), problem.rows())?;
                length(of_column.len(), problem.columns())
            }
        }
    }
}

/// A solution near an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// For each row its column, `None` if it stays open.
    pub columns: Vec<Option<u32>>,
    /// The objective of the solution (a cost, as in [`Assignment`]).
    pub objective: i128,
    /// By how much it exceeds the optimum.
    pub loss: i128,
    /// Changes, as [`Earlier`] counts them.
    pub changed: usize,
    /// No solution within the loss allowed has fewer.
    pub at_least: usize,
}

/// Why a solution near an earlier one cannot be sought.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// One entry is needed for each row, or for each column.
    #[error("the earlier solution has {entries} entries for {rows} rows or columns")]
    Length { entries: usize, rows: usize },
    /// The earlier solution has a column at two rows.
    #[error("the earlier solution has column {0} at two rows")]
    Twice(u32),
    /// Loss and changes cannot be weighed in exact arithmetic, or an instance is too large.
    #[error(transparent)]
    Assign(#[from] AssignError),
    /// Rows that must be filled or columns that must be placed cannot all be: `optimum` belongs to
    /// another problem.
    #[error(transparent)]
    Infeasible(#[from] Infeasible),
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
    nearest(problem, optimum, Earlier::Rows(earlier), 0, |_, found| found)
}

/// Of all optima of a problem one that is least by a second objective, whose costs are given for
/// (row, column or open, cost in the first objective); of several the one that `choose` prefers.
fn second(
    problem: &Problem,
    optimum: &Assignment,
    cost: impl Fn(usize, Option<u32>, i64) -> i64,
    choose: impl Fn(&Problem, Assignment) -> Assignment,
) -> Result<Vec<Option<u32>>, ChangeError> {
    let (u, v) = (&optimum.row_prices, &optimum.column_prices);
    let tight = |row: usize| problem.row(row).filter(move |(column, cost)| *cost == u[row] + v[*column]);
    let edges: Vec<(u32, u32, i64)> = (0..problem.rows())
        .flat_map(|row| tight(row).map(move |(column, first)| (row, column as u32, first)))
        .map(|(row, column, first)| (row as u32, column, cost(row, Some(column), first)))
        .collect();
    let open = (0..problem.rows()).map(|row| {
        let price = problem.open_price_of(row).filter(|price| *price == u[row])?;
        Some(cost(row, None, price))
    });
    let must = (0..problem.columns()).map(|column| v[column] != 0 || problem.must_place(column));
    let face = Problem::new(problem.rows(), problem.columns(), &edges, 0)?
        .with_open_prices(&open.collect::<Vec<_>>())?
        .with_must_place(&must.collect::<Vec<_>>())?;
    let found = solve(&face)?;
    Ok(choose(&face, found).columns)
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
    nearest(problem, optimum, Earlier::Rows(earlier), loss, |_, found| found)
}

/// As [`fewest_changes_within`], for either way to count changes. `choose` prefers one of several
/// optima of the problem that it is given: the result is that one if the loss is 0, or if there are
/// no fewer changes at whatever loss; between these it is any of them.
///
/// # Errors
/// See [`ChangeError`]; costs times changes must stay within exact arithmetic.
pub fn nearest(
    problem: &Problem,
    optimum: &Assignment,
    earlier: Earlier,
    loss: u64,
    choose: impl Fn(&Problem, Assignment) -> Assignment,
) -> Result<Changes, ChangeError> {
    earlier.check(problem)?;
    let best = optimum.objective;
    let columns = second(problem, optimum, |row, column, _| earlier.change(row, column), &choose)?;
    let mut near = finish(problem, best, earlier, columns, 0);
    if loss == 0 {
        return Ok(Changes { at_least: near.changed, ..near });
    }
    let mut far = fewest_at_any_loss(problem, best, earlier, &choose)?;
    let budget = i128::from(loss);
    if far.loss <= budget {
        return Ok(far);
    }
    let fewest = far.changed;
    // `near` is within the budget, `far` beyond it and with fewer changes, or there is nothing to gain.
    while near.changed > far.changed {
        let (fewer, losses) = (near.changed - far.changed, far.loss - near.loss);
        let line = near.loss * fewer as i128 + losses * near.changed as i128;
        let middle = supported(problem, best, earlier, fewer, losses)?;
        if middle.loss * fewer as i128 + losses * middle.changed as i128 >= line {
            // Adjacent: below the budget the line bounds the changes.
            let saved = ((budget - near.loss) * fewer as i128).div_euclid(losses) as usize;
            let at_least = (near.changed - saved).max(fewest);
            let exchanged = exchange(problem, &near, &far, budget);
            let found = finish(problem, best, earlier, exchanged, at_least);
            return Ok(found);
        }
        if middle.loss <= budget { near = middle } else { far = middle }
    }
    Ok(Changes { at_least: near.changed, ..near })
}

fn finish(problem: &Problem, best: i128, earlier: Earlier, columns: Vec<Option<u32>>, at_least: usize) -> Changes {
    let objective: i128 =
        columns.iter().enumerate().map(|(row, column)| i128::from(cost_of(problem, row, *column))).sum();
    let changed = earlier.changed(&columns);
    Changes { columns, objective, loss: objective - best, changed, at_least }
}

/// Another objective on the same rows, columns and edges.
fn reweighed(
    problem: &Problem,
    cost: impl Fn(usize, Option<u32>, i64) -> Result<i64, ChangeError>,
) -> Result<Problem, ChangeError> {
    let mut edges = Vec::with_capacity(problem.edges());
    let mut open = Vec::with_capacity(problem.rows());
    for row in 0..problem.rows() {
        for (column, first) in problem.row(row) {
            edges.push((row as u32, column as u32, cost(row, Some(column as u32), first)?));
        }
        open.push(problem.open_price_of(row).map(|price| cost(row, None, price)).transpose()?);
    }
    let must: Vec<bool> = (0..problem.columns()).map(|column| problem.must_place(column)).collect();
    Ok(Problem::new(problem.rows(), problem.columns(), &edges, 0)?.with_open_prices(&open)?.with_must_place(&must)?)
}

/// The fewest changes at whatever loss, and of those the least loss.
fn fewest_at_any_loss(
    problem: &Problem,
    best: i128,
    earlier: Earlier,
    choose: impl Fn(&Problem, Assignment) -> Assignment,
) -> Result<Changes, ChangeError> {
    let columns = match earlier {
        Earlier::Rows(columns) if !problem.has_musts() => kept_throughout(problem, columns)?,
        _ => {
            let counted = reweighed(problem, |row, column, _| Ok(earlier.change(row, column)))?;
            let fewest = solve(&counted)?;
            second(&counted, &fewest, |row, column, _| cost_of(problem, row, column), choose)?
        }
    };
    let near = finish(problem, best, earlier, columns, 0);
    Ok(Changes { at_least: near.changed, ..near })
}

/// Where nothing must be filled or placed, rows keep what they had wherever the edge still exists; the
/// others, which change in any case, take the cheapest of the columns left.
fn kept_throughout(problem: &Problem, earlier: &[Option<u32>]) -> Result<Vec<Option<u32>>, ChangeError> {
    let stays = |row: usize| earlier[row].is_none_or(|c| problem.cost(row, c).is_some());
    let (kept, lost): (Vec<usize>, Vec<usize>) = (0..problem.rows()).partition(|row| stays(*row));
    let mut columns = vec![None; problem.rows()];
    let mut held = vec![false; problem.columns()];
    for row in kept {
        columns[row] = earlier[row];
        if let Some(column) = earlier[row] {
            held[column as usize] = true;
        }
    }
    let mut edges = Vec::new();
    for (at, &row) in lost.iter().enumerate() {
        let free = problem.row(row).filter(|(column, _)| !held[*column]);
        edges.extend(free.map(|(column, cost)| (at as u32, column as u32, cost)));
    }
    let open: Vec<Option<i64>> = lost.iter().map(|row| problem.open_price_of(*row)).collect();
    let rest = Problem::new(lost.len(), problem.columns(), &edges, 0)?.with_open_prices(&open)?;
    for (&row, column) in lost.iter().zip(solve(&rest)?.columns) {
        columns[row] = column;
    }
    Ok(columns)
}

/// The least of costs × `fewer` + changed rows × `losses`.
fn supported(
    problem: &Problem,
    best: i128,
    earlier: Earlier,
    fewer: usize,
    losses: i128,
) -> Result<Changes, ChangeError> {
    let weighed = reweighed(problem, |row, column, cost| {
        let sum = i128::from(cost) * fewer as i128 + i128::from(earlier.change(row, column)) * losses;
        let beyond = AssignError::Overflow(if sum < 0 { i64::MIN } else { i64::MAX });
        i64::try_from(sum).map_err(|_| beyond.into())
    })?;
    Ok(finish(problem, best, earlier, solve(&weighed)?.columns, 0))
}

/// The cost of a row's column, or of its staying open; both exist in every solution.
fn cost_of(problem: &Problem, row: usize, column: Option<u32>) -> i64 {
    let cost = match column {
        Some(column) => problem.cost(row, column),
        None => problem.open_price_of(row),
    };
    cost.unwrap_or(0)
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
    let mut losses = vec![0i128; rows];
    let component: Vec<usize> = (0..rows).map(|row| find(&mut leader, row)).collect();
    for row in 0..rows {
        losses[component[row]] +=
            i128::from(cost_of(problem, row, far.columns[row])) - i128::from(cost_of(problem, row, near.columns[row]));
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
