//! Solving again after changes: prices and pairs stay, only what the changes disturbed is searched.

use super::auction::{auction, unsettled};
use super::edit::Change;
use super::local;
use super::problem::{AssignError, NONE, Problem, Sides, with_sides};
use super::search::{Book, Scratch};
use super::side::Cost;
use super::solve::{Assignment, Infeasible, Loose, augment_column, augment_row, cold, finish, tighten};

/// Disturbed rows, one in so many, up to which searches are tried first.
const FEW: usize = 50;

/// The first step of bids is this fraction of what disturbed rows lack on average, where few are
/// disturbed, and where many are.
const FIRST: (i64, i64) = (1_000, 100);

/// An instance with its solution, kept up to date through changes. Every solution is exact and has
/// its certificate. Of several optima the one near the solution before is found; see
/// [`canonical`](super::canonical) for the same people whatever came before.
#[derive(Clone, Debug)]
pub struct Solver {
    problem: Problem,
    near: Book,
    far: Book,
    forward: Scratch,
    backward: Scratch,
    pending: Pending,
}

/// What has to be looked at before prices and pairs are right again.
#[derive(Clone, Debug)]
enum Pending {
    Nothing,
    /// Rows whose edges or open price changed.
    Rows(Vec<u32>),
    /// Any edge may have changed.
    Everything,
    /// There was no solution.
    Cold,
}

impl Solver {
    /// Takes an instance; nothing is solved yet.
    pub fn new(problem: Problem) -> Solver {
        let (rows, columns) = (problem.rows(), problem.columns());
        Solver {
            near: Book::new(rows),
            far: Book::new(columns),
            forward: Scratch::new(columns),
            backward: Scratch::new(rows),
            pending: Pending::Cold,
            problem,
        }
    }

    /// The instance as it is now.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Changes costs, adds edges (`Some`), takes edges away (`None`).
    ///
    /// # Errors
    /// See [`Problem::change`].
    pub fn change(&mut self, changes: &[Change]) -> Result<(), AssignError> {
        self.problem.change(changes)?;
        self.disturb(changes.iter().map(|c| c.0));
        Ok(())
    }

    /// Changes open prices of rows; `None`: the row must be filled.
    ///
    /// # Errors
    /// See [`Problem::set_open_price`].
    pub fn change_open(&mut self, changes: &[(u32, Option<i64>)]) -> Result<(), AssignError> {
        for &(row, price) in changes {
            self.problem.set_open_price(row, price)?;
            self.disturb([row]);
        }
        Ok(())
    }

    /// Sets every cost anew: `cost(row, column, old cost)`. For changes that touch much of the
    /// instance, such as another multiplier on a group of columns.
    ///
    /// # Errors
    /// See [`Problem::set_costs`].
    pub fn set_costs(&mut self, cost: impl Fn(usize, usize, i64) -> i64) -> Result<(), AssignError> {
        self.problem.set_costs(cost)?;
        if !matches!(self.pending, Pending::Cold) {
            self.pending = Pending::Everything;
        }
        Ok(())
    }

    fn disturb(&mut self, rows: impl IntoIterator<Item = u32>) {
        match &mut self.pending {
            Pending::Nothing => self.pending = Pending::Rows(rows.into_iter().collect()),
            Pending::Rows(before) => before.extend(rows),
            Pending::Everything | Pending::Cold => {}
        }
    }

    /// Brings the solution up to date and gives its objective.
    ///
    /// # Errors
    /// Rows that must be filled or columns that must be placed, but cannot all be.
    pub fn solve(&mut self) -> Result<i128, Infeasible> {
        let pending = std::mem::replace(&mut self.pending, Pending::Cold);
        let Solver { problem, near, far, forward, backward, .. } = self;
        with_sides!(problem, sides => match pending {
            Pending::Nothing => {}
            Pending::Cold => (*near, *far) = cold(problem, sides, false)?,
            Pending::Rows(mut rows) => {
                rows.sort_unstable();
                rows.dedup();
                let loose = tighten(problem, sides, near, far, rows.into_iter());
                settle(problem, sides, near, far, (forward, backward), loose)?;
            }
            Pending::Everything => {
                let rows = 0..problem.rows() as u32;
                let loose = tighten(problem, sides, near, far, rows);
                settle(problem, sides, near, far, (forward, backward), loose)?;
            }
        });
        self.pending = Pending::Nothing;
        Ok(self.near.price.iter().chain(&self.far.price).map(|p| i128::from(*p)).sum())
    }

    /// The solution with its prices, as of the last [`Solver::solve`] that succeeded.
    pub fn solution(&self) -> Assignment {
        finish(self.near.clone(), self.far.clone())
    }

    /// A row's column.
    pub fn column_of(&self, row: usize) -> Option<u32> {
        Some(self.near.mate[row]).filter(|c| *c != NONE)
    }

    /// Prices of rows and of columns.
    pub fn prices(&self) -> (&[i64], &[i64]) {
        (&self.near.price, &self.far.price)
    }
}

/// Exact searches for what is loose; if that takes too long, better prices first: from an auction
/// around the disturbance, or over everything.
pub(super) fn settle<C: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book,
    far: &mut Book,
    (forward, backward): (&mut Scratch, &mut Scratch),
    loose: Loose,
) -> Result<(), Infeasible> {
    let (limit, many) = (problem.edges() as u64, problem.rows() / FEW + 8);
    (forward.work, backward.work) = (0, 0);
    let mut rows = loose.rows;
    if rows.len() <= many {
        let mut done = 0;
        while done < rows.len() && forward.work <= limit {
            augment_row(problem, sides, near, far, forward, rows[done])?;
            done += 1;
        }
        rows.drain(..done);
        if rows.is_empty() {
            let mut columns = unsettled(problem, far).into_iter();
            while backward.work <= limit {
                let Some(column) = columns.next() else { return Ok(()) };
                augment_column(problem, sides, near, far, backward, column)?;
            }
        }
    }
    let first = if rows.len() <= many { FIRST.0 } else { FIRST.1 };
    let touched = local::auction(problem, sides, near, far, rows, loose.excess / first);
    let loose = match touched {
        Some(touched) => tighten(problem, sides, near, far, touched.into_iter()),
        None => {
            auction(problem, sides, near, far);
            tighten(problem, sides, near, far, 0..problem.rows() as u32)
        }
    };
    for row in loose.rows {
        augment_row(problem, sides, near, far, forward, row)?;
    }
    for column in unsettled(problem, far) {
        augment_column(problem, sides, near, far, backward, column)?;
    }
    Ok(())
}
