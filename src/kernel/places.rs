//! Places of units by score, ties in blocks.
//!
//! Scores are compared on a grid whose step is a power of two, about 1e-10 of the greatest
//! magnitude: what differs by less is rounding error and ties.
//!
//! Linear in the number of units, and without a branch for most: the range of scores is cut into many
//! more buckets of equal width than there are units, each with one bit that says whether it is taken.
//! A unit's place is how many bits are set before its own. Buckets stand on shelves of 32; the few
//! shelves with a bucket that several units share are sorted on their own. Scores that crowd together
//! (heavy tails, many ties) cost a sort of those.

use multiversion::multiversion;

/// Bits of a score that count in comparisons, below the greatest magnitude.
const BITS: i32 = 33;

/// Adding it rounds to the nearest whole number (a half to the even one), which is left in the lowest
/// bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// The step of the grid on which scores are compared: the power of two 2^(e − 33), with e the binary
/// exponent of the greatest finite magnitude (0 where all are zero).
pub fn step(scores: impl Iterator<Item = f64>) -> f64 {
    step_of(scores.filter(|s| s.is_finite()).fold(0.0_f64, |most, s| most.max(s.abs())))
}

/// The step for a greatest finite magnitude.
fn step_of(greatest: f64) -> f64 {
    let exponent = if greatest > 0.0 { libm::ilogb(greatest) } else { 0 };
    // No step below the smallest number above 0.
    libm::ldexp(1.0, (exponent - BITS).max(-1074))
}

/// A score as the whole number by which scores are compared, a half rounded to the even one.
pub fn key(score: f64, step: f64) -> i64 {
    libm::rint(score / step) as i64
}

/// The place of a unit that has none.
pub const UNPLACED: u32 = u32::MAX;

/// Up to this many units each is compared with every other.
const FEW: usize = 96;
/// Of these so many at once.
const LANES: usize = 8;
/// Buckets of a shelf: the bits of its word. There is one shelf for each unit.
const SHELF: u32 = u64::BITS;
/// The mark of a shelf with a bucket that several units share.
const SHARED: u32 = 1 << 31;
/// Up to so many units on such a shelf each is compared with every other.
const ALIKE: usize = 8;

/// Gives units their places. Keeps its buffers between calls.
#[derive(Debug, Default)]
pub struct Placer {
    sample: Vec<u32>,
    /// Bucket by unit; that of the greatest score is the first.
    bucket: Vec<u32>,
    /// By shelf: which buckets are taken, a bit for each.
    taken: Vec<u64>,
    /// By shelf: how many units find their bucket taken; then how many stand on the shelves before, and
    /// [`SHARED`].
    before: Vec<u32>,
    /// Units on shelves with a shared bucket: as they come; shelf by shelf, with the lowest
    /// bits of their distances.
    doubtful: Vec<u32>,
    who: Vec<u32>,
    near: Vec<i32>,
    distance: Vec<i32>,
    sorted: Vec<(i64, u32)>,
    ties: Vec<(u32, u32)>,
    dense: Vec<f64>,
    rated: Vec<u32>,
    placed: Vec<u32>,
}

/// How scores become distances from the greatest.
#[derive(Clone, Copy, Debug)]
struct Grid {
    /// 1 / step.
    scale: f64,
    /// Bits of the greatest score, rounded by [`ROUND`].
    top: u64,
    /// Lowest bits left out of short distances.
    drop: u32,
    /// The greatest distance, these left out.
    most: u32,
}

impl Placer {
    /// Without buffers yet.
    pub fn new() -> Placer {
        Placer::default()
    }

    /// For each unit the place of the first of those it ties with, 0 the greatest score; which those are
    /// say the [`ties`](Placer::ties). NaN scores are [`UNPLACED`]. How many units are placed.
    ///
    /// # Panics
    /// The slices differ in length, or there are 2³¹ units.
    pub fn place(&mut self, scores: &[f64], first: &mut [u32]) -> u32 {
        assert!(scores.len() == first.len(), "one place for each score");
        assert!(scores.len() < 1 << 31, "places are numbers of 31 bits");
        self.ties.clear();
        match Grid::new(scores) {
            Some(grid) if scores.len() <= FEW => self.each(&grid, scores, first),
            Some(grid) => self.buckets(&grid, scores, first),
            None if scores.iter().any(|score| score.is_nan()) => return self.without_unrated(scores, first),
            None => self.sort(scores, first),
        }
        self.ties.sort_unstable();
        scores.len() as u32
    }

