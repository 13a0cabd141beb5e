//! Where every row of a book stands and which township it belongs to: what copies of the sheets are
//! made from. Kept only when somebody asks; a national book would not want it in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::Draft;
use super::layout::{Grid, Layout};
use super::lines::Lines;
use super::raw::{Cell, Merge};
use super::rows::RowKind;
use super::sheet::SheetRead;
use super::villages::township_core;
use crate::frame::FrameResult;

/// What a row is to a copy.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum RowIs {
    /// Above the header, and the header itself.
    #[default]
    Head,
    /// A record; of which (county, township), if that is known.
    Data(Option<(String, String)>),
    /// A sum over all rows, or over those since the last one.
    Total { partial: bool },
    /// A title between rows, and the township that it names.
    Title(Option<String>),
    /// Notes, repeated headers.
    Note,
    /// Nothing.
    Blank,
}

/// One sheet, as it was read.
#[derive(Clone, Debug, Default)]
pub struct TracedSheet {
    pub file: String,
    pub sheet: String,
    /// With corrected copies laid over it.
    pub rows: Vec<Vec<Cell>>,
    pub merges: Vec<Merge>,
    /// Where the rows come from, if corrected copies were laid over it.
    pub lines: Option<Arc<Lines>>,
    /// The sheet is a table; the rest is empty for one that is none.
    pub is_table: bool,
    /// First and last row of the header, 0-based.
    pub head: (usize, usize),
    /// Last row that holds anything, 0-based.
    pub last: usize,
    /// Headers as written, by column.
    pub headers: Vec<String>,
    /// Canonical column that each header claims.
    pub claims: Vec<Option<String>>,
    /// By row.
    pub is: Vec<RowIs>,
}

impl TracedSheet {
    pub(super) fn of(grid: &Grid<'_>, layout: Option<&Layout>) -> TracedSheet {
        let mut sheet = TracedSheet {
            file: grid.file.to_owned(),
            sheet: grid.sheet.to_owned(),
            rows: grid.rows.to_vec(),
            merges: grid.merges.to_vec(),
            lines: grid.lines.cloned(),
            ..TracedSheet::default()
        };
        if let Some(layout) = layout {
            sheet.is_table = true;
            sheet.head = (layout.head.first, layout.head.last);
            sheet.last = layout.last;
            sheet.headers = layout.head.headers.iter().map(|h| h.written.clone()).collect();
            sheet.claims = layout.fit.claims.iter().map(|c| c.as_ref().map(|c| c.field.name.clone())).collect();
        }
        sheet
    }

    /// The file, sheet and 1-based row that row `at` (0-based) comes from.
    pub fn origin(&self, at: usize) -> (&str, &str, usize) {
        match &self.lines {
            Some(lines) => lines.origin((&self.file, &self.sheet), at + 1),
            None => (&self.file, &self.sheet, at + 1),
        }
    }
}

/// A book's rows and their townships.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// What copies call the book (see [`super::marker::book_id`]).
    pub book: String,
    /// Hashes of the corrected copies that are laid over it.
    pub copies: Vec<String>,
    pub sheets: Vec<TracedSheet>,
    /// Townships of the book: (county, township), and the first nine digits of its villages' codes.
    pub townships: BTreeMap<(String, String), Vec<String>>,
    /// Sheets of `sheets`, by their number among those that were read.
    numbers: Vec<usize>,
    /// What a row without a resolved place says of its township.
    said: BTreeMap<(usize, usize), String>,
}

