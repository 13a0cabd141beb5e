//! The least number of batches, and who goes where: numbers only.
//!
//! People belong to a bloc (a village) and a group (a township). In one batch there are at most
//! `seats` people, at most one of a bloc, and at most `cap` of a group. So there must be at least
//! `⌈n ∕ seats⌉` batches, as many as the largest bloc has people, and `⌈m ∕ cap⌉` for every group of
//! `m` people. That many suffice: with blocs and groups side by side in one list, the i-th goes to
//! batch `i mod B`. The sizes of batches then differ by one at most, people of one bloc stand within
//! B places of each other and never meet, and each batch gets at most `⌈m ∕ B⌉ ≤ cap` of a group.
//!
//! Where a bloc reaches over two groups, or people are away on some days, that argument has gaps:
//! then the next batch with room is taken, and if there is none the number of batches grows.

use std::collections::{BTreeMap, BTreeSet};

/// One person to be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Of one bloc at most one goes in a batch.
    pub bloc: usize,
    /// Of one group at most `cap` go in a batch.
    pub group: usize,
    /// That cap, at least 1; the same for everybody of the group.
    pub cap: usize,
}

/// What set the number of batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The seats.
    Seats,
    /// The largest bloc.
    Village,
    /// The share of a group.
    Township,
    /// The most batches that were allowed.
    Limit,
    /// People who are away on some days.
    Away,
}

impl Bound {
    /// The code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Bound::Seats => "seats",
            Bound::Village => "village",
            Bound::Township => "township",
            Bound::Limit => "limit",
            Bound::Away => "away",
        }
    }
}

/// Who goes where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Number of batches.
    pub batches: usize,
    /// The batch of each member, from 0; `None`: not placed.
    pub of: Vec<Option<usize>>,
    pub bound: Bound,
}

/// The three lower bounds: seats, bloc, group.
pub fn bounds(members: &[Member], seats: usize) -> [usize; 3] {
    let (mut blocs, mut groups) = (BTreeMap::new(), BTreeMap::new());
    for member in members {
        *blocs.entry(member.bloc).or_insert(0usize) += 1;
        groups.entry(member.group).or_insert((0usize, member.cap.max(1))).0 += 1;
    }
    let share = groups.values().map(|(people, cap)| people.div_ceil(*cap)).max().unwrap_or(0);
    [members.len().div_ceil(seats.max(1)), blocs.values().copied().max().unwrap_or(0), share]
}

/// Spreads `members`, listed by priority, over as few batches as can be, at most `most` (0: any
/// number). `blocked` tells whether a member cannot come to a batch. Whoever is placed is placed
/// within all limits. Where `most` is too few, the earliest in the list go first and as many as can be.
pub fn spread(members: &[Member], seats: usize, most: usize, blocked: impl Fn(usize, usize) -> bool) -> Spread {
    let all = bounds(members, seats);
    let least = all.into_iter().max().unwrap_or(0);
    let bound = match all {
        [seats, _, _] if seats == least => Bound::Seats,
        [_, village, _] if village == least => Bound::Village,
        _ => Bound::Township,
    };
    let limited = most > 0 && least > most;
    let chosen = if limited { first(members, seats, most) } else { (0..members.len()).collect() };
    let (mut batches, bound) = if limited { (most, Bound::Limit) } else { (least, bound) };
    // Everybody alone in a batch always fits, unless people are away; twice as many batches give them
    // room as well, and keep the plan from growing for ever.
    let limit = if most > 0 { most } else { 2 * members.len().max(least) };
    let start = batches;
    loop {
        let (of, short) = place(members, &chosen, seats, batches, &blocked);
        if !short || batches >= limit {
            let bound = if batches > start { Bound::Away } else { bound };
            return Spread { batches, of, bound };
        }
        batches += 1;
    }
}

/// As many as fit into `most` batches, the earliest first. Blocs lie within groups and groups within
/// the whole, so taking whoever still fits misses nobody who could have been added.
fn first(members: &[Member], seats: usize, most: usize) -> Vec<usize> {
    let (mut blocs, mut groups) = (BTreeMap::new(), BTreeMap::new());
    let mut chosen = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let bloc = blocs.entry(member.bloc).or_insert(0usize);
        let group = groups.entry(member.group).or_insert(0usize);
        if *bloc < most && *group < most * member.cap.max(1) && chosen.len() < most * seats {
            *bloc += 1;
            *group += 1;
            chosen.push(at);
        }
    }
    chosen
}

/// One try with a given number of batches; also whether somebody found no room who was not kept
/// away from every batch.
fn place(
    members: &[Member],
    chosen: &[usize],
    seats: usize,
    batches: usize,
    blocked: &impl Fn(usize, usize) -> bool,
) -> (Vec<Option<usize>>, bool) {
    let mut of = vec![None; members.len()];
    let mut used = vec![0usize; batches];
    let mut met: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut grouped: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    // The group of a bloc is that of its first member.
    let mut group_of: BTreeMap<usize, usize> = BTreeMap::new();
    for &at in chosen {
        group_of.entry(members[at].bloc).or_insert(members[at].group);
    }
    let bound: Vec<bool> = chosen.iter().map(|&at| (0..batches).any(|b| blocked(at, b))).collect();
    let mut order: Vec<(bool, usize, usize, usize)> = chosen
        .iter()
        .zip(&bound)
        .map(|(&at, bound)| (!bound, group_of[&members[at].bloc], members[at].bloc, at))
        .collect();
    order.sort_unstable();
    let (mut next, mut short) = (0, false);
    for (free, _, _, at) in order {
        let member = members[at];
        let fits = |batch: &usize| {
            used[*batch] < seats
                && !met.contains(&(member.bloc, *batch))
                && grouped.get(&(member.group, *batch)).copied().unwrap_or(0) < member.cap.max(1)
                && !blocked(at, *batch)
        };
        let found = (0..batches).map(|step| (next + step) % batches).find(|b| fits(b));
        match found {
            Some(batch) => {
                of[at] = Some(batch);
                used[batch] += 1;
                met.insert((member.bloc, batch));
                *grouped.entry((member.group, batch)).or_insert(0) += 1;
            }
            None => short |= free || (0..batches).any(|b| !blocked(at, b)),
        }
        next = (next + 1) % batches.max(1);
    }
    (of, short)
}
