//! Scenarios around declared weights.

use super::instance::Scenario;
use crate::kernel::draw::Streams;
use crate::kernel::simplex::dirichlet;

/// Why scenarios cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PerturbError {
    /// Weights must be non-negative and sum to 1.
    #[error("the weights must be finite, not negative and sum to 1; they sum to {0}")]
    Weights(f64),
    /// Concentration, grid or noise out of range.
    #[error("{what} must be {range}; it is {value}")]
    Range { what: &'static str, range: &'static str, value: f64 },
}

/// Weights drawn around declared ones, and normal noise for each candidate's appraisal. Scenario
/// `d` is a function of the seed, `d`, and each column's key alone: neither the order of columns nor
/// the number of threads changes it.
#[derive(Clone, Debug)]
pub struct Perturb {
    weights: Vec<f64>,
    concentration: f64,
    grid: i64,
    deviation: f64,
    keys: Vec<u64>,
    streams: [Streams; 2],
}

/// Noise is cut off at this magnitude, far beyond any fit that exact arithmetic takes.
const WIDEST: f64 = 1e17;

impl Perturb {
    /// `weights` (non-negative, summing to 1) become integers that sum to `grid`. They are
    /// Dirichlet, with the declared weights as mean and variance w(1 − w) / (concentration + 1); an
    /// infinite concentration keeps them. Noise has standard deviation `deviation`, in the units
    /// of fit (component × grid). `keys` has one key for each column, or is empty for no noise.
    ///
    /// # Errors
    /// See [`PerturbError`].
    pub fn new(
        seed: u64,
        weights: &[f64],
        concentration: f64,
        grid: i64,
        deviation: f64,
        keys: &[u64],
    ) -> Result<Perturb, PerturbError> {
        let sum = weights.iter().sum::<f64>();
        if weights.iter().any(|w| !w.is_finite() || *w < 0.0) || (sum - 1.0).abs() > 1e-9 {
            return Err(PerturbError::Weights(sum));
        }
        let range = |what, range, value| Err(PerturbError::Range { what, range, value });
        if concentration.is_nan() || concentration <= 0.0 {
            return range("the concentration", "above 0", concentration);
        }
        if !(1..=1_000_000_000_000).contains(&grid) {
            return range("the grid", "from 1 to 10¹²", grid as f64);
        }
        if !(0.0..=1e15).contains(&deviation) {
            return range("the standard deviation of noise", "from 0 to 10¹⁵", deviation);
        }
        Ok(Perturb {
            weights: weights.to_vec(),
            concentration,
            grid,
            deviation,
            keys: keys.to_vec(),
            streams: [Streams::new(seed, "robust weights"), Streams::new(seed, "robust noise")],
        })
    }

    /// The declared weights on the grid, without noise.
    pub fn nominal(&self) -> Scenario {
        Scenario { weights: on_grid(&self.weights, self.grid), noise: Vec::new() }
    }

    /// Scenario number `draw`.
    pub fn scenario(&self, draw: usize) -> Scenario {
        let mut weights = self.weights.clone();
        if self.concentration.is_finite() {
            dirichlet(&mut self.streams[0].at(draw as u64), &self.weights, self.concentration, &mut weights);
        }
        let noise = if self.deviation > 0.0 {
            let field = self.streams[1].at(draw as u64).field();
            let normal = |key: &u64| (field.normal(*key, 0) * self.deviation).clamp(-WIDEST, WIDEST).round() as i64;
            self.keys.iter().map(normal).collect()
        } else {
            Vec::new()
        };
        Scenario { weights: on_grid(&weights, self.grid), noise }
    }
}

/// Integers in proportion to weights, summing to `grid`: rounded down, the rest one each to the
/// largest remainders, the earlier of equal ones.
fn on_grid(weights: &[f64], grid: i64) -> Vec<i64> {
    let sum: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|w| w / sum * grid as f64).collect();
    let mut whole: Vec<i64> = exact.iter().map(|w| w.floor() as i64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| (exact[*b] - exact[*b].floor()).total_cmp(&(exact[*a] - exact[*a].floor())).then(a.cmp(b)));
    let rest = grid - whole.iter().sum::<i64>();
    for at in order.into_iter().take(rest.max(0) as usize) {
        whole[at] += 1;
    }
    whole
}
