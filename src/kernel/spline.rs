//! Restricted cubic splines, and the correlation ratio that they estimate.
//!
//! The correlation ratio S = Var(E[y|x]) / Var(y) (Pearson 1905) is the share of the variance of y
//! that would go if x were known: the first-order sensitivity index of x. E[y|x] is estimated by
//! least squares on a restricted (natural) cubic spline with few knots: linear beyond the outer
//! knots, so that outliers bend nothing; exactly R² where the relation is a straight line.

/// Number of knots for `n` units: what is flexible enough for curves and turning points without
/// fitting noise (Harrell, *Regression Modeling Strategies*, section 2.4.6). With K knots pure
/// noise is given an S of about (K − 1) / n.
pub fn knots(n: usize) -> usize {
    match n {
        0..20 => 2,
        20..50 => 3,
        50..200 => 4,
        200..1000 => 5,
        _ => 7,
    }
}

/// An orthonormal basis of the functions of x that a spline can be, on the rows where x is present.
#[derive(Clone, Debug)]
pub struct Spline {
    /// Rows where x is present, ascending.
    pub rows: Vec<u32>,
    /// Columns of mean 0 and length 1, at right angles, by row of `rows`.
    pub basis: Vec<Vec<f64>>,
}

impl Spline {
    /// The basis for x (NaN where missing) with so many knots, at least 2; 2 is a straight line.
    ///
    /// The knots lie at equally spaced quantiles, the outer ones at 10% (3 knots), 5% (4 to 6) or
    /// 2.5% (more); where many values are equal, at quantiles of the different values. With no more
    /// different values than knots, each value is a level of its own, and what is fitted are the
    /// levels' means. Empty where x does not vary. n log n + n · knots² operations.
    pub fn new(x: &[f64], knots: usize) -> Spline {
        let rows: Vec<u32> = (0..x.len() as u32).filter(|&row| !x[row as usize].is_nan()).collect();
        let values: Vec<f64> = rows.iter().map(|&row| x[row as usize]).collect();
        Spline { basis: basis(&values, knots.max(2)), rows }
    }

    /// Sum of squares of y (by row of the table) that the spline explains, and the whole; `None`
    /// where y is missing in one of the rows.
    pub fn explained(&self, y: &[f64]) -> Option<(f64, f64)> {
        let values: Vec<f64> = self.rows.iter().map(|&row| y[row as usize]).collect();
        if values.iter().any(|v| v.is_nan()) {
            return None;
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let size = values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let whole: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        // What is left of equal values is rounding error.
        if whole <= values.len() as f64 * size * size * 1e-24 {
            return Some((0.0, 0.0));
        }
        let part = |column: &Vec<f64>| {
            let product: f64 = column.iter().zip(&values).map(|(q, v)| q * (v - mean)).sum();
            product * product
        };
        Some((self.basis.iter().map(part).sum::<f64>().min(whole), whole))
    }
}

/// The correlation ratio of y on x over the units that have both, 0 to 1; 0 where one of them does
/// not vary. `knots` as in [`Spline::new`], by the number of units if not given.
pub fn correlation_ratio(x: &[f64], y: &[f64], knots: Option<usize>) -> f64 {
    let both: Vec<f64> = x.iter().zip(y).map(|(x, y)| if y.is_nan() { f64::NAN } else { *x }).collect();
    let n = both.iter().filter(|v| !v.is_nan()).count();
    let spline = Spline::new(&both, knots.unwrap_or_else(|| self::knots(n)));
    spline.explained(y).map_or(0.0, |(part, whole)| if whole > 0.0 { part / whole } else { 0.0 })
}

fn basis(values: &[f64], knots: usize) -> Vec<Vec<f64>> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    if distinct.len() < 2 {
        return Vec::new();
    }
    let columns = if distinct.len() <= knots {
        let level = |level: &f64| values.iter().map(|v| f64::from(u8::from(v == level))).collect();
        distinct[1..].iter().map(level).collect()
    } else {
        let mut at = quantiles(&sorted, knots);
        if !at.is_sorted_by(|a, b| a < b) {
            at = quantiles(&distinct, knots);
        }
        restricted(values, &at)
    };
    orthonormal(columns)
}

/// Equally spaced quantiles of ascending values.
fn quantiles(sorted: &[f64], knots: usize) -> Vec<f64> {
    let outer = match knots {
        0..=3 => 0.1,
        4..=6 => 0.05,
        _ => 0.025,
    };
    let quantile = |i: usize| {
        let place = (outer + (1.0 - 2.0 * outer) * i as f64 / (knots - 1) as f64) * (sorted.len() - 1) as f64;
        let below = place as usize;
        let above = (below + 1).min(sorted.len() - 1);
        sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
    };
    (0..knots).map(quantile).collect()
}

/// x itself and, for each knot but the last two, the cubic that is linear beyond the last knot.
fn restricted(values: &[f64], knots: &[f64]) -> Vec<Vec<f64>> {
    let (first, last) = (knots[0], knots[knots.len() - 1]);
    let width = last - first;
    // Rounding may leave no width between the outer knots: then a straight line.
    let scaled = |v: f64| if width > 0.0 { (v - first) / width } else { v };
    let z: Vec<f64> = values.iter().map(|v| scaled(*v)).collect();
    let mut out = vec![z.clone()];
    if width > 0.0 && width.is_finite() {
        let before = scaled(knots[knots.len() - 2]);
        for knot in &knots[..knots.len() - 2] {
            let at = scaled(*knot);
            let ratio = (1.0 - at) / (1.0 - before);
            let cube = |v: f64| v * v * v;
            let inner = |z: f64| cube((z - at).max(0.0)) - ratio * cube((z - before).max(0.0));
            let (end, slope) = (inner(1.0), 3.0 * (1.0 - at) * (before - at));
            out.push(z.iter().map(|&z| if z <= 1.0 { inner(z) } else { end + slope * (z - 1.0) }).collect());
        }
    }
    out
}

