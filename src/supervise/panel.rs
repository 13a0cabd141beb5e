//! The panel that risk is learned from.

use crate::book::Tables;
use crate::book::schema::{self, Kind};
use crate::frame::{self, numbers};
use crate::stage::StageResult;

use super::facts::Facts;
use super::risk::Panel;

/// Indicators per village and period: the numeric columns of the table `indicators` that hold a
/// value anywhere.
pub(super) fn panel(tables: &Tables, facts: &Facts<'_>) -> StageResult<Panel> {
    let table = tables.get("indicators");
    let known = schema::table("indicators").map_or(&[][..], |t| t.columns);
    let mut keys = Vec::new();
    let mut columns = Vec::new();
    for name in table.get_column_names() {
        let column = known.iter().find(|c| c.name == name.as_str());
        let usable = column.is_none_or(|c| matches!(c.kind, Kind::Number(_)) && !c.protected);
        if usable && frame::has(table, name) {
            let values = numbers(table, name)?;
            if values.iter().any(Option::is_some) {
                keys.push(name.to_string());
                columns.push(values);
            }
        }
    }
    let rows = (0..facts.villages.len())
        .map(|v| {
            let mut rows: Vec<(i64, Vec<f64>)> = Vec::new();
            for figure in facts.figures.of(v).iter().rev() {
                // Of two rows for one period the first stands; the book's check has flagged them.
                let points = || columns.iter().map(|c| c[figure.row].unwrap_or(f64::NAN)).collect();
                match rows.last_mut() {
                    Some(last) if last.0 == figure.period => last.1 = points(),
                    _ => rows.push((figure.period, points())),
                }
            }
            rows
        })
        .collect();
    Ok(Panel { keys, rows })
}
