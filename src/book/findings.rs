//! `flags.csv` and `quarantine.csv`: findings as offices open them in Excel.

use std::io::Write;

use super::report::{CheckReport, Finding};
use crate::frame::{FrameError, FrameResult, guard};
use crate::lang::Lang;
use crate::say;

/// Which list of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Accepted rows with a doubt.
    Flags,
    /// Rows set aside.
    Quarantine,
}

impl Finding {
    /// What is doubtful, in words.
    pub fn reason_text(&self, lang: Lang, listing: Listing) -> String {
        let id = match listing {
            Listing::Flags => format!("flag-{}", self.reason),
            Listing::Quarantine => format!("quarantine-{}", self.reason),
        };
        say!(lang, &id, value = &self.value, detail = &self.detail, column = &self.column)
    }

    /// What to do about it.
    pub fn remedy_text(&self, lang: Lang) -> String {
        let id = format!("remedy-{}", self.reason);
        say!(lang, &id, value = &self.value, detail = &self.detail, column = &self.column)
    }
}

/// Writes findings as CSV (UTF-8 with a byte-order mark): file, sheet, row, column, masked value,
/// reason, remedy. Cells that a spreadsheet would run as a formula stand behind an apostrophe.
///
/// # Errors
/// The sink refuses.
pub fn write_findings_csv<W: Write>(
    findings: &[Finding],
    listing: Listing,
    lang: Lang,
    mut sink: W,
) -> FrameResult<()> {
    let refused = |e: csv::Error| FrameError::Io(e.into());
    sink.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(sink);
    let heads = ["file", "sheet", "row", "column", "value", "reason", "remedy"];
    writer.write_record(heads.map(|h| lang.text(&format!("finding-{h}")))).map_err(refused)?;
    for finding in findings {
        let row = if finding.row == 0 { String::new() } else { finding.row.to_string() };
        let cells = [
            finding.file.clone(),
            finding.sheet.clone(),
            row,
            finding.column.clone(),
            finding.value.clone(),
            finding.reason_text(lang, listing),
            finding.remedy_text(lang),
        ];
        writer.write_record(cells.iter().map(|c| guard(c))).map_err(refused)?;
    }
    writer.flush()?;
    Ok(())
}

/// `flags.csv`.
pub fn flags_csv(report: &CheckReport, lang: Lang) -> Vec<u8> {
    in_memory(&report.flags, Listing::Flags, lang)
}

/// `quarantine.csv`.
pub fn quarantine_csv(report: &CheckReport, lang: Lang) -> Vec<u8> {
    in_memory(&report.quarantine, Listing::Quarantine, lang)
}

fn in_memory(findings: &[Finding], listing: Listing, lang: Lang) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_findings_csv(findings, listing, lang, &mut bytes).expect("memory takes every write");
    bytes
}

/// A reason in a few words, for counts. `kind` is `ignored`, `quarantine`, `flag` or `repair`.
pub fn reason_label(kind: &str, reason: &str, lang: Lang) -> String {
    let id = match kind {
        "flag" | "quarantine" => format!("label-{reason}"),
        // Reasons for not reading are message IDs themselves.
        "not-read" => reason.to_owned(),
        "ignored" => format!("ignored-{reason}"),
        _ => format!("repair-{reason}"),
    };
    if lang.has(&id) { say!(lang, &id, detail = "") } else { reason.to_owned() }
}
