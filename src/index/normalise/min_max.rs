use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Beyond, Cell, Direction, Method, PointsRule};

/// Distance between the worst and the best of the class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinMax {
    /// Points of the worst, 0 to 100: 末位得60分.
    #[serde(default)]
    pub floor: f64,
    /// Points of the best, 0 to 100.
    #[serde(default = "hundred")]
    pub ceiling: f64,
    /// Values outside the range that was fitted.
    #[serde(default)]
    pub beyond: Beyond,
}

fn hundred() -> f64 {
    100.0
}

impl Default for MinMax {
    fn default() -> MinMax {
        MinMax { floor: 0.0, ceiling: 100.0, beyond: Beyond::Hold }
    }
}

impl PointsRule for MinMax {
    const METHOD: Method = Method {
        name: "min_max",
        formula: "floor + (ceiling − floor) · (x − min) / (max − min) over the class; lower better mirrored; the middle where all are equal",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.3 (min-max)",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        self.beyond == Beyond::Hold
    }

    fn check(&self, _: Direction) -> Result<(), String> {
        let within = |p: f64| (0.0..=100.0).contains(&p);
        if within(self.floor) && within(self.ceiling) && self.floor < self.ceiling {
            Ok(())
        } else {
            Err("`floor` and `ceiling` must lie between 0 and 100, in that order".into())
        }
    }

    /// The least and the greatest value.
    fn fit(&self, peers: &[f64], _: Direction) -> Vec<f64> {
        peers.first().into_iter().chain(peers.last()).copied().collect()
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let place = |reached: f64| Some(self.floor + (self.ceiling - self.floor) * reached);
        let (Some(min), Some(max)) = (cell.fitted.first(), cell.fitted.last()) else {
            return place(0.5);
        };
        let width = max - min;
        // Not a positive finite width: all equal, or so far apart that the difference overflows.
        if !(width > 0.0 && width.is_finite()) {
            return place(0.5);
        }
        let reached = self.beyond.part((cell.value - min) / width);
        place(match cell.direction {
            Direction::Higher => reached,
            Direction::Lower => 1.0 - reached,
        })
    }
}
