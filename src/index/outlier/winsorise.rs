use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::box_cox::BoxCox;
use super::log::{Log, Tail};
use super::shape::Shape;
use super::{Tame, Treatment};
use crate::index::method::{Method, Named};

/// Extreme values are drawn in to the next one, one by one, until skewness or kurtosis is within its
/// limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Winsorise {
    /// At most so many values of an indicator, both ends together.
    #[serde(default = "five")]
    pub max_points: usize,
    /// Limit of |skewness|.
    #[serde(default = "two")]
    pub skewness: f64,
    /// Limit of the excess kurtosis.
    #[serde(default = "three_and_a_half")]
    pub kurtosis: f64,
    /// What is done to the original values where so many points do not suffice.
    #[serde(default)]
    pub fallback: Fallback,
}

/// What is done where winsorising does not suffice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// Logarithm of the distance from the short tail's end, plus 1% of the range.
    #[default]
    Log,
    /// Box–Cox with estimated lambda.
    BoxCox,
    /// The values stay as they are.
    None,
}

fn five() -> usize {
    5
}

fn two() -> f64 {
    2.0
}

fn three_and_a_half() -> f64 {
    3.5
}

impl Default for Winsorise {
    fn default() -> Winsorise {
        Winsorise { max_points: five(), skewness: two(), kurtosis: three_and_a_half(), fallback: Fallback::Log }
    }
}

impl Named for Winsorise {
    const METHOD: Method = Method {
        name: "winsorise",
        formula: "while |G1| ≥ skewness and G2 ≥ kurtosis: the greatest values (the smallest, if G1 < 0) take the next value; at most `max_points`, else the fallback on the original values",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.2; limits 2 and 3.5 as in JRC audits; steps as in COINr 1.1 (Becker et al. 2022, Treat), G1 and G2 of Joanes & Gill (1998), type 2",
    };
}

impl Tame for Winsorise {
    fn check(&self) -> Result<(), String> {
        if self.skewness > 0.0 && self.skewness.is_finite() && self.kurtosis.is_finite() {
            Ok(())
        } else {
            Err("`skewness` must be positive, and `kurtosis` a number".into())
        }
    }

    fn fit(&self, values: &[f64]) -> Treatment {
        match points(values, self.max_points, self.skewness, self.kurtosis) {
            Some((0, 0)) => Treatment::None,
            Some((low, high)) => Treatment::Clamp {
                low: values[low],
                high: values[values.len() - 1 - high],
                low_points: low,
                high_points: high,
            },
            None => match self.fallback {
                Fallback::Log => Log { tail: Tail::Skewed, ..Log::default() }.fit(values),
                Fallback::BoxCox => BoxCox::default().fit(values),
                Fallback::None => Treatment::None,
            },
        }
    }
}

/// The bounds within which finite, ascending values must be held so that |skewness| < `skewness` or
/// kurtosis < `kurtosis`: their own extremes where nothing needs to be done. `None` where that takes
/// more than `max_points` values, ties counted each; a step that would take more, or that would make
/// all values equal, is not taken. Below four values, and where all are equal, nothing is done.
/// O(n) for each step; nothing is allocated.
pub fn bounds(values: &[f64], max_points: usize, skewness: f64, kurtosis: f64) -> Option<(f64, f64)> {
    let (low, high) = points(values, max_points, skewness, kurtosis)?;
    match values.len() {
        0 => Some((f64::NEG_INFINITY, f64::INFINITY)),
        n => Some((values[low], values[n - 1 - high])),
    }
}

