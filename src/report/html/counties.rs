//! Section: the counties side by side, where there are several.

use maud::{Markup, html};

use super::table::table;
use super::{caption, ends, figure, tenth};
use crate::report::Report;
use crate::report::chart::{self, Caption, Dot, FULL};
use crate::report::grid::{Cell, Grid, Style};
use crate::say;

pub(super) fn section(report: &Report) -> Markup {
    let grid = report.county_grid();
    html! {
        @if report.summary_only() {
            p class="lead" { (say!(report.lang, "report-counties-many", n = report.counties.len())) }
        }
        (medians(report))
        (table(report, &report.lang.text("report-table-counties"), &report.lang.text("report-table-counties-note"), &grid, usize::MAX))
    }
}

impl Report<'_> {
    /// One line per county.
    pub(in crate::report) fn county_grid(&self) -> Grid<'_> {
        let rows = &self.digest.counties;
        let mut grid = Grid::default();
        let whole = |read: fn(&crate::report::digest::CountyRow) -> usize| -> Vec<Cell<'_>> {
            rows.iter().map(|r| Cell::Whole(read(r) as i64)).collect()
        };
        let label = |id: &str| self.lang.text(&format!("report-county-{id}"));
        let names = rows.iter().map(|r| crate::report::grid::text(r.county.as_str().into())).collect();
        grid.push(self.labels.column("county"), Style::Word, names);
        grid.push(label("villages"), Style::Whole, whole(|r| r.villages));
        grid.push(label("rated"), Style::Whole, whole(|r| r.rated));
        let medians = rows.iter().map(|r| r.median.map_or(Cell::Empty, Cell::Number)).collect();
        grid.push(label("median"), Style::Number(1), medians);
        grid.push(label("supervised"), Style::Whole, whole(|r| r.supervised));
        grid.push(label("suggested"), Style::Whole, whole(|r| r.suggested));
        grid.push(label("talks"), Style::Whole, whole(|r| r.talks));
        grid.push(label("vacancies"), Style::Whole, whole(|r| r.vacancies));
        grid.push(label("assigned"), Style::Whole, whole(|r| r.assigned));
        grid.push(label("open"), Style::Whole, whole(|r| r.open));
        grid.push(label("overdue"), Style::Whole, whole(|r| r.overdue));
        grid.push(label("broken"), Style::Whole, whole(|r| r.broken));
        grid
    }
}

fn medians(report: &Report) -> Markup {
    let mut rows: Vec<_> = report.digest.counties.iter().filter_map(|r| Some((r, r.median?))).collect();
    if rows.len() < 2 {
        return html! {};
    }
    rows.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.county.cmp(&b.0.county)));
    let dots = rows
        .iter()
        .map(|(row, median)| Dot {
            label: row.county.clone(),
            value: *median,
            range: None,
            text: say!(report.lang, "report-median-of", median = tenth(*median), n = row.rated),
            alert: false,
        })
        .collect();
    let (dots, left_out) = ends(dots);
    let title = report.lang.text("report-chart-counties-title");
    let text = caption(report, report.lang.text("report-chart-counties-text"), left_out);
    let drawing = chart::dots(FULL, &dots, None, false, &Caption { id: "chart-counties", title: &title, text: &text });
    figure(&title, &text, drawing)
}
