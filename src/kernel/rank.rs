//! Ranks with ties, of scores that are compared as whole-number keys (greater is better), so that what
//! differs only by rounding error ties.

/// Rank of each unit, 1 the best; ties share the best rank.
pub fn ranks(keys: &[u32]) -> Vec<u32> {
    let mut order: Vec<(std::cmp::Reverse<u32>, u32)> =
        keys.iter().enumerate().map(|(unit, key)| (std::cmp::Reverse(*key), unit as u32)).collect();
    order.sort_unstable();
    let mut out = vec![0; keys.len()];
    let mut first = 1;
    for block in order.chunk_by(|a, b| a.0 == b.0) {
        block.iter().for_each(|(_, unit)| out[*unit as usize] = first);
        first += block.len() as u32;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
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
    }
}
