//! Seats first: the most filled rows of the most urgent class, then of the next, and so on; among all
//! such assignments the one of least cost. No number stands for a seat: every class is a problem of its
//! own, which counts open rows and nothing else, so that a bound less than one row away proves it; its
//! optimum is a quota of all later problems. A problem with prices for open rows only finds where to begin.

use rayon::prelude::*;

use super::engine::{Engine, caps};
use super::outcome::{Outcome, fill_one};
use super::parts::{Joined, Part, parts};
use super::problem::{Quota, QuotaError, QuotaProblem};
use super::solve::{Answer, Effort, HASTY, SMALL, Solution, solve_from};

/// How many rows of one class can be filled.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The class, from 0.
    pub class: u32,
    /// Its rows: see [`seats_problem`].
    pub rows: Vec<u32>,
    /// Rows that the solution fills.
    pub filled: i64,
    /// Open rows, and how few there can be; its objective is that of this stage's own solution.
    pub answer: Answer,
}

impl Stage {
    /// No assignment that keeps the quotas and what earlier stages fill, fills more rows of the class.
    pub fn most(&self) -> i64 {
        self.rows.len() as i64 - i64::try_from(self.answer.bound).unwrap_or(i64::MAX)
    }
}

/// A solution with seats first.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// By class, the most urgent first; classes without rows have none.
    pub stages: Vec<Stage>,
    /// The last problem: costs under the quotas, open rows free, and what the stages fill as quotas
    /// after all others, in their order.
    pub problem: QuotaProblem,
    pub answer: Answer,
}

/// What became of a problem with seats first.
#[derive(Clone, Debug)]
pub enum RankedOutcome {
    Solved(Box<Ranked>),
    /// As [`fill`](super::fill) tells it of the first stage.
    Not(Box<Outcome>),
}

/// The problem of one stage: an open row of the class costs 1, everything else nothing; hard quotas among the
/// first `own` and those of `floors` (rows of earlier classes, and how many of them are filled) hold.
///
/// # Errors
/// See [`QuotaProblem::new`].
pub fn seats_problem(
    problem: &QuotaProblem,
    own: usize,
    rows: &[u32],
    floors: &[(Vec<u32>, i64)],
) -> Result<QuotaProblem, QuotaError> {
    let mut open = vec![0; problem.rows()];
    rows.iter().for_each(|row| open[*row as usize] = 1);
    let hard = |q: &Quota| Quota {
        least: q.least.filter(|_| q.short_price.is_none()),
        most: q.most.filter(|_| q.excess_price.is_none()),
        short_price: None,
        excess_price: None,
        ..q.clone()
    };
    with_floors(problem, vec![0; problem.heads.len()], open, problem.quotas[..own].iter().map(hard).collect(), floors)
}

/// The problem of the last stage: costs, with what is filled as quotas after all others.
///
/// # Errors
/// See [`QuotaProblem::new`].
fn cost_problem(problem: &QuotaProblem, floors: &[(Vec<u32>, i64)]) -> Result<QuotaProblem, QuotaError> {
    let open = vec![0; problem.rows()];
    with_floors(problem, problem.costs.clone(), open, problem.quotas.clone(), floors)
}

fn with_floors(
    problem: &QuotaProblem,
    costs: Vec<i64>,
    open: Vec<i64>,
    mut quotas: Vec<Quota>,
    floors: &[(Vec<u32>, i64)],
) -> Result<QuotaProblem, QuotaError> {
    let mut groups = problem.groups.clone();
    groups.push(Vec::new());
    let nobody = groups.len() as u32 - 1;
    // A pair counts 1 whoever it is with.
    let floor = |(rows, filled): &(Vec<u32>, i64)| Quota {
        outside: 1,
        ..Quota::count(rows.clone(), nobody, Some(*filled), None)
    };
    quotas.extend(floors.iter().map(floor));
    let (starts, heads) = (problem.starts.clone(), problem.heads.clone());
    QuotaProblem::new(problem.columns, starts, heads, costs, open, groups, quotas)
}

