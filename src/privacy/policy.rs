//! The policy's section `[privacy]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Section `[privacy]`: when a count of people is too small to be shown in a summary.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivacyPolicy {
    /// Counts of people from 1 to one less than this are withheld from a summary; 0 or 1 shows all.
    pub min_cell: u32,
    /// What a reader can work out of a withheld count must leave a range at least this wide.
    pub protection: u32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

impl PrivacyPolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    pub(crate) fn check(&self) -> Result<(), (String, String)> {
        if self.min_cell > 1 && self.protection == 0 {
            return Err((
                "privacy.protection".into(),
                "0 would let a withheld count be worked out; write 1 or more, or set min_cell = 0".into(),
            ));
        }
        Ok(())
    }

    /// Are small counts withheld at all?
    pub fn suppresses(&self) -> bool {
        self.min_cell > 1
    }

    /// Is a count of people too small to be shown?
    pub fn is_small(&self, count: i64) -> bool {
        self.suppresses() && count > 0 && count < i64::from(self.min_cell)
    }
}
