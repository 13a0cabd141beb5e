use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};

/// Between two goalposts, capped: 0 points at the worse, 100 at the better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goalposts {
    /// Lower goalpost, in the indicator's unit.
    pub low: f64,
    /// Upper goalpost.
    pub high: f64,
    /// By logarithms: what matters is by which factor a value grows, as for income. Both goalposts
    /// must be positive.
    #[serde(default)]
    pub log: bool,
}

impl PointsRule for Goalposts {
    const METHOD: Method = Method {
        name: "goalposts",
        formula: "100 · (x − low) / (high − low), held within 0 and 100; lower better: 100 minus that; with `log`, logarithms of all three",
        source: "UNDP, Human Development Report, technical note 1 (goalposts; logarithms for income)",
    };

    fn check(&self, _: Direction) -> Result<(), String> {
        if !self.low.is_finite() {
            Err("`low` must be a finite number".into())
        } else if self.log && self.low <= 0.0 {
            Err("`low` must be positive where `log` is set".into())
        } else if !(self.high.is_finite() && self.high > self.low) {
            Err(format!("`high` must lie above `low` ({})", self.low))
        } else {
            Ok(())
        }
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let reached = if !self.log {
            (cell.value - self.low) / (self.high - self.low)
        } else if cell.value > self.low {
            libm::log(cell.value / self.low) / libm::log(self.high / self.low)
        } else {
            0.0
        };
        let reached = reached.clamp(0.0, 1.0);
        Some(match cell.direction {
            Direction::Higher => 100.0 * reached,
            Direction::Lower => 100.0 * (1.0 - reached),
        })
    }
}
