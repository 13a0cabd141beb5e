//! The next grade in a village's file: what is missing, and what would be enough.

use super::{File, Section};
use crate::book::schema::Vocab;
use crate::kernel::round;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::say;
use crate::score::VillageGoal;

/// Points to two decimals; what would seem to be nothing to six.
fn points(x: f64) -> String {
    round::show(x, if x != 0.0 && x.abs() < 0.01 { 6 } else { 2 })
}

impl File {
    /// Adds the goal behind the section of ranges of ranks, or at the end.
    pub fn set_goal(&mut self, goal: VillageGoal, policy: &Policy, lang: Lang) {
        let section = Section { heading: lang.text("explain-goal"), rows: rows(&goal, policy, lang) };
        let ranks = lang.text("table-ranks");
        let at = self.sections.iter().position(|s| s.heading == ranks).map_or(self.sections.len(), |at| at + 1);
        self.sections.insert(at, section);
        self.goal = Some(goal);
    }
}

fn rows(goal: &VillageGoal, policy: &Policy, lang: Lang) -> Vec<Vec<(String, String)>> {
    let label = |id: &str| lang.text(id);
    let Some(next) = &goal.next_grade else {
        return vec![vec![(label("explain-goal-result"), label("explain-goal-best"))]];
    };
    let mut head = vec![(label("explain-goal-next"), policy.words.label(lang, Vocab::Grade, next))];
    head.extend(goal.target.map(|target| (label("explain-goal-target"), points(target))));
    head.extend(goal.gap.map(|gap| (label("explain-goal-gap"), points(gap))));
    let score = goal.score_with.map(points).unwrap_or_default();
    let declared = policy.score.goals.as_ref().is_some_and(|goals| !goals.indicators.is_empty());
    let result = match goal.outcome {
        "reached" => say!(
            lang,
            "explain-goal-reached",
            count = goal.changes.len(),
            score = score,
            proven = if goal.proven == Some(true) { "yes" } else { "no" }
        ),
        "out_of_reach" if !declared => label("explain-goal-undeclared"),
        "out_of_reach" => say!(lang, "explain-goal-out-of-reach", score = score),
        "no_place" => label("explain-goal-no-place"),
        _ => label("explain-goal-vetoed"),
    };
    head.push((label("explain-goal-result"), result));
    let change = |change: &crate::score::GoalChange| {
        let (from, to) = (round::show(change.from, 4), round::show(change.to, 4));
        vec![(change.label.clone(), say!(lang, "explain-goal-change", from = from, to = to, steps = change.steps))]
    };
    [head].into_iter().chain(goal.changes.iter().map(change)).collect()
}
