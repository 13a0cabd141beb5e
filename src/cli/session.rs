//! What most commands begin with: the policy, the book, the options.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CliError;
use super::args::RuleArgs;
use super::progress::Meter;
use crate::book::{self, Book};
use crate::decisions;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::run::{Audience, Options, Stage, reference_date, step};

/// Policy and book, read.
pub struct Session {
    /// Where the book lies.
    pub path: PathBuf,
    /// Folder of corrected copies.
    pub corrections: Option<PathBuf>,
    pub policy: Policy,
    pub book: Book,
    pub options: Options,
    pub meter: Meter,
}

impl Session {
    /// Reads policy and book. `quiet` draws no progress.
    pub fn open(path: &Path, rules: &RuleArgs, lang: Lang, quiet: bool) -> Result<Session, CliError> {
        threads(rules.threads, lang)?;
        let policy = Policy::load(rules.policy.as_deref())?;
        let meter = Meter::new(lang, quiet);
        let book = step(&meter, "read", || {
            book::open_at(book::At { path, corrections: rules.corrections.as_deref() }, &policy)
        })?;
        let options = Options { as_of: rules.as_of, seed: rules.seed, lang, ..Options::default() };
        Ok(Session { path: path.to_owned(), corrections: rules.corrections.clone(), policy, book, options, meter })
    }

    /// Where the book lies.
    pub fn at(&self) -> book::At<'_> {
        book::At { path: &self.path, corrections: self.corrections.as_deref() }
    }

    /// The same, for some stages and readers.
    pub fn with(mut self, stages: &[Stage], audience: Audience) -> Session {
        self.options.stages = stages.to_vec();
        self.options.audience = audience;
        self
    }

    /// The same with the sheets of decisions that came back.
    pub fn with_decisions(mut self, files: &[PathBuf]) -> Result<Session, CliError> {
        if files.is_empty() {
            return Ok(self);
        }
        let (as_of, _) = reference_date(&self.book, self.options.as_of)?;
        let lang = self.options.lang;
        let read = decisions::read(files, &self.book, &self.policy, as_of, lang);
        self.options.decisions = Arc::new(read.map_err(|e| CliError::Said(e.render(lang)))?);
        Ok(self)
    }
}

/// Limits the thread pool; results do not depend on it.
pub(super) fn threads(count: Option<usize>, lang: Lang) -> Result<(), CliError> {
    let Some(count) = count else { return Ok(()) };
    if count == 0 {
        return Err(CliError::Said(lang.text("error-threads")));
    }
    // A second call in one process keeps the first pool, which changes speed alone.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(count).build_global();
    Ok(())
}
