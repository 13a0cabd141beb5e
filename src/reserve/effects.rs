//! What waivers and moves bring: the matching is solved again without each, or with a gate waived.

use std::collections::BTreeMap;

use crate::matching::{self, MatchPolicy, Next, Placed, Solved};
use crate::stage::StageResult;

use super::matching::{Basis, COSTED, Fate, Matching, Order};
use super::pairs::{Considered, Pair};
use super::policy::SoftRule;

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

/// Somebody who has a vacancy thanks to a waiver that was granted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Granted {
    pub vacancy: u32,
    /// Place in `facts.candidates`.
    pub candidate: u32,
    /// What the waiver costs in hundredths of fit: the best solution without it less that with it, so that below 0
    /// it gains. None if it was not worked out, or if another number of posts would be filled.
    pub cost: Option<i64>,
    /// Posts that would be filled more without it; below 0: fewer.
    pub posts: Option<i64>,
}

/// What the waivers bring thanks to which somebody is recommended: the matching is solved again without each.
pub(super) fn granted(
    solved: &Solved,
    people: &[u32],
    policy: &MatchPolicy,
    considered: &mut [Considered],
    basis: &Basis,
    orders: &[Order],
) -> Vec<Granted> {
    let mut found = Vec::new();
    for placed in &solved.placed {
        let (vacancy, candidate) = (placed.post, people[placed.person as usize]);
        let by_waiver = |pair: &Pair| pair.candidate == candidate && pair.bits.waived != 0;
        if !considered[vacancy as usize].eligible.iter().any(by_waiver) {
            continue;
        }
        let mut waiver = Granted { vacancy, candidate, cost: None, posts: None };
        if found.len() < COSTED {
            let mut without = Vec::new();
            for (row, of) in considered.iter_mut().enumerate() {
                if let Some(at) = of.eligible.iter().position(by_waiver) {
                    without.push((row, at, of.eligible.remove(at)));
                }
            }
            // Whoever was adopted cannot be without the waiver.
            let others: Vec<Order> = orders.iter().filter(|o| o.candidate != candidate).cloned().collect();
            let (_, instance) = basis.instance(considered, None, &others);
            if let Ok(other) = matching::solve(&instance, policy) {
                let posts = other.filled() as i64 - solved.filled() as i64;
                waiver.posts = Some(posts);
                let cost = other.cost_beside(solved).and_then(|cost| i64::try_from(cost).ok());
                waiver.cost = cost.filter(|_| posts == 0);
            }
            for (row, at, pair) in without.into_iter().rev() {
                considered[row].eligible.insert(at, pair);
            }
        }
        found.push(waiver);
    }
    found
}

/// The best whole solution in which somebody does not leave their post for this vacancy; people by their place
/// in `facts.candidates`.
pub(super) fn without_move(
    mover: (u32, u32),
    solved: &Solved,
    policy: &MatchPolicy,
    considered: &[Considered],
    basis: &Basis,
    orders: &[Order],
) -> Option<Next> {
    let (vacancy, candidate) = mover;
    let mut others: Vec<Order> = orders.to_vec();
    others.push(Order { vacancy, candidate, force: false, fate: Fate::Followed, cost: None, posts: 0 });
    let (people, instance) = basis.instance(considered, None, &others);
    let other = matching::solve(&instance, policy).ok()?;
    let loss = solved.cost_beside(&other)?;
    let person = other.placed.iter().find(|p| p.post == vacancy).map(|p| people[p.person as usize]);
    let as_many = other.filled() == solved.filled();
    Some(Next { person, loss: i64::try_from(loss).ok().filter(|_| as_many) })
}

/// Solves again with each soft gate waived, alone. Nothing to waive where soft bars are allowed,
/// and nothing to compare with where the quotas contradict each other.
pub(super) fn waivers(considered: &[Considered], matching: &Matching, basis: &Basis) -> StageResult<Vec<Waiver>> {
    if basis.ctx.policy.reserve.soft == SoftRule::AllowMarked || matching.unmet.is_some() {
        return Ok(Vec::new());
    }
    let mut held_back: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    let kept = |row: usize| basis.vacancies.list[row].stays.is_some_and(|h| matching.recommended(row) == Some(h));
    for (gate, pair) in (0..considered.len()).filter(|row| !kept(*row)).flat_map(|row| &considered[row].waivable) {
        held_back.entry(*gate).or_default().push(pair.candidate);
    }
    held_back
        .into_iter()
        .map(|(gate, mut held)| {
            held.sort_unstable();
            held.dedup();
            let (people, instance) = basis.instance(considered, Some(gate), &matching.orders);
            let solved = matching::solve(&instance, &matching.policy)
                .map_err(|e| basis.failed(&e, &people, &instance, &matching.policy))?;
            let by_waiver = |p: &&Placed| {
                let person = people[p.person as usize];
                considered[p.post as usize].waivable.iter().any(|(g, pair)| *g == gate && pair.candidate == person)
            };
            Ok(Waiver {
                gate,
                people: held.len(),
                recommended: solved.placed.iter().filter(by_waiver).count(),
                posts_opened: solved.filled() as i64 - matching.solved.filled() as i64,
                fit_gain: i64::try_from(solved.fit() - matching.solved.fit()).unwrap_or(i64::MAX),
            })
        })
        .collect()
}
