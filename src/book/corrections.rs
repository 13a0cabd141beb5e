//! Corrected copies come back: each is recognised by its mark (see [`super::marker`]), whatever its
//! name, and laid over the sheet that it was made from. A row that a township changed takes the
//! place of the old one, a row that it added is a new row of that sheet, a row that it took out is
//! gone. What cannot be placed with certainty changes nothing and is told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::headers::{Header, text};
use super::layout::Layout;
use super::lines::{Line, Lines};
use super::marker::{self, HEAD_DEPTH, KEY_HEAD, MarkedSheet, Marker, fingerprint, same, same_row};
use super::raw::{Body, Cell, Merge, RawSheet};
use super::report::{Correction, Finding, NotRead, SheetReport};
use super::rows::{RowKind, classify};
use super::value;
use super::villages::township_core;

/// A sheet of a corrected copy.
#[derive(Debug)]
pub(super) struct CopySheet {
    file: String,
    sheet: String,
    hash: String,
    rows: Vec<Vec<Cell>>,
    /// Row and column of the key column's header.
    head: Option<(usize, usize)>,
    marked: MarkedSheet,
    marker: Arc<Marker>,
}

/// The copies of a book, and what was found while setting them apart.
#[derive(Debug, Default)]
pub(super) struct Copies {
    sheets: Vec<CopySheet>,
    pub flags: Vec<Finding>,
    pub not_read: Vec<NotRead>,
    /// Hashes of the copies that are laid over the book.
    pub hashes: Vec<String>,
}

impl Copies {
    /// Takes the marked files out of `sheets`; what is no copy stays.
    pub fn take(sheets: &mut Vec<RawSheet>, hashes: &[(String, String)], book: &str) -> Copies {
        let mut copies = Copies::default();
        let markers: BTreeMap<String, Arc<Marker>> = sheets
            .iter()
            .filter_map(|s| match &s.body {
                Body::Grid { rows, .. } => Marker::read(rows).map(|m| (s.file.clone(), Arc::new(m))),
                Body::Typed(_) => None,
            })
            .collect();
        copies.lost(sheets, &markers);
        if markers.is_empty() {
            return copies;
        }
        let hash_of: BTreeMap<&str, &str> = hashes.iter().map(|(f, h)| (f.as_str(), h.as_str())).collect();
        let mut by_file: BTreeMap<String, Vec<RawSheet>> = BTreeMap::new();
        let (marked, rest): (Vec<RawSheet>, Vec<RawSheet>) =
            std::mem::take(sheets).into_iter().partition(|s| markers.contains_key(&s.file));
        *sheets = rest;
        for sheet in marked {
            by_file.entry(sheet.file.clone()).or_default().push(sheet);
        }
        let sources: BTreeSet<(String, String)> = sheets.iter().map(|s| (s.file.clone(), s.sheet.clone())).collect();
        let source_hashes: BTreeSet<&str> =
            sheets.iter().filter_map(|s| hash_of.get(s.file.as_str()).copied()).collect();
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for (file, own) in by_file {
            let marker = &markers[&file];
            let hash = hash_of.get(file.as_str()).copied().unwrap_or_default();
            let refuse = |reason: &str, detail: String| NotRead { file: file.clone(), reason: reason.into(), detail };
            if let Some(first) = seen.get(hash) {
                copies.not_read.push(refuse("not-read-correction-twice", first.clone()));
                continue;
            }
            seen.insert(hash, file.clone());
            let related = marker.sheets.iter().any(|m| source_hashes.contains(m.hash.as_str()));
            if marker.book != book && !related {
                let whose = format!("{} {}", marker.county, marker.township);
                copies.not_read.push(refuse("not-read-correction-other-book", whose.trim().to_owned()));
                continue;
            }
            copies.hashes.push(hash.to_owned());
            copies.of_file(own, &Arc::clone(marker), hash, &sources, sheets, &hash_of);
        }
        copies
    }