    /// The units of the last call that tie, ascending, and how many tie with each, itself among them.
    pub fn ties(&self) -> &[(u32, u32)] {
        &self.ties
    }

    /// Places those that have a score among themselves.
    fn without_unrated(&mut self, scores: &[f64], first: &mut [u32]) -> u32 {
        let (mut dense, mut rated) = (std::mem::take(&mut self.dense), std::mem::take(&mut self.rated));
        let mut placed = std::mem::take(&mut self.placed);
        dense.clear();
        rated.clear();
        for (unit, score) in scores.iter().enumerate().filter(|(_, score)| !score.is_nan()) {
            dense.push(*score);
            rated.push(unit as u32);
        }
        placed.resize(dense.len(), 0);
        let n = self.place(&dense, &mut placed);
        first.fill(UNPLACED);
        rated.iter().zip(&placed).for_each(|(&unit, place)| first[unit as usize] = *place);
        self.ties.iter_mut().for_each(|(unit, _)| *unit = rated[*unit as usize]);
        (self.dense, self.rated, self.placed) = (dense, rated, placed);
        n
    }

    /// By comparison, for scores that are infinite, or so small that the grid's step has no inverse.
    fn sort(&mut self, scores: &[f64], first: &mut [u32]) {
        let step = step(scores.iter().copied());
        self.sorted.clear();
        self.sorted.extend(scores.iter().enumerate().map(|(unit, score)| (!key(*score, step), unit as u32)));
        settle(0, &mut self.sorted, first, &mut self.ties);
    }

    /// Few units: each is compared with every other.
    fn each(&mut self, grid: &Grid, scores: &[f64], first: &mut [u32]) {
        let n = scores.len();
        self.distance.clear();
        self.distance.extend(scores.iter().map(|score| grid.short(*score) as i32));
        self.distance.resize(n.next_multiple_of(LANES), i32::MAX);
        let sum = count_less(self.distance.as_chunks().0, &self.distance[..n], first);
        // Places are all different if they are 0 to n − 1; where some tie their sum is less.
        if sum as usize != n * n.saturating_sub(1) / 2 {
            self.sort(scores, first);
        }
    }

    fn buckets(&mut self, grid: &Grid, scores: &[f64], first: &mut [u32]) {
        let n = scores.len();
        self.bucket.resize(n, 0);
        self.doubtful.resize(n, 0);
        self.who.resize(n, 0);
        self.near.resize(n + ALIKE, 0);
        self.taken.clear();
        self.taken.resize(n, 0);
        self.before.clear();
        self.before.resize(n, 0);
        let scale = Scale::new(grid, scores, n as u64 * u64::from(SHELF), &mut self.sample);
        buckets(grid, &scale, scores, &mut self.bucket);
        take(&self.bucket, &mut self.taken, &mut self.before);
        add_up(&self.taken, &mut self.before);
        let doubtful = read_off(&self.bucket, &self.taken, &self.before, first, &mut self.doubtful);
        self.gather(doubtful, grid, scores);
        among_few(self, doubtful, grid, scores, first);
        self.among_many(doubtful, grid, scores, first);
    }

    /// Puts the doubtful units side by side, shelf by shelf.
    fn gather(&mut self, doubtful: usize, grid: &Grid, scores: &[f64]) {
        let Placer { bucket, taken, before, near, who, .. } = self;
        let shelf = |unit: u32| (bucket[unit as usize] / SHELF) as usize;
        let doubtful = &self.doubtful[..doubtful];
        // Which buckets are taken is of no more use there: the word counts units.
        doubtful.iter().for_each(|&unit| taken[shelf(unit)] = 0);
        for &unit in doubtful {
            let at = shelf(unit);
            let place = (before[at] & !SHARED) as usize + taken[at] as usize;
            (near[place], who[place]) = (grid.distance(scores[unit as usize]) as i32, unit);
            taken[at] += 1;
        }
    }

