//! One sheet: its form, its rows one by one, and the parts that they become.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::cells::Reader;
use super::draft::{Rows, Value};
use super::fill::Places;
use super::forms::Form;
use super::headers::{Header, text};
use super::layout::{Grid, Layout};
use super::lexicon::{Claim, Lexicon};
use super::lines::Lines;
use super::raw::{Cell, Merge};
use super::report::{Finding, SheetReport};
use super::rows::{RowKind, classify};
use super::schema::{Kind, Table, Unit, table};
use super::titles;
use super::totals::{Totals, unbounded};
use super::value::{self, HeaderUnit, mask};
use crate::frame::FrameResult;
use crate::kernel::round::show;

/// Where rows come from, as far as later checks and precedence need it.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    pub file: String,
    pub sheet: String,
    pub form: &'static str,
    /// Canonical column → header as written.
    pub written: BTreeMap<String, String>,
    /// Year of the sheet's title or name.
    pub year: Option<i64>,
    /// Date of filling in, as titles and notes state it.
    pub as_of: Option<NaiveDate>,
    /// Where its rows come from, if corrected copies were laid over it.
    pub lines: Option<Arc<Lines>>,
}

impl Source {
    /// The file, sheet and row that a row of the grid stands for.
    pub fn origin(&self, row: usize) -> (&str, &str, usize) {
        match &self.lines {
            Some(lines) => lines.origin((&self.file, &self.sheet), row),
            None => (&self.file, &self.sheet, row),
        }
    }
}

/// A sheet, read.
#[derive(Debug, Default)]
pub(super) struct SheetRead {
    pub source: Source,
    pub report: SheetReport,
    /// Of the copies that were laid over it, in their order.
    pub copies: Vec<SheetReport>,
    /// By row of the grid, for whoever asked (see [`Tools::trace`]).
    pub trace: Vec<(RowKind, Option<String>)>,
    /// Per table.
    pub parts: Vec<(&'static Table, DataFrame)>,
    pub flags: Vec<Finding>,
    pub quarantine: Vec<Finding>,
    /// Names of people in rows set aside.
    pub names: Vec<String>,
}

/// What the sheets of a book are read with.
pub(super) struct Tools<'a> {
    pub lexicon: Lexicon,
    pub reader: Reader<'a>,
    /// Townships that some sheet names in a column of its own.
    pub townships: Vec<String>,
    /// Keep what every row is.
    pub trace: bool,
}

/// Reads the rows of a sheet.
pub(super) fn read(grid: &Grid<'_>, layout: &Layout, tools: &Tools<'_>) -> FrameResult<SheetRead> {
    let mut reading = Reading::new(grid, layout, tools);
    for at in layout.first..layout.head.first {
        reading.ignore(at, if blank(&grid.rows[at]) { "blank" } else { "title" });
    }
    for at in layout.head.first..=layout.head.last {
        reading.ignore(at, "header");
    }
    for at in layout.head.last + 1..=layout.last {
        let row = &grid.rows[at];
        if reading.corrected(at) {
            reading.keep(at, RowKind::Blank, None);
            continue;
        }
        let kind = classify(row, &layout.head.headers, &reading.serial);
        reading.keep(at, kind.clone(), None);
        match kind {
            RowKind::Data => reading.data(at),
            RowKind::Total { partial } => {
                reading.total(at, partial);
                reading.ignore(at, "total");
            }
            kind => {
                if let RowKind::Title(Some(name)) = &kind {
                    reading.places.township = Some(name.clone());
                }
                if kind == RowKind::Note {
                    let found = row.iter().filter_map(|cell| titles::report_date(&text(cell), &tools.reader)).max();
                    reading.out.source.as_of = reading.out.source.as_of.max(found);
                }
                reading.ignore(at, kind.reason());
            }
        }
    }
    reading.done(0)
}

fn blank(row: &[Cell]) -> bool {
    row.iter().all(value::is_blank)
}

