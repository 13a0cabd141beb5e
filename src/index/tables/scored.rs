//! Tables of the result: scores, what they are made of, and what would change them.

use polars::prelude::DataFrame;

use super::{CLASS, Made, PERIOD, TableDoc, TableMakeError, UNIT, col, known};
use crate::frame::Build;
use crate::index::change::{Change, changes};
use crate::index::explain::{self, Frozen, Outcome, contributions, goals};
use crate::index::pipeline::Plan;
use crate::index::rank;
use crate::index::table::Groups;

/// In the order of the documentation.
pub(super) const TABLES: &[TableDoc] = &[
    TableDoc {
        name: "scores",
        meaning: "One row for each unit and period: score, rank, and why a unit is not rated.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("scope", "text", "Value of the scope column, within which units are ranked; null without one."),
            col("score", "number", "Value of the topmost node with what stands beside the tree; null if not rated."),
            col("rank", "whole number", "Rank within scope and period, 1 the best; ties share the best place."),
            col("rank_in_class", "whole number", "Rank within class, scope and period."),
            col("grade", "text", "Grade; null without grades or if not rated."),
            col("grade_reached", "text", "Grade that the score alone reaches, before caps and vetoes."),
            col("ranked", "whole number", "Units rated in scope and period."),
            col(
                "measured_weight",
                "number",
                "Share of the weight that was measured, 0 to 1; imputed cells do not count.",
            ),
            col("imputed", "whole number", "Imputed cells."),
            col("rated", "yes/no", "Has the unit a score?"),
            col(
                "reason",
                "text",
                "Why not: `screen_units` or `screen_non_zero` (below a share of the screening), `no_data` (nothing is measured), `measured_weight` (less than the policy's share of the weight is measured), `no_value` (a node lacks too many of its children, or its method gives no value).",
            ),
        ],
        wide: false,
        make: scores,
    },
    TableDoc {
        name: "contributions",
        meaning: "What each score is made of: the contributions of a unit and period add up to its score.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col(
                "part",
                "text",
                "`baseline` (median score of the class), `profile` (what the class's median points make of it), `indicator`, `adjustment`, `undivided` (where a mixture of unit and median has no value), `bounds`, `veto`.",
            ),
            col("item", "text", "Key of the indicator or adjustment; null for other parts."),
            col("label", "text", "Its name."),
            col("raw", "number", "Value as read."),
            col("imputed", "yes/no", "Was the value imputed?"),
            col("value", "number", "Value after denominator and imputation."),
            col("treated", "number", "Value after the treatment of outliers."),
            col("points", "number", "Points."),
            col("weight", "number", "Its weight in the whole when everything is measured."),
            col("contribution", "number", "Points of the score, against the class's median profile: an Owen value."),
        ],
        wide: false,
        make: contributed,
    },
    TableDoc {
        name: "goals",
        meaning: "The gap to the next better grade, and the smallest feasible change that closes it.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("next_grade", "text", "The next better grade."),
            col("target", "number", "The score that it takes, all others held."),
            col("gap", "number", "Target less score."),
            col(
                "outcome",
                "text",
                "`reached`, `out_of_reach` (nothing that the policy allows reaches it), `vetoed`, `no_place` (the grade's cap leaves no place).",
            ),
            col("proven", "yes/no", "Is nothing smaller (or, out of reach, nothing at all) certain?"),
            col("item", "text", "Key of an indicator to be changed; null where nothing reaches the grade."),
            col("label", "text", "Its name."),
            col("from", "number", "Its value in the table."),
            col("to", "number", "Its value with the change."),
            col("steps", "whole number", "Steps of the policy."),
            col("cost", "number", "Cost of the whole change."),
            col("score_with", "number", "The score with the whole change, or with all steps taken."),
        ],
        wide: false,
        make: goal_lines,
    },
    TableDoc {
        name: "changes",
        meaning: "The change of each unit's score between a period and the next, in parts that add up to it. Only units that are rated in both: one that misses a period, or is not rated in it, has no rows for the two pairs of periods that it belongs to; `scores` tells why.",
        columns: &[
            UNIT,
            col("from", "whole number", "The earlier period."),
            col("to", "whole number", "The later period."),
            col(
                "part",
                "text",
                "`indicator`, `weights`, `parameters` (class, goalposts, the others' distribution), `lines` (beside the tree), `peers` (others' change, for aggregators that compare units), or `undivided` where a mixture of both periods cannot be rated.",
            ),
            col("item", "text", "Key of the indicator; null for other parts."),
            col("label", "text", "Its name; null for other parts."),
            col("change", "number", "Points of the score."),
        ],
        wide: false,
        make: changed,
    },
];

