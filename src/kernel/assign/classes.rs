//! Priority classes: first as many rows of class 1 as can be filled, then of class 2, and so on, and
//! among all such solutions the cheapest. Lexicographic, without a large number that stands for
//! "more important".
//!
//! Which sets of rows can be filled together is a transversal matroid, so the greedy way by classes
//! is right: augmenting paths never empty a filled row. Where class `k` cannot be filled wholly, all
//! that alternating paths reach from its open rows forms level `k`: rows of class at most `k` with
//! too few columns. Those are the dual prices of the stage (D. Kőnig): a row of level `k` has the
//! price 1 in stage `k`, a column −1. By complementary slackness every solution that is best so far
//! uses edges within a level only, places all columns of a level, and leaves rows open only in the
//! level of their own class. What remains is a plain instance for [`solve`].

use super::certificate::{Violation, check_certificate_with};
use super::matching::{extend, reach};
use super::problem::{AssignError, NEVER, NONE, Problem, Sides, with_sides};
use super::side::Cost;
use super::solve::{Assignment, Infeasible, Start, begin, resume, solve};

/// A row or column that belongs to no level.
pub const NO_LEVEL: u32 = u32::MAX;

/// A solution that is best class by class.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The instance that is left within the levels, whose optimum the solution is: where every row can be
    /// filled, every row must be.
    pub within: Problem,
    /// The pairs, and the prices that prove the total within the levels.
    pub assignment: Assignment,
    /// For each row the class whose shortage it shares, or [`NO_LEVEL`].
    pub row_levels: Vec<u32>,
    /// For each column the same.
    pub column_levels: Vec<u32>,
    /// Filled rows by class: (class, filled, rows), ascending.
    pub filled: Vec<(u32, usize, usize)>,
}

