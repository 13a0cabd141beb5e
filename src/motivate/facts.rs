//! Who holds which post, and what is on record about them at the reference date.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use indexmap::IndexMap;
use polars::prelude::DataFrame;

use crate::book::Tables;
use crate::book::schema::Vocab;
use crate::frame::{self, FrameResult};
use crate::stage::Context;
use crate::stage::appraisals::Appraisals;
use crate::stage::bars::{Effect, InForce, PersonEvent, events_by_person};

/// A post that somebody holds, with its holder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder<'a> {
    pub county: &'a str,
    pub township: &'a str,
    pub village: &'a str,
    pub village_name: &'a str,
    pub class: Option<&'a str>,
    pub person: &'a str,
    pub post: &'a str,
    /// Start of the present term.
    pub since: Option<NaiveDate>,
    /// Heads both the Party organisation and the committee.
    pub dual: bool,
    pub birth: Option<NaiveDate>,
    pub education: Option<&'a str>,
    /// Full Party member; `None` where the book does not say.
    pub member: Option<bool>,
    pub on_file: Option<(&'a str, Option<NaiveDate>)>,
}

/// A post that nobody holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vacancy<'a> {
    pub county: &'a str,
    pub township: &'a str,
    pub post: &'a str,
}

/// What this run's assessment says of a village.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scored<'a> {
    pub period: Option<i64>,
    pub score: Option<f64>,
    /// `None` where it is not rated.
    pub grade: Option<&'a str>,
    pub vetoed: bool,
}

/// Everything the stage looks at.
pub(super) struct Facts<'a> {
    /// Counties of the tables `villages` and `posts`, sorted.
    pub counties: Vec<&'a str>,
    /// Held posts by county, township, village, rank of the post, person.
    pub holders: Vec<Holder<'a>>,
    pub vacancies: Vec<Vacancy<'a>>,
    pub scores: HashMap<(&'a str, &'a str), Scored<'a>>,
    pub appraisals: Appraisals<'a>,
    pub events: HashMap<&'a str, Vec<PersonEvent<'a>>>,
    /// Villages on the official weak-and-lax list.
    pub weak: BTreeSet<(&'a str, &'a str)>,
}

/// Grade and whether it is this run's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Graded<'a> {
    /// The yearly appraisal of the person.
    Appraised(&'a str),
    /// The village's grade of this run's assessment.
    Computed(&'a str),
    Missing,
}

impl<'a> Graded<'a> {
    pub fn code(self) -> Option<&'a str> {
        match self {
            Graded::Appraised(code) | Graded::Computed(code) => Some(code),
            Graded::Missing => None,
        }
    }
}

/// The code of a grade that says nothing.
const NOT_RATED: &str = "not_rated";

