//! Points of every village in every year that had ended: the history from which risk is learned.

use super::engine::Setting;
use super::result;
use super::treat::{self, Rows};
use super::units::Units;
use crate::book::Tables;
use crate::stage::events::year_ended;
use crate::stage::{Context, StageResult};

/// Points over villages × periods × indicators.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Keys of the villages, sorted by county, township, village.
    pub villages: Vec<String>,
    /// Years that had ended on the reference date, ascending; or the running year, where the book
    /// holds no other.
    pub periods: Vec<i64>,
    /// Keys of the policy's indicators, in the order of its tree.
    pub indicators: Vec<String>,
    /// Points 0 to 100, `None` where missing: villages, then periods, then indicators vary fastest
    /// last, see [`Panel::row`].
    pub points: Vec<Option<f64>>,
}

impl Panel {
    /// The points of one village and period, by indicator.
    pub fn row(&self, village: usize, period: usize) -> &[Option<f64>] {
        let width = self.indicators.len();
        let start = (village * self.periods.len() + period) * width;
        &self.points[start..start + width]
    }
}

/// Points of all villages for every year known on the reference date, each year compared within
/// itself; classes are those of today.
///
/// # Errors
/// A frame is not that of the schema.
pub fn panel(tables: &Tables, ctx: &Context) -> StageResult<Panel> {
    let policy = &ctx.policy.score;
    let setting = Setting::new(policy, result::tree(policy, ctx));
    let tree = &setting.tree;
    let units = Units::new(tables, &policy.class, ctx.as_of)?;
    let rows = Rows::new(tables, &units)?;
    let mut periods: Vec<i64> = rows.by_period.keys().copied().filter(|year| year_ended(*year, ctx.as_of)).collect();
    if periods.is_empty() {
        periods.extend(rows.reference(ctx.as_of));
    }
    let order: Vec<usize> = tree.reading_order().into_iter().filter_map(|at| tree.items[at].leaf).collect();
    let width = order.len();
    let mut points = vec![None; units.len() * periods.len() * width];
    for (at, &period) in periods.iter().enumerate() {
        let values = treat::treat(tables, policy, tree, &units, &rows, period, ctx.as_of)?;
        let found = setting.points(&units, &values);
        for (slot, &leaf) in order.iter().enumerate() {
            for (unit, value) in found[leaf].iter().enumerate() {
                points[(unit * periods.len() + at) * width + slot] = Some(*value).filter(|v| !v.is_nan());
            }
        }
    }
    Ok(Panel {
        villages: units.village.iter().map(|v| (*v).to_owned()).collect(),
        periods,
        indicators: order.into_iter().map(|leaf| tree.items[tree.leaves[leaf]].key.clone()).collect(),
        points,
    })
}
