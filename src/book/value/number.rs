//! Numbers as people write them: thousands separators, 1.2万, 约300人, 85％, 无.

use super::{Doubt, Fault, HeaderUnit, Outcome, Parsed, Repair, Repairs, compact, fold, says};
use crate::book::raw::Cell;
use crate::book::schema::Unit;

/// How a column's numbers become canonical: multiplied by `from`, divided by `into`, both in the
/// smallest unit of the dimension (元). Kept apart so that 元 → 万元 is one correctly rounded
/// division.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    from: f64,
    into: f64,
    unit: Unit,
}

impl Scale {
    /// From the unit that a header names (none: the column's own unit) to the canonical unit.
    pub fn new(header: Option<HeaderUnit>, canonical: Unit) -> Scale {
        let into = if canonical == Unit::Wan { 1e4 } else { 1.0 };
        Scale { from: header.map_or(into, HeaderUnit::factor), into, unit: canonical }
    }

    fn apply(self, value: f64, written: Option<f64>) -> f64 {
        let from = written.unwrap_or(self.from);
        if from == self.into { value } else { value * from / self.into }
    }
}

/// How the numbers of one column are read.
#[derive(Clone, Copy, Debug)]
pub struct NumberRule<'a> {
    /// Unit conversion.
    pub scale: Scale,
    /// Words that mean zero, such as 无 in a column of counts.
    pub zero_words: &'a [String],
    /// Words that mean that nothing is known, such as —; asked after `zero_words`.
    pub none_words: &'a [String],
}

/// Signs behind a number, in folded form: how many of the smallest unit one is (`None`: the
/// header's unit stands).
const BEHIND: &[(&str, Option<f64>)] = &[
    ("元", Some(1.0)),
    ("千元", Some(1e3)),
    ("万", Some(1e4)),
    ("万元", Some(1e4)),
    ("万人", Some(1e4)),
    ("百万元", Some(1e6)),
    ("亿", Some(1e8)),
    ("亿元", Some(1e8)),
    ("人", None),
    ("人次", None),
    ("户", None),
    ("件", None),
    ("件次", None),
    ("次", None),
    ("个", None),
    ("名", None),
    ("起", None),
    ("处", None),
    ("项", None),
    ("条", None),
    ("场", None),
    ("份", None),
    ("批", None),
    ("亩", None),
    ("分", None),
    ("天", None),
    ("日", None),
    ("年", None),
    ("岁", None),
    ("个月", None),
];

/// A number, in the canonical unit of its column.
///
/// # Errors
/// Anything that is no number, and NaN, infinities and numbers too large for a double.
pub fn number(cell: &Cell, rule: &NumberRule<'_>) -> Outcome<f64> {
    match cell {
        Cell::Empty => Ok(Parsed::nothing(Repairs::NONE)),
        Cell::Number(n) => finite(rule.scale.apply(*n, None)).map(|v| Parsed::sure(v, Repairs::NONE)),
        Cell::Text(text) => written(text, rule),
        Cell::Error(_) => Err(Fault::SheetError),
        // Excel makes a date of `3-5`; nobody can tell what number it was.
        Cell::YesNo(_) | Cell::Date(_) => Err(Fault::NotANumber),
    }
}

/// A whole number.
///
/// # Errors
/// As [`number`], and a fraction. Up to 2⁵³, beyond which a double skips whole numbers.
pub fn whole(cell: &Cell, rule: &NumberRule<'_>) -> Outcome<i64> {
    /// Binary fractions that conversion leaves behind (0.1 万人 → 1,000.0000000000001).
    const SLACK: f64 = 1e-6;
    let parsed = number(cell, rule)?;
    let value = match parsed.value {
        None => None,
        Some(v) if v.abs() > 9_007_199_254_740_992.0 => return Err(Fault::NumberTooLarge),
        Some(v) if (v - v.round()).abs() > SLACK => return Err(Fault::NotWhole),
        #[expect(clippy::cast_possible_truncation, reason = "within ±2⁵³, checked above")]
        Some(v) => Some(v.round() as i64),
    };
    Ok(Parsed { value, repairs: parsed.repairs, doubt: parsed.doubt })
}

fn finite(value: f64) -> Result<f64, Fault> {
    if value.is_finite() { Ok(value) } else { Err(Fault::NumberTooLarge) }
}

fn written(text: &str, rule: &NumberRule<'_>) -> Outcome<f64> {
    let (compacted, mut repairs) = compact(text);
    if compacted.is_empty() {
        return Ok(Parsed::nothing(repairs));
    }
    if let Some(value) = plain(&compacted) {
        return Ok(Parsed::sure(finite(rule.scale.apply(value, None))?, repairs));
    }
    let folded = fold(&compacted);
    if says(&folded, rule.zero_words) {
        return Ok(Parsed::sure(0.0, repairs));
    }
    if says(&folded, rule.none_words) {
        return Ok(Parsed::nothing(repairs));
    }
    let mut rest = folded.as_str();
    let mut doubt = None;
    for word in ["大约", "约为", "约", "近", "共计", "共", "合计", "¥", "$"] {
        if let Some(behind) = rest.strip_prefix(word) {
            rest = behind;
            if matches!(word, "大约" | "约为" | "约" | "近") {
                doubt = Some(Doubt::Approximate);
            }
        }
    }
    for word in ["左右", "以上", "余", "多", "+"] {
        if let Some(before) = rest.strip_suffix(word) {
            rest = before;
            doubt = Some(Doubt::Approximate);
        }
    }
    let digits = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | ',' | '-' | '+' | 'e')).unwrap_or(rest.len());
    let (head, tail) = rest.split_at(digits);
    // 300余人: the word stands before the unit.
    let tail = match tail.strip_prefix('余').or_else(|| tail.strip_prefix('多')) {
        Some(unit) => {
            doubt = Some(Doubt::Approximate);
            unit
        }
        None => tail,
    };
    let value = grouped(head, &mut repairs).ok_or(Fault::NotANumber)?;
    let value = match (tail, rule.scale.unit) {
        ("", _) => rule.scale.apply(value, None),
        ("%", Unit::One) => value / 100.0,
        ("%", _) => value,
        ("‰", Unit::Percent) => value / 10.0,
        ("‰", _) => value / 1000.0,
        (tail, _) => {
            let &(_, written) = BEHIND.iter().find(|(sign, _)| *sign == tail).ok_or(Fault::NotANumber)?;
            rule.scale.apply(value, written)
        }
    };
    if !tail.is_empty() {
        repairs.add(Repair::UnitInCell);
    }
    Ok(Parsed { value: Some(finite(value)?), repairs, doubt })
}

