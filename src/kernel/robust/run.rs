//! Solving under every scenario, and counting.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::bounds::{BATCH, WORK};
use super::changes::fewest_changes;
use super::instance::{Instance, RobustError, Scenario};
use super::worst::{Summary, max_min};
use crate::kernel::assign::solve;

/// A solution and how it does over the scenarios. Fits include what open rows count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// For each row its column, `None` if it stays open.
    pub columns: Vec<Option<u32>>,
    /// Sum of its total fit over all scenarios; divided by their number, the expected fit.
    pub total: i128,
    /// Its least total fit in any scenario.
    pub worst: i128,
    /// It falls short of a scenario's optimum by no more.
    pub regret: i128,
}

/// The solution of greatest worst-case fit that was found, and what none can exceed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorstCase {
    /// The solution.
    pub choice: Choice,
    /// No solution has a worst case above this; the gap is `bound − choice.worst`.
    pub bound: i128,
}

/// Who is at a row most often when it is not the one it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other {
    /// The column; `None`: the row stays open.
    pub column: Option<u32>,
    /// In how many scenarios.
    pub scenarios: u32,
}

/// What stays under the scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Robustness {
    /// Number of scenarios: under bounds perhaps fewer than asked for.
    pub scenarios: usize,
    /// In how many of them the solution counted is proved to be the best: in all, if there are no bounds.
    pub proved: usize,
    /// The solution examined: the one given, or the optimum of the nominal scenario.
    pub nominal: Choice,
    /// For each row, in how many scenarios it keeps what it has there, a column or nobody.
    pub kept: Vec<u32>,
    /// For each row the most frequent other outcome (of equally frequent ones the lowest column, an
    /// open row last); `None` if there is no other.
    pub other: Vec<Option<Other>>,
    /// For each edge, in the order of the input, in how many scenarios it is chosen.
    pub chosen: Vec<u32>,
    /// For each scenario, how many rows differ from the solution examined.
    pub changed: Vec<u32>,
    /// Sum of the scenarios' optima, or of what is proved about them: no solution's `total` exceeds it.
    pub optima: i128,
    /// The solution of greatest expected fit, and what no solution's `total` exceeds: without bounds its own.
    pub expected: Choice,
    pub expected_bound: i128,
    /// The solution of great worst-case fit.
    pub worst: WorstCase,
}

impl Robustness {
    /// Rows that keep what they have in less than `per_mille` thousandths of the scenarios.
    pub fn fragile(&self, per_mille: u32) -> Vec<u32> {
        let below = |kept: u32| u64::from(kept) * 1000 < u64::from(per_mille) * self.scenarios as u64;
        (0..self.kept.len() as u32).filter(|row| below(self.kept[*row as usize])).collect()
    }
}

/// An open row, in a solution written as compressed edges.
pub(super) const OPEN: u32 = u32::MAX;

/// The best solution of a scenario, as far as it was found.
pub(super) struct Optimum {
    /// As compressed edges.
    pub edges: Vec<u32>,
    /// No solution's fit exceeds this; `None`: nor its own.
    pub most: Option<i128>,
    /// Steps that count towards the limit of work.
    pub work: u64,
}

