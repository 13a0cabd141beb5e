//! Appendices: where the data come from and what was doubted; how to read the figures.

use maud::{Markup, html};

use super::policy;
use super::table::table;
use crate::book::reason_label;
use crate::report::Report;
use crate::report::grid::{Cell, Grid, Style};
use crate::say;

pub(super) fn data(report: &Report) -> Markup {
    let lang = report.lang;
    let sources = &report.digest.sources;
    html! {
        @if sources.sheets.is_empty() {
            p class="lead" { (lang.text("report-data-tables")) }
        } @else {
            p class="lead" { (lang.text("report-data-lead")) }
            (table(report, &lang.text("report-table-files"), &lang.text("report-table-files-note"), &report.file_grid(), report.cap()))
        }
        div class="charts" {
            (reasons(report, "flag", sources.flagged.iter().map(|(r, n)| (r.as_str(), *n)).collect()))
            (reasons(report, "quarantine", sources.quarantined.iter().map(|(r, n)| (r.as_str(), *n)).collect()))
        }
        @if report.input.check.not_read.iter().any(|f| !f.passing()) {
            div class="sheet" {
                div class="head" { h3 { (lang.text("report-table-unread")) } }
                table class="plain" { tbody { @for file in report.input.check.not_read.iter().filter(|f| !f.passing()) {
                    tr { th scope="row" { (file.file) } td { (say!(report.lang, &file.reason, detail = &file.detail)) } }
                } } }
            }
        }
        (tables(report))
    }
}

fn reasons(report: &Report, kind: &str, mut counts: Vec<(&str, usize)>) -> Markup {
    if counts.is_empty() {
        return html! {};
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    html! {
        div class="sheet" {
            div class="head" { h3 { (report.lang.text(&format!("report-table-{kind}"))) } }
            table class="plain" { tbody { @for (reason, n) in counts {
                tr { th scope="row" { (reason_label(kind, reason, report.lang)) } td class="n" { (n) } }
            } } }
        }
    }
}

fn tables(report: &Report) -> Markup {
    let mut grid = Grid::default();
    let tables = &report.digest.sources.tables;
    let names = tables.iter().map(|(name, _)| crate::report::grid::text(report.table_name(name).into())).collect();
    grid.push(report.lang.text("report-file-table"), Style::Word, names);
    let rows = tables.iter().map(|(_, n)| Cell::Whole(*n as i64)).collect();
    grid.push(report.lang.text("report-file-accepted"), Style::Whole, rows);
    table(report, &report.lang.text("report-table-book"), "", &grid, usize::MAX)
}

pub(super) fn method(report: &Report) -> Markup {
    let lang = report.lang;
    html! {
        (policy::short(report))
        dl class="method" {
            @for id in ["score", "range", "grade", "supervise", "reserve", "structure", "missing", "privacy", "people"] {
                dt { (lang.text(&format!("report-method-{id}"))) }
                dd { (lang.text(&format!("report-method-{id}-text"))) }
            }
            dt { (lang.text("report-method-run")) }
            dd { (report.run_line()) }
        }
    }
}
