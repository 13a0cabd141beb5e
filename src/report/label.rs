//! Words for columns and codes, in the reader's language.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::book::schema::Vocab;
use crate::lang::Lang;
use crate::policy::Policy;

use super::view::codes;

/// Labels by column and code; a code that no list knows stands for itself.
pub(super) struct Labels<'a> {
    lang: Lang,
    policy: &'a Policy,
    /// What was looked up before; never iterated.
    seen: RefCell<HashMap<(&'static str, String), Rc<str>>>,
}

/// The vocabulary whose codes a column holds.
fn vocab(column: &str) -> Option<Vocab> {
    Some(match column {
        "grade" => Vocab::Grade,
        "post" => Vocab::Post,
        "class" => Vocab::VillageClass,
        "measure" => Vocab::Measure,
        "sex" => Vocab::Sex,
        "pool_source" => Vocab::Source,
        "veto" | "event_kind" => Vocab::EventKind,
        _ => return None,
    })
}

impl<'a> Labels<'a> {
    pub(super) fn new(lang: Lang, policy: &'a Policy) -> Self {
        Labels { lang, policy, seen: RefCell::default() }
    }

    /// Heading of a column.
    pub(super) fn column(&self, name: &str) -> String {
        let id = format!("col-{}", name.replace('_', "-"));
        if self.lang.has(&id) { self.lang.text(&id) } else { name.to_owned() }
    }

    /// The word for a code of a column.
    pub(super) fn code(&self, column: &'static str, code: &str) -> Rc<str> {
        if let Some(label) = self.seen.borrow().get(&(column, code.to_owned())) {
            return label.clone();
        }
        let label: Rc<str> = self.look_up(column, code).into();
        self.seen.borrow_mut().insert((column, code.to_owned()), label.clone());
        label
    }

    /// What stands in a text column: one code, codes joined by `;`, or plain text.
    pub(super) fn text(&self, column: &str, text: &str) -> String {
        let words: Vec<String> = text.split(';').map(|part| self.look_up(column, part)).collect();
        if words.iter().zip(text.split(';')).all(|(word, part)| word == part) {
            return text.to_owned();
        }
        words.join(self.comma())
    }

    fn look_up(&self, column: &str, code: &str) -> String {
        if code.is_empty() {
            return String::new();
        }
        if let Some(label) = super::label::policy_label(self.policy, self.lang, column, code) {
            return label;
        }
        let id = format!("code-{}-{}", column.replace('_', "-"), code.replace('_', "-"));
        if self.lang.has(&id) {
            return self.lang.text(&id);
        }
        match vocab(column) {
            Some(vocab) if self.policy.words.knows(vocab, code) => self.policy.words.label(self.lang, vocab, code),
            _ => code.to_owned(),
        }
    }

    /// The words for several codes joined by semicolons.
    pub(super) fn codes(&self, column: &'static str, text: &str) -> String {
        let words: Vec<Rc<str>> = codes(text).map(|code| self.code(column, code)).collect();
        words.join(self.comma())
    }

    /// Sign between the items of a list.
    pub(super) fn comma(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        }
    }

    /// Place of a code in the county's own order (grades from the best, classes, posts); codes
    /// that no list knows come last.
    pub(super) fn order(&self, column: &str, code: &str) -> usize {
        vocab(column).and_then(|v| self.policy.words.rank(v, code)).unwrap_or(usize::MAX)
    }
}

/// A label that the county's policy gives to one of its own codes.
fn policy_label(_policy: &Policy, _lang: Lang, _column: &str, _code: &str) -> Option<String> {
    None
}
