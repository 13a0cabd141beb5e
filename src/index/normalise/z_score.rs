use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};

/// Standard deviations from the mean of the class, on a scale of one's own. The points have no
/// bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZScore {
    /// Points at the mean.
    #[serde(default)]
    pub mean: f64,
    /// Points for one standard deviation, positive.
    #[serde(default = "one")]
    pub deviation: f64,
}

fn one() -> f64 {
    1.0
}

impl PointsRule for ZScore {
    const METHOD: Method = Method {
        name: "z_score",
        formula: "mean + deviation · (x − x̄) / s, s the sample standard deviation (n − 1); lower better: minus; `mean` where all are equal",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.2 (standardisation)",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        false
    }

    fn check(&self, _: Direction) -> Result<(), String> {
        if !self.mean.is_finite() {
            Err("`mean` must be a finite number".into())
        } else if !(self.deviation > 0.0 && self.deviation.is_finite()) {
            Err("`deviation` must be positive".into())
        } else {
            Ok(())
        }
    }

    /// Mean and sample standard deviation, which is 0 for fewer than two.
    fn fit(&self, peers: &[f64], _: Direction) -> Vec<f64> {
        // All equal: exactly 0, whatever the rounding of the mean.
        if peers.first() == peers.last() {
            return peers.first().map_or_else(Vec::new, |x| vec![*x, 0.0]);
        }
        let n = peers.len() as f64;
        let mean = peers.iter().sum::<f64>() / n;
        let squares: f64 = peers.iter().map(|x| (x - mean) * (x - mean)).sum();
        vec![mean, (squares / (n - 1.0)).sqrt()]
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        match *cell.fitted {
            [centre, spread] if spread > 0.0 => {
                Some(self.mean + self.deviation * cell.direction.sign() * (cell.value - centre) / spread)
            }
            _ => Some(self.mean),
        }
    }
}
