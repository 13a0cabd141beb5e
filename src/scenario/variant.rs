//! Variants: named overrides of policy keys, people who leave, villages that merge. From `--set` and
//! from scenario files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::error::ScenarioError;
use crate::policy::{Policy, PolicyError, key_line};

/// A variant of the base, as `run.json` keeps it: people and villages under their keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Name, unique in a run.
    pub name: String,
    /// How a reader calls it.
    pub label: String,
    /// Overrides of the policy, as TOML.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub set: String,
    /// Surrogate codes of people who leave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<String>,
    /// Villages that merge, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merge: Vec<Merge>,
}

/// Villages that become part of another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The village that stays.
    pub into: String,
    /// Those that end.
    pub from: Vec<String>,
}

/// A variant as it was asked for, and where.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub variant: Variant,
    /// The scenario file, or `--set`.
    pub file: PathBuf,
    /// The scenario file's text, to find lines in.
    text: String,
}

/// A scenario file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenarios {
    scenarios: indexmap::IndexMap<String, Scenario>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    set: Table,
    #[serde(default)]
    leave: Vec<String>,
    #[serde(default)]
    merge: Vec<Merge>,
}

/// The variants of a scenario file, in its order.
///
/// # Errors
/// The file cannot be read, is no TOML, has an unknown key, or holds no variant.
pub fn read(path: &Path) -> Result<Vec<Asked>, ScenarioError> {
    let text = std::fs::read_to_string(path).map_err(|e| ScenarioError::Io(path.to_owned(), e.to_string()))?;
    parse(&text, path)
}

/// As [`read`], from text; `path` stands in messages.
///
/// # Errors
/// See [`read`].
pub fn parse(text: &str, path: &Path) -> Result<Vec<Asked>, ScenarioError> {
    let text = &quoted(text);
    let file: Scenarios = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
        ScenarioError::Toml(path.to_owned(), line, e.message().trim().replace('\n', " "))
    })?;
    if file.scenarios.is_empty() {
        return Err(ScenarioError::Empty(path.to_owned()));
    }
    let asked = file.scenarios.into_iter().map(|(name, scenario)| Asked {
        variant: Variant {
            label: scenario.label.unwrap_or_else(|| name.clone()),
            name,
            set: toml::to_string(&nested(scenario.set)).unwrap_or_default(),
            leave: scenario.leave,
            merge: scenario.merge,
        },
        file: path.to_owned(),
        text: text.to_owned(),
    });
    Ok(asked.collect())
}

