//! Rows of aggregates whose keys the door for codes leaves alike, made one.
//!
//! Forty words that no list knows are one word to the reader of a summary. Their rows become one
//! row *before* small counts are looked for: forty counts of one would all be withheld, their sum
//! need not be; and every row that is left is one more equation to search.
//!
//! Whoever holds two posts that no list knows counts in both, as the rows that are made one counted
//! them.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::cells::Outputs;
use super::codes::Door;
use super::columns::distinct;
use crate::frame::{self, FrameResult};
use crate::policy::Policy;
use crate::structure::verdict;

/// Makes rows one whose keys read the same behind the door.
///
/// # Errors
/// A column is of another type than its stage documents.
pub(super) fn alike(tables: &mut Outputs, door: &Door) -> FrameResult<()> {
    if let Some(table) = tables.get_mut("structure") {
        teams(table, door)?;
    }
    if let Some(table) = tables.get_mut("statistics_form") {
        items(table, door)?;
    }
    if let Some(table) = tables.get_mut("pool_outcomes") {
        outcomes(table, door)?;
    }
    Ok(())
}

/// Rows of one key, in the order of the table; keys in the order of their first rows.
type Alike = Vec<Vec<usize>>;

fn by_key<K: Ord>(keys: impl Iterator<Item = K>) -> Alike {
    let mut places: BTreeMap<K, usize> = BTreeMap::new();
    let mut alike = Alike::new();
    for (row, key) in keys.enumerate() {
        let place = *places.entry(key).or_insert(alike.len());
        match alike.get_mut(place) {
            Some(rows) => rows.push(row),
            None => alike.push(vec![row]),
        }
    }
    alike
}

/// The first row of each key.
fn firsts(table: &DataFrame, alike: &Alike) -> FrameResult<DataFrame> {
    let rows: IdxCa = alike.iter().filter_map(|rows| rows.first()).map(|row| Some(*row as IdxSize)).collect();
    Ok(table.take(&rows)?)
}

/// Sums of the rows of each key; null where all are.
fn sums(values: &[Option<i64>], alike: &Alike) -> Vec<Option<i64>> {
    let sum = |rows: &Vec<usize>| {
        let known: Vec<i64> = rows.iter().filter_map(|row| values[*row]).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    };
    alike.iter().map(sum).collect()
}

/// Keys of a column as the door lets them pass. Is any of them another?
fn pass(table: &mut DataFrame, column: &str, door: &Door) -> FrameResult<bool> {
    let passed = distinct(table.column(column)?, |text| door.output(column, text))?;
    let any = passed.is_some();
    if let Some(passed) = passed {
        table.with_column(passed)?;
    }
    Ok(any)
}

/// `structure`: the shares and verdicts of a team of several are found anew.
fn teams(table: &mut DataFrame, door: &Door) -> FrameResult<()> {
    let changed = pass(table, "key", door)? | pass(table, "post", door)?;
    if !changed {
        return Ok(());
    }
    let words = |name| frame::words(table, name);
    let (county, dimension, key) = (words("county")?, words("dimension")?, words("key")?);
    let (post, group) = (words("post")?, words("group")?);
    let alike = by_key((0..table.height()).map(|i| (county[i], dimension[i], key[i], post[i], group[i])));
    if alike.len() == table.height() {
        return Ok(());
    }
    let several: Vec<bool> = alike.iter().map(|rows| rows.len() > 1).collect();
    let mut one = firsts(table, &alike)?;
    let people = sums(&frame::wholes(table, "people")?, &alike);
    one.with_column(Column::new("people".into(), people.clone()))?;
    judge(&mut one, &people, &several, door.policy)?;
    *table = one;
    Ok(())
}

/// Shares and verdicts of some rows of `structure`.
fn judge(table: &mut DataFrame, people: &[Option<i64>], which: &[bool], policy: &Policy) -> FrameResult<()> {
    let words = |name| frame::words(table, name);
    let (county, dimension, key) = (words("county")?, words("dimension")?, words("key")?);
    let (post, group) = (words("post")?, words("group")?);
    let (low, high) = (frame::numbers(table, "target_low")?, frame::numbers(table, "target_high")?);
    let team = |row: usize| (county[row], dimension[row], key[row], post[row]);
    // Everybody of a team, and those of unknown age.
    let mut totals: BTreeMap<_, (u32, u32)> = BTreeMap::new();
    let count = |row: usize| people[row].and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    for (row, group) in group.iter().enumerate() {
        let (all, unknown) = totals.entry(team(row)).or_default();
        *all = all.saturating_add(count(row));
        *unknown += if *group == "unknown" { count(row) } else { 0 };
    }
    let mut shares = frame::numbers(table, "share")?;
    let mut states: Vec<Option<String>> =
        frame::texts(table, "state")?.into_iter().map(|state| state.map(str::to_owned)).collect();
    for row in (0..table.height()).filter(|row| which[*row]) {
        let (all, unknown) = totals.get(&team(row)).copied().unwrap_or_default();
        let target = low[row].zip(high[row]).map(|(low, high)| [low, high]);
        shares[row] = (all > 0).then(|| f64::from(count(row)) / f64::from(all));
        states[row] = Some(verdict(count(row), unknown, all, target, policy.structure.min_people).to_owned());
    }
    table.with_column(Column::new("share".into(), shares))?;
    table.with_column(Column::new("state".into(), states))?;
    Ok(())
}

