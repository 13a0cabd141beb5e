//! Shortest augmenting paths with potentials, from either side, several at a time.
//!
//! Searches only read. Each begins at the same prices and finds by how much those of the nodes it reached would move;
//! then all are done together: every price moves as far as the search that moves it most says. If two sets of moves
//! each keep prices within the costs, so does the larger of the two node by node, and a pair, whose two prices move
//! alike, stays tight. A path is good as long as nothing on it was moved farther by another search or paired anew;
//! where it was, its start just searches again. So any number of searches may run at once, on several cores and, what
//! is worth as much, in turn on one: waiting for memory is most of their work, and they wait together.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::problem::{NEVER, NONE};
use super::side::{Cost, Side};

/// So many searches take turns on one core.
const IN_TURN: usize = 8;

/// Searches that reach fewer nodes in all are over before another core begins.
const FEW: usize = 2_048;

/// Prices and partners of one side. Searches may have prices stored in half the width, as costs are: twice as many are
/// in the cache then.
#[derive(Clone, Debug)]
pub(super) struct Book<P = i64> {
    pub price: Vec<P>,
    pub mate: Vec<u32>,
}

impl Book {
    pub fn new(nodes: usize) -> Book {
        Book { price: vec![0; nodes], mate: vec![NONE; nodes] }
    }
}

impl<P: Cost> Book<P> {
    /// The same with prices in another form; callers have checked that they fit.
    pub fn stored<Q: Cost>(self) -> Book<Q> {
        let price = self.price.into_iter().map(|price| Q::store(price.into())).collect();
        Book { price, mate: self.mate }
    }

    #[inline(always)]
    pub fn price(&self, node: usize) -> i64 {
        self.price[node].into()
    }

    #[inline(always)]
    pub fn set(&mut self, node: usize, price: i64) {
        self.price[node] = P::store(price);
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

/// What a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A place, perhaps that of staying alone.
    Place,
    /// A place, but others that searched at the same time were in its way: the start is still free.
    Taken,
    /// Nothing within reach. Prices have moved as far as it goes, and the start is still free. With how far the search
    /// came if it settled as many far nodes as it might.
    TooFar(Option<i64>),
}

/// There is neither a partner nor a node that may stay alone: all far nodes that a start and their partners reach.
#[derive(Debug)]
pub(super) struct Nothing {
    pub from: u32,
    pub heads: Vec<u32>,
}

/// The side that searches, what its nodes pay for staying alone, and the prices and partners of both sides.
#[derive(Clone, Copy)]
struct View<'a, C, P> {
    side: &'a Side<C>,
    stay: &'a [i64],
    near: &'a Book<P>,
    far: &'a Book<P>,
}

/// What searches need of memory; kept between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Searches {
    /// One for each core.
    lanes: Vec<Vec<Search>>,
    moved: Moved,
    /// Edges looked at so far: the measure of work.
    pub work: u64,
}

impl Searches {
    /// Gives the free near nodes `from` partners, or settles that they stay alone, at the least total
    /// cost. Needs feasible prices with every matched edge tight, and keeps them so; the prices of
    /// `from` themselves are set here. A near node that ends alone ends with its price at `stay`. Nobody
    /// goes farther than `reach`. What each came to depends on who searches with it, but not on how many cores there are.
    ///
    /// Written for one side and used for both: rows look for columns (staying alone costs the open
    /// price); columns that are unused but still priced look for rows (staying unused costs 0).
    ///
    /// # Errors
    /// There is nothing at all for one of them; no price has changed then.
    pub fn augment<C: Cost, P: Cost>(
        &mut self,
        side: &Side<C>,
        stay: &[i64],
        near: &mut Book<P>,
        far: &mut Book<P>,
        from: &[u32],
        reach: Reach,
    ) -> Result<Vec<Found>, Nothing> {
        let is_little = reach.nodes.min(far.mate.len()).saturating_mul(from.len()) < FEW;
        let lanes = if is_little { 1 } else { rayon::current_num_threads().min(from.len().div_ceil(2)) };
        if self.lanes.len() < lanes {
            self.lanes.resize_with(lanes, || vec![Search::default(); IN_TURN]);
        }
        let view = View { side, stay, near, far };
        let (next, in_turn) = (AtomicUsize::new(0), IN_TURN.min(from.len().div_ceil(lanes)));
        let run = |lane: &mut Vec<Search>| run(view, &mut lane[..in_turn], from, &next, reach);
        let mut ways: Vec<(usize, Way)> = match &mut self.lanes[..lanes] {
            [lane] => run(lane),
            lanes => lanes.par_iter_mut().flat_map_iter(run).collect(),
        };
        ways.sort_unstable_by_key(|way| way.0);
        let ways: Vec<Way> = ways.into_iter().map(|way| way.1).collect();
        self.work += ways.iter().map(|way| way.work).sum::<u64>();
        if let Some(way) = ways.iter().find(|way| way.found.is_none()) {
            return Err(Nothing { from: way.from, heads: way.moves.iter().map(|by| by.0).collect() });
        }
        Ok(self.moved.go(near, far, &ways))
    }
}

