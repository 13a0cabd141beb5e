//! Errors of the command line: what, where, and how to mend it.

use std::path::{Path, PathBuf};

use crate::lang::Lang;
use crate::say;

/// Anything that ends a command with exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The policy is wrong.
    #[error("{0}")]
    Policy(#[from] crate::policy::PolicyError),
    /// The book cannot be read.
    #[error("{0}")]
    Book(#[from] crate::book::BookError),
    /// A run failed.
    #[error("{0}")]
    Run(#[from] crate::run::RunError),
    /// A table cannot be scored.
    #[error("{0}")]
    Score(#[from] crate::run::table::ScoreError),
    /// An edge list cannot be matched.
    #[error("{0}")]
    Match(#[from] crate::matching::MatchError),
    /// A scenario is wrong.
    #[error("{0}")]
    Scenario(#[from] crate::scenario::ScenarioError),
    /// A file or folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
    /// A message of the catalogue, already in the reader's language.
    #[error("{0}")]
    Said(String),
}

impl CliError {
    /// An input/output error with its place.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> CliError {
        let path = path.to_owned();
        move |error| CliError::Io { path, error }
    }

    /// The message in the reader's language.
    pub fn render(&self, lang: Lang) -> String {
        let text = match self {
            CliError::Book(error) => error.render(lang),
            CliError::Run(error) => error.render(lang),
            CliError::Policy(error) => error.render(lang),
            CliError::Score(error) => error.render(lang),
            CliError::Match(error) => error.render(lang),
            CliError::Scenario(error) => error.render(lang),
            CliError::Io { path, error } if crate::disk::refused(error) => {
                say!(lang, "error-file-in-use", path = path.display().to_string())
            }
            CliError::Io { path, error } => {
                say!(lang, "error-io", path = path.display().to_string(), error = error.to_string())
            }
            CliError::Said(text) => text.clone(),
        };
        say!(lang, "error", text = text)
    }
}
