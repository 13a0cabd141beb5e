//! Tables for the analyst: what draws tell, coherence, goals, classes and benchmarks.

use polars::prelude::DataFrame;

use super::{CLASS, ColumnDoc, Made, PERIOD, TableDoc, TableMakeError, UNIT, col};
use crate::frame::Build;
use crate::index::classes::{Context, benchmarks, nearest, propose};
use crate::index::coherence::coherence;
use crate::index::explain::{Frozen, Outcome, goals};
use crate::index::uncertain::{Assessed, Indices, Spread, Standing};

const ITEM: ColumnDoc = col("item", "text", "Key of the node or indicator.");
const LABEL: ColumnDoc = col("label", "text", "Its name.");

/// Tables that need declared alternatives, classes or goals, in the order of the documentation.
pub(super) const TABLES: &[TableDoc] = &[
    TableDoc {
        name: "ranks",
        meaning: "How far rank and grade depend on the declared alternatives: sensitivity ranges, not confidence intervals.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("rank", "whole number", "Rank under the policy itself."),
            col("rated_share", "number", "Share of the draws in which the unit is rated; the ranks are over these."),
            col("rank_mean", "number", "Mean rank."),
            col("rank_p05", "whole number", "5% quantile of the rank: its bin's best rank."),
            col("rank_median", "number", "Median rank: the middle of its bin."),
            col("rank_p95", "whole number", "95% quantile of the rank: its bin's worst rank."),
            col("p_top", "number", "Probability of being among the best k; ties share places, so that the units' sum to k."),
            col("p_bottom", "number", "Probability of being among the last k."),
            col("k_top", "whole number", "k of `p_top` in the unit's scope and period."),
            col("k_bottom", "whole number", "k of `p_bottom`."),
            col("beats_next", "number", "Probability of standing before the unit next below; ties count half."),
            col("change_mean", "number", "Mean change of rank since the period before, negative is a rise; null in the first."),
            col("change_p05", "whole number", "5% quantile of that change."),
            col("change_p95", "whole number", "95% quantile of that change."),
        ],
        wide: false,
        make: ranks,
    },
    TableDoc {
        name: "grade_probabilities",
        meaning: "Probability of each grade, awarded anew in every draw with caps and vetoes.",
        columns: &[UNIT, PERIOD, CLASS, col("grade", "text", "Grade."), col("probability", "number", "0 to 1.")],
        wide: false,
        make: grade_probabilities,
    },
    TableDoc {
        name: "acceptability",
        meaning: "SMAA rank acceptabilities: share of the draws in which a unit takes a place, first places only; what is not listed is 0.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("place", "whole number", "Place, 1 the best."),
            col("acceptability", "number", "0 to 1; over the units of a scope and period each place sums to 1."),
        ],
        wide: false,
        make: acceptability,
    },
    TableDoc {
        name: "central_weights",
        meaning: "SMAA central weights: the mean of the indicators' weights over the draws in which the unit is first. Units that never are have no rows.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            ITEM,
            LABEL,
            col("weight", "number", "Weight in the whole, 0 to 1; a unit's sum to 1."),
            col("confidence", "number", "Confidence factor of the unit: share of draws in which it is first with these weights; null unless errors of the data are declared."),
        ],
        wide: false,
        make: central_weights,
    },
    TableDoc {
        name: "sobol",
        meaning: "Which declared choice the ranking hangs on: Sobol indices of the mean absolute shift of ranks, and of each unit's rank.",
        columns: &[
            col("unit", "text", "Name of the unit; null for the whole ranking."),
            PERIOD,
            CLASS,
            col("factor", "text", "Key of the factor."),
            col("first", "number", "First-order index: share of the variance that the factor explains alone. Rows without variance are left out."),
            col("first_low", "number", "Lower end of its 95% interval."),
            col("first_high", "number", "Upper end."),
            col("total", "number", "Total-order index: with all its interactions."),
            col("total_low", "number", "Lower end of its 95% interval."),
            col("total_high", "number", "Upper end."),
        ],
        wide: false,
        make: sobol,
    },
    TableDoc {
        name: "failures",
        meaning: "Replications that failed, by reason; the others went on.",
        columns: &[
            col("analysis", "text", "`draws` or `sobol`."),
            col("reason", "text", "Why."),
            col("count", "whole number", "Replications."),
            col("first", "whole number", "The first that failed so, from 0."),
        ],
        wide: false,
        make: failures,
    },
    TableDoc {
        name: "goals",
        meaning: "The gap to the next grade, and the smallest change that closes it by the policy's steps, limits and metric: parameters and other units held.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("grade", "text", "Grade today."),
            col("next", "text", "The grade above."),
            col("target", "number", "Score that is needed."),
            col("gap", "number", "Points that are missing."),
            col("outcome", "text", "`reached`, `out_of_reach`, `vetoed` or `no_place`."),
            col("proven", "yes/no", "Is nothing smaller by the metric, or is it certain that nothing reaches it?"),
            col("score", "number", "Score with the change, or with every step taken."),
            col("cost", "number", "Σ steps · cost; null unless reached."),
            col("item", "text", "Indicator to change; a row for each; null unless reached."),
            col("label", "text", "Its name."),
            col("from", "number", "Its value today."),
            col("to", "number", "Its value then."),
        ],
        wide: false,
        make: goal_table,
    },
    TableDoc {
        name: "coherence",
        meaning: "Does each node measure one thing? Every child within its node.",
        columns: &[
            col("node", "text", "Key of the node; null for the topmost."),
            col("rows", "whole number", "Rows where all its children are present."),
            col("alpha", "number", "Cronbach's alpha of the node, standardised."),
            col("components", "whole number", "Principal components with an eigenvalue above 1."),
            col("first_share", "number", "Share of the variance that the first component explains, 0 to 1."),
            col("node_flag", "text", "`incoherent`: alpha below the policy's."),
            ITEM,
            LABEL,
            col("with_rest", "number", "Correlation with the weighted mean of its siblings."),
            col("alpha_without", "number", "Alpha of the node without it."),
            col("loading", "number", "Correlation with the first component."),
            col("flag", "text", "`opposed`: it pulls against its node; `weak`: it hardly bears on it."),
        ],
        wide: false,
        make: coherence_table,
    },
    TableDoc {
        name: "correlations",
        meaning: "Pearson correlations of siblings, and of every indicator with every node.",
        columns: &[
            col("a", "text", "Key of a node or indicator."),
            col("b", "text", "Key of the other; null for the topmost node."),
            col("kind", "text", "`siblings`, or `node`: `a` an indicator, `b` a node."),
            col("correlation", "number", "−1 to 1; null with fewer than three rows, or if one is constant."),
            col("rows", "whole number", "Rows where both are present."),
            col("flag", "text", "`redundant`, `opposed`, or `misplaced`: the indicator goes better with this node than with its own."),
        ],
        wide: false,
        make: correlations,
    },
    TableDoc {
        name: "classes",
        meaning: "Classes proposed from context columns; they change no score. Rows that lack context are left out.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("proposed", "whole number", "Proposed class, 1 the least by the first context column."),
            col("classes", "whole number", "How many are proposed."),
            col("silhouette", "number", "Mean silhouette of the proposal, −1 to 1."),
            col("stability", "number", "Mean Jaccard similarity of the class with its like in resamples, 0 to 1; from 0.75 on it is stable."),
        ],
        wide: false,
        make: classes,
    },
    TableDoc {
        name: "peers",
        meaning: "Each unit's nearest peers by context columns.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("place", "whole number", "1 the nearest."),
            col("peer", "text", "Name of the peer."),
            col("distance", "number", "Euclidean distance in standard deviations."),
            col("peer_score", "number", "The peer's score."),
        ],
        wide: false,
        make: peers,
    },
    TableDoc {
        name: "benchmarks",
        meaning: "Each unit beside the median and the best of its class (all units where there are no classes), for the whole, every node and every indicator.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("item", "text", "Key of the node or indicator; null for the whole."),
            LABEL,
            col("points", "number", "The unit's points."),
            col("median", "number", "Median of the class."),
            col("best", "number", "Best of the class."),
            col("to_median", "number", "Points above the median; negative below."),
            col("to_best", "number", "Points behind the best; 0 for the best itself, else negative."),
        ],
        wide: false,
        make: benchmark_table,
    },
];



