//! Who is meant: villages, the holders of the posts that the policy names, and which villages share
//! a leader. As known on the reference date: a term that starts later is not.

use std::collections::HashMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::stage::Context;

/// A village of the book, from `villages` or, where that table lacks it, from `posts` or `pool`.
pub(super) struct Village<'a> {
    pub county: &'a str,
    pub township: &'a str,
    pub key: &'a str,
    pub name: &'a str,
    pub class: Option<&'a str>,
    /// Grade in this run's scores.
    pub grade: Option<&'a str>,
    /// State of escalated supervision in this run.
    pub supervision: Option<&'a str>,
    /// Villages that share a leader are one bloc: the place of its first village.
    pub bloc: usize,
}

/// One post and who holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seat<'a> {
    village: usize,
    post: &'a str,
    person: &'a str,
    since: Option<NaiveDate>,
}

/// A person with the post that counts for them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leader<'a> {
    /// Place in [`Roll::villages`].
    pub village: usize,
    pub person: &'a str,
    pub post: &'a str,
    pub since: Option<NaiveDate>,
}

/// Somebody in the reserve pool who holds none of the posts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reserve<'a> {
    pub village: usize,
    pub person: &'a str,
    pub entered: Option<NaiveDate>,
    pub potential: Option<&'a str>,
    pub willing: Option<bool>,
}

/// Everybody, sorted by key, so that results do not depend on the order of rows.
pub(super) struct Roll<'a> {
    /// By county, township, key.
    pub villages: Vec<Village<'a>>,
    seats: Vec<Seat<'a>>,
    pub reserves: Vec<Reserve<'a>>,
    places: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Roll<'a> {
    /// Reads the tables as of `ctx.as_of`; `scores` and `supervision` may be empty.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn read(
        tables: &'a Tables,
        scores: &'a DataFrame,
        supervision: &'a DataFrame,
        ctx: &Context,
    ) -> FrameResult<Roll<'a>> {
        let mut villages = villages(tables)?;
        let places: HashMap<_, _> = villages.iter().enumerate().map(|(at, v)| ((v.county, v.key), at)).collect();
        for (table, column) in [(scores, "grade"), (supervision, "status")] {
            if !(frame::has(table, column) && frame::has(table, "county") && frame::has(table, "village")) {
                continue;
            }
            let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
            for (row, word) in frame::texts(table, column)?.into_iter().enumerate() {
                if let (Some(at), Some(word)) = (places.get(&(county[row], village[row])), word) {
                    let slot = match column {
                        "grade" => &mut villages[*at].grade,
                        _ => &mut villages[*at].supervision,
                    };
                    *slot = Some(word);
                }
            }
        }
        let policy = &ctx.policy.cultivate;
        let counts = |post: &str| policy.posts.iter().chain(&policy.placements.posts).any(|p| p == post);
        let seats = seats(tables, ctx.as_of, &places, counts)?;
        blocs(&mut villages, &seats);
        let mut holds: Vec<(&str, &str)> = seats.iter().map(|s| (villages[s.village].county, s.person)).collect();
        holds.sort_unstable();
        let reserves = reserves(tables, ctx.as_of, &places, |at, person| {
            holds.binary_search(&(villages[at].county, person)).is_ok()
        })?;
        Ok(Roll { villages, seats, reserves, places })
    }

    /// Index of a village.
    pub fn place(&self, county: &str, village: &str) -> Option<usize> {
        self.places.get(&(county, village)).copied()
    }

    /// Holders of these posts, each person once per county with the post that comes first in the
    /// list (then the first village), by village, post and person.
    pub fn leaders(&self, posts: &[String]) -> Vec<Leader<'a>> {
        let rank = |post: &str| posts.iter().position(|p| p == post);
        let mut held: Vec<(&str, &str, usize, Seat)> = self
            .seats
            .iter()
            .filter_map(|seat| Some((self.villages[seat.village].county, seat.person, rank(seat.post)?, *seat)))
            .collect();
        held.sort_unstable();
        held.dedup_by_key(|h| (h.0, h.1));
        held.sort_unstable_by_key(|h| (h.3.village, h.2, h.1));
        let leader =
            |seat: Seat<'a>| Leader { village: seat.village, person: seat.person, post: seat.post, since: seat.since };
        held.into_iter().map(|h| leader(h.3)).collect()
    }

    /// Person and village of every seat, in order.
    pub fn seated(&self) -> impl Iterator<Item = (&'a str, usize)> + '_ {
        self.seats.iter().map(|s| (s.person, s.village))
    }

    /// The village's name.
    pub fn name(&self, at: usize) -> &'a str {
        self.villages[at].name
    }
}

