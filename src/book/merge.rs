//! The same record twice: in two versions of a file, in two sheets, or in one. Rows stand in order
//! of precedence, so the first of a group stays and takes from the others what it lacks.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::draft::Draft;
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

/// Rows in groups of equal keys, in order of the keys; within a group in order of precedence.
fn groups(draft: &mut Draft, keys: &[&str]) -> FrameResult<Vec<Vec<usize>>> {
    draft.sort(keys)?;
    let height = draft.height();
    let mut same = vec![true; height];
    for key in keys {
        let column = draft.frame.column(key)?;
        match column.dtype() {
            DataType::String => {
                let values: Vec<Option<&str>> = column.str()?.iter().collect();
                (1..height).for_each(|i| same[i] &= values[i] == values[i - 1]);
            }
            DataType::Date => {
                let values: Vec<Option<i32>> = column.date()?.physical().iter().collect();
                (1..height).for_each(|i| same[i] &= values[i] == values[i - 1]);
            }
            _ => {
                let values: Vec<Option<f64>> = column.cast(&DataType::Float64)?.f64()?.iter().collect();
                (1..height).for_each(|i| same[i] &= values[i] == values[i - 1]);
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::with_capacity(height);
    for (i, same) in same.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if *same && i > 0 => group.push(i),
            _ => groups.push(vec![i]),
        }
    }
    Ok(groups)
}

fn unique(draft: &mut Draft, keys: &[&str], notes: &mut Notes) -> FrameResult<()> {
    let groups = groups(draft, keys)?;
    if groups.len() == draft.height() {
        return Ok(());
    }
    let places = draft.places()?;
    for group in groups.iter().filter(|g| g.len() > 1) {
        for other in &group[1..] {
            let overlap = overlapping(draft, keys, group[0], *other)?;
            // Two sheets that each say something else about a village are one record together, and
            // a village's figures of two years are no double record of the village.
            let years = |i: usize| notes.sources.get(places[i].0 as usize).and_then(|s| s.year);
            if overlap.is_empty() || (draft.table.name == "villages" && years(group[0]) != years(*other)) {
                continue;
            }
            let differing: Vec<String> =
                overlap.iter().filter(|(_, differs)| *differs).map(|(name, _)| super::schema_label(name)).collect();
            double(places[group[0]], places[*other], &differing, notes);
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
    let groups = groups(draft, keys)?;
    if groups.len() == draft.height() {
        return Ok(());
    }
    let places = draft.places()?;
    let posts = draft.table.name == "posts";
    let person = if posts { draft.texts("person")? } else { Vec::new() };
    let mut kept: Vec<Vec<usize>> = Vec::with_capacity(groups.len());
    let mut doubles: Vec<((u32, u32), (u32, u32))> = Vec::new();
    for group in groups {
        let mut by_sheet: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for row in &group {
            by_sheet.entry(places[*row].0).or_default().push(*row);
        }
        // One person holds one post once, whatever a sheet repeats.
        if posts && group.len() > 1 && person[group[0]].is_some() {
            doubles.extend(group[1..].iter().map(|other| (places[group[0]], places[*other])));
            kept.push(group);
            continue;
        }
        if by_sheet.len() == 1 {
            kept.extend(group.into_iter().map(|row| vec![row]));
            continue;
        }
        let most = by_sheet.values().map(Vec::len).max().unwrap_or(0);
        let first = places[group[0]].0;
        let chosen = if by_sheet.get(&first).is_some_and(|rows| rows.len() == most) {
            first
        } else {
            group.iter().map(|r| places[*r].0).find(|s| by_sheet[s].len() == most).unwrap_or(first)
        };
        let stays = by_sheet.remove(&chosen).unwrap_or_default();
        let mut merged: Vec<Vec<usize>> = stays.iter().map(|row| vec![*row]).collect();
        for others in by_sheet.values() {
            for (k, other) in others.iter().enumerate() {
                doubles.push((places[stays[k]], places[*other]));
                merged[k].push(*other);
            }
        }
        kept.extend(merged);
    }
    for (a, b) in doubles {
        double(a, b, &[], notes);
    }
    draft.merge(&kept)
}

/// A village has one secretary and one director. Of two holders the one of the sheet that takes
/// precedence stays; within one sheet the one who took office later. Both are flagged.
fn one_holder(draft: &mut Draft, notes: &mut Notes) -> FrameResult<()> {
    let groups = groups(draft, &["village", "post"])?;
    let keep: Vec<usize> = {
        let post = draft.texts("post")?;
        let person = draft.texts("person")?;
        let since = draft.days("since")?;
        let places = draft.places()?;
        let mut keep = Vec::with_capacity(draft.height());
        for group in groups {
            if group.len() < 2 || !matches!(post[group[0]], Some("secretary" | "director")) {
                keep.extend(group);
                continue;
            }
            // Empty seats that two sheets report are one.
            let rank = |row: &usize| {
                let order = notes.sources.get(places[*row].0 as usize).map(precedence);
                (order, since[*row], person[*row].is_some(), std::cmp::Reverse(places[*row].1))
            };
            let Some(best) = group.iter().copied().max_by_key(rank) else { continue };
            keep.push(best);
            for other in group.into_iter().filter(|row| *row != best) {
                let (kept, left) = (notes.name(places[best]), notes.name(places[other]));
                notes.flag(places[best], "post", "", "two_holders", left);
                notes.flag(places[other], "post", "", "two_holders", kept);
            }
        }
        keep
    };
    draft.take(&keep)
}
