//! Section: which posts are open, who in the pool could fill them, and what stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use polars::prelude::{BooleanChunked, Column, DataFrame};

use super::table::table;
use super::{caption, ends, figure, not_drawn, separator};
use crate::matching::tables::OF_PROOF;
use crate::report::Report;
use crate::report::chart::{self, Bar, Caption, HALF, Pair};
use crate::report::format::part;
use crate::report::grid::{Cell, Style};
use crate::report::view::Rows;
use crate::say;

pub(super) fn section(report: &Report) -> Markup {
    let rows = match report.rows_or("vacancies", "report-vacancies-none") {
        Ok(rows) => rows,
        Err(sentence) => return html! { (sentence) (pool_tables(report)) },
    };
    html! {
        p class="lead" { (report.digest.open.text) }
        div class="charts" { (supply(report, rows)) (causes(report)) }
        (assignment(report))
        (shortlists(report))
        (simple(report, "open_posts", &["township", "village_name", "post", "cause", "detail"]))
        (simple(report, "chains", &["township", "village_name", "post", "candidate", "moves", "detail"]))
        (quotas(report))
        (simple(report, "match_orders", &["township", "village_name", "post", "candidate", "decision", "followed", "cost", "posts"]))
        (simple(report, "waivers", &["gate", "people", "posts_opened", "fit_gain", "text"]))
        (pool_tables(report))
    }
}

fn pool_tables(report: &Report) -> Markup {
    html! {
        (simple(report, "probation", &["township", "village_name", "candidate", "joined", "eligible_on"]))
        (exits(report))
        (outcomes(report))
        (fill(report))
    }
}

