//! Checks of fields against each other and of tables against each other. Every doubt is named;
//! nobody is dropped for one.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use polars::datatypes::{InitHashMaps, PlHashMap};

use super::draft::{self, Draft};
use super::notes::Notes;
use super::persons::hide_name;
use super::value::{IdState, Identity, Sex};
use crate::frame::{self, FrameResult};
use crate::stage::age;

/// The reason under which a faulty ID number is flagged; `None` for one without fault.
pub(super) const fn id_reason(state: IdState) -> Option<&'static str> {
    match state {
        IdState::Ok | IdState::Old => None,
        IdState::Damaged => Some("damaged_id"),
        IdState::BadCheck => Some("bad_check_digit"),
        IdState::BadLength => Some("bad_id_length"),
        IdState::BadForm => Some("bad_id_form"),
        IdState::BadDate => Some("bad_id_date"),
    }
}

/// Months since year 0. Most dates of a county have no day, so months are compared.
fn month(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

/// Do two dates contradict each other? One that stands on the first of its month may be a month
/// alone, and then the months decide.
fn differ(a: NaiveDate, b: NaiveDate) -> bool {
    month(a) != month(b) || (a != b && a.day() != 1 && b.day() != 1)
}

/// Checks every person's row, fills a missing birth date or sex from a sound ID number (counted as
/// a repair), and sets a birth date in the future aside. `today` is the reference date of the
/// book, if it has one.
pub(super) fn people(
    draft: &mut Draft,
    ids: &[Option<Identity>],
    today: Option<NaiveDate>,
    notes: &mut Notes,
) -> FrameResult<()> {
    let places = draft.places()?;
    let mut births = draft.days("birth")?;
    let joined = draft.days("party_joined")?;
    let ages = draft.wholes(draft::AGE)?;
    let names: Vec<Option<String>> = draft.texts("name")?.into_iter().map(|n| n.map(hide_name)).collect();
    let mut sexes: Vec<Option<String>> = draft.texts("sex")?.into_iter().map(|s| s.map(str::to_owned)).collect();
    let (mut births_filled, mut sexes_filled) = (false, false);
    for i in 0..places.len() {
        let name = || names[i].clone().unwrap_or_default();
        let id = ids[i].as_ref();
        if let Some(id) = id
            && let Some(reason) = id_reason(id.state)
        {
            notes.flag(places[i], "id_number", id.masked.clone(), reason, "");
        }
        if let (Some(birth), Some(today)) = (births[i], today)
            && birth > today
        {
            notes.flag(places[i], "birth", birth.year().to_string(), "future_birth", today.to_string());
            births[i] = None;
            births_filled = true;
        } else if let (Some(birth), Some(id)) = (births[i], id)
            && matches!(id.state, IdState::Ok | IdState::Old | IdState::Damaged)
            && let Some(other) = id.birth
            && differ(birth, other)
        {
            let part = if birth.year() != other.year() {
                other.year().to_string()
            } else if birth.month() != other.month() {
                "month".to_owned()
            } else {
                "day".to_owned()
            };
            notes.flag(places[i], "birth", birth.year().to_string(), "birth_differs_from_id", part);
        }
        if let Some(id) = id
            && matches!(id.state, IdState::Ok | IdState::Old)
            && let Some(sex) = id.sex
        {
            let code = if sex == Sex::Male { "male" } else { "female" };
            match sexes[i].as_deref() {
                None => {
                    sexes[i] = Some(code.to_owned());
                    sexes_filled = true;
                    notes.repair(places[i].0, "sex_from_id");
                }
                Some(said) if said != code && matches!(said, "male" | "female") => {
                    notes.flag(places[i], "sex", name(), "sex_differs_from_id", "");
                }
                Some(_) => {}
            }
        }
        if births[i].is_none()
            && let Some(id) = id
            && matches!(id.state, IdState::Ok | IdState::Old | IdState::Damaged)
            && let Some(birth) = id.birth
            && today.is_none_or(|t| birth <= t)
        {
            births[i] = Some(birth);
            births_filled = true;
            notes.repair(places[i].0, "birth_from_id");
        }
        let Some(birth) = births[i] else { continue };
        if let (Some(said), Some(today)) = (ages[i], today) {
            // Full years, or the difference of the calendar years, or one more as tradition counts.
            let full = i64::from(age(birth, today));
            if !(full..=full + 2).contains(&said) && said != full - 1 {
                notes.flag(places[i], "birth", said.to_string(), "age_differs_from_birth", full.to_string());
            }
        }
        if let Some(joined) = joined[i]
            && month(joined) < month(birth) + 18 * 12
        {
            notes.flag(
                places[i],
                "party_joined",
                joined.year().to_string(),
                "joined_before_18",
                birth.year().to_string(),
            );
        }
        if let (Some(joined), Some(today)) = (joined[i], today)
            && joined > today
        {
            notes.flag(places[i], "party_joined", joined.year().to_string(), "future_date", today.to_string());
        }
    }
    if births_filled {
        draft.set_days("birth", &births)?;
    }
    if sexes_filled {
        draft.set_texts("sex", &sexes)?;
    }
    Ok(())
}

/// Holders of posts and people of the pool against what is known of them: age, Party membership.
pub(super) fn roles(
    people: &Draft,
    posts: &Draft,
    pool: &Draft,
    today: Option<NaiveDate>,
    notes: &mut Notes,
) -> FrameResult<()> {
    let codes = people.texts("person")?;
    let (births, joined) = (people.days("birth")?, people.days("party_joined")?);
    let at: PlHashMap<&str, usize> = codes.iter().enumerate().filter_map(|(i, c)| c.map(|c| (c, i))).collect();
    let names = people.texts("name")?;
    let shown = |i: usize| names[i].map(hide_name).unwrap_or_default();
    {
        let (person, post, since) = (posts.texts("person")?, posts.texts("post")?, posts.days("since")?);
        let places = posts.places()?;
        for i in 0..posts.height() {
            let Some(who) = person[i].and_then(|p| at.get(p)).copied() else { continue };
            let of_party = matches!(post[i], Some("secretary" | "deputy_secretary" | "party_committee"));
            if let (Some(since), Some(joined)) = (since[i], joined[who])
                && of_party
                && month(since) < month(joined)
            {
                let detail = format!("{} / {}", joined.format("%Y-%m"), since.format("%Y-%m"));
                notes.flag(places[i], "since", shown(who), "post_before_party", detail);
            }
            if let (Some(since), Some(today)) = (since[i], today)
                && since > today
            {
                notes.flag(places[i], "since", since.to_string(), "future_date", today.to_string());
            }
            young(births[who], today, places[i], &shown(who), notes);
        }
    }
    let person = pool.texts("person")?;
    let places = pool.places()?;
    for i in 0..pool.height() {
        if let Some(who) = person[i].and_then(|p| at.get(p)).copied() {
            young(births[who], today, places[i], &shown(who), notes);
        }
    }
    Ok(())
}

/// Members of committees, and so everybody who may become one, are 18 or older.
fn young(birth: Option<NaiveDate>, today: Option<NaiveDate>, place: (u32, u32), name: &str, notes: &mut Notes) {
    if let (Some(birth), Some(today)) = (birth, today)
        && birth <= today
        && age(birth, today) < 18
    {
        notes.flag(place, "birth", name, "too_young", age(birth, today).to_string());
    }
}

/// The village sheet against the ledger: petitions of the period, and the weak-and-lax list.
///
/// A county whose ledger knows no petition of the year has no ledger of petitions, and its counts
/// cannot be compared; likewise for the list.
pub(super) fn villages(villages: &Draft, indicators: &Draft, events: &Draft, notes: &mut Notes) -> FrameResult<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut petitions: PlHashMap<(&str, i32), usize> = PlHashMap::new();
    let mut covered: PlHashMap<(&str, i32), bool> = PlHashMap::new();
    let mut listed: PlHashMap<(&str, i32), bool> = PlHashMap::new();
    let mut lists: PlHashMap<(&str, i32), bool> = PlHashMap::new();
    let (county, village, kind, date) =
        (events.texts("county")?, events.texts("village")?, events.texts("kind")?, events.days("date")?);
    let mut latest: Vec<(&str, NaiveDate, bool)> = Vec::new();
    for i in 0..events.height() {
        let (Some(kind), Some(date)) = (kind[i], date[i]) else { continue };
        let year = date.year();
        match kind {
            "petition" => {
                covered.insert((county[i].unwrap_or_default(), year), true);
                if let Some(village) = village[i] {
                    *petitions.entry((village, year)).or_default() += 1;
                }
            }
            "weak_listed" | "weak_cleared" => {
                lists.insert((county[i].unwrap_or_default(), year), true);
                if let Some(village) = village[i] {
                    latest.push((village, date, kind == "weak_listed"));
                }
            }
            _ => {}
        }
    }
    latest.sort();
    for (village, date, on) in latest {
        listed.insert((village, date.year()), on);
    }
    let mut periods: BTreeMap<&str, i64> = BTreeMap::new();
    if !indicators.is_empty() {
        let (county, village, period) =
            (indicators.texts("county")?, indicators.texts("village")?, indicators.wholes("period")?);
        let said = frame::numbers(&indicators.frame, "petitions")?;
        let places = indicators.places()?;
        for i in 0..indicators.height() {
            let Some(period) = period[i] else { continue };
            let latest = periods.entry(county[i].unwrap_or_default()).or_insert(period);
            *latest = (*latest).max(period);
            let (Some(said), Some(village), Ok(year)) = (said[i], village[i], i32::try_from(period)) else { continue };
            if !covered.contains_key(&(county[i].unwrap_or_default(), year)) {
                continue;
            }
            let found = petitions.get(&(village, year)).copied().unwrap_or(0);
            if (said - found as f64).abs() > 1e-9 {
                notes.flag(
                    places[i],
                    "petitions",
                    crate::kernel::round::show(said, 2),
                    "petitions_differ",
                    found.to_string(),
                );
            }
        }
    }
    let (county, village, weak) =
        (villages.texts("county")?, villages.texts("village")?, frame::flags(&villages.frame, "weak")?);
    let places = villages.places()?;
    if weak.iter().all(Option::is_none) {
        return Ok(());
    }
    for i in 0..villages.height() {
        let county = county[i].unwrap_or_default();
        // The list of the reference period, else of the last year that has one.
        let year = periods.get(county).copied().and_then(|y| i32::try_from(y).ok());
        let Some(year) = year.or_else(|| lists.keys().filter(|(c, _)| *c == county).map(|(_, y)| *y).max()) else {
            continue;
        };
        if !lists.contains_key(&(county, year)) {
            continue;
        }
        let found = village[i].and_then(|v| listed.get(&(v, year)).copied()).unwrap_or(false);
        let said = weak[i] == Some(true);
        if said != found {
            let (value, detail) = if said { ("yes", "no") } else { ("no", "yes") };
            notes.flag(places[i], "weak", value, "weak_list_differs", detail);
        }
    }
    Ok(())
}

