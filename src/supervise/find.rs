//! Applies a category's rule to one village.

use chrono::NaiveDate;

use super::facts::{Event, Facts, Figure};
use super::rule::{
    Bound, DisputesRule, EventsRule, GradeRule, GradeSource, IndicatorsRule, NewHolderRule, OfficialListRule, Rule,
    VacantRule, Window,
};
use super::year::{Span, months_after, months_before};
use crate::book::schema::{self, Vocab};
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;
use crate::stage::Context;

/// How a village stands towards a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// In it.
    Member,
    /// What is known does not settle it.
    Unclear,
    /// Just below a threshold.
    Near,
}

/// A village's standing towards one category, with the reason.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// Index of the category in the policy.
    pub category: usize,
    pub standing: Standing,
    /// Days on which its triggers happened, ascending; empty where none has a date.
    pub triggers: Vec<NaiveDate>,
    pub reason: String,
    /// What would clear it.
    pub clears: String,
}

/// Whether an event concerns one of the posts that a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Yes,
    No,
    Unknown,
}

/// Whom an event names: by the post written in it, else by the post that the person holds.
pub(super) fn named(facts: &Facts<'_>, event: &Event<'_>, posts: &[String]) -> Named {
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
pub(super) struct Finder<'a> {
    pub facts: &'a Facts<'a>,
    pub ctx: &'a Context<'a>,
}

type Outcome = Option<(Standing, Vec<NaiveDate>, String, String)>;