    /// Takes out copies whose mark is gone: read as ordinary sheets they would double the book's rows.
    fn lost(&mut self, sheets: &mut Vec<RawSheet>, markers: &BTreeMap<String, Arc<Marker>>) {
        let mut by_file: BTreeMap<&str, Vec<&RawSheet>> = BTreeMap::new();
        for sheet in sheets.iter().filter(|s| !markers.contains_key(&s.file)) {
            by_file.entry(&sheet.file).or_default().push(sheet);
        }
        let lost: BTreeMap<String, String> =
            by_file.into_iter().filter_map(|(file, own)| Some((file.to_owned(), marker::trace(&own)?))).collect();
        sheets.retain(|s| !lost.contains_key(&s.file));
        let refused = |(file, detail)| NotRead { file, reason: "not-read-correction-no-mark".to_owned(), detail };
        self.not_read.extend(lost.into_iter().map(refused));
    }

    /// Sorts the sheets of one marked file: copies, sheets beside them, and sheets that are new.
    fn of_file(
        &mut self,
        own: Vec<RawSheet>,
        marker: &Arc<Marker>,
        hash: &str,
        sources: &BTreeSet<(String, String)>,
        sheets: &mut Vec<RawSheet>,
        hash_of: &BTreeMap<&str, &str>,
    ) {
        let mut left: Vec<RawSheet> =
            own.into_iter().filter(|s| !marker.beside.contains(&s.sheet) && s.sheet != marker::SHEET).collect();
        let file = left.first().map(|s| s.file.clone()).unwrap_or_default();
        for (number, marked) in (1..).zip(&marker.sheets) {
            let keyed = left.iter().position(|s| key_head(s, number).is_some());
            let Some(at) = keyed.or_else(|| left.iter().position(|s| s.sheet == marked.name)) else {
                self.flags.push(flag(&file, &marked.name, 0, "", &marked.name, "correction_lacks_sheet", ""));
                continue;
            };
            let raw = left.remove(at);
            let head = key_head(&raw, number);
            let mut marked = marked.clone();
            if !sources.contains(&(marked.file.clone(), marked.sheet.clone())) {
                // The source may lie there under another name.
                let renamed = sources
                    .iter()
                    .find(|(f, s)| *s == marked.sheet && hash_of.get(f.as_str()).is_some_and(|h| *h == marked.hash));
                match renamed {
                    Some((f, _)) => marked.file.clone_from(f),
                    None => {
                        let source = place(&marked.file, &marked.sheet);
                        self.flags.push(flag(&raw.file, &raw.sheet, 0, "", "", "correction_without_source", &source));
                        sheets.push(without_keys(raw, head));
                        continue;
                    }
                }
            }
            let RawSheet { file, sheet, body, .. } = raw;
            let Body::Grid { rows, .. } = body else { continue };
            let (hash, marker) = (hash.to_owned(), Arc::clone(marker));
            self.sheets.push(CopySheet { file, sheet, hash, rows, head, marked, marker });
        }
        // Sheets that a township added are sheets like any other.
        sheets.extend(left);
    }

    /// Is some copy made from this sheet?
    pub fn concern(&self, file: &str, sheet: &str) -> bool {
        self.sheets.iter().any(|c| c.marked.file == file && c.marked.sheet == sheet)
    }

    /// The copies of a sheet, in the order of their names.
    pub fn of(&self, file: &str, sheet: &str) -> Vec<&CopySheet> {
        self.sheets.iter().filter(|c| c.marked.file == file && c.marked.sheet == sheet).collect()
    }
}

fn place(file: &str, sheet: &str) -> String {
    if sheet.is_empty() { file.to_owned() } else { format!("{file}#{sheet}") }
}

fn flag(file: &str, sheet: &str, row: usize, column: &str, value: &str, reason: &str, detail: &str) -> Finding {
    Finding {
        file: file.to_owned(),
        sheet: sheet.to_owned(),
        row,
        column: column.to_owned(),
        value: value.to_owned(),
        reason: reason.to_owned(),
        detail: detail.to_owned(),
    }
}

/// Where the key column of a copied sheet begins.
fn key_head(sheet: &RawSheet, number: usize) -> Option<(usize, usize)> {
    let Body::Grid { rows, .. } = &sheet.body else { return None };
    let wanted = format!("{KEY_HEAD}{number}");
    rows.iter().take(HEAD_DEPTH).enumerate().find_map(|(row, cells)| {
        let column = cells.iter().rposition(|c| matches!(c, Cell::Text(t) if *t == wanted))?;
        Some((row, column))
    })
}

