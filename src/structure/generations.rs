//! Old, middle and young (老中青): by post, township and class and for the pool, against targets.

use std::collections::{BTreeSet, HashMap};

use polars::prelude::DataFrame;

use super::policy::{POOL, StructurePolicy};
use super::roll::{ALL, Holder, Roll, UNSPECIFIED};
use crate::book::schema::Vocab;
use crate::frame::{Build, FrameResult};
use crate::stage::Context;

/// Key of villages that the book gives no class.
pub const UNCLASSIFIED: &str = "unclassified";

/// Groups in the order of output.
pub const GROUPS: [&str; 4] = ["old", "middle", "young", "unknown"];

const DIMENSIONS: [&str; 4] = ["post", "township", "class", POOL];

/// The group of an age: index into [`GROUPS`].
pub fn group(age: Option<i32>, policy: &StructurePolicy) -> usize {
    match age {
        None => 3,
        Some(age) if age <= policy.bands.young_max => 2,
        Some(age) if age <= policy.bands.middle_max => 1,
        Some(_) => 0,
    }
}

/// What a share is against its target.
///
/// `unknown` people of the same team might belong to the group as well, so its true share lies
/// between `people/total` and `(people + unknown)/total`. A verdict is given only if the whole
/// range agrees; else, without a target, and for teams of fewer than `least` people: `none`.
pub fn verdict(people: u32, unknown: u32, total: u32, target: Option<[f64; 2]>, least: u32) -> &'static str {
    let Some([low, high]) = target else { return "none" };
    if total == 0 || total < least {
        return "none";
    }
    let (from, to) =
        (f64::from(people) / f64::from(total), f64::from(people.saturating_add(unknown)) / f64::from(total));
    if to < low {
        "low"
    } else if from > high {
        "high"
    } else if from >= low && to <= high {
        "ok"
    } else {
        "none"
    }
}

/// One appearance of a person in a team; `person` is [`NOBODY`] for a team that merely exists.
/// Fields are ranks, so that sorting gives the order of output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    county: u32,
    dimension: u32,
    key: u32,
    post: u32,
    person: u32,
}

const NOBODY: u32 = u32::MAX;

/// Codes in the order of output, and the place of each.
struct Order<'a> {
    codes: Vec<&'a str>,
    places: HashMap<&'a str, u32>,
}

