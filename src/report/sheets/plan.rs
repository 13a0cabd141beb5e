//! Which sheets the workbook has, and which columns each.

use polars::prelude::DataFrame;

use super::write::Sheet;
use crate::book::Listing;
use crate::report::Report;
use crate::report::grid::{Cell, Grid, Style, text};
use crate::report::view::Rows;

/// Rows of a list of doubts: what more there is stands in flags.csv.
const DOUBTS_MOST: usize = 5_000;

/// Output tables that become a sheet as they are, in order; what is not listed stays in its own
/// file (contributions per indicator, edges and prices of the matching: too long to be read).
const PLAIN: [&str; 37] = [
    "supervision",
    "supervision_measures",
    "talks",
    "township_rates",
    "vacancies+shortlists",
    "assignment",
    "open_posts",
    "chains",
    "quotas",
    "match_orders",
    "waivers",
    "bars",
    "probation",
    "pool_review",
    "pool_outcomes",
    "fill",
    "structure",
    "ladder",
    "age_limit",
    "pyramid",
    "training_status",
    "training_batches",
    "training_plan",
    "placements",
    "open_places",
    "placement_bars",
    "contest",
    "pay_summary",
    "pay_formula",
    "pay_parts",
    "pay_budget",
    "cover_gaps",
    "honours",
    "advancement",
    crate::decisions::FOLLOW_UP,
    crate::decisions::GRANTED,
    crate::decisions::FINDINGS,
];

/// All sheets behind the first, the empty ones left out.
pub(super) fn sheets<'r>(report: &'r Report) -> Vec<Sheet<'r>> {
    let mut sheets = Vec::new();
    if report.several() {
        sheets.push(named(report, "counties", report.county_grid(), 1));
    }
    if !report.summary_only() {
        sheets.extend(outcome(report, "scores").map(|grid| named(report, "scores", grid, 2)));
        sheets.extend(areas(report));
        for table in PLAIN {
            match table {
                "vacancies+shortlists" => sheets.extend(vacancies(report)),
                table => sheets.extend(outcome(report, table).map(|grid| named(report, table, grid, 0))),
            }
        }
        for table in ["statistics_form", "unfiled"] {
            sheets.extend(outcome(report, table).map(|grid| named(report, table, grid, 0)));
        }
        if report.since().is_some() {
            sheets.push(named(report, "changes_summary", report.summary_grid(None, false), 1));
            sheets.extend(changes(report, false));
        }
    }
    if !report.digest.sources.sheets.is_empty() {
        sheets.push(named(report, "files", report.file_grid(), 1));
    }
    sheets.extend(findings(report, "flags"));
    sheets.extend(findings(report, "quarantine"));
    sheets
}

/// All sheets of a `whatif`.
pub(super) fn whatif<'r>(report: &'r Report) -> Vec<Sheet<'r>> {
    let mut sheets = vec![
        named(report, "figures", report.figure_grid(false), 1),
        named(report, "variants", report.variant_grid(), 1),
    ];
    sheets.extend(outcome(report, "changes_summary").map(|grid| named(report, "changes_summary", grid, 2)));
    sheets.extend(changes(report, true));
    sheets
}

/// Every change.
fn changes<'r>(report: &'r Report, variants: bool) -> Option<Sheet<'r>> {
    let picked = report.change_rows(None, None);
    let columns = ["variant", "list", "township", "village", "village_name", "who", "kind", "before", "after"];
    let mut columns: Vec<&str> = columns.into_iter().filter(|c| variants || *c != "variant").collect();
    columns.extend(["cause", "why"]);
    let grid = report.change_grid(&columns, &picked);
    (!picked.is_empty()).then(|| named(report, "changes", grid, if variants { 2 } else { 1 }))
}

fn named<'r>(report: &Report, table: &str, grid: Grid<'r>, fixed: u16) -> Sheet<'r> {
    let name = report.lang.text(&format!("sheet-{}", table.replace('_', "-")));
    Sheet { name, grid, fixed }
}

/// A table of its own.
pub(super) fn only<'r>(report: &'r Report, name: &str, frame: &'r DataFrame) -> Sheet<'r> {
    let mut grid = report.maker().grid(name, frame, &columns_of(report, frame), None);
    // In `scores` the person is the secretary; here it is whoever the row is about.
    grid.rename("person", report.labels.column("whom"));
    named(report, name, grid, 0)
}

/// Every column of an output table, in its order; the county's name only where there are several.
fn outcome<'r>(report: &'r Report, table: &str) -> Option<Grid<'r>> {
    let frame = report.source.outcome(table).filter(|f| f.height() > 0)?;
    let columns = columns_of(report, frame);
    let maker = report.maker();
    let mut grid = match table {
        "structure" => {
            let rows = Rows::of(Some(frame));
            let all: Vec<usize> = (0..frame.height()).collect();
            let columns: Vec<&str> = columns.into_iter().filter(|c| *c != "key").collect();
            let mut grid = maker.grid(table, frame, &columns, None);
            grid.insert("dimension", report.labels.column("key"), Style::Word, report.structure_keys(rows, &all));
            grid
        }
        "pool_outcomes" => {
            let picked = report.outcome_rows();
            let columns: Vec<&str> = columns.into_iter().filter(|c| *c != "key").collect();
            let mut grid = maker.grid(table, frame, &columns, Some(&picked));
            grid.insert("dimension", report.labels.column("key"), Style::Word, report.outcome_keys(&picked));
            grid
        }
        _ => maker.grid(table, frame, &columns, None),
    };
    // In `scores` the person is the secretary; elsewhere it is whoever holds the post.
    if matches!(table, "unfiled" | "pay_formula" | "pay_parts" | "cover_gaps" | "honours" | "advancement") {
        grid.rename("person", report.labels.column("holder"));
    }
    (grid.height() > 0).then_some(grid)
}

