//! The cheapest steps that bring a value to at least 0.
//!
//! Where more steps never lower the value, branch and bound over the numbers of steps: a branch is
//! left when it cannot reach 0 with all further steps, or cannot be cheaper than the best found. Where
//! the value is a sum of gains, the rest of a branch costs at least what it would if steps could be
//! cut (each indicator at its best gain per cost, in the order of the rates of the upper hull of its
//! gains), rounded up to what costs can add up to. A search that ends within [`WORK`] evaluations is
//! exact; one that does not (within [`CURVE`], where there are no gains) returns the best found, and
//! says so. Where more steps may lower the value,
//! all combinations are tried if there are at most [`COMBINATIONS`]; else steps are taken greedily.

use super::policy::Metric;

/// Evaluations after which a search returns the best found, where the value is a sum of gains.
pub const WORK: usize = 20_000;

/// The same where it is not: an evaluation goes through the whole tree.
pub const CURVE: usize = 3_000;

/// Most combinations of steps that are all tried.
pub const COMBINATIONS: usize = 5_000;

/// Room for rounding error in values, and, as a share, in costs. Less than half a step of the grid on
/// which scores are compared, where values are shares of the greatest score.
pub const ROUNDING: f64 = 2e-11;

/// What is searched.
pub struct Search<'a> {
    /// Most steps, by indicator.
    pub most: &'a [usize],
    /// Cost of a step, positive.
    pub cost: &'a [f64],
    pub metric: Metric,
    /// The value that must reach 0.
    pub value: &'a dyn Fn(&[usize]) -> f64,
    /// Does no step ever lower it?
    pub monotone: bool,
    /// Gain by indicator, then number of steps from 0, where the value is that of no steps plus the
    /// sum of the gains.
    pub gains: Option<&'a [Vec<f64>]>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Steps by indicator; none where 0 was not reached.
    pub steps: Option<Vec<usize>>,
    /// Is nothing cheaper (or, if nothing was found, is 0 out of reach)?
    pub proven: bool,
}

