//! The villages as the engine of indices ([`crate::index`]) sees them: a table for each county (or one
//! for all where ranks go across counties), whose comparison groups and scopes the county's policy
//! decides. A county by itself gets the same figures as among a hundred, since whatever a method
//! reads of other units it reads within the county.

use std::ops::Range;

use rayon::prelude::*;

use super::adjust::Line;
use super::policy::{Scope, ScorePolicy};
use super::ranges::{self, Graded, Ranked, Standing};
use super::treat::Values;
use super::units::Units;
use crate::index::explain::{self, Frozen};
use crate::index::grade::Limit;
use crate::index::uncertain::Uncertainty;
use crate::index::{
    self, FitGroup, Groups, Index, IndexError, IndexPolicy, Lines, Matrix, Plan, Recipe, Table, Tree, pipeline,
};

/// The text columns of the table: with whom a village is compared, and where it lies.
pub(super) const TEXTS: [&str; 3] = ["class", "township", "county"];

/// The name of a denominator's column: an indicator may have the same.
fn denominator_of(column: &str) -> String {
    format!("denominator/{column}")
}

/// The policy as the engine reads it, resolved once for all counties.
pub(super) struct Setting {
    policy: IndexPolicy,
    pub tree: Tree,
    pub recipe: Recipe,
    scope: Scope,
}

impl Setting {
    /// The setting of a policy whose tree is in force. Columns of the engine's tables are indicators'
    /// keys: two indicators may read one column of the book and differ in their targets.
    pub fn new(policy: &ScorePolicy, tree: Tree) -> Setting {
        let mut own = policy.index();
        for indicator in own.indicators.values_mut() {
            indicator.column = None;
            if let Some(denominator) = &mut indicator.denominator {
                denominator.column = denominator_of(&denominator.column);
            }
        }
        // Grades are capped within townships, whatever the scope.
        own.grades.clear();
        let recipe = Recipe::new(&own, &tree);
        Setting { policy: own, tree, recipe, scope: policy.scope }
    }

    /// Rows that are scored as one table.
    pub fn parts(&self, units: &Units) -> Vec<Range<usize>> {
        if self.scope == Scope::All { std::iter::once(0..units.len()).collect() } else { units.counties() }
    }

    pub fn table(&self, units: &Units, values: &Values, rows: &Range<usize>) -> Table {
        let key = |leaf: usize| self.tree.items[self.tree.leaves[leaf]].key.clone();
        let columns = || values.columns.iter().enumerate().map(|(leaf, column)| (key(leaf), column));
        let numbers = columns().map(|(key, column)| (key, column.value[rows.clone()].to_vec()));
        let denominators =
            values.denominators.iter().map(|(name, column)| (denominator_of(name), column[rows.clone()].to_vec()));
        let targets = columns().filter(|(_, column)| !column.target.is_empty());
        let text = |of: &dyn Fn(usize) -> String| rows.clone().map(|unit| Some(of(unit))).collect::<Vec<_>>();
        let class = |unit: usize| units.group_of[unit].to_string();
        let texts = [
            text(&class),
            text(&|unit| format!("{}/{}", units.county[unit], units.township[unit])),
            text(&|unit| units.county[unit].to_owned()),
        ];
        Table {
            names: rows.clone().map(|unit| format!("{}/{}", units.county[unit], units.village[unit])).collect(),
            units: (0..rows.len() as u32).collect(),
            periods: vec![0; rows.len()],
            class: Some(TEXTS[0].to_owned()),
            numbers: denominators.chain(numbers).collect(),
            texts: TEXTS.iter().map(|name| (*name).to_owned()).zip(texts).collect(),
            targets: targets.map(|(key, column)| (key, column.target[rows.clone()].to_vec())).collect(),
        }
    }

    pub fn plan<'a>(&'a self, units: &Units, table: &'a Table, rows: &Range<usize>) -> Plan<'a> {
        let start = rows.start as u32;
        let local = |units: &[u32]| units.iter().map(|unit| unit - start).collect::<Vec<u32>>();
        let groups = by(rows, &units.group_of);
        let judged = groups.iter().map(|own| FitGroup {
            rows: local(own),
            on: local(&units.groups[units.group_of[own[0] as usize] as usize]),
        });
        let judged = judged.collect();
        let scope = match self.scope {
            Scope::All | Scope::County => vec![(0..rows.len() as u32).collect()],
            Scope::Township => by(rows, &units.township_of).iter().map(|own| local(own)).collect(),
            Scope::Class => groups.iter().map(|own| local(own)).collect(),
        };
        Plan::judged(&self.policy, table, self.tree.clone(), judged, Groups::new(scope, rows.len()))
    }

