//! Dates in every form that a county writes, with the precision that they were written in.

use chrono::{Datelike, Duration, NaiveDate};

use super::text::{half_width, is_invisible, is_space};
use super::words::YEARS;
use super::{Doubt, Fault, Outcome, Parsed, Repair, Repairs, says};
use crate::book::raw::Cell;

/// How much of the date was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// Year, month and day.
    Day,
    /// Year and month; the date is the first of the month.
    Month,
    /// The year alone; the date is 1 January.
    Year,
}

/// A date as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The first day that it can mean.
    pub date: NaiveDate,
    pub precision: Precision,
    /// The age that stands behind it, as in `1975.06（50岁）`, for comparison.
    pub age_said: Option<u32>,
}

/// Whole numbers that are Excel serials: 1954-10-03 to 2064-04-08. Outside, five digits are more
/// likely a typing error, such as `19756`.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=60_000;

/// Said of something that still lasts: no date.
const STILL: &[&str] = &["至今", "现在", "目前", "今", "在任", "现任"];

/// A date. Numbers may be Excel serials, `197506`, `19750603`, a year, or `2023.6`; see
/// [`date_text`] for text.
///
/// # Errors
/// What is no date, and what no calendar has (30 February, month 13, years outside 1900–2100).
pub fn date(cell: &Cell, none_words: &[String]) -> Outcome<Dated> {
    match cell {
        Cell::Empty => Ok(Parsed::nothing(Repairs::NONE)),
        Cell::Date(day) => {
            let dated = Dated { date: known(*day)?, precision: Precision::Day, age_said: None };
            Ok(Parsed::sure(dated, Repairs::NONE))
        }
        Cell::Number(n) => from_number(*n),
        Cell::Text(text) => date_text(text, none_words),
        Cell::Error(_) => Err(Fault::SheetError),
        Cell::YesNo(_) => Err(Fault::NotADate),
    }
}

fn known(day: NaiveDate) -> Result<NaiveDate, Fault> {
    if YEARS.contains(&day.year()) { Ok(day) } else { Err(Fault::ImpossibleDate) }
}

fn day(year: i64, month: i64, day: i64) -> Result<NaiveDate, Fault> {
    let narrow = |v: i64| u32::try_from(v).map_err(|_| Fault::ImpossibleDate);
    let year = i32::try_from(year).map_err(|_| Fault::ImpossibleDate)?;
    known(NaiveDate::from_ymd_opt(year, narrow(month)?, narrow(day)?).ok_or(Fault::ImpossibleDate)?)
}

fn sure(date: NaiveDate, precision: Precision) -> Parsed<Dated> {
    Parsed::sure(Dated { date, precision, age_said: None }, Repairs::NONE)
}

fn serial(days: i64) -> Outcome<Dated> {
    // Excel's day 60 is the 29 February 1900 that never was; from 61 on, day 0 is 1899-12-30.
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).ok_or(Fault::NotADate)?;
    let date = epoch.checked_add_signed(Duration::days(days)).ok_or(Fault::ImpossibleDate)?;
    let mut parsed = sure(known(date)?, Precision::Day);
    parsed.repairs.add(Repair::ExcelDate);
    Ok(parsed)
}

fn from_number(n: f64) -> Outcome<Dated> {
    if !(n.is_finite() && (0.0..1e9).contains(&n)) {
        return Err(Fault::NotADate);
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1e9")]
    let whole = n.trunc() as i64;
    if SERIALS.contains(&whole) {
        return serial(whole);
    }
    if n.fract() == 0.0 {
        return digits_alone(&whole.to_string());
    }
    // 2023.6, 2018.11 or 1975.0603 typed as a number: four decimals at most, or it is no date.
    let text = format!("{n:.4}");
    let exact = text.parse::<f64>().is_ok_and(|v| (v - n).abs() < 1e-7);
    if exact { date_text(text.trim_end_matches('0'), &[]) } else { Err(Fault::NotADate) }
}

/// One unbroken run of digits.
fn digits_alone(digits: &str) -> Outcome<Dated> {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|d| d.parse::<i64>().ok()).ok_or(Fault::NotADate);
    match digits.len() {
        8 => Ok(sure(day(part(0, 4)?, part(4, 6)?, part(6, 8)?)?, Precision::Day)),
        6 => Ok(sure(day(part(0, 4)?, part(4, 6)?, 1)?, Precision::Month)),
        5 if SERIALS.contains(&part(0, 5)?) => serial(part(0, 5)?),
        4 => Ok(sure(day(part(0, 4)?, 1, 1)?, Precision::Year)),
        _ => Err(Fault::NotADate),
    }
}

