//! The market: who accepts whom, in strict order on both sides.

use std::cmp::Reverse;

/// No edge, no partner.
pub(super) const NONE: u32 = u32::MAX;

/// A post and a candidate who accept each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Index of the post.
    pub post: u32,
    /// Index of the candidate.
    pub candidate: u32,
    /// What the post orders by: the higher the better.
    pub fit: i64,
    /// The rank of the candidate's wish, the lower the better; `None` if the candidate would accept
    /// the post but did not rank it.
    pub wish: Option<u32>,
}

/// What breaks ties: any numbers, best seeded hashes of names that say nothing about the person.
/// The lower key goes first.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// One key for each post.
    pub posts: &'a [u64],
    /// One key for each candidate.
    pub candidates: &'a [u64],
}

/// Why a market cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarketError {
    /// A pair names a post or candidate that does not exist.
    #[error(
        "pair {pair} joins post {post} and candidate {candidate}, but there are {posts} posts and {candidates} candidates"
    )]
    OutOfRange { pair: usize, post: u32, candidate: u32, posts: usize, candidates: usize },
    /// The same two are listed twice, perhaps with different fits.
    #[error("pair {pair} joins post {post} and candidate {candidate} for the second time; list each pair once")]
    Twice { pair: usize, post: u32, candidate: u32 },
    /// A post without a seat.
    #[error("post {0} has no seat; leave it out or give it at least one")]
    NoSeat(u32),
    /// One key is needed for each post and each candidate.
    #[error("{keys} keys for {nodes} {side}; give one for each")]
    Keys { side: &'static str, keys: usize, nodes: usize },
    /// More posts, candidates or pairs than 32-bit indices hold.
    #[error("{0} posts, candidates or pairs are more than 32-bit indices hold")]
    TooMany(usize),
}

/// A market with strict orders.
///
/// A post prefers the higher fit; at equal fit the lower candidate key. A candidate prefers the
/// lower stated rank, and any ranked post to an unranked one; at equal rank, and among the unranked,
/// the post where the candidate's own fit is higher, then the lower post key. Equal keys go by index, so
/// the outcome is independent of the order of input exactly when keys differ.
#[derive(Clone, Debug)]
pub struct Market {
    pub(super) seats: Vec<u32>,
    /// Where a post's edges start. Edges are numbered post by post, best candidate first: within a
    /// post the lower edge is the preferred one.
    pub(super) starts: Vec<u32>,
    /// For each edge its candidate, its post, its fit, its stated wish, and its number in the input.
    pub(super) candidate: Vec<u32>,
    pub(super) post: Vec<u32>,
    pub(super) fit: Vec<i64>,
    pub(super) wish: Vec<Option<u32>>,
    pub(super) source: Vec<u32>,
    /// Where a candidate's list starts.
    pub(super) list_starts: Vec<u32>,
    /// The candidates' lists one after the other: edges, best post first.
    pub(super) list: Vec<u32>,
    /// For each edge its position in `list`: within a candidate the lower is the preferred one.
    pub(super) place: Vec<u32>,
}

impl Market {
    /// Sorts both sides' lists. `seats` has one entry for each post.
    ///
    /// # Errors
    /// See [`MarketError`].
    pub fn new(seats: &[u32], candidates: usize, pairs: &[Pair], keys: Keys) -> Result<Market, MarketError> {
        check(seats, candidates, pairs, keys)?;
        let posts = seats.len();
        let by_post = starts(posts, pairs.iter().map(|p| p.post));
        let mut order = buckets(&by_post, pairs.iter().map(|p| p.post));
        sort_each(&mut order, &by_post, |p| {
            let pair = &pairs[p as usize];
            (Reverse(pair.fit), keys.candidates[pair.candidate as usize], pair.candidate)
        });
        let of = |p: &u32| &pairs[*p as usize];
        let candidate: Vec<u32> = order.iter().map(|p| of(p).candidate).collect();
        let post: Vec<u32> = order.iter().map(|p| of(p).post).collect();
        let fit: Vec<i64> = order.iter().map(|p| of(p).fit).collect();
        let wish: Vec<Option<u32>> = order.iter().map(|p| of(p).wish).collect();

        let list_starts = starts(candidates, candidate.iter().copied());
        let mut list = buckets(&list_starts, candidate.iter().copied());
        sort_each(&mut list, &list_starts, |e| {
            let e = e as usize;
            (wish[e].is_none(), wish[e], Reverse(fit[e]), keys.posts[post[e] as usize], post[e])
        });
        let mut place = vec![0; list.len()];
        for (at, &edge) in list.iter().enumerate() {
            place[edge as usize] = at as u32;
        }
        let market = Market {
            seats: seats.to_vec(),
            starts: by_post,
            list_starts,
            candidate,
            post,
            fit,
            wish,
            source: order,
            list,
            place,
        };
        market.refuse_twins()?;
        Ok(market)
    }

