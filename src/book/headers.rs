//! Headers: where a sheet's header rows are, and what each column's header says once rows are
//! joined and units, years, brackets and line breaks are taken out.

use super::lexicon::Lexicon;
use super::raw::{Cell, Merge};
use super::value::{self, HeaderUnit};

/// One cell of a header row, normalised.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) struct Level {
    /// Letters and digits only, without unit, year and bracketed remarks.
    pub text: String,
    /// As `text`, with bracketed remarks: 乡（镇） is 乡镇.
    pub full: String,
    pub unit: Option<HeaderUnit>,
    pub year: Option<i64>,
}

/// The header of one column.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// As written, lowest row last, without line breaks.
    pub written: String,
    /// What it may be called, most telling first: rows joined, lowest row alone …
    pub texts: Vec<String>,
    pub unit: Option<HeaderUnit>,
    pub year: Option<i64>,
}

impl Header {
    /// A running number, or a column without a header.
    pub fn is_serial(&self) -> bool {
        self.texts.iter().all(String::is_empty)
            || self.texts.iter().any(|t| matches!(t.as_str(), "序号" | "编号" | "序" | "no" | "排序" | "顺序"))
    }
}

/// The header rows of a sheet, 0-based and inclusive, and its columns' headers.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub first: usize,
    pub last: usize,
    pub headers: Vec<Header>,
}

/// How far down a header is looked for.
const DEPTH: usize = 40;
/// Most header rows that a sheet may have.
const ROWS: usize = 4;

/// The text of a cell, as far as a header or a note may need it.
pub(super) fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Number(x) => crate::kernel::round::show(*x, 6),
        Cell::Date(day) => day.to_string(),
        Cell::YesNo(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Cell::Empty | Cell::Error(_) => String::new(),
    }
}

/// One header cell or alias, normalised.
pub(super) fn level(written: &str) -> Level {
    let found = value::header(written);
    let letters = |text: &str| {
        let text: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        // 2023-2025年度考核等次: a span of years is "the last years".
        match text.get(..8).filter(|span| span.bytes().all(|b| b.is_ascii_digit())) {
            Some(_) => format!("近三年{}", text[8..].trim_start_matches(['年', '度'])),
            None => text,
        }
    };
    Level { text: letters(&found.core), full: letters(&found.full), unit: found.unit, year: found.year.map(i64::from) }
}

/// The header rows, found by content: the row that holds most known headers, with the rows above
/// and below it that make more of them known. `None` if no row holds two.
pub(super) fn find(rows: &[Vec<Cell>], merges: &[Merge], lexicon: &Lexicon, hints: &[&str]) -> Option<Head> {
    let known = |row: &Vec<Cell>| {
        let mut seen: Vec<String> = row
            .iter()
            .map(|c| level(&text(c)))
            .filter_map(|l| [l.full, l.text].into_iter().find(|t| lexicon.knows(t)))
            .collect();
        seen.sort();
        seen.dedup();
        seen.len()
    };
    let counts: Vec<usize> = rows.iter().take(DEPTH).map(known).collect();
    let best = counts.iter().copied().max().filter(|n| *n >= 2)?;
    let base = counts.iter().position(|n| *n == best)?;
    let mut chosen: Option<(f64, usize, usize)> = None;
    let mut windows: Vec<(usize, usize)> = Vec::new();
    for first in base.saturating_sub(ROWS - 1)..=base {
        for last in base..(first + ROWS).min(rows.len()) {
            if (first..=last).all(|r| r == base || header_like(&rows[r])) {
                windows.push((first, last));
            }
        }
    }
    // Smaller windows first: a row that explains nothing more is no header row.
    windows.sort_by_key(|(first, last)| (last - first, *last));
    for (first, last) in windows {
        let headers = join(rows, merges, first, last);
        let Some(fit) = lexicon.fits(&headers, hints).into_iter().next() else { continue };
        let score = fit.score + if fit.missing.is_empty() { 100.0 } else { 0.0 };
        if chosen.is_none_or(|(best, ..)| score > best + 1e-9) {
            chosen = Some((score, first, last));
        }
    }
    let (_, mut first, mut last) = chosen?;
    // Rows under a header cell that is merged downwards belong to the header, as do group headers
    // merged to the right above it.
    while let Some(low) =
        merges.iter().filter(|m| (first..=last).contains(&m.top) && m.bottom > last).map(|m| m.bottom).max()
    {
        if low >= first + ROWS + 2 || low >= rows.len() || !(last + 1..=low).all(|r| header_like(&rows[r])) {
            break;
        }
        last = low;
    }
    while first > 0 && is_group_row(&rows[first - 1], merges, first - 1, rows[first].len()) {
        first -= 1;
    }
    Some(Head { first, last, headers: join(rows, merges, first, last) })
}

