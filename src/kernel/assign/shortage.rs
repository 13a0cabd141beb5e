//! Why a row stays open: the rows that share too few columns.

use super::problem::Problem;
use super::solve::Assignment;

/// Rows whose eligible columns, taken together, are fewer than they are (a violated Hall
/// condition), or those whose columns are worth more elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The rows, ascending; the open row is among them.
    pub rows: Vec<u32>,
    /// All their eligible columns, ascending.
    pub columns: Vec<u32>,
    /// True if all columns are in use, so that not every row of the set can be filled; false if a
    /// column is free and the row is open only because filling it costs more than leaving it open.
    pub hall: bool,
}

/// The shortage around the open row `row`: everything that alternating paths reach from it.
/// At most `most` rows are visited; `None` if the set is larger, or the row is not open.
pub fn shortage(problem: &Problem, solution: &Assignment, row: u32, most: usize) -> Option<Shortage> {
    shortages(problem, solution, &[row], most).pop().flatten()
}

/// The same for several rows. Each takes time in proportion to the edges that it visits.
pub fn shortages(problem: &Problem, solution: &Assignment, rows: &[u32], most: usize) -> Vec<Option<Shortage>> {
    let mut seen = Seen { rows: vec![0; problem.rows()], columns: vec![0; problem.columns()] };
    rows.iter().zip(1..).map(|(row, now)| trace(problem, solution, *row, most, &mut seen, now)).collect()
}

/// Which search came by last.
struct Seen {
    rows: Vec<u32>,
    columns: Vec<u32>,
}

fn trace(
    problem: &Problem,
    solution: &Assignment,
    row: u32,
    most: usize,
    seen: &mut Seen,
    now: u32,
) -> Option<Shortage> {
    if solution.columns.get(row as usize).is_none_or(Option::is_some) {
        return None;
    }
    seen.rows[row as usize] = now;
    let (mut rows, mut columns, mut hall) = (vec![row], Vec::new(), true);
    let mut next = 0;
    while let Some(&row) = rows.get(next) {
        next += 1;
        for (column, _) in problem.row(row as usize) {
            if std::mem::replace(&mut seen.columns[column], now) == now {
                continue;
            }
            columns.push(column as u32);
            match solution.rows[column] {
                Some(holder) if std::mem::replace(&mut seen.rows[holder as usize], now) != now => rows.push(holder),
                Some(_) => {}
                None => hall = false,
            }
        }
        if rows.len() > most {
            return None;
        }
    }
    rows.sort_unstable();
    columns.sort_unstable();
    Some(Shortage { rows, columns, hall })
}
