//! Vacancy chains (腾位递补): the post that somebody of the pool would leave joins the same matching.
//!
//! Such a post is a vacancy that is to be filled only if its holder moves. The holder must keep a place: theirs
//! or another. Staying is worth the holder's own fit for the post as if in their own village, wherever they
//! come from, and [`STAY`] more, so that nobody is moved for nothing. Whoever may take a post that would be
//! left may hold a third one, and so on.
//!
//! Gates decide here as everywhere: who holds a post and is barred from others by it takes no part. Kinship with
//! a holder who might leave still bars.

use polars::prelude::DataFrame;

use crate::frame::Build;
use crate::say;
use crate::stage::{Context, StageResult};

use super::facts::{Candidate, Facts};
use super::fit::{Fits, cost, points};
use super::gates::Bits;
use super::pairs::{Considered, Lookup, Pair};
use super::tables::{View, vacancy_keys, village_name};
use super::vacancies::{Vacancies, Vacancy, in_order};
use crate::book::schema::Vocab;

/// What staying is worth more than the fit, in hundredths of a point.
const STAY: i64 = 1;

/// By candidate, the post that they would leave, as a place in `facts.posts`: one that is filled from the pool
/// and no vacancy already. Of several it is the first by the policy's order of posts: the others go with it.
pub(super) fn held(vacancies: &Vacancies, facts: &Facts, ctx: &Context) -> Vec<Option<usize>> {
    let policy = &ctx.policy.reserve;
    if !policy.chains {
        return vec![None; facts.candidates.len()];
    }
    let mut vacant = vec![false; facts.posts.len()];
    vacancies.list.iter().for_each(|v| vacant[v.place] = true);
    let rank = |place: &usize| policy.posts.iter().position(|kind| kind == facts.posts[*place].post);
    let of = |person: &Candidate| {
        let held = facts.holding.get(person.id).into_iter().flatten().copied().filter(|place| !vacant[*place]);
        held.filter_map(|place| Some((rank(&place)?, place))).min().map(|(_, place)| place)
    };
    facts.candidates.iter().map(of).collect()
}

/// The holder of a post stays.
pub(super) fn staying(holder: u32, person: &Candidate, vacancy: &Vacancy, fits: &Fits) -> Pair {
    let fit = fits.fit(holder as usize, person, vacancy.post, true) + STAY;
    Pair { candidate: holder, own_village: true, bits: Bits::default(), fit }
}

/// Considers people for every vacancy and adds the posts that they would leave, until there are no more. One
/// entry per vacancy, in its order.
pub(super) fn consider<'a>(
    vacancies: &mut Vacancies<'a>,
    facts: &Facts<'a>,
    lookup: &Lookup<'_, 'a>,
    ctx: &Context,
) -> Vec<Considered> {
    let mut considered = lookup.consider_all(&vacancies.list, ctx);
    let mut seen = vec![false; facts.candidates.len()];
    let mut from = 0;
    loop {
        let movers = considered[from..].iter().flat_map(|found| &found.movers);
        let mut movers: Vec<u32> = movers.copied().filter(|at| !seen[*at as usize]).collect();
        movers.sort_unstable();
        movers.dedup();
        if movers.is_empty() {
            break;
        }
        from = vacancies.list.len();
        for at in movers {
            seen[at as usize] = true;
            if let Some(place) = lookup.held[at as usize] {
                let left = vacancies.left_by(facts, place, at, ctx);
                vacancies.list.push(left);
            }
        }
        considered.extend(lookup.consider_all(&vacancies.list[from..], ctx));
    }
    if from > 0 {
        let mut all: Vec<(Vacancy, Considered)> =
            std::mem::take(&mut vacancies.list).into_iter().zip(considered).collect();
        all.sort_by(|a, b| in_order(&a.0, &b.0));
        (vacancies.list, considered) = all.into_iter().unzip();
    }
    considered
}

/// A vacancy's post and village in words.
fn place(view: &View, vacancy: &Vacancy) -> (String, String) {
    (village_name(view, vacancy.village), view.texts.word(Vocab::Post, vacancy.post))
}

/// Where somebody who leaves a post goes: the vacancy.
fn goes_to<'v>(view: &'v View, row: usize) -> Option<&'v Vacancy<'v>> {
    let holder = view.vacancies.list[row].stays?;
    view.placed.get(&holder).filter(|to| **to != row).map(|to| &view.vacancies.list[*to])
}

/// Why a post is vacant: for one that is left, by which move.
pub(super) fn detail(view: &View, row: usize) -> String {
    match goes_to(view, row) {
        Some(to) => {
            let (village, post) = place(view, to);
            say!(view.texts.lang, "reserve-vacant-chain", village = village, post = post)
        }
        None => view.vacancies.list[row].detail.clone(),
    }
}

/// What somebody would leave who is considered for a vacancy, in words; and whether they are rather to stay.
pub(super) fn leaves(view: &View, row: usize, candidate: u32) -> Vec<String> {
    let Some(&own) = view.left.get(&candidate).filter(|own| **own != row) else { return Vec::new() };
    let lang = view.texts.lang;
    let (village, post) = place(view, &view.vacancies.list[own]);
    let mut told = vec![say!(lang, "reserve-leaves", village = village, post = post)];
    if view.placed.get(&candidate) == Some(&own) {
        told.push(say!(lang, "reserve-stays"));
    }
    told
}

fn tell(view: &View, to: Option<&Vacancy>) -> String {
    let lang = view.texts.lang;
    let Some(to) = to else { return lang.text("reserve-stays") };
    let (village, post) = place(view, to);
    say!(lang, "reserve-moves", village = village, post = post)
}

/// Every post that somebody of the pool might leave: its holder, and whether and where they are recommended to go.
pub(super) fn chains(view: &View) -> StageResult<DataFrame> {
    let rows: Vec<(usize, u32, &Pair)> = (0..view.vacancies.list.len())
        .filter_map(|row| {
            let holder = view.vacancies.list[row].stays?;
            let pair = view.considered[row].eligible.iter().find(|pair| pair.candidate == holder)?;
            Some((row, holder, pair))
        })
        .collect();
    let of: Vec<&Vacancy> = rows.iter().map(|r| &view.vacancies.list[r.0]).collect();
    let to: Vec<Option<&Vacancy>> = rows.iter().map(|r| goes_to(view, r.0)).collect();
    let build = Build::new()
        .str("vacancy", &of.iter().map(|v| v.id.as_str()).collect::<Vec<_>>())
        .str("candidate", &rows.iter().map(|r| view.person(r.1).id).collect::<Vec<_>>())
        .number("fit", rows.iter().map(|r| Some(points(r.2.fit))).collect())
        .whole("cost", rows.iter().map(|r| Some(cost(r.2.fit))).collect());
    Ok(vacancy_keys(build, view, &of)
        .flag("moves", to.iter().map(|to| Some(to.is_some())).collect())
        .text("to_vacancy", to.iter().map(|to| to.map(|v| v.id.as_str())).collect())
        .str("detail", &to.iter().map(|to| tell(view, *to)).collect::<Vec<_>>())
        .done()?)
}
