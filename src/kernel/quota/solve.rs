//! From the problem to a solution with a proved gap.

use super::bundle::climb;
use super::certificate::Certificate;
use super::columns::{Aim, Pool, raise};
use super::core::Core;
use super::dual::Ascent;
use super::engine::Engine;
use super::exact::branch;
use super::master::{ROWS, rows_of};
use super::primal::repair;
use super::problem::QuotaProblem;
use super::rest::Rest;
use crate::kernel::draw::Draw;

/// Up to so many edges the search comes before many repairs, and gets by with so small a part of them.
pub(super) const SMALL: usize = 20_000;
pub(super) const HASTY: u64 = 20;

/// So small a part of both is tried first.
const DEEPER: u64 = 16;

/// So many parts of a problem are each given the least that a problem is.
const PARTS: u64 = 16;

/// Columns made for the linear relaxation.
const COLUMNS: usize = 600;

/// Most edges of a core that is worth searching.
const SEARCHABLE: usize = 1_000_000;

/// How much work a solve may do, counted and not timed, so that the result never depends on the
/// machine. A step is an edge or a label looked at, some 5 to 30 nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Steps for raising the bound.
    pub dual: u64,
    /// How many starts are repaired: the subproblem's pairs at the best multipliers, then at
    /// multipliers shaken by about one step.
    pub starts: u32,
    /// Steps for all repairs together.
    pub primal: u64,
    /// Steps of the exact search.
    pub exact: u64,
}

impl Effort {
    /// Enough for the gaps that the documentation states: growing with the number of edges.
    pub fn of(problem: &QuotaProblem) -> Effort {
        Effort::of_one(problem, 1)
    }

    /// For one of so many parts: however small they are, all together are not given many times what one is.
    fn of_one(problem: &QuotaProblem, parts: u64) -> Effort {
        let edges = problem.heads.len() as u64;
        let least = |steps: u64| steps * PARTS / parts.max(PARTS);
        Effort {
            dual: 300 * edges + least(20_000_000),
            starts: 6,
            primal: 12 * edges + least(2_000_000),
            exact: 60 * edges + least(if edges <= SMALL as u64 { 100_000_000 } else { 4_000_000 }),
        }
    }

    /// What this effort for a whole is for one of its parts.
    pub(super) fn for_part(self, whole: &QuotaProblem, part: &QuotaProblem, parts: usize) -> Effort {
        let (usual, of_part) = (Effort::of(whole), Effort::of_one(part, parts as u64));
        let share = |this: u64, usual: u64, part: u64| (u128::from(part) * u128::from(this) / u128::from(usual)) as u64;
        Effort {
            dual: share(self.dual, usual.dual, of_part.dual),
            starts: self.starts,
            primal: share(self.primal, usual.primal, of_part.primal),
            exact: share(self.exact, usual.exact, of_part.exact),
        }
    }
}

/// How the bound is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By the certificate alone.
    Multipliers,
    /// By the certificate and an exhaustive search of what it leaves open.
    Search,
}

/// An assignment that keeps all hard quotas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// For each row its column, `None` if it stays open.
    pub columns: Vec<Option<u32>>,
    /// Costs, open prices and fees of soft quotas, in units of cost.
    pub objective: i128,
    /// Sum of each quota.
    pub sums: Vec<i64>,
}

/// What a solve found and proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The best assignment found; `None` if none that keeps the quotas was found.
    pub solution: Option<Solution>,
    /// No assignment that keeps the quotas costs less, in units of cost.
    pub bound: i128,
    /// What proves the bound.
    pub proof: Proof,
    /// Prices and multipliers.
    pub certificate: Certificate,
    /// True if it is proved that no assignment keeps the quotas.
    pub infeasible: bool,
    /// Steps done.
    pub work: u64,
}

impl Answer {
    /// Objective minus bound.
    pub fn gap(&self) -> Option<i128> {
        self.solution.as_ref().map(|s| s.objective - self.bound)
    }

    /// Whether the solution is proved to be the best.
    pub fn optimal(&self) -> bool {
        self.gap() == Some(0)
    }
}

/// Typical and widest distance between costs, or price of a soft bound, in steps.
pub(super) fn spread(problem: &QuotaProblem) -> (f64, f64) {
    let mut costs = problem.costs.clone();
    let scale = problem.scale as f64;
    let Some(last) = costs.len().checked_sub(1) else { return (scale, scale) };
    let (low, high) = (last / 4, last - last / 4);
    let low = *costs.select_nth_unstable(low).1;
    let high = *costs.select_nth_unstable(high).1;
    let all = || problem.costs.iter().chain(&problem.open).copied();
    let prices = problem.quotas.iter().flat_map(|quota| [quota.short_price, quota.excess_price]).flatten();
    let widest = prices.fold(all().max().unwrap_or(0).saturating_sub(all().min().unwrap_or(0)), i64::max);
    (((high - low).max(1)) as f64 * scale, widest.max(1) as f64 * scale)
}

