//! Ranks with ties, and what becomes of them over many draws.
//!
//! Scores are compared as whole-number keys (greater is better), so that what differs only by
//! rounding error ties. All counts are integers: they add up to the same whatever the order in
//! which draws are merged.

/// Orders units by key, greatest first; equal keys stay in the order of their index. Keeps its
/// buffers between calls. Linear in the number of units (a radix sort in at most four passes, of
/// which those where all keys share the digit are skipped).
#[derive(Default)]
pub struct Ranker {
    /// Complement of the key in the upper half, index in the lower.
    packed: Vec<u64>,
    other: Vec<u64>,
}

/// Below this many units a comparison sort is faster than four passes.
const RADIX_FROM: usize = 128;

impl Ranker {
    /// The units in order of rank, as (index, key) packed for [`Tally::add`] and [`entry`].
    pub fn order(&mut self, keys: impl ExactSizeIterator<Item = u32>) -> &[u64] {
        self.packed.clear();
        self.packed.extend(keys.enumerate().map(|(index, key)| u64::from(!key) << 32 | index as u64));
        if self.packed.len() < RADIX_FROM {
            self.packed.sort_unstable();
        } else {
            self.radix();
        }
        &self.packed
    }

    fn radix(&mut self) {
        let n = self.packed.len();
        self.other.resize(n, 0);
        let mut counts = [[0_u32; 256]; 4];
        for &entry in &self.packed {
            for (pass, count) in counts.iter_mut().enumerate() {
                count[digit(entry, pass)] += 1;
            }
        }
        for (pass, count) in counts.iter_mut().enumerate() {
            if count[digit(self.packed[0], pass)] as usize == n {
                continue;
            }
            let mut start = 0;
            for slot in count.iter_mut() {
                (*slot, start) = (start, start + *slot);
            }
            for &entry in &self.packed {
                let slot = &mut count[digit(entry, pass)];
                self.other[*slot as usize] = entry;
                *slot += 1;
            }
            std::mem::swap(&mut self.packed, &mut self.other);
        }
    }
}

fn digit(entry: u64, pass: usize) -> usize {
    (entry >> (32 + 8 * pass) & 0xff) as usize
}

/// Index and key of an entry of [`Ranker::order`].
pub fn entry(packed: u64) -> (usize, u32) {
    ((packed & 0xffff_ffff) as usize, !((packed >> 32) as u32))
}

/// Blocks of ties in an order: (start, end) positions, best first.
pub fn ties(order: &[u64]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = *order.get(start)?;
        let mut end = start + 1;
        while end < order.len() && order[end] >> 32 == first >> 32 {
            end += 1;
        }
        let block = (start, end);
        start = end;
        Some(block)
    })
}

/// Rank of each unit, 1 the best; ties share the best rank.
pub fn ranks(keys: &[u32]) -> Vec<u32> {
    let mut out = vec![0; keys.len()];
    let mut ranker = Ranker::default();
    let order = ranker.order(keys.iter().copied());
    for (start, end) in ties(order) {
        for &packed in &order[start..end] {
            out[entry(packed).0] = start as u32 + 1;
        }
    }
    out
}

/// Shares of places are counted in units of 2⁻⁴⁰, so that they add up exactly.
const ONE: u64 = 1 << 40;

/// Up to this many units every rank is counted on its own.
const EXACT_UNITS: usize = 512;
/// Beyond, so many best ranks are, and the rest in [`BINS`] bins of equal width.
const EXACT_RANKS: usize = 64;
const BINS: usize = 128;

/// What the ranks of a group of units do over many draws.
#[derive(Clone)]
pub struct Tally {
    units: usize,
    k_top: usize,
    k_bottom: usize,
    draws: u64,
    /// Ranks counted on their own, from the best.
    exact: usize,
    /// Width of the bins behind them.
    width: usize,
    bins: usize,
    counts: Vec<u32>,
    sums: Vec<u64>,
    top: Vec<u64>,
    bottom: Vec<u64>,
}

impl Tally {
    /// An empty tally of so many units; P(top k) and P(bottom k) for the given k.
    pub fn new(units: usize, k_top: usize, k_bottom: usize) -> Tally {
        let (exact, width) =
            if units <= EXACT_UNITS { (units, 1) } else { (EXACT_RANKS, (units - EXACT_RANKS).div_ceil(BINS)) };
        let bins = exact + (units - exact).div_ceil(width);
        Tally {
            units,
            k_top: k_top.min(units),
            k_bottom: k_bottom.min(units),
            draws: 0,
            exact,
            width,
            bins,
            counts: vec![0; units * bins],
            sums: vec![0; units],
            top: vec![0; units],
            bottom: vec![0; units],
        }
    }

    fn bin(&self, place: usize) -> usize {
        if place < self.exact { place } else { self.exact + (place - self.exact) / self.width }
    }

    /// Counts one draw: an order of all the units. Ties share the best rank; of the first k places
    /// (and the last k) a block of ties takes what it covers, in equal parts.
    pub fn add(&mut self, order: &[u64]) {
        let tail = self.units - self.k_bottom;
        for (start, end) in ties(order) {
            let bin = self.bin(start);
            let block = (end - start) as u64;
            let share = |places: usize| if places as u64 == block { ONE } else { (places as u64 * ONE) / block };
            let top = share(self.k_top.min(end).saturating_sub(start));
            let bottom = share(end - tail.clamp(start, end));
            for &packed in &order[start..end] {
                let unit = entry(packed).0;
                self.counts[unit * self.bins + bin] += 1;
                self.sums[unit] += start as u64 + 1;
                if top > 0 {
                    self.top[unit] += top;
                }
                if bottom > 0 {
                    self.bottom[unit] += bottom;
                }
            }
        }
        self.draws += 1;
    }

