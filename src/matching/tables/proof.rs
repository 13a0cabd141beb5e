//! Prices that prove the solution, and the solution in figures.

use polars::prelude::DataFrame;

use super::Made;
use crate::frame::{Build, FrameResult};
use crate::kernel::quota::{self, Answer, Stage};
use crate::matching::{Levels, Mode, Objective, Proof};

/// Prices by post and by person, with what else a certificate says of a post.
struct Columns {
    posts: Vec<i64>,
    people: Vec<i64>,
    open: Option<i64>,
    levels: Option<Levels>,
}

/// Of several rows of a post the least price: it keeps every condition.
fn least(posts: usize, rows: &[u32], prices: &[i64]) -> Vec<i64> {
    let mut found = vec![0; posts];
    let mut seen = vec![false; posts];
    for (post, price) in rows.iter().map(|p| *p as usize).zip(prices) {
        found[post] = if std::mem::replace(&mut seen[post], true) { found[post].min(*price) } else { *price };
    }
    found
}

fn columns(made: &Made) -> Option<Columns> {
    let posts = made.loaded.instance.posts();
    match &made.solved.proof {
        Proof::Exact(exact) => Some(Columns {
            posts: exact.prices.posts.clone(),
            people: exact.prices.people.clone(),
            open: Some(exact.prices.open),
            levels: exact.levels.clone(),
        }),
        Proof::Bounded(bounded) => {
            let certificate = &bounded.answer.certificate;
            Some(Columns {
                posts: least(posts, &made.solved.rows, &certificate.row_prices),
                people: certificate.column_prices.clone(),
                open: Some(bounded.open),
                levels: None,
            })
        }
        Proof::Stable => None,
    }
}

pub(super) fn prices(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let (posts, people) = (instance.posts(), instance.people);
    let names = (0..posts as u32).map(|p| made.loaded.vacancies.name(p));
    let names: Vec<String> = names.chain((0..people as u32).map(|p| made.loaded.candidates.name(p))).collect();
    let mut used = vec![0_i64; posts + people];
    for placed in &made.solved.placed {
        used[placed.post as usize] += 1;
        used[posts + placed.person as usize] += 1;
    }
    let found = columns(made);
    let price = match &found {
        Some(found) => found.posts.iter().chain(&found.people).map(|p| Some(*p)).collect(),
        None => vec![None; posts + people],
    };
    let levels = found.as_ref().and_then(|f| f.levels.as_ref());
    // Classes are told from 1 on.
    let told = |class: u32| i64::from(class) + 1;
    let level = match levels {
        Some(levels) => levels.posts.iter().chain(&levels.people).map(|l| l.map(told)).collect(),
        None => vec![None; posts + people],
    };
    let by_stage = matches!(&made.solved.proof, Proof::Bounded(bounded) if !bounded.stages.is_empty());
    let class = |post: usize| (levels.is_some() || by_stage).then(|| told(instance.classes[post]));
    let open = vec![found.as_ref().and_then(|f| f.open); posts];
    let mut only: Vec<Option<String>> = vec![None; posts + people];
    for (post, person) in &instance.forced {
        only[posts + *person as usize] = Some(made.loaded.vacancies.name(*post));
    }
    let must = |person: usize| only[posts + person].is_some() || instance.holds[person].is_some();
    let must: Vec<Option<bool>> = std::iter::repeat_n(None, posts).chain((0..people).map(|p| Some(must(p)))).collect();
    let side = std::iter::repeat_n("vacancy", posts).chain(std::iter::repeat_n("candidate", people));
    let seats = instance.seats.iter().map(|s| Some(i64::from(*s))).chain(std::iter::repeat_n(Some(1), people));
    Build::new()
        .str("side", &side.collect::<Vec<_>>())
        .str("id", &names)
        .whole("seats", seats.collect())
        .whole("used", used.into_iter().map(Some).collect())
        .whole("price", price)
        .whole("class", (0..posts).map(class).chain(std::iter::repeat_n(None, people)).collect())
        .whole("level", level)
        .whole("open_price", open.into_iter().chain(std::iter::repeat_n(None, people)).collect())
        .flag("must", must)
        .text("only", only)
        .done()
}

