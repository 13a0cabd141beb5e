//! The same record twice: in two versions of a file, in two sheets, or in one. Rows stand in order
//! of precedence, so the first of a group stays and takes from the others what it lacks.

use std::collections::BTreeMap;

use polars::datatypes::{InitHashMaps, PlHashMap};

use super::draft::{Draft, Groups};
use super::notes::Notes;
use super::sheet::Source;
use crate::frame::FrameResult;

/// How a table tells its records apart.
enum Rule {
    /// One row for each key.
    Unique(&'static [&'static str]),
    /// The same thing may happen twice: as often as the source that has it most often says.
    Count(&'static [&'static str]),
}

fn rule(table: &str) -> Option<Rule> {
    Some(match table {
        "townships" => Rule::Unique(&["county", "township"]),
        "villages" => Rule::Unique(&["village"]),
        "indicators" => Rule::Unique(&["village", "period"]),
        "pool" => Rule::Unique(&["person"]),
        "posts" => Rule::Count(&["village", "post", "person"]),
        "appraisals" => Rule::Unique(&["person", "year"]),
        "events" => Rule::Count(&["village", "date", "kind", "post", "person", "department"]),
        "targets" => Rule::Unique(&["village", "period", "target"]),
        "kin" => Rule::Unique(&["person", "relative"]),
        "wishes" => Rule::Unique(&["person", "village"]),
        "activities" => Rule::Count(&["person", "activity", "start", "days", "level"]),
        "measures" => Rule::Count(&["village", "measure", "started", "due"]),
        "pay" => Rule::Unique(&["person", "year"]),
        _ => return None,
    })
}

/// Order of the rows of a canonical table.
pub(super) fn order(table: &str) -> &'static [&'static str] {
    match table {
        "townships" => &["county", "township"],
        "villages" => &["county", "township", "village"],
        "indicators" => &["county", "township", "village", "period"],
        "people" => &["county", "township", "village", "person"],
        "posts" => &["county", "township", "village", "post", "person"],
        "pool" => &["county", "township", "village", "person"],
        "appraisals" => &["county", "township", "village", "person", "year"],
        "events" => &["county", "township", "village", "date", "kind", "post", "person", "department"],
        "targets" => &["county", "township", "village", "period", "target"],
        "kin" => &["county", "person", "relative"],
        "wishes" => &["county", "township", "village", "person", "rank"],
        "activities" => &["county", "township", "village", "person", "start", "activity"],
        "measures" => &["county", "township", "village", "measure", "started"],
        "pay" => &["county", "township", "village", "person", "year"],
        _ => &["county"],
    }
}

/// Precedence of a sheet: the later year of its title, then the later version (最终版 before 终稿
/// before a plain name before 初稿), then the later name. The greatest wins.
pub(super) fn precedence(source: &Source) -> (i64, u32, String) {
    let name = format!("{}#{}", source.file, source.sheet);
    let stem = source.file.rsplit('/').next().unwrap_or_default();
    let version = if ["最终版", "最终", "定稿", "终版", "final"].iter().any(|w| stem.to_lowercase().contains(w))
    {
        4
    } else if ["终稿", "修订", "修改", "更新", "新版"].iter().any(|w| stem.contains(w)) {
        3
    } else if ["初稿", "草稿", "征求意见", "旧", "备份", "副本", "作废"].iter().any(|w| stem.contains(w))
    {
        1
    } else {
        2
    };
    let year = source.year.or(source.as_of.map(|d| i64::from(chrono::Datelike::year(&d)))).unwrap_or(0);
    (year, version, name)
}

/// Merges double records and sorts the table.
pub(super) fn settle(draft: &mut Draft, notes: &mut Notes) -> FrameResult<()> {
    let name = draft.table.name;
    if let Some(rule) = rule(name) {
        match rule {
            Rule::Unique(keys) => unique(draft, keys, notes)?,
            Rule::Count(keys) => count(draft, keys, notes)?,
        }
    }
    if name == "posts" {
        one_holder(draft, notes)?;
    }
    draft.sort(order(name))
}

fn unique(draft: &mut Draft, keys: &[&str], notes: &mut Notes) -> FrameResult<()> {
    let (ids, count) = draft.key_ids(keys)?;
    if count == draft.height() {
        return Ok(());
    }
    let groups = Groups::of(&ids, count);
    let places = draft.places()?;
    for group in groups.iter().filter(|g| g.len() > 1) {
        let first = group[0] as usize;
        for other in group[1..].iter().map(|r| *r as usize) {
            let overlap = overlapping(draft, keys, first, other)?;
            // Two sheets that each say something else about a village are one record together, and
            // a village's figures of two years are no double record of the village.
            let years = |i: usize| notes.sources.get(places[i].0 as usize).and_then(|s| s.year);
            if overlap.is_empty() || (draft.table.name == "villages" && years(first) != years(other)) {
                continue;
            }
            let differing: Vec<String> =
                overlap.iter().filter(|(_, differs)| *differs).map(|(name, _)| super::schema_label(name)).collect();
            double(places[first], places[other], &differing, notes);
        }
    }
    draft.merge(&groups)
}

