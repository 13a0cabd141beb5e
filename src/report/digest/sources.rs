//! From which files: rows accepted, ignored, flagged, set aside.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::{CheckReport, Tables};

/// Counts of one file and sheet.
#[derive(Clone, Default)]
pub(in crate::report) struct FileRow {
    pub(in crate::report) file: String,
    pub(in crate::report) sheet: String,
    /// Canonical tables, as they are named in the schema.
    pub(in crate::report) tables: Vec<String>,
    pub(in crate::report) rows: usize,
    pub(in crate::report) accepted: usize,
    pub(in crate::report) ignored: usize,
    pub(in crate::report) quarantined: usize,
    pub(in crate::report) flagged: usize,
    pub(in crate::report) repaired: usize,
}

/// All files, their sum, and the reasons of doubt.
pub(in crate::report) struct Sources {
    pub(in crate::report) sheets: Vec<FileRow>,
    /// Number of different files.
    pub(in crate::report) files: usize,
    pub(in crate::report) sum: FileRow,
    /// Flags by reason.
    pub(in crate::report) flagged: BTreeMap<String, usize>,
    /// Rows set aside, by reason.
    pub(in crate::report) quarantined: BTreeMap<String, usize>,
    /// Rows of each canonical table that holds any.
    pub(in crate::report) tables: Vec<(&'static str, usize)>,
}

impl Sources {
    pub(super) fn new(check: &CheckReport, tables: &Tables) -> Sources {
        let mut sum = FileRow::default();
        let (mut flagged, mut quarantined) = (BTreeMap::new(), BTreeMap::new());
        let mut sheets = Vec::with_capacity(check.sheets.len());
        for sheet in &check.sheets {
            let row = FileRow {
                file: sheet.file.clone(),
                sheet: sheet.sheet.clone(),
                tables: sheet.tables.clone(),
                rows: sheet.rows,
                accepted: sheet.accepted,
                ignored: sheet.ignored.values().sum(),
                quarantined: sheet.quarantined.values().sum(),
                flagged: sheet.flagged.values().sum(),
                repaired: sheet.repaired.values().sum(),
            };
            sum.rows += row.rows;
            sum.accepted += row.accepted;
            sum.ignored += row.ignored;
            sum.quarantined += row.quarantined;
            sum.flagged += row.flagged;
            sum.repaired += row.repaired;
            for (into, from) in [(&mut flagged, &sheet.flagged), (&mut quarantined, &sheet.quarantined)] {
                for (reason, n) in from {
                    *into.entry(reason.clone()).or_insert(0) += n;
                }
            }
            sheets.push(row);
        }
        let files = sheets.iter().map(|s| s.file.as_str()).collect::<BTreeSet<_>>().len();
        let tables = tables.iter().map(|(t, frame)| (t.name, frame.height())).filter(|(_, n)| *n > 0).collect();
        Sources { sheets, files, sum, flagged, quarantined, tables }
    }
}
