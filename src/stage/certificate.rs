//! The certificate of an assignment, checked from the written tables alone: no solver, no inputs.
//! Every stage that matches (people to posts, leaders to host places) writes the same form: a table
//! of edges, one of prices, and the chosen pairs.

use std::collections::HashMap;

use polars::prelude::DataFrame;

use crate::frame;
use crate::kernel::assign::{Violation, check_certificate};

/// Cost units in one point of fit: a cost is `(100 − fit) · 10 000`.
pub const COST_PER_POINT: i64 = 10_000;

/// What the tables of one matching are called.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// Column of the rows to be filled, and the word of their `side` in the prices.
    pub row: &'static str,
    /// Column of those who fill them, and their `side`.
    pub column: &'static str,
    pub edges: &'static str,
    pub prices: &'static str,
    pub pairs: &'static str,
}

/// What a valid certificate proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateSummary {
    /// Rows: vacancies, places.
    pub vacancies: usize,
    /// Of which filled.
    pub filled: usize,
    /// Columns with an edge: candidates, blocs.
    pub candidates: usize,
    /// Eligible pairs.
    pub edges: usize,
    /// Objective on the cost grid, proved to be the least possible.
    pub objective: i128,
}

/// Proves from edges, prices and chosen pairs that the assignment is optimal at the open price (on
/// the cost grid), that costs follow from fits, and that each column is used once, where an edge
/// allows it.
///
/// # Errors
/// The first difference found, naming the row or column.
pub fn verify_tables(
    names: &Names,
    edges: &DataFrame,
    prices: &DataFrame,
    assignment: &DataFrame,
    open_price: i64,
) -> Result<CertificateSummary, String> {
    let tell = |e: frame::FrameError| e.to_string();
    let side = frame::words(prices, "side").map_err(tell)?;
    let id = frame::words(prices, "id").map_err(tell)?;
    let price = frame::wholes(prices, "price").map_err(tell)?;
    let state = frame::words(prices, "state").map_err(tell)?;
    let mut posts = Nodes::default();
    let mut people = Nodes::default();
    for at in 0..prices.height() {
        let price = price[at].ok_or_else(|| format!("{}: {} has no price", names.prices, id[at]))?;
        let nodes = match side[at] {
            side if side == names.row => &mut posts,
            side if side == names.column => &mut people,
            other => {
                let Names { row, column, prices, .. } = names;
                return Err(format!("{prices}: `{other}` is neither {row} nor {column}"));
            }
        };
        if nodes.at.insert(id[at], nodes.ids.len()).is_some() {
            return Err(format!("{}: {} stands twice", names.prices, id[at]));
        }
        nodes.ids.push(id[at]);
        nodes.prices.push(price);
        nodes.states.push(state[at]);
    }

    let listed = pairs(names, edges, names.edges, &posts, &people)?;
    let chosen = pairs(names, assignment, names.pairs, &posts, &people)?;
    let list: Vec<(u32, u32, i64)> = listed.iter().map(|p| (p.post, p.person, p.cost)).collect();
    let seats: Vec<(u32, u32)> = chosen.iter().map(|p| (p.post, p.person)).collect();
    let objective = check_certificate(&list, open_price, &posts.prices, &people.prices, &seats)
        .map_err(|violation| name(names, &violation, &posts, &people))?;

    // The pair's own figures are those of its edge.
    let cost_of: HashMap<(u32, u32), i64> = listed.iter().map(|p| ((p.post, p.person), p.cost)).collect();
    for pair in &chosen {
        if cost_of.get(&(pair.post, pair.person)) != Some(&pair.cost) {
            let (post, person) = (posts.name(pair.post), people.name(pair.person));
            return Err(format!("{}: the cost of {post} and {person} differs from their edge", names.pairs));
        }
    }
    check_states(names, &posts, chosen.iter().map(|p| p.post), ["filled", "open"])?;
    check_states(names, &people, chosen.iter().map(|p| p.person), ["used", "unused"])?;
    Ok(CertificateSummary {
        vacancies: posts.ids.len(),
        filled: chosen.len(),
        candidates: people.ids.len(),
        edges: listed.len(),
        objective,
    })
}

