//! Groups of rows that stand in for one another.

use std::collections::BTreeMap;

use super::Gaps;

/// Is there such a text column?
pub(super) fn check(within: Option<&String>, texts: &[&str]) -> Result<(), String> {
    match within {
        Some(column) if !texts.contains(&column.as_str()) => {
            Err(format!("`within` = \"{column}\" is no text column of the table"))
        }
        _ => Ok(()),
    }
}

/// One figure of the measured values of the same period, or of the same group (value of the text
/// column) in the same period, by row. `figure` gets the values in the order of rows, at least one;
/// NaN for rows without a group and for groups in which nothing is measured.
pub(super) fn figure(
    gaps: &Gaps,
    indicator: usize,
    within: Option<&String>,
    figure: fn(&mut [f64]) -> f64,
) -> Vec<f64> {
    let group = |row: usize| -> Option<&str> {
        match within {
            None => Some(""),
            Some(column) => gaps.texts.get(column).and_then(|c| c[row].as_deref()),
        }
    };
    let mut values = BTreeMap::<(i64, &str), Vec<f64>>::new();
    for (row, value) in gaps.values[indicator].iter().enumerate() {
        if let (false, Some(group)) = (value.is_nan(), group(row)) {
            values.entry((gaps.periods[row], group)).or_default().push(*value);
        }
    }
    let figures: BTreeMap<(i64, &str), f64> = values.into_iter().map(|(key, mut v)| (key, figure(&mut v))).collect();
    let of = |row: usize| group(row).and_then(|g| figures.get(&(gaps.periods[row], g)).copied());
    (0..gaps.rows()).map(|row| of(row).unwrap_or(f64::NAN)).collect()
}
