//! Change between consecutive periods of a panel, decomposed: what the indicators did, what the
//! weights, what the parameters (class, goalposts, the others' distribution), what the lines
//! beside the tree.
//!
//! The score is a function of three groups of inputs, the unit's values X, the weights W and the
//! parameters P. Each group's part is its Shapley value: the mean, over the six orders in which the
//! groups can pass from the earlier to the later period, of what the score gains when it is that
//! group's turn (Shorrocks 2013, "Decomposition procedures for distributional analysis: a unified
//! framework based on the Shapley value", J. Econ. Inequality 11, 99–126). Within X the indicators
//! pass one by one, in the tree's order and in the reverse one, and each gets the mean of both; for
//! an additive index that is its Shapley value too. The parts add up to the change.

use super::normalise::Cell;
use super::pipeline::{self, Matrix, Plan};
use super::policy::Missing;
use super::recipe::Recipe;
use super::table::Table;
use super::{Index, IndexError};

/// The change of one unit's score between two consecutive periods of its own, both rated.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Rows of the earlier and of the later period.
    pub from: usize,
    pub to: usize,
    /// Later score less earlier score.
    pub total: f64,
    /// The parts; none where a mixture of both periods cannot be rated (an indicator went, another
    /// came, and too little is left without both).
    pub parts: Option<Parts>,
}

/// Parts of a change; they add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// By leaf.
    pub indicators: Vec<f64>,
    pub weights: f64,
    /// What values count for: class, goalposts, and where each period is fitted by itself the
    /// distribution of the others.
    pub parameters: f64,
    /// Adjustments, bounds and caps beside the tree.
    pub lines: f64,
    /// Others' changes, where an aggregator compares units; 0 for all others.
    pub peers: f64,
}

impl Parts {
    /// The sum of all parts.
    pub fn sum(&self) -> f64 {
        self.indicators.iter().sum::<f64>() + self.weights + self.parameters + self.lines + self.peers
    }
}

/// Changes of all units between each period and the next, ordered by period and unit. For a table
/// of n rows, m leaves and T items of the tree: O(n · m · T).
///
/// # Errors
/// See [`pipeline::aggregate`].
pub fn changes(plan: &Plan, recipe: &Recipe, index: &Index) -> Result<Vec<Change>, IndexError> {
    let table = plan.table;
    let mut periods = table.periods.clone();
    periods.dedup();
    let rows_of = |period: i64| (0..table.rows()).filter(move |&row| table.periods[row] == period);
    let mut out = Vec::new();
    for pair in periods.windows(2) {
        let mut later = vec![None; table.names.len()];
        rows_of(pair[1]).for_each(|row| later[table.units[row] as usize] = Some(row));
        let matched: Vec<(usize, usize)> = rows_of(pair[0])
            .filter_map(|row| later[table.units[row] as usize].map(|to| (row, to)))
            .filter(|&(from, to)| !index.score[from].is_nan() && !index.score[to].is_nan())
            .collect();
        if !matched.is_empty() {
            out.extend(Pair::new(plan, recipe, index, &matched).changes()?);
        }
    }
    Ok(out)
}

/// The units rated in two consecutive periods.
struct Pair<'a> {
    plan: &'a Plan<'a>,
    recipe: &'a Recipe,
    index: &'a Index,
    matched: &'a [(usize, usize)],
    /// The matched units alone, as of the later period.
    table: Table,
    /// Points by [values of the later period?][parameters of the later period?], then leaf, then unit.
    points: [[Matrix; 2]; 2],
}

impl<'a> Pair<'a> {
    fn new(plan: &'a Plan<'a>, recipe: &'a Recipe, index: &'a Index, matched: &'a [(usize, usize)]) -> Self {
        let group = group_of(plan);
        let side = |&(from, to): &(usize, usize), later: bool| if later { to } else { from };
        let points = |values: bool, parameters: bool| -> Matrix {
            let leaf = |leaf: usize| {
                let cell = |pair| {
                    let value = index.imputed[leaf][side(pair, values)];
                    points(plan, recipe, index, leaf, value, group[side(pair, parameters)])
                };
                matched.iter().map(cell).collect()
            };
            (0..recipe.leaves.len()).map(leaf).collect()
        };
        let points = [[points(false, false), points(false, true)], [points(true, false), points(true, true)]];
        let pick = |texts: &Vec<Option<String>>| matched.iter().map(|&(_, to)| texts[to].clone()).collect();
        let names: Vec<String> = matched.iter().map(|&(from, _)| plan.table.name(from).to_owned()).collect();
        let table = Table {
            units: (0..names.len() as u32).collect(),
            periods: vec![0; names.len()],
            class: plan.table.class.clone(),
            texts: plan.table.texts.iter().map(|(key, texts)| (key.clone(), pick(texts))).collect(),
            names,
            ..Table::default()
        };
        Pair { plan, recipe, index, matched, table, points }
    }

