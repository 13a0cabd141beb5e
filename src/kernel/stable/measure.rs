//! What a placement lacks: blocking pairs, envy, wishes not met. For any placement, stable or not.

use std::collections::BTreeMap;

use super::market::{Held, Market, NONE, Placement, PlacementError};

/// A post and a candidate who would both rather have each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocking {
    /// The post.
    pub post: u32,
    /// The candidate.
    pub candidate: u32,
    /// The post's worst holder, who would have to leave; `None` if a seat is free.
    pub displaces: Option<u32>,
    /// By how much the candidate's fit exceeds the displaced one's; `None` if a seat is free.
    pub gain: Option<i128>,
    /// True if only the tie-break makes it a blocking pair: the fit is no higher than that of the
    /// displaced, or the wish is ranked no better than what the candidate has (of two unranked
    /// posts, the candidate's fit is no higher).
    pub tie: bool,
}

/// All blocking pairs, by post and then in the post's order; none exactly if the placement is
/// stable. Linear in the number of pairs.
///
/// # Errors
/// The placement is none of this market.
pub fn blocking_pairs(market: &Market, placement: &Placement) -> Result<Vec<Blocking>, PlacementError> {
    let held = Held::new(market, placement)?;
    let mut found = Vec::new();
    for edge in claims(market, &held).filter(|e| held.wanted(market, *e)) {
        let (post, candidate) = (market.post[edge], market.candidate[edge]);
        let out = held.full(market, post as usize).then(|| held.worst[post as usize] as usize);
        let gain = out.map(|w| i128::from(market.fit[edge]) - i128::from(market.fit[w]));
        found.push(Blocking {
            post,
            candidate,
            displaces: out.map(|w| market.candidate[w]),
            gain,
            tie: gain == Some(0) || equally_wished(market, edge, held.edge[candidate as usize]),
        });
    }
    Ok(found)
}

/// Edges whose candidate prefers them to what they have.
fn claims<'a>(market: &'a Market, held: &'a Held) -> impl Iterator<Item = usize> + 'a {
    (0..market.pairs()).filter(|edge| {
        let has = held.edge[market.candidate[*edge] as usize];
        has == NONE || market.place[*edge] < market.place[has as usize]
    })
}

/// Whether a candidate's two edges differ by the tie-break only.
fn equally_wished(market: &Market, edge: usize, has: u32) -> bool {
    let has = has as usize;
    has != NONE as usize
        && market.wish[edge] == market.wish[has]
        && (market.wish[edge].is_some() || market.fit[edge] == market.fit[has])
}

/// Justified envy: a candidate prefers a post to what they have, and the post prefers them to one
/// of its holders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Envy {
    /// Candidates who envy somebody with reason.
    pub envious: usize,
    /// Holders whom somebody envies with reason.
    pub envied: usize,
    /// Cases: pairs of an envious candidate and an envied holder.
    pub cases: u64,
    /// Claims on free seats: pairs of a candidate and a post with a seat free that the candidate
    /// prefers to what they have.
    pub wasted: u64,
}

/// Counts justified envy under the tie-broken orders. Linear in the number of pairs.
///
/// # Errors
/// The placement is none of this market.
pub fn envy(market: &Market, placement: &Placement) -> Result<Envy, PlacementError> {
    let held = Held::new(market, placement)?;
    let mut claimed = vec![false; market.pairs()];
    for edge in claims(market, &held) {
        claimed[edge] = true;
    }
    let mut envious = vec![false; market.candidates()];
    let mut envy = Envy::default();
    for post in 0..market.posts() {
        let free = !held.full(market, post);
        // From the top of the post's list: whoever holds a seat below a claim is envied for it.
        let (mut claims, mut below) = (0u64, u64::from(held.taken[post]));
        for edge in market.edges(post) {
            if held.used[edge] {
                below -= 1;
                envy.cases += claims;
                envy.envied += usize::from(claims > 0);
            } else if claimed[edge] {
                claims += 1;
                envious[market.candidate[edge] as usize] |= below > 0;
                envy.wasted += u64::from(free);
            }
        }
    }
    envy.envious = envious.iter().filter(|e| **e).count();
    Ok(envy)
}

/// How well wishes were met.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RankProfile {
    /// `places[k]` candidates are at the post in place k + 1 of their own strict list.
    pub places: Vec<u64>,
    /// (rank, how many): candidates at a post to which they gave that rank, ranks ascending.
    pub stated: Vec<(u32, u64)>,
    /// Candidates at a post they accept but did not rank.
    pub unranked: u64,
    /// Candidates with a non-empty list and no post.
    pub unplaced: u64,
    /// `post_places[k]` holders stand in place k + 1 of their post's strict list.
    pub post_places: Vec<u64>,
}

/// How many got their first wish, their second, and so on. Linear in the number of pairs.
///
/// # Errors
/// The placement is none of this market.
pub fn rank_profile(market: &Market, placement: &Placement) -> Result<RankProfile, PlacementError> {
    let held = Held::new(market, placement)?;
    let mut profile = RankProfile::default();
    let mut stated = BTreeMap::new();
    for (candidate, &edge) in held.edge.iter().enumerate() {
        let Some(&post) = market.post.get(edge as usize) else {
            profile.unplaced += u64::from(!market.wishes(candidate).is_empty());
            continue;
        };
        let edge = edge as usize;
        count(&mut profile.places, market.place[edge] - market.list_starts[candidate]);
        count(&mut profile.post_places, edge as u32 - market.starts[post as usize]);
        match market.wish[edge] {
            Some(rank) => *stated.entry(rank).or_insert(0) += 1,
            None => profile.unranked += 1,
        }
    }
    profile.stated = stated.into_iter().collect();
    Ok(profile)
}

fn count(counts: &mut Vec<u64>, at: u32) {
    let at = at as usize;
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}
