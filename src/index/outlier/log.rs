use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::Shape;
use super::{Tame, Treatment};
use crate::index::method::{Method, Named};

/// Logarithm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// What is added before the logarithm is taken.
    #[serde(default)]
    pub shift: Shift,
    /// Which tail is long.
    #[serde(default)]
    pub tail: Tail,
}

/// What is added before the logarithm is taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "must be a number to add, such as 1, or the word \"range\"")]
pub enum Shift {
    /// This number: ln(x + shift), missing where that is not defined. 0 for the plain logarithm.
    By(f64),
    /// In words.
    Word(ShiftWord),
}

impl Default for Shift {
    fn default() -> Shift {
        Shift::Word(ShiftWord::Range)
    }
}

/// What is added before the logarithm is taken, taken from the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShiftWord {
    /// ln(x − min + 0.01 (max − min)).
    Range,
    /// ln(x − min + 1).
    One,
}

/// Which tail is long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tail {
    /// That of great values.
    #[default]
    High,
    /// That of small values: −ln of the mirrored value, so that the order stays.
    Low,
    /// As the skewness of the values says.
    Skewed,
}

impl Named for Log {
    const METHOD: Method = Method {
        name: "log",
        formula: "`range`: ln(x − min + 0.01 (max − min)); `one`: ln(x − min + 1); a number: ln(x + shift); for a long tail of small values −ln of the mirrored value",
        source: "COIN Tool (JRC 2019) and COINr 1.1 (Becker et al. 2022), log_CT (`range`) and log_CT_orig (`one`)",
    };
}

impl Tame for Log {
    fn check(&self) -> Result<(), String> {
        match self.shift {
            Shift::By(shift) if !shift.is_finite() => Err("`shift` must be a number, `range` or `one`".into()),
            _ => Ok(()),
        }
    }

    /// Values beyond the fitted ones are held at the nearest of those where the shift comes from
    /// them, so that another year has no gaps. Nothing is done where all are equal.
    fn fit(&self, values: &[f64]) -> Treatment {
        let (Some(&min), Some(&max)) = (values.first(), values.last()) else { return Treatment::None };
        let sign = match self.tail {
            Tail::High => 1.0,
            Tail::Low => -1.0,
            Tail::Skewed => Shape::of(values).map_or(1.0, |s| if s.skewness < 0.0 { -1.0 } else { 1.0 }),
        };
        if let Shift::By(shift) = self.shift {
            return Treatment::Log { shift, sign, least: 0.0 };
        }
        let width = max - min;
        let room = if self.shift == Shift::Word(ShiftWord::One) { 1.0 } else { 0.01 * width };
        // The least value as the logarithm sees it.
        let start = if sign > 0.0 { min } else { -max };
        let shift = room - start;
        let least = start + shift;
        if !(width > 0.0 && width.is_finite() && least > 0.0) {
            return Treatment::None;
        }
        Treatment::Log { shift, sign, least }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shift_and_tail_by_hand() {
        let at = |log: &Log, x: f64| log.fit(&[2.0, 5.0, 12.0]).apply(x);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        let range = Log::default();
        close(at(&range, 2.0), libm::log(0.1));
        close(at(&range, 12.0), libm::log(10.1));
        close(at(&range, -50.0), libm::log(0.1));
        let one = Log { shift: Shift::Word(ShiftWord::One), ..Log::default() };
        close(at(&one, 5.0), libm::log(4.0));
        let low = Log { tail: Tail::Low, ..Log::default() };
        close(at(&low, 12.0), -libm::log(0.1));
        close(at(&low, 2.0), -libm::log(10.1));
        let plain = Log { shift: Shift::By(0.0), ..Log::default() };
        close(at(&plain, 5.0), libm::log(5.0));
        assert!(at(&plain, 0.0).is_nan() && at(&plain, -1.0).is_nan() && at(&plain, f64::NAN).is_nan());
        assert_eq!(range.fit(&[4.0, 4.0]), Treatment::None);
        assert_eq!(range.fit(&[]), Treatment::None);
    }
}
