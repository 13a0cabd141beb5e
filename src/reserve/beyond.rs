//! People beyond the bound on edges: who of them joins the matching.

use rayon::prelude::*;

use crate::matching::{Instance, Solved};

use super::matching::Basis;
use super::pairs::{Considered, Lookup, Pair, order};

/// By vacancy: people beyond the bound on edges who could better the solution, by the prices that prove it.
pub(super) fn improving<'a>(
    considered: &[Considered],
    basis: &Basis<'_, 'a>,
    lookup: &Lookup<'_, 'a>,
    people: &[u32],
    instance: &Instance,
    solved: &Solved,
) -> Vec<Vec<Pair>> {
    let prices = solved.unlisted(considered.len());
    beyond(considered, basis, lookup, |row, candidate| {
        let at = people.binary_search(&candidate).ok().map(|at| at as u32);
        // Bounds begin with the quotas; conflicts follow, between people of the instance.
        let belongs = |bound: usize| match (basis.bounds.get(bound), at) {
            (Some(quota), _) => quota.people.binary_search(&candidate).is_ok(),
            (None, at) => at.is_some_and(|at| instance.bounds[bound].people.binary_search(&at).is_ok()),
        };
        prices.worth(row as u32, at, belongs)
    })
}

/// By vacancy: people beyond the bound on edges who cost less than they are worth.
pub(super) fn beyond<'a>(
    considered: &[Considered],
    basis: &Basis<'_, 'a>,
    lookup: &Lookup<'_, 'a>,
    worth: impl Fn(usize, u32) -> i64 + Sync,
) -> Vec<Vec<Pair>> {
    let of = |(row, known): (usize, &Considered)| {
        lookup.improving(&basis.vacancies.list[row], known, |candidate| worth(row, candidate), basis.ctx)
    };
    considered.par_iter().enumerate().map(of).collect()
}

/// What somebody is worth who is looked at anyway, or not at all.
pub(super) fn all_if(is_needed: bool) -> i64 {
    if is_needed { i64::MAX } else { i64::MIN }
}

/// Those who were found join who is considered.
pub(super) fn join(considered: &mut [Considered], found: Vec<Vec<Pair>>) {
    for (known, more) in considered.iter_mut().zip(found).filter(|(_, more)| !more.is_empty()) {
        known.eligible.extend(more);
        known.eligible.sort_by_key(order);
    }
}
