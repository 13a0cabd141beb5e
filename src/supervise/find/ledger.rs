//! Rules over dated events: cases, the official list and its ledger, contradictions.

use chrono::NaiveDate;

use super::{Finder, Named, Outcome, Standing, named};
use crate::book::schema::Vocab;
use crate::kernel::round;
use crate::say;
use crate::supervise::facts::Event;
use crate::supervise::rule::{DisputesRule, EventsRule, OfficialListRule, Window};
use crate::supervise::year::{Span, months_after};

impl Finder<'_> {
    pub(super) fn events(&self, rule: &EventsRule, village: usize) -> Outcome {
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

    /// The day on which the ledger put the village on the list, if it is still on it, and the day on
    /// which it last took it off.
    fn in_ledger(&self, rule: &OfficialListRule, village: usize) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let last = |kinds: &[String]| {
            let events = self.facts.events.of(village).iter().filter(|e| kinds.iter().any(|k| k == e.kind));
            events.map(|e| e.date).max()
        };
        let (on, off) = (last(&rule.listed), last(&rule.cleared));
        // Of a listing and a clearing on one day the clearing came second.
        (on.filter(|d| off.is_none_or(|o| o < *d)), off)
    }

    /// Do the official list and the ledger disagree about the village?
    pub(super) fn differs(&self, rule: &OfficialListRule, category: usize, village: usize) -> bool {
        let v = &self.facts.villages[village];
        let records = self.records[category][v.county_index];
        let both = self.facts.official[v.county_index] && records;
        both && (v.weak == Some(true)) != self.in_ledger(rule, village).0.is_some()
    }

    pub(super) fn official_list(&self, rule: &OfficialListRule, category: usize, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let v = &facts.villages[village];
        let (ledger, off) = self.in_ledger(rule, village);
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
                    None if self.records[category][v.county_index] => l.text("supervise-reason-official-only"),
                    None => l.text("supervise-reason-official"),
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

    pub(super) fn disputes(&self, rule: &DisputesRule, village: usize) -> Outcome {
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
            return (!near.is_empty()).then(|| (Standing::Near, Vec::new(), self.join(near), String::new()));
        }
        let clears = match days.iter().max() {
            Some(last) if rule.settled_count => {
                say!(l, "supervise-clears-disputes", months = rule.months, day = months_after(*last, rule.months))
            }
            Some(_) => l.text("supervise-clears-disputes-settled"),
            None => l.text("supervise-clears-indicators"),
        };
        Some((Standing::Member, days, self.join(met), clears))
    }
}
