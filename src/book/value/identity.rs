//! Resident identity numbers, GB 11643-1999: 6 digits of area, 8 of birth, 3 of order (odd for
//! men), 1 check character; and their predecessors of 15 digits.

use chrono::{Datelike, NaiveDate};

use super::text::shown;
use super::words::YEARS;
use super::{Outcome, Parsed, Repair, Repairs, compact, mask};
use crate::book::raw::Cell;

/// Sex as the 17th digit says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
}

/// How far an identity number can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdState {
    /// 18 digits, birth date possible, check character right.
    Ok,
    /// 15 digits, as issued before 1999; it has no check character.
    Old,
    /// A spreadsheet took it for a number and lost its end: `4.10521E+17`, or `000` at the end with
    /// a check character that cannot be. Damaged data, not an invalid person.
    Damaged,
    /// The check character is wrong: a typing error.
    BadCheck,
    /// Neither 18 nor 15 characters.
    BadLength,
    /// Characters that no identity number has; perhaps another document.
    BadForm,
    /// The birth part is no date between 1900 and 2100.
    BadDate,
}

impl IdState {
    /// The code in reports; its text is the message `flag-…`. `Ok` and `Old` are no findings.
    pub const fn code(self) -> &'static str {
        match self {
            IdState::Ok => "id_ok",
            IdState::Old => "id_old",
            IdState::Damaged => "damaged_id",
            IdState::BadCheck => "bad_check",
            IdState::BadLength => "bad_id_length",
            IdState::BadForm => "bad_id_form",
            IdState::BadDate => "bad_id_date",
        }
    }
}

/// What an identity number says. The number itself is kept only in `key`, for joining within the
/// book; it must not reach an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub state: IdState,
    /// Day of birth, where the birth part was read and is possible.
    pub birth: Option<NaiveDate>,
    /// `None` where the 17th digit is gone.
    pub sex: Option<Sex>,
    /// The same for every way of writing one person's number: 18 characters; of a damaged number
    /// the first 15 and `???`, which [`Identity::same_person`] compares by those 15.
    pub key: Option<String>,
    /// Area code and last two characters, the rest stars.
    pub masked: String,
}

impl Identity {
    /// May both numbers be one person's? Damaged numbers are compared by their first 15 digits.
    pub fn same_person(&self, other: &Identity) -> bool {
        match (&self.key, &other.key) {
            (Some(a), Some(b)) if a.ends_with('?') || b.ends_with('?') => {
                a.len() == 18 && b.len() == 18 && a.get(..15) == b.get(..15)
            }
            (Some(a), Some(b)) => a == b,
            _ => false,
        }
    }
}

/// The check character of the first 17 digits: Σ digit·weight mod 11 looked up in `10X98765432`.
/// `None` if these are not 17 digits.
///
/// ```
/// use touyan::book::value::check_character;
/// assert_eq!(check_character("11010519491231002"), Some('X'));
/// ```
pub fn check_character(first: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let bytes = first.as_bytes();
    if bytes.len() != 17 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CHECKS.get((sum % 11) as usize).copied()
}

/// An identity number, checked.
///
/// # Errors
/// A spreadsheet error; whatever else stands there is an [`Identity`] with its state.
pub fn identity(cell: &Cell) -> Outcome<Identity> {
    match cell {
        Cell::Empty => Ok(Parsed::nothing(Repairs::NONE)),
        Cell::Error(_) => Err(super::Fault::SheetError),
        // Up to 2⁵³ every whole number is itself; beyond, the last digits are the computer's.
        Cell::Number(n) if n.abs() >= 9_007_199_254_740_992.0 => Ok(Parsed::sure(scientific(*n, 17), Repairs::NONE)),
        Cell::Number(_) | Cell::YesNo(_) | Cell::Date(_) => Ok(Parsed::sure(checked(&shown(cell)), Repairs::NONE)),
        Cell::Text(text) => {
            let (number, mut repairs) = compact(text);
            let mut number = number.into_owned();
            if number.is_empty() {
                return Ok(Parsed::nothing(repairs));
            }
            if number.ends_with('x') && number.len() == 18 {
                number.replace_range(17.., "X");
                repairs.add(Repair::LowerX);
            }
            let quoted = number.trim_end_matches(['\'', '’', '`']).len();
            if quoted < number.len() {
                number.truncate(quoted);
                repairs.add(Repair::Apostrophe);
            }
            let identity = match lost(&number) {
                Some(value) => {
                    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
                    scientific(value, mantissa.bytes().filter(u8::is_ascii_digit).count())
                }
                None => checked(&number),
            };
            Ok(Parsed::sure(identity, repairs))
        }
    }
}