/// Solves a problem with seats first; `classes` has the class of each row, from 0. Open prices play no part.
///
/// # Errors
/// See [`QuotaProblem::new`].
pub fn fill_ranked(problem: &QuotaProblem, classes: &[u32], effort: Effort) -> Result<RankedOutcome, QuotaError> {
    let parts = parts(problem)?;
    let of_part = |part: &Part| {
        fill_whole(&part.problem, &part.of_rows(classes), effort.for_part(problem, &part.problem, parts.len()))
    };
    let mut found = Vec::new();
    for outcome in parts.par_iter().map(of_part).collect::<Result<Vec<_>, _>>()? {
        match outcome {
            RankedOutcome::Solved(ranked) => found.push(*ranked),
            // What contradicts itself is told of the whole.
            RankedOutcome::Not(_) => return fill_whole(problem, classes, effort),
        }
    }
    if parts.is_empty() {
        return fill_whole(problem, classes, effort);
    }
    Ok(RankedOutcome::Solved(Box::new(joined(problem, classes, effort, &parts, &found)?)))
}

/// The rows of each class.
fn by_class(classes: &[u32]) -> Vec<Vec<u32>> {
    let count = classes.iter().max().map_or(0, |most| *most as usize + 1);
    let mut rows_of: Vec<Vec<u32>> = vec![Vec::new(); count];
    classes.iter().zip(0..).for_each(|(class, row)| rows_of[*class as usize].push(row));
    rows_of
}

/// The whole from the solutions of its parts.
fn joined(
    problem: &QuotaProblem,
    classes: &[u32],
    effort: Effort,
    parts: &[Part],
    found: &[Ranked],
) -> Result<Ranked, QuotaError> {
    let rows_of = by_class(classes);
    let present: Vec<u32> = (0..rows_of.len() as u32).filter(|class| !rows_of[*class as usize].is_empty()).collect();
    let floors_of = |ranked: &Ranked, below: u32| -> Vec<usize> {
        let classes = ranked.stages.iter().map(|stage| stage.class).filter(|class| *class < below);
        classes.map(|class| present.partition_point(|of| *of < class)).collect()
    };
    let filled =
        |class: u32| found.iter().flat_map(|of| &of.stages).filter(|s| s.class == class).map(|s| s.filled).sum();
    let floors: Vec<(Vec<u32>, i64)> =
        present.iter().map(|class| (rows_of[*class as usize].clone(), filled(*class))).collect();

    let whole = cost_problem(problem, &floors)?;
    let mut all = Joined::new(&whole, floors.len());
    for (part, ranked) in parts.iter().zip(found) {
        all.add(&whole, part, &ranked.answer, &floors_of(ranked, u32::MAX));
    }
    let columns = all.columns.clone();
    let answer = all.answer(&whole, columns.clone(), effort);
    let mut stages = Vec::new();
    for (at, (class, (rows, filled))) in present.iter().zip(&floors).enumerate() {
        let seats = seats_problem(problem, problem.quotas.len(), rows, &floors[..at])?;
        let mut all = Joined::new(&seats, at);
        for (part, ranked) in parts.iter().zip(found) {
            if let Some(stage) = ranked.stages.iter().find(|stage| stage.class == *class) {
                all.add(&seats, part, &stage.answer, &floors_of(ranked, *class));
            }
        }
        let answer = all.answer(&seats, columns.clone(), effort);
        stages.push(Stage { class: *class, rows: rows.clone(), filled: *filled, answer });
    }
    Ok(Ranked { stages, problem: whole, answer })
}

