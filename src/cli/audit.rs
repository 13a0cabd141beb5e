//! `touyan audit`: what a look through the records finds.

use std::fs;

use serde_json::json;

use super::args::{AuditArgs, FormatArg};
use super::session::Session;
use super::{CliError, DONE, table};
use crate::audit::{self, Finding};
use crate::lang::Lang;
use crate::run::{Stage, pipeline};
use crate::stage::Context;
use crate::{frame, journal, report, say};

/// Done, and something was found.
const FOUND: u8 = 1;

const COLUMNS: &[&str] = &["severity", "rule", "township", "village_name", "whom", "date", "text", "basis"];

/// Runs the command.
pub fn run(args: &AuditArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, args.json)?
        .with(&Stage::ALL, args.audience.into())
        .with_decisions(&args.decisions)?;
    let outcome = pipeline(&session.book, &session.policy, &session.options, &session.meter)?;
    let file = journal::file(&args.book);
    let kept = journal::read(&file).map_err(CliError::io(&file))?;
    let ctx = Context { policy: &session.policy, as_of: outcome.as_of, seed: session.options.seed, lang };
    let failed = |e: crate::stage::StageError| CliError::Said(e.to_string());
    let findings = audit::audit(&session.book, &outcome, kept.as_ref(), &ctx).map_err(failed)?;
    let found = audit::table(&findings).map_err(failed)?;
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
        let sheet = report::one_sheet("audit", &found, &session.book.tables, &session.options.audience, &ctx);
        write("audit.xlsx", sheet.map_err(|e| CliError::Said(e.to_string()))?)?;
    }
    if args.json {
        println!("{:#}", document(&findings, outcome.as_of.to_string()));
    } else {
        println!("{}", say!(lang, "stage-as-of", day = outcome.as_of));
        if kept.is_none() {
            println!("{}", lang.text("audit-no-journal"));
        }
        if findings.is_empty() {
            println!("{}", lang.text("audit-clean"));
        } else {
            println!("{}", counts(&findings, lang));
            // In other tables `person` is the secretary; here it is whoever the finding is about.
            let mut shown = found.clone();
            shown.rename("person", "whom".into()).map_err(|e| CliError::Said(e.to_string()))?;
            println!("{}", table::draw(&shown, COLUMNS, args.rows, &session.policy, lang));
            if findings.len() > args.rows {
                println!("{}", say!(lang, "stage-more", rest = findings.len() - args.rows));
            }
        }
        if let Some(out) = &args.out {
            println!("{}", say!(lang, "stage-written", path = out.display().to_string()));
        }
        println!("{}", lang.text("for-study"));
    }
    Ok(if findings.is_empty() { DONE } else { FOUND })
}

/// Findings by rule, the gravest first.
fn counts(findings: &[Finding], lang: Lang) -> String {
    let mut rules: Vec<(&str, usize)> = Vec::new();
    for finding in findings {
        match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, n)) => *n += 1,
            None => rules.push((finding.rule, 1)),
        }
    }
    let parts: Vec<String> = rules
        .iter()
        .map(|(rule, n)| format!("{} {n}", lang.text(&format!("code-rule-{}", rule.replace('_', "-")))))
        .collect();
    say!(lang, "audit-found", found = findings.len(), parts = parts.join(&lang.text("list-comma")))
}

fn document(findings: &[Finding], as_of: String) -> serde_json::Value {
    let some = |text: &String| if text.is_empty() { serde_json::Value::Null } else { text.clone().into() };
    let list: Vec<serde_json::Value> = findings
        .iter()
        .map(|f| {
            json!({
                "rule": f.rule,
                "severity": f.severity.code(),
                "county": some(&f.county),
                "township": some(&f.township),
                "village": some(&f.village),
                "village_name": some(&f.village_name),
                "person": some(&f.person),
                "date": f.date.map(|d| d.to_string()),
                "text": f.text,
                "basis": f.basis,
                "rec_id": some(&f.rec_id),
            })
        })
        .collect();
    json!({ "as_of": as_of, "found": findings.len(), "findings": list })
}
