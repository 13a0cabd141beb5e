use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule, check_floor, spread};

/// Rank within the class: the best 100, the last 0, ties by their mean rank.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    /// Points of the worst, 0 to 100: 末位得60分.
    #[serde(default)]
    pub floor: f64,
    /// The rank of tied units.
    #[serde(default)]
    pub ties: Ties,
    /// Points from 0 to 100, or plain places.
    #[serde(default)]
    pub scale: Scale,
}

/// The rank of tied units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// The mean of their ranks.
    #[default]
    Mean,
    /// The best of their ranks: 1, 2, 2, 4.
    Best,
    /// The worst of their ranks: 1, 3, 3, 4.
    Worst,
    /// Different values are counted, not units: 1, 2, 2, 3.
    Dense,
}

/// What a rank becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Points from the floor to 100.
    #[default]
    Points,
    /// The place counted from the worst, N + 1 − r: no bounds but the number of units.
    Places,
}

impl PointsRule for Rank {
    const METHOD: Method = Method {
        name: "rank",
        formula: "floor + (100 − floor) · (N − r) / (N − 1), r the mean rank of the tied, 1 the best; the middle for a class of one; with scale = places N + 1 − r",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.1 (ranking)",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        self.scale == Scale::Points
    }

    fn check(&self, _: Direction) -> Result<(), String> {
        if self.scale == Scale::Places && self.floor != 0.0 {
            return Err("`floor` has no meaning with scale = \"places\"".into());
        }
        check_floor(self.floor)
    }

    /// The values, each once where different values are counted.
    fn fit(&self, peers: &[f64], _: Direction) -> Vec<f64> {
        let mut out = peers.to_vec();
        if self.ties == Ties::Dense {
            out.dedup();
        }
        out
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let n = cell.fitted.len() as f64;
        let (worse, equal) = cell.worse_and_equal();
        let others = (equal as f64 - 1.0).max(0.0);
        // N − r: those worse, and of the other tied ones half, all or none. A value that is not
        // among the fitted ones stands between its neighbours.
        let behind = worse as f64
            + match self.ties {
                _ if equal == 0 => -0.5,
                Ties::Mean | Ties::Dense => others / 2.0,
                Ties::Best => others,
                Ties::Worst => 0.0,
            };
        let behind = behind.clamp(0.0, (n - 1.0).max(0.0));
        Some(match self.scale {
            Scale::Places => behind + 1.0,
            Scale::Points if n < 2.0 => spread(self.floor, 1.0, 2.0),
            Scale::Points => spread(self.floor, behind, n - 1.0),
        })
    }
}
