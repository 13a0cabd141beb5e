use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::options::{way, worst};
use super::{Beyond, Cell, Direction, Method, PointsRule};

/// How much of the way from the worst of the class to a common target is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistanceToTarget {
    /// The target, in the indicator's unit.
    pub value: f64,
    /// Values beyond the target, or worse than the worst that was fitted.
    #[serde(default)]
    pub beyond: Beyond,
}

impl PointsRule for DistanceToTarget {
    const METHOD: Method = Method {
        name: "distance_to_target",
        formula: "100 · (x − min) / (target − min); lower better: 100 · (max − x) / (max − target); where nobody is short of the target 100",
        source: "COINr 1.1, n_dist2targ; OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.4",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        self.beyond == Beyond::Hold
    }

    fn check(&self, _: Direction) -> Result<(), String> {
        if self.value.is_finite() { Ok(()) } else { Err("`value` must be a finite number".into()) }
    }

    /// The worst value.
    fn fit(&self, peers: &[f64], direction: Direction) -> Vec<f64> {
        worst(peers, direction.sign()).into_iter().collect()
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let worst = cell.fitted.first()?;
        Some(way(*worst, self.value, cell.value, cell.direction.sign(), self.beyond))
    }
}
