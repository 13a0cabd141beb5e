//! A recipe: the policy's methods, resolved for every indicator and node of a tree. Declaring a choice
//! uncertain means to make the index again with another recipe.

use super::aggregate::Aggregate;
use super::impute::Impute;
use super::normalise::{Direction, MinMax, Rule};
use super::outlier::Outliers;
use super::policy::{Denominator, IndexPolicy, Missing};
use super::tree::Tree;
use super::weight::Weighting;

/// What is done with one indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafRecipe {
    /// Column that it is read from.
    pub column: String,
    pub direction: Direction,
    pub missing: Missing,
    pub denominator: Option<Denominator>,
    pub impute: Option<Impute>,
    pub outliers: Option<Outliers>,
    pub rule: Rule,
}

/// What is done at one node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeRecipe {
    pub aggregate: Aggregate,
    pub weights: Weighting,
    pub min_available: f64,
}

/// The methods of all indicators and nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// By leaf.
    pub leaves: Vec<LeafRecipe>,
    /// By place in the tree; that of a leaf is never read.
    pub nodes: Vec<NodeRecipe>,
    /// Declared shares by place in the tree.
    pub shares: Vec<f64>,
}

impl Recipe {
    /// The policy's own.
    pub fn new(policy: &IndexPolicy, tree: &Tree) -> Recipe {
        let leaf = |&at: &usize| {
            let key = tree.items[at].key.as_str();
            let indicator = &policy.indicators[key];
            LeafRecipe {
                column: indicator.column(key).to_owned(),
                direction: indicator.direction,
                missing: indicator.missing,
                denominator: indicator.denominator.clone(),
                impute: indicator.impute.clone().or_else(|| policy.impute.clone()),
                outliers: indicator.outliers.clone().or_else(|| policy.outliers.clone()),
                rule: indicator.rule.clone().or_else(|| policy.rule.clone()).unwrap_or(Rule::MinMax(MinMax::default())),
            }
        };
        let node = |item: &super::tree::Item| {
            let node = policy.nodes.get(&item.key);
            NodeRecipe {
                aggregate: node.and_then(|n| n.aggregate.clone()).unwrap_or_else(|| policy.aggregate.clone()),
                weights: node.and_then(|n| n.weights.clone()).unwrap_or_else(|| policy.weights.clone()),
                min_available: node.and_then(|n| n.min_available).unwrap_or(policy.min_available),
            }
        };
        Recipe {
            leaves: tree.leaves.iter().map(leaf).collect(),
            nodes: tree.items.iter().map(node).collect(),
            shares: tree.shares.clone(),
        }
    }
}
