//! Places of units by score, ties in blocks.
//!
//! Scores are compared on a grid whose step is a power of two, about 1e-10 of the greatest
//! magnitude: what differs by less is rounding error and ties.
//!
//! Linear in the number of units: scores go into twice as many buckets of equal width, which leaves
//! next to no order to be found within a bucket. Where a unit stands in its bucket is counted
//! among its nearest neighbours without a branch; the few crowded buckets, and ties, are looked
//! at one by one. Scores that crowd together (heavy tails, many ties) cost a sort of those.

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

/// Neighbours on each side that a unit is compared with; so many and one may share a bucket.
const WINDOW: usize = 5;
/// Units that are compared with their neighbours at once.
const CHUNK: usize = 16;
/// Up to this many units each is compared with every other.
const FEW: usize = 96;

/// Gives units their places. Keeps its buffers between calls.
#[derive(Debug, Default)]
pub struct Placer {
    /// Distance from the greatest score in steps, without its lowest bits where it has more than
    /// 31: by unit, then by position.
    distance: Vec<i32>,
    near: Vec<i32>,
    /// Unit by position.
    who: Vec<u32>,
    /// By bucket.
    counts: Vec<u32>,
    /// Positions (start, end) of crowded buckets.
    crowded: Vec<(u32, u32)>,
    sorted: Vec<(i64, u32)>,
    dense: Vec<f64>,
    rated: Vec<u32>,
    placed: Vec<(u32, u32)>,
}

/// How scores become distances.
#[derive(Clone, Copy, Debug)]
struct Grid {
    step: f64,
    /// 1 / step.
    scale: f64,
    /// Bits of the greatest score, rounded by [`ROUND`].
    top: u64,
    /// Lowest bits left out of distances.
    drop: u32,
    /// The greatest distance, these left out.
    most: u32,
}

impl Placer {
    /// Without buffers yet.
    pub fn new() -> Placer {
        Placer::default()
    }

    /// For each unit the place of the first of those it ties with (0 the greatest score) and how
    /// many they are, itself among them. NaN scores are unplaced: [`UNPLACED`], 0.
    ///
    /// # Panics
    /// The three slices differ in length.
    pub fn place(&mut self, scores: &[f64], first: &mut [u32], size: &mut [u32]) {
        assert!(scores.len() == first.len() && scores.len() == size.len(), "one place for each score");
        match Grid::new(scores) {
            Some(grid) if scores.len() <= FEW => self.each(&grid, scores, first, size),
            Some(grid) => self.buckets(&grid, scores, first, size),
            None if scores.iter().any(|score| score.is_nan()) => self.without_unrated(scores, first, size),
            None => self.sort(scores, first, size),
        }
    }

    /// Places those that have a score among themselves.
    fn without_unrated(&mut self, scores: &[f64], first: &mut [u32], size: &mut [u32]) {
        let (mut dense, mut rated) = (std::mem::take(&mut self.dense), std::mem::take(&mut self.rated));
        let mut placed = std::mem::take(&mut self.placed);
        dense.clear();
        rated.clear();
        for (unit, score) in scores.iter().enumerate().filter(|(_, score)| !score.is_nan()) {
            dense.push(*score);
            rated.push(unit as u32);
        }
        let n = dense.len();
        // The first n slots serve as buffers.
        self.place(&dense, &mut first[..n], &mut size[..n]);
        placed.clear();
        placed.extend(first[..n].iter().copied().zip(size[..n].iter().copied()));
        first.fill(UNPLACED);
        size.fill(0);
        for (&unit, (place, ties)) in rated.iter().zip(&placed) {
            (first[unit as usize], size[unit as usize]) = (*place, *ties);
        }
        (self.dense, self.rated, self.placed) = (dense, rated, placed);
    }

    /// By comparison, for scores that are infinite, or so small that the grid's step has no inverse.
    fn sort(&mut self, scores: &[f64], first: &mut [u32], size: &mut [u32]) {
        let step = step(scores.iter().copied());
        self.sorted.clear();
        self.sorted.extend(scores.iter().enumerate().map(|(unit, score)| (!key(*score, step), unit as u32)));
        settle(0, &mut self.sorted, first, size);
    }

    /// Few units: each is compared with every other.
    fn each(&mut self, grid: &Grid, scores: &[f64], first: &mut [u32], size: &mut [u32]) {
        const LANES: usize = 8;
        let n = scores.len();
        grid.distances(scores, &mut self.distance);
        self.near.clear();
        self.near.extend_from_slice(&self.distance);
        self.near.resize(n.next_multiple_of(LANES), 0);
        let mut sum = 0;
        for (own, first) in self.near.as_chunks::<LANES>().0.iter().zip(first.chunks_mut(LANES)) {
            let mut less = [0; LANES];
            for other in &self.distance {
                (0..LANES).for_each(|lane| less[lane] += u32::from(*other < own[lane]));
            }
            first.iter_mut().zip(less).for_each(|(slot, less)| *slot = less);
            sum += first.iter().sum::<u32>();
        }
        size.fill(1);
        // Places are all different if they are 0 to n − 1; where some tie their sum is less.
        if sum as usize != n * n.saturating_sub(1) / 2 {
            self.sort(scores, first, size);
        }
    }

