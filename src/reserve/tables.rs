//! The plain tables: vacancies, edges, prices, bars, waivers.

use std::borrow::Cow;
use std::collections::HashMap;

use polars::prelude::{BooleanChunked, Column, DataFrame};
use rayon::prelude::*;

use crate::frame::{self, Build, FrameError};
use crate::stage::StageResult;

use super::chains;
use super::effects::{Granted, Waiver};
use super::facts::{Candidate, Facts};
use super::fit::{Fits, points};
use super::gates::{Finding, Level};
use super::matching::{Fate, Matching, Order};
use super::pairs::{Considered, Pair};
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
    /// Vacancy of each placed person: those recommended, and holders who stay.
    pub placed: HashMap<u32, usize>,
    /// Post that each holder would leave, as a vacancy.
    pub left: HashMap<u32, usize>,
}

impl<'a> View<'_, 'a> {
    /// Vacancies to be filled: not those whose holder stays.
    pub fn rows(&self) -> Vec<usize> {
        let list = &self.vacancies.list;
        (0..list.len())
            .filter(|row| list[*row].stays.is_none_or(|holder| self.placed.get(&holder) != Some(row)))
            .collect()
    }

    /// Those eligible for a vacancy, best fit first, without the holder who leaves it.
    pub fn eligible(&self, row: usize) -> impl Iterator<Item = &Pair> + Clone {
        let left_by = self.vacancies.list[row].stays;
        self.considered[row].eligible.iter().filter(move |pair| Some(pair.candidate) != left_by)
    }

    /// The person recommended for a vacancy: place in `facts.candidates`.
    pub fn recommended(&self, row: usize) -> Option<u32> {
        self.matching.recommended(row)
    }

    /// Does the pairing of a vacancy stay in few draws?
    pub fn is_fragile(&self, row: usize) -> bool {
        let fragile = self.texts.ctx.policy.reserve.robustness.fragile;
        self.matching.stays(row).is_some_and(|share| share < fragile)
    }

    /// The order by which a person is on a vacancy.
    pub fn order(&self, row: usize, candidate: u32) -> Option<&Order> {
        let found =
            |o: &&Order| o.force && o.fate == Fate::Followed && o.vacancy as usize == row && o.candidate == candidate;
        self.matching.orders.iter().find(found)
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
    let rows = view.rows();
    let list: Vec<&Vacancy> = rows.iter().map(|row| &view.vacancies.list[*row]).collect();
    let build = Build::new().str("vacancy", &list.iter().map(|v| v.id.as_str()).collect::<Vec<_>>());
    Ok(vacancy_keys(build, view, &list)
        .str("cause", &list.iter().map(|v| v.cause.code()).collect::<Vec<_>>())
        .text("holder", list.iter().map(|v| v.holder).collect())
        .date("since", list.iter().map(|v| v.since).collect())
        .whole("priority", list.iter().map(|v| Some(v.priority)).collect())
        .str("detail", &rows.iter().map(|row| chains::detail(view, *row)).collect::<Vec<_>>())
        .done()?)
}

/// The engine's quotas as a county has them: what costs posts has no cost in points, which the open price stands
/// for.
pub(super) fn quotas(engine: &DataFrame) -> StageResult<DataFrame> {
    let mut table = engine.clone();
    // In people: of a share of filled posts a unit is a part of one.
    let (inside, outside) = (frame::wholes(engine, "inside")?, frame::wholes(engine, "outside")?);
    let people = frame::wholes(engine, "relax")?.into_iter().zip(inside.into_iter().zip(outside)).map(|(relax, of)| {
        let person = of.0.zip(of.1).map_or(1, |(inside, outside)| (inside - outside).abs().max(1));
        relax.map(|units| -(-units).div_euclid(person))
    });
    let people: Vec<Option<i64>> = people.collect();
    table.with_column(Column::new("relax".into(), people)).map_err(FrameError::from)?;
    let posts = frame::wholes(engine, "cost_seats")?;
    for column in ["cost_low", "cost_high"] {
        let costs = frame::numbers(engine, column)?;
        let costs = costs.into_iter().zip(&posts).map(|(cost, posts)| cost.filter(|_| posts.is_none_or(|n| n == 0)));
        let costs: Vec<Option<f64>> = costs.collect();
        table.with_column(Column::new(column.into(), costs)).map_err(FrameError::from)?;
    }
    Ok(table)
}

/// The engine's figures as a county has them: by how much quotas are missed tells of few people's sex and age, and
/// stands in `quotas`, which summaries leave out.
pub(super) fn match_summary(engine: DataFrame) -> StageResult<DataFrame> {
    let items = frame::words(&engine, "item")?.into_iter();
    let keep: BooleanChunked = items.map(|item| Some(!matches!(item, "missed" | "person"))).collect();
    Ok(engine.filter(&keep).map_err(FrameError::from)?)
}

/// Orders of those who decide and the waivers that somebody is recommended thanks to, with what each costs.
pub(super) fn orders(view: &View) -> StageResult<DataFrame> {
    struct Told<'v> {
        vacancy: &'v Vacancy<'v>,
        candidate: u32,
        decision: &'static str,
        followed: Fate,
        cost: Option<i64>,
        posts: Option<i64>,
    }
    let rows = view.rows();
    let told = |vacancy: u32| rows.binary_search(&(vacancy as usize)).is_ok();
    let vacancy = |at: u32| &view.vacancies.list[at as usize];
    let order = |o: &Order| Told {
        vacancy: vacancy(o.vacancy),
        candidate: o.candidate,
        decision: if o.force { "adopted" } else { "not_adopted" },
        followed: o.fate,
        cost: o.cost,
        posts: Some(o.posts).filter(|_| o.fate == Fate::Followed),
    };
    let waiver = |w: &Granted| Told {
        vacancy: vacancy(w.vacancy),
        candidate: w.candidate,
        decision: "waived",
        followed: Fate::Followed,
        cost: w.cost,
        posts: w.posts,
    };
    let orders = view.matching.orders.iter().filter(|o| told(o.vacancy)).map(order);
    let waivers = view.matching.granted.iter().filter(|w| told(w.vacancy)).map(waiver);
    let all: Vec<Told> = orders.chain(waivers).collect();
    let of: Vec<&Vacancy> = all.iter().map(|told| told.vacancy).collect();
    let build = Build::new()
        .str("vacancy", &of.iter().map(|v| v.id.as_str()).collect::<Vec<_>>())
        .str("candidate", &all.iter().map(|told| view.person(told.candidate).id).collect::<Vec<_>>());
    Ok(vacancy_keys(build, view, &of)
        .str("decision", &all.iter().map(|told| told.decision).collect::<Vec<_>>())
        .str("followed", &all.iter().map(|told| told.followed.code()).collect::<Vec<_>>())
        .number("cost", all.iter().map(|told| told.cost.map(points)).collect())
        .whole("posts", all.iter().map(|told| told.posts).collect())
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
