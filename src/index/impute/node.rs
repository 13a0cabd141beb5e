use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fill, Gaps};
use crate::index::method::{Method, Named};

/// The value that fits how the unit stands, on average, in the other indicators of the same node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// How a unit's standing in an indicator is told.
    #[serde(default)]
    pub by: Standing,
}

/// How a unit's standing in an indicator is told, 0 to 1, 1 the best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its rank among the measured units of the period, (worse + equal / 2) / n; back to a value by
    /// the quantile that belongs to it.
    #[default]
    Rank,
    /// Its place between the worst and the best measured value of the period.
    Range,
}

impl Named for Node {
    const METHOD: Method = Method {
        name: "node",
        formula: "the value of standing p̄, the mean of the unit's standings p in the measured indicators beside it. `rank`: p = (worse + equal / 2) / n, the value is quantile p̄ (Hazen, type 5 of Hyndman & Fan 1996); `range`: p = (x − worst) / (best − worst), the value worst + p̄ (best − worst)",
        source: "`range`: COINr 1.1 (Becker et al. 2022), Impute by row within a group of indicators, normalised first; `rank` is the same with ranks, whose quantiles are inverse to them",
    };
}

impl Fill for Node {
    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        let mut out = vec![f64::NAN; gaps.rows()];
        let mut periods = BTreeMap::<i64, Vec<usize>>::new();
        for row in 0..gaps.rows() {
            periods.entry(gaps.periods[row]).or_default().push(row);
        }
        for rows in periods.values().filter(|rows| rows.iter().any(|&row| gaps.values[indicator][row].is_nan())) {
            let scale = |other: usize| Scale::new(gaps, other, rows, self.by);
            let Some(own) = scale(indicator) else { continue };
            let others = gaps.siblings[indicator].iter().filter(|&&other| other != indicator);
            let others: Vec<(usize, Scale)> = others.filter_map(|&other| Some((other, scale(other)?))).collect();
            for &row in rows.iter().filter(|&&row| gaps.values[indicator][row].is_nan()) {
                let (mut sum, mut count) = (0.0, 0.0);
                for (other, scale) in &others {
                    if let Some(standing) = scale.standing(gaps.values[*other][row]) {
                        sum += standing;
                        count += 1.0;
                    }
                }
                if count > 0.0 {
                    out[row] = own.value(sum / count);
                }
            }
        }
        out
    }
}

/// An indicator's measured values of a period.
struct Scale {
    /// Times the sign, ascending: the worst first; at least one.
    values: Vec<f64>,
    sign: f64,
    by: Standing,
}

impl Scale {
    fn new(gaps: &Gaps, indicator: usize, rows: &[usize], by: Standing) -> Option<Scale> {
        let sign = gaps.signs[indicator];
        let measured = rows.iter().map(|&row| gaps.values[indicator][row]).filter(|x| !x.is_nan());
        let mut values: Vec<f64> = measured.map(|x| sign * x).collect();
        values.sort_unstable_by(f64::total_cmp);
        (!values.is_empty()).then_some(Scale { values, sign, by })
    }

    fn ends(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }

    /// None for a missing value, and where all are equal, so that a standing says nothing.
    fn standing(&self, x: f64) -> Option<f64> {
        let (worst, best) = self.ends();
        if x.is_nan() || worst == best {
            return None;
        }
        let x = self.sign * x;
        match self.by {
            Standing::Range => Some((x - worst) / (best - worst)),
            Standing::Rank => {
                let worse = self.values.partition_point(|v| *v < x);
                let equal = self.values.partition_point(|v| *v <= x) - worse;
                Some((worse as f64 + 0.5 * equal as f64) / self.values.len() as f64)
            }
        }
    }

    fn value(&self, standing: f64) -> f64 {
        let (worst, best) = self.ends();
        let found = match self.by {
            Standing::Range => worst + standing * (best - worst),
            Standing::Rank => {
                // Order statistic k, from 1, has the standing (k − 1/2) / n.
                let at = (standing * self.values.len() as f64 - 0.5).clamp(0.0, (self.values.len() - 1) as f64);
                let (low, part) = (at as usize, at - (at as usize) as f64);
                let high = (low + 1).min(self.values.len() - 1);
                self.values[low] + part * (self.values[high] - self.values[low])
            }
        };
        self.sign * found
    }
}
