//! A look into an OpenDocument sheet before the workbook reader may: rows and cells say how often
//! they repeat, and a table that never closes keeps that reader waiting for ever. The merged
//! ranges, which it does not give, are taken along.

use super::limits::{CELLS, COLUMNS, MERGES, ROWS, Refusal};
use crate::book::raw::Merge;

/// The merged ranges of each table, in the order of the document.
pub(super) fn look(xml: &[u8]) -> Result<Vec<Vec<Merge>>, Refusal> {
    let mut tables: Vec<Vec<Merge>> = Vec::new();
    let mut size = Size::default();
    let (mut open, mut notes) = (0_usize, 0_usize);
    let mut rest = xml;
    while let Some(tag) = next_tag(&mut rest)? {
        match tag.name() {
            b"table:table" => {
                if !tag.closed() {
                    open += 1;
                }
                size = Size::default();
                tables.push(Vec::new());
            }
            b"/table:table" => open = open.checked_sub(1).ok_or_else(unbalanced)?,
            b"office:annotation" if !tag.closed() => notes += 1,
            b"/office:annotation" => notes = notes.checked_sub(1).ok_or_else(unbalanced)?,
            b"table:table-row" => {
                size.begin(tag.number(b"table:number-rows-repeated").unwrap_or(1));
                if tag.closed() {
                    size.end()?;
                }
            }
            b"/table:table-row" => size.end()?,
            b"table:table-cell" | b"table:covered-table-cell" => {
                let spans = |name: &[u8]| tag.number(name).unwrap_or(1).clamp(1, ROWS);
                let (down, right) = (spans(b"table:number-rows-spanned"), spans(b"table:number-columns-spanned"));
                if let Some(merges) = tables.last_mut()
                    && (down > 1 || right > 1)
                    && merges.len() < MERGES
                {
                    let (top, left) = (size.row, size.column);
                    merges.push(Merge { top, left, bottom: top + down - 1, right: left + right - 1 });
                }
                let filled = tag.has(b"office:value-type") || tag.has(b"table:formula");
                size.cell(tag.number(b"table:number-columns-repeated").unwrap_or(1), filled)?;
            }
            _ => {}
        }
    }
    if open > 0 || notes > 0 { Err(unbalanced()) } else { Ok(tables) }
}

fn unbalanced() -> Refusal {
    Refusal::damaged("content.xml")
}

/// The extent of the cells that hold something, as the reader would unfold them.
#[derive(Default)]
struct Size {
    row: usize,
    repeats: usize,
    column: usize,
    filled: usize,
    width: usize,
    unfolded: usize,
}

impl Size {
    fn begin(&mut self, repeats: usize) {
        (self.repeats, self.column, self.filled) = (repeats.max(1), 0, 0);
    }

