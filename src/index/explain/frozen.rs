//! One row judged by everything that was fitted, all other rows as they are: what its score would be
//! if its values were different.

use crate::index::Index;
use crate::index::adjust;
use crate::index::aggregate::{Children, Held};
use crate::index::normalise::{Cell, Direction};
use crate::index::outlier::Treatment;
use crate::index::pipeline::{FitGroup, Plan};
use crate::index::policy::Missing;
use crate::index::recipe::Recipe;

/// An index with everything that was fitted held fast.
pub struct Frozen<'a> {
    pub plan: &'a Plan<'a>,
    pub recipe: &'a Recipe,
    pub index: &'a Index,
    /// Group of each row, among those that share fitted parameters.
    group: Vec<usize>,
    /// Each node as a function of one row's children; none for leaves and for nodes without children.
    nodes: Vec<Option<Box<dyn Held + 'a>>>,
    /// Children that have weight, by place in the tree.
    pub children: Vec<Vec<usize>>,
}

impl<'a> Frozen<'a> {
    /// Holds an index fast. O(rows · items), for some aggregators that compare O(n log n) or more.
    pub fn new(plan: &'a Plan<'a>, recipe: &'a Recipe, index: &'a Index) -> Frozen<'a> {
        let tree = &plan.tree;
        let mut group = vec![0; plan.table.rows()];
        for (at, FitGroup { rows, .. }) in plan.fits(&plan.compare).iter().enumerate() {
            rows.iter().for_each(|&row| group[row as usize] = at);
        }
        let shares = &index.aggregated.shares;
        let with_weight = |at: usize| tree.items[at].children.clone().filter(|&child| shares[child] > 0.0).collect();
        let children: Vec<Vec<usize>> = (0..tree.items.len()).map(with_weight).collect();
        let node = |(at, places): (usize, &Vec<usize>)| {
            if places.is_empty() {
                return None;
            }
            let values: Vec<&[f64]> = places.iter().map(|&child| index.aggregated.values[child].as_slice()).collect();
            let weights: Vec<f64> = places.iter().map(|&child| shares[child]).collect();
            let recipe = &recipe.nodes[at];
            let of = Children {
                values: &values,
                shares: &weights,
                groups: &plan.scope.members,
                min_available: recipe.min_available,
            };
            Some(recipe.aggregate.get().held(&of))
        };
        let nodes = children.iter().enumerate().map(node).collect();
        Frozen { plan, recipe, index, group, nodes, children }
    }

    /// The indicator's value of a row if its column held that number: divided by the row's own
    /// denominator, which stays, and drawn towards the mean that was fitted.
    pub fn denominated(&self, row: usize, leaf: usize, raw: f64) -> f64 {
        let Some(denominator) = &self.recipe.leaves[leaf].denominator else { return raw };
        let by = self.plan.table.numbers.get(&denominator.column).map_or(f64::NAN, |column| column[row]);
        let rate = raw / by * denominator.per;
        if by == 0.0 || !rate.is_finite() {
            return f64::NAN;
        } else if !denominator.shrink {
            return rate;
        }
        let key = &self.plan.tree.items[self.plan.tree.leaves[leaf]].key;
        let priors = self.index.fitted.indicators.get(key).map_or(&[][..], |fitted| &fitted.priors);
        match priors.get(self.group[row]) {
            Some(prior) if prior.units > 0 && raw >= 0.0 && by > 0.0 => {
                let mean = prior.mean * denominator.per;
                mean + prior.weight(by) * (rate - mean)
            }
            _ => f64::NAN,
        }
    }

    /// Points of a row for a value of an indicator (after its denominator): treated and normalised by
    /// the parameters that were fitted. NaN where it is missing or cannot be judged.
    pub fn points(&self, row: usize, leaf: usize, value: f64) -> f64 {
        let recipe = &self.recipe.leaves[leaf];
        if value.is_nan() {
            return if recipe.missing == Missing::Zero { 0.0 } else { f64::NAN };
        }
        let key = &self.plan.tree.items[self.plan.tree.leaves[leaf]].key;
        let group = self.group[row];
        let value = self.index.fitted.treatment(key, group).unwrap_or(&Treatment::None).apply(value);
        let fitted = self.index.fitted.rule(key, group).unwrap_or(&[]);
        if value.is_nan() {
            return f64::NAN;
        }
        let target = self.plan.table.target(&recipe.column, row);
        let cell = Cell { value, target, direction: recipe.direction, fitted };
        recipe.rule.points(&cell).unwrap_or(f64::NAN)
    }

    /// +1 where more of an indicator is better, −1 where less is.
    pub fn sign(&self, leaf: usize) -> f64 {
        if self.recipe.leaves[leaf].direction == Direction::Higher { 1.0 } else { -1.0 }
    }

    /// The points that a row has, by leaf.
    pub fn own(&self, row: usize) -> Vec<f64> {
        self.index.normalised.iter().map(|column| column[row]).collect()
    }

    /// The value of a node if the children of a row were `values` (of those with weight, in order).
    pub fn node(&self, at: usize, row: usize, values: &[f64]) -> f64 {
        self.nodes[at].as_ref().map_or(f64::NAN, |node| node.value(row, values))
    }

    /// Values of all items if a row had these points by leaf.
    pub fn items(&self, row: usize, points: &[f64]) -> Vec<f64> {
        let tree = &self.plan.tree;
        let mut out = vec![f64::NAN; tree.items.len()];
        tree.leaves.iter().zip(points).for_each(|(&at, points)| out[at] = *points);
        let mut values = Vec::new();
        for at in tree.nodes_upwards() {
            values.clear();
            values.extend(self.children[at].iter().map(|&child| out[child]));
            out[at] = self.node(at, row, &values);
        }
        out
    }

    /// The root's value if a row had these points by leaf.
    pub fn base(&self, row: usize, points: &[f64]) -> f64 {
        self.items(row, points)[0]
    }

    /// The score that goes with a value of the root: the row's adjustments, bounds and vetoes stay.
    pub fn finish(&self, row: usize, base: f64) -> f64 {
        let lines = &self.index.lines;
        adjust::finish(base, lines.net[row], self.plan.policy.bounds, lines.cap[row])
    }

    /// The score if the row's indicators had these values (by leaf, after denominators).
    pub fn score(&self, row: usize, values: &[f64]) -> f64 {
        let points: Vec<f64> = values.iter().enumerate().map(|(leaf, x)| self.points(row, leaf, *x)).collect();
        self.finish(row, self.base(row, &points))
    }
}
