//! Charts as inline SVG, drawn by hand: nothing is loaded, everything prints. Each chart answers
//! one question, labels stand beside what they name, and only what needs attention has colour
//! (which therefore never carries meaning alone: its row also says so, or stands first).

mod bars;
mod canvas;
mod dots;
mod pairs;
mod pyramid;
mod stack;
mod strip;

pub(super) use self::bars::{Bar, bars};
pub(super) use self::dots::{Dot, dots};
pub(super) use self::pairs::{Pair, pairs};
pub(super) use self::pyramid::{Band, Sides, pyramid};
pub(super) use self::stack::{Stack, stack};
pub(super) use self::strip::{Strip, strip};

/// Drawing width of a chart over the whole page, in its own units. Screen and A4 scale it the same
/// way as [`HALF`], so that letters are equally large everywhere.
pub(super) const FULL: f64 = 900.0;
/// Drawing width of a chart that shares the page with another.
pub(super) const HALF: f64 = 440.0;

/// What a screen reader says instead of showing the picture.
pub(super) struct Caption<'a> {
    /// Unique in the page.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) text: &'a str,
}
