use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fill, Gaps};
use crate::index::method::{Method, Named};

/// Mean of the units that are most alike in the other indicators. Every gap is compared with every
/// unit that has the value: of order gaps · units · indicators, in each period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nearest {
    /// So many units; fewer where there are not so many.
    #[serde(default = "five")]
    pub k: usize,
    /// Least share of the other indicators that must be measured in both units, 0 to 1; at least one
    /// is needed.
    #[serde(default = "half")]
    pub min_overlap: f64,
}

fn five() -> usize {
    5
}

fn half() -> f64 {
    0.5
}

impl Named for Nearest {
    const METHOD: Method = Method {
        name: "nearest",
        formula: "mean of x over the k nearest units of the period that have x; distance √(Σ ((a − b) / s)² / m) over the m other indicators measured in both, s their standard deviation in the period; ties in the order of names",
        source: "Troyanskaya et al. (2001), Missing value estimation methods for DNA microarrays, Bioinformatics 17(6) (KNNimpute), unweighted; distances over shared coordinates as in Gower (1971)",
    };
}

impl Fill for Nearest {
    fn check(&self, _: &[&str]) -> Result<(), String> {
        if self.k == 0 {
            Err("`k` must be at least 1".into())
        } else if !(0.0..=1.0).contains(&self.min_overlap) {
            Err("`min_overlap` must lie between 0 and 1".into())
        } else {
            Ok(())
        }
    }

    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        let mut out = vec![f64::NAN; gaps.rows()];
        let mut periods = std::collections::BTreeMap::<i64, Vec<usize>>::new();
        for row in 0..gaps.rows() {
            periods.entry(gaps.periods[row]).or_default().push(row);
        }
        for rows in periods.values() {
            let measured = |&&row: &&usize| !gaps.values[indicator][row].is_nan();
            let donors: Vec<usize> = rows.iter().filter(measured).copied().collect();
            if donors.is_empty() || donors.len() == rows.len() {
                continue;
            }
            let space = Space::new(gaps, indicator, rows, self.min_overlap);
            let gaps_at: Vec<usize> = rows.iter().filter(|row| !measured(row)).copied().collect();
            let mean = |&row: &usize| self.mean(&space, &donors, &gaps.values[indicator], row);
            let means: Vec<f64> = gaps_at.par_iter().map(mean).collect();
            gaps_at.iter().zip(means).for_each(|(&row, mean)| out[row] = mean);
        }
        out
    }
}

impl Nearest {
    /// Mean over the donors nearest to a row; NaN where there is none. Donors are ascending.
    fn mean(&self, space: &Space, donors: &[usize], values: &[f64], row: usize) -> f64 {
        let distance = |&donor: &usize| Some((space.distance(row, donor)?, donor));
        let mut near: Vec<(f64, usize)> = donors.iter().filter_map(distance).collect();
        let k = self.k.min(near.len());
        if k == 0 {
            return f64::NAN;
        }
        // Rows of a period are in the order of names.
        let order = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if k < near.len() {
            near.select_nth_unstable_by(k - 1, order);
            near.truncate(k);
        }
        near.sort_unstable_by(order);
        near.iter().fold(0.0, |sum, (_, donor)| sum + values[*donor]) / k as f64
    }
}

/// The other indicators of a period, in standard deviations.
struct Space<'a> {
    /// Values and 1 / standard deviation; indicators that do not differ are not among them.
    axes: Vec<(&'a [f64], f64)>,
    /// Least number of shared indicators.
    least: f64,
}

impl<'a> Space<'a> {
    fn new(gaps: &Gaps<'a>, indicator: usize, rows: &[usize], min_overlap: f64) -> Space<'a> {
        let axis = |values: &'a [f64]| {
            let measured = || rows.iter().map(|&row| values[row]).filter(|x| !x.is_nan());
            let n = measured().count() as f64;
            let mean = measured().sum::<f64>() / n;
            let square = measured().fold(0.0, |sum, x| sum + (x - mean) * (x - mean)) / (n - 1.0);
            let scale = 1.0 / square.sqrt();
            (n > 1.0 && square > 0.0 && scale.is_finite() && scale > 0.0).then_some((values, scale))
        };
        let others = gaps.values.iter().enumerate().filter(|(other, _)| *other != indicator);
        let axes: Vec<_> = others.filter_map(|(_, values)| axis(values)).collect();
        // Room for rounding error of the share.
        let least = (min_overlap * axes.len() as f64 - 1e-9).max(1.0);
        Space { axes, least }
    }

    /// Mean squared distance, which orders as its root does; none where too little is shared.
    fn distance(&self, a: usize, b: usize) -> Option<f64> {
        let (mut sum, mut shared) = (0.0, 0.0);
        for (values, scale) in &self.axes {
            let d = (values[a] - values[b]) * scale;
            if !d.is_nan() {
                sum += d * d;
                shared += 1.0;
            }
        }
        (shared >= self.least).then(|| sum / shared)
    }
}
