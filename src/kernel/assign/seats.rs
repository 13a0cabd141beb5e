//! Rows with several seats: one row per seat.

use super::problem::AssignError;

/// Rows by seat, for posts of several seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seats {
    /// For each seat the row it belongs to, ascending.
    pub rows: Vec<u32>,
    /// The edges of all seats: (seat, column, cost).
    pub edges: Vec<(u32, u32, i64)>,
}

/// Gives every row as many seats as `seats` says (0: the row falls away), each with all the row's
/// edges. Seats of a row are alike: the auction sees rows with equal offers bid each other up only to
/// the next offer, so they cost no more than as many different rows. In the canonical order they are
/// told apart by the keys given to them.
///
/// # Errors
/// An edge of a row without a number of seats, or more seats than 32-bit indices hold.
pub fn expand_seats(seats: &[u32], edges: &[(u32, u32, i64)]) -> Result<Seats, AssignError> {
    let mut first = Vec::with_capacity(seats.len());
    let mut total = 0u64;
    for count in seats {
        first.push(total);
        total += u64::from(*count);
    }
    if total >= u64::from(u32::MAX) {
        return Err(AssignError::TooMany(total as usize));
    }
    let rows = seats.iter().enumerate().flat_map(|(row, n)| std::iter::repeat_n(row as u32, *n as usize)).collect();
    let mut expanded = Vec::with_capacity(edges.len());
    for (edge, &(row, column, cost)) in edges.iter().enumerate() {
        let Some((&first, &count)) = first.get(row as usize).zip(seats.get(row as usize)) else {
            let (rows, columns) = (seats.len(), column as usize + 1);
            return Err(AssignError::OutOfRange { edge, row, column, rows, columns });
        };
        expanded.extend((0..count).map(|seat| (first as u32 + seat, column, cost)));
    }
    Ok(Seats { rows, edges: expanded })
}
