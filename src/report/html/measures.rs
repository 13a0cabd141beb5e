//! The four mechanisms and the three ones: how far they have come, and what is late.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::figure;
use super::table::table;
use crate::report::Report;
use crate::report::chart::{self, Caption, HALF, Stack};
use crate::report::grid::{Style, text};
use crate::report::view::Rows;
use crate::say;

/// States of a measure, what needs attention first.
const STATES: [&str; 4] = ["overdue", "missing", "due", "done"];

/// How far the four mechanisms and the three ones have come.
pub(super) fn progress(report: &Report) -> Markup {
    let rows = report.source.rows("supervision_measures");
    let (measures, states) = (rows.words("measure"), rows.words("state"));
    let mut counts: BTreeMap<(usize, &str), [f64; 4]> = BTreeMap::new();
    for (measure, state) in measures.iter().zip(&states) {
        if let Some(at) = STATES.iter().position(|s| s == state) {
            counts.entry((report.labels.order("measure", measure), measure)).or_default()[at] += 1.0;
        }
    }
    if counts.is_empty() {
        return html! {};
    }
    let stacks: Vec<Stack> = counts
        .iter()
        .map(|((_, measure), parts)| Stack {
            label: report.labels.code("measure", measure).to_string(),
            text: format!("{:.0}", parts.iter().sum::<f64>()),
            parts: parts.to_vec(),
            alerts: STATES.iter().map(|s| *s == "overdue").collect(),
        })
        .collect();
    let names: Vec<String> = STATES.iter().map(|s| report.labels.code("state", s).to_string()).collect();
    let late: f64 = counts.values().map(|parts| parts[0]).sum();
    let title = say!(report.lang, "report-chart-progress-title", late = late as usize, all = rows.height());
    let text = report.lang.text("report-chart-progress-text");
    let drawing = chart::stack(HALF, &stacks, &names, &Caption { id: "chart-progress", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// Villages with measures that are late or have not been set up, one line each.
pub(super) fn late(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("supervision_measures") else { return html! {} };
    let rows = Rows::of(Some(frame));
    let (states, due) = (rows.words("state"), rows.dates("due"));
    let (villages, measures) = (rows.words("village"), rows.words("measure"));
    // First row, earliest due day, and the measures of each kind.
    type Village = (usize, Option<chrono::NaiveDate>, [Vec<String>; 2]);
    let mut lines: Vec<Village> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for i in rows.which("state", &["overdue", "missing"]) {
        let at = *place.entry(villages[i]).or_insert_with(|| {
            lines.push((i, None, [Vec::new(), Vec::new()]));
            lines.len() - 1
        });
        let line = &mut lines[at];
        let measure = report.labels.code("measure", measures[i]);
        match (states[i], due[i]) {
            ("overdue", Some(day)) => {
                line.1 = Some(line.1.map_or(day, |first| first.min(day)));
                line.2[0].push(say!(report.lang, "report-late-due", what = &*measure, day = day));
            }
            ("overdue", None) => line.2[0].push(measure.to_string()),
            _ => line.2[1].push(measure.to_string()),
        }
    }
    if lines.is_empty() {
        return html! {};
    }
    lines.sort_by_key(|(row, first, _)| (first.is_none(), *first, *row));
    let picked: Vec<usize> = lines.iter().map(|l| l.0).collect();
    let columns = report.with_county(&["township", "village_name"]);
    let mut grid = report.maker().grid("supervision_measures", frame, &columns, Some(&picked));
    for (kind, state) in ["overdue", "missing"].into_iter().enumerate() {
        let cells = lines.iter().map(|l| text(l.2[kind].join(report.labels.comma()).into()));
        grid.push(report.labels.code("state", state).to_string(), Style::Prose, cells.collect());
    }
    let title = report.lang.text("report-table-late");
    table(report, &title, &report.lang.text("report-table-late-note"), &grid, report.cap())
}
