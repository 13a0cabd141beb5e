//! Keys of rows: which rows share one, and in which order they stand. Words, numbers and dates are
//! ranked first, so that large tables compare machine words instead of text.

use polars::datatypes::{InitHashMaps, PlHashMap};
use polars::prelude::*;

use crate::frame::FrameResult;

/// Splits groups of rows by one more column.
pub(super) fn refine<T: std::hash::Hash + Eq>(ids: &mut [u32], values: impl Iterator<Item = T>) -> usize {
    let mut seen: PlHashMap<(u32, T), u32> = PlHashMap::with_capacity(ids.len());
    for (id, value) in ids.iter_mut().zip(values) {
        let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        *id = *seen.entry((*id, value)).or_insert(next);
    }
    seen.len()
}

/// Rows in groups; within a group in ascending order.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub rows: Vec<u32>,
    /// Where each group starts, and where the last ends.
    starts: Vec<u32>,
}

impl Groups {
    /// Groups from each row's group number, `0..count`.
    pub fn of(ids: &[u32], count: usize) -> Groups {
        let mut starts = vec![0_u32; count + 1];
        for id in ids {
            starts[*id as usize + 1] += 1;
        }
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; ids.len()];
        for (row, id) in (0_u32..).zip(ids) {
            let slot = &mut next[*id as usize];
            rows[*slot as usize] = row;
            *slot += 1;
        }
        Groups { rows, starts }
    }

    /// Adds a group.
    pub fn push(&mut self, group: &[u32]) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.rows.extend(group);
        self.starts.push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
    }

    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub fn are_single(&self) -> bool {
        self.len() == self.rows.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|w| &self.rows[w[0] as usize..w[1] as usize]).filter(|g| !g.is_empty())
    }
}

/// Sort keys of rows: ranks of words, numbers and dates packed into as few machine words as they
/// need; text of many different values as it is.
pub(super) struct SortKeys<'a> {
    keys: Vec<SortKey<'a>>,
}

enum SortKey<'a> {
    Packed(Vec<u64>),
    Text(Vec<Option<&'a str>>),
}

impl<'a> SortKeys<'a> {
    pub fn of(frame: &'a DataFrame, names: &[&str]) -> FrameResult<SortKeys<'a>> {
        let mut keys: Vec<SortKey<'a>> = Vec::new();
        let mut free = 0_u32;
        for name in names {
            let column = frame.column(name)?;
            let ranks = match column.dtype() {
                DataType::String => {
                    let texts: Vec<Option<&str>> = column.str()?.iter().collect();
                    match text_ranks(&texts) {
                        Some(ranks) => ranks,
                        None => {
                            keys.push(SortKey::Text(texts));
                            free = 0;
                            continue;
                        }
                    }
                }
                DataType::Date => whole_ranks(column.date()?.physical().iter().map(|d| d.map(i64::from))),
                _ => whole_ranks(column.cast(&DataType::Int64)?.i64()?.iter()),
            };
            let most = ranks.iter().copied().max().unwrap_or(0);
            let bits = u64::BITS - most.leading_zeros();
            match keys.last_mut() {
                Some(SortKey::Packed(words)) if free >= bits => {
                    free -= bits;
                    words.iter_mut().zip(&ranks).for_each(|(word, rank)| *word |= rank << free);
                }
                _ => {
                    free = u64::BITS - bits;
                    let shift = free.min(u64::BITS - 1);
                    keys.push(SortKey::Packed(ranks.iter().map(|rank| rank << shift).collect()));
                }
            }
        }
        Ok(SortKeys { keys })
    }

    pub fn compare(&self, a: usize, b: usize) -> std::cmp::Ordering {
        self.keys.iter().fold(std::cmp::Ordering::Equal, |so_far, key| {
            so_far.then_with(|| match key {
                SortKey::Packed(v) => v[a].cmp(&v[b]),
                SortKey::Text(v) => v[a].cmp(&v[b]),
            })
        })
    }
}

/// Ranks of texts, 0 for none; `None` if nearly every one is different.
fn text_ranks(texts: &[Option<&str>]) -> Option<Vec<u64>> {
    let mut seen: PlHashMap<&str, u64> = PlHashMap::new();
    let mut ids: Vec<u64> = Vec::with_capacity(texts.len());
    let mut last: (Option<&str>, u64) = (None, 0);
    let limit = texts.len() / 2 + 64;
    for text in texts {
        if *text != last.0 {
            let next = seen.len() as u64 + 1;
            last = (*text, text.map_or(0, |t| *seen.entry(t).or_insert(next)));
            if seen.len() > limit {
                return None;
            }
        }
        ids.push(last.1);
    }
    let mut words: Vec<(&str, u64)> = seen.into_iter().collect();
    words.sort_unstable();
    let mut rank = vec![0_u64; words.len() + 1];
    for (i, (_, id)) in (1_u64..).zip(&words) {
        rank[*id as usize] = i;
    }
    Some(ids.into_iter().map(|id| rank[id as usize]).collect())
}

/// Ranks of whole numbers, 0 for none: their distance from the least.
fn whole_ranks(values: impl Iterator<Item = Option<i64>>) -> Vec<u64> {
    let values: Vec<Option<i64>> = values.collect();
    let least = values.iter().flatten().copied().min().unwrap_or(0);
    // Numbers that span all of i64 lose nothing: the distance fits u64, and 0 stays for none
    // because the greatest distance is taken down by one.
    values.iter().map(|v| v.map_or(0, |x| x.abs_diff(least).saturating_add(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Build;

    #[test]
    fn groups_keep_rows_in_order() {
        let groups = Groups::of(&[1, 0, 1, 2], 3);
        assert_eq!(groups.iter().map(<[u32]>::to_vec).collect::<Vec<_>>(), [vec![1], vec![0, 2], vec![3]]);
        assert!(!groups.are_single());
        assert!(Groups::of(&[0, 1], 2).are_single());
    }

    #[test]
    fn packed_keys_order_as_the_values_do() -> FrameResult<()> {
        let texts = [Some("b"), None, Some("a"), Some("b"), Some("a")];
        let wholes = [Some(i64::MIN), Some(3), Some(i64::MAX), None, Some(-5)];
        let frame = Build::new().text("t", texts.to_vec()).whole("w", wholes.to_vec()).done()?;
        let keys = SortKeys::of(&frame, &["t", "w"])?;
        for a in 0..5 {
            for b in 0..5 {
                assert_eq!(keys.compare(a, b), (texts[a], wholes[a]).cmp(&(texts[b], wholes[b])), "{a} {b}");
            }
        }
        Ok(())
    }
}
