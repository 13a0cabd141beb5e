//! Posts that stay open, and why: nobody in the pool, everybody barred, or too few for many.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::frame::Build;
use crate::matching::{Cause, OpenPost};
use crate::say;
use crate::stage::StageResult;

use super::tables::{View, vacancy_keys, village_name};
use super::vacancies::Vacancy;

/// Villages named in a text; more are counted.
const NAMED: usize = 6;

pub(super) fn open_posts(view: &View) -> StageResult<DataFrame> {
    let rows: Vec<usize> = (0..view.vacancies.list.len()).filter(|row| view.recommended(*row).is_none()).collect();
    let open = &view.matching.explained.open;
    let sets: Vec<Option<&OpenPost>> =
        rows.iter().map(|row| open.binary_search_by_key(&(*row as u32), |o| o.post).ok().map(|at| &open[at])).collect();
    // Open posts that compete for the same people are one shortage.
    let mut posts_of: BTreeMap<&[u32], BTreeSet<u32>> = BTreeMap::new();
    for set in sets.iter().flatten().filter(|set| !set.posts.is_empty()) {
        posts_of.entry(&set.people).or_default().extend(&set.posts);
    }
    let told: Vec<(&str, String)> = rows
        .par_iter()
        .zip(&sets)
        .map(|(row, set)| match set {
            Some(set) if !set.posts.is_empty() && !set.people.is_empty() => {
                ("shortage", tell_shortage(view, &posts_of[set.people.as_slice()], set.people.len()))
            }
            _ => tell(view, *row, set.map(|set| set.cause)),
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

/// Why a post is open that belongs to no shortage that could be traced.
fn tell(view: &View, row: usize, cause: Option<Cause>) -> (&'static str, String) {
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
    match cause {
        Some(Cause::Rule) => ("rule", say!(texts.lang, "reserve-open-rule")),
        Some(Cause::Price) => ("shortage", say!(texts.lang, "reserve-open-price")),
        _ => ("shortage", say!(texts.lang, "reserve-open-shortage-large", people = found.eligible.len())),
    }
}
