//! Resolving villages: the registry from the village sheets (or, without any, from what the other
//! sheets say), and the keys of every row.

use std::collections::{BTreeMap, BTreeSet};

use polars::datatypes::{InitHashMaps, PlHashMap};

use super::draft::{self, Draft};
use super::notes::Notes;
use super::villages::{Found, Place, Said, Villages, code_of, full_name, township_core, village_core};
use crate::frame::FrameResult;
use crate::policy::BookPolicy;

/// The county of a row that names none, in a book that names none.
const NO_COUNTY: &str = "本县";

/// One mention of a village in a village sheet.
struct Mention {
    county: Option<String>,
    township: String,
    code: Option<String>,
    name: String,
}

/// Builds the registry from the village sheets and gives their rows their keys.
pub(super) fn registry(
    villages: &mut Draft,
    others: &mut BTreeMap<&'static str, Draft>,
    policy: &BookPolicy,
    notes: &mut Notes,
) -> FrameResult<Villages> {
    let places = villages.places()?;
    let mentions: Vec<Mention> = {
        let (county, township) = (villages.texts("county")?, villages.texts("township")?);
        let (village, name, code) =
            (villages.texts("village")?, villages.texts("village_name")?, villages.texts("code")?);
        (0..villages.height())
            .map(|i| {
                let written = village[i].unwrap_or_default();
                let found = code[i].and_then(code_of).or_else(|| code_of(written));
                let plain = if code_of(written).is_some() { None } else { village[i] };
                let (inner, plain) = match plain.and_then(|p| p.split_once('/')) {
                    Some((township, name)) => (Some(township), Some(name)),
                    None => (None, plain),
                };
                let name = name[i].or(plain).map(full_name).unwrap_or_default();
                Mention {
                    county: county[i].map(str::to_owned),
                    township: township[i].or(inner).unwrap_or_default().trim().to_owned(),
                    code: found.map(str::to_owned),
                    name,
                }
            })
            .collect()
    };
    {
        let codes = villages.texts("code")?;
        let bad: Vec<usize> = (0..codes.len()).filter(|i| codes[*i].is_some_and(|c| code_of(c).is_none())).collect();
        let shown: Vec<String> = bad.iter().map(|i| codes[*i].unwrap_or_default().to_owned()).collect();
        for (i, value) in bad.into_iter().zip(shown) {
            notes.flag(places[i], "code", value, "bad_code", "");
        }
    }
    let mut mentions = mentions;
    if mentions.is_empty() {
        mentions = derived(others)?;
        return Ok(Villages::new(distinct(&mentions, &[], notes).0));
    }
    if mentions.iter().any(|m| m.township.is_empty()) {
        townships_from(&mut mentions, &derived(others)?);
    }
    let (distinct, keys) = distinct(&mentions, &places, notes);
    stray_counties(&distinct, &keys, &places, policy, notes);
    let all = Villages::new(distinct);
    let rows: Vec<Option<&Place>> = keys.iter().map(|k| all.get(*k)).collect();
    write_places(villages, &rows)?;
    let names: Vec<Option<&str>> = rows.iter().map(|p| p.map(|p| p.name.as_str())).collect();
    villages.set_texts("village_name", &names)?;
    let codes: Vec<Option<&str>> = rows.iter().map(|p| p.and_then(|p| code_of(&p.village))).collect();
    villages.set_texts("code", &codes)?;
    Ok(all)
}

/// Flags the rows of a county that only a mistyped code can have made: beside a larger one it has so
/// few villages as `[book] stray_villages` and `stray_percent` say.
fn stray_counties(all: &[Place], keys: &[u32], rows: &[(u32, u32)], policy: &BookPolicy, notes: &mut Notes) {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for place in all {
        *sizes.entry(&place.county).or_default() += 1;
    }
    // Of counties equally large the first by name.
    let Some((main, most)) = sizes.iter().rev().max_by_key(|(_, n)| **n) else { return };
    let few = |n: usize| {
        n < *most && n <= policy.stray_villages && n as f64 * 100.0 < policy.stray_percent * all.len() as f64
    };
    for (key, row) in keys.iter().zip(rows) {
        let Some(place) = all.get(*key as usize) else { continue };
        if sizes.get(place.county.as_str()).is_some_and(|n| few(*n)) {
            let column = if code_of(&place.village).is_some() { "code" } else { "county" };
            let shown = format!("{} {}", place.name, code_of(&place.village).unwrap_or(&place.county));
            notes.flag(*row, column, shown.trim(), "stray_county", format!("{} / {main}", place.county));
        }
    }
}

