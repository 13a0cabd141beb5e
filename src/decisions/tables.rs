//! The output tables of decisions.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::follow::{self, Followed};
use super::lists::Advice;
use super::{Decided, Decisions, FINDINGS, FOLLOW_UP, GRANTED, LATER, Place, SHEETS, TAKEN, Verdict};
use crate::book::Book;
use crate::frame::{self, Build};
use crate::report::Audience;
use crate::stage::{Context, StageResult, StageTables};

pub(super) fn waivers_for_stage(read: &Decisions) -> StageResult<DataFrame> {
    let mut rows: Vec<_> = read.waived().map(|(_, w)| w).filter(|w| w.state == "granted").collect();
    rows.sort_by(|a, b| (&a.candidate, &a.gate).cmp(&(&b.candidate, &b.gate)));
    Ok(Build::new()
        .str("candidate", &rows.iter().map(|w| &w.candidate).collect::<Vec<_>>())
        .str("gate", &rows.iter().map(|w| &w.gate).collect::<Vec<_>>())
        .text("reason", rows.iter().map(|w| w.reason.as_ref()).collect())
        .text("body", rows.iter().map(|w| w.body.as_ref()).collect())
        .date("date", rows.iter().map(|w| w.date).collect())
        .done()?)
}

pub(super) fn orders_for_stage(read: &Decisions) -> StageResult<DataFrame> {
    let order = |verdict: Verdict| match verdict {
        Verdict::Adopted => Some("force"),
        Verdict::NotAdopted => Some("forbid"),
        Verdict::Deferred => None,
    };
    let of_posts = |d: &&Decided| matches!(d.list.as_str(), "assignment" | "shortlists") && !d.whom.is_empty();
    let decided: Vec<&Decided> = read.decided().map(|(_, d)| d).filter(of_posts).collect();
    let mut rows: Vec<(&str, &str, &str)> =
        decided.into_iter().filter_map(|d| Some((d.rec_id.as_str(), d.whom.as_str(), order(d.decision)?))).collect();
    rows.sort_unstable();
    Ok(Build::new()
        .str("rec_id", &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .str("candidate", &rows.iter().map(|r| r.1).collect::<Vec<_>>())
        .str("order", &rows.iter().map(|r| r.2).collect::<Vec<_>>())
        .done()?)
}

/// Names of the book's people, to be kept out of a summary's free text.
struct Veil(Option<BTreeSet<String>>);

/// Longest name that is looked for, in letters.
const LONGEST: usize = 8;

impl Veil {
    fn new(book: &Book, audience: &Audience) -> Veil {
        if audience.sees_names() {
            return Veil(None);
        }
        let table = book.tables.get("people");
        let names = frame::words(table, "name").unwrap_or_default();
        Veil(Some(names.into_iter().map(str::trim).filter(|n| n.chars().count() > 1).map(str::to_owned).collect()))
    }

    /// The text, names in it replaced for readers who may not see them: the longest first.
    fn over(&self, text: Option<&String>) -> Option<String> {
        let text = text?;
        let Some(names) = &self.0 else { return Some(text.clone()) };
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while at < chars.len() {
            let most = LONGEST.min(chars.len() - at);
            let found = (2..=most).rev().find(|n| names.contains(&chars[at..at + n].iter().collect::<String>()));
            match found {
                Some(n) => {
                    out.push_str("某某");
                    at += n;
                }
                None => {
                    out.push(chars[at]);
                    at += 1;
                }
            }
        }
        Some(out)
    }
}

pub(super) fn tables(
    read: &Decisions,
    advice: &[Advice],
    book: &Book,
    outcome: &BTreeMap<&'static str, DataFrame>,
    audience: &Audience,
    ctx: &Context,
) -> StageResult<StageTables> {
    let veil = Veil::new(book, audience);
    let followed = follow::follow(read, advice, book, outcome, ctx)?;
    Ok(vec![
        (FOLLOW_UP, follow_up(&followed, &veil)?),
        (TAKEN, taken(read.decided().collect(), &veil)?),
        (LATER, taken(read.later().collect(), &veil)?),
        (GRANTED, granted(read, &veil)?),
        (FINDINGS, findings(read, &veil, ctx)?),
        (SHEETS, sheets(read)?),
    ])
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn follow_up(rows: &[Followed], veil: &Veil) -> StageResult<DataFrame> {
    let decided = |pick: fn(&super::Decided) -> Option<&String>| {
        rows.iter().map(|r| veil.over(r.decided.and_then(pick))).collect::<Vec<_>>()
    };
    let date = |pick: fn(&super::Decided) -> Option<chrono::NaiveDate>| {
        rows.iter().map(|r| r.decided.and_then(pick)).collect::<Vec<_>>()
    };
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| &r.county).collect::<Vec<_>>())
        .str("township", &rows.iter().map(|r| &r.township).collect::<Vec<_>>())
        .text("village", rows.iter().map(|r| some(&r.village)).collect())
        .text("village_name", rows.iter().map(|r| some(&r.village_name)).collect())
        .str("rec_id", &rows.iter().map(|r| &r.rec_id).collect::<Vec<_>>())
        .str("list", &rows.iter().map(|r| &r.list).collect::<Vec<_>>())
        .text("whom", rows.iter().map(|r| some(&r.whom)).collect())
        .text("advice", rows.iter().map(|r| veil.over(Some(&r.advice))).collect())
        .text("decision", rows.iter().map(|r| r.decided.map(|d| d.decision.code())).collect())
        .text("reason", decided(|d| d.reason.as_ref()))
        .text("body", decided(|d| d.body.as_ref()))
        .date("date", date(|d| d.date))
        .date("due", date(|d| d.due))
        .date("done", rows.iter().map(|r| r.done).collect())
        .str("state", &rows.iter().map(|r| r.state).collect::<Vec<_>>())
        .flag("against_advice", rows.iter().map(|r| Some(r.against)).collect())
        .flag("still_recommended", rows.iter().map(|r| Some(r.still)).collect())
        .text("outcome", rows.iter().map(|r| some(&r.outcome)).collect())
        .text("outcome_stated", decided(|d| d.outcome.as_ref()))
        .done()?)
}

