//! The journal: `<book>.journal.jsonl` beside the book. Every run adds one line, none is ever
//! rewritten; each line holds the BLAKE3 hash of the line before it and one of itself, so that a
//! line that was changed, removed or put in is found and named.
//!
//! It tells what no single output can: which keys of the policy changed since the last run and whom
//! that alone moved onto or off a list, who waived what and when, which advice is new, and which
//! runs showed names. It holds surrogate codes, never names. The clock is read here and nowhere
//! else: the journal is no output.

mod chain;
mod moves;
mod record;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::book;

pub use chain::{Fault, FaultKind, Journal, read, read_text};
pub use moves::{Moved, changes, moved};
pub use record::{Recorded, Run, append, record};

/// The journal of a book.
pub fn file(book: &Path) -> PathBuf {
    book::sibling(book, ".journal.jsonl")
}

/// The hash that stands before the first line.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// 1, 2, 3 …
    pub seq: u64,
    /// BLAKE3 of the previous line's bytes, without its line break.
    pub prev: String,
    /// `run`, or `mend` after a line that a killed run left unfinished.
    pub kind: String,
    /// Reference date of the run.
    pub at: Option<NaiveDate>,
    /// When the line was written, by the machine's clock, UTC.
    pub written: String,
    /// Version of touyan.
    pub version: String,
    /// All stages ran: the advice can be compared with that of other runs.
    pub complete: bool,
    pub policy: PolicyNote,
    /// Digest of the book's files.
    pub inputs: String,
    /// BLAKE3 of the output's `run.json`.
    pub output: Option<String>,
    pub audience: String,
    /// The output shows people's names.
    pub names_shown: bool,
    /// Keys of the policy that differ from the last run's.
    pub changes: Vec<Change>,
    /// Whom the change of policy alone moved: the old policy on this run's data against the new.
    pub moved: Vec<Moved>,
    /// Recommendations since the last complete run.
    pub advice: Delta,
    /// Waivers that the run was given and that no earlier line has.
    pub waivers: Vec<WaiverNote>,
    /// Decisions that the run was given and that no earlier line has.
    pub decisions: Vec<DecisionNote>,
    /// Decisions that the run was given, by word.
    pub counts: Counts,
    /// Of a `mend`: the line that is unfinished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mends: Option<usize>,
    /// What else is to be said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The policy of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyNote {
    /// BLAKE3 of the complete policy.
    pub hash: String,
    pub name: String,
    pub source: String,
    /// The complete policy, in the first line that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A key of the policy that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Dotted.
    pub key: String,
    /// `None`: the key is new.
    pub old: Option<String>,
    /// `None`: the key is gone.
    pub new: Option<String>,
}

/// Recommendations that are new, and that are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delta {
    pub new: Vec<String>,
    pub gone: Vec<String>,
}

/// A waiver.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct WaiverNote {
    pub county: String,
    pub township: String,
    pub village: String,
    pub candidate: String,
    pub gate: String,
    pub reason: String,
    pub body: String,
    pub date: Option<NaiveDate>,
    pub state: String,
}

/// A decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct DecisionNote {
    pub rec_id: String,
    pub list: String,
    pub county: String,
    pub township: String,
    pub village: String,
    pub whom: String,
    pub decision: String,
    pub reasoned: bool,
    pub body: String,
    pub date: Option<NaiveDate>,
}

/// Decisions by word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub adopted: usize,
    pub not_adopted: usize,
    pub deferred: usize,
}
