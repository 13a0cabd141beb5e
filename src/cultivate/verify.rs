//! Checks from the written tables alone, without the stage that wrote them.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use crate::frame::{self, FrameResult};
use crate::stage::certificate::{self, CertificateSummary, Names};

/// Proves from the tables `placement_edges`, `placement_prices` and `placements` that the placements
/// are optimal at the open price (in `placement_summary`), that costs follow from fits, and that no
/// village sends two people.
///
/// # Errors
/// The first difference found.
pub fn verify_placements(
    edges: &DataFrame,
    prices: &DataFrame,
    placements: &DataFrame,
    open_price: i64,
) -> Result<CertificateSummary, String> {
    let names = Names {
        row: "place",
        column: "bloc",
        edges: "placement_edges",
        prices: "placement_prices",
        pairs: "placements",
    };
    certificate::verify_tables(&names, edges, prices, placements, open_price)
}

/// A batch: county, township (empty for a class of the county), number.
type Key<'t> = (&'t str, &'t str, i64);

/// What does not hold between `training_plan` and `training_batches`: nobody stands twice, no two
/// people of one village share a batch, and each batch holds the people it says and no more than
/// its seats. A count that is withheld from the reader is not compared.
///
/// # Errors
/// A table lacks a column of its schema.
pub fn verify_plan(plan: &DataFrame, batches: &DataFrame) -> FrameResult<Vec<String>> {
    let mut differences = Vec::new();
    let (county, township) = (frame::words(plan, "county")?, frame::words(plan, "township")?);
    let (village, person) = (frame::words(plan, "village")?, frame::words(plan, "person")?);
    let (level, batch) = (frame::words(plan, "level")?, frame::wholes(plan, "batch")?);
    let (mut people, mut homes) = (BTreeSet::new(), BTreeSet::new());
    let mut used: BTreeMap<Key, i64> = BTreeMap::new();
    for row in 0..plan.height() {
        if !people.insert((county[row], person[row])) {
            differences.push(format!("training_plan: {} stands twice", person[row]));
        }
        let Some(number) = batch[row] else { continue };
        let key = (county[row], if level[row] == "township" { township[row] } else { "" }, number);
        *used.entry(key).or_insert(0) += 1;
        if !homes.insert((key, village[row])) {
            differences.push(format!("training_plan: two people of {} in batch {number}", village[row]));
        }
    }
    let (county, township) = (frame::words(batches, "county")?, frame::words(batches, "township")?);
    let (batch, seats) = (frame::wholes(batches, "batch")?, frame::wholes(batches, "seats")?);
    let stated = frame::wholes(batches, "used")?;
    for row in 0..batches.height() {
        let number = batch[row].unwrap_or(0);
        let found = used.remove(&(county[row], township[row], number)).unwrap_or(0);
        if stated[row].is_some_and(|stated| stated != found) {
            differences.push(format!("training_batches: batch {number} of {} holds {found}", county[row]));
        }
        if seats[row].is_none_or(|s| found > s) {
            differences.push(format!("training_batches: batch {number} of {} is overfull", county[row]));
        }
    }
    differences
        .extend(used.into_keys().map(|key| format!("training_batches: no batch {} of {}{}", key.2, key.0, key.1)));
    Ok(differences)
}
