//! The policy of a matching: section `[match]`.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::index::protected;
use crate::lang::Lang;

/// A policy file for any edge list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchFile {
    /// How vacancies and candidates are matched.
    #[serde(rename = "match", default)]
    pub matching: MatchPolicy,
}

/// Section `[match]`: which columns are read, what is best, and under which rules.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MatchPolicy {
    /// Title of the results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Edge list: column of the vacancies.
    pub vacancy: String,
    /// Edge list: column of the candidates.
    pub candidate: String,
    /// Edge list: column of the fit, the greater the better.
    pub fit: String,
    /// Most decimals of a fit that count, 0 to 9. Fits are put on a grid of 10^−d once, at the door,
    /// a half to the even one; d is the least number of decimals, up to this one, on which every fit
    /// of the file stands exactly, and every price of the policy (more decimals there are an error).
    pub decimals: u32,
    /// What is best.
    pub objective: Objective,
    /// Objective `fit`: what a seat left open costs, in points of fit; a pair is chosen only if it
    /// is worth more than that. With 0, the total fit of all pairs is made as great as it can be.
    pub open_price: f64,
    /// How it is matched.
    pub mode: Mode,
    /// Seed of ties and random draws.
    pub seed: u64,
    /// People suggested per vacancy, the recommended among them.
    pub shortlist: usize,
    /// Best whole solutions that are listed.
    pub solutions: usize,
    /// Edge list: column of the candidate's wish, 1 the dearest; a blank one means that the candidate
    /// does not want the vacancy, and the pair is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wish: Option<String>,
    /// Edge list: column of yes and no; a no leaves the pair out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub willing: Option<String>,
    /// Edge list: column of `force` and `forbid`; blank for neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// The table of vacancies.
    pub vacancies: VacancyTable,
    /// The table of candidates.
    pub candidates: CandidateTable,
    /// Quotas: key → rule.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub quotas: IndexMap<String, Quota>,
    /// Pairs of candidates who may not both be placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<Conflicts>,
    /// How near the result is to an earlier one, given by `--previous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<ChangesRule>,
    /// How sure the result is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robustness: Option<Robustness>,
}

impl Default for MatchPolicy {
    fn default() -> Self {
        MatchPolicy {
            title: None,
            vacancy: "vacancy".into(),
            candidate: "candidate".into(),
            fit: "fit".into(),
            decimals: 4,
            objective: Objective::Filled,
            open_price: 0.0,
            mode: Mode::Optimal,
            seed: 1,
            shortlist: 3,
            solutions: 1,
            wish: None,
            willing: None,
            order: None,
            vacancies: VacancyTable::default(),
            candidates: CandidateTable::default(),
            quotas: IndexMap::new(),
            conflicts: None,
            changes: None,
            robustness: None,
        }
    }
}

impl MatchPolicy {
    /// Prices in points of fit, with their keys: of an open seat, and of soft quotas.
    pub(super) fn prices(&self) -> Vec<(String, f64)> {
        let open = (self.objective == Objective::Fit).then(|| ("match.open_price".to_owned(), self.open_price));
        let soft =
            self.quotas.iter().filter_map(|(name, quota)| Some((format!("match.quotas.{name}.soft"), quota.soft?)));
        open.into_iter().chain(soft).collect()
    }
}

/// What is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// First as many seats filled as can be, the most urgent class before the next; then the
    /// greatest total fit.
    Filled,
    /// The greatest total fit, a seat left open at `open_price`.
    Fit,
}

/// How it is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The best by the objective, proved.
    Optimal,
    /// Nobody and no vacancy would both rather have each other: the stable solution that is best for
    /// every vacancy.
    Stable,
    /// The stable solution that is best for every candidate.
    StableCandidates,
    /// Of all stable solutions the one of greatest total fit.
    StableFit,
}

impl Mode {
    /// Is it one of the stable modes?
    pub fn is_stable(self) -> bool {
        self != Mode::Optimal
    }
}

/// Section `[match.vacancies]`: columns of the table given by `--vacancies`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VacancyTable {
    /// Column of the vacancies; without it the name of that of the edge list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Column of the seats of a vacancy; without it one each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<String>,
    /// Column of the class of urgency, 1 the most urgent; without it all are of one class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// Section `[match.candidates]`: columns of the table given by `--candidates`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CandidateTable {
    /// Column of the candidates; without it the name of that of the edge list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Column of the vacancy that a candidate holds now: whoever holds one must have a place, this or
    /// another, and the vacancy is filled again when its holder leaves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<String>,
}

