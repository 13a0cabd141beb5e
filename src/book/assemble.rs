//! From sheets to the canonical tables: read, resolve, check, merge, sort; and count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;
use rayon::prelude::*;

use super::cells::Reader;
use super::config::Config;
use super::corrections::{self, Copies};
use super::draft::{self, Draft, SHEET};
use super::forms::Form;
use super::layout::{self, Grid, Layout};
use super::lexicon::Lexicon;
use super::lines::Lines;
use super::marker::book_id;
use super::notes::Notes;
use super::raw::{Body, Cell, Merge, Opened, RawSheet};
use super::report::{CheckReport, Finding, NotRead, SheetReport};
use super::schema::{TABLES, Table};
use super::sheet::{self, SheetRead, Tools};
use super::trace::{Trace, TracedSheet};
use super::villages::township_core;
use super::{Book, BookError, Tables, checks, merge, people, places, resolve, typed};
use crate::frame::{self, FrameResult};
use crate::ident::Salt;
use crate::policy::Policy;

/// What a raw sheet is read from: its own grid, or the grid that a typed frame was laid out as.
struct Input {
    at: usize,
    rows: Vec<Vec<Cell>>,
    merges: Vec<Merge>,
    forced: Option<&'static Form>,
    lines: Option<Arc<Lines>>,
}

/// Reads, joins and checks the sheets of a book. The result does not depend on the order of the
/// sheets in `opened`.
///
/// # Errors
/// `book.toml` is wrong, no sheet is a table, or a count does not add up (a mistake in the program
/// that must not pass).
pub fn assemble(opened: Opened, policy: &Policy, salt: &Salt) -> Result<Book, BookError> {
    put_together(opened, policy, salt, None)
}

/// The same, and where every row stands and belongs: what copies of the sheets are made from.
/// Typed files are read cell by cell, so that their rows have a place too.
///
/// # Errors
/// See [`assemble`].
pub fn assemble_traced(opened: Opened, policy: &Policy, salt: &Salt) -> Result<(Book, Trace), BookError> {
    let mut trace = Trace::default();
    let book = put_together(opened, policy, salt, Some(&mut trace))?;
    Ok((book, trace))
}

fn put_together(
    mut opened: Opened,
    policy: &Policy,
    salt: &Salt,
    mut trace: Option<&mut Trace>,
) -> Result<Book, BookError> {
    let config = Config::load(&opened.root).map_err(BookError::Config)?;
    opened.sheets.sort_by(|a, b| (&a.file, &a.sheet).cmp(&(&b.file, &b.sheet)));
    let mut report = CheckReport { not_read: std::mem::take(&mut opened.not_read), ..CheckReport::default() };
    let mut copies = Copies::take(&mut opened.sheets, &opened.hashes, &book_id(salt));
    report.flags.append(&mut copies.flags);
    report.not_read.append(&mut copies.not_read);
    // A copy that is read as an ordinary sheet stands in its place among them.
    opened.sheets.sort_by(|a, b| (&a.file, &a.sheet).cmp(&(&b.file, &b.sheet)));
    let reads = read_sheets(&mut opened.sheets, policy, &config, &copies, &mut report, trace.as_deref_mut())?;
    if reads.is_empty() {
        return Err(BookError::NoTable(report.not_read));
    }
    let reader = Reader::new(policy);
    if let Some(trace) = trace.as_deref_mut() {
        trace.kinds(&reads);
    }
    let (mut drafts, mut notes) = stack(reads, &mut report)?;
    let as_of_found = config.as_of().or_else(|| notes.sources.iter().filter_map(|s| s.as_of).max());
    let latest = year_end(checks::latest_day(&drafts)?, &drafts)?;
    let today = as_of_found.or(latest);
    years(&mut drafts, today, policy, &mut notes)?;

    // Places.
    let mut villages = take(&mut drafts, "villages")?;
    let without_sheet = villages.is_empty();
    let registry = resolve::registry(&mut villages, &mut drafts, &policy.book, &mut notes)?;
    if without_sheet {
        villages = resolve::villages_without_sheet(&registry)?;
    }
    each(&mut drafts, &mut notes, |draft, notes| resolve::resolve(draft, &registry, without_sheet, notes))?;

    // People.
    let mut persons = take(&mut drafts, "people")?;
    let identities = people::identities(&persons)?;
    checks::people(&mut persons, &identities, today, &mut notes)?;
    let known = people::settle(&mut persons, &identities, salt, &mut notes)?;
    let finder = known.finder(&identities, &mut notes)?;
    let vacant = |word: &str| reader.is_vacant(word);
    each(&mut drafts, &mut notes, |draft, notes| {
        let columns: &[&str] = match draft.table.name {
            "townships" => &["secretary"],
            "kin" => &["person", "relative"],
            _ => &["person"],
        };
        columns.iter().try_for_each(|column| finder.refer(draft, column, salt, &vacant, notes))
    })?;
    let (posts, pool) = (take(&mut drafts, "posts")?, take(&mut drafts, "pool")?);
    checks::roles(&persons, &posts, &pool, today, &mut notes)?;
    let indicators = take(&mut drafts, "indicators")?;
    let events = take(&mut drafts, "events")?;
    for (name, draft) in [
        ("people", persons),
        ("posts", posts),
        ("pool", pool),
        ("villages", villages),
        ("indicators", indicators),
        ("events", events),
    ] {
        drafts.insert(name, draft);
    }

    report.places = places::places(&drafts, &notes.sources, &notes.flags)?;
    let placed = notes.flags.len();
    if let Some(trace) = trace {
        trace.book = book_id(salt);
        trace.copies = copies.hashes;
        trace.settle(&drafts)?;
    }

    // One row for each record, in order; then what needs whole tables.
    each(&mut drafts, &mut notes, merge::settle)?;
    townships(&mut drafts)?;
    checks::villages(&drafts["villages"], &drafts["indicators"], &drafts["events"], &mut notes)?;
    report.places.add(places::places(&drafts, &notes.sources, &notes.flags[placed..])?);
    let mut tables = Tables::default();
    for (name, draft) in &drafts {
        tables.set(name, draft.bare()?).map_err(BookError::Tables)?;
    }
    close(&mut report, notes)?;
    Ok(Book {
        tables,
        report,
        hashes: opened.hashes,
        as_of_found,
        latest,
        salt: None,
        salt_print: Some(salt.fingerprint()),
        seal: salt.seal(),
    })
}

