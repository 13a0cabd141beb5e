//! From the policy's quotas and conflicts to bounds on numbers of people.
//!
//! With n seats of the counted posts, s sitting members of the group and S sitting members in all, a
//! share q of seats asks for q·(n + S) people, rounded as the policy says, less the s who sit. A share
//! of filled seats is a bound on chosen pairs x: 10 000·(x(group) + s) against 10 000 q·(x(all) + S).

use std::collections::BTreeMap;

use super::error::{Fault, MatchError};
use super::ids::Ids;
use super::instance::{Bound, Instance};
use super::load::{Words, yes_no};
use super::policy::{Basis, Condition, Conflicts, MatchPolicy, Quota, Range, Rounding, SHARES, Word};
use super::sheet::{Keys, Sheet};
use crate::book::value::{fold, mask};

type Read<'a> = &'a dyn Fn(&str, &str) -> Result<Words, MatchError>;

/// The tables of attributes of both sides: column and the policy's key that asks for it → values.
pub(super) struct Attributes<'a> {
    pub post: Read<'a>,
    pub person: Read<'a>,
    /// Names of the two files.
    pub files: &'a (String, String),
}

/// A column of whole numbers from 0 on by post; `without` where the policy names none.
pub(super) fn wholes(
    column: &Option<String>,
    key: &str,
    attributes: &Attributes,
    posts: usize,
    without: i64,
) -> Result<Vec<i64>, MatchError> {
    let Some(column) = column else { return Ok(vec![without; posts]) };
    let found = (attributes.post)(column, key)?;
    let value = |(word, row): (Option<String>, usize)| {
        let Some(word) = word else { return Ok(without) };
        match word.parse::<f64>() {
            Ok(n) if n.fract() == 0.0 && (0.0..1e6).contains(&n) => Ok(n as i64),
            _ => Err(MatchError::from(Fault::Cell {
                file: attributes.files.0.clone(),
                row,
                column: column.clone(),
                value: mask(&word),
                wanted: "match-wanted-whole",
            })),
        }
    };
    found.words.into_iter().zip(found.rows).map(value).collect()
}

/// Bounds of all quotas of a policy.
pub(super) fn bounds(
    policy: &MatchPolicy,
    instance: &Instance,
    attributes: &Attributes,
) -> Result<Vec<Bound>, MatchError> {
    let mut bounds = Vec::new();
    for (at, (name, quota)) in policy.quotas.iter().enumerate() {
        let key = format!("match.quotas.{name}");
        let members = holding(&quota.of, &format!("{key}.of"), attributes.person, instance.people)?;
        let counted = holding(&quota.within, &format!("{key}.where"), attributes.post, instance.posts())?;
        if !counted.is_empty() && !counted.contains(&true) {
            return Err(Fault::NoneWhere { key: format!("{key}.where") }.into());
        }
        let mut groups: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        match &quota.per {
            None => drop(groups.insert(String::new(), (0..instance.posts() as u32).collect())),
            Some(column) => {
                let values = (attributes.post)(column, &format!("{key}.per"))?;
                for (post, value) in values.words.into_iter().enumerate() {
                    if let Some(value) = value {
                        groups.entry(value).or_default().push(post as u32);
                    }
                }
            }
        }
        let column =
            |name: &Option<String>, part: &str| wholes(name, &format!("{key}.{part}"), attributes, instance.posts(), 0);
        let (sitting, sitting_all) = (column(&quota.sitting, "sitting")?, column(&quota.sitting_all, "sitting_all")?);
        let people: Vec<u32> = (0..instance.people as u32).filter(|p| members[*p as usize]).collect();
        if people.is_empty() {
            return Err(Fault::NobodyOf { key: format!("{key}.of") }.into());
        }
        for (value, posts) in groups {
            let posts: Vec<u32> = posts.into_iter().filter(|p| counted[*p as usize]).collect();
            let sum = |of: &[i64]| posts.iter().map(|p| of[*p as usize]).sum::<i64>();
            let (sitting, sitting_all) = (sum(&sitting), sum(&sitting_all));
            let seats = posts.iter().map(|p| i64::from(instance.seats[*p as usize])).sum::<i64>();
            if posts.is_empty() || seats + sitting_all < quota.min_seats {
                continue;
            }
            let soft = quota.soft.map(|points| instance.grid.put(points).unwrap_or(i64::MAX));
            let bound = Bound {
                quota: at,
                value,
                posts,
                people: people.clone(),
                inside: 1,
                outside: 0,
                least: None,
                most: None,
                soft,
                seats,
                sitting,
                sitting_all,
            };
            bounds.extend(bounds_of(quota, bound));
        }
    }
    Ok(bounds)
}

