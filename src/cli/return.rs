//! `touyan return`: copies for the townships, with doubtful cells red.

use std::fs;

use super::args::ReturnArgs;
use super::{CliError, DONE, table};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::returns;
use crate::run::Folder;
use crate::say;

/// How many townships a terminal shows.
const SHOWN: usize = 60;

/// Runs the command.
pub fn run(args: &ReturnArgs, lang: Lang) -> Result<u8, CliError> {
    // Copies that somebody may be working on are not written over, not even by newer ones.
    if fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(CliError::Said(say!(lang, "return-error-out", path = args.out.display().to_string())));
    }
    let policy = Policy::load(args.policy.as_deref())?;
    let done = returns::prepare(&args.book, args.corrections.as_deref(), &policy, args.township.as_deref(), lang)
        .map_err(|e| CliError::Said(e.render(lang)))?;
    let folder = Folder::create(&args.out)?;
    for (name, bytes) in &done.files {
        folder.put(name, bytes)?;
    }
    folder.publish()?;
    let columns = ["county", "township", "files", "rows", "open", "corrected"];
    // The county's own part has no township.
    let county = lang.text("return-folder-county");
    let summary = done.named(&county).map_err(|e| CliError::Said(e.to_string()))?;
    println!("{}", table::draw(&summary, &columns, SHOWN, &policy, lang));
    for file in &done.anew {
        println!("{}", say!(lang, "return-anew", file = file));
    }
    println!("{}", say!(lang, "return-done", files = done.files.len() - 1, path = args.out.display().to_string()));
    println!("{}", lang.text("return-next"));
    Ok(DONE)
}
