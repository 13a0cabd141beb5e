//! Who is meant by a number, an ID or a name in another table.

use std::borrow::Cow;
use std::sync::OnceLock;

use polars::datatypes::{InitHashMaps, PlHashMap};

use super::draft::{self, Draft};
use super::notes::Notes;
use super::people::People;
use super::persons::hide_name;
use super::raw::Cell;
use super::value::{self, Identity};
use crate::frame::FrameResult;
use crate::ident::Salt;

/// Looks up who is meant.
pub(super) struct Finder<'a> {
    codes: &'a [String],
    links: PlHashMap<(u32, i64), u32>,
    numbers: PlHashMap<&'a str, u32>,
    /// Numbers that two counties use.
    county_numbers: PlHashMap<(&'a str, &'a str), u32>,
    ids: OnceLock<PlHashMap<&'a str, u32>>,
    names: OnceLock<PlHashMap<&'a str, Vec<u32>>>,
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
            ids: OnceLock::new(),
            names: OnceLock::new(),
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
        let among =
            |test: &dyn Fn(usize) -> bool| -> Vec<u32> { all.iter().copied().filter(|i| test(*i as usize)).collect() };
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
        vacant: &(dyn Fn(&str) -> bool + Sync),
        notes: &mut Notes,
    ) -> FrameResult<()> {
        if draft.is_empty() || draft.table.column(column).is_none() {
            return Ok(());
        }
        let main = column == "person";
        let key = draft.table.column(column).is_some_and(super::schema::Column::is_key);
        let vacant = |word: &str| !key && vacant(word);
        let codes: Vec<Option<Cow<'_, str>>> = {
            let places = draft.places()?;
            let has = |name: &str| draft.table.column(name).is_some();
            let none = || vec![None; draft.height()];
            let said = draft.texts(column)?;
            let county = draft.texts("county")?;
            let township = if has("township") { draft.texts("township")? } else { none() };
            let village = if has("village") { draft.texts("village")? } else { none() };
            let links = draft.wholes(draft::LINK)?;
            let (names, ids) =
                if main { (draft.texts(draft::NAME)?, draft.texts(draft::ID)?) } else { (none(), none()) };
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
                codes.push(self.by_words(who, here, (column, places[i]), salt, &vacant, notes));
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
        vacant: &(dyn Fn(&str) -> bool + Sync),
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
        let Some(name) = who.name.or(who.word).filter(|w| !vacant(w)) else {
            let id = id?;
            notes.flag(place, "id_number", id.masked.clone(), "unknown_person", "0");
            return Some(Cow::Owned(salt.person(&format!("said:{}", id.key.as_deref().or(who.id)?))));
        };
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
