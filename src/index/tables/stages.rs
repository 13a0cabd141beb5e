//! Tables of the stages on the way to a score, and of the tree.

use polars::prelude::DataFrame;

use super::{CLASS, Made, PERIOD, TableDoc, TableMakeError, UNIT, col, known};
use crate::frame::Build;
use crate::index::impute::effects;
use crate::index::pipeline::Matrix;
use crate::index::weight::effective;

/// In the order of the documentation.
pub(super) const TABLES: &[TableDoc] = &[
    TableDoc {
        name: "raw",
        meaning: "Values as read, by indicator.",
        columns: &[UNIT, PERIOD, CLASS],
        wide: true,
        make: |made| stage(made, &made.index.raw),
    },
    TableDoc {
        name: "denominated",
        meaning: "Values divided by their denominators, rates on small counts shrunk, by indicator.",
        columns: &[UNIT, PERIOD, CLASS],
        wide: true,
        make: |made| stage(made, &made.index.denominated),
    },
    TableDoc {
        name: "imputed",
        meaning: "Values after imputation, by indicator.",
        columns: &[UNIT, PERIOD, CLASS],
        wide: true,
        make: |made| stage(made, &made.index.imputed),
    },
    TableDoc {
        name: "treated",
        meaning: "Values after the treatment of outliers, by indicator.",
        columns: &[UNIT, PERIOD, CLASS],
        wide: true,
        make: |made| stage(made, &made.index.treated),
    },
    TableDoc {
        name: "normalised",
        meaning: "Points, by indicator.",
        columns: &[UNIT, PERIOD, CLASS],
        wide: true,
        make: |made| stage(made, &made.index.normalised),
    },
    TableDoc {
        name: "aggregated",
        meaning: "Values of nodes and points of indicators, in the tree's reading order; `root` is the topmost node, before what stands beside the tree.",
        columns: &[UNIT, PERIOD, CLASS, col("root", "number", "Value of the topmost node.")],
        wide: true,
        make: aggregated,
    },
    TableDoc {
        name: "weights",
        meaning: "The tree: nominal and used weights of nodes and indicators, beside their correlation with what they are to drive.",
        columns: &[
            col("item", "text", "Key of the node or indicator."),
            col("label", "text", "Its name."),
            col("kind", "text", "`node` or `indicator`."),
            col("parent", "text", "Key of the node above; null below the topmost."),
            col("level", "whole number", "1 below the topmost node, 2 below that …"),
            col("declared_share", "number", "Share among its siblings as the policy declares it."),
            col("share", "number", "Share as used: as the weighting method found it, or as replayed."),
            col(
                "weight",
                "number",
                "Product of the shares used on the way down: its weight in the whole when everything is measured.",
            ),
            col(
                "importance",
                "number",
                "What the node above really follows: its correlation ratio in proportion to those of its siblings; to be compared with `share`.",
            ),
            col("correlation_ratio", "number", "Var(E[y|x]) / Var(y) of the node above on this item, 0 to 1."),
            col(
                "variance_share",
                "number",
                "Share of the variance of the node above, w · cov(x, y) / var(y); null unless that node is an arithmetic mean.",
            ),
            col(
                "correlation_with_parent",
                "number",
                "Pearson correlation with the node above; 0 where one does not vary, negative where it pulls against its node.",
            ),
            col("correlation_with_root", "number", "Pearson correlation with the topmost node."),
        ],
        wide: false,
        make: weights,
    },
    TableDoc {
        name: "imputations",
        meaning: "Every imputed cell, and what imputation did to the unit's rank.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("item", "text", "Key of the indicator."),
            col("label", "text", "Its name."),
            col("value", "number", "What was put in."),
            col(
                "score_without",
                "number",
                "The topmost node's value with the cell left missing, everything else as it is; null if the unit would not be rated.",
            ),
            col("rank", "whole number", "The unit's rank."),
            col(
                "rank_without",
                "whole number",
                "The place that value would take among the others' values, before what stands beside the tree.",
            ),
        ],
        wide: false,
        make: imputations,
    },
];