/// A sheet while it is being read.
pub(super) struct Reading<'a> {
    pub grid: &'a Grid<'a>,
    pub headers: &'a [Header],
    pub claims: Vec<Option<Claim>>,
    pub tools: &'a Tools<'a>,
    pub form: &'static Form,
    pub serial: Vec<bool>,
    /// Percent columns that hold fractions of one.
    pub fractions: Vec<bool>,
    pub unit: Option<HeaderUnit>,
    pub out: SheetRead,
    pub rows: BTreeMap<&'static str, Rows>,
    pub places: Places,
    pub totals: Totals,
    pub post: &'static str,
    pub merged: BTreeMap<(usize, usize), (usize, usize)>,
    /// The copy whose row is being read: 0 for the sheet itself.
    part: usize,
}

impl<'a> Reading<'a> {
    fn new(grid: &'a Grid<'a>, layout: &'a Layout, tools: &'a Tools<'a>) -> Reading<'a> {
        let headers = &layout.head.headers;
        let claims = layout.fit.claims.clone();
        let mut out = SheetRead::default();
        out.report.file = grid.file.to_owned();
        out.report.sheet = grid.sheet.to_owned();
        out.source.file = grid.file.to_owned();
        out.source.sheet = grid.sheet.to_owned();
        out.source.form = layout.fit.form.name;
        out.source.lines = grid.lines.cloned();
        out.copies = vec![SheetReport::default(); grid.lines.map_or(0, |l| l.parts.len())];
        for (header, claim) in headers.iter().zip(&claims) {
            match claim {
                Some(claim) => {
                    out.source.written.entry(claim.field.name.clone()).or_insert_with(|| header.written.clone());
                }
                None if !header.is_serial() => out.report.unused.push(header.written.clone()),
                None => {}
            }
        }
        let serial = headers.iter().zip(&claims).map(|(h, c)| c.is_none() && h.is_serial()).collect::<Vec<_>>();
        let data = &grid.rows[layout.head.last + 1..=layout.last];
        let fractions = (0..headers.len())
            .map(|c| {
                let percent = claims[c].as_ref().is_some_and(|c| c.field.kind == Kind::Number(Unit::Percent));
                percent && all_fractions(data, c)
            })
            .collect();
        let has_township = claims.iter().flatten().any(|c| c.field.name == "township");
        let township = if has_township {
            None
        } else {
            titles::township_of(grid.file, grid.sheet, &layout.titles, &tools.townships)
        };
        out.source.as_of = layout.titles.iter().filter_map(|t| titles::report_date(t, &tools.reader)).max();
        out.source.year = titles::sheet_year(&layout.titles, grid.sheet, grid.file);
        let names = [grid.sheet, grid.file].into_iter().chain(layout.titles.iter().map(String::as_str));
        let post = titles::post_of(&claims, headers, names);
        let form = layout.fit.form;
        let mut reading = Reading {
            grid,
            headers,
            tools,
            form,
            serial,
            fractions,
            unit: layout.titles.iter().find_map(|t| value::unit_line(t)),
            out,
            rows: BTreeMap::new(),
            places: Places::new(form.name, &claims, data, township),
            totals: Totals::new(claims.len()),
            claims,
            post,
            merged: merged_cells(grid.merges, layout.head.last + 1, layout.last),
            part: 0,
        };
        if !layout.rivals.is_empty() {
            reading.flag(
                0,
                "",
                "",
                "two_tables_fit",
                layout
                    .rivals
                    .iter()
                    .map(|n| format!("{n} {}", table(n).map_or("", |t| t.zh)))
                    .collect::<Vec<_>>()
                    .join("、"),
            );
        }
        for at in &layout.fit.doubled {
            reading.flag(0, &headers[*at].written, "", "duplicate_header", String::new());
        }
        if reading.form.name == "posts"
            && !reading.claims.iter().flatten().any(|c| c.field.name == "post")
            && post.is_empty()
        {
            reading.flag(0, "", "", "post_assumed", String::new());
            reading.post = "secretary";
        }
        reading
    }

    /// The report of the file that the row being read stands in.
    fn report(&mut self) -> &mut SheetReport {
        match self.part.checked_sub(1) {
            Some(copy) => &mut self.out.copies[copy],
            None => &mut self.out.report,
        }
    }

    fn ignore(&mut self, at: usize, reason: &str) {
        self.part = self.grid.lines.and_then(|l| l.lines.get(at)).map_or(0, |l| l.part as usize);
        let report = self.report();
        report.rows += 1;
        *report.ignored.entry(reason.to_owned()).or_default() += 1;
    }

    /// Counts the row of the sheet whose place a corrected one took; true if nothing came instead.
    fn corrected(&mut self, at: usize) -> bool {
        let Some(line) = self.grid.lines.and_then(|l| l.lines.get(at)).copied() else { return false };
        self.part = line.part as usize;
        if line.gone || line.over > 0 {
            let reason = if line.gone { "removed_by_correction" } else { "replaced_by_correction" };
            self.out.report.rows += 1;
            *self.out.report.ignored.entry(reason.to_owned()).or_default() += 1;
        }
        line.gone
    }

    fn keep(&mut self, at: usize, kind: RowKind, township: Option<String>) {
        if self.tools.trace {
            self.out.trace.resize(at, (RowKind::Blank, None));
            self.out.trace.push((kind, township));
        }
    }

    fn flag(&mut self, row: usize, column: &str, value: &str, reason: &str, detail: String) {
        let (file, sheet, row) = self.out.source.origin(row);
        let finding = Finding {
            file: file.to_owned(),
            sheet: sheet.to_owned(),
            row,
            column: column.to_owned(),
            value: value.to_owned(),
            reason: reason.to_owned(),
            detail,
        };
        self.out.flags.push(finding);
    }

    fn repair(&mut self, kind: &str) {
        *self.report().repaired.entry(kind.to_owned()).or_default() += 1;
    }

    fn cell(&self, at: usize, column: usize) -> &'a Cell {
        static EMPTY: Cell = Cell::Empty;
        self.grid.rows[at].get(column).unwrap_or(&EMPTY)
    }

