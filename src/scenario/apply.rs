//! The book of a variant: people who leave, villages that merge.
//!
//! - Who leaves: their posts are empty from the reference date on (with no filing), they are no
//!   longer in the pool. Everything else that is on record stays on record.
//! - Villages that merge: the posts of the villages that end, end with them; people, pool, events
//!   and all other records move to the village that stays. Its indicators are combined per period:
//!   counts and money are summed, rates and points are means weighted by registered population
//!   (equal weights where a population is missing), a yes of any is a yes. Where one of the villages
//!   has no value the merged one has none either: a missing record is not a nought.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use super::error::ScenarioError;
use super::side::words_or_none;
use super::variant::{Merge, Variant};
use crate::book::Tables;
use crate::book::schema::{self, Kind, Unit};
use crate::frame::{self, FrameResult};

/// The variant with people and villages under their keys in the book.
///
/// # Errors
/// Somebody or some village is not in the book, several people are meant, or a village merges twice.
pub fn resolve(variant: &Variant, tables: &Tables) -> Result<Variant, ScenarioError> {
    let mut leave: Vec<String> =
        variant.leave.iter().map(|who| person(variant, who, tables)).collect::<Result<_, _>>()?;
    leave.sort();
    leave.dedup();
    let places = Places::new(tables);
    let mut used = BTreeSet::new();
    let mut merge = Vec::new();
    for one in &variant.merge {
        let into = places.find(variant, &one.into)?;
        let mut from: Vec<String> = one.from.iter().map(|v| places.find(variant, v)).collect::<Result<_, _>>()?;
        from.sort();
        for (village, written) in from.iter().zip(&one.from).chain(std::iter::once((&into, &one.into))) {
            if !used.insert(village.clone()) {
                return Err(ScenarioError::MergesTwice(variant.name.clone(), written.clone()));
            }
        }
        merge.push(Merge { into, from });
    }
    Ok(Variant { leave, merge, ..variant.clone() })
}

/// Villages by key and by name.
struct Places<'t> {
    keys: BTreeSet<&'t str>,
    /// Township and name → key.
    named: BTreeMap<String, &'t str>,
}

/// A village's name as it is compared: without the word for village.
fn core(name: &str) -> &str {
    let name = name.trim();
    name.strip_suffix('村').filter(|n| !n.is_empty()).unwrap_or(name)
}

impl<'t> Places<'t> {
    fn new(tables: &'t Tables) -> Self {
        let villages = tables.get("villages");
        let column = |name| words_or_none(villages, name);
        let (keys, townships, names) = (column("village"), column("township"), column("village_name"));
        let named = (0..keys.len()).map(|i| {
            let name = if names[i].is_empty() { keys[i].rsplit('/').next().unwrap_or_default() } else { names[i] };
            (format!("{}/{}", townships[i], core(name)), keys[i])
        });
        Places { named: named.collect(), keys: keys.iter().copied().collect() }
    }

    fn find(&self, variant: &Variant, written: &str) -> Result<String, ScenarioError> {
        if self.keys.contains(written) {
            return Ok(written.to_owned());
        }
        let wanted = match written.rsplit_once('/') {
            Some((township, village)) => format!("{}/{}", township.trim(), core(village)),
            None => written.to_owned(),
        };
        let found = self.named.get(&wanted).map(|key| (*key).to_owned());
        found.ok_or_else(|| {
            let near = self.named.keys().min_by_key(|k| strsim::damerau_levenshtein(k, &wanted));
            ScenarioError::NoVillage(variant.name.clone(), written.to_owned(), near.cloned())
        })
    }
}

/// The code of a person given by code or as township/village/name.
fn person(variant: &Variant, who: &str, tables: &Tables) -> Result<String, ScenarioError> {
    let known = ["people", "posts", "pool"].into_iter().any(|t| words_or_none(tables.get(t), "person").contains(&who));
    if known {
        return Ok(who.to_owned());
    }
    let nobody = || ScenarioError::NoPerson(variant.name.clone(), who.to_owned());
    let (place, name) = who.rsplit_once('/').ok_or_else(nobody)?;
    let village = Places::new(tables).find(variant, place)?;
    let people = tables.get("people");
    let (codes, names) = (words_or_none(people, "person"), words_or_none(people, "name"));
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let wanted = squeeze(name);
    let called: BTreeSet<&str> =
        codes.iter().zip(&names).filter(|(_, n)| squeeze(n) == wanted).map(|(c, _)| *c).collect();
    // Whoever lives, serves or stands in reserve there.
    let there: BTreeSet<&str> = ["people", "posts", "pool"]
        .into_iter()
        .flat_map(|table| {
            let table = tables.get(table);
            words_or_none(table, "person").into_iter().zip(words_or_none(table, "village"))
        })
        .filter(|(code, at)| *at == village && called.contains(code))
        .map(|(code, _)| code)
        .collect();
    match there.into_iter().collect::<Vec<_>>()[..] {
        [] => Err(nobody()),
        [only] => Ok(only.to_owned()),
        ref several => Err(ScenarioError::SeveralPeople(
            variant.name.clone(),
            who.to_owned(),
            several.iter().map(|c| (*c).to_owned()).collect(),
        )),
    }
}

