//! One sheet: its form, its rows one by one, and the parts that they become.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::cells::Reader;
use super::draft::{self, Rows, Value};
use super::forms::Form;
use super::headers::{self, Header, text};
use super::lexicon::{Claim, Fit, Lexicon};
use super::raw::{Cell, Merge};
use super::report::{Finding, NotRead, SheetReport};
use super::rows::{RowKind, classify, township_in};
use super::schema::{Kind, Table, Unit, table};
use super::value::{self, HeaderUnit, mask};
use crate::frame::FrameResult;

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
}

/// A sheet, read.
#[derive(Debug, Default)]
pub(super) struct SheetRead {
    pub source: Source,
    pub report: SheetReport,
    /// Per table.
    pub parts: Vec<(&'static Table, DataFrame)>,
    pub flags: Vec<Finding>,
    pub quarantine: Vec<Finding>,
}

/// What the sheets of a book are read with.
pub(super) struct Tools<'a> {
    pub lexicon: Lexicon,
    pub reader: Reader<'a>,
    /// Townships that some sheet names in a column of its own.
    pub townships: Vec<String>,
}

/// A grid to be read.
pub(super) struct Grid<'a> {
    pub file: &'a str,
    pub sheet: &'a str,
    pub rows: &'a [Vec<Cell>],
    pub merges: &'a [Merge],
    /// The form that `book.toml` sets.
    pub forced: Option<&'static Form>,
}

impl Grid<'_> {
    fn not_read(&self, reason: &str, detail: String) -> NotRead {
        let file = if self.sheet.is_empty() { self.file.to_owned() } else { format!("{}#{}", self.file, self.sheet) };
        NotRead { file, reason: reason.to_owned(), detail }
    }
}

/// A sheet's header and form, before its rows are read.
pub(super) struct Layout {
    head: headers::Head,
    fit: Fit,
    /// Other forms that explain the same headers.
    rivals: Vec<&'static str>,
    first: usize,
    last: usize,
    titles: Vec<String>,
}

/// Finds a sheet's header and form.
pub(super) fn layout(grid: &Grid<'_>, tools: &Tools<'_>) -> Result<Layout, NotRead> {
    let filled = |row: &Vec<Cell>| row.iter().any(|c| !value::is_blank(c));
    let (Some(first), Some(last)) = (grid.rows.iter().position(filled), grid.rows.iter().rposition(filled)) else {
        return Err(grid.not_read("not-read-empty-sheet", String::new()));
    };
    let names = [grid.file, grid.sheet];
    let Some(head) = headers::find(grid.rows, grid.merges, &tools.lexicon, &names) else {
        return Err(grid.not_read("not-read-no-header", String::new()));
    };
    let titles: Vec<String> = grid.rows[first.min(head.first)..head.first]
        .iter()
        .flat_map(|row| row.iter().map(text).filter(|t| !t.is_empty()))
        .collect();
    let hints: Vec<&str> = names.iter().copied().chain(titles.iter().map(String::as_str)).collect();
    if let Some(form) = grid.forced
        && let Some(fit) = tools.lexicon.fit(form, &head.headers)
    {
        return Ok(Layout { head, fit, rivals: Vec::new(), first, last, titles });
    }
    let fits = tools.lexicon.fits(&head.headers, &hints);
    let Some(best) = fits.first().cloned() else {
        return Err(grid.not_read("not-read-no-header", String::new()));
    };
    if !best.missing.is_empty() {
        let main = table(best.form.name).map_or(best.form.name, |t| t.zh);
        return Err(grid.not_read("not-read-no-table", format!("{main}：{}", best.missing.join("、"))));
    }
    let explained = best.explained();
    let equals: Vec<Fit> =
        fits.into_iter().filter(|f| f.missing.is_empty() && f.explained() == explained).collect();
    let (fit, rivals) = settle(equals, grid, &head, &hints, &tools.reader);
    Ok(Layout { head, fit: fit.unwrap_or(best), rivals, first, last, titles })
}