impl<'a> Facts<'a> {
    pub fn read(tables: &'a Tables, scores: &'a DataFrame, ctx: &Context) -> FrameResult<Facts<'a>> {
        let villages = villages(tables)?;
        let (holders, vacancies) = posts(tables, &villages, ctx)?;
        let mut counties = BTreeSet::new();
        for table in ["villages", "posts"] {
            counties.extend(frame::words(tables.get(table), "county")?);
        }
        let weak = villages.iter().filter(|(_, v)| v.weak).map(|(key, _)| *key).collect();
        Ok(Facts {
            counties: counties.into_iter().collect(),
            holders,
            vacancies,
            scores: scored(scores)?,
            appraisals: Appraisals::new(tables.get("appraisals"), ctx.as_of)?,
            events: events_by_person(tables.get("events"), ctx.as_of)?,
            weak,
        })
    }

    /// Everybody who holds one of the posts, each person once per county: in the post of the
    /// largest value, of equals in the first in the order of `holders`, which the result has too.
    pub fn holders_of(&self, value: impl Fn(&str) -> Option<f64>) -> Vec<&Holder<'a>> {
        let mut best: HashMap<(&str, &str), (usize, f64)> = HashMap::new();
        for (at, holder) in self.holders.iter().enumerate() {
            let Some(value) = value(holder.post) else { continue };
            let held = best.entry((holder.county, holder.person)).or_insert((at, value));
            if value > held.1 {
                *held = (at, value);
            }
        }
        let mut places: Vec<usize> = best.into_values().map(|(at, _)| at).collect();
        places.sort_unstable();
        places.into_iter().map(|at| &self.holders[at]).collect()
    }

    /// What this run says of the holder's village.
    pub fn score(&self, holder: &Holder) -> Option<Scored<'a>> {
        self.scores.get(&(holder.county, holder.village)).copied()
    }

    /// The grade of a holder and year: their appraisal, else, if it was of that year, the grade of
    /// their village in this run's assessment.
    pub fn grade(&self, holder: &Holder<'a>, year: i64) -> Graded<'a> {
        match self.appraisals.grade(holder.person, year).filter(|g| *g != NOT_RATED) {
            Some(grade) => Graded::Appraised(grade),
            None => self
                .score(holder)
                .filter(|s| s.period == Some(year))
                .and_then(|s| s.grade)
                .map_or(Graded::Missing, Graded::Computed),
        }
    }

    /// What the named gates of `[reserve.gates]` find in the holder's ledger and file on the
    /// reference date.
    pub fn barred(&self, holder: &Holder<'a>, gates: &[String], ctx: &Context) -> Vec<InForce<'a>> {
        let events = self.events.get(holder.person).map_or(&[][..], Vec::as_slice);
        let mut found = Vec::new();
        for gate in gates.iter().filter_map(|name| ctx.policy.reserve.gates.get(name)) {
            let effect = Effect { kinds: &gate.kinds, months: gate.months, until_closed: gate.until_closed };
            found.extend(effect.in_force(events, holder.on_file, ctx.as_of));
        }
        found
    }
}

/// Is a rule with that `effective` in force on that day? Without a date it always is.
pub(super) fn in_force(effective: &str, day: NaiveDate) -> bool {
    effective.is_empty() || effective.parse::<NaiveDate>().is_ok_and(|from| from <= day)
}

/// Places of codes in a list of the policy: those that it does not hold come last.
pub(super) fn rank(list: &IndexMap<String, Vec<String>>, code: &str) -> usize {
    list.get_index_of(code).unwrap_or(usize::MAX)
}

/// One village of the book.
#[derive(Clone, Copy)]
struct Village<'a> {
    township: &'a str,
    name: &'a str,
    class: Option<&'a str>,
    weak: bool,
}

type Villages<'a> = HashMap<(&'a str, &'a str), Village<'a>>;

fn villages(tables: &Tables) -> FrameResult<Villages<'_>> {
    let table = tables.get("villages");
    let (county, township) = (frame::words(table, "county")?, frame::words(table, "township")?);
    let (key, name) = (frame::words(table, "village")?, frame::texts(table, "village_name")?);
    let (class, weak) = (frame::texts(table, "class")?, frame::flags(table, "weak")?);
    let mut found = Villages::with_capacity(key.len());
    for row in 0..key.len() {
        found.entry((county[row], key[row])).or_insert(Village {
            township: township[row],
            name: name[row].unwrap_or_else(|| short(key[row])),
            class: class[row],
            weak: weak[row] == Some(true),
        });
    }
    Ok(found)
}

/// The name inside a `township/name` key; a code stands for itself.
fn short(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

/// What the table `people` says of everybody.
#[derive(Clone, Copy, Default)]
struct File<'a> {
    birth: Option<NaiveDate>,
    education: Option<&'a str>,
    member: Option<bool>,
    on_file: Option<(&'a str, Option<NaiveDate>)>,
}

fn files<'a>(tables: &'a Tables, as_of: NaiveDate) -> FrameResult<HashMap<&'a str, File<'a>>> {
    let people = tables.get("people");
    let (person, education) = (frame::words(people, "person")?, frame::texts(people, "education")?);
    let (birth, joined) = (frame::dates(people, "birth")?, frame::dates(people, "party_joined")?);
    let status = frame::texts(people, "political_status")?;
    let (sanction, sanctioned) = (frame::texts(people, "sanction")?, frame::dates(people, "sanction_date")?);
    let mut found = HashMap::with_capacity(person.len());
    for row in 0..person.len() {
        // What happened after the reference date is not known yet; an undated sanction is.
        let known = sanctioned[row].is_none_or(|day| day <= as_of);
        found.entry(person[row]).or_insert(File {
            birth: birth[row].filter(|day| *day <= as_of),
            education: education[row],
            member: status[row].map(|s| s == "member" && joined[row].is_none_or(|day| day <= as_of)),
            on_file: sanction[row].filter(|_| known).map(|kind| (kind, sanctioned[row])),
        });
    }
    Ok(found)
}

