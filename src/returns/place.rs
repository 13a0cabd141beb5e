//! Which township every doubt belongs to.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::trace::{RowIs, Trace, TracedSheet};
use crate::book::{Book, Finding, Listing};
use crate::frame::{self, FrameResult};
use crate::lang::Lang;

/// County and township.
pub(super) type Place = (String, String);

/// One finding, where it stands and whose it is.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    pub finding: Finding,
    pub listing: Listing,
    /// Sheet of the trace, if the finding stands in one that is copied.
    pub sheet: Option<usize>,
    /// Row of that sheet, 0-based; `None` for the sheet as a whole.
    pub row: Option<usize>,
    /// `None`: the county's own to check.
    pub place: Option<Place>,
    /// File, sheet and row of the source that it is about, whichever copy it was found in.
    pub source: (String, String, usize),
}

impl Doubt {
    /// The column that it is about; for a row as a whole the first that names the record.
    pub fn column(&self, sheet: &TracedSheet) -> usize {
        let written = &self.finding.column;
        let named = |wanted: &str| sheet.claims.iter().position(|c| c.as_deref() == Some(wanted));
        sheet
            .headers
            .iter()
            .position(|h| !written.is_empty() && h == written)
            .or_else(|| sheet.claims.iter().position(|c| c.as_deref() == Some(written.as_str())))
            .or_else(|| ["name", "person", "village", "township"].into_iter().find_map(named))
            .or_else(|| sheet.claims.iter().position(Option::is_some))
            .unwrap_or(0)
    }

    /// What is wrong and what would be right.
    pub fn said(&self, lang: Lang) -> String {
        super::say_finding(&self.finding, self.listing, lang)
    }
}

/// Where rows stand.
pub(super) struct Places<'a> {
    trace: &'a Trace,
    rows: BTreeMap<(&'a str, &'a str, usize), (usize, usize)>,
    /// Whole sheets, and whose they are if they are one township's.
    sheets: BTreeMap<(&'a str, &'a str), (usize, Option<Place>)>,
    /// Corrected copies and their townships.
    copies: BTreeMap<(String, String), Option<Place>>,
}

impl<'a> Places<'a> {
    pub fn new(trace: &'a Trace, book: &Book) -> Places<'a> {
        let mut places = Places { trace, rows: BTreeMap::new(), sheets: BTreeMap::new(), copies: BTreeMap::new() };
        for (number, sheet) in trace.sheets.iter().enumerate() {
            let mut owners: BTreeSet<Option<&Place>> = BTreeSet::new();
            for (row, is) in sheet.is.iter().enumerate() {
                let gone = sheet.lines.as_ref().and_then(|l| l.lines.get(row)).is_some_and(|l| l.gone);
                if !gone {
                    places.rows.insert(sheet.origin(row), (number, row));
                }
                if let RowIs::Data(place) = is {
                    owners.insert(place.as_ref());
                }
            }
            let only = if owners.len() == 1 { owners.into_iter().next().flatten().cloned() } else { None };
            places.sheets.insert((&sheet.file, &sheet.sheet), (number, only));
        }
        for copy in &book.report.corrections {
            let place = (copy.county.clone(), copy.township.clone());
            let place = (!copy.township.is_empty()).then_some(place);
            places.copies.insert((copy.file.clone(), copy.sheet.clone()), place);
        }
        places
    }

    /// Every finding of a book.
    pub fn doubts(&mut self, book: &Book) -> Vec<Doubt> {
        let flags = book.report.flags.iter().map(|f| (f, Listing::Flags));
        let quarantine = book.report.quarantine.iter().map(|f| (f, Listing::Quarantine));
        flags.chain(quarantine).map(|(finding, listing)| self.doubt(finding, listing)).collect()
    }

    fn doubt(&self, finding: &Finding, listing: Listing) -> Doubt {
        let mut doubt = Doubt {
            finding: finding.clone(),
            listing,
            sheet: None,
            row: None,
            place: None,
            source: (finding.file.clone(), finding.sheet.clone(), finding.row),
        };
        let file = (finding.file.as_str(), finding.sheet.as_str());
        if let Some((sheet, row)) = self.rows.get(&(file.0, file.1, finding.row)).copied() {
            let traced = &self.trace.sheets[sheet];
            (doubt.sheet, doubt.row) = (Some(sheet), Some(row));
            if let Some(line) = traced.lines.as_ref().and_then(|l| l.lines.get(row))
                && line.over > 0
            {
                doubt.source = (traced.file.clone(), traced.sheet.clone(), line.over as usize);
            }
            if let RowIs::Data(place) = &traced.is[row] {
                doubt.place.clone_from(place);
                return doubt;
            }
        }
        if let Some((sheet, only)) = self.sheets.get(&file) {
            (doubt.sheet, doubt.place) = (Some(*sheet), only.clone());
        } else if let Some(place) = self.copies.get(&(file.0.to_owned(), file.1.to_owned())) {
            doubt.place.clone_from(place);
        }
        doubt
    }
}

/// The name of a township without what kind of township it is.
pub(super) fn core(name: &str) -> &str {
    let name = name.trim();
    ["街道办事处", "民族乡", "街道", "镇", "乡", "办事处"]
        .iter()
        .find_map(|kind| name.strip_suffix(kind).filter(|rest| rest.chars().count() >= 2))
        .unwrap_or(name)
}

/// Names that tell whose a sheet is.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub places: Vec<(String, Place)>,
    pub people: Vec<String>,
}

/// Names of the book's townships, villages and people.
pub(super) fn names(book: &Book) -> FrameResult<Names> {
    let villages = book.tables.get("villages");
    let texts = |name: &str| frame::texts(villages, name);
    let mut places: BTreeSet<(String, Place)> = BTreeSet::new();
    for ((county, township), village) in
        texts("county")?.into_iter().zip(texts("township")?).zip(texts("village_name")?)
    {
        let (Some(county), Some(township)) = (county, township) else { continue };
        let place = (county.to_owned(), township.to_owned());
        places.insert((township.to_owned(), place.clone()));
        places.extend(village.filter(|v| v.chars().count() >= 2).map(|v| (v.to_owned(), place)));
    }
    let people = frame::texts(book.tables.get("people"), "name")?;
    let people: BTreeSet<String> =
        people.into_iter().flatten().filter(|n| n.chars().count() >= 2).map(str::to_owned).collect();
    Ok(Names { places: places.into_iter().collect(), people: people.into_iter().collect() })
}