    /// Twins may differ in fit and so stand apart in a list: each candidate is stamped post by post.
    fn refuse_twins(&self) -> Result<(), MarketError> {
        let mut seen = vec![(NONE, 0u32); self.candidates()];
        for edge in 0..self.candidate.len() {
            let (post, candidate) = (self.post[edge], self.candidate[edge]);
            let before = std::mem::replace(&mut seen[candidate as usize], (post, self.source[edge]));
            if before.0 == post {
                let pair = before.1.max(self.source[edge]) as usize;
                return Err(MarketError::Twice { pair, post, candidate });
            }
        }
        Ok(())
    }

    /// Number of posts.
    pub fn posts(&self) -> usize {
        self.seats.len()
    }

    /// Number of candidates.
    pub fn candidates(&self) -> usize {
        self.list_starts.len() - 1
    }

    /// Number of acceptable pairs.
    pub fn pairs(&self) -> usize {
        self.list.len()
    }

    /// Seats of a post.
    pub fn seats(&self, post: usize) -> u32 {
        self.seats[post]
    }

    /// A post's candidates, best first.
    pub fn post_list(&self, post: usize) -> impl Iterator<Item = u32> + '_ {
        self.edges(post).map(|e| self.candidate[e])
    }

    /// A candidate's posts, best first.
    pub fn candidate_list(&self, candidate: usize) -> impl Iterator<Item = u32> + '_ {
        self.wishes(candidate).iter().map(|e| self.post[*e as usize])
    }

    /// A post's edges.
    pub(super) fn edges(&self, post: usize) -> std::ops::Range<usize> {
        self.starts[post] as usize..self.starts[post + 1] as usize
    }

    /// A candidate's edges, best first.
    pub(super) fn wishes(&self, candidate: usize) -> &[u32] {
        &self.list[self.list_starts[candidate] as usize..self.list_starts[candidate + 1] as usize]
    }
}

fn check(seats: &[u32], candidates: usize, pairs: &[Pair], keys: Keys) -> Result<(), MarketError> {
    let posts = seats.len();
    if let Some(&count) = [posts, candidates, pairs.len()].iter().find(|n| **n >= NONE as usize) {
        return Err(MarketError::TooMany(count));
    }
    for (side, keys, nodes) in [("posts", keys.posts.len(), posts), ("candidates", keys.candidates.len(), candidates)] {
        if keys != nodes {
            return Err(MarketError::Keys { side, keys, nodes });
        }
    }
    if let Some(post) = seats.iter().position(|s| *s == 0) {
        return Err(MarketError::NoSeat(post as u32));
    }
    for (pair, &Pair { post, candidate, .. }) in pairs.iter().enumerate() {
        if post as usize >= posts || candidate as usize >= candidates {
            return Err(MarketError::OutOfRange { pair, post, candidate, posts, candidates });
        }
    }
    Ok(())
}

/// Where each node's items start, if items are put together by node.
fn starts(nodes: usize, of: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0u32; nodes + 1];
    for node in of {
        starts[node as usize + 1] += 1;
    }
    for at in 0..nodes {
        starts[at + 1] += starts[at];
    }
    starts
}

/// The numbers of the items, put together by node.
fn buckets(starts: &[u32], of: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut next = starts.to_vec();
    let mut items = vec![0u32; starts.last().map_or(0, |n| *n as usize)];
    for (item, node) in of.enumerate() {
        let at = &mut next[node as usize];
        items[*at as usize] = item as u32;
        *at += 1;
    }
    items
}

