//! Figures of columns with gaps (NaN), in the order of the units.

/// Number, mean and sum of squared deviations of the measured values.
pub(super) fn moments(column: &[f64]) -> (usize, f64, f64) {
    let measured = || column.iter().filter(|x| !x.is_nan());
    let n = measured().count();
    if n == 0 || range(column).is_none_or(|(min, max)| min == max) {
        return (n, measured().next().copied().unwrap_or(f64::NAN), 0.0);
    }
    let mean = measured().sum::<f64>() / n as f64;
    (n, mean, measured().map(|x| (x - mean) * (x - mean)).sum())
}

/// Sample standard deviation; 0 for fewer than two values, exactly 0 where all are equal.
pub(super) fn deviation(column: &[f64]) -> f64 {
    let (n, _, squares) = moments(column);
    if n < 2 { 0.0 } else { (squares / (n as f64 - 1.0)).sqrt() }
}

/// Least and greatest measured value.
pub(super) fn range(column: &[f64]) -> Option<(f64, f64)> {
    let measured = column.iter().copied().filter(|x| !x.is_nan());
    measured.fold(None, |range, x| match range {
        None => Some((x, x)),
        Some((min, max)) => Some((min.min(x), max.max(x))),
    })
}

/// Pearson's correlation over the units that have both; 0 where one of the two does not vary.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (covariance, xx, yy) = products(x, y);
    if xx > 0.0 && yy > 0.0 { (covariance / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0) } else { 0.0 }
}

/// Sums of products and squares of the deviations, over the units that have both.
pub(super) fn products(x: &[f64], y: &[f64]) -> (f64, f64, f64) {
    let both = || x.iter().zip(y).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let (mut n, mut sum_x, mut sum_y, mut size) = (0.0, 0.0, 0.0, (0.0_f64, 0.0_f64));
    for (a, b) in both() {
        n += 1.0;
        sum_x += a;
        sum_y += b;
        size = (size.0.max(a.abs()), size.1.max(b.abs()));
    }
    let (mean_x, mean_y) = (sum_x / n, sum_y / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (a, b) in both() {
        let (a, b) = (a - mean_x, b - mean_y);
        xy += a * b;
        xx += a * a;
        yy += b * b;
    }
    // What is left of equal values is rounding error.
    let noise = |squares: f64, size: f64| if squares <= n * size * size * 1e-24 { 0.0 } else { squares };
    (xy, noise(xx, size.0), noise(yy, size.1))
}
