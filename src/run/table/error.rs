//! What can be wrong when a table is scored.

use crate::book::read::ReadError;
use crate::index::IndexError;
use crate::index::read::TableError;
use crate::lang::Lang;
use crate::policy::PolicyError;
use crate::run::RunError;
use crate::say;

/// A table cannot be scored; nothing that looks finished is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The policy is wrong, by itself or for this table.
    #[error("{0}")]
    Policy(#[from] PolicyError),
    /// The file cannot be read.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// The table is not what the policy asks for.
    #[error("{0}")]
    Table(#[from] TableError),
    /// The table is not what the policy of `--against` asks for.
    #[error("{policy}: {error}")]
    Against { policy: String, error: TableError },
    /// The parameters given do not fit the table.
    #[error("{0}")]
    Replay(IndexError),
    /// A table of the output cannot be made.
    #[error("{0}")]
    Frame(String),
    /// The output folder cannot be read or written.
    #[error("{0}")]
    Run(#[from] RunError),
}

impl ScoreError {
    /// The message in the reader's language: what, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            ScoreError::Policy(error) => error.render(lang),
            ScoreError::Read(error) => error.say(lang),
            ScoreError::Table(error) => error.render(lang),
            ScoreError::Against { policy, error } => {
                say!(lang, "table-against-unfit", file = policy, message = error.render(lang))
            }
            ScoreError::Replay(error) => say!(lang, "table-replay-unfit", message = &error.message),
            ScoreError::Frame(error) => say!(lang, "error-report", error = error),
            ScoreError::Run(error) => error.render(lang),
        }
    }
}
