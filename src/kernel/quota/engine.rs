//! The assignment problem under multipliers: costs shifted by what each pair counts in the quotas
//! of its row, re-solved from the solution before.
//!
//! All costs here are in steps of the multipliers' grid (cost × scale), so that multipliers are
//! integers on both sides of the bound.

use super::certificate::Certificate;
use super::problem::{LIMIT, QuotaProblem};
use super::search::{Book, Columns, NONE, Rows, Scratch, augment, bid};
use crate::kernel::assign::{Problem, lowest_row_prices, solve};

/// What a cold solve counts for, and when searches give way to one: edges looked at, in multiples
/// of all edges.
const COLD: u64 = 5;
const PATIENCE: u64 = 3;

/// More classes of columns than this are looked up group by group.
const TABLE: usize = 64;

/// The solved subproblem at some multipliers.
#[derive(Clone)]
pub(super) struct Engine<'a> {
    pub problem: &'a QuotaProblem,
    /// Scaled costs, without shift, without those that a search has barred.
    pub base: Vec<i64>,
    /// Scaled and shifted costs.
    pub costs: Vec<i64>,
    pub open: Vec<i64>,
    pub rows: Book,
    pub columns: Book,
    pub lambda: Vec<i64>,
    /// The bounds of the quotas: those of the problem, or what a search has tightened them to.
    pub limits: Vec<Limits>,
    /// Sums of the quotas under the present pairs.
    pub sums: Vec<i64>,
    edge_of: Vec<u32>,
    row_scratch: Scratch,
    column_scratch: Scratch,
    weight: Vec<i64>,
    table: Vec<i64>,
    stamp: Vec<u32>,
    now: u32,
    /// Rows that were free when searches last gave way to a cold solve.
    crowd: usize,
    /// Edges looked at so far.
    pub work: u64,
}

