//! The assessment as tables.

use polars::prelude::DataFrame;

use super::policy::Effect;
use super::ranges::Standing;
use super::reasons;
use super::result::Assessment;
use crate::frame::{Build, FrameResult};
use crate::ident;
use crate::stage::Context;

/// Null instead of NaN.
fn known(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|v| some(*v)).collect()
}

fn some(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

fn whole(values: &[Option<u32>]) -> Vec<Option<i64>> {
    values.iter().map(|v| v.map(i64::from)).collect()
}

fn keys(result: &Assessment) -> Build {
    let units = &result.units;
    Build::new()
        .str("county", &units.county)
        .str("township", &units.township)
        .str("village", &units.village)
        .str("village_name", &units.name)
}

/// Table `scores`.
pub(super) fn scores(result: &Assessment, ctx: &Context) -> FrameResult<DataFrame> {
    let n = result.units.len();
    let each = 0..n;
    let adjusted = |effect: Effect, unit: usize| -> f64 {
        result.lines.iter().filter(|l| l.rule.effect == effect).map(|l| l.points[unit].abs()).sum()
    };
    let veto = each.clone().map(|unit| {
        let codes: Vec<&str> = result.vetoed[unit].hits.iter().map(|hit| hit.key).collect();
        (!codes.is_empty()).then(|| codes.join(";"))
    });
    let gravest = |unit: usize| result.follows[unit].first();
    let consequence: Vec<&str> =
        each.clone().map(|unit| gravest(unit).map_or("none", |f| f.rule.consequence.code())).collect();
    let rec_id = each.clone().map(|unit| {
        let follows = gravest(unit)?;
        Some(ident::recommendation(follows.rule.consequence.code(), result.units.village[unit], follows.key))
    });
    let range = |of: fn(&Standing) -> i64| -> Vec<Option<i64>> {
        result.standings.iter().map(|r| r.as_ref().map(of)).collect()
    };
    let grade_reason: Vec<String> = each.clone().map(|unit| reasons::grade(result, ctx, unit)).collect();
    keys(result)
        .str("class", &result.units.class)
        .whole("period", vec![result.period; n])
        .text("person", result.units.secretary.clone())
        .number("score", known(&result.score))
        .number("base", known(&result.base))
        .number("bonus", each.clone().map(|u| Some(adjusted(Effect::Bonus, u))).collect())
        .number("penalty", each.clone().map(|u| Some(adjusted(Effect::Penalty, u))).collect())
        .text("veto", veto.collect())
        .number("measured_weight", known(&result.measured))
        .str("grade", &each.clone().map(|unit| result.grade(unit)).collect::<Vec<_>>())
        .str("grade_reason", &grade_reason)
        .str("consequence", &consequence)
        .text("consequence_reason", each.clone().map(|u| reasons::consequence(result, ctx, u)).collect())
        .whole("rank", whole(&result.rank))
        .whole("rank_in_class", whole(&result.rank_in_class))
        .whole("rank_low", range(|r| r.p05))
        .whole("rank_high", range(|r| r.p95))
        .number("p_top", result.standings.iter().map(|r| r.as_ref().map(|r| r.p_top)).collect())
        .number("p_bottom", result.standings.iter().map(|r| r.as_ref().map(|r| r.p_bottom)).collect())
        .text("rec_id", rec_id.collect())
        .done()
}

/// Rows of the table `contributions` under construction.
#[derive(Default)]
struct Rows<'a> {
    unit: Vec<usize>,
    /// Source, area, indicator, label.
    names: Vec<[&'a str; 4]>,
    value: Vec<Option<f64>>,
    points: Vec<Option<f64>>,
    weight: Vec<Option<f64>>,
    contribution: Vec<Option<f64>>,
}

impl<'a> Rows<'a> {
    fn push(&mut self, unit: usize, names: [&'a str; 4], numbers: [Option<f64>; 3], contribution: f64) {
        self.unit.push(unit);
        self.names.push(names);
        self.value.push(numbers[0]);
        self.points.push(numbers[1]);
        self.weight.push(numbers[2]);
        // No negative zero in a table.
        self.contribution.push(Some(contribution + 0.0));
    }
}

/// What a score may lie outside its bounds by rounding alone.
const ROUNDING: f64 = 1e-10;

/// Table `contributions`.
pub(super) fn contributions(result: &Assessment, ctx: &Context) -> FrameResult<DataFrame> {
    let clamp = ctx.lang.text("score-line-clamp");
    let veto = ctx.lang.text("score-line-veto");
    let baseline = ctx.lang.text("score-line-baseline");
    let undivided = ctx.lang.text("score-line-undivided");
    let order = result.reading_order();
    let names: Vec<[&str; 4]> = order
        .iter()
        .map(|&leaf| {
            let ((source, area), (key, indicator)) = (result.place(leaf), result.indicator(leaf));
            [source, area, key, reasons::label(ctx.lang, &indicator.label, indicator.label_en.as_ref())]
        })
        .collect();
    let mut rows = Rows::default();
    for unit in 0..result.units.len() {
        for (&leaf, names) in order.iter().zip(&names) {
            let points = result.points[leaf][unit];
            let weight = result.weights.get(leaf).map(|weights| weights[unit]);
            let numbers = [some(result.columns[leaf].value[unit]), some(points), weight];
            let contribution = match &result.explained {
                Some(explained) => some(explained.leaves[leaf][unit]),
                None => some(points).zip(weight).map(|(points, weight)| points * weight),
            };
            rows.push(unit, *names, numbers, contribution.unwrap_or(0.0));
        }
        if !result.rated[unit] {
            continue;
        }
        if let Some(explained) = &result.explained {
            rows.push(unit, ["baseline", "baseline", "baseline", &baseline], [None; 3], explained.baseline[unit]);
            if explained.undivided[unit] != 0.0 {
                let names = ["baseline", "baseline", "undivided", &undivided];
                rows.push(unit, names, [None; 3], explained.undivided[unit]);
            }
        }
        for line in &result.lines {
            if let Some(value) = some(line.value[unit]) {
                let label = reasons::label(ctx.lang, &line.rule.label, line.rule.label_en.as_ref());
                let names = ["adjustment", "adjustment", line.key, label];
                rows.push(unit, names, [Some(value), None, None], line.points[unit]);
            }
        }
        let open = result.base[unit] + result.net[unit];
        let bounded = result.bounded(unit);
        if (bounded - open).abs() > ROUNDING {
            rows.push(unit, ["adjustment", "adjustment", "clamp", &clamp], [None; 3], bounded - open);
        }
        if result.score[unit] != bounded {
            rows.push(unit, ["adjustment", "adjustment", "veto", &veto], [None; 3], result.score[unit] - bounded);
        }
    }
    let units = &result.units;
    let name = |at: usize| rows.names.iter().map(|n| n[at]).collect::<Vec<_>>();
    Build::new()
        .str("county", &rows.unit.iter().map(|&u| units.county[u]).collect::<Vec<_>>())
        .str("township", &rows.unit.iter().map(|&u| units.township[u]).collect::<Vec<_>>())
        .str("village", &rows.unit.iter().map(|&u| units.village[u]).collect::<Vec<_>>())
        .str("village_name", &rows.unit.iter().map(|&u| units.name[u]).collect::<Vec<_>>())
        .str("source", &name(0))
        .str("area", &name(1))
        .str("indicator", &name(2))
        .str("label", &name(3))
        .number("value", rows.value)
        .number("points", rows.points)
        .number("weight", rows.weight)
        .number("contribution", rows.contribution)
        .done()
}

/// Table `ranks`.
pub(super) fn ranks(result: &Assessment) -> FrameResult<DataFrame> {
    let range = |of: fn(&Standing) -> i64| -> Vec<Option<i64>> {
        result.standings.iter().map(|r| r.as_ref().map(of)).collect()
    };
    let mut build = keys(result)
        .whole("rank", whole(&result.rank))
        .number("rank_mean", result.standings.iter().map(|r| r.as_ref().map(|r| r.mean)).collect())
        .whole("rank_p05", range(|r| r.p05))
        .whole("rank_median", range(|r| r.median))
        .whole("rank_p95", range(|r| r.p95))
        .number("p_top", result.standings.iter().map(|r| r.as_ref().map(|r| r.p_top)).collect())
        .number("p_bottom", result.standings.iter().map(|r| r.as_ref().map(|r| r.p_bottom)).collect())
        .whole("draws", result.standings.iter().map(|r| r.as_ref().map(|r| r.draws as i64)).collect());
    for (at, band) in result.policy.grades.iter().enumerate() {
        let share = result.standings.iter().map(|r| r.as_ref().and_then(|r| r.p_grades.get(at).copied()));
        build = build.number(&format!("p_{}", band.grade), share.collect());
    }
    build.done()
}
