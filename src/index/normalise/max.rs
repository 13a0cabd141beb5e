use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Inverse, Method, PointsRule};

/// Percent of the greatest value of the class; for values that are not negative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Max {
    /// Where lower is better.
    #[serde(default = "complement")]
    pub lower: Inverse,
}

pub(super) fn complement() -> Inverse {
    Inverse::Complement
}

impl PointsRule for Max {
    const METHOD: Method = Method {
        name: "max",
        formula: "100 · x / max; lower better: 100 · (1 − x / max), or 100 · min / x with lower = reciprocal",
        source: "Tzeng & Huang, Multiple Attribute Decision Making (2011); COINr 1.1, n_fracmax",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        false
    }

    /// The least and the greatest value.
    fn fit(&self, peers: &[f64], _: Direction) -> Vec<f64> {
        peers.first().into_iter().chain(peers.last()).copied().collect()
    }

    /// 0 of 0 counts as nothing; `None` where the greatest is negative, or a reciprocal is asked of
    /// what is not positive.
    fn points(&self, cell: &Cell) -> Option<f64> {
        let [min, max] = *cell.fitted else { return None };
        let x = cell.value;
        match (cell.direction, self.lower) {
            (Direction::Lower, Inverse::Reciprocal) => (x > 0.0 && min > 0.0).then(|| 100.0 * min / x),
            (direction, _) => {
                let part = share(x, max)?;
                Some(100.0 * if direction == Direction::Higher { part } else { 1.0 - part })
            }
        }
    }
}

/// `x` of a whole: 0 of 0 is 0; `None` of a negative whole.
pub(super) fn share(x: f64, whole: f64) -> Option<f64> {
    if whole > 0.0 { Some(x / whole) } else { (whole == 0.0 && x == 0.0).then_some(0.0) }
}