/// `4.10521E+17`, or its digits with a point: a number where a code belongs.
fn lost(text: &str) -> Option<f64> {
    let scientific = text.contains(['e', 'E']) && text.bytes().all(|b| b.is_ascii_digit() || b"eE+.".contains(&b));
    let pointed = text.strip_suffix(".0").is_some_and(|t| t.len() == 18 && t.bytes().all(|b| b.is_ascii_digit()));
    if scientific || pointed { text.parse::<f64>().ok().filter(|v| v.is_finite()) } else { None }
}

/// A number that a double has passed through: 15 significant digits at best, and no more than
/// were written.
fn scientific(value: f64, written: usize) -> Identity {
    // The shortest digits that read back as this double.
    let shortest = format!("{value:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, ""));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let mut identity = Identity {
        state: if exponent == "17" { IdState::Damaged } else { IdState::BadLength },
        birth: None,
        sex: None,
        key: None,
        masked: format!("{}…E+{exponent}", digits.get(..6).unwrap_or(&digits)),
    };
    // Six digits of `4.10521E+17` name a county, not a person; fifteen name nearly one.
    if exponent == "17" && written >= 15 {
        let first = format!("{digits:0<15}");
        fill_damaged(&mut identity, &first[..15]);
    }
    identity
}

fn fill_damaged(identity: &mut Identity, first: &str) {
    identity.birth = birth(first, 6..10, "");
    identity.key = Some(format!("{first}???"));
    identity.masked = format!("{}**********??", &first[..6]);
}

fn birth(number: &str, year: std::ops::Range<usize>, century: &str) -> Option<NaiveDate> {
    let end = year.end;
    let year = format!("{century}{}", number.get(year)?).parse().ok()?;
    let month = number.get(end..end + 2)?.parse().ok()?;
    let day = number.get(end + 2..end + 4)?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day).filter(|d| YEARS.contains(&d.year()))
}

fn sex(digit: u8) -> Option<Sex> {
    digit.is_ascii_digit().then(|| if (digit - b'0') % 2 == 1 { Sex::Male } else { Sex::Female })
}

fn checked(number: &str) -> Identity {
    let bytes = number.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let nothing = |state| Identity { state, birth: None, sex: None, key: None, masked: hidden(number) };
    match bytes.len() {
        18 if digits == 18 || (digits == 17 && bytes[17] == b'X') => {
            let right = check_character(&number[..17]).is_some_and(|c| number.ends_with(c));
            if !right && number.ends_with("000") {
                let mut damaged = nothing(IdState::Damaged);
                fill_damaged(&mut damaged, &number[..15]);
                return damaged;
            }
            let birth = birth(number, 6..10, "");
            let state = match (birth, right) {
                (None, _) => IdState::BadDate,
                (_, false) => IdState::BadCheck,
                (_, true) => IdState::Ok,
            };
            let key = Some(number.to_owned());
            Identity { state, birth, sex: sex(bytes[16]), key, masked: hidden(number) }
        }
        15 if digits == 15 => {
            let birth = birth(number, 6..8, "19");
            let state = if birth.is_some() { IdState::Old } else { IdState::BadDate };
            // The same person's new number: the century put in, the check character behind.
            let long = format!("{}19{}", &number[..6], &number[6..]);
            let key = check_character(&long).map(|c| format!("{long}{c}"));
            Identity { state, birth, sex: sex(bytes[14]), key, masked: hidden(number) }
        }
        length if digits == length || (digits + 1 == length && bytes.ends_with(b"X")) => nothing(IdState::BadLength),
        _ => nothing(IdState::BadForm),
    }
}

