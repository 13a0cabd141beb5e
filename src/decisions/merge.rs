//! Several rows about one recommendation: later words complete earlier ones, and what contradicts
//! itself is told.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::lists::Advice;
use super::{Decided, Decisions, Fate, Place, Remark, What};
use crate::frame;

/// Brings rows about the same recommendation together, and repeated waivers.
///
/// Rows with one and the same decision complete each other: the latest word of each column counts.
/// Rows that differ: the latest dated counts, and the others are flagged as superseded; without
/// dates that tell which is later, none of them is used.
pub(super) fn merge(read: &mut Decisions) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut waived: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, row) in read.rows.iter().enumerate() {
        match &row.what {
            What::Decided(decided) => groups.entry(decided.rec_id.clone()).or_default().push(at),
            What::Waived(waiver) if matches!(row.fate, Fate::Accepted { .. }) => {
                waived.entry((waiver.candidate.clone(), waiver.gate.clone())).or_default().push(at);
            }
            _ => {}
        }
    }
    for rows in groups.values_mut().filter(|rows| rows.len() > 1) {
        one(read, rows);
    }
    // The latest waiver of a gate counts; the others say nothing new.
    for rows in waived.values_mut().filter(|rows| rows.len() > 1) {
        rows.sort_by_key(|at| match &read.rows[*at].what {
            What::Waived(waiver) => (waiver.date, read.rows[*at].place.clone()),
            _ => (None, read.rows[*at].place.clone()),
        });
        let last = rows.pop().unwrap_or_default();
        let place = read.rows[last].place.shown();
        for at in rows.iter() {
            flag(read, *at, "superseded", &place);
        }
    }
}

fn decided(read: &Decisions, at: usize) -> Option<&Decided> {
    match &read.rows[at].what {
        What::Decided(decided) => Some(decided),
        _ => None,
    }
}

fn one(read: &mut Decisions, rows: &mut [usize]) {
    rows.sort_by_key(|at| {
        let dates = decided(read, *at).map(|d| (d.date, d.done));
        (dates, read.rows[*at].place.clone())
    });
    let verdicts: BTreeSet<_> = rows.iter().filter_map(|at| decided(read, *at)).map(|d| d.decision).collect();
    if verdicts.len() > 1 {
        let last = rows.last().and_then(|at| decided(read, *at)).map(|d| (d.date, d.decision));
        let Some((date, verdict)) = last else { return };
        let clear = date.is_some()
            && rows
                .iter()
                .filter_map(|at| decided(read, *at))
                .all(|d| d.decision == verdict || (d.date.is_some() && d.date < date));
        if !clear {
            let places: Vec<String> = rows.iter().map(|at| read.rows[*at].place.shown()).collect();
            for (i, at) in rows.iter().enumerate() {
                let others: Vec<&str> =
                    places.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, p)| p.as_str()).collect();
                quarantine(read, *at, "contradiction", &others.join("; "));
            }
            return;
        }
        let place = rows.last().map(|at| read.rows[*at].place.shown()).unwrap_or_default();
        let older: Vec<usize> =
            rows.iter().copied().filter(|at| decided(read, *at).is_some_and(|d| d.decision != verdict)).collect();
        for at in older {
            flag(read, at, "superseded", &place);
        }
    }
    // Later words over earlier ones, in the latest row.
    let same: Vec<usize> = rows.iter().copied().filter(|at| decided(read, *at).is_some()).collect();
    let Some((last, earlier)) = same.split_last() else { return };
    let earlier: Vec<Decided> = earlier.iter().filter_map(|at| decided(read, *at).cloned()).collect();
    if let What::Decided(kept) = &mut read.rows[*last].what {
        for older in earlier.iter().rev() {
            kept.reason = kept.reason.take().or_else(|| older.reason.clone());
            kept.body = kept.body.take().or_else(|| older.body.clone());
            kept.date = kept.date.or(older.date);
            kept.due = kept.due.or(older.due);
            kept.done = kept.done.or(older.done);
            kept.outcome = kept.outcome.take().or_else(|| older.outcome.clone());
            kept.ours |= older.ours;
        }
    }
    for at in &same[..same.len() - 1] {
        read.rows[*at].what = What::Nothing;
    }
}

