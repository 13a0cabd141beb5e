use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Aggregator;
use crate::index::method::{Method, Named};

/// Weighted arithmetic mean: a loss in one child is made good by as much elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arithmetic {}

impl Named for Arithmetic {
    const METHOD: Method = Method {
        name: "arithmetic",
        formula: "Σ w · x",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6.2 (additive)",
    };
}

impl Aggregator for Arithmetic {
    fn row(&self, values: &[f64], shares: &[f64]) -> f64 {
        values.iter().zip(shares).fold(0.0, |sum, (x, w)| sum + w * x)
    }
}
