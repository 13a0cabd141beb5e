//! Branch and bound over Lagrangian bounds, on what reduced costs leave of the problem.
//!
//! An edge whose reduced cost exceeds the gap is in no better solution (reduced-cost fixing; G. L.
//! Nemhauser and L. A. Wolsey, *Integer and Combinatorial Optimization*, Wiley 1988, II.5), so the
//! problem shrinks to a core. Its search goes depth first; every node raises its bound for a few
//! rounds from its parent's multipliers and branches on the row whose pairs changed most on the
//! way (M. L. Fisher, "The Lagrangian relaxation method for solving integer programming problems",
//! *Management Science* 27 (1981) 1–18).

use super::dual::Ascent;
use super::engine::Engine;
use super::problem::{LIMIT, Quota, QuotaError, QuotaProblem};
use super::search::NONE;

/// Cost of an edge that a node bars.
const BAR: i64 = LIMIT / 4;

/// Most edges in all open nodes together (some 30 bytes each); a search that needs more ends.
const MEMORY: usize = 20_000_000;

/// Rounds at a node, and at the root.
const ROUNDS: [usize; 2] = [12, 80];

/// What is left to decide, and how it sits in the whole problem.
pub(super) struct Rest {
    pub problem: QuotaProblem,
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// Pairs that are settled; `None` for rows still to decide.
    settled: Vec<Option<Option<u32>>>,
    /// What the settled rows cost.
    pub cost: i128,
}

impl Rest {
    /// Keeps edges and open rows of reduced cost at most `reach` steps.
    pub fn new(engine: &Engine, reach: i128) -> Result<Rest, QuotaError> {
        let problem = engine.problem;
        let (u, v) = (&engine.rows.price, &engine.columns.price);
        let mut kept: Vec<Vec<usize>> = Vec::with_capacity(problem.rows());
        let mut may_open = Vec::with_capacity(problem.rows());
        for (row, u) in u.iter().enumerate() {
            let near = |e: &usize| i128::from(engine.costs[*e] - u - v[problem.heads[*e] as usize]) <= reach;
            kept.push(problem.range(row).filter(near).collect());
            may_open.push(i128::from(engine.open[row] - u) <= reach);
        }
        let mut settled: Vec<Option<Option<u32>>> = vec![None; problem.rows()];
        let mut gone = vec![false; problem.columns];
        loop {
            let mut moved = false;
            for row in (0..problem.rows()).filter(|r| settled[*r].is_none()).collect::<Vec<_>>() {
                kept[row].retain(|e| !gone[problem.heads[*e] as usize]);
                let choice = match (&kept[row][..], may_open[row]) {
                    ([], _) => None,
                    ([edge], false) => Some(problem.heads[*edge]),
                    _ => continue,
                };
                settled[row] = Some(choice);
                choice.into_iter().for_each(|c| gone[c as usize] = true);
                moved = true;
            }
            if !moved {
                break;
            }
        }
        let rows: Vec<u32> = (0..problem.rows() as u32).filter(|r| settled[*r as usize].is_none()).collect();
        let mut columns: Vec<u32> =
            rows.iter().flat_map(|r| kept[*r as usize].iter().map(|e| problem.heads[*e])).collect();
        columns.sort_unstable();
        columns.dedup();
        let place = |list: &[u32], value: &u32| list.binary_search(value).ok().map(|at| at as u32);
        let (mut starts, mut heads, mut costs) = (vec![0u32], Vec::new(), Vec::new());
        for row in &rows {
            for edge in &kept[*row as usize] {
                heads.extend(place(&columns, &problem.heads[*edge]));
                costs.push(problem.costs[*edge]);
            }
            starts.push(heads.len() as u32);
        }
        let open = rows.iter().map(|r| problem.open[*r as usize]).collect();
        let groups = problem.groups.iter().map(|g| g.iter().filter_map(|c| place(&columns, c)).collect()).collect();
        let fixed: Vec<Option<u32>> = settled.iter().map(|s| s.flatten()).collect();
        let sums = problem.sums(&fixed);
        let less = |quota: (&Quota, &i64)| {
            let (q, sum) = quota;
            let shift = |bound: Option<i64>| bound.map(|b| b - sum);
            let rows = q.rows.iter().filter_map(|r| place(&rows, r)).collect();
            Quota { rows, least: shift(q.least), most: shift(q.most), ..q.clone() }
        };
        let quotas = problem.quotas.iter().zip(&sums).map(less).collect();
        let cost = (0..problem.rows()).filter(|r| settled[*r].is_some()).map(|row| {
            let edge = fixed[row].and_then(|c| problem.edge(row, c));
            i128::from(edge.map_or(problem.open[row], |e| problem.costs[e]))
        });
        let cost = cost.sum();
        let mut rest = QuotaProblem::new(columns.len(), starts, heads, costs, open, groups, quotas)?;
        rest.scale = problem.scale;
        Ok(Rest { problem: rest, rows, columns, settled, cost })
    }

    /// A choice of the rest as one of the whole.
    pub fn whole(&self, choice: &[Option<u32>]) -> Vec<Option<u32>> {
        let mut all: Vec<Option<u32>> = self.settled.iter().map(|s| s.flatten()).collect();
        for (row, column) in self.rows.iter().zip(choice) {
            all[*row as usize] = column.map(|c| self.columns[c as usize]);
        }
        all
    }
}

