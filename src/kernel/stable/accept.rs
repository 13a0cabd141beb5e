//! Deferred acceptance.

use super::market::{Held, Market, NONE, Placement};

/// The stable placement that every candidate likes at least as much as any other stable one:
/// candidates propose.
pub fn candidate_optimal(market: &Market) -> Placement {
    candidates_propose(market).placement(market)
}

/// The stable placement that is best for the posts, and the least liked by every candidate: posts
/// propose.
pub fn post_optimal(market: &Market) -> Placement {
    let mut next: Vec<u32> = market.starts[..market.posts()].to_vec();
    let mut free: Vec<u32> = market.seats.clone();
    let mut edge = vec![NONE; market.candidates()];
    let mut waiting: Vec<u32> = (0..market.posts() as u32).collect();
    while let Some(post) = waiting.pop() {
        let post = post as usize;
        while free[post] > 0 && next[post] < market.starts[post + 1] {
            let offer = next[post];
            next[post] += 1;
            let held = &mut edge[market.candidate[offer as usize] as usize];
            if *held != NONE {
                if market.place[*held as usize] < market.place[offer as usize] {
                    continue;
                }
                let left = market.post[*held as usize];
                free[left as usize] += 1;
                waiting.push(left);
            }
            *held = offer;
            free[post] -= 1;
        }
    }
    Placement(edge.iter().map(|e| market.post.get(*e as usize).copied()).collect())
}

/// A full post's worst holder only ever improves, so one pass over its list finds them all.
pub(super) fn candidates_propose(market: &Market) -> Held {
    let mut next: Vec<u32> = market.list_starts[..market.candidates()].to_vec();
    let mut held = Held {
        edge: vec![NONE; market.candidates()],
        used: vec![false; market.pairs()],
        taken: vec![0; market.posts()],
        worst: vec![NONE; market.posts()],
    };
    for first in 0..market.candidates() {
        let mut candidate = first;
        while next[candidate] < market.list_starts[candidate + 1] {
            let offer = market.list[next[candidate] as usize];
            next[candidate] += 1;
            let edge = offer as usize;
            if !held.wanted(market, edge) {
                continue;
            }
            let post = market.post[edge] as usize;
            held.used[edge] = true;
            held.edge[candidate] = offer;
            if !held.full(market, post) {
                held.taken[post] += 1;
                let worst = held.worst[post];
                held.worst[post] = if worst == NONE { offer } else { offer.max(worst) };
                break;
            }
            let rejected = dismiss_worst(&mut held, post);
            candidate = market.candidate[rejected as usize] as usize;
            held.edge[candidate] = NONE;
        }
    }
    held
}

/// Drops a post's worst holder, who is not its only one, and finds the next worst. Returns the
/// edge dropped; the candidate's own entry is left to the caller.
pub(super) fn dismiss_worst(held: &mut Held, post: usize) -> u32 {
    let dropped = held.worst[post];
    held.used[dropped as usize] = false;
    let mut worst = dropped as usize - 1;
    while !held.used[worst] {
        worst -= 1;
    }
    held.worst[post] = worst as u32;
    dropped
}
