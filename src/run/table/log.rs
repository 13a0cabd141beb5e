//! `run.json` of a scored table. No clock, no path, no duration.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::run::RunError;
use crate::run::folder::LOG;

/// Tells the log of a table from that of a county.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    ScoreTable,
    MatchEdges,
}

/// The log of a scored table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableLog {
    pub kind: Kind,
    /// Version of touyan.
    pub version: String,
    /// The last period that was read; none without periods.
    pub as_of: Option<i64>,
    /// Seed of the random streams; none where nothing is drawn.
    pub seed: Option<u64>,
    pub lang: Lang,
    /// Tables were also written as CSV.
    pub csv: bool,
    /// Sheet of the workbook that was asked for.
    pub sheet: Option<String>,
    /// BLAKE3 of the policy in effect, as written to `policy.toml`.
    pub policy: String,
    /// BLAKE3 of the table's file.
    pub inputs: BTreeMap<String, String>,
    /// Is the table judged by the parameters of another result, `replay.json`?
    pub replay: bool,
    /// Is the policy compared with another one, `against.toml`?
    #[serde(default)]
    pub against: bool,
    /// Rows of the file: all, read, blank, of later periods.
    pub rows: BTreeMap<String, usize>,
    /// Rows per output table.
    pub tables: BTreeMap<String, usize>,
    /// BLAKE3 of every output file.
    pub outputs: BTreeMap<String, String>,
}

impl TableLog {
    /// The log of an output folder, if that is one of a scored table.
    ///
    /// # Errors
    /// There is a log of that kind, and it cannot be understood.
    pub fn read(folder: &Path) -> Result<Option<TableLog>, RunError> {
        let path = folder.join(LOG);
        let text = std::fs::read_to_string(&path).map_err(RunError::io(&path))?;
        let broken = |e: serde_json::Error| RunError::Broken { path: path.clone(), message: e.to_string() };
        let any: serde_json::Value = serde_json::from_str(&text).map_err(broken)?;
        if any.get("kind").and_then(serde_json::Value::as_str) != Some("score_table") {
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
