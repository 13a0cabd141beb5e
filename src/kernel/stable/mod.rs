//! Stability and wishes: placements that no post and candidate would both leave.
//!
//! Posts have one or more seats, candidates take at most one. A pair that neither side refuses is
//! in the list; all other pairs are unacceptable. Both sides' orders are strict once ties are
//! broken by the rule of [`Market`], so "stable" means: no listed pair in which the candidate
//! prefers the post to what they have and the post has a free seat or prefers the candidate to one
//! of its holders.
//!
//! * [`candidate_optimal`], [`post_optimal`]: deferred acceptance, either side proposing, with
//!   seats and incomplete lists. D. Gale and L. S. Shapley, "College admissions and the stability
//!   of marriage", *American Mathematical Monthly* 69 (1962) 9–15; the order of proposals does not
//!   matter (D. G. McVitie and L. B. Wilson, *BIT* 10 (1970) 295–309).
//! * [`best_stable`]: of all stable placements the one with the greatest total of pair values.
//!   R. W. Irving, P. Leather and D. Gusfield, "An efficient algorithm for the 'optimal' stable
//!   marriage", *Journal of the ACM* 34 (1987) 532–543: every stable placement is the
//!   candidate-optimal one after a set of *rotations* that is closed under precedence, so the best
//!   is a closure of greatest weight, found as a least cut. Seats as in V. Bansal, A. Agrawal and
//!   V. S. Malhotra, "Polynomial time algorithm for an optimal stable assignment with multiple
//!   partners", *Theoretical Computer Science* 379 (2007) 317–328.
//! * [`blocking_pairs`], [`envy`], [`rank_profile`]: what any placement lacks, stable or not.
//!
//! In every stable placement the same candidates are placed, each post fills the same number of
//! seats, and a post that stays short has the same holders (A. E. Roth, "On the allocation of
//! residents to rural hospitals", *Econometrica* 54 (1986) 425–427): stability decides who goes
//! where, never who is placed at all.
//!
//! Everything but the cut is linear in the number of pairs, after the sorting of the lists.

mod accept;
mod best;
mod cut;
mod market;
mod measure;
mod rotation;

pub use accept::{candidate_optimal, post_optimal};
pub use best::{BestStable, ValueError, best_stable};
pub use market::{Keys, Market, MarketError, Pair, Placement, PlacementError};
pub use measure::{Blocking, Envy, RankProfile, blocking_pairs, envy, rank_profile};
pub use rotation::{Move, Rotation, Rotations, rotations};
