//! What separates one village from the next better grade, and the smallest feasible change that
//! closes the gap: everything that was fitted and all other villages held, steps and limits by
//! `[score.goals]`.

use serde::Serialize;

use super::adjust::{self, PER_POINT};
use super::reasons::label;
use super::result::Ready;
use crate::book::Tables;
use crate::index::explain::{Frozen, Goals, Graded, Outcome, goals_of};
use crate::index::{Groups, grade, make_with};
use crate::stage::{Context, StageError, StageResult};

/// A village's way to the next better grade.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VillageGoal {
    /// Code of the next better grade; none where it has the best.
    pub next_grade: Option<String>,
    /// Score that it takes, all other villages held, 0 to 100; none where no score leads there.
    pub target: Option<f64>,
    /// Points that are missing.
    pub gap: Option<f64>,
    /// `best`, `reached`, `out_of_reach` (nothing that the policy allows reaches it), `vetoed`, or
    /// `no_place` (the township's cap leaves no place).
    pub outcome: &'static str,
    /// Is it certain that nothing smaller (out of reach: nothing at all) does?
    pub proven: Option<bool>,
    /// Cost of the whole change in the policy's units.
    pub cost: Option<f64>,
    /// The score with the whole change, or with all steps taken.
    pub score_with: Option<f64>,
    /// The smallest change.
    pub changes: Vec<GoalChange>,
}

/// What would have to change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoalChange {
    /// Key of the indicator.
    pub indicator: String,
    /// Its name in the reader's language.
    pub label: String,
    /// Value of its column, before and after.
    pub from: f64,
    pub to: f64,
    /// Steps of the policy.
    pub steps: usize,
}

/// The goal of a village, by key; none where there is no such village, or it is not rated.
///
/// # Errors
/// A frame is not that of the schema, or a method does not fit the data.
pub fn goal(tables: &Tables, ctx: &Context, village: &str) -> StageResult<Option<VillageGoal>> {
    let ready = Ready::new(tables, ctx)?;
    let Some(unit) = ready.units.village.iter().position(|key| *key == village) else { return Ok(None) };
    let setting = &ready.setting;
    let Some(rows) = setting.parts(&ready.units).into_iter().find(|rows| rows.contains(&unit)) else {
        return Ok(None);
    };
    let table = setting.table(&ready.units, &ready.values, &rows);
    let plan = setting.plan(&ready.units, &table, &rows);
    let index = make_with(&plan, &setting.recipe, None, ready.beside().lines(&rows))
        .map_err(|e| StageError::Data(format!("policy: `{}`: {}", e.key, e.message)))?;
    let townships: Groups = setting.townships(&ready.units, &rows);
    let keys: Vec<Option<u32>> = index.score.iter().map(|s| (!s.is_nan()).then(|| adjust::key(*s))).collect();
    let bands = adjust::bands(&ready.limits);
    let members = townships.members.iter().map(Vec::as_slice);
    let awards = grade::award_within(&bands, &keys, &ready.forced[rows.clone()], members);
    let grades: Vec<Option<usize>> = awards.iter().map(|award| award.map(|a| a.band)).collect();
    let row = unit - rows.start;
    let Some(own) = grades[row] else { return Ok(None) };
    if own == 0 {
        return Ok(Some(VillageGoal::without("best")));
    }
    let none = Goals::default();
    let policy = &ctx.policy.score;
    let graded = Graded { limits: &ready.limits, groups: &townships, grades: &grades, grid: Some(1.0 / PER_POINT) };
    let frozen = Frozen::new(&plan, &setting.recipe, &index);
    let found = goals_of(&frozen, policy.goals.as_ref().unwrap_or(&none), &graded, &[row]);
    let Some(found) = found.into_iter().next() else { return Ok(None) };
    let mut out = VillageGoal {
        next_grade: Some(policy.grades[found.grade].grade.clone()),
        target: Some(found.target),
        gap: Some(found.gap),
        ..VillageGoal::without("vetoed")
    };
    match found.outcome {
        Outcome::Vetoed => {}
        Outcome::NoPlace => out.outcome = "no_place",
        Outcome::OutOfReach { score, proven } => {
            (out.outcome, out.score_with, out.proven) = ("out_of_reach", Some(score), Some(proven));
        }
        Outcome::Reached { changes, cost, score, proven } => {
            (out.outcome, out.score_with, out.proven) = ("reached", Some(score), Some(proven));
            out.cost = Some(cost);
            let change = |change: &crate::index::explain::Change| {
                let key = setting.tree.items[setting.tree.leaves[change.leaf]].key.clone();
                let named = policy.indicators.get(&key);
                let label = named.map_or("", |rule| label(ctx.lang, &rule.label, rule.label_en.as_ref())).to_owned();
                GoalChange { indicator: key, label, from: change.from, to: change.to, steps: change.steps }
            };
            out.changes = changes.iter().map(change).collect();
        }
    }
    Ok(Some(out))
}

impl VillageGoal {
    fn without(outcome: &'static str) -> VillageGoal {
        VillageGoal {
            next_grade: None,
            target: None,
            gap: None,
            outcome,
            proven: None,
            cost: None,
            score_with: None,
            changes: Vec::new(),
        }
    }
}
