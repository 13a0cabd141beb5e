//! Small linear programmes of which nought is a solution: max c·y under A y ≤ b, y ≥ 0 with b ≥ 0. The
//! origin is feasible, so that no first phase is needed.

/// What counts as nought in a tableau whose rows are scaled to at most 1.
const NOUGHT: f64 = 1e-11;

/// Pivots by greatest gain; after that by least number (Bland, *New finite pivoting rules for the
/// simplex method*, 1977), under which no basis comes twice.
const GREEDY: usize = 50;

/// Pivots after which the best point so far is taken.
const LIMIT: usize = 10_000;

/// One row of A with its b.
pub type Row = (Vec<f64>, f64);

/// The best y, by the simplex method on a dense tableau (Dantzig 1951): O(rows · columns) a pivot.
/// `None` where the objective has no bound.
///
/// Every row of A must have as many entries as the objective, all finite, and b ≥ 0. Rows are scaled;
/// entries below 1e-11 of their row's greatest count as nought.
pub fn maximise(objective: &[f64], rows: &[Row]) -> Option<Vec<f64>> {
    let columns = objective.len();
    let mut table: Vec<Vec<f64>> = rows.iter().map(scaled).collect();
    // Gains of the columns, and, at the end, minus the value reached.
    let mut gains: Vec<f64> = objective.iter().copied().chain([0.0]).collect();
    // Variables: those of the programme from 0, then a slack for each row.
    let mut outside: Vec<usize> = (0..columns).collect();
    let mut inside: Vec<usize> = (columns..columns + rows.len()).collect();
    for pivot in 0..LIMIT {
        let rising = (0..columns).filter(|&at| gains[at] > NOUGHT);
        let enters = if pivot < GREEDY {
            rising.max_by(|&a, &b| gains[a].total_cmp(&gains[b]).then(outside[b].cmp(&outside[a])))
        } else {
            rising.min_by_key(|&at| outside[at])
        };
        let Some(column) = enters else { break };
        let ratio = |row: usize| table[row][columns] / table[row][column];
        let row = (0..table.len())
            .filter(|&row| table[row][column] > NOUGHT)
            .min_by(|&a, &b| ratio(a).total_cmp(&ratio(b)).then(inside[a].cmp(&inside[b])))?;
        turn(&mut table, &mut gains, row, column);
        std::mem::swap(&mut outside[column], &mut inside[row]);
    }
    let mut out = vec![0.0; columns];
    for (row, &variable) in inside.iter().enumerate().filter(|(_, variable)| **variable < columns) {
        out[variable] = table[row][columns].max(0.0);
    }
    Some(out)
}

/// The row with its b, divided by its greatest entry.
fn scaled((row, b): &Row) -> Vec<f64> {
    let greatest = row.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let by = if greatest > 0.0 { greatest } else { 1.0 };
    row.iter().chain([b]).map(|x| x / by).collect()
}

/// Exchanges the variable of a row with that of a column.
fn turn(table: &mut [Vec<f64>], gains: &mut [f64], row: usize, column: usize) {
    let pivot = table[row][column];
    let mut lead = std::mem::take(&mut table[row]);
    lead.iter_mut().for_each(|x| *x /= pivot);
    lead[column] = 1.0 / pivot;
    let eliminate = |line: &mut [f64]| {
        let factor = line[column];
        if factor != 0.0 {
            line[column] = 0.0;
            line.iter_mut().zip(&lead).for_each(|(x, y)| *x -= factor * y);
        }
    };
    table.iter_mut().filter(|line| !line.is_empty()).for_each(|line| eliminate(line));
    eliminate(gains);
    // Rounding must not make a right-hand side negative: the point would no longer be feasible.
    let last = lead.len() - 1;
    table.iter_mut().filter(|line| !line.is_empty()).for_each(|line| line[last] = line[last].max(0.0));
    table[row] = lead;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn textbook_programmes() {
        // Dantzig's 3 x + 5 y: x ≤ 4, 2 y ≤ 12, 3 x + 2 y ≤ 18 (Hillier & Lieberman, Wyndor Glass).
        let rows = [(vec![1.0, 0.0], 4.0), (vec![0.0, 2.0], 12.0), (vec![3.0, 2.0], 18.0)];
        let best = maximise(&[3.0, 5.0], &rows).expect("bounded");
        assert!((best[0] - 2.0).abs() < 1e-12 && (best[1] - 6.0).abs() < 1e-12);
        // Beale's programme, on which Dantzig's rule alone cycles: value 1/20.
        let rows = [
            (vec![0.25, -60.0, -1.0 / 25.0, 9.0], 0.0),
            (vec![0.5, -90.0, -1.0 / 50.0, 3.0], 0.0),
            (vec![0.0, 0.0, 1.0, 0.0], 1.0),
        ];
        let best = maximise(&[0.75, -150.0, 0.02, -6.0], &rows).expect("bounded");
        let value: f64 = best.iter().zip([0.75, -150.0, 0.02, -6.0]).map(|(y, c)| y * c).sum();
        assert!((value - 0.05).abs() < 1e-12, "{value}");
        assert_eq!(maximise(&[1.0, 1.0], &[(vec![1.0, -1.0], 1.0)]), None);
        assert_eq!(maximise(&[1.0], &[]), None);
        assert_eq!(maximise(&[-1.0], &[]), Some(vec![0.0]));
    }

    proptest! {
        /// Against another solver.
        #[test]
        fn agrees_with_an_independent_solver(
            objective in prop::collection::vec(0.1..5.0_f64, 4),
            rows in prop::collection::vec((prop::collection::vec(0.0..3.0_f64, 4), 0.0..4.0_f64), 1..9),
        ) {
            let mut rows: Vec<Row> = rows;
            rows.push((vec![1.0; 4], 10.0));
            let best = maximise(&objective, &rows).expect("bounded");
            let mut problem = microlp::Problem::new(microlp::OptimizationDirection::Maximize);
            let y: Vec<_> = objective.iter().map(|c| problem.add_var(*c, (0.0, f64::INFINITY))).collect();
            for (row, b) in &rows {
                let terms: Vec<_> = y.iter().copied().zip(row.iter().copied()).collect();
                problem.add_constraint(&terms[..], microlp::ComparisonOp::Le, *b);
                let used: f64 = row.iter().zip(&best).map(|(a, y)| a * y).sum();
                prop_assert!(used <= b + 1e-9);
            }
            let value: f64 = objective.iter().zip(&best).map(|(c, y)| c * y).sum();
            let other = problem.solve().expect("feasible and bounded").objective();
            prop_assert!((value - other).abs() < 1e-6, "{value} {other}");
        }
    }
}
