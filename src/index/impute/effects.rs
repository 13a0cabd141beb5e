//! What an imputed cell does to its unit's place.

use super::super::Index;
use super::super::aggregate::Children;
use super::super::pipeline::{Matrix, Plan};
use super::super::policy::Missing;
use super::super::rank;
use super::super::recipe::Recipe;

/// An imputed cell, and where its unit would stand without it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImputedCell {
    pub row: usize,
    pub leaf: usize,
    /// What stands in for the missing value.
    pub value: f64,
    /// The tree's value of the unit if the cell were left missing; NaN if it would not be rated.
    pub score_without: f64,
    /// The unit's rank by that value within the scope and period.
    pub rank_without: Option<u32>,
}

/// Every imputed cell, by row, then leaf. The cell is left missing for its unit alone: it counts as
/// `missing` says, parameters, weights and all other units stay as they are, and ranks are those of
/// the tree's values, before anything is added, taken off or capped. Only the nodes above the cell
/// are made again, for the one unit; those that compare units, for all.
pub fn effects(plan: &Plan, recipe: &Recipe, index: &Index) -> Vec<ImputedCell> {
    let scores = &index.aggregated.values[0];
    let places: Vec<Places> = plan.scope.members.iter().map(|rows| Places::new(rows, scores)).collect();
    let mut cells = Vec::new();
    for row in 0..plan.table.rows() {
        for leaf in (0..index.marks.len()).filter(|&leaf| index.marks[leaf][row]) {
            let score_without = without(plan, recipe, &index.aggregated.values, &index.aggregated.shares, leaf, row);
            // Who is not rated with the cell is not rated without it.
            let rated = !scores[row].is_nan() && !index.score[row].is_nan();
            let places = &places[plan.scope.of[row] as usize];
            let rank_without = (rated && !score_without.is_nan()).then(|| places.rank(scores[row], score_without));
            cells.push(ImputedCell { row, leaf, value: index.imputed[leaf][row], score_without, rank_without });
        }
    }
    cells
}

/// The root's value of one unit with one cell missing.
fn without(plan: &Plan, recipe: &Recipe, values: &Matrix, shares: &[f64], leaf: usize, row: usize) -> f64 {
    let mut value = if recipe.leaves[leaf].missing == Missing::Zero { 0.0 } else { f64::NAN };
    let mut at = plan.tree.leaves[leaf];
    while at != 0 {
        let parent = plan.tree.items[at].parent;
        value = node(plan, recipe, values, shares, (at, value), parent, row);
        at = parent;
    }
    value
}

/// A node's value of one unit, one of whose children has another value.
fn node(
    plan: &Plan,
    recipe: &Recipe,
    values: &Matrix,
    shares: &[f64],
    (changed, value): (usize, f64),
    at: usize,
    row: usize,
) -> f64 {
    let method = &recipe.nodes[at];
    let aggregator = method.aggregate.get();
    let children: Vec<usize> = plan.tree.items[at].children.clone().filter(|&child| shares[child] > 0.0).collect();
    let weights: Vec<f64> = children.iter().map(|&child| shares[child]).collect();
    let run = |columns: &[&[f64]], groups: &[Vec<u32>], place: usize| {
        let mut out = vec![f64::NAN; columns.first().map_or(place + 1, |column| column.len())];
        let children = Children { values: columns, shares: &weights, groups, min_available: method.min_available };
        aggregator.column(&children, &mut out);
        out[place]
    };
    if children.is_empty() {
        return f64::NAN;
    }
    if aggregator.compares() {
        let mut column = values[changed].clone();
        column[row] = value;
        let of = |&child: &usize| if child == changed { column.as_slice() } else { values[child].as_slice() };
        run(&children.iter().map(of).collect::<Vec<_>>(), &plan.scope.members, row)
    } else {
        let cell = |&child: &usize| [if child == changed { value } else { values[child][row] }];
        let cells: Vec<[f64; 1]> = children.iter().map(cell).collect();
        run(&cells.iter().map(<[f64; 1]>::as_slice).collect::<Vec<_>>(), &[vec![0]], 0)
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
