//! Who had their yearly training. A missing record is no record, never "not trained".

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::policy::YearRule;
use super::records::{Records, Session};
use super::roll::{Leader, Roll};
use crate::frame::Build;
use crate::kernel::round;
use crate::say;
use crate::stage::{Context, StageResult, add_months};

/// What can be said of somebody's training within the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The required days.
    Done,
    /// Some days, too few.
    Partial,
    /// Earlier records, none within the year.
    Lapsed,
    /// New in the post.
    NotDue,
    /// Too few days, since a certificate was lost.
    LostCertificate,
    /// No record, or one that does not tell enough.
    NoRecord,
}

impl State {
    /// The code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            State::Done => "done",
            State::Partial => "partial",
            State::Lapsed => "lapsed",
            State::NotDue => "not_due",
            State::LostCertificate => "lost_certificate",
            State::NoRecord => "no_record",
        }
    }

    /// Is training due?
    pub const fn due(self) -> bool {
        !matches!(self, State::Done | State::NotDue)
    }
}

/// One person's training.
pub(super) struct Status {
    pub state: State,
    /// Days that count; `None` where the records name none: no record is no nought.
    pub days: Option<f64>,
    pub sessions: usize,
    pub last: Option<NaiveDate>,
    /// Days that count since 1 January of the plan's year.
    pub this_year: f64,
    pub reason: String,
}

/// First day that counts.
fn window(rule: YearRule, as_of: NaiveDate) -> NaiveDate {
    match rule {
        YearRule::Calendar => new_year(as_of),
        YearRule::Rolling => add_months(as_of, -12).succ_opt().unwrap_or(as_of),
    }
}

fn new_year(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day)
}

fn counted(sessions: &[Session], from: NaiveDate) -> f64 {
    // Days add up from zero, so that nobody has minus nought days.
    sessions.iter().filter(|s| s.start >= from && !s.lost).filter_map(|s| s.days).fold(0.0, |sum, d| sum + d)
}

/// Judges everybody, in their order.
pub(super) fn judge(leaders: &[Leader], records: &Records, ctx: &Context) -> Vec<Status> {
    leaders.iter().map(|leader| one(leader, records, ctx)).collect()
}

fn one(leader: &Leader, records: &Records, ctx: &Context) -> Status {
    let (policy, lang) = (&ctx.policy.cultivate.training, ctx.lang);
    let from = window(policy.year, ctx.as_of);
    let sessions = records.training.get(leader.person).map_or(&[][..], Vec::as_slice);
    let inside: Vec<&Session> = sessions.iter().filter(|s| s.start >= from).collect();
    let days = counted(sessions, from);
    let lost = inside.iter().filter(|s| s.lost).count();
    let open = inside.iter().filter(|s| !s.lost && s.days.is_none()).count();
    let last = sessions.last().map(|s| s.start);
    let grace = add_months(ctx.as_of, -i32::try_from(policy.grace_months).unwrap_or(i32::MAX));
    let new = leader.since.filter(|since| *since > grace);
    let show = |days: f64| round::show(days, 1);
    let (state, reason) = if days >= policy.required_days {
        (State::Done, say!(lang, "cultivate-done", n = inside.len(), days = show(days)))
    } else if lost > 0 {
        let reason = say!(lang, "cultivate-lost", n = lost, days = show(days), least = show(policy.required_days));
        (State::LostCertificate, reason)
    } else if open > 0 {
        (State::NoRecord, say!(lang, "cultivate-no-days", n = open))
    } else if days > 0.0 {
        (State::Partial, say!(lang, "cultivate-partial", days = show(days), least = show(policy.required_days)))
    } else if let Some(since) = new {
        (State::NotDue, say!(lang, "cultivate-not-due", since = since, months = policy.grace_months))
    } else if records.undated.contains(leader.person) {
        (State::NoRecord, lang.text("cultivate-undated"))
    } else if let Some(last) = last {
        (State::Lapsed, say!(lang, "cultivate-lapsed", last = last))
    } else {
        (State::NoRecord, lang.text("cultivate-no-record"))
    };
    let this_year = counted(sessions, new_year(super::plan::first_day(ctx)));
    let days = Some(days).filter(|d| *d > 0.0 || lost > 0);
    Status { state, days, sessions: inside.len(), last, this_year, reason }
}

/// Starts a frame with the key columns of villages.
pub(super) fn keys(roll: &Roll, of: impl Iterator<Item = usize> + Clone) -> Build {
    let village = |at: usize| &roll.villages[at];
    Build::new()
        .str("county", &of.clone().map(|v| village(v).county).collect::<Vec<_>>())
        .str("township", &of.clone().map(|v| village(v).township).collect::<Vec<_>>())
        .str("village", &of.clone().map(|v| village(v).key).collect::<Vec<_>>())
        .str("village_name", &of.map(|v| roll.name(v)).collect::<Vec<_>>())
}

/// The table `training_status`.
pub(super) fn table(roll: &Roll, leaders: &[Leader], found: &[Status], ctx: &Context) -> StageResult<DataFrame> {
    let required = ctx.policy.cultivate.training.required_days;
    Ok(keys(roll, leaders.iter().map(|l| l.village))
        .str("person", &leaders.iter().map(|l| l.person).collect::<Vec<_>>())
        .str("post", &leaders.iter().map(|l| l.post).collect::<Vec<_>>())
        .number("trained_days", found.iter().map(|s| s.days).collect())
        .whole("sessions", found.iter().map(|s| i64::try_from(s.sessions).ok()).collect())
        .date("last_training", found.iter().map(|s| s.last).collect())
        .number("required_days", found.iter().map(|_| Some(required)).collect())
        .str("state", &found.iter().map(|s| s.state.code()).collect::<Vec<_>>())
        .str("reason", &found.iter().map(|s| s.reason.as_str()).collect::<Vec<_>>())
        .done()?)
}
