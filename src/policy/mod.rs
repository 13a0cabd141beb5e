//! The county's rules as data. The embedded default is complete and commented; a county's own
//! file holds what differs and is laid over it, table by table and key by key (a list replaces
//! the list, and a table that changes its `type` the whole table). An unknown key is an error that names the nearest key and the line.

pub(crate) mod guard;
mod load;
mod plain;
mod reference;
mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use load::{PolicyError, default_text, schema_json};
pub(crate) use load::{key_line, whole};
pub(crate) use reference::keys;
pub use reference::reference;
pub use words::{WordList, Words};

use crate::audit::AuditPolicy;
use crate::cultivate::CultivatePolicy;
use crate::lang::Lang;
use crate::motivate::MotivatePolicy;
use crate::privacy::PrivacyPolicy;
use crate::reserve::ReservePolicy;
use crate::score::ScorePolicy;
use crate::structure::StructurePolicy;
use crate::supervise::SupervisePolicy;

/// Everything that decides an outcome.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub meta: Meta,
    pub book: BookPolicy,
    pub words: Words,
    pub score: ScorePolicy,
    pub supervise: SupervisePolicy,
    pub reserve: ReservePolicy,
    pub structure: StructurePolicy,
    pub cultivate: CultivatePolicy,
    pub motivate: MotivatePolicy,
    pub audit: AuditPolicy,
    pub privacy: PrivacyPolicy,
}

/// Where the policy comes from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Name shown on the report's first page.
    pub name: String,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
    /// Election day, `YYYY-MM-DD`: ages and effect periods count to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub election_day: Option<String>,
}

impl Meta {
    /// The policy's name: the embedded one's in the reader's language, a county's own as it is.
    pub fn title(&self, lang: Lang) -> String {
        let id = "policy-default-name";
        if self.name == Lang::Zh.text(id) { lang.text(id) } else { self.name.clone() }
    }
}

/// How sheets are read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookPolicy {
    /// Further headers: canonical column name → the county's own headers.
    #[serde(default)]
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Words that mark an empty post in a name column.
    pub vacant_words: Vec<String>,
    /// Words that stand for "none" or zero.
    pub none_words: Vec<String>,
    /// Words for yes.
    pub yes_words: Vec<String>,
    /// Words for no.
    pub no_words: Vec<String>,
    /// Beside a larger county, one with at most this many villages in the village sheets, and less
    /// than `stray_percent` of all, is taken for a mistyped village code: its rows are flagged.
    pub stray_villages: usize,
    /// Percent of the book's villages, see `stray_villages`.
    pub stray_percent: f64,
}
