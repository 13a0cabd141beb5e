//! Coherence: does the index measure what its tree says? Correlations within and across nodes,
//! Cronbach's alpha, principal components, and flags for what a reader should look at. Nothing here
//! changes a score.
//!
//! Everything is computed on the rows that parameters are fitted on. Pairwise figures use the rows
//! where both are present, figures of a node those where all its children are. With fewer than three
//! such rows, or where a column is constant, the figure is null.

mod node;
mod pair;

pub use node::{ChildCoherence, NodeCoherence};
pub use pair::{Flag, PairCoherence};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pipeline::{Aggregated, Plan};

/// Section `[score.coherence]`: from where on a figure is flagged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CoherencePolicy {
    /// Correlation of siblings at or above this: they say the same twice.
    pub redundant: f64,
    /// Correlation of siblings at or below this: they pull against one another. (A child that pulls
    /// against the rest of its node is flagged from zero down.)
    pub opposed: f64,
    /// Correlation of a child with the rest of its node below this: it hardly bears on it.
    pub weak: f64,
    /// Cronbach's alpha below this.
    pub alpha: f64,
}

impl Default for CoherencePolicy {
    /// The thresholds of COINr's `get_corr_flags` (0.92, −0.4) and `plot_corr` (0.3), and Nunnally's
    /// 0.7 for alpha (*Psychometric Theory*, 1978).
    fn default() -> CoherencePolicy {
        CoherencePolicy { redundant: 0.92, opposed: -0.4, weak: 0.3, alpha: 0.7 }
    }
}

/// What is found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coherence {
    /// Every pair of siblings, and every indicator with every node.
    pub pairs: Vec<PairCoherence>,
    /// Every node with two children or more, in reading order.
    pub nodes: Vec<NodeCoherence>,
}

/// Judges the coherence of an index. Grows with (indicators × items + siblings²) × rows.
pub fn coherence(plan: &Plan, aggregated: &Aggregated, policy: &CoherencePolicy) -> Coherence {
    let columns: Vec<Vec<f64>> = aggregated.values.iter().map(|column| fitted(plan, column)).collect();
    Coherence {
        pairs: pair::pairs(&plan.tree, &columns, policy),
        nodes: plan
            .tree
            .nodes_downwards()
            .filter_map(|at| node::node(&plan.tree, &columns, &aggregated.shares, at, policy))
            .collect(),
    }
}

/// The values of the rows that parameters are fitted on; all rows where each period is by itself.
fn fitted(plan: &Plan, column: &[f64]) -> Vec<f64> {
    match &plan.fit {
        None => column.to_vec(),
        Some(fit) => column.iter().zip(fit).filter(|(_, on)| **on).map(|(x, _)| *x).collect(),
    }
}

/// Pearson's correlation over the rows where both are present, and their number; null with fewer
/// than three, or where one is constant.
pub fn correlation(a: &[f64], b: &[f64]) -> (Option<f64>, usize) {
    let both = || a.iter().zip(b).filter(|(x, y)| x.is_finite() && y.is_finite());
    let n = both().count();
    if n < 3 {
        return (None, n);
    }
    let (sum_a, sum_b) = both().fold((0.0, 0.0), |(sa, sb), (x, y)| (sa + x, sb + y));
    let (mean_a, mean_b) = (sum_a / n as f64, sum_b / n as f64);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (x, y) in both() {
        let (dx, dy) = (x - mean_a, y - mean_b);
        aa += dx * dx;
        bb += dy * dy;
        ab += dx * dy;
    }
    // What rounding makes of a constant column is no variance.
    let real = |squares: f64, mean: f64| squares > n as f64 * (1e-12 * mean) * (1e-12 * mean);
    if aa > 0.0 && bb > 0.0 && real(aa, mean_a) && real(bb, mean_b) {
        (Some((ab / (aa.sqrt() * bb.sqrt())).clamp(-1.0, 1.0)), n)
    } else {
        (None, n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_by_hand() {
        // Sums of squares 10 and 10, of products 8.
        let (found, rows) = correlation(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 4.0, 3.0, 5.0]);
        assert!((found.expect("varied") - 0.8).abs() < 1e-15 && rows == 5);
        assert_eq!(correlation(&[1.0, 2.0, f64::NAN, 4.0], &[1.0, 2.0, 3.0, f64::NAN]), (None, 2));
        assert_eq!(correlation(&[0.1, 0.1, 0.1], &[1.0, 2.0, 3.0]), (None, 3));
        assert_eq!(correlation(&[], &[]), (None, 0));
    }
}
