//! `--previous`: what changed since an earlier run, and whether data, policy or date caused it.
//!
//! The earlier output gives the old state. The worlds between the old and the new one are replayed:
//! the old policy on the new data, the new policy on the old data, and dates likewise. The old data
//! are those files of the book that the earlier run read, if they are all still there; where a file
//! was changed in place they are not at hand, and the replays use the new data alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::cause::{self, DATA, DATE, Factors, POLICY, State};
use super::compare::{Changes, Pair, compare, pairs, summary};
use super::error::PreviousError;
use super::list::{LISTS, named};
use super::side::{Members, Outputs, members, words_or_none};
use super::stale::{changed_sections, reads_otherwise, rerun, stale};
use crate::book::{self, Book, Tables};
use crate::frame;
use crate::policy::Policy;
use crate::run::{Audience, Given, Log, Options, Outcome, Progress, RunError, Stage, stages};
use crate::say;
use crate::stage::Context;

/// The run that is going on: everything that a replay needs.
#[derive(Clone, Copy)]
pub struct Now<'a> {
    pub book: &'a Book,
    /// Where the book lies, to find the files of the earlier run in it.
    pub at: book::At<'a>,
    pub policy: &'a Policy,
    pub options: &'a Options,
}

/// Compares `outcome` with the earlier run at `previous`, and adds what was found: the tables
/// `changes` and `changes_summary`, notes, and the hash of the earlier log.
///
/// # Errors
/// The folder is no output, is damaged, is of another county or salt, or a replay fails.
pub fn since(now: &Now, outcome: &mut Outcome, previous: &Path, progress: &dyn Progress) -> Result<(), RunError> {
    let old = Old::open(previous, now, outcome)?;
    let mut changes = crate::run::step(progress, "changes", || -> Result<Changes, RunError> {
        let mut after = outcome.tables.clone();
        if let Audience::Township(name) = &old.log.audience {
            of_township(&mut after, name);
        }
        let mut changes = compare(&old.tables, &after, now.options.lang).map_err(failed)?;
        let (sides, _) = pairs(&old.tables, &after);
        attribute(now, outcome, &old, &sides, &mut changes)?;
        Ok(changes)
    })?;
    outcome.notes.extend(notes(now, outcome.as_of, &old, &changes));
    changes.skipped.clear();
    outcome.tables.insert("changes", changes.table().map_err(failed)?);
    outcome.tables.insert("changes_summary", summary(&changes, (old.log.as_of, outcome.as_of)).map_err(failed)?);
    outcome.previous = Some(old.hash);
    Ok(())
}

fn failed(error: frame::FrameError) -> RunError {
    RunError::Report(error.to_string())
}

/// An earlier run.
struct Old {
    log: Log,
    /// BLAKE3 of its `run.json`.
    hash: String,
    policy: Policy,
    tables: Outputs,
    /// Its policy as this version writes it.
    policy_text: String,
}

impl Old {
    fn open(folder: &Path, now: &Now, outcome: &Outcome) -> Result<Old, PreviousError> {
        let at = || folder.to_owned();
        if !crate::run::is_output(folder) {
            return Err(PreviousError::NotAnOutput(at()));
        }
        let bytes = std::fs::read(folder.join("run.json")).map_err(|e| PreviousError::Damaged(at(), e.to_string()))?;
        let log = Log::read(folder).map_err(|e| match version(&bytes) {
            Some(version) if version != env!("CARGO_PKG_VERSION") => PreviousError::Version(at(), version),
            _ => PreviousError::Damaged(at(), e.to_string()),
        })?;
        if !log.whatif.is_empty() {
            return Err(PreviousError::WhatIf(at()));
        }
        intact(folder, &log)?;
        if let (Some(then), Some(here)) = (&log.salt, &now.book.salt_print)
            && then != here
        {
            let file = book::salt_file(now.at.path);
            return Err(match now.book.salt {
                Some(book::SaltOrigin::Derived) => PreviousError::NoSalt(at(), file),
                _ => PreviousError::Salt(at(), file),
            });
        }
        if let Audience::Township(name) = &log.audience
            && log.audience != now.options.audience
        {
            return Err(PreviousError::Township(at(), name.clone()));
        }
        let path = folder.join("policy.toml");
        let text = std::fs::read_to_string(&path).map_err(|e| PreviousError::Damaged(path.clone(), e.to_string()))?;
        let policy =
            Policy::parse(&text, &path).map_err(|e| PreviousError::Policy(at(), log.version.clone(), e.to_string()))?;
        let tables = tables(folder, &log)?;
        same_county(folder, &tables, &outcome.tables)?;
        let policy_text = policy.to_toml();
        Ok(Old { hash: blake3::hash(&bytes).to_hex().to_string(), log, policy, tables, policy_text })
    }
}