    /// Reads a row of data and hands it to its tables.
    fn data(&mut self, at: usize) {
        let row = at + 1;
        self.report().rows += 1;
        let mut values: Vec<Value> = Vec::with_capacity(self.claims.len());
        let mut further: Vec<(&'static str, Value)> = Vec::new();
        let mut flags: Vec<(usize, &'static str, String)> = Vec::new();
        let mut unreadable: Vec<usize> = Vec::new();
        for column in 0..self.claims.len() {
            let Some(claim) = self.claims[column].clone() else {
                values.push(Value::Nothing);
                continue;
            };
            let mut cell = self.cell(at, column);
            if value::is_blank(cell)
                && let Some((top, left)) = self.merged.get(&(at, column))
            {
                cell = self.cell(*top, *left);
                if !value::is_blank(cell) {
                    self.repair("filled_down");
                }
            }
            // 6月3日 in a sheet of 2025.
            let whole;
            if claim.field.kind == Kind::Date
                && let (Cell::Text(said), Some(year)) = (cell, self.out.source.year)
                && titles::month_and_day(said)
            {
                whole = Cell::Text(format!("{year}年{}", said.trim()));
                cell = &whole;
                self.repair("year_from_title");
            }
            let mut read = self.tools.reader.read(&claim, self.unit, cell);
            if self.fractions[column]
                && let Value::Number(x) = read.value
            {
                read.value = Value::Number(x * 100.0);
                self.repair("fraction");
            }
            for repair in read.repairs.iter() {
                self.repair(repair.code());
            }
            if read.unreadable {
                unreadable.push(column);
            }
            flags.extend(read.flags.into_iter().map(|(reason, detail)| (column, reason, detail)));
            further.extend(read.further);
            values.push(read.value);
        }
        let filled = self.places.fill(&self.claims, &mut values);
        (0..filled).for_each(|_| self.repair("filled_down"));
        if self.tools.trace {
            let own = self.claims.iter().position(|c| c.as_ref().is_some_and(|c| c.field.name == "township"));
            let said = own.and_then(|i| values[i].text().map(str::to_owned)).or_else(|| self.places.township.clone());
            self.keep(at, RowKind::Data, said);
        }
        let get = |name: &str| -> Value {
            let at = self.claims.iter().position(|c| c.as_ref().is_some_and(|c| c.field.name == name));
            let value = at.map(|i| values[i].clone()).unwrap_or_default();
            // 空缺 names a post without a holder; elsewhere it names nobody.
            let nobody = self.form.name != "posts"
                && matches!(name, "name" | "person" | "relative")
                && value.text().is_some_and(|t| self.tools.reader.is_vacant(t));
            if nobody { Value::Nothing } else { value }
        };
        // Keys: a row without them is set aside, never dropped.
        for group in self.form.keys {
            if group.iter().any(|name| !get(name).is_nothing()) {
                continue;
            }
            let unread = unreadable
                .iter()
                .copied()
                .find(|c| self.claims[*c].as_ref().is_some_and(|c| group.contains(&c.field.name.as_str())));
            let names: Vec<String> = group
                .iter()
                .map(|name| self.out.source.written.get(*name).map_or(*name, String::as_str))
                .filter(|name| !name.is_ascii())
                .map(str::to_owned)
                .collect();
            let column = unread.map_or_else(
                || names.first().map_or(group[0], String::as_str).to_owned(),
                |c| self.headers[c].written.clone(),
            );
            let value = unread.map(|c| mask(&text(self.cell(at, c)))).unwrap_or_default();
            let reason = if unread.is_some() { "unreadable_key" } else { "missing_key" };
            self.out
                .names
                .extend(["name", "person", "relative"].iter().filter_map(|n| get(n).text().map(str::to_owned)));
            *self.report().quarantined.entry(reason.to_owned()).or_default() += 1;
            let (file, sheet, row) = self.out.source.origin(row);
            let (file, sheet) = (file.to_owned(), sheet.to_owned());
            self.out.quarantine.push(Finding {
                file,
                sheet,
                row,
                column,
                value,
                reason: reason.to_owned(),
                detail: names.join("/"),
            });
            return;
        }
        self.report().accepted += 1;
        for (column, reason, detail) in flags {
            let claim = self.claims[column].as_ref();
            let shown = text(self.cell(at, column));
            let shown =
                if claim.is_some_and(|c| c.field.name == "birth") { titles::hide_digits(&shown) } else { mask(&shown) };
            let written = self.headers[column].written.clone();
            self.flag(row, &written, &shown, reason, detail);
        }
        self.totals.add(&values);
        self.emit(at, &values, further);
    }

    /// Compares a total row with the rows above it.
    fn total(&mut self, at: usize, partial: bool) {
        for column in 0..self.claims.len() {
            let Some(claim) = self.claims[column].clone() else { continue };
            let cell = self.cell(at, column);
            if value::is_blank(cell) {
                continue;
            }
            let wrong = match claim.field.kind {
                Kind::Whole | Kind::Number(_) => {
                    let said = self.tools.reader.read(&unbounded(&claim), self.unit, cell).value.number();
                    said.and_then(|said| {
                        self.totals.differs(column, claim.field.kind, said, partial).map(|found| (said, found))
                    })
                }
                Kind::Text if matches!(claim.field.name.as_str(), "name" | "village" | "person") => {
                    self.totals.counts_differ(cell, partial)
                }
                _ => None,
            };
            if let Some((said, found)) = wrong {
                let written = self.headers[column].written.clone();
                self.flag(at + 1, &written, &show(said, 4), "total_row_differs", show(found, 4));
            }
        }
        if partial {
            self.totals.start_part();
        }
    }
}

/// Cells that a merged one above stands for: (row, column) → the cell that holds the value. A cell
/// merged across columns is left alone below its first.
fn merged_cells(merges: &[Merge], first: usize, last: usize) -> BTreeMap<(usize, usize), (usize, usize)> {
    let mut cells = BTreeMap::new();
    for m in merges.iter().filter(|m| m.left == m.right && m.top >= first) {
        for row in m.top + 1..=m.bottom.min(last) {
            cells.insert((row, m.left), (m.top, m.left));
        }
    }
    cells
}

/// Does a column of shares hold fractions of one, as a cell formatted in percent does?
fn all_fractions(rows: &[Vec<Cell>], column: usize) -> bool {
    let (mut fractions, mut numbers) = (0, 0);
    for row in rows {
        match row.get(column) {
            Some(Cell::Number(x)) if (0.0..=1.0).contains(x) => {
                numbers += 1;
                fractions += usize::from(*x > 0.0 && *x < 1.0);
            }
            Some(Cell::Number(_)) => return false,
            Some(Cell::Text(text)) if text.trim().parse::<f64>().is_ok_and(|x| x > 1.0) => return false,
            _ => {}
        }
    }
    numbers >= 2 && fractions * 2 >= numbers
}
