//! Stage supervise (提级管理): which villages need escalated supervision, and why.
//!
//! Membership follows from rules (categories of the policy) applied to dated events, the official
//! list and posts; it is never cut to a capacity. What the book leaves open goes to 待核实. Capacity
//! limits only the *suggested* additions, which are ordered by urgency; learned risk adds to that
//! order and to nothing else.

mod advice;
mod card;
mod facts;
mod find;
mod output;
mod panel;
mod policy;
mod risk;
mod rule;
mod talks;
mod track;
mod urgency;
mod wording;
mod year;

use std::collections::BTreeSet;

use polars::prelude::DataFrame;

pub use policy::{Category, Measures, Purpose, Risk, Suggest, SupervisePolicy, Talks, Tracking, Urgency};
pub use risk::{Coefficient, Evaluation, Model, ModelCard, NoModel};
pub use rule::{
    Bound, DisputesRule, EventsRule, GradeRule, GradeSource, IndicatorsRule, NewHolderRule, OfficialListRule, Rule,
    VacantRule, Window,
};
pub use year::{Span, last_year};

use crate::book::Tables;
use crate::say;
use crate::stage::{Context, StageResult, StageTables};

/// What the stage hands on.
#[derive(Clone, Debug)]
pub struct Supervision {
    /// `supervision`, one row per village that the stage has something to say about, sorted by
    /// county, township, village. Columns: county, township, village, village_name, person
    /// (secretary), kind (supervise / cultivate), status (listed / relapse / leaving / suggested /
    /// near_miss / recheck / to_clarify), categories (codes joined by ";"), since, urgency (0–100),
    /// risk (0–1, null without a model), reasons, basis, clears, mechanisms_done, mechanisms_total,
    /// ones_done, ones_total, overdue, rec_id.
    ///
    /// A village is in a category if and only if `categories` is not null in a row whose status is
    /// listed, relapse or leaving; a row of those three without categories was put under supervision
    /// earlier and not yet released.
    pub supervision: DataFrame,
    /// `talks`: county, township, secretary, villages, listed, problem_events, adjusted_heads,
    /// reasons, rec_id.
    pub talks: DataFrame,
    /// `township_rates`: county, township, villages, heads, cases, cases_per_100,
    /// reporting_departments, note.
    pub township_rates: DataFrame,
    /// `supervision_measures`: county, township, village, village_name, measure, responsible, due,
    /// done, state (done / due / overdue / missing; unrecorded where the county has no measure on record).
    pub measures: DataFrame,
    /// `urgency`: county, township, village, village_name, part (events / categories / grade /
    /// overdue / risk), points. The points of a village add up to its urgency.
    pub urgency: DataFrame,
    /// `risk_model`: county, item, value, note.
    pub risk_model: DataFrame,
    /// One card per county.
    pub models: Vec<ModelCard>,
    /// What a reader of the results has to know, in the context's language.
    pub notes: Vec<String>,
}

impl Supervision {
    /// The tables, by name.
    pub fn tables(&self) -> StageTables {
        vec![
            ("supervision", self.supervision.clone()),
            ("talks", self.talks.clone()),
            ("township_rates", self.township_rates.clone()),
            ("supervision_measures", self.measures.clone()),
            ("urgency", self.urgency.clone()),
            ("risk_model", self.risk_model.clone()),
        ]
    }

    /// The model of a county, if one could be learned.
    pub fn model(&self, county: &str) -> Option<&Model> {
        self.models.iter().find(|c| c.county == county).and_then(|c| c.outcome.as_ref().ok())
    }
}

/// Who needs escalated supervision, whom to add, who may leave, and which townships to talk to.
///
/// `scores` is the table of the score stage, or an empty frame. Nothing known after `ctx.as_of`
/// counts.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn supervise(tables: &Tables, scores: &DataFrame, ctx: &Context<'_>) -> StageResult<Supervision> {
    let policy = &ctx.policy.supervise;
    let last_year = last_year(ctx.as_of, &policy.year_closes);
    let indicators: BTreeSet<&str> =
        policy.categories.values().filter(|c| c.enabled).flat_map(|c| c.rule.indicators()).collect();
    let facts = facts::Facts::read(tables, scores, &indicators, ctx.as_of, last_year)?;
    let panel = if policy.risk.enabled { panel::panel(tables, &facts, ctx)? } else { risk::Panel::default() };
    let learned = risk::learn(&facts, &panel, &policy.risk, policy.suggest.capacity);
    let advice = advice::advise(&facts, &learned, ctx);
    let held = |v: &advice::Case<'_>| v.purpose == Purpose::Supervise && v.status.is_some_and(|s| s.supervised());
    let member: Vec<bool> = advice.villages.iter().map(held).collect();
    let mut notes = notes(&facts, &advice, ctx);
    notes.extend(learned.cards.iter().filter_map(|c| card::note(c, ctx.lang)));
    Ok(Supervision {
        supervision: output::table(&facts, &learned, &advice, ctx)?,
        talks: talks::talks(&facts, &member, ctx)?,
        township_rates: talks::rates(&facts, ctx)?,
        measures: output::measures_table(&facts, &advice)?,
        urgency: output::urgency_table(&facts, &advice)?,
        risk_model: card::table(&learned.cards, ctx.lang)?,
        models: learned.cards,
        notes,
    })
}

fn notes(facts: &facts::Facts<'_>, advice: &advice::Advice<'_>, ctx: &Context<'_>) -> Vec<String> {
    let l = ctx.lang;
    let mut notes = vec![say!(l, "supervise-note-last-year", year = facts.last_year.to_string(), day = facts.as_of)];
    if !facts.has_recorded && !facts.events.all().is_empty() {
        notes.push(l.text("supervise-note-no-recorded"));
    }
    if facts.events.all().is_empty() {
        notes.push(l.text("supervise-note-no-events"));
    }
    if facts.later > 0 {
        notes.push(say!(l, "supervise-note-later", n = facts.later, day = facts.as_of));
    }
    if facts.unplaced > 0 {
        notes.push(say!(l, "supervise-note-unplaced", n = facts.unplaced));
    }
    if !facts.official.iter().any(|o| *o) && !facts.villages.is_empty() {
        notes.push(l.text("supervise-note-no-official"));
    }
    let differs = advice.villages.iter().filter(|v| v.findings.iter().any(|f| f.differs)).count();
    if differs > 0 {
        notes.push(say!(l, "supervise-note-differs", n = differs));
    }
    let undated = facts.posts.all().iter().filter(|p| p.post == "secretary" && p.person.is_some() && p.since.is_none());
    match undated.count() {
        0 => {}
        n => notes.push(say!(l, "supervise-note-undated", n = n)),
    }
    if advice.tied > 0 {
        notes.push(say!(l, "supervise-note-tied", n = advice.tied));
    }
    notes
}
