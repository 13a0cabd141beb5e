//! The door for codes: columns that should hold words of a closed list, keys or names of places.
//!
//! A shifted row puts a name, a number or a telephone under 村类别 or 学历, and every stage counts it
//! as if it were one more class. Here each *distinct* value of such a column is looked at once: what
//! names somebody is masked, and a word that no list knows stands as “outside the lists”.

use std::collections::{BTreeSet, HashMap};

use polars::prelude::*;
use rayon::prelude::*;

use super::cells::Outputs;
use super::columns::{column_names, distinct, is_place};
use super::names::Names;
use super::registry::{self, Class};
use super::vocabulary::Vocabulary;
use crate::book::Tables;
use crate::book::schema::{Kind, Table, Vocab};
use crate::frame::FrameResult;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::text_label;

/// Columns of identities that the program makes itself.
const MADE: [&str; 1] = ["rec_id"];

/// What items of the statistics form put before a code.
const BEFORE: [&str; 3] = ["source_", "education_", "reserves_for_"];

/// Words of the book that no list of the policy knows.
#[derive(Debug, Default)]
pub(super) struct Strange {
    words: BTreeSet<String>,
    /// Cells of the book that hold one.
    pub(super) cells: usize,
    /// What stands in their place.
    said: String,
}

impl Strange {
    /// The words under the columns of lists that their list does not know. Words of another list, of
    /// the schema and names of places are nobody's and stay.
    pub(super) fn find(tables: &Tables, policy: &Policy, words: &Vocabulary, lang: Lang) -> FrameResult<Strange> {
        let mut columns: Vec<(&Column, Vocab)> = Vec::new();
        for (table, frame) in tables.iter() {
            for column in table.columns {
                if let Kind::Word(vocab) = column.kind
                    && let Ok(found) = frame.column(column.name)
                {
                    columns.push((found, vocab));
                }
            }
        }
        let known = |vocab, word: &str| word.is_empty() || policy.words.knows(vocab, word) || words.has(word);
        let found: Vec<(Vec<String>, usize)> = columns
            .par_iter()
            .map(|(column, vocab)| {
                let mut cells = 0;
                let mut words = BTreeSet::new();
                let mut seen: HashMap<&str, bool> = HashMap::new();
                for word in column.str()?.iter().flatten() {
                    if *seen.entry(word).or_insert_with(|| !known(*vocab, word)) {
                        cells += 1;
                        words.insert(word.to_owned());
                    }
                }
                Ok((words.into_iter().collect(), cells))
            })
            .collect::<FrameResult<_>>()?;
        Ok(Strange {
            cells: found.iter().map(|(_, cells)| cells).sum(),
            words: found.into_iter().flat_map(|(words, _)| words).collect(),
            said: lang.text("privacy-unlisted-word"),
        })
    }

    /// The words, sorted.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

/// What becomes of codes for one reader.
pub(super) struct Door<'a> {
    pub names: &'a Names,
    pub vocabulary: &'a Vocabulary,
    /// `None` for a reader who sees the words of the book.
    pub strange: Option<&'a Strange>,
    pub policy: &'a Policy,
    pub lang: Lang,
}

impl Door<'_> {
    /// Passes the columns of codes and keys of output tables.
    pub(super) fn outputs(&self, tables: &mut Outputs) -> FrameResult<()> {
        let mut todo: Vec<(&'static str, String)> = Vec::new();
        for (name, table) in tables.iter() {
            let Some(form) = registry::form(name) else { continue };
            todo.extend(
                column_names(table).into_iter().filter(|c| form.class(c) == Some(Class::Open)).map(|c| (*name, c)),
            );
        }
        let changed: Vec<(&'static str, Column)> = todo
            .par_iter()
            .filter_map(|(name, column)| {
                let found = tables.get(name)?.column(column).ok()?;
                if !found.dtype().is_string() || MADE.contains(&column.as_str()) {
                    return None;
                }
                let other = distinct(found, |text| self.output(column, text)).transpose()?;
                Some(other.map(|other| (*name, other)))
            })
            .collect::<FrameResult<_>>()?;
        for (name, column) in changed {
            if let Some(table) = tables.get_mut(name) {
                table.with_column(column)?;
            }
        }
        Ok(())
    }

    /// Passes the columns of words, keys and places of a table of the book.
    pub(super) fn book(&self, table: &Table, frame: &mut DataFrame) -> FrameResult<()> {
        for column in table.columns {
            let word = matches!(column.kind, Kind::Word(_));
            if !(word || column.kind == Kind::Text && is_place(column.name)) {
                continue;
            }
            let Ok(found) = frame.column(column.name).cloned() else { continue };
            let passed = distinct(&found, |text| {
                let strange = self.strange.filter(|s| word && s.words.contains(text));
                strange.map_or_else(|| self.named(text), |strange| Some(strange.said.clone()))
            })?;
            if let Some(passed) = passed {
                frame.with_column(passed)?;
            }
        }
        Ok(())
    }

    /// Another text for a value of an output column, if it may not stand as it is.
    pub(super) fn output(&self, column: &str, text: &str) -> Option<String> {
        let Some(strange) = self.strange.filter(|s| !s.words.is_empty()) else { return self.named(text) };
        // A code that the program or the policy has a word for is theirs, whoever else wrote it.
        let outside =
            |word: &str| strange.words.contains(word) && text_label(self.lang, self.policy, column, word) == word;
        if outside(text) {
            return Some(strange.said.clone());
        }
        if let Some(start) =
            BEFORE.iter().find(|start| text.strip_prefix(**start).is_some_and(|w| strange.words.contains(w)))
        {
            return Some(format!("{start}{}", strange.said));
        }
        if text.contains([';', '/']) && text.split([';', '/']).any(outside) {
            let parts = text.split_inclusive([';', '/']).map(|part| {
                let word = part.trim_end_matches([';', '/']);
                if outside(word) { part.replacen(word, &strange.said, 1) } else { part.to_owned() }
            });
            let text: String = parts.collect();
            return Some(self.named(&text).unwrap_or(text));
        }
        if column == "label" && !self.vocabulary.of_policy(text) {
            // The wording of an item holds its code: the longest first, for one may hold another.
            let within = strange.words.iter().filter(|w| w.chars().count() > 1 && text.contains(w.as_str()));
            if let Some(word) = within.max_by_key(|w| w.len()) {
                return Some(text.replace(word.as_str(), &strange.said));
            }
        }
        self.named(text)
    }

    /// A text without names and numbers of people, if it has any. The policy's own words are nobody's
    /// name unless they are exactly one; keys of the program hold no names either.
    fn named(&self, text: &str) -> Option<String> {
        let key = text.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b';' | b'.'));
        if (key || self.vocabulary.of_policy(text)) && !self.names.is_name(text) {
            return None;
        }
        match self.names.mask(text) {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(masked) => Some(masked),
        }
    }
}
