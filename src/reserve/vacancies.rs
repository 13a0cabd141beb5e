//! Which posts need somebody: empty ones, and those whose holder must or may have to go.

use std::collections::HashMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use crate::book::schema::Vocab;
use crate::frame::{self, FrameResult};
use crate::ident;
use crate::say;
use crate::stage::{Context, add_months, age};

use super::facts::{Facts, Post};
use super::policy::Cause;

/// A post to fill.
#[derive(Clone, Debug)]
pub(super) struct Vacancy<'a> {
    pub id: String,
    pub county: &'a str,
    pub township: &'a str,
    pub village: &'a str,
    pub post: &'a str,
    pub cause: Cause,
    pub holder: Option<&'a str>,
    pub since: Option<NaiveDate>,
    /// 1 is the most urgent cause.
    pub priority: i64,
    pub detail: String,
    /// Place in [`Vacancies::kinds`].
    pub kind: usize,
}

/// All vacancies, by county, township, village, post and seat.
pub(super) struct Vacancies<'a> {
    pub list: Vec<Vacancy<'a>>,
    /// Distinct (post, dual); `dual`: held together with the village committee (一肩挑).
    pub kinds: Vec<(&'a str, bool)>,
}

impl<'a> Vacancies<'a> {
    /// Village → holders whose post is to be filled.
    pub fn leaving(&self) -> HashMap<&'a str, Vec<&'a str>> {
        let mut leaving: HashMap<&str, Vec<&str>> = HashMap::new();
        for vacancy in &self.list {
            leaving.entry(vacancy.village).or_default().extend(vacancy.holder);
        }
        leaving
    }
}

/// The day to which eligibility counts: the election day, unless that has passed.
pub(super) fn reckoning_day(ctx: &Context) -> NaiveDate {
    ctx.election_day().max(ctx.as_of)
}

/// Finds the vacancies.
pub(super) fn find<'a>(facts: &Facts<'a>, scores: &'a DataFrame, ctx: &Context) -> FrameResult<Vacancies<'a>> {
    let policy = &ctx.policy.reserve;
    let adjusted = adjustments(scores)?;
    let mut seats: HashMap<(&str, &str), usize> = HashMap::new();
    let mut found = Vacancies { list: Vec::new(), kinds: Vec::new() };
    for post in facts.posts.iter().filter(|p| policy.posts.iter().any(|x| x == p.post)) {
        let seat = seats.entry((post.village, post.post)).and_modify(|s| *s += 1).or_insert(1);
        let causes = policy.vacancies.causes.iter().enumerate();
        let first =
            causes.filter_map(|(at, cause)| Some((at, *cause, why(*cause, post, facts, &adjusted, ctx)?))).next();
        let Some((at, cause, (since, detail))) = first else { continue };
        let kind = (post.post, post.dual);
        let kind = found.kinds.iter().position(|k| *k == kind).unwrap_or_else(|| {
            found.kinds.push(kind);
            found.kinds.len() - 1
        });
        found.list.push(Vacancy {
            id: ident::vacancy(post.village, post.post, *seat),
            county: post.county,
            township: post.township,
            village: post.village,
            post: post.post,
            cause,
            holder: post.person,
            since,
            priority: at as i64 + 1,
            detail,
            kind,
        });
    }
    found.list.sort_by(|a, b| {
        (a.county, a.township, a.village, a.post, &a.id).cmp(&(b.county, b.township, b.village, b.post, &b.id))
    });
    Ok(found)
}

/// Village → person and reason, where the assessment suggests to study an adjustment.
type Adjusted<'a> = HashMap<&'a str, (Option<&'a str>, Option<&'a str>)>;

fn adjustments(scores: &DataFrame) -> FrameResult<Adjusted<'_>> {
    if scores.height() == 0 || scores.column("consequence").is_err() {
        return Ok(Adjusted::new());
    }
    let (village, consequence) = (frame::words(scores, "village")?, frame::texts(scores, "consequence")?);
    let (person, reason) = (frame::texts(scores, "person")?, frame::texts(scores, "consequence_reason")?);
    Ok((0..scores.height())
        .filter(|at| consequence[*at] == Some("adjustment_study"))
        .map(|at| (village[at], (person[at], reason[at])))
        .collect())
}

/// Since when and why the post counts as vacant for that cause; `None` if it does not.
fn why(
    cause: Cause,
    post: &Post,
    facts: &Facts,
    adjusted: &Adjusted,
    ctx: &Context,
) -> Option<(Option<NaiveDate>, String)> {
    let policy = &ctx.policy.reserve.vacancies;
    let (lang, day) = (ctx.lang, reckoning_day(ctx));
    if cause == Cause::Empty {
        if post.person.is_some() {
            return None;
        }
        let text = match post.vacant_since {
            Some(since) => say!(lang, "reserve-vacant-since", since = since),
            None => say!(lang, "reserve-vacant"),
        };
        return Some((post.vacant_since, text));
    }
    let holder = post.person?;
    match cause {
        Cause::Empty => None,
        Cause::Sanction => {
            let on_file = facts.sanctions.get(holder).and_then(|(kind, date)| Some((date.as_ref().copied()?, *kind)));
            let events = facts.events.get(holder).into_iter().flatten().map(|e| (e.date, e.kind));
            let (date, kind) = events
                .chain(on_file)
                .filter(|(date, _)| post.since.is_none_or(|since| *date >= since))
                .filter(|(date, kind)| {
                    policy.ended_by.get(*kind).is_some_and(|m| *m == 0 || add_months(*date, *m) > day)
                })
                .max()?;
            let kind = ctx.policy.words.label(lang, Vocab::EventKind, kind);
            Some((Some(date), say!(lang, "reserve-vacant-sanction", kind = kind, date = date)))
        }
        Cause::Age => {
            let limit = *policy.age_limit.get(post.post)?;
            let birth = *facts.births.get(holder)?;
            let years = age(birth, day);
            (years > limit).then(|| {
                let since = add_months(birth, (limit + 1) * 12);
                (Some(since), say!(lang, "reserve-vacant-age", years = years, limit = limit))
            })
        }
        Cause::Adjustment => {
            // The assessment is of the secretary; a head who took over since is not the one meant.
            let (person, reason) = adjusted.get(post.village)?;
            let meant = post.post == "secretary" && person.is_none_or(|p| p == holder);
            meant.then(|| (None, say!(lang, "reserve-vacant-adjustment", reason = reason.unwrap_or("–"))))
        }
        Cause::Term => {
            let since = post.since?;
            let end = add_months(since, policy.term_years * 12);
            (end <= day).then(|| (Some(end), say!(lang, "reserve-vacant-term", end = end, years = policy.term_years)))
        }
    }
}
