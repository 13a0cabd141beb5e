//! Dates: small steps over the calendar that never fail.

use chrono::{Datelike, Duration, NaiveDate};

use crate::kernel::draw::Draw;

/// That day; a day that the month does not have becomes its 28th.
pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day)
        .or_else(|| NaiveDate::from_ymd_opt(year, month, 28))
        .unwrap_or(NaiveDate::MIN)
}

/// So many days later.
pub(super) fn plus(from: NaiveDate, days: f64) -> NaiveDate {
    from.checked_add_signed(Duration::days(days as i64)).unwrap_or(from)
}

/// A day of the year, all as likely.
pub(super) fn within(draw: &mut Draw, year: i32) -> NaiveDate {
    plus(day(year, 1, 1), draw.between(0.0, 365.0))
}

/// A day between the firsts of two months of a year; `to` is not included, 13 is the year's end.
pub(super) fn season(draw: &mut Draw, year: i32, from: u32, to: u32) -> NaiveDate {
    let days = f64::from((to - from) * 30);
    plus(day(year, from, 1), draw.between(0.0, days))
}

/// The last day of the month.
pub(super) fn month_end(of: NaiveDate) -> NaiveDate {
    let (year, month) = if of.month() == 12 { (of.year() + 1, 1) } else { (of.year(), of.month() + 1) };
    plus(day(year, month, 1), -1.0)
}

/// The first of the month: how most forms give a date.
pub(super) fn month(of: NaiveDate) -> NaiveDate {
    day(of.year(), of.month(), 1)
}

/// Years from one day to another, with a fraction.
pub(super) fn years(from: NaiveDate, to: NaiveDate) -> f64 {
    to.signed_duration_since(from).num_days() as f64 / 365.2425
}
