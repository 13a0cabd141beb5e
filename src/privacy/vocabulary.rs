//! Words that are nobody's: of the schema, of the policy, and names of places.

use std::collections::BTreeSet;

use super::names::{MASK, Names};
use crate::book::Tables;
use crate::book::schema::{TABLES, Vocab};
use crate::frame::{self, FrameResult};
use crate::policy::Policy;

/// Words that may stand in a summary's findings: places, headers and the policy's own words.
/// Anything else a cell held might be about a person.
pub(super) struct Vocabulary {
    words: BTreeSet<String>,
    /// Keys and texts of the policy: labels, rules, document numbers.
    policy: BTreeSet<String>,
}

impl Vocabulary {
    /// The words of a book and a policy.
    pub(super) fn new(tables: &Tables, policy: &Policy) -> FrameResult<Vocabulary> {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for table in TABLES {
            words.insert(table.zh.to_owned());
            for column in table.columns {
                words.extend([column.name.to_owned(), column.zh.to_owned()]);
                words.extend(column.aliases.iter().map(|a| (*a).to_owned()));
            }
        }
        let villages = tables.get("villages");
        for column in ["county", "township", "village", "village_name"] {
            words.extend(frame::words(villages, column)?.into_iter().map(str::to_owned));
        }
        for vocab in Vocab::ALL {
            for (code, list) in policy.words.list(vocab) {
                words.insert(code.clone());
                words.extend(list.iter().cloned());
            }
        }
        let mut own = BTreeSet::new();
        if let Ok(toml::Value::Table(all)) = toml::Value::try_from(policy) {
            harvest(&toml::Value::Table(all), &mut own);
        }
        Ok(Vocabulary { words, policy: own })
    }

    /// The same without what names somebody: a place or word that holds a person's name got there by a
    /// shifted row.
    pub(super) fn without(mut self, names: &Names) -> Vocabulary {
        self.words.retain(|word| names.find(word).is_empty());
        self
    }

    /// Is the text a word of the schema, the policy's lists or a place?
    pub(super) fn has(&self, text: &str) -> bool {
        self.words.contains(text)
    }

    /// Is the text one of the policy's own keys, labels or sentences?
    pub(super) fn of_policy(&self, text: &str) -> bool {
        self.policy.contains(text)
    }

    /// The text if each of its parts is a known word or a short number, else the mask.
    pub(super) fn show(&self, text: &str) -> String {
        let parts = text.split(['/', '、', '，', ',', ' ', '；']).filter(|p| !p.is_empty());
        let short = |part: &str| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let known = |part: &str| short(part) || self.words.contains(part);
        if self.words.contains(text) || parts.clone().all(known) { text.to_owned() } else { MASK.to_owned() }
    }
}

/// Keys and texts of a policy.
fn harvest(value: &toml::Value, into: &mut BTreeSet<String>) {
    match value {
        toml::Value::String(text) => {
            into.insert(text.clone());
        }
        toml::Value::Array(list) => list.iter().for_each(|v| harvest(v, into)),
        toml::Value::Table(table) => {
            for (key, value) in table {
                into.insert(key.clone());
                harvest(value, into);
            }
        }
        _ => {}
    }
}