/// Of forms that explain the same headers: the one whose closed lists know most of the words in
/// the rows, then the one that names and titles hint at, then the first. The others are rivals; a
/// plain list of people is none to a special one that is hinted at.
fn settle(
    equals: Vec<Fit>,
    grid: &Grid<'_>,
    head: &headers::Head,
    hints: &[&str],
    reader: &Reader<'_>,
) -> (Option<Fit>, Vec<&'static str>) {
    let hinted = |fit: &Fit| {
        fit.form.hints.iter().filter(|hint| hints.iter().any(|text| text.contains(**hint))).map(|h| h.chars().count()).max()
    };
    let words = |fit: &Fit| {
        let mut known = 0usize;
        for row in grid.rows.iter().skip(head.last + 1).take(200) {
            for (cell, claim) in row.iter().zip(&fit.claims) {
                if let (Cell::Text(text), Some(Claim { field, .. })) = (cell, claim)
                    && let Kind::Word(vocab) = field.kind
                    && reader.code(vocab, text).is_some()
                {
                    known += 1;
                }
            }
        }
        known
    };
    let special = equals.iter().any(|f| f.form.name != "people" && hinted(f).is_some());
    let mut ranked: Vec<(usize, usize, Fit)> =
        equals.into_iter().map(|f| (words(&f), hinted(&f).unwrap_or(0), f)).collect();
    ranked.sort_by_key(|(words, hinted, _)| (std::cmp::Reverse(*words), std::cmp::Reverse(*hinted)));
    let mut names: Vec<&'static str> = ranked.iter().map(|(.., f)| f.form.name).collect();
    if special {
        names.retain(|n| *n != "people");
        ranked.sort_by_key(|(.., f)| f.form.name == "people");
    }
    let best = ranked.into_iter().next().map(|(.., f)| f);
    let rivals = if names.len() > 1 { names } else { Vec::new() };
    (best, rivals)
}

