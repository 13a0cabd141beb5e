//! Bids and shortest augmenting paths for re-solving under shifted costs; from either side.
//!
//! The methods are those of [`crate::kernel::assign`] (Jonker and Volgenant 1987); what differs is
//! that costs change between solves, that every row has its own open price, and that changes of
//! partners and the sum of prices are kept track of.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

pub(super) const NONE: u32 = u32::MAX;

/// One side's view of the graph.
pub(super) trait View {
    fn range(&self, node: usize) -> Range<usize>;
    fn head(&self, at: usize) -> u32;
    fn cost(&self, at: usize) -> i64;
    fn open(&self, node: usize) -> i64;
}

/// Rows look for columns.
pub(super) struct Rows<'a> {
    pub starts: &'a [u32],
    pub heads: &'a [u32],
    pub costs: &'a [i64],
    pub open: &'a [i64],
}

impl View for Rows<'_> {
    fn range(&self, node: usize) -> Range<usize> {
        self.starts[node] as usize..self.starts[node + 1] as usize
    }
    fn head(&self, at: usize) -> u32 {
        self.heads[at]
    }
    fn cost(&self, at: usize) -> i64 {
        self.costs[at]
    }
    fn open(&self, node: usize) -> i64 {
        self.open[node]
    }
}

/// Columns look for rows; staying unused costs nothing.
pub(super) struct Columns<'a> {
    pub starts: &'a [u32],
    pub tails: &'a [u32],
    pub edge_at: &'a [u32],
    pub costs: &'a [i64],
}

impl View for Columns<'_> {
    fn range(&self, node: usize) -> Range<usize> {
        self.starts[node] as usize..self.starts[node + 1] as usize
    }
    fn head(&self, at: usize) -> u32 {
        self.tails[at]
    }
    fn cost(&self, at: usize) -> i64 {
        self.costs[self.edge_at[at] as usize]
    }
    fn open(&self, _: usize) -> i64 {
        0
    }
}

/// Prices and partners of one side.
#[derive(Clone)]
pub(super) struct Book {
    pub price: Vec<i64>,
    pub mate: Vec<u32>,
    /// Sum of the prices.
    pub total: i128,
    /// Nodes whose partner changed, perhaps more than once.
    pub changed: Vec<u32>,
}

impl Book {
    pub fn new(price: Vec<i64>, mate: Vec<u32>) -> Book {
        let total = price.iter().map(|p| i128::from(*p)).sum();
        Book { price, mate, total, changed: Vec::new() }
    }

    pub fn reprice(&mut self, node: usize, price: i64) {
        self.total += i128::from(price) - i128::from(self.price[node]);
        self.price[node] = price;
    }

    pub fn pair(&mut self, node: usize, mate: u32) -> u32 {
        self.changed.push(node as u32);
        std::mem::replace(&mut self.mate[node], mate)
    }
}

/// Memory of a search, cleared by a stamp.
#[derive(Clone)]
pub(super) struct Scratch {
    stamp: u32,
    seen: Vec<u32>,
    distance: Vec<i64>,
    before: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    done: Vec<(u32, i64)>,
    /// Edges looked at so far: the measure of work.
    pub work: u64,
}

impl Scratch {
    pub fn new(far: usize) -> Scratch {
        Scratch {
            stamp: 0,
            seen: vec![0; far],
            distance: vec![0; far],
            before: vec![NONE; far],
            heap: BinaryHeap::new(),
            done: Vec::new(),
            work: 0,
        }
    }
}

#[derive(Clone, Copy)]
enum End {
    Far(usize),
    Open(usize),
}

