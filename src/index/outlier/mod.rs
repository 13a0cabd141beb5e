//! Outliers and skew: what is done to an indicator's values before they are normalised. Each method
//! is a small pure function in a file of its own; the table at the end registers it. A method is
//! fitted once and then applied value by value, so that another year, or another table, is treated
//! alike. Fitting takes time in proportion to the values, Box–Cox some hundred times as long; they
//! are sorted once before.

mod box_cox;
mod log;
mod log_signed;
mod percentiles;
mod shape;
mod untreated;
pub mod winsorise;

pub use box_cox::BoxCox;
pub use log::{Log, Shift, ShiftWord, Tail};
pub use log_signed::LogSigned;
pub use percentiles::Percentiles;
pub use shape::Shape;
pub use untreated::Untreated;
pub use winsorise::{Fallback, Winsorise};

use serde::{Deserialize, Serialize};

use super::method::family;

/// A treatment with its parameters: a function of one value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Treatment {
    /// The value itself.
    #[default]
    None,
    /// Held within two bounds; `low_points` and `high_points` of the fitted values lay beyond them.
    Clamp { low: f64, high: f64, low_points: usize, high_points: usize },
    /// sign · ln(sign · x + shift), sign −1 for a long tail to the left. Where `least` is positive,
    /// the logarithm is taken of nothing less.
    Log { shift: f64, sign: f64, least: f64 },
    /// sign(x) · ln(1 + |x| / scale).
    LogSigned { scale: f64 },
    /// ((x + shift)^lambda − 1) / lambda; ln(x + shift) for lambda 0. Where `least` is positive,
    /// x + shift counts as nothing less.
    BoxCox { lambda: f64, shift: f64, least: f64 },
}

impl Treatment {
    /// The treated value; NaN stays NaN, and so becomes what the function is not defined for.
    pub fn apply(&self, x: f64) -> f64 {
        match *self {
            Treatment::None => x,
            Treatment::Clamp { low, high, .. } => {
                // Not `clamp`: NaN must stay, and bounds from data may coincide.
                if x < low {
                    low
                } else if x > high {
                    high
                } else {
                    x
                }
            }
            Treatment::Log { shift, sign, least } => defined(sign * libm::log(at_least(sign * x + shift, least))),
            Treatment::LogSigned { scale } => defined(libm::log1p(x.abs() / scale).copysign(x)),
            Treatment::BoxCox { lambda, shift, least } => {
                defined(box_cox::power(libm::log(at_least(x + shift, least)), lambda))
            }
        }
    }
}

/// Not `max`: NaN must stay.
fn at_least(x: f64, least: f64) -> f64 {
    if least > 0.0 && x < least { least } else { x }
}

fn defined(x: f64) -> f64 {
    if x.is_finite() { x } else { f64::NAN }
}

/// A method against outliers.
pub trait Tame {
    /// What is wrong with the parameters.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// The treatment that these values call for: finite, ascending. [`Treatment::None`] where there
    /// is nothing to do.
    fn fit(&self, values: &[f64]) -> Treatment;
}

family! {
    /// What is done against outliers and skew.
    Outliers: Tame {
        /// Left alone.
        #[serde(rename = "none")]
        Untreated,
        /// Winsorised by skewness and kurtosis.
        Winsorise,
        /// Winsorised at percentiles.
        Percentiles,
        /// Logarithm.
        Log,
        /// Logarithm on both sides of zero.
        LogSigned,
        /// Box–Cox.
        BoxCox,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_method_of_the_table_is_a_word_of_the_policy() {
        for method in METHODS {
            let read: Outliers = toml::from_str(&format!("type='{}'", method.name)).expect(method.name);
            assert_eq!(read.method().name, method.name);
            assert_eq!(read.get().check(), Ok(()), "{}", method.name);
            assert!(!method.formula.is_empty() && !method.source.is_empty());
        }
        for wrong in ["type='winsorize'", "type='none'\nx=1", "type='log'\nshift='two'", "type='percentiles'\nlo=1"] {
            assert!(toml::from_str::<Outliers>(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        /// Whatever the method, order stays: no unit overtakes another by the treatment. Missing
        /// stays missing.
        #[test]
        fn treated_values_are_monotone_in_the_original(
            mut values in prop::collection::vec(prop_oneof![-1e3..1e3f64, Just(0.0), 1e5..1e6f64], 0..60),
            at in 0..METHODS.len(),
        ) {
            values.sort_unstable_by(f64::total_cmp);
            let method: Outliers = toml::from_str(&format!("type='{}'", METHODS[at].name)).expect("a word");
            let treatment = method.get().fit(&values);
            let treated: Vec<f64> = values.iter().map(|x| treatment.apply(*x)).collect();
            prop_assert!(treated.iter().all(|x| x.is_finite()), "{treatment:?} {treated:?}");
            prop_assert!(treated.is_sorted(), "{treatment:?} {treated:?}");
            prop_assert!(treatment.apply(f64::NAN).is_nan());
        }
    }
}
