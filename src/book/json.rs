//! `check --json`: what was found, as one JSON document.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use super::Book;
use super::report::SheetReport;
use super::schema::Vocab;
use crate::frame::{self, FrameResult};
use crate::policy::Policy;

/// The document: `files` (per file `rows, accepted, ignored, quarantined, flagged, repaired`, the
/// last four by reason, and the same for each sheet under `sheets`), `tables` (row counts and a few
/// sums), `not_read`, `as_of` (the reference date, given or found), `reference_period`.
pub fn report_json(book: &Book, policy: &Policy, as_of: impl Into<Option<NaiveDate>>) -> Value {
    // Tables always have the columns of their schema.
    document(book, policy, as_of.into().or(book.as_of())).unwrap_or_else(|e| json!({"error": e.to_string()}))
}

fn document(book: &Book, policy: &Policy, as_of: Option<NaiveDate>) -> FrameResult<Value> {
    let mut files: BTreeMap<&str, Vec<&SheetReport>> = BTreeMap::new();
    for sheet in &book.report.sheets {
        files.entry(&sheet.file).or_default().push(sheet);
    }
    let files: Vec<Value> = files.into_iter().map(|(file, sheets)| file_json(file, &sheets)).collect();
    let not_read: Vec<Value> =
        book.report.not_read.iter().map(|n| json!({"file": n.file, "reason": n.reason, "detail": n.detail})).collect();
    let period = reference_period(book, as_of)?;
    Ok(json!({
        "files": files,
        "tables": tables(book, policy, period)?,
        "not_read": not_read,
        "corrections": book.report.corrections,
        "as_of": as_of.map(|d| d.to_string()),
        "as_of_found": book.as_of_found.map(|d| d.to_string()),
        "latest": book.latest.map(|d| d.to_string()),
        "reference_period": period,
    }))
}

fn file_json(file: &str, sheets: &[&SheetReport]) -> Value {
    let sum = |of: fn(&SheetReport) -> &BTreeMap<String, usize>| {
        let mut all: BTreeMap<&str, usize> = BTreeMap::new();
        for sheet in sheets {
            for (reason, count) in of(sheet) {
                *all.entry(reason).or_default() += count;
            }
        }
        all
    };
    let detail: Vec<Value> = sheets
        .iter()
        .map(|s| {
            json!({
                "sheet": s.sheet, "tables": s.tables, "rows": s.rows, "accepted": s.accepted,
                "ignored": s.ignored, "quarantined": s.quarantined, "flagged": s.flagged,
                "repaired": s.repaired, "unused": s.unused,
            })
        })
        .collect();
    json!({
        "file": file,
        "rows": sheets.iter().map(|s| s.rows).sum::<usize>(),
        "accepted": sheets.iter().map(|s| s.accepted).sum::<usize>(),
        "ignored": sum(|s| &s.ignored),
        "quarantined": sum(|s| &s.quarantined),
        "flagged": sum(|s| &s.flagged),
        "repaired": sum(|s| &s.repaired),
        "sheets": detail,
    })
}

/// The latest period that had ended at the reference date; the running year only if there is no
/// other.
fn reference_period(book: &Book, as_of: Option<NaiveDate>) -> FrameResult<Option<i64>> {
    let periods = frame::wholes(book.tables.get("indicators"), "period")?;
    let Some(day) = as_of else { return Ok(periods.into_iter().flatten().max()) };
    let ended = last_ended(day);
    let past = periods.iter().flatten().filter(|p| **p <= ended).max();
    Ok(past.or_else(|| periods.iter().flatten().filter(|p| **p == ended + 1).max()).copied())
}

/// The last calendar year that had ended on a day; 31 December ends its own.
pub(super) fn last_ended(day: NaiveDate) -> i64 {
    let year = i64::from(day.year());
    if (day.month(), day.day()) == (12, 31) { year } else { year - 1 }
}

fn tables(book: &Book, policy: &Policy, period: Option<i64>) -> FrameResult<Value> {
    let mut all = Map::new();
    for (table, rows) in book.tables.iter() {
        let mut entry = Map::new();
        entry.insert("rows".into(), json!(rows.height()));
        match table.name {
            "events" => {
                entry.insert("kinds".into(), json!(counts(rows, "kind", Vocab::EventKind, policy)?));
            }
            "posts" => {
                let holders = frame::texts(rows, "person")?;
                entry.insert("vacant".into(), json!(holders.iter().filter(|p| p.is_none()).count()));
                entry.insert("posts".into(), json!(counts(rows, "post", Vocab::Post, policy)?));
            }
            "villages" => {
                let sum: i64 = frame::wholes(rows, "population")?.into_iter().flatten().sum();
                entry.insert("population".into(), json!(sum));
                let weak = frame::flags(rows, "weak")?.into_iter().filter(|w| *w == Some(true)).count();
                entry.insert("weak".into(), json!(weak));
            }
            "indicators" => {
                let years = frame::wholes(rows, "period")?;
                let income = frame::numbers(rows, "collective_income")?;
                let of_year: Vec<f64> =
                    years.iter().zip(income).filter(|(y, _)| **y == period).filter_map(|(_, x)| x).collect();
                entry.insert("collective_income_wan".into(), json!(crate::kernel::round::to(sum(&of_year), 6)));
                entry.insert("period".into(), json!(period));
            }
            "people" => {
                entry.insert("sources".into(), json!(counts(rows, "source", Vocab::Source, policy)?));
                entry.insert(
                    "political_status".into(),
                    json!(counts(rows, "political_status", Vocab::PoliticalStatus, policy)?),
                );
            }
            "pool" => {
                let people = book.tables.get("people");
                let codes = frame::texts(people, "person")?;
                let at: std::collections::HashMap<&str, usize> =
                    codes.iter().enumerate().filter_map(|(i, c)| c.map(|c| (c, i))).collect();
                let members: Vec<usize> =
                    frame::texts(rows, "person")?.into_iter().flatten().filter_map(|p| at.get(p).copied()).collect();
                for (key, column, vocab) in
                    [("sources", "source", Vocab::Source), ("status", "political_status", Vocab::PoliticalStatus)]
                {
                    let codes = frame::texts(people, column)?;
                    let mut found: BTreeMap<String, usize> = BTreeMap::new();
                    for code in members.iter().filter_map(|i| codes[*i]) {
                        *found.entry(policy.words.zh(vocab, code).to_owned()).or_default() += 1;
                    }
                    entry.insert(key.into(), json!(found));
                }
                entry.insert("pool_status".into(), json!(counts(rows, "status", Vocab::PoolStatus, policy)?));
            }
            _ => {}
        }
        all.insert(table.name.to_owned(), Value::Object(entry));
    }
    Ok(Value::Object(all))
}

/// Rows by word; a word that the policy does not know stands for itself.
fn counts(
    rows: &polars::prelude::DataFrame,
    column: &str,
    vocab: Vocab,
    policy: &Policy,
) -> FrameResult<BTreeMap<String, usize>> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for code in frame::texts(rows, column)?.into_iter().flatten() {
        *found.entry(policy.words.zh(vocab, code).to_owned()).or_default() += 1;
    }
    Ok(found)
}

/// A sum that does not drift: compensated (Neumaier), in the order of the rows.
fn sum(values: &[f64]) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for x in values {
        let next = total + x;
        lost += if total.abs() >= x.abs() { (total - next) + x } else { (x - next) + total };
        total = next;
    }
    total + lost
}
