//! A policy file for any table: loading, errors that say where, and its documents.

use std::path::Path;

use super::policy::{IndexFile, IndexPolicy};
use crate::policy::{PolicyError, key_line, keys, whole};

/// What the command line lays over the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Column of the units' names.
    pub id: Option<String>,
    /// Column of the units' class.
    pub class: Option<String>,
    /// Column of the period.
    pub period: Option<String>,
    /// Last period that is read.
    pub as_of: Option<i64>,
    /// Seed of the random streams.
    pub seed: Option<u64>,
}

impl Overrides {
    fn lay_over(&self, policy: &mut IndexPolicy) {
        let columns =
            [(&self.id, &mut policy.id), (&self.class, &mut policy.class), (&self.period, &mut policy.period)];
        for (given, slot) in columns {
            if given.is_some() {
                slot.clone_from(given);
            }
        }
        policy.as_of = self.as_of.or(policy.as_of);
        if let (Some(seed), Some(uncertainty)) = (self.seed, &mut policy.uncertainty) {
            uncertainty.seed = seed;
        }
    }
}

impl IndexFile {
    /// Reads a policy file, lays the command line over it and checks the whole.
    ///
    /// # Errors
    /// The file cannot be read, is no TOML, has an unknown key or a wrong value, or contradicts
    /// itself: with the line and a remedy.
    pub fn load(file: &Path, overrides: &Overrides) -> Result<IndexFile, PolicyError> {
        let text = std::fs::read_to_string(file)
            .map_err(|e| PolicyError::new(file, format!("cannot read the policy: {e}")))?;
        IndexFile::parse(&text, file, overrides)
    }

    /// As [`IndexFile::load`], from text; `name` stands in messages.
    ///
    /// # Errors
    /// See [`IndexFile::load`].
    pub fn parse(text: &str, name: &Path, overrides: &Overrides) -> Result<IndexFile, PolicyError> {
        let mut file: IndexFile = whole(text, name)?;
        overrides.lay_over(&mut file.score);
        file.score.check().map_err(|(key, message)| PolicyError {
            file: name.to_owned(),
            line: key_line(text, &key),
            message: format!("`{key}`: {message}"),
            hint: None,
            chinese: None,
        })?;
        Ok(file)
    }

    /// The policy as TOML, in effect: with what the command line laid over it.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a policy is plain data")
    }
}

/// The JSON schema of a policy for any table, as text that ends with a line break.
pub fn schema_json() -> String {
    let schema = schemars::schema_for!(IndexFile);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    text.push('\n');
    text
}

/// Markdown that lists every key of a policy for any table, with headings from `depth` on.
pub fn reference(depth: usize) -> String {
    let schema = serde_json::to_value(schemars::schema_for!(IndexFile)).unwrap_or_default();
    keys(&schema, &serde_json::Value::Null, depth)
}
