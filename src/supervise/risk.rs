//! Learned risk of trouble in the year ahead, county by county.
//!
//! What is learned: from a village's indicator points and ledger of year *y*, whether trouble becomes
//! known in year *y* + 1. Only years whose outcome is complete at the reference date are learned
//! from; the last of them is kept for evaluation, then the model is fitted again on all. Each county
//! learns from its own villages: its figures must not depend on which other counties share the run.
//!
//! What it is not: a measure of guilt. The label says what was found, so it also says who looked.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rayon::prelude::*;

use super::facts::{Event, Facts};
use super::policy::Risk;
use crate::kernel::{evaluate, logistic, round};

/// Indicator points per village and period, as the score stage makes them.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// Names of the features.
    pub keys: Vec<String>,
    /// One entry per village (in the stage's order) and period: the period and its points, one per
    /// key, `NaN` for missing; periods ascending.
    pub rows: Vec<Vec<(i64, Vec<f64>)>>,
}

/// One coefficient of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Coefficient {
    /// Feature: an indicator's key, or `events:…`.
    pub feature: String,
    /// Change of the log odds per standard deviation.
    pub weight: f64,
    /// Mean over the training rows.
    pub center: f64,
    /// Standard deviation over the training rows.
    pub scale: f64,
}

/// How the model did on the last year, which it had not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Year whose outcome was foretold.
    pub year: i32,
    /// Villages.
    pub villages: usize,
    /// Villages with trouble in it.
    pub positives: usize,
    /// Area under the ROC curve; `None` with one class only.
    pub auc: Option<f64>,
    /// The same for the plain rule "as many troubles as before": what the model has to beat.
    pub auc_history: Option<f64>,
    /// The same for each township's earlier rate alone: how far "who looks" goes by itself.
    pub auc_township: Option<f64>,
    /// Brier score.
    pub brier: Option<f64>,
    /// Brier score of the training base rate for everyone.
    pub brier_base: Option<f64>,
    /// Capacity at which precision is taken.
    pub capacity: usize,
    /// Share with trouble among that many highest risks.
    pub precision: Option<f64>,
    /// Share with trouble among all.
    pub base_rate: f64,
}

/// A county's model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Outcome years learned from, first and last; the last one was the evaluation year before.
    pub years: (i32, i32),
    /// Village-years learned from.
    pub rows: usize,
    /// Those with trouble.
    pub positives: usize,
    /// Year for which risk is foretold.
    pub ahead: i32,
    /// Log odds at the means.
    pub intercept: f64,
    pub coefficients: Vec<Coefficient>,
    pub evaluation: Evaluation,
}

/// Why a county has no learned risk.
#[derive(Clone, Debug, PartialEq)]
pub enum NoModel {
    /// Switched off by policy.
    Disabled,
    /// Too few years with known outcome: found, needed.
    Years(usize, usize),
    /// Too few village-years with trouble before the evaluation year: found, needed.
    Positives(usize, usize),
    /// The solver gave up, on the fold of this year.
    Solver(i32, String),
}

/// A county's model, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelCard {
    pub county: String,
    pub outcome: Result<Model, NoModel>,
}

/// Cards of all counties, and the risk of each village.
pub(super) struct Learned {
    pub cards: Vec<ModelCard>,
    /// Probability of trouble becoming known in the year ahead, four decimals.
    pub risk: Vec<Option<f64>>,
    /// Place of that risk among the county's, 0 to 1.
    pub place: Vec<Option<f64>>,
}

/// Names of the features that come from the ledger.
const LEDGER: [&str; 4] = ["events:trouble", "events:trouble_before", "events:signs", "events:signs_before"];

/// Learns the risk in every county.
pub(super) fn learn(facts: &Facts<'_>, panel: &Panel, policy: &Risk, capacity: usize) -> Learned {
    let marks = Marks::new(facts, policy);
    // Counties share nothing, so the order in which threads finish does not matter; `collect` keeps
    // theirs.
    let parts: Vec<(ModelCard, Vec<Option<f64>>)> = facts
        .counties
        .par_iter()
        .map(|(name, range)| county(facts, panel, &marks, policy, capacity, name, range.clone()))
        .collect();
    let mut learned = Learned { cards: Vec::new(), risk: Vec::new(), place: Vec::new() };
    for (card, risk) in parts {
        let known: Vec<f64> = risk.iter().flatten().copied().collect();
        let mut places = evaluate::percentiles(&known).into_iter();
        learned.place.extend(risk.iter().map(|r| r.and_then(|_| places.next())));
        learned.risk.extend(risk);
        learned.cards.push(card);
    }
    learned
}

