//! Why two runs cannot be compared, and what to do.

use std::path::PathBuf;

use crate::lang::Lang;
use crate::say;

/// The folder given with `--previous` cannot be compared with this run.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// It holds no `run.json`.
    #[error("{} is no output of touyan", .0.display())]
    NotAnOutput(PathBuf),
    /// A file is missing, changed or unreadable.
    #[error("{} is damaged: {}", .0.display(), .1)]
    Damaged(PathBuf, String),
    /// A file is not as the run left it.
    #[error("{} changed since the run", .0.display())]
    Changed(PathBuf),
    /// Another version wrote a log that this one does not understand.
    #[error("{} was written by version {}", .0.display(), .1)]
    Version(PathBuf, String),
    /// Its policy is none for this version.
    #[error("{}: the policy of version {}: {}", .0.display(), .1, .2)]
    Policy(PathBuf, String, String),
    /// It is the output of `whatif`.
    #[error("{} is the output of whatif", .0.display())]
    WhatIf(PathBuf),
    /// It shares no village with this run: county then, county now.
    #[error("{}: county {} then, {} now", .0.display(), .1, .2)]
    OtherCounty(PathBuf, String, String),
    /// Its person codes were made with another salt; where the salt belongs.
    #[error("{}: another salt", .0.display())]
    Salt(PathBuf, PathBuf),
    /// The same, and this book has no salt file: its codes follow its content; where the salt belongs.
    #[error("{}: no salt", .0.display())]
    NoSalt(PathBuf, PathBuf),
    /// It was made for one township alone.
    #[error("{}: made for {}", .0.display(), .1)]
    Township(PathBuf, String),
}

impl PreviousError {
    /// The message in the reader's language: what, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        let show = |path: &PathBuf| path.display().to_string();
        match self {
            PreviousError::NotAnOutput(path) => say!(lang, "previous-error-not-an-output", path = show(path)),
            PreviousError::Damaged(path, why) => say!(lang, "previous-error-damaged", path = show(path), why = why),
            PreviousError::Changed(path) => say!(lang, "previous-error-changed", path = show(path)),
            PreviousError::Version(path, version) => say!(
                lang,
                "previous-error-version",
                path = show(path),
                version = version,
                own = env!("CARGO_PKG_VERSION")
            ),
            PreviousError::Policy(path, version, why) => {
                say!(lang, "previous-error-policy", path = show(path), version = version, why = why)
            }
            PreviousError::WhatIf(path) => say!(lang, "previous-error-whatif", path = show(path)),
            PreviousError::OtherCounty(path, then, now) => {
                say!(lang, "previous-error-county", path = show(path), then = then, now = now)
            }
            PreviousError::Salt(path, file) => {
                say!(lang, "previous-error-salt", path = show(path), file = show(file))
            }
            PreviousError::NoSalt(path, file) => {
                say!(lang, "previous-error-no-salt", path = show(path), file = show(file))
            }
            PreviousError::Township(path, name) => {
                say!(lang, "previous-error-township", path = show(path), township = name)
            }
        }
    }
}

/// A scenario cannot be understood or applied.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, String),
    /// The file is no scenario file: line and what is wrong.
    #[error("{}:{}: {}", .0.display(), .1, .2)]
    Toml(PathBuf, usize, String),
    /// The file holds no variant.
    #[error("{} holds no scenario", .0.display())]
    Empty(PathBuf),
    /// A `--set` that is not KEY=VALUE.
    #[error("`--set {0}` is not KEY=VALUE")]
    Set(String),
    /// Two variants have one name.
    #[error("{}: two scenarios are called `{}`", .0.display(), .1)]
    Twice(PathBuf, String),
    /// Neither `--set` nor a file was given.
    #[error("no scenario was given")]
    Nothing,
    /// Nobody in the book is meant: variant, who. No nearest name is offered: it would be a name.
    #[error("scenario `{0}`: nobody is called `{1}`")]
    NoPerson(String, String),
    /// Several people are meant: variant, who, their codes.
    #[error("scenario `{0}`: several people are called `{1}`")]
    SeveralPeople(String, String, Vec<String>),
    /// No village of the book is meant: variant, which, nearest.
    #[error("scenario `{0}`: no village is called `{1}`")]
    NoVillage(String, String, Option<String>),
    /// A village merges twice, or into itself.
    #[error("scenario `{0}`: `{1}` merges twice or into itself")]
    MergesTwice(String, String),
    /// An override is wrong.
    #[error("{0}")]
    Policy(#[from] crate::policy::PolicyError),
    /// A table of the book is not as it should be.
    #[error("{0}")]
    Tables(#[from] crate::book::TablesError),
    /// A replay failed.
    #[error("{0}")]
    Run(#[from] crate::run::RunError),
}

impl From<crate::frame::FrameError> for ScenarioError {
    fn from(error: crate::frame::FrameError) -> Self {
        ScenarioError::Tables(error.into())
    }
}

impl From<polars::prelude::PolarsError> for ScenarioError {
    fn from(error: polars::prelude::PolarsError) -> Self {
        ScenarioError::Tables(error.into())
    }
}

impl ScenarioError {
    /// The message in the reader's language: what, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        let show = |path: &PathBuf| path.display().to_string();
        let nearest = |text: String, near: &Option<String>| match near {
            Some(near) => format!("{text}{}", say!(lang, "usage-nearest", word = near)),
            None => text,
        };
        match self {
            ScenarioError::Io(path, why) => say!(lang, "error-io", path = show(path), error = why),
            ScenarioError::Toml(path, line, why) => {
                say!(lang, "whatif-error-toml", path = show(path), line = *line, why = why)
            }
            ScenarioError::Empty(path) => say!(lang, "whatif-error-empty", path = show(path)),
            ScenarioError::Set(text) => say!(lang, "whatif-error-set", text = text),
            ScenarioError::Twice(path, name) => say!(lang, "whatif-error-twice", path = show(path), name = name),
            ScenarioError::Nothing => lang.text("whatif-error-nothing"),
            ScenarioError::NoPerson(name, who) => say!(lang, "whatif-error-person", name = name, who = who),
            ScenarioError::SeveralPeople(name, who, codes) => {
                say!(lang, "whatif-error-people", name = name, who = who, codes = codes.join(", "))
            }
            ScenarioError::NoVillage(name, village, near) => {
                nearest(say!(lang, "whatif-error-village", name = name, village = village), near)
            }
            ScenarioError::MergesTwice(name, village) => {
                say!(lang, "whatif-error-merge", name = name, village = village)
            }
            ScenarioError::Policy(error) => error.render(lang),
            ScenarioError::Tables(error) => error.to_string(),
            ScenarioError::Run(error) => error.render(lang),
        }
    }
}
