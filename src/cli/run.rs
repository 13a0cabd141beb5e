//! `touyan run`: everything, from a book to a report.

use std::path::Path;

use serde_json::json;

use super::args::{FormatArg, RunArgs};
use super::session::Session;
use super::{CliError, DONE, table};
use crate::lang::Lang;
use crate::privacy::{Shown, narrow};
use crate::run::{Audience, Formats, Outcome, RunError, Stage, encode, manifest, pipeline, step, write};
use crate::say;
use crate::scenario::{Now, since, totals};
use crate::{decisions, frame, journal};

/// Runs the command.
pub fn run(args: &RunArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, args.json)?
        .with(&Stage::ALL, audience(&args.audience, args.county.as_deref()))
        .with_decisions(&args.decisions)?;
    let formats = Formats {
        csv: args.format == FormatArg::Csv,
        report: true,
        materials: args.materials,
        county: args.county.clone(),
    };
    let shown = compared(&session, &formats, args.previous.as_deref(), &args.out)?;
    if args.json {
        println!("{}", summary_json(&session, &shown, &args.out)?);
    } else {
        println!("{}", summary(&session, &shown, &args.out));
    }
    if let Some(unmet) = &shown.outcome().unmet {
        // A township's part does not have the proof, nor does a summary.
        let internal = *shown.audience() == Audience::Internal;
        let (proof, path) = (i64::from(internal), args.out.display().to_string());
        return Err(CliError::Said(say!(lang, "run-unmet", unmet = unmet, proof = proof, path = path)));
    }
    Ok(DONE)
}

/// A township of the county that was named, if one was.
fn audience(audience: &Audience, county: Option<&str>) -> Audience {
    match (audience, county) {
        (Audience::Township(name), Some(county)) if !name.contains('/') => {
            Audience::Township(format!("{county}/{name}"))
        }
        _ => audience.clone(),
    }
}

/// Runs the stages, narrows the result to its audience and writes the output folder.
pub fn finish(session: &Session, formats: &Formats, out: &Path) -> Result<Shown, CliError> {
    compared(session, formats, None, out)
}

/// The same, compared with an earlier output.
fn compared(session: &Session, formats: &Formats, previous: Option<&Path>, out: &Path) -> Result<Shown, CliError> {
    let Session { policy, book, options, meter, path, .. } = session;
    // A wrong name is told before the work, not after it.
    options.audience.find(book).map_err(RunError::from)?;
    if let Some(county) = &formats.county {
        let mut known = frame::words(book.tables.get("villages"), "county").unwrap_or_default();
        known.sort_unstable();
        known.dedup();
        if !known.contains(&county.as_str()) {
            let known = known.join(&options.lang.text("list-comma"));
            return Err(CliError::Said(say!(options.lang, "error-no-county", county = county, known = known)));
        }
    }
    let mut outcome = pipeline(book, policy, options, meter)?;
    if let Some(previous) = previous {
        since(&Now { book, at: session.at(), policy, options }, &mut outcome, previous, meter)?;
    }
    let shown = step(meter, "privacy", || narrow(book, &outcome, policy, options)).map_err(RunError::from)?;
    let files = encode(&shown, policy, options, formats, meter)?;
    let log = manifest(&shown, policy, options, formats, &files);
    step(meter, "write", || write(out, &files, &log, &meter.timings()))?;
    let run = journal::Run { book, policy, options, outcome: &outcome, log: &log };
    note(&journal::file(path), &run, options.lang);
    Ok(shown)
}

/// Adds the run to the journal beside the book. A journal that cannot be written, or does not hold,
/// is told and stops nothing: the output is there.
fn note(path: &Path, run: &journal::Run, lang: Lang) {
    let file = path.display().to_string();
    match journal::record(path, run) {
        Ok(recorded) => {
            if let Some(line) = recorded.mended {
                eprintln!("{}", say!(lang, "journal-mended", file = &file, line = line));
            }
            for fault in &recorded.faults {
                eprintln!("{}", say!(lang, "journal-broken", file = &file, fault = fault.say(lang)));
            }
            if recorded.changes > 0 {
                eprintln!("{}", say!(lang, "journal-policy", changes = recorded.changes, moved = recorded.moved));
            }
        }
        Err(error) => eprintln!("{}", say!(lang, "journal-unwritten", file = &file, error = error.kind().to_string())),
    }
}