/// The last calendar year that is complete at the reference date.
fn last_complete(as_of: NaiveDate) -> i32 {
    if (as_of.month(), as_of.day()) == (12, 31) { as_of.year() } else { as_of.year() - 1 }
}

/// One county's samples: rows of features with their outcome, sorted by outcome year, then village.
struct Samples {
    width: usize,
    years: Vec<i32>,
    villages: Vec<usize>,
    values: Vec<f64>,
    labels: Vec<bool>,
}

impl Samples {
    /// Rows before and from the first one of `year`.
    fn split(&self, year: i32) -> usize {
        self.years.partition_point(|y| *y < year)
    }
}

fn county(
    facts: &Facts<'_>,
    panel: &Panel,
    marks: &Marks,
    policy: &Risk,
    capacity: usize,
    name: &str,
    villages: std::ops::Range<usize>,
) -> (ModelCard, Vec<Option<f64>>) {
    let nobody = vec![None; villages.len()];
    let outcome =
        if policy.enabled { fit(facts, panel, marks, policy, capacity, villages) } else { Err(NoModel::Disabled) };
    match outcome {
        Ok((model, risk)) => (ModelCard { county: name.to_owned(), outcome: Ok(model) }, risk),
        Err(reason) => (ModelCard { county: name.to_owned(), outcome: Err(reason) }, nobody),
    }
}

fn fit(
    facts: &Facts<'_>,
    panel: &Panel,
    marks: &Marks,
    policy: &Risk,
    capacity: usize,
    villages: std::ops::Range<usize>,
) -> Result<(Model, Vec<Option<f64>>), NoModel> {
    let complete = last_complete(facts.as_of);
    let samples = samples(facts, panel, marks, villages.clone(), complete);
    let mut years = samples.years.clone();
    years.dedup();
    if years.len() < policy.minimum_years.max(2) {
        return Err(NoModel::Years(years.len(), policy.minimum_years.max(2)));
    }
    let (first, last) = (years[0], years[years.len() - 1]);
    let cut = samples.split(last);
    let positives = samples.labels[..cut].iter().filter(|l| **l).count();
    if positives < policy.minimum_positives.max(1) {
        return Err(NoModel::Positives(positives, policy.minimum_positives.max(1)));
    }
    let width = samples.width;
    let train = |end: usize| {
        logistic::fit(&samples.values[..end * width], width, &samples.labels[..end], policy.l2)
            .map_err(|e| NoModel::Solver(last, e.to_string()))
    };
    let earlier = train(cut)?;
    let evaluation = evaluation(facts, &samples, cut, &earlier, last, capacity);
    let model = train(samples.labels.len())?;
    let mut ahead = 0;
    let risk = villages
        .map(|v| {
            let (period, points) = panel.rows.get(v).and_then(|rows| rows.last())?;
            ahead = ahead.max(*period as i32 + 1);
            let row = marks.features(facts, v, *period as i32, points);
            Some(round::to(model.probability(&row), 4))
        })
        .collect();
    let names = panel.keys.iter().map(String::as_str).chain(LEDGER);
    let coefficients = names
        .enumerate()
        .map(|(j, feature)| Coefficient {
            feature: feature.to_owned(),
            weight: model.weights[j],
            center: model.centers[j],
            scale: model.scales[j],
        })
        .collect();
    let card = Model {
        years: (first, last),
        rows: samples.labels.len(),
        positives: samples.labels.iter().filter(|l| **l).count(),
        ahead,
        intercept: model.intercept,
        coefficients,
        evaluation,
    };
    Ok((card, risk))
}

/// Every village and period whose following year is complete.
fn samples(
    facts: &Facts<'_>,
    panel: &Panel,
    marks: &Marks,
    villages: std::ops::Range<usize>,
    complete: i32,
) -> Samples {
    let width = panel.keys.len() + LEDGER.len();
    // Before its first entry the ledger was not kept: no record of trouble then is not "no trouble".
    let kept = villages.clone().flat_map(|v| facts.events.of(v)).map(|e| e.known.year()).min();
    let mut rows: Vec<(i32, usize, &[f64])> = Vec::new();
    for v in villages {
        for (period, points) in panel.rows.get(v).into_iter().flatten() {
            if let Ok(year) = i32::try_from(*period)
                && year < complete
                && kept.is_some_and(|k| k <= year + 1)
            {
                rows.push((year + 1, v, points));
            }
        }
    }
    rows.sort_by_key(|r| (r.0, r.1));
    let mut samples = Samples { width, years: vec![], villages: vec![], values: vec![], labels: vec![] };
    for (outcome, v, points) in rows {
        samples.years.push(outcome);
        samples.villages.push(v);
        samples.values.extend(marks.features(facts, v, outcome - 1, points));
        samples.labels.push(marks.trouble(facts, v, outcome));
    }
    samples
}