    fn cell(&mut self, repeats: usize, filled: bool) -> Result<(), Refusal> {
        self.column = self.column.saturating_add(repeats.max(1));
        if filled {
            self.filled = self.column;
            // The reader unfolds a row once before it looks at the whole.
            self.unfolded = self.unfolded.saturating_add(repeats.max(1));
            if self.filled > COLUMNS {
                return Err(Refusal::new("not-read-too-wide", format!("{} > {COLUMNS}", self.filled)));
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refusal> {
        let end = self.row.saturating_add(self.repeats);
        if self.filled > 0 {
            self.width = self.width.max(self.filled);
            if end > ROWS {
                return Err(Refusal::too_large(end, ROWS));
            }
            let cells = end.saturating_mul(self.width).max(self.unfolded);
            if cells > CELLS {
                return Err(Refusal::too_large(cells, CELLS));
            }
        }
        self.row = end.min(ROWS);
        Ok(())
    }
}

/// What stands between `<` and `>`.
struct Tag<'a>(&'a [u8]);

impl<'a> Tag<'a> {
    fn name(&self) -> &'a [u8] {
        let end = self.0.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(self.0.len());
        let name = &self.0[..end];
        name.strip_suffix(b"/").unwrap_or(name)
    }

    fn closed(&self) -> bool {
        self.0.ends_with(b"/")
    }

    fn find(&self, attribute: &[u8]) -> Option<usize> {
        self.0
            .windows(attribute.len() + 1)
            .position(|w| w[0].is_ascii_whitespace() && &w[1..] == attribute)
            .map(|at| at + 1 + attribute.len())
    }

    fn has(&self, attribute: &[u8]) -> bool {
        self.find(attribute).is_some()
    }

    fn number(&self, attribute: &[u8]) -> Option<usize> {
        let value = &self.0[self.find(attribute)?..];
        let digits: Vec<u8> = value
            .iter()
            .copied()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
            .take_while(u8::is_ascii_digit)
            .collect();
        let text = std::str::from_utf8(&digits).ok().filter(|t| !t.is_empty())?;
        Some(text.parse().unwrap_or(usize::MAX))
    }
}

/// The next tag; comments, CDATA and processing instructions are passed over.
fn next_tag<'a>(rest: &mut &'a [u8]) -> Result<Option<Tag<'a>>, Refusal> {
    loop {
        let Some(open) = rest.iter().position(|b| *b == b'<') else { return Ok(None) };
        let inside = &rest[open + 1..];
        for (start, end) in [(&b"!--"[..], &b"-->"[..]), (b"![CDATA[", b"]]>"), (b"?", b"?>")] {
            if inside.starts_with(start) {
                let close = inside.windows(end.len()).position(|w| w == end).ok_or_else(unbalanced)?;
                *rest = &inside[close + end.len()..];
                break;
            }
        }
        if rest.len() < inside.len() {
            continue;
        }
        let mut quote = None;
        let close = inside.iter().position(|b| {
            match (quote, *b) {
                (None, b'"' | b'\'') => quote = Some(*b),
                (Some(q), b) if b == q => quote = None,
                _ => {}
            }
            quote.is_none() && *b == b'>'
        });
        let close = close.ok_or_else(unbalanced)?;
        *rest = &inside[close + 1..];
        return Ok(Some(Tag(&inside[..close])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(xml: &str) -> Result<Vec<Vec<Merge>>, &'static str> {
        look(xml.as_bytes()).map_err(|r| r.reason)
    }

    #[test]
    fn spans_and_repeats() {
        let cell = |attributes: &str| {
            format!("<table:table-cell office:value-type=\"float\" office:value=\"1\" {attributes}/>")
        };
        let row = |cells: &str, attributes: &str| format!("<table:table-row {attributes}>{cells}</table:table-row>");
        let table = |rows: &str| format!("<?xml version=\"1.0\"?><table:table table:name=\"a>b\">{rows}</table:table>");

        let merged = row(&cell("table:number-columns-spanned=\"3\""), "table:number-rows-repeated=\"2\"");
        let below = row(&cell("table:number-rows-spanned='2'"), "");
        let expected =
            vec![Merge { top: 0, left: 0, bottom: 0, right: 2 }, Merge { top: 2, left: 0, bottom: 3, right: 0 }];
        assert_eq!(reason(&table(&format!("{merged}{below}"))), Ok(vec![expected]));

        let blank = row(
            "<table:table-cell table:number-columns-repeated=\"16384\"/>",
            "table:number-rows-repeated=\"1048000\"",
        );
        assert_eq!(reason(&table(&blank)), Ok(vec![vec![]]));
        let wide = row(&cell("table:number-columns-repeated=\"10000\""), "");
        assert_eq!(reason(&table(&wide)), Err("not-read-too-wide"));
        let deep = row(&cell("table:number-columns-repeated=\"4000\""), "table:number-rows-repeated=\"1000000\"");
        assert_eq!(reason(&table(&deep)), Err("not-read-too-large"));
        assert_eq!(reason("<table:table><table:table-row>"), Err("not-read-damaged"));
        assert_eq!(reason("<!-- </table:table> --><table:table></table:table>"), Ok(vec![vec![]]));
        assert_eq!(reason("<table:table"), Err("not-read-damaged"));
    }
}
