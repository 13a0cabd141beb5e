use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};

/// Linear between two goalposts, capped: 0 points at the worse, 100 at the better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goalposts {
    /// Lower goalpost, in the indicator's unit.
    pub low: f64,
    /// Upper goalpost.
    pub high: f64,
}

impl PointsRule for Goalposts {
    const METHOD: Method = Method {
        name: "goalposts",
        formula: "100 · (x − low) / (high − low), held within 0 and 100; lower better: 100 minus that",
        source: "UNDP, Human Development Report, technical note 1 (goalposts)",
    };

    fn check(&self, _: Direction) -> Result<(), String> {
        if !self.low.is_finite() {
            Err("`low` must be a finite number".into())
        } else if !(self.high.is_finite() && self.high > self.low) {
            Err(format!("`high` must lie above `low` ({})", self.low))
        } else {
            Ok(())
        }
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let reached = ((cell.value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        Some(match cell.direction {
            Direction::Higher => 100.0 * reached,
            Direction::Lower => 100.0 * (1.0 - reached),
        })
    }
}
