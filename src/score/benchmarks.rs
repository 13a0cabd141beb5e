//! Counties against each other: where a book holds several, each county's mean points at every node and
//! indicator beside the median of the counties and the best of them.

use std::ops::Range;

use polars::prelude::DataFrame;

use super::reasons;
use super::result::Assessment;
use crate::frame::{Build, FrameResult};
use crate::stage::Context;

/// One county on one item.
struct Line {
    /// Rated villages that have points.
    villages: usize,
    /// Their mean points; NaN where there is no such village.
    points: f64,
    /// Mean of their measured values, for an indicator; NaN otherwise.
    value: f64,
}

/// Table `county_benchmarks`; without rows unless there are two counties at least. O(villages · items).
pub(super) fn benchmarks(result: &Assessment, ctx: &Context) -> FrameResult<DataFrame> {
    let counties = if result.units.counties().len() > 1 { result.units.counties() } else { Vec::new() };
    let items: Vec<usize> = [0].into_iter().chain(result.tree.reading_order()).collect();
    let lines: Vec<Vec<Line>> =
        items.iter().map(|&at| counties.iter().map(|county| line(result, at, county)).collect()).collect();
    let levels: Vec<(f64, Option<usize>)> = lines.iter().map(|lines| level(lines)).collect();
    let each = || (0..counties.len()).flat_map(|county| (0..items.len()).map(move |item| (county, item)));
    let name = |county: usize| result.units.county[counties[county].start];
    let number = |of: &dyn Fn(usize, usize) -> f64| -> Vec<Option<f64>> {
        each().map(|(county, item)| Some(of(county, item)).filter(|x| x.is_finite())).collect()
    };
    let best = |item: usize| levels[item].1.map_or(f64::NAN, |best| lines[item][best].points);
    Build::new()
        .str("county", &each().map(|(county, _)| name(county)).collect::<Vec<_>>())
        .str("indicator", &each().map(|(_, item)| key(result, items[item])).collect::<Vec<_>>())
        .str("label", &each().map(|(_, item)| label(result, ctx, items[item])).collect::<Vec<_>>())
        .whole("villages", each().map(|(county, item)| Some(lines[item][county].villages as i64)).collect())
        .number("points", number(&|county, item| lines[item][county].points))
        .number("median", number(&|_, item| levels[item].0))
        .text("best_county", each().map(|(_, item)| levels[item].1.map(name)).collect())
        .number("gap", number(&|county, item| best(item) - lines[item][county].points))
        .number("value", number(&|county, item| lines[item][county].value))
        .done()
}

/// `score` for the whole, else the key of the node or indicator.
fn key<'a>(result: &'a Assessment, at: usize) -> &'a str {
    if at == 0 { "score" } else { &result.tree.items[at].key }
}

fn label(result: &Assessment, ctx: &Context, at: usize) -> String {
    let key = result.tree.items[at].key.as_str();
    let node = result.policy.nodes.get(key).map(|node| (&node.label, node.label_en.as_ref()));
    let named = node.or_else(|| result.policy.indicators.get(key).map(|own| (&own.label, own.label_en.as_ref())));
    named.map_or_else(|| ctx.lang.text("score-line-whole"), |(zh, en)| reasons::label(ctx.lang, zh, en).to_owned())
}

fn line(result: &Assessment, at: usize, county: &Range<usize>) -> Line {
    let leaf = result.tree.items[at].leaf;
    let column = match (at, leaf) {
        (0, _) => &result.score,
        (_, Some(leaf)) => &result.points[leaf],
        _ => &result.nodes[at],
    };
    let rated = || county.clone().filter(|&unit| result.rated[unit] && !column[unit].is_nan());
    let values =
        |leaf: usize| rated().map(move |unit| result.columns[leaf].value[unit]).filter(|value| !value.is_nan());
    Line {
        villages: rated().count(),
        points: mean(rated().map(|unit| column[unit])),
        value: leaf.map_or(f64::NAN, |leaf| mean(values(leaf))),
    }
}

/// NaN of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { f64::NAN } else { sum / f64::from(count) }
}

/// Median of the counties that have points (the mean of the middle two), and the best; of several the
/// first by name.
fn level(lines: &[Line]) -> (f64, Option<usize>) {
    let mut order: Vec<usize> = (0..lines.len()).filter(|&county| !lines[county].points.is_nan()).collect();
    order.sort_by(|&a, &b| lines[b].points.total_cmp(&lines[a].points).then(a.cmp(&b)));
    let middle = |at: usize| lines[order[at]].points;
    match order.len() {
        0 => (f64::NAN, None),
        n => (middle((n - 1) / 2).midpoint(middle(n / 2)), Some(order[0])),
    }
}
