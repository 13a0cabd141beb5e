//! Back to the townships (退回核改): for every township a copy of its own rows of every sheet, in
//! which doubtful cells are red and say what is wrong and what would be right. A corrected copy is
//! put into the book, under any name, and replaces the old rows when the book is read next (see
//! [`crate::book::marker`]).

mod count;
mod edit;
mod pack;
mod place;
mod plain;
mod plan;
mod refs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::book::marker::{Marker, fingerprint};
use crate::book::read;
use crate::book::trace::{RowIs, Trace, TracedSheet};
use crate::book::{self, Book, BookError, Finding, Listing, salt_of};
use crate::frame::{FrameError, FrameResult};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::say;
use place::{Doubt, Place, Places};
pub(crate) use plain::{new_book, width};
use plan::{List, Mark, OutRow, Plan, SheetPlan};

/// What goes back to the townships.
#[derive(Clone, Debug, Default)]
pub struct Returns {
    /// Files by their path in the output folder, sorted.
    pub files: Vec<(String, Vec<u8>)>,
    /// Doubts per township and kind: `county, township, list, reason, open, corrected`.
    pub counts: DataFrame,
    /// The same per township: `county, township, files, rows, open, corrected`.
    pub summary: DataFrame,
    /// Files that were written anew, without the formats of the source.
    pub anew: Vec<String>,
}

impl Returns {
    /// The sums per township, the county's own part under a name.
    ///
    /// # Errors
    /// polars refuses.
    pub fn named(&self, county: &str) -> FrameResult<DataFrame> {
        let names: Vec<&str> =
            crate::frame::texts(&self.summary, "township")?.into_iter().map(|name| name.unwrap_or(county)).collect();
        let named = crate::frame::Build::new().str("township", &names).done()?;
        let mut summary = self.summary.clone();
        summary.with_column(named.column("township")?.clone())?;
        Ok(summary)
    }
}

/// The copies cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    /// The book cannot be read.
    #[error("{0}")]
    Book(#[from] BookError),
    /// A file of the book went away while it was read.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// A copy cannot be written.
    #[error("{0}: {1}")]
    Write(String, String),
    /// The book has no such township; these it has.
    #[error("no township is called `{0}`")]
    NoTownship(String, Vec<String>),
    /// polars refused.
    #[error("{0}")]
    Frame(#[from] FrameError),
}

impl ReturnError {
    /// What is wrong, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            ReturnError::Book(error) => error.render(lang),
            ReturnError::Io(file, error) => {
                say!(lang, "return-error-read", file = file, why = error.kind().to_string())
            }
            ReturnError::Write(file, why) => say!(lang, "return-error-write", file = file, why = why),
            ReturnError::NoTownship(name, known) => {
                say!(lang, "return-error-township", name = name, known = known.join("、"))
            }
            ReturnError::Frame(error) => error.to_string(),
        }
    }
}

/// Makes the copies of a book. `corrections` is a folder of corrected copies beside the book,
/// `township` limits the copies to one township. Nothing is written.
///
/// # Errors
/// See [`ReturnError`].
pub fn prepare(
    path: &Path,
    corrections: Option<&Path>,
    policy: &Policy,
    township: Option<&str>,
    lang: Lang,
) -> Result<Returns, ReturnError> {
    let mut opened = read::open(path).map_err(BookError::from)?;
    if let Some(folder) = corrections {
        read::corrections(folder, &mut opened).map_err(BookError::from)?;
    }
    let (root, hashes) = (opened.root.clone(), opened.hashes.clone());
    let (salt, _) = salt_of(path, &root, &hashes);
    let (read_book, trace) = book::assemble_traced(opened, policy, &salt)?;
    let mut places = Places::new(&trace, &read_book);
    let wanted = wanted(&trace, township)?;
    let doubts = places.doubts(&read_book);
    let before = match trace.copies.is_empty() {
        true => None,
        false => Some(uncorrected(path, policy, &salt)?),
    };
    let counts = count::by_reason(&doubts, before.as_deref())?;

    let job = Job {
        root: &root,
        hashes: hashes.iter().map(|(f, h)| (f.as_str(), h.as_str())).collect(),
        trace: &trace,
        book: &read_book,
        doubts: &doubts,
        of: by_sheet(&doubts),
        owners: trace.sheets.iter().map(owners).collect(),
        lang,
    };
    let done = job.all(&wanted, township.is_none())?;
    let summary = count::by_township(&done.counts, &counts)?;
    let mut files = done.files;
    let mut sheet = Vec::new();
    crate::frame::write_csv(&counts, &mut sheet)?;
    files.push(("returns.csv".to_owned(), sheet));
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Returns { files, counts, summary, anew: done.anew })
}

