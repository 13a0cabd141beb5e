//! The card of the learned risk: from what it was learned, and how well it foresaw a year that it
//! had not seen.

use maud::{Markup, html};

use super::table::table;
use crate::kernel::round::show;
use crate::report::Report;
use crate::report::grid::{Style, text};
use crate::report::view::Rows;
use crate::say;

/// Effects of the model that are named.
const STRONGEST: usize = 6;

/// What the learned risk is made of and how well it foresaw a year it had not seen.
pub(super) fn card(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("risk_model").filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    let items = rows.words("item");
    let (values, notes) = (rows.numbers("value"), rows.words("note"));
    let picked: Vec<usize> = (0..items.len())
        .filter(|&i| !items[i].starts_with("weight:"))
        // That there is a model needs no line of its own; that there is none does.
        .filter(|&i| items[i] != "available" || values[i] == Some(0.0))
        .collect();
    let mut grid = report.maker().grid("risk_model", frame, &report.with_county(&[]), Some(&picked));
    let label = |i: usize| {
        let id = format!("report-model-{}", items[i].replace('_', "-"));
        if report.lang.has(&id) { report.lang.text(&id) } else { items[i].replace('_', " ") }
    };
    let labels = picked.iter().map(|&i| text(label(i).into())).collect();
    grid.push(report.lang.text("col-label"), Style::Word, labels);
    let shown = picked.iter().map(|&i| text(values[i].map_or(String::new(), |v| show(v, 3)).into())).collect();
    grid.push(report.lang.text("col-value"), Style::Word, shown);
    grid.push(report.lang.text("col-note"), Style::Prose, picked.iter().map(|&i| text(notes[i].into())).collect());
    // What pushes the risk up or down most, in words of the policy.
    let mut weights: Vec<(&str, f64)> =
        (0..items.len()).filter_map(|i| Some((items[i].strip_prefix("weight:")?, values[i]?))).collect();
    weights.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(b.0)));
    let strongest: Vec<String> = weights
        .iter()
        .take(STRONGEST)
        .map(|(item, weight)| {
            format!("{} {}{}", feature(report, item), if *weight < 0.0 { "−" } else { "+" }, show(weight.abs(), 2))
        })
        .collect();
    let mut note = report.lang.text("report-table-model-note");
    if !report.several() && !strongest.is_empty() {
        note.push_str(&say!(report.lang, "report-table-model-strongest", list = strongest.join(report.labels.comma())));
    }
    table(report, &report.lang.text("report-table-model"), &note, &grid, report.cap())
}

/// A feature of the model in words: an indicator of the policy, or a count of events.
fn feature(report: &Report, item: &str) -> String {
    match item.strip_prefix("events:") {
        None => report.labels.code("indicator", item).to_string(),
        Some(kind) => {
            let id = format!("report-model-events-{}", kind.replace('_', "-"));
            if report.lang.has(&id) { report.lang.text(&id) } else { kind.replace('_', " ") }
        }
    }
}
