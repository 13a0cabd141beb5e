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
/// O(n) once and O(`max_points`) for each step; nothing is allocated.
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
    let Some(powers) = Powers::new(values, max_points, skewness, kurtosis) else { return Some((0, 0)) };
    loop {
        let upwards = match powers.lopsided(values, low, high) {
            Side::Neither => return Some((low, high)),
            side => side == Side::High,
        };
        let kept = &values[low..values.len() - high];
        if upwards {
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

/// At which end the outliers are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Skewness or kurtosis is within its limit.
    Neither,
    Low,
    High,
}

/// Sums of powers of the distances from the median, over the values that no step can reach: each
/// check then adds only the ends. Sums are never subtracted from, so that an outlier that was drawn in
/// leaves no trace; and since mean and median are at most a standard deviation apart, central moments
/// follow from them without loss of digits.
struct Powers {
    /// Values left to the ends, on each side.
    ends: usize,
    centre: f64,
    core: [f64; 4],
    limits: Limits,
}

/// Limits in moments, so that a check neither divides nor takes roots.
struct Limits {
    skewness: f64,
    kurtosis: f64,
    /// G1² ≥ skewness² where m3² ≥ `third` · m2³.
    third: f64,
    /// G2 ≥ kurtosis where m4 ≥ `fourth` · m2².
    fourth: f64,
}

impl Powers {
    /// None below four values.
    fn new(values: &[f64], max_points: usize, skewness: f64, kurtosis: f64) -> Option<Powers> {
        if values.len() < 4 {
            return None;
        }
        let (n, ends) = (values.len() as f64, max_points.min((values.len() - 1) / 2));
        let centre = values[values.len() / 2];
        let factor = (n - 2.0) * skewness;
        let limits = Limits {
            skewness,
            kurtosis,
            third: factor * factor / (n * (n - 1.0)),
            fourth: (kurtosis * (n - 2.0) * (n - 3.0) / (n - 1.0) - 6.0) / (n + 1.0) + 3.0,
        };
        // Four lanes, in a fixed order: as fast as the machine adds, and the same everywhere.
        let mut lanes = [[0.0; 4]; 4];
        let core = &values[ends..values.len() - ends];
        let chunks = core.chunks_exact(4);
        for (lane, x) in chunks.remainder().iter().enumerate() {
            add(&mut lanes, lane, x - centre);
        }
        for chunk in chunks {
            for (lane, x) in chunk.iter().enumerate() {
                add(&mut lanes, lane, x - centre);
            }
        }
        let core = lanes.map(|[a, b, c, d]| (a + b) + (c + d));
        Some(Powers { ends, centre, core, limits })
    }

    /// The values as [`Shape::held`] takes them.
    fn lopsided(&self, values: &[f64], low: usize, high: usize) -> Side {
        if low > self.ends || high > self.ends {
            return self.slowly(values, low, high);
        }
        let count = values.len();
        let mut sums = self.core;
        let mut one = |x: f64, times: f64| {
            let d = x - self.centre;
            let square = d * d;
            sums[0] += times * d;
            sums[1] += times * square;
            sums[2] += times * (square * d);
            sums[3] += times * (square * square);
        };
        one(values[low], low as f64);
        values[low..self.ends].iter().for_each(|x| one(*x, 1.0));
        values[count - self.ends..count - high].iter().for_each(|x| one(*x, 1.0));
        one(values[count - 1 - high], high as f64);
        let part = 1.0 / count as f64;
        let [mean, second, third, fourth] = sums.map(|sum| sum * part);
        let square = mean * mean;
        let m2 = second - square;
        let m3 = third - 3.0 * mean * second + 2.0 * square * mean;
        let m4 = fourth - 4.0 * mean * third + 6.0 * square * second - 3.0 * square * square;
        // Powers of these neither vanish nor overflow.
        if !(1e-60..1e60).contains(&m2) || !m4.is_finite() {
            return self.slowly(values, low, high);
        }
        let within = m3 * m3 < self.limits.third * (m2 * m2 * m2) || m4 < self.limits.fourth * (m2 * m2);
        side(within, m3)
    }

    fn slowly(&self, values: &[f64], low: usize, high: usize) -> Side {
        // All equal: there is no shape to mend.
        let Some(shape) = Shape::held(values, low, high) else { return Side::Neither };
        let within = shape.skewness.abs() < self.limits.skewness || shape.kurtosis < self.limits.kurtosis;
        side(within, shape.skewness)
    }
}

fn side(within: bool, skewness: f64) -> Side {
    if within {
        Side::Neither
    } else if skewness >= 0.0 {
        Side::High
    } else {
        Side::Low
    }
}

fn add(lanes: &mut [[f64; 4]; 4], lane: usize, d: f64) {
    let square = d * d;
    lanes[0][lane] += d;
    lanes[1][lane] += square;
    lanes[2][lane] += square * d;
    lanes[3][lane] += square * square;
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

    /// An outlier leaves no trace once it is drawn in, whatever the scale.
    #[test]
    fn outliers_far_beyond_the_digits_of_the_others() {
        for (scale, far) in
            [1e-200, 1e-30, 1.0, 1e30, 1e130].iter().flat_map(|s| [(s, 1e6), (s, 1e15), (s, 1e60), (s, 1e170)])
        {
            let values: Vec<f64> = (0..30).map(f64::from).chain([far]).map(|x| x * scale).collect();
            assert_eq!(bounds(&values, 3, 2.0, 3.5), Some((0.0, 29.0 * scale)), "{scale} {far}");
        }
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
