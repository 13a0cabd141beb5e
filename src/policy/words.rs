//! Closed lists of words: what the county writes, and the code it stands for.

use std::collections::HashMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::book::schema::Vocab;
use crate::lang::Lang;

/// One closed list: code → the county's words, the first of which is used in Chinese output.
/// The order of the codes is an order of rank where the list has one (education ascends; grades,
/// ratings and potential descend).
pub type WordList = IndexMap<String, Vec<String>>;

/// All closed lists, by vocabulary.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Sex; protected.
    pub sex: WordList,
    /// Education, ascending.
    pub education: WordList,
    /// Party status.
    pub political_status: WordList,
    /// Where a person comes from.
    pub source: WordList,
    /// Posts in a village.
    pub post: WordList,
    /// Kinds of dated event.
    pub event_kind: WordList,
    /// Grades of the yearly appraisal, best first.
    pub grade: WordList,
    /// Ratings of thinking and work, best first.
    pub rating: WordList,
    /// Potential, highest first.
    pub potential: WordList,
    /// Status in the reserve pool.
    pub pool_status: WordList,
    /// Classes of village.
    pub village_class: WordList,
    /// Kinship.
    pub relation: WordList,
    /// Training and practice.
    pub activity: WordList,
    /// Measures of escalated supervision: four mechanisms, three ones.
    pub measure: WordList,
    /// Who pays insurance contributions.
    pub payer: WordList,
}

impl Words {
    /// The list of one vocabulary.
    pub fn list(&self, vocab: Vocab) -> &WordList {
        match vocab {
            Vocab::Sex => &self.sex,
            Vocab::Education => &self.education,
            Vocab::PoliticalStatus => &self.political_status,
            Vocab::Source => &self.source,
            Vocab::Post => &self.post,
            Vocab::EventKind => &self.event_kind,
            Vocab::Grade => &self.grade,
            Vocab::Rating => &self.rating,
            Vocab::Potential => &self.potential,
            Vocab::PoolStatus => &self.pool_status,
            Vocab::VillageClass => &self.village_class,
            Vocab::Relation => &self.relation,
            Vocab::Activity => &self.activity,
            Vocab::Measure => &self.measure,
            Vocab::Payer => &self.payer,
        }
    }

    /// Is `code` a code of the list?
    pub fn knows(&self, vocab: Vocab, code: &str) -> bool {
        self.list(vocab).contains_key(code)
    }

    /// Place of the code in its list, 0 first; `None` for a code that the list does not hold.
    pub fn rank(&self, vocab: Vocab, code: &str) -> Option<usize> {
        self.list(vocab).get_index_of(code)
    }

    /// The Chinese word for a code; an unknown code stands for itself.
    pub fn zh<'a>(&'a self, vocab: Vocab, code: &'a str) -> &'a str {
        self.list(vocab).get(code).and_then(|words| words.first()).map_or(code, String::as_str)
    }

    /// The word for a code in a language: the county's own word in Chinese, the catalogue's in English.
    pub fn label(&self, lang: Lang, vocab: Vocab, code: &str) -> String {
        match lang {
            Lang::Zh => self.zh(vocab, code).to_owned(),
            Lang::En => {
                let id = format!("word-{}-{}", vocab.key().replace('_', "-"), code.replace('_', "-"));
                if lang.has(&id) { lang.text(&id) } else { code.replace('_', " ") }
            }
        }
    }

    /// A look-up table from word (and code) to code. The first list entry that holds a word wins.
    pub fn index(&self, vocab: Vocab) -> HashMap<&str, &str> {
        let mut index = HashMap::new();
        for (code, words) in self.list(vocab) {
            for word in words {
                index.entry(word.as_str()).or_insert(code.as_str());
            }
        }
        for code in self.list(vocab).keys() {
            index.entry(code.as_str()).or_insert(code.as_str());
        }
        index
    }
}