/// Searches of one core, until nobody is left who has not begun.
fn run<C: Cost, P: Cost>(
    view: View<C, P>,
    searches: &mut [Search],
    from: &[u32],
    next: &AtomicUsize,
    reach: Reach,
) -> Vec<(usize, Way)> {
    let mut ways = Vec::new();
    let (mut running, mut nodes) = (0, Vec::with_capacity(searches.len()));
    loop {
        while running < searches.len() {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(from) = from.get(at) else { break };
            if searches[running].begin(view, at, *from, reach) {
                running += 1;
            } else {
                ways.push((at, searches[running].way(view)));
            }
        }
        if running == 0 {
            return ways;
        }
        nodes.clear();
        nodes.extend(searches[..running].iter().map(|search| search.node));
        view.side.touch(&nodes);
        let prices = nodes.iter().map(|node| view.near.price(*node as usize) ^ view.stay[*node as usize]);
        std::hint::black_box(prices.fold(0, |all, price| all ^ price));
        let mut at = 0;
        while at < running {
            if searches[at].step(view) {
                at += 1;
            } else {
                ways.push((searches[at].at, searches[at].way(view)));
                running -= 1;
                searches.swap(at, running);
            }
        }
    }
}

/// Where a search ends: a free far node, or a near node that gives up its partner; or short of both.
#[derive(Clone, Copy, Debug, Default)]
enum End {
    #[default]
    Nowhere,
    /// A mark.
    Far(u32),
    /// The mark of the partner; [`NONE`] if the start itself stays alone.
    Alone(u32),
    Short(Option<i64>),
}

/// A far node that a search has seen.
#[derive(Clone, Copy, Debug)]
struct Mark {
    head: u32,
    /// The mark before it on the way, [`NONE`] at the start.
    before: u32,
    distance: i64,
}

/// Far nodes by number: a hash table, as most searches see few of them and many searches have one each.
#[derive(Clone, Debug, Default)]
struct Marks {
    slots: Vec<u32>,
    marks: Vec<Mark>,
}

impl Marks {
    const FEWEST: usize = 512;

    fn clear(&mut self) {
        self.marks.clear();
        self.slots.clear();
        self.slots.resize(Marks::FEWEST, NONE);
    }

