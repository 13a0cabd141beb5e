//! Applies a category's rule to one village.

mod ledger;
mod state;

use chrono::NaiveDate;

use super::facts::{Event, Facts};
use super::rule::Rule;
use crate::book::schema::{self, Vocab};
use crate::lang::Lang;
use crate::stage::Context;

/// How a village stands towards a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::supervise) enum Standing {
    /// In it.
    Member,
    /// What is known does not settle it.
    Unclear,
    /// Just below a threshold.
    Near,
}

/// A village's standing towards one category, with the reason.
#[derive(Clone, Debug)]
pub(in crate::supervise) struct Finding {
    /// Index of the category in the policy.
    pub category: usize,
    pub standing: Standing,
    /// Days on which its triggers happened, ascending; empty where none has a date.
    pub triggers: Vec<NaiveDate>,
    pub reason: String,
    /// What would clear it.
    pub clears: String,
    /// An official list and the ledger disagree.
    pub differs: bool,
}

/// Whether an event concerns one of the posts that a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::supervise) enum Named {
    Yes,
    No,
    Unknown,
}

/// Whom an event names: by the post written in it, else by the post that the person holds.
pub(in crate::supervise) fn named(facts: &Facts<'_>, event: &Event<'_>, posts: &[String]) -> Named {
    let among = |post: &str| posts.iter().any(|p| p == post);
    if posts.is_empty() {
        return Named::Yes;
    }
    if let Some(post) = event.post {
        return if among(post) { Named::Yes } else { Named::No };
    }
    let Some(person) = event.person else { return Named::Unknown };
    let held = || facts.posts.of(event.village).iter().filter(|p| p.person == Some(person));
    if held().any(|p| among(p.post)) {
        Named::Yes
    } else if held().next().is_some() {
        Named::No
    } else {
        // A person who holds nothing here now may have been head then.
        Named::Unknown
    }
}

/// Applies rules in one context.
pub(in crate::supervise) struct Finder<'a> {
    facts: &'a Facts<'a>,
    ctx: &'a Context<'a>,
    /// By category and county: does the ledger record listings at all? Where it never does, its
    /// silence about one village contradicts nothing.
    records: Vec<Vec<bool>>,
}

type Outcome = Option<(Standing, Vec<NaiveDate>, String, String)>;

impl<'a> Finder<'a> {
    pub fn new(facts: &'a Facts<'a>, ctx: &'a Context<'a>) -> Self {
        let records = ctx.policy.supervise.categories.values().map(|category| {
            let Rule::OfficialList(rule) = &category.rule else { return Vec::new() };
            let mut counties = vec![false; facts.counties.len()];
            for event in facts.events.all() {
                let county = facts.villages[event.village].county_index;
                counties[county] |= rule.listed.iter().any(|k| k == event.kind);
            }
            counties
        });
        Finder { facts, ctx, records: records.collect() }
    }

    /// The village's standing towards the category, `None` where it has nothing to do with it.
    pub fn find(&self, category: usize, rule: &Rule, village: usize) -> Option<Finding> {
        let outcome = match rule {
            Rule::Events(r) => self.events(r, village),
            Rule::OfficialList(r) => self.official_list(r, category, village),
            Rule::Disputes(r) => self.disputes(r, village),
            Rule::NewHolder(r) => self.new_holder(r, village),
            Rule::Vacant(r) => self.vacant(r, village),
            Rule::Indicators(r) => self.indicators(r, village),
            Rule::Grade(r) => self.grade(r, village),
        };
        let (standing, mut triggers, reason, clears) = outcome?;
        triggers.sort_unstable();
        let differs = matches!(rule, Rule::OfficialList(r) if self.differs(r, category, village));
        Some(Finding { category, standing, triggers, reason, clears, differs })
    }

    fn lang(&self) -> Lang {
        self.ctx.lang
    }

    fn word(&self, vocab: Vocab, code: &str) -> String {
        self.ctx.policy.words.label(self.lang(), vocab, code)
    }

    fn join(&self, parts: impl IntoIterator<Item = String>) -> String {
        let separator = if self.lang() == Lang::Zh { "、" } else { ", " };
        parts.into_iter().collect::<Vec<_>>().join(separator)
    }

    fn days(&self, days: &[NaiveDate]) -> String {
        self.join(days.iter().map(NaiveDate::to_string))
    }

    /// The indicator's name: the schema's label in Chinese, its column name in English.
    fn indicator(&self, name: &str) -> String {
        let column = schema::table("indicators").and_then(|t| t.column(name));
        match (self.lang(), column) {
            (Lang::Zh, Some(column)) => column.zh.to_owned(),
            (Lang::Zh, None) => name.to_owned(),
            (Lang::En, _) => name.replace('_', " "),
        }
    }
}
