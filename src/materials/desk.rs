//! What materials are made from: an output folder's tables and policy, cut to one county.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

use super::MaterialsError;
use crate::frame;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::format;
use crate::report::people::People;
use crate::report::view::Rows;
use crate::report::{basis_label, column_label, text_label};
use crate::run::{Audience, Log, RunError};

/// States of a village that is under escalated supervision.
pub(super) const LISTED: &[&str] = &["listed", "relapse", "leaving"];

/// An output as materials need it: from a run under way, or read back from its folder.
#[derive(Clone, Debug)]
pub struct Input {
    pub policy: Policy,
    /// Language of the materials; reasons keep the language of the run.
    pub lang: Lang,
    pub audience: Audience,
    pub as_of: NaiveDate,
    /// Output tables by name.
    pub tables: BTreeMap<String, DataFrame>,
    /// Doubts flagged when the book was read.
    pub flagged: usize,
    /// Rows quarantined when the book was read.
    pub quarantined: usize,
}

impl Input {
    /// Reads an output folder back. Every file is compared with the folder's log first: materials
    /// must not be made from a result that was changed by hand.
    ///
    /// # Errors
    /// The folder has no log, a file is missing or differs from it, or a table cannot be read.
    pub fn read(folder: &Path) -> Result<Input, RunError> {
        let log = Log::read(folder)?;
        let files: Vec<(&String, Option<Vec<u8>>)> = log
            .outputs
            .par_iter()
            .map(|(name, hash)| {
                let bytes = std::fs::read(folder.join(name)).ok();
                (name, bytes.filter(|bytes| blake3::hash(bytes).to_hex().as_str() == hash))
            })
            .collect();
        let damaged: Vec<String> = files.iter().filter(|(_, b)| b.is_none()).map(|(n, _)| (*n).clone()).collect();
        if !damaged.is_empty() {
            return Err(MaterialsError::Damaged { folder: folder.to_owned(), files: damaged }.into());
        }
        let bytes = |name: &str| files.iter().find(|(n, _)| *n == name).and_then(|(_, b)| b.as_deref());
        let broken = |name: &str, message: String| RunError::Broken { path: folder.join(name), message };
        let path = folder.join("policy.toml");
        let text = bytes("policy.toml").and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default();
        let policy = Policy::parse(text, &path).map_err(|e| broken("policy.toml", e.to_string()))?;
        let names: Vec<&str> = log.outputs.keys().filter_map(|n| n.strip_suffix(".parquet")).collect();
        let tables: Vec<(String, DataFrame)> = names
            .par_iter()
            .filter(|name| !name.contains('/'))
            .map(|name| {
                let file = format!("{name}.parquet");
                let table = frame::read_parquet(&folder.join(&file)).map_err(|e| broken(&file, e.to_string()))?;
                Ok(((*name).to_owned(), table))
            })
            .collect::<Result<_, RunError>>()?;
        Ok(Input {
            policy,
            lang: log.lang,
            audience: log.audience,
            as_of: log.as_of,
            tables: tables.into_iter().collect(),
            flagged: bytes("flags.csv").map_or(0, records),
            quarantined: bytes("quarantine.csv").map_or(0, records),
        })
    }

    /// The counties that the tables speak of, by name.
    pub fn counties(&self) -> Vec<String> {
        let mut counties = BTreeSet::new();
        for name in ["scores", "supervision", "ladder"] {
            let rows = Rows::of(self.tables.get(name));
            counties.extend(rows.words("county").into_iter().filter(|c| !c.is_empty()).map(str::to_owned));
        }
        counties.into_iter().collect()
    }
}

/// Records of a CSV file without its heading.
pub fn records(bytes: &[u8]) -> usize {
    csv::ReaderBuilder::new().flexible(true).from_reader(bytes).byte_records().filter(Result::is_ok).count()
}

/// One county's tables, and how its people and codes are shown.
pub(super) struct Desk<'a> {
    pub(super) input: &'a Input,
    pub(super) lang: Lang,
    /// The county's name; empty if the book names none.
    pub(super) county: String,
    tables: BTreeMap<&'a str, DataFrame>,
    people: People,
}

impl<'a> Desk<'a> {
    /// The desk of one county; with `alone`, tables that do not tell counties apart count as its own.
    pub(super) fn new(input: &'a Input, county: &str, alone: bool) -> Result<Desk<'a>, MaterialsError> {
        let mut tables = BTreeMap::new();
        for (name, table) in &input.tables {
            if alone {
                tables.insert(name.as_str(), table.clone());
            } else if frame::has(table, "county") {
                let words = frame::words(table, "county")?;
                let mask: BooleanChunked = words.into_iter().map(|c| Some(c == county)).collect();
                tables.insert(name.as_str(), table.filter(&mask).map_err(frame::FrameError::from)?);
            }
        }
        let people = People::of(tables.get("people"), &input.audience);
        Ok(Desk { input, lang: input.lang, county: county.to_owned(), tables, people })
    }

    /// May names be read?
    pub(super) fn sees_names(&self) -> bool {
        self.input.audience.sees_names()
    }

    /// A table; `None` if its stage did not run.
    pub(super) fn table(&self, name: &str) -> Option<&DataFrame> {
        self.tables.get(name)
    }

    /// Rows of a table, none if it is missing.
    pub(super) fn rows(&self, name: &str) -> Rows<'_> {
        Rows::of(self.table(name))
    }

