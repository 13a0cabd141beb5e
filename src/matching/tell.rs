//! Why an instance has no solution, with the names of its tables.

use super::error::SolveError;
use super::load::Loaded;
use super::policy::MatchPolicy;
use super::quotas::CONFLICT;
use super::solve::Proof;
use crate::lang::Lang;
use crate::say;

/// Names that one message lists; more are counted.
const NAMED: usize = 8;

/// A quota as the policy has it: its key, with the group of vacancies where it is one of several.
pub fn quota_name(key: &str, value: &str) -> String {
    if value.is_empty() { key.to_owned() } else { format!("{key} [{value}]") }
}

/// The message in the reader's language: what contradicts what, and the least that would have to give.
/// `called` names a quota by its key and the value that it is for.
pub fn tell(
    error: &SolveError,
    loaded: &Loaded,
    policy: &MatchPolicy,
    lang: Lang,
    called: &dyn Fn(&str, &str) -> String,
) -> String {
    let list = |mut names: Vec<String>| {
        let all = names.len();
        names.truncate(NAMED);
        let text = names.join(&lang.text("list-comma"));
        if all > NAMED { say!(lang, "match-and-more", names = text, more = all - NAMED) } else { text }
    };
    let posts = |of: &[u32]| {
        let mut of = of.to_vec();
        of.dedup();
        list(of.iter().map(|p| loaded.vacancies.name(*p)).collect())
    };
    let people = |of: &[u32]| list(of.iter().map(|p| loaded.candidates.name(*p)).collect());
    match error {
        SolveError::TooLarge(_) => lang.text("match-fault-too-large"),
        SolveError::WideDraws => lang.text("match-fault-wide-draws"),
        SolveError::ForcedTwice { person, posts: (one, other) } => say!(
            lang,
            "match-fault-forced-twice",
            candidate = people(&[*person]),
            one = posts(&[*one]),
            other = posts(&[*other])
        ),
        SolveError::Nowhere(who) => say!(lang, "match-fault-nowhere", count = who.len(), people = people(who)),
        SolveError::Held { people: who, seats } => say!(
            lang,
            "match-fault-held",
            count = who.len(),
            people = people(who),
            seats = seats.len(),
            vacancies = posts(seats)
        ),
        SolveError::Earlier => lang.text("match-fault-previous-rules"),
        SolveError::NotFound => lang.text("match-fault-not-found"),
        SolveError::Stable(why) => {
            let instance = &loaded.instance;
            if instance.forced.is_empty() && instance.holds.iter().all(Option::is_none) {
                say!(lang, "match-fault-stable", why = why)
            } else {
                lang.text("match-fault-stable-must")
            }
        }
        SolveError::Unmet(unmet) => {
            let name = |at: &u32| match loaded.instance.bounds.get(*at as usize) {
                None => match &unmet.refuted.proof {
                    Proof::Bounded(bounded) => {
                        let who = people(bounded.problem.members(*at as usize));
                        say!(lang, "match-bound-must-place", person = who)
                    }
                    _ => String::new(),
                },
                Some(bound) => match policy.quotas.get_index(bound.quota) {
                    Some((key, _)) => called(key, &bound.value),
                    None if bound.quota == CONFLICT => quota_name(&people(&bound.people), &bound.value),
                    None => bound.value.clone(),
                },
            };
            // In people who would have to be others: of shares a unit is a part of one.
            let exchanged = |at: &u32, units: i64| match loaded.instance.bounds.get(*at as usize) {
                Some(bound) => -(-units).div_euclid((bound.inside - bound.outside).abs().max(1)),
                None => units,
            };
            let relax = unmet.relax.iter().map(|(at, short, over)| {
                if *short > 0 {
                    say!(lang, "match-relax-least", bound = name(at), by = exchanged(at, *short))
                } else {
                    say!(lang, "match-relax-most", bound = name(at), by = exchanged(at, *over))
                }
            });
            say!(
                lang,
                "match-fault-unmet",
                count = unmet.bounds.len(),
                bounds = list(unmet.bounds.iter().map(name).collect()),
                irreducible = i64::from(unmet.irreducible && unmet.bounds.len() > 1),
                least = i64::from(unmet.least),
                relax = list(relax.collect())
            )
        }
    }
}
