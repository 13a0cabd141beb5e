//! Dated events that count for a while: effect periods of sanctions, look-backs, open cases. An
//! effect period of n months from a day ends on the same day of the month n months later, and on
//! that day the bar is gone.

#![allow(
    clippy::iter_over_hash_type,
    reason = "each person's list is sorted by itself; the order of people does not matter"
)]

use std::collections::HashMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::add_months;
use super::events::known_events;
use crate::frame::FrameResult;

/// A dated event of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonEvent<'a> {
    /// Day it happened.
    pub date: NaiveDate,
    /// Code of `words.event_kind`.
    pub kind: &'a str,
    /// Was it settled by the reference date?
    pub closed: bool,
}

/// Person → events in order of date: those that name a person and were known on the reference date.
///
/// # Errors
/// The frame is not the table `events`.
pub fn events_by_person(events: &DataFrame, as_of: NaiveDate) -> FrameResult<HashMap<&str, Vec<PersonEvent<'_>>>> {
    let mut found: HashMap<&str, Vec<PersonEvent>> = HashMap::new();
    for event in known_events(events, as_of)? {
        if let Some(person) = event.person {
            let closed = event.closed.is_some();
            found.entry(person).or_default().push(PersonEvent { date: event.date, kind: event.kind, closed });
        }
    }
    for list in found.values_mut() {
        list.sort_unstable();
    }
    Ok(found)
}

/// Which events count, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Effect<'r> {
    /// Codes of `words.event_kind`.
    pub kinds: &'r [String],
    /// Months from the event's day for which it counts; `None`: for good.
    pub months: Option<i32>,
    /// Counts only until the event is settled.
    pub until_closed: bool,
}

/// An event that counts on the day in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce<'a> {
    pub kind: &'a str,
    /// Its day; `None` for a sanction on file without a date.
    pub from: Option<NaiveDate>,
    /// The day it no longer counts; `None`: for good, or until something changes.
    pub until: Option<NaiveDate>,
}

impl Effect<'_> {
    /// What counts on `day`: events of the ledger, then the sanction on the person's file, unless
    /// the ledger tells of the same. A sanction on file cannot be settled, so it does not count for
    /// rules that end with the settlement.
    pub fn in_force<'e>(
        &self,
        events: &[PersonEvent<'e>],
        on_file: Option<(&'e str, Option<NaiveDate>)>,
        day: NaiveDate,
    ) -> Vec<InForce<'e>> {
        let counts = |kind: &str| self.kinds.iter().any(|k| k == kind);
        let dated = |date: NaiveDate, kind: &'e str| {
            let until = self.months.map(|m| add_months(date, m));
            until.is_none_or(|u| u > day).then_some(InForce { kind, from: Some(date), until })
        };
        let mut found: Vec<InForce> = events
            .iter()
            .filter(|e| counts(e.kind) && !(self.until_closed && e.closed))
            .filter_map(|e| dated(e.date, e.kind))
            .collect();
        match on_file.filter(|(kind, _)| counts(kind) && !self.until_closed) {
            None => {}
            Some((kind, None)) => found.push(InForce { kind, from: None, until: None }),
            // The ledger and the file tell of the same sanction: once is enough.
            Some((kind, Some(date))) if events.iter().any(|e| e.kind == kind && e.date == date) => {}
            Some((kind, Some(date))) => found.extend(dated(date, kind)),
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_bar_is_gone_on_the_day_its_period_ends() {
        let kinds = ["warning".to_owned()];
        let effect = Effect { kinds: &kinds, months: Some(12), until_closed: false };
        let events = [PersonEvent { date: day("2025-03-10"), kind: "warning", closed: true }];
        let on = |text| effect.in_force(&events, None, day(text)).len();
        assert_eq!((on("2026-03-09"), on("2026-03-10")), (1, 0));
        // The same sanction on file counts once; one without a date stays until it is clarified.
        let same = Some(("warning", Some(day("2025-03-10"))));
        assert_eq!(effect.in_force(&events, same, day("2025-12-01")).len(), 1);
        let undated = effect.in_force(&[], Some(("warning", None)), day("2040-01-01"));
        assert_eq!(undated, [InForce { kind: "warning", from: None, until: None }]);
    }

    #[test]
    fn a_settled_case_no_longer_counts() {
        let kinds = ["case_filed".to_owned()];
        let effect = Effect { kinds: &kinds, months: None, until_closed: true };
        let event = |closed| [PersonEvent { date: day("2025-03-10"), kind: "case_filed", closed }];
        assert_eq!(effect.in_force(&event(false), None, day("2026-01-31")).len(), 1);
        assert!(effect.in_force(&event(true), Some(("case_filed", None)), day("2026-01-31")).is_empty());
    }
}
