//! Numbers, shares and dates for a reader's eye.

use chrono::{Datelike, NaiveDate};

use crate::kernel::round;
use crate::lang::Lang;

/// A number with exactly `digits` decimals, so that a right-aligned column lines up.
pub(crate) fn fixed(value: f64, digits: u32) -> String {
    format!("{:.*}", digits as usize, round::to(value, digits))
}

/// A share as whole percent; what would round to none or to all is shown as under 1% or over 99%.
pub(crate) fn percent(share: f64) -> String {
    let rounded = round::to(share * 100.0, 0);
    if share > 0.0 && rounded < 1.0 {
        "<1%".to_owned()
    } else if share < 1.0 && rounded > 99.0 {
        ">99%".to_owned()
    } else {
        format!("{rounded:.0}%")
    }
}

/// A target for a share; a bound that cannot be passed is left out.
pub(crate) fn target(low: Option<f64>, high: Option<f64>) -> String {
    match (low.filter(|l| *l > 0.0), high.filter(|h| *h < 1.0)) {
        (Some(low), Some(high)) => format!("{}–{}", percent(low), percent(high)),
        (Some(low), None) => format!("≥{}", percent(low)),
        (None, Some(high)) => format!("≤{}", percent(high)),
        (None, None) => String::new(),
    }
}

/// `part` of `whole` as whole percent; a dash for part of nothing.
pub(crate) fn part(part: usize, whole: usize) -> String {
    if whole == 0 { "—".to_owned() } else { percent(part as f64 / whole as f64) }
}

/// A day in running text.
pub(crate) fn day(lang: Lang, day: NaiveDate) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => day.format("%-d %B %Y").to_string(),
    }
}

/// The median of numbers in any order; `None` of none.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    quantile(values, 0.5)
}

/// Quantile of sorted numbers by linear interpolation (Hyndman and Fan's type 7).
pub(crate) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = q * last as f64;
    let low = (at.floor() as usize).min(last);
    let high = (low + 1).min(last);
    Some(sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64))
}

/// Width of a text in units of a Latin letter: Chinese characters and full-width signs take two.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

/// Is the character as wide as it is high?
pub(crate) fn wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x2_0000..=0x3_fffd)
}

/// A text cut to a width, with an ellipsis where it was cut.
pub(crate) fn clip(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut clipped = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += if wide(c) { 2 } else { 1 };
        if used > most.saturating_sub(1) {
            break;
        }
        clipped.push(c);
    }
    clipped.push('…');
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_round_to_certainty() {
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(0.001), "<1%");
        assert_eq!(percent(0.999), ">99%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!(part(1, 0), "—");
    }

    #[test]
    fn targets_say_what_binds() {
        assert_eq!(target(Some(0.0), Some(0.4)), "≤40%");
        assert_eq!(target(Some(0.1), Some(1.0)), "≥10%");
        assert_eq!(target(Some(0.3), Some(0.6)), "30%–60%");
        assert_eq!(target(None, None), "");
    }

    #[test]
    fn quantiles_interpolate() {
        // Hyndman and Fan (1996), type 7: numpy's default.
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), Some(1.75));
        assert_eq!(median(&mut [3.0, 1.0]), Some(2.0));
        assert_eq!(median(&mut []), None);
    }

    #[test]
    fn clipped_text_fits() {
        assert_eq!(clip("青石镇", 6), "青石镇");
        assert_eq!(clip("青石镇大泉村", 6), "青石…");
        assert!(width(&clip("青石镇大泉村", 6)) <= 6);
    }
}