fn scores(made: &Made) -> Result<DataFrame, TableMakeError> {
    let plan = made.plan;
    let scope = plan.policy.scope.as_deref();
    let mut rated = vec![0_i64; plan.scope.members.len()];
    made.rows().filter(|&row| !made.index.score[row].is_nan()).for_each(|row| rated[plan.scope.of[row] as usize] += 1);
    let in_class = rank::within(&class_in_scope(plan), &made.index.score);
    let whole = |rank: &Option<u32>| rank.map(i64::from);
    Ok(made
        .keys(made.rows())
        .text("scope", made.rows().map(|row| made.text(scope, row)).collect())
        .number("score", known(&made.index.score))
        .whole("rank", made.index.rank.iter().map(whole).collect())
        .whole("rank_in_class", in_class.iter().map(whole).collect())
        .text("grade", made.rows().map(|row| made.grade(row, |award| award.band)).collect())
        .text("grade_reached", made.rows().map(|row| made.grade(row, |award| award.reached)).collect())
        .whole("ranked", made.rows().map(|row| Some(rated[plan.scope.of[row] as usize])).collect())
        .number("measured_weight", known(&made.index.measured))
        .whole("imputed", made.rows().map(|row| Some(made.imputed(row) as i64)).collect())
        .flag("rated", made.index.score.iter().map(|s| Some(!s.is_nan())).collect())
        .text("reason", made.rows().map(|row| made.reason(row)).collect())
        .done()?)
}

/// Units of one class within one scope and period.
fn class_in_scope(plan: &Plan) -> Groups {
    let classes = plan.table.groups(plan.table.class.as_deref());
    let mut members = std::collections::BTreeMap::<(u32, u32), Vec<u32>>::new();
    for row in 0..plan.table.rows() {
        members.entry((plan.scope.of[row], classes.of[row])).or_default().push(row as u32);
    }
    Groups::new(members.into_values().collect(), plan.table.rows())
}

/// Parts of a score beside the indicators, in their order.
const PARTS: [&str; 5] = ["baseline", "profile", "undivided", "bounds", "veto"];

fn contributed(made: &Made) -> Result<DataFrame, TableMakeError> {
    let found = contributions(&Frozen::new(made.plan, made.recipe, made.index));
    let weights = made.plan.tree.nominal(&made.index.aggregated.shares);
    let lines = &made.index.lines;
    let mut parts: Vec<Line> = Vec::new();
    for row in made.rows().filter(|&row| !made.index.score[row].is_nan()) {
        let line = |part, item, contribution| Line { row, part, item, leaf: None, contribution };
        parts.push(line(PARTS[0], None, found.baseline[row]));
        parts.push(line(PARTS[1], None, found.profile[row]));
        for (leaf, column) in found.leaves.iter().enumerate() {
            let item = Some(made.leaf_key(leaf));
            parts.push(Line { leaf: Some(leaf), ..line("indicator", item, column[row]) });
        }
        for (own, column) in lines.adjustments.iter().zip(&found.adjustments) {
            parts.push(line("adjustment", Some(own.key.as_str()), column[row]));
        }
        // What is nothing for nobody is no line.
        for (part, column) in PARTS[2..].iter().zip([&found.undivided, &found.bounds, &found.veto]) {
            if column[row] != 0.0 {
                parts.push(line(part, None, column[row]));
            }
        }
    }
    let of_leaf = |value: &dyn Fn(usize, usize) -> f64| -> Vec<Option<f64>> {
        let value = |line: &Line| line.leaf.map(|leaf| value(leaf, line.row)).filter(|v| v.is_finite());
        parts.iter().map(value).collect()
    };
    let index = made.index;
    let imputed = |line: &Line| line.leaf.map(|leaf| index.marks[leaf][line.row]);
    Ok(made
        .keys(parts.iter().map(|line| line.row))
        .str("part", &parts.iter().map(|line| line.part).collect::<Vec<_>>())
        .text("item", parts.iter().map(|line| line.item).collect())
        .text("label", parts.iter().map(|line| line.item.map(|key| made.label(key))).collect())
        .number("raw", of_leaf(&|leaf, row| index.raw[leaf][row]))
        .flag("imputed", parts.iter().map(imputed).collect())
        .number("value", of_leaf(&|leaf, row| index.imputed[leaf][row]))
        .number("treated", of_leaf(&|leaf, row| index.treated[leaf][row]))
        .number("points", of_leaf(&|leaf, row| index.normalised[leaf][row]))
        .number("weight", of_leaf(&|leaf, _| weights[leaf]))
        .number("contribution", parts.iter().map(|line| Some(line.contribution).filter(|v| v.is_finite())).collect())
        .done()?)
}