/// The doubts of the book as it was before any copy came back.
fn uncorrected(path: &Path, policy: &Policy, salt: &crate::ident::Salt) -> Result<Vec<Doubt>, ReturnError> {
    let mut opened = read::open(path).map_err(BookError::from)?;
    let is_marker =
        |s: &book::raw::RawSheet| matches!(&s.body, book::raw::Body::Grid { rows, .. } if Marker::read(rows).is_some());
    let marked: BTreeSet<String> = opened.sheets.iter().filter(|s| is_marker(s)).map(|s| s.file.clone()).collect();
    opened.sheets.retain(|s| !marked.contains(&s.file));
    opened.hashes.retain(|(file, _)| !marked.contains(file));
    let (read_book, trace) = book::assemble_traced(opened, policy, salt)?;
    Ok(Places::new(&trace, &read_book).doubts(&read_book))
}

/// The townships that copies are made for.
fn wanted(trace: &Trace, township: Option<&str>) -> Result<Vec<Place>, ReturnError> {
    let all: Vec<Place> = trace.townships.keys().cloned().collect();
    let Some(name) = township else { return Ok(all) };
    let same = |t: &str| t == name || place::core(t) == place::core(name);
    let chosen: Vec<Place> = all.iter().filter(|(_, t)| same(t)).cloned().collect();
    match chosen.is_empty() {
        true => Err(ReturnError::NoTownship(name.to_owned(), all.into_iter().map(|(_, t)| t).collect())),
        false => Ok(chosen),
    }
}

/// Doubts by sheet and township.
fn by_sheet(doubts: &[Doubt]) -> BTreeMap<(usize, Option<Place>), Vec<usize>> {
    let mut of: BTreeMap<(usize, Option<Place>), Vec<usize>> = BTreeMap::new();
    for (at, doubt) in doubts.iter().enumerate() {
        if let Some(sheet) = doubt.sheet {
            of.entry((sheet, doubt.place.clone())).or_default().push(at);
        }
    }
    of
}

/// The townships that have rows in a sheet; none for rows that belong to none.
fn owners(sheet: &TracedSheet) -> BTreeSet<Option<Place>> {
    let mut owners: BTreeSet<Option<Place>> = BTreeSet::new();
    for is in &sheet.is {
        if let RowIs::Data(place) = is
            && !owners.contains(place)
        {
            owners.insert(place.clone());
        }
    }
    owners
}

/// What a township got.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count {
    pub files: usize,
    pub rows: usize,
}

#[derive(Default)]
struct Done {
    files: Vec<(String, Vec<u8>)>,
    anew: Vec<String>,
    counts: BTreeMap<Option<Place>, Count>,
}

struct Job<'a> {
    root: &'a Path,
    hashes: BTreeMap<&'a str, &'a str>,
    trace: &'a Trace,
    book: &'a Book,
    doubts: &'a [Doubt],
    /// Doubts by sheet and township.
    of: BTreeMap<(usize, Option<Place>), Vec<usize>>,
    /// Townships that have rows in each sheet.
    owners: Vec<BTreeSet<Option<Place>>>,
    lang: Lang,
}

