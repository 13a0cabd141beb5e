//! The policy's section `[audit]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::book::schema::Vocab;
use crate::policy::Words;

/// Section `[audit]`: what `touyan audit` looks at. Effect periods are those of the event gates of
/// `[reserve.gates]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditPolicy {
    /// Posts whose appointments are looked at.
    pub posts: Vec<String>,
    /// Appointments of so many months before the reference date are looked at.
    pub appointed_months: u32,
    /// A joint review counts for so many months.
    pub review_months: u32,
    /// Days after the start of a term within which it should be filed.
    pub filing_days: u32,
    /// A decision within so many days after a change of rules that moved whom it is about is named.
    pub changed_days: u32,
    /// Relations that call for recusal.
    pub kin: Vec<String>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

impl AuditPolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    pub(crate) fn check(&self, words: &Words) -> Result<(), (String, String)> {
        for (key, list, vocab) in [("posts", &self.posts, Vocab::Post), ("kin", &self.kin, Vocab::Relation)] {
            if let Some(code) = list.iter().find(|code| !words.knows(vocab, code)) {
                return Err((format!("audit.{key}"), format!("`{code}` is no code of [words.{}]", vocab.key())));
            }
        }
        let months = [("appointed_months", self.appointed_months), ("review_months", self.review_months)];
        match months.iter().find(|(_, months)| *months == 0 || *months > 1_200) {
            Some((key, _)) => Err((format!("audit.{key}"), "months from 1 to 1200".into())),
            None => Ok(()),
        }
    }
}