impl Made<'_> {
    /// Key of an item; none for the root.
    fn key_of(&self, at: usize) -> Option<&str> {
        Some(self.item(at).key.as_str()).filter(|key| !key.is_empty())
    }

    fn grade_name(&self, grade: usize) -> &str {
        self.plan.policy.grades.get(grade).map_or("", |band| band.grade.as_str())
    }
}

/// The draws and the rows that are ever rated.
fn drawn<'a>(made: &'a Made) -> Option<(&'a Assessed, Vec<usize>)> {
    let assessed = made.draws?;
    let rows = made.rows().filter(|&row| assessed.rows[row].rank.is_some()).collect();
    Some((assessed, rows))
}

fn ranks(made: &Made) -> Result<DataFrame, TableMakeError> {
    let rows = drawn(made).map(|(_, rows)| rows).unwrap_or_default();
    let standing = |row: usize| made.draws.map(|assessed| &assessed.rows[row]);
    let number = |of: fn(&Standing) -> Option<f64>| -> Vec<Option<f64>> {
        rows.iter().map(|&row| standing(row).and_then(of)).collect()
    };
    let spread = |of: fn(&Standing) -> Option<Spread>, part: fn(&Spread) -> i64| -> Vec<Option<i64>> {
        rows.iter().map(|&row| standing(row).and_then(of).map(|s| part(&s))).collect()
    };
    let group = |row: usize| made.plan.scope.of[row] as usize;
    let count = |of: fn(&Assessed) -> &[u32]| -> Vec<Option<i64>> {
        rows.iter().map(|&row| made.draws.and_then(|a| of(a).get(group(row)).map(|k| i64::from(*k)))).collect()
    };
    let rank: fn(&Standing) -> Option<Spread> = |s| s.rank;
    let change: fn(&Standing) -> Option<Spread> = |s| s.change;
    Ok(made
        .keys(rows.iter().copied())
        .whole("rank", rows.iter().map(|&row| made.index.rank[row].map(i64::from)).collect())
        .number("rated_share", number(|s| Some(s.rated)))
        .number("rank_mean", number(|s| s.rank.map(|r| r.mean)))
        .whole("rank_p05", spread(rank, |s| s.p05.0))
        .number("rank_median", number(|s| s.rank.map(|r| (r.median.0 + r.median.1) as f64 / 2.0)))
        .whole("rank_p95", spread(rank, |s| s.p95.1))
        .number("p_top", number(|s| Some(s.p_top)))
        .number("p_bottom", number(|s| Some(s.p_bottom)))
        .whole("k_top", count(|a| &a.top))
        .whole("k_bottom", count(|a| &a.bottom))
        .number("beats_next", number(|s| s.beats))
        .number("change_mean", number(|s| s.change.map(|c| c.mean)))
        .whole("change_p05", spread(change, |s| s.p05.0))
        .whole("change_p95", spread(change, |s| s.p95.1))
        .done()?)
}

