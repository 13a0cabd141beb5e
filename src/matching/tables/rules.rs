//! Quotas and conflicts, stability, draws.

use polars::prelude::DataFrame;

use super::Made;
use crate::frame::{Build, FrameResult};
use crate::matching::{Bound, Bounded, CONFLICT, Proof};

/// Blocking pairs that are listed.
const BLOCKING: usize = 100_000;

/// In place of a quota's number: a place that somebody must have, and what a stage fills.
const MUST_PLACE: usize = CONFLICT - 1;
const FILLED: usize = CONFLICT - 2;

/// Keys of bounds in `quotas` that the proof needs and no rule asks for.
pub(crate) const OF_PROOF: [&str; 2] = ["must_place", "filled"];

/// Share of draws from which on a pair is listed.
const OFTEN: f64 = 0.01;

fn bounded<'a>(made: &'a Made) -> Option<&'a Bounded> {
    match &made.solved.proof {
        Proof::Bounded(bounded) => Some(bounded),
        _ => None,
    }
}

pub(super) fn quotas(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let Some(bounded) = bounded(made) else { return quotas_of(made, &[], None) };
    // Whoever must have a place under bounds is a bound too, and so is what the stages fill.
    let stages = bounded.problem.quotas().len() - bounded.stages.len();
    let beside = bounded.problem.quotas().iter().enumerate().skip(bounded.bounds).map(|(at, quota)| {
        let stage = at.checked_sub(stages).map(|at| &bounded.stages[at]);
        Bound {
            quota: if stage.is_some() { FILLED } else { MUST_PLACE },
            value: stage.map(|stage| (stage.class + 1).to_string()).unwrap_or_default(),
            inside: quota.inside,
            outside: quota.outside,
            least: quota.least,
            most: quota.most,
            seats: quota.rows.len() as i64,
            ..Bound::default()
        }
    });
    let all: Vec<Bound> = instance.bounds.iter().cloned().chain(beside).collect();
    quotas_of(made, &all, Some(bounded))
}

fn quotas_of(made: &Made, bounds: &[Bound], bounded: Option<&Bounded>) -> FrameResult<DataFrame> {
    let grid = made.loaded.instance.grid;
    let key = |b: &Bound| match b.quota {
        CONFLICT => "conflict",
        MUST_PLACE => OF_PROOF[0],
        FILLED => OF_PROOF[1],
        at => made.policy.quotas.get_index(at).map_or("", |(key, _)| key.as_str()),
    };
    let of = |at: usize| bounded.map(|b| (b, at));
    let sums = bounded.and_then(|b| b.answer.solution.as_ref()).map(|s| s.sums.as_slice()).unwrap_or_default();
    let multiplier = |at: usize| of(at).map(|(b, at)| b.answer.certificate.multipliers[at]);
    let scale = bounded.map_or(1, |b| b.answer.certificate.scale) as f64;
    let figure = |at: usize| made.explained.figures.iter().find(|f| f.quota as usize == at);
    let cost = |at: usize| figure(at).and_then(|f| f.cost);
    let contradiction = bounded.and_then(|b| b.contradiction.as_ref());
    let relax = |at: usize| {
        let of = contradiction?.relax.iter().find(|(quota, ..)| *quota as usize == at);
        Some(of.map_or(0, |(_, short, over)| short + over))
    };
    let price = |multiplier: i64| multiplier.abs() as f64 / scale / grid.unit() as f64;
    let rows = 0..bounds.len();
    let whole = |pick: &dyn Fn(usize) -> Option<i64>| rows.clone().map(pick).collect::<Vec<_>>();
    Build::new()
        .whole("rule", whole(&|at| Some(at as i64)))
        .str("quota", &bounds.iter().map(key).collect::<Vec<_>>())
        .text("per", bounds.iter().map(|b| Some(b.value.as_str()).filter(|v| !v.is_empty())).collect())
        .whole("group_no", whole(&|at| bounded.map(|b| i64::from(b.problem.quotas()[at].group))))
        .whole("inside", whole(&|at| Some(bounds[at].inside)))
        .whole("outside", whole(&|at| Some(bounds[at].outside)))
        .whole("least", whole(&|at| bounds[at].least))
        .whole("most", whole(&|at| bounds[at].most))
        .whole("soft", whole(&|at| bounds[at].soft))
        .whole("sum", whole(&|at| sums.get(at).copied()))
        .whole("seats", whole(&|at| Some(bounds[at].seats)))
        .whole("sitting", whole(&|at| Some(bounds[at].sitting)))
        .whole("sitting_all", whole(&|at| Some(bounds[at].sitting_all)))
        .whole("multiplier", whole(&multiplier))
        .number("price", rows.clone().map(|at| multiplier(at).filter(|_| contradiction.is_none()).map(price)).collect())
        .flag("conflict", rows.clone().map(|at| contradiction.map(|c| c.bounds.contains(&(at as u32)))).collect())
        .whole("relax", whole(&relax))
        .number("cost_low", rows.clone().map(|at| cost(at).map(|c| grid.total(c.0))).collect())
        .number("cost_high", rows.clone().map(|at| cost(at).map(|c| grid.total(c.1))).collect())
        .whole("cost_seats", whole(&|at| figure(at).and_then(|f| f.seats)))
        .done()
}