fn taken(mut rows: Vec<(&Place, &Decided)>, veil: &Veil) -> StageResult<DataFrame> {
    rows.sort_by(|a, b| (&a.1.county, &a.1.rec_id).cmp(&(&b.1.county, &b.1.rec_id)));
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| &r.1.county).collect::<Vec<_>>())
        .str("township", &rows.iter().map(|r| &r.1.township).collect::<Vec<_>>())
        .text("village", rows.iter().map(|r| some(&r.1.village)).collect())
        .text("village_name", rows.iter().map(|r| some(&r.1.village_name)).collect())
        .str("rec_id", &rows.iter().map(|r| &r.1.rec_id).collect::<Vec<_>>())
        .str("list", &rows.iter().map(|r| &r.1.list).collect::<Vec<_>>())
        .text("whom", rows.iter().map(|r| some(&r.1.whom)).collect())
        .str("decision", &rows.iter().map(|r| r.1.decision.code()).collect::<Vec<_>>())
        .text("reason", rows.iter().map(|r| veil.over(r.1.reason.as_ref())).collect())
        .text("body", rows.iter().map(|r| veil.over(r.1.body.as_ref())).collect())
        .date("date", rows.iter().map(|r| r.1.date).collect())
        .date("due", rows.iter().map(|r| r.1.due).collect())
        .date("done", rows.iter().map(|r| r.1.done.or(r.1.done_later)).collect())
        .text("outcome", rows.iter().map(|r| veil.over(r.1.outcome.as_ref())).collect())
        .str("file", &rows.iter().map(|r| &r.0.file).collect::<Vec<_>>())
        .whole("row", rows.iter().map(|r| i64::try_from(r.0.row).ok()).collect())
        .done()?)
}

fn granted(read: &Decisions, veil: &Veil) -> StageResult<DataFrame> {
    let mut rows: Vec<_> = read.waived().collect();
    rows.sort_by(|a, b| {
        (&a.1.county, &a.1.candidate, &a.1.gate, a.0).cmp(&(&b.1.county, &b.1.candidate, &b.1.gate, b.0))
    });
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| &r.1.county).collect::<Vec<_>>())
        .str("township", &rows.iter().map(|r| &r.1.township).collect::<Vec<_>>())
        .text("village", rows.iter().map(|r| some(&r.1.village)).collect())
        .text("village_name", rows.iter().map(|r| some(&r.1.village_name)).collect())
        .str("candidate", &rows.iter().map(|r| &r.1.candidate).collect::<Vec<_>>())
        .str("gate", &rows.iter().map(|r| &r.1.gate).collect::<Vec<_>>())
        .text("reason", rows.iter().map(|r| veil.over(r.1.reason.as_ref())).collect())
        .text("body", rows.iter().map(|r| veil.over(r.1.body.as_ref())).collect())
        .date("date", rows.iter().map(|r| r.1.date).collect())
        .str("state", &rows.iter().map(|r| r.1.state).collect::<Vec<_>>())
        .str("file", &rows.iter().map(|r| &r.0.file).collect::<Vec<_>>())
        .whole("row", rows.iter().map(|r| i64::try_from(r.0.row).ok()).collect())
        .done()?)
}

fn findings(read: &Decisions, veil: &Veil, ctx: &Context) -> StageResult<DataFrame> {
    let mut rows: Vec<_> = read.remarks.iter().collect();
    rows.sort_by(|a, b| (&a.place, a.reason, &a.column).cmp(&(&b.place, b.reason, &b.column)));
    Ok(Build::new()
        .str("file", &rows.iter().map(|r| &r.place.file).collect::<Vec<_>>())
        .str("sheet", &rows.iter().map(|r| &r.place.sheet).collect::<Vec<_>>())
        .whole("row", rows.iter().map(|r| i64::try_from(r.place.row).ok()).collect())
        .text("column", rows.iter().map(|r| some(&r.column)).collect())
        .text("value", rows.iter().map(|r| veil.over(Some(&r.value)).filter(|v| !v.is_empty())).collect())
        .str("fate", &rows.iter().map(|r| if r.quarantined { "quarantined" } else { "flagged" }).collect::<Vec<_>>())
        .str(
            "doubt",
            &rows.iter().map(|r| r.say(ctx.lang)).map(|t| veil.over(Some(&t)).unwrap_or_default()).collect::<Vec<_>>(),
        )
        .done()?)
}

fn sheets(read: &Decisions) -> StageResult<DataFrame> {
    let counts: Vec<_> = read.counts().into_iter().collect();
    let whole = |pick: fn(&super::Counts) -> usize| counts.iter().map(|c| i64::try_from(pick(&c.1)).ok()).collect();
    Ok(Build::new()
        .str("file", &counts.iter().map(|c| &c.0.0).collect::<Vec<_>>())
        .str("sheet", &counts.iter().map(|c| &c.0.1).collect::<Vec<_>>())
        .whole("rows", whole(|c| c.rows))
        .whole("accepted", whole(|c| c.accepted))
        .whole("flagged", whole(|c| c.flagged))
        .whole("ignored", whole(|c| c.ignored))
        .whole("quarantined", whole(|c| c.quarantined))
        .done()?)
}
