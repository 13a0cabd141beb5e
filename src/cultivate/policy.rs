//! The policy's section `[cultivate]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Words;

/// Section `[cultivate]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CultivatePolicy {}

impl CultivatePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    pub(crate) fn check(&self, _words: &Words) -> Result<(), (String, String)> {
        Ok(())
    }
}