/// Where is the pool too small for the vacancies? People in the pool and vacancies by township.
fn supply(report: &Report, rows: Rows) -> Markup {
    let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for (county, township) in rows.words("county").into_iter().zip(rows.words("township")) {
        counts.entry((county, township)).or_default().0 += 1;
    }
    let pool = Rows::of(report.source.book("pool"));
    let status = pool.words("status");
    for (i, (county, township)) in pool.words("county").into_iter().zip(pool.words("township")).enumerate() {
        if status[i] == "in_pool" || status[i].is_empty() {
            counts.entry((county, township)).or_default().1 += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().filter(|(key, _)| !key.1.is_empty()).collect();
    if counts.is_empty() {
        return html! {};
    }
    // Townships whose pool is too small to be shown, or that would give such a one away, go.
    let values: Vec<i64> = counts.iter().map(|(_, (_, have))| *have as i64).collect();
    let hidden = report.hidden(&values);
    let withheld = hidden.iter().filter(|h| **h).count();
    let mut gone = hidden.into_iter();
    counts.retain(|_| !gone.next().unwrap_or(false));
    if counts.is_empty() {
        return html! { p class="none" { (report.lang.text("privacy-withheld-chart")) } };
    }
    counts.sort_by_key(|(key, (need, have))| (*have as i64 - *need as i64, *key));
    let short = counts.iter().filter(|(_, (need, have))| have < need).count();
    let pairs: Vec<Pair> = counts
        .iter()
        .map(|((county, township), (need, have))| Pair {
            label: report.township(county, township),
            need: *need as f64,
            have: *have as f64,
            text: format!("{need} / {have}"),
            alert: have < need,
        })
        .collect();
    let all = pairs.len();
    let (pairs, left_out) = ends(pairs);
    let title = say!(report.lang, "report-chart-supply-title", short = short, n = all);
    let text = not_drawn(report, caption(report, report.lang.text("report-chart-supply-text"), left_out), withheld);
    let names = (report.lang.text("report-chart-supply-need"), report.lang.text("report-chart-supply-have"));
    let drawing =
        chart::pairs(HALF, &pairs, (&names.0, &names.1), &Caption { id: "chart-supply", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// Why do posts stay open, and why did they fall vacant?
fn causes(report: &Report) -> Markup {
    let bars_of = |table: &str| -> Vec<Bar> {
        let mut bars: Vec<Bar> = report
            .source
            .rows(table)
            .count("cause")
            .into_iter()
            .map(|(cause, n)| Bar {
                label: report.labels.code("cause", cause).to_string(),
                value: n as f64,
                text: n.to_string(),
                alert: table == "open_posts",
            })
            .collect();
        bars.sort_by(|a, b| b.value.total_cmp(&a.value));
        bars
    };
    let (vacant, open) = (bars_of("vacancies"), bars_of("open_posts"));
    html! {
        @if let Some(top) = vacant.first() {
            @let title = say!(report.lang, "report-chart-vacant-title", cause = &top.label, n = top.value as usize);
            (figure(&title, "", chart::bars(HALF, &vacant, &Caption { id: "chart-vacant", title: &title, text: "" })))
        }
        @if let Some(top) = open.first() {
            @let title = say!(report.lang, "report-chart-open-title", cause = &top.label, n = top.value as usize);
            (figure(&title, "", chart::bars(HALF, &open, &Caption { id: "chart-open", title: &title, text: "" })))
        }
    }
}

/// Posts filled of late, and how many of them from the pool: a sentence for one county.
fn fill(report: &Report) -> Markup {
    if report.several() {
        return simple(report, "fill", &["posts_filled_12m", "from_pool", "share"]);
    }
    let rows = report.source.rows("fill");
    let (filled, pool) = (rows.wholes("posts_filled_12m"), rows.wholes("from_pool"));
    let (Some(Some(filled)), Some(Some(pool))) = (filled.first(), pool.first()) else { return html! {} };
    let share = part(usize::try_from(*pool).unwrap_or(0), usize::try_from(*filled).unwrap_or(0));
    html! {
        div class="sheet" {
            div class="head" {
                h3 { (report.lang.text("report-table-fill")) }
                p { (say!(report.lang, "report-fill", filled = *filled, pool = *pool, share = share)) }
            }
        }
    }
}

/// Origin of a candidate as a cell: empty for one's own village.
fn origins<'a>(rows: Rows<'a>, picked: &[usize]) -> Vec<Cell<'a>> {
    let names = rows.words("origin_village_name");
    let own = rows.flags("own_village");
    picked
        .iter()
        .map(|&i| if own[i] == Some(true) { Cell::Empty } else { crate::report::grid::text(names[i].into()) })
        .collect()
}

fn shortlists(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("shortlists").filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    let recommended = rows.flags("recommended");
    let orders = rows.wholes("order");
    let vacancies = rows.words("vacancy");
    let places: Vec<(&str, &str, &str)> = {
        let (counties, townships, villages) = (rows.words("county"), rows.words("township"), rows.words("village"));
        (0..rows.height()).map(|i| (counties[i], townships[i], villages[i])).collect()
    };
    let none = recommended.iter().all(Option::is_none);
    let mut picked: Vec<usize> = (0..rows.height()).filter(|&i| none || recommended[i] == Some(true)).collect();
    picked.sort_by_key(|&i| (places[i], vacancies[i], orders[i], i));
    let columns = report.with_county(&[
        "township",
        "village_name",
        "post",
        "order",
        "candidate",
        "fit",
        "reasons_for",
        "reasons_against",
    ]);
    let mut grid = report.maker().grid("shortlists", frame, &columns, Some(&picked));
    grid.insert("candidate", report.lang.text("report-col-origin"), Style::Word, origins(rows, &picked));
    // Soft bars and what is to be clarified stand first among what speaks against somebody.
    let (against, soft) = (rows.words("reasons_against"), rows.words("soft_bars"));
    let cells = picked.iter().map(|&i| {
        let bars = crate::report::bars(report.lang, soft[i]);
        let parts: Vec<&str> = [bars.as_str(), against[i]].into_iter().filter(|t| !t.is_empty()).collect();
        crate::report::grid::text(report.people.weave(&parts.join(separator(report))).into_owned().into())
    });
    grid.replace("reasons_against", cells.collect());
    let posts: BTreeSet<&str> = picked.iter().map(|&i| vacancies[i]).collect();
    let title = report.lang.text("report-table-shortlists");
    let id = if none { "report-table-shortlists-note" } else { "report-table-shortlists-first" };
    let note = say!(report.lang, id, posts = posts.len());
    table(report, &title, &note, &grid, report.cap())
}

fn assignment(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("assignment").filter(|f| f.height() > 0) else { return html! {} };
    let columns = report.with_county(&[
        "township",
        "village_name",
        "post",
        "candidate",
        "own_village",
        "fit",
        "next_best",
        "next_best_loss",
        "tied",
        "kept",
        "fragile",
        "reasons",
    ]);
    // Without draws nothing is known of them.
    let known = |column: &&str| {
        !matches!(*column, "kept" | "fragile") || frame.column(column).is_ok_and(|c| c.null_count() < c.len())
    };
    let columns: Vec<&str> = columns.into_iter().filter(known).collect();
    let grid = report.maker().grid("assignment", frame, &columns, None);
    let mut note = report.lang.text("report-table-assignment-note");
    // Under quotas a draw's best solution is sought with limited effort.
    if let (true, Some(made), Some(proved)) =
        (columns.contains(&"kept"), item(report, "draws"), item(report, "draws_proved"))
        && proved < made
    {
        note.push_str(&say!(report.lang, "report-table-assignment-draws", made = made, proved = proved));
    }
    table(report, &report.lang.text("report-table-assignment"), &note, &grid, report.cap())
}

/// An item of the matching's summary.
fn item(report: &Report, name: &str) -> Option<i64> {
    let rows = report.source.rows("match_summary");
    let at = rows.words("item").iter().position(|item| *item == name)?;
    rows.wholes("value")[at]
}

/// Quotas and kinship; what only the proof needs is left out.
fn quotas(report: &Report) -> Markup {
    let columns =
        ["quota", "per", "seats", "sitting", "least", "most", "sum", "price", "cost_low", "cost_high", "cost_seats"];
    let own = report.source.outcome("quotas").and_then(|frame| {
        let keys = Rows::of(Some(frame)).words("quota").into_iter();
        let mask: BooleanChunked = keys.map(|key| Some(!OF_PROOF.contains(&key))).collect();
        frame.filter(&mask).ok()
    });
    let own = own.map(without_weights);
    let mut columns = columns.to_vec();
    if let Some(4 | 5) = item(report, "proof") {
        // Nothing was solved: the columns of a solution are empty. Which quotas contradict each other may be withheld.
        columns.retain(|column| !matches!(*column, "sum" | "price" | "cost_low" | "cost_high" | "cost_seats"));
        let is_told = own.as_ref().is_some_and(|f| f.column("conflict").is_ok_and(|c| c.null_count() < c.len()));
        columns.extend(["conflict", "relax"].into_iter().filter(|_| is_told));
    }
    own.map_or_else(Markup::default, |frame| shown(report, "quotas", &frame, &columns))
}

/// A share of filled posts weighs people: its bounds and sums are no numbers of people, and are left out.
fn without_weights(mut quotas: DataFrame) -> DataFrame {
    let rows = Rows::of(Some(&quotas));
    let outside = rows.wholes("outside");
    let shown = |name: &str| {
        let values = rows.wholes(name).into_iter().zip(&outside);
        let values: Vec<Option<i64>> = values.map(|(value, outside)| value.filter(|_| *outside == Some(0))).collect();
        Column::new(name.into(), values)
    };
    let columns = ["least", "most", "sum"].map(shown);
    for column in columns {
        let _ = quotas.with_column(column);
    }
    quotas
}

/// A table as the stage wrote it.
fn simple(report: &Report, name: &str, columns: &[&str]) -> Markup {
    report.source.outcome(name).map_or_else(Markup::default, |frame| shown(report, name, frame, columns))
}

/// Rows of a table as the stage wrote them.
fn shown(report: &Report, name: &str, frame: &DataFrame, columns: &[&str]) -> Markup {
    if frame.height() == 0 {
        return html! {};
    }
    let columns = report.with_county(columns);
    let grid = report.maker().grid(name, frame, &columns, None);
    let id = format!("report-table-{}", name.replace('_', "-"));
    table(report, &report.lang.text(&id), &report.lang.text(&format!("{id}-note")), &grid, report.cap())
}

/// People to leave the pool by name; those whose appraisal is due are counted by township, for
/// they may be most of the pool.
fn exits(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("pool_review").filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    let (counties, townships) = (rows.words("county"), rows.words("township"));
    let mut due: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let appraise = rows.which("advice", &["appraise"]);
    for &i in &appraise {
        *due.entry((counties[i], townships[i])).or_insert(0) += 1;
    }
    let mut due: Vec<_> = due.into_iter().collect();
    let mut gone = report.hidden(&due.iter().map(|(_, n)| *n as i64).collect::<Vec<i64>>()).into_iter();
    due.retain(|_| !gone.next().unwrap_or(false));
    due.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let named: Vec<String> =
        due.iter().map(|((county, township), n)| format!("{} {n}", report.township(county, township))).collect();
    let mut note = report.lang.text("report-table-pool-review-note");
    if !appraise.is_empty() {
        let list = named.join(report.labels.comma());
        note.push_str(&say!(report.lang, "report-table-pool-review-due", n = appraise.len(), list = list));
    }
    let unrecorded = rows.which("advice", &["unrecorded"]).len();
    if unrecorded > 0 {
        note.push_str(&say!(report.lang, "report-table-pool-review-unrecorded", n = unrecorded));
    }
    let picked = rows.which("advice", &["exit"]);
    let columns = report.with_county(&["township", "village_name", "candidate", "advice", "reason"]);
    let grid = report.maker().grid("pool_review", frame, &columns, Some(&picked));
    table(report, &report.lang.text("report-table-pool-review"), &note, &grid, report.cap())
}

fn outcomes(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("pool_outcomes").filter(|f| f.height() > 0) else { return html! {} };
    let mut columns: Vec<&str> = frame.get_column_names().into_iter().map(|n| n.as_str()).collect();
    columns.retain(|c| *c != "key");
    let picked = report.outcome_rows();
    let mut grid = report.maker().grid("pool_outcomes", frame, &columns, Some(&picked));
    grid.insert("dimension", report.labels.column("key"), Style::Word, report.outcome_keys(&picked));
    let id = "report-table-pool-outcomes";
    table(report, &report.lang.text(id), &report.lang.text(&format!("{id}-note")), &grid, report.cap())
}
