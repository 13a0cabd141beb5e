//! Everything computed for the reference period, before it becomes tables.

use super::adjust::{self, Line};
use super::consequence::{self, Follows, Outcome};
use super::engine::{Beside, Drawn, Explained, Setting};
use super::policy::{BOUNDS, Band, Indicator, Scope, ScorePolicy, in_force};
use super::ranges::{Ranked, Standing};
use super::treat::{self, Column, Rows, Values};
use super::units::Units;
use super::veto::{self, Vetoed};
use crate::book::Tables;
use crate::book::schema::Vocab;
use crate::index::Tree;
use crate::index::adjust::finish;
use crate::index::grade::{self, Award, Limit, Room};
use crate::kernel::{rank, round};
use crate::stage::appraisals::Appraisals;
use crate::stage::events::known_events;
use crate::stage::{Context, StageError, StageResult};

/// The assessment of all villages; columns run in parallel to `units`, matrices by leaf first.
pub(super) struct Assessment<'a> {
    pub policy: &'a ScorePolicy,
    pub units: Units<'a>,
    pub tree: Tree,
    pub period: Option<i64>,
    pub columns: Vec<Column>,
    /// NaN where nothing is measured, and nothing imputed.
    pub points: Vec<Vec<f64>>,
    pub imputed: Vec<Vec<bool>>,
    /// Values of nodes by place in the tree; of a leaf none.
    pub nodes: Vec<Vec<f64>>,
    /// Effective weights, 0 where missing or not rated; none where a node does not add up.
    pub weights: Vec<Vec<f64>>,
    /// What scores are made of, where a node does not add up.
    pub explained: Option<Explained>,
    pub measured: Vec<f64>,
    pub rated: Vec<bool>,
    /// What comes out of the tree; NaN where not rated, as is the score.
    pub base: Vec<f64>,
    pub lines: Vec<Line<'a>>,
    pub net: Vec<f64>,
    pub vetoed: Vec<Vetoed<'a>>,
    pub score: Vec<f64>,
    pub awards: Vec<Option<Award>>,
    pub follows: Vec<Vec<Follows<'a>>>,
    pub rank: Vec<Option<u32>>,
    pub rank_in_class: Vec<Option<u32>>,
    pub standings: Vec<Option<Standing>>,
}

/// The tree of a policy, in force on a day.
pub(super) fn tree(policy: &ScorePolicy, ctx: &Context) -> Tree {
    Tree::new(&policy.nodes, &policy.indicators, ctx.as_of, &|_| true)
}

/// What scores are made from.
pub(super) struct Ready<'a> {
    pub setting: Setting,
    pub units: Units<'a>,
    pub period: Option<i64>,
    pub values: Values,
    pub lines: Vec<Line<'a>>,
    pub net: Vec<f64>,
    pub vetoed: Vec<Vetoed<'a>>,
    /// Lowest cap of the vetoes that apply; infinite where none does.
    pub cap: Vec<f64>,
    /// The worst grade that a veto forces.
    pub forced: Vec<Option<usize>>,
    /// Lowest score and room of each grade on the reference date, best first.
    pub limits: Vec<Limit>,
}

impl<'a> Ready<'a> {
    pub fn new(tables: &'a Tables, ctx: &Context<'a>) -> StageResult<Ready<'a>> {
        let policy: &'a ScorePolicy = &ctx.policy.score;
        let setting = Setting::new(policy, tree(policy, ctx));
        let units = Units::new(tables, &policy.class, ctx.as_of)?;
        let rows = Rows::new(tables, &units)?;
        let period = rows.reference(ctx.as_of);
        // Without any period every column is missing: year 0 has no rows.
        let year = period.unwrap_or(0);
        let values = treat::treat(tables, policy, &setting.tree, &units, &rows, year, ctx.as_of)?;
        let lines = adjust::lines(tables, policy, &units, &rows, year, ctx.as_of)?;
        let net = (0..units.len()).map(|unit| lines.iter().map(|line| line.points[unit]).sum()).collect();
        let events = known_events(tables.get("events"), ctx.as_of)?;
        let vetoed = veto::vetoes(policy, &units, &events, year, ctx.as_of);
        let cap = vetoed.iter().map(Vetoed::cap).collect();
        let band = |grade: &str| policy.grades.iter().position(|b| b.grade == grade);
        let forced = vetoed.iter().map(|v| v.hits.iter().filter_map(|h| band(&h.rule.grade)).max()).collect();
        Ok(Ready { setting, units, period, values, lines, net, vetoed, cap, forced, limits: limits(ctx) })
    }

    pub fn beside(&self) -> Beside<'_> {
        Beside { lines: &self.lines, net: &self.net, cap: &self.cap, forced: &self.forced }
    }
}

