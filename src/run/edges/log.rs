//! `run.json` of a matched edge list. No clock, no path, no duration.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::matching::Grid;
use crate::run::RunError;
use crate::run::folder::LOG;
use crate::run::table::Kind;

/// The log of a matched edge list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchLog {
    pub kind: Kind,
    /// Version of touyan.
    pub version: String,
    pub lang: Lang,
    /// Tables were also written as CSV.
    pub csv: bool,
    /// BLAKE3 of the policy in effect, as written to `policy.toml`.
    pub policy: String,
    /// BLAKE3 of the files read.
    pub inputs: BTreeMap<String, String>,
    /// Which file is which: `edges`, `vacancies`, `candidates`, `conflicts`, `previous`.
    pub roles: BTreeMap<String, String>,
    /// The grid of fits.
    pub grid: Grid,
    /// Rows of the edge list: all, read, blank, unwilling, forbidden.
    pub rows: BTreeMap<String, usize>,
    /// Rows per output table.
    pub tables: BTreeMap<String, usize>,
    /// BLAKE3 of every output file.
    pub outputs: BTreeMap<String, String>,
}

impl MatchLog {
    /// The log of an output folder, if that is one of a matched edge list.
    ///
    /// # Errors
    /// There is a log of that kind, and it cannot be understood.
    pub fn read(folder: &Path) -> Result<Option<MatchLog>, RunError> {
        let path = folder.join(LOG);
        let text = std::fs::read_to_string(&path).map_err(RunError::io(&path))?;
        let broken = |e: serde_json::Error| RunError::Broken { path: path.clone(), message: e.to_string() };
        let any: serde_json::Value = serde_json::from_str(&text).map_err(broken)?;
        if any.get("kind").and_then(serde_json::Value::as_str) != Some("match_edges") {
            return Ok(None);
        }
        serde_json::from_value(any).map(Some).map_err(broken)
    }

    /// As it is written.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a log is plain data");
        text.push('\n');
        text
    }
}
