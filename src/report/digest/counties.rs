//! One line per county, for a report over several.

use std::collections::BTreeMap;

use super::Desk;
use super::matters::LISTED;
use crate::report::format::median;
use crate::report::view::Rows;

/// The main figures of one county.
#[derive(Clone, Default)]
pub(in crate::report) struct CountyRow {
    pub(in crate::report) county: String,
    pub(in crate::report) villages: usize,
    pub(in crate::report) rated: usize,
    pub(in crate::report) median: Option<f64>,
    pub(in crate::report) supervised: usize,
    pub(in crate::report) suggested: usize,
    pub(in crate::report) talks: usize,
    pub(in crate::report) vacancies: usize,
    pub(in crate::report) assigned: usize,
    pub(in crate::report) open: usize,
    pub(in crate::report) overdue: usize,
    pub(in crate::report) broken: usize,
}

/// All counties, by name.
pub(super) fn all(desk: &Desk) -> Vec<CountyRow> {
    let mut counties: BTreeMap<String, CountyRow> = BTreeMap::new();
    let source = desk.source;
    let mut tally = |rows: Rows<'_>, picked: Option<Vec<usize>>, add: fn(&mut CountyRow)| {
        let names = rows.words("county");
        let picked = picked.unwrap_or_else(|| (0..names.len()).collect());
        for i in picked {
            if !counties.contains_key(names[i]) {
                counties.insert(names[i].to_owned(), CountyRow { county: names[i].to_owned(), ..CountyRow::default() });
            }
            if let Some(row) = counties.get_mut(names[i]) {
                add(row);
            }
        }
    };
    tally(Rows::of(source.book("villages")), None, |row| row.villages += 1);
    let supervision = source.rows("supervision");
    tally(supervision, Some(supervision.which("status", LISTED)), |row| row.supervised += 1);
    tally(supervision, Some(supervision.which("status", &["suggested"])), |row| row.suggested += 1);
    tally(source.rows("talks"), None, |row| row.talks += 1);
    tally(source.rows("vacancies"), None, |row| row.vacancies += 1);
    tally(source.rows("assignment"), None, |row| row.assigned += 1);
    tally(source.rows("open_posts"), None, |row| row.open += 1);
    let measures = source.rows("supervision_measures");
    tally(measures, Some(measures.which("state", &["overdue"])), |row| row.overdue += 1);
    let ladder = source.rows("ladder");
    tally(ladder, Some(ladder.which("state", &["broken"])), |row| row.broken += 1);

    let scores = source.rows("scores");
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (county, score) in scores.words("county").into_iter().zip(scores.numbers("score")) {
        values.entry(county).or_default().extend(score);
    }
    let mut rows: Vec<CountyRow> = counties.into_values().collect();
    for row in &mut rows {
        if let Some(values) = values.get_mut(row.county.as_str()) {
            row.rated = values.len();
            row.median = median(values);
        }
    }
    rows
}
