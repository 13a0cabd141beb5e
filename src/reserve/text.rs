//! What a reader meets: labels, reasons, bars in words.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;

use crate::book::schema::Vocab;
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;
use crate::stage::{Context, age};

use super::facts::{Candidate, Facts};
use super::fit::{Given, HUNDREDTHS, points};
use super::gates::{Finding, Level, Why};
use super::policy::{Fact, Factor, Gate, ReservePolicy, Test};
use super::vacancies::reckoning_day;

/// Labels looked up once, and the context.
pub(super) struct Texts<'c> {
    pub lang: Lang,
    pub ctx: &'c Context<'c>,
    pub gates: Vec<String>,
    pub factors: Vec<String>,
    /// Factor → key of a fact → the fact in words.
    facts: Vec<HashMap<String, String>>,
    /// Factor → its missing fact in words.
    missing: Vec<String>,
    /// Factor → does anybody in the pool have the fact on record?
    informative: Vec<bool>,
    /// Factor → gates (bits) that look at the same fact.
    told_by: Vec<u64>,
    clean: String,
    day: NaiveDate,
}

/// The fact that a factor looks at, as a key; `None` if it is missing.
fn fact_key<'p>(person: &Candidate<'p>, factor: &Factor, day: NaiveDate) -> Option<Cow<'p, str>> {
    let yes = |answer: bool| Cow::Borrowed(if answer { "yes" } else { "no" });
    match factor.fact {
        Fact::PoliticalStatus => person.political.map(Cow::Borrowed),
        Fact::Education => person.education.map(Cow::Borrowed),
        Fact::Thinking => person.thinking.map(Cow::Borrowed),
        Fact::Work => person.work.map(Cow::Borrowed),
        Fact::Potential => person.potential.map(Cow::Borrowed),
        Fact::Source => person.source.map(Cow::Borrowed),
        Fact::Grade => person.grade.map(Cow::Borrowed),
        Fact::TargetPost => person.target_post.map(Cow::Borrowed),
        Fact::Veteran => person.veteran.map(yes),
        Fact::InVillage => person.in_village.map(yes),
        Fact::Age => person.birth.map(|b| Cow::Owned(age(b, day).to_string())),
        Fact::Practice => {
            let number = person.activities.iter().filter(|a| factor.kinds.iter().any(|k| k == a.0)).count();
            Some(Cow::Owned(number.to_string()))
        }
    }
}

/// The gate that looks at the same fact.
fn same_fact(fact: Fact) -> Option<Test> {
    match fact {
        Fact::PoliticalStatus => Some(Test::Member),
        Fact::Education => Some(Test::Education),
        Fact::Age => Some(Test::Age),
        Fact::InVillage => Some(Test::InVillage),
        _ => None,
    }
}

