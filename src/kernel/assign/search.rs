//! Shortest augmenting paths with potentials, from either side.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::problem::{NONE, Side};

/// Prices and partners of one side.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub price: Vec<i64>,
    pub mate: Vec<u32>,
}

impl Book {
    pub fn new(nodes: usize) -> Book {
        Book { price: vec![0; nodes], mate: vec![NONE; nodes] }
    }
}

/// What a search needs of memory; kept between searches, cleared by a stamp.
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
    pub fn new(far_nodes: usize) -> Scratch {
        Scratch {
            stamp: 0,
            seen: vec![0; far_nodes],
            distance: vec![0; far_nodes],
            before: vec![NONE; far_nodes],
            heap: BinaryHeap::new(),
            done: Vec::new(),
            work: 0,
        }
    }
}

/// Where a search ends: a free far node, or a near node that gives up its partner.
#[derive(Clone, Copy)]
enum End {
    Far(usize),
    Open(usize),
}

/// Gives the free near node `from` a partner, or settles that it stays open, at the least total
/// cost. Needs feasible prices with every matched edge tight, and keeps them so; the price of
/// `from` itself is set here. A near node that ends open ends with its price at `side.open`.
///
/// Written for one side and used for both: rows look for columns (staying open costs the open
/// price); columns that are unused but still priced below 0 look for rows (staying unused costs 0).
pub(super) fn augment(side: &Side, near: &mut Book, far: &mut Book, scratch: &mut Scratch, from: usize) {
    scratch.stamp = scratch.stamp.wrapping_add(1);
    if scratch.stamp == 0 {
        scratch.seen.fill(0);
        scratch.stamp = 1;
    }
    let Scratch { stamp, seen, distance, before, heap, done, work } = scratch;
    heap.clear();
    done.clear();

    let least = side.edges(from).map(|(head, cost)| cost - far.price[head]).min();
    near.price[from] = least.map_or(side.open, |least| least.min(side.open));
    let mut best = side.open - near.price[from];
    let mut end = End::Open(from);

    let (mut node, mut so_far) = (from, 0i64);
    loop {
        // A node's edges: a free head ends the search at its distance; the others wait in the heap.
        let base = so_far - near.price[node];
        let range = side.range(node);
        *work += range.len() as u64;
        for (head, cost) in side.heads[range.clone()].iter().zip(&side.costs[range]) {
            let at = *head as usize;
            let length = base + cost - far.price[at];
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
                heap.push(Reverse((length, *head)));
            }
        }
        if best <= so_far {
            break;
        }
        let next = loop {
            match heap.pop() {
                None => break None,
                Some(Reverse((length, _))) if length >= best => break None,
                // A shorter way was found after this entry was made.
                Some(Reverse((length, head))) if length > distance[head as usize] => {}
                Some(found) => break Some(found.0),
            }
        };
        let Some((length, head)) = next else { break };
        done.push((head, length));
        node = far.mate[head as usize] as usize;
        so_far = length;
        let open = length + side.open - near.price[node];
        if open < best {
            best = open;
            end = End::Open(node);
        }
    }

    near.price[from] += best;
    for &(head, length) in done.iter().filter(|d| d.1 < best) {
        far.price[head as usize] -= best - length;
        near.price[far.mate[head as usize] as usize] += best - length;
    }
    let mut head = match end {
        End::Far(head) => head,
        End::Open(node) if node == from => return,
        End::Open(node) => {
            let head = near.mate[node] as usize;
            near.mate[node] = NONE;
            head
        }
    };
    loop {
        let node = before[head] as usize;
        let next = std::mem::replace(&mut near.mate[node], head as u32);
        far.mate[head] = node as u32;
        if node == from {
            return;
        }
        head = next as usize;
    }
}