/// A date in text: `1975.06`, `197506`, `1975-6-3`, `1975/6/3`, `1975年6月`, `1975年6月3日`,
/// `19750603`, `75.06`, `1975`, `27546` (an Excel serial), `1975-06-03 00:00:00`,
/// `1975.06（50岁）`, `2021.03至今`, `2018.03-2021.05` (its start); 至今 and the like say nothing.
///
/// # Errors
/// See [`date`].
pub fn date_text(text: &str, none_words: &[String]) -> Outcome<Dated> {
    let (text, repairs) = narrow(text);
    let folded = text.trim();
    if folded.is_empty() || STILL.contains(&folded) || says(folded, none_words) {
        return Ok(Parsed::nothing(repairs));
    }
    let (body, age_said, remark) = take_age(folded);
    let mut parsed = groups(body)?;
    parsed.repairs = parsed.repairs.and(repairs);
    if let Some(dated) = &mut parsed.value {
        dated.age_said = age_said;
    }
    if remark && parsed.doubt.is_none() {
        parsed.doubt = Some(Doubt::DateRemark);
    }
    Ok(parsed)
}

/// Half-width, the time of day cut off, spaces gone except between digits, where they part groups.
fn narrow(text: &str) -> (String, Repairs) {
    let mut repairs = Repairs::NONE;
    let text = text.trim_matches(|c: char| {
        let outer = is_space(c) || is_invisible(c) || matches!(c, '\'' | '‘' | '’');
        if outer {
            repairs.add(match c {
                '\t' => Repair::Tab,
                '\'' | '‘' | '’' => Repair::Apostrophe,
                c if is_invisible(c) => Repair::Invisible,
                _ => Repair::Padding,
            });
        }
        outer
    });
    // 1975-06-03 00:00:00, 1975-06-03T00:00:00Z
    let text = match text.find([':', '：']) {
        Some(colon) => text[..colon].rfind(|c: char| is_space(c) || c == 'T').map_or(text, |cut| &text[..cut]),
        None => text,
    };
    let mut out = String::with_capacity(text.len());
    let mut spaced = false;
    for c in text.chars() {
        if is_invisible(c) {
            repairs.add(Repair::Invisible);
            continue;
        }
        if is_space(c) {
            spaced = true;
            continue;
        }
        let half = half_width(c);
        if half.is_some() && !matches!(c, '（' | '）') {
            repairs.add(Repair::FullWidth);
        }
        let c = half.unwrap_or(c);
        if spaced && c.is_ascii_digit() && out.ends_with(|b: char| b.is_ascii_digit()) {
            out.push(' ');
        }
        spaced = false;
        out.push(c);
    }
    (out, repairs)
}

/// Takes the age, 50岁 or (50), off the end; says whether another remark stood in brackets.
fn take_age(text: &str) -> (&str, Option<u32>, bool) {
    let number = |s: &str| s.parse::<u32>().ok().filter(|_| s.len() <= 3);
    if let Some(sui) = text.find('岁') {
        let head = text[..sui].trim_end_matches('周');
        let body = head.trim_end_matches(|c: char| c.is_ascii_digit());
        let age = number(&head[body.len()..]);
        if age.is_some() && !body.is_empty() {
            return (body.trim_end_matches(['(', '[', ',', '，', ';', '/', ' ', '现', '年', '龄']), age, false);
        }
    }
    let Some(open) = text.find(['(', '[', '〔', '【']) else { return (text, None, false) };
    let inside: String = text[open..].chars().filter(|c| !"()[]〔〕【】".contains(*c)).collect();
    match number(&inside) {
        Some(age) => (&text[..open], Some(age), false),
        None => (&text[..open], None, true),
    }
}

