//! Good prices for hard instances: an auction whose step shrinks from phase to phase.

use super::bids::Market;
use super::problem::{LIMIT, NEVER, NONE, Problem, Sides};
use super::search::Book;
use super::side::Cost;

/// Prices are on a grid this much finer (as a power of two) than the costs, where that fits: what
/// the last phase leaves inexact then mostly vanishes when prices go back to the costs' grid.
const FINER: u32 = 6;

/// The first step is this fraction of the costs' spread.
const FIRST: i64 = 20;

/// Each step is this fraction of the one before.
const SHRINK: i64 = 10;

/// No coarse step is less than this fraction of what rows differ about: exact searches mostly take less for the rest.
const LAST: i64 = 6_000;

/// Columns' own costs count as agreed if rows differ about this share of the variance at most.
const AGREED: f64 = 0.3;

/// What rows differ about reaches over so many standard deviations.
const RANGE: f64 = 6.0;

/// Prices start so many standard deviations short of what columns' costs alone would make them.
const HEADROOM: f64 = 1.0;

/// Bids per node and phase before the auction is given up: exact searches then do the rest.
const BUDGET: u64 = 100;

/// Costs of a sample whose common grain is looked for, and so many samples.
const SAMPLE: usize = 8;
const SAMPLES: usize = 32;

/// Which steps an auction goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Steps {
    /// From large ones down to [`LAST`], where exact searches mostly take over.
    Coarse,
    /// From there to the finest that costs can tell apart.
    Fine,
}

/// Moves prices of both sides near an optimum, and pairs most rows. What comes back are column
/// prices on the grid of the costs (at most 0 where the column may stay unused) and partners;
/// neither has to be right, only good.
///
/// False if some bidders had to go so far, or bid so often, that perhaps not all who must have a partner can.
///
/// In each phase all rows bid, then the columns that were left with a price bid for rows. `differ` is what
/// rows differ about, where that is known to be less than the costs: see [`prices_by_mean`].
pub(super) fn auction<C: Cost>(
    problem: &Problem,
    sides: &Sides<C>,
    near: &mut Book,
    far: &mut Book,
    differ: Option<i64>,
    steps: Steps,
) -> bool {
    // A few costs off the grid of the others must not make prices there inexact: searches mend what they disturb.
    let usual = usual_grain(problem, sides);
    let grain = if steps == Steps::Coarse { usual } else { grain(problem, sides) };
    let Scale { shift, cap, last, spread } = Scale::of(problem, sides, grain);
    let differ = differ.map_or(spread, |differ| differ << shift);
    let coarse = finest(usual, shift).max(differ / LAST);
    if steps == Steps::Fine && coarse <= last {
        return true;
    }
    for price in near.price.iter_mut().chain(&mut far.price) {
        *price <<= shift;
    }
    let forward = Market { side: &sides.rows, stay: &problem.open, cap, shift };
    let reverse = Market { side: sides.columns(), stay: &problem.unused, cap, shift };
    let budget = BUDGET * (problem.rows() + problem.columns() + 64) as u64;
    let (mut step, last) = match steps {
        Steps::Coarse => ((differ / FIRST).max(coarse), coarse),
        Steps::Fine => {
            raise(problem, far, 2 * coarse);
            ((coarse / SHRINK).max(last), last)
        }
    };
    let mut easy = true;
    loop {
        near.mate.fill(NONE);
        far.mate.fill(NONE);
        let all = (0..problem.rows() as u32).collect();
        let Some(grown) = forward.auction(near, far, all, step, budget) else {
            easy = false;
            break;
        };
        let unused = unsettled(problem, far);
        let Some(grown) = reverse.auction(far, near, unused, grown, budget) else {
            easy = false;
            break;
        };
        if grown > spread && problem.has_musts() {
            easy = false;
            break;
        }
        if grown <= last {
            break;
        }
        // Bids overshoot by a step or two: the next phase starts that much nearer to 0.
        raise(problem, far, 2 * grown);
        step = (grown / SHRINK).max(last);
    }
    // To the nearest price on the grid: bids overshoot, so that the one below is often a grain too low.
    let half = (grain << shift) / 2;
    far.price.iter_mut().for_each(|price| *price += half);
    unscale(problem, grain, shift, far);
    easy
}

/// All columns' prices nearer to 0.
fn raise(problem: &Problem, far: &mut Book, by: i64) {
    for (price, unused) in far.price.iter_mut().zip(&problem.unused) {
        *price += by;
        if *unused != NEVER {
            *price = (*price).min(0);
        }
    }
}

