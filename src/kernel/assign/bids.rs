//! Bidding: a fast way to good prices and many pairs.

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

/// The two best offers to a node.
struct Offers {
    first: i64,
    head: u32,
    second: i64,
    other: u32,
}

impl Offers {
    fn alone(stay: i64) -> Offers {
        Offers { first: stay, head: NONE, second: i64::MAX, other: NONE }
    }

    fn see(&mut self, head: u32, value: i64) {
        if value < self.second {
            if value < self.first {
                self.second = self.first;
                self.other = self.head;
                self.first = value;
                self.head = head;
            } else {
                self.second = value;
                self.other = head;
            }
        }
    }
}

/// Each node's best edges at the time it last looked at all of them. Prices of the other side only
/// fall while nodes bid, so what was left out can only have become worse: the list is enough as
/// long as the second best offer on it is no worse than the best one left out.
pub(super) struct Lists<C> {
    slots: Vec<Arc<C>>,
    length: Vec<u8>,
    /// The best offer left out; `MIN`: look at everything again.
    bound: Vec<i64>,
    /// Offers worse than the second best by more than this are left out.
    within: i64,
    hits: u64,
    misses: u64,
    values: Vec<i64>,
    sorted: Vec<i64>,
}

/// Edges on a list: one cache line of them.
const SLOTS: usize = 8;

/// Refreshed lists before it is judged whether they pay.
const TRIAL: u64 = 2_000;

impl<C: Cost> Lists<C> {
    pub fn new(nodes: usize) -> Lists<C> {
        Lists {
            slots: vec![Arc { head: NONE, cost: C::store(0) }; nodes * SLOTS],
            length: vec![0; nodes],
            bound: vec![i64::MIN; nodes],
            within: i64::MAX,
            hits: 0,
            misses: 0,
            values: Vec::new(),
            sorted: Vec::new(),
        }
    }

    /// Prices have risen: everybody looks at everything again.
    pub fn forget(&mut self, within: i64) {
        self.bound.fill(i64::MIN);
        self.within = within;
        self.hits = 0;
        self.misses = 0;
    }

    fn offers(&mut self, market: &Market<C>, far: &[i64], node: usize) -> Offers {
        let mut best = Offers::alone(market.stay(node));
        let at = node * SLOTS;
        for arc in &self.slots[at..at + usize::from(self.length[node])] {
            best.see(arc.head, (arc.cost.into() << market.shift) - far[arc.head as usize]);
        }
        if best.second <= self.bound[node] {
            self.hits += 1;
            best
        } else {
            self.refresh(market, far, node)
        }
    }

    fn refresh(&mut self, market: &Market<C>, far: &[i64], node: usize) -> Offers {
        let mut best = Offers::alone(market.stay(node));
        self.misses += 1;
        if self.misses > TRIAL && self.hits < self.misses {
            // Prices move so far with every bid that no list lives long.
            self.length[node] = 0;
            return market.offers(far, node);
        }
        let arcs = market.side.of(node);
        self.values.clear();
        for arc in arcs {
            let value = (arc.cost.into() << market.shift) - far[arc.head as usize];
            self.values.push(value);
            best.see(arc.head, value);
        }
        let mut limit = best.second.saturating_add(self.within);
        let listed = self.values.iter().filter(|v| **v <= limit).count();
        let mut bound = limit;
        if listed > SLOTS {
            self.sorted.clone_from(&self.values);
            let (_, next, _) = self.sorted.select_nth_unstable(SLOTS);
            bound = *next;
            limit = bound - 1;
        } else if listed == arcs.len() {
            bound = i64::MAX;
        }
        let at = node * SLOTS;
        let mut length = 0;
        for (arc, value) in arcs.iter().zip(&self.values) {
            if *value <= limit {
                self.slots[at + length] = *arc;
                length += 1;
            }
        }
        self.length[node] = length as u8;
        self.bound[node] = bound;
        best
    }
}

