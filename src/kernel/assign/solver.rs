//! Solving again after changes: prices and pairs stay, only what the changes disturbed is searched, unless that is
//! so much that everything is better solved anew.

use super::edit::Change;
use super::problem::{AssignError, LIMIT, NONE, Problem, Sides, with_sides};
use super::search::{Book, Searches};
use super::settle::settle;
use super::side::Cost;
use super::solve::{Assignment, Infeasible, anew, finish, tighten};

/// Edges that searches may look at, in multiples of all edges, before everything is solved anew.
const PATIENCE: u64 = 6;

/// An instance with its solution, kept up to date through changes. Every solution is exact and has
/// its certificate. Of several optima one near the solution before is found, if it is still of use; see
/// [`canonical`](super::canonical) for the same people whatever came before.
#[derive(Clone, Debug)]
pub struct Solver {
    problem: Problem,
    near: Book,
    far: Book,
    searches: Searches,
    pending: Pending,
}

/// What has to be looked at before prices and pairs are right again.
#[derive(Clone, Debug)]
enum Pending {
    Nothing,
    /// Whose edges or open price changed.
    Some(Changed),
    /// Any edge may have changed.
    Everything,
    /// There was no solution.
    Cold,
}

/// Changed edges, by the side that takes them up in its price: where a column's edges change together,
/// as when somebody is appraised anew, its price follows and no row needs to know.
#[derive(Clone, Debug, Default)]
struct Changed {
    rows: Vec<u32>,
    columns: Vec<u32>,
}

impl Changed {
    /// Each edge goes to the side on which more edges changed with it; rows if as many.
    fn extend(&mut self, changes: &[Change]) {
        let (mut rows, mut columns): (Vec<u32>, Vec<u32>) = changes.iter().map(|c| (c.0, c.1)).unzip();
        rows.sort_unstable();
        columns.sort_unstable();
        let count = |of: &[u32], node: u32| {
            let from = of.partition_point(|other| *other < node);
            of[from..].partition_point(|other| *other == node)
        };
        for &(row, column, _) in changes {
            if count(&columns, column) > count(&rows, row) {
                self.columns.push(column);
            } else {
                self.rows.push(row);
            }
        }
    }
}

impl Solver {
    /// Takes an instance; nothing is solved yet.
    pub fn new(problem: Problem) -> Solver {
        let (rows, columns) = (problem.rows(), problem.columns());
        Solver {
            near: Book::new(rows),
            far: Book::new(columns),
            searches: Searches::default(),
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
        if let Some(changed) = self.changed() {
            changed.extend(changes);
        }
        Ok(())
    }

    /// Changes open prices of rows; `None`: the row must be filled.
    ///
    /// # Errors
    /// See [`Problem::set_open_price`]; nothing has changed then.
    pub fn change_open(&mut self, changes: &[(u32, Option<i64>)]) -> Result<(), AssignError> {
        let before: Vec<_> =
            changes.iter().filter_map(|(row, _)| self.problem.open.get(*row as usize).copied()).collect();
        for (at, &(row, price)) in changes.iter().enumerate() {
            if let Err(error) = self.problem.set_open_price(row, price) {
                for ((row, _), open) in changes[..at].iter().zip(before).rev() {
                    self.problem.open[*row as usize] = open;
                }
                return Err(error);
            }
        }
        if let Some(changed) = self.changed() {
            changed.rows.extend(changes.iter().map(|(row, _)| row));
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

    /// Where changes are noted, if it matters which.
    fn changed(&mut self) -> Option<&mut Changed> {
        if let Pending::Nothing = self.pending {
            self.pending = Pending::Some(Changed::default());
        }
        match &mut self.pending {
            Pending::Some(changed) => Some(changed),
            Pending::Nothing | Pending::Everything | Pending::Cold => None,
        }
    }

    /// Brings the solution up to date and gives its objective. After an error the solution is of no use until a
    /// later call succeeds.
    ///
    /// # Errors
    /// Rows that must be filled or columns that must be placed, but cannot all be.
    pub fn solve(&mut self) -> Result<i128, Infeasible> {
        let mut pending = std::mem::replace(&mut self.pending, Pending::Cold);
        // Where all must have partners, all prices may move together, a little farther each time.
        if self.near.price.iter().chain(&self.far.price).any(|price| price.abs() > 2 * LIMIT) {
            pending = Pending::Cold;
        }
        let Solver { problem, near, far, searches, .. } = self;
        with_sides!(problem, sides => match pending {
            Pending::Nothing => {}
            // Changes will ask for the columns' side.
            Pending::Cold => (*near, *far) = rayon::join(|| anew(problem, sides), || sides.columns()).0?,
            Pending::Some(_) | Pending::Everything => {
                let loose = match pending {
                    Pending::Some(Changed { mut rows, mut columns }) => {
                        columns.sort_unstable();
                        columns.dedup();
                        follow(problem, sides, near, far, &columns, &mut rows);
                        rows.sort_unstable();
                        rows.dedup();
                        tighten(problem, sides, near, far, rows.into_iter())
                    }
                    _ => tighten(problem, sides, near, far, 0..problem.rows() as u32),
                };
                let patience = PATIENCE * problem.edges() as u64;
                // Prices that many searches pushed away may have reached those of who has no place: no proof.
                let settled = settle(problem, sides, near, far, searches, loose, patience);
                if settled != Ok(true) {
                    (*near, *far) = anew(problem, sides)?;
                }
            }
        });
        self.pending = Pending::Nothing;
        Ok(self.near.price.iter().chain(&self.far.price).map(|p| i128::from(*p)).sum())
    }

    /// The solution with its prices, as of the last [`Solver::solve`].
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

/// Prices of columns follow their edges' costs, as far as no row would rather have them; pairs that are no
/// best offer to their column any more are dissolved, and their rows noted.
fn follow<C: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book,
    far: &mut Book,
    columns: &[u32],
    rows: &mut Vec<u32>,
) {
    for column in columns.iter().map(|column| *column as usize) {
        let mate = far.mate[column];
        let (mut best, mut own) = (problem.unused[column], i64::MAX);
        for arc in sides.columns().of(column) {
            let value = arc.cost.into() - near.price[arc.head as usize];
            best = best.min(value);
            if arc.head == mate {
                own = value;
            }
        }
        far.price[column] = best;
        if mate != NONE && own > best {
            near.mate[mate as usize] = NONE;
            far.mate[column] = NONE;
            rows.push(mate);
        }
    }
}
