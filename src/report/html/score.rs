//! Section: how the villages did.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::table::table;
use super::{caption, ends, figure, separator, tenth};
use crate::report::Report;
use crate::report::chart::{self, Caption, Dot, HALF, Stack, Strip};
use crate::report::format::{median, quantile};
use crate::report::grid::{Cell, Grid, Style};
use crate::report::view::Rows;
use crate::say;

/// Below this gap two medians are called equal, in points.
const NEAR: f64 = 0.05;

pub(super) fn section(report: &Report) -> Markup {
    let rows = match report.rows_or("scores", "report-scores-none") {
        Ok(rows) => rows,
        Err(sentence) => return sentence,
    };
    html! {
        p class="lead" { (lead(report, rows)) }
        div class="charts" {
            (by_class(report, rows))
            (grades(report, rows))
            (by_township(report, rows))
        }
        (villages(report))
        (areas(report))
    }
}

fn lead(report: &Report, rows: Rows) -> String {
    let mut scores: Vec<f64> = rows.numbers("score").into_iter().flatten().collect();
    let rated = scores.len();
    match median(&mut scores) {
        Some(median) => say!(
            report.lang,
            "report-score-lead",
            rated = rated,
            open = rows.height() - rated,
            median = tenth(median),
            low = tenth(quantile(&scores, 0.1).unwrap_or(median)),
            high = tenth(quantile(&scores, 0.9).unwrap_or(median))
        ),
        None => say!(report.lang, "report-score-lead-none", open = rows.height()),
    }
}

/// Scores of rated villages by a key, each list sorted.
fn groups<'a, K: Ord>(rows: Rows<'a>, key: impl Fn(usize) -> K) -> BTreeMap<K, Vec<f64>> {
    let mut groups: BTreeMap<K, Vec<f64>> = BTreeMap::new();
    for (i, score) in rows.numbers("score").into_iter().enumerate() {
        if let Some(score) = score {
            groups.entry(key(i)).or_default().push(score);
        }
    }
    for values in groups.values_mut() {
        values.sort_by(f64::total_cmp);
    }
    groups
}

