//! Checks that several sections of the policy share.

use crate::book::schema::{TABLES, Vocab};
use crate::policy::Words;

/// The key and what is wrong with it.
pub(crate) type Wrong = (String, String);

/// What [`on_grid`] asks for.
pub(crate) const GRID: &str = "points must be 0 to 100 with at most two decimals";

/// Ages that a rule may name.
pub(crate) const AGES: std::ops::RangeInclusive<i32> = 0..=150;

/// Is it 0 to 100 with at most two decimals?
pub(crate) fn on_grid(points: f64) -> bool {
    let hundredths = points * 100.0;
    (0.0..=100.0).contains(&points) && (hundredths - hundredths.round()).abs() < 1e-6
}

/// Are these codes of the closed list?
///
/// # Errors
/// The first that is not.
pub(crate) fn known<S: AsRef<str>>(
    key: &str,
    words: &Words,
    vocab: Vocab,
    codes: impl IntoIterator<Item = S>,
) -> Result<(), Wrong> {
    for code in codes {
        let code = code.as_ref();
        if !words.knows(vocab, code) {
            return Err((key.to_owned(), format!("`{code}` is not a code of [words.{}]", vocab.key())));
        }
    }
    Ok(())
}

/// Protected attributes decide nothing here, under whatever name.
pub(crate) fn not_protected(place: &str, key: &str) -> Result<(), Wrong> {
    let protected = TABLES.iter().flat_map(|t| t.columns).filter(|c| c.protected);
    match protected.into_iter().find(|c| c.name == key || c.zh == key) {
        Some(column) => Err((
            place.to_owned(),
            format!("`{}` is a protected attribute: it may not be a gate or a factor of fit", column.name),
        )),
        None => Ok(()),
    }
}
