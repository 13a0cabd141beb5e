//! What the stage knows at the reference date: the book's tables as sorted rows, by village.
//!
//! Everything later than the reference date is left out here, once, so that no rule can see it.
//! Knowledge of an event counts from the day it was recorded, where the book says so.

mod read;

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// A village and what the book says of it.
#[derive(Clone, Debug)]
pub(in crate::supervise) struct Village<'a> {
    pub county: &'a str,
    pub township: &'a str,
    pub key: &'a str,
    pub name: &'a str,
    /// Index into [`Facts::counties`].
    pub county_index: usize,
    /// Index into [`Facts::townships`].
    pub township_index: usize,
    /// On the official weak-and-lax list.
    pub weak: Option<bool>,
    /// Stands in the table `villages`, not only in a ledger or roster; also true of every village of
    /// a county that has no village sheet at all.
    pub registered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::supervise) struct Event<'a> {
    pub village: usize,
    pub date: NaiveDate,
    /// Day from which the county knew.
    pub known: NaiveDate,
    pub kind: &'a str,
    pub post: Option<&'a str>,
    pub person: Option<&'a str>,
    pub department: Option<&'a str>,
    /// Day it was settled, if by the reference date.
    pub closed: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::supervise) struct Post<'a> {
    pub village: usize,
    pub post: &'a str,
    pub since: Option<NaiveDate>,
    pub person: Option<&'a str>,
    pub vacant_since: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::supervise) struct Measure<'a> {
    pub village: usize,
    pub measure: &'a str,
    pub responsible: Option<&'a str>,
    pub started: Option<NaiveDate>,
    pub due: Option<NaiveDate>,
    pub done: Option<NaiveDate>,
    pub score: Option<f64>,
    pub dissatisfied: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::supervise) struct Appraisal<'a> {
    pub village: usize,
    pub person: &'a str,
    pub year: i64,
    pub grade: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::supervise) struct Figure {
    pub village: usize,
    pub period: i64,
    /// Row of the table `indicators`.
    pub row: usize,
}

/// What the score stage says of a village.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::supervise) struct Scored<'a> {
    pub score: Option<f64>,
    pub grade: Option<&'a str>,
}

#[derive(Clone, Debug)]
pub(in crate::supervise) struct Township<'a> {
    pub county: &'a str,
    pub name: &'a str,
    pub secretary: Option<&'a str>,
    /// Its villages: a range of [`Facts::villages`].
    pub villages: std::ops::Range<usize>,
}

/// Rows grouped by village.
#[derive(Clone, Debug)]
pub(in crate::supervise) struct ByVillage<T> {
    rows: Vec<T>,
    starts: Vec<usize>,
}

impl<T> ByVillage<T> {
    /// `rows` must be sorted by village.
    fn new(rows: Vec<T>, villages: usize, village: impl Fn(&T) -> usize) -> Self {
        let mut starts = vec![0; villages + 1];
        for row in &rows {
            starts[village(row) + 1] += 1;
        }
        for i in 0..villages {
            starts[i + 1] += starts[i];
        }
        ByVillage { rows, starts }
    }

    pub fn of(&self, village: usize) -> &[T] {
        &self.rows[self.range(village)]
    }

    /// Where the village's rows lie in [`ByVillage::all`].
    pub fn range(&self, village: usize) -> std::ops::Range<usize> {
        self.starts[village]..self.starts[village + 1]
    }

    pub fn all(&self) -> &[T] {
        &self.rows
    }
}

/// Everything known at the reference date.
pub(in crate::supervise) struct Facts<'a> {
    pub as_of: NaiveDate,
    /// The year called "last year" (上年度).
    pub last_year: i32,
    /// Sorted by county, township, village.
    pub villages: Vec<Village<'a>>,
    /// Each county and its villages, a range of `villages`.
    pub counties: Vec<(&'a str, std::ops::Range<usize>)>,
    pub townships: Vec<Township<'a>>,
    pub events: ByVillage<Event<'a>>,
    pub posts: ByVillage<Post<'a>>,
    pub measures: ByVillage<Measure<'a>>,
    pub appraisals: ByVillage<Appraisal<'a>>,
    /// Latest period first.
    pub figures: ByVillage<Figure>,
    pub scores: Vec<Scored<'a>>,
    indicators: BTreeMap<&'a str, Vec<Option<f64>>>,
    /// Counties whose village table says of any village whether it is on the official list.
    pub official: Vec<bool>,
    /// Counties whose book holds any measure.
    pub measured: Vec<bool>,
    /// Some event carries the day it was recorded.
    pub has_recorded: bool,
    /// Events known at the reference date that belong to no village.
    pub unplaced: usize,
    /// Events left out because they were later, or recorded later, than the reference date.
    pub later: usize,
}

impl<'a> Facts<'a> {
    /// The person who holds the post now, with the latest start if the book names several.
    pub fn holder(&self, village: usize, post: &str) -> Option<&'a str> {
        let held = self.posts.of(village).iter().filter(|p| p.post == post && p.person.is_some());
        held.max_by_key(|p| (p.since, p.person)).and_then(|p| p.person)
    }

    /// The indicator in a row of the table, `None` for missing.
    pub fn value(&self, figure: &Figure, indicator: &str) -> Option<f64> {
        self.indicators.get(indicator).and_then(|c| c[figure.row])
    }
}
