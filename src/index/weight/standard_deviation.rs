use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Weigh, columns};
use crate::index::method::{Method, Named};

/// A column weighs by the standard deviation of its points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardDeviation {}

impl Named for StandardDeviation {
    const METHOD: Method = Method {
        name: "standard_deviation",
        formula: "w ∝ σ, the sample standard deviation of the points",
        source: "Diakoulaki, Mavrotas & Papayannakis, Computers & Operations Research 22 (1995), section 2",
    };
}

/// Standard deviations, normalised to sum 1; equal where no column varies.
pub fn standard_deviation(values: &[&[f64]]) -> Vec<f64> {
    Found::proportional(&values.iter().map(|column| columns::deviation(column)).collect::<Vec<_>>()).shares
}

impl Weigh for StandardDeviation {
    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        Ok(Found { shares: standard_deviation(siblings.values), notes: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_spread_twice_the_weight() {
        let found = standard_deviation(&[&[1.0, 2.0, f64::NAN, 3.0], &[20.0, 22.0, 24.0, f64::NAN], &[5.0; 4]]);
        for (found, wanted) in found.iter().zip([1.0 / 3.0, 2.0 / 3.0, 0.0]) {
            assert!((found - wanted).abs() < 1e-12);
        }
        assert_eq!(standard_deviation(&[&[1.0], &[2.0]]), [0.5, 0.5]);
    }
}