    /// Points by leaf, then unit; NaN where nothing is measured, and nothing imputed.
    pub fn points(&self, units: &Units, values: &Values) -> Matrix {
        let part = |rows: &Range<usize>| {
            let table = self.table(units, values, rows);
            let plan = self.plan(units, &table, rows);
            let raw = pipeline::raw(&plan, &self.recipe);
            let denominated = pipeline::denominate(&plan, &self.recipe, &raw, None).values;
            let (imputed, _) = pipeline::impute(&plan, &self.recipe, &denominated);
            let (treated, _) = pipeline::treat(&plan, &self.recipe, &imputed, None);
            known(pipeline::normalise(&plan, &self.recipe, &treated, None).0, &imputed)
        };
        let parts: Vec<Matrix> = self.parts(units).par_iter().map(part).collect();
        (0..self.tree.leaves.len()).map(|leaf| parts.iter().flat_map(|p| &p[leaf]).copied().collect()).collect()
    }

    /// The index of all villages, with ranges of ranks under what is declared uncertain.
    ///
    /// # Errors
    /// A method does not fit a county's data: the policy's key, and one sentence.
    pub fn score(&self, units: &Units, values: &Values, beside: &Beside, drawn: &Drawn) -> Result<Scored, IndexError> {
        let part = |rows: &Range<usize>| self.part(units, values, beside, drawn, rows);
        let parts: Vec<Result<Scored, IndexError>> = self.parts(units).par_iter().map(part).collect();
        let mut out = Scored::empty(self);
        for part in parts {
            out.append(part?);
        }
        Ok(out)
    }

    fn part(
        &self,
        units: &Units,
        values: &Values,
        beside: &Beside,
        drawn: &Drawn,
        rows: &Range<usize>,
    ) -> Result<Scored, IndexError> {
        let table = self.table(units, values, rows);
        let plan = self.plan(units, &table, rows);
        let index = index::make_with(&plan, &self.recipe, None, beside.lines(rows))?;
        let townships = self.townships(units, rows);
        let forced = &beside.forced[rows.clone()];
        let graded = Graded { limits: &drawn.limits, forced, townships: &townships };
        let overlapping = self.overlapping(units, rows);
        let standings = ranges::standings(&plan, &self.recipe, &index, drawn, &graded, &overlapping)?;
        let (weights, explained) = if self.additive() {
            (self.weights(&index), None)
        } else {
            let frozen = Frozen::new(&plan, &self.recipe, &index);
            let found = explain::contributions(&frozen);
            let baseline = found.baseline.iter().zip(&found.profile).map(|(median, profile)| median + profile);
            let baseline = baseline.collect();
            (Vec::new(), Some(Explained { baseline, undivided: found.undivided, leaves: found.leaves }))
        };
        let mut nodes = index.aggregated.values;
        self.tree.leaves.iter().for_each(|&at| nodes[at].clear());
        Ok(Scored {
            points: known(index.normalised, &index.imputed),
            imputed: index.marks,
            nodes,
            measured: index.measured,
            base: index.base,
            score: index.score,
            weights,
            explained,
            standings,
        })
    }

    /// Rows of each township, within which grades are capped.
    pub fn townships(&self, units: &Units, rows: &Range<usize>) -> Groups {
        let start = rows.start as u32;
        let members = by(rows, &units.township_of).into_iter();
        let members = members.map(|own| own.into_iter().map(|unit| unit - start).collect()).collect();
        Groups::new(members, rows.len())
    }

    /// Does every node add up, so that an indicator's share of a score is weight · points?
    fn additive(&self) -> bool {
        (0..self.tree.items.len())
            .filter(|&at| self.tree.items[at].leaf.is_none())
            .all(|at| self.recipe.nodes[at].aggregate.get().additive())
    }

    /// Effective weights by leaf, then row; 0 where missing or not rated.
    fn weights(&self, index: &Index) -> Matrix {
        let (leaves, rows) = (self.tree.leaves.len(), index.score.len());
        let mut weights = vec![vec![0.0; rows]; leaves];
        let (mut own, mut down) = (vec![0.0; leaves], Vec::new());
        for row in (0..rows).filter(|&row| !index.score[row].is_nan()) {
            pipeline::effective(&self.tree, &index.aggregated, row, &mut down, &mut own);
            own.iter().zip(&mut weights).for_each(|(weight, column)| column[row] = *weight);
        }
        weights
    }

    /// Of ranks within classes: classes too small, whose villages are ranked among others as well.
    fn overlapping(&self, units: &Units, rows: &Range<usize>) -> Vec<Ranked> {
        if self.scope != Scope::Class {
            return Vec::new();
        }
        let local = |units: &[u32]| units.iter().map(|unit| unit - rows.start as u32).collect::<Vec<u32>>();
        let ranked = |own: &[u32]| {
            let members = &units.groups[units.group_of[own[0] as usize] as usize];
            (members.len() > own.len()).then(|| Ranked { members: local(members), own: local(own) })
        };
        by(rows, &units.group_of).iter().filter_map(|own| ranked(own)).collect()
    }
}