fn grade_probabilities(made: &Made) -> Result<DataFrame, TableMakeError> {
    let (assessed, rows) = drawn(made).unzip();
    let lines: Vec<(usize, usize, f64)> = rows
        .unwrap_or_default()
        .into_iter()
        .filter_map(|row| Some((row, &assessed?.rows[row].p_grades)))
        .flat_map(|(row, grades)| grades.iter().enumerate().map(move |(grade, p)| (row, grade, *p)))
        .collect();
    Ok(made
        .keys(lines.iter().map(|l| l.0))
        .str("grade", &lines.iter().map(|l| made.grade_name(l.1)).collect::<Vec<_>>())
        .number("probability", lines.iter().map(|l| Some(l.2)).collect())
        .done()?)
}

fn acceptability(made: &Made) -> Result<DataFrame, TableMakeError> {
    let (assessed, rows) = drawn(made).unzip();
    let lines: Vec<(usize, usize, f64)> = rows
        .unwrap_or_default()
        .into_iter()
        .filter_map(|row| Some((row, &assessed?.rows[row].acceptability)))
        .flat_map(|(row, shares)| shares.iter().enumerate().map(move |(place, share)| (row, place, *share)))
        .filter(|(.., share)| *share > 0.0)
        .collect();
    Ok(made
        .keys(lines.iter().map(|l| l.0))
        .whole("place", lines.iter().map(|l| Some(l.1 as i64 + 1)).collect())
        .number("acceptability", lines.iter().map(|l| Some(l.2)).collect())
        .done()?)
}

