//! The plain tables: vacancies, edges, prices, bars, waivers.

use std::borrow::Cow;
use std::collections::HashMap;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::frame::Build;
use crate::stage::StageResult;

use super::facts::{Candidate, Facts};
use super::fit::{COST_PER_POINT, Fits, cost, points};
use super::gates::{Finding, Level};
use super::matching::{Matching, Waiver};
use super::pairs::Considered;
use super::text::Texts;
use super::vacancies::{Vacancies, Vacancy};
use super::waived::Waived;

/// Everything that the output tables are written from.
pub(super) struct View<'v, 'a> {
    pub facts: &'v Facts<'a>,
    pub vacancies: &'v Vacancies<'a>,
    pub findings: &'v [Vec<Finding<'a>>],
    pub fits: &'v Fits,
    pub considered: &'v [Considered],
    pub matching: &'v Matching,
    pub texts: &'v Texts<'v>,
    pub waived: &'v Waived<'v>,
}

impl<'a> View<'_, 'a> {
    /// The person recommended for a vacancy: place in `facts.candidates`.
    pub fn recommended(&self, row: usize) -> Option<u32> {
        self.matching.solution.columns[row].map(|c| self.matching.people[c as usize])
    }

    pub fn person(&self, at: u32) -> &Candidate<'a> {
        &self.facts.candidates[at as usize]
    }

    /// Places of people in the pool, by county, township, village and id.
    pub fn people_in_order(&self) -> Vec<usize> {
        let people = &self.facts.candidates;
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.sort_by_key(|at| {
            let p = &people[*at];
            (p.county, p.township, p.village, p.id)
        });
        order
    }
}

/// Starts a frame with the key columns of vacancies.
pub(super) fn vacancy_keys(build: Build, view: &View, of: &[&Vacancy]) -> Build {
    let text = |pick: &dyn Fn(&Vacancy) -> String| of.iter().map(|v| pick(v)).collect::<Vec<_>>();
    build
        .str("county", &text(&|v| v.county.to_owned()))
        .str("township", &text(&|v| v.township.to_owned()))
        .str("village", &text(&|v| v.village.to_owned()))
        .str("village_name", &of.iter().map(|v| village_name(view, v.village)).collect::<Vec<_>>())
        .str("post", &text(&|v| v.post.to_owned()))
}

/// The village's name as written, else the readable part of its key.
pub(super) fn village_name(view: &View, village: &str) -> String {
    match view.facts.village_names.get(village) {
        Some(name) if !name.is_empty() => (*name).to_owned(),
        _ => village.rsplit('/').next().unwrap_or(village).to_owned(),
    }
}

/// Starts a frame with a person's code and place.
pub(super) fn person_keys<'p>(build: Build, people: impl Iterator<Item = &'p Candidate<'p>> + Clone) -> Build {
    build
        .str("candidate", &people.clone().map(|p| p.id).collect::<Vec<_>>())
        .str("county", &people.clone().map(|p| p.county).collect::<Vec<_>>())
        .str("township", &people.clone().map(|p| p.township).collect::<Vec<_>>())
        .text("village", people.map(|p| Some(p.village).filter(|v| !v.is_empty())).collect())
}

pub(super) fn vacancies(view: &View) -> StageResult<DataFrame> {
    let list: Vec<&Vacancy> = view.vacancies.list.iter().collect();
    let build = Build::new().str("vacancy", &list.iter().map(|v| v.id.as_str()).collect::<Vec<_>>());
    Ok(vacancy_keys(build, view, &list)
        .str("cause", &list.iter().map(|v| v.cause.code()).collect::<Vec<_>>())
        .text("holder", list.iter().map(|v| v.holder).collect())
        .date("since", list.iter().map(|v| v.since).collect())
        .whole("priority", list.iter().map(|v| Some(v.priority)).collect())
        .str("detail", &list.iter().map(|v| v.detail.as_str()).collect::<Vec<_>>())
        .done()?)
}

pub(super) fn edges(view: &View) -> StageResult<DataFrame> {
    let mut rows: Vec<(usize, u32, i64)> = Vec::new();
    for (row, found) in view.considered.iter().enumerate() {
        let from = rows.len();
        rows.extend(found.eligible.iter().map(|pair| (row, pair.candidate, pair.fit)));
        rows[from..].sort_unstable();
    }
    Ok(Build::new()
        .str("vacancy", &rows.iter().map(|r| view.vacancies.list[r.0].id.as_str()).collect::<Vec<_>>())
        .str("candidate", &rows.iter().map(|r| view.person(r.1).id).collect::<Vec<_>>())
        .number("fit", rows.iter().map(|r| Some(points(r.2))).collect())
        .whole("cost", rows.iter().map(|r| Some(cost(r.2))).collect())
        .done()?)
}

