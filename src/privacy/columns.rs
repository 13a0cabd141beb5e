//! Columns emptied, masked and rewritten.

use std::collections::HashMap;

use polars::prelude::*;
use rayon::prelude::*;

use super::cells::Outputs;
use super::names::{MASK, Names};
use super::registry::{self, Class};
use crate::frame::FrameResult;

/// Names of places are keys.
pub(super) fn is_place(column: &str) -> bool {
    matches!(column, "county" | "township" | "village" | "village_name" | "code" | "urban_rural")
}

/// Names of all columns.
pub(super) fn column_names(table: &DataFrame) -> Vec<String> {
    table.get_column_names().into_iter().map(|n| n.to_string()).collect()
}

/// Puts null into every row of a column.
pub(super) fn empty(frame: &mut DataFrame, column: &str) -> FrameResult<()> {
    if let Ok(found) = frame.column(column) {
        let empty = Column::full_null(column.into(), frame.height(), found.dtype());
        frame.with_column(empty)?;
    }
    Ok(())
}

/// Digits after the `R` of a surrogate code.
const CODE_DIGITS: usize = 12;

pub(super) fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('R').unwrap_or_default();
    digits.len() == CODE_DIGITS && digits.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Takes names out of the columns of some classes, and out of columns of people whatever is no code.
pub(super) fn mask_columns(tables: &mut Outputs, names: &Names, classes: &[Class]) -> FrameResult<()> {
    let mut todo: Vec<(&'static str, &mut DataFrame)> = tables.iter_mut().map(|(name, table)| (*name, table)).collect();
    todo.par_iter_mut().try_for_each(|(name, table)| {
        let Some(form) = registry::form(name) else { return Ok(()) };
        for column in column_names(table) {
            match form.class(&column).filter(|class| classes.contains(class)) {
                Some(Class::Person) => mask_codes(table, &column)?,
                Some(_) => mask_column(table, &column, names)?,
                None => {}
            }
        }
        Ok(())
    })
}

/// Rewrites the texts of a column that `change` has another wording for.
pub(super) fn rewrite(
    frame: &mut DataFrame,
    column: &str,
    change: impl Fn(usize, &str) -> Option<String>,
) -> FrameResult<()> {
    let Ok(found) = frame.column(column).cloned() else { return Ok(()) };
    let texts: Vec<Option<&str>> = found.str()?.iter().collect();
    let other: Vec<(usize, String)> =
        texts.iter().enumerate().filter_map(|(row, text)| Some((row, change(row, (*text)?)?))).collect();
    replace(frame, column, &texts, &other)
}

/// A text with ＊ for its numbers of up to three digits and for its shares in per cent, from which a
/// number beside its whole would follow; dates, codes and larger sums stay. `None` if there are none.
pub(super) fn without_numbers(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/');
    let (mut written, mut changed, mut at) = (String::with_capacity(text.len()), false, 0);
    while at < chars.len() {
        let end = (at..chars.len()).find(|i| !part(chars[*i])).unwrap_or(chars.len());
        let word: String = chars[at..end].iter().collect();
        // A full stop or a hyphen at the end belongs to the sentence.
        let number = word.trim_end_matches(['.', '-', '/']);
        let digits = |number: &str| number.bytes().all(|b| b.is_ascii_digit());
        let share = matches!(chars.get(end), Some('%' | '％')) && digits(&number.replace('.', ""));
        if !number.is_empty() && (share || number.len() <= 3 && digits(number)) {
            written.push('＊');
            written.push_str(&word[number.len()..]);
            changed = true;
        } else {
            written.push_str(&word);
        }
        at = end;
        if let Some(c) = chars.get(at) {
            written.push(*c);
            at += 1;
        }
    }
    changed.then_some(written)
}

/// Takes names out of a text column; no column of that name is no error.
pub(super) fn mask_column(frame: &mut DataFrame, column: &str, names: &Names) -> FrameResult<()> {
    let Ok(found) = frame.column(column).cloned() else { return Ok(()) };
    let texts: Vec<Option<&str>> = found.str()?.iter().collect();
    let masked: Vec<(usize, String)> = texts
        .par_iter()
        .enumerate()
        .filter_map(|(i, text)| match names.mask((*text)?) {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(masked) => Some((i, masked)),
        })
        .collect();
    replace(frame, column, &texts, &masked)
}

/// Anything in a column of codes that is no code.
fn mask_codes(frame: &mut DataFrame, column: &str) -> FrameResult<()> {
    let Ok(found) = frame.column(column).cloned() else { return Ok(()) };
    let texts: Vec<Option<&str>> = found.str()?.iter().collect();
    let other = |text: &Option<&str>| text.is_some_and(|t| !t.is_empty() && !is_code(t));
    let masked: Vec<(usize, String)> =
        texts.iter().enumerate().filter(|(_, t)| other(t)).map(|(i, _)| (i, MASK.to_owned())).collect();
    replace(frame, column, &texts, &masked)
}

fn replace(frame: &mut DataFrame, column: &str, texts: &[Option<&str>], masked: &[(usize, String)]) -> FrameResult<()> {
    if masked.is_empty() {
        return Ok(());
    }
    let mut all = texts.to_vec();
    for (i, text) in masked {
        all[*i] = Some(text);
    }
    let cells: StringChunked = all.into_iter().collect();
    frame.with_column(cells.with_name(column.into()).into_column())?;
    Ok(())
}

/// A text column with other texts for some of its distinct values; `None` if nothing changes. Each
/// value is judged once.
pub(super) fn distinct(column: &Column, change: impl Fn(&str) -> Option<String>) -> FrameResult<Option<Column>> {
    let texts = column.str()?;
    let mut judged: HashMap<&str, Option<String>> = HashMap::new();
    let mut last = None;
    let mut any = false;
    for text in texts.iter().flatten() {
        // Keys of a village stand in many rows on end.
        if last != Some(text) {
            last = Some(text);
            any |= judged.entry(text).or_insert_with(|| change(text)).is_some();
        }
    }
    if !any {
        return Ok(None);
    }
    let other = |text: &str| judged.get(text).and_then(Option::as_ref).cloned().unwrap_or_else(|| text.to_owned());
    let changed: StringChunked = texts.iter().map(|text| text.map(other)).collect();
    Ok(Some(changed.with_name(column.name().clone()).into_column()))
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn numbers_of_people_go_and_dates_stay() {
        let short = |text| without_numbers(text);
        assert_eq!(short("53岁，超过40岁").as_deref(), Some("＊岁，超过＊岁"));
        assert_eq!(
            short("holder is 61 on election day, above 60.").as_deref(),
            Some("holder is ＊ on election day, above ＊.")
        );
        assert_eq!(short("2025-02-09纳入，22368元，RZ5QVKN8CC006"), None);
        // A share beside the whole that stands in the table gives the number away.
        let told = "2025年4个村村主职变动，占33.3%";
        assert_eq!(short(told).as_deref(), Some("2025年＊个村村主职变动，占＊%"));
        assert_eq!(short("，"), None);
    }
}