/// `statistics_form`: notes of items that became one are no longer true of it.
fn items(table: &mut DataFrame, door: &Door) -> FrameResult<()> {
    if !pass(table, "item", door)? {
        return Ok(());
    }
    pass(table, "label", door)?;
    let (county, item) = (frame::words(table, "county")?, frame::words(table, "item")?);
    let alike = by_key(county.into_iter().zip(item));
    if alike.len() == table.height() {
        return Ok(());
    }
    let (values, notes) = (frame::numbers(table, "value")?, frame::texts(table, "note")?);
    let sum = |rows: &Vec<usize>| rows.iter().filter_map(|row| values[*row]).reduce(|a, b| a + b);
    let summed: Vec<Option<f64>> = alike.iter().map(sum).collect();
    let note = |rows: &Vec<usize>| if let [only] = rows[..] { notes[only] } else { None };
    let noted: StringChunked = alike.iter().map(note).collect();
    let mut one = firsts(table, &alike)?;
    one.with_column(Column::new("value".into(), summed))?;
    one.with_column(noted.with_name("note".into()).into_column())?;
    *table = one;
    Ok(())
}

/// `pool_outcomes`: sources that no list knows; recommenders are texts, which others look at.
fn outcomes(table: &mut DataFrame, door: &Door) -> FrameResult<()> {
    let (dimension, key) = (frame::words(table, "dimension")?, frame::texts(table, "key")?);
    let other: Vec<Option<String>> = key
        .iter()
        .zip(&dimension)
        .map(|(key, dimension)| key.filter(|_| *dimension == "source").and_then(|key| door.output("key", key)))
        .collect();
    if other.iter().all(Option::is_none) {
        return Ok(());
    }
    let shown: StringChunked = key.iter().zip(&other).map(|(key, other)| other.as_deref().or(*key)).collect();
    table.with_column(shown.with_name("key".into()).into_column())?;
    let (dimension, key) = (frame::words(table, "dimension")?, frame::texts(table, "key")?);
    let alike = by_key(dimension.into_iter().zip(key));
    if alike.len() == table.height() {
        return Ok(());
    }
    let mut one = firsts(table, &alike)?;
    for column in ["people", "appointed", "still_in_post"] {
        one.with_column(Column::new(column.into(), sums(&frame::wholes(table, column)?, &alike)))?;
    }
    let (people, appointed) = (frame::numbers(&one, "people")?, frame::numbers(&one, "appointed")?);
    let share = |(people, appointed): (&Option<f64>, &Option<f64>)| {
        people.filter(|people| *people > 0.0).zip(*appointed).map(|(people, appointed)| appointed / people)
    };
    let shares: Vec<Option<f64>> = people.iter().zip(&appointed).map(share).collect();
    one.with_column(Column::new("share".into(), shares))?;
    *table = one;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_key_keep_the_place_of_the_first_and_add_up() {
        let alike = by_key(["b", "a", "b", "c", "a", "b"].into_iter());
        assert_eq!(alike, [vec![0, 2, 5], vec![1, 4], vec![3]]);
        let values = [Some(1), None, Some(2), Some(7), None, None];
        assert_eq!(sums(&values, &alike), [Some(3), None, Some(7)]);
        assert!(by_key(std::iter::empty::<&str>()).is_empty());
    }

    #[test]
    fn a_team_of_several_is_judged_anew() {
        let mut table = frame::Build::new()
            .str("county", &["x"; 4])
            .str("dimension", &["class"; 4])
            .str("key", &["词表外"; 4])
            .str("post", &["secretary"; 4])
            .str("group", &["old", "middle", "young", "unknown"])
            .number("target_low", vec![Some(0.1), None, Some(0.1), None])
            .number("target_high", vec![Some(0.4), None, Some(0.4), None])
            .number("share", vec![Some(1.0), Some(0.0), Some(0.0), Some(0.0)])
            .str("state", &["high", "none", "low", "none"])
            .done()
            .unwrap();
        let people = [Some(5), Some(12), Some(3), Some(0)];
        judge(&mut table, &people, &[true; 4], &Policy::default()).unwrap();
        assert_eq!(frame::numbers(&table, "share").unwrap(), [Some(0.25), Some(0.6), Some(0.15), Some(0.0)]);
        assert_eq!(frame::words(&table, "state").unwrap(), ["ok", "none", "ok", "none"]);
    }
}
