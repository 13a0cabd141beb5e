//! Ages back to back: those in post to the left, the pool to the right.

use maud::Markup;

use super::Caption;
use super::canvas::{Anchor, Canvas, ROW, Scale, extent, extent_of};

/// One age band; a side that is withheld is not a number. People on each side, and how many of them belong to the marked part.
pub(in crate::report) struct Band {
    pub(in crate::report) label: String,
    pub(in crate::report) left: f64,
    pub(in crate::report) left_part: f64,
    pub(in crate::report) right: f64,
    pub(in crate::report) right_part: f64,
}

/// Names of the two sides and of the marked part.
pub(in crate::report) struct Sides<'a> {
    pub(in crate::report) left: &'a str,
    pub(in crate::report) right: &'a str,
    pub(in crate::report) part: &'a str,
}

/// A pyramid with the oldest band on top; bars of both sides have one scale.
pub(in crate::report) fn pyramid(width: f64, bands: &[Band], sides: &Sides, caption: &Caption) -> Markup {
    let gap = extent_of(bands.iter().map(|b| b.label.as_str())) + 16.0;
    let most = bands.iter().map(|b| b.left.max(b.right)).fold(1.0, f64::max);
    let room = extent(&format!("{most:.0}")) + 8.0;
    let half = (width - gap) / 2.0;
    let scale = Scale::new(0.0, most, 0.0, (half - room).max(20.0));
    let middle = width / 2.0;
    let top = ROW * 2.0;
    let mut canvas = Canvas::new(width, top + bands.len() as f64 * ROW + 4.0);
    canvas.text("", middle - gap / 2.0, ROW / 2.0, Anchor::End, sides.left);
    canvas.text("", middle + gap / 2.0, ROW / 2.0, Anchor::Start, sides.right);
    canvas.rect("tone1", middle + gap / 2.0, ROW * 1.5 - 5.0, 10.0, 10.0, "");
    canvas.text("soft", middle + gap / 2.0 + 14.0, ROW * 1.5, Anchor::Start, sides.part);
    for (i, band) in bands.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * ROW;
        canvas.text("soft", middle, y, Anchor::Middle, &band.label);
        let (left, right) = (middle - gap / 2.0, middle + gap / 2.0);
        let long = scale.at(shown(band.left));
        canvas.rect("tone3", left - long, y - 7.0, long, 14.0, "");
        let part = scale.at(shown(band.left_part));
        canvas.rect("tone1", left - part, y - 7.0, part, 14.0, "");
        canvas.text("num", left - long - 5.0, y, Anchor::End, &count(band.left));
        let long = scale.at(shown(band.right));
        canvas.rect("tone3", right, y - 7.0, long, 14.0, "");
        canvas.rect("tone1", right, y - 7.0, scale.at(shown(band.right_part)), 14.0, "");
        canvas.text("num", right + long + 5.0, y, Anchor::Start, &count(band.right));
    }
    canvas.finish(caption)
}

/// A withheld number has no bar.
fn shown(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value }
}

fn count(value: f64) -> String {
    if value.is_nan() { crate::privacy::MASK.to_owned() } else { format!("{value:.0}") }
}
