//! The roll: villages, seats, reserves and people as the county knew them at the reference date.
//!
//! What the book says about a later day is not used:
//! - a holder whose `since` lies after the reference date was not in post; who was, the book does
//!   not say, so the seat is neither held nor empty ([`Holder::Unknown`]);
//! - an empty seat with `vacant_since` after the date was held by somebody the book does not name;
//! - a filing dated later counts as none;
//! - a person belongs to the pool from `entered` until `left`; a pool status without a date holds
//!   as it stands; without a status, whoever has not left is in;
//! - a birth after the date, or an age outside 14 to 100, is a mistake in the book: birth unknown.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::stage::{Context, age};

/// All posts, or all target posts, together; also the name of a target in the policy.
pub const ALL: &str = "all";
/// A row that names no post.
pub const UNSPECIFIED: &str = "unspecified";

/// Ages of people who can hold a post; anything else is a typing error in the birth date.
const PLAUSIBLE_AGES: std::ops::RangeInclusive<i32> = 14..=100;

/// A village of the book, from `villages` or, where that table lacks it, from `posts`.
pub struct Village<'a> {
    /// Index into [`Roll::counties`].
    pub county: usize,
    pub township: &'a str,
    pub key: &'a str,
    pub name: &'a str,
    pub class: Option<&'a str>,
    /// On the official weak-and-lax list; `None` where the book does not say.
    pub weak: Option<bool>,
}

/// A person in a post or in the pool; unknown to `people`, they have no attributes.
pub struct Person<'a> {
    pub code: &'a str,
    pub birth: Option<NaiveDate>,
    /// Full years at the reference date.
    pub age: Option<i32>,
    pub sex: Option<&'a str>,
    pub education: Option<&'a str>,
    pub source: Option<&'a str>,
    /// Full Party member.
    pub member: bool,
}

impl Person<'_> {
    /// The year in which the person passes an age limit: older than it on 31 December. By then
    /// everybody has had that year's birthday, so the year of birth decides.
    pub fn passes(&self, limit: i32) -> Option<i32> {
        self.birth.map(|birth| birth.year() + limit + 1)
    }
}

/// Who sits on a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Index into [`Roll::people`].
    Person(usize),
    Empty,
    /// The book knows only a later state.
    Unknown,
}

/// One row of `posts`.
pub struct Seat<'a> {
    /// Index into [`Roll::villages`].
    pub village: usize,
    pub post: &'a str,
    pub holder: Holder,
    pub since: Option<NaiveDate>,
    pub vacant_since: Option<NaiveDate>,
    pub dual: Option<bool>,
    pub filed_on: Option<NaiveDate>,
    pub filing_number: Option<&'a str>,
}

/// One person in the pool at the reference date.
pub struct Reserve<'a> {
    pub county: usize,
    /// Index into [`Roll::villages`]; `None` for a village that the book does not know.
    pub village: Option<usize>,
    pub person: usize,
    pub post: &'a str,
}

/// Everything the stage counts. All lists are sorted by key, so that results do not depend on the
/// order of rows.
pub struct Roll<'a> {
    pub counties: Vec<&'a str>,
    /// By county, township and key.
    pub villages: Vec<Village<'a>>,
    /// By code.
    pub people: Vec<Person<'a>>,
    /// By village, post and holder.
    pub seats: Vec<Seat<'a>>,
    /// By county and person.
    pub reserves: Vec<Reserve<'a>>,
    /// (county, village key) → index into `villages`.
    places: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Roll<'a> {
    /// Reads the tables as of `ctx.as_of`.
    ///
    /// # Errors
    /// A table lacks a column of its schema.
    pub fn read(tables: &'a Tables, ctx: &Context) -> FrameResult<Roll<'a>> {
        let counties = counties(tables)?;
        let villages = villages(tables, &counties)?;
        let places: HashMap<_, _> =
            villages.iter().enumerate().map(|(at, v)| ((counties[v.county], v.key), at)).collect();
        let people = people(tables, ctx)?;
        let codes: HashMap<_, _> = people.iter().enumerate().map(|(at, p)| (p.code, at)).collect();
        let seats = seats(tables, ctx, &places, &codes)?;
        let reserves = reserves(tables, ctx, &counties, &places, &codes)?;
        Ok(Roll { counties, villages, people, seats, reserves, places })
    }

    /// Index of a village.
    pub fn place(&self, county: &str, village: &str) -> Option<usize> {
        self.places.get(&(county, village)).copied()
    }

    /// Seats of a village.
    pub fn seats_of(&self, village: usize) -> &[Seat<'a>] {
        let from = self.seats.partition_point(|seat| seat.village < village);
        let to = self.seats.partition_point(|seat| seat.village <= village);
        &self.seats[from..to]
    }

    /// Index of a county.
    pub fn county(&self, name: &str) -> Option<usize> {
        self.counties.binary_search(&name).ok()
    }

    /// Index of a person in a post or in the pool.
    pub fn person(&self, code: &str) -> Option<usize> {
        self.people.binary_search_by(|p| p.code.cmp(code)).ok()
    }

    /// Village and person of everybody in that post, each person once per county (in the first of
    /// their villages), ordered by county, then person.
    pub fn holders(&self, post: &str) -> Vec<(usize, usize)> {
        let mut held: Vec<(usize, usize, usize)> = self
            .seats
            .iter()
            .filter(|seat| seat.post == post)
            .filter_map(|seat| match seat.holder {
                Holder::Person(person) => Some((self.villages[seat.village].county, person, seat.village)),
                Holder::Empty | Holder::Unknown => None,
            })
            .collect();
        held.sort_unstable();
        held.dedup_by_key(|(county, person, _)| (*county, *person));
        held.into_iter().map(|(_, person, village)| (village, person)).collect()
    }
}