/// What a search found.
pub(super) struct Found {
    /// The best choice below the limit.
    pub choice: Option<Vec<Option<u32>>>,
    /// Whether nothing was left out: there is no better one than `choice`, or than the limit.
    pub complete: bool,
    /// Edges looked at.
    pub work: u64,
}

/// Looks for a choice that keeps the quotas with an objective of at most `most` (units of cost).
pub(super) fn branch(
    problem: &QuotaProblem,
    lambda: &[i64],
    step: &[f64],
    widest: f64,
    most: i128,
    budget: u64,
) -> Found {
    let mut search = Search { most, grain: problem.grain(), choice: None, work: 0, budget };
    let mut root = Engine::new(problem);
    root.set(&lambda.iter().enumerate().map(|(q, l)| (q as u32, *l)).collect::<Vec<_>>());
    let mut stack = vec![(root, step.to_vec(), 1)];
    let mut complete = true;
    while let Some((engine, step, depth)) = stack.pop() {
        if search.work > budget || stack.len() * problem.heads.len() > MEMORY {
            complete = false;
            break;
        }
        search.node(engine, step, widest, depth, &mut stack);
    }
    Found { choice: search.choice, complete, work: search.work }
}

struct Search {
    most: i128,
    grain: i128,
    choice: Option<Vec<Option<u32>>>,
    work: u64,
    budget: u64,
}

impl Search {
    fn node<'a>(
        &mut self,
        engine: Engine<'a>,
        step: Vec<f64>,
        widest: f64,
        depth: usize,
        stack: &mut Vec<(Engine<'a>, Vec<f64>, usize)>,
    ) {
        let problem = engine.problem;
        let scale = i128::from(problem.scale);
        let rounds = ROUNDS[usize::from(depth == 1)];
        let before = engine.work;
        let mut ascent = Ascent::with_steps(engine, step, widest);
        let mut used: Vec<u16> = vec![0; problem.heads.len()];
        let mut opened: Vec<u16> = vec![0; problem.rows()];
        let mut looks = 0u16;
        for round in 0..=rounds {
            if self.note(&ascent.engine) && ascent.value > self.most * scale {
                break;
            }
            looks += 1;
            for (row, opened) in opened.iter_mut().enumerate() {
                match ascent.engine.edge(row) {
                    NONE => *opened += 1,
                    edge => used[edge as usize] += 1,
                }
            }
            if ascent.value > self.most * scale {
                break;
            }
            if round == rounds || !ascent.round() || ascent.engine.work - before + self.work > self.budget {
                break;
            }
        }
        self.note(&ascent.engine);
        self.work += ascent.engine.work - before + problem.heads.len() as u64;
        if ascent.value > self.most * scale {
            return;
        }
        let Some((row, edge)) = self.pick(&ascent.best, &used, &opened, looks) else { return };
        let mut without = ascent.best.clone();
        bar(&mut without, row, |e| e == edge);
        let mut with = ascent.best;
        bar(&mut with, row, |e| e != edge);
        stack.push((without, ascent.step.clone(), depth + 1));
        stack.push((with, ascent.step, depth + 1));
    }

    /// Keeps the engine's pairs if they are the best so far.
    fn note(&mut self, engine: &Engine) -> bool {
        if engine.problem.quotas.iter().zip(&engine.sums).any(|(q, s)| q.violation(*s) > 0) || engine.uses(BAR / 2) {
            return false;
        }
        let choice = engine.choice();
        let objective = engine.problem.objective(&choice);
        if objective > self.most {
            return false;
        }
        self.most = objective - self.grain;
        self.choice = Some(choice);
        true
    }

    /// The row whose pairs changed most among the looks, with its most frequent edge ([`NONE`]:
    /// open); else any row that still has a choice.
    fn pick(&self, engine: &Engine, used: &[u16], opened: &[u16], looks: u16) -> Option<(usize, u32)> {
        let problem = engine.problem;
        let mut best: Option<(i64, usize, u32)> = None;
        for (row, opened) in opened.iter().enumerate() {
            let mut options: Vec<(u16, u32)> =
                problem.range(row).filter(|e| engine.base[*e] < BAR / 2).map(|e| (used[e], e as u32)).collect();
            if engine.open[row] < BAR / 2 {
                options.push((*opened, NONE));
            }
            if options.len() < 2 {
                continue;
            }
            let top = options.iter().copied().max_by_key(|o| (o.0, std::cmp::Reverse(o.1)))?;
            let rest = i64::from(looks) - i64::from(top.0);
            // Rows that never changed: those with a quota in need first.
            let need = problem.row_quotas[row].iter().any(|q| {
                problem.quotas[*q as usize].violation(engine.sums[*q as usize]) > 0
                    || engine.lambda[*q as usize] != 0 && engine.slope(*q as usize) != 0
            });
            let rank = rest.min(i64::from(top.0)) * 2 + i64::from(need);
            if best.is_none_or(|b| rank > b.0) {
                best = Some((rank, row, top.1));
            }
        }
        best.map(|b| (b.1, b.2))
    }
}

/// Bars edges of a row ([`NONE`]: staying open), and solves again.
fn bar(engine: &mut Engine, row: usize, barred: impl Fn(u32) -> bool) {
    for edge in engine.problem.range(row).filter(|e| barred(*e as u32)) {
        engine.base[edge] = BAR;
    }
    if barred(NONE) {
        engine.open[row] = BAR;
    }
    engine.refresh(vec![row as u32]);
}
