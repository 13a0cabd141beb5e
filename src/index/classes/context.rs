//! Context columns made comparable.

use super::ClassesPolicy;
use crate::index::table::Table;

/// Rows with complete context, each column standardised to mean 0 and standard deviation 1 (a
/// constant column is 0 throughout and so has no say).
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    /// Rows of the table, ascending.
    pub rows: Vec<u32>,
    /// Standardised values by row, then column: row-major.
    pub values: Vec<f64>,
    /// Columns.
    pub width: usize,
    /// Mean and standard deviation by column, after the logarithm where there is one.
    pub scale: Vec<(f64, f64)>,
}

impl Context {
    /// The context of one period's rows. A row that lacks a column, or has a number without a
    /// logarithm where one is asked for, is left out.
    pub fn new(table: &Table, policy: &ClassesPolicy, rows: &[u32]) -> Context {
        let width = policy.columns.len();
        let value = |row: u32, column: &String| -> f64 {
            let value = table.numbers.get(column).map_or(f64::NAN, |c| c[row as usize]);
            if policy.log.contains(column) { libm::log(value) } else { value }
        };
        let mut kept = Vec::new();
        let mut values = Vec::new();
        for &row in rows {
            let start = values.len();
            values.extend(policy.columns.iter().map(|column| value(row, column)));
            if values[start..].iter().all(|v| v.is_finite()) {
                kept.push(row);
            } else {
                values.truncate(start);
            }
        }
        let mut scale = Vec::with_capacity(width);
        for column in 0..width {
            let of = |values: &[f64], at: usize| values[at * width + column];
            let n = kept.len() as f64;
            let mean = (0..kept.len()).map(|at| of(&values, at)).sum::<f64>() / n.max(1.0);
            let square = (0..kept.len()).map(|at| (of(&values, at) - mean) * (of(&values, at) - mean)).sum::<f64>();
            let deviation = if n > 1.0 { (square / (n - 1.0)).sqrt() } else { 0.0 };
            // What rounding makes of a constant column is no spread.
            let deviation = if deviation > 1e-12 * mean.abs() { deviation } else { 0.0 };
            for at in 0..kept.len() {
                let slot = &mut values[at * width + column];
                *slot = if deviation > 0.0 { (*slot - mean) / deviation } else { 0.0 };
            }
            scale.push((mean, deviation));
        }
        Context { rows: kept, values, width, scale }
    }

    /// The standardised values of the row at a place of `rows`.
    pub fn row(&self, at: usize) -> &[f64] {
        &self.values[at * self.width..(at + 1) * self.width]
    }
}

/// Squared Euclidean distance.
pub(super) fn square_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + (x - y) * (x - y))
}