/// The book's tables under a variant whose people and villages are resolved.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn apply(variant: &Variant, tables: &Tables, as_of: NaiveDate) -> Result<Tables, ScenarioError> {
    let mut tables = tables.clone();
    if !variant.leave.is_empty() {
        let gone: BTreeSet<&str> = variant.leave.iter().map(String::as_str).collect();
        let posts = vacate(tables.get("posts"), &gone, as_of)?;
        tables.set("posts", posts)?;
        let pool = keep(tables.get("pool"), |row| !gone.contains(row), "person")?;
        tables.set("pool", pool)?;
    }
    for merge in &variant.merge {
        merge_villages(merge, &mut tables)?;
    }
    Ok(tables)
}

/// Rows whose word in a column passes.
fn keep(table: &DataFrame, pass: impl Fn(&str) -> bool, column: &str) -> FrameResult<DataFrame> {
    let mask: BooleanChunked = frame::words(table, column)?.iter().map(|w| Some(pass(w))).collect();
    Ok(table.filter(&mask)?)
}

/// Posts with the holders who leave taken out.
fn vacate(posts: &DataFrame, gone: &BTreeSet<&str>, as_of: NaiveDate) -> FrameResult<DataFrame> {
    let leaves: Vec<bool> = frame::words(posts, "person")?.iter().map(|p| gone.contains(p)).collect();
    let text = |name: &str| -> FrameResult<Column> {
        let column: StringChunked =
            frame::texts(posts, name)?.into_iter().zip(&leaves).map(|(t, gone)| if *gone { None } else { t }).collect();
        Ok(column.with_name(name.into()).into_column())
    };
    let date = |name: &str, then: Option<NaiveDate>| -> FrameResult<Column> {
        let days: Int32Chunked = frame::dates(posts, name)?
            .into_iter()
            .zip(&leaves)
            .map(|(day, gone)| if *gone { then } else { day }.map(frame::to_days))
            .collect();
        Ok(days.with_name(name.into()).into_date().into_column())
    };
    let mut posts = posts.clone();
    for column in [
        text("person")?,
        date("since", None)?,
        date("vacant_since", Some(as_of))?,
        date("filed_on", None)?,
        text("filing_number")?,
    ] {
        posts.with_column(column)?;
    }
    Ok(posts)
}

/// How the values of one column are combined.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    /// Counts and money.
    Sum,
    /// Rates and points: mean weighted by population.
    Mean,
    /// A yes of any is a yes.
    Any,
    /// The village that stays keeps its own.
    Own,
}

fn rule(table: &str, column: &str) -> Rule {
    // Money per head is a rate, whatever its unit; so is what only the policy names.
    if column.ends_with("_per_head") {
        return Rule::Mean;
    }
    let known = schema::table(table).and_then(|t| t.column(column));
    match known.map(|c| c.kind) {
        _ if column == "seats" => Rule::Own,
        Some(Kind::Whole) => Rule::Sum,
        Some(Kind::Number(Unit::Percent | Unit::Points)) => Rule::Mean,
        Some(Kind::Number(_)) => Rule::Sum,
        Some(Kind::YesNo) => Rule::Any,
        None if table == "indicators" => Rule::Mean,
        _ => Rule::Own,
    }
}

fn merge_villages(merge: &Merge, tables: &mut Tables) -> Result<(), ScenarioError> {
    let from: BTreeSet<&str> = merge.from.iter().map(String::as_str).collect();
    let villages = tables.get("villages").clone();
    let keys = frame::words(&villages, "village")?;
    let populations = frame::numbers(&villages, "population")?;
    let weights: BTreeMap<&str, Option<f64>> = keys.iter().copied().zip(populations).collect();
    let stays = keys.iter().position(|k| *k == merge.into);
    let at = |name: &str| -> Option<String> {
        let words = words_or_none(&villages, name);
        Some(words.get(stays?)?.to_string()).filter(|w| !w.is_empty())
    };
    let (county, township) = (at("county"), at("township"));

    let posts = keep(tables.get("posts"), |village| !from.contains(village), "village")?;
    tables.set("posts", posts)?;
    let moved: Vec<&'static str> = tables
        .iter()
        .filter(|(table, frame)| table.column("village").is_some() && table.name != "posts" && frame.height() > 0)
        .map(|(table, _)| table.name)
        .collect();
    for name in moved {
        let table = tables.get(name);
        let leaves: Vec<bool> = frame::words(table, "village")?.iter().map(|v| from.contains(v)).collect();
        if !leaves.contains(&true) {
            continue;
        }
        let (mut table, leaves) = match name {
            "villages" | "indicators" => {
                let table = combine(name, table, &merge.into, &leaves, &weights)?;
                let merged = frame::words(&table, "village")?.iter().map(|v| *v == merge.into).collect();
                (table, merged)
            }
            _ => (table.clone(), leaves),
        };
        for (column, value) in
            [("village", Some(&merge.into)), ("township", township.as_ref()), ("county", county.as_ref())]
        {
            if !frame::has(&table, column) {
                continue;
            }
            let words: StringChunked = frame::texts(&table, column)?
                .into_iter()
                .zip(&leaves)
                .map(|(word, leaves)| if *leaves { value.map(String::as_str) } else { word })
                .collect();
            let words = words.with_name(column.into()).into_column();
            table.with_column(words)?;
        }
        // Canonical tables are sorted by key.
        let order: Vec<&str> =
            ["county", "township", "village"].into_iter().filter(|c| frame::has(&table, c)).collect();
        let table = frame::sort(&table, &order)?;
        tables.set(name, table)?;
    }
    Ok(())
}

