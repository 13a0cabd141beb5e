use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fill, Gaps};
use crate::index::method::{Method, Named};

/// The unit's last measured value of this period or an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Latest {
    /// At most so many periods back; any number if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
}

/// On the line between the unit's measured values before and after; missing outside them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Linear {}

/// On the line between the unit's measured values before and after; outside them the nearest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinearConstant {}

const SOURCE: &str =
    "COINr 1.1 (Becker et al. 2022), impute_panel; the later value is never later than the as-of period";

impl Named for Latest {
    const METHOD: Method = Method { name: "latest", formula: "x of the last measured period s ≤ t", source: SOURCE };
}

impl Named for Linear {
    const METHOD: Method = Method {
        name: "linear",
        formula: "x(s) + (x(u) − x(s)) · (t − s) / (u − s), s and u the nearest measured periods with s < t < u; missing where one is lacking",
        source: SOURCE,
    };
}

impl Named for LinearConstant {
    const METHOD: Method = Method {
        name: "linear_constant",
        formula: "as `linear`; before the first measured period its value, after the last one its value",
        source: SOURCE,
    };
}

impl Fill for Latest {
    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        each(gaps, indicator, |period, before, _| {
            let near = |at: &Point| self.at_most.is_none_or(|most| period.abs_diff(at.0) <= most);
            before.filter(near).map(|(_, x)| x)
        })
    }
}

impl Fill for Linear {
    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        each(gaps, indicator, |period, before, after| Some(between(period, before?, after?)))
    }
}

impl Fill for LinearConstant {
    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        each(gaps, indicator, |period, before, after| match (before, after) {
            (Some(before), Some(after)) => Some(between(period, before, after)),
            (one, other) => one.or(other).map(|(_, x)| x),
        })
    }
}

/// Period and value.
type Point = (i64, f64);

fn between(period: i64, before: Point, after: Point) -> f64 {
    let part = period.abs_diff(before.0) as f64 / after.0.abs_diff(before.0) as f64;
    before.1 * (1.0 - part) + after.1 * part
}

/// By row, from the unit's nearest measured points: the last of this period or an earlier one, the
/// first of a later one.
fn each(gaps: &Gaps, indicator: usize, value: impl Fn(i64, Option<Point>, Option<Point>) -> Option<f64>) -> Vec<f64> {
    let values = &gaps.values[indicator];
    let units = gaps.units.iter().max().map_or(0, |most| *most as usize + 1);
    let mut order: Vec<usize> = (0..gaps.rows()).collect();
    order.sort_by_key(|&row| (gaps.periods[row], row));
    let nearest = |rows: &mut dyn Iterator<Item = usize>, own: bool| -> Vec<Option<Point>> {
        let mut last: Vec<Option<Point>> = vec![None; units];
        let mut out = vec![None; values.len()];
        for row in rows {
            let point = &mut last[gaps.units[row] as usize];
            if own && !values[row].is_nan() {
                *point = Some((gaps.periods[row], values[row]));
            }
            out[row] = *point;
            if !values[row].is_nan() {
                *point = Some((gaps.periods[row], values[row]));
            }
        }
        out
    };
    let before = nearest(&mut order.iter().copied(), true);
    let after = nearest(&mut order.iter().rev().copied(), false);
    let of = |row: usize| {
        // A second row of the same unit and period is not later.
        let after = after[row].filter(|point| point.0 > gaps.periods[row]);
        value(gaps.periods[row], before[row], after).unwrap_or(f64::NAN)
    };
    (0..values.len()).map(of).collect()
}
