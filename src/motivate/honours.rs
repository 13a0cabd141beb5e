//! Whom the rules put forward for honours and for delegates and representatives, township by
//! township, and who comes next.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::conditions::{Condition, Finding, Findings, State, Why, bars, grades, member, overall, years};
use super::facts::{Facts, Holder, in_force};
use super::pay::keys;
use super::policy::{HonourKind, HonourRule};
use super::text::Texts;
use crate::frame::FrameResult;
use crate::ident;
use crate::stage::Context;

/// Somebody who meets a rule, or may.
struct Entry<'a> {
    rule: &'a str,
    kind: HonourKind,
    holder: Holder<'a>,
    /// Place in the policy, in the township.
    order: (usize, Option<usize>),
    /// `candidate`, `next` or `to_clarify`.
    state: &'static str,
    places: usize,
    score: Option<f64>,
    pros: String,
    cons: String,
}

/// Scores closer than this are a tie.
const GRID: f64 = 1e6;

fn grid(score: f64) -> i64 {
    (score * GRID).round() as i64
}

/// What the rule asks of a holder.
fn findings<'a>(facts: &Facts<'a>, holder: &Holder<'a>, rule: &HonourRule, ctx: &Context) -> Findings<'a> {
    let mut found = vec![years(holder, rule.min_years, ctx)];
    found.extend(grades(facts, holder, &rule.grades, rule.grade_years, rule.best_times, ctx));
    if rule.member {
        found.push(member(holder));
    }
    found.extend(bars(facts, holder, ctx));
    let scored = facts.score(holder);
    if rule.no_veto {
        let state = if scored.is_some_and(|s| s.vetoed) { State::Missed } else { State::Met };
        found.push(Finding { condition: Condition::Veto, state, why: Why::Veto });
    }
    // The order within the township needs a score.
    found.push(match scored.and_then(|s| s.score) {
        Some(score) => Finding { condition: Condition::Rated, state: State::Met, why: Why::Score(score) },
        None => Finding { condition: Condition::Rated, state: State::Unknown, why: Why::NotRated },
    });
    found
}

/// Places of a township with so many holders: the share rounded down, forgiving the rounding error
/// of the product, or the number.
fn places(rule: &HonourRule, holders: usize) -> usize {
    match (rule.cap_share, rule.cap_count) {
        (Some(share), _) => (share * holders as f64 + 1e-9) as usize,
        (None, Some(count)) => count as usize,
        (None, None) => 0,
    }
}

/// Who of the scores, best first, gets one of the places: as many from the top as fit, but of a tie
/// across the last place nobody.
pub(super) fn within(scores: &[i64], places: usize) -> usize {
    match (scores.get(places), places) {
        (_, 0) => 0,
        (None, _) => scores.len(),
        (Some(line), _) => scores.iter().take_while(|s| *s > line).count(),
    }
}