/// What can go wrong with classes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClassError {
    #[error(transparent)]
    Instance(#[from] AssignError),
    #[error(transparent)]
    Infeasible(#[from] Infeasible),
}

/// Fills rows class by class (a class per row, lower is more important), then minimises the sum of
/// chosen costs and open prices. Rows that must be filled come before all classes.
///
/// # Errors
/// Another number of classes than rows, a class of [`NO_LEVEL`], or rows and columns that must have
/// partners and cannot.
pub fn solve_by_classes(problem: Problem, classes: &[u32]) -> Result<Ranked, ClassError> {
    let (rows, columns) = (problem.rows(), problem.columns());
    if classes.len() != rows || classes.contains(&NO_LEVEL) {
        return Err(AssignError::Length { what: "rows", given: classes.len(), wanted: rows }.into());
    }
    let open_prices = problem.open.clone();
    let may_open = |row: &u32| open_prices[*row as usize] != NEVER;
    let mut order: Vec<u32> = (0..rows as u32).filter(may_open).collect();
    order.sort_by_key(|row| classes[*row as usize]);
    let must: Vec<u32> = (0..rows as u32).filter(|row| !may_open(row)).collect();
    let mut row_levels = vec![NO_LEVEL; rows];
    let mut column_levels = vec![NO_LEVEL; columns];
    // Mostly every row can be filled, and mostly that is seen by filling them at the least cost.
    let problem = problem.with_open_prices(&vec![None; rows])?;
    let start = begin(&problem);
    if !start.as_ref().is_some_and(Start::is_whole) {
        with_sides!(problem, sides => levels(sides, &must, &order, classes, &mut row_levels, &mut column_levels))?;
    }
    let is_all = |level: u32| [&row_levels, &column_levels].into_iter().flatten().all(|of| *of == level);
    let (within, assignment) = if row_levels.iter().all(|level| *level == NO_LEVEL) {
        let assignment = start.map_or_else(|| solve(&problem), |start| resume(&problem, start))?;
        (problem, assignment)
    } else {
        let open = |row: usize| Some(open_prices[row]).filter(|p| *p != NEVER && row_levels[row] == classes[row]);
        let placed = |column: usize| problem.must_place(column) || column_levels[column] != NO_LEVEL;
        let open: Vec<Option<i64>> = (0..rows).map(open).collect();
        let placed: Vec<bool> = (0..columns).map(placed).collect();
        let within = if row_levels.first().is_some_and(|level| is_all(*level)) {
            problem
        } else {
            problem.filtered(|row, column| row_levels[row] == column_levels[column])?
        };
        let within = within.with_open_prices(&open)?.with_must_place(&placed)?;
        let assignment = solve(&within)?;
        (within, assignment)
    };
    let filled = order
        .chunk_by(|a, b| classes[*a as usize] == classes[*b as usize])
        .map(|class| {
            let filled = class.iter().filter(|r| assignment.columns[**r as usize].is_some()).count();
            (classes[class[0] as usize], filled, class.len())
        })
        .collect();
    Ok(Ranked { within, assignment, row_levels, column_levels, filled })
}

/// Who shares which shortage: `must` are rows that must be filled, `order` the others by class.
fn levels<C: Cost>(
    sides: &Sides<C>,
    must: &[u32],
    order: &[u32],
    classes: &[u32],
    row_levels: &mut [u32],
    column_levels: &mut [u32],
) -> Result<(), Infeasible> {
    let (mut mate, mut far) = (vec![NONE; row_levels.len()], vec![NONE; column_levels.len()]);
    if let Some(&row) = extend(&sides.rows, &mut mate, &mut far, must).first() {
        let (rows, columns) = reach(&sides.rows, &far, &[row]);
        return Err(Infeasible::Rows { rows, columns });
    }
    let mut short = Vec::new();
    for class in order.chunk_by(|a, b| classes[*a as usize] == classes[*b as usize]) {
        short.push((classes[class[0] as usize], extend(&sides.rows, &mut mate, &mut far, class)));
    }
    // Levels in order of importance: a node belongs to the first that reaches it.
    for (class, open) in short {
        let (rows, columns) = reach(&sides.rows, &far, &open);
        for row in rows {
            row_levels[row as usize] = row_levels[row as usize].min(class);
        }
        for column in columns {
            column_levels[column as usize] = column_levels[column as usize].min(class);
        }
    }
    Ok(())
}

/// What is wrong with a certificate by classes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClassViolation {
    /// Rows and columns without a level, or the other way round.
    #[error("{given} levels for {wanted} rows and columns")]
    Length { given: usize, wanted: usize },
    /// A row could have a column that is not held where it is needed most.
    #[error("row {row} of level {row_level} has an edge to column {column} of level {column_level}")]
    Edge { row: u32, column: u32, row_level: u32, column_level: u32 },
    /// A row in the level of a class that is more important than its own.
    #[error("row {row} of class {class} is in level {level}")]
    Row { row: u32, class: u32, level: u32 },
    /// The prices within the levels.
    #[error(transparent)]
    Prices(#[from] Violation),
}

/// Proves without the solver that pairs are best class by class, and cheapest among those. The
/// levels are the stages' prices (see the module's text), so these conditions say that the vectors
/// of prices (level by level, then the price) are feasible and tight in lexicographic order:
///
/// * no edge leads from a row to a column of a later level than the row's;
/// * no row is in the level of an earlier class than its own;
/// * within the levels the prices prove the total, where rows may be open only in the level of their
///   own class, and columns in a level must be used.
///
/// Returns the total of the last stage.
///
/// # Errors
/// The first violation.
#[allow(clippy::too_many_arguments)]
pub fn check_classes(
    edges: impl IntoIterator<Item = (u32, u32, i64)>,
    classes: &[u32],
    open_price: impl Fn(usize) -> Option<i64>,
    must_place: impl Fn(usize) -> bool,
    row_levels: &[u32],
    column_levels: &[u32],
    row_prices: &[i64],
    column_prices: &[i64],
    pairs: &[(u32, u32)],
) -> Result<i128, ClassViolation> {
    let (rows, columns) = (row_prices.len(), column_prices.len());
    let given = row_levels.len() + column_levels.len();
    if row_levels.len() != rows || column_levels.len() != columns || classes.len() != rows {
        return Err(ClassViolation::Length { given, wanted: rows + columns });
    }
    for (row, (&class, &level)) in classes.iter().zip(row_levels).enumerate() {
        if open_price(row).is_some() && level < class {
            return Err(ClassViolation::Row { row: row as u32, class, level });
        }
    }
    let mut within = Vec::new();
    for (row, column, cost) in edges {
        let levels = row_levels.get(row as usize).zip(column_levels.get(column as usize));
        let Some((&row_level, &column_level)) = levels else {
            return Err(Violation::NoPrice { row, column }.into());
        };
        if column_level > row_level {
            return Err(ClassViolation::Edge { row, column, row_level, column_level });
        }
        if row_level == column_level {
            within.push((row, column, cost));
        }
    }
    let open = |row: usize| open_price(row).filter(|_| row_levels[row] == classes[row]);
    let placed = |column: usize| must_place(column) || column_levels[column] != NO_LEVEL;
    Ok(check_certificate_with(within, open, placed, row_prices, column_prices, pairs)?)
}
