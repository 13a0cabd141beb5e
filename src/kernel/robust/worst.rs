//! The best worst case: all solutions met, and a Lagrangian bound.

use super::bounds::WORST_WORK;
use super::instance::{Instance, RobustError, Scenario};
use super::run::{Choice, OPEN, columns, edges, optimum, weighted};

/// What a solution's fit depends on: the sums of its components, its columns, what its open rows
/// count, less what soft bounds cost.
pub(super) struct Summary {
    parts: Vec<i128>,
    columns: Vec<u32>,
    open: i128,
}

impl Summary {
    pub fn new(instance: &Instance, edges: &[u32]) -> Summary {
        let mut summary = Summary { parts: Vec::new(), columns: Vec::new(), open: 0 };
        for (row, &edge) in edges.iter().enumerate() {
            if edge == OPEN {
                summary.open += i128::from(instance.open_value(row));
                continue;
            }
            let parts = instance.parts(edge as usize);
            summary.parts.resize(parts.len(), 0);
            summary.parts.iter_mut().zip(parts).for_each(|(sum, part)| *sum += i128::from(*part));
            summary.columns.push(instance.head(edge as usize));
        }
        if let Some(bounds) = &instance.bounds {
            summary.open -= bounds.fees(&columns(instance, edges));
        }
        summary
    }

    /// The total fit in a scenario.
    pub fn fit(&self, scenario: &Scenario) -> i128 {
        let parts = self.parts.iter().zip(&scenario.weights).map(|(part, weight)| part * i128::from(*weight));
        let noise = match scenario.noise.as_slice() {
            [] => 0,
            noise => self.columns.iter().map(|c| i128::from(noise[*c as usize])).sum(),
        };
        parts.sum::<i128>() + self.open + noise
    }
}

/// Rounds of the play; each asks for one optimum of weighted fits.
const ROUNDS: u64 = 60;

/// Moves of each side between two such questions.
const MOVES: u64 = 100;

/// Finest grid of scenario weights.
const FINEST: i128 = 1 << 20;

/// The solution (as edges) with the greatest worst case of all that were met, and a bound that no
/// solution's worst case exceeds. `drawn` is not empty; `optima` are what no solution exceeds in each.
pub(super) fn max_min(
    instance: &Instance,
    drawn: &[Scenario],
    optima: &[i128],
    known: [&Choice; 2],
    solved: &[Vec<u32>],
    summaries: &[Summary],
) -> Result<(Vec<u32>, i128), RobustError> {
    let mut bound = optima.iter().copied().min().unwrap_or(0);
    let known = known.iter().map(|c| edges(instance, &c.columns)).collect::<Result<Vec<_>, _>>()?;
    let mut hunt = Hunt { drawn, first: 0, worst: i128::MIN, best: Vec::new() };
    for solution in &known {
        hunt.try_one(solution, &Summary::new(instance, solution));
    }
    for (solution, summary) in solved.iter().zip(summaries) {
        hunt.try_one(solution, summary);
    }

    let most = drawn.iter().map(|s| instance.check(s, 1)).try_fold(1, |most, one| one.map(|one| most.max(one)))?;
    let grid = instance.multiple_of(most).clamp(1, FINEST) as i64;
    let mut play = Play::new(instance, drawn);
    for solution in known.iter().chain([&hunt.best.clone()]) {
        play.add(solution);
    }
    let mut work = 0;
    for _ in 0..ROUNDS {
        if bound <= hunt.worst || work >= WORST_WORK {
            break;
        }
        play.moves();
        let times = play.times(grid);
        let sum: i64 = times.iter().sum();
        let found = optimum(instance, &weighted(instance, drawn, &times)?, sum, &[])?;
        let summary = Summary::new(instance, &found.edges);
        let total = || drawn.iter().zip(&times).map(|(s, times)| summary.fit(s) * i128::from(*times)).sum();
        bound = bound.min(found.most.unwrap_or_else(total).div_euclid(i128::from(sum)));
        work += found.work;
        hunt.try_one(&found.edges, &summary);
        play.add(&found.edges);
    }
    Ok((hunt.best, bound))
}

/// The best worst case so far.
struct Hunt<'a> {
    drawn: &'a [Scenario],
    /// The scenario that spoiled the last solution is tried first.
    first: usize,
    worst: i128,
    best: Vec<u32>,
}

impl Hunt<'_> {
    fn try_one(&mut self, solution: &[u32], summary: &Summary) {
        let mut worst = i128::MAX;
        for at in std::iter::once(self.first).chain(0..self.drawn.len()) {
            let fit = summary.fit(&self.drawn[at]);
            if fit <= self.worst {
                self.first = at;
                return;
            }
            worst = worst.min(fit);
        }
        self.worst = worst;
        self.best = solution.to_vec();
    }
}

/// Fictitious play: solutions against scenarios. Only a source of weights, so floats will do.
struct Play<'a> {
    instance: &'a Instance,
    drawn: &'a [Scenario],
    solutions: Vec<Vec<u32>>,
    /// Solutions × scenarios.
    fits: Vec<Vec<f64>>,
    /// For each scenario how much it was played, and the sum of the fits played against it.
    played: Vec<f64>,
    against: Vec<f64>,
    /// For each solution the sum of its fits in the scenarios played.
    gained: Vec<f64>,
    step: u64,
}

impl<'a> Play<'a> {
    fn new(instance: &'a Instance, drawn: &'a [Scenario]) -> Play<'a> {
        let zeros = vec![0.0; drawn.len()];
        let (solutions, fits, gained) = (Vec::new(), Vec::new(), Vec::new());
        Play { instance, drawn, solutions, fits, played: zeros.clone(), against: zeros, gained, step: 0 }
    }

    fn add(&mut self, solution: &[u32]) {
        if self.solutions.iter().any(|s| s == solution) {
            return;
        }
        let summary = Summary::new(self.instance, solution);
        let fits: Vec<f64> = self.drawn.iter().map(|s| summary.fit(s) as f64).collect();
        self.gained.push(fits.iter().zip(&self.played).map(|(fit, played)| fit * played).sum());
        self.fits.push(fits);
        self.solutions.push(solution.to_vec());
    }

    /// Each side answers what the other has played so far; the t-th move counts t.
    fn moves(&mut self) {
        for _ in 0..MOVES {
            self.step += 1;
            let weight = self.step as f64;
            let solution = first_least(self.gained.iter().map(|g| -g));
            self.against.iter_mut().zip(&self.fits[solution]).for_each(|(sum, fit)| *sum += weight * fit);
            let scenario = first_least(self.against.iter().copied());
            self.played[scenario] += weight;
            self.gained.iter_mut().zip(&self.fits).for_each(|(sum, fits)| *sum += weight * fits[scenario]);
        }
    }

    /// How much each scenario was played, in whole numbers whose sum is at most `grid` and at least 1.
    fn times(&self, grid: i64) -> Vec<i64> {
        let sum: f64 = self.played.iter().sum();
        let mut times: Vec<i64> = self.played.iter().map(|p| (p / sum * grid as f64).floor() as i64).collect();
        if times.iter().all(|t| *t == 0) {
            times[first_least(self.played.iter().map(|p| -p))] = 1;
        }
        times
    }
}

/// Index of the least value, the first of equal ones.
fn first_least(values: impl Iterator<Item = f64>) -> usize {
    values.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(at, _)| at)
}
