//! What the book records of training, secondment and shadowing, as known on the reference date.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDate};

use super::policy::CultivatePolicy;
use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::stage::Context;

/// One session of training.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Session {
    pub start: NaiveDate,
    /// `None` where the sheet does not say.
    pub days: Option<f64>,
    /// The certificate was lost or withheld: its days do not count.
    pub lost: bool,
}

/// A time in another office, both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Away {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Away {
    /// Does it overlap these days?
    pub fn meets(&self, from: NaiveDate, until: NaiveDate) -> bool {
        self.from <= until && from <= self.until
    }
}

/// Records by person.
pub(super) struct Records<'a> {
    pub training: HashMap<&'a str, Vec<Session>>,
    /// People with a training record that names no day.
    pub undated: HashSet<&'a str>,
    /// Secondments and shadowing, in order of day.
    pub away: HashMap<&'a str, Vec<Away>>,
}

/// Length of a place whose sheet gives no days: the usual month.
const USUAL_DAYS: f64 = 30.0;

impl<'a> Records<'a> {
    /// Reads `activities`. What begins after the reference date is not known yet.
    ///
    /// # Errors
    /// The table lacks a column of its schema.
    pub fn read(tables: &'a Tables, ctx: &Context) -> FrameResult<Records<'a>> {
        let policy = &ctx.policy.cultivate;
        let table = tables.get("activities");
        let (person, activity) = (frame::words(table, "person")?, frame::words(table, "activity")?);
        let (start, days) = (frame::dates(table, "start")?, frame::numbers(table, "days")?);
        let (absences, certificate) = (frame::wholes(table, "absences")?, frame::flags(table, "certificate")?);
        let result = frame::words(table, "result")?;
        let mut records = Records { training: HashMap::new(), undated: HashSet::new(), away: HashMap::new() };
        for row in 0..table.height() {
            let trains = policy.training.kinds.iter().any(|k| k == activity[row]);
            let leaves = leaves(policy, activity[row]);
            let Some(start) = start[row] else {
                if trains {
                    records.undated.insert(person[row]);
                }
                continue;
            };
            if start > ctx.as_of {
                continue;
            }
            if trains {
                let lose = i64::from(policy.training.absences_lose);
                let absent = lose > 0 && absences[row].is_some_and(|n| n >= lose);
                let failed = policy.training.failed_results.iter().any(|r| r == result[row].trim());
                let lost = absent || failed || certificate[row] == Some(false);
                let session = Session { start, days: days[row], lost };
                records.training.entry(person[row]).or_default().push(session);
            }
            if leaves {
                // At least the day itself, at most a lifetime.
                let length = days[row].unwrap_or(USUAL_DAYS).clamp(1.0, 36_500.0).ceil() as i64;
                let until = start.checked_add_signed(Duration::days(length - 1)).unwrap_or(start);
                records.away.entry(person[row]).or_default().push(Away { from: start, until });
            }
        }
        // Each list by itself; the order of people does not matter.
        #[allow(clippy::iter_over_hash_type)]
        for list in records.training.values_mut() {
            list.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        }
        #[allow(clippy::iter_over_hash_type)]
        for list in records.away.values_mut() {
            list.sort_unstable();
        }
        Ok(records)
    }

    /// Times away of one person.
    pub fn away_of(&self, person: &str) -> &[Away] {
        self.away.get(person).map_or(&[], Vec::as_slice)
    }
}

/// Does this kind of activity take people into another office? What the policy's places offer does.
fn leaves(policy: &CultivatePolicy, activity: &str) -> bool {
    let hosts = policy.placements.hosts.values().map(|h| h.activity.as_str());
    let mut offers = hosts.chain([policy.placements.townships.activity.as_str(), "secondment", "shadowing"]);
    offers.any(|a| a == activity)
}
