//! Section: what changed since the earlier run; and the page of a `whatif`.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::table::{show, table};
use crate::lang::Lang;
use crate::report::format;
use crate::report::{Report, since::Since};
use crate::say;

/// Columns of a list's changes.
const COLUMNS: [&str; 8] = ["township", "village_name", "who", "kind", "before", "after", "cause", "why"];
/// Lists of numbers, where nearly everything moves: only the largest moves are shown on the page.
const NUMBERS: [&str; 3] = ["scores", "ranks", "pay"];
const LARGEST: usize = 20;

/// The chapter; `None` if the run was not compared with another.
pub(super) fn section(report: &Report) -> Option<Markup> {
    let since = report.since()?;
    let lang = report.lang;
    Some(html! {
        p class="lead" { (since.lead) }
        p class="lead" { (lang.text("changes-how")) }
        (table(
            report,
            &lang.text("changes-table-summary"),
            &lang.text("changes-table-summary-note"),
            &report.summary_grid(None, false),
            report.cap(),
        ))
        (lists(report, None))
    })
}

/// A table for each list that changed.
/// The changes of a list; of scores and ranks the largest first.
fn rows_of(report: &Report, variant: Option<&str>, list: &str) -> Vec<usize> {
    let mut picked = report.change_rows(variant, Some(list));
    if NUMBERS.contains(&list) {
        largest_first(report, &mut picked);
    }
    picked
}

fn lists(report: &Report, variant: Option<&str>) -> Markup {
    let columns: Vec<&str> = COLUMNS.into_iter().filter(|c| variant.is_none() || *c != "cause").collect();
    html! {
        @for list in crate::scenario::lists() {
            @let picked = rows_of(report, variant, list);
            @if !picked.is_empty() {
                @let cap = if NUMBERS.contains(&list) { LARGEST } else { report.cap() };
                (table(
                    report,
                    &report.labels.code("list", list),
                    &if NUMBERS.contains(&list) { report.lang.text("changes-largest") } else { String::new() },
                    &report.change_grid(&columns, &picked),
                    cap,
                ))
            }
        }
    }
}

fn largest_first(report: &Report, picked: &mut Vec<usize>) {
    let distances = report.distances(picked);
    let mut order: Vec<usize> = (0..picked.len()).collect();
    order.sort_by(|&a, &b| distances[b].total_cmp(&distances[a]).then(a.cmp(&b)));
    *picked = order.into_iter().map(|i| picked[i]).collect();
}

/// The block of the first page; nothing if the run was not compared with another.
pub(super) fn block(report: &Report) -> Markup {
    let Some(Since { lead, lines, items }) = report.since() else { return html! {} };
    html! {
        div class="block" id="since" {
            h3 { a href="#changes" { (report.lang.text("changes-title")) } }
            p class="lead" { (lead) }
            @if lines.height() > 0 {
                div class="pair" {
                    div { table {
                        thead { tr { @for field in &lines.fields {
                            th class=[field.style.right().then_some("n")] scope="col" { (field.label) }
                        } } }
                        tbody { @for row in 0..lines.height() {
                            tr { @for field in &lines.fields {
                                td class=[field.style.right().then_some("n")] {
                                    (show(report, field.style, &field.cells[row]))
                                }
                            } }
                        } }
                    } }
                    ul class="items" {
                        @for item in &items { li { b { (item.place) } " " (item.reason) } }
                        li class="more" { a href="#changes" { (report.lang.text("changes-all")) } }
                    }
                }
            }
        }
    }
}

/// The page of a `whatif`: base and variants side by side, then what changes with each.
pub(super) fn whatif(report: &Report) -> String {
    let lang = report.lang;
    let title = report.title();
    let internal = report.input.audience.sees_names();
    let names: Vec<&str> = report.variant_names();
    let tag = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    html! {
        (DOCTYPE)
        html lang=(tag) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(super::STYLE)) (super::page_boxes(report, &title)) }
            }
            body class=(if internal { "internal" } else { "summary" }) {
                @if internal {
                    div class="stamp" aria-hidden="true" { (lang.text("report-internal")) }
                }
                nav aria-label=(lang.text("report-contents")) {
                    span class="mark" { (lang.text(if internal { "report-internal" } else { "report-summary" })) }
                    a href="#first" { (lang.text("whatif-side-by-side")) }
                    @for (i, name) in names.iter().enumerate() {
                        a href={ "#v" (i) } { (report.variant_label(name)) }
                    }
                }
                main {
                    section id="first" {
                        header {
                            h1 { (title) }
                            p class="sub" {
                                (say!(lang, "report-as-of", day = format::day(lang, report.input.ctx.as_of)))
                                span class="dot" { "·" }
                                b { (lang.text("report-study-short")) }
                            }
                        }
                        dl class="from" {
                            dt { (lang.text("report-policy")) } dd { (report.policy_line()) }
                            dt { (lang.text("report-sources")) } dd { (report.sources_line()) }
                        }
                        p class="lead" { (lang.text("whatif-lead")) }
                        (table(report, &lang.text("whatif-variants"), "", &report.variant_grid(), usize::MAX))
                        (table(
                            report,
                            &lang.text("whatif-side-by-side"),
                            &lang.text("whatif-side-by-side-note"),
                            &report.figure_grid(true),
                            usize::MAX,
                        ))
                    }
                    @for (i, name) in names.iter().enumerate() {
                        section id={ "v" (i) } {
                            h2 { (report.variant_label(name)) }
                            @if report.change_rows(Some(name), None).is_empty() {
                                p class="none" { (lang.text("whatif-nothing")) }
                            } @else {
                                (table(
                                    report,
                                    &lang.text("changes-table-summary"),
                                    "",
                                    &report.summary_grid(Some(name), false),
                                    report.cap(),
                                ))
                                (lists(report, Some(name)))
                            }
                        }
                    }
                    footer {
                        p { (lang.text("report-study")) }
                        p { (say!(lang, "report-made-by", version = report.input.version)) }
                    }
                }
                script { (PreEscaped(super::SCRIPT)) }
            }
        }
    }
    .into_string()
}
