use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_moments::{self, ByMoments};
use super::others::Moments;
use super::{Aggregator, Children, Held, held};
use crate::index::method::{Method, Named};

/// Closeness to the ideal (the best value of every child among the units of the scope and period)
/// as against the worst, from 0 to 100. 50 where the best and the worst coincide in every child.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Topsis {
    /// What children are divided by before their distances are taken.
    #[serde(default)]
    pub norm: Norm,
}

/// What children are divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// The root of the sum of squares over the units.
    #[default]
    Vector,
    /// Nothing: they are on one scale already.
    None,
}

impl Named for Topsis {
    const METHOD: Method = Method {
        name: "topsis",
        formula: "100 · D⁻ / (D⁺ + D⁻), D± = √Σ (w · (r − r±))², r± the best and the worst r of the units; r = x / √Σ x² \
                  (norm = \"vector\") or x (norm = \"none\"); 50 where D⁺ + D⁻ = 0",
        source: "Hwang & Yoon, Multiple Attribute Decision Making (1981); Tzeng & Huang, Multiple Attribute Decision Making \
                 (2011), chapter 5",
    };
}

impl ByMoments for Topsis {
    fn value(&self, values: &[f64], shares: &[f64], min_available: f64, moments: &[Moments]) -> f64 {
        let (mut present, mut scaled) = (values.to_vec(), Vec::new());
        if !held::present(&mut present, shares, min_available, &mut scaled) {
            return f64::NAN;
        }
        let of = values.iter().zip(moments).filter(|(x, _)| !x.is_nan()).map(|(_, m)| m);
        let (mut best, mut worst) = (0.0, 0.0);
        for ((x, share), m) in present.iter().zip(&scaled).zip(of) {
            let norm = match self.norm {
                Norm::Vector if m.squares > 0.0 => libm::sqrt(m.squares),
                _ => 1.0,
            };
            let square = |end: f64| {
                let distance = share * ((x - end) / norm);
                distance * distance
            };
            best += square(m.greatest);
            worst += square(m.least);
        }
        let (best, worst) = (libm::sqrt(best), libm::sqrt(worst));
        if best + worst > 0.0 { 100.0 * worst / (best + worst) } else { 50.0 }
    }
}

impl Aggregator for Topsis {
    fn compares(&self) -> bool {
        true
    }

    fn row(&self, _: &[f64], _: &[f64]) -> f64 {
        f64::NAN
    }

    fn column(&self, children: &Children, out: &mut [f64]) {
        by_moments::column(self, children, out);
    }

    fn held<'a>(&'a self, children: &Children) -> Box<dyn Held + 'a> {
        by_moments::held(self, children)
    }
}
