//! The assessment under uncertainty: replications are made in parallel, ranked, graded and counted.
//!
//! Draw d takes realisation d of every factor, for every year and policy: what is compared shares its
//! random numbers. Draws are made in batches; each thread makes and ranks its part, then all threads
//! count the batch, each its own rows. Everything counted is a whole number, so that the bytes depend
//! neither on the number of threads nor on the batch. A replication that fails is counted and
//! named; shares are of those that did not.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Replicate;
use super::board::{Board, Places, Ranker};
use super::grading::{Buffers, Capped, Grading};
use super::policy::{Places as Count, Uncertainty};
use super::row::{Row, Spread};
use super::smaa::{self, Central};
use super::sobol::{self, Indices};
use super::tally::{Counted, Tally};
use crate::index::Index;
use crate::index::grade::{self, Limit};
use crate::index::pipeline::Plan;
use crate::index::table::Groups;

/// What is assessed; everything by row.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Rows that are ranked with one another.
    pub groups: &'a Groups,
    pub units: &'a [u32],
    pub periods: &'a [i64],
    /// Nominal scores; NaN where not rated.
    pub scores: &'a [f64],
    /// Lowest score and room of each grade, best first; empty without grades.
    pub bands: &'a [Limit],
    /// The best band that vetoes leave; empty without vetoes.
    pub forced: &'a [Option<usize>],
    /// Where grades are capped, if not within `groups`.
    pub capped: Option<Capped<'a>>,
}

impl<'a> Subject<'a> {
    /// The subject of a plan.
    pub fn new(plan: &'a Plan, scores: &'a [f64], bands: &'a [Limit], forced: &'a [Option<usize>]) -> Subject<'a> {
        let (units, periods) = (&plan.table.units, &plan.table.periods);
        Subject { groups: &plan.scope, units, periods, scores, bands, forced, capped: None }
    }
}

/// Replications that failed for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub reason: String,
    pub count: u64,
    /// The first draw that failed so.
    pub first: u64,
}

/// Replications that failed, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures(BTreeMap<String, (u64, u64)>);

impl Failures {
    /// Counts one.
    pub fn add(&mut self, reason: String, draw: u64) {
        let (count, first) = self.0.entry(reason).or_insert((0, draw));
        *count += 1;
        *first = draw.min(*first);
    }

    /// Adds others.
    pub fn merge(&mut self, other: Failures) {
        for (reason, (more, draw)) in other.0 {
            let (count, first) = self.0.entry(reason).or_insert((0, draw));
            *count += more;
            *first = draw.min(*first);
        }
    }

    /// In the order in which they first occurred.
    pub fn list(&self) -> Vec<Failure> {
        let failure = |(reason, (count, first)): (&String, &(u64, u64))| Failure {
            reason: reason.clone(),
            count: *count,
            first: *first,
        };
        let mut list: Vec<Failure> = self.0.iter().map(failure).collect();
        list.sort_by_key(|failure| failure.first);
        list
    }
}

/// What the declared alternatives make of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Share of the draws in which it is rated; the rank is over these.
    pub rated: f64,
    /// Rank, 1 the best; none where it is never rated.
    pub rank: Option<Spread>,
    /// P(among the best k).
    pub p_top: f64,
    /// P(among the last k).
    pub p_bottom: f64,
    /// P(each grade), best first.
    pub p_grades: Vec<f64>,
    /// P(before the unit next below in the nominal ranking, the next by name of those that tie), ties
    /// count half.
    pub beats: Option<f64>,
    /// Acceptability of the first ranks; those not listed, up to the k of its group, are 0.
    pub acceptability: Vec<f64>,
    /// Holistic acceptability, by linear meta-weights; none where it is never rated.
    pub holistic: Option<f64>,
    /// Central weights by leaf; none where it is never first.
    pub central: Option<Vec<f64>>,
    /// Confidence factor; none where no errors of the data are declared, or it is hardly ever first.
    pub confidence: Option<f64>,
    /// Change of rank since the unit's period before.
    pub change: Option<Spread>,
    /// Sobol indices of its rank by factor; none where its rank does not vary.
    pub sobol: Option<Vec<Indices>>,
}

/// An assessment under uncertainty.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    /// Keys of the factors.
    pub factors: Vec<String>,
    /// Draws that did not fail.
    pub draws: u64,
    /// By row.
    pub rows: Vec<Standing>,
    /// k of P(top k) and P(bottom k) by group.
    pub top: Vec<u32>,
    pub bottom: Vec<u32>,
    /// The greatest Monte-Carlo standard error of any row's P(top k): four times the draws halve it.
    pub standard_error: f64,
    /// Base samples of the Sobol indices of which all replications succeeded; 0 without.
    pub base: u64,
    /// Sobol indices of the mean absolute shift of ranks, by factor; none without variance.
    pub sobol: Option<Vec<Indices>>,
    /// Draws that failed, and replications for Sobol indices that failed.
    pub failures: Vec<Failure>,
    pub sobol_failures: Vec<Failure>,
}

