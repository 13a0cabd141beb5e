//! The mark of a copy that was sent back to a township: a very hidden sheet that says which book,
//! sheet and rows the copy was made from, and a hidden column with a key for every row. The keys
//! move with their rows, so that a copy may be sorted, and rows may be added and taken out.

use super::headers::text;
use super::raw::{Body, Cell, RawSheet};
use crate::lang::Lang;

/// Name of the hidden sheet.
pub const SHEET: &str = "头雁标记";
/// First cell of the hidden sheet.
pub const SIGN: &str = "touyan-return";
/// Version of the mark.
pub const VERSION: &str = "1";
/// What the header of the key column begins with; the number of the copied sheet follows.
pub const KEY_HEAD: &str = "头雁行号";
/// How far down the header of a key column is looked for.
pub(super) const HEAD_DEPTH: usize = 60;

/// One copied sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkedSheet {
    /// Name of the sheet in the copy.
    pub name: String,
    /// File that it was made from, relative to the book.
    pub file: String,
    /// Sheet that it was made from; empty where the format has none.
    pub sheet: String,
    /// BLAKE3 hash of that file.
    pub hash: String,
    /// Last row of the header in the copy, 1-based.
    pub head: usize,
    /// Rows of the copy, the source's rows and their fingerprints; 1-based.
    pub rows: Vec<(usize, usize, u64)>,
}

/// Everything that the hidden sheet says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marker {
    /// Which book (see [`book_id`]).
    pub book: String,
    /// County of the township.
    pub county: String,
    /// Township; empty for the rows that the county itself checks.
    pub township: String,
    /// First nine digits of the codes of its villages.
    pub codes: Vec<String>,
    /// Hashes of the corrected copies that this copy already contains.
    pub after: Vec<String>,
    /// Sheets of the copy that hold no rows of a table.
    pub beside: Vec<String>,
    pub sheets: Vec<MarkedSheet>,
}

impl Marker {
    /// The hidden sheet, cell by cell.
    pub fn lines(&self) -> Vec<Vec<String>> {
        let line = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
        let mut lines = vec![
            line(&[SIGN, VERSION]),
            line(&["book", &self.book]),
            line(&["county", &self.county]),
            line(&["township", &self.township]),
        ];
        for (key, values) in [("code", &self.codes), ("after", &self.after), ("beside", &self.beside)] {
            lines.extend(values.iter().map(|v| line(&[key, v])));
        }
        for sheet in &self.sheets {
            lines.push(line(&["sheet", &sheet.name, &sheet.file, &sheet.sheet, &sheet.hash, &sheet.head.to_string()]));
            for (copy, source, print) in &sheet.rows {
                lines.push(line(&["row", &copy.to_string(), &key(*source, *print)]));
            }
        }
        lines
    }

    /// Reads the hidden sheet; `None` if it is none.
    pub fn read(rows: &[Vec<Cell>]) -> Option<Marker> {
        let cell = |row: &[Cell], at: usize| row.get(at).map(text).unwrap_or_default();
        let first = rows.first()?;
        if cell(first, 0) != SIGN || cell(first, 1) != VERSION {
            return None;
        }
        let mut marker = Marker::default();
        for row in &rows[1..] {
            let value = cell(row, 1);
            match cell(row, 0).as_str() {
                "book" => marker.book = value,
                "county" => marker.county = value,
                "township" => marker.township = value,
                "code" => marker.codes.push(value),
                "after" => marker.after.push(value),
                "beside" => marker.beside.push(value),
                "sheet" => marker.sheets.push(MarkedSheet {
                    name: value,
                    file: cell(row, 2),
                    sheet: cell(row, 3),
                    hash: cell(row, 4),
                    head: cell(row, 5).parse().ok()?,
                    rows: Vec::new(),
                }),
                "row" => {
                    let (source, print) = read_key(&cell(row, 2))?;
                    marker.sheets.last_mut()?.rows.push((value.parse().ok()?, source, print));
                }
                _ => {}
            }
        }
        Some(marker)
    }
}

/// What tells that a file without a mark was a copy: a column of keys, or the list of doubts beside
/// other sheets. `None` for a file like any other.
pub fn trace(sheets: &[&RawSheet]) -> Option<String> {
    let grids: Vec<&[Vec<Cell>]> = sheets
        .iter()
        .filter_map(|s| match &s.body {
            Body::Grid { rows, .. } => Some(rows.as_slice()),
            Body::Typed(_) => None,
        })
        .collect();
    let numbered = |t: &str| t.strip_prefix(KEY_HEAD).is_some_and(|n| n.parse::<usize>().is_ok());
    let keys = |cell: &Cell| match cell {
        Cell::Text(t) if numbered(t) => Some(t.clone()),
        _ => None,
    };
    let found = grids.iter().find_map(|rows| rows.iter().take(HEAD_DEPTH).flatten().find_map(keys));
    // The list alone, as it goes to the county, is no copy.
    found.or_else(|| grids.iter().find_map(|rows| list_head(rows)).filter(|_| grids.len() > 1))
}