impl<'a> Job<'a> {
    fn all(&self, wanted: &[Place], county: bool) -> Result<Done, ReturnError> {
        let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, sheet) in self.trace.sheets.iter().enumerate().filter(|(_, s)| s.is_table) {
            by_file.entry(&sheet.file).or_default().push(at);
        }
        let mut targets: Vec<Option<Place>> = wanted.iter().cloned().map(Some).collect();
        if county {
            targets.push(None);
        }
        let names = copy_names(by_file.keys().copied());
        let parts: Vec<Result<Done, ReturnError>> =
            by_file.into_par_iter().map(|(file, sheets)| self.file(file, &names[file], &sheets, &targets)).collect();
        let mut done = Done::default();
        for part in parts {
            let part = part?;
            done.files.extend(part.files);
            done.anew.extend(part.anew);
            for (place, count) in part.counts {
                let own = done.counts.entry(place).or_default();
                own.files += count.files;
                own.rows += count.rows;
            }
        }
        if county {
            done.files.extend(self.county_list()?);
        }
        for target in targets {
            done.counts.entry(target).or_default();
        }
        Ok(done)
    }

    /// All copies of one file.
    fn file(&self, file: &str, name: &str, sheets: &[usize], targets: &[Option<Place>]) -> Result<Done, ReturnError> {
        let mut done = Done::default();
        let lower = file.to_lowercase();
        let source = if [".xlsx", ".xlsm", ".xltx"].iter().any(|e| lower.ends_with(e)) {
            let path = self.root.join(file);
            let bytes = std::fs::read(&path).map_err(|e| ReturnError::Io(file.to_owned(), e))?;
            edit::Source::open(&bytes)
        } else {
            None
        };
        let others = source.as_ref().map(|s| self.beside(file, s)).unwrap_or_default();
        let computed: BTreeMap<&str, BTreeSet<usize>> = source
            .iter()
            .flat_map(|s| sheets.iter().map(move |at| (s, self.trace.sheets[*at].sheet.as_str())))
            .map(|(s, name)| (name, s.computed(name)))
            .collect();
        for target in targets {
            let Some(mut plan) = self.plan(file, sheets, target.as_ref(), &computed) else { continue };
            plan.path = format!("{}/{name}", self.folder(target.as_ref()));
            plan.beside = others
                .iter()
                .filter(|(_, speaks_of)| speaks_of.iter().all(|t| Some(t) == target.as_ref()))
                .map(|(sheet, _)| sheet.clone())
                .collect();
            plan.marker.beside = plan.beside.iter().cloned().chain([plan.list.name.clone()]).collect();
            let count = done.counts.entry(target.clone()).or_default();
            count.files += 1;
            count.rows += plan.sheets.iter().flat_map(|s| &s.rows).filter(|r| r.is_data).count();
            let bytes = match source.as_ref().and_then(|s| s.copy(&plan)) {
                Some(bytes) => bytes,
                None => {
                    done.anew.push(file.to_owned());
                    // Sheets without names, as text files have, need one.
                    for (number, sheet) in (1..).zip(&mut plan.sheets) {
                        if sheet.sheet.is_empty() {
                            sheet.sheet = if number == 1 { "Sheet1".to_owned() } else { format!("Sheet{number}") };
                        }
                    }
                    for (marked, sheet) in plan.marker.sheets.iter_mut().zip(&plan.sheets) {
                        marked.name.clone_from(&sheet.sheet);
                    }
                    plan.marker.beside = vec![plan.list.name.clone()];
                    plain::copy(&plan).map_err(|e| ReturnError::Write(plan.path.clone(), e.to_string()))?
                }
            };
            done.files.push((plan.path, bytes));
        }
        done.anew.dedup();
        Ok(done)
    }

    /// Sheets of a workbook that are no tables (words for drop-downs, instructions), and which
    /// townships they speak of. One that speaks of people, or is long, stays at home.
    fn beside(&self, file: &str, source: &edit::Source) -> Vec<(String, BTreeSet<Place>)> {
        let tables: BTreeSet<&str> =
            self.trace.sheets.iter().filter(|s| s.file == file && s.is_table).map(|s| s.sheet.as_str()).collect();
        let words = place::names(self.book).unwrap_or_default();
        let mut out = Vec::new();
        for sheet in source.names().into_iter().filter(|n| !tables.contains(n)) {
            let texts = source.texts(sheet);
            if texts.len() > 5_000 {
                continue;
            }
            let text = texts.join("\n");
            if words.people.iter().any(|name| text.contains(name.as_str())) {
                continue;
            }
            let speaks = words.places.iter().filter(|(w, _)| text.contains(w.as_str())).map(|(_, p)| p.clone());
            out.push((sheet.to_owned(), speaks.collect()));
        }
        out
    }

    /// The name of a township's folder.
    fn folder(&self, target: Option<&Place>) -> String {
        let many = self.trace.townships.keys().map(|(c, _)| c).collect::<BTreeSet<_>>().len() > 1;
        match target {
            None => self.lang.text("return-folder-county"),
            Some((county, township)) if many => file_name(&format!("{county}_{township}")),
            Some((_, township)) => file_name(township),
        }
    }

    /// What a township's copy of a file holds; `None` if the file has no row of it.
    fn plan(
        &self,
        file: &str,
        sheets: &[usize],
        target: Option<&Place>,
        computed: &BTreeMap<&str, BTreeSet<usize>>,
    ) -> Option<Plan<'a>> {
        let none = BTreeSet::new();
        let mut plan = Plan::default();
        // The sheet, the doubt, and the cell it stands in.
        type Listed<'d> = (usize, &'d Doubt, Option<(usize, usize)>);
        let mut listed: Vec<Listed> = Vec::new();
        for at in sheets {
            let sheet = &self.trace.sheets[*at];
            if !self.owners[*at].contains(&target.cloned()) {
                continue;
            }
            let own: &[usize] = self.of.get(&(*at, target.cloned())).map(Vec::as_slice).unwrap_or_default();
            let own: Vec<&Doubt> = own.iter().map(|d| &self.doubts[*d]).collect();
            let doubtful: BTreeSet<usize> = own.iter().filter_map(|d| d.row).collect();
            let Some(mut copy) = rows_of(
                sheet,
                target,
                &self.owners[*at],
                &doubtful,
                computed.get(sheet.sheet.as_str()).unwrap_or(&none),
            ) else {
                continue;
            };
            let row_of: BTreeMap<usize, usize> = copy.rows.iter().enumerate().map(|(n, r)| (r.at, n)).collect();
            let mut marks: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
            for doubt in own {
                let row = doubt.row.and_then(|r| row_of.get(&r).copied());
                let column = doubt.column(sheet);
                let cell = row.map(|r| (r, column));
                if let Some(cell) = cell {
                    marks.entry(cell).or_default().push(doubt.said(self.lang));
                }
                listed.push((plan.sheets.len(), doubt, cell));
            }
            copy.marks = marks
                .into_iter()
                .map(|((row, column), mut texts)| {
                    texts.dedup();
                    Mark { row, column, text: texts.join("\n") }
                })
                .collect();
            let hash = self.hashes.get(file).copied().unwrap_or_default();
            plan.marker.sheets.push(copy.marked(file, &sheet.sheet, hash));
            plan.sheets.push(copy);
        }
        if plan.sheets.is_empty() {
            return None;
        }
        plan.marker.book.clone_from(&self.trace.book);
        plan.marker.after.clone_from(&self.trace.copies);
        if let Some(place) = target {
            (plan.marker.county, plan.marker.township) = place.clone();
            plan.marker.codes = self.trace.townships.get(place).cloned().unwrap_or_default();
        }
        listed.sort_by_key(|(sheet, doubt, cell)| (*sheet, cell.is_none(), *cell, doubt.finding.clone()));
        let lines = listed.into_iter().map(|(sheet, doubt, cell)| {
            let address = cell.map(|(row, column)| format!("{}{}", column_name(column), row + 1)).unwrap_or_default();
            self.line(&plan.sheets[sheet].sheet, address, doubt)
        });
        let rows = lines.collect();
        plan.list = self.list(target, rows, &plan.sheets);
        Some(plan)
    }

    fn line(&self, sheet: &str, address: String, doubt: &Doubt) -> Vec<String> {
        let finding = &doubt.finding;
        vec![
            sheet.to_owned(),
            address,
            finding.column.clone(),
            finding.value.clone(),
            finding.reason_text(self.lang, doubt.listing),
            finding.remedy_text(self.lang),
        ]
    }

    fn list(&self, target: Option<&Place>, rows: Vec<Vec<String>>, sheets: &[SheetPlan<'_>]) -> List {
        let name = self.lang.text("return-list");
        let taken = |n: &str| sheets.iter().any(|s| s.sheet == n);
        let name = if taken(&name) { format!("{name}1") } else { name };
        let who = target.map_or_else(|| self.lang.text("return-folder-county"), |(_, t)| t.clone());
        let heads = ["sheet", "cell", "column", "value", "reason", "remedy"];
        List {
            name,
            title: say!(self.lang, "return-list-title", township = who, doubts = rows.len()),
            headers: heads.iter().map(|h| self.lang.text(&format!("return-head-{h}"))).collect(),
            rows,
        }
    }

    /// What is the county's own to check: everything that belongs to no township, and the files
    /// that were not read.
    fn county_list(&self) -> Result<Option<(String, Vec<u8>)>, ReturnError> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for doubt in self.doubts.iter().filter(|d| d.place.is_none()) {
            let finding = &doubt.finding;
            let place = if finding.sheet.is_empty() {
                finding.file.clone()
            } else {
                format!("{} [{}]", finding.file, finding.sheet)
            };
            let row = if finding.row == 0 { String::new() } else { finding.row.to_string() };
            rows.push(self.line(&place, row, doubt));
        }
        for file in &self.book.report.not_read {
            let why = say!(self.lang, &file.reason, detail = &file.detail);
            rows.push(vec![file.file.clone(), String::new(), String::new(), String::new(), why, String::new()]);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let mut list = self.list(None, rows, &[]);
        list.headers[1] = self.lang.text("finding-row");
        let path = format!("{}/{}.xlsx", self.folder(None), list.name);
        let bytes = plain::only_list(&list).map_err(|e| ReturnError::Write(path.clone(), e.to_string()))?;
        Ok(Some((path, bytes)))
    }
}

