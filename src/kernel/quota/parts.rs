//! Problems that fall apart: rows that share neither a column nor a quota, be it by way of others, are solved
//! apart, each part by all that a small problem gets.
//!
//! With seats first that is exact too. Class by class the parts together fill the most exactly if each part does,
//! so what all fill of a class is a floor of the whole as what each fills is one of the part. The proof is one of
//! the whole problem, as if it had not been taken apart: multipliers of quotas are those of the parts, and that of
//! a floor is the greatest of any part, since more of it costs a part nothing that cannot fill more.

use rayon::prelude::*;

use super::dual::Ascent;
use super::engine::Engine;
use super::problem::{Quota, QuotaError, QuotaProblem};
use super::solve::{Answer, Effort, Proof, Solution, lift, spread};

/// A part of a problem: rows, columns and quotas of its own.
pub(super) struct Part {
    pub problem: QuotaProblem,
    /// Rows, columns and quotas of the whole, ascending.
    pub rows: Vec<u32>,
    pub columns: Vec<u32>,
    pub quotas: Vec<u32>,
}

impl Part {
    /// What a value of each row of the whole is in the part.
    pub fn of_rows<T: Copy>(&self, of: &[T]) -> Vec<T> {
        self.rows.iter().map(|row| of[*row as usize]).collect()
    }

    /// The same of each quota.
    pub fn of_quotas<T: Copy>(&self, of: &[T]) -> Vec<T> {
        self.quotas.iter().map(|quota| of[*quota as usize]).collect()
    }

    /// A choice of the whole, as far as it concerns the part.
    pub fn cut(&self, choice: &[Option<u32>]) -> Vec<Option<u32>> {
        let place = |column: u32| self.columns.binary_search(&column).ok().map(|at| at as u32);
        self.of_rows(choice).into_iter().map(|column| place(column?)).collect()
    }
}

/// Rows by whom they belong to.
struct Forest(Vec<u32>);

impl Forest {
    fn root(&mut self, mut row: u32) -> u32 {
        while self.0[row as usize] != row {
            // Halves the way for whoever comes next.
            self.0[row as usize] = self.0[self.0[row as usize] as usize];
            row = self.0[row as usize];
        }
        row
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other) as usize] = one.min(other);
    }
}

/// The parts of a problem, by their first rows. Rows without edges and quotas that ask for nothing are in none. Empty
/// where there are fewer than two, or where no part can help that a quota is missed.
///
/// # Errors
/// Does not happen for a problem that exists.
pub(super) fn parts(problem: &QuotaProblem) -> Result<Vec<Part>, QuotaError> {
    let rows = problem.rows();
    let mut forest = Forest((0..rows as u32).collect());
    for column in problem.by_column.windows(2) {
        let tails = &problem.tails[column[0] as usize..column[1] as usize];
        tails.windows(2).for_each(|pair| forest.join(pair[0], pair[1]));
    }
    let is_empty = |row: &u32| problem.range(*row as usize).is_empty();
    let asks = |quota: &&Quota| quota.least.is_some() || quota.most.is_some();
    for quota in problem.quotas.iter().filter(asks) {
        let mut counted = quota.rows.iter().filter(|row| !is_empty(row));
        match counted.next() {
            Some(first) => counted.for_each(|row| forest.join(*first, *row)),
            None if quota.misses(0) != (0, 0) => return Ok(Vec::new()),
            None => {}
        }
    }
    let mut part_of = vec![u32::MAX; rows];
    let mut members: Vec<Vec<u32>> = Vec::new();
    for row in (0..rows as u32).filter(|row| !is_empty(row)) {
        let root = forest.root(row) as usize;
        if part_of[root] == u32::MAX {
            part_of[root] = members.len() as u32;
            members.push(Vec::new());
        }
        part_of[row as usize] = part_of[root];
        members[part_of[root] as usize].push(row);
    }
    if members.len() < 2 {
        return Ok(Vec::new());
    }
    let mut quotas: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
    for (quota, at) in problem.quotas.iter().zip(0..).filter(|(quota, _)| asks(quota)) {
        if let Some(row) = quota.rows.iter().find(|row| !is_empty(row)) {
            quotas[part_of[*row as usize] as usize].push(at);
        }
    }
    members.into_par_iter().zip(quotas).map(|(rows, quotas)| cut(problem, rows, quotas)).collect()
}