/// A book whose last day lies in a December and that has the figures of that year was closed at the
/// year's end.
fn year_end(latest: Option<NaiveDate>, drafts: &BTreeMap<&'static str, Draft>) -> FrameResult<Option<NaiveDate>> {
    let Some(day) = latest.filter(|d| d.month() == 12) else { return Ok(latest) };
    let Some(indicators) = drafts.get("indicators") else { return Ok(latest) };
    let year = i64::from(day.year());
    let closed = indicators.wholes("period")?.contains(&Some(year));
    Ok(if closed { NaiveDate::from_ymd_opt(day.year(), 12, 31) } else { latest })
}

/// Does the same to every table, side by side; what is found is put together in the order of the
/// tables. The work builds columns and takes rows, which polars does in a pool of its own that
/// never comes back to this one.
fn each(
    drafts: &mut BTreeMap<&'static str, Draft>,
    notes: &mut Notes,
    work: impl Fn(&mut Draft, &mut Notes) -> FrameResult<()> + Sync,
) -> FrameResult<()> {
    let done: Vec<FrameResult<Notes>> = drafts
        .par_iter_mut()
        .map(|(_, draft)| {
            let mut own = notes.beside();
            work(draft, &mut own).map(|()| own)
        })
        .collect();
    done.into_iter().try_for_each(|own| own.map(|own| notes.absorb(own)))
}

/// Takes a table's draft out of the map.
fn take(drafts: &mut BTreeMap<&'static str, Draft>, name: &str) -> FrameResult<Draft> {
    match drafts.remove(name) {
        Some(draft) => Ok(draft),
        None => draft::empty(name),
    }
}

