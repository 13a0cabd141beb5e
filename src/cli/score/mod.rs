//! `touyan score`: the score stage of a county book, or an index of any table of units.

mod findings;
mod form;

mod summary;

use std::path::Path;

use super::args::{AsOfArg, FormatArg, RuleArgs, ScoreArgs, StageArgs};
use super::progress::Meter;
use super::session::threads;
use super::{CliError, DONE, stage};
use crate::index::{Fitted, Overrides};
use crate::lang::Lang;
use crate::run::table::{Source, TableOptions, files, score, write};
use crate::run::{Stage, step};
use crate::say;
use form::{Form, form};

/// Runs the command.
pub fn run(args: &ScoreArgs, lang: Lang) -> Result<u8, CliError> {
    match form(args, lang)? {
        Form::Book => {
            let done = stage::run(Stage::Score, &of_book(args, lang)?, lang);
            // Without a policy a single file is read as a county's: whoever meant a table is told how.
            match done {
                Err(CliError::Book(error)) if args.policy.is_none() && args.book.is_file() => {
                    Err(CliError::Said(say!(lang, "score-no-book", error = error.render(lang))))
                }
                done => done,
            }
        }
        Form::Table(policy) => of_table(args, policy, lang),
    }
}

/// The arguments of the stage; what only a table knows is refused.
fn of_book(args: &ScoreArgs, lang: Lang) -> Result<StageArgs, CliError> {
    let as_of = match args.as_of {
        Some(AsOfArg::Period(_)) => return Err(CliError::Said(lang.text("score-book-as-of"))),
        Some(AsOfArg::Day(day)) => Some(day),
        None => None,
    };
    if args.json {
        return Err(CliError::Said(lang.text("score-book-json")));
    }
    Ok(StageArgs {
        book: args.book.clone(),
        rules: RuleArgs {
            policy: args.policy.clone(),
            as_of,
            seed: args.seed.unwrap_or(1),
            threads: args.threads,
            corrections: args.corrections.clone(),
        },
        out: args.out.clone(),
        audience: args.audience.clone(),
        format: args.format,
        rows: args.rows,
    })
}

fn of_table(args: &ScoreArgs, policy: &Path, lang: Lang) -> Result<u8, CliError> {
    threads(args.threads, lang)?;
    let as_of = match args.as_of {
        Some(AsOfArg::Day(_)) => return Err(CliError::Said(lang.text("score-table-as-of"))),
        Some(AsOfArg::Period(period)) => Some(period),
        None => None,
    };
    let overrides = Overrides {
        id: args.id.clone(),
        class: args.class.clone(),
        period: args.period.clone(),
        as_of,
        seed: args.seed,
    };
    let source = Source::load(policy, &overrides)?;
    let replay = args.replay.as_deref().map(fitted).transpose()?;
    let against = args.against.as_deref().map(|file| Source::load(file, &overrides)).transpose()?;
    let options = TableOptions { sheet: args.sheet.clone(), replay, against, lang };
    let meter = Meter::new(lang, args.json);
    let scored = score(&args.book, &source, &options, &meter)?;
    if let Some(out) = &args.out {
        let (files, log) = files(&scored, &source, &options, args.format == FormatArg::Csv)?;
        step(&meter, "write", || write(out, &files, &log, &meter.timings()))?;
    }
    let summary =
        summary::Summary::new(&scored, &source, lang, args.rows).map_err(|e| CliError::Said(e.to_string()))?;
    if args.json {
        println!("{:#}", summary.json(args.out.as_deref()));
    } else {
        println!("{}", summary.text(args.out.as_deref()));
    }
    Ok(DONE)
}

/// Parameters of an earlier result.
fn fitted(path: &Path) -> Result<Fitted, CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::io(path))?;
    let broken = |e: serde_json::Error| crate::run::RunError::Broken { path: path.to_owned(), message: e.to_string() };
    Ok(serde_json::from_str(&text).map_err(broken)?)
}
