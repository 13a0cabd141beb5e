//! Findings of the checks that need more than one row: kept with their source.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::report::Finding;
use super::sheet::Source;

/// What the checks found so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub sources: Arc<Vec<Source>>,
    pub flags: Vec<Finding>,
    /// By sheet: repairs made after reading.
    pub repaired: BTreeMap<u32, BTreeMap<String, usize>>,
}

impl Notes {
    /// Empty notes over the same sources, for work beside this.
    pub fn beside(&self) -> Notes {
        Notes { sources: Arc::clone(&self.sources), ..Notes::default() }
    }

    /// Takes over what was found beside.
    pub fn absorb(&mut self, other: Notes) {
        self.flags.extend(other.flags);
        for (sheet, repairs) in other.repaired {
            let own = self.repaired.entry(sheet).or_default();
            for (kind, count) in repairs {
                *own.entry(kind).or_default() += count;
            }
        }
    }

    /// Flags a row of a sheet; `column` is canonical and shown as the sheet writes it.
    pub fn flag(
        &mut self,
        place: (u32, u32),
        column: &str,
        value: impl Into<String>,
        reason: &str,
        detail: impl Into<String>,
    ) {
        let Some(source) = self.sources.get(place.0 as usize) else { return };
        let column = source.written.get(column).cloned().unwrap_or_else(|| super::schema_label(column));
        let (file, sheet, row) = source.origin(place.1 as usize);
        self.flags.push(Finding {
            file: file.to_owned(),
            sheet: sheet.to_owned(),
            row,
            column,
            value: value.into(),
            reason: reason.to_owned(),
            detail: detail.into(),
        });
    }

    pub fn repair(&mut self, sheet: u32, kind: &str) {
        *self.repaired.entry(sheet).or_default().entry(kind.to_owned()).or_default() += 1;
    }

    /// A row of another sheet, as a reader finds it.
    pub fn name(&self, place: (u32, u32)) -> String {
        let Some(source) = self.sources.get(place.0 as usize) else { return String::new() };
        let (file, sheet, row) = source.origin(place.1 as usize);
        let sheet = if sheet.is_empty() { String::new() } else { format!("#{sheet}") };
        format!("{file}{sheet}:{row}")
    }

    /// The form of a row's sheet.
    pub fn form(&self, place: (u32, u32)) -> &'static str {
        self.sources.get(place.0 as usize).map_or("", |s| s.form)
    }
}
