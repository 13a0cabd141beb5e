//! Imputation: what stands in for a missing value. Each method is a small pure function in a file of
//! its own; the table at the end registers it. Every imputed cell is marked; nothing recorded after
//! the as-of period is ever read.

mod mean;

pub use mean::Mean;

use super::method::family;

/// What an imputation method sees. Rows are units, or units × periods in a panel.
#[derive(Clone, Copy, Debug)]
pub struct Gaps<'a> {
    /// Values by indicator, then row, before any is imputed; NaN where missing.
    pub values: &'a [Vec<f64>],
    /// +1 where greater is better, −1 where smaller, by indicator.
    pub signs: &'a [f64],
    /// Indicators that hang on the same node, by indicator (itself among them).
    pub siblings: &'a [Vec<usize>],
    /// Unit by row.
    pub units: &'a [u32],
    /// Period by row; all 0 where there is but one.
    pub periods: &'a [i64],
    /// Rows that parameters are fitted on.
    pub fit: &'a [bool],
    /// Text columns that may name groups: key, then value by row (`None`: in no group).
    pub texts: &'a indexmap::IndexMap<String, Vec<Option<String>>>,
}

impl Gaps<'_> {
    /// Rows.
    pub fn rows(&self) -> usize {
        self.units.len()
    }
}

/// An imputation method.
pub trait Fill {
    /// What is wrong with the parameters, given the text columns of the table.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self, _texts: &[&str]) -> Result<(), String> {
        Ok(())
    }

    /// What stands in for the missing values of one indicator: a value by row, read only where the
    /// indicator is missing, NaN where the method has nothing to say.
    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64>;
}

family! {
    /// What stands in for a missing value.
    Impute: Fill {
        /// Mean.
        Mean,
    }
}
