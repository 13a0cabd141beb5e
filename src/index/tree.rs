//! The tree of nodes and indicators laid flat: parents before children, the children of one node side
//! by side, the root first.

use std::ops::Range;

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::policy::{Indicator, Node};

/// A node or an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The key in the policy; empty for the root.
    pub key: String,
    /// Place of the node above; the root's is 0.
    pub parent: usize,
    /// Places of what hangs on it; empty for an indicator.
    pub children: Range<usize>,
    /// Which leaf it is, for an indicator.
    pub leaf: Option<usize>,
}

/// The tree in force on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The root, then nodes and indicators.
    pub items: Vec<Item>,
    /// Declared share of each item among its siblings; the root's is 1.
    pub shares: Vec<f64>,
    /// Place of each leaf.
    pub leaves: Vec<usize>,
}

/// Key, weight and kind of what hangs on a node.
type Child<'a> = (&'a str, f64, bool);

impl Tree {
    /// The nodes and indicators that have a weight, are in force and pass `wanted` (keys of
    /// indicators), as the policy orders them; nodes on which nothing hangs are left out.
    pub fn new(
        nodes: &IndexMap<String, Node>,
        indicators: &IndexMap<String, Indicator>,
        day: NaiveDate,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Tree {
        let source = Source { nodes, indicators, day, wanted };
        let mut tree = Tree::default();
        tree.push("", 0, 1.0, false);
        let mut at = 0;
        // Breadth first, so that siblings lie side by side.
        while at < tree.items.len() {
            let first = tree.items.len();
            if tree.items[at].leaf.is_none() {
                let key = tree.items[at].key.clone();
                let children = source.children(Some(key.as_str()).filter(|k| !k.is_empty()));
                let total: f64 = children.iter().map(|c| c.1).sum();
                for (key, weight, leaf) in children {
                    tree.push(key, at, weight / total, leaf);
                }
            }
            tree.items[at].children = first..tree.items.len();
            at += 1;
        }
        tree
    }

    fn push(&mut self, key: &str, parent: usize, share: f64, leaf: bool) {
        let leaf = leaf.then(|| {
            self.leaves.push(self.items.len());
            self.leaves.len() - 1
        });
        self.items.push(Item { key: key.to_owned(), parent, children: 0..0, leaf });
        self.shares.push(share);
    }

    /// Places of nodes, the root among them, children before parents.
    pub fn nodes_upwards(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.items.len()).rev().filter(|&at| self.items[at].leaf.is_none())
    }

    /// Places of nodes, the root first, parents before children.
    pub fn nodes_downwards(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.items.len()).filter(|&at| self.items[at].leaf.is_none())
    }

    /// Steps from the root.
    pub fn depth(&self, at: usize) -> usize {
        if at == 0 { 0 } else { 1 + self.depth(self.items[at].parent) }
    }

    /// Product of the shares on the way down to each leaf: its weight when everything is measured.
    pub fn nominal(&self, shares: &[f64]) -> Vec<f64> {
        let mut down = vec![1.0; self.items.len()];
        for at in 1..self.items.len() {
            down[at] = down[self.items[at].parent] * shares[at];
        }
        self.leaves.iter().map(|&at| down[at]).collect()
    }

    /// Leaves below an item, itself if it is one.
    pub fn below(&self, at: usize) -> Vec<usize> {
        match self.items[at].leaf {
            Some(leaf) => vec![leaf],
            None => self.items[at].children.clone().flat_map(|child| self.below(child)).collect(),
        }
    }

    /// Items read depth first, as a reader expects them, without the root.
    pub fn reading_order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.items.len());
        let mut stack = vec![0];
        while let Some(at) = stack.pop() {
            order.push(at);
            stack.extend(self.items[at].children.clone().rev());
        }
        order.remove(0);
        order
    }

    /// The place of a key; `root` (or nothing) is the root.
    pub fn find(&self, key: &str) -> Option<usize> {
        let key = if key == "root" { "" } else { key };
        self.items.iter().position(|item| item.key == key)
    }
}

struct Source<'a> {
    nodes: &'a IndexMap<String, Node>,
    indicators: &'a IndexMap<String, Indicator>,
    day: NaiveDate,
    wanted: &'a dyn Fn(&str) -> bool,
}

impl<'a> Source<'a> {
    fn in_force(&self, effective: Option<&String>) -> bool {
        effective.is_none_or(|text| text.parse::<NaiveDate>().is_ok_and(|from| from <= self.day))
    }

    /// What hangs on a node, nodes first.
    fn children(&self, parent: Option<&str>) -> Vec<Child<'a>> {
        let nodes = self
            .nodes
            .iter()
            .filter(|(_, n)| n.parent.as_deref() == parent && n.weight > 0.0 && self.in_force(n.effective.as_ref()))
            .filter(|(key, _)| !self.children(Some(key)).is_empty())
            .map(|(key, n)| (key.as_str(), n.weight, false));
        let indicators = self
            .indicators
            .iter()
            .filter(|(key, i)| {
                i.parent.as_deref() == parent
                    && i.weight > 0.0
                    && self.in_force(i.effective.as_ref())
                    && (self.wanted)(key)
            })
            .map(|(key, i)| (key.as_str(), i.weight, true));
        nodes.chain(indicators).collect()
    }
}