/// Sorts each node's items.
fn sort_each<K: Ord>(items: &mut [u32], starts: &[u32], key: impl Fn(u32) -> K) {
    for bounds in starts.windows(2) {
        items[bounds[0] as usize..bounds[1] as usize].sort_unstable_by_key(|item| key(*item));
    }
}

/// Who goes where: for each candidate the post, `None` if unplaced.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Placement(pub Vec<Option<u32>>);

impl Placement {
    /// The pairs (post, candidate), by candidate.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.0.iter().enumerate().filter_map(|(c, post)| post.map(|p| (p, c as u32)))
    }

    /// From pairs (post, candidate) in any order.
    ///
    /// # Errors
    /// A candidate who does not exist or is placed twice.
    pub fn from_pairs(
        candidates: usize,
        pairs: impl IntoIterator<Item = (u32, u32)>,
    ) -> Result<Placement, PlacementError> {
        let mut placed = vec![None; candidates];
        for (post, candidate) in pairs {
            let slot = placed.get_mut(candidate as usize).ok_or(PlacementError::Unlisted { post, candidate })?;
            if slot.replace(post).is_some() {
                return Err(PlacementError::Twice(candidate));
            }
        }
        Ok(Placement(placed))
    }
}

/// Why a placement is none of this market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlacementError {
    /// One entry is needed for each candidate.
    #[error("the placement has {entries} entries for {candidates} candidates")]
    Length { entries: usize, candidates: usize },
    /// A pair that is not in the market's list.
    #[error("candidate {candidate} is placed at post {post}, but the two do not accept each other")]
    Unlisted { post: u32, candidate: u32 },
    /// A candidate at two posts.
    #[error("candidate {0} is placed twice")]
    Twice(u32),
    /// More holders than seats.
    #[error("post {post} has {holders} holders for {seats} seats")]
    Full { post: u32, holders: u32, seats: u32 },
}

/// A placement seen from the posts.
pub(super) struct Held {
    /// For each candidate the edge in use, [`NONE`] if unplaced.
    pub edge: Vec<u32>,
    /// For each edge, whether it is in use.
    pub used: Vec<bool>,
    /// For each post how many seats are taken.
    pub taken: Vec<u32>,
    /// For each post the edge of its worst holder, [`NONE`] if it has none.
    pub worst: Vec<u32>,
}

impl Held {
    pub fn new(market: &Market, placement: &Placement) -> Result<Held, PlacementError> {
        let candidates = market.candidates();
        if placement.0.len() != candidates {
            return Err(PlacementError::Length { entries: placement.0.len(), candidates });
        }
        let mut edge = vec![NONE; candidates];
        for (post, candidate) in placement.pairs() {
            let found = market.wishes(candidate as usize).iter().find(|e| market.post[**e as usize] == post);
            edge[candidate as usize] = *found.ok_or(PlacementError::Unlisted { post, candidate })?;
        }
        Held::from_edges(market, edge)
    }

    pub fn from_edges(market: &Market, edge: Vec<u32>) -> Result<Held, PlacementError> {
        let mut used = vec![false; market.pairs()];
        let mut taken = vec![0; market.posts()];
        let mut worst = vec![NONE; market.posts()];
        for &e in edge.iter().filter(|e| **e != NONE) {
            let post = market.post[e as usize] as usize;
            used[e as usize] = true;
            taken[post] += 1;
            worst[post] = if worst[post] == NONE { e } else { e.max(worst[post]) };
        }
        match taken.iter().zip(&market.seats).position(|(taken, seats)| taken > seats) {
            Some(post) => {
                Err(PlacementError::Full { post: post as u32, holders: taken[post], seats: market.seats[post] })
            }
            None => Ok(Held { edge, used, taken, worst }),
        }
    }

    pub fn full(&self, market: &Market, post: usize) -> bool {
        self.taken[post] == market.seats[post]
    }

    /// Whether the post of `edge` would take its candidate: it has a free seat or prefers the
    /// candidate to its worst holder.
    pub fn wanted(&self, market: &Market, edge: usize) -> bool {
        let post = market.post[edge] as usize;
        !self.full(market, post) || (edge as u32) < self.worst[post]
    }

    pub fn placement(&self, market: &Market) -> Placement {
        Placement(self.edge.iter().map(|e| market.post.get(*e as usize).copied()).collect())
    }
}