impl Search<'_> {
    /// The cheapest steps: least by metric, then by total cost.
    pub fn run(&self) -> Found {
        let none = vec![0; self.most.len()];
        if self.reaches(&none) {
            return Found { steps: Some(none), proven: true };
        }
        if self.monotone {
            return self.branch();
        }
        let all = self.most.iter().try_fold(1_usize, |all, most| all.checked_mul(most + 1));
        if all.is_some_and(|all| all <= COMBINATIONS) {
            self.enumerate()
        } else {
            Found { steps: self.greedy(self.most), proven: false }
        }
    }

    fn reaches(&self, steps: &[usize]) -> bool {
        (self.value)(steps) >= -ROUNDING
    }

    /// Total cost.
    pub fn total(&self, steps: &[usize]) -> f64 {
        steps.iter().zip(self.cost).fold(0.0, |sum, (n, cost)| sum + *n as f64 * cost)
    }

    /// What is made small, in order.
    fn size(&self, steps: &[usize]) -> [f64; 2] {
        let total = self.total(steps);
        match self.metric {
            Metric::L1 => [total, total],
            Metric::Count => [steps.iter().filter(|n| **n > 0).count() as f64, total],
            Metric::Max => {
                [steps.iter().zip(self.cost).fold(0.0, |most: f64, (n, cost)| most.max(*n as f64 * cost)), total]
            }
        }
    }

    fn smaller(&self, a: &[usize], b: &[usize]) -> bool {
        let (a, b) = (self.size(a), self.size(b));
        let near = |x: f64, y: f64| (x - y).abs() <= ROUNDING * y.abs();
        if near(a[0], b[0]) { a[1] < b[1] && !near(a[1], b[1]) } else { a[0] < b[0] }
    }

    /// All combinations, in the order of an odometer.
    fn enumerate(&self) -> Found {
        let mut steps = vec![0; self.most.len()];
        let mut best: Option<Vec<usize>> = None;
        while advance(&mut steps, self.most) {
            if best.as_ref().is_none_or(|best| self.smaller(&steps, best)) && self.reaches(&steps) {
                best = Some(steps.clone());
            }
        }
        Found { steps: best, proven: true }
    }

    /// One step at a time, the one that gains most for its cost; then steps are taken back.
    fn greedy(&self, most: &[usize]) -> Option<Vec<usize>> {
        let mut steps = vec![0; most.len()];
        let mut now = (self.value)(&steps);
        while now < -ROUNDING {
            let mut best = (0.0, 0, now);
            for at in 0..steps.len() {
                if steps[at] == most[at] {
                    continue;
                }
                steps[at] += 1;
                let next = (self.value)(&steps);
                steps[at] -= 1;
                let rate = (next - now) / self.cost[at];
                if rate > best.0 {
                    best = (rate, at, next);
                }
            }
            if best.0 <= 0.0 {
                return None;
            }
            steps[best.1] += 1;
            now = best.2;
        }
        for at in 0..steps.len() {
            while steps[at] > 0 {
                steps[at] -= 1;
                if !self.reaches(&steps) {
                    steps[at] += 1;
                    break;
                }
            }
        }
        Some(steps)
    }

    fn branch(&self) -> Found {
        if !self.reaches(self.most) {
            return Found { steps: None, proven: true };
        }
        let work = if self.gains.is_some() { WORK } else { CURVE };
        let mut state = Branch {
            search: self,
            order: Vec::new(),
            segments: Vec::new(),
            grain: grain(self.cost),
            most: self.most.to_vec(),
            count: self.most.len(),
            best: None,
            left: work,
        };
        match self.metric {
            Metric::L1 => {}
            Metric::Max => state.most = self.least_maximum(),
            Metric::Count => match state.least_count() {
                Some(count) => state.count = count,
                // Too many sets to try: the best of all, not proven to be of the fewest.
                None => state.left = 0,
            },
        }
        let exhausted = state.left == 0;
        if exhausted {
            state.left = work;
        }
        state.sort();
        // Something to beat, where branches are long.
        if self.gains.is_none() {
            state.best = state.greedy().map(|steps| (self.total(&steps), steps));
        }
        let mut steps = vec![0; self.most.len()];
        state.descend(0, 0.0, 0, &mut steps);
        let proven = state.left > 0 && !exhausted;
        // All steps reach 0, if the search ended before it found less.
        Found { steps: Some(state.best.map_or_else(|| state.most.clone(), |(_, steps)| steps)), proven }
    }

    /// Most steps by indicator under the least bound on the cost of each under which 0 is reached.
    fn least_maximum(&self) -> Vec<usize> {
        let of = |at: usize| (1..=self.most[at]).map(move |n| n as f64 * self.cost[at]);
        let mut bounds: Vec<f64> = (0..self.most.len()).flat_map(of).collect();
        bounds.sort_unstable_by(f64::total_cmp);
        let within = |bound: f64| -> Vec<usize> {
            let steps = |(most, cost): (&usize, &f64)| (*most).min((bound / cost * (1.0 + ROUNDING)) as usize);
            self.most.iter().zip(self.cost).map(steps).collect()
        };
        let at = bounds.partition_point(|&bound| !self.reaches(&within(bound)));
        bounds.get(at).map_or_else(|| self.most.to_vec(), |&bound| within(bound))
    }
}

/// The next combination; false after the last.
fn advance(steps: &mut [usize], most: &[usize]) -> bool {
    for (n, most) in steps.iter_mut().zip(most) {
        if *n < *most {
            *n += 1;
            return true;
        }
        *n = 0;
    }
    false
}

/// A running branch and bound.
struct Branch<'a, 'b> {
    search: &'a Search<'b>,
    /// Indicators, those that gain most for their cost first.
    order: Vec<usize>,
    /// Pieces of the hulls of all gains, steepest first.
    segments: Vec<Segment>,
    /// What all total costs are multiples of; 0 if there is no such number.
    grain: f64,
    most: Vec<usize>,
    /// Most indicators that may change.
    count: usize,
    best: Option<(f64, Vec<usize>)>,
    /// Evaluations left.
    left: usize,
}

impl Branch<'_, '_> {
    /// Greedy steps, if they change few enough indicators.
    fn greedy(&self) -> Option<Vec<usize>> {
        let steps = self.search.greedy(&self.most)?;
        (steps.iter().filter(|n| **n > 0).count() <= self.count).then_some(steps)
    }

    fn reaches(&mut self, steps: &[usize]) -> bool {
        self.left = self.left.saturating_sub(1);
        self.search.reaches(steps)
    }

    /// The greatest gain for its cost of any number of steps of an indicator on its own.
    fn rate(&self, at: usize) -> f64 {
        let cost = self.search.cost[at];
        match self.search.gains {
            Some(gains) => (1..=self.most[at]).fold(0.0, |best: f64, n| best.max(gains[at][n] / (n as f64 * cost))),
            None if self.most[at] == 0 => 0.0,
            None => {
                let mut steps = vec![0; self.most.len()];
                let none = (self.search.value)(&steps);
                steps[at] = self.most[at];
                ((self.search.value)(&steps) - none) / (self.most[at] as f64 * cost)
            }
        }
    }

