//! The tables `supervision`, `supervision_measures` and `urgency`.

use polars::prelude::DataFrame;

use super::advice::{Advice, Case, Status};
use super::facts::{Facts, Village};
use super::risk::Learned;
use super::track::{Required, State};
use super::wording::Wording;
use crate::frame::Build;
use crate::ident;
use crate::stage::{Context, StageResult};

/// The table `supervision`; see [`super::Supervision::supervision`].
pub(super) fn table(
    facts: &Facts<'_>,
    learned: &Learned,
    advice: &Advice<'_>,
    ctx: &Context<'_>,
) -> StageResult<DataFrame> {
    let words = Wording { facts, learned, ctx };
    let rows: Vec<(usize, Status, &Case<'_>)> =
        advice.villages.iter().enumerate().filter_map(|(v, c)| c.status.map(|s| (v, s, c))).collect();
    let village = |v: usize| &facts.villages[v];
    let done = |case: &Case<'_>, codes: &[String]| {
        let mine = case.required.iter().filter(|r| codes.iter().any(|c| c == r.code));
        let all = mine.clone().count();
        let done = mine.filter(|r| r.state == State::Done).count();
        // Where no measure is on record none is known to be undone.
        let told = case.required.iter().any(|r| r.state != State::Unrecorded);
        told.then_some((done as i64, all as i64))
    };
    let measures = &ctx.policy.supervise.measures;
    let mechanisms: Vec<_> = rows.iter().map(|r| done(r.2, &measures.mechanisms)).collect();
    let ones: Vec<_> = rows.iter().map(|r| done(r.2, &measures.ones)).collect();
    let categories: Vec<Option<String>> = rows.iter().map(|(_, s, c)| words.categories(c, *s)).collect();
    let rec_ids: Vec<String> = rows
        .iter()
        .zip(&categories)
        .map(|((v, status, _), categories)| {
            let whom = format!("{}/{}", village(*v).county, village(*v).key);
            let rule = format!("{}:{}", status.code(), categories.as_deref().unwrap_or_default());
            ident::recommendation("supervise", &whom, &rule)
        })
        .collect();
    let str = |f: &dyn Fn(&(usize, Status, &Case<'_>)) -> String| rows.iter().map(f).collect::<Vec<String>>();
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| village(r.0).county).collect::<Vec<_>>())
        .str("township", &rows.iter().map(|r| village(r.0).township).collect::<Vec<_>>())
        .str("village", &rows.iter().map(|r| village(r.0).key).collect::<Vec<_>>())
        .str("village_name", &rows.iter().map(|r| village(r.0).name).collect::<Vec<_>>())
        .text("person", rows.iter().map(|r| facts.holder(r.0, "secretary")).collect())
        .str("kind", &rows.iter().map(|r| r.2.purpose.code()).collect::<Vec<_>>())
        .str("status", &rows.iter().map(|r| r.1.code()).collect::<Vec<_>>())
        .text("categories", categories)
        .date("since", rows.iter().map(|r| r.2.since()).collect())
        .number("urgency", rows.iter().map(|r| Some(r.2.parts.total())).collect())
        .number("risk", rows.iter().map(|r| learned.risk[r.0]).collect())
        .str("reasons", &str(&|r| words.reasons(r.2, r.1, r.0)))
        .str("basis", &str(&|r| words.basis(r.2, r.1)))
        .str("clears", &str(&|r| words.clears(r.2, r.1)))
        .whole("mechanisms_done", mechanisms.iter().map(|m| m.map(|m| m.0)).collect())
        .whole("mechanisms_total", mechanisms.iter().map(|m| m.map(|m| m.1)).collect())
        .whole("ones_done", ones.iter().map(|m| m.map(|m| m.0)).collect())
        .whole("ones_total", ones.iter().map(|m| m.map(|m| m.1)).collect())
        .text("overdue", rows.iter().map(|r| words.overdue(r.2)).collect())
        .str("rec_id", &rec_ids)
        .done()?)
}

/// The table `supervision_measures`: every required measure of every supervised village.
pub(super) fn measures_table(facts: &Facts<'_>, advice: &Advice<'_>) -> StageResult<DataFrame> {
    let rows: Vec<(usize, &Required<'_>)> =
        advice.villages.iter().enumerate().flat_map(|(v, c)| c.required.iter().map(move |r| (v, r))).collect();
    Ok(keyed(facts, &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .str("measure", &rows.iter().map(|r| r.1.code).collect::<Vec<_>>())
        .text("responsible", rows.iter().map(|r| r.1.row.and_then(|m| m.responsible)).collect())
        .date("due", rows.iter().map(|r| r.1.row.and_then(|m| m.due)).collect())
        .date("done", rows.iter().map(|r| r.1.row.and_then(|m| m.done)).collect())
        .str("state", &rows.iter().map(|r| r.1.state.code()).collect::<Vec<_>>())
        .done()?)
}

/// The table `urgency`: the parts of every village in `supervision`.
pub(super) fn urgency_table(facts: &Facts<'_>, advice: &Advice<'_>) -> StageResult<DataFrame> {
    let cases = advice.villages.iter().enumerate().filter(|(_, c)| c.status.is_some());
    let rows: Vec<(usize, &str, f64)> =
        cases.flat_map(|(v, c)| c.parts.list().into_iter().map(move |(part, points)| (v, part, points))).collect();
    Ok(keyed(facts, &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .str("part", &rows.iter().map(|r| r.1).collect::<Vec<_>>())
        .number("points", rows.iter().map(|r| Some(r.2)).collect())
        .done()?)
}

fn keyed(facts: &Facts<'_>, villages: &[usize]) -> Build {
    let column =
        |f: fn(&Village<'_>) -> String| villages.iter().map(|v| f(&facts.villages[*v])).collect::<Vec<String>>();
    Build::new()
        .str("county", &column(|v| v.county.to_owned()))
        .str("township", &column(|v| v.township.to_owned()))
        .str("village", &column(|v| v.key.to_owned()))
        .str("village_name", &column(|v| v.name.to_owned()))
}
