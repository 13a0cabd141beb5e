//! Writing: one line per run, under a lock, behind what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use polars::prelude::DataFrame;

use super::chain::{self, Journal};
use super::{Counts, DecisionNote, Delta, Entry, GENESIS, PolicyNote, WaiverNote, changes, moved};
use crate::book::Book;
use crate::decisions::{GRANTED, TAKEN, collect};
use crate::frame;
use crate::policy::Policy;
use crate::run::{Audience, Log, Options, Outcome, Stage, pipeline};

/// What a line is written from.
pub struct Run<'a> {
    pub book: &'a Book,
    pub policy: &'a Policy,
    pub options: &'a Options,
    pub outcome: &'a Outcome,
    pub log: &'a Log,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Number of the line.
    pub line: usize,
    pub changes: usize,
    pub moved: usize,
    /// The line that a killed run left unfinished, now told of.
    pub mended: Option<usize>,
    /// What does not hold in the lines before.
    pub faults: Vec<chain::Fault>,
}

/// Adds the line of a run to the journal beside its book.
///
/// # Errors
/// The journal cannot be opened, locked or written: the run itself is not touched by that.
pub fn record(path: &Path, run: &Run) -> std::io::Result<Recorded> {
    append(path, |journal| entry(journal, run))
}

/// Adds a line that is made from what the journal holds, under a lock: of two runs at once the
/// second waits, and sees the first one's line. An unfinished last line is ended, never rewritten,
/// and a line of its own says so.
///
/// # Errors
/// See [`record`].
pub fn append(path: &Path, make: impl FnOnce(&Journal) -> Entry) -> std::io::Result<Recorded> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    lock(&file)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let mut journal = chain::read_text(&String::from_utf8_lossy(&bytes));
    let faults = journal.faults.iter().copied().filter(|f| f.kind != chain::FaultKind::Cut).collect();
    let mut text = String::new();
    let mut mended = None;
    if journal.torn {
        // The line break first: what is there stays as it is.
        let mut mend = Entry { kind: "mend".into(), mends: Some(journal.lines), written: now(), ..Entry::default() };
        mend.note = format!("line {} is unfinished: the run that wrote it was stopped", journal.lines);
        place(&mut mend, &journal);
        let line = chain::line(&mend);
        text = format!("\n{line}\n");
        mended = Some(journal.lines);
        journal.last = Some(chain::hash(&line));
        journal.lines += 1;
        journal.entries.push(mend);
        journal.torn = false;
    }
    let mut entry = make(&journal);
    place(&mut entry, &journal);
    text.push_str(&chain::line(&entry));
    text.push('\n');
    // One write: a killed run leaves at most one unfinished line.
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    Ok(Recorded { line: journal.lines + 1, changes: entry.changes.len(), moved: entry.moved.len(), mended, faults })
}

fn place(entry: &mut Entry, journal: &Journal) {
    entry.seq = journal.entries.last().map_or(0, |e| e.seq).max(journal.lines as u64) + 1;
    entry.prev = journal.last.clone().unwrap_or_else(|| GENESIS.to_owned());
}

/// Locks until the file is closed; the system frees the lock of a process that dies. Where the file
/// system knows no locks, appending in one write is all there is.
fn lock(file: &File) -> std::io::Result<()> {
    match file.lock() {
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => Ok(()),
        result => result,
    }
}

