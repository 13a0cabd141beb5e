//! Places of units by score, ties in blocks.
//!
//! Scores are compared on a grid whose step is a power of two, about 1e-10 of the greatest
//! magnitude: what differs by less is rounding error and ties.

/// Bits of a score that count in comparisons, below the greatest magnitude.
const BITS: i32 = 33;

/// The step of the grid on which scores are compared: the power of two 2^(e − 33), with e the binary
/// exponent of the greatest finite magnitude (0 where all are zero).
pub fn step(scores: impl Iterator<Item = f64>) -> f64 {
    let greatest = scores.filter(|s| s.is_finite()).fold(0.0_f64, |most, s| most.max(s.abs()));
    let exponent = if greatest > 0.0 { libm::ilogb(greatest) } else { 0 };
    libm::ldexp(1.0, exponent - BITS)
}

/// A score as the whole number by which scores are compared: halves round away from zero.
#[inline]
pub fn key(score: f64, step: f64) -> i64 {
    // The number below a half: added to what is just below a half, it does not reach the next one.
    const HALF: f64 = 0.499_999_999_999_999_94;
    let x = score / step;
    (x + HALF.copysign(x)) as i64
}

/// The place of a unit that has none.
pub const UNPLACED: u32 = u32::MAX;

/// Gives units their places. Keeps its buffers between calls.
///
/// A bucket sort: keys are spread over about as many buckets as units by their leading
/// bits, units are put into their bucket's slice one by one, each in its place among those that are there
/// already, and slices of crowded buckets are sorted by comparison. Linear in the number of units
/// as long as few are crowded; O(n log n) at worst. Equal keys never crowd: units arrive in
/// their order. Fastest where the order of the units is already near that of the scores.
#[derive(Debug, Default)]
pub struct Placer {
    /// Units with their keys, in the order of arrival and sorted.
    arrived: Vec<u64>,
    sorted: Vec<u64>,
    /// Next free place by bucket, with [`CROWDED`].
    next: Vec<u32>,
    crowded: Vec<(u32, u32)>,
}

/// A unit and its key in one number: the difference of the greatest key and its own above, the unit
/// below. Keys on the grid take less than 2^36 values.
const UNIT_BITS: u32 = 28;
const UNITS: u64 = (1 << UNIT_BITS) - 1;
/// Beyond every key on the grid; infinite scores have it.
const EDGE: i64 = (1 << (BITS + 1)) + 1;
/// Below so many units a comparison sort is as fast.
const FEW: usize = 64;
/// From so many units on, a bucket is crowded.
const CROWD: u32 = 24;
const CROWDED: u32 = 1 << 31;

impl Placer {
    /// Without buffers yet.
    pub fn new() -> Placer {
        Placer::default()
    }

    /// For each unit the place of the first of those it ties with (0 the greatest score) and how
    /// many they are, itself among them. NaN scores are unplaced: [`UNPLACED`], 0.
    ///
    /// # Panics
    /// The three slices differ in length, or hold 2^28 units or more.
    pub fn place(&mut self, scores: &[f64], first: &mut [u32], size: &mut [u32]) {
        assert!(scores.len() == first.len() && scores.len() == size.len(), "one place for each score");
        assert!(scores.len() as u64 <= UNITS, "fewer than 2^28 units");
        let (low, high) = scores.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &score| {
            (if score < low { score } else { low }, if score > high { score } else { high })
        });
        let step = if low.is_finite() && high.is_finite() {
            step([low, high].into_iter())
        } else {
            step(scores.iter().copied())
        };
        let grid = |score: f64| key(score, step).clamp(-EDGE, EDGE);
        let best = grid(high);
        let pack = |unit: usize, score: f64| (((best - grid(score)) as u64) << UNIT_BITS) | unit as u64;
        if scores.len() < FEW {
            self.sorted.clear();
            let rated = scores.iter().enumerate().filter(|(_, score)| !score.is_nan());
            self.sorted.extend(rated.map(|(unit, score)| pack(unit, *score)));
            self.sorted.sort_unstable();
        } else if low <= high {
            self.sort(scores, (best - grid(low)) as u64, pack);
        } else {
            self.sorted.clear();
        }
        if self.sorted.len() < scores.len() {
            first.fill(UNPLACED);
            size.fill(0);
        }
        self.give(first, size);
    }

    /// Sorts rated units; keys differ by at most `range`.
    fn sort(&mut self, scores: &[f64], range: u64, pack: impl Fn(usize, f64) -> u64) {
        let buckets = scores.len().next_power_of_two() as u64;
        let shift = UNIT_BITS + (u64::BITS - range.leading_zeros()).saturating_sub(buckets.trailing_zeros());
        self.next.clear();
        self.next.resize((range >> (shift - UNIT_BITS)) as usize + 1, 0);
        self.arrived.clear();
        for (unit, &score) in scores.iter().enumerate() {
            if !score.is_nan() {
                let entry = pack(unit, score);
                self.next[(entry >> shift) as usize] += 1;
                self.arrived.push(entry);
            }
        }
        self.crowded.clear();
        let mut start = 0;
        for next in &mut self.next {
            let count = *next;
            *next = start;
            if count >= CROWD {
                self.crowded.push((start, start + count));
                *next |= CROWDED;
            }
            start += count;
        }
        // Free places hold 0, which no later entry of a bucket is below.
        self.sorted.clear();
        self.sorted.resize(self.arrived.len(), 0);
        for &entry in &self.arrived {
            let next = &mut self.next[(entry >> shift) as usize];
            let mut place = (*next & !CROWDED) as usize;
            if *next & CROWDED == 0 {
                while place > 0 && self.sorted[place - 1] > entry {
                    self.sorted[place] = self.sorted[place - 1];
                    place -= 1;
                }
            }
            self.sorted[place] = entry;
            *next += 1;
        }
        for &(start, end) in &self.crowded {
            self.sorted[start as usize..end as usize].sort_unstable();
        }
    }

    /// Writes the places of the sorted units.
    fn give(&self, first: &mut [u32], size: &mut [u32]) {
        let unit = |entry: u64| (entry & UNITS) as usize;
        let mut start = 0;
        while start < self.sorted.len() {
            let key = self.sorted[start] >> UNIT_BITS;
            let mut end = start + 1;
            while end < self.sorted.len() && self.sorted[end] >> UNIT_BITS == key {
                end += 1;
            }
            for &entry in &self.sorted[start..end] {
                first[unit(entry)] = start as u32;
                size[unit(entry)] = (end - start) as u32;
            }
            start = end;
        }
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

    #[test]
    fn keys_round_halves_away_from_zero() {
        for x in [0.0, 0.5, 1.5, 2.5, 0.499_999_999_999_999_94, 2.499_999_999_999_999_6, 4_503_599.5, 1e10 + 0.5] {
            assert_eq!((key(x, 1.0), key(-x, 1.0)), (libm::round(x) as i64, -libm::round(x) as i64), "{x}");
        }
    }

    #[test]
    fn crowds_are_sorted_too() {
        // One unit far away, and all others in one bucket.
        let scores: Vec<f64> = (0..3000_u32).map(|u| if u == 7 { 1e9 } else { f64::from(u * 7919 % 3001) }).collect();
        assert_eq!(placed(&scores), brute(&scores));
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