/// The name of the list of doubts, if this is one.
fn list_head(rows: &[Vec<Cell>]) -> Option<String> {
    const HEADS: [&str; 6] = ["sheet", "cell", "column", "value", "reason", "remedy"];
    let row = rows.get(1)?;
    let is = |lang: &Lang| {
        let wanted = HEADS.iter().map(|h| lang.text(&format!("return-head-{h}")));
        wanted.enumerate().all(|(at, head)| row.get(at).is_some_and(|cell| text(cell) == head))
    };
    [Lang::Zh, Lang::En].into_iter().find(is).map(|lang| lang.text("return-list"))
}

/// The key of a row: its number in the source and its fingerprint.
pub fn key(row: usize, print: u64) -> String {
    format!("{row}-{print:010x}")
}

/// Reads [`key`].
pub fn read_key(text: &str) -> Option<(usize, u64)> {
    let (row, print) = text.trim().split_once('-')?;
    Some((row.parse().ok()?, u64::from_str_radix(print, 16).ok()?))
}

/// Forty bits that tell whether a row is still the one that it was.
pub fn fingerprint(row: &[Cell]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    let filled = row.iter().rposition(|c| *c != Cell::Empty).map_or(0, |at| at + 1);
    for cell in &row[..filled] {
        let (kind, bytes): (u8, Vec<u8>) = match cell {
            Cell::Empty => (0, Vec::new()),
            Cell::Text(text) => (1, text.as_bytes().to_vec()),
            Cell::Number(x) => (2, x.to_bits().to_le_bytes().to_vec()),
            Cell::YesNo(yes) => (3, vec![u8::from(*yes)]),
            Cell::Date(day) => (4, day.to_string().into_bytes()),
            Cell::Error(error) => (5, error.as_bytes().to_vec()),
        };
        hasher.update(&[kind]);
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
    }
    let mut bytes = [0_u8; 8];
    bytes[..5].copy_from_slice(&hasher.finalize().as_bytes()[..5]);
    u64::from_le_bytes(bytes)
}

/// Do two cells say the same? Line ends and the last bit of a number may be written anew by a
/// spreadsheet program.
pub fn same(a: &Cell, b: &Cell) -> bool {
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => a == b || a.replace("\r\n", "\n") == b.replace("\r\n", "\n"),
        (Cell::Number(a), Cell::Number(b)) => a == b || (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
        (a, b) => a == b,
    }
}

/// [`same`] for whole rows; blanks at the end do not count.
pub fn same_row(a: &[Cell], b: &[Cell]) -> bool {
    (0..a.len().max(b.len())).all(|at| same(a.get(at).unwrap_or(&Cell::Empty), b.get(at).unwrap_or(&Cell::Empty)))
}

/// What a copy calls its book: a hash of the book's salt, which nobody else has.
pub fn book_id(salt: &crate::ident::Salt) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"touyan book\0");
    hasher.update(&salt.0);
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_comes_back_as_it_was() {
        let marker = Marker {
            book: "b".into(),
            county: "云岭县".into(),
            township: "青石镇".into(),
            codes: vec!["990121100".into()],
            after: vec!["a1".into()],
            beside: vec!["需核改清单".into()],
            sheets: vec![MarkedSheet {
                name: "村情".into(),
                file: "村情.xlsx".into(),
                sheet: "Sheet1".into(),
                hash: "h".into(),
                head: 3,
                rows: vec![(4, 9, 0xff_00ff_00ff)],
            }],
        };
        let cells: Vec<Vec<Cell>> =
            marker.lines().into_iter().map(|l| l.into_iter().map(Cell::Text).collect()).collect();
        assert_eq!(Marker::read(&cells), Some(marker));
        assert_eq!(Marker::read(&[vec![Cell::Text("序号".into())]]), None);
    }

    #[test]
    fn fingerprints_tell_rows_apart() {
        let row = |words: &[&str]| words.iter().map(|w| Cell::Text((*w).into())).collect::<Vec<_>>();
        let mut padded = row(&["a", "b"]);
        padded.push(Cell::Empty);
        assert_eq!(fingerprint(&row(&["a", "b"])), fingerprint(&padded));
        assert_ne!(fingerprint(&row(&["a", "b"])), fingerprint(&row(&["ab"])));
        assert_ne!(fingerprint(&row(&["1"])), fingerprint(&[Cell::Number(1.0)]));
        assert_eq!(read_key(&key(12, 0xa_bcde)), Some((12, 0xa_bcde)));
    }
}
