//! Values as they stand in the book: one row per village, one column per indicator, and the
//! villages' own targets. Missing is NaN inside the engine and null outside.

use std::collections::HashMap;

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::policy::{Indicator, ScorePolicy};
use super::units::Units;
use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::index::Tree;
use crate::index::normalise::Rule;
use crate::stage::events::reference_period;

/// What an indicator's column holds for a period, by village.
pub(super) struct Column {
    pub value: Vec<f64>,
    /// The village's own target; empty where the rule asks for none.
    pub target: Vec<f64>,
}

/// Rows of `indicators`, by period.
pub(super) struct Rows {
    /// Period → (unit, row) of its rows; of two rows for one village the first.
    pub by_period: std::collections::BTreeMap<i64, Vec<(u32, u32)>>,
}

impl Rows {
    pub fn new(tables: &Tables, units: &Units) -> FrameResult<Rows> {
        let indicators = tables.get("indicators");
        let (county, village) = (frame::words(indicators, "county")?, frame::words(indicators, "village")?);
        let period = frame::wholes(indicators, "period")?;
        let mut by_period = std::collections::BTreeMap::<i64, Vec<(u32, u32)>>::new();
        for row in 0..village.len() {
            if let (Some(unit), Some(period)) = (units.find(county[row], village[row]), period[row]) {
                by_period.entry(period).or_default().push((unit as u32, row as u32));
            }
        }
        for rows in by_period.values_mut() {
            rows.sort_unstable();
            rows.dedup_by_key(|(unit, _)| *unit);
        }
        Ok(Rows { by_period })
    }

    /// The year that is scored.
    pub fn reference(&self, as_of: NaiveDate) -> Option<i64> {
        reference_period(self.by_period.keys().copied(), as_of)
    }

    /// A column of `indicators` for one period, by village; all missing if there is no such column.
    pub fn column(&self, tables: &Tables, name: &str, period: i64, units: usize) -> FrameResult<Vec<f64>> {
        let indicators = tables.get("indicators");
        let mut out = vec![f64::NAN; units];
        if frame::has(indicators, name) && indicators.column(name)?.dtype().is_primitive_numeric() {
            let values = frame::numbers(indicators, name)?;
            for &(unit, row) in self.by_period.get(&period).into_iter().flatten() {
                out[unit as usize] = values[row as usize].unwrap_or(f64::NAN);
            }
        }
        Ok(out)
    }
}

/// What the book holds for a period, by village.
pub(super) struct Values {
    /// By leaf.
    pub columns: Vec<Column>,
    /// By name: columns of `indicators`, or of `villages` where that table has none of the name.
    pub denominators: IndexMap<String, Vec<f64>>,
}

/// (unit, target of the list) → planned and reached, for one period.
type Targets<'a> = HashMap<(u32, &'a str), (f64, f64)>;

/// The values of all leaves of the tree for one period, and what they are divided by.
///
/// # Errors
/// The frames are not those of the schema.
pub(super) fn treat(
    tables: &Tables,
    policy: &ScorePolicy,
    tree: &Tree,
    units: &Units,
    rows: &Rows,
    period: i64,
    as_of: NaiveDate,
) -> FrameResult<Values> {
    let lists = |rule: Option<&Rule>| matches!(rule, Some(Rule::Target(target)) if target.list);
    let indicators: Vec<(&str, &Indicator)> = tree
        .leaves
        .iter()
        .filter_map(|&at| policy.indicators.get_key_value(&tree.items[at].key))
        .map(|(key, indicator)| (key.as_str(), indicator))
        .collect();
    let rule = |indicator: &Indicator| lists(indicator.rule.as_ref().or(policy.rule.as_ref()));
    let listed = indicators.iter().any(|(_, indicator)| rule(indicator));
    let targets = if listed { targets(tables, units, period, as_of)? } else { Targets::new() };
    let columns = indicators
        .iter()
        .map(|(key, indicator)| {
            let mut value = rows.column(tables, indicator.column(key), period, units.len())?;
            let mut target = Vec::new();
            if rule(indicator) {
                target = vec![f64::NAN; units.len()];
                for unit in 0..units.len() {
                    if let Some(&(planned, done)) = targets.get(&(unit as u32, *key)) {
                        target[unit] = planned;
                        // What the list says was reached goes before the indicator's own column.
                        if !done.is_nan() {
                            value[unit] = done;
                        }
                    }
                }
            }
            Ok(Column { value, target })
        })
        .collect::<FrameResult<Vec<Column>>>()?;
    let mut denominators = IndexMap::new();
    for denominator in indicators.iter().filter_map(|(_, indicator)| indicator.denominator.as_ref()) {
        let name = denominator.column.as_str();
        let column = if frame::has(tables.get("indicators"), name) {
            rows.column(tables, name, period, units.len())?
        } else {
            of_villages(tables, name, units)?
        };
        denominators.insert(name.to_owned(), column);
    }
    Ok(Values { columns, denominators })
}

/// A column of `villages`; all missing if there is no such column of numbers. Of two rows with one key
/// the first counts.
fn of_villages(tables: &Tables, name: &str, units: &Units) -> FrameResult<Vec<f64>> {
    let villages = tables.get("villages");
    let mut out = vec![f64::NAN; units.len()];
    if frame::has(villages, name) && villages.column(name)?.dtype().is_primitive_numeric() {
        let (county, village) = (frame::words(villages, "county")?, frame::words(villages, "village")?);
        let values = frame::numbers(villages, name)?;
        for row in (0..village.len()).rev() {
            if let Some(unit) = units.find(county[row], village[row]) {
                out[unit] = values[row].unwrap_or(f64::NAN);
            }
        }
    }
    Ok(out)
}

/// The list of targets for one period. A value finished after the reference date is not yet known.
fn targets<'a>(tables: &'a Tables, units: &Units, period: i64, as_of: NaiveDate) -> FrameResult<Targets<'a>> {
    let frame = tables.get("targets");
    let (county, village) = (frame::words(frame, "county")?, frame::words(frame, "village")?);
    let target = frame::words(frame, "target")?;
    let (planned, done) = (frame::numbers(frame, "planned")?, frame::numbers(frame, "done")?);
    let (year, finished) = (frame::wholes(frame, "period")?, frame::dates(frame, "finished")?);
    let mut out = Targets::new();
    for row in 0..village.len() {
        if let (Some(unit), true) = (units.find(county[row], village[row]), year[row] == Some(period)) {
            let done = done[row].filter(|_| finished[row].is_none_or(|day| day <= as_of));
            let value = (planned[row].unwrap_or(f64::NAN), done.unwrap_or(f64::NAN));
            out.entry((unit as u32, target[row])).or_insert(value);
        }
    }
    Ok(out)
}
