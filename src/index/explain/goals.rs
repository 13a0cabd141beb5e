//! The gap to the next grade, and the smallest feasible change that closes it: fitted parameters and
//! all other units held, steps, limits and metric by policy.

use rayon::prelude::*;

use super::frozen::Frozen;
use super::policy::{Goals, Lever};
use super::search::{ROUNDING, Search};
use crate::index::grade::{self, Limit, Room};
use crate::index::rank;
use crate::index::table::Groups;

/// What separates a unit from the next better grade.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    pub row: u32,
    /// Place of the next better grade in the policy's order.
    pub grade: usize,
    /// The score that it takes, all others held: the grade's lowest, or, where its places are filled,
    /// two steps of the grid on which scores are compared above the last who would keep one.
    pub target: f64,
    /// The target less the score; none negative.
    pub gap: f64,
    pub outcome: Outcome,
}

/// What closes the gap.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A veto forces the grade, or holds the score below the target: no indicator can change that.
    Vetoed,
    /// There is no place in the grade for anybody: its cap is below one unit.
    NoPlace,
    /// These changes reach it.
    Reached {
        changes: Vec<Change>,
        /// Σ steps · cost.
        cost: f64,
        /// The score with them, from the whole pipeline.
        score: f64,
        /// Is nothing smaller by the metric?
        proven: bool,
    },
    /// Nothing that the policy allows reaches it.
    OutOfReach {
        /// The score with all steps taken.
        score: f64,
        /// Is that certain? Not where an aggregator may fall when an indicator gets better.
        proven: bool,
    },
}

/// Steps of one indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub leaf: usize,
    pub steps: usize,
    /// Value in the column, before and after.
    pub from: f64,
    pub to: f64,
}

/// Goals of the rated units that have a better grade above them, by row. `grades` are places in the
/// policy's order, by row; none where not graded.
///
/// An indicator that a row has no value for (or an imputed one) cannot be acted on. O(rows) searches,
/// see [`super::search`].
pub fn goals(frozen: &Frozen, policy: &Goals, grades: &[Option<usize>]) -> Vec<Goal> {
    let of = frozen.plan.policy;
    let limits = grade::limits(&of.grades, of.share_rounding);
    let rows: Vec<usize> = (0..grades.len()).collect();
    goals_of(frozen, policy, &Graded { limits: &limits, groups: &frozen.plan.scope, grades, grid: None }, &rows)
}

/// How rows are graded.
#[derive(Clone, Copy, Debug)]
pub struct Graded<'a> {
    /// Lowest score and room of each grade, best first.
    pub limits: &'a [Limit],
    /// Rows within which grades are capped.
    pub groups: &'a Groups,
    /// Place of each row's grade; none where not graded.
    pub grades: &'a [Option<usize>],
    /// Step of the grid on which scores are compared; by their magnitude if none.
    pub grid: Option<f64>,
}

/// [`goals`] of some rows, however they are graded.
pub fn goals_of(frozen: &Frozen, policy: &Goals, graded: &Graded, rows: &[usize]) -> Vec<Goal> {
    let levers: Vec<(usize, &Lever)> = (0..frozen.plan.tree.leaves.len())
        .filter_map(|leaf| {
            let key = &frozen.plan.tree.items[frozen.plan.tree.leaves[leaf]].key;
            Some((leaf, policy.indicators.get(key)?))
        })
        .collect();
    let doors = Doors::new(frozen, graded);
    let below_the_best = |row: &usize| graded.grades[*row].is_some_and(|grade| grade > 0);
    let rows: Vec<usize> = rows.iter().copied().filter(below_the_best).collect();
    rows.into_par_iter()
        .filter_map(|row| {
            let grade = graded.grades[row]? - 1;
            let score = frozen.index.score[row];
            if score.is_nan() {
                return None;
            }
            let Some(target) = doors.target(frozen, row, grade) else {
                let target = graded.limits[grade].0;
                return Some(Goal {
                    row: row as u32,
                    grade,
                    target,
                    gap: (target - score).max(0.0),
                    outcome: Outcome::NoPlace,
                });
            };
            let gap = (target - score).max(0.0);
            let lines = &frozen.index.lines;
            let vetoed = lines.forced[row].is_some_and(|forced| forced > grade) || lines.cap[row] < target;
            let outcome =
                if vetoed { Outcome::Vetoed } else { reach(frozen, policy, &levers, row, target, doors.scale(row)) };
            Some(Goal { row: row as u32, grade, target, gap, outcome })
        })
        .collect()
}

/// Steps of the grid in the magnitude of scores (at least half of the greatest).
const GRID: f64 = (1_u64 << 33) as f64;

/// Places of a grade, and the scores of those who compete for them, best first.
type Rivals = (usize, Vec<f64>);

