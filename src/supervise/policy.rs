//! The policy's section `[supervise]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Words;

/// Section `[supervise]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisePolicy {}

impl SupervisePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self, _words: &Words) -> Result<(), (String, String)> {
        Ok(())
    }
}