/// Villages that are mentioned where no village sheet lists them.
fn derived(others: &BTreeMap<&'static str, Draft>) -> FrameResult<Vec<Mention>> {
    let mut seen: BTreeSet<(Option<String>, String, String, Option<String>)> = BTreeSet::new();
    for draft in others.values() {
        if draft.table.column("village").is_none() || draft.is_empty() {
            continue;
        }
        let (county, village) = (draft.texts("county")?, draft.texts("village")?);
        let township =
            if draft.table.column("township").is_some() { draft.texts("township")? } else { vec![None; village.len()] };
        let code = draft.texts(draft::CODE)?;
        for i in 0..village.len() {
            let Some(written) = village[i].or(code[i]) else { continue };
            let found = code[i].and_then(code_of).or_else(|| code_of(written)).map(str::to_owned);
            let (inner, name) = match written.split_once('/') {
                _ if code_of(written).is_some() => (None, ""),
                Some((township, name)) => (Some(township), name),
                None => (None, written),
            };
            let name = if name.is_empty() { String::new() } else { full_name(name) };
            let township = township[i].or(inner).unwrap_or_default().trim().to_owned();
            seen.insert((county[i].map(str::to_owned), township, name, found));
        }
    }
    // A name without a code is the village of that name which another sheet gives a code.
    Ok(seen.into_iter().map(|(county, township, name, code)| Mention { county, township, code, name }).collect())
}

/// Townships of a village sheet that has none: from the only township in which the other sheets
/// know a village of that name, and for namesakes from their neighbours by code.
fn townships_from(mentions: &mut [Mention], others: &[Mention]) {
    let mut known: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for other in others.iter().filter(|o| !o.township.is_empty() && !o.name.is_empty()) {
        known.entry(village_core(&other.name)).or_default().insert(&other.township);
    }
    let mut by_prefix: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for m in mentions.iter_mut().filter(|m| m.township.is_empty()) {
        let Some(names) = known.get(&village_core(&m.name)).filter(|n| n.len() == 1) else { continue };
        m.township = names.iter().next().map(|t| (*t).to_owned()).unwrap_or_default();
        if let Some(code) = &m.code {
            *by_prefix.entry(code[..9].to_owned()).or_default().entry(m.township.clone()).or_default() += 1;
        }
    }
    for m in mentions.iter_mut().filter(|m| m.township.is_empty()) {
        let most =
            m.code.as_deref().and_then(|c| by_prefix.get(&c[..9])).and_then(|t| t.iter().max_by_key(|(_, n)| **n));
        if let Some((township, _)) = most {
            m.township.clone_from(township);
        }
    }
}

