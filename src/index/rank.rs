//! Ranks of scores on any scale.

use super::table::Groups;
pub use crate::kernel::places::{key, step};

/// Ranks within each group, 1 the best (greatest); ties share the best; none for NaN.
pub fn within(groups: &Groups, scores: &[f64]) -> Vec<Option<u32>> {
    let mut out = vec![None; scores.len()];
    for rows in &groups.members {
        let rated: Vec<u32> = rows.iter().copied().filter(|&row| !scores[row as usize].is_nan()).collect();
        let step = step(rated.iter().map(|&row| scores[row as usize]));
        let mut order: Vec<(i64, u32)> = rated.iter().map(|&row| (key(scores[row as usize], step), row)).collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        let mut first = 0;
        for at in 0..order.len() {
            if order[at].0 != order[first].0 {
                first = at;
            }
            out[order[at].1 as usize] = Some(first as u32 + 1);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_best_place_and_rounding_error_ties() {
        let groups = Groups::new(vec![vec![0, 1, 2, 3], vec![4]], 5);
        let scores = [0.1 + 0.2, 0.3, f64::NAN, -7.0, 5.0];
        assert_eq!(within(&groups, &scores), [Some(1), Some(1), None, Some(3), Some(1)]);
        let far = [1e-300, 2e-300, 0.0, -1e-300, 0.0];
        assert_eq!(within(&groups, &far), [Some(2), Some(1), Some(3), Some(4), Some(1)]);
    }
}