pub(super) fn quota_people(made: &Made) -> FrameResult<DataFrame> {
    let mut rows: Vec<(i64, u32)> = Vec::new();
    if let Some(bounded) = bounded(made) {
        for (at, group) in bounded.problem.groups().iter().enumerate() {
            rows.extend(group.iter().map(|person| (at as i64, *person)));
        }
    }
    Build::new()
        .whole("group_no", rows.iter().map(|r| Some(r.0)).collect())
        .column(made.loaded.candidates.column("candidate", &rows.iter().map(|r| r.1).collect::<Vec<_>>()))
        .done()
}

pub(super) fn quota_posts(made: &Made) -> FrameResult<DataFrame> {
    let mut rows: Vec<(i64, u32)> = Vec::new();
    if let Some(bounded) = bounded(made) {
        for (at, quota) in bounded.problem.quotas().iter().enumerate() {
            let mut posts: Vec<u32> = quota.rows.iter().map(|row| made.solved.rows[*row as usize]).collect();
            posts.dedup();
            rows.extend(posts.into_iter().map(|post| (at as i64, post)));
        }
    }
    Build::new()
        .whole("rule", rows.iter().map(|r| Some(r.0)).collect())
        .column(made.loaded.vacancies.column("vacancy", &rows.iter().map(|r| r.1).collect::<Vec<_>>()))
        .done()
}

pub(super) fn blocking(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let pairs = &made.explained.stability.blocking;
    let pairs = &pairs[..pairs.len().min(BLOCKING)];
    let fit = |(post, person): &(u32, u32)| {
        instance.find(*post, *person).map(|edge| instance.grid.points(instance.fits[edge]))
    };
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &pairs.iter().map(|p| p.0).collect::<Vec<_>>()))
        .column(made.loaded.candidates.column("candidate", &pairs.iter().map(|p| p.1).collect::<Vec<_>>()))
        .number("fit", pairs.iter().map(fit).collect())
        .done()
}

pub(super) fn ranks(made: &Made) -> FrameResult<DataFrame> {
    let profile = &made.explained.stability.ranks;
    let rows: Vec<(i64, i64)> = if made.loaded.instance.wishes.is_empty() {
        profile.places.iter().enumerate().map(|(at, n)| (at as i64 + 1, *n as i64)).collect()
    } else {
        profile.stated.iter().map(|(rank, n)| (i64::from(*rank), *n as i64)).collect()
    };
    Build::new()
        .whole("wish", rows.iter().map(|r| Some(r.0)).collect())
        .whole("people", rows.iter().map(|r| Some(r.1)).collect())
        .done()
}

