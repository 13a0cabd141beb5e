//! A strip plot: every single value as a dot, stacked where values coincide, with the median.

use maud::Markup;

use super::Caption;
use super::canvas::{Anchor, Canvas, ROW, Scale, extent, extent_of, rounded, tick};
use crate::report::format::quantile;

/// Radius of a dot; values closer than a dot's width share a column.
const RADIUS: f64 = 2.4;
/// No row is higher than this: deeper columns are pressed together.
const HIGHEST: f64 = 84.0;
/// With more values than this a row shows the middle half and the 5–95% range instead of dots.
const DOTS_MOST: usize = 900;

/// One row.
pub(in crate::report) struct Strip {
    pub(in crate::report) label: String,
    /// Sorted, ascending.
    pub(in crate::report) values: Vec<f64>,
    /// Written at the right edge.
    pub(in crate::report) text: String,
}

/// Strips on one scale, in the order given.
pub(in crate::report) fn strip(width: f64, rows: &[Strip], caption: &Caption) -> Markup {
    let left = extent_of(rows.iter().map(|r| r.label.as_str())) + 14.0;
    let right = rows.iter().map(|r| extent(&r.text)).fold(0.0, f64::max) + 14.0;
    let low = rows.iter().filter_map(|r| r.values.first()).copied().fold(f64::INFINITY, f64::min);
    let high = rows.iter().filter_map(|r| r.values.last()).copied().fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = if low.is_finite() { rounded(low, high) } else { (0.0, 100.0) };
    let scale = Scale::new(low, high, left + RADIUS, (width - right).max(left + 20.0));
    let columns: Vec<Vec<(f64, usize)>> = rows.iter().map(|row| pile(row, &scale)).collect();
    let heights: Vec<f64> = columns
        .iter()
        .map(|piles| {
            let deepest = piles.iter().map(|p| p.1).max().unwrap_or(0);
            (deepest as f64 * RADIUS * 2.0 + 14.0).clamp(ROW + 11.0, HIGHEST)
        })
        .collect();
    let bottom: f64 = heights.iter().sum::<f64>() + 4.0;
    let mut canvas = Canvas::new(width, bottom + 22.0);
    for value in scale.ticks(5) {
        let x = scale.at(value);
        canvas.line("grid", (x, 4.0), (x, bottom));
        canvas.text("soft", x, bottom + 11.0, Anchor::Middle, &tick(value));
    }
    let mut y = 4.0;
    for ((row, piles), height) in rows.iter().zip(&columns).zip(&heights) {
        let centre = y + height / 2.0;
        canvas.label(left - 10.0, centre, &row.label);
        if piles.is_empty() && row.values.len() > 1 {
            for (from, to, class) in [(0.05, 0.95, "span"), (0.25, 0.75, "span wide")] {
                if let (Some(from), Some(to)) = (quantile(&row.values, from), quantile(&row.values, to)) {
                    canvas.line(class, (scale.at(from), centre), (scale.at(to), centre));
                }
            }
        }
        let deepest = piles.iter().map(|p| p.1).max().unwrap_or(1).max(1) as f64;
        let pitch = ((height - 12.0) / deepest).min(RADIUS * 2.0);
        for (x, deep) in piles {
            for i in 0..*deep {
                let offset = (i as f64 - (*deep as f64 - 1.0) / 2.0) * pitch;
                canvas.circle("speck", *x, centre + offset, RADIUS, "");
            }
        }
        if let Some(median) = quantile(&row.values, 0.5) {
            let x = scale.at(median);
            canvas.line("median", (x, y + 2.0), (x, y + height - 2.0));
        }
        canvas.text("num", width - 1.0, centre, Anchor::End, &row.text);
        y += height;
    }
    canvas.finish(caption)
}

/// Columns of dots: where they stand and how many lie in each.
fn pile(row: &Strip, scale: &Scale) -> Vec<(f64, usize)> {
    if row.values.len() > DOTS_MOST {
        return Vec::new();
    }
    let mut piles: Vec<(i64, usize)> = Vec::new();
    for value in &row.values {
        let column = (scale.at(*value) / (RADIUS * 2.0)).floor() as i64;
        match piles.last_mut() {
            Some((at, deep)) if *at == column => *deep += 1,
            _ => piles.push((column, 1)),
        }
    }
    piles.into_iter().map(|(column, deep)| ((column as f64 + 0.5) * RADIUS * 2.0, deep)).collect()
}