fn counties(tables: &Tables) -> FrameResult<Vec<&str>> {
    let mut names = BTreeSet::new();
    for table in ["villages", "posts", "pool"] {
        names.extend(frame::words(tables.get(table), "county")?);
    }
    Ok(names.into_iter().collect())
}

/// Index of a county that [`counties`] has listed; its three tables are the only callers.
fn county_of(counties: &[&str], name: &str) -> usize {
    counties.partition_point(|c| *c < name)
}

fn villages<'a>(tables: &'a Tables, counties: &[&'a str]) -> FrameResult<Vec<Village<'a>>> {
    let table = tables.get("villages");
    let (county, township, key) =
        (frame::words(table, "county")?, frame::words(table, "township")?, frame::words(table, "village")?);
    let (name, class) = (frame::texts(table, "village_name")?, frame::texts(table, "class")?);
    let weak = frame::flags(table, "weak")?;
    let mut villages: Vec<Village> = (0..table.height())
        .map(|row| Village {
            county: county_of(counties, county[row]),
            township: township[row],
            key: key[row],
            name: name[row].unwrap_or_else(|| short(key[row])),
            class: class[row],
            weak: weak[row],
        })
        .collect();
    let listed = villages.len();
    let posts = tables.get("posts");
    let (county, township, key) =
        (frame::words(posts, "county")?, frame::words(posts, "township")?, frame::words(posts, "village")?);
    villages.extend((0..posts.height()).map(|row| Village {
        county: county_of(counties, county[row]),
        township: township[row],
        key: key[row],
        name: short(key[row]),
        class: None,
        weak: None,
    }));
    // Rows of `villages` win over rows of `posts`: keep the first of each key, in that order.
    let mut order: Vec<usize> = (0..villages.len()).collect();
    order.sort_by_key(|at| (villages[*at].county, villages[*at].key, *at >= listed, villages[*at].township));
    let mut keep = vec![false; villages.len()];
    let mut last = None;
    for at in order {
        let key = (villages[at].county, villages[at].key);
        keep[at] = last.replace(key) != Some(key);
    }
    let mut kept = keep.into_iter();
    villages.retain(|_| kept.next().unwrap_or(false));
    villages.sort_by_key(|v| (v.county, v.township, v.key));
    Ok(villages)
}

/// The name inside a `township/name` key; a code stands for itself.
fn short(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

fn people<'a>(tables: &'a Tables, ctx: &Context) -> FrameResult<Vec<Person<'a>>> {
    let mut codes = BTreeSet::new();
    for table in ["posts", "pool"] {
        codes.extend(frame::texts(tables.get(table), "person")?.into_iter().flatten());
    }
    let table = tables.get("people");
    let code = frame::words(table, "person")?;
    let (birth, joined) = (frame::dates(table, "birth")?, frame::dates(table, "party_joined")?);
    let (sex, education) = (frame::texts(table, "sex")?, frame::texts(table, "education")?);
    let (source, status) = (frame::texts(table, "source")?, frame::texts(table, "political_status")?);
    let mut rows = HashMap::with_capacity(code.len());
    for (row, code) in code.iter().enumerate() {
        rows.entry(*code).or_insert(row);
    }
    let person = |code: &'a str| {
        let Some(&row) = rows.get(code) else {
            return Person { code, birth: None, age: None, sex: None, education: None, source: None, member: false };
        };
        let birth = birth[row].filter(|b| PLAUSIBLE_AGES.contains(&age(*b, ctx.as_of)));
        Person {
            code,
            birth,
            age: birth.map(|b| age(b, ctx.as_of)),
            sex: sex[row],
            education: education[row],
            source: source[row],
            member: status[row] == Some("member") && joined[row].is_none_or(|day| day <= ctx.as_of),
        }
    };
    Ok(codes.into_iter().map(person).collect())
}

