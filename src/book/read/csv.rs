//! Separated text to a grid.
//!
//! Not by the `csv` crate, for two reasons: it skips blank lines, so that a finding would name
//! another row than the one that Excel shows; and after a stray quote it swallows everything up to
//! the next one, or the rest of the file, into one cell, where here that quote is an ordinary
//! character.

use super::grid::Grid;
use super::limits::Refusal;
use crate::book::raw::Cell;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Lines that the delimiter is guessed from: enough to pass a title and merged headers.
const SNIFFED: usize = 50;

/// A grid of text cells, row by record, blank lines kept.
pub(super) fn read(text: &str, tabs: bool) -> Result<Grid, Refusal> {
    let mut text = text;
    // Excel takes a first line `sep=;` as an order and does not show it.
    let declared = text.get(..5).filter(|s| s.starts_with("sep=")).map(|s| s.as_bytes()[4]);
    let delimiter = match declared {
        Some(sign) if sign.is_ascii() && matches!(text.as_bytes().get(5), None | Some(b'\r' | b'\n')) => {
            text = text[5..].strip_prefix("\r\n").or_else(|| text[5..].strip_prefix(['\r', '\n'])).unwrap_or("");
            sign
        }
        _ => sniff(text, tabs),
    };
    let mut grid = Grid::default();
    let mut fields = Fields { bytes: text.as_bytes(), text, at: 0, delimiter, literal: false };
    let (mut row, mut column) = (0, 0);
    while let Some((field, end)) = fields.next() {
        if !field.is_empty() {
            grid.put(row, column, Cell::Text(field))?;
        }
        match end {
            End::Field => column += 1,
            End::Record => {
                grid.record(column + 1);
                (row, column) = (row + 1, 0);
            }
        }
    }
    Ok(grid)
}

/// What stands behind a field.
enum End {
    Field,
    Record,
}

/// The fields of a text, one after the other.
struct Fields<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    delimiter: u8,
    /// A quote was found that never closes: from there on quotes are ordinary characters.
    literal: bool,
}

impl Fields<'_> {
    fn next(&mut self) -> Option<(String, End)> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let mut field = String::new();
        if self.bytes[self.at] == b'"' && !self.literal {
            match self.quoted(self.at + 1, &mut field) {
                Quote::Closed(behind) => self.at = behind,
                Quote::Stray => field.clear(),
                Quote::Open => {
                    // Any later quote would have closed this one, unless doubled.
                    self.literal = true;
                    field.clear();
                }
            }
        }
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|b| *b == self.delimiter || *b == b'\n' || *b == b'\r').unwrap_or(rest.len());
        field.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
        let end = match self.bytes.get(self.at) {
            Some(b'\r') if self.bytes.get(self.at + 1) == Some(&b'\n') => {
                self.at += 2;
                End::Record
            }
            Some(b'\r' | b'\n') => {
                self.at += 1;
                End::Record
            }
            Some(_) => {
                self.at += 1;
                End::Field
            }
            None => End::Record,
        };
        Some((field, end))
    }

    /// The inside of a quoted field, doubled quotes as one.
    fn quoted(&self, from: usize, field: &mut String) -> Quote {
        let mut start = from;
        loop {
            let Some(length) = self.bytes[start..].iter().position(|b| *b == b'"') else { return Quote::Open };
            let quote = start + length;
            field.push_str(&self.text[start..quote]);
            if self.bytes.get(quote + 1) == Some(&b'"') {
                field.push('"');
                start = quote + 2;
                continue;
            }
            // Excel's own tab behind a code, and spaces, may stand before the delimiter.
            let padding = |b: &u8| *b == b' ' || (*b == b'\t' && self.delimiter != b'\t');
            let behind = self.bytes[quote + 1..].iter().find(|b| !padding(b));
            let ends = behind.is_none_or(|b| *b == self.delimiter || matches!(b, b'\r' | b'\n'));
            return if ends { Quote::Closed(quote + 1) } else { Quote::Stray };
        }
    }
}

/// How a field that begins with a quote goes on.
enum Quote {
    /// It ends behind this place.
    Closed(usize),
    /// Another quote follows, but not at the end of a field: neither quotes anything.
    Stray,
    /// No quote follows.
    Open,
}

