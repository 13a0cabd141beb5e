//! Logistic regression with an L2 penalty: fitted by `linfa-logistic`, then carried to the optimum
//! and checked here.
//!
//! `linfa` takes the *majority* class as positive, so with few positives its probability is that of
//! "nothing happened"; the fitted labels are read each time and the signs turned. Its solver stops
//! at a tolerance and multiplies matrices with kernels that depend on the processor, so the last
//! digits differ between machines. The objective is strictly convex: a few Newton steps, summed in
//! row order, reach its one minimum from wherever `linfa` stopped (or from nothing, where it gave
//! up), a vanishing gradient certifies it, and the coefficients are then rounded to [`DIGITS`]
//! decimals, far above what is left of the difference.

use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};

use super::round;

/// Decimals of coefficients, centres and scales.
pub const DIGITS: u32 = 6;
/// Largest gradient (sum over rows, per coefficient) that counts as the optimum.
const TOLERANCE: f64 = 1e-6;
const NEWTON_STEPS: usize = 50;
/// Its steps are dear beside Newton's, which end the work anyway.
const LINFA_STEPS: u64 = 8;

/// Why no model came out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Lengths do not match, or an infinity among the values.
    #[error("the sample is malformed")]
    Malformed,
    /// All rows have the same label.
    #[error("only one class in the sample")]
    OneClass,
    /// The optimum was not reached; the largest remaining gradient.
    #[error("no optimum: gradient {0:.1e}")]
    NotConverged(f64),
}

/// A fitted model, on standardised features.
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// Mean of each feature over the training rows that have it.
    pub centers: Vec<f64>,
    /// Standard deviation of each feature; 0 for a feature that never varies (it has no effect).
    pub scales: Vec<f64>,
    /// Change of the log odds per standard deviation.
    pub weights: Vec<f64>,
    /// Log odds of a row whose features are all at their means.
    pub intercept: f64,
}

impl Logistic {
    /// Probability of the label `true` for a row of features; NaN stands for missing and counts as
    /// the training mean.
    pub fn probability(&self, row: &[f64]) -> f64 {
        sigmoid(self.log_odds(row))
    }

    /// Log odds of the label `true`.
    pub fn log_odds(&self, row: &[f64]) -> f64 {
        let parts =
            row.iter().enumerate().map(|(j, x)| self.weights[j] * standard(*x, self.centers[j], self.scales[j]));
        parts.fold(self.intercept, |sum, part| sum + part)
    }
}

/// Fits P(label = true) to row-major `values` of `width` features a row; NaN stands for missing and
/// counts as the feature's mean. The objective is Σ log-loss + `l2`/2 · Σ weight², on standardised
/// features, the intercept free.
///
/// # Errors
/// See [`FitError`].
pub fn fit(values: &[f64], width: usize, labels: &[bool], l2: f64) -> Result<Logistic, FitError> {
    let rows = labels.len();
    if rows.checked_mul(width) != Some(values.len()) || !(l2.is_finite() && l2 > 0.0) {
        return Err(FitError::Malformed);
    }
    if values.iter().any(|x| x.is_infinite()) {
        return Err(FitError::Malformed);
    }
    if labels.iter().all(|l| *l) || labels.iter().all(|l| !*l) {
        return Err(FitError::OneClass);
    }
    let (centers, scales) = moments(values, width);
    let standardised: Vec<f64> =
        values.iter().enumerate().map(|(i, x)| standard(*x, centers[i % width], scales[i % width])).collect();
    // "search direction must be a descent direction" and the like: Newton gets there from zero too.
    let start = by_linfa(&standardised, width, labels, l2).unwrap_or_else(|| vec![0.0; width + 1]);
    let solution = newton(&standardised, width, labels, l2, start)?;
    let (weights, intercept) = solution.split_at(width);
    Ok(Logistic {
        centers,
        scales,
        weights: weights.iter().map(|w| round::to(*w, DIGITS)).collect(),
        intercept: round::to(intercept[0], DIGITS),
    })
}

/// Mean and standard deviation of each column over the rows that have it, rounded.
fn moments(values: &[f64], width: usize) -> (Vec<f64>, Vec<f64>) {
    let mut centers = vec![0.0; width];
    let mut scales = vec![0.0; width];
    for j in 0..width {
        let column = || values.iter().skip(j).step_by(width).copied().filter(|x| x.is_finite());
        let count = column().count() as f64;
        if count > 0.0 {
            let mean = column().fold(0.0, |s, x| s + x) / count;
            let variance = column().fold(0.0, |s, x| s + (x - mean) * (x - mean)) / count;
            centers[j] = round::to(mean, DIGITS);
            scales[j] = round::to(variance.sqrt(), DIGITS);
        }
    }
    (centers, scales)
}

fn standard(x: f64, center: f64, scale: f64) -> f64 {
    if scale > 0.0 && x.is_finite() { (x - center) / scale } else { 0.0 }
}

fn sigmoid(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + libm::exp(-z))
    } else {
        let e = libm::exp(z);
        e / (1.0 + e)
    }
}

