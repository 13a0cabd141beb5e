//! What could not be judged, and why: on the first page of every output.

use std::collections::BTreeSet;

use super::matters::places;
use super::{Desk, TOP, Unjudged};
use crate::book::Finding;
use crate::report::Audience;
use crate::report::view::Rows;
use crate::say;

/// Every gap, whole stages first.
pub(super) fn all(desk: &Desk) -> Vec<Unjudged> {
    let mut gaps = stages(desk);
    gaps.extend(not_rated(desk));
    gaps.extend(to_clarify(desk));
    gaps.extend(reviews(desk));
    gaps.extend(unrecorded(desk));
    gaps.extend(ages(desk));
    gaps.extend(events(desk));
    gaps.extend(super::cultivate::unjudged(desk));
    gaps.extend(absent(desk));
    gaps.extend(reading(desk));
    gaps.extend(stray_counties(desk));
    gaps.extend(desk.input.notes.iter().map(|note| Unjudged {
        what: desk.lang.text("report-unjudged-note"),
        count: None,
        why: note.clone(),
    }));
    gaps
}

fn gap(desk: &Desk, id: &str, count: usize, why: String) -> Option<Unjudged> {
    (count > 0).then(|| Unjudged { what: desk.lang.text(&format!("report-unjudged-{id}")), count: Some(count), why })
}

/// A gap that counts people: in a summary a small number is not told.
fn people_gap(desk: &Desk, id: &str, count: usize) -> Option<Unjudged> {
    let mut found = gap(desk, id, count, why(desk, id))?;
    let small = desk.input.ctx.policy.privacy.is_small(i64::try_from(count).unwrap_or(i64::MAX));
    if small && !desk.people.internal() {
        found.count = None;
        found.why = format!("{}{}{}", found.why, desk.labels.comma(), desk.lang.text("privacy-few"));
    }
    Some(found)
}

fn why(desk: &Desk, id: &str) -> String {
    desk.lang.text(&format!("report-unjudged-{id}-why"))
}

fn stages(desk: &Desk) -> Vec<Unjudged> {
    let stages = [("scores", "score"), ("supervision", "supervise"), ("vacancies", "reserve"), ("ladder", "structure")];
    let missing = stages.iter().filter(|(table, _)| desk.source.outcome(table).is_none());
    missing
        .map(|(_, stage)| Unjudged {
            what: desk.lang.text(&format!("report-section-{stage}")),
            count: None,
            why: why(desk, "stage"),
        })
        .collect()
}

fn not_rated(desk: &Desk) -> Option<Unjudged> {
    let rows = desk.source.rows("scores");
    let picked: Vec<usize> =
        rows.numbers("score").iter().enumerate().filter(|(_, s)| s.is_none()).map(|(i, _)| i).collect();
    let place = places(desk, rows);
    let names: Vec<String> = picked.iter().take(TOP).map(|&i| place(i)).collect();
    let why = say!(
        desk.lang,
        "report-unjudged-not-rated-why",
        names = names.join(desk.labels.comma()),
        more = picked.len().saturating_sub(TOP)
    );
    gap(desk, "not-rated", picked.len(), why)
}

fn to_clarify(desk: &Desk) -> Option<Unjudged> {
    let n = desk.source.rows("supervision").which("status", &["to_clarify"]).len();
    gap(desk, "to-clarify", n, why(desk, "to-clarify"))
}

/// People in the pool without a joint review on record at the reference date.
fn reviews(desk: &Desk) -> Option<Unjudged> {
    let people = Rows::of(desk.source.book("people"));
    let as_of = desk.input.ctx.as_of;
    let reviewed: BTreeSet<&str> = people
        .words("person")
        .into_iter()
        .zip(people.dates("reviewed"))
        .filter(|(_, day)| day.is_some_and(|d| d <= as_of))
        .map(|(person, _)| person)
        .collect();
    let pool = Rows::of(desk.source.book("pool"));
    let status = pool.words("status");
    let persons = pool.words("person");
    let inside = persons.iter().zip(&status).filter(|(_, s)| **s == "in_pool" || s.is_empty());
    let n = inside.filter(|(person, _)| !reviewed.contains(**person)).count();
    people_gap(desk, "review", n)
}

