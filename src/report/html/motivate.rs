//! Section: pay against the formula, the coming year's budget, cover, honours, advancement.

use maud::{Markup, html};

use super::table::table;
use super::{caption, ends, figure};
use crate::report::Report;
use crate::report::chart::{self, Bar, Caption, Dot, FULL, HALF, Strip};
use crate::report::format::fixed;
use crate::report::grid::text;
use crate::report::view::Rows;
use crate::say;

/// Yuan in 万元.
const WAN: f64 = 10_000.0;

/// The chapter; `None` if the run has no such tables.
pub(super) fn section(report: &Report) -> Option<Markup> {
    let tables = ["pay_summary", "pay_budget", "cover_gaps", "honours", "advancement"];
    if tables.iter().all(|t| report.source.outcome(t).is_none()) {
        return None;
    }
    let withheld = report.source.outcome("pay_formula").is_none();
    Some(html! {
        p class="lead" { (report.digest.pay.lead(report.lang)) }
        @if withheld { p class="lead" { (report.lang.text("report-motivate-withheld")) } }
        div class="charts" { (shortfall(report)) (budget(report)) }
        (difference(report))
        (townships(report, "pay_summary", &["township", "people", "equal", "underpaid", "overpaid", "no_record", "unknown", "formula_compared", "paid_compared", "shortfall"]))
        (pay(report))
        (townships(report, "pay_budget", &["township", "people", "base_pay", "performance_pay", "allowances", "reward", "awards", "total", "total_low", "total_high", "vacant", "if_filled"]))
        (cover(report))
        (honours(report))
        (advancement(report))
    })
}

/// Rows of a table by township: a county's own line is left out.
fn of_townships(rows: Rows) -> Vec<usize> {
    let townships = rows.words("township");
    (0..rows.height()).filter(|&i| !townships[i].is_empty()).collect()
}