/// Examines `solution` (or, if none is given, the optimum of `nominal`) under `scenarios` scenarios,
/// of which `scenario(i)` gives the i-th; see the module's text. All scenarios are kept in memory:
/// 8 bytes for each column and scenario if there is noise.
///
/// # Errors
/// See [`RobustError`].
pub fn robustness(
    instance: &Instance,
    nominal: &Scenario,
    solution: Option<&[Option<u32>]>,
    scenarios: usize,
    scenario: impl Fn(usize) -> Scenario + Sync,
) -> Result<Robustness, RobustError> {
    if scenarios == 0 {
        return Err(RobustError::NoScenario);
    }
    let base = match solution {
        Some(columns) => edges(instance, columns)?,
        None => optimum(instance, nominal, 1, &[])?.edges,
    };
    let keep: Vec<u32> = base.iter().copied().filter(|e| *e != OPEN).collect();
    let one = |at: usize| {
        let scenario = scenario(at);
        let found = optimum(instance, &scenario, 1, &keep)?;
        Ok((scenario, found))
    };
    let (mut drawn, mut found, mut work) = (Vec::new(), Vec::new(), 0);
    let batch = if instance.bounds.is_some() { BATCH } else { scenarios };
    while drawn.len() < scenarios && work < WORK {
        let batch = drawn.len()..scenarios.min(drawn.len() + batch);
        let solved: Vec<Result<(Scenario, Optimum), RobustError>> = batch.into_par_iter().map(one).collect();
        for solved in solved {
            let (scenario, optimum) = solved?;
            work += optimum.work;
            drawn.push(scenario);
            found.push(optimum);
        }
    }
    let scenarios = drawn.len();
    let summaries: Vec<Summary> = found.par_iter().map(|of| Summary::new(instance, &of.edges)).collect();
    let fits: Vec<i128> = drawn.iter().zip(&summaries).map(|(s, of)| of.fit(s)).collect();
    let optima: Vec<i128> = found.iter().zip(&fits).map(|(of, fit)| of.most.unwrap_or(*fit)).collect();
    let proved = fits.iter().zip(&optima).filter(|(fit, most)| fit == most).count();
    let solved: Vec<Vec<u32>> = found.into_iter().map(|of| of.edges).collect();

    let sum = weighted(instance, &drawn, &vec![1; scenarios])?;
    let expected = optimum(instance, &sum, scenarios as i64, &keep)?;
    let judge = |edges: &[u32]| judge(instance, &drawn, &optima, edges);
    let expected_bound = expected.most;
    let (expected, nominal) = (judge(&expected.edges), judge(&base));
    let (best, bound) = max_min(instance, &drawn, &optima, [&nominal, &expected], &solved, &summaries)?;

    let mut chosen = vec![0; instance.edges()];
    solved.iter().flatten().filter(|e| **e != OPEN).for_each(|e| chosen[*e as usize] += 1);
    let differ = |edges: &Vec<u32>| edges.iter().zip(&base).filter(|(a, b)| a != b).count() as u32;
    let kept = (0..base.len()).map(|row| solved.iter().filter(|edges| edges[row] == base[row]).count() as u32);
    Ok(Robustness {
        scenarios,
        proved,
        kept: kept.collect(),
        other: (0..base.len()).map(|row| other(instance, &solved, row, base[row])).collect(),
        chosen: instance.in_input_order(&chosen),
        changed: solved.iter().map(differ).collect(),
        optima: optima.iter().sum(),
        worst: WorstCase { choice: judge(&best), bound },
        nominal,
        expected_bound: expected_bound.unwrap_or(expected.total),
        expected,
    })
}

fn other(instance: &Instance, solved: &[Vec<u32>], row: usize, has: u32) -> Option<Other> {
    let mut counts = BTreeMap::new();
    for edge in solved.iter().map(|edges| edges[row]).filter(|e| *e != has) {
        *counts.entry(edge).or_insert(0u32) += 1;
    }
    // Edges of a row are in the order of columns, and open is the highest.
    let (edge, scenarios) = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    Some(Other { column: (edge != OPEN).then(|| instance.head(edge as usize)), scenarios })
}

fn judge(instance: &Instance, drawn: &[Scenario], optima: &[i128], edges: &[u32]) -> Choice {
    let summary = Summary::new(instance, edges);
    let fits: Vec<i128> = drawn.iter().map(|s| summary.fit(s)).collect();
    Choice {
        columns: columns(instance, edges),
        total: fits.iter().sum(),
        worst: fits.iter().copied().min().unwrap_or(0),
        regret: optima.iter().zip(&fits).map(|(best, fit)| best - fit).max().unwrap_or(0),
    }
}

