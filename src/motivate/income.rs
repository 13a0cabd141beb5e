//! A county's rural disposable income per head, by year: as published and written into the policy,
//! else the mean of the villages' reports, else carried on from the last known year.

use std::collections::{BTreeMap, HashMap};

use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::kernel::round;
use crate::stage::Context;
use crate::stage::events::year_ended;

/// Where an income comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// Written into the policy for that year.
    Published,
    /// The villages' mean of that year.
    Villages,
}

/// An income that pay is reckoned from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Income {
    /// Whole yuan.
    pub yuan: f64,
    pub basis: Basis,
    /// The year it was known for.
    pub year: i64,
    /// Years by which it was carried on.
    pub carried: i64,
}

/// County → year → income known.
pub(super) struct Incomes<'a> {
    known: HashMap<&'a str, BTreeMap<i64, (f64, Basis)>>,
    growth: f64,
}

impl<'a> Incomes<'a> {
    pub fn read(tables: &'a Tables, counties: &[&'a str], ctx: &Context) -> FrameResult<Incomes<'a>> {
        let rules = &ctx.policy.motivate.pay;
        let mut known: HashMap<&str, BTreeMap<i64, (f64, Basis)>> = HashMap::new();
        if rules.income_from_villages {
            for ((county, year), yuan) in from_villages(tables, ctx)? {
                known.entry(county).or_default().insert(year, (yuan, Basis::Villages));
            }
        }
        for county in counties {
            // A figure is published after its year.
            let published = rules.income.get(*county).into_iter().flatten();
            for (year, yuan) in published.filter_map(|(year, yuan)| Some((year.parse().ok()?, *yuan))) {
                if year_ended(year, ctx.as_of) {
                    known.entry(county).or_default().insert(year, (round::to(yuan, 0), Basis::Published));
                }
            }
        }
        Ok(Incomes { known, growth: rules.income_growth })
    }

    /// The income of a year: its own, else the latest before it, carried on by the policy's growth.
    pub fn of(&self, county: &str, year: i64) -> Option<Income> {
        let (&from, &(yuan, basis)) = self.known.get(county)?.range(..=year).next_back()?;
        let carried = year - from;
        // Multiplied year by year: the same on every machine.
        let grown = (0..carried.min(100)).fold(yuan, |sum, _| sum * (1.0 + self.growth));
        Some(Income { yuan: round::to(grown, 0), basis, year: from, carried })
    }
}

/// (county, year) → mean income per head of the villages that report it, weighted by registered
/// population where any is known, in whole yuan; years that had ended alone.
fn from_villages<'a>(tables: &'a Tables, ctx: &Context) -> FrameResult<BTreeMap<(&'a str, i64), f64>> {
    let villages = tables.get("villages");
    let (county, key) = (frame::words(villages, "county")?, frame::words(villages, "village")?);
    let population = frame::numbers(villages, "population")?;
    let people: HashMap<(&str, &str), f64> =
        (0..key.len()).rev().filter_map(|row| Some(((county[row], key[row]), population[row]?))).collect();
    let table = tables.get("indicators");
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (period, income) = (frame::wholes(table, "period")?, frame::numbers(table, "income_per_head")?);
    // Each village and year once, in an order that does not depend on the rows'.
    let mut reports: BTreeMap<(&str, i64, &str), f64> = BTreeMap::new();
    for row in 0..table.height() {
        if let (Some(year), Some(income)) = (period[row].filter(|y| year_ended(*y, ctx.as_of)), income[row]) {
            reports.entry((county[row], year, village[row])).or_insert(income);
        }
    }
    // Weighted sum, weight, plain sum, villages.
    let mut sums: BTreeMap<(&str, i64), [f64; 4]> = BTreeMap::new();
    for ((county, year, village), income) in reports {
        let sum = sums.entry((county, year)).or_default();
        let weight = people.get(&(county, village)).copied().unwrap_or(0.0);
        for (part, more) in sum.iter_mut().zip([income * weight, weight, income, 1.0]) {
            *part += more;
        }
    }
    let mean = |[weighted, weight, plain, n]: [f64; 4]| if weight > 0.0 { weighted / weight } else { plain / n };
    Ok(sums.into_iter().map(|(key, sum)| (key, round::to(mean(sum), 0))).collect())
}
