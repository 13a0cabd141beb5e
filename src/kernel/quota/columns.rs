//! Assignments as columns of the master problem, made one by one until its bound is that of the linear
//! relaxation.

use super::engine::{Engine, caps};
use super::master::{Active, Basis, Master};
use super::search::NONE;

/// Columns kept; those without weight for long go first.
const COLUMNS: usize = 1_500;

/// A column without weight is as good as one that had it so many nodes ago.
const STALE: u64 = 10;

/// Where limits cannot be met by any mean, the price of missing them rises by this, so many times at most.
const RISE: f64 = 256.0;
const RISES: usize = 4;

/// How far from the best multipliers so far towards the duals the next ones lie: duals alone swing to and fro
/// (P. Wentges, "Weighted Dantzig–Wolfe decomposition for linear mixed-integer programming", *International
/// Transactions in Operational Research* 4 (1997) 151–162).
const PACE: f64 = 0.1;

/// Numbers that count like one edge.
const FLOATS: u64 = 8;

/// An assignment.
pub(super) struct Column {
    /// Its cost without multipliers, in steps.
    pub cost: f64,
    /// Sums of all quotas.
    pub sums: Vec<i64>,
    /// Edge of each row.
    edges: Vec<u32>,
    /// When it last had weight.
    used: u64,
}

/// Assignments that were seen.
#[derive(Default)]
pub(super) struct Pool {
    pub columns: Vec<Column>,
    now: u64,
    /// How often columns were thrown out: a basis of before then speaks of others.
    pub age: u64,
}

impl Pool {
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Place of the pairs of an engine, and whether they are new.
    fn add(&mut self, engine: &Engine) -> (usize, bool) {
        let edges: Vec<u32> = (0..engine.problem.rows()).map(|row| engine.edge(row)).collect();
        if let Some(at) = self.columns.iter().position(|c| c.edges == edges) {
            return (at, false);
        }
        // What it costs where nothing is barred.
        let problem = engine.problem;
        let cost = |(row, edge): (usize, &u32)| match *edge {
            NONE => problem.open[row] as f64,
            edge => problem.costs[edge as usize] as f64,
        };
        let cost = edges.iter().enumerate().map(cost).sum::<f64>() * problem.scale as f64;
        let used = self.now.saturating_sub(STALE);
        self.columns.push(Column { cost, sums: engine.sums.clone(), edges, used });
        (self.columns.len() - 1, true)
    }

    fn trim(&mut self) {
        self.now += 1;
        if self.columns.len() > COLUMNS {
            self.columns.sort_by_key(|c| std::cmp::Reverse(c.used));
            self.columns.truncate(COLUMNS / 2);
            self.age += 1;
        }
    }
}

/// The best multipliers that were found.
pub(super) struct Raised<'a> {
    pub engine: Engine<'a>,
    pub value: i128,
    /// In the mean: sum of each quota, and how often each edge is used and each row stays open.
    pub sums: Vec<f64>,
    pub used: Vec<f64>,
    pub opened: Vec<f64>,
    pub basis: Basis,
    pub work: u64,
}

/// How far a bound is to be raised.
pub(super) struct Aim {
    /// In steps: above this nothing is left to find.
    pub target: i128,
    /// In steps: a rise of less than this does not pay.
    pub enough: f64,
    /// Most columns made.
    pub rounds: usize,
    /// Ends as soon as the target is known to be out of reach.
    pub short: bool,
    /// Widest difference of two costs, in steps.
    pub widest: f64,
    /// Steps that may be done, about.
    pub work: u64,
}

/// Raises the bound of an engine to that of the linear relaxation, from a basis of before. `barred` tells of an
/// engine and the edges of all rows whether a search has barred one; each new assignment is shown to `look`.
pub(super) fn raise<'a>(
    mut engine: Engine<'a>,
    pool: &mut Pool,
    basis: Option<&Basis>,
    barred: impl Fn(&Engine, &[u32]) -> bool,
    aim: &Aim,
    mut look: impl FnMut(&Engine),
) -> Raised<'a> {
    let (problem, start) = (engine.problem, engine.work);
    pool.trim();
    let (first, _) = pool.add(&engine);
    let mut allowed: Vec<bool> = pool.columns.iter().map(|c| !barred(&engine, &c.edges)).collect();
    let caps = caps(&engine);
    let mut best = engine.clone();
    let mut value = engine.value();
    let mut reach = aim.widest * 4.0;
    let mut active = Active::of(&engine, basis, &pool.columns[first].sums);
    let mut master = Master::new(&engine, &caps, reach, pool, (first, basis), &active);
    let (mut work, mut rises) = (0, 0);
    let mut weights = vec![(first, 1.0)];
    let mut pace = PACE;
    for _ in 0..aim.rounds {
        if value > aim.target || work > aim.work {
            break;
        }
        let before = master.pivots;
        let Some(mean) = master.solve(pool, &allowed, aim.enough / 16.0) else { break };
        let size = master.size() as u64;
        work += (master.pivots - before + 1) as u64 * size * (size + pool.columns.len() as u64) / FLOATS;
        if !mean.weights.is_empty() {
            weights = mean.weights;
            if active.widen(&engine, &sums_of(pool, &weights)) {
                let basis = master.into_basis(pool);
                master = Master::new(&engine, &caps, reach, pool, (first, Some(&basis)), &active);
                continue;
            }
        }
        let done = mean.cost - (value as f64) < aim.enough;
        if done && mean.missed > 1e-6 && rises < RISES {
            rises += 1;
            reach *= RISE;
            master = Master::new(&engine, &caps, reach, pool, (first, None), &active);
            continue;
        }
        if done || aim.short && mean.missed <= 1e-6 && mean.cost < aim.target as f64 {
            break;
        }
        let multiplier = |(quota, dual): (usize, &f64)| {
            let ((low, high), from) = (caps[quota], best.lambda[quota] as f64);
            let wish = from + pace * (dual - from);
            (quota as u32, (wish.clamp(low as f64, high as f64) as i64).clamp(low, high))
        };
        engine.set(&mean.multipliers.iter().enumerate().map(multiplier).collect::<Vec<_>>());
        look(&engine);
        if engine.value() > value {
            value = engine.value();
            best.clone_from(&engine);
        }
        let (at, is_new) = pool.add(&engine);
        allowed.resize(pool.columns.len(), false);
        let known = !is_new && allowed[at];
        allowed[at] = !barred(&engine, &pool.columns[at].edges);
        if known || !allowed[at] {
            // The duals themselves have the last word.
            if pace >= 1.0 {
                break;
            }
            pace = 1.0;
            continue;
        }
        pace = PACE;
    }
    let sums = sums_of(pool, &weights);
    let (mut used, mut opened) = (vec![0.0; problem.heads.len()], vec![0.0; problem.rows()]);
    for (at, weight) in &weights {
        pool.columns[*at].used = pool.now;
        let of = &pool.columns[*at];
        for (row, edge) in of.edges.iter().enumerate() {
            match *edge {
                NONE => opened[row] += weight,
                edge => used[edge as usize] += weight,
            }
        }
    }
    let basis = master.into_basis(pool);
    work += engine.work - start;
    Raised { engine: best, value, sums, used, opened, basis, work }
}

/// The mean's sum of each quota.
fn sums_of(pool: &Pool, weights: &[(usize, f64)]) -> Vec<f64> {
    let mut sums = vec![0.0; pool.columns.first().map_or(0, |column| column.sums.len())];
    for (at, weight) in weights {
        sums.iter_mut().zip(&pool.columns[*at].sums).for_each(|(sum, s)| *sum += weight * *s as f64);
    }
    sums
}