/// Reads every sheet that is a table.
fn read_sheets(
    sheets: &mut [RawSheet],
    policy: &Policy,
    config: &Config,
    copies: &Copies,
    report: &mut CheckReport,
    trace: Option<&mut Trace>,
) -> Result<Vec<SheetRead>, BookError> {
    let mut tools = Tools {
        lexicon: Lexicon::new(policy),
        reader: Reader::new(policy),
        townships: Vec::new(),
        trace: trace.is_some(),
    };
    let mut inputs: Vec<Input> = Vec::new();
    let mut typed: Vec<(usize, &'static Table, DataFrame)> = Vec::new();
    for (at, raw) in sheets.iter_mut().enumerate() {
        // The words behind the drop-downs of a template.
        if raw.hidden && crate::templates::BESIDE.contains(&raw.sheet.as_str()) {
            continue;
        }
        let forced = config.form(&raw.file, &raw.sheet);
        match &mut raw.body {
            Body::Typed(frame) => {
                let table = typed::table_of(frame, &raw.file, forced);
                // Rows that are corrected, or sent back for it, are rows of cells.
                let by_cell = trace.is_some() || copies.concern(&raw.file, &raw.sheet);
                match table.filter(|_| !by_cell) {
                    Some(table) => typed.push((at, table, std::mem::take(frame))),
                    None => {
                        let forced = forced.or_else(|| table.and_then(|t| Form::named(t.name)));
                        let rows = typed::as_grid(frame)?;
                        inputs.push(Input { at, rows, merges: Vec::new(), forced, lines: None });
                    }
                }
            }
            Body::Grid { rows, merges, .. } => {
                let (rows, merges) = (std::mem::take(rows), std::mem::take(merges));
                inputs.push(Input { at, rows, merges, forced, lines: None });
            }
        }
    }
    let read: Vec<FrameResult<(usize, SheetRead)>> = typed
        .into_par_iter()
        .map(|(at, table, frame)| {
            let raw = &sheets[at];
            Ok((at, typed::read(&frame, table, &raw.file, &raw.sheet, &tools.reader)?))
        })
        .collect();
    let mut reads = read.into_iter().collect::<FrameResult<Vec<_>>>()?;
    let grids: Vec<Grid<'_>> = inputs.iter().map(|i| i.grid(sheets)).collect();
    let mut layouts: Vec<Result<Layout, NotRead>> = grids.par_iter().map(|grid| layout::layout(grid, &tools)).collect();
    let mut townships: BTreeSet<String> = BTreeSet::new();
    for (grid, layout) in grids.iter().zip(&layouts) {
        if let Ok(layout) = layout {
            townships.extend(layout::township_names(grid, layout));
        }
    }
    drop(grids);
    tools.townships = townships.into_iter().collect();
    let counted = lay_copies(&mut inputs, &mut layouts, sheets, copies, &tools.townships, report);
    let grids: Vec<Grid<'_>> = inputs.iter().map(|i| i.grid(sheets)).collect();
    if let Some(trace) = trace {
        trace.sheets =
            grids.iter().zip(&layouts).map(|(grid, layout)| TracedSheet::of(grid, layout.as_ref().ok())).collect();
    }
    // Frames are small here and built column by column; polars' own pool is not touched.
    let done: Vec<Result<FrameResult<SheetRead>, NotRead>> = grids
        .par_iter()
        .zip(layouts)
        .map(|(grid, layout)| layout.map(|layout| sheet::read(grid, &layout, &tools)))
        .collect();
    for (input, (done, counted)) in inputs.iter().zip(done.into_iter().zip(counted)) {
        match done {
            Ok(read) => {
                let mut read = read?;
                read.copies.iter_mut().zip(counted).for_each(|(own, counted)| add_up(own, counted));
                let tables = read.report.tables.clone();
                read.copies.iter_mut().for_each(|copy| copy.tables.clone_from(&tables));
                reads.push((input.at, read));
            }
            // What helps to fill in a template is no table, and nobody misses it.
            Err(_) if crate::templates::BESIDE.contains(&sheets[input.at].sheet.as_str()) => {}
            Err(refused) => report.not_read.push(refused),
        }
    }
    for (at, read) in &mut reads {
        let raw = &sheets[*at];
        if raw.hidden {
            read.flags.push(Finding {
                file: raw.file.clone(),
                sheet: raw.sheet.clone(),
                row: 0,
                column: String::new(),
                value: raw.sheet.clone(),
                reason: "hidden_sheet".into(),
                detail: String::new(),
            });
        }
    }
    report.not_read.sort_by(|a, b| (&a.file, &a.reason, &a.detail).cmp(&(&b.file, &b.reason, &b.detail)));
    reads.sort_by_key(|(at, _)| *at);
    Ok(reads.into_iter().map(|(_, read)| read).collect())
}

impl Input {
    fn grid<'a>(&'a self, sheets: &'a [RawSheet]) -> Grid<'a> {
        Grid {
            file: &sheets[self.at].file,
            sheet: &sheets[self.at].sheet,
            rows: &self.rows,
            merges: &self.merges,
            forced: self.forced,
            lines: self.lines.as_ref(),
        }
    }
}

/// Lays the corrected copies over their sheets; gives for every sheet what was counted of each of
/// its copies.
fn lay_copies(
    inputs: &mut [Input],
    layouts: &mut [Result<Layout, NotRead>],
    sheets: &[RawSheet],
    copies: &Copies,
    townships: &[String],
    report: &mut CheckReport,
) -> Vec<Vec<SheetReport>> {
    let mut counted = Vec::with_capacity(inputs.len());
    for (input, layout) in inputs.iter_mut().zip(layouts) {
        let raw = &sheets[input.at];
        let own = copies.of(&raw.file, &raw.sheet);
        let Ok(layout) = layout else {
            report.not_read.extend(own.iter().map(|copy| copy.not_laid()));
            counted.push(Vec::new());
            continue;
        };
        if own.is_empty() {
            counted.push(Vec::new());
            continue;
        }
        let mut over = corrections::lay(&mut input.rows, &mut input.merges, layout, &own, townships);
        report.flags.append(&mut over.flags);
        report.not_read.append(&mut over.not_read);
        report.corrections.append(&mut over.corrections);
        input.lines = Some(Arc::new(over.lines));
        counted.push(over.reports);
    }
    report.corrections.sort_by(|a, b| (&a.file, &a.sheet, &a.source_file).cmp(&(&b.file, &b.sheet, &b.source_file)));
    counted
}

/// Adds what was counted before a sheet was read to what reading it counted.
fn add_up(own: &mut SheetReport, counted: SheetReport) {
    (own.file, own.sheet) = (counted.file, counted.sheet);
    own.rows += counted.rows;
    for (reason, rows) in counted.ignored {
        *own.ignored.entry(reason).or_default() += rows;
    }
}

/// Puts the parts of each table below each other, those that take precedence first, and collects
/// reports, flags and sources.
fn stack(reads: Vec<SheetRead>, report: &mut CheckReport) -> Result<(BTreeMap<&'static str, Draft>, Notes), BookError> {
    let mut notes = Notes::default();
    let mut sources = Vec::with_capacity(reads.len());
    // Behind the sheets: a sheet's place in the list is its number.
    let mut copies: Vec<SheetReport> = Vec::new();
    let mut parts: BTreeMap<&'static str, Vec<(u32, DataFrame)>> = BTreeMap::new();
    for (at, read) in (0_u32..).zip(reads) {
        for (table, mut frame) in read.parts {
            let height = frame.height();
            frame
                .with_column(Column::new_scalar(SHEET.into(), Scalar::from(at), height))
                .map_err(frame::FrameError::from)?;
            parts.entry(table.name).or_default().push((at, frame));
        }
        report.sheets.push(read.report);
        copies.extend(read.copies);
        sources.push(read.source);
        notes.flags.extend(read.flags);
        report.quarantine.extend(read.quarantine);
        report.names.extend(read.names);
    }
    report.sheets.extend(copies);
    let ranks: Vec<_> = sources.iter().map(merge::precedence).collect();
    let whole: Vec<(&'static Table, Vec<(u32, DataFrame)>)> =
        TABLES.iter().map(|t| (t, parts.remove(t.name).unwrap_or_default())).collect();
    let stacked: Vec<FrameResult<Draft>> = whole
        .into_par_iter()
        .map(|(table, mut own)| {
            own.sort_by_key(|(at, _)| std::cmp::Reverse(ranks.get(*at as usize)));
            Draft::stack(table, own.into_iter().map(|(_, frame)| frame).collect())
        })
        .collect();
    let mut drafts = BTreeMap::new();
    for draft in stacked {
        let draft = draft?;
        drafts.insert(draft.table.name, draft);
    }
    notes.sources = Arc::new(sources);
    Ok((drafts, notes))
}

/// Years that sheets leave open. Figures without a year belong to the year before the reference
/// date; grades of "the last three years" end with that year.
fn years(
    drafts: &mut BTreeMap<&'static str, Draft>,
    today: Option<NaiveDate>,
    policy: &Policy,
    notes: &mut Notes,
) -> FrameResult<()> {
    let fallback = || policy.meta.effective.parse::<NaiveDate>().ok();
    let reference = today.or_else(fallback).map_or(2000, super::json::last_ended);
    for (table, column) in [("indicators", "period"), ("targets", "period"), ("appraisals", "year"), ("pay", "year")] {
        let Some(draft) = drafts.get_mut(table).filter(|d| !d.is_empty()) else { continue };
        let years = draft.wholes(column)?;
        if years.iter().all(|y| y.is_some_and(|y| y > 0)) {
            continue;
        }
        let places = draft.places()?;
        let mut told: BTreeSet<u32> = BTreeSet::new();
        let filled = years
            .iter()
            .zip(&places)
            .map(|(year, place)| match year {
                Some(year) if *year > 0 => Some(*year),
                Some(before) => Some(reference + 1 + before),
                None => {
                    let own = notes.sources.get(place.0 as usize).and_then(|s| s.year);
                    if own.is_none() && told.insert(place.0) {
                        notes.flag((place.0, 0), "", "", "year_assumed", reference.to_string());
                    }
                    Some(own.unwrap_or(reference))
                }
            })
            .collect();
        draft.set_wholes(column, filled)?;
    }
    Ok(())
}

/// Townships that only other tables name.
fn townships(drafts: &mut BTreeMap<&'static str, Draft>) -> FrameResult<()> {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, draft) in drafts.iter() {
        // Unknown townships of other sheets are doubts, not townships, once villages are known.
        if *name != "villages" {
            continue;
        }
        let (county, township) = (draft.texts("county")?, draft.texts("township")?);
        let mut last = ("", "");
        for (county, township) in county.into_iter().zip(township) {
            let pair = (county.unwrap_or_default(), township.unwrap_or_default());
            if pair != last && !pair.1.is_empty() {
                last = pair;
                seen.insert((pair.0.to_owned(), pair.1.to_owned()));
            }
        }
    }
    let Some(own) = drafts.get_mut("townships") else { return Ok(()) };
    if !own.is_empty() {
        // A township sheet may write 青石 where the villages have 青石镇.
        let (county, township) = (own.texts("county")?, own.texts("township")?);
        let names: Vec<Option<String>> = county
            .iter()
            .zip(&township)
            .map(|(county, name)| {
                let name = (*name)?;
                let core = township_core(name);
                let same =
                    seen.iter().find(|(c, t)| Some(c.as_str()) == *county && (t == name || township_core(t) == core));
                Some(same.map_or_else(|| name.to_owned(), |(_, t)| t.clone()))
            })
            .collect();
        for (county, name) in county.iter().zip(&names) {
            seen.remove(&(county.unwrap_or_default().to_owned(), name.clone().unwrap_or_default()));
        }
        own.set_texts("township", &names)?;
    }
    if seen.is_empty() {
        return Ok(());
    }
    let (county, township): (Vec<Option<String>>, Vec<Option<String>>) =
        seen.into_iter().map(|(c, t)| (Some(c), Some(t))).unzip();
    let more = frame::Build::new().text("county", county).text("township", township).done()?;
    let table = own.table;
    let old = std::mem::take(&mut own.frame);
    *own = Draft::stack(table, vec![old, more])?;
    own.sort(merge::order("townships"))
}

/// Counts flags and repairs, sorts findings, and holds every sheet to its sum.
fn close(report: &mut CheckReport, mut notes: Notes) -> Result<(), BookError> {
    report.flags.append(&mut notes.flags);
    report.flags.sort();
    report.flags.dedup();
    report.quarantine.sort();
    let at: BTreeMap<(String, String), usize> =
        report.sheets.iter().enumerate().map(|(i, s)| ((s.file.clone(), s.sheet.clone()), i)).collect();
    let mut last: Option<(usize, String, usize)> = None;
    for flag in &report.flags {
        let Some(i) = at.get(&(flag.file.clone(), flag.sheet.clone())).copied() else { continue };
        // A row counts once for each reason.
        let mark = (i, flag.reason.clone(), flag.row);
        let repeated = flag.row > 0 && last.as_ref() == Some(&mark);
        if !repeated {
            *report.sheets[i].flagged.entry(flag.reason.clone()).or_default() += 1;
        }
        last = Some(mark);
    }
    for (sheet, repairs) in notes.repaired {
        if let Some(own) = report.sheets.get_mut(sheet as usize) {
            for (kind, count) in repairs {
                *own.repaired.entry(kind).or_default() += count;
            }
        }
    }
    match report.sheets.iter().find(|s| !adds_up(s)) {
        Some(sheet) => Err(BookError::Counts { file: sheet.file.clone(), sheet: sheet.sheet.clone() }),
        None => Ok(()),
    }
}

/// rows = accepted + ignored + quarantined
fn adds_up(sheet: &SheetReport) -> bool {
    sheet.rows == sheet.accepted + sheet.ignored.values().sum::<usize>() + sheet.quarantined.values().sum::<usize>()
}
