use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Weigh};
use crate::index::method::{Method, Named};

/// Analytic hierarchy process 层次分析法: every two children are compared, and the weights follow from
/// the comparisons. Contradictions among them are measured by the consistency ratio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ahp {
    /// One comparison for every two children.
    pub pairs: Vec<Pair>,
}

/// How many times as important as `b` is `a`?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Key of a child.
    pub a: String,
    /// Key of another.
    pub b: String,
    /// 1 to 9 on Saaty's scale, below 1 where `b` is the more important.
    pub value: f64,
}

/// The consistency ratio up to which comparisons are good enough (Saaty).
const ACCEPTED: f64 = 0.1;

/// Mean consistency index of random comparisons of n things (Saaty 1980, 1 to 15).
const RANDOM: [f64; 15] = [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59];

impl Named for Ahp {
    const METHOD: Method = Method {
        name: "ahp",
        formula: "A w = λ w, A the comparisons, λ the greatest eigenvalue; CR = (λ − n) / (n − 1) / RI(n)",
        source: "Saaty, The Analytic Hierarchy Process (1980)",
    };
}

/// Weights of a matrix of comparisons (positive, a_ij · a_ji = 1) that sum to 1, and the consistency
/// ratio, 0 for fewer than three.
pub fn consistency_ratio(matrix: &[Vec<f64>]) -> (Vec<f64>, f64) {
    let n = matrix.len();
    let product = |w: &[f64]| -> Vec<f64> {
        matrix.iter().map(|row| row.iter().zip(w).map(|(a, w)| a * w).sum::<f64>()).collect()
    };
    let mut weights = vec![1.0 / n.max(1) as f64; n];
    // Powers of a positive matrix converge to its one positive eigenvector (Perron).
    for _ in 0..10_000 {
        let next = Found::proportional(&product(&weights)).shares;
        let change = next.iter().zip(&weights).fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
        weights = next;
        if change < 1e-15 {
            break;
        }
    }
    if n < 3 {
        return (weights, 0.0);
    }
    let greatest = product(&weights).iter().zip(&weights).map(|(a, w)| a / w).sum::<f64>() / n as f64;
    let index = ((greatest - n as f64) / (n as f64 - 1.0)).max(0.0);
    (weights, index / RANDOM[n.min(RANDOM.len()) - 1])
}

impl Ahp {
    /// The comparisons of these children.
    fn matrix(&self, keys: &[&str]) -> Result<Vec<Vec<f64>>, String> {
        let place = |key: &str| keys.iter().position(|k| *k == key);
        let mut matrix: Vec<Vec<f64>> =
            (0..keys.len()).map(|i| (0..keys.len()).map(|j| if i == j { 1.0 } else { f64::NAN }).collect()).collect();
        for pair in &self.pairs {
            let (Some(i), Some(j)) = (place(&pair.a), place(&pair.b)) else { continue };
            if i == j {
                return Err(format!("`pairs` compares `{}` with itself", pair.a));
            }
            if !matrix[i][j].is_nan() {
                return Err(format!("`pairs` compares `{}` and `{}` twice", pair.a, pair.b));
            }
            if !(pair.value > 0.0 && pair.value.is_finite()) {
                return Err(format!("`value` of `{}` and `{}` must be positive", pair.a, pair.b));
            }
            matrix[i][j] = pair.value;
            matrix[j][i] = 1.0 / pair.value;
        }
        for (i, row) in matrix.iter().enumerate() {
            if let Some(j) = row.iter().position(|a| a.is_nan()) {
                return Err(format!("`pairs` lacks the comparison of `{}` and `{}`", keys[i], keys[j]));
            }
        }
        Ok(matrix)
    }
}

impl Weigh for Ahp {
    fn check(&self, keys: &[&str]) -> Result<(), String> {
        for key in self.pairs.iter().flat_map(|pair| [&pair.a, &pair.b]) {
            known(key, keys).map_err(|message| format!("`pairs`: {message}"))?;
        }
        self.matrix(keys).map(drop)
    }

    fn reads(&self) -> bool {
        false
    }

    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        let (shares, ratio) = consistency_ratio(&self.matrix(siblings.keys)?);
        let mut notes = Vec::new();
        if ratio > ACCEPTED {
            notes.push(format!(
                "the pairwise comparisons contradict one another: consistency ratio {ratio:.3}, more than {ACCEPTED}; compare again"
            ));
        }
        Ok(Found { shares, notes })
    }
}

/// # Errors
/// The key is none of these: with the nearest that is.
pub(super) fn known(key: &str, keys: &[&str]) -> Result<(), String> {
    if keys.contains(&key) {
        return Ok(());
    }
    let nearest = keys.iter().map(|k| (strsim::damerau_levenshtein(k, key), *k)).min();
    let hint = nearest.map(|(_, k)| format!("; did you mean `{k}`?")).unwrap_or_default();
    Err(format!("`{key}` does not hang on this node{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahp(pairs: &[(&str, &str, f64)]) -> Ahp {
        let pair = |&(a, b, value): &(&str, &str, f64)| Pair { a: a.into(), b: b.into(), value };
        Ahp { pairs: pairs.iter().map(pair).collect() }
    }

    #[test]
    fn consistent_comparisons_give_their_weights() {
        let matrix = ahp(&[("a", "b", 2.0), ("a", "c", 6.0), ("c", "b", 1.0 / 3.0)]).matrix(&["a", "b", "c"]).unwrap();
        let (weights, ratio) = consistency_ratio(&matrix);
        for (found, wanted) in weights.iter().zip([0.6, 0.3, 0.1]) {
            assert!((found - wanted).abs() < 1e-12);
        }
        assert!(ratio < 1e-12);
        assert_eq!(consistency_ratio(&[vec![1.0, 3.0], vec![1.0 / 3.0, 1.0]]), (vec![0.75, 0.25], 0.0));
        assert_eq!(consistency_ratio(&[vec![1.0]]).0, [1.0]);
    }

    /// Three in a circle, each t times the next: alike by symmetry, λ = 1 + t + 1/t.
    #[test]
    fn a_circle_of_preferences_has_the_ratio_of_its_eigenvalue() {
        let circle = ahp(&[("a", "b", 3.0), ("b", "c", 3.0), ("c", "a", 3.0)]);
        let (weights, ratio) = consistency_ratio(&circle.matrix(&["a", "b", "c"]).unwrap());
        assert!(weights.iter().all(|w| (w - 1.0 / 3.0).abs() < 1e-12));
        assert!((ratio - (1.0 + 3.0 + 1.0 / 3.0 - 3.0) / 2.0 / 0.58).abs() < 1e-12);
    }

    #[test]
    fn gaps_and_strangers_are_named() {
        for (pairs, word) in [
            (&[("a", "b", 2.0)][..], "lacks the comparison of `a` and `c`"),
            (&[("a", "b", 2.0), ("b", "a", 0.5)], "twice"),
            (&[("a", "b", 0.0)], "positive"),
            (&[("a", "bb", 2.0)], "did you mean `b`"),
            (&[("a", "a", 1.0)], "itself"),
        ] {
            let message = ahp(pairs).check(&["a", "b", "c"]).unwrap_err();
            assert!(message.contains(word), "{message}");
        }
    }
}
