use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Aggregator, BLOCK, Children};
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
    fn additive(&self) -> bool {
        true
    }

    fn mean(&self) -> bool {
        true
    }

    fn link(&self, x: f64) -> Option<f64> {
        Some(x)
    }

    fn monotone(&self) -> bool {
        true
    }

    fn row(&self, values: &[f64], shares: &[f64]) -> f64 {
        values.iter().zip(shares).fold(0.0, |sum, (x, w)| sum + w * x)
    }
    /// Column by column where nothing is missing, with the additions of [`Arithmetic::row`] in their
    /// order, so that both ways give the same bits.
    fn column(&self, children: &Children, out: &mut [f64]) {
        let (mut values, mut shares) = (Vec::new(), Vec::new());
        let whole = children.shares.iter().sum::<f64>();
        let scarce = children.values.is_empty() || !super::enough(whole, children.min_available);
        for (block, out) in out.chunks_mut(BLOCK).enumerate() {
            let start = block * BLOCK;
            out.fill(0.0);
            for (column, share) in children.values.iter().zip(children.shares) {
                let column = &column[start..start + out.len()];
                out.iter_mut().zip(column).for_each(|(sum, x)| *sum += share * x);
            }
            for (at, slot) in out.iter_mut().enumerate().filter(|(_, slot)| scarce || slot.is_nan()) {
                *slot = self.unit(children, start + at, &mut values, &mut shares);
            }
        }
    }
}
