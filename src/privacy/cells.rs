//! Small counts of people in the aggregate tables of a summary: found, withheld, and written as null.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

use super::columns::{rewrite, without_numbers};
use super::county::{Cell, County, Item, Team, Withheld, Year};
use super::registry::{self, Class, Form};
use super::system::{At, System};
use crate::frame::{self, FrameResult};
use crate::policy::Policy;

/// The output tables by name.
pub type Outputs = BTreeMap<&'static str, DataFrame>;

/// Items of the statistics form that follow from others: withheld where one of those is. A name
/// that ends in `_` stands for all items that begin so.
const DERIVED: [(&str, &[&str]); 5] = [
    ("college_share", &["education_"]),
    ("women_share", &["women"]),
    ("reserves_per_village", &["reserves"]),
    ("mean_age", &["secretaries"]),
    ("mean_pay", &["secretaries"]),
];

/// Withholds small counts of people, whatever would give them away, and the shares made of them.
///
/// # Errors
/// A column is of another type than its stage documents.
pub fn suppress(tables: &mut Outputs, policy: &Policy, as_of: NaiveDate) -> FrameResult<()> {
    if !policy.privacy.suppresses() {
        return Ok(());
    }
    structure(tables, policy, as_of)?;
    outcomes(tables, policy)?;
    fill(tables, policy)?;
    waivers(tables, policy)?;
    talks(tables, policy)?;
    batches(tables, policy)?;
    for (name, table) in tables.iter_mut().filter(|(name, _)| !OWN.contains(name)) {
        if let Some(form) = registry::form(name) {
            plain(table, form, policy)?;
        }
    }
    Ok(())
}

/// Tables whose equations are written out here and in module `county`.
const OWN: [&str; 9] = [
    "structure",
    "age_limit",
    "pyramid",
    "statistics_form",
    "pool_outcomes",
    "fill",
    "waivers",
    "talks",
    "training_batches",
];

/// Any other table with counts of people: townships add up to the county, the first count of a row
/// is the sum of the others where that holds in every row, and a share goes with a count of its row.
fn plain(table: &mut DataFrame, form: &Form, policy: &Policy) -> FrameResult<()> {
    let names: Vec<String> = table.get_column_names().into_iter().map(|n| n.to_string()).collect();
    let of =
        |class: Class| names.iter().filter(move |n| form.class(n) == Some(class)).cloned().collect::<Vec<String>>();
    let (columns, shares) = (of(Class::People), of(Class::Share));
    if columns.is_empty() || table.height() == 0 {
        return Ok(());
    }
    let values: Vec<Vec<Option<i64>>> = columns.iter().map(|c| frame::wholes(table, c)).collect::<FrameResult<_>>()?;
    let words = |name: &str| -> FrameResult<Vec<&str>> {
        if frame::has(table, name) { frame::words(table, name) } else { Ok(vec![""; table.height()]) }
    };
    let (county, township) = (words("county")?, words("township")?);
    let towns = frame::has(table, "township");
    let sums = columns.len() > 2
        && (0..table.height()).all(|row| {
            let rest: i64 = values[1..].iter().map(|v| v[row].unwrap_or(0)).sum();
            values[0][row] == Some(rest)
        });
    let mut counties: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, name) in county.iter().enumerate() {
        counties.entry(name).or_default().push(row);
    }
    let mut hidden: Vec<Vec<usize>> = vec![Vec::new(); columns.len()];
    for rows in counties.values() {
        let mut system = System::default();
        let at: Vec<Vec<Option<At>>> = rows
            .iter()
            .map(|row| values.iter().map(|column| column[*row].map(|value| system.shown(value))).collect())
            .collect();
        for cells in &at {
            if let (true, Some(whole)) = (sums, cells[0]) {
                let parts: Vec<At> = cells[1..].iter().flatten().copied().collect();
                system.parts(&parts, whole);
            }
        }
        let whole = rows.iter().position(|row| township[*row].is_empty()).filter(|_| towns);
        for column in 0..columns.len() {
            let parts = at.iter().enumerate().filter(|(i, _)| Some(*i) != whole).filter_map(|(_, cells)| cells[column]);
            let parts: Vec<At> = parts.collect();
            if let Some(all) = whole.and_then(|i| at[i][column]).filter(|_| !parts.is_empty()) {
                system.parts(&parts, all);
            }
        }
        system.suppress(&policy.privacy);
        for (row, cells) in rows.iter().zip(&at) {
            for (column, cell) in cells.iter().enumerate() {
                if cell.is_some_and(|cell| system.is_hidden(cell)) {
                    hidden[column].push(*row);
                }
            }
        }
    }
    let mut any: Vec<usize> = hidden.iter().flatten().copied().collect();
    any.sort_unstable();
    any.dedup();
    for (column, rows) in columns.iter().zip(&hidden) {
        blank(table, column, rows)?;
    }
    shares.iter().try_for_each(|share| blank(table, share, &any))
}

