//! Verification in levels: hashes; sums and certificates from the output alone; full replay.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{BooleanChunked, DataFrame};
use serde::Serialize;

use super::edges::{self, MatchLog};
use super::folder::LOG;
use super::outputs::MATERIALS;
use super::table::{self, TableLog};
use super::{Formats, Log, Options, Progress, RunError, TIMINGS, encode, manifest, pipeline, whatif_files};
use crate::book::{self, Book};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::Audience;
use crate::reserve::Test;
use crate::{cultivate, decisions, frame, journal, matching, motivate, privacy, say, scenario};

/// How far verification went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Every file is there and unchanged since the run.
    Hashes,
    /// Contributions add up, gates hold, the assignment's prices prove it optimal.
    Certificates,
    /// Book and policy give the same bytes again.
    Replay,
}

/// One check that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub level: Level,
    /// Message ID of what was checked: `verify-…`.
    pub what: &'static str,
    /// How many things were checked.
    pub checked: usize,
    /// What does not hold; empty if all is well.
    pub differences: Vec<String>,
}

/// What verification found.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The highest level that holds with all below it; `None` if not even the hashes do.
    pub reached: Option<Level>,
    /// The highest level that was tried.
    pub tried: Level,
    pub checks: Vec<Check>,
}

impl Verdict {
    fn of(checks: Vec<Check>) -> Verdict {
        let holds = |level| checks.iter().filter(|c| c.level == level).all(|c| c.differences.is_empty());
        let tried = checks.iter().map(|c| c.level).max().unwrap_or(Level::Hashes);
        let reached = [Level::Hashes, Level::Certificates, Level::Replay]
            .into_iter()
            .filter(|l| *l <= tried)
            .take_while(|l| holds(*l))
            .last();
        Verdict { reached, tried, checks }
    }

    /// Did everything that was tried hold?
    pub fn holds(&self) -> bool {
        self.reached == Some(self.tried)
    }
}

/// What there is to verify an output folder against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// The book: a full replay.
    pub book: Option<&'a Path>,
    /// Output of the earlier run that this one was compared with, or near which it was matched.
    pub previous: Option<&'a Path>,
    /// Sheets of decisions that the run was given.
    pub decisions: &'a [PathBuf],
    /// Folder of corrected copies that the run was given.
    pub corrections: Option<&'a Path>,
}

impl<'a> Evidence<'a> {
    /// The book alone.
    pub fn book(path: &'a Path) -> Self {
        Evidence { book: Some(path), ..Evidence::default() }
    }
}

/// Verifies an output folder, as far as the evidence goes; what is missing is said in `lang`.
///
/// # Errors
/// The folder has no readable log, or the replay itself fails.
pub fn verify(folder: &Path, evidence: &Evidence, lang: Lang, progress: &dyn Progress) -> Result<Verdict, RunError> {
    if !folder.join(LOG).is_file() {
        return Err(RunError::NoOutput(folder.to_owned()));
    }
    if let Some(log) = TableLog::read(folder)? {
        return Ok(Verdict::of(table::verify(folder, evidence.book, &log, lang, progress)?));
    }
    if let Some(log) = MatchLog::read(folder)? {
        return Ok(Verdict::of(edges::verify(folder, evidence, &log, lang, progress)?));
    }
    let log = Log::read(folder)?;
    let mut checks = vec![hashes(folder, &log.outputs)?];
    checks.extend(certificates(folder, &log)?);
    if let Some(path) = evidence.book {
        // All that is missing is told at once.
        let missing = earlier(&log, evidence.previous, lang)?;
        let without = evidence.decisions.is_empty() && !log.decisions.is_empty();
        if !missing.is_empty() {
            checks.push(Check { level: Level::Replay, what: "verify-previous", checked: 1, differences: missing });
            if without {
                let needed = log.decisions.keys().map(|file| say!(lang, "verify-decisions-needed", file = file));
                let (checked, differences) = (log.decisions.len(), needed.collect());
                checks.push(Check { level: Level::Replay, what: "verify-decisions", checked, differences });
            }
        } else {
            checks.extend(replay(folder, path, evidence, &log, lang, progress)?);
        }
        // What-ifs are no runs of the county's year: they leave no line.
        if log.whatif.is_empty() {
            checks.extend(journal(folder, path, lang)?);
        }
    }
    Ok(Verdict::of(checks))
}

