//! An index as output tables. The first columns are the keys, `unit`, `period` and `class`; rows
//! follow periods and units. Every table is registered once, with what its columns mean: from there
//! come its file, its documentation and the test that keeps them in step.

mod analysis;

use polars::prelude::DataFrame;

use super::change::{Change, changes};
use super::compare::Comparison;
use super::explain::{self, Frozen, Outcome, contributions, goals};
use super::grade::Award;
use super::impute::effects;
use super::pipeline::{Matrix, Plan};
use super::recipe::Recipe;
use super::screen::ScreenCause;
use super::table::Groups;
use super::tree::Item;
use super::uncertain::{Assessed, Estimate, Indices, Standing};
use super::weight::effective;
use super::{Index, IndexError, rank};
use crate::frame::{Build, FrameError};
use crate::lang::Lang;

/// What tables are made from.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    pub plan: &'a Plan<'a>,
    pub recipe: &'a Recipe,
    pub index: &'a Index,
    /// What the declared alternatives make of the rows, where any are declared.
    pub assessed: Option<&'a Assessed>,
    /// Another policy beside this one, where one is given.
    pub compared: Option<&'a Comparison>,
    /// Language of labels.
    pub lang: Lang,
}

/// A column of an output table.
#[derive(Clone, Copy, Debug)]
pub struct ColumnDoc {
    pub name: &'static str,
    /// `text`, `number`, `whole number` or `yes/no`.
    pub kind: &'static str,
    pub meaning: &'static str,
}

/// An output table.
#[derive(Clone, Copy, Debug)]
pub struct TableDoc {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Columns in their order; a table with a column for each indicator lists those before them.
    pub columns: &'static [ColumnDoc],
    /// Columns of numbers follow, named by the keys of indicators (or of nodes and indicators).
    pub wide: bool,
    make: fn(&Made) -> Result<DataFrame, TableMakeError>,
}

/// A table cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TableMakeError {
    #[error("{0}")]
    Index(#[from] IndexError),
    #[error("{0}")]
    Frame(#[from] FrameError),
}

const fn col(name: &'static str, kind: &'static str, meaning: &'static str) -> ColumnDoc {
    ColumnDoc { name, kind, meaning }
}

const UNIT: ColumnDoc = col("unit", "text", "Name of the unit.");
const PERIOD: ColumnDoc = col("period", "whole number", "Period; null without a column of periods.");
const CLASS: ColumnDoc = col("class", "text", "Class; null without classes.");

/// Every output table of an index, in the order of the documentation.
pub const TABLES: &[TableDoc] = &[
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
        name: "ranks",
        meaning: "Sensitivity of ranks: what the declared alternatives make of every rated unit. No confidence intervals, unless all that is declared is error of the data.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("rank", "whole number", "Rank by the policy itself."),
            col("rank_mean", "number", "Mean rank over the draws."),
            col(
                "rank_p05",
                "whole number",
                "5% quantile of the rank (beyond the first places the better end of its bin).",
            ),
            col("rank_median", "number", "Median rank (beyond the first places the middle of its bin)."),
            col(
                "rank_p95",
                "whole number",
                "95% quantile of the rank (beyond the first places the worse end of its bin).",
            ),
            col("p_top", "number", "Probability of being among the best k; ties share places."),
            col("p_bottom", "number", "Probability of being among the last k."),
            col("beats_next", "number", "Probability of standing before the unit next below, ties by half."),
            col("rated_share", "number", "Share of the draws in which it is rated."),
            col("holistic", "number", "Holistic acceptability, by linear meta-weights."),
            col("confidence", "number", "Confidence factor of SMAA; null unless error of the data is declared."),
            col("change_mean", "number", "Mean change of rank since the unit's period before; null in the first."),
            col("change_p05", "whole number", "5% quantile of that change."),
            col("change_p95", "whole number", "95% quantile of that change."),
        ],
        wide: true,
        make: ranks,
    },
    TableDoc {
        name: "acceptability",
        meaning: "Rank acceptabilities: the probability of each of the first ranks, where it is not 0.",
        columns: &[
            UNIT,
            PERIOD,
            CLASS,
            col("rank", "whole number", "The rank."),
            col("share", "number", "Its probability; ties share places."),
        ],
        wide: false,
        make: acceptability,
    },
    TableDoc {
        name: "central_weights",
        meaning: "Central weights: mean weights of the indicators in the draws in which the unit is first; only units that ever are.",
        columns: &[UNIT, PERIOD, CLASS],
        wide: true,
        make: central_weights,
    },
    TableDoc {
        name: "sobol",
        meaning: "Sobol indices: how much of the variance of ranks each declared factor makes, by itself and with the others. A null unit stands for the whole (mean absolute shift of ranks).",
        columns: &[
            col("unit", "text", "Name of the unit; null for the whole."),
            PERIOD,
            col("factor", "text", "Key of the factor."),
            col("first", "number", "First-order index."),
            col("first_low", "number", "Lower end of its 95% interval."),
            col("first_high", "number", "Upper end."),
            col("total", "number", "Total-order index."),
            col("total_low", "number", "Lower end of its 95% interval."),
            col("total_high", "number", "Upper end."),
        ],
        wide: false,
        make: sobol,
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
    TableDoc {
        name: "changes",
        meaning: "The change of each unit's score between a period and the next, in parts that add up to it.",
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

/// All tables of an index that has something to say in them: without imputed cells there is no
/// `imputations`, without a second period no `changes`.
///
/// # Errors
/// A table cannot be made; with a valid plan none fails.
pub fn tables(made: &Made) -> Result<Vec<(&'static str, DataFrame)>, TableMakeError> {
    let mut found = Vec::with_capacity(TABLES.len());
    for doc in registered() {
        let table = (doc.make)(made)?;
        if table.height() > 0 || doc.name == "scores" {
            found.push((doc.name, table));
        }
    }
    Ok(found)
}

/// Every output table.
pub fn registered() -> impl Iterator<Item = &'static TableDoc> {
    TABLES.iter().chain(analysis::TABLES)
}

/// NaN is null in a table.
fn known(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|v| v.is_finite().then_some(*v)).collect()
}

