//! Imputation: what stands in for a missing value. Each method is a small pure function in a file of
//! its own; the table at the end registers it. Every imputed cell is marked, and [`effects`] tells
//! what it does to its unit's rank.
//!
//! All methods read measured values only, never imputed ones. Those across units read the row's own
//! period, whatever the reference of other parameters: what stands in for a value is a statement
//! about that period. Those along the panel read the unit's own values; [`Linear`] and
//! [`LinearConstant`] also later ones, but none after the as-of period: rows after it are not in the
//! table. So an earlier period's index may change when a later one is added; with [`Latest`] it
//! does not. Where a method has nothing to go by (no measured unit in the group, say) the cell stays
//! missing. Only indicators of the index are neighbours or siblings: a protected column, which may
//! not be an indicator, is never looked at.
//!
//! Growth for n rows: means and medians n log n, panel methods n log n, [`Node`] n log n for each
//! sibling, [`Nearest`] gaps · n · indicators.

mod effects;
mod group;
mod mean;
mod median;
mod nearest;
mod node;
mod panel;
mod untouched;

pub use effects::{ImputedCell, effects};
pub use mean::Mean;
pub use median::Median;
pub use nearest::Nearest;
pub use node::{Node, Standing};
pub use panel::{Latest, Linear, LinearConstant};
pub use untouched::Untouched;

use super::method::family;

/// What an imputation method sees. Rows are units, or units × periods in a panel.
#[derive(Clone, Copy, Debug)]
pub struct Gaps<'a> {
    /// Values by indicator, then row, before any is imputed; NaN where missing. Rows are sorted by
    /// period, then by the unit's name.
    pub values: &'a [Vec<f64>],
    /// +1 where greater is better, −1 where smaller, by indicator.
    pub signs: &'a [f64],
    /// Indicators that hang on the same node, by indicator (itself among them).
    pub siblings: &'a [Vec<usize>],
    /// Unit by row.
    pub units: &'a [u32],
    /// Period by row; all 0 where there is but one.
    pub periods: &'a [i64],
    /// Text columns that may name groups: key, then value by row (`None`: in no group).
    pub texts: &'a indexmap::IndexMap<String, Vec<Option<String>>>,
}

impl Gaps<'_> {
    /// Rows.
    pub fn rows(&self) -> usize {
        self.units.len()
    }
}

/// An imputation method.
pub trait Fill {
    /// What is wrong with the parameters, given the text columns of the table.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self, _texts: &[&str]) -> Result<(), String> {
        Ok(())
    }

    /// What stands in for the missing values of one indicator: a value by row, read only where the
    /// indicator is missing, NaN where the method has nothing to say.
    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64>;
}

