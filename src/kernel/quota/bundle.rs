//! A proximal bundle method for what the ascent by secants cannot climb: sharp ridges, where
//! multipliers must move together.
//!
//! Every solve gives a cut: a plane above the bound. The next point maximises the lowest of the
//! cuts minus a quadratic distance, in the metric of the secant steps, from the best point so far
//! (C. Lemaréchal, "An extension of Davidon methods to nondifferentiable problems", *Mathematical
//! Programming Study* 3 (1975) 95–109; K. C. Kiwiel, "Proximity control in bundle methods",
//! *Mathematical Programming* 46 (1990) 105–122). That small problem is solved over the weights of
//! the cuts, moving weight from the highest cut to the lowest (pairwise Frank–Wolfe steps), with
//! multipliers kept in their box. Every bound of a quota has a multiplier of its own here, at
//! least 0. All of it is floating point in a fixed order; the points are rounded to the grid.

use super::dual::{Ascent, ROUNDS};
use super::engine::{Engine, caps};

/// Cuts kept.
const CUTS: usize = 60;

/// Weight moves for one point.
const MOVES: usize = 100;

/// Floating-point numbers that count like one edge.
const FLOATS: u64 = 8;

/// Share of the promised rise that makes a point the new centre.
const SERIOUS: f64 = 0.1;

struct Cut {
    slope: Vec<f64>,
    /// Its height at the centre, above the bound there.
    above: f64,
    weight: f64,
}

/// One bound of a quota.
struct Place {
    quota: u32,
    /// 1 for the upper bound, −1 for the lower.
    sign: f64,
    bound: i64,
    cap: f64,
}

pub(super) struct Bundle {
    places: Vec<Place>,
    centre: Vec<f64>,
    metric: Vec<f64>,
    reach: f64,
    cuts: Vec<Cut>,
    /// Numbers read so far.
    work: u64,
}

impl Bundle {
    /// Around the best point of an ascent.
    fn new(ascent: &Ascent, metric: &[f64]) -> Bundle {
        let engine = &ascent.best;
        let caps = caps(engine);
        let mut places = Vec::new();
        for (at, of) in engine.limits.iter().enumerate() {
            let sides = [(of.most, 1.0, caps[at].1), (of.least, -1.0, -caps[at].0)];
            for (bound, sign, cap) in sides {
                if let Some(bound) = bound.filter(|_| cap > 0) {
                    places.push(Place { quota: at as u32, sign, bound, cap: cap as f64 });
                }
            }
        }
        let centre = places.iter().map(|p| (engine.lambda[p.quota as usize] as f64 * p.sign).max(0.0)).collect();
        let metric = places.iter().map(|p| metric[p.quota as usize]).collect();
        let mut bundle = Bundle { places, centre, metric, reach: 1.0, cuts: Vec::new(), work: 0 };
        let slope = bundle.slopes(engine);
        bundle.cuts.push(Cut { slope, above: 0.0, weight: 1.0 });
        bundle
    }

    fn slopes(&self, engine: &Engine) -> Vec<f64> {
        self.places.iter().map(|p| (engine.sums[p.quota as usize] - p.bound) as f64 * p.sign).collect()
    }

    /// The point that the weights speak of.
    fn point(&self) -> Vec<f64> {
        let mut pull = vec![0.0; self.places.len()];
        for cut in self.cuts.iter().filter(|c| c.weight > 0.0) {
            pull.iter_mut().zip(&cut.slope).for_each(|(p, s)| *p += cut.weight * s);
        }
        (0..pull.len())
            .map(|at| (self.centre[at] + self.reach * self.metric[at] * pull[at]).clamp(0.0, self.places[at].cap))
            .collect()
    }

    fn height(&self, cut: &Cut, point: &[f64]) -> f64 {
        cut.above + cut.slope.iter().zip(point).zip(&self.centre).map(|((s, p), c)| s * (p - c)).sum::<f64>()
    }

