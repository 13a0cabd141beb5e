//! People: who is the same person, their surrogate codes, and who is meant by a number or a name.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use polars::datatypes::{InitHashMaps, PlHashMap};
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::draft::{self, Draft, Groups};
use super::notes::Notes;
use super::persons::hide_name;
use super::raw::Cell;
use super::value::{self, Identity};
use crate::frame::FrameResult;
use crate::ident::Salt;

/// Everybody in the book, by person, and the rows that they came from.
#[derive(Debug)]
pub(super) struct People {
    /// Surrogate code of each person.
    pub codes: Vec<String>,
    /// Person of each row.
    pub groups: Vec<u32>,
    /// The rows' sheet, link, number and county.
    pub rows: DataFrame,
    /// Each person's name, county, township and village.
    pub persons: DataFrame,
}

/// The ID numbers of a draft's rows, checked.
pub(super) fn identities(people: &Draft) -> FrameResult<Vec<Option<Identity>>> {
    let texts = people.texts("id_number")?;
    let one =
        |text: &Option<&str>| text.and_then(|t| value::identity(&Cell::Text(t.to_owned())).ok()).and_then(|p| p.value);
    Ok(texts.par_iter().map(one).collect())
}

/// Tells people apart, merges each one's rows and gives them their codes. `identities` and `births`
/// belong to the rows; rows stand in order of precedence.
pub(super) fn settle(
    draft: &mut Draft,
    identities: &[Option<Identity>],
    salt: &Salt,
    notes: &mut Notes,
) -> FrameResult<People> {
    let places = draft.places()?;
    let births = draft.days("birth")?;
    let (groups, labels) = {
        let rows = Rows {
            name: draft.texts("name")?,
            number: draft.texts("person")?,
            county: draft.texts("county")?,
            village: draft.texts("village")?,
            births: &births,
            identities,
            places: &places,
        };
        group(&rows, notes)
    };
    let codes: Vec<String> = labels.par_iter().map(|label| salt.person(label)).collect();
    let members = Groups::of(&groups, labels.len());
    contradictions(draft, &members, &places, notes)?;
    let rows = draft.frame.select([draft::SHEET, draft::ROW, draft::LINK, "person", "county"])?;
    let masked: Vec<Option<&str>> = identities.iter().map(|i| i.as_ref().map(|i| i.masked.as_str())).collect();
    draft.set_texts("id_number", &masked)?;
    draft.merge(&members)?;
    let own: Vec<Option<&str>> = codes.iter().map(|c| Some(c.as_str())).collect();
    draft.set_texts("person", &own)?;
    let persons = draft.frame.select(["name", "county", "township", "village"])?;
    Ok(People { codes, groups, rows, persons })
}

struct Rows<'a> {
    name: Vec<Option<&'a str>>,
    number: Vec<Option<&'a str>>,
    county: Vec<Option<&'a str>>,
    village: Vec<Option<&'a str>>,
    births: &'a [Option<NaiveDate>],
    identities: &'a [Option<Identity>],
    places: &'a [(u32, u32)],
}

