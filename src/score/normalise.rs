//! Values to points: each village is judged by the indicator's rule, compared with its group.

use super::policy::Indicator;
use super::treat::Column;
use super::units::Units;
use crate::index::normalise::Cell;

/// Points 0 to 100 of one indicator by village, NaN where missing or not to be judged.
pub(super) fn points(indicator: &Indicator, column: &Column, units: &Units) -> Vec<f64> {
    let fitted: Vec<Vec<f64>> = if indicator.rule.compares() {
        let fit = |members: &Vec<u32>| indicator.rule.fit(&sorted(members, &column.value), indicator.direction);
        units.groups.iter().map(fit).collect()
    } else {
        Vec::new()
    };
    (0..units.len())
        .map(|unit| {
            let value = column.value[unit];
            if value.is_nan() {
                return f64::NAN;
            }
            let target = column.target.get(unit).copied().filter(|t| !t.is_nan());
            let fitted = fitted.get(units.group_of[unit] as usize).map_or(&[][..], Vec::as_slice);
            let cell = Cell { value, target, direction: indicator.direction, fitted };
            indicator.rule.points(&cell).unwrap_or(f64::NAN)
        })
        .collect()
}

/// The measured values of the members, ascending.
fn sorted(members: &[u32], values: &[f64]) -> Vec<f64> {
    let mut out: Vec<f64> = members.iter().map(|&u| values[u as usize]).filter(|v| !v.is_nan()).collect();
    out.sort_unstable_by(f64::total_cmp);
    out
}
