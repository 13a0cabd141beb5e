//! The policy's section `[supervise]`: categories, tracking, urgency, talks, learned risk.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rule::Rule;
use crate::book::schema::{self, Kind as ColumnKind, Vocab};
use crate::policy::Words;

/// Section `[supervise]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisePolicy {
    /// From this day (`MM-DD`) the current calendar year counts as "last year" (上年度), because it
    /// is as good as over; before it, the year before does.
    pub year_closes: String,
    /// Categories of villages, in the order in which they are shown.
    pub categories: IndexMap<String, Category>,
    /// Leaving, re-check and relapse.
    pub tracking: Tracking,
    /// The four mechanisms and the three ones.
    pub measures: Measures,
    /// Additions beyond the categories.
    pub suggest: Suggest,
    /// How urgent a village is, 0 to 100.
    pub urgency: Urgency,
    /// Townships whose Party head should be talked to.
    pub talks: Talks,
    /// Learned risk of trouble.
    pub risk: Risk,
}

/// What supervision of a category is meant to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 督管型: hold to account.
    #[default]
    Supervise,
    /// 培育型: cultivate a strong village whose size is its risk.
    Cultivate,
}

impl Purpose {
    /// The code in the table `supervision`.
    pub const fn code(self) -> &'static str {
        match self {
            Purpose::Supervise => "supervise",
            Purpose::Cultivate => "cultivate",
        }
    }
}

/// One category: everyone whom the rule finds belongs to it, whatever the capacity.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Name in Chinese output; English output takes the message `supervise-category-<key>`.
    pub label: String,
    /// Whether the category is in use.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Supervising (督管型) or cultivating (培育型).
    #[serde(default)]
    pub purpose: Purpose,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
    /// What makes a village a member.
    pub rule: Rule,
}

fn yes() -> bool {
    true
}

/// Which events start and end supervision, and the times of what follows.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// Event kinds that put a village under supervision.
    pub escalated: Vec<String>,
    /// Event kinds that end supervision (销号).
    pub released: Vec<String>,
    /// Event kinds that take a village off a list without ending supervision; a relapse counts from
    /// these as from a release.
    pub cleared: Vec<String>,
    /// Event kinds of a re-check (回头看).
    pub rechecked: Vec<String>,
    /// Months after a release when the re-check falls due.
    pub recheck_months: u32,
    /// Months after a release beyond which a re-check that never came is no longer asked for.
    pub recheck_until_months: u32,
    /// Listed again within so many years of a release is a relapse (返潮).
    pub relapse_years: u32,
    /// Document number.
    #[serde(default)]
    pub source: String,
}

/// What every supervised village needs, and when it may leave.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measures {
    /// Codes of the mechanisms (`words.measure`).
    pub mechanisms: Vec<String>,
    /// Codes of the "ones" (三个一).
    pub ones: Vec<String>,
    /// Lowest score of the check that suggests leaving.
    pub leave_score: f64,
    /// Highest share of dissatisfied villagers (percent) that suggests leaving.
    pub leave_dissatisfied: f64,
    /// Document number.
    #[serde(default)]
    pub source: String,
}

/// Suggested additions: villages in no category that deserve the county's attention.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggest {
    /// Most additions per county; membership of a category is never cut by it.
    pub capacity: usize,
    /// Lowest urgency of a suggestion.
    pub minimum_urgency: f64,
}

/// Additive parts of urgency; the highest points of all parts add up to at most 100.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Urgency {
    /// Points per event, by kind.
    pub events: IndexMap<String, f64>,
    /// Events of so many months count in full.
    pub recent_months: u32,
    /// Older ones, up to so many months, count by `older_share`.
    pub older_months: u32,
    /// Share of an older event's points, 0 to 1.
    pub older_share: f64,
    /// Highest points from events.
    pub events_most: f64,
    /// Points per category the village is in.
    pub per_category: f64,
    /// Highest points from categories.
    pub categories_most: f64,
    /// Points by grade of the assessment.
    pub grades: IndexMap<String, f64>,
    /// Points per overdue measure.
    pub per_overdue: f64,
    /// Highest points from overdue measures.
    pub overdue_most: f64,
    /// Highest points from learned risk: times the village's place among the county's, 0 to 1.
    pub risk_most: f64,
}

