//! Bins whose width grows with the distance from where a unit stands nominally: near it every rank is
//! counted on its own, far from it a bin is at most a fixed share of the distance wide.

/// Bins of distances 0, 1, 2, …: distances below 2^bits have bins of their own; beyond, 2^bits bins share
/// each doubling of (distance + 2^bits), so that a bin is at most 2^−bits of that wide. Distances are
/// first divided by 2^shift.
///
/// The bin is read off the leading bits of the floating-point number, which takes no branch and runs
/// in vector registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    bits: u32,
    shift: u32,
}

/// Whole numbers below 2^24 are exact in single precision.
const EXACT: u32 = 1 << 24;
const MANTISSA: u32 = 23;
const BIAS: u32 = 127;

impl Steps {
    /// Bins that double in width.
    pub const ONE: Steps = Steps { bits: 0, shift: 0 };

    /// The finest bins of which at most `most` (at least 3) are needed for distances up to `below` on
    /// the one side and `above` on the other; zero is in the middle.
    pub fn new(below: u32, above: u32, most: u32) -> Steps {
        let fits = |steps: &Steps| {
            let exact = u64::from(below.max(above) >> steps.shift) + (1 << steps.bits) < u64::from(EXACT);
            exact && steps.index(below) + steps.index(above) < most
        };
        let fine = (0..=20).rev().map(|bits| Steps { bits, shift: 0 });
        let coarse = (1..32).map(|shift| Steps { bits: 0, shift });
        fine.chain(coarse).find(fits).unwrap_or(Steps { bits: 0, shift: 31 })
    }

    /// The bin of a distance.
    #[inline]
    pub fn index(self, distance: u32) -> u32 {
        let d = (distance >> self.shift).wrapping_add(1 << self.bits);
        ((d as i32 as f32).to_bits() >> (MANTISSA - self.bits)).wrapping_sub((BIAS + self.bits) << self.bits)
    }

    /// Least and greatest distance of a bin.
    pub fn range(self, index: u32) -> (u32, u32) {
        let low = |index: u32| {
            let bits = (index + ((BIAS + self.bits) << self.bits)) << (MANTISSA - self.bits);
            (f32::from_bits(bits) as u64 - (1 << self.bits)) << self.shift
        };
        let cut = |distance: u64| distance.min(u64::from(u32::MAX)) as u32;
        (cut(low(index)), cut(low(index + 1) - 1))
    }
}

/// Bins on both sides of a row's nominal value.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    steps: Steps,
    /// Bins below the middle.
    below: u32,
    /// Bins.
    pub bins: u32,
}

impl Axis {
    /// The finest bins, at most so many, for values from `below` less to `above` more than the nominal
    /// one.
    pub fn new(below: u32, above: u32, most: usize) -> Axis {
        let steps = Steps::new(below, above, most as u32);
        Axis { steps, below: steps.index(below), bins: steps.index(below) + steps.index(above) + 1 }
    }

    /// Without bins.
    pub const EMPTY: Axis = Axis { steps: Steps::ONE, below: 0, bins: 0 };

    /// Offsets are equally likely on both sides, so there is no branch to guess.
    #[inline]
    pub fn slot(&self, offset: i32) -> u32 {
        let sign = offset >> 31;
        let bin = self.steps.index((offset ^ sign).wrapping_sub(sign) as u32) as i32;
        self.below.wrapping_add((bin ^ sign).wrapping_sub(sign) as u32)
    }

    /// Least and greatest offset of a bin.
    pub fn range(&self, slot: usize) -> (i64, i64) {
        let bin = i64::from(self.below) - slot as i64;
        let (low, high) = self.steps.range(bin.unsigned_abs() as u32);
        let (low, high) = (i64::from(low), i64::from(high));
        match bin {
            0 => (-high, high),
            1.. => (-high, -low),
            _ => (low, high),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_cover_every_distance_once() {
        for (below, above, most) in [(0, 0, 3), (50, 50, 128), (40, 300, 64), (33_754, 0, 128), (200_000, 213_000, 128)]
        {
            let steps = Steps::new(below, above, most);
            assert!(steps.index(below) + steps.index(above) < most);
            let mut next = 0;
            for index in 0..=steps.index(below.max(above)) {
                let (low, high) = steps.range(index);
                assert_eq!(low, next);
                assert!(steps.index(low) == index && steps.index(high) == index);
                next = high + 1;
            }
            assert!(next > below.max(above));
        }
    }

    #[test]
    fn what_is_near_is_exact() {
        let near = |below, above, most| {
            let steps = Steps::new(below, above, most);
            (0..1000).take_while(|&d| steps.range(steps.index(d)) == (d, d)).count()
        };
        assert_eq!(near(25, 25, 128), 1000);
        assert_eq!(near(33_754, 0, 128), 8);
        assert_eq!(near(16_877, 16_877, 128), 4);
        // A bin is at most a quarter as wide as it is far away, and four.
        let steps = Steps::new(16_877, 16_877, 128);
        assert!((0..33_755).all(|d| {
            let (low, high) = steps.range(steps.index(d));
            (high + 1 - low) * 4 <= low + 4
        }));
    }
}