    /// The next point and the rise that the cuts promise there.
    fn next(&mut self, enough: f64) -> (Vec<f64>, f64) {
        let mut point = self.point();
        for _ in 0..MOVES {
            self.work += ((self.cuts.len() + 4) * self.places.len()) as u64;
            let heights: Vec<f64> = self.cuts.iter().map(|c| self.height(c, &point)).collect();
            let (mut low, mut high) = (0, None::<usize>);
            for at in 0..heights.len() {
                if heights[at] < heights[low] {
                    low = at;
                }
                if self.cuts[at].weight > 0.0 && high.is_none_or(|h| heights[at] > heights[h]) {
                    high = Some(at);
                }
            }
            let Some(high) = high else { break };
            let drop = heights[high] - heights[low];
            if high == low || drop <= enough * 0.1 {
                break;
            }
            let (up, down) = (&self.cuts[high].slope, &self.cuts[low].slope);
            let apart: f64 =
                (0..point.len()).map(|at| (up[at] - down[at]) * (up[at] - down[at]) * self.metric[at]).sum();
            let share = if apart > 0.0 { drop / (apart * self.reach) } else { 1.0 };
            let share = share.min(self.cuts[high].weight);
            self.cuts[high].weight -= share;
            self.cuts[low].weight += share;
            point = self.point();
        }
        let promise = self.cuts.iter().map(|c| self.height(c, &point)).fold(f64::INFINITY, f64::min);
        (point, promise)
    }

    fn recentre(&mut self, point: Vec<f64>, rise: f64) {
        for at in 0..self.cuts.len() {
            let height = self.height(&self.cuts[at], &point);
            self.cuts[at].above = height - rise;
        }
        self.centre = point;
    }

    fn add(&mut self, slope: Vec<f64>, above: f64) {
        if self.cuts.len() >= CUTS {
            let least = (0..self.cuts.len()).min_by(|a, b| self.cuts[*a].weight.total_cmp(&self.cuts[*b].weight));
            if let Some(least) = least {
                let gone = self.cuts.remove(least).weight;
                if let Some(last) = self.cuts.last_mut() {
                    last.weight += gone;
                }
            }
        }
        self.cuts.push(Cut { slope, above, weight: 0.0 });
    }

    /// Multipliers of a point, on the grid.
    fn multipliers(&self, point: &[f64], quotas: usize) -> Vec<(u32, i64)> {
        let mut net = vec![0i64; quotas];
        for (place, value) in self.places.iter().zip(point) {
            net[place.quota as usize] += (place.sign * value) as i64;
        }
        net.into_iter().enumerate().map(|(q, l)| (q as u32, l)).collect()
    }
}

/// Raises the bound of an ascent until the cuts promise less than `enough` steps, the bound reaches
/// `target`, or `budget` edges have been looked at.
pub(super) fn climb(ascent: &mut Ascent, metric: &[f64], enough: i128, target: Option<i128>, budget: u64) {
    let quotas = ascent.best.lambda.len();
    let mut bundle = Bundle::new(ascent, metric);
    if bundle.places.is_empty() {
        return;
    }
    let enough = enough as f64;
    // The bound at the centre.
    let mut level = ascent.value;
    let (mut spent, mut nulls, mut quiet) = (0u64, 0, 0);
    let mut rounds = 0;
    while spent < budget && rounds < ROUNDS && quiet < 3 && target.is_none_or(|t| ascent.value < t) {
        rounds += 1;
        let (point, promise) = bundle.next(enough);
        spent += std::mem::take(&mut bundle.work) / FLOATS;
        if promise < enough {
            bundle.reach *= 8.0;
            quiet += 1;
            continue;
        }
        let before = ascent.engine.work;
        ascent.engine.set(&bundle.multipliers(&point, quotas));
        spent += ascent.engine.work - before + 1;
        let rise = (ascent.engine.value() - level) as f64;
        let slope = bundle.slopes(&ascent.engine);
        if ascent.engine.value() > ascent.value {
            ascent.value = ascent.engine.value();
            ascent.best.clone_from(&ascent.engine);
        }
        if rise >= SERIOUS * promise {
            quiet = 0;
            nulls = 0;
            level = ascent.engine.value();
            bundle.recentre(point, rise);
            bundle.add(slope, 0.0);
            if rise >= 0.5 * promise {
                bundle.reach *= 2.0;
            }
        } else {
            // The centre stays, even if this point is a little higher.
            let from: f64 = slope.iter().zip(&point).zip(&bundle.centre).map(|((s, p), c)| s * (c - p)).sum();
            bundle.add(slope, rise + from);
            nulls += 1;
            if nulls % 4 == 0 {
                bundle.reach *= 0.6;
            }
        }
    }
}
