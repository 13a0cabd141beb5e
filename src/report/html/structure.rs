//! Section: the generations, and whether one follows the other.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::table::table;
use super::{caption, ends, figure, not_drawn};
use crate::privacy::MASK;
use crate::report::Report;
use crate::report::chart::{self, Band, Bar, Caption, FULL, HALF, Sides, Stack};
use crate::report::format::{percent, target};
use crate::report::grid::{Style, text};
use crate::report::view::Rows;
use crate::say;

/// Groups from the oldest, as bars stack them.
const GROUPS: [&str; 4] = ["old", "middle", "young", "unknown"];
/// States of the ladder from the worst.
const STATES: [&str; 3] = ["broken", "thin", "held"];

pub(super) fn section(report: &Report) -> Markup {
    let tables = ["structure", "ladder", "age_limit", "pyramid", "statistics_form"];
    if tables.iter().all(|t| report.source.outcome(t).is_none()) {
        return html! { p class="none" { (report.lang.text("report-missing")) } };
    }
    html! {
        p class="lead" { (report.digest.ladder.text) }
        (generations(report, &["post", "pool", "class"], "main"))
        div class="charts" { (ages(report)) (age_limit(report)) }
        div class="charts" { (ladder_chart(report)) (generations(report, &["township"], "township")) }
        (shares(report))
        (ladder(report))
        (plain(report, "unfiled", &["township", "village_name", "post", "person", "since", "problem", "detail"]))
        (plain(report, "statistics_form", &["label", "value", "unit", "note"]))
    }
}

/// One stacked bar's facts: people by group, and the groups outside their target.
type Bars<'a> = BTreeMap<(usize, usize, &'a str, &'a str, &'a str), ([f64; 4], [bool; 4])>;

/// Numbers that a reader may not see are not drawn, and not drawn as nought.
const WITHHELD: f64 = f64::NAN;