/// The chain of the journal beside the book, and that this very run stands in it.
fn journal(folder: &Path, book: &Path, lang: Lang) -> Result<Vec<Check>, RunError> {
    let path = journal::file(book);
    let Some(found) = journal::read(&path).map_err(RunError::io(&path))? else {
        return Ok(vec![Check {
            level: Level::Replay,
            what: "verify-no-journal",
            checked: 0,
            differences: Vec::new(),
        }]);
    };
    let mut differences: Vec<String> = found.faults.iter().map(|fault| fault.say(lang)).collect();
    let log = folder.join(LOG);
    let bytes = std::fs::read(&log).map_err(RunError::io(&log))?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    if !found.entries.iter().any(|entry| entry.output.as_deref() == Some(hash.as_str())) {
        differences.push(lang.text("journal-run-missing"));
    }
    let mut checks = vec![Check { level: Level::Replay, what: "verify-journal", checked: found.lines, differences }];
    if !found.mended.is_empty() {
        let what = "verify-journal-mended";
        checks.push(Check { level: Level::Replay, what, checked: found.mended.len(), differences: Vec::new() });
    }
    Ok(checks)
}

/// Every file of a log is there and unchanged, and there is no other.
pub(super) fn hashes(folder: &Path, outputs: &BTreeMap<String, String>) -> Result<Check, RunError> {
    let mut differences = Vec::new();
    for (name, hash) in outputs {
        match std::fs::read(folder.join(name)) {
            Ok(bytes) if blake3::hash(&bytes).to_hex().as_str() == hash => {}
            Ok(_) => differences.push(format!("{name}: changed since the run")),
            Err(error) => differences.push(format!("{name}: {error}")),
        }
    }
    let mut extra = Vec::new();
    names(folder, "", &mut extra)?;
    extra.retain(|n| n != LOG && n != TIMINGS && !outputs.contains_key(n));
    extra.sort();
    differences.extend(extra.into_iter().map(|n| format!("{n}: not written by the run")));
    Ok(Check { level: Level::Hashes, what: "verify-hashes", checked: outputs.len(), differences })
}

