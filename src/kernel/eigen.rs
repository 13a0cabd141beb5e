//! Eigenvalues and eigenvectors of small symmetric matrices.

/// Eigenvalues, greatest first, each with its eigenvector of length 1 whose component of greatest
/// magnitude (the first of several) is positive.
///
/// Jacobi's method by cyclic sweeps (Golub & Van Loan, *Matrix Computations*, section 8.5), in a fixed
/// order: the same bytes on every machine. Only the lower triangle is read; n³ operations per sweep,
/// some ten sweeps.
pub fn symmetric(matrix: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let n = matrix.len();
    let mut a: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| matrix[i.max(j)][i.min(j)]).collect()).collect();
    // Row i of `v` is the eigenvector of diagonal element i.
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..64 {
        let whole: f64 = a.iter().flatten().map(|x| x * x).sum();
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off <= whole * 1e-32 || off.is_nan() {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    let mut out: Vec<(f64, Vec<f64>)> =
        v.into_iter().enumerate().map(|(i, vector)| (a[i][i], oriented(vector))).collect();
    // Stable: equal eigenvalues stay in the order of the columns.
    out.sort_by(|x, y| y.0.total_cmp(&x.0));
    out
}

/// Makes a[p][q] zero.
fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    let off = a[p][q];
    if off == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    for k in 0..a.len() {
        let (x, y) = (a[p][k], a[q][k]);
        (a[p][k], a[q][k]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (v[p][k], v[q][k]);
        (v[p][k], v[q][k]) = (c * x - s * y, s * x + c * y);
    }
    (a[p][q], a[q][p]) = (0.0, 0.0);
}

fn oriented(mut vector: Vec<f64>) -> Vec<f64> {
    let greatest = vector.iter().fold(0.0_f64, |best, x| if x.abs() > best.abs() + 1e-12 { *x } else { best });
    if greatest < 0.0 {
        vector.iter_mut().for_each(|x| *x = -*x);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// [[2, 1], [1, 2]] has 3 on (1, 1)/√2 and 1 on (1, −1)/√2.
    #[test]
    fn a_matrix_by_hand() {
        let found = symmetric(&[vec![2.0, 1.0], vec![1.0, 2.0]]);
        let half = 0.5_f64.sqrt();
        for ((value, vector), (wanted, direction)) in found.iter().zip([(3.0, [half, half]), (1.0, [half, -half])]) {
            assert!((value - wanted).abs() < 1e-14);
            assert!(vector.iter().zip(direction).all(|(a, b)| (a - b).abs() < 1e-14), "{vector:?}");
        }
        assert!(symmetric(&[]).is_empty());
        assert_eq!(symmetric(&[vec![-4.0]]), [(-4.0, vec![1.0])]);
    }

    proptest! {
        /// A v = λ v, vectors of length 1 at right angles, trace kept.
        #[test]
        fn eigenvectors_are_what_they_should_be(n in 1_usize..9, entries in prop::collection::vec(-5.0..5.0_f64, 81)) {
            let matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| entries[9 * i.max(j) + i.min(j)]).collect()).collect();
            let found = symmetric(&matrix);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            for (at, (value, vector)) in found.iter().enumerate() {
                for (row, x) in matrix.iter().zip(vector) {
                    prop_assert!((dot(row, vector) - value * x).abs() < 1e-10);
                }
                for (other, (_, second)) in found.iter().enumerate() {
                    prop_assert!((dot(vector, second) - f64::from(u8::from(at == other))).abs() < 1e-12);
                }
            }
            let trace: f64 = (0..n).map(|i| matrix[i][i]).sum();
            prop_assert!((found.iter().map(|f| f.0).sum::<f64>() - trace).abs() < 1e-10);
            prop_assert!(found.is_sorted_by(|a, b| a.0 >= b.0));
        }
    }
}
