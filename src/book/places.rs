//! Which township a finding belongs to, and the names that stand in rows set aside: needed to show
//! a township its own findings and nobody else's, and to keep names out of summaries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::draft::Draft;
use super::report::Finding;
use super::sheet::Source;
use crate::frame::FrameResult;

/// County and township.
pub type Place = (String, String);

/// Townships of findings, as far as the rows they stand in were placed.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Rows with a finding, by file, sheet and row.
    rows: BTreeMap<(String, String, usize), Place>,
    /// Sheets all of whose rows lie in one township.
    sheets: BTreeMap<(String, String), Place>,
}

impl Places {
    /// County and township of a finding: those of its row, else those of the whole sheet.
    pub fn of(&self, finding: &Finding) -> Option<&Place> {
        let row = self.rows.get(&(finding.file.clone(), finding.sheet.clone(), finding.row));
        row.or_else(|| self.sheet(&finding.file, &finding.sheet))
    }

    /// Takes over the rows of findings that were made later.
    pub(super) fn add(&mut self, later: Places) {
        self.rows.extend(later.rows);
    }

    /// County and township that all rows of a sheet lie in.
    pub fn sheet(&self, file: &str, sheet: &str) -> Option<&Place> {
        self.sheets.get(&(file.to_owned(), sheet.to_owned()))
    }
}

/// The places of rows with findings, and of whole sheets.
pub(super) fn places(
    drafts: &BTreeMap<&'static str, Draft>,
    sources: &[Source],
    flags: &[Finding],
) -> FrameResult<Places> {
    // Looked up, never iterated.
    let sheet_of: HashMap<(&str, &str), u32> =
        sources.iter().zip(0..).map(|(s, at)| ((s.file.as_str(), s.sheet.as_str()), at)).collect();
    let wanted: BTreeSet<(u32, u32)> = flags
        .iter()
        .filter_map(|f| Some((*sheet_of.get(&(f.file.as_str(), f.sheet.as_str()))?, u32::try_from(f.row).ok()?)))
        .collect();
    // Rows of a corrected sheet are named by where they really stand.
    let corrected: BTreeSet<(&str, &str, usize)> = match sources.iter().any(|s| s.lines.is_some()) {
        true => flags.iter().map(|f| (f.file.as_str(), f.sheet.as_str(), f.row)).collect(),
        false => BTreeSet::new(),
    };
    let is_wanted = |place: &(u32, u32)| match sources.get(place.0 as usize) {
        Some(source) if source.lines.is_some() => corrected.contains(&source.origin(place.1 as usize)),
        _ => wanted.contains(place),
    };
    type Spot<'d> = Option<(&'d str, &'d str)>;
    // `None` behind a key: rows of several townships.
    let mut rows: BTreeMap<(u32, u32), Spot> = BTreeMap::new();
    let mut sheets: BTreeMap<u32, Spot> = BTreeMap::new();
    for draft in drafts.values().filter(|d| !d.is_empty()) {
        // Kin have no place of their own, and a county's figures none at all.
        let Ok(township) = draft.texts("township") else { continue };
        let county = draft.texts("county")?;
        for ((place, county), township) in draft.places()?.into_iter().zip(county).zip(township) {
            let spot = township.filter(|t| !t.is_empty()).map(|t| (county.unwrap_or_default(), t));
            let sheet = sheets.entry(place.0).or_insert(spot);
            if *sheet != spot {
                *sheet = None;
            }
            if spot.is_some() && is_wanted(&place) {
                let row = rows.entry(place).or_insert(spot);
                if *row != spot {
                    *row = None;
                }
            }
        }
    }
    let mut found = Places::default();
    let owned = |spot: (&str, &str)| (spot.0.to_owned(), spot.1.to_owned());
    for ((sheet, row), spot) in rows {
        if let (Some(source), Some(spot)) = (sources.get(sheet as usize), spot) {
            let (file, sheet, row) = source.origin(row as usize);
            found.rows.insert((file.to_owned(), sheet.to_owned(), row), owned(spot));
        }
    }
    for (sheet, spot) in sheets {
        if let (Some(source), Some(spot)) = (sources.get(sheet as usize), spot) {
            found.sheets.insert((source.file.clone(), source.sheet.clone()), owned(spot));
        }
    }
    Ok(found)
}
