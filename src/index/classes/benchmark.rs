//! Distance from the class's median and best.

use crate::index::table::Groups;

/// Where a row stands in its class on one item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Benchmark {
    pub row: u32,
    /// Place in the tree; 0 is the whole.
    pub item: usize,
    /// The row's value.
    pub value: f64,
    /// Median of the class (the mean of the middle two), and its best value.
    pub median: f64,
    pub best: f64,
}

/// Benchmarks of every row on every item where it has a value: by row, then item. Classes are groups
/// of one period.
pub fn benchmarks(values: &[Vec<f64>], classes: &Groups) -> Vec<Benchmark> {
    let rows = classes.of.len();
    let levels: Vec<Vec<(f64, f64)>> =
        values.iter().map(|column| classes.members.iter().map(|members| level(column, members)).collect()).collect();
    let mut out = Vec::with_capacity(rows * values.len());
    for row in 0..rows {
        for (item, column) in values.iter().enumerate() {
            if column[row].is_finite() {
                let (median, best) = levels[item][classes.of[row] as usize];
                out.push(Benchmark { row: row as u32, item, value: column[row], median, best });
            }
        }
    }
    out
}

/// Median and best of the present values; NaN where there is none.
fn level(column: &[f64], members: &[u32]) -> (f64, f64) {
    let mut present: Vec<f64> = members.iter().map(|&row| column[row as usize]).filter(|v| v.is_finite()).collect();
    present.sort_unstable_by(f64::total_cmp);
    let n = present.len();
    match present.last() {
        None => (f64::NAN, f64::NAN),
        Some(best) => (present[(n - 1) / 2].midpoint(present[n / 2]), *best),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_bests_of_each_class() {
        let classes = Groups::new(vec![vec![0, 1, 3], vec![2]], 4);
        let found = benchmarks(&[vec![1.0, 5.0, 9.0, f64::NAN]], &classes);
        let told: Vec<(u32, f64, f64)> = found.iter().map(|b| (b.row, b.median, b.best)).collect();
        assert_eq!(told, [(0, 3.0, 5.0), (1, 3.0, 5.0), (2, 9.0, 9.0)]);
    }
}
