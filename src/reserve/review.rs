//! How the pool is kept: who becomes eligible when, who should leave, whose appraisal is overdue,
//! what became of those who were in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::book::Tables;
use crate::book::schema::Vocab;
use crate::frame::{self, Build};
use crate::stage::{StageResult, add_months, age};
use crate::{ident, say};

use super::facts::Candidate;
use super::gates::{Level, Why};
use super::policy::Test;
use super::tables::{View, person_keys};

/// Probationary members in the pool, and when they may be full members at the earliest.
pub(super) fn probation(view: &View) -> StageResult<DataFrame> {
    let gates = &view.texts.ctx.policy.reserve.gates;
    let months = gates.values().find(|g| g.test == Test::Member).and_then(|g| g.months).unwrap_or(12);
    let order = view.people_in_order();
    let rows: Vec<&Candidate> =
        order.iter().map(|at| &view.facts.candidates[*at]).filter(|p| p.political == Some("probationary")).collect();
    Ok(person_keys(Build::new(), rows.iter().copied())
        .date("joined", rows.iter().map(|p| p.joined).collect())
        .date("eligible_on", rows.iter().map(|p| p.joined.map(|d| add_months(d, months))).collect())
        .done()?)
}

/// Suggested exits (出库) and overdue appraisals. Where the book dates no appraisal of a county at all,
/// nobody can tell whose is overdue: `unrecorded`.
pub(super) fn pool_review(view: &View) -> StageResult<DataFrame> {
    let order = view.people_in_order();
    let dated: BTreeSet<&str> =
        view.facts.candidates.iter().filter(|p| p.appraised.is_some()).map(|p| p.county).collect();
    let rows: Vec<(usize, &str, String)> = order
        .par_iter()
        .flat_map_iter(|at| {
            let exit = exit(view, *at).map(|reason| (*at, "exit", reason));
            let appraise = match dated.contains(view.facts.candidates[*at].county) {
                true => appraisal(view, *at).map(|reason| (*at, "appraise", reason)),
                false => Some((*at, "unrecorded", say!(view.texts.lang, "reserve-appraise-unrecorded"))),
            };
            exit.into_iter().chain(appraise)
        })
        .collect();
    let ids: Vec<String> =
        rows.iter().map(|r| ident::recommendation(r.1, view.facts.candidates[r.0].id, "reserve.review")).collect();
    Ok(person_keys(Build::new(), rows.iter().map(|r| &view.facts.candidates[r.0]))
        .str("advice", &rows.iter().map(|r| r.1).collect::<Vec<_>>())
        .str("reason", &rows.iter().map(|r| &r.2).collect::<Vec<_>>())
        .str("rec_id", &ids)
        .done()?)
}

/// Reasons to leave the pool: over its age, appointed, unwilling, or barred for good.
fn exit(view: &View, at: usize) -> Option<String> {
    let texts = view.texts;
    let person = &view.facts.candidates[at];
    let most = texts.ctx.policy.reserve.review.max_age;
    let mut reasons = Vec::new();
    if let Some(years) = person.birth.map(|b| age(b, texts.ctx.as_of)).filter(|years| *years > most) {
        reasons.push(say!(texts.lang, "reserve-exit-age", years = years, max = most));
    }
    for finding in &view.findings[at] {
        let reason = match finding.why {
            // Somebody who may move up is no less a reserve for holding a post.
            Why::InPost(_) if view.left.contains_key(&(at as u32)) => continue,
            Why::InPost(post) => say!(texts.lang, "reserve-exit-appointed", post = texts.word(Vocab::Post, post)),
            Why::Unwilling => say!(texts.lang, "reserve-exit-unwilling"),
            Why::Event(_) if finding.level == Level::Hard && finding.until.is_none() => {
                say!(texts.lang, "reserve-exit-barred", reason = texts.finding(finding, view.facts))
            }
            _ => continue,
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    (!reasons.is_empty()).then(|| texts.reasons(&reasons))
}

/// Is the appraisal overdue, undated or missing?
fn appraisal(view: &View, at: usize) -> Option<String> {
    let texts = view.texts;
    let person = &view.facts.candidates[at];
    let months = texts.ctx.policy.reserve.review.appraise_months;
    match person.appraised {
        Some(on) if add_months(on, months) < texts.ctx.as_of => {
            Some(say!(texts.lang, "reserve-appraise-overdue", on = on, months = months))
        }
        Some(_) => None,
        None if [person.thinking, person.work, person.potential].iter().any(Option::is_some) => {
            Some(say!(texts.lang, "reserve-appraise-undated"))
        }
        None => Some(say!(texts.lang, "reserve-appraise-none")),
    }
}

/// Somebody who is or was in the pool.
struct Member<'a> {
    entered: Option<NaiveDate>,
    appointed: bool,
    recommender: &'a str,
}

/// Everybody who entered the pool by the reference date; the earliest entry counts.
fn members<'a>(tables: &'a Tables, as_of: NaiveDate) -> StageResult<BTreeMap<&'a str, Member<'a>>> {
    let pool = tables.get("pool");
    let (person, status) = (frame::words(pool, "person")?, frame::texts(pool, "status")?);
    let (entered, by) = (frame::dates(pool, "entered")?, frame::words(pool, "recommended_by")?);
    let mut rows: Vec<usize> = (0..pool.height()).filter(|at| entered[*at].is_none_or(|d| d <= as_of)).collect();
    rows.sort_unstable_by_key(|at| (person[*at], entered[*at], by[*at]));
    let mut members: BTreeMap<&str, Member> = BTreeMap::new();
    for at in rows {
        let appointed = status[at] == Some("appointed");
        members.entry(person[at]).and_modify(|m| m.appointed |= appointed).or_insert(Member {
            entered: entered[at],
            appointed,
            recommender: by[at],
        });
    }
    Ok(members)
}