/// The distinct villages among mentions, and which of them each mention is. Without a code a
/// mention is the village of that township and name.
fn distinct(mentions: &[Mention], rows: &[(u32, u32)], notes: &mut Notes) -> (Vec<Place>, Vec<u32>) {
    // The county's name for a code prefix, wherever some row gives both.
    let mut county_names: BTreeMap<&str, &str> = BTreeMap::new();
    for m in mentions {
        if let (Some(code), Some(county)) = (&m.code, &m.county) {
            county_names.entry(&code[..6]).or_insert(county);
        }
    }
    let only = {
        let named: BTreeSet<&str> = mentions
            .iter()
            .filter_map(|m| {
                m.county
                    .as_deref()
                    .or_else(|| m.code.as_deref().map(|c| county_names.get(&c[..6]).copied().unwrap_or(&c[..6])))
            })
            .collect();
        if named.len() == 1 { named.into_iter().next() } else { None }
    };
    let county_of = |m: &Mention| -> String {
        m.county
            .clone()
            .or_else(|| m.code.as_deref().map(|c| county_names.get(&c[..6]).copied().unwrap_or(&c[..6]).to_owned()))
            .or_else(|| only.map(str::to_owned))
            .unwrap_or_else(|| NO_COUNTY.to_owned())
    };
    let mut places: Vec<Place> = Vec::new();
    let mut by_code: PlHashMap<&str, u32> = PlHashMap::with_capacity(mentions.len());
    let mut by_name: PlHashMap<(String, String, String), u32> = PlHashMap::with_capacity(mentions.len());
    let mut keys = vec![u32::MAX; mentions.len()];
    let mut first_row: Vec<usize> = Vec::new();
    for coded in [true, false] {
        for (i, m) in mentions.iter().enumerate().filter(|(_, m)| m.code.is_some() == coded) {
            let county = county_of(m);
            let by = (county.clone(), township_core(&m.township).to_owned(), village_core(&m.name));
            let known = match &m.code {
                Some(code) => by_code.get(code.as_str()).copied(),
                None => by_name.get(&by).copied(),
            };
            if let Some(at) = known {
                keys[i] = at;
                let place = &mut places[at as usize];
                if place.name.is_empty() {
                    place.name.clone_from(&m.name);
                    by_name.entry(by).or_insert(at);
                }
                if place.township.is_empty() {
                    place.township.clone_from(&m.township);
                } else if !m.township.is_empty() && township_core(&place.township) != township_core(&m.township) {
                    if let (Some(here), Some(there)) = (rows.get(i), rows.get(first_row[at as usize])) {
                        let (here, there) = (*here, *there);
                        let (a, b) = (place.township.clone(), m.township.clone());
                        let name = place.name.clone();
                        let (at_here, at_there) = (notes.name(here), notes.name(there));
                        notes.flag(
                            here,
                            "township",
                            name.clone(),
                            "village_in_two_townships",
                            format!("{b} / {a}（{at_there}）"),
                        );
                        notes.flag(
                            there,
                            "township",
                            name,
                            "village_in_two_townships",
                            format!("{a} / {b}（{at_here}）"),
                        );
                    }
                } else if !m.name.is_empty()
                    && !place.name.is_empty()
                    && village_core(&place.name) != village_core(&m.name)
                    && let Some(here) = rows.get(i)
                {
                    let detail = place.name.clone();
                    notes.flag(*here, "village", m.name.clone(), "code_with_two_names", detail);
                }
                continue;
            }
            if m.code.is_some()
                && let Some(other) = by_name.get(&by).filter(|_| !m.name.is_empty())
                && let Some(here) = rows.get(i)
            {
                let detail = places[*other as usize].village.clone();
                notes.flag(*here, "code", m.code.clone().unwrap_or_default(), "name_with_two_codes", detail);
            }
            let at = u32::try_from(places.len()).unwrap_or(u32::MAX);
            let name = if m.name.is_empty() { m.code.clone().unwrap_or_default() } else { m.name.clone() };
            let village = m.code.clone().unwrap_or_else(|| format!("{}/{}", m.township, name));
            places.push(Place { county, township: m.township.clone(), village, name });
            first_row.push(i);
            if let Some(code) = &m.code {
                by_code.insert(code, at);
            }
            by_name.entry(by).or_insert(at);
            keys[i] = at;
        }
    }
    (places, keys)
}

