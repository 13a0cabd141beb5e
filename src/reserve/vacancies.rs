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
    /// Place in `facts.posts`.
    pub place: usize,
    /// Place in `facts.candidates` of the holder who may stay: the post is to be filled only if they are
    /// recommended for another.
    pub stays: Option<u32>,
}

/// All vacancies, by county, township, village, post and seat.
pub(super) struct Vacancies<'a> {
    pub list: Vec<Vacancy<'a>>,
    /// Distinct (post, dual) of all posts that are filled from the pool; `dual`: held together with the village
    /// committee (一肩挑).
    pub kinds: Vec<(&'a str, bool)>,
    /// By place in `facts.posts`: which of the village's seats of that post it is, from 1; 0 for posts that are
    /// not filled from the pool.
    seats: Vec<usize>,
}

/// The order of vacancies in all tables.
pub(super) fn in_order(a: &Vacancy, b: &Vacancy) -> std::cmp::Ordering {
    (a.county, a.township, a.village, a.post, &a.id).cmp(&(b.county, b.township, b.village, b.post, &b.id))
}

impl<'a> Vacancies<'a> {
    /// Village → holders whose post is to be filled whatever is recommended.
    pub fn leaving(&self) -> HashMap<&'a str, Vec<&'a str>> {
        let mut leaving: HashMap<&str, Vec<&str>> = HashMap::new();
        for vacancy in self.list.iter().filter(|v| v.stays.is_none()) {
            leaving.entry(vacancy.village).or_default().extend(vacancy.holder);
        }
        leaving
    }

    /// The vacancy of a post, by its place in `facts.posts`; its priority is that of the cause.
    fn of(&self, facts: &Facts<'a>, place: usize, cause: (usize, Cause)) -> Vacancy<'a> {
        let post = &facts.posts[place];
        let kind = (post.post, post.dual);
        let kind = self.kinds.iter().position(|k| *k == kind).unwrap_or_default();
        Vacancy {
            id: ident::vacancy(post.village, post.post, self.seats[place]),
            county: post.county,
            township: post.township,
            village: post.village,
            post: post.post,
            cause: cause.1,
            holder: post.person,
            since: None,
            priority: cause.0 as i64 + 1,
            detail: String::new(),
            kind,
            place,
            stays: None,
        }
    }

    /// The vacancy that a holder would leave, if they moved.
    pub fn left_by(&self, facts: &Facts<'a>, place: usize, holder: u32, ctx: &Context) -> Vacancy<'a> {
        let last = ctx.policy.reserve.vacancies.causes.len();
        Vacancy { stays: Some(holder), ..self.of(facts, place, (last, Cause::Chain)) }
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
    let seats = seats(facts, &policy.posts);
    let filled = facts.posts.iter().zip(&seats).filter(|(_, seat)| **seat > 0);
    let mut kinds: Vec<(&str, bool)> = filled.map(|(post, _)| (post.post, post.dual)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut found = Vacancies { list: Vec::new(), kinds, seats };
    for (place, post) in facts.posts.iter().enumerate().filter(|(place, _)| found.seats[*place] > 0) {
        let causes = policy.vacancies.causes.iter().enumerate();
        let first =
            causes.filter_map(|(at, cause)| Some((at, *cause, why(*cause, post, facts, &adjusted, ctx)?))).next();
        let Some((at, cause, (since, detail))) = first else { continue };
        let vacancy = Vacancy { since, detail, ..found.of(facts, place, (at, cause)) };
        found.list.push(vacancy);
    }
    found.list.sort_by(in_order);
    Ok(found)
}

/// By place in `facts.posts`, the seat of each post of these kinds, from 1; 0 for others.
fn seats(facts: &Facts, kinds: &[String]) -> Vec<usize> {
    let mut seats: HashMap<(&str, &str), usize> = HashMap::new();
    let mut by_place = vec![0; facts.posts.len()];
    for (seat, post) in by_place.iter_mut().zip(&facts.posts) {
        if kinds.iter().any(|kind| kind == post.post) {
            *seat = *seats.entry((post.village, post.post)).and_modify(|s| *s += 1).or_insert(1);
        }
    }
    by_place
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
        Cause::Empty | Cause::Chain => None,
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
