//! The workbook that goes out: one row per recommendation with empty columns to fill in, one row per
//! candidate and soft gate for waivers, and how to fill them. What was decided before stands in its
//! place, so that the newest sheet holds everything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula,
    Note, Workbook, Worksheet, XlsxError,
};

use super::columns::{Column, Kind, heading};
use super::lists::{self, Advice, Names};
use super::read::text_prints;
use super::{GRANTED, LATER, TAKEN, Verdict, verdict_word};
use crate::book::{Book, Tables};
use crate::frame;
use crate::ident::Seal;
use crate::lang::Lang;
use crate::report::{Audience, People};
use crate::say;
use crate::stage::Context;

/// Fast compression: the file is opened once, not archived.
const COMPRESSION: u8 = 3;
/// Rows for waivers that the sheet does not foresee.
const SPARE: usize = 20;
/// A worksheet of Excel holds this many rows; the three of the head and some spare ones included.
const MOST: usize = 1_048_000;
/// Rows above the first row of data: title, note, headings.
const HEAD: u32 = 3;
const EXCEL_TEXT: usize = 32_000;

/// The workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// rust_xlsxwriter refused.
    #[error("failed to write the sheet of decisions: {0}")]
    Workbook(#[from] XlsxError),
}

/// What stands in one row, by column; columns without a value are empty.
#[derive(Default)]
struct Line {
    texts: BTreeMap<&'static str, String>,
    dates: BTreeMap<&'static str, NaiveDate>,
}

impl Line {
    fn text(&mut self, column: &'static str, text: impl Into<String>) -> &mut Line {
        let text = text.into();
        if !text.is_empty() {
            self.texts.insert(column, text);
        }
        self
    }

    fn date(&mut self, column: &'static str, day: Option<NaiveDate>) -> &mut Line {
        if let Some(day) = day {
            self.dates.insert(column, day);
        }
        self
    }
}

/// The workbook's bytes. They depend on book, tables, audience and context alone.
///
/// # Errors
/// The workbook cannot be written.
pub fn sheet(
    book: &Book,
    outcome: &BTreeMap<&'static str, DataFrame>,
    audience: &Audience,
    ctx: &Context,
    county: Option<&str>,
) -> Result<Vec<u8>, SheetError> {
    let lang = ctx.lang;
    let maker = Maker {
        ctx,
        seal: &book.seal,
        people: People::new(&book.tables, audience),
        names: audience.sees_names(),
        township: match audience {
            Audience::Township(township) => Some(township),
            _ => None,
        },
        county,
        several: several(&book.tables),
    };
    let formats = Formats::new();
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(COMPRESSION);
    let year = u16::try_from(ctx.as_of.year().clamp(1900, 9999)).unwrap_or(1900);
    let day = ExcelDateTime::from_ymd(year, ctx.as_of.month() as u8, ctx.as_of.day() as u8)?;
    let title = say!(lang, "decisions-title", day = ctx.as_of);
    workbook.set_properties(&DocProperties::new().set_title(&title).set_creation_datetime(&day));

    let lines = maker.decisions(outcome, &book.tables);
    let decisions = workbook.add_worksheet();
    decisions.set_name(lang.text("sheet-decisions"))?;
    maker.write(decisions, Kind::Decisions, &title, &lines, &formats)?;
    let words = Verdict::ALL.map(|v| verdict_word(lang, v));
    let choice = DataValidation::new()
        .allow_list_strings(&words)?
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title(lang.text("decisions-choice"))?
        .set_error_message(say!(lang, "decisions-choice-wrong", words = words.join(&lang.text("list-comma"))))?;
    let at = maker.place(Kind::Decisions, "decision");
    let last = HEAD + lines.len().max(1) as u32 - 1;
    decisions.add_data_validation(HEAD, at, last, at, &choice)?;

    let waivers = maker.waivers(outcome, &book.tables);
    let gates = maker.gates(outcome);
    let sheet = workbook.add_worksheet();
    sheet.set_name(lang.text("sheet-waivers-granted"))?;
    let mut lines = waivers;
    let filled = lines.len();
    lines.extend((0..SPARE).map(|_| Line::default()));
    maker.write(sheet, Kind::Waivers, &lang.text("decisions-waivers-title"), &lines, &formats)?;
    // Spare rows choose among the soft gates that apply to anybody; they are listed on the notes.
    if !gates.is_empty() {
        let notes = lang.text("sheet-decisions-notes");
        let first = NOTES.len() + 3;
        let range = format!("='{notes}'!$A${}:$A${}", first + 1, first + gates.len());
        let choice = DataValidation::new()
            .allow_list_formula(Formula::new(range))
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title(lang.text("decisions-choice"))?
            .set_error_message(lang.text("decisions-choice-gate"))?;
        let at = maker.place(Kind::Waivers, "gate");
        sheet.add_data_validation(HEAD, at, HEAD + (filled + SPARE) as u32 - 1, at, &choice)?;
    }
    notes(workbook.add_worksheet(), lang, &gates, &formats)?;
    Ok(workbook.save_to_buffer()?)
}

