//! The best whole solutions after the first under bounds on groups.
//!
//! Solutions other than the best lack one of its pairs, or have a pair more. So the others fall into as many
//! parts: without the first pair; with it, but without the second; and so on; at last with all and one more.
//! The best of a part is an optimum with orders, and its part is split in turn (K. G. Murty, "An algorithm for
//! ranking all the assignments in order of increasing cost", *Operations Research* 16 (1968) 682–687; E. L.
//! Lawler, "A procedure for computing the k best solutions to discrete optimization problems", *Management
//! Science* 18 (1972) 401–405).

use std::collections::BTreeMap;

use super::bounded::Bounded;
use super::explain::{Compared, compare};
use super::instance::{Bound, Instance};
use super::policy::MatchPolicy;
use super::solve::Solved;

/// A part's best solution, by loss, then in the order in which it was found.
struct Part {
    instance: Instance,
    pairs: Vec<(u32, u32)>,
    /// Pairs that all its solutions have.
    fixed: usize,
}

/// Up to `wanted - 1` solutions after the first that fill as many seats, the best first: what each loses, and its
/// pairs. Ends early where a part is not proved, or after `budget` steps: what is listed then is right all the
/// same.
pub(super) fn solutions(
    instance: &Instance,
    policy: &MatchPolicy,
    first: &Solved,
    best: &Bounded,
    wanted: usize,
    budget: u64,
) -> Vec<(i128, Vec<(u32, u32)>)> {
    let mut found = Vec::new();
    let (mut work, mut number) = (0, 0);
    let mut parts: BTreeMap<(i128, usize), Part> = BTreeMap::new();
    let pairs = |of: &Solved| of.placed.iter().map(|p| (p.post, p.person)).collect::<Vec<_>>();
    let fixed = instance.forced.len();
    let mut last = Some(Part { instance: instance.clone(), pairs: ordered(pairs(first), instance), fixed });
    while let Some(part) = last.take() {
        if found.len() + 1 >= wanted {
            break;
        }
        for at in part.fixed..=part.pairs.len() {
            let mut other = part.instance.clone();
            other.forced.extend(&part.pairs[part.fixed..at]);
            other.forced.sort_unstable();
            match part.pairs.get(at) {
                Some(&(post, person)) => other.remove_edge(post, person),
                None => other.bounds.push(more_pairs(instance, part.pairs.len())),
            }
            match compare(&other, policy, best, &mut work) {
                Compared::None | Compared::Seats => {}
                Compared::Loss(loss, solved) => {
                    number += 1;
                    let pairs = ordered(pairs(&solved), &other);
                    parts.insert((loss, number), Part { instance: other, pairs, fixed: at });
                }
                Compared::Unproved => return found,
            }
            if work > budget {
                return found;
            }
        }
        if let Some(((loss, _), part)) = parts.pop_first() {
            let mut pairs = part.pairs.clone();
            pairs.sort_unstable();
            found.push((loss, pairs));
            last = Some(part);
        }
    }
    found
}

/// Pairs that are ordered come first.
fn ordered(mut pairs: Vec<(u32, u32)>, instance: &Instance) -> Vec<(u32, u32)> {
    pairs.sort_by_key(|pair| (instance.forced.binary_search(pair).is_err(), *pair));
    pairs
}

/// At least one pair more than so many.
fn more_pairs(instance: &Instance, pairs: usize) -> Bound {
    Bound {
        posts: (0..instance.posts() as u32).collect(),
        people: (0..instance.people as u32).collect(),
        inside: 1,
        least: Some(pairs as i64 + 1),
        ..Bound::default()
    }
}
