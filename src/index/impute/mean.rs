use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fill, Gaps, group};
use crate::index::method::{Method, Named};

/// Mean of the measured values of the same period, of all rows or within a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mean {
    /// Text column that names the group; all rows if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

impl Named for Mean {
    const METHOD: Method = Method {
        name: "mean",
        formula: "Σ x / n over the measured rows of the period, or of the group in the period",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 3.2 (unconditional mean)",
    };
}

impl Fill for Mean {
    fn check(&self, texts: &[&str]) -> Result<(), String> {
        group::check(self.within.as_ref(), texts)
    }

    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        group::figure(gaps, indicator, self.within.as_ref(), |values| values.iter().sum::<f64>() / values.len() as f64)
    }
}