    fn slot(&self, head: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (head.wrapping_mul(0x9e37_79b9) >> 7) as usize & mask;
        while self.slots[slot] != NONE && self.marks[self.slots[slot] as usize].head != head {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The number of a far node's mark, which is made if there is none.
    fn of(&mut self, head: u32) -> u32 {
        let mut slot = self.slot(head);
        if self.slots[slot] == NONE {
            if self.marks.len() * 2 >= self.slots.len() {
                let more = self.slots.len() * 4;
                self.slots.clear();
                self.slots.resize(more, NONE);
                for mark in 0..self.marks.len() {
                    let slot = self.slot(self.marks[mark].head);
                    self.slots[slot] = mark as u32;
                }
                slot = self.slot(head);
            }
            self.slots[slot] = self.marks.len() as u32;
            self.marks.push(Mark { head, before: NONE, distance: i64::MAX });
        }
        self.slots[slot]
    }
}

/// Dijkstra's search from one node.
#[derive(Clone, Debug, Default)]
struct Search {
    at: usize,
    from: u32,
    start: i64,
    nodes: usize,
    /// The near node whose edges come next, the mark that led there, and how far it is.
    node: u32,
    mark: u32,
    so_far: i64,
    best: i64,
    end: End,
    marks: Marks,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    /// Marks as near as the last that was settled; no need to put them in order.
    level: VecDeque<u32>,
    /// Marks settled.
    done: Vec<u32>,
    work: u64,
}

impl Search {
    /// False if there is nothing to look for.
    fn begin<C: Cost, P: Cost>(&mut self, view: View<C, P>, at: usize, from: u32, reach: Reach) -> bool {
        self.marks.clear();
        self.heap.clear();
        self.level.clear();
        self.done.clear();
        let node = from as usize;
        let least = view.side.edges(node).map(|(head, cost)| cost - view.far.price(head)).min().unwrap_or(NEVER);
        (self.at, self.from, self.nodes, self.work) = (at, from, reach.nodes, 0);
        (self.node, self.mark, self.so_far) = (from, NONE, 0);
        self.start = least.min(view.stay[node]);
        (self.best, self.end) = (reach.length, if reach.length < NEVER { End::Short(None) } else { End::Nowhere });
        if self.start == NEVER {
            self.end = End::Nowhere;
        }
        self.start != NEVER
    }

    /// Looks at a node's edges: a free head ends the search at its distance; the others wait in the heap. False when
    /// the search is over.
    fn step<C: Cost, P: Cost>(&mut self, view: View<C, P>) -> bool {
        let Search { marks, heap, level, done, best, end, so_far, .. } = self;
        let node = self.node as usize;
        let (stay, price) = (view.stay[node], if self.mark == NONE { self.start } else { view.near.price(node) });
        if stay != NEVER && *so_far + stay - price < *best {
            (*best, *end) = (*so_far + stay - price, End::Alone(self.mark));
        }
        let base = *so_far - price;
        self.work += view.side.of(node).len() as u64;
        for (at, cost) in view.side.edges(node) {
            let length = base + cost - view.far.price(at);
            if length >= *best {
                continue;
            }
            let number = marks.of(at as u32);
            let mark = &mut marks.marks[number as usize];
            if length >= mark.distance {
                continue;
            }
            mark.distance = length;
            mark.before = self.mark;
            if view.far.mate[at] == NONE {
                (*best, *end) = (length, End::Far(number));
            } else if length == *so_far {
                level.push_back(number);
            } else {
                heap.push(Reverse((length, number)));
            }
        }
        loop {
            let next = level.pop_front().map(|mark| Reverse((*so_far, mark))).or_else(|| heap.pop());
            let Some(Reverse((length, number))) = next else { return false };
            if length >= *best {
                return false;
            }
            let mark = marks.marks[number as usize];
            if length > mark.distance {
                continue;
            }
            if done.len() == self.nodes {
                (*best, *end) = (length, End::Short(Some(length)));
                return false;
            }
            done.push(number);
            (self.node, self.mark, *so_far) = (view.far.mate[mark.head as usize], number, length);
            return true;
        }
    }

    /// What was found.
    fn way<C: Cost, P: Cost>(&self, view: View<C, P>) -> Way {
        let partner = |number: u32| view.far.mate[self.marks.marks[number as usize].head as usize];
        let mut way = Way {
            from: self.from,
            price: self.start + self.best,
            found: Some(Found::Place),
            moves: Vec::with_capacity(self.done.len()),
            alone: NONE,
            path: Vec::new(),
            work: self.work,
        };
        way.moves.extend(self.done.iter().map(|number| {
            let Mark { head, distance, .. } = self.marks.marks[*number as usize];
            (head, self.best - distance)
        }));
        let mut number = match self.end {
            End::Nowhere => {
                way.found = None;
                NONE
            }
            End::Short(radius) => {
                way.found = Some(Found::TooFar(radius));
                NONE
            }
            End::Far(last) => last,
            End::Alone(last) => {
                way.alone = if last == NONE { NONE } else { partner(last) };
                last
            }
        };
        while number != NONE {
            let Mark { head, before, distance } = self.marks.marks[number as usize];
            let node = if before == NONE { self.from } else { partner(before) };
            way.path.push(Step { head, node, by: self.best - distance });
            number = before;
        }
        way
    }
}

/// What a search found, and what it makes of prices and pairs.
struct Way {
    from: u32,
    /// The start's price.
    price: i64,
    /// `None` if there is nothing at all.
    found: Option<Found>,
    /// Far nodes that were settled, and by how much their prices fall; their partners' rise as much.
    moves: Vec<(u32, i64)>,
    /// Who gives up a partner, if anybody does.
    alone: u32,
    /// From the end to the start.
    path: Vec<Step>,
    work: u64,
}

/// A far node that goes to a near node, and how far its price moves.
struct Step {
    head: u32,
    node: u32,
    by: i64,
}

/// How far each far node's price has moved for those who searched together.
#[derive(Clone, Debug, Default)]
struct Moved {
    stamp: u32,
    seen: Vec<u32>,
    by: Vec<i64>,
}

impl Moved {
    fn clear(&mut self, far_nodes: usize) {
        if self.seen.len() < far_nodes {
            (self.seen, self.by) = (vec![0; far_nodes], vec![0; far_nodes]);
        }
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.seen.fill(0);
            self.stamp = 1;
        }
    }

    fn by(&self, head: u32) -> i64 {
        if self.seen[head as usize] == self.stamp { self.by[head as usize] } else { 0 }
    }

    /// All prices first, as they go by the pairs there were; then the paths.
    fn go<P: Cost>(&mut self, near: &mut Book<P>, far: &mut Book<P>, ways: &[Way]) -> Vec<Found> {
        self.clear(far.mate.len());
        for way in ways {
            near.set(way.from as usize, way.price);
            for &(head, by) in &way.moves {
                let more = by - self.by(head);
                if more > 0 {
                    let mate = far.mate[head as usize] as usize;
                    far.set(head as usize, far.price(head as usize) - more);
                    near.set(mate, near.price(mate) + more);
                    (self.seen[head as usize], self.by[head as usize]) = (self.stamp, by);
                }
            }
        }
        ways.iter().filter_map(|way| Some(if self.pair(near, far, way) { way.found? } else { Found::Taken })).collect()
    }

    /// Pairs along a path; false if it is not as it was found.
    fn pair<P: Cost>(&self, near: &mut Book<P>, far: &mut Book<P>, way: &Way) -> bool {
        let had = [way.alone].into_iter().chain(way.path.iter().map(|step| step.node));
        let as_found = |(step, had): (&Step, u32)| far.mate[step.head as usize] == had && self.by(step.head) == step.by;
        if !way.path.iter().zip(had).all(as_found) {
            return false;
        }
        if way.alone != NONE {
            near.mate[way.alone as usize] = NONE;
        }
        for step in &way.path {
            near.mate[step.node as usize] = step.head;
            far.mate[step.head as usize] = step.node;
        }
        true
    }
}
