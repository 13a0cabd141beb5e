//! Everything computed for the reference period, before it becomes tables.

use super::adjust::{self, Line};
use super::consequence::{self, Follows, Outcome};
use super::normalise;
use super::policy::{Missing, Scope, ScorePolicy, in_force};
use super::sensitivity::{self, Board, Range, Ranked};
use super::treat::{self, Column, Rows};
use super::tree::Tree;
use super::units::Units;
use super::veto::{self, Vetoed};
use crate::book::Tables;
use crate::book::schema::Vocab;
use crate::index::grade::{self, Award};
use crate::kernel::{rank, round};
use crate::stage::appraisals::Appraisals;
use crate::stage::events::known_events;
use crate::stage::{Context, StageResult};

/// The assessment of all villages; columns run in parallel to `units`, matrices by leaf first.
pub(super) struct Assessment<'a> {
    pub policy: &'a ScorePolicy,
    pub units: Units<'a>,
    pub tree: Tree,
    pub period: Option<i64>,
    pub columns: Vec<Column>,
    pub points: Vec<Vec<f64>>,
    /// Effective weights, 0 where missing or not rated.
    pub weights: Vec<Vec<f64>>,
    pub measured: Vec<f64>,
    pub rated: Vec<bool>,
    /// Weighted mean; NaN where not rated, as is the score.
    pub base: Vec<f64>,
    pub lines: Vec<Line<'a>>,
    pub net: Vec<f64>,
    pub vetoed: Vec<Vetoed<'a>>,
    pub score: Vec<f64>,
    pub awards: Vec<Option<Award>>,
    pub follows: Vec<Vec<Follows<'a>>>,
    pub rank: Vec<Option<u32>>,
    pub rank_in_class: Vec<Option<u32>>,
    pub ranges: Vec<Option<Range>>,
    pub draws: u32,
}

/// The stage's computation.
pub(super) fn assess<'a>(tables: &'a Tables, ctx: &Context<'a>) -> StageResult<Assessment<'a>> {
    let policy: &'a ScorePolicy = &ctx.policy.score;
    let tree = Tree::new(policy, ctx.as_of);
    let units = Units::new(tables, &policy.class, ctx.as_of)?;
    let rows = Rows::new(tables, &units)?;
    let n = units.len();
    let period = rows.reference(ctx.as_of);
    // Without any period every column is missing: year 0 has no rows.
    let year = period.unwrap_or(0);

    let columns = treat::treat(tables, policy, &tree, &units, &rows, year, ctx.as_of)?;
    let indicator = |leaf: usize| &policy.indicators[tree.leaves[leaf].indicator];
    let points: Vec<Vec<f64>> =
        columns.iter().enumerate().map(|(leaf, column)| normalise::points(indicator(leaf), column, &units)).collect();
    let present: Vec<Vec<bool>> = points
        .iter()
        .enumerate()
        .map(|(leaf, column)| {
            let zero = indicator(leaf).missing == Missing::Zero;
            column.iter().map(|p| zero || !p.is_nan()).collect()
        })
        .collect();
    let measured = measured(&tree, &points, n);
    let rated: Vec<bool> = measured.iter().map(|m| *m > 0.0 && *m >= policy.min_measured_weight).collect();
    let (weights, base) = aggregate(&tree, &points, &present, &rated);

    let lines = adjust::lines(tables, policy, &units, &rows, year, ctx.as_of)?;
    let net: Vec<f64> = (0..n).map(|unit| lines.iter().map(|line| line.points[unit]).sum()).collect();
    let events = known_events(tables.get("events"), ctx.as_of)?;
    let vetoed = veto::vetoes(policy, &units, &events, year, ctx.as_of);
    let cap: Vec<f64> = vetoed.iter().map(Vetoed::cap).collect();
    let score: Vec<f64> =
        (0..n).map(|u| if rated[u] { adjust::finish(base[u], net[u], cap[u]) } else { f64::NAN }).collect();
    let keys: Vec<Option<u32>> = score.iter().map(|s| (!s.is_nan()).then(|| adjust::key(*s))).collect();

    let awards = awards(ctx, &units, &keys, &vetoed);
    let outcome = Outcome {
        grade: awards.iter().map(|a| a.map(|a| policy.grades[a.band].grade.as_str())).collect(),
        key: keys.clone(),
        vetoed: vetoed.iter().map(|v| !v.hits.is_empty()).collect(),
        period,
    };
    let appraisals = Appraisals::new(tables.get("appraisals"), ctx.as_of)?;
    let follows = consequence::consequences(policy, &units, &outcome, &appraisals, ctx.as_of);

    let rankings = rankings(policy.scope, &units);
    let rank = within(&rankings, &keys);
    let rank_in_class = within(&self::rankings(Scope::Class, &units), &keys);
    let board = Board { tree: &tree, points: &points, present: &present, net: &net, cap: &cap, rated: &rated };
    let ranges = sensitivity::ranges(&board, &rankings, &policy.sensitivity, ctx.seed);
    Ok(Assessment {
        policy,
        period,
        columns,
        points,
        weights,
        measured,
        rated,
        base,
        lines,
        net,
        vetoed,
        score,
        awards,
        follows,
        rank,
        rank_in_class,
        ranges,
        draws: policy.sensitivity.draws,
        units,
        tree,
    })
}