/// Tables and policy are as the run left them. A report that somebody opened and saved, or the lock
/// file of an office program beside it, does no harm here.
fn intact(folder: &Path, log: &Log) -> Result<(), PreviousError> {
    for (name, hash) in &log.outputs {
        if !name.ends_with(".parquet") && name != "policy.toml" {
            continue;
        }
        let path = folder.join(name);
        let bytes = std::fs::read(&path).map_err(|e| PreviousError::Damaged(path.clone(), e.to_string()))?;
        if blake3::hash(&bytes).to_hex().as_str() != hash {
            return Err(PreviousError::Changed(path));
        }
    }
    Ok(())
}

/// The version in a log that cannot be understood otherwise.
fn version(bytes: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    Some(value.get("version")?.as_str()?.to_owned())
}

/// The tables of an output that the lists and their reasons need.
fn tables(folder: &Path, log: &Log) -> Result<Outputs, PreviousError> {
    let names: BTreeSet<&'static str> = LISTS.iter().map(|l| l.table).chain(["contributions"]).collect();
    let mut tables = Outputs::new();
    for name in names {
        let file = format!("{name}.parquet");
        if !log.outputs.contains_key(&file) {
            continue;
        }
        let path = folder.join(&file);
        let table = frame::read_parquet(&path).map_err(|e| PreviousError::Damaged(path.clone(), e.to_string()))?;
        tables.insert(name, table);
    }
    Ok(tables)
}

/// Two runs that share no county or no village are of two counties.
fn same_county(folder: &Path, before: &Outputs, after: &Outputs) -> Result<(), PreviousError> {
    let villages = |tables: &Outputs, column: &str| -> BTreeSet<String> {
        let tables = ["scores", "ladder", "supervision"].iter().filter_map(|n| tables.get(n));
        let words = tables.flat_map(|t| words_or_none(t, column).into_iter().map(str::to_owned).collect::<Vec<_>>());
        words.filter(|w| !w.is_empty()).collect()
    };
    let apart = |column| {
        let (old, new) = (villages(before, column), villages(after, column));
        !old.is_empty() && !new.is_empty() && old.is_disjoint(&new)
    };
    // Village codes may coincide, as those of invented counties do; names of counties may not.
    if !apart("county") && !apart("village") {
        return Ok(());
    }
    let name = |tables| villages(tables, "county").into_iter().collect::<Vec<_>>().join(", ");
    Err(PreviousError::OtherCounty(folder.to_owned(), name(before), name(after)))
}

/// Rows of one township alone, where a table knows townships.
fn of_township(tables: &mut Outputs, township: &str) {
    for table in tables.values_mut() {
        let Ok(column) = frame::words(table, "township") else { continue };
        let mask: polars::prelude::BooleanChunked = column.iter().map(|t| Some(*t == township)).collect();
        if let Ok(cut) = table.filter(&mask) {
            *table = cut;
        }
    }
}

/// What differs between two runs besides the result.
fn changed(now: &Now, as_of: NaiveDate, old: &Old) -> Factors {
    let inputs: BTreeMap<&String, &String> = now.book.hashes.iter().map(|(n, h)| (n, h)).collect();
    let same_data = old.log.inputs.iter().collect::<BTreeMap<_, _>>() == inputs;
    let same_policy = old.policy_text == now.policy.to_toml();
    (if same_data { 0 } else { DATA })
        | (if same_policy { 0 } else { POLICY })
        | (if old.log.as_of == as_of { 0 } else { DATE })
}