/// As [`mask`], and short or strange numbers keep their last two characters only.
fn hidden(number: &str) -> String {
    let masked = mask(number);
    if masked != number {
        return masked;
    }
    let length = number.chars().count();
    number.chars().enumerate().map(|(i, c)| if i + 2 < length { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Identity {
        identity(&Cell::Text(text.to_owned())).ok().and_then(|p| p.value).expect("an identity")
    }

    fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    #[test]
    fn published_numbers_are_right() {
        // The standard's own examples, and two of the unassigned area 990121.
        let table = [
            ("11010519491231002X", day(1949, 12, 31), Sex::Female),
            ("34052419800101001X", day(1980, 1, 1), Sex::Male),
            ("990121198002151017", day(1980, 2, 15), Sex::Male),
            ("990121199511302041", day(1995, 11, 30), Sex::Female),
        ];
        for (number, birth, sex) in table {
            let id = read(number);
            assert_eq!((id.state, id.birth, id.sex), (IdState::Ok, birth, Some(sex)), "{number}");
            assert_eq!(id.key.as_deref(), Some(number));
            assert!(!id.masked.contains(&number[6..14]), "{}", id.masked);
        }
        assert_eq!(read("990121198002151017").masked, "990121**********17");
    }

    #[test]
    fn dress_is_repaired() {
        let dressed = identity(&Cell::Text("'34052419800101001ｘ\t".into())).unwrap();
        let id = dressed.value.unwrap();
        assert_eq!((id.state, id.key.as_deref()), (IdState::Ok, Some("34052419800101001X")));
        for repair in [Repair::Tab, Repair::Apostrophe, Repair::FullWidth, Repair::LowerX] {
            assert!(dressed.repairs.has(repair), "{repair:?}");
        }
    }

    #[test]
    fn damaged_numbers_keep_fifteen_digits() {
        let whole = read("990121198002151017");
        for cell in [
            Cell::Text("990121198002151000".into()),
            Cell::Number(990_121_198_002_151_017.0),
            Cell::Text("9.90121198002151E+17".into()),
            Cell::Text("990121198002151000.0".into()),
        ] {
            let id = identity(&cell).unwrap().value.unwrap();
            assert_eq!((id.state, id.birth, id.sex), (IdState::Damaged, day(1980, 2, 15), None), "{cell:?}");
            assert_eq!(id.key.as_deref(), Some("990121198002151???"), "{cell:?}");
            assert!(id.same_person(&whole) && whole.same_person(&id));
            assert_eq!(id.masked, "990121**********??");
        }
        let id = read("4.10521E+17");
        assert_eq!((id.state, id.birth, id.key.as_deref()), (IdState::Damaged, None, None));
        assert_eq!(id.masked, "410521…E+17");
        assert!(!id.same_person(&id));
    }

    #[test]
    fn faults_are_told_apart() {
        let table = [
            ("990121198002151018", IdState::BadCheck),
            ("99012119800215101", IdState::BadLength),
            ("9901211980021510170", IdState::BadLength),
            ("990121198013151011", IdState::BadDate),
            ("990121300002151017", IdState::BadDate),
            ("H12345678", IdState::BadForm),
            ("990121 无", IdState::BadForm),
            ("990121800215101", IdState::Old),
        ];
        for (number, state) in table {
            assert_eq!(read(number).state, state, "{number}");
        }
        let old = read("990121800215101");
        assert_eq!((old.birth, old.sex), (day(1980, 2, 15), Some(Sex::Male)));
        assert!(old.same_person(&read("990121198002151017")));
        assert_eq!(read("H12345678").masked, "H12****78");
        assert_eq!(identity(&Cell::Text(" \t".into())).unwrap().value, None);
    }

    proptest! {
        /// Any single wrong digit, and any exchange of two unequal neighbours, is found.
        #[test]
        fn the_check_finds_typing_errors(area in 100_000..999_999_u32, days in 0..40_000_i64, order in 0..1000_u32,
                                         at in 0..17_usize, other in 1..10_u8) {
            let birth = NaiveDate::from_ymd_opt(1920, 1, 1).unwrap() + chrono::Duration::days(days);
            let first = format!("{area}{}{order:03}", birth.format("%Y%m%d"));
            let number = format!("{first}{}", check_character(&first).unwrap());
            let id = read(&number);
            prop_assert_eq!((id.state, id.birth), (IdState::Ok, Some(birth)));
            prop_assert_eq!(id.sex, Some(if order % 2 == 1 { Sex::Male } else { Sex::Female }));
            prop_assert!(!id.masked.contains(&number[6..12]));

            let mut wrong = number.clone().into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + other) % 10;
            prop_assert_ne!(read(std::str::from_utf8(&wrong).unwrap()).state, IdState::Ok);
            let mut swapped = number.into_bytes();
            if at < 16 && swapped[at] != swapped[at + 1] {
                swapped.swap(at, at + 1);
                prop_assert_ne!(read(std::str::from_utf8(&swapped).unwrap()).state, IdState::Ok);
            }
        }
    }
}