/// Share of the policy's weight that is measured, by village.
fn measured(tree: &Tree, points: &[Vec<f64>], n: usize) -> Vec<f64> {
    let nominal = tree.nominal();
    let mut out = vec![0.0; n];
    for (leaf, column) in points.iter().enumerate() {
        for (sum, points) in out.iter_mut().zip(column) {
            if !points.is_nan() {
                *sum += nominal[leaf];
            }
        }
    }
    // Shares are meant to be compared with the policy's decimals, not with their rounding errors.
    out.iter_mut().for_each(|m| *m = round::to(*m, 9));
    out
}

/// Effective weights by leaf, and weighted means, under the policy's weights.
fn aggregate(tree: &Tree, points: &[Vec<f64>], present: &[Vec<bool>], rated: &[bool]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let leaves = tree.leaves.len();
    let mut weights = vec![vec![0.0; rated.len()]; leaves];
    let mut base = vec![f64::NAN; rated.len()];
    let (mut pattern, mut effective, mut scratch) = (vec![false; leaves], vec![0.0; leaves], Vec::new());
    for unit in (0..rated.len()).filter(|&u| rated[u]) {
        (0..leaves).for_each(|leaf| pattern[leaf] = present[leaf][unit]);
        tree.effective(&tree.shares, &pattern, &mut scratch, &mut effective);
        let mut sum = 0.0;
        for leaf in 0..leaves {
            weights[leaf][unit] = effective[leaf];
            if !points[leaf][unit].is_nan() {
                sum += effective[leaf] * points[leaf][unit];
            }
        }
        base[unit] = sum;
    }
    (weights, base)
}

fn awards(ctx: &Context, units: &Units, keys: &[Option<u32>], vetoed: &[Vetoed]) -> Vec<Option<Award>> {
    let policy = &ctx.policy.score;
    let bands: Vec<_> = policy
        .grades
        .iter()
        .map(|band| {
            let cap = band.cap.filter(|_| in_force(band.effective.as_ref(), ctx.as_of));
            (adjust::key(band.min.max(0.0)), cap)
        })
        .collect();
    let band = |grade: &str| policy.grades.iter().position(|b| b.grade == grade);
    let forced: Vec<Option<usize>> =
        vetoed.iter().map(|v| v.hits.iter().filter_map(|h| band(&h.rule.grade)).max()).collect();
    // Villages of one township lie side by side.
    let all: Vec<u32> = (0..units.len() as u32).collect();
    let townships = all.chunk_by(|&a, &b| units.township_of[a as usize] == units.township_of[b as usize]);
    grade::award_within(&bands, keys, &forced, townships)
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
        adjust::finish(self.base[unit], self.net[unit], f64::INFINITY)
    }

    /// The word for a grade.
    pub fn grade_word(&self, ctx: &Context, code: &str) -> String {
        ctx.policy.words.label(ctx.lang, Vocab::Grade, code)
    }
}
