//! Posts that stay open, and why: nobody in the pool, everybody barred, or too few for many.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::frame::Build;
use crate::matching::{Cause, OpenPost};
use crate::say;
use crate::stage::StageResult;

use super::pairs::Pair;
use super::tables::{View, vacancy_keys, village_name};
use super::vacancies::Vacancy;

/// Villages named in a text; more are counted.
const NAMED: usize = 6;

pub(super) fn open_posts(view: &View) -> StageResult<DataFrame> {
    let rows: Vec<usize> = view.rows().into_iter().filter(|row| view.recommended(*row).is_none()).collect();
    let open = &view.matching.explained.open;
    let of = |row: usize| open.binary_search_by_key(&(row as u32), |o| o.post).ok().map(|at| &open[at]);
    let sets: Vec<Option<Cow<OpenPost>>> = rows.iter().map(|row| of(*row).map(|set| to_fill(view, set))).collect();
    // Open posts that compete for the same people are one shortage.
    let mut posts_of: BTreeMap<&[u32], BTreeSet<u32>> = BTreeMap::new();
    for set in sets.iter().flatten().filter(|set| !set.posts.is_empty()) {
        posts_of.entry(&set.people).or_default().extend(&set.posts);
    }
    let told: Vec<(&str, String)> = rows
        .par_iter()
        .zip(&sets)
        .map(|(row, set)| match set {
            // A post that is left and that nobody else may fill lacks people of its own.
            Some(set) if !set.posts.is_empty() && !set.people.is_empty() && view.eligible(*row).next().is_some() => {
                ("shortage", tell_shortage(view, &posts_of[set.people.as_slice()], set.people.len()))
            }
            // Where quotas contradict each other, no post is filled.
            _ if view.matching.unmet.is_some() => tell(view, *row, Some(Cause::Rule)),
            _ => tell(view, *row, set.as_ref().map(|set| set.cause)),
        })
        .collect();
    let of: Vec<&Vacancy> = rows.iter().map(|row| &view.vacancies.list[*row]).collect();
    let build = Build::new().str("vacancy", &of.iter().map(|v| v.id.as_str()).collect::<Vec<_>>());
    Ok(vacancy_keys(build, view, &of)
        .str("cause", &told.iter().map(|t| t.0).collect::<Vec<_>>())
        .str("detail", &told.iter().map(|t| &t.1).collect::<Vec<_>>())
        .done()?)
}

/// A shortage without the posts whose holders stay, and without these: they are no posts to fill.
fn to_fill<'s>(view: &View, set: &'s OpenPost) -> Cow<'s, OpenPost> {
    if view.left.is_empty() {
        return Cow::Borrowed(set);
    }
    let stays = |person: u32| view.left.get(&person).is_some_and(|own| view.placed.get(&person) == Some(own));
    let kept = |row: u32| view.vacancies.list[row as usize].stays.is_some_and(stays);
    let mut set = set.clone();
    set.posts.retain(|row| !kept(*row));
    set.people.retain(|person| !stays(view.matching.people[*person as usize]));
    Cow::Owned(set)
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
    let Some(first) = view.eligible(row).next() else {
        let mut barred = found.barred.clone();
        barred.sort_by_key(|(gate, n)| (std::cmp::Reverse(*n), *gate));
        let gates: Vec<String> = barred
            .iter()
            .map(|(gate, n)| say!(texts.lang, "reserve-open-gate", gate = &texts.gates[*gate], n = *n))
            .collect();
        let gates = texts.list(&gates);
        return ("all_barred", say!(texts.lang, "reserve-open-barred", total = found.total, gates = gates));
    };
    let people = view.eligible(row).count();
    // All who may take it serve elsewhere, and their own posts would be open instead.
    let sits = |pair: &Pair| view.left.contains_key(&pair.candidate);
    if cause != Some(Cause::Rule) && sits(first) && view.eligible(row).all(sits) {
        return ("shortage", say!(texts.lang, "reserve-open-held", people = people));
    }
    match cause {
        Some(Cause::Rule) if view.matching.unmet.is_some() => ("rule", say!(texts.lang, "reserve-open-unmet")),
        Some(Cause::Rule) => ("rule", say!(texts.lang, "reserve-open-rule")),
        Some(Cause::Price) => ("shortage", say!(texts.lang, "reserve-open-price")),
        _ => ("shortage", say!(texts.lang, "reserve-open-shortage-large", people = people)),
    }
}
