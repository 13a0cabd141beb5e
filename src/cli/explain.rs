//! `touyan explain`: one village's or one person's file.

use super::args::{ExplainArgs, WhatArg};
use super::session::Session;
use super::{CliError, DONE};
use crate::book::Tables;
use crate::cultivate;
use crate::explain::{self, File, Found, Sources};
use crate::lang::Lang;
use crate::privacy;
use crate::run::{RunError, Stage, pipeline};
use crate::say;
use crate::score::{self, VillageGoal};
use crate::stage::{Context, StageResult};

/// Runs the command.
pub fn run(args: &ExplainArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, args.json)?.with(&Stage::ALL, args.audience.clone());
    let said = |e: crate::frame::FrameError| CliError::Run(RunError::Report(e.to_string()));
    let outcome = pipeline(&session.book, &session.policy, &session.options, &session.meter)?;
    let shown = privacy::narrow(&session.book, &outcome, &session.policy, &session.options).map_err(RunError::from)?;
    // A township finds its own; a summary names nobody, so whoever knows the name looks in the book.
    let book = if shown.township().is_some() { shown.book() } else { &session.book };
    let found = match args.what {
        WhatArg::Village => explain::village(book, &args.who),
        WhatArg::Person => explain::person(book, &args.who),
    };
    let key = match found.map_err(said)? {
        Found::One(key) => key,
        Found::Many(hits) => {
            let list: Vec<String> = hits.iter().map(|(key, place)| format!("  {key}  {place}")).collect();
            return Err(CliError::Said(say!(lang, "explain-namesakes", who = &args.who, list = list.join("\n"))));
        }
        Found::None(near) if near.is_empty() => {
            return Err(CliError::Said(say!(lang, "explain-nobody", who = &args.who)));
        }
        Found::None(near) => {
            let near = near.join(&lang.text("list-comma"));
            return Err(CliError::Said(say!(lang, "explain-nearest", who = &args.who, near = near)));
        }
    };
    let sources = Sources {
        book: shown.book(),
        policy: &session.policy,
        outcome: shown.outcome(),
        lang,
        audience: shown.audience(),
    };
    let mut file = match args.what {
        WhatArg::Village => sources.village(&key),
        WhatArg::Person => sources.person(&key),
    }
    .map_err(said)?;
    if args.what == WhatArg::Village && shown.outcome().table("scores").is_some() {
        let ctx = Context { policy: &session.policy, as_of: outcome.as_of, seed: session.options.seed, lang };
        if let Some(goal) = goal(&session.book.tables, &ctx, &key).map_err(RunError::stage(Stage::Score))? {
            file.set_goal(goal, &session.policy, lang);
        }
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&file).map_err(|e| CliError::Said(e.to_string()))?);
    } else {
        println!("{}\n{}\n", file.title, say!(lang, "stage-as-of", day = shown.outcome().as_of));
        print(&file, lang);
        println!("{}", lang.text("for-study"));
    }
    Ok(DONE)
}

/// The village's way to the next grade, from the same tables as the scores.
fn goal(tables: &Tables, ctx: &Context, village: &str) -> StageResult<Option<VillageGoal>> {
    let with_points = cultivate::with_points(tables, ctx)?;
    score::goal(with_points.as_ref().unwrap_or(tables), ctx, village)
}

fn print(file: &File, lang: Lang) {
    let (colon, comma) = (lang.text("list-colon"), lang.text("list-semicolon"));
    for section in &file.sections {
        println!("【{}】", section.heading);
        for row in &section.rows {
            let parts: Vec<String> = row.iter().map(|(label, text)| format!("{label}{colon}{text}")).collect();
            println!("  {}", parts.join(&comma));
        }
        println!();
    }
}
