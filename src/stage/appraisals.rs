//! Yearly appraisals as far as they were known on the reference date.

use std::collections::HashMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::events::year_ended;
use crate::frame::{self, FrameResult};

/// (person, year) → grade of the yearly appraisal.
pub struct Appraisals<'a>(HashMap<(&'a str, i64), &'a str>);

impl<'a> Appraisals<'a> {
    /// The appraisals of years that had ended on the reference date; of two for one person and
    /// year the last row counts.
    ///
    /// # Errors
    /// The frame is not the table `appraisals`.
    pub fn new(appraisals: &'a DataFrame, as_of: NaiveDate) -> FrameResult<Appraisals<'a>> {
        let (person, grade) = (frame::texts(appraisals, "person")?, frame::texts(appraisals, "grade")?);
        let year = frame::wholes(appraisals, "year")?;
        let mut out = HashMap::with_capacity(person.len());
        for row in 0..person.len() {
            if let (Some(person), Some(grade), Some(year)) = (person[row], grade[row], year[row])
                && year_ended(year, as_of)
            {
                out.insert((person, year), grade);
            }
        }
        Ok(Appraisals(out))
    }

    /// The grade of that person and year.
    pub fn grade(&self, person: &str, year: i64) -> Option<&'a str> {
        self.0.get(&(person, year)).copied()
    }
}
