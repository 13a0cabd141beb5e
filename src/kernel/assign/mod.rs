//! Exact sparse assignment: who goes where at the least total cost, with a proof.
//!
//! Rows (posts) have one seat each, columns (people) serve at most once, an edge has an integer
//! cost, and any row may stay open at one common price. Minimised is the sum of the chosen edges'
//! costs plus the open price of each row that stays open. Costs are plain integers: whoever
//! quantises a score to them says on which grid.
//!
//! The linear program's dual is the certificate. With prices `u` of rows and `v` of columns:
//!
//! * `u + v <= cost` on every edge, equality on chosen edges;
//! * `u <= open price`, equality if the row stays open;
//! * `v <= 0`, equality if the column is unused;
//! * so the sum of all prices equals the objective, and no other assignment can cost less.
//!
//! Method: augmenting row reduction and shortest augmenting paths with potentials after
//! R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
//! assignment problems", *Computing* 38 (1987) 325–340, with Dijkstra's search on a binary heap
//! that ends at the first free column. Where many rows want the same few columns those searches
//! grow long; then prices from an ε-scaled auction with forward and reverse bids (D. P. Bertsekas
//! and D. A. Castañon, "A forward/reverse auction algorithm for asymmetric assignment problems",
//! *Computational Optimization and Applications* 1 (1992) 277–297) are the start. The auction is
//! only ever a start: exactness comes from the searches and is proved by the prices.

mod alternative;
mod bids;
mod certificate;
mod problem;
mod search;
mod shortage;
mod solve;

pub use alternative::{Alternative, alternatives, tied_rows};
pub use certificate::{Violation, check_certificate};
pub use problem::{AssignError, Problem};
pub use shortage::{Shortage, shortage};
pub use solve::{Assignment, solve, solve_by_auction};
