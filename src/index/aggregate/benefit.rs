use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frontier::Frontier;
use super::others::sufficient;
use super::{Aggregator, Children, Held};
use crate::index::method::{Method, Named};
use crate::kernel::packing;

/// Benefit of the doubt: every unit is judged by the weights that are best for it, under which no unit
/// of the scope and period exceeds 100. `low` and `high` bound what each child contributes to the
/// unit's own score, as multiples of its declared share; without them a unit that is best in one
/// child alone gets 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BenefitOfTheDoubt {
    /// Least contribution of a child, as a multiple of its declared share: 0 to 1. A unit with 0 in a
    /// child then has 0.
    #[serde(default)]
    pub low: f64,
    /// Greatest contribution of a child, as a multiple of its declared share: at least 1; no bound if
    /// not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

impl Named for BenefitOfTheDoubt {
    const METHOD: Method = Method {
        name: "benefit_of_the_doubt",
        formula: "100 · max Σ u x over u ≥ 0 with Σ u x_j ≤ 1 for every unit j and low · w ≤ u x / Σ u x ≤ high · w; missing \
                  where an x is negative. Order of growth n · f · c, f the units that no other surpasses",
        source: "Cherchye, Moesen, Rogge & Van Puyenbroeck, Social Indicators Research 82 (2007); bounds on contributions: \
                 Wong & Beasley, J. Operational Research Society 41 (1990)",
    };
}

/// A child below this share of the greatest value counts as 0: the weight that makes it matter would
/// be beyond what can be computed with.
const FAINT: f64 = 1e-9;

/// How far Σ u x_j may exceed 1 by rounding.
const ROUNDING: f64 = 1e-12;

impl BenefitOfTheDoubt {
    /// Score of a unit, 0 to 100, among units whose undominated ones are `peers`; `most` the greatest
    /// value of each child.
    ///
    /// Constraint generation: the programme starts with the unit itself and the best unit of every
    /// child; as long as another unit exceeds 1, the one that does so most is added.
    fn score<'p>(
        &self,
        own: &[f64],
        shares: &[f64],
        peers: impl Iterator<Item = &'p [f64]> + Clone,
        most: &[f64],
    ) -> f64 {
        if own.iter().any(|x| *x < 0.0) {
            return f64::NAN;
        }
        let present: f64 = own.iter().zip(shares).filter(|(x, _)| !x.is_nan()).map(|(_, w)| w).sum();
        let counts = |child: &usize| own[*child] > FAINT * most[*child].max(own[*child]);
        let columns: Vec<usize> = (0..own.len()).filter(counts).collect();
        let weightless = (0..own.len()).any(|child| !own[child].is_nan() && !columns.contains(&child));
        if columns.is_empty() || (weightless && self.low > 0.0) {
            return 0.0;
        }
        let share = |child: usize| shares[child] / present;
        // In terms of y = u · x, what each child contributes.
        let ratios = |peer: &[f64]| columns.iter().map(|&child| peer[child] / own[child]).collect::<Vec<f64>>();
        let mut rows: Vec<packing::Row> = vec![(vec![1.0; columns.len()], 1.0)];
        rows.extend(self.bounds(&columns.iter().map(|&child| share(child)).collect::<Vec<f64>>()));
        let mut chosen: Vec<&[f64]> = Vec::new();
        for &child in &columns {
            let best = peers.clone().fold(None::<&[f64]>, |best, peer| match best {
                Some(best) if best[child] >= peer[child] => Some(best),
                _ => Some(peer),
            });
            if let Some(best) = best.filter(|best| !chosen.contains(best)) {
                chosen.push(best);
                rows.push((ratios(best), 1.0));
            }
        }
        let objective = vec![1.0; columns.len()];
        loop {
            // Bounded, since the unit itself is among the rows.
            let Some(y) = packing::maximise(&objective, &rows) else { return f64::NAN };
            let total: f64 = y.iter().sum();
            let mut weights = vec![0.0; own.len()];
            columns.iter().zip(&y).for_each(|(&child, y)| weights[child] = y / own[child]);
            let value = |peer: &[f64]| peer.iter().zip(&weights).fold(0.0, |sum, (x, u)| sum + u * x);
            let worst = peers.clone().fold((0.0, None), |worst: (f64, Option<&[f64]>), peer| {
                let value = value(peer);
                if value > worst.0 { (value, Some(peer)) } else { worst }
            });
            match worst {
                (value, Some(peer)) if value > 1.0 + ROUNDING && !chosen.contains(&peer) => {
                    chosen.push(peer);
                    rows.push((ratios(peer), 1.0));
                }
                // What is returned keeps every constraint, whatever the solver rounded.
                (value, _) => return (100.0 * total / value.max(1.0)).min(100.0),
            }
        }
    }

    /// Rows that hold the contributions within the bounds, given the shares of the children.
    fn bounds(&self, shares: &[f64]) -> Vec<packing::Row> {
        let row = |at: usize, own: f64, all: f64| {
            let entry = |other: usize| if other == at { own + all } else { all };
            ((0..shares.len()).map(entry).collect(), 0.0)
        };
        let floors = shares.iter().enumerate().filter(|_| self.low > 0.0);
        let floors = floors.map(|(at, share)| row(at, -1.0, self.low * share));
        let ceilings = shares.iter().enumerate().filter_map(|(at, share)| Some((at, self.high? * share)));
        let ceilings = ceilings.filter(|(_, ceiling)| *ceiling < 1.0).map(|(at, ceiling)| row(at, 1.0, -ceiling));
        floors.chain(ceilings).collect()
    }
}