/// What became of the people of the pool, by source and by recommender.
pub(super) fn outcomes(tables: &Tables, view: &View) -> StageResult<DataFrame> {
    let policy = &view.texts.ctx.policy.reserve;
    let people = tables.get("people");
    let (person, source) = (frame::words(people, "person")?, frame::words(people, "source")?);
    let source_of: HashMap<&str, &str> = person.into_iter().zip(source).rev().collect();
    // (dimension, key) → people, appointed, still in post.
    let mut counts: BTreeMap<(u8, &str), [i64; 3]> = BTreeMap::new();
    for (id, member) in &members(tables, view.texts.ctx.as_of)? {
        let mut held = view.facts.holding.get(id).into_iter().flatten().map(|p| view.facts.posts[*p]);
        let in_post = held.any(|p| {
            let later = p.since.zip(member.entered).is_none_or(|(since, entered)| since >= entered);
            later && policy.posts.iter().any(|x| x == p.post)
        });
        let appointed = member.appointed || in_post;
        for key in [(0, source_of.get(id).copied().unwrap_or_default()), (1, member.recommender)] {
            let count = counts.entry(key).or_default();
            count[0] += 1;
            count[1] += i64::from(appointed);
            count[2] += i64::from(in_post);
        }
    }
    let rows: Vec<_> = counts.into_iter().collect();
    let whole = |at: usize| rows.iter().map(|r| Some(r.1[at])).collect();
    Ok(Build::new()
        .str("dimension", &rows.iter().map(|r| if r.0.0 == 0 { "source" } else { "recommender" }).collect::<Vec<_>>())
        .text("key", rows.iter().map(|r| Some(r.0.1).filter(|k| !k.is_empty())).collect())
        .whole("people", whole(0))
        .whole("appointed", whole(1))
        .number("share", rows.iter().map(|r| Some(r.1[1] as f64 / r.1[0] as f64)).collect())
        .whole("still_in_post", whole(2))
        .done()?)
}

/// Posts filled in the last twelve months, and how many of them from the pool.
pub(super) fn fill(tables: &Tables, view: &View) -> StageResult<DataFrame> {
    let ctx = view.texts.ctx;
    let from = add_months(ctx.as_of, -12);
    let members = members(tables, ctx.as_of)?;
    let mut counts: BTreeMap<&str, [i64; 2]> = BTreeMap::new();
    for post in view.facts.posts.iter().filter(|p| ctx.policy.reserve.posts.iter().any(|x| x == p.post)) {
        let count = counts.entry(post.county).or_default();
        let (Some(person), Some(since)) = (post.person, post.since.filter(|d| *d > from)) else { continue };
        let member = members.get(person).is_some_and(|m| m.entered.is_none_or(|entered| entered <= since));
        count[0] += 1;
        count[1] += i64::from(member);
    }
    let rows: Vec<_> = counts.into_iter().collect();
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .whole("posts_filled_12m", rows.iter().map(|r| Some(r.1[0])).collect())
        .whole("from_pool", rows.iter().map(|r| Some(r.1[1])).collect())
        .number("share", rows.iter().map(|r| (r.1[0] > 0).then(|| r.1[1] as f64 / r.1[0] as f64)).collect())
        .done()?)
}