/// The column of each row, from compressed edges.
pub(super) fn columns(instance: &Instance, edges: &[u32]) -> Vec<Option<u32>> {
    edges.iter().map(|e| (*e != OPEN).then(|| instance.head(*e as usize))).collect()
}

/// A given solution as compressed edges.
pub(super) fn edges(instance: &Instance, columns: &[Option<u32>]) -> Result<Vec<u32>, RobustError> {
    if columns.len() != instance.rows() {
        return Err(RobustError::Solution { row: columns.len().min(instance.rows()) });
    }
    let mut used = vec![false; instance.columns()];
    let edge = |(row, column): (usize, &Option<u32>)| {
        let Some(column) = *column else {
            return if instance.may_stay_open(row) { Ok(OPEN) } else { Err(RobustError::Solution { row }) };
        };
        let edge = instance.edge(row, column).ok_or(RobustError::Solution { row })?;
        match std::mem::replace(&mut used[column as usize], true) {
            true => Err(RobustError::Solution { row }),
            false => Ok(edge as u32),
        }
    };
    columns.iter().enumerate().map(edge).collect()
}

/// The optimum of a scenario in which an open row, or a unit that a soft bound is missed by, counts `times`
/// times; of several one with as many of the edges `keep` as any. Under bounds as good a one as the effort allows.
pub(super) fn optimum(
    instance: &Instance,
    scenario: &Scenario,
    times: i64,
    keep: &[u32],
) -> Result<Optimum, RobustError> {
    if let Some(bounds) = &instance.bounds {
        return bounds.optimum(instance, scenario, times, keep);
    }
    // One more than the most edges that can be kept: a secondary objective in the last digit.
    let digit = if keep.is_empty() { 1 } else { instance.rows() as i64 + 1 };
    let columns = match instance.problem(scenario, times, digit, keep) {
        Ok(problem) => solve(&problem)?.columns,
        Err(RobustError::Overflow(_) | RobustError::Assign(_)) if digit > 1 => {
            let problem = instance.problem(scenario, times, 1, &[])?;
            let optimum = solve(&problem)?;
            let mut earlier = vec![None; instance.rows()];
            for (row, has) in earlier.iter_mut().enumerate() {
                let range = instance.row(row);
                let at = keep.partition_point(|e| (*e as usize) < range.start);
                *has = keep.get(at).filter(|e| range.contains(&(**e as usize))).map(|e| instance.head(*e as usize));
            }
            fewest_changes(&problem, &optimum, &earlier).map_or(optimum.columns, |near| near.columns)
        }
        Err(error) => return Err(error),
    };
    Ok(Optimum { edges: edges(instance, &columns)?, most: None, work: 0 })
}

/// The sum of scenarios, each as often as its weight says.
pub(super) fn weighted(instance: &Instance, drawn: &[Scenario], times: &[i64]) -> Result<Scenario, RobustError> {
    let noisy = drawn.iter().any(|s| !s.noise.is_empty());
    let components = drawn.first().map_or(0, |s| s.weights.len());
    let mut weights = vec![0i128; components];
    let mut noise = vec![0i128; if noisy { instance.columns() } else { 0 }];
    for (scenario, &times) in drawn.iter().zip(times).filter(|(_, times)| **times != 0) {
        for (sum, weight) in weights.iter_mut().zip(&scenario.weights) {
            *sum += i128::from(*weight) * i128::from(times);
        }
        for (sum, value) in noise.iter_mut().zip(&scenario.noise) {
            *sum += i128::from(*value) * i128::from(times);
        }
    }
    let narrow = |sums: Vec<i128>| {
        sums.into_iter()
            .map(|sum| i64::try_from(sum).map_err(|_| RobustError::Overflow(sum)))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(Scenario { weights: narrow(weights)?, noise: narrow(noise)? })
}
