//! Who may be sent into another office: facts, bars and fit. Bars decide who may be suggested, fit
//! (0–100) only orders those who may. A missing fact never passes in silence.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::policy::{PlacementFact, PlacementFactor, Whom};
use super::records::Records;
use super::roll::Roll;
use crate::book::Tables;
use crate::book::schema::Vocab;
use crate::frame::{self, FrameResult};
use crate::stage::events::known_events;
use crate::stage::{Context, add_months, age};
use crate::{kernel::round, say};

/// Hundredths in one point: points are whole numbers inside, so that contributions add up exactly.
pub(super) const HUNDREDTHS: i64 = 100;

/// A bar: its code, until when, and why in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub gate: &'static str,
    pub until: Option<NaiveDate>,
    pub text: String,
}

/// What a factor gives.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Hundredths of a point.
    pub points: i64,
    /// The fact in words; `None`: missing.
    pub value: Option<String>,
}

/// Somebody who may be sent, or is barred.
pub(super) struct Person<'a> {
    pub village: usize,
    pub person: &'a str,
    /// `None` for the reserve pool.
    pub post: Option<&'a str>,
    /// Full years at the reference date.
    pub age: Option<i32>,
    pub bars: Vec<Bar>,
    pub given: Vec<Given>,
    /// Sum of the points, in hundredths.
    pub fit: i64,
}

impl Person<'_> {
    /// Is a place for these people open to this one, leaving age aside?
    pub fn meant(&self, whom: Whom) -> bool {
        match whom {
            Whom::Leaders => self.post.is_some(),
            Whom::Reserves => self.post.is_none(),
            Whom::Both => true,
        }
    }
}

/// A person's facts before they are judged.
struct Facts<'a> {
    education: Option<&'a str>,
    grade: Option<&'a str>,
    potential: Option<&'a str>,
    since: Option<NaiveDate>,
    willing: Option<bool>,
}

/// Everybody who is considered, by village, post and person. `free_from` is the first day of places
/// by county.
pub(super) fn people<'a>(
    tables: &'a Tables,
    roll: &Roll<'a>,
    records: &Records,
    free_from: &std::collections::BTreeMap<&str, NaiveDate>,
    ctx: &Context,
) -> FrameResult<Vec<Person<'a>>> {
    let policy = &ctx.policy.cultivate.placements;
    let table = tables.get("people");
    let id = frame::words(table, "person")?;
    let row_of: HashMap<&str, usize> = id.iter().enumerate().rev().map(|(at, p)| (*p, at)).collect();
    let (birth, education) = (frame::dates(table, "birth")?, frame::texts(table, "education")?);
    let grades = grades(tables, ctx.as_of)?;
    let mut events: HashMap<&str, Vec<_>> = HashMap::new();
    for event in known_events(tables.get("events"), ctx.as_of)? {
        if let Some(person) = event.person {
            events.entry(person).or_default().push(event);
        }
    }
    // When the leaders of a bloc are away.
    let mut away: HashMap<usize, Vec<super::records::Away>> = HashMap::new();
    for (person, village) in roll.seated() {
        away.entry(roll.villages[village].bloc).or_default().extend(records.away_of(person));
    }
    let leaders = roll.leaders(&policy.posts).into_iter().map(|l| (l.village, l.person, Some(l.post), l.since, None));
    let reserves = roll.reserves.iter().map(|r| (r.village, r.person, None, r.entered, Some(r)));
    let all = leaders.chain(reserves);
    let one = |(village, person, post, since, reserve): (
        usize,
        &'a str,
        Option<&'a str>,
        _,
        Option<&super::roll::Reserve<'a>>,
    )| {
        let row = row_of.get(person).copied();
        let facts = Facts {
            education: row.and_then(|r| education[r]),
            grade: grades.get(person).map(|g| g.1),
            potential: reserve.and_then(|r| r.potential),
            since,
            willing: reserve.and_then(|r| r.willing),
        };
        let age = row.and_then(|r| birth[r]).map(|b| age(b, ctx.as_of)).filter(|years| (14..=100).contains(years));
        let desk = Desk { roll, records, ctx, village, person, post, facts, age };
        let start = free_from.get(roll.villages[village].county).copied().unwrap_or(ctx.as_of);
        let bars = desk.bars(
            events.get(person).map_or(&[][..], Vec::as_slice),
            away.get(&roll.villages[village].bloc).map_or(&[][..], Vec::as_slice),
            start,
        );
        let given: Vec<Given> = policy.fit.values().map(|factor| desk.give(factor)).collect();
        let fit = given.iter().map(|g| g.points).sum();
        Person { village, person, post, age, bars, given, fit }
    };
    Ok(all.map(one).collect())
}