impl Made<'_> {
    fn text(&self, column: Option<&str>, row: usize) -> Option<&str> {
        column.and_then(|c| self.plan.table.texts.get(c)).and_then(|t| t[row].as_deref())
    }

    fn period(&self, row: usize) -> Option<i64> {
        self.plan.policy.period.is_some().then(|| self.plan.table.periods[row])
    }

    /// Unit, period and class of some rows.
    fn keys(&self, rows: impl Iterator<Item = usize> + Clone) -> Build {
        let table = self.plan.table;
        let class = table.class.as_deref();
        Build::new()
            .str("unit", &rows.clone().map(|row| table.name(row)).collect::<Vec<_>>())
            .whole("period", rows.clone().map(|row| self.period(row)).collect())
            .text("class", rows.map(|row| self.text(class, row)).collect())
    }

    fn rows(&self) -> std::ops::Range<usize> {
        0..self.plan.table.rows()
    }

    fn item(&self, at: usize) -> &Item {
        &self.plan.tree.items[at]
    }

    fn leaf_key(&self, leaf: usize) -> &str {
        &self.item(self.plan.tree.leaves[leaf]).key
    }

    /// A node's or indicator's name in the reader's language; its key where it has none.
    pub fn label<'k>(&'k self, key: &'k str) -> &'k str {
        let policy = self.plan.policy;
        let (zh, en) = match (policy.indicators.get(key), policy.nodes.get(key)) {
            (Some(i), _) => (&i.label, &i.label_en),
            (None, Some(n)) => (&n.label, &n.label_en),
            (None, None) => return key,
        };
        let en = en.as_deref().unwrap_or_default();
        let (first, second) = if self.lang == Lang::Zh { (zh.as_str(), en) } else { (en, zh.as_str()) };
        [first, second, key].into_iter().find(|name| !name.is_empty()).unwrap_or(key)
    }

    /// A grade of a row.
    fn grade(&self, row: usize, which: impl Fn(&Award) -> usize) -> Option<&str> {
        let band = self.index.awards.get(row)?.as_ref().map(which)?;
        self.plan.policy.grades.get(band).map(|b| b.grade.as_str())
    }

    /// What the declared alternatives make of each row that is rated.
    fn standings(&self) -> Vec<(usize, &Standing)> {
        let rows = self.assessed.iter().flat_map(|assessed| assessed.rows.iter().enumerate());
        rows.filter(|(row, _)| !self.index.score[*row].is_nan()).collect()
    }

    /// Imputed cells, by row.
    fn imputed(&self, row: usize) -> usize {
        self.index.marks.iter().filter(|marks| marks[row]).count()
    }

    /// Why a row is not rated.
    fn reason(&self, row: usize) -> Option<&'static str> {
        if !self.index.score[row].is_nan() {
            return None;
        }
        let screened = self.index.screened.rows.get(row).copied().flatten();
        Some(match screened.map(|reason| (reason.cause, reason.share)) {
            Some((ScreenCause::Indicators, _)) => "screen_units",
            Some((ScreenCause::NonZero, _)) => "screen_non_zero",
            Some((_, share)) if share <= 0.0 => "no_data",
            Some(_) => "measured_weight",
            None => "no_value",
        })
    }
}

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

