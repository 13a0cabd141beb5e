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
    if solution.columns.get(row as usize).is_none_or(Option::is_some) {
        return None;
    }
    let mut rows = std::collections::BTreeSet::from([row]);
    let mut columns = std::collections::BTreeSet::new();
    let mut waiting = vec![row];
    let mut hall = true;
    while let Some(row) = waiting.pop() {
        for (column, _) in problem.row(row as usize) {
            if !columns.insert(column as u32) {
                continue;
            }
            match solution.rows[column] {
                Some(holder) => {
                    if rows.insert(holder) {
                        waiting.push(holder);
                    }
                }
                None => hall = false,
            }
        }
        if rows.len() > most {
            return None;
        }
    }
    Some(Shortage { rows: rows.into_iter().collect(), columns: columns.into_iter().collect(), hall })
}