/// The least whole number of units, on the grid of possible objectives, that is not below a bound
/// in steps.
pub fn lift(problem: &QuotaProblem, steps: i128) -> i128 {
    let scale = i128::from(problem.scale);
    let grain = problem.grain();
    let whole = -(-steps).div_euclid(scale);
    let anchor: i128 = problem.open.iter().map(|o| i128::from(*o)).sum();
    whole + (anchor - whole).rem_euclid(grain)
}

/// An upper limit of every objective, in units of cost.
pub(super) fn ceiling(problem: &QuotaProblem) -> i128 {
    let dearest =
        |row: usize| i128::from(problem.range(row).map(|e| problem.costs[e]).fold(problem.open[row], i64::max));
    let fees = problem.quotas.iter().map(|q| {
        let most = q.rows.len() as i64 * q.inside.abs().max(q.outside.abs());
        q.fee(most).max(q.fee(-most))
    });
    (0..problem.rows()).map(dearest).sum::<i128>() + fees.sum::<i128>()
}

/// Solves an assignment problem with quotas: bound, solution, gap.
pub fn solve(problem: &QuotaProblem, effort: Effort) -> Answer {
    solve_from(Engine::new(problem), None, effort)
}

/// As [`solve`], from the multipliers (in steps of this problem) and a solution of a problem that is much like this
/// one. A solution that keeps the quotas is never given up for a worse one.
pub fn solve_near(problem: &QuotaProblem, multipliers: &[i64], known: &[Option<u32>], effort: Effort) -> Answer {
    solve_from(Engine::at(problem, multipliers), Some(known), effort)
}

/// As [`solve`], from a solved subproblem and perhaps a known solution.
pub(super) fn solve_from(engine: Engine, known: Option<&[Option<u32>]>, effort: Effort) -> Answer {
    let problem = engine.problem;
    let (typical, widest) = spread(problem);
    let mut run = Run { problem, best: None, work: 0 };
    let mut ascent = Ascent::new(engine, typical, widest);
    run.offer(ascent.engine.choice());
    if let Some(known) = known {
        run.offer(known.to_vec());
    }
    let scale = i128::from(problem.scale);
    let most = ceiling(problem);
    // Less than this in several rounds does not pay.
    let enough = (ascent.value.abs() / 10_000_000).max(1);
    let target = Some((most + 1) * scale);
    ascent.run(enough, target, effort.dual / 3 * 2);
    let mut bound = lift(problem, ascent.value);
    let mut proved = Proof::Multipliers;
    let mut none = false;
    let open = |run: &Run, bound: i128| bound <= most && !run.settled(bound);
    let small = problem.heads.len() <= SMALL && rows_of(&ascent.best) <= ROWS;
    if small && open(&run, bound) {
        // The linear relaxation and an exhaustive search cost less than many repairs.
        run.relax(&mut ascent, most, effort.exact / HASTY);
        bound = lift(problem, ascent.value);
        for part in [DEEPER, 1] {
            if open(&run, bound) && !none {
                run.repairs(&mut ascent, 1, effort.primal / HASTY / part, bound);
            }
            if open(&run, bound) && !none {
                (bound, none, proved) = run.exhaust(&ascent, most, effort.exact / part, bound);
            }
        }
    }
    if open(&run, bound) && !none {
        run.repairs(&mut ascent, effort.starts, effort.primal, bound);
    }
    if open(&run, bound) && !none && ascent.rough() {
        // Where a secant step has shrunk to nothing, the first guess still tells the scale.
        let metric: Vec<f64> = ascent.step.iter().zip(&ascent.first).map(|(s, f)| s.max(f / 64.0)).collect();
        let budget = effort.dual.saturating_sub(ascent.engine.work);
        climb(&mut ascent, &metric, enough, target, budget);
        bound = bound.max(lift(problem, ascent.value));
        if open(&run, bound) {
            run.repairs(&mut ascent, 1, effort.primal, bound);
        }
    }
    if open(&run, bound) && !none && !small {
        (bound, none, proved) = run.exhaust(&ascent, most, effort.exact, bound);
    }
    let infeasible = none || bound > most;
    let (solution, work) = (run.best, run.work + ascent.engine.work);
    let certificate = ascent.best.certificate();
    Answer { solution, bound, proof: proved, certificate, infeasible, work }
}

