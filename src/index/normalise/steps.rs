use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Value from which (higher better) or up to which (lower better) the step holds.
    pub at: f64,
    /// Points of the step, 0 to 100.
    pub points: f64,
}

/// Steps, `at` ascending: the best step that the value reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// Points where no step is reached.
    #[serde(default)]
    pub otherwise: f64,
    /// The steps, `at` ascending.
    pub steps: Vec<Step>,
}

impl PointsRule for Steps {
    const METHOD: Method = Method {
        name: "steps",
        formula: "points of the best step with x ≥ at (lower better: x ≤ at); `otherwise` if none is reached",
        source: "分档计分, common county practice",
    };

    fn check(&self, direction: Direction) -> Result<(), String> {
        if self.steps.is_empty() {
            return Err("`steps` must hold at least one step".into());
        }
        let points = self.steps.iter().map(|s| s.points).chain([self.otherwise]);
        if !points.into_iter().all(|p| (0.0..=100.0).contains(&p)) {
            return Err("`points` and `otherwise` must lie between 0 and 100".into());
        }
        if !self.steps.iter().all(|s| s.at.is_finite()) || !self.steps.is_sorted_by(|a, b| a.at < b.at) {
            return Err("`steps` must have ascending `at`".into());
        }
        // A better value never gets fewer points: what is unreached ends the row on the worse side.
        let row: Vec<f64> = match direction {
            Direction::Higher => [self.otherwise].into_iter().chain(self.steps.iter().map(|s| s.points)).collect(),
            Direction::Lower => [self.otherwise].into_iter().chain(self.steps.iter().rev().map(|s| s.points)).collect(),
        };
        if row.is_sorted() {
            Ok(())
        } else {
            Err("`steps` must give more points to better values, and at least `otherwise`".into())
        }
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let step = match cell.direction {
            Direction::Higher => self.steps.iter().rev().find(|s| cell.value >= s.at),
            Direction::Lower => self.steps.iter().find(|s| cell.value <= s.at),
        };
        Some(step.map_or(self.otherwise, |s| s.points))
    }
}
