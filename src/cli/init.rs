//! `touyan init`: the commented default policy, to be changed.

use std::fs;
use std::io::ErrorKind;

use super::args::InitArgs;
use super::{CliError, DONE};
use crate::lang::Lang;
use crate::policy;
use crate::say;

/// Runs the command.
pub fn run(args: &InitArgs, lang: Lang) -> Result<u8, CliError> {
    fs::create_dir_all(&args.dir).map_err(CliError::io(&args.dir))?;
    let path = args.dir.join("policy.toml");
    let mut file = match fs::File::create_new(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(CliError::Said(say!(lang, "init-exists", path = path.display().to_string())));
        }
        Err(error) => return Err(CliError::io(&path)(error)),
    };
    std::io::Write::write_all(&mut file, policy::default_text().as_bytes()).map_err(CliError::io(&path))?;
    println!("{}", say!(lang, "init-done", path = path.display().to_string()));
    Ok(DONE)
}