/// The bounds of one quota in one group: shares of filled seats weigh pairs otherwise than numbers.
pub(crate) fn bounds_of(quota: &Quota, group: Bound) -> Vec<Bound> {
    let part = |share: f64| libm::rint(share * SHARES as f64) as i64;
    let total = group.seats + group.sitting_all;
    let mut found = Vec::new();
    let (mut least, mut most) = (quota.least, quota.most);
    if quota.basis == Basis::Seats {
        least = least.or(quota.least_share.map(|share| rounded(part(share) * total, quota.rounding, true)));
        most = most.or(quota.most_share.map(|share| rounded(part(share) * total, quota.rounding, false)));
    } else {
        // 10 000·(x + s) − q·(y + S) against the slack that rounding leaves; y are all chosen pairs.
        let filled = |share: f64, least: bool| {
            let q = part(share);
            let slack = match (quota.rounding, least) {
                (Rounding::Strict, _) | (Rounding::Down, false) => 0,
                (Rounding::Down, true) => 1 - SHARES,
                (Rounding::Nearest, true) => 1 - SHARES / 2,
                (Rounding::Nearest, false) => SHARES / 2,
            };
            let constant = slack + q * group.sitting_all - SHARES * group.sitting;
            let divisor = gcd(SHARES - q, q).max(1);
            let mut bound = Bound { inside: (SHARES - q) / divisor, outside: -q / divisor, ..group.clone() };
            match least {
                true => bound.least = Some(-(-constant).div_euclid(divisor)),
                false => bound.most = Some(constant.div_euclid(divisor)),
            }
            bound
        };
        found.extend(quota.least_share.map(|share| filled(share, true)));
        found.extend(quota.most_share.map(|share| filled(share, false)));
    }
    if least.is_some() || most.is_some() {
        let sitting = group.sitting;
        let (least, most) = (least.map(|n| (n - sitting).max(0)), most.map(|n| n - sitting));
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            // Two bounds that contradict each other are told as such.
            found.push(Bound { least, ..group.clone() });
            found.push(Bound { most, ..group });
        } else {
            found.push(Bound { least, most, ..group });
        }
    }
    found
}

