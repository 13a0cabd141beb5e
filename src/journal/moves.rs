//! What a change of policy changes: the keys, and who is moved onto or off a list by it alone.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::Change;
use crate::book::Tables;
use crate::decisions::collect;
use crate::frame;

/// Somebody who stands on a list under one policy and not, or otherwise, under the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Moved {
    /// Output table; `grades` for the grade of the score.
    pub list: String,
    pub county: String,
    pub township: String,
    pub village: String,
    /// Surrogate code; empty: the place itself.
    pub whom: String,
    /// Code under the old policy; `None`: not on the list.
    pub from: Option<String>,
    /// Code under the new policy; `None`: not on the list.
    pub to: Option<String>,
}

/// Keys that differ between two complete policies, by key.
pub fn changes(old: &str, new: &str) -> Vec<Change> {
    let flat = |text: &str| {
        let mut keys = BTreeMap::new();
        if let Ok(table) = toml::from_str::<Table>(text) {
            flatten("", &Value::Table(table), &mut keys);
        }
        keys
    };
    let (old, new) = (flat(old), flat(new));
    let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| Change { key: key.clone(), old: old.get(key).cloned(), new: new.get(key).cloned() })
        .collect()
}

fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(table) if !table.is_empty() || path.is_empty() => {
            for (key, value) in table {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, into);
            }
        }
        other => {
            into.insert(path.to_owned(), other.to_string());
        }
    }
}

type Key = (String, String, String, String, String);
type OutcomeTables = BTreeMap<&'static str, DataFrame>;

/// Who is moved between two outcomes of the same book.
pub fn moved(old: &OutcomeTables, new: &OutcomeTables, tables: &Tables) -> Vec<Moved> {
    let (old, new) = (standing(old, tables), standing(new, tables));
    let keys: std::collections::BTreeSet<&Key> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| {
            let (list, county, township, village, whom) = key.clone();
            Moved { list, county, township, village, whom, from: old.get(key).cloned(), to: new.get(key).cloned() }
        })
        .collect()
}

/// Where everybody stands.
fn standing(outcome: &OutcomeTables, tables: &Tables) -> BTreeMap<Key, String> {
    let mut found = BTreeMap::new();
    for advice in collect(outcome, tables) {
        // Who is recommended for a post, or no longer, stands on its shortlist either way.
        let code = if advice.code.is_empty() { "on".to_owned() } else { advice.code };
        if advice.list == "scores" && code == "none" {
            continue;
        }
        found.insert((advice.list, advice.county, advice.township, advice.village, advice.whom), code);
    }
    if let Some(scores) = outcome.get("scores") {
        let words = |column: &str| frame::words(scores, column).unwrap_or_else(|_| vec![""; scores.height()]);
        let (county, township, village, grade) = (words("county"), words("township"), words("village"), words("grade"));
        for row in 0..scores.height() {
            let key = ["grades", county[row], township[row], village[row], ""].map(str::to_owned);
            let [list, county, township, village, whom] = key;
            found.insert((list, county, township, village, whom), grade[row].to_owned());
        }
    }
    found
}
