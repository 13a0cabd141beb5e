//! Tables for the analyst: failed draws, coherence, classes and benchmarks.

use polars::prelude::DataFrame;

use super::{CLASS, ColumnDoc, Made, PERIOD, TableDoc, TableMakeError, UNIT, col, known};
use crate::frame::Build;
use crate::index::Index;
use crate::index::classes::{Context, benchmarks, nearest, propose};
use crate::index::coherence::coherence;
use crate::index::compare::Comparison;

const ITEM: ColumnDoc = col("item", "text", "Key of the node or indicator.");
const LABEL: ColumnDoc = col("label", "text", "Its name.");

/// In the order of the documentation.
pub(super) const TABLES: &[TableDoc] = &[
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
        name: "comparison",
        meaning: "This policy beside the one of `--against`: shifts of scores, ranks and grades.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("score_before", "number", "Score under the other policy."),
            col("score_after", "number", "Score under this policy."),
            col("rank_before", "whole number", "Rank under the other policy."),
            col("rank_after", "whole number", "Rank under this policy."),
            col("rank_shift", "whole number", "Places; negative is a rise."),
            col("grade_before", "text", "Grade under the other policy."),
            col("grade_after", "text", "Grade under this policy."),
            col(
                "grade_causes",
                "text",
                "Choices that change the grade when changed alone, joined by `;`; null where it stays, or where only several together change it.",
            ),
        ],
        wide: false,
        make: comparison,
    },
    TableDoc {
        name: "comparison_effects",
        meaning: "Which choice causes each shift: Shapley values that add up to it.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("choice", "text", "What differs: a word of the policy (`rule`, `outliers`, `weight`, `tree` …)."),
            col("keys", "text", "The keys that differ, joined by `;`."),
            col("score_effect", "number", "Points of the score; null where the unit is not rated under every mixture."),
            col("rank_effect", "number", "Places; negative is a rise."),
        ],
        wide: false,
        make: comparison_effects,
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
            col(
                "flag",
                "text",
                "`redundant`, `opposed`, or `misplaced`: the indicator goes better with this node than with its own.",
            ),
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
            col(
                "silhouette",
                "number",
                "Mean simplified silhouette of the proposal, −1 to 1: by distances from the own centre and the next.",
            ),
            col(
                "stability",
                "number",
                "Mean Jaccard similarity of the class with its like in resamples, 0 to 1; from 0.75 on it is stable.",
            ),
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
}

fn failures(made: &Made) -> Result<DataFrame, TableMakeError> {
    let lines: Vec<_> = made
        .assessed
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

fn comparison(made: &Made) -> Result<DataFrame, TableMakeError> {
    let Some(found) = made.compared else { return Ok(made.keys(0..0).done()?) };
    let (before, after) = (&found.before, &found.after);
    let rank = |index: &Index, row: usize| index.rank[row].map(i64::from);
    let grade = |names: &[String], index: &Index, row: usize| -> Option<String> {
        index.grade(row).and_then(|grade| names.get(grade).cloned())
    };
    let causes = |row: usize| -> Option<String> {
        let names: Vec<&str> = found.grade_causes[row].iter().map(|&at| found.choices[at].name.as_str()).collect();
        Some(names.join(";")).filter(|text| !text.is_empty())
    };
    let shift = |row: usize| Some(rank(after, row)? - rank(before, row)?);
    Ok(made
        .keys(made.rows())
        .number("score_before", known(&before.score))
        .number("score_after", known(&after.score))
        .whole("rank_before", made.rows().map(|row| rank(before, row)).collect())
        .whole("rank_after", made.rows().map(|row| rank(after, row)).collect())
        .whole("rank_shift", made.rows().map(shift).collect())
        .text("grade_before", made.rows().map(|row| grade(&found.grades[0], before, row)).collect())
        .text("grade_after", made.rows().map(|row| grade(&found.grades[1], after, row)).collect())
        .text("grade_causes", made.rows().map(causes).collect())
        .done()?)
}

fn comparison_effects(made: &Made) -> Result<DataFrame, TableMakeError> {
    let choices = made.compared.map_or(&[][..], |found| found.choices.as_slice());
    let keys: Vec<String> = choices.iter().map(|choice| choice.keys.join(";").replace('\u{1f}', ".")).collect();
    let lines: Vec<(usize, usize)> =
        made.rows().flat_map(|row| (0..choices.len()).map(move |choice| (row, choice))).collect();
    let effect = |of: fn(&Comparison) -> &Vec<Vec<f64>>| -> Vec<Option<f64>> {
        let value = |&(row, choice): &(usize, usize)| made.compared.map(|found| of(found)[choice][row]);
        lines.iter().map(|line| value(line).filter(|v| v.is_finite())).collect()
    };
    Ok(made
        .keys(lines.iter().map(|l| l.0))
        .str("choice", &lines.iter().map(|l| choices[l.1].name.as_str()).collect::<Vec<_>>())
        .str("keys", &lines.iter().map(|l| keys[l.1].as_str()).collect::<Vec<_>>())
        .number("score_effect", effect(|found| &found.score_effect))
        .number("rank_effect", effect(|found| &found.rank_effect))
        .done()?)
}

fn coherence_table(made: &Made) -> Result<DataFrame, TableMakeError> {
    let found = coherence(made.plan, &made.index.aggregated, &made.plan.policy.coherence);
    let lines: Vec<_> =
        found.nodes.iter().flat_map(|node| node.children.iter().map(move |child| (node, child))).collect();
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
    // Row, class, number of classes, silhouette, stability.
    type Line = (usize, usize, usize, Option<f64>, Option<f64>);
    let mut lines: Vec<Line> = Vec::new();
    if let Some(policy) = &made.plan.policy.classes {
        for context in contexts(made) {
            let Some(found) = propose(&context, policy, seed) else { continue };
            let k = found.centres.len();
            let silhouette = found.silhouettes.iter().find(|(number, _)| *number == k).map(|(_, s)| *s);
            lines.extend(
                context.rows.iter().zip(&found.class).map(|(&row, &class)| {
                    (row as usize, class + 1, k, silhouette, found.stability.get(class).copied())
                }),
            );
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
