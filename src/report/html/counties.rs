//! Section: the counties side by side, where there are several.

use maud::{Markup, html};

use super::table::table;
use super::{caption, ends, figure, tenth};
use crate::report::Report;
use crate::report::chart::{self, Caption, Dot, FULL};
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
