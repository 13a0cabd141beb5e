//! Which form of `touyan score` is meant: a county book, or any table of units.
//!
//! 1. A folder is a county book; so is anything without `--policy`.
//! 2. A single file with `--id`, `--class`, `--period`, `--sheet` or `--replay` is a table.
//! 3. Otherwise the policy decides. One that only fits a table makes it a table, one that only fits
//!    a county makes it a book. One that fits both is a county's if it names nothing but indicators
//!    and nodes that a county's default knows; else nobody can tell, and the program asks.

use std::path::Path;

use crate::cli::CliError;
use crate::cli::args::ScoreArgs;
use crate::index::{IndexFile, Overrides};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::say;

/// The form that is meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    Book,
    /// With its policy file.
    Table(&'a Path),
}

/// Keys of `[score]` that a county's policy does not have.
const OF_TABLES: [&str; 16] = [
    "title",
    "id",
    "period",
    "compare",
    "scope",
    "reference",
    "as_of",
    "screen",
    "impute",
    "outliers",
    "rule",
    "aggregate",
    "weights",
    "min_available",
    "bounds",
    "uncertainty",
];

/// Decides, or says what is missing.
pub(super) fn form<'a>(args: &'a ScoreArgs, lang: Lang) -> Result<Form<'a>, CliError> {
    let said = |id: &str| CliError::Said(lang.text(id));
    let asked = args.id.is_some()
        || args.class.is_some()
        || args.period.is_some()
        || args.sheet.is_some()
        || args.replay.is_some()
        || args.against.is_some();
    // What does not exist is told by whoever is to read it.
    let file = !args.book.is_dir();
    match (&args.policy, asked) {
        (_, true) if args.book.is_dir() => Err(said("score-form-folder")),
        (None, true) => Err(said("score-form-no-policy")),
        (Some(policy), true) => Ok(Form::Table(policy)),
        (Some(policy), false) if file => by_policy(policy, lang),
        _ => Ok(Form::Book),
    }
}

fn by_policy(path: &Path, lang: Lang) -> Result<Form<'_>, CliError> {
    // What cannot be read at all is told by whoever reads it first.
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(Form::Book) };
    let of_table = IndexFile::parse(&text, path, &Overrides::default()).is_ok();
    let of_county = Policy::parse(&text, path).is_ok();
    match (of_table, of_county) {
        (true, false) => Ok(Form::Table(path)),
        (false, true) => Ok(Form::Book),
        (true, true) if only_known(&text) => Ok(Form::Book),
        (true, true) => Err(CliError::Said(say!(lang, "score-form-both", policy = path.display().to_string()))),
        // Wrong either way: the error that helps is that of the form which the keys point to.
        (false, false) if points_to_table(&text) => Ok(Form::Table(path)),
        (false, false) => Ok(Form::Book),
    }
}

/// Does a policy name no indicator or node but those of the county's default?
fn only_known(text: &str) -> bool {
    let default = Policy::default().score;
    let known = |part: &str, key: &str| match part {
        "indicators" => default.indicators.contains_key(key),
        _ => default.nodes.contains_key(key),
    };
    ["indicators", "nodes"].into_iter().all(|part| {
        let own = section(text).and_then(|s| s.get(part).and_then(toml::Value::as_table).cloned());
        own.into_iter().flatten().all(|(key, _)| known(part, &key))
    })
}

/// Is `[score]` the only section, and does it hold a key that only tables have, or an indicator that
/// no county's default has?
fn points_to_table(text: &str) -> bool {
    let alone = toml::from_str::<toml::Table>(text).is_ok_and(|t| t.keys().all(|key| key == "score"));
    let keys = section(text).is_some_and(|s| OF_TABLES.iter().any(|key| s.contains_key(*key)));
    alone && (keys || !only_known(text))
}

fn section(text: &str) -> Option<toml::Table> {
    toml::from_str::<toml::Table>(text).ok()?.get("score")?.as_table().cloned()
}
