//! The proof of a bound, checked without the solver.

use super::problem::QuotaProblem;

/// Prices and multipliers, integers on one grid (`scale` steps to a unit of cost), that prove how
/// little an assignment with quotas can cost.
///
/// For any assignment that keeps the quotas, cost·scale >= Σ row prices + Σ column prices −
/// Σ multiplier · bound, since
/// * row price + column price <= cost·scale + Σ multiplier · (what the pair counts) on every edge,
/// * row price <= open price·scale, column price <= 0,
/// * a multiplier above 0 speaks of an upper bound, one below 0 of a lower bound, and neither
///   exceeds the price of a soft bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Steps to one unit of cost.
    pub scale: i64,
    /// A price for each row.
    pub row_prices: Vec<i64>,
    /// A price for each column.
    pub column_prices: Vec<i64>,
    /// A multiplier for each quota.
    pub multipliers: Vec<i64>,
}

/// The first thing that is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Not one price per row and column, one multiplier per quota, and a scale above 0.
    #[error("the certificate does not fit the problem")]
    Shape,
    /// Prices above the shifted cost of an edge.
    #[error("the prices of row {row} and column {column} exceed their shifted cost by {by}")]
    AboveCost { row: u32, column: u32, by: i128 },
    /// A row's price above its open price.
    #[error("the price of row {row} exceeds its open price by {by}")]
    AboveOpen { row: u32, by: i128 },
    /// A column with a price above 0.
    #[error("the price of column {column} is {price}, above 0")]
    ColumnAboveZero { column: u32, price: i64 },
    /// A multiplier without the bound that it speaks of.
    #[error("the multiplier {multiplier} of quota {quota} speaks of a bound that it does not have")]
    NoBound { quota: u32, multiplier: i64 },
    /// A multiplier above the price of a soft bound.
    #[error("the multiplier {multiplier} of quota {quota} exceeds the price of its bound")]
    AboveFee { quota: u32, multiplier: i64 },
}

/// Checks a certificate against the problem's edges, groups and quotas; the bound it proves, in
/// steps: no assignment that keeps the hard quotas has cost·scale below it.
///
/// # Errors
/// The first flaw, in the order: shape, multipliers, edges and open prices row by row, columns.
pub fn check_bound(problem: &QuotaProblem, certificate: &Certificate) -> Result<i128, Flaw> {
    let Certificate { scale, row_prices, column_prices, multipliers } = certificate;
    let fits = row_prices.len() == problem.rows()
        && column_prices.len() == problem.columns
        && multipliers.len() == problem.quotas.len()
        && *scale > 0;
    if !fits {
        return Err(Flaw::Shape);
    }
    let wide = |value: i64| i128::from(value);
    let mut bound = 0i128;
    for (at, (quota, &multiplier)) in problem.quotas.iter().zip(multipliers).enumerate() {
        let (limit, price) = match multiplier {
            0 => continue,
            m if m > 0 => (quota.most, quota.excess_price),
            _ => (quota.least, quota.short_price),
        };
        let Some(limit) = limit else {
            return Err(Flaw::NoBound { quota: at as u32, multiplier });
        };
        if price.is_some_and(|p| wide(multiplier).abs() > wide(p) * wide(*scale)) {
            return Err(Flaw::AboveFee { quota: at as u32, multiplier });
        }
        bound -= wide(multiplier) * wide(limit);
    }
    let mut quotas_of: Vec<Vec<usize>> = vec![Vec::new(); problem.rows()];
    for (at, quota) in problem.quotas.iter().enumerate().filter(|(at, _)| multipliers[*at] != 0) {
        quota.rows.iter().for_each(|row| quotas_of[*row as usize].push(at));
    }
    for row in 0..problem.rows() {
        let by = wide(row_prices[row]) - wide(problem.open[row]) * wide(*scale);
        if by > 0 {
            return Err(Flaw::AboveOpen { row: row as u32, by });
        }
        for edge in problem.range(row) {
            let column = problem.heads[edge];
            let counted = |quota: &usize| {
                let q = &problem.quotas[*quota];
                let member = problem.groups[q.group as usize].binary_search(&column).is_ok();
                wide(multipliers[*quota]) * wide(if member { q.inside } else { q.outside })
            };
            let shifted = wide(problem.costs[edge]) * wide(*scale) + quotas_of[row].iter().map(counted).sum::<i128>();
            let by = wide(row_prices[row]) + wide(column_prices[column as usize]) - shifted;
            if by > 0 {
                return Err(Flaw::AboveCost { row: row as u32, column, by });
            }
        }
        bound += wide(row_prices[row]);
    }
    for (column, &price) in column_prices.iter().enumerate() {
        if price > 0 {
            return Err(Flaw::ColumnAboveZero { column: column as u32, price });
        }
        bound += wide(price);
    }
    Ok(bound)
}
