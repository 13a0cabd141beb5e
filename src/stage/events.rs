//! The ledger of events as far as it was known on the reference date.

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use crate::frame::{self, FrameResult};

/// One event of the table `events`.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Row in the table.
    pub row: usize,
    pub county: Option<&'a str>,
    pub township: Option<&'a str>,
    pub village: Option<&'a str>,
    /// Day it happened.
    pub date: NaiveDate,
    /// Day from which the county knew: the day of record, else the day it happened.
    pub known: NaiveDate,
    /// Code of `words.event_kind`.
    pub kind: &'a str,
    /// Post of the person concerned (code of `words.post`).
    pub post: Option<&'a str>,
    pub person: Option<&'a str>,
    pub department: Option<&'a str>,
    /// Day it was settled, where that was known.
    pub closed: Option<NaiveDate>,
}

/// The events that had happened and were known on `as_of`, in the order of the table. A settlement
/// that came later is not yet known.
///
/// # Errors
/// The frame is not the table `events`.
pub fn known_events(events: &DataFrame, as_of: NaiveDate) -> FrameResult<Vec<Event<'_>>> {
    let (county, township) = (frame::texts(events, "county")?, frame::texts(events, "township")?);
    let (village, kind) = (frame::texts(events, "village")?, frame::texts(events, "kind")?);
    let (post, person) = (frame::texts(events, "post")?, frame::texts(events, "person")?);
    let department = frame::texts(events, "department")?;
    let (date, recorded) = (frame::dates(events, "date")?, frame::dates(events, "recorded")?);
    let closed = frame::dates(events, "closed")?;
    let mut known = Vec::with_capacity(date.len());
    for row in 0..date.len() {
        let (Some(day), Some(kind)) = (date[row], kind[row]) else { continue };
        let from = recorded[row].map_or(day, |r| r.max(day));
        if from <= as_of {
            known.push(Event {
                row,
                county: county[row],
                township: township[row],
                village: village[row],
                date: day,
                known: from,
                kind,
                post: post[row],
                person: person[row],
                department: department[row],
                closed: closed[row].filter(|c| *c <= as_of),
            });
        }
    }
    Ok(known)
}

/// The reference period: the latest year of `periods` that had ended on `as_of`; where none had,
/// the latest that had begun. Years to come are never looked at.
pub fn reference_period(periods: impl Iterator<Item = i64> + Clone, as_of: NaiveDate) -> Option<i64> {
    let ended = |year: &i64| year_ended(*year, as_of);
    let begun = |year: &i64| *year <= i64::from(chrono::Datelike::year(&as_of));
    periods.clone().filter(ended).max().or_else(|| periods.filter(begun).max())
}

/// Had that year ended on `as_of`? Yearly figures and appraisals are known from then on.
pub fn year_ended(year: i64, as_of: NaiveDate) -> bool {
    ends(year).is_some_and(|day| day <= as_of)
}

/// Last day of a year.
fn ends(year: i64) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, 12, 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn knowledge_counts_from_the_day_of_record() -> FrameResult<()> {
        let events = frame::Build::new()
            .date("date", ["2025-03-01", "2025-03-01", "2026-03-01", "2025-05-01"].map(|d| Some(day(d))).to_vec())
            .date("recorded", vec![None, Some(day("2026-02-01")), None, Some(day("2025-06-01"))])
            .str("kind", &["petition", "petition", "petition", "safety"])
            .date("closed", vec![Some(day("2025-04-01")), None, None, Some(day("2026-02-01"))])
            .done()?;
        let mut tables = crate::book::Tables::default();
        tables.set("events", events).expect("an event table");
        let known = known_events(tables.get("events"), day("2026-01-31"))?;
        assert_eq!(known.iter().map(|e| e.row).collect::<Vec<_>>(), [0, 3]);
        assert_eq!((known[0].closed, known[1].closed), (Some(day("2025-04-01")), None));
        assert_eq!(known[1].known, day("2025-06-01"));
        Ok(())
    }

    #[test]
    fn the_reference_period_has_ended() {
        let years = [2023, 2025, 2024, 2026, 9999];
        assert_eq!(reference_period(years.into_iter(), day("2026-01-31")), Some(2025));
        assert_eq!(reference_period(years.into_iter(), day("2025-12-31")), Some(2025));
        assert_eq!(reference_period(years.into_iter(), day("2025-12-30")), Some(2024));
        assert_eq!(reference_period([2026, 2027].into_iter(), day("2026-06-30")), Some(2026));
        assert_eq!(reference_period([2027].into_iter(), day("2026-06-30")), None);
        assert_eq!(reference_period([].into_iter(), day("2026-06-30")), None);
    }
}