    /// Places doubtful units on shelves where there are many.
    fn among_many(&mut self, doubtful: usize, grid: &Grid, scores: &[f64], first: &mut [u32]) {
        let Placer { bucket, taken, before, doubtful: units, who, sorted, ties, .. } = self;
        for &unit in &units[..doubtful] {
            let shelf = (bucket[unit as usize] / SHELF) as usize;
            let (start, count) = (before[shelf] & !SHARED, taken[shelf] as usize);
            // All of a shelf when the first of them is met.
            if count > ALIKE && before[shelf] & SHARED != 0 {
                before[shelf] = start;
                sorted.clear();
                let units = &who[start as usize..start as usize + count];
                sorted.extend(units.iter().map(|&unit| (grid.distance(scores[unit as usize]), unit)));
                settle(start, sorted, first, ties);
            }
        }
    }
}

/// Places doubtful units by comparing each with the first few on its shelf, without a branch: right where
/// there are no more.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn among_few(placer: &mut Placer, doubtful: usize, grid: &Grid, scores: &[f64], first: &mut [u32]) {
    for &unit in &placer.doubtful[..doubtful] {
        let shelf = (placer.bucket[unit as usize] / SHELF) as usize;
        let (start, count) = (placer.before[shelf] & !SHARED, placer.taken[shelf] as i32);
        let Some(near) = placer.near[start as usize..].first_chunk::<ALIKE>() else { continue };
        let own = grid.distance(scores[unit as usize]) as i32;
        let (mut less, mut equal) = ([0; ALIKE], [0; ALIKE]);
        for lane in 0..ALIKE {
            // A shelf is less than 2³¹ steps wide.
            let apart = near[lane].wrapping_sub(own);
            let here = i32::from((lane as i32) < count);
            less[lane] = here & i32::from(apart < 0);
            equal[lane] = here & i32::from(apart == 0);
        }
        first[unit as usize] = start + less.iter().sum::<i32>() as u32;
        let equal = equal.iter().sum::<i32>();
        if equal > 1 && count <= ALIKE as i32 {
            placer.ties.push((unit, equal as u32));
        }
    }
}

/// Marks the buckets that are taken, and counts on each shelf the units that find theirs taken.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn take(bucket: &[u32], taken: &mut [u64], more: &mut [u32]) {
    for bucket in bucket {
        let (shelf, bit) = ((bucket / SHELF) as usize, 1 << (bucket % SHELF));
        if taken[shelf] & bit != 0 {
            more[shelf] += 1;
        }
        taken[shelf] |= bit;
    }
}

/// Turns the number of units that find their bucket taken into the number of units on the shelves before,
/// and a mark.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn add_up(taken: &[u64], before: &mut [u32]) {
    let mut start = 0;
    for (taken, before) in taken.iter().zip(before) {
        let more = *before;
        *before = start | if more > 0 { SHARED } else { 0 };
        start += taken.count_ones() + more;
    }
}

/// Gives all units their places, and gathers those on shelves with a shared bucket, where these are
/// not right yet: how many they are.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn read_off(bucket: &[u32], taken: &[u64], before: &[u32], first: &mut [u32], doubtful: &mut [u32]) -> usize {
    let mut found = 0;
    for (unit, (bucket, first)) in bucket.iter().zip(first).enumerate() {
        let shelf = (bucket / SHELF) as usize;
        let nearer = taken[shelf] & ((1 << (bucket % SHELF)) - 1);
        *first = before[shelf] + nearer.count_ones();
        doubtful[found] = unit as u32;
        found += usize::from(before[shelf] >= SHARED);
    }
    found
}