/// A quota on a group of candidates within groups of vacancies. Bounds may be numbers of seats or
/// shares.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Quota {
    /// The group: column of the table of candidates → what it must hold; all conditions together.
    pub of: IndexMap<String, Condition>,
    /// Vacancies that count: column of their table → what it must hold; empty for all.
    #[serde(rename = "where", skip_serializing_if = "IndexMap::is_empty")]
    pub within: IndexMap<String, Condition>,
    /// Column of the table of vacancies: one quota for each of its values; without it one for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// At least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    /// At least this share, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_share: Option<f64>,
    /// At most this share, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_share: Option<f64>,
    /// Of what shares are taken.
    pub basis: Basis,
    /// How a share of seats becomes a number.
    pub rounding: Rounding,
    /// Groups with fewer seats are exempt.
    pub min_seats: i64,
    /// Column of the table of vacancies: sitting members of the group, counted towards the bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sitting: Option<String>,
    /// Column of the table of vacancies: all sitting members, counted in the basis of shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sitting_all: Option<String>,
    /// Points of fit that one person too few or too many costs; without it the quota must be met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft: Option<f64>,
    /// Document number (文号).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// What a column must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a condition is a list of words or numbers, such as [\"female\"], or bounds, such as { min = 18, max = 35 }"
)]
pub enum Condition {
    /// One of these words or numbers.
    Words(Vec<Word>),
    /// A number between two bounds.
    Range(Range),
}

/// A number between two bounds, both included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// A word or a number in a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Word {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A word, compared without regard to case and width.
    Text(String),
}

/// Of what shares are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// All seats, filled or not.
    #[default]
    Seats,
    /// Seats that are filled.
    Filled,
}

/// How a share becomes a number of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// A lower bound up, an upper bound down: the share holds exactly.
    #[default]
    Strict,
    /// Both down.
    Down,
    /// To the nearest, a half up.
    Nearest,
}

/// Section `[match.conflicts]`: columns of the table given by `--conflicts`, each row a pair of
/// candidates who may not both be placed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflicts {
    /// Column of the one.
    pub one: String,
    /// Column of the other.
    pub other: String,
    /// Column of the table of vacancies: they may not both be placed within one of its values;
    /// without it nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

/// Section `[match.changes]`: how near the result is to that of `--previous`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangesRule {
    /// Points of fit over all vacancies that the solution may lose against the best one, if more earlier
    /// pairings are kept thereby. With 0 it is a best one.
    pub most_loss: f64,
}

/// Section `[match.robustness]`: draws under which the matching is repeated.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Robustness {
    /// How many; with quotas or conflicts fewer are made where they would take long: at least 32.
    pub draws: u32,
    /// Standard deviation of the error of a candidate's appraisal, in points of fit: the same for all
    /// vacancies of a draw.
    pub candidate_error: f64,
    /// Columns of the edge list that the fit is a weighted mean of, with their weights. In draws the
    /// weights are drawn around these, and the fit is made of the parts.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub parts: IndexMap<String, f64>,
    /// How close drawn weights are to the declared ones: Dirichlet, a weight w has the variance
    /// w(1 − w) / (concentration + 1).
    pub concentration: f64,
    /// A pair that stays in fewer draws than this share is fragile.
    pub fragile: f64,
}

impl Default for Robustness {
    fn default() -> Self {
        Robustness { draws: 1_000, candidate_error: 0.0, parts: IndexMap::new(), concentration: 50.0, fragile: 0.5 }
    }
}

impl Robustness {
    /// Weights of the parts, summing to 1.
    pub fn shares(&self) -> Vec<f64> {
        let sum: f64 = self.parts.values().sum();
        self.parts.values().map(|w| w / sum).collect()
    }
}

/// What is wrong with a key of the policy: a message of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The dotted key.
    pub key: String,
    id: &'static str,
    /// The column that the message names, if it names one.
    name: String,
}

impl Flaw {
    fn of(key: String, id: &'static str) -> Result<(), Flaw> {
        Err(Flaw { key, id, name: String::new() })
    }

    /// The message in the reader's language, without the key.
    pub fn render(&self, lang: Lang) -> String {
        lang.say(self.id, &[("name", (&self.name).into())])
    }
}

/// Most decimals of a fit.
const MOST_DECIMALS: u32 = 9;

