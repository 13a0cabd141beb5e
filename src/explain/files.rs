//! The files of many people at once: what [`Sources::person`] shows of one, as a table.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::{PERSON_BOOK, PERSON_OUTCOME, Sources};
use crate::book::schema::{self, Kind};
use crate::frame::{self, Build, FrameResult};

/// One line of a person's file.
struct Line {
    person: String,
    section: &'static str,
    order: i64,
    label: String,
    text: String,
}

impl Sources<'_> {
    /// The files of everybody who stands in the reserve pool: one row per fact, in the order of
    /// persons, sections (tables) and rows. Identity and phone numbers are left out even masked.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn person_files(&self) -> FrameResult<DataFrame> {
        let pool = self.book.tables.get("pool");
        let people: BTreeSet<&str> = frame::words(pool, "person")?.into_iter().collect();
        let mut lines: Vec<Line> = Vec::new();
        for name in PERSON_BOOK {
            self.lines(&mut lines, name, self.book.tables.get(name), "person", &people)?;
        }
        for name in PERSON_OUTCOME {
            if let Some(table) = self.outcome.table(name) {
                self.lines(&mut lines, name, table, "candidate", &people)?;
            }
        }
        lines.sort_by(|a, b| a.person.cmp(&b.person));
        let homes = self.homes()?;
        let home = |l: &Line| homes.get(l.person.as_str()).copied().unwrap_or_default();
        Build::new()
            .str("county", &lines.iter().map(|l| home(l).0).collect::<Vec<_>>())
            .str("township", &lines.iter().map(|l| home(l).1).collect::<Vec<_>>())
            .str("person", &lines.iter().map(|l| l.person.as_str()).collect::<Vec<_>>())
            .str("section", &lines.iter().map(|l| l.section).collect::<Vec<_>>())
            .whole("order", lines.iter().map(|l| Some(l.order)).collect())
            .str("label", &lines.iter().map(|l| l.label.as_str()).collect::<Vec<_>>())
            .str("text", &lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>())
            .done()
    }

    /// County and township of everybody in the pool.
    fn homes(&self) -> FrameResult<BTreeMap<&str, (&str, &str)>> {
        let pool = self.book.tables.get("pool");
        let places = frame::words(pool, "county")?.into_iter().zip(frame::words(pool, "township")?);
        Ok(frame::words(pool, "person")?.into_iter().zip(places).collect())
    }

    fn lines(
        &self,
        lines: &mut Vec<Line>,
        name: &'static str,
        table: &DataFrame,
        column: &str,
        people: &BTreeSet<&str>,
    ) -> FrameResult<()> {
        if !frame::has(table, column) {
            return Ok(());
        }
        let mask: BooleanChunked = frame::words(table, column)?.into_iter().map(|p| Some(people.contains(p))).collect();
        let mine = table.filter(&mask)?;
        let declared = schema::table(name);
        let secret = |c: &str| {
            let kind = declared.and_then(|t| t.column(c)).map(|c| c.kind);
            matches!(kind, Some(Kind::IdNumber | Kind::Phone))
        };
        // Where a person lives stands in `people`; repeated with every entry it would hide the rest.
        let place = |c: &str| name != "people" && ["county", "township", "village"].contains(&c);
        let names = mine.get_column_names();
        let shown: Vec<&str> = names
            .into_iter()
            .map(|n| n.as_str())
            .filter(|n| self.shows(name, n, column) && !secret(n) && !place(n))
            .collect();
        let labels: Vec<String> = shown.iter().map(|c| self.label(declared, c)).collect();
        let cells: Vec<Vec<String>> = shown.iter().map(|c| self.texts(declared, &mine, c)).collect();
        let mut rows: BTreeMap<&str, i64> = BTreeMap::new();
        for (row, person) in frame::words(&mine, column)?.into_iter().enumerate() {
            let order = rows.entry(person).or_default();
            *order += 1;
            for (label, cells) in labels.iter().zip(&cells) {
                if !cells[row].is_empty() {
                    lines.push(Line {
                        person: person.to_owned(),
                        section: name,
                        order: *order,
                        label: label.clone(),
                        text: cells[row].clone(),
                    });
                }
            }
        }
        Ok(())
    }
}
