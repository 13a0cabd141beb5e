use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Aggregator;
use crate::index::method::{Method, Named};

/// Weighted harmonic mean: low values weigh more still than under the geometric mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Harmonic {}

impl Named for Harmonic {
    const METHOD: Method = Method {
        name: "harmonic",
        formula: "1 / Σ (w / x); 0 where an x is 0, missing where one is negative",
        source: "the power mean of exponent −1: Hardy, Littlewood & Pólya, Inequalities (1934), section 2.2",
    };
}

impl Aggregator for Harmonic {
    fn mean(&self) -> bool {
        true
    }

    fn link(&self, x: f64) -> Option<f64> {
        Some(-1.0 / x)
    }

    fn monotone(&self) -> bool {
        true
    }

    fn row(&self, values: &[f64], shares: &[f64]) -> f64 {
        if values.iter().any(|x| *x < 0.0) {
            return f64::NAN;
        }
        // Scaled by the least value, so that neither quotients nor their sum overflow.
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        if least == 0.0 {
            return 0.0;
        }
        least / values.iter().zip(shares).fold(0.0, |sum, (x, w)| sum + w * (least / x))
    }
}