    fn sort(&mut self) {
        let mut rates: Vec<(f64, usize)> = (0..self.most.len()).map(|at| (self.rate(at), at)).collect();
        rates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.order = rates.into_iter().filter(|(_, at)| self.most[*at] > 0).map(|(_, at)| at).collect();
        let Some(gains) = self.search.gains else { return };
        for (place, &at) in self.order.iter().enumerate() {
            hull(&gains[at][..=self.most[at]], self.search.cost[at], place, &mut self.segments);
        }
        self.segments.sort_by(|a, b| b.rate.total_cmp(&a.rate).then(a.place.cmp(&b.place)));
    }

    /// The fewest indicators that reach 0 with all their steps; none if there are too many sets.
    fn least_count(&mut self) -> Option<usize> {
        let open: Vec<usize> = (0..self.most.len()).filter(|&at| self.most[at] > 0).collect();
        if let Some(gains) = self.search.gains {
            // Of a sum, the greatest gains are the best set of any size.
            let mut open = open;
            open.sort_by(|&a, &b| gains[b][self.most[b]].total_cmp(&gains[a][self.most[a]]).then(a.cmp(&b)));
            let mut steps = vec![0; self.most.len()];
            return open
                .iter()
                .position(|&at| {
                    steps[at] = self.most[at];
                    self.search.reaches(&steps)
                })
                .map(|at| at + 1);
        }
        (1..=open.len())
            .find(|&count| self.any_set(&open, count, &mut vec![0; self.most.len()]))
            .filter(|_| self.left > 0)
    }

    fn any_set(&mut self, open: &[usize], count: usize, steps: &mut Vec<usize>) -> bool {
        if count == 0 || self.left == 0 {
            return self.left == 0 || self.reaches(steps);
        }
        for (at, &indicator) in open.iter().enumerate() {
            if open.len() - at < count {
                break;
            }
            steps[indicator] = self.most[indicator];
            if self.any_set(&open[at + 1..], count - 1, steps) {
                return true;
            }
            steps[indicator] = 0;
        }
        false
    }

    /// All numbers of steps of the indicators from `at` on.
    fn descend(&mut self, at: usize, spent: f64, changed: usize, steps: &mut Vec<usize>) {
        if self.reaches(steps) {
            if self.best.as_ref().is_none_or(|(best, _)| spent < best - ROUNDING * best) {
                self.best = Some((spent, steps.clone()));
            }
            return;
        }
        if at == self.order.len() || changed == self.count || self.left == 0 || self.hopeless(at, spent, steps) {
            return;
        }
        let indicator = self.order[at];
        let enough = self.enough(indicator, steps);
        let most = self.most[indicator];
        // The last one that may change must be enough, or not change.
        let last = at + 1 == self.order.len() || changed + 1 == self.count;
        let first = if last && enough > most { 0 } else { enough.min(most) };
        let numbers = (0..=first).rev().filter(|&n| n == 0 || !last || n == first);
        // Beyond what is enough nothing is gained.
        for n in numbers {
            if n == 0 || !self.idle(indicator, n) {
                steps[indicator] = n;
                let used = changed + usize::from(n > 0);
                self.descend(at + 1, spent + n as f64 * self.search.cost[indicator], used, steps);
            }
        }
        steps[indicator] = 0;
    }

    /// Does the last of these steps gain nothing?
    fn idle(&self, indicator: usize, n: usize) -> bool {
        self.search.gains.is_some_and(|gains| gains[indicator][n] == gains[indicator][n - 1])
    }

    /// The fewest steps of an indicator that are enough; one more than it has if none are.
    fn enough(&mut self, indicator: usize, steps: &mut [usize]) -> usize {
        let (mut low, mut high) = (0, self.most[indicator] + 1);
        // `low` is not enough, `high` is (or is beyond the last).
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            steps[indicator] = middle;
            if self.reaches(steps) {
                high = middle;
            } else {
                low = middle;
            }
        }
        steps[indicator] = 0;
        high
    }

    /// Can the rest of a branch not reach 0, or not be cheaper than the best found?
    fn hopeless(&mut self, at: usize, spent: f64, steps: &[usize]) -> bool {
        if self.search.gains.is_none() {
            let mut all = steps.to_vec();
            self.order[at..].iter().for_each(|&indicator| all[indicator] = self.most[indicator]);
            return self.best.as_ref().is_some_and(|(best, _)| spent >= *best) || !self.reaches(&all);
        }
        let mut missing = -(self.search.value)(steps) - ROUNDING;
        let mut least = spent;
        // The cheapest way to fill what is missing, if steps could be cut.
        for segment in self.segments.iter().filter(|segment| segment.place >= at) {
            if missing <= 0.0 {
                break;
            }
            least += segment.gain.min(missing) / segment.rate;
            missing -= segment.gain;
        }
        if self.grain > 0.0 {
            least = libm::ceil(least / self.grain - 1e-6) * self.grain;
        }
        missing > ROUNDING || self.best.as_ref().is_some_and(|(best, _)| least >= best - ROUNDING * best)
    }
}

