//! Waivers of soft gates (豁免): each for one person and one gate, with reason, body and date.

use std::collections::HashMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::gates::{Finding, Level};
use crate::frame::{self, Build};
use crate::lang::Lang;
use crate::say;
use crate::stage::{Context, StageResult};

/// What was granted.
struct Grant<'a> {
    reason: &'a str,
    body: &'a str,
    date: NaiveDate,
}

/// The waivers in force on the reference date.
pub(super) struct Waived<'a> {
    lang: Lang,
    /// Person → gates, as places in the policy.
    of: HashMap<&'a str, Vec<(usize, Grant<'a>)>>,
}

/// No waiver.
pub(super) fn none() -> DataFrame {
    let build = Build::new().str::<&str>("candidate", &[]).str::<&str>("gate", &[]);
    let build = build.str::<&str>("reason", &[]).str::<&str>("body", &[]).date("date", vec![]);
    build.done().unwrap_or_default()
}

impl<'a> Waived<'a> {
    /// Reads the table; rows without reason, body or date, or dated after the reference date, do not
    /// count.
    pub fn read(table: &'a DataFrame, ctx: &Context) -> StageResult<Waived<'a>> {
        let (candidate, gate) = (frame::words(table, "candidate")?, frame::words(table, "gate")?);
        let (reason, body) = (frame::words(table, "reason")?, frame::words(table, "body")?);
        let date = frame::dates(table, "date")?;
        let mut of: HashMap<&str, Vec<(usize, Grant)>> = HashMap::new();
        for row in 0..table.height() {
            let place = ctx.policy.reserve.gates.get_index_of(gate[row]);
            let (Some(place), Some(date)) = (place, date[row].filter(|d| *d <= ctx.as_of)) else { continue };
            if !reason[row].is_empty() && !body[row].is_empty() {
                of.entry(candidate[row])
                    .or_default()
                    .push((place, Grant { reason: reason[row], body: body[row], date }));
            }
        }
        Ok(Waived { lang: ctx.lang, of })
    }

    fn grant(&self, person: &str, gate: usize) -> Option<&Grant<'a>> {
        self.of.get(person)?.iter().find(|(at, _)| *at == gate).map(|(_, grant)| grant)
    }

    /// The gates waived for a person, as bits.
    pub fn gates(&self, person: &str) -> u64 {
        self.of.get(person).into_iter().flatten().fold(0, |bits, (at, _)| bits | 1 << at)
    }

    /// Lifts a person's soft bars whose gate is waived; hard ones stay.
    pub fn lift(&self, person: &str, findings: &mut [Finding]) {
        if !self.of.contains_key(person) {
            return;
        }
        for finding in findings.iter_mut().filter(|f| f.level == Level::Soft) {
            if self.grant(person, finding.gate).is_some() {
                finding.level = Level::Waived;
            }
        }
    }

    /// A waived bar in words: what it is, who waived it, when and why.
    pub fn say(&self, person: &str, gate: usize, bar: &str) -> String {
        match self.grant(person, gate) {
            None => bar.to_owned(),
            Some(grant) => {
                say!(self.lang, "reserve-waived", bar = bar, body = grant.body, day = grant.date, reason = grant.reason)
            }
        }
    }
}
