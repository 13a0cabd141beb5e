//! Synthetic county books of any size: nobody in them exists.
//!
//! A county is drawn from the distributions of published figures (ages, education, sources, collective
//! income, rates of cases and turnover). Behind every village stands a hidden *quality* that
//! persists, drifts, and shows in noisy, saturating indicators; trouble follows from it, and is seen
//! only where somebody looks. So next year's trouble is partly foreseeable, and not trivially so.
//! What is hidden goes to a separate table, the *truth*, that is never part of the book.
//!
//! Every county has its own random streams, named by (seed, purpose, county): counties are
//! independent of each other and of the number of threads, and a change to one room of this folder
//! does not shift what the others draw.
//!
//! ```
//! use touyan::synth::{self, Options};
//! let options = Options { villages_per_county: Some(12), townships: Some(2), ..Options::default() };
//! let county = synth::county(&options, 0)?;
//! assert_eq!(county.table("villages").map(|t| t.height()), Some(12));
//! assert_eq!(county.table("indicators").map(|t| t.height()), Some(12 * 10));
//! # Ok::<(), touyan::synth::SynthError>(())
//! ```

mod bodies;
mod days;
mod demo;
mod events;
mod growth;
mod indicators;
mod land;
mod measures;
mod names;
mod people;
mod pool;
mod sheets;
mod targets;
mod world;
mod write;

use std::path::PathBuf;

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use crate::book::Tables;
use crate::book::schema::TABLES;
use crate::frame::FrameError;

pub use self::demo::{DEMO_SALT, demo, demo_options};
pub use self::write::{Format, Written, write};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of counties, 1 to 9,000.
    pub counties: usize,
    /// Villages of every county; drawn for each county when not given (about 16.5 a township).
    pub villages_per_county: Option<usize>,
    /// Townships of every county, 1 to 300; drawn when not given (half of all counties have 9 to 17).
    pub townships: Option<usize>,
    /// Years of history, 1 to 30: the last is the last full year at `as_of`.
    pub years: u32,
    /// Seed of every stream: the same seed gives the same bytes.
    pub seed: u64,
    /// The day at which the books were handed in; nothing in them was known later.
    pub as_of: NaiveDate,
    /// Canonical names of the tables to write; empty means all of them.
    pub only: Vec<String>,
    /// Form of the files.
    pub format: Format,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            counties: 1,
            villages_per_county: None,
            townships: None,
            years: 10,
            seed: 20_251_231,
            as_of: NaiveDate::from_ymd_opt(2025, 12, 31).expect("a real day"),
            only: Vec::new(),
            format: Format::Parquet,
        }
    }
}

/// Counties have codes from 990121, the area of invented people, to 999999.
const FIRST_CODE: usize = 990_121;
const LAST_COUNTY: usize = 999_999 - FIRST_CODE;

/// Villages that fit under one township's 3-digit village codes (200 to 999).
const MOST_VILLAGES_PER_TOWNSHIP: usize = 800;

impl Options {
    /// Are the options within their ranges?
    ///
    /// # Errors
    /// Names the option, what it is and what it may be.
    pub fn check(&self) -> Result<(), SynthError> {
        let refuse = |what: String| Err(SynthError::Options(what));
        if !(1..=9_000).contains(&self.counties) {
            return refuse(format!("counties is {}; it may be 1 to 9000", self.counties));
        }
        if self.townships.is_some_and(|n| !(1..=300).contains(&n)) {
            return refuse(format!("townships is {}; it may be 1 to 300", self.townships.unwrap_or_default()));
        }
        let most = self.townships.unwrap_or(300) * MOST_VILLAGES_PER_TOWNSHIP;
        let least = self.townships.unwrap_or(1);
        if self.villages_per_county.is_some_and(|n| !(least..=most).contains(&n)) {
            let found = self.villages_per_county.unwrap_or_default();
            return refuse(format!("villages per county is {found}; it may be {least} to {most}"));
        }
        if !(1..=30).contains(&self.years) {
            return refuse(format!("years is {}; it may be 1 to 30", self.years));
        }
        if !(1990..=2100).contains(&self.as_of.year()) {
            return refuse(format!("as_of is {}; it may be 1990 to 2100", self.as_of));
        }
        if let Some(name) = self.only.iter().find(|name| crate::book::schema::table(name).is_none()) {
            return refuse(format!("no table is called `{name}`"));
        }
        Ok(())
    }

    /// The last full year at `as_of`: the last period of the indicators.
    pub fn last_period(&self) -> i32 {
        let full = (self.as_of.month(), self.as_of.day()) == (12, 31);
        self.as_of.year() - i32::from(!full)
    }