fn central_weights(made: &Made) -> Result<DataFrame, TableMakeError> {
    let (assessed, rows) = drawn(made).unzip();
    let lines: Vec<(usize, usize, f64, Option<f64>)> = rows
        .unwrap_or_default()
        .into_iter()
        .filter_map(|row| {
            let standing = &assessed?.rows[row];
            Some((row, standing.central.as_ref()?, standing.confidence))
        })
        .flat_map(|(row, weights, confidence)| {
            weights.iter().enumerate().map(move |(leaf, weight)| (row, leaf, *weight, confidence))
        })
        .collect();
    Ok(made
        .keys(lines.iter().map(|l| l.0))
        .str("item", &lines.iter().map(|l| made.leaf_key(l.1)).collect::<Vec<_>>())
        .str("label", &lines.iter().map(|l| made.label(made.leaf_key(l.1))).collect::<Vec<_>>())
        .number("weight", lines.iter().map(|l| Some(l.2)).collect())
        .number("confidence", lines.iter().map(|l| l.3).collect())
        .done()?)
}

fn sobol(made: &Made) -> Result<DataFrame, TableMakeError> {
    let mut lines: Vec<(Option<usize>, usize, Indices)> = Vec::new();
    if let Some(assessed) = made.draws {
        let whole = assessed.sobol.iter().flatten().enumerate();
        lines.extend(whole.map(|(factor, indices)| (None, factor, *indices)));
        for (row, standing) in assessed.rows.iter().enumerate() {
            let own = standing.sobol.iter().flatten().enumerate();
            lines.extend(own.map(|(factor, indices)| (Some(row), factor, *indices)));
        }
    }
    let table = made.plan.table;
    let factor = |at: usize| made.draws.and_then(|a| a.factors.get(at)).map_or("", String::as_str);
    let number = |of: fn(&Indices) -> f64| -> Vec<Option<f64>> { lines.iter().map(|l| Some(of(&l.2))).collect() };
    Ok(Build::new()
        .text("unit", lines.iter().map(|l| l.0.map(|row| table.name(row))).collect())
        .whole("period", lines.iter().map(|l| l.0.and_then(|row| made.period(row))).collect())
        .text("class", lines.iter().map(|l| l.0.and_then(|row| made.text(table.class.as_deref(), row))).collect())
        .str("factor", &lines.iter().map(|l| factor(l.1)).collect::<Vec<_>>())
        .number("first", number(|i| i.first.value))
        .number("first_low", number(|i| i.first.low))
        .number("first_high", number(|i| i.first.high))
        .number("total", number(|i| i.total.value))
        .number("total_low", number(|i| i.total.low))
        .number("total_high", number(|i| i.total.high))
        .done()?)
}

fn failures(made: &Made) -> Result<DataFrame, TableMakeError> {
    let lines: Vec<_> = made
        .draws
        .iter()
        .flat_map(|a| {
            let draws = a.failures.iter().map(|f| ("draws", f));
            draws.chain(a.sobol_failures.iter().map(|f| ("sobol", f)))
        })
        .collect();
    Ok(Build::new()
        .str("analysis", &lines.iter().map(|l| l.0).collect::<Vec<_>>())
        .str("reason", &lines.iter().map(|l| l.1.reason.as_str()).collect::<Vec<_>>())
        .whole("count", lines.iter().map(|l| i64::try_from(l.1.count).ok()).collect())
        .whole("first", lines.iter().map(|l| i64::try_from(l.1.first).ok()).collect())
        .done()?)
}

/// A row of the table of goals: the goal's row, grade, target, gap, outcome, and one change.
struct GoalLine {
    row: usize,
    grade: usize,
    numbers: [f64; 2],
    outcome: &'static str,
    proven: Option<bool>,
    score: Option<f64>,
    cost: Option<f64>,
    change: Option<(usize, f64, f64)>,
}

