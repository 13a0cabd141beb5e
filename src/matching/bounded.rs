//! The best whole solution under bounds on groups: quotas and conflicts, with a proved gap.
//!
//! Whoever must be placed is a bound too: at least one seat of theirs. Objective `filled` is solved class by
//! class, without a number that stands for a seat: see [`fill_ranked`].

use super::error::{SolveError, Unmet};
use super::exact::open_units;
use super::instance::{Bound, Instance};
use super::policy::{MatchPolicy, Objective};
use super::rows::Rows;
use super::solve::{Proof, Solved};
use crate::kernel::quota::{
    self, Answer, Conflict, Effort, Figure, Outcome, Quota, QuotaError, QuotaProblem, Ranked, RankedOutcome,
    Relaxation, Stage, fill_ranked, lowest_certificate, ranked_figures,
};

/// A solution under bounds.
#[derive(Clone, Debug)]
pub struct Bounded {
    /// The problem of fit. Its quotas are the instance's bounds, then one for whoever keeps a place, then, where
    /// seats come first, one for each stage: so many seats are filled.
    pub problem: QuotaProblem,
    pub answer: Answer,
    /// Where seats come first: how many can be filled, class by class.
    pub stages: Vec<Stage>,
    /// Edges of all rows.
    pub edges: usize,
    /// What a seat left open costs, in grid units; 0 where seats come first.
    pub open: i64,
    /// How many of the problem's quotas are the instance's bounds.
    pub bounds: usize,
    /// Where the bounds cannot all be met: there is no solution then, and the certificate is that of the misses of
    /// these bounds (see [`quota::miss_problem`]).
    pub contradiction: Option<Contradiction>,
}

/// Bounds that cannot all be met.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// Places of the problem's quotas.
    pub bounds: Vec<u32>,
    /// What they miss at least, all together, in parts of a person.
    pub missed: i128,
    /// Parts of a person in one.
    pub person: i64,
    /// The least relaxation that works: quota, people too few, people too many.
    pub relax: Vec<(u32, i64, i64)>,
}

/// Bounds whose cost is worked out by solving again without them, at most.
const FIGURES: usize = 40;

/// So many edges may be solved again for that, all bounds together; at least one bound's.
const FIGURE_EDGES: usize = 2_000_000;

/// Share of the effort for a solution that is only compared.
const COMPARED: u64 = 4;

/// So many bounds of a row double what a step takes.
const DOUBLE: usize = 8;

fn too_large(error: QuotaError) -> SolveError {
    SolveError::TooLarge(error.to_string())
}

/// Solves an instance under its bounds.
///
/// # Errors
/// Costs beyond exact arithmetic, or bounds that cannot be met together: which, and what would do.
pub(super) fn bounded(instance: &Instance, rows: &Rows, policy: &MatchPolicy) -> Result<Bounded, SolveError> {
    let open = match policy.objective {
        Objective::Fit => open_units(instance, policy)?,
        Objective::Filled => 0,
    };
    let (groups, quotas) = quotas(instance, rows);
    let problem = QuotaProblem::new(
        instance.people,
        rows.starts.clone(),
        rows.heads.clone(),
        rows.costs.clone(),
        vec![open; rows.len()],
        groups,
        quotas,
    )
    .map_err(too_large)?;
    let effort = Effort::of(&problem);
    let (problem, answer, stages) = match policy.objective {
        Objective::Fit => match quota::fill(&problem, effort).map_err(too_large)? {
            Outcome::Solved(answer) => (problem, answer, Vec::new()),
            other => return Err(unsolved(other, problem, rows, open, instance)),
        },
        Objective::Filled => {
            match fill_ranked(&problem, &classes(instance, &rows.posts), effort).map_err(too_large)? {
                RankedOutcome::Solved(ranked) => (ranked.problem, ranked.answer, ranked.stages),
                RankedOutcome::Not(other) => return Err(unsolved(*other, problem, rows, open, instance)),
            }
        }
    };
    let (edges, bounds) = (rows.heads.len(), instance.bounds.len());
    Ok(Bounded { problem, answer, stages, edges, open, bounds, contradiction: None })
}

/// Class of each row.
fn classes(instance: &Instance, rows: &[u32]) -> Vec<u32> {
    rows.iter().map(|post| instance.classes[*post as usize]).collect()
}

/// Which bounds contradict each other, with the proof, and the least that would have to give.
fn unsolved(outcome: Outcome, problem: QuotaProblem, rows: &Rows, open: i64, instance: &Instance) -> SolveError {
    let Outcome::Impossible { conflict: Some(conflict), relaxation } = outcome else { return SolveError::NotFound };
    let Conflict { quotas, irreducible, proof, certificate, missed } = conflict;
    let least = relaxation.as_ref().is_some_and(Relaxation::optimal);
    let relax = relaxation.map(|r| r.misses).unwrap_or_default();
    let answer = Answer { solution: None, bound: missed, proof, certificate, infeasible: true, work: 0 };
    let (person, _) = problem.miss_weights();
    let bounded = Bounded {
        problem,
        answer,
        stages: Vec::new(),
        edges: rows.heads.len(),
        open,
        bounds: instance.bounds.len(),
        contradiction: Some(Contradiction { bounds: quotas.clone(), missed, person, relax: relax.clone() }),
    };
    let refuted = Solved { placed: Vec::new(), rows: rows.posts.clone(), proof: Proof::Bounded(Box::new(bounded)) };
    SolveError::Unmet(Box::new(Unmet { bounds: quotas, irreducible, least, relax, refuted: Box::new(refuted) }))
}

