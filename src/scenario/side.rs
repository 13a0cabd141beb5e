//! One side of a comparison: who is on a list, and what the list says of them.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::list::{List, Only, Says};
use crate::frame::{self, FrameResult};
use crate::kernel::round;

/// Output tables by name.
pub type Outputs = BTreeMap<&'static str, DataFrame>;

/// Parts of a key; no text of a book holds this sign.
const PART: char = '\u{1f}';

/// One row of a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    /// Place in the table.
    pub row: usize,
    /// Is the row on the list? A row that is not still tells what it says.
    pub on: bool,
    pub says: String,
    /// What it says, if that is a number.
    pub number: Option<f64>,
}

/// The rows of a list by key: county, then the parts of the list's key.
pub(super) type Members = BTreeMap<String, Member>;

/// What a list holds; `None` if its table or one of its columns is missing.
pub(super) fn members(list: &List, tables: &Outputs) -> Option<Members> {
    read(list, tables.get(list.table)?).ok()
}

fn read(list: &List, table: &DataFrame) -> FrameResult<Members> {
    let height = table.height();
    let counties = words_or_none(table, "county");
    let keys = list.key.iter().map(|k| frame::words(table, k)).collect::<FrameResult<Vec<_>>>()?;
    let on: Vec<bool> = match list.only {
        Only::Every => vec![true; height],
        Only::Among(column, codes) => frame::words(table, column)?.iter().map(|c| codes.contains(c)).collect(),
        Only::Besides(column, codes) => {
            frame::words(table, column)?.iter().map(|c| !c.is_empty() && !codes.contains(c)).collect()
        }
    };
    let (says, numbers) = said(list.says, table)?;
    let mut members = Members::new();
    for row in 0..height {
        let mut key = counties[row].to_owned();
        for part in &keys {
            key.push(PART);
            key.push_str(part[row]);
        }
        let number = numbers.get(row).copied().flatten();
        // What has no number is not on a list of numbers: 暂不评定 is no score.
        let counted = !matches!(list.says, Says::Number(..)) || number.is_some();
        if matches!(list.says, Says::Each(_)) {
            for code in says[row].split(';').map(str::trim).filter(|c| !c.is_empty()) {
                let member = Member { row, on: on[row], says: code.to_owned(), number: None };
                add(&mut members, format!("{key}{PART}{code}"), member);
            }
        } else {
            add(&mut members, key, Member { row, on: on[row] && counted, says: says[row].clone(), number });
        }
    }
    Ok(members)
}

/// A key that stands twice (two seats of one kind) is told apart by its order.
fn add(members: &mut Members, key: String, member: Member) {
    let mut place = key.clone();
    let mut seat = 1;
    while members.contains_key(&place) {
        seat += 1;
        place = format!("{key}{PART}{seat}");
    }
    members.insert(place, member);
}

/// What each row says, as text, and as a number where it is one.
fn said(says: Says, table: &DataFrame) -> FrameResult<(Vec<String>, Vec<Option<f64>>)> {
    Ok(match says {
        Says::Nothing => (vec![String::new(); table.height()], Vec::new()),
        Says::Code(column) | Says::Each(column) => {
            (frame::words(table, column)?.into_iter().map(str::to_owned).collect(), Vec::new())
        }
        Says::Flag(column) => {
            let word = |flag: Option<bool>| flag.map_or("", |f| if f { "yes" } else { "no" }).to_owned();
            (frame::flags(table, column)?.into_iter().map(word).collect(), Vec::new())
        }
        Says::Number(column, digits) => {
            let numbers: Vec<Option<f64>> =
                frame::numbers(table, column)?.into_iter().map(|n| n.map(|n| round::to(n, digits))).collect();
            (numbers.iter().map(|n| n.map_or_else(String::new, |n| round::show(n, digits as usize))).collect(), numbers)
        }
    })
}

/// A text column, or empty texts where there is none.
pub(super) fn words_or_none<'t>(table: &'t DataFrame, column: &str) -> Vec<&'t str> {
    frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()])
}

/// A key as a reader may look for it: its parts without the county, joined by a slash.
pub(super) fn shown(key: &str) -> String {
    key.split(PART).skip(1).collect::<Vec<_>>().join("/")
}
