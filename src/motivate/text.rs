//! What a reader meets: lines of the reckoning, reasons and conditions in words.

use super::conditions::{Findings, State, Why};
use super::facts::Holder;
use super::formula::Part;
use super::income::{Basis, Income};
use super::policy::{Allowance, Award, By, HonourRule};
use crate::book::schema::Vocab;
use crate::kernel::round::show;
use crate::lang::Lang;
use crate::say;
use crate::stage::Context;
use crate::stage::bars::InForce;

/// Wording in the context's language.
#[derive(Clone, Copy)]
pub(super) struct Texts<'c> {
    pub ctx: &'c Context<'c>,
}

impl Texts<'_> {
    fn lang(&self) -> Lang {
        self.ctx.lang
    }

    fn word(&self, vocab: Vocab, code: &str) -> String {
        self.ctx.policy.words.label(self.lang(), vocab, code)
    }

    /// Several parts of one sentence.
    pub fn joined(&self, parts: &[String]) -> String {
        parts.join(match self.lang() {
            Lang::Zh => "；",
            Lang::En => "; ",
        })
    }

    /// Where an income comes from.
    pub fn income(&self, income: Income) -> String {
        let yuan = income.yuan as i64;
        let id = match (income.basis, income.carried > 0) {
            (Basis::Published, false) => "motivate-income-published",
            (Basis::Villages, false) => "motivate-income-villages",
            (Basis::Published, true) => "motivate-income-published-carried",
            (Basis::Villages, true) => "motivate-income-villages-carried",
        };
        say!(self.lang(), id, yuan = yuan, year = income.year.to_string())
    }

    pub fn base(&self, income: Income, share: f64, months: i64) -> String {
        let rules = &self.ctx.policy.motivate.pay;
        say!(
            self.lang(),
            "motivate-line-base",
            income = self.income(income),
            multiple = show(rules.multiple, 4),
            part = percent(rules.base_share),
            share = percent(share),
            months = months
        )
    }

    pub fn performance(&self, income: Income, share: f64, grade: Option<&str>, factor: f64, months: i64) -> String {
        let rules = &self.ctx.policy.motivate.pay;
        let grade = match grade {
            Some(code) => self.word(Vocab::Grade, code),
            None => self.lang().text("motivate-grade-none"),
        };
        say!(
            self.lang(),
            "motivate-line-performance",
            income = self.income(income),
            multiple = show(rules.multiple, 4),
            part = percent(1.0 - rules.base_share),
            share = percent(share),
            grade = grade,
            factor = show(factor, 4),
            months = months
        )
    }

    /// Name of an allowance: the policy's, else the catalogue's.
    fn named(&self, own: Option<&String>, kind: &str, key: &str) -> String {
        let id = format!("motivate-{kind}-{}", key.replace('_', "-"));
        match own {
            Some(label) => label.clone(),
            None if self.lang().has(&id) => self.lang().text(&id),
            None => key.to_owned(),
        }
    }

    pub fn allowance(
        &self,
        key: &str,
        rule: &Allowance,
        served: Option<i32>,
        education: Option<&str>,
        monthly: f64,
        months: i64,
    ) -> String {
        let name = self.named(rule.label.as_ref(), "allowance", key);
        let why = match (rule.by, served, education) {
            (By::Years, Some(years), _) => say!(self.lang(), "motivate-why-years", years = years),
            (By::Education, _, Some(level)) => {
                say!(self.lang(), "motivate-why-education", level = self.word(Vocab::Education, level))
            }
            _ => String::new(),
        };
        say!(
            self.lang(),
            "motivate-line-allowance",
            name = name,
            why = why,
            monthly = show(monthly, 2),
            months = months
        )
    }

    pub fn reward(&self, gained: f64, pool: f64, capped: bool, part: f64, months: i64) -> String {
        let id = if capped { "motivate-line-reward-capped" } else { "motivate-line-reward" };
        say!(
            self.lang(),
            id,
            gained = show(gained, 4),
            rate = percent(self.ctx.policy.motivate.reward.rate),
            pool = show(pool, 2),
            part = percent(part),
            months = months
        )
    }

    pub fn award(&self, key: &str, level: &Award, count: u32) -> String {
        let name = self.named(level.label.as_ref(), "award", key);
        say!(self.lang(), "motivate-line-award", name = name, n = count, amount = show(level.amount, 2))
    }

    /// Names of parts of pay.
    pub fn parts(&self, parts: &[Part]) -> String {
        let names: Vec<String> = parts.iter().map(|p| self.lang().text(&format!("code-part-{}", p.code()))).collect();
        names.join(&self.lang().text("list-comma"))
    }

    /// A condition that is met, not met, or cannot be told.
    pub fn condition(&self, why: &Why, state: State) -> String {
        let lang = self.lang();
        let id = |met: &'static str, missed: &'static str| if state == State::Met { met } else { missed };
        match why {
            Why::NoStart => lang.text("motivate-cond-no-start"),
            Why::Served { years, least } => {
                say!(lang, id("motivate-cond-years", "motivate-cond-years-short"), years = *years, least = *least)
            }
            Why::Grades { list, years } => {
                let seen: Vec<String> = list
                    .iter()
                    .map(|(year, code)| {
                        let grade = match code {
                            Some(code) => self.word(Vocab::Grade, code),
                            None => lang.text("motivate-grade-none"),
                        };
                        say!(lang, "motivate-cond-grade", year = year.to_string(), grade = grade)
                    })
                    .collect();
                let seen = seen.join(&lang.text("list-comma"));
                match state {
                    State::Met => say!(lang, "motivate-cond-grades", seen = seen),
                    State::Missed => say!(lang, "motivate-cond-grades-short", seen = seen),
                    State::Unknown => say!(lang, "motivate-cond-grades-missing", years = *years, seen = seen),
                }
            }
            Why::Best { times, least } => {
                say!(lang, id("motivate-cond-best", "motivate-cond-best-short"), times = *times, least = *least)
            }
            Why::Member => lang.text(match state {
                State::Met => "motivate-cond-member",
                State::Missed => "motivate-cond-no-member",
                State::Unknown => "motivate-cond-member-missing",
            }),
            Why::Bars => match state {
                State::Met => lang.text("motivate-cond-no-bar"),
                _ => lang.text("motivate-cond-undated"),
            },
            Why::Bar(bar) => self.bar(bar),
            Why::Veto => lang.text(id("motivate-cond-no-veto", "motivate-cond-veto")),
            Why::NotRated => lang.text("motivate-cond-not-rated"),
            Why::Score(score) => say!(lang, "motivate-cond-score", score = show(*score, 1)),
            Why::Education(level) => say!(
                lang,
                id("motivate-cond-education", "motivate-cond-education-short"),
                level = self.word(Vocab::Education, level)
            ),
            Why::NoEducation => lang.text("motivate-cond-education-missing"),
            Why::Age { age, most } => {
                say!(lang, id("motivate-cond-age", "motivate-cond-age-past"), age = *age, most = *most)
            }
            Why::NoBirth => lang.text("motivate-cond-birth-missing"),
        }
    }

    /// A dated event in force.
    pub fn bar(&self, bar: &InForce) -> String {
        let lang = self.lang();
        let kind = self.word(Vocab::EventKind, bar.kind);
        match (bar.from, bar.until) {
            (None, _) => say!(lang, "motivate-bar-undated", kind = kind),
            (Some(day), None) => say!(lang, "motivate-bar", kind = kind, day = day),
            (Some(day), Some(until)) => say!(lang, "motivate-bar-until", kind = kind, day = day, until = until),
        }
    }

    /// All conditions of one state, joined.
    pub fn conditions(&self, findings: &Findings, state: State) -> Vec<String> {
        findings.iter().filter(|f| f.state == state).map(|f| self.condition(&f.why, state)).collect()
    }

    pub fn village_weak(&self) -> String {
        self.lang().text("motivate-against-weak")
    }

    pub fn caution(&self, event: &InForce) -> String {
        say!(self.lang(), "motivate-against-caution", what = self.bar(event))
    }

    /// How the places of a township came about.
    pub fn places(&self, rule: &HonourRule, holder: &Holder, places: usize, holders: usize) -> String {
        let lang = self.lang();
        match rule.cap_share {
            Some(share) => say!(
                lang,
                "motivate-places-share",
                township = holder.township,
                holders = holders,
                share = percent(share),
                places = places
            ),
            None => say!(lang, "motivate-places-count", township = holder.township, places = places),
        }
    }

    pub fn next_in_line(&self, tied: bool) -> String {
        self.lang().text(if tied { "motivate-next-tied" } else { "motivate-next" })
    }
}

/// A share in percent with at most two decimals.
fn percent(share: f64) -> String {
    format!("{}%", show(share * 100.0, 2))
}
