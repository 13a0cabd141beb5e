use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::others::sufficient;
use super::{Aggregator, Children, Held, SLACK};
use crate::index::method::{Method, Named};
use crate::index::rank;

/// Pairwise comparison: a unit beats another where the children in which it is better weigh more than
/// those in which it is worse. 100 for beating all others of the scope and period, 0 for losing to
/// all; 50 for a unit alone. Every pair is compared: units² · children steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copeland {
    /// Most units that are compared with one another; above, the policy is refused, because the work
    /// grows with the square (20,000 units with 7 children: some seconds).
    #[serde(default = "limit")]
    pub limit: usize,
}

fn limit() -> usize {
    20_000
}

impl Default for Copeland {
    fn default() -> Copeland {
        Copeland { limit: limit() }
    }
}

impl Named for Copeland {
    const METHOD: Method = Method {
        name: "copeland",
        formula: "50 · (1 + (wins − losses) / (n − 1)); i beats j where Σ w over children with x_i > x_j exceeds Σ w over those \
                  with x_i < x_j by more than 1e-9; values that differ by rounding alone are equal. Order of growth n² · c",
        source: "Copeland (1951); Munda & Nardo, Applied Economics 41 (2009); OECD/JRC, Handbook on Constructing Composite \
                 Indicators (2008), section 6.4",
    };
}

/// Values on the grid of comparison, by child, then place in the group: whole numbers, NaN where
/// missing (no comparison with it holds).
struct Rivals {
    keys: Vec<Vec<f64>>,
    steps: Vec<f64>,
}

impl Rivals {
    fn new(children: &Children, members: &[usize]) -> Rivals {
        let columns = children.values.iter();
        let steps: Vec<f64> = columns
            .map(|column| rank::step(members.iter().map(|&unit| column[unit]).filter(|x| !x.is_nan())))
            .collect();
        let keys =
            children.values.iter().zip(&steps).map(|(c, step)| members.iter().map(|&u| key(c[u], *step)).collect());
        Rivals { keys: keys.collect(), steps }
    }

    /// Wins less losses against all, of values on the grid; `skip` is no rival.
    fn net(&self, own: &[f64], shares: &[f64], skip: usize, lead: &mut Vec<f64>) -> i64 {
        let rivals = self.keys.first().map_or(0, Vec::len);
        lead.clear();
        lead.resize(rivals, 0.0);
        for ((column, x), share) in self.keys.iter().zip(own).zip(shares) {
            for (lead, y) in lead.iter_mut().zip(column) {
                *lead += share * (f64::from(u8::from(x > y)) - f64::from(u8::from(x < y)));
            }
        }
        let won = |lead: &f64| i64::from(*lead > SLACK) - i64::from(*lead < -SLACK);
        lead.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, lead)| won(lead)).sum()
    }
}

/// A value on the grid; NaN stays NaN. The grid has whole numbers below 2^34.
fn key(x: f64, step: f64) -> f64 {
    libm::round(x / step)
}

fn score(net: i64, rivals: usize) -> f64 {
    if rivals == 0 { 50.0 } else { 50.0 * (1.0 + net as f64 / rivals as f64) }
}

impl Aggregator for Copeland {
    fn check(&self) -> Result<(), String> {
        if self.limit == 0 { Err("`limit` must be positive".into()) } else { Ok(()) }
    }

    fn fits(&self, children: &Children, _: usize) -> Result<(), String> {
        let most = children.groups.iter().map(Vec::len).max().unwrap_or(0);
        if most > self.limit {
            return Err(format!(
                "copeland compares every pair of units: {most} exceed its `limit` of {}; raise the `limit`, compare within a \
                 `scope`, or take another aggregator",
                self.limit
            ));
        }
        Ok(())
    }

    fn compares(&self) -> bool {
        true
    }

    fn monotone(&self) -> bool {
        true
    }

    fn row(&self, _: &[f64], _: &[f64]) -> f64 {
        f64::NAN
    }

    fn column(&self, children: &Children, out: &mut [f64]) {
        out.fill(f64::NAN);
        for members in children.groups {
            let members = sufficient(children, members);
            let rivals = Rivals::new(children, &members);
            let scores: Vec<f64> = (0..members.len())
                .into_par_iter()
                .map_init(Vec::new, |lead, at| {
                    let own: Vec<f64> = rivals.keys.iter().map(|column| column[at]).collect();
                    score(rivals.net(&own, children.shares, at, lead), members.len() - 1)
                })
                .collect();
            members.iter().zip(scores).for_each(|(&unit, score)| out[unit] = score);
        }
    }

    fn held<'a>(&'a self, children: &Children) -> Box<dyn Held + 'a> {
        let mut places = vec![(0, usize::MAX); children.values.first().map_or(0, |column| column.len())];
        let mut groups = Vec::with_capacity(children.groups.len());
        for (group, members) in children.groups.iter().enumerate() {
            members.iter().for_each(|&unit| places[unit as usize].0 = group);
            let members = sufficient(children, members);
            members.iter().enumerate().for_each(|(at, &unit)| places[unit].1 = at);
            groups.push(Rivals::new(children, &members));
        }
        Box::new(Within { groups, places, shares: children.shares.to_vec(), min_available: children.min_available })
    }
}

struct Within {
    groups: Vec<Rivals>,
    /// Group of each unit, and its place among those that have a value.
    places: Vec<(usize, usize)>,
    shares: Vec<f64>,
    min_available: f64,
}

impl Held for Within {
    fn value(&self, unit: usize, values: &[f64]) -> f64 {
        let present: f64 = values.iter().zip(&self.shares).filter(|(x, _)| !x.is_nan()).map(|(_, w)| w).sum();
        if !super::enough(present, self.min_available) || values.iter().all(|x| x.is_nan()) {
            return f64::NAN;
        }
        let (group, place) = self.places[unit];
        let rivals = &self.groups[group];
        let own: Vec<f64> = values.iter().zip(&rivals.steps).map(|(x, step)| key(*x, *step)).collect();
        let all = rivals.keys.first().map_or(0, Vec::len);
        let others = if place < all { all - 1 } else { all };
        score(rivals.net(&own, &self.shares, place, &mut Vec::new()), others)
    }
}
