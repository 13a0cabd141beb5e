//! The ladder (梯次) of each village: does somebody stand behind the secretary?

use chrono::Datelike;
use polars::prelude::DataFrame;

use super::joined;
use super::policy::StructurePolicy;
use super::roll::{Holder, Roll};
use crate::frame::{Build, FrameResult};
use crate::say;
use crate::stage::Context;

/// Who leads a village, as far as its ladder is concerned.
enum Head<'r> {
    Person(&'r super::roll::Person<'r>),
    /// Empty, perhaps since a day.
    Empty(Option<chrono::NaiveDate>),
    /// The book knows only a later holder.
    Later,
    /// No row of the main post.
    NoRecord,
}

/// Reserves of a village, the sitting head left out: an entry that the pool has not yet closed is
/// nobody who could follow.
#[derive(Clone, Copy, Default)]
struct Reserves {
    people: u32,
    members: u32,
    young: u32,
    /// Of unknown age: perhaps young.
    ageless: u32,
    /// Sitting heads still listed in the pool.
    sitting: u32,
}

/// Table `ladder`: county, township, village, village_name, posts, in_pool, members_in_pool,
/// secretary_age, years_to_limit, state (held/thin/broken), reason. One row per village, sorted by
/// county, township, village.
///
/// - `posts`: seats of the village in the book, empty ones included;
/// - `in_pool`, `members_in_pool`: people of the village in the pool, and full Party members among
///   them, without the sitting head;
/// - `secretary_age`: full years at the reference date; null for an empty post or unknown birth;
/// - `years_to_limit`: years from the reference date's year to the one in which the head passes the
///   age limit (0: this year; negative: passed already);
/// - `state`: see [`super::policy::LadderRules`]. What the book does not know never makes a ladder
///   broken; the reason says what is to be clarified.
///
/// Beside it the reasons in a form without ages and counts, for readers who get neither.
pub fn ladder(roll: &Roll, ctx: &Context) -> FrameResult<(DataFrame, Vec<String>)> {
    let policy = &ctx.policy.structure;
    let (heads, seats) = heads(roll, policy);
    let reserves = reserves(roll, &heads, policy);
    let mut text: [Vec<&str>; 5] = Default::default();
    let [county, township, key, name, state] = &mut text;
    let mut whole: [Vec<Option<i64>>; 5] = Default::default();
    let [posts, in_pool, members, age, years] = &mut whole;
    let (mut reasons, mut plain) = (Vec::with_capacity(roll.villages.len()), Vec::with_capacity(roll.villages.len()));
    for (at, village) in roll.villages.iter().enumerate() {
        let left = match &heads[at] {
            Head::Person(person) => person.passes(policy.age_limit.age).map(|year| year - ctx.as_of.year()),
            _ => None,
        };
        let (verdict, reason, without) = judge(&heads[at], left, reserves[at], ctx);
        county.push(roll.counties[village.county]);
        township.push(village.township);
        key.push(village.key);
        name.push(village.name);
        posts.push(Some(i64::from(seats[at])));
        in_pool.push(Some(i64::from(reserves[at].people)));
        members.push(Some(i64::from(reserves[at].members)));
        age.push(match &heads[at] {
            Head::Person(person) => person.age.map(i64::from),
            _ => None,
        });
        years.push(left.map(i64::from));
        state.push(verdict);
        reasons.push(reason);
        plain.push(without);
    }
    let [posts, in_pool, members, age, years] = whole;
    let table = Build::new()
        .str("county", county)
        .str("township", township)
        .str("village", key)
        .str("village_name", name)
        .whole("posts", posts)
        .whole("in_pool", in_pool)
        .whole("members_in_pool", members)
        .whole("secretary_age", age)
        .whole("years_to_limit", years)
        .str("state", state)
        .str("reason", &reasons)
        .done()?;
    Ok((table, plain))
}

/// Head and number of seats of each village. A named holder wins over an empty row of the same
/// post; of two named holders the first code.
fn heads<'r>(roll: &'r Roll, policy: &StructurePolicy) -> (Vec<Head<'r>>, Vec<u32>) {
    let mut heads: Vec<Head> = roll.villages.iter().map(|_| Head::NoRecord).collect();
    let mut seats = vec![0; roll.villages.len()];
    for seat in &roll.seats {
        seats[seat.village] += 1;
        if seat.post != policy.main_post {
            continue;
        }
        let head = &mut heads[seat.village];
        // Seats are sorted: people, then empty, then unknown.
        if matches!(head, Head::NoRecord) {
            *head = match seat.holder {
                Holder::Person(person) => Head::Person(&roll.people[person]),
                Holder::Empty => Head::Empty(seat.vacant_since),
                Holder::Unknown => Head::Later,
            };
        }
    }
    (heads, seats)
}

