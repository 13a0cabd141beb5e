use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Convention, Direction, Method, PointsRule};

/// Exponential transformation of ranks: places near the best are pulled apart, so that a bad place
/// elsewhere does not cancel a good one. With 23, half of the range 0 to 100 belongs to the best tenth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExponentialRank {
    /// The less, the more the best places are pulled apart; positive.
    #[serde(default = "scale")]
    pub scale: f64,
    /// Which part of 1 a place is.
    #[serde(default = "to_one")]
    pub convention: Convention,
}

fn scale() -> f64 {
    23.0
}

fn to_one() -> Convention {
    Convention::ToOne
}

/// −scale · ln(1 − R (1 − exp(−100 / scale))), R within 0 and 1: 0 to 100. Written so that nothing
/// cancels near R = 1.
pub fn exponential(part: f64, scale: f64) -> f64 {
    (-scale * libm::log((1.0 - part) + part * libm::exp(-100.0 / scale))).clamp(0.0, 100.0)
}

impl PointsRule for ExponentialRank {
    const METHOD: Method = Method {
        name: "exponential_rank",
        formula: "−s · ln(1 − R · (1 − exp(−100 / s))), s = 23, R = (N + 1 − r) / N (or another convention), r the mean rank of the tied, 1 the greatest",
        source: "English Indices of Deprivation, technical report (exponential transformation of domain ranks)",
    };
    const COMPARES: bool = true;

    fn check(&self, _: Direction) -> Result<(), String> {
        if self.scale > 0.0 && self.scale.is_finite() { Ok(()) } else { Err("`scale` must be positive".into()) }
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let (worse, equal) = cell.worse_and_equal();
        let (part, whole) = self.convention.part(worse, equal, cell.fitted.len());
        Some(exponential(part / whole, self.scale))
    }
}