/// Names of tables in quotes where TOML wants them: `[scenarios.方案]` is what a reader writes.
/// Lines stay where they are.
fn quoted(text: &str) -> String {
    let name = |part: &str| match part.trim() {
        bare if bare.is_ascii() || bare.contains(['"', '\'']) => part.to_owned(),
        bare => format!("\"{bare}\""),
    };
    let line = |line: &str| -> String {
        let Some((head, tail)) = line.rsplit_once(']').filter(|_| line.trim_start().starts_with('[')) else {
            return line.to_owned();
        };
        let inner = head.trim_start().trim_start_matches('[').trim_end_matches(']');
        // Only a table's name may stand here: a list goes on over commas.
        if inner.contains([',', '=', '"', '\'']) {
            return line.to_owned();
        }
        head.replacen(inner, &inner.split('.').map(name).collect::<Vec<_>>().join("."), 1) + "]" + tail
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The variant that the `--set KEY=VALUE` of a command line make together.
///
/// # Errors
/// One of them has no `=` or no key.
pub fn from_sets(sets: &[String], policy: &Policy) -> Result<Asked, ScenarioError> {
    let base: Table = toml::from_str(&policy.to_toml()).unwrap_or_default();
    let mut own = Table::new();
    for set in sets {
        let (key, value) = set.split_once('=').ok_or_else(|| ScenarioError::Set(set.clone()))?;
        let parts = path_of(key.trim()).ok_or_else(|| ScenarioError::Set(set.clone()))?;
        let value = value_of(value.trim(), at(&base, &parts));
        put(&mut own, &parts, value);
    }
    Ok(Asked {
        variant: Variant {
            name: "set".into(),
            label: sets.join(", "),
            set: toml::to_string(&own).unwrap_or_default(),
            ..Variant::default()
        },
        file: PathBuf::from("--set"),
        text: String::new(),
    })
}

/// Names must differ: a table tells variants apart by them.
///
/// # Errors
/// A name stands twice.
pub fn distinct(asked: &[Asked]) -> Result<(), ScenarioError> {
    let mut seen = BTreeSet::new();
    for one in asked {
        if !seen.insert(&one.variant.name) {
            return Err(ScenarioError::Twice(one.file.clone(), one.variant.name.clone()));
        }
    }
    Ok(())
}

impl From<Variant> for Asked {
    /// A variant from a log.
    fn from(variant: Variant) -> Self {
        Asked { variant, file: PathBuf::from("run.json"), text: String::new() }
    }
}

impl Asked {
    /// The policy of the variant.
    ///
    /// # Errors
    /// An override names an unknown key or a wrong value; the message names the nearest key.
    pub fn policy(&self, base: &Policy) -> Result<Policy, PolicyError> {
        let name = &self.variant.name;
        let line = |key: &str| {
            let nested = key_line(&self.text, &format!("scenarios.{name}.set.{key}"));
            nested.or_else(|| key_line(&self.text, &format!("scenarios.{name}")))
        };
        self.variant.policy(base, &self.file, line)
    }
}

impl Variant {
    pub(super) fn policy(
        &self,
        base: &Policy,
        file: &Path,
        line: impl Fn(&str) -> Option<usize>,
    ) -> Result<Policy, PolicyError> {
        if self.set.is_empty() {
            return Ok(base.clone());
        }
        let own: Table = toml::from_str(&self.set).map_err(|e| PolicyError::new(file, e.message()))?;
        let known: Table = toml::from_str(&base.to_toml()).unwrap_or_default();
        base.with(fit(own, &known), file, line)
    }
}

/// Values as the base's keys want them: a day written as a TOML day is text in a policy.
fn fit(own: Table, base: &Table) -> Table {
    let empty = Table::new();
    own.into_iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Table(table) => {
                    Value::Table(fit(table, base.get(&key).and_then(Value::as_table).unwrap_or(&empty)))
                }
                Value::Datetime(day) => Value::String(day.to_string()),
                value => value,
            };
            (key, value)
        })
        .collect()
}

/// Dotted keys as nested tables: `"reserve.suggestions" = 4` means what `reserve.suggestions = 4` does.
fn nested(set: Table) -> Table {
    let mut table = Table::new();
    for (key, value) in set {
        let value = match value {
            Value::Table(inner) => Value::Table(nested(inner)),
            value => value,
        };
        match path_of(&key) {
            Some(parts) if key.contains('.') => put(&mut table, &parts, value),
            _ => put(&mut table, &[key], value),
        }
    }
    table
}

/// The parts of a dotted key; quoted parts may hold dots. `None` if a part is empty.
fn path_of(key: &str) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    for c in key.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, '.') => parts.push(String::new()),
            (_, c) => parts.last_mut()?.push(c),
        }
    }
    let parts: Vec<String> = parts.into_iter().map(|p| p.trim().to_owned()).collect();
    (quote.is_none() && parts.iter().all(|p| !p.is_empty())).then_some(parts)
}

fn at<'t>(table: &'t Table, parts: &[String]) -> Option<&'t Value> {
    let (first, rest) = parts.split_first()?;
    let value = table.get(first)?;
    if rest.is_empty() { Some(value) } else { at(value.as_table()?, rest) }
}

fn put(table: &mut Table, parts: &[String], value: Value) {
    let Some((first, rest)) = parts.split_first() else { return };
    if !rest.is_empty() {
        let below = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
        // A key that is both a value and a table: the later one holds.
        if !below.is_table() {
            *below = Value::Table(Table::new());
        }
        if let Value::Table(below) = below {
            put(below, rest, value);
        }
        return;
    }
    match (table.get_mut(first), value) {
        (Some(Value::Table(below)), Value::Table(above)) => {
            for (key, value) in above {
                put(below, &[key], value);
            }
        }
        (_, value) => {
            table.insert(first.clone(), value);
        }
    }
}

/// A value of the command line: TOML, or a bare word where it is none, or where the key holds text.
fn value_of(text: &str, known: Option<&Value>) -> Value {
    let word = || Value::String(text.to_owned());
    let parsed = toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut t| t.remove("value"));
    match (parsed, known) {
        (None, _) => word(),
        (Some(Value::String(text)), _) => Value::String(text),
        (Some(Value::Datetime(_)), _) => word(),
        (Some(value), Some(Value::String(_))) if !value.is_table() && !value.is_array() => word(),
        (Some(value), _) => value,
    }
}
