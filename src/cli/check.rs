//! `touyan check`: what the book holds, and what is doubtful in it.

use std::collections::BTreeMap;
use std::fs;

use super::args::CheckArgs;
use super::session::Session;
use super::{CliError, DONE};
use crate::book::{self, CheckReport, Correction};
use crate::lang::Lang;
use crate::run::reference_date;
use crate::say;

/// Done, but rows are in quarantine.
const QUARANTINED: u8 = 1;

/// Runs the command.
pub fn run(args: &CheckArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, args.json)?;
    let report = &session.book.report;
    if let Some(out) = &args.out {
        fs::create_dir_all(out).map_err(CliError::io(out))?;
        for (name, bytes) in
            [("quarantine.csv", book::quarantine_csv(report, lang)), ("flags.csv", book::flags_csv(report, lang))]
        {
            let path = out.join(name);
            fs::write(&path, bytes).map_err(CliError::io(&path))?;
        }
    }
    if args.json {
        let as_of = reference_date(&session.book, args.rules.as_of).ok().map(|(day, _)| day);
        println!("{:#}", book::report_json(&session.book, &session.policy, as_of));
    } else {
        println!("{}", text(&session, args, lang));
    }
    Ok(if report.quarantine.is_empty() { DONE } else { QUARANTINED })
}

fn by_reason(kind: &str, counts: &BTreeMap<String, usize>, lang: Lang) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(reason, n)| say!(lang, "check-reason", reason = book::reason_label(kind, reason, lang), count = *n))
        .collect();
    parts.join(&lang.text("list-comma"))
}

/// What a corrected copy brought.
fn correction(copy: &Correction, lang: Lang) -> String {
    let name = |file: &str, sheet: &str| if sheet.is_empty() { file.to_owned() } else { format!("{file} [{sheet}]") };
    say!(
        lang,
        "check-correction",
        copy = name(&copy.file, &copy.sheet),
        source = name(&copy.source_file, &copy.source_sheet),
        replaced = copy.replaced.len(),
        added = copy.added,
        removed = copy.removed.len(),
        unchanged = copy.unchanged,
        refused = copy.refused
    )
}

fn text(session: &Session, args: &CheckArgs, lang: Lang) -> String {
    let report: &CheckReport = &session.book.report;
    let mut lines = Vec::new();
    for sheet in &report.sheets {
        let tables: Vec<String> =
            sheet.tables.iter().map(|t| lang.text(&format!("table-{}", t.replace('_', "-")))).collect();
        let name =
            if sheet.sheet.is_empty() { sheet.file.clone() } else { format!("{} [{}]", sheet.file, sheet.sheet) };
        lines.push(say!(lang, "check-sheet", name = name, tables = tables.join("、")));
        lines.push(say!(
            lang,
            "check-rows",
            rows = sheet.rows,
            accepted = sheet.accepted,
            ignored = sheet.ignored.values().sum::<usize>(),
            quarantined = sheet.quarantined.values().sum::<usize>()
        ));
        for (prefix, counts) in [
            ("ignored", &sheet.ignored),
            ("quarantine", &sheet.quarantined),
            ("flag", &sheet.flagged),
            ("repair", &sheet.repaired),
        ] {
            if !counts.is_empty() {
                lines.push(say!(
                    lang,
                    "check-counts",
                    what = lang.text(&format!("check-{prefix}")),
                    counts = by_reason(prefix, counts, lang)
                ));
            }
        }
        if !sheet.unused.is_empty() {
            lines.push(say!(lang, "check-unused", headers = sheet.unused.join("、")));
        }
    }
    for copy in &report.corrections {
        lines.push(correction(copy, lang));
    }
    for file in &report.not_read {
        lines.push(file.say(lang));
    }
    lines.push(String::new());
    for (table, frame) in session.book.tables.iter().filter(|(_, f)| f.height() > 0) {
        lines.push(say!(
            lang,
            "check-table",
            name = lang.text(&format!("table-{}", table.name)),
            rows = frame.height()
        ));
    }
    if let Ok((day, _)) = reference_date(&session.book, args.rules.as_of) {
        lines.push(say!(lang, "stage-as-of", day = day));
    }
    match (&args.out, report.flags.len() + report.quarantine.len()) {
        (Some(out), _) => lines.push(say!(lang, "check-written", path = out.display().to_string())),
        (None, 0) => lines.push(lang.text("check-clean")),
        (None, found) => lines.push(say!(lang, "check-found", found = found)),
    }
    lines.join("\n")
}