impl<'a> Order<'a> {
    /// Codes that the policy orders first, then all others by name, then the codes of last resort.
    fn new(policy: impl Iterator<Item = &'a str>, seen: BTreeSet<&'a str>, last: &[&'a str]) -> Self {
        let mut codes: Vec<&str> = policy.filter(|code| !last.contains(code)).collect();
        let known: BTreeSet<&str> = codes.iter().copied().collect();
        codes.extend(seen.into_iter().filter(|code| !known.contains(code) && !last.contains(code)));
        codes.extend(last);
        let places = codes.iter().zip(0..).map(|(code, at)| (*code, at)).collect();
        Order { codes, places }
    }

    /// Place of a code that [`Order::new`] was given.
    fn place(&self, code: &str) -> u32 {
        self.places.get(code).copied().unwrap_or(NOBODY)
    }
}

/// Table `structure`: dimension, key, county, post, group, people, share, target_low, target_high,
/// state. One row per team and group; a team is a county's post (key: the post), a township's or a
/// class's holders of a post, or the pool (key `pool`; post: the target post), and of each also
/// `all` posts together. People are counted once per team. `share` is of all people of the team,
/// those of unknown age included, and null for a team without people.
pub fn generations(roll: &Roll, ctx: &Context) -> FrameResult<DataFrame> {
    let policy = &ctx.policy.structure;
    let words = &ctx.policy.words;
    let posts = Order::new(
        words.list(Vocab::Post).keys().map(String::as_str),
        roll.seats.iter().map(|s| s.post).chain(roll.reserves.iter().map(|r| r.post)).collect(),
        &[UNSPECIFIED, ALL],
    );
    let classes = Order::new(
        words.list(Vocab::VillageClass).keys().map(String::as_str),
        roll.villages.iter().filter_map(|v| v.class).collect(),
        &[UNCLASSIFIED],
    );
    let townships = Order::new(std::iter::empty(), roll.villages.iter().map(|v| v.township).collect(), &[]);
    let places = Places { townships: &townships, classes: &classes, posts: &posts };
    let teams = count(&entries(roll, policy, &places), roll, policy);
    table(&teams, roll, policy, &places)
}

struct Places<'o, 'a> {
    townships: &'o Order<'a>,
    classes: &'o Order<'a>,
    posts: &'o Order<'a>,
}

/// Every appearance of every person in every team, sorted, each once.
fn entries(roll: &Roll, policy: &StructurePolicy, places: &Places) -> Vec<Entry> {
    let all = places.posts.place(ALL);
    // Indices fit: a book of 2^32 rows does not fit in memory.
    let number = |index: usize| u32::try_from(index).unwrap_or(NOBODY);
    let mut entries = Vec::with_capacity(roll.seats.len() * 6 + roll.villages.len() * 4 + roll.reserves.len() * 2);
    let township = |at: usize| places.townships.place(roll.villages[at].township);
    let class = |at: usize| places.classes.place(roll.villages[at].class.unwrap_or(UNCLASSIFIED));
    for (at, village) in roll.villages.iter().enumerate() {
        let county = number(village.county);
        for post in policy.breakdown.iter().map(|p| places.posts.place(p)).chain([all]) {
            entries.push(Entry { county, dimension: 1, key: township(at), post, person: NOBODY });
            entries.push(Entry { county, dimension: 2, key: class(at), post, person: NOBODY });
        }
    }
    for seat in &roll.seats {
        let county = number(roll.villages[seat.village].county);
        let person = match seat.holder {
            Holder::Person(person) => number(person),
            Holder::Empty | Holder::Unknown => NOBODY,
        };
        let post = places.posts.place(seat.post);
        for post in [post, all] {
            entries.push(Entry { county, dimension: 0, key: post, post, person });
        }
        let single = policy.breakdown.iter().any(|p| p == seat.post).then_some(post);
        for post in single.into_iter().chain([all]) {
            entries.push(Entry { county, dimension: 1, key: township(seat.village), post, person });
            entries.push(Entry { county, dimension: 2, key: class(seat.village), post, person });
        }
    }
    for reserve in &roll.reserves {
        for post in [places.posts.place(reserve.post), all] {
            entries.push(Entry {
                county: number(reserve.county),
                dimension: 3,
                key: 0,
                post,
                person: number(reserve.person),
            });
        }
    }
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// A team (its first entry) and its people by group.
type Team = (Entry, [u32; 4]);

fn count(entries: &[Entry], roll: &Roll, policy: &StructurePolicy) -> Vec<Team> {
    let mut teams: Vec<Team> = Vec::new();
    for entry in entries {
        let team = |e: &Entry| (e.county, e.dimension, e.key, e.post);
        if teams.last().is_none_or(|(first, _)| team(first) != team(entry)) {
            teams.push((*entry, [0; 4]));
        }
        if let (Some((_, counts)), Some(person)) = (teams.last_mut(), roll.people.get(entry.person as usize)) {
            counts[group(person.age, policy)] += 1;
        }
    }
    teams
}

fn table(teams: &[Team], roll: &Roll, policy: &StructurePolicy, places: &Places) -> FrameResult<DataFrame> {
    let mut text: [Vec<&str>; 6] = Default::default();
    let [dimension, keys, county, posts, groups, state] = &mut text;
    let (mut people, mut share) = (Vec::new(), Vec::new());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for (team, counts) in teams {
        let post = places.posts.codes[team.post as usize];
        let key = match team.dimension {
            0 => post,
            1 => places.townships.codes[team.key as usize],
            2 => places.classes.codes[team.key as usize],
            _ => POOL,
        };
        let target = policy.targets.get(if team.dimension == 3 { POOL } else { post });
        let total = counts.iter().sum();
        for (at, name) in GROUPS.iter().enumerate() {
            let range = target.and_then(|t| [t.old, t.middle, t.young, None][at]);
            dimension.push(DIMENSIONS[team.dimension as usize]);
            keys.push(key);
            county.push(roll.counties[team.county as usize]);
            posts.push(post);
            groups.push(name);
            people.push(Some(i64::from(counts[at])));
            share.push((total > 0).then(|| f64::from(counts[at]) / f64::from(total)));
            low.push(range.map(|r| r[0]));
            high.push(range.map(|r| r[1]));
            state.push(verdict(counts[at], counts[3], total, range, policy.min_people));
        }
    }
    Build::new()
        .str("dimension", dimension)
        .str("key", keys)
        .str("county", county)
        .str("post", posts)
        .str("group", groups)
        .whole("people", people)
        .number("share", share)
        .number("target_low", low)
        .number("target_high", high)
        .str("state", state)
        .done()
}

#[cfg(test)]
mod tests {
    use super::verdict;

    #[test]
    fn a_verdict_stands_only_if_the_unknown_cannot_change_it() {
        let target = Some([0.1, 0.3]);
        assert_eq!(verdict(1, 0, 10, target, 5), "ok");
        assert_eq!(verdict(3, 0, 10, target, 5), "ok");
        assert_eq!(verdict(0, 0, 10, target, 5), "low");
        assert_eq!(verdict(0, 1, 10, target, 5), "none");
        assert_eq!(verdict(2, 1, 10, target, 5), "ok");
        assert_eq!(verdict(3, 1, 10, target, 5), "none");
        assert_eq!(verdict(4, 1, 10, target, 5), "high");
        assert_eq!(verdict(4, 0, 4, target, 5), "none");
        assert_eq!(verdict(0, 0, 0, target, 0), "none");
        assert_eq!(verdict(4, 0, 10, None, 0), "none");
    }
}