/// Ten-thousandths as a number of people.
fn rounded(parts: i64, rounding: Rounding, least: bool) -> i64 {
    match (rounding, least) {
        (Rounding::Strict, true) => -(-parts).div_euclid(SHARES),
        (Rounding::Strict, false) | (Rounding::Down, _) => parts.div_euclid(SHARES),
        (Rounding::Nearest, _) => (parts + SHARES / 2).div_euclid(SHARES),
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// Who meets all conditions.
fn holding(
    conditions: &indexmap::IndexMap<String, Condition>,
    key: &str,
    read: Read,
    count: usize,
) -> Result<Vec<bool>, MatchError> {
    let mut held = vec![true; count];
    for (column, condition) in conditions {
        let words = read(column, key)?;
        for (held, word) in held.iter_mut().zip(&words.words) {
            *held &= word.as_deref().is_some_and(|word| holds(condition, word));
        }
    }
    Ok(held)
}

fn holds(condition: &Condition, word: &str) -> bool {
    let number = || word.parse::<f64>().ok();
    match condition {
        Condition::Range(Range { min, max }) => {
            number().is_some_and(|n| min.is_none_or(|min| n >= min) && max.is_none_or(|max| n <= max))
        }
        Condition::Words(words) => words.iter().any(|wanted| match wanted {
            Word::Flag(flag) => yes_no(word) == Some(*flag),
            Word::Whole(whole) => number() == Some(*whole as f64),
            Word::Number(value) => number() == Some(*value),
            Word::Text(text) => fold(text) == fold(word),
        }),
    }
}

/// Bounds of 1 on the two of every conflict, within every value of a column of posts.
pub(super) fn conflicts(
    rule: &Conflicts,
    sheet: &Sheet,
    file: &str,
    people: &Ids,
    instance: &mut Instance,
    attributes: &Attributes,
) -> Result<(), MatchError> {
    let rows = sheet.filled();
    let side = |name: &str, key: &str| -> Result<Vec<u32>, MatchError> {
        let keys: Keys = sheet.keys(sheet.must(name, key)?, &rows)?;
        let places = people.places(&keys).into_iter().enumerate();
        places
            .map(|(at, place)| {
                let unknown = || Fault::Cell {
                    file: file.to_owned(),
                    row: sheet.number(rows[at]),
                    column: name.to_owned(),
                    value: mask(&keys.name(at)),
                    wanted: "match-wanted-candidate",
                };
                place.ok_or_else(|| MatchError::from(unknown()))
            })
            .collect()
    };
    let one = side(&rule.one, "match.conflicts.one")?;
    let other = side(&rule.other, "match.conflicts.other")?;
    if let Some(at) = (0..rows.len()).find(|at| one[*at] == other[*at]) {
        return Err(Fault::Cell {
            file: file.to_owned(),
            row: sheet.number(rows[at]),
            column: rule.other.clone(),
            value: mask(&people.name(other[at])),
            wanted: "match-wanted-another",
        }
        .into());
    }
    let mut pairs: Vec<(u32, u32)> =
        one.into_iter().zip(other).filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let places: Vec<Option<String>> = match &rule.within {
        Some(column) => (attributes.post)(column, "match.conflicts.within")?.words,
        None => vec![Some(String::new()); instance.posts()],
    };
    let found = conflict_bounds(instance, &pairs, &|post| places[post as usize].as_deref());
    instance.bounds.extend(found);
    Ok(())
}

/// A bound of 1 on the two of each pair within every place where both could be placed and there is room
/// for both; pairs are sorted, and a post without a place counts nowhere.
pub(crate) fn conflict_bounds<'p>(
    instance: &Instance,
    pairs: &[(u32, u32)],
    place: &dyn Fn(u32) -> Option<&'p str>,
) -> Vec<Bound> {
    let mut posts_of: BTreeMap<u32, Vec<u32>> = pairs.iter().flat_map(|(a, b)| [*a, *b]).map(|p| (p, vec![])).collect();
    if posts_of.is_empty() {
        return Vec::new();
    }
    for post in 0..instance.posts() {
        // Of pairs that are forbidden it is asked what they would bring.
        let from = instance.forbidden.partition_point(|(of, ..)| (*of as usize) < post);
        let forbidden = instance.forbidden[from..].iter().take_while(|(of, ..)| *of as usize == post);
        let forbidden = forbidden.map(|(_, person, _)| *person);
        for person in instance.edges(post).map(|(person, _)| person).chain(forbidden) {
            if let Some(posts) = posts_of.get_mut(&person) {
                posts.push(post as u32);
            }
        }
    }
    let mut bounds = Vec::new();
    for &(a, b) in pairs {
        let mut groups: BTreeMap<&str, (Vec<u32>, [bool; 2])> = BTreeMap::new();
        for (who, person) in [a, b].into_iter().enumerate() {
            for post in &posts_of[&person] {
                if let Some(place) = place(*post) {
                    let group = groups.entry(place).or_default();
                    group.0.push(*post);
                    group.1[who] = true;
                }
            }
        }
        for (value, (mut posts, both)) in groups {
            posts.sort_unstable();
            posts.dedup();
            let seats: i64 = posts.iter().map(|p| i64::from(instance.seats[*p as usize])).sum();
            // With one seat there is room for one of them anyway.
            if both == [true, true] && seats > 1 {
                bounds.push(Bound {
                    quota: CONFLICT,
                    value: value.to_owned(),
                    posts,
                    people: vec![a, b],
                    inside: 1,
                    most: Some(1),
                    seats,
                    ..Bound::default()
                });
            }
        }
    }
    bounds
}

/// In place of a quota's number: a conflict of two people.
pub(crate) const CONFLICT: usize = usize::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    fn group(seats: i64) -> Bound {
        Bound { seats, inside: 1, ..Bound::default() }
    }

    #[test]
    fn shares_of_seats_round_as_the_policy_says() {
        let bound = |rounding, least: Option<f64>, most: Option<f64>| {
            let quota = Quota { least_share: least, most_share: most, rounding, ..Quota::default() };
            // A least above the most makes two bounds.
            let found = bounds_of(&quota, group(7));
            (found.iter().find_map(|b| b.least), found.iter().find_map(|b| b.most))
        };
        assert_eq!(bound(Rounding::Strict, Some(0.4), Some(0.4)), (Some(3), Some(2)));
        assert_eq!(bound(Rounding::Down, Some(0.4), Some(0.4)), (Some(2), Some(2)));
        assert_eq!(bound(Rounding::Nearest, Some(0.4), Some(0.4)), (Some(3), Some(3)));
        assert_eq!(bound(Rounding::Nearest, Some(0.5), None), (Some(4), None));
    }

    #[test]
    fn sitting_members_count_when_the_policy_says_so() {
        let quota = Quota { least_share: Some(0.5), ..Quota::default() };
        let found = bounds_of(&quota, Bound { sitting: 2, sitting_all: 3, ..group(3) });
        // Half of 6 is 3, 2 of them sit.
        assert_eq!(found[0].least, Some(1));
        let quota = Quota { least: Some(1), ..Quota::default() };
        assert_eq!(bounds_of(&quota, Bound { sitting: 2, ..group(3) })[0].least, Some(0));
    }

    #[test]
    fn shares_of_filled_seats_hold_for_whatever_is_filled() {
        for rounding in [Rounding::Strict, Rounding::Down, Rounding::Nearest] {
            for (share, sitting, sitting_all) in [(0.4, 0, 0), (0.25, 1, 2), (1.0, 0, 3), (0.0, 0, 0), (0.3333, 2, 5)] {
                let of = |least: bool| {
                    let quota = Quota {
                        least_share: least.then_some(share),
                        most_share: (!least).then_some(share),
                        basis: Basis::Filled,
                        rounding,
                        ..Quota::default()
                    };
                    bounds_of(&quota, Bound { sitting, sitting_all, ..group(9) }).remove(0)
                };
                let (lower, upper) = (of(true), of(false));
                for inside in 0..6 {
                    for outside in 0..6 {
                        let total = inside + outside + sitting_all;
                        let parts = libm::rint(share * SHARES as f64) as i64 * total;
                        let value = |b: &Bound| b.inside * inside + b.outside * outside;
                        let wanted = inside + sitting >= rounded(parts, rounding, true);
                        assert_eq!(value(&lower) >= lower.least.unwrap_or(0), wanted, "{rounding:?} {share}");
                        let wanted = inside + sitting <= rounded(parts, rounding, false);
                        assert_eq!(value(&upper) <= upper.most.unwrap_or(0), wanted, "{rounding:?} {share}");
                    }
                }
            }
        }
    }
}
