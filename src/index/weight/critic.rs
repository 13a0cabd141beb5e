use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Weigh, columns};
use crate::index::method::{Method, Named};

/// CRITIC: a column weighs by its contrast (standard deviation) and its conflict with the others
/// (what they do not tell already). It works on the points, each column stretched to 0–1 first, so
/// that any linear rule gives the same weights as the papers' own min–max.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Critic {}

impl Named for Critic {
    const METHOD: Method = Method {
        name: "critic",
        formula: "w ∝ σ_j · Σ_k (1 − r_jk), σ the sample standard deviation of the min–max values, r Pearson's correlation",
        source: "Diakoulaki, Mavrotas & Papayannakis, Computers & Operations Research 22 (1995)",
    };
}

/// Weights of columns in which greater is better. A column that does not vary has no weight and
/// conflicts with none; equal where nothing is told apart.
pub fn critic(values: &[&[f64]]) -> Vec<f64> {
    let contrast: Vec<f64> = values.iter().map(|column| contrast(column)).collect();
    let conflict = |j: usize| -> f64 {
        let others = (0..values.len()).filter(|&k| k != j && contrast[k] > 0.0);
        others.map(|k| 1.0 - columns::correlation(values[j], values[k])).sum()
    };
    let weights: Vec<f64> =
        (0..values.len()).map(|j| if contrast[j] > 0.0 { contrast[j] * conflict(j) } else { 0.0 }).collect();
    Found::proportional(&weights).shares
}

/// Standard deviation of the column stretched to 0–1.
fn contrast(column: &[f64]) -> f64 {
    match columns::range(column) {
        Some((min, max)) if max > min => columns::deviation(column) / (max - min),
        _ => 0.0,
    }
}

impl Weigh for Critic {
    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        Ok(Found { shares: critic(siblings.values), notes: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_shares_the_weight_and_an_opponent_takes_it() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0]);
        let against = [4.0, 3.0, 2.0, 1.0];
        // Conflicts: 0 + 2, 2 + 0, 2 + 2.
        let found = critic(&[&a, &b, &against]);
        for (found, wanted) in found.iter().zip([0.25, 0.25, 0.5]) {
            assert!((found - wanted).abs() < 1e-12);
        }
        assert_eq!(critic(&[&a, &[7.0; 4]]), [0.5, 0.5]);
        assert_eq!(critic(&[&[1.0], &[2.0]]), [0.5, 0.5]);
    }
}
