//! Checks of written pay tables, without book or policy.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::formula::yuan;
use crate::frame::{self, FrameResult};

/// What does not hold: a line whose amount is not quantity × rate in whole yuan, a total that its
/// lines do not add up to.
///
/// # Errors
/// A table is not `pay_formula` or `pay_parts`.
pub fn verify_tables(pay: &DataFrame, parts: &DataFrame) -> FrameResult<Vec<String>> {
    let mut differences = Vec::new();
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let (county, person) = (frame::words(parts, "county")?, frame::words(parts, "person")?);
    let (quantity, rate) = (frame::numbers(parts, "quantity")?, frame::numbers(parts, "rate")?);
    let (rule, amount) = (frame::words(parts, "rule")?, frame::wholes(parts, "amount")?);
    for row in 0..parts.height() {
        let amount = amount[row].unwrap_or(0);
        *sums.entry((county[row], person[row])).or_default() += amount;
        match quantity[row].zip(rate[row]).map(|(q, r)| yuan(q * r)) {
            Some(due) if due == amount => {}
            _ => differences.push(format!("{} {}: {amount} is not quantity × rate", person[row], rule[row])),
        }
    }
    let (county, person) = (frame::words(pay, "county")?, frame::words(pay, "person")?);
    for (row, total) in frame::wholes(pay, "total")?.into_iter().enumerate() {
        let sum = sums.get(&(county[row], person[row])).copied().unwrap_or(0);
        if let Some(total) = total.filter(|total| *total != sum) {
            differences.push(format!("{}: total {total}, lines {sum}", person[row]));
        }
    }
    Ok(differences)
}
