use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};

/// Attainment of a target, capped at 100. The target is the village's own from the table `targets`
/// (`list = true`: target = indicator key), else the common `value`; without either the indicator
/// is not judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Target for every village that has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Take the village's own target, and the value reached, from the table `targets`.
    #[serde(default)]
    pub list: bool,
}

impl PointsRule for Target {
    const METHOD: Method = Method {
        name: "target",
        formula: "100 · x / target, held within 0 and 100; lower better: 100 · target / x",
        source: "list-based targets 清单化目标管理 (完成率), common county practice",
    };

    fn check(&self, direction: Direction) -> Result<(), String> {
        match self.value {
            None if !self.list => Err("needs a `value`, or `list = true` for the villages' own targets".into()),
            Some(value) if !value.is_finite() || value < 0.0 => Err("`value` must not be negative".into()),
            Some(0.0) if direction == Direction::Higher => {
                Err("`value` must be positive where higher is better: everyone attains 0".into())
            }
            _ => Ok(()),
        }
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let target = cell.target.filter(|_| self.list).or(self.value)?;
        let x = cell.value;
        match cell.direction {
            // A target of zero or less cannot be attained in part: nothing to judge.
            Direction::Higher if target <= 0.0 => None,
            Direction::Higher => Some((100.0 * x / target).clamp(0.0, 100.0)),
            Direction::Lower if x <= target => Some(100.0),
            Direction::Lower if target <= 0.0 => Some(0.0),
            Direction::Lower => Some((100.0 * target / x).clamp(0.0, 100.0)),
        }
    }
}