    /// Adds the draws of another tally of the same units.
    pub fn merge(mut self, other: &Tally) -> Tally {
        debug_assert_eq!((self.units, self.k_top, self.k_bottom), (other.units, other.k_top, other.k_bottom));
        self.draws += other.draws;
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        for (mine, theirs) in
            [(&mut self.sums, &other.sums), (&mut self.top, &other.top), (&mut self.bottom, &other.bottom)]
        {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        self
    }

    /// Draws counted.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    fn share(&self, count: u64, one: u64) -> f64 {
        if self.draws == 0 { 0.0 } else { count as f64 / (self.draws as f64 * one as f64) }
    }

    /// Mean rank of a unit.
    pub fn mean(&self, unit: usize) -> f64 {
        self.share(self.sums[unit], 1)
    }

    /// P(among the best k), 0 to 1; the units' sum is k.
    pub fn p_top(&self, unit: usize) -> f64 {
        self.share(self.top[unit], ONE)
    }

    /// P(among the last k), 0 to 1; the units' sum is k.
    pub fn p_bottom(&self, unit: usize) -> f64 {
        self.share(self.bottom[unit], ONE)
    }

    /// The smallest rank that at least a share `q` of the draws reach or undercut, as the best and
    /// the worst rank of its bin; the two are equal up to 512 units and for the 64 best ranks.
    pub fn quantile(&self, unit: usize, q: f64) -> (u32, u32) {
        let wanted = ((q * self.draws as f64 - 1e-9).ceil() as u64).max(1);
        let mut sum = 0;
        for bin in 0..self.bins {
            sum += u64::from(self.counts[unit * self.bins + bin]);
            if sum >= wanted {
                if bin < self.exact {
                    return (bin as u32 + 1, bin as u32 + 1);
                }
                let low = self.exact + (bin - self.exact) * self.width;
                return (low as u32 + 1, (low + self.width).min(self.units) as u32);
            }
        }
        (0, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::draw::Draw;
    use proptest::prelude::*;

    fn brute(keys: &[u32]) -> Vec<u32> {
        keys.iter().map(|k| keys.iter().filter(|other| *other > k).count() as u32 + 1).collect()
    }

    #[test]
    fn ties_share_the_best_rank() {
        assert_eq!(ranks(&[50, 90, 90, 10]), [3, 1, 1, 4]);
        assert_eq!(ranks(&[]), [0_u32; 0]);
        assert_eq!(ranks(&[7; 300]), [1; 300]);
        assert_eq!(ranks(&[0, u32::MAX]), [2, 1]);
    }

    proptest! {
        #[test]
        fn ranks_are_those_of_counting(keys in prop::collection::vec(prop_oneof![0_u32..40, any::<u32>()], 0..400)) {
            prop_assert_eq!(ranks(&keys), brute(&keys));
        }

        #[test]
        fn places_add_up(keys in prop::collection::vec(0_u32..6, 1..40), k in 0_usize..50) {
            let mut tally = Tally::new(keys.len(), k, k);
            let mut ranker = Ranker::default();
            tally.add(ranker.order(keys.iter().copied()));
            let k = k.min(keys.len()) as f64;
            prop_assert!(((0..keys.len()).map(|u| tally.p_top(u)).sum::<f64>() - k).abs() < 1e-9);
            prop_assert!(((0..keys.len()).map(|u| tally.p_bottom(u)).sum::<f64>() - k).abs() < 1e-9);
        }
    }

    #[test]
    fn a_tie_across_the_last_place_shares_it() {
        let mut tally = Tally::new(4, 2, 1);
        tally.add(Ranker::default().order([9, 5, 5, 5].into_iter()));
        let third = 1.0 / 3.0;
        for (unit, (top, bottom)) in
            [(1.0, 0.0), (third, third), (third, third), (third, third)].into_iter().enumerate()
        {
            assert!((tally.p_top(unit) - top).abs() < 1e-11 && (tally.p_bottom(unit) - bottom).abs() < 1e-11);
        }
    }

    #[test]
    fn quantiles_are_those_of_the_sorted_ranks() {
        for units in [5_usize, 130, 600, 2000] {
            let draws = 200_usize;
            let mut all = vec![Vec::new(); units];
            let mut halves = [Tally::new(units, 10, 10), Tally::new(units, 10, 10)];
            let mut ranker = Ranker::default();
            for draw in 0..draws {
                let mut stream = Draw::new(4, draw as u64);
                let keys: Vec<u32> = (0..units).map(|u| (u as f64 * 3.0 + stream.uniform() * 300.0) as u32).collect();
                halves[draw % 2].add(ranker.order(keys.iter().copied()));
                brute(&keys).into_iter().zip(&mut all).for_each(|(rank, ranks)| ranks.push(rank));
            }
            let [tally, other] = halves;
            let tally = tally.merge(&other);
            assert_eq!(tally.draws(), draws as u64);
            for (unit, ranks) in all.iter_mut().enumerate() {
                ranks.sort_unstable();
                let mean = ranks.iter().map(|r| f64::from(*r)).sum::<f64>() / draws as f64;
                assert!((tally.mean(unit) - mean).abs() < 1e-9);
                for q in [0.05, 0.5, 0.95] {
                    let exact = ranks[(q * draws as f64).ceil() as usize - 1];
                    let (low, high) = tally.quantile(unit, q);
                    assert!(low <= exact && exact <= high, "{units} {unit} {q}: {low}..{high} {exact}");
                    assert!(units > EXACT_UNITS || low == high);
                }
            }
        }
    }
}