/// Units of one group that have a score.
struct Group {
    frontier: Frontier,
    /// Greatest value by child.
    most: Vec<f64>,
}

impl Group {
    fn new(children: &Children, members: &[usize]) -> Group {
        let point = |&unit: &usize| {
            let values = children.values.iter().map(|column| column[unit]);
            // What a rival lacks counts as 0.
            (unit as u32, values.map(|x| if x.is_nan() { 0.0 } else { x }).collect::<Vec<f64>>())
        };
        let points: Vec<(u32, Vec<f64>)> =
            members.iter().map(point).filter(|(_, p)| p.iter().all(|x| *x >= 0.0)).collect();
        let mut most = vec![0.0_f64; children.values.len()];
        points.iter().for_each(|(_, p)| most.iter_mut().zip(p).for_each(|(most, x)| *most = most.max(*x)));
        Group { frontier: Frontier::new(&points), most }
    }
}

impl Aggregator for BenefitOfTheDoubt {
    fn check(&self) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.low) {
            Err("`low` must lie between 0 and 1".into())
        } else if self.high.is_some_and(|high| high.is_nan() || high < 1.0) {
            Err("`high` must be at least 1".into())
        } else {
            Ok(())
        }
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
            let group = Group::new(children, &members);
            let score = |&unit: &usize| {
                let own: Vec<f64> = children.values.iter().map(|column| column[unit]).collect();
                self.score(&own, children.shares, group.frontier.points(), &group.most)
            };
            let scores: Vec<f64> = members.par_iter().map(score).collect();
            members.iter().zip(scores).for_each(|(&unit, score)| out[unit] = score);
        }
    }

    fn held<'a>(&'a self, children: &Children) -> Box<dyn Held + 'a> {
        let mut group_of = vec![0; children.values.first().map_or(0, |column| column.len())];
        for (group, members) in children.groups.iter().enumerate() {
            members.iter().for_each(|&unit| group_of[unit as usize] = group);
        }
        let groups =
            children.groups.iter().map(|members| Group::new(children, &sufficient(children, members))).collect();
        let (shares, min_available) = (children.shares.to_vec(), children.min_available);
        Box::new(Within { method: self, groups, group_of, shares, min_available })
    }
}

struct Within<'a> {
    method: &'a BenefitOfTheDoubt,
    groups: Vec<Group>,
    group_of: Vec<usize>,
    shares: Vec<f64>,
    min_available: f64,
}

impl Held for Within<'_> {
    fn value(&self, unit: usize, values: &[f64]) -> f64 {
        let present: f64 = values.iter().zip(&self.shares).filter(|(x, _)| !x.is_nan()).map(|(_, w)| w).sum();
        if !super::enough(present, self.min_available) || values.iter().all(|x| x.is_nan()) {
            return f64::NAN;
        }
        let group = &self.groups[self.group_of[unit]];
        self.method.score(values, &self.shares, group.frontier.without(unit as u32), &group.most)
    }
}
