//! People: who is the same person, their surrogate codes, and who is meant by a number or a name.

use std::borrow::Cow;
use std::cell::OnceCell;
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
    codes: Vec<String>,
    /// Person of each row.
    groups: Vec<u32>,
    /// The rows' sheet, link, number and county.
    rows: DataFrame,
    /// Each person's name, county, township and village.
    persons: DataFrame,
}

/// The ID numbers of a draft's rows, checked.
pub(super) fn identities(people: &Draft) -> FrameResult<Vec<Option<Identity>>> {
    let texts = people.texts("id_number")?;
    let one = |text: &Option<&str>| {
        text.and_then(|t| value::identity(&Cell::Text(t.to_owned())).ok()).and_then(|p| p.value)
    };
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
            let mut agreeing: Vec<u32> =
                slot.iter().filter(|(_, b)| b.is_none() || birth(i).is_none() || *b == birth(i)).map(|(g, _)| *g).collect();
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

/// Looks up who is meant.
pub(super) struct Finder<'a> {
    codes: &'a [String],
    links: PlHashMap<(u32, i64), u32>,
    numbers: PlHashMap<&'a str, u32>,
    /// Numbers that two counties use.
    county_numbers: PlHashMap<(&'a str, &'a str), u32>,
    ids: OnceCell<PlHashMap<&'a str, u32>>,
    names: OnceCell<PlHashMap<&'a str, Vec<u32>>>,
    identities: &'a [Option<Identity>],
    groups: &'a [u32],
    name: Vec<Option<&'a str>>,
    county: Vec<Option<&'a str>>,
    township: Vec<Option<&'a str>>,
    village: Vec<Option<&'a str>>,
}

impl People {
    /// Prepares the look-up; `identities` are those of the rows. One number of two people in one
    /// county is flagged.
    pub fn finder<'a>(&'a self, identities: &'a [Option<Identity>], notes: &mut Notes) -> FrameResult<Finder<'a>> {
        let sheets = self.rows.column(draft::SHEET)?.u32()?;
        let rows = self.rows.column(draft::ROW)?.u32()?;
        let links = self.rows.column(draft::LINK)?.i64()?;
        let mut by_link: PlHashMap<(u32, i64), u32> = PlHashMap::new();
        for ((sheet, link), group) in sheets.iter().zip(links.iter()).zip(&self.groups) {
            if let (Some(sheet), Some(link)) = (sheet, link) {
                by_link.insert((sheet, link), *group);
            }
        }
        let number = crate::frame::texts(&self.rows, "person")?;
        let county = crate::frame::texts(&self.rows, "county")?;
        let mut numbers: PlHashMap<&str, u32> = PlHashMap::with_capacity(number.len());
        let mut clashing: Vec<&str> = Vec::new();
        for (number, group) in number.iter().zip(&self.groups) {
            let Some(number) = number else { continue };
            if *numbers.entry(number).or_insert(*group) != *group {
                clashing.push(number);
            }
        }
        let mut county_numbers: PlHashMap<(&str, &str), u32> = PlHashMap::new();
        if !clashing.is_empty() {
            let clashing: std::collections::BTreeSet<&str> = clashing.into_iter().collect();
            for (i, number) in number.iter().enumerate() {
                let Some(number) = number.filter(|n| clashing.contains(n)) else { continue };
                let own = county_numbers.entry((county[i].unwrap_or_default(), number)).or_insert(self.groups[i]);
                if *own != self.groups[i] {
                    let place = (sheets.get(i).unwrap_or(0), rows.get(i).unwrap_or(0));
                    notes.flag(place, "person", value::mask(number), "duplicate_number", "");
                }
            }
        }
        let text = |name: &str| crate::frame::texts(&self.persons, name);
        Ok(Finder {
            codes: &self.codes,
            links: by_link,
            numbers,
            county_numbers,
            ids: OnceCell::new(),
            names: OnceCell::new(),
            identities,
            groups: &self.groups,
            name: text("name")?,
            county: text("county")?,
            township: text("township")?,
            village: text("village")?,
        })
    }
}

/// Where a reference stands.
#[derive(Clone, Copy, Default)]
struct Where<'a> {
    county: Option<&'a str>,
    township: Option<&'a str>,
    village: Option<&'a str>,
}

