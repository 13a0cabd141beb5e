//! Which lists of a run are advice that somebody decides on, and what each row advises.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::DataFrame;

use crate::book::Tables;
use crate::frame;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::text_label;
use crate::say;

/// A list of recommendations: an output table whose rows carry a `rec_id`.
pub(super) struct List {
    /// Name of the output table.
    pub table: &'static str,
    /// Column of the person it is about; empty: it is about a place.
    pub whom: &'static str,
    /// Column of the code that says what is advised; empty: the list itself says it.
    pub code: &'static str,
    /// Codes that are advice; empty: all.
    pub only: &'static [&'static str],
    /// Column of the reasons.
    pub reasons: &'static str,
}

/// The lists, in the order of the sheet. A table with a `rec_id` that does not stand here joins
/// behind them, with the columns that it has.
const LISTS: &[List] = &[
    List {
        table: "supervision",
        whom: "person",
        code: "status",
        only: &["listed", "relapse", "leaving", "recheck", "suggested"],
        reasons: "reasons",
    },
    List { table: "talks", whom: "secretary", code: "", only: &[], reasons: "reasons" },
    List { table: "scores", whom: "person", code: "consequence", only: &[], reasons: "consequence_reason" },
    List { table: "assignment", whom: "candidate", code: "", only: &[], reasons: "reasons" },
    List { table: "shortlists", whom: "candidate", code: "", only: &[], reasons: "reasons_for" },
    List { table: "pool_review", whom: "candidate", code: "advice", only: &["exit", "appraise"], reasons: "reason" },
    List { table: "placements", whom: "person", code: "activity", only: &[], reasons: "reasons" },
    List { table: "honours", whom: "person", code: "state", only: &["candidate"], reasons: "reasons_for" },
    List { table: "advancement", whom: "person", code: "eligible", only: &["yes"], reasons: "reason" },
    // A plan of batches, differences of pay and gaps of cover are settled as a whole, not person by
    // person: nothing of them goes on the sheet.
    List { table: "training_plan", whom: "person", code: "course", only: &[NOTHING], reasons: "reason" },
    List { table: "pay_formula", whom: "person", code: "state", only: &[NOTHING], reasons: "reason" },
    List { table: "cover_gaps", whom: "person", code: "state", only: &[NOTHING], reasons: "" },
];

/// A code that no row has.
const NOTHING: &str = "-";

/// Columns that a list that is not named above may have.
const PERSONS: [&str; 5] = ["person", "candidate", "secretary", "holder", "whom"];
const CODES: [&str; 4] = ["advice", "status", "consequence", "kind"];
const REASONS: [&str; 4] = ["reasons", "reason", "detail", "text"];

/// One recommendation of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub rec_id: String,
    /// Name of the output table.
    pub list: String,
    pub county: String,
    pub township: String,
    /// Key of the village; empty where the advice is about a township.
    pub village: String,
    pub village_name: String,
    /// Surrogate code of the person; empty: none.
    pub whom: String,
    /// What is advised, as the list codes it; empty: the list itself says it.
    pub code: String,
    pub post: String,
    pub reasons: String,
}

impl Advice {
    /// The advice as a sentence.
    pub fn say(&self, lang: Lang, policy: &Policy) -> String {
        let list = self.list.replace('_', "-");
        let own = format!("decisions-advice-{list}-{}", self.code.replace('_', "-"));
        let general = format!("decisions-advice-{list}");
        let id = [own.as_str(), general.as_str()].into_iter().find(|id| lang.has(id)).unwrap_or("decisions-advice-any");
        let column = LISTS.iter().find(|l| l.table == self.list).map_or("advice", |l| l.code);
        let what = if self.code.is_empty() {
            label(lang, &self.list)
        } else {
            text_label(lang, policy, if column.is_empty() { "advice" } else { column }, &self.code)
        };
        let post = text_label(lang, policy, "post", &self.post);
        // The post that somebody holds stands behind the reasons; a vacancy stands where its text names it.
        let held = match (post.is_empty(), self.reasons.is_empty()) {
            (true, _) => String::new(),
            (false, true) => post.clone(),
            (false, false) => say!(lang, "decisions-advice-held", post = post.as_str()),
        };
        lang.say(
            id,
            &[("what", what.into()), ("post", post.into()), ("held", held.into()), ("reasons", (&self.reasons).into())],
        )
    }
}

/// Name of a list in the reader's language.
pub fn label(lang: Lang, list: &str) -> String {
    let id = format!("table-{}", list.replace('_', "-"));
    if lang.has(&id) { lang.text(&id) } else { list.to_owned() }
}

