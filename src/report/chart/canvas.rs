//! A sheet to draw on, and scales to draw by.

use std::fmt::Write;

use maud::{Markup, PreEscaped};

use super::Caption;
use crate::report::format::{clip, wide};

/// Size of letters; the style sheet says the same.
pub(super) const LETTER: f64 = 13.0;
/// Height of a row that holds one line of text.
pub(super) const ROW: f64 = 19.0;
/// Labels are cut to this many Latin letters.
const LABEL_MOST: usize = 28;

/// Where a text stands relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG under construction.
pub(super) struct Canvas {
    width: f64,
    height: f64,
    body: String,
}

/// A coordinate: one decimal, no trailing zero.
fn put(out: &mut String, value: f64) {
    let tenths = (value * 10.0).round() as i64;
    let (sign, tenths) = if tenths < 0 { ("-", -tenths) } else { ("", tenths) };
    let _ = match tenths % 10 {
        0 => write!(out, "{sign}{}", tenths / 10),
        rest => write!(out, "{sign}{}.{rest}", tenths / 10),
    };
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // Characters that XML does not allow would break the picture.
            c if (c as u32) < 0x20 => out.push(' '),
            c => out.push(c),
        }
    }
}

impl Canvas {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Canvas { width, height, body: String::new() }
    }

    fn open(&mut self, element: &str, class: &str, numbers: &[(&str, f64)]) {
        self.body.push('<');
        self.body.push_str(element);
        if !class.is_empty() {
            let _ = write!(self.body, " class=\"{class}\"");
        }
        for (name, value) in numbers {
            let _ = write!(self.body, " {name}=\"");
            put(&mut self.body, *value);
            self.body.push('"');
        }
    }

    fn close(&mut self, element: &str, tip: &str) {
        if tip.is_empty() {
            self.body.push_str("/>");
        } else {
            self.body.push_str("><title>");
            escape(&mut self.body, tip);
            let _ = write!(self.body, "</title></{element}>");
        }
    }

    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64, tip: &str) {
        self.open("rect", class, &[("x", x), ("y", y), ("width", width.max(0.0)), ("height", height)]);
        self.close("rect", tip);
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.open("line", class, &[("x1", from.0), ("y1", from.1), ("x2", to.0), ("y2", to.1)]);
        self.close("line", "");
    }

    pub(super) fn circle(&mut self, class: &str, x: f64, y: f64, radius: f64, tip: &str) {
        self.open("circle", class, &[("cx", x), ("cy", y), ("r", radius)]);
        self.close("circle", tip);
    }

    /// Text whose middle line lies at `y`.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, anchor: Anchor, text: &str) {
        self.open("text", class, &[("x", x), ("y", y + LETTER * 0.35)]);
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => self.body.push_str(" text-anchor=\"middle\""),
            Anchor::End => self.body.push_str(" text-anchor=\"end\""),
        }
        self.body.push('>');
        escape(&mut self.body, text);
        self.body.push_str("</text>");
    }

    /// A row's label, cut to what fits, ending at `x`.
    pub(super) fn label(&mut self, x: f64, y: f64, text: &str) {
        self.text("", x, y, Anchor::End, &clip(text, LABEL_MOST));
    }

    pub(super) fn finish(self, caption: &Caption) -> Markup {
        let mut out = String::with_capacity(self.body.len() + 400);
        out.push_str("<svg viewBox=\"0 0 ");
        put(&mut out, self.width);
        out.push(' ');
        put(&mut out, self.height);
        let _ = write!(out, "\" role=\"img\" aria-labelledby=\"{0}-t {0}-d\"><title id=\"{0}-t\">", caption.id);
        escape(&mut out, caption.title);
        let _ = write!(out, "</title><desc id=\"{}-d\">", caption.id);
        escape(&mut out, caption.text);
        out.push_str("</desc>");
        out.push_str(&self.body);
        out.push_str("</svg>");
        PreEscaped(out)
    }
}

/// Width of a text as drawn, a little generous for letters of the Latin alphabet.
pub(super) fn extent(text: &str) -> f64 {
    text.chars().map(|c| if wide(c) { LETTER } else { LETTER * 0.58 }).sum()
}

/// Width that the labels of all rows need, after cutting.
pub(super) fn extent_of<'a>(labels: impl Iterator<Item = &'a str>) -> f64 {
    labels.map(|l| extent(&clip(l, LABEL_MOST))).fold(0.0, f64::max)
}

/// A linear scale from values to coordinates.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale over `low..high`; an empty range is widened so that it can be drawn.
    pub(super) fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Scale { low, high, from, to }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Round values inside the scale, about `count` of them.
    pub(super) fn ticks(&self, count: usize) -> Vec<f64> {
        let step = step(self.high - self.low, count);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        (first..=last).map(|i| i as f64 * step).collect()
    }
}

/// The smallest of 1, 2, 5 × 10ⁿ that cuts `span` into at most `count` parts.
pub(super) fn step(span: f64, count: usize) -> f64 {
    let mut power = 1.0_f64;
    let want = span / count.max(1) as f64;
    while power * 10.0 <= want {
        power *= 10.0;
    }
    while power > want && power > 1e-6 {
        power /= 10.0;
    }
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * power >= want * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

/// `low..high` widened to round values.
pub(super) fn rounded(low: f64, high: f64) -> (f64, f64) {
    let step = step((high - low).max(1e-9), 6);
    ((low / step).floor() * step, (high / step).ceil() * step)
}

/// A tick's text: whole numbers stay whole.
pub(super) fn tick(value: f64) -> String {
    crate::kernel::round::show(value, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(step(100.0, 5), 20.0);
        assert_eq!(step(33.0, 6), 10.0);
        assert_eq!(step(0.4, 4), 0.1);
        assert_eq!(rounded(43.2, 97.1), (40.0, 100.0));
    }

    #[test]
    fn hostile_text_is_escaped() {
        let mut canvas = Canvas::new(10.0, 10.0);
        canvas.text("", 0.0, 0.0, Anchor::Start, "<b>&\"\u{1}");
        let svg = canvas.finish(&Caption { id: "x", title: "a<b", text: "" }).into_string();
        assert!(svg.contains("&lt;b&gt;&amp;&quot; </text>"));
        assert!(svg.contains("a&lt;b"));
    }
}
