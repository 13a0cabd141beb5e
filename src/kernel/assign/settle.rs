//! What came loose is put right: searches from both sides in turn, near by first.
//!
//! After changes rows and columns without a partner are about as many, and most of them suit each other by way of
//! a few others. If one side searched to the end before the other began, it would pass the others' partners by and
//! go as far as the next unused column, and the other side would have to bring all that back. So every search ends
//! after a few nodes, at prices that are right as far as it came; the next round reaches farther.
//!
//! Searches of a round run several at a time; see [`search`](super::search).
//!
//! Where one side is left over in the end, everybody's price is off by much the same, as when a few good columns
//! more push all others down by one step. Searches would have to reach everybody; instead all prices are shifted
//! at once, as far as makes a few more pairs come loose than there are nodes left over, and these suit each other.

use rayon::prelude::*;

use super::auction::unsettled;
use super::bids::{LANE, MANY, Market};
use super::problem::{NEVER, NONE, Problem, Sides};
use super::search::{Book, Found, Reach, Searches};
use super::side::Cost;
use super::solve::{Infeasible, augment_columns, augment_rows, tighten};

/// Bids per column, and per row, of each turn before the searches, and so many turns.
const BIDS: (u64, u64) = (10, 20);
const TURNS: usize = 4;

/// For one left over among so many nodes it is worth to store all prices in half the width: see [`Book`].
const HALVED: usize = 2_000;

/// So many nodes searches of the first round reach.
const REACH: usize = 64;

/// Each round reaches so many times farther.
const WIDER: usize = 4;

/// Searches run together as long as they reach so many nodes in all: the more, the more often they go where others
/// have just been. But never fewer or more than these.
const TOGETHER: usize = 4_096;
const FEWEST: usize = 4;
const MOST: usize = 64;

/// After so many searches that reached all nodes they might, it is known how far away others need not look.
const KNOWN: usize = 8;

/// Prices are shifted so many times at most.
const SHIFTS: usize = 8;

/// Prices are shifted only for so many left over, and where searches for them would look at more than one row in
/// so many.
const SEVERAL: usize = 4;
const WORTH: usize = 32;

/// Fewer rows are not worth a second thread.
const SMALL: usize = 5_000;

/// Rows looked at together before a shift.
const BLOCK: usize = 16_384;

/// A shift goes as far as loosens one pair in so many more than are left over: not all of those find each other. At
/// twice as many it would go too far, and the next back.
const SURE: usize = 5;

/// Pairs without any room come loose in a shift whatever is gained: one in so many may, or twice those left over.
/// Where more have none, fits are on few levels, and a shift is more likely to go too far.
const LOST: usize = 2_000;

/// For so many rows that searches for those left over would look at, one more pair may come loose in a shift.
const SPARED: usize = 32;

/// Places the free `rows` and all columns that are left with a price. Needs prices that are exact for the columns'
/// prices, and every pair tight. False, and not all are placed, if searches would look at more than `patience`
/// edges.
///
/// # Errors
/// Rows that must be filled or columns that must be placed, but cannot all be.
pub(super) fn settle<C: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book,
    far: &mut Book,
    searches: &mut Searches,
    rows: Vec<u32>,
    patience: u64,
) -> Result<bool, Infeasible> {
    if problem.rows() < SMALL {
        return bid_and_search(problem, sides, near, far, searches, rows, patience);
    }
    // Threads of the pool hand work to each other faster than others to them.
    rayon::scope(|_| bid_and_search(problem, sides, near, far, searches, rows, patience))
}

/// Bids, then searches, these by narrow prices where it is worth it.
fn bid_and_search<C: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book,
    far: &mut Book,
    searches: &mut Searches,
    rows: Vec<u32>,
    patience: u64,
) -> Result<bool, Infeasible> {
    let left = bid(problem, sides, near, far, rows);
    let searched = (left.0.len() + left.1.len()).saturating_mul(HALVED);
    if searched < problem.rows() + problem.columns() || !are_narrow(problem, near, far) {
        return rounds(problem, sides, near, far, searches, left, patience);
    }
    let whole = |book: &mut Book| std::mem::replace(book, Book::new(0));
    let (mut low_near, mut low_far) = (whole(near).stored::<i32>(), whole(far).stored::<i32>());
    let settled = rounds(problem, sides, &mut low_near, &mut low_far, searches, left, patience);
    (*near, *far) = (low_near.stored(), low_far.stored());
    settled
}

