//! Why an instance has no solution, with the names of its tables.

use super::error::SolveError;
use super::load::Loaded;
use super::policy::MatchPolicy;
use super::quotas::CONFLICT;
use crate::lang::Lang;
use crate::say;

/// Names that one message lists; more are counted.
const NAMED: usize = 8;

/// The message in the reader's language: what contradicts what, and the least that would have to give.
pub fn tell(error: &SolveError, loaded: &Loaded, policy: &MatchPolicy, lang: Lang) -> String {
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
        SolveError::TooLarge(what) => say!(lang, "match-fault-too-large", what = what),
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
        SolveError::Stable(why) => why.clone(),
        SolveError::Unmet(unmet) => {
            let name = |at: &u32| match loaded.instance.bounds.get(*at as usize) {
                None => lang.text("match-bound-must-place"),
                Some(bound) => {
                    let key = match bound.quota {
                        CONFLICT => people(&bound.people),
                        rule => policy.quotas.get_index(rule).map_or_else(String::new, |(key, _)| key.clone()),
                    };
                    if bound.value.is_empty() { key } else { format!("{key} [{}]", bound.value) }
                }
            };
            let relax = unmet.relax.iter().map(|(at, short, over)| {
                if *short > 0 {
                    say!(lang, "match-relax-least", bound = name(at), by = *short)
                } else {
                    say!(lang, "match-relax-most", bound = name(at), by = *over)
                }
            });
            say!(
                lang,
                "match-fault-unmet",
                count = unmet.bounds.len(),
                bounds = list(unmet.bounds.iter().map(name).collect()),
                irreducible = i64::from(unmet.irreducible),
                least = i64::from(unmet.least),
                relax = list(relax.collect())
            )
        }
    }
}