/// One group of digits: its value and its length.
#[derive(Clone, Copy)]
struct Group {
    value: i64,
    digits: usize,
    /// The sign behind it.
    behind: char,
}

/// The date that groups of digits and the signs between them spell.
fn groups(text: &str) -> Outcome<Dated> {
    const BEHIND: &[&str] = &["至今", "至现在", "到现在", "以来", "起", "止", "底", "生", "出生", "任职", "入党"];
    let mut text = text;
    while let Some(shorter) = BEHIND.iter().find_map(|w| text.strip_suffix(w)) {
        text = shorter;
    }
    let text = text.trim_end_matches(['-', '—', '–', '~', '.', '/', '至', ',']);
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits_alone(text);
    }
    let mut found = Vec::with_capacity(6);
    let mut rest = text;
    while !rest.is_empty() {
        let len = rest.bytes().take_while(u8::is_ascii_digit).count();
        if len == 0 || len > 8 || found.len() == 6 {
            return Err(Fault::NotADate);
        }
        let value = rest[..len].parse().map_err(|_| Fault::NotADate)?;
        let signs = &rest[len..];
        let next = signs.find(|c: char| c.is_ascii_digit()).unwrap_or(signs.len());
        if !signs[..next].chars().all(|c| ".-/年月日号,、。·—–~ 至到".contains(c)) || signs[..next].chars().count() > 2
        {
            return Err(Fault::NotADate);
        }
        found.push(Group { value, digits: len, behind: signs.chars().next().unwrap_or('\0') });
        rest = &signs[next..];
    }
    spell(&found)
}

fn spell(groups: &[Group]) -> Outcome<Dated> {
    let lengths: Vec<usize> = groups.iter().map(|g| g.digits).collect();
    let at = |i: usize| groups[i].value;
    let mut parsed = match lengths[..] {
        // 1975年, 75年
        [4] => sure(day(at(0), 1, 1)?, Precision::Year),
        [2] if groups[0].behind == '年' => sure(day(century(at(0)), 1, 1)?, Precision::Year),
        // 1975.0603, else 2018-2021
        [4, 4] => match day(at(0), at(1) / 100, at(1) % 100) {
            Ok(date) => sure(date, Precision::Day),
            Err(_) => sure(day(at(0), 1, 1)?, Precision::Year),
        },
        [4, 1 | 2] => sure(day(at(0), at(1), 1)?, Precision::Month),
        [1 | 2, 4] => sure(day(at(1), at(0), 1)?, Precision::Month),
        [2, 1 | 2] if "年./-".contains(groups[0].behind) => sure(day(century(at(0)), at(1), 1)?, Precision::Month),
        [4, 1 | 2, 1 | 2] => sure(day(at(0), at(1), at(2))?, Precision::Day),
        // 6/3/1975: the month first, unless it cannot be one.
        [1 | 2, 1 | 2, 4] if at(0) > 12 => sure(day(at(2), at(1), at(0))?, Precision::Day),
        [1 | 2, 1 | 2, 4] => sure(day(at(2), at(0), at(1))?, Precision::Day),
        [2, 1 | 2, 1 | 2] => sure(day(century(at(0)), at(1), at(2))?, Precision::Day),
        // Spans of time: the start.
        [6, 6] | [8, 8] => digits_alone(&at(0).to_string())?,
        [4, 1 | 2, 4, 1 | 2] => sure(day(at(0), at(1), 1)?, Precision::Month),
        [4, 1 | 2, 1 | 2, 4, 1 | 2, 1 | 2] => sure(day(at(0), at(1), at(2))?, Precision::Day),
        _ => return Err(Fault::NotADate),
    };
    parsed.doubt = match lengths[..] {
        // Only a point can come from a number that lost its last zero; 2021-1 cannot.
        [4, 1] if at(1) == 1 && groups[0].behind == '.' && groups[1].behind != '月' => Some(Doubt::AmbiguousDate),
        [1 | 2, 1 | 2, 4] if at(0) <= 12 && at(1) <= 12 && at(0) != at(1) => Some(Doubt::AmbiguousDate),
        [2, ..] if lengths.last() != Some(&4) => Some(Doubt::TwoDigitYear),
        [6, 6] | [8, 8] | [4, _, 4, _] | [4, _, _, 4, _, _] => Some(Doubt::DateRange),
        [4, 4] if parsed.value.is_some_and(|d| d.precision == Precision::Year) => Some(Doubt::DateRange),
        _ => None,
    };
    Ok(parsed)
}

