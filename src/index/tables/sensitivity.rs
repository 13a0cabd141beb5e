//! Tables of what the declared alternatives make of ranks and grades.

use polars::prelude::DataFrame;

use super::{CLASS, Made, PERIOD, TableDoc, TableMakeError, UNIT, col};
use crate::frame::Build;
use crate::index::uncertain::{Estimate, Indices, Standing};

/// In the order of the documentation.
pub(super) const TABLES: &[TableDoc] = &[
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
];

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
