//! Findings about decisions, waivers and rules, from the journal and from sheets given now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::{Finding, Severity};
use crate::book::Book;
use crate::decisions::{GRANTED, TAKEN, gate_label, label};
use crate::frame::{self, FrameResult};
use crate::journal::{DecisionNote, Journal, Moved, WaiverNote};
use crate::run::Outcome;
use crate::say;
use crate::stage::{Context, StageResult};

pub(super) fn find(
    book: &Book,
    outcome: &Outcome,
    journal: Option<&Journal>,
    ctx: &Context,
) -> StageResult<Vec<Finding>> {
    let villages = book.tables.get("villages");
    let names: HashMap<&str, &str> =
        frame::words(villages, "village")?.into_iter().zip(frame::words(villages, "village_name")?).collect();
    let desk = Desk { ctx, names };
    let (decisions, waivers) = records(outcome, journal)?;
    let mut found = Vec::new();
    if let Some(journal) = journal {
        for fault in &journal.faults {
            found.push(desk.finding(
                &Record::default(),
                "journal_broken",
                Severity::Grave,
                fault.say(ctx.lang),
                "journal",
            ));
        }
    }
    let issued = issued(journal);
    let changes = changes(journal);
    for note in &decisions {
        desk.decision(note, &issued, &changes, &mut found);
    }
    for note in &waivers {
        desk.waiver(note, &mut found);
    }
    Ok(found)
}

/// Decisions and waivers of the journal and of the sheets given now, each once; a decision's latest
/// form counts.
fn records(outcome: &Outcome, journal: Option<&Journal>) -> FrameResult<(Vec<DecisionNote>, BTreeSet<WaiverNote>)> {
    let mut decisions: BTreeMap<String, DecisionNote> = BTreeMap::new();
    let mut waivers: BTreeSet<WaiverNote> = BTreeSet::new();
    for entry in journal.into_iter().flat_map(|j| &j.entries) {
        decisions.extend(entry.decisions.iter().map(|d| (d.rec_id.clone(), d.clone())));
        waivers.extend(entry.waivers.iter().cloned());
    }
    if let Some(table) = outcome.table(TAKEN) {
        decisions.extend(taken(table)?.into_iter().map(|d| (d.rec_id.clone(), d)));
    }
    if let Some(table) = outcome.table(GRANTED) {
        waivers.extend(granted(table)?);
    }
    Ok((decisions.into_values().collect(), waivers))
}

fn taken(table: &DataFrame) -> FrameResult<Vec<DecisionNote>> {
    let words = |column: &str| frame::words(table, column);
    let (id, list, county, township) = (words("rec_id")?, words("list")?, words("county")?, words("township")?);
    let (village, whom, decision) = (words("village")?, words("whom")?, words("decision")?);
    let (reason, body, date) = (words("reason")?, words("body")?, frame::dates(table, "date")?);
    Ok((0..table.height())
        .map(|row| DecisionNote {
            rec_id: id[row].into(),
            list: list[row].into(),
            county: county[row].into(),
            township: township[row].into(),
            village: village[row].into(),
            whom: whom[row].into(),
            decision: decision[row].into(),
            reasoned: !reason[row].is_empty(),
            body: body[row].into(),
            date: date[row],
        })
        .collect())
}

fn granted(table: &DataFrame) -> FrameResult<Vec<WaiverNote>> {
    let words = |column: &str| frame::words(table, column);
    let (county, township, village) = (words("county")?, words("township")?, words("village")?);
    let (candidate, gate, reason) = (words("candidate")?, words("gate")?, words("reason")?);
    let (body, state, date) = (words("body")?, words("state")?, frame::dates(table, "date")?);
    Ok((0..table.height())
        .map(|row| WaiverNote {
            county: county[row].into(),
            township: township[row].into(),
            village: village[row].into(),
            candidate: candidate[row].into(),
            gate: gate[row].into(),
            reason: reason[row].into(),
            body: body[row].into(),
            date: date[row],
            state: state[row].into(),
        })
        .collect())
}

/// ID → reference date of the first run that gave the advice.
fn issued(journal: Option<&Journal>) -> BTreeMap<&str, NaiveDate> {
    let mut first: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for entry in journal.into_iter().flat_map(|j| &j.entries) {
        if let Some(at) = entry.at {
            for id in &entry.advice.new {
                let day = first.entry(id).or_insert(at);
                *day = (*day).min(at);
            }
        }
    }
    first
}

/// A change of rules: when, which keys, and whom it moved.
struct Changed<'j> {
    at: NaiveDate,
    keys: Vec<&'j str>,
    moved: &'j [Moved],
}