/// Most grades that draws are graded by.
const GRADES: usize = 64;

/// Assesses an index by draws of what its policy declares uncertain: its grades, vetoes and scopes.
///
/// # Errors
/// As [`assess`].
pub fn assess_index<R: Replicate>(
    plan: &Plan,
    index: &Index,
    replicator: &R,
    rule: &Uncertainty,
) -> Result<Assessed, String> {
    let bands = grade::limits(&plan.policy.grades, plan.policy.share_rounding);
    assess(replicator, &Subject::new(plan, &index.score, &bands, &index.lines.forced), rule)
}

/// Is told how far an analysis (`draws`, `sobol`) has come: done, of so many.
pub type Watch<'a> = &'a (dyn Fn(&'static str, u64, u64) + Sync);

/// Assesses a subject by draws of what is declared uncertain; `seed` is the replicator's business.
///
/// # Errors
/// There are no draws; there are too many grades; every replication fails (the first reason).
pub fn assess<R: Replicate>(replicator: &R, subject: &Subject, rule: &Uncertainty) -> Result<Assessed, String> {
    assess_watched(replicator, subject, rule, &|_, _, _| {})
}

/// [`assess`], telling how far it has come.
///
/// # Errors
/// As [`assess`].
pub fn assess_watched<R: Replicate>(
    replicator: &R,
    subject: &Subject,
    rule: &Uncertainty,
    watch: Watch,
) -> Result<Assessed, String> {
    if rule.draws == 0 {
        return Err("no draws are asked for: `draws` is 0".to_owned());
    }
    if subject.bands.len() > GRADES {
        return Err(format!("{} grades; at most {GRADES} can be awarded in draws", subject.bands.len()));
    }
    let board = Board::new(subject.groups, subject.units, subject.periods, subject.scores);
    let k = |places: Count| board.rated.iter().map(|&rated| count(places, rated)).collect::<Vec<u32>>();
    let (top, bottom) = (k(rule.top), k(rule.bottom));
    let counted = Counted { draws: rule.draws, top: top.clone(), bottom: bottom.clone(), grades: subject.bands.len() };
    let mut drawing = Drawing {
        replicator,
        grading: Grading::new(&board, subject.bands, subject.forced, subject.capped),
        board: &board,
        tally: Tally::new(&board, counted),
        central: Central::default(),
        failures: Failures::default(),
    };
    drawing.run(rule.draws, watch);
    let Drawing { tally, central, failures, .. } = drawing;
    if tally.draws() == 0 {
        let reason = failures.list().into_iter().next().map_or_else(String::new, |f| f.reason);
        return Err(format!("all {} replications fail: {reason}", rule.draws));
    }
    let mut sobol_failures = Failures::default();
    let split = rule.sobol.map(|sobol| sobol::split(replicator, &board, sobol.base, &mut sobol_failures, watch));

    let standing = |position: usize| {
        standing(&board, &tally, &central, position, split.as_ref().and_then(|s| s.rows[position].clone()))
    };
    // In the order of the counters, which are fetched in one direction; then by row.
    let mut rows: Vec<Standing> = (0..board.rows.len()).into_par_iter().map(standing).collect();
    permute(&mut rows, board.positions());
    if replicator.data().contains(&true) {
        let at = board.positions();
        for (row, standing) in rows.iter_mut().enumerate() {
            let often = standing.acceptability.first().is_some_and(|&first| first >= smaa::FROM);
            if let Some(weights) = standing.central.as_ref().filter(|_| often) {
                standing.confidence =
                    smaa::confidence(replicator, &board, at[row] as usize, weights, rule.draws.min(smaa::DRAWS));
            }
        }
    }
    let error = |p: f64| (p * (1.0 - p) / tally.draws() as f64).max(0.0).sqrt();
    Ok(Assessed {
        factors: replicator.factors(),
        draws: tally.draws(),
        standard_error: rows.iter().map(|row| error(row.p_top)).fold(0.0, f64::max),
        rows,
        top,
        bottom,
        base: split.as_ref().map_or(0, |s| s.used),
        sobol: split.and_then(|s| s.whole),
        failures: failures.list(),
        sobol_failures: sobol_failures.list(),
    })
}

/// Puts what stands at `from[i]` at i; every index is among them once.
fn permute<T>(items: &mut [T], mut from: Vec<u32>) {
    for start in 0..items.len() {
        // Along a cycle: what belongs at one comes from the next.
        let mut at = start;
        loop {
            let next = std::mem::replace(&mut from[at], at as u32) as usize;
            if next == start {
                break;
            }
            items.swap(at, next);
            at = next;
        }
    }
}

/// k of so many places among the rated.
fn count(places: Count, rated: u32) -> u32 {
    match places {
        Count::Count(k) => k.min(rated),
        Count::Share(share) => (grade::places(share, rated as usize) as u32).max(1).min(rated),
    }
}

fn standing(board: &Board, tally: &Tally, central: &Central, position: usize, sobol: Option<Vec<Indices>>) -> Standing {
    let row: Row = tally.row(board, position);
    let group = board.groups.partition_point(|group| group.end <= position);
    Standing {
        rated: row.rated() as f64 / tally.draws() as f64,
        rank: row.rank(),
        p_top: row.p_top(),
        p_bottom: row.p_bottom(),
        p_grades: row.p_grades(),
        beats: row.beats(),
        acceptability: row.acceptabilities(),
        holistic: row.place().map(|place| smaa::holistic(place, board.rated[group])),
        central: central.weights(position),
        confidence: None,
        change: row.change(),
        sobol,
    }
}

/// One draw of a batch.
#[derive(Debug, Default)]
struct Slot {
    places: Places,
    grades: Vec<u8>,
    firsts: Vec<(u32, u32)>,
    weights: Vec<f64>,
    failed: Option<String>,
}

/// Buffers of one thread.
struct Lane<W> {
    worker: W,
    ranker: Ranker,
    grading: Buffers,
    realisations: Vec<u64>,
    next: Vec<u64>,
}

struct Drawing<'a, R: Replicate> {
    replicator: &'a R,
    grading: Grading,
    board: &'a Board,
    tally: Tally,
    central: Central,
    failures: Failures,
}

/// Bytes that the places of a batch may take, and draws of a batch at most: the more, the less often
/// each row's counters come from memory.
const ROOM: usize = 128 << 20;
const BATCH: usize = 128;

impl<R: Replicate> Drawing<'_, R> {
    fn run(&mut self, draws: u32, watch: Watch) {
        let factors = self.replicator.factors().len();
        let threads = rayon::current_num_threads().max(1);
        let batch = (ROOM / (self.board.rows.len().max(1) * 4)).clamp(16, BATCH);
        let part = batch.div_ceil(threads);
        let lane = || Lane {
            worker: self.replicator.worker(),
            ranker: Ranker::new(self.board, self.replicator),
            grading: Buffers::default(),
            realisations: vec![0; factors],
            next: vec![0; factors],
        };
        let mut lanes: Vec<Lane<R::Worker>> = (0..threads).map(|_| lane()).collect();
        let mut slots: Vec<Slot> = (0..threads * part).map(|_| Slot::default()).collect();
        let mut start = 0;
        while start < draws {
            watch("draws", u64::from(start), u64::from(draws));
            let batch = slots.len().min((draws - start) as usize);
            let this = &*self;
            let parts = slots[..batch].par_chunks_mut(part).zip(lanes.par_iter_mut()).enumerate();
            parts.for_each(|(at, (slots, lane))| {
                let first = u64::from(start) + (at * part) as u64;
                let end = first + slots.len() as u64;
                (first..).zip(slots).for_each(|(draw, slot)| this.draw(draw, end, lane, slot));
            });
            self.count(u64::from(start), &mut slots[..batch]);
            start += batch as u32;
        }
    }

    /// Makes one draw of those before `end`.
    fn draw(&self, draw: u64, end: u64, lane: &mut Lane<R::Worker>, slot: &mut Slot) {
        let Lane { worker, ranker, grading, realisations, next } = lane;
        realisations.fill(draw);
        next.fill(draw + 1);
        let asked = (realisations.as_slice(), (draw + 1 < end).then_some(next.as_slice()));
        let outcome = match ranker.draw(self.replicator, self.board, asked, worker, &mut slot.places) {
            Ok(outcome) => outcome,
            Err(reason) => {
                slot.failed = Some(reason);
                return;
            }
        };
        slot.failed = None;
        smaa::firsts(self.board, &slot.places, &mut slot.firsts);
        slot.weights.clear();
        slot.weights.extend_from_slice(outcome.weights);
        self.grading.award(self.board, outcome.scores, &slot.places, grading, &mut slot.grades);
    }

    /// Counts a batch that begins with that draw.
    fn count(&mut self, start: u64, slots: &mut [Slot]) {
        for (draw, slot) in (start..).zip(&mut *slots) {
            match slot.failed.take() {
                Some(reason) => {
                    self.failures.add(reason, draw);
                    slot.places.first.clear();
                }
                None => self.central.add(&slot.firsts, &slot.weights),
            }
        }
        let done: Vec<(&Places, &[u8])> = slots
            .iter()
            .filter(|slot| slot.places.first.len() == self.board.rows.len())
            .map(|slot| (&slot.places, slot.grades.as_slice()))
            .collect();
        self.tally.add(self.board, &done);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_permuted_comes_from_where_it_is_said_to(from in Just((0..50_u32).collect::<Vec<_>>()).prop_shuffle()) {
            let mut items: Vec<u32> = (100..150).collect();
            super::permute(&mut items, from.clone());
            prop_assert_eq!(items, from.iter().map(|from| from + 100).collect::<Vec<_>>());
        }
    }
}
