//! The Lagrangian dual: multipliers that raise the bound.
//!
//! The bound is concave and piecewise linear in the multipliers; with many rows behind each quota
//! its pieces are so short that it looks smooth, and curvature pays: every multiplier moves by its
//! own step, the secant estimate of (multiplier change) / (slope change), all at once (a diagonal
//! quasi-Newton ascent; compare J. Barzilai and J. M. Borwein, "Two-point step size gradient
//! methods", *IMA Journal of Numerical Analysis* 8 (1988) 141–148). At kinks the secant shrinks the
//! step by itself. Steps are floating-point numbers, made by +, −, × and ÷ in a fixed order;
//! multipliers are rounded to the grid before anything is solved, so rounding never touches the
//! bound.

use super::engine::{Engine, caps};

/// Share of the secant step that is taken: neighbours move at the same time.
const DAMPING: f64 = 0.7;

/// Rounds between two looks at whether the bound still rises.
const PATIENCE: usize = 8;

/// Most rounds of one ascent, however small the problem.
pub(super) const ROUNDS: usize = 1_000;

/// An ascent under way.
pub(super) struct Ascent<'a> {
    /// The subproblem at the multipliers of the last round.
    pub engine: Engine<'a>,
    /// The subproblem at the best multipliers.
    pub best: Engine<'a>,
    /// The bound there, in steps of the grid.
    pub value: i128,
    /// Widest step.
    pub widest: f64,
    /// Multiplier change per unit of slope, for each quota.
    pub step: Vec<f64>,
    /// The first guess of the steps.
    pub first: Vec<f64>,
    slope: Vec<i64>,
    caps: Vec<(i64, i64)>,
    marks: Vec<i128>,
}

impl<'a> Ascent<'a> {
    /// From an engine; `spread` is how far costs typically lie apart, `widest` how far at most, in
    /// steps of the grid.
    pub fn new(engine: Engine<'a>, spread: f64, widest: f64) -> Ascent<'a> {
        let problem = engine.problem;
        let first = |q: &super::Quota| {
            let jump = (q.inside - q.outside).abs().max(q.inside.abs()).max(1) as f64;
            spread / q.rows.len().max(1) as f64 / jump / jump
        };
        let step = problem.quotas.iter().map(first).collect();
        Ascent::with_steps(engine, step, widest)
    }

    /// From an engine and known steps.
    pub fn with_steps(engine: Engine<'a>, step: Vec<f64>, widest: f64) -> Ascent<'a> {
        let problem = engine.problem;
        let slope = (0..problem.quotas.len()).map(|q| engine.slope(q)).collect();
        let value = engine.value();
        Ascent {
            best: engine.clone(),
            value,
            first: step.clone(),
            step,
            slope,
            caps: caps(&engine),
            widest,
            marks: vec![value],
            engine,
        }
    }

    /// One step of all multipliers; false when none can move: the pairs are then optimal.
    pub fn round(&mut self) -> bool {
        let quotas = self.slope.len();
        let mut changes = Vec::new();
        for quota in (0..quotas).filter(|q| self.slope[*q] != 0) {
            let (old, slope) = (self.engine.lambda[quota], self.slope[quota]);
            let (low, high) = self.caps[quota];
            let wish = old as f64 + DAMPING * self.step[quota] * slope as f64;
            let mut new = (wish.clamp(low as f64, high as f64) as i64).clamp(low, high);
            if new == old {
                new = (old + slope.signum()).clamp(low, high);
            }
            if (new > 0 && old < 0) || (new < 0 && old > 0) {
                new = 0;
            }
            if new != old {
                changes.push((quota as u32, new));
            }
        }
        if changes.is_empty() {
            return false;
        }
        let before: Vec<i64> = changes.iter().map(|c| self.engine.lambda[c.0 as usize]).collect();
        self.engine.set(&changes);
        for (&(quota, new), old) in changes.iter().zip(before) {
            let quota = quota as usize;
            let bend = (self.slope[quota] - self.engine.slope(quota)) as f64 / (new - old) as f64;
            let step = self.step[quota];
            self.step[quota] =
                if bend > 0.0 { (1.0 / bend).clamp(step * 0.4, step * 2.0) } else { (step * 1.5).min(self.widest) };
        }
        for quota in 0..quotas {
            self.slope[quota] = self.engine.slope(quota);
        }
        let now = self.engine.value();
        if now > self.value {
            self.value = now;
            self.best.clone_from(&self.engine);
        }
        self.marks.push(self.value);
        true
    }

    /// Rounds until the bound has risen by less than `enough` over the last few, reaches `target`,
    /// no multiplier can move, or the work (of this ascent, in edges) exceeds `budget`.
    pub fn run(&mut self, enough: i128, target: Option<i128>, budget: u64) {
        let (start, first) = (self.engine.work, self.marks.len());
        while self.round() {
            let made = self.marks.len() - first;
            let before = self.marks[self.marks.len().saturating_sub(PATIENCE + 1)];
            if target.is_some_and(|t| self.value >= t)
                || (made >= PATIENCE && self.value - before < enough)
                || self.engine.work - start > budget
                || made >= ROUNDS
            {
                break;
            }
        }
    }

    /// Whether a multiplier could still move at the best point; if none can, the pairs there are
    /// optimal.
    pub fn rough(&self) -> bool {
        (0..self.slope.len()).any(|q| self.best.slope(q) != 0)
    }
}
