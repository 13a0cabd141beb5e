//! The N 建议人选 of each post, and the assignment, with reasons for and against.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::frame::Build;
use crate::kernel::round;
use crate::stage::StageResult;
use crate::{ident, say};

use super::chains;
use super::fit::{cost, points};
use super::gates::{Level, guarding};
use super::pairs::Pair;
use super::policy::Cause;
use super::tables::{View, vacancy_keys, village_name};
use super::vacancies::Vacancy;

/// Rule name in recommendation IDs.
pub(super) const RULE: &str = "reserve.assignment";

fn rec_id(vacancy: &Vacancy, candidate: &str) -> String {
    ident::recommendation(&vacancy.id, candidate, RULE)
}

/// One line of a shortlist.
struct Line {
    row: usize,
    pair: Pair,
    order: usize,
    recommended: bool,
    gates_passed: String,
    soft_bars: Option<String>,
    reasons_for: String,
    reasons_against: String,
    contributions: String,
}

pub(super) fn shortlists(view: &View) -> StageResult<DataFrame> {
    let number = view.texts.ctx.policy.reserve.suggestions;
    let guards: Vec<u64> =
        view.vacancies.kinds.iter().map(|(post, dual)| guarding(view.texts.ctx, post, *dual)).collect();
    let lines: Vec<Line> = view
        .rows()
        .into_par_iter()
        .flat_map_iter(|row| {
            let first = view.recommended(row);
            let chosen = view.eligible(row).filter(move |p| Some(p.candidate) == first);
            let rest = view.eligible(row).filter(move |p| Some(p.candidate) != first);
            let guards = guards[view.vacancies.list[row].kind];
            chosen.chain(rest).take(number).enumerate().map(move |(at, pair)| line(view, row, pair, at + 1, guards))
        })
        .collect();
    let vacancy = |line: &Line| &view.vacancies.list[line.row];
    let person = |line: &Line| view.person(line.pair.candidate);
    let of: Vec<&Vacancy> = lines.iter().map(vacancy).collect();
    let build = Build::new()
        .str("vacancy", &of.iter().map(|v| v.id.as_str()).collect::<Vec<_>>())
        .str("candidate", &lines.iter().map(|l| person(l).id).collect::<Vec<_>>())
        .number("fit", lines.iter().map(|l| Some(points(l.pair.fit))).collect())
        .whole("order", lines.iter().map(|l| Some(l.order as i64)).collect());
    let missing = |line: &Line| view.matching.missing(line.row, line.pair.candidate).map(points);
    let known = |line: &Line| Some(person(line).village).filter(|v| !v.is_empty());
    let ids: Vec<String> = lines.par_iter().map(|l| rec_id(vacancy(l), person(l).id)).collect();
    Ok(vacancy_keys(build, view, &of)
        .flag("own_village", lines.iter().map(|l| Some(l.pair.own_village)).collect())
        .text("origin_village", lines.iter().map(known).collect())
        .text("origin_village_name", lines.iter().map(|l| known(l).map(|v| village_name(view, v))).collect())
        .flag("recommended", lines.iter().map(|l| Some(l.recommended)).collect())
        .number("missing", lines.iter().map(missing).collect())
        .str("gates_passed", &lines.iter().map(|l| &l.gates_passed).collect::<Vec<_>>())
        .text("soft_bars", lines.iter().map(|l| l.soft_bars.as_ref()).collect())
        .str("reasons_for", &lines.iter().map(|l| &l.reasons_for).collect::<Vec<_>>())
        .str("reasons_against", &lines.iter().map(|l| &l.reasons_against).collect::<Vec<_>>())
        .str("contributions", &lines.iter().map(|l| &l.contributions).collect::<Vec<_>>())
        .str("rec_id", &ids)
        .done()?)
}

fn line(view: &View, row: usize, pair: &Pair, order: usize, guards: u64) -> Line {
    let texts = view.texts;
    let vacancy = &view.vacancies.list[row];
    let person = view.person(pair.candidate);
    // Who is recommended where: a line on another post's list says so.
    let placed = view.placed.get(&pair.candidate).copied();
    let recommended = placed == Some(row);
    let (given, discount) = view.fits.contributions(pair.candidate as usize, person, vacancy.post, pair.own_village);
    let bits = pair.bits;
    let open = bits.hard | bits.soft | bits.mark | bits.waived;
    let (mut pro, mut contra) = texts.reasons_of(person, &given, vacancy.post, open);
    if pair.own_village {
        pro.insert(0, say!(texts.lang, "reserve-own-village"));
    } else {
        contra.insert(0, say!(texts.lang, "reserve-from-village", village = village_name(view, person.village)));
    }
    contra.extend(chains::leaves(view, row, pair.candidate));
    let stays = placed.is_some() && placed == view.left.get(&pair.candidate).copied();
    if let Some(other) = placed.filter(|_| !recommended && !stays) {
        let village = village_name(view, view.vacancies.list[other].village);
        contra.push(say!(texts.lang, "reserve-recommended-elsewhere", village = village));
    }
    if view.eligible(row).nth(1).is_none() {
        contra.push(say!(texts.lang, "reserve-single"));
    }
    Line {
        row,
        pair: *pair,
        order,
        recommended,
        gates_passed: texts.passed(guards, open),
        soft_bars: doubts(view, pair, vacancy),
        reasons_for: texts.reasons(&pro),
        reasons_against: texts.reasons(&contra),
        contributions: texts.sum(&given, discount),
    }
}

