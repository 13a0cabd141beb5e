//! Score = baseline + contributions, for every row.

use rayon::prelude::*;

use super::frozen::Frozen;
use super::owen::{Game, Split};
use crate::index::adjust::bounded;
use crate::index::pipeline::Matrix;

/// The parts of every score, by row: score = baseline + profile + Σ leaves + undivided + Σ adjustments
/// + bounds + veto, to 1e-9 of the scores' scale. All NaN where a row is not rated.
///
/// The *median profile* of a row is the median, over the rated rows of its class and period, of each
/// indicator's points. What is missing counts as what it is counted as: in the means a missing
/// indicator (or node) has the value of the node above it, in the unit's state and the profile's; in
/// other methods it joins as missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contributions {
    /// Median score of the class in the period (of all rows of the period, where there are no classes).
    pub baseline: Vec<f64>,
    /// The score of the median profile, adjustments aside, less the baseline. In methods that compare,
    /// the profile takes the unit's place among the others.
    pub profile: Vec<f64>,
    /// Contribution by leaf, then row: an Owen value, see [`super::owen`].
    pub leaves: Matrix,
    /// Standard error of the contributions; 0 where they are exact.
    pub error: Vec<f64>,
    /// What cannot be split, because the aggregator has no value for some mixture of the unit and the
    /// profile (a negative one under a root); 0 otherwise.
    pub undivided: Vec<f64>,
    /// Bonus and penalty, by adjustment in the policy's order, then row.
    pub adjustments: Matrix,
    /// What the bounds of the score take off or add.
    pub bounds: Vec<f64>,
    /// What the cap of a veto takes off.
    pub veto: Vec<f64>,
}

impl Contributions {
    /// The sum of a row's parts: its score.
    pub fn sum(&self, row: usize) -> f64 {
        let lines = self.leaves.iter().chain(&self.adjustments).fold(0.0, |sum, line| sum + line[row]);
        self.baseline[row] + self.profile[row] + lines + self.undivided[row] + self.bounds[row] + self.veto[row]
    }
}

/// The parts of every score. O(rows · leaves) for additive trees; see [`super::owen`] for others.
pub fn contributions(frozen: &Frozen) -> Contributions {
    let rows = frozen.plan.table.rows();
    let profiles = Profiles::new(frozen);
    let additive: Vec<bool> = frozen.recipe.nodes.iter().map(|node| node.aggregate.get().additive()).collect();
    let parts: Vec<Option<Part>> =
        (0..rows).into_par_iter().map(|row| part(frozen, &profiles, &additive, row)).collect();
    let lines = &frozen.index.lines;
    let column = |of: &dyn Fn(usize, &Part) -> f64| -> Vec<f64> {
        parts.iter().enumerate().map(|(row, part)| part.as_ref().map_or(f64::NAN, |part| of(row, part))).collect()
    };
    let within = |row: usize| frozen.index.base[row] + lines.net[row];
    let held = |row: usize| bounded(within(row), frozen.plan.policy.bounds);
    Contributions {
        baseline: column(&|row, _| profiles.score[profiles.of[row] as usize]),
        profile: column(&|_, part| part.profile),
        leaves: (0..frozen.index.normalised.len()).map(|leaf| column(&|_, part| part.leaves[leaf])).collect(),
        error: column(&|_, part| part.error),
        undivided: column(&|_, part| part.undivided),
        adjustments: lines.adjustments.iter().map(|line| column(&|row, _| line.points[row])).collect(),
        bounds: column(&|row, _| held(row) - within(row)),
        veto: column(&|row, _| held(row).min(lines.cap[row]) - held(row)),
    }
}

/// Medians of the classes.
struct Profiles {
    /// Class by row.
    of: Vec<u32>,
    /// Median score by class.
    score: Vec<f64>,
    /// Median points by class, then leaf; NaN where nobody is measured.
    points: Vec<Vec<f64>>,
}

impl Profiles {
    fn new(frozen: &Frozen) -> Profiles {
        let table = frozen.plan.table;
        let groups = table.groups(table.class.as_deref());
        let score = &frozen.index.score;
        let rated = |rows: &Vec<u32>| -> Vec<usize> {
            rows.iter().map(|&row| row as usize).filter(|&row| !score[row].is_nan()).collect()
        };
        let members: Vec<Vec<usize>> = groups.members.iter().map(rated).collect();
        let of = |rows: &Vec<usize>, column: &[f64]| median(rows.iter().map(|&row| column[row]));
        Profiles {
            of: groups.of,
            score: members.iter().map(|rows| of(rows, score)).collect(),
            points: members.iter().map(|rows| frozen.index.normalised.iter().map(|c| of(rows, c)).collect()).collect(),
        }
    }
}

/// The median of what is not missing; the mean of the middle two of an even number.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.filter(|x| !x.is_nan()).collect();
    values.sort_unstable_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => values[n / 2 - 1] + (values[n / 2] - values[n / 2 - 1]) / 2.0,
    }
}

/// What one row's score is made of, adjustments aside.
struct Part {
    profile: f64,
    leaves: Vec<f64>,
    error: f64,
    undivided: f64,
}

fn part(frozen: &Frozen, profiles: &Profiles, additive: &[bool], row: usize) -> Option<Part> {
    let base = frozen.index.base[row];
    if base.is_nan() {
        return None;
    }
    let class = profiles.of[row] as usize;
    let inside = filled(frozen, row, frozen.own(row));
    let outside = filled(frozen, row, profiles.points[class].clone());
    let game = Game {
        children: &frozen.children,
        shares: &frozen.index.aggregated.shares,
        additive,
        value: &|at, values| frozen.node(at, row, values),
        inside: &inside,
        outside: &outside,
    };
    let Split { contributions, error } = game.split();
    let leaves: Vec<f64> = frozen.plan.tree.leaves.iter().map(|&at| contributions[at]).collect();
    let baseline = profiles.score[class];
    Some(if outside[0].is_nan() || leaves.iter().any(|x| x.is_nan()) {
        Part { profile: 0.0, leaves: vec![0.0; leaves.len()], error: 0.0, undivided: base - baseline }
    } else {
        Part { profile: outside[0] - baseline, leaves, error, undivided: 0.0 }
    })
}

/// Values of all items for points by leaf, where what is missing below a mean has that mean's value.
fn filled(frozen: &Frozen, row: usize, mut points: Vec<f64>) -> Vec<f64> {
    let items = frozen.items(row, &points);
    if !items.iter().any(|x| x.is_nan()) {
        return items;
    }
    let tree = &frozen.plan.tree;
    let mut changed = false;
    // Parents come before children. Nothing below a missing item is looked at again.
    for at in (0..items.len()).filter(|&at| !items[at].is_nan() && frozen.recipe.nodes[at].aggregate.get().mean()) {
        for &child in frozen.children[at].iter().filter(|&&child| items[child].is_nan()) {
            if means(frozen, child) {
                tree.below(child).into_iter().for_each(|leaf| points[leaf] = items[at]);
                changed = true;
            }
        }
    }
    if changed { frozen.items(row, &points) } else { items }
}

/// Are an item and all nodes below it means, so that equal leaves give it their value?
fn means(frozen: &Frozen, at: usize) -> bool {
    let node = frozen.children[at].is_empty() || frozen.recipe.nodes[at].aggregate.get().mean();
    node && frozen.children[at].iter().all(|&child| means(frozen, child))
}
