//! `touyan init`: the commented default policy, to be changed, and templates, to be filled in.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::args::InitArgs;
use super::{CliError, DONE};
use crate::lang::Lang;
use crate::policy::{self, Policy};
use crate::say;
use crate::templates;

/// Runs the command.
pub fn run(args: &InitArgs, lang: Lang) -> Result<u8, CliError> {
    for line in write(&args.dir, lang)? {
        println!("{line}");
    }
    Ok(DONE)
}

/// Writes policy and templates into `dir`, and gives the lines that say so. What is there already
/// stays as it is, and is told.
pub(super) fn write(dir: &Path, lang: Lang) -> Result<Vec<String>, CliError> {
    let folder = dir.join(lang.text("template-folder"));
    fs::create_dir_all(&folder).map_err(CliError::io(&folder))?;
    let policy = dir.join("policy.toml");
    let mut files = vec![(policy.clone(), policy::default_text().as_bytes().to_vec())];
    let made = templates::templates(&Policy::default(), lang).map_err(|e| CliError::Said(e.to_string()))?;
    files.extend(made.into_iter().map(|(name, bytes)| (folder.join(name), bytes)));
    let (mut written, mut there) = (0, Vec::new());
    for (path, bytes) in &files {
        match fs::File::create_new(path) {
            Ok(mut file) => {
                file.write_all(bytes).map_err(CliError::io(path))?;
                written += 1;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                there.push(say!(lang, "init-exists", path = path.display().to_string()));
            }
            Err(error) => return Err(CliError::io(path)(error)),
        }
    }
    if written == 0 {
        return Err(CliError::Said(say!(lang, "init-all-there", path = dir.display().to_string())));
    }
    there.push(say!(lang, "init-done", path = policy.display().to_string()));
    there.push(say!(lang, "init-templates", path = folder.display().to_string()));
    Ok(there)
}