/// Soft bars and doubts of a pair in words; `None` if there are none.
fn doubts(view: &View, pair: &Pair, vacancy: &Vacancy) -> Option<String> {
    let wanted = pair.bits.soft | pair.bits.mark | pair.bits.waived;
    if wanted == 0 {
        return None;
    }
    let mut told = 0u64;
    // Bars first, then what a missing fact leaves to be clarified.
    let (mut texts, mut marks) = (Vec::new(), Vec::new());
    for finding in &view.findings[pair.candidate as usize] {
        let here = match finding.why {
            super::gates::Why::Kin { village, .. } => village == vacancy.village,
            _ => true,
        };
        if here && wanted & 1 << finding.gate != 0 {
            told |= 1 << finding.gate;
            let text = view.texts.finding(finding, view.facts);
            let person = view.person(pair.candidate).id;
            let lifted = pair.bits.waived & 1 << finding.gate != 0;
            match (lifted, finding.level) {
                (true, _) => texts.push(view.waived.say(person, finding.gate, &text)),
                (false, Level::Mark) => marks.push(text),
                (false, _) => texts.push(text),
            }
        }
    }
    // What holds for this village alone is not among the person's findings: residence.
    if wanted & !told != 0 {
        let text = say!(view.texts.lang, "reserve-bar-elsewhere");
        let lifted = pair.bits.waived & wanted & !told;
        let person = view.person(pair.candidate).id;
        if lifted != 0 {
            texts.push(view.waived.say(person, lifted.trailing_zeros() as usize, &text));
        } else if pair.bits.soft & !told == 0 {
            marks.push(text);
        } else {
            texts.push(text);
        }
    }
    if !marks.is_empty() {
        texts.push(say!(view.texts.lang, "reserve-to-clarify", list = view.texts.reasons(&marks)));
    }
    Some(view.texts.reasons(&texts))
}

pub(super) fn assignment(view: &View) -> StageResult<DataFrame> {
    let texts = view.texts;
    let recommended = |row: usize| {
        let person = view.recommended(row)?;
        Some((row, view.eligible(row).find(|p| p.candidate == person)?))
    };
    let rows: Vec<(usize, &Pair)> = view.rows().into_iter().filter_map(recommended).collect();
    let reasons: Vec<String> = rows
        .par_iter()
        .map(|(row, pair)| {
            let vacancy = &view.vacancies.list[*row];
            let person = view.person(pair.candidate);
            let (given, _) = view.fits.contributions(pair.candidate as usize, person, vacancy.post, pair.own_village);
            let (mut reasons, _) = texts.reasons_of(person, &given, vacancy.post, 0);
            reasons.insert(
                0,
                if pair.own_village {
                    say!(texts.lang, "reserve-own-village")
                } else {
                    say!(texts.lang, "reserve-from-village", village = village_name(view, person.village))
                },
            );
            reasons.extend(chains::leaves(view, *row, pair.candidate));
            if vacancy.cause == Cause::Chain {
                reasons.push(chains::detail(view, *row));
            }
            if let Some(other) = view.matching.next(*row) {
                reasons.push(match other.loss {
                    None => say!(texts.lang, "reserve-no-alternative"),
                    Some(loss) => say!(texts.lang, "reserve-alternative", loss = decimal(points(loss))),
                });
            }
            if view.matching.tied(*row) == Some(true) {
                reasons.push(say!(texts.lang, "reserve-tied"));
            }
            if view.is_fragile(*row) {
                let share = decimal(view.matching.stays(*row).unwrap_or(0.0));
                reasons.push(say!(texts.lang, "reserve-fragile", share = share));
            }
            if let Some(order) = view.order(*row, pair.candidate) {
                reasons.push(match order.cost {
                    Some(cost) => say!(texts.lang, "reserve-ordered", cost = decimal(points(cost))),
                    None => say!(texts.lang, "reserve-ordered-posts", posts = order.posts),
                });
            }
            texts.reasons(&reasons)
        })
        .collect();
    let of: Vec<&Vacancy> = rows.iter().map(|r| &view.vacancies.list[r.0]).collect();
    let candidates: Vec<&str> = rows.iter().map(|r| view.person(r.1.candidate).id).collect();
    let next_best = |row: usize| Some(view.person(view.matching.next(row)?.person?).id);
    let loss = |row: usize| view.matching.next(row)?.loss.map(points);
    let build = Build::new()
        .str("vacancy", &of.iter().map(|v| v.id.as_str()).collect::<Vec<_>>())
        .str("candidate", &candidates)
        .number("fit", rows.iter().map(|r| Some(points(r.1.fit))).collect())
        .whole("cost", rows.iter().map(|r| Some(cost(r.1.fit))).collect());
    Ok(vacancy_keys(build, view, &of)
        .flag("own_village", rows.iter().map(|r| Some(r.1.own_village)).collect())
        .str("reasons", &reasons)
        .text("next_best", rows.iter().map(|r| next_best(r.0)).collect())
        .number("next_best_loss", rows.iter().map(|r| loss(r.0)).collect())
        .flag("tied", rows.iter().map(|r| view.matching.tied(r.0)).collect())
        .number("kept", rows.iter().map(|r| view.matching.stays(r.0).map(|s| round::to(s, 4))).collect())
        .flag("fragile", rows.iter().map(|r| view.matching.stays(r.0).map(|_| view.is_fragile(r.0))).collect())
        .str("rec_id", &of.iter().zip(&candidates).map(|(v, c)| rec_id(v, c)).collect::<Vec<_>>())
        .done()?)
}

/// A number with one decimal at least: summaries take whole numbers of a reason for ages or counts of people, and
/// withhold them.
fn decimal(value: f64) -> String {
    let shown = round::show(value, 2);
    if shown.contains('.') { shown } else { shown + ".0" }
}