fn seats<'a>(
    tables: &'a Tables,
    ctx: &Context,
    places: &HashMap<(&str, &str), usize>,
    codes: &HashMap<&str, usize>,
) -> FrameResult<Vec<Seat<'a>>> {
    let table = tables.get("posts");
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (post, person) = (frame::texts(table, "post")?, frame::texts(table, "person")?);
    let (since, vacant_since) = (frame::dates(table, "since")?, frame::dates(table, "vacant_since")?);
    let (filed_on, number) = (frame::dates(table, "filed_on")?, frame::texts(table, "filing_number")?);
    let dual = frame::flags(table, "dual")?;
    let later = |day: Option<NaiveDate>| day.is_some_and(|d| d > ctx.as_of);
    let mut seats: Vec<Seat> = (0..table.height())
        .filter_map(|row| {
            let holder = match person[row] {
                Some(_) if later(since[row]) => Holder::Unknown,
                Some(code) => Holder::Person(*codes.get(code)?),
                None if later(vacant_since[row]) => Holder::Unknown,
                None => Holder::Empty,
            };
            let held = matches!(holder, Holder::Person(_));
            // A number without a day may be older than the reference date; one filed later is not.
            let filed = held && !later(filed_on[row]);
            Some(Seat {
                village: *places.get(&(county[row], village[row]))?,
                post: post[row].unwrap_or(UNSPECIFIED),
                holder,
                since: since[row].filter(|_| held),
                vacant_since: vacant_since[row].filter(|_| holder == Holder::Empty),
                dual: dual[row].filter(|_| held),
                filed_on: filed_on[row].filter(|_| filed),
                filing_number: number[row].filter(|n| filed && !n.trim().is_empty()),
            })
        })
        .collect();
    seats.sort_by(|a, b| {
        let holder = |seat: &Seat| match seat.holder {
            Holder::Person(person) => (0, person),
            Holder::Empty => (1, 0),
            Holder::Unknown => (2, 0),
        };
        let key = |seat: &Seat| (seat.since, seat.vacant_since, seat.filed_on);
        (a.village, a.post, holder(a), key(a), a.filing_number).cmp(&(
            b.village,
            b.post,
            holder(b),
            key(b),
            b.filing_number,
        ))
    });
    Ok(seats)
}

fn reserves<'a>(
    tables: &'a Tables,
    ctx: &Context,
    counties: &[&str],
    places: &HashMap<(&str, &str), usize>,
    codes: &HashMap<&str, usize>,
) -> FrameResult<Vec<Reserve<'a>>> {
    let table = tables.get("pool");
    let (county, village) = (frame::words(table, "county")?, frame::words(table, "village")?);
    let (person, post) = (frame::words(table, "person")?, frame::texts(table, "target_post")?);
    let (entered, left) = (frame::dates(table, "entered")?, frame::dates(table, "left")?);
    let status = frame::texts(table, "status")?;
    let mut reserves: Vec<Reserve> = (0..table.height())
        .filter(|row| {
            let inside = match left[*row] {
                Some(day) => day > ctx.as_of,
                None => status[*row].is_none_or(|s| s == "in_pool"),
            };
            inside && entered[*row].is_none_or(|day| day <= ctx.as_of)
        })
        .filter_map(|row| {
            Some(Reserve {
                county: county_of(counties, county[row]),
                village: places.get(&(county[row], village[row])).copied(),
                person: *codes.get(person[row])?,
                post: post[row].unwrap_or(UNSPECIFIED),
            })
        })
        .collect();
    reserves.sort_by_key(|r| (r.county, r.person, r.village, r.post));
    Ok(reserves)
}