/// Are there several counties in the book?
fn several(tables: &Tables) -> bool {
    let counties = frame::words(tables.get("villages"), "county").unwrap_or_default();
    counties.iter().collect::<BTreeSet<_>>().len() > 1
}

struct Formats {
    title: Format,
    note: Format,
    head: Format,
    fill_head: Format,
    text: Format,
    prose: Format,
    fill: Format,
    fill_date: Format,
    quiet: Format,
}

impl Formats {
    fn new() -> Formats {
        let base = || Format::new().set_font_name("Microsoft YaHei").set_font_size(10).set_align(FormatAlign::Top);
        let cell = || base().set_border(FormatBorder::Hair).set_text_wrap();
        let head =
            |color: u32| base().set_bold().set_text_wrap().set_border(FormatBorder::Thin).set_background_color(color);
        Formats {
            title: base().set_bold().set_font_size(16),
            note: base().set_font_color(0x0059_5959_u32),
            head: head(0x00F0_F1F2),
            fill_head: head(0x00FF_E699),
            text: cell(),
            prose: cell(),
            fill: cell().set_background_color(0x00FF_F9E5_u32),
            fill_date: cell().set_background_color(0x00FF_F9E5_u32).set_num_format("yyyy-mm-dd"),
            quiet: cell().set_font_color(0x0080_8080_u32),
        }
    }
}

/// Paragraphs of the notes: `decisions-note-…`.
const NOTES: [&str; 10] = ["words", "orders", "reason", "dates", "carry", "check", "waiver", "hard", "back", "study"];

fn notes(sheet: &mut Worksheet, lang: Lang, gates: &[String], formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(lang.text("sheet-decisions-notes"))?;
    page(sheet, lang, &lang.text("sheet-decisions-notes"))?;
    sheet.set_column_width(0, 110)?;
    sheet.write_string_with_format(0, 0, lang.text("decisions-notes-title"), &formats.title)?;
    for (row, note) in NOTES.iter().enumerate() {
        let text = lang.text(&format!("decisions-note-{note}"));
        sheet.write_string_with_format(row as u32 + 1, 0, text, &formats.prose)?;
    }
    sheet.write_string_with_format(NOTES.len() as u32 + 2, 0, lang.text("decisions-notes-gates"), &formats.head)?;
    for (row, gate) in gates.iter().enumerate() {
        sheet.write_string_with_format((NOTES.len() + 3 + row) as u32, 0, gate, &formats.text)?;
    }
    Ok(())
}

/// A4 across, as wide as the page, page numbers at the foot.
fn page(sheet: &mut Worksheet, lang: Lang, name: &str) -> Result<(), XlsxError> {
    sheet.set_paper_size(9);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.75, 0.7, 0.3, 0.3);
    sheet.set_header(format!("&C{}", name.replace('&', "&&")));
    sheet.set_footer(format!("&L{}&R&P / &N", lang.text("report-study-short").replace('&', "&&")));
    Ok(())
}

struct Maker<'a> {
    ctx: &'a Context<'a>,
    seal: &'a Seal,
    people: People,
    /// Names are shown; the codes then stand in a column of their own.
    names: bool,
    township: Option<&'a String>,
    county: Option<&'a str>,
    several: bool,
}

