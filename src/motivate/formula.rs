//! What the policy's formula gives one holder in one year, line by line.
//!
//! Every line's amount is quantity × rate, rounded half away from zero to whole yuan; a sum is the
//! sum of its lines. Quantities and rates are written out, so that anybody can add them up.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::facts::{Facts, Graded, Holder, in_force};
use super::income::{Income, Incomes};
use super::policy::{Allowance, By, RewardBasis};
use super::text::Texts;
use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::kernel::round;
use crate::stage::events::known_events;
use crate::stage::{Context, age};

/// Parts of pay, in the order of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Base,
    Performance,
    Allowance,
    Reward,
    Award,
}

impl Part {
    pub const ALL: [Part; 5] = [Part::Base, Part::Performance, Part::Allowance, Part::Reward, Part::Award];

    /// The code in outputs, and the column of the table `pay`.
    pub const fn code(self) -> &'static str {
        match self {
            Part::Base => "base",
            Part::Performance => "performance",
            Part::Allowance => "allowance",
            Part::Reward => "reward",
            Part::Award => "award",
        }
    }
}

/// What had to be assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Assumed {
    /// No published income: the villages' mean.
    IncomeVillages,
    /// The income of an earlier year, carried on.
    IncomeCarried,
    /// No start of the term: twelve months, no years in post.
    StartMissing,
    /// No appraisal: the village's grade of this run.
    GradeComputed,
    /// No grade at all: the policy's share for that.
    GradeMissing,
    /// No level of education: no allowance for it.
    EducationMissing,
}

impl Assumed {
    pub const fn code(self) -> &'static str {
        match self {
            Assumed::IncomeVillages => "income_villages",
            Assumed::IncomeCarried => "income_carried",
            Assumed::StartMissing => "start_missing",
            Assumed::GradeComputed => "grade_computed",
            Assumed::GradeMissing => "grade_missing",
            Assumed::EducationMissing => "education_missing",
        }
    }

    /// Does a difference in that part say nothing, because of this?
    const fn blurs(self, part: Part) -> bool {
        match self {
            Assumed::StartMissing => true,
            // Pay is settled on the appraisal: this run's grade proves nothing about what was due.
            Assumed::GradeMissing | Assumed::GradeComputed => matches!(part, Part::Performance),
            Assumed::EducationMissing => matches!(part, Part::Allowance),
            Assumed::IncomeVillages | Assumed::IncomeCarried => false,
        }
    }
}

/// One line of the reckoning.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub part: Part,
    /// Key of the policy's rule.
    pub rule: String,
    pub quantity: f64,
    pub rate: f64,
    /// Whole yuan.
    pub amount: i64,
    pub detail: String,
}

/// What the formula gives somebody.
#[derive(Clone, Debug, Default)]
pub(super) struct Reckoning {
    /// Months in post in the year.
    pub months: i64,
    pub lines: Vec<Line>,
    /// Parts that cannot be told, or not in full.
    pub unknown: Vec<Part>,
    pub assumed: Vec<Assumed>,
    /// Leave the details in words out: nobody will read them.
    quiet: bool,
}

impl Reckoning {
    /// A part's sum; none if it cannot be told.
    pub fn part(&self, part: Part) -> Option<i64> {
        let sum = self.lines.iter().filter(|l| l.part == part).map(|l| l.amount).sum();
        (!self.unknown.contains(&part)).then_some(sum)
    }

    /// The sum of all lines; none without base or performance pay. A reward or award that cannot be
    /// told is not in it, and stands among the unknown parts.
    pub fn total(&self) -> Option<i64> {
        let told = [Part::Base, Part::Performance].iter().all(|p| !self.unknown.contains(p));
        told.then(|| self.lines.iter().map(|l| l.amount).sum())
    }

    /// A part's sum if it rests on records alone.
    pub fn firm(&self, part: Part) -> Option<i64> {
        self.part(part).filter(|_| !self.assumed.iter().any(|a| a.blurs(part)))
    }

    fn push(&mut self, part: Part, rule: impl Into<String>, quantity: f64, rate: f64, detail: impl FnOnce() -> String) {
        let amount = yuan(quantity * rate);
        let detail = if self.quiet { String::new() } else { detail() };
        self.lines.push(Line { part, rule: rule.into(), quantity, rate, amount, detail });
    }
}

/// Whole yuan, half away from zero.
pub(super) fn yuan(value: f64) -> i64 {
    // Checked policies and books keep far below 2^53.
    round::to(value, 0) as i64
}

/// An honour on record.
struct Honour<'a> {
    year: i32,
    kind: &'a str,
    department: Option<&'a str>,
}

