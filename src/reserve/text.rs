//! What a reader meets: labels, reasons, bars in words.

use chrono::NaiveDate;

use crate::book::schema::Vocab;
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;
use crate::stage::{Context, age};

use super::facts::{Candidate, Facts};
use super::fit::{Given, HUNDREDTHS, points};
use super::gates::{Finding, Level, Why};
use super::policy::{Fact, Factor, Gate, ReservePolicy};
use super::vacancies::reckoning_day;

/// Labels looked up once, and the context.
pub(super) struct Texts<'c> {
    pub lang: Lang,
    pub ctx: &'c Context<'c>,
    pub gates: Vec<String>,
    pub factors: Vec<String>,
    day: NaiveDate,
}

impl<'c> Texts<'c> {
    pub fn new(ctx: &'c Context<'c>) -> Texts<'c> {
        let policy = &ctx.policy.reserve;
        let label = |area: &str, key: &str, own: &Option<String>| {
            let id = format!("reserve-{area}-{}", key.replace('_', "-"));
            match own {
                Some(own) if ctx.lang == Lang::Zh || !ctx.lang.has(&id) => own.clone(),
                _ if ctx.lang.has(&id) => ctx.lang.text(&id),
                _ => key.replace('_', " "),
            }
        };
        Texts {
            lang: ctx.lang,
            ctx,
            gates: policy.gates.iter().map(|(key, gate)| label("gate", key, &gate.label)).collect(),
            factors: policy.fit.iter().map(|(key, factor)| label("factor", key, &factor.label)).collect(),
            day: reckoning_day(ctx),
        }
    }

    /// Joins reasons.
    pub fn reasons(&self, parts: &[String]) -> String {
        parts.join(if self.lang == Lang::Zh { "；" } else { "; " })
    }

    /// Joins names.
    pub fn list<S: AsRef<str>>(&self, parts: &[S]) -> String {
        let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
        parts.join(if self.lang == Lang::Zh { "、" } else { ", " })
    }

    pub fn word(&self, vocab: Vocab, code: &str) -> String {
        self.ctx.policy.words.label(self.lang, vocab, code)
    }

    fn policy(&self) -> &ReservePolicy {
        &self.ctx.policy.reserve
    }

    fn gate(&self, at: usize) -> (&str, &Gate) {
        let (key, gate) = self.policy().gates.get_index(at).expect("findings name gates of the policy");
        (key, gate)
    }

    /// Written basis of a gate: its document, else its place in the policy.
    pub fn basis(&self, at: usize) -> String {
        let (key, gate) = self.gate(at);
        if gate.source.is_empty() { say!(self.lang, "reserve-basis", key = key) } else { gate.source.clone() }
    }

    /// A bar in words.
    pub fn finding(&self, finding: &Finding, facts: &Facts) -> String {
        let lang = self.lang;
        let label = &self.gates[finding.gate];
        let gate = self.gate(finding.gate).1;
        let event = |id: &str, kind: &str| {
            let kind = self.word(Vocab::EventKind, kind);
            let from = finding.from.map(|d| d.to_string()).unwrap_or_default();
            match finding.until {
                Some(until) => say!(lang, "reserve-bar-event-until", kind = kind, from = from, until = until),
                None => say!(lang, id, kind = kind, from = from),
            }
        };
        match finding.why {
            Why::InPost(post) => say!(lang, "reserve-bar-in-post", post = self.word(Vocab::Post, post)),
            Why::Status(status) => {
                say!(lang, "reserve-bar-status", status = self.word(Vocab::PoliticalStatus, status))
            }
            Why::Probationary(Some(on)) if finding.level == Level::Soft => {
                say!(lang, "reserve-bar-probation-over", on = on)
            }
            Why::Probationary(Some(on)) => say!(lang, "reserve-bar-probation", on = on),
            Why::Probationary(None) => say!(lang, "reserve-bar-probation-undated"),
            Why::JoinedRecently(on) => say!(lang, "reserve-bar-joined", on = on),
            Why::TooOld(years) => {
                say!(lang, "reserve-bar-old", years = years, max = gate.max.unwrap_or_default())
            }
            Why::TooYoung(years) => {
                say!(lang, "reserve-bar-young", years = years, min = gate.min.unwrap_or_default())
            }
            Why::Education(level) => {
                let least = self.word(Vocab::Education, gate.level.as_deref().unwrap_or_default());
                say!(lang, "reserve-bar-education", level = self.word(Vocab::Education, level), least = least)
            }
            Why::Event(kind) => event("reserve-bar-event", kind),
            Why::OpenEvent(kind) => event("reserve-bar-event-open", kind),
            Why::UndatedSanction(kind) => {
                say!(lang, "reserve-bar-undated", kind = self.word(Vocab::EventKind, kind))
            }
            Why::ReviewFailed => match finding.from {
                Some(on) => say!(lang, "reserve-bar-review-on", on = on),
                None => say!(lang, "reserve-bar-review"),
            },
            Why::Unwilling => say!(lang, "reserve-bar-unwilling"),
            Why::Away => say!(lang, "reserve-bar-away"),
            Why::Kin { village, post, relation } => {
                let relation = match relation {
                    Some(relation) => self.word(Vocab::Relation, relation),
                    None => say!(lang, "reserve-unknown-relation"),
                };
                let village = facts.village_names.get(village).copied().filter(|n| !n.is_empty()).unwrap_or(village);
                say!(
                    lang,
                    "reserve-bar-kin",
                    village = village,
                    post = self.word(Vocab::Post, post),
                    relation = relation
                )
            }
            Why::UnknownVillage => say!(lang, "reserve-bar-unknown-village"),
            Why::Missing => match gate.test {
                super::policy::Test::Review => say!(lang, "reserve-bar-not-reviewed"),
                _ => say!(lang, "reserve-bar-missing", gate = label),
            },
        }
    }

    /// The value that a factor looked at, in words; `None` if it is missing.
    fn value(&self, person: &Candidate, factor: &Factor, post: &str) -> Option<String> {
        let yes = |answer: bool| {
            if answer { say!(self.lang, "reserve-yes") } else { say!(self.lang, "reserve-no") }
        };
        match factor.fact {
            Fact::Age => person.birth.map(|b| say!(self.lang, "reserve-years", years = age(b, self.day))),
            Fact::TargetPost => person.target_post.map(|trained| {
                let text = self.word(Vocab::Post, trained);
                if trained == post { text } else { say!(self.lang, "reserve-other-post", post = text) }
            }),
            Fact::Veteran => person.veteran.map(yes),
            Fact::InVillage => person.in_village.map(yes),
            Fact::Practice => {
                let counts = |kind: &str| factor.kinds.iter().any(|k| k == kind);
                Some(say!(self.lang, "reserve-times", n = person.activities.iter().filter(|a| counts(a.0)).count()))
            }
            _ => {
                let code = match factor.fact {
                    Fact::PoliticalStatus => person.political,
                    Fact::Education => person.education,
                    Fact::Thinking => person.thinking,
                    Fact::Work => person.work,
                    Fact::Potential => person.potential,
                    Fact::Source => person.source,
                    _ => person.grade,
                };
                code.map(|c| factor.fact.vocab().map_or_else(|| c.to_owned(), |v| self.word(v, c)))
            }
        }
    }

    /// Reasons for and against, from the contributions: what gives at least 70% of its most points
    /// speaks for, at most 30% or a missing fact against.
    pub fn reasons_of(&self, person: &Candidate, given: &[Given], post: &str) -> (Vec<String>, Vec<String>) {
        let (mut pro, mut contra) = (Vec::new(), Vec::new());
        for ((factor, label), given) in self.policy().fit.values().zip(&self.factors).zip(given) {
            let most = factor.most_points();
            let share = points(given.hundredths()) / most;
            if most <= 0.0 {
                continue;
            }
            match (*given, self.value(person, factor, post)) {
                (Given::Missing, _) | (_, None) => {
                    contra.push(say!(self.lang, "reserve-fact-missing", factor = label));
                }
                (_, Some(value)) if share >= 0.7 => {
                    pro.push(say!(self.lang, "reserve-fact", factor = label, value = value));
                }
                (_, Some(value)) if share <= 0.3 => {
                    contra.push(say!(self.lang, "reserve-fact", factor = label, value = value));
                }
                _ => {}
            }
        }
        (pro, contra)
    }

    /// The sum in words: `政治面貌 25 + 学历 12 − 跨村任职 10`.
    pub fn sum(&self, given: &[Given], discount: i64) -> String {
        let number = |hundredths: i64| round::show(hundredths as f64 / HUNDREDTHS as f64, 2);
        let mut text = String::new();
        for (label, given) in self.factors.iter().zip(given).filter(|(_, g)| g.hundredths() != 0) {
            if !text.is_empty() {
                text.push_str(" + ");
            }
            text.push_str(label);
            text.push(' ');
            text.push_str(&number(given.hundredths()));
        }
        if discount != 0 {
            text.push_str(" − ");
            text.push_str(&say!(self.lang, "reserve-cross-village"));
            text.push(' ');
            text.push_str(&number(-discount));
        }
        if text.is_empty() { "0".to_owned() } else { text }
    }
}
