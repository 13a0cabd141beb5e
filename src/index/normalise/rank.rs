use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule, check_floor, spread};

/// Rank within the class: the best 100, the last 0, ties by their mean rank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// Points of the worst, 0 to 100: 末位得60分.
    #[serde(default)]
    pub floor: f64,
}

impl PointsRule for Rank {
    const METHOD: Method = Method {
        name: "rank",
        formula: "floor + (100 − floor) · (N − r) / (N − 1), r the mean rank of the tied, 1 the best; the middle for a class of one",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.1 (ranking)",
    };
    const COMPARES: bool = true;

    fn check(&self, _: Direction) -> Result<(), String> {
        check_floor(self.floor)
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let n = cell.fitted.len();
        if n < 2 {
            return Some(spread(self.floor, 1.0, 2.0));
        }
        let (worse, equal) = cell.worse_and_equal();
        // N − r: those worse, and half of the other tied ones.
        Some(spread(self.floor, worse as f64 + (equal as f64 - 1.0) / 2.0, n as f64 - 1.0))
    }
}