/// A line of a unit's contributions.
struct Line<'a> {
    row: usize,
    part: &'static str,
    item: Option<&'a str>,
    leaf: Option<usize>,
    contribution: f64,
}

fn goal_lines(made: &Made) -> Result<DataFrame, TableMakeError> {
    let policy = made.plan.policy;
    let Some(rule) = &policy.goals else { return Ok(DataFrame::empty()) };
    let bands: Vec<Option<usize>> = made.index.awards.iter().map(|award| award.map(|a| a.band)).collect();
    let found = goals(&Frozen::new(made.plan, made.recipe, made.index), rule, &bands);
    let mut lines: Vec<(&explain::Goal, Option<&explain::Change>)> = Vec::new();
    for goal in &found {
        match &goal.outcome {
            Outcome::Reached { changes, .. } if !changes.is_empty() => {
                lines.extend(changes.iter().map(|change| (goal, Some(change))));
            }
            _ => lines.push((goal, None)),
        }
    }
    let outcome = |goal: &explain::Goal| match goal.outcome {
        Outcome::Reached { cost, score, proven, .. } => ("reached", Some(proven), Some(cost), Some(score)),
        Outcome::OutOfReach { score, proven } => ("out_of_reach", Some(proven), None, Some(score)),
        Outcome::Vetoed => ("vetoed", None, None, None),
        Outcome::NoPlace => ("no_place", None, None, None),
    };
    let key = |change: &Option<&explain::Change>| change.map(|c| made.leaf_key(c.leaf));
    Ok(made
        .keys(lines.iter().map(|(goal, _)| goal.row as usize))
        .str("next_grade", &lines.iter().map(|(goal, _)| policy.grades[goal.grade].grade.as_str()).collect::<Vec<_>>())
        .number("target", lines.iter().map(|(goal, _)| Some(goal.target).filter(|t| t.is_finite())).collect())
        .number("gap", lines.iter().map(|(goal, _)| Some(goal.gap)).collect())
        .str("outcome", &lines.iter().map(|(goal, _)| outcome(goal).0).collect::<Vec<_>>())
        .flag("proven", lines.iter().map(|(goal, _)| outcome(goal).1).collect())
        .text("item", lines.iter().map(|(_, change)| key(change)).collect())
        .text("label", lines.iter().map(|(_, change)| key(change).map(|k| made.label(k))).collect())
        .number("from", lines.iter().map(|(_, change)| change.map(|c| c.from)).collect())
        .number("to", lines.iter().map(|(_, change)| change.map(|c| c.to)).collect())
        .whole("steps", lines.iter().map(|(_, change)| change.map(|c| c.steps as i64)).collect())
        .number("cost", lines.iter().map(|(goal, _)| outcome(goal).2).collect())
        .number("score_with", lines.iter().map(|(goal, _)| outcome(goal).3).collect())
        .done()?)
}

fn changed(made: &Made) -> Result<DataFrame, TableMakeError> {
    let found = changes(made.plan, made.recipe, made.index)?;
    let mut lines: Vec<(&Change, &str, Option<&str>, f64)> = Vec::new();
    for change in &found {
        let Some(parts) = &change.parts else {
            lines.push((change, "undivided", None, change.total));
            continue;
        };
        for (leaf, part) in parts.indicators.iter().enumerate() {
            lines.push((change, "indicator", Some(made.leaf_key(leaf)), *part));
        }
        for (part, value) in [
            ("weights", parts.weights),
            ("parameters", parts.parameters),
            ("lines", parts.lines),
            ("peers", parts.peers),
        ] {
            lines.push((change, part, None, value));
        }
    }
    let table = made.plan.table;
    Ok(Build::new()
        .str("unit", &lines.iter().map(|(c, ..)| table.name(c.from)).collect::<Vec<_>>())
        .whole("from", lines.iter().map(|(c, ..)| Some(table.periods[c.from])).collect())
        .whole("to", lines.iter().map(|(c, ..)| Some(table.periods[c.to])).collect())
        .str("part", &lines.iter().map(|(_, part, ..)| *part).collect::<Vec<_>>())
        .text("item", lines.iter().map(|(_, _, item, _)| *item).collect())
        .text("label", lines.iter().map(|(_, _, item, _)| item.map(|key| made.label(key))).collect())
        .number("change", lines.iter().map(|(.., value)| Some(*value)).collect())
        .done()?)
}
