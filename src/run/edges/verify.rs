//! Verification of a matched edge list: hashes; the certificate; full replay.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::{MatchLog, MatchSource, POLICY, match_edges, match_files};
use crate::frame;
use crate::lang::Lang;
use crate::matching::certificate::{Tables, check};
use crate::matching::{Inputs, MatchError};
use crate::run::verify::{Check, Evidence, Level, hashes, what_is_proved};
use crate::run::{Progress, RunError};
use crate::say;

/// Checks an output folder, and replays it if the edge list is given: the other tables are looked
/// for beside it, under the names that the log has; an earlier result may be given too.
///
/// # Errors
/// A file of the folder cannot be understood, or the replay itself fails.
pub(in crate::run) fn verify(
    folder: &Path,
    evidence: &Evidence,
    log: &MatchLog,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Vec<Check>, RunError> {
    let mut checks = vec![hashes(folder, &log.outputs)?];
    let read = |name: &str| -> Result<DataFrame, RunError> {
        let path = folder.join(format!("{name}.parquet"));
        frame::read_parquet(&path).map_err(|e| RunError::Broken { path, message: e.to_string() })
    };
    let (list, prices) = (read("edges")?, read("prices")?);
    let (assignment, summary) = (read("assignment")?, read("match_summary")?);
    let (quotas, quota_people, quota_posts) = (read("quotas")?, read("quota_people")?, read("quota_posts")?);
    let (stages, stage_prices) = (read("seat_stages")?, read("seat_prices")?);
    let tables = Tables {
        edges: &list,
        prices: &prices,
        assignment: &assignment,
        summary: &summary,
        quotas: Some([&quotas, &quota_people, &quota_posts]),
        stages: Some([&stages, &stage_prices]),
    };
    let differences = check(&tables).err().into_iter().collect();
    let checked = list.height();
    checks.push(Check { level: Level::Certificates, what: what_is_proved(&summary), checked, differences });
    if let Some(edges) = evidence.book {
        checks.extend(replay(folder, edges, evidence.previous, log, lang, progress)?);
    }
    Ok(checks)
}

fn replay(
    folder: &Path,
    edges: &Path,
    previous: Option<&Path>,
    log: &MatchLog,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Vec<Check>, RunError> {
    let policy = folder.join(POLICY);
    let broken = |path: &Path, message: String| RunError::Broken { path: path.to_owned(), message };
    let source = MatchSource::load(&policy, None).map_err(|e| broken(&policy, e.to_string()))?;
    let beside = |role: &str| -> Option<PathBuf> {
        let name = log.roles.get(role)?;
        Some(edges.parent().map_or_else(|| PathBuf::from(name), |parent| parent.join(name)))
    };
    // An earlier result mostly lies elsewhere: a file, or the folder that has it.
    let earlier = match (log.roles.get("previous"), previous) {
        (Some(name), Some(path)) if path.is_dir() => Some(path.join(name)),
        (Some(_), Some(path)) => Some(path.to_owned()),
        _ => beside("previous"),
    };
    if let Some(name) = log.roles.get("previous").filter(|_| earlier.as_ref().is_none_or(|path| !path.is_file())) {
        let differences = vec![say!(lang, "verify-needs-earlier", file = name)];
        return Ok(vec![Check { level: Level::Replay, what: "verify-previous", checked: 1, differences }]);
    }
    let inputs = Inputs {
        edges: edges.to_owned(),
        vacancies: beside("vacancies"),
        candidates: beside("candidates"),
        conflicts: beside("conflicts"),
        previous: earlier,
    };
    let failed = |e: MatchError| broken(edges, e.render(lang));
    let matched = match_edges(&inputs, &source, log.lang, progress).map_err(failed)?;
    let (again, found) = match_files(&matched, &inputs, &source, log.lang, log.csv).map_err(failed)?;
    let same = |(name, hash): (&String, &String)| {
        (!log.inputs.values().any(|known| known == hash)).then(|| format!("{name}: not a file of the run"))
    };
    let inputs = Check {
        level: Level::Replay,
        what: "verify-inputs",
        checked: matched.hashes.len(),
        differences: matched.hashes.iter().filter_map(same).collect(),
    };
    let mut differences: Vec<String> = Vec::new();
    for (name, bytes) in &again {
        match std::fs::read(folder.join(name)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => differences.push(format!("{name}: the replay gives other bytes")),
            Err(error) => differences.push(format!("{name}: {error}")),
        }
    }
    // Files may have other names here; their hashes are compared above.
    let as_many = found.inputs.len() == log.inputs.len() && found.roles.keys().eq(log.roles.keys());
    let found = MatchLog { inputs: log.inputs.clone(), roles: log.roles.clone(), ..found };
    if found.version != log.version {
        differences.push(format!("version: {} then, {} now", log.version, found.version));
    } else if differences.is_empty() && !(as_many && found == *log) {
        differences.push("run.json: the replay gives another log".to_owned());
    }
    let outputs = Check { level: Level::Replay, what: "verify-replay", checked: again.len(), differences };
    Ok(vec![inputs, outputs])
}
