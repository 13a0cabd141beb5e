//! Stable solutions, and what any solution lacks in stability.

use super::error::SolveError;
use super::instance::Instance;
use super::policy::Mode;
use super::solve::Placed;
use crate::kernel::stable::{
    Envy, Keys, Market, Pair, Placement, RankProfile, best_stable, blocking_pairs, candidate_optimal, envy,
    post_optimal, rank_profile,
};

/// How stable a solution is.
#[derive(Clone, Debug, Default)]
pub struct Stability {
    /// Pairs who would both rather have each other: post, person.
    pub blocking: Vec<(u32, u32)>,
    /// Who envies whom a seat with reason.
    pub envy: Envy,
    /// People by the rank of the wish that they got.
    pub ranks: RankProfile,
}

/// Who accepts whom; pairs in the order of the instance's edges.
fn market(instance: &Instance) -> Result<Market, SolveError> {
    let mut pairs = Vec::with_capacity(instance.fits.len());
    // A post without a seat accepts nobody.
    let mut place: Vec<Option<u32>> = Vec::with_capacity(instance.posts());
    let mut seats = Vec::new();
    let mut ties = Vec::new();
    for (post, count) in instance.seats.iter().enumerate() {
        place.push((*count > 0).then_some(seats.len() as u32));
        if *count > 0 {
            seats.push(*count);
            ties.push(instance.post_ties[post]);
        }
    }
    for (post, at) in place.into_iter().enumerate() {
        let Some(at) = at else { continue };
        for edge in instance.range(post) {
            let wish = instance.wishes.get(edge).copied();
            pairs.push(Pair { post: at, candidate: instance.heads[edge], fit: instance.fits[edge], wish });
        }
    }
    let keys = Keys { posts: &ties, candidates: &instance.person_ties };
    Market::new(&seats, instance.people, &pairs, keys).map_err(|e| SolveError::Stable(e.to_string()))
}

/// Posts that have a seat, by their number in the market.
fn seated(instance: &Instance) -> Vec<u32> {
    (0..instance.posts() as u32).filter(|post| instance.seats[*post as usize] > 0).collect()
}

/// A stable solution.
///
/// # Errors
/// People who must have a place, or fits beyond exact arithmetic.
pub(super) fn stable(instance: &Instance, mode: Mode) -> Result<Vec<Placed>, SolveError> {
    let market = market(instance)?;
    let placement = match mode {
        Mode::StableCandidates => candidate_optimal(&market),
        Mode::StableFit => {
            let values: Vec<i64> = seated(instance)
                .iter()
                .flat_map(|post| instance.fits[instance.range(*post as usize)].iter().copied())
                .collect();
            best_stable(&market, &values).map_err(|e| SolveError::Stable(e.to_string()))?.placement
        }
        Mode::Optimal | Mode::Stable => post_optimal(&market),
    };
    let posts = seated(instance);
    let mut placed: Vec<Placed> = placement
        .pairs()
        .filter_map(|(post, person)| {
            let post = posts[post as usize];
            let edge = instance.find(post, person)?;
            Some(Placed { post, person, fit: instance.fits[edge], edge: edge as u32 })
        })
        .collect();
    placed.sort_by_key(|p| (p.post, std::cmp::Reverse(p.fit), p.person));
    Ok(placed)
}

/// What a solution lacks in stability.
///
/// # Errors
/// The solution is none of this instance.
pub(super) fn stability(instance: &Instance, placed: &[Placed]) -> Result<Stability, SolveError> {
    let broken = |e: crate::kernel::stable::PlacementError| SolveError::Stable(e.to_string());
    let market = market(instance)?;
    let posts = seated(instance);
    let number = |post: u32| posts.binary_search(&post).unwrap_or_default() as u32;
    let pairs = placed.iter().map(|p| (number(p.post), p.person));
    let placement = Placement::from_pairs(instance.people, pairs).map_err(broken)?;
    let mut blocking: Vec<(u32, u32)> = blocking_pairs(&market, &placement)
        .map_err(broken)?
        .into_iter()
        .map(|b| (posts[b.post as usize], b.candidate))
        .collect();
    blocking.sort_unstable();
    let envy = envy(&market, &placement).map_err(broken)?;
    let ranks = rank_profile(&market, &placement).map_err(broken)?;
    Ok(Stability { blocking, envy, ranks })
}
