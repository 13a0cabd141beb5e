//! Outliers and skew: what is done to an indicator's values before they are normalised. Each method
//! is a small pure function in a file of its own; the table at the end registers it. A method is
//! fitted once and then applied value by value, so that another year, or another table, is treated
//! alike.

mod percentiles;

pub use percentiles::Percentiles;

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
    /// sign · ln(sign · x + shift), sign −1 for a long tail to the left.
    Log { shift: f64, sign: f64 },
    /// ((x + shift)^lambda − 1) / lambda; ln(x + shift) for lambda 0.
    BoxCox { lambda: f64, shift: f64 },
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
            Treatment::Log { shift, sign } => defined(sign * libm::log(sign * x + shift)),
            Treatment::BoxCox { lambda, shift } if lambda == 0.0 => defined(libm::log(x + shift)),
            Treatment::BoxCox { lambda, shift } => defined((libm::pow(x + shift, lambda) - 1.0) / lambda),
        }
    }
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
        /// Winsorised at percentiles.
        Percentiles,
    }
}