/// Digits, one point, a sign, an exponent: what `f64` reads, without its `inf` and `nan`.
fn plain(text: &str) -> Option<f64> {
    let numeric = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    if numeric { text.parse().ok() } else { None }
}

/// As [`plain`], with commas between groups of three.
fn grouped(text: &str, repairs: &mut Repairs) -> Option<f64> {
    if !text.contains(',') {
        return plain(text);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.trim_start_matches(['-', '+']).split(',');
    let first = groups.next()?;
    if !(1..=3).contains(&first.len()) || groups.any(|g| g.len() != 3) || fraction.contains(',') {
        return None;
    }
    repairs.add(Repair::Thousands);
    plain(&text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|w| (*w).to_owned()).collect()
    }

    fn read(text: &str, header: Option<HeaderUnit>, unit: Unit) -> Outcome<f64> {
        let (zero, none) = (words(&["无", "没有"]), words(&["—", "/"]));
        number(
            &Cell::Text(text.to_owned()),
            &NumberRule { scale: Scale::new(header, unit), zero_words: &zero, none_words: &none },
        )
    }

    #[test]
    fn numbers_in_every_dress() {
        use HeaderUnit::{Count, WanYuan, Yuan};
        let table: &[(&str, Option<HeaderUnit>, Unit, f64)] = &[
            ("12", None, Unit::One, 12.0),
            ("１２．５", None, Unit::One, 12.5),
            (" 1,234,567.8\t", None, Unit::One, 1_234_567.8),
            ("1，234", None, Unit::One, 1234.0),
            ("-3", None, Unit::One, -3.0),
            ("－3", None, Unit::One, -3.0),
            ("1.2万", None, Unit::One, 12_000.0),
            ("1.2万元", Some(WanYuan), Unit::Wan, 1.2),
            ("1.2万元", Some(Yuan), Unit::Wan, 1.2),
            ("12345", Some(Yuan), Unit::Wan, 1.2345),
            ("12345元", None, Unit::Wan, 1.2345),
            ("3.5", Some(WanYuan), Unit::Yuan, 35_000.0),
            ("7.16", Some(WanYuan), Unit::Wan, 7.16),
            ("7.16", None, Unit::Wan, 7.16),
            ("85%", None, Unit::Percent, 85.0),
            ("85％", None, Unit::Percent, 85.0),
            ("85%", None, Unit::One, 0.85),
            ("约300人", Some(Count), Unit::One, 300.0),
            ("300余人", None, Unit::One, 300.0),
            ("无", None, Unit::One, 0.0),
            ("1.2E+3", None, Unit::One, 1200.0),
            ("¥1,200", None, Unit::Yuan, 1200.0),
        ];
        for (text, header, unit, value) in table {
            let parsed = read(text, *header, *unit);
            assert_eq!(parsed.as_ref().ok().and_then(|p| p.value), Some(*value), "{text:?}: {parsed:?}");
        }
        assert_eq!(read("约3", None, Unit::One).map(|p| p.doubt), Ok(Some(Doubt::Approximate)));
        assert!(read("1,234", None, Unit::One).is_ok_and(|p| p.repairs.has(Repair::Thousands)));
    }

    #[test]
    fn nothing_and_nonsense() {
        for text in ["", "  ", "—", "/", "－"] {
            assert_eq!(read(text, None, Unit::One).map(|p| p.value), Ok(None), "{text:?}");
        }
        for text in ["abc", "3-5", "1,23", "12,3456", "nan", "inf", "1.2.3", "三", "--1", "e", ".", "12村", "1,234.5,6"]
        {
            assert_eq!(read(text, None, Unit::One), Err(Fault::NotANumber), "{text:?}");
        }
        assert_eq!(read("9.9E+400", None, Unit::One), Err(Fault::NumberTooLarge));
        assert_eq!(read("9.9E+307万", None, Unit::One), Err(Fault::NumberTooLarge));
        let rule = NumberRule { scale: Scale::new(None, Unit::One), zero_words: &[], none_words: &[] };
        assert_eq!(number(&Cell::Number(f64::NAN), &rule), Err(Fault::NumberTooLarge));
        assert_eq!(number(&Cell::Error("#REF!".into()), &rule), Err(Fault::SheetError));
        assert_eq!(number(&Cell::YesNo(true), &rule), Err(Fault::NotANumber));
        assert_eq!(whole(&Cell::Number(2.5), &rule), Err(Fault::NotWhole));
        assert_eq!(whole(&Cell::Number(1e17), &rule), Err(Fault::NumberTooLarge));
        assert_eq!(whole(&Cell::Number(2332.0), &rule).map(|p| p.value), Ok(Some(2332)));
    }
}
