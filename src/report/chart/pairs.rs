//! Two counts per row on one scale, joined by a line: what is needed, and what is there.

use maud::Markup;

use super::Caption;
use super::canvas::{Anchor, Canvas, ROW, Scale, extent, extent_of, rounded, tick};

/// One row.
pub(in crate::report) struct Pair {
    pub(in crate::report) label: String,
    pub(in crate::report) need: f64,
    pub(in crate::report) have: f64,
    pub(in crate::report) text: String,
    pub(in crate::report) alert: bool,
}

/// Open circles for the need, full ones for what is there; `names` label both in the first row.
pub(in crate::report) fn pairs(width: f64, rows: &[Pair], names: (&str, &str), caption: &Caption) -> Markup {
    let left = extent_of(rows.iter().map(|r| r.label.as_str())) + 14.0;
    let right = rows.iter().map(|r| extent(&r.text)).fold(0.0, f64::max) + 14.0;
    let most = rows.iter().map(|r| r.need.max(r.have)).fold(1.0, f64::max);
    let (_, high) = rounded(0.0, most);
    let scale = Scale::new(0.0, high, left, (width - right).max(left + 20.0));
    let top = ROW + 4.0;
    let bottom = top + rows.len() as f64 * ROW;
    let mut canvas = Canvas::new(width, bottom + 22.0);
    // The key stands above the plot, drawn with the very marks it names.
    canvas.circle("ring", left + 5.0, ROW / 2.0, 4.2, "");
    canvas.text("soft", left + 13.0, ROW / 2.0, Anchor::Start, names.0);
    let next = left + 13.0 + extent(names.0) + 18.0;
    canvas.circle("dot", next, ROW / 2.0, 4.2, "");
    canvas.text("soft", next + 8.0, ROW / 2.0, Anchor::Start, names.1);
    for value in scale.ticks(5) {
        let x = scale.at(value);
        canvas.line("grid", (x, top), (x, bottom));
        canvas.text("soft", x, bottom + 11.0, Anchor::Middle, &tick(value));
    }
    for (i, row) in rows.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * ROW;
        canvas.label(left - 10.0, y, &row.label);
        let (need, have) = (scale.at(row.need), scale.at(row.have));
        canvas.line(if row.alert { "span hot" } else { "span" }, (need.min(have), y), (need.max(have), y));
        canvas.circle(if row.alert { "ring hot" } else { "ring" }, need, y, 4.2, "");
        canvas.circle(if row.alert { "hot" } else { "dot" }, have, y, 3.4, "");
        canvas.text("num", width - 1.0, y, Anchor::End, &row.text);
    }
    canvas.finish(caption)
}
