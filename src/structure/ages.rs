//! Ages: who passes the limit when, and the pyramid of posts and pool.

use chrono::{Datelike, Days};
use polars::prelude::DataFrame;

use super::roll::{Holder, Roll};
use crate::frame::{Build, FrameResult};
use crate::stage::Context;

/// Table `age_limit`: county, year, secretaries, cumulative, share. For each county and each of the
/// policy's next years (the first is the one whose 31 December follows the reference date):
///
/// - `secretaries`: holders of the main post, now in post, who pass the age limit in that year,
///   that is, are older than it on 31 December and were not a year before;
/// - `cumulative`: those, all of the years before and those past the limit already, so that the
///   first row's `cumulative − secretaries` have passed already;
/// - `share`: `cumulative` of all holders whose birth is known; null if nobody's is.
pub fn age_limit(roll: &Roll, ctx: &Context) -> FrameResult<DataFrame> {
    let policy = &ctx.policy.structure;
    let first = ctx.as_of.checked_add_days(Days::new(1)).unwrap_or(ctx.as_of).year();
    let years = policy.age_limit.years as usize;
    // Per county: past already, then one count per year; and everybody of known birth.
    let mut counts = vec![vec![0_u32; years + 1]; roll.counties.len()];
    let mut known = vec![0_u32; roll.counties.len()];
    for (village, person) in roll.holders(&policy.main_post) {
        let county = roll.villages[village].county;
        if let Some(year) = roll.people[person].passes(policy.age_limit.age) {
            known[county] += 1;
            let at = usize::try_from(year - first + 1).unwrap_or(0);
            if let Some(count) = counts[county].get_mut(at) {
                *count += 1;
            }
        }
    }
    let rows = roll.counties.len() * years;
    let (mut county, mut year) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let (mut passing, mut cumulative) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let mut share = Vec::with_capacity(rows);
    for (at, name) in roll.counties.iter().enumerate() {
        let mut total = counts[at][0];
        for (offset, count) in counts[at][1..].iter().enumerate() {
            total += count;
            county.push(*name);
            year.push(Some(i64::from(first) + offset as i64));
            passing.push(Some(i64::from(*count)));
            cumulative.push(Some(i64::from(total)));
            share.push((known[at] > 0).then(|| f64::from(total) / f64::from(known[at])));
        }
    }
    Build::new()
        .str("county", &county)
        .whole("year", year)
        .whole("secretaries", passing)
        .whole("cumulative", cumulative)
        .number("share", share)
        .done()
}

/// Sides of the pyramid.
pub const SIDES: [&str; 2] = ["posts", "pool"];
/// Sexes of the pyramid.
pub const SEXES: [&str; 3] = ["male", "female", "unknown"];
/// Five-year bands (the ends are wider), oldest last, then people of unknown birth; named so that
/// they sort as text.
pub const BANDS: [&str; 13] = [
    "14-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "65-69", "70+", "unknown",
];

fn band(age: Option<i32>) -> usize {
    match age {
        None => BANDS.len() - 1,
        Some(age) => usize::try_from(age / 5 - 3).unwrap_or(0).min(BANDS.len() - 2),
    }
}

fn sex(code: Option<&str>) -> usize {
    SEXES.iter().position(|s| Some(*s) == code).unwrap_or(SEXES.len() - 1)
}

/// Table `pyramid`: county, side (posts/pool), band, sex, people. Everybody in any village post,
/// and everybody in the pool, once per county and side; a county's grid is complete, zeros
/// included. Sex serves this picture and the quotas, nothing else.
pub fn pyramid(roll: &Roll) -> FrameResult<DataFrame> {
    let mut entries: Vec<(usize, usize, usize)> = roll
        .seats
        .iter()
        .filter_map(|seat| match seat.holder {
            Holder::Person(person) => Some((roll.villages[seat.village].county, 0, person)),
            Holder::Empty | Holder::Unknown => None,
        })
        .chain(roll.reserves.iter().map(|r| (r.county, 1, r.person)))
        .collect();
    entries.sort_unstable();
    entries.dedup();
    let grid = SIDES.len() * BANDS.len() * SEXES.len();
    let mut people = vec![0_i64; roll.counties.len() * grid];
    for (county, side, person) in entries {
        let person = &roll.people[person];
        let cell = (side * BANDS.len() + band(person.age)) * SEXES.len() + sex(person.sex);
        people[county * grid + cell] += 1;
    }
    let mut text: [Vec<&str>; 4] = Default::default();
    for name in &roll.counties {
        for side in SIDES {
            for band in BANDS {
                for sex in SEXES {
                    for (column, value) in text.iter_mut().zip([*name, side, band, sex]) {
                        column.push(value);
                    }
                }
            }
        }
    }
    let [county, side, band, sex] = &text;
    Build::new()
        .str("county", county)
        .str("side", side)
        .str("band", band)
        .str("sex", sex)
        .whole("people", people.into_iter().map(Some).collect())
        .done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_named_by_their_ages() {
        for age in 14..=100 {
            let name = BANDS[band(Some(age))];
            let fits = match name {
                "70+" => age >= 70,
                _ => name.split_once('-').is_some_and(|(from, to)| {
                    from.parse().is_ok_and(|f: i32| f <= age) && to.parse().is_ok_and(|t: i32| age <= t)
                }),
            };
            assert!(fits, "{age} is in band {name}");
        }
        assert_eq!(BANDS[band(None)], "unknown");
        assert!(BANDS.is_sorted());
    }
}