/// How many values are drawn in at the low and at the high end, see [`bounds`].
fn points(values: &[f64], max_points: usize, skewness: f64, kurtosis: f64) -> Option<(usize, usize)> {
    let (mut low, mut high) = (0, 0);
    loop {
        // Too few or all equal: there is no shape to mend.
        let Some(shape) = Shape::held(values, low, high) else { return Some((low, high)) };
        if shape.skewness.abs() < skewness || shape.kurtosis < kurtosis {
            return Some((low, high));
        }
        let kept = &values[low..values.len() - high];
        if shape.skewness >= 0.0 {
            let top = kept[kept.len() - 1];
            high += kept.iter().rev().take_while(|x| **x == top).count();
        } else {
            let bottom = kept[0];
            low += kept.iter().take_while(|x| **x == bottom).count();
        }
        if low + high > max_points || low + high >= values.len() || values[low] == values[values.len() - 1 - high] {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rule written out on a copy of the values, moments by their definition.
    fn slowly(values: &[f64], max_points: usize) -> Option<Vec<f64>> {
        let mut x = values.to_vec();
        loop {
            let n = x.len() as f64;
            if x.len() < 4 || x.iter().all(|v| *v == x[0]) {
                return Some(x);
            }
            let mean = x.iter().sum::<f64>() / n;
            let sum = |power: i32| x.iter().map(|v| (v - mean).powi(power)).sum::<f64>();
            let skew = n.sqrt() * sum(3) / sum(2).powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0);
            let ratio = n * sum(4) / sum(2).powi(2);
            let kurt = ((n + 1.0) * (ratio - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
            if skew.abs() < 2.0 || kurt < 3.5 {
                return Some(x);
            }
            let end = if skew >= 0.0 { x[x.len() - 1] } else { x[0] };
            let next = x.iter().copied().filter(|v| *v != end);
            let next = if skew >= 0.0 { next.fold(f64::MIN, f64::max) } else { next.fold(f64::MAX, f64::min) };
            x.iter_mut().filter(|v| **v == end).for_each(|v| *v = next);
            let moved = x.iter().zip(values).filter(|(a, b)| a != b).count();
            if moved > max_points || x.iter().all(|v| *v == x[0]) {
                return None;
            }
        }
    }

    #[test]
    fn high_and_low_ends_ties_and_the_limit_of_points() {
        let fit = |values: &[f64], max_points| Winsorise { max_points, ..Winsorise::default() }.fit(values);
        let high: Vec<f64> = (1..=10).map(f64::from).chain([30.0, 100.0]).collect();
        // COINr's documentation treats this example: the one value 100 suffices.
        assert_eq!(fit(&high, 5), Treatment::Clamp { low: 1.0, high: 30.0, low_points: 0, high_points: 1 });
        let low: Vec<f64> = high.iter().rev().map(|x| -x).collect();
        assert_eq!(fit(&low, 5), Treatment::Clamp { low: -30.0, high: -1.0, low_points: 1, high_points: 0 });
        // Two that tie move together, and one point is not enough for them.
        let tied: Vec<f64> = (1..=20).map(f64::from).chain([500.0, 500.0]).collect();
        assert_eq!(fit(&tied, 2), Treatment::Clamp { low: 1.0, high: 20.0, low_points: 0, high_points: 2 });
        assert!(matches!(fit(&tied, 1), Treatment::Log { sign: 1.0, .. }));
        assert!(matches!(fit(&high, 0), Treatment::Log { sign: 1.0, .. }));
        assert!(matches!(fit(&low, 0), Treatment::Log { sign: -1.0, .. }));
        let none = Winsorise { max_points: 0, fallback: Fallback::None, ..Winsorise::default() };
        assert_eq!(none.fit(&high), Treatment::None);
    }

    #[test]
    fn nothing_is_done_to_few_equal_or_well_shaped_values() {
        let rule = Winsorise::default();
        for values in [&[][..], &[7.0], &[0.0, 0.0, 1e9], &[3.0; 9], &[1.0, 2.0, 3.0, 4.0, 5.0]] {
            assert_eq!(rule.fit(values), Treatment::None, "{values:?}");
        }
        assert_eq!(bounds(&[], 5, 2.0, 3.5), Some((f64::NEG_INFINITY, f64::INFINITY)));
        assert_eq!(bounds(&[3.0; 9], 5, 2.0, 3.5), Some((3.0, 3.0)));
        // Drawing the one in would leave nothing to tell units apart.
        let mut lone = [0.0; 12];
        lone[11] = 1.0;
        assert_eq!(bounds(&lone, 5, 2.0, 3.5), None);
    }

    proptest! {
        #[test]
        fn the_lean_rule_is_the_slow_one(mut values in prop::collection::vec(-20i32..20, 0..40), stretch in 1u32..4, max in 0usize..8) {
            values.sort_unstable();
            let values: Vec<f64> = values.iter().map(|x| f64::from(*x).powi(stretch as i32 * 2 - 1)).collect();
            let slow = slowly(&values, max);
            let fast = bounds(&values, max, 2.0, 3.5)
                .map(|(low, high)| values.iter().map(|x| x.clamp(low, high)).collect::<Vec<f64>>());
            prop_assert_eq!(fast, slow);
        }
    }
}