/// Flags both sources of a double record; the first stays.
fn double(kept: (u32, u32), other: (u32, u32), differing: &[String], notes: &mut Notes) {
    let reason = if differing.is_empty() { "duplicate_record" } else { "duplicate_record_differs" };
    let columns = if differing.is_empty() { String::new() } else { format!("（{}）", differing.join("、")) };
    let (there, here) = (notes.name(other), notes.name(kept));
    notes.flag(kept, "", "", reason, format!("{there}{columns}"));
    notes.flag(other, "", "", reason, format!("{here}{columns}"));
}

/// Columns in which both rows say something, and whether they differ.
fn overlapping(draft: &Draft, keys: &[&str], a: usize, b: usize) -> FrameResult<Vec<(String, bool)>> {
    let place = ["county", "township", "village", "village_name", "code", "note"];
    let mut columns = Vec::new();
    for column in draft.frame.columns() {
        let name = column.name().as_str();
        if name.starts_with('_') || keys.contains(&name) || place.contains(&name) {
            continue;
        }
        let (x, y) = (column.get(a)?, column.get(b)?);
        if !x.is_null() && !y.is_null() {
            columns.push((name.to_owned(), x != y));
        }
    }
    Ok(columns)
}

fn count(draft: &mut Draft, keys: &[&str], notes: &mut Notes) -> FrameResult<()> {
    let posts = draft.table.name == "posts";
    let places = draft.places()?;
    if !posts && !shared(draft, keys[0], &places)? {
        return Ok(());
    }
    let (ids, count) = draft.key_ids(keys)?;
    if count == draft.height() {
        return Ok(());
    }
    let mut kept = Groups::default();
    let mut doubles: Vec<((u32, u32), (u32, u32))> = Vec::new();
    {
        let at = |row: u32| places[row as usize];
        let person = if posts { draft.texts("person")? } else { Vec::new() };
        for group in Groups::of(&ids, count).iter() {
            // One person holds one post once, whatever a sheet repeats.
            if posts && group.len() > 1 && person[group[0] as usize].is_some() {
                doubles.extend(group[1..].iter().map(|other| (at(group[0]), at(*other))));
                kept.push(group);
                continue;
            }
            let mut by_sheet: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for row in group {
                by_sheet.entry(at(*row).0).or_default().push(*row);
            }
            if by_sheet.len() == 1 {
                group.iter().for_each(|row| kept.push(&[*row]));
                continue;
            }
            // Of the sheets that have it most often, the one that takes precedence.
            let most = by_sheet.values().map(Vec::len).max().unwrap_or(0);
            let Some(chosen) = group.iter().map(|r| at(*r).0).find(|s| by_sheet[s].len() == most) else { continue };
            let stays = by_sheet.remove(&chosen).unwrap_or_default();
            let mut merged: Vec<Vec<u32>> = stays.iter().map(|row| vec![*row]).collect();
            for (k, other) in by_sheet.values().flat_map(|others| others.iter().enumerate()) {
                doubles.push((at(stays[k]), at(*other)));
                merged[k].push(*other);
            }
            merged.iter().for_each(|rows| kept.push(rows));
        }
    }
    for (a, b) in doubles {
        double(a, b, &[], notes);
    }
    draft.merge(&kept)
}

/// Do two sheets speak of the same village or person? Without that nothing can be told twice.
fn shared(draft: &Draft, key: &str, places: &[(u32, u32)]) -> FrameResult<bool> {
    let mut first: PlHashMap<&str, u32> = PlHashMap::new();
    let mut last: (&str, u32) = ("", u32::MAX);
    for (value, (sheet, _)) in draft.texts(key)?.into_iter().zip(places) {
        let value = value.unwrap_or_default();
        if last == (value, *sheet) {
            continue;
        }
        last = (value, *sheet);
        if *first.entry(value).or_insert(*sheet) != *sheet {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A village has one secretary and one director. Of two holders the one of the sheet that takes
/// precedence stays; within one sheet the one who took office later. Both are flagged.
fn one_holder(draft: &mut Draft, notes: &mut Notes) -> FrameResult<()> {
    let (ids, count) = draft.key_ids(&["village", "post"])?;
    if count == draft.height() {
        return Ok(());
    }
    let keep: Vec<u32> = {
        let post = draft.texts("post")?;
        let person = draft.texts("person")?;
        let since = draft.days("since")?;
        let places = draft.places()?;
        let at = |row: u32| places[row as usize];
        let mut keep = Vec::with_capacity(draft.height());
        for group in Groups::of(&ids, count).iter() {
            if group.len() < 2 || !matches!(post[group[0] as usize], Some("secretary" | "director")) {
                keep.extend(group);
                continue;
            }
            let rank = |row: &u32| {
                let order = notes.sources.get(at(*row).0 as usize).map(precedence);
                let i = *row as usize;
                (order, since[i], person[i].is_some(), std::cmp::Reverse(at(*row).1))
            };
            let Some(best) = group.iter().copied().max_by_key(rank) else { continue };
            keep.push(best);
            for other in group.iter().copied().filter(|row| *row != best) {
                // The same seat reported empty twice is no contradiction.
                if person[other as usize].is_none() && person[best as usize].is_none() {
                    double(at(best), at(other), &[], notes);
                    continue;
                }
                let (kept, left) = (notes.name(at(best)), notes.name(at(other)));
                notes.flag(at(best), "post", "", "two_holders", left);
                notes.flag(at(other), "post", "", "two_holders", kept);
            }
        }
        keep
    };
    draft.take(&keep)
}
