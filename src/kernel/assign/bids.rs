//! Bidding: a fast way to good prices and many pairs.

use super::problem::{NONE, Side};
use super::search::Book;

/// The two best offers to a node.
struct Offers {
    first: i64,
    head: u32,
    second: i64,
    other: u32,
}

fn offers(side: &Side, far: &[i64], node: usize) -> Offers {
    let mut best = Offers { first: side.open, head: NONE, second: i64::MAX, other: NONE };
    let range = side.range(node);
    for (head, cost) in side.heads[range.clone()].iter().zip(&side.costs[range]) {
        let value = cost - far[*head as usize];
        if value < best.first {
            best.second = best.first;
            best.other = best.head;
            best.first = value;
            best.head = *head;
        } else if value < best.second {
            best.second = value;
            best.other = *head;
        }
    }
    best
}

/// Free nodes bid for partners: each takes the best offer and raises its price to the second best
/// plus `step`; whoever held it bids again. With `step` 0 every pair is tight (augmenting row
/// reduction; equal offers are tried `rounds` times). Ends when nobody is left or after `budget`
/// bids; returns how many bids were made and who is still free without being settled as open.
pub(super) fn bid(
    side: &Side,
    near: &mut Book,
    far: &mut Book,
    mut waiting: Vec<u32>,
    step: i64,
    rounds: usize,
    budget: u64,
) -> (u64, Vec<u32>) {
    let mut bids = 0;
    let mut later = Vec::new();
    for round in 0..rounds {
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            if bids >= budget {
                later.push(node);
                continue;
            }
            bids += 1;
            let node = node as usize;
            let mut best = offers(side, &far.price, node);
            if best.head == NONE {
                near.price[node] = side.open;
                near.mate[node] = NONE;
                continue;
            }
            let gap = best.second - best.first;
            if gap == 0 && best.other != NONE && far.mate[best.head as usize] != NONE {
                // Equal offers: the free one, if there is one.
                std::mem::swap(&mut best.head, &mut best.other);
            }
            let head = best.head as usize;
            far.price[head] -= gap + step;
            near.price[node] = best.second + step;
            near.mate[node] = best.head;
            let rival = std::mem::replace(&mut far.mate[head], node as u32);
            if rival != NONE {
                near.mate[rival as usize] = NONE;
                // Without a step an equal offer would go back and forth for ever.
                if gap + step > 0 { waiting.push(rival) } else { later.push(rival) }
            }
        }
        if round + 1 < rounds {
            waiting = std::mem::take(&mut later);
            waiting.sort_unstable();
        }
    }
    (bids, later)
}