/// Person → latest year and grade; a year's appraisal is held after its end.
fn grades(tables: &Tables, as_of: NaiveDate) -> FrameResult<HashMap<&str, (i64, &str)>> {
    let table = tables.get("appraisals");
    let (person, year) = (frame::words(table, "person")?, frame::wholes(table, "year")?);
    let mut latest: HashMap<&str, (i64, &str)> = HashMap::new();
    for (at, grade) in frame::texts(table, "grade")?.into_iter().enumerate() {
        let (Some(grade), Some(year)) = (grade, year[at]) else { continue };
        if year < i64::from(as_of.year()) {
            let held = latest.entry(person[at]).or_insert((year, grade));
            *held = (*held).max((year, grade));
        }
    }
    Ok(latest)
}

struct Desk<'d, 'a> {
    roll: &'d Roll<'a>,
    records: &'d Records<'d>,
    ctx: &'d Context<'d>,
    village: usize,
    person: &'a str,
    post: Option<&'a str>,
    facts: Facts<'a>,
    age: Option<i32>,
}

impl Desk<'_, '_> {
    fn bars(
        &self,
        events: &[crate::stage::events::Event],
        away: &[super::records::Away],
        start: NaiveDate,
    ) -> Vec<Bar> {
        let (policy, lang, as_of) = (&self.ctx.policy.cultivate.placements, self.ctx.lang, self.ctx.as_of);
        let words = &self.ctx.policy.words;
        let months = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let mut bars = Vec::new();
        for event in events {
            let kind = words.label(lang, Vocab::EventKind, event.kind);
            if let Some(length) = policy.barred_by.get(event.kind) {
                let until = (*length > 0).then(|| add_months(event.date, months(*length)));
                if until.is_none_or(|day| day > as_of) {
                    let text = say!(lang, "cultivate-bar-event", kind = kind, day = event.date);
                    bars.push(Bar { gate: "event", until, text });
                }
            } else if policy.until_closed.iter().any(|k| k == event.kind) && event.closed.is_none() {
                let text = say!(lang, "cultivate-bar-open", kind = kind, day = event.date);
                bars.push(Bar { gate: "event", until: None, text });
            }
        }
        if let Some(state) = self.roll.villages[self.village].supervision
            && self.post.is_some()
            && policy.stay.iter().any(|s| s == state)
        {
            bars.push(Bar { gate: "supervised", until: None, text: lang.text("cultivate-bar-supervised") });
        }
        if self.post.is_some() && policy.min_months_in_post > 0 {
            match self.facts.since {
                Some(since) => {
                    let until = add_months(since, months(policy.min_months_in_post));
                    if until > start {
                        let text = say!(lang, "cultivate-bar-short", since = since, months = policy.min_months_in_post);
                        bars.push(Bar { gate: "short_service", until: Some(until), text });
                    }
                }
                None => {
                    bars.push(Bar { gate: "short_service", until: None, text: lang.text("cultivate-bar-since") });
                }
            }
        }
        if policy.repeat_months > 0
            && let Some(last) = self.records.away_of(self.person).last()
        {
            let until = add_months(last.from, months(policy.repeat_months));
            if until > start {
                let text = say!(lang, "cultivate-bar-repeat", day = last.from);
                bars.push(Bar { gate: "repeat", until: Some(until), text });
            }
        }
        if let Some(time) = away.iter().filter(|t| t.until >= start).max_by_key(|t| t.until) {
            let text = say!(lang, "cultivate-bar-away", day = time.until);
            bars.push(Bar { gate: "away", until: Some(time.until), text });
        }
        if self.facts.willing == Some(false) {
            bars.push(Bar { gate: "not_willing", until: None, text: lang.text("cultivate-bar-unwilling") });
        }
        bars
    }

