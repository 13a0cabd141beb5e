//! Units are places, bodies, countries. Numbers of people's identity cards and telephones are
//! refused as their names, for names stand in every output.

use chrono::NaiveDate;

use super::fault::TableFault;
use crate::book::value::{check_character, compact, mask};

/// From this share of the names on, a column is taken for what it looks like; a few codes of
/// places may look so by chance.
const SHARE: f64 = 0.2;

/// Refuses a column of names that looks like one of identity or mobile numbers.
pub(crate) fn refuse<'a>(names: impl Iterator<Item = &'a str>, column: &str) -> Result<(), TableFault> {
    let (mut count, mut personal, mut first) = (0_usize, 0_usize, None);
    for name in names {
        count += 1;
        let (bare, _) = compact(name);
        if identity(&bare) || mobile(&bare) {
            personal += 1;
            first = first.or_else(|| Some(mask(&bare)));
        }
    }
    match first {
        Some(value) if personal as f64 >= SHARE * count as f64 => {
            Err(TableFault::Personal { column: column.to_owned(), value, count: personal })
        }
        _ => Ok(()),
    }
}

/// Eighteen characters with a birthday and a check character that fit (GB 11643).
fn identity(text: &str) -> bool {
    text.len() == 18
        && text.is_ascii()
        && text[..17].bytes().all(|b| b.is_ascii_digit())
        && NaiveDate::parse_from_str(&text[6..14], "%Y%m%d").is_ok()
        && check_character(&text[..17]).is_some_and(|c| text[17..].to_ascii_uppercase() == c.to_string())
}

/// Eleven digits from 13 to 19.
fn mobile(text: &str) -> bool {
    text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit()) && text.starts_with('1') && text.as_bytes()[1] >= b'3'
}
