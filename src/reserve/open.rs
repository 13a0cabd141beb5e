//! Posts that stay open, and why: nobody in the pool, everybody barred, or too few for many.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::frame::Build;
use crate::kernel::assign::{Shortage, shortage};
use crate::say;
use crate::stage::StageResult;

use super::tables::{View, vacancy_keys, village_name};
use super::vacancies::Vacancy;

/// Largest set of posts that a shortage is traced through.
const LARGEST: usize = 1_000;

/// Villages named in a text; more are counted.
const NAMED: usize = 6;

pub(super) fn open_posts(view: &View) -> StageResult<DataFrame> {
    let rows: Vec<usize> =
        (0..view.vacancies.list.len()).filter(|row| view.matching.solution.columns[*row].is_none()).collect();
    let sets: Vec<Option<Shortage>> = rows
        .par_iter()
        .map(|row| shortage(&view.matching.problem, &view.matching.solution, *row as u32, LARGEST))
        .collect();
    // Open posts that compete for the same people are one shortage.
    let mut posts_of: BTreeMap<&[u32], BTreeSet<u32>> = BTreeMap::new();
    for set in sets.iter().flatten().filter(|set| set.hall) {
        posts_of.entry(&set.columns).or_default().extend(&set.rows);
    }
    let told: Vec<(&str, String)> = rows
        .par_iter()
        .zip(&sets)
        .map(|(row, set)| match set {
            Some(set) if set.hall && !set.columns.is_empty() => {
                ("shortage", tell_shortage(view, &posts_of[set.columns.as_slice()], set.columns.len()))
            }
            _ => tell(view, *row, set.is_some()),
        })
        .collect();
    let of: Vec<&Vacancy> = rows.iter().map(|row| &view.vacancies.list[*row]).collect();
    let build = Build::new().str("vacancy", &of.iter().map(|v| v.id.as_str()).collect::<Vec<_>>());
    Ok(vacancy_keys(build, view, &of)
        .str("cause", &told.iter().map(|t| t.0).collect::<Vec<_>>())
        .str("detail", &told.iter().map(|t| &t.1).collect::<Vec<_>>())
        .done()?)
}

fn tell_shortage(view: &View, posts: &BTreeSet<u32>, people: usize) -> String {
    let texts = view.texts;
    let villages: Vec<String> =
        posts.iter().take(NAMED).map(|row| village_name(view, view.vacancies.list[*row as usize].village)).collect();
    let mut villages = texts.list(&villages);
    if posts.len() > NAMED {
        villages = say!(texts.lang, "reserve-and-more", villages = villages);
    }
    say!(texts.lang, "reserve-open-shortage", posts = posts.len(), people = people, villages = villages)
}

/// Why a post is open that belongs to no shortage that could be traced; `traced`: the search ended.
fn tell(view: &View, row: usize, traced: bool) -> (&'static str, String) {
    let texts = view.texts;
    let found = &view.considered[row];
    if found.total == 0 {
        return ("no_candidate_in_pool", say!(texts.lang, "reserve-open-none"));
    }
    if found.eligible.is_empty() {
        let mut barred = found.barred.clone();
        barred.sort_by_key(|(gate, n)| (std::cmp::Reverse(*n), *gate));
        let gates: Vec<String> = barred
            .iter()
            .map(|(gate, n)| say!(texts.lang, "reserve-open-gate", gate = &texts.gates[*gate], n = *n))
            .collect();
        let gates = texts.list(&gates);
        return ("all_barred", say!(texts.lang, "reserve-open-barred", total = found.total, gates = gates));
    }
    let text = if traced {
        say!(texts.lang, "reserve-open-price")
    } else {
        say!(texts.lang, "reserve-open-shortage-large", people = found.eligible.len())
    };
    ("shortage", text)
}