/// One row per period (of `villages`: one row) for the village that stays, combined from all.
fn combine(
    name: &str,
    table: &DataFrame,
    into: &str,
    leaves: &[bool],
    weights: &BTreeMap<&str, Option<f64>>,
) -> FrameResult<DataFrame> {
    let villages = frame::words(table, "village")?;
    let periods = frame::wholes(table, "period").unwrap_or_else(|_| vec![None; table.height()]);
    let mut groups: BTreeMap<Option<i64>, Vec<usize>> = BTreeMap::new();
    for row in 0..table.height() {
        if leaves[row] || villages[row] == into {
            groups.entry(periods[row]).or_default().push(row);
        }
    }
    // The village that stays comes first: it gives what is not combined.
    for rows in groups.values_mut() {
        rows.sort_by_key(|r| (villages[*r] != into, *r));
    }
    let parts = groups.values().flatten().map(|r| villages[*r]).collect::<BTreeSet<_>>().len();
    let by_head: BTreeMap<usize, &Vec<usize>> =
        groups.values().filter_map(|rows| Some((*rows.first()?, rows))).collect();
    let kept: Vec<usize> =
        (0..table.height()).filter(|r| by_head.contains_key(r) || !(leaves[*r] || villages[*r] == into)).collect();

    let mut columns = Vec::new();
    for column in table.columns() {
        let column_name = column.name().as_str();
        let rule = rule(name, column_name);
        columns.push(match (rule, column.dtype()) {
            (Rule::Sum | Rule::Mean, dtype) if dtype.is_primitive_numeric() => {
                let values = frame::numbers(table, column_name)?;
                let combined: Vec<Option<f64>> = kept
                    .iter()
                    .map(|row| match by_head.get(row) {
                        Some(rows) => together(rule, rows, parts, &values, &villages, weights),
                        None => values[*row],
                    })
                    .collect();
                Column::new(column_name.into(), combined).cast(dtype)?
            }
            (Rule::Any, DataType::Boolean) => {
                let flags = frame::flags(table, column_name)?;
                let any = |rows: &Vec<usize>| rows.iter().filter_map(|r| flags[*r]).reduce(|a, b| a || b);
                let combined: Vec<Option<bool>> =
                    kept.iter().map(|row| by_head.get(row).map_or(flags[*row], |rows| any(rows))).collect();
                Column::new(column_name.into(), combined)
            }
            (_, DataType::String) if column_name == "village" => {
                let named = |row: &usize| if by_head.contains_key(row) { into } else { villages[*row] };
                let words: StringChunked = kept.iter().map(|row| Some(named(row))).collect();
                words.with_name(column_name.into()).into_column()
            }
            _ => {
                let rows: IdxCa = kept.iter().map(|r| Some(*r as IdxSize)).collect();
                column.take(&rows)?
            }
        });
    }
    Ok(DataFrame::new(kept.len(), columns)?)
}

/// The value of the merged village; none if one of its parts has none.
fn together(
    rule: Rule,
    rows: &[usize],
    parts: usize,
    values: &[Option<f64>],
    villages: &[&str],
    weights: &BTreeMap<&str, Option<f64>>,
) -> Option<f64> {
    // A village without a row for the period has no value for it either.
    if rows.len() < parts {
        return None;
    }
    let values: Vec<f64> = rows.iter().map(|r| values[*r]).collect::<Option<_>>()?;
    if rule == Rule::Sum {
        return Some(values.iter().sum());
    }
    let people: Option<Vec<f64>> =
        rows.iter().map(|r| weights.get(villages[*r]).copied().flatten().filter(|w| *w > 0.0)).collect();
    let people = people.unwrap_or_else(|| vec![1.0; rows.len()]);
    let total: f64 = people.iter().sum();
    Some(values.iter().zip(&people).map(|(v, w)| v * w).sum::<f64>() / total)
}
