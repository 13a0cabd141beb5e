//! The best multipliers of a small problem, exactly: the linear relaxation over all assignments.
//!
//! Every assignment that was seen is a column with its cost and its sums; the master problem is the
//! cheapest mean of columns whose sums keep the limits (G. B. Dantzig and P. Wolfe, "Decomposition
//! principle for linear programs", *Operations Research* 8 (1960) 101–111). Its duals are multipliers, at
//! which the assignment problem is solved for the next column; when that one is no cheaper than the mean,
//! the bound is that of the linear relaxation. Weights and duals come from a simplex with an explicit
//! inverse (no library that builds without a C++ compiler tells duals, or ends after a counted number of
//! pivots); in floating point, which only proposes multipliers.

use super::columns::Pool;
use super::engine::{Engine, Limits};
use super::problem::Quota;

/// Most rows of a master problem: pivots cost their square.
pub(super) const ROWS: usize = 200;

/// Pivots between two inversions of the basis.
const FRESH: usize = 60;

/// What counts as nothing, beside numbers of about 1.
const TINY: f64 = 1e-9;

/// A mean misses a bound if it does so by more than this.
const MISSED: f64 = 1e-6;

/// One bound of a quota: `sign` 1 asks for at least `bound`, −1 for at most.
#[derive(Clone, Copy)]
struct Row {
    quota: usize,
    sign: i8,
    bound: f64,
    /// What a unit missed costs, in steps: the largest multiplier.
    price: f64,
}

/// A variable; rows by quota and sign.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Var {
    /// Weight of a column.
    Weight(usize),
    /// Weight below 0, which must go.
    Below(usize),
    /// Units by which a row is missed, and by which it is more than kept.
    Miss(usize, i8),
    Spare(usize, i8),
}

/// The variables that a master problem ended with: where those of the next nodes begin.
#[derive(Clone, Default)]
pub(super) struct Basis {
    rows: Vec<(usize, i8)>,
    vars: Vec<Var>,
    age: u64,
}

pub(super) struct Master {
    rows: Vec<Row>,
    /// Row by quota: for at least, and for at most.
    places: Vec<[usize; 2]>,
    basis: Vec<Var>,
    inverse: Vec<Vec<f64>>,
    values: Vec<f64>,
    /// What a unit of weight costs that must not be.
    penalty: f64,
    pub pivots: usize,
}

/// What the master problem has found.
pub(super) struct Mean {
    /// Multiplier of each quota.
    pub multipliers: Vec<f64>,
    /// Columns with weight.
    pub weights: Vec<(usize, f64)>,
    /// Its cost, in steps: no multipliers prove more, as far as the columns know.
    pub cost: f64,
    /// Units by which limits are missed.
    pub missed: f64,
}

/// The bounds that say more than any assignment keeps anyway: quota, sign, bound.
fn bounds<'e>(engine: &'e Engine) -> impl Iterator<Item = (usize, i8, i64)> + 'e {
    let of = |(at, (quota, limits)): (usize, (&'e Quota, &'e Limits))| {
        let rows = quota.rows.len() as i64;
        // At most so many pairs of members, the others at `outside`.
        let members = rows.min(engine.problem.groups[quota.group as usize].len() as i64);
        let most = (quota.inside * members + quota.outside.max(0) * (rows - members)).max(quota.outside * rows).max(0);
        let least = quota.inside.min(quota.outside).min(0) * rows;
        let lower = limits.least.filter(|bound| *bound > least).map(|bound| (at, 1, bound));
        let upper = limits.most.filter(|bound| *bound < most).map(|bound| (at, -1, bound));
        lower.into_iter().chain(upper)
    };
    engine.problem.quotas.iter().zip(&engine.limits).enumerate().flat_map(of)
}

/// How many rows the master problem of an engine has at most.
pub(super) fn rows_of(engine: &Engine) -> usize {
    bounds(engine).count()
}

/// Bounds that have a row, by quota: for at least, and for at most. Where each of many columns has a quota, few of
/// them bind; a row is there once a mean would miss its bound.
pub(super) struct Active(Vec<[bool; 2]>);

