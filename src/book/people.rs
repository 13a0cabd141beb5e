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

/// What the rows say, as far as it tells people apart.
struct Rows<'a> {
    name: Vec<Option<&'a str>>,
    number: Vec<Option<&'a str>>,
    county: Vec<Option<&'a str>>,
    village: Vec<Option<&'a str>>,
    births: &'a [Option<NaiveDate>],
    identities: &'a [Option<Identity>],
    places: &'a [(u32, u32)],
}

impl Rows<'_> {
    fn height(&self) -> usize {
        self.places.len()
    }

    fn name(&self, i: usize) -> &str {
        self.name[i].unwrap_or_default()
    }

    fn key(&self, i: usize) -> Option<&str> {
        self.identities[i].as_ref().and_then(|id| id.key.as_deref())
    }

    /// A whole ID number.
    fn whole(&self, i: usize) -> Option<&str> {
        self.key(i).filter(|k| !k.ends_with('?'))
    }

    /// The first 15 digits of a damaged one.
    fn damaged(&self, i: usize) -> Option<&str> {
        self.key(i).filter(|k| k.ends_with('?')).and_then(|k| k.get(..15))
    }

    fn birth(&self, i: usize) -> Option<i32> {
        self.births[i].map(month)
    }
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
    let mut telling = Telling { groups: vec![NOBODY; rows.height()], labels: Vec::new() };
    telling.by_whole_number(rows, notes);
    telling.by_damaged_number(rows);
    telling.by_name(rows, notes);
    (telling.groups, telling.labels)
}

/// A person and their month of birth.
type Dated = (u32, Option<i32>);

/// Not told yet.
const NOBODY: u32 = u32::MAX;

/// People told apart so far.
struct Telling {
    groups: Vec<u32>,
    labels: Vec<String>,
}

impl Telling {
    fn new_person(&mut self, label: String) -> u32 {
        self.labels.push(label);
        u32::try_from(self.labels.len() - 1).unwrap_or(NOBODY)
    }

    /// Whole numbers. One number with two names is two people until somebody looks.
    fn by_whole_number(&mut self, rows: &Rows<'_>, notes: &mut Notes) {
        let mut first: PlHashMap<&str, (&str, u32)> = PlHashMap::with_capacity(rows.height());
        let mut others: PlHashMap<(&str, &str), u32> = PlHashMap::new();
        let mut doubled: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for named in [true, false] {
            for i in (0..rows.height()).filter(|i| rows.name[*i].is_some() == named) {
                let Some(key) = rows.whole(i) else { continue };
                let name = rows.name(i);
                self.groups[i] = match first.get(key).copied() {
                    None => {
                        let at = self.new_person(format!("id:{key}"));
                        first.insert(key, (name, at));
                        at
                    }
                    Some((known, at)) if known == name || !named => at,
                    Some(_) => {
                        doubled.entry(key).or_default();
                        match others.get(&(key, name)) {
                            Some(at) => *at,
                            None => {
                                let at = self.new_person(format!("id:{key}|{name}"));
                                others.insert((key, name), at);
                                at
                            }
                        }
                    }
                };
            }
        }
        if doubled.is_empty() {
            return;
        }
        for i in 0..rows.height() {
            if let Some(own) = rows.whole(i).and_then(|k| doubled.get_mut(k)) {
                own.push(i);
            }
        }
        for own in doubled.values() {
            for i in own {
                let strangers = own.iter().filter(|j| self.groups[**j] != self.groups[*i]);
                let others: Vec<String> = strangers.take(5).map(|j| notes.name(rows.places[*j])).collect();
                let masked = rows.identities[*i].as_ref().map(|d| d.masked.clone()).unwrap_or_default();
                notes.flag(rows.places[*i], "id_number", masked, "duplicate_id", others.join("、"));
            }
        }
    }

    /// Damaged numbers: the first 15 digits and the name.
    fn by_damaged_number(&mut self, rows: &Rows<'_>) {
        if (0..rows.height()).all(|i| rows.damaged(i).is_none()) {
            return;
        }
        let mut known: PlHashMap<(&str, &str), Vec<u32>> = PlHashMap::new();
        for i in 0..rows.height() {
            if let Some(first) = rows.whole(i).and_then(|k| k.get(..15)) {
                let slot = known.entry((first, rows.name(i))).or_default();
                if !slot.contains(&self.groups[i]) {
                    slot.push(self.groups[i]);
                }
            }
        }
        for i in 0..rows.height() {
            let Some(first) = rows.damaged(i) else { continue };
            let slot = known.entry((first, rows.name(i))).or_default();
            if slot.len() != 1 {
                *slot = vec![self.new_person(format!("id15:{first}|{}", rows.name(i)))];
            }
            self.groups[i] = slot[0];
        }
    }

    /// Everybody else, by the book's own number, or by name, village and birth.
    fn by_name(&mut self, rows: &Rows<'_>, notes: &Notes) {
        let left: Vec<usize> = (0..rows.height()).filter(|i| self.groups[*i] == NOBODY).collect();
        if left.is_empty() {
            return;
        }
        let mut numbered: PlHashMap<(&str, &str), u32> = PlHashMap::new();
        let mut by_place: PlHashMap<(&str, &str), Vec<Dated>> = PlHashMap::new();
        let mut by_words: PlHashMap<String, u32> = PlHashMap::new();
        for i in (0..rows.height()).filter(|i| self.groups[*i] != NOBODY) {
            if let Some(number) = rows.number[i] {
                numbered.entry((rows.county[i].unwrap_or_default(), number)).or_insert(self.groups[i]);
            }
            if rows.name[i].is_some() {
                let place = (rows.name(i), rows.village[i].unwrap_or_default());
                by_place.entry(place).or_default().push((self.groups[i], rows.birth(i)));
            }
        }
        // Rows with a birth date first: those without one may then join them.
        for dated in [true, false] {
            for i in left.iter().copied().filter(|i| rows.birth(*i).is_some() == dated) {
                let county = rows.county[i].unwrap_or_default();
                if let Some(number) = rows.number[i] {
                    let known = numbered.get(&(county, number)).copied();
                    self.groups[i] = known.unwrap_or_else(|| self.new_person(format!("no:{county}|{number}")));
                    numbered.insert((county, number), self.groups[i]);
                    continue;
                }
                if rows.name[i].is_none() {
                    self.groups[i] = self.new_person(format!("row:{}", notes.name(rows.places[i])));
                    continue;
                }
                let village = rows.village[i].unwrap_or_default();
                let (name, birth) = (rows.name(i), rows.birth(i));
                let slot = by_place.entry((name, village)).or_default();
                let agrees = |other: &Option<i32>| other.is_none() || birth.is_none() || *other == birth;
                let mut agreeing: Vec<u32> = slot.iter().filter(|(_, b)| agrees(b)).map(|(g, _)| *g).collect();
                agreeing.sort_unstable();
                agreeing.dedup();
                self.groups[i] = if agreeing.len() == 1 && !village.is_empty() {
                    agreeing[0]
                } else {
                    let when = birth.map(|m| format!("{}-{:02}", m / 12, m % 12 + 1)).unwrap_or_default();
                    let words = format!("who:{name}|{when}|{county}|{village}");
                    *by_words.entry(words.clone()).or_insert_with(|| self.new_person(words))
                };
                slot.push((self.groups[i], birth));
            }
        }
    }
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
