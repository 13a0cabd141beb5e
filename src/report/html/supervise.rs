//! Section: villages under escalated supervision, and townships to talk to.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::table::table;
use super::{caption, ends, figure, measures, model, tenth};
use crate::report::Report;
use crate::report::chart::{self, Bar, Caption, Dot, HALF};
use crate::report::digest::LISTED;
use crate::report::grid::{Style, text};
use crate::report::view::{Rows, codes};
use crate::say;

/// States in the order of the list; the near misses and the unclear have tables of their own.
const MAIN: &[&str] = &["listed", "relapse", "recheck", "leaving", "suggested"];

pub(super) fn section(report: &Report) -> Markup {
    let rows = match report.rows_or("supervision", "report-supervision-none") {
        Ok(rows) => rows,
        Err(sentence) => return sentence,
    };
    html! {
        p class="lead" { (lead(report, rows)) }
        div class="charts" {
            (categories(report, rows))
            (measures::progress(report))
            (rates(report))
        }
        (list(report, rows, "main", MAIN, &["status", "categories", "urgency", "reasons", "clears",]))
        (list(report, rows, "near", &["near_miss"], &["urgency", "reasons"]))
        (list(report, rows, "clarify", &["to_clarify"], &["categories", "reasons", "clears"]))
        (talks(report))
        (measures::late(report))
        (rate_table(report))
        (model::card(report))
    }
}

fn lead(report: &Report, rows: Rows) -> String {
    let counts = rows.count("status");
    let order = MAIN.iter().chain(&["near_miss", "to_clarify"]);
    let parts: Vec<String> = order
        .filter_map(|state| Some((state, counts.get(state)?)))
        .map(|(state, n)| say!(report.lang, "report-word-count", word = &*report.labels.code("status", state), n = *n))
        .collect();
    say!(report.lang, "report-supervise-lead", parts = parts.join(report.labels.comma()))
}

