//! How well scores rank what happened: figures with ties handled, computed here because the ones at
//! hand either swap their names or leave ties to the order of rows.

use std::cmp::Ordering;

/// Area under the ROC curve: the probability that a positive scores higher than a negative, a tie
/// counting half (Mann–Whitney U / (positives × negatives); Hanley & McNeil 1982). The counts are
/// whole numbers, so the result does not depend on the order of rows.
///
/// `None` when lengths differ, a score is not finite, or one class is absent.
pub fn auc(scores: &[f64], labels: &[bool]) -> Option<f64> {
    let order = ranking(scores, labels)?;
    let positives = labels.iter().filter(|l| **l).count() as u128;
    let negatives = labels.len() as u128 - positives;
    if positives == 0 || negatives == 0 {
        return None;
    }
    // Twice U, from the lowest score up: each positive beats all negatives below its tie group and
    // half of those inside it.
    let (mut twice, mut below) = (0_u128, 0_u128);
    for group in order.chunk_by(|a, b| scores[*a] == scores[*b]).rev() {
        let hits = group.iter().filter(|i| labels[**i]).count() as u128;
        let misses = group.len() as u128 - hits;
        twice += hits * (2 * below + misses);
        below += misses;
    }
    Some(twice as f64 / (2 * positives * negatives) as f64)
}

/// Brier score: mean squared distance of the probability from what happened (0 best; Brier 1950, in
/// the two-class form that lies between 0 and 1).
///
/// `None` when lengths differ, nothing is given, or a probability lies outside [0, 1].
pub fn brier(probabilities: &[f64], labels: &[bool]) -> Option<f64> {
    let fits = probabilities.len() == labels.len() && !labels.is_empty();
    if !fits || probabilities.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return None;
    }
    let squares = probabilities.iter().zip(labels).map(|(p, l)| {
        let gap = p - f64::from(u8::from(*l));
        gap * gap
    });
    Some(squares.fold(0.0, |sum, s| sum + s) / labels.len() as f64)
}

/// Share of positives among the `k` highest scores. Where a tie straddles the cut, the tied rows
/// count with the share that fits: the mean over all orders of the tie.
///
/// `None` when lengths differ, a score is not finite, or `k` is 0 or exceeds the rows.
pub fn precision_at(scores: &[f64], labels: &[bool], k: usize) -> Option<f64> {
    let order = ranking(scores, labels)?;
    if k == 0 || k > order.len() {
        return None;
    }
    let (mut taken, mut hits) = (0, 0.0);
    for group in order.chunk_by(|a, b| scores[*a] == scores[*b]) {
        let positives = group.iter().filter(|i| labels[**i]).count() as f64;
        let room = (k - taken).min(group.len());
        hits += positives * room as f64 / group.len() as f64;
        taken += room;
        if taken == k {
            break;
        }
    }
    Some(hits / k as f64)
}

/// Share of positives; `None` for nothing.
pub fn base_rate(labels: &[bool]) -> Option<f64> {
    (!labels.is_empty()).then(|| labels.iter().filter(|l| **l).count() as f64 / labels.len() as f64)
}

/// Each value's place among all, 0 to 1: the share of values below it plus half the share equal to
/// it (itself included). The mean over all values is one half.
pub fn percentiles(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut places = vec![0.0; values.len()];
    let mut below = 0;
    for group in order.chunk_by(|a, b| values[*a] == values[*b]) {
        for i in group {
            places[*i] = (2 * below + group.len()) as f64 / (2 * values.len()) as f64;
        }
        below += group.len();
    }
    places
}

/// Indices from the highest score down; `None` for figures that cannot be ranked.
fn ranking(scores: &[f64], labels: &[bool]) -> Option<Vec<usize>> {
    if scores.len() != labels.len() || scores.iter().any(|s| !s.is_finite()) {
        return None;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // All scores are finite; `==` groups -0 with 0, so `partial_cmp` must order them alike.
    order.sort_by(|a, b| scores[*b].partial_cmp(&scores[*a]).unwrap_or(Ordering::Equal));
    Some(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The examples of scikit-learn's documentation (`roc_auc_score`, `brier_score_loss`).
    #[test]
    fn published_examples() {
        assert_eq!(auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]), Some(0.75));
        let loss = brier(&[0.1, 0.9, 0.8, 0.3], &[false, true, true, false]).unwrap_or(9.0);
        assert!((loss - 0.0375).abs() < 1e-15);
    }

    /// Hanley & McNeil 1982, tables I and II: 58 normal and 51 abnormal images on a five-step scale;
    /// the area by the trapezoid (Wilcoxon) is 0.893.
    #[test]
    fn hanley_and_mcneil() {
        let normal = [33, 6, 6, 11, 2];
        let abnormal = [3, 2, 2, 11, 33];
        let (mut scores, mut labels) = (Vec::new(), Vec::new());
        for (counts, label) in [(normal, false), (abnormal, true)] {
            for (step, count) in counts.into_iter().enumerate() {
                scores.extend(std::iter::repeat_n(step as f64, count));
                labels.extend(std::iter::repeat_n(label, count));
            }
        }
        assert!((auc(&scores, &labels).unwrap_or(0.0) - 0.893).abs() < 5e-4);
    }

    #[test]
    fn ties_at_the_cut_count_by_share() {
        // One sure hit, then four tied with two hits: two of the four places at hand.
        let scores = [0.9, 0.5, 0.5, 0.5, 0.5, 0.1];
        let labels = [true, true, false, false, true, false];
        assert_eq!(precision_at(&scores, &labels, 3), Some((1.0 + 2.0 * 2.0 / 4.0) / 3.0));
        assert_eq!(precision_at(&scores, &labels, 1), Some(1.0));
        assert_eq!(precision_at(&scores, &labels, 7), None);
        assert_eq!(precision_at(&scores, &labels, 0), None);
        assert_eq!(percentiles(&[3.0, 1.0, 3.0, 2.0]), vec![0.75, 0.125, 0.75, 0.375]);
    }

    #[test]
    fn refuses_what_cannot_be_ranked() {
        assert_eq!(auc(&[f64::NAN, 1.0], &[true, false]), None);
        assert_eq!(auc(&[0.5, 1.0], &[true, true]), None);
        assert_eq!(auc(&[], &[]), None);
        assert_eq!(brier(&[1.5], &[true]), None);
        assert_eq!(brier(&[], &[]), None);
        assert_eq!(base_rate(&[]), None);
    }

    proptest! {
        #[test]
        fn auc_is_the_share_of_pairs(rows in prop::collection::vec((0_u8..6, any::<bool>()), 2..40)) {
            let scores: Vec<f64> = rows.iter().map(|r| f64::from(r.0) / 7.0).collect();
            let labels: Vec<bool> = rows.iter().map(|r| r.1).collect();
            let (mut pairs, mut won) = (0.0, 0.0);
            for (s, l) in scores.iter().zip(&labels) {
                for (t, m) in scores.iter().zip(&labels) {
                    if *l && !*m {
                        pairs += 1.0;
                        won += if s > t { 1.0 } else if s == t { 0.5 } else { 0.0 };
                    }
                }
            }
            let expected = (pairs > 0.0).then(|| won / pairs);
            prop_assert_eq!(auc(&scores, &labels), expected);
        }
    }
}