/// Bids without a step find what is next door at less cost than searches. Returns the rows and the columns that are
/// left.
fn bid<C: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book,
    far: &mut Book,
    mut rows: Vec<u32>,
) -> (Vec<u32>, Vec<u32>) {
    let at_once = if problem.rows() < SMALL { LANE } else { MANY };
    let mut columns = unsettled(problem, far);
    for _ in 0..TURNS {
        if !columns.is_empty() {
            let market = Market { side: sides.columns(), stay: &problem.unused, cap: NEVER, shift: 0 };
            let budget = BIDS.0 * columns.len() as u64;
            columns = market.reduce(far, near, columns, at_once, budget);
        }
        rows.retain(|row| near.mate[*row as usize] == NONE);
        let market = Market { side: &sides.rows, stay: &problem.open, cap: NEVER, shift: 0 };
        let budget = BIDS.1 * rows.len() as u64;
        rows = market.reduce(near, far, rows, at_once, budget);
        columns.retain(|column| far.mate[*column as usize] == NONE);
    }
    (rows, columns)
}

/// Whether prices fit in 32 bits all the way. Where everything may stay without a partner, rows' prices lie between
/// costs and open prices, and columns' between 0 and what is left of a cost at the highest row's price; a shift may
/// lead once as far beyond.
fn are_narrow(problem: &Problem, near: &Book, far: &Book) -> bool {
    if problem.has_musts() {
        return false;
    }
    let lowest = problem.open.iter().copied().fold(problem.least, i64::min);
    let highest = problem.open.iter().copied().fold(0, i64::max);
    let range = highest - lowest;
    let fits = |price: i64| i32::try_from(price).is_ok();
    fits(lowest)
        && fits(highest)
        && fits(2 * range)
        && near.price.iter().all(|price| (lowest..=highest).contains(price))
        && far.price.iter().all(|price| (-range..=0).contains(price))
}

fn rounds<C: Cost, P: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book<P>,
    far: &mut Book<P>,
    searches: &mut Searches,
    (mut rows, mut columns): (Vec<u32>, Vec<u32>),
    patience: u64,
) -> Result<bool, Infeasible> {
    let (mut reach, mut shifts, mut fewest) = (REACH, 0, usize::MAX);
    let patience = patience.saturating_add(searches.work);
    let degree = (problem.edges() / problem.rows().max(1)) as u64;
    loop {
        let mut round = Round::of(columns, reach);
        while let Some((next, reach)) = round.next(problem.rows()) {
            if searches.work > patience {
                return Ok(false);
            }
            let found = augment_columns(problem, sides, near, far, searches, &next, reach)?;
            round.note(&next, &found);
        }
        let mut left_columns = round.left;
        rows.retain(|row| near.mate[*row as usize] == NONE);
        let mut round = Round::of(rows, reach);
        while let Some((next, reach)) = round.next(problem.columns()) {
            if searches.work > patience {
                return Ok(false);
            }
            let found = augment_rows(problem, sides, near, far, searches, &next, reach)?;
            round.note(&next, &found);
        }
        left_columns.retain(|column| far.mate[*column as usize] == NONE);
        (rows, columns) = (round.left, left_columns);
        if rows.is_empty() && columns.is_empty() {
            return Ok(true);
        }
        let over = rows.len().abs_diff(columns.len());
        let spared = over.saturating_mul(reach);
        let is_worth = over >= SEVERAL && reach > REACH && spared >= problem.rows() / WORTH;
        // Where one shift left as many over as there were, so will the next.
        if is_worth && shifts < SHIFTS && over < fewest {
            (shifts, fewest) = (shifts + 1, over);
            let over = columns.len() as i64 - rows.len() as i64;
            if let Some(loose) = shift(problem, sides, near, far, over, spared / SPARED) {
                (rows, columns, reach) = (loose, unsettled(problem, far), REACH);
                continue;
            }
        }
        reach = reach.saturating_mul(WIDER);
        let next = (rows.len() + columns.len()) as u64 * (reach as u64).min(problem.rows() as u64);
        if searches.work.saturating_add(next.saturating_mul(degree)) > patience {
            return Ok(false);
        }
    }
}

/// Searches of a round, some at a time: who is still to search, and who found nothing within reach.
struct Round {
    waiting: Vec<u32>,
    left: Vec<u32>,
    /// So many nodes they may reach, and no farther away than others were that went so far.
    nodes: usize,
    known: usize,
    farthest: i64,
    /// Those before were all in each other's way: the next search has no others beside it.
    is_alone: bool,
}

impl Round {
    fn of(mut nodes: Vec<u32>, reach: usize) -> Round {
        nodes.reverse();
        Round { waiting: nodes, left: Vec::new(), nodes: reach, known: 0, farthest: 0, is_alone: false }
    }

    /// Who searches next, and how far among `all` nodes.
    fn next(&mut self, all: usize) -> Option<(Vec<u32>, Reach)> {
        let at_once = if self.is_alone { 1 } else { (TOGETHER / self.nodes).clamp(FEWEST, MOST) };
        let at_once = at_once.min(self.waiting.len());
        let next: Vec<u32> = self.waiting.drain(self.waiting.len() - at_once..).rev().collect();
        let is_known = self.nodes < all && self.known >= KNOWN;
        let reach = Reach { nodes: self.nodes, length: if is_known { self.farthest + 1 } else { NEVER } };
        Some((next, reach)).filter(|next| !next.0.is_empty())
    }