impl Urgency {
    /// The most that all parts can add up to.
    pub fn most(&self) -> f64 {
        let grades = self.grades.values().copied().fold(0.0, f64::max);
        self.events_most + self.categories_most + grades + self.overdue_most + self.risk_most
    }
}

/// Thresholds of the talk list; one that is reached suffices.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Talks {
    /// Event kinds that count as problems.
    pub kinds: Vec<String>,
    /// Problem events per village last year.
    pub events_per_village: f64,
    /// Share of the township's villages under supervision, 0 to 1 …
    pub listed_share: f64,
    /// … and at least so many of them.
    pub listed_least: usize,
    /// Villages whose head changed last year: share, 0 to 1 …
    pub adjusted_share: f64,
    /// … and at least so many.
    pub adjusted_least: usize,
    /// Event kinds by which a head leaves the post.
    pub departures: Vec<String>,
    /// Posts that make a village head (村主职).
    pub heads: Vec<String>,
    /// Event kinds counted in the rate of cases per township.
    pub cases: Vec<String>,
    /// Document number.
    #[serde(default)]
    pub source: String,
}

/// Learned risk: logistic regression on past years. It orders suggestions and lists nobody.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Whether risk is learned at all.
    pub enabled: bool,
    /// Event kinds that are the trouble to foresee.
    pub trouble: Vec<String>,
    /// Event kinds counted as signs beside the indicators.
    pub signs: Vec<String>,
    /// Years before the reference year whose events count as "earlier".
    pub history_years: u32,
    /// L2 penalty on standardised coefficients.
    pub l2: f64,
    /// Fewest village-years with trouble to learn from.
    pub minimum_positives: usize,
    /// Fewest years with known outcome, the evaluation year included.
    pub minimum_years: usize,
}

type Fault = (String, String);

