use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Aggregator;
use crate::index::method::{Method, Named};

/// Weighted geometric mean: low values weigh more, and a zero makes the whole zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Geometric {}

impl Named for Geometric {
    const METHOD: Method = Method {
        name: "geometric",
        formula: "exp(Σ w · ln x); 0 where an x is 0, missing where one is negative",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6.3 (geometric)",
    };
}

impl Aggregator for Geometric {
    fn mean(&self) -> bool {
        true
    }

    fn link(&self, x: f64) -> Option<f64> {
        Some(libm::log(x))
    }

    fn monotone(&self) -> bool {
        true
    }

    fn row(&self, values: &[f64], shares: &[f64]) -> f64 {
        if values.iter().any(|x| *x < 0.0) {
            return f64::NAN;
        }
        if values.contains(&0.0) {
            return 0.0;
        }
        libm::exp(values.iter().zip(shares).fold(0.0, |sum, (x, w)| sum + w * libm::log(*x)))
    }
}
