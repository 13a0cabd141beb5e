//! What the statistics form needs besides the roll: figures per county from villages, indicators,
//! events, activities and pay.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::roll::Roll;
use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::stage::events::{known_events, reference_period};
use crate::stage::{Context, add_months};

/// Weak and lax villages, from the official list and from the ledger.
#[derive(Clone, Copy, Default)]
pub struct Weak {
    /// Villages that the official list names.
    pub listed: u32,
    /// Villages for which the book does not say.
    pub unsaid: u32,
    /// Villages listed in the ledger and not cleared since.
    pub ledger: u32,
    /// The ledger holds such events at all.
    pub has_ledger: bool,
}

/// Collective income in the reference period.
#[derive(Clone, Copy, Default)]
pub struct Income {
    /// The period; `None` without figures.
    pub year: Option<i32>,
    pub none: u32,
    pub low: u32,
    /// Villages with a figure.
    pub known: u32,
}

/// Heads trained at county level or above.
#[derive(Clone, Copy, Default)]
pub struct Trained {
    /// The book holds training of any person of the county.
    pub has_records: bool,
    pub people: u32,
    /// Trained too, but no entry names a level that counts, and one names none.
    pub levelless: u32,
}

/// Pay of heads in the latest year.
#[derive(Clone, Copy, Default)]
pub struct Pay {
    pub year: Option<i32>,
    /// Sum over people, added in the order of their codes.
    pub total: f64,
    pub people: u32,
    /// Of them with only base or only performance pay on record.
    pub partial: u32,
}

/// Figures of one county.
#[derive(Clone, Copy, Default)]
pub struct Facts {
    pub weak: Weak,
    pub income: Income,
    pub trained: Trained,
    pub pay: Pay,
}

impl Facts {
    /// One per county, in the order of `roll.counties`.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn gather(tables: &Tables, roll: &Roll, ctx: &Context) -> FrameResult<Vec<Facts>> {
        let mut facts = vec![Facts::default(); roll.counties.len()];
        let heads: BTreeMap<usize, Vec<usize>> = counties_of_heads(roll, ctx);
        weak(&mut facts, tables, roll, ctx)?;
        income(&mut facts, tables, roll, ctx)?;
        trained(&mut facts, &heads, tables, roll, ctx)?;
        pay(&mut facts, &heads, tables, roll, ctx)?;
        Ok(facts)
    }
}

/// Person → counties where they hold the main post (one, in sound data).
fn counties_of_heads(roll: &Roll, ctx: &Context) -> BTreeMap<usize, Vec<usize>> {
    let mut heads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (village, person) in roll.holders(&ctx.policy.structure.main_post) {
        heads.entry(person).or_default().push(roll.villages[village].county);
    }
    heads
}

fn weak(facts: &mut [Facts], tables: &Tables, roll: &Roll, ctx: &Context) -> FrameResult<()> {
    for village in &roll.villages {
        let weak = &mut facts[village.county].weak;
        weak.listed += u32::from(village.weak == Some(true));
        weak.unsaid += u32::from(village.weak.is_none());
    }
    // Village → latest listing and latest clearing known at the reference date.
    let mut latest: BTreeMap<usize, [Option<NaiveDate>; 2]> = BTreeMap::new();
    for event in known_events(tables.get("events"), ctx.as_of)? {
        let side = match event.kind {
            "weak_listed" => 0,
            "weak_cleared" => 1,
            _ => continue,
        };
        let place = roll.place(event.county.unwrap_or_default(), event.village.unwrap_or_default());
        if let Some(at) = place {
            let known = &mut latest.entry(at).or_default()[side];
            *known = (*known).max(Some(event.date));
        }
    }
    for (at, [listed, cleared]) in latest {
        let weak = &mut facts[roll.villages[at].county].weak;
        weak.has_ledger = true;
        weak.ledger += u32::from(listed > cleared);
    }
    Ok(())
}

