//! Townships: whose Party head should be talked to (谈话), and how often cases arise where.

use std::collections::BTreeSet;

use chrono::Datelike;
use polars::prelude::DataFrame;

use super::facts::{Facts, Township};
use super::find::{Named, named};
use super::year::Span;
use crate::frame::Build;
use crate::ident;
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;
use crate::stage::{Context, StageResult};

/// What a township's last year looked like.
struct Year<'a> {
    township: &'a Township<'a>,
    villages: usize,
    listed: usize,
    problems: usize,
    adjusted: usize,
}

/// The villages that count in a denominator: those of the village sheet.
fn denominator(facts: &Facts<'_>, township: &Township<'_>) -> usize {
    facts.villages[township.villages.clone()].iter().filter(|v| v.registered).count()
}

/// The table `talks`: townships that reach a threshold, with the reasons.
pub(super) fn talks(facts: &Facts<'_>, member: &[bool], ctx: &Context<'_>) -> StageResult<DataFrame> {
    let policy = &ctx.policy.supervise.talks;
    let is_head = |post: &str| policy.heads.iter().any(|p| p == post);
    let span = Span::year(facts.last_year);
    let l = ctx.lang;
    let mut rows: Vec<(Year<'_>, String)> = Vec::new();
    for township in &facts.townships {
        let range = township.villages.clone();
        let of_kind = |kinds: &[String], kind: &str| kinds.iter().any(|k| k == kind);
        let problems = range.clone().flat_map(|v| facts.events.of(v));
        let problems = problems.filter(|e| span.holds(e.date) && of_kind(&policy.kinds, e.kind)).count();
        let changed = |v: usize| {
            let posts = facts.posts.of(v).iter();
            let new = posts.filter(|p| p.person.is_some() && is_head(p.post));
            let left = facts.events.of(v).iter().filter(|e| of_kind(&policy.departures, e.kind));
            new.filter_map(|p| p.since).any(|d| span.holds(d))
                || left.filter(|e| e.post.is_some_and(is_head)).any(|e| span.holds(e.date))
        };
        let year = Year {
            township,
            villages: denominator(facts, township),
            listed: range.clone().filter(|v| member[*v]).count(),
            problems,
            adjusted: range.filter(|v| changed(*v)).count(),
        };
        let villages = year.villages.max(1) as f64;
        let share = |count: usize| count as f64 / villages;
        let mut reasons = Vec::new();
        if year.listed >= policy.listed_least.max(1) && share(year.listed) >= policy.listed_share {
            let percent = round::to(100.0 * share(year.listed), 1);
            reasons.push(say!(
                l,
                "supervise-talk-listed",
                villages = year.villages,
                n = year.listed,
                percent = percent
            ));
        }
        if year.problems > 0 && share(year.problems) >= policy.events_per_village {
            let rate = round::to(share(year.problems), 2);
            let last = facts.last_year.to_string();
            reasons.push(say!(l, "supervise-talk-problems", year = last, n = year.problems, rate = rate));
        }
        if year.adjusted >= policy.adjusted_least.max(1) && share(year.adjusted) >= policy.adjusted_share {
            let percent = round::to(100.0 * share(year.adjusted), 1);
            let last = facts.last_year.to_string();
            reasons.push(say!(l, "supervise-talk-adjusted", year = last, n = year.adjusted, percent = percent));
        }
        if !reasons.is_empty() {
            rows.push((year, reasons.join(if l == Lang::Zh { "；" } else { "; " })));
        }
    }
    let count = |f: fn(&Year<'_>) -> usize| rows.iter().map(|r| i64::try_from(f(&r.0)).ok()).collect::<Vec<_>>();
    let rec = |y: &Year<'_>| {
        let whom = format!("{}/{}", y.township.county, y.township.name);
        ident::recommendation("talk", &whom, &format!("supervise.talks:{}", facts.last_year))
    };
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| r.0.township.county).collect::<Vec<_>>())
        .str("township", &rows.iter().map(|r| r.0.township.name).collect::<Vec<_>>())
        .text("secretary", rows.iter().map(|r| r.0.township.secretary).collect())
        .whole("villages", count(|y| y.villages))
        .whole("listed", count(|y| y.listed))
        .whole("problem_events", count(|y| y.problems))
        .whole("adjusted_heads", count(|y| y.adjusted))
        .str("reasons", &rows.iter().map(|r| r.1.as_str()).collect::<Vec<_>>())
        .str("rec_id", &rows.iter().map(|r| rec(&r.0)).collect::<Vec<_>>())
        .done()?)
}

/// The table `township_rates`: cases against village heads last year over heads in post.
pub(super) fn rates(facts: &Facts<'_>, ctx: &Context<'_>) -> StageResult<DataFrame> {
    let l = ctx.lang;
    let policy = &ctx.policy.supervise.talks;
    let is_head = |post: &str| policy.heads.iter().any(|p| p == post);
    let (mut villages, mut heads, mut cases, mut per_100) = (vec![], vec![], vec![], vec![]);
    let (mut departments, mut notes) = (vec![], vec![]);
    for township in &facts.townships {
        let range = township.villages.clone();
        // One person who is both secretary and director is one head.
        let holders: BTreeSet<&str> = range
            .clone()
            .flat_map(|v| facts.posts.of(v))
            .filter(|p| is_head(p.post))
            .filter_map(|p| p.person)
            .collect();
        let (mut clear, mut unknown) = (0_usize, 0_usize);
        let mut reporting = BTreeSet::new();
        for event in range.flat_map(|v| facts.events.of(v)).filter(|e| e.date.year() == facts.last_year) {
            reporting.extend(event.department);
            if policy.cases.iter().any(|k| k == event.kind) {
                match named(facts, event, &policy.heads) {
                    Named::Yes => clear += 1,
                    Named::Unknown => unknown += 1,
                    Named::No => {}
                }
            }
        }
        let head_count = holders.len();
        villages.push(i64::try_from(denominator(facts, township)).ok());
        heads.push(i64::try_from(head_count).ok());
        cases.push(i64::try_from(clear).ok());
        per_100.push((head_count > 0).then(|| round::to(100.0 * clear as f64 / head_count as f64, 2)));
        departments.push(i64::try_from(reporting.len()).ok());
        let mut parts = Vec::new();
        if unknown > 0 {
            parts.push(say!(l, "supervise-rate-unknown", n = unknown));
        }
        match reporting.len() {
            0 => parts.push(l.text("supervise-rate-silent")),
            n => parts.push(say!(l, "supervise-rate-looked", n = n)),
        }
        notes.push(parts.join(if l == Lang::Zh { "；" } else { "; " }));
    }
    Ok(Build::new()
        .str("county", &facts.townships.iter().map(|t| t.county).collect::<Vec<_>>())
        .str("township", &facts.townships.iter().map(|t| t.name).collect::<Vec<_>>())
        .whole("villages", villages)
        .whole("heads", heads)
        .whole("cases", cases)
        .number("cases_per_100", per_100)
        .whole("reporting_departments", departments)
        .str("note", &notes)
        .done()?)
}
