//! Which columns a policy wants, and where they stand.

use super::fault::TableFault;
use crate::book::value::{clean_text, fold};
use crate::index::policy::IndexPolicy;

/// A column of numbers that the policy cannot do without.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    /// Its name in the policy.
    pub column: &'a str,
    /// Further headers that it may have.
    pub aliases: &'a [String],
    /// The policy's key that asks for it.
    pub key: String,
    /// Is it an indicator's, rather than a denominator's or an adjustment's?
    pub indicator: bool,
    /// May it be absent? So with an indicator that has no weight.
    pub optional: bool,
    /// Does it hold categories, which are read as text?
    pub words: bool,
}

/// Columns of numbers, in the policy's order.
pub(super) fn wanted(policy: &IndexPolicy) -> Vec<Wanted<'_>> {
    let mut found = Vec::new();
    for (key, indicator) in &policy.indicators {
        let optional = indicator.weight <= 0.0;
        let path = format!("score.indicators.{key}");
        found.push(Wanted {
            column: indicator.column(key),
            aliases: &indicator.aliases,
            key: path.clone(),
            indicator: true,
            optional,
            words: indicator.rule.as_ref().or(policy.rule.as_ref()).is_some_and(|r| r.categories().is_some()),
        });
        if let Some(denominator) = &indicator.denominator {
            found.push(Wanted {
                column: &denominator.column,
                aliases: &[],
                key: format!("{path}.denominator"),
                indicator: false,
                optional,
                words: false,
            });
        }
    }
    for (key, adjustment) in &policy.adjustments {
        let column = adjustment.column(key);
        found.push(Wanted {
            column,
            aliases: &adjustment.aliases,
            key: format!("score.adjustments.{key}"),
            indicator: false,
            optional: false,
            words: false,
        });
    }
    for (key, veto) in &policy.vetoes {
        let (column, key) = (veto.column.as_str(), format!("score.vetoes.{key}.column"));
        found.push(Wanted { column, aliases: &[], key, indicator: false, optional: false, words: false });
    }
    found
}

/// The headers of a table.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    names: Vec<String>,
    folded: Vec<String>,
}

impl Headers {
    pub fn new<S: AsRef<str>>(names: impl Iterator<Item = S>) -> Headers {
        let names: Vec<String> = names.map(|n| clean_text(n.as_ref()).0.into_owned()).collect();
        let folded = names.iter().map(|n| fold(n)).collect();
        Headers { names, folded }
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn name(&self, at: usize) -> &str {
        &self.names[at]
    }

    /// Where a header stands: as written, or else without regard to case, width, spaces and
    /// brackets.
    pub fn look(&self, name: &str) -> Result<Option<usize>, TableFault> {
        let exact: Vec<usize> = (0..self.len()).filter(|&at| self.names[at] == name).collect();
        let found = if exact.is_empty() {
            let wanted = fold(name);
            (0..self.len()).filter(|&at| !wanted.is_empty() && self.folded[at] == wanted).collect()
        } else {
            exact
        };
        match found[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            [first, second, ..] => {
                Err(TableFault::HeaderTwice { column: name.to_owned(), first: first + 1, second: second + 1 })
            }
        }
    }

    /// The same, where the table cannot do without it.
    pub fn must(&self, name: &str, key: &str) -> Result<usize, TableFault> {
        self.look(name)?.ok_or_else(|| self.missing(name, key))
    }

    /// Where a column of numbers stands, under its name or an alias; none if it may be absent.
    pub(super) fn find(&self, wanted: &Wanted) -> Result<Option<usize>, TableFault> {
        for name in std::iter::once(wanted.column).chain(wanted.aliases.iter().map(String::as_str)) {
            if let Some(at) = self.look(name)? {
                return Ok(Some(at));
            }
        }
        if wanted.optional { Ok(None) } else { Err(self.missing(wanted.column, &wanted.key)) }
    }

    fn missing(&self, name: &str, key: &str) -> TableFault {
        let near = self.names.iter().filter(|n| !n.is_empty());
        let near = near.min_by_key(|n| (strsim::damerau_levenshtein(n, name), n.as_str()));
        TableFault::NoColumn { column: name.to_owned(), key: key.to_owned(), nearest: near.cloned() }
    }
}