impl Maker<'_> {
    /// The columns of a sheet for this reader.
    fn columns(&self, kind: Kind) -> Vec<&'static Column> {
        let shown = |c: &&Column| match c.name {
            "county" => self.several,
            "code" => self.names,
            _ => true,
        };
        kind.columns().iter().filter(shown).collect()
    }

    fn place(&self, kind: Kind, name: &str) -> u16 {
        self.columns(kind).iter().position(|c| c.name == name).unwrap_or(0) as u16
    }

    fn mine(&self, county: &str, township: &str) -> bool {
        self.county.is_none_or(|c| c == county) && self.township.is_none_or(|t| t == township)
    }

    fn decisions(&self, outcome: &BTreeMap<&'static str, DataFrame>, tables: &Tables) -> Vec<Line> {
        let lang = self.ctx.lang;
        let taken = Taken::of(outcome);
        let advice = lists::collect(outcome, tables);
        let now: BTreeSet<&str> = advice.iter().map(|a| a.rec_id.as_str()).collect();
        let mut lines: Vec<Line> = Vec::new();
        for a in advice.iter().filter(|a| self.mine(&a.county, &a.township)) {
            let said = self.people.weave(&a.say(lang, self.ctx.policy)).into_owned();
            lines.push(self.line(a, &said, taken.rows.get(a.rec_id.as_str())));
        }
        for (id, row) in &taken.rows {
            if !now.contains(id) && self.mine(&row.advice.county, &row.advice.township) {
                lines.push(self.line(&row.advice, &row.said, Some(row)));
            }
        }
        lines.truncate(MOST);
        lines
    }

    fn line(&self, advice: &Advice, said: &str, taken: Option<&TakenRow>) -> Line {
        let lang = self.ctx.lang;
        let check = self.seal.check(&[&advice.rec_id, &advice.list, &advice.whom, &advice.county]);
        let said: String = said.chars().take(EXCEL_TEXT).collect();
        let [place, text] =
            text_prints(self.seal, &advice.rec_id, [&advice.township, &advice.village_name], said.trim());
        let check = format!("{check}-{place}-{text}");
        let mut line = Line::default();
        line.text("rec_id", &advice.rec_id)
            .text("list", lists::label(lang, &advice.list))
            .text("county", &advice.county)
            .text("township", &advice.township)
            .text("village", &advice.village_name)
            .text("whom", self.people.show(&advice.whom))
            .text("advice", said)
            .text("code", &advice.whom)
            .text("check", check);
        if let Some(taken) = taken {
            let word = Verdict::of_code(&taken.decision).map(|v| verdict_word(lang, v)).unwrap_or_default();
            line.text("decision", word)
                .text("reason", &taken.reason)
                .text("body", &taken.body)
                .text("outcome", &taken.outcome)
                .date("date", taken.date)
                .date("due", taken.due)
                .date("done", taken.done);
        }
        line
    }

    /// Candidates that a soft gate holds back, and those whose waiver is on record.
    fn waivers(&self, outcome: &BTreeMap<&'static str, DataFrame>, tables: &Tables) -> Vec<Line> {
        let lang = self.ctx.lang;
        let villages = Names::of(tables);
        let mut granted: BTreeMap<(String, String), (String, String, Option<NaiveDate>)> = BTreeMap::new();
        if let Some(table) = outcome.get(GRANTED) {
            let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
            let dates = frame::dates(table, "date").unwrap_or_else(|_| vec![None; table.height()]);
            let (candidate, gate) = (words("candidate"), words("gate"));
            let (reason, body) = (words("reason"), words("body"));
            for row in 0..table.height() {
                let given = (reason[row].to_owned(), body[row].to_owned(), dates[row]);
                granted.insert((candidate[row].to_owned(), gate[row].to_owned()), given);
            }
        }
        let Some(table) = outcome.get("bars") else { return Vec::new() };
        let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
        let (candidate, gate, level, text) = (words("candidate"), words("gate"), words("hardness"), words("text"));
        let (county, township, village) = (words("county"), words("township"), words("village"));
        // Whoever a hard gate bars gains nothing by a waiver.
        let barred: BTreeSet<&str> =
            (0..table.height()).filter(|r| level[*r] == "hard").map(|r| candidate[r]).collect();
        let mut seen = BTreeSet::new();
        let mut lines = Vec::new();
        for row in 0..table.height() {
            let open = matches!(level[row], "soft" | "waived") && !barred.contains(candidate[row]);
            if !open || !self.mine(county[row], township[row]) || !seen.insert((candidate[row], gate[row])) {
                continue;
            }
            let mut line = Line::default();
            line.text("candidate", self.people.show(candidate[row]))
                .text("county", county[row])
                .text("township", township[row])
                .text("village", villages.name(village[row]))
                .text("gate", super::gate_label(self.ctx.policy, lang, gate[row]))
                .text("bar", self.people.weave(text[row]).into_owned())
                .text("code", candidate[row])
                .text("check", self.seal.check(&["waiver", gate[row], candidate[row], county[row]]));
            if let Some((reason, body, date)) = granted.get(&(candidate[row].to_owned(), gate[row].to_owned())) {
                line.text("reason", reason).text("body", body).date("date", *date);
            }
            lines.push(line);
        }
        lines.truncate(MOST);
        lines
    }

    /// Names of the soft gates that hold anybody back, in the policy's order.
    fn gates(&self, outcome: &BTreeMap<&'static str, DataFrame>) -> Vec<String> {
        let Some(table) = outcome.get("bars") else { return Vec::new() };
        let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
        let (gate, level) = (words("gate"), words("hardness"));
        let soft: BTreeSet<&str> =
            (0..table.height()).filter(|r| matches!(level[*r], "soft" | "waived")).map(|r| gate[r]).collect();
        let keys = self.ctx.policy.reserve.gates.keys().filter(|k| soft.contains(k.as_str()));
        keys.map(|key| super::gate_label(self.ctx.policy, self.ctx.lang, key)).collect()
    }

    fn write(
        &self,
        sheet: &mut Worksheet,
        kind: Kind,
        title: &str,
        lines: &[Line],
        formats: &Formats,
    ) -> Result<(), XlsxError> {
        let lang = self.ctx.lang;
        page(sheet, lang, title)?;
        sheet.write_string_with_format(0, 0, title, &formats.title)?;
        let note = if kind == Kind::Decisions { "decisions-lead" } else { "decisions-waivers-lead" };
        let mut note = lang.text(note);
        if self.names {
            note = format!("{}　{note}", lang.text("report-internal"));
        }
        sheet.write_string_with_format(1, 0, note, &formats.note)?;
        sheet.set_row_height(0, 26)?;
        let columns = self.columns(kind);
        for (at, column) in columns.iter().enumerate() {
            let at = at as u16;
            let format = if column.fill { &formats.fill_head } else { &formats.head };
            sheet.write_string_with_format(HEAD - 1, at, heading(lang, column.name), format)?;
            sheet.set_column_width(at, column.width)?;
            let note = format!("decisions-hint-{}", column.name);
            if lang.has(&note) {
                sheet.insert_note(HEAD - 1, at, &Note::new(lang.text(&note)).add_author_prefix(false))?;
            }
            for (row, line) in lines.iter().enumerate() {
                let row = HEAD + row as u32;
                let date = matches!(column.name, "date" | "due" | "done");
                let format = match column.name {
                    _ if column.fill && date => &formats.fill_date,
                    _ if column.fill => &formats.fill,
                    "code" | "check" | "rec_id" => &formats.quiet,
                    _ => &formats.text,
                };
                match (line.texts.get(column.name), line.dates.get(column.name).and_then(|d| excel_day(*d))) {
                    (_, Some(day)) => {
                        sheet.write_datetime_with_format(row, at, &day, format)?;
                    }
                    // `write_string` never makes a formula, whatever the text begins with.
                    (Some(text), None) => {
                        let cut: String = text.chars().take(EXCEL_TEXT).collect();
                        sheet.write_string_with_format(row, at, cut, format)?;
                    }
                    (None, None) => {
                        sheet.write_blank(row, at, format)?;
                    }
                }
            }
        }
        // Rows as high as their longest cell: not every program fits them by itself.
        for (row, line) in lines.iter().enumerate() {
            let high = columns.iter().map(|c| line.texts.get(c.name).map_or(1, |text| rows_of(text, c.width))).max();
            let height = (high.unwrap_or(1) as f64 * LINE + 3.0).min(TALLEST);
            sheet.set_row_height(HEAD + row as u32, height)?;
        }
        // The codes serve the way back, not the paper.
        let printed = columns.iter().rposition(|c| !matches!(c.name, "code" | "check")).unwrap_or(0) as u16;
        sheet.set_print_area(0, 0, HEAD + lines.len().max(1) as u32 - 1, printed)?;
        let last = columns.len().saturating_sub(1) as u16;
        sheet.set_freeze_panes(HEAD, 1)?;
        sheet.autofilter(HEAD - 1, 0, HEAD - 1 + lines.len() as u32, last)?;
        sheet.set_repeat_rows(HEAD - 1, HEAD - 1)?;
        Ok(())
    }
}

