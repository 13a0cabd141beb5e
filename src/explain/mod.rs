//! One village's or one person's file: all that the engine says about it, and why.

mod files;
mod find;
mod goal;

use chrono::Datelike;
use polars::prelude::*;
use serde::Serialize;

pub use find::{Found, person, village};

use crate::book::Book;
use crate::book::schema::{self, Kind};
use crate::frame::{self, FrameResult};
use crate::kernel::round;
use crate::policy::Policy;
use crate::report::{column_label, text_label};
use crate::run::{Audience, Outcome};
use crate::score::VillageGoal;
use crate::{lang::Lang, say};

/// A file, ready to be printed or written as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub title: String,
    pub sections: Vec<Section>,
    /// Of a rated village: its way to the next better grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<VillageGoal>,
}

/// A heading and its rows; each row is a list of (label, text).
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub heading: String,
    pub rows: Vec<Vec<(String, String)>>,
}

/// What an explanation is drawn from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    pub book: &'a Book,
    pub policy: &'a Policy,
    pub outcome: &'a Outcome,
    pub lang: Lang,
    pub audience: &'a Audience,
}

/// Columns that say nothing in a single file: its keys, which stand in the title.
const KEYS: [&str; 5] = ["county", "township", "village", "village_name", "rec_id"];

/// Tables of the book that speak of a person, in the order of their sections.
const PERSON_BOOK: [&str; 8] = ["people", "posts", "pool", "appraisals", "events", "activities", "wishes", "pay"];
/// Columns of the book that a summary shows of one person or post: what its tables show as well. The
/// rest (ages, appraisals, pay, wishes) is somebody's history. Of a person's birth the age band is left.
const SUMMARY: [(&str, &[&str]); 3] =
    [("posts", &["village", "village_name", "post", "person"]), ("people", &[]), ("pool", &["village", "status"])];
/// Tables of the book that are about places, with the columns that a summary goes without.
const PLACES: [(&str, &[&str]); 3] =
    [("events", &["person", "post"]), ("measures", &["responsible", "person"]), ("targets", &["person"])];

/// Output tables that speak of a candidate.
const PERSON_OUTCOME: [&str; 5] = ["bars", "shortlists", "assignment", "probation", "pool_review"];