/// The last lines: what was found, and where the report lies.
pub fn summary(session: &Session, shown: &Shown, out: &Path) -> String {
    let lang = session.options.lang;
    let (book, outcome) = (shown.book(), shown.outcome());
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
            villages = book.tables.get("villages").height(),
            people = book.tables.get("people").height(),
            flags = book.report.flags.len(),
            quarantined = book.report.quarantine.len()
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
            unfiled = rows("unfiled") - count("unfiled", "problem", "unrecorded"),
            unrecorded = count("unfiled", "problem", "unrecorded")
        ),
        say!(
            lang,
            "found-cultivate",
            due = ["partial", "lapsed", "lost_certificate"]
                .map(|s| count("training_status", "state", s))
                .iter()
                .sum::<usize>(),
            unknown = count("training_status", "state", "no_record"),
            batches = rows("training_batches"),
            planned = outcome
                .table("training_plan")
                .and_then(|t| t.column("batch").ok())
                .map_or(0, |c| c.len() - c.null_count()),
            placed = rows("placements"),
            open = rows("open_places")
        ),
        motivation(outcome, lang),
    ];
    lines.extend(outcome.table("changes_summary").map(|summary| changes(lang, &totals(summary))));
    lines.extend(decisions_lines(session, outcome));
    lines.extend(outcome.notes.iter().map(|note| format!("  {note}")));
    lines.push(say!(lang, "found-report", path = out.join("report.html").display().to_string()));
    lines.push(lang.text("for-study"));
    lines.join("\n")
}

/// People paid less than the formula, people without full cover, and the budget.
fn motivation(outcome: &Outcome, lang: Lang) -> String {
    let wholes = |table: &str, column: &str| {
        outcome.table(table).and_then(|t| crate::frame::wholes(t, column).ok()).unwrap_or_default()
    };
    // A county's own line has no township; a township's output has no such line, and its own stands in.
    let sum = |table: &str, column: &str| -> Option<i64> {
        let townships = outcome.table(table).and_then(|t| crate::frame::texts(t, "township").ok()).unwrap_or_default();
        let whole = townships.iter().any(Option::is_none);
        let rows = townships.into_iter().zip(wholes(table, column)).filter(|(t, _)| t.is_none() || !whole);
        let values: Option<Vec<i64>> = rows.map(|(_, value)| value).collect();
        values.filter(|v| !v.is_empty()).map(|v| v.into_iter().sum())
    };
    // Without any record nothing can be said, and that is no nought.
    let cover = |state: &str| outcome.table("cover_gaps").map_or(0, |t| table::count(t, "state", state));
    let gaps = (cover("gap") + cover("covered") > 0).then(|| cover("gap").to_string());
    let compared = ["equal", "underpaid", "overpaid"].iter().any(|c| sum("pay_summary", c) != Some(0));
    let known = |figure: Option<String>| figure.unwrap_or_else(|| "—".to_owned());
    let budget = sum("pay_budget", "total").map(|yuan| crate::kernel::round::show(yuan as f64 / 10_000.0, 1));
    say!(
        lang,
        "found-motivate",
        // Compared and yet not there: withheld, as a count that would give small ones away.
        underpaid = match sum("pay_summary", "underpaid") {
            Some(n) if compared => n.to_string(),
            None if compared && outcome.table("pay_summary").is_some_and(|t| t.height() > 0) => "＊".to_owned(),
            _ => known(None),
        },
        gaps = known(gaps),
        budget = known(budget),
        year = known(wholes("pay_budget", "year").first().copied().flatten().map(|y| y.to_string()))
    )
}

/// Lists of villages, posts and people that a terminal names when they changed.
const NAMED: [&str; 6] = ["supervision", "talks", "grades", "vacancies", "assignment", "ladder"];