fn columns_of<'f>(report: &Report, frame: &'f DataFrame) -> Vec<&'f str> {
    let names = frame.get_column_names().into_iter().map(|name| name.as_str());
    let mut columns: Vec<&str> = names.filter(|name| report.several() || *name != "county").collect();
    // A table that holds the village's key alone gets its name beside it.
    if let Some(at) = columns.iter().position(|c| *c == "village").filter(|_| !columns.contains(&"village_name")) {
        columns.insert(at + 1, "village_name");
    }
    columns
}

/// Contributions by area, one row per village.
fn areas<'r>(report: &'r Report) -> Option<Sheet<'r>> {
    let frame = report.source.outcome("scores").filter(|f| f.height() > 0)?;
    let wide = report.areas()?;
    let rows = Rows::of(Some(frame));
    let columns = report.with_county(&["township", "village", "village_name", "score"]);
    let mut grid = report.maker().grid("scores", frame, &columns, None);
    let villages = rows.words("village");
    let rated: Vec<bool> = rows.numbers("score").iter().map(Option::is_some).collect();
    for (label, values) in &wide {
        let cells = villages.iter().zip(&rated).map(|(village, rated)| match values.get(village) {
            Some(value) if *rated => Cell::Number(*value),
            _ => Cell::Empty,
        });
        grid.push(label.clone(), Style::Number(2), cells.collect());
    }
    Some(named(report, "areas", grid, 3))
}

/// Vacancies, each with its suggested people; one with nobody keeps one line, with the reason.
fn vacancies<'r>(report: &'r Report) -> Option<Sheet<'r>> {
    let frame = report.source.outcome("vacancies").filter(|f| f.height() > 0)?;
    let rows = Rows::of(Some(frame));
    let ids = rows.words("vacancy");
    let lists = report.source.outcome("shortlists");
    let list = Rows::of(lists);
    let listed = list.words("vacancy");
    let mut by_vacancy: std::collections::BTreeMap<&str, Vec<usize>> = std::collections::BTreeMap::new();
    for (i, vacancy) in listed.iter().enumerate() {
        by_vacancy.entry(vacancy).or_default().push(i);
    }
    let orders = list.wholes("order");
    let mut left = Vec::new();
    let mut right: Vec<Option<usize>> = Vec::new();
    for (i, id) in ids.iter().enumerate() {
        match by_vacancy.get(id) {
            Some(people) => {
                let mut people = people.clone();
                people.sort_by_key(|&p| (orders[p], p));
                left.extend(std::iter::repeat_n(i, people.len()));
                right.extend(people.into_iter().map(Some));
            }
            None => {
                left.push(i);
                right.push(None);
            }
        }
    }
    let maker = report.maker();
    let columns = report.with_county(&[
        "vacancy",
        "township",
        "village",
        "village_name",
        "post",
        "cause",
        "holder",
        "since",
        "detail",
    ]);
    let mut grid = maker.grid("vacancies", frame, &columns, Some(&left));
    if let Some(lists) = lists {
        let columns = [
            "order",
            "candidate",
            "fit",
            "recommended",
            "own_village",
            "origin_village_name",
            "gates_passed",
            "soft_bars",
            "reasons_for",
            "reasons_against",
            "contributions",
            "rec_id",
        ];
        let people = maker.grid("shortlists", lists, &columns, None);
        for field in people.fields {
            let cells = right.iter().map(|at| at.and_then(|i| field.cells.get(i).cloned()).unwrap_or(Cell::Empty));
            let cells = cells.collect();
            grid.push(field.label, field.style, cells);
        }
    }
    let open = report.source.rows("open_posts");
    let (open_ids, causes, details) = (open.words("vacancy"), open.words("cause"), open.words("detail"));
    let why: std::collections::BTreeMap<&str, usize> = open_ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let reasons = left.iter().zip(&right).map(|(&i, person)| match (person, why.get(ids[i])) {
        (None, Some(&at)) => {
            let cause = report.labels.code("cause", causes[at]);
            text(format!("{cause} {}", report.people.weave(details[at])).trim().to_owned().into())
        }
        _ => Cell::Empty,
    });
    let reasons: Vec<Cell> = reasons.collect();
    grid.push(report.lang.text("sheet-open-posts"), Style::Prose, reasons);
    Some(named(report, "shortlists", grid, 0))
}

fn findings<'r>(report: &'r Report, kind: &str) -> Option<Sheet<'r>> {
    let check = report.input.check;
    let (list, listing) =
        if kind == "flags" { (&check.flags, Listing::Flags) } else { (&check.quarantine, Listing::Quarantine) };
    if list.is_empty() {
        return None;
    }
    let list: Vec<_> = list.iter().take(DOUBTS_MOST).collect();
    let mut grid = Grid::default();
    let mut words = |name: &str, read: &dyn Fn(&'r crate::book::Finding) -> Cell<'r>| {
        let style = match name {
            "row" => Style::Year,
            "doubt" | "remedy" => Style::Prose,
            _ => Style::Word,
        };
        grid.push(report.labels.column(name), style, list.iter().map(|f| read(f)).collect());
    };
    words("file", &|f| text(f.file.as_str().into()));
    words("sheet", &|f| text(f.sheet.as_str().into()));
    words("row", &|f| if f.row == 0 { Cell::Empty } else { Cell::Whole(f.row as i64) });
    words("column", &|f| text(f.column.as_str().into()));
    words("value", &|f| text(f.value.as_str().into()));
    words("doubt", &|f| text(f.reason_text(report.lang, listing).into()));
    words("remedy", &|f| text(f.remedy_text(report.lang).into()));
    Some(named(report, kind, grid, 0))
}