fn now() -> String {
    let now: chrono::DateTime<chrono::Utc> = std::time::SystemTime::now().into();
    now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn entry(journal: &Journal, run: &Run) -> Entry {
    let Run { book, policy, options, outcome, log } = run;
    let text = policy.to_toml();
    let texts: BTreeMap<&str, &str> =
        journal.entries.iter().filter_map(|e| Some((e.policy.hash.as_str(), e.policy.text.as_deref()?))).collect();
    let complete = Stage::ALL.iter().all(|s| options.stages.contains(s));
    let mut entry = Entry {
        kind: "run".into(),
        at: Some(outcome.as_of),
        written: now(),
        version: env!("CARGO_PKG_VERSION").into(),
        complete,
        policy: PolicyNote {
            hash: log.policy.clone(),
            name: policy.meta.name.clone(),
            source: policy.meta.source.clone(),
            text: (!texts.contains_key(log.policy.as_str())).then(|| text.clone()),
        },
        inputs: digest(&log.inputs),
        output: Some(blake3::hash(log.to_json().as_bytes()).to_hex().to_string()),
        audience: match &options.audience {
            Audience::Internal => "internal".into(),
            Audience::Township(township) => format!("township {township}"),
            Audience::Summary => "summary".into(),
        },
        names_shown: options.audience.sees_names(),
        ..Entry::default()
    };
    let last = journal.entries.iter().rev().find(|e| e.kind == "run" && e.complete);
    if let Some(last) = last.filter(|e| complete && e.policy.hash != log.policy) {
        match texts.get(last.policy.hash.as_str()) {
            Some(old) => {
                entry.changes = changes(old, &text);
                // The old policy on the new data: what differs, the policy alone has done.
                let replayed = Policy::parse(old, Path::new("journal")).map_err(|e| e.to_string()).and_then(|old| {
                    let options = Options { as_of: Some(outcome.as_of), ..(*options).clone() };
                    pipeline(book, &old, &options, &()).map_err(|e| e.to_string())
                });
                match replayed {
                    Ok(before) => entry.moved = moved(&before.tables, &outcome.tables, &book.tables),
                    Err(why) => entry.note = format!("the earlier policy cannot be replayed: {why}"),
                }
            }
            None => entry.note = "the text of the earlier policy is not in the journal".into(),
        }
    }
    if complete {
        let known = known(journal);
        let now: BTreeSet<String> = collect(&outcome.tables, &book.tables).into_iter().map(|a| a.rec_id).collect();
        entry.advice =
            Delta { new: now.difference(&known).cloned().collect(), gone: known.difference(&now).cloned().collect() };
    }
    decisions(&mut entry, journal, &outcome.tables);
    entry
}

/// One hash over the hashes of the book's files.
fn digest(files: &BTreeMap<String, String>) -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, hash) in files {
        hasher.update(format!("{name}\u{1f}{hash}\u{1e}").as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// The advice of the last complete run, from all deltas.
fn known(journal: &Journal) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for entry in journal.entries.iter().filter(|e| e.complete) {
        entry.advice.gone.iter().for_each(|id| {
            known.remove(id);
        });
        known.extend(entry.advice.new.iter().cloned());
    }
    known
}

fn decisions(entry: &mut Entry, journal: &Journal, outcome: &BTreeMap<&'static str, DataFrame>) {
    let waivers: BTreeSet<&WaiverNote> = journal.entries.iter().flat_map(|e| &e.waivers).collect();
    let taken: BTreeSet<&DecisionNote> = journal.entries.iter().flat_map(|e| &e.decisions).collect();
    if let Some(table) = outcome.get(GRANTED) {
        let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
        let (county, township, village) = (words("county"), words("township"), words("village"));
        let (candidate, gate, reason) = (words("candidate"), words("gate"), words("reason"));
        let (body, state) = (words("body"), words("state"));
        let date = frame::dates(table, "date").unwrap_or_else(|_| vec![None; table.height()]);
        for row in 0..table.height() {
            let note = WaiverNote {
                county: county[row].into(),
                township: township[row].into(),
                village: village[row].into(),
                candidate: candidate[row].into(),
                gate: gate[row].into(),
                reason: reason[row].into(),
                body: body[row].into(),
                date: date[row],
                state: state[row].into(),
            };
            if !waivers.contains(&note) {
                entry.waivers.push(note);
            }
        }
    }
    if let Some(table) = outcome.get(TAKEN) {
        let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
        let (id, list, county, township) = (words("rec_id"), words("list"), words("county"), words("township"));
        let (village, whom, decision) = (words("village"), words("whom"), words("decision"));
        let (reason, body) = (words("reason"), words("body"));
        let date = frame::dates(table, "date").unwrap_or_else(|_| vec![None; table.height()]);
        let mut counts = Counts::default();
        for row in 0..table.height() {
            match decision[row] {
                "adopted" => counts.adopted += 1,
                "not_adopted" => counts.not_adopted += 1,
                _ => counts.deferred += 1,
            }
            let note = DecisionNote {
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
            };
            if !taken.contains(&note) {
                entry.decisions.push(note);
            }
        }
        entry.counts = counts;
    }
}