/// Withholds every small count of one column by itself, for a table without equations.
///
/// # Errors
/// The column is not whole numbers.
pub fn alone(table: &mut DataFrame, column: &str, policy: &Policy) -> FrameResult<Vec<usize>> {
    let values = frame::numbers(table, column)?;
    let small = |v: &f64| v.fract() == 0.0 && policy.privacy.is_small(*v as i64);
    let rows: Vec<usize> =
        values.iter().enumerate().filter(|(_, v)| v.as_ref().is_some_and(small)).map(|(i, _)| i).collect();
    blank(table, column, &rows)?;
    Ok(rows)
}

/// Puts null into some rows of a column.
pub(super) fn blank(table: &mut DataFrame, column: &str, rows: &[usize]) -> FrameResult<()> {
    if rows.is_empty() || !frame::has(table, column) {
        return Ok(());
    }
    let mut keep = vec![true; table.height()];
    rows.iter().for_each(|row| keep[*row] = false);
    let keep: BooleanChunked = keep.into_iter().map(Some).collect();
    let series = table.column(column)?.as_materialized_series();
    let empty = Series::full_null(series.name().clone(), series.len(), series.dtype());
    let masked = series.zip_with(&keep, &empty)?;
    table.with_column(masked.into_column())?;
    Ok(())
}

/// Counts with their rows, by county.
fn counties<'a>(tables: &'a Outputs) -> FrameResult<BTreeMap<&'a str, County<'a>>> {
    let mut counties: BTreeMap<&str, County> = BTreeMap::new();
    if let Some(table) = tables.get("structure") {
        let county = frame::words(table, "county")?;
        let words = |name| frame::words(table, name);
        let (dimension, key, post, group) = (words("dimension")?, words("key")?, words("post")?, words("group")?);
        for (row, people) in frame::wholes(table, "people")?.into_iter().enumerate() {
            let Some(people) = people else { continue };
            let team = Team { dimension: dimension[row], key: key[row], post: post[row], group: group[row], people };
            counties.entry(county[row]).or_default().teams.push((row, team));
        }
    }
    if let Some(table) = tables.get("age_limit") {
        let (county, years) = (frame::words(table, "county")?, frame::wholes(table, "year")?);
        let (new, sum) = (frame::wholes(table, "secretaries")?, frame::wholes(table, "cumulative")?);
        for row in 0..table.height() {
            if let (Some(year), Some(secretaries), Some(cumulative)) = (years[row], new[row], sum[row]) {
                counties.entry(county[row]).or_default().years.push((row, Year { year, secretaries, cumulative }));
            }
        }
    }
    if let Some(table) = tables.get("pyramid") {
        let county = frame::words(table, "county")?;
        let (side, band) = (frame::words(table, "side")?, frame::words(table, "band")?);
        for (row, people) in frame::wholes(table, "people")?.into_iter().enumerate() {
            let Some(people) = people else { continue };
            let cell = Cell { side: side[row], band: band[row], people };
            counties.entry(county[row]).or_default().cells.push((row, cell));
        }
    }
    if let Some(table) = tables.get("statistics_form") {
        let (county, item) = (frame::words(table, "county")?, frame::words(table, "item")?);
        for (row, value) in frame::numbers(table, "value")?.into_iter().enumerate() {
            let Some(value) = value.filter(|v| v.fract() == 0.0) else { continue };
            if counts_people(item[row]) {
                let item = Item { item: item[row], value: value as i64 };
                counties.entry(county[row]).or_default().items.push((row, item));
            }
        }
    }
    Ok(counties)
}

