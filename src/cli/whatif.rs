//! `touyan whatif`: the base and its variants in one run.

use serde_json::json;

use super::args::{FormatArg, WhatIfArgs};
use super::session::Session;
use super::{CliError, DONE, table};
use crate::lang::Lang;
use crate::run::{Stage, step, whatif_files, write};
use crate::say;
use crate::scenario::{Computed, WhatIf, from_sets, read, whatif};

/// Runs the command.
pub fn run(args: &WhatIfArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, args.json)?.with(&Stage::ALL, args.audience.clone());
    let Session { policy, book, options, meter, .. } = &session;
    let mut asked = Vec::new();
    for file in &args.scenario {
        asked.extend(read(file)?);
    }
    if !args.set.is_empty() {
        asked.push(from_sets(&args.set, policy)?);
    }
    let found = whatif(book, session.at(), policy, options, &asked, meter)?;
    if let Some(out) = &args.out {
        let csv = args.format == FormatArg::Csv;
        let (files, log) = step(meter, "report", || whatif_files(book, policy, &found, options, csv))?;
        step(meter, "write", || write(out, &files, &log, &meter.timings()))?;
    }
    if args.json {
        println!("{}", json_of(&found, args)?);
    } else {
        println!("{}", text(&found, &session, args));
    }
    Ok(DONE)
}

/// Figures that a terminal shows for each variant.
fn figures(found: &WhatIf, one: &Computed, lang: Lang) -> Vec<String> {
    let count = |side: &crate::run::Outcome, name: &str| side.table(name).map_or(0, polars::prelude::DataFrame::height);
    let of = |name: &str, id: &str| {
        let (base, own) = (count(&found.base, name), count(&one.outcome, name));
        say!(lang, "whatif-figure-line", figure = lang.text(id), base = base, own = own)
    };
    let coded = |table_name: &str, column: &str, codes: &[&str], id: &str| {
        let sum = |side: &crate::run::Outcome| {
            let table = side.table(table_name);
            codes.iter().map(|code| table.map_or(0, |t| table::count(t, column, code))).sum::<usize>()
        };
        let (base, own) = (sum(&found.base), sum(&one.outcome));
        say!(lang, "whatif-figure-line", figure = lang.text(id), base = base, own = own)
    };
    vec![
        coded("supervision", "status", &["listed", "relapse", "leaving"], "code-list-supervision"),
        of("vacancies", "code-figure-vacancies"),
        of("assignment", "code-figure-filled"),
        of("open_posts", "code-list-open-posts"),
        coded("ladder", "state", &["broken"], "report-figure-broken"),
    ]
}

/// What a terminal says.
fn text(found: &WhatIf, session: &Session, args: &WhatIfArgs) -> String {
    let lang = session.options.lang;
    let sign = if lang == Lang::Zh { "；" } else { "; " };
    let mut lines = vec![say!(lang, "whatif-found", day = found.base.as_of, variants = found.variants.len())];
    for one in &found.variants {
        let stages: Vec<String> = one.stages.iter().map(|s| lang.text(&format!("stage-{}", s.name()))).collect();
        lines.push(String::new());
        lines.push(say!(
            lang,
            "whatif-variant-line",
            label = &one.variant.label,
            stages = if stages.is_empty() { lang.text("whatif-no-stage") } else { stages.join(sign) }
        ));
        if one.changes.rows.is_empty() {
            lines.push(format!("  {}", lang.text("whatif-nothing")));
            continue;
        }
        lines.push(format!("  {}", figures(found, one, lang).join(sign)));
        for (list, [new, gone, moved]) in one.totals() {
            if new + gone + moved > 0 {
                let list = lang.text(&format!("code-list-{}", list.replace('_', "-")));
                lines.push(format!(
                    "  {}",
                    say!(lang, "changes-part", list = list, new = new, gone = gone, moved = moved)
                ));
            }
        }
    }
    lines.push(String::new());
    if let Some(out) = &args.out {
        lines.push(say!(lang, "found-report", path = out.join("whatif.html").display().to_string()));
    } else {
        lines.push(lang.text("whatif-out-hint"));
    }
    lines.push(lang.text("for-study"));
    lines.join("\n")
}

fn json_of(found: &WhatIf, args: &WhatIfArgs) -> Result<String, CliError> {
    let tables = found.tables().map_err(|e| CliError::Said(e.to_string()))?;
    let rows = |name: &str| -> Result<serde_json::Value, CliError> {
        tables.get(name).map_or(Ok(json!([])), |t| table::rows(t).map_err(|e| CliError::Said(e.to_string())))
    };
    let changes: serde_json::Map<String, serde_json::Value> = found
        .variants
        .iter()
        .map(|v| {
            let lists = v.totals().into_iter();
            let counts = lists.map(|(list, [n, g, m])| (list, json!({ "new": n, "gone": g, "moved": m })));
            (v.variant.name.clone(), counts.collect::<serde_json::Map<_, _>>().into())
        })
        .collect();
    let document = json!({
        "as_of": found.base.as_of.to_string(),
        "out": args.out.as_ref().map(|o| o.display().to_string()),
        "variants": rows("variants")?,
        "figures": rows("figures")?,
        "summary": changes,
        "changes": rows("changes")?,
    });
    serde_json::to_string_pretty(&document).map_err(|e| CliError::Said(e.to_string()))
}