/// A copy as an ordinary sheet.
fn without_keys(mut raw: RawSheet, head: Option<(usize, usize)>) -> RawSheet {
    if let (Body::Grid { rows, .. }, Some((_, column))) = (&mut raw.body, head) {
        rows.iter_mut().filter_map(|r| r.get_mut(column)).for_each(|cell| *cell = Cell::Empty);
    }
    raw
}

impl CopySheet {
    /// Number of the sheet in its copy, from 1, as the header of its key column has it.
    fn marked_number(&self) -> usize {
        self.marker.sheets.iter().position(|m| m.name == self.marked.name).map_or(1, |at| at + 1)
    }

    /// The sheet that it was made from cannot be read itself.
    pub fn not_laid(&self) -> NotRead {
        NotRead {
            file: place(&self.file, &self.sheet),
            reason: "not-read-correction-no-source".to_owned(),
            detail: place(&self.marked.file, &self.marked.sheet),
        }
    }
}

/// What is laid over a sheet.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    pub lines: Lines,
    /// One per copy, in the order of [`Lines::parts`]; rows that were not laid over it are counted.
    pub reports: Vec<SheetReport>,
    pub flags: Vec<Finding>,
    pub not_read: Vec<NotRead>,
    pub corrections: Vec<Correction>,
}

/// What one copy asks of one row of the sheet.
struct Edit {
    /// Place of the copy.
    copy: usize,
    /// 1-based row of the copy; 0 for a row that was taken out.
    row: usize,
    /// Its cells in the order of the sheet's columns; `None` to take the row out.
    cells: Option<Vec<Cell>>,
}

/// Lays copies over the rows of a sheet; `townships` are those that the book knows.
pub(super) fn lay(
    rows: &mut Vec<Vec<Cell>>,
    merges: &mut [Merge],
    layout: &mut Layout,
    copies: &[&CopySheet],
    townships: &[String],
) -> Overlay {
    let mut over = Overlay::default();
    let prints: Vec<u64> = rows.iter().map(|r| fingerprint(r)).collect();
    let mut by_print: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, print) in prints.iter().enumerate().skip(layout.head.last + 1) {
        by_print.entry(*print).or_default().push(at);
    }
    let serial: Vec<bool> =
        layout.head.headers.iter().zip(&layout.fit.claims).map(|(h, c)| c.is_none() && Header::is_serial(h)).collect();
    let mut edits: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    let mut added: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    for (number, copy) in copies.iter().enumerate() {
        over.lines.parts.push((copy.file.clone(), copy.sheet.clone()));
        over.reports.push(SheetReport { file: copy.file.clone(), sheet: copy.sheet.clone(), ..SheetReport::default() });
        over.corrections.push(Correction {
            file: copy.file.clone(),
            sheet: copy.sheet.clone(),
            source_file: copy.marked.file.clone(),
            source_sheet: copy.marked.sheet.clone(),
            county: copy.marker.county.clone(),
            township: copy.marker.township.clone(),
            ..Correction::default()
        });
        let superseded = copies
            .iter()
            .any(|other| other.marker.after.contains(&copy.hash) && other.marker.township == copy.marker.township);
        let mut reading = CopyReading {
            copy,
            number,
            rows,
            prints: &prints,
            by_print: &by_print,
            layout,
            serial: &serial,
            townships,
        };
        if superseded {
            reading.count_all(&mut over, "superseded_correction");
            continue;
        }
        reading.read(&mut over, &mut edits, &mut added);
    }
    let taken = agree(edits, copies, &mut over);
    put_together(rows, merges, layout, &prints, taken, added, &mut over);
    over
}

