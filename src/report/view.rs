//! Frames as the report reads them: the chosen county's rows, and columns that may be missing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::book::Tables;
use crate::frame;

/// The stages' tables and the book's, cut to one county where one was asked for.
pub(super) struct Source {
    outcome: BTreeMap<&'static str, DataFrame>,
    book: BTreeMap<&'static str, DataFrame>,
}

impl Source {
    pub(super) fn new(outcome: &BTreeMap<&'static str, DataFrame>, tables: &Tables, county: Option<&str>) -> Self {
        let cut = |frame: &DataFrame| match county {
            None => Some(frame.clone()),
            Some(county) => of_county(frame, county),
        };
        Source {
            outcome: outcome.iter().filter_map(|(name, frame)| Some((*name, cut(frame)?))).collect(),
            book: tables.iter().filter_map(|(table, frame)| Some((table.name, cut(frame)?))).collect(),
        }
    }

    /// An output table; `None` if the stage did not run, or if its rows do not tell counties apart
    /// and one county was asked for.
    pub(super) fn outcome(&self, name: &str) -> Option<&DataFrame> {
        self.outcome.get(name)
    }

    /// A table of the book.
    pub(super) fn book(&self, name: &str) -> Option<&DataFrame> {
        self.book.get(name)
    }

    /// Shorthand for the rows of an output table, none if it is missing.
    pub(super) fn rows(&self, name: &str) -> Rows<'_> {
        Rows::of(self.outcome(name))
    }
}

fn of_county(frame: &DataFrame, county: &str) -> Option<DataFrame> {
    let mask: BooleanChunked =
        frame.column("county").ok()?.str().ok()?.iter().map(|c| Some(c == Some(county))).collect();
    frame.filter(&mask).ok()
}

/// Rows of a frame; a column that is missing or of another type reads as empty throughout.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    frame: Option<&'a DataFrame>,
}

impl<'a> Rows<'a> {
    pub(crate) fn of(frame: Option<&'a DataFrame>) -> Self {
        Rows { frame }
    }

    pub(crate) fn height(&self) -> usize {
        self.frame.map_or(0, DataFrame::height)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.height() == 0
    }

    /// Names of the columns, in their order.
    pub(super) fn names(&self) -> Vec<&'a str> {
        self.frame.map_or_else(Vec::new, |f| f.get_column_names().into_iter().map(|n| n.as_str()).collect())
    }

    fn read<T: Clone>(&self, empty: T, read: impl FnOnce(&'a DataFrame) -> frame::FrameResult<Vec<T>>) -> Vec<T> {
        self.frame.and_then(|frame| read(frame).ok()).unwrap_or_else(|| vec![empty; self.height()])
    }

    /// Text, null as the empty string.
    pub(crate) fn words(&self, name: &str) -> Vec<&'a str> {
        self.read("", |frame| frame::words(frame, name))
    }

    pub(crate) fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        self.read(None, |frame| frame::numbers(frame, name))
    }

    pub(crate) fn wholes(&self, name: &str) -> Vec<Option<i64>> {
        self.read(None, |frame| frame::wholes(frame, name))
    }

    pub(crate) fn flags(&self, name: &str) -> Vec<Option<bool>> {
        self.read(None, |frame| frame::flags(frame, name))
    }

    pub(crate) fn dates(&self, name: &str) -> Vec<Option<NaiveDate>> {
        self.read(None, |frame| frame::dates(frame, name))
    }

    /// How often each word stands in a column, in the order of the words; the empty word is left out.
    pub(crate) fn count(&self, name: &str) -> BTreeMap<&'a str, usize> {
        let mut counts = BTreeMap::new();
        for word in self.words(name) {
            if !word.is_empty() {
                *counts.entry(word).or_insert(0) += 1;
            }
        }
        counts
    }

    /// Rows whose word in a column is one of `wanted`.
    pub(crate) fn which(&self, name: &str, wanted: &[&str]) -> Vec<usize> {
        let words = self.words(name);
        (0..words.len()).filter(|&i| wanted.contains(&words[i])).collect()
    }
}

/// Parts of a text that holds several codes, joined by semicolons.
pub(crate) fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|code| !code.is_empty())
}
