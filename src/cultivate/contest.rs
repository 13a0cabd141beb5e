//! The skills contest: three parts, standings, and the column `contest_points` for the scores.
//!
//! The scores come first in a run, so the contest reaches them as data: where a rule of `[score]`
//! reads the column `contest_points`, [`with_points`] adds it to the table `indicators`, and the
//! score stage reads it as any other column. Without such a rule nothing is added.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::policy::{ContestPolicy, Part};
use super::roll::Roll;
use super::status::keys;
use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::kernel::round;
use crate::say;
use crate::stage::{Context, StageError, StageResult};

/// The derived column of `indicators`.
pub const CONTEST_POINTS: &str = "contest_points";

/// One contestant in one year.
pub(super) struct Entry<'a> {
    pub village: usize,
    pub person: &'a str,
    pub year: i32,
    day: NaiveDate,
    pub parts: [Option<f64>; 3],
    pub total: Option<f64>,
    pub rank: Option<usize>,
    pub rank_in_class: Option<usize>,
    /// Share of the other ranked contestants who are not better, in percent.
    pub percentile: Option<f64>,
    pub points: Option<f64>,
}

/// Everybody who took part in any year, by county, year, rank and key. Of several records of one
/// person and year the last counts.
pub(super) fn standings<'a>(tables: &'a Tables, roll: &Roll<'a>, ctx: &Context) -> FrameResult<Vec<Entry<'a>>> {
    let policy = &ctx.policy.cultivate.contest;
    let table = tables.get("activities");
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (person, activity) = (frame::words(table, "person")?, frame::words(table, "activity")?);
    let start = frame::dates(table, "start")?;
    let parts: Vec<Vec<Option<f64>>> =
        Part::ALL.iter().map(|p| frame::numbers(table, p.column())).collect::<FrameResult<_>>()?;
    let homes = homes(roll);
    let mut entries = Vec::new();
    for row in 0..table.height() {
        let Some(day) = start[row].filter(|d| *d <= ctx.as_of) else { continue };
        if !policy.kinds.iter().any(|k| k == activity[row]) {
            continue;
        }
        let named = roll.place(county[row], village[row]);
        let Some(village) = named.or_else(|| homes.get(&(county[row], person[row])).copied()) else { continue };
        let parts = [parts[0][row], parts[1][row], parts[2][row]];
        let (total, year) = (total(policy, &parts), day.year());
        entries.push(Entry {
            village,
            person: person[row],
            year,
            day,
            parts,
            total,
            rank: None,
            rank_in_class: None,
            percentile: None,
            points: None,
        });
    }
    let county_of = |e: &Entry<'a>| roll.villages[e.village].county;
    let number = |x: Option<f64>| x.unwrap_or(f64::NEG_INFINITY);
    entries.sort_by(|a, b| {
        (county_of(a), a.year, a.person)
            .cmp(&(county_of(b), b.year, b.person))
            .then_with(|| b.day.cmp(&a.day))
            .then_with(|| number(b.total).total_cmp(&number(a.total)))
            .then_with(|| a.village.cmp(&b.village))
    });
    entries.dedup_by(|b, a| (county_of(a), a.year, a.person) == (county_of(b), b.year, b.person));
    let mut from = 0;
    while from < entries.len() {
        let key = (county_of(&entries[from]), entries[from].year);
        let to = from + entries[from..].iter().take_while(|e| (county_of(e), e.year) == key).count();
        rank(&mut entries[from..to], roll, policy);
        from = to;
    }
    Ok(entries)
}

/// (county, person) → village of a post, else of the pool.
fn homes<'a>(roll: &Roll<'a>) -> HashMap<(&'a str, &'a str), usize> {
    let county = |at: usize| roll.villages[at].county;
    let mut homes = HashMap::new();
    for (person, village) in roll.seated() {
        homes.entry((county(village), person)).or_insert(village);
    }
    for reserve in &roll.reserves {
        homes.entry((county(reserve.village), reserve.person)).or_insert(reserve.village);
    }
    homes
}

/// The weighted mean; `None` if a part that has weight is missing.
fn total(policy: &ContestPolicy, parts: &[Option<f64>; 3]) -> Option<f64> {
    let weights = policy.weights.list();
    let (mut sum, mut whole) = (0.0, 0.0);
    for (weight, part) in weights.iter().zip(parts).filter(|(w, _)| **w > 0.0) {
        sum += weight * (*part)?;
        whole += weight;
    }
    // To the fourth decimal, so that what differs by rounding error alone is a tie.
    Some(round::to(sum / whole, 4))
}

fn compare(a: &Entry, b: &Entry, policy: &ContestPolicy) -> Ordering {
    let number = |x: Option<f64>| x.unwrap_or(f64::NEG_INFINITY);
    let mut order = number(b.total).total_cmp(&number(a.total));
    for part in &policy.tie_break {
        let at = *part as usize;
        order = order.then_with(|| number(b.parts[at]).total_cmp(&number(a.parts[at])));
    }
    order
}

