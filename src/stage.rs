//! What every stage has in common: its context, and the tables it hands on.

pub mod appraisals;
pub mod bars;
pub mod certificate;
pub mod events;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use crate::lang::Lang;
use crate::policy::Policy;

/// What a stage knows besides its tables.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub policy: &'a Policy,
    /// Reference date: nothing known after it may influence a result.
    pub as_of: NaiveDate,
    /// Seed of every random stream; a stream is (seed, replicate).
    pub seed: u64,
    /// Language of reasons.
    pub lang: Lang,
}

impl Context<'_> {
    /// The day to which ages, terms and effect periods count for eligibility: the election day of
    /// the policy, else the reference date.
    pub fn election_day(&self) -> NaiveDate {
        self.policy.meta.election_day.as_deref().and_then(|d| d.parse().ok()).unwrap_or(self.as_of)
    }
}

/// Full years from `birth` to `day`; negative before birth.
pub fn age(birth: NaiveDate, day: NaiveDate) -> i32 {
    use chrono::Datelike;
    let years = day.year() - birth.year();
    if (day.month(), day.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

/// `day` moved by whole months, clamped to the month's last day.
pub fn add_months(day: NaiveDate, months: i32) -> NaiveDate {
    let moved = if months >= 0 {
        day.checked_add_months(chrono::Months::new(months.unsigned_abs()))
    } else {
        day.checked_sub_months(chrono::Months::new(months.unsigned_abs()))
    };
    moved.unwrap_or(day)
}

/// A stage's result: named tables with a documented schema, in a fixed order.
pub type StageTables = Vec<(&'static str, DataFrame)>;

/// Anything that can go wrong inside a stage.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A table does not have the columns it should have.
    #[error("{0}")]
    Frame(#[from] crate::frame::FrameError),
    /// polars refused.
    #[error("{0}")]
    Polars(#[from] polars::prelude::PolarsError),
    /// The data do not allow the computation; says what and where.
    #[error("{0}")]
    Data(String),
}

/// Result of a stage.
pub type StageResult<T> = Result<T, StageError>;
