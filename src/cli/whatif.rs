//! `touyan whatif`: the base and its variants in one run.

use serde_json::json;

use super::args::{FormatArg, WhatIfArgs};
use super::session::Session;
use super::{CliError, DONE, table};
use crate::lang::Lang;
use crate::run::{Audience, Outcome, Stage, step, whatif_files, whatif_shown, write};
use crate::scenario::{Computed, WhatIf, from_sets, read, whatif};
use crate::{frame, say};

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
    let shown = whatif_shown(book, policy, &found, options)?;
    if args.json {
        println!("{}", json_of(&found, shown.outcome(), args)?);
    } else {
        println!("{}", text(&found, shown.outcome(), &session, args));
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
fn text(found: &WhatIf, shown: &Outcome, session: &Session, args: &WhatIfArgs) -> String {
    let lang = session.options.lang;
    let sign = if lang == Lang::Zh { "；" } else { "; " };
    let mut lines = vec![say!(lang, "whatif-found", day = found.base.as_of, variants = found.variants.len())];
    let (names, labels) = (words(shown, "variants", "variant"), words(shown, "variants", "label"));
    let whole = !matches!(session.options.audience, Audience::Township(_));
    for (at, one) in found.variants.iter().enumerate() {
        let stages: Vec<String> = one.stages.iter().map(|s| lang.text(&format!("stage-{}", s.name()))).collect();
        lines.push(String::new());
        lines.push(say!(
            lang,
            "whatif-variant-line",
            label = labels.get(at).copied().unwrap_or_default(),
            stages = if stages.is_empty() { lang.text("whatif-no-stage") } else { stages.join(sign) }
        ));
        let totals = totals(shown, names.get(at).copied());
        if totals.is_empty() {
            lines.push(format!("  {}", lang.text("whatif-nothing")));
            continue;
        }
        // A township sees its own rows; the county's figures are not its own.
        if whole {
            lines.push(format!("  {}", figures(found, one, lang).join(sign)));
        }
        for (list, [new, gone, moved]) in totals {
            let list = lang.text(&format!("code-list-{}", list.replace('_', "-")));
            lines.push(format!("  {}", say!(lang, "changes-part", list = list, new = new, gone = gone, moved = moved)));
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

fn words<'o>(shown: &'o Outcome, table: &str, column: &str) -> Vec<&'o str> {
    shown.table(table).and_then(|t| frame::words(t, column).ok()).unwrap_or_default()
}

/// Changes that the reader may see, by list in the order of the lists: new, gone, moved. `None`: of a
/// variant that the reader may not see.
fn totals(shown: &Outcome, variant: Option<&str>) -> Vec<(&'static str, [usize; 3])> {
    let (variants, lists) = (words(shown, "changes", "variant"), words(shown, "changes", "list"));
    let kinds = words(shown, "changes", "kind");
    let count = |list: &str, kind: &str| {
        (0..lists.len()).filter(|&i| Some(variants[i]) == variant && lists[i] == list && kinds[i] == kind).count()
    };
    let all = crate::scenario::lists().map(|list| (list, ["new", "gone", "moved"].map(|kind| count(list, kind))));
    all.filter(|(_, counts)| counts.iter().sum::<usize>() > 0).collect()
}

fn json_of(found: &WhatIf, shown: &Outcome, args: &WhatIfArgs) -> Result<String, CliError> {
    let rows = |name: &str| -> Result<serde_json::Value, CliError> {
        shown.table(name).map_or(Ok(json!([])), |t| table::rows(t).map_err(|e| CliError::Said(e.to_string())))
    };
    let changes: serde_json::Map<String, serde_json::Value> = words(shown, "variants", "variant")
        .into_iter()
        .map(|name| {
            let lists = totals(shown, Some(name)).into_iter();
            let counts = lists.map(|(list, [n, g, m])| (list.to_owned(), json!({ "new": n, "gone": g, "moved": m })));
            (name.to_owned(), counts.collect::<serde_json::Map<_, _>>().into())
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
