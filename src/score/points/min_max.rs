use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, NEUTRAL, PointsRule};

/// Distance between the worst and the best of the class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinMax {}

impl PointsRule for MinMax {
    const METHOD: Method = Method {
        name: "min_max",
        formula: "100 · (x − min) / (max − min) over the class; lower better: 100 minus that; 50 where all are equal",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.3 (min-max)",
    };
    const COMPARES: bool = true;

    fn points(&self, cell: &Cell) -> Option<f64> {
        let (Some(min), Some(max)) = (cell.peers.first(), cell.peers.last()) else {
            return Some(NEUTRAL);
        };
        let width = max - min;
        // Not a positive finite width: all equal, or so far apart that the difference overflows.
        if !(width > 0.0 && width.is_finite()) {
            return Some(NEUTRAL);
        }
        let reached = ((cell.value - min) / width).clamp(0.0, 1.0);
        Some(match cell.direction {
            Direction::Higher => 100.0 * reached,
            Direction::Lower => 100.0 * (1.0 - reached),
        })
    }
}
