use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};

/// So many points off (or on) for each one, down to a floor: 每件扣2分，扣完为止.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// Points at zero.
    pub base: f64,
    /// Points for each one: negative takes off.
    pub points: f64,
    /// So many are free.
    #[serde(default)]
    pub free: f64,
    /// Never below.
    #[serde(default)]
    pub floor: f64,
    /// Never above.
    #[serde(default = "hundred")]
    pub ceiling: f64,
}

fn hundred() -> f64 {
    100.0
}

impl PointsRule for Each {
    const METHOD: Method = Method {
        name: "each",
        formula: "base + points · max(0, x − free), held within floor and ceiling",
        source: "每件扣N分、扣完为止 / 每项加N分, common county practice",
    };

    fn check(&self, direction: Direction) -> Result<(), String> {
        if !self.points.is_finite() || self.points == 0.0 {
            return Err("`points` must not be zero".into());
        }
        if (self.points < 0.0) != (direction == Direction::Lower) {
            let wanted = if self.points < 0.0 { "lower" } else { "higher" };
            return Err(format!("`points` = {} needs direction = \"{wanted}\"", self.points));
        }
        if !(0.0..=100.0).contains(&self.base) || !self.free.is_finite() {
            return Err("`base` must lie between 0 and 100".into());
        }
        if !(0.0..=100.0).contains(&self.floor) || !(self.floor..=100.0).contains(&self.ceiling) {
            return Err("`floor` and `ceiling` must lie between 0 and 100, in that order".into());
        }
        Ok(())
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let over = (cell.value - self.free).max(0.0);
        Some((self.base + self.points * over).clamp(self.floor, self.ceiling))
    }
}
