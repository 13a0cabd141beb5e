//! A sorted dot plot: one dot per row on a common scale, perhaps with a range.

use maud::Markup;

use super::Caption;
use super::canvas::{Anchor, Canvas, ROW, Scale, extent, extent_of, rounded, tick};

/// One row.
pub(in crate::report) struct Dot {
    pub(in crate::report) label: String,
    pub(in crate::report) value: f64,
    /// Ends of the range, such as the middle half of the villages.
    pub(in crate::report) range: Option<(f64, f64)>,
    /// Written at the right edge.
    pub(in crate::report) text: String,
    pub(in crate::report) alert: bool,
}

/// Dots in the order given; `reference` is a value to compare with, and its name. The scale need
/// not start at zero: dots, unlike bars, do not promise it.
pub(in crate::report) fn dots(
    width: f64,
    rows: &[Dot],
    reference: Option<(f64, &str)>,
    from_zero: bool,
    caption: &Caption,
) -> Markup {
    let left = extent_of(rows.iter().map(|r| r.label.as_str())) + 14.0;
    let right = rows.iter().map(|r| extent(&r.text)).fold(0.0, f64::max) + 14.0;
    let values = || {
        rows.iter()
            .flat_map(|r| [Some(r.value), r.range.map(|x| x.0), r.range.map(|x| x.1)])
            .flatten()
            .chain(reference.map(|r| r.0))
    };
    let low = if from_zero { 0.0 } else { values().fold(f64::INFINITY, f64::min) };
    let (low, high) = rounded(low, values().fold(low, f64::max));
    let scale = Scale::new(low, high, left, (width - right).max(left + 20.0));
    let top = if reference.is_some() { ROW } else { 4.0 };
    let bottom = top + rows.len() as f64 * ROW;
    let mut canvas = Canvas::new(width, bottom + 22.0);
    for value in scale.ticks(5) {
        let x = scale.at(value);
        canvas.line("grid", (x, top), (x, bottom));
        canvas.text("soft", x, bottom + 11.0, Anchor::Middle, &tick(value));
    }
    if let Some((value, name)) = reference {
        let x = scale.at(value);
        canvas.line("mark", (x, top - 3.0), (x, bottom));
        let half = extent(name) / 2.0;
        let at = x.clamp(half.min(width / 2.0), (width - half).max(width / 2.0));
        canvas.text("soft", at, top - 11.0, Anchor::Middle, name);
    }
    for (i, row) in rows.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * ROW;
        canvas.label(left - 10.0, y, &row.label);
        if let Some((from, to)) = row.range {
            canvas.line(if row.alert { "span hot" } else { "span" }, (scale.at(from), y), (scale.at(to), y));
        }
        canvas.circle(if row.alert { "hot" } else { "dot" }, scale.at(row.value), y, 4.2, "");
        canvas.text("num", width - 1.0, y, Anchor::End, &row.text);
    }
    canvas.finish(caption)
}