pub(super) fn orders(made: &Made) -> FrameResult<DataFrame> {
    let (orders, grid) = (&made.explained.orders, made.loaded.instance.grid);
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &orders.iter().map(|o| o.post).collect::<Vec<_>>()))
        .column(made.loaded.candidates.column("candidate", &orders.iter().map(|o| o.person).collect::<Vec<_>>()))
        .str("order", &orders.iter().map(|o| if o.force { "force" } else { "forbid" }).collect::<Vec<_>>())
        .number("cost", orders.iter().map(|o| o.cost.map(|cost| grid.points(cost))).collect())
        .whole("seats", orders.iter().map(|o| o.seats).collect())
        .done()
}

pub(super) fn solutions(made: &Made) -> FrameResult<DataFrame> {
    let grid = made.loaded.instance.grid;
    let mut first: Vec<(u32, u32)> = made.solved.placed.iter().map(|p| (p.post, p.person)).collect();
    first.sort_unstable();
    let mut rows: Vec<(i64, f64, (u32, u32), &str)> = Vec::new();
    for ((loss, pairs), place) in made.explained.solutions.iter().zip(2..) {
        let new = pairs.iter().filter(|pair| first.binary_search(pair).is_err()).map(|pair| (*pair, "in"));
        let gone = first.iter().filter(|pair| pairs.binary_search(pair).is_err()).map(|pair| (*pair, "out"));
        let mut here: Vec<((u32, u32), &str)> = new.chain(gone).collect();
        here.sort_unstable();
        rows.extend(here.into_iter().map(|(pair, change)| (place, grid.total(*loss), pair, change)));
    }
    Build::new()
        .whole("solution", rows.iter().map(|r| Some(r.0)).collect())
        .number("loss", rows.iter().map(|r| Some(r.1)).collect())
        .column(made.loaded.vacancies.column("vacancy", &rows.iter().map(|r| r.2.0).collect::<Vec<_>>()))
        .column(made.loaded.candidates.column("candidate", &rows.iter().map(|r| r.2.1).collect::<Vec<_>>()))
        .str("change", &rows.iter().map(|r| r.3).collect::<Vec<_>>())
        .done()
}

pub(super) fn robust_pairs(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let mut rows: Vec<(u32, usize)> = Vec::new();
    let placed = made.solved.posts(instance.people);
    let sure = made.explained.sureness.as_ref();
    let has = |list: &[(u32, u32)], post: u32, edge: usize| list.binary_search(&(post, instance.heads[edge])).is_ok();
    let here = |post: u32, edge: usize| placed[instance.heads[edge] as usize] == Some(post);
    if let Some(sure) = sure {
        for post in 0..instance.posts() as u32 {
            let listed = |edge: &usize| {
                let chosen = has(&sure.best_expected, post, *edge) || has(&sure.best_worst, post, *edge);
                sure.chosen[*edge] >= OFTEN || here(post, *edge) || chosen
            };
            rows.extend(instance.range(post as usize).filter(listed).map(|edge| (post, edge)));
        }
    }
    let flag = |pick: &dyn Fn(u32, usize) -> bool| rows.iter().map(|(p, e)| Some(pick(*p, *e))).collect::<Vec<_>>();
    let of = |list: fn(&crate::matching::Sureness) -> &Vec<(u32, u32)>| {
        move |post: u32, edge: usize| sure.is_some_and(|s| has(list(s), post, edge))
    };
    Build::new()
        .column(made.loaded.vacancies.column("vacancy", &rows.iter().map(|r| r.0).collect::<Vec<_>>()))
        .column(
            made.loaded.candidates.column("candidate", &rows.iter().map(|r| instance.heads[r.1]).collect::<Vec<_>>()),
        )
        .number("fit", rows.iter().map(|r| Some(instance.grid.points(instance.fits[r.1]))).collect())
        .number("share", rows.iter().map(|r| sure.map(|s| s.chosen[r.1])).collect())
        .flag("recommended", flag(&here))
        .flag("best_expected", flag(&of(|s| &s.best_expected)))
        .flag("best_worst", flag(&of(|s| &s.best_worst)))
        .done()
}