impl<'a> Engine<'a> {
    /// Solves without multipliers.
    pub fn new(problem: &'a QuotaProblem) -> Engine<'a> {
        let mut engine = Engine::unsolved(problem);
        engine.cold();
        engine.count();
        engine
    }

    /// Solves at the nearest multipliers that the problem's bounds allow.
    pub fn at(problem: &'a QuotaProblem, multipliers: &[i64]) -> Engine<'a> {
        let mut engine = Engine::unsolved(problem);
        let within = caps(&engine);
        let near = multipliers.iter().zip(&within).map(|(multiplier, (low, high))| (*multiplier).clamp(*low, *high));
        engine.lambda = near.collect();
        (0..problem.rows()).for_each(|row| {
            engine.reshift(row);
        });
        engine.cold();
        engine.count();
        engine
    }

    fn unsolved(problem: &'a QuotaProblem) -> Engine<'a> {
        let scale = problem.scale;
        let base: Vec<i64> = problem.costs.iter().map(|c| c * scale).collect();
        Engine {
            problem,
            costs: base.clone(),
            base,
            open: problem.open.iter().map(|c| c * scale).collect(),
            rows: Book::new(vec![0; problem.rows()], vec![NONE; problem.rows()]),
            columns: Book::new(vec![0; problem.columns], vec![NONE; problem.columns]),
            lambda: vec![0; problem.quotas.len()],
            limits: limits(problem),
            sums: vec![0; problem.quotas.len()],
            edge_of: vec![NONE; problem.rows()],
            row_scratch: Scratch::new(problem.columns),
            column_scratch: Scratch::new(problem.rows()),
            weight: vec![0; problem.groups.len()],
            table: Vec::new(),
            stamp: vec![0; problem.rows()],
            now: 0,
            crowd: usize::MAX,
            work: 0,
        }
    }

    /// The subproblem with equal open prices: subtracting a row's from all its edges makes them 0.
    fn flat(&self) -> Option<Problem> {
        let problem = self.problem;
        let mut level = self.costs.clone();
        for row in 0..problem.rows() {
            problem.range(row).for_each(|e| level[e] -= self.open[row]);
        }
        // Costs are far inside the kernel's limit, and nothing must be placed: it cannot fail.
        Problem::from_csr(problem.columns, problem.starts.clone(), problem.heads.clone(), level, 0).ok()
    }

    /// Solves without regard to the pairs and prices before.
    fn cold(&mut self) {
        let problem = self.problem;
        self.work += COLD * problem.heads.len() as u64;
        let Some(found) = self.flat().and_then(|flat| solve(&flat).ok()) else { return };
        let partner = |side: &[Option<u32>]| side.iter().map(|m| m.unwrap_or(NONE)).collect::<Vec<u32>>();
        let prices = found.row_prices.iter().zip(&self.open).map(|(u, open)| u + open).collect();
        self.rows = Book::new(prices, partner(&found.columns));
        self.columns = Book::new(found.column_prices, partner(&found.rows));
        self.rows.changed = (0..problem.rows() as u32).collect();
    }

    /// The same pairs, prices and multipliers under a problem that differs in the quotas' bounds
    /// alone.
    pub fn under<'b>(&self, problem: &'b QuotaProblem) -> Engine<'b> {
        let Engine { base, costs, open, rows, columns, lambda, sums, edge_of, .. } = self.clone();
        let Engine { row_scratch, column_scratch, weight, table, stamp, now, crowd, .. } = self.clone();
        Engine {
            problem,
            base,
            costs,
            open,
            rows,
            columns,
            lambda,
            limits: limits(problem),
            sums,
            edge_of,
            row_scratch,
            column_scratch,
            weight,
            table,
            stamp,
            now,
            crowd,
            work: 0,
        }
    }

    /// The Lagrangian bound, in steps.
    pub fn value(&self) -> i128 {
        let constant: i128 =
            self.lambda.iter().zip(&self.limits).map(|(l, of)| i128::from(*l) * i128::from(of.side(*l))).sum();
        self.rows.total + self.columns.total - constant
    }

    /// Derivative of the bound in one multiplier.
    pub fn slope(&self, quota: usize) -> i64 {
        self.limits[quota].slope(self.lambda[quota], self.sums[quota])
    }

    /// Sets multipliers and solves again.
    pub fn set(&mut self, changes: &[(u32, i64)]) {
        self.now += 1;
        let mut dirty = Vec::new();
        for &(quota, lambda) in changes {
            if self.lambda[quota as usize] == lambda {
                continue;
            }
            self.lambda[quota as usize] = lambda;
            for row in &self.problem.quotas[quota as usize].rows {
                if self.stamp[*row as usize] != self.now {
                    self.stamp[*row as usize] = self.now;
                    dirty.push(*row);
                }
            }
        }
        self.refresh(dirty);
    }

    /// Costs of these rows anew, and solves again.
    pub fn refresh(&mut self, dirty: Vec<u32>) {
        let mut free = Vec::new();
        for row in dirty {
            if !self.reshift(row as usize) {
                free.push(row);
            }
        }
        self.resolve(free);
        self.count();
    }

    /// New costs and price of a row; false if its partner is not its best offer any more.
    fn reshift(&mut self, row: usize) -> bool {
        let problem = self.problem;
        let range = problem.range(row);
        self.work += range.len() as u64;
        let mut level = 0;
        for quota in &problem.row_quotas[row] {
            let (q, lambda) = (&problem.quotas[*quota as usize], self.lambda[*quota as usize]);
            level += lambda * q.outside;
            self.weight[q.group as usize] += lambda * (q.inside - q.outside);
        }
        let classes = &problem.class_groups;
        let weight = &self.weight;
        let shift = |class: u32| level + classes[class as usize].iter().map(|g| weight[*g as usize]).sum::<i64>();
        let tabled = classes.len() <= TABLE.min(range.len().max(8));
        if tabled {
            self.table.clear();
            self.table.extend((0..classes.len() as u32).map(shift));
        }
        let lookup = |class: u32, table: &[i64]| if tabled { table[class as usize] } else { shift(class) };
        let mate = self.rows.mate[row];
        let (mut least, mut mine) = (self.open[row], if mate == NONE { self.open[row] } else { i64::MAX });
        for edge in range {
            let class = problem.class[edge];
            let cost = self.base[edge] + lookup(class, &self.table);
            self.costs[edge] = cost;
            let head = problem.heads[edge];
            let value = cost - self.columns.price[head as usize];
            least = least.min(value);
            if head == mate {
                mine = value;
            }
        }
        for quota in &problem.row_quotas[row] {
            self.weight[problem.quotas[*quota as usize].group as usize] = 0;
        }
        self.rows.reprice(row, least);
        if mine > least && mate != NONE {
            self.rows.pair(row, NONE);
            self.columns.pair(mate as usize, NONE);
        }
        mine == least
    }

    fn resolve(&mut self, mut free: Vec<u32>) {
        let problem = self.problem;
        let rows = Rows { starts: &problem.starts, heads: &problem.heads, costs: &self.costs, open: &self.open };
        let crowd = free.len();
        if crowd > self.crowd {
            return self.cold();
        }
        free.sort_unstable();
        let budget = 4 * free.len();
        let (mut free, seen) = bid(&rows, &mut self.rows, &mut self.columns, free, budget);
        self.work += seen;
        free.sort_unstable();
        let patience = PATIENCE * problem.heads.len() as u64;
        for row in free {
            augment(&rows, &mut self.rows, &mut self.columns, &mut self.row_scratch, row as usize);
            if self.row_scratch.work > patience {
                self.crowd = crowd / 2;
                return self.cold();
            }
        }
        let (starts, tails, edge_at) = (&problem.by_column, &problem.tails, &problem.edge_at);
        let columns = Columns { starts, tails, edge_at, costs: &self.costs };
        let mut loose = loose_columns(&mut self.columns);
        if loose.is_empty() {
            return;
        }
        let budget = 4 * loose.len();
        let (left, seen) = bid(&columns, &mut self.columns, &mut self.rows, std::mem::take(&mut loose), budget);
        self.work += seen;
        loose = left;
        loose.extend(loose_columns(&mut self.columns));
        loose.sort_unstable();
        loose.dedup();
        for column in loose {
            augment(&columns, &mut self.columns, &mut self.rows, &mut self.column_scratch, column as usize);
            if self.column_scratch.work > patience {
                self.crowd = crowd / 2;
                return self.cold();
            }
        }
    }

    /// Brings the sums of the quotas up to date.
    fn count(&mut self) {
        self.work += std::mem::take(&mut self.row_scratch.work) + std::mem::take(&mut self.column_scratch.work);
        self.columns.changed.clear();
        let (problem, mut changes) = (self.problem, Vec::new());
        for row in std::mem::take(&mut self.rows.changed) {
            let at = row as usize;
            let mate = self.rows.mate[at];
            let edge = if mate == NONE { None } else { problem.edge(at, mate) };
            let new = edge.map_or(NONE, |e| e as u32);
            let old = std::mem::replace(&mut self.edge_of[at], new);
            problem.changes(at, [old, new], &mut changes);
            changes.iter().for_each(|(quota, change)| self.sums[*quota as usize] += change);
        }
    }

    /// Edge of a row, [`NONE`] if it stays open.
    pub fn edge(&self, row: usize) -> u32 {
        self.edge_of[row]
    }

    /// Whether the pairs use an edge, or leave a row open, at a base cost of `cost` or more.
    pub fn uses(&self, cost: i64) -> bool {
        let dear =
            |(row, edge): (usize, &u32)| if *edge == NONE { self.open[row] } else { self.base[*edge as usize] } >= cost;
        self.edge_of.iter().enumerate().any(dear)
    }

    /// The prices and multipliers.
    pub fn certificate(&self) -> Certificate {
        Certificate {
            scale: self.problem.scale,
            row_prices: self.rows.price.clone(),
            column_prices: self.columns.price.clone(),
            multipliers: self.lambda.clone(),
        }
    }

    /// The present pairs.
    pub fn choice(&self) -> Vec<Option<u32>> {
        self.rows.mate.iter().map(|m| (*m != NONE).then_some(*m)).collect()
    }
}

/// The certificate of the same bound, at the same multipliers, with the lowest row prices: see
/// [`lowest_row_prices`].
pub fn lowest_certificate(problem: &QuotaProblem, certificate: &Certificate) -> Certificate {
    let mut engine = Engine::new(problem);
    engine.set(&certificate.multipliers.iter().enumerate().map(|(q, l)| (q as u32, *l)).collect::<Vec<_>>());
    let prices = engine.flat().and_then(|flat| Some(lowest_row_prices(&flat, &solve(&flat).ok()?)));
    let Some((rows, columns)) = prices else { return certificate.clone() };
    Certificate {
        row_prices: rows.iter().zip(&engine.open).map(|(u, open)| u + open).collect(),
        column_prices: columns,
        ..certificate.clone()
    }
}

/// Between which bounds the sum of a quota lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub least: Option<i64>,
    pub most: Option<i64>,
}

