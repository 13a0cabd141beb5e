//! Screening: units and indicators with too few values are left out. They stay in every output, as
//! not rated, with the reason; but no other unit is compared with them.
//!
//! Units go first, judged on all indicators of the tree; then indicators, judged on the units that
//! remain, of all periods together. In a panel each unit and period is judged by itself. The shares
//! are those of COINr's `Screen` (Becker et al. 2022): of a unit's indicators, those that have a
//! value; of those, the values that differ from 0. A unit without any value has the share 0 of both.
//! Where no unit remains no indicator is judged.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::pipeline::{self, Matrix, Plan};
use super::policy::{IndexPolicy, ScreenAt};
use super::recipe::Recipe;
use super::table::Table;
use super::tree::Tree;

/// Room for rounding error where shares are compared with the policy's decimals.
const SLACK: f64 = 1e-9;

/// Why a unit is not rated, or an indicator is left out: `share` is below `least`, both 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreenReason {
    pub cause: ScreenCause,
    pub share: f64,
    pub least: f64,
}

/// Which share is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenCause {
    /// Of the indicators, those that the unit has a value of.
    Indicators,
    /// Of the unit's values, those that differ from 0.
    NonZero,
    /// Of the units that remain, those that have a value of the indicator.
    Units,
    /// Of the weight, what is measured of the unit: not imputed, and not beyond the points rule.
    MeasuredWeight,
}

/// What is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screened {
    /// By row: why the unit is not rated in that period. Empty where nothing was screened.
    pub rows: Vec<Option<ScreenReason>>,
    /// Indicators left out of the tree: key and reason, in the policy's order.
    pub indicators: Vec<(String, ScreenReason)>,
    /// Are rows left out before values are imputed, or after?
    pub at: ScreenAt,
}

impl Screened {
    /// Is the unit left out?
    pub fn leaves_out(&self, row: usize) -> bool {
        self.rows.get(row).is_some_and(Option::is_some)
    }

    /// Makes the rows that are left out missing.
    pub fn blank(&self, values: &mut Matrix) {
        for column in values {
            for (value, reason) in column.iter_mut().zip(&self.rows) {
                if reason.is_some() {
                    *value = f64::NAN;
                }
            }
        }
    }
}

/// Plan and recipe of a policy for a table, in force on a day, with what the policy's screening
/// leaves out.
pub fn prepare<'a>(policy: &'a IndexPolicy, table: &'a Table, day: NaiveDate) -> (Plan<'a>, Recipe) {
    let tree = |wanted: &dyn Fn(&str) -> bool| Tree::new(&policy.nodes, &policy.indicators, day, wanted);
    let mut plan = Plan::new(policy, table, tree(&|_| true));
    let mut recipe = Recipe::new(policy, &plan.tree);
    let screen = &policy.screen;
    if screen.units <= 0.0 && screen.indicators <= 0.0 && screen.non_zero <= 0.0 {
        return (plan, recipe);
    }
    let raw = pipeline::raw(&plan, &recipe);
    let denominated = super::denominate::denominate(&plan, &recipe, &raw, None).values;
    let values = match screen.at {
        ScreenAt::Denominated => denominated,
        ScreenAt::Imputed => pipeline::impute(&plan, &recipe, &denominated).0,
    };
    let screened = screen_values(&plan, &values);
    if !screened.indicators.is_empty() {
        let out = |key: &str| screened.indicators.iter().any(|(other, _)| other == key);
        plan = Plan::new(policy, table, tree(&|key| !out(key)));
        recipe = Recipe::new(policy, &plan.tree);
    }
    plan.screened = screened;
    (plan, recipe)
}

/// What the policy's shares leave out of these values (by leaf, then row).
fn screen_values(plan: &Plan, values: &Matrix) -> Screened {
    let screen = &plan.policy.screen;
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let reason =
        |cause, share: f64, least: f64| (share < least - SLACK).then_some(ScreenReason { cause, share, least });
    let unit = |row: usize| {
        let present = values.iter().filter(|column| !column[row].is_nan()).count();
        let non_zero = values.iter().filter(|column| !column[row].is_nan() && column[row] != 0.0).count();
        reason(ScreenCause::Indicators, share(present, values.len()), screen.units)
            .or_else(|| reason(ScreenCause::NonZero, share(non_zero, present), screen.non_zero))
    };
    let rows: Vec<Option<ScreenReason>> = (0..plan.table.rows()).map(unit).collect();
    let remain: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].is_none()).collect();
    let indicator = |column: &Vec<f64>| {
        let present = remain.iter().filter(|&&row| !column[row].is_nan()).count();
        let judged = Some(share(present, remain.len())).filter(|_| !remain.is_empty());
        judged.and_then(|share| reason(ScreenCause::Units, share, screen.indicators))
    };
    let key = |leaf: usize| plan.tree.items[plan.tree.leaves[leaf]].key.clone();
    let left = values.iter().enumerate().filter_map(|(leaf, column)| Some((key(leaf), indicator(column)?)));
    let mut indicators: Vec<(String, ScreenReason)> = left.collect();
    indicators.sort_by_key(|(key, _)| plan.policy.indicators.get_index_of(key));
    Screened { indicators, rows, at: screen.at }
}

/// Share of the weight that is measured, 0 to 1, by row: the nominal weights of the leaves whose
/// value was there before anything was imputed and has points. The weights are those when everything
/// is measured, `shares` by place in the tree.
pub fn measured(plan: &Plan, shares: &[f64], denominated: &Matrix, points: &Matrix) -> Vec<f64> {
    let weights = plan.tree.nominal(shares);
    let mut out = vec![0.0; plan.table.rows()];
    for ((weight, values), points) in weights.iter().zip(denominated).zip(points) {
        for (slot, (value, points)) in out.iter_mut().zip(values.iter().zip(points)) {
            if !value.is_nan() && !points.is_nan() {
                *slot += weight;
            }
        }
    }
    // All of the weight is 1, whatever the rounding of its parts.
    out.iter_mut().filter(|share| **share > 1.0 - SLACK).for_each(|share| *share = 1.0);
    out
}

/// All units that are not rated: those that the plan leaves out, those of which less than the policy's
/// share of the weight is measured, and those of which nothing is.
pub fn unrated(plan: &Plan, measured: &[f64]) -> Screened {
    let least = plan.policy.min_measured_weight;
    let few = |share: f64| {
        let few = share <= 0.0 || share < least - SLACK;
        few.then_some(ScreenReason { cause: ScreenCause::MeasuredWeight, share, least })
    };
    let reason = |(row, share): (usize, &f64)| plan.screened.rows.get(row).copied().flatten().or_else(|| few(*share));
    Screened { rows: measured.iter().enumerate().map(reason).collect(), ..plan.screened.clone() }
}
