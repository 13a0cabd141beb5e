//! What reading the book found, as far as a reader may know it.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{MASK, Names};
use super::township::Township;
use crate::book::schema::TABLES;
use crate::book::{CheckReport, Finding, SheetReport, Tables};
use crate::frame::{self, FrameResult};
use crate::policy::Policy;

/// Words that may stand in a summary's findings: places, headers and the policy's own words.
/// Anything else a cell held might be about a person.
pub(super) struct Vocabulary {
    words: BTreeSet<String>,
}

impl Vocabulary {
    pub(super) fn new(tables: &Tables, policy: &Policy) -> FrameResult<Vocabulary> {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for table in TABLES {
            words.insert(table.zh.to_owned());
            for column in table.columns {
                words.extend([column.name.to_owned(), column.zh.to_owned()]);
                words.extend(column.aliases.iter().map(|a| (*a).to_owned()));
            }
        }
        let villages = tables.get("villages");
        for column in ["county", "township", "village", "village_name"] {
            words.extend(frame::words(villages, column)?.into_iter().map(str::to_owned));
        }
        for vocab in crate::book::schema::Vocab::ALL {
            for (code, list) in policy.words.list(vocab) {
                words.insert(code.clone());
                words.extend(list.iter().cloned());
            }
        }
        Ok(Vocabulary { words })
    }

    /// The text if each of its parts is a known word or a short number, else the mask.
    fn show(&self, text: &str) -> String {
        let parts = text.split(['/', '、', '，', ',', ' ', '；']).filter(|p| !p.is_empty());
        let short = |part: &str| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let known = |part: &str| short(part) || self.words.contains(part);
        if self.words.contains(text) || parts.clone().all(known) { text.to_owned() } else { MASK.to_owned() }
    }
}

/// For a summary: no values of cells but known words, no names in files, sheets and headers.
pub(super) fn summary(check: &CheckReport, names: &Names, words: &Vocabulary) -> CheckReport {
    let finding =
        |f: &Finding| Finding { value: words.show(&f.value), detail: words.show(&f.detail), ..without(f, names) };
    CheckReport {
        sheets: check.sheets.iter().map(|s| sheet(s, names)).collect(),
        not_read: not_read(check, names),
        flags: check.flags.iter().map(finding).collect(),
        quarantine: check.quarantine.iter().map(finding).collect(),
        ..CheckReport::default()
    }
}

/// For a township: findings of its own rows; also how many are of no township that can be told.
pub(super) fn township(check: &CheckReport, place: &Township, names: &Names) -> (CheckReport, usize) {
    let at = |f: &Finding| check.places.of(f);
    let own = |f: &&Finding| at(f).is_some_and(|p| p.0 == place.county && p.1 == place.name);
    let pick = |list: &[Finding]| {
        list.iter()
            .filter(own)
            .map(|f| {
                let mut shown = without(f, names);
                shown.value = names.mask(&f.value).into_owned();
                // Another row's place names its file.
                shown.detail = names.mask(&f.detail).into_owned();
                shown
            })
            .collect::<Vec<Finding>>()
    };
    let whole = |s: &&SheetReport| {
        check.places.sheet(&s.file, &s.sheet).is_some_and(|p| p.0 == place.county && p.1 == place.name)
    };
    let report = CheckReport {
        sheets: check.sheets.iter().filter(whole).map(|s| sheet(s, names)).collect(),
        flags: pick(&check.flags),
        quarantine: pick(&check.quarantine),
        ..CheckReport::default()
    };
    let lost = check.flags.iter().chain(&check.quarantine).filter(|f| at(f).is_none()).count();
    (report, lost)
}

fn without(finding: &Finding, names: &Names) -> Finding {
    let mask = |text: &str| names.mask(text).into_owned();
    Finding { file: mask(&finding.file), sheet: mask(&finding.sheet), column: mask(&finding.column), ..finding.clone() }
}

fn sheet(sheet: &SheetReport, names: &Names) -> SheetReport {
    let mask = |text: &str| names.mask(text).into_owned();
    SheetReport {
        file: mask(&sheet.file),
        sheet: mask(&sheet.sheet),
        unused: sheet.unused.iter().map(|u| mask(u)).collect(),
        ..sheet.clone()
    }
}

fn not_read(check: &CheckReport, names: &Names) -> Vec<crate::book::NotRead> {
    let masked = check.not_read.iter().map(|n| crate::book::NotRead {
        file: names.mask(&n.file).into_owned(),
        detail: names.mask(&n.detail).into_owned(),
        ..n.clone()
    });
    masked.collect()
}

/// Files and their hashes with names taken out; files that then share a name are numbered.
pub(super) fn hashes(hashes: &[(String, String)], names: &Names) -> Vec<(String, String)> {
    let mut sorted: Vec<(String, &String, bool)> = hashes
        .iter()
        .map(|(file, hash)| {
            let masked = names.mask(file);
            let changed = masked != *file;
            (masked.into_owned(), hash, changed)
        })
        .collect();
    // Files that kept their name keep it; then by hash, so that the order tells nothing.
    sorted.sort_by(|a, b| (&a.0, a.2, a.1).cmp(&(&b.0, b.2, b.1)));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let numbered = sorted.into_iter().map(|(file, hash, _)| {
        let n = seen.entry(file.clone()).or_default();
        *n += 1;
        let name = if *n == 1 { file } else { format!("{file} ({n})") };
        (name, hash.clone())
    });
    numbered.collect()
}
