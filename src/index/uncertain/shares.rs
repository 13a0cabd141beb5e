//! Shares among siblings, and the weights of leaves that they make.

use crate::index::tree::Tree;

/// Product of the shares on the way from a node down to a leaf.
pub fn weight(tree: &Tree, node: usize, leaf: usize, shares: &[f64]) -> f64 {
    let (mut at, mut product) = (tree.leaves[leaf], 1.0);
    while at != node && at != 0 {
        product *= shares[at];
        at = tree.items[at].parent;
    }
    product
}

/// The shares below a node under which these leaves (places, weights) have these weights within it.
/// A node whose leaves all weigh 0 keeps its shares. `sums` is a buffer.
pub fn shares_of(
    tree: &Tree,
    node: usize,
    leaves: impl Iterator<Item = (usize, f64)>,
    shares: &mut [f64],
    sums: &mut Vec<f64>,
) {
    sums.clear();
    sums.resize(tree.items.len(), 0.0);
    for (mut at, weight) in leaves {
        sums[at] += weight;
        while at != node && at != 0 {
            at = tree.items[at].parent;
            sums[at] += weight;
        }
    }
    for at in 1..tree.items.len() {
        let above = sums[tree.items[at].parent];
        // Only what is below the node: others have no sum, and the node's own parent is above it.
        if above > 0.0 && is_below(tree, at, node) {
            shares[at] = sums[at] / above;
        }
    }
}

fn is_below(tree: &Tree, mut at: usize, node: usize) -> bool {
    while at != 0 {
        at = tree.items[at].parent;
        if at == node {
            return true;
        }
    }
    false
}

/// Takes a leaf's share away: its siblings take it in proportion to theirs, and a node that is left
/// with nothing gives its own away likewise. `false` where nothing is left at all.
pub fn leave_out(tree: &Tree, leaf: usize, shares: &mut [f64]) -> bool {
    let mut at = tree.leaves[leaf];
    loop {
        shares[at] = 0.0;
        let parent = tree.items[at].parent;
        let siblings = tree.items[parent].children.clone();
        let left: f64 = shares[siblings.clone()].iter().sum();
        if left > 0.0 {
            shares[siblings].iter_mut().for_each(|share| *share /= left);
            return true;
        }
        if parent == 0 {
            return false;
        }
        at = parent;
    }
}

/// Weight of each leaf when everything is measured, into `weights`; `down` is a buffer.
pub fn effective(tree: &Tree, shares: &[f64], down: &mut Vec<f64>, weights: &mut Vec<f64>) {
    down.clear();
    down.push(1.0);
    for at in 1..tree.items.len() {
        down.push(down[tree.items[at].parent] * shares[at]);
    }
    weights.clear();
    weights.extend(tree.leaves.iter().map(|&at| down[at]));
}