/// Which events count, sorted out once: the year in which each became known, and as what.
struct Marks {
    /// Parallel to [`Facts::events`]: year, trouble, sign.
    events: Vec<(i32, bool, bool)>,
    /// Years that count as "before".
    history: i32,
}

impl Marks {
    fn new(facts: &Facts<'_>, policy: &Risk) -> Self {
        let among = |kinds: &[String], kind: &str| kinds.iter().any(|k| k == kind);
        let mark = |e: &Event<'_>| (e.known.year(), among(&policy.trouble, e.kind), among(&policy.signs, e.kind));
        let history = i32::try_from(policy.history_years).unwrap_or(i32::MAX);
        Marks { events: facts.events.all().iter().map(mark).collect(), history }
    }

    fn of<'a>(&'a self, facts: &Facts<'_>, village: usize) -> &'a [(i32, bool, bool)] {
        &self.events[facts.events.range(village)]
    }

    /// Did trouble become known in that year?
    fn trouble(&self, facts: &Facts<'_>, village: usize, year: i32) -> bool {
        self.of(facts, village).iter().any(|(known, trouble, _)| *trouble && *known == year)
    }

    /// Indicator points of the year, then counts from the ledger of that year and of the years before.
    fn features(&self, facts: &Facts<'_>, village: usize, year: i32, points: &[f64]) -> Vec<f64> {
        let before = year.saturating_sub(self.history);
        let mut counts = [0_u32; LEDGER.len()];
        for (known, trouble, sign) in self.of(facts, village) {
            let slot = if *known == year {
                0
            } else if (before..year).contains(known) {
                1
            } else {
                continue;
            };
            counts[slot] += u32::from(*trouble);
            counts[2 + slot] += u32::from(*sign);
        }
        let mut row = Vec::with_capacity(points.len() + counts.len());
        row.extend_from_slice(points);
        row.extend(counts.map(f64::from));
        row
    }
}

fn evaluation(
    facts: &Facts<'_>,
    samples: &Samples,
    cut: usize,
    model: &logistic::Logistic,
    year: i32,
    capacity: usize,
) -> Evaluation {
    let width = samples.width;
    let truth = &samples.labels[cut..];
    let rows = || samples.values[cut * width..].chunks(width);
    let risk: Vec<f64> = rows().map(|r| round::to(model.probability(r), 4)).collect();
    let ledger = width - LEDGER.len();
    let history: Vec<f64> = rows().map(|r| r[ledger] + r[ledger + 1]).collect();
    // Each township's share of village-years with trouble before the evaluation year.
    let mut seen: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
    for (v, label) in samples.villages[..cut].iter().zip(&samples.labels[..cut]) {
        let town = seen.entry(facts.villages[*v].township_index).or_default();
        town.0 += u32::from(*label);
        town.1 += 1;
    }
    let rate = |v: &usize| {
        let town = seen.get(&facts.villages[*v].township_index);
        town.map_or(0.0, |(hits, all)| f64::from(*hits) / f64::from(*all))
    };
    let township: Vec<f64> = samples.villages[cut..].iter().map(rate).collect();
    let base = evaluate::base_rate(&samples.labels[..cut]).unwrap_or(0.0);
    let capacity = capacity.min(truth.len());
    let decimals = |figure: Option<f64>| figure.map(|f| round::to(f, 4));
    Evaluation {
        year,
        villages: truth.len(),
        positives: truth.iter().filter(|l| **l).count(),
        auc: decimals(evaluate::auc(&risk, truth)),
        auc_history: decimals(evaluate::auc(&history, truth)),
        auc_township: decimals(evaluate::auc(&township, truth)),
        brier: decimals(evaluate::brier(&risk, truth)),
        brier_base: decimals(evaluate::brier(&vec![base; truth.len()], truth)),
        capacity,
        precision: decimals(evaluate::precision_at(&risk, truth, capacity)),
        base_rate: round::to(evaluate::base_rate(truth).unwrap_or(0.0), 4),
    }
}
