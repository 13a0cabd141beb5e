//! What a reader of a result must know: what was left out, what weights could not attain, what
//! failed, and what can say nothing at all.

use super::Note;
use crate::index::IndexPolicy;
use crate::index::classes::{Context, propose};
use crate::index::tables::Made;
use crate::lang::Lang;
use crate::say;

/// The notes of a result, those on the whole first.
pub(super) fn notes(made: &Made) -> Vec<Note> {
    let lang = made.lang;
    let tree = &made.plan.tree;
    let of = |key: &str, text: String| Note { item: key.to_owned(), label: made.label(key).to_owned(), text };
    let mut notes: Vec<Note> = nothing_rated(made).into_iter().map(|text| of("", text)).collect();
    notes.extend(made.index.aggregated.notes.iter().map(|(at, text)| of(&tree.items[*at].key, text.clone())));
    notes.extend(made.index.screened.indicators.iter().map(|(key, reason)| {
        let text = format!("left out: {:.3} of the units have a value, {:.3} are needed", reason.share, reason.least);
        of(key, text)
    }));
    notes.extend(empty_indicators(made).map(|key| of(key, lang.text("table-note-no-values"))));
    for failure in made.assessed.iter().flat_map(|a| a.failures.iter().chain(&a.sobol_failures)) {
        let text = format!("{} draws failed, the first is draw {}: {}", failure.count, failure.first, failure.reason);
        notes.push(of("uncertainty", text));
    }
    if made.assessed.is_some_and(|a| a.base > 0 && a.sobol.is_none()) {
        notes.push(of("uncertainty", lang.text("table-note-no-variance")));
    }
    notes.extend(no_classes(made, lang).into_iter().map(|text| of("classes", text)));
    notes
}

/// Rows were read, and none has a score.
fn nothing_rated(made: &Made) -> Option<String> {
    let index = made.index;
    let some = index.score.iter().any(|score| !score.is_nan());
    let valued = index.raw.iter().flatten().any(|value| !value.is_nan());
    let id = if valued { "table-note-nothing-rated" } else { "table-note-nothing-read" };
    (!some).then(|| say!(made.lang, id, rows = index.score.len()))
}

/// Indicators with a weight of which no unit has a value, where others have.
fn empty_indicators<'a>(made: &'a Made<'a>) -> impl Iterator<Item = &'a str> {
    let (tree, raw) = (&made.plan.tree, &made.index.raw);
    let empty = |leaf: usize| raw[leaf].iter().all(|value| value.is_nan());
    let all = (0..raw.len()).all(empty);
    let leaves = (0..raw.len()).filter(move |&leaf| !all && empty(leaf));
    leaves.map(|leaf| tree.items[tree.leaves[leaf]].key.as_str())
}

/// Periods for which no classes are proposed although the policy asks for them.
fn no_classes(made: &Made, lang: Lang) -> Vec<String> {
    let policy: &IndexPolicy = made.plan.policy;
    let Some(rule) = &policy.classes else { return Vec::new() };
    let table = made.plan.table;
    let seed = policy.uncertainty.as_ref().map_or(1, |u| u.seed);
    let mut out = Vec::new();
    for rows in &table.groups(None).members {
        let context = Context::new(table, rule, rows);
        // Without resamples: whether there is a proposal does not depend on them.
        let quick = crate::index::classes::ClassesPolicy { resamples: 0, ..rule.clone() };
        if propose(&context, &quick, seed).is_some() {
            continue;
        }
        let (with, least) = (context.rows.len(), rule.number[0]);
        let text = say!(lang, "table-note-no-classes", units = with, all = rows.len(), least = least, need = 3 * least);
        let period = rows.first().map(|&row| table.periods[row as usize]).filter(|_| policy.period.is_some());
        out.push(match period {
            Some(period) => say!(lang, "table-note-in-period", period = period.to_string(), text = text),
            None => text,
        });
    }
    out
}