/// Every recommendation of a run, list by list in the order of their rows, each once: who is
/// recommended for a post also stands on its shortlist.
pub fn collect(outcome: &BTreeMap<&'static str, DataFrame>, tables: &Tables) -> Vec<Advice> {
    let villages = Names::of(tables);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    let named = LISTS.iter().map(|list| list.table);
    let further = outcome.iter().filter(|(name, table)| {
        !LISTS.iter().any(|l| l.table == **name)
            && frame::has(table, "rec_id")
            && **name != super::FOLLOW_UP
            && **name != super::TAKEN
    });
    let order: Vec<&str> = named.chain(further.map(|(name, _)| *name)).collect();
    for name in order {
        let Some(table) = outcome.get(name) else { continue };
        let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
        let first = |columns: &[&'static str]| columns.iter().copied().find(|c| frame::has(table, c)).unwrap_or("");
        let known = LISTS.iter().find(|l| l.table == name);
        let whom = words(known.map_or_else(|| first(&PERSONS), |l| l.whom));
        let code = words(known.map_or_else(|| first(&CODES), |l| l.code));
        let reasons = words(known.map_or_else(|| first(&REASONS), |l| l.reasons));
        let only = known.map_or(&[][..], |l| l.only);
        let (ids, county, township) = (words("rec_id"), words("county"), words("township"));
        let (village, names, post) = (words("village"), words("village_name"), words("post"));
        for row in 0..table.height() {
            if ids[row].is_empty() || (!only.is_empty() && !only.contains(&code[row])) {
                continue;
            }
            if !seen.insert(ids[row].to_owned()) {
                continue;
            }
            let name_of = if names[row].is_empty() { villages.name(village[row]) } else { names[row] };
            found.push(Advice {
                rec_id: ids[row].to_owned(),
                list: name.to_owned(),
                county: county[row].to_owned(),
                township: township[row].to_owned(),
                village: village[row].to_owned(),
                village_name: name_of.to_owned(),
                whom: whom[row].to_owned(),
                code: code[row].to_owned(),
                post: post[row].to_owned(),
                reasons: reasons[row].to_owned(),
            });
        }
    }
    found
}

/// Names of lists that a sheet may hold: those of the run, and those named here.
pub(super) fn known_lists(outcome_tables: impl Iterator<Item = String>) -> Vec<String> {
    let mut lists: Vec<String> = LISTS.iter().map(|l| l.table.to_owned()).collect();
    for table in outcome_tables {
        if !lists.contains(&table) {
            lists.push(table);
        }
    }
    lists
}

/// Names of villages, both ways.
pub(super) struct Names<'a> {
    names: HashMap<&'a str, &'a str>,
    keys: HashMap<(String, String), &'a str>,
    counties: HashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    pub fn of(tables: &'a Tables) -> Names<'a> {
        let frame = tables.get("villages");
        let words = |column: &str| frame::words(frame, column).unwrap_or_else(|_| vec![""; frame.height()]);
        let (key, name, township, county) =
            (words("village"), words("village_name"), words("township"), words("county"));
        let mut names = HashMap::new();
        let mut keys = HashMap::new();
        let mut counties = HashMap::new();
        for row in 0..frame.height() {
            names.entry(key[row]).or_insert(name[row]);
            counties.entry(key[row]).or_insert(county[row]);
            keys.entry((core(township[row]), core(name[row]))).or_insert(key[row]);
        }
        Names { names, keys, counties }
    }

    /// Name of a village, else the readable part of its key.
    pub fn name<'k>(&'k self, key: &'k str) -> &'k str {
        match self.names.get(key) {
            Some(name) if !name.is_empty() => name,
            _ => key.rsplit('/').next().unwrap_or(key),
        }
    }

    /// Key of a village written with its township, or written as its key.
    pub fn key(&self, township: &str, village: &str) -> Option<&'a str> {
        if let Some((key, _)) = self.names.get_key_value(village) {
            return Some(key);
        }
        self.keys.get(&(core(township), core(village))).copied()
    }

    /// County of a village.
    pub fn county(&self, key: &str) -> Option<&'a str> {
        self.counties.get(key).copied()
    }
}

/// A place's name as it is compared: folded, without 村 at its end.
fn core(name: &str) -> String {
    let folded = crate::book::value::fold(name);
    match folded.strip_suffix('村') {
        Some(rest) if rest.chars().count() > 1 => rest.to_owned(),
        _ => folded,
    }
}
