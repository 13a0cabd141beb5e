//! Bars: one number per row, the number written at the bar's end.

use maud::Markup;

use super::Caption;
use super::canvas::{Canvas, ROW, Scale, extent, extent_of};
use crate::report::chart::canvas::Anchor;

/// One bar.
pub(in crate::report) struct Bar {
    pub(in crate::report) label: String,
    pub(in crate::report) value: f64,
    /// Written behind the bar: the value with its unit or denominator.
    pub(in crate::report) text: String,
    pub(in crate::report) alert: bool,
}

/// Horizontal bars from zero, in the order given.
pub(in crate::report) fn bars(width: f64, rows: &[Bar], caption: &Caption) -> Markup {
    let left = extent_of(rows.iter().map(|r| r.label.as_str())) + 10.0;
    let right = rows.iter().map(|r| extent(&r.text)).fold(0.0, f64::max) + 8.0;
    let most = rows.iter().map(|r| r.value).fold(0.0, f64::max);
    let scale = Scale::new(0.0, most, left, (width - right).max(left + 20.0));
    let mut canvas = Canvas::new(width, rows.len() as f64 * ROW + 4.0);
    for (i, row) in rows.iter().enumerate() {
        let y = (i as f64 + 0.5) * ROW + 2.0;
        canvas.label(left - 8.0, y, &row.label);
        let class = if row.alert { "hot" } else { "mid" };
        let end = scale.at(row.value.max(0.0));
        canvas.rect(class, left, y - 6.0, end - left, 12.0, "");
        canvas.text("num", end + 5.0, y, Anchor::Start, &row.text);
    }
    canvas.line("base", (left, 0.0), (left, rows.len() as f64 * ROW + 4.0));
    canvas.finish(caption)
}
