//! Loading: the embedded default, a county's file laid over it, and errors that say where.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Policy;
use super::plain::plain;
use crate::lang::Lang;
use crate::say;

/// The default policy, one commented TOML file in parts.
const DEFAULT: &str = concat!(
    include_str!("default/meta.toml"),
    include_str!("default/score.toml"),
    include_str!("default/supervise.toml"),
    include_str!("default/reserve.toml"),
    include_str!("default/structure.toml"),
    include_str!("default/cultivate.toml"),
    include_str!("default/motivate.toml"),
    include_str!("default/audit.toml"),
    include_str!("default/privacy.toml"),
    include_str!("default/book.toml"),
    include_str!("default/words.toml"),
);

/// The commented default policy, as `touyan init` writes it.
pub fn default_text() -> &'static str {
    DEFAULT
}

/// The JSON schema of a complete policy, as text that ends with a line break.
pub fn schema_json() -> String {
    let schema = schemars::schema_for!(Policy);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    text.push('\n');
    text
}

/// What is wrong with a policy: file, line (where known), what, and how to mend it.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {message}{}", file.display(), line.map(|l| format!(":{l}")).unwrap_or_default(), hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
pub struct PolicyError {
    /// File, or `--set` for an override.
    pub file: PathBuf,
    /// 1-based line.
    pub line: Option<usize>,
    /// What is wrong; names the key.
    pub message: String,
    /// The nearest key, or another remedy.
    pub hint: Option<String>,
    /// Message and remedy in Chinese, where the catalogue has them.
    pub chinese: Option<String>,
}

impl PolicyError {
    /// The message in the reader's language, with its place.
    pub fn render(&self, lang: Lang) -> String {
        let file = self.file.display().to_string();
        let message = match &self.hint {
            _ if lang == Lang::Zh && self.chinese.is_some() => self.chinese.clone().unwrap_or_default(),
            Some(hint) => format!("{} ({hint})", self.message),
            None => self.message.clone(),
        };
        match self.line {
            Some(line) => say!(lang, "policy-error-line", file = file, line = line, message = message),
            None => say!(lang, "policy-error", file = file, message = message),
        }
    }

    pub(crate) fn new(file: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        PolicyError { file: file.into(), line: None, message: message.into(), hint: None, chinese: None }
    }
}

impl Default for Policy {
    /// The embedded default. The test `policy::default_is_valid` guards it.
    fn default() -> Self {
        toml::from_str(DEFAULT).expect("the embedded policy is valid")
    }
}

impl Policy {
    /// The default with the county's own file, if any, laid over it, then checked.
    ///
    /// # Errors
    /// The file cannot be read, is no TOML, has an unknown key or a wrong value, or the result
    /// contradicts itself (a weight on nothing, a band that is empty …).
    pub fn load(file: Option<&Path>) -> Result<Policy, PolicyError> {
        match file {
            None => Ok(Policy::default()),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|e| PolicyError::new(path, format!("cannot read the policy: {e}")))?;
                Policy::parse(&text, path)
            }
        }
    }

    /// As [`Policy::load`], from text; `name` stands in messages.
    ///
    /// # Errors
    /// See [`Policy::load`].
    pub fn parse(text: &str, name: &Path) -> Result<Policy, PolicyError> {
        let own: Table = toml::from_str(text).map_err(|e| PolicyError {
            file: name.to_owned(),
            line: e.span().map(|s| line_of(text, s.start)),
            message: e.message().trim().to_owned(),
            hint: None,
            chinese: None,
        })?;
        let base: Table = toml::from_str(DEFAULT).expect("the embedded policy is valid");
        settle(base, own, name, |key| find_line(text, key))
    }

    /// This policy with some keys overridden, checked as a file is. `name` stands in messages;
    /// `line` knows where a dotted key was written, if anywhere.
    ///
    /// # Errors
    /// See [`Policy::load`]. A key that leads into a table that does not exist names the nearest.
    pub fn with(&self, own: Table, name: &Path, line: impl Fn(&str) -> Option<usize>) -> Result<Policy, PolicyError> {
        let base: Table = toml::from_str(&self.to_toml()).expect("a policy is plain data");
        let stray = stray(&base, &own, "");
        settle(base, own, name, &line).map_err(|error| match stray {
            Some((key, near)) if error.hint.is_none() => PolicyError {
                file: name.to_owned(),
                line: line(&key),
                message: say!(Lang::En, "policy-unknown-key", key = key.as_str()),
                chinese: Some(with_nearest(
                    say!(Lang::Zh, "policy-unknown-key", key = key.as_str()),
                    near.as_deref(),
                    Lang::Zh,
                )),
                hint: near.map(|near| say!(Lang::En, "policy-nearest", word = near)),
            },
            _ => error,
        })
    }

    /// The policy as TOML, complete, in the order of the default file.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a policy is plain data")
    }

    /// Contradictions that types cannot express: the key and what is wrong with it.
    fn check(&self) -> Result<(), (String, String)> {
        if let Some(day) = &self.meta.election_day
            && day.parse::<chrono::NaiveDate>().is_err()
        {
            return Err(("meta.election_day".into(), format!("`{day}` is no date like 2026-12-31")));
        }
        let percent = self.book.stray_percent;
        if !(0.0..=100.0).contains(&percent) {
            return Err(("book.stray_percent".into(), format!("{percent} is no share from 0 to 100")));
        }
        self.score.check(&self.words)?;
        self.supervise.check(&self.words)?;
        self.reserve.check(&self.words)?;
        self.structure.check(&self.words)?;
        self.cultivate.check(&self.words)?;
        self.motivate.check(&self.words, &self.reserve)?;
        self.audit.check(&self.words)?;
        self.privacy.check()
    }
}

