//! One unit's value while all others stay as they are.

use super::{Aggregator, Children, enough};

/// One unit's value as a function of its children, all other units held.
pub trait Held: Sync {
    /// The value of a unit if its children were `values` (by child, NaN where missing).
    fn value(&self, unit: usize, values: &[f64]) -> f64;
}

/// Drops what is missing from `values`, and puts the shares of what is left, scaled to sum to 1, into
/// `out`. False where too little is left.
pub(super) fn present(values: &mut Vec<f64>, shares: &[f64], min_available: f64, out: &mut Vec<f64>) -> bool {
    out.clear();
    out.extend(values.iter().zip(shares).filter(|(x, _)| !x.is_nan()).map(|(_, share)| *share));
    let sum: f64 = out.iter().sum();
    if out.is_empty() || !enough(sum, min_available) {
        return false;
    }
    if out.len() < values.len() {
        out.iter_mut().for_each(|share| *share /= sum);
        values.retain(|x| !x.is_nan());
    }
    true
}

/// A method that looks at one unit alone.
pub(super) struct Alone<'a, M: Aggregator + ?Sized> {
    method: &'a M,
    shares: Vec<f64>,
    min_available: f64,
}

impl<'a, M: Aggregator + ?Sized> Alone<'a, M> {
    pub fn new(method: &'a M, children: &Children) -> Alone<'a, M> {
        Alone { method, shares: children.shares.to_vec(), min_available: children.min_available }
    }
}

impl<M: Aggregator + ?Sized> Held for Alone<'_, M> {
    fn value(&self, _: usize, values: &[f64]) -> f64 {
        if !values.iter().any(|x| x.is_nan()) && !values.is_empty() {
            return self.method.row(values, &self.shares);
        }
        let (mut values, mut shares) = (values.to_vec(), Vec::new());
        if present(&mut values, &self.shares, self.min_available, &mut shares) {
            self.method.row(&values, &shares)
        } else {
            f64::NAN
        }
    }
}