/// Weights, then the intercept, for P(true), as `linfa` leaves them after a few steps; `None` where it
/// gave up.
fn by_linfa(x: &[f64], width: usize, labels: &[bool], l2: f64) -> Option<Vec<f64>> {
    let records = Array2::from_shape_vec((labels.len(), width), x.to_vec()).ok()?;
    let data = DatasetBase::new(records, Array1::from_vec(labels.to_vec()));
    let model = LogisticRegression::default().alpha(l2).max_iterations(LINFA_STEPS).gradient_tolerance(0.5);
    let fitted = model.fit(&data).ok()?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let mut solution: Vec<f64> = fitted.params().iter().map(|w| sign * w).collect();
    solution.push(sign * fitted.intercept());
    solution.iter().all(|w| w.is_finite()).then_some(solution)
}

/// Newton's method with step halving, from `start` to where the gradient vanishes.
fn newton(x: &[f64], width: usize, labels: &[bool], l2: f64, start: Vec<f64>) -> Result<Vec<f64>, FitError> {
    let mut at = start;
    let mut value = objective(x, width, labels, l2, &at);
    for _ in 0..NEWTON_STEPS {
        let (gradient, mut hessian) = derivatives(x, width, labels, l2, &at);
        if largest(&gradient) <= TOLERANCE * 1e-3 {
            return Ok(at);
        }
        let Some(step) = solve(&mut hessian, &gradient) else { break };
        let mut share = 1.0;
        let next = loop {
            let trial: Vec<f64> = at.iter().zip(&step).map(|(a, s)| a - share * s).collect();
            let there = objective(x, width, labels, l2, &trial);
            if there <= value {
                value = there;
                break Some(trial);
            }
            share /= 2.0;
            if share < 1e-6 {
                break None;
            }
        };
        match next {
            Some(trial) => at = trial,
            // No smaller value within the last digits: this is the optimum, or the check below says not.
            None => break,
        }
    }
    let (gradient, _) = derivatives(x, width, labels, l2, &at);
    let rest = largest(&gradient);
    if rest <= TOLERANCE { Ok(at) } else { Err(FitError::NotConverged(rest)) }
}

fn largest(vector: &[f64]) -> f64 {
    vector.iter().fold(0.0, |m: f64, g| if g.is_finite() { m.max(g.abs()) } else { f64::INFINITY })
}

fn margin(row: &[f64], at: &[f64]) -> f64 {
    row.iter().zip(at).fold(at[row.len()], |sum, (a, b)| sum + a * b)
}

fn objective(x: &[f64], width: usize, labels: &[bool], l2: f64, at: &[f64]) -> f64 {
    let mut loss = at[..width].iter().fold(0.0, |s, w| s + w * w) * l2 / 2.0;
    for (i, label) in labels.iter().enumerate() {
        let z = margin(&x[i * width..(i + 1) * width], at);
        let z = if *label { -z } else { z };
        // log(1 + e^z) without overflow.
        loss += z.max(0.0) + libm::log1p(libm::exp(-z.abs()));
    }
    loss
}

/// Gradient and Hessian (row-major, lower triangle filled) of the objective.
fn derivatives(x: &[f64], width: usize, labels: &[bool], l2: f64, at: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let size = width + 1;
    let mut gradient = vec![0.0; size];
    let mut hessian = vec![0.0; size * size];
    for j in 0..width {
        gradient[j] = l2 * at[j];
        hessian[j * size + j] = l2;
    }
    for (i, label) in labels.iter().enumerate() {
        let row = &x[i * width..(i + 1) * width];
        let p = sigmoid(margin(row, at));
        let gap = p - f64::from(u8::from(*label));
        let curve = p * (1.0 - p);
        // Plain slices without a branch: this is the inner loop.
        for (j, a) in row.iter().enumerate() {
            gradient[j] += gap * a;
            let weighted = curve * a;
            for (h, b) in hessian[j * size..=j * size + j].iter_mut().zip(row) {
                *h += weighted * b;
            }
        }
        gradient[width] += gap;
        for (h, b) in hessian[width * size..].iter_mut().zip(row) {
            *h += curve * b;
        }
        hessian[size * size - 1] += curve;
    }
    (gradient, hessian)
}