/// Lays `own` over `base` and checks the whole.
fn settle(
    mut base: Table,
    own: Table,
    name: &Path,
    line: impl Fn(&str) -> Option<usize>,
) -> Result<Policy, PolicyError> {
    lay_over(&mut base, own, "").map_err(|key| PolicyError {
        file: name.to_owned(),
        line: line(&key),
        message: format!("`{key}`: a list where a table belongs"),
        hint: Some(format!("write `[{key}]`, or one `[{key}.<name>]` for each")),
        chinese: None,
    })?;
    let policy: Policy = typed(&base).map_err(|told| {
        let line = line(&told.key);
        told.at(name, line)
    })?;
    policy.check().map_err(|(key, message)| PolicyError {
        file: name.to_owned(),
        line: line(&key),
        message: format!("`{key}`: {message}"),
        hint: None,
        chinese: None,
    })?;
    Ok(policy)
}

/// A policy of another shape that stands alone, with no default below it; errors are those of a
/// county's policy.
///
/// # Errors
/// The text is no TOML, or has an unknown key or a wrong value.
pub(crate) fn whole<T: serde::de::DeserializeOwned>(text: &str, name: &Path) -> Result<T, PolicyError> {
    let table: Table = toml::from_str(text).map_err(|e| PolicyError {
        file: name.to_owned(),
        line: e.span().map(|s| line_of(text, s.start)),
        message: e.message().trim().to_owned(),
        hint: None,
        chinese: None,
    })?;
    typed(&table).map_err(|told| {
        let line = find_line(text, &told.key);
        told.at(name, line)
    })
}

/// What is wrong with the shape of a policy.
struct Told {
    message: String,
    hint: Option<String>,
    chinese: String,
    /// The dotted key.
    key: String,
}

impl Told {
    fn at(self, name: &Path, line: Option<usize>) -> PolicyError {
        let Told { message, hint, chinese, .. } = self;
        PolicyError { file: name.to_owned(), line, message, hint, chinese: Some(chinese) }
    }
}

/// A message with the nearest word that exists, if there is one.
fn with_nearest(message: String, nearest: Option<&str>, lang: Lang) -> String {
    match nearest {
        Some(word) => {
            say!(lang, "policy-with-hint", message = message, hint = say!(lang, "policy-nearest", word = word))
        }
        None => message,
    }
}

/// The policy that a table holds; else what is wrong, a remedy, and the key.
fn typed<T: serde::de::DeserializeOwned>(table: &Table) -> Result<T, Told> {
    serde_path_to_error::deserialize(Value::Table(table.clone())).map_err(|e| {
        let path = e.path().to_string();
        explain(&e.into_inner().message().replace('\n', " "), &path, table)
    })
}

/// The first key of `own` that `base` does not have, and the nearest beside it.
fn stray(base: &Table, own: &Table, path: &str) -> Option<(String, Option<String>)> {
    own.iter().find_map(|(key, value)| match (base.get(key), value) {
        (None, _) => {
            let near = base.keys().min_by_key(|k| strsim::damerau_levenshtein(k, key));
            Some((dotted(path, key), near.cloned()))
        }
        (Some(Value::Table(below)), Value::Table(above)) => stray(below, above, &dotted(path, key)),
        _ => None,
    })
}

/// The key that tells which keys a table has.
const TAG: &str = "type";