/// Groups of people and the quotas over them: the bounds, then whoever must be placed.
fn quotas(instance: &Instance, rows: &Rows) -> (Vec<Vec<u32>>, Vec<Quota>) {
    let mut rows_of: Vec<Vec<u32>> = vec![Vec::new(); instance.posts()];
    rows.posts.iter().enumerate().for_each(|(row, post)| rows_of[*post as usize].push(row as u32));
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut found = Vec::new();
    for bound in &instance.bounds {
        // Quotas of one rule have one group.
        let group = groups.iter().rposition(|g| *g == bound.people).unwrap_or_else(|| {
            groups.push(bound.people.clone());
            groups.len() - 1
        });
        found.push(quota(bound, group as u32, &rows_of));
    }
    let mut rows_by_person: Vec<Vec<u32>> = vec![Vec::new(); instance.people];
    if rows.must.contains(&true) {
        for row in 0..rows.len() {
            for edge in rows.range(row).filter(|edge| rows.must[rows.heads[*edge] as usize]) {
                rows_by_person[rows.heads[edge] as usize].push(row as u32);
            }
        }
    }
    for person in (0..instance.people).filter(|person| rows.must[*person]) {
        groups.push(vec![person as u32]);
        let group = groups.len() as u32 - 1;
        found.push(Quota::count(std::mem::take(&mut rows_by_person[person]), group, Some(1), None));
    }
    (groups, found)
}

fn quota(bound: &Bound, group: u32, rows_of: &[Vec<u32>]) -> Quota {
    Quota {
        rows: bound.posts.iter().flat_map(|post| rows_of[*post as usize].iter().copied()).collect(),
        group,
        inside: bound.inside,
        outside: bound.outside,
        least: bound.least,
        most: bound.most,
        short_price: bound.soft,
        excess_price: bound.soft,
    }
}

impl Bounded {
    /// Nothing is better: neither more seats nor, with as many, more fit.
    pub fn optimal(&self) -> bool {
        self.more_seats() == 0 && self.answer.optimal()
    }

    /// Seats that perhaps could be filled more, in the first class of which that is not known.
    pub fn more_seats(&self) -> i64 {
        self.stages.iter().map(|stage| stage.most() - stage.filled).find(|more| *more > 0).unwrap_or(0)
    }

    /// Fit lost and what soft bounds cost, in grid units.
    pub fn cost(&self) -> i128 {
        self.answer.solution.as_ref().map_or(0, |solution| solution.objective)
    }

    /// What soft bounds cost, in grid units.
    pub(super) fn fees(&self) -> i128 {
        let sums = self.answer.solution.iter().flat_map(|solution| &solution.sums);
        self.problem.quotas().iter().zip(sums).map(|(quota, sum)| quota.fee(*sum)).sum()
    }

    /// Steps of all solves; where many bounds lie on a row, each takes longer.
    pub(super) fn work(&self) -> u64 {
        let steps = self.answer.work + self.stages.iter().map(|stage| stage.answer.work).sum::<u64>();
        let covered: usize = self.problem.quotas().iter().map(|quota| quota.rows.len()).sum();
        steps + steps * covered as u64 / (DOUBLE * self.problem.rows().max(1)) as u64
    }

    /// Seats filled, by stage.
    pub fn filled(&self) -> Vec<i64> {
        self.stages.iter().map(|stage| stage.filled).collect()
    }

    /// What the dearest bounds that bind cost; `rows` are the posts of the problem's rows.
    pub(super) fn figures(&self, instance: &Instance, rows: &[u32]) -> Result<Vec<Figure>, SolveError> {
        let count = (FIGURE_EDGES / self.edges.max(1)).clamp(1, FIGURES);
        let effort = Effort::of(&self.problem);
        let effort = Effort { exact: effort.exact / COMPARED, ..effort };
        let (problem, answer) = (&self.problem, &self.answer);
        match self.stages.is_empty() {
            true => quota::figures(problem, answer, count, effort),
            false => {
                let (stages, problem, answer) = (self.stages.clone(), problem.clone(), answer.clone());
                ranked_figures(&Ranked { stages, problem, answer }, &classes(instance, rows), count, effort)
            }
        }
        .map_err(too_large)
    }

    /// By edge of the instance: by how much the pair's cost exceeds its prices, quotas' multipliers
    /// included, and what they leave unproved: so much it lacks at least, in grid units, rounded down. None for a
    /// pair of a post without seats, of whoever must have another post, or that would leave a seat open.
    pub(super) fn missing(&self, instance: &Instance, rows: &[u32]) -> Vec<Option<i64>> {
        // The lowest prices of seats tell most of whoever is placed nowhere.
        let certificate = &lowest_certificate(&self.problem, &self.answer.certificate);
        let mut shift_of: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
        for (at, quota) in self.problem.quotas().iter().enumerate().filter(|(at, _)| certificate.multipliers[*at] != 0)
        {
            quota.rows.iter().for_each(|row| shift_of[*row as usize].push(at));
        }
        let gap = self.gap();
        let stages = self.stage_layers(instance.posts(), rows);
        let mut missing = vec![None; instance.fits.len()];
        for (row, post) in rows.iter().enumerate() {
            for edge in instance.range(*post as usize) {
                let person = instance.heads[edge];
                if stages.iter().any(|stage| stage.rules_out(*post, person)) {
                    continue;
                }
                let shift: i64 = shift_of[row]
                    .iter()
                    .map(|at| certificate.multipliers[*at] * self.problem.counts(*at, person))
                    .sum();
                let cost = -instance.fits[edge] * certificate.scale + shift;
                let slack = cost - certificate.row_prices[row] - certificate.column_prices[person as usize];
                // Below 0: whoever must have another post; no fit brings them here.
                missing[edge] = (slack >= 0).then(|| (slack - gap).max(0).div_euclid(certificate.scale));
            }
        }
        missing
    }
}