/// Gives every row of a table its county, township and village.
pub(super) fn resolve(draft: &mut Draft, villages: &Villages, derived: bool, notes: &mut Notes) -> FrameResult<()> {
    let table = draft.table;
    let has = |name: &str| table.column(name).is_some();
    if draft.is_empty() || !has("county") {
        return Ok(());
    }
    let places = draft.places()?;
    let height = draft.height();
    let only = villages.only_county().unwrap_or(NO_COUNTY).to_owned();
    let (mut counties, mut townships, mut keys): (Vec<String>, Vec<Option<String>>, Vec<Option<String>>) =
        (Vec::new(), Vec::new(), Vec::new());
    let mut changed = false;
    {
        let none = || vec![None; height];
        let county = draft.texts("county")?;
        let township = if has("township") { draft.texts("township")? } else { none() };
        let village = if has("village") { draft.texts("village")? } else { none() };
        let code = draft.texts(draft::CODE)?;
        // The usual case of a typed book, decided without allocating: every key is canonical.
        let mut last = (None, None);
        let canonical = has("village")
            && (0..height).all(|i| {
                if last.0 != village[i] {
                    last = (village[i], village[i].and_then(|v| villages.by_key(v)).and_then(|at| villages.get(at)));
                }
                last.1.is_some_and(|p| {
                    county[i] == Some(p.county.as_str())
                        && (!has("township") || township[i] == Some(p.township.as_str()))
                })
            });
        if !canonical {
            changed = true;
            counties.reserve(height);
            townships.reserve(height);
            keys.reserve(height);
            for i in 0..height {
                let said = Said { county: county[i], township: township[i], village: village[i], code: code[i] };
                let found = villages.find(said);
                let place = match found {
                    Found::One(at) | Found::OtherTownship(at) => villages.get(at),
                    _ => None,
                };
                if let Some(place) = place {
                    if let Found::OtherTownship(_) = found {
                        let detail = format!("{} / {}", township[i].unwrap_or_default(), place.township);
                        notes.flag(places[i], "township", place.name.clone(), "village_in_two_townships", detail);
                    }
                    counties.push(place.county.clone());
                    townships.push(Some(place.township.clone()));
                    keys.push(Some(place.village.clone()));
                    continue;
                }
                let of_code = village[i].and_then(code_of).or(code[i].and_then(code_of)).map(|c| c[..6].to_owned());
                counties.push(county[i].map(str::to_owned).or(of_code).unwrap_or_else(|| only.clone()));
                let named = township[i].map(str::trim).filter(|t| !t.is_empty());
                townships.push(named.map(str::to_owned));
                if found == Found::Unknown {
                    let name = village[i].or(code[i]).unwrap_or_default().trim();
                    if !derived {
                        notes.flag(places[i], "village", name, "unknown_village", named.unwrap_or_default());
                    }
                    keys.push(Some(if code_of(name).is_some() || name.contains('/') {
                        name.to_owned()
                    } else {
                        format!("{}/{}", named.unwrap_or_default(), full_name(name))
                    }));
                } else {
                    keys.push(None);
                }
            }
        }
    }
    if changed {
        let counties: Vec<Option<String>> = counties.into_iter().map(Some).collect();
        draft.set_texts("county", &counties)?;
        if has("township") {
            draft.set_texts("township", &townships)?;
        }
        if has("village") {
            draft.set_texts("village", &keys)?;
        }
    }
    Ok(())
}

fn write_places(draft: &mut Draft, rows: &[Option<&Place>]) -> FrameResult<()> {
    let column = |f: fn(&Place) -> &str| rows.iter().map(|p| p.map(f)).collect::<Vec<Option<&str>>>();
    draft.set_texts("county", &column(|p| &p.county))?;
    draft.set_texts("township", &column(|p| &p.township))?;
    draft.set_texts("village", &column(|p| &p.village))
}

/// Village rows for a book without a village sheet.
pub(super) fn villages_without_sheet(all: &Villages) -> FrameResult<Draft> {
    let mut draft = draft::empty("villages")?;
    let mut order: Vec<&Place> = all.places.iter().filter(|p| !p.name.is_empty()).collect();
    order.sort_by(|a, b| (&a.county, &a.township, &a.village).cmp(&(&b.county, &b.township, &b.village)));
    let text = |f: fn(&Place) -> Option<&str>| order.iter().map(|p| f(p)).collect::<Vec<Option<&str>>>();
    let frame = crate::frame::Build::new()
        .text("county", text(|p| Some(&p.county)))
        .text("township", text(|p| Some(&p.township)))
        .text("village", text(|p| Some(&p.village)))
        .text("village_name", text(|p| Some(&p.name)))
        .text("code", text(|p| code_of(&p.village)))
        .done()?;
    draft = Draft::stack(draft.table, vec![frame])?;
    Ok(draft)
}