/// The latest day that the book knows of: of what happened, was recorded, held, entered, reviewed
/// or done. Dates that lie more than a year behind all but a hundredth of the others are typing
/// errors and do not count.
pub(super) fn latest_day(drafts: &BTreeMap<&'static str, Draft>) -> FrameResult<Option<NaiveDate>> {
    const COLUMNS: &[(&str, &[&str])] = &[
        ("events", &["date", "recorded", "closed"]),
        ("posts", &["since", "vacant_since", "filed_on"]),
        ("pool", &["entered", "appraised", "left"]),
        ("people", &["party_joined", "reviewed", "sanction_date"]),
        ("activities", &["start"]),
        ("measures", &["started", "done"]),
        ("targets", &["finished"]),
    ];
    let mut days: Vec<i32> = Vec::new();
    for (table, columns) in COLUMNS {
        let Some(draft) = drafts.get(table) else { continue };
        for column in *columns {
            days.extend(draft.frame.column(column)?.date()?.physical().iter().flatten());
        }
    }
    let near = days.len() - days.len() / 100;
    let Some((_, usual, _)) = near.checked_sub(1).map(|k| days.select_nth_unstable(k)) else { return Ok(None) };
    let limit = *usual + 366;
    Ok(days.into_iter().filter(|d| *d <= limit).max().and_then(frame::from_days))
}
