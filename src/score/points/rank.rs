use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Method, NEUTRAL, PointsRule};

/// Rank within the class: the best 100, the last 0, ties by their mean rank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rank {}

impl PointsRule for Rank {
    const METHOD: Method = Method {
        name: "rank",
        formula: "100 · (N − r) / (N − 1), r the mean rank of the tied, 1 the best; 50 for a class of one",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.1 (ranking)",
    };
    const COMPARES: bool = true;

    fn points(&self, cell: &Cell) -> Option<f64> {
        let n = cell.peers.len();
        if n < 2 {
            return Some(NEUTRAL);
        }
        let (worse, equal) = cell.worse_and_equal();
        // N − r: those worse, and half of the other tied ones.
        Some(100.0 * (worse as f64 + (equal as f64 - 1.0) / 2.0) / (n as f64 - 1.0))
    }
}