/// How many are less than each of `own`; the sum over all.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn count_less(own: &[[i32; LANES]], all: &[i32], out: &mut [u32]) -> u32 {
    let mut sum = 0;
    for (own, out) in own.iter().zip(out.chunks_mut(LANES)) {
        let mut less = [0; LANES];
        for other in all {
            (0..LANES).for_each(|lane| less[lane] += u32::from(*other < own[lane]));
        }
        out.iter_mut().zip(less).for_each(|(slot, less)| *slot = less);
        sum += out.iter().sum::<u32>();
    }
    sum
}

impl Grid {
    /// `None` where a score is not finite, or the step has no finite inverse.
    fn new(scores: &[f64]) -> Option<Grid> {
        let (low, high) = range(scores)?;
        let step = step_of(high.max(-low));
        let scale = 1.0 / step;
        if !scale.is_finite() || step < f64::MIN_POSITIVE {
            return None;
        }
        let rounded = |x: f64| (x * scale + ROUND).to_bits();
        let width = rounded(high) - rounded(low);
        let drop = (64 - width.leading_zeros()).saturating_sub(30);
        Some(Grid { scale, top: rounded(high), drop, most: (width >> drop) as u32 })
    }

    /// Distance from the greatest score in steps.
    #[inline(always)]
    fn distance(&self, score: f64) -> i64 {
        self.top.wrapping_sub((score * self.scale + ROUND).to_bits()) as i64
    }

    /// The same without its lowest bits: at most 30.
    #[inline(always)]
    fn short(&self, score: f64) -> u32 {
        (self.distance(score) as u64 >> self.drop) as u32
    }
}

/// How distances become buckets: in three pieces, so that far-off scores leave room to the others. The
/// middle piece takes most of the buckets for most of the scores.
#[derive(Clone, Copy, Debug)]
struct Scale {
    /// Where the second and the third piece begin.
    from: [u32; 2],
    /// Buckets for each step of a piece, in units of 2⁻³².
    times: [u32; 3],
}

impl Scale {
    /// At most so many buckets. `sample` is a buffer.
    fn new(grid: &Grid, scores: &[f64], buckets: u64, sample: &mut Vec<u32>) -> Scale {
        let size = (scores.len() / 8).clamp(16, 256);
        sample.clear();
        sample.extend(scores.iter().step_by(scores.len().div_ceil(size)).map(|score| grid.short(*score)));
        let edge = sample.len() / 32;
        let low = *sample.select_nth_unstable(edge).1;
        let last = sample.len() - 1 - edge;
        let high = *sample.select_nth_unstable(last).1;
        let times =
            |buckets: u64, width: u32| ((buckets << 32) / (u64::from(width) + 1)).min(u64::from(u32::MAX)) as u32;
        let tail = buckets / 16;
        let times = [times(tail, low), times(buckets - 2 * tail, high - low), times(tail, grid.most - high)];
        Scale { from: [low, high], times }
    }
}

/// The bucket of each score: monotone.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn buckets(grid: &Grid, scale: &Scale, scores: &[f64], out: &mut [u32]) {
    let Scale { from: [low, high], times: [near, middle, far] } = *scale;
    let piece = |length: u32, times: u32| ((u64::from(length) * u64::from(times)) >> 32) as u32;
    for (score, out) in scores.iter().zip(out) {
        let short = grid.short(*score);
        let beyond = short.max(low) - low;
        *out = piece(short.min(low), near) + piece(beyond.min(high - low), middle) + piece(short.max(high) - high, far);
    }
}

/// The least and the greatest score, 0 for none; `None` where one is not finite.
fn range(scores: &[f64]) -> Option<(f64, f64)> {
    let (low, high, sound) = extremes(scores.as_chunks().0);
    let rest = scores.as_chunks::<16>().1;
    let mut all = rest.iter().chain(&low).chain(&high).copied().filter(|x| x.is_finite());
    let start = all.next().unwrap_or(0.0);
    let sound = sound && rest.iter().all(|x| x.is_finite());
    sound.then(|| all.fold((start, start), |(low, high), x| (low.min(x), high.max(x))))
}

