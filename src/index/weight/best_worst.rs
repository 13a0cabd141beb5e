use indexmap::IndexMap;
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ahp::known;
use super::{Found, Siblings, Weigh};
use crate::index::method::{Method, Named};

/// Best–worst method: only the best and the worst child are compared with all the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BestWorst {
    /// Key of the most important child.
    pub best: String,
    /// Key of the least important child.
    pub worst: String,
    /// How many times as important as each other child is the best, 1 to 9.
    pub best_to: IndexMap<String, f64>,
    /// How many times as important as the worst is each other child, 1 to 9.
    pub to_worst: IndexMap<String, f64>,
}

impl Named for BestWorst {
    const METHOD: Method = Method {
        name: "best_worst",
        formula: "min ξ: |w_best − a_best,j · w_j| ≤ ξ, |w_j − a_j,worst · w_worst| ≤ ξ, Σ w = 1; ξ = 0 where the comparisons agree",
        source: "Rezaei, Omega 53 (2015) and 64 (2016), linear model",
    };
}

/// Weights and ξ. `best_to` and `to_worst` hold 1 for the child itself; all at least 1.
///
/// # Errors
/// The solver gives up.
pub fn best_worst(best: usize, worst: usize, best_to: &[f64], to_worst: &[f64]) -> Result<(Vec<f64>, f64), String> {
    if best == worst {
        return Ok((Found::proportional(&vec![1.0; best_to.len()]).shares, 0.0));
    }
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let weights: Vec<_> = best_to.iter().map(|_| problem.add_var(0.0, (0.0, 1.0))).collect();
    let xi = problem.add_var(1.0, (0.0, f64::INFINITY));
    let mut apart = |left: usize, factor: f64, right: usize| {
        for sign in [1.0, -1.0] {
            let terms = [(weights[left], sign), (weights[right], -sign * factor), (xi, -1.0)];
            problem.add_constraint(terms, ComparisonOp::Le, 0.0);
        }
    };
    for j in 0..best_to.len() {
        if j != best {
            apart(best, best_to[j], j);
        }
        if j != worst && j != best {
            apart(j, to_worst[j], worst);
        }
    }
    let all: Vec<_> = weights.iter().map(|&w| (w, 1.0)).collect();
    problem.add_constraint(all, ComparisonOp::Eq, 1.0);
    let solution = problem.solve().map_err(|error| format!("best–worst weights: {error}"))?;
    let found: Vec<f64> = weights.iter().map(|&w| solution[w].max(0.0)).collect();
    Ok((Found::proportional(&found).shares, solution[xi].max(0.0)))
}

impl BestWorst {
    fn comparisons(&self, keys: &[&str]) -> Result<(usize, usize, Vec<f64>, Vec<f64>), String> {
        let place = |name: &str, key: &str| {
            let place = keys.iter().position(|k| *k == key);
            place.ok_or_else(|| format!("`{name}` = `{key}` does not hang on this node"))
        };
        let (best, worst) = (place("best", &self.best)?, place("worst", &self.worst)?);
        if best == worst && keys.len() > 1 {
            return Err("`best` and `worst` must differ".into());
        }
        let row = |name: &str, own: usize, map: &IndexMap<String, f64>| -> Result<Vec<f64>, String> {
            let value = |(at, key): (usize, &&str)| match map.get(*key) {
                None if at == own => Ok(1.0),
                None => Err(format!("`{name}` lacks `{key}`")),
                Some(1.0) if at == own => Ok(1.0),
                Some(_) if at == own => Err(format!("`{name}` of `{key}` itself must be 1")),
                Some(value) if *value >= 1.0 && value.is_finite() => Ok(*value),
                Some(_) => Err(format!("`{name}` of `{key}` must be at least 1")),
            };
            keys.iter().enumerate().map(value).collect()
        };
        Ok((best, worst, row("best_to", best, &self.best_to)?, row("to_worst", worst, &self.to_worst)?))
    }
}

impl Weigh for BestWorst {
    fn check(&self, keys: &[&str]) -> Result<(), String> {
        for (name, map) in [("best_to", &self.best_to), ("to_worst", &self.to_worst)] {
            map.keys().try_for_each(|key| known(key, keys)).map_err(|message| format!("`{name}`: {message}"))?;
        }
        let (best, worst, best_to, to_worst) = self.comparisons(keys)?;
        if best_to[worst] == to_worst[best] {
            Ok(())
        } else {
            Err("`best_to` of the worst and `to_worst` of the best are the same comparison and must be equal".into())
        }
    }

    fn reads(&self) -> bool {
        false
    }

    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        let (best, worst, best_to, to_worst) = self.comparisons(siblings.keys)?;
        let (shares, xi) = best_worst(best, worst, &best_to, &to_worst)?;
        let mut notes = Vec::new();
        if xi > 1e-6 {
            notes.push(format!("the comparisons do not quite agree: ξ = {xi:.4} (0 where they do)"));
        }
        Ok(Found { shares, notes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_that_agree_give_their_weights() {
        // 0.5, 0.25, 0.125, 0.125.
        let (weights, xi) = best_worst(0, 3, &[1.0, 2.0, 4.0, 4.0], &[4.0, 2.0, 1.0, 1.0]).unwrap();
        for (found, wanted) in weights.iter().zip([0.5, 0.25, 0.125, 0.125]) {
            assert!((found - wanted).abs() < 1e-9, "{weights:?}");
        }
        assert!(xi < 1e-9);
        assert_eq!(best_worst(0, 0, &[1.0], &[1.0]).unwrap().0, [1.0]);
    }

    /// By hand: w = (b, m, w), b = 8w + ξ… the optimum of best_to (1, 2, 8), to_worst (8, 2, 1) lies
    /// where three constraints bind; a search on a grid finds nothing better.
    #[test]
    fn no_point_of_a_fine_grid_is_better() {
        let (best_to, to_worst) = ([1.0, 2.0, 8.0], [8.0, 2.0, 1.0]);
        let apart = |w: [f64; 3]| -> f64 {
            let best = (0..3).filter(|&j| j != 0).map(|j| (w[0] - best_to[j] * w[j]).abs());
            let worst = (0..2).map(|j| (w[j] - to_worst[j] * w[2]).abs());
            best.chain(worst).fold(0.0, f64::max)
        };
        let (weights, xi) = best_worst(0, 2, &best_to, &to_worst).unwrap();
        assert!((apart([weights[0], weights[1], weights[2]]) - xi).abs() < 1e-9);
        let mut least = f64::INFINITY;
        for i in 0..=400 {
            for j in 0..=400 - i {
                let (a, b) = (f64::from(i) / 400.0, f64::from(j) / 400.0);
                least = least.min(apart([a, b, 1.0 - a - b]));
            }
        }
        assert!(xi <= least + 1e-12 && least - xi < 0.02, "{xi} {least}");
    }
}
