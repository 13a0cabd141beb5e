use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Weigh};
use crate::index::method::{Method, Named};

/// The policy's weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {}

impl Named for Given {
    const METHOD: Method = Method {
        name: "given",
        formula: "w / Σ w, w the `weight` of each child",
        source: "the policy: budget allocation, OECD/JRC Handbook (2008), section 6.1",
    };
}

impl Weigh for Given {
    fn reads(&self) -> bool {
        false
    }

    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        Ok(Found::proportional(siblings.declared))
    }
}