/// Vacancies or candidates by id.
#[derive(Default)]
struct Nodes<'t> {
    ids: Vec<&'t str>,
    prices: Vec<i64>,
    states: Vec<&'t str>,
    at: HashMap<&'t str, usize>,
}

impl Nodes<'_> {
    fn name(&self, at: u32) -> &str {
        self.ids.get(at as usize).copied().unwrap_or("?")
    }
}

struct Pair {
    post: u32,
    person: u32,
    cost: i64,
}

/// The pairs of a table; their cost must follow from their fit.
fn pairs(names: &Names, table: &DataFrame, what: &str, posts: &Nodes, people: &Nodes) -> Result<Vec<Pair>, String> {
    let tell = |e: frame::FrameError| format!("{what}: {e}");
    let vacancy = frame::words(table, names.row).map_err(tell)?;
    let candidate = frame::words(table, names.column).map_err(tell)?;
    let fit = frame::numbers(table, "fit").map_err(tell)?;
    let cost = frame::wholes(table, "cost").map_err(tell)?;
    (0..table.height())
        .map(|at| {
            let (v, c) = (vacancy[at], candidate[at]);
            let post = posts.at.get(v).ok_or_else(|| format!("{what}: {} {v} has no price", names.row))?;
            let person = people.at.get(c).ok_or_else(|| format!("{what}: {} {c} has no price", names.column))?;
            let (Some(fit), Some(cost)) = (fit[at], cost[at]) else {
                return Err(format!("{what}: {v} and {c} have no fit or no cost"));
            };
            if ((100.0 - fit) * COST_PER_POINT as f64).round() != cost as f64 {
                return Err(format!("{what}: the cost of {v} and {c} does not follow from their fit"));
            }
            Ok(Pair { post: *post as u32, person: *person as u32, cost })
        })
        .collect()
}

fn check_states(
    names: &Names,
    nodes: &Nodes,
    chosen: impl Iterator<Item = u32>,
    states: [&str; 2],
) -> Result<(), String> {
    let mut wanted = vec![states[1]; nodes.ids.len()];
    for at in chosen {
        wanted[at as usize] = states[0];
    }
    match wanted.iter().zip(&nodes.states).position(|(wanted, found)| wanted != found) {
        Some(at) => Err(format!("{}: {} is {}, not `{}`", names.prices, nodes.ids[at], wanted[at], nodes.states[at])),
        None => Ok(()),
    }
}

/// The violation with the ids of the tables in place of row and column numbers.
fn name(names: &Names, violation: &Violation, posts: &Nodes, people: &Nodes) -> String {
    let (one, other) = (names.row, names.column);
    match violation {
        Violation::NoPrice { row, column } => {
            format!("{} or {} has no price", posts.name(*row), people.name(*column))
        }
        Violation::RowTwice(row) => format!("{one} {} is filled twice", posts.name(*row)),
        Violation::ColumnTwice(column) => format!("{other} {} is placed twice", people.name(*column)),
        Violation::NoEdge { row, column } => {
            format!("{} is given to {}, who is not eligible for it", posts.name(*row), people.name(*column))
        }
        Violation::AboveCost { row, column, by, .. } => {
            format!("the prices of {} and {} exceed their cost by {by}", posts.name(*row), people.name(*column))
        }
        Violation::NotTight { row, column, by } => {
            format!("the pair {} and {} costs {by} more than its prices", posts.name(*row), people.name(*column))
        }
        Violation::AboveOpen { row, by } => {
            format!("the price of {one} {} exceeds the open price by {by}", posts.name(*row))
        }
        Violation::OpenNotTight { row, by } => {
            format!("{one} {} is open, but its price is {by} below the open price", posts.name(*row))
        }
        Violation::MustBeFilled(row) => format!("{one} {} must be filled, but is open", posts.name(*row)),
        Violation::MustBePlaced(column) => format!("{other} {} must be placed, but is unused", people.name(*column)),
        Violation::ColumnAboveZero { column, price } => {
            format!("the price of {other} {} is {price}, above 0", people.name(*column))
        }
        Violation::UnusedNotZero { column, price } => {
            format!("{other} {} is unused, but has the price {price}", people.name(*column))
        }
        Violation::Sums { prices, costs } => format!("the prices sum to {prices}, the costs to {costs}"),
    }
}
