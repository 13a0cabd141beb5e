//! Appendices: where the data come from and what was doubted; how to read the figures.

use maud::{Markup, html};

use super::table::table;
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
        @if !report.input.check.not_read.is_empty() {
            div class="sheet" {
                div class="head" { h3 { (lang.text("report-table-unread")) } }
                table class="plain" { tbody { @for file in &report.input.check.not_read {
                    tr { th scope="row" { (file.file) } td { (report.reason("not-read", &file.reason)) } td { (file.detail) } }
                } } }
            }
        }
        (tables(report))
    }
}

impl Report<'_> {
    /// The words of a reader's reason; a reason without words stands for itself.
    pub(in crate::report) fn reason(&self, kind: &str, code: &str) -> String {
        let code_id = code.replace('_', "-");
        for id in [format!("{kind}-{code_id}"), format!("report-{kind}-{code_id}")] {
            if self.lang.has(&id) {
                return self.lang.text(&id);
            }
        }
        code.replace('_', " ")
    }

    /// Files with their counts; the last line is the sum.
    pub(in crate::report) fn file_grid(&self) -> Grid<'_> {
        let sources = &self.digest.sources;
        let lines = || sources.sheets.iter().chain(std::iter::once(&sources.sum));
        let label = |id: &str| self.lang.text(&format!("report-file-{id}"));
        let mut grid = Grid::default();
        let mut names: Vec<Cell> =
            sources.sheets.iter().map(|s| crate::report::grid::text(s.file.as_str().into())).collect();
        names.push(Cell::Text(self.lang.text("report-file-sum").into()));
        grid.push(label("file"), Style::Word, names);
        let sheets = lines().map(|s| crate::report::grid::text(s.sheet.as_str().into())).collect();
        grid.push(label("sheet"), Style::Word, sheets);
        let tables = lines().map(|s| {
            let names: Vec<&str> = s.tables.iter().map(|t| self.table_name(t)).collect();
            crate::report::grid::text(names.join(self.labels.comma()).into())
        });
        grid.push(label("table"), Style::Word, tables.collect());
        type Read = fn(&crate::report::digest::FileRow) -> usize;
        let counts: [(&str, Read); 6] = [
            ("rows", |s| s.rows),
            ("accepted", |s| s.accepted),
            ("ignored", |s| s.ignored),
            ("quarantined", |s| s.quarantined),
            ("flagged", |s| s.flagged),
            ("repaired", |s| s.repaired),
        ];
        for (id, read) in counts {
            grid.push(label(id), Style::Whole, lines().map(|s| Cell::Whole(read(s) as i64)).collect());
        }
        grid
    }

    /// A canonical table's name in the reader's language.
    pub(in crate::report) fn table_name<'t>(&self, name: &'t str) -> &'t str {
        match (self.lang, crate::book::schema::table(name)) {
            (crate::lang::Lang::Zh, Some(table)) => table.zh,
            _ => name,
        }
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
                tr { th scope="row" { (report.reason(kind, reason)) } td class="n" { (n) } }
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

impl Report<'_> {
    /// What the run depended on besides data and policy.
    pub(in crate::report) fn run_line(&self) -> String {
        let ctx = self.input.ctx;
        say!(
            self.lang,
            "report-method-run-text",
            as_of = ctx.as_of,
            election = ctx.election_day(),
            seed = ctx.seed.to_string(),
            version = self.input.version
        )
    }
}
