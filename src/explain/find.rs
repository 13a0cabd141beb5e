//! Who is meant: an ID, or a path of names such as 青石镇/大泉村/姓名.

use crate::book::Book;
use crate::frame::{self, FrameResult};

/// The outcome of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The key of the one that is meant.
    One(String),
    /// Several fit: key and a description each.
    Many(Vec<(String, String)>),
    /// Nobody fits; the nearest names.
    None(Vec<String>),
}

fn settle(mut hits: Vec<(String, String)>, near: impl FnOnce() -> Vec<String>) -> Found {
    hits.sort();
    hits.dedup();
    match hits.len() {
        0 => Found::None(near()),
        1 => Found::One(hits.remove(0).0),
        _ => Found::Many(hits),
    }
}

/// The most similar names, best first.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut near: Vec<(usize, &str)> = names.map(|n| (strsim::levenshtein(wanted, n), n)).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).filter(|(d, _)| *d < wanted.chars().count().max(2)).map(|(_, n)| n.to_owned()).collect()
}

/// Names agree with or without 村.
fn same_village(name: &str, wanted: &str) -> bool {
    name == wanted || name.strip_suffix('村') == Some(wanted) || wanted.strip_suffix('村') == Some(name)
}

/// The village that `who` means: its key or code, `township/village`, or its name alone.
///
/// # Errors
/// The table lacks a column of its schema.
pub fn village(book: &Book, who: &str) -> FrameResult<Found> {
    let villages = book.tables.get("villages");
    let keys = frame::words(villages, "village")?;
    let names = frame::words(villages, "village_name")?;
    let townships = frame::words(villages, "township")?;
    let counties = frame::words(villages, "county")?;
    let parts: Vec<&str> = who.split('/').map(str::trim).filter(|p| !p.is_empty()).collect();
    let fits = |i: usize| {
        keys[i] == who
            || match parts[..] {
                [name] => same_village(names[i], name),
                [township, name] => townships[i] == township && same_village(names[i], name),
                [county, township, name] => {
                    counties[i] == county && townships[i] == township && same_village(names[i], name)
                }
                _ => false,
            }
    };
    let describe = |i: usize| format!("{}/{}/{}", counties[i], townships[i], names[i]);
    let hits = (0..keys.len()).filter(|i| fits(*i)).map(|i| (keys[i].to_owned(), describe(i))).collect();
    Ok(settle(hits, || nearest(parts.last().copied().unwrap_or(who), names.iter().copied())))
}

/// The person that `who` means: the surrogate code, `township/village/name`, or the name alone.
/// Namesakes come back as [`Found::Many`].
///
/// # Errors
/// A table lacks a column of its schema.
pub fn person(book: &Book, who: &str) -> FrameResult<Found> {
    let people = book.tables.get("people");
    let codes = frame::words(people, "person")?;
    if codes.contains(&who) {
        return Ok(Found::One(who.to_owned()));
    }
    let names = frame::words(people, "name")?;
    let townships = frame::words(people, "township")?;
    let homes = frame::words(people, "village")?;
    let villages = book.tables.get("villages");
    let village_names: std::collections::HashMap<&str, &str> =
        frame::words(villages, "village")?.into_iter().zip(frame::words(villages, "village_name")?).collect();
    let home = |i: usize| village_names.get(homes[i]).copied().unwrap_or(homes[i]);
    let parts: Vec<&str> = who.split('/').map(str::trim).filter(|p| !p.is_empty()).collect();
    let fits = |i: usize| match parts[..] {
        [name] => names[i] == name,
        [place, name] => names[i] == name && (townships[i] == place || same_village(home(i), place)),
        [township, village, name] => names[i] == name && townships[i] == township && same_village(home(i), village),
        _ => false,
    };
    let hits = (0..codes.len())
        .filter(|i| fits(*i))
        .map(|i| (codes[i].to_owned(), format!("{}/{}", townships[i], home(i))))
        .collect();
    Ok(settle(hits, Vec::new))
}