/// Ranks one county's contestants of one year: equals share the best place.
fn rank(entries: &mut [Entry], roll: &Roll, policy: &ContestPolicy) {
    let key = |e: &Entry| (e.total.is_none(), e.village);
    entries.sort_by(|a, b| {
        a.total
            .is_none()
            .cmp(&b.total.is_none())
            .then_with(|| compare(a, b, policy))
            .then_with(|| (key(a), a.person).cmp(&(key(b), b.person)))
    });
    let ranked = entries.iter().filter(|e| e.total.is_some()).count();
    let (mut place, mut classes) = (0, BTreeMap::<Option<&str>, (usize, usize, usize)>::new());
    for at in 0..ranked {
        let same = at > 0 && compare(&entries[at - 1], &entries[at], policy) == Ordering::Equal;
        place = if same { place } else { at + 1 };
        let class = roll.villages[entries[at].village].class;
        // (how many of the class so far, place of the last, county place of the last)
        let seen = classes.entry(class).or_default();
        seen.0 += 1;
        if seen.2 != place {
            seen.1 = seen.0;
        }
        seen.2 = place;
        let in_class = seen.1;
        let entry = &mut entries[at];
        entry.rank = Some(place);
        entry.rank_in_class = Some(in_class);
        let share = if ranked == 1 { 1.0 } else { (ranked - place) as f64 / (ranked - 1) as f64 };
        entry.percentile = Some(round::to(100.0 * share, 1));
        let top = place as f64 / ranked as f64;
        // A share such as 3/30 must reach a line at 0.1 whatever its last binary digit.
        let line = policy.points.iter().find(|line| top <= line.top + 1e-9);
        entry.points = Some(line.map_or(0.0, |line| line.points));
    }
}

/// The table `contest`: the last year of each county in which there was one.
pub(super) fn table(entries: &[Entry], roll: &Roll, ctx: &Context) -> StageResult<DataFrame> {
    let mut last: BTreeMap<&str, i32> = BTreeMap::new();
    for entry in entries {
        let year = last.entry(roll.villages[entry.village].county).or_insert(entry.year);
        *year = (*year).max(entry.year);
    }
    let shown: Vec<&Entry> =
        entries.iter().filter(|e| last.get(roll.villages[e.village].county) == Some(&e.year)).collect();
    let reason = |e: &Entry| {
        let weights = ctx.policy.cultivate.contest.weights.list();
        let missing: Vec<String> = Part::ALL
            .iter()
            .filter(|p| weights[**p as usize] > 0.0 && e.parts[**p as usize].is_none())
            .map(|p| ctx.lang.text(&format!("col-{}", p.column().replace('_', "-"))))
            .collect();
        match e.total {
            Some(_) => None,
            None => {
                Some(say!(ctx.lang, "cultivate-contest-missing", parts = missing.join(&ctx.lang.text("list-comma"))))
            }
        }
    };
    let size = |n: Option<usize>| n.and_then(|n| i64::try_from(n).ok());
    let part = |at: usize| shown.iter().map(|e| e.parts[at]).collect::<Vec<_>>();
    Ok(keys(roll, shown.iter().map(|e| e.village))
        .str("person", &shown.iter().map(|e| e.person).collect::<Vec<_>>())
        .text("class", shown.iter().map(|e| roll.villages[e.village].class).collect())
        .whole("year", shown.iter().map(|e| Some(i64::from(e.year))).collect())
        .number("policy_theory", part(0))
        .number("professional", part(1))
        .number("case_analysis", part(2))
        .number("contest_score", shown.iter().map(|e| e.total).collect())
        .whole("rank", shown.iter().map(|e| size(e.rank)).collect())
        .whole("rank_in_class", shown.iter().map(|e| size(e.rank_in_class)).collect())
        .number("percentile", shown.iter().map(|e| e.percentile).collect())
        .number("points", shown.iter().map(|e| e.points).collect())
        .str(
            "state",
            &shown.iter().map(|e| if e.total.is_some() { "ranked" } else { "missing_part" }).collect::<Vec<_>>(),
        )
        .text("reason", shown.iter().map(|e| reason(e)).collect())
        .done()?)
}

/// Does a rule of `[score]` read the column?
fn wanted(ctx: &Context) -> bool {
    let score = &ctx.policy.score;
    score.indicators.iter().any(|(key, rule)| rule.column(key) == CONTEST_POINTS)
        || score.adjustments.iter().any(|(key, rule)| rule.column(key) == CONTEST_POINTS)
}

/// The tables with the column `contest_points` in `indicators`: the most points that anybody of the
/// village won in the contest of that year, where the book itself states none. `None` if no rule of
/// `[score]` reads it.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn with_points(tables: &Tables, ctx: &Context) -> StageResult<Option<Tables>> {
    if !wanted(ctx) {
        return Ok(None);
    }
    let none = DataFrame::default();
    let roll = Roll::read(tables, &none, &none, ctx)?;
    let mut best: HashMap<(usize, i64), f64> = HashMap::new();
    for entry in standings(tables, &roll, ctx)? {
        if let Some(points) = entry.points {
            let held = best.entry((entry.village, i64::from(entry.year))).or_insert(points);
            *held = held.max(points);
        }
    }
    let indicators = tables.get("indicators");
    let (county, village) = (frame::words(indicators, "county")?, frame::words(indicators, "village")?);
    let period = frame::wholes(indicators, "period")?;
    let stated = match frame::has(indicators, CONTEST_POINTS) {
        true => frame::numbers(indicators, CONTEST_POINTS)?,
        false => vec![None; indicators.height()],
    };
    let values: Vec<Option<f64>> = (0..indicators.height())
        .map(|row| stated[row].or_else(|| best.get(&(roll.place(county[row], village[row])?, period[row]?)).copied()))
        .collect();
    let mut indicators = indicators.clone();
    indicators.with_column(polars::prelude::Column::new(CONTEST_POINTS.into(), values))?;
    let mut with = tables.clone();
    with.set("indicators", indicators).map_err(|e| StageError::Data(e.to_string()))?;
    Ok(Some(with))
}