pub(super) fn prices(view: &View) -> StageResult<DataFrame> {
    let solution = &view.matching.solution;
    let posts = view.vacancies.list.len();
    let people = view.matching.people.len();
    let mut side = vec!["vacancy"; posts];
    side.resize(posts + people, "candidate");
    let mut id: Vec<&str> = view.vacancies.list.iter().map(|v| v.id.as_str()).collect();
    id.extend(view.matching.people.iter().map(|at| view.person(*at).id));
    let price = solution.row_prices.iter().chain(&solution.column_prices).map(|p| Some(*p)).collect();
    let mut state: Vec<&str> = solution.columns.iter().map(|c| if c.is_some() { "filled" } else { "open" }).collect();
    state.extend(solution.rows.iter().map(|r| if r.is_some() { "used" } else { "unused" }));
    Ok(Build::new().str("side", &side).str("id", &id).whole("price", price).str("state", &state).done()?)
}

pub(super) fn summary(view: &View) -> StageResult<DataFrame> {
    let matching = view.matching;
    let posts = view.vacancies.list.len() as i64;
    let filled = matching.solution.filled() as i64;
    let items = [
        ("open_price", matching.problem.open_price()),
        ("cost_per_point", COST_PER_POINT),
        ("vacancies", posts),
        ("filled", filled),
        ("open", posts - filled),
        ("candidates", matching.people.len() as i64),
        ("edges", matching.problem.edges() as i64),
        ("total_cost", i64::try_from(matching.solution.objective).unwrap_or(i64::MAX)),
    ];
    Ok(Build::new()
        .str("item", &items.map(|i| i.0))
        .whole("value", items.iter().map(|i| Some(i.1)).collect())
        .done()?)
}

pub(super) fn bars(view: &View) -> StageResult<DataFrame> {
    let order = view.people_in_order();
    let rows: Vec<(usize, &Finding)> =
        order.iter().flat_map(|at| view.findings[*at].iter().map(|finding| (*at, finding))).collect();
    // Many people share a bar word for word: each text is written once.
    let mut place: HashMap<Finding, usize> = HashMap::new();
    let mut distinct: Vec<&Finding> = Vec::new();
    let text_of: Vec<usize> = rows
        .iter()
        .map(|(_, finding)| {
            *place.entry(**finding).or_insert_with(|| {
                distinct.push(finding);
                distinct.len() - 1
            })
        })
        .collect();
    let texts: Vec<String> = distinct.par_iter().map(|finding| view.texts.finding(finding, view.facts)).collect();
    // A waived bar says by whom and when, which is the person's own.
    let told: Vec<Cow<str>> = rows
        .iter()
        .zip(&text_of)
        .map(|((at, finding), text)| match finding.level {
            Level::Waived => view.waived.say(view.facts.candidates[*at].id, finding.gate, &texts[*text]).into(),
            _ => texts[*text].as_str().into(),
        })
        .collect();
    let keys: Vec<&str> = view.texts.ctx.policy.reserve.gates.keys().map(String::as_str).collect();
    let basis: Vec<String> = (0..keys.len()).map(|at| view.texts.basis(at)).collect();
    Ok(person_keys(Build::new(), rows.iter().map(|r| &view.facts.candidates[r.0]))
        .str("gate", &rows.iter().map(|r| keys[r.1.gate]).collect::<Vec<_>>())
        .str("hardness", &rows.iter().map(|r| r.1.level.code()).collect::<Vec<_>>())
        .date("from", rows.iter().map(|r| r.1.from).collect())
        .date("until", rows.iter().map(|r| r.1.until).collect())
        .str("basis", &rows.iter().map(|r| basis[r.1.gate].as_str()).collect::<Vec<_>>())
        .str("text", &told)
        .done()?)
}

pub(super) fn waivers(view: &View, waivers: &[Waiver]) -> StageResult<DataFrame> {
    let gates = &view.texts.ctx.policy.reserve.gates;
    let key = |w: &Waiver| gates.get_index(w.gate).map_or("", |(key, _)| key.as_str());
    let text = |w: &Waiver| {
        crate::say!(
            view.texts.lang,
            "reserve-waiver",
            gate = &view.texts.gates[w.gate],
            people = w.people,
            recommended = w.recommended,
            posts = w.posts_opened
        )
    };
    Ok(Build::new()
        .str("gate", &waivers.iter().map(key).collect::<Vec<_>>())
        .whole("people", waivers.iter().map(|w| Some(w.people as i64)).collect())
        .whole("posts_opened", waivers.iter().map(|w| Some(w.posts_opened)).collect())
        .number("fit_gain", waivers.iter().map(|w| Some(points(w.fit_gain))).collect())
        .str("text", &waivers.iter().map(text).collect::<Vec<_>>())
        .done()?)
}