impl Sources<'_> {
    /// The file of one village, by key.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn village(&self, key: &str) -> FrameResult<File> {
        let mut sections = Vec::new();
        for name in ["villages", "indicators", "posts", "events", "measures", "targets"] {
            self.add(&mut sections, name, self.book.tables.get(name), "village", key)?;
        }
        for name in [
            "scores",
            "contributions",
            "ranks",
            "supervision",
            "supervision_measures",
            "vacancies",
            "shortlists",
            "assignment",
            "open_posts",
            "ladder",
            "unfiled",
            "training_status",
            "training_plan",
            "placements",
            "contest",
        ] {
            if let Some(table) = self.outcome.table(name) {
                self.add(&mut sections, name, table, "village", key)?;
            }
        }
        Ok(File { title: say!(self.lang, "explain-village", name = self.village_name(key)?), sections, goal: None })
    }

    /// The file of one person, by surrogate code.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn person(&self, code: &str) -> FrameResult<File> {
        let mut sections = Vec::new();
        if !self.audience.sees_names() {
            sections.extend(self.band(code)?);
        }
        for name in PERSON_BOOK {
            // A summary has no events of one person: those of the village stand in its file.
            if self.audience.sees_names() || SUMMARY.iter().any(|(table, _)| *table == name) {
                self.add(&mut sections, name, self.book.tables.get(name), "person", code)?;
            }
        }
        for name in PERSON_OUTCOME {
            if let Some(table) = self.outcome.table(name) {
                self.add(&mut sections, name, table, "candidate", code)?;
            }
        }
        let pay: &[&str] = if self.audience.sees_names() { &["pay_formula", "pay_parts"] } else { &[] };
        let training = ["training_status", "training_plan", "placements", "placement_bars", "contest"];
        let motivation = ["cover_gaps", "honours", "advancement"];
        for name in ["scores", "supervision"].iter().chain(&training).chain(pay).chain(&motivation) {
            if let Some(table) = self.outcome.table(name) {
                self.add(&mut sections, name, table, "person", code)?;
            }
        }
        Ok(File { title: say!(self.lang, "explain-person", name = self.person_name(code)?), sections, goal: None })
    }

    /// The age band of a person, if the year of birth alone tells it.
    fn band(&self, code: &str) -> FrameResult<Option<Section>> {
        let people = self.book.tables.get("people");
        let row = frame::words(people, "person")?.iter().position(|p| *p == code);
        let born =
            row.map(|row| Ok::<_, frame::FrameError>(frame::dates(people, "birth")?[row])).transpose()?.flatten();
        let Some(born) = born else { return Ok(None) };
        let bands = &self.policy.structure.bands;
        let band = |age: i32| match age {
            age if age <= bands.young_max => "young",
            age if age <= bands.middle_max => "middle",
            _ => "old",
        };
        let most = self.outcome.as_of.year() - born.year();
        let (label, text) =
            (column_label(self.lang, self.policy, "group"), text_label(self.lang, self.policy, "group", band(most)));
        let heading = self.lang.text("table-people");
        Ok((band(most - 1) == band(most)).then(|| Section { heading, rows: vec![vec![(label, text)]] }))
    }

    fn village_name(&self, key: &str) -> FrameResult<String> {
        let villages = self.book.tables.get("villages");
        let names = frame::words(villages, "village_name")?;
        let townships = frame::words(villages, "township")?;
        let place = frame::words(villages, "village")?.iter().position(|v| *v == key);
        Ok(place.map_or_else(|| key.to_owned(), |i| format!("{}/{} {key}", townships[i], names[i])))
    }

    fn person_name(&self, code: &str) -> FrameResult<String> {
        if !self.audience.sees_names() {
            return Ok(code.to_owned());
        }
        let people = self.book.tables.get("people");
        let names = frame::words(people, "name")?;
        let place = frame::words(people, "person")?.iter().position(|p| *p == code);
        Ok(place.map_or_else(|| code.to_owned(), |i| format!("{} {code}", names[i])))
    }

    /// Adds the rows of `table` whose `column` is `key`, leaving out what is empty.
    fn add(
        &self,
        sections: &mut Vec<Section>,
        name: &str,
        table: &DataFrame,
        column: &str,
        key: &str,
    ) -> FrameResult<()> {
        if !frame::has(table, column) {
            return Ok(());
        }
        let mask: BooleanChunked = frame::texts(table, column)?.into_iter().map(|v| Some(v == Some(key))).collect();
        let mine = table.filter(&mask)?;
        if mine.height() == 0 {
            return Ok(());
        }
        let heading = self.lang.text(&format!("table-{}", name.replace('_', "-")));
        let mut section = Section { heading, rows: Vec::new() };
        let mine = if name == "contributions" { self.measured(&mine, &mut section)? } else { mine };
        let declared = schema::table(name);
        let shown: Vec<&str> =
            mine.get_column_names().into_iter().map(|n| n.as_str()).filter(|n| self.shows(name, n, column)).collect();
        let labels: Vec<String> = shown.iter().map(|c| self.label(declared, c)).collect();
        let cells: Vec<Vec<String>> = shown.iter().map(|c| self.texts(declared, &mine, c)).collect();
        if shown.is_empty() {
            return Ok(());
        }
        let rows = (0..mine.height()).map(|row| {
            let filled = labels.iter().zip(&cells).filter(|(_, texts)| !texts[row].is_empty());
            filled.map(|(label, texts)| (label.clone(), texts[row].clone())).collect()
        });
        let missing = std::mem::take(&mut section.rows);
        section.rows = rows.chain(missing).collect();
        sections.push(section);
        Ok(())
    }

    /// Contributions that count; indicators without data stand together in one row of their own.
    fn measured(&self, table: &DataFrame, section: &mut Section) -> FrameResult<DataFrame> {
        let weights = frame::numbers(table, "weight")?;
        let parts = frame::numbers(table, "contribution")?;
        let counts: Vec<bool> =
            weights.iter().zip(&parts).map(|(w, c)| w.unwrap_or(0.0) != 0.0 || c.unwrap_or(0.0) != 0.0).collect();
        let labels = frame::words(table, "label")?;
        let absent: Vec<&str> = labels.iter().zip(&counts).filter(|(_, counts)| !**counts).map(|(l, _)| *l).collect();
        if !absent.is_empty() {
            section.rows.push(vec![(self.lang.text("explain-no-data"), absent.join(&self.lang.text("list-comma")))]);
        }
        let mask: BooleanChunked = counts.into_iter().map(Some).collect();
        Ok(table.filter(&mask)?)
    }

    /// A column's label: the schema's for a table of the book, the catalogue's for an output table.
    fn label(&self, declared: Option<&schema::Table>, name: &str) -> String {
        match (declared.and_then(|t| t.column(name)), self.lang) {
            (Some(column), Lang::Zh) => column.zh.to_owned(),
            (Some(column), Lang::En) => column.name.replace('_', " "),
            (None, _) => column_label(self.lang, self.policy, name),
        }
    }

    /// A column's texts: closed lists of the book as words, everything else as in any table.
    fn texts(&self, declared: Option<&schema::Table>, table: &DataFrame, name: &str) -> Vec<String> {
        match declared.and_then(|t| t.column(name)).map(|c| c.kind) {
            Some(Kind::Word(vocab)) => frame::words(table, name)
                .unwrap_or_default()
                .into_iter()
                .map(|code| self.policy.words.label(self.lang, vocab, code))
                .collect(),
            _ => texts(table, name, self.policy, self.lang),
        }
    }

    /// Personal facts and free text are for internal readers; keys stand in the title.
    fn shows(&self, table: &str, column: &str, key: &str) -> bool {
        if KEYS.contains(&column) && !(key == "candidate" || key == "person") || column == key || column == "note" {
            return false;
        }
        if self.audience.sees_names() {
            return true;
        }
        if let Some((_, columns)) = SUMMARY.iter().find(|(name, _)| *name == table) {
            return columns.contains(&column);
        }
        if PLACES.iter().any(|(name, columns)| *name == table && columns.contains(&column)) {
            return false;
        }
        let personal =
            ["name", "birth", "id_number", "phone", "school", "responsible", "mentor", "recommended_by", "leader"];
        let declared = schema::table(table).and_then(|t| t.column(column));
        !personal.contains(&column) && !declared.is_some_and(|c| matches!(c.kind, Kind::IdNumber | Kind::Phone))
    }
}

/// A column as text for people: numbers to two decimals, codes as words, null as empty.
pub fn texts(table: &DataFrame, name: &str, policy: &Policy, lang: Lang) -> Vec<String> {
    let Ok(column) = table.column(name) else { return vec![String::new(); table.height()] };
    let yes_no = |v: bool| lang.text(if v { "yes" } else { "no" });
    fn each<T>(values: FrameResult<Vec<Option<T>>>, show: impl Fn(T) -> String) -> Vec<String> {
        values.unwrap_or_default().into_iter().map(|v| v.map(&show).unwrap_or_default()).collect()
    }
    match column.dtype() {
        DataType::Float64 => each(frame::numbers(table, name), |x| round::show(x, 2)),
        DataType::Int64 => each(frame::wholes(table, name), |x| x.to_string()),
        DataType::Boolean => each(frame::flags(table, name), yes_no),
        DataType::Date => each(frame::dates(table, name), |d| d.to_string()),
        _ => each(frame::texts(table, name), |v| text_label(lang, policy, name, v)),
    }
}