fn cut(problem: &QuotaProblem, rows: Vec<u32>, quotas: Vec<u32>) -> Result<Part, QuotaError> {
    let edges = |row: &u32| problem.range(*row as usize);
    let mut columns: Vec<u32> = rows.iter().flat_map(|row| &problem.heads[edges(row)]).copied().collect();
    columns.sort_unstable();
    columns.dedup();
    let (mut starts, mut heads, mut costs) = (vec![0], Vec::new(), Vec::new());
    for row in &rows {
        let place = |head: &u32| columns.partition_point(|column| column < head) as u32;
        heads.extend(problem.heads[edges(row)].iter().map(place));
        costs.extend_from_slice(&problem.costs[edges(row)]);
        starts.push(heads.len() as u32);
    }
    let mut used: Vec<u32> = quotas.iter().map(|quota| problem.quotas[*quota as usize].group).collect();
    used.sort_unstable();
    used.dedup();
    let places = |of: &[u32], within: &[u32]| -> Vec<u32> {
        of.iter().filter_map(|at| within.binary_search(at).ok()).map(|at| at as u32).collect()
    };
    let groups = used.iter().map(|group| places(&problem.groups[*group as usize], &columns)).collect();
    let quota = |at: &u32| {
        let whole = &problem.quotas[*at as usize];
        let group = used.partition_point(|group| *group < whole.group) as u32;
        Quota { rows: places(&whole.rows, &rows), group, ..whole.clone() }
    };
    let list = quotas.iter().map(quota).collect();
    let open = rows.iter().map(|row| problem.open[*row as usize]).collect();
    let problem = QuotaProblem::new(columns.len(), starts, heads, costs, open, groups, list)?;
    Ok(Part { problem, rows, columns, quotas })
}

/// What is known of the whole from its parts.
pub(super) struct Joined {
    pub columns: Vec<Option<u32>>,
    /// Multipliers of the whole's quotas, in steps of the whole; the last `floors` of them are floors.
    multipliers: Vec<i64>,
    floors: usize,
    /// What rows in no part cost, and what the parts cannot go below.
    bound: i128,
    work: u64,
}

impl Joined {
    /// Nothing yet; rows that are in no part stay open.
    pub fn new(problem: &QuotaProblem, floors: usize) -> Joined {
        let empty = (0..problem.rows()).filter(|row| problem.range(*row).is_empty());
        Joined {
            columns: vec![None; problem.rows()],
            multipliers: vec![0; problem.quotas.len()],
            floors,
            bound: empty.map(|row| i128::from(problem.open[row])).sum(),
            work: 0,
        }
    }

    /// One part's answer; its quotas are those of the part, then floors of the classes `of` the whole's.
    pub fn add(&mut self, problem: &QuotaProblem, part: &Part, answer: &Answer, of: &[usize]) {
        let steps = |multiplier: i64| {
            let steps = i128::from(multiplier) * i128::from(problem.scale) / i128::from(answer.certificate.scale);
            i64::try_from(steps).unwrap_or(0)
        };
        let own = problem.quotas.len() - self.floors;
        let multipliers = answer.certificate.multipliers.iter().map(|multiplier| steps(*multiplier));
        let places = part.quotas.iter().map(|quota| *quota as usize).chain(of.iter().map(|floor| own + floor));
        for (multiplier, place) in multipliers.zip(places) {
            let known = &mut self.multipliers[place];
            *known = if place < own { multiplier } else { multiplier.min(*known) };
        }
        self.bound += answer.bound;
        self.work += answer.work;
        for (row, column) in part.rows.iter().zip(answer.solution.iter().flat_map(|solution| &solution.columns)) {
            self.columns[*row as usize] = column.map(|column| part.columns[column as usize]);
        }
    }

    /// The answer of the whole for a choice. Where the whole's multipliers do not prove what the parts do, it takes
    /// the parts to prove it.
    pub fn answer(self, problem: &QuotaProblem, columns: Vec<Option<u32>>, effort: Effort) -> Answer {
        let (typical, widest) = spread(problem);
        let mut ascent = Ascent::new(Engine::at(problem, &self.multipliers), typical, widest);
        if lift(problem, ascent.value) < self.bound {
            let enough = (ascent.value.abs() / 10_000_000).max(1);
            ascent.run(enough, Some(self.bound * i128::from(problem.scale)), effort.dual / 3);
        }
        let proved = lift(problem, ascent.value);
        let (objective, sums) = (problem.objective(&columns), problem.sums(&columns));
        Answer {
            solution: Some(Solution { columns, objective, sums }),
            bound: proved.max(self.bound),
            proof: if proved < self.bound { Proof::Search } else { Proof::Multipliers },
            certificate: ascent.best.certificate(),
            infeasible: false,
            work: self.work + ascent.engine.work,
        }
    }
}
