//! The policy's section `[score]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Words;

/// Section `[score]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorePolicy {}

impl ScorePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self, _words: &Words) -> Result<(), (String, String)> {
        Ok(())
    }
}