/// Of several copies of one row: one change, or the same change several times, holds; different
/// changes hold each other up, and the row stays as it was.
fn agree(edits: BTreeMap<usize, Vec<Edit>>, copies: &[&CopySheet], over: &mut Overlay) -> BTreeMap<usize, Edit> {
    let mut taken = BTreeMap::new();
    for (at, mut own) in edits {
        let alike = own.windows(2).all(|w| match (&w[0].cells, &w[1].cells) {
            (Some(a), Some(b)) => same_row(a, b),
            (a, b) => a.is_none() && b.is_none(),
        });
        if alike {
            for other in own.drain(1..) {
                over.ignore(other.copy, usize::from(other.row > 0), "same_correction");
            }
            taken.extend(own.into_iter().next().map(|edit| (at, edit)));
            continue;
        }
        let whose: Vec<String> =
            own.iter().map(|e| format!("{}:{}", place(&copies[e.copy].file, &copies[e.copy].sheet), e.row)).collect();
        for edit in &own {
            over.ignore(edit.copy, usize::from(edit.row > 0), "conflicting_corrections");
            over.corrections[edit.copy].refused += 1;
            let copy = copies[edit.copy];
            let detail = whose.join("、");
            over.flags.push(flag(&copy.file, &copy.sheet, edit.row, "", "", "conflicting_corrections", &detail));
        }
    }
    taken
}

impl Overlay {
    fn ignore(&mut self, copy: usize, rows: usize, reason: &str) {
        if rows > 0 {
            self.reports[copy].rows += rows;
            *self.reports[copy].ignored.entry(reason.to_owned()).or_default() += rows;
        }
    }
}

/// One copy while it is read.
struct CopyReading<'a> {
    copy: &'a CopySheet,
    number: usize,
    rows: &'a [Vec<Cell>],
    prints: &'a [u64],
    by_print: &'a BTreeMap<u64, Vec<usize>>,
    layout: &'a Layout,
    serial: &'a [bool],
    townships: &'a [String],
}

