use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Convention, Direction, Method, PointsRule, check_floor, spread};

/// Share of the class that is surpassed, half of the equal ones counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Percentile {
    /// Points of the worst, 0 to 100: 末位得60分.
    #[serde(default)]
    pub floor: f64,
    /// Which part of the whole a place is.
    #[serde(default = "middle")]
    pub convention: Convention,
}

fn middle() -> Convention {
    Convention::Middle
}

impl PointsRule for Percentile {
    const METHOD: Method = Method {
        name: "percentile",
        formula: "floor + (100 − floor) · (worse + equal / 2) / N, the unit among the equal (other conventions of the place on request); the middle for a class of one",
        source: "Hazen (1914), plotting position (i − ½) / N; the others: Weibull (1939), Excel's PERCENTRANK.INC",
    };
    const COMPARES: bool = true;

    fn check(&self, _: Direction) -> Result<(), String> {
        check_floor(self.floor)
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let (worse, equal) = cell.worse_and_equal();
        let (part, whole) = self.convention.part(worse, equal, cell.fitted.len());
        Some(spread(self.floor, part, whole))
    }
}
