//! What the analyses of a scored table found, a few lines each: how firm ranks are, which declared
//! choice moves them, what another policy changes, which classes are proposed.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use crate::frame::{self, FrameResult};
use crate::kernel::round::show;
use crate::lang::Lang;
use crate::run::table::Scored;
use crate::say;

/// Factors, choices and classes that are named.
const NAMED: usize = 6;

/// The lines, with an empty one before each analysis; none where nothing was analysed.
pub(super) fn lines(scored: &Scored, lang: Lang) -> Vec<String> {
    type Analysis = fn(&Scored, Lang) -> FrameResult<Vec<String>>;
    const ALL: [Analysis; 4] = [ranges, sobol, comparison, classes];
    let found = ALL.iter().map(|of| of(scored, lang).unwrap_or_default());
    found.filter(|lines| !lines.is_empty()).flatten().collect()
}

/// The period of the last rows, of a table that has periods.
fn last(table: &DataFrame) -> FrameResult<Option<i64>> {
    Ok(frame::wholes(table, "period")?.into_iter().flatten().max())
}

/// Rows of the last period.
fn of_last(table: &DataFrame) -> FrameResult<Vec<usize>> {
    let last = last(table)?;
    let periods = frame::wholes(table, "period")?;
    Ok((0..periods.len()).filter(|&row| periods[row] == last).collect())
}

fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// How wide the ranges of ranks are.
fn ranges(scored: &Scored, lang: Lang) -> FrameResult<Vec<String>> {
    let Some(table) = scored.table("ranks") else { return Ok(Vec::new()) };
    let (names, low, high) =
        (frame::words(table, "unit")?, frame::wholes(table, "rank_p05")?, frame::wholes(table, "rank_p95")?);
    let wide: Vec<(i64, usize)> =
        of_last(table)?.into_iter().filter_map(|row| Some((high[row]? - low[row]?, row))).collect();
    let Some(middle) = median(wide.iter().map(|(width, _)| *width).collect()) else { return Ok(Vec::new()) };
    // The first of equals.
    let Some(&(width, row)) = wide.iter().rev().max_by_key(|(width, _)| *width) else { return Ok(Vec::new()) };
    let place = |rank: Option<i64>| rank.map(|r| r.to_string()).unwrap_or_default();
    let fixed = wide.iter().filter(|(width, _)| *width == 0).count();
    let mut text = vec![lang.text("score-table-ranges")];
    let middle = middle.to_string();
    text.push(say!(lang, "score-table-ranges-middle", units = wide.len(), middle = middle, fixed = fixed));
    if width > 0 {
        let (low, high) = (place(low[row]), place(high[row]));
        text.push(say!(lang, "score-table-ranges-widest", unit = names[row], low = low, high = high));
    }
    Ok(text)
}

/// Which declared factor moves ranks, as a whole.
fn sobol(scored: &Scored, lang: Lang) -> FrameResult<Vec<String>> {
    let Some(table) = scored.table("sobol") else { return Ok(Vec::new()) };
    let (units, factors) = (frame::texts(table, "unit")?, frame::words(table, "factor")?);
    let column = |name: &str| frame::numbers(table, name);
    let (total, low, high, first) = (column("total")?, column("total_low")?, column("total_high")?, column("first")?);
    let mut rows: Vec<usize> = (0..units.len()).filter(|&row| units[row].is_none() && total[row].is_some()).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    rows.sort_by(|&a, &b| total[b].unwrap_or(0.0).total_cmp(&total[a].unwrap_or(0.0)));
    let figure = |value: Option<f64>| value.map(|v| show(v, 2)).unwrap_or_default();
    let line = |row: usize| {
        let (total, first) = (figure(total[row]), figure(first[row]));
        let (low, high) = (figure(low[row]), figure(high[row]));
        say!(lang, "score-table-sobol-one", factor = factors[row], total = total, low = low, high = high, first = first)
    };
    let more = rows.len().saturating_sub(NAMED);
    let mut text = vec![lang.text("score-table-sobol")];
    text.extend(rows.into_iter().take(NAMED).map(line));
    if more > 0 {
        text.push(say!(lang, "stage-more", rest = more));
    }
    Ok(text)
}

