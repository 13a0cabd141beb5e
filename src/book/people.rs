//! People: who is the same person, their surrogate codes, and who is meant by a number or a name.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use rayon::prelude::*;

use super::draft::{self, Draft};
use super::notes::Notes;
use super::persons::hide_name;
use super::raw::Cell;
use super::value::{self, IdState, Identity};
use crate::frame::FrameResult;
use crate::ident::Salt;

/// A person of the book, as references look for them.
#[derive(Debug)]
struct Known {
    code: String,
    county: Option<String>,
    township: Option<String>,
    village: Option<String>,
}

/// Everybody in the book.
#[derive(Debug, Default)]
pub(super) struct People {
    known: Vec<Known>,
    /// (sheet, link) of a row → person.
    by_link: HashMap<(u32, i64), u32>,
    by_number: HashMap<String, u32>,
    /// Numbers that two counties use.
    by_county_number: HashMap<(String, String), u32>,
    by_id: HashMap<String, u32>,
    by_name: HashMap<String, Vec<u32>>,
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
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); labels.len()];
    for (row, group) in groups.iter().enumerate() {
        members[*group as usize].push(row);
    }
    contradictions(draft, &members, &places, notes)?;
    let mut people = People::default();
    {
        let number = draft.texts("person")?;
        let county = draft.texts("county")?;
        let links = draft.wholes(draft::LINK)?;
        for (row, group) in groups.iter().enumerate() {
            if let Some(link) = links[row] {
                people.by_link.insert((places[row].0, link), *group);
            }
            if let Some(number) = number[row] {
                people.add_number(number, county[row], *group, places[row], notes);
            }
            if let Some(key) = identities[row].as_ref().and_then(|i| i.key.as_ref()) {
                people.by_id.entry(key.clone()).or_insert(*group);
            }
        }
    }
    let masked: Vec<Option<&str>> = identities.iter().map(|i| i.as_ref().map(|i| i.masked.as_str())).collect();
    draft.set_texts("id_number", &masked)?;
    draft.merge(&members)?;
    let codes_column: Vec<Option<&str>> = codes.iter().map(|c| Some(c.as_str())).collect();
    draft.set_texts("person", &codes_column)?;
    {
        let (name, county) = (draft.texts("name")?, draft.texts("county")?);
        let (township, village) = (draft.texts("township")?, draft.texts("village")?);
        let own = |text: Option<&str>| text.map(str::to_owned);
        for (i, code) in codes.iter().enumerate() {
            if let (Some(name), Ok(at)) = (name[i], u32::try_from(i)) {
                people.by_name.entry(name.to_owned()).or_default().push(at);
            }
            people.known.push(Known {
                code: code.clone(),
                county: own(county[i]),
                township: own(township[i]),
                village: own(village[i]),
            });
        }
    }
    Ok(people)
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
    let mut strong: HashMap<&str, Vec<(&str, u32)>> = HashMap::with_capacity(height);
    let mut doubled: Vec<&str> = Vec::new();
    for named in [true, false] {
        for i in (0..height).filter(|i| rows.name[*i].is_some() == named) {
            let Some(key) = key(i).filter(|_| !damaged(i)) else { continue };
            let of_key = strong.entry(key).or_default();
            let own = of_key.iter().find(|(n, _)| *n == name(i) || !named).map(|(_, g)| *g);
            groups[i] = own.unwrap_or_else(|| {
                let label = if of_key.is_empty() { format!("id:{key}") } else { format!("id:{key}|{}", name(i)) };
                let at = new(label);
                of_key.push((name(i), at));
                if of_key.len() == 2 {
                    doubled.push(key);
                }
                at
            });
        }
    }
    if !doubled.is_empty() {
        doubled.sort_unstable();
        for i in 0..height {
            let Some(key) = key(i).filter(|k| doubled.binary_search(k).is_ok()) else { continue };
            let others: Vec<String> = (0..height)
                .filter(|j| {
                    groups[*j] != groups[i] && rows.identities[*j].as_ref().and_then(|d| d.key.as_deref()) == Some(key)
                })
                .map(|j| notes.name(rows.places[j]))
                .collect();
            let masked = rows.identities[i].as_ref().map(|d| d.masked.clone()).unwrap_or_default();
            notes.flag(rows.places[i], "id_number", masked, "duplicate_id", others.join("、"));
        }
    }

    // Damaged numbers: the first 15 digits and the name.
    let any_damaged = (0..height).any(damaged);
    if any_damaged {
        let mut first15: HashMap<(&str, &str), Vec<u32>> = HashMap::new();
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
    let mut numbered: HashMap<(&str, &str), u32> = HashMap::new();
    let weak: Vec<usize> = (0..height).filter(|i| groups[*i] == u32::MAX).collect();
    if weak.is_empty() {
        return (groups, labels);
    }
    for i in 0..height {
        if let (Some(number), true) = (rows.number[i], groups[i] != u32::MAX) {
            numbered.entry((rows.county[i].unwrap_or_default(), number)).or_insert(groups[i]);
        }
    }
    let mut by_place: HashMap<(&str, &str), Vec<(u32, Option<i32>)>> = HashMap::new();
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
fn contradictions(draft: &Draft, members: &[Vec<usize>], places: &[(u32, u32)], notes: &mut Notes) -> FrameResult<()> {
    if members.iter().all(|m| m.len() < 2) {
        return Ok(());
    }
    let words = ["sex", "education", "political_status"];
    let texts = words.iter().map(|w| draft.texts(w)).collect::<FrameResult<Vec<_>>>()?;
    let days = ["birth", "party_joined"];
    let dates = days.iter().map(|d| draft.days(d)).collect::<FrameResult<Vec<_>>>()?;
    let names = draft.texts("name")?;
    for rows in members.iter().filter(|m| m.len() > 1) {
        let first = rows[0];
        for other in rows.iter().copied().skip(1) {
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

impl People {
    fn add_number(&mut self, number: &str, county: Option<&str>, group: u32, place: (u32, u32), notes: &mut Notes) {
        let county = county.unwrap_or_default();
        match self.by_number.get(number).copied() {
            None => {
                self.by_number.insert(number.to_owned(), group);
            }
            Some(same) if same == group => {}
            Some(_) => {
                let key = (county.to_owned(), number.to_owned());
                let known = self.by_county_number.entry(key).or_insert(group);
                if *known != group {
                    notes.flag(place, "person", value::mask(number), "duplicate_number", "");
                }
            }
        }
    }

    /// The code of a person of the book.
    fn code(&self, at: u32) -> Option<&str> {
        self.known.get(at as usize).map(|k| k.code.as_str())
    }

    fn by_number(&self, number: &str, county: Option<&str>) -> Option<u32> {
        if !self.by_county_number.is_empty()
            && let Some(at) = self.by_county_number.get(&(county.unwrap_or_default().to_owned(), number.to_owned()))
        {
            return Some(*at);
        }
        self.by_number.get(number).copied()
    }

    /// Namesakes within the narrowest circle that holds one: village, township, county, book.
    fn by_name(&self, name: &str, county: Option<&str>, township: Option<&str>, village: Option<&str>) -> Vec<u32> {
        let Some(all) = self.by_name.get(name) else { return Vec::new() };
        let among = |test: &dyn Fn(&Known) -> bool| -> Vec<u32> {
            all.iter().copied().filter(|at| self.known.get(*at as usize).is_some_and(test)).collect()
        };
        if let Some(village) = village {
            let here = among(&|k| k.village.as_deref() == Some(village));
            if !here.is_empty() {
                return here;
            }
        }
        if let Some(township) = township {
            let here = among(&|k| k.township.as_deref() == Some(township) && k.county.as_deref() == county);
            if !here.is_empty() {
                return here;
            }
        }
        let here = among(&|k| k.county.as_deref() == county);
        if here.is_empty() && county.is_none() { all.clone() } else { here }
    }

    /// Puts codes in place of whatever a column says about people. Every reference gets a code:
    /// one that cannot be resolved gets a code of its own and a flag, so that the row stays.
    pub fn refer(
        &self,
        draft: &mut Draft,
        column: &str,
        salt: &Salt,
        vacant: &dyn Fn(&str) -> bool,
        notes: &mut Notes,
    ) -> FrameResult<()> {
        if draft.is_empty() || draft.table.column(column).is_none() {
            return Ok(());
        }
        let places = draft.places()?;
        let main = column == "person";
        let codes: Vec<Option<String>> = {
            let has = |name: &str| draft.table.column(name).is_some();
            let none = || vec![None; draft.height()];
            let said = draft.texts(column)?;
            let county = draft.texts("county")?;
            let township = if has("township") { draft.texts("township")? } else { none() };
            let village = if has("village") { draft.texts("village")? } else { none() };
            let links = draft.wholes(draft::LINK)?;
            let (names, ids) = (draft.texts(draft::NAME)?, draft.texts(draft::ID)?);
            let mut codes = Vec::with_capacity(draft.height());
            for i in 0..draft.height() {
                if main && let Some(at) = links[i].and_then(|link| self.by_link.get(&(places[i].0, link))) {
                    codes.push(self.code(*at).map(str::to_owned));
                    continue;
                }
                let id = ids[i]
                    .filter(|_| main)
                    .and_then(|id| value::identity(&Cell::Text(id.to_owned())).ok())
                    .and_then(|p| p.value);
                if let Some(at) = id.as_ref().and_then(|id| id.key.as_ref()).and_then(|key| self.by_id.get(key)) {
                    codes.push(self.code(*at).map(str::to_owned));
                    continue;
                }
                if let Some(id) = &id
                    && id.state != IdState::Ok
                {
                    let reason = super::checks::id_reason(id.state);
                    if let Some(reason) = reason {
                        notes.flag(places[i], "id_number", id.masked.clone(), reason, "");
                    }
                }
                let word = said[i].or(names[i].filter(|_| main)).filter(|w| !vacant(w));
                let Some(word) = word else {
                    codes.push(None);
                    continue;
                };
                if let Some(at) = said[i].and_then(|number| self.by_number(number, county[i])) {
                    codes.push(self.code(at).map(str::to_owned));
                    continue;
                }
                let name = names[i].filter(|_| main).unwrap_or(word);
                let namesakes = self.by_name(name, county[i], township[i], village[i]);
                if let [at] = namesakes[..] {
                    codes.push(self.code(at).map(str::to_owned));
                    continue;
                }
                let shown = if name.is_ascii() { value::mask(name) } else { hide_name(name) };
                let reason = if namesakes.is_empty() { "unknown_person" } else { "ambiguous_person" };
                notes.flag(
                    places[i],
                    if said[i].is_some() { column } else { "name" },
                    shown,
                    reason,
                    namesakes.len().to_string(),
                );
                let of = |text: Option<&str>| text.unwrap_or_default().to_owned();
                codes.push(Some(salt.person(&format!(
                    "said:{name}|{}|{}|{}",
                    of(county[i]),
                    of(township[i]),
                    of(village[i])
                ))));
            }
            codes
        };
        draft.set_texts(column, &codes)
    }
}