/// One line on what changed since last time.
fn changes(lang: Lang, totals: &[(String, [i64; 3])]) -> String {
    let named = totals.iter().filter(|(list, counts)| NAMED.contains(&list.as_str()) && counts.iter().sum::<i64>() > 0);
    let parts: Vec<String> = named
        .map(|(list, [new, gone, moved])| {
            let list = lang.text(&format!("code-list-{}", list.replace('_', "-")));
            say!(lang, "changes-part", list = list, new = *new, gone = *gone, moved = *moved)
        })
        .collect();
    if parts.is_empty() {
        return lang.text("changes-nothing");
    }
    let sign = if lang == Lang::Zh { "；" } else { "; " };
    say!(lang, "changes-line", parts = parts.join(sign))
}

/// Rows of the sheets of decisions that a terminal names; all stand in `decision_findings`.
const REMARKS: usize = 8;

/// What came back, what became of it, and which rows somebody should look at.
fn decisions_lines(session: &Session, outcome: &Outcome) -> Vec<String> {
    let lang = session.options.lang;
    let Some(followed) = outcome.table(decisions::FOLLOW_UP) else { return Vec::new() };
    let state = |state: &str| table::count(followed, "state", state);
    let mut lines = vec![say!(
        lang,
        "found-decisions",
        adopted = state("done") + state("overdue") + state("under_way"),
        done = state("done"),
        overdue = state("overdue"),
        against = state("not_adopted"),
        deferred = state("deferred"),
        open = state("undecided")
    )];
    let sheets = outcome.table(decisions::SHEETS);
    let sum = |column: &str| -> i64 {
        sheets.and_then(|t| frame::wholes(t, column).ok()).into_iter().flatten().flatten().sum()
    };
    lines.push(say!(
        lang,
        "found-decision-rows",
        rows = sum("rows"),
        accepted = sum("accepted"),
        flagged = sum("flagged"),
        ignored = sum("ignored"),
        quarantined = sum("quarantined")
    ));
    if let Some(found) = outcome.table(decisions::FINDINGS) {
        let words = |column: &str| frame::words(found, column).unwrap_or_default();
        let rows = frame::wholes(found, "row").unwrap_or_default();
        let (file, sheet, doubt) = (words("file"), words("sheet"), words("doubt"));
        for (((file, sheet), row), doubt) in file.iter().zip(&sheet).zip(&rows).zip(&doubt).take(REMARKS) {
            let row = row.unwrap_or_default();
            lines.push(format!(
                "  {}",
                say!(lang, "found-decision-row", file = *file, sheet = *sheet, row = row, doubt = *doubt)
            ));
        }
        if found.height() > REMARKS {
            lines.push(format!("  {}", say!(lang, "stage-more", rest = found.height() - REMARKS)));
        }
    }
    lines
}

fn summary_json(session: &Session, shown: &Shown, out: &Path) -> Result<String, CliError> {
    let outcome = shown.outcome();
    let mut book = crate::book::report_json(shown.book(), &session.policy, Some(outcome.as_of));
    crate::privacy::thin(&mut book, shown.audience(), &session.policy);
    let tables: serde_json::Map<String, serde_json::Value> =
        outcome.tables.iter().map(|(name, table)| ((*name).to_owned(), json!({ "rows": table.height() }))).collect();
    let document = json!({
        "out": out.display().to_string(),
        "as_of": outcome.as_of.to_string(),
        "as_of_source": outcome.as_of_source,
        "book": book,
        "grades": table::counts(outcome.table("scores"), "grade"),
        "supervision": table::counts(outcome.table("supervision"), "status"),
        "vacancies": table::counts(outcome.table("vacancies"), "cause"),
        "open_posts": table::counts(outcome.table("open_posts"), "cause"),
        "ladder": table::counts(outcome.table("ladder"), "state"),
        "pay": table::counts(outcome.table("pay_formula"), "state"),
        "cover": table::counts(outcome.table("cover_gaps"), "state"),
        "changes": outcome.table("changes_summary").map(|summary| {
            let totals = totals(summary).into_iter();
            totals
                .map(|(list, [new, gone, moved])| (list, json!({ "new": new, "gone": gone, "moved": moved })))
                .collect::<serde_json::Map<_, _>>()
        }),
        "decisions": table::counts(outcome.table(decisions::FOLLOW_UP), "state"),
        "tables": tables,
        "notes": outcome.notes,
        "quotas_met": outcome.unmet.is_none(),
    });
    serde_json::to_string_pretty(&document).map_err(|e| CliError::Said(e.to_string()))
}
