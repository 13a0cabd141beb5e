//! Why a row changed, in words.

use std::collections::BTreeMap;

use super::compare::Kind;
use super::list::{List, Why};
use super::side::{Member, Outputs, words_or_none};
use crate::frame::{self, FrameResult};
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;

/// How many contributions are named.
const NAMED: usize = 3;
/// A contribution that moved less than this (points) is not worth a word.
const LEAST: f64 = 0.005;

/// What a contribution belongs to: source, area, indicator.
type Item<'t> = (&'t str, &'t str, &'t str);

/// Contributions of one village: points and label by item.
type Parts<'t> = BTreeMap<Item<'t>, (f64, &'t str)>;

/// Reasons of both sides.
pub(super) struct Reasons<'t> {
    lang: Lang,
    /// Columns that hold reasons, read once.
    texts: BTreeMap<(bool, &'static str, &'static str), Vec<&'t str>>,
    villages: [Vec<&'t str>; 2],
    scores: [Vec<Option<f64>>; 2],
    parts: [BTreeMap<&'t str, Parts<'t>>; 2],
}

impl<'t> Reasons<'t> {
    pub(super) fn new(before: &'t Outputs, after: &'t Outputs, lang: Lang) -> FrameResult<Self> {
        let mut texts = BTreeMap::new();
        for list in super::list::LISTS {
            let (Why::Text(columns) | Why::Contributions(columns)) = list.why else { continue };
            for (now, side) in [(false, before), (true, after)] {
                let Some(table) = side.get(list.table) else { continue };
                for column in columns {
                    texts.entry((now, list.table, *column)).or_insert_with(|| words_or_none(table, column));
                }
            }
        }
        let villages = [before, after].map(|o| o.get("scores").map_or_else(Vec::new, |t| words_or_none(t, "village")));
        let scores = [before, after]
            .map(|o| o.get("scores").map_or_else(Vec::new, |t| frame::numbers(t, "score").unwrap_or_default()));
        let parts = [parts(before)?, parts(after)?];
        Ok(Reasons { lang, texts, villages, scores, parts })
    }

    /// The reason of a change.
    pub(super) fn of(&self, list: &List, kind: Kind, was: Option<&Member>, is: Option<&Member>) -> String {
        let now = kind != Kind::Gone;
        let Some(member) = (if now { is } else { was }) else { return String::new() };
        match list.why {
            Why::Text(columns) => self.text(now, list, columns, member.row),
            Why::Contributions(columns) => {
                let moved = match (was, is) {
                    (Some(was), Some(is)) => self.moved(was.row, is.row),
                    _ => String::new(),
                };
                self.join([moved, self.text(now, list, columns, member.row)])
            }
            Why::Score => match (was, is) {
                (Some(was), Some(is)) => self.score(was.row, is.row),
                _ => String::new(),
            },
        }
    }

    fn text(&self, now: bool, list: &List, columns: &[&'static str], row: usize) -> String {
        let found = columns.iter().filter_map(|c| self.texts.get(&(now, list.table, *c))?.get(row).copied());
        self.join(found.map(str::to_owned))
    }

    fn join(&self, parts: impl IntoIterator<Item = String>) -> String {
        let sign = match self.lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        };
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(sign)
    }

    /// Which contributions moved most.
    fn moved(&self, was: usize, is: usize) -> String {
        let (Some(old), Some(new)) = (self.parts_at(0, was), self.parts_at(1, is)) else {
            return String::new();
        };
        let items: std::collections::BTreeSet<&Item> = old.keys().chain(new.keys()).collect();
        let mut moved: Vec<(f64, &str)> = items
            .into_iter()
            .map(|item| {
                let (a, b) = (old.get(item), new.get(item));
                let delta = b.map_or(0.0, |p| p.0) - a.map_or(0.0, |p| p.0);
                (delta, b.or(a).map_or("", |p| p.1))
            })
            .filter(|(delta, _)| delta.abs() >= LEAST)
            .collect();
        // Stable: items of one size stay in their order.
        moved.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let named = moved.iter().take(NAMED).map(|(delta, label)| {
            let points = round::show(delta.abs(), 2);
            let sign = if *delta < 0.0 { "−" } else { "+" };
            say!(self.lang, "changes-why-part", label = *label, points = format!("{sign}{points}"))
        });
        self.join(named)
    }

    fn parts_at(&self, side: usize, row: usize) -> Option<&Parts<'t>> {
        self.parts[side].get(self.villages[side].get(row)?)
    }

    fn score(&self, was: usize, is: usize) -> String {
        let at = |side: usize, row: usize| self.scores[side].get(row).copied().flatten().map(|s| round::show(s, 2));
        match (at(0, was), at(1, is)) {
            (Some(old), Some(new)) if old == new => self.lang.text("changes-why-others"),
            (Some(old), Some(new)) => say!(self.lang, "changes-why-score", old = old, new = new),
            _ => String::new(),
        }
    }
}

fn parts(tables: &Outputs) -> FrameResult<BTreeMap<&str, Parts<'_>>> {
    let mut parts: BTreeMap<&str, Parts> = BTreeMap::new();
    let Some(table) = tables.get("contributions") else { return Ok(parts) };
    let column = |name: &str| frame::words(table, name);
    let (villages, sources, areas) = (column("village")?, column("source")?, column("area")?);
    let (indicators, labels) = (column("indicator")?, column("label")?);
    for (row, points) in frame::numbers(table, "contribution")?.into_iter().enumerate() {
        let item = (sources[row], areas[row], indicators[row]);
        let part = parts.entry(villages[row]).or_default().entry(item).or_insert((0.0, labels[row]));
        part.0 += points.unwrap_or(0.0);
    }
    Ok(parts)
}