/// As [`fill_ranked`], in one piece.
pub(super) fn fill_whole(problem: &QuotaProblem, classes: &[u32], effort: Effort) -> Result<RankedOutcome, QuotaError> {
    let rows_of = by_class(classes);
    let count = rows_of.len();
    let scout = Scout::new(problem, classes, count, effort);
    let mut known = match scout.found {
        Some(Outcome::Solved(ref answer)) => answer.solution.clone(),
        Some(other @ Outcome::Impossible { .. }) => return Ok(RankedOutcome::Not(Box::new(other))),
        _ => None,
    };
    let mut stages: Vec<Stage> = Vec::new();
    let mut floors: Vec<(Vec<u32>, i64)> = Vec::new();
    for (class, rows) in rows_of.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
        let seats = seats_problem(problem, problem.quotas.len(), &rows, &floors)?;
        let answer = match &known {
            Some(known) => solve_from(Engine::new(&seats), Some(&known.columns), effort),
            None => match fill_one(&seats, effort)? {
                Outcome::Solved(answer) => answer,
                other => return Ok(RankedOutcome::Not(Box::new(other))),
            },
        };
        known.clone_from(&answer.solution);
        let filled = known.as_ref().map_or(0, |s| rows_filled(s, &rows));
        floors.push((rows.clone(), filled));
        stages.push(Stage { class: class as u32, rows, filled, answer });
    }
    let problem = cost_problem(problem, &floors)?;
    let mut engine = Engine::new(&problem);
    engine.set(&scout.multipliers(&engine, &stages));
    let answer = solve_from(engine, known.as_ref().map(|known| known.columns.as_slice()), effort);
    Ok(RankedOutcome::Solved(Box::new(Ranked { stages, problem, answer })))
}

/// A first solution and first multipliers, from a problem in which open rows have a price. It decides nothing:
/// what is best is found and proved class by class.
struct Scout {
    /// None where such prices leave the range of exact arithmetic.
    found: Option<Outcome>,
    /// Open price by class, and steps to a unit.
    open: Vec<i64>,
    scale: i64,
}

impl Scout {
    fn new(problem: &QuotaProblem, classes: &[u32], count: usize, effort: Effort) -> Scout {
        let (low, high) = problem.costs.iter().fold((0, 0), |(low, high), cost| (low.min(*cost), high.max(*cost)));
        // A seat is worth more than one exchange, and one of an earlier class more than one of a later.
        let seat = 2 * high.saturating_sub(low).max(1);
        let open: Vec<i64> = (0..count).map(|class| seat.saturating_mul((count - class) as i64)).collect();
        let prices = classes.iter().map(|class| open[*class as usize]).collect();
        let priced = problem.with(problem.costs.clone(), prices, problem.quotas.clone()).ok();
        let scale = priced.as_ref().map_or(1, |priced| priced.scale);
        // Where a search follows, any solution will do.
        let (starts, primal) = match problem.heads.len() <= SMALL {
            true => (1, effort.primal / HASTY),
            false => (effort.starts, effort.primal),
        };
        let found = priced.and_then(|priced| fill_one(&priced, Effort { exact: 0, starts, primal, ..effort }).ok());
        Scout { found, open, scale }
    }

    /// Multipliers for the problem of costs: a price of an open row is one of a class that fills all of them.
    fn multipliers(&self, engine: &Engine, stages: &[Stage]) -> Vec<(u32, i64)> {
        let Some(Outcome::Solved(answer)) = &self.found else { return Vec::new() };
        let to = i128::from(engine.problem.scale);
        let steps = |value: i64, scale: i64| {
            let steps = i128::from(value) * to / i128::from(scale);
            i64::try_from(steps).unwrap_or(if steps < 0 { i64::MIN + 1 } else { i64::MAX })
        };
        let own = answer.certificate.multipliers.iter().map(|m| steps(*m, self.scale));
        let full = |stage: &Stage| stage.filled == stage.rows.len() as i64;
        let floors = stages.iter().map(|s| if full(s) { -steps(self.open[s.class as usize], 1) } else { 0 });
        let within = caps(engine);
        let clamped = own.chain(floors).zip(&within).map(|(multiplier, (low, high))| multiplier.clamp(*low, *high));
        clamped.zip(0..).map(|(multiplier, at)| (at, multiplier)).collect()
    }
}

/// How many of the rows are filled.
fn rows_filled(solution: &Solution, rows: &[u32]) -> i64 {
    rows.iter().filter(|row| solution.columns[**row as usize].is_some()).count() as i64
}
