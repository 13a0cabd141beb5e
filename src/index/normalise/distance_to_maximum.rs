use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::options::{way, worst};
use super::{Beyond, Cell, Direction, Method, PointsRule};

/// How near the best of the class is: 100 for the best, 0 for the worst.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistanceToMaximum {
    /// Values outside the range that was fitted.
    #[serde(default)]
    pub beyond: Beyond,
}

impl PointsRule for DistanceToMaximum {
    const METHOD: Method = Method {
        name: "distance_to_maximum",
        formula: "100 · (1 − (max − x) / (max − min)); lower better: the minimum is the best; 100 where all are equal",
        source: "COINr 1.1, n_dist2max",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        self.beyond == Beyond::Hold
    }

    /// The worst and the best value.
    fn fit(&self, peers: &[f64], direction: Direction) -> Vec<f64> {
        let sign = direction.sign();
        worst(peers, sign).into_iter().chain(worst(peers, -sign)).collect()
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        match *cell.fitted {
            [worst, best] => Some(way(worst, best, cell.value, cell.direction.sign(), self.beyond)),
            _ => None,
        }
    }
}