/// Lays each change to its causes.
fn attribute(now: &Now, outcome: &Outcome, old: &Old, sides: &[Pair], changes: &mut Changes) -> Result<(), RunError> {
    let factors = changed(now, outcome.as_of, old);
    let wanted: BTreeSet<Stage> = changes.rows.iter().filter_map(|r| Some(named(r.list)?.stage)).collect();
    let mut worlds = Worlds { now, outcome, old, factors, wanted, data: BTreeMap::new(), seen: BTreeMap::new() };
    // With one factor there is nothing to tell apart.
    if factors.count_ones() > 1 && !changes.rows.is_empty() {
        for (factor, _) in cause::FACTORS.iter().filter(|(f, _)| factors & f != 0) {
            worlds.visit(*factor)?;
            worlds.visit(factors ^ factor)?;
        }
    }
    let pairs: BTreeMap<&str, &Pair> = sides.iter().map(|p| (p.list.name, p)).collect();
    for change in &mut changes.rows {
        let Some(pair) = pairs.get(change.list) else { continue };
        let known = |world: Factors| -> Option<State> {
            if world == 0 {
                Some(pair.before.get(&change.place))
            } else if world == factors {
                Some(pair.after.get(&change.place))
            } else {
                Some(worlds.seen.get(&world)?.get(change.list)?.get(&change.place))
            }
        };
        let causes = cause::causes(change, factors, &known);
        change.cause = causes.iter().map(|c| c.code()).collect::<Vec<_>>().join(";");
    }
    Ok(())
}

/// The worlds between the old run and the new one.
struct Worlds<'a> {
    now: &'a Now<'a>,
    outcome: &'a Outcome,
    old: &'a Old,
    factors: Factors,
    /// Stages whose lists changed.
    wanted: BTreeSet<Stage>,
    /// Data by (new?, read by the new policy?); `None` where the old data are not at hand.
    data: BTreeMap<(bool, bool), Option<Tables>>,
    /// The lists of each world that was replayed.
    seen: BTreeMap<Factors, BTreeMap<&'static str, Members>>,
}

impl Worlds<'_> {
    /// Replays a world, if its data are at hand.
    fn visit(&mut self, world: Factors) -> Result<(), RunError> {
        if world == 0 || world == self.factors || self.seen.contains_key(&world) {
            return Ok(());
        }
        // What did not change is as it is now.
        let new = |factor: Factors| world & factor != 0 || self.factors & factor == 0;
        let (new_data, new_policy, new_date) = (new(DATA), new(POLICY), new(DATE));
        let policy = if new_policy { self.now.policy } else { &self.old.policy };
        let as_of = if new_date { self.outcome.as_of } else { self.old.log.as_of };
        let options = self.now.options;
        let ctx = Context { policy, as_of, seed: options.seed, lang: options.lang };
        let wanted: Vec<Stage> = Stage::ALL.into_iter().filter(|s| self.wanted.contains(s)).collect();
        self.fetch(new_data, new_policy)?;
        let own = self.data.get(&(new_data, new_policy));
        let tables = match own {
            Some(None) => return Ok(()),
            Some(Some(tables)) => tables,
            None => &self.now.book.tables,
        };
        // Decisions came back after the old run: they belong to the new data.
        let waived = options.decisions.waivers().map_err(RunError::stage(Stage::Reserve))?;
        let orders = options.decisions.orders().map_err(RunError::stage(Stage::Reserve))?;
        let said = |table| new_data.then_some(table);
        let given = Given { scores: None, waived: said(&waived), orders: said(&orders) };
        // On today's data and date, only what the policy decides otherwise needs to run again.
        let mut outcome = if own.is_none() && new_date {
            let stale = stale(&changed_sections(self.now.policy, policy), &BTreeSet::new());
            rerun(self.outcome, stale, &wanted, tables, &ctx, given, &())?.0
        } else {
            stages(tables, &ctx, &wanted, given, &())?
        };
        if let Audience::Township(name) = &self.old.log.audience {
            of_township(&mut outcome.tables, name);
        }
        let lists = LISTS.iter().filter_map(|l| Some((l.name, members(l, &outcome.tables)?)));
        self.seen.insert(world, lists.collect());
        Ok(())
    }

    /// Reads the data of a world, unless they are those of the run.
    fn fetch(&mut self, new_data: bool, new_policy: bool) -> Result<(), RunError> {
        let key = (new_data, new_policy);
        let otherwise = !new_policy && reads_otherwise(&self.old.policy, self.now.policy);
        if self.data.contains_key(&key) || (new_data && !otherwise) {
            return Ok(());
        }
        // Read one way, the old data are the same under both policies.
        if let Some(same) = self.data.get(&(new_data, !new_policy))
            && !reads_otherwise(&self.old.policy, self.now.policy)
        {
            let same = same.clone();
            self.data.insert(key, same);
            return Ok(());
        }
        let policy = if new_policy { self.now.policy } else { &self.old.policy };
        let at = self.now.at;
        let read = if new_data {
            book::open_at(at, policy).map(Some)
        } else {
            book::open_as_of(at, policy, &self.old.log.inputs)
        };
        let read =
            read.map_err(|e| RunError::Broken { path: at.path.to_owned(), message: e.render(self.now.options.lang) })?;
        self.data.insert(key, read.map(|b| b.tables));
        Ok(())
    }
}

