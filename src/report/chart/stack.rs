//! Shares that make up a whole, row by row.

use maud::Markup;

use super::Caption;
use super::canvas::{Anchor, Canvas, ROW, Scale, extent, extent_of};
use crate::report::format::percent;

/// Classes of the parts, dark to light: told apart by lightness alone, also on a grey printer.
const TONES: [&str; 4] = ["tone1", "tone2", "tone3", "tone4"];

/// Room that a head takes besides its text: half for its mark, half for the gap behind it.
const HEAD: f64 = 28.0;

/// One row: parts as counts.
pub(in crate::report) struct Stack {
    pub(in crate::report) label: String,
    pub(in crate::report) parts: Vec<f64>,
    /// Written at the right edge.
    pub(in crate::report) text: String,
    /// A part outside its target: underlined.
    pub(in crate::report) alerts: Vec<bool>,
}

/// Stacked bars of equal length, in the order given; `names` head the parts.
pub(in crate::report) fn stack(width: f64, rows: &[Stack], names: &[String], caption: &Caption) -> Markup {
    let left = extent_of(rows.iter().map(|r| r.label.as_str())) + 10.0;
    let right = rows.iter().map(|r| extent(&r.text)).fold(0.0, f64::max) + 10.0;
    let scale = Scale::new(0.0, 1.0, left, (width - right).max(left + 40.0));
    // The heads of the parts stand over the bars, or from the left edge where they are too long.
    let long: f64 = names.iter().map(|n| extent(n) + HEAD).sum::<f64>() - HEAD / 2.0;
    let start = if left + long <= width { left } else { (width - long).max(0.0) };
    let (mut x, mut y) = (start, ROW / 2.0);
    let mut heads = Vec::with_capacity(names.len());
    for name in names {
        if x > start && x + extent(name) + HEAD / 2.0 > width {
            (x, y) = (start, y + ROW);
        }
        heads.push((x, y));
        x += extent(name) + HEAD;
    }
    let top = y + ROW / 2.0 + 4.0;
    let mut canvas = Canvas::new(width, top + rows.len() as f64 * ROW + 2.0);
    for (i, (name, (x, y))) in names.iter().zip(heads).enumerate() {
        canvas.rect(TONES[i % TONES.len()], x, y - 5.0, 10.0, 10.0, "");
        canvas.text("soft", x + HEAD / 2.0, y, Anchor::Start, name);
    }
    for (i, row) in rows.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * ROW;
        canvas.label(left - 8.0, y, &row.label);
        let sum: f64 = row.parts.iter().sum();
        let mut done = 0.0;
        for (part, value) in row.parts.iter().enumerate() {
            if sum <= 0.0 || *value <= 0.0 {
                continue;
            }
            let share = value / sum;
            let (from, to) = (scale.at(done), scale.at(done + share));
            done += share;
            let tone = TONES[part % TONES.len()];
            let name = names.get(part).map_or("", String::as_str);
            canvas.rect(tone, from, y - 7.5, to - from, 15.0, &format!("{name} {}", percent(share)));
            if row.alerts.get(part).copied().unwrap_or(false) {
                canvas.rect("hot", from, y + 5.5, to - from, 2.5, "");
            }
            let label = percent(share);
            if to - from > extent(&label) + 6.0 {
                let class = if part == 0 { "small light" } else { "small" };
                canvas.text(class, (from + to) / 2.0, y - 0.5, Anchor::Middle, &label);
            }
        }
        canvas.text("num", width - 1.0, y, Anchor::End, &row.text);
    }
    canvas.finish(caption)
}
