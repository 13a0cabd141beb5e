//! Branch and bound over Lagrangian bounds, on what reduced costs leave of the problem.
//!
//! The search goes depth first. Every node raises its bound from its parent's multipliers: in a small
//! problem to that of the linear relaxation (`master`), else for a few rounds. It branches on a counter of a
//! share that is far from whole ([`Counters`]), or on the row whose pairs differ most in the mean (M. L.
//! Fisher, "The Lagrangian relaxation method for solving integer programming problems", *Management
//! Science* 27 (1981) 1–18).

use std::rc::Rc;

use super::columns::{Aim, Pool, Raised, raise};
use super::counters::Counters;
use super::dual::Ascent;
use super::engine::Engine;
use super::master::{Basis, ROWS, rows_of};
use super::problem::{LIMIT, QuotaProblem};
use super::search::NONE;

/// Cost of an edge that a node bars.
const BAR: i64 = LIMIT / 4;

/// Most edges in all open nodes together (some 30 bytes each); a search that needs more ends.
const MEMORY: usize = 20_000_000;

/// Rounds at a node, and at the root.
const ROUNDS: [usize; 2] = [12, 80];

/// Columns made for the linear relaxation at a node, and at the root.
const MADE: [usize; 2] = [150, 600];

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
    let none = Found { choice: None, complete: false, work: 0 };
    let Ok((problem, counters)) = Counters::of(problem) else { return none };
    let best = Best { most, grain: problem.grain(), choice: None };
    let mut search = Search { best, counters, pool: Pool::default(), widest, work: 0, budget };
    let mut root = Engine::new(&problem);
    root.set(&lambda.iter().enumerate().map(|(q, l)| (q as u32, *l)).collect::<Vec<_>>());
    let mut stack =
        vec![Node { engine: root, step: search.counters.steps(step), basis: None, barred: Vec::new(), depth: 1 }];
    let mut complete = true;
    while let Some(node) = stack.pop() {
        if search.work > budget || stack.len() * problem.heads.len() > MEMORY {
            complete = false;
            break;
        }
        search.node(node, &mut stack);
    }
    Found { choice: search.best.choice, complete, work: search.work }
}

struct Search {
    best: Best,
    counters: Counters,
    pool: Pool,
    widest: f64,
    work: u64,
    budget: u64,
}

struct Node<'a> {
    engine: Engine<'a>,
    step: Vec<f64>,
    /// Where the relaxation of the node above ended.
    basis: Option<Rc<Basis>>,
    /// Rows of which something is barred.
    barred: Vec<u32>,
    depth: usize,
}

/// The best choice so far, and what a better one may cost.
struct Best {
    most: i128,
    grain: i128,
    choice: Option<Vec<Option<u32>>>,
}

