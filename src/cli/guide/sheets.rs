//! Sheets that go out: marked copies for the townships, and templates to fill in.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Guide, Trouble};
use crate::cli::{CliError, init};
use crate::desk;
use crate::policy::Policy;
use crate::returns;
use crate::run::Folder;
use crate::say;

/// Copies for the townships, in a new folder beside the book: somebody may be at work on older ones.
pub(super) fn back(guide: &mut Guide) -> Result<(), Trouble> {
    let lang = guide.talk.lang;
    let Some(book) = guide.book.clone() else { return Ok(()) };
    let rules = guide.rules(&book)?;
    let policy = Policy::load(rules.policy.as_deref()).map_err(CliError::from)?;
    let done = returns::prepare(&book, rules.corrections.as_deref(), &policy, None, lang)
        .map_err(|e| CliError::Said(e.render(lang)))?;
    let out = unused(&desk::whole_path(&book).with_file_name(lang.text("desk-return-folder")));
    let folder = Folder::create(&out).map_err(CliError::from)?;
    for (name, bytes) in &done.files {
        folder.put(name, bytes).map_err(CliError::from)?;
    }
    folder.publish().map_err(CliError::from)?;
    let path = out.display().to_string();
    guide.talk.say(&say!(lang, "return-done", files = done.files.len().saturating_sub(1), path = path))?;
    guide.talk.say(&lang.text("return-next"))?;
    guide.talk.pause()?;
    Ok(())
}

/// The policy and the templates, in a new folder of the first place that can be written.
pub(super) fn templates(guide: &mut Guide) -> Result<(), Trouble> {
    let lang = guide.talk.lang;
    let beside = guide.book.as_deref().and_then(Path::parent).map(Path::to_owned);
    let mut told = Err(CliError::Said(lang.text("desk-no-place")));
    for place in beside.iter().chain(&guide.places) {
        told = init::write(&unused(&place.join(lang.text("desk-template-folder"))), lang);
        if told.is_ok() {
            break;
        }
    }
    for line in told? {
        guide.talk.say(&line)?;
    }
    guide.talk.pause()?;
    Ok(())
}

/// The path itself if nothing lies there, else the next free name.
fn unused(path: &Path) -> PathBuf {
    match fs::symlink_metadata(path) {
        Ok(_) => desk::free_name(path),
        Err(_) => path.to_owned(),
    }
}