impl MatchPolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self) -> Result<(), Flaw> {
        let wrong = |key: &str, id: &'static str| Flaw::of(format!("match.{key}"), id);
        if self.decimals > MOST_DECIMALS {
            return wrong("decimals", "match-policy-decimals");
        }
        if !self.open_price.is_finite() {
            return wrong("open_price", "match-policy-open-price");
        }
        if self.objective == Objective::Filled && self.open_price != 0.0 {
            return wrong("open_price", "match-policy-open-price-alone");
        }
        if !(1..=1_000).contains(&self.shortlist) {
            return wrong("shortlist", "match-policy-thousand");
        }
        if !(1..=1_000).contains(&self.solutions) {
            return wrong("solutions", "match-policy-thousand");
        }
        let columns = [&self.vacancy, &self.candidate, &self.fit];
        if columns.iter().any(|name| name.trim().is_empty()) {
            return wrong("vacancy", "match-policy-columns-blank");
        }
        if columns.iter().copied().collect::<BTreeSet<_>>().len() < columns.len() {
            return wrong("vacancy", "match-policy-columns-alike");
        }
        if let Some(name) = protected(&self.fit) {
            return Err(Flaw { key: "match.fit".into(), id: "match-policy-protected", name: name.into() });
        }
        for (key, quota) in &self.quotas {
            quota.check(&format!("match.quotas.{key}"))?;
        }
        if self.mode.is_stable() && self.objective == Objective::Fit {
            return wrong("objective", "match-policy-stable-objective");
        }
        if self.solutions > 1 && self.mode.is_stable() {
            return wrong("solutions", "match-policy-solutions-rules");
        }
        if self.mode.is_stable() && !self.quotas.is_empty() {
            return wrong("mode", "match-policy-stable-quotas");
        }
        if self.mode.is_stable() && self.conflicts.is_some() {
            return wrong("mode", "match-policy-stable-conflicts");
        }
        if self.mode.is_stable() && self.candidates.holds.is_some() {
            return wrong("mode", "match-policy-stable-holds");
        }
        if let Some(changes) = &self.changes {
            if !changes.most_loss.is_finite() || changes.most_loss < 0.0 {
                return wrong("changes.most_loss", "match-policy-points");
            }
            if self.mode.is_stable() || !self.quotas.is_empty() || self.conflicts.is_some() {
                return wrong("changes", "match-policy-changes-rules");
            }
            if changes.most_loss > 0.0 && self.solutions > 1 {
                return wrong("solutions", "match-policy-solutions-loss");
            }
        }
        if let Some(robustness) = &self.robustness {
            robustness.check()?;
        }
        Ok(())
    }
}

impl Quota {
    fn check(&self, place: &str) -> Result<(), Flaw> {
        let wrong = |key: &str, id: &'static str| Flaw::of(format!("{place}.{key}"), id);
        if self.of.is_empty() {
            return wrong("of", "match-policy-quota-of");
        }
        for (column, condition) in self.of.iter().chain(&self.within) {
            if let Condition::Range(Range { min, max }) = condition
                && (min.is_none() && max.is_none() || min.zip(*max).is_some_and(|(min, max)| min > max))
            {
                return wrong(&format!("of.{column}"), "match-policy-range");
            }
        }
        self.check_bounds(place)
    }

    /// Contradictions of bounds.
    pub(crate) fn check_bounds(&self, place: &str) -> Result<(), Flaw> {
        let wrong = |key: &str, id: &'static str| Flaw::of(format!("{place}.{key}"), id);
        let bounds = [self.least.map(|n| n as f64), self.most.map(|n| n as f64), self.least_share, self.most_share];
        if bounds.iter().all(Option::is_none) {
            return wrong("least", "match-policy-quota-bound");
        }
        if self.basis == Basis::Filled && self.least_share.is_none() && self.most_share.is_none() {
            return wrong("basis", "match-policy-quota-basis");
        }
        if self.basis == Basis::Filled && self.soft.is_some() {
            return wrong("soft", "match-policy-quota-soft-filled");
        }
        if self.least.is_some() && self.least_share.is_some() || self.most.is_some() && self.most_share.is_some() {
            return wrong("least", "match-policy-quota-both");
        }
        if self.least.is_some_and(|n| n < 0) || self.most.is_some_and(|n| n < 0) {
            return wrong("least", "match-policy-quota-number");
        }
        let share =
            |s: f64| (0.0..=1.0).contains(&s) && ((s * SHARES as f64).round() / SHARES as f64 - s).abs() < 1e-12;
        if !self.least_share.iter().chain(&self.most_share).all(|s| share(*s)) {
            return wrong("least_share", "match-policy-quota-share");
        }
        if let (Some(least), Some(most)) = (self.least, self.most)
            && least > most
        {
            return wrong("least", "match-policy-quota-above-most");
        }
        if let (Some(least), Some(most)) = (self.least_share, self.most_share)
            && least > most
        {
            return wrong("least_share", "match-policy-quota-above-share");
        }
        if self.soft.is_some_and(|price| !price.is_finite() || price <= 0.0) {
            return wrong("soft", "match-policy-quota-soft");
        }
        Ok(())
    }
}

/// Shares are whole numbers of ten-thousandths.
pub(super) const SHARES: i64 = 10_000;

impl Robustness {
    fn check(&self) -> Result<(), Flaw> {
        let wrong = |key: &str, id: &'static str| Flaw::of(format!("match.robustness.{key}"), id);
        if !(1..=1_000_000).contains(&self.draws) {
            return wrong("draws", "match-policy-draws");
        }
        if !self.candidate_error.is_finite() || self.candidate_error < 0.0 {
            return wrong("candidate_error", "match-policy-error");
        }
        if self.candidate_error == 0.0 && self.parts.len() < 2 {
            return wrong("candidate_error", "match-policy-no-difference");
        }
        if self.parts.values().any(|w| !w.is_finite() || *w <= 0.0) {
            return wrong("parts", "match-policy-weights");
        }
        if !(self.concentration.is_finite() && self.concentration > 0.0) {
            return wrong("concentration", "match-policy-positive");
        }
        if !(0.0..=1.0).contains(&self.fragile) {
            return wrong("fragile", "match-policy-share");
        }
        Ok(())
    }
}
