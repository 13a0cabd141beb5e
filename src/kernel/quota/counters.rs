//! Whole numbers that a search may branch on: how many rows of a share are filled, and how many of them
//! with members of its group.
//!
//! A share of filled rows is a bound on `inside·x + outside·y` with x pairs of members and y other pairs.
//! With two townships of three posts such a bound is far weaker over fractions of pairs than over pairs.
//! Both x and x + y are whole, so each gets limits of its own, tightened by what the share allows.

use super::engine::Limits;
use super::problem::{Quota, QuotaError, QuotaProblem};

/// Least distance of a mean from a whole number that makes it worth branching on, of 1.
const APART: f64 = 0.05;

/// A share and its two counters, as places of quotas; what it asks for is `weights·counters <= most`, for each
/// of `conditions`.
struct Share {
    filled: usize,
    members: usize,
    conditions: Vec<([i64; 2], i64)>,
}

impl Share {
    /// Narrows the limits of both counters to what each condition leaves; false if it leaves nothing.
    fn tighten(&self, limits: &mut [Limits]) -> bool {
        let places = [self.filled, self.members];
        for (weights, most) in &self.conditions {
            for (at, other) in [(0, 1), (1, 0)] {
                let range = |place: usize| (limits[place].least.unwrap_or(0), limits[place].most.unwrap_or(0));
                let (low, high) = range(places[other]);
                let left = most - (weights[other] * low).min(weights[other] * high);
                let of = &mut limits[places[at]];
                match weights[at] {
                    w if w > 0 => of.most = of.most.map(|m| m.min(left.div_euclid(w))),
                    // −w·n <= left: n >= −left / w, rounded up.
                    w => of.least = of.least.map(|l| l.max(-left.div_euclid(-w))),
                }
                if of.least > of.most {
                    return false;
                }
            }
        }
        true
    }
}

pub(super) struct Counters {
    shares: Vec<Share>,
    /// Largest inside minus outside of the shares of each counter; the counters come after the problem's quotas.
    jumps: Vec<(usize, i64)>,
    own: usize,
}

impl Counters {
    /// A problem with the counters of all its shares as quotas after all others.
    ///
    /// # Errors
    /// Does not happen for a problem that exists.
    pub fn of(problem: &QuotaProblem) -> Result<(QuotaProblem, Counters), QuotaError> {
        let own = problem.quotas.len();
        let mut counters = Counters { shares: Vec::new(), jumps: Vec::new(), own };
        let mut quotas = problem.quotas.clone();
        let mut groups = problem.groups.clone();
        groups.push(Vec::new());
        let nobody = groups.len() as u32 - 1;
        for (at, of) in problem.quotas.iter().enumerate() {
            if of.inside == 0 || of.outside == 0 || of.inside == of.outside {
                continue;
            }
            let mut place = |counter: Quota| {
                let same = |q: &Quota| q.rows == counter.rows && q.group == counter.group;
                let found = quotas[own..].iter().position(same).unwrap_or_else(|| {
                    quotas.push(counter);
                    counters.jumps.push((at, of.inside - of.outside));
                    quotas.len() - 1 - own
                });
                own + found
            };
            let rows = of.rows.len() as i64;
            let filled = Quota { outside: 1, ..Quota::count(of.rows.clone(), nobody, Some(0), Some(rows)) };
            let most = rows.min(problem.groups[of.group as usize].len() as i64);
            let members = Quota::count(of.rows.clone(), of.group, Some(0), Some(most));
            // inside·x + outside·(n − x) of n filled rows with x members.
            let weights = [of.outside, of.inside - of.outside];
            // A soft bound leaves every number possible.
            let upper = of.most.filter(|_| of.excess_price.is_none()).map(|most| (weights, most));
            let lower = of.least.filter(|_| of.short_price.is_none()).map(|least| (weights.map(|w| -w), -least));
            let conditions = upper.into_iter().chain(lower).chain([([-1, 1], 0)]).collect();
            let share = Share { filled: place(filled), members: place(members), conditions };
            counters.shares.push(share);
        }
        let (starts, heads) = (problem.starts.clone(), problem.heads.clone());
        let (costs, open) = (problem.costs.clone(), problem.open.clone());
        let mut with = QuotaProblem::new(problem.columns, starts, heads, costs, open, groups, quotas)?;
        with.scale = problem.scale;
        Ok((with, counters))
    }

    /// First steps for all multipliers, from those of the problem's own.
    pub fn steps(&self, own: &[f64]) -> Vec<f64> {
        let of = |(quota, jump): &(usize, i64)| own[*quota] * (*jump as f64) * (*jump as f64);
        own.iter().copied().chain(self.jumps.iter().map(of)).collect()
    }

    /// Tightens the limits of counters by what the shares allow; false if nothing is left.
    pub fn tighten(&self, limits: &mut [Limits]) -> bool {
        loop {
            let before: Vec<Limits> = limits[self.own..].to_vec();
            for share in &self.shares {
                if !share.tighten(limits) {
                    return false;
                }
            }
            if before == limits[self.own..] {
                return true;
            }
        }
    }

    /// The counter whose mean is furthest from a whole number, and the whole number below.
    pub fn pick(&self, limits: &[Limits], means: &[f64]) -> Option<(usize, i64)> {
        let mut best: Option<(f64, usize, i64)> = None;
        for at in self.own..limits.len() {
            let (low, high) = (limits[at].least.unwrap_or(0), limits[at].most.unwrap_or(i64::MAX));
            if low >= high {
                continue;
            }
            let below = (means[at] as i64).clamp(low, high - 1);
            let apart = (means[at] - below as f64).min((below + 1) as f64 - means[at]);
            if apart >= APART && best.is_none_or(|b| apart > b.0) {
                best = Some((apart, at, below));
            }
        }
        best.map(|(_, at, below)| (at, below))
    }
}
