use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule, check_floor, spread};

/// Distance between the worst and the best of the class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinMax {
    /// Points of the worst, 0 to 100: 末位得60分.
    #[serde(default)]
    pub floor: f64,
}

impl PointsRule for MinMax {
    const METHOD: Method = Method {
        name: "min_max",
        formula: "floor + (100 − floor) · (x − min) / (max − min) over the class; lower better mirrored; the middle where all are equal",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.3 (min-max)",
    };
    const COMPARES: bool = true;

    fn check(&self, _: Direction) -> Result<(), String> {
        check_floor(self.floor)
    }

    /// The worst and the best value.
    fn fit(&self, peers: &[f64], _: Direction) -> Vec<f64> {
        peers.first().into_iter().chain(peers.last()).copied().collect()
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let (Some(min), Some(max)) = (cell.fitted.first(), cell.fitted.last()) else {
            return Some(spread(self.floor, 1.0, 2.0));
        };
        let width = max - min;
        // Not a positive finite width: all equal, or so far apart that the difference overflows.
        if !(width > 0.0 && width.is_finite()) {
            return Some(spread(self.floor, 1.0, 2.0));
        }
        let reached = ((cell.value - min) / width).clamp(0.0, 1.0);
        Some(match cell.direction {
            Direction::Higher => spread(self.floor, reached, 1.0),
            Direction::Lower => spread(self.floor, 1.0 - reached, 1.0),
        })
    }
}
