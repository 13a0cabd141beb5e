//! `touyan verify`: does the output hold, and up to which level?

use super::args::VerifyArgs;
use super::progress::Meter;
use super::{CliError, DONE};
use crate::lang::Lang;
use crate::run::verify::{Evidence, Level, Verdict, verify};
use crate::say;

/// Done, but there is a difference.
const DIFFERS: u8 = 1;

/// How many differences of one check a terminal shows.
const SHOWN: usize = 10;

/// Runs the command.
pub fn run(args: &VerifyArgs, lang: Lang) -> Result<u8, CliError> {
    let meter = Meter::new(lang, args.json || args.book.is_none());
    let evidence = Evidence {
        book: args.book.as_deref(),
        previous: args.previous.as_deref(),
        decisions: &args.decisions,
        corrections: args.corrections.as_deref(),
    };
    let verdict = verify(&args.out, &evidence, lang, &meter)?;
    if args.json {
        let mut document = serde_json::to_value(&verdict).map_err(|e| CliError::Said(e.to_string()))?;
        document["holds"] = verdict.holds().into();
        println!("{document:#}");
    } else {
        println!("{}", text(&verdict, lang));
    }
    Ok(if verdict.holds() { DONE } else { DIFFERS })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Hashes => "level-hashes",
        Level::Certificates => "level-certificates",
        Level::Replay => "level-replay",
    }
}

fn text(verdict: &Verdict, lang: Lang) -> String {
    let mut lines = Vec::new();
    for check in &verdict.checks {
        // What could not be checked is no success.
        let unchecked = matches!(
            check.what,
            "verify-no-journal" | "verify-certificate-township" | "verify-certificate-quotas" | "verify-journal-mended"
        );
        let sign = match check.differences.is_empty() {
            true if unchecked => "–",
            true => "✓",
            false => "✗",
        };
        lines.push(format!("{sign} {}", say!(lang, check.what, checked = check.checked)));
        lines.extend(check.differences.iter().take(SHOWN).map(|d| format!("    {d}")));
        if check.differences.len() > SHOWN {
            lines.push(format!("    {}", say!(lang, "stage-more", rest = check.differences.len() - SHOWN)));
        }
    }
    lines.push(match verdict.reached {
        Some(reached) => say!(lang, "verify-reached", level = lang.text(level(reached))),
        None => lang.text("verify-nothing"),
    });
    if !verdict.holds() {
        lines.push(lang.text("verify-differs"));
    } else if verdict.tried < Level::Replay {
        lines.push(lang.text("verify-more"));
    }
    lines.join("\n")
}
