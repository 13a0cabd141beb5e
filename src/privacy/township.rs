//! One township's part of a book and of a run.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::cells::Outputs;
use super::{PrivacyError, registry};
use crate::book::{Book, Tables, TablesError};
use crate::frame::{self, FrameResult};
use crate::lang::Lang;
use crate::report::Audience;
use crate::say;

/// A township of the book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Township {
    pub county: String,
    pub name: String,
}

/// A township that cannot be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTownship {
    /// The book has no township of that name; the nearest names.
    #[error("no township is called `{wanted}`")]
    Unknown { wanted: String, near: Vec<String> },
    /// Several counties have one; `county/township` of each.
    #[error("several townships are called `{wanted}`")]
    Several { wanted: String, all: Vec<String> },
}

impl NoTownship {
    /// The message in the reader's language, with what would be right.
    pub fn render(&self, lang: Lang) -> String {
        let list = |names: &[String]| names.join(&lang.text("list-comma"));
        match self {
            NoTownship::Unknown { wanted, near } if near.is_empty() => say!(lang, "privacy-no-township", name = wanted),
            NoTownship::Unknown { wanted, near } => {
                say!(lang, "privacy-township-nearest", name = wanted, near = list(near))
            }
            NoTownship::Several { wanted, all } => {
                say!(lang, "privacy-township-several", name = wanted, all = list(all))
            }
        }
    }
}

impl Audience {
    /// The township that this audience is, if it is one.
    ///
    /// # Errors
    /// The book has no such township, or several.
    pub fn find(&self, book: &Book) -> Result<Option<Township>, PrivacyError> {
        match self {
            Audience::Township(name) => Ok(Some(Township::find(&book.tables, name)??)),
            Audience::Internal | Audience::Summary => Ok(None),
        }
    }
}

/// Endings that people leave out.
const ENDINGS: [&str; 3] = ["街道", "镇", "乡"];

fn core(name: &str) -> &str {
    ENDINGS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

/// How many near names an error lists.
const NEAR: usize = 3;

impl Township {
    /// Every township of the book, sorted.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn all(tables: &Tables) -> FrameResult<BTreeSet<Township>> {
        let mut all = BTreeSet::new();
        for table in ["townships", "villages"] {
            let frame = tables.get(table);
            let pairs = frame::words(frame, "county")?.into_iter().zip(frame::words(frame, "township")?);
            let mut last = ("", "");
            for pair in pairs.filter(|(_, name)| !name.is_empty()) {
                if pair != last {
                    last = pair;
                    all.insert(Township { county: pair.0.to_owned(), name: pair.1.to_owned() });
                }
            }
        }
        Ok(all)
    }

    /// The township that `wanted` means: `township` or `county/township`, with or without its ending.
    ///
    /// # Errors
    /// The tables are not those of the schema; inside: none fits, or several do.
    pub fn find(tables: &Tables, wanted: &str) -> FrameResult<Result<Township, NoTownship>> {
        let all = Township::all(tables)?;
        let (county, name) = match wanted.rsplit_once('/') {
            Some((county, name)) => (Some(county.trim()), name.trim()),
            None => (None, wanted.trim()),
        };
        let within = || all.iter().filter(|t| county.is_none_or(|c| t.county == c));
        let exact: Vec<&Township> = within().filter(|t| t.name == name).collect();
        let loose: Vec<&Township> = within().filter(|t| !name.is_empty() && core(&t.name) == core(name)).collect();
        let found = if exact.is_empty() { loose } else { exact };
        Ok(match found[..] {
            [one] => Ok(one.clone()),
            [] => {
                let distance = |t: &Township| strsim::damerau_levenshtein(&t.name, name);
                let mut near: Vec<(usize, &str)> = all.iter().map(|t| (distance(t), t.name.as_str())).collect();
                near.sort_unstable();
                near.dedup();
                let near = near.into_iter().take(NEAR).map(|(_, n)| n.to_owned()).collect();
                Err(NoTownship::Unknown { wanted: wanted.to_owned(), near })
            }
            _ => Err(NoTownship::Several {
                wanted: wanted.to_owned(),
                all: found.iter().map(|t| format!("{}/{}", t.county, t.name)).collect(),
            }),
        })
    }

    /// As `--for township` writes it: with the county where another county has one of that name.
    ///
    /// # Errors
    /// See [`Township::all`].
    pub fn written(&self, tables: &Tables) -> FrameResult<String> {
        let namesakes = Township::all(tables)?.iter().filter(|t| t.name == self.name).count();
        Ok(if namesakes > 1 { format!("{}/{}", self.county, self.name) } else { self.name.clone() })
    }
}

