//! What became of earlier advice: decided how, done or overdue, against the advice and why, what was
//! waived, and which rows of the sheets could not be used.

use maud::{Markup, html};

use super::table::table;
use crate::decisions::{FINDINGS, FOLLOW_UP, GRANTED, SHEETS};
use crate::report::Report;
use crate::report::view::Rows;
use crate::say;

/// States in the order of the chapter: what calls for attention first.
const ORDER: [&str; 5] = ["overdue", "under_way", "done", "not_adopted", "deferred"];

/// The chapter; `None` if no decisions came back.
pub(super) fn section(report: &Report) -> Option<Markup> {
    let frame = report.source.outcome(FOLLOW_UP)?;
    let rows = Rows::of(Some(frame));
    Some(html! {
        p class="lead" { (report.digest.decided()) }
        (part(report, rows, "late", &["overdue"], &["advice", "body", "date", "due", "outcome"]))
        (part(report, rows, "against", &["not_adopted"], &["advice", "reason", "body", "date", "still_recommended", "outcome"]))
        (part(report, rows, "deferred", &["deferred"], &["advice", "reason", "body", "date", "still_recommended"]))
        (part(report, rows, "adopted", &["under_way", "done"], &["state", "advice", "date", "due", "done", "outcome"]))
        (waivers(report))
        (doubts(report))
    })
}

fn part(report: &Report, rows: Rows, id: &str, states: &[&str], columns: &[&str]) -> Markup {
    let Some(frame) = report.source.outcome(FOLLOW_UP) else { return html! {} };
    let state = rows.words("state");
    let mut picked = rows.which("state", states);
    if picked.is_empty() {
        return html! {};
    }
    let due = rows.dates("due");
    let place = |s: &str| ORDER.iter().position(|o| *o == s);
    picked.sort_by_key(|&i| (place(state[i]), due[i], i));
    let columns = report.with_county(&[&["list", "township", "village_name", "whom"], columns].concat());
    let grid = report.maker().grid(FOLLOW_UP, frame, &columns, Some(&picked));
    let title = report.lang.text(&format!("report-table-decisions-{id}"));
    let note = report.lang.text(&format!("report-table-decisions-{id}-note"));
    table(report, &title, &note, &grid, report.cap())
}

fn waivers(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome(GRANTED).filter(|f| f.height() > 0) else { return html! {} };
    let columns =
        report.with_county(&["township", "village_name", "candidate", "gate", "state", "reason", "body", "date"]);
    let grid = report.maker().grid(GRANTED, frame, &columns, None);
    let lang = report.lang;
    table(report, &lang.text("report-table-waived"), &lang.text("report-table-waived-note"), &grid, report.cap())
}

/// Rows of the sheets that were flagged or not used, after the count that adds up.
fn doubts(report: &Report) -> Markup {
    let sheets = report.source.rows(SHEETS);
    let sum = |column: &str| sheets.wholes(column).into_iter().flatten().sum::<i64>();
    let note = say!(
        report.lang,
        "report-table-decision-doubts-note",
        rows = sum("rows"),
        accepted = sum("accepted"),
        flagged = sum("flagged"),
        ignored = sum("ignored"),
        quarantined = sum("quarantined")
    );
    let title = report.lang.text("report-table-decision-doubts");
    match report.source.outcome(FINDINGS).filter(|f| f.height() > 0) {
        Some(frame) => {
            let columns = ["fate", "file", "sheet", "row", "column", "doubt"];
            let grid = report.maker().grid(FINDINGS, frame, &columns, None);
            table(report, &title, &note, &grid, report.cap())
        }
        None => html! { div class="sheet" { div class="head" { h3 { (title) } p { (note) } } } },
    }
}