/// Everything that a reckoning is made from.
pub(super) struct Formula<'a, 'c> {
    ctx: &'c Context<'c>,
    texts: Texts<'c>,
    incomes: Incomes<'a>,
    /// (county, village, year) → the indicator of the reward, 万元.
    figures: HashMap<(&'a str, &'a str, i64), f64>,
    honours: HashMap<&'a str, Vec<Honour<'a>>>,
}

impl<'a, 'c> Formula<'a, 'c> {
    pub fn read(tables: &'a Tables, facts: &Facts<'a>, ctx: &'c Context<'c>) -> FrameResult<Self> {
        Ok(Formula {
            ctx,
            texts: Texts { ctx },
            incomes: Incomes::read(tables, &facts.counties, ctx)?,
            figures: figures(tables, &ctx.policy.motivate.reward.indicator)?,
            honours: honours(tables, ctx)?,
        })
    }

    /// The income that pay of a year is reckoned from.
    pub fn income(&self, county: &str, year: i64) -> Option<Income> {
        self.incomes.of(county, year - i64::from(self.ctx.policy.motivate.pay.income_lag))
    }

    /// Months in post in a year: from the month of the start to December, or to the month of the
    /// reference date in its own year; twelve (or so many) without a start on record.
    pub fn months(&self, since: Option<NaiveDate>, year: i64) -> i64 {
        let as_of = self.ctx.as_of;
        let last = if i64::from(as_of.year()) == year { i64::from(as_of.month()) } else { 12 };
        match since.map(|day| (i64::from(day.year()), i64::from(day.month()))) {
            Some((from, _)) if from > year => 0,
            Some((from, month)) if from == year => (last - month + 1).max(0),
            _ => last,
        }
    }

    /// The formula for a holder and year with so many months and that grade; `quiet` lines have no
    /// detail in words.
    pub fn reckon(&self, holder: &Holder<'a>, year: i64, months: i64, grade: Graded<'a>, quiet: bool) -> Reckoning {
        let mut found = Reckoning { months, quiet, ..Reckoning::default() };
        if holder.since.is_none() {
            found.assumed.push(Assumed::StartMissing);
        }
        self.standard(holder, year, grade, &mut found);
        let allowances = &self.ctx.policy.motivate.allowances;
        allowances.iter().for_each(|(key, rule)| self.allowance(holder, year, key, rule, &mut found));
        self.reward(holder, year, &mut found);
        self.awards(holder, year, &mut found);
        found.assumed.sort_unstable();
        found.assumed.dedup();
        found
    }

    /// Base and performance pay.
    fn standard(&self, holder: &Holder<'a>, year: i64, grade: Graded<'a>, found: &mut Reckoning) {
        let rules = &self.ctx.policy.motivate.pay;
        let Some(income) = self.income(holder.county, year) else {
            found.unknown.extend([Part::Base, Part::Performance]);
            return;
        };
        if income.basis == super::income::Basis::Villages {
            found.assumed.push(Assumed::IncomeVillages);
        }
        if income.carried > 0 {
            found.assumed.push(Assumed::IncomeCarried);
        }
        let share = self.share(holder.post);
        let part_of_year = found.months as f64 / 12.0;
        let rate = rules.multiple * rules.base_share * share * part_of_year;
        let months = found.months;
        found.push(Part::Base, "pay.base", income.yuan, rate, || self.texts.base(income, share, months));
        let factor = match grade {
            Graded::Appraised(code) => rules.performance.get(code).copied(),
            Graded::Computed(code) => {
                found.assumed.push(Assumed::GradeComputed);
                rules.performance.get(code).copied()
            }
            Graded::Missing => {
                found.assumed.extend(rules.ungraded.map(|_| Assumed::GradeMissing));
                rules.ungraded
            }
        };
        let Some(factor) = factor else {
            found.unknown.push(Part::Performance);
            return;
        };
        let rate = rules.multiple * (1.0 - rules.base_share) * share * factor * part_of_year;
        let detail = || self.texts.performance(income, share, grade.code(), factor, months);
        found.push(Part::Performance, "pay.performance", income.yuan, rate, detail);
    }

    /// A post's share of the secretary's pay.
    pub fn share(&self, post: &str) -> f64 {
        self.ctx.policy.motivate.posts.get(post).copied().unwrap_or(0.0)
    }

