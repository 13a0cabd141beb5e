//! The tree of nodes and indicators, laid flat: parents before children, the children of one node
//! side by side. Aggregation is the weighted arithmetic mean at every node.
//!
//! Missing data: at each node the mean goes over the children that are measured, directly or
//! through something below them; the weight of the others goes to their measured siblings in
//! proportion to theirs. An indicator's *effective weight* is the product of the rescaled shares on
//! the way down to it; a village's effective weights sum to 1, and its score is
//! Σ effective weight · points (OECD/JRC, Handbook on Constructing Composite Indicators, 2008,
//! section 6: linear aggregation).

use chrono::NaiveDate;

use super::policy::{ScorePolicy, Space, in_force};
use crate::kernel::draw::Draw;
use crate::kernel::simplex;

/// One node or indicator.
struct Item {
    /// Place of the node above; the root's is 0.
    parent: usize,
    /// Places of what hangs on it.
    children: std::ops::Range<usize>,
    /// Which leaf it is, for an indicator.
    leaf: Option<usize>,
}

/// One indicator of the tree.
pub(super) struct Leaf {
    /// Index among the policy's indicators.
    pub indicator: usize,
    /// Key of the topmost node above it (or its own).
    pub source: String,
    /// Key of the node below that (or the topmost node, or its own).
    pub area: String,
    place: usize,
}

/// The tree in force on a day.
pub(super) struct Tree {
    items: Vec<Item>,
    /// Declared share of each item among its siblings.
    pub shares: Vec<f64>,
    pub leaves: Vec<Leaf>,
}

/// A key under construction, with its path from the source down.
struct Open {
    indicator: Option<usize>,
    path: Vec<String>,
}

impl Tree {
    /// The nodes and indicators that have a weight and are in force, as the policy orders them.
    pub fn new(policy: &ScorePolicy, day: NaiveDate) -> Tree {
        let mut tree = Tree { items: Vec::new(), shares: Vec::new(), leaves: Vec::new() };
        let mut open = vec![Open { indicator: None, path: Vec::new() }];
        tree.push(0, 1.0, None);
        let mut at = 0;
        // Breadth first, so that siblings lie side by side.
        while at < open.len() {
            let first = open.len();
            if open[at].indicator.is_none() {
                let children = children(policy, open[at].path.last().map(String::as_str), day);
                let total: f64 = children.iter().map(|c| c.1).sum();
                for (key, weight, indicator) in children {
                    let path: Vec<String> = open[at].path.iter().cloned().chain([key.to_owned()]).collect();
                    let leaf = indicator.map(|indicator| {
                        tree.leaves.push(Leaf {
                            indicator,
                            source: path[0].clone(),
                            area: path[1.min(path.len().saturating_sub(2))].clone(),
                            place: tree.items.len(),
                        });
                        tree.leaves.len() - 1
                    });
                    tree.push(at, weight / total, leaf);
                    open.push(Open { indicator, path });
                }
            }
            tree.items[at].children = first..open.len();
            at += 1;
        }
        tree
    }

    fn push(&mut self, parent: usize, share: f64, leaf: Option<usize>) {
        self.items.push(Item { parent, children: 0..0, leaf });
        self.shares.push(share);
    }

    /// Effective weights of the leaves, given which are present, under these shares. All 0 when
    /// none is. `scratch` is overwritten.
    pub fn effective(&self, shares: &[f64], present: &[bool], scratch: &mut Vec<f64>, out: &mut [f64]) {
        scratch.clear();
        scratch.resize(self.items.len(), 0.0);
        // Upwards: at each node, the share of the children that are measured.
        for (at, item) in self.items.iter().enumerate().rev() {
            let measured = match item.leaf {
                Some(leaf) => present[leaf],
                None => scratch[at] > 0.0,
            };
            if measured && at > 0 {
                scratch[item.parent] += shares[at];
            }
        }
        // Downwards: a node's effective weight takes the place of its sum once used.
        let whole = scratch[0];
        if whole <= 0.0 {
            out.fill(0.0);
            return;
        }
        let mut above = 1.0 / whole;
        for (at, item) in self.items.iter().enumerate() {
            // Weight that reaches this node, over what is measured among its children.
            if at > 0 {
                let own = shares[at] * scratch[item.parent];
                match item.leaf {
                    Some(leaf) => {
                        out[leaf] = if present[leaf] { own } else { 0.0 };
                        continue;
                    }
                    None => above = if scratch[at] > 0.0 { own / scratch[at] } else { 0.0 },
                }
            }
            scratch[at] = above;
        }
    }