fn categories(report: &Report, rows: Rows) -> Markup {
    let (texts, states) = (rows.words("categories"), rows.words("status"));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut listed, mut several) = (0, 0);
    for (categories, state) in texts.iter().zip(&states) {
        if !LISTED.contains(state) {
            continue;
        }
        let n = codes(categories).map(|code| *counts.entry(code).or_insert(0) += 1).count();
        listed += 1;
        several += usize::from(n > 1);
    }
    let mut bars: Vec<Bar> = counts
        .into_iter()
        .map(|(code, n)| Bar {
            label: report.labels.code("category", code).to_string(),
            value: n as f64,
            text: n.to_string(),
            alert: false,
        })
        .collect();
    if bars.is_empty() {
        return html! {};
    }
    bars.sort_by(|a, b| b.value.total_cmp(&a.value));
    let title = say!(
        report.lang,
        "report-chart-category-title",
        top = &bars[0].label,
        n = bars[0].value as usize,
        all = listed
    );
    let text = say!(report.lang, "report-chart-category-text", several = several);
    let drawing = chart::bars(HALF, &bars, &Caption { id: "chart-category", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// Cases per hundred heads by township, the denominator always in sight.
fn rates(report: &Report) -> Markup {
    let rows = report.source.rows("township_rates");
    let (counties, townships) = (rows.words("county"), rows.words("township"));
    let (rates, cases, heads) = (rows.numbers("cases_per_100"), rows.wholes("cases"), rows.wholes("heads"));
    // A mean over townships whose cases are withheld would be none, and its title would give them away.
    if cases.iter().any(Option::is_none) {
        return html! { p class="none" { (report.lang.text("privacy-withheld-chart")) } };
    }
    let mut picked: Vec<(usize, f64)> = rates.iter().enumerate().filter_map(|(i, r)| Some((i, (*r)?))).collect();
    picked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    if picked.len() < 2 {
        return html! {};
    }
    let (all_cases, all_heads): (i64, i64) = (cases.iter().flatten().sum(), heads.iter().flatten().sum());
    let overall = if all_heads > 0 { 100.0 * all_cases as f64 / all_heads as f64 } else { 0.0 };
    // Townships without a case are named in the title: a row each would say nothing more.
    let all = picked.len();
    picked.retain(|(_, rate)| *rate > 0.0);
    let none = all - picked.len();
    if picked.is_empty() {
        return html! {};
    }
    let dots: Vec<Dot> = picked
        .into_iter()
        .map(|(i, rate)| Dot {
            label: report.township(counties[i], townships[i]),
            value: rate,
            range: None,
            text: say!(report.lang, "report-cases-of", cases = cases[i].unwrap_or(0), heads = heads[i].unwrap_or(0)),
            alert: false,
        })
        .collect();
    let (dots, left_out) = ends(dots);
    let title = say!(report.lang, "report-chart-rate-title", rate = tenth(overall), none = none);
    let text = caption(report, report.lang.text("report-chart-rate-text"), left_out);
    let reference = say!(report.lang, "report-chart-rate-mean", rate = tenth(overall));
    let drawing = chart::dots(
        HALF,
        &dots,
        Some((overall, &reference)),
        true,
        &Caption { id: "chart-rate", title: &title, text: &text },
    );
    figure(&title, &text, drawing)
}

fn list(report: &Report, rows: Rows, id: &str, states: &[&str], columns: &[&str]) -> Markup {
    let Some(frame) = report.source.outcome("supervision") else { return html! {} };
    let mut picked = rows.which("status", states);
    if picked.is_empty() {
        return html! {};
    }
    let (status, urgency) = (rows.words("status"), rows.numbers("urgency"));
    let place = |state: &str| states.iter().position(|s| *s == state);
    picked.sort_by(|&a, &b| {
        place(status[a])
            .cmp(&place(status[b]))
            .then(urgency[b].unwrap_or(-1.0).total_cmp(&urgency[a].unwrap_or(-1.0)))
            .then(a.cmp(&b))
    });
    let columns = report.with_county(&[&["township", "village_name", "person"], columns].concat());
    let mut grid = report.maker().grid("supervision", frame, &columns, Some(&picked));
    if states.len() > 1 {
        let counts = |name: &str| (rows.wholes(&format!("{name}_done")), rows.wholes(&format!("{name}_total")));
        let (mechanisms, ones) = (counts("mechanisms"), counts("ones"));
        let part = |counts: &(Vec<Option<i64>>, Vec<Option<i64>>), i: usize| match (counts.0[i], counts.1[i]) {
            (Some(done), Some(total)) => format!("{done}/{total}"),
            _ => "—".to_owned(),
        };
        let cells = picked.iter().map(|&i| text(format!("{} · {}", part(&mechanisms, i), part(&ones, i)).into()));
        let cells = cells.collect();
        grid.insert("urgency", report.lang.text("report-col-measures"), Style::Word, cells);
    }
    let (reasons, bases) = (rows.words("reasons"), rows.words("basis"));
    let cells = picked.iter().map(|&i| {
        let mut reason = report.people.weave(reasons[i]).into_owned();
        if !bases[i].is_empty() {
            reason.push_str(&say!(report.lang, "report-basis", basis = report.labels.basis(bases[i])));
        }
        text(reason.into())
    });
    grid.replace("reasons", cells.collect());
    let title = report.lang.text(&format!("report-table-supervision-{id}"));
    let note = report.lang.text(&format!("report-table-supervision-{id}-note"));
    table(report, &title, &note, &grid, report.cap())
}

fn talks(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("talks").filter(|f| f.height() > 0) else { return html! {} };
    let columns = report.with_county(&[
        "township",
        "secretary",
        "villages",
        "listed",
        "problem_events",
        "adjusted_heads",
        "reasons",
    ]);
    let grid = report.maker().grid("talks", frame, &columns, None);
    table(
        report,
        &report.lang.text("report-table-talks"),
        &report.lang.text("report-table-talks-note"),
        &grid,
        report.cap(),
    )
}

fn rate_table(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("township_rates").filter(|f| f.height() > 0) else { return html! {} };
    let columns = report.with_county(&[
        "township",
        "villages",
        "heads",
        "cases",
        "cases_per_100",
        "reporting_departments",
        "note",
    ]);
    let grid = report.maker().grid("township_rates", frame, &columns, None);
    table(
        report,
        &report.lang.text("report-table-rates"),
        &report.lang.text("report-table-rates-note"),
        &grid,
        report.cap(),
    )
}
