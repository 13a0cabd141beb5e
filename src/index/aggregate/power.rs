use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Aggregator, Arithmetic, Geometric};
use crate::index::method::{Method, Named};

/// Weighted power mean: from the least value (exponent `-inf`) through harmonic (−1), geometric (0)
/// and arithmetic (1) to the greatest (`inf`). Below 1 low values weigh more, above 1 high ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// The exponent p: any number, `inf` or `-inf`.
    pub exponent: f64,
}

impl Named for Power {
    const METHOD: Method = Method {
        name: "power",
        formula: "(Σ w · x^p)^(1/p); p = 0: exp(Σ w · ln x); p = ∞: the greatest x, −∞: the least. Missing where an x \
                  is negative, unless p is 1 or infinite; 0 where an x is 0 and p ≤ 0",
        source: "Hardy, Littlewood & Pólya, Inequalities (1934), section 2.2",
    };
}

impl Aggregator for Power {
    fn check(&self) -> Result<(), String> {
        if self.exponent.is_nan() { Err("`exponent` must be a number".into()) } else { Ok(()) }
    }

    fn additive(&self) -> bool {
        self.exponent == 1.0
    }

    fn mean(&self) -> bool {
        true
    }

    fn link(&self, x: f64) -> Option<f64> {
        match self.exponent {
            0.0 => Some(libm::log(x)),
            p if p.is_infinite() => None,
            p => Some(libm::pow(x, p) * p.signum()),
        }
    }

    fn monotone(&self) -> bool {
        true
    }

    fn row(&self, values: &[f64], shares: &[f64]) -> f64 {
        let p = self.exponent;
        let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        if p == 1.0 {
            return Arithmetic {}.row(values, shares);
        } else if p == 0.0 {
            return Geometric {}.row(values, shares);
        } else if p == f64::INFINITY {
            return greatest;
        } else if p == f64::NEG_INFINITY {
            return least;
        } else if least < 0.0 {
            return f64::NAN;
        }
        // Scaled by the value that decides, so that no power overflows.
        let scale = if p > 0.0 { greatest } else { least };
        if scale == 0.0 {
            return 0.0;
        }
        let sum = values.iter().zip(shares).fold(0.0, |sum, (x, w)| sum + w * libm::pow(x / scale, p));
        // A weighted mean lies among its values; rounding of small exponents must not leave them.
        (scale * libm::pow(sum, 1.0 / p)).clamp(least, greatest)
    }
}
