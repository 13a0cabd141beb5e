//! `touyan score|supervise|reserve|structure`: one stage.

use super::args::{FormatArg, StageArgs};
use super::session::Session;
use super::{CliError, DONE, run, table};
use crate::lang::Lang;
use crate::privacy::narrow;
use crate::run::{Formats, RunError, Stage, pipeline};
use crate::say;

/// The tables of a stage that a terminal shows, with their columns.
const fn columns(stage: Stage) -> &'static [(&'static str, &'static [&'static str])] {
    match stage {
        Stage::Score => &[(
            "scores",
            &[
                "township",
                "village_name",
                "class",
                "score",
                "grade",
                "rank",
                "rank_low",
                "rank_high",
                "consequence",
                "consequence_reason",
            ],
        )],
        Stage::Supervise => &[
            (
                "supervision",
                &["township", "village_name", "status", "categories", "urgency", "reasons", "clears", "overdue"],
            ),
            ("talks", &["township", "villages", "listed", "problem_events", "reasons"]),
        ],
        Stage::Reserve => &[
            (
                "assignment",
                &[
                    "township",
                    "village_name",
                    "post",
                    "candidate",
                    "fit",
                    "own_village",
                    "next_best",
                    "next_best_loss",
                    "reasons",
                ],
            ),
            ("open_posts", &["township", "village_name", "post", "cause", "detail"]),
        ],
        Stage::Structure => &[
            (
                "structure",
                &["dimension", "key", "post", "group", "people", "share", "target_low", "target_high", "state"],
            ),
            ("statistics_form", &["label", "value", "unit", "note"]),
        ],
        Stage::Cultivate => &[
            ("training_batches", &["level", "batch", "course", "seats", "used", "days", "from", "until", "bound"]),
            (
                "training_status",
                &["township", "village_name", "person", "post", "trained_days", "last_training", "state", "reason"],
            ),
            (
                "training_plan",
                &["township", "village_name", "person", "post", "course", "batch", "from", "cause", "reason"],
            ),
            (
                "placements",
                &[
                    "township",
                    "village_name",
                    "person",
                    "post",
                    "host",
                    "activity",
                    "from",
                    "until",
                    "fit",
                    "next_best",
                ],
            ),
            ("open_places", &["host", "activity", "cause", "detail"]),
            (
                "contest",
                &[
                    "township",
                    "village_name",
                    "person",
                    "contest_score",
                    "rank",
                    "rank_in_class",
                    "points",
                    "state",
                    "reason",
                ],
            ),
        ],
        Stage::Motivate => &[
            (
                "pay_summary",
                &["township", "people", "equal", "underpaid", "overpaid", "no_record", "unknown", "shortfall"],
            ),
            (
                "pay_budget",
                &[
                    "township",
                    "year",
                    "people",
                    "base_pay",
                    "performance_pay",
                    "allowances",
                    "reward",
                    "total",
                    "total_low",
                    "total_high",
                ],
            ),
            ("honours", &["township", "rule", "state", "order", "village_name", "post", "score", "reasons_against"]),
            (
                "advancement",
                &["township", "village_name", "eligible", "eligible_on", "years_in_post", "education", "age", "missed"],
            ),
        ],
    }
}

/// Runs the command.
pub fn run(stage: Stage, args: &StageArgs, lang: Lang) -> Result<u8, CliError> {
    let session = Session::open(&args.book, &args.rules, lang, false)?.with(&[stage], args.audience.clone());
    let shown = match &args.out {
        Some(out) => {
            let formats = Formats { csv: args.format == FormatArg::Csv, ..Formats::default() };
            run::finish(&session, &formats, out)?
        }
        None => {
            let outcome = pipeline(&session.book, &session.policy, &session.options, &session.meter)?.met()?;
            narrow(&session.book, &outcome, &session.policy, &session.options).map_err(RunError::from)?
        }
    };
    let outcome = shown.outcome();
    println!("{}", say!(lang, "stage-as-of", day = outcome.as_of));
    for (name, columns) in columns(stage) {
        let Some(found) = outcome.table(name) else { continue };
        let total = found.height();
        println!(
            "\n{}",
            say!(lang, "stage-table", name = lang.text(&format!("table-{}", name.replace('_', "-"))), rows = total)
        );
        if total > 0 {
            println!("{}", table::draw(found, columns, args.rows, &session.policy, lang));
        }
        if total > args.rows {
            println!("{}", say!(lang, "stage-more", rest = total - args.rows));
        }
    }
    for note in &outcome.notes {
        println!("{note}");
    }
    if let Some(out) = &args.out {
        println!("{}", say!(lang, "stage-written", path = out.display().to_string()));
    }
    println!("{}", lang.text("for-study"));
    shown.outcome().clone().met()?;
    Ok(DONE)
}
