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

/// A score as the whole number by which scores are compared.
pub fn key(score: f64, step: f64) -> i64 {
    libm::round(score / step) as i64
}

/// The place of a unit that has none.
pub const UNPLACED: u32 = u32::MAX;

/// Gives units their places. Keeps its buffers between calls.
#[derive(Debug, Default)]
pub struct Placer {
    order: Vec<(i64, u32)>,
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
        first.fill(UNPLACED);
        size.fill(0);
        let step = step(scores.iter().copied());
        self.order.clear();
        let rated = scores.iter().enumerate().filter(|(_, s)| !s.is_nan());
        self.order.extend(rated.map(|(unit, score)| (key(*score, step), unit as u32)));
        self.order.sort_unstable_by(|a, b| b.cmp(a));
        let mut start = 0;
        for block in self.order.chunk_by(|a, b| a.0 == b.0) {
            for (_, unit) in block {
                first[*unit as usize] = start;
                size[*unit as usize] = block.len() as u32;
            }
            start += block.len() as u32;
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
