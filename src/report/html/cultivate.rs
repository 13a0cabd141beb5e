//! Training, placements and the contest.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::table::table;
use super::{caption, ends, figure, not_drawn};
use crate::privacy::MASK;
use crate::report::Report;
use crate::report::chart::{self, Bar, Caption, HALF, Stack, Strip};
use crate::report::format::part;
use crate::report::view::Rows;
use crate::say;

/// States as bars stack them: had it, not due, due, cannot be said.
const PARTS: [&[&str]; 4] = [&["done"], &["not_due"], &["partial", "lapsed", "lost_certificate"], &["no_record"]];

/// The chapter; `None` if the run has no such tables.
pub(super) fn section(report: &Report) -> Option<Markup> {
    report.source.outcome("training_status")?;
    let lang = report.lang;
    Some(html! {
        p class="lead" { (lead(report)) }
        p { (lang.text("cultivate-not-judged")) }
        div class="charts" { (townships(report)) (batches(report)) }
        (status(report))
        (plain(report, "training_batches", &[
            "level", "township", "batch", "course", "seats", "used", "days", "person_days", "townships", "from", "until", "bound",
        ]))
        (plan(report))
        p class="lead" { (placed(report)) }
        (plain(report, "placements", &[
            "township", "village_name", "person", "post", "host", "activity", "months", "from", "until", "fit", "reasons",
            "next_best", "next_best_loss",
        ]))
        (plain(report, "open_places", &["host", "activity", "months", "cause", "detail"]))
        (contest(report))
    })
}

fn lead(report: &Report) -> String {
    let rows = report.source.rows("training_status");
    let states = rows.count("state");
    let of = |codes: &[&str]| codes.iter().map(|s| states.get(s).copied().unwrap_or(0)).sum::<usize>();
    let plan = report.source.rows("training_plan");
    let open = plan.wholes("batch").iter().filter(|b| b.is_none()).count();
    say!(
        report.lang,
        "cultivate-lead",
        all = rows.height(),
        done = of(PARTS[0]),
        share = part(of(PARTS[0]), rows.height()),
        due = of(PARTS[2]),
        unknown = of(PARTS[3]),
        planned = plan.height() - open,
        batches = report.source.rows("training_batches").height(),
        open = open
    )
}