impl SupervisePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self, words: &Words) -> Result<(), Fault> {
        if super::year::parse_month_day(&self.year_closes).is_none() {
            return fault("year_closes", format!("`{}` is no day like 12-31", self.year_closes));
        }
        for (key, category) in &self.categories {
            if key.is_empty() || !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
                return fault(&format!("categories.{key}"), "a key consists of a-z, 0-9 and _");
            }
            category.rule.check(words).map_err(|(k, m)| (format!("supervise.categories.{key}.rule.{k}"), m))?;
        }
        let tracking = &self.tracking;
        kinds(words, "tracking.escalated", &tracking.escalated)?;
        kinds(words, "tracking.released", &tracking.released)?;
        kinds(words, "tracking.cleared", &tracking.cleared)?;
        kinds(words, "tracking.rechecked", &tracking.rechecked)?;
        if tracking.recheck_until_months < tracking.recheck_months {
            return fault("tracking.recheck_until_months", "must not be less than `recheck_months`");
        }
        codes(words, Vocab::Measure, "measures.mechanisms", self.measures.mechanisms.iter())?;
        codes(words, Vocab::Measure, "measures.ones", self.measures.ones.iter())?;
        within("measures.leave_score", self.measures.leave_score, 0.0, 100.0)?;
        within("measures.leave_dissatisfied", self.measures.leave_dissatisfied, 0.0, 100.0)?;
        self.check_urgency(words)?;
        kinds(words, "talks.kinds", &self.talks.kinds)?;
        kinds(words, "talks.departures", &self.talks.departures)?;
        kinds(words, "talks.cases", &self.talks.cases)?;
        codes(words, Vocab::Post, "talks.heads", self.talks.heads.iter())?;
        within("talks.events_per_village", self.talks.events_per_village, 0.0, 1e6)?;
        within("talks.listed_share", self.talks.listed_share, 0.0, 1.0)?;
        within("talks.adjusted_share", self.talks.adjusted_share, 0.0, 1.0)?;
        kinds(words, "risk.trouble", &self.risk.trouble)?;
        kinds(words, "risk.signs", &self.risk.signs)?;
        if !(self.risk.l2.is_finite() && self.risk.l2 > 0.0) {
            return fault("risk.l2", "the penalty must be greater than 0");
        }
        Ok(())
    }

    fn check_urgency(&self, words: &Words) -> Result<(), Fault> {
        let urgency = &self.urgency;
        codes(words, Vocab::EventKind, "urgency.events", urgency.events.keys())?;
        codes(words, Vocab::Grade, "urgency.grades", urgency.grades.keys())?;
        for (kind, points) in urgency.events.iter().chain(&urgency.grades) {
            within(&format!("urgency ({kind})"), *points, 0.0, 100.0)?;
        }
        let parts = [
            ("events_most", urgency.events_most),
            ("per_category", urgency.per_category),
            ("categories_most", urgency.categories_most),
            ("per_overdue", urgency.per_overdue),
            ("overdue_most", urgency.overdue_most),
            ("risk_most", urgency.risk_most),
        ];
        for (name, points) in parts {
            within(&format!("urgency.{name}"), points, 0.0, 100.0)?;
        }
        within("urgency.older_share", urgency.older_share, 0.0, 1.0)?;
        if urgency.older_months < urgency.recent_months {
            return fault("urgency.older_months", "must not be less than `recent_months`");
        }
        if urgency.most() > 100.0 {
            return fault("urgency", format!("the highest points add up to {}, more than 100", urgency.most()));
        }
        within("suggest.minimum_urgency", self.suggest.minimum_urgency, 0.0, 100.0)?;
        // A learned figure orders suggestions; it must not be able to make one by itself.
        if urgency.risk_most >= self.suggest.minimum_urgency {
            return fault("urgency.risk_most", "must lie below `suggest.minimum_urgency`: risk alone suggests nobody");
        }
        Ok(())
    }
}

fn fault<T>(key: &str, message: impl Into<String>) -> Result<T, Fault> {
    Err((format!("supervise.{key}"), message.into()))
}

fn within(key: &str, value: f64, low: f64, high: f64) -> Result<(), Fault> {
    // NaN fails the test as well.
    if (low..=high).contains(&value) { Ok(()) } else { fault(key, format!("{value} lies outside {low} to {high}")) }
}

fn kinds(words: &Words, key: &str, list: &[String]) -> Result<(), Fault> {
    codes(words, Vocab::EventKind, key, list.iter())
}

fn codes<'a>(words: &Words, vocab: Vocab, key: &str, list: impl Iterator<Item = &'a String>) -> Result<(), Fault> {
    for code in list {
        known(words, vocab, code).map_err(|m| (format!("supervise.{key}"), m))?;
    }
    Ok(())
}

/// Is the code one of the list?
pub(super) fn known(words: &Words, vocab: Vocab, code: &str) -> Result<(), String> {
    if words.knows(vocab, code) {
        return Ok(());
    }
    Err(format!("`{code}` is not in `words.{}`", vocab.key()))
}

/// May the column be named as an indicator? Not if it is protected, or known to be no number.
pub(super) fn indicator(name: &str) -> Result<(), String> {
    let same = || schema::TABLES.iter().flat_map(|t| t.columns).filter(|c| c.name == name);
    if same().any(|c| c.protected) {
        return Err(format!("`{name}` is a protected attribute and may not be used here"));
    }
    let own = schema::table("indicators").and_then(|t| t.column(name));
    match own {
        Some(column) if !matches!(column.kind, ColumnKind::Number(_)) => Err(format!("`{name}` is no number")),
        _ => Ok(()),
    }
}