/// Months since year 0: dates often have no more.
fn month(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

/// By row: which person it is; and by person: the words that identify them in the book.
///
/// A whole ID number and the name make a person; of a damaged number the first 15 digits and the
/// name; without either the book's own number, else name, village and month of birth. A row
/// without a number joins the only person of that name in that village whose birth agrees.
fn group(rows: &Rows<'_>, notes: &mut Notes) -> (Vec<u32>, Vec<String>) {
    let height = rows.places.len();
    let mut groups = vec![u32::MAX; height];
    let mut labels: Vec<String> = Vec::new();
    let mut new = |label: String| -> u32 {
        labels.push(label);
        u32::try_from(labels.len() - 1).unwrap_or(u32::MAX)
    };
    let name = |i: usize| rows.name[i].unwrap_or_default();
    let key = |i: usize| rows.identities[i].as_ref().and_then(|id| id.key.as_deref());
    let damaged = |i: usize| key(i).is_some_and(|k| k.ends_with('?'));

    // Whole numbers. One number with two names is two people until somebody looks.
    let mut strong: PlHashMap<&str, (&str, u32)> = PlHashMap::with_capacity(height);
    let mut others: PlHashMap<(&str, &str), u32> = PlHashMap::new();
    let mut doubled: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for named in [true, false] {
        for i in (0..height).filter(|i| rows.name[*i].is_some() == named) {
            let Some(key) = key(i).filter(|_| !damaged(i)) else { continue };
            groups[i] = match strong.get(key).copied() {
                None => {
                    let at = new(format!("id:{key}"));
                    strong.insert(key, (name(i), at));
                    at
                }
                Some((first, at)) if first == name(i) || !named => at,
                Some(_) => {
                    doubled.entry(key).or_default();
                    *others.entry((key, name(i))).or_insert_with(|| new(format!("id:{key}|{}", name(i))))
                }
            };
        }
    }
    if !doubled.is_empty() {
        for i in 0..height {
            if let Some(rows) = key(i).and_then(|k| doubled.get_mut(k)) {
                rows.push(i);
            }
        }
        for own in doubled.values() {
            for i in own.iter().copied() {
                let others: Vec<String> = own
                    .iter()
                    .filter(|j| groups[**j] != groups[i])
                    .take(5)
                    .map(|j| notes.name(rows.places[*j]))
                    .collect();
                let masked = rows.identities[i].as_ref().map(|d| d.masked.clone()).unwrap_or_default();
                notes.flag(rows.places[i], "id_number", masked, "duplicate_id", others.join("、"));
            }
        }
    }

    // Damaged numbers: the first 15 digits and the name.
    let any_damaged = (0..height).any(damaged);
    if any_damaged {
        let mut first15: PlHashMap<(&str, &str), Vec<u32>> = PlHashMap::new();
        for i in 0..height {
            if let Some(key) = key(i).filter(|k| !k.ends_with('?') && k.len() >= 15) {
                let slot = first15.entry((&key[..15], name(i))).or_default();
                if !slot.contains(&groups[i]) {
                    slot.push(groups[i]);
                }
            }
        }
        for i in (0..height).filter(|i| damaged(*i)) {
            let Some(first) = key(i).and_then(|k| k.get(..15)) else { continue };
            let slot = first15.entry((first, name(i))).or_default();
            if slot.len() == 1 {
                groups[i] = slot[0];
            } else {
                groups[i] = new(format!("id15:{first}|{}", name(i)));
                *slot = vec![groups[i]];
            }
        }
    }

    // The book's own numbers.
    let mut numbered: PlHashMap<(&str, &str), u32> = PlHashMap::new();
    let weak: Vec<usize> = (0..height).filter(|i| groups[*i] == u32::MAX).collect();
    if weak.is_empty() {
        return (groups, labels);
    }
    for i in 0..height {
        if let (Some(number), true) = (rows.number[i], groups[i] != u32::MAX) {
            numbered.entry((rows.county[i].unwrap_or_default(), number)).or_insert(groups[i]);
        }
    }
    let mut by_place: PlHashMap<(&str, &str), Vec<(u32, Option<i32>)>> = PlHashMap::new();
    let birth = |i: usize| rows.births[i].map(month);
    for i in (0..height).filter(|i| groups[*i] != u32::MAX && rows.name[*i].is_some()) {
        by_place.entry((name(i), rows.village[i].unwrap_or_default())).or_default().push((groups[i], birth(i)));
    }
    // Rows with a birth date first: those without one may then join them.
    for dated in [true, false] {
        for i in weak.iter().copied().filter(|i| birth(*i).is_some() == dated) {
            let county = rows.county[i].unwrap_or_default();
            if let Some(number) = rows.number[i] {
                groups[i] = match numbered.get(&(county, number)) {
                    Some(at) => *at,
                    None => {
                        let at = new(format!("no:{county}|{number}"));
                        numbered.insert((county, number), at);
                        at
                    }
                };
                continue;
            }
            if rows.name[i].is_none() {
                groups[i] = new(format!("row:{}", notes.name(rows.places[i])));
                continue;
            }
            let village = rows.village[i].unwrap_or_default();
            let slot = by_place.entry((name(i), village)).or_default();
            let mut agreeing: Vec<u32> = slot
                .iter()
                .filter(|(_, b)| b.is_none() || birth(i).is_none() || *b == birth(i))
                .map(|(g, _)| *g)
                .collect();
            agreeing.sort_unstable();
            agreeing.dedup();
            groups[i] = if agreeing.len() == 1 && !village.is_empty() {
                agreeing[0]
            } else {
                let when = birth(i).map(|m| format!("{}-{:02}", m / 12, m % 12 + 1)).unwrap_or_default();
                new(format!("who:{}|{when}|{county}|{village}", name(i)))
            };
            slot.push((groups[i], birth(i)));
        }
    }
    (groups, labels)
}

/// Rows of one person that say different things, and the same list twice.
fn contradictions(draft: &Draft, members: &Groups, places: &[(u32, u32)], notes: &mut Notes) -> FrameResult<()> {
    if members.are_single() {
        return Ok(());
    }
    let words = ["sex", "education", "political_status"];
    let texts = words.iter().map(|w| draft.texts(w)).collect::<FrameResult<Vec<_>>>()?;
    let days = ["birth", "party_joined"];
    let dates = days.iter().map(|d| draft.days(d)).collect::<FrameResult<Vec<_>>>()?;
    let names = draft.texts("name")?;
    for rows in members.iter().filter(|m| m.len() > 1) {
        let first = rows[0] as usize;
        for other in rows.iter().skip(1).map(|r| *r as usize) {
            let shown = names[first].map(hide_name).unwrap_or_default();
            if places[first] == places[other] {
                continue;
            }
            let mut differing: Vec<&str> = Vec::new();
            for (column, values) in words.iter().zip(&texts) {
                if let (Some(a), Some(b)) = (values[first], values[other])
                    && a != b
                {
                    differing.push(column);
                }
            }
            for (column, values) in days.iter().zip(&dates) {
                if let (Some(a), Some(b)) = (values[first], values[other])
                    && month(a) != month(b)
                {
                    differing.push(column);
                }
            }
            for column in differing {
                let label = super::schema_label(column);
                let (here, there) = (notes.name(places[first]), notes.name(places[other]));
                notes.flag(places[first], column, shown.clone(), "sources_differ", format!("{label}（{there}）"));
                notes.flag(places[other], column, shown.clone(), "sources_differ", format!("{label}（{here}）"));
            }
            // A person may stand in a roster and in the pool, or hold two posts; a plain list has
            // everyone once.
            if notes.form(places[first]) == "people" && notes.form(places[other]) == "people" {
                let (here, there) = (notes.name(places[first]), notes.name(places[other]));
                notes.flag(places[first], "name", shown.clone(), "duplicate_record", there);
                notes.flag(places[other], "name", shown, "duplicate_record", here);
            }
        }
    }
    Ok(())
}
