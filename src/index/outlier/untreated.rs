use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Tame, Treatment};
use crate::index::method::{Method, Named};

/// Nothing is done: for an indicator that the policy's general treatment must leave alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Untreated {}

impl Named for Untreated {
    const METHOD: Method = Method { name: "none", formula: "x", source: "the value itself" };
}

impl Tame for Untreated {
    fn fit(&self, _: &[f64]) -> Treatment {
        Treatment::None
    }
}