impl CopyReading<'_> {
    fn flag(&self, over: &mut Overlay, row: usize, column: &str, value: &str, reason: &str, detail: &str) {
        over.flags.push(flag(&self.copy.file, &self.copy.sheet, row, column, value, reason, detail));
    }

    /// First and last row that hold anything.
    fn span(&self) -> Option<(usize, usize)> {
        let filled = |row: &Vec<Cell>| row.iter().any(|c| !value::is_blank(c));
        Some((self.copy.rows.iter().position(filled)?, self.copy.rows.iter().rposition(filled)?))
    }

    fn count_all(&self, over: &mut Overlay, reason: &str) {
        if let Some((first, last)) = self.span() {
            over.ignore(self.number, last + 1 - first, reason);
        }
    }

    /// Not used at all: the reason, and the rows counted.
    fn refuse(&self, over: &mut Overlay, reason: &str, detail: String) {
        self.count_all(over, "refused_correction");
        over.corrections[self.number].refused += self.span().map_or(0, |(first, last)| last + 1 - first);
        over.not_read.push(NotRead {
            file: place(&self.copy.file, &self.copy.sheet),
            reason: reason.to_owned(),
            detail,
        });
    }

    fn read(
        &mut self,
        over: &mut Overlay,
        edits: &mut BTreeMap<usize, Vec<Edit>>,
        added: &mut BTreeMap<usize, Vec<Edit>>,
    ) {
        let Some((first, last)) = self.span() else {
            self.refuse(over, "not-read-correction-no-keys", String::new());
            return;
        };
        // Without the key column the rows are known by their places, as long as none was added or
        // taken out.
        let by_place: BTreeMap<usize, (usize, u64)> = match self.copy.head {
            Some(_) => BTreeMap::new(),
            None => self.copy.marked.rows.iter().map(|(c, s, p)| (c - 1, (*s, *p))).collect(),
        };
        if self.copy.head.is_none() && by_place.keys().max().is_none_or(|m| *m > last) {
            self.refuse(over, "not-read-correction-no-keys", String::new());
            return;
        }
        let head_last = self.copy.head.map_or(self.copy.marked.head.saturating_sub(1), |(row, _)| row);
        let map = match self.columns(over, head_last) {
            Ok(map) => map,
            Err(missing) => {
                self.refuse(over, "not-read-correction-headers", missing);
                return;
            }
        };
        if self.copy.head.is_none() {
            let wanted = format!("{KEY_HEAD}{}", self.copy.marked_number());
            self.flag(over, 0, &wanted, "", "no_row_keys", "");
        }
        self.titles(over, head_last);
        for at in first..=head_last.min(last) {
            let blank = self.copy.rows[at].iter().all(value::is_blank);
            let header = at + self.layout.head.last >= head_last + self.layout.head.first;
            over.ignore(
                self.number,
                1,
                if blank {
                    "blank"
                } else if header {
                    "header"
                } else {
                    "title"
                },
            );
        }
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut after = self.layout.head.last;
        let mut waiting: Vec<Edit> = Vec::new();
        for at in head_last + 1..=last {
            let cells = &self.copy.rows[at];
            let key = match self.copy.head {
                Some((_, column)) => cells.get(column).map(text).and_then(|t| marker::read_key(&t)),
                None => by_place.get(&at).copied(),
            };
            let own = key.filter(|(row, _)| !seen.contains(row));
            let source = own.map(|(row, print)| {
                seen.insert(row);
                self.find(row, print)
            });
            let mapped = |base: Option<&Vec<Cell>>| -> Vec<Cell> {
                let pick = |(c, from): (usize, &Option<usize>)| match (from, base) {
                    (Some(from), _) => cells.get(*from).cloned().unwrap_or_default(),
                    (None, Some(base)) => base.get(c).cloned().unwrap_or_default(),
                    (None, None) => Cell::Empty,
                };
                let mut row: Vec<Cell> = map.iter().enumerate().map(pick).collect();
                let filled = row.iter().rposition(|c| *c != Cell::Empty).map_or(0, |last| last + 1);
                row.truncate(filled);
                row
            };
            match source {
                Some(Some(source)) => {
                    after = source;
                    for edit in waiting.drain(..) {
                        added.entry(source.saturating_sub(1)).or_default().push(edit);
                    }
                    self.keyed(over, edits, at, source, mapped(Some(&self.rows[source])));
                }
                Some(None) => {
                    over.ignore(self.number, 1, "source_changed");
                    over.corrections[self.number].refused += 1;
                    let from = format!(
                        "{}:{}",
                        place(&self.copy.marked.file, &self.copy.marked.sheet),
                        own.map_or(0, |(row, _)| row)
                    );
                    self.flag(over, at + 1, "", "", "source_changed", &from);
                }
                None => {
                    let row = mapped(None);
                    let kind = classify(&row, &self.layout.head.headers, self.serial);
                    if kind != RowKind::Data {
                        over.ignore(self.number, 1, kind.reason());
                        continue;
                    }
                    if let Some(reason) = self.stranger(&row, None) {
                        self.strange(over, at, reason);
                        continue;
                    }
                    over.corrections[self.number].added += 1;
                    let edit = Edit { copy: self.number, row: at + 1, cells: Some(row) };
                    // A row above all known ones stands before them.
                    if after == self.layout.head.last {
                        waiting.push(edit)
                    } else {
                        added.entry(after).or_default().push(edit)
                    }
                }
            }
        }
        added.entry(after).or_default().append(&mut waiting);
        self.taken_out(edits, &seen);
    }

    /// A row that the sheet knows.
    fn keyed(
        &self,
        over: &mut Overlay,
        edits: &mut BTreeMap<usize, Vec<Edit>>,
        at: usize,
        source: usize,
        row: Vec<Cell>,
    ) {
        if same_row(&row, &self.rows[source]) {
            over.ignore(self.number, 1, "unchanged_copy");
            over.corrections[self.number].unchanged += 1;
            return;
        }
        // A row that was emptied was taken out.
        if row.iter().enumerate().all(|(c, cell)| value::is_blank(cell) || self.serial.get(c) == Some(&true)) {
            over.ignore(self.number, 1, "blank");
            edits.entry(source).or_default().push(Edit { copy: self.number, row: 0, cells: None });
            return;
        }
        if let Some(reason) = self.stranger(&row, Some(&self.rows[source])) {
            self.strange(over, at, reason);
            return;
        }
        edits.entry(source).or_default().push(Edit { copy: self.number, row: at + 1, cells: Some(row) });
    }

    /// Rows of the copy that are no longer in it.
    fn taken_out(&self, edits: &mut BTreeMap<usize, Vec<Edit>>, seen: &BTreeSet<usize>) {
        for (_, row, print) in self.copy.marked.rows.iter().filter(|(_, row, _)| !seen.contains(row)) {
            if let Some(source) = self.find(*row, *print) {
                edits.entry(source).or_default().push(Edit { copy: self.number, row: 0, cells: None });
            }
        }
    }

    fn strange(&self, over: &mut Overlay, at: usize, reason: &str) {
        over.ignore(self.number, 1, reason);
        over.corrections[self.number].refused += 1;
        self.flag(over, at + 1, "", "", reason, &self.copy.marker.township);
    }

    /// Where a row stands now: where it stood, or the only place where it stands unchanged.
    fn find(&self, row: usize, print: u64) -> Option<usize> {
        let at = row.checked_sub(1)?;
        if self.prints.get(at) == Some(&print) {
            return Some(at);
        }
        match self.by_print.get(&print).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        }
    }

    /// Does a row speak of another county or township than the copy's?
    fn stranger(&self, row: &[Cell], base: Option<&Vec<Cell>>) -> Option<&'static str> {
        let marker = &self.copy.marker;
        if marker.township.is_empty() {
            return None;
        }
        for (c, (cell, claim)) in row.iter().zip(&self.layout.fit.claims).enumerate() {
            let Some(claim) = claim else { continue };
            if base.is_some_and(|b| same(b.get(c).unwrap_or(&Cell::Empty), cell)) {
                continue;
            }
            let said = value::compact(&text(cell)).0.into_owned();
            match claim.field.name.as_str() {
                "code" | "village" if said.len() == 12 && said.bytes().all(|b| b.is_ascii_digit()) => {
                    if marker.codes.is_empty() || marker.codes.iter().any(|c| said.starts_with(c.as_str())) {
                        continue;
                    }
                    let county = marker.codes.iter().any(|c| c.get(..6) == said.get(..6));
                    return Some(if county { "other_township" } else { "other_county" });
                }
                "township" if !said.is_empty() => {
                    let own = township_core(&said) == township_core(&marker.township);
                    let known = self.townships.iter().any(|t| township_core(t) == township_core(&said));
                    if known && !own {
                        return Some("other_township");
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Titles are those of the sheet; one that was changed is told.
    fn titles(&self, over: &mut Overlay, head_last: usize) {
        let titles = |rows: &[Vec<Cell>], last: usize| -> Vec<String> {
            let end = (last + self.layout.head.first).saturating_sub(self.layout.head.last);
            let texts = rows.iter().take(end).flat_map(|r| r.iter().map(text));
            texts.filter(|t| !t.is_empty() && !t.starts_with(KEY_HEAD)).collect()
        };
        let before: BTreeSet<String> = titles(self.rows, self.layout.head.last).into_iter().collect();
        for title in titles(&self.copy.rows, head_last) {
            if !before.contains(&title) {
                self.flag(over, 0, "", &value::mask(&title), "edited_title", "");
            }
        }
    }

    /// For every column of the sheet the column of the copy.
    ///
    /// # Errors
    /// Most headers of the sheet are not in the copy; says which.
    fn columns(&self, over: &mut Overlay, head_last: usize) -> Result<Vec<Option<usize>>, String> {
        let height = self.layout.head.last - self.layout.head.first + 1;
        let heads = |rows: &[Vec<Cell>], last: usize| -> Vec<String> {
            let first = (last + 1).saturating_sub(height);
            let rows = rows.get(first..=last).unwrap_or_default();
            let width = rows.iter().map(Vec::len).max().unwrap_or(0);
            let words = |c: usize| rows.iter().filter_map(move |r| r.get(c)).map(text).filter(|t| !t.is_empty());
            (0..width).map(|c| words(c).collect::<Vec<_>>().join("/")).collect()
        };
        let own = heads(self.rows, self.layout.head.last);
        let mut copy = heads(&self.copy.rows, head_last);
        if let Some((_, column)) = self.copy.head {
            copy[column] = String::new();
        }
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0).max(own.len());
        let mut map: Vec<Option<usize>> = vec![None; width];
        let mut used: BTreeSet<usize> = BTreeSet::new();
        for (c, head) in own.iter().enumerate().filter(|(_, h)| !h.is_empty()) {
            let there = |at: usize| copy.get(at) == Some(head);
            let at = if there(c) { Some(c) } else { (0..copy.len()).find(|at| there(*at) && !used.contains(at)) };
            map[c] = at;
            used.extend(at);
        }
        let headed: Vec<usize> = (0..own.len()).filter(|c| !own[*c].is_empty()).collect();
        let missing: Vec<usize> = headed.iter().copied().filter(|c| map[*c].is_none()).collect();
        if missing.len() * 2 > headed.len() {
            return Err(missing.iter().map(|c| own[*c].as_str()).collect::<Vec<_>>().join("、"));
        }
        for c in missing {
            // A header that was written anew stands where the old one stood.
            match copy.get(c).filter(|h| !h.is_empty() && !used.contains(&c)) {
                Some(written) => {
                    self.flag(over, 0, &own[c], written, "edited_header", "");
                    map[c] = Some(c);
                    used.insert(c);
                }
                None => self.flag(over, 0, &own[c], "", "missing_column", ""),
            }
        }
        for c in (0..width).filter(|c| own.get(*c).is_none_or(String::is_empty)) {
            // Columns without a header follow their neighbours.
            let at = match c.checked_sub(1) {
                Some(left) => map[left].map(|m| m + 1),
                None => Some(0),
            };
            let key = self.copy.head.map(|(_, k)| k);
            map[c] = at.filter(|a| Some(*a) != key && !used.contains(a));
            used.extend(map[c]);
        }
        for (_, head) in copy.iter().enumerate().filter(|(at, h)| !h.is_empty() && !used.contains(at)) {
            self.flag(over, 0, head, "", "added_column", "");
        }
        Ok(map)
    }
}

/// The rows as they stand after the corrections, and where each comes from.
fn put_together(
    rows: &mut Vec<Vec<Cell>>,
    merges: &mut [Merge],
    layout: &mut Layout,
    prints: &[u64],
    mut taken: BTreeMap<usize, Edit>,
    mut added: BTreeMap<usize, Vec<Edit>>,
    over: &mut Overlay,
) {
    let mut new_rows: Vec<Vec<Cell>> = Vec::with_capacity(rows.len());
    let mut place_of: Vec<usize> = Vec::with_capacity(rows.len());
    let mut last = layout.head.last;
    let mut fresh: Vec<Vec<Cell>> = Vec::new();
    for (at, row) in std::mem::take(rows).into_iter().enumerate() {
        let mut line = Line { part: 0, row: at as u32 + 1, over: 0, was: prints[at], gone: false };
        place_of.push(new_rows.len());
        let mut cells = row;
        if let Some(edit) = taken.remove(&at) {
            let correction = &mut over.corrections[edit.copy];
            match edit.cells {
                Some(new) => {
                    line = Line { part: edit.copy as u32 + 1, row: edit.row as u32, over: at as u32 + 1, ..line };
                    correction.replaced.push((edit.row, at + 1));
                    cells = new;
                }
                None => {
                    line.gone = true;
                    cells = Vec::new();
                    correction.removed.push(at + 1);
                    let source = (correction.source_file.clone(), correction.source_sheet.clone());
                    let who = place(&correction.file, &correction.sheet);
                    over.flags.push(flag(&source.0, &source.1, at + 1, "", "", "removed_by_correction", &who));
                }
            }
        }
        if line.gone || cells.iter().any(|c| !value::is_blank(c)) {
            last = last.max(new_rows.len());
        }
        new_rows.push(cells);
        over.lines.lines.push(line);
        for edit in added.remove(&at).unwrap_or_default() {
            let Some(cells) = edit.cells else { continue };
            // Two copies that add the same row add it once.
            if fresh.iter().any(|f| same_row(f, &cells)) {
                over.ignore(edit.copy, 1, "same_correction");
                over.corrections[edit.copy].added -= 1;
                continue;
            }
            fresh.push(cells.clone());
            last = last.max(new_rows.len());
            new_rows.push(cells);
            over.lines.lines.push(Line {
                part: edit.copy as u32 + 1,
                row: edit.row as u32,
                over: 0,
                was: 0,
                gone: false,
            });
        }
    }
    for merge in merges.iter_mut() {
        let to = |at: usize| place_of.get(at).copied().unwrap_or(at);
        (merge.top, merge.bottom) = (to(merge.top), to(merge.bottom));
    }
    *rows = new_rows;
    layout.last = last;
}
