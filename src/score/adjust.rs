//! Points beside the tree: bonus and penalty, each a line of its own.

use super::policy::{Adjustment, ScorePolicy, in_force};
use super::treat::Rows;
use super::units::Units;
use crate::book::Tables;
use crate::frame::FrameResult;
use crate::index::adjust::points;
use crate::index::grade::{Limit, Room};
use chrono::NaiveDate;

/// One adjustment in force, by village.
pub(super) struct Line<'a> {
    pub key: &'a str,
    pub rule: &'a Adjustment,
    /// What the column holds, NaN where missing.
    pub value: Vec<f64>,
    /// Points added (positive) or taken off (negative); 0 where missing.
    pub points: Vec<f64>,
}

/// All adjustments in force for a period.
pub(super) fn lines<'a>(
    tables: &Tables,
    policy: &'a ScorePolicy,
    units: &Units,
    rows: &Rows,
    period: i64,
    as_of: NaiveDate,
) -> FrameResult<Vec<Line<'a>>> {
    let rules = policy.adjustments.iter().filter(|(_, a)| in_force(a.effective.as_ref(), as_of));
    rules
        .map(|(key, rule)| {
            let value = rows.column(tables, rule.column(key), period, units.len())?;
            let points = value.iter().map(|v| points(rule, *v)).collect();
            Ok(Line { key, rule, value, points })
        })
        .collect()
}

/// Scores are compared as whole numbers of so many to a point.
pub(super) const PER_POINT: f64 = 1e6;

/// A score as the whole number by which scores are compared: to the sixth decimal, so that what
/// differs by rounding error alone is a tie.
pub(super) fn key(score: f64) -> u32 {
    // Scores lie within 0 and 100; adding a half and cutting rounds without a library call.
    (score * PER_POINT + 0.5) as u32
}

/// Grades as they are compared: the key of each lowest score, and its room.
pub(super) fn bands(limits: &[Limit]) -> Vec<(u32, Room)> {
    limits.iter().map(|(low, room)| (key(*low), *room)).collect()
}
