//! The page: first what the meeting needs, then a section per stage, then data and method.

mod appendix;
mod changes;
mod counties;
mod cultivate;
mod decisions;
mod first;
mod measures;
mod model;
mod motivate;
mod policy;
mod reserve;
mod score;
mod structure;
mod supervise;
mod table;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::view::Rows;
use super::{Report, format};
use crate::lang::Lang;
use crate::say;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Rows shown of a table of one county: more than any county has villages.
const ROWS_ONE: usize = 1_000;
/// Rows shown of a table where several counties share the report.
const ROWS_SEVERAL: usize = 300;
/// Rows of a chart; what lies between the two ends is left out, and the caption says so.
const CHART_ROWS: usize = 40;

/// The whole report.
pub(super) fn page(report: &Report) -> String {
    let lang = report.lang;
    let title = report.title();
    let internal = report.input.audience.sees_names();
    let chapters = chapters(report);
    html! {
        (DOCTYPE)
        html lang=(match lang { Lang::Zh => "zh-CN", Lang::En => "en" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) (page_boxes(report, &title)) }
            }
            body class=(if internal { "internal" } else { "summary" }) {
                @if internal {
                    // Repeated on each printed page, in the margin of the text block.
                    div class="stamp" aria-hidden="true" { (lang.text("report-internal")) }
                }
                nav aria-label=(lang.text("report-contents")) {
                    span class="mark" {
                        (lang.text(if internal { "report-internal" } else { "report-summary" }))
                    }
                    a href="#first" { (lang.text("report-first")) }
                    @for chapter in &chapters { a href={ "#" (chapter.id) } { (chapter.title) } }
                }
                main {
                    (first::page(report, &title))
                    @for (i, chapter) in chapters.iter().enumerate() {
                        section id=(chapter.id) {
                            h2 { span class="no" { (number(lang, i)) } (chapter.title) }
                            (chapter.body)
                        }
                    }
                    footer {
                        p { (lang.text("report-study")) }
                        p { (say!(lang, "report-made-by", version = report.input.version)) }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
    .into_string()
}

/// The page of a `whatif`.
pub(super) fn whatif(report: &Report) -> String {
    changes::whatif(report)
}

struct Chapter {
    id: &'static str,
    title: String,
    body: Markup,
}

fn chapters(report: &Report) -> Vec<Chapter> {
    let chapter =
        |id: &'static str, body: Markup| Chapter { id, title: report.lang.text(&format!("report-section-{id}")), body };
    let mut chapters = Vec::new();
    if report.several() {
        chapters.push(chapter("counties", counties::section(report)));
    }
    if !report.summary_only() {
        chapters.push(chapter("score", score::section(report)));
        chapters.push(chapter("supervise", supervise::section(report)));
        chapters.push(chapter("reserve", reserve::section(report)));
        chapters.push(chapter("structure", structure::section(report)));
        chapters.extend(cultivate::section(report).map(|body| chapter("cultivate", body)));
        chapters.extend(motivate::section(report).map(|body| chapter("motivate", body)));
        chapters.extend(changes::section(report).map(|body| chapter("changes", body)));
        chapters.extend(decisions::section(report).map(|body| chapter("decisions", body)));
    }
    chapters.push(chapter("data", appendix::data(report)));
    chapters.push(chapter("method", appendix::method(report)));
    chapters
}

/// Chapter numbers as official documents write them.
fn number(lang: Lang, index: usize) -> String {
    const DIGITS: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    match lang {
        Lang::Zh => format!("{}、", DIGITS.get(index).copied().unwrap_or("")),
        Lang::En => format!("{}  ", index + 1),
    }
}

/// Page margins of the print: heading, page numbers and, for the office's own copy, its mark.
/// Texts stand in a CSS string, so quotes, backslashes and line breaks are taken out of them.
fn page_boxes(report: &Report, title: &str) -> PreEscaped<String> {
    let quote = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '"' | '\\' | '<' | '>') && !c.is_control()).collect()
    };
    let study = quote(&report.lang.text("report-study-short"));
    let mark = quote(&report.lang.text("report-internal"));
    let title = quote(title);
    let mut css = format!("@page{{@top-left{{content:\"{title}\"}}@bottom-left{{content:\"{study}\"}}");
    if report.input.audience.sees_names() {
        css.push_str(&format!("@top-right{{content:\"{mark}\"}}"));
    }
    css.push('}');
    PreEscaped(css)
}

impl Report<'_> {
    fn cap(&self) -> usize {
        if self.several() { ROWS_SEVERAL } else { ROWS_ONE }
    }

    /// Name of a township, with its county where there are several.
    fn township(&self, county: &str, township: &str) -> String {
        let county = if self.several() { county } else { "" };
        super::digest::join(self.lang, &[county, township])
    }

    /// An output table with rows, or the sentence that stands in its place.
    fn rows_or(&self, table: &str, empty: &str) -> Result<Rows<'_>, Markup> {
        match self.source.outcome(table) {
            None => Err(html! { p class="none" { (self.lang.text("report-missing")) } }),
            Some(frame) if frame.height() == 0 => Err(html! { p class="none" { (self.lang.text(empty)) } }),
            Some(frame) => Ok(Rows::of(Some(frame))),
        }
    }
}

/// A chart under its question.
fn figure(title: &str, text: &str, drawing: Markup) -> Markup {
    html! {
        figure {
            figcaption { b { (title) } @if !text.is_empty() { span { (text) } } }
            (drawing)
        }
    }
}

/// The first and the last rows of a sorted list that is too long to draw, and how many are left out.
fn ends<T>(mut rows: Vec<T>) -> (Vec<T>, usize) {
    let left_out = rows.len().saturating_sub(CHART_ROWS);
    if left_out > 0 {
        let tail = rows.split_off(rows.len() - CHART_ROWS / 2);
        rows.truncate(CHART_ROWS / 2);
        rows.extend(tail);
    }
    (rows, left_out)
}

/// A chart's sentence with the remark that rows are left out.
fn caption(report: &Report, text: String, left_out: usize) -> String {
    if left_out == 0 { text } else { format!("{text} {}", say!(report.lang, "report-chart-ends", n = left_out)) }
}

/// A chart's sentence with the remark that rows are withheld.
fn not_drawn(report: &Report, text: String, withheld: usize) -> String {
    if withheld == 0 { text } else { format!("{text} {}", say!(report.lang, "privacy-withheld-rows", n = withheld)) }
}

/// A number with one decimal.
fn tenth(value: f64) -> String {
    format::fixed(value, 1)
}

/// Sign between reasons.
fn separator(report: &Report) -> &'static str {
    match report.lang {
        crate::lang::Lang::Zh => "；",
        crate::lang::Lang::En => "; ",
    }
}