impl<C: Cost> Market<'_, C> {
    fn stay(&self, node: usize) -> i64 {
        let stay = self.stay[node];
        if stay == NEVER { self.cap } else { stay << self.shift }
    }

    fn offers(&self, far: &[i64], node: usize) -> Offers {
        let mut best = Offers::alone(self.stay(node));
        for arc in self.side.of(node) {
            best.see(arc.head, (arc.cost.into() << self.shift) - far[arc.head as usize]);
        }
        best
    }

    /// Free nodes bid for partners: each takes the best offer and raises its price to the second
    /// best plus `step` (at least 1); whoever held it bids again. Where prices would have to climb
    /// too far for this step, it grows. Ends when every node has a partner or stays alone, or after
    /// `budget` bids. Returns the step it ended with, or `None` if the budget ran out.
    pub fn auction(
        &self,
        lists: &mut Lists<C>,
        near: &mut Book,
        far: &mut Book,
        waiting: Vec<u32>,
        step: i64,
        budget: u64,
    ) -> Option<i64> {
        self.bid(near, far, waiting, step, budget, |far, node| lists.offers(self, far, node))
    }

    /// The same where few nodes bid, without lists; `noted` gets everyone who bid.
    pub fn auction_noted(
        &self,
        near: &mut Book,
        far: &mut Book,
        waiting: Vec<u32>,
        step: i64,
        budget: u64,
        noted: &mut Vec<u32>,
    ) -> Option<i64> {
        self.bid(near, far, waiting, step, budget, |far, node| {
            noted.push(node as u32);
            self.offers(far, node)
        })
    }

    /// By how much a node's price is above its best offer.
    pub fn excess(&self, near: &Book, far: &Book, node: u32) -> i64 {
        near.price[node as usize] - self.offers(&far.price, node as usize).first
    }

    fn bid(
        &self,
        near: &mut Book,
        far: &mut Book,
        mut waiting: Vec<u32>,
        mut step: i64,
        budget: u64,
        mut offers: impl FnMut(&[i64], usize) -> Offers,
    ) -> Option<i64> {
        let patience = PATIENCE * (self.side.nodes() as u64 + 64);
        let (mut bids, mut growth) = (0u64, patience);
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            bids += 1;
            if bids >= growth {
                if bids >= budget {
                    return None;
                }
                step = step.saturating_mul(GROWTH).min(self.cap);
                growth += patience;
            }
            let node = node as usize;
            let best = offers(&far.price, node);
            if best.head == NONE {
                near.price[node] = best.first;
                near.mate[node] = NONE;
                continue;
            }
            let head = best.head as usize;
            far.price[head] -= best.second - best.first + step;
            near.price[node] = best.second + step;
            near.mate[node] = best.head;
            let rival = std::mem::replace(&mut far.mate[head], node as u32);
            if rival != NONE {
                near.mate[rival as usize] = NONE;
                waiting.push(rival);
            }
        }
        Some(step)
    }

    /// Augmenting row reduction: bids without a step, so that every pair is tight; equal offers are
    /// tried twice. Ends when nobody is left or after `budget` bids; returns who is still free
    /// without having settled to stay alone, ascending.
    pub fn reduce(&self, near: &mut Book, far: &mut Book, mut waiting: Vec<u32>, budget: u64) -> Vec<u32> {
        let mut bids = 0;
        let mut later = Vec::new();
        for round in 0..2 {
            waiting.reverse();
            while let Some(node) = waiting.pop() {
                if bids >= budget {
                    later.push(node);
                    continue;
                }
                bids += 1;
                let node = node as usize;
                let mut best = self.offers(&far.price, node);
                if best.head == NONE {
                    if self.stay[node] == NEVER {
                        later.push(node as u32);
                    } else {
                        near.price[node] = best.first;
                    }
                    continue;
                }
                if best.second >= NEVER {
                    // The only offer to somebody who must have one: no reason to raise it.
                    best.second = best.first;
                }
                let gap = best.second - best.first;
                if gap == 0 && best.other != NONE && far.mate[best.head as usize] != NONE {
                    // Equal offers: the free one, if there is one.
                    std::mem::swap(&mut best.head, &mut best.other);
                }
                let head = best.head as usize;
                far.price[head] -= gap;
                near.price[node] = best.second;
                near.mate[node] = best.head;
                let rival = std::mem::replace(&mut far.mate[head], node as u32);
                if rival != NONE {
                    near.mate[rival as usize] = NONE;
                    // Without a step an equal offer would go back and forth for ever.
                    if gap > 0 { waiting.push(rival) } else { later.push(rival) }
                }
            }
            if round == 0 {
                waiting = std::mem::take(&mut later);
                waiting.sort_unstable();
            }
        }
        later.sort_unstable();
        later
    }
}

/// Bids per node before the step grows: prices have far to go.
const PATIENCE: u64 = 12;

/// By how much the step grows then.
const GROWTH: i64 = 4;
