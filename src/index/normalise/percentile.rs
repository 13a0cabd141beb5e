use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule, check_floor, spread};

/// Share of the class that is surpassed, half of the equal ones counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Percentile {
    /// Points of the worst, 0 to 100: 末位得60分.
    #[serde(default)]
    pub floor: f64,
}

impl PointsRule for Percentile {
    const METHOD: Method = Method {
        name: "percentile",
        formula: "floor + (100 − floor) · (worse + equal / 2) / N, the unit among the equal; the middle for a class of one",
        source: "Hazen (1914), plotting position (i − ½) / N",
    };
    const COMPARES: bool = true;

    fn check(&self, _: Direction) -> Result<(), String> {
        check_floor(self.floor)
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        if cell.fitted.is_empty() {
            return Some(spread(self.floor, 1.0, 2.0));
        }
        let (worse, equal) = cell.worse_and_equal();
        Some(spread(self.floor, worse as f64 + equal as f64 / 2.0, cell.fitted.len() as f64))
    }
}
