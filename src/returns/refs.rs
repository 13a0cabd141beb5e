//! What happens to references when rows leave a sheet: a formula, a merged range or a print area
//! points at the same cells as before, as far as they are still there.

use std::collections::BTreeMap;

/// Where the rows of a sheet have gone; rows are 1-based.
#[derive(Clone, Debug, Default)]
pub(super) struct RowMap {
    /// By old row (0 unused): the new row, 0 for one that left.
    new: Vec<u32>,
    /// By old row: how many rows up to it stayed.
    stayed: Vec<u32>,
    /// Rows of the new sheet.
    height: u32,
}

impl RowMap {
    /// From the old row of every new row (`None` for a row that is new itself); old rows ascend.
    pub fn new(old_height: u32, from: &[Option<u32>]) -> RowMap {
        let size = old_height.max(from.iter().flatten().copied().max().unwrap_or(0)) as usize + 1;
        let mut new = vec![0; size];
        for (at, old) in (1..).zip(from) {
            if let Some(old) = old {
                new[*old as usize] = at;
            }
        }
        let mut stayed = vec![0; size];
        for row in 1..size {
            stayed[row] = stayed[row - 1] + u32::from(new[row] > 0);
        }
        RowMap { new, stayed, height: from.len() as u32 }
    }

    /// A row's new place; rows below everything keep their distance to the end.
    pub fn row(&self, old: u32) -> Option<u32> {
        match self.new.get(old as usize) {
            Some(0) => None,
            Some(new) => Some(*new),
            None => Some(self.height + old + 1 - self.new.len() as u32),
        }
    }

    /// The part of a range that is left, and whether anything of it is missing or new.
    pub fn range(&self, top: u32, bottom: u32) -> Option<(u32, u32, bool)> {
        let (top, bottom) = (top.min(bottom), top.max(bottom));
        let first = (top..=bottom.min(self.new.len() as u32 - 1).max(top)).find_map(|r| self.row(r))?;
        let last = if (bottom as usize) < self.new.len() {
            (top..=bottom).rev().find_map(|r| self.row(r))?
        } else {
            self.row(bottom)?
        };
        Some((first, last, last - first != bottom - top))
    }

    /// Did every row stay, and none come?
    pub fn is_same(&self) -> bool {
        self.stayed.last().is_none_or(|n| *n as usize == self.new.len() - 1 && *n == self.height)
    }
}

/// What became of a formula.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub text: String,
    /// It points at something that left.
    pub lost: bool,
    /// A range of it is longer or shorter than it was.
    pub changed: bool,
}

/// A column and a row as written: `$B$7`.
struct Reference<'a> {
    column: &'a str,
    fixed: bool,
    row: u32,
}

fn reference(word: &str) -> Option<Reference<'_>> {
    let letters = word.trim_start_matches('$');
    let at = letters.find(|c: char| !c.is_ascii_alphabetic())?;
    let start = word.len() - letters.len() + at;
    let (column, rest) = word.split_at(start);
    let fixed = rest.starts_with('$');
    let digits = rest.strip_prefix('$').unwrap_or(rest);
    let fits = (1..=3).contains(&at)
        && word.len() - letters.len() <= 1
        && (1..=7).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten().filter(|r| *r > 0).map(|row| Reference { column, fixed, row })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?')
}

