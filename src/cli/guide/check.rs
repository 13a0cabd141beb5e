//! "First check the sheets": the counts, the main doubts in plain words, the lists for Excel.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::talk::{Stop, Talk};
use super::{Guide, Trouble};
use crate::book::{self, Book, CheckReport, Finding, Listing};
use crate::cli::CliError;
use crate::cli::session::Session;
use crate::desk;
use crate::disk::held;
use crate::say;

/// Kinds of doubt that a check tells, and that a run tells before it goes on.
const TOLD: usize = 8;
pub(super) const TOLD_BRIEFLY: usize = 3;

/// Files not read that the screen lists.
const UNREAD: usize = 8;

pub(super) fn act(guide: &mut Guide) -> Result<(), Trouble> {
    let lang = guide.talk.lang;
    let Some(path) = guide.book.clone() else { return Ok(()) };
    let rules = guide.rules(&path)?;
    let session = Session::open(&path, &rules, lang, guide.quiet)?;
    tell(&mut guide.talk, &session.book, TOLD)?;
    let report = &session.book.report;
    if report.flags.is_empty() && report.quarantine.is_empty() {
        guide.talk.say(&lang.text("check-clean"))?;
    } else {
        let folder = path.with_file_name(lang.text("desk-check-folder"));
        fs::create_dir_all(&folder).map_err(CliError::io(&folder))?;
        let lists = [
            ("desk-file-flags", report.flags.len(), book::flags_csv(report, lang)),
            ("desk-file-quarantine", report.quarantine.len(), book::quarantine_csv(report, lang)),
        ];
        for (name, rows, bytes) in lists {
            let written = write(&folder.join(format!("{}.csv", lang.text(name))), &bytes)?;
            guide.talk.say(&say!(lang, "desk-list", path = written.display().to_string(), rows = rows))?;
        }
    }
    guide.talk.pause()?;
    Ok(())
}

/// Writes a list; if Excel holds the older one, under the next free name.
fn write(path: &Path, bytes: &[u8]) -> Result<PathBuf, CliError> {
    match fs::write(path, bytes) {
        Err(error) if held(&error) => {
            let other = desk::free_name(path);
            fs::write(&other, bytes).map_err(CliError::io(&other))?;
            Ok(other)
        }
        result => result.map(|()| path.to_owned()).map_err(CliError::io(path)),
    }
}

/// What was read, what was not, and the commonest doubts with an example and a remedy each.
pub(super) fn tell(talk: &mut Talk, book: &Book, kinds: usize) -> Result<(), Stop> {
    let lang = talk.lang;
    let report = &book.report;
    let sum = |of: fn(&book::SheetReport) -> usize| report.sheets.iter().map(of).sum::<usize>();
    talk.say(&say!(
        lang,
        "found-book",
        villages = book.tables.get("villages").height(),
        people = book.tables.get("people").height(),
        flags = report.flags.len(),
        quarantined = report.quarantine.len()
    ))?;
    talk.say(&say!(
        lang,
        "desk-rows",
        sheets = report.sheets.len(),
        rows = sum(|s| s.rows),
        accepted = sum(|s| s.accepted),
        ignored = sum(|s| s.ignored.values().sum()),
        quarantined = sum(|s| s.quarantined.values().sum())
    ))?;
    if !report.not_read.is_empty() {
        talk.say(&say!(lang, "desk-unread", count = report.not_read.len()))?;
        for file in report.not_read.iter().take(UNREAD) {
            talk.say(&format!("  · {}", file.say(lang)))?;
        }
        rest(talk, report.not_read.len(), UNREAD)?;
    }
    doubts(talk, report, kinds)
}

/// The commonest kinds of finding, those that lost a row first.
fn doubts(talk: &mut Talk, report: &CheckReport, kinds: usize) -> Result<(), Stop> {
    let lang = talk.lang;
    let mut found = by_reason(&report.quarantine, Listing::Quarantine);
    found.extend(by_reason(&report.flags, Listing::Flags));
    if found.is_empty() {
        return Ok(());
    }
    talk.say(&lang.text("desk-doubts"))?;
    for (example, listing, count) in found.iter().take(kinds) {
        let kind = match listing {
            Listing::Flags => "flag",
            Listing::Quarantine => "quarantine",
        };
        let place = place(talk, example);
        talk.say(&say!(
            lang,
            "desk-doubt",
            label = book::reason_label(kind, &example.reason, lang),
            count = *count,
            place = place,
            reason = example.reason_text(lang, *listing),
            remedy = example.remedy_text(lang)
        ))?;
    }
    rest(talk, found.len(), kinds)
}

/// The first finding of each reason and how many there are, most first.
fn by_reason(findings: &[Finding], listing: Listing) -> Vec<(&Finding, Listing, usize)> {
    let mut counts: BTreeMap<&str, (&Finding, usize)> = BTreeMap::new();
    for finding in findings {
        counts.entry(&finding.reason).or_insert((finding, 0)).1 += 1;
    }
    let mut sorted: Vec<_> = counts.into_values().map(|(first, count)| (first, listing, count)).collect();
    // Stable, so equal counts stay in the order of their codes.
    sorted.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    sorted
}

/// `村情.xlsx [Sheet1] 第 8 行 身份证号`
fn place(talk: &Talk, finding: &Finding) -> String {
    let mut place = finding.file.clone();
    if !finding.sheet.is_empty() {
        place.push_str(&format!(" [{}]", finding.sheet));
    }
    if finding.row > 0 {
        place.push(' ');
        place.push_str(&say!(talk.lang, "desk-row", row = finding.row.to_string()));
    }
    if !finding.column.is_empty() {
        place.push_str(&format!(" {}", finding.column.split_whitespace().collect::<String>()));
    }
    place
}

fn rest(talk: &mut Talk, all: usize, shown: usize) -> Result<(), Stop> {
    match all.saturating_sub(shown) {
        0 => Ok(()),
        more => talk.say(&format!("  {}", say!(talk.lang, "desk-more", count = more))),
    }
}