/// The names in a sheet's township column, to recognise them in the titles of other sheets.
pub(super) fn township_names(grid: &Grid<'_>, layout: &Layout) -> Vec<String> {
    let Some(at) = layout.fit.claims.iter().position(|c| c.as_ref().is_some_and(|c| c.field.name == "township")) else {
        return Vec::new();
    };
    let mut names: Vec<String> = grid.rows[layout.head.last + 1..]
        .iter()
        .filter_map(|row| row.get(at))
        .map(|cell| value::clean_text(&text(cell)).0.into_owned())
        .filter(|name| ["镇", "乡", "街道", "办事处"].iter().any(|s| name.ends_with(s)) && name.chars().count() >= 2)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Reads the rows of a sheet.
pub(super) fn read(grid: &Grid<'_>, layout: &Layout, tools: &Tools<'_>) -> FrameResult<SheetRead> {
    let mut reading = Reading::new(grid, layout, tools);
    for at in layout.first..layout.head.first {
        reading.ignore(if blank(&grid.rows[at]) { "blank" } else { "title" });
    }
    for _ in layout.head.first..=layout.head.last {
        reading.ignore("header");
    }
    for at in layout.head.last + 1..=layout.last {
        let row = &grid.rows[at];
        match classify(row, &layout.head.headers, &reading.serial) {
            RowKind::Data => reading.data(at),
            RowKind::Total { partial } => {
                reading.total(at, partial);
                reading.ignore("total");
            }
            kind => {
                if let RowKind::Title(Some(name)) = &kind {
                    reading.township = Some(name.clone());
                }
                if kind == RowKind::Note {
                    row.iter().for_each(|cell| reading.look_for_date(&text(cell)));
                }
                reading.ignore(kind.reason());
            }
        }
    }
    reading.done(0)
}

fn blank(row: &[Cell]) -> bool {
    row.iter().all(value::is_blank)
}

/// A column's sum so far, to be compared with total rows.
#[derive(Clone, Copy, Default)]
struct Sum {
    all: f64,
    part: f64,
    rows: usize,
    part_rows: usize,
}

struct Reading<'a> {
    grid: &'a Grid<'a>,
    headers: &'a [Header],
    claims: Vec<Option<Claim>>,
    tools: &'a Tools<'a>,
    form: &'static Form,
    serial: Vec<bool>,
    /// Percent columns that hold fractions of one.
    fractions: Vec<bool>,
    unit: Option<HeaderUnit>,
    out: SheetRead,
    rows: BTreeMap<&'static str, Rows>,
    township: Option<String>,
    county: Option<String>,
    village: Option<String>,
    sums: Vec<Sum>,
    data_rows: usize,
    part_rows: usize,
    post: &'static str,
    merged: BTreeMap<(usize, usize), (usize, usize)>,
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
        for (header, claim) in headers.iter().zip(&claims) {
            match claim {
                Some(claim) => {
                    out.source.written.entry(claim.field.name.clone()).or_insert_with(|| header.written.clone());
                }
                None if !header.is_serial() => out.report.unused.push(header.written.clone()),
                None => {}
            }
        }
        let serial =
            headers.iter().zip(&claims).map(|(h, c)| c.is_none() && h.is_serial()).collect::<Vec<_>>();
        let data = &grid.rows[layout.head.last + 1..=layout.last];
        let fractions = (0..headers.len())
            .map(|c| {
                let percent = claims[c].as_ref().is_some_and(|c| c.field.kind == Kind::Number(Unit::Percent));
                percent && all_fractions(data, c)
            })
            .collect();
        let mut merged = BTreeMap::new();
        for m in grid.merges.iter().filter(|m| m.bottom > layout.head.last) {
            // A whole column merged at once is a mistake of the file, not a value for each row.
            for r in m.top.max(layout.head.last + 1)..=m.bottom.min(layout.last) {
                if m.right == m.left && (r, m.left) != (m.top, m.left) && m.top > layout.head.last {
                    merged.insert((r, m.left), (m.top, m.left));
                }
            }
        }
        let names: Vec<&str> = [grid.sheet, grid.file].into_iter().collect();
        let known = |text: &str| {
            tools.townships.iter().filter(|t| text.contains(t.as_str())).max_by_key(|t| t.chars().count()).cloned()
        };
        let has_township = claims.iter().flatten().any(|c| c.field.name == "township");
        let township = (!has_township)
            .then(|| {
                let stem = grid.file.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
                let places: Vec<&str> =
                    [grid.sheet].into_iter().chain(layout.titles.iter().map(String::as_str)).chain([stem]).collect();
                places
                    .iter()
                    .find_map(|p| known(p))
                    .or_else(|| places.iter().find_map(|p| township_in(p)))
                    .or_else(|| grid.file.rsplit('/').skip(1).find_map(township_in))
            })
            .flatten();
        let post = post_of(&claims, headers, names.iter().copied().chain(layout.titles.iter().map(String::as_str)));
        let mut reading = Reading {
            grid,
            headers,
            tools,
            form: layout.fit.form,
            serial,
            fractions,
            unit: layout.titles.iter().find_map(|t| value::unit_line(t)),
            out,
            rows: BTreeMap::new(),
            township,
            county: None,
            village: None,
            sums: vec![Sum::default(); claims.len()],
            claims,
            data_rows: 0,
            part_rows: 0,
            post,
            merged,
        };
        for title in &layout.titles {
            reading.look_for_date(title);
        }
        reading.out.source.year = layout
            .titles
            .iter()
            .chain([&grid.sheet.to_owned(), &grid.file.to_owned()])
            .filter(|t| !is_report_date(t))
            .find_map(|t| value::header(t).year.or_else(|| year_in(t)))
            .map(i64::from);
        if !layout.rivals.is_empty() {
            reading.flag(0, "", "", "two_tables_fit", layout.rivals.iter().map(|n| format!("{n} {}", table(n).map_or("", |t| t.zh))).collect::<Vec<_>>().join("、"));
        }
        for at in &layout.fit.doubled {
            reading.flag(0, &headers[*at].written, "", "duplicate_header", String::new());
        }
        if reading.form.name == "posts" && !reading.claims.iter().flatten().any(|c| c.field.name == "post") && post.is_empty() {
            reading.flag(0, "", "", "post_assumed", String::new());
            reading.post = "secretary";
        }
        reading
    }

    fn ignore(&mut self, reason: &str) {
        self.out.report.rows += 1;
        *self.out.report.ignored.entry(reason.to_owned()).or_default() += 1;
    }

    fn flag(&mut self, row: usize, column: &str, value: &str, reason: &str, detail: String) {
        self.out.flags.push(Finding {
            file: self.grid.file.to_owned(),
            sheet: self.grid.sheet.to_owned(),
            row,
            column: column.to_owned(),
            value: value.to_owned(),
            reason: reason.to_owned(),
            detail,
        });
    }

    fn repair(&mut self, kind: &str) {
        *self.out.report.repaired.entry(kind.to_owned()).or_default() += 1;
    }

    /// 填报时间：2026年1月, 截至2025年12月31日
    fn look_for_date(&mut self, text: &str) {
        const WORDS: &[&str] = &["填报时间", "填报日期", "填表时间", "填表日期", "统计时间", "制表时间", "制表日期", "报送时间", "上报时间", "截至", "截止时间", "截止", "统计截止", "时间", "日期"];
        for word in WORDS {
            let Some(at) = text.find(word) else { continue };
            let behind = text[at + word.len()..].trim_start_matches(|c: char| !c.is_ascii_digit() && !('０'..='９').contains(&c));
            let run: String = behind
                .chars()
                .take_while(|c| c.is_ascii_digit() || ('０'..='９').contains(c) || "年月日.-/ ".contains(*c))
                .collect();
            if let Some(day) = self.tools.reader.report_date(run.trim()) {
                self.out.source.as_of = self.out.source.as_of.max(Some(day));
                return;
            }
        }
    }

    fn cell(&self, at: usize, column: usize) -> &'a Cell {
        static EMPTY: Cell = Cell::Empty;
        self.grid.rows[at].get(column).unwrap_or(&EMPTY)
    }

    /// Reads a row of data and hands it to its tables.
    fn data(&mut self, at: usize) {
        let row = at + 1;
        self.out.report.rows += 1;
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
        self.fill_places(&mut values);
        let get = |name: &str| -> Value {
            let at = self.claims.iter().position(|c| c.as_ref().is_some_and(|c| c.field.name == name));
            at.map(|i| values[i].clone()).unwrap_or_default()
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
            let names: Vec<&str> = group
                .iter()
                .map(|name| self.out.source.written.get(*name).map_or(*name, String::as_str))
                .filter(|name| !name.is_ascii())
                .collect();
            let column = unread.map_or_else(|| names.first().copied().unwrap_or(group[0]).to_owned(), |c| self.headers[c].written.clone());
            let value = unread.map(|c| mask(&text(self.cell(at, c)))).unwrap_or_default();
            let reason = if unread.is_some() { "unreadable_key" } else { "missing_key" };
            *self.out.report.quarantined.entry(reason.to_owned()).or_default() += 1;
            self.out.quarantine.push(Finding {
                file: self.grid.file.to_owned(),
                sheet: self.grid.sheet.to_owned(),
                row,
                column,
                value,
                reason: reason.to_owned(),
                detail: names.join("/"),
            });
            return;
        }
        self.out.report.accepted += 1;
        for (column, reason, detail) in flags {
            let claim = self.claims[column].as_ref();
            let shown = text(self.cell(at, column));
            let shown = if claim.is_some_and(|c| c.field.name == "birth") { hide_digits(&shown) } else { mask(&shown) };
            let written = self.headers[column].written.clone();
            self.flag(row, &written, &shown, reason, detail);
        }
        self.add_up(&values);
        self.emit(at, &values, further);
    }

    /// Merged or once-only names of counties, townships and (where people of one village stand
    /// below each other) villages hold for the rows below.
    fn fill_places(&mut self, values: &mut [Value]) {
        let position = |name: &str| self.claims.iter().position(|c| c.as_ref().is_some_and(|c| c.field.name == name));
        let (county, township, village) = (position("county"), position("township"), position("village"));
        let several = matches!(self.form.name, "posts" | "pool" | "people");
        let township_blank = township.is_none_or(|i| values[i].is_nothing());
        let mut filled = 0;
        for (at, kept) in [(county, &mut self.county), (township, &mut self.township)] {
            let Some(i) = at else { continue };
            match (&values[i], kept.clone()) {
                (Value::Text(name), _) => {
                    if at == township && kept.as_ref().is_some_and(|k| k != name) {
                        self.village = None;
                    }
                    *kept = Some(name.clone());
                }
                (_, Some(name)) => {
                    values[i] = Value::Text(name);
                    filled += 1;
                }
                _ => {}
            }
        }
        if let Some(i) = village {
            match &values[i] {
                Value::Text(name) => self.village = Some(name.clone()),
                _ if several && township_blank => {
                    if let Some(name) = &self.village {
                        values[i] = Value::Text(name.clone());
                        filled += 1;
                    }
                }
                _ => {}
            }
        }
        for _ in 0..filled {
            self.repair("filled_down");
        }
    }

    fn add_up(&mut self, values: &[Value]) {
        self.data_rows += 1;
        self.part_rows += 1;
        for (sum, value) in self.sums.iter_mut().zip(values) {
            if let Some(x) = value.number() {
                sum.all += x;
                sum.part += x;
                sum.rows += 1;
                sum.part_rows += 1;
            }
        }
    }

    /// Compares a total row with the rows above it.
    fn total(&mut self, at: usize, partial: bool) {
        for column in 0..self.claims.len() {
            let Some(claim) = self.claims[column].clone() else { continue };
            let cell = self.cell(at, column);
            if value::is_blank(cell) {
                continue;
            }
            let sum = self.sums[column];
            let (said, found, means) = match claim.field.kind {
                Kind::Whole | Kind::Number(_) => {
                    let summable = Claim { field: super::lexicon::Field { range: None, ..claim.field.clone() }, ..claim.clone() };
                    let Some(said) = self.tools.reader.read(&summable, self.unit, cell).value.number() else { continue };
                    let mean = |total: f64, rows: usize| if rows == 0 { 0.0 } else { total / rows as f64 };
                    let found = if partial { sum.part } else { sum.all };
                    (said, found, [mean(sum.all, sum.rows), mean(sum.part, sum.part_rows), sum.part])
                }
                // 111人 in a column of names counts the rows.
                Kind::Text if matches!(claim.field.name.as_str(), "name" | "village" | "person") => {
                    let shown = value::compact(&text(cell)).0.into_owned();
                    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
                    let counts = shown.trim_start_matches('共').starts_with(|c: char| c.is_ascii_digit())
                        && shown.chars().count() <= digits.len() + 3;
                    let Some(said) = digits.parse::<f64>().ok().filter(|_| counts) else { continue };
                    let found = if partial { self.part_rows } else { self.data_rows };
                    (said, found as f64, [self.data_rows as f64, self.part_rows as f64, found as f64])
                }
                _ => continue,
            };
            let near = |x: f64| (said - x).abs() <= 0.051_f64.min(0.005 + x.abs() * 1e-9).max(1e-6 * x.abs()) || (said - x).abs() < 0.006;
            let shares = matches!(claim.field.kind, Kind::Number(Unit::Percent | Unit::Points | Unit::Yuan));
            let fits = near(found) || means.iter().enumerate().any(|(i, x)| (shares || i == 2) && (said - x).abs() <= 0.06);
            if !fits {
                let header = self.headers[column].written.clone();
                let shown = crate::kernel::round::show(said, 4);
                self.flag(at + 1, &header, &shown, "total_row_differs", crate::kernel::round::show(found, 4));
            }
        }
        if partial {
            self.part_rows = 0;
            for sum in &mut self.sums {
                sum.part = 0.0;
                sum.part_rows = 0;
            }
        }
    }

    /// Hands a row to the tables of its form.
    fn emit(&mut self, at: usize, values: &[Value], further: Vec<(&'static str, Value)>) {
        let mut columns: BTreeMap<String, Value> = BTreeMap::new();
        for (claim, value) in self.claims.iter().zip(values) {
            if let Some(claim) = claim
                && claim.year.is_none()
            {
                columns.insert(claim.field.name.clone(), value.clone());
            }
        }
        for (name, value) in further {
            let slot = columns.entry(name.to_owned()).or_default();
            if slot.is_nothing() {
                *slot = value;
            }
        }
        if self.claims.iter().flatten().all(|c| c.field.name != "township")
            && let Some(township) = &self.township
        {
            columns.insert("township".into(), Value::Text(township.clone()));
        }
        if let (Some(Value::Text(code)), None) = (columns.get("code"), columns.get("village")) {
            columns.insert("village".into(), Value::Text(code.clone()));
        }
        match self.form.name {
            "villages" => self.emit_village(at, values, &columns),
            "posts" | "pool" | "people" => super::persons::emit(self.out_of(at), columns, values),
            "appraisals" => super::persons::emit_appraisals(self.out_of(at), columns, values),
            name => {
                let mut columns = columns;
                for (from, to) in [("name", draft::NAME), ("id_number", draft::ID)] {
                    if let Some(value) = columns.remove(from) {
                        columns.insert(to.to_owned(), value);
                    }
                }
                self.push(name, at, None, columns);
            }
        }
    }

    fn out_of(&mut self, at: usize) -> super::persons::Emitter<'_> {
        super::persons::Emitter {
            at,
            form: self.form,
            claims: &self.claims,
            reader: &self.tools.reader,
            post: self.post,
            rows: &mut self.rows,
            sink: &mut self.out,
        }
    }

    fn push(&mut self, name: &str, at: usize, link: Option<i64>, columns: BTreeMap<String, Value>) {
        push(&mut self.rows, name, at, link, columns);
    }

    fn emit_village(&mut self, at: usize, values: &[Value], columns: &BTreeMap<String, Value>) {
        let place = ["county", "township", "village", "code", "village_name", "note", "period"];
        let (villages, indicators) = (table("villages"), table("indicators"));
        let of = |table: Option<&'static Table>, name: &str| table.is_some_and(|t| t.column(name).is_some());
        let describes = self.claims.iter().flatten().any(|c| of(villages, &c.field.name) && !place.contains(&c.field.name.as_str()));
        let is_indicator = |name: &str| !place.contains(&name) && (of(indicators, name) || !of(villages, name));
        let measures = self.claims.iter().flatten().any(|c| is_indicator(&c.field.name));
        if describes || !measures {
            let own = columns.iter().filter(|(n, _)| of(villages, n)).map(|(n, v)| (n.clone(), v.clone())).collect();
            self.push("villages", at, None, own);
        }
        if !measures {
            return;
        }
        // One row for each year that headers name, and one for columns without a year.
        let mut years: BTreeMap<Option<i64>, BTreeMap<String, Value>> = BTreeMap::new();
        for (claim, value) in self.claims.iter().zip(values) {
            if let Some(claim) = claim
                && is_indicator(&claim.field.name)
            {
                years.entry(claim.year).or_default().insert(claim.field.name.clone(), value.clone());
            }
        }
        // Columns without a year belong to the title's year, else to the latest that a header names.
        let own_year = match columns.get("period") {
            Some(Value::Whole(year)) => Some(*year),
            _ => self.out.source.year.or_else(|| years.keys().flatten().max().copied()),
        };
        if let Some(undated) = years.remove(&None) {
            years.entry(own_year).or_default().extend(undated);
        }
        for (year, mut indicators) in years {
            if year != own_year && indicators.values().all(Value::is_nothing) {
                continue;
            }
            for name in ["county", "township", "village"] {
                if let Some(value) = columns.get(name) {
                    indicators.insert(name.to_owned(), value.clone());
                }
            }
            if let Some(code) = columns.get("code") {
                indicators.insert(draft::CODE.to_owned(), code.clone());
            }
            indicators.insert("period".into(), year.map_or(Value::Nothing, Value::Whole));
            self.push("indicators", at, None, indicators);
        }
    }

    fn done(mut self, sheet: u32) -> FrameResult<SheetRead> {
        for (name, rows) in std::mem::take(&mut self.rows) {
            let Some(table) = table(name) else { continue };
            self.out.report.tables.push(name.to_owned());
            self.out.parts.push((table, rows.frame(sheet)?));
        }
        if self.out.report.tables.is_empty() {
            self.out.report.tables = self.form.tables.iter().map(|t| (*t).to_owned()).collect();
        }
        Ok(self.out)
    }
}

