use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Method, NEUTRAL, PointsRule};

/// Share of the class that is surpassed, half of the equal ones counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Percentile {}

impl PointsRule for Percentile {
    const METHOD: Method = Method {
        name: "percentile",
        formula: "100 · (worse + equal / 2) / N, the unit among the equal; 50 for a class of one",
        source: "Hazen (1914), plotting position (i − ½) / N",
    };
    const COMPARES: bool = true;

    fn points(&self, cell: &Cell) -> Option<f64> {
        if cell.peers.is_empty() {
            return Some(NEUTRAL);
        }
        let (worse, equal) = cell.worse_and_equal();
        Some(100.0 * (worse as f64 + equal as f64 / 2.0) / cell.peers.len() as f64)
    }
}