struct Run<'a> {
    problem: &'a QuotaProblem,
    best: Option<Solution>,
    work: u64,
}

impl<'a> Run<'a> {
    /// Whether the best solution meets the bound.
    fn settled(&self, bound: i128) -> bool {
        self.best.as_ref().is_some_and(|s| s.objective <= bound)
    }

    /// Keeps a choice if it keeps the quotas and is better.
    fn offer(&mut self, columns: Vec<Option<u32>>) {
        let sums = self.problem.sums(&columns);
        if self.problem.quotas.iter().zip(&sums).any(|(q, s)| q.violation(*s) > 0) {
            return;
        }
        let objective = self.problem.objective(&columns);
        if self.best.as_ref().is_none_or(|b| objective < b.objective) {
            self.best = Some(Solution { columns, objective, sums });
        }
    }

    /// Repairs the pairs at the best multipliers and at shaken ones.
    fn repairs(&mut self, ascent: &mut Ascent<'a>, starts: u32, budget: u64, bound: i128) {
        let start = self.work;
        self.offer(ascent.best.choice());
        let mut random = Draw::named(0, "quota starts", 0);
        for round in 0..starts {
            let left = budget.saturating_sub(self.work - start);
            if left == 0 || self.settled(bound) {
                return;
            }
            // Where cheap exchanges did not lead to any solution, violations weigh most.
            let hurry = self.best.is_none() && (round > 0 || starts == 1);
            if round > 0 && !hurry {
                let shaken = |(quota, lambda): (usize, &i64)| {
                    let shift = 2.0 * ascent.step[quota] * random.between(-1.0, 1.0);
                    let wish = lambda.saturating_add(shift as i64);
                    (quota as u32, if wish.signum() == lambda.signum() { wish } else { *lambda })
                };
                let changes: Vec<(u32, i64)> = ascent.best.lambda.iter().enumerate().map(shaken).collect();
                ascent.engine.set(&changes);
            }
            let mut core = Core::new(if round == 0 || hurry { &ascent.best } else { &ascent.engine }, 4);
            if repair(&mut core, left.min(budget / 2), hurry) {
                self.offer(core.choice());
            }
            self.work += core.work;
        }
    }

    /// Raises the bound to that of the linear relaxation.
    fn relax(&mut self, ascent: &mut Ascent<'a>, most: i128, work: u64) {
        let scale = self.problem.scale;
        let aim = Aim {
            target: (most + 1) * i128::from(scale),
            enough: (scale as f64 / 64.0).max(1.0),
            rounds: COLUMNS,
            short: false,
            widest: ascent.widest,
            work,
        };
        let look = |engine: &Engine| self.offer(engine.choice());
        let raised = raise(ascent.best.clone(), &mut Pool::default(), None, |_, _| false, &aim, look);
        self.work += raised.work;
        if raised.value > ascent.value {
            (ascent.value, ascent.best) = (raised.value, raised.engine);
        }
    }

    /// Searches all that could be better than the best solution, without one up to an objective of `most`: the
    /// bound then, whether there is no solution at all, and what proves it.
    fn exhaust(&mut self, ascent: &Ascent<'a>, most: i128, budget: u64, bound: i128) -> (i128, bool, Proof) {
        let most = self.best.as_ref().map_or(most, |s| s.objective - self.problem.grain());
        match self.search(ascent, most, budget) {
            None => (bound, false, Proof::Multipliers),
            Some((raised, nothing)) => (bound.max(raised), nothing && self.best.is_none(), Proof::Search),
        }
    }

    /// Exact search of what reduced costs leave, up to an objective of `most`. The bound that
    /// holds afterwards, and whether nothing at all up to `most` exists; `None` if it was given up.
    fn search(&mut self, ascent: &Ascent<'a>, most: i128, budget: u64) -> Option<(i128, bool)> {
        let scale = i128::from(self.problem.scale);
        let rest = Rest::new(&ascent.best, most * scale - ascent.value).ok()?;
        if rest.problem.heads.len() > SEARCHABLE || budget == 0 {
            return None;
        }
        let (lambda, limit) = (&ascent.best.lambda, most - rest.cost);
        let found = branch(&rest.problem, lambda, &ascent.step, ascent.widest, limit, budget);
        self.work += found.work;
        let better = found.choice.is_some();
        if let Some(choice) = found.choice {
            self.offer(rest.whole(&choice));
        }
        if !found.complete {
            return None;
        }
        let bound = if better { self.best.as_ref().map_or(most, |b| b.objective) } else { most + self.problem.grain() };
        Some((bound, !better))
    }
}
