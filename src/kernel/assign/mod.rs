//! Exact sparse assignment: who goes where at the least total cost, with a proof.
//!
//! Rows (posts) have one seat each, a post of several is as many rows; columns (people) serve at most once, an edge has an integer
//! cost. A row may stay open at its own price or must be filled; a column may stay unused or must be
//! placed. Minimised is the sum of the chosen edges' costs plus the open price of each row that
//! stays open. Costs are plain integers: whoever quantises a score to them says on which grid.
//!
//! The linear program's dual is the certificate. With prices `u` of rows and `v` of columns:
//!
//! * `u + v <= cost` on every edge, equality on chosen edges;
//! * `u <= open price`, equality if the row stays open; no bound if it must be filled;
//! * `v <= 0`, equality if the column is unused; no bound if it must be placed;
//! * so the sum of all prices equals the objective, and no other assignment can cost less.
//!
//! Method: augmenting row reduction and shortest augmenting paths with potentials after
//! R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
//! assignment problems", *Computing* 38 (1987) 325–340, with Dijkstra's search on a binary heap
//! that ends at the first free column. Where many rows want the same few columns those searches
//! grow long; then prices come from an ε-scaled auction with forward and reverse bids (D. P. Bertsekas
//! and D. A. Castañon, "A forward/reverse auction algorithm for asymmetric assignment problems",
//! *Computational Optimization and Applications* 1 (1992) 277–297) on a grid 64 times finer than the
//! costs, from the columns' mean costs where rows agree about those. The auction is only ever a start:
//! pairs that are not exactly tight on the costs' grid are dissolved and searched for, from both sides in
//! turn and several at once, and the prices prove the rest. The same searches put a solution right after changes.

mod alternative;
mod auction;
mod bids;
mod certificate;
mod classes;
mod dense;
mod edit;
mod further;
mod lowest;
mod matching;
mod problem;
mod residual;
mod search;
mod settle;
mod shortage;
mod side;
mod solve;
mod solver;
mod ties;

pub use alternative::{Alternative, alternatives};
pub use certificate::{Violation, check_certificate, check_certificate_with};
pub use classes::{ClassError, ClassViolation, NO_LEVEL, Ranked, check_classes, solve_by_classes};
pub use dense::{DenseError, solve_dense};
pub use edit::Change;
pub use further::{forbid_cost, force_cost, k_best};
pub use lowest::lowest_row_prices;
pub use problem::{AssignError, Problem};
pub use shortage::{Shortage, shortage, shortages};
pub use solve::{Assignment, Infeasible, solve, solve_by_auction};
pub use solver::Solver;
pub use ties::{canonical, components, pair_rank, tied_rows};