    /// Shares under alternative `replicate` of the weights: drawn around the declared ones.
    pub fn draw(&self, space: Space, concentration: f64, seed: u64, replicate: u64, out: &mut Vec<f64>) {
        out.clear();
        out.extend_from_slice(&self.shares);
        let mut draw = Draw::named(seed, "score-weights", replicate);
        match space {
            Space::Node => {
                for item in self.items.iter().filter(|i| i.children.len() > 1) {
                    let range = item.children.clone();
                    simplex::dirichlet(&mut draw, &self.shares[range.clone()], concentration, &mut out[range]);
                }
            }
            Space::Leaf => {
                let all = vec![true; self.leaves.len()];
                let mut weights = vec![0.0; all.len()];
                self.effective(&self.shares, &all, &mut Vec::new(), &mut weights);
                let mut drawn = vec![0.0; all.len()];
                simplex::dirichlet(&mut draw, &weights, concentration, &mut drawn);
                self.shares_of(&drawn, out);
            }
        }
    }

    /// The shares among siblings under which the leaves have these effective weights.
    fn shares_of(&self, weights: &[f64], out: &mut [f64]) {
        let mut sums = vec![0.0; self.items.len()];
        for (at, item) in self.items.iter().enumerate().rev() {
            if let Some(leaf) = item.leaf {
                sums[at] = weights[leaf];
            }
            if at > 0 {
                sums[item.parent] += sums[at];
            }
        }
        for (at, item) in self.items.iter().enumerate().skip(1) {
            // A node whose leaves all drew 0 keeps its declared shares; they weigh nothing.
            if sums[item.parent] > 0.0 {
                out[at] = sums[at] / sums[item.parent];
            }
        }
    }

    /// Effective weights of the leaves when everything is measured: the policy's own.
    pub fn nominal(&self) -> Vec<f64> {
        let mut out = vec![0.0; self.leaves.len()];
        self.effective(&self.shares, &vec![true; out.len()], &mut Vec::new(), &mut out);
        out
    }

    /// Leaves in the order of the policy's tree, read depth first: as a reader expects them.
    pub fn reading_order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.leaves.len());
        let mut stack = vec![0];
        while let Some(at) = stack.pop() {
            order.extend(self.items[at].leaf);
            stack.extend(self.items[at].children.clone().rev());
        }
        debug_assert!(order.iter().all(|&leaf| self.items[self.leaves[leaf].place].leaf == Some(leaf)));
        order
    }
}

/// Key, weight and index of what hangs on a node, nodes first, where a weight is in force below.
fn children<'a>(policy: &'a ScorePolicy, parent: Option<&str>, day: NaiveDate) -> Vec<(&'a str, f64, Option<usize>)> {
    let nodes = policy
        .nodes
        .iter()
        .filter(|(_, n)| n.parent.as_deref() == parent && n.weight > 0.0 && in_force(n.effective.as_ref(), day))
        .filter(|(key, _)| !children(policy, Some(key), day).is_empty())
        .map(|(key, n)| (key.as_str(), n.weight, None));
    let indicators = policy
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, (_, i))| i.parent.as_deref() == parent && i.weight > 0.0 && in_force(i.effective.as_ref(), day))
        .map(|(index, (key, i))| (key.as_str(), i.weight, Some(index)));
    nodes.chain(indicators).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn tree() -> Tree {
        Tree::new(&Policy::default().score, NaiveDate::MAX)
    }

    #[test]
    fn weights_sum_to_one_whatever_is_missing() {
        let tree = tree();
        let n = tree.leaves.len();
        let mut out = vec![0.0; n];
        for mask in 0_u32..4000 {
            let present: Vec<bool> = (0..n).map(|i| mask >> (i % 12) & 1 == 1).collect();
            tree.effective(&tree.shares, &present, &mut Vec::new(), &mut out);
            let sum: f64 = out.iter().sum();
            assert!((sum - if mask == 0 { 0.0 } else { 1.0 }).abs() < 1e-12, "{mask}: {sum}");
            assert!(out.iter().zip(&present).all(|(w, p)| *p == (*w > 0.0)));
        }
        assert!((tree.nominal().iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn drawn_weights_have_the_policys_as_their_mean_in_both_spaces() {
        let tree = tree();
        let nominal = tree.nominal();
        for space in [Space::Node, Space::Leaf] {
            let (mut shares, mut out) = (Vec::new(), vec![0.0; nominal.len()]);
            let mut sums = vec![0.0; nominal.len()];
            let draws = 4000;
            for replicate in 0..draws {
                tree.draw(space, 50.0, 1, replicate, &mut shares);
                tree.effective(&shares, &vec![true; out.len()], &mut Vec::new(), &mut out);
                assert!((out.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                sums.iter_mut().zip(&out).for_each(|(s, w)| *s += w);
            }
            for (sum, weight) in sums.iter().zip(&nominal) {
                // At most about 0.07 of standard deviation each: five standard errors.
                assert!((sum / draws as f64 - weight).abs() < 0.0055, "{space:?}");
            }
        }
    }
}
