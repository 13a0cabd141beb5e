//! Stage motivate, 激励: what the pay formula gives and what was paid, next year's budget, pension
//! and medical cover, whom the rules put forward for honours and representation, and who meets the
//! conditions of selection into township offices, and when.
//!
//! Everything is advice for study. Sex and ethnicity are no criteria anywhere. What is not on
//! record is `unknown` or stands among the assumptions, never a nought and never a pass. Amounts
//! are whole yuan: each line is rounded half away from zero, and sums are sums of lines.

mod advancement;
mod budget;
mod conditions;
mod cover;
mod facts;
mod formula;
mod honours;
mod income;
mod pay;
mod policy;
mod text;
mod verify;

use polars::prelude::DataFrame;

pub use policy::{
    AdvancementRules, Allowance, Award, BudgetRules, By, HonourKind, HonourRule, MotivatePolicy, PayRules, RewardBasis,
    RewardRules, YearStep,
};

pub use verify::verify_tables;

use crate::book::Tables;
use crate::stage::{Context, StageResult, StageTables};

/// What the stage found. Tables about people begin with `county, township, village, village_name,
/// person, post` and are sorted by them (the post by its rank); whoever holds several posts stands
/// once, for the one that counts most. Text columns are in the context's language.
#[derive(Clone, Debug)]
pub struct Motivate {
    /// …, `year, months, grade, grade_basis` (appraised/computed/missing)`, base_pay,
    /// performance_pay, allowances, reward, awards, total, paid, compared_parts, formula_compared,
    /// paid_compared, difference, state` (equal/underpaid/overpaid/no_record/unknown)`, assumed,
    /// unknown_parts, reason, rec_id`. `total` is null without base or performance pay; a reward or
    /// award that cannot be told is not in it and stands among `unknown_parts`. The difference is
    /// paid less formula over the parts that are on record and that rest on records.
    pub pay_formula: DataFrame,
    /// …, `year, part, rule, quantity, rate, amount, detail`: `amount` is quantity × rate in whole
    /// yuan; a person's amounts add up to their `total`.
    pub pay_parts: DataFrame,
    /// `county, township, year, people, equal, underpaid, overpaid, no_record, unknown,
    /// formula_compared, paid_compared, shortfall, excess`; a county's own line has no township.
    pub pay_summary: DataFrame,
    /// `county, township, year, people, ungraded, income, income_basis, income_year, base_pay,
    /// performance_pay, allowances, reward, awards, total, total_low, total_high, vacant, if_filled,
    /// note`; a county's own line has no township. `total` is null without an income.
    pub pay_budget: DataFrame,
    /// …, `year, pension, pension_since, medical, medical_since, payer, state, rec_id`; covers and
    /// the state of both are covered/gap/unknown, the state the graver of both.
    pub cover_gaps: DataFrame,
    /// …, `rule, kind, state` (candidate/next/to_clarify)`, order, places, score, reasons_for,
    /// reasons_against, rec_id`; sorted by county, township, rule and order.
    pub honours: DataFrame,
    /// …, `since, years_in_post, education, age`, one column per condition
    /// (`years_state, education_state, age_state, grades_state, member_state, bars_state`:
    /// met/not_met/unknown), `eligible` (yes/no/unknown)`, eligible_on, eligible_until, missed,
    /// to_clarify, reason, rec_id`. The two days bound the time in which years in post, dated bars
    /// and the age limit all allow it, whatever the other conditions; null if that time is over, never
    /// comes, or rests on a day that is not on record.
    pub advancement: DataFrame,
}

impl Motivate {
    /// The tables by name, in a fixed order.
    pub fn tables(&self) -> StageTables {
        vec![
            ("pay_formula", self.pay_formula.clone()),
            ("pay_parts", self.pay_parts.clone()),
            ("pay_summary", self.pay_summary.clone()),
            ("pay_budget", self.pay_budget.clone()),
            ("cover_gaps", self.cover_gaps.clone()),
            ("honours", self.honours.clone()),
            ("advancement", self.advancement.clone()),
        ]
    }
}

/// Runs the stage on the tables `villages`, `posts`, `people`, `appraisals`, `events`, `indicators`
/// and `pay` and the assessment's `scores`; any of them may be empty, and any cell missing.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn motivate(tables: &Tables, scores: &DataFrame, ctx: &Context) -> StageResult<Motivate> {
    let facts = facts::Facts::read(tables, scores, ctx)?;
    let formula = formula::Formula::read(tables, &facts, ctx)?;
    let ledger = pay::Ledger::read(tables)?;
    let pays = pay::pays(&facts, &formula, &ledger, ctx);
    Ok(Motivate {
        pay_formula: pay::formula_table(&pays, ctx)?,
        pay_parts: pay::parts_table(&pays)?,
        pay_summary: pay::summary_table(&pays)?,
        pay_budget: budget::table(&facts, &formula, &pays, ctx)?,
        cover_gaps: cover::table(tables, &facts, ctx)?,
        honours: honours::table(&facts, ctx)?,
        advancement: advancement::table(&facts, ctx)?,
    })
}
