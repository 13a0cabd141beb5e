use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::max::share;
use super::{Cell, Direction, Inverse, Method, PointsRule};

/// Percent of the sum over the class; for values that are not negative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Where lower is better.
    #[serde(default = "reciprocal")]
    pub lower: Inverse,
}

fn reciprocal() -> Inverse {
    Inverse::Reciprocal
}

impl PointsRule for Sum {
    const METHOD: Method = Method {
        name: "sum",
        formula: "100 · x / Σx; lower better: 100 · (1/x) / Σ(1/x), or 100 · (1 − x / Σx) with lower = complement",
        source: "Tzeng & Huang, Multiple Attribute Decision Making (2011); pymcdm, sum_normalization",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        false
    }

    /// Σx and Σ(1/x).
    fn fit(&self, peers: &[f64], _: Direction) -> Vec<f64> {
        if peers.is_empty() { Vec::new() } else { vec![peers.iter().sum(), peers.iter().map(|x| 1.0 / x).sum()] }
    }

    /// 0 of 0 counts as nothing; `None` where the sum is negative, or a reciprocal is asked of what
    /// is not positive.
    fn points(&self, cell: &Cell) -> Option<f64> {
        let [sum, inverse] = *cell.fitted else { return None };
        let x = cell.value;
        match (cell.direction, self.lower) {
            (Direction::Lower, Inverse::Reciprocal) => {
                (x > 0.0 && inverse > 0.0 && inverse.is_finite()).then(|| 100.0 / (x * inverse))
            }
            (direction, _) => {
                let part = share(x, sum)?;
                Some(100.0 * if direction == Direction::Higher { part } else { 1.0 - part })
            }
        }
    }
}