fn generations(report: &Report, dimensions: &[&str], id: &str) -> Markup {
    let rows = report.source.rows("structure");
    let (dims, keys, counties) = (rows.words("dimension"), rows.words("key"), rows.words("county"));
    let posts = rows.words("post");
    // Townships and classes are shown for the main post where the stage tells posts apart.
    let main = report.input.ctx.policy.structure.main_post.as_str();
    let apart = posts.contains(&main);
    let (groups, people, states) = (rows.words("group"), rows.numbers("people"), rows.words("state"));
    let mut bars: Bars = BTreeMap::new();
    for i in 0..rows.height() {
        let (Some(at), Some(group)) =
            (dimensions.iter().position(|d| *d == dims[i]), GROUPS.iter().position(|g| *g == groups[i]))
        else {
            continue;
        };
        if apart && matches!(dims[i], "township" | "class") && posts[i] != main {
            continue;
        }
        let order = report.labels.order(if dims[i] == "class" { "class" } else { "post" }, keys[i]);
        let bar = bars.entry((at, order, counties[i], keys[i], posts[i])).or_default();
        bar.0[group] += people[i].unwrap_or(WITHHELD);
        bar.1[group] |= matches!(states[i], "low" | "high");
    }
    let mut stacks: Vec<(String, [f64; 4], [bool; 4])> = bars
        .into_iter()
        .filter(|(_, (parts, _))| parts.iter().sum::<f64>() != 0.0)
        .map(|((at, _, county, key, post), (parts, alerts))| {
            let label = report.structure_key(dimensions[at], key, post);
            (report.township(county, &label), parts, alerts)
        })
        .collect();
    let many = stacks.len();
    stacks.retain(|s| !s.1.iter().any(|part| part.is_nan()));
    let withheld = many - stacks.len();
    if many == 0 {
        return html! {};
    }
    if stacks.is_empty() {
        return html! { p class="none" { (report.lang.text("privacy-withheld-chart")) } };
    }
    if id == "township" {
        let old = |parts: &[f64; 4]| parts[0] / parts.iter().sum::<f64>();
        stacks.sort_by(|a, b| old(&b.1).total_cmp(&old(&a.1)).then_with(|| a.0.cmp(&b.0)));
    }
    let off = stacks.iter().filter(|s| s.2.contains(&true)).count();
    let all = stacks.len();
    let (stacks, left_out) = ends(stacks);
    let names: Vec<String> = GROUPS.iter().map(|g| report.labels.code("group", g).to_string()).collect();
    let stacks: Vec<Stack> = stacks
        .into_iter()
        .map(|(label, parts, alerts)| Stack {
            label,
            text: format!("{:.0}", parts.iter().sum::<f64>()),
            parts: parts.to_vec(),
            alerts: alerts.to_vec(),
        })
        .collect();
    let title = say!(report.lang, &format!("report-chart-generations-{id}"), off = off, n = all);
    let text =
        not_drawn(report, caption(report, report.lang.text("report-chart-generations-text"), left_out), withheld);
    let width = if id == "township" { HALF } else { FULL };
    let chart = format!("chart-generations-{id}");
    let drawing = chart::stack(width, &stacks, &names, &Caption { id: &chart, title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// Is the pool younger than those in post?
fn ages(report: &Report) -> Markup {
    let rows = report.source.rows("pyramid");
    let (sides, bands, sexes) = (rows.words("side"), rows.words("band"), rows.words("sex"));
    let people = rows.numbers("people");
    let mut by_band: BTreeMap<&str, Band> = BTreeMap::new();
    let (mut left, mut right) = (0.0, 0.0);
    for i in 0..rows.height() {
        let n = people[i].unwrap_or(WITHHELD);
        let band = by_band.entry(bands[i]).or_insert_with(|| Band {
            label: band_label(report, bands[i]),
            left: 0.0,
            left_part: 0.0,
            right: 0.0,
            right_part: 0.0,
        });
        let part = if sexes[i] == "female" || n.is_nan() { n } else { 0.0 };
        if sides[i] == "pool" {
            band.right += n;
            band.right_part += part;
            right += n;
        } else {
            band.left += n;
            band.left_part += part;
            left += n;
        }
    }
    if by_band.is_empty() {
        return html! {};
    }
    // The oldest on top; bands sort as text, youngest first, words such as "unknown" behind digits.
    let mut bands: Vec<Band> = by_band.into_values().rev().collect();
    let empty = |band: &Band| band.left + band.right == 0.0;
    while bands.last().is_some_and(empty) {
        bands.pop();
    }
    let first = bands.iter().position(|b| !empty(b)).unwrap_or(0);
    bands.drain(..first);
    let title = report.lang.text("report-chart-pyramid-title");
    let text = report.lang.text("report-chart-pyramid-text");
    let (left, right) = (
        say!(report.lang, "report-chart-pyramid-posts", n = count(left)),
        say!(report.lang, "report-chart-pyramid-pool", n = count(right)),
    );
    let part = report.lang.text("report-chart-pyramid-women");
    let sides = Sides { left: &left, right: &right, part: &part };
    let drawing = chart::pyramid(HALF, &bands, &sides, &Caption { id: "chart-pyramid", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// A number of people, or the sign that it is withheld.
fn count(value: f64) -> String {
    if value.is_nan() { MASK.to_owned() } else { format!("{value:.0}") }
}

fn band_label(report: &Report, band: &str) -> String {
    if band == "unknown" || band.is_empty() {
        report.labels.code("group", "unknown").to_string()
    } else {
        band.to_owned()
    }
}

/// When do how many secretaries pass the age limit?
fn age_limit(report: &Report) -> Markup {
    let rows = report.source.rows("age_limit");
    let (years, heads) = (rows.wholes("year"), rows.numbers("secretaries"));
    let (sums, shares) = (rows.numbers("cumulative"), rows.numbers("share"));
    let mut by_year: BTreeMap<i64, (f64, f64, Option<f64>, usize)> = BTreeMap::new();
    for i in 0..rows.height() {
        if let Some(year) = years[i] {
            let entry = by_year.entry(year).or_default();
            entry.0 += heads[i].unwrap_or(WITHHELD);
            entry.1 += sums[i].unwrap_or(WITHHELD);
            entry.2 = shares[i];
            entry.3 += 1;
        }
    }
    let Some((last, _)) = by_year.last_key_value() else { return html! {} };
    let last = *last;
    let bars: Vec<Bar> = by_year
        .iter()
        .map(|(year, (n, sum, share, counties))| Bar {
            label: year.to_string(),
            value: if n.is_nan() { 0.0 } else { *n },
            // A share of one county's secretaries; over several counties only the sum holds.
            text: match share.filter(|_| *counties == 1) {
                Some(share) => say!(
                    report.lang,
                    "report-limit-sum-share",
                    n = count(*n),
                    sum = count(*sum),
                    share = percent(share)
                ),
                None => say!(report.lang, "report-limit-sum", n = count(*n), sum = count(*sum)),
            },
            alert: false,
        })
        .collect();
    let sum = by_year.get(&last).map_or(0.0, |e| e.1);
    let title = say!(report.lang, "report-chart-limit-title", year = last.to_string(), n = count(sum));
    let text = report.lang.text("report-chart-limit-text");
    let drawing = chart::bars(HALF, &bars, &Caption { id: "chart-limit", title: &title, text: &text });
    figure(&title, &text, drawing)
}

/// In which townships is the ladder broken?
fn ladder_chart(report: &Report) -> Markup {
    let rows = report.source.rows("ladder");
    let (counties, townships, states) = (rows.words("county"), rows.words("township"), rows.words("state"));
    let mut counts: BTreeMap<(&str, &str), [f64; 3]> = BTreeMap::new();
    for i in 0..rows.height() {
        if let Some(state) = STATES.iter().position(|s| *s == states[i]) {
            counts.entry((counties[i], townships[i])).or_default()[state] += 1.0;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    if counts.len() < 2 {
        return html! {};
    }
    let share = |parts: &[f64; 3]| parts[0] / parts.iter().sum::<f64>();
    counts.sort_by(|a, b| share(&b.1).total_cmp(&share(&a.1)).then_with(|| a.0.cmp(&b.0)));
    let worst = counts.first().map(|((county, township), parts)| (report.township(county, township), share(parts)));
    let (counts, left_out) = ends(counts);
    let stacks: Vec<Stack> = counts
        .into_iter()
        .map(|((county, township), parts)| Stack {
            label: report.township(county, township),
            text: format!("{:.0}", parts.iter().sum::<f64>()),
            parts: parts.to_vec(),
            alerts: Vec::new(),
        })
        .collect();
    let names: Vec<String> = STATES.iter().map(|s| report.labels.code("state", s).to_string()).collect();
    let title = match worst {
        Some((township, share)) if share > 0.0 => {
            say!(report.lang, "report-chart-ladder-title", township = township, share = percent(share))
        }
        _ => report.lang.text("report-chart-ladder-none"),
    };
    let text = caption(report, report.lang.text("report-chart-ladder-text"), left_out);
    let drawing = chart::stack(HALF, &stacks, &names, &Caption { id: "chart-ladder", title: &title, text: &text });
    figure(&title, &text, drawing)
}

fn shares(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("structure").filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    // What is on target needs no line; the workbook holds all of them.
    let mut picked = rows.which("state", &["low", "high"]);
    let (dims, posts) = (rows.words("dimension"), rows.words("post"));
    let main = report.input.ctx.policy.structure.main_post.as_str();
    let apart = posts.contains(&main);
    picked.retain(|&i| !apart || posts[i] == main || !matches!(dims[i], "township" | "class"));
    let (low, high) = (rows.numbers("target_low"), rows.numbers("target_high"));
    let columns = report.with_county(&["dimension", "group", "people", "share", "state"]);
    let mut grid = report.maker().grid("structure", frame, &columns, Some(&picked));
    grid.insert("dimension", report.labels.column("key"), Style::Word, report.structure_keys(rows, &picked));
    let targets = picked.iter().map(|&i| text(target(low[i], high[i]).into())).collect();
    grid.insert("share", report.lang.text("report-col-target"), Style::Word, targets);
    table(
        report,
        &report.lang.text("report-table-shares"),
        &report.lang.text("report-table-shares-note"),
        &grid,
        report.cap(),
    )
}

fn ladder(report: &Report) -> Markup {
    let Some(frame) = report.source.outcome("ladder").filter(|f| f.height() > 0) else { return html! {} };
    let rows = Rows::of(Some(frame));
    let (states, left) = (rows.words("state"), rows.numbers("years_to_limit"));
    let place = |state: &str| STATES.iter().position(|s| *s == state).unwrap_or(STATES.len());
    let mut order: Vec<usize> = (0..rows.height()).filter(|&i| states[i] != "held").collect();
    order.sort_by(|&a, &b| {
        place(states[a])
            .cmp(&place(states[b]))
            .then(left[a].unwrap_or(f64::INFINITY).total_cmp(&left[b].unwrap_or(f64::INFINITY)))
            .then(a.cmp(&b))
    });
    let columns = report.with_county(&[
        "township",
        "village_name",
        "state",
        "secretary_age",
        "years_to_limit",
        "posts",
        "in_pool",
        "members_in_pool",
        "reason",
    ]);
    let grid = report.maker().grid("ladder", frame, &columns, Some(&order));
    let held = rows.height() - order.len();
    let note = say!(report.lang, "report-table-ladder-note", held = held);
    table(report, &report.lang.text("report-table-ladder"), &note, &grid, report.cap())
}

fn plain(report: &Report, name: &str, columns: &[&str]) -> Markup {
    let Some(frame) = report.source.outcome(name).filter(|f| f.height() > 0) else { return html! {} };
    let columns = if name == "statistics_form" { columns.to_vec() } else { report.with_county(columns) };
    let mut grid = report.maker().grid(name, frame, &columns, None);
    // Whoever holds the post, not the secretary alone.
    grid.rename("person", report.labels.column("holder"));
    let id = format!("report-table-{}", name.replace('_', "-"));
    table(report, &report.lang.text(&id), &report.lang.text(&format!("{id}-note")), &grid, report.cap())
}
