use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Stage, Weigh};
use crate::index::method::{Method, Named};

/// MEREC: a column weighs by how much the units' overall performance changes when it is left out.
/// It works on the values in their own unit, with its own linear normalisation by direction; with
/// `on = "normalised"` on the points. All must be positive. Units that lack a value are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merec {
    /// The stage whose values are weighed.
    #[serde(default = "treated")]
    pub on: Stage,
}

fn treated() -> Stage {
    Stage::Treated
}

impl Named for Merec {
    const METHOD: Method = Method {
        name: "merec",
        formula: "w ∝ Σ_i |S_ij − S_i|, S_i = ln(1 + Σ_j |ln n_ij| / m), S_ij without j; n = min / x, lower better x / max",
        source: "Keshavarz-Ghorabaee et al., Symmetry 13 (2021) 525",
    };
}

/// Weights of positive columns; `signs` 1 where higher is better, −1 where lower is. Equal where no
/// column varies.
pub fn merec(values: &[&[f64]], signs: &[f64]) -> Vec<f64> {
    let units = values.first().map_or(0, |column| column.len());
    let whole: Vec<usize> = (0..units).filter(|&i| values.iter().all(|column| !column[i].is_nan())).collect();
    let logs: Vec<Vec<f64>> = values.iter().zip(signs).map(|(column, sign)| logs(column, *sign, &whole)).collect();
    let m = values.len() as f64;
    let mut removal = vec![0.0; values.len()];
    for at in 0..whole.len() {
        let sum: f64 = logs.iter().map(|column| column[at]).sum();
        let overall = libm::log1p(sum / m);
        for (slot, column) in removal.iter_mut().zip(&logs) {
            *slot += (libm::log1p((sum - column[at]).max(0.0) / m) - overall).abs();
        }
    }
    Found::proportional(&removal).shares
}

/// |ln n| of the whole rows.
fn logs(column: &[f64], sign: f64, whole: &[usize]) -> Vec<f64> {
    let values = || whole.iter().map(|&i| column[i]);
    if sign > 0.0 {
        let min = values().fold(f64::INFINITY, f64::min);
        values().map(|x| libm::log(x / min).abs()).collect()
    } else {
        let max = values().fold(0.0, f64::max);
        values().map(|x| libm::log(max / x).abs()).collect()
    }
}

impl Weigh for Merec {
    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        let ones = vec![1.0; siblings.keys.len()];
        let (values, signs) = match self.on {
            Stage::Treated => (siblings.treated, siblings.signs),
            Stage::Normalised => (siblings.values, ones.as_slice()),
        };
        for (key, column) in siblings.keys.iter().zip(values) {
            if column.iter().any(|x| *x <= 0.0) {
                return Err(format!(
                    "MEREC takes logarithms, and `{key}` has values that are not positive: use on = \"normalised\" with a rule whose `floor` is above 0"
                ));
            }
        }
        Ok(Found { shares: merec(values, signs), notes: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_vary_has_no_effect_when_removed() {
        let (flat, varied) = ([2.0, 2.0, 2.0], [1.0, 2.0, 5.0]);
        assert_eq!(merec(&[&flat, &varied], &[1.0, -1.0]), [0.0, 1.0]);
        assert_eq!(merec(&[&flat, &flat], &[1.0, 1.0]), [0.5, 0.5]);
        assert_eq!(merec(&[&[3.0], &[4.0]], &[1.0, -1.0]), [0.5, 0.5]);
        let gap = merec(&[&[f64::NAN, 1.0, 3.0], &[9.0, 2.0, 2.0]], &[1.0, 1.0]);
        assert_eq!(gap, [1.0, 0.0]);
    }
}
