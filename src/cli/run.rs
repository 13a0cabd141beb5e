//! `touyan run`: everything, from a book to a report.

use std::path::Path;

use serde_json::json;

use super::args::{FormatArg, RunArgs};
use super::session::Session;
use super::{CliError, DONE, table};
use crate::lang::Lang;
use crate::run::{Formats, Outcome, Stage, encode, manifest, pipeline, step, write};
use crate::say;

/// Runs the command.
pub fn run(args: &RunArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, args.json)?.with(&Stage::ALL, args.audience.into());
    let formats = Formats {
        csv: args.format == FormatArg::Csv,
        report: true,
        materials: args.materials,
        county: args.county.clone(),
    };
    let outcome = finish(&session, &formats, &args.out)?;
    if args.json {
        println!("{}", summary_json(&session, &outcome, &args.out)?);
    } else {
        println!("{}", summary(&session, &outcome, &args.out));
    }
    Ok(DONE)
}

/// Runs the stages and writes the output folder.
pub fn finish(session: &Session, formats: &Formats, out: &Path) -> Result<Outcome, CliError> {
    let Session { policy, book, options, meter } = session;
    let outcome = pipeline(book, policy, options, meter)?;
    let files = encode(book, policy, &outcome, options, formats, meter)?;
    let log = manifest(book, policy, &outcome, options, formats, &files);
    step(meter, "write", || write(out, &files, &log, &meter.timings()))?;
    Ok(outcome)
}

/// The last lines: what was found, and where the report lies.
pub fn summary(session: &Session, outcome: &Outcome, out: &Path) -> String {
    let lang = session.options.lang;
    let rows = |name: &str| outcome.table(name).map_or(0, polars::prelude::DataFrame::height);
    let count =
        |name: &str, column: &str, value: &str| outcome.table(name).map_or(0, |t| table::count(t, column, value));
    let not_rated = count("scores", "grade", "not_rated");
    let source = match outcome.as_of_source {
        crate::run::AsOfSource::Given => "as-of-given",
        crate::run::AsOfSource::Reported => "as-of-reported",
        crate::run::AsOfSource::Latest => "as-of-latest",
    };
    let mut lines = vec![
        say!(lang, "found-title", day = outcome.as_of, source = lang.text(source)),
        say!(
            lang,
            "found-book",
            villages = session.book.tables.get("villages").height(),
            people = session.book.tables.get("people").height(),
            flags = session.book.report.flags.len(),
            quarantined = session.book.report.quarantine.len()
        ),
        say!(
            lang,
            "found-score",
            rated = rows("scores") - not_rated,
            excellent = count("scores", "grade", "excellent"),
            incompetent = count("scores", "grade", "incompetent"),
            unrated = not_rated
        ),
        say!(
            lang,
            "found-supervise",
            // Villages that relapsed or are about to leave are on the list as well.
            listed = ["listed", "relapse", "leaving"].map(|s| count("supervision", "status", s)).iter().sum::<usize>(),
            suggested = count("supervision", "status", "suggested"),
            near = count("supervision", "status", "near_miss"),
            unclear = count("supervision", "status", "to_clarify")
        ),
        say!(
            lang,
            "found-reserve",
            vacancies = rows("vacancies"),
            matched = rows("assignment"),
            open = rows("open_posts")
        ),
        say!(
            lang,
            "found-structure",
            broken = count("ladder", "state", "broken"),
            thin = count("ladder", "state", "thin"),
            unfiled = rows("unfiled")
        ),
    ];
    lines.extend(outcome.notes.iter().map(|note| format!("  {note}")));
    lines.push(say!(lang, "found-report", path = out.join("report.html").display().to_string()));
    lines.push(lang.text("for-study"));
    lines.join("\n")
}

fn summary_json(session: &Session, outcome: &Outcome, out: &Path) -> Result<String, CliError> {
    let tables: serde_json::Map<String, serde_json::Value> =
        outcome.tables.iter().map(|(name, table)| ((*name).to_owned(), json!({ "rows": table.height() }))).collect();
    let document = json!({
        "out": out.display().to_string(),
        "as_of": outcome.as_of.to_string(),
        "as_of_source": outcome.as_of_source,
        "book": crate::book::report_json(&session.book, &session.policy, Some(outcome.as_of)),
        "grades": table::counts(outcome.table("scores"), "grade"),
        "supervision": table::counts(outcome.table("supervision"), "status"),
        "vacancies": table::counts(outcome.table("vacancies"), "cause"),
        "open_posts": table::counts(outcome.table("open_posts"), "cause"),
        "ladder": table::counts(outcome.table("ladder"), "state"),
        "tables": tables,
        "notes": outcome.notes,
    });
    serde_json::to_string_pretty(&document).map_err(|e| CliError::Said(e.to_string()))
}
