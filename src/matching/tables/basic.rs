//! Who goes where, why seats stay open, who else was considered.

use polars::prelude::DataFrame;

use super::Made;
use crate::frame::{Build, FrameResult};
use crate::matching::explain::{Cause, OpenPost};
use crate::say;

pub(super) fn assignment(made: &Made) -> FrameResult<DataFrame> {
    let (instance, placed) = (&made.loaded.instance, &made.solved.placed);
    let (explained, sure) = (made.explained, made.explained.sureness.as_ref());
    let (mut seat, mut last) = (0, None);
    let seats: Vec<Option<i64>> = placed
        .iter()
        .map(|p| {
            seat = if last.replace(p.post) == Some(p.post) { seat + 1 } else { 1 };
            Some(seat)
        })
        .collect();
    let order = |p: &crate::matching::Placed| {
        let forced = instance.forced.binary_search(&(p.post, p.person)).is_ok();
        let held = instance.holds[p.person as usize].is_some();
        if forced { Some("force") } else { held.then_some("held") }
    };
    let wish = |p: &crate::matching::Placed| instance.wishes.get(p.edge as usize).map(|w| i64::from(*w));
    let others: Vec<Option<u32>> = explained.next.iter().map(|n| n.and_then(|n| n.person)).collect();
    let loss = explained.next.iter().map(|n| n.and_then(|n| n.loss).map(|loss| instance.grid.points(loss))).collect();
    let stays = |at: usize| sure.map(|s| s.stays[at]);
    let threshold = made.policy.robustness.as_ref().map_or(0.0, |r| r.fragile);
    let kept = instance.earlier.as_ref().map(|earlier| {
        placed.iter().map(|p| Some(earlier[p.person as usize] == Some(p.post))).collect::<Vec<Option<bool>>>()
    });
    let table = Build::new()
        .column(made.loaded.vacancies.column("vacancy", &placed.iter().map(|p| p.post).collect::<Vec<_>>()))
        .column(made.loaded.candidates.column("candidate", &placed.iter().map(|p| p.person).collect::<Vec<_>>()))
        .number("fit", placed.iter().map(|p| Some(instance.grid.points(p.fit))).collect())
        .whole("seat", seats)
        .whole("cost", placed.iter().map(|p| Some(-p.fit)).collect())
        .whole("wish", placed.iter().map(wish).collect())
        .column(made.loaded.candidates.column_or_none("next_best", &others))
        .number("next_best_loss", loss)
        .flag("tied", explained.tied.clone())
        .text("order", placed.iter().map(order).collect())
        .number("kept", (0..placed.len()).map(stays).collect())
        .flag("fragile", (0..placed.len()).map(|at| stays(at).map(|s| s < threshold)).collect());
    match kept {
        Some(kept) => table.flag("kept_from_previous", kept).done(),
        None => table.done(),
    }
}

pub(super) fn open_posts(made: &Made) -> FrameResult<DataFrame> {
    let open = &made.explained.open;
    let traced = |o: &OpenPost, count: usize| (!o.posts.is_empty()).then_some(count as i64);
    let lang = made.lang;
    let detail = |o: &OpenPost| match o.cause {
        Cause::Nobody => lang.text("match-open-nobody"),
        Cause::Price => lang.text("match-open-price"),
        Cause::Rule => lang.text("match-open-rule"),
        Cause::Shortage if o.posts.is_empty() => lang.text("match-open-shortage-large"),
        Cause::Shortage => {
            say!(lang, "match-open-shortage", posts = o.posts.len(), seats = o.seats as usize, people = o.people.len())
        }
    };
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &open.iter().map(|o| o.post).collect::<Vec<_>>()))
        .whole("open", open.iter().map(|o| Some(i64::from(o.open))).collect())
        .str("cause", &open.iter().map(|o| o.cause.code()).collect::<Vec<_>>())
        .whole("posts", open.iter().map(|o| traced(o, o.posts.len())).collect())
        .whole("seats", open.iter().map(|o| traced(o, o.seats as usize)).collect())
        .whole("people", open.iter().map(|o| traced(o, o.people.len())).collect())
        .str("detail", &open.iter().map(detail).collect::<Vec<_>>())
        .done()
}

pub(super) fn shortlists(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let at_post = made.solved.posts(instance.people);
    let missing = &made.explained.missing;
    let mut rows: Vec<(u32, usize, i64)> = Vec::new();
    for post in 0..instance.posts() {
        let here = |edge: &usize| at_post[instance.heads[*edge] as usize] == Some(post as u32);
        let mut edges: Vec<usize> = instance.range(post).collect();
        let key = |e: &usize| {
            let person = instance.heads[*e] as usize;
            let lacks = missing[*e].unwrap_or(i64::MAX);
            (!here(e), lacks, -instance.fits[*e], instance.person_ties[person], person)
        };
        let wanted = made.policy.shortlist.max(instance.seats[post] as usize).min(edges.len());
        if wanted < edges.len() {
            edges.select_nth_unstable_by_key(wanted, key);
            edges.truncate(wanted);
        }
        edges.sort_unstable_by_key(key);
        rows.extend(edges.into_iter().zip(1..).map(|(edge, order)| (post as u32, edge, order)));
    }
    let people: Vec<u32> = rows.iter().map(|(_, edge, _)| instance.heads[*edge]).collect();
    let placed: Vec<Option<u32>> = people.iter().map(|p| at_post[*p as usize]).collect();
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &rows.iter().map(|r| r.0).collect::<Vec<_>>()))
        .column(made.loaded.candidates.column("candidate", &people))
        .number("fit", rows.iter().map(|r| Some(instance.grid.points(instance.fits[r.1]))).collect())
        .whole("order", rows.iter().map(|r| Some(r.2)).collect())
        .flag("recommended", rows.iter().zip(&placed).map(|(r, at)| Some(*at == Some(r.0))).collect())
        .number("missing", rows.iter().map(|r| missing[r.1].map(|m| instance.grid.points(m))).collect())
        .column(made.loaded.vacancies.column_or_none("placed_at", &placed))
        .done()
}

pub(super) fn edges(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let mut posts = Vec::with_capacity(instance.fits.len());
    (0..instance.posts()).for_each(|post| posts.extend(instance.range(post).map(|_| post as u32)));
    let wish = |edge: usize| instance.wishes.get(edge).map(|w| i64::from(*w));
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &posts))
        .column(made.loaded.candidates.column("candidate", &instance.heads))
        .number("fit", instance.fits.iter().map(|f| Some(instance.grid.points(*f))).collect())
        .whole("cost", instance.fits.iter().map(|f| Some(-f)).collect())
        .whole("wish", (0..instance.fits.len()).map(wish).collect())
        .done()
}