/// Where is training due? States by township.
fn townships(report: &Report) -> Markup {
    let rows = report.source.rows("training_status");
    let (counties, townships, states) = (rows.words("county"), rows.words("township"), rows.words("state"));
    let mut counts: BTreeMap<(&str, &str), [f64; 4]> = BTreeMap::new();
    for i in 0..rows.height() {
        if let Some(at) = PARTS.iter().position(|codes| codes.contains(&states[i])) {
            counts.entry((counties[i], townships[i])).or_default()[at] += 1.0;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    if counts.len() < 2 {
        return html! {};
    }
    let share = |parts: &[f64; 4]| (parts[2] + parts[3]) / parts.iter().sum::<f64>();
    counts.sort_by(|a, b| share(&b.1).total_cmp(&share(&a.1)).then_with(|| a.0.cmp(&b.0)));
    let late = counts.iter().filter(|(_, parts)| parts[2] > 0.0).count();
    let all = counts.len();
    let (counts, left_out) = ends(counts);
    let stacks: Vec<Stack> = counts
        .into_iter()
        .map(|((county, township), parts)| Stack {
            label: report.township(county, township),
            text: format!("{:.0}", parts.iter().sum::<f64>()),
            parts: parts.to_vec(),
            alerts: vec![false, false, parts[2] > 0.0, false],
        })
        .collect();
    let names: Vec<String> = ["done", "not-due", "due", "unknown"]
        .iter()
        .map(|p| report.lang.text(&format!("cultivate-part-{p}")))
        .collect();
    let title = say!(report.lang, "cultivate-chart-townships", late = late, n = all);
    let text = caption(report, report.lang.text("cultivate-chart-townships-text"), left_out);
    let drawing = chart::stack(HALF, &stacks, &names, &Caption { id: "chart-training", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// How full are the batches?
fn batches(report: &Report) -> Markup {
    let rows = report.source.rows("training_batches");
    if rows.is_empty() {
        return html! {};
    }
    let (counties, townships, courses) = (rows.words("county"), rows.words("township"), rows.words("course"));
    let (numbers, used, seats) = (rows.wholes("batch"), rows.wholes("used"), rows.wholes("seats"));
    let days = rows.wholes("person_days");
    let days = match days.iter().copied().sum::<Option<i64>>() {
        Some(days) => days.to_string(),
        None => MASK.to_owned(),
    };
    let from = rows.dates("from");
    let bars: Vec<Bar> = (0..rows.height())
        .filter(|i| used[*i].is_some())
        .map(|i| {
            let course = report.labels.code("course", courses[i]);
            let place = report.township(counties[i], townships[i]);
            let label = say!(report.lang, "cultivate-batch", n = numbers[i].unwrap_or(0), course = &*course);
            let day = from[i].map(|d| d.format("%m-%d").to_string()).unwrap_or_default();
            Bar {
                label: if place.is_empty() { label } else { format!("{place} {label}") },
                value: used[i].unwrap_or(0) as f64,
                text: format!("{} / {} · {day}", used[i].unwrap_or(0), seats[i].unwrap_or(0)),
                alert: false,
            }
        })
        .collect();
    let (all, withheld) = (rows.height(), rows.height() - bars.len());
    if bars.is_empty() {
        return html! { p class="none" { (report.lang.text("privacy-withheld-chart")) } };
    }
    let (bars, left_out) = ends(bars);
    let title = say!(report.lang, "cultivate-chart-batches", n = all, days = days);
    let text = not_drawn(report, caption(report, report.lang.text("cultivate-chart-batches-text"), left_out), withheld);
    let drawing = chart::bars(HALF, &bars, &Caption { id: "chart-batches", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// Everybody who has not had the year's training.
fn status(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("training_status").filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    let picked = rows.which("state", &["lost_certificate", "lapsed", "partial", "no_record"]);
    let columns = report.with_county(&[
        "township",
        "village_name",
        "person",
        "post",
        "state",
        "trained_days",
        "required_days",
        "last_training",
        "reason",
    ]);
    let grid = report.maker().grid("training_status", frame, &columns, Some(&picked));
    let title = report.lang.text("cultivate-table-status");
    table(report, &title, &report.lang.text("cultivate-table-status-note"), &grid, report.cap())
}

/// Who goes to which batch: those without a place first, then batch by batch.
fn plan(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("training_plan").filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    let (batch, counties) = (rows.wholes("batch"), rows.words("county"));
    let mut order: Vec<usize> = (0..rows.height()).collect();
    order.sort_by_key(|&i| (counties[i], batch[i], i));
    let columns = report.with_county(&[
        "batch",
        "course",
        "level",
        "from",
        "until",
        "township",
        "village_name",
        "person",
        "post",
        "cause",
        "reason",
    ]);
    let grid = report.maker().grid("training_plan", frame, &columns, Some(&order));
    let title = report.lang.text("table-training-plan");
    table(report, &title, &report.lang.text("cultivate-table-plan-note"), &grid, report.cap())
}

fn placed(report: &Report) -> String {
    let bars = report.source.rows("placement_bars");
    let mut people: Vec<&str> = bars.words("person");
    people.sort_unstable();
    people.dedup();
    say!(
        report.lang,
        "cultivate-placed",
        filled = report.source.rows("placements").height(),
        open = report.source.rows("open_places").height(),
        barred = people.len()
    )
}

fn contest(report: &Report) -> Markup {
    let rows = report.source.rows("contest");
    if rows.is_empty() {
        return html! { p class="none" { (report.lang.text("cultivate-contest-none")) } };
    }
    let (classes, totals) = (rows.words("class"), rows.numbers("contest_score"));
    let mut by_class: BTreeMap<(usize, &str), Vec<f64>> = BTreeMap::new();
    for (class, total) in classes.iter().zip(&totals) {
        if let Some(total) = total {
            by_class.entry((report.labels.order("class", class), class)).or_default().push(*total);
        }
    }
    let ranked: usize = by_class.values().map(Vec::len).sum();
    let strips: Vec<Strip> = by_class
        .into_iter()
        .map(|((_, class), mut values)| {
            values.sort_by(f64::total_cmp);
            let label = match class {
                "" => report.lang.text("cultivate-no-class"),
                class => report.labels.code("class", class).to_string(),
            };
            Strip { label, text: values.len().to_string(), values }
        })
        .collect();
    let title = say!(report.lang, "cultivate-chart-contest", n = ranked);
    let text = report.lang.text("cultivate-chart-contest-text");
    let caption = Caption { id: "chart-contest", title: &title, text: &text };
    html! {
        @if !strips.is_empty() { (figure(&title, &text, chart::strip(HALF, &strips, &caption))) }
        (plain(report, "contest", &[
            "rank", "township", "village_name", "person", "class", "rank_in_class", "policy_theory", "professional",
            "case_analysis", "contest_score", "percentile", "points", "state", "reason",
        ]))
    }
}

fn plain(report: &Report, name: &str, columns: &[&str]) -> Markup {
    let Some(frame) = report.source.outcome(name).filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    // Columns that say nothing of anybody are left out.
    let columns: Vec<&str> = report
        .with_county(columns)
        .into_iter()
        .filter(|c| *c != "township" || rows.words(c).iter().any(|t| !t.is_empty()))
        .collect();
    let grid = report.maker().grid(name, frame, &columns, None);
    let part = name.replace('_', "-");
    let note = report.lang.text(&format!("cultivate-table-{part}-note"));
    table(report, &report.lang.text(&format!("table-{part}")), &note, &grid, report.cap())
}