    fn buckets(&mut self, grid: &Grid, scores: &[f64], first: &mut [u32], size: &mut [u32]) {
        let n = scores.len();
        grid.distances(scores, &mut self.distance);
        self.scatter(grid);
        size.fill(1);
        self.count_neighbours(first);
        let crowded = std::mem::take(&mut self.crowded);
        let mut alike = 0;
        for &(start, end) in &crowded {
            self.sorted.clear();
            let who = &self.who[start as usize..end as usize];
            self.sorted.extend(who.iter().map(|&unit| (!grid.key(scores[unit as usize]), unit)));
            settle(start, &mut self.sorted, first, size);
            // Those that tie there make up for the places that they share.
            alike += ties(&self.sorted);
        }
        let sum: u64 = first.iter().map(|place| u64::from(*place)).sum();
        // Places are all different if they are 0 to n − 1; where some tie their sum is less.
        if sum + alike != (n as u64) * (n as u64 - 1) / 2 {
            self.resolve(grid, scores, &crowded, first, size);
        }
        self.crowded = crowded;
    }

    /// Units and distances in the order of buckets.
    fn scatter(&mut self, grid: &Grid) {
        let n = self.distance.len();
        let buckets = 2 * n;
        // Monotone, and below `buckets` for the greatest distance.
        let times = ((buckets as u64) << 32) / (u64::from(grid.most) + 1);
        let bucket = |distance: i32| ((u64::from(distance as u32) * times) >> 32) as usize;
        self.counts.clear();
        self.counts.resize(buckets + 1, 0);
        for &distance in &self.distance {
            self.counts[bucket(distance)] += 1;
        }
        let mut start = 0;
        for count in &mut self.counts {
            (*count, start) = (start, start + *count);
        }
        self.near.clear();
        // Before the first everything is nearer, behind the last nothing is.
        self.near.resize(WINDOW, -1);
        self.near.resize(WINDOW + n.next_multiple_of(CHUNK) + WINDOW, i32::MAX);
        self.who.resize(n, 0);
        for (unit, &distance) in self.distance.iter().enumerate() {
            let slot = &mut self.counts[bucket(distance)];
            let at = *slot as usize;
            *slot += 1;
            self.near[WINDOW + at] = distance;
            self.who[at] = unit as u32;
        }
        // By now each bucket's entry is its end, and so the start of the next.
        self.crowded.clear();
        let mut start = 0;
        for block in self.counts.chunks(CHUNK) {
            let (mut before, mut most) = (start, 0);
            for &end in block {
                most = most.max(end - before);
                before = end;
            }
            if most > WINDOW as u32 + 1 {
                for &end in block {
                    if end - start > WINDOW as u32 + 1 {
                        self.crowded.push((start, end));
                    }
                    start = end;
                }
            }
            start = before;
        }
    }

    /// Distances from a slot on: an array, so that all lanes are compared in one go.
    #[inline]
    fn near_chunk(&self, from: usize) -> &[i32; CHUNK] {
        self.near
            .get(from..)
            .and_then(<[i32]>::first_chunk)
            .expect("the last chunk is filled up, and a window follows it")
    }

    /// Places by distance among neighbours, as if no bucket were crowded.
    fn count_neighbours(&self, first: &mut [u32]) {
        for (chunk, who) in self.who.chunks(CHUNK).enumerate() {
            let start = WINDOW + chunk * CHUNK;
            let own = self.near_chunk(start);
            let mut less = [0_i32; CHUNK];
            for shift in 1..=WINDOW {
                let (before, behind) = (self.near_chunk(start - shift), self.near_chunk(start + shift));
                for lane in 0..CHUNK {
                    less[lane] += i32::from(before[lane] < own[lane]) + i32::from(behind[lane] < own[lane]);
                }
            }
            // Of the neighbours before, those that are not nearer push the place down from its position.
            let from = (chunk * CHUNK) as i32 - WINDOW as i32;
            for (lane, &unit) in who.iter().enumerate() {
                first[unit as usize] = (from + lane as i32 + less[lane]) as u32;
            }
        }
    }

