//! Villages already under supervision: since when, which measures are done or overdue, whether they
//! may leave, whether a re-check is due, whether they have relapsed.

use chrono::NaiveDate;

use super::facts::{Facts, Measure};
use super::policy::{Measures, Tracking};
use super::year::{months_after, months_before};

/// State of one required measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Done,
    Due,
    Overdue,
    Missing,
    /// The county's book holds no measure at all: nobody can tell.
    Unrecorded,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            State::Done => "done",
            State::Due => "due",
            State::Overdue => "overdue",
            State::Missing => "missing",
            State::Unrecorded => "unrecorded",
        }
    }
}

/// One required measure of a supervised village.
#[derive(Clone, Debug)]
pub(super) struct Required<'a> {
    pub code: &'a str,
    pub row: Option<Measure<'a>>,
    pub state: State,
}

/// Points and dissatisfied villagers at the latest check.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Check {
    pub day: NaiveDate,
    pub score: f64,
    pub dissatisfied: f64,
}

/// What the ledger and the measures say of a village's supervision.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    /// Put under supervision and not released since.
    pub under: bool,
    /// Since when, if the book says so.
    pub since: Option<NaiveDate>,
    /// Latest release (from supervision or from a list).
    pub released: Option<NaiveDate>,
    /// A release before the present spell of supervision.
    pub released_before: Option<NaiveDate>,
    /// A re-check after the latest release.
    pub rechecked: bool,
    /// Latest check on record.
    pub check: Option<Check>,
}

/// Reads the events and measures of a village.
pub(super) fn track(facts: &Facts<'_>, policy: &Tracking, village: usize) -> Track {
    let last = |kinds: &[String]| {
        let events = facts.events.of(village).iter().filter(|e| kinds.iter().any(|k| k == e.kind));
        events.map(|e| e.date).max()
    };
    let (listed, freed, cleared) = (last(&policy.escalated), last(&policy.released), last(&policy.cleared));
    let rows = facts.measures.of(village);
    // A measure belongs to the present spell if it began, or fell due, after the last release.
    let begun = rows.iter().filter_map(|m| m.started.or(m.due));
    let measured = match freed {
        None => !rows.is_empty(),
        Some(day) => begun.clone().any(|d| d > day),
    };
    // Of an entry and a release on one day the release came second.
    let entered = listed.filter(|d| freed.is_none_or(|f| f < *d));
    let under = entered.is_some() || measured;
    let started = rows.iter().filter_map(|m| m.started).filter(|d| freed.is_none_or(|f| f < *d)).min();
    let since = if under { entered.or(started) } else { None };
    let released = freed.max(cleared);
    let rechecked = last(&policy.rechecked).is_some_and(|d| released.is_some_and(|r| d >= r));
    let released_before = since.and_then(|s| released.filter(|r| *r < s));
    Track { under, since, released, released_before, rechecked, check: check(rows) }
}

/// The latest day on which both figures are on record, and the worse of several that day.
fn check(rows: &[Measure<'_>]) -> Option<Check> {
    let day = rows.iter().filter(|m| m.score.is_some()).filter_map(|m| m.done).max()?;
    let score = rows.iter().filter(|m| m.done == Some(day)).filter_map(|m| m.score).reduce(f64::min)?;
    let asked = rows.iter().filter(|m| m.dissatisfied.is_some()).filter_map(|m| m.done).max()?;
    let dissatisfied = rows.iter().filter(|m| m.done == Some(asked)).filter_map(|m| m.dissatisfied).reduce(f64::max)?;
    Some(Check { day: day.max(asked), score, dissatisfied })
}

/// The state of every required measure. Of several rows for one measure the latest begun counts.
pub(super) fn required<'a>(facts: &Facts<'a>, policy: &'a Measures, village: usize) -> Vec<Required<'a>> {
    let rows = facts.measures.of(village);
    let codes = policy.mechanisms.iter().chain(&policy.ones);
    codes
        .map(|code| {
            let mine = rows.iter().filter(|m| m.measure == code);
            let row = mine.max_by_key(|m| (m.started.or(m.due), m.due, m.done)).copied();
            let state = match row {
                None if facts.measured[facts.villages[village].county_index] => State::Missing,
                None => State::Unrecorded,
                Some(m) if m.done.is_some() => State::Done,
                Some(m) if m.due.is_some_and(|d| d < facts.as_of) => State::Overdue,
                Some(_) => State::Due,
            };
            Required { code, row, state }
        })
        .collect()
}

/// Whether the conditions for leaving (销号) are met: every measure done, the check good enough, and
/// nothing new since the check.
pub(super) fn may_leave(
    policy: &Measures,
    track: &Track,
    required: &[Required<'_>],
    latest: Option<NaiveDate>,
) -> bool {
    let Some(check) = track.check else { return false };
    required.iter().all(|r| r.state == State::Done)
        && check.score >= policy.leave_score
        && check.dissatisfied <= policy.leave_dissatisfied
        && latest.is_none_or(|t| t <= check.day)
}

/// The release of which the present listing is a relapse (返潮): listed again after it, within the
/// policy's years.
pub(super) fn relapse(policy: &Tracking, track: &Track, triggers: &[NaiveDate]) -> Option<(NaiveDate, NaiveDate)> {
    let within = |release: NaiveDate, again: NaiveDate| {
        let limit = months_after(release, policy.relapse_years.saturating_mul(12));
        release < again && again <= limit
    };
    let by_entry = track.released_before.zip(track.since).filter(|(r, s)| within(*r, *s));
    let by_trigger = track.released.and_then(|r| triggers.iter().find(|t| within(r, **t)).map(|t| (r, *t)));
    by_entry.or(by_trigger)
}

/// The day on which the re-check (回头看) of the latest release fell due, if it is outstanding and the
/// release is not too long ago.
pub(super) fn recheck_due(policy: &Tracking, track: &Track, as_of: NaiveDate) -> Option<NaiveDate> {
    let released = track.released.filter(|_| !track.rechecked && !track.under)?;
    let due = months_after(released, policy.recheck_months);
    let recent = released >= months_before(as_of, policy.recheck_until_months);
    (due <= as_of && recent).then_some(due)
}
