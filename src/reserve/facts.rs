//! What is known on the reference date about the people in the pool and those in post.

#![allow(
    clippy::iter_over_hash_type,
    reason = "each person's list is changed by itself; the order of people does not matter"
)]

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::book::Tables;
use crate::frame::{self, FrameResult};
use crate::policy::Policy;
use crate::stage::Context;
use crate::stage::bars::{PersonEvent, events_by_person};

use super::policy::Test;

/// One person in the pool. Texts borrow from the tables; an unknown village is the empty string.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidate<'a> {
    pub id: &'a str,
    pub county: &'a str,
    pub township: &'a str,
    pub village: &'a str,
    /// The village is one of the book's.
    pub village_known: bool,
    pub birth: Option<NaiveDate>,
    pub education: Option<&'a str>,
    pub political: Option<&'a str>,
    /// Admission as probationary member.
    pub joined: Option<NaiveDate>,
    pub source: Option<&'a str>,
    pub veteran: Option<bool>,
    pub in_village: Option<bool>,
    pub sanction: Option<&'a str>,
    pub sanctioned: Option<NaiveDate>,
    /// Outcome and day of the last joint review.
    pub review: Option<bool>,
    pub reviewed: Option<NaiveDate>,
    pub target_post: Option<&'a str>,
    pub thinking: Option<&'a str>,
    pub work: Option<&'a str>,
    pub potential: Option<&'a str>,
    pub appraised: Option<NaiveDate>,
    pub willing: Option<bool>,
    /// Days of activities known, by kind.
    pub activities: Vec<(&'a str, NaiveDate)>,
    /// Latest yearly grade.
    pub grade: Option<&'a str>,
}

/// A filled or empty post as known on the reference date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Post<'a> {
    pub county: &'a str,
    pub township: &'a str,
    pub village: &'a str,
    pub post: &'a str,
    pub person: Option<&'a str>,
    pub since: Option<NaiveDate>,
    pub vacant_since: Option<NaiveDate>,
    pub dual: bool,
}

/// A close relative in post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Relative<'a> {
    pub village: &'a str,
    pub post: &'a str,
    pub relative: &'a str,
    pub relation: Option<&'a str>,
    /// Place of the gate in the policy.
    pub gate: usize,
}

/// All of it.
pub(super) struct Facts<'a> {
    /// People in the pool, by id.
    pub candidates: Vec<Candidate<'a>>,
    /// Posts by village, post, person.
    pub posts: Vec<Post<'a>>,
    /// Person → posts held.
    pub holding: HashMap<&'a str, Vec<usize>>,
    /// Person → events in order of date.
    pub events: HashMap<&'a str, Vec<PersonEvent<'a>>>,
    /// Person → birth.
    pub births: HashMap<&'a str, NaiveDate>,
    /// Person → sanction on file and its day.
    pub sanctions: HashMap<&'a str, (&'a str, Option<NaiveDate>)>,
    /// Village → its name as written.
    pub village_names: HashMap<&'a str, &'a str>,
    /// Person → relatives in post.
    pub relatives: HashMap<&'a str, Vec<Relative<'a>>>,
    /// Person → wished villages; (person, village) → willing.
    pub wished: HashMap<&'a str, BTreeSet<&'a str>>,
    pub wishes: HashMap<(&'a str, &'a str), bool>,
}

impl<'a> Facts<'a> {
    /// Reads the tables as known on `ctx.as_of`.
    pub fn read(tables: &'a Tables, ctx: &Context) -> FrameResult<Facts<'a>> {
        let posts = posts(tables, ctx.as_of)?;
        let mut holding: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, post) in posts.iter().enumerate() {
            if let Some(person) = post.person {
                holding.entry(person).or_default().push(at);
            }
        }
        let villages = tables.get("villages");
        let mut village_names = HashMap::new();
        for (village, name) in
            frame::words(villages, "village")?.into_iter().zip(frame::words(villages, "village_name")?)
        {
            village_names.entry(village).or_insert(name);
        }
        let events = events_by_person(tables.get("events"), ctx.as_of)?;
        let people = tables.get("people");
        let persons = frame::words(people, "person")?;
        let row_of: HashMap<&str, usize> = persons.iter().enumerate().rev().map(|(at, p)| (*p, at)).collect();
        let births = known_on(frame::dates(people, "birth")?, ctx.as_of);
        let sanction = frame::texts(people, "sanction")?;
        // A sanction dated after the reference date is not known yet; an undated one is.
        let sanctioned = frame::dates(people, "sanction_date")?;
        let known: Vec<bool> = sanctioned.iter().map(|d| d.is_none_or(|d| d <= ctx.as_of)).collect();
        let sanctions = persons
            .iter()
            .enumerate()
            .rev()
            .filter(|(at, _)| known[*at])
            .filter_map(|(at, p)| Some((*p, (sanction[at]?, sanctioned[at]))))
            .collect();
        let candidates = candidates(tables, ctx, &row_of, &births, &sanctions, &events, &village_names)?;
        let births = persons.iter().zip(&births).rev().filter_map(|(p, b)| b.map(|b| (*p, b))).collect();
        let relatives = relatives(tables, ctx.policy, &posts, &holding)?;
        let (wished, wishes) = wishes(tables)?;
        Ok(Facts { candidates, posts, holding, events, births, sanctions, village_names, relatives, wished, wishes })
    }

