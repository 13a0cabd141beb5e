//! The policy's section `[motivate]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Words;

/// Section `[motivate]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MotivatePolicy {}

impl MotivatePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    pub(crate) fn check(&self, _words: &Words) -> Result<(), (String, String)> {
        Ok(())
    }
}
