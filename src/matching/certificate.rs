//! The proof that a matching is the best, checked from the written tables alone: no solver, no
//! inputs.
//!
//! A pair costs `−fit` in grid units and a seat left open costs `open`. With a price u for each seat
//! and v for each candidate, all whole numbers of the grid, the solution is the best if
//!
//! * u + v ≤ cost on every eligible pair, with equality on the chosen ones;
//! * u ≤ open, with equality where a seat of the vacancy stays open;
//! * v ≤ 0, and v = 0 for whoever is not placed;
//! * Σ seats·u + Σ v is the cost of the solution, added up in 128 bits.

use std::collections::HashMap;

use polars::prelude::DataFrame;

use super::ids::Ids;
use crate::frame;

/// What a valid certificate proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    pub seats: u64,
    pub filled: usize,
    pub edges: usize,
    /// Least cost on the grid.
    pub objective: i128,
}

/// The tables of a certificate.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    pub edges: &'a DataFrame,
    pub prices: &'a DataFrame,
    pub assignment: &'a DataFrame,
    pub summary: &'a DataFrame,
}

/// Checks the certificate of a matching.
///
/// # Errors
/// The first difference found, naming the vacancy or candidate.
pub fn check(tables: &Tables) -> Result<Proved, String> {
    let (grid, open) = (item(tables.summary, "grid")?, item(tables.summary, "open_price")?);
    let (posts, people) = (Side::read(tables.prices, "vacancy")?, Side::read(tables.prices, "candidate")?);
    let edges = pairs(tables.edges, "edges", &posts, &people, grid)?;
    let chosen = pairs(tables.assignment, "assignment", &posts, &people, grid)?;
    let cost_of: HashMap<(u32, u32), i64> = edges.iter().map(|(p, c, cost)| ((*p, *c), *cost)).collect();
    if cost_of.len() != edges.len() {
        return Err("edges: a pair stands twice".to_owned());
    }
    let price = |p: u32, c: u32| i128::from(posts.prices[p as usize]) + i128::from(people.prices[c as usize]);
    for &(p, c, cost) in &edges {
        let above = price(p, c) - i128::from(cost);
        if above > 0 {
            return Err(format!("the prices of {} and {} exceed their cost by {above}", posts.names[p as usize], people.names[c as usize]));
        }
    }
    let (mut filled, mut placed) = (vec![0_i64; posts.names.len()], vec![false; people.names.len()]);
    let mut costs = 0_i128;
    for &(p, c, cost) in &chosen {
        let pair = || format!("{} and {}", posts.names[p as usize], people.names[c as usize]);
        match cost_of.get(&(p, c)) {
            None => return Err(format!("{} are paired, but are no eligible pair", pair())),
            Some(own) if *own != cost => return Err(format!("the cost of {} differs from that of their edge", pair())),
            Some(_) => {}
        }
        if price(p, c) != i128::from(cost) {
            return Err(format!("{} cost {} more than their prices", pair(), i128::from(cost) - price(p, c)));
        }
        if std::mem::replace(&mut placed[c as usize], true) {
            return Err(format!("candidate {} is placed twice", people.names[c as usize]));
        }
        filled[p as usize] += 1;
        costs += i128::from(cost);
    }
    let mut prices = 0_i128;
    let mut seats = 0_u64;
    for (at, name) in posts.names.iter().enumerate() {
        let (price, empty) = (posts.prices[at], posts.seats[at] - filled[at]);
        if price > open || empty < 0 || (empty > 0 && price != open) || posts.used[at] != filled[at] {
            return Err(format!("vacancy {name}: price {price}, {} of {} seats filled", filled[at], posts.seats[at]));
        }
        prices += i128::from(price) * i128::from(posts.seats[at]);
        costs += i128::from(open) * i128::from(empty);
        seats += posts.seats[at] as u64;
    }
    for (at, name) in people.names.iter().enumerate() {
        let price = people.prices[at];
        if price > 0 || (!placed[at] && price != 0) || (people.used[at] == 1) != placed[at] {
            return Err(format!("candidate {name}: price {price}, placed: {}", placed[at]));
        }
        prices += i128::from(price);
    }
    if prices != costs {
        return Err(format!("the prices sum to {prices}, the costs to {costs}"));
    }
    Ok(Proved { seats, filled: chosen.len(), edges: edges.len(), objective: costs })
}

/// An item of the summary.
pub(super) fn item(summary: &DataFrame, name: &str) -> Result<i64, String> {
    let items = frame::words(summary, "item").map_err(|e| e.to_string())?;
    let values = frame::wholes(summary, "value").map_err(|e| e.to_string())?;
    let at = items.iter().position(|i| *i == name);
    at.and_then(|at| values[at]).ok_or_else(|| format!("match_summary: no {name}"))
}

/// Vacancies or candidates with their prices, in the order of their names.
struct Side {
    ids: Ids,
    names: Vec<String>,
    seats: Vec<i64>,
    prices: Vec<i64>,
    used: Vec<i64>,
}

impl Side {
    fn read(prices: &DataFrame, side: &str) -> Result<Side, String> {
        let tell = |e: frame::FrameError| format!("prices: {e}");
        let sides = frame::words(prices, "side").map_err(tell)?;
        let ids = frame::words(prices, "id").map_err(tell)?;
        let column = |name| frame::wholes(prices, name).map_err(tell);
        let (seats, price, used) = (column("seats")?, column("price")?, column("used")?);
        let mut rows: Vec<usize> = (0..sides.len()).filter(|row| sides[*row] == side).collect();
        rows.sort_unstable_by_key(|row| ids[*row]);
        if let Some(pair) = rows.windows(2).find(|w| ids[w[0]] == ids[w[1]]) {
            return Err(format!("prices: {} stands twice", ids[pair[0]]));
        }
        let whole = |values: &[Option<i64>]| {
            let of = rows.iter().map(|row| values[*row].ok_or_else(|| format!("prices: {} has gaps", ids[*row])));
            of.collect::<Result<Vec<i64>, String>>()
        };
        let names: Vec<String> = rows.iter().map(|row| ids[*row].to_owned()).collect();
        Ok(Side {
            ids: Ids::Text(names.clone()),
            names,
            seats: whole(&seats)?,
            prices: whole(&price)?,
            used: whole(&used)?,
        })
    }
}

/// Pairs of a table with their costs, which must follow from their fits.
fn pairs(
    table: &DataFrame,
    what: &str,
    posts: &Side,
    people: &Side,
    grid: i64,
) -> Result<Vec<(u32, u32, i64)>, String> {
    let tell = |e: frame::FrameError| format!("{what}: {e}");
    let vacancies = posts.ids.find(table, "vacancy").map_err(|e| format!("{what}: {e}"))?;
    let candidates = people.ids.find(table, "candidate").map_err(|e| format!("{what}: {e}"))?;
    let (fits, costs) = (frame::numbers(table, "fit").map_err(tell)?, frame::wholes(table, "cost").map_err(tell)?);
    (0..table.height())
        .map(|row| {
            let (p, c) = (vacancies[row], candidates[row]);
            match (fits[row], costs[row]) {
                (Some(fit), Some(cost)) if libm::rint(fit * grid as f64) == -(cost as f64) => Ok((p, c, cost)),
                _ => Err(format!(
                    "{what}: the cost of {} and {} does not follow from their fit",
                    posts.names[p as usize], people.names[c as usize]
                )),
            }
        })
        .collect()
}
