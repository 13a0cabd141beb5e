//! Options that several rules share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of a value outside the range that the rule was fitted on (another year's, or one
/// beyond the reference).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// Held at the end of the range.
    #[default]
    Hold,
    /// The line goes on: points below the floor or above the ceiling come out.
    Extrapolate,
}

impl Beyond {
    /// The part of the way, held within 0 and 1 unless the line goes on.
    pub(super) fn part(self, reached: f64) -> f64 {
        match self {
            Beyond::Hold => reached.clamp(0.0, 1.0),
            Beyond::Extrapolate => reached,
        }
    }
}

/// How a share of a whole is turned around where lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Inverse {
    /// 1 minus the share: distances between units stay as they are.
    Complement,
    /// The share of 1 / x: every value must be positive.
    Reciprocal,
}

/// Which part of 1 a place among N is. The place p counts from the worst, 1 to N; ties have their
/// mean place. In terms of the rank r from the best, p = N + 1 − r.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// (p − ½) / N: neither 0 nor 1 is reached (Hazen).
    Middle,
    /// p / N = (N + 1 − r) / N: the best has 1.
    ToOne,
    /// (p − 1) / N = (N − r) / N: the worst has 0.
    FromZero,
    /// p / (N + 1) (Weibull).
    Inside,
    /// (p − 1) / (N − 1): the worst has 0, the best 1; ½ for one alone.
    Ends,
}

impl Convention {
    /// Numerator and denominator of the part, which lies within 0 and 1 also for a value that is
    /// not among the N (`equal` = 0: halfway between its neighbours). ½ where N is 0.
    pub(super) fn part(self, worse: usize, equal: usize, n: usize) -> (f64, f64) {
        let place = worse as f64 + (equal as f64 + 1.0) / 2.0;
        let n = n as f64;
        let (part, whole) = match self {
            Convention::Middle => (place - 0.5, n),
            Convention::ToOne => (place, n),
            Convention::FromZero => (place - 1.0, n),
            Convention::Inside => (place, n + 1.0),
            Convention::Ends => (place - 1.0, n - 1.0),
        };
        if n > 0.0 && whole > 0.0 { (part.clamp(0.0, whole), whole) } else { (1.0, 2.0) }
    }
}

/// Percent of the way from the worst value to the goal. Where the goal is no better than the worst
/// there is no way: 100 for those who reach it, 0 for the others.
pub(super) fn way(worst: f64, goal: f64, value: f64, sign: f64, beyond: Beyond) -> f64 {
    let width = goal - worst;
    if sign * width > 0.0 && width.is_finite() {
        100.0 * beyond.part((value - worst) / width)
    } else if sign * (value - goal) >= 0.0 {
        100.0
    } else {
        0.0
    }
}

/// The worst of the values (ascending): the least, or the greatest where lower is better.
pub(super) fn worst(peers: &[f64], sign: f64) -> Option<f64> {
    if sign > 0.0 { peers.first().copied() } else { peers.last().copied() }
}
