//! `touyan demo`: the embedded synthetic county through every stage.

use std::fs;
use std::path::Path;

use super::args::{DemoArgs, RuleArgs};
use super::session::Session;
use super::{CliError, DONE, run};
use crate::book;
use crate::lang::Lang;
use crate::run::{Formats, RunError, Stage};
use crate::say;
use crate::synth;

/// Writes the demo county's book as `folder`.
pub fn write_book(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder).map_err(CliError::io(folder))?;
    for (name, bytes) in synth::demo() {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(CliError::io(&path))?;
    }
    // The county is invented, so its codes need no secret: the demo gives everyone the same ones.
    let salt = book::salt_file(folder);
    fs::write(&salt, synth::DEMO_SALT).map_err(CliError::io(&salt))
}

/// Runs the command.
pub fn run(args: &DemoArgs, lang: Lang) -> Result<u8, CliError> {
    let folder = args.out.join("book");
    // Anything else that lies there, a county's own book above all, is left alone.
    let occupied = fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !book::salt_file(&folder).is_file() {
        return Err(RunError::NotAnOutput(args.out.clone()).into());
    }
    write_book(&folder)?;

    println!("{}", say!(lang, "demo-begin", path = folder.display().to_string()));
    let rules = RuleArgs { policy: None, as_of: None, seed: 1, threads: None, corrections: None };
    let session = Session::open(&folder, &rules, lang, false)?.with(&Stage::ALL, args.audience.clone());
    let out = args.out.join("out");
    let shown = run::finish(&session, &Formats { report: true, ..Formats::default() }, &out)?;
    println!("{}", run::summary(&session, &shown, &out));
    println!("{}", lang.text("demo-synthetic"));
    Ok(DONE)
}