fn goal_table(made: &Made) -> Result<DataFrame, TableMakeError> {
    let mut lines: Vec<GoalLine> = Vec::new();
    if let Some(policy) = &made.plan.policy.goals {
        let frozen = Frozen::new(made.plan, made.recipe, made.index);
        let grades: Vec<Option<usize>> = made.rows().map(|row| made.index.grade(row)).collect();
        for goal in goals(&frozen, policy, &grades) {
            let line = |outcome, proven, score, cost, change| GoalLine {
                row: goal.row as usize,
                grade: goal.grade,
                numbers: [goal.target, goal.gap],
                outcome,
                proven,
                score,
                cost,
                change,
            };
            match &goal.outcome {
                Outcome::Vetoed => lines.push(line("vetoed", None, None, None, None)),
                Outcome::NoPlace => lines.push(line("no_place", None, None, None, None)),
                Outcome::OutOfReach { score, proven } => {
                    lines.push(line("out_of_reach", Some(*proven), Some(*score), None, None));
                }
                Outcome::Reached { changes, cost, score, proven } => lines.extend(changes.iter().map(|change| {
                    let told = Some((change.leaf, change.from, change.to));
                    line("reached", Some(*proven), Some(*score), Some(*cost), told)
                })),
            }
        }
    }
    let grade = |line: &GoalLine| made.index.grade(line.row).map(|g| made.grade_name(g));
    let leaf = |line: &GoalLine| line.change.map(|(leaf, ..)| made.leaf_key(leaf));
    let told = |of: fn(&GoalLine) -> Option<f64>| -> Vec<Option<f64>> { lines.iter().map(of).collect() };
    Ok(made
        .keys(lines.iter().map(|l| l.row))
        .text("grade", lines.iter().map(grade).collect())
        .str("next", &lines.iter().map(|l| made.grade_name(l.grade)).collect::<Vec<_>>())
        .number("target", told(|l| l.numbers[0].is_finite().then_some(l.numbers[0])))
        .number("gap", told(|l| l.numbers[1].is_finite().then_some(l.numbers[1])))
        .str("outcome", &lines.iter().map(|l| l.outcome).collect::<Vec<_>>())
        .flag("proven", lines.iter().map(|l| l.proven).collect())
        .number("score", told(|l| l.score.filter(|s| s.is_finite())))
        .number("cost", told(|l| l.cost))
        .text("item", lines.iter().map(leaf).collect())
        .text("label", lines.iter().map(|l| leaf(l).map(|key| made.label(key))).collect())
        .number("from", told(|l| l.change.map(|(_, from, _)| from)))
        .number("to", told(|l| l.change.map(|(.., to)| to)))
        .done()?)
}

fn coherence_table(made: &Made) -> Result<DataFrame, TableMakeError> {
    let found = coherence(made.plan, &made.index.aggregated, &made.plan.policy.coherence);
    let lines: Vec<_> = found.nodes.iter().flat_map(|node| node.children.iter().map(move |child| (node, child))).collect();
    Ok(Build::new()
        .text("node", lines.iter().map(|(n, _)| made.key_of(n.node)).collect())
        .whole("rows", lines.iter().map(|(n, _)| Some(n.rows as i64)).collect())
        .number("alpha", lines.iter().map(|(n, _)| n.alpha).collect())
        .whole("components", lines.iter().map(|(n, _)| n.components.map(|c| c as i64)).collect())
        .number("first_share", lines.iter().map(|(n, _)| n.first_share).collect())
        .text("node_flag", lines.iter().map(|(n, _)| n.flag.map(|f| f.code())).collect())
        .text("item", lines.iter().map(|(_, c)| made.key_of(c.item)).collect())
        .str("label", &lines.iter().map(|(_, c)| made.label(&made.item(c.item).key)).collect::<Vec<_>>())
        .number("with_rest", lines.iter().map(|(_, c)| c.with_rest).collect())
        .number("alpha_without", lines.iter().map(|(_, c)| c.alpha_without).collect())
        .number("loading", lines.iter().map(|(_, c)| c.loading).collect())
        .text("flag", lines.iter().map(|(_, c)| c.flag.map(|f| f.code())).collect())
        .done()?)
}

