//! The texts of the table `supervision`.

use super::advice::{Case, Status};
use super::facts::Facts;
use super::find::Standing;
use super::risk::Learned;
use super::track::{self, State};
use super::urgency::Parts;
use super::year::Span;
use crate::book::schema::Vocab;
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;
use crate::stage::Context;

/// The words of one row of the table `supervision`.
pub(super) struct Wording<'a, 'b> {
    pub facts: &'b Facts<'a>,
    pub learned: &'b Learned,
    pub ctx: &'b Context<'b>,
}

impl Wording<'_, '_> {
    fn join(&self, parts: Vec<String>) -> String {
        parts.join(if self.ctx.lang == Lang::Zh { "；" } else { "; " })
    }

    fn label(&self, category: usize) -> String {
        let Some((key, category)) = self.ctx.policy.supervise.categories.get_index(category) else {
            return String::new();
        };
        let id = format!("supervise-category-{}", key.replace('_', "-"));
        match self.ctx.lang {
            Lang::Zh => category.label.clone(),
            Lang::En if Lang::En.has(&id) => Lang::En.text(&id),
            Lang::En => key.replace('_', " "),
        }
    }

    /// Everything that speaks for the status, ending with the urgency and its parts.
    pub fn reasons(&self, case: &Case<'_>, status: Status, village: usize) -> String {
        let l = self.ctx.lang;
        let mut parts = Vec::new();
        if !self.facts.villages[village].registered {
            parts.push(l.text("supervise-reason-unregistered"));
        }
        for finding in &case.findings {
            let label = self.label(finding.category);
            let id = match finding.standing {
                Standing::Member => "supervise-in",
                Standing::Unclear => "supervise-unclear",
                Standing::Near => "supervise-near",
            };
            parts.push(say!(l, id, category = label, reason = &finding.reason));
        }
        if let Some((released, again)) = case.relapse {
            parts.push(say!(l, "supervise-reason-relapse", released = released, again = again));
        } else if status == Status::Listed
            && case.of(Standing::Member).next().is_some()
            && let Some(day) = case.track.released
        {
            parts.push(say!(l, "supervise-reason-released", day = day));
        }
        if case.track.under {
            parts.push(match case.track.since {
                Some(day) => say!(l, "supervise-reason-under", day = day),
                None => l.text("supervise-reason-under-undated"),
            });
        }
        if let (Some(check), true) = (case.track.check, status.supervised()) {
            let id = if status == Status::Leaving { "supervise-reason-leaving" } else { "supervise-reason-check" };
            parts.push(say!(l, id, day = check.day, score = check.score, dissatisfied = check.dissatisfied));
        }
        if status == Status::Recheck
            && let Some(released) = case.track.released
            && let Some(due) = track::recheck_due(&self.ctx.policy.supervise.tracking, &case.track, self.facts.as_of)
        {
            parts.push(say!(l, "supervise-reason-recheck", released = released, due = due));
        }
        if let Some(grade) = self.facts.scores[village].grade.filter(|_| case.parts.grade > 0.0) {
            let grade = self.ctx.policy.words.label(l, Vocab::Grade, grade);
            parts.push(match self.facts.scores[village].score {
                Some(score) => say!(l, "supervise-reason-scored", grade = grade, score = round::to(score, 2)),
                None => say!(l, "supervise-reason-grade", grade = grade),
            });
        }
        parts.extend(self.ledger(village));
        if let (Some(risk), Some(place)) = (self.learned.risk[village], self.learned.place[village]) {
            let (risk, place) = (round::show(100.0 * risk, 2), round::show(100.0 * place, 1));
            parts.push(say!(l, "supervise-reason-risk", risk = risk, place = place));
        }
        parts.push(self.urgency(&case.parts));
        self.join(parts)
    }

    /// The events that count towards urgency, by kind.
    fn ledger(&self, village: usize) -> Option<String> {
        let l = self.ctx.lang;
        let urgency = &self.ctx.policy.supervise.urgency;
        let span = Span::months(self.facts.as_of, urgency.older_months);
        let events = self.facts.events.of(village);
        let counts = urgency.events.iter().filter(|(_, points)| **points > 0.0).filter_map(|(kind, _)| {
            let n = events.iter().filter(|e| e.kind == kind && span.holds(e.date)).count();
            let label = self.ctx.policy.words.label(l, Vocab::EventKind, kind);
            (n > 0).then(|| say!(l, "supervise-event-count", kind = label, n = n))
        });
        let list: Vec<String> = counts.collect();
        let list = list.join(if l == Lang::Zh { "、" } else { ", " });
        (!list.is_empty()).then(|| say!(l, "supervise-reason-ledger", months = urgency.older_months, list = list))
    }