/// The stage's computation.
pub(super) fn assess<'a>(tables: &'a Tables, ctx: &Context<'a>) -> StageResult<Assessment<'a>> {
    let policy: &'a ScorePolicy = &ctx.policy.score;
    let ready = Ready::new(tables, ctx)?;
    let drawn = Drawn { rule: policy.declared(), seed: ctx.seed, limits: ready.limits.clone() };
    let scored = ready
        .setting
        .score(&ready.units, &ready.values, &ready.beside(), &drawn)
        .map_err(|e| StageError::Data(format!("policy: `{}`: {}", e.key, e.message)))?;
    let Ready { setting, units, period, values, lines, net, vetoed, forced, limits, .. } = ready;
    let score = scored.score;
    let keys: Vec<Option<u32>> = score.iter().map(|s| (!s.is_nan()).then(|| adjust::key(*s))).collect();

    let awards = awards(&limits, &units, &keys, &forced);
    let outcome = Outcome {
        grade: awards.iter().map(|a| a.map(|a| policy.grades[a.band].grade.as_str())).collect(),
        key: keys.clone(),
        vetoed: vetoed.iter().map(|v| !v.hits.is_empty()).collect(),
        period,
    };
    let appraisals = Appraisals::new(tables.get("appraisals"), ctx.as_of)?;
    let follows = consequence::consequences(policy, &units, &outcome, &appraisals, ctx.as_of);
    let rank = within(&rankings(policy.scope, &units), &keys);
    let rank_in_class = within(&rankings(Scope::Class, &units), &keys);
    Ok(Assessment {
        policy,
        period,
        columns: values.columns,
        points: scored.points,
        imputed: scored.imputed,
        nodes: scored.nodes,
        weights: scored.weights,
        explained: scored.explained,
        // Shares are meant to be compared with the policy's decimals, not with their rounding errors.
        measured: scored.measured.iter().map(|share| round::to(*share, 9)).collect(),
        rated: score.iter().map(|score| !score.is_nan()).collect(),
        base: scored.base,
        lines,
        net,
        vetoed,
        score,
        awards,
        follows,
        rank,
        rank_in_class,
        standings: scored.standings,
        units,
        tree: setting.tree,
    })
}

/// Lowest score and room of each grade, caps as in force on the reference date.
fn limits(ctx: &Context) -> Vec<Limit> {
    let limit = |band: &Band| {
        let cap = band.cap.filter(|_| in_force(band.effective.as_ref(), ctx.as_of));
        (band.low().max(0.0), cap.map_or(Room::Open, Room::Cap))
    };
    ctx.policy.score.grades.iter().map(limit).collect()
}

fn awards(limits: &[Limit], units: &Units, keys: &[Option<u32>], forced: &[Option<usize>]) -> Vec<Option<Award>> {
    // Villages of one township lie side by side.
    let all: Vec<u32> = (0..units.len() as u32).collect();
    let townships = all.chunk_by(|&a, &b| units.township_of[a as usize] == units.township_of[b as usize]);
    grade::award_within(&adjust::bands(limits), keys, forced, townships)
}

/// Who is ranked with whom.
fn rankings(scope: Scope, units: &Units) -> Vec<Ranked> {
    let all = 0..units.len() as u32;
    let by = |of: &[u32]| {
        let mut groups: Vec<Ranked> = Vec::new();
        for unit in all.clone() {
            let group = of[unit as usize] as usize;
            while groups.len() <= group {
                groups.push(Ranked { members: Vec::new(), own: Vec::new() });
            }
            groups[group].members.push(unit);
            groups[group].own.push(unit);
        }
        groups
    };
    match scope {
        Scope::All => vec![Ranked { members: all.clone().collect(), own: all.collect() }],
        Scope::County => by(&units.county_of),
        Scope::Township => by(&units.township_of),
        // A class that is too small is ranked among those it is compared with.
        Scope::Class => {
            let mut groups = by(&units.group_of);
            groups.iter_mut().zip(&units.groups).for_each(|(group, members)| group.members.clone_from(members));
            groups
        }
    }
}

/// Ranks by score, 1 best, ties share the best; none where not rated.
fn within(rankings: &[Ranked], keys: &[Option<u32>]) -> Vec<Option<u32>> {
    let mut out = vec![None; keys.len()];
    for ranked in rankings {
        let (units, scores): (Vec<u32>, Vec<u32>) =
            ranked.members.iter().filter_map(|&u| Some((u, keys[u as usize]?))).unzip();
        let ranks = rank::ranks(&scores);
        for &unit in &ranked.own {
            // Members ascend, so the place of a rated unit is found by halving.
            out[unit as usize] = units.binary_search(&unit).ok().map(|at| ranks[at]);
        }
    }
    out
}

impl Assessment<'_> {
    /// The grade's code.
    pub fn grade(&self, unit: usize) -> &str {
        self.awards[unit].map_or(super::NOT_RATED, |award| self.policy.grades[award.band].grade.as_str())
    }

    /// Base and adjustments within 0 and 100, before the hold of a veto.
    pub fn bounded(&self, unit: usize) -> f64 {
        finish(self.base[unit], self.net[unit], Some(BOUNDS), f64::INFINITY)
    }

    /// Leaves in the order of the policy's tree, read depth first: as a reader expects them.
    pub fn reading_order(&self) -> Vec<usize> {
        self.tree.reading_order().into_iter().filter_map(|at| self.tree.items[at].leaf).collect()
    }

    /// Key and rule of a leaf.
    pub fn indicator(&self, leaf: usize) -> (&str, &Indicator) {
        let key = self.tree.items[self.tree.leaves[leaf]].key.as_str();
        (key, &self.policy.indicators[key])
    }

    /// The topmost node above a leaf, and the node below that; the leaf itself where there is none.
    pub fn place(&self, leaf: usize) -> (&str, &str) {
        let items = &self.tree.items;
        let mut path = vec![self.tree.leaves[leaf]];
        while let Some(&at) = path.last().filter(|&&at| items[at].parent > 0) {
            path.push(items[at].parent);
        }
        path.reverse();
        let area = path[1.min(path.len().saturating_sub(2))];
        (&items[path[0]].key, &items[area].key)
    }

    /// The word for a grade.
    pub fn grade_word(&self, ctx: &Context, code: &str) -> String {
        ctx.policy.words.label(ctx.lang, Vocab::Grade, code)
    }
}