/// Names of all files below `folder`, parts joined by `/` as in the log.
fn names(folder: &Path, before: &str, found: &mut Vec<String>) -> Result<(), RunError> {
    for entry in std::fs::read_dir(folder).map_err(RunError::io(folder))?.flatten() {
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            names(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}

fn read(folder: &Path, log: &Log, name: &str) -> Result<Option<DataFrame>, RunError> {
    let file = format!("{name}.parquet");
    if !log.outputs.contains_key(&file) {
        return Ok(None);
    }
    let path = folder.join(file);
    match frame::read_parquet(&path) {
        Ok(table) => Ok(Some(table)),
        Err(error) => Err(RunError::Broken { path, message: error.to_string() }),
    }
}

/// What the proof of a matching shows, by its own summary.
pub(super) fn what_is_proved(summary: &DataFrame) -> &'static str {
    let item = |name| matching::certificate::item(summary, name);
    match item("proof") {
        Ok(3) => "verify-stable",
        Ok(4 | 5) => "verify-contradiction",
        Ok(2) => "verify-search",
        Ok(1) if item("gap").is_ok_and(|gap| gap > 0) => "verify-gap",
        _ => "verify-certificate",
    }
}

fn certificates(folder: &Path, log: &Log) -> Result<Vec<Check>, RunError> {
    let mut checks = Vec::new();
    let table = |name| read(folder, log, name);
    if let (Some(scores), Some(contributions)) = (table("scores")?, table("contributions")?) {
        checks.push(check("verify-sums", scores.height(), sums(&scores, &contributions)));
    }
    if let (Some(edges), Some(prices), Some(assignment), Some(summary)) =
        (table("edges")?, table("prices")?, table("assignment")?, table("match_summary")?)
    {
        if matches!(log.audience, Audience::Township(_)) {
            // The proof is about the whole county; a part of it proves nothing.
            checks.push(check("verify-certificate-township", 0, Vec::new()));
        } else {
            // Where the quotas contradict each other, nobody is chosen, and who stays is no part of the proof.
            let refuted = matches!(matching::certificate::item(&summary, "proof"), Ok(4 | 5));
            let stays = if refuted { None } else { table("chains")? };
            let chosen = with_stays(&assignment, stays).map_err(|e| e.to_string());
            let (quotas, people, posts) = (table("quotas")?, table("quota_people")?, table("quota_posts")?);
            // Who belongs to a quota's group tells of sex and age: summaries leave it out, and the rest is checked.
            let bounded = quotas.as_ref().is_some_and(|quotas| quotas.height() > 0);
            let withheld = bounded && people.is_none() && matches!(log.audience, Audience::Summary);
            let quotas = match (&quotas, &people, &posts) {
                (Some(quotas), Some(people), Some(posts)) => Some([quotas, people, posts]),
                _ => None,
            };
            let (stages, stage_prices) = (table("seat_stages")?, table("seat_prices")?);
            let (edges, prices, summary) = (&edges, &prices, &summary);
            let proved = chosen.and_then(|chosen| {
                let assignment = &chosen;
                let stages = stages.as_ref().zip(stage_prices.as_ref()).map(|(stages, prices)| [stages, prices]);
                let tables = matching::certificate::Tables { edges, prices, assignment, summary, quotas, stages };
                if withheld {
                    matching::certificate::check_pairs(&tables)
                } else {
                    matching::certificate::check(&tables).map(|_| ())
                }
            });
            let what = if withheld { "verify-certificate-quotas" } else { what_is_proved(summary) };
            checks.push(check(what, edges.height(), proved.err().into_iter().collect::<Vec<_>>()));
        }
        if let Some(bars) = table("bars")? {
            // Without it, which the hashes tell, every gate counts.
            let policy = policy(folder).ok();
            checks.push(check("verify-gates", assignment.height(), gates(&assignment, &bars, policy.as_ref())));
        }
    }
    // So are the places and the plan of training.
    let whole = !matches!(log.audience, Audience::Township(_));
    if let (true, Some(edges), Some(prices), Some(placements), Some(summary)) = (
        whole,
        table("placement_edges")?,
        table("placement_prices")?,
        table("placements")?,
        table("placement_summary")?,
    ) {
        let price = open_price(&summary, "placement_summary");
        let proved = price.and_then(|p| cultivate::verify_placements(&edges, &prices, &placements, p));
        checks.push(check("verify-placements", edges.height(), proved.err().into_iter().collect::<Vec<_>>()));
    }
    if let (true, Some(plan), Some(batches)) = (whole, table("training_plan")?, table("training_batches")?) {
        checks.push(check("verify-training", plan.height(), cultivate::verify_plan(&plan, &batches)));
    }
    if let (Some(pay), Some(parts)) = (table("pay_formula")?, table("pay_parts")?) {
        checks.push(check("verify-pay", pay.height(), motivate::verify_tables(&pay, &parts)));
    }
    Ok(checks)
}

fn check(what: &'static str, checked: usize, differences: impl IntoDifferences) -> Check {
    Check { level: Level::Certificates, what, checked, differences: differences.into() }
}

/// A list of differences, or why the table could not be read.
trait IntoDifferences {
    fn into(self) -> Vec<String>;
}

impl IntoDifferences for Vec<String> {
    fn into(self) -> Vec<String> {
        self
    }
}

impl IntoDifferences for frame::FrameResult<Vec<String>> {
    fn into(self) -> Vec<String> {
        self.unwrap_or_else(|e| vec![e.to_string()])
    }
}

/// The open price of a matching's summary, on the cost grid.
fn open_price(summary: &DataFrame, name: &str) -> Result<i64, String> {
    let items = frame::words(summary, "item").map_err(|e| e.to_string())?;
    let values = frame::wholes(summary, "value").map_err(|e| e.to_string())?;
    let place = items.iter().position(|i| *i == "open_price");
    place.and_then(|i| values[i]).ok_or_else(|| format!("{name}: no open_price"))
}

/// Scores and the sums of their contributions agree within this.
const SUM_TOLERANCE: f64 = 1e-9;

fn sums(scores: &DataFrame, contributions: &DataFrame) -> frame::FrameResult<Vec<String>> {
    let mut total: BTreeMap<&str, f64> = BTreeMap::new();
    let parts = frame::numbers(contributions, "contribution")?;
    for (village, part) in frame::words(contributions, "village")?.into_iter().zip(parts) {
        *total.entry(village).or_default() += part.unwrap_or(0.0);
    }
    let mut differences = Vec::new();
    let values = frame::numbers(scores, "score")?;
    for (village, score) in frame::words(scores, "village")?.into_iter().zip(values) {
        let sum = total.get(village).copied();
        match (score, sum) {
            (Some(score), Some(sum)) if (score - sum).abs() <= SUM_TOLERANCE => {}
            (Some(score), sum) => differences.push(format!(
                "{village}: score {score}, contributions {}",
                sum.map_or_else(|| "missing".to_owned(), |s| s.to_string())
            )),
            (None, _) => {}
        }
    }
    Ok(differences)
}

/// The pairs of the matching: those recommended, and the holders who stay in their posts.
fn with_stays(assignment: &DataFrame, chains: Option<DataFrame>) -> frame::FrameResult<DataFrame> {
    let pairs = assignment.select(PAIR)?;
    let Some(chains) = chains.filter(|chains| chains.height() > 0) else { return Ok(pairs) };
    let stays = frame::flags(&chains, "moves")?.into_iter().map(|moves| moves == Some(false));
    let stays: BooleanChunked = stays.collect();
    Ok(pairs.vstack(&chains.filter(&stays)?.select(PAIR)?)?)
}

/// What makes a pair in tables of a matching.
const PAIR: [&str; 4] = ["vacancy", "candidate", "fit", "cost"];

/// Nobody who is assigned has a hard bar, and nobody is assigned twice. Bars of gates that guard other posts
/// alone do not count, nor those of kinship, which bars in one village.
fn gates(assignment: &DataFrame, bars: &DataFrame, policy: Option<&Policy>) -> frame::FrameResult<Vec<String>> {
    let guards = |gate: &str, post: &str| {
        let gate = policy.and_then(|policy| policy.reserve.gates.get(gate));
        gate.is_none_or(|g| g.test != Test::Kin && (g.posts.is_empty() || g.posts.iter().any(|p| p == post)))
    };
    let hardness = frame::words(bars, "hardness")?;
    let gate = frame::words(bars, "gate")?;
    let mut barred: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for ((person, hardness), gate) in frame::words(bars, "candidate")?.into_iter().zip(hardness).zip(gate) {
        if hardness == "hard" {
            barred.entry(person).or_default().push(gate);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut differences = Vec::new();
    for (person, post) in frame::words(assignment, "candidate")?.into_iter().zip(frame::words(assignment, "post")?) {
        let gates = barred.get(person).into_iter().flatten().copied();
        let gates: Vec<&str> = gates.filter(|gate| guards(gate, post)).collect();
        if !gates.is_empty() {
            differences.push(format!("{person}: assigned in spite of {}", gates.join(", ")));
        }
        if !seen.insert(person) {
            differences.push(format!("{person}: assigned twice"));
        }
    }
    Ok(differences)
}

/// Is the earlier run at hand that this one was compared with? What is missing, if not.
fn earlier(log: &Log, previous: Option<&Path>, lang: Lang) -> Result<Vec<String>, RunError> {
    let Some(wanted) = &log.previous else { return Ok(Vec::new()) };
    let hash = |folder: &Path| -> Result<String, RunError> {
        let path = folder.join(LOG);
        let bytes = std::fs::read(&path).map_err(RunError::io(&path))?;
        Ok(blake3::hash(&bytes).to_hex().to_string())
    };
    Ok(match previous {
        None => vec![say!(lang, "verify-needs-previous", hash = wanted)],
        Some(folder) => match hash(folder)? {
            found if found == *wanted => Vec::new(),
            _ => {
                let path = folder.display().to_string();
                vec![say!(lang, "verify-other-previous", path = path, hash = wanted)]
            }
        },
    })
}

/// The policy of the run.
fn policy(folder: &Path) -> Result<Policy, RunError> {
    let path = folder.join("policy.toml");
    let text = std::fs::read_to_string(&path).map_err(RunError::io(&path))?;
    Policy::parse(&text, &path).map_err(|e| RunError::Broken { path, message: e.to_string() })
}

fn replay(
    folder: &Path,
    place: &Path,
    evidence: &Evidence,
    log: &Log,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Vec<Check>, RunError> {
    let policy = policy(folder)?;
    let at = book::At { path: place, corrections: evidence.corrections };
    let book: Book = super::step(progress, "read", || book::open_at(at, &policy))
        .map_err(|e| RunError::Broken { path: place.to_owned(), message: e.render(log.lang) })?;
    let read = decisions::read(evidence.decisions, &book, &policy, log.as_of, log.lang);
    let read = read.map_err(|e| RunError::Sheet(e.render(log.lang)))?;
    // Names may be masked in the log, so the hashes tell which sheets they were.
    let found = |files: &BTreeMap<String, String>, hash: &String| files.values().any(|h| h == hash);
    let given: BTreeMap<String, String> = read.files.iter().cloned().collect();
    let needed = log.decisions.iter().filter(|(_, hash)| !found(&given, hash));
    let mut differences: Vec<String> = needed
        .map(|(file, _)| match given.contains_key(file) {
            true => say!(lang, "verify-decisions-changed", file = file),
            false => say!(lang, "verify-decisions-needed", file = file),
        })
        .collect();
    let foreign =
        given.iter().filter(|(file, hash)| !found(&log.decisions, hash) && !log.decisions.contains_key(*file));
    differences.extend(foreign.map(|(file, _)| say!(lang, "verify-decisions-foreign", file = file)));
    if !differences.is_empty() {
        // A replay without them could only differ.
        let checked = given.len().max(log.decisions.len());
        return Ok(vec![Check { level: Level::Replay, what: "verify-decisions", checked, differences }]);
    }

    let options = Options {
        as_of: Some(log.as_of),
        seed: log.seed,
        lang: log.lang,
        audience: log.audience.clone(),
        stages: log.stages.iter().map(|s| s.stage).collect(),
        decisions: Arc::new(read),
    };
    let formats = Formats {
        csv: log.csv,
        report: log.outputs.contains_key("report.html"),
        materials: log.outputs.keys().any(|name| name.starts_with(MATERIALS)),
        county: log.county.clone(),
    };
    let whatif = !log.whatif.is_empty();
    let mut found = None;
    let outcome = if whatif {
        let asked: Vec<scenario::Asked> = log.whatif.iter().cloned().map(scenario::Asked::from).collect();
        let replayed = scenario::whatif(&book, at, &policy, &options, &asked, progress)
            .map_err(|e| RunError::Report(e.render(log.lang)))?;
        let found = found.insert(replayed);
        found.base.as_of_source = log.as_of_source;
        found.base.clone()
    } else {
        let mut outcome = pipeline(&book, &policy, &options, progress)?;
        outcome.as_of_source = log.as_of_source;
        if let (Some(_), Some(previous)) = (&log.previous, evidence.previous) {
            let now = scenario::Now { book: &book, at, policy: &policy, options: &options };
            scenario::since(&now, &mut outcome, previous, progress)?;
        }
        outcome
    };
    let shown = privacy::narrow(&book, &outcome, &policy, &options)?;
    // Files are named as the audience may see them.
    let inputs: BTreeMap<String, String> = shown.book().hashes.iter().cloned().collect();
    let names: std::collections::BTreeSet<&String> = inputs.keys().chain(log.inputs.keys()).collect();
    let changed: Vec<String> = names
        .iter()
        .filter(|name| inputs.get(**name) != log.inputs.get(**name))
        .map(|name| format!("{name}: not the file of the run"))
        .collect();
    let inputs = Check { level: Level::Replay, what: "verify-inputs", checked: names.len(), differences: changed };

    let (files, again) = match found {
        Some(found) => whatif_files(&book, &policy, &found, &options, log.csv)?,
        None => {
            let files = encode(&shown, &policy, &options, &formats, progress)?;
            let again = manifest(&shown, &policy, &options, &formats, &files);
            (files, again)
        }
    };
    let mut differences: Vec<String> = Vec::new();
    for (name, bytes) in &files {
        match std::fs::read(folder.join(name)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => differences.push(format!("{name}: the replay gives other bytes")),
            Err(error) => differences.push(format!("{name}: {error}")),
        }
    }
    if again.version != log.version {
        differences.push(format!("version: {} then, {} now", log.version, again.version));
    } else if again != *log && differences.is_empty() {
        differences.push("run.json: the replay gives another log".to_owned());
    }
    let outputs = Check { level: Level::Replay, what: "verify-replay", checked: files.len(), differences };
    Ok(vec![inputs, outputs])
}
