use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Aggregator;
use crate::index::method::{Method, Named};

/// Ordered weighted average: weight goes by place, from the unit's best child to its worst. It is the
/// *weighted* OWA: with equal shares the ordered weights are taken as they are; unequal shares
/// (importances) stretch or shrink the places. A missing child gives its share to its present
/// siblings, and the ordered weights spread over those that are left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owa {
    /// Weights from the best place to the worst, one for each child; any scale. Either these or
    /// `orness`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<f64>>,
    /// From 0 (the least value: every child must be good) through 0.5 (the arithmetic mean) to 1 (the
    /// greatest: one good child is enough).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orness: Option<f64>,
}

impl Named for Owa {
    const METHOD: Method = Method {
        name: "owa",
        formula: "Σ ω_i · x_(i), x_(1) ≥ x_(2) ≥ …; ω_i = Q(w_(1) + … + w_(i)) − Q(w_(1) + … + w_(i−1)), w the shares; \
                  Q(r) = r^((1 − orness) / orness), or through the points (i/n, weights_1 + … + weights_i) in straight lines",
        source: "Yager, IEEE Trans. Systems, Man and Cybernetics 18 (1988) and 26 (1996: quantifiers); with importances: \
                 Torra, The weighted OWA operator, Int. J. Intelligent Systems 12 (1997)",
    };
}

impl Owa {
    /// The share of the ordered weights that the best `r` of the importance takes: 0 at 0, 1 at 1.
    fn quantifier(&self, r: f64) -> f64 {
        if r <= 0.0 {
            return 0.0;
        }
        if r >= 1.0 {
            return 1.0;
        }
        match (&self.weights, self.orness) {
            (Some(weights), _) => {
                let total: f64 = weights.iter().sum();
                let place = r * weights.len() as f64;
                // Shares come from sums: what is a whole place but for rounding is a whole place.
                let near = libm::round(place);
                let place = if (place - near).abs() < 1e-9 { near } else { place };
                let whole = (place as usize).min(weights.len() - 1);
                let below: f64 = weights[..whole].iter().sum();
                (below + weights[whole] * (place - whole as f64)) / total
            }
            (None, Some(orness)) if orness <= 0.0 => 0.0,
            (None, Some(orness)) => libm::pow(r, (1.0 - orness) / orness),
            (None, None) => r,
        }
    }
}

impl Aggregator for Owa {
    fn check(&self) -> Result<(), String> {
        match (&self.weights, self.orness) {
            (None, None) => Err("needs `weights` from the best place to the worst, or `orness`".into()),
            (Some(_), Some(_)) => Err("`weights` and `orness` say the same thing: give one of them".into()),
            (None, Some(orness)) if !(0.0..=1.0).contains(&orness) => Err("`orness` must lie between 0 and 1".into()),
            (Some(weights), _)
                if !weights.iter().all(|w| w.is_finite() && *w >= 0.0) || !weights.iter().any(|w| *w > 0.0) =>
            {
                Err("`weights` must not be negative, and one of them must be positive".into())
            }
            _ => Ok(()),
        }
    }

    fn fits(&self, _: &super::Children, declared: usize) -> Result<(), String> {
        match &self.weights {
            Some(weights) if weights.len() != declared => Err(format!(
                "owa: {} `weights` for {declared} children; give one for each, or an `orness`",
                weights.len()
            )),
            _ => Ok(()),
        }
    }

    fn monotone(&self) -> bool {
        true
    }

    fn row(&self, values: &[f64], shares: &[f64]) -> f64 {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        let (mut sum, mut place, mut taken) = (0.0, 0.0, 0.0);
        for (at, &child) in order.iter().enumerate() {
            place += shares[child];
            let upto = if at + 1 == order.len() { 1.0 } else { self.quantifier(place) };
            sum += (upto - taken) * values[child];
            taken = upto;
        }
        sum
    }
}