/// What a reader must know about the comparison.
fn notes(now: &Now, as_of: NaiveDate, old: &Old, changes: &Changes) -> Vec<String> {
    let lang = now.options.lang;
    let factors = changed(now, as_of, old);
    let mut notes = Vec::new();
    if old.log.version != env!("CARGO_PKG_VERSION") {
        notes.push(say!(lang, "changes-note-version", version = &old.log.version));
    }
    if old.log.seed != now.options.seed {
        notes.push(say!(lang, "changes-note-seed", then = old.log.seed, now = now.options.seed));
    }
    if factors & DATA != 0 && factors.count_ones() > 1 {
        let gone = lost(&now.book.hashes, &old.log.inputs);
        if !gone.is_empty() {
            notes.push(say!(
                lang,
                "changes-note-data",
                files = gone.len(),
                first = gone.first().map(PathBuf::from).unwrap_or_default().display().to_string()
            ));
        }
    }
    if !changes.skipped.is_empty() {
        let sign = if lang == crate::lang::Lang::Zh { "、" } else { ", " };
        let names: Vec<String> =
            changes.skipped.iter().map(|l| lang.text(&format!("code-list-{}", l.replace('_', "-")))).collect();
        notes.push(say!(lang, "changes-note-skipped", lists = names.join(sign)));
    }
    notes
}

/// Files of the earlier run that are no longer there as they were.
fn lost(now: &[(String, String)], then: &BTreeMap<String, String>) -> Vec<String> {
    let hashes: BTreeSet<&String> = now.iter().map(|(_, hash)| hash).collect();
    then.iter().filter(|(_, hash)| !hashes.contains(hash)).map(|(name, _)| name.clone()).collect()
}

/// Counts of a comparison by list for one line of text: new, gone, moved over all counties.
pub fn totals(summary: &DataFrame) -> Vec<(String, [i64; 3])> {
    let lists = words_or_none(summary, "list");
    let columns = ["new", "gone", "moved"].map(|c| frame::wholes(summary, c).unwrap_or_default());
    let mut totals: Vec<(String, [i64; 3])> = Vec::new();
    for (row, list) in lists.iter().enumerate() {
        let at = totals.iter().position(|(name, _)| name == list).unwrap_or_else(|| {
            totals.push(((*list).to_owned(), [0; 3]));
            totals.len() - 1
        });
        for (sum, column) in totals[at].1.iter_mut().zip(&columns) {
            *sum += column.get(row).copied().flatten().unwrap_or(0);
        }
    }
    totals
}
