//! `run.json`: what went in, what was done, what came out. No clock, no path, no duration.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::folder::LOG;
use super::{AsOfSource, Audience, RunError, Stage};
use crate::lang::Lang;
use crate::scenario::Variant;

/// The log of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Version of touyan.
    pub version: String,
    /// Reference date.
    pub as_of: NaiveDate,
    pub as_of_source: AsOfSource,
    pub seed: u64,
    pub lang: Lang,
    pub audience: Audience,
    /// Tables were also written as CSV.
    pub csv: bool,
    /// BLAKE3 of the complete policy as written to `policy.toml`.
    pub policy: String,
    /// BLAKE3 of every file of the book that was read.
    pub inputs: BTreeMap<String, String>,
    /// BLAKE3 of every sheet of decisions that came back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub decisions: BTreeMap<String, String>,
    /// Rows per canonical table of the book.
    pub book: BTreeMap<String, usize>,
    /// The county that the report is about, if only one of many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<String>,
    pub stages: Vec<StageLog>,
    /// Fingerprint of the book's salt: person codes of two runs can be compared if it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// BLAKE3 of the `run.json` that this run was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The variants that were compared with the base: the output is one of `whatif`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whatif: Vec<Variant>,
    /// BLAKE3 of every output file.
    pub outputs: BTreeMap<String, String>,
}

/// One stage that ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageLog {
    pub stage: Stage,
    /// Rows per table it handed on.
    pub tables: BTreeMap<String, usize>,
}

impl Log {
    /// The log of an output folder.
    ///
    /// # Errors
    /// There is none, or it cannot be understood.
    pub fn read(folder: &Path) -> Result<Log, RunError> {
        let path = folder.join(LOG);
        let text = std::fs::read_to_string(&path).map_err(RunError::io(&path))?;
        serde_json::from_str(&text).map_err(|e| RunError::Broken { path, message: e.to_string() })
    }

    /// As it is written.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a log is plain data");
        text.push('\n');
        text
    }
}
