use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fill, Gaps, group};
use crate::index::method::{Method, Named};

/// Median of the measured values of the same period, of all rows or within a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Median {
    /// Text column that names the group; all rows if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

impl Named for Median {
    const METHOD: Method = Method {
        name: "median",
        formula: "middle of the measured rows of the period, or of the group in the period; mean of the two middle ones",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 3.2 (unconditional median)",
    };
}

impl Fill for Median {
    fn check(&self, texts: &[&str]) -> Result<(), String> {
        group::check(self.within.as_ref(), texts)
    }

    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        group::figure(gaps, indicator, self.within.as_ref(), |values| {
            values.sort_unstable_by(f64::total_cmp);
            let middle = values.len() / 2;
            if values.len() % 2 == 1 { values[middle] } else { 0.5 * values[middle - 1] + 0.5 * values[middle] }
        })
    }
}