fn note(read: &mut Decisions, at: usize, reason: &'static str, value: &str, quarantined: bool) {
    let place = read.rows[at].place.clone();
    read.remarks.push(Remark { place, column: String::new(), value: value.to_owned(), reason, quarantined });
}

/// The row stays accepted, flagged, and is no longer used.
fn flag(read: &mut Decisions, at: usize, reason: &'static str, value: &str) {
    note(read, at, reason, value, false);
    read.rows[at].fate = Fate::Accepted { flagged: true };
    read.rows[at].what = What::Nothing;
}

fn quarantine(read: &mut Decisions, at: usize, reason: &'static str, value: &str) {
    note(read, at, reason, value, true);
    read.rows[at].fate = Fate::Quarantined(reason);
    read.rows[at].what = What::Nothing;
}

/// What only the run can tell: rows without a check code must be advice of this run; a waiver must
/// meet a soft bar, and a hard one stays.
pub(super) fn settle(read: &mut Decisions, advice: &[Advice], outcome: &BTreeMap<&'static str, DataFrame>) {
    let now: BTreeMap<&str, &Advice> = advice.iter().map(|a| (a.rec_id.as_str(), a)).collect();
    let bars = bars(outcome);
    for at in 0..read.rows.len() {
        let Place { .. } = read.rows[at].place;
        match &mut read.rows[at].what {
            What::Decided(decided) => match now.get(decided.rec_id.as_str()) {
                // A row without a check code may have been moved to another's ID.
                Some(found)
                    if !decided.ours
                        && (differ(&decided.township, &found.township)
                            || differ(&decided.village_name, &found.village_name)) =>
                {
                    let id = decided.rec_id.clone();
                    quarantine(read, at, "tampered", &id);
                }
                // The run knows best whom and what its advice is about.
                Some(found) => {
                    decided.list.clone_from(&found.list);
                    decided.county.clone_from(&found.county);
                    decided.township.clone_from(&found.township);
                    decided.village.clone_from(&found.village);
                    decided.village_name.clone_from(&found.village_name);
                    decided.whom.clone_from(&found.whom);
                }
                None if decided.ours => {}
                None => {
                    let id = decided.rec_id.clone();
                    quarantine(read, at, "unknown_id", &id);
                }
            },
            What::Waived(waiver) if waiver.state == "granted" => {
                let found = bars.get(&(waiver.candidate.as_str(), waiver.gate.as_str()));
                match found {
                    Some(levels) if levels.contains("hard") => {
                        waiver.state = "refused_hard";
                        let gate = waiver.gate.clone();
                        note(read, at, "refused_hard", &gate, true);
                        read.rows[at].fate = Fate::Quarantined("refused_hard");
                    }
                    Some(levels) if levels.contains("waived") => {}
                    _ => {
                        waiver.state = "not_needed";
                        let gate = waiver.gate.clone();
                        note(read, at, "not_needed", &gate, false);
                        read.rows[at].fate = Fate::Accepted { flagged: true };
                    }
                }
            }
            _ => {}
        }
    }
}

/// Do both name a place, and not the same one?
fn differ(written: &str, found: &str) -> bool {
    !written.is_empty() && !found.is_empty() && crate::book::value::fold(written) != crate::book::value::fold(found)
}

/// (candidate, gate) → levels of the bars.
fn bars<'a>(outcome: &'a BTreeMap<&'static str, DataFrame>) -> BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>> {
    let mut found: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let Some(table) = outcome.get("bars") else { return found };
    let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
    let (candidate, gate, level) = (words("candidate"), words("gate"), words("hardness"));
    for row in 0..table.height() {
        found.entry((candidate[row], gate[row])).or_default().insert(level[row]);
    }
    found
}