type Posts<'a> = (Vec<Holder<'a>>, Vec<Vacancy<'a>>);

/// Posts as known on the reference date: a term that starts, or a gap that opens, later is left out.
fn posts<'a>(tables: &'a Tables, villages: &Villages<'a>, ctx: &Context) -> FrameResult<Posts<'a>> {
    let files = files(tables, ctx.as_of)?;
    let table = tables.get("posts");
    let (county, township) = (frame::words(table, "county")?, frame::words(table, "township")?);
    let (village, post) = (frame::words(table, "village")?, frame::texts(table, "post")?);
    let (person, dual) = (frame::texts(table, "person")?, frame::flags(table, "dual")?);
    let (since, vacant) = (frame::dates(table, "since")?, frame::dates(table, "vacant_since")?);
    let later = |day: Option<NaiveDate>| day.is_some_and(|d| d > ctx.as_of);
    // Who is director where: secretaries among them hold both posts even where nobody says so.
    let directors: BTreeSet<(&str, &str, &str)> = (0..table.height())
        .filter(|row| post[*row] == Some("director") && !later(since[*row]))
        .filter_map(|row| Some((county[row], village[row], person[row]?)))
        .collect();
    let (mut holders, mut vacancies) = (Vec::new(), Vec::new());
    for row in 0..table.height() {
        let Some(post) = post[row] else { continue };
        let place = villages.get(&(county[row], village[row]));
        let township = place.map_or(township[row], |v| v.township);
        let Some(person) = person[row] else {
            if !later(vacant[row]) {
                vacancies.push(Vacancy { county: county[row], township, post });
            }
            continue;
        };
        if later(since[row]) {
            continue;
        }
        let file = files.get(person).copied().unwrap_or_default();
        let both = dual[row] == Some(true) || directors.contains(&(county[row], village[row], person));
        holders.push(Holder {
            county: county[row],
            township,
            village: village[row],
            village_name: place.map_or_else(|| short(village[row]), |v| v.name),
            class: place.and_then(|v| v.class),
            person,
            post,
            since: since[row],
            dual: post == "secretary" && both,
            birth: file.birth,
            education: file.education,
            member: file.member,
            on_file: file.on_file,
        });
    }
    let order = ctx.policy.words.list(Vocab::Post);
    holders.sort_by(|a, b| {
        let key = |h: &Holder<'a>| (h.county, h.township, h.village, rank(order, h.post), h.person, h.since);
        key(a).cmp(&key(b))
    });
    vacancies.sort_by_key(|v| (v.county, v.township, rank(order, v.post)));
    Ok((holders, vacancies))
}

fn scored(scores: &DataFrame) -> FrameResult<HashMap<(&str, &str), Scored<'_>>> {
    let (county, village) = (frame::words(scores, "county")?, frame::words(scores, "village")?);
    let (period, score) = (frame::wholes(scores, "period")?, frame::numbers(scores, "score")?);
    let (grade, veto) = (frame::texts(scores, "grade")?, frame::texts(scores, "veto")?);
    let rows = 0..scores.height();
    Ok(rows
        .map(|row| {
            let grade = grade[row].filter(|g| *g != NOT_RATED);
            let scored = Scored { period: period[row], score: score[row], grade, vetoed: veto[row].is_some() };
            ((county[row], village[row]), scored)
        })
        .collect())
}
