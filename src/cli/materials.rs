//! `touyan materials`: meeting materials from a result folder.

use super::args::MaterialsArgs;
use super::progress::Meter;
use super::{CliError, DONE, session};
use crate::lang::Lang;
use crate::materials::{Input, Options, files, write};
use crate::run::{RunError, step};
use crate::say;

/// Runs the command. `asked`: the language was named on the command line.
pub fn run(args: &MaterialsArgs, lang: Lang, asked: bool) -> Result<u8, CliError> {
    session::threads(args.threads, lang)?;
    let meter = Meter::new(lang, false);
    let mut input = step(&meter, "read", || Input::read(&args.result))?;
    if asked {
        input.lang = lang;
    }
    let options = Options { county: args.county.clone(), all_people: args.all_people };
    let made = step(&meter, "materials", || files(&input, &options)).map_err(RunError::from)?;
    step(&meter, "write", || write(&args.result, &args.out, &input, &options, &made))?;
    println!("{}", say!(lang, "mat-written", n = made.len(), path = args.out.display().to_string()));
    if !input.audience.sees_names() {
        println!("{}", lang.text("mat-no-people"));
    }
    println!("{}", lang.text("for-study"));
    Ok(DONE)
}
