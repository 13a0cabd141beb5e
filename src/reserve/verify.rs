//! The certificate, checked from the written tables alone: no solver, no inputs.

use std::collections::HashMap;

use polars::prelude::DataFrame;

use crate::frame;
use crate::kernel::assign::{Violation, check_certificate};

use super::fit::COST_PER_POINT;

/// What a valid certificate proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateSummary {
    /// Vacancies.
    pub vacancies: usize,
    /// Of which filled.
    pub filled: usize,
    /// Candidates with an edge.
    pub candidates: usize,
    /// Eligible pairs.
    pub edges: usize,
    /// Objective on the cost grid, proved to be the least possible.
    pub objective: i128,
}

/// Proves from the tables `edges`, `prices` and `assignment` that the assignment is optimal at the
/// open price (cost grid; in the table `match_summary`), that costs follow from fits, and that each
/// person is placed once, where an edge allows it.
///
/// # Errors
/// The first difference found, naming the vacancy or candidate.
pub fn verify_tables(
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
        let price = price[at].ok_or_else(|| format!("prices: {} has no price", id[at]))?;
        let nodes = match side[at] {
            "vacancy" => &mut posts,
            "candidate" => &mut people,
            other => return Err(format!("prices: `{other}` is neither vacancy nor candidate")),
        };
        if nodes.at.insert(id[at], nodes.ids.len()).is_some() {
            return Err(format!("prices: {} stands twice", id[at]));
        }
        nodes.ids.push(id[at]);
        nodes.prices.push(price);
        nodes.states.push(state[at]);
    }

    let listed = pairs(edges, "edges", &posts, &people)?;
    let chosen = pairs(assignment, "assignment", &posts, &people)?;
    let list: Vec<(u32, u32, i64)> = listed.iter().map(|p| (p.post, p.person, p.cost)).collect();
    let seats: Vec<(u32, u32)> = chosen.iter().map(|p| (p.post, p.person)).collect();
    let objective = check_certificate(&list, open_price, &posts.prices, &people.prices, &seats)
        .map_err(|violation| name(&violation, &posts, &people))?;

    // The pair's own figures are those of its edge.
    let cost_of: HashMap<(u32, u32), i64> = listed.iter().map(|p| ((p.post, p.person), p.cost)).collect();
    for pair in &chosen {
        if cost_of.get(&(pair.post, pair.person)) != Some(&pair.cost) {
            let (post, person) = (posts.name(pair.post), people.name(pair.person));
            return Err(format!("assignment: the cost of {post} and {person} differs from their edge"));
        }
    }
    check_states(&posts, chosen.iter().map(|p| p.post), ["filled", "open"])?;
    check_states(&people, chosen.iter().map(|p| p.person), ["used", "unused"])?;
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
fn pairs(table: &DataFrame, what: &str, posts: &Nodes, people: &Nodes) -> Result<Vec<Pair>, String> {
    let tell = |e: frame::FrameError| format!("{what}: {e}");
    let vacancy = frame::words(table, "vacancy").map_err(tell)?;
    let candidate = frame::words(table, "candidate").map_err(tell)?;
    let fit = frame::numbers(table, "fit").map_err(tell)?;
    let cost = frame::wholes(table, "cost").map_err(tell)?;
    (0..table.height())
        .map(|at| {
            let (v, c) = (vacancy[at], candidate[at]);
            let post = posts.at.get(v).ok_or_else(|| format!("{what}: vacancy {v} has no price"))?;
            let person = people.at.get(c).ok_or_else(|| format!("{what}: candidate {c} has no price"))?;
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

fn check_states(nodes: &Nodes, chosen: impl Iterator<Item = u32>, states: [&str; 2]) -> Result<(), String> {
    let mut wanted = vec![states[1]; nodes.ids.len()];
    for at in chosen {
        wanted[at as usize] = states[0];
    }
    match wanted.iter().zip(&nodes.states).position(|(wanted, found)| wanted != found) {
        Some(at) => Err(format!("prices: {} is {}, not `{}`", nodes.ids[at], wanted[at], nodes.states[at])),
        None => Ok(()),
    }
}

/// The violation with the ids of the tables in place of row and column numbers.
fn name(violation: &Violation, posts: &Nodes, people: &Nodes) -> String {
    match violation {
        Violation::NoPrice { row, column } => {
            format!("{} or {} has no price", posts.name(*row), people.name(*column))
        }
        Violation::RowTwice(row) => format!("vacancy {} is filled twice", posts.name(*row)),
        Violation::ColumnTwice(column) => format!("candidate {} is placed twice", people.name(*column)),
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
            format!("the price of vacancy {} exceeds the open price by {by}", posts.name(*row))
        }
        Violation::OpenNotTight { row, by } => {
            format!("vacancy {} is open, but its price is {by} below the open price", posts.name(*row))
        }
        Violation::ColumnAboveZero { column, price } => {
            format!("the price of candidate {} is {price}, above 0", people.name(*column))
        }
        Violation::UnusedNotZero { column, price } => {
            format!("candidate {} is unused, but has the price {price}", people.name(*column))
        }
        Violation::Sums { prices, costs } => format!("the prices sum to {prices}, the costs to {costs}"),
    }
}