    fn note(&mut self, nodes: &[u32], found: &[Found]) {
        let taken = nodes.iter().zip(found).filter(|found| *found.1 == Found::Taken);
        self.is_alone = found.iter().all(|found| *found == Found::Taken);
        self.waiting.extend(taken.map(|taken| taken.0).rev());
        for (node, found) in nodes.iter().zip(found) {
            match found {
                Found::Place | Found::Taken => {}
                Found::TooFar(radius) => {
                    self.left.push(*node);
                    if let Some(radius) = radius {
                        self.farthest = self.farthest.max(*radius);
                        self.known += 1;
                    }
                }
            }
        }
    }
}

/// Shifts the prices of all columns that are not at rest: up where more columns than rows are `over` (then those
/// that are worth least come to be unused), down where more rows are (then rows turn to unused columns, or stay
/// open). Returns the free rows; `None`, and nothing changed, where no pairs would come loose, too many have no room
/// ([`LOST`]), or of the others more would than twice as many as are left over, and than `may`.
fn shift<C: Cost, P: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book<P>,
    far: &mut Book<P>,
    over: i64,
    may: usize,
) -> Option<Vec<u32>> {
    let few = usize::try_from(over.unsigned_abs()).ok()?;
    let room = |far: &Book<P>, column: u32| problem.unused[column as usize] - far.price(column as usize);
    let rests = |far: &Book<P>, column: usize| far.mate[column] == NONE && far.price(column) == problem.unused[column];
    // Prices of the columns whose offers a shift makes better than others.
    let better = |column: usize| {
        let price = far.price(column);
        let is_better = if over > 0 { price < problem.unused[column] } else { rests(far, column) };
        if is_better { price } else { -NEVER }
    };
    let better: Vec<i64> = (0..problem.columns()).into_par_iter().with_min_len(BLOCK).map(better).collect();
    // For each row how far prices can go before its pair comes loose, or before it does not stay open any more.
    let slack = |row: usize| {
        let mate = near.mate[row];
        let least = || {
            let arcs = sides.rows.of(row).iter();
            let offers = arcs.map(|arc| {
                let offer = arc.cost.into() - better[arc.head as usize];
                if arc.head == mate { NEVER } else { offer }
            });
            offers.min().unwrap_or(NEVER).min(NEVER) - near.price(row)
        };
        match mate {
            NONE if over < 0 || near.price(row) != problem.open[row] => NEVER,
            NONE => least(),
            // Its own column's price rises too, up to its limit.
            mate if over > 0 => least().saturating_add(room(far, mate)),
            _ => least().min(problem.open[row] - near.price(row)),
        }
    };
    let mut slacks = vec![0; problem.rows()];
    let mut lost = 0;
    for (block, slacks) in slacks.chunks_mut(BLOCK).enumerate() {
        slacks.par_iter_mut().enumerate().for_each(|(at, of)| *of = slack(block * BLOCK + at));
        lost += slacks.iter().filter(|slack| **slack <= 0).count();
        if lost > (problem.rows() / LOST).max(2 * few) {
            return None;
        }
    }
    let mut sorted = slacks.clone();
    let at = (few + few / SURE + lost).min(sorted.len().checked_sub(1)?);
    let mut by = *sorted.select_nth_unstable(at).1;
    if slacks.iter().filter(|slack| **slack <= by).count() > lost + may.max(2 * few) {
        by = slacks.iter().copied().filter(|slack| *slack < by).max()?;
    }
    if by <= 0 || by >= NEVER / 64 {
        return None;
    }
    // Rows with that much slack stay paired, and their prices go the other way; the others are looked at.
    let is_loose = |row: &u32| {
        let (row, open) = (*row as usize, problem.open[*row as usize]);
        let is_free = near.mate[row] == NONE && (near.price(row) != open || open == NEVER);
        slacks[row] < by || is_free
    };
    let loose: Vec<u32> = (0..problem.rows() as u32).into_par_iter().with_min_len(BLOCK).filter(is_loose).collect();
    let paired = near.price.par_iter_mut().zip(&near.mate).zip(&slacks).with_min_len(BLOCK);
    paired.filter(|((_, mate), slack)| **mate != NONE && **slack >= by).for_each(|((price, mate), _)| {
        let before: i64 = (*price).into();
        *price = P::store(if over > 0 { before - by.min(room(far, *mate)) } else { before + by });
    });
    let columns = far.price.par_iter_mut().zip(&far.mate).zip(&problem.unused).with_min_len(BLOCK);
    columns.for_each(|((price, mate), unused)| {
        let before: i64 = (*price).into();
        if *mate != NONE || before != *unused {
            *price = P::store(if over > 0 { (before + by).min(*unused) } else { before - by });
        }
    });
    Some(tighten(problem, sides, near, far, loose.into_iter()))
}
