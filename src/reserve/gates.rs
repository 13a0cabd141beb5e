//! Gates: who may, who should not, who cannot. Apart from fit, in code and in every output.

use chrono::NaiveDate;

use crate::book::schema::Vocab;
use crate::policy::Words;
use crate::stage::bars::Effect;
use crate::stage::{Context, add_months, age};

use super::facts::{Candidate, Facts};
use super::policy::{Gate, Hardness, Missing, Test};
use super::vacancies::reckoning_day;

/// How a gate treats a person who does not simply pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Level {
    /// 不能.
    Hard,
    /// 不宜.
    Soft,
    /// 待核实: kept, with the doubt beside the name.
    Mark,
    /// 不宜, 经豁免: lifted by a waiver with reason, body and date, which stands beside the name.
    Waived,
}

impl Level {
    /// The code in the table `bars`.
    pub const fn code(self) -> &'static str {
        match self {
            Level::Hard => "hard",
            Level::Soft => "soft",
            Level::Mark => "to_clarify",
            Level::Waived => "waived",
        }
    }
}

/// One bar or doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Finding<'a> {
    /// Place of the gate in the policy.
    pub gate: usize,
    pub level: Level,
    pub from: Option<NaiveDate>,
    /// The day it is gone; `None`: for good, or until the fact changes.
    pub until: Option<NaiveDate>,
    pub why: Why<'a>,
}