/// A straight piece of the upper hull of an indicator's gains.
struct Segment {
    /// Gain for its cost.
    rate: f64,
    gain: f64,
    /// Place of the indicator in the order of the search.
    place: usize,
}

/// The upper hull of gains over costs, from no steps on, as far as it rises.
fn hull(gains: &[f64], cost: f64, place: usize, out: &mut Vec<Segment>) {
    let mut at = 0;
    while at + 1 < gains.len() {
        let rate = |to: usize| (gains[to] - gains[at]) / ((to - at) as f64 * cost);
        // The steepest, and of those the farthest.
        let best = (at + 1..gains.len()).fold(at + 1, |best, to| if rate(to) >= rate(best) { to } else { best });
        if rate(best) <= 0.0 {
            return;
        }
        out.push(Segment { rate: rate(best), gain: gains[best] - gains[at], place });
        at = best;
    }
}

/// What all costs are whole multiples of (Euclid); 0 if that is too small to be meant.
fn grain(costs: &[f64]) -> f64 {
    let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let common = costs.iter().fold(0.0, |mut a: f64, &cost| {
        let mut b = cost;
        while b > 1e-6 * least {
            (a, b) = (b, a % b);
        }
        a
    });
    if common >= 1e-3 * least { common } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn instance() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>, f64)> {
        let gains = prop::collection::vec(prop::collection::vec(0.0..4.0_f64, 0..6), 1..5);
        gains.prop_flat_map(|rises| {
            let costs = prop::collection::vec((1..6_u8).prop_map(f64::from), rises.len());
            let gains: Vec<Vec<f64>> = rises
                .iter()
                .map(|rises| {
                    rises
                        .iter()
                        .scan(0.0, |sum, x| {
                            *sum += if *x > 3.0 { 0.0 } else { *x };
                            Some(*sum)
                        })
                        .collect()
                })
                .map(|later: Vec<f64>| [0.0].into_iter().chain(later).collect())
                .collect();
            (Just(gains), costs, 0.1..14.0_f64)
        })
    }

    proptest! {
        /// Against all combinations, for every metric, with the value as a sum and as a curve.
        #[test]
        fn branch_and_bound_finds_the_cheapest((gains, cost, gap) in instance()) {
            let most: Vec<usize> = gains.iter().map(|g| g.len() - 1).collect();
            let sum = |steps: &[usize]| steps.iter().zip(&gains).fold(-gap, |sum, (n, gains)| sum + gains[*n]);
            let curve = |steps: &[usize]| {
                let sum = steps.iter().zip(&gains).fold(0.0, |sum, (n, gains)| sum + gains[*n] * gains[*n]);
                sum - gap * gap / 2.0
            };
            for metric in [Metric::L1, Metric::Count, Metric::Max] {
                type Value<'v> = (&'v dyn Fn(&[usize]) -> f64, bool);
                let values: [Value; 3] = [(&sum, true), (&sum, false), (&curve, false)];
                for (value, additive) in values {
                    let gains = additive.then_some(gains.as_slice());
                    let search = Search { most: &most, cost: &cost, metric, value, monotone: true, gains };
                    let found = search.run();
                    let all = Search { monotone: false, gains: None, ..search };
                    let slow = all.enumerate();
                    prop_assert!(found.proven);
                    prop_assert_eq!(found.steps.is_some(), slow.steps.is_some());
                    if let (Some(found), Some(slow)) = (found.steps, slow.steps) {
                        let (a, b) = (all.size(&found), all.size(&slow));
                        prop_assert!((a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9, "{metric:?} {a:?} {b:?}");
                        prop_assert!(value(&found) >= -ROUNDING);
                    }
                    let greedy = all.greedy(&most);
                    prop_assert!(greedy.is_none_or(|steps| value(&steps) >= -ROUNDING));
                }
            }
        }
    }
}
