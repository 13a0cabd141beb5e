//! Which year is "last year", and which days a look-back covers.

use chrono::{Datelike, NaiveDate};

use crate::stage::add_months;

/// `MM-DD` as month and day; 29 February is no day that every year has.
pub(super) fn parse_month_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    NaiveDate::from_ymd_opt(2001, month, day).map(|d| (d.month(), d.day()))
}

/// The last year (上年度) at `as_of`: the calendar year before, or from the day `closes` (`MM-DD`)
/// on the calendar year itself.
pub fn last_year(as_of: NaiveDate, closes: &str) -> i32 {
    match parse_month_day(closes) {
        Some(day) if (as_of.month(), as_of.day()) >= day => as_of.year(),
        _ => as_of.year() - 1,
    }
}

/// A closed interval of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Span {
    /// A whole calendar year.
    pub fn year(year: i32) -> Span {
        let day = |m, d| NaiveDate::from_ymd_opt(year, m, d).unwrap_or(NaiveDate::MIN);
        Span { from: day(1, 1), to: day(12, 31) }
    }

    /// The last `months` months: from the same day of the month so many months before `as_of` (that
    /// day included) to `as_of`.
    pub fn months(as_of: NaiveDate, months: u32) -> Span {
        Span { from: months_before(as_of, months), to: as_of }
    }

    /// Does the day lie in it?
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

/// `day` moved back by months.
pub fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    add_months(day, -i32::try_from(months).unwrap_or(i32::MAX))
}

/// `day` moved on by months.
pub fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    add_months(day, i32::try_from(months).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn last_year_turns_on_the_closing_day() {
        assert_eq!(last_year(day("2026-01-15"), "12-31"), 2025);
        assert_eq!(last_year(day("2025-12-30"), "12-31"), 2024);
        assert_eq!(last_year(day("2025-12-31"), "12-31"), 2025);
        assert_eq!(last_year(day("2025-12-01"), "12-01"), 2025);
    }

    #[test]
    fn look_back_includes_its_first_day() {
        let span = Span::months(day("2026-03-31"), 13);
        assert_eq!(span.from, day("2025-02-28"));
        assert!(span.holds(day("2025-02-28")) && span.holds(day("2026-03-31")));
        assert!(!span.holds(day("2025-02-27")) && !span.holds(day("2026-04-01")));
        assert_eq!(parse_month_day("02-30"), None);
        assert_eq!(parse_month_day("1231"), None);
    }
}
