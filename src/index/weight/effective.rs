//! Effective against nominal weights: what each item really tells of its parent and of the index. A
//! weight says how points are exchanged, not how important an item is; that depends on spread and
//! correlation as well (Paruolo, Saisana & Saltelli 2013).

use rayon::prelude::*;

use super::columns;
use crate::index::aggregate::Aggregate;
use crate::index::pipeline::Aggregated;
use crate::index::{Recipe, Tree};
use crate::kernel::spline;

/// What one item tells of its parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// Place in the tree.
    pub item: usize,
    /// Nominal share among its siblings, 0 to 1.
    pub nominal: f64,
    /// Correlation ratio Var(E[y|x]) / Var(y) of the parent on the item, 0 to 1; the estimator of
    /// [`super::Balanced`].
    pub ratio: f64,
    /// The correlation ratio in proportion to those of its siblings, summing to 1: to be compared
    /// with the nominal share. 0 where none tells anything.
    pub importance: f64,
    /// Pearson's correlation with the parent, 0 where one of the two does not vary. Negative: the
    /// item pulls against its parent.
    pub with_parent: f64,
    /// Pearson's correlation with the root.
    pub with_root: f64,
    /// Share of the parent's variance, w · cov(x, y) / var(y), where the parent is an arithmetic mean:
    /// these sum to 1 over siblings without gaps, and can be negative.
    pub variance: Option<f64>,
}

/// Effective weights of every item but the root, in the tree's order; over the rows that have both
/// values. n log n for each item.
pub fn effective(tree: &Tree, recipe: &Recipe, aggregated: &Aggregated) -> Vec<Effective> {
    let values = &aggregated.values;
    let of = |item: usize| {
        let parent = tree.items[item].parent;
        let (x, y) = (values[item].as_slice(), values[parent].as_slice());
        let nominal = aggregated.shares[item];
        let linear = matches!(recipe.nodes[parent].aggregate, Aggregate::Arithmetic(_));
        let (xy, _, yy) = columns::products(x, y);
        Effective {
            item,
            nominal,
            ratio: spline::correlation_ratio(x, y, None),
            importance: 0.0,
            with_parent: columns::correlation(x, y),
            with_root: columns::correlation(x, &values[0]),
            variance: linear.then(|| if yy > 0.0 { nominal * xy / yy } else { 0.0 }),
        }
    };
    // Each item by itself: the same for any number of threads.
    let mut out: Vec<Effective> = (1..tree.items.len()).into_par_iter().map(of).collect();
    for node in tree.nodes_upwards() {
        let children = tree.items[node].children.clone();
        let sum: f64 = children.clone().map(|child| out[child - 1].ratio).sum();
        for child in children {
            out[child - 1].importance = if sum > 0.0 { out[child - 1].ratio / sum } else { 0.0 };
        }
    }
    out
}