/// Height of a line of text and of the highest row, in points.
const LINE: f64 = 14.0;
const TALLEST: f64 = 400.0;

/// Lines that a text takes in a column so many Latin letters wide.
fn rows_of(text: &str, width: f64) -> usize {
    let letters: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    (letters as f64 / (width - 1.0).max(1.0)).ceil().max(1.0) as usize
}

/// A day that Excel can count: 1900 to 9999.
fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8).ok()
}

/// A decision that is on record, to be written again.
struct TakenRow {
    advice: Advice,
    said: String,
    decision: String,
    reason: String,
    body: String,
    outcome: String,
    date: Option<NaiveDate>,
    due: Option<NaiveDate>,
    done: Option<NaiveDate>,
}

/// The decisions of the output table, by ID.
struct Taken<'a> {
    rows: BTreeMap<&'a str, TakenRow>,
}

impl<'a> Taken<'a> {
    fn of(outcome: &'a BTreeMap<&'static str, DataFrame>) -> Taken<'a> {
        let mut taken = Taken { rows: BTreeMap::new() };
        // What is dated later was written later.
        for name in [TAKEN, LATER] {
            taken.add(outcome, name);
        }
        taken
    }

    fn add(&mut self, outcome: &'a BTreeMap<&'static str, DataFrame>, name: &str) {
        let Some(table) = outcome.get(name) else { return };
        let words = |column: &str| frame::words(table, column).unwrap_or_else(|_| vec![""; table.height()]);
        let dates = |column: &str| frame::dates(table, column).unwrap_or_else(|_| vec![None; table.height()]);
        let said: BTreeMap<&str, &str> = outcome
            .get(super::FOLLOW_UP)
            .and_then(|t| {
                Some(frame::words(t, "rec_id").ok()?.into_iter().zip(frame::words(t, "advice").ok()?).collect())
            })
            .unwrap_or_default();
        let (id, list, county, township) = (words("rec_id"), words("list"), words("county"), words("township"));
        let (village, name, whom) = (words("village"), words("village_name"), words("whom"));
        let (decision, reason, body, outcome) = (words("decision"), words("reason"), words("body"), words("outcome"));
        let (date, due, done) = (dates("date"), dates("due"), dates("done"));
        for row in 0..table.height() {
            let advice = Advice {
                rec_id: id[row].to_owned(),
                list: list[row].to_owned(),
                county: county[row].to_owned(),
                township: township[row].to_owned(),
                village: village[row].to_owned(),
                village_name: name[row].to_owned(),
                whom: whom[row].to_owned(),
                code: String::new(),
                post: String::new(),
                reasons: String::new(),
            };
            let kept = TakenRow {
                advice,
                said: said.get(id[row]).copied().unwrap_or_default().to_owned(),
                decision: decision[row].to_owned(),
                reason: reason[row].to_owned(),
                body: body[row].to_owned(),
                outcome: outcome[row].to_owned(),
                date: date[row],
                due: due[row],
                done: done[row],
            };
            self.rows.insert(id[row], kept);
        }
    }
}