    fn allowance(&self, holder: &Holder<'a>, year: i64, key: &str, rule: &Allowance, found: &mut Reckoning) {
        if !rule.posts.is_empty() && !rule.posts.iter().any(|p| p == holder.post) {
            return;
        }
        let end = i32::try_from(year).ok().and_then(|y| NaiveDate::from_ymd_opt(y, 12, 31));
        let mut served = None;
        let monthly = match rule.by {
            By::Region => {
                let here = rule.townships.iter().any(|t| t == holder.township)
                    || holder.class.is_some_and(|class| rule.classes.iter().any(|c| c == class));
                if here { rule.monthly } else { 0.0 }
            }
            By::Years => {
                served = holder.since.zip(end).map(|(from, to)| age(from, to));
                let step = served.and_then(|years| rule.steps.iter().rev().find(|s| s.years <= years));
                step.map_or(0.0, |s| s.monthly)
            }
            By::Education => {
                if holder.education.is_none() {
                    found.assumed.push(Assumed::EducationMissing);
                }
                holder.education.and_then(|level| rule.levels.get(level).copied()).unwrap_or(0.0)
            }
            By::Dual if holder.dual => rule.monthly,
            By::Dual => 0.0,
        };
        // A rule that came into force during the year is paid from that month.
        let from = rule.effective.parse::<NaiveDate>().ok();
        let months = from.map_or(found.months, |day| found.months.min(self.months(Some(day), year)));
        if monthly > 0.0 && months > 0 {
            let detail = || self.texts.allowance(key, rule, served, holder.education, monthly, months);
            found.push(Part::Allowance, format!("allowances.{key}"), months as f64, monthly, detail);
        }
    }

    fn reward(&self, holder: &Holder<'a>, year: i64, found: &mut Reckoning) {
        let rules = &self.ctx.policy.motivate.reward;
        let part = rules.parts.get(holder.post).copied().unwrap_or(0.0);
        let end = i32::try_from(year).ok().and_then(|y| NaiveDate::from_ymd_opt(y, 12, 31));
        if part <= 0.0 || !end.is_some_and(|day| in_force(&rules.effective, day)) {
            return;
        }
        let figure = |year: i64| self.figures.get(&(holder.county, holder.village, year)).copied();
        let gained = match rules.basis {
            RewardBasis::None => return,
            RewardBasis::Increase => figure(year).zip(figure(year - 1)).map(|(now, before)| now - before),
            RewardBasis::Level => figure(year),
        };
        let Some(gained) = gained else {
            found.unknown.push(Part::Reward);
            return;
        };
        let open = round::to(gained.max(0.0) * 10_000.0 * rules.rate, 2);
        let pool = if rules.cap > 0.0 { open.min(rules.cap) } else { open };
        if pool > 0.0 {
            let months = found.months;
            let detail = || self.texts.reward(gained, pool, pool < open, part, months);
            found.push(Part::Reward, "reward", pool, part * (months as f64 / 12.0), detail);
        }
    }

    fn awards(&self, holder: &Holder<'a>, year: i64, found: &mut Reckoning) {
        let levels = &self.ctx.policy.motivate.awards;
        let mine = self.honours.get(holder.person).into_iter().flatten();
        let mut counts = vec![0_u32; levels.len()];
        for honour in mine.filter(|h| i64::from(h.year) == year) {
            let fits = levels.values().position(|level| {
                level.kinds.iter().any(|k| k == honour.kind)
                    && honour.department.is_some_and(|name| level.words.iter().any(|w| name.contains(w.as_str())))
            });
            match fits {
                Some(at) => counts[at] += 1,
                // Whose honour it is, is not on record.
                None if !found.unknown.contains(&Part::Award) => found.unknown.push(Part::Award),
                None => {}
            }
        }
        for ((key, level), count) in levels.iter().zip(counts).filter(|(_, n)| *n > 0) {
            let detail = || self.texts.award(key, level, count);
            found.push(Part::Award, format!("awards.{key}"), f64::from(count), level.amount, detail);
        }
    }
}

fn figures<'a>(tables: &'a Tables, indicator: &str) -> FrameResult<HashMap<(&'a str, &'a str, i64), f64>> {
    let table = tables.get("indicators");
    let mut found = HashMap::new();
    if !frame::has(table, indicator) {
        return Ok(found);
    }
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (period, value) = (frame::wholes(table, "period")?, frame::numbers(table, indicator)?);
    for row in 0..table.height() {
        if let (Some(year), Some(value)) = (period[row], value[row]) {
            found.entry((county[row], village[row], year)).or_insert(value);
        }
    }
    Ok(found)
}

/// Person → honours of a kind that money goes with.
fn honours<'a>(tables: &'a Tables, ctx: &Context) -> FrameResult<HashMap<&'a str, Vec<Honour<'a>>>> {
    let paid = |kind: &str| ctx.policy.motivate.awards.values().any(|a| a.kinds.iter().any(|k| k == kind));
    let mut found: HashMap<&str, Vec<Honour>> = HashMap::new();
    for event in known_events(tables.get("events"), ctx.as_of)? {
        if let Some(person) = event.person.filter(|_| paid(event.kind)) {
            let honour = Honour { year: event.date.year(), kind: event.kind, department: event.department };
            found.entry(person).or_default().push(honour);
        }
    }
    Ok(found)
}
