//! Reading a journal and checking its chain.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Entry, GENESIS};
use crate::lang::Lang;
use crate::say;

/// What stands between a line's content and its own hash.
const OWN: &str = ",\"hash\":\"";

/// A journal as it lies on the disk.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// Lines that can be read, in their order.
    pub entries: Vec<Entry>,
    /// Lines there are.
    pub lines: usize,
    /// What does not hold.
    pub faults: Vec<Fault>,
    /// Lines that a killed run left unfinished and a later one told of.
    pub mended: Vec<usize>,
    /// Hash of the last line.
    pub last: Option<String>,
    /// The last line does not end.
    pub torn: bool,
}

/// Something that does not hold, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    pub kind: FaultKind,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Its content does not give its hash, or a later line knows it otherwise.
    Changed,
    /// It was put in: the next line follows the one before it.
    Inserted,
    /// So many lines were removed before it.
    Removed(u64),
    /// It does not end: a run was killed while writing, and none has come after.
    Cut,
}

impl Fault {
    /// The fault in the reader's language.
    pub fn say(&self, lang: Lang) -> String {
        match self.kind {
            FaultKind::Changed => say!(lang, "journal-changed", line = self.line),
            FaultKind::Inserted => say!(lang, "journal-inserted", line = self.line),
            FaultKind::Removed(n) => say!(lang, "journal-removed", line = self.line, n = n),
            FaultKind::Cut => say!(lang, "journal-cut", line = self.line),
        }
    }
}

/// A line as it is written: the content with its own hash behind it.
pub(super) fn line(entry: &Entry) -> String {
    let content = serde_json::to_string(entry).unwrap_or_default();
    let hash = blake3::hash(content.as_bytes()).to_hex();
    let open = content.strip_suffix('}').unwrap_or(&content);
    format!("{open}{OWN}{hash}\"}}")
}

/// The entry of a line whose own hash holds.
fn intact(line: &str) -> Option<Entry> {
    let (open, rest) = line.rsplit_once(OWN)?;
    let hash = rest.strip_suffix("\"}")?;
    let content = format!("{open}}}");
    if blake3::hash(content.as_bytes()).to_hex().as_str() != hash {
        return None;
    }
    serde_json::from_str(&content).ok()
}

pub(super) fn hash(line: &str) -> String {
    blake3::hash(line.as_bytes()).to_hex().to_string()
}

/// Reads the journal at `path`; `None` if there is none.
///
/// # Errors
/// It cannot be read.
pub fn read(path: &Path) -> std::io::Result<Option<Journal>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(read_text(&String::from_utf8_lossy(&bytes)))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Checks the chain of a journal's text.
pub fn read_text(text: &str) -> Journal {
    let torn = !text.is_empty() && !text.ends_with('\n');
    let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
    let lines: Vec<&str> = if text.is_empty() { Vec::new() } else { lines };
    let entries: Vec<Option<Entry>> = lines.iter().map(|l| intact(l)).collect();
    let hashes: Vec<String> = lines.iter().map(|l| hash(l)).collect();
    // Hash → place of the line behind it.
    let mut behind: BTreeMap<&str, usize> = BTreeMap::from([(GENESIS, 0)]);
    let mut faults = Vec::new();
    let mut mended = Vec::new();
    let fault = |line: usize, kind| Fault { line, kind };
    for at in 0..lines.len() {
        let before = if at == 0 { GENESIS } else { hashes[at - 1].as_str() };
        match &entries[at] {
            None => {
                let next = entries.get(at + 1).and_then(Option::as_ref);
                if next.is_some_and(|e| e.mends == Some(at + 1) && e.prev == hashes[at]) {
                    mended.push(at + 1);
                } else if torn && at + 1 == lines.len() {
                    faults.push(fault(at + 1, FaultKind::Cut));
                } else {
                    faults.push(fault(at + 1, FaultKind::Changed));
                }
            }
            Some(entry) if entry.prev != before => {
                let seq = at.checked_sub(1).and_then(|b| entries[b].as_ref()).map_or(0, |e| e.seq);
                if let Some(&from) = behind.get(entry.prev.as_str()) {
                    // The line follows an earlier one: what lies between was put in.
                    faults.extend((from..at).map(|i| fault(i + 1, FaultKind::Inserted)));
                } else if at > 0 && entries[at - 1].is_none() {
                    // The line before is named already.
                } else if entry.seq > seq + 1 {
                    faults.push(fault(at + 1, FaultKind::Removed(entry.seq - seq - 1)));
                } else {
                    faults.push(fault(at.max(1), FaultKind::Changed));
                }
            }
            Some(_) => {}
        }
        behind.insert(&hashes[at], at + 1);
    }
    faults.sort_by_key(|f| f.line);
    faults.dedup();
    Journal {
        lines: lines.len(),
        last: hashes.last().cloned(),
        entries: entries.into_iter().flatten().collect(),
        faults,
        mended,
        torn,
    }
}