/// Could the row be part of a header: words, or years, rather than data?
fn header_like(row: &[Cell]) -> bool {
    let mut words = 0;
    let mut others = 0;
    for cell in row {
        match cell {
            Cell::Text(text) if text.trim().is_empty() => {}
            Cell::Text(text) if text.trim().chars().all(|c| c.is_ascii_digit() || ".-/%".contains(c)) => {
                if text.trim().parse::<i64>().is_ok_and(|y| (1990..=2100).contains(&y)) {
                    words += 1
                } else {
                    others += 1
                }
            }
            Cell::Text(_) => words += 1,
            Cell::Number(x) if (1990.0..=2100.0).contains(x) && *x == x.trunc() => words += 1,
            Cell::Empty => {}
            _ => others += 1,
        }
    }
    words > 0 && others == 0
}

/// A row of group headers: several cells, each over part of the columns, at least one merged to the
/// right; a title spans (nearly) everything.
fn is_group_row(row: &[Cell], merges: &[Merge], at: usize, width: usize) -> bool {
    let filled = row.iter().filter(|c| !text(c).is_empty()).count();
    let spans: Vec<usize> = merges
        .iter()
        .filter(|m| m.top <= at && m.bottom >= at && m.right > m.left)
        .map(|m| m.right - m.left + 1)
        .collect();
    header_like(row)
        && filled >= 2
        && !spans.is_empty()
        && spans.iter().all(|s| s * 5 < width.max(1) * 4)
        && row.iter().all(|c| text(c).chars().count() <= 12)
}

/// Joins header rows `first..=last` by column.
fn join(rows: &[Vec<Cell>], merges: &[Merge], first: usize, last: usize) -> Vec<Header> {
    let width = (first..=last).map(|r| rows[r].len()).max().unwrap_or(0);
    let mut grid: Vec<Vec<String>> =
        (first..=last).map(|r| (0..width).map(|c| rows[r].get(c).map(text).unwrap_or_default()).collect()).collect();
    for m in merges {
        if m.bottom < first || m.top > last {
            continue;
        }
        let Some(value) = rows.get(m.top).and_then(|r| r.get(m.left)).map(text) else { continue };
        for r in m.top.max(first)..=m.bottom.min(last) {
            for cell in grid[r - first].iter_mut().take(m.right + 1).skip(m.left) {
                cell.clone_from(&value);
            }
        }
    }
    for r in 0..grid.len().saturating_sub(1) {
        let (upper, lower) = grid.split_at_mut(r + 1);
        spread(&mut upper[r], &lower[0]);
    }
    (0..width).map(|c| header(grid.iter().map(|row| row[c].as_str()))).collect()
}

/// Carries to the right what stands over several columns and was written once, as CSV has it: a
/// label over columns that are years alone (考核等次 over 2023, 2024, 2025), and a year over columns
/// of any kind.
fn spread(upper: &mut [String], lower: &[String]) {
    let year_alone = |cell: &str| {
        let l = level(cell);
        l.year.is_some() && l.text.is_empty()
    };
    for c in 1..upper.len() {
        if !upper[c].is_empty() || lower[c].is_empty() || upper[c - 1].is_empty() {
            continue;
        }
        if year_alone(&upper[c - 1]) || (year_alone(&lower[c]) && year_alone(&lower[c - 1])) {
            upper[c] = upper[c - 1].clone();
        }
    }
}

/// The header of a column from its cells, top to bottom.
pub(super) fn header<'a>(cells: impl Iterator<Item = &'a str>) -> Header {
    let mut written: Vec<&str> = Vec::new();
    for cell in cells.filter(|c| !c.is_empty()) {
        if written.last() != Some(&cell) {
            written.push(cell);
        }
    }
    let levels: Vec<Level> = written.iter().map(|w| level(w)).collect();
    let texts: Vec<&str> = levels.iter().map(|l| l.text.as_str()).filter(|t| !t.is_empty()).collect();
    let mut ways: Vec<String> = Vec::new();
    let mut add = |way: String| {
        if !way.is_empty() && !ways.contains(&way) {
            ways.push(way);
        }
    };
    let full: Vec<&str> = levels.iter().map(|l| l.full.as_str()).filter(|t| !t.is_empty()).collect();
    add(full.concat());
    if let Some(last) = full.last() {
        add((*last).to_owned());
    }
    add(texts.concat());
    // 人口 over 户籍 is 户籍人口.
    if let [first, .., last] = texts[..] {
        add(format!("{last}{first}"));
    }
    // A group's title alone is never a name: it stands over other columns too.
    for from in 1..texts.len() {
        add(texts[from..].concat());
    }
    Header {
        written: written.join(" ").split_whitespace().collect::<Vec<_>>().join(" "),
        texts: ways,
        unit: levels.iter().rev().find_map(|l| l.unit),
        year: levels.iter().rev().find_map(|l| l.year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_a_column_join_from_the_top() {
        let h = header(["集体经济", "2025年村集体\n经营性收入（万元）"].into_iter());
        assert!(h.texts.contains(&"村集体经营性收入".to_owned()) && h.year == Some(2025));
        assert_eq!(h.unit, Some(HeaderUnit::WanYuan));
        assert_eq!(header(["乡（镇）"].into_iter()).texts[0], "乡镇");
        assert_eq!(level("village_name").text, "villagename");
        assert!(header([""].into_iter()).is_serial());
    }
}
