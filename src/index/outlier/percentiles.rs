use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Tame, Treatment};
use crate::index::method::{Method, Named};

/// Values beyond two percentiles are drawn in to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Percentiles {
    /// Lower percentile, 0 to 100.
    #[serde(default)]
    pub low: f64,
    /// Upper percentile, 0 to 100.
    #[serde(default = "hundred")]
    pub high: f64,
}

fn hundred() -> f64 {
    100.0
}

impl Named for Percentiles {
    const METHOD: Method = Method {
        name: "percentiles",
        formula: "x held within the two percentiles (linear between order statistics, type 7 of Hyndman & Fan)",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.2 (trimming)",
    };
}

impl Tame for Percentiles {
    fn check(&self) -> Result<(), String> {
        if (0.0..=100.0).contains(&self.low) && (self.low..=100.0).contains(&self.high) {
            Ok(())
        } else {
            Err("`low` and `high` must lie between 0 and 100, in that order".into())
        }
    }

    fn fit(&self, values: &[f64]) -> Treatment {
        if values.is_empty() {
            return Treatment::None;
        }
        let (low, high) = (quantile(values, self.low / 100.0), quantile(values, self.high / 100.0));
        let low_points = values.partition_point(|x| *x < low);
        let high_points = values.len() - values.partition_point(|x| *x <= high);
        if low_points + high_points == 0 {
            Treatment::None
        } else {
            Treatment::Clamp { low, high, low_points, high_points }
        }
    }
}

/// Quantile of ascending values, linear between order statistics (Hyndman & Fan 1996, type 7).
fn quantile(values: &[f64], p: f64) -> f64 {
    let at = p * (values.len() - 1) as f64;
    let (low, part) = (at as usize, at - (at as usize) as f64);
    let high = (low + 1).min(values.len() - 1);
    values[low] + part * (values[high] - values[low])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_by_hand() {
        let rule = Percentiles { low: 10.0, high: 75.0 };
        let found = rule.fit(&[1.0, 2.0, 3.0, 4.0, 50.0]);
        assert_eq!(found, Treatment::Clamp { low: 1.4, high: 4.0, low_points: 1, high_points: 1 });
        assert_eq!([0.0, 2.0, 99.0].map(|x| found.apply(x)), [1.4, 2.0, 4.0]);
        for values in [&[][..], &[7.0], &[3.0; 4]] {
            assert_eq!(rule.fit(values), Treatment::None);
        }
        assert_eq!(Percentiles { low: 0.0, high: 100.0 }.fit(&[1.0, 9.0]), Treatment::None);
        assert!(Percentiles { low: 60.0, high: 40.0 }.check().is_err());
    }
}