    /// A person: by name to those who may read it, else by code.
    pub(super) fn show(&self, code: &str) -> String {
        self.people.show(code).to_owned()
    }

    /// Free text with the codes in it replaced by names, where they may be read.
    pub(super) fn weave(&self, text: &str) -> String {
        self.people.weave(text).into_owned()
    }

    /// The word for a code, or for several joined by semicolons.
    pub(super) fn code(&self, column: &str, code: &str) -> String {
        text_label(self.lang, &self.input.policy, column, code)
    }

    /// The word for a grade; no grade at all has a word of its own.
    pub(super) fn grade(&self, code: &str) -> String {
        if code == "not_rated" { self.lang.text("mat-col-not-rated") } else { self.code("grade", code) }
    }

    /// The first clauses of a reason, whole ones, as many as so many letters hold; at least one.
    pub(super) fn brief(&self, reason: &str, letters: usize) -> String {
        let woven = self.weave(reason);
        let mut kept: Vec<String> = Vec::new();
        let mut used = 0;
        for clause in woven.split(['；', ';']).map(str::trim).filter(|c| !c.is_empty()) {
            used += format::width(clause) + 2;
            if !kept.is_empty() && used > letters {
                break;
            }
            kept.push(clause.to_owned());
        }
        self.clauses(&kept)
    }

    /// Heading of a column.
    pub(super) fn label(&self, column: &str) -> String {
        column_label(self.lang, &self.input.policy, column)
    }

    /// The basis of an advice, clauses by their names.
    pub(super) fn basis(&self, text: &str) -> String {
        basis_label(self.lang, &self.input.policy, text)
    }

    /// A day in running text.
    pub(super) fn day(&self, day: NaiveDate) -> String {
        format::day(self.lang, day)
    }

    /// Items as a list.
    pub(super) fn list(&self, items: &[String]) -> String {
        items.join(&self.lang.text("list-comma"))
    }

    /// Sentences and clauses as one text.
    pub(super) fn clauses(&self, items: &[String]) -> String {
        items.join(match self.lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        })
    }

    /// A village with its township.
    pub(super) fn place(&self, township: &str, village: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{township}{village}"),
            Lang::En => [township, village].join(" "),
        }
    }

    /// A post with its village and township.
    pub(super) fn post_at(&self, township: &str, village: &str, post: &str) -> String {
        let (place, post) = (self.place(township, village), self.code("post", post));
        match self.lang {
            Lang::Zh => format!("{place}{post}"),
            Lang::En => [place, post].join(" "),
        }
    }

    /// Whose materials these are, for a title: county, with the township where the reader is one.
    pub(super) fn whose(&self) -> String {
        let county = if self.county.chars().all(|c| c.is_ascii_digit()) { "" } else { self.county.as_str() };
        match &self.input.audience {
            Audience::Township(name) => self.place(county, name).trim().to_owned(),
            _ => county.to_owned(),
        }
    }

    /// The first rows of a table by key; looked up, never iterated.
    pub(super) fn index(&self, table: &str, key: &str) -> HashMap<&str, Vec<usize>> {
        let mut index: HashMap<&str, Vec<usize>> = HashMap::new();
        for (row, word) in self.rows(table).words(key).into_iter().enumerate() {
            index.entry(word).or_default().push(row);
        }
        index
    }

    /// Codes of a column with how often they stand there, in the county's own order of codes, those
    /// it does not know last.
    pub(super) fn counts(&self, words: &[&str], order: &[&str]) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for word in words.iter().filter(|w| !w.is_empty()) {
            *counts.entry(word).or_default() += 1;
        }
        let mut list: Vec<(String, usize)> = counts.into_iter().map(|(w, n)| (w.to_owned(), n)).collect();
        let rank = |code: &str| order.iter().position(|o| *o == code).unwrap_or(usize::MAX);
        list.sort_by_key(|(code, _)| rank(code));
        list
    }

    /// Townships in the order of the tables.
    pub(super) fn townships(&self) -> Vec<&str> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut list = Vec::new();
        for table in ["scores", "ladder", "supervision", "vacancies"] {
            for township in self.rows(table).words("township") {
                if !township.is_empty() && seen.insert(township) {
                    list.push(township);
                }
            }
        }
        list
    }
}