/// The readable part of a `township/name` key; a code stands for itself.
fn short(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

fn villages(tables: &Tables) -> FrameResult<Vec<Village<'_>>> {
    let mut villages: Vec<(bool, Village)> = Vec::new();
    for source in ["villages", "posts", "pool"] {
        let table = tables.get(source);
        let (county, township) = (frame::words(table, "county")?, frame::words(table, "township")?);
        let key = frame::words(table, "village")?;
        let listed = source == "villages";
        let (names, classes) = match listed {
            true => (frame::texts(table, "village_name")?, frame::texts(table, "class")?),
            false => (vec![None; table.height()], vec![None; table.height()]),
        };
        villages.extend((0..table.height()).filter(|row| !key[*row].is_empty()).map(|row| {
            let (county, township, key) = (county[row], township[row], key[row]);
            let name = names[row].unwrap_or_else(|| short(key));
            let class = classes[row];
            (!listed, Village { county, township, key, name, class, grade: None, supervision: None, bloc: 0 })
        }));
    }
    // Rows of `villages` win over rows of other tables.
    villages.sort_by_key(|(other, v)| (v.county, v.key, *other, v.township));
    villages.dedup_by_key(|(_, v)| (v.county, v.key));
    let mut villages: Vec<Village> = villages.into_iter().map(|v| v.1).collect();
    villages.sort_by_key(|v| (v.county, v.township, v.key));
    Ok(villages)
}

fn seats<'a>(
    tables: &'a Tables,
    as_of: NaiveDate,
    places: &HashMap<(&str, &str), usize>,
    counts: impl Fn(&str) -> bool,
) -> FrameResult<Vec<Seat<'a>>> {
    let table = tables.get("posts");
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (post, person) = (frame::words(table, "post")?, frame::texts(table, "person")?);
    let since = frame::dates(table, "since")?;
    let mut seats: Vec<Seat> = (0..table.height())
        .filter(|row| counts(post[*row]) && since[*row].is_none_or(|d| d <= as_of))
        .filter_map(|row| {
            let village = *places.get(&(county[row], village[row]))?;
            Some(Seat { village, post: post[row], person: person[row]?, since: since[row] })
        })
        .collect();
    seats.sort_unstable();
    Ok(seats)
}

/// In the pool on the reference date, without those who hold one of the posts; each person once.
fn reserves<'a>(
    tables: &'a Tables,
    as_of: NaiveDate,
    places: &HashMap<(&str, &str), usize>,
    holds: impl Fn(usize, &str) -> bool,
) -> FrameResult<Vec<Reserve<'a>>> {
    let table = tables.get("pool");
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (person, status) = (frame::words(table, "person")?, frame::texts(table, "status")?);
    let (entered, left) = (frame::dates(table, "entered")?, frame::dates(table, "left")?);
    let (potential, appraised) = (frame::texts(table, "potential")?, frame::dates(table, "appraised")?);
    let willing = frame::flags(table, "willing")?;
    let mut found: Vec<Reserve> = (0..table.height())
        .filter(|at| !matches!(status[*at], Some("left" | "appointed")))
        .filter(|at| entered[*at].is_none_or(|d| d <= as_of) && left[*at].is_none_or(|d| d > as_of))
        .filter_map(|at| {
            let village = *places.get(&(county[at], village[at]))?;
            let known = appraised[at].is_none_or(|d| d <= as_of);
            Some(Reserve {
                village,
                person: person[at],
                entered: entered[at],
                potential: potential[at].filter(|_| known),
                willing: willing[at],
            })
        })
        .filter(|r| !holds(r.village, r.person))
        .collect();
    found.sort_by_key(|r| (r.person, std::cmp::Reverse(r.entered), r.village));
    found.dedup_by_key(|r| r.person);
    found.sort_by_key(|r| (r.village, r.person));
    Ok(found)
}

/// Joins villages that share a leader.
fn blocs(villages: &mut [Village], seats: &[Seat]) {
    let mut above: Vec<usize> = (0..villages.len()).collect();
    fn root(above: &mut [usize], mut at: usize) -> usize {
        while above[at] != at {
            above[at] = above[above[at]];
            at = above[at];
        }
        at
    }
    let mut held: Vec<(&str, &str, usize)> =
        seats.iter().map(|s| (villages[s.village].county, s.person, s.village)).collect();
    held.sort_unstable();
    for pair in held.windows(2).filter(|w| (w[0].0, w[0].1) == (w[1].0, w[1].1)) {
        let (a, b) = (root(&mut above, pair[0].2), root(&mut above, pair[1].2));
        above[a.max(b)] = a.min(b);
    }
    for (at, village) in villages.iter_mut().enumerate() {
        village.bloc = root(&mut above, at);
    }
}
