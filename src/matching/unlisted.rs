//! Pairs that an instance does not have, as where the edges of a post are bounded in number: the prices that
//! prove the solution tell which of them could better it.

use std::collections::BTreeMap;

use super::bounded::Bounded;
use super::exact::Exact;
use super::solve::{Proof, Solved};
use crate::kernel::assign::NO_LEVEL;
use crate::kernel::quota::{Certificate, QuotaProblem, check_bound, seats_problem};

/// What a pair that the instance does not have may cost before it is of no use.
pub(crate) enum Unlisted<'a> {
    /// Prices prove the solution the best.
    Exact(&'a Exact),
    /// Under bounds: the classes of urgency, if seats come first, then the fit.
    Bounded(Vec<Layer<'a>>),
    /// There are no prices.
    Stable,
}

impl Solved {
    /// The prices of this solution for pairs that its instance does not have.
    pub(crate) fn unlisted(&self, posts: usize) -> Unlisted<'_> {
        match &self.proof {
            Proof::Exact(exact) => Unlisted::Exact(exact),
            Proof::Bounded(bounded) => {
                let mut layers = bounded.stage_layers(posts, &self.rows);
                layers.push(bounded.fit_layer(posts, &self.rows));
                Unlisted::Bounded(layers)
            }
            Proof::Stable => Unlisted::Stable,
        }
    }
}

impl Unlisted<'_> {
    /// In grid units: no solution that has the pair and costs as much or more is better than the one that was
    /// found. `person` is who is in the instance; `belongs` tells to which bounds' groups they belong.
    pub(crate) fn worth(&self, post: u32, person: Option<u32>, belongs: impl Fn(usize) -> bool) -> i64 {
        match self {
            Unlisted::Stable => i64::MIN,
            Unlisted::Exact(exact) => {
                let price = person.map_or(0, |person| exact.prices.people[person as usize]);
                let Some(levels) = &exact.levels else { return exact.prices.posts[post as usize] + price };
                // See `check_classes`: nobody of a later level may be eligible for a seat of an earlier one.
                let row = levels.posts[post as usize].unwrap_or(NO_LEVEL);
                let column = person.and_then(|person| levels.people[person as usize]).unwrap_or(NO_LEVEL);
                match column.cmp(&row) {
                    std::cmp::Ordering::Greater => i64::MAX,
                    std::cmp::Ordering::Less => i64::MIN,
                    std::cmp::Ordering::Equal => exact.prices.posts[post as usize] + price,
                }
            }
            Unlisted::Bounded(layers) => {
                let Some((fit, stages)) = layers.split_last() else { return i64::MIN };
                for stage in stages {
                    // A pair costs nothing there.
                    let slack = -stage.price(post, person, &belongs);
                    if slack > stage.gap {
                        return i64::MIN;
                    }
                    if slack < 0 || slack <= stage.gap - stage.certificate.scale {
                        return i64::MAX;
                    }
                }
                let worth = fit.price(post, person, &belongs).saturating_add(fit.gap);
                -(-worth).div_euclid(fit.certificate.scale)
            }
        }
    }
}

/// The prices of one problem: of a class of urgency, or of fit.
pub(crate) struct Layer<'a> {
    problem: &'a QuotaProblem,
    certificate: &'a Certificate,
    /// Price of a seat by post, in steps, less the multipliers of what is to be filled.
    posts: Vec<i64>,
    /// By post: bounds with a multiplier.
    bounds: Vec<Vec<usize>>,
    /// By person: multiplier of their place to keep.
    places: BTreeMap<u32, i64>,
    /// What the solution costs more than the prices prove, in steps.
    gap: i64,
}

