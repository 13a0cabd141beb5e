//! What a change makes stale: which stages must run again, and which tables of the base still hold.

use std::collections::BTreeSet;

use super::side::Outputs;
use crate::book::Tables;
use crate::policy::Policy;
use crate::run::{Given, Outcome, Progress, RunError, Stage, stages};
use crate::stage::Context;

/// What a stage reads: sections of the policy and tables of the book. `None` means all of them.
struct Reads {
    stage: Stage,
    sections: Option<&'static [&'static str]>,
    tables: Option<&'static [&'static str]>,
    /// Does it take the scores?
    scores: bool,
}

/// The dependencies. A stage that is listed too generously runs once too often; one that is listed
/// too sparingly would hand on stale tables, which the test `reuse_equals_a_full_run` would find.
const READS: [Reads; 6] = [
    Reads {
        stage: Stage::Score,
        // The contest's rules and results may enter the scores as an indicator.
        sections: Some(&["words", "score", "cultivate"]),
        tables: Some(&["villages", "indicators", "events", "posts", "people", "appraisals", "targets", "activities"]),
        scores: false,
    },
    Reads { stage: Stage::Supervise, sections: Some(&["words", "supervise"]), tables: None, scores: true },
    Reads {
        stage: Stage::Reserve,
        sections: Some(&["words", "reserve", "election_day"]),
        tables: Some(&["villages", "people", "posts", "pool", "events", "appraisals", "activities", "kin", "wishes"]),
        scores: true,
    },
    Reads {
        stage: Stage::Structure,
        sections: Some(&["words", "structure", "election_day"]),
        tables: None,
        scores: false,
    },
    Reads { stage: Stage::Cultivate, sections: None, tables: None, scores: true },
    Reads { stage: Stage::Motivate, sections: None, tables: None, scores: true },
];

/// Sections of the policy that differ. Of `meta` the election day alone decides anything.
pub(super) fn changed_sections(before: &Policy, after: &Policy) -> BTreeSet<&'static str> {
    fn text(part: &impl serde::Serialize) -> String {
        serde_json::to_string(part).unwrap_or_default()
    }
    let (a, b) = (before, after);
    let pairs = [
        ("election_day", text(&a.meta.election_day), text(&b.meta.election_day)),
        ("book", text(&a.book), text(&b.book)),
        ("words", text(&a.words), text(&b.words)),
        ("score", text(&a.score), text(&b.score)),
        ("supervise", text(&a.supervise), text(&b.supervise)),
        ("reserve", text(&a.reserve), text(&b.reserve)),
        ("structure", text(&a.structure), text(&b.structure)),
        ("cultivate", text(&a.cultivate), text(&b.cultivate)),
        ("motivate", text(&a.motivate), text(&b.motivate)),
    ];
    pairs.into_iter().filter(|(_, a, b)| a != b).map(|(name, ..)| name).collect()
}

/// Would the two policies read a book differently? Headers and words do; weights do not.
pub(super) fn reads_otherwise(before: &Policy, after: &Policy) -> bool {
    let what = |policy: &Policy| {
        let indicators: Vec<_> = policy
            .score
            .indicators
            .iter()
            .map(|(key, i)| (key.clone(), i.label.clone(), i.label_en.clone(), i.column.clone(), i.aliases.clone()))
            .collect();
        let parts = (&policy.book, &policy.words, &policy.meta.effective, indicators);
        serde_json::to_string(&parts).unwrap_or_default()
    };
    what(before) != what(after)
}

/// Tables of the book that differ.
pub(super) fn changed_tables(before: &Tables, after: &Tables) -> BTreeSet<&'static str> {
    let pairs = before.iter().zip(after.iter());
    pairs.filter(|((_, a), (_, b))| !a.equals_missing(b)).map(|((table, _), _)| table.name).collect()
}

/// Stages that must run again for these changes, not counting a change of scores.
pub(super) fn stale(sections: &BTreeSet<&str>, tables: &BTreeSet<&str>) -> BTreeSet<Stage> {
    let meets = |reads: Option<&[&str]>, changed: &BTreeSet<&str>| match reads {
        None => !changed.is_empty(),
        Some(reads) => reads.iter().any(|r| changed.contains(r)),
    };
    READS.iter().filter(|r| meets(r.sections, sections) || meets(r.tables, tables)).map(|r| r.stage).collect()
}

/// Runs what is stale and takes the rest from `base`, which was made with the same date, seed and
/// language. The result equals a full run. Also gives the stages that ran.
///
/// # Errors
/// A stage fails.
pub(super) fn rerun(
    base: &Outcome,
    mut stale: BTreeSet<Stage>,
    wanted: &[Stage],
    tables: &Tables,
    ctx: &Context,
    given: Given,
    progress: &dyn Progress,
) -> Result<(Outcome, BTreeSet<Stage>), RunError> {
    let has = |stage: Stage| base.stages.iter().any(|(s, _)| *s == stage);
    let Some(old) = base.table("scores") else {
        let outcome = stages(tables, ctx, wanted, given, progress)?;
        return Ok((outcome, wanted.iter().copied().collect()));
    };
    stale.retain(|s| has(*s));
    let mut fresh = None;
    if stale.contains(&Stage::Score) {
        let outcome = stages(tables, ctx, &[Stage::Score], Given::default(), progress)?;
        if outcome.table("scores").is_none_or(|new| !new.equals_missing(old)) {
            stale.extend(READS.iter().filter(|r| r.scores && has(r.stage)).map(|r| r.stage));
        }
        fresh = Some(outcome);
    }
    let scores = fresh.as_ref().and_then(|o| o.table("scores")).unwrap_or(old);
    let rest: Vec<Stage> = wanted.iter().copied().filter(|s| *s != Stage::Score && stale.contains(s)).collect();
    let rest = stages(tables, ctx, &rest, Given { scores: Some(scores), ..given }, progress)?;
    let mut outcome = Outcome { tables: Outputs::new(), stages: Vec::new(), previous: None, ..base.clone() };
    for (stage, names) in &base.stages {
        let from = match (stage, &fresh) {
            (Stage::Score, Some(fresh)) => fresh,
            (stage, _) if rest.stages.iter().any(|(s, _)| s == stage) => &rest,
            // Stale, but nobody asked for it.
            (stage, _) if stale.contains(stage) => continue,
            _ => base,
        };
        outcome.stages.push((*stage, names.clone()));
        outcome.tables.extend(names.iter().filter_map(|n| Some((*n, from.table(n)?.clone()))));
    }
    // Supervision is the stage that has something to say beyond its tables.
    if stale.contains(&Stage::Supervise) {
        outcome.notes = rest.notes;
    }
    Ok((outcome, stale))
}