fn changes(journal: Option<&Journal>) -> Vec<Changed<'_>> {
    let entries = journal.into_iter().flat_map(|j| &j.entries);
    entries
        .filter(|e| !e.changes.is_empty())
        .filter_map(|e| {
            let keys = e.changes.iter().map(|c| c.key.as_str()).collect();
            Some(Changed { at: e.at?, keys, moved: &e.moved })
        })
        .collect()
}

/// What a finding is about.
#[derive(Default)]
struct Record<'n> {
    county: &'n str,
    township: &'n str,
    village: &'n str,
    person: &'n str,
    date: Option<NaiveDate>,
    rec_id: &'n str,
}

struct Desk<'a> {
    ctx: &'a Context<'a>,
    names: HashMap<&'a str, &'a str>,
}

/// Keys of a change that a text names; more are counted.
const KEYS: usize = 3;

impl Desk<'_> {
    fn finding(&self, of: &Record, rule: &'static str, severity: Severity, text: String, basis: &str) -> Finding {
        Finding {
            rule,
            severity,
            county: of.county.to_owned(),
            township: of.township.to_owned(),
            village: of.village.to_owned(),
            village_name: self.names.get(of.village).copied().unwrap_or_default().to_owned(),
            person: of.person.to_owned(),
            date: of.date,
            text,
            basis: basis.to_owned(),
            rec_id: of.rec_id.to_owned(),
        }
    }

    fn decision(
        &self,
        note: &DecisionNote,
        issued: &BTreeMap<&str, NaiveDate>,
        changes: &[Changed],
        found: &mut Vec<Finding>,
    ) {
        let lang = self.ctx.lang;
        // What is decided after the reference date is not known yet.
        if note.date.is_some_and(|d| d > self.ctx.as_of) {
            return;
        }
        let record = Record {
            county: &note.county,
            township: &note.township,
            village: &note.village,
            person: &note.whom,
            date: note.date,
            rec_id: &note.rec_id,
        };
        let list = label(lang, &note.list);
        if note.decision == "not_adopted" && !note.reasoned {
            let text = say!(lang, "audit-against", list = list.as_str());
            found.push(self.finding(&record, "against_without_reason", Severity::Notice, text, "decisions"));
        }
        let Some(date) = note.date else { return };
        if let Some(first) = issued.get(note.rec_id.as_str()).filter(|first| date < **first) {
            let text = say!(lang, "audit-early", list = list.as_str(), date = date, advised = *first);
            found.push(self.finding(&record, "decided_before_advice", Severity::Notice, text, "journal"));
        }
        let days = i64::from(self.ctx.policy.audit.changed_days);
        for change in changes.iter().filter(|c| (0..=days).contains(&(date - c.at).num_days())) {
            let same = |m: &&Moved| {
                let village = !note.village.is_empty() && m.village == note.village;
                m.county == note.county
                    && (village || (note.village.is_empty() && m.village.is_empty() && m.township == note.township))
            };
            let Some(moved) = change.moved.iter().find(same) else { continue };
            let mut keys = change.keys.iter().take(KEYS).copied().collect::<Vec<_>>().join(", ");
            if change.keys.len() > KEYS {
                keys.push('…');
            }
            let moved_list = if moved.list == "grades" { lang.text("col-grade") } else { label(lang, &moved.list) };
            let text = say!(
                lang,
                "audit-changed",
                list = moved_list,
                at = change.at,
                keys = keys,
                date = date,
                days = (date - change.at).num_days()
            );
            found.push(self.finding(
                &record,
                "rule_changed_before_decision",
                Severity::Notice,
                text,
                "audit.changed_days",
            ));
        }
    }

    fn waiver(&self, note: &WaiverNote, found: &mut Vec<Finding>) {
        let lang = self.ctx.lang;
        let record = Record {
            county: &note.county,
            township: &note.township,
            village: &note.village,
            person: &note.candidate,
            date: note.date,
            rec_id: "",
        };
        let gate = gate_label(self.ctx.policy, lang, &note.gate);
        let lacking: Vec<String> =
            [("body", note.body.is_empty()), ("reason", note.reason.is_empty()), ("date", note.date.is_none())]
                .into_iter()
                .filter(|(_, lacking)| *lacking)
                .map(|(name, _)| lang.text(&format!("decisions-col-{name}")))
                .collect();
        let basis = format!("reserve.gates.{}", note.gate);
        if !lacking.is_empty() {
            let text =
                say!(lang, "audit-waiver", gate = gate.as_str(), lacking = lacking.join(&lang.text("list-comma")));
            found.push(self.finding(&record, "waiver_incomplete", Severity::Notice, text, &basis));
        }
        if note.state == "refused_hard" {
            let text = say!(lang, "audit-waiver-hard", gate = gate.as_str());
            found.push(self.finding(&record, "waiver_of_hard_bar", Severity::Grave, text, &basis));
        }
    }
}
