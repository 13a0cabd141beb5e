use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fill, Gaps};
use crate::index::method::{Method, Named};

/// Nothing stands in: for an indicator that the policy's general imputation must leave alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Untouched {}

impl Named for Untouched {
    const METHOD: Method = Method { name: "none", formula: "missing stays missing", source: "the value itself" };
}

impl Fill for Untouched {
    fn fill(&self, gaps: &Gaps, _: usize) -> Vec<f64> {
        vec![f64::NAN; gaps.rows()]
    }
}