/// Rows of the same number, ascending; groups in the order of their numbers, none empty.
fn by(rows: &Range<usize>, of: &[u32]) -> Vec<Vec<u32>> {
    let mut groups = std::collections::BTreeMap::<u32, Vec<u32>>::new();
    for unit in rows.clone() {
        groups.entry(of[unit]).or_default().push(unit as u32);
    }
    groups.into_values().collect()
}

/// Points that rest on a value: what is missing and counts as 0 has none.
fn known(mut points: Matrix, imputed: &Matrix) -> Matrix {
    for (points, values) in points.iter_mut().zip(imputed) {
        let missing = points.iter_mut().zip(values).filter(|(_, value)| value.is_nan());
        missing.for_each(|(points, _)| *points = f64::NAN);
    }
    points
}

/// What stands beside the tree, by unit.
pub(super) struct Beside<'a> {
    pub lines: &'a [Line<'a>],
    /// Sum of the adjustments.
    pub net: &'a [f64],
    /// Lowest cap of the vetoes that apply; infinite where none does.
    pub cap: &'a [f64],
    /// The worst grade that a veto forces.
    pub forced: &'a [Option<usize>],
}

impl Beside<'_> {
    pub fn lines(&self, rows: &Range<usize>) -> Lines {
        let line =
            |line: &Line| index::adjust::Line { key: line.key.to_owned(), points: line.points[rows.clone()].to_vec() };
        Lines {
            adjustments: self.lines.iter().map(line).collect(),
            vetoes: Vec::new(),
            net: self.net[rows.clone()].to_vec(),
            cap: self.cap[rows.clone()].to_vec(),
            forced: self.forced[rows.clone()].to_vec(),
        }
    }
}

/// What is declared uncertain, and the seed of its streams.
pub(super) struct Drawn {
    pub rule: Uncertainty,
    pub seed: u64,
    /// Lowest score and room of each grade on the reference date, best first.
    pub limits: Vec<Limit>,
}

/// What the engine makes of the villages; matrices by leaf, then unit.
pub(super) struct Scored {
    /// NaN where nothing is measured, and nothing imputed.
    pub points: Matrix,
    /// Which values were imputed.
    pub imputed: Vec<Vec<bool>>,
    /// Values of nodes by place in the tree, then unit; of a leaf none.
    pub nodes: Matrix,
    /// Share of the weight that is measured, 0 to 1.
    pub measured: Vec<f64>,
    /// The root's value; NaN where not rated, as is the score.
    pub base: Vec<f64>,
    pub score: Vec<f64>,
    /// Effective weights, 0 where missing or not rated; none where a node does not add up.
    pub weights: Matrix,
    /// Where a node does not add up: what scores are made of.
    pub explained: Option<Explained>,
    /// None where not rated, or without draws.
    pub standings: Vec<Option<Standing>>,
}

/// Scores taken apart; NaN where not rated. The base is the sum of all.
pub(super) struct Explained {
    /// What a village would have whose points are the medians of its class.
    pub baseline: Vec<f64>,
    /// What cannot be split among indicators.
    pub undivided: Vec<f64>,
    /// By leaf, then unit.
    pub leaves: Matrix,
}

impl Scored {
    fn empty(setting: &Setting) -> Scored {
        let (leaves, additive) = (setting.tree.leaves.len(), setting.additive());
        let none = || vec![Vec::new(); leaves];
        let explained = (!additive).then(|| Explained { baseline: Vec::new(), undivided: Vec::new(), leaves: none() });
        Scored {
            points: none(),
            imputed: vec![Vec::new(); leaves],
            nodes: vec![Vec::new(); setting.tree.items.len()],
            measured: Vec::new(),
            base: Vec::new(),
            score: Vec::new(),
            weights: if additive { none() } else { Vec::new() },
            explained,
            standings: Vec::new(),
        }
    }

    fn append(&mut self, part: Scored) {
        let more = |to: &mut Matrix, from: Matrix| to.iter_mut().zip(from).for_each(|(to, from)| to.extend(from));
        more(&mut self.points, part.points);
        more(&mut self.weights, part.weights);
        more(&mut self.nodes, part.nodes);
        self.imputed.iter_mut().zip(part.imputed).for_each(|(to, from)| to.extend(from));
        self.measured.extend(part.measured);
        self.base.extend(part.base);
        self.score.extend(part.score);
        self.standings.extend(part.standings);
        if let (Some(to), Some(from)) = (&mut self.explained, part.explained) {
            to.baseline.extend(from.baseline);
            to.undivided.extend(from.undivided);
            more(&mut to.leaves, from.leaves);
        }
    }
}