impl Search {
    fn node<'a>(&mut self, mut node: Node<'a>, stack: &mut Vec<Node<'a>>) {
        if !self.counters.tighten(&mut node.engine.limits) {
            return;
        }
        let (depth, barred) = (node.depth + 1, node.barred.clone());
        let small = rows_of(&node.engine) <= ROWS;
        let (mut raised, step) = if small { self.relaxed(node) } else { self.rounds(node) };
        self.work += raised.work + raised.used.len() as u64;
        let scale = i128::from(raised.engine.problem.scale);
        if raised.value > self.best.most * scale {
            return;
        }
        let basis = small.then(|| Rc::new(std::mem::take(&mut raised.basis)));
        let engine = &raised.engine;
        let mut push = |engine: Engine<'a>, barred: Vec<u32>| {
            stack.push(Node { engine, step: step.clone(), basis: basis.clone(), barred, depth });
        };
        if let Some((counter, below)) = self.counters.pick(&engine.limits, &raised.sums) {
            let [mut low, mut high] = [engine.clone(), engine.clone()];
            low.limits[counter].most = Some(below);
            high.limits[counter].least = Some(below + 1);
            // The side nearer to the mean is looked at first.
            let few = raised.sums[counter] < below as f64 + 0.5;
            let [last, first] = if few { [high, low] } else { [low, high] };
            push(last, barred.clone());
            push(first, barred);
        } else if let Some((row, edge)) = pick(&raised) {
            let [mut without, mut with] = [engine.clone(), engine.clone()];
            bar(&mut without, row, |e| e == edge);
            bar(&mut with, row, |e| e != edge);
            let barred: Vec<u32> = barred.into_iter().filter(|of| *of as usize != row).chain([row as u32]).collect();
            push(without, barred.clone());
            push(with, barred);
        }
    }

    /// The bound of the linear relaxation.
    fn relaxed<'a>(&mut self, node: Node<'a>) -> (Raised<'a>, Vec<f64>) {
        let scale = i128::from(node.engine.problem.scale);
        let Search { best, pool, .. } = self;
        best.note(&node.engine);
        let aim = Aim {
            target: best.most * scale,
            enough: (scale as f64 / 64.0).max(1.0),
            rounds: MADE[usize::from(node.depth == 1)],
            short: node.depth > 1,
            widest: self.widest,
            work: self.budget.saturating_sub(self.work),
        };
        let barred = |engine: &Engine, edges: &[u32]| {
            node.barred.iter().any(|row| match edges[*row as usize] {
                NONE => engine.open[*row as usize] >= BAR / 2,
                edge => engine.base[edge as usize] >= BAR / 2,
            })
        };
        let basis = node.basis.as_deref();
        let looked = (pool.len() * node.barred.len()) as u64 / 2;
        let mut raised = raise(node.engine, pool, basis, barred, &aim, |engine| best.note(engine));
        raised.work += looked;
        (raised, node.step)
    }

    /// A few rounds of ascent; the mean is that of all pairs on the way.
    fn rounds<'a>(&mut self, node: Node<'a>) -> (Raised<'a>, Vec<f64>) {
        let problem = node.engine.problem;
        let scale = i128::from(problem.scale);
        let rounds = ROUNDS[usize::from(node.depth == 1)];
        let before = node.engine.work;
        let mut ascent = Ascent::with_steps(node.engine, node.step, self.widest);
        let (mut used, mut opened) = (vec![0.0; problem.heads.len()], vec![0.0; problem.rows()]);
        let mut sums = vec![0.0; problem.quotas.len()];
        let mut looks = 0;
        for round in 0..=rounds {
            self.best.note(&ascent.engine);
            looks += 1;
            for (row, opened) in opened.iter_mut().enumerate() {
                match ascent.engine.edge(row) {
                    NONE => *opened += 1.0,
                    edge => used[edge as usize] += 1.0,
                }
            }
            sums.iter_mut().zip(&ascent.engine.sums).for_each(|(all, sum)| *all += *sum as f64);
            if ascent.value > self.best.most * scale
                || round == rounds
                || !ascent.round()
                || ascent.engine.work - before + self.work > self.budget
            {
                break;
            }
        }
        self.best.note(&ascent.engine);
        let work = ascent.engine.work - before;
        for list in [&mut used, &mut opened, &mut sums] {
            list.iter_mut().for_each(|value| *value /= f64::from(looks));
        }
        (
            Raised { engine: ascent.best, value: ascent.value, sums, used, opened, basis: Basis::default(), work },
            ascent.step,
        )
    }
}

impl Best {
    /// Keeps the engine's pairs if they are the best so far.
    fn note(&mut self, engine: &Engine) {
        if engine.problem.quotas.iter().zip(&engine.sums).any(|(q, s)| q.violation(*s) > 0) || engine.uses(BAR / 2) {
            return;
        }
        let choice = engine.choice();
        let objective = engine.problem.objective(&choice);
        if objective <= self.most {
            self.most = objective - self.grain;
            self.choice = Some(choice);
        }
    }
}

/// The row whose pairs differ most in the mean, with its most frequent edge ([`NONE`]: open); else any row
/// that still has a choice.
fn pick(raised: &Raised) -> Option<(usize, u32)> {
    let engine = &raised.engine;
    let problem = engine.problem;
    let mut best: Option<(f64, usize, u32)> = None;
    for row in 0..problem.rows() {
        let edges = problem.range(row).filter(|e| engine.base[*e] < BAR / 2);
        let mut options: Vec<(f64, u32)> = edges.map(|e| (raised.used[e], e as u32)).collect();
        if engine.open[row] < BAR / 2 {
            options.push((raised.opened[row], NONE));
        }
        if options.len() < 2 {
            continue;
        }
        let top = options.into_iter().max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        // Rows that never changed: those with a quota in need first.
        let need = problem.row_quotas[row].iter().any(|q| {
            problem.quotas[*q as usize].violation(engine.sums[*q as usize]) > 0
                || engine.lambda[*q as usize] != 0 && engine.slope(*q as usize) != 0
        });
        let rank = top.0.min(1.0 - top.0) + if need { 0.01 } else { 0.0 };
        if best.is_none_or(|b| rank > b.0) {
            best = Some((rank, row, top.1));
        }
    }
    best.map(|b| (b.1, b.2))
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
