//! Tables: sortable and filterable where a script may run, plain and complete where not.

use std::borrow::Cow;

use maud::{Markup, html};

use crate::report::Report;
use crate::report::format;
use crate::report::grid::{Cell, Field, Grid, Style};
use crate::say;

/// From this many rows on a table gets a filter box.
const FILTER_FROM: usize = 12;

/// A table with its title; at most `cap` rows, and a line that says what was left out.
pub(super) fn table(report: &Report, title: &str, note: &str, grid: &Grid, cap: usize) -> Markup {
    let lang = report.lang;
    let (all, shown) = (grid.height(), grid.height().min(cap));
    let long = shown >= FILTER_FROM;
    let classes: Vec<Option<&str>> = grid.fields.iter().map(class).collect();
    // Without a sentence to fill it, a table as wide as the page would tear its columns apart.
    let prose = grid.fields.iter().any(|f| f.style == Style::Prose);
    html! {
        div class={ "sheet" @if long { " long" } @if prose && shown >= LANDSCAPE_FROM { " wide" } } {
            div class="head" {
                h3 { (title) @if all > 0 { span class="count" { (all) } } }
                @if !note.is_empty() { p { (note) } }
                @if long {
                    input type="search" placeholder=(lang.text("report-filter")) aria-label=(lang.text("report-filter"));
                }
            }
            // Without rows the heading and its note say enough.
            @if all > 0 {
                div class="scroll" {
                    table class=[(!prose).then_some("tight")] {
                        thead { tr { @for field in &grid.fields {
                            th class=[class(field)] scope="col" { (field.label) }
                        } } }
                        tbody { @for row in 0..shown {
                            tr { @for (field, class) in grid.fields.iter().zip(&classes) {
                                (cell(report, field.style, *class, &field.cells[row]))
                            } }
                        } }
                    }
                }
            }
            @if shown < all {
                p class="cut" { (say!(lang, "report-cut", shown = shown, all = all)) }
            }
        }
    }
}

/// Tables with sentences and at least this many rows are printed across the page.
const LANDSCAPE_FROM: usize = 100;

/// Words up to this width, in Latin letters, are not broken.
const SHORT: usize = 14;

fn class(field: &Field) -> Option<&'static str> {
    match field.style {
        Style::Prose => Some("w"),
        Style::Date => Some("d"),
        style if style.right() => Some("n"),
        _ => {
            let short = |cell: &Cell| match cell {
                Cell::Text(text) => format::width(text) <= SHORT,
                _ => true,
            };
            field.cells.iter().all(short).then_some("s")
        }
    }
}

fn cell(report: &Report, style: Style, class: Option<&str>, cell: &Cell) -> Markup {
    // Shares sort by their value: "<1%" is no number.
    let sort = match (style, cell) {
        (Style::Share, Cell::Number(value)) => Some(format::fixed(*value, 4)),
        _ => None,
    };
    html! { td class=[class] data-v=[sort] { (show(report, style, cell)) } }
}

/// A cell's text.
pub(super) fn show<'c>(report: &Report, style: Style, cell: &'c Cell) -> Cow<'c, str> {
    match cell {
        // A missing number is no nought, and the eye must see that.
        Cell::Empty if style.right() => Cow::Borrowed("—"),
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Whole(value) => Cow::Owned(value.to_string()),
        Cell::Number(value) => Cow::Owned(match style {
            Style::Share => format::percent(*value),
            Style::Number(digits) => format::fixed(*value, digits.min(1)),
            _ => crate::kernel::round::show(*value, 2),
        }),
        Cell::Date(day) => Cow::Owned(day.to_string()),
        Cell::YesNo(yes) => Cow::Owned(report.lang.text(if *yes { "report-yes" } else { "report-no" })),
    }
}
