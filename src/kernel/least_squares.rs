//! Nonlinear least squares for a handful of parameters.

/// Parameters near `start` that make the sum of squared residuals least, by Levenberg–Marquardt with
/// forward differences (Marquardt 1963; Nocedal & Wright, *Numerical Optimization*, section 10.3).
///
/// `residuals` fills its second argument, always with the same number of finite values. At most
/// `calls` evaluations; fewer when nothing gets better. A local minimum: try several starts.
pub fn fit(start: &[f64], residuals: &mut dyn FnMut(&[f64], &mut Vec<f64>), calls: usize) -> Vec<f64> {
    let n = start.len();
    let (mut at, mut here) = (start.to_vec(), Vec::new());
    residuals(&at, &mut here);
    let mut cost = squares(&here);
    let (mut used, mut damping) = (1, 1e-3);
    let (mut trial, mut there) = (Vec::new(), Vec::new());
    while used + n < calls && cost > 1e-24 {
        // Column j: how the residuals change with parameter j.
        let mut jacobian: Vec<Vec<f64>> = Vec::with_capacity(n);
        for j in 0..n {
            trial.clone_from(&at);
            let step = 1e-6 * at[j].abs().max(1.0);
            trial[j] += step;
            residuals(&trial, &mut there);
            jacobian.push(there.iter().zip(&here).map(|(b, a)| (b - a) / step).collect());
        }
        used += n;
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let normal: Vec<Vec<f64>> = jacobian.iter().map(|a| jacobian.iter().map(|b| dot(a, b)).collect()).collect();
        let gradient: Vec<f64> = jacobian.iter().map(|a| dot(a, &here)).collect();
        let mut better = false;
        while used < calls && damping < 1e12 {
            let mut damped = normal.clone();
            for (j, row) in damped.iter_mut().enumerate() {
                row[j] += damping * normal[j][j] + 1e-12;
            }
            if let Some(step) = solve(damped, &gradient) {
                trial.clear();
                trial.extend(at.iter().zip(&step).map(|(x, s)| x - s));
                residuals(&trial, &mut there);
                used += 1;
                let new = squares(&there);
                if new < cost {
                    better = cost - new > 1e-12 * cost;
                    at.clone_from(&trial);
                    here.clone_from(&there);
                    cost = new;
                    damping = (damping * 0.2).max(1e-12);
                    break;
                }
            }
            damping *= 4.0;
        }
        if !better {
            break;
        }
    }
    at
}

fn squares(values: &[f64]) -> f64 {
    values.iter().map(|x| x * x).sum()
}

/// x of A x = b for a symmetric positive definite A (Cholesky); `None` if it is not.
pub fn solve(mut a: Vec<Vec<f64>>, b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    for j in 0..n {
        for i in j..n {
            let sum: f64 = a[i][j] - (0..j).map(|k| a[i][k] * a[j][k]).sum::<f64>();
            a[i][j] = match i == j {
                true if sum > 0.0 => sum.sqrt(),
                true => return None,
                false => sum / a[j][j],
            };
        }
    }
    let mut x = b.to_vec();
    for (i, row) in a.iter().enumerate() {
        let sum: f64 = (0..i).map(|k| row[k] * x[k]).sum();
        x[i] = (x[i] - sum) / row[i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[k][i] * x[k]).sum();
        x[i] = (x[i] - sum) / a[i][i];
    }
    x.iter().all(|v| v.is_finite()).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley: least at (1, 1).
    #[test]
    fn the_valley_leads_to_its_end() {
        let mut residuals = |x: &[f64], out: &mut Vec<f64>| {
            out.clear();
            out.extend([10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]]);
        };
        let found = fit(&[-1.2, 1.0], &mut residuals, 2000);
        assert!(found.iter().all(|x| (x - 1.0).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn a_line_is_fitted_like_by_the_normal_equations() {
        let data = [(0.0, 1.0), (1.0, 3.0), (2.0, 4.0), (3.0, 8.0)];
        let mut residuals = |x: &[f64], out: &mut Vec<f64>| {
            out.clear();
            out.extend(data.iter().map(|(t, y)| x[0] + x[1] * t - y));
        };
        let found = fit(&[0.0, 0.0], &mut residuals, 500);
        assert!((found[0] - 0.7).abs() < 1e-8 && (found[1] - 2.2).abs() < 1e-8, "{found:?}");
        assert_eq!(fit(&[], &mut |_, out| out.clear(), 10), Vec::<f64>::new());
    }
}