fn correlations(made: &Made) -> Result<DataFrame, TableMakeError> {
    let found = coherence(made.plan, &made.index.aggregated, &made.plan.policy.coherence);
    let pairs = &found.pairs;
    Ok(Build::new()
        .text("a", pairs.iter().map(|p| made.key_of(p.a)).collect())
        .text("b", pairs.iter().map(|p| made.key_of(p.b)).collect())
        .str("kind", &pairs.iter().map(|p| if p.siblings { "siblings" } else { "node" }).collect::<Vec<_>>())
        .number("correlation", pairs.iter().map(|p| p.correlation).collect())
        .whole("rows", pairs.iter().map(|p| Some(p.rows as i64)).collect())
        .text("flag", pairs.iter().map(|p| p.flag.map(|f| f.code())).collect())
        .done()?)
}

/// Contexts of the periods, where the policy names context columns.
fn contexts(made: &Made) -> Vec<Context> {
    let Some(policy) = &made.plan.policy.classes else { return Vec::new() };
    let periods = made.plan.table.groups(None);
    periods.members.iter().map(|rows| Context::new(made.plan.table, policy, rows)).collect()
}

fn classes(made: &Made) -> Result<DataFrame, TableMakeError> {
    let seed = made.plan.policy.uncertainty.as_ref().map_or(1, |u| u.seed);
    let mut lines: Vec<(usize, usize, usize, Option<f64>, Option<f64>)> = Vec::new();
    if let Some(policy) = &made.plan.policy.classes {
        for context in contexts(made) {
            let Some(found) = propose(&context, policy, seed) else { continue };
            let k = found.centres.len();
            let silhouette = found.silhouettes.iter().find(|(number, _)| *number == k).map(|(_, s)| *s);
            lines.extend(context.rows.iter().zip(&found.class).map(|(&row, &class)| {
                (row as usize, class + 1, k, silhouette, found.stability.get(class).copied())
            }));
        }
    }
    Ok(made
        .keys(lines.iter().map(|l| l.0))
        .whole("proposed", lines.iter().map(|l| Some(l.1 as i64)).collect())
        .whole("classes", lines.iter().map(|l| Some(l.2 as i64)).collect())
        .number("silhouette", lines.iter().map(|l| l.3).collect())
        .number("stability", lines.iter().map(|l| l.4).collect())
        .done()?)
}

fn peers(made: &Made) -> Result<DataFrame, TableMakeError> {
    let k = made.plan.policy.classes.as_ref().map_or(0, |c| c.peers);
    let mut lines: Vec<(usize, i64, usize, f64)> = Vec::new();
    for context in contexts(made) {
        for (&row, found) in context.rows.iter().zip(nearest(&context, k).unwrap_or_default()) {
            let place = found.into_iter().zip(1..);
            lines.extend(place.map(|(peer, place)| (row as usize, place, peer.row as usize, peer.distance)));
        }
    }
    Ok(made
        .keys(lines.iter().map(|l| l.0))
        .whole("place", lines.iter().map(|l| Some(l.1)).collect())
        .str("peer", &lines.iter().map(|l| made.plan.table.name(l.2)).collect::<Vec<_>>())
        .number("distance", lines.iter().map(|l| Some(l.3)).collect())
        .number("peer_score", lines.iter().map(|l| Some(made.index.score[l.2]).filter(|s| s.is_finite())).collect())
        .done()?)
}

fn benchmark_table(made: &Made) -> Result<DataFrame, TableMakeError> {
    let table = made.plan.table;
    let mut values = made.index.aggregated.values.clone();
    // The whole is the finished score, not the topmost node's value.
    if let Some(whole) = values.first_mut() {
        whole.clone_from(&made.index.score);
    }
    let lines = benchmarks(&values, &table.groups(table.class.as_deref()));
    let told = |of: fn(&crate::index::classes::Benchmark) -> f64| -> Vec<Option<f64>> {
        lines.iter().map(|l| Some(of(l)).filter(|v| v.is_finite())).collect()
    };
    Ok(made
        .keys(lines.iter().map(|l| l.row as usize))
        .text("item", lines.iter().map(|l| made.key_of(l.item)).collect())
        .text("label", lines.iter().map(|l| made.key_of(l.item).map(|key| made.label(key))).collect())
        .number("points", told(|l| l.value))
        .number("median", told(|l| l.median))
        .number("best", told(|l| l.best))
        .number("to_median", told(|l| l.value - l.median))
        .number("to_best", told(|l| l.value - l.best))
        .done()?)
}