/// Does an item of the statistics form count people? The others count villages, or are means.
fn counts_people(item: &str) -> bool {
    let plain = [
        "secretaries",
        "reserves",
        "reserve_members",
        "reserve_young",
        "trained",
        "hired_civil_servants",
        "women",
        "young",
        "past_limit",
    ];
    plain.contains(&item) || ["source_", "education_", "reserves_for_"].iter().any(|start| item.starts_with(start))
}

/// The systems of all counties, as they are before anything is withheld: for audits.
///
/// # Errors
/// See [`suppress`].
pub fn systems(tables: &Outputs, policy: &Policy, as_of: NaiveDate) -> FrameResult<Vec<System>> {
    Ok(counties(tables)?.into_values().map(|county| county.build(policy, as_of).system).collect())
}

fn structure(tables: &mut Outputs, policy: &Policy, as_of: NaiveDate) -> FrameResult<()> {
    let found: Vec<Withheld> = {
        let counties: Vec<County> = counties(tables)?.into_values().collect();
        counties
            .par_iter()
            .map(|county| {
                let mut built = county.build(policy, as_of);
                built.system.suppress(&policy.privacy);
                built.withheld(policy)
            })
            .collect()
    };
    let rows = |pick: fn(&Withheld) -> &Vec<usize>| found.iter().flat_map(pick).copied().collect::<Vec<usize>>();
    let (people, shares) = (rows(|w| &w.people), rows(|w| &w.shares));
    let (secretaries, cumulative) = (rows(|w| &w.secretaries), rows(|w| &w.cumulative));
    let (cells, items) = (rows(|w| &w.cells), rows(|w| &w.items));
    if let Some(table) = tables.get_mut("structure") {
        blank(table, "people", &people)?;
        blank(table, "share", &shares)?;
        blank(table, "state", &shares)?;
    }
    if let Some(table) = tables.get_mut("age_limit") {
        blank(table, "secretaries", &secretaries)?;
        blank(table, "cumulative", &cumulative)?;
        blank(table, "share", &cumulative)?;
    }
    if let Some(table) = tables.get_mut("pyramid") {
        blank(table, "people", &cells)?;
    }
    if let Some(table) = tables.get_mut("statistics_form") {
        form(table, &items, policy)?;
    }
    Ok(())
}

/// Withholds items, what follows from them, and notes that tell small numbers of people.
fn form(table: &mut DataFrame, items: &[usize], policy: &Policy) -> FrameResult<()> {
    let (county, item) = (frame::words(table, "county")?, frame::words(table, "item")?);
    let mut gone: BTreeMap<(&str, &str), ()> = items.iter().map(|row| ((county[*row], item[*row]), ())).collect();
    let mut rows = items.to_vec();
    for row in 0..table.height() {
        let Some((_, from)) = DERIVED.iter().find(|(name, _)| *name == item[row]) else { continue };
        let hit = gone.keys().any(|(c, i)| {
            *c == county[row] && from.iter().any(|f| if f.ends_with('_') { i.starts_with(f) } else { i == f })
        });
        if hit {
            rows.push(row);
        }
    }
    gone.clear();
    let notes = frame::words(table, "note")?;
    let mut told: Vec<usize> = (0..table.height())
        .filter(|row| counts_people(item[*row]) || DERIVED.iter().any(|(name, _)| *name == item[*row]))
        .filter(|row| tells_small(notes[*row], policy))
        .collect();
    told.extend(&rows);
    blank(table, "value", &rows)?;
    blank(table, "note", &told)
}

