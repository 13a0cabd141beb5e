//! The first sheet: as of when, from what, under which policy, what to study, what is unknown.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::write::{Formats, page};
use crate::report::digest::Matter;
use crate::report::{Report, format};
use crate::say;

/// Widths of the four columns, in letters.
const WIDTHS: [f64; 4] = [26.0, 10.0, 60.0, 60.0];

/// Writes line by line.
struct Pen<'a> {
    sheet: &'a mut Worksheet,
    formats: &'a Formats,
    row: u32,
}

impl Pen<'_> {
    fn head(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        for column in 0..4 {
            self.sheet.write_string_with_format(
                self.row,
                column,
                if column == 0 { text } else { "" },
                &self.formats.head,
            )?;
        }
        self.row += 1;
        Ok(())
    }

    fn line(&mut self, what: &str, count: Option<usize>, text: &str, more: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, what, &self.formats.prose)?;
        if let Some(count) = count {
            self.sheet.write_number_with_format(self.row, 1, count as f64, &self.formats.strong)?;
        }
        self.sheet.write_string_with_format(self.row, 2, text, &self.formats.prose)?;
        if !more.is_empty() {
            self.sheet.write_string_with_format(self.row, 3, more, &self.formats.prose)?;
        }
        self.row += 1;
        Ok(())
    }

    fn matter(&mut self, matter: &Matter, count: Option<usize>) -> Result<(), XlsxError> {
        self.line(&matter.title, count, &matter.text, &matter.basis)?;
        for item in &matter.items {
            self.line(&format!("　{}", item.place), None, &item.reason, "")?;
        }
        Ok(())
    }
}

pub(super) fn sheet(report: &Report, sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
    let lang = report.lang;
    let digest = &report.digest;
    let name = lang.text("sheet-home");
    sheet.set_name(&name)?;
    page(report, sheet, &name)?;
    for (column, width) in WIDTHS.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
    }
    sheet.write_string_with_format(0, 0, report.title(), &formats.title)?;
    let mut pen = Pen { sheet, formats, row: 1 };
    if report.input.audience.sees_names() {
        pen.line(&lang.text("report-internal"), None, "", "")?;
    }
    let as_of = say!(lang, "report-as-of", day = format::day(lang, report.input.ctx.as_of));
    pen.line(&as_of, None, &lang.text("report-study-short"), "")?;
    pen.line(&lang.text("report-policy"), None, &report.policy_line(), "")?;
    pen.line(&lang.text("report-sources"), None, &report.sources_line(), "")?;
    for figure in &digest.figures {
        // A dash is no number: the stage did not run.
        let count = figure.value.parse().ok();
        pen.line(&figure.label, count, &figure.note, "")?;
    }
    pen.head(&lang.text("report-attention"))?;
    if digest.matters.is_empty() {
        pen.line(&lang.text("report-attention-none"), None, "", "")?;
    }
    for matter in &digest.matters {
        // No number where it is too small to be told.
        pen.matter(matter, Some(matter.count).filter(|n| *n > 0))?;
    }
    if let Some(since) = report.since() {
        pen.head(&lang.text("changes-title"))?;
        pen.line(&since.lead, None, "", "")?;
        for item in &since.items {
            pen.line(&format!("　{}", item.place), None, &item.reason, "")?;
        }
    }
    for matter in [&digest.talks, &digest.open, &digest.overdue, &digest.ladder] {
        pen.head(&matter.title)?;
        pen.matter(matter, Some(matter.count))?;
    }
    pen.head(&lang.text("report-unjudged"))?;
    if digest.unjudged.is_empty() {
        pen.line(&lang.text("report-unjudged-none"), None, "", "")?;
    }
    for gap in &digest.unjudged {
        pen.line(&gap.what, gap.count, &gap.why, "")?;
    }
    pen.head(&lang.text("report-method-run"))?;
    pen.line("", None, &lang.text("report-study"), "")?;
    pen.line("", None, &report.run_line(), "")?;
    Ok(())
}
