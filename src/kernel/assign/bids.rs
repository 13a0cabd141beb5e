//! Bidding: a fast way to good prices and many pairs.

use rayon::prelude::*;

use super::problem::{NEVER, NONE};
use super::search::Book;
use super::side::{Arc, Cost, Side};

/// Who bids for whom, and on which grid: a price of 1 in a problem is `1 << shift` here.
pub(super) struct Market<'a, C> {
    pub side: &'a Side<C>,
    /// What each node pays for staying alone, unscaled.
    pub stay: &'a [i64],
    /// The same where staying alone is not allowed, scaled: above all prices that make sense.
    pub cap: i64,
    pub shift: u32,
}

/// The best offer to a node, and how good the next is.
#[derive(Clone, Copy, Debug, Default)]
struct Offers {
    first: i64,
    head: u32,
    second: i64,
}

impl<C: Cost> Market<'_, C> {
    fn stay(&self, node: usize) -> i64 {
        let stay = self.stay[node];
        if stay == NEVER { self.cap } else { stay << self.shift }
    }

    #[inline(always)]
    fn offers(&self, far: &[i64], node: usize) -> Offers {
        let mut best = Offers { first: self.stay(node), head: NONE, second: i64::MAX };
        for arc in self.side.of(node) {
            let value = self.value(far, arc);
            best.second = best.second.min(value.max(best.first));
            best.head = if value < best.first { arc.head } else { best.head };
            best.first = best.first.min(value);
        }
        best
    }

    fn value(&self, far: &[i64], arc: &Arc<C>) -> i64 {
        (arc.cost.into() << self.shift) - far[arc.head as usize]
    }

    /// Another partner who offers `value`.
    fn equal(&self, far: &[i64], node: usize, head: u32, value: i64) -> Option<u32> {
        let mut others = self.side.of(node).iter().filter(|arc| arc.head != head);
        others.find(|arc| self.value(far, arc) == value).map(|arc| arc.head)
    }

    /// Free nodes bid for partners: each takes the best offer and raises its price to the second
    /// best plus `step` (at least 1); whoever held it bids again. Where prices would have to climb
    /// too far for this step, it grows. Ends when every node has a partner or stays alone, or after
    /// `budget` bids. Returns the step it ended with, or `None` if the budget ran out.
    pub fn auction(
        &self,
        near: &mut Book,
        far: &mut Book,
        mut waiting: Vec<u32>,
        mut step: i64,
        budget: u64,
    ) -> Option<i64> {
        let patience = PATIENCE * (self.side.nodes() as u64 + 64);
        let (mut bids, mut growth) = (0u64, patience);
        waiting.reverse();
        let (mut bidders, mut heads) = (Vec::with_capacity(LANE), [NONE; LANE]);
        loop {
            while bidders.len() < LANE {
                let Some(node) = waiting.pop() else { break };
                bidders.push(node);
            }
            if bidders.is_empty() {
                return Some(step);
            }
            self.side.touch(&bidders);
            bids += bidders.len() as u64;
            if bids >= growth {
                if bids >= budget {
                    return None;
                }
                step = step.saturating_mul(GROWTH).min(self.cap);
                growth += patience;
            }
            for (&node, head) in bidders.iter().zip(&mut heads) {
                let node = node as usize;
                let best = self.offers(&far.price, node);
                *head = best.head;
                near.mate[node] = best.head;
                near.price[node] = best.first;
                if best.head != NONE {
                    far.price[best.head as usize] -= best.second - best.first + step;
                    near.price[node] = best.second + step;
                }
            }
            // Whoever loses a partner takes the place of who bid.
            let mut lost = 0;
            for at in 0..bidders.len() {
                if heads[at] != NONE {
                    let rival = std::mem::replace(&mut far.mate[heads[at] as usize], bidders[at]);
                    if rival != NONE {
                        near.mate[rival as usize] = NONE;
                        bidders[lost] = rival;
                        lost += 1;
                    }
                }
            }
            bidders.truncate(lost);
        }
    }

    /// Augmenting row reduction: bids without a step, so that every pair is tight; equal offers are
    /// tried twice. Ends when nobody is left, after `budget` bids, or when bids only drive each other out;
    /// returns who is still free without having settled to stay alone, ascending.
    ///
    /// `at_once` nodes look at prices together, on several cores if they are more than two lanes, and bid one after the
    /// other, until each has driven nobody out; who comes too late for a price looks again. [`MANY`] or [`LANE`] where
    /// those who wait are few among all nodes, 1 where they are all, as neighbours then are in the cache already.
    pub fn reduce(
        &self,
        near: &mut Book,
        far: &mut Book,
        mut waiting: Vec<u32>,
        at_once: usize,
        budget: u64,
    ) -> Vec<u32> {
        let mut bids = 0;
        let mut later = Vec::new();
        let glance = self.side.nodes() as u64 / 2;
        let mut is_to_glance = glance > 0;
        let mut bidders = Vec::with_capacity(at_once);
        let mut seen = vec![(Offers::default(), 0); at_once];
        for round in 0..2 {
            waiting.reverse();
            loop {
                while bidders.len() < at_once {
                    let Some(node) = waiting.pop() else { break };
                    bidders.push(node);
                }
                if is_to_glance && bids + 1 >= glance {
                    is_to_glance = false;
                    let free = bidders.len() + waiting.len() + later.len();
                    if free > HOPELESS.0 * self.side.nodes() / HOPELESS.1 {
                        bids = budget;
                    }
                }
                if bids >= budget {
                    later.append(&mut bidders);
                    later.append(&mut waiting);
                }
                if bidders.is_empty() {
                    break;
                }
                self.look(far, &bidders, &mut seen[..bidders.len()]);
                bids += bidders.len() as u64;
                // Whoever loses a partner takes the place of who bid.
                let mut lost = 0;
                for at in 0..bidders.len() {
                    let (best, price) = seen[at];
                    let is_late = best.head != NONE && far.price[best.head as usize] != price;
                    let best = if is_late { self.offers(&far.price, bidders[at] as usize) } else { best };
                    match self.take(near, far, bidders[at], best) {
                        Taken::Nobody => {}
                        Taken::Later(node) => later.push(node),
                        Taken::From(rival) => {
                            bidders[lost] = rival;
                            lost += 1;
                        }
                    }
                }
                bidders.truncate(lost);
            }
            if round == 0 {
                waiting = std::mem::take(&mut later);
                waiting.sort_unstable();
            }
        }
        later.sort_unstable();
        later
    }

    /// For each node the best offers, and the price of the best's head.
    fn look(&self, far: &Book, nodes: &[u32], seen: &mut [(Offers, i64)]) {
        let lane = |(nodes, seen): (&[u32], &mut [(Offers, i64)])| {
            if nodes.len() > 1 {
                self.side.touch(nodes);
            }
            for (node, seen) in nodes.iter().zip(seen) {
                let best = self.offers(&far.price, *node as usize);
                *seen = (best, if best.head == NONE { 0 } else { far.price[best.head as usize] });
            }
        };
        if nodes.len() <= 2 * LANE {
            return lane((nodes, seen));
        }
        nodes.par_chunks(LANE).zip(seen.par_chunks_mut(LANE)).for_each(lane);
    }

    /// A free node takes its best offer and raises its price to the second best. The second may have become worse
    /// since: then it raises less than it might.
    #[inline(always)]
    fn take(&self, near: &mut Book, far: &mut Book, bidder: u32, mut best: Offers) -> Taken {
        let node = bidder as usize;
        if best.head == NONE {
            if self.stay[node] == NEVER {
                return Taken::Later(bidder);
            }
            near.price[node] = best.first;
            return Taken::Nobody;
        }
        if best.second >= NEVER {
            // The only offer to somebody who must have one: no reason to raise it.
            best.second = best.first;
        }
        let gap = best.second - best.first;
        if gap == 0 && far.mate[best.head as usize] != NONE {
            // Equal offers: another one, perhaps a free one.
            best.head = self.equal(&far.price, node, best.head, best.first).unwrap_or(best.head);
        }
        let head = best.head as usize;
        far.price[head] -= gap;
        near.price[node] = best.second;
        near.mate[node] = best.head;
        let rival = std::mem::replace(&mut far.mate[head], bidder);
        if rival == NONE {
            return Taken::Nobody;
        }
        near.mate[rival as usize] = NONE;
        // Without a step an equal offer would go back and forth for ever.
        if gap > 0 { Taken::From(rival) } else { Taken::Later(rival) }
    }
}

/// Whose partner a bid took.
enum Taken {
    Nobody,
    /// Somebody's who bids again at once.
    From(u32),
    /// That of somebody who waits; or the bidder found nothing and waits.
    Later(u32),
}

/// So many nodes fetch their edges together and then bid one after the other: waiting for memory is most
/// of the work, and this way it is done for all of them at once.
pub(super) const LANE: usize = 16;

/// So many bid together where several cores look for them.
pub(super) const MANY: usize = 256;

/// Bids per node before the step grows: prices have far to go.
const PATIENCE: u64 = 12;

/// After half a bid for each node that many of them are still free: bids drive each other out.
const HOPELESS: (usize, usize) = (3, 4);

/// By how much the step grows then.
const GROWTH: i64 = 4;