fn income(facts: &mut [Facts], tables: &Tables, roll: &Roll, ctx: &Context) -> FrameResult<()> {
    let table = tables.get("indicators");
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (period, income) = (frame::wholes(table, "period")?, frame::numbers(table, "collective_income")?);
    // County → (year, village, income), each village and year once.
    let mut rows: Vec<BTreeMap<(i64, usize), f64>> = vec![BTreeMap::new(); facts.len()];
    for row in 0..table.height() {
        if let (Some(year), Some(at), Some(value)) = (period[row], roll.place(county[row], village[row]), income[row]) {
            rows[roll.villages[at].county].entry((year, at)).or_insert(value);
        }
    }
    let rules = &ctx.policy.structure.form;
    for (fact, rows) in facts.iter_mut().zip(&rows) {
        let Some(year) = reference_period(rows.keys().map(|(year, _)| *year), ctx.as_of) else { continue };
        fact.income.year = i32::try_from(year).ok();
        for (_, value) in rows.range((year, 0)..=(year, usize::MAX)) {
            fact.income.known += 1;
            fact.income.none += u32::from(*value <= rules.no_income_max);
            fact.income.low += u32::from(*value < rules.low_income_max);
        }
    }
    Ok(())
}

fn trained(
    facts: &mut [Facts],
    heads: &BTreeMap<usize, Vec<usize>>,
    tables: &Tables,
    roll: &Roll,
    ctx: &Context,
) -> FrameResult<()> {
    let rules = &ctx.policy.structure.form;
    let since = add_months(ctx.as_of, -i32::try_from(rules.training_months).unwrap_or(i32::MAX));
    let table = tables.get("activities");
    let (county, person) = (frame::words(table, "county")?, frame::words(table, "person")?);
    let (activity, start) = (frame::words(table, "activity")?, frame::dates(table, "start")?);
    let level = frame::texts(table, "level")?;
    // Head → a counting level was named, or none was.
    let mut seen: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
    for row in 0..table.height() {
        if activity[row] != "training" || start[row].is_some_and(|day| day > ctx.as_of) {
            continue;
        }
        if let Some(at) = roll.county(county[row]) {
            facts[at].trained.has_records = true;
        }
        let Some(head) = roll.person(person[row]).filter(|p| heads.contains_key(p)) else { continue };
        for at in &heads[&head] {
            facts[*at].trained.has_records = true;
        }
        if start[row].is_none_or(|day| day <= since) {
            continue;
        }
        let (counts, levelless) = seen.entry(head).or_default();
        match level[row].map(str::to_lowercase) {
            None => *levelless = true,
            Some(level) => *counts |= rules.county_levels.iter().any(|word| level.contains(word.as_str())),
        }
    }
    for (head, (counts, levelless)) in seen {
        for at in &heads[&head] {
            facts[*at].trained.people += u32::from(counts);
            facts[*at].trained.levelless += u32::from(levelless && !counts);
        }
    }
    Ok(())
}

/// One head's pay of one year: every amount on record, and which parts there are.
#[derive(Default)]
struct Paid {
    amounts: Vec<f64>,
    base: bool,
    performance: bool,
}

fn pay(
    facts: &mut [Facts],
    heads: &BTreeMap<usize, Vec<usize>>,
    tables: &Tables,
    roll: &Roll,
    ctx: &Context,
) -> FrameResult<()> {
    let table = tables.get("pay");
    let (person, year) = (frame::words(table, "person")?, frame::wholes(table, "year")?);
    let (base, performance) = (frame::numbers(table, "base")?, frame::numbers(table, "performance")?);
    let mut rows: Vec<BTreeMap<(i64, usize), Paid>> = facts.iter().map(|_| BTreeMap::new()).collect();
    for row in 0..table.height() {
        let (Some(year), Some(person)) = (year[row], roll.person(person[row])) else { continue };
        if base[row].is_none() && performance[row].is_none() {
            continue;
        }
        for county in heads.get(&person).into_iter().flatten() {
            let paid = rows[*county].entry((year, person)).or_default();
            paid.amounts.extend(base[row].into_iter().chain(performance[row]));
            paid.base |= base[row].is_some();
            paid.performance |= performance[row].is_some();
        }
    }
    for (fact, rows) in facts.iter_mut().zip(&mut rows) {
        let Some(year) = reference_period(rows.keys().map(|(year, _)| *year), ctx.as_of) else { continue };
        fact.pay.year = i32::try_from(year).ok();
        for (_, paid) in rows.range_mut((year, 0)..=(year, usize::MAX)) {
            // Several rows of one person add up the same in any order of rows.
            paid.amounts.sort_by(f64::total_cmp);
            fact.pay.total += paid.amounts.iter().sum::<f64>();
            fact.pay.people += 1;
            fact.pay.partial += u32::from(!(paid.base && paid.performance));
        }
    }
    Ok(())
}