impl Limits {
    pub fn of(quota: &super::Quota) -> Limits {
        Limits { least: quota.least, most: quota.most }
    }

    /// The bound that a multiplier of this sign speaks of.
    pub fn side(&self, lambda: i64) -> i64 {
        match lambda {
            0 => 0,
            l if l > 0 => self.most.unwrap_or(0),
            _ => self.least.unwrap_or(0),
        }
    }

    /// Derivative of the Lagrangian bound in a multiplier when the sum is known; towards the wrong side of a
    /// missing bound there is none.
    pub fn slope(&self, lambda: i64, sum: i64) -> i64 {
        let (above, below) = (self.most.map_or(i64::MIN, |m| sum - m), self.least.map_or(i64::MAX, |l| sum - l));
        match lambda {
            0 if above > 0 => above,
            0 if below < 0 => below,
            0 => 0,
            l if l > 0 => above,
            _ => below,
        }
    }
}

fn limits(problem: &QuotaProblem) -> Vec<Limits> {
    problem.quotas.iter().map(Limits::of).collect()
}

/// Columns that lost their row and still have a price.
fn loose_columns(columns: &mut Book) -> Vec<u32> {
    columns.changed.sort_unstable();
    columns.changed.dedup();
    let priced = |c: &u32| columns.mate[*c as usize] == NONE && columns.price[*c as usize] < 0;
    columns.changed.iter().copied().filter(priced).collect()
}

/// Largest multipliers downwards and upwards: the soft price, or what arithmetic allows.
pub(super) fn caps(engine: &Engine) -> Vec<(i64, i64)> {
    let problem = engine.problem;
    let crowd = problem.row_quotas.iter().map(Vec::len).max().unwrap_or(0).max(1) as i64;
    let cap = |(q, of): (&super::Quota, &Limits)| {
        let coefficient = q.inside.abs().max(q.outside.abs()).max(1);
        let most = (LIMIT / 64 / coefficient / crowd).max(1);
        let limit = |bound: Option<i64>, price: Option<i64>| match bound {
            None => 0,
            Some(_) => price.map_or(most, |p| p.saturating_mul(problem.scale).min(most)),
        };
        (-limit(of.least, q.short_price), limit(of.most, q.excess_price))
    };
    problem.quotas.iter().zip(&engine.limits).map(cap).collect()
}
