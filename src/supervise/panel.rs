//! The panel that risk is learned from: the score stage's points, by this stage's villages.

use crate::book::Tables;
use crate::score;
use crate::stage::{Context, StageResult};

use super::facts::Facts;
use super::risk::Panel;

/// Indicator points per village and year, as the score stage makes them. A year for which a village
/// has no figure at all is left out: nothing was measured, which is not the same as average.
pub(super) fn panel(tables: &Tables, facts: &Facts<'_>, ctx: &Context<'_>) -> StageResult<Panel> {
    let scored = score::panel(tables, ctx)?;
    let mut rows = vec![Vec::new(); facts.villages.len()];
    // Both lists are sorted by county, township, village; this one may hold more (villages that only
    // a ledger names) or fewer.
    let mut at = 0;
    for (unit, key) in scored.villages.iter().enumerate() {
        let Some(step) = facts.villages[at..].iter().position(|v| v.key == key) else { continue };
        at += step;
        for (p, period) in scored.periods.iter().enumerate() {
            let points = scored.row(unit, p);
            if points.iter().any(Option::is_some) {
                rows[at].push((*period, points.iter().map(|v| v.unwrap_or(f64::NAN)).collect()));
            }
        }
        at += 1;
    }
    Ok(Panel { keys: scored.indicators, rows })
}
