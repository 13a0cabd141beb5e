//! Shortest augmenting paths with potentials, from either side.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::problem::{NEVER, NONE};
use super::side::{Cost, Side};

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
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    stamp: u32,
    seen: Vec<u32>,
    distance: Vec<i64>,
    before: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    /// Far nodes as near as the last that was settled; no need to put them in order.
    level: VecDeque<u32>,
    /// Far nodes settled by the last search, with their distances.
    pub done: Vec<(u32, i64)>,
    /// How far the last search came if it settled as many far nodes as it might; else 0.
    pub radius: i64,
    /// Edges looked at so far: the measure of work.
    pub work: u64,
}

impl Scratch {
    /// Ready for a search among so many far nodes.
    fn begin(&mut self, far_nodes: usize) {
        self.seen.resize(far_nodes, 0);
        self.distance.resize(far_nodes, 0);
        self.before.resize(far_nodes, NONE);
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.seen.fill(0);
            self.stamp = 1;
        }
        self.heap.clear();
        self.level.clear();
        self.done.clear();
        self.radius = 0;
    }
}

/// How far a search may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Far nodes to settle.
    pub nodes: usize,
    /// Distance from the start.
    pub length: i64,
}

impl Reach {
    pub const EVERYWHERE: Reach = Reach { nodes: usize::MAX, length: NEVER };
}

/// Where a search ends: a free far node, or a near node that gives up its partner; or short of both.
#[derive(Clone, Copy)]
enum End {
    Nowhere,
    Far(usize),
    Alone(usize),
    Short,
}

/// What a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A place, perhaps that of staying alone.
    Place,
    /// There is neither a partner nor a node that may stay alone: [`Scratch::done`] holds all far nodes that
    /// the start and their partners reach.
    Nothing,
    /// Nothing within reach. Prices have moved as far as it goes, and the start is still free.
    TooFar,
}

/// Gives the free near node `from` a partner, or settles that it stays alone, at the least total
/// cost. Needs feasible prices with every matched edge tight, and keeps them so; the price of
/// `from` itself is set here. A near node that ends alone ends with its price at `stay`.
/// Goes no farther than `reach`; where there is nothing at all, no price but that of `from` has changed.
///
/// Written for one side and used for both: rows look for columns (staying alone costs the open
/// price); columns that are unused but still priced look for rows (staying unused costs 0).
pub(super) fn augment<C: Cost>(
    side: &Side<C>,
    stay: &[i64],
    near: &mut Book,
    far: &mut Book,
    scratch: &mut Scratch,
    from: usize,
    reach: Reach,
) -> Found {
    scratch.begin(far.mate.len());
    let Scratch { stamp, seen, distance, before, heap, level, done, work, radius } = scratch;

    let least = side.edges(from).map(|(head, cost)| cost - far.price[head]).min().unwrap_or(NEVER);
    let start = least.min(stay[from]);
    if start == NEVER {
        return Found::Nothing;
    }
    near.price[from] = start;
    let (mut best, mut end) = (reach.length, if reach.length < NEVER { End::Short } else { End::Nowhere });
    if stay[from] != NEVER && stay[from] - start < best {
        best = stay[from] - start;
        end = End::Alone(from);
    }

    let (mut node, mut so_far) = (from, 0i64);
    loop {
        // A node's edges: a free head ends the search at its distance; the others wait in the heap.
        let base = so_far - near.price[node];
        *work += side.of(node).len() as u64;
        for (at, cost) in side.edges(node) {
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
            } else if length == so_far {
                level.push_back(at as u32);
            } else {
                heap.push(Reverse((length, at as u32)));
            }
        }
        let next = level.pop_front().map(|head| Reverse((so_far, head))).or_else(|| heap.pop());
        let Some(Reverse((length, head))) = next else { break };
        if length >= best {
            break;
        }
        if length > distance[head as usize] {
            continue;
        }
        if done.len() == reach.nodes {
            (best, end) = (length, End::Short);
            *radius = length;
            break;
        }
        done.push((head, length));
        node = far.mate[head as usize] as usize;
        so_far = length;
        if stay[node] != NEVER {
            let alone = length + stay[node] - near.price[node];
            if alone < best {
                best = alone;
                end = End::Alone(node);
            }
        }
    }
    if let End::Nowhere = end {
        return Found::Nothing;
    }

    near.price[from] += best;
    for &(head, length) in done.iter().filter(|d| d.1 < best) {
        far.price[head as usize] -= best - length;
        near.price[far.mate[head as usize] as usize] += best - length;
    }
    let mut head = match end {
        End::Far(head) => head,
        End::Alone(node) if node != from => {
            let head = near.mate[node] as usize;
            near.mate[node] = NONE;
            head
        }
        End::Short => return Found::TooFar,
        End::Alone(_) | End::Nowhere => return Found::Place,
    };
    loop {
        let node = before[head] as usize;
        let next = std::mem::replace(&mut near.mate[node], head as u32);
        far.mate[head] = node as u32;
        if node == from {
            return Found::Place;
        }
        head = next as usize;
    }
}