/// Where was how much too little paid?
fn shortfall(report: &Report) -> Markup {
    let rows = report.source.rows("pay_summary");
    let (counties, townships) = (rows.words("county"), rows.words("township"));
    let (people, under) = (rows.wholes("people"), rows.wholes("underpaid"));
    let missing = rows.numbers("shortfall");
    let all = of_townships(rows);
    let mut off: Vec<usize> = all.iter().copied().filter(|&i| under[i].unwrap_or(0) > 0).collect();
    if off.is_empty() {
        return html! {};
    }
    off.sort_by(|&a, &b| missing[b].unwrap_or(0.0).total_cmp(&missing[a].unwrap_or(0.0)).then(a.cmp(&b)));
    let title = say!(report.lang, "report-chart-shortfall-title", off = off.len(), n = all.len());
    let (off, left_out) = ends(off);
    let bars: Vec<Bar> = off
        .into_iter()
        .map(|i| Bar {
            label: report.township(counties[i], townships[i]),
            value: missing[i].unwrap_or(0.0),
            text: say!(
                report.lang,
                "report-chart-shortfall-row",
                n = under[i].unwrap_or(0),
                people = people[i].unwrap_or(0),
                yuan = fixed(missing[i].unwrap_or(0.0), 0)
            ),
            alert: false,
        })
        .collect();
    let text = caption(report, report.lang.text("report-chart-shortfall-text"), left_out);
    let drawing = chart::bars(HALF, &bars, &Caption { id: "chart-shortfall", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// What will the coming year cost, and how far does that depend on grades?
fn budget(report: &Report) -> Markup {
    let rows = report.source.rows("pay_budget");
    let (counties, townships) = (rows.words("county"), rows.words("township"));
    let (total, low, high) = (rows.numbers("total"), rows.numbers("total_low"), rows.numbers("total_high"));
    let mut told: Vec<(usize, f64)> =
        of_townships(rows).into_iter().filter_map(|i| Some((i, total[i].filter(|t| *t > 0.0)?))).collect();
    let Some(year) = rows.wholes("year").into_iter().flatten().next().filter(|_| !told.is_empty()) else {
        return html! {};
    };
    told.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (told, left_out) = ends(told);
    let dots: Vec<Dot> = told
        .into_iter()
        .map(|(i, total)| Dot {
            label: report.township(counties[i], townships[i]),
            value: total / WAN,
            range: low[i].zip(high[i]).map(|(low, high)| (low / WAN, high / WAN)),
            text: fixed(total / WAN, 1),
            alert: false,
        })
        .collect();
    let title = say!(report.lang, "report-chart-budget-title", year = year.to_string());
    let text = caption(report, report.lang.text("report-chart-budget-text"), left_out);
    let drawing = chart::dots(HALF, &dots, None, true, &Caption { id: "chart-budget", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// How far do formula and pay differ, person by person? Only where the audience may see that.
fn difference(report: &Report) -> Markup {
    let rows = report.source.rows("pay_formula");
    let (posts, gaps) = (rows.words("post"), rows.numbers("difference"));
    let mut by_post: std::collections::BTreeMap<(usize, &str), Vec<f64>> = std::collections::BTreeMap::new();
    for (post, gap) in posts.iter().zip(gaps) {
        if let Some(gap) = gap {
            by_post.entry((report.labels.order("post", post), post)).or_default().push(gap);
        }
    }
    if by_post.is_empty() {
        return html! {};
    }
    let strips: Vec<Strip> = by_post
        .into_iter()
        .map(|((_, post), mut values)| {
            values.sort_by(f64::total_cmp);
            let text = values.len().to_string();
            Strip { label: report.labels.code("post", post).to_string(), values, text }
        })
        .collect();
    let title = report.lang.text("report-chart-difference-title");
    let text = report.lang.text("report-chart-difference-text");
    let drawing = chart::strip(FULL, &strips, &Caption { id: "chart-difference", title: &title, text: &text });
    figure(&title, &text, drawing)
}

fn townships(report: &Report, name: &str, columns: &[&str]) -> Markup {
    let Some(frame) = report.source.outcome(name).filter(|f| f.height() > 0) else { return html! {} };
    let mut grid = report.maker().grid(name, frame, &report.with_county(columns), None);
    let names = Rows::of(Some(frame)).words("township").into_iter().map(|township| match township {
        "" => text(report.lang.text("report-motivate-all").into()),
        township => text(township.into()),
    });
    grid.replace("township", names.collect());
    let id = format!("report-table-{}", name.replace('_', "-"));
    table(report, &report.lang.text(&id), &report.lang.text(&format!("{id}-note")), &grid, report.cap())
}

/// The rows of a table in this order, with the holder's heading over people.
fn people(report: &Report, name: &str, title: &str, note: &str, columns: &[&str], picked: &[usize]) -> Markup {
    let Some(frame) = report.source.outcome(name).filter(|_| !picked.is_empty()) else { return html! {} };
    let mut grid = report.maker().grid(name, frame, &report.with_county(columns), Some(picked));
    grid.rename("person", report.labels.column("holder"));
    table(report, title, note, &grid, report.cap())
}

fn pay(report: &Report) -> Markup {
    let rows = report.source.rows("pay_formula");
    let gaps = rows.numbers("difference");
    let mut picked = rows.which("state", &["underpaid", "overpaid", "no_record", "unknown"]);
    picked.sort_by(|&a, &b| {
        gaps[a].unwrap_or(f64::INFINITY).total_cmp(&gaps[b].unwrap_or(f64::INFINITY)).then(a.cmp(&b))
    });
    let note = say!(report.lang, "report-table-pay-formula-note", equal = rows.height() - picked.len());
    let columns = ["township", "village_name", "person", "post", "state", "total", "paid", "difference", "reason"];
    people(report, "pay_formula", &report.lang.text("report-table-pay-formula"), &note, &columns, &picked)
}

fn cover(report: &Report) -> Markup {
    let rows = report.source.rows("cover_gaps");
    let mut picked = rows.which("state", &["gap"]);
    picked.extend(rows.which("state", &["unknown"]));
    let note = say!(report.lang, "report-table-cover-gaps-note", covered = rows.height() - picked.len());
    let columns = ["township", "village_name", "person", "post", "state", "pension", "medical", "payer", "year"];
    people(report, "cover_gaps", &report.lang.text("report-table-cover-gaps"), &note, &columns, &picked)
}

fn honours(report: &Report) -> Markup {
    let rows = report.source.rows("honours");
    let (counties, townships, rules) = (rows.words("county"), rows.words("township"), rows.words("rule"));
    let (states, orders, places) = (rows.words("state"), rows.wholes("order"), rows.wholes("places"));
    // Of those who come next only the first of each list that has places; the workbook holds all.
    let mut first: std::collections::BTreeMap<(&str, &str, &str), i64> = std::collections::BTreeMap::new();
    for i in rows.which("state", &["next"]) {
        let order = orders[i].unwrap_or(i64::MAX);
        let held = first.entry((counties[i], townships[i], rules[i])).or_insert(order);
        *held = (*held).min(order);
    }
    let leads = |i: usize| first.get(&(counties[i], townships[i], rules[i])).copied() == orders[i];
    let mut picked = rows.which("state", &["candidate", "next"]);
    picked.retain(|&i| states[i] == "candidate" || (places[i] > Some(0) && leads(i)));
    let lang = report.lang;
    let columns = [
        "township",
        "rule",
        "state",
        "order",
        "village_name",
        "person",
        "post",
        "score",
        "reasons_for",
        "reasons_against",
    ];
    let note = lang.text("report-table-honours-note");
    people(report, "honours", &lang.text("report-table-honours"), &note, &columns, &picked)
}

/// Those who meet all conditions, and those who will when the time has come.
fn advancement(report: &Report) -> Markup {
    let rows = report.source.rows("advancement");
    let (eligible, missed) = (rows.words("eligible"), rows.words("missed"));
    let (from, unclear) = (rows.dates("eligible_on"), rows.words("to_clarify"));
    let as_of = report.input.ctx.as_of;
    // Years in post and dated bars pass by themselves.
    let time_alone = |i: usize| {
        !missed[i].is_empty()
            && unclear[i].is_empty()
            && crate::report::view::codes(missed[i]).all(|code| matches!(code, "years" | "bars"))
            && from[i].is_some_and(|day| day > as_of)
    };
    let mut picked: Vec<usize> = (0..rows.height()).filter(|&i| eligible[i] == "yes" || time_alone(i)).collect();
    picked.sort_by_key(|&i| (eligible[i] != "yes", from[i], i));
    let note = say!(report.lang, "report-table-advancement-note", rest = rows.height() - picked.len());
    let columns = [
        "township",
        "village_name",
        "person",
        "eligible",
        "years_in_post",
        "education",
        "age",
        "eligible_on",
        "eligible_until",
        "reason",
    ];
    people(report, "advancement", &report.lang.text("report-table-advancement"), &note, &columns, &picked)
}