/// Appraisals and filings of which no sheet holds a single one.
fn unrecorded(desk: &Desk) -> Vec<Unjudged> {
    let appraisals = desk.source.rows("pool_review").which("advice", &["unrecorded"]).len();
    let filings = desk.source.rows("unfiled").which("problem", &["unrecorded"]).len();
    let filings = gap(desk, "filing", filings, why(desk, "filing"));
    people_gap(desk, "appraise", appraisals).into_iter().chain(filings).collect()
}

/// Tables that no sheet holds, and columns of sheets that were not recognised: what rests on them
/// stays silent. A township is sent only some of the tables.
fn absent(desk: &Desk) -> Vec<Unjudged> {
    if matches!(desk.input.audience, Audience::Township(_)) {
        return Vec::new();
    }
    let comma = desk.labels.comma();
    let tables: Vec<String> = desk
        .input
        .tables
        .iter()
        .filter(|(_, frame)| frame.height() == 0)
        .map(|(table, _)| desk.lang.text(&format!("table-{}", table.name.replace('_', "-"))))
        .collect();
    let columns: Vec<String> = desk
        .input
        .check
        .sheets
        .iter()
        .flat_map(|s| s.unused.iter().map(|header| format!("{}“{header}”", s.file)))
        .collect();
    let named = columns.iter().take(2 * TOP).map(String::as_str).collect::<Vec<_>>().join(comma);
    let more = columns.len().saturating_sub(2 * TOP);
    let text = say!(desk.lang, "report-unjudged-columns-why", names = named, more = more);
    [
        gap(desk, "tables", tables.len(), say!(desk.lang, "report-unjudged-tables-why", names = tables.join(comma))),
        gap(desk, "columns", columns.len(), text),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn ages(desk: &Desk) -> Option<Unjudged> {
    let people = Rows::of(desk.source.book("people"));
    let n = people.dates("birth").iter().filter(|b| b.is_none()).count();
    people_gap(desk, "age", n)
}

fn events(desk: &Desk) -> Vec<Unjudged> {
    let rows = Rows::of(desk.source.book("events"));
    let as_of = desk.input.ctx.as_of;
    let (happened, recorded) = (rows.dates("date"), rows.dates("recorded"));
    let undated = recorded.iter().filter(|r| r.is_none()).count();
    let later = happened.iter().zip(&recorded).filter(|(h, r)| r.or(**h).is_some_and(|day| day > as_of)).count();
    [gap(desk, "recorded", undated, why(desk, "recorded")), gap(desk, "later", later, why(desk, "later"))]
        .into_iter()
        .flatten()
        .collect()
}

/// Rows whose village code makes a county of its own beside the main one.
fn stray_counties(desk: &Desk) -> Option<Unjudged> {
    let flags = desk.input.check.flags.iter().filter(|f| f.reason == "stray_county");
    let place = |f: &Finding| match f.sheet.as_str() {
        "" => format!("{}:{}", f.file, f.row),
        sheet => format!("{}#{sheet}:{}", f.file, f.row),
    };
    let places: Vec<String> = flags.map(place).collect();
    let shown = places.iter().take(TOP).map(String::as_str).collect::<Vec<_>>().join(desk.labels.comma());
    gap(desk, "stray-county", places.len(), say!(desk.lang, "report-unjudged-stray-county-why", places = shown))
}

fn reading(desk: &Desk) -> Vec<Unjudged> {
    let check = desk.input.check;
    let files: BTreeSet<&str> = check.not_read.iter().filter(|f| !f.passing()).map(|f| f.file.as_str()).collect();
    let names: Vec<&str> = files.iter().copied().take(TOP).collect();
    let unread = say!(desk.lang, "report-unjudged-unread-why", names = names.join(desk.labels.comma()));
    let quarantined = check.sheets.iter().flat_map(|s| s.quarantined.values()).sum();
    [gap(desk, "unread", files.len(), unread), gap(desk, "quarantine", quarantined, why(desk, "quarantine"))]
        .into_iter()
        .flatten()
        .collect()
}