/// The extremes by lane, and whether all are finite.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn extremes(chunks: &[[f64; 16]]) -> ([f64; 16], [f64; 16], bool) {
    let (mut low, mut high, mut probe) = ([f64::INFINITY; 16], [f64::NEG_INFINITY; 16], [0.0; 16]);
    for chunk in chunks {
        for lane in 0..16 {
            low[lane] = if chunk[lane] < low[lane] { chunk[lane] } else { low[lane] };
            high[lane] = if chunk[lane] > high[lane] { chunk[lane] } else { high[lane] };
            // NaN for what is not finite.
            probe[lane] += chunk[lane] * 0.0;
        }
    }
    (low, high, probe.iter().sum::<f64>() == 0.0)
}

/// Sorts (distance from the greatest, unit) pairs, and gives their units places from `start` on.
fn settle(start: u32, pairs: &mut [(i64, u32)], first: &mut [u32], ties: &mut Vec<(u32, u32)>) {
    pairs.sort_unstable();
    let mut place = start;
    for block in pairs.chunk_by(|a, b| a.0 == b.0) {
        block.iter().for_each(|(_, unit)| first[*unit as usize] = place);
        if block.len() > 1 {
            ties.extend(block.iter().map(|(_, unit)| (*unit, block.len() as u32)));
        }
        place += block.len() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By counting.
    fn brute(scores: &[f64]) -> (Vec<u32>, Vec<u32>) {
        let step = step(scores.iter().copied());
        let count = |test: &dyn Fn(i64) -> bool| scores.iter().filter(|s| !s.is_nan() && test(key(**s, step))).count();
        let one = |s: &f64| {
            let own = key(*s, step);
            if s.is_nan() {
                (UNPLACED, 0)
            } else {
                (count(&|other| other > own) as u32, count(&|other| other == own) as u32)
            }
        };
        scores.iter().map(one).unzip()
    }

    fn placed(scores: &[f64]) -> (Vec<u32>, Vec<u32>) {
        let mut placer = Placer::new();
        let mut first = vec![7; scores.len()];
        let rated = placer.place(scores, &mut first);
        assert_eq!(rated as usize, scores.iter().filter(|score| !score.is_nan()).count());
        let mut size: Vec<u32> = scores.iter().map(|score| u32::from(!score.is_nan())).collect();
        assert!(placer.ties().is_sorted());
        placer.ties().iter().for_each(|&(unit, ties)| size[unit as usize] = ties);
        (first, size)
    }

    #[test]
    fn ties_stand_side_by_side() {
        let nan = f64::NAN;
        assert_eq!(placed(&[]), (vec![], vec![]));
        assert_eq!(placed(&[nan, 0.1 + 0.2, 5.0, 0.3, -1.0, nan]), brute(&[nan, 0.1 + 0.2, 5.0, 0.3, -1.0, nan]));
        assert_eq!(placed(&[2.0, 9.0, 2.0, 1.0]), (vec![1, 0, 1, 3], vec![2, 1, 2, 1]));
        assert_eq!(placed(&[4.0; 700]), (vec![0; 700], vec![700; 700]));
        assert_eq!(placed(&[nan; 300]), (vec![UNPLACED; 300], vec![0; 300]));
    }

    fn scores() -> impl Strategy<Value = Vec<f64>> {
        let whole = (0_u32..50).prop_map(f64::from);
        let close = (0_i32..9).prop_map(|k| 50.0 + f64::from(k) * 1e-12);
        let any = -100.0..100.0_f64;
        let skewed = (-40.0..40.0_f64).prop_map(libm::exp);
        let one = prop_oneof![4 => any, 2 => whole, 1 => close, 1 => skewed, 1 => Just(f64::NAN), 1 => Just(-0.0)];
        prop::collection::vec(one, 0..700)
    }

    proptest! {
        #[test]
        fn places_are_those_of_counting(scores in scores()) {
            prop_assert_eq!(placed(&scores), brute(&scores));
        }

        #[test]
        fn infinities_go_to_the_ends(scores in prop::collection::vec(
            prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(0.0), -1e300..1e300_f64, -1e-300..1e-300_f64], 0..300)) {
            prop_assert_eq!(placed(&scores), brute(&scores));
        }
    }
}