/// What the policy of `--against` would have given, and which choice makes the difference.
fn comparison(scored: &Scored, lang: Lang) -> FrameResult<Vec<String>> {
    let Some(table) = scored.table("comparison") else { return Ok(Vec::new()) };
    let (names, shifts) = (frame::words(table, "unit")?, frame::wholes(table, "rank_shift")?);
    let (was, is) = (frame::wholes(table, "rank_before")?, frame::wholes(table, "rank_after")?);
    let (old, new) = (frame::texts(table, "grade_before")?, frame::texts(table, "grade_after")?);
    let rows = of_last(table)?;
    let both: Vec<(i64, usize)> = rows.iter().filter_map(|&row| Some((shifts[row]?.abs(), row))).collect();
    let moved = both.iter().filter(|(shift, _)| *shift > 0).count();
    let mean = both.iter().map(|(shift, _)| *shift as f64).sum::<f64>() / both.len().max(1) as f64;
    let regraded = rows.iter().filter(|&&row| old[row] != new[row]).count();
    let mut text = vec![lang.text("score-table-comparison")];
    let mean = show(mean, 2);
    text.push(say!(
        lang,
        "score-table-comparison-moved",
        moved = moved,
        units = both.len(),
        mean = mean,
        regraded = regraded
    ));
    if let Some(&(_, row)) = both.iter().rev().max_by_key(|(shift, _)| *shift).filter(|(shift, _)| *shift > 0) {
        let place = |rank: Option<i64>| rank.map(|r| r.to_string()).unwrap_or_default();
        let (before, after) = (place(was[row]), place(is[row]));
        text.push(say!(lang, "score-table-comparison-most", unit = names[row], before = before, after = after));
    }
    if let Some(effects) = scored.table("comparison_effects") {
        text.extend(causes(effects, lang)?);
    }
    Ok(text)
}

/// Mean magnitude of what each choice does to ranks.
fn causes(table: &DataFrame, lang: Lang) -> FrameResult<Vec<String>> {
    let (choices, effects) = (frame::words(table, "choice")?, frame::numbers(table, "rank_effect")?);
    let mut sums: BTreeMap<&str, (f64, u32)> = BTreeMap::new();
    for row in of_last(table)? {
        if let Some(effect) = effects[row] {
            let (sum, count) = sums.entry(choices[row]).or_default();
            *sum += effect.abs();
            *count += 1;
        }
    }
    let mut means: Vec<(f64, &str)> = sums.into_iter().map(|(name, (sum, n))| (sum / f64::from(n), name)).collect();
    means.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let line =
        |(mean, name): (f64, &str)| say!(lang, "score-table-comparison-cause", choice = name, mean = show(mean, 2));
    Ok(means.into_iter().take(NAMED).map(line).collect())
}

/// Classes that are proposed, with their size and stability.
fn classes(scored: &Scored, lang: Lang) -> FrameResult<Vec<String>> {
    let Some(table) = scored.table("classes") else { return Ok(Vec::new()) };
    let (class, silhouette) = (frame::wholes(table, "proposed")?, frame::numbers(table, "silhouette")?);
    let (names, stability) = (frame::words(table, "unit")?, frame::numbers(table, "stability")?);
    let mut groups: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for row in of_last(table)? {
        groups.entry(class[row].unwrap_or_default()).or_default().push(row);
    }
    let Some(first) = groups.values().next().and_then(|rows| rows.first()).copied() else { return Ok(Vec::new()) };
    let silhouette = silhouette[first].map(|s| show(s, 2)).unwrap_or_default();
    let mut text = vec![say!(lang, "score-table-classes", count = groups.len(), silhouette = silhouette)];
    let more = groups.len().saturating_sub(NAMED);
    for (class, rows) in groups.iter().take(NAMED) {
        let some: Vec<&str> = rows.iter().take(3).map(|&row| names[row]).collect();
        text.push(say!(
            lang,
            "score-table-classes-one",
            class = class.to_string(),
            units = rows.len(),
            some = some.join(&lang.text("list-comma")),
            stability = stability[rows[0]].map(|s| show(s, 2)).unwrap_or_else(|| "–".to_owned())
        ));
    }
    if more > 0 {
        text.push(say!(lang, "stage-more", rest = more));
    }
    Ok(text)
}