/// The rows of a sheet that are a township's, or that the county must check; `None` if it has none.
fn rows_of<'a>(
    sheet: &'a TracedSheet,
    target: Option<&Place>,
    owners: &BTreeSet<Option<Place>>,
    doubtful: &BTreeSet<usize>,
    computed: &BTreeSet<usize>,
) -> Option<SheetPlan<'a>> {
    let mine = |row: usize| match (&sheet.is[row], target) {
        (RowIs::Data(place), Some(target)) => place.as_ref() == Some(target),
        (RowIs::Data(None), None) => doubtful.contains(&row),
        _ => false,
    };
    if sheet.is.len() != sheet.rows.len() || !(0..sheet.rows.len()).any(mine) {
        return None;
    }
    let whole = sheet.is.iter().enumerate().all(|(row, is)| !matches!(is, RowIs::Data(_)) || mine(row));
    let others = |row: usize| {
        let texts = sheet.rows[row].iter().filter_map(|c| match c {
            book::raw::Cell::Text(text) => Some(text.as_str()),
            _ => None,
        });
        let names: Vec<&str> = texts.collect();
        owners.iter().flatten().any(|o| Some(o) != target && names.iter().any(|n| n.contains(o.1.as_str())))
    };
    let mut rows: Vec<OutRow> = Vec::new();
    let mut last_mine = false;
    for (row, is) in sheet.is.iter().enumerate() {
        let line = sheet.lines.as_ref().and_then(|l| l.lines.get(row)).copied();
        if line.is_some_and(|l| l.gone) {
            continue;
        }
        let keep = match is {
            RowIs::Head => true,
            RowIs::Data(_) => {
                last_mine = mine(row);
                last_mine
            }
            // Sums of constants speak of other townships' rows too; formulas are computed anew.
            RowIs::Total { partial } => {
                let own = line.map_or(row + 1, |l| l.row as usize);
                whole || (!others(row) && if *partial { last_mine } else { computed.contains(&own) })
            }
            RowIs::Title(name) => {
                whole
                    || match (name, target) {
                        (Some(name), Some((_, own))) => place::core(name) == place::core(own),
                        (Some(_), None) => false,
                        (None, _) => !others(row),
                    }
            }
            RowIs::Note => whole || !others(row),
            RowIs::Blank => whole,
        };
        if !keep {
            continue;
        }
        let is_data = matches!(is, RowIs::Data(_));
        let (from, key, corrected) = match line {
            Some(line) if line.part > 0 && line.over == 0 => (None, None, true),
            Some(line) if line.part > 0 => (Some(line.over), Some((line.over as usize, line.was)), true),
            Some(line) => (Some(line.row), Some((line.row as usize, line.was)), false),
            None => (Some(row as u32 + 1), Some((row + 1, fingerprint(&sheet.rows[row]))), false),
        };
        rows.push(OutRow { from, at: row, corrected, is_data, key: key.filter(|_| is_data) });
    }
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
    Some(SheetPlan {
        sheet: sheet.sheet.clone(),
        rows,
        cells: &sheet.rows,
        merges: &sheet.merges,
        head: sheet.head.1,
        head_first: sheet.head.0,
        key_column: width,
        marks: Vec::new(),
    })
}