impl Active {
    /// Bounds with a multiplier, those of a basis, and what one column misses.
    pub fn of(engine: &Engine, basis: Option<&Basis>, first: &[i64]) -> Active {
        let mut active = Active(engine.lambda.iter().map(|lambda| [*lambda < 0, *lambda > 0]).collect());
        for (quota, sign) in basis.iter().flat_map(|basis| &basis.rows) {
            active.0[*quota][usize::from(*sign < 0)] = true;
        }
        let first: Vec<f64> = first.iter().map(|sum| *sum as f64).collect();
        active.widen(engine, &first);
        active
    }

    fn has(&self, quota: usize, sign: i8) -> bool {
        self.0[quota][usize::from(sign < 0)]
    }

    /// Takes in the bounds that a mean of these sums misses; whether there are any.
    pub fn widen(&mut self, engine: &Engine, sums: &[f64]) -> bool {
        let mut is_wider = false;
        for (quota, sign, bound) in bounds(engine) {
            if !self.has(quota, sign) && f64::from(sign) * (bound as f64 - sums[quota]) > MISSED {
                self.0[quota][usize::from(sign < 0)] = true;
                is_wider = true;
            }
        }
        is_wider
    }
}

impl Master {
    /// Active rows under the limits of an engine; missing one costs the largest multiplier, `reach` at most. Begins
    /// with a basis of before, if it fits, else with one column.
    pub fn new(
        engine: &Engine,
        caps: &[(i64, i64)],
        reach: f64,
        pool: &Pool,
        (first, basis): (usize, Option<&Basis>),
        active: &Active,
    ) -> Master {
        let row = |(quota, sign, bound): (usize, i8, i64)| {
            let cap = if sign > 0 { -caps[quota].0 } else { caps[quota].1 };
            Row { quota, sign, bound: bound as f64, price: (cap as f64).min(reach) }
        };
        let rows: Vec<Row> = bounds(engine).filter(|(quota, sign, _)| active.has(*quota, *sign)).map(row).collect();
        let size = rows.len() + 1;
        let mut places = vec![[usize::MAX; 2]; engine.limits.len()];
        rows.iter().enumerate().for_each(|(at, row)| places[row.quota][usize::from(row.sign < 0)] = at);
        let (inverse, values) = (vec![vec![0.0; size]; size], vec![0.0; size]);
        let basis_now = Vec::with_capacity(size);
        let mut master = Master { rows, places, basis: basis_now, inverse, values, penalty: reach * 64.0, pivots: 0 };
        if !basis.is_some_and(|basis| master.resume(pool, basis)) {
            master.start(pool, first);
        }
        master
    }

    /// Rows with that of the weights.
    pub fn size(&self) -> usize {
        self.rows.len() + 1
    }

    /// Where the problems of the next nodes begin.
    pub fn into_basis(self, pool: &Pool) -> Basis {
        let rows = self.rows.iter().map(|row| (row.quota, row.sign)).collect();
        Basis { rows, vars: self.basis, age: pool.age }
    }

    fn place(&self, quota: usize, sign: i8) -> usize {
        self.places[quota][usize::from(sign < 0)]
    }

    /// The first column alone, with what it misses or more than keeps of every row: the basis is its own inverse
    /// but for that column.
    fn start(&mut self, pool: &Pool, first: usize) {
        let conv = self.rows.len();
        self.basis.clear();
        self.inverse.iter_mut().for_each(|row| row.fill(0.0));
        for at in 0..conv {
            let Row { quota, sign, bound, .. } = self.rows[at];
            let sum = pool.columns[first].sums[quota] as f64;
            let left = bound - sum;
            let misses = f64::from(sign) * left > 0.0;
            let side = if misses { f64::from(sign) } else { -f64::from(sign) };
            self.basis.push(if misses { Var::Miss(quota, sign) } else { Var::Spare(quota, sign) });
            self.inverse[at][at] = side;
            self.inverse[at][conv] = -side * sum;
            self.values[at] = side * left;
        }
        self.basis.push(Var::Weight(first));
        self.inverse[conv][conv] = 1.0;
        self.values[conv] = 1.0;
    }