    /// The first period of the indicators.
    pub fn first_period(&self) -> i32 {
        self.last_period() - self.years as i32 + 1
    }
}

/// A synthetic book cannot be drawn or written.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// An option is outside its range.
    #[error("{0}")]
    Options(String),
    /// The target folder holds something.
    #[error("{} is not empty: give another folder", .0.display())]
    Occupied(PathBuf),
    /// A frame could not be made or written.
    #[error("{0}")]
    Frame(#[from] FrameError),
    /// A frame does not fit the schema.
    #[error("{0}")]
    Tables(#[from] crate::book::TablesError),
    /// A workbook could not be written.
    #[error("{0}")]
    Sheet(String),
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// One synthetic county.
#[derive(Clone, Debug)]
pub struct CountyBook {
    /// Name, marked as invented: `云溪县（虚构）`.
    pub county: String,
    /// Six-digit code from the unassigned areas, 990121 and up.
    pub code: String,
    /// Every table of the schema in its order, with codes for words and the book's own numbers for
    /// people, as [`Tables`] holds them. [`CountyBook::worded`] gives the county's words.
    pub tables: Vec<(&'static str, DataFrame)>,
    /// What is hidden, one row per village and year: `county, township, village, period, quality`
    /// (about standard normal, higher is better), `misconduct` (a head or member did wrong),
    /// `looked` (probability that the discipline office would see it), `case_risk`, `dispute_risk`
    /// (probabilities of a case and of a complex dispute in the year), `trouble` (head
    /// investigated, listed as weak and lax, or a complex dispute in the year).
    pub truth: DataFrame,
}

impl CountyBook {
    /// The table of that canonical name.
    pub fn table(&self, name: &str) -> Option<&DataFrame> {
        self.tables.iter().find(|(n, _)| *n == name).map(|(_, frame)| frame)
    }

    /// The tables as stages take them, without a detour over files: the book's own numbers stand
    /// for the surrogate codes.
    ///
    /// # Errors
    /// A frame does not fit the schema: a mistake in this folder.
    pub fn canonical(&self) -> Result<Tables, SynthError> {
        let mut tables = Tables::default();
        for (name, frame) in &self.tables {
            tables.set(name, frame.clone())?;
        }
        Ok(tables)
    }

    /// The tables with the first Chinese word of the default policy for every code.
    ///
    /// # Errors
    /// A frame does not fit the schema: a mistake in this folder.
    pub fn worded(&self) -> Result<Vec<(&'static str, DataFrame)>, SynthError> {
        sheets::worded(&self.tables, &crate::policy::Policy::default().words)
    }
}

/// Draws county number `index`, 0 to 9,878. Depends on the options and the index alone.
///
/// # Errors
/// An option or the index is outside its range.
pub fn county(options: &Options, index: usize) -> Result<CountyBook, SynthError> {
    options.check()?;
    if index > LAST_COUNTY {
        return Err(SynthError::Options(format!("the county's index is {index}; it may be 0 to {LAST_COUNTY}")));
    }
    let land = land::draw(options, index);
    let world = world::draw(options, &land);
    let mut people = people::People::new(options, &land);
    let bodies = bodies::draw(options, &land, &world, &mut people);
    let pool = pool::draw(options, &land, &bodies, &mut people);
    let figures = indicators::draw(options, &land, &world);
    let events = events::draw(options, &land, &world, &bodies, &pool, &figures, &mut people);
    let mut tables = Tables::default();
    tables.set("townships", land.townships_frame(&bodies, &people)?)?;
    tables.set("villages", land.villages_frame(&world, options)?)?;
    tables.set("indicators", figures.frame(&land)?)?;
    tables.set("people", people.frame(&land)?)?;
    tables.set("posts", bodies.frame(&land, &people)?)?;
    tables.set("pool", pool.frame(&land, &people)?)?;
    tables.set("events", events.frame(&land, &people)?)?;
    tables.set("targets", targets::frame(options, &land, &figures)?)?;
    tables.set("kin", pool.kin_frame(&land, &people)?)?;
    tables.set("wishes", pool.wishes_frame(options, &land, &people)?)?;
    tables.set("measures", measures::frame(options, &land, &world)?)?;
    let growth = growth::draw(options, &land, &world, &bodies, &pool, &figures, &people);
    tables.set("appraisals", growth.appraisals_frame(&land, &people)?)?;
    tables.set("activities", growth.activities_frame(&land, &people)?)?;
    tables.set("pay", growth.pay_frame(&land, &people)?)?;
    let tables = TABLES.iter().map(|t| (t.name, tables.get(t.name).clone())).collect();
    Ok(CountyBook { truth: world.frame(&land)?, county: land.county, code: land.code, tables })
}
