//! Any edge list, matched: vacancies, candidates and fits in, tables and log out. The same pure
//! function serves the command line and the replay of a verification.

mod log;
mod verify;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

pub use log::MatchLog;
pub(super) use verify::verify;

use super::table::{Kind, encode, publish};
use super::{File, Progress, RunError, same_on_every_system, step};
use crate::lang::Lang;
use crate::matching::{self, Counts, Grid, Inputs, MatchError, MatchFile, Overview, SolveError};
use crate::policy::{PolicyError, key_line, whole};
use crate::say;

/// The policy in effect.
const POLICY: &str = "policy.toml";

/// A policy for any edge list, and where it was read, for messages.
#[derive(Clone, Debug, Default)]
pub struct MatchSource {
    pub file: PathBuf,
    pub text: String,
    /// In effect: with what the command line laid over it.
    pub policy: MatchFile,
}

impl MatchSource {
    /// Reads and checks a policy file; `seed` is laid over it.
    ///
    /// # Errors
    /// The file cannot be read, is no TOML, has an unknown key or a wrong value, or contradicts
    /// itself: with the line and a remedy.
    pub fn load(file: &Path, seed: Option<u64>) -> Result<MatchSource, PolicyError> {
        let text = std::fs::read_to_string(file)
            .map_err(|e| PolicyError::new(file, format!("cannot read the policy: {e}")))?;
        let policy: MatchFile = whole(&text, file)?;
        MatchSource { file: file.to_owned(), text, policy }.with(seed)
    }

    /// The default policy.
    ///
    /// # Errors
    /// None: the default is no contradiction.
    pub fn without_file(seed: Option<u64>) -> Result<MatchSource, PolicyError> {
        MatchSource::default().with(seed)
    }

    fn with(mut self, seed: Option<u64>) -> Result<MatchSource, PolicyError> {
        self.policy.matching.seed = seed.unwrap_or(self.policy.matching.seed);
        match self.policy.matching.check() {
            Ok(()) => Ok(self),
            Err(flaw) => {
                let key = flaw.key.as_str();
                let told = |lang: Lang| say!(lang, "policy-key", key = key, message = flaw.render(lang));
                Err(PolicyError {
                    line: key_line(&self.text, key),
                    file: self.file,
                    message: told(Lang::En),
                    hint: None,
                    chinese: Some(told(Lang::Zh)),
                })
            }
        }
    }
}

/// An edge list, matched.
#[derive(Clone, Debug)]
pub struct Matched {
    pub counts: Counts,
    pub grid: Grid,
    /// BLAKE3 by name of file.
    pub hashes: BTreeMap<String, String>,
    /// Output tables by name, in their order.
    pub tables: Vec<(&'static str, DataFrame)>,
    pub overview: Overview,
    /// Where no solution satisfies every rule: which contradict each other, and what would do. The tables prove it.
    pub unmet: Option<String>,
}

impl Matched {
    /// An output table.
    pub fn table(&self, name: &str) -> Option<&DataFrame> {
        self.tables.iter().find(|(own, _)| *own == name).map(|(_, table)| table)
    }
}

/// Matches an edge list by a policy.
///
/// # Errors
/// A file, a table or the policy is wrong, or no solution satisfies every rule and that has no proof to be written.
pub fn match_edges(
    inputs: &Inputs,
    source: &MatchSource,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Matched, MatchError> {
    let policy = &source.policy.matching;
    let loaded = step(progress, "build", || matching::load(inputs, policy))?;
    let named = |e: &SolveError| matching::tell(e, &loaded, policy, lang, &matching::quota_name);
    let solved = step(progress, "solve", || matching::solve(&loaded.instance, policy));
    let (solved, unmet) = match solved {
        Ok(solved) => (solved, None),
        Err(error) => {
            let told = named(&error);
            match error {
                SolveError::Unmet(unmet) => (*unmet.refuted, Some(told)),
                _ => return Err(MatchError::Unsolvable(told)),
            }
        }
    };
    let explained = step(progress, "explain", || matching::explain(&loaded.instance, policy, &solved))
        .map_err(|e| MatchError::Unsolvable(named(&e)))?;
    let made = matching::Made { loaded: &loaded, policy, solved: &solved, explained: &explained, lang };
    let tables = step(progress, "tables", || matching::tables(&made)).map_err(|e| MatchError::Frame(e.to_string()))?;
    let overview = Overview::new(&made);
    let (counts, grid, hashes) = (loaded.counts, loaded.instance.grid, loaded.hashes);
    Ok(Matched { counts, grid, hashes, tables, overview, unmet })
}

/// All files but `run.json`, sorted by name, and that log. The bytes depend on tables, policy and
/// options alone.
///
/// # Errors
/// A table cannot be written.
pub fn match_files(
    matched: &Matched,
    inputs: &Inputs,
    source: &MatchSource,
    lang: Lang,
    csv: bool,
) -> Result<(Vec<File>, MatchLog), MatchError> {
    let mut files = encode(&matched.tables, csv).map_err(|e| MatchError::Frame(e.to_string()))?;
    let policy = toml::to_string(&source.policy).map_err(|e| MatchError::Frame(e.to_string()))?;
    files.push((POLICY.into(), policy.clone().into_bytes()));
    files.iter_mut().for_each(|(_, bytes)| same_on_every_system(bytes));
    files.sort();
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    let counts = &matched.counts;
    let rows = [
        ("all", counts.rows),
        ("read", counts.read),
        ("blank", counts.blank),
        ("unwilling", counts.unwilling),
        ("forbidden", counts.forbidden),
    ];
    let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let roles = [
        ("edges", Some(&inputs.edges)),
        ("vacancies", inputs.vacancies.as_ref()),
        ("candidates", inputs.candidates.as_ref()),
        ("conflicts", inputs.conflicts.as_ref()),
        ("previous", inputs.previous.as_ref()),
    ];
    let roles = roles.into_iter().filter_map(|(role, path)| Some((role.to_owned(), name(path?)))).collect();
    let log = MatchLog {
        kind: Kind::MatchEdges,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        lang,
        csv,
        policy: hash(policy.as_bytes()),
        inputs: matched.hashes.clone(),
        roles,
        grid: matched.grid,
        rows: rows.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
        tables: matched.tables.iter().map(|(name, table)| ((*name).to_owned(), table.height())).collect(),
        outputs: files.iter().map(|(name, bytes)| (name.clone(), hash(bytes))).collect(),
    };
    Ok((files, log))
}

/// Writes an output folder at `target`, whole or not at all; `timings` go to a file that the log
/// does not cover.
///
/// # Errors
/// See [`Folder::create`](super::Folder::create) and [`Folder::publish`](super::Folder::publish).
pub fn write_match(
    target: &Path,
    files: &[File],
    log: &MatchLog,
    timings: &BTreeMap<String, f64>,
) -> Result<(), RunError> {
    publish(target, files, &log.to_json(), timings)
}