    /// A basis of before under new limits: of rows that are new it has what is spare, and whatever has fallen
    /// below 0 changes its side. False if it does not fit.
    fn resume(&mut self, pool: &Pool, basis: &Basis) -> bool {
        let gone = |(quota, sign): &(usize, i8)| self.place(*quota, *sign) == usize::MAX;
        if basis.age != pool.age || basis.rows.iter().any(gone) {
            return false;
        }
        let mut known = vec![false; self.rows.len()];
        basis.rows.iter().for_each(|(quota, sign)| known[self.place(*quota, *sign)] = true);
        let new = self.rows.iter().zip(&known).filter(|(_, known)| !**known);
        self.basis = basis.vars.iter().copied().chain(new.map(|(row, _)| Var::Spare(row.quota, row.sign))).collect();
        if !self.invert(pool) {
            return false;
        }
        for at in (0..self.basis.len()).filter(|at| self.values[*at] < 0.0).collect::<Vec<_>>() {
            self.basis[at] = match self.basis[at] {
                Var::Weight(column) => Var::Below(column),
                Var::Below(column) => Var::Weight(column),
                Var::Miss(quota, sign) => Var::Spare(quota, sign),
                Var::Spare(quota, sign) => Var::Miss(quota, sign),
            };
            self.values[at] = -self.values[at];
            self.inverse[at].iter_mut().for_each(|v| *v = -*v);
        }
        true
    }

    /// Whether a variable of the basis must not have weight: a column that is barred, or one below 0.
    fn is_wrong(&self, var: Var, allowed: &[bool]) -> bool {
        match var {
            Var::Below(_) => true,
            Var::Weight(column) => !allowed[column],
            _ => false,
        }
    }

    fn cost(&self, var: Var, pool: &Pool, allowed: &[bool]) -> f64 {
        match var {
            _ if self.is_wrong(var, allowed) => self.penalty,
            Var::Weight(column) | Var::Below(column) => pool.columns[column].cost,
            Var::Miss(quota, sign) => self.rows[self.place(quota, sign)].price,
            Var::Spare(..) => 0.0,
        }
    }

    /// A variable's coefficients.
    fn entries(&self, var: Var, pool: &Pool) -> Vec<f64> {
        let conv = self.rows.len();
        let mut entries = vec![0.0; conv + 1];
        match var {
            Var::Weight(column) | Var::Below(column) => {
                let side = if matches!(var, Var::Below(_)) { -1.0 } else { 1.0 };
                let sums = &pool.columns[column].sums;
                self.rows.iter().enumerate().for_each(|(at, row)| entries[at] = side * sums[row.quota] as f64);
                entries[conv] = side;
            }
            Var::Miss(quota, sign) => entries[self.place(quota, sign)] = f64::from(sign),
            Var::Spare(quota, sign) => entries[self.place(quota, sign)] = -f64::from(sign),
        }
        entries
    }

    /// The inverse of the basis, by elimination; false if the basis has become singular.
    fn invert(&mut self, pool: &Pool) -> bool {
        let size = self.rows.len() + 1;
        let mut matrix = vec![vec![0.0; size]; size];
        for (at, var) in self.basis.iter().enumerate() {
            self.entries(*var, pool).into_iter().enumerate().for_each(|(row, entry)| matrix[row][at] = entry);
        }
        let mut inverse: Vec<Vec<f64>> =
            (0..size).map(|row| (0..size).map(|at| f64::from(u8::from(at == row))).collect()).collect();
        for at in 0..size {
            let Some(pivot) = (at..size).max_by(|a, b| matrix[*a][at].abs().total_cmp(&matrix[*b][at].abs())) else {
                return false;
            };
            if matrix[pivot][at].abs() < TINY {
                return false;
            }
            matrix.swap(at, pivot);
            inverse.swap(at, pivot);
            let scale = 1.0 / matrix[at][at];
            for side in [&mut matrix, &mut inverse] {
                side[at].iter_mut().for_each(|v| *v *= scale);
            }
            for row in (0..size).filter(|row| *row != at) {
                let by = matrix[row][at];
                if by != 0.0 {
                    for side in [&mut matrix, &mut inverse] {
                        let from = std::mem::take(&mut side[at]);
                        side[row].iter_mut().zip(&from).for_each(|(v, f)| *v -= by * f);
                        side[at] = from;
                    }
                }
            }
        }
        self.inverse = inverse;
        let right: Vec<f64> = self.rows.iter().map(|r| r.bound).chain([1.0]).collect();
        let dot = |row: &Vec<f64>| row.iter().zip(&right).map(|(a, b)| a * b).sum::<f64>();
        self.values = self.inverse.iter().map(dot).collect();
        true
    }

