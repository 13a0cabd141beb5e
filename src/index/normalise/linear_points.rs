use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};

/// Points of a polyline: what lies between two knots gets points in proportion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinearPoints {
    /// The knots, `at` ascending; before the first and after the last the points stay.
    pub knots: Vec<Knot>,
    /// The points may rise and fall again: the best value lies in the middle.
    #[serde(default)]
    pub turns: bool,
}

/// One knot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Knot {
    /// Value, in the indicator's unit.
    pub at: f64,
    /// Points at that value, 0 to 100.
    pub points: f64,
}

impl PointsRule for LinearPoints {
    const METHOD: Method = Method {
        name: "linear_points",
        formula: "linear between knots (at, points); held before the first and after the last",
        source: "插值法计分 (linear interpolation between marks), common practice of state appraisal schemes",
    };

    fn check(&self, direction: Direction) -> Result<(), String> {
        let knots = &self.knots;
        if knots.len() < 2 {
            return Err("`knots` must hold at least two knots".into());
        }
        if !knots.iter().all(|k| (0.0..=100.0).contains(&k.points)) {
            return Err("`points` must lie between 0 and 100".into());
        }
        if !knots.iter().all(|k| k.at.is_finite()) || !knots.is_sorted_by(|a, b| a.at < b.at) {
            return Err("`knots` must have ascending `at`".into());
        }
        let better = |pair: &[Knot]| direction.sign() * (pair[1].points - pair[0].points) >= 0.0;
        if self.turns || knots.windows(2).all(better) {
            Ok(())
        } else {
            Err("`knots` must give no fewer points to better values (`turns = true` if the best lies in the middle)"
                .into())
        }
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let after = self.knots.partition_point(|k| k.at <= cell.value);
        let (Some(left), right) = (self.knots.get(after.saturating_sub(1)), self.knots.get(after)) else {
            return None;
        };
        Some(match right {
            Some(right) if after > 0 => {
                left.points + (right.points - left.points) * (cell.value - left.at) / (right.at - left.at)
            }
            _ => left.points,
        })
    }
}