family! {
    /// What stands in for a missing value.
    Impute: Fill {
        /// Nothing.
        #[serde(rename = "none")]
        Untouched,
        /// Mean.
        Mean,
        /// Median.
        Median,
        /// As the unit stands in the other indicators of the node.
        Node,
        /// The unit's latest value.
        Latest,
        /// Between the unit's values before and after.
        Linear,
        /// Between the unit's values before and after, outside them the nearest.
        LinearConstant,
        /// Mean of the units most alike.
        Nearest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    /// Fills the first indicator. `siblings`: all hang on one node.
    fn fill(text: &str, values: &[&[f64]], signs: &[f64], units: &[u32], periods: &[i64]) -> Vec<Option<f64>> {
        let method: Impute = toml::from_str(text).expect("a method");
        let values: Vec<Vec<f64>> = values.iter().map(|v| v.to_vec()).collect();
        let groups = ["a", "a", "b", "b", "c", "c"].map(|g| Some(g.to_owned()).filter(|g| g != "c"));
        let gaps = Gaps {
            values: &values,
            signs,
            siblings: &vec![(0..values.len()).collect(); values.len()],
            units,
            periods,
            texts: &[("group".to_owned(), groups.to_vec())].into(),
        };
        method.get().fill(&gaps, 0).into_iter().map(|x| Some(x).filter(|x| !x.is_nan())).collect()
    }

    fn across(text: &str, values: &[&[f64]], signs: &[f64]) -> Vec<Option<f64>> {
        let rows = values[0].len();
        fill(text, values, signs, &(0..rows as u32).collect::<Vec<_>>(), &vec![0; rows])
    }

    #[test]
    fn every_method_of_the_table_is_a_word_of_the_policy() {
        for method in METHODS {
            let read: Impute = toml::from_str(&format!("type='{}'", method.name)).expect(method.name);
            assert_eq!(read.method().name, method.name);
            assert_eq!(read.get().check(&[]), Ok(()), "{}", method.name);
            assert!(!method.formula.is_empty() && !method.source.is_empty());
        }
        for (wrong, word) in [
            ("type='mean'\nwithin='x'", "within"),
            ("type='median'\nwithin='x'", "within"),
            ("type='nearest'\nk=0", "k"),
            ("type='nearest'\nmin_overlap=2", "min_overlap"),
        ] {
            let read: Impute = toml::from_str(wrong).expect(wrong);
            assert!(read.get().check(&["group"]).expect_err(wrong).contains(word));
        }
    }

    #[test]
    fn means_and_medians_of_all_and_of_groups() {
        let x = [1.0, NAN, 4.0, 6.0, 20.0, NAN];
        let filled = |text| across(text, &[&x], &[1.0]);
        assert_eq!(filled("type='mean'")[1], Some(7.75));
        assert_eq!(filled("type='median'")[1], Some(5.0));
        assert_eq!(filled("type='mean'\nwithin='group'"), [Some(1.0), Some(1.0), Some(5.0), Some(5.0), None, None]);
        assert_eq!(filled("type='median'\nwithin='group'")[1], Some(1.0));
        let odd = across("type='median'", &[&[3.0, NAN, 1.0, 9.0]], &[1.0]);
        assert_eq!(odd[1], Some(3.0));
        assert_eq!(across("type='mean'", &[&[NAN, NAN]], &[1.0]), [None, None]);
        assert_eq!(across("type='none'", &[&[NAN, 1.0]], &[1.0]), [None, None]);
        let panel =
            fill("type='mean'", &[&[1.0, NAN, NAN, NAN, 5.0, 7.0]], &[1.0], &[0, 1, 0, 1, 0, 1], &[1, 1, 2, 2, 3, 3]);
        assert_eq!(panel, [Some(1.0), Some(1.0), None, None, Some(6.0), Some(6.0)]);
    }

    #[test]
    fn panels_forward_between_and_at_the_ends() {
        // Unit 0 in 2018, 2019, 2020, 2022, 2024; unit 1 beside it in 2019.
        let (units, periods) = ([0, 0, 1, 0, 0, 0], [2018, 2019, 2019, 2020, 2022, 2024]);
        let filled = |text| fill(text, &[&[NAN, 10.0, NAN, NAN, 40.0, NAN]], &[1.0], &units, &periods);
        assert_eq!(filled("type='latest'"), [None, Some(10.0), None, Some(10.0), Some(40.0), Some(40.0)]);
        assert_eq!(filled("type='latest'\nat_most=1"), [None, Some(10.0), None, Some(10.0), Some(40.0), None]);
        let linear = filled("type='linear'");
        assert_eq!((linear[0], linear[2], linear[5]), (None, None, None));
        assert!(linear[3].is_some_and(|x| (x - 20.0).abs() < 1e-12));
        let ends = filled("type='linear_constant'");
        assert_eq!((ends[0], ends[2], ends[5]), (Some(10.0), None, Some(40.0)));
        assert!(ends[3].is_some_and(|x| (x - 20.0).abs() < 1e-12));
        assert_eq!(fill("type='linear'", &[&[NAN]], &[1.0], &[0], &[i64::MIN]), [None]);
    }

    #[test]
    fn standing_among_siblings() {
        // Second indicator: greater is better; third: smaller is better; the unit is second of five
        // in both, so it gets the second best of the four measured values by its standing 0.7.
        let x = [NAN, 10.0, 20.0, 30.0, 40.0];
        let y = [4.0, 1.0, 2.0, 3.0, 5.0];
        let z = [2.0, 5.0, 4.0, 3.0, 1.0];
        let filled = across("type='node'", &[&x, &y, &z], &[1.0, 1.0, -1.0]);
        // Hazen: position 0.7 · 4 − 1/2 = 2.3 from 0.
        assert!(filled[0].is_some_and(|v| (v - 33.0).abs() < 1e-9), "{filled:?}");
        let range = across("type='node'\nby='range'", &[&x, &y, &z], &[1.0, 1.0, -1.0]);
        assert!(range[0].is_some_and(|v| (v - 32.5).abs() < 1e-9), "{range:?}");
        // Smaller is better here: mirrored.
        let lower = across("type='node'", &[&x, &y, &z], &[-1.0, 1.0, -1.0]);
        assert!(lower[0].is_some_and(|v| (v - 17.0).abs() < 1e-9), "{lower:?}");
        // Nothing beside it, or nothing that differs: missing.
        assert_eq!(across("type='node'", &[&x], &[1.0])[0], None);
        assert_eq!(across("type='node'", &[&x, &[7.0; 5]], &[1.0, 1.0])[0], None);
        assert_eq!(across("type='node'", &[&[NAN; 5], &y], &[1.0, 1.0])[0], None);
    }

    #[test]
    fn neighbours_overlap_and_ties() {
        let x = [NAN, 10.0, 20.0, 60.0, 80.0];
        let y = [1.0, 1.0, 2.0, 3.0, NAN];
        let z = [5.0, 5.0, 5.0, 5.0, 5.0];
        let filled = |text: &str, z: &[f64]| across(text, &[&x, &y, z], &[1.0; 3])[0];
        assert_eq!(filled("type='nearest'\nk=1", &z), Some(10.0));
        assert_eq!(filled("type='nearest'\nk=2", &z), Some(15.0));
        // The last shares no indicator that differs; all three that do are not five.
        assert_eq!(filled("type='nearest'", &z), Some(30.0));
        // Ties go by name: rows 1 and 2 are as far.
        let tied = across("type='nearest'\nk=1", &[&x, &[1.5, 1.0, 2.0, 9.0, 9.0]], &[1.0; 2])[0];
        assert_eq!(tied, Some(10.0));
        // Half of the two indicators, one, is shared with the last, and it is the nearest.
        let near = [5.0, 9.0, 9.0, 9.0, 5.0];
        assert_eq!(filled("type='nearest'\nk=1", &near), Some(80.0));
        assert_eq!(filled("type='nearest'\nk=1\nmin_overlap=1", &near), Some(10.0));
        assert_eq!(across("type='nearest'", &[&x], &[1.0])[0], None);
    }
}