/// Gives the free node `from` a partner, or settles that it stays open, at the least total cost.
/// Needs feasible prices with every matched edge tight, and keeps them so.
pub(super) fn augment(side: &impl View, near: &mut Book, far: &mut Book, scratch: &mut Scratch, from: usize) {
    scratch.stamp = scratch.stamp.wrapping_add(1);
    if scratch.stamp == 0 {
        scratch.seen.fill(0);
        scratch.stamp = 1;
    }
    let Scratch { stamp, seen, distance, before, heap, done, work } = scratch;
    heap.clear();
    done.clear();

    let least = side.range(from).map(|at| side.cost(at) - far.price[side.head(at) as usize]).min();
    let start = least.map_or(side.open(from), |least| least.min(side.open(from)));
    near.reprice(from, start);
    let mut best = side.open(from) - start;
    let mut end = End::Open(from);

    let (mut node, mut so_far) = (from, 0i64);
    loop {
        let base = so_far - near.price[node];
        let range = side.range(node);
        *work += range.len() as u64;
        for edge in range {
            let head = side.head(edge);
            let at = head as usize;
            let length = base + side.cost(edge) - far.price[at];
            if length >= best || (seen[at] == *stamp && length >= distance[at]) {
                continue;
            }
            seen[at] = *stamp;
            distance[at] = length;
            before[at] = node as u32;
            if far.mate[at] == NONE {
                best = length;
                end = End::Far(at);
            } else {
                heap.push(Reverse((length, head)));
            }
        }
        if best <= so_far {
            break;
        }
        let next = loop {
            match heap.pop() {
                None => break None,
                Some(Reverse((length, _))) if length >= best => break None,
                Some(Reverse((length, head))) if length > distance[head as usize] => {}
                Some(found) => break Some(found.0),
            }
        };
        let Some((length, head)) = next else { break };
        done.push((head, length));
        node = far.mate[head as usize] as usize;
        so_far = length;
        let open = length + side.open(node) - near.price[node];
        if open < best {
            best = open;
            end = End::Open(node);
        }
    }

    near.reprice(from, start + best);
    for &(head, length) in done.iter().filter(|d| d.1 < best) {
        let head = head as usize;
        let mate = far.mate[head] as usize;
        far.reprice(head, far.price[head] - (best - length));
        near.reprice(mate, near.price[mate] + (best - length));
    }
    let mut head = match end {
        End::Far(head) => head,
        End::Open(node) if node == from => return,
        End::Open(node) => near.pair(node, NONE) as usize,
    };
    loop {
        let node = before[head] as usize;
        let next = near.pair(node, head as u32);
        far.pair(head, node as u32);
        if node == from {
            return;
        }
        head = next as usize;
    }
}

/// Free nodes bid for partners without a step (augmenting row reduction): each takes its best
/// offer and lowers that node's price to the second best. Ends when nobody is left or after
/// `budget` bids; returns who is still free without being settled as open, and the edges seen.
pub(super) fn bid(
    side: &impl View,
    near: &mut Book,
    far: &mut Book,
    mut waiting: Vec<u32>,
    budget: usize,
) -> (Vec<u32>, u64) {
    let (mut bids, mut seen) = (0, 0);
    let mut later = Vec::new();
    for round in 0..2 {
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            if bids >= budget {
                later.push(node);
                continue;
            }
            bids += 1;
            let at = node as usize;
            let (mut first, mut head, mut second, mut other) = (side.open(at), NONE, i64::MAX, NONE);
            seen += side.range(at).len() as u64;
            for edge in side.range(at) {
                let to = side.head(edge);
                let value = side.cost(edge) - far.price[to as usize];
                if value < first {
                    (second, other) = (first, head);
                    (first, head) = (value, to);
                } else if value < second {
                    (second, other) = (value, to);
                }
            }
            if head == NONE {
                near.reprice(at, side.open(at));
                continue;
            }
            let gap = second - first;
            if gap == 0 && other != NONE && far.mate[head as usize] != NONE {
                std::mem::swap(&mut head, &mut other);
            }
            let to = head as usize;
            far.reprice(to, far.price[to] - gap);
            near.reprice(at, second);
            near.pair(at, head);
            let rival = far.pair(to, node);
            if rival != NONE {
                near.pair(rival as usize, NONE);
                if gap > 0 { waiting.push(rival) } else { later.push(rival) }
            }
        }
        if round == 0 {
            waiting = std::mem::take(&mut later);
            waiting.sort_unstable();
        }
    }
    (later, seen)
}