    fn changes(&self) -> Result<Vec<Change>, IndexError> {
        let sub = Plan::new(self.plan.policy, &self.table, self.plan.tree.clone());
        let shares = &self.index.aggregated.shares;
        // Read by weighting methods alone, and shares are given.
        let treated = Matrix::new();
        let score = |points: &Matrix| -> Result<Vec<f64>, IndexError> {
            let made = pipeline::aggregate(&sub, self.recipe, &treated, points, Some(shares));
            let mut made = made.map_err(|(key, message)| IndexError { key, message })?;
            Ok(std::mem::take(&mut made.values[0]))
        };
        // One set of weights serves all periods, so W makes no difference and its turn passes
        // unseen: with it left out each of the two orders of X and P weighs a half.
        let mut corner = Vec::with_capacity(4);
        for values in 0..2 {
            for parameters in 0..2 {
                corner.push(score(&self.points[values][parameters])?);
            }
        }
        let leaves = self.recipe.leaves.len();
        let units = self.matched.len();
        let mut parts = vec![vec![0.0; units]; leaves];
        for parameters in 0..2 {
            let (before, after) = (&self.points[0][parameters], &self.points[1][parameters]);
            for backwards in [false, true] {
                let mut mixed = before.clone();
                let mut last = corner[parameters].clone();
                for at in 0..leaves {
                    let leaf = if backwards { leaves - 1 - at } else { at };
                    mixed[leaf].clone_from(&after[leaf]);
                    let now = if at + 1 == leaves { corner[2 + parameters].clone() } else { score(&mixed)? };
                    for unit in 0..units {
                        // Half for each set of parameters, half for each direction.
                        parts[leaf][unit] += (now[unit] - last[unit]) * 0.25;
                    }
                    last = now;
                }
            }
        }
        let change = |unit: usize| {
            let (from, to) = self.matched[unit];
            let total = self.index.score[to] - self.index.score[from];
            let root = |row: usize| self.index.base[row];
            let parameters = 0.5 * (corner[1][unit] - corner[0][unit]) + 0.5 * (corner[3][unit] - corner[2][unit]);
            let found = Parts {
                indicators: parts.iter().map(|p| p[unit]).collect(),
                weights: 0.0,
                parameters,
                lines: total - (root(to) - root(from)),
                peers: (root(to) - root(from)) - (corner[3][unit] - corner[0][unit]),
            };
            Change { from, to, total, parts: found.sum().is_finite().then_some(found) }
        };
        Ok((0..units).map(change).collect())
    }
}

/// Place of each row's set of parameters.
fn group_of(plan: &Plan) -> Vec<usize> {
    let mut of = vec![0; plan.table.rows()];
    for (at, group) in plan.fits(&plan.compare).iter().enumerate() {
        group.rows.iter().for_each(|&row| of[row as usize] = at);
    }
    of
}

/// Points of a value (after denominator and imputation) under one set of parameters.
fn points(plan: &Plan, recipe: &Recipe, index: &Index, leaf: usize, value: f64, group: usize) -> f64 {
    let key = &plan.tree.items[plan.tree.leaves[leaf]].key;
    let own = &recipe.leaves[leaf];
    let treated = index.fitted.treatment(key, group).map_or(value, |t| t.apply(value));
    if treated.is_nan() {
        return if own.missing == Missing::Zero { 0.0 } else { f64::NAN };
    }
    let fitted = index.fitted.rule(key, group).unwrap_or_default();
    let cell = Cell { value: treated, target: None, direction: own.direction, fitted };
    own.rule.points(&cell).unwrap_or(f64::NAN)
}