    /// Units that have the same distance as others, outside crowded buckets: places and sizes by
    /// their full keys.
    fn resolve(&self, grid: &Grid, scores: &[f64], crowded: &[(u32, u32)], first: &mut [u32], size: &mut [u32]) {
        let mut crowded = crowded.iter().peekable();
        for start in (0..self.who.len()).step_by(CHUNK) {
            let here = self.near_chunk(WINDOW + start);
            let mut tied = [0; CHUNK];
            for shift in 1..=WINDOW {
                let behind = self.near_chunk(WINDOW + start + shift);
                (0..CHUNK).for_each(|lane| tied[lane] |= i32::from(behind[lane] == here[lane]));
            }
            if tied.iter().fold(0, |any, tied| any | tied) == 0 {
                continue;
            }
            for own in start..(start + CHUNK).min(self.who.len()) {
                while crowded.next_if(|(_, end)| *end as usize <= own).is_some() {}
                // Those in crowded buckets are settled.
                if tied[own - start] != 0 && crowded.peek().is_none_or(|(from, _)| *from as usize > own) {
                    self.resolve_one(grid, scores, own, first, size);
                }
            }
        }
    }

    /// The unit at a position, and those behind that it ties with: all of one distance are in one
    /// bucket, and so within a window of one another.
    fn resolve_one(&self, grid: &Grid, scores: &[f64], at: usize, first: &mut [u32], size: &mut [u32]) {
        let last = self.who.len() - 1;
        let near = |at: usize| self.near[WINDOW + at];
        let key = |at: usize| grid.key(scores[self.who[at] as usize]);
        for own in (at..=(at + WINDOW).min(last)).filter(|&own| near(own) == near(at)) {
            let around = own.saturating_sub(WINDOW)..=(own + WINDOW).min(last);
            let (mut place, mut equal) = (*around.start() as u32, 0);
            for other in around {
                let tied = near(other) == near(own);
                place += u32::from(near(other) < near(own) || (tied && key(other) > key(own)));
                equal += u32::from(tied && key(other) == key(own));
            }
            let unit = self.who[own] as usize;
            (first[unit], size[unit]) = (place, equal);
        }
    }
}

impl Grid {
    /// `None` where a score is not finite, or the step has no finite inverse.
    fn new(scores: &[f64]) -> Option<Grid> {
        const LANES: usize = 4;
        let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        let mut probe = [0.0; LANES];
        let (chunks, rest) = scores.as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                low[lane] = if chunk[lane] < low[lane] { chunk[lane] } else { low[lane] };
                high[lane] = if chunk[lane] > high[lane] { chunk[lane] } else { high[lane] };
                probe[lane] += chunk[lane] * 0.0;
            }
        }
        let mut all = rest.iter().chain(&low).chain(&high).copied().filter(|x| x.is_finite());
        let start = all.next().unwrap_or(0.0);
        let (low, high) = all.fold((start, start), |(low, high), x| (low.min(x), high.max(x)));
        let sound = probe.iter().sum::<f64>() == 0.0 && rest.iter().all(|x| x.is_finite());
        let step = step_of(high.max(-low));
        let scale = 1.0 / step;
        if !sound || !scale.is_finite() || step < f64::MIN_POSITIVE {
            return None;
        }
        let rounded = |x: f64| (x * scale + ROUND).to_bits();
        let width = rounded(high) - rounded(low);
        let drop = (64 - width.leading_zeros()).saturating_sub(30);
        Some(Grid { step, scale, top: rounded(high), drop, most: (width >> drop) as u32 })
    }

    fn distances(&self, scores: &[f64], out: &mut Vec<i32>) {
        out.clear();
        out.extend(scores.iter().map(|score| {
            let rounded = (score * self.scale + ROUND).to_bits();
            (self.top.wrapping_sub(rounded) >> self.drop) as i32
        }));
    }

    fn key(&self, score: f64) -> i64 {
        key(score, self.step)
    }
}

/// Σ over blocks of ties of what their shared places lack of different ones: 0 + 1 + … + (size − 1).
fn ties(pairs: &[(i64, u32)]) -> u64 {
    pairs.chunk_by(|a, b| a.0 == b.0).map(|block| block.len() as u64 * (block.len() as u64 - 1) / 2).sum()
}

/// Sorts (complement of the key, unit) pairs, and gives their units places from `start` on.
fn settle(start: u32, pairs: &mut [(i64, u32)], first: &mut [u32], size: &mut [u32]) {
    pairs.sort_unstable();
    let mut place = start;
    for block in pairs.chunk_by(|a, b| a.0 == b.0) {
        for (_, unit) in block {
            (first[*unit as usize], size[*unit as usize]) = (place, block.len() as u32);
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
        let (mut first, mut size) = (vec![7; scores.len()], vec![7; scores.len()]);
        Placer::new().place(scores, &mut first, &mut size);
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