/// Places of capped grades: who competes for them.
struct Doors<'a> {
    graded: &'a Graded<'a>,
    /// By grade and group: places, and the scores of those who reach the grade and hold no
    /// better one, best first; none where the grade has no cap. Where grades go by share alone, places
    /// of the grade and all better ones, and the scores of all who may have one of these.
    rivals: Vec<Option<Vec<Rivals>>>,
    /// Step of the grid of the scores' magnitude, by group.
    steps: Vec<f64>,
}

impl<'a> Doors<'a> {
    fn new(frozen: &Frozen, graded: &'a Graded<'a>) -> Doors<'a> {
        let score = &frozen.index.score;
        let forced = &frozen.index.lines.forced;
        let grades = graded.grades;
        let of = |(at, (low, room)): (usize, &Limit)| {
            // By share alone a grade's places are counted with those of all better ones.
            let by_share = matches!(room, Room::Share(..));
            room.places(0, 0)?;
            let group = |rows: &Vec<u32>| {
                let rows = rows.iter().map(|&row| row as usize);
                let rated = rows.clone().filter(|&row| grades[row].is_some()).count();
                let competes = |row: &usize| {
                    score[*row] >= *low
                        && grades[*row].is_some_and(|g| by_share || g >= at)
                        && forced[*row].is_none_or(|f| f <= at)
                };
                let mut scores: Vec<f64> = rows.filter(competes).map(|row| score[row]).collect();
                scores.sort_unstable_by(|a, b| b.total_cmp(a));
                (room.places(rated, 0).unwrap_or(0), scores)
            };
            Some(graded.groups.members.iter().map(group).collect())
        };
        let members = graded.groups.members.iter();
        let steps = members.map(|rows| rank::step(rows.iter().map(|&row| score[row as usize]))).collect();
        Doors { graded, steps, rivals: graded.limits.iter().enumerate().map(of).collect() }
    }

    fn group(&self, row: usize) -> usize {
        self.graded.groups.of[row] as usize
    }

    /// The magnitude of the scores that a row is compared with.
    fn scale(&self, row: usize) -> f64 {
        self.steps[self.group(row)] * GRID
    }

    /// The score that a row needs for a grade; none where there is no place.
    fn target(&self, frozen: &Frozen, row: usize, grade: usize) -> Option<f64> {
        let min = self.graded.limits[grade].0;
        let Some(groups) = &self.rivals[grade] else { return Some(min) };
        let group = self.group(row);
        let (places, scores) = &groups[group];
        if *places == 0 {
            return None;
        }
        // The one who takes the last place among the others: the row itself is skipped.
        let own = scores.iter().position(|score| *score == frozen.index.score[row]);
        let own = own.filter(|_| frozen.index.lines.forced[row].is_none_or(|forced| forced <= grade));
        let last = match own {
            Some(own) if own < *places => scores.get(*places),
            _ => scores.get(*places - 1),
        };
        let step = self.graded.grid.unwrap_or(self.steps[group]);
        Some(last.map_or(min, |last| min.max(last + 2.0 * step)))
    }
}

/// What one row can do.
struct Options<'a> {
    frozen: &'a Frozen<'a>,
    row: usize,
    /// Points that the row has, by leaf.
    own: Vec<f64>,
    /// Leaves that can be acted on, and points by number of steps.
    leaves: Vec<(usize, Vec<f64>)>,
    target: f64,
    /// Magnitude of the scores.
    scale: f64,
}