/// Columns of mean 0 and length 1 at right angles that span the same functions (Gram–Schmidt, twice);
/// what depends on earlier columns is left out.
fn orthonormal(columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut out: Vec<Vec<f64>> = Vec::with_capacity(columns.len());
    for mut column in columns {
        let centre = |column: &mut Vec<f64>| {
            let mean = column.iter().sum::<f64>() / column.len() as f64;
            column.iter_mut().for_each(|x| *x -= mean);
        };
        centre(&mut column);
        let before = length(&column);
        for _ in 0..2 {
            for done in &out {
                let along: f64 = column.iter().zip(done).map(|(x, q)| x * q).sum();
                column.iter_mut().zip(done).for_each(|(x, q)| *x -= along * q);
            }
        }
        centre(&mut column);
        let after = length(&column);
        if after > before * 1e-7 && after.is_finite() {
            column.iter_mut().for_each(|x| *x /= after);
            out.push(column);
        }
    }
    out
}

fn length(column: &[f64]) -> f64 {
    column.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::draw::Draw;

    fn normals(seed: u64, n: usize) -> Vec<f64> {
        let mut draw = Draw::new(seed, 0);
        (0..n).map(|_| draw.normal(0.0, 1.0)).collect()
    }

    #[test]
    fn a_straight_line_has_its_r_squared_whatever_the_outliers() {
        let x = normals(1, 400);
        let line: Vec<f64> = x.iter().map(|x| 3.0 - 2.0 * x).collect();
        assert!((correlation_ratio(&x, &line, None) - 1.0).abs() < 1e-12);
        let mut far = x.clone();
        far[7] = 1e6;
        let line: Vec<f64> = far.iter().map(|x| 3.0 - 2.0 * x).collect();
        assert!((correlation_ratio(&far, &line, None) - 1.0).abs() < 1e-9);
    }

    /// Closed forms: y = x² on a symmetric x is a function of x (S = 1, correlation 0); y = x + e has
    /// S = ½; y = sin(πx) + noise of half its variance, 2/3.
    #[test]
    fn known_functions_have_their_ratio() {
        let n = 4000;
        let mut draw = Draw::new(5, 0);
        let x: Vec<f64> = (0..n).map(|_| draw.between(-1.0, 1.0)).collect();
        let noise = normals(6, n);
        let y = |f: &dyn Fn(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
        assert!(correlation_ratio(&x, &y(&|i| x[i] * x[i]), None) > 0.995);
        let half = correlation_ratio(&x, &y(&|i| x[i] * 3.0_f64.sqrt() + noise[i]), None);
        assert!((half - 0.5).abs() < 0.03, "{half}");
        let wave = y(&|i| libm::sin(std::f64::consts::PI * x[i]) + 0.5 * noise[i]);
        let wave = correlation_ratio(&x, &wave, None);
        assert!((wave - 2.0 / 3.0).abs() < 0.03, "{wave}");
        assert!(correlation_ratio(&x, &noise, None) < 0.01);
    }

    /// Levels: between-group over total sum of squares, by hand.
    #[test]
    fn few_values_are_levels() {
        let x = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, f64::NAN, 3.0];
        let y = [0.0, 2.0, 5.0, 7.0, 0.0, 2.0, 50.0, f64::NAN];
        // Means 1, 6, 1 around 8/3; within 2 each.
        let between = 2.0 * (25.0 / 9.0 + 100.0 / 9.0 + 25.0 / 9.0);
        assert!((correlation_ratio(&x, &y, Some(5)) - between / (between + 6.0)).abs() < 1e-12);
        assert_eq!(correlation_ratio(&[1.0; 4], &[1.0, 2.0, 3.0, 4.0], None), 0.0);
        assert_eq!(correlation_ratio(&[1.0, 2.0, 3.0], &[0.1; 3], None), 0.0);
        assert_eq!(correlation_ratio(&[], &[], None), 0.0);
    }

    /// Another estimator, slow: local linear with a normal kernel. In closed form the variance of
    /// exp(x / 2) is e^¼ (e^¼ − 1) = 0.3647, the noise's 0.36.
    #[test]
    fn a_local_linear_smoother_agrees() {
        let n = 1200;
        let (x, noise) = (normals(8, n), normals(9, n));
        let y: Vec<f64> = (0..n).map(|i| libm::exp(0.5 * x[i]) + 0.6 * noise[i]).collect();
        let (spline, slow) = (correlation_ratio(&x, &y, None), local_linear(&x, &y, 0.5));
        assert!((spline - slow).abs() < 0.02, "{spline} {slow}");
        assert!((spline - 0.3647 / 0.7247).abs() < 0.03, "{spline}");
    }

    fn local_linear(x: &[f64], y: &[f64], bandwidth: f64) -> f64 {
        let fitted: Vec<f64> = x
            .iter()
            .map(|at| {
                let (mut s0, mut s1, mut s2, mut t0, mut t1) = (0.0, 0.0, 0.0, 0.0, 0.0);
                for (x, y) in x.iter().zip(y) {
                    let d = x - at;
                    let w = libm::exp(-0.5 * d * d / (bandwidth * bandwidth));
                    s0 += w;
                    s1 += w * d;
                    s2 += w * d * d;
                    t0 += w * y;
                    t1 += w * d * y;
                }
                (s2 * t0 - s1 * t1) / (s0 * s2 - s1 * s1)
            })
            .collect();
        let variance = |v: &[f64]| {
            let mean = v.iter().sum::<f64>() / v.len() as f64;
            v.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()
        };
        variance(&fitted) / variance(y)
    }
}