/// A stage's values, a column for each indicator.
fn stage(made: &Made, values: &Matrix) -> Result<DataFrame, TableMakeError> {
    let mut build = made.keys(made.rows());
    for (leaf, column) in values.iter().enumerate() {
        build = build.number(made.leaf_key(leaf), known(column));
    }
    Ok(build.done()?)
}

fn aggregated(made: &Made) -> Result<DataFrame, TableMakeError> {
    let values = &made.index.aggregated.values;
    let mut build = made.keys(made.rows()).number("root", known(&values[0]));
    for at in made.plan.tree.reading_order() {
        build = build.number(&made.item(at).key, known(&values[at]));
    }
    Ok(build.done()?)
}

fn weights(made: &Made) -> Result<DataFrame, TableMakeError> {
    let tree = &made.plan.tree;
    let order = tree.reading_order();
    let used = &made.index.aggregated.shares;
    // In the tree's order, without the root.
    let told = effective(tree, made.recipe, &made.index.aggregated);
    let of = |at: usize| &told[at - 1];
    let (mut level, mut whole) = (vec![0_i64; tree.items.len()], vec![1.0; tree.items.len()]);
    // Parents stand before their children.
    for at in 1..tree.items.len() {
        level[at] = level[tree.items[at].parent] + 1;
        whole[at] = whole[tree.items[at].parent] * used[at];
    }
    let each =
        |value: &dyn Fn(usize) -> f64| order.iter().map(|&at| Some(value(at)).filter(|v| v.is_finite())).collect();
    let words: Vec<&str> = order.iter().map(|&at| made.item(at).key.as_str()).collect();
    let kind = |&at: &usize| if made.item(at).leaf.is_some() { "indicator" } else { "node" };
    let parent = |&at: &usize| Some(made.item(made.item(at).parent).key.as_str()).filter(|k| !k.is_empty());
    Ok(Build::new()
        .str("item", &words)
        .str("label", &words.iter().map(|key| made.label(key)).collect::<Vec<_>>())
        .str("kind", &order.iter().map(kind).collect::<Vec<_>>())
        .text("parent", order.iter().map(parent).collect())
        .whole("level", order.iter().map(|&at| Some(level[at])).collect())
        .number("declared_share", each(&|at| made.recipe.shares[at]))
        .number("share", each(&|at| used[at]))
        .number("weight", each(&|at| whole[at]))
        .number("importance", each(&|at| of(at).importance))
        .number("correlation_ratio", each(&|at| of(at).ratio))
        .number("variance_share", each(&|at| of(at).variance.unwrap_or(f64::NAN)))
        .number("correlation_with_parent", each(&|at| of(at).with_parent))
        .number("correlation_with_root", each(&|at| of(at).with_root))
        .done()?)
}

fn imputations(made: &Made) -> Result<DataFrame, TableMakeError> {
    let cells = effects(made.plan, made.recipe, made.index);
    let keys: Vec<&str> = cells.iter().map(|cell| made.leaf_key(cell.leaf)).collect();
    let number = |value: f64| Some(value).filter(|v| v.is_finite());
    let whole = |rank: Option<u32>| rank.map(i64::from);
    Ok(made
        .keys(cells.iter().map(|cell| cell.row))
        .str("item", &keys)
        .str("label", &keys.iter().map(|key| made.label(key)).collect::<Vec<_>>())
        .number("value", cells.iter().map(|cell| number(cell.value)).collect())
        .number("score_without", cells.iter().map(|cell| number(cell.score_without)).collect())
        .whole("rank", cells.iter().map(|cell| whole(made.index.rank[cell.row])).collect())
        .whole("rank_without", cells.iter().map(|cell| whole(cell.rank_without)).collect())
        .done()?)
}
