//! `touyan audit`: what a look through the records finds.

use std::fs;

use serde_json::json;

use super::args::{AuditArgs, FormatArg};
use super::session::Session;
use super::{CliError, DONE, table};
use crate::audit;
use crate::lang::Lang;
use crate::run::{Outcome, RunError, Stage, pipeline};
use crate::stage::Context;
use crate::{frame, journal, privacy, report, say};
use polars::prelude::DataFrame;

/// Done, and something was found.
const FOUND: u8 = 1;

const COLUMNS: &[&str] = &["severity", "rule", "township", "village_name", "whom", "date", "text", "basis"];

/// Runs the command.
pub fn run(args: &AuditArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, args.json)?
        .with(&Stage::ALL, args.audience.clone())
        .with_decisions(&args.decisions)?;
    let outcome = pipeline(&session.book, &session.policy, &session.options, &session.meter)?;
    let file = journal::file(&args.book);
    let kept = journal::read(&file).map_err(CliError::io(&file))?;
    let ctx = Context { policy: &session.policy, as_of: outcome.as_of, seed: session.options.seed, lang };
    let failed = |e: crate::stage::StageError| CliError::Said(e.to_string());
    let findings = audit::audit(&session.book, &outcome, kept.as_ref(), &ctx).map_err(failed)?;
    let found = audit::table(&findings).map_err(failed)?;
    let alone = Outcome { tables: [("audit", found)].into(), notes: Vec::new(), ..outcome.clone() };
    let shown = privacy::narrow(&session.book, &alone, &session.policy, &session.options).map_err(RunError::from)?;
    let found = shown.outcome().table("audit").cloned().unwrap_or_default();
    if let Some(out) = &args.out {
        fs::create_dir_all(out).map_err(CliError::io(out))?;
        let write = |name: &str, bytes: Vec<u8>| {
            let path = out.join(name);
            fs::write(&path, bytes).map_err(CliError::io(&path))
        };
        let said = |e: frame::FrameError| CliError::Said(e.to_string());
        let mut parquet = Vec::new();
        frame::write_parquet(&found, &mut parquet).map_err(said)?;
        write("audit.parquet", parquet)?;
        if args.format == FormatArg::Csv {
            let mut csv = Vec::new();
            frame::write_csv(&found, &mut csv).map_err(said)?;
            write("audit.csv", csv)?;
        }
        let sheet = report::one_sheet("audit", &found, &shown.book().tables, shown.audience(), &ctx);
        let mut sheet = sheet.map_err(|e| CliError::Said(e.to_string()))?;
        crate::run::same_on_every_system(&mut sheet);
        write("audit.xlsx", sheet)?;
    }
    if args.json {
        println!("{:#}", document(&found, outcome.as_of.to_string())?);
    } else {
        println!("{}", say!(lang, "stage-as-of", day = outcome.as_of));
        if kept.is_none() {
            println!("{}", lang.text("audit-no-journal"));
        }
        if found.height() == 0 {
            println!("{}", lang.text("audit-clean"));
        } else {
            println!("{}", counts(&found, lang));
            // In other tables `person` is the secretary; here it is whoever the finding is about.
            let mut drawn = found.clone();
            drawn.rename("person", "whom".into()).map_err(|e| CliError::Said(e.to_string()))?;
            println!("{}", table::draw(&drawn, COLUMNS, args.rows, &session.policy, lang));
            if found.height() > args.rows {
                println!("{}", say!(lang, "stage-more", rest = found.height() - args.rows));
            }
        }
        if let Some(out) = &args.out {
            println!("{}", say!(lang, "stage-written", path = out.display().to_string()));
        }
        println!("{}", lang.text("for-study"));
    }
    Ok(if found.height() == 0 { DONE } else { FOUND })
}

/// Findings by rule, the gravest first.
fn counts(found: &DataFrame, lang: Lang) -> String {
    let mut rules: Vec<(&str, usize)> = Vec::new();
    for rule in frame::words(found, "rule").unwrap_or_default() {
        match rules.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, n)) => *n += 1,
            None => rules.push((rule, 1)),
        }
    }
    let parts: Vec<String> = rules
        .iter()
        .map(|(rule, n)| format!("{} {n}", lang.text(&format!("code-rule-{}", rule.replace('_', "-")))))
        .collect();
    say!(lang, "audit-found", found = found.height(), parts = parts.join(&lang.text("list-comma")))
}

fn document(found: &DataFrame, as_of: String) -> Result<serde_json::Value, CliError> {
    let rows = table::rows(found).map_err(|e| CliError::Said(e.to_string()))?;
    Ok(json!({ "as_of": as_of, "found": found.height(), "findings": rows }))
}