/// Solves A·x = b for a positive definite A (lower triangle, overwritten by its Cholesky factor).
fn solve(a: &mut [f64], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    for j in 0..n {
        for i in j..n {
            let mut sum = a[i * n + j];
            for k in 0..j {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if i == j {
                if !(sum.is_finite() && sum > 0.0) {
                    return None;
                }
                a[j * n + j] = sum.sqrt();
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        for k in 0..i {
            x[i] -= a[i * n + k] * x[k];
        }
        x[i] /= a[i * n + i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            x[i] -= a[k * n + i] * x[k];
        }
        x[i] /= a[i * n + i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample from a counter: feature 0 tells, feature 1 is noise, feature 2 never varies.
    fn sample(rows: usize, positives: usize) -> (Vec<f64>, Vec<bool>) {
        let mut values = Vec::new();
        let mut labels = Vec::new();
        for i in 0..rows {
            let positive = i * positives / rows != (i + 1) * positives / rows;
            let noise = ((i * 7919) % 101) as f64 / 100.0;
            let other = ((i * 104_729) % 97) as f64 / 96.0;
            values.extend([noise + if positive { 0.6 } else { 0.0 }, other, 4.0]);
            labels.push(positive);
        }
        (values, labels)
    }

    #[test]
    fn rare_positives_get_the_higher_probability() -> Result<(), FitError> {
        for positives in [10, 100, 150, 190] {
            let (values, labels) = sample(200, positives);
            let model = fit(&values, 3, &labels, 1.0)?;
            assert!(model.weights[0] > 0.0, "{positives} of 200: {model:?}");
            assert_eq!((model.scales[2], model.weights[2]), (0.0, 0.0));
            assert!(model.probability(&[1.6, 0.5, 4.0]) > model.probability(&[0.0, 0.5, 4.0]));
            // With a free intercept the mean probability is the base rate.
            let mean = values.chunks(3).map(|r| model.probability(r)).sum::<f64>() / 200.0;
            assert!((mean - positives as f64 / 200.0).abs() < 1e-5, "{mean}");
        }
        Ok(())
    }

    /// One binary feature, hardly any penalty: the fitted probabilities are the group shares.
    #[test]
    fn saturated_model_gives_the_shares() -> Result<(), FitError> {
        let rows = [(0.0, 2, 38), (1.0, 9, 11)];
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for (x, yes, no) in rows {
            for i in 0..yes + no {
                values.push(x);
                labels.push(i < yes);
            }
        }
        let model = fit(&values, 1, &labels, 1e-9)?;
        assert!((model.probability(&[0.0]) - 0.05).abs() < 1e-6);
        assert!((model.probability(&[1.0]) - 0.45).abs() < 1e-6);
        assert_eq!(model.probability(&[f64::NAN]), model.probability(&[model.centers[0]]));
        Ok(())
    }

    #[test]
    fn rows_may_come_in_any_order() -> Result<(), FitError> {
        let (values, labels) = sample(120, 11);
        let forwards = fit(&values, 3, &labels, 1.0)?;
        let mut rows: Vec<(&[f64], bool)> = values.chunks(3).zip(labels.iter().copied()).collect();
        rows.reverse();
        let back: Vec<f64> = rows.iter().flat_map(|r| r.0.iter().copied()).collect();
        let turned: Vec<bool> = rows.iter().map(|r| r.1).collect();
        assert_eq!(forwards, fit(&back, 3, &turned, 1.0)?);
        Ok(())
    }

    /// From `linfa`'s start and from zero the same optimum, and `linfa`'s own one near it.
    #[test]
    fn the_start_does_not_matter() -> Result<(), FitError> {
        let (values, labels) = sample(150, 12);
        let (centers, scales) = moments(&values, 3);
        let x: Vec<f64> = values.iter().enumerate().map(|(i, v)| standard(*v, centers[i % 3], scales[i % 3])).collect();
        let model = fit(&values, 3, &labels, 1.0)?;
        let from_zero = newton(&x, 3, &labels, 1.0, vec![0.0; 4])?;
        let far = newton(&x, 3, &labels, 1.0, vec![3.0, -2.0, 1.0, 4.0])?;
        for (at, weight) in model.weights.iter().chain([&model.intercept]).enumerate() {
            assert_eq!(round::to(from_zero[at], DIGITS), *weight);
            assert_eq!(round::to(far[at], DIGITS), *weight);
        }
        let data = DatasetBase::new(
            Array2::from_shape_vec((150, 3), x).map_err(|_| FitError::Malformed)?,
            Array1::from_vec(labels),
        );
        let theirs = LogisticRegression::default().alpha(1.0).gradient_tolerance(1e-6).fit(&data);
        let theirs = theirs.map_err(|_| FitError::Malformed)?;
        assert!(!theirs.labels().pos.class, "the majority is positive");
        assert!((theirs.params()[0] + model.weights[0]).abs() < 1e-4);
        assert!((theirs.intercept() + model.intercept).abs() < 1e-4);
        Ok(())
    }

    #[test]
    fn separable_and_malformed_samples() {
        let separable = fit(&[0.0, 0.0, 1.0, 1.0], 1, &[false, false, true, true], 1.0);
        assert!(separable.is_ok_and(|m| m.weights[0] > 0.0 && m.weights[0] < 10.0));
        assert_eq!(fit(&[1.0, 2.0], 1, &[true, true], 1.0), Err(FitError::OneClass));
        assert_eq!(fit(&[1.0], 1, &[true, false], 1.0), Err(FitError::Malformed));
        assert_eq!(fit(&[1.0, f64::INFINITY], 1, &[true, false], 1.0), Err(FitError::Malformed));
        assert_eq!(fit(&[], 1, &[], 1.0), Err(FitError::OneClass));
    }
}
