//! The proof of optimality, checked without the solver.

/// The first thing that is wrong with a certificate. Rows and columns are indices.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A pair or edge names a row or column without a price.
    #[error("row {row} or column {column} has no price")]
    NoPrice { row: u32, column: u32 },
    /// A row stands in two pairs.
    #[error("row {0} is assigned twice")]
    RowTwice(u32),
    /// A column stands in two pairs.
    #[error("column {0} is assigned twice")]
    ColumnTwice(u32),
    /// A pair that is not among the edges.
    #[error("row {row} and column {column} are paired without an edge")]
    NoEdge { row: u32, column: u32 },
    /// Prices above the cost of an edge: a better assignment may exist.
    #[error("the prices of row {row} and column {column} exceed their edge's cost {cost} by {by}")]
    AboveCost { row: u32, column: u32, cost: i64, by: i128 },
    /// A chosen edge that is dearer than its prices.
    #[error("the pair of row {row} and column {column} costs {by} more than its prices")]
    NotTight { row: u32, column: u32, by: i128 },
    /// A row's price above the open price.
    #[error("the price of row {row} exceeds the open price by {by}")]
    AboveOpen { row: u32, by: i128 },
    /// An open row whose price is not the open price.
    #[error("row {row} is open, but its price is {by} below the open price")]
    OpenNotTight { row: u32, by: i128 },
    /// A row that must be filled is open.
    #[error("row {0} must be filled, but is open")]
    MustBeFilled(u32),
    /// A column that must be placed is unused.
    #[error("column {0} must be placed, but is unused")]
    MustBePlaced(u32),
    /// A column with a price above 0.
    #[error("the price of column {column} is {price}, above 0")]
    ColumnAboveZero { column: u32, price: i64 },
    /// An unused column with a price.
    #[error("column {column} is unused, but its price is {price} and not 0")]
    UnusedNotZero { column: u32, price: i64 },
    /// The sum of the prices is not the objective.
    #[error("the prices sum to {prices}, the costs to {costs}")]
    Sums { prices: i128, costs: i128 },
}

/// Proves that `pairs` (row, column) is a cheapest assignment on `edges` (row, column, cost), by
/// the prices of rows and columns; see the module's text for the conditions. Every row may stay open
/// at `open_price`, every column unused. Returns the objective.
///
/// # Errors
/// The first violation, in the order: pairs, edges, rows, columns, sums.
pub fn check_certificate(
    edges: &[(u32, u32, i64)],
    open_price: i64,
    row_prices: &[i64],
    column_prices: &[i64],
    pairs: &[(u32, u32)],
) -> Result<i128, Violation> {
    let edges = edges.iter().copied();
    check_certificate_with(edges, |_| Some(open_price), |_| false, row_prices, column_prices, pairs)
}

/// As [`check_certificate`], with each row's own open price (`None`: it must be filled) and columns
/// that must be placed, whose price is free in sign.
///
/// # Errors
/// As [`check_certificate`]; also a row or column that must have a partner and has none.
pub fn check_certificate_with(
    edges: impl IntoIterator<Item = (u32, u32, i64)>,
    open_price: impl Fn(usize) -> Option<i64>,
    must_place: impl Fn(usize) -> bool,
    row_prices: &[i64],
    column_prices: &[i64],
    pairs: &[(u32, u32)],
) -> Result<i128, Violation> {
    let mut column_of: Vec<Option<u32>> = vec![None; row_prices.len()];
    let mut used = vec![false; column_prices.len()];
    for &(row, column) in pairs {
        let (Some(seat), Some(taken)) = (column_of.get_mut(row as usize), used.get_mut(column as usize)) else {
            return Err(Violation::NoPrice { row, column });
        };
        if seat.replace(column).is_some() {
            return Err(Violation::RowTwice(row));
        }
        if std::mem::replace(taken, true) {
            return Err(Violation::ColumnTwice(column));
        }
    }

    let mut chosen: Vec<Option<i64>> = vec![None; row_prices.len()];
    for (row, column, cost) in edges {
        let (Some(u), Some(v)) = (row_prices.get(row as usize), column_prices.get(column as usize)) else {
            return Err(Violation::NoPrice { row, column });
        };
        let above = i128::from(*u) + i128::from(*v) - i128::from(cost);
        if above > 0 {
            return Err(Violation::AboveCost { row, column, cost, by: above });
        }
        if column_of[row as usize] == Some(column) {
            let best = &mut chosen[row as usize];
            *best = Some(best.map_or(cost, |b| b.min(cost)));
        }
    }

    let mut costs = 0i128;
    for (row, (&u, column)) in row_prices.iter().zip(&column_of).enumerate() {
        let row_index = row as u32;
        let open = open_price(row);
        let slack = open.map(|open| i128::from(open) - i128::from(u));
        if let Some(above) = slack.filter(|s| *s < 0) {
            return Err(Violation::AboveOpen { row: row_index, by: -above });
        }
        let Some(column) = *column else {
            match slack {
                None => return Err(Violation::MustBeFilled(row_index)),
                Some(0) => costs += open.map_or(0, i128::from),
                Some(by) => return Err(Violation::OpenNotTight { row: row_index, by }),
            }
            continue;
        };
        let Some(cost) = chosen[row] else {
            return Err(Violation::NoEdge { row: row_index, column });
        };
        let by = i128::from(cost) - i128::from(u) - i128::from(column_prices[column as usize]);
        if by != 0 {
            return Err(Violation::NotTight { row: row_index, column, by });
        }
        costs += i128::from(cost);
    }

    for (column, (&price, used)) in column_prices.iter().zip(&used).enumerate() {
        if must_place(column) {
            if !used {
                return Err(Violation::MustBePlaced(column as u32));
            }
            continue;
        }
        if price > 0 {
            return Err(Violation::ColumnAboveZero { column: column as u32, price });
        }
        if !used && price != 0 {
            return Err(Violation::UnusedNotZero { column: column as u32, price });
        }
    }

    let prices = row_prices.iter().chain(column_prices).map(|p| i128::from(*p)).sum::<i128>();
    if prices == costs { Ok(costs) } else { Err(Violation::Sums { prices, costs }) }
}
