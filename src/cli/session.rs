//! What most commands begin with: the policy, the book, the options.

use std::path::Path;

use super::CliError;
use super::args::RuleArgs;
use super::progress::Meter;
use crate::book::{self, Book};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::run::{Audience, Options, Stage, step};

/// Policy and book, read.
pub struct Session {
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
        let book = step(&meter, "read", || book::open_corrected(path, rules.corrections.as_deref(), &policy))?;
        let options = Options { as_of: rules.as_of, seed: rules.seed, lang, ..Options::default() };
        Ok(Session { policy, book, options, meter })
    }

    /// The same, for some stages and readers.
    pub fn with(mut self, stages: &[Stage], audience: Audience) -> Session {
        self.options.stages = stages.to_vec();
        self.options.audience = audience;
        self
    }
}

/// Limits the thread pool; results do not depend on it.
fn threads(count: Option<usize>, lang: Lang) -> Result<(), CliError> {
    let Some(count) = count else { return Ok(()) };
    if count == 0 {
        return Err(CliError::Said(lang.text("error-threads")));
    }
    // A second call in one process keeps the first pool, which changes speed alone.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(count).build_global();
    Ok(())
}