    fn urgency(&self, parts: &Parts) -> String {
        let l = self.ctx.lang;
        let named = parts.list().into_iter().filter(|(_, points)| *points > 0.0);
        let sum: Vec<String> = named
            .map(|(part, points)| format!("{} {}", l.text(&format!("supervise-part-{part}")), round::show(points, 1)))
            .collect();
        let total = round::show(parts.total(), 1);
        if sum.is_empty() {
            say!(l, "supervise-urgency-zero", total = total)
        } else {
            say!(l, "supervise-urgency", total = total, sum = sum.join(" + "))
        }
    }

    /// Documents and policy clauses.
    pub fn basis(&self, case: &Case<'_>, status: Status) -> String {
        let l = self.ctx.lang;
        let policy = &self.ctx.policy.supervise;
        let clause = |source: &str, key: &str| {
            let key = format!("supervise.{key}");
            if source.is_empty() {
                say!(l, "supervise-basis", key = key)
            } else {
                say!(l, "supervise-basis-source", source = source, key = key)
            }
        };
        let mut parts: Vec<String> = case
            .findings
            .iter()
            .filter_map(|f| policy.categories.get_index(f.category))
            .map(|(key, category)| clause(&category.source, &format!("categories.{key}")))
            .collect();
        match status {
            Status::Leaving => parts.push(clause(&policy.measures.source, "measures")),
            Status::Relapse | Status::Recheck => parts.push(clause(&policy.tracking.source, "tracking")),
            Status::Suggested => parts.push(clause("", "suggest")),
            Status::Listed if parts.is_empty() => parts.push(clause(&policy.tracking.source, "tracking")),
            _ => {}
        }
        self.join(parts)
    }

    /// What would clear it.
    pub fn clears(&self, case: &Case<'_>, status: Status) -> String {
        let l = self.ctx.lang;
        let policy = &self.ctx.policy.supervise;
        let mut parts: Vec<String> = Vec::new();
        match status {
            Status::Suggested => parts.push(l.text("supervise-clears-suggested")),
            Status::NearMiss => parts.push(l.text("supervise-clears-near")),
            Status::Recheck => parts.push(l.text("supervise-clears-recheck")),
            Status::Leaving => parts.push(l.text("supervise-clears-leaving")),
            Status::Listed | Status::Relapse => {
                let (score, dissatisfied) = (policy.measures.leave_score, policy.measures.leave_dissatisfied);
                parts.extend(case.of(Standing::Member).map(|f| f.clears.clone()).filter(|c| !c.is_empty()));
                parts.push(say!(l, "supervise-clears-measures", score = score, dissatisfied = dissatisfied));
            }
            Status::ToClarify => {}
        }
        parts.extend(case.of(Standing::Unclear).map(|f| f.clears.clone()).filter(|c| !c.is_empty()));
        parts.dedup();
        self.join(parts)
    }

    /// Overdue measures, with the days.
    pub fn overdue(&self, case: &Case<'_>) -> Option<String> {
        let l = self.ctx.lang;
        let parts: Vec<String> = case
            .required
            .iter()
            .filter(|r| r.state == State::Overdue)
            .filter_map(|r| r.row.and_then(|m| m.due).map(|due| (r, due)))
            .map(|(r, due)| {
                let measure = self.ctx.policy.words.label(l, Vocab::Measure, r.code);
                let days = self.facts.as_of.signed_duration_since(due).num_days();
                say!(l, "supervise-overdue", measure = measure, due = due, days = days)
            })
            .collect();
        (!parts.is_empty()).then(|| self.join(parts))
    }

    /// Codes of the categories that the village is in, would be in, or is close to.
    pub fn categories(&self, case: &Case<'_>, status: Status) -> Option<String> {
        let standing = match status {
            Status::ToClarify => Standing::Unclear,
            Status::NearMiss => Standing::Near,
            _ => Standing::Member,
        };
        let policy = &self.ctx.policy.supervise.categories;
        let codes: Vec<&str> =
            case.of(standing).filter_map(|f| policy.get_index(f.category)).map(|(key, _)| key.as_str()).collect();
        (!codes.is_empty()).then(|| codes.join(";"))
    }
}
