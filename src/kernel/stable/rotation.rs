//! Rotations: the smallest steps from one stable placement to the next, and their precedence.
//!
//! With seats no cloning is needed. At a stable placement only the worst holder `c` of a full post
//! may be the next to leave, and goes to the first full post down `c`'s list that prefers `c` to
//! its own worst holder; a post with a free seat that would take `c` ends `c`'s way, since it keeps
//! its holders in every stable placement. Posts thus point to posts, a cycle is a rotation, and
//! eliminating it moves each worst holder one post on. A post whose worst holder can never move, or
//! moves only towards such posts, is settled.
//!
//! What must go before a rotation: the previous rotation at each of its posts; and, for each post
//! that a mover skips (it prefers its worst holder by now), the rotation by which its worst holder
//! came to be better than the mover. Each pair is skipped once, so there are no more precedences
//! than pairs.

use super::accept::{candidates_propose, dismiss_worst};
use super::market::{Held, Market, NONE, Placement};

/// One candidate's step of a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Who moves.
    pub candidate: u32,
    /// From this post,
    pub from: u32,
    /// to that, which the candidate likes less and which prefers them to its worst holder.
    pub to: u32,
    /// Numbers of the two pairs in the list the market was made of.
    pub from_pair: u32,
    pub to_pair: u32,
}

/// A cyclic exchange that leads from one stable placement to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The steps; each goes to the post that the next one leaves.
    pub moves: Vec<Move>,
    /// Rotations that must be made before, ascending, all lower than this one's number. Not
    /// necessarily only the immediate ones.
    pub after: Vec<u32>,
}

/// All rotations of a market: every set that holds, with a rotation, all that must be made before
/// it gives one stable placement, and each stable placement comes from exactly one such set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotations {
    /// The candidate-optimal placement, before any rotation.
    pub start: Placement,
    /// The rotations, in an order that may be followed; all of them lead to the post-optimal
    /// placement.
    pub rotations: Vec<Rotation>,
}

impl Rotations {
    /// The placement after those rotations for which `made` is true; stable if the set is closed.
    pub fn after(&self, made: &[bool]) -> Placement {
        let mut placement = self.start.clone();
        for (rotation, _) in self.rotations.iter().zip(made).filter(|(_, made)| **made) {
            for step in &rotation.moves {
                placement.0[step.candidate as usize] = Some(step.to);
            }
        }
        placement
    }
}

/// Finds all rotations. Linear in the number of pairs, but for the sorting of precedences.
pub fn rotations(market: &Market) -> Rotations {
    let mut search = Search::new(market);
    for post in 0..market.posts() {
        search.settle(post);
    }
    Rotations { start: search.start, rotations: search.found }
}

struct Search<'a> {
    market: &'a Market,
    held: Held,
    start: Placement,
    /// For each candidate how far down their list they have looked (position in `list`).
    look: Vec<u32>,
    /// For each edge, the rotation by which its post's worst holder came to be better than its candidate.
    passed: Vec<u32>,
    /// For each post its last rotation so far.
    last: Vec<u32>,
    /// The post's worst holder moves no more.
    settled: Vec<bool>,
    /// Where the post stands on the path, [`NONE`] if it does not.
    on_path: Vec<u32>,
    found: Vec<Rotation>,
}

impl<'a> Search<'a> {
    fn new(market: &'a Market) -> Search<'a> {
        let held = candidates_propose(market);
        let look = held.edge.iter().map(|e| market.place.get(*e as usize).map_or(NONE, |p| p + 1)).collect();
        Search {
            market,
            start: held.placement(market),
            look,
            passed: vec![NONE; market.pairs()],
            last: vec![NONE; market.posts()],
            settled: (0..market.posts()).map(|p| !held.full(market, p)).collect(),
            on_path: vec![NONE; market.posts()],
            found: Vec::new(),
            held,
        }
    }

    /// Makes rotations until `first` is settled.
    fn settle(&mut self, first: usize) {
        let mut path: Vec<u32> = Vec::new();
        loop {
            let post = match path.last() {
                Some(post) => *post as usize,
                None if self.settled[first] => return,
                None => {
                    self.on_path[first] = 0;
                    path.push(first as u32);
                    first
                }
            };
            let next = self.target(post).map(|edge| self.market.post[edge as usize] as usize);
            match next.filter(|next| !self.settled[*next]) {
                None => {
                    self.settled[post] = true;
                    self.on_path[post] = NONE;
                    path.pop();
                }
                Some(next) if self.on_path[next] != NONE => {
                    let cycle = path.split_off(self.on_path[next] as usize);
                    self.eliminate(&cycle);
                }
                Some(next) => {
                    self.on_path[next] = path.len() as u32;
                    path.push(next as u32);
                }
            }
        }
    }

    /// The edge by which the post's worst holder would leave it, if any.
    fn target(&mut self, post: usize) -> Option<u32> {
        let market = self.market;
        let candidate = market.candidate[self.held.worst[post] as usize] as usize;
        while self.look[candidate] < market.list_starts[candidate + 1] {
            let edge = market.list[self.look[candidate] as usize];
            if self.held.wanted(market, edge as usize) {
                let full = self.held.full(market, market.post[edge as usize] as usize);
                return full.then_some(edge);
            }
            self.look[candidate] += 1;
        }
        None
    }

    fn eliminate(&mut self, cycle: &[u32]) {
        let market = self.market;
        let number = self.found.len() as u32;
        let mut moves = Vec::with_capacity(cycle.len());
        let mut after = Vec::new();
        for &post in cycle {
            self.on_path[post as usize] = NONE;
            let from = self.held.worst[post as usize];
            let candidate = market.candidate[from as usize];
            // `target` has looked at this place and found the post willing.
            let place = self.look[candidate as usize] as usize;
            let to = market.list[place];
            let skipped = &market.list[market.place[from as usize] as usize + 1..place];
            after.extend(skipped.iter().map(|e| self.passed[*e as usize]));
            after.push(self.last[post as usize]);
            moves.push(Move {
                candidate,
                from: post,
                to: market.post[to as usize],
                from_pair: market.source[from as usize],
                to_pair: market.source[to as usize],
            });
            self.held.edge[candidate as usize] = to;
            self.look[candidate as usize] += 1;
        }
        for step in &moves {
            self.held.used[self.held.edge[step.candidate as usize] as usize] = true;
        }
        for &post in cycle {
            let dropped = dismiss_worst(&mut self.held, post as usize);
            let worst = self.held.worst[post as usize];
            self.passed[worst as usize + 1..=dropped as usize].fill(number);
            self.last[post as usize] = number;
        }
        after.retain(|before| *before != NONE);
        after.sort_unstable();
        after.dedup();
        self.found.push(Rotation { moves, after });
    }
}
