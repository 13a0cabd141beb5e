use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Stage, Weigh, columns};
use crate::index::method::{Method, Named};

/// Entropy weights 熵权法: the more unequally a column is spread over the units, the more it weighs.
/// They work on the points; with `on = "treated"` on the values in their own unit, as in the papers.
/// Neither may be negative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entropy {
    /// The stage whose values are weighed.
    #[serde(default = "normalised")]
    pub on: Stage,
}

fn normalised() -> Stage {
    Stage::Normalised
}

impl Named for Entropy {
    const METHOD: Method = Method {
        name: "entropy",
        formula: "w ∝ 1 + Σ p ln p / ln n, p = x / Σx over the n units that have a value",
        source: "Shannon (1948); Hwang & Yoon, Multiple Attribute Decision Making (1981), section 3.4",
    };
}

/// 1 minus the entropy of each column (values not negative), normalised to sum 1; 0 for a column
/// that does not vary, equal where none does.
pub fn entropy(values: &[&[f64]]) -> Vec<f64> {
    Found::proportional(&values.iter().map(|column| diversity(column)).collect::<Vec<_>>()).shares
}

fn diversity(column: &[f64]) -> f64 {
    let sum: f64 = column.iter().filter(|x| !x.is_nan()).sum();
    let n = column.iter().filter(|x| !x.is_nan()).count();
    match columns::range(column) {
        Some((min, max)) if min < max && sum.is_finite() => {
            let parts = column.iter().filter(|x| **x > 0.0).map(|x| x / sum);
            let entropy = -parts.map(|p| p * libm::log(p)).sum::<f64>() / libm::log(n as f64);
            (1.0 - entropy).max(0.0)
        }
        _ => 0.0,
    }
}

impl Weigh for Entropy {
    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        let values = match self.on {
            Stage::Treated => siblings.treated,
            Stage::Normalised => siblings.values,
        };
        for (key, column) in siblings.keys.iter().zip(values) {
            if column.iter().any(|x| *x < 0.0) {
                return Err(format!(
                    "entropy weights need values that are not negative, and `{key}` has some: a rule such as min_max gives points from 0 to 100"
                ));
            }
        }
        Ok(Found { shares: entropy(values), notes: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_columns_weigh_nothing_and_one_alone_everything() {
        let (flat, spread) = ([2.0, 2.0, 2.0], [0.0, 0.0, 5.0]);
        assert_eq!(entropy(&[&flat, &spread]), [0.0, 1.0]);
        assert_eq!(entropy(&[&flat, &flat]), [0.5, 0.5]);
        assert_eq!(entropy(&[&[3.0], &[1.0]]), [0.5, 0.5]);
        assert_eq!(entropy(&[&[f64::NAN, 1.0, 3.0], &[1.0, 3.0, f64::NAN]]), [0.5, 0.5]);
        assert!(entropy(&[]).is_empty());
    }

    /// By hand: p = (¼, ¾) has entropy 0.811278 bits of 1; (0, 1) has none.
    #[test]
    fn entropies_are_those_of_information_theory() {
        let weights = entropy(&[&[1.0, 3.0], &[0.0, 7.0]]);
        let spare = 1.0 - 0.811_278_124_459_132_9;
        assert!((weights[0] - spare / (1.0 + spare)).abs() < 1e-12);
    }
}