/// Adds a row to a table's rows, leaving out what the table has no column for.
pub(super) fn push(
    rows: &mut BTreeMap<&'static str, Rows>,
    name: &str,
    at: usize,
    link: Option<i64>,
    mut columns: BTreeMap<String, Value>,
) {
    let Some(table) = table(name) else { return };
    if let Some(code) = columns.remove("code").filter(|_| table.column("code").is_none()) {
        columns.insert(draft::CODE.to_owned(), code);
    } else if let Some(column) = table.column("code")
        && name != "villages"
    {
        columns.remove(column.name);
    }
    columns.retain(|n, _| n.starts_with('_') || table.column(n).is_some() || (name == "indicators"));
    rows.entry(table.name).or_insert_with(|| Rows::new(table)).push(at + 1, link, columns);
}

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

fn is_report_date(text: &str) -> bool {
    ["时间", "日期", "截至", "截止"].iter().any(|w| text.contains(w))
}

/// A year that stands anywhere in a name: 村情2025.xlsx, 2025年度.
fn year_in(text: &str) -> Option<i32> {
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            run.push(c);
        } else {
            // 20251231 is a date in a file name.
            if matches!(run.len(), 4 | 6 | 8)
                && let Some(year) = run.get(..4).and_then(|y| y.parse().ok()).filter(|y| (1990..=2100).contains(y))
            {
                return Some(year);
            }
            run.clear();
        }
    }
    None
}

/// The post that a roster without a column for it is about: 书记姓名, 村主任花名册.
fn post_of<'a>(claims: &[Option<Claim>], headers: &'a [Header], names: impl Iterator<Item = &'a str>) -> &'static str {
    let header = headers
        .iter()
        .zip(claims)
        .find(|(_, c)| c.as_ref().is_some_and(|c| c.field.name == "name"))
        .map(|(h, _)| h.written.as_str());
    let names: Vec<&str> = header.into_iter().chain(names).collect();
    for text in &names {
        match (text.contains("书记") || text.contains("村主职"), text.contains("主任")) {
            (true, _) => return "secretary",
            (false, true) => return "director",
            _ => {}
        }
    }
    if claims.iter().flatten().any(|c| c.field.name == "dual") { "secretary" } else { "" }
}

/// A birth date in a finding keeps its shape and loses its month and day.
fn hide_digits(text: &str) -> String {
    let mut seen = 0;
    text.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                seen += 1;
                if seen > 4 { '*' } else { c }
            } else {
                c
            }
        })
        .collect()
}