    /// Forgets kinship with holders whose own post is to be filled: they leave.
    pub fn forget_leaving(&mut self, leaving: &HashMap<&'a str, Vec<&'a str>>) {
        for list in self.relatives.values_mut() {
            list.retain(|r| !leaving.get(r.village).is_some_and(|holders| holders.contains(&r.relative)));
        }
    }
}

fn known_on(days: Vec<Option<NaiveDate>>, as_of: NaiveDate) -> Vec<Option<NaiveDate>> {
    days.into_iter().map(|d| d.filter(|d| *d <= as_of)).collect()
}

/// Posts as known: a term that starts, or a gap that opens, after the reference date is left out.
fn posts(tables: &Tables, as_of: NaiveDate) -> FrameResult<Vec<Post<'_>>> {
    let table = tables.get("posts");
    let (county, township) = (frame::words(table, "county")?, frame::words(table, "township")?);
    let (village, post) = (frame::words(table, "village")?, frame::words(table, "post")?);
    let (person, dual) = (frame::texts(table, "person")?, frame::flags(table, "dual")?);
    let (since, vacant) = (frame::dates(table, "since")?, frame::dates(table, "vacant_since")?);
    let later = |day: Option<NaiveDate>| day.is_some_and(|d| d > as_of);
    let mut posts: Vec<Post> = (0..table.height())
        .filter(|at| !post[*at].is_empty())
        .filter(|at| if person[*at].is_some() { !later(since[*at]) } else { !later(vacant[*at]) })
        .map(|at| Post {
            county: county[at],
            township: township[at],
            village: village[at],
            post: post[at],
            person: person[at],
            since: since[at],
            vacant_since: vacant[at],
            dual: dual[at].unwrap_or(false),
        })
        .collect();
    posts.sort_unstable();
    Ok(posts)
}

/// In the pool on the reference date: entered, not left, not appointed. Somebody who stands in it
/// twice counts once, by the latest entry.
fn candidates<'a>(
    tables: &'a Tables,
    ctx: &Context,
    row_of: &HashMap<&'a str, usize>,
    births: &[Option<NaiveDate>],
    sanctions: &HashMap<&'a str, (&'a str, Option<NaiveDate>)>,
    events: &HashMap<&'a str, Vec<PersonEvent<'a>>>,
    villages: &HashMap<&'a str, &'a str>,
) -> FrameResult<Vec<Candidate<'a>>> {
    let as_of = ctx.as_of;
    let pool = tables.get("pool");
    let people = tables.get("people");
    let text = |name| frame::texts(pool, name);
    let (id, county, township) = (frame::words(pool, "person")?, text("county")?, text("township")?);
    let (village, status, target) = (text("village")?, text("status")?, text("target_post")?);
    let (thinking, work, potential) = (text("thinking")?, text("work")?, text("potential")?);
    let (entered, left) = (frame::dates(pool, "entered")?, frame::dates(pool, "left")?);
    let (appraised, willing) = (frame::dates(pool, "appraised")?, frame::flags(pool, "willing")?);

    let word = |name| frame::texts(people, name);
    let (education, political, source) = (word("education")?, word("political_status")?, word("source")?);
    let joined = known_on(frame::dates(people, "party_joined")?, as_of);
    let (veteran, in_village) = (frame::flags(people, "veteran")?, frame::flags(people, "in_village")?);
    let (reviewed, passed) = (frame::dates(people, "reviewed")?, frame::flags(people, "review_passed")?);
    let activities = activities(tables, as_of)?;
    let grades = grades(tables, as_of)?;

    let mut rows: Vec<usize> = (0..pool.height())
        .filter(|at| !matches!(status[*at], Some("left" | "appointed")))
        .filter(|at| entered[*at].is_none_or(|d| d <= as_of) && left[*at].is_none_or(|d| d > as_of))
        .collect();
    rows.sort_unstable_by_key(|at| (id[*at], std::cmp::Reverse(entered[*at]), village[*at], target[*at]));
    rows.dedup_by_key(|at| id[*at]);
    let candidate = |at: usize| {
        let village = village[at].unwrap_or_default();
        // Appraisal made after the reference date: neither it nor its day is known.
        let known = appraised[at].is_none_or(|d| d <= as_of);
        let mut one = Candidate {
            id: id[at],
            county: county[at].unwrap_or_default(),
            township: township[at].unwrap_or_default(),
            village,
            village_known: villages.contains_key(village),
            target_post: target[at],
            thinking: thinking[at].filter(|_| known),
            work: work[at].filter(|_| known),
            potential: potential[at].filter(|_| known),
            appraised: appraised[at].filter(|_| known),
            willing: willing[at],
            activities: activities.get(id[at]).cloned().unwrap_or_default(),
            grade: grades.get(id[at]).map(|g| g.1),
            ..Candidate::default()
        };
        if let Some(&row) = row_of.get(id[at]) {
            one.birth = births[row];
            one.education = education[row];
            one.political = political[row];
            one.joined = joined[row];
            one.source = source[row];
            one.veteran = veteran[row];
            one.in_village = in_village[row];
            if reviewed[row].is_none_or(|d| d <= as_of) {
                one.review = passed[row];
                one.reviewed = reviewed[row];
            }
        }
        if let Some((kind, day)) = sanctions.get(id[at]) {
            one.sanction = Some(kind);
            one.sanctioned = *day;
        }
        // A later review in the ledger counts.
        for event in events.get(id[at]).into_iter().flatten() {
            let outcome = match event.kind {
                "review_passed" => true,
                "review_failed" => false,
                _ => continue,
            };
            if one.review.is_none() || one.reviewed.is_none_or(|d| d <= event.date) {
                one.review = Some(outcome);
                one.reviewed = Some(event.date);
            }
        }
        one
    };
    Ok(rows.into_iter().map(candidate).collect())
}