fn ranks(made: &Made) -> Result<DataFrame, TableMakeError> {
    let standings = made.standings();
    let number = |value: &dyn Fn(&Standing) -> Option<f64>| -> Vec<Option<f64>> {
        standings.iter().map(|(_, s)| value(s).filter(|v| v.is_finite())).collect()
    };
    let whole = |value: &dyn Fn(&Standing) -> Option<i64>| -> Vec<Option<i64>> {
        standings.iter().map(|(_, s)| value(s)).collect()
    };
    let mut build = made
        .keys(standings.iter().map(|(row, _)| *row))
        .whole("rank", standings.iter().map(|(row, _)| made.index.rank[*row].map(i64::from)).collect())
        .number("rank_mean", number(&|s| s.rank.map(|r| r.mean)))
        .whole("rank_p05", whole(&|s| s.rank.map(|r| r.p05.0)))
        .number("rank_median", number(&|s| s.rank.map(|r| (r.median.0 + r.median.1) as f64 / 2.0)))
        .whole("rank_p95", whole(&|s| s.rank.map(|r| r.p95.1)))
        .number("p_top", number(&|s| Some(s.p_top)))
        .number("p_bottom", number(&|s| Some(s.p_bottom)))
        .number("beats_next", number(&|s| s.beats))
        .number("rated_share", number(&|s| Some(s.rated)))
        .number("holistic", number(&|s| s.holistic))
        .number("confidence", number(&|s| s.confidence))
        .number("change_mean", number(&|s| s.change.map(|c| c.mean)))
        .whole("change_p05", whole(&|s| s.change.map(|c| c.p05.0)))
        .whole("change_p95", whole(&|s| s.change.map(|c| c.p95.1)));
    for (band, grade) in made.plan.policy.grades.iter().enumerate() {
        build = build.number(&format!("p_{}", grade.grade), number(&|s| s.p_grades.get(band).copied()));
    }
    Ok(build.done()?)
}

fn acceptability(made: &Made) -> Result<DataFrame, TableMakeError> {
    let standings = made.standings();
    let lines: Vec<(usize, i64, f64)> = standings
        .iter()
        .flat_map(|(row, s)| s.acceptability.iter().zip(1..).map(|(share, rank)| (*row, rank, *share)))
        .filter(|(.., share)| *share > 0.0)
        .collect();
    Ok(made
        .keys(lines.iter().map(|(row, ..)| *row))
        .whole("rank", lines.iter().map(|(_, rank, _)| Some(*rank)).collect())
        .number("share", lines.iter().map(|(.., share)| Some(*share)).collect())
        .done()?)
}

fn central_weights(made: &Made) -> Result<DataFrame, TableMakeError> {
    let first: Vec<(usize, &Vec<f64>)> =
        made.standings().into_iter().filter_map(|(row, s)| Some((row, s.central.as_ref()?))).collect();
    let mut build = made.keys(first.iter().map(|(row, _)| *row));
    for leaf in 0..made.recipe.leaves.len() {
        build = build.number(made.leaf_key(leaf), first.iter().map(|(_, w)| w.get(leaf).copied()).collect());
    }
    Ok(build.done()?)
}

fn sobol(made: &Made) -> Result<DataFrame, TableMakeError> {
    let Some(assessed) = made.assessed.filter(|a| a.base > 0) else { return Ok(DataFrame::empty()) };
    let each = |row: Option<usize>, all: &Option<Vec<Indices>>| -> Vec<(Option<usize>, usize, Option<Indices>)> {
        let of = |factor: usize| all.as_ref().and_then(|all| all.get(factor).copied());
        (0..assessed.factors.len()).map(|factor| (row, factor, of(factor))).collect()
    };
    let rows = made.standings().into_iter().flat_map(|(row, s)| each(Some(row), &s.sobol));
    let lines: Vec<_> = each(None, &assessed.sobol).into_iter().chain(rows).collect();
    let number = |value: &dyn Fn(&Indices) -> f64| -> Vec<Option<f64>> {
        lines.iter().map(|(.., found)| found.as_ref().map(value).filter(|v| v.is_finite())).collect()
    };
    let name = |row: Option<usize>| row.map(|row| made.plan.table.name(row));
    let mut build = Build::new()
        .text("unit", lines.iter().map(|(row, ..)| name(*row)).collect())
        .whole("period", lines.iter().map(|(row, ..)| row.and_then(|row| made.period(row))).collect())
        .str("factor", &lines.iter().map(|(_, factor, _)| assessed.factors[*factor].as_str()).collect::<Vec<_>>());
    type Order = (&'static str, fn(&Indices) -> Estimate);
    const ORDERS: [Order; 2] = [("first", |i| i.first), ("total", |i| i.total)];
    for (order, of) in ORDERS {
        build = build
            .number(order, number(&|i| of(i).value))
            .number(&format!("{order}_low"), number(&|i| of(i).low))
            .number(&format!("{order}_high"), number(&|i| of(i).high));
    }
    Ok(build.done()?)
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

/// Markdown that lists every output table with its columns.
pub fn documentation() -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for doc in registered() {
        let _ = write!(text, "\n### `{}`\n\n{}\n\n| column | type | meaning |\n|---|---|---|\n", doc.name, doc.meaning);
        for column in doc.columns {
            let _ = writeln!(text, "| `{}` | {} | {} |", column.name, column.kind, column.meaning);
        }
        if doc.wide {
            text.push_str(match doc.name {
                "ranks" => "| `p_`*grade* | number | Probability of each grade, awarded anew in every draw. |\n",
                "aggregated" => "| *key* | number | One column for each node and indicator. |\n",
                _ => "| *key* | number | One column for each indicator. |\n",
            });
        }
    }
    text
}