/// The sign that most lines hold most often outside quotes. Titles hold none, and a tab behind
/// each identity number stands once per line where commas stand many times: the median decides.
fn sniff(text: &str, tabs: bool) -> u8 {
    let lines: Vec<&str> = text.split(['\n', '\r']).filter(|l| !l.trim().is_empty()).take(SNIFFED).collect();
    let fallback = if tabs { b'\t' } else { b',' };
    let mut best = (0, 0, fallback);
    for delimiter in DELIMITERS {
        let mut counts: Vec<usize> = lines.iter().map(|line| count(line, delimiter)).collect();
        counts.sort_unstable();
        let median = counts.get(counts.len().saturating_sub(1) / 2).copied().unwrap_or(0);
        let most = counts.last().copied().unwrap_or(0);
        if tabs && delimiter == b'\t' && median > 0 {
            return delimiter;
        }
        if (median, most) > (best.0, best.1) {
            best = (median, most, delimiter);
        }
    }
    best.2
}

fn count(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|b| {
            quoted ^= *b == b'"';
            !quoted && *b == delimiter
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::raw::Body;
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let Ok(grid) = read(text, false) else { return vec![] };
        let Body::Grid { rows, .. } = grid.into_body(vec![]) else { return vec![] };
        let shown = |row: Vec<Cell>| row.iter().map(|c| crate::book::value::shown(c).into_owned()).collect();
        rows.into_iter().map(shown).collect()
    }

    #[test]
    fn records_as_excel_shows_them() {
        let table: &[(&str, &[&[&str]])] = &[
            ("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]),
            ("a,b\r\n1,2", &[&["a", "b"], &["1", "2"]]),
            ("a,b\r1,2\r", &[&["a", "b"], &["1", "2"]]),
            ("a,b\n\n1,2\n\n\n", &[&["a", "b"], &[], &["1", "2"]]),
            ("a,b\n,\n1,2\n", &[&["a", "b"], &[], &["1", "2"]]),
            ("a;b\n1,5;2\n", &[&["a", "b"], &["1,5", "2"]]),
            ("a|b\n1|2\n", &[&["a", "b"], &["1", "2"]]),
            ("a\tb\n1\t2\n", &[&["a", "b"], &["1", "2"]]),
            ("标题\na,b,c\n9\t,1,2\n8\t,1,2\n", &[&["标题"], &["a", "b", "c"], &["9\t", "1", "2"], &["8\t", "1", "2"]]),
            ("sep=;\na;b\n", &[&["a", "b"]]),
            ("\"a\nb\",c\n\"say \"\"x\"\"\",d\n", &[&["a\nb", "c"], &["say \"x\"", "d"]]),
            ("a,\"b\n1,2\n3,4\n", &[&["a", "\"b"], &["1", "2"], &["3", "4"]]),
            ("a,5\" pipe\n1,2\n", &[&["a", "5\" pipe"], &["1", "2"]]),
            ("\"a\"b,c\n", &[&["\"a\"b", "c"]]),
            ("a,\"b\n1,2\n3,\"x\"\n", &[&["a", "\"b"], &["1", "2"], &["3", "x"]]),
            ("\"a\"\t,b\n", &[&["a\t", "b"]]),
            ("a", &[&["a"]]),
            ("", &[]),
            ("\n\n", &[]),
            (",,x\n", &[&["", "", "x"]]),
        ];
        for (text, expected) in table {
            assert_eq!(rows(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn fields_are_counted_with_those_that_are_empty() {
        let Ok(grid) = read("a,b,c\n1,,\n\n1\n\"x,y\",2,3,\n", false) else { panic!("a grid") };
        let Body::Grid { rows, fields, .. } = grid.into_body(vec![]) else { panic!("a grid") };
        assert_eq!(fields, [3, 3, 1, 1, 4]);
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1, 0, 1, 3]);
    }

    proptest! {
        /// What the `csv` crate writes comes back, cell for cell.
        #[test]
        fn written_records_come_back(table in prop::collection::vec(prop::collection::vec("[a-z村,\"\n\r 1]{0,5}", 3..4), 1..8)) {
            let mut writer = ::csv::WriterBuilder::new().quote_style(::csv::QuoteStyle::Always).from_writer(vec![]);
            for record in &table {
                writer.write_record(record).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut fields = Fields { bytes: text.as_bytes(), text: &text, at: 0, delimiter: b',', literal: false };
            let mut found = vec![vec![]];
            while let Some((field, end)) = fields.next() {
                found.last_mut().unwrap().push(field);
                if matches!(end, End::Record) {
                    found.push(vec![]);
                }
            }
            found.pop();
            prop_assert_eq!(found, table);
        }
    }
}