    fn give(&self, factor: &PlacementFactor) -> Given {
        let lang = self.ctx.lang;
        let words = &self.ctx.policy.words;
        let hundredths = |points: f64| (points * HUNDREDTHS as f64).round() as i64;
        let word = |code: Option<&str>, vocab: Vocab| match code {
            None => Given { points: 0, value: None },
            Some(code) => Given {
                points: hundredths(factor.points.get(code).copied().unwrap_or(0.0)),
                value: Some(words.label(lang, vocab, code)),
            },
        };
        let band = |value: i32| factor.bands.iter().find(|b| value <= b.max).map_or(0, |b| hundredths(b.points));
        let village = &self.roll.villages[self.village];
        match factor.fact {
            PlacementFact::Age => match self.age {
                None => Given { points: 0, value: None },
                Some(years) => Given { points: band(years), value: Some(say!(lang, "cultivate-years", years = years)) },
            },
            PlacementFact::Tenure => match self.facts.since {
                None => Given { points: 0, value: None },
                Some(since) => {
                    let months = full_months(since, self.ctx.as_of);
                    Given { points: band(months), value: Some(say!(lang, "cultivate-months", months = months)) }
                }
            },
            PlacementFact::Education => word(self.facts.education, Vocab::Education),
            PlacementFact::Grade => word(self.facts.grade, Vocab::Grade),
            PlacementFact::Potential => word(self.facts.potential, Vocab::Potential),
            PlacementFact::VillageClass => word(village.class, Vocab::VillageClass),
            PlacementFact::VillageGrade => word(village.grade, Vocab::Grade),
            PlacementFact::FirstTime => {
                let first = self.records.away_of(self.person).is_empty();
                let code = if first { "yes" } else { "no" };
                let points = hundredths(factor.points.get(code).copied().unwrap_or(0.0));
                Given { points, value: Some(lang.text(code)) }
            }
        }
    }
}

/// Full months from one day to another, at least 0.
fn full_months(from: NaiveDate, to: NaiveDate) -> i32 {
    let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
    (months - i32::from(to.day() < from.day())).max(0)
}

/// Names of the factors, in their order.
pub(super) fn factor_names(ctx: &Context) -> Vec<String> {
    let own = |key: &String, factor: &PlacementFactor| {
        let id = format!("cultivate-factor-{}", key.replace('_', "-"));
        match &factor.label {
            Some(label) => label.clone(),
            None if ctx.lang.has(&id) => ctx.lang.text(&id),
            None => key.clone(),
        }
    };
    ctx.policy.cultivate.placements.fit.iter().map(|(key, factor)| own(key, factor)).collect()
}

/// What speaks for somebody: facts in words, the missing ones by name.
pub(super) fn reasons(person: &Person, names: &[String], ctx: &Context) -> String {
    let told: Vec<String> = names
        .iter()
        .zip(&person.given)
        .map(|(factor, given)| match &given.value {
            Some(value) => say!(ctx.lang, "cultivate-fact", factor = factor, value = value),
            None => say!(ctx.lang, "cultivate-fact-missing", factor = factor),
        })
        .collect();
    told.join(&ctx.lang.text("list-semicolon"))
}

/// The fit as a sum of its parts.
pub(super) fn sum(person: &Person, names: &[String]) -> String {
    let show = |hundredths: i64| round::show(hundredths as f64 / HUNDREDTHS as f64, 2);
    let parts: Vec<String> =
        names.iter().zip(&person.given).map(|(name, given)| format!("{name} {}", show(given.points))).collect();
    format!("{} = {}", parts.join(" + "), show(person.fit))
}
