//! One-vote vetoes 一票否决: dated events of the reference period that force a grade.

use std::collections::HashMap;

use chrono::Datelike;

use super::policy::{Concerns, ScorePolicy, Veto, in_force};
use super::units::Units;
use crate::stage::events::Event;

/// A veto that applies to a village.
pub(super) struct Hit<'a> {
    pub key: &'a str,
    pub rule: &'a Veto,
    /// The events that count.
    pub events: Vec<Event<'a>>,
}

/// What was looked at and does not count.
pub(super) struct Passed<'a> {
    pub rule: &'a Veto,
    /// Events from before the secretary's term.
    pub predecessor: usize,
    /// Events that do not say whom they concern.
    pub unclear: usize,
}

/// Vetoes by village.
#[derive(Default)]
pub(super) struct Vetoed<'a> {
    pub hits: Vec<Hit<'a>>,
    pub passed: Vec<Passed<'a>>,
}

impl Vetoed<'_> {
    /// The lowest cap on the score.
    pub fn cap(&self) -> f64 {
        self.hits.iter().filter_map(|h| h.rule.score_cap).fold(f64::INFINITY, f64::min)
    }
}

/// Whom an event concerns.
enum Whom {
    Counts,
    Predecessor,
    Unclear,
    Other,
}

/// The vetoes of every village: the events of the year `period` among those known.
pub(super) fn vetoes<'a>(
    policy: &'a ScorePolicy,
    units: &Units<'a>,
    events: &[Event<'a>],
    period: i64,
    as_of: chrono::NaiveDate,
) -> Vec<Vetoed<'a>> {
    let heads: HashMap<&str, usize> =
        units.secretary.iter().enumerate().filter_map(|(unit, s)| s.map(|s| (s, unit))).collect();
    // Village of each event of the period: as recorded, else that of the secretary it names.
    let placed: Vec<(usize, Event<'a>)> = events
        .iter()
        .filter(|e| i64::from(e.date.year()) == period)
        .filter_map(|e| {
            let by_person = || e.person.and_then(|p| heads.get(p).copied());
            let unit = match e.village {
                Some(village) => units.find(e.county.unwrap_or_default(), village),
                None => by_person(),
            };
            Some((unit?, *e))
        })
        .collect();
    let mut out: Vec<Vetoed> = (0..units.len()).map(|_| Vetoed::default()).collect();
    let rules = policy.vetoes.iter().filter(|(_, v)| in_force(v.effective.as_ref(), as_of));
    for (key, rule) in rules {
        let mut found: HashMap<usize, (Vec<Event<'a>>, usize, usize)> = HashMap::new();
        for (unit, event) in placed.iter().filter(|(_, e)| rule.kinds.iter().any(|k| k == e.kind)) {
            let whom = match rule.concerns {
                Concerns::Village => Whom::Counts,
                Concerns::Secretary => whom(units, *unit, event),
            };
            let entry = found.entry(*unit).or_default();
            match whom {
                Whom::Counts => entry.0.push(*event),
                Whom::Predecessor => entry.1 += 1,
                Whom::Unclear => entry.2 += 1,
                Whom::Other => {}
            }
        }
        for (unit, vetoed) in out.iter_mut().enumerate() {
            let Some((events, predecessor, unclear)) = found.remove(&unit) else { continue };
            if events.len() >= rule.count {
                vetoed.hits.push(Hit { key, rule, events });
            }
            if predecessor + unclear > 0 {
                vetoed.passed.push(Passed { rule, predecessor, unclear });
            }
        }
    }
    out
}

/// Does the event concern the secretary in office? A person named decides; else the post, where a
/// secretary who heads the committee as well answers for both posts.
fn whom(units: &Units, unit: usize, event: &Event) -> Whom {
    let heads = event.post == Some("secretary") || (event.post == Some("director") && units.dual[unit]);
    match (units.secretary[unit], event.person) {
        (Some(secretary), Some(person)) if secretary == person => Whom::Counts,
        (Some(_), Some(_)) if heads => Whom::Predecessor,
        (None, Some(_)) if heads => Whom::Counts,
        (_, Some(_)) => Whom::Other,
        (_, None) if heads => match units.since[unit] {
            Some(since) if since > event.date => Whom::Predecessor,
            _ => Whom::Counts,
        },
        (_, None) if event.post.is_none() => Whom::Unclear,
        (_, None) => Whom::Other,
    }
}