impl<'c> Texts<'c> {
    pub fn new(ctx: &'c Context<'c>, people: &[Candidate]) -> Texts<'c> {
        let policy = &ctx.policy.reserve;
        let label = |area: &str, key: &str, own: &Option<String>| {
            let id = format!("reserve-{area}-{}", key.replace('_', "-"));
            match own {
                Some(own) if ctx.lang == Lang::Zh || !ctx.lang.has(&id) => own.clone(),
                _ if ctx.lang.has(&id) => ctx.lang.text(&id),
                _ => key.replace('_', " "),
            }
        };
        let day = reckoning_day(ctx);
        let factors: Vec<&Factor> = policy.fit.values().collect();
        let known = |factor: &Factor| {
            factor.most_points() > 0.0
                && people
                    .iter()
                    .any(|p| fact_key(p, factor, day).is_some_and(|key| factor.fact != Fact::Practice || key != "0"))
        };
        let told_by = |factor: &&Factor| {
            let gates = policy.gates.values().enumerate();
            gates.filter(|(_, g)| Some(g.test) == same_fact(factor.fact)).fold(0u64, |bits, (at, _)| bits | 1 << at)
        };
        let mut texts = Texts {
            lang: ctx.lang,
            ctx,
            gates: policy.gates.iter().map(|(key, gate)| label("gate", key, &gate.label)).collect(),
            factors: policy.fit.iter().map(|(key, factor)| label("factor", key, &factor.label)).collect(),
            facts: Vec::new(),
            missing: Vec::new(),
            informative: factors.iter().map(|f| known(f)).collect(),
            told_by: factors.iter().map(told_by).collect(),
            clean: ctx.lang.text("reserve-clean"),
            day,
        };
        texts.missing =
            texts.factors.iter().map(|label| say!(ctx.lang, "reserve-fact-missing", factor = label)).collect();
        // Each fact is put in words once, not once per person.
        texts.facts = factors
            .iter()
            .enumerate()
            .map(|(at, factor)| {
                let mut keys: Vec<Cow<str>> = people.iter().filter_map(|p| fact_key(p, factor, day)).collect();
                keys.sort_unstable();
                keys.dedup();
                keys.iter().map(|key| (key.to_string(), texts.write_fact(at, factor, key, false))).collect()
            })
            .collect();
        texts
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
                Test::Review => say!(lang, "reserve-bar-not-reviewed"),
                _ => say!(lang, "reserve-bar-missing", gate = label),
            },
        }
    }

    /// Reasons for and against, from the contributions: what gives at least 70% of its most points
    /// speaks for, at most 30% or a missing fact against. What nobody in the pool has on record is
    /// left out, and so is a missing fact that a doubt among `gates` (bits) tells of already.
    pub fn reasons_of(
        &self,
        person: &Candidate,
        given: &[Given],
        post: &str,
        gates: u64,
    ) -> (Vec<String>, Vec<String>) {
        let (mut pro, mut contra) = (Vec::new(), Vec::new());
        let factors = self.policy().fit.values().enumerate().zip(given);
        for ((at, factor), given) in factors.filter(|((at, _), _)| self.informative[*at]) {
            let share = points(given.hundredths()) / factor.most_points();
            let Some(key) = fact_key(person, factor, self.day) else {
                if self.told_by[at] & gates == 0 {
                    contra.push(self.missing[at].clone());
                }
                continue;
            };
            if share >= 0.7 {
                pro.push(self.fact(at, factor, &key, post));
            } else if share <= 0.3 {
                contra.push(self.fact(at, factor, &key, post));
            }
        }
        (pro, contra)
    }

    /// A fact in words: `学历：大专`.
    fn fact(&self, at: usize, factor: &Factor, key: &str, post: &str) -> String {
        let other = factor.fact == Fact::TargetPost && key != post;
        match self.facts[at].get(key).filter(|_| !other) {
            Some(text) => text.clone(),
            None => self.write_fact(at, factor, key, other),
        }
    }

    fn write_fact(&self, at: usize, factor: &Factor, key: &str, other_post: bool) -> String {
        let value = match factor.fact {
            Fact::Age => say!(self.lang, "reserve-years", years = key.parse::<i32>().unwrap_or_default()),
            Fact::Practice => say!(self.lang, "reserve-times", n = key.parse::<i32>().unwrap_or_default()),
            Fact::TargetPost if other_post => {
                say!(self.lang, "reserve-other-post", post = self.word(Vocab::Post, key))
            }
            Fact::TargetPost => self.word(Vocab::Post, key),
            Fact::Veteran | Fact::InVillage if key == "yes" => self.lang.text("reserve-yes"),
            Fact::Veteran | Fact::InVillage => self.lang.text("reserve-no"),
            _ => factor.fact.vocab().map_or_else(|| key.to_owned(), |vocab| self.word(vocab, key)),
        };
        say!(self.lang, "reserve-fact", factor = &self.factors[at], value = value)
    }

    /// The gates passed: by name, those that look for dated events as one.
    pub fn passed(&self, guards: u64, open: u64) -> String {
        let gates = &self.policy().gates;
        let events = gates.values().enumerate().filter(|(_, g)| g.test == Test::Event);
        let events = events.fold(0u64, |bits, (at, _)| bits | 1 << at) & guards;
        let clean = events != 0 && events & open == 0;
        let shown = if clean { guards & !open & !events } else { guards & !open };
        let mut parts: Vec<&str> = Vec::new();
        parts.extend(self.gates.iter().enumerate().filter(|(at, _)| shown & 1 << at != 0).map(|(_, g)| g.as_str()));
        if clean {
            parts.push(&self.clean);
        }
        self.list(&parts)
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