/// What belongs to a township: its villages and its people (those who live there and those who
/// hold its posts).
pub struct Own {
    pub place: Township,
    pub villages: BTreeSet<String>,
    pub people: BTreeSet<String>,
}

impl Own {
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn new(tables: &Tables, place: Township) -> FrameResult<Own> {
        let mut own = Own { place, villages: BTreeSet::new(), people: BTreeSet::new() };
        own.collect(tables.get("villages"), "village", Want::Village)?;
        own.collect(tables.get("people"), "person", Want::Person)?;
        own.collect(tables.get("posts"), "person", Want::Person)?;
        own.collect(tables.get("townships"), "secretary", Want::Person)?;
        Ok(own)
    }

    fn collect(&mut self, frame: &DataFrame, column: &str, want: Want) -> FrameResult<()> {
        let here = self.here(frame)?;
        let found = frame::texts(frame, column)?.into_iter().zip(here).filter(|(_, here)| *here);
        let found = found.filter_map(|(code, _)| code).map(str::to_owned);
        match want {
            Want::Village => self.villages.extend(found),
            Want::Person => self.people.extend(found),
        }
        Ok(())
    }

    /// Rows that lie in the township, by name.
    fn here(&self, frame: &DataFrame) -> FrameResult<Vec<bool>> {
        let township = frame::words(frame, "township")?;
        if !frame::has(frame, "county") {
            return Ok(township.iter().map(|t| *t == self.place.name).collect());
        }
        let county = frame::words(frame, "county")?;
        Ok(county.iter().zip(township).map(|(c, t)| t == self.place.name && *c == self.place.county).collect())
    }

    fn among(frame: &DataFrame, column: &str, codes: &BTreeSet<String>) -> FrameResult<Vec<bool>> {
        Ok(frame::texts(frame, column)?.iter().map(|v| v.is_some_and(|v| codes.contains(v))).collect())
    }

    /// The township's part of the book.
    ///
    /// # Errors
    /// A table does not fit its schema.
    pub fn book(&self, tables: &Tables) -> Result<Tables, TablesError> {
        let mut cut = Tables::default();
        for (table, frame) in tables.iter() {
            let keep = match table.name {
                "people" | "kin" => Own::among(frame, "person", &self.people)?,
                "townships" | "villages" | "indicators" | "posts" | "targets" | "measures" => self.here(frame)?,
                // About a person of the township wherever it happened, or about the place itself.
                _ => {
                    let mut keep = self.here(frame)?;
                    if frame::has(frame, "person") {
                        let person = frame::texts(frame, "person")?;
                        for (keep, person) in keep.iter_mut().zip(person) {
                            *keep = person.map_or(*keep, |p| self.people.contains(p));
                        }
                    }
                    keep
                }
            };
            cut.set(table.name, filter(frame, keep)?)?;
        }
        Ok(cut)
    }

    /// The township's part of the output tables. What is county-wide, or cannot be cut, has no rows.
    ///
    /// # Errors
    /// A table has a key column that is not text.
    pub fn outputs(&self, outputs: &Outputs, lang: Lang) -> FrameResult<Outputs> {
        let vacancies: BTreeSet<String> = match outputs.get("vacancies") {
            Some(table) => {
                let here = self.here(table)?;
                let ids = frame::words(table, "vacancy")?.into_iter().zip(here);
                ids.filter(|(_, here)| *here).map(|(id, _)| id.to_owned()).collect()
            }
            None => BTreeSet::new(),
        };
        let mut cut = Outputs::new();
        for (name, table) in outputs {
            let keep = self.keep(name, table, &vacancies)?;
            cut.insert(name, filter(table, keep)?);
        }
        for (name, texts) in [
            ("shortlists", &["gates_passed", "soft_bars", "reasons_for", "reasons_against", "contributions"][..]),
            ("assignment", &["reasons"][..]),
        ] {
            if let Some(table) = cut.get_mut(name) {
                self.strangers(table, "candidate", texts, lang)?;
            }
        }
        if let Some(table) = cut.get_mut("shortlists") {
            self.origins(table, lang)?;
        }
        if let Some(table) = cut.get_mut("decision_follow_up") {
            // The advice repeats the reasons for somebody from elsewhere.
            self.strangers(table, "whom", &["advice"], lang)?;
        }
        Ok(cut)
    }

