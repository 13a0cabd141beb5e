//! The command line: one file per command; the only place that prints.

mod args;
mod audit;
mod check;
mod demo;
mod error;
mod explain;
mod guide;
mod help;
mod init;
#[path = "match.rs"]
mod matching;
mod materials;
mod progress;
#[path = "return.rs"]
mod returns;
mod run;
mod score;
mod session;
mod stage;
mod synth;
mod table;
mod verify;
mod whatif;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;

pub use args::{Cli, Command};
pub use error::CliError;
pub use guide::{Desk, guide};
pub use help::reference;

use crate::desk::{Start, start};
use crate::lang::Lang;

/// Everything went well, and a script need not look closer.
const DONE: u8 = 0;
/// Usage, policy or data error.
const FAILED: u8 = 2;

/// Runs the command line, or the guided conversation where there is none, and returns the exit code: 0 done; 1 done, and `check` or `verify` found
/// something; 2 usage, policy or data error.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    hush_readers();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = args::language(&arguments);
    let is_command = |word: &str| help::command(lang).find_subcommand(word).is_some();
    let seen = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if let Start::Guided(paths) = start(&arguments, is_command, seen) {
        return ExitCode::from(guide::at_terminal(lang, paths));
    }
    let cli = match args::parse(&arguments, lang) {
        Ok(cli) => cli,
        Err(message) => return help::finish(&message, lang),
    };
    match dispatch(cli, lang) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{}", error.render(lang));
            ExitCode::from(FAILED)
        }
    }
}

/// A panic that a reader turns into "damaged file" is not printed as a failure of the program.
fn hush_readers() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Whoever reads our output has read enough (`| head`): that is no failure.
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|text| text.starts_with("failed printing to stdout") && text.contains("roken pipe")) {
            std::process::exit(0);
        }
        if !crate::book::read::in_guarded_reader() {
            print(panic);
        }
    }));
}

fn dispatch(cli: Cli, lang: Lang) -> Result<u8, CliError> {
    let asked = cli.lang.is_some();
    match cli.command {
        Command::Check(args) => check::run(&args, lang),
        Command::Run(args) => run::run(&args, lang),
        Command::Score(args) => score::run(&args, lang),
        Command::Match(args) => matching::run(&args, lang),
        Command::Supervise(args) => stage::run(crate::run::Stage::Supervise, &args, lang),
        Command::Reserve(args) => stage::run(crate::run::Stage::Reserve, &args, lang),
        Command::Structure(args) => stage::run(crate::run::Stage::Structure, &args, lang),
        Command::Cultivate(args) => stage::run(crate::run::Stage::Cultivate, &args, lang),
        Command::Motivate(args) => stage::run(crate::run::Stage::Motivate, &args, lang),
        Command::WhatIf(args) => whatif::run(&args, lang),
        Command::Explain(args) => explain::run(&args, lang),
        Command::Audit(args) => audit::run(&args, lang),
        Command::Verify(args) => verify::run(&args, lang),
        // Without `--lang` materials speak the language of the result, not that of the machine.
        Command::Materials(args) => materials::run(&args, lang, asked),
        Command::Synth(args) => synth::run(&args, lang),
        Command::Demo(args) => demo::run(&args, lang),
        Command::Init(args) => init::run(&args, lang),
        Command::Return(args) => returns::run(&args, lang),
    }
}