impl Options<'_> {
    /// The finished score less the target, as a share of the scores' magnitude.
    fn value(&self, steps: &[usize]) -> f64 {
        let mut points = self.own.clone();
        self.leaves.iter().zip(steps).for_each(|((leaf, of), n)| points[*leaf] = of[*n]);
        let score = self.frozen.finish(self.row, self.frozen.base(self.row, &points));
        // A method that has no value for a change does not allow it.
        if score.is_nan() { f64::NEG_INFINITY } else { (score - self.target) / self.scale }
    }

    /// Does no step ever lower the score?
    fn monotone(&self) -> bool {
        let nodes = self.frozen.children.iter().enumerate().filter(|(_, children)| !children.is_empty());
        let mut methods = nodes.map(|(at, _)| self.frozen.recipe.nodes[at].aggregate.get());
        methods.all(|method| method.monotone()) && self.leaves.iter().all(|(_, points)| points.is_sorted())
    }

    /// The score with these steps.
    fn score(&self, steps: &[usize]) -> f64 {
        self.target + self.value(steps) * self.scale
    }

    /// The root's value less what the target takes, on a scale on which indicators add up; none where
    /// there is no such scale, or bounds lie between the root's value and the score.
    fn sum(&self) -> Option<Sum> {
        let frozen = self.frozen;
        let root = frozen.recipe.nodes[0].aggregate.get();
        let (bounds, net) = (frozen.plan.policy.bounds, frozen.index.lines.net[self.row]);
        if bounds.is_some_and(|[low, high]| self.target < low || self.target > high) {
            return None;
        }
        // Under a sum of sums every leaf adds up; under another mean, what is below each child does.
        let plain = |at: usize| frozen.recipe.nodes[at].aggregate.get().additive();
        let nodes = (0..frozen.children.len()).filter(|&at| !frozen.children[at].is_empty());
        let separate = frozen.children[0].iter().all(|&child| {
            let below = frozen.plan.tree.below(child);
            self.leaves.iter().filter(|(leaf, points)| points.len() > 1 && below.contains(leaf)).count() <= 1
        });
        if !separate && !nodes.into_iter().all(plain) {
            return None;
        }
        // In shares of the scores' magnitude near the target, so that rounding error means the same.
        let end = self.target - net;
        let near = 1e-6 * self.scale;
        let slope = if root.additive() { 1.0 } else { (root.link(end + near)? - root.link(end)?) / near };
        let unit = slope * self.scale;
        let link = |points: &[f64]| root.link(frozen.base(self.row, points)).map(|value| value / unit);
        let none = link(&self.own)?;
        let start = none - root.link(end)? / unit;
        let mut points = self.own.clone();
        let mut gains = Vec::with_capacity(self.leaves.len());
        for (leaf, of) in &self.leaves {
            let mut gain = Vec::with_capacity(of.len());
            for value in of {
                points[*leaf] = *value;
                gain.push(link(&points)? - none);
            }
            points[*leaf] = self.own[*leaf];
            gains.push(gain);
        }
        let finite = start.is_finite() && gains.iter().flatten().all(|gain| gain.is_finite());
        finite.then_some(Sum { start, gains })
    }
}

/// A value as a sum.
struct Sum {
    /// With no steps.
    start: f64,
    /// Gain by leaf and number of steps.
    gains: Vec<Vec<f64>>,
}

/// The smallest change of a row that reaches the target.
fn reach(frozen: &Frozen, policy: &Goals, levers: &[(usize, &Lever)], row: usize, target: f64, scale: f64) -> Outcome {
    let raw = |leaf: usize| frozen.index.raw[leaf][row];
    let open = levers.iter().filter(|(leaf, lever)| {
        let x = raw(*leaf);
        !frozen.index.marks[*leaf][row] && x >= lever.limits[0] && x <= lever.limits[1]
    });
    let open: Vec<(usize, &Lever)> = open.copied().collect();
    let to = |leaf: usize, lever: &Lever, n: usize| raw(leaf) + frozen.sign(leaf) * lever.step * n as f64;
    let most = |(leaf, lever): &(usize, &Lever)| {
        let room = if frozen.sign(*leaf) > 0.0 { lever.limits[1] - raw(*leaf) } else { raw(*leaf) - lever.limits[0] };
        let steps = (room / lever.step + 1e-9) as usize;
        steps.min(lever.most.map_or(usize::MAX, |most| most as usize)).min(super::policy::STEPS as usize)
    };
    let most: Vec<usize> = open.iter().map(most).collect();
    let options = Options {
        frozen,
        row,
        own: frozen.own(row),
        leaves: open
            .iter()
            .zip(&most)
            .map(|(&(leaf, lever), &most)| {
                let points = |n: usize| frozen.points(row, leaf, frozen.denominated(row, leaf, to(leaf, lever, n)));
                // Without steps it is what it is, whatever rounding the way to it has.
                let own = frozen.index.normalised[leaf][row];
                (leaf, [own].into_iter().chain((1..=most).map(points)).collect())
            })
            .collect(),
        target,
        scale,
    };
    let sum = options.sum();
    let added = |steps: &[usize]| match &sum {
        Some(Sum { start, gains }) => gains.iter().zip(steps).fold(*start, |sum, (of, n)| sum + of[*n]),
        None => options.value(steps),
    };
    let cost: Vec<f64> = open.iter().map(|(_, lever)| lever.cost).collect();
    let search = Search {
        most: &most,
        cost: &cost,
        metric: policy.metric,
        value: &added,
        monotone: options.monotone(),
        gains: sum.as_ref().map(|sum| sum.gains.as_slice()),
    };
    let found = search.run();
    match found.steps {
        // The whole pipeline has the last word.
        Some(steps) if options.value(&steps) >= -2.0 * ROUNDING => {
            let change = |((leaf, lever), n): (&(usize, &Lever), &usize)| {
                let change = Change { leaf: *leaf, steps: *n, from: raw(*leaf), to: to(*leaf, lever, *n) };
                (*n > 0).then_some(change)
            };
            Outcome::Reached {
                changes: open.iter().zip(&steps).filter_map(change).collect(),
                cost: search.total(&steps),
                score: options.score(&steps),
                proven: found.proven,
            }
        }
        _ => Outcome::OutOfReach { score: options.score(&most), proven: found.proven },
    }
}
