//! What can end a run.

use std::path::{Path, PathBuf};

use super::Stage;
use crate::lang::Lang;
use crate::say;
use crate::stage::StageError;

/// A run that cannot be finished; nothing that looks finished is left behind.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The book holds no date and none was given.
    #[error("no reference date")]
    NoDate,
    /// A stage failed.
    #[error("stage {}: {error}", stage.name())]
    Stage { stage: Stage, error: StageError },
    /// Decisions could not be followed.
    #[error("decisions: {0}")]
    Decisions(StageError),
    /// A sheet of decisions cannot be read; the message is in the reader's language.
    #[error("{0}")]
    Sheet(String),
    /// The report could not be made.
    #[error("report: {0}")]
    Report(String),
    /// The township that the output is for is not in the book, or not clear.
    #[error("{0}")]
    Township(#[from] crate::privacy::NoTownship),
    /// There is no output in the folder that was named, or no such folder.
    #[error("{} has no run.json", .0.display())]
    NoOutput(PathBuf),
    /// The output folder holds something else.
    #[error("{} is not an output folder", .0.display())]
    NotAnOutput(PathBuf),
    /// A file of the older output folder (or the folder) is in use; the new one lies under another
    /// name.
    #[error("{} is in use; the new result is {}", path.display(), kept.display())]
    InUse { path: PathBuf, kept: PathBuf },
    /// The new output is in place; the older one could not be removed whole.
    #[error("{} cannot be removed: {error}", path.display())]
    Leftover { path: PathBuf, error: std::io::Error },
    /// A file or folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
    /// The meeting materials could not be made.
    #[error("{0}")]
    Materials(#[from] crate::materials::MaterialsError),
    /// `run.json` or another file of an output folder cannot be understood.
    #[error("{}: {message}", path.display())]
    Broken { path: PathBuf, message: String },
    /// The earlier run cannot be compared with this one.
    #[error("{0}")]
    Previous(#[from] crate::scenario::PreviousError),
}

impl From<crate::privacy::PrivacyError> for RunError {
    fn from(error: crate::privacy::PrivacyError) -> Self {
        match error {
            crate::privacy::PrivacyError::Township(error) => RunError::Township(error),
            other => RunError::Report(other.to_string()),
        }
    }
}

impl RunError {
    pub(crate) fn stage(stage: Stage) -> impl FnOnce(StageError) -> RunError {
        move |error| RunError::Stage { stage, error }
    }

    pub(super) fn decisions(error: StageError) -> RunError {
        RunError::Decisions(error)
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> RunError {
        let path = path.to_owned();
        move |error| RunError::Io { path, error }
    }

    /// The message in the reader's language: what, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            RunError::NoDate => lang.text("error-no-date"),
            RunError::Stage { stage, error } => say!(
                lang,
                "error-stage",
                stage = lang.text(&format!("stage-{}", stage.name())),
                error = error.to_string()
            ),
            RunError::Decisions(error) => say!(lang, "error-decisions", error = error.to_string()),
            RunError::Sheet(text) => text.clone(),
            RunError::Report(error) => say!(lang, "error-report", error = error),
            RunError::Township(error) => error.render(lang),
            RunError::Materials(error) => error.render(lang),
            RunError::NoOutput(path) => say!(lang, "error-no-output", path = path.display().to_string()),
            RunError::NotAnOutput(path) => say!(lang, "error-not-an-output", path = path.display().to_string()),
            RunError::InUse { path, kept } => {
                say!(lang, "error-in-use", path = path.display().to_string(), kept = kept.display().to_string())
            }
            RunError::Leftover { path, error } => {
                say!(lang, "error-leftover", path = path.display().to_string(), error = error.to_string())
            }
            RunError::Io { path, error } if crate::disk::refused(error) => {
                say!(lang, "error-file-in-use", path = path.display().to_string())
            }
            RunError::Io { path, error } => {
                say!(lang, "error-io", path = path.display().to_string(), error = error.to_string())
            }
            RunError::Broken { path, message } => {
                say!(lang, "error-broken", path = path.display().to_string(), error = message)
            }
            RunError::Previous(error) => error.render(lang),
        }
    }
}
