//! Years, and yes or no.

use super::text::fold;
use super::{Fault, Outcome, Parsed, Repair, Repairs, compact, says};
use crate::book::raw::Cell;
use chrono::Datelike;

/// Years that a county's sheet may name.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// A calendar year: `2024`, `2024年`, `2024年度`, `二〇二四年`, or the year of a date.
///
/// # Errors
/// No year, or one outside 1900–2100.
pub fn year(cell: &Cell) -> Outcome<i64> {
    let known = |year: i32| YEARS.contains(&year).then(|| i64::from(year)).ok_or(Fault::NotAYear);
    match cell {
        Cell::Empty => Ok(Parsed::nothing(Repairs::NONE)),
        #[expect(clippy::cast_possible_truncation, reason = "a whole number between 1900 and 2100")]
        Cell::Number(n) if n.fract() == 0.0 && (1900.0..=2100.0).contains(n) => {
            Ok(Parsed::sure(*n as i64, Repairs::NONE))
        }
        Cell::Date(day) => Ok(Parsed::sure(known(day.year())?, [Repair::ExcelDate].into_iter().collect())),
        Cell::Text(text) => {
            let (text, repairs) = compact(text);
            if text.is_empty() {
                return Ok(Parsed::nothing(repairs));
            }
            let digits: String = text
                .strip_suffix("年度")
                .or_else(|| text.strip_suffix('年'))
                .unwrap_or(&text)
                .chars()
                .map(|c| chinese_digit(c).unwrap_or(c))
                .collect();
            if digits.len() != 4 {
                return Err(Fault::NotAYear);
            }
            Ok(Parsed::sure(known(digits.parse().map_err(|_| Fault::NotAYear)?)?, repairs))
        }
        Cell::Error(_) => Err(Fault::SheetError),
        Cell::Number(_) | Cell::YesNo(_) => Err(Fault::NotAYear),
    }
}

fn chinese_digit(c: char) -> Option<char> {
    let place = "〇一二三四五六七八九".chars().position(|d| d == c);
    let place = place.or_else(|| matches!(c, '零' | '○' | 'Ｏ').then_some(0))?;
    char::from_digit(u32::try_from(place).ok()?, 10)
}

/// Yes or no, in the policy's words. 1 and 0 are yes and no.
///
/// # Errors
/// A word of neither list.
pub fn yes_no(cell: &Cell, yes: &[String], no: &[String]) -> Outcome<bool> {
    match cell {
        Cell::Empty => Ok(Parsed::nothing(Repairs::NONE)),
        Cell::YesNo(value) => Ok(Parsed::sure(*value, Repairs::NONE)),
        Cell::Number(1.0) => Ok(Parsed::sure(true, Repairs::NONE)),
        Cell::Number(0.0) => Ok(Parsed::sure(false, Repairs::NONE)),
        Cell::Text(text) => {
            let (compacted, repairs) = compact(text);
            let folded = fold(&compacted);
            if folded.is_empty() {
                Ok(Parsed::nothing(repairs))
            } else if says(&folded, yes) {
                Ok(Parsed::sure(true, repairs))
            } else if says(&folded, no) {
                Ok(Parsed::sure(false, repairs))
            } else {
                Err(Fault::UnknownWord)
            }
        }
        Cell::Error(_) => Err(Fault::SheetError),
        Cell::Number(_) | Cell::Date(_) => Err(Fault::UnknownWord),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn years() {
        let text = |s: &str| Cell::Text(s.to_owned());
        for cell in [text("2024"), text("2024年"), text("２０２４年度"), text("二〇二四年"), Cell::Number(2024.0)]
        {
            assert_eq!(year(&cell).map(|p| p.value), Ok(Some(2024)), "{cell:?}");
        }
        let day = NaiveDate::from_ymd_opt(2024, 6, 3).map(Cell::Date).unwrap_or_default();
        assert_eq!(year(&day).map(|p| p.value), Ok(Some(2024)));
        assert_eq!(year(&text(" ")).map(|p| p.value), Ok(None));
        for cell in
            [text("24"), text("9999"), text("2024-2025"), text("+024"), Cell::Number(2024.5), Cell::Number(1e300)]
        {
            assert_eq!(year(&cell), Err(Fault::NotAYear), "{cell:?}");
        }
    }

    #[test]
    fn yes_and_no_words() {
        let yes: Vec<String> = ["是", "√", "Y"].map(String::from).into();
        let no: Vec<String> = ["否", "×", "无"].map(String::from).into();
        let table =
            [("是", Ok(Some(true))), (" √ ", Ok(Some(true))), ("ｙ", Ok(Some(true))), ("否\t", Ok(Some(false)))];
        for (word, value) in table.into_iter().chain([("", Ok(None)), ("也许", Err(Fault::UnknownWord))]) {
            assert_eq!(yes_no(&Cell::Text(word.into()), &yes, &no).map(|p| p.value), value, "{word:?}");
        }
        assert_eq!(yes_no(&Cell::Number(1.0), &yes, &no).map(|p| p.value), Ok(Some(true)));
    }
}
