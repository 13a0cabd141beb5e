//! `touyan audit`: records held against each other. Appointments inside an effect period, expired or
//! missing joint reviews, unfiled and late-filed posts, kin of township leaders and of recommenders,
//! decisions and waivers that lack what they need, rules that changed shortly before a decision.
//!
//! Each finding names its rule, its basis and what the record says; none is a judgement.

mod appointed;
mod policy;
mod recorded;

use polars::prelude::DataFrame;

use chrono::NaiveDate;

use crate::book::Book;
use crate::frame::Build;
use crate::journal::Journal;
use crate::run::Outcome;
use crate::stage::{Context, StageResult};

pub use policy::AuditPolicy;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A rule is broken as the records stand.
    Grave,
    /// Something is late, missing or to be explained.
    Notice,
    /// The book cannot tell.
    Unclear,
}

impl Severity {
    /// The code in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Severity::Grave => "grave",
            Severity::Notice => "notice",
            Severity::Unclear => "unclear",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Code of the rule.
    pub rule: &'static str,
    pub severity: Severity,
    pub county: String,
    pub township: String,
    /// Key of the village; empty: none.
    pub village: String,
    pub village_name: String,
    /// Surrogate code; empty: none.
    pub person: String,
    pub date: Option<NaiveDate>,
    pub text: String,
    /// Key of the policy, or a document's number.
    pub basis: String,
    pub rec_id: String,
}

/// Looks through a book, a run over it and its journal. Findings stand by severity, rule, county,
/// township, village and person.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn audit(book: &Book, outcome: &Outcome, journal: Option<&Journal>, ctx: &Context) -> StageResult<Vec<Finding>> {
    let mut found = appointed::find(book, outcome, ctx)?;
    found.extend(recorded::find(book, outcome, journal, ctx)?);
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    found.dedup();
    Ok(found)
}

type Key<'f> = (Severity, &'f str, &'f str, &'f str, &'f str, &'f str, Option<NaiveDate>, &'f str);

fn key(f: &Finding) -> Key<'_> {
    (f.severity, f.rule, &f.county, &f.township, &f.village, &f.person, f.date, &f.text)
}

/// Findings as a table: `rule, severity, county, township, village, village_name, person, date, text,
/// basis, rec_id`.
///
/// # Errors
/// Never, unless columns differ in length.
pub fn table(findings: &[Finding]) -> StageResult<DataFrame> {
    let some = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
    Ok(Build::new()
        .str("rule", &findings.iter().map(|f| f.rule).collect::<Vec<_>>())
        .str("severity", &findings.iter().map(|f| f.severity.code()).collect::<Vec<_>>())
        .text("county", findings.iter().map(|f| some(&f.county)).collect())
        .text("township", findings.iter().map(|f| some(&f.township)).collect())
        .text("village", findings.iter().map(|f| some(&f.village)).collect())
        .text("village_name", findings.iter().map(|f| some(&f.village_name)).collect())
        .text("person", findings.iter().map(|f| some(&f.person)).collect())
        .date("date", findings.iter().map(|f| f.date).collect())
        .str("text", &findings.iter().map(|f| &f.text).collect::<Vec<_>>())
        .str("basis", &findings.iter().map(|f| &f.basis).collect::<Vec<_>>())
        .text("rec_id", findings.iter().map(|f| some(&f.rec_id)).collect())
        .done()?)
}