    fn keep(&self, name: &str, table: &DataFrame, vacancies: &BTreeSet<String>) -> FrameResult<Vec<bool>> {
        let has = |column: &str| frame::has(table, column);
        if registry::form(name).is_none() {
            return Ok(vec![false; table.height()]);
        }
        match name {
            // What was asked, not what was found.
            "variants" => Ok(vec![true; table.height()]),
            "structure" => {
                let (dimension, key) = (frame::words(table, "dimension")?, frame::words(table, "key")?);
                let county = frame::words(table, "county")?;
                Ok((0..table.height())
                    .map(|i| dimension[i] == "township" && key[i] == self.place.name && county[i] == self.place.county)
                    .collect())
            }
            "prices" => {
                let (side, id) = (frame::words(table, "side")?, frame::words(table, "id")?);
                let own = |i: usize| {
                    if side[i] == "vacancy" { vacancies.contains(id[i]) } else { self.people.contains(id[i]) }
                };
                Ok((0..table.height()).map(own).collect())
            }
            _ if has("township") => self.here(table),
            _ if has("village") => Own::among(table, "village", &self.villages),
            _ if has("vacancy") => Own::among(table, "vacancy", vacancies),
            _ if has("person") => Own::among(table, "person", &self.people),
            _ if has("candidate") => Own::among(table, "candidate", &self.people),
            _ => Ok(vec![false; table.height()]),
        }
    }

    /// Where the people of a column are not the township's own.
    fn stranger(&self, table: &DataFrame, people: &str) -> FrameResult<Vec<bool>> {
        Ok(frame::texts(table, people)?.iter().map(|c| c.is_some_and(|c| !self.people.contains(c))).collect())
    }

    /// Villages that candidates from other townships come from: with the village's size and post,
    /// they would tell who it is.
    fn origins(&self, table: &mut DataFrame, lang: Lang) -> FrameResult<()> {
        let stranger = self.stranger(table, "candidate")?;
        let elsewhere = lang.text("privacy-other-township");
        for (column, said) in [("origin_village", None), ("origin_village_name", Some(elsewhere.as_str()))] {
            let homes = frame::texts(table, column)?.into_iter().zip(&stranger);
            let cells: StringChunked =
                homes.map(|(home, stranger)| if *stranger { home.and(said) } else { home }).collect();
            table.with_column(cells.with_name(column.into()).into_column())?;
        }
        Ok(())
    }

    /// People from other townships: by code, without their file.
    fn strangers(&self, table: &mut DataFrame, people: &str, texts: &[&str], lang: Lang) -> FrameResult<()> {
        let stranger = self.stranger(table, people)?;
        if !stranger.contains(&true) {
            return Ok(());
        }
        let said = lang.text("privacy-stranger");
        for (place, column) in texts.iter().enumerate() {
            if !frame::has(table, column) {
                continue;
            }
            // One sentence says why the rest is empty.
            let here = if place == 0 { Some(said.as_str()) } else { None };
            let cells: StringChunked = frame::texts(table, column)?
                .into_iter()
                .zip(&stranger)
                .map(|(text, stranger)| if *stranger { here } else { text })
                .collect();
            table.with_column(cells.with_name((*column).into()).into_column())?;
        }
        Ok(())
    }
}

enum Want {
    Village,
    Person,
}

/// The rows to keep.
pub(super) fn filter(frame: &DataFrame, keep: Vec<bool>) -> FrameResult<DataFrame> {
    let mask: BooleanChunked = keep.into_iter().map(Some).collect();
    Ok(frame.filter(&mask)?)
}