type Activities<'a> = HashMap<&'a str, Vec<(&'a str, NaiveDate)>>;

fn activities(tables: &Tables, as_of: NaiveDate) -> FrameResult<Activities<'_>> {
    let table = tables.get("activities");
    let (person, kind) = (frame::words(table, "person")?, frame::texts(table, "activity")?);
    let mut found = Activities::new();
    for (at, start) in frame::dates(table, "start")?.into_iter().enumerate() {
        if let (Some(kind), Some(start)) = (kind[at], start.filter(|d| *d <= as_of)) {
            found.entry(person[at]).or_default().push((kind, start));
        }
    }
    Ok(found)
}

/// Person → latest year and grade; a year's appraisal is held after its end.
fn grades(tables: &Tables, as_of: NaiveDate) -> FrameResult<HashMap<&str, (i64, &str)>> {
    use chrono::Datelike;
    let table = tables.get("appraisals");
    let (person, year) = (frame::words(table, "person")?, frame::wholes(table, "year")?);
    let mut latest: HashMap<&str, (i64, &str)> = HashMap::new();
    for (at, grade) in frame::texts(table, "grade")?.into_iter().enumerate() {
        let (Some(grade), Some(year)) = (grade, year[at]) else { continue };
        if year < i64::from(as_of.year()) {
            let held = latest.entry(person[at]).or_insert((year, grade));
            *held = (*held).max((year, grade));
        }
    }
    Ok(latest)
}

fn relatives<'a>(
    tables: &'a Tables,
    policy: &Policy,
    posts: &[Post<'a>],
    holding: &HashMap<&'a str, Vec<usize>>,
) -> FrameResult<HashMap<&'a str, Vec<Relative<'a>>>> {
    let table = tables.get("kin");
    let (one, other) = (frame::words(table, "person")?, frame::words(table, "relative")?);
    let relation = frame::texts(table, "relation")?;
    let gates: Vec<_> = policy.reserve.gates.values().enumerate().filter(|(_, g)| g.test == Test::Kin).collect();
    let mut found: HashMap<&str, Vec<Relative>> = HashMap::new();
    for at in 0..table.height() {
        for (person, relative) in [(one[at], other[at]), (other[at], one[at])] {
            for post in holding.get(relative).into_iter().flatten().map(|p| posts[*p]) {
                for (gate, rule) in &gates {
                    let close = relation[at].is_none_or(|r| rule.relations.iter().any(|x| x == r));
                    let counts = rule.kin_posts.is_empty() || rule.kin_posts.iter().any(|x| x == post.post);
                    if close && counts && person != relative {
                        found.entry(person).or_default().push(Relative {
                            village: post.village,
                            post: post.post,
                            relative,
                            relation: relation[at],
                            gate: *gate,
                        });
                    }
                }
            }
        }
    }
    for list in found.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    Ok(found)
}

type Wished<'a> = (HashMap<&'a str, BTreeSet<&'a str>>, HashMap<(&'a str, &'a str), bool>);

/// Wishes: where a person would serve, and where not. A row without an answer is a wish.
fn wishes(tables: &Tables) -> FrameResult<Wished<'_>> {
    let table = tables.get("wishes");
    let (person, village) = (frame::words(table, "person")?, frame::words(table, "village")?);
    let mut wished: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    let mut wishes: HashMap<(&str, &str), bool> = HashMap::new();
    for (at, willing) in frame::flags(table, "willing")?.into_iter().enumerate() {
        let willing = willing.unwrap_or(true);
        // Contradicting rows: the refusal counts.
        *wishes.entry((person[at], village[at])).or_insert(true) &= willing;
    }
    for ((person, village), willing) in &wishes {
        if *willing {
            wished.entry(person).or_default().insert(village);
        }
    }
    Ok((wished, wishes))
}
