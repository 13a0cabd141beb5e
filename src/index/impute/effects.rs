//! What an imputed cell does to its unit's place.

use crate::index::aggregate::{Children, Held};
use crate::index::pipeline::{Matrix, Plan};
use crate::index::policy::Missing;
use crate::index::recipe::Recipe;
use crate::index::tree::Tree;
use crate::index::{Index, adjust, rank};

/// An imputed cell, and where its unit would stand without it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImputedCell {
    pub row: usize,
    pub leaf: usize,
    /// What stands in for the missing value.
    pub value: f64,
    /// The unit's score if the cell were left missing; NaN if it would not be rated.
    pub score_without: f64,
    /// The unit's rank by that score within the scope and period.
    pub rank_without: Option<u32>,
}

/// Every imputed cell, by row, then leaf. The cell is left missing for its unit alone: it counts as
/// `missing` says; parameters, weights and all other units, in methods that compare them too, stay as
/// they are. Only the nodes above the cell are made again, for the one unit.
pub fn effects(plan: &Plan, recipe: &Recipe, index: &Index) -> Vec<ImputedCell> {
    let places: Vec<Places> = plan.scope.members.iter().map(|rows| Places::new(rows, &index.score)).collect();
    let (values, shares, lines) = (&index.aggregated.values, &index.aggregated.shares, &index.lines);
    let nodes = Nodes::new(plan, recipe, values, shares);
    let mut cells = Vec::new();
    for row in 0..plan.table.rows() {
        let places = &places[plan.scope.of[row] as usize];
        let score = index.score[row];
        for leaf in (0..index.marks.len()).filter(|&leaf| index.marks[leaf][row]) {
            let base = nodes.without(recipe.leaves[leaf].missing, leaf, row);
            // Who is not rated with the cell is not rated without it.
            let base = if score.is_nan() { f64::NAN } else { base };
            let score_without = adjust::finish(base, lines.net[row], plan.policy.bounds, lines.cap[row]);
            let rank_without = (!score_without.is_nan()).then(|| places.rank(score, score_without));
            cells.push(ImputedCell { row, leaf, value: index.imputed[leaf][row], score_without, rank_without });
        }
    }
    cells
}

/// The children of a node that have weight, and the node as a function of their values.
type Node<'a> = (Vec<usize>, Box<dyn Held + 'a>);

/// The nodes, ready to be made again for one unit.
struct Nodes<'a> {
    tree: &'a Tree,
    values: &'a Matrix,
    /// By place in the tree; none for indicators and for nodes without such children.
    nodes: Vec<Option<Node<'a>>>,
}

impl<'a> Nodes<'a> {
    fn new(plan: &'a Plan, recipe: &'a Recipe, values: &'a Matrix, shares: &[f64]) -> Nodes<'a> {
        let node = |at: usize| {
            let children = plan.tree.items[at].children.clone().filter(|&child| shares[child] > 0.0);
            let children: Vec<usize> = children.collect();
            let (columns, weights): (Vec<&[f64]>, Vec<f64>) =
                children.iter().map(|&child| (values[child].as_slice(), shares[child])).unzip();
            let method = &recipe.nodes[at];
            let held = || {
                method.aggregate.get().held(&Children {
                    values: &columns,
                    shares: &weights,
                    groups: &plan.scope.members,
                    min_available: method.min_available,
                })
            };
            (!children.is_empty()).then(|| (children.clone(), held()))
        };
        Nodes { tree: &plan.tree, values, nodes: (0..plan.tree.items.len()).map(node).collect() }
    }

    /// The root's value of one unit with one cell missing.
    fn without(&self, missing: Missing, leaf: usize, row: usize) -> f64 {
        let mut value = if missing == Missing::Zero { 0.0 } else { f64::NAN };
        let mut at = self.tree.leaves[leaf];
        while at != 0 {
            let parent = self.tree.items[at].parent;
            let Some((children, held)) = &self.nodes[parent] else { return f64::NAN };
            let of = |&child: &usize| if child == at { value } else { self.values[child][row] };
            let values: Vec<f64> = children.iter().map(of).collect();
            value = held.value(row, &values);
            at = parent;
        }
        value
    }
}

/// The scores of a group, to place one more among them.
struct Places {
    step: f64,
    /// Ascending.
    keys: Vec<i64>,
}

impl Places {
    fn new(rows: &[u32], scores: &[f64]) -> Places {
        let rated = || rows.iter().map(|&row| scores[row as usize]).filter(|score| !score.is_nan());
        let step = rank::step(rated());
        let mut keys: Vec<i64> = rated().map(|score| rank::key(score, step)).collect();
        keys.sort_unstable();
        Places { step, keys }
    }

    /// Rank of a unit that had one score and has another now.
    fn rank(&self, before: f64, now: f64) -> u32 {
        let now = rank::key(now, self.step);
        let better = self.keys.len() - self.keys.partition_point(|key| *key <= now);
        let itself = usize::from(rank::key(before, self.step) > now);
        (better - itself) as u32 + 1
    }
}
