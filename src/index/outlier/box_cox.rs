use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Tame, Treatment};
use crate::index::method::{Method, Named};

/// Box–Cox transformation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoxCox {
    /// The power; estimated by maximum likelihood, from −5 to 5, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lambda: Option<f64>,
    /// Added first; if not given, 0 where all values are positive, and 0.01 (max − min) − min where
    /// not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<f64>,
}

/// The estimate lies in [−EDGE, EDGE].
const EDGE: f64 = 5.0;

impl Named for BoxCox {
    const METHOD: Method = Method {
        name: "box_cox",
        formula: "((x + shift)^lambda − 1) / lambda, ln(x + shift) for lambda 0; lambda maximises the likelihood −n/2 · ln Var of the transformed values divided by the geometric mean to the power lambda − 1",
        source: "Box & Cox (1964), An analysis of transformations, Journal of the Royal Statistical Society B 26(2)",
    };
}

impl Tame for BoxCox {
    fn check(&self) -> Result<(), String> {
        if self.lambda.is_none_or(f64::is_finite) && self.shift.is_none_or(f64::is_finite) {
            Ok(())
        } else {
            Err("`lambda` and `shift` must be numbers".into())
        }
    }

    /// Values that are negative after a given shift become missing, and 0 does unless lambda is
    /// positive; where the shift comes from the values, others below them are held at the least. Nothing is estimated below three
    /// values, where all are equal, or where one is not positive after a given shift: nothing is done.
    fn fit(&self, values: &[f64]) -> Treatment {
        let (Some(&min), Some(&max)) = (values.first(), values.last()) else { return Treatment::None };
        let shift = self.shift.unwrap_or(if min > 0.0 { 0.0 } else { 0.01 * (max - min) - min });
        // Where a value below the fitted ones is held: not at all with a given shift.
        let least = if self.shift.is_some() { 0.0 } else { min + shift };
        let lambda = match self.lambda {
            Some(lambda) => Some(lambda).filter(|_| self.shift.is_some() || least > 0.0),
            None if values.len() < 3 || !(max - min > 0.0 && min + shift > 0.0) => None,
            None => Some(likeliest(values, shift)),
        };
        match lambda {
            Some(lambda) if shift.is_finite() => Treatment::BoxCox { lambda, shift, least },
            _ => Treatment::None,
        }
    }
}

/// Lambda of the greatest likelihood: the best of a grid, then golden section around it. The
/// likelihood is flat at its top, so that some eight digits are known.
fn likeliest(values: &[f64], shift: f64) -> f64 {
    const STEPS: i32 = 40;
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let logs: Vec<f64> = values.iter().map(|x| libm::log(x + shift)).collect();
    let centre = logs.iter().sum::<f64>() / logs.len() as f64;
    // Values divided by their geometric mean: the Jacobian is 1.
    let logs: Vec<f64> = logs.iter().map(|l| l - centre).collect();
    let mut room = vec![0.0; logs.len()];
    let mut spread = |lambda: f64| log_variance(&logs, lambda, &mut room);
    let at = |step: i32| -EDGE + 2.0 * EDGE * f64::from(step) / f64::from(STEPS);
    let best =
        (0..=STEPS).map(|step| (spread(at(step)), step)).fold((f64::INFINITY, 0), |a, b| if b.0 < a.0 { b } else { a });
    let (mut low, mut high) = (at((best.1 - 1).max(0)), at((best.1 + 1).min(STEPS)));
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (spread(left), spread(right));
    for _ in 0..60 {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = spread(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = spread(right);
        }
    }
    0.5 * (low + high)
}

/// ln Var of (z^lambda − 1) / lambda, given ln z: minus the likelihood, but for n/2.
fn log_variance(logs: &[f64], lambda: f64, room: &mut [f64]) -> f64 {
    for (slot, l) in room.iter_mut().zip(logs) {
        *slot = power(*l, lambda);
    }
    let n = room.len() as f64;
    let mean = room.iter().sum::<f64>() / n;
    let variance = room.iter().fold(0.0, |sum, x| sum + (x - mean) * (x - mean)) / n;
    if variance.is_finite() { libm::log(variance) } else { f64::INFINITY }
}

/// (y^lambda − 1) / lambda, given ln y; without loss of digits where lambda is close to 0.
pub(super) fn power(log: f64, lambda: f64) -> f64 {
    if lambda == 0.0 { log } else { libm::expm1(lambda * log) / lambda }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lambda(mut values: Vec<f64>) -> f64 {
        values.sort_unstable_by(f64::total_cmp);
        match BoxCox::default().fit(&values) {
            Treatment::BoxCox { lambda, shift: 0.0, .. } => lambda,
            other => panic!("{other:?}"),
        }
    }

    /// Radiation through the closed doors of 42 microwave ovens, Johnson & Wichern (2007), Applied
    /// Multivariate Statistical Analysis, table 4.1; example 4.16 gives lambda 0.28. The further
    /// digits are the root of the likelihood's derivative, in multiple precision.
    #[test]
    fn the_likeliest_lambda_of_a_published_example() {
        let doors = [
            15, 9, 18, 10, 5, 12, 8, 5, 8, 10, 7, 2, 1, 10, 10, 10, 2, 10, 1, 40, 10, 5, 3, 5, 15, 10, 15, 9, 8, 18,
            10, 20, 11, 30, 2, 20, 20, 30, 30, 40, 30, 5,
        ];
        let found = lambda(doors.iter().map(|x| f64::from(*x) / 100.0).collect());
        assert!((found - 0.275_937_279).abs() < 1e-7, "{found}");
        let found = lambda(vec![1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 300.0]);
        assert!((found - -0.187_598_725_8).abs() < 1e-7, "{found}");
    }

    #[test]
    fn fixed_parameters_and_what_cannot_be_estimated() {
        let square = BoxCox { lambda: Some(2.0), shift: Some(1.0) };
        assert!((square.fit(&[1.0, 2.0]).apply(2.0) - 4.0).abs() < 1e-12);
        assert!(square.fit(&[1.0, 2.0]).apply(-1.5).is_nan());
        let log = BoxCox { lambda: Some(0.0), shift: None };
        assert!((square.fit(&[1.0, 2.0]).apply(-1.0) - -0.5).abs() < 1e-15);
        assert!((log.fit(&[1.0, 2.0]).apply(2.0) - libm::log(2.0)).abs() < 1e-15);
        assert_eq!(BoxCox::default().fit(&[]), Treatment::None);
        assert_eq!(BoxCox::default().fit(&[1.0, 2.0]), Treatment::None);
        assert_eq!(BoxCox::default().fit(&[4.0; 5]), Treatment::None);
        assert_eq!(BoxCox { lambda: None, shift: Some(0.0) }.fit(&[0.0, 1.0, 2.0]), Treatment::None);
        // Not all positive: shifted, and what lies below the fitted values is held.
        let shifted = BoxCox::default().fit(&[-3.0, 0.0, 1.0, 9.0]);
        assert!(matches!(shifted, Treatment::BoxCox { .. }));
        assert!((shifted.apply(-100.0) - shifted.apply(-3.0)).abs() < 1e-15);
        assert!(shifted.apply(-3.0) < shifted.apply(0.0) && shifted.apply(1.0) < shifted.apply(9.0));
    }
}