/// Excel's rule: 00–29 are the 2000s, 30–99 the 1900s.
fn century(two: i64) -> i64 {
    if two < 30 { 2000 + two } else { 1900 + two }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(cell: &Cell) -> Result<Option<(String, Precision, Option<Doubt>)>, Fault> {
        date(cell, &["无".to_owned(), "/".to_owned()])
            .map(|p| p.value.map(|d| (d.date.to_string(), d.precision, p.doubt)))
    }

    fn read(text: &str) -> Result<Option<(String, Precision, Option<Doubt>)>, Fault> {
        said(&Cell::Text(text.to_owned()))
    }

    #[test]
    fn every_written_form() {
        use Doubt::{AmbiguousDate, DateRange, DateRemark, TwoDigitYear};
        use Precision::{Day, Month, Year};
        let table: &[(&str, &str, Precision, Option<Doubt>)] = &[
            ("1975.06", "1975-06-01", Month, None),
            ("1975.6", "1975-06-01", Month, None),
            ("197506", "1975-06-01", Month, None),
            ("1975-6-3", "1975-06-03", Day, None),
            ("1975/6/3", "1975-06-03", Day, None),
            ("1975.6.3", "1975-06-03", Day, None),
            ("1975年6月", "1975-06-01", Month, None),
            ("1975 年 6 月", "1975-06-01", Month, None),
            ("1975年6月3日", "1975-06-03", Day, None),
            ("1975年06月03号", "1975-06-03", Day, None),
            ("19750603", "1975-06-03", Day, None),
            ("1975.0603", "1975-06-03", Day, None),
            ("1975", "1975-01-01", Year, None),
            ("1975年", "1975-01-01", Year, None),
            ("１９７５．０６", "1975-06-01", Month, None),
            ("'1975.06\t", "1975-06-01", Month, None),
            ("1975 06", "1975-06-01", Month, None),
            ("1975-06-03 00:00:00", "1975-06-03", Day, None),
            ("1975-06-03T08:00:00Z", "1975-06-03", Day, None),
            ("27183", "1974-06-03", Day, None),
            ("75.06", "1975-06-01", Month, Some(TwoDigitYear)),
            ("05年6月", "2005-06-01", Month, Some(TwoDigitYear)),
            ("75-6-3", "1975-06-03", Day, Some(TwoDigitYear)),
            ("2021.1", "2021-01-01", Month, Some(AmbiguousDate)),
            ("2021-1", "2021-01-01", Month, None),
            ("2021年1月", "2021-01-01", Month, None),
            ("2021.10", "2021-10-01", Month, None),
            ("2018.11", "2018-11-01", Month, None),
            ("6/3/1975", "1975-06-03", Day, Some(AmbiguousDate)),
            ("13/6/1975", "1975-06-13", Day, None),
            ("2021.03至今", "2021-03-01", Month, None),
            ("2021.03-", "2021-03-01", Month, None),
            ("2018.03-2021.05", "2018-03-01", Month, Some(DateRange)),
            ("201803—202105", "2018-03-01", Month, Some(DateRange)),
            ("2018-2021", "2018-01-01", Year, Some(DateRange)),
            ("1975.06（农历）", "1975-06-01", Month, Some(DateRemark)),
            ("1964-2-29", "1964-02-29", Day, None),
        ];
        for (text, date, precision, doubt) in table {
            assert_eq!(read(text), Ok(Some(((*date).to_owned(), *precision, *doubt))), "{text:?}");
        }
    }

    #[test]
    fn numbers_as_spreadsheets_hold_them() {
        let table: &[(f64, Result<&str, Fault>, Option<Doubt>)] = &[
            (27_183.0, Ok("1974-06-03"), None),
            (45_231.75, Ok("2023-11-01"), None),
            (2023.6, Ok("2023-06-01"), None),
            (2021.1, Ok("2021-01-01"), Some(Doubt::AmbiguousDate)),
            (2020.1, Ok("2020-01-01"), Some(Doubt::AmbiguousDate)),
            (2018.11, Ok("2018-11-01"), None),
            (1975.06, Ok("1975-06-01"), None),
            (2018.11 + 1e-10, Ok("2018-11-01"), None),
            (197_506.0, Ok("1975-06-01"), None),
            (19_750_603.0, Ok("1975-06-03"), None),
            (1975.0, Ok("1975-01-01"), None),
            (2018.13, Err(Fault::ImpossibleDate), None),
            (3.25, Err(Fault::NotADate), None),
            (19_756.0, Err(Fault::NotADate), None),
            (f64::NAN, Err(Fault::NotADate), None),
            (-1.0, Err(Fault::NotADate), None),
            (1e300, Err(Fault::NotADate), None),
        ];
        for (n, date, doubt) in table {
            let found = said(&Cell::Number(*n));
            assert_eq!(found.clone().map(|p| p.map(|p| p.0)), date.map(|d| Some(d.to_owned())), "{n}");
            assert_eq!(found.ok().flatten().and_then(|p| p.2), *doubt, "{n}");
        }
    }

    #[test]
    fn ages_are_kept_for_comparison() {
        for (text, age) in [
            ("1975.06（50岁）", Some(50)),
            ("1975.06(50岁)", Some(50)),
            ("1975.06\n（50周岁）", Some(50)),
            ("1975年6月（50）", Some(50)),
            ("1975.06，50岁", Some(50)),
            ("1975.06", None),
        ] {
            let dated = date_text(text, &[]).ok().and_then(|p| p.value);
            assert_eq!(dated.map(|d| (d.date.to_string(), d.age_said)), Some(("1975-06-01".into(), age)), "{text:?}");
        }
    }

    #[test]
    fn nothing_impossible_and_nonsense() {
        for text in ["", " ", "至今", "现在", "无", "／"] {
            assert_eq!(read(text), Ok(None), "{text:?}");
        }
        for text in ["2023-02-30", "1975.13", "9999-1-1", "1899.12", "1975.00", "20230230", "99991231", "1975年13月"]
        {
            assert_eq!(read(text), Err(Fault::ImpossibleDate), "{text:?}");
        }
        for text in ["不详日期", "1975.06.03.04", "abc", "12345678901234", "6月3日", "1975--..06", "12", "+1975"]
        {
            assert_eq!(read(text), Err(Fault::NotADate), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn written_forms_come_back(days in 0_i64..73_000) {
            let date = NaiveDate::from_ymd_opt(1901, 1, 1).unwrap() + Duration::days(days);
            let (y, m, d) = (date.year(), date.month(), date.day());
            for form in [
                format!("{y}-{m}-{d}"), format!("{y}/{m}/{d}"), format!("{y}.{m}.{d}"), format!("{y}{m:02}{d:02}"),
                format!("{y}年{m}月{d}日"), format!("{y}-{m:02}-{d:02} 00:00:00"), format!("{y}.{m:02}{d:02}"),
            ] {
                let found = date_text(&form, &[]).unwrap();
                prop_assert_eq!(found.value.map(|v| (v.date, v.precision)), Some((date, Precision::Day)), "{}", form);
                prop_assert_eq!(found.doubt, None);
            }
            let first = date.with_day(1);
            for form in [format!("{y}.{m:02}"), format!("{y}{m:02}"), format!("{y}年{m}月"), format!("{y}-{m}")] {
                let found = date_text(&form, &[]).unwrap();
                prop_assert_eq!(found.value.map(|v| v.date), first, "{}", form);
                prop_assert_eq!(found.value.map(|v| v.precision), Some(Precision::Month));
                prop_assert_eq!(found.doubt, None);
            }
            // A month typed as a number: the only doubt is between January and October.
            let number: f64 = format!("{y}.{m:02}").parse().unwrap();
            let found = said(&Cell::Number(number)).unwrap().unwrap();
            if m == 10 {
                prop_assert_eq!(found.2, Some(Doubt::AmbiguousDate));
            } else {
                prop_assert_eq!(Some(found.0), first.map(|f| f.to_string()));
            }
        }
    }
}
