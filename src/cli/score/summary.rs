//! What a terminal shows of a scored table: who leads, who trails, who is not rated and why, and
//! what deserves a look.

use std::io::IsTerminal;
use std::path::Path;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};

use crate::frame::{self, FrameResult};
use crate::kernel::round::show;
use crate::lang::Lang;
use crate::run::table::{Scored, Source};
use crate::say;

/// Units that are named in a list of those not rated.
const NAMED: usize = 10;

/// Width of a table that goes to a file or a pipe.
const WIDTH: u16 = 120;

/// A unit of the last period.
struct Unit<'a> {
    name: &'a str,
    class: Option<&'a str>,
    score: Option<f64>,
    rank: Option<i64>,
    in_class: Option<i64>,
    grade: Option<&'a str>,
    measured: Option<f64>,
    reason: Option<&'a str>,
}

/// A scored table in a few lines.
pub(super) struct Summary<'a> {
    scored: &'a Scored,
    title: String,
    lang: Lang,
    rows: usize,
    /// Units of the last period, the best first, those not rated last.
    units: Vec<Unit<'a>>,
    /// All rows, and those that are not rated.
    all: usize,
    unrated: usize,
    periods: usize,
}

impl<'a> Summary<'a> {
    pub fn new(scored: &'a Scored, source: &Source, lang: Lang, rows: usize) -> FrameResult<Summary<'a>> {
        let empty = polars::prelude::DataFrame::empty();
        let Some(scores) = scored.table("scores") else {
            // There always is one.
            return Err(frame::numbers(&empty, "score").err().unwrap_or(frame::FrameError::Arrow("scores".into())));
        };
        let (names, classes) = (frame::words(scores, "unit")?, frame::texts(scores, "class")?);
        let (periods, score) = (frame::wholes(scores, "period")?, frame::numbers(scores, "score")?);
        let (ranks, in_class) = (frame::wholes(scores, "rank")?, frame::wholes(scores, "rank_in_class")?);
        let (measured, reasons) = (frame::numbers(scores, "measured_weight")?, frame::texts(scores, "reason")?);
        let grades = if frame::has(scores, "grade") { frame::texts(scores, "grade")? } else { vec![None; names.len()] };
        let last = periods.iter().max().copied().flatten();
        let of_last = (0..names.len()).filter(|&row| periods[row] == last);
        let mut units: Vec<Unit> = of_last
            .map(|row| Unit {
                name: names[row],
                class: classes[row],
                score: score[row],
                rank: ranks[row],
                in_class: in_class[row],
                grade: grades[row],
                measured: measured[row],
                reason: reasons[row],
            })
            .collect();
        units.sort_by(|a, b| {
            let score = |u: &Unit| u.score.unwrap_or(f64::NEG_INFINITY);
            score(b).total_cmp(&score(a)).then_with(|| a.name.cmp(b.name))
        });
        let mut distinct = periods.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let title = source.policy.score.title.clone().unwrap_or_else(|| scored.input.0.clone());
        Ok(Summary {
            scored,
            title,
            lang,
            rows,
            units,
            all: names.len(),
            unrated: score.iter().filter(|s| s.is_none()).count(),
            periods: distinct.len(),
        })
    }

    /// Rated units of the last period: the first ones, and the last ones where not all are shown.
    fn ends(&self) -> (&[Unit<'a>], &[Unit<'a>]) {
        let rated = self.units.iter().filter(|u| u.score.is_some()).count();
        let rated = &self.units[..rated];
        if rated.len() <= self.rows {
            return (rated, &[]);
        }
        let half = self.rows.div_ceil(2);
        (&rated[..half], &rated[rated.len() - (self.rows - half)..])
    }

    pub fn text(&self, out: Option<&Path>) -> String {
        let lang = self.lang;
        let counts = &self.scored.counts;
        let mut lines = vec![self.title.clone()];
        lines.push(say!(
            lang,
            "score-table-read",
            rows = counts.rows,
            read = counts.read,
            blank = counts.blank,
            later = counts.later,
            missing = counts.missing
        ));
        let repairs: usize = counts.repaired.values().sum();
        if repairs + counts.approximate > 0 {
            let approximate = counts.approximate;
            lines.push(say!(lang, "score-table-repaired", repairs = repairs, approximate = approximate));
        }
        lines.push(say!(
            lang,
            "score-table-rated",
            rated = self.all - self.unrated,
            unrated = self.unrated,
            periods = self.periods
        ));
        let (top, bottom) = self.ends();
        lines.push(String::new());
        if let Some(period) = self.scored.as_of {
            lines.push(say!(lang, "score-table-period", period = period.to_string()));
        }
        lines.push(self.draw(top, bottom));
        lines.extend(self.unrated_lines());
        lines.extend(super::findings::lines(self.scored, lang));
        lines.extend(self.looks());
        if let Some(out) = out {
            lines.push(say!(lang, "stage-written", path = out.display().to_string()));
        }
        lines.push(lang.text("score-table-word"));
        lines.join("\n")
    }

    fn draw(&self, top: &[Unit], bottom: &[Unit]) -> String {
        let graded = self.units.iter().any(|u| u.grade.is_some());
        let classed = self.units.iter().any(|u| u.class.is_some());
        let mut drawn = Table::new();
        if !std::io::stdout().is_terminal() {
            drawn.set_width(WIDTH);
        }
        drawn.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        let mut header = vec!["table-head-rank", "table-head-unit", "table-head-score"];
        if classed {
            header.extend(["table-head-class", "table-head-rank-in-class"]);
        }
        if graded {
            header.push("table-head-grade");
        }
        header.push("table-head-measured");
        drawn.set_header(header.iter().map(|id| self.lang.text(id)));
        let whole = |value: Option<i64>| value.map(|v| v.to_string()).unwrap_or_default();
        let mut add = |unit: &Unit| {
            let mut row = vec![whole(unit.rank), unit.name.to_owned(), unit.score.map(figure).unwrap_or_default()];
            if classed {
                row.extend([unit.class.unwrap_or_default().to_owned(), whole(unit.in_class)]);
            }
            if graded {
                row.push(unit.grade.unwrap_or_default().to_owned());
            }
            row.push(unit.measured.map(|m| format!("{} %", show(m * 100.0, 0))).unwrap_or_default());
            drawn.add_row(row);
        };
        top.iter().for_each(&mut add);
        if !bottom.is_empty() {
            let gap = Unit {
                name: "…",
                class: None,
                score: None,
                rank: None,
                in_class: None,
                grade: None,
                measured: None,
                reason: None,
            };
            add(&gap);
            bottom.iter().for_each(&mut add);
        }
        for (at, id) in header.iter().enumerate() {
            let words = matches!(*id, "table-head-unit" | "table-head-class" | "table-head-grade");
            if !words && let Some(column) = drawn.column_mut(at) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        drawn.to_string()
    }

    fn unrated_lines(&self) -> Vec<String> {
        let out: Vec<&Unit> = self.units.iter().filter(|u| u.score.is_none()).collect();
        if out.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![say!(self.lang, "score-table-unrated", count = out.len())];
        for unit in out.iter().take(NAMED) {
            let reason = self.lang.text(&format!("unrated-{}", unit.reason.unwrap_or("no_value").replace('_', "-")));
            let measured = unit.measured.map(|m| show(m * 100.0, 0)).unwrap_or_default();
            lines.push(say!(
                self.lang,
                "score-table-unrated-one",
                unit = unit.name,
                reason = reason,
                measured = measured
            ));
        }
        if out.len() > NAMED {
            lines.push(say!(self.lang, "stage-more", rest = out.len() - NAMED));
        }
        lines
    }

    /// What deserves a look.
    fn looks(&self) -> Vec<String> {
        let mut found: Vec<String> = self.scored.notes.iter().map(|note| self.note(&note.label, &note.text)).collect();
        found.extend(self.imputed());
        found.extend(self.against());
        if found.is_empty() {
            return found;
        }
        let mut lines = vec![self.lang.text("score-table-look")];
        let more = found.len().saturating_sub(NAMED);
        lines.extend(found.into_iter().take(NAMED).map(|line| format!("  {line}")));
        if more > 0 {
            lines.push(say!(self.lang, "stage-more", rest = more));
        }
        lines
    }

    fn note(&self, label: &str, text: &str) -> String {
        let label = if label.is_empty() { self.lang.text("score-table-root") } else { label.to_owned() };
        say!(self.lang, "score-table-note", item = label, text = text)
    }

    /// Imputed cells, and the unit whose place they move most.
    fn imputed(&self) -> Option<String> {
        let table = self.scored.table("imputations")?;
        let (names, items) = (frame::words(table, "unit").ok()?, frame::words(table, "label").ok()?);
        let (with, without) = (frame::wholes(table, "rank").ok()?, frame::wholes(table, "rank_without").ok()?);
        let shift = |row: &usize| match (with[*row], without[*row]) {
            (Some(with), Some(without)) => (with - without).abs(),
            _ => 0,
        };
        // The first of equals.
        let most = (0..names.len()).rev().max_by_key(shift)?;
        let (cells, places) = (names.len(), shift(&most).to_string());
        Some(say!(
            self.lang,
            "score-table-imputed",
            cells = cells,
            unit = names[most],
            item = items[most],
            places = places
        ))
    }

    /// Indicators that pull against the whole, and those that are constant.
    fn against(&self) -> Vec<String> {
        let Some(table) = self.scored.table("weights") else { return Vec::new() };
        let read = || -> FrameResult<Vec<String>> {
            let (labels, kinds) = (frame::words(table, "label")?, frame::words(table, "kind")?);
            let (ratio, parent) =
                (frame::numbers(table, "correlation_ratio")?, frame::numbers(table, "correlation_with_parent")?);
            let lines = (0..labels.len()).filter(|&row| kinds[row] == "indicator");
            let line = |row: usize| match parent[row] {
                Some(0.0) if ratio[row] == Some(0.0) => {
                    Some(say!(self.lang, "score-table-constant", item = labels[row]))
                }
                Some(r) if r < 0.0 => Some(say!(self.lang, "score-table-against", item = labels[row], r = show(r, 2))),
                _ => None,
            };
            Ok(lines.filter_map(line).collect())
        };
        // With a single row everything is constant, which says nothing.
        if self.all < 2 { Vec::new() } else { read().unwrap_or_default() }
    }

    /// The same as one document.
    pub fn json(&self, out: Option<&Path>) -> Value {
        let unit = |u: &Unit| {
            json!({
                "unit": u.name, "class": u.class, "score": u.score, "rank": u.rank, "rank_in_class": u.in_class,
                "grade": u.grade, "measured_weight": u.measured,
            })
        };
        let (top, bottom) = self.ends();
        let unrated = self.units.iter().filter(|u| u.score.is_none());
        let tables: serde_json::Map<String, Value> =
            self.scored.tables.iter().map(|(name, t)| ((*name).to_owned(), json!({ "rows": t.height() }))).collect();
        json!({
            "title": self.title,
            "input": self.scored.input.0,
            "as_of": self.scored.as_of,
            "id": self.scored.id,
            "rows": self.scored.counts,
            "periods": self.periods,
            "rated": self.all - self.unrated,
            "not_rated": self.unrated,
            "top": top.iter().map(unit).collect::<Vec<_>>(),
            "bottom": bottom.iter().map(unit).collect::<Vec<_>>(),
            "unrated": unrated.map(|u| json!({ "unit": u.name, "reason": u.reason })).collect::<Vec<_>>(),
            "notes": self.scored.notes,
            "tables": tables,
            "out": out.map(|p| p.display().to_string()),
        })
    }
}

/// A score to four figures or so: scales differ by policy.
fn figure(score: f64) -> String {
    show(score, if score.abs() < 10.0 { 4 } else { 2 })
}