/// Tables merge key by key; everything else is replaced. So is a rule of another `type`: it has
/// other parameters. The error is the key of a list that would
/// take a table's place: serde would read it as the table's values in their order.
fn lay_over(base: &mut Table, own: Table, path: &str) -> Result<(), String> {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => {
                let retyped = above.get(TAG).is_some_and(|tag| below.get(TAG).is_some_and(|old| old != tag));
                if retyped {
                    *below = above;
                } else {
                    lay_over(below, above, &dotted(path, &key))?;
                }
            }
            (Some(Value::Table(_)), Value::Array(_)) => return Err(dotted(path, &key)),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
    Ok(())
}

fn dotted(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Makes serde's message ours: the dotted key that is wrong, and the nearest key that exists.
fn explain(message: &str, path: &str, table: &Table) -> Told {
    let Some(rest) = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))
    else {
        let told = |lang: Lang| {
            let (message, key) = plain(message, table, path, lang);
            (say!(lang, "policy-key", key = key.as_str(), message = message), key)
        };
        let (message, key) = told(Lang::En);
        return Told { message, hint: None, chinese: told(Lang::Zh).0, key };
    };
    let (unknown, rest) = rest.split_once('`').unwrap_or((rest, ""));
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let is_field = message.starts_with("unknown field");
    let parent = path.strip_suffix(unknown).map_or(path, |p| p.trim_end_matches('.'));
    let key = if !is_field {
        path.to_owned()
    } else if parent.is_empty() || parent == "." {
        unknown.to_owned()
    } else {
        format!("{parent}.{unknown}")
    };
    // A key that begins alike is likelier meant than one that is merely as long.
    let unlike = |k: &str| !(k.starts_with(unknown) || (!k.is_empty() && unknown.starts_with(k)));
    let nearest = known.iter().map(|k| (unlike(k), strsim::damerau_levenshtein(k, unknown), *k)).min().map(|(.., k)| k);
    let what = |lang: Lang| match is_field {
        true => say!(lang, "policy-unknown-key", key = key.as_str()),
        false => {
            let known = known.join(&lang.text("list-comma"));
            say!(lang, "policy-unknown-word", key = key.as_str(), word = unknown, known = known)
        }
    };
    Told {
        message: what(Lang::En),
        hint: nearest.map(|word| say!(Lang::En, "policy-nearest", word = word)),
        chinese: with_nearest(what(Lang::Zh), nearest, Lang::Zh),
        key,
    }
}

/// The 1-based line of a dotted key in a TOML text, of the deepest part that stands there.
pub(crate) fn key_line(text: &str, path: &str) -> Option<usize> {
    find_line(text, path)
}

/// The 1-based line of byte `at`.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

/// The line of a dotted key in the county's file: the deepest part of the path that stands there.
fn find_line(text: &str, path: &str) -> Option<usize> {
    let document: toml_edit::Document<String> = text.to_owned().parse().ok()?;
    let mut table: &dyn toml_edit::TableLike = document.as_table();
    let mut found = None;
    for part in path.split('.') {
        let part = part.split('[').next().unwrap_or(part);
        let (key, item) = table.get_key_value(part)?;
        found = key.span().or_else(|| item.span()).map(|s| line_of(text, s.start)).or(found);
        match item.as_table_like() {
            Some(next) => table = next,
            None => return found,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(base: &str, own: &str) -> Result<String, String> {
        let (mut base, own): (Table, Table) = (toml::from_str(base).unwrap(), toml::from_str(own).unwrap());
        lay_over(&mut base, own, "")?;
        Ok(toml::to_string(&base).unwrap())
    }

    #[test]
    fn a_table_that_changes_its_type_is_replaced() {
        let base = "[i.rule]\ntype = 'goalposts'\nlow = 0\nhigh = 100\n";
        assert_eq!(laid(base, "i.rule.high = 90").unwrap(), "[i.rule]\ntype = \"goalposts\"\nlow = 0\nhigh = 90\n");
        assert_eq!(laid(base, "i.rule = {type = 'goalposts', high = 90}").unwrap().matches("low").count(), 1);
        assert_eq!(laid(base, "i.rule = {type = 'rank'}").unwrap(), "[i.rule]\ntype = \"rank\"\n");
        assert_eq!(laid(base, "[[i.rule]]\ntype = 'rank'"), Err("i.rule".to_owned()));
        assert_eq!(laid("a = [1, 2]\nb = 1", "a = [3]").unwrap(), "a = [3]\nb = 1\n");
    }
}