fn by_class(report: &Report, rows: Rows) -> Markup {
    let classes = rows.words("class");
    let groups = groups(rows, |i| (report.labels.order("class", classes[i]), classes[i]));
    let strips: Vec<Strip> = groups
        .into_iter()
        .map(|((_, class), values)| Strip {
            label: label_or(report, &report.labels.code("class", class)),
            text: say!(report.lang, "report-median-of", median = tenth(middle(&values)), n = values.len()),
            values,
        })
        .collect();
    if strips.is_empty() {
        return html! {};
    }
    let best = strips.iter().max_by(|a, b| middle(&a.values).total_cmp(&middle(&b.values)));
    let worst = strips.iter().min_by(|a, b| middle(&a.values).total_cmp(&middle(&b.values)));
    let title = match (best, worst) {
        (Some(best), Some(worst)) if middle(&best.values) - middle(&worst.values) > NEAR => say!(
            report.lang,
            "report-chart-class-title",
            best = &best.label,
            worst = &worst.label,
            gap = tenth(middle(&best.values) - middle(&worst.values))
        ),
        _ => report.lang.text("report-chart-class-same"),
    };
    let text = report.lang.text("report-chart-class-text");
    let drawing = chart::strip(HALF, &strips, &Caption { id: "chart-class", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// Median of a sorted list that is not empty.
fn middle(values: &[f64]) -> f64 {
    quantile(values, 0.5).unwrap_or_default()
}

fn label_or(report: &Report, label: &str) -> String {
    if label.is_empty() { report.lang.text("report-unnamed") } else { label.to_owned() }
}

fn by_township(report: &Report, rows: Rows) -> Markup {
    let (counties, townships) = (rows.words("county"), rows.words("township"));
    let mut groups: Vec<_> = groups(rows, |i| (counties[i], townships[i])).into_iter().collect();
    if groups.len() < 2 {
        return html! {};
    }
    groups.sort_by(|a, b| middle(&b.1).total_cmp(&middle(&a.1)).then_with(|| a.0.cmp(&b.0)));
    let mut all: Vec<f64> = rows.numbers("score").into_iter().flatten().collect();
    let overall = median(&mut all).unwrap_or_default();
    let below = groups.iter().filter(|(_, v)| quantile(v, 0.75).unwrap_or_default() < overall).count();
    let dots: Vec<Dot> = groups
        .iter()
        .map(|((county, township), values)| {
            let high = quantile(values, 0.75).unwrap_or_default();
            Dot {
                label: label_or(report, &report.township(county, township)),
                value: middle(values),
                range: Some((quantile(values, 0.25).unwrap_or_default(), high)),
                text: tenth(middle(values)),
                alert: high < overall,
            }
        })
        .collect();
    let (dots, left_out) = ends(dots);
    let title = say!(report.lang, "report-chart-township-title", n = groups.len(), below = below);
    let text = caption(report, report.lang.text("report-chart-township-text"), left_out);
    let reference = say!(report.lang, "report-chart-township-median", median = tenth(overall));
    let drawing = chart::dots(
        HALF,
        &dots,
        Some((overall, &reference)),
        false,
        &Caption { id: "chart-township", title: &title, text: &text },
    );
    figure(&title, &text, drawing)
}

/// Grades by class: is any class favoured?
fn grades(report: &Report, rows: Rows) -> Markup {
    let (grades, classes) = (rows.words("grade"), rows.words("class"));
    let mut known: BTreeMap<(usize, &str), ()> = BTreeMap::new();
    let mut counts: BTreeMap<(usize, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    for (grade, class) in grades.iter().zip(&classes) {
        if grade.is_empty() {
            continue;
        }
        known.insert((report.labels.order("grade", grade), grade), ());
        *counts.entry((report.labels.order("class", class), class)).or_default().entry(grade).or_insert(0) += 1;
    }
    // More grades than tones (stars, say) are told by the table alone.
    let rated: Vec<&str> = known.keys().map(|k| k.1).filter(|g| *g != "not_rated").collect();
    if rated.is_empty() || rated.len() > 4 || counts.len() < 2 {
        return html! {};
    }
    let names: Vec<String> = rated.iter().map(|g| report.labels.code("grade", g).to_string()).collect();
    let stacks: Vec<Stack> = counts
        .iter()
        .map(|((_, class), by)| {
            let parts: Vec<f64> = rated.iter().map(|g| by.get(g).copied().unwrap_or(0) as f64).collect();
            let n: f64 = parts.iter().sum();
            Stack {
                label: label_or(report, &report.labels.code("class", class)),
                text: say!(report.lang, "report-n-villages", n = n as usize),
                parts,
                alerts: Vec::new(),
            }
        })
        .collect();
    let title = report.lang.text("report-chart-grade-title");
    let text = report.lang.text("report-chart-grade-text");
    let drawing = chart::stack(HALF, &stacks, &names, &Caption { id: "chart-grade", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// Rows in the order in which a meeting reads them: by rank, the unrated last.
fn by_rank(rows: Rows) -> Vec<usize> {
    let counties = rows.words("county");
    let ranks = rows.wholes("rank");
    let mut order: Vec<usize> = (0..rows.height()).collect();
    order.sort_by_key(|&i| (counties[i], ranks[i].unwrap_or(i64::MAX), i));
    order
}

fn villages(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("scores") else { return html! {} };
    let rows = Rows::of(Some(frame));
    let order = by_rank(rows);
    let columns = report.with_county(&[
        "township",
        "village_name",
        "class",
        "person",
        "score",
        "grade",
        "rank_in_class",
        "consequence",
    ]);
    let mut grid = report.maker().grid("scores", frame, &columns, Some(&order));
    let (low, high) = (rows.wholes("rank_low"), rows.wholes("rank_high"));
    let ranks = rows.wholes("rank");
    let ranges = order.iter().map(|&i| match (ranks[i], low[i], high[i]) {
        (Some(rank), Some(low), Some(high)) => {
            Cell::Text(say!(report.lang, "report-rank-range", rank = rank, low = low, high = high).into())
        }
        (Some(rank), ..) => Cell::Text(rank.to_string().into()),
        _ => Cell::Empty,
    });
    let label = report.lang.text("report-col-range");
    grid.insert("grade", label, Style::Aligned, ranges.collect());
    let (grade, consequence) = (rows.words("grade_reason"), rows.words("consequence_reason"));
    let reasons = order.iter().map(|&i| {
        let both = [grade[i], consequence[i]];
        let parts: Vec<&str> = both.into_iter().filter(|t| !t.is_empty()).collect();
        crate::report::grid::text(report.people.weave(&parts.join(separator(report))).into_owned().into())
    });
    grid.push(report.labels.column("reasons"), Style::Prose, reasons.collect());
    let title = report.lang.text("report-table-villages");
    let note = report.lang.text("report-table-villages-note");
    table(report, &title, &note, &grid, report.cap())
}

/// Where the points come from: contributions by area, one row per village.
fn areas(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("scores") else { return html! {} };
    let rows = Rows::of(Some(frame));
    let Some(wide) = report.areas() else { return html! {} };
    let scores = rows.numbers("score");
    let order: Vec<usize> = by_rank(rows).into_iter().filter(|&i| scores[i].is_some()).collect();
    let columns = report.with_county(&["township", "village_name", "score"]);
    let mut grid: Grid = report.maker().grid("scores", frame, &columns, Some(&order));
    let villages = rows.words("village");
    for (label, values) in &wide {
        let cells = order.iter().map(|&i| values.get(villages[i]).map_or(Cell::Empty, |v| Cell::Number(*v)));
        grid.push(label.clone(), Style::Number(1), cells.collect());
    }
    let title = report.lang.text("report-table-areas");
    let note = report.lang.text("report-table-areas-note");
    table(report, &title, &note, &grid, report.cap())
}