fn entries<'a>(facts: &Facts<'a>, ctx: &Context<'a>) -> Vec<Entry<'a>> {
    let texts = Texts { ctx };
    let mut all = Vec::new();
    for (at, (key, rule)) in ctx.policy.motivate.honours.iter().enumerate() {
        if !in_force(&rule.effective, ctx.as_of) {
            continue;
        }
        let holders = facts.holders_of(|post| rule.posts.iter().any(|p| p == post).then_some(1.0));
        let mut townships: BTreeMap<(&str, &str), Vec<&Holder>> = BTreeMap::new();
        for holder in holders {
            townships.entry((holder.county, holder.township)).or_default().push(holder);
        }
        for members in townships.values() {
            let places = places(rule, members.len());
            // Score on the grid, person.
            let mut able: Vec<(i64, &Holder, Findings)> = Vec::new();
            let mut open: Vec<(&Holder, Findings)> = Vec::new();
            for holder in members.iter().copied() {
                let found = findings(facts, holder, rule, ctx);
                match (overall(found.iter()), facts.score(holder).and_then(|s| s.score)) {
                    (State::Met, Some(score)) => able.push((grid(score), holder, found)),
                    (State::Missed, _) => {}
                    _ => open.push((holder, found)),
                }
            }
            able.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1.village, a.1.person).cmp(&(b.1.village, b.1.person))));
            let scores: Vec<i64> = able.iter().map(|a| a.0).collect();
            let taken = within(&scores, places);
            let entry = |holder: &Holder<'a>, found: &Findings<'a>, order, state| {
                let score = facts.score(holder).and_then(|s| s.score);
                let mut pros = texts.conditions(found, State::Met);
                pros.push(texts.places(rule, holder, places, members.len()));
                let mut cons = texts.conditions(found, State::Unknown);
                let cautions = facts.barred(holder, &ctx.policy.motivate.cautions, ctx);
                cons.extend(cautions.iter().map(|event| texts.caution(event)));
                if facts.weak.contains(&(holder.county, holder.village)) {
                    cons.push(texts.village_weak());
                }
                if state == "next" {
                    // Places stay free only where a tie crosses the last of them.
                    let tied = taken < places && scores.get(places).copied() == score.map(grid);
                    cons.insert(0, texts.next_in_line(tied));
                }
                Entry {
                    rule: key,
                    kind: rule.kind,
                    holder: *holder,
                    order: (at, order),
                    state,
                    places,
                    score,
                    pros: texts.joined(&pros),
                    cons: texts.joined(&cons),
                }
            };
            for (place, (score, holder, found)) in able.iter().enumerate() {
                // People of one score share a place.
                let order = scores.iter().take_while(|s| *s > score).count() + 1;
                all.push(entry(holder, found, Some(order), if place < taken { "candidate" } else { "next" }));
            }
            for (holder, found) in &open {
                all.push(entry(holder, found, None, "to_clarify"));
            }
        }
    }
    all.sort_by(|a, b| {
        let place = |e: &Entry| (e.order.0, e.order.1.unwrap_or(usize::MAX));
        (a.holder.county, a.holder.township, place(a), a.holder.village, a.holder.person).cmp(&(
            b.holder.county,
            b.holder.township,
            place(b),
            b.holder.village,
            b.holder.person,
        ))
    });
    all
}

/// Table `honours`: see [`super::Motivate`].
pub(super) fn table<'a>(facts: &Facts<'a>, ctx: &Context<'a>) -> FrameResult<DataFrame> {
    let all = entries(facts, ctx);
    let kind = |e: &Entry| match e.kind {
        HonourKind::Honour => "honour",
        HonourKind::Representation => "representation",
    };
    let rec_id =
        |e: &Entry| Some(ident::recommendation("honour", e.holder.person, &format!("motivate.honours.{}", e.rule)));
    keys(all.iter().map(|e| &e.holder))
        .str("rule", &all.iter().map(|e| e.rule).collect::<Vec<_>>())
        .str("kind", &all.iter().map(kind).collect::<Vec<_>>())
        .str("state", &all.iter().map(|e| e.state).collect::<Vec<_>>())
        .whole("order", all.iter().map(|e| e.order.1.map(|o| o as i64)).collect())
        .whole("places", all.iter().map(|e| Some(e.places as i64)).collect())
        .number("score", all.iter().map(|e| e.score).collect())
        .str("reasons_for", &all.iter().map(|e| e.pros.as_str()).collect::<Vec<_>>())
        .str("reasons_against", &all.iter().map(|e| e.cons.as_str()).collect::<Vec<_>>())
        .text("rec_id", all.iter().map(rec_id).collect())
        .done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_tie_across_the_last_place_nobody_gets_it() {
        assert_eq!(within(&[9, 8, 7, 6], 2), 2);
        assert_eq!(within(&[9, 8, 8, 6], 2), 1);
        assert_eq!(within(&[8, 8, 8, 6], 2), 0);
        assert_eq!(within(&[9, 8, 8], 3), 3);
        assert_eq!(within(&[9], 0), 0);
        assert_eq!(within(&[], 2), 0);
    }
}