fn reserves(roll: &Roll, heads: &[Head], policy: &StructurePolicy) -> Vec<Reserves> {
    let mut reserves = vec![Reserves::default(); roll.villages.len()];
    let mut listed: Vec<(usize, usize)> = roll.reserves.iter().filter_map(|r| Some((r.village?, r.person))).collect();
    listed.sort_unstable();
    listed.dedup();
    for (village, person) in listed {
        let person = &roll.people[person];
        let here = &mut reserves[village];
        if matches!(&heads[village], Head::Person(head) if head.code == person.code) {
            here.sitting += 1;
            continue;
        }
        here.people += 1;
        here.members += u32::from(person.member);
        here.young += u32::from(person.age.is_some_and(|age| age <= policy.bands.young_max));
        here.ageless += u32::from(person.age.is_none());
    }
    reserves
}

/// State, reason, and the reason without figures about people.
fn judge(head: &Head, left: Option<i32>, here: Reserves, ctx: &Context) -> (&'static str, String, String) {
    let (policy, lang) = (&ctx.policy.structure, ctx.lang);
    let (rules, limit) = (&policy.ladder, policy.age_limit.age);
    let mut said: Vec<String> = Vec::new();
    let mut plain: Vec<String> = Vec::new();
    let mut both = |full: String, short: String| {
        said.push(full);
        plain.extend(Some(short).filter(|s| !s.is_empty()));
    };
    let alike = |text: String| (text.clone(), text);
    let mut shaky = true;
    let (full, short) = match (head, left) {
        (Head::Empty(None), _) => alike(say!(lang, "structure-head-empty")),
        (Head::Empty(Some(day)), _) => alike(say!(lang, "structure-head-empty-since", day = *day)),
        (Head::Person(person), Some(left)) => {
            let age = person.age.unwrap_or_default();
            shaky = left <= i32::try_from(rules.horizon_years).unwrap_or(i32::MAX);
            if age > limit {
                (
                    say!(lang, "structure-head-past", age = age, limit = limit),
                    say!(lang, "structure-plain-past", limit = limit),
                )
            } else if shaky {
                let year = (ctx.as_of.year() + left).to_string();
                (
                    say!(lang, "structure-head-near", age = age, limit = limit, year = year),
                    say!(lang, "structure-plain-near", limit = limit, years = rules.horizon_years),
                )
            } else {
                (
                    say!(lang, "structure-head-far", age = age, limit = limit, years = left),
                    say!(lang, "structure-plain-far", limit = limit, years = rules.horizon_years),
                )
            }
        }
        (Head::Person(_), None) => {
            shaky = false;
            alike(say!(lang, "structure-head-ageless"))
        }
        (Head::Later, _) => {
            shaky = false;
            alike(say!(lang, "structure-head-later"))
        }
        (Head::NoRecord, _) => {
            shaky = false;
            alike(say!(lang, "structure-head-no-record"))
        }
    };
    both(full, short);
    let empty = matches!(head, Head::Empty(_));
    let few = here.people < rules.min_in_pool;
    let few_members = here.members < rules.min_members;
    // Somebody of unknown age may be young: no shortage is claimed.
    let few_young = here.young + here.ageless < rules.min_young;
    let least = rules.min_in_pool;
    let unless_few = |text: String| if few { String::new() } else { text };
    if here.people == 0 {
        // Without figures, nobody and too few are the same: else the number could be told.
        let short =
            if few { say!(lang, "structure-plain-few", least = least) } else { lang.text("structure-reserve-none") };
        both(say!(lang, "structure-reserve-none"), short);
    } else if few {
        both(
            say!(lang, "structure-reserve-few", people = here.people, least = least),
            say!(lang, "structure-plain-few", least = least),
        );
    } else {
        both(
            say!(lang, "structure-reserve-enough", people = here.people, least = least),
            say!(lang, "structure-plain-enough", least = least),
        );
    }
    if here.people > 0 && few_members {
        let least = rules.min_members;
        both(
            say!(lang, "structure-reserve-few-members", members = here.members, least = least),
            unless_few(say!(lang, "structure-plain-few-members", least = least)),
        );
    }
    if here.people > 0 && few_young {
        let (age, least) = (policy.bands.young_max, rules.min_young);
        both(
            say!(lang, "structure-reserve-few-young", young = here.young, least = least, age = age),
            unless_few(say!(lang, "structure-plain-few-young", least = least, age = age)),
        );
    }
    if here.ageless > 0 {
        both(
            say!(lang, "structure-reserve-ageless", people = here.ageless),
            unless_few(lang.text("structure-plain-ageless")),
        );
    }
    if here.sitting > 0 {
        both(
            say!(lang, "structure-reserve-sitting", people = here.sitting),
            unless_few(lang.text("structure-plain-sitting")),
        );
    }
    let state = if here.people == 0 && shaky {
        "broken"
    } else if empty || few || few_members || few_young {
        "thin"
    } else {
        "held"
    };
    (state, joined(lang, &said), joined(lang, &plain))
}