pub(super) fn summary(made: &Made) -> FrameResult<DataFrame> {
    let instance = &made.loaded.instance;
    let wide = |value: i128| i64::try_from(value).ok();
    let whole = |value: usize| Some(value as i64);
    let (filled, seats) = (made.solved.filled() as i64, instance.all_seats() as i64);
    let mode = match made.policy.mode {
        Mode::Optimal => 0,
        Mode::Stable => 1,
        Mode::StableCandidates => 2,
        Mode::StableFit => 3,
    };
    let mut items: Vec<(&str, Option<i64>)> = vec![
        ("grid", Some(instance.grid.unit())),
        ("objective", Some(i64::from(made.policy.objective == Objective::Filled))),
        ("mode", Some(mode)),
        ("seed", i64::try_from(made.policy.seed).ok()),
        ("vacancies", whole(instance.posts())),
        ("seats", Some(seats)),
        ("candidates", whole(instance.people)),
        ("edges", whole(instance.fits.len())),
        ("filled", Some(filled)),
        ("open", Some(seats - filled)),
        ("total_fit", wide(made.solved.fit())),
    ];
    match &made.solved.proof {
        Proof::Exact(exact) => {
            let (cost, loss) = (exact.assignment.objective, exact.loss());
            let bound = wide(cost - i128::from(loss));
            items.extend([("scale", Some(1)), ("cost", wide(cost)), ("bound", bound), ("gap", Some(loss))]);
            items.push(("proof", Some(0)));
            if let Some(near) = &exact.near {
                let unknown = made.loaded.unknown;
                items.extend([
                    ("previous", whole(near.known + unknown)),
                    ("previous_unknown", whole(unknown)),
                    ("changed", whole(near.changed + unknown)),
                    ("changed_at_least", whole(near.at_least + unknown)),
                    ("changes_loss", Some(near.loss)),
                    ("changes_most_loss", Some(near.most_loss)),
                ]);
            }
        }
        Proof::Bounded(bounded) => {
            let answer = &bounded.answer;
            let cost = answer.solution.as_ref().map(|s| s.objective);
            if let Some(contradiction) = &bounded.contradiction {
                let proof = Some(proof(answer) + REFUTED);
                items.extend([("scale", Some(answer.certificate.scale)), ("proof", proof)]);
                items.extend([("missed", wide(contradiction.missed)), ("person", Some(contradiction.person))]);
            } else {
                items.extend([
                    ("scale", Some(answer.certificate.scale)),
                    ("cost", cost.and_then(wide)),
                    ("bound", wide(answer.bound)),
                    ("gap", answer.gap().and_then(wide)),
                    ("proof", Some(proof(answer))),
                ]);
                if made.policy.objective == Objective::Filled {
                    items.push(("more_seats", Some(bounded.more_seats())));
                }
            }
        }
        Proof::Stable => items.extend([("scale", Some(1)), ("proof", Some(3))]),
    }
    let stability = &made.explained.stability;
    items.push(("blocking_pairs", whole(stability.blocking.len())));
    items.push(("envious", whole(stability.envy.envious)));
    if let Some(sure) = &made.explained.sureness {
        let units = |value: f64| Some(libm::rint(value) as i64);
        items.extend([
            ("draws", Some(i64::from(sure.draws))),
            ("draws_proved", Some(i64::from(sure.proved))),
            ("expected_fit", units(sure.expected)),
            ("worst_fit", units(sure.worst)),
            ("best_expected_fit", units(sure.best_expected_fit)),
            ("best_expected_bound", units(sure.best_expected_bound)),
            ("best_worst_fit", units(sure.best_worst_fit)),
            ("best_worst_bound", units(sure.best_worst_bound)),
        ]);
    }
    Build::new()
        .str("item", &items.iter().map(|i| i.0).collect::<Vec<_>>())
        .whole("value", items.iter().map(|i| i.1).collect())
        .done()
}

/// Proofs that there is no solution have numbers of their own.
const REFUTED: i64 = 3;

/// What proves an answer, as a number.
fn proof(answer: &Answer) -> i64 {
    if answer.proof == quota::Proof::Search { 2 } else { 1 }
}

pub(super) fn stages(made: &Made) -> FrameResult<DataFrame> {
    let stages = match &made.solved.proof {
        Proof::Bounded(bounded) => bounded.stages.as_slice(),
        _ => &[],
    };
    let whole = |of: &dyn Fn(&Stage) -> i64| stages.iter().map(|stage| Some(of(stage))).collect::<Vec<_>>();
    Build::new()
        .whole("class", whole(&|s| i64::from(s.class) + 1))
        .whole("seats", whole(&|s| s.rows.len() as i64))
        .whole("filled", whole(&|s| s.filled))
        .whole("most", whole(&|s| s.most()))
        .whole("scale", whole(&|s| s.answer.certificate.scale))
        .whole("proof", whole(&|s| proof(&s.answer)))
        .done()
}

pub(super) fn stage_prices(made: &Made) -> FrameResult<DataFrame> {
    let (mut class, mut side, mut id, mut price) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if let Proof::Bounded(bounded) = &made.solved.proof {
        for stage in &bounded.stages {
            let certificate = &stage.answer.certificate;
            let posts = least(made.loaded.instance.posts(), &made.solved.rows, &certificate.row_prices);
            let sides =
                [("vacancy", &posts), ("candidate", &certificate.column_prices), ("rule", &certificate.multipliers)];
            for (name, prices) in sides {
                for (at, of) in prices.iter().enumerate().filter(|(_, price)| **price != 0) {
                    class.push(Some(i64::from(stage.class) + 1));
                    side.push(name);
                    id.push(match name {
                        "vacancy" => made.loaded.vacancies.name(at as u32),
                        "candidate" => made.loaded.candidates.name(at as u32),
                        _ => at.to_string(),
                    });
                    price.push(Some(*of));
                }
            }
        }
    }
    Build::new().whole("class", class).str("side", &side).str("id", &id).whole("price", price).done()
}
