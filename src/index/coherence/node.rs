//! How far what hangs on a node measures one thing.

use super::{CoherencePolicy, Flag, correlation};
use crate::index::tree::Tree;
use crate::kernel::eigen;

/// A node's coherence.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeCoherence {
    /// Place in the tree.
    pub node: usize,
    /// Rows where all children are present.
    pub rows: usize,
    /// Cronbach's alpha of the standardised children, k r̄ / (1 + (k − 1) r̄) with r̄ their mean
    /// correlation (Cronbach, *Psychometrika* 16, 1951; standardised as in OECD/JRC Handbook,
    /// section 4.2); 1 at most, without lower bound.
    pub alpha: Option<f64>,
    /// Eigenvalues of the children's correlation matrix, greatest first; they sum to the number of
    /// children.
    pub eigenvalues: Vec<f64>,
    /// Components with an eigenvalue above 1 (Kaiser's criterion).
    pub components: Option<usize>,
    /// Share of the variance that the first component explains, 0 to 1.
    pub first_share: Option<f64>,
    /// By child.
    pub children: Vec<ChildCoherence>,
    /// [`Flag::Incoherent`] where alpha lies below the policy's.
    pub flag: Option<Flag>,
}

/// A child within its node.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildCoherence {
    /// Place in the tree.
    pub item: usize,
    /// Correlation with the weighted arithmetic mean of its siblings: its node without itself.
    pub with_rest: Option<f64>,
    /// Alpha of the node without it.
    pub alpha_without: Option<f64>,
    /// Loading on the first component: its correlation with it.
    pub loading: Option<f64>,
    /// [`Flag::Opposed`] or [`Flag::Weak`].
    pub flag: Option<Flag>,
}

/// The coherence of one node; none with fewer than two children.
pub(super) fn node(
    tree: &Tree,
    columns: &[Vec<f64>],
    shares: &[f64],
    at: usize,
    policy: &CoherencePolicy,
) -> Option<NodeCoherence> {
    let children: Vec<usize> = tree.items[at].children.clone().collect();
    if children.len() < 2 {
        return None;
    }
    let complete: Vec<usize> = (0..columns[children[0]].len())
        .filter(|&row| children.iter().all(|&child| columns[child][row].is_finite()))
        .collect();
    let values: Vec<Vec<f64>> =
        children.iter().map(|&child| complete.iter().map(|&row| columns[child][row]).collect()).collect();
    let matrix = correlations(&values);
    let eigen = matrix.as_ref().map(|m| eigen::symmetric(m)).unwrap_or_default();
    let eigenvalues: Vec<f64> = eigen.iter().map(|(value, _)| *value).collect();
    let alpha = matrix.as_ref().and_then(|m| alpha(m, None));
    let child = |place: usize| {
        let with_rest = rest(&values, shares, &children, place).and_then(|rest| correlation(&values[place], &rest).0);
        let flag = match with_rest {
            Some(r) if r < 0.0 => Some(Flag::Opposed),
            Some(r) if r < policy.weak => Some(Flag::Weak),
            _ => None,
        };
        ChildCoherence {
            item: children[place],
            with_rest,
            alpha_without: matrix.as_ref().and_then(|m| self::alpha(m, Some(place))),
            loading: eigen.first().map(|(value, vector)| vector[place] * value.max(0.0).sqrt()),
            flag,
        }
    };
    Some(NodeCoherence {
        node: at,
        rows: complete.len(),
        alpha,
        components: matrix.is_some().then(|| eigenvalues.iter().filter(|v| **v > 1.0 + 1e-12).count()),
        first_share: eigenvalues.first().map(|first| first / children.len() as f64),
        children: (0..children.len()).map(child).collect(),
        flag: alpha.filter(|a| *a < policy.alpha).map(|_| Flag::Incoherent),
        eigenvalues,
    })
}

/// Correlation matrix; none if a correlation is not defined.
fn correlations(values: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let k = values.len();
    let mut matrix = vec![vec![1.0; k]; k];
    for a in 0..k {
        for b in 0..a {
            let r = correlation(&values[a], &values[b]).0?;
            (matrix[a][b], matrix[b][a]) = (r, r);
        }
    }
    Some(matrix)
}

/// Standardised alpha of all children, or of all but one; none for fewer than two.
fn alpha(matrix: &[Vec<f64>], without: Option<usize>) -> Option<f64> {
    let kept: Vec<usize> = (0..matrix.len()).filter(|&c| Some(c) != without).collect();
    let k = kept.len() as f64;
    if kept.len() < 2 {
        return None;
    }
    let sum: f64 = kept.iter().flat_map(|&a| kept.iter().filter(move |&&b| b < a).map(move |&b| matrix[a][b])).sum();
    let mean = sum / (k * (k - 1.0) / 2.0);
    let below = 1.0 + (k - 1.0) * mean;
    // The mean correlation lies at or above −1 / (k − 1), where alpha falls without bound.
    (below > 1e-12).then(|| k * mean / below)
}

/// Weighted mean of a child's siblings; equal weights where the siblings have none.
fn rest(values: &[Vec<f64>], shares: &[f64], children: &[usize], place: usize) -> Option<Vec<f64>> {
    let others: Vec<usize> = (0..children.len()).filter(|&other| other != place).collect();
    let sum: f64 = others.iter().map(|&other| shares[children[other]]).sum();
    let weight = |other: usize| if sum > 0.0 { shares[children[other]] / sum } else { 1.0 / others.len() as f64 };
    let mut out = vec![0.0; values.first()?.len()];
    for &other in &others {
        let weight = weight(other);
        out.iter_mut().zip(&values[other]).for_each(|(slot, x)| *slot += weight * x);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_of_equal_correlations() {
        // k r / (1 + (k − 1) r): 3 · 0.5 / 2 and 2 · 0.5 / 1.5.
        let matrix = vec![vec![1.0, 0.5, 0.5], vec![0.5, 1.0, 0.5], vec![0.5, 0.5, 1.0]];
        assert!((alpha(&matrix, None).expect("three children") - 0.75).abs() < 1e-15);
        assert!((alpha(&matrix, Some(1)).expect("two children") - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(alpha(&[vec![1.0, -1.0], vec![-1.0, 1.0]], None), None);
        assert_eq!(alpha(&matrix[..1], None), None);
    }
}