impl Finder<'_> {
    /// The village's standing towards the category, `None` where it has nothing to do with it.
    pub fn find(&self, category: usize, rule: &Rule, village: usize) -> Option<Finding> {
        let outcome = match rule {
            Rule::Events(r) => self.events(r, village),
            Rule::OfficialList(r) => self.official_list(r, village),
            Rule::Disputes(r) => self.disputes(r, village),
            Rule::NewHolder(r) => self.new_holder(r, village),
            Rule::Vacant(r) => self.vacant(r, village),
            Rule::Indicators(r) => self.indicators(r, village),
            Rule::Grade(r) => self.grade(r, village),
        };
        let (standing, mut triggers, reason, clears) = outcome?;
        triggers.sort_unstable();
        Some(Finding { category, standing, triggers, reason, clears })
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

    fn events(&self, rule: &EventsRule, village: usize) -> Outcome {
        let facts = self.facts;
        let span = match rule.window {
            Window::LastYear => Span::year(facts.last_year),
            Window::Months => Span::months(facts.as_of, rule.months),
        };
        let (mut clear, mut unknown, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for event in facts.events.of(village).iter().filter(|e| rule.kinds.iter().any(|k| k == e.kind)) {
            match named(facts, event, &rule.posts) {
                Named::Yes if span.holds(event.date) => clear.push(event.date),
                Named::Unknown if span.holds(event.date) => unknown.push(event.date),
                Named::Yes if event.date > span.to => later.push(event.date),
                _ => {}
            }
        }
        let kinds = self.join(rule.kinds.iter().map(|k| self.word(Vocab::EventKind, k)));
        let posts = self.join(rule.posts.iter().map(|p| self.word(Vocab::Post, p)));
        let l = self.lang();
        let least = rule.at_least as usize;
        if clear.len() >= least {
            let days = self.days(&clear);
            let mut reason = if rule.posts.is_empty() {
                say!(
                    l,
                    "supervise-reason-events",
                    kinds = kinds,
                    n = clear.len(),
                    days = days,
                    from = span.from,
                    to = span.to
                )
            } else {
                say!(l, "supervise-reason-events-of", kinds = kinds, posts = posts, n = clear.len(), days = days)
            };
            if !unknown.is_empty() {
                reason += &say!(l, "supervise-reason-events-also", n = unknown.len());
            }
            let last = clear.iter().max().copied().unwrap_or(span.to);
            let clears = match rule.window {
                Window::LastYear => say!(l, "supervise-clears-last-year", year = facts.last_year + 1),
                Window::Months => say!(l, "supervise-clears-months", day = months_after(last, rule.months)),
            };
            return Some((Standing::Member, clear, reason, clears));
        }
        if !unknown.is_empty() && clear.len() + unknown.len() >= least {
            let reason = say!(
                l,
                "supervise-reason-events-unknown",
                kinds = kinds,
                n = unknown.len(),
                days = self.days(&unknown)
            );
            let clears = say!(l, "supervise-clears-unknown", posts = posts);
            unknown.extend(clear);
            return Some((Standing::Unclear, unknown, reason, clears));
        }
        if later.len() >= least {
            let reason = say!(
                l,
                "supervise-near-events-later",
                kinds = kinds,
                n = later.len(),
                days = self.days(&later),
                year = facts.last_year + 1
            );
            return Some((Standing::Near, later, reason, String::new()));
        }
        if least >= 2 && clear.len() + 1 == least {
            let reason = say!(l, "supervise-near-count", what = kinds, n = clear.len(), least = least);
            return Some((Standing::Near, clear, reason, String::new()));
        }
        None
    }

    fn official_list(&self, rule: &OfficialListRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let v = &facts.villages[village];
        // Of a listing and a clearing on one day the clearing came second.
        let last = |kinds: &[String]| {
            let events = facts.events.of(village).iter().filter(|e| kinds.iter().any(|k| k == e.kind));
            events.map(|e| e.date).max()
        };
        let (on, off) = (last(&rule.listed), last(&rule.cleared));
        let ledger = on.filter(|d| off.is_none_or(|o| o < *d));
        let has_list = facts.official[v.county_index];
        let listed = v.weak == Some(true);
        let clears = l.text("supervise-clears-official");
        match (has_list, listed, ledger) {
            (true, true, Some(day)) => {
                let reason = say!(l, "supervise-reason-official-both", day = day);
                Some((Standing::Member, vec![day], reason, clears))
            }
            (true, true, None) => {
                let reason = match off {
                    Some(day) => say!(l, "supervise-reason-official-cleared", day = day),
                    None => l.text("supervise-reason-official-only"),
                };
                Some((Standing::Member, Vec::new(), reason, clears))
            }
            (true, false, Some(day)) => {
                let reason = say!(l, "supervise-reason-ledger-only", day = day);
                Some((Standing::Unclear, vec![day], reason, l.text("supervise-clears-ledger-only")))
            }
            (false, _, Some(day)) => {
                let reason = say!(l, "supervise-reason-ledger-decides", day = day);
                Some((Standing::Member, vec![day], reason, clears))
            }
            _ => None,
        }
    }

    fn disputes(&self, rule: &DisputesRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let span = Span::months(facts.as_of, rule.months);
        let counted = || {
            let events = facts.events.of(village).iter();
            events.filter(move |e| span.holds(e.date) && (rule.settled_count || e.closed.is_none()))
        };
        let (mut met, mut near, mut days) = (Vec::new(), Vec::new(), Vec::new());
        let mut weigh = |what: String, found: Vec<NaiveDate>, least: u32| {
            let n = found.len();
            if n >= least as usize {
                met.push(say!(
                    l,
                    "supervise-reason-count",
                    what = what,
                    n = n,
                    least = least,
                    days = self.days(&found)
                ));
                days.extend(found);
            } else if n > 0 && n + 1 == least as usize {
                near.push(say!(l, "supervise-near-count", what = what, n = n, least = least));
            }
        };
        for (kind, least) in &rule.decisive {
            let found = counted().filter(|e| e.kind == kind).map(|e| e.date).collect();
            weigh(self.word(Vocab::EventKind, kind), found, *least);
        }
        if rule.together_least > 0 {
            let found: Vec<&Event<'_>> = counted().filter(|e| rule.together.iter().any(|k| k == e.kind)).collect();
            let mut kinds: Vec<&str> = rule.together.iter().map(String::as_str).collect();
            kinds.retain(|k| found.iter().any(|e| e.kind == *k));
            let what = self.join(kinds.into_iter().map(|k| self.word(Vocab::EventKind, k)));
            weigh(what, found.iter().map(|e| e.date).collect(), rule.together_least);
        }
        if let Some(figure) = facts.figures.of(village).first() {
            for (name, least) in &rule.indicators {
                let Some(value) = facts.value(figure, name) else { continue };
                if value >= *least {
                    let (what, period) = (self.indicator(name), figure.period);
                    met.push(say!(
                        l,
                        "supervise-reason-at-least",
                        what = what,
                        period = period.to_string(),
                        value = value,
                        bound = *least
                    ));
                } else if rule.near_share < 1.0 && value >= rule.near_share * least {
                    let gap = round::to(least - value, 6);
                    near.push(say!(
                        l,
                        "supervise-near-at-least",
                        what = self.indicator(name),
                        value = value,
                        bound = *least,
                        gap = gap
                    ));
                }
            }
        }
        if met.is_empty() {
            return (!near.is_empty()).then(|| (Standing::Near, Vec::new(), self.sentences(near), String::new()));
        }
        let clears = match days.iter().max() {
            Some(last) if rule.settled_count => {
                say!(l, "supervise-clears-disputes", months = rule.months, day = months_after(*last, rule.months))
            }
            Some(_) => l.text("supervise-clears-disputes-settled"),
            None => l.text("supervise-clears-indicators"),
        };
        Some((Standing::Member, days, self.sentences(met), clears))
    }

    fn new_holder(&self, rule: &NewHolderRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let span = Span::months(facts.as_of, rule.months);
        let posts =
            facts.posts.of(village).iter().filter(|p| p.person.is_some() && rule.posts.iter().any(|q| q == p.post));
        let (mut days, mut reasons) = (Vec::new(), Vec::new());
        for post in posts {
            if let Some(since) = post.since.filter(|d| span.holds(*d)) {
                reasons.push(say!(
                    l,
                    "supervise-reason-new",
                    post = self.word(Vocab::Post, post.post),
                    day = since,
                    months = rule.months
                ));
                days.push(since);
            }
        }
        let last = days.iter().max().copied()?;
        // The day after the last one that the look-back still holds.
        let clears = say!(l, "supervise-clears-new", day = months_after(last, rule.months));
        Some((Standing::Member, days, self.sentences(reasons), clears))
    }

    fn vacant(&self, rule: &VacantRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let limit = months_before(facts.as_of, rule.months);
        let near = months_before(facts.as_of, rule.months.saturating_sub(rule.near_months));
        let mut best: Outcome = None;
        for post in
            facts.posts.of(village).iter().filter(|p| p.person.is_none() && rule.posts.iter().any(|q| q == p.post))
        {
            let name = self.word(Vocab::Post, post.post);
            let clears = say!(l, "supervise-clears-vacant", post = &name);
            let found = match post.vacant_since {
                None => {
                    let reason = say!(l, "supervise-reason-vacant-unknown", post = name);
                    (Standing::Unclear, Vec::new(), reason, l.text("supervise-clears-vacant-unknown"))
                }
                Some(day) if day < limit => {
                    let reason = say!(l, "supervise-reason-vacant", post = name, day = day, months = rule.months);
                    (Standing::Member, vec![day], reason, clears)
                }
                Some(day) if day < near => {
                    let reason = say!(
                        l,
                        "supervise-near-vacant",
                        post = name,
                        day = day,
                        limit = months_after(day, rule.months)
                    );
                    (Standing::Near, vec![day], reason, clears)
                }
                Some(_) => continue,
            };
            if best.as_ref().is_none_or(|b| found.0 < b.0) {
                best = Some(found);
            }
        }
        best
    }

    fn indicators(&self, rule: &IndicatorsRule, village: usize) -> Outcome {
        let figures = self.facts.figures.of(village);
        let latest = figures.first()?;
        // Consecutive periods: a gap ends the run.
        let mut run: Vec<&Figure> = vec![latest];
        for figure in &figures[1..] {
            if figure.period == run[run.len() - 1].period - 1 {
                run.push(figure);
            } else if figure.period < run[run.len() - 1].period - 1 {
                break;
            }
        }
        let l = self.lang();
        let years = rule.years as usize;
        let (mut met, mut near) = (Vec::new(), Vec::new());
        for (name, bound) in &rule.any {
            let Some(value) = self.facts.value(latest, name) else { continue };
            let in_row = run.iter().take_while(|f| self.facts.value(f, name).is_some_and(|v| meets(bound, v))).count();
            let what = self.indicator(name);
            let period = latest.period.to_string();
            if in_row >= years {
                let (id, limit) = match (bound.at_least, bound.below) {
                    (Some(limit), _) => ("supervise-reason-at-least", limit),
                    (_, limit) => ("supervise-reason-below", limit.unwrap_or_default()),
                };
                let mut text = say!(l, id, what = what, period = period, value = value, bound = limit);
                if years > 1 {
                    text += &say!(l, "supervise-reason-years", n = years);
                }
                met.push(text);
            } else if in_row > 0 && in_row + 1 == years {
                near.push(say!(l, "supervise-near-years", what = what, n = in_row, least = years));
            } else if years == 1 && nearly(bound, value) {
                let (id, limit) = match (bound.at_least, bound.below) {
                    (Some(limit), _) => ("supervise-near-at-least", limit),
                    (_, limit) => ("supervise-near-below", limit.unwrap_or_default()),
                };
                let gap = round::to((limit - value).abs(), 6);
                near.push(say!(l, id, what = what, value = value, bound = limit, gap = gap));
            }
        }
        if !met.is_empty() {
            return Some((Standing::Member, Vec::new(), self.sentences(met), l.text("supervise-clears-indicators")));
        }
        (!near.is_empty()).then(|| (Standing::Near, Vec::new(), self.sentences(near), String::new()))
    }

    fn grade(&self, rule: &GradeRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let counts = |grade: &str| rule.grades.iter().any(|g| g == grade);
        let clears = l.text("supervise-clears-grade");
        if rule.from == GradeSource::Scores {
            let grade = facts.scores[village].grade.filter(|g| counts(g))?;
            let reason = say!(l, "supervise-reason-grade", grade = self.word(Vocab::Grade, grade));
            return Some((Standing::Member, Vec::new(), reason, clears));
        }
        let secretary = facts.holder(village, "secretary")?;
        let mut in_row = 0;
        while in_row < rule.years as usize {
            let year = i64::from(facts.last_year) - in_row as i64;
            let mut of_year =
                facts.appraisals.of(village).iter().filter(|a| a.person == secretary && a.year == year).peekable();
            if of_year.peek().is_none() || !of_year.all(|a| counts(a.grade)) {
                break;
            }
            in_row += 1;
        }
        let grades = self.join(rule.grades.iter().map(|g| self.word(Vocab::Grade, g)));
        if in_row == rule.years as usize {
            let reason = say!(l, "supervise-reason-appraisals", grades = grades, n = in_row);
            return Some((Standing::Member, Vec::new(), reason, clears));
        }
        (in_row > 0 && in_row + 1 == rule.years as usize).then(|| {
            let what = say!(l, "supervise-what-appraisals", grades = grades);
            let reason = say!(l, "supervise-near-years", what = what, n = in_row, least = rule.years);
            (Standing::Near, Vec::new(), reason, String::new())
        })
    }

    fn sentences(&self, parts: Vec<String>) -> String {
        self.join(parts)
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

fn meets(bound: &Bound, value: f64) -> bool {
    bound.at_least.is_some_and(|b| value >= b) || bound.below.is_some_and(|b| value < b)
}

fn nearly(bound: &Bound, value: f64) -> bool {
    !meets(bound, value)
        && bound.margin > 0.0
        && (bound.at_least.is_some_and(|b| value >= b - bound.margin)
            || bound.below.is_some_and(|b| value < b + bound.margin))
}