impl<'a> Finder<'a> {
    fn code(&self, at: u32) -> Option<&'a str> {
        self.codes.get(at as usize).map(String::as_str)
    }

    fn by_number(&self, number: &str, county: Option<&str>) -> Option<u32> {
        if !self.county_numbers.is_empty()
            && let Some(at) = self.county_numbers.get(&(county.unwrap_or_default(), number))
        {
            return Some(*at);
        }
        self.numbers.get(number).copied()
    }

    fn by_id(&self, id: &Identity) -> Option<u32> {
        let ids = self.ids.get_or_init(|| {
            let mut ids = PlHashMap::new();
            for (identity, group) in self.identities.iter().zip(self.groups) {
                if let Some(key) = identity.as_ref().and_then(|i| i.key.as_deref()) {
                    ids.entry(key).or_insert(*group);
                }
            }
            ids
        });
        id.key.as_deref().and_then(|key| ids.get(key).copied())
    }

    /// Namesakes within the narrowest circle that holds one: village, township, county, book.
    fn by_name(&self, name: &str, at: Where<'_>) -> Vec<u32> {
        let names = self.names.get_or_init(|| {
            let mut names: PlHashMap<&str, Vec<u32>> = PlHashMap::new();
            for (i, name) in (0_u32..).zip(&self.name) {
                if let Some(name) = name {
                    names.entry(*name).or_default().push(i);
                }
            }
            names
        });
        let Some(all) = names.get(name) else { return Vec::new() };
        let among = |test: &dyn Fn(usize) -> bool| -> Vec<u32> {
            all.iter().copied().filter(|i| test(*i as usize)).collect()
        };
        if at.village.is_some() {
            let here = among(&|i| self.village[i] == at.village);
            if !here.is_empty() {
                return here;
            }
        }
        if at.township.is_some() {
            let here = among(&|i| self.township[i] == at.township && self.county[i] == at.county);
            if !here.is_empty() {
                return here;
            }
        }
        if at.county.is_none() { all.clone() } else { among(&|i| self.county[i] == at.county) }
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
        let main = column == "person";
        let codes: Vec<Option<Cow<'_, str>>> = {
            let places = draft.places()?;
            let has = |name: &str| draft.table.column(name).is_some();
            let none = || vec![None; draft.height()];
            let said = draft.texts(column)?;
            let county = draft.texts("county")?;
            let township = if has("township") { draft.texts("township")? } else { none() };
            let village = if has("village") { draft.texts("village")? } else { none() };
            let links = draft.wholes(draft::LINK)?;
            let (names, ids) = if main { (draft.texts(draft::NAME)?, draft.texts(draft::ID)?) } else { (none(), none()) };
            let mut codes = Vec::with_capacity(draft.height());
            for i in 0..draft.height() {
                let linked = links[i].filter(|_| main).and_then(|link| self.links.get(&(places[i].0, link)));
                let known = linked.copied().or_else(|| said[i].and_then(|number| self.by_number(number, county[i])));
                if let Some(at) = known {
                    codes.push(self.code(at).map(Cow::Borrowed));
                    continue;
                }
                let here = Where { county: county[i], township: township[i], village: village[i] };
                let who = Said { word: said[i], name: names[i], id: ids[i] };
                codes.push(self.by_words(who, here, (column, places[i]), salt, vacant, notes));
            }
            codes
        };
        draft.set_texts(column, &codes)
    }

    /// Who is meant by an ID number or a name.
    fn by_words(
        &self,
        who: Said<'_>,
        here: Where<'_>,
        (column, place): (&str, (u32, u32)),
        salt: &Salt,
        vacant: &dyn Fn(&str) -> bool,
        notes: &mut Notes,
    ) -> Option<Cow<'a, str>> {
        let id = who.id.and_then(|id| value::identity(&Cell::Text(id.to_owned())).ok()).and_then(|p| p.value);
        if let Some(id) = &id {
            if let Some(at) = self.by_id(id) {
                return self.code(at).map(Cow::Borrowed);
            }
            if let Some(reason) = super::checks::id_reason(id.state) {
                notes.flag(place, "id_number", id.masked.clone(), reason, "");
            }
        }
        let name = who.name.or(who.word).filter(|w| !vacant(w))?;
        let namesakes = self.by_name(name, here);
        if let [at] = namesakes[..] {
            return self.code(at).map(Cow::Borrowed);
        }
        let shown = if name.is_ascii() { value::mask(name) } else { hide_name(name) };
        let reason = if namesakes.is_empty() { "unknown_person" } else { "ambiguous_person" };
        let column = if who.word.is_some() { column } else { "name" };
        notes.flag(place, column, shown, reason, namesakes.len().to_string());
        let of = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let label = format!("said:{name}|{}|{}|{}", of(here.county), of(here.township), of(here.village));
        Some(Cow::Owned(salt.person(&label)))
    }
}

/// What a row says about a person.
#[derive(Clone, Copy, Default)]
struct Said<'a> {
    /// Number or name.
    word: Option<&'a str>,
    name: Option<&'a str>,
    id: Option<&'a str>,
}
