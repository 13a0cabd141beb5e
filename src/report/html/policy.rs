//! The policy in short: weights, grades, categories, gates, age groups, each with its document.

use maud::{Markup, html};

use super::table::table;
use crate::report::Report;
use crate::report::format::target;
use crate::report::grid::{Cell, Grid, Style, text};
use crate::reserve::Hardness;
use crate::say;
use crate::score::Node;

/// Tables of the rules that decided.
pub(super) fn short(report: &Report) -> Markup {
    html! {
        div class="charts" {
            (weights(report))
            (grades(report))
            (categories(report))
            (ages(report))
        }
        (gates(report))
    }
}

fn words<'a>(report: &Report, grid: &mut Grid<'a>, id: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<Cell> = cells.map(|c| text(c.into())).collect();
    // A column in which nothing stands says nothing.
    if cells.iter().all(|c| *c == Cell::Empty) {
        return;
    }
    grid.push(report.lang.text(&format!("report-policy-{id}")), Style::Word, cells);
}

fn small(report: &Report, id: &str, grid: &Grid) -> Markup {
    if grid.height() == 0 {
        return html! {};
    }
    table(report, &report.lang.text(&format!("report-table-policy-{id}")), "", grid, usize::MAX)
}

/// Sources and areas with their share of the whole: the product of the shares on the way up.
fn weights(report: &Report) -> Markup {
    let nodes = &report.input.ctx.policy.score.nodes;
    let share = |key: &str| {
        let (mut share, mut at) = (1.0, key.to_owned());
        // A policy that passed its check has no cycle; the bound keeps a broken one finite.
        for _ in 0..nodes.len() {
            let Some(node) = nodes.get(&at) else { break };
            let all: f64 = nodes.values().filter(|n| n.parent == node.parent).map(|n| n.weight).sum();
            if all > 0.0 {
                share *= node.weight / all;
            }
            match &node.parent {
                Some(parent) => at.clone_from(parent),
                None => break,
            }
        }
        share
    };
    // Each source is followed by its areas.
    let order = below(report, None);
    let mut grid = Grid::default();
    words(
        report,
        &mut grid,
        "area",
        order.iter().map(|(key, node)| {
            let label = report.labels.code("area", key);
            if node.parent.is_some() { format!("　{label}") } else { label.to_string() }
        }),
    );
    let cells = order.iter().map(|(key, _)| Cell::Number(share(key))).collect();
    grid.push(report.lang.text("report-policy-share"), Style::Share, cells);
    words(report, &mut grid, "source", order.iter().map(|(_, n)| n.source.clone().unwrap_or_default()));
    small(report, "weights", &grid)
}

/// Nodes under a parent, each followed by what hangs on it; a node that is its own ancestor has no
/// place under the root and is left out.
fn below<'r>(report: &'r Report, parent: Option<&str>) -> Vec<(&'r str, &'r Node)> {
    let nodes = &report.input.ctx.policy.score.nodes;
    let mut list = Vec::new();
    for (key, node) in nodes.iter().filter(|(_, node)| node.parent.as_deref() == parent) {
        list.push((key.as_str(), node));
        list.extend(below(report, Some(key)));
    }
    list
}

fn grades(report: &Report) -> Markup {
    let bands = &report.input.ctx.policy.score.grades;
    let mut grid = Grid::default();
    words(report, &mut grid, "grade", bands.iter().map(|b| report.labels.code("grade", &b.grade).to_string()));
    let cells = bands.iter().map(|b| b.min.map_or(Cell::Empty, Cell::Number)).collect();
    grid.push(report.lang.text("report-policy-min"), Style::Number(0), cells);
    let cells = bands.iter().map(|b| b.cap.map_or(Cell::Empty, Cell::Number)).collect();
    grid.push(report.lang.text("report-policy-cap"), Style::Share, cells);
    words(report, &mut grid, "source", bands.iter().map(|b| b.source.clone().unwrap_or_default()));
    small(report, "grades", &grid)
}

fn categories(report: &Report) -> Markup {
    let list: Vec<_> = report.input.ctx.policy.supervise.categories.iter().filter(|(_, c)| c.enabled).collect();
    let mut grid = Grid::default();
    words(report, &mut grid, "category", list.iter().map(|(key, _)| report.labels.code("category", key).to_string()));
    words(
        report,
        &mut grid,
        "kind",
        list.iter().map(|(_, c)| report.labels.code("kind", c.purpose.code()).to_string()),
    );
    words(report, &mut grid, "source", list.iter().map(|(_, c)| c.source.clone()));
    small(report, "categories", &grid)
}

fn ages(report: &Report) -> Markup {
    let structure = &report.input.ctx.policy.structure;
    let bands = &structure.bands;
    let line = say!(
        report.lang,
        "report-policy-bands",
        young = bands.young_max,
        middle = bands.middle_max,
        limit = structure.age_limit.age
    );
    let mut grid = Grid::default();
    let targets = &structure.targets;
    words(report, &mut grid, "team", targets.keys().map(|key| report.structure_key(team(key), key, "")));
    for (group, read) in [("young", 0), ("middle", 1), ("old", 2)] {
        let cells = targets.values().map(|t| {
            let range = [t.young, t.middle, t.old][read];
            range.map_or(String::new(), |[low, high]| target(Some(low), Some(high)))
        });
        let label = report.labels.code("group", group).to_string();
        grid.push(label, Style::Word, cells.map(|c| text(c.into())).collect());
    }
    words(report, &mut grid, "source", targets.values().map(|t| t.source.clone()));
    if grid.height() == 0 {
        return html! { p { (line) } };
    }
    table(report, &report.lang.text("report-table-policy-ages"), &line, &grid, usize::MAX)
}

/// Targets are set for posts and for the pool.
fn team(key: &str) -> &'static str {
    if key == "pool" { "pool" } else { "post" }
}

fn gates(report: &Report) -> Markup {
    let all = &report.input.ctx.policy.reserve.gates;
    let gates: Vec<_> = all.iter().filter(|(_, gate)| gate.hardness != Hardness::Off).collect();
    let mut grid = Grid::default();
    words(report, &mut grid, "gate", gates.iter().map(|(key, _)| report.labels.code("gate", key).to_string()));
    words(
        report,
        &mut grid,
        "hardness",
        gates.iter().map(|(_, g)| {
            report.labels.code("hardness", if g.hardness == Hardness::Soft { "soft" } else { "hard" }).to_string()
        }),
    );
    let posts = gates.iter().map(|(_, g)| {
        let posts: Vec<_> = g.posts.iter().map(|p| report.labels.code("post", p)).collect();
        if posts.is_empty() { report.lang.text("report-policy-all-posts") } else { posts.join(report.labels.comma()) }
    });
    words(report, &mut grid, "posts", posts);
    words(report, &mut grid, "source", gates.iter().map(|(_, g)| g.source.clone()));
    small(report, "gates", &grid)
}
