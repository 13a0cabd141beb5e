//! What reading the book found, as far as a reader may know it.

use super::files::Files;
use super::names::Names;
use super::township::Township;
use super::vocabulary::Vocabulary;
use crate::book::{CheckReport, Finding, SheetReport};

/// For a summary: no values of cells but known words, no names in files, sheets and headers.
pub(super) fn summary(check: &CheckReport, names: &Names, files: &Files, words: &Vocabulary) -> CheckReport {
    let finding = |f: &Finding| Finding {
        value: words.show(&f.value),
        detail: words.show(&f.detail),
        ..without(f, names, files)
    };
    CheckReport {
        sheets: check.sheets.iter().map(|s| sheet(s, names, files)).collect(),
        not_read: not_read(check, names, files),
        flags: check.flags.iter().map(finding).collect(),
        quarantine: check.quarantine.iter().map(finding).collect(),
        ..CheckReport::default()
    }
}

/// For a township: findings of its own rows; also how many are of no township that can be told.
pub(super) fn township(check: &CheckReport, place: &Township, names: &Names, files: &Files) -> (CheckReport, usize) {
    let at = |f: &Finding| check.places.of(f);
    let own = |f: &&Finding| at(f).is_some_and(|p| p.0 == place.county && p.1 == place.name);
    let pick = |list: &[Finding]| {
        list.iter()
            .filter(own)
            .map(|f| {
                let mut shown = without(f, names, files);
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
        sheets: check.sheets.iter().filter(whole).map(|s| sheet(s, names, files)).collect(),
        flags: pick(&check.flags),
        quarantine: pick(&check.quarantine),
        ..CheckReport::default()
    };
    let lost = check.flags.iter().chain(&check.quarantine).filter(|f| at(f).is_none()).count();
    (report, lost)
}

fn without(finding: &Finding, names: &Names, files: &Files) -> Finding {
    let mask = |text: &str| names.mask(text).into_owned();
    Finding {
        file: files.show(&finding.file),
        sheet: mask(&finding.sheet),
        column: mask(&finding.column),
        ..finding.clone()
    }
}

fn sheet(sheet: &SheetReport, names: &Names, files: &Files) -> SheetReport {
    let mask = |text: &str| names.mask(text).into_owned();
    SheetReport {
        file: files.show(&sheet.file),
        sheet: mask(&sheet.sheet),
        unused: sheet.unused.iter().map(|u| mask(u)).collect(),
        ..sheet.clone()
    }
}

fn not_read(check: &CheckReport, names: &Names, files: &Files) -> Vec<crate::book::NotRead> {
    let masked = check.not_read.iter().map(|n| crate::book::NotRead {
        file: files.show(&n.file),
        detail: names.mask(&n.detail).into_owned(),
        ..n.clone()
    });
    masked.collect()
}
