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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{self, Index, IndexFile};

    const NAN: f64 = f64::NAN;

    fn table(columns: &[(&str, &[f64])]) -> Table {
        let rows = columns[0].1.len();
        Table {
            names: (0..rows).map(|row| format!("{row:03}")).collect(),
            units: (0..rows as u32).collect(),
            periods: vec![0; rows],
            numbers: columns.iter().map(|(key, values)| ((*key).to_owned(), values.to_vec())).collect(),
            ..Table::default()
        }
    }

    fn build(text: &str, columns: &[(&str, &[f64])]) -> Index {
        let file: IndexFile = toml::from_str(text).expect("a policy");
        index::build(&file.score, &table(columns), None).expect("an index")
    }

    fn scores(index: &Index) -> Vec<Option<f64>> {
        index.score.iter().map(|x| Some(*x).filter(|x| !x.is_nan())).collect()
    }

    fn causes(index: &Index) -> Vec<Option<ScreenCause>> {
        index.screened.rows.iter().map(|r| r.map(|r| r.cause)).collect()
    }

    /// The one with too few values does not stretch the range of others, nor serve their imputation,
    /// nor get 0 points for what is missing.
    #[test]
    fn who_is_left_out_is_compared_with_nobody() {
        let columns: [(&str, &[f64]); 4] = [
            ("a", &[0.0, 10.0, 90.0, NAN]),
            ("b", &[1.0, 3.0, NAN, 2.0]),
            ("c", &[5.0, 5.0, NAN, 9.0]),
            ("d", &[0.0, 4.0, 9.0, 4.0]),
        ];
        let text = "[score]\nscreen={units=0.6}\nimpute={type='mean'}\n[score.indicators.a]\nmissing='zero'\n[score.indicators.b]\nmissing='zero'\n[score.indicators.c]\n[score.indicators.d]";
        let index = build(text, &columns);
        assert_eq!(causes(&index), [None, None, Some(ScreenCause::Indicators), None]);
        let reason = index.screened.rows[2].expect("a reason");
        assert!(reason.share == 0.5 && reason.least == 0.6);
        // a of the last one is imputed as the mean of 0 and 10.
        assert_eq!((index.imputed[0][3], index.marks[0][3], index.marks[1][2]), (5.0, true, false));
        assert_eq!(scores(&index), [Some(0.0), Some(75.0), None, Some(75.0)]);
        assert_eq!(index.rank, [Some(3), Some(1), None, Some(1)]);
        // Looked at after imputation everybody has everything.
        let index = build(&text.replace("units=0.6", "units=1, at='imputed'"), &columns);
        assert_eq!(causes(&index), [None; 4]);
    }

    #[test]
    fn indicators_are_judged_on_the_units_that_remain() {
        let columns: [(&str, &[f64]); 3] =
            [("a", &[0.0, 10.0, 5.0, NAN]), ("b", &[1.0, 0.0, 2.0, NAN]), ("c", &[NAN, NAN, 1.0, 7.0])];
        let text = "[score]\nscreen={units=0.6, indicators=0.5}\n[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]";
        let index = build(text, &columns);
        assert_eq!(causes(&index), [None, None, None, Some(ScreenCause::Indicators)]);
        let left: Vec<&str> = index.screened.indicators.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(left, ["c"]);
        assert_eq!((index.raw.len(), index.aggregated.shares.len()), (2, 3));
        assert_eq!(scores(&index), [Some(25.0), Some(50.0), Some(75.0), None]);
    }

    #[test]
    fn zeros_no_values_at_all_and_nobody_left() {
        let columns: [(&str, &[f64]); 2] = [("a", &[0.0, 0.0, 2.0, NAN]), ("b", &[0.0, 3.0, NAN, NAN])];
        let text = "[score]\nscreen={non_zero=0.5}\n[score.indicators.a]\n[score.indicators.b]";
        let index = build(text, &columns);
        let zero = Some(ScreenCause::NonZero);
        assert_eq!(causes(&index), [zero, None, None, zero]);
        let index =
            build(&text.replace("non_zero=0.5", "units=1, indicators=1"), &[("a", &[NAN; 2]), ("b", &[1.0; 2])]);
        assert_eq!(causes(&index), [Some(ScreenCause::Indicators); 2]);
        assert!(index.screened.indicators.is_empty() && scores(&index) == [None, None]);
        let index = build(&text.replace("non_zero=0.5", "indicators=0.5"), &[("a", &[NAN; 2]), ("b", &[NAN; 2])]);
        assert_eq!(index.screened.indicators.len(), 2);
        assert_eq!((scores(&index), causes(&index)), (vec![None; 2], vec![Some(ScreenCause::MeasuredWeight); 2]));
    }

    /// Imputed cells are no measured weight, and neither are those that count as 0 points.
    #[test]
    fn least_measured_weight() {
        let columns: [(&str, &[f64]); 2] = [("a", &[0.0, 10.0, NAN, NAN]), ("b", &[1.0, NAN, 3.0, NAN])];
        let text = "[score]\nmin_measured_weight=0.7\nimpute={type='mean'}\n[score.indicators.a]\nweight=7\n[score.indicators.b]\nweight=3\nmissing='zero'";
        let index = build(text, &columns);
        assert!(index.measured.iter().zip([1.0, 0.7, 0.3, 0.0]).all(|(a, b)| (a - b).abs() < 1e-12));
        let few = Some(ScreenCause::MeasuredWeight);
        assert_eq!(causes(&index), [None, None, few, few]);
        assert_eq!(index.rank, [Some(2), Some(1), None, None]);
        // Nothing measured is never rated.
        let index = build(&text.replace("0.7", "0.0"), &columns);
        assert_eq!(causes(&index), [None, None, None, few]);
    }
}