/// What was found, for the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Why<'a> {
    InPost(&'a str),
    Status(&'a str),
    /// Probationary, full member from that day at the earliest.
    Probationary(Option<NaiveDate>),
    /// Called a member less than the probation after admission.
    JoinedRecently(NaiveDate),
    TooOld(i32),
    TooYoung(i32),
    Education(&'a str),
    Event(&'a str),
    OpenEvent(&'a str),
    UndatedSanction(&'a str),
    ReviewFailed,
    Unwilling,
    Away,
    Kin {
        village: &'a str,
        post: &'a str,
        relation: Option<&'a str>,
    },
    UnknownVillage,
    /// The fact is missing.
    Missing,
}

/// Gates as bits: bit `g` is the gate at place `g` of the policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    pub hard: u64,
    pub soft: u64,
    pub mark: u64,
    /// Soft bars that a waiver lifted.
    pub waived: u64,
}

impl Bits {
    /// Adds a gate at a level; the stronger level hides the weaker.
    pub fn add(&mut self, gate: usize, level: Level) {
        let bit = 1u64 << gate;
        match level {
            Level::Hard => self.hard |= bit,
            Level::Soft => self.soft |= bit,
            Level::Mark => self.mark |= bit,
            Level::Waived => self.waived |= bit,
        }
        self.soft &= !self.hard;
        self.mark &= !(self.hard | self.soft);
        self.waived &= !self.hard;
    }

    /// Only the gates of `guarded`.
    pub fn only(self, guarded: u64) -> Bits {
        Bits {
            hard: self.hard & guarded,
            soft: self.soft & guarded,
            mark: self.mark & guarded,
            waived: self.waived & guarded,
        }
    }
}

/// Level of a missing fact.
pub(super) fn missing_level(gate: &Gate) -> Level {
    match gate.missing {
        Missing::Mark => Level::Mark,
        Missing::Soft => Level::Soft,
        Missing::Hard => Level::Hard,
    }
}

/// Level of a bar that the gate's test found.
pub(super) fn bar_level(gate: &Gate) -> Level {
    if gate.hardness == Hardness::Soft { Level::Soft } else { Level::Hard }
}

/// The gates that guard a post (and the village committee's headship with it, if `dual`), as bits.
pub(super) fn guarding(ctx: &Context, post: &str, dual: bool) -> u64 {
    let guards = |gate: &Gate| {
        gate.hardness != Hardness::Off
            && (gate.posts.is_empty() || gate.posts.iter().any(|p| p == post || (dual && p == "director")))
    };
    let gates = ctx.policy.reserve.gates.values().enumerate();
    gates.filter(|(_, gate)| guards(gate)).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// Everything that the gates find about a person, whatever the post: bars, soft bars and doubts.
/// Kinship and residence depend on the village: see [`super::pairs`]; here kinship is listed with
/// the village it bars.
pub(super) fn examine<'a>(person: &Candidate<'a>, facts: &Facts<'a>, ctx: &Context) -> Vec<Finding<'a>> {
    let mut found = Vec::new();
    let day = reckoning_day(ctx);
    for (at, gate) in ctx.policy.reserve.gates.values().enumerate() {
        if gate.hardness == Hardness::Off {
            continue;
        }
        let bar = |why| Finding { gate: at, level: bar_level(gate), from: None, until: None, why };
        let missing = Finding { gate: at, level: missing_level(gate), from: None, until: None, why: Why::Missing };
        match gate.test {
            Test::InPost => {
                let held = facts.holding.get(person.id).into_iter().flatten().map(|p| facts.posts[*p]);
                let same = held.filter(|p| ctx.policy.reserve.posts.iter().any(|x| x == p.post));
                found.extend(same.map(|p| Finding { from: p.since, ..bar(Why::InPost(p.post)) }).next());
            }
            Test::Member => found.extend(membership(person, gate, day, bar(Why::Missing), missing)),
            Test::Age => match person.birth {
                None => found.push(missing),
                Some(birth) => {
                    let years = age(birth, day);
                    if let Some(max) = gate.max.filter(|max| years > *max) {
                        let from = add_months(birth, max.saturating_add(1).saturating_mul(12));
                        found.push(Finding { from: Some(from), ..bar(Why::TooOld(years)) });
                    } else if let Some(min) = gate.min.filter(|min| years < *min) {
                        let until = add_months(birth, min.saturating_mul(12));
                        found.push(Finding { until: Some(until), ..bar(Why::TooYoung(years)) });
                    }
                }
            },
            Test::Education => match person.education {
                Some(level) if enough(&ctx.policy.words, level, gate.level.as_deref()) => {}
                Some(level) => found.push(bar(Why::Education(level))),
                None => found.push(missing),
            },
            Test::Event => events(person, facts, gate, day, bar(Why::Missing), missing, &mut found),
            Test::Review => match person.review {
                Some(true) => {}
                Some(false) => found.push(Finding { from: person.reviewed, ..bar(Why::ReviewFailed) }),
                None => found.push(missing),
            },
            Test::Willing => match person.willing {
                Some(true) => {}
                Some(false) => found.push(bar(Why::Unwilling)),
                None => found.push(missing),
            },
            Test::InVillage => match person.in_village {
                Some(true) => {}
                Some(false) => found.push(bar(Why::Away)),
                None => found.push(missing),
            },
            Test::Kin => {
                let of = facts.relatives.get(person.id).into_iter().flatten().filter(|r| r.gate == at);
                found.extend(of.map(|r| {
                    let why = Why::Kin { village: r.village, post: r.post, relation: r.relation };
                    let level = if r.relation.is_some() { bar_level(gate) } else { missing_level(gate) };
                    Finding { level, ..bar(why) }
                }));
            }
            // Own people have it; for others see `pairs`.
            Test::Residence => {}
            Test::KnownVillage => {
                if !person.village_known {
                    found.push(Finding { why: Why::UnknownVillage, ..missing });
                }
            }
        }
    }
    found
}

fn enough(words: &Words, level: &str, least: Option<&str>) -> bool {
    let rank = |code: &str| words.rank(Vocab::Education, code);
    least.and_then(rank) <= rank(level)
}

/// Full membership. Somebody whose probation ends by the election day is a soft bar: whether they
/// were confirmed is still to be seen.
fn membership<'a>(
    person: &Candidate<'a>,
    gate: &Gate,
    day: NaiveDate,
    bar: Finding<'a>,
    missing: Finding<'a>,
) -> Option<Finding<'a>> {
    let full_on = person.joined.map(|d| add_months(d, gate.months.unwrap_or(12)));
    match person.political {
        None => Some(missing),
        Some("member") => {
            let until = full_on.filter(|d| *d > day)?;
            Some(Finding { level: Level::Soft, until: Some(until), why: Why::JoinedRecently(until), ..bar })
        }
        Some("probationary") => {
            let level = if full_on.is_some_and(|d| d <= day) { Level::Soft } else { bar.level };
            Some(Finding { level, from: person.joined, until: full_on, why: Why::Probationary(full_on), ..bar })
        }
        Some(status) => Some(Finding { why: Why::Status(status), ..bar }),
    }
}

/// Dated events in force on `day`, and a sanction on file that nobody dated.
fn events<'a>(
    person: &Candidate<'a>,
    facts: &Facts<'a>,
    gate: &Gate,
    day: NaiveDate,
    bar: Finding<'a>,
    missing: Finding<'a>,
    found: &mut Vec<Finding<'a>>,
) {
    let effect = Effect { kinds: &gate.kinds, months: gate.months, until_closed: gate.until_closed };
    let of = facts.events.get(person.id).map_or(&[][..], Vec::as_slice);
    let on_file = person.sanction.map(|kind| (kind, person.sanctioned));
    found.extend(effect.in_force(of, on_file, day).into_iter().map(|event| match event.from {
        None => Finding { why: Why::UndatedSanction(event.kind), ..missing },
        from => {
            let why = if gate.until_closed { Why::OpenEvent(event.kind) } else { Why::Event(event.kind) };
            Finding { from, until: event.until, why, ..bar }
        }
    }));
}
