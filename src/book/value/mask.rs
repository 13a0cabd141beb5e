//! Masks for what may identify a person: identity and telephone numbers.

use super::text::{half_width, is_invisible, is_space, shown};
use super::{Doubt, Fault, Outcome, Parsed, compact};
use crate::book::raw::Cell;

/// Runs of this many digits are masked: dates and amounts are shorter, telephone numbers are not.
const RUN: usize = 7;

/// A value as findings show it: every run of seven or more digits (spaces between them do not
/// save it) keeps its ends only. Of an identity number the area code and the last two stay, of a
/// mobile number the first three and the last four, of others two at each end.
///
/// ```
/// use touyan::book::value::mask;
/// assert_eq!(mask("990121198002151017"), "990121**********17");
/// assert_eq!(mask("电话13800131234"), "电话138****1234");
/// assert_eq!(mask("1975.06"), "1975.06");
/// ```
pub fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = Run::default();
    for c in text.chars() {
        let narrow = half_width(c).unwrap_or(c);
        let check = matches!(narrow, 'x' | 'X') && run.gap.is_empty() && matches!(run.digits.len(), 14 | 17);
        if narrow.is_ascii_digit() || check {
            run.written.push_str(&run.gap);
            run.written.push(c);
            run.digits.push(narrow);
            run.gap.clear();
        } else if !run.digits.is_empty() && (is_space(c) || is_invisible(c)) {
            run.gap.push(c);
        } else {
            run.close(&mut out);
            out.push(c);
        }
    }
    run.close(&mut out);
    out
}

/// Digits that may be one number: as written, bare, and the spaces behind them.
#[derive(Default)]
struct Run {
    written: String,
    digits: String,
    gap: String,
}

impl Run {
    fn close(&mut self, out: &mut String) {
        if self.digits.len() < RUN {
            out.push_str(&self.written);
        } else {
            out.push_str(&stars(&self.digits));
        }
        out.push_str(&self.gap);
        self.written.clear();
        self.digits.clear();
        self.gap.clear();
    }
}

/// A run of ASCII digits, masked if it is long.
fn stars(run: &str) -> String {
    if run.len() < RUN {
        return run.to_owned();
    }
    let (front, back) = match run.len() {
        11 => (3, 4),
        15.. => (6, 2),
        _ => (2, 2),
    };
    format!("{}{}{}", &run[..front], "*".repeat(run.len() - front - back), &run[run.len() - back..])
}

/// A telephone number, masked; several in one cell stay several.
///
/// # Errors
/// A spreadsheet error.
pub fn phone(cell: &Cell) -> Outcome<String> {
    if let Cell::Error(_) = cell {
        return Err(Fault::SheetError);
    }
    let text = shown(cell);
    let (text, repairs) = compact(&text);
    if text.is_empty() {
        return Ok(Parsed::nothing(repairs));
    }
    let numbers: Vec<String> = text
        .split(['/', ',', ';', '、'])
        .map(|n| n.chars().filter(char::is_ascii_digit).collect::<String>())
        .filter(|n| !n.is_empty())
        .collect();
    // Landlines have 7 or 8 digits and an area code of 3 or 4; mobiles 11 from 1; +86 before either.
    let usual = |n: &String| matches!(n.strip_prefix("86").unwrap_or(n).len(), 7..=12);
    let doubt = (numbers.is_empty() || !numbers.iter().all(usual)).then_some(Doubt::OddPhone);
    let masked = numbers.iter().map(|n| short_mask(n)).collect::<Vec<_>>().join("/");
    Ok(Parsed { value: (!masked.is_empty()).then_some(masked), repairs, doubt })
}

/// Of a number too short for [`mask`] only the last two digits stay.
fn short_mask(number: &str) -> String {
    if number.len() >= RUN {
        return stars(number);
    }
    let shown = number.len().saturating_sub(2);
    format!("{}{}", "*".repeat(shown), &number[shown..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_of_digits_are_masked() {
        let table = [
            ("990121198002151017", "990121**********17"),
            ("11010519491231002X", "110105**********2X"),
            ("11010519491231002x\t", "110105**********2x\t"),
            ("990121198002151017，13800131234", "990121**********17，138****1234"),
            ("990121 19800215 1017", "990121**********17"),
            ("９９０１２１１９８００２１５１０１７", "990121**********17"),
            ("138 0013 1234", "138****1234"),
            ("2023-02-30", "2023-02-30"),
            ("197506", "197506"),
            ("19750603", "19****03"),
            ("4.10521E+17", "4.10521E+17"),
            ("9.90121198002151E+17", "9.90**********51E+17"),
            ("2021-03 2023-05", "2021-03 2023-05"),
            ("１９７５ ０６", "１９７５ ０６"),
            ("大泉村", "大泉村"),
            ("", ""),
        ];
        for (text, masked) in table {
            assert_eq!(mask(text), masked, "{text:?}");
        }
    }

    #[test]
    fn phones() {
        let read = |s: &str| phone(&Cell::Text(s.to_owned())).map(|p| (p.value.unwrap_or_default(), p.doubt));
        assert_eq!(read("13800131234"), Ok(("138****1234".into(), None)));
        assert_eq!(read("138-0013-1234\t"), Ok(("138****1234".into(), None)));
        assert_eq!(read("0991-1234567/13800131234"), Ok(("099****4567/138****1234".into(), None)));
        assert_eq!(read("1234"), Ok(("**34".into(), Some(Doubt::OddPhone))));
        assert_eq!(read("无"), Ok((String::new(), Some(Doubt::OddPhone))));
        assert_eq!(phone(&Cell::Number(13_800_131_234.0)).map(|p| p.value), Ok(Some("138****1234".into())));
    }
}