/// Where everybody wants the same columns, since those cost little from every row, prices come to
/// about what a column costs less than the last one that is needed. So they start there, and steps need
/// only be as large as what rows differ about: that is returned. `None`, and no price touched, where rows
/// differ about more of the costs, or columns are scarce.
pub(super) fn prices_by_mean<C: Cost>(problem: &Problem, sides: &Sides<C>, far: &mut Book) -> Option<i64> {
    let (mut means, mut within, mut sum, mut squares) = (Vec::new(), 0.0, 0.0, 0.0);
    for column in 0..problem.columns() {
        let costs = || sides.columns().of(column).iter().map(|arc| arc.cost.into() as f64);
        let (own, own_squares) = costs().fold((0.0, 0.0), |(own, squares), cost| (own + cost, squares + cost * cost));
        if costs().len() == 0 {
            means.push(f64::INFINITY);
            continue;
        }
        let mean = own / costs().len() as f64;
        means.push(mean);
        within += own_squares - own * mean;
        sum += own;
        squares += own_squares;
    }
    let edges = problem.edges().max(1) as f64;
    let total = squares - sum * sum / edges;
    let mut sorted: Vec<i64> = means.iter().filter(|mean| mean.is_finite()).map(|mean| *mean as i64).collect();
    // Where columns are scarce, prices come to what rows pay for staying open.
    let rows = problem.rows();
    if rows == 0 || sorted.len() <= rows || within > AGREED * total {
        return None;
    }
    let deviation = (within.max(0.0) / edges).sqrt();
    // A little less than the whole: a price that is too low takes longer to mend.
    let needed = *sorted.select_nth_unstable(rows - 1).1 as f64 - HEADROOM * deviation;
    for (price, mean) in far.price.iter_mut().zip(&means) {
        *price = (mean - needed).min(0.0) as i64;
    }
    Some((RANGE * deviation) as i64)
}

/// What divides all differences among some costs and open prices; 0 if they are all alike.
fn divisor(mut costs: impl Iterator<Item = i64>) -> u64 {
    let base = costs.next().unwrap_or(0);
    let mut all = 0;
    for cost in costs {
        let mut part = cost.abs_diff(base);
        while part != 0 {
            (all, part) = (part, all % part);
        }
        if all == 1 {
            break;
        }
    }
    all
}

/// The grid that all costs and open prices are on: the largest number that divides all differences.
fn grain<C: Cost>(problem: &Problem, sides: &Sides<C>) -> i64 {
    let open = problem.open.iter().copied().filter(|price| *price != NEVER);
    divisor(sides.rows.costs().chain(open)).clamp(1, LIMIT as u64) as i64
}

/// The grid that most costs and open prices are on, even if a few are off it: of samples' grids the most frequent.
fn usual_grain<C: Cost>(problem: &Problem, sides: &Sides<C>) -> i64 {
    let every = |count: usize| (count / (SAMPLE * SAMPLES)).max(1);
    let costs: Vec<i64> = sides.rows.arcs.iter().step_by(every(problem.edges())).map(|arc| arc.cost.into()).collect();
    let mut open = problem.open.iter().copied().step_by(every(problem.rows())).filter(|price| *price != NEVER);
    let grid = |sample: &[i64]| divisor(sample.iter().copied().chain(open.by_ref().take(SAMPLE)));
    let mut found: Vec<u64> = costs.chunks(SAMPLE).map(grid).filter(|grid| *grid > 0).collect();
    found.sort_unstable();
    // Of equally frequent ones the smallest.
    let often = found.chunk_by(|a, b| a == b).rev().max_by_key(|same| same.len());
    often.map_or(1, |same| same[0].min(LIMIT as u64) as i64)
}

/// The last step on a grid.
fn finest(grain: i64, shift: u32) -> i64 {
    ((grain << shift) >> FINER).max(1)
}

/// Columns' prices back on the grid of the costs, rounded down.
fn unscale(problem: &Problem, grain: i64, shift: u32, far: &mut Book) {
    let unit = grain << shift;
    for (price, unused) in far.price.iter_mut().zip(&problem.unused) {
        *price = price.div_euclid(unit) * grain;
        if *unused != NEVER {
            *price = (*price).min(0);
        }
    }
}

/// The auction's grid and range.
struct Scale {
    shift: u32,
    cap: i64,
    /// The last step.
    last: i64,
    /// Between the cheapest and the dearest edge.
    spread: i64,
}

impl Scale {
    fn of<C: Cost>(problem: &Problem, sides: &Sides<C>, grain: i64) -> Scale {
        let (low, high) = sides.rows.arcs.iter().fold((i64::MAX, i64::MIN), |(low, high), arc| {
            let cost = arc.cost.into();
            (low.min(cost), high.max(cost))
        });
        let (low, high) = if low > high { (0, 0) } else { (low, high) };
        let spread = (high - low).max(grain);
        let nodes = (problem.rows() + problem.columns()) as i64;
        let dearest = problem.open.iter().filter(|p| **p != NEVER).map(|p| p.abs()).max().unwrap_or(0);
        let chain = if problem.has_musts() { spread.saturating_mul(nodes).min(NEVER / 64) } else { spread };
        let cap = chain.saturating_add(dearest).saturating_add(low.abs().max(high.abs()));
        // Sums of a few such numbers must fit, and steps that overshoot them.
        let room = (i64::MAX / 64 / cap.max(1)).max(1).ilog2();
        let shift = room.min(FINER);
        Scale { shift, cap: cap << shift, last: finest(grain, shift), spread: spread << shift }
    }
}

/// Columns that nobody took although their price says that somebody should.
pub(super) fn unsettled<P: Cost>(problem: &Problem, far: &Book<P>) -> Vec<u32> {
    let open = |c: &u32| {
        let at = *c as usize;
        far.mate[at] == NONE && (far.price(at) < 0 || problem.unused[at] == NEVER)
    };
    (0..far.mate.len() as u32).filter(open).collect()
}
