//! One exact assignment over all vacancies at once, each person once; what a waiver would bring.

use std::collections::BTreeMap;

use crate::kernel::assign::{Alternative, Assignment, Problem, alternatives, solve, tied_rows};
use crate::stage::{StageError, StageResult};

use super::fit::{COST_PER_POINT, HUNDREDTHS, cost};
use super::pairs::Considered;
use super::policy::{ReservePolicy, SoftRule};

/// The assignment with everything that explains it. Rows are vacancies in their order; columns are
/// `people`, the candidates with at least one edge, ascending.
pub(super) struct Matching {
    pub people: Vec<u32>,
    pub problem: Problem,
    pub solution: Assignment,
    pub others: Vec<Option<Alternative>>,
    pub tied: Vec<bool>,
}

/// What waiving one soft gate would bring.
pub(super) struct Waiver {
    pub gate: usize,
    /// People held back by this gate alone, for at least one post.
    pub people: usize,
    /// Of those, how many would be recommended.
    pub recommended: usize,
    /// Posts filled more.
    pub posts_opened: i64,
    /// Change of the total fit of all filled posts, in hundredths.
    pub fit_gain: i64,
}

/// The open price on the cost grid.
pub(super) fn open_price(policy: &ReservePolicy) -> i64 {
    (policy.open_price * COST_PER_POINT as f64).round() as i64
}

/// Solves over the eligible pairs, and over those that waiving one gate adds.
fn assign(
    considered: &[Considered],
    waived: Option<usize>,
    open_price: i64,
) -> StageResult<(Vec<u32>, Problem, Assignment)> {
    let mut edges: Vec<(u32, u32, i64)> = Vec::new();
    for (row, found) in considered.iter().enumerate() {
        let added = found.waivable.iter().filter(|(gate, _)| Some(*gate) == waived).map(|(_, pair)| pair);
        edges.extend(found.eligible.iter().chain(added).map(|pair| (row as u32, pair.candidate, cost(pair.fit))));
    }
    let mut people: Vec<u32> = edges.iter().map(|e| e.1).collect();
    people.sort_unstable();
    people.dedup();
    for edge in &mut edges {
        edge.1 = people.partition_point(|p| *p < edge.1) as u32;
    }
    let problem = Problem::new(considered.len(), people.len(), &edges, open_price)
        .map_err(|error| StageError::Data(error.to_string()))?;
    let solution = solve(&problem).map_err(|error| StageError::Data(error.to_string()))?;
    Ok((people, problem, solution))
}

/// The assignment over all eligible pairs.
pub(super) fn solve_all(considered: &[Considered], policy: &ReservePolicy) -> StageResult<Matching> {
    let (people, problem, solution) = assign(considered, None, open_price(policy))?;
    let others = alternatives(&problem, &solution);
    let tied = tied_rows(&problem, &solution);
    Ok(Matching { people, problem, solution, others, tied })
}

/// Filled posts and their total fit in hundredths.
fn totals(problem: &Problem, solution: &Assignment) -> (i64, i64) {
    let filled = solution.filled() as i64;
    let open = (problem.rows() as i64 - filled) as i128 * i128::from(problem.open_price());
    let costs = (solution.objective - open) / i128::from(COST_PER_POINT / HUNDREDTHS);
    (filled, filled * 100 * HUNDREDTHS - costs as i64)
}

/// Solves again with each soft gate waived, alone. Nothing to waive where soft bars are allowed.
pub(super) fn waivers(
    considered: &[Considered],
    matching: &Matching,
    policy: &ReservePolicy,
) -> StageResult<Vec<Waiver>> {
    if policy.soft == SoftRule::AllowMarked {
        return Ok(Vec::new());
    }
    let mut held_back: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (gate, pair) in considered.iter().flat_map(|c| &c.waivable) {
        held_back.entry(*gate).or_default().push(pair.candidate);
    }
    let (filled, fit) = totals(&matching.problem, &matching.solution);
    held_back
        .into_iter()
        .map(|(gate, mut people)| {
            people.sort_unstable();
            people.dedup();
            let (columns, problem, solution) = assign(considered, Some(gate), open_price(policy))?;
            let (filled_then, fit_then) = totals(&problem, &solution);
            let placed =
                solution.columns.iter().enumerate().filter_map(|(row, c)| Some((row, columns[(*c)? as usize])));
            let by_waiver = |row: usize, person: u32| {
                considered[row].waivable.iter().any(|(g, pair)| *g == gate && pair.candidate == person)
            };
            Ok(Waiver {
                gate,
                people: people.len(),
                recommended: placed.filter(|(row, person)| by_waiver(*row, *person)).count(),
                posts_opened: filled_then - filled,
                fit_gain: fit_then - fit,
            })
        })
        .collect()
}