impl Layer<'_> {
    /// What the prices give for a pair, in steps.
    fn price(&self, post: u32, person: Option<u32>, belongs: &impl Fn(usize) -> bool) -> i64 {
        let price = |person: u32| {
            self.certificate.column_prices[person as usize] - self.places.get(&person).copied().unwrap_or(0)
        };
        let counted = |at: &usize| {
            let quota = &self.problem.quotas()[*at];
            self.certificate.multipliers[*at] * if belongs(*at) { quota.inside } else { quota.outside }
        };
        let counted: i64 = self.bounds[post as usize].iter().map(counted).sum();
        self.posts[post as usize] + person.map_or(0, price) - counted
    }

    /// Whether no solution that has the pair fills as many seats.
    pub fn rules_out(&self, post: u32, person: u32) -> bool {
        let belongs = |bound: usize| self.problem.members(bound).binary_search(&person).is_ok();
        -self.price(post, Some(person), &belongs) > self.gap
    }
}

impl Bounded {
    /// The classes of urgency, if seats come first; `rows` are the posts of the problem's rows.
    pub(super) fn stage_layers(&self, posts: usize, rows: &[u32]) -> Vec<Layer<'_>> {
        let own = self.problem.quotas().len() - self.stages.len();
        let floor = |before: usize| (self.stages[before].rows.clone(), self.stages[before].filled);
        let layer = |at: usize| {
            let stage = &self.stages[at];
            let floors: Vec<_> = (0..at).map(floor).collect();
            let seats = seats_problem(&self.problem, own, &stage.rows, &floors);
            let open = stage.rows.len() as i128 - i128::from(stage.filled);
            let gap = seats.map_or(i64::MAX, |seats| gap(&seats, &stage.answer.certificate, Some(open)));
            self.layer(&stage.answer.certificate, gap, posts, rows)
        };
        (0..self.stages.len()).map(layer).collect()
    }

    fn fit_layer(&self, posts: usize, rows: &[u32]) -> Layer<'_> {
        self.layer(&self.answer.certificate, self.gap(), posts, rows)
    }

    /// What the solution costs more than its prices prove, in steps.
    pub(super) fn gap(&self) -> i64 {
        gap(&self.problem, &self.answer.certificate, self.answer.solution.as_ref().map(|s| s.objective))
    }

    fn layer<'a>(&'a self, certificate: &'a Certificate, gap: i64, posts: usize, rows: &[u32]) -> Layer<'a> {
        let mut dearest: Vec<Option<i64>> = vec![None; posts];
        for (post, price) in rows.iter().zip(&certificate.row_prices) {
            let dearest = &mut dearest[*post as usize];
            *dearest = Some(dearest.map_or(*price, |before| before.max(*price)));
        }
        let mut prices: Vec<i64> = dearest.into_iter().map(|price| price.unwrap_or(0)).collect();
        let concerned = |of: &[u32]| {
            let mut concerned: Vec<u32> = of.iter().map(|row| rows[*row as usize]).collect();
            concerned.dedup();
            concerned
        };
        let (mut bounds, mut places) = (vec![Vec::new(); posts], BTreeMap::new());
        let own = self.problem.quotas().len() - self.stages.len();
        for (at, multiplier) in certificate.multipliers.iter().enumerate().filter(|(_, of)| **of != 0) {
            let quota = &self.problem.quotas()[at];
            if at >= own {
                // A seat counts there whoever has it.
                concerned(&quota.rows).into_iter().for_each(|post| prices[post as usize] -= multiplier);
            } else if at >= self.bounds {
                places.extend(self.problem.members(at).iter().map(|person| (*person, *multiplier)));
            } else {
                concerned(&quota.rows).into_iter().for_each(|post| bounds[post as usize].push(at));
            }
        }
        Layer { problem: &self.problem, certificate, posts: prices, bounds, places, gap }
    }
}

fn gap(problem: &QuotaProblem, certificate: &Certificate, cost: Option<i128>) -> i64 {
    match (cost, check_bound(problem, certificate)) {
        (Some(cost), Ok(proved)) => {
            i64::try_from(cost * i128::from(certificate.scale) - proved).unwrap_or(i64::MAX).max(0)
        }
        _ => 0,
    }
}
