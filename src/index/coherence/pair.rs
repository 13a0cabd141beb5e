//! Correlations of pairs.

use super::{CoherencePolicy, correlation};
use crate::index::tree::Tree;

/// What a reader should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Siblings that say the same twice.
    Redundant,
    /// They pull against one another.
    Opposed,
    /// The child hardly bears on its node.
    Weak,
    /// The indicator goes better with a node of another branch, at the level of its own.
    Misplaced,
    /// The node's children do not measure one thing.
    Incoherent,
}

impl Flag {
    /// The code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Flag::Redundant => "redundant",
            Flag::Opposed => "opposed",
            Flag::Weak => "weak",
            Flag::Misplaced => "misplaced",
            Flag::Incoherent => "incoherent",
        }
    }
}

/// How two items go together.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCoherence {
    /// Places in the tree.
    pub a: usize,
    pub b: usize,
    /// Are they siblings? Else `a` is an indicator and `b` a node.
    pub siblings: bool,
    /// Pearson's correlation, −1 to 1.
    pub correlation: Option<f64>,
    /// Rows where both are present.
    pub rows: usize,
    pub flag: Option<Flag>,
}

/// Every pair of siblings, then every indicator with every node.
pub(super) fn pairs(tree: &Tree, columns: &[Vec<f64>], policy: &CoherencePolicy) -> Vec<PairCoherence> {
    let mut out = Vec::new();
    for at in tree.nodes_downwards() {
        let children = tree.items[at].children.clone();
        for a in children.clone() {
            for b in a + 1..children.end {
                let (found, rows) = correlation(&columns[a], &columns[b]);
                let flag = match found {
                    Some(r) if r >= policy.redundant => Some(Flag::Redundant),
                    Some(r) if r <= policy.opposed => Some(Flag::Opposed),
                    _ => None,
                };
                out.push(PairCoherence { a, b, siblings: true, correlation: found, rows, flag });
            }
        }
    }
    for &leaf in &tree.leaves {
        let nodes: Vec<usize> = tree.nodes_downwards().collect();
        let found: Vec<(Option<f64>, usize)> =
            nodes.iter().map(|&n| correlation(&columns[leaf], &columns[n])).collect();
        let parent = tree.items[leaf].parent;
        let own = nodes.iter().position(|&n| n == parent).and_then(|at| found[at].0);
        for (&b, &(r, rows)) in nodes.iter().zip(&found) {
            // The root holds the indicator itself, as does every node above it: no rivals.
            let rival = tree.depth(b) == tree.depth(parent) && b != parent;
            let better = matches!((own, r), (Some(own), Some(r)) if r > own);
            let flag = (rival && better).then_some(Flag::Misplaced);
            out.push(PairCoherence { a: leaf, b, siblings: false, correlation: r, rows, flag });
        }
    }
    out
}
