use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Weigh};
use crate::index::method::{Method, Named};

/// All children alike, whatever their declared weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Equal {}

impl Named for Equal {
    const METHOD: Method = Method {
        name: "equal",
        formula: "1 / n",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6.1 (equal weighting)",
    };
}

impl Weigh for Equal {
    fn reads(&self) -> bool {
        false
    }

    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        Ok(Found::proportional(&vec![1.0; siblings.declared.len()]))
    }
}
