//! Counters of draws: of 16 bits where these hold as many as there will be, of 32 otherwise.

use std::ops::{AddAssign, Range};

/// A row of counters or more.
#[derive(Clone, Debug)]
pub(super) enum Counters {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

/// Some of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counts<'a> {
    Short(&'a [u16]),
    Long(&'a [u32]),
}

/// A counter.
pub(super) trait Counter: Copy + Default + AddAssign + Into<u32> {
    const ONE: Self;

    /// A few draws.
    fn few(count: u8) -> Self;
}

impl Counter for u16 {
    const ONE: u16 = 1;

    fn few(count: u8) -> u16 {
        u16::from(count)
    }
}

impl Counter for u32 {
    const ONE: u32 = 1;

    fn few(count: u8) -> u32 {
        u32::from(count)
    }
}

impl Counters {
    /// So many counters, of at most so many draws.
    pub fn new(len: usize, draws: u32) -> Counters {
        if draws <= u32::from(u16::MAX) { Counters::Short(vec![0; len]) } else { Counters::Long(vec![0; len]) }
    }

    /// Bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Counters::Short(counts) => size_of_val(counts.as_slice()),
            Counters::Long(counts) => size_of_val(counts.as_slice()),
        }
    }

    /// One more.
    pub fn add(&mut self, at: usize) {
        match self {
            Counters::Short(counts) => counts[at] += 1,
            Counters::Long(counts) => counts[at] += 1,
        }
    }

    /// One less.
    pub fn take(&mut self, at: usize) {
        match self {
            Counters::Short(counts) => counts[at] -= 1,
            Counters::Long(counts) => counts[at] -= 1,
        }
    }

    pub fn slice(&self, range: Range<usize>) -> Counts<'_> {
        match self {
            Counters::Short(counts) => Counts::Short(&counts[range]),
            Counters::Long(counts) => Counts::Long(&counts[range]),
        }
    }
}

impl<'a> Counts<'a> {
    pub fn get(self, at: usize) -> u64 {
        match self {
            Counts::Short(counts) => u64::from(counts[at]),
            Counts::Long(counts) => u64::from(counts[at]),
        }
    }

    pub fn slice(self, range: Range<usize>) -> Counts<'a> {
        match self {
            Counts::Short(counts) => Counts::Short(&counts[range]),
            Counts::Long(counts) => Counts::Long(&counts[range]),
        }
    }

    /// For each of these sums, ascending and above 0: the first counter with which the sum from the
    /// beginning reaches it.
    pub fn reach<const N: usize>(self, wanted: [u64; N]) -> [Option<usize>; N] {
        match self {
            Counts::Short(counts) => reach(counts, wanted),
            Counts::Long(counts) => reach(counts, wanted),
        }
    }
}

/// Counters that are added up at once.
const PIECE: usize = 16;

fn reach<C: Counter, const N: usize>(counts: &[C], wanted: [u64; N]) -> [Option<usize>; N] {
    let (mut found, mut next, mut sum) = ([None; N], 0, 0);
    for (piece, counts) in counts.chunks(PIECE).enumerate() {
        if next == N {
            break;
        }
        let number = |count: &C| -> u64 { u64::from((*count).into()) };
        let after = sum + counts.iter().map(number).sum::<u64>();
        // Few pieces hold a sum that is wanted.
        if after >= wanted[next] {
            for (at, count) in counts.iter().enumerate() {
                sum += number(count);
                while next < N && sum >= wanted[next] {
                    found[next] = Some(piece * PIECE + at);
                    next += 1;
                }
            }
        }
        sum = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counters_are_as_wide_as_the_draws_need() {
        assert_eq!((Counters::new(10, 65_535).bytes(), Counters::new(10, 65_536).bytes()), (20, 40));
        for draws in [65_535, 65_536] {
            let mut counters = Counters::new(2, draws);
            (0..draws).for_each(|_| counters.add(1));
            counters.add(0);
            counters.take(0);
            let counts = counters.slice(0..2);
            assert_eq!((counts.get(0), counts.get(1)), (0, u64::from(draws)));
        }
    }

    proptest! {
        #[test]
        fn sums_are_reached_where_one_after_the_other_says(
            counts in prop::collection::vec(prop_oneof![Just(0_u16), 0..4_u16, 0..=u16::MAX], 0..80),
            wanted in prop::array::uniform3(1..200_000_u64),
        ) {
            let mut wanted = wanted;
            wanted.sort_unstable();
            let sum = |end: usize| counts[..end].iter().map(|count| u64::from(*count)).sum::<u64>();
            let slow = wanted.map(|wanted| (0..counts.len()).find(|&at| sum(at + 1) >= wanted));
            let long: Vec<u32> = counts.iter().map(|count| u32::from(*count)).collect();
            prop_assert_eq!(Counts::Short(&counts).reach(wanted), slow);
            prop_assert_eq!(Counts::Long(&long).reach(wanted), slow);
        }
    }
}