/// Names of the copies: those of the files, each once whatever folder it lies in.
fn copy_names<'a>(files: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut names = BTreeMap::new();
    for file in files {
        let base = file.rsplit('/').next().unwrap_or(file);
        let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
        let mut name = format!("{}.xlsx", file_name(stem));
        let mut number = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{}_{number}.xlsx", file_name(stem));
            number += 1;
        }
        names.insert(file, name);
    }
    names
}

/// A name that every file system takes.
fn file_name(text: &str) -> String {
    let clean: String =
        text.trim().chars().map(|c| if r#"\/:*?"<>|"#.contains(c) || c.is_control() { '_' } else { c }).collect();
    let clean = clean.trim_end_matches(['.', ' ']).to_owned();
    if clean.is_empty() { "_".to_owned() } else { clean }
}

/// A column as a spreadsheet names it: 0 is A.
fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().collect()
}

/// Which list a doubt stands in, as a code.
pub(crate) fn list_code(listing: Listing) -> &'static str {
    match listing {
        Listing::Flags => "flags",
        Listing::Quarantine => "quarantine",
    }
}

/// A finding in one text, for a comment.
pub(crate) fn say_finding(finding: &Finding, listing: Listing, lang: Lang) -> String {
    say!(lang, "return-comment", reason = finding.reason_text(lang, listing), remedy = finding.remedy_text(lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_and_files() {
        assert_eq!([0, 25, 26, 701, 702].map(column_name), ["A", "Z", "AA", "ZZ", "AAA"]);
        let names = copy_names(["a/村情.xls", "b/村情.xlsx", "c/x?.csv"].into_iter());
        assert_eq!(names["a/村情.xls"], "村情.xlsx");
        assert_eq!(names["b/村情.xlsx"], "村情_2.xlsx");
        assert_eq!(names["c/x?.csv"], "x_.xlsx");
    }
}
