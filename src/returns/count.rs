//! What is still wrong, and what was put right, per township.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::place::{Doubt, Place};
use super::{Count, list_code};
use crate::frame::{Build, FrameResult};

/// Doubts by township, list and reason. A doubt that stood in the book before copies came back and
/// stands there no more was corrected.
pub(super) fn by_reason(now: &[Doubt], before: Option<&[Doubt]>) -> FrameResult<DataFrame> {
    let mut counts: BTreeMap<(Option<Place>, &str, String), (i64, i64)> = BTreeMap::new();
    let key = |d: &Doubt| (d.place.clone(), list_code(d.listing), d.finding.reason.clone());
    let mark = |d: &Doubt| (d.source.clone(), list_code(d.listing), d.finding.reason.clone(), d.finding.column.clone());
    for doubt in now {
        counts.entry(key(doubt)).or_default().0 += 1;
    }
    let still: BTreeSet<_> = now.iter().map(mark).collect();
    for doubt in before.unwrap_or_default().iter().filter(|d| !still.contains(&mark(d))) {
        counts.entry(key(doubt)).or_default().1 += 1;
    }
    let place = |p: &Option<Place>| p.as_ref().map(|(c, t)| (c.clone(), t.clone()));
    let rows: Vec<_> = counts.into_iter().map(|((p, list, reason), n)| (place(&p), list, reason, n)).collect();
    Build::new()
        .text("county", rows.iter().map(|r| r.0.as_ref().map(|p| p.0.clone())).collect())
        .text("township", rows.iter().map(|r| r.0.as_ref().map(|p| p.1.clone())).collect())
        .text("list", rows.iter().map(|r| Some(r.1)).collect())
        .text("reason", rows.iter().map(|r| Some(r.2.clone())).collect())
        .whole("open", rows.iter().map(|r| Some(r.3.0)).collect())
        .whole("corrected", rows.iter().map(|r| Some(r.3.1)).collect())
        .done()
}

/// The sums per township, those without doubts too.
pub(super) fn by_township(copies: &BTreeMap<Option<Place>, Count>, counts: &DataFrame) -> FrameResult<DataFrame> {
    let texts = |name: &str| crate::frame::texts(counts, name);
    let wholes = |name: &str| crate::frame::wholes(counts, name);
    let mut sums: BTreeMap<Option<Place>, (i64, i64)> = BTreeMap::new();
    let places = texts("county")?.into_iter().zip(texts("township")?);
    for ((county, township), (open, corrected)) in places.zip(wholes("open")?.into_iter().zip(wholes("corrected")?)) {
        let place = county.zip(township).map(|(c, t)| (c.to_owned(), t.to_owned()));
        let sum = sums.entry(place).or_default();
        sum.0 += open.unwrap_or(0);
        sum.1 += corrected.unwrap_or(0);
    }
    let rows: Vec<_> = copies
        .iter()
        .map(|(place, count)| (place.clone(), count.clone(), sums.get(place).copied().unwrap_or_default()))
        .collect();
    let whole = |n: usize| Some(i64::try_from(n).unwrap_or(i64::MAX));
    Build::new()
        .text("county", rows.iter().map(|r| r.0.as_ref().map(|p| p.0.clone())).collect())
        .text("township", rows.iter().map(|r| r.0.as_ref().map(|p| p.1.clone())).collect())
        .whole("files", rows.iter().map(|r| whole(r.1.files)).collect())
        .whole("rows", rows.iter().map(|r| whole(r.1.rows)).collect())
        .whole("open", rows.iter().map(|r| Some(r.2.0)).collect())
        .whole("corrected", rows.iter().map(|r| Some(r.2.1)).collect())
        .done()
}