/// Does a text hold a number that is too small a count to be shown?
fn tells_small(text: &str, policy: &Policy) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '/'));
    numbers.filter_map(|n| n.trim_matches(['.', '-', '/']).parse::<i64>().ok()).any(|n| policy.privacy.is_small(n))
}

/// `pool_outcomes`: each dimension adds up to everybody who was in the pool; appointed are not more
/// than people, those still in post not more than the appointed.
fn outcomes(tables: &mut Outputs, policy: &Policy) -> FrameResult<()> {
    let Some(table) = tables.get_mut("pool_outcomes") else { return Ok(()) };
    let columns = ["people", "appointed", "still_in_post"];
    let (people, appointed) = {
        let dimension = frame::words(table, "dimension")?;
        let values = columns.map(|c| frame::wholes(table, c).unwrap_or_default());
        let mut by_dimension: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, name) in dimension.iter().enumerate() {
            by_dimension.entry(name).or_default().push(row);
        }
        let mut hidden: [Vec<usize>; 3] = Default::default();
        for rows in by_dimension.values() {
            let mut system = System::default();
            let mut counts: Vec<(usize, [At; 3])> = Vec::new();
            for row in rows {
                let value = |column: usize| values[column].get(*row).copied().flatten().unwrap_or(0);
                let at = [0, 1, 2].map(|column| system.shown(value(column)));
                system.at_most(at[1], at[0]);
                system.at_most(at[2], at[1]);
                counts.push((*row, at));
            }
            for column in 0..3 {
                let parts: Vec<At> = counts.iter().map(|(_, at)| at[column]).collect();
                let whole: i64 = rows.iter().map(|row| values[column].get(*row).copied().flatten().unwrap_or(0)).sum();
                let whole = system.fixed(whole);
                system.parts(&parts, whole);
            }
            system.suppress(&policy.privacy);
            for (row, at) in counts {
                for column in 0..3 {
                    if system.is_hidden(at[column]) {
                        hidden[column].push(row);
                    }
                }
            }
        }
        let appointed: Vec<usize> = hidden.iter().flatten().copied().collect();
        (std::mem::take(&mut hidden[0]), appointed)
    };
    // A row that withholds one of its counts withholds what lies below it: appointed, still, share.
    blank(table, "people", &people)?;
    for column in ["appointed", "still_in_post", "share"] {
        blank(table, column, &appointed)?;
    }
    Ok(())
}

fn fill(tables: &mut Outputs, policy: &Policy) -> FrameResult<()> {
    let Some(table) = tables.get_mut("fill") else { return Ok(()) };
    let filled = alone(table, "posts_filled_12m", policy)?;
    let mut pool = alone(table, "from_pool", policy)?;
    pool.extend(filled);
    blank(table, "from_pool", &pool)?;
    blank(table, "share", &pool)
}

fn waivers(tables: &mut Outputs, policy: &Policy) -> FrameResult<()> {
    let Some(table) = tables.get_mut("waivers") else { return Ok(()) };
    let rows = alone(table, "people", policy)?;
    // The sentence repeats the figures.
    let texts = frame::words(table, "text")?;
    let mut told: Vec<usize> = (0..texts.len()).filter(|row| tells_small(texts[*row], policy)).collect();
    told.extend(rows);
    blank(table, "text", &told)
}

/// Heads changed in a township: no table adds them up, and the sentence repeats them.
fn talks(tables: &mut Outputs, policy: &Policy) -> FrameResult<()> {
    let Some(table) = tables.get_mut("talks") else { return Ok(()) };
    let rows = alone(table, "adjusted_heads", policy)?;
    rewrite(table, "reasons", |row, text| if rows.contains(&row) { without_numbers(text) } else { None })
}

/// People of a batch; with its days, their person-days.
fn batches(tables: &mut Outputs, policy: &Policy) -> FrameResult<()> {
    let Some(table) = tables.get_mut("training_batches") else { return Ok(()) };
    let rows = alone(table, "used", policy)?;
    blank(table, "person_days", &rows)
}
