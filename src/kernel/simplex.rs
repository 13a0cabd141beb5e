//! Random weights: points of the simplex, drawn around declared weights.

use super::draw::Draw;

/// A gamma variate with that shape and scale 1, 0 when the shape is not positive.
///
/// Marsaglia & Tsang, *A simple method for generating gamma variables*, ACM TOMS 26 (2000): for
/// shape a ≥ 1, d = a − 1/3, v = (1 + z / √(9d))³ with z normal, accepted when
/// ln u < z²/2 + d − dv + d ln v; for a < 1, the variate of a + 1 times u^(1/a).
pub fn gamma(draw: &mut Draw, shape: f64) -> f64 {
    if shape.is_nan() || shape <= 0.0 {
        return 0.0;
    }
    if shape < 1.0 {
        let boost = libm::exp(libm::log(draw.open()) / shape);
        return gamma(draw, shape + 1.0) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let z = draw.normal(0.0, 1.0);
        let root = 1.0 + c * z;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        if libm::log(draw.open()) < 0.5 * z * z + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// Dirichlet weights into `out`: independent gammas of shapes concentration · weight, divided by
/// their sum. Their mean is `weights`, the variance of each w(1 − w) / (concentration + 1).
///
/// `weights` are non-negative and sum to 1; a zero weight stays zero. Should every gamma underflow
/// (a tiny concentration), the weights themselves are returned.
pub fn dirichlet(draw: &mut Draw, weights: &[f64], concentration: f64, out: &mut [f64]) {
    let mut sum = 0.0;
    for (slot, &weight) in out.iter_mut().zip(weights) {
        *slot = gamma(draw, concentration * weight);
        sum += *slot;
    }
    if sum > 0.0 {
        out.iter_mut().for_each(|w| *w /= sum);
    } else {
        out.copy_from_slice(weights);
    }
}

/// A point of the simplex, all equally likely (Dirichlet with all parameters 1): exponentials divided
/// by their sum.
pub fn uniform(draw: &mut Draw, out: &mut [f64]) {
    out.iter_mut().for_each(|w| *w = draw.exponential(1.0));
    let sum: f64 = out.iter().sum();
    out.iter_mut().for_each(|w| *w /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirichlet_has_its_mean_and_variance() {
        let weights = [0.5, 0.3, 0.2, 0.0];
        let (concentration, n) = (50.0, 20_000_u64);
        let (mut sum, mut square, mut out) = ([0.0; 4], [0.0; 4], [0.0; 4]);
        for replicate in 0..n {
            dirichlet(&mut Draw::new(3, replicate), &weights, concentration, &mut out);
            assert!((out.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for i in 0..4 {
                sum[i] += out[i];
                square[i] += out[i] * out[i];
            }
        }
        for i in 0..4 {
            let mean = sum[i] / n as f64;
            let variance = square[i] / n as f64 - mean * mean;
            let wanted = weights[i] * (1.0 - weights[i]) / (concentration + 1.0);
            // Five standard errors of the mean; 6% is about five of the variance.
            assert!((mean - weights[i]).abs() <= 5.0 * (wanted / n as f64).sqrt(), "{mean}");
            assert!((variance - wanted).abs() <= 0.06 * wanted, "{variance} {wanted}");
        }
    }

    #[test]
    fn gamma_of_a_small_shape_has_its_mean() {
        let n = 40_000;
        let mut draw = Draw::new(1, 0);
        let mean = (0..n).map(|_| gamma(&mut draw, 0.3)).sum::<f64>() / f64::from(n);
        assert!((mean - 0.3).abs() < 5.0 * (0.3 / f64::from(n)).sqrt(), "{mean}");
        assert_eq!((gamma(&mut draw, 0.0), gamma(&mut draw, f64::NAN)), (0.0, 0.0));
    }

    #[test]
    fn the_uniform_simplex_meets_its_closed_form() {
        // P(Σ w_j d_j > 0) for w uniform on the simplex and distinct d is the sum over d_j > 0 of
        // d_j^(n−1) / Π_{k≠j} (d_j − d_k): the probability that one of two units ranks first.
        let exact = |d: &[f64]| -> f64 {
            let term = |j: usize| {
                let others = (0..d.len()).filter(|&k| k != j).map(|k| d[j] - d[k]).product::<f64>();
                d[j].powi(d.len() as i32 - 1) / others
            };
            (0..d.len()).filter(|&j| d[j] > 0.0).map(term).sum()
        };
        assert!((exact(&[2.0, -1.0]) - 2.0 / 3.0).abs() < 1e-15);
        for d in [&[2.0, -1.0][..], &[3.0, -1.0, -2.0], &[0.4, 0.1, -0.3, -0.25]] {
            let n = d.len();
            let equal = vec![1.0 / n as f64; n];
            let mut out = vec![0.0; n];
            let draws = 40_000_u64;
            let hits = (0..draws)
                .filter(|&r| {
                    // Concentration n with equal weights: every shape is 1, the uniform law.
                    dirichlet(&mut Draw::new(17, r), &equal, n as f64, &mut out);
                    out.iter().zip(d).map(|(w, d)| w * d).sum::<f64>() > 0.0
                })
                .count();
            let (p, q) = (hits as f64 / draws as f64, exact(d));
            assert!((p - q).abs() < 4.0 * (q * (1.0 - q) / draws as f64).sqrt(), "{p} {q}");
        }
    }

    #[test]
    fn edges_stay_on_the_simplex() {
        let mut out = [0.0; 2];
        dirichlet(&mut Draw::new(0, 0), &[0.5, 0.5], 0.0, &mut out);
        assert_eq!(out, [0.5, 0.5]);
        let mut one = [0.0];
        dirichlet(&mut Draw::new(0, 0), &[1.0], 50.0, &mut one);
        assert_eq!(one, [1.0]);
        dirichlet(&mut Draw::new(0, 0), &[], 50.0, &mut []);
    }
}