    fn duals(&self, pool: &Pool, allowed: &[bool]) -> Vec<f64> {
        let mut duals = vec![0.0; self.rows.len() + 1];
        for (var, row) in self.basis.iter().zip(&self.inverse) {
            let cost = self.cost(*var, pool, allowed);
            if cost != 0.0 {
                duals.iter_mut().zip(row).for_each(|(dual, entry)| *dual += cost * entry);
            }
        }
        duals
    }

    /// The variable that lowers the cost most per unit, or the `first` that lowers it (R. G. Bland's rule, which
    /// cannot go round in circles).
    fn entering(&self, pool: &Pool, allowed: &[bool], duals: &[f64], enough: f64, first: bool) -> Option<Var> {
        let conv = self.rows.len();
        let mut best: Option<(f64, Var)> = None;
        let mut offer = |reduced: f64, var: Var| {
            if reduced < -enough && best.is_none_or(|b| !first && reduced < b.0) {
                best = Some((reduced, var));
            }
        };
        for (column, of) in pool.columns.iter().enumerate().filter(|(column, _)| allowed[*column]) {
            let priced: f64 = self.rows.iter().zip(duals).map(|(r, dual)| dual * of.sums[r.quota] as f64).sum();
            offer(of.cost - priced - duals[conv], Var::Weight(column));
        }
        for (of, dual) in self.rows.iter().zip(duals) {
            offer(of.price - f64::from(of.sign) * dual, Var::Miss(of.quota, of.sign));
            offer(f64::from(of.sign) * dual, Var::Spare(of.quota, of.sign));
        }
        best.map(|b| b.1)
    }

    /// Pivots until no variable lowers the cost by `enough` per unit. `None` if numbers have gone astray.
    pub fn solve(&mut self, pool: &Pool, allowed: &[bool], enough: f64) -> Option<Mean> {
        let size = self.rows.len() + 1;
        let patience = 3 * size + 50;
        for pivot in 0..2 * patience {
            let duals = self.duals(pool, allowed);
            let Some(var) = self.entering(pool, allowed, &duals, enough, pivot > patience) else { break };
            let entries = self.entries(var, pool);
            let along: Vec<f64> =
                self.inverse.iter().map(|row| row.iter().zip(&entries).map(|(a, b)| a * b).sum()).collect();
            let mut leaving: Option<(f64, usize)> = None;
            for (at, step) in along.iter().enumerate().filter(|(_, step)| **step > TINY) {
                let ratio = self.values[at].max(0.0) / step;
                let better = |b: &(f64, usize)| ratio < b.0 - TINY || (ratio < b.0 + TINY && *step > along[b.1]);
                if leaving.as_ref().is_none_or(better) {
                    leaving = Some((ratio, at));
                }
            }
            let (ratio, out) = leaving?;
            self.values.iter_mut().zip(&along).for_each(|(value, step)| *value -= ratio * step);
            self.values[out] = ratio;
            let mut row = std::mem::take(&mut self.inverse[out]);
            row.iter_mut().for_each(|v| *v /= along[out]);
            for (at, step) in along.iter().enumerate().filter(|(at, step)| *at != out && **step != 0.0) {
                self.inverse[at].iter_mut().zip(&row).for_each(|(v, r)| *v -= step * r);
            }
            self.inverse[out] = row;
            self.basis[out] = var;
            self.pivots += 1;
            if self.pivots.is_multiple_of(FRESH) && !self.invert(pool) {
                return None;
            }
        }
        let duals = self.duals(pool, allowed);
        let mut multipliers = vec![0.0; self.places.len()];
        self.rows.iter().zip(&duals).for_each(|(row, dual)| multipliers[row.quota] -= dual);
        let basic = || self.basis.iter().copied().zip(self.values.iter().copied());
        let misses = |var: Var| matches!(var, Var::Miss(..)) || self.is_wrong(var, allowed);
        let weight = |(var, value): (Var, f64)| match var {
            Var::Weight(column) if value > TINY && allowed[column] => Some((column, value)),
            _ => None,
        };
        Some(Mean {
            multipliers,
            weights: basic().filter_map(weight).collect(),
            cost: basic().map(|(var, value)| self.cost(var, pool, allowed) * value).sum(),
            missed: basic().filter(|(var, _)| misses(*var)).map(|(_, value)| value).sum(),
        })
    }
}
