//! `touyan match`: any edge list of vacancies, candidates and fits.

use std::path::Path;

use super::args::{FormatArg, MatchArgs};
use super::progress::Meter;
use super::session::threads;
use super::{CliError, DONE};
use crate::lang::Lang;
use crate::matching::{Inputs, MatchError};
use crate::run::edges::{MatchSource, Matched, match_edges, match_files, write_match};
use crate::run::step;
use crate::say;

/// Runs the command.
pub fn run(args: &MatchArgs, lang: Lang) -> Result<u8, CliError> {
    threads(args.threads, lang)?;
    let source = match &args.policy {
        Some(file) => MatchSource::load(file, args.seed)?,
        None => MatchSource::without_file(args.seed)?,
    };
    let inputs = Inputs {
        edges: args.edges.clone(),
        vacancies: args.vacancies.clone(),
        candidates: args.candidates.clone(),
        conflicts: args.conflicts.clone(),
        previous: args.previous.clone(),
    };
    let meter = Meter::new(lang, args.json);
    let matched = match_edges(&inputs, &source, lang, &meter)?;
    if let Some(out) = &args.out {
        let (files, log) = match_files(&matched, &inputs, &source, lang, args.format == FormatArg::Csv)?;
        // Under the names that measurements rely on: build_s, solve_s.
        let timings = meter.timings().into_iter().map(|(step, seconds)| (format!("{step}_s"), seconds)).collect();
        step(&meter, "write", || write_match(out, &files, &log, &timings))?;
    }
    if let Some(unmet) = matched.unmet {
        let proof = args.out.as_ref().map(|out| say!(lang, "match-unmet-proof", path = out.display().to_string()));
        return Err(
            MatchError::Unsolvable([Some(unmet), proof].into_iter().flatten().collect::<Vec<_>>().join("\n")).into()
        );
    }
    if args.json {
        let document = matched.overview.json(&matched, args.out.as_deref(), lang);
        println!("{:#}", document);
    } else {
        println!("{}", text(&matched, args.rows, args.out.as_deref(), lang));
    }
    Ok(DONE)
}

fn text(matched: &Matched, rows: usize, out: Option<&Path>, lang: Lang) -> String {
    let counts = &matched.counts;
    let mut lines = vec![say!(
        lang,
        "match-read",
        rows = counts.rows,
        read = counts.read,
        blank = counts.blank,
        unwilling = counts.unwilling,
        forbidden = counts.forbidden
    )];
    lines.extend(matched.overview.lines(lang));
    if rows > 0 {
        lines.extend(matched.overview.first_pairs(matched, rows, lang));
    }
    if let Some(out) = out {
        lines.push(say!(lang, "match-written", path = out.display().to_string()));
    }
    lines.join("\n")
}