impl Trace {
    /// What every row is, from reading.
    pub(super) fn kinds(&mut self, reads: &[SheetRead]) {
        let at: BTreeMap<(&str, &str), usize> =
            self.sheets.iter().enumerate().map(|(i, s)| ((s.file.as_str(), s.sheet.as_str()), i)).collect();
        self.numbers = reads
            .iter()
            .map(|r| at.get(&(r.source.file.as_str(), r.source.sheet.as_str())).copied().unwrap_or(usize::MAX))
            .collect();
        for (number, read) in self.numbers.iter().zip(reads) {
            let Some(sheet) = self.sheets.get_mut(*number) else { continue };
            sheet.is = vec![RowIs::Blank; sheet.rows.len()];
            for (row, (kind, said)) in read.trace.iter().enumerate() {
                sheet.is[row] = match kind {
                    _ if row <= sheet.head.1 => RowIs::Head,
                    RowKind::Data => RowIs::Data(None),
                    RowKind::Blank => RowIs::Blank,
                    RowKind::Header | RowKind::Note => RowIs::Note,
                    RowKind::Title(name) => RowIs::Title(name.clone()),
                    RowKind::Total { partial } => RowIs::Total { partial: *partial },
                };
                if let Some(said) = said {
                    self.said.insert((*number, row), said.clone());
                }
            }
            sheet.is.iter_mut().take(sheet.head.1 + 1).for_each(|is| *is = RowIs::Head);
        }
    }

    /// Which township every row belongs to, from the tables once places are resolved.
    pub(super) fn settle(&mut self, drafts: &BTreeMap<&'static str, Draft>) -> FrameResult<()> {
        let Some(villages) = drafts.get("villages") else { return Ok(()) };
        let (county, township, village) =
            (villages.texts("county")?, villages.texts("township")?, villages.texts("village")?);
        for i in 0..villages.height() {
            let Some(name) = township[i].filter(|t| !t.is_empty()) else { continue };
            let place = (county[i].unwrap_or_default().to_owned(), name.to_owned());
            let codes = self.townships.entry(place).or_default();
            let code = village[i].filter(|v| v.len() == 12 && v.bytes().all(|b| b.is_ascii_digit()));
            if let Some(code) = code.map(|v| v[..9].to_owned())
                && !codes.contains(&code)
            {
                codes.push(code);
            }
        }
        self.townships.values_mut().for_each(|codes| codes.sort());
        // Kinship has no township of its own: it is the person's.
        let mut homes: BTreeMap<String, (String, String)> = BTreeMap::new();
        if let Some(people) = drafts.get("people") {
            let (county, township, person) =
                (people.texts("county")?, people.texts("township")?, people.texts("person")?);
            for i in 0..people.height() {
                if let (Some(person), Some(township)) = (person[i], township[i]) {
                    let home = (county[i].unwrap_or_default().to_owned(), township.to_owned());
                    homes.entry(person.to_owned()).or_insert(home);
                }
            }
        }
        for draft in drafts.values().filter(|d| !d.is_empty()) {
            let places = draft.places()?;
            let has = |name: &str| draft.table.column(name).is_some();
            let county = if has("county") { draft.texts("county")? } else { vec![None; places.len()] };
            let own = if has("township") { draft.texts("township")? } else { vec![None; places.len()] };
            let person = if has("person") { draft.texts("person")? } else { vec![None; places.len()] };
            for (i, (sheet, row)) in places.into_iter().enumerate() {
                let found = match own[i].filter(|t| !t.is_empty()) {
                    Some(township) => self.known(county[i], township),
                    None => person[i].and_then(|p| homes.get(p)).and_then(|(c, t)| self.known(Some(c), t)),
                };
                let at = (row as usize).checked_sub(1);
                let slot = self
                    .numbers
                    .get(sheet as usize)
                    .and_then(|n| self.sheets.get_mut(*n))
                    .and_then(|s| s.is.get_mut(at?));
                if let (Some(RowIs::Data(place @ None)), Some(found)) = (slot, found) {
                    *place = Some(found);
                }
            }
        }
        let said = std::mem::take(&mut self.said);
        for ((sheet, row), name) in said {
            let found = self.known(None, &name);
            if let Some(RowIs::Data(place @ None)) = self.sheets.get_mut(sheet).and_then(|s| s.is.get_mut(row)) {
                *place = found;
            }
        }
        Ok(())
    }

    /// The township of the book that a name means; without a county only if one has it.
    fn known(&self, county: Option<&str>, name: &str) -> Option<(String, String)> {
        let core = township_core(name);
        let mut fits = self
            .townships
            .keys()
            .filter(|(c, t)| county.is_none_or(|own| own == c) && (t == name || township_core(t) == core));
        let first = fits.next()?;
        (county.is_some() || fits.next().is_none()).then(|| first.clone())
    }
}
