//! Cultivation and motivation in the study report.

use super::annex::Annex;
use super::desk::Desk;
use super::docx::{Doc, Line};
use super::report::{named, second, see};
use crate::report::format::fixed;
use crate::report::view::Rows;
use crate::say;

/// 培育: who had their yearly training, the plan, the places, the contest.
pub(super) fn cultivate(desk: &Desk, doc: &mut Doc, annexes: &[Annex]) {
    let lang = desk.lang;
    let status = desk.rows("training_status");
    let counts = status.count("state");
    let of = |state: &str| counts.get(state).copied().unwrap_or(0);
    second(desk, doc, 1, "mat-cultivate-training");
    let due = of("partial") + of("lapsed") + of("lost_certificate");
    doc.add(
        Line::Body,
        &say!(
            lang,
            "mat-cultivate-status",
            n = status.height(),
            done = of("done"),
            due = due,
            unknown = of("no_record"),
            early = of("not_due")
        ),
    );
    let (plan, batches) = (desk.rows("training_plan"), desk.rows("training_batches"));
    let planned = plan.wholes("batch").into_iter().flatten().count();
    if planned > 0 {
        let see = see(desk, annexes, "cultivate");
        doc.add(Line::Body, &say!(lang, "mat-cultivate-plan", n = planned, batches = batches.height(), see = see));
    }
    let (places, open) = (desk.rows("placements"), desk.rows("open_places"));
    if places.height() + open.height() > 0 {
        second(desk, doc, 2, "mat-cultivate-places");
        let all = places.height() + open.height();
        doc.add(
            Line::Body,
            &say!(lang, "mat-cultivate-placed", n = all, placed = places.height(), open = open.height()),
        );
    }
    let contest = desk.rows("contest");
    if !contest.is_empty() {
        second(desk, doc, 3, "mat-cultivate-contest");
        let ranks = contest.wholes("rank");
        let mut first: Vec<usize> = (0..contest.height()).filter(|&i| ranks[i].is_some_and(|r| r <= 3)).collect();
        first.sort_by_key(|&i| (ranks[i], i));
        let ranked = ranks.iter().flatten().count();
        let places = named(desk, "contest", &first);
        doc.add(
            Line::Body,
            &say!(lang, "mat-cultivate-standings", n = contest.height(), ranked = ranked, places = places),
        );
    }
}

/// 激励: what was paid against the formula, the budget, cover, honours, advancement.
pub(super) fn motivate(desk: &Desk, doc: &mut Doc, annexes: &[Annex]) {
    let lang = desk.lang;
    second(desk, doc, 1, "mat-motivate-pay");
    let summary = desk.rows("pay_summary");
    let sum = |column: &str| county(&summary, column);
    if let (Some(people), Some(equal)) = (sum("people"), sum("equal")) {
        let shown = |n: Option<i64>| n.map_or_else(|| lang.text("mat-withheld"), |n| n.to_string());
        doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-motivate-compared",
                n = people,
                equal = equal,
                under = shown(sum("underpaid")),
                over = shown(sum("overpaid")),
                none = shown(sum("no_record"))
            ),
        );
    }
    let budget = desk.rows("pay_budget");
    let money = |column: &str| county(&budget, column).map(|yuan| fixed(yuan as f64 / 10_000.0, 1));
    let year = budget.wholes("year").into_iter().flatten().next();
    let see = see(desk, annexes, "motivate");
    match (year, money("total"), money("total_low"), money("total_high")) {
        (Some(year), Some(total), Some(low), Some(high)) => doc.add(
            Line::Body,
            &say!(
                lang,
                "mat-motivate-budget",
                year = year.to_string(),
                total = total,
                low = low,
                high = high,
                see = see
            ),
        ),
        _ => doc.add(Line::Body, &lang.text("mat-motivate-no-budget")),
    }
    second(desk, doc, 2, "mat-motivate-cover");
    let cover = desk.rows("cover_gaps");
    let gaps = cover.which("state", &["gap"]);
    let unknown = cover.which("state", &["unknown"]).len();
    doc.add(Line::Body, &say!(lang, "mat-motivate-gaps", n = cover.height(), gaps = gaps.len(), unknown = unknown));
    second(desk, doc, 3, "mat-motivate-forward");
    let honours = desk.rows("honours").which("state", &["candidate"]).len();
    let advancement = desk.rows("advancement");
    let now = advancement.which("eligible", &["yes"]);
    let places = named(desk, "advancement", &now);
    doc.add(Line::Body, &say!(lang, "mat-motivate-honours", honours = honours, now = now.len(), places = places));
}

/// The county's own figure: of sums by township and for the county, the rows without a township.
fn county(rows: &Rows, column: &str) -> Option<i64> {
    let own = rows.words("township").into_iter().zip(rows.wholes(column)).filter(|(t, _)| t.is_empty());
    let values: Option<Vec<i64>> = own.map(|(_, value)| value).collect();
    values.filter(|v| !v.is_empty()).map(|v| v.into_iter().sum())
}
