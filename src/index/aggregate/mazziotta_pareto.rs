use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_moments::{self, ByMoments};
use super::others::Moments;
use super::{Aggregator, Children, Held, held};
use crate::index::method::{Method, Named};

/// Mazziotta–Pareto index: the mean of a unit's children, less a penalty for their imbalance. The
/// original is `scale = "standard"`, the adjusted index (AMPI) `scale = "range"`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MazziottaPareto {
    /// Whether imbalance takes off or adds.
    #[serde(default)]
    pub penalty: Penalty,
    /// What scale children are brought to first.
    #[serde(default)]
    pub scale: Scale,
    /// The two values that become 70 and 130 under `scale = "range"`; the least and the greatest of
    /// the units of the scope and period if not given. Fixed ones make years compare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goalposts: Option<[f64; 2]>,
}

/// Whether imbalance takes off or adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// Takes off: more is better, as in development.
    #[default]
    Minus,
    /// Adds: more is worse, as in poverty.
    Plus,
}

/// What scale children are brought to first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Mean 100, standard deviation 10 over the units: the original index.
    #[default]
    Standard,
    /// From 70 to 130 between two goalposts: the adjusted index.
    Range,
    /// Left as they are.
    AsIs,
}

impl Named for MazziottaPareto {
    const METHOD: Method = Method {
        name: "mazziotta_pareto",
        formula: "M ∓ S · S/M, M and S the weighted mean and (population) standard deviation of the unit's z; z = 100 + 10 (x − mean) / sd \
                  (standard), 70 + 60 (x − low) / (high − low) (range: AMPI), or x (as_is). 100 where sd or high − low \
                  is 0; missing where M ≤ 0 and S > 0",
        source: "De Muro, Mazziotta & Pareto, Social Indicators Research 104 (2011); AMPI: Mazziotta & Pareto, Social \
                 Indicators Research 127 (2016)",
    };
}

impl MazziottaPareto {
    /// Does the scale come from other units?
    fn relative(&self) -> bool {
        match self.scale {
            Scale::Standard => true,
            Scale::Range => self.goalposts.is_none(),
            Scale::AsIs => false,
        }
    }

    fn standing(&self, x: f64, m: &Moments) -> f64 {
        let line = |start: f64, rise: f64, from: f64, width: f64| {
            if width > 0.0 { start + rise * (x - from) / width } else { 100.0 }
        };
        match (self.scale, self.goalposts) {
            (Scale::AsIs, _) => x,
            (Scale::Standard, _) => line(100.0, 10.0, m.mean, m.deviation()),
            (Scale::Range, Some([low, high])) => line(70.0, 60.0, low, high - low),
            (Scale::Range, None) => line(70.0, 60.0, m.least, m.greatest - m.least),
        }
    }

    /// From values on the scale.
    fn index(&self, values: &[f64], shares: &[f64]) -> f64 {
        let pairs = || values.iter().zip(shares);
        let mean = pairs().fold(0.0, |sum, (z, w)| sum + w * z);
        let variance = pairs().fold(0.0, |sum, (z, w)| sum + w * (z - mean) * (z - mean));
        // A mean differs from equal values by rounding.
        if variance <= 1e-24 * mean * mean {
            return mean;
        } else if mean <= 0.0 {
            return f64::NAN;
        }
        match self.penalty {
            Penalty::Minus => mean - variance / mean,
            Penalty::Plus => mean + variance / mean,
        }
    }
}

impl ByMoments for MazziottaPareto {
    fn value(&self, values: &[f64], shares: &[f64], min_available: f64, moments: &[Moments]) -> f64 {
        let mut standing: Vec<f64> = values.iter().zip(moments).map(|(x, m)| self.standing(*x, m)).collect();
        // A child without spread stands at 100, but not where it is missing.
        standing.iter_mut().zip(values).filter(|(_, x)| x.is_nan()).for_each(|(z, _)| *z = f64::NAN);
        let mut scaled = Vec::new();
        if held::present(&mut standing, shares, min_available, &mut scaled) {
            self.index(&standing, &scaled)
        } else {
            f64::NAN
        }
    }
}

impl Aggregator for MazziottaPareto {
    fn check(&self) -> Result<(), String> {
        match (self.goalposts, self.scale) {
            (None, _) => Ok(()),
            (Some(_), Scale::Standard | Scale::AsIs) => Err("`goalposts` need scale = \"range\"".into()),
            (Some([low, high]), _) if low.is_finite() && high.is_finite() && low < high => Ok(()),
            _ => Err("`goalposts` must be two finite numbers, the lower one first".into()),
        }
    }

    fn compares(&self) -> bool {
        self.relative()
    }

    fn row(&self, values: &[f64], shares: &[f64]) -> f64 {
        let standing: Vec<f64> = values.iter().map(|x| self.standing(*x, &Moments::NONE)).collect();
        self.index(&standing, shares)
    }

    fn column(&self, children: &Children, out: &mut [f64]) {
        let (mut values, mut shares) = (Vec::new(), Vec::new());
        if !self.relative() {
            for (unit, slot) in out.iter_mut().enumerate() {
                *slot = self.unit(children, unit, &mut values, &mut shares);
            }
            return;
        }
        by_moments::column(self, children, out);
    }

    fn held<'a>(&'a self, children: &Children) -> Box<dyn Held + 'a> {
        if !self.relative() {
            return Box::new(held::Alone::new(self, children));
        }
        by_moments::held(self, children)
    }
}
