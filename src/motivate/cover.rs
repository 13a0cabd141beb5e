//! Pension and medical cover of those in post.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::facts::Facts;
use super::pay::keys;
use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::ident;
use crate::stage::Context;

/// One kind of cover, from the latest year with a record of it.
#[derive(Clone, Copy, Default)]
struct Cover {
    year: Option<i64>,
    held: Option<bool>,
    since: Option<NaiveDate>,
}

impl Cover {
    const fn code(self) -> &'static str {
        match self.held {
            Some(true) => "covered",
            Some(false) => "gap",
            None => "unknown",
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Record<'a> {
    pension: Cover,
    medical: Cover,
    payer: Option<(i64, &'a str)>,
}

/// Person → what the table `pay` says, years that had begun by the reference date alone. Of two
/// records of one year that differ, the gap counts: it is the one to be looked into.
fn records<'a>(tables: &'a Tables, ctx: &Context) -> FrameResult<HashMap<&'a str, Record<'a>>> {
    let table = tables.get("pay");
    let (person, year) = (frame::words(table, "person")?, frame::wholes(table, "year")?);
    let covers = [
        (frame::flags(table, "pension")?, frame::dates(table, "pension_since")?),
        (frame::flags(table, "medical")?, frame::dates(table, "medical_since")?),
    ];
    let payer = frame::texts(table, "payer")?;
    let mut found: HashMap<&str, Record> = HashMap::new();
    for row in 0..table.height() {
        let Some(year) = year[row].filter(|y| *y <= i64::from(ctx.as_of.year())) else { continue };
        let record = found.entry(person[row]).or_default();
        for (cover, (held, since)) in [&mut record.pension, &mut record.medical].into_iter().zip(&covers) {
            let Some(held) = held[row] else { continue };
            let newer = cover.year.is_none_or(|before| year > before);
            let worse = cover.year == Some(year) && !held;
            if newer || worse {
                let since = since[row].filter(|day| held && *day <= ctx.as_of);
                *cover = Cover { year: Some(year), held: Some(held), since };
            }
        }
        if let Some(code) = payer[row] {
            record.payer = record.payer.max(Some((year, code)));
        }
    }
    Ok(found)
}

/// Table `cover_gaps`: see [`super::Motivate`].
pub(super) fn table(tables: &Tables, facts: &Facts, ctx: &Context) -> FrameResult<DataFrame> {
    let records = records(tables, ctx)?;
    let holders = facts.holders_of(|post| ctx.policy.motivate.posts.get(post).copied());
    let of: Vec<Record> = holders.iter().map(|h| records.get(h.person).copied().unwrap_or_default()).collect();
    let state = |record: &Record| {
        let codes = [record.pension.code(), record.medical.code()];
        ["gap", "unknown", "covered"].into_iter().find(|code| codes.contains(code)).unwrap_or("unknown")
    };
    let rec_id = holders.iter().zip(&of).map(|(holder, record)| {
        let what = match state(record) {
            "gap" => "cover",
            "unknown" => "cover_record",
            _ => return None,
        };
        Some(ident::recommendation(what, holder.person, "motivate.cover"))
    });
    keys(holders.iter().copied())
        .whole("year", of.iter().map(|r| r.pension.year.max(r.medical.year)).collect())
        .str("pension", &of.iter().map(|r| r.pension.code()).collect::<Vec<_>>())
        .date("pension_since", of.iter().map(|r| r.pension.since).collect())
        .str("medical", &of.iter().map(|r| r.medical.code()).collect::<Vec<_>>())
        .date("medical_since", of.iter().map(|r| r.medical.since).collect())
        .text("payer", of.iter().map(|r| r.payer.map(|(_, code)| code)).collect())
        .str("state", &of.iter().map(state).collect::<Vec<_>>())
        .text("rec_id", rec_id.collect())
        .done()
}
