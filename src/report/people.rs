//! How a person is shown: by name to the county's own office, by code to everybody else.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use polars::prelude::DataFrame;

use super::Audience;
use super::view::Rows;
use crate::book::Tables;

/// Digits after the `R` of a surrogate code.
const CODE_DIGITS: usize = 12;

/// Names by surrogate code, and which of them the audience may read.
pub(crate) struct People {
    /// Empty for readers who get codes; looked up, never iterated.
    shown: HashMap<String, String>,
    /// Every name of the book, to keep them out of free text.
    names: BTreeSet<String>,
    internal: bool,
}

impl People {
    pub(crate) fn new(tables: &Tables, audience: &Audience) -> Self {
        People::of(Some(tables.get("people")), audience)
    }

    /// From any table with the columns `person` and `name`; without one nobody has a name.
    pub(crate) fn of(people: Option<&DataFrame>, audience: &Audience) -> Self {
        let rows = Rows::of(people);
        let (codes, names) = (rows.words("person"), rows.words("name"));
        let internal = audience.sees_names();
        let shown = if internal {
            let pairs = codes.iter().zip(&names).filter(|(code, name)| !code.is_empty() && !name.trim().is_empty());
            pairs.map(|(code, name)| ((*code).to_owned(), name.trim().to_owned())).collect()
        } else {
            HashMap::new()
        };
        let names = names.iter().map(|n| n.trim()).filter(|n| !n.is_empty()).map(str::to_owned).collect();
        People { shown, names, internal }
    }

    /// May names be read?
    pub(crate) fn internal(&self) -> bool {
        self.internal
    }

    /// A person in a cell: the name if it is known and may be read, else the code.
    pub(crate) fn show<'a>(&'a self, code: &'a str) -> &'a str {
        self.shown.get(code).map_or(code, String::as_str)
    }

    /// Is this text the name of somebody in the book?
    pub(crate) fn is_name(&self, text: &str) -> bool {
        self.names.contains(text.trim())
    }

    /// A text with the surrogate codes in it replaced by names, where names may be read.
    pub(crate) fn weave<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.shown.is_empty() || !text.contains('R') {
            return Cow::Borrowed(text);
        }
        let mut woven = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('R') {
            let end = at + 1 + CODE_DIGITS;
            let name = rest.get(at..end).and_then(|code| self.shown.get(code));
            match name {
                Some(name) => {
                    woven.push_str(&rest[..at]);
                    woven.push_str(name);
                    rest = &rest[end..];
                }
                None => {
                    woven.push_str(&rest[..=at]);
                    rest = &rest[at + 1..];
                }
            }
        }
        woven.push_str(rest);
        Cow::Owned(woven)
    }
}