/// Moves the references of a formula of sheet `own`. `maps` holds the sheets of the new workbook; a
/// reference to any other sheet is lost.
pub(super) fn remap(formula: &str, own: &str, maps: &BTreeMap<String, RowMap>) -> Moved {
    let chars: Vec<char> = formula.chars().collect();
    let mut out = Moved { text: String::with_capacity(formula.len()), ..Moved::default() };
    let mut sheet: Option<String> = None;
    let mut at = 0;
    let word_from = |from: usize| -> usize {
        let mut end = from;
        while end < chars.len() && is_word(chars[end]) {
            end += 1;
        }
        end
    };
    while at < chars.len() {
        match chars[at] {
            quote @ ('"' | '\'') => {
                let mut end = at + 1;
                while end < chars.len() && (chars[end] != quote || chars.get(end + 1) == Some(&quote)) {
                    end += if chars[end] == quote { 2 } else { 1 };
                }
                let end = (end + 1).min(chars.len());
                let text: String = chars[at..end].iter().collect();
                if quote == '\'' && chars.get(end) == Some(&'!') {
                    sheet = Some(text.trim_matches('\'').replace("''", "'"));
                }
                out.text.push_str(&text);
                at = end;
            }
            // Structured references and other workbooks.
            '[' => {
                out.lost = true;
                out.text.push('[');
                at += 1;
            }
            '!' => {
                out.text.push('!');
                at += 1;
            }
            c if is_word(c) => {
                let end = word_from(at);
                let word: String = chars[at..end].iter().collect();
                at = end;
                if chars.get(at) == Some(&'!') {
                    sheet = Some(word.clone());
                    out.text.push_str(&word);
                    continue;
                }
                if chars.get(at) == Some(&'(') {
                    out.text.push_str(&word);
                    continue;
                }
                let name = sheet.take();
                let Some(first) = reference(&word) else {
                    out.text.push_str(&word);
                    continue;
                };
                let Some(map) = maps.get(name.as_deref().unwrap_or(own)) else {
                    out.lost = true;
                    out.text.push_str(&word);
                    continue;
                };
                let mut second = None;
                if chars.get(at) == Some(&':') {
                    let end = word_from(at + 1);
                    let word: String = chars[at + 1..end].iter().collect();
                    if let Some(r) = reference(&word) {
                        second = Some((r.column.to_owned(), r.fixed, r.row));
                        at = end;
                    }
                }
                let sign = |fixed: bool| if fixed { "$" } else { "" };
                match second {
                    None => match map.row(first.row) {
                        Some(row) => out.text.push_str(&format!("{}{}{row}", first.column, sign(first.fixed))),
                        None => {
                            out.lost = true;
                            out.text.push_str("#REF!");
                        }
                    },
                    Some((column, fixed, row)) => match map.range(first.row, row) {
                        Some((top, bottom, changed)) => {
                            out.changed |= changed;
                            out.text.push_str(&format!(
                                "{}{}{top}:{column}{}{bottom}",
                                first.column,
                                sign(first.fixed),
                                sign(fixed)
                            ));
                        }
                        None => {
                            out.lost = true;
                            out.text.push_str("#REF!");
                        }
                    },
                }
            }
            c => {
                out.text.push(c);
                at += 1;
            }
        }
    }
    out
}

/// Moves a range such as `A4:C9`; `None` if nothing of it is left. Whole columns stay.
pub(super) fn remap_range(range: &str, map: &RowMap) -> Option<String> {
    let maps = BTreeMap::from([(String::new(), map.clone())]);
    let moved = remap(range, "", &maps);
    (!moved.lost).then_some(moved.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps() -> BTreeMap<String, RowMap> {
        // Ten rows, of which 1–3, 6, 7 and 10 stay, with a new row after 7.
        let from = [Some(1), Some(2), Some(3), Some(6), Some(7), None, Some(10)];
        BTreeMap::from([
            ("村情".to_owned(), RowMap::new(10, &from)),
            ("词".to_owned(), RowMap::new(2, &[Some(1), Some(2)])),
        ])
    }

    #[test]
    fn references_follow_their_cells() {
        let moved = |formula: &str| remap(formula, "村情", &maps());
        for (formula, expected) in [
            ("B6/C6", "B4/C4"),
            ("SUM($D$4:D10)", "SUM($D$4:D7)"),
            ("IF(A7=\"A6\",\"说\"\"B6\",'词'!A2)", "IF(A5=\"A6\",\"说\"\"B6\",'词'!A2)"),
            ("COUNTIF(词!$A$1:$A$2,B7)&LOG10(B7)", "COUNTIF(词!$A$1:$A$2,B5)&LOG10(B5)"),
            ("SUM(A:A)+B12", "SUM(A:A)+B9"),
            ("VLOOKUP(B7,D6:E7,2,0)", "VLOOKUP(B5,D4:E5,2,0)"),
        ] {
            assert_eq!(moved(formula).text, expected, "{formula}");
            assert!(!moved(formula).lost, "{formula}");
        }
        assert!(moved("SUM(D4:D10)").changed && !moved("SUM(D6:D7)").changed);
        for lost in ["B4+1", "SUM(D4:D5)", "别表!A1", "Sheet9!A1:B2", "表1[收入]"] {
            assert!(moved(lost).lost, "{lost}");
        }
    }

    #[test]
    fn ranges_shrink() {
        let map = maps().remove("村情").unwrap_or_default();
        assert_eq!(remap_range("A1:H1", &map).as_deref(), Some("A1:H1"));
        assert_eq!(remap_range("A3:A8", &map).as_deref(), Some("A3:A5"));
        assert_eq!(remap_range("A4:A5", &map), None);
        assert_eq!(remap_range("D4:D1000", &map).as_deref(), Some("D4:D997"));
        assert!(!map.is_same() && RowMap::new(2, &[Some(1), Some(2)]).is_same());
    }
}
